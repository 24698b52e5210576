"""Twin of the Harvey-lab example: 100 neurons of retrosplenial cortex in a Y maze, at 6 Hz.

The mouse runs down a virtual corridor (posF, cm), chooses an arm, waits, is told the outcome
(time_from_cho, s). Which arm a cue asks for is a rule that switches without a sign after 100
to 175 trials; the mouse finds out in the next 30 to 50. Activity of neuron i in bin t is

    Poisson count with log mean = intercept[i] + sum over groups g of design_g[t] @ weights[g][:, i]

divided by 10, where the groups are those of the tutorial: 20 bumps over position alone and
times each task variable, 13 bumps over time since the choice alone and times each task
variable, and 7 splines for each velocity: 21 groups, of which each neuron uses a few.
Outside the corridor posF is NaN, before the choice time_from_cho is NaN.
"""

from __future__ import annotations

import numpy as np

from ..readers.harvey import MOVEMENT, RATE, TASK, arrange
from .dice import Dice, quantise

BINS, NEURONS, LENGTH = 27_396, 100, 270.0  # 6 Hz bins, cells, cm
POSITION, TIME = np.linspace(10, 250, 20), np.linspace(0, 5, 13)  # bump centres
GROUPS = (
    "position",
    *(f"position x {name}" for name in TASK),
    "time",
    *(f"time x {name}" for name in TASK),
    *MOVEMENT,
)


def make(seed: int):
    """The parts of the recording and its truth."""
    trials = _trials(Dice(seed, "trials"))
    raw = _timeline(trials, Dice(seed, "running"))
    truth = _truth(Dice(seed, "cells"))
    log_mean = np.tile(truth["intercept"], (BINS, 1))  # (T, N)
    for name, design in designs(raw).items():
        log_mean += design @ truth["weights"][name]
    raw["deconv"] = _counts(log_mean, Dice(seed, "activity")) / 10.0
    return arrange(raw), truth


def _trials(dice: Dice) -> dict[str, np.ndarray]:
    """Rule, cue, choice and what the mouse believes, trial by trial."""
    n = 600
    switches = np.cumsum(dice.integers(100, 176, 8))
    block = np.searchsorted(switches, np.arange(n), side="right")
    since = np.arange(n) - np.concatenate([[-50], switches])[block]
    rule = block % 2
    belief = np.tanh((since - 20) / 12.0) * np.where(rule, 1, -1)  # the new rule from trial 20 on
    cue = np.where(dice.uniform(n) < 0.5, 1.0, -1.0)
    bias = 0.3 * np.sin(np.arange(n) / 40.0 + 6.28 * dice.uniform(1))
    lean = 2.2 * belief * cue + bias
    choice = np.where(dice.uniform(n) < 1 / (1 + np.exp(-lean)), 1.0, -1.0)
    correct = np.where(choice == cue * np.where(rule, 1, -1), 1.0, -1.0)
    return {
        "cue": cue,
        "cho": choice,
        "corr": correct,
        "prevCorr": np.concatenate([[1.0], correct[:-1]]),
        "rule_following": quantise(0.5 * np.tanh(0.5 * lean * choice), 2**-20),
        "bias_following": quantise(0.5 * np.tanh(2 * bias) * choice, 2**-20),
        "belief": quantise(belief, 2**-20),
    }


