"""Twin of the Allen cell 478498617: a neuron of mouse V1 with current injected at the soma.

The sweeps are those of the public file: 67 of them, 11,348,420 samples at 20 kHz, 5 s apart.
In every millisecond t of a sweep the neuron spikes with probability

    lambda[t] = exp(b + sum_j k[j] I[t - 1 - j] + sum_j h[j] y[t - 1 - j])     (at most 1)

with I the mean current of a millisecond in pA and y the spikes. b, k and h are the truth.
The membrane potential only illustrates: leaky integration of the current, with spikes drawn
in. Currents are integers times 0.125 pA and potentials integers times 2^-15 V.
"""

from __future__ import annotations

import numpy as np

from ..parts import Epochs, Series, Units
from . import spiking
from .dice import Dice, quantise

RATE, CLOCK = 20_000, 200_000  # samples and spike clock ticks per second
BIN = RATE // 1000  # samples in 1 ms
GAP = 5 * RATE
STEP = 0.125  # pA
SWEEPS = (  # tag, ms, how many: the first samples after a gap are those of the public file
    ("Ramp", 34_020, 3),
    ("Short Square", 2_023, 16),
    ("Long Square", 8_020, 12),
    ("Square - 2s Suprathreshold", 10_020, 5),
    *(("Noise 1", 28_020, 1), ("Noise 2", 28_020, 1)) * 3,
    ("Long Square", 8_020, 6),
    ("Square - 0.5ms Subthreshold", 4_020, 1),
    ("Short Square - Triple", 3_669, 17),
    ("Test", 4_020, 1),
)
LONG = (-110, -90, -70, -50, -30, -10, 10, 20, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130)
NOISE_STARTS, NOISE_CV, NOISE_SEED = (2.02, 10.02, 18.02), 0.2, 0


