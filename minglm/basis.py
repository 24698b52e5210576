"""Bases: from time series to the columns of a design matrix.

    spikes = RaisedCosineLogConv(n_basis_funcs=8, window_size=100)
    X = spikes.compute_features(counts)              # (T, 8); the first 100 rows are NaN
    place = BSplineEval(5, bounds=(0, 80)) * CyclicBSplineEval(6, bounds=(0, 2 * np.pi))

Every basis is a shape (shapes.py) that is evaluated at the input, Eval, or convolved with it,
Conv. The names at the end are these pairs, with the names and arguments that NeMoS gives them.
"""

import copy
from functools import partial
from inspect import signature

import numpy as np

from . import shapes
from .combine import Basis
from .convolve import check_causality, convolve
from .shapes import Shape


class Leaf(Basis):
    """A basis of one shape: what its public name, ``make``, gives for these ``arguments``."""

    leaves = parts = property(lambda self: [self])
    n_inputs = property(lambda self: self.functions.get("ndim", 1))
    name = property(lambda self: self.make.__name__)
    learned, input_shape = 0, ()

    def combine(self, blocks):
        return [next(blocks)]

    def change(self, **arguments):
        """Make it anew, with other arguments; what it has learned is forgotten."""
        new = vars(self.make(**self.arguments | arguments))
        vars(self).update({"learned": 0, "input_shape": ()} | new)

    def __repr__(self):
        usual, given = signature(self.make).parameters, self.arguments.items()
        given = [f"{k}={v!r}" for k, v in given if repr(v) != repr(usual[k].default)]
        return f"{self.name}({', '.join(given)})"


class Eval(Leaf):
    """Evaluated at the input: u = (x - lo) / (hi - lo) with ``bounds`` = (lo, hi).
    Without bounds, lo and hi are the smallest and largest finite sample of each column of the
    first data seen, and stay so. A row with a sample out of bounds is ``fill_value``
    throughout; a NaN sample makes the functions of its own column NaN."""

    window, causality, shift = 0, "causal", False

    def __init__(self, shape, functions, bounds=None, fill_value=np.nan, label=None):
        self.shape, self.functions, self.label = shape, functions, label
        self.values = partial(shape.values, **functions)
        self.bounds, self.fill_value, self.mix = bounds, fill_value, None
        self.labels = shapes.category_labels(functions["categories"]) if shape.labels else None
        u = np.linspace(0, 1, 2) if self.labels is None else self.labels
        self.n_basis_funcs = self.values(*[u] * self.n_inputs).shape[1]  # checks arguments too
        self.learns = shape.rescaled and bounds is None
        self.by_column = self.learns or shape.orthonormal
        self.span = None if self.learns else self._given_span()

    def _given_span(self):
        """lo and hi of each input, (2, n_inputs, 1)."""
        edges = self.functions.get("edges", (-np.inf, np.inf))
        try:
            given = np.asarray((edges[0], edges[-1]) if self.bounds is None else self.bounds, float)
            span = np.broadcast_to(given, (self.n_inputs, 2)).T[..., None]
        except (TypeError, ValueError):
            span = np.zeros((2, 1, 1))
        if not (span[0] < span[1]).all():
            raise ValueError(f"bounds={self.bounds!r}; give (lo, hi) with lo < hi")
        return span

    def learn(self, inputs):
        """Keep lo and hi, (2, n_inputs, C), and the mix that makes functions orthonormal."""
        n, x = inputs[0].shape[1], np.stack(inputs)  # (n_inputs, T, C)
        if self.learns and not self.learned:
            x, finite = x.astype(float), np.isfinite(x.astype(float))
            ends = (np.min, np.inf), (np.max, -np.inf)
            self.span = np.stack([f(x, 1, where=finite, initial=start) for f, start in ends])
            if not np.isfinite(self.span).all():
                raise ValueError(f"{self.label} got no finite sample to learn bounds; give bounds")
        if self.shape.orthonormal and not self.learned:
            u, _, known = self._rescale(x)
            self.mix = [shapes.orthonormal_mix(self.values(u[0, known[:, c], c])) for c in range(n)]
        self.learned = self.learned or n
        if self.by_column and self.learned != n:
            raise ValueError(
                f"{self.label} learned the bounds of {self.learned} columns and got {n}; "
                f"{'give bounds=(lo, hi), or ' if self.learns else ''}fit() it anew"
            )

    def _rescale(self, x):
        """u (n_inputs, T, C), and whether samples are out of bounds, or known, (T, C) each."""
        if self.shape.labels:
            return x, np.zeros(x.shape[1:], bool), np.ones(x.shape[1:], bool)
        x, (lo, hi) = x.astype(float), self.span[:, :, None]
        u = (x - lo) / np.where(hi > lo, hi - lo, 1) if self.shape.rescaled else x
        outside = ((x < lo) | (x > hi)).any(axis=0) & (not self.shape.periodic)
        return u, outside, np.isfinite(x).all(axis=0) & ~outside

    def features(self, inputs, epochs):
        u, outside, known = self._rescale(np.stack(inputs))
        out = np.full((*known.shape, self.n_basis_funcs), np.nan)
        out[known] = self.values(*u[:, known])
        if self.mix:
            out = np.einsum("tcb,cbk->tck", out, self.mix)
        if self.shape.density:
            lo, hi = self.span[:, 0, :, None]  # (C, 1)
            out /= np.where(hi > lo, hi - lo, 1)
        out[outside.any(axis=1)] = self.fill_value
        return out

    def at(self, *x):
        columns = self.learned or 1 if self.by_column else 1
        points = [np.reshape(v, (-1, columns)) for v in x]
        twin = copy.copy(self)  # learns in place of self where nothing is known yet
        twin.learn(points)
        return twin.features(points, ()).reshape(*np.shape(x[0]), -1)

    def grid(self, *n):
        if self.labels is not None:
            return [self.labels]
        if self.by_column and self.learned > 1:
            raise ValueError(f"{self.label} learned bounds for each column; give bounds=(lo, hi)")
        known = self.span is not None and np.isfinite(self.span).all()
        ends = self.span[..., 0].T if known else [(0, 1)] * len(n)
        return [np.linspace(*pair, k) for pair, k in zip(ends, n, strict=True)]


