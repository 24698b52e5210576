"""Many neurons on one wide design: proximal Newton steps in one metric that all of them share.

The Hessian of neuron n is close to c_n G: G the Gram matrix of the centred design, computed once,
c_n the mean curvature. So a step costs two products of X with one column per neuron, X'g and X d;
the rest is small or element-wise:

    z     = argmin r'(z - w) + c/2 (z - w)'G(z - w) + penalty(z)           ADMM on G
    v     = the combination of the last few z whose residuals z - w cancel  (Anderson)
    w, b += as far along v - w as the true objective falls

Anderson's combination makes up for what c_n G misses of the true Hessian. These are the pieces of
a step, small programs of which two touch X; path.py puts them together.
Boyd et al. (2011) Found. Trends Mach. Learn. 3(1); Walker & Ni (2011) SIAM J. Numer. Anal. 49(4).
"""

from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from minglm.chunks import Chunks
from minglm.design import Problem
from minglm.nodes import node
from minglm.penalty import Penalty
from minglm.solvers import null_model

MEMORY = 5  # past steps that Anderson's combination looks at


@node
class Metric:
    """G = V diag(size) V'."""

    mean: jax.Array  # (P, 1), of the columns of X
    size: jax.Array  # (P, 1)
    V: jax.Array  # (P, P)


@node
class State:
    """Where the neurons stand, and which way they came."""

    w: jax.Array  # (P, N)
    b: jax.Array  # (N,)
    eta: jax.Array  # (T, N)
    loss: jax.Array  # (N,)
    bend: jax.Array  # (N,): see Solution
    stuck: jax.Array  # (N,)
    Z: jax.Array  # (MEMORY, P, N): past z, the last one first
    R: jax.Array  # (MEMORY, P, N): their residuals
    age: jax.Array  # (N,): how many of these are there


def metric_for(p: Problem, penalty: Penalty) -> Metric | None:
    """None unless there are many neurons and columns, of like size and none masked, and a penalty
    that ADMM can split. Chunks are always fitted in this metric."""
    chunks, few = isinstance(p.X, Chunks), p.X.shape[1] < 32 or p.y.shape[1] < 4
    plain = not penalty.rough and penalty.group.shape[1] == 1 and np.all(p.mask)
    if (few and not chunks) or not plain or not np.all(penalty.ridge == penalty.ridge[:1]):
        metric = None
    else:
        mean = against(p.X, p.weight)
        metric, square = _metric(_sum(_gram, p.X, p.weight, mean), mean, p.X.dtype)
        alike = square.max() < 1e8 * square.min(where=square > 0, initial=np.inf)
        metric = metric if (chunks or alike) and metric.size.any() else None
    if metric is None and chunks:
        raise ValueError(
            "X in Chunks is fitted without feature_mask, and with penalties that are alike for all "
            "its columns; give X as one array"
        )
    return metric


@partial(jax.jit, static_argnums=2)
def _metric(G, mean, dtype):
    size, V = jnp.linalg.eigh(G)
    noise = 10 * len(G) * jnp.finfo(dtype).eps * size[-1]
    return Metric(mean, jnp.where(size > noise, size, 0)[:, None], V), jnp.diag(G) + mean[:, 0] ** 2


@jax.jit
def _gram(X, weight, mean):
    """Of the columns less their mean (first, as sums far from 0 lose digits)."""
    Z = X - mean.T.astype(X.dtype)
    return ((Z * weight).T @ Z).astype(float)


_times = jax.jit(lambda X, w: X @ w.astype(X.dtype))
_against = jax.jit(lambda X, g: (X.T @ g).astype(float))


def times(X, w):
    """X w, (T, N)."""
    if isinstance(X, Chunks):
        return np.concatenate([_times(x, w) for _, x in X.pieces()])
    return _times(X, w)


def against(X, g):
    """X'g, (P, N)."""
    return _sum(_against, X, g)


def _sum(f, X, a, *rest):
    """f(X, a, ...), summed over the pieces that X may come in."""
    if isinstance(X, Chunks):
        return sum(f(x, np.asarray(a)[rows], *rest) for rows, x in X.pieces())
    return f(X, a, *rest)


@jax.jit
def begin(p, start, move):
    """The problem without silent neurons' weights; the null model; start; no past.

    start = (w, b) and move = X w, or None.
    """
    null = null_model(p)
    p = replace(p, mask=jnp.where(null.silent, 0, p.mask))
    w, b = (jnp.zeros_like(p.mask), null.b) if start is None else start
    w, b = w * p.mask, jnp.where(null.silent | ~jnp.isfinite(b), 0, b)
    eta = b.astype(p.X.dtype) + p.offset if start is None else move + b.astype(p.X.dtype) + p.offset
    eta, past = jnp.broadcast_to(eta, p.y.shape), jnp.zeros((MEMORY, *w.shape))
    bend, never = jnp.full_like(b, jnp.inf), jnp.zeros(len(b), int)
    return p, null, State(w, b, eta, p.loss(eta), bend, never > 0, past, past, never)


@jax.jit
def slopes(p, eta):
    """First derivatives (T, N), their sum and that of the second."""
    g, h = p.slopes(eta)
    c = jnp.maximum(jnp.sum(h, axis=0, dtype=float), jnp.finfo(h.dtype).tiny)
    return g, jnp.sum(g, axis=0, dtype=float), c