def make(seed: int):
    """The parts of the recording and its truth."""
    tags = [tag for tag, _, count in SWEEPS for _ in range(count)]
    sizes = np.array([ms * BIN for _, ms, count in SWEEPS for _ in range(count)])
    starts = np.concatenate([[0], np.cumsum(sizes + GAP)[:-1]])  # in samples
    truth = _truth(Dice(seed, "cell"))
    currents = _protocol(truth["rheobase"], tags, sizes)
    ticks, response = [], np.empty(sizes.sum())
    noise, dice = Dice(seed, "noise"), Dice(seed, "spikes")
    for start, offset, current in zip(starts, np.cumsum(sizes) - sizes, currents, strict=True):
        eta = _drive(current.reshape(-1, BIN).mean(1) * STEP, truth)
        bins = spiking.single(eta, truth["history_filter"], dice.uniform(len(eta)))
        at = bins * (CLOCK // 1000) + dice.integers(10, 190, len(bins))  # never on a bin's edge
        ticks.append(start * (CLOCK // RATE) + at)
        _membrane(current, at // (CLOCK // RATE), noise, response[offset : offset + len(current)])
    t = (np.arange(sizes.sum()) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)) / RATE
    stimulus = np.concatenate(currents) * (STEP * 1e-12)
    parts = {
        "units": Units([np.concatenate(ticks) / CLOCK], {"location": ["v1"], "group": [0]}),
        "epochs": Epochs(starts / RATE, (starts + sizes) / RATE, {"tags": tags}),
        "stimulus": Series(t, stimulus),
        "response": Series(t, response),
    }
    return parts, truth


def _truth(dice: Dice) -> dict[str, object]:
    """One cell: 200 ms of current filter (1/pA), 100 ms of spike history, intercept.

    A cell that needs more current (``rheobase``, 60 pA on average) has a flatter filter.
    """
    wobble = lambda percent: 1 + percent / 50 * (dice.uniform(1)[0] - 0.5)
    rheobase = float(quantise(60 * wobble(10), STEP))
    lag = np.arange(1.0, 201.0)  # ms
    early = np.exp(-lag / (6.0 * wobble(5))) - np.exp(-lag / (1.6 * wobble(5)))
    late = np.exp(-0.5 * ((lag - 27 * wobble(5)) / (9 * wobble(5))) ** 2)
    k = early / early.max() - 0.27 * wobble(3) * late
    h = -7 * wobble(10) * np.exp(-lag[:100] / (6 * wobble(10)))
    return {
        "dt": 0.001,
        "current_filter": quantise(0.052 * (60 / rheobase) * k / k.sum(), 2**-24),
        "history_filter": quantise(h, 2**-24),
        "intercept": float(quantise(-9.8 + 0.2 * (dice.uniform(1)[0] - 0.5), 2**-24)),
        "rheobase": rheobase,
    }


def _protocol(rheobase: float, tags: list[str], sizes: np.ndarray) -> list[np.ndarray]:
    """Current of each sweep in steps of 0.125 pA (integers); noise repeats within a tag.

    Currents given here are for a cell of 60 pA rheobase; another gets more or less, as in the
    database.
    """
    frozen = {tag: _noise(tag, rheobase) for tag in ("Noise 1", "Noise 2")}
    level = lambda pA, samples: np.full(samples, round(pA * rheobase / 60 / STEP))
    count: dict[str, int] = {}
    currents = []
    for tag, size in zip(tags, sizes, strict=True):
        current, k = np.zeros(size, np.int64), count.get(tag, 0)
        count[tag] = k + 1
        if tag in frozen:
            for start, pulse in zip(NOISE_STARTS, frozen[tag], strict=True):
                _put(current, start, pulse)
        elif tag == "Ramp":
            _put(current, 1.02, np.arange(5 * RATE) // 100)  # 25 pA/s for 5 s
        elif tag == "Long Square":
            _put(current, 1.02, level(LONG[k], RATE))
        elif tag == "Square - 2s Suprathreshold":
            _put(current, 1.02, level(80 + 10 * k, 2 * RATE))
        elif tag == "Square - 0.5ms Subthreshold":
            _put(current, 1.02, level(200, RATE // 2000))
        elif tag == "Short Square":
            _put(current, 1.02, level(150 + 10 * k, 3 * BIN))
        elif tag == "Short Square - Triple":
            for pulse in range(3):
                _put(current, 2.02 + 0.001 * pulse * (8 + k), level(260, 3 * BIN))
        currents.append(current)
    return currents


def _put(current: np.ndarray, seconds: float, pulse: np.ndarray) -> None:
    start = round(seconds * RATE)
    current[start : start + len(pulse)] = pulse


def _noise(tag: str, rheobase: float) -> list[np.ndarray]:
    """Three 3 s pulses around 0.5, 1 and 1.5 times the rheobase, in steps of 0.125 pA.

    Pink: 1-150 Hz, power falling as 1/f. The waves are the protocol's: the same for every
    cell, scaled to its rheobase.
    """
    dice, pulses = Dice(NOISE_SEED, tag), []
    for level in (0.5, 1.0, 1.5):
        spectrum = np.zeros(3 * RATE // 2 + 1, complex)
        band = np.arange(3, 451)  # multiples of 1/3 Hz
        spectrum[band] = band**-0.5 * np.exp(2j * np.pi * dice.uniform(len(band)))
        wave = np.fft.irfft(spectrum)
        pulse = level * rheobase * (1 + NOISE_CV * wave / wave.std())
        pulses.append(np.rint(np.maximum(pulse, 0) / STEP).astype(np.int64))
    return pulses


def _drive(current: np.ndarray, truth: dict) -> np.ndarray:
    """Log rate of every bin without spike history, from the mean current of the bins (pA)."""
    eta = np.full(len(current), truth["intercept"])
    eta[1:] += np.convolve(current, truth["current_filter"])[: len(current) - 1]
    return eta


def _membrane(current: np.ndarray, spikes: np.ndarray, noise: Dice, out: np.ndarray) -> None:
    """Potential (V) of one sweep: -70 mV, 0.25 GOhm, 12 ms; spikes 1 ms wide, then a dip."""
    from scipy.signal import lfilter

    decay = 1 - 1 / (0.012 * RATE)
    mV = -70 + lfilter([(1 - decay) * STEP * 0.25], [1, -decay], current)
    lag = np.arange(RATE // 10) / BIN  # ms since the spike's start
    shape = 90 * np.exp(-(((lag - 0.6) / 0.3) ** 2)) - 8 * np.minimum(lag, 1) * np.exp(-lag / 20)
    for s in spikes:
        part = mV[s : s + len(shape)]
        part += shape[: len(part)]
    out[:] = np.rint((mV + 0.1 * noise.hum(len(mV))) * (32.768)) * 2.0**-15
