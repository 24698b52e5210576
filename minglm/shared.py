"""Many neurons on one wide design: proximal Newton steps in one metric that all of them share.

The Hessian of neuron n is close to c_n G: G the Gram matrix of the centred design, computed once,
c_n the mean curvature. So a step costs two products of X with one column per neuron, X'g and X d;
the rest is small or element-wise:

    z     = argmin r'(z - w) + c/2 (z - w)'G(z - w) + penalty(z)           ADMM on G
    v     = the combination of the last few z whose residuals z - w cancel  (Anderson)
    w, b += as far along v - w as the true objective falls

Anderson's combination makes up for what c_n G misses of the true Hessian. Along a path of
strengths each neuron goes on to the next as soon as it has arrived, with the gradient at hand.
What this metric does not suit goes to ``solvers.solve``.
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
    that ADMM can split."""
    few = p.X.shape[1] < 32 or p.y.shape[1] < 4
    if few or penalty.rough or penalty.group.shape[1] > 1 or not np.all(p.mask):
        return None
    if not np.all(penalty.ridge == penalty.ridge[:1]):
        return None
    metric, square = _metric(p.X, p.weight)
    return metric if square.max() < 1e8 * square.min(where=square > 0, initial=np.inf) else None


@jax.jit
def _metric(X, weight):
    """The Gram matrix of the rows less their mean, and its diagonal before that."""
    mean = (weight.T @ X).T.astype(float)
    Z = X - mean.T.astype(X.dtype)  # first, as sums far from 0 lose digits
    G = ((Z * weight).T @ Z).astype(float)
    size, V = jnp.linalg.eigh(G)
    noise = 10 * len(G) * jnp.finfo(X.dtype).eps * size[-1]
    return Metric(mean, jnp.where(size > noise, size, 0)[:, None], V), jnp.diag(G) + mean[:, 0] ** 2


def solve(p, penalty, start=None, tol=1e-14, max_iter=100) -> Solution:
    """The optimum, by the solver that suits; ``start`` = (w, b) of a nearby solution."""
    p = jax.device_put(p)
    return next(follow(p, [penalty], metric_for(p, penalty), start, tol, max_iter))


def follow(p, penalties, metric, start=None, tol=1e-14, max_iter=100, see=lambda n, gap: None):
    """Yield the optimum under each penalty, strong to weak, each started from the one before.

    Neurons that the metric did not bring there end with Newton steps of their own. ``see`` hears
    of fits that are done: how many, and their largest gap.
    """
    if metric is None:
        for penalty in penalties:
            s = solvers.solve(p, penalty, start, tol, max_iter)
            start = s.w, s.b
            see(len(s.b), s.gap.max())
            yield s
        return
    null, found = _together(p, penalties, metric, start, tol, max_iter, see)
    for i, penalty in enumerate(penalties):
        s = _solution(p, penalty, metric, null, [a[i] for a in found])
        for n in np.flatnonzero(~(s.gap <= tol)):
            some, begin = _columns(p, penalty, [n]), (s.w[:, [n]], s.b[[n]])
            one = solvers.solve(*some, begin, tol, max_iter)
            jax.tree.map(lambda all, a, n=n: all.__setitem__((..., [n]), a), s, one)
        yield s


