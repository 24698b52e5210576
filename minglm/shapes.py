"""Shapes: the families of functions that a basis is made of, as pure maths.

    bumps = RaisedCosineLog(n_basis_funcs=8)
    bumps(np.linspace(0, 1, 200))        # (200, 8)

A shape maps u in [0, 1] to the values of its B functions. Whether u is a rescaled stimulus or
a lag within a window is not its business: see Eval and Conv in basis.py.
"""

from dataclasses import dataclass, field, replace

import numpy as np


class Shape:
    """``shape(u)``: u (T,) -> (T, n_basis_funcs)."""

    n_inputs = 1
    limits = None  # None: u is the input rescaled to [0, 1]; a pair: the input itself, within it
    density = False  # values are per unit of the input, so they scale with 1 / its range
    periodic = False  # no input is out of bounds
    discrete = False  # the input is a label

    def __call__(self, u: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def read(self, x: np.ndarray) -> np.ndarray:
        """The input as real numbers."""
        return np.asarray(x, dtype=float)

    def learn(self, *u: np.ndarray) -> "Shape":
        """The shape with what it keeps of the first samples that it sees: mostly nothing."""
        return self


@dataclass(frozen=True)
class RaisedCosineLinear(Shape):
    """b_j(u) = (1 + cos(clip(pi (u - p_j) / (D width), -pi, pi))) / 2, p_j = j D, D = 1/(n-1)."""

    n_basis_funcs: int
    width: float = 2.0

    def __post_init__(self):
        _check_bumps(self.n_basis_funcs, self.width)

    def __call__(self, u):
        return _bumps(u, np.linspace(0, 1, self.n_basis_funcs), self.width)


@dataclass(frozen=True)
class RaisedCosineLog(Shape):
    """Raised cosines of v = log(c u + 1) / log(c + 1), c = ``time_scaling`` (50 if None).

    Narrow near u = 0, wide near u = 1. ``enforce_decay_to_zero`` moves the last peak in until
    all functions are 0 at u = 1. Pillow et al. (2005) J. Neurosci. 25(47).
    """

    n_basis_funcs: int
    width: float = 2.0
    time_scaling: float | None = None
    enforce_decay_to_zero: bool = True

    def __post_init__(self):
        _check_bumps(self.n_basis_funcs, self.width)
        c = self.time_scaling
        _need(c is None or c > 0, f"time_scaling is {c}; give a number > 0, such as 50")

    def __call__(self, u):
        n, c = self.n_basis_funcs, 50.0 if self.time_scaling is None else self.time_scaling
        last = 1 - self.width / (n + self.width - 1) if self.enforce_decay_to_zero else 1
        return _bumps(np.log1p(c * u) / np.log1p(c), np.linspace(0, last, n), self.width)


@dataclass(frozen=True)
class Spline(Shape):
    """Polynomials of degree ``order`` - 1 between knots. de Boor (1978) A Practical Guide."""

    n_basis_funcs: int
    order: int = 4
    lowest_order = 1

    def __post_init__(self):
        n, order, lowest = self.n_basis_funcs, self.order, self.lowest_order
        _need(_whole(order) and order >= lowest, f"order is {order}; give an integer >= {lowest}")
        _need(_whole(n) and n >= order, f"n_basis_funcs is {n}; give an integer >= order={order}")


class BSpline(Spline):
    """Splines on clamped, equally spaced knots; they sum to 1."""

    def __call__(self, u):
        return _b_splines(u, _clamped_knots(self.n_basis_funcs, self.order), self.order)


class MSpline(Spline):
    """B-splines of area 1: order / (t_(i+order) - t_i) B_i. Ramsay (1988) Statist. Sci. 3(4)."""

    density = True

    def __call__(self, u):
        t = _clamped_knots(self.n_basis_funcs, self.order)
        return self.order / (t[self.order :] - t[: -self.order]) * _b_splines(u, t, self.order)


class CyclicBSpline(Spline):
    """B-splines on a circle, where 0 and 1 are one point: for heading, phase, time of day."""

    lowest_order = 2

    def __call__(self, u):
        n, k = self.n_basis_funcs, self.order
        values = _b_splines(u % 1 * n, np.arange(1 - k, n + k), k)  # (T, n + k - 1)
        values[:, : k - 1] += values[:, n:]  # what leaves on the right enters on the left
        return values[:, :n]


@dataclass(frozen=True)
class OrthExponential(Shape):
    """exp(-rate_j u), made orthonormal over the first samples seen; that mix is then kept.

    Signs and order of the functions mean nothing, only the space that they span.
    """

    n_basis_funcs: int
    decay_rates: tuple
    mix: np.ndarray | None = field(default=None, repr=False)  # (B, B), learned

    def __post_init__(self):
        rates, n = np.asarray(self.decay_rates, dtype=float), self.n_basis_funcs
        _need(rates.shape == (n,), f"{rates.size} decay_rates for n_basis_funcs={n}; give {n}")
        _need(len(np.unique(rates)) == n, f"decay_rates {rates.tolist()} repeat; give each once")

    def learn(self, u):
        n = self.n_basis_funcs
        _need(len(u) >= n, f"{len(u)} samples (or window bins) for {n} exponentials; give >= {n}")
        _, size, axes = np.linalg.svd(self._decays(u), full_matrices=False)
        distinct = size[-1] > size[0] * len(u) * np.finfo(float).eps
        _need(distinct, f"decay_rates {self.decay_rates} are too alike on these samples; drop some")
        return replace(self, mix=axes.T / size)

    def __call__(self, u):
        return self._decays(u) @ (self.learn(u) if self.mix is None else self).mix

    def _decays(self, u):
        return np.exp(-np.multiply.outer(u, np.asarray(self.decay_rates, dtype=float)))


@dataclass(frozen=True)
class Fourier(Shape):
    """cos(2 pi f.u) for each frequency vector f, then sin(2 pi f.u) for each f but 0.

    ``frequencies``: n for 0 .. n-1, (lo, hi) for lo .. hi-1, an array, or a list of these, one
    per input. ``frequency_mask``: "no-intercept" leaves f = 0 out, "all" or None keeps it; an
    array of booleans picks.
    """

    frequencies: object
    ndim: int = 1
    frequency_mask: object = "no-intercept"
    periodic = True
    n_inputs = property(lambda self: self.ndim)
    n_basis_funcs = property(lambda self: len(self.vectors) + int(self.vectors.any(axis=1).sum()))

    def __post_init__(self):
        _need(len(self.vectors), f"frequencies={self.frequencies!r} leaves no function; give >= 2")

    @property
    def vectors(self) -> np.ndarray:
        """(F, ndim) frequencies in use, in cycles per range of the input."""
        each, mask = self.frequencies, self.frequency_mask
        each = each if isinstance(each, list) else [each] * self.ndim
        _need(len(each) == self.ndim, f"{len(each)} sets of frequencies for ndim={self.ndim}")
        grid = np.meshgrid(*map(_frequencies, each), indexing="ij")
        vectors = np.stack([g.ravel() for g in grid], axis=1)
        kept = {"all": True, None: True, "no-intercept": vectors.any(axis=1)}
        if mask is None or isinstance(mask, str):
            _need(mask in kept, f"frequency_mask={mask!r}; give 'all', 'no-intercept' or booleans")
            return vectors[np.broadcast_to(kept[mask], len(vectors))]
        mask = np.asarray(mask, dtype=bool).ravel()
        _need(len(mask) == len(vectors), f"{len(mask)} mask entries for {len(vectors)} frequencies")
        return vectors[mask]

    def __call__(self, *u):
        vectors = self.vectors
        angle = 2 * np.pi * np.stack(u, axis=1) @ vectors.T
        return np.hstack([np.cos(angle), np.sin(angle[:, vectors.any(axis=1)])])


@dataclass(frozen=True)
class Identity(Shape):
    """The input itself."""

    n_basis_funcs = 1
    limits = (-np.inf, np.inf)

    def __call__(self, u):
        return u[:, None]


@dataclass(frozen=True)
class History(Shape):
    """One function per bin of the window: convolved, the raw history of the input."""

    window_size: int
    n_basis_funcs = property(lambda self: self.window_size)

    def __call__(self, u):
        lag = np.round(u * (self.window_size - 1)).astype(int)
        return np.eye(self.window_size)[lag]


@dataclass(frozen=True)
class Bins(Shape):
    """One-hot: 1 in [edges_i, edges_i+1), the last also at its right edge: a binned tuning curve."""

    edges: tuple
    n_basis_funcs = property(lambda self: len(self.edges) - 1)
    limits = property(lambda self: (self.edges[0], self.edges[-1]))

    def __post_init__(self):
        rising = np.ndim(self.edges) == 1 and len(self.edges) > 1 and (np.diff(self.edges) > 0).all()
        _need(rising, f"edges={self.edges!r} do not rise; give np.linspace(lo, hi, n + 1)")

    def __call__(self, u):
        inner = np.asarray(self.edges)[1:-1]
        return np.eye(len(inner) + 1)[np.searchsorted(inner, u, side="right")]


@dataclass(frozen=True)
class Category(Shape):
    """One-hot of labels: ``categories`` is n for 0 .. n-1, or the labels, which are sorted.

    A label not listed gives zeros, or a ValueError if ``out_of_category`` is False.
    """

    categories: object
    out_of_category: bool = True
    discrete = True
    limits = (-np.inf, np.inf)
    n_basis_funcs = property(lambda self: len(self.labels))

    @property
    def labels(self) -> np.ndarray:
        """The labels in the order of the columns."""
        given = self.categories
        return np.unique(np.arange(given) if np.ndim(given) == 0 else given)

    def read(self, x):
        """The column of each label; -1 if it has none, NaN if it is missing."""
        x, labels = np.asarray(x), self.labels
        column = np.searchsorted(labels, x).clip(max=len(labels) - 1)
        missing = x != x
        unknown = (labels[column] != x) & ~missing
        names = f"{np.unique(x[unknown]).tolist()} are not among {labels.tolist()}"
        _need(self.out_of_category or not unknown.any(), f"labels {names}; list them")
        return np.where(missing, np.nan, np.where(unknown, -1.0, column))

    def __call__(self, u):
        return (u[:, None] == np.arange(self.n_basis_funcs)) * 1.0


def _need(ok, message: str):
    if not ok:
        raise ValueError(message)


def _whole(n) -> bool:
    return isinstance(n, int | np.integer)


def _check_bumps(n, width):
    _need(_whole(n) and n >= 2, f"n_basis_funcs is {n}; give an integer >= 2")
    _need(width > 1 and 2 * width % 1 == 0, f"width is {width}; give 1.5, 2, 2.5, ...")


def _frequencies(given):
    values = np.arange(*given) if isinstance(given, tuple) else np.asarray(given)
    values = np.arange(values) if values.ndim == 0 else values
    whole = np.array_equal(values, np.abs(np.round(values)))
    _need(whole, f"frequencies {given!r} are not whole numbers >= 0; give n, (lo, hi) or an array")
    return values


def _bumps(v, peaks, width):
    distance = (v[:, None] - peaks) / ((peaks[1] - peaks[0]) * width)  # (T, B)
    return (1 + np.cos(np.pi * distance.clip(-1, 1))) / 2


def _clamped_knots(n, order):
    end = 1 + np.finfo(float).eps  # so that u = 1 lies inside the last interval
    return np.r_[[0.0] * (order - 1), np.linspace(0, end, n - order + 2), [end] * (order - 1)]


def _b_splines(u, knots, order):
    """Cox-de Boor recursion: (T, len(knots) - order) from indicators of the knot intervals."""
    u = u[:, None]
    values = ((knots[:-1] <= u) & (u < knots[1:])) * 1.0
    for d in range(1, order):
        span = knots[d:] - knots[:-d]
        rise = (u - knots[:-d]) / np.where(span > 0, span, 1)
        values = rise[:, :-1] * values[:, :-1] + (1 - rise[:, 1:]) * values[:, 1:]
    return values
