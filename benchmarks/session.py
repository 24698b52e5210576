"""A made-up session shaped like those of a two-photon maze: overlapping bumps, trials, few groups.

    s = session(T=30_000, groups=[25] * 40, neurons=250)
    s.X, s.y, s.groups, s.trial          # (T, P) z-scored, (T, N) counts, columns per group, (T,)

Position bumps (raised cosines, each overlapping its neighbours by three quarters) times task
variables that are constant in a trial, and B-splines of velocities. Rates lie between 0.05 and 0.7
per bin; about six groups drive each neuron; the linear predictor has a standard deviation of 0.6.
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import lfilter
from scipy.stats import rankdata

from minglm.basis import BSplineEval, RaisedCosineLinearEval


class Session(NamedTuple):
    X: np.ndarray  # (T, P)
    y: np.ndarray  # (T, N)
    groups: tuple[int, ...]  # number of columns of each group, in order
    trial: np.ndarray  # (T,)


def session(T=30_000, groups=(25,) * 40, velocities=4, neurons=250, active=6, seed=0) -> Session:
    """The last ``velocities`` groups are splines, the others bumps times a task variable."""
    rng = np.random.default_rng(seed)
    length = rng.integers(60, 110, T // 60 + 1)  # bins per trial
    trial = np.repeat(np.arange(len(length)), length)[:T]
    place = np.concatenate([np.linspace(0, 1, n) ** rng.uniform(0.7, 1.4) for n in length])[:T]
    X = []
    for k, size in enumerate(groups):
        if k < len(groups) - velocities:
            task = rng.normal(size=len(length)) + 0.7 * np.roll(length, k % 6) / length.std()
            task = np.ones(len(length)) if k == 0 else task > np.median(task) if k % 2 else task
            bumps = RaisedCosineLinearEval(size, bounds=(0, 1)).compute_features(place)
            X.append(bumps * task[trial, None])
        else:
            speed = lfilter([1], [1, -np.exp(-1 / 6)], rng.normal(size=T))
            spline = BSplineEval(size, bounds=(0, 1))
            X.append(spline.compute_features((rankdata(speed) - 1) / (T - 1)))
    X = np.concatenate(X, axis=1)
    X = (X - X.mean(0)) / X.std(0)
    return Session(X, _counts(X, groups, neurons, active, rng), tuple(groups), trial)


def _counts(X, groups, neurons, active, rng):
    """(T, N): Poisson counts of neurons with smooth weights in ``active`` groups."""
    ends = np.cumsum(groups)
    w = np.zeros((X.shape[1], neurons))
    for n in range(neurons):
        for g in rng.choice(len(groups), active, replace=False):
            rough = rng.normal(size=groups[g] + 4)
            w[ends[g] - groups[g] : ends[g], n] = np.convolve(rough, np.ones(5), "valid")
    eta = X @ w
    eta *= 0.6 / eta.std(0)
    rate = np.exp(rng.uniform(np.log(0.05), np.log(0.7), neurons))
    return rng.poisson(np.exp(eta) * rate / np.exp(eta).mean(0)).astype(float)
