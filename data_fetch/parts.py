"""What recordings are made of, as plain arrays: units, epochs and series.

Readers and twins produce these three; ``to_pynapple`` is the one place where they become
pynapple objects, so that nothing else has to import pynapple (which takes a second).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Units:
    """Spike times (s) of each unit, and one value of every column for each unit."""

    times: list[np.ndarray]
    columns: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True)
class Epochs:
    """Intervals (s) and one value of every column for each of them."""

    start: np.ndarray
    end: np.ndarray
    columns: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """Samples at times t (s): values (T,) or (T, N)."""

    t: np.ndarray
    values: np.ndarray
    names: list[str] | None = None


Part = Units | Epochs | Series


def frozen(made):
    """The same dictionary, its arrays read-only: a twin is shared by all who load it."""
    for value in made.values():
        if isinstance(value, dict):
            frozen(value)
        for array in [value, *getattr(value, "times", []), getattr(value, "values", None)]:
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
    return made


def to_pynapple(parts: dict[str, Part]) -> dict[str, object]:
    """The same recording in pynapple objects.

    As in a file that pynapple reads, a series has one time support, from its first to its
    last sample, and units have one from the first to the last spike of all.
    """
    import pynapple as nap

    indices: dict[int, object] = {}  # series on one clock share its array
    made = {}
    for key, part in parts.items():
        if isinstance(part, Epochs):
            made[key] = nap.IntervalSet(part.start, part.end, metadata=part.columns or None)
        elif isinstance(part, Units):
            made[key] = _units(nap, part)
        else:
            made[key] = _series(nap, part, indices)
    return made


def _units(nap, part: Units):
    first = min((t[0] for t in part.times if len(t)), default=0.0)
    last = max((t[-1] for t in part.times if len(t)), default=0.0)
    support = nap.IntervalSet(first, max(last, first + 1e-6))  # one spike lasts, too
    spikes = {i: nap.Ts(t, time_support=support) for i, t in enumerate(part.times)}
    columns = {name: np.array(values) for name, values in part.columns.items()}
    return nap.TsGroup(spikes, time_support=support, metadata=columns)


def _series(nap, part: Series, indices: dict[int, object]):
    t = indices.get(id(part.t), part.t)
    support = nap.IntervalSet(part.t[0], part.t[-1])
    if part.values.ndim == 1:
        series = nap.Tsd(t, part.values, time_support=support)
    else:
        series = nap.TsdFrame(t, part.values, time_support=support, columns=part.names)
    indices[id(part.t)] = series.index
    return series
