"""Entries of the catalogue by name.

entry("current_injection")     # one of the course's recordings
entry("allen:464212183")       # any cell of the Allen Cell Types Database
"""

from .catalogue import COURSE, STAND_INS, allen_cell
from .errors import DataError
from .registry import Entry


def recordings() -> dict[str, Entry]:
    """The six recordings of the course, by name."""
    return {made.name: made for made in COURSE}


def others() -> dict[str, Entry]:
    """Sessions that can stand in for one of the six; they have no twin."""
    return {made.name: made for made in STAND_INS}


def entry(name: str) -> Entry:
    """The entry ``name``, where "allen:ID" is any specimen of the Allen Cell Types Database."""
    if name.startswith("allen:"):
        specimen = name.removeprefix("allen:")
        if not specimen.isdecimal():
            raise DataError(f"{name!r} has no specimen number; write for example allen:478498617")
        return allen_cell(int(specimen))
    known = recordings() | others()
    if name not in known:
        raise DataError(f"there is no recording {name!r}; there are {', '.join(known)}")
    return known[name]
