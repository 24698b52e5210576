"""The grasshopper's auditory receptor: real spikes and sound, out of the PyPI package nitime.

Two runs of 10 s. The sound's amplitude is noise up to 200 Hz in the first and up to 800 Hz
in the second. The second is laid 15 s after the first began.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..parts import Epochs, Part, Series, Units, to_pynapple

STARTS, SECONDS, TAGS = (0.0, 15.0), 10.0, ("200 Hz", "800 Hz")


def folder() -> Path | None:
    """Where nitime keeps its data, without importing it; None where it is not installed."""
    try:
        place = metadata.distribution("nitime").locate_file("nitime/data")
    except metadata.PackageNotFoundError:
        return None
    return Path(str(place))


def read(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    made = to_pynapple(parts(path))
    return tuple(made), made.__getitem__


def parts(path: Path) -> dict[str, Part]:
    """units (1), epochs (tags: highest frequency in the amplitude), stimulus (amplitude, 0-1)."""
    spikes, times, amplitudes = [], [], []
    for number, start in enumerate(STARTS, 1):
        spikes.append(start + _table(path / f"grasshopper_spike_times{number}.txt") * 1e-6)
        sound = _table(path / f"grasshopper_stimulus{number}.txt")
        times.append(start + sound[:, 0] * 1e-6)
        amplitudes.append(sound[:, 1])
    starts = np.array(STARTS)
    return {
        "units": Units([np.concatenate(spikes)], {"location": ["auditory nerve"], "group": [0]}),
        "epochs": Epochs(starts, starts + SECONDS, {"tags": list(TAGS)}),
        "stimulus": Series(np.concatenate(times), np.concatenate(amplitudes)),
    }


def _table(path: Path) -> np.ndarray:
    try:
        lines = [line.split() for line in path.read_text().splitlines() if line[:1] not in "#"]
        return np.squeeze(np.array([line for line in lines if line], float))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read ({error}): install nitime again, or go on with the twin "
            f"(source='twin')"
        ) from error
