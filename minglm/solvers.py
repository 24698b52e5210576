"""The optimum of one objective: mean nll + penalty, by (proximal) Newton steps.

For every neuron n, with weights w_n, intercept b_n and rows t of the design X:

    minimise  sum_t a_t nll(x_t w_n + b_n + offset_tn, y_tn) + penalty_n(w_n),   sum_t a_t = 1

A step replaces the sum by its second-order model around the current point, minimises that model
plus the penalty, and walks towards the minimiser as far as the true objective falls. What the
model still promises, divided by the null deviance, is the gap: fits stop there, not at small steps.
"""

import jax
import jax.numpy as jnp
from jax.scipy.linalg import cho_factor, cho_solve

from minglm.links import Link
from minglm.nodes import node, static
from minglm.observation_models import Family
from minglm.regularizer import Penalty


@node
class Problem:
    """The data of a fit. Rows that are left out have weight 0 and finite values."""

    X: jax.Array  # (T, P)
    y: jax.Array  # (T, N)
    weight: jax.Array  # (T, 1), sums to 1
    offset: jax.Array  # (T, N), (T, 1) or (1, 1)
    mask: jax.Array  # (P, N), 1 where a weight may move
    unit: jax.Array  # (N,): null deviance per sample, the unit of the gap
    family: Family
    link: Link = static()

    def neuron(self, n):
        one = lambda a: jax.lax.dynamic_slice_in_dim(a, n, 1, axis=1)
        offset = one(self.offset) if self.offset.shape[1] > 1 else self.offset
        y, mask, unit = one(self.y), one(self.mask), one(self.unit[None])[0]
        return Problem(self.X, y, self.weight, offset, mask, unit, self.family, self.link)

    def loss(self, eta):
        """(N,): weighted mean of the negative log-likelihood."""
        nll = self.family.nll(self.link, eta, self.y)
        return jnp.sum(jnp.where(self.weight > 0, self.weight * nll, 0), axis=0)


@node
class Solution:
    """Where a fit stands. ``gap`` belongs to (w, b)."""

    w: jax.Array  # (P, N)
    b: jax.Array  # (N,)
    eta: jax.Array  # (T, N)
    value: jax.Array  # (N,) objective
    gap: jax.Array  # (N,)
    steps: jax.Array  # (N,)
    stuck: jax.Array  # (N,) bool: no step falls any more


@jax.jit
def fit_exact(problem: Problem, penalty: Penalty, start, tol, max_iter) -> Solution:
    """Newton steps with each neuron's own Hessian, neuron after neuron.

    For tens to hundreds of columns. start = (w, b).
    """
    w, b = start
    one = lambda n: _fit_one(
        problem.neuron(n), penalty.neuron(n), w[:, n, None], b[n, None], tol, max_iter
    )
    s = jax.lax.map(one, jnp.arange(problem.y.shape[1]))
    return jax.tree.map(lambda a: jnp.moveaxis(a, 0, -1)[..., 0, :], s)


def _fit_one(p, penalty, w, b, tol, max_iter):
    eta = p.X @ w + b + p.offset
    value = p.loss(eta) + penalty.value(w)
    s = Solution(w, b, eta, value, jnp.full_like(b, jnp.inf), jnp.zeros_like(b, int), b != b)
    going = lambda s: (s.gap > tol) & (s.steps < max_iter) & ~s.stuck
    scale, null = _scale_and_null(p, penalty)
    return jax.lax.while_loop(
        lambda s: going(s)[0], lambda s: _step(p, penalty, s, scale, null, tol), s
    )


def _centred(p, h):
    """Gram matrix of X under weights h (T, 1), the intercept's share taken out; mean, total."""
    total = jnp.maximum(jnp.sum(h), jnp.finfo(h.dtype).tiny)
    mean = (h.T @ p.X) / total  # (1, P)
    Z = jnp.sqrt(h) * (p.X - mean)
    return Z.T @ Z, mean.T, total


def _scale_and_null(p, penalty):
    """Units that give every column curvature 1, and the projector on what no row determines."""
    G, *_ = _centred(p, p.weight)
    H = p.mask * (G + penalty.matrix()) * p.mask.T
    size = jnp.diag(H)[:, None]
    tiny = jnp.finfo(size.dtype).tiny
    scale = jnp.where(size > tiny, jax.lax.rsqrt(jnp.maximum(size, tiny)), 1)
    lam, V = jnp.linalg.eigh(scale * H * scale.T)
    V = V * (lam < 10 * len(V) * jnp.finfo(V.dtype).eps)
    return scale, V @ V.T


def _step(p, penalty, s, scale, null, tol):
    g = p.weight * p.family.slope(p.link, s.eta, p.y)  # (T, 1)
    h = p.weight * p.family.curvature(p.link, s.eta, p.y)
    G, mean, total = _centred(p, h)
    r = p.X.T @ g - mean * jnp.sum(g)
    S = penalty.matrix()
    r = p.mask * (r + S @ s.w)
    H = scale * (p.mask * (G + S) * p.mask.T) * scale.T + null
    z = cho_solve(cho_factor(H + len(H) * jnp.finfo(H.dtype).eps * jnp.eye(len(H))), -scale * r)
    d = p.mask * scale * z
    promise = -jnp.sum(r * d, axis=0) / 2 + jnp.sum(g, axis=0) ** 2 / total / 2
    db = -jnp.sum(g, axis=0) / total - jnp.sum(mean * d, axis=0)
    gap = promise / p.unit
    return _walk(p, penalty, s, d, db, promise, gap, gap <= tol)


def _walk(p, penalty, s, d, db, promise, gap, done):
    """Halve the step until the objective falls as it should; computed X d is reused."""
    move = p.X @ d + db
    slack = 10 * jnp.finfo(s.value.dtype).eps * jnp.abs(s.value)

    def value(a):
        return p.loss(s.eta + a * move) + penalty.value(s.w + a * d)

    def bad(a, value):
        return ~(value <= s.value - 1e-4 * a * promise + slack) & (a > 1e-12)

    def halve(state):
        a, v = state
        a = jnp.where(bad(a, v), a / 2, a)
        return a, value(a)

    a = jnp.ones_like(promise)
    a, v = jax.lax.while_loop(lambda state: bad(*state).any(), halve, (a, value(a)))
    ok = a > 1e-12
    a = jnp.where(ok, a, 0)
    return Solution(
        s.w + a * d,
        s.b + a * db,
        jnp.where(ok, s.eta + a * move, s.eta),
        jnp.where(ok, v, s.value),
        gap,
        s.steps + ok,
        ~done & ~ok,
    )
