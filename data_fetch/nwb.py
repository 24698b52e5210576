"""Read an NWB 2 file with pynapple, lazily, with one clear sentence when it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .errors import DataError


def open_nwb(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    """The file's keys, and a function that reads the pynapple object of one of them.

    Arrays stay on disk until they are indexed or restricted.
    """
    import pynapple as nap

    _attempt_header(path)
    try:
        data = nap.load_file(str(path))
        keys = tuple(data.keys())
    except Exception as error:  # whatever pynwb raises on a file that is HDF5 but no NWB
        raise DataError(f"{path} is not an NWB file that pynapple can read: {error}") from error
    return keys, data.__getitem__


def describe(path: Path) -> tuple[str, str]:
    """Licence and citation as far as the file itself states them."""
    import h5py

    with h5py.File(path) as h:
        text = lambda key: h[key][()] if f"general/{key.split('/')[-1]}" in h else b""
        papers = text("general/related_publications")
        papers = [papers] if isinstance(papers, bytes) else papers
        citation = "; ".join(p.decode() for p in papers if p) or "none stated in the file"
        notes = text("general/notes").decode() or "none stated in the file"
    return notes, citation


def _attempt_header(path: Path) -> None:
    import h5py

    if not path.is_file():
        raise DataError(f"there is no file {path}: check the path, or leave it out for the twin")
    try:
        h5py.File(path).close()
    except OSError as error:
        size = path.stat().st_size
        raise DataError(
            f"{path} ({size:,} bytes) is damaged or cut short, or no NWB file: copy or "
            f"download it again, or go on with the twin (source='twin')"
        ) from error
