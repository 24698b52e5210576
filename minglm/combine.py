"""What all bases can do, and how they are put together: sum, product, repetition, power.

    place = BSplineEval(5) * RaisedCosineLinearEval(6) + HistoryConv(100)
    X = place.compute_features(x, y, counts)             # (T, 5 * 6 + 100)
    place.split_by_feature(X)                            # {label: (T, 30), label: (T, 100)}

The leaves of the tree, Eval and Conv, are in basis.py.
"""

import copy
from functools import reduce
from math import prod

import numpy as np

from .convolve import warn_if_short
from .timeseries import align, unwrap


class Basis:
    """Turns one or several time series into columns of a design matrix.

    It has a ``label``, ``n_basis_funcs``, the ``parts`` of the sum that it is and the
    ``leaves`` that read the inputs. It is a scikit-learn transformer too: ``fit`` learns
    bounds anew, ``transform`` shares the columns of X out evenly among the inputs.
    """

    __array_ufunc__ = None  # np.int64(3) * basis is for __rmul__

    def blocks(self, inputs, epochs):
        """inputs [(T, C), ...] -> [(T, C, B), ...], one for each part."""
        raise NotImplementedError

    def evaluate(self, *x):
        """The functions at given points, not convolved: x (...) -> (..., n_basis_funcs)."""
        raise NotImplementedError

    def compute_features(self, *inputs):
        """(T, P) features of inputs (T,) or (T, C), channel by channel; pynapple in and out.

        Convolutions start anew in each epoch. Bounds that were not given are learned on the
        first call (or by ``fit``) and kept: later data never move them.
        """
        values, series = self._read(inputs)
        features = np.hstack(_flat(self.blocks(values, series.epochs)))
        return series.wrap(features, repeat=self.n_basis_funcs if self.n_inputs == 1 else 0)

    def iter_features(self, *inputs, chunk: int = 100_000):
        """The rows of ``compute_features`` in arrays of ``chunk`` rows, when T is large."""
        values, series = self._read(inputs)
        n, reach = len(series.values), max(leaf.window for leaf in self.leaves)
        for a in range(0, n, chunk):
            lo, hi = max(a - reach, 0), min(a + chunk + reach, n)
            cut = [(max(e.start - lo, 0), min(e.stop, hi) - lo) for e in series.epochs]
            epochs = tuple(slice(start, stop) for start, stop in cut if stop > start)
            rows = _flat(self.blocks([v[lo:hi] for v in values], epochs))
            yield np.hstack(rows)[a - lo : a - lo + chunk]

    def evaluate_on_grid(self, *n: int):
        """(grids, values): n points per input over its bounds, a lag or unknown bounds over 0-1."""
        n = n * self.n_inputs if len(n) == 1 else n
        axes = [axis for leaf, own in self._share(n, self.leaves) for axis in leaf.grid(*own)]
        grids = np.meshgrid(*axes, indexing="ij")
        return *grids, self.evaluate(*grids)

    def split_by_feature(self, x, axis: int = 1) -> dict:
        """{label: block} of features (or, on axis 0, weights): axis P becomes (C,) B."""
        series = unwrap(x)
        shapes = [(*part.leaves[0].input_shape, part.n_basis_funcs) for part in self.parts]
        ends = np.cumsum([prod(shape) for shape in shapes])
        before, after = series.values.shape[:axis], series.values.shape[axis + 1 :]
        if series.values.shape[axis] != ends[-1]:
            raise ValueError(f"axis {axis} of x {series.values.shape} needs {ends[-1]} features")
        pieces = np.split(series.values, ends[:-1], axis)
        pieces = [p.reshape(*before, *s, *after) for p, s in zip(pieces, shapes, strict=True)]
        names = _distinct(part.label for part in self.parts)
        return dict(zip(names, map(series.wrap, pieces) if axis else pieces, strict=True))

    def fit(self, X, y=None):
        for leaf in self.leaves:
            leaf.forget()
        self._read(self._columns(X))
        return self

    def transform(self, X):
        return self.compute_features(*self._columns(X))

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def to_transformer(self):
        """A copy, as in NeMoS; the basis is a transformer itself."""
        return copy.deepcopy(self)

    def get_params(self, deep: bool = True) -> dict:
        """The arguments it was made with; those of a composite are named ``label__argument``."""
        return {key: leaf.arguments[name] for key, (leaf, name) in self._arguments().items()}

    def set_params(self, **params):
        """Change arguments; what was learned is forgotten."""
        known, changes = self._arguments(), {}
        for key, value in params.items():
            if key not in known:
                raise ValueError(f"{self.label} has no argument {key!r}, but {', '.join(known)}")
            leaf, name = known[key]
            changes.setdefault(leaf, {})[name] = value
        for leaf, arguments in changes.items():
            leaf.change(**arguments)
        return self

    def __sklearn_clone__(self):
        new = copy.deepcopy(self)
        for leaf in new.leaves:
            leaf.forget()
        return new

    def __add__(self, other):
        return Sum(self, other) if isinstance(other, Basis) else NotImplemented

    def __mul__(self, other):
        if isinstance(other, Basis):
            return Product(self, other)
        return _repeat(Sum, self, other, "number of repetitions")

    __rmul__ = __mul__

    def __pow__(self, n):
        return _repeat(Product, self, n, "power")

    @property
    def n_inputs(self) -> int:
        return sum(leaf.n_inputs for leaf in self.leaves)

    def _arguments(self):
        if self.leaves == [self]:
            return {name: (self, name) for name in self.arguments}
        leaves = zip(_distinct(leaf.label for leaf in self.leaves), self.leaves, strict=True)
        return {f"{a}__{name}": (leaf, name) for a, leaf in leaves for name in leaf.arguments}

    def _share(self, inputs, among):
        """[(basis, its own inputs), ...]"""
        if len(inputs) != self.n_inputs:
            raise ValueError(f"{self.label} takes {self.n_inputs} inputs, not {len(inputs)}")
        rest = iter(inputs)
        return [(basis, [next(rest) for _ in range(basis.n_inputs)]) for basis in among]

    def _read(self, inputs):
        """Inputs as (T, C) arrays, and the series with their time axis. Leaves learn here."""
        series = []
        for leaf, own in self._share(inputs, self.leaves):
            new = [unwrap(x, leaf.label, not leaf.shape.labels) for x in own]
            leaf.learn([s.values.reshape(len(s.values), -1) for s in new], new[0].values.shape[1:])
            series += new
        axis = align(*series)
        for leaf in self.leaves:
            warn_if_short(axis.epochs, leaf.window, leaf.shift)
        return [s.values.reshape(len(s.values), -1) for s in series], axis

    def _columns(self, X):
        """The columns of X as one series per input."""
        if self.n_inputs == 1:
            return [X]
        series, n = unwrap(X, "X", numeric=False), self.n_inputs
        if series.values.ndim != 2 or series.values.shape[1] % n:
            raise ValueError(f"X has shape {series.values.shape}; give every input as many")
        pieces = np.split(series.values, n, axis=1)
        return [series.wrap(p[:, 0] if p.shape[1] == 1 else p) for p in pieces]


