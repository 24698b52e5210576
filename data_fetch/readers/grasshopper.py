"""The grasshopper's auditory receptor: real spikes and sound, out of the PyPI package nitime.

Two runs of 10 s. The sound's amplitude is noise up to 200 Hz in the first and up to 800 Hz
in the second. The second is laid 15 s after the first began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..parts import Epochs, Part, Series, Units, to_pynapple

TWIN = "or go on with the twin (source='twin')"
SHA256 = {
    "spike_times1": "840014ad9a8f591d02ab108bcbd46715badb3459e0ef7eac95fdd661ff134e3d",
    "spike_times2": "389e5dccb709fbe0552589ff2e0b64e15d46665e4d2d4172071f2175c8641541",
    "stimulus1": "4b47a4cbca8c5f694f87dd510db608a868dffbaba96845199c8afa545a4c37fa",
    "stimulus2": "69f257a8e7a5019897111b07f9cd317b136357d256e99682d40c09d5add18e6a",
}
STARTS, SECONDS, TAGS = (0.0, 15.0), 10.0, ("200 Hz", "800 Hz")


def read(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    made = to_pynapple(parts(path))
    return tuple(made), made.__getitem__


def parts(path: Path) -> dict[str, Part]:
    """units (1), epochs (tags: highest frequency in the amplitude), stimulus (amplitude, 0-1)."""
    spikes, times, amplitudes = [], [], []
    for number, start in enumerate(STARTS, 1):
        spikes.append((start * 1e6 + _table(path, f"spike_times{number}")) / 1e6)
        sound = _table(path, f"stimulus{number}")  # us, amplitude
        times.append((start * 1e6 + sound[:, 0]) / 1e6)
        amplitudes.append(sound[:, 1])
    starts = np.array(STARTS)
    return {
        "units": Units([np.concatenate(spikes)], {"location": ["auditory nerve"], "group": [0]}),
        "epochs": Epochs(starts, starts + SECONDS, {"tags": list(TAGS)}),
        "stimulus": Series(np.concatenate(times), np.concatenate(amplitudes)),
    }


def _table(folder: Path, name: str) -> np.ndarray:
    """The numbers of one verified text file; lines with # are comments."""
    path = folder / f"grasshopper_{name}.txt"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}; install nitime again, {TWIN}") from error
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise DataError(f"{path} does not pass its hash: install nitime again, {TWIN}")
    lines = [line.split() for line in content.decode().splitlines() if line[:1] != "#"]
    return np.squeeze(np.array([line for line in lines if line], float))
