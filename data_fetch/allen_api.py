"""The address of a cell's NWB file, asked from the Allen Cell Types Database (RMA queries)."""

from __future__ import annotations

from .errors import Broken, Refused

API = "http://api.brain-map.org"
QUERY = (
    "/api/v2/data/query.json?q=model::Specimen,rma::criteria,[id$eq{}],"
    "ephys_result(well_known_files(well_known_file_type[name$eqNWBDownload])),"
    "rma::include,ephys_result(well_known_files(well_known_file_type)),"
    "rma::options[num_rows$eq'all']"
)


def download_link(specimen: int, timeout: float) -> str:
    """The address of the specimen's NWB file; ``Refused`` where the database has none."""
    import requests

    try:
        reply = requests.get(API + QUERY.format(specimen), timeout=timeout)
        reply.raise_for_status()
        found = reply.json()["msg"]
        files = [f for cell in found for f in cell["ephys_result"]["well_known_files"]]
    except requests.JSONDecodeError as error:
        raise Refused("the database's answer is not JSON") from error
    except requests.RequestException as error:
        raise Broken(f"the database cannot be asked ({type(error).__name__})") from error
    except (KeyError, TypeError) as error:
        raise Refused(f"the database knows no recording of specimen {specimen}") from error
    named = [f for f in files if _kind(f) in ("NWBDownload", None)]
    if not named:
        raise Refused(f"the database knows no recording of specimen {specimen}")
    return API + named[0]["download_link"]


def _kind(file: dict) -> str | None:
    return (file.get("well_known_file_type") or {}).get("name")
