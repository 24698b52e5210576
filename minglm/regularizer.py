"""Penalties on the weights; the intercept is never penalised.

    GLM(regularizer="Lasso", regularizer_strength=0.1)
    GLM(regularizer=GroupLasso() + Smoothness(strength=0.5), regularizer_strength=0.1)

Each makes a ``Penalty`` (penalty.py) of a given strength. ``regularizer_strength`` is a number, or
one per block (a dict), per coefficient (P,) or (P, N), or per neuron (N,). A part made with its own
``strength`` keeps it.
"""

from dataclasses import dataclass

import numpy as np

from minglm.penalty import Layout, Penalty, spread


class Regularizer:
    """A rule for making the Penalty of a given strength on given columns."""

    def penalty(self, strength, layout: Layout) -> Penalty:
        raise NotImplementedError

    def __add__(self, other):
        return Sum((*_parts(self), *_parts(other)))


def _parts(regularizer):
    return regularizer.parts if isinstance(regularizer, Sum) else (regularizer,)


def _penalty(layout, ridge=0.0, l1=0.0, group=None, t=None, **rest):
    """A Penalty from the parts that are not 0."""
    P, N = layout.n_features, layout.n_neurons
    full = lambda a: np.broadcast_to(np.asarray(a, float), (P, N))
    if group is None:
        group, t = np.zeros((P, 1), np.int32), np.zeros((0, N))
    return Penalty(full(ridge), full(l1), group, t, **rest)


@dataclass(frozen=True)
class UnRegularized(Regularizer):
    """No penalty."""

    strength: None = None

    def penalty(self, strength, layout):
        return _penalty(layout)


@dataclass(frozen=True)
class Ridge(Regularizer):
    """strength / 2 * ||w||^2."""

    strength: float | None = None

    def penalty(self, strength, layout):
        return _penalty(layout, spread(strength, layout.n_features, layout))


@dataclass(frozen=True)
class Lasso(Regularizer):
    """strength * ||w||_1: single weights become exactly 0. Tibshirani (1996) JRSS B 58(1)."""

    strength: float | None = None

    def penalty(self, strength, layout):
        return _penalty(layout, l1=spread(strength, layout.n_features, layout), has_corner=True)


@dataclass(frozen=True)
class ElasticNet(Regularizer):
    """strength * (ratio ||w||_1 + (1 - ratio) / 2 ||w||^2), 0 < ratio <= 1.

    As in NeMoS the strength may be a tuple (strength, ratio). Zou & Hastie (2005) JRSS B 67(2).
    """

    ratio: float = 0.5
    strength: float | tuple | None = None

    def penalty(self, strength, layout):
        strength, ratio = strength if isinstance(strength, tuple) else (strength, self.ratio)
        ratio = spread(ratio, layout.n_features, layout)
        if not ((ratio > 0) & (ratio <= 1)).all():
            raise ValueError(f"the ratio of ElasticNet is {ratio.min():g}; give 0 < ratio <= 1")
        a = spread(strength, layout.n_features, layout)
        return _penalty(layout, a * (1 - ratio), a * ratio, has_corner=True)


@dataclass(frozen=True)
class GroupLasso(Regularizer):
    """strength * sum_g sqrt(|g|) ||w_g||: whole groups become exactly 0.

    Groups: the blocks of a dict X (else one of all columns); or ``blocks``, the sizes of groups of
    neighbouring columns; or ``mask`` (G, P) or (G, P, N) of 0 and 1, each weight in at most one
    group and each group in one neuron. Yuan & Lin (2006) J. R. Stat. Soc. B 68(1).
    """

    mask: np.ndarray | dict | None = None
    blocks: tuple | None = None
    strength: float | None = None

    def penalty(self, strength, layout):
        mask = self._mask(layout)
        size = mask.any(axis=2).sum(axis=1)
        t = spread(strength, len(mask), layout) * np.sqrt(size)[:, None]
        group = np.where(mask.any(axis=0), mask.argmax(axis=0), len(mask))
        return _penalty(layout, group=group.astype(np.int32), t=t, has_corner=True)

    def _mask(self, layout):
        P, N = layout.n_features, layout.n_neurons
        if self.mask is None:
            sizes = _sizes(self.blocks, layout)
            return np.repeat(np.eye(len(sizes), dtype=bool), sizes, axis=1)[:, :, None]
        given = self.mask
        if isinstance(given, dict):
            given = np.concatenate([np.asarray(given[name]) for name in layout.blocks], axis=1)
        mask = np.asarray(given)
        mask = mask[:, :, None] if mask.ndim == 2 else mask
        if mask.ndim != 3 or mask.shape[1] != P or mask.shape[2] not in (1, N):
            raise ValueError(
                f"the mask of GroupLasso has shape {np.shape(given)}; give (groups, {P}) "
                f"or (groups, {P}, {N})"
            )
        if not np.isin(mask, (0, 1)).all() or (mask.sum(axis=0) > 1).any():
            raise ValueError(
                "the mask of GroupLasso must hold 0 and 1 and put each coefficient in at most "
                "one group"
            )
        if (mask.any(axis=1).sum(axis=1) > 1).any():
            raise ValueError(
                "the mask of GroupLasso has a group with coefficients of several neurons; "
                "give a mask (groups, features) to use the same groups in every neuron"
            )
        return mask.astype(bool)


