"""The minimum of a quadratic plus a penalty, in matrices as small as the number of weights.

    d, decrease = smooth_minimum(A, r, unit, null)        # r'd + d'Ad/2
    d, decrease = corner_minimum(A, r, w, penalty)        # the same + corner(w + d)

This is the model of the objective that a Newton step minimises, for one neuron; no row of the data
is touched here. ``decrease`` is what the step promises.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.scipy.linalg import cho_factor, cho_solve

from minglm.penalty import Penalty

RHO, BURST = 0.3, 20  # weight of the constraint, and iterations at a time, in ``_Model.split``


def smooth_minimum(A, r, unit, null):
    """d = -A^-1 r, and r'A^-1 r / 2.

    ``unit`` (P, 1) scales A to about 1 on the diagonal; ``null`` is a projector, in these units, on
    directions where A and r are 0.
    """
    jitter = len(A) * jnp.finfo(A.dtype).eps * jnp.eye(len(A))
    d = -unit * cho_solve(cho_factor(unit * A * unit.T + null + jitter), unit * r)
    return d, -jnp.sum(r * d, axis=0) / 2


def corner_minimum(A, r, w, penalty: Penalty):
    """Newton steps on the weights that are not 0; which these are is found by operator splitting.

    Splitting finds the zeros fast but the values slowly; on given non-zero weights the penalty is
    smooth, and Newton finds the values fast. Zeros come out exact.
    """
    m = _model(A, r, w, penalty)

    def body(state):
        u, settled, _, left, k = state
        v, s = m.proximal(jnp.where(settled, m.split(u), u))
        at = jnp.where(settled, v, u)
        d, buys = m.newton(at, s)
        left = jnp.where(settled, buys, left)
        U = m.along(at, d)
        value = m.value(U)
        whole = value[-1] <= value.min() + 1e-9 * left
        best = jnp.where(whole, U.shape[1] - 1, jnp.argmin(value))
        settled = (whole & (U[:, -1:] == at + d).all()) | (best == U.shape[1] - 2)
        return U[:, best, None], settled, v, left, k + 1

    def going(state):
        *_, v, left, k = state
        return (left > 1e-3 * m.fall(v)) & (k < 500)

    start = (w, jnp.array(True), w, jnp.array(jnp.inf), 0)
    *_, v, left, _ = jax.lax.while_loop(going, body, start)
    return v - w, m.fall(v) + left


class _Model(NamedTuple):
    """m(u) = r'(u - w) + (u - w)'A(u - w)/2 + corner(u), and what is needed to go down in it."""

    A: jax.Array  # (P, P)
    r: jax.Array  # (P, 1)
    w: jax.Array  # (P, 1)
    penalty: Penalty
    size: jax.Array  # (P, 1): diagonal of A, the largest in each group
    inverse: jax.Array  # (P, P): of A + RHO diag(size)

    def value(self, u):
        """(K,) for u (P, K)."""
        d = u - self.w
        return jnp.sum((self.r + self.A @ d / 2) * d, axis=0) + self.penalty.corner(u)

    def fall(self, u):
        """How far m falls from w to u."""
        return jnp.maximum(self.penalty.corner(self.w) - self.value(u), 0)[0]

    def slope(self, u):
        return self.r + self.A @ (u - self.w)

    def split(self, u):
        """Alternating directions (ADMM): minimise the quadratic and the corner in turn.

        Boyd et al. (2011) Foundations and Trends in Machine Learning 3(1), with relaxation 1.6.
        """
        rho = RHO * self.size

        def turn(_, zy):
            z, y = zy
            u = self.inverse @ (self.A @ self.w - self.r + rho * (z - y))
            u = 1.6 * u - 0.6 * z
            z = self.penalty.prox(u + y, 1 / rho)
            return z, y + u - z

        return jax.lax.fori_loop(0, BURST, turn, (u, -self.slope(u) / rho))[0]

    def proximal(self, u):
        """v, one proximal gradient step from u, and a subgradient of m at v."""
        root = jnp.sqrt(self.size)
        step = 1 / (self.size * jnp.abs(self.A / root / root.T).sum(axis=0).max())
        v = self.penalty.prox(u - step * self.slope(u), step)
        return v, (u - v) / step + self.A @ (v - u)

    def newton(self, u, s):
        """The Newton step on the weights that are not 0, and what the subgradient s can buy."""
        corner = lambda u: self.penalty.corner(u[:, None])[0]
        free = (u != 0) | self.penalty.flat
        slope = jnp.where(free, self.slope(u) + jax.grad(corner)(u[:, 0])[:, None], 0)
        M = self.A + jax.hessian(corner)(u[:, 0])
        M = jnp.where(free & free.T, M, jnp.diag(self.size[:, 0]))
        root = jnp.sqrt(jnp.diag(M))[:, None]
        both = cho_solve(cho_factor(M / root / root.T), jnp.hstack([slope, s]) / root) / root
        return -both[:, :1], jnp.sum(s * both[:, 1:]) / 2

    def along(self, u, d):
        """(P, K) points u + a d; the last is u + d, the one before it u.

        A weight under l1 stops where it reaches 0; some of the lengths a are such places.
        """
        stops = (self.penalty.l1 > 0) & (u * d < 0)
        hits = jnp.sort(jnp.where(stops, -u / jnp.where(stops, d, 1), 1)[:, 0])
        hits = hits[2 ** jnp.arange(len(u).bit_length()) - 1]
        a = jnp.concatenate([hits, 2.0 ** -jnp.arange(1.0, 8.0), jnp.array([0.0, 1.0])])
        U = u + jnp.minimum(a, 1) * d
        return jnp.where(stops & (U * u <= 0), 0, U)


def _model(A, r, w, penalty):
    own = jnp.where(jnp.diag(A) > 0, jnp.diag(A), 1)
    A = A + jnp.diag(jnp.finfo(A.dtype).eps ** (2 / 3) * own)  # columns may be collinear
    size = penalty.alike(own[:, None])
    inverse = cho_solve(cho_factor(A + jnp.diag(RHO * size[:, 0])), jnp.eye(len(A)))
    return _Model(A, r, w, penalty, size, inverse)
