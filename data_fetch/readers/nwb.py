"""NWB 2 files, read lazily by pynapple: arrays stay on disk until indexed or restricted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import DataError


def read(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    """The file's keys, and a function that reads the pynapple object of one of them."""
    import pynapple as nap

    check_hdf5(path)
    try:
        data = nap.load_file(str(path))
        return tuple(data.keys()), data.__getitem__
    except Exception as error:  # whatever pynwb raises on a file that is HDF5 but no NWB
        raise DataError(f"{path} is not an NWB file that pynapple can read: {error}") from error


def describe(path: Path) -> tuple[str, str]:
    """Licence notes and citation, as far as the file itself states them."""
    import h5py

    with h5py.File(path) as file:
        papers, notes = (_texts(file, f"general/{k}") for k in ("related_publications", "notes"))
    unknown = "none stated in the file"
    return " ".join(notes) or unknown, "; ".join(papers) or unknown


def _texts(file, key: str) -> list[str]:
    found = file[key][()] if key in file else []
    return [text.decode() for text in ([found] if isinstance(found, bytes) else found)]


def check_hdf5(path: Path) -> None:
    """One clear sentence for a missing, damaged or foreign file."""
    import h5py

    if not path.is_file():
        raise DataError(f"there is no file {path}: check the path, or leave it out for the twin")
    try:
        h5py.File(path).close()
    except OSError as error:
        raise DataError(
            f"{path} ({path.stat().st_size:,} bytes) is damaged or cut short, or no NWB file: copy "
            f"or download it again, or go on with the twin (source='twin')"
        ) from error
