"""Bases: from time series to the columns of a design matrix.

    spikes = RaisedCosineLogConv(n_basis_funcs=8, window_size=100)
    X = spikes.compute_features(counts)              # (T, 8); the first 100 rows are NaN
    place = BSplineEval(5, bounds=(0, 80)) * CyclicBSplineEval(6, bounds=(0, 2 * np.pi))

Every basis is a shape (shapes.py) that is evaluated at the input, Eval, or convolved with it,
Conv. The functions below give these pairs the names and arguments that NeMoS uses.
"""

import copy
from dataclasses import MISSING, dataclass, field, fields, replace

import numpy as np

from . import shapes
from .combine import Basis
from .convolve import check_causality, convolve


class Leaf(Basis):
    """A basis of one shape; its arguments are those of the shape and its own."""

    parts = leaves = property(lambda self: [self])
    n_inputs = property(lambda self: self.shape.n_inputs)
    n_basis_funcs = property(lambda self: self.shape.n_basis_funcs)
    discrete = property(lambda self: self.shape.discrete)

    @property
    def name(self) -> str:
        return type(self.shape).__name__ + ("" if self.discrete else type(self).__name__)

    @property
    def arguments(self) -> dict:
        return {f.name: getattr(x, f.name) for x in (self.shape, self) for f in fields(x) if f.repr}

    def change(self, **arguments):
        new = self.arguments | arguments
        own = [{f.name: new[f.name] for f in fields(x) if f.repr} for x in (self.shape, self)]
        self.__init__(replace(self.shape, **own[0]), **own[1])

    def __repr__(self):
        usual = {f.name: f.default for x in (self, self.shape) for f in fields(x)}
        usual["label"] = self.name
        given = {k: v for k, v in self.arguments.items() if repr(v) != repr(usual[k])}
        order = sorted(given, key=lambda k: usual[k] is not MISSING)
        return f"{self.name}({', '.join(f'{k}={given[k]!r}' for k in order)})"


@dataclass(repr=False, eq=False)
class Eval(Leaf):
    """X[t, b] = f_b(u[t]) with u = (x - lo) / (hi - lo) and ``bounds`` = (lo, hi).

    Without bounds, lo and hi are the smallest and largest finite sample of each column of the
    first data seen, and stay so. A row with a sample out of bounds is ``fill_value``
    throughout; a NaN sample makes the functions of its own column NaN.
    """

    shape: shapes.Shape = field(repr=False)
    bounds: tuple | None = None
    fill_value: float = np.nan
    label: str = ""
    window, shift = 0, False

    def __post_init__(self):
        self.limits = self.shape.limits if self.bounds is None else self.bounds
        if self.limits is not None:
            self.limits = self._checked(self.limits)
        self.forget()

    def _checked(self, limits):
        try:
            limits = np.broadcast_to(np.asarray(limits, dtype=float), (self.n_inputs, 2))
            ordered = (limits[:, 0] < limits[:, 1]).all()
        except (TypeError, ValueError):
            ordered = False
        if not ordered:
            raise ValueError(f"bounds={self.bounds!r}; give (lo, hi) with lo < hi")
        return limits

    def forget(self):
        self.learned, self.input_shape = [], ()

    def learn(self, inputs, input_shape):
        """Keep lo, hi and shape for each column, unless they are known."""
        self.input_shape, n = input_shape, inputs[0].shape[1]
        if not self.learned or (self.limits is not None and len(self.learned) != n):
            self.learned = [self._learn_column([x[:, c] for x in inputs]) for c in range(n)]
        if len(self.learned) != n:
            raise ValueError(
                f"{self.label} learned the bounds of {len(self.learned)} columns and got {n}; "
                "give bounds=(lo, hi), or fit() it anew"
            )

    def _learn_column(self, x):
        x = np.stack([self.shape.read(v) for v in x])  # (n_inputs, T)
        if self.limits is not None:
            lo, hi = self.limits.T
        else:
            finite = [v[np.isfinite(v)] for v in x]
            if not all(map(len, finite)):
                raise ValueError(f"{self.label}: no finite sample to learn bounds from; give bounds")
            lo, hi = (np.array([end(v) for v in finite]) for end in (np.min, np.max))
        u, inside = self._rescale(x, lo, hi)
        return lo, hi, self.shape.learn(*u[:, inside])

    def _rescale(self, x, lo, hi):
        """u, and which samples have values."""
        lo, span = lo[:, None], np.where(hi > lo, hi - lo, 1)[:, None]
        u = x if self.shape.limits is not None else (x - lo) / span
        inside = np.isfinite(x) if self.shape.periodic else (x >= lo) & (x <= hi[:, None])
        return u, inside.all(axis=0)

    def blocks(self, inputs, epochs):
        out = np.full((*inputs[0].shape, self.n_basis_funcs), np.nan)
        outside = np.zeros(len(out), dtype=bool)
        for c, (lo, hi, shape) in enumerate(self.learned):
            x = np.stack([shape.read(v[:, c]) for v in inputs])
            u, inside = self._rescale(x, lo, hi)
            out[inside, c] = shape(*u[:, inside])
            outside |= ~inside & ~np.isnan(x).any(axis=0) & (not shape.periodic)
            if shape.density:
                out[:, c] /= hi - lo if (hi > lo).all() else 1
        out[outside] = self.fill_value
        return [out]

    def evaluate(self, *x):
        columns = max(len(self.learned), 1) if self.limits is None else 1
        points = [np.asarray(v).reshape(-1, columns) for v in x]
        twin = copy.copy(self)  # learns in place of self where nothing is known yet
        twin.learn(points, ())
        return twin.blocks(points, ())[0].reshape(*np.shape(x[0]), -1)

    def grid(self, *n):
        if self.discrete:
            return [self.shape.labels]
        if len(self.learned) > 1 and self.limits is None:
            raise ValueError(f"{self.label} learned bounds for several columns; give bounds")
        ends = self.limits.T if self.limits is not None else self.learned[0][:2] if self.learned else None
        if ends is None or not np.isfinite(ends).all():
            ends = np.zeros(len(n)), np.ones(len(n))
        return [np.linspace(lo, hi, k) for lo, hi, k in zip(*ends, n, strict=True)]


