"""NWB 1 files of the Allen Cell Types Database: every sweep laid on one time axis.

A sweep starts 5 s after the last sample of the one before, as in the course's own copy of
specimen 478498617. Older pipelines stored amperes and volts, newer ones (version 1.x with
x > 0, or later) integers to be multiplied by ``conversion``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..parts import Epochs, Part, Series, Units, to_pynapple
from .nwb import check_hdf5

GAP = 5.0  # s


def read(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    """units, epochs (tags: the stimulus names), stimulus (A), response (V)."""
    made = to_pynapple(parts(path))
    return tuple(made), made.__getitem__


def parts(path: Path) -> dict[str, Part]:
    import h5py

    check_hdf5(path)
    with h5py.File(path) as file:
        if "epochs" not in file:
            raise DataError(f"{path} is not an NWB 1 file of the Allen Cell Types Database")
        scaled = _needs_conversion(file)
        names = [name for name in file["epochs"] if name.startswith("Sweep_")]
        numbers = sorted(int(name.removeprefix("Sweep_")) for name in names)
        return _join([_sweep(file, number, scaled) for number in numbers])


def _needs_conversion(file) -> bool:
    pairs = [text.decode() for text in file["general/generated_by"][()].ravel()]
    version = dict(zip(pairs[::2], pairs[1::2], strict=False)).get("version", "0.0")
    major, minor = (int(part) for part in (version + ".0").split(".")[:2])
    return major > 1 or (major == 1 and minor > 0)


def _sweep(file, number: int, scaled: bool) -> dict:
    group = file[f"epochs/Sweep_{number}"]
    signals = []
    for name in ("stimulus", "response"):
        data = group[f"{name}/timeseries/data"]
        signals.append(data[()] * (data.attrs["conversion"] if scaled else 1.0))
    spikes = [
        file[f"analysis/{kind}/Sweep_{number}"][()]
        for kind in ("spike_times", "aibs_spike_times")
        if f"analysis/{kind}/Sweep_{number}" in file
    ]
    name = file[f"stimulus/presentation/Sweep_{number}/aibs_stimulus_name"][()]
    rate = float(group["stimulus/timeseries/starting_time"].attrs["rate"])
    spikes = np.sort(spikes[0]) if spikes else np.empty(0)
    return {"tag": name.decode(), "rate": rate, "signals": signals, "spikes": spikes}


def _join(sweeps: list[dict]) -> dict[str, Part]:
    times, starts, spikes, start = [], [], [], 0.0
    for sweep in sweeps:
        starts.append(start)
        times.append(start + np.arange(len(sweep["signals"][0])) / sweep["rate"])
        spikes.append(start + sweep["spikes"])
        start = times[-1][-1] + GAP
    t = np.concatenate(times)
    stimulus, response = (np.concatenate([s["signals"][k] for s in sweeps]) for k in (0, 1))
    ends = np.array([time[-1] for time in times])
    return {
        "units": Units([np.concatenate(spikes)], {"group": [0]}),
        "epochs": Epochs(np.array(starts), ends, {"tags": [s["tag"] for s in sweeps]}),
        "stimulus": Series(t, stimulus),
        "response": Series(t, response),
    }
