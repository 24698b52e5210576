"""Bases: from time series to the columns of a design matrix.

    spikes = RaisedCosineLogConv(n_basis_funcs=8, window_size=100)
    X = spikes.compute_features(counts)              # (T, 8); the first 100 rows are NaN
    place = BSplineEval(5, bounds=(0, 80)) * CyclicBSplineEval(6, bounds=(0, 2 * np.pi))

Every basis is a shape (shapes.py) that is evaluated at the input, Eval, or convolved with it,
Conv. The names at the end are these pairs, with the names and arguments that NeMoS gives them.
"""

import copy
from inspect import signature

import numpy as np

from . import shapes
from .combine import Basis
from .convolve import check_causality, convolve
from .shapes import Shape


class Leaf(Basis):
    """A basis of one shape; ``functions`` are the arguments of the shape."""

    leaves = parts = property(lambda self: [self])
    n_inputs = property(lambda self: self.functions.get("ndim", 1))
    name = property(lambda self: _name(self.shape, type(self)))

    @property
    def arguments(self) -> dict:
        own = list(signature(type(self)).parameters)[2:]
        return self.functions | {name: getattr(self, name) for name in own}

    def change(self, **arguments):
        new = self.arguments | arguments
        own = {k: v for k, v in new.items() if k in signature(type(self)).parameters}
        vars(self).update(vars(type(self)(self.shape, {k: new[k] for k in self.functions}, **own)))

    def values(self, *u, mix=None):
        values = self.shape.values(*u, **self.functions)
        return values if mix is None else values @ mix

    def __repr__(self):
        known = signature(type(self)).parameters | signature(self.shape.values).parameters
        usual = {k: repr(p.default) for k, p in known.items()} | {"label": repr(self.name)}
        given = [f"{k}={v!r}" for k, v in self.arguments.items() if repr(v) != usual[k]]
        return f"{self.name}({', '.join(given)})"


class Eval(Leaf):
    """Evaluated at the input: u = (x - lo) / (hi - lo) with ``bounds`` = (lo, hi).

    Without bounds, lo and hi are the smallest and largest finite sample of each column of the
    first data seen, and stay so. A row with a sample out of bounds is ``fill_value``
    throughout; a NaN sample makes the functions of its own column NaN.
    """

    window, causality, shift = 0, "causal", False

    def __init__(self, shape, functions, bounds=None, fill_value=np.nan, label=None):
        self.shape, self.functions, self.bounds = shape, functions, bounds
        self.fill_value, self.label = fill_value, self.name if label is None else label
        u = self._labels() if shape.labels else np.linspace(0, 1, 2)
        self.n_basis_funcs = self.values(*[u] * self.n_inputs).shape[1]  # checks arguments too
        self.limits = None if shape.rescaled and bounds is None else self._limits()
        self.forget()

    def _labels(self):
        return shapes.category_labels(self.functions["categories"])

    def _limits(self):
        """(n_inputs, 2)"""
        try:
            edges = self.functions.get("edges", (-np.inf, np.inf))
            given = (edges[0], edges[-1]) if self.bounds is None else self.bounds
            limits = np.broadcast_to(np.asarray(given, dtype=float), (self.n_inputs, 2))
        except (TypeError, ValueError):
            limits = np.zeros((1, 2))
        if not (limits[:, 0] < limits[:, 1]).all():
            raise ValueError(f"bounds={self.bounds!r}; give (lo, hi) with lo < hi")
        return limits

    def forget(self):
        self.learned, self.input_shape = [], ()

    def learn(self, inputs, input_shape):
        """Keep lo, hi (and the mix) of each column, unless they are there."""
        self.input_shape, n = input_shape, inputs[0].shape[1]
        if not self.learned or (self.limits is not None and len(self.learned) != n):
            self.learned = [self._learn_column([x[:, c] for x in inputs]) for c in range(n)]
        if len(self.learned) != n:
            raise ValueError(
                f"{self.label} learned the bounds of {len(self.learned)} columns and got {n}; "
                "give bounds=(lo, hi), or fit() it anew"
            )

    def _learn_column(self, x):
        if self.limits is not None:
            lo, hi = self.limits.T
        else:
            finite = [v[np.isfinite(v)] for v in x]
            if not all(map(len, finite)):
                raise ValueError(f"{self.label} got no finite sample to learn bounds; give bounds")
            lo, hi = np.array([(v.min(), v.max()) for v in finite], dtype=float).T
        if not self.shape.orthonormal:
            return lo, hi, None
        u, _, missing = self._rescale(x, lo, hi)
        return lo, hi, shapes.orthonormal_mix(self.values(*u[:, ~missing]))

    def _rescale(self, x, lo, hi):
        """u (n_inputs, T), and where it has no values (T,): out of bounds, missing."""
        if self.shape.labels:
            return np.stack(x), *np.zeros((2, len(x[0])), dtype=bool)
        x, lo, hi = np.stack(x).astype(float), lo[:, None], hi[:, None]
        u = (x - lo) / np.where(hi > lo, hi - lo, 1) if self.shape.rescaled else x
        outside = ((x < lo) | (x > hi)).any(axis=0) & (not self.shape.periodic)
        return u, outside, ~np.isfinite(x).all(axis=0)

    def blocks(self, inputs, epochs):
        out = np.full((*inputs[0].shape, self.n_basis_funcs), np.nan)
        out_of_bounds = np.zeros(len(out), dtype=bool)
        for c, (lo, hi, mix) in enumerate(self.learned):
            u, outside, missing = self._rescale([x[:, c] for x in inputs], lo, hi)
            inside = ~outside & ~missing
            out[inside, c] = self.values(*u[:, inside], mix=mix)
            if self.shape.density:
                out[:, c] /= np.where(hi > lo, hi - lo, 1)
            out_of_bounds |= outside
        out[out_of_bounds] = self.fill_value
        return [out]

    def evaluate(self, *x):
        columns = 1 if self.limits is not None else max(len(self.learned), 1)
        points = [np.asarray(v).reshape(-1, columns) for v in x]
        twin = copy.copy(self)  # learns in place of self where nothing is known yet
        twin.learn(points, ())
        return twin.blocks(points, ())[0].reshape(*np.shape(x[0]), -1)

    def grid(self, *n):
        if self.shape.labels:
            return [self._labels()]
        if self.limits is None and len(self.learned) > 1:
            raise ValueError(f"{self.label} learned bounds for each column; give bounds=(lo, hi)")
        ends = [(0, 1)] * len(n)
        if self.limits is not None and np.isfinite(self.limits).all():
            ends = self.limits
        elif self.limits is None and self.learned:
            ends = np.transpose(self.learned[0][:2])
        return [np.linspace(*pair, k) for pair, k in zip(ends, n, strict=True)]


