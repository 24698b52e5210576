"""What is known of a recording: its files with addresses and hashes, licence, citation, keys.

The facts themselves are in ``catalogue``, found by name through ``lookup``.
"""

from __future__ import annotations

from dataclasses import dataclass


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
