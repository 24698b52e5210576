"""One expression for every penalty and every sum of penalties, so that a solver knows a single one.

    penalty.value(w)              # (N,)
    penalty.prox(w, step)         # (P, N)

It works on arrays of NumPy and of JAX. The rules that make a Penalty from a strength, and their
names, are in regularizer.py.
"""

from dataclasses import replace
from typing import NamedTuple

import jax
import numpy as np

from minglm.nodes import node, static


@node
class Penalty:
    """w'diag(ridge)w/2 + sum_k (a_k w)'R_k(a_k w)/2 + sum_i l1_i |w_i| + sum_g t_g ||w_g||.

    The first two are smooth; the last two, the ``corner``, can make weights exactly 0.
    """

    ridge: jax.Array  # (P, N)
    l1: jax.Array  # (P, N)
    group: jax.Array  # (P, 1) or (P, N): number of the group, G for none
    t: jax.Array  # (G, N)
    rough: tuple = ()  # pairs of a (P, N) and R (P, P)
    has_corner: bool = static(False)

    def neuron(self, n):
        """The penalty of one neuron, with N = 1."""
        one = lambda a: a[:, n : n + 1] if a.shape[1] > 1 else a
        mine = {name: one(getattr(self, name)) for name in ("ridge", "l1", "group", "t")}
        return replace(self, **mine, rough=tuple((one(a), R) for a, R in self.rough))

    def value(self, w):
        """(N,): the penalty at w (P, N)."""
        rough = sum((a * w * (R @ (a * w))).sum(axis=0) / 2 for a, R in self.rough)
        return (self.ridge * w**2).sum(axis=0) / 2 + rough + (self.has_corner and self.corner(w))

    def matrix(self):
        """(P, P): curvature of the smooth part, for one neuron."""
        return np.diag(self.ridge[:, 0]) + sum(a * R * a.T for a, R in self.rough)

    def corner(self, w):
        """(N,): the part of the value that is not smooth where weights are 0."""
        return (self.l1 * abs(w)).sum(axis=0) + (self.t * self.norms(w)).sum(axis=0)

    def prox(self, w, step):
        """argmin_u |u - w|^2 / (2 step) + corner(u): shrink each weight, then each group."""
        w = w - w.clip(-step * self.l1, step * self.l1)
        return w * (1 - step * self.pull(w)).clip(0)

    def norms(self, w):
        """(G, N): ||w_g||."""
        return (self.members @ w**2) ** 0.5

    def pull(self, w):
        """(P, N): t_g / ||w_g|| of each weight's group, so that the slope is pull * w; 0 at 0."""
        norm = self.of_group(self.norms(w))
        return self.of_group(self.t) * (norm > 0) / (norm + (norm == 0))

    def bend(self, w):
        """(P, P): curvature of the corner where w is not 0, for one neuron."""
        norm, pull = self.of_group(self.norms(w)), self.pull(w)
        unit = w / (norm + (norm == 0))
        return np.diag(pull[:, 0]) - (self.group == self.group.T) * pull * unit * unit.T

    def of_group(self, values):
        """(P, N) from (G, N): each weight gets the value of its group, or 0 if it has none."""
        return self.members.T @ values if len(values) else 0 * self.l1

    @property
    def members(self):
        """(G, P): which weights are in a group."""
        return self.group[:, 0] == np.arange(len(self.t))[:, None]


class Layout(NamedTuple):
    """What a penalty has to fit on: columns per block, in order, and the number of neurons."""

    blocks: dict[str, int]
    n_neurons: int

    @property
    def n_features(self):
        return sum(self.blocks.values())


def spread(values, rows: int, layout: Layout, name="regularizer_strength") -> np.ndarray:
    """(rows, N) from a number, a dict of blocks, (rows,), (N,) or (rows, N); finite and >= 0."""
    N = layout.n_neurons
    if isinstance(values, dict):
        if set(values) != set(layout.blocks):
            raise ValueError(
                f"{name} names the blocks {list(values)}, X has {list(layout.blocks)}; "
                "give one value for each block of X"
            )
        sizes = layout.blocks if rows == layout.n_features else dict.fromkeys(layout.blocks, 1)
        return np.concatenate([spread(values[b], n, layout, name) for b, n in sizes.items()])
    try:
        a = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={values!r} is not a number or an array of numbers") from None
    if not ((a >= 0) & (a < np.inf)).all():
        raise ValueError(f"{name}={values!r} must be finite and 0 or more")
    if a.shape == (rows,) and rows == N > 1:
        raise ValueError(
            f"{name} of shape ({N},) may mean features or neurons; give ({N}, 1) or (1, {N})"
        )
    try:
        return np.broadcast_to(a[:, None] if a.shape == (rows,) else a, (rows, N))
    except ValueError:
        raise ValueError(
            f"{name} has shape {a.shape}; give a number, ({rows},), ({N},) for one value per "
            f"neuron, or ({rows}, {N})"
        ) from None