class Conv(Leaf):
    """Convolved with the input: X[t, b] = sum_s kernels[s, b] x[t - 1 - s].
    s = 0 .. ``window_size`` - 1 bins, the newest first; ``kernels`` are the functions at
    linspace(0, 1, window_size). ``conv_kwargs``: ``predictor_causality`` and ``shift`` of
    minglm.convolve.create_convolutional_predictor."""

    def __init__(self, shape, functions, window_size, label=None, conv_kwargs=None):
        self.shape, self.functions, self.label = shape, functions, label
        if not isinstance(window_size, int | np.integer) or window_size < 1:
            raise ValueError(f"window_size is {window_size!r}; give bins, an integer >= 1")
        options = {k: v for k, v in (conv_kwargs or {}).items() if not k.startswith("batch_size_")}
        self.causality = options.pop("predictor_causality", "causal")
        self.shift = check_causality(self.causality, options.pop("shift", None))
        if options:
            raise ValueError(f"conv_kwargs {options}; give predictor_causality and shift only")
        self.window = self.window_size = window_size
        self.of_lag = Eval(shape, functions, bounds=(0, 1))  # 0 is the newest bin, 1 the oldest
        self.kernels = self.of_lag.compute_features(np.linspace(0, 1, window_size))  # (W, B)
        self.n_basis_funcs = self.kernels.shape[1]

    def learn(self, inputs):
        """There is nothing to learn."""

    def features(self, inputs, epochs):
        return convolve(self.kernels, inputs[0], epochs, self.causality, self.shift)

    def at(self, lags):
        lags = np.asarray(lags, dtype=float)
        if not ((lags >= 0) & (lags <= 1)).all():
            raise ValueError(f"{self.label}: give lags from 0, the newest bin, to 1, the oldest")
        return self.of_lag.at(lags)

    def grid(self, n):
        return self.of_lag.grid(n)


def _public(kind: type, values, name="", **options):
    """The public name of a shape read in one way: a function with the arguments of both."""
    name = name or "".join(map(str.capitalize, values.__name__.split("_"))) + kind.__name__
    of_shape, of_kind = (list(signature(f).parameters.values()) for f in (values, kind))
    of_shape = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in of_shape[1:]]
    of_kind = of_kind[2:]
    needed = [p for p in of_kind if p.default is p.empty]
    known = {p.name: p for p in [*of_shape[:1], *needed, *of_shape, *of_kind]}
    known["label"] = known["label"].replace(default=name)
    known = sorted(known.values(), key=lambda p: p.default is not p.empty)
    public = signature(kind).replace(parameters=known)

    def make(*args, **kwargs):
        bound = public.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments | {"label": bound.arguments["label"] or name}
        functions, own = ({p.name: given[p.name] for p in of} for of in (of_shape, of_kind))
        basis = kind(Shape(values, **options), functions, **own)
        vars(basis).update(given, make=make, arguments=given)
        return basis

    make.__name__ = make.__qualname__ = name
    how = kind.__doc__ if options.get("rescaled", True) else ""
    make.__doc__ = f"{values.__doc__.rstrip()}\n\n    {how}".rstrip()
    make.__signature__ = public
    return make


def _both(values, **options):
    return _public(Eval, values, **options), _public(Conv, values, **options)


RaisedCosineLinearEval, RaisedCosineLinearConv = _both(shapes.raised_cosine_linear)
RaisedCosineLogEval, RaisedCosineLogConv = _both(shapes.raised_cosine_log)
BSplineEval, BSplineConv = _both(shapes.b_spline)
CyclicBSplineEval, CyclicBSplineConv = _both(shapes.cyclic_b_spline)
MSplineEval, MSplineConv = _both(shapes.m_spline, density=True)
OrthExponentialEval, OrthExponentialConv = _both(shapes.orth_exponential, orthonormal=True)
FourierEval = _public(Eval, shapes.fourier, periodic=True)
IdentityEval = _public(Eval, shapes.identity, rescaled=False)
HistoryConv = _public(Conv, shapes.history)
BinsEval = _public(Eval, shapes.bins, rescaled=False)
Category = _public(Eval, shapes.category, name="Category", rescaled=False, labels=True)
