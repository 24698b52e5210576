"""Twin of A0670-221213: 65 neurons of the postsubiculum under a miniature microscope.

Unseen spikes: in each image t (29.8 Hz) neuron i has a Poisson count with

    log mean = intercept[i] + kappa[i] cos(heading - preferred[i]) + drift_i
               + sum_j sum_w coupling[j, w, i] y_j[t - 1 - w]

16 neurons are tuned to the heading (kappa > 0), the others drift slowly, each on its own.
What is seen is fluorescence: spikes through the indicator (GCaMP6f, rise and decay below)
plus a baseline and noise, as after the usual denoising.
"""

from __future__ import annotations

import numpy as np

from ..parts import Epochs, Series
from . import spiking
from .dice import Dice, quantise

CLOCK = 20_000
FIRST, LAST = 62_374, 24_071_818  # ticks of the first and last image: 3.1187 and 1203.5909 s
FRAMES, NEURONS, TUNED, WINDOW = 35_757, 65, 16, 15
CAMERA = 120.005  # Hz, heading and position
RISE, DECAY = 0.06, 0.9  # s


def make(seed: int):
    """The parts of the recording and its truth."""
    images = FIRST + (np.arange(FRAMES) * (LAST - FIRST) + (FRAMES - 1) // 2) // (FRAMES - 1)
    samples = int((LAST - FIRST) / CLOCK * CAMERA) + 1
    t = np.rint(FIRST + np.arange(samples) * (CLOCK / CAMERA)) / CLOCK
    phase = spiking.walk(samples, CAMERA, 0.35, 1.5, Dice(seed, "walk"))
    seen = np.clip((images - FIRST) * samples // (LAST - FIRST), 0, samples - 1)
    truth = _truth(Dice(seed, "cells"))
    heading = phase[seen] * (2 * np.pi / 2**24)
    counts = _spikes(heading, truth, Dice(seed, "spikes"))
    traces = _fluorescence(counts, truth, Dice(seed, "light"))
    body = _body(samples, Dice(seed, "body"))
    parts = {
        "position_time_support": Epochs(t[:1], t[-1:]),
        "RoiResponseSeries": Series(images / CLOCK, traces),
        **{key: Series(t, body[key]) for key in ("z", "y", "x", "rz")},
        "ry": Series(t, phase * (2 * np.pi / 2**24)),
        "rx": Series(t, body["rx"]),
    }
    return parts, truth | {"spikes": counts}


def _truth(dice: Dice) -> dict[str, object]:
    tuned = np.sort(dice.order(NEURONS)[:TUNED])
    kappa, preferred = np.zeros(NEURONS), 2 * np.pi * dice.uniform(NEURONS)
    preferred[tuned] = 2 * np.pi * (np.arange(TUNED) + 0.6 * dice.uniform(TUNED)) / TUNED
    kappa[tuned] = 2.6 + 1.4 * dice.uniform(TUNED)
    rate = 0.015 * np.exp(0.6 * dice.normal(NEURONS))  # counts per image
    log_mean = np.log(np.i0(kappa))  # of exp(kappa cos)
    lag = np.arange(WINDOW)
    coupling = np.zeros((NEURONS, WINDOW, NEURONS))
    for i in tuned:
        coupling[i, :, i] = -0.5 * np.exp(-lag / 1.5)
        sender = tuned[dice.integers(0, TUNED, 1)[0]]
        if sender != i:
            near = np.cos(preferred[sender] - preferred[i]) > 0
            coupling[sender, :, i] = (0.9 if near else -1.2) * np.exp(-lag / 3)
    return {
        "dt": (LAST - FIRST) / (FRAMES - 1) / CLOCK,
        "tuned": tuned,
        "preferred": quantise(preferred, 2**-24),
        "kappa": quantise(kappa, 2**-24),
        "intercept": quantise(np.log(rate) - log_mean, 2**-24),
        "coupling": quantise(coupling, 2**-24),
        "rise": RISE,
        "decay": DECAY,
        "amplitude": quantise(0.5 + 0.5 * dice.uniform(NEURONS), 2**-24),
    }


def _spikes(heading: np.ndarray, truth: dict, dice: Dice) -> np.ndarray:
    from scipy.signal import lfilter

    keep = np.exp(-truth["dt"] / 4.0)  # own drift of the untuned neurons, 4 s
    drift = lfilter([np.sqrt(1 - keep**2)], [1, -keep], dice.normal(FRAMES, NEURONS), axis=0)
    drift = np.where(truth["kappa"] > 0, 0.3, 0.8) * drift
    tuning = truth["kappa"] * np.cos(heading[:, None] - truth["preferred"])
    drive = truth["intercept"] + tuning + drift
    return spiking.population(drive, truth["coupling"], dice.uniform(FRAMES, NEURONS))


def _fluorescence(counts: np.ndarray, truth: dict, dice: Dice) -> np.ndarray:
    """Spikes through a rise and a decay, a baseline, little noise; multiples of 2^-17."""
    from scipy.signal import lfilter

    fast, slow = (np.exp(-truth["dt"] / tau) for tau in (RISE, DECAY))
    light = lfilter([1 - fast], [1, -(fast + slow), fast * slow], counts.astype(float), axis=0)
    light = truth["amplitude"] * light + 0.02 + 0.004 * dice.normal(FRAMES, NEURONS)
    return quantise(np.maximum(light, 2**-10), 2**-17)


def _body(samples: int, dice: Dice) -> dict[str, np.ndarray]:
    """Place (cm, within a circle of 40 cm) and the other two angles (rad) of the head."""
    from scipy.signal import lfilter

    slow, fast = np.exp(-1 / (3 * CAMERA)), np.exp(-1 / (0.3 * CAMERA))
    path = lfilter([1 - slow], [1, -slow], dice.normal(2, samples), axis=1)
    path = lfilter([1 - fast], [1, -fast], path, axis=1)
    path *= 14 / path.std()
    path /= np.sqrt(1 + (path**2).sum(0) / 40**2)
    tilt = lfilter([1 - fast], [1, -fast], dice.normal(3, samples), axis=1)
    tilt /= tilt.std()
    place = quantise(path, 2**-12)
    return {
        "x": place[0],
        "z": place[1],
        "y": quantise(3 + 0.6 * tilt[0], 2**-12),
        "rx": quantise(0.3 * tilt[1], 2**-20) % (2 * np.pi),
        "rz": quantise(0.2 * tilt[2], 2**-20) % (2 * np.pi),
    }
