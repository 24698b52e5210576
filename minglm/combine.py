"""What all bases can do, and how they are put together: sum, product, repetition, power.

    task = BSplineEval(5) * RaisedCosineLinearEval(6) + HistoryConv(100)
    X = task.compute_features(x, y, counts)              # (T, 5 * 6 + 100)
    task.split_by_feature(X)                             # {label: (T, 30), label: (T, 100)}
"""

import copy
from functools import reduce
from math import prod

import numpy as np

from .convolve import warn_of_window
from .timeseries import align, unwrap


class Basis:
    """Turns one or several time series into columns of a design matrix.
    It has a ``label``, ``n_basis_funcs``, the ``parts`` of the sum that it is, and the
    ``leaves`` that read the inputs. It is a scikit-learn transformer too: ``fit`` learns
    bounds anew, ``transform`` deals the columns of X out evenly to the inputs."""

    __array_ufunc__ = None  # leaves np.int64(3) * basis to __rmul__
    n_inputs = property(lambda self: sum(leaf.n_inputs for leaf in self.leaves))

    def combine(self, blocks):
        """From an iterator over what the leaves give, (..., B) each: one block for each part."""
        raise NotImplementedError

    def compute_features(self, *inputs):
        """(T, P) features of inputs (T,) or (T, C), channel by channel; pynapple in and out.
        Convolutions start anew in each epoch. Bounds that were not given are learned on the
        first call (or by ``fit``) and kept: later data never move them."""
        values, series = self._read(inputs)
        features = self._features(values, series.epochs)
        return series.wrap(features, repeat=self.n_basis_funcs if self.n_inputs == 1 else 0)

    def iter_features(self, *inputs, chunk: int = 2**16):
        """``compute_features`` in arrays of ``chunk`` rows, for features larger than memory."""
        values, series = self._read(inputs)
        n, reach = len(series.values), max(leaf.window for leaf in self.leaves)
        for start in range(0, n, chunk):
            lo, hi = max(start - reach, 0), min(start + chunk + reach, n)
            cut = [(max(e.start, lo) - lo, min(e.stop, hi) - lo) for e in series.epochs]
            epochs = [slice(a, b) for a, b in cut if a < b]
            features = self._features([x[lo:hi] for x in values], epochs)
            yield features[start - lo : start - lo + chunk]

    def evaluate(self, *x):
        """The functions at given points, not convolved: x (...) -> (..., n_basis_funcs)."""
        return np.concatenate(self.combine(leaf.at(*own) for leaf, own in self._deal(x)), axis=-1)

    def evaluate_on_grid(self, *n: int):
        """(grid of each input ..., values) with n points along each, over its bounds or [0, 1]."""
        n = n * self.n_inputs if len(n) == 1 else n
        axes = [axis for leaf, own in self._deal(n) for axis in leaf.grid(*own)]
        grids = np.meshgrid(*axes, indexing="ij")
        return *grids, self.evaluate(*grids)

    def split_by_feature(self, x, axis: int = 1) -> dict:
        """{label: block} of features (or, with axis=0, weights): the axis becomes (C,) B."""
        series = unwrap(x)
        shape = series.values.shape
        widths = [(*part.leaves[0].input_shape, part.n_basis_funcs) for part in self.parts]
        ends = np.cumsum([prod(width) for width in widths])
        if shape[axis] != ends[-1]:
            raise ValueError(f"x has shape {shape}; axis {axis} must have {ends[-1]} features")
        pieces = zip(np.split(series.values, ends[:-1], axis), widths, strict=True)
        pieces = [p.reshape(*shape[:axis], *w, *shape[axis + 1 :]) for p, w in pieces]
        labels = _distinct([part.label for part in self.parts])
        return dict(zip(labels, map(series.wrap, pieces) if axis else pieces, strict=True))

    def fit(self, X, y=None):
        for leaf in self.leaves:
            leaf.change()
        self._read(self._columns(X))
        return self

    def transform(self, X):
        return self.compute_features(*self._columns(X))

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def to_transformer(self):
        """A copy that has learned nothing. NeMoS needs this call; here a basis is a transformer."""
        new = copy.deepcopy(self)
        for leaf in new.leaves:
            leaf.change()
        return new

    __sklearn_clone__ = to_transformer

    def get_params(self, deep: bool = True) -> dict:
        """The arguments it was made with; those of a composite are named ``label__argument``."""
        return {key: leaf.arguments[name] for key, (leaf, name) in self._arguments().items()}

    def set_params(self, **params):
        """Change arguments; what was learned with the old ones is forgotten."""
        known, changes = self._arguments(), {}
        for key, value in params.items():
            if key not in known:
                raise ValueError(f"{self.label} has no argument {key!r}, but {', '.join(known)}")
            leaf, name = known[key]
            changes.setdefault(leaf, {})[name] = value
        for leaf, arguments in changes.items():
            leaf.change(**arguments)
        return self

    def __add__(self, other):
        return Sum(self, other) if isinstance(other, Basis) else NotImplemented

    def __mul__(self, other):
        return Product(self, other) if isinstance(other, Basis) else self._repeat(Sum, other)

    __rmul__ = __mul__

    def __pow__(self, n):
        return self._repeat(Product, n)

    def _repeat(self, combine, n):
        if not isinstance(n, int | np.integer):
            return NotImplemented
        if n < 1:
            raise ValueError(f"{self.label} cannot be repeated {n} times; give an integer >= 1")
        return copy.deepcopy(self) if n == 1 else combine(*[self] * int(n))

    def _arguments(self):
        """{name in get_params: (leaf, its own name for it)}"""
        if self.leaves == [self]:
            return {name: (self, name) for name in self.arguments}
        leaves = zip(_distinct([leaf.label for leaf in self.leaves]), self.leaves, strict=True)
        return {f"{a}__{name}": (leaf, name) for a, leaf in leaves for name in leaf.arguments}

    def _deal(self, inputs):
        """[(leaf, [its own inputs]), ...]"""
        if len(inputs) != self.n_inputs:
            raise ValueError(f"{self.label} takes {self.n_inputs} inputs, not {len(inputs)}")
        rest = iter(inputs)
        return [(leaf, [next(rest) for _ in range(leaf.n_inputs)]) for leaf in self.leaves]

    def _read(self, inputs):
        """Inputs as (T, C) arrays, and the series with their time axis. Leaves learn here."""
        dealt = self._deal(inputs)
        series = [unwrap(x, leaf.label, not leaf.shape.labels) for leaf, own in dealt for x in own]
        axis, columns = align(*series), lambda s: s.values.reshape(len(s.values), -1)
        for leaf, own in self._deal(series):
            leaf.input_shape = own[0].values.shape[1:]
            leaf.learn(list(map(columns, own)))
            warn_of_window(axis.epochs, leaf.window, leaf.causality, leaf.shift)
        return list(map(columns, series)), axis

    def _features(self, values, epochs):
        blocks = self.combine(leaf.features(own, epochs) for leaf, own in self._deal(values))
        flat = [block.reshape(len(block), -1) for block in blocks]
        return flat[0] if len(flat) == 1 else np.hstack(flat)

    def _columns(self, X):
        """The columns of X as one series for each input."""
        if self.n_inputs == 1:
            return [X]
        series, n = unwrap(X, "X", numeric=False), self.n_inputs
        if series.values.ndim != 2 or series.values.shape[1] % n:
            raise ValueError(f"X has shape {series.values.shape}; {self.label} has {n} inputs")
        pieces = np.split(series.values, n, axis=1)
        return [series.wrap(p[:, 0] if p.shape[1] == 1 else p) for p in pieces]


