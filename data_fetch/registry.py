"""What there is to load: each recording's licence, citation and keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One recording of the course."""

    name: str
    title: str
    licence: str
    citation: str
    keys: tuple[str, ...]


RECORDINGS = {
    entry.name: entry
    for entry in [
        Entry(
            name="current_injection",
            title="current injected into a neuron of mouse V1 (Allen 478498617)",
            licence="Allen Institute terms: noncommercial use, with citation",
            citation="Allen Institute for Brain Science (2015), Allen Cell Types Database, "
            "celltypes.brain-map.org, specimen 478498617",
            keys=("units", "epochs", "stimulus", "response"),
        ),
    ]
}
