"""Shapes: the families of functions that a basis is made of, as pure maths.

    raised_cosine_log(np.linspace(0, 1, 200), n_basis_funcs=8)        # (200, 8)

Each takes u (T,) in [0, 1] and gives the values of its B functions, (T, B). Whether u is a
rescaled stimulus or a lag within a window is not its business: see Eval and Conv in basis.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shape:
    """``values(u, **arguments)``, and how the u of these functions is to be read."""

    values: Callable
    rescaled: bool = True  # u is the input mapped to [0, 1] by its bounds; else the input itself
    density: bool = False  # values are per unit of the input: they scale with 1 / its range
    periodic: bool = False  # no input is out of bounds
    orthonormal: bool = False  # over the first samples seen
    labels: bool = False  # the input is labels, not numbers


def raised_cosine_linear(u, n_basis_funcs, width=2.0):
    """Bumps that sum to ``width`` inside, D = 1 / (n - 1) apart, each 2 ``width`` D wide.
    b_j(u) = (1 + cos(clip(pi (u - p_j) / (D width), -pi, pi))) / 2, p_j = j D."""
    return _bumps(u, 1.0, n_basis_funcs, width)


def raised_cosine_log(u, n_basis_funcs, width=2.0, time_scaling=None, enforce_decay_to_zero=True):
    """Raised cosines of v = log(c u + 1) / log(c + 1), c = ``time_scaling`` (50 if None).
    Narrow near u = 0, wide near u = 1. ``enforce_decay_to_zero`` moves the last peak in until
    all functions are 0 at u = 1. Pillow et al. (2005) J. Neurosci. 25(47)."""
    n, c = n_basis_funcs, 50.0 if time_scaling is None else time_scaling
    _need(c > 0, f"time_scaling is {c}; give a number > 0, such as 50")
    last_peak = 1 - width / (n + width - 1) if enforce_decay_to_zero else 1.0
    return _bumps(np.log1p(c * u) / np.log1p(c), last_peak, n, width)


def b_spline(u, n_basis_funcs, order=4):
    """Polynomials of degree ``order`` - 1 between clamped, equally spaced knots; they sum to 1.
    de Boor (1978) A Practical Guide to Splines."""
    return _clamped(u, n_basis_funcs, order)[0]


def m_spline(u, n_basis_funcs, order=4):
    """B-splines of area 1 over the input: order / (t_(i+order) - t_i) B_i, t the knots.
    Ramsay (1988) Statist. Sci. 3(4)."""
    values, area = _clamped(u, n_basis_funcs, order)
    return values / area


def cyclic_b_spline(u, n_basis_funcs, order=4):
    """One B-spline turned by 1/n, 2/n, ... on a circle, where 0 and 1 are one point: they sum to 1.
    For heading, phase, time of day."""
    n, k = n_basis_funcs, order
    _check_order(n, k, lowest=2)
    values = _piecewise(u * n, np.arange(1 - k, n + k), k)  # (T, n + k - 1)
    values[:, : k - 1] += values[:, n:]  # what leaves on the right enters on the left
    return values[:, :n]


def orth_exponential(u, n_basis_funcs, decay_rates):
    """exp(-rate_j u), to be made orthonormal over the first samples seen (signs mean nothing)."""
    rates, n = np.asarray(decay_rates, dtype=float), n_basis_funcs
    _need(rates.shape == (n,), f"{rates.size} decay_rates for n_basis_funcs={n}; give {n}")
    _need(len(np.unique(rates)) == n, f"decay_rates {rates.tolist()} repeat; give each once")
    return np.exp(-np.multiply.outer(u, rates))


def fourier(*u, frequencies, ndim=1, frequency_mask="no-intercept"):
    """cos(2 pi f.u) for each frequency vector f, then sin(2 pi f.u) for each f but 0; no x is out.
    ``frequencies``: n for 0 .. n-1, (lo, hi) for lo .. hi-1, an array, or a list of these, one
    for each of ``ndim`` inputs. ``frequency_mask``: "no-intercept" leaves f = 0 out, "all"
    keeps it, an array of booleans picks."""
    each = frequencies if isinstance(frequencies, list) else [frequencies] * ndim
    _need(len(each) == ndim, f"{len(each)} sets of frequencies for ndim={ndim}; give {ndim}")
    grid = np.meshgrid(*map(_whole_frequencies, each), indexing="ij")
    f = np.stack([g.ravel() for g in grid], axis=1)  # (F, ndim)
    if frequency_mask is None or isinstance(frequency_mask, str):
        known = frequency_mask in (None, "all", "no-intercept")
        _need(known, f"frequency_mask={frequency_mask!r}; give 'all', 'no-intercept' or booleans")
        f = f[f.any(axis=1) | (frequency_mask != "no-intercept")]
    else:
        keep = np.asarray(frequency_mask, dtype=bool).ravel()
        _need(len(keep) == len(f), f"frequency_mask has {len(keep)} entries; give {len(f)}")
        f = f[keep]
    _need(len(f), f"frequencies={frequencies!r} leaves no function; give at least 2")
    angle = 2 * np.pi * np.stack(u, axis=1) @ f.T
    return np.hstack([np.cos(angle), np.sin(angle[:, f.any(axis=1)])])


def identity(x):
    """The input itself, u = x. A row out of ``bounds`` is ``fill_value``."""
    return x[:, None]


def history(u, window_size):
    """One function per bin of the window, newest first: X[t, s] = x[t - 1 - s]."""
    return np.eye(window_size)[np.round(u * (window_size - 1)).astype(int)]


def bins(x, edges):
    """One-hot in the unit of x, 1 in [edges_i, edges_(i+1)), the last bin closed: a tuning curve.
    Out of the edges, or narrower ``bounds``, a row is ``fill_value``."""
    edges = np.asarray(edges, dtype=float)
    rising = edges.ndim == 1 and len(edges) > 1 and (np.diff(edges) > 0).all()
    _need(rising, f"edges={edges} do not rise; give np.linspace(lo, hi, n + 1)")
    bin_ = np.searchsorted(edges[1:-1], x, side="right")
    inside = (x >= edges[0]) & (x <= edges[-1])
    return np.where(inside[:, None], np.eye(len(edges) - 1)[bin_], np.nan)


def category(x, categories, out_of_category=True):
    """One-hot labels: ``categories`` is n for 0 .. n-1, or the labels; columns are sorted. A label
    not listed gives zeros, or a ValueError if ``out_of_category`` is False. Labels have no bounds.
    """
    labels = category_labels(categories)
    one_hot = x[:, None] == labels
    unknown = ~one_hot.any(axis=1) & (x == x)
    names = f"{np.unique(x[unknown])} are not among {labels}"
    _need(out_of_category or not unknown.any(), f"labels {names}; list them in categories")
    return np.where((x == x)[:, None], one_hot, np.nan)


def category_labels(categories) -> np.ndarray:
    """The labels in the order of the columns."""
    given = np.arange(categories) if np.ndim(categories) == 0 else np.asarray(categories)
    labels = np.unique(given)
    _need(len(labels) == len(given), f"categories={categories!r} repeat; give each once")
    return labels


def orthonormal_mix(values) -> np.ndarray:
    """(B, B) so that values (T, B) @ mix has orthonormal columns."""
    t, n = values.shape
    _need(t >= n, f"{t} samples (or window bins) for {n} orthonormal functions; give at least {n}")
    _, size, axes = np.linalg.svd(values, full_matrices=False)
    distinct = size[-1] > size[0] * t * np.finfo(float).eps
    _need(distinct, "functions are too alike on these samples; spread the decay_rates or drop some")
    return axes.T / size


def _need(ok, message: str):
    if not ok:
        raise ValueError(message)


def _whole(n) -> bool:
    return isinstance(n, int | np.integer)


def _check_order(n, order, lowest):
    _need(_whole(order) and order >= lowest, f"order is {order}; give an integer >= {lowest}")
    _need(_whole(n) and n >= order, f"n_basis_funcs is {n}; give an integer >= order={order}")


def _whole_frequencies(given):
    f = np.arange(*given) if isinstance(given, tuple) else np.asarray(given)
    f = np.arange(f) if f.ndim == 0 else f
    whole = f.ndim == 1 and np.array_equal(f, np.abs(np.round(f)))
    _need(whole, f"frequencies {given!r} are not whole numbers >= 0; give n, (lo, hi) or an array")
    return f


def _bumps(v, last_peak, n, width):
    _need(_whole(n) and n >= 2, f"n_basis_funcs is {n}; give an integer >= 2")
    _need(width > 1 and 2 * width % 1 == 0, f"width is {width}; give 1.5, 2, 2.5, ...")
    peaks = np.linspace(0, last_peak, n)
    distance = (v[:, None] - peaks) / (peaks[1] * width)  # (T, B)
    return (1 + np.cos(np.pi * distance.clip(-1, 1))) / 2


def _clamped(u, n, order):
    """B-splines whose first and last knots are repeated, and the area of each."""
    _check_order(n, order, lowest=1)
    end = 1 + np.finfo(float).eps  # so that u = 1 lies inside the last interval
    t = np.r_[[0.0] * (order - 1), np.linspace(0, end, n - order + 2), [end] * (order - 1)]
    return _piecewise(u, t, order), (t[order:] - t[:-order]) / order


def _piecewise(u, knots, order):
    """Cox-de Boor recursion: (T, len(knots) - order) from indicators of the knot intervals."""
    values, u = np.eye(len(knots))[np.searchsorted(knots, u, side="right") - 1, :-1], u[:, None]
    for d in range(1, order):
        span = knots[d:] - knots[:-d]
        rise = (u - knots[:-d]) / np.where(span > 0, span, 1)
        values = rise[:, :-1] * values[:, :-1] + (1 - rise[:, 1:]) * values[:, 1:]
    return values
