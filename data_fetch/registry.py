"""What there is to load: files with their addresses and hashes, licences, citations and keys.

``RECORDINGS`` has the six recordings of the course, ``OTHERS`` the sessions that can stand in
for one. ``entry("allen:464212183")`` makes one for any cell of the Allen Cell Types Database.
The facts themselves are in ``catalogue``; only names and numbers here, nothing is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .errors import DataError


@dataclass(frozen=True)
class File:
    """A file, the addresses where it lies, and its hash as "algorithm:hex".

    Addresses are tried in turn. ``hash`` None: nobody published one, so the first download
    is pinned. ``magic`` are the first bytes that every such file has.
    """

    name: str
    urls: tuple[str, ...]
    hash: str | None = None
    size: int | None = None
    magic: bytes = b""


@dataclass(frozen=True)
class Key:
    """One named object of a recording: the pynapple class, and what its values are."""

    kind: str
    unit: str
    dtype: str = ""
    rate: float | None = None  # Hz
    shape: tuple[int, ...] = ()
    optional: bool = False  # a file of another session may lack it


@dataclass(frozen=True)
class Entry:
    """One recording. ``reader`` names the module of ``readers`` that opens its file."""

    name: str
    title: str
    lesson: str
    reader: str
    files: tuple[File, ...]
    archive: str
    licence: str
    citation: str
    keys: dict[str, Key]
    twin: bool = True

    @property
    def file(self) -> File | None:
        return self.files[0] if self.files else None

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(name for name, key in self.keys.items() if not key.optional)


@cache
def recordings() -> dict[str, Entry]:
    """The six recordings of the course, by name."""
    from .catalogue import COURSE

    return {made.name: made for made in COURSE}


@cache
def others() -> dict[str, Entry]:
    """Sessions that can stand in for one of the six; they have no twin."""
    from .catalogue import STAND_INS

    return {made.name: made for made in STAND_INS}


def entry(name: str) -> Entry:
    """The entry ``name``, where "allen:ID" is any specimen of the Allen Cell Types Database."""
    if name.startswith("allen:"):
        from .catalogue import allen_cell

        specimen = name.removeprefix("allen:")
        if not specimen.isdecimal():
            raise DataError(f"{name!r} has no specimen number; write for example allen:478498617")
        return allen_cell(int(specimen))
    known = recordings() | others()
    if name not in known:
        raise DataError(f"there is no recording {name!r}; there are {', '.join(known)}")
    return known[name]