@dataclass(repr=False, eq=False)
class Conv(Leaf):
    """X[t, b] = sum_s kernels[s, b] x[t - 1 - s], s = 0 .. ``window_size`` - 1 (in bins).

    The kernels are the shape on [0, 1] in ``window_size`` steps, the first for the newest bin.
    ``conv_kwargs``: ``predictor_causality`` and ``shift`` of create_convolutional_predictor.
    """

    shape: shapes.Shape = field(repr=False)
    window_size: int
    label: str = ""
    conv_kwargs: dict | None = None
    input_shape: tuple = field(default=(), init=False, repr=False)

    def __post_init__(self):
        if not isinstance(self.window_size, int | np.integer) or self.window_size < 1:
            raise ValueError(f"window_size is {self.window_size!r}; give bins, an integer >= 1")
        options = dict(self.conv_kwargs or {})
        allowed = {"predictor_causality", "shift"}
        batch = {f"batch_size_{x}" for x in ("samples", "channels", "basis")}
        if set(options) - allowed - batch:
            raise ValueError(f"conv_kwargs {set(options) - allowed - batch}; there are {allowed}")
        self.causality = options.get("predictor_causality", "causal")
        self.shift = check_causality(self.causality, options.get("shift"))
        self.window = self.window_size
        self.kernels = self.shape(np.linspace(0, 1, self.window_size)) * 1.0  # (W, B)

    def forget(self):
        pass

    def learn(self, inputs, input_shape):
        self.input_shape = input_shape

    def blocks(self, inputs, epochs):
        return [convolve(self.kernels, inputs[0], epochs, self.causality, self.shift)]

    def evaluate(self, *x):
        u = np.asarray(x[0], dtype=float)
        if not ((u >= 0) & (u <= 1)).all():
            raise ValueError(f"{self.label}: give lags as fractions of the window, from 0 to 1")
        return self.shape(u.ravel()).reshape(*u.shape, -1)

    def grid(self, n):
        return [np.linspace(0, 1, n)]


def RaisedCosineLinearEval(n_basis_funcs, width=2.0, bounds=None, fill_value=np.nan, label="RaisedCosineLinearEval"):
    """Equally spaced bumps over the input: see shapes.RaisedCosineLinear and Eval."""
    return Eval(shapes.RaisedCosineLinear(n_basis_funcs, width), bounds, fill_value, label)


def RaisedCosineLinearConv(
    n_basis_funcs, window_size, width=2.0, label="RaisedCosineLinearConv", conv_kwargs=None
):
    """Equally spaced bumps over the window: see shapes.RaisedCosineLinear and Conv."""
    return Conv(shapes.RaisedCosineLinear(n_basis_funcs, width), window_size, label, conv_kwargs)