@jax.jit
def aim(metric, penalty, model, z, need, tol):
    """Where the model is least, for the neurons in need of that (else z), and the gap."""
    mask, null, w, r, slope, c = model
    r = mask * (r - metric.mean * slope)
    near = 0.1 * tol * null.unit / c
    z = jnp.where(need, _minimum(metric, penalty, mask, w, r, c, need, near), z)
    curved = jnp.sum(metric.size * (metric.V.T @ (z - w)) ** 2, axis=0)
    fall = jnp.sum(r * (z - w), axis=0) + penalty.value(z) - penalty.value(w)
    promise = slope**2 / c / 2 - fall - c * curved / 2
    return z, jnp.where(null.silent, 0, jnp.abs(promise) / null.unit)  # < 0: ADMM stopped early


def _minimum(metric, penalty, mask, w, r, c, need, near):
    """argmin_z of the model, by ADMM with over-relaxation. Ridge goes with G.

    kappa, the weight of the splitting, follows the strength of the corner. Only differences from w
    pass through V, so its single precision does not limit that of z.
    """
    ridge, typical = penalty.ridge[:1] / c, jnp.sum(metric.size) / len(w)
    r, size = r / c + ridge * w, metric.size + ridge
    if not penalty.has_corner:
        inverse = jnp.where(size > 0, 1 / jnp.where(size > 0, size, 1), 0)
        return w - mask * (metric.V @ (inverse * (metric.V.T @ r)))
    corner = (jnp.sum(penalty.l1, axis=0) + jnp.sum(penalty.t, axis=0)) / len(w)
    kappa = jnp.maximum(150 * corner / c * jnp.sqrt(typical), 1e-4 * typical)
    V, share = metric.V.astype("f4"), (kappa / (size + kappa)).astype("f4")

    def turn(state):
        z, u, _, k = state  # the dual is u - r / kappa
        x = (V @ (share * (V.T @ (z - w - u).astype("f4")))).astype(float)
        x = w + 1.6 * x - 0.6 * (z - w)
        new = mask * penalty.prox(x + u - r / kappa, 1 / (c * kappa))
        moved = jnp.sum((new - z) ** 2, axis=0) + jnp.sum((new - x) ** 2, axis=0)
        far = moved > 1e-6 * jnp.sum((new - w) ** 2, axis=0) + near / typical
        return new, u + x - new, far & need, k + 1

    start = w, jnp.zeros_like(w), need, 0
    return jax.lax.while_loop(lambda s: s[2].any() & (s[3] < 200), turn, start)[0]


@jax.jit
def direction(metric, penalty, model, s, z):
    """d, to the combination of past z whose residuals cancel best, and s with z in its past."""
    r = model[0] * (model[3] - metric.mean * model[4])
    residual = jnp.sqrt(metric.size) * (metric.V.T @ (z - s.w))
    last = lambda new, old: jnp.concatenate([new[None], old[:-1]])
    s = replace(s, Z=last(z, s.Z), R=last(residual, s.R), age=jnp.minimum(s.age + 1, MEMORY))
    known = jnp.arange(MEMORY) < s.age[:, None]  # (N, MEMORY)
    A = jnp.einsum("ipn,jpn->nij", s.R, s.R) * (known[:, :, None] & known[:, None])
    trace = jnp.trace(A, axis1=1, axis2=2)[:, None, None] + jnp.finfo(A.dtype).tiny
    A = A + jnp.eye(MEMORY) * jnp.where(known, 1e-8, 1)[:, None] * trace
    weight = jnp.linalg.solve(A, known[..., None] * 1.0)[..., 0]
    weight = weight / jnp.sum(weight, axis=1, keepdims=True)  # the sum is 1
    v = jnp.einsum("ni,ipn->pn", weight, s.Z)
    fall = lambda d: jnp.sum(r * d, axis=0) + penalty.value(s.w + d) - penalty.value(s.w)
    return jnp.where(fall(v - s.w) < 0.1 * fall(z - s.w), v - s.w, z - s.w), s


@jax.jit
def walk(p, penalty, metric, null, s, d, move, going):
    """Along X d and the intercept together: a Newton step, then halve until the loss falls."""
    centre = jnp.sum(metric.mean * d, axis=0)
    move = move - centre.astype(move.dtype)
    before = penalty.value(s.w)
    value = s.loss + before
    slack = 10 * jnp.finfo(move.dtype).eps * jnp.abs(value)
    at = lambda a, b: s.eta + a.astype(move.dtype) * move + b.astype(move.dtype)
    total = lambda x: jnp.sum(x, axis=0, dtype=float)

    g, h = p.slopes(s.eta + move)
    ga, gb = total(g * move) + penalty.value(s.w + d) - before, total(g)
    haa, hab, hbb = total(h * move**2), total(h * move), total(h)
    det = haa * hbb - hab**2
    a = jnp.clip(1 - jnp.where(det > 0, (hbb * ga - hab * gb) / det, 0), 0, 1)
    b = -jnp.where(hbb > 0, (gb + hab * (a - 1)) / hbb, 0)

    def halve(state):
        f, _, falls = state
        f = jnp.where(falls, f, f / 2)
        loss = p.loss(at(f * a, f * b))
        return f, loss, ~going | (loss + penalty.value(s.w + f * a * d) <= value + slack)

    far = lambda state: (~state[2] & (state[0] > 1e-12)).any()
    start = jnp.full_like(a, 2), jnp.full_like(a, jnp.inf), ~going
    f, loss, falls = jax.lax.while_loop(far, halve, start)
    ok = falls & going
    a, b = jnp.where(ok, f * a, 0), jnp.where(ok, f * b, 0)
    bend = haa / total(p.weight * move**2) / null.bend
    return replace(
        s, w=s.w + a * d, b=s.b + b - a * centre, eta=jnp.where(ok, at(a, b), s.eta),
        loss=jnp.where(ok, loss, s.loss), bend=jnp.where(ok, bend, s.bend), stuck=going & ~ok,
    )  # fmt: skip
