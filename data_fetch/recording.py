"""A recording: named pynapple objects, where they come from, and for a twin its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, eq=False)
class Recording(Mapping):
    """A mapping of the public file's keys to pynapple objects, read when first asked for.

    ``source`` is "twin" (simulated from ``seed``; ``truth`` holds its filters), "real" (the
    published file, its hash verified) or "file" (a path that somebody gave). ``print`` says
    which, with licence and citation.
    """

    name: str
    source: str
    licence: str
    citation: str
    seed: int | None = None
    path: Path | None = None
    truth: dict | None = None
    keys_: tuple[str, ...] = ()
    read: Callable[[str], object] = field(default=None, repr=False)
    _made: dict = field(default_factory=dict, repr=False)

    def __getitem__(self, key: str):
        if key not in self.keys_:
            raise KeyError(f"{self.name} has no {key!r}; it has {', '.join(self.keys_)}")
        if key not in self._made:
            self._made[key] = self.read(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)

    def __repr__(self) -> str:
        if self.source == "twin":
            what = f"{self.name}: TWIN, simulated from seed {self.seed} (recording.truth holds "
            what += "its true parameters)\n  stands for: "
        else:
            checked = "published file, hash verified" if self.source == "real" else "file"
            what = f"{self.name}: RECORDING ({checked}) {self.path}\n  cite: "
        whose = " of the original" if self.source == "twin" else ""
        return f"{what}{self.citation}\n  licence{whose}: {self.licence}\n  keys: {', '.join(self)}"
