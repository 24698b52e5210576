"""Penalties on the weights; the intercept is never penalised.

    GLM(regularizer="Lasso", regularizer_strength=0.1)
    GLM(regularizer=GroupLasso() + Smoothness(strength=0.5), regularizer_strength=0.1)

Each makes a ``Penalty`` (penalty.py) of a given strength. ``regularizer_strength`` is a number, or
one per block (a dict), per coefficient (P,) or (P, N), or per neuron (N,). A part made with its own
``strength`` keeps it. ``blocks``, where a penalty has them, are numbers of neighbouring columns; if
they are not given, those of the blocks of a dict X, else all columns are one block.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from minglm.penalty import Layout, Penalty, spread


class Regularizer:
    """A rule for making the Penalty of a given strength on given columns."""

    def terms(self, strength, layout: Layout) -> dict:
        """What it adds to a Penalty: ridge, l1, rough, or group and t, by name."""
        return {}

    def penalty(self, strength, layout: Layout) -> Penalty:
        """The Penalty of this strength; parts that have their own keep it."""
        P, N, parts = layout.n_features, layout.n_neurons, _parts(self)
        terms = [p.terms(strength if p.strength is None else p.strength, layout) for p in parts]
        groups = [term for term in terms if "group" in term]
        if len(groups) > 1:
            raise ValueError("a sum may hold one GroupLasso; put its groups into one mask")
        groups = groups or [{"group": np.zeros((P, 1), np.int32), "t": np.zeros((0, N))}]
        total = {k: sum(t.get(k, np.zeros((P, N))) for t in terms) for k in ("ridge", "l1")}
        rough = tuple(t["rough"] for t in terms if "rough" in t)
        corner = any(k in t for t in terms for k in ("l1", "group"))
        return Penalty(**total, **groups[0], rough=rough, has_corner=corner)

    def __add__(self, other):
        return Sum((*_parts(self), *_parts(other)))


def _parts(regularizer):
    return regularizer.parts if isinstance(regularizer, Sum) else (regularizer,)


@dataclass(frozen=True)
class Sum(Regularizer):
    """Several penalties at once, made by adding them."""

    parts: tuple[Regularizer, ...]


@dataclass(frozen=True)
class UnRegularized(Regularizer):
    """No penalty."""

    strength: None = None


@dataclass(frozen=True)
class Ridge(Regularizer):
    """strength / 2 * ||w||^2."""

    strength: float | None = None

    def terms(self, strength, layout):
        return {"ridge": spread(strength, layout.n_features, layout)}


@dataclass(frozen=True)
class Lasso(Regularizer):
    """strength * ||w||_1: single weights become exactly 0. Tibshirani (1996) JRSS B 58(1)."""

    strength: float | None = None

    def terms(self, strength, layout):
        return {"l1": spread(strength, layout.n_features, layout)}


@dataclass(frozen=True)
class ElasticNet(Regularizer):
    """strength * (ratio ||w||_1 + (1 - ratio) / 2 ||w||^2), 0 < ratio <= 1.

    As in NeMoS the strength may be a tuple (strength, ratio). Zou & Hastie (2005) JRSS B 67(2).
    """

    ratio: float = 0.5
    strength: float | tuple | None = None

    def terms(self, strength, layout):
        pair = strength if isinstance(strength, tuple) else (strength, self.ratio)
        a, ratio = (spread(v, layout.n_features, layout) for v in pair)
        if not ((ratio > 0) & (ratio <= 1)).all():
            raise ValueError(f"the ratio of ElasticNet is {ratio.min():g}; give 0 < ratio <= 1")
        return {"ridge": a * (1 - ratio), "l1": a * ratio}


@dataclass(frozen=True)
class GroupLasso(Regularizer):
    """strength * sum_g sqrt(|g|) ||w_g||: whole groups become exactly 0.

    Groups are the blocks, or the rows of ``mask`` (G, P) or (G, P, N), of 0 and 1: each weight in
    at most one group, each group in one neuron. Yuan & Lin (2006) J. R. Stat. Soc. B 68(1).
    """

    mask: np.ndarray | dict | None = None
    blocks: tuple | None = None
    strength: float | None = None

    def terms(self, strength, layout):
        mask = self._mask(layout)
        size = mask.any(axis=2).sum(axis=1)
        t = spread(strength, len(mask), layout) * np.sqrt(size)[:, None]
        group = np.where(mask.any(axis=0), mask.argmax(axis=0), len(mask))
        return {"group": group.astype(np.int32), "t": t}

    def _mask(self, layout):
        P, N, given = layout.n_features, layout.n_neurons, self.mask
        if given is None:
            sizes = _sizes(self.blocks, layout)
            given = np.repeat(np.eye(len(sizes)), sizes, axis=1)
        elif isinstance(given, dict):
            given = np.concatenate([np.asarray(given[name]) for name in layout.blocks], axis=1)
        mask = np.atleast_3d(given)
        if np.ndim(given) < 2 or mask.shape[1] != P or mask.shape[2] not in (1, N):
            wrong = f"has shape {np.shape(given)}; give (groups, {P}) or (groups, {P}, {N})"
        elif not np.isin(mask, (0, 1)).all() or (mask.sum(axis=0) > 1).any():
            wrong = "must hold 0 and 1 and put each coefficient in at most one group"
        elif (mask.any(axis=1).sum(axis=1) > 1).any():
            wrong = "has a group with weights of several neurons; give the groups as (groups, P)"
        else:
            return mask.astype(bool)
        raise ValueError(f"the mask of GroupLasso {wrong}")


@dataclass(frozen=True)
class Smoothness(Regularizer):
    """strength * w'Pw, with P = tridiag(-1, 2, -1) in each block, [1] in a block of one column.

    The 2 stands at both ends too, so end weights are also drawn to 0 (the Harvey-lab prior).
    """

    blocks: tuple | None = None
    strength: float | None = None

    def terms(self, strength, layout):
        tridiagonal = lambda n: 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
        one = lambda n: tridiagonal(n) if n > 1 else np.eye(1)
        return _rough(strength, layout, _sizes(self.blocks, layout), one)


@dataclass(frozen=True)
class SecondDifference(Regularizer):
    """strength * sum_i (w_i-1 - 2 w_i + w_i+1)^2 within each block: straight lines are free."""

    blocks: tuple | None = None
    strength: float | None = None

    def terms(self, strength, layout):
        D = lambda n: np.diff(np.eye(n), 2, axis=0)
        return _rough(strength, layout, _sizes(self.blocks, layout), lambda n: D(n).T @ D(n))


def _sizes(blocks, layout):
    sizes = list(layout.blocks.values()) if blocks is None else list(blocks)
    if sum(sizes) != layout.n_features:
        raise ValueError(
            f"blocks={sizes} cover {sum(sizes)} columns, X has {layout.n_features}; "
            "give the number of columns of each block, in order"
        )
    return sizes


def _rough(strength, layout, sizes, matrix):
    """strength * w'Pw, P block-diagonal with blocks matrix(size)."""
    P, start = np.zeros((sum(sizes), sum(sizes))), 0
    for n in sizes:
        P[start : start + n, start : start + n] = matrix(n)
        start += n
    return {"rough": (np.sqrt(2 * spread(strength, len(P), layout)), P)}


REGULARIZERS = {c.__name__: c for c in Regularizer.__subclasses__() if c is not Sum}


def read_regularizer(given) -> Regularizer:
    """A regularizer from its name, None, or one already made."""
    if isinstance(given, Regularizer):
        return given
    if given is None or (isinstance(given, str) and given in REGULARIZERS):
        return REGULARIZERS.get(given, UnRegularized)()
    raise ValueError(
        f"regularizer={given!r} is not known; give one of {', '.join(REGULARIZERS)}, or an object "
        "such as minglm.regularizer.GroupLasso(mask)"
    )


def make_penalty(regularizer, strength, layout: Layout) -> Penalty:
    """The Penalty of a GLM's two arguments on the columns of X."""
    parts = _parts(read_regularizer(regularizer))
    if strength is not None and all(p.strength is not None for p in parts):
        raise ValueError(f"{regularizer} has its own strength; leave out one of the two strengths")
    if strength is not None and parts == (UnRegularized(),):
        warnings.warn(
            f"regularizer_strength={strength} does nothing without a regularizer; give one, such "
            "as regularizer='Ridge'",
            stacklevel=4,
        )
    return Sum(parts).penalty(1.0 if strength is None else strength, layout)
