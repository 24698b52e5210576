"""Spikes drawn from the GLM that the lessons fit: rate = exp(drive + filters * past spikes).

    single(eta, history, u)            one neuron, at most one spike a bin
    population(drive, filters, u)      N neurons with couplings, Poisson counts
    renewal(rate, table, phase, ...)   long recordings without couplings, by thinning

Spikes are decisions u < p on given uniforms, so the last bit of exp or log does not matter.
"""

from __future__ import annotations

import math

import numpy as np

from .dice import Dice


def single(eta: np.ndarray, history: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Bins with a spike, P = min(1, exp(eta + history)). ``history`` must be <= 0.

    It only lowers the rate, so only bins with log u < eta can have a spike at all.
    """
    log_u = np.log(u)
    spikes: list[int] = []
    for t in np.flatnonzero(log_u < eta).tolist():
        past = 0.0
        for s in reversed(spikes):
            if t - s > len(history):
                break
            past += history[t - s - 1]
        if log_u[t] < eta[t] + past:
            spikes.append(t)
    return np.array(spikes, np.int64)


def population(drive: np.ndarray, filters: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Counts (T, N) from log expected counts ``drive`` (T, N) and ``filters`` (N, W, N).

    filters[i, w, j] is what one spike of i adds to the log rate of j, w + 1 bins later.
    """
    T, N = drive.shape
    window = filters.shape[1]
    eta = np.concatenate([drive, np.zeros((window, N))])  # (T + W, N), filled as spikes come
    edge = np.log(-np.log1p(-u))  # P(count > 0) > u  <=>  eta > edge
    counts = np.zeros((T, N), np.uint8)
    for t in range(T):
        now = eta[t]
        for i in (edge[t] < now).nonzero()[0].tolist():
            counts[t, i] = n = _count(min(now[i], 1.5), u[t, i])
            later = eta[t + 1 : t + 1 + window]
            later += filters[i] if n == 1 else n * filters[i]
    return counts


def _count(eta: float, u: float) -> int:
    """Poisson count >= 1 with mean exp(eta), given that u < P(count > 0)."""
    mean = math.exp(eta)
    p, tail, n = math.exp(-mean), -math.expm1(-mean), 1
    while n < 12:
        p *= mean / n
        tail -= p  # P(count > n)
        if u >= tail:
            break
        n += 1
    return n


def place(counts: np.ndarray, ticks: int, dice: Dice) -> np.ndarray:
    """Ticks of one neuron's spikes, given its counts in bins of ``ticks``: evenly, off the edges.

    n spikes of a bin lie (ticks - 2 * margin) / n apart, with one random offset for all.
    """
    margin = ticks // 10
    bins = np.flatnonzero(counts)
    n = counts[bins].astype(np.int64)
    offset = dice.integers(0, 1 << 20, len(bins))
    rank = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)  # 0, 1, .. inside each bin
    n, offset, bins = np.repeat(n, n), np.repeat(offset, n), np.repeat(bins, n)
    inside = ((rank << 20) + offset) * (ticks - 2 * margin) // (n << 20)
    return bins * ticks + margin + inside


def renewal(peak: float, chance: np.ndarray, step: int, clock: int, dice: Dice) -> np.ndarray:
    """Ticks of an inhomogeneous Poisson process with a dead time of 2 ms, by thinning.

    ``peak`` is the highest rate (Hz) and ``chance`` the rate over it, every ``step`` ticks of
    1 / ``clock`` s.
    """
    length = len(chance) * step
    expected = length / clock * peak
    draws = int(expected + 6 * math.sqrt(expected) + 20)
    waits = np.rint(-np.log(dice.uniform(draws)) * (clock / peak)).astype(np.int64)
    ticks = np.cumsum(waits)  # integers: exact
    ticks = ticks[ticks < length]
    ticks = ticks[dice.uniform(len(ticks)) < chance[ticks // step]]
    return ticks[np.diff(ticks, prepend=-clock) > clock // 500]


def walk(size: int, rate: float, memory: float, speed: float, dice: Dice) -> np.ndarray:
    """A persistent angular walk: phases 0 .. 2^24 - 1, sampled at ``rate`` Hz.

    The angular velocity (SD ``speed`` rad/s) forgets itself in ``memory`` s, and is modulated
    slowly, so that the animal also stands still.
    """
    from scipy.signal import lfilter

    keep = math.exp(-1 / (memory * rate))
    velocity = lfilter([math.sqrt(1 - keep**2)], [1, -keep], dice.normal(size))
    slow = math.exp(-1 / (5 * rate))
    vigour = lfilter([math.sqrt(1 - slow**2)], [1, -slow], dice.normal(size))
    steps = velocity * np.exp(0.7 * vigour - 0.245) * (speed / rate / (2 * np.pi) * 2**24)
    start = dice.integers(0, 2**24, 1)
    return (start + np.cumsum(np.rint(steps).astype(np.int64))) % 2**24
