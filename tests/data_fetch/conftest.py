"""A cache of its own for every test, a file to download, and a server that has it."""

import hashlib

import pytest
from bad_server import Server

from data_fetch import kept
from data_fetch.registry import File


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    """An empty cache, and no setting of this machine."""
    for name in ("SHARED_DATA", "MIRROR", "OFFLINE", "SOURCE", "SEED"):
        monkeypatch.delenv(f"MINGLM_{name}", raising=False)
    monkeypatch.setenv("MINGLM_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "keep", lambda *_: None)  # 300 MB a test; see test_kept.py
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def content():
    """3 MB that begin as an HDF5 file does."""
    blocks = (hashlib.sha256(bytes([k % 256, k // 256 % 256])).digest() for k in range(93_750))
    return b"\x89HDF\r\n\x1a\n" + b"".join(blocks)


@pytest.fixture
def file(content):
    made = hashlib.sha256(content).hexdigest()
    return File("cell.nwb", (), f"sha256:{made}", magic=b"\x89HDF\r\n\x1a\n")


@pytest.fixture
def server(content):
    with Server({"cell.nwb": content}) as running:
        yield running
