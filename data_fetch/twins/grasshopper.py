"""Twin of the grasshopper's auditory receptor in nitime: two runs of 10 s of noisy sound.

The sound's level is Gaussian in dB (SD 6), up to 200 Hz in the first run and 800 Hz in the
second; the amplitude is clipped at 0 and -36 dB. In every millisecond t the neuron spikes
with probability

    exp(b + sum_j k[j] level[t - 1 - j] + sum_j h[j] y[t - 1 - j])     (at most 1)

with level the mean level of a millisecond in dB above -18 dB.
"""

from __future__ import annotations

import numpy as np

from ..parts import Epochs, Series, Units
from . import spiking
from .dice import Dice, quantise

RATE, CLOCK = 20_000, 10_000  # sound samples and spike clock ticks per second
BIN = RATE // 1000
SAMPLES = 10 * RATE
STARTS, CUTOFFS = (0, 15), (200, 800)  # s, Hz


def make(seed: int):
    """The parts of the recording and its truth."""
    truth = _truth(Dice(seed, "cell"))
    sounds, ticks = [], []
    for start, cutoff in zip(STARTS, CUTOFFS, strict=True):
        amplitude, level = _sound(cutoff, Dice(seed, f"sound {cutoff}"))
        eta = np.full(len(level), truth["intercept"])
        eta[1:] += np.convolve(level, truth["stimulus_filter"])[: len(level) - 1]
        dice = Dice(seed, f"spikes {cutoff}")
        bins = spiking.single(eta, truth["history_filter"], dice.uniform(len(level)))
        ticks.append(start * CLOCK + bins * 10 + dice.integers(1, 10, len(bins)))
        sounds.append(amplitude)
    clock = np.concatenate([start * RATE + np.arange(SAMPLES) for start in STARTS])
    starts = np.array(STARTS, float)
    columns = {"location": ["auditory nerve"], "group": [0]}
    parts = {
        "units": Units([np.concatenate(ticks) / CLOCK], columns),
        "epochs": Epochs(starts, starts + 10, {"tags": ["200 Hz", "800 Hz"]}),
        "stimulus": Series(clock / RATE, np.concatenate(sounds)),
    }
    return parts, truth


def _truth(dice: Dice) -> dict[str, object]:
    wobble = lambda: 1 + 0.2 * (dice.uniform(1)[0] - 0.5)
    lag = np.arange(1.0, 31.0)  # ms
    k = np.exp(-0.5 * ((lag - 4 * wobble()) / 1.1) ** 2)
    k -= 0.35 * wobble() * np.exp(-0.5 * ((lag - 8) / 2.5) ** 2)
    h = -6 * np.exp(-(lag - 3) / (2 * wobble()))
    h[:2] = -12
    return {
        "dt": 0.001,
        "stimulus_filter": quantise(0.14 * wobble() * k, 2**-24),
        "history_filter": quantise(h, 2**-24),
        "intercept": float(quantise(-1.98 + 0.2 * (dice.uniform(1)[0] - 0.5), 2**-24)),
    }


def _sound(cutoff: int, dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """Amplitude every 50 us, and its mean level in each millisecond (dB above -18 dB)."""
    spectrum = np.zeros(SAMPLES // 2 + 1, complex)
    band = 1 + np.arange(cutoff * 10)
    spectrum[band] = dice.normal(len(band)) + 1j * dice.normal(len(band))
    wave = np.fft.irfft(spectrum)
    level = np.clip(6 * wave / wave.std(), -18, 18)
    amplitude = np.rint(10 ** ((level - 18) / 20) * 1e6) / 1e6
    mean = (20 * np.log10(amplitude) + 18).reshape(-1, BIN).mean(1)
    return amplitude, quantise(mean, 2**-24)