def _timeline(trials: dict[str, np.ndarray], dice: Dice) -> dict:
    """Every trial laid out in bins: the run (27-45 bins), then 5.5 to 8 s after the choice."""
    from scipy.signal import lfilter

    n = len(trials["cue"])
    run, rest = dice.integers(27, 46, n), dice.integers(33, 49, n)
    trial = np.repeat(np.arange(n), run + rest)[:BINS]
    inside = np.arange(BINS) - (np.cumsum(run + rest) - run - rest)[trial]
    running = inside < run[trial]
    progress = (inside + 0.5) / run[trial]
    position = np.where(running, quantise(LENGTH * progress, 2**-10), np.nan)
    late = np.where(running, np.nan, (inside - run[trial]) / RATE)
    smooth = lfilter([0.3], [1, -0.7], dice.normal(3, BINS), axis=1)
    turn = np.where(progress > 0.75, 1.2, 0.15) * trials["cho"][trial] * running
    speed = np.where(running, 1.5 * LENGTH / run[trial] * RATE / 60, 0.2)
    movement = quantise(smooth * 0.8 + np.stack([speed, 0.4 * turn, turn]), 2**-16)
    task = {name: trials[name][trial] for name in TASK if name in trials}
    onset = 1 / (1 + np.exp(-12 * (np.where(running, progress, 1) - 0.6)))
    task["dyn_cho"] = quantise(task["cho"] * onset, 2**-20)  # the choice as it forms
    return {
        "trial_num": trial.astype(float),
        "time_from_cho": late,
        "posF": position,
        "task_var": {name: task[name] for name in TASK},
        "movement_var": dict(zip(MOVEMENT, movement, strict=True)),
    }


def _bumps(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(T, K) raised cosines four spacings wide; 0 where x is NaN."""
    spacing = centres[1] - centres[0]
    u = np.clip((np.nan_to_num(x, nan=-1e9)[:, None] - centres) / (2 * spacing), -1, 1)
    return 0.5 * (1 + np.cos(np.pi * u))


def designs(raw: dict) -> dict[str, np.ndarray]:
    """Design of each of the 21 groups; variables centred and scaled by their SD."""
    place, time = _bumps(raw["posF"], POSITION), _bumps(raw["time_from_cho"], TIME)
    made = {"position": place, "time": time}
    for name, values in raw["task_var"].items():
        scaled = ((values - values.mean()) / values.std())[:, None]  # (T, 1)
        made |= {f"position x {name}": place * scaled, f"time x {name}": time * scaled}
    for name, values in raw["movement_var"].items():
        rank = np.argsort(np.argsort(values, kind="stable"), kind="stable") / BINS
        made[name] = _bumps(rank, np.linspace(0, 1, 7))
    return {name: made[name] for name in GROUPS}


def _truth(dice: Dice) -> dict[str, object]:
    """Smooth weights in a few groups of each neuron; the rest is exactly 0."""
    sizes = dict.fromkeys(GROUPS, 20) | {g: 13 for g in GROUPS if g.startswith("time")}
    sizes |= dict.fromkeys(MOVEMENT, 7)
    active = dice.uniform(NEURONS, len(GROUPS)) < 0.16
    active[:, GROUPS.index("position")] = True
    active[:, GROUPS.index("time")] |= dice.uniform(NEURONS) < 0.5
    weights = {}
    for g, (name, size) in enumerate(sizes.items()):
        centre, width = dice.uniform(NEURONS) * size, 1.5 + 2.5 * dice.uniform(NEURONS)
        sign = np.where(dice.uniform(NEURONS) < 0.6, 1, -1)
        height = (0.35 + 0.5 * dice.uniform(NEURONS)) * (0.8 if " x " in name else 1.6)
        shape = np.exp(-0.5 * ((np.arange(size)[:, None] - centre) / width) ** 2)
        weights[name] = quantise(sign * height * shape * active[:, g], 2**-24)
    return {
        "dt": 1 / RATE,
        "groups": GROUPS,
        "active": active,
        "weights": weights,
        "intercept": quantise(-1.9 + 0.7 * dice.normal(NEURONS), 2**-24),
        "position_centres": POSITION,
        "time_centres": TIME,
    }


def _counts(log_mean: np.ndarray, dice: Dice) -> np.ndarray:
    """Poisson counts (T, N): how many waiting times of a unit Poisson process fit in the mean."""
    mean = np.exp(np.minimum(log_mean, 3.0))
    counts, left = np.zeros(mean.shape), mean
    alive = np.nonzero(left > 0)
    left = left[alive]
    while len(left):
        left = left + np.log(dice.uniform(len(left)))
        alive, left = tuple(axis[left > 0] for axis in alive), left[left > 0]
        counts[alive] += 1
    return counts
