"""Penalties on the weights; the intercept is never penalised.

    GLM(regularizer="Lasso", regularizer_strength=0.1)
    GLM(regularizer=GroupLasso() + Smoothness(strength=0.5), regularizer_strength=0.1)

Every penalty here, and every sum of them, is one expression per neuron, a ``Penalty``, so that the
solver knows a single one. ``regularizer_strength`` is a number, or one per block (a dict), per
coefficient (P,) or (P, N), or per neuron (N,). A part made with its own ``strength`` keeps it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from minglm.nodes import node


@node
class Penalty:
    """w'diag(ridge)w/2 + sum_k (a_k w)'R_k(a_k w)/2 + sum_i l1_i |w_i| + sum_g t_g ||w_g||."""

    ridge: jax.Array  # (P, N)
    rough: tuple = ()  # pairs of a (P, N) and R (P, P)
    l1: jax.Array | None = None  # (P, N)
    group: jax.Array | None = None  # (P, 1) or (P, N): number of the group, G for none
    group_strength: jax.Array | None = None  # (G, N): t

    @property
    def has_corner(self):
        """Whether weights can become exactly 0."""
        return self.l1 is not None or self.group is not None

    def neuron(self, n):
        """The penalty of one neuron, with N = 1."""
        one = lambda a: None if a is None else jax.lax.dynamic_slice_in_dim(a, n, 1, axis=1)
        shared = self.group is None or self.group.shape[1] == 1
        rough = tuple((one(a), R) for a, R in self.rough)
        group = self.group if shared else one(self.group)
        return Penalty(one(self.ridge), rough, one(self.l1), group, one(self.group_strength))

    def norms(self, w):
        """(G, N): ||w_g||."""
        n_groups = self.group_strength.shape[0]
        return jnp.sqrt(jax.ops.segment_sum(w**2, self.group[:, 0], n_groups + 1)[:n_groups])

    def matrix(self):
        """(P, P): curvature of the quadratic part, for one neuron."""
        return jnp.diag(self.ridge[:, 0]) + sum(a * R * a.T for a, R in self.rough)

    def value(self, w):
        """(N,): the penalty at w (P, N)."""
        total = jnp.sum(self.ridge * w**2, axis=0) / 2
        for a, R in self.rough:
            total += jnp.sum(a * w * (R @ (a * w)), axis=0) / 2
        if self.l1 is not None:
            total += jnp.sum(self.l1 * jnp.abs(w), axis=0)
        if self.group is not None:
            total += jnp.sum(self.group_strength * self.norms(w), axis=0)
        return total

    def prox(self, w, step):
        """argmin_u |u - w|^2 / (2 step) + corner(u): shrink each weight, then each group."""
        if self.l1 is not None:
            w = jnp.sign(w) * jnp.maximum(jnp.abs(w) - step * self.l1, 0)
        if self.group is not None:
            norm = self.norms(w)
            keep = jnp.maximum(1 - step * self.group_strength / jnp.where(norm > 0, norm, 1), 0)
            w = w * jnp.concatenate([keep, jnp.ones_like(keep[:1])])[self.group[:, 0]]
        return w


class Layout(NamedTuple):
    """What a penalty has to fit on: columns per block, in order, and the number of neurons."""

    blocks: dict[str, int]
    n_neurons: int

    @property
    def n_features(self):
        return sum(self.blocks.values())


def spread(strength, rows: int, layout: Layout, what="coefficient") -> np.ndarray:
    """(rows, N) of strengths from a number, a dict of blocks, (rows,), (N,) or (rows, N)."""
    N = layout.n_neurons
    if isinstance(strength, dict):
        if set(strength) != set(layout.blocks):
            raise ValueError(
                f"regularizer_strength names the blocks {sorted(strength)}, X has "
                f"{sorted(layout.blocks)}; give one strength for each block of X"
            )
        sizes = layout.blocks if rows == layout.n_features else dict.fromkeys(layout.blocks, 1)
        parts = [spread(strength[name], size, layout) for name, size in sizes.items()]
        return np.concatenate(parts)
    a = np.asarray(strength, float)
    if not (a >= 0).all() or np.isinf(a).any():
        raise ValueError(f"regularizer_strength={strength!r} must be finite and 0 or more")
    if a.shape == (rows,) and rows == N > 1:
        raise ValueError(
            f"regularizer_strength of shape ({N},) could be per {what} or per neuron; "
            f"give shape ({rows}, 1) or (1, {N})"
        )
    if a.shape == (rows,):
        a = a[:, None]
    try:
        return np.broadcast_to(a, (rows, N))
    except ValueError:
        raise ValueError(
            f"regularizer_strength has shape {a.shape}; give a number, ({rows},) per {what}, "
            f"({N},) per neuron, or ({rows}, {N})"
        ) from None


class Regularizer:
    """A rule for making the Penalty of a given strength on given columns."""

    def penalty(self, strength, layout: Layout) -> Penalty:
        raise NotImplementedError

    def __add__(self, other):
        return Sum((*_parts(self), *_parts(other)))


def _parts(regularizer):
    return regularizer.parts if isinstance(regularizer, Sum) else (regularizer,)


def _zeros(layout):
    return np.zeros((layout.n_features, layout.n_neurons))


@dataclass(frozen=True)
class UnRegularized(Regularizer):
    """No penalty."""

    strength: None = None

    def penalty(self, strength, layout):
        return Penalty(_zeros(layout))


@dataclass(frozen=True)
class Ridge(Regularizer):
    """strength / 2 * ||w||^2."""

    strength: float | None = None

    def penalty(self, strength, layout):
        return Penalty(spread(strength, layout.n_features, layout))


@dataclass(frozen=True)
class Lasso(Regularizer):
    """strength * ||w||_1: single weights become exactly 0. Tibshirani (1996) JRSS B 58(1)."""

    strength: float | None = None

    def penalty(self, strength, layout):
        return Penalty(_zeros(layout), l1=spread(strength, layout.n_features, layout))


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
        return Penalty(a * (1 - ratio), l1=a * ratio)


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
        t = spread(strength, len(mask), layout, "group") * np.sqrt(size)[:, None]
        group = np.where(mask.any(axis=0), mask.argmax(axis=0), len(mask))
        return Penalty(_zeros(layout), group=group.astype(np.int32), group_strength=t)

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
    return Penalty(_zeros(layout), rough=((root, P),))


@dataclass(frozen=True)
class Sum(Regularizer):
    """Several penalties at once; of group lassos, one."""

    parts: tuple[Regularizer, ...]
    strength: None = None

    def penalty(self, strength, layout):
        own = [p.strength if p.strength is not None else strength for p in self.parts]
        made = [p.penalty(s, layout) for p, s in zip(self.parts, own, strict=True)]
        l1 = [m.l1 for m in made if m.l1 is not None]
        grouped = [m for m in made if m.group is not None]
        if len(grouped) > 1:
            raise ValueError("a sum may hold one GroupLasso; put its groups into one mask")
        return Penalty(
            sum(m.ridge for m in made),
            sum((m.rough for m in made), ()),
            sum(l1) if l1 else None,
            *((grouped[0].group, grouped[0].group_strength) if grouped else ()),
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
