"""Twin of Achilles_10252013: a rat asleep, on a linear track of 1.6 m, and asleep again.

The position is known while the rat runs (NaN else). In every 10 ms of the track epoch a
pyramidal cell has a Poisson count with

    log mean = intercept[i] + depth[i] * bump(position; centre[i], width[i]) * [direction fits]
               + speed[i] * speed / (30 cm/s) + theta[i] cos(phase - preferred[i] + precession)

where the preferred theta phase precesses by pi on the way through the field. Interneurons
follow theta and speed. In sleep every cell is Poisson, with bursts of ripples in slow-wave
sleep. The LFP is theta on the track and in REM sleep, slow waves else.
"""

from __future__ import annotations

import numpy as np

from ..parts import Epochs, Series, Units
from . import spiking
from .dice import Dice, quantise

CLOCK, LFP = 20_000, 1250  # spike clock and LFP, Hz
START, SAMPLES = 12_679.5, 16_084_344  # s, of the LFP
TRACK, FRAMES = 18_079.5, 80_762
FRAME = 2067.5 / FRAMES  # s
BIN, DT = 200, 0.01  # ticks, s
UNITS, INTERNEURONS, LAPS = 120, 18, 84
TURN = 2**32  # one theta cycle in phase units
REM = np.array([(13747, 13934), (15963, 15991), (16035, 16214), (22521, 22573)], float).T
NREM = np.array(
    [(12892, 13746), (13971, 15963), (15991, 16034), (16241, 16565), (16837, 16874), (17059, 18076)]
    + [(21350, 21399), (22068, 22520), (22635, 22745), (24326, 24419), (24953, 25547)],
    float,
).T


