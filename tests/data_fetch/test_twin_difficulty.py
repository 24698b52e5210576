"""A lesson's fit on its twin is not easier than on the recording of the same kind.

Easy is what a general optimiser finds easy: L-BFGS steps to a small gradient, and the condition of
the Fisher information with its columns scaled.
"""

import numpy as np
import pynapple as nap
import pytest
from scipy.optimize import minimize

import minglm as nmo
from data_fetch import load

pytestmark = pytest.mark.slow


def difficulty(X, y, ridge=0.0, family="Poisson"):
    """(steps, condition) of the fit of y (T,) to X (T, P) and an intercept."""
    known = np.isfinite(X).all(axis=1)
    X, y = np.column_stack([X[known], np.ones(known.sum())]), y[known]
    penalty = np.append(np.full(X.shape[1] - 1, ridge), 0)
    spikes = family == "Poisson"
    rate = (lambda eta: np.exp(np.minimum(eta, 30))) if spikes else (lambda eta: eta)

    def loss(w):
        eta = X @ w
        each = rate(eta) - y * eta if spikes else (eta - y) ** 2 / 2
        return each.mean() + penalty @ w**2 / 2, X.T @ (rate(eta) - y) / len(y) + penalty * w

    start = np.append(np.zeros(X.shape[1] - 1), np.log(y.mean()) if spikes else y.mean())
    options = {"maxiter": 5000, "maxfun": 20_000, "ftol": 0, "gtol": 1e-6}
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    curvature = rate(X @ done.x) if spikes else np.ones(len(y))
    fisher = (X * curvature[:, None]).T @ X / len(y) + np.diag(penalty)
    scale = 1 / np.sqrt(np.diag(fisher))
    return done.nit, np.linalg.cond(fisher * scale * scale[:, None])


def current_injection(recording):
    """Current history over 200 ms, as many bins as the shorter of the two recordings has."""
    epochs = recording["epochs"]
    noise = epochs[epochs.tags == "Noise 1"][0]
    current = (recording["stimulus"].restrict(noise) * 1e12).bin_average(0.001)[:28_020]
    y = np.asarray(recording["units"][0].count(0.001, ep=noise), float)[: len(current)]
    X = nmo.basis.RaisedCosineLogConv(8, window_size=200).compute_features(np.asarray(current))
    return [difficulty(X, y)]


def head_direction(recording):
    """Everybody's past: the eleven busiest ADn neurons, the first, sixth and last of them fitted.

    Three minutes, 10 ms, ridge 0.1.
    """
    tags = np.array([np.ravel(tag)[0] for tag in recording["epochs"]["tags"]])
    start = recording["epochs"][tags == "wake"].start[0]
    units = recording["units"]
    units = units[(units["location"] == "adn") & (units["rate"] > 2.0)]
    counts = np.asarray(units.count(0.01, ep=nap.IntervalSet(start, start + 180)), float)
    counts = counts[:, np.argsort(-counts.sum(0))[:11]]
    X = nmo.basis.RaisedCosineLogConv(8, window_size=80).compute_features(counts)
    return [difficulty(X, counts[:, n], ridge=0.1) for n in (0, 5, 10)]


def calcium_imaging(recording):
    """Everybody's past: half a second of the 16 best tuned traces, for as long as the fly has."""
    light, heading = recording["RoiResponseSeries"], recording["ry"]
    curves = nap.compute_tuning_curves(light, heading, bins=61, range=(0, 2 * np.pi),
                                       epochs=heading.time_support, feature_names=["heading"])
    turn = np.exp(1j * curves.heading.values)
    length = np.abs((curves.values * turn).sum(1)) / curves.values.sum(1)
    traces = np.asarray(light.values, float)[:3669, np.argsort(-length)[:16]]
    traces /= traces.std(axis=0)
    window = round(0.5 / np.median(np.diff(light.t)))
    X = nmo.basis.RaisedCosineLogConv(4, window_size=window).compute_features(traces)
    return [difficulty(X, traces[:, 0], ridge=0.001, family="Gaussian")]


def place_cells(recording):
    """Twelve groups of place, and speed, in bins of 50 ms: the five units with most spikes."""
    laps = recording["forward_ep"]
    place = recording["position"].bin_average(0.05, laps)
    known = np.isfinite(place.values)
    lap = np.searchsorted(laps.start, place.t, "right")[known]
    x = place.values[known]
    group = np.minimum((x - x.min()) / (x.max() - x.min()) * 12, 11).astype(int)
    speed = np.abs(np.concatenate([np.gradient(x[lap == k]) for k in np.unique(lap)])) / np.ptp(x)
    X = np.column_stack([np.eye(12)[group, 1:], speed / 0.05])
    counts = np.asarray(recording["units"].count(0.05, ep=laps).values, float)[known]
    return [difficulty(X, counts[:, n]) for n in np.argsort(-counts.sum(0))[:5]]


@pytest.mark.parametrize(
    "lesson, file, share",
    [  # of the steps and of the condition that the recording needs
        (current_injection, "5ht_DRN162.nwb", (0.9, 0.9)),
        (head_direction, "Mouse28-140313.nwb", (1, 1)),
        (calcium_imaging, "fly_compass_20160425_Fly2.nwb", (1, 1)),
        (place_cells, "rat_linear_track.nwb", (0.8, 0.6)),  # fewer bins with no spike at all
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_fitting_the_twin_is_as_hard_as_fitting_the_recording(lesson, file, share, shared):
    real = lesson(load(lesson.__name__, shared / "recordings" / file))
    twin = lesson(load(lesson.__name__, "twin"))
    print(f"{lesson.__name__}: (steps, condition) of the twin {twin}, of the recording {real}")
    assert (np.median(twin, axis=0) >= np.median(real, axis=0) * share).all()