class Sum(Basis):
    """Features side by side."""

    def __init__(self, *terms: Basis):
        self.parts = [copy.deepcopy(part) for term in terms for part in term.parts]
        self.leaves = [leaf for part in self.parts for leaf in part.leaves]
        self.label = f"({' + '.join(part.label for part in self.parts)})"

    n_basis_funcs = property(lambda self: sum(part.n_basis_funcs for part in self.parts))

    def combine(self, blocks):
        return [block for part in self.parts for block in part.combine(blocks)]

    def __repr__(self):
        return " + ".join(map(repr, self.parts))


class Product(Basis):
    """All products of one feature of each factor, channel by channel; the last factor is fast."""

    def __init__(self, *factors: Basis):
        self.parts, self.factors = [self], [copy.deepcopy(factor) for factor in factors]
        self.leaves = [leaf for factor in self.factors for leaf in factor.leaves]
        self.label = f"({' * '.join(factor.label for factor in self.factors)})"

    n_basis_funcs = property(lambda self: prod(factor.n_basis_funcs for factor in self.factors))

    def combine(self, blocks):
        each = [np.concatenate(factor.combine(blocks), axis=-1) for factor in self.factors]
        shapes = sorted({block.shape[:-1] for block in each})
        if len(shapes) > 1:
            raise ValueError(f"{self.label} got inputs of shapes {shapes}; give equal shapes")
        rows = lambda a, b: (a[..., :, None] * b[..., None, :]).reshape(*a.shape[:-1], -1)
        return [reduce(rows, each)]

    def __repr__(self):
        return " * ".join(f"({f!r})" if isinstance(f, Sum) else repr(f) for f in self.factors)


def _distinct(labels) -> list[str]:
    """The labels, with _1, _2, ... after those that came before."""
    seen = [labels[:i].count(label) for i, label in enumerate(labels)]
    return [f"{label}_{k}" if k else label for label, k in zip(labels, seen, strict=True)]
