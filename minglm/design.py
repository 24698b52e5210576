"""From what the user gives to arrays that a solver takes: checked, named, gaps weighted 0.

design = read_design(X)               # array, pynapple, DataFrame or dict of blocks
design.values, design.blocks          # (T, P) and {name: number of columns}
problem = read_problem(design, y, family, link)
"""

import sys
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import multihost_utils

from minglm.chunks import Chunks
from minglm.links import Link
from minglm.nodes import node, static
from minglm.observation_models import Family
from minglm.timeseries import Series, align, unwrap


@dataclass(frozen=True)
class Design:
    """A feature matrix, its blocks of columns, and the series whose time axis it has."""

    values: np.ndarray  # (T, P)
    blocks: dict[str, int]
    series: Series
    named: bool  # X was a dict

    def split(self, coef):
        """Rows of coef (P, ...) as X was given: an array, or a dict of blocks."""
        ends = np.cumsum(list(self.blocks.values()))[:-1]
        return dict(zip(self.blocks, np.split(coef, ends), strict=True)) if self.named else coef

    def join(self, coef):
        """The way back: coef (P, ...) of a fit, in the order of these columns."""
        fitted = {"X": len(coef)}
        if isinstance(coef, dict):
            fitted = {name: len(part) for name, part in coef.items()}
        if isinstance(coef, dict) != self.named or self.blocks != fitted:
            raise ValueError(
                f"X has {self.values.shape[1]} features, but GLM is expecting "
                f"{sum(fitted.values())} features as input: blocks {fitted}, not {self.blocks}"
            )
        return np.concatenate([coef[name] for name in self.blocks]) if self.named else coef


def read_design(X) -> Design:
    if is_placed(X):
        return Design(X, {"X": X.shape[1]}, Series(X, (slice(0, len(X)),)), False)
    named = isinstance(X, dict) and not _is_sparse(X)  # a dok_matrix is a dict
    series = {k: _read_block(x, f"X[{k!r}]") for k, x in X.items()} if named else {}
    series = series or {"X": _read_block(X, "X")}
    kind = lambda a: a.dtype if a.dtype == np.float32 else float  # any other becomes float64
    arrays = [s.values.astype(kind(s.values), copy=False) for s in series.values()]
    blocks = {name: a.shape[1] for name, a in zip(series, arrays, strict=True)}
    frame = align(*series.values())
    values = arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=1)
    for n, what in zip(values.shape, ("sample", "feature"), strict=True):
        if n == 0:
            raise ValueError(
                f"X has 0 {what}(s) (shape={values.shape}) while a minimum of 1 is required."
            )
    return Design(values, blocks, frame, named)


def is_placed(a) -> bool:
    """Is it in Chunks, or on several devices? Then it stays where it is."""
    several = lambda: isinstance(a, jax.Array) and len(a.sharding.device_set) > 1
    return isinstance(a, Chunks) or several()


def host(a) -> np.ndarray:
    """All of an array of which this process may hold a part."""
    if not isinstance(a, jax.Array) or a.is_fully_addressable or a.is_fully_replicated:
        return np.asarray(a)
    return multihost_utils.process_allgather(a, tiled=True)


def _read_block(x, what) -> Series:
    kind = getattr(getattr(x, "dtype", None), "kind", None)
    if _is_sparse(x):
        raise TypeError(f"{what} is sparse; sparse data are not supported, give {what}.toarray()")
    if kind == "c":
        raise ValueError(f"{what} is complex. Complex data not supported: give abs(x) or x.real")
    series = unwrap(np.asarray(x, float) if kind == "O" else x, what)
    if series.values.ndim != 2:
        raise ValueError(
            f"{what} has shape {series.values.shape}, but features are 2-D, (samples, features). "
            f"Reshape your data: {what}[:, None] for one feature"
        )
    return series


def _is_sparse(x) -> bool:
    scipy = sys.modules.get("scipy.sparse")
    return scipy is not None and scipy.issparse(x)


@node
class Problem:
    """The data of a fit. Rows left out have weight 0, and finite values in X and y."""

    X: jax.Array  # (T, P)
    y: jax.Array  # (T, N)
    weight: jax.Array  # (T, 1), sums to 1
    offset: jax.Array  # (T, N), (T, 1) or (1, 1)
    mask: jax.Array  # (P, N), 1 where a weight may differ from 0
    family: Family
    link: Link = static()

    def neuron(self, n):
        """The problem of one neuron, with N = 1."""
        one = lambda a: a[:, n : n + 1] if a.shape[1] > 1 else a
        return replace(self, y=one(self.y), offset=one(self.offset), mask=one(self.mask))

    def eta(self, w, b):
        """(T, N): X w + b, in the precision of X."""
        return self.X @ w.astype(self.X.dtype) + b.astype(self.X.dtype)

    def slopes(self, eta):
        """First and second derivatives of each row's share of the loss, (T, N) each."""
        g = self.family.slope(self.link, eta, self.y)
        h = self.family.curvature(self.link, eta, self.y)
        return [jnp.where(self.weight > 0, self.weight * a, 0) for a in (g, h)]

    def loss(self, eta):
        """(N,): weighted mean of the negative log-likelihood."""
        nll = self.family.nll(self.link, eta, self.y)
        return jnp.sum(jnp.where(self.weight > 0, self.weight * nll, 0), axis=0, dtype=float)


