"""Twin of Mouse32-140822: 49 units, asleep, awake on an open field, and asleep again.

The 18 fast units of the antero-dorsal thalamus (ADn) are awake a coupled population: in every
10 ms bin t, unit i has a Poisson count with

    log mean = intercept[i] + tuning[i](heading) + sum_j sum_w coupling[j, w, i] y_j[t - 1 - w]

(coupling[i, :, i] is the unit's own history). In sleep the same cells follow a heading that
drifts by itself, faster, with rates that rise and fall. The other units are Poisson, with
little tuning. Rates, locations and shanks are those of the public file; a seed turns the
compass by an angle of its own and draws tuning widths and couplings anew.
"""

from __future__ import annotations

import numpy as np

from ..parts import Epochs, Series, Units
from . import spiking
from .dice import Dice, quantise

CLOCK = 20_000  # spike clock, ticks per second
DT, BIN = 0.01, 200  # s, ticks
SLEEP = 400  # ticks: the heading in sleep changes every 20 ms
WAKE, END = (88_123 * CLOCK // 10, 107_713 * CLOCK // 10), 22_025 * CLOCK  # ticks
FRAME = 512  # ticks: the camera's 25.6 ms
FRAMES, TRACKED = 76_519, 71_478
WINDOW = 80  # bins of history
RATES = (  # Hz over the whole session, from the public file
    "2.97 2.43 5.93 5.04 .302 .870 .362 10.5 2.62 2.56 7.07 .379 1.58 4.88 8.47 .237 .266 6.13 "
    "11.0 5.23 6.20 2.85 9.71 1.71 19.7 3.88 4.02 .689 1.78 4.23 2.15 .588 1.13 5.26 1.57 4.75 "
    "1.31 .767 2.02 27.2 7.28 .878 1.02 6.85 .940 .558 1.15 .461 .193"
)
TUNED = (7, 8, 9, 10, 13, 14, 17, 18, 19, 20, 21, 22, 24, 25, 26, 29, 30, 33)
AWAKE = (  # Hz, of the tuned units
    "8.13 .703 2.10 8.20 3.73 13.5 5.23 15.8 .0919 8.41 3.45 13.5 27.5 4.86 5.21 4.08 3.47 7.21"
)
PREFERRED = (  # rad
    "1.70 5.20 2.21 4.17 .979 .567 4.17 3.45 4.79 .979 1.70 3.97 4.58 2.73 5.20 3.04 4.27 3.66"
)
SHANKS = ((4, 1), (11, 2), (13, 3), (7, 4), (8, 5), (5, 6), (1, 7))  # units, shank
TABLE = 4096  # headings in the tuning tables


def _numbers(text: str) -> np.ndarray:
    return np.array([float(word) for word in text.split()])


def make(seed: int):
    """The parts of the recording and its truth."""
    phase = spiking.walk(FRAMES, CLOCK / FRAME, 0.4, 1.3, Dice(seed, "walk"))
    truth, tables = _truth(Dice(seed, "cells"))
    rem, sws = _sleep_states(Dice(seed, "states"))
    ticks = [[] for _ in range(49)]
    for epoch, (start, stop) in enumerate([(0, WAKE[0]), (WAKE[1], END)]):
        _asleep(ticks, start, stop, tables, rem, Dice(seed, f"sleep {epoch}"))
    _awake(ticks, phase, truth, tables, Dice(seed, "wake"))
    times = [np.sort(np.concatenate(part)) / CLOCK for part in ticks]
    adn = lambda i: "adn" if 4 <= i <= 34 else "thalamus"
    shank = [s for count, s in SHANKS for _ in range(count)]
    frames = _tracked(Dice(seed, "camera"))
    t = (WAKE[0] + 2320 + frames * FRAME) / CLOCK  # the camera starts 0.116 s into wake
    edges = np.array([0, *WAKE, END]) / CLOCK
    ends = edges[1:] - np.array([1e-6, 1e-6, 0])  # pynapple's intervals must not touch
    parts = {
        "units": Units(times, {"location": [adn(i) for i in range(49)], "group": shank}),
        "sws": Epochs(*(sws / CLOCK)),
        "rem": Epochs(*(rem / CLOCK)),
        "position_time_support": Epochs(t[:1], t[-1:]),
        "epochs": Epochs(edges[:-1], ends, {"tags": ["sleep", "wake", "sleep"]}),
        "ry": Series(t, phase[frames] * (2 * np.pi / 2**24)),
    }
    return parts, truth


def _truth(dice: Dice):
    """Tuning, history and couplings of the tuned units; tables of log tuning by heading."""
    n = len(TUNED)
    preferred = (_numbers(PREFERRED) + 2 * np.pi * dice.uniform(1) + 0.1 * dice.normal(n)) % (
        2 * np.pi
    )
    kappa = 5.5 * (1 + 0.4 * (dice.uniform(n) - 0.5))
    angle = (np.arange(TABLE) + 0.5) * (2 * np.pi / TABLE)
    log_tuning = kappa * (np.cos(angle[:, None] - preferred) - 1)  # (4096, n), 0 at the peak
    awake = _numbers(AWAKE) * (1 + 0.1 * (dice.uniform(n) - 0.5))
    peak = awake * DT / np.exp(log_tuning).mean(0)  # counts per bin
    lag = np.arange(WINDOW)
    own = -0.25 * np.exp(-lag / 1.0) - 0.02 * np.exp(-lag / 15)
    coupling = np.zeros((n, WINDOW, n))
    for i in range(n):
        coupling[i, :, i] = own * (0.8 + 0.4 * dice.uniform(1))
        near = [j for j in dice.order(n) if j != i and np.cos(preferred[j] - preferred[i]) > 0.2]
        for sender in near[:2]:  # cells that never fire together could not show a coupling
            size = (0.3 if dice.uniform(1)[0] < 0.6 else -0.4) * (0.7 + 0.6 * dice.uniform(1))
            coupling[sender, :, i] = size * np.exp(-lag / 4) / (1 + 4 * peak[sender])
    intercept = np.log(peak) - 0.7 * own.sum() * peak  # makes up for the unit's own history
    truth = {
        "dt": DT,
        "units": np.array(TUNED),
        "preferred": quantise(preferred, 2**-24),
        "kappa": quantise(kappa, 2**-24),
        "intercept": quantise(intercept, 2**-24),
        "coupling": quantise(coupling, 2**-24),
        "connected": np.abs(coupling).max(1) > 0,
    }
    return truth, log_tuning


def _awake(ticks, phase, truth, log_tuning, dice: Dice) -> None:
    """The coupled population in 10 ms bins; the other units by thinning."""
    bins = (WAKE[1] - WAKE[0]) // BIN
    frame = np.clip((np.arange(bins) * BIN + BIN // 2 - 2320) // FRAME, 0, FRAMES - 1)
    heading = phase[frame] // (2**24 // TABLE)  # (T,) table rows
    drive = truth["intercept"] + log_tuning[heading]
    counts = spiking.population(drive, truth["coupling"], dice.uniform(*drive.shape))
    for k, unit in enumerate(TUNED):
        ticks[unit].append(WAKE[0] + spiking.place(counts[:, k], BIN, dice))
    angle = heading * (2 * np.pi / TABLE)
    for unit, rate in enumerate(_numbers(RATES)):
        if unit not in TUNED:
            weak = 0.5 + 0.2 * np.cos(angle - 6.28 * dice.uniform(1))
            ticks[unit].append(WAKE[0] + spiking.renewal(rate * 2, weak, BIN, CLOCK, dice))


def _asleep(ticks, start, stop, log_tuning, rem, dice: Dice) -> None:
    """A heading that drifts by itself: slowly in REM sleep, fast and in bursts otherwise."""
    steps = (stop - start) // SLEEP
    middle = start + np.arange(steps) * SLEEP
    dreaming = np.searchsorted(rem[0], middle) > np.searchsorted(rem[1], middle)
    drift = np.rint(dice.normal(steps) * np.where(dreaming, 30, 220)).astype(np.int64)
    heading = (dice.integers(0, TABLE, 1) + np.cumsum(drift)) % TABLE
    up = np.repeat(dice.uniform(steps // 25 + 1) < 0.7, 25)[:steps] | dreaming  # 0.5 s states
    gain = np.where(up, 1.25, 0.35)
    gain /= 1.35
    session, awake = _numbers(RATES), dict(zip(TUNED, _numbers(AWAKE), strict=True))
    for unit, rate in enumerate(session):
        if unit in awake:
            k = TUNED.index(unit)
            tuning = np.exp(0.6 * log_tuning[:, k])
            rate = (rate * END - awake[unit] * (WAKE[1] - WAKE[0])) / (END - WAKE[1] + WAKE[0])
            peak = 1.35 * rate / (gain.mean() * 1.35 * tuning.mean())
            chance = gain * tuning[heading]
        else:
            peak, chance = rate / gain.mean(), gain
        ticks[unit].append(start + spiking.renewal(peak, chance, SLEEP, CLOCK, dice))


def _sleep_states(dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """(2, n) starts and stops in ticks of REM and of slow-wave sleep, in both sleep epochs."""
    rem, sws = [], []
    for start, stop in [(0, WAKE[0]), (WAKE[1], END)]:
        t = start + CLOCK * int(dice.integers(200, 600, 1)[0])
        while True:
            long, short, pause = CLOCK * dice.integers(0, 1000, 3)
            a, b = t + 300 * CLOCK + long // 2, 0
            b = a + 60 * CLOCK + short // 8
            if b >= stop:
                break
            sws.append((t, a))
            rem.append((a, b))
            t = b + pause // 5 + CLOCK
    return np.array(rem).T, np.array(sws).T


def _tracked(dice: Dice) -> np.ndarray:
    """Frames with a heading: the camera lost the lights in runs, 5,041 frames in all."""
    lost, missing = np.zeros(FRAMES, bool), FRAMES - TRACKED
    while lost.sum() < missing:
        start, run = int(dice.integers(50, FRAMES - 80, 1)[0]), int(dice.integers(1, 30, 1)[0])
        lost[start : start + min(run, missing - int(lost.sum()))] = True
    return np.flatnonzero(~lost)
