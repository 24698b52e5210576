"""Convolution of time series with basis functions, one epoch at a time.

    create_convolutional_predictor(kernels, counts)      # (W, B), (T, N) -> (T, N, B)

Causal, the default: X[t, b] = sum_s kernels[s, b] x[t - 1 - s], s = 0 .. W-1: strictly past
bins. Rows whose window is not filled are NaN. There is no FFT here, so what is 0 stays 0.
"""

import warnings

import numpy as np
from scipy.linalg import convolution_matrix

from .timeseries import unwrap

CAUSALITIES = ("causal", "acausal", "anti-causal")


def create_convolutional_predictor(
    basis_matrix, time_series, predictor_causality="causal", shift=None, axis=0,
    batch_size_samples=None, batch_size_channels=None, batch_size_basis=None,
):  # fmt: skip
    """Every series along ``axis`` of ``time_series`` convolved with every column of (W, B).
    The functions become the last axis. "causal" uses the past, "anti-causal" the future,
    "acausal" both sides; ``shift`` leaves the present bin out, the default of the first two.
    Batch sizes change nothing: they are taken so that NeMoS's calls run."""
    kernels, series = np.asarray(basis_matrix, float), unwrap(time_series, "time_series")
    if kernels.ndim != 2 or not kernels.size:
        raise ValueError(f"basis_matrix has shape {kernels.shape}; give (window, functions)")
    if not -series.values.ndim <= axis < series.values.ndim:
        raise ValueError(f"axis={axis} does not exist in time_series {series.values.shape}")
    x, along_time = np.moveaxis(series.values, axis, 0), axis % series.values.ndim == 0
    epochs = series.epochs if along_time else (slice(0, len(x)),)
    shift = check_causality(predictor_causality, shift)
    warn_of_window(epochs, len(kernels), predictor_causality, shift)
    out = convolve(kernels, x.reshape(len(x), -1), epochs, predictor_causality, shift)
    out = out.reshape(*x.shape, -1)
    return series.wrap(out) if along_time else np.moveaxis(out, 0, axis % series.values.ndim)


def check_causality(predictor_causality: str, shift: bool | None) -> bool:
    """The shift in use; ValueError for what cannot be."""
    if predictor_causality not in CAUSALITIES:
        given = f"not {predictor_causality!r}"
        raise ValueError(f"predictor_causality must be one of {CAUSALITIES}, {given}")
    if shift and predictor_causality == "acausal":
        raise ValueError("shift=True cannot go with predictor_causality='acausal'; leave it out")
    return predictor_causality != "acausal" if shift is None else bool(shift)


def warn_of_window(epochs, window: int, predictor_causality: str, shift: bool):
    """Say which epochs are all NaN, and that an even window has no middle."""
    short = sum(e.stop - e.start < window + shift for e in epochs)
    if short:
        size = f"{window} bins{' and the bin predicted' if shift else ''}"
        message = f"{short} of {len(epochs)} epochs are shorter than the window ({size}): all their"
        message += " rows are NaN; use a shorter window_size or longer epochs"
        warnings.warn(message, UserWarning, stacklevel=4)
    if predictor_causality == "acausal" and window % 2 == 0:
        message = f"a window of {window} bins cannot be centred: it has one bin more of the future"
        warnings.warn(message + "; give an odd window_size", UserWarning, stacklevel=4)


def convolve(kernels, x, epochs, predictor_causality="causal", shift=True) -> np.ndarray:
    """kernels (W, B), x (T, C) -> (T, C, B). A row whose window meets NaN or Inf is NaN."""
    window = len(kernels)
    first = {"causal": window - 1 + shift, "acausal": (window - 1) // 2, "anti-causal": -shift}
    first = first[predictor_causality]
    length = int(np.clip(2**20 // kernels.size, 1, 32))
    toeplitz = np.stack([convolution_matrix(k[::-1], length) for k in kernels.T], axis=2)
    out = np.full((*x.shape, kernels.shape[1]), np.nan)
    for epoch in epochs:
        for channel in range(x.shape[1]):
            rows, samples = out[epoch, channel], x[epoch, channel]
            _fill(rows[max(first, 0) :], samples[max(-first, 0) :], toeplitz)
    return out


def _fill(rows, x, toeplitz):
    """rows[i] = sum_s kernels[s] x[i + W - 1 - s], as long as there are samples.
    ``toeplitz`` (W + L - 1, L, B), the kernels moved along by 0 .. L - 1 bins, makes L rows of one
    block of samples: matrix products all the way, and no (T, W) array is ever made."""
    block, length, n = toeplitz.shape
    window, many = block - length + 1, length * (1 + 2**21 // block)
    n_rows = max(min(len(rows), len(x) - window + 1), 0)
    finite = np.isfinite(x)
    padded = np.append(np.where(finite, x, 0), np.zeros(block))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, block)
    for i in range(0, n_rows, many):
        j = min(i + many, n_rows)
        piece = blocks[i:j:length].copy() @ toeplitz.reshape(block, -1)
        rows[i:j] = piece.reshape(-1, n)[: j - i]
    missing = np.cumsum(np.append(0, ~finite))  # before each sample
    rows[:n_rows][missing[window : window + n_rows] > missing[:n_rows]] = np.nan
