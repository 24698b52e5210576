"""Convolution of time series with basis functions, one epoch at a time.

    create_convolutional_predictor(kernels, counts)      # (W, B), (T, N) -> (T, N, B)

Causal, the default: X[t, b] = sum_s kernels[s, b] x[t - 1 - s], s = 0 .. W-1: strictly past
bins. Rows whose window is not filled are NaN. There is no FFT here, so what is 0 stays 0.
"""

import warnings

import numpy as np

from .timeseries import unwrap

CAUSALITIES = ("causal", "acausal", "anti-causal")


def create_convolutional_predictor(
    basis_matrix, time_series, predictor_causality="causal", shift=None, axis=0,
    batch_size_samples=None, batch_size_channels=None, batch_size_basis=None,
):  # fmt: skip
    """Every series along ``axis`` of ``time_series`` convolved with every column of (W, B).

    The functions become the last axis. "causal" uses the past, "anti-causal" the future,
    "acausal" both sides; ``shift`` leaves the present bin out, the default of the first two.
    Batch sizes change nothing: they are taken so that NeMoS's calls run.
    """
    kernels = np.asarray(basis_matrix, dtype=float)
    if kernels.ndim != 2 or not kernels.size:
        raise ValueError(f"basis_matrix has shape {kernels.shape}; give (window, functions)")
    shift = check_causality(predictor_causality, shift)
    series = unwrap(time_series, "time_series")
    if not -series.values.ndim <= axis < series.values.ndim:
        raise ValueError(f"axis={axis} does not exist in time_series {series.values.shape}")
    axis = axis % series.values.ndim
    x = np.moveaxis(series.values, axis, 0)
    epochs = series.epochs if axis == 0 else (slice(0, len(x)),)
    warn_of_window(epochs, len(kernels), predictor_causality, shift)
    out = convolve(kernels, x.reshape(len(x), -1), epochs, predictor_causality, shift)
    out = np.moveaxis(out.reshape(*x.shape, -1), 0, axis)
    return series.wrap(out) if axis == 0 else out


def check_causality(predictor_causality: str, shift: bool | None) -> bool:
    """The shift in use; ValueError for what cannot be."""
    if predictor_causality not in CAUSALITIES:
        raise ValueError(
            f"predictor_causality must be one of {CAUSALITIES}, not {predictor_causality!r}"
        )
    if shift and predictor_causality == "acausal":
        raise ValueError("shift=True cannot go with predictor_causality='acausal'; leave it out")
    return predictor_causality != "acausal" if shift is None else bool(shift)


def warn_of_window(epochs, window: int, predictor_causality: str, shift: bool):
    """Say which epochs are all NaN, and that an even window has no middle."""
    short = sum(e.stop - e.start < window + shift for e in epochs)
    if short:
        message = (
            f"{short} of {len(epochs)} epochs are shorter than the window ({window} bins"
            f"{' and the bin predicted' if shift else ''}): all their rows are NaN; "
            "use a shorter window_size or longer epochs"
        )
        warnings.warn(message, UserWarning, stacklevel=4)
    if predictor_causality == "acausal" and window % 2 == 0:
        message = f"a window of {window} bins cannot be centred: it has one bin more of the future"
        warnings.warn(message + "; give an odd window_size", UserWarning, stacklevel=4)


def convolve(kernels, x, epochs, predictor_causality="causal", shift=True) -> np.ndarray:
    """kernels (W, B), x (T, C) -> (T, C, B). A row whose window meets NaN or Inf is NaN."""
    window = len(kernels)
    first = {"causal": window - 1 + shift, "acausal": (window - 1) // 2, "anti-causal": -shift}
    out = np.full((*x.shape, kernels.shape[1]), np.nan)
    toeplitz = _toeplitz(kernels)
    for epoch in epochs:
        for channel in range(x.shape[1]):
            for i, values in _valid(toeplitz, x[epoch, channel], window):
                start = epoch.start + first[predictor_causality] + i
                a, b = max(start, epoch.start), min(start + len(values), epoch.stop)
                out[a:b, channel] = values[a - start : b - start]
    return out


def _toeplitz(kernels):
    """(W+L-1, L, B): L neighbouring windows of a block of W+L-1 samples, as one matrix."""
    window, n = kernels.shape
    length = int(np.clip(2**20 // (window * n), 1, 32))
    matrix = np.zeros((window + length - 1, length, n))
    for i in range(length):
        matrix[i : i + window, i] = kernels[::-1]
    return matrix


def _valid(toeplitz, x, window):
    """Pieces (i, rows i, i+1, ...) of np.convolve(x, kernel, "valid") for all kernels at once.

    Blocks of x that overlap by a window, times the matrix: no (T, W) array is ever made.
    """
    block, length, n = toeplitz.shape
    n_rows = max(len(x) - window + 1, 0)
    n_blocks, step = -(-n_rows // length), 1 + 2**21 // block
    padded = np.zeros((n_blocks + 1) * length + window)
    finite = np.isfinite(x)
    padded[: len(x)][finite] = x[finite]
    missing = np.concatenate([[0], np.cumsum(~finite)])  # before each sample
    blocks = np.lib.stride_tricks.sliding_window_view(padded, block)[::length]
    for i in range(0, n_blocks, step):
        piece = blocks[i : min(i + step, n_blocks)].copy() @ toeplitz.reshape(block, -1)
        values = piece.reshape(-1, n)[: n_rows - i * length]
        a, b = i * length, i * length + len(values)
        if missing[-1]:
            values[missing[a + window : b + window] > missing[a:b]] = np.nan
        yield a, values
