"""Any cell of the Allen Cell Types Database: asked for, downloaded, pinned, and loaded."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import h5py
import numpy as np
import pytest
from bad_server import QUICK

from data_fetch import DataError, allen_api, cache, load
from data_fetch.catalogue import allen_cell
from data_fetch.download import download
from data_fetch.errors import Refused

LINK = "/api/v2/well_known_file_download/491202878"


def cell_file(path):
    """One sweep of an NWB 1 file."""
    with h5py.File(path, "w") as file:
        file["general/generated_by"] = np.array([b"version", b"1.1"])
        for kind in ("stimulus", "response"):
            data = file.create_dataset(f"epochs/Sweep_1/{kind}/timeseries/data", data=np.arange(50))
            data.attrs["conversion"] = 1e-12
            start = file.create_dataset(f"epochs/Sweep_1/{kind}/timeseries/starting_time", data=0.0)
            start.attrs["rate"] = 1000.0
        file["stimulus/presentation/Sweep_1/aibs_stimulus_name"] = b"Noise 1"
        file["analysis/spike_times/Sweep_1"] = np.array([0.01])
    return path.read_bytes()


@pytest.fixture
def database(tmp_path, monkeypatch):
    """The database's query and its file, as on api.brain-map.org; answers can be changed."""
    found = {"well_known_file_type": {"name": "NWBDownload"}, "download_link": LINK}
    picture = {"well_known_file_type": {"name": "PNG"}, "download_link": "/wrong"}
    message = [{"ephys_result": {"well_known_files": [picture, found]}}]
    answers = {"msg": json.dumps({"msg": message}).encode(), "asked": []}
    answers["file"] = cell_file(tmp_path / "cell.nwb")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            answers["asked"].append(unquote(self.path))
            body = answers["file"] if self.path == LINK else answers["msg"]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setattr(allen_api, "API", f"http://127.0.0.1:{server.server_port}")
    yield answers
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_cell_is_found_downloaded_pinned_and_loaded(database):
    path = download(allen_cell(464212183).file, patience=QUICK, bar=False)
    query, link = database["asked"]
    assert "[id$eq464212183]" in query and "NWBDownload" in query and link == LINK
    assert cache.pinned(path) == cache.digest(path, "sha256")
    recording = load("allen:464212183")
    assert recording["stimulus"].shape == (50,) and list(recording["epochs"].tags) == ["Noise 1"]


@pytest.mark.parametrize("message", [{"msg": []}, {"msg": "Query failed"}, {"success": False}])
def test_an_unknown_specimen_is_said(message, database):
    database["msg"] = json.dumps(message).encode()
    with pytest.raises(Refused, match="knows no recording of specimen 7"):
        allen_api.download_link(7, 1.0)
    with pytest.raises(DataError, match="knows no recording of specimen 7"):
        download(allen_cell(7).file, patience=QUICK, bar=False)


def test_an_answer_that_is_no_json_is_said(database):
    database["msg"] = b"<html>maintenance</html>"
    with pytest.raises(Refused, match="answer is not JSON"):
        allen_api.download_link(464212183, 1.0)


def test_a_silent_database_is_said(monkeypatch):
    monkeypatch.setattr(allen_api, "API", "http://127.0.0.1:9")
    with pytest.raises(DataError, match="the database cannot be asked"):
        download(allen_cell(464212183).file, patience=QUICK, bar=False)