class Conv(Leaf):
    """Convolved with the input: X[t, b] = sum_s kernels[s, b] x[t - 1 - s].

    s = 0 .. ``window_size`` - 1 bins, the newest first; ``kernels`` are the functions at
    linspace(0, 1, window_size). ``conv_kwargs``: ``predictor_causality`` and ``shift`` of
    minglm.convolve.create_convolutional_predictor.
    """

    def __init__(self, shape, functions, window_size, label=None, conv_kwargs=None):
        self.shape, self.functions, self.window_size = shape, functions, window_size
        self.conv_kwargs, self.label = conv_kwargs, self.name if label is None else label
        if not isinstance(window_size, int | np.integer) or window_size < 1:
            raise ValueError(f"window_size is {window_size!r}; give bins, an integer >= 1")
        options = {k: v for k, v in (conv_kwargs or {}).items() if not k.startswith("batch_size_")}
        self.causality = options.pop("predictor_causality", "causal")
        self.shift = check_causality(self.causality, options.pop("shift", None))
        if options:
            raise ValueError(f"conv_kwargs {options}; give predictor_causality and shift only")
        lags = np.linspace(0, 1, window_size)
        self.mix = shapes.orthonormal_mix(self.values(lags)) if shape.orthonormal else None
        self.kernels = self.values(lags, mix=self.mix)  # (W, B)
        self.n_basis_funcs = self.kernels.shape[1]
        self.window, self.input_shape = window_size, ()

    def forget(self):
        """There is nothing to learn."""

    def learn(self, inputs, input_shape):
        self.input_shape = input_shape

    def blocks(self, inputs, epochs):
        return [convolve(self.kernels, inputs[0], epochs, self.causality, self.shift)]

    def evaluate(self, *x):
        lags = np.asarray(x[0], dtype=float)
        if not ((lags >= 0) & (lags <= 1)).all():
            raise ValueError(f"{self.label}: give lags from 0, the newest bin, to 1, the oldest")
        return self.values(lags.ravel(), mix=self.mix).reshape(*lags.shape, -1)

    def grid(self, n):
        return [np.linspace(0, 1, n)]


def _name(shape: Shape, kind: type) -> str:
    return shape.name if shape.labels else shape.name + kind.__name__


def _constructor(shape: Shape, kind: type):
    """The public name of a shape read in one way: a function with the arguments of both."""
    of_shape = list(signature(shape.values).parameters.values())
    of_shape = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in of_shape[1:]]
    of_kind = list(signature(kind).parameters.values())[2:]
    needed = [p for p in of_kind if p.default is p.empty]
    all_ = {p.name: p for p in [*of_shape[:1], *needed, *of_shape, *of_kind]}
    all_["label"] = all_["label"].replace(default=_name(shape, kind))
    public = signature(kind).replace(
        parameters=sorted(all_.values(), key=lambda p: p.default is not p.empty)
    )

    def construct(*args, **kwargs):
        given = public.bind(*args, **kwargs)
        given.apply_defaults()
        own, given = [p.name for p in of_kind], given.arguments
        functions = {p.name: given[p.name] for p in of_shape}
        return kind(shape, functions, **{k: given[k] for k in own})

    construct.__name__ = construct.__qualname__ = _name(shape, kind)
    construct.__doc__ = f"{shape.values.__doc__}\n\n    {kind.__doc__}"
    construct.__signature__ = public
    return construct


def _both(name: str, values, **options):
    shape = Shape(name, values, **options)
    return _constructor(shape, Eval), _constructor(shape, Conv)


RaisedCosineLinearEval, RaisedCosineLinearConv = _both(
    "RaisedCosineLinear", shapes.raised_cosine_linear
)
RaisedCosineLogEval, RaisedCosineLogConv = _both("RaisedCosineLog", shapes.raised_cosine_log)
BSplineEval, BSplineConv = _both("BSpline", shapes.b_spline)
CyclicBSplineEval, CyclicBSplineConv = _both("CyclicBSpline", shapes.cyclic_b_spline)
MSplineEval, MSplineConv = _both("MSpline", shapes.m_spline, density=True)
OrthExponentialEval, OrthExponentialConv = _both(
    "OrthExponential", shapes.exponential, orthonormal=True
)
FourierEval = _constructor(Shape("Fourier", shapes.fourier, periodic=True), Eval)
IdentityEval = _constructor(Shape("Identity", shapes.identity, rescaled=False), Eval)
HistoryConv = _constructor(Shape("History", shapes.history), Conv)
BinsEval = _constructor(Shape("Bins", shapes.bins, rescaled=False), Eval)
Category = _constructor(Shape("Category", shapes.category, rescaled=False, labels=True), Eval)