def _together(p, penalties, metric, start, tol, max_iter, see):
    """The null model, and w, b, loss, gap, steps, bend and stuck under each penalty."""
    p, null, s = _begin(p, start)
    everyone, every = null, jax.tree.map(lambda *a: np.stack(a), *penalties)
    found = [np.empty((len(penalties), *a.shape)) for a in (s.w, *[s.b] * 6)]
    at, steps, batch = np.zeros((3, len(s.b)), int)
    batch += np.arange(len(s.b))
    while True:
        g, slope, c = _slopes(p, s.eta)
        r, z, need = _against(p.X, g), s.w, at < len(penalties)
        while need.any():
            penalty = _pick(every, np.minimum(at, len(penalties) - 1))
            z, gap = _aim(p.mask, penalty, metric, null, s.w, (r, slope, c), z, need, tol)
            here = need & (np.asarray((gap <= tol) | s.stuck) | (steps >= max_iter))
            for all, a in zip(found, (s.w, s.b, s.loss, gap, steps, s.bend, s.stuck), strict=True):
                all[at[here], ..., batch[here]] = np.asarray(a)[..., here].T
            see(here.sum(), np.max(gap, where=here, initial=0))
            at, steps = at + here, np.where(here, 0, steps)
            s = replace(s, age=np.where(here, 0, s.age), stuck=s.stuck & ~here)
            need = here & (at < len(penalties))
        going = at < len(penalties)
        if not going.any():
            return everyone, found
        if 4 * going.sum() <= len(going):  # few sizes, as each is compiled
            keep = np.argsort(~going, kind="stable")[: len(going) // 4]
            (p, every), penalty = _columns(p, every, keep), _columns(p, penalty, keep)[1]
            rest = s, null, z, r, slope, c, at, steps, batch, going
            rest = jax.tree.map(lambda a, keep=keep: a[..., keep], rest)
            s, null, z, r, slope, c, at, steps, batch, going = rest
        d, s = _direction(p.mask, penalty, metric, s, z, (r, slope))
        s = _walk(p, penalty, metric, null, s, d, _times(p.X, d), going)
        steps = steps + (going & ~np.asarray(s.stuck))


_times = jax.jit(lambda X, w: X @ w.astype(X.dtype))
_against = jax.jit(lambda X, g: (X.T @ g).astype(float))


def _columns(p, penalty, keep):
    """The problem and penalty of some of the neurons."""
    cut = lambda a: a[..., keep] if a.shape[-1] > 1 else a
    p = replace(p, y=cut(p.y), offset=cut(p.offset), mask=cut(p.mask))
    return p, replace(penalty, ridge=cut(penalty.ridge), l1=cut(penalty.l1), t=cut(penalty.t))


def _pick(every, at):
    """Of penalties stacked along a first axis, the one that each neuron is at."""
    own = lambda a: np.take_along_axis(a, at[None, None], 0)[0] if a.shape[-1] > 1 else a[0]
    one = {name: own(getattr(every, name)) for name in ("ridge", "l1", "t")}
    return replace(every, group=every.group[0], **one)


@jax.jit
def _begin(p, start):
    """The problem without silent neurons' weights; the null model; start; no past."""
    null = null_model(p)
    p = replace(p, mask=jnp.where(null.silent, 0, p.mask))
    w, b = (jnp.zeros_like(p.mask), null.b) if start is None else start
    w, b = w * p.mask, jnp.where(null.silent | ~jnp.isfinite(b), 0, b)
    eta, past = p.eta(w, b) + p.offset, jnp.zeros((MEMORY, *w.shape))
    bend, never = jnp.full_like(b, jnp.inf), jnp.zeros(len(b), int)
    return p, null, State(w, b, eta, p.loss(eta), bend, never > 0, past, past, never)


def _solution(p, penalty, metric, null, found):
    w, b, loss, gap, steps, bend, stuck = found
    null = jax.tree.map(np.asarray, null)
    rank = np.full(len(b), len(w))
    if not penalty.has_corner:
        rank = np.where(penalty.ridge[0] > 0, rank, (np.asarray(metric.size) > 0).sum())
    eta, value = np.asarray(_times(p.X, w)) + b + np.asarray(p.offset), loss + penalty.value(w)
    b, rank = np.where(null.silent, null.b, b), np.where(null.silent, 0, rank)
    s = Solution(w, b, eta, value, gap, steps.astype(int), bend, stuck > 0, null.silent, rank)
    return jax.tree.map(np.array, s)


@jax.jit
def _slopes(p, eta):
    """First derivatives (T, N), their sum and that of the second."""
    g, h = p.slopes(eta)
    c = jnp.maximum(jnp.sum(h, axis=0, dtype=float), jnp.finfo(h.dtype).tiny)
    return g, jnp.sum(g, axis=0, dtype=float), c


@jax.jit
def _aim(mask, penalty, metric, null, w, slopes, z, need, tol):
    """Where the model is least, for neurons in need of it, and the gap; else z."""
    r, slope, c = slopes
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
        far = moved > 1e-5 * jnp.sum((new - w) ** 2, axis=0) + near / typical
        return new, u + x - new, far & need, k + 1

    start = w, jnp.zeros_like(w), need, 0
    return jax.lax.while_loop(lambda s: s[2].any() & (s[3] < 200), turn, start)[0]


@jax.jit
def _direction(mask, penalty, metric, s, z, slopes):
    """d, to the combination of past z whose residuals cancel best, and s with z in its past."""
    r = mask * (slopes[0] - metric.mean * slopes[1])
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
def _walk(p, penalty, metric, null, s, d, move, going):
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
