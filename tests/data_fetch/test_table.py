"""One table of keys, kinds, dtypes, units, shapes and rates, held by twins and real files alike.

What the public files print is in the table as published; a real recording in
``../shared/recordings`` stands in for its lesson's file, with its own sizes and rates.
"""

import socket

import numpy as np
import pytest

from data_fetch import load
from data_fetch.lookup import recordings

# lesson's recording -> stand-in beside the repository: file, {key: (shape, rate in Hz, dtype)}
REAL = {
    "current_injection": (
        "5ht_DRN162.nwb",
        {
            "units": ((1,), None, None),
            "epochs": ((27,), None, None),
            "stimulus": ((2_400_000,), 10_000, "float32"),
            "response": ((2_400_000,), 10_000, "float32"),
        },
    ),
    "head_direction": (
        "Mouse28-140313.nwb",
        {
            "units": ((32,), None, None),
            "sws": ((0,), None, None),
            "rem": ((0,), None, None),
            "position_time_support": ((1704,), None, None),
            "epochs": ((1,), None, None),
            "ry": ((88_124,), 40, "float64"),
        },
    ),
    "calcium_imaging": (
        "fly_compass_20160425_Fly2.nwb",
        {
            "position_time_support": ((5,), None, None),
            "RoiResponseSeries": ((3669, 16), 11.42, "float32"),
            "ry": ((40_173,), 120, "float64"),
        },
    ),
    "place_cells": (
        "rat_linear_track.nwb",
        {
            "units": ((31,), None, None),
            "forward_ep": ((24,), None, None),
            "position": ((55_879,), 60, "float64"),
        },
    ),
}
# What a value in the stated unit can be: its largest size in this kind of recording.
LARGEST = {"A": 1e-9, "V": 0.15, "rad": 2 * np.pi, "cm": 300, "s": 1e5, "a.u.": 1e4, "1": 1e3}
COLUMNS = {
    ("current_injection", "epochs"): ["tags"],
    ("current_injection", "units"): ["rate", "location", "group"],
    ("head_direction", "epochs"): ["tags"],
    ("head_direction", "units"): ["rate", "location", "group"],
    ("place_cells", "units"): ["rate", "location"],
}


def rows():
    for name, entry in recordings().items():
        for key, what in entry.keys.items():
            yield pytest.param(
                name, "twin", key, what.shape, what.rate, what.dtype, id=f"{name}-twin-{key}"
            )
        file, keys = REAL.get(name, (None, {}))
        for key, (shape, rate, dtype) in keys.items():
            yield pytest.param(name, file, key, shape, rate, dtype, id=f"{name}-real-{key}")
    for key, what in recordings()["grasshopper"].keys.items():
        yield pytest.param(
            "grasshopper",
            "real",
            key,
            what.shape,
            what.rate,
            what.dtype,
            id=f"grasshopper-real-{key}",
        )


@pytest.fixture(scope="module")
def recording():
    """Each recording is opened once for all its rows."""
    made = {}

    def get(name, source, shared):
        if (name, source) not in made:
            made.clear()
            made[name, source] = load(
                name, source if source in ("twin", "real") else shared() / source
            )
        return made[name, source]

    return get


@pytest.mark.parametrize("name, source, key, shape, rate, dtype", list(rows()))
def test_table(name, source, key, shape, rate, dtype, recording, request):
    what = recordings()[name].keys[key]
    folder = lambda: request.getfixturevalue("shared") / "recordings"
    found = recording(name, source, folder)[key]
    assert type(found).__name__ == what.kind
    if shape:
        size = (len(found),) if what.kind in ("TsGroup", "IntervalSet") else found.shape
        assert size == tuple(shape)
    for column in COLUMNS.get((name, key), []):
        assert column in found.metadata.columns
    if what.kind.startswith("Tsd"):
        holds_samples(found, what, rate, dtype)
    elif what.kind == "TsGroup":
        assert all(np.all(np.diff(found[unit].t) > 0) for unit in found.index)
    else:
        assert np.all(found.end > found.start) and np.all(found.start[1:] >= found.end[:-1])


def holds_samples(series, what, rate, dtype):
    if dtype:
        assert series.d.dtype == dtype
    steps = np.diff(series.t)
    assert np.all(steps > 0)
    if rate:
        assert 1 / np.median(steps) == pytest.approx(rate, rel=5e-3)
    values = np.asarray(series.d[:3_000_000])
    largest = LARGEST["a.u." if what.unit == "cm" and values.max() > 300 else what.unit]
    assert np.nanmax(np.abs(values)) <= largest
    if what.unit == "rad":
        assert np.nanmin(values) >= 0
    if what.unit in ("A", "V"):
        assert np.nanmax(np.abs(values)) > largest / 100  # neither pA nor mV


@pytest.mark.slow
def test_every_recording_is_a_twin_without_a_network(monkeypatch):
    def refuse(*_):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    for name, entry in recordings().items():
        recording = load(name, "twin", seed=1)
        assert list(recording) == list(entry.keys) and recording.truth["dt"] > 0


def test_the_public_epochs_of_the_injected_cell_are_there():
    """The times that the public file prints, to its last digit."""
    epochs = load("current_injection", "twin")["epochs"]
    noise = epochs[epochs.tags == "Noise 1"]
    np.testing.assert_allclose(noise.start, [460.768, 526.808, 592.848], atol=1e-9)
    np.testing.assert_allclose(noise.end, [488.788, 554.828, 620.868], atol=1e-9)
    ends = [34.02, 73.04, 112.06, 119.083, 126.106, 133.129, 140.152]
    np.testing.assert_allclose(epochs.end[:7], ends, atol=1e-9)
    starts = [841.387, 850.056, 858.725, 867.394, 876.063, 884.732, 893.401]
    np.testing.assert_allclose(epochs.start[60:], starts, atol=1e-9)
    assert epochs.end[66] == pytest.approx(897.421, abs=1e-9)
    np.testing.assert_allclose(epochs.start[1:] - epochs.end[:-1], 5, atol=1e-9)


@pytest.mark.slow
def test_the_selections_that_lessons_make_find_what_they_find_in_public():
    mouse = load("head_direction", "twin")
    units = mouse["units"]
    chosen = units[(units.location == "adn") & (units.rate > 2.0)]
    tuned = [7, 8, 9, 10, 13, 14, 17, 18, 19, 20, 21, 22, 24, 25, 26, 29, 30, 33]
    assert list(chosen.index) == tuned
    np.testing.assert_allclose(mouse["epochs"].start, [0, 8812.3, 10771.3])
    heading = mouse["ry"].t
    np.testing.assert_allclose([heading[0], heading[-1]], [8812.416, 10771.2768], atol=1e-9)
    images = load("calcium_imaging", "twin")["RoiResponseSeries"].t
    np.testing.assert_allclose(images[:4], [3.1187, 3.15225, 3.18585, 3.2194], atol=1e-9)
    assert images[-1] == pytest.approx(1203.5909, abs=1e-9)
    rat = load("place_cells", "twin")
    assert rat["eeg"].t[-1] == pytest.approx(25546.9744, abs=1e-9)
    assert rat["position"].t[-1] == pytest.approx(20146.974400089, abs=1e-8)