def read_problem(design, y, family, link, mask=None, sample_weight=None, offset=None) -> Problem:
    """Leave out rows with NaN or Inf in X, y or offset; ValueError if the rest cannot be fitted."""
    X, T = design.values, len(design.values)
    Y = read_target(design, y).astype(X.dtype).reshape(T, -1)
    weight = np.ones(T) if sample_weight is None else _read_weight(sample_weight, T)
    offset = np.zeros((1, 1)) if offset is None else read_offset(offset, Y.shape)
    used = (weight > 0) & _whole(X) & _whole(Y)
    used = used & np.isfinite(offset).all(axis=1)
    if not used.any():
        raise ValueError(
            f"none of the {T} rows is free of NaN and Inf in X and y; look at np.isnan(X).sum(0) "
            "(a window longer than its epoch makes every row NaN)"
        )
    for a, name in ((X, "X"), (Y, "y")):
        if not is_placed(a):
            _check_size(a[used], name)
    low, high, words = family.support
    wrong = used[:, None] & ((low > Y) | (high < Y))
    if wrong.any():
        raise ValueError(
            f"y holds {host(Y)[host(wrong)][0]:g}, but {type(family).__name__} needs {words}; "
            "choose another observation_model, or correct y"
        )
    kept = lambda a: used.all() or len(a) == 1 or isinstance(a, Chunks)
    where = lambda a: (jnp if is_placed(a) else np).where(used[:, None], a, 0)
    clean = lambda a: a if kept(a) else where(a)
    weight = clean(weight[:, None] / weight[used].sum()).astype(X.dtype)
    mask = np.ones((X.shape[1], Y.shape[1])) if mask is None else mask
    offset = clean(offset).astype(X.dtype)
    return Problem(clean(X), clean(Y), weight, offset, mask, family, link)


def _whole(a):
    """(T,): which rows are free of NaN and Inf."""
    if isinstance(a, Chunks):
        return a.whole
    return host((jnp if is_placed(a) else np).isfinite(a).all(axis=1))


def _check_size(a, name):
    """ValueError for columns whose squares a float of this kind cannot hold."""
    size = np.maximum(a.max(axis=0), -a.min(axis=0))
    low, high = np.finfo(a.dtype).tiny ** 0.45, np.finfo(a.dtype).max ** 0.45
    wrong = size[(size > high) | (size < low) & (size > 0)]
    if wrong.size:
        raise ValueError(
            f"{name} has a column of size {wrong[0]:.1g}; {a.dtype} needs {low:.0e} to {high:.0e}, "
            f"so give {name} in another unit"
        )


def read_target(design, y) -> np.ndarray:
    """y as (T,) or (T, N), with the rows and the time axis of X."""
    T = len(design.values)
    if y is None:
        raise ValueError("GLM requires y to be passed, but the target y is None; give fit(X, y)")
    series = Series(y, ()) if is_placed(y) else unwrap(y, "y")
    if series.values.ndim not in (1, 2) or len(series.values) != T:
        raise ValueError(
            f"y has shape {series.values.shape}, but X has {T} rows; give y of shape ({T},), "
            f"or ({T}, neurons) for a population"
        )
    align(design.series, series)
    return series.values


def _read_weight(weight, T) -> np.ndarray:
    a = np.asarray(weight, float)
    a = np.full(T, a) if a.ndim == 0 else a
    if a.shape != (T,) or not ((a >= 0) & (a < np.inf)).all() or not a.any():
        raise ValueError(
            f"sample_weight has shape {a.shape}; give ({T},) finite numbers >= 0, not all zero"
        )
    return a


def read_offset(offset, shape) -> np.ndarray:
    """(T, 1) or (T, N) of known terms of eta."""
    a = unwrap(offset, "offset").values.astype(float)
    a = a[:, None] if a.ndim == 1 else a
    if a.ndim != 2 or len(a) != shape[0] or a.shape[1] not in (1, shape[1]):
        raise ValueError(
            f"offset has shape {np.shape(offset)}; give ({shape[0]},), or {shape} for a population"
        )
    return a
