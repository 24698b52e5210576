"""Twins: simulated recordings with the layout of the real files and a known truth.

``make(name, seed)`` gives (parts, truth). Each module beside this one simulates one
recording with the models that the lessons teach.
"""

from __future__ import annotations

from importlib import import_module

TWINS = (
    "current_injection",
    "head_direction",
    "calcium_imaging",
    "task_variables",
    "grasshopper",
    "place_cells",
)


def make(name: str, seed: int):
    """The parts of the twin of recording ``name`` and its truth, from scratch."""
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed is {seed}; take a whole number from 0 to 2**63 - 1")
    return import_module(f"{__name__}.{name}").make(seed)
