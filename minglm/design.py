"""From what the user gives to arrays a solver takes: rows checked, blocks named, gaps weighted.

    design = read_design(X)               # array, pynapple, DataFrame or dict of blocks
    design.values, design.blocks          # (T, P) and {name: number of columns}
    design.split(coef)                    # back to a dict, if X was one
"""

from dataclasses import dataclass

import numpy as np

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
        if not self.named:
            return coef
        ends = np.cumsum(list(self.blocks.values()))[:-1]
        return dict(zip(self.blocks, np.split(coef, ends), strict=True))


def read_design(X) -> Design:
    named = isinstance(X, dict)
    parts = X if named else {"X": X}
    if not parts:
        raise ValueError("X is an empty dict; give at least one block of features")
    series = [unwrap(x, f"X[{name!r}]" if named else "X") for name, x in parts.items()]
    for name, s in zip(parts, series, strict=True):
        if s.values.ndim != 2:
            what = f"X[{name!r}]" if named else "X"
            raise ValueError(
                f"{what} has shape {s.values.shape}, a feature matrix is 2-D, (samples, features); "
                f"Reshape your data: {what}[:, None] for one feature"
            )
    arrays = [_floats(s.values) for s in series]
    blocks = {name: a.shape[1] for name, a in zip(parts, arrays, strict=True)}
    series = align(*series)
    values = arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=1)
    for n, what in zip(values.shape, ("sample", "feature"), strict=True):
        if n == 0:
            raise ValueError(
                f"X has 0 {what}(s) (shape={values.shape}) while a minimum of 1 is required."
            )
    return Design(values, blocks, series, named)


def _floats(a):
    """float32 stays; every other real type becomes float64."""
    return np.asarray(a, a.dtype if a.dtype == np.float32 else np.float64)


@dataclass(frozen=True)
class Rows:
    """Clean arrays of one fit or score: rows not ``used`` have weight 0 and zeros in X and y."""

    X: np.ndarray  # (T, P)
    y: np.ndarray  # (T, N)
    weight: np.ndarray  # (T, 1), sums to 1
    offset: np.ndarray  # (T, N), (T, 1) or (1, 1)
    used: np.ndarray  # (T,) bool
    one_neuron: bool  # y was 1-D


def read_rows(design: Design, y, family, sample_weight=None, offset=None) -> Rows:
    """Leave out rows with NaN or Inf anywhere in X, y or offset, and check the rest."""
    T, dtype = len(design.values), design.values.dtype
    target = unwrap(y, "y")
    if target.values.ndim not in (1, 2) or len(target.values) != T:
        raise ValueError(
            f"y has shape {target.values.shape}, X has {T} rows; give y of shape ({T},), "
            f"or ({T}, neurons) for a population"
        )
    align(design.series, target)
    Y = target.values.reshape(T, -1).astype(dtype)
    weight = _column(sample_weight, "sample_weight", T)
    shift = np.zeros((1, 1)) if offset is None else _offset(offset, Y.shape)
    finite = [np.isfinite(a).all(axis=1) for a in (design.values, Y, shift)]
    used = finite[0] & finite[1] & finite[2] & (weight[:, 0] > 0)
    if not used.any():
        raise ValueError(
            f"none of the {T} rows is free of NaN and Inf in X and y; look at np.isnan(X).sum(0) "
            "(a window longer than its epoch makes every row NaN)"
        )
    low, high, words = family.support
    wrong = Y[used][(Y[used] < low) | (Y[used] > high)]
    if wrong.size:
        raise ValueError(
            f"y holds {wrong[0]:g}, but {type(family).__name__} needs {words}; "
            "use another observation_model for other data"
        )
    keep = used[:, None]
    return Rows(
        design.values if used.all() else np.where(keep, design.values, 0),
        Y if used.all() else np.where(keep, Y, max(low, 0) if np.isfinite(low) else 0),
        (np.where(keep, weight, 0) / weight[used].sum()).astype(dtype),
        (shift if len(shift) == 1 else np.where(keep, shift, 0)).astype(dtype),
        used,
        target.values.ndim == 1,
    )


def _column(weight, name, T):
    """(T, 1) of weights, ones if there are none."""
    if weight is None:
        return np.ones((T, 1))
    a = np.asarray(weight, float)
    if a.ndim == 0:
        a = np.full(T, a)
    if a.shape != (T,) or not (a >= 0).all() or np.isinf(a).any():
        raise ValueError(f"{name} has shape {a.shape}; give ({T},) finite numbers, 0 or more")
    return a[:, None]


def _offset(offset, shape):
    a = unwrap(offset, "offset").values.astype(float)
    a = a[:, None] if a.ndim == 1 else a
    if a.ndim != 2 or len(a) != shape[0] or a.shape[1] not in (1, shape[1]):
        raise ValueError(
            f"offset has shape {np.shape(offset)}; give ({shape[0]},), or {shape} for a population"
        )
    return a