class Sum(Basis):
    """Features side by side: P = P_1 + P_2 + ..."""

    def __init__(self, *parts: Basis):
        self.parts = [copy.deepcopy(part) for whole in parts for part in whole.parts]
        self.label = f"({' + '.join(part.label for part in self.parts)})"

    def __repr__(self):
        return " + ".join(map(repr, self.parts))

    leaves = property(lambda self: [leaf for part in self.parts for leaf in part.leaves])
    n_basis_funcs = property(lambda self: sum(part.n_basis_funcs for part in self.parts))

    def blocks(self, inputs, epochs):
        shared = self._share(inputs, self.parts)
        return [block for part, own in shared for block in part.blocks(own, epochs)]

    def evaluate(self, *x):
        return np.concatenate([part.evaluate(*own) for part, own in self._share(x, self.parts)], -1)


class Product(Basis):
    """All products of one feature of each factor, channel by channel; the first factor is slow."""

    def __init__(self, *factors: Basis):
        self.factors = [copy.deepcopy(factor) for factor in factors]
        self.label = f"({' * '.join(factor.label for factor in self.factors)})"

    parts = property(lambda self: [self])
    leaves = property(lambda self: [leaf for factor in self.factors for leaf in factor.leaves])
    n_basis_funcs = property(lambda self: prod(factor.n_basis_funcs for factor in self.factors))

    def blocks(self, inputs, epochs):
        shapes = {x.shape for x in inputs}
        if len(shapes) > 1:
            raise ValueError(f"{self.label} got inputs {sorted(shapes)}; give equal shapes")
        shared = self._share(inputs, self.factors)
        factors = [np.concatenate(factor.blocks(own, epochs), axis=2) for factor, own in shared]
        return [reduce(_kron, factors)]

    def evaluate(self, *x):
        shared = self._share(x, self.factors)
        return reduce(_kron, [factor.evaluate(*own) for factor, own in shared])

    def __repr__(self):
        return " * ".join(f"({f!r})" if isinstance(f, Sum) else repr(f) for f in self.factors)


def _kron(a, b):
    return (a[..., :, None] * b[..., None, :]).reshape(*a.shape[:-1], -1)


def _flat(blocks):
    return [block.reshape(len(block), -1) for block in blocks]


def _distinct(labels) -> list[str]:
    """Labels with _1, _2, ... on those that came before."""
    names = []
    for label in labels:
        k = sum(name == label or name.rpartition("_")[0] == label for name in names)
        names.append(f"{label}_{k}" if k else label)
    return names


def _repeat(combine, basis, n, what):
    if not isinstance(n, int | np.integer):
        return NotImplemented
    if n < 1:
        raise ValueError(f"{what} is {n}; give an integer >= 1")
    return copy.deepcopy(basis) if n == 1 else combine(*[basis] * int(n))
