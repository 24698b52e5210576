"""The optimum of one objective: mean nll + penalty, by (proximal) Newton steps.

For every neuron n, with weights w_n, intercept b_n and rows t of the design X:

    minimise  sum_t a_t nll(x_t w_n + b_n + offset_tn, y_tn) + penalty_n(w_n),   sum_t a_t = 1

A step replaces the sum by its second-order model around the current point, minimises that model
plus the penalty, and walks towards the minimiser as far as the true objective falls. What the
model still promises, divided by the null deviance, is the gap: fits stop there, not at small steps.

Sums over rows run in JAX, in four programs that serve every neuron; matrices as small as the
number of weights are NumPy's.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from minglm.design import Problem
from minglm.nodes import node
from minglm.penalty import Penalty
from minglm.quadratic import corner_minimum, smooth_minimum


@node
class Solution:
    """Where a fit stands. ``gap`` is from before the last step."""

    w: jax.Array  # (P, N)
    b: jax.Array  # (N,)
    eta: jax.Array  # (T, N)
    loss: jax.Array  # (N,): mean nll, without the penalty
    gap: jax.Array  # (N,)
    steps: jax.Array  # (N,)
    bend: jax.Array  # (N,): curvature along the last step, relative to the null model's
    stuck: jax.Array  # (N,) bool: no step is downhill any more
    silent: jax.Array  # (N,) bool: y sits at an end of its range, the optimum at infinity
    rank: jax.Array  # (N,): directions of w that the rows determine


@node
class Null:
    """The model without weights: intercept, deviance per sample, curvature, and who is silent."""

    b: jax.Array  # (N,)
    unit: jax.Array  # (N,): its deviance, the unit of the gap
    bend: jax.Array  # (N,)
    silent: jax.Array  # (N,)


@jax.jit
def null_model(p: Problem) -> Null:
    mean = jnp.sum(p.weight * p.y, axis=0, dtype=float)
    low, high, _ = p.family.support
    at_low, at_high = (jnp.sum(p.weight * (p.y - end), axis=0) == 0 for end in (low, high))
    silent, mean = at_low | at_high, jnp.where(at_low, low, jnp.where(at_high, high, mean))
    b = p.link.eta(mean)
    usable = jnp.where(jnp.isfinite(b), b, 0)
    deviance = jnp.sum(p.weight * p.family.deviance(p.y, mean), axis=0)
    least = (100 * jnp.finfo(p.X.dtype).eps) ** 2 * jnp.abs(mean) * (1 + jnp.abs(mean))
    unit = jnp.where(deviance > least, deviance, 1)  # 1 if y is constant
    start = usable - jnp.sum(p.weight * p.offset, axis=0)
    b, unit = jnp.where(silent, b, start), jnp.where(silent, jnp.inf, unit)
    return Null(b, unit, p.family.curvature(p.link, usable, mean), silent)


def tolerance(dtype) -> float:
    """The smallest gap that sums over time of this precision can tell from 0."""
    return float(jnp.finfo(dtype).eps) ** 1.25


def solve(p: Problem, penalty: Penalty, start=None, tol=1e-14, max_iter=100) -> Solution:
    """The optimum under one penalty, from ``start`` = (w, b) of a nearby solution."""
    return next(path(p, [penalty], start, tol, max_iter))


def path(p, penalties, start=None, tol=1e-14, max_iter=100):
    """Yield the optimum under each penalty, each started from the one before.

    Neuron after neuron, each with its own Hessian: T P^2 a step, for up to hundreds of columns.
    """
    X, mean, varies = _centre(p.X, p.weight)
    mean, mask = np.asarray(mean), np.asarray(p.mask)
    if not penalties[0].rough:  # there, weights follow their neighbours'
        mask = mask * np.asarray(varies)[:, None]
    w, b = (0.0 * mask, np.full(mask.shape[1], np.nan)) if start is None else start
    w = np.asarray(w) * mask
    b, neurons = np.asarray(b) + mean @ w, []
    for n in range(mask.shape[1]):
        one = jax.device_put(replace(p.neuron(n), X=X, mask=mask[:, n, None]))
        neurons.append((one, *_begin(one, w[:, n, None], b[n, None])))
    for penalty in penalties:
        penalty = jax.tree.map(np.asarray, penalty)
        for n, (one, null, s) in enumerate(neurons):
            neurons[n] = one, null, _descend(one, penalty.neuron(n), null, s, tol, max_iter)
        s = jax.tree.map(lambda *a: np.concatenate(a, axis=-1), *[s for *_, s in neurons])
        yield replace(s, b=s.b - mean @ s.w)


@jax.jit
def _centre(X, weight):
    """X with columns of mean 0 (sums far from 0 lose digits), their means, and which vary (P,)."""
    mean = jnp.sum(weight * X, axis=0, dtype=float)
    X = X - mean.astype(X.dtype)
    variance = jnp.sum(weight * X**2, axis=0, dtype=float)
    return X, mean, variance > (100 * jnp.finfo(X.dtype).eps * mean) ** 2


@jax.jit
def _start(p, w, b):
    """The null model; w, b, eta and loss at the start, which is the null model where b is NaN."""
    null = null_model(p)
    b = jnp.where(null.silent, 0, jnp.where(jnp.isfinite(b), b, null.b))
    w = jnp.where(null.silent, 0, w)
    eta = p.eta(w, b) + p.offset
    return null, w, b, eta, p.loss(eta)


def _begin(p, w, b):
    """The null model of one neuron (N = 1), and where it starts."""
    null, w, b, eta, loss = _start(p, w, b)
    null, w, b, loss = jax.tree.map(np.asarray, (null, w, b, loss))
    gap, none = np.full(1, np.inf), np.zeros(1, int)
    return null, Solution(w, b, eta, loss, gap, none, gap, null.silent, null.silent, none)


@jax.jit
def _derivatives(p, eta):
    """Of the loss at eta: first and second in b (1,), in w (1, P); and second in w (P, P), with
    columns of mean 0 under the weights of the second."""
    g, h = p.slopes(eta)  # (T, 1) each
    slope, total = jnp.sum(g, axis=0), jnp.maximum(jnp.sum(h, axis=0), jnp.finfo(h.dtype).tiny)
    Z = jnp.sqrt(h) * (p.X - (h.T @ p.X) / total)
    return slope, total, g.T @ p.X, h.T @ p.X, Z.T @ Z


@jax.jit
def _move(p, eta, w, b):
    """eta + X w + b, the loss there, and the mean square of what was added."""
    move = p.eta(w, b)
    return eta + move, p.loss(eta + move), jnp.sum(p.weight * move**2, axis=0)


@np.errstate(all="ignore")  # what overflows is not downhill
def _descend(p, penalty, null, s, tol, max_iter):
    """Steps for one neuron until the gap is closed; then one more, as it is at hand."""
    s, idle = replace(s, gap=np.full(1, np.inf), steps=0 * s.steps, stuck=s.silent), None
    while s.gap > tol and s.steps < max_iter and not s.stuck:
        s, idle = _step(p, penalty, null, s, idle)
    return replace(s, b=np.where(s.silent, null.b, s.b), gap=np.where(s.silent, 0, s.gap))


def _step(p, penalty, null, s, idle):
    """One (proximal) Newton step; the intercept moves along with the weights (db)."""
    slope, total, r, mean, G = (np.asarray(a, float) for a in _derivatives(p, s.eta))
    S, mask, mean = penalty.matrix(), np.asarray(p.mask), mean.T / total
    A, r = mask * (G + S) * mask.T, mask * (r.T - mean * slope + S @ s.w)
    if idle is None:
        idle, rank = _idle(A, penalty, mask, 10 * len(A) * np.finfo(p.X.dtype).eps)
        s = replace(s, rank=rank)
    if penalty.has_corner:
        d, promise = corner_minimum(A, r, s.w, penalty, 1e-28 * null.unit)
    else:
        d, promise = smooth_minimum(A, r, idle)
    promise = promise + slope**2 / total / 2
    db = -slope / total - (mean * d).sum(axis=0)
    bend = ((d * (G @ d)).sum() + slope**2 / total) / null.bend
    return _walk(p, penalty, replace(s, gap=promise / null.unit), d, db, promise, bend), idle


def _idle(A, penalty, mask, noise):
    """(P, P) that is positive in directions that neither rows nor penalty determine, else 0; rank.

    No step is taken there, so the optimum found is the smallest in units in which A is 1 on the
    diagonal at the start.
    """
    free = (penalty.ridge == 0) & (mask > 0)
    if penalty.has_corner or not free.any() or not np.isfinite(A).all():
        return np.diag(np.diag(A) == 0), (mask > 0).sum(axis=0)
    root = np.sqrt(np.where(np.diag(A) > 0, np.diag(A), 1))[:, None]
    values, vectors = np.linalg.eigh(A / root / root.T)
    idle = values < noise
    return root * (vectors * idle) @ vectors.T * root.T, (~idle).sum(keepdims=True)


def _walk(p, penalty, s, d, db, promise, bend):
    """Halve the step until the objective falls as it should."""
    before, a = s.loss + penalty.value(s.w), 1.0
    slack = 10 * np.finfo(s.eta.dtype).eps * abs(before)
    while a > 1e-12:
        w, b = s.w + a * d, s.b + a * db
        eta, *rest = _move(p, s.eta, a * d, a * db)
        loss, square = map(np.asarray, rest)
        if loss + penalty.value(w) <= before - 1e-4 * a * promise + slack:
            bend = a**2 * bend / square
            return replace(s, w=w, b=b, eta=eta, loss=loss, steps=s.steps + 1, bend=bend)
        a /= 2
    return replace(s, stuck=~s.stuck)
