"""Many neurons on one wide design: proximal Newton steps in one metric that all of them share.

The Hessian of neuron n is close to c_n G: G the Gram matrix of the centred design, computed once,
c_n the mean curvature. So a step costs two products of X with one column per neuron, X'g and X d;
the rest is small or element-wise:

    z     = argmin r'(z - w) + c/2 (z - w)'G(z - w) + penalty(z)           ADMM on G
    v     = the combination of the last few z whose residuals z - w cancel  (Anderson)
    w, b += as far along v - w as the true objective falls

Anderson's combination makes up for what c_n G misses of the true Hessian. Neurons that reached
their optimum leave the batch. What this metric does not suit goes to ``solvers.solve``.
Boyd et al. (2011) Found. Trends Mach. Learn. 3(1); Walker & Ni (2011) SIAM J. Numer. Anal. 49(4).
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from minglm import solvers
from minglm.design import Problem
from minglm.nodes import node
from minglm.penalty import Penalty
from minglm.solvers import Solution, null_model

MEMORY = 5  # past steps that Anderson's combination looks at


@node
class Metric:
    """G = V diag(size) V'."""

    mean: jax.Array  # (P, 1), of the columns of X
    size: jax.Array  # (P, 1)
    V: jax.Array  # (P, P)


@jax.jit
def metric_of(p: Problem) -> Metric:
    """The Gram matrix of the rows less their mean."""
    mean = (p.weight.T @ p.X).T.astype(float)
    Z = p.X - mean.T.astype(p.X.dtype)  # first, as sums far from 0 lose digits
    G = ((Z * p.weight).T @ Z).astype(float)
    size, V = jnp.linalg.eigh(G)
    noise = 10 * len(G) * jnp.finfo(p.X.dtype).eps * size[-1]
    return Metric(mean, jnp.where(size > noise, size, 0)[:, None], V)


def suits(p: Problem, penalty: Penalty) -> bool:
    """Many neurons and columns, of like size and none masked; a penalty that ADMM can split."""
    if p.X.shape[1] < 32 or p.y.shape[1] < 4 or penalty.rough or penalty.group.shape[1] > 1:
        return False
    if not np.all(p.mask):
        return False
    square = np.einsum("tp,tp->p", p.X, p.X)
    alike = square.max() < 1e8 * square.min(where=square > 0, initial=np.inf)
    return bool(alike and np.all(penalty.ridge == penalty.ridge[:1]))


def solve(p, penalty, start=None, tol=1e-14, max_iter=100, metric=None) -> Solution:
    """The optimum, by the solver that suits; ``start`` = (w, b) of a nearby solution.

    Neurons that the metric did not bring to their optimum end with Newton steps of their own.
    """
    if not suits(p, penalty):
        return solvers.solve(p, penalty, start, tol, max_iter)
    s = _together(p, penalty, start, tol, max_iter, metric_of(p) if metric is None else metric)
    late = np.flatnonzero(~(np.asarray(s.gap) <= tol))
    if not len(late):
        return s
    start = jax.tree.map(lambda a: jnp.where(jnp.isfinite(a), a, 0)[..., late], (s.w, s.b))
    return _put(solvers.solve(*_columns(p, penalty, late), start, tol, max_iter), s, late)


