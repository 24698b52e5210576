"""The minimum of a quadratic plus a penalty, in matrices as small as the number of weights.

    d, decrease = smooth_minimum(A, r, idle)              # r'd + d'Ad/2
    d, decrease = corner_minimum(A, r, w, penalty)        # the same + corner(w + d)

This is the model of the objective that a Newton step minimises, for one neuron; no row of the data
is touched here. ``decrease`` is what the step promises.
"""

import contextlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from minglm.penalty import Penalty

RHO, BURST, TRIES = 0.3, 20, 200  # weight of the constraint, iterations and calls of split


def smooth_minimum(A, r, idle):
    """d = -A^-1 r, and r'A^-1 r / 2; ``idle`` is positive in directions where A and r are 0."""
    d = -np.where(np.diag(A)[:, None] == 0, 0, _divide(A + idle, r))
    return d, -(r * d).sum() / 2


def _divide(A, r):
    """A^-1 r, for a matrix that is positive definite but for rounding; NaN for any other."""
    root = np.sqrt(np.diag(A))[:, None]
    for jitter in len(A) * np.finfo(float).eps * 10.0 ** np.arange(9):
        B = A / root / root.T + jitter * np.eye(len(A))
        with contextlib.suppress(np.linalg.LinAlgError):
            np.linalg.cholesky(B)  # it fails unless B is positive definite
            return np.linalg.solve(B, r / root) / root
    return np.full(r.shape, np.nan)


def corner_minimum(A, r, w, penalty: Penalty, enough=0.0):
    """Newton steps on the weights that are not 0; which these are is found by operator splitting.

    Splitting finds the zeros fast but the values slowly; on given non-zero weights the penalty is
    smooth, and Newton finds the values fast. Zeros come out exact. ``enough``: a decrease as small
    as this is none.
    """
    own = np.where(np.diag(A) > 0, np.diag(A), 1)
    A = A + np.diag(np.finfo(float).eps ** (2 / 3) * own)  # columns may be collinear
    together = (penalty.group == penalty.group.T) & (penalty.group < len(penalty.t))
    size = np.where(together | np.eye(len(A), dtype=bool), own, 0).max(axis=1, keepdims=True)
    m, u = _Model(A, r, w, penalty, size), w
    for _ in range(TRIES):
        v, s = m.proximal(m.newton(u))
        left = (s * m.divide(v, s)).sum() / 2  # what the subgradient s can buy
        if not left > max(1e-3 * m.fall(v), enough):
            break
        u = m.split(v)
    return v - w, m.fall(v) + left


@dataclass(frozen=True)
class _Model:
    """m(u) = r'(u - w) + (u - w)'A(u - w)/2 + corner(u), and what is needed to go down in it."""

    A: np.ndarray  # (P, P)
    r: np.ndarray  # (P, 1)
    w: np.ndarray  # (P, 1)
    penalty: Penalty
    size: np.ndarray  # (P, 1): diagonal of A, the largest in each group

    def value(self, u):
        """(K,) for u (P, K)."""
        d = u - self.w
        return ((self.r + self.A @ d / 2) * d).sum(axis=0) + self.penalty.corner(u)

    def fall(self, u):
        """How far m falls from w to u."""
        return max(self.penalty.corner(self.w)[0] - self.value(u)[0], 0)

    def slope(self, u):
        return self.r + self.A @ (u - self.w)

    def split(self, u):
        """Alternating directions (ADMM): minimise the quadratic and the corner in turn.

        Boyd et al. (2011) Foundations and Trends in Machine Learning 3(1), with relaxation 1.6.
        """
        rho = RHO * self.size
        z, y, target = u, -self.slope(u) / rho, self.A @ self.w - self.r
        for _ in range(BURST):
            x = 1.6 * (self.inverse @ (target + rho * (z - y))) - 0.6 * z
            z = self.penalty.prox(x + y, 1 / rho)
            y = y + x - z
        return z

    @cached_property
    def inverse(self):
        return np.linalg.inv(self.A + RHO * np.diag(self.size[:, 0]))

    def proximal(self, u):
        """v, one proximal gradient step from u, and a subgradient of m at v."""
        root = np.sqrt(self.size)
        step = 1 / (self.size * abs(self.A / root / root.T).sum(axis=0).max())
        v = self.penalty.prox(u - step * self.slope(u), step)
        return v, (u - v) / step + self.A @ (v - u)

    def newton(self, u):
        """The minimum among points with the same zeros as u, or more of them."""
        for _ in range(50):
            slope = self.slope(u) + self.penalty.l1 * np.sign(u) + self.penalty.pull(u) * u
            slope = np.where(self.free(u), slope, 0)
            d = -self.divide(u, slope)
            promise = -(slope * d).sum() / 2
            U = self.along(u, d)
            value = self.value(U)
            best = 0 if value[0] <= value.min() + 1e-9 * promise else value.argmin()
            u = U[:, best, None]
            if best == U.shape[1] - 1 or promise <= 1e-4 * self.fall(u):
                break
        return u

    def divide(self, u, slope):
        """The slope over the curvature at u of weights that are free to move, or over size."""
        free = self.free(u)
        M = np.where(free & free.T, self.A + self.penalty.bend(u), np.diag(self.size[:, 0]))
        return _divide(M, slope)

    def free(self, u):
        """(P, 1): weights without a corner at u."""
        return (u != 0) | ((self.penalty.l1 == 0) & (self.penalty.of_group(self.penalty.t) == 0))

    def along(self, u, d):
        """(P, K): u + a d, first a = 1, last 0; a weight under l1 stops where it ``hits`` 0."""
        stops = (self.penalty.l1 > 0) & (u * d < 0)
        hits = np.sort(np.where(stops, -u / np.where(stops, d, 1), 1)[:, 0])
        hits = hits[2 ** np.arange(len(u).bit_length()) - 1]
        U = u + np.concatenate([0.5 ** np.arange(8), np.minimum(hits, 1), [0]]) * d
        return np.where(stops & (U * u <= 0), 0, U)
