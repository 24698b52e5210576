"""Twins beside what was published or recorded: the numbers, and a figure of them.

    python docs/figures/twins.py [seeds]        writes docs/figures/twins.png

Every row of ``ROWS`` is a statistic of one recording: its value in the published analysis or in
a real recording, and the range in which a twin must fall. ``tests/data_fetch`` holds every twin
to the ranges. The last column says where a value is from: a workshop's page, a tutorial, or a
real recording on which the same lines were run.
"""

from __future__ import annotations

import sys
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pynapple as nap

import minglm as nmo
from data_fetch import load

# recording, statistic, published, lowest, highest, where the published value is from
ROWS = [
    ("current_injection", "spikes in the first Noise 1", 40, 25, 70, "workshop page"),
    ("current_injection", "rate, whole file (Hz)", 0.878, 0.6, 1.15, "workshop page"),
    ("current_injection", "weight of the current (1/pA)", 0.0540, 0.040, 0.066, "workshop page"),
    ("current_injection", "pseudo-R2, current now", 0.304, 0.20, 0.37, "workshop page"),
    ("current_injection", "pseudo-R2, current history", 0.357, 0.29, 0.45, "workshop page"),
    ("current_injection", "filter peak (1/pA)", 0.0143, 0.010, 0.022, "workshop page"),
    ("current_injection", "filter sum (1/pA)", 0.0499, 0.035, 0.066, "workshop page"),
    ("current_injection", "filter against truth (r)", 1.0, 0.90, 1.0, "truth of the twin"),
    ("current_injection", "what spike history adds", 0.132, 0.025, 0.2, "5ht_DRN162"),
    ("head_direction", "vector length, median", 0.93, 0.84, 0.95, "Mouse28-140313"),
    ("head_direction", "wake rates over published, median", 1.0, 0.85, 1.3, "workshop page"),
    ("head_direction", "history filter, sum", 4.19, 2.5, 9.0, "workshop page"),
    ("head_direction", "history filter, peak", 0.195, 0.1, 0.5, "workshop page"),
    ("calcium_imaging", "neurons tuned to heading", 16, 15, 18, "workshop page"),
    ("calcium_imaging", "decay of the light (s)", 1.03, 0.6, 1.4, "first images printed there"),
    ("task_variables", "deviance explained, mean", 0.301, 0.24, 0.36, "Harvey tutorial"),
    ("task_variables", "deviance explained, median", 0.256, 0.19, 0.32, "Harvey tutorial"),
    ("grasshopper", "rate, 200 Hz sound (Hz)", 92.9, 75, 115, "nitime, real"),
    ("grasshopper", "rate, 800 Hz sound (Hz)", 86.8, 65, 110, "nitime, real"),
    ("grasshopper", "shortest interval (ms)", 3.2, 2.0, 4.5, "nitime, real"),
    ("grasshopper", "median interval (ms)", 9.8, 8.0, 12.5, "nitime, real"),
    ("place_cells", "time running forward (s)", 192.4, 170, 215, "workshop page"),
    ("place_cells", "median rate of all units (Hz)", 0.25, 0.15, 0.5, "rat_linear_track"),
    ("place_cells", "bits per spike, place cells", 1.77, 1.2, 2.6, "rat_linear_track"),
]
AWAKE = "8.1256 0.7030 2.0987 8.2043 3.7323 13.4532 5.2331 15.7632 0.0919 8.4099 3.4484 13.4670 "
AWAKE = np.array((AWAKE + "27.4700 4.8579 5.2132 4.0845 3.4668 7.2062").split(), float)  # Hz


def current_injection(recording) -> list[float]:
    epochs, unit = recording["epochs"], recording["units"][0]
    noise = epochs[epochs.tags == "Noise 1"]
    current = (recording["stimulus"].restrict(noise) * 1e12).bin_average(0.001)
    count = unit.count(0.001, ep=noise)
    past = nmo.basis.RaisedCosineLogConv(8, window_size=200)
    own = nmo.basis.RaisedCosineLogConv(5, window_size=50)
    X, H = past.compute_features(current), own.compute_features(count)
    first = slice(0, 28_020)
    now, y = np.asarray(current)[first, None], np.asarray(count)[first]
    score = lambda X, y: _fit(X, y).score(X, y, score_type="pseudo-r2-Cohen")
    with_history = _fit(np.hstack([X, H]), np.asarray(count))
    kernel = past.kernels @ _fit(np.asarray(X)[first], y).coef_
    truth = recording.truth["current_filter"]
    XH = np.hstack([X, H])
    return [
        y.sum(),
        float(recording["units"].rates[0]),
        _fit(now, y).coef_[0],
        score(now, y),
        score(np.asarray(X)[first], y),
        kernel.max(),
        kernel.sum(),
        np.corrcoef(past.kernels @ with_history.coef_[:8], truth)[0, 1],
        with_history.score(XH, np.asarray(count), score_type="pseudo-r2-Cohen")
        - score(np.asarray(X), np.asarray(count)),
    ]


def _fit(X, y):
    return nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-7).fit(np.asarray(X), y)