def make(seed: int):
    """The parts of the recording and its truth."""
    position, laps, direction = _runs(Dice(seed, "runs"))
    phase, eeg = _lfp(Dice(seed, "lfp"))
    truth = _truth(Dice(seed, "cells"))
    ticks = _on_track(position, direction, phase, truth, Dice(seed, "track"))
    for unit, asleep in enumerate(_asleep(truth, Dice(seed, "sleep"))):
        ticks[unit] = np.sort(np.concatenate([ticks[unit], *asleep]))
    first = round(START * CLOCK)
    kind = np.where(truth["interneuron"], "pI", "pE").tolist()
    columns = {
        "location": ["ca1"] * UNITS,
        "shank": [1 + u * 13 // UNITS for u in range(UNITS)],
        "cell_type": kind,
    }
    t = TRACK + np.arange(FRAMES) * FRAME
    clock = (round(START * LFP) + np.arange(SAMPLES)) / LFP
    parts = {
        "units": Units([(first + part) / CLOCK for part in ticks], columns),
        "rem": Epochs(*REM),
        "nrem": Epochs(NREM[0], NREM[1] - 1e-6),
        "forward_ep": Epochs(t[laps[0]], t[laps[1]]),
        "eeg": Series(clock, eeg[:, None], ["1"]),
        "theta_phase": Series(clock, phase * (2 * np.pi / TURN)),
        "position": Series(t, position),
    }
    return parts, truth


def _runs(dice: Dice):
    """Position per frame (cm; NaN at rest), (2, 84) first and last frames of forward runs."""
    from scipy.signal import lfilter

    position = np.full(FRAMES, np.nan)
    direction = np.zeros(FRAMES)
    laps, pitch = [], FRAMES // LAPS
    for lap in range(LAPS):
        begin = lap * pitch + int(dice.integers(20, 200, 1)[0])
        for way in (1, -1):
            size = int(dice.integers(60, 120, 1)[0])  # frames: 1.5 to 3.1 s
            gait = lfilter([0.1], [1, -0.9], dice.normal(size)) + 1
            gait = np.maximum(gait, 0.15) * np.sin(np.pi * (np.arange(size) + 3) / (size + 5))
            track = np.cumsum(np.rint(gait * 2**20).astype(np.int64))
            place = quantise(160.0 * track / track[-1], 2**-12)
            position[begin : begin + size] = place if way == 1 else 160 - place
            direction[begin : begin + size] = way
            if way == 1:
                laps.append((begin, begin + size - 1))
            begin += size + int(dice.integers(100, 300, 1)[0])
    return position, np.array(laps).T, direction


def _lfp(dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """Theta phase (unsigned 32-bit fractions of a cycle) and LFP (int16) at 1250 Hz."""
    seconds = SAMPLES // LFP + 1
    t = START + np.arange(seconds)
    track = (t >= TRACK) & (t < TRACK + FRAMES * FRAME)
    theta = track | ((t[:, None] >= REM[0]) & (t[:, None] < REM[1])).any(1)
    hertz = np.where(theta, 8.0, 6.5) + 0.35 * dice.normal(seconds)
    step = np.rint(hertz * (TURN / LFP)).astype(np.uint32)
    spread = lambda values: np.repeat(values, LFP)[:SAMPLES]  # one value per second, per sample
    phase = np.cumsum(spread(step), dtype=np.uint32)  # one turn is 2^32: it wraps by itself
    slow = np.cumsum(spread(step // np.where(theta, 4, 5).astype(np.uint32)), dtype=np.uint32)
    wave = np.rint(2**12 * np.cos(2 * np.pi * np.arange(4096) / 4096)).astype(np.int32)
    eeg = spread(np.where(theta, 1200, 350).astype(np.int32)) * wave[phase >> np.uint32(20)]
    eeg += spread(np.where(theta, 200, 1100).astype(np.int32)) * wave[slow >> np.uint32(20)]
    eeg >>= 12
    eeg += np.rint(220 * dice.hum(SAMPLES)).astype(np.int32)
    return phase, eeg.astype(np.int16)


def _truth(dice: Dice) -> dict[str, np.ndarray]:
    interneuron = np.zeros(UNITS, bool)
    interneuron[dice.order(UNITS)[:INTERNEURONS]] = True
    way = np.array([1, -1, 0])[dice.integers(0, 3, UNITS)]  # field forward, backward, both
    placed = ~interneuron & (dice.uniform(UNITS) < 0.6)
    rest = np.where(interneuron, 8, 0.25) * np.exp(0.7 * dice.normal(UNITS))  # Hz
    intercept = np.log(np.clip(rest, 0.03, 12) * DT) - 0.3
    depth = np.log(4 * np.exp(1.5 * dice.uniform(UNITS)) * DT) - intercept  # peaks of 4-18 Hz
    return {
        "dt": DT,
        "interneuron": interneuron,
        "place_cell": placed,
        "direction": way,
        "centre": quantise(10 + 140 * dice.uniform(UNITS), 2**-12),  # cm
        "width": quantise(7 + 9 * dice.uniform(UNITS), 2**-12),  # cm, SD of the bump
        "depth": quantise(np.where(placed, depth, 0), 2**-20),
        "speed": quantise(np.where(interneuron, 0.15, 0.25), 2**-20),
        "theta": quantise(np.where(interneuron, 0.6, 1.0), 2**-20),
        "preferred": quantise(np.where(interneuron, 3.6, 4.2) + 0.4 * dice.normal(UNITS), 2**-20),
        "precession": quantise(np.where(placed, np.pi, 0), 2**-20),
        "rate_asleep": quantise(rest, 2**-20),
        "intercept": quantise(intercept, 2**-20),
    }


def _on_track(position, direction, phase, truth, dice: Dice) -> list[np.ndarray]:
    """Ticks (from the start of the LFP) of every unit's spikes in the track epoch."""
    bins = int(FRAMES * FRAME / DT)
    frame = np.minimum(((np.arange(bins) + 0.5) * (DT / FRAME)).astype(np.int64), FRAMES - 1)
    moving = np.flatnonzero(direction[frame])  # elsewhere the rate is that of rest
    x, way = position[frame[moving]], direction[frame[moving]]
    speed = np.nan_to_num(np.abs(np.gradient(position)) / FRAME)[frame[moving]] / 30
    sample = round((TRACK - START) * LFP) + (moving * 2 + 1) * LFP // 200
    theta = phase[sample] * (2 * np.pi / TURN)
    ticks = []
    for u in range(UNITS):
        of = {name: truth[name][u] for name in truth if name != "dt"}
        z = (x - of["centre"]) / of["width"]
        fits = (of["direction"] == 0) | (way == of["direction"])
        wave = np.cos(theta - of["preferred"] + of["precession"] / 4 * np.clip(z * way, -2, 2))
        log_mean = np.full(bins, of["intercept"])
        log_mean[moving] += of["depth"] * np.exp(-0.5 * z**2) * fits
        log_mean[moving] += of["speed"] * speed + of["theta"] * wave
        counts = _few(np.exp(np.minimum(log_mean, 1.0)), dice.uniform(bins))
        start = round((TRACK - START) * CLOCK)
        ticks.append(start + spiking.place(counts, BIN, dice))
    return ticks


def _few(mean: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Poisson counts up to 6 from one uniform each."""
    p = np.exp(-mean)
    below, counts = p.copy(), np.zeros(len(mean), np.uint8)
    for n in range(1, 7):
        counts += u >= below
        p *= mean / n
        below += p
    return counts


def _asleep(truth: dict, dice: Dice):
    """For every unit its ticks before and after the track: Poisson, with ripples for all."""
    step = CLOCK // 20  # 50 ms
    edges = [(0, round((TRACK - START) * CLOCK))]
    edges.append((edges[0][1] + int(FRAMES * FRAME * CLOCK) + 1, SAMPLES * (CLOCK // LFP)))
    ripples = [dice.uniform((stop - start) // step) < 0.02 for start, stop in edges]
    for unit in range(UNITS):
        burst = 2.0 if truth["interneuron"][unit] else 4.0  # rate in ripples over mean rate
        peak = truth["rate_asleep"][unit] * burst
        yield [
            start + spiking.renewal(peak, np.where(ripple, 1.0, 0.9 / burst), step, CLOCK, dice)
            for (start, _), ripple in zip(edges, ripples, strict=True)
        ]