def RaisedCosineLogEval(n_basis_funcs, width=2.0, time_scaling=None, enforce_decay_to_zero=True, bounds=None, fill_value=np.nan, label="RaisedCosineLogEval"):
    """Bumps that widen over the input: see shapes.RaisedCosineLog and Eval."""
    return Eval(shapes.RaisedCosineLog(n_basis_funcs, width, time_scaling, enforce_decay_to_zero), bounds, fill_value, label)


def RaisedCosineLogConv(
    n_basis_funcs, window_size, width=2.0, time_scaling=None, enforce_decay_to_zero=True, label="RaisedCosineLogConv", conv_kwargs=None
):
    """Bumps that widen over the window: see shapes.RaisedCosineLog and Conv."""
    return Conv(shapes.RaisedCosineLog(n_basis_funcs, width, time_scaling, enforce_decay_to_zero), window_size, label, conv_kwargs)


def BSplineEval(n_basis_funcs, order=4, bounds=None, fill_value=np.nan, label="BSplineEval"):
    """Splines over the input: see shapes.BSpline and Eval."""
    return Eval(shapes.BSpline(n_basis_funcs, order), bounds, fill_value, label)


def BSplineConv(
    n_basis_funcs, window_size, order=4, label="BSplineConv", conv_kwargs=None
):
    """Splines over the window: see shapes.BSpline and Conv."""
    return Conv(shapes.BSpline(n_basis_funcs, order), window_size, label, conv_kwargs)


def CyclicBSplineEval(n_basis_funcs, order=4, bounds=None, fill_value=np.nan, label="CyclicBSplineEval"):
    """Splines on a circle over the input: see shapes.CyclicBSpline and Eval."""
    return Eval(shapes.CyclicBSpline(n_basis_funcs, order), bounds, fill_value, label)


def CyclicBSplineConv(
    n_basis_funcs, window_size, order=4, label="CyclicBSplineConv", conv_kwargs=None
):
    """Splines on a circle over the window: see shapes.CyclicBSpline and Conv."""
    return Conv(shapes.CyclicBSpline(n_basis_funcs, order), window_size, label, conv_kwargs)


def MSplineEval(n_basis_funcs, order=4, bounds=None, fill_value=np.nan, label="MSplineEval"):
    """Splines of unit area over the input: see shapes.MSpline and Eval."""
    return Eval(shapes.MSpline(n_basis_funcs, order), bounds, fill_value, label)


def MSplineConv(
    n_basis_funcs, window_size, order=4, label="MSplineConv", conv_kwargs=None
):
    """Splines of unit area over the window: see shapes.MSpline and Conv."""
    return Conv(shapes.MSpline(n_basis_funcs, order), window_size, label, conv_kwargs)


def OrthExponentialEval(n_basis_funcs, decay_rates, bounds=None, fill_value=np.nan, label="OrthExponentialEval"):
    """Decays over the input: see shapes.OrthExponential and Eval."""
    return Eval(shapes.OrthExponential(n_basis_funcs, decay_rates), bounds, fill_value, label)


def OrthExponentialConv(
    n_basis_funcs, window_size, decay_rates, label="OrthExponentialConv", conv_kwargs=None
):
    """Decays over the window: see shapes.OrthExponential and Conv."""
    return Conv(shapes.OrthExponential(n_basis_funcs, decay_rates), window_size, label, conv_kwargs)


def FourierEval(
    frequencies, ndim=1, bounds=None, frequency_mask="no-intercept", label="FourierEval"
):
    """Cosines and sines of the input: see shapes.Fourier and Eval."""
    return Eval(shapes.Fourier(frequencies, ndim, frequency_mask), bounds, label=label)


def IdentityEval(bounds=None, fill_value=np.nan, label="IdentityEval"):
    """The input as it is: see Eval."""
    return Eval(shapes.Identity(), bounds, fill_value, label)


def HistoryConv(window_size, label="HistoryConv", conv_kwargs=None):
    """The last ``window_size`` bins of the input, the newest first: X[t, s] = x[t - 1 - s]."""
    return Conv(shapes.History(window_size), window_size, label, conv_kwargs)


def BinsEval(edges, fill_value=np.nan, label="BinsEval"):
    """One-hot bins of the input, a binned tuning curve: see shapes.Bins and Eval."""
    return Eval(shapes.Bins(edges), None, fill_value, label)


def Category(categories, out_of_category=True, label="Category"):
    """One-hot labels: see shapes.Category."""
    return Eval(shapes.Category(categories, out_of_category), label=label)