def _together(p, penalty, start, tol, max_iter, metric):
    p, unit, s, past = _begin(p, penalty, metric, start)
    every, batch = s, np.arange(len(s.b))
    for _ in range(int(max_iter)):
        s, past = _step(p, penalty, metric, unit, s, past, tol)
        going = np.flatnonzero((s.gap > tol) & ~s.stuck)
        if 4 * len(going) > len(batch):
            continue
        every = _put(s, every, batch)
        if not len(going):
            return every
        keep = np.resize(going, max(len(batch) // 4, 1))  # few sizes, as each is compiled
        p, penalty = _columns(p, penalty, keep)
        (s, past, unit), batch = _pick((s, past, unit), keep), batch[keep]
    return _put(s, every, batch)


def _put(some, every, batch):
    return jax.tree.map(lambda all, a: all.at[..., batch].set(a), every, some)


def _pick(every, batch):
    return jax.tree.map(lambda all: all[..., batch], every)


@jax.jit
def _begin(p, penalty, metric, start):
    """The problem without silent neurons' weights; unit of the gap and of bend; start; no past."""
    null = null_model(p)
    p = replace(p, mask=jnp.where(null.silent, 0, p.mask))
    w, b = (jnp.zeros_like(p.mask), null.b) if start is None else start
    w, eta = w * p.mask, p.eta(w * p.mask, jnp.where(null.silent, 0, b)) + p.offset
    inf, steps = jnp.full_like(b, jnp.inf), jnp.zeros(len(b), int)
    rank = jnp.sum(p.mask > 0, axis=0)
    if not penalty.has_corner:
        rank = jnp.where(penalty.ridge[0] > 0, rank, jnp.minimum(rank, jnp.sum(metric.size > 0)))
    b, value = jnp.where(null.silent, null.b, b), p.loss(eta) + penalty.value(w)
    s = Solution(w, b, eta, value, inf, steps, inf, null.silent, null.silent, rank)
    past = jnp.zeros((MEMORY, *w.shape)), jnp.zeros((MEMORY, *w.shape)), steps
    return p, jnp.stack([null.unit, null.bend]), s, past


def _columns(p, penalty, keep):
    """The problem and penalty of some of the neurons."""
    cut = lambda a: a[..., keep] if a.shape[-1] > 1 else a
    p = replace(p, y=cut(p.y), offset=cut(p.offset), mask=cut(p.mask))
    return p, replace(penalty, ridge=cut(penalty.ridge), l1=cut(penalty.l1), t=cut(penalty.t))


@jax.jit
def _step(p, penalty, metric, unit, s, past, tol):
    """One step for every neuron of the batch; s.gap is that of the point it starts from."""
    g, h = p.slopes(s.eta)  # (T, N) each
    slope = jnp.sum(g, axis=0, dtype=float)
    c = jnp.maximum(jnp.sum(h, axis=0, dtype=float), jnp.finfo(h.dtype).tiny)
    r = p.mask * ((p.X.T @ g).astype(float) - metric.mean * slope)
    z = _minimum(metric, penalty, p.mask, s.w, r, c)
    residual = jnp.sqrt(metric.size) * (metric.V.T @ (z - s.w))
    before = penalty.value(s.w)
    fall = lambda d: jnp.sum(r * d, axis=0) + penalty.value(s.w + d) - before  # to first order
    promise = slope**2 / c / 2 - fall(z - s.w) - c * jnp.sum(residual**2, axis=0) / 2
    past, v = _combined(past, z, residual)
    d = jnp.where(fall(v - s.w) < 0.1 * fall(z - s.w), v - s.w, z - s.w)
    gap = jnp.where(s.silent, 0, jnp.abs(promise) / unit[0])  # below 0: ADMM stopped early
    return _walk(p, penalty, metric, replace(s, gap=gap), d, gap <= tol, h, unit[1]), past


def _minimum(metric, penalty, mask, w, r, c):
    """argmin_z of the model, by ADMM with over-relaxation. Ridge goes with G.

    kappa, the weight of the splitting, follows the strength of the corner. Without corner and mask
    the first x is the answer.
    """
    ridge, typical = penalty.ridge[:1] / c, jnp.sum(metric.size) / len(w)
    corner = (jnp.sum(penalty.l1, axis=0) + jnp.sum(penalty.t, axis=0)) / len(w)
    kappa = jnp.maximum(150 * corner / c * jnp.sqrt(typical), 1e-3 * typical)
    aim = metric.size * (metric.V.T @ w) - metric.V.T @ r / c

    def turn(state):
        z, u, _, k = state
        x = metric.V @ ((aim + kappa * (metric.V.T @ (z - u))) / (metric.size + ridge + kappa))
        x = 1.6 * x - 0.6 * z
        new = mask * penalty.prox(x + u, 1 / (c * kappa))
        moved = jnp.sum((new - z) ** 2, axis=0) + jnp.sum((new - x) ** 2, axis=0)
        far = moved > 1e-6 * jnp.sum((new - w) ** 2, axis=0)
        return new, x + u - new, far, k + 1

    start = w, -(r / c + ridge * w) / kappa, c > 0, 0
    return jax.lax.while_loop(lambda s: s[2].any() & (s[3] < 200), turn, start)[0]


def _combined(past, z, residual):
    """The combination of past z, weights summing to 1, whose residuals cancel best."""
    Z, R, count = past
    at = count[0] % MEMORY
    Z, R = Z.at[at].set(z), R.at[at].set(residual)
    known = jnp.arange(MEMORY) <= count[0]
    A = jnp.einsum("ipn,jpn->nij", R, R)
    trace = jnp.trace(A, axis1=1, axis2=2)[:, None, None] + jnp.finfo(A.dtype).tiny
    A = A + jnp.eye(MEMORY) * jnp.where(known, 1e-8, 1) * trace
    weight = jnp.linalg.solve(A, jnp.where(known, 1.0, 0)[:, None] + 0 * A[:, :, :1])[..., 0]
    weight = weight / jnp.sum(weight, axis=1, keepdims=True)
    return (Z, R, count + 1), jnp.einsum("ni,ipn->pn", weight, Z)


def _walk(p, penalty, metric, s, d, done, h, bend):
    """Along X d and the intercept together: two Newton steps, then halve until the loss falls."""
    centre = jnp.sum(metric.mean * d, axis=0)
    move = p.eta(d, -centre)
    dpen = penalty.value(s.w + d) - penalty.value(s.w)
    slack = 10 * jnp.finfo(move.dtype).eps * jnp.abs(s.value)
    at = lambda a, b: s.eta + a.astype(move.dtype) * move + b.astype(move.dtype)
    total = lambda x: jnp.sum(x, axis=0, dtype=float)

    def newton(_, ab):
        a, b = ab
        g, h = p.slopes(at(a, b))
        ga, gb = total(g * move) + dpen, total(g)
        haa, hab, hbb = total(h * move**2), total(h * move), total(h)
        det = haa * hbb - hab**2
        new = jnp.clip(a - jnp.where(det > 0, (hbb * ga - hab * gb) / det, 0), 0, 1)
        return new, b - jnp.where(hbb > 0, (gb + hab * (new - a)) / hbb, 0)

    falls = lambda value: done | (value <= s.value + slack)
    a, b = jax.lax.fori_loop(0, 2, newton, (jnp.ones_like(s.b), jnp.zeros_like(s.b)))

    def halve(state):
        f, value = state
        f = jnp.where(falls(value), f, f / 2)
        return f, p.loss(at(f * a, f * b)) + penalty.value(s.w + f * a * d)

    going = lambda state: (~falls(state[1]) & (state[0] > 1e-12)).any()
    start = jnp.full_like(a, 2), jnp.full_like(a, jnp.inf)
    f, value = jax.lax.while_loop(going, halve, start)
    ok = falls(value) & ~done
    a, b = jnp.where(ok, f * a, 0), jnp.where(ok, f * b, 0)
    new = total(h * move**2) / total(p.weight * move**2) / bend
    return replace(
        s, w=s.w + a * d, b=s.b + b - a * centre, eta=jnp.where(ok, at(a, b), s.eta),
        value=jnp.where(ok, value, s.value), steps=s.steps + ok,
        bend=jnp.where(ok, new, s.bend), stuck=~ok & ~done,
    )  # fmt: skip