def _sizes(blocks, layout):
    """Sizes of groups of neighbouring columns: those given, else the blocks of X."""
    sizes = list(layout.blocks.values()) if blocks is None else list(blocks)
    if sum(sizes) != layout.n_features:
        raise ValueError(
            f"blocks={sizes} cover {sum(sizes)} columns, X has {layout.n_features}; "
            "give the number of columns of each block, in order"
        )
    return sizes


@dataclass(frozen=True)
class Smoothness(Regularizer):
    """strength * w'Pw with P = tridiag(-1, 2, -1) in each block, [1] for a block of one column.

    The 2 stands at both ends too, so end weights are also drawn to 0. Blocks as in GroupLasso.
    """

    blocks: tuple | None = None
    strength: float | None = None

    def penalty(self, strength, layout):
        rows = lambda n: n + 1 if n > 1 else 1
        D = lambda n: np.eye(rows(n), n) - np.eye(rows(n), n, -1)
        return _rough(strength, layout, self.blocks, D)


@dataclass(frozen=True)
class SecondDifference(Regularizer):
    """strength * sum_i (w_i-1 - 2 w_i + w_i+1)^2 within each block: straight lines are free."""

    blocks: tuple | None = None
    strength: float | None = None

    def penalty(self, strength, layout):
        return _rough(strength, layout, self.blocks, lambda n: np.diff(np.eye(n), 2, axis=0))


def _rough(strength, layout, blocks, differences):
    """strength * sum over blocks of |D w|^2, D = differences(number of columns)."""
    P, start = np.zeros((layout.n_features,) * 2), 0
    for n in _sizes(blocks, layout):
        D = differences(n)
        P[start : start + n, start : start + n] = D.T @ D
        start += n
    root = np.sqrt(2 * spread(strength, layout.n_features, layout))
    return _penalty(layout, rough=((root, P),))


@dataclass(frozen=True)
class Sum(Regularizer):
    """Several penalties at once; of group lassos, one."""

    parts: tuple[Regularizer, ...]

    def penalty(self, strength, layout):
        own = [strength if p.strength is None else p.strength for p in self.parts]
        made = [p.penalty(s, layout) for p, s in zip(self.parts, own, strict=True)]
        groups = [m for m in made if len(m.t)] or made
        if len(groups) > 1 and len(groups[0].t):
            raise ValueError("a sum may hold one GroupLasso; put its groups into one mask")
        return Penalty(
            sum(m.ridge for m in made),
            sum(m.l1 for m in made),
            groups[0].group,
            groups[0].t,
            sum((m.rough for m in made), ()),
            any(m.has_corner for m in made),
        )


REGULARIZERS = {
    c.__name__: c
    for c in [UnRegularized, Ridge, Lasso, ElasticNet, GroupLasso, Smoothness, SecondDifference]
}


def read_regularizer(given) -> Regularizer:
    """A regularizer from its name, None, or one already made."""
    if isinstance(given, Regularizer):
        return given
    if given is None:
        return UnRegularized()
    if isinstance(given, str) and given in REGULARIZERS:
        return REGULARIZERS[given]()
    raise ValueError(
        f"regularizer={given!r} is not known; give one of {', '.join(REGULARIZERS)}, or an object "
        "such as minglm.regularizer.GroupLasso(mask)"
    )


def make_penalty(regularizer, strength, layout: Layout) -> Penalty:
    """The Penalty of a GLM's two arguments on the columns of X."""
    regularizer = read_regularizer(regularizer)
    parts = regularizer.parts if isinstance(regularizer, Sum) else (regularizer,)
    if strength is not None and all(p.strength is not None for p in parts):
        raise ValueError(
            f"{regularizer} has its own strength; leave regularizer_strength out, or the other"
        )
    return Sum(parts).penalty(1.0 if strength is None else strength, layout)