def head_direction(recording) -> list[float]:
    units, heading = recording["units"], recording["ry"]
    units = units[(units.location == "adn") & (units.rate > 2.0)]
    tuning = _tuning(units, heading)
    length = _vector(tuning)
    wake = nap.IntervalSet(8812.3, 8812.3 + 90)
    count = units[units.index[0]].count(0.01, ep=wake)
    past = nmo.basis.RaisedCosineLogConv(8, window_size=80)
    kernel = past.kernels @ _fit(past.compute_features(count), np.asarray(count)).coef_
    rates = tuning.values.mean(1)
    return [np.median(length), np.median(rates / AWAKE), kernel.sum(), kernel.max()]


def _tuning(data, feature, epochs=None, bins=61):
    epochs = feature.time_support if epochs is None else epochs
    span = (0, 2 * np.pi) if bins == 61 else (0, 160)
    return nap.compute_tuning_curves(
        data, feature, bins=bins, range=span, epochs=epochs, feature_names=["x"]
    )


def _vector(tuning) -> np.ndarray:
    """Length of the mean vector of each tuning curve."""
    turn = np.exp(1j * tuning.x.values)
    return np.abs((tuning.values * turn).sum(1)) / tuning.values.sum(1)


def calcium_imaging(recording) -> list[float]:
    light = recording["RoiResponseSeries"]
    length = _vector(_tuning(light, recording["ry"]))
    values, dt = np.asarray(light.values), np.median(np.diff(light.t))
    high = values[:-1] > np.quantile(values, 0.9, axis=0)  # falling light, well above the noise
    fall = np.log(values[1:] / values[:-1])[high]
    return [np.sum(np.exp(-61 * length**2) < 0.01), -dt / np.median(fall[fall < 0])]


def task_variables(recording) -> list[float]:
    """Deviance explained by the means that made the data: what a perfect fit would reach."""
    from data_fetch.twins import task_variables as twin

    truth = recording.truth
    raw = {key: np.asarray(recording[key]) for key in ("posF", "time_from_cho")}
    for key, names in (("task_var", twin.TASK), ("movement_var", twin.MOVEMENT)):
        raw[key] = dict(zip(names, np.asarray(recording[key]).T, strict=True))
    eta = np.tile(truth["intercept"], (twin.BINS, 1))
    for name, design in twin.designs(raw).items():
        eta += design @ truth["weights"][name]
    y = 10 * np.asarray(recording["deconv"])
    explained = 1 - _deviance(y, np.exp(np.minimum(eta, 3))) / _deviance(y, y.mean(0))
    return [explained.mean(), np.median(explained)]


def _deviance(y, mu):
    return 2 * np.sum(np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mu), 0) - y + mu, axis=0)


def grasshopper(recording) -> list[float]:
    spikes, epochs = recording["units"][0], recording["epochs"]
    first, second = (spikes.restrict(epochs[k]) for k in (0, 1))
    intervals = 1e3 * np.concatenate([np.diff(first.t), np.diff(second.t)])
    return [len(first) / 10, len(second) / 10, intervals.min(), np.median(intervals)]


def place_cells(recording) -> list[float]:
    forward = recording["forward_ep"]
    units, place = recording["units"], recording["position"].restrict(forward)
    units = units[units.cell_type == "pE"]
    tuning = _tuning(units, place, forward, bins=30).values
    time = np.histogram(place.values, 30, (0, 160))[0] / len(place)
    relative = tuning / (tuning * time).sum(1, keepdims=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bits = np.nansum(time * relative * np.log2(relative), axis=1)
    enough = np.array([len(units[u].restrict(forward)) >= 30 for u in units.index])
    chosen = bits[enough & (bits > 1)]
    return [forward.tot_length(), float(np.median(recording["units"].rates)), np.median(chosen)]


@cache
def summary(name: str, seed: int) -> dict[str, float]:
    """The statistics of one twin by name."""
    values = globals()[name](load(name, "twin", seed))
    names = [row[1] for row in ROWS if row[0] == name]
    return dict(zip(names, map(float, values), strict=True))


def draw(seeds: int):
    """Each statistic as a multiple of the published one: range, twins, published at 1."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(7.5, 7.5), layout="constrained")
    for y, (name, statistic, published, low, high, _) in enumerate(reversed(ROWS)):
        found = [summary(name, seed)[statistic] for seed in range(seeds)]
        ax.plot([low / published, high / published], [y, y], color="0.85", lw=7, zorder=0)
        ax.plot(np.array(found) / published, [y] * seeds, "o", color="#0072B2", ms=4)
        size = {"xycoords": ("axes fraction", "data"), "va": "center", "fontsize": 7}
        ax.annotate(f"{published:g}", (1.01, y), color="#D55E00", **size)
    ax.axvline(1, color="#D55E00", lw=1.5)
    labels = [f"{name.replace('_', ' ')}: {statistic}" for name, statistic, *_ in reversed(ROWS)]
    ax.set_yticks(range(len(ROWS)), labels, fontsize=7)
    ax.set(xscale="log", xlim=(0.15, 3), xlabel="twin (blue) over published value (orange)")
    ax.set_xticks([0.25, 0.5, 1, 2], ["1/4", "1/2", "1", "2"])
    ax.set_xticks([], minor=True)
    return figure


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".png")
    draw(int(sys.argv[1]) if len(sys.argv) > 1 else 3).savefig(target, dpi=150)
    print(target)
