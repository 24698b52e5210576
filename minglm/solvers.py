"""The optimum of one objective: mean nll + penalty, by (proximal) Newton steps.

For every neuron n, with weights w_n, intercept b_n and rows t of the design X:

    minimise  sum_t a_t nll(x_t w_n + b_n + offset_tn, y_tn) + penalty_n(w_n),   sum_t a_t = 1

A step replaces the sum by its second-order model around the current point, minimises that model
plus the penalty, and walks towards the minimiser as far as the true objective falls. What the
model still promises, divided by the null deviance, is the gap: fits stop there, not at small steps.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp

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
    value: jax.Array  # (N,): the objective
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


def null_model(p: Problem) -> Null:
    low, high, _ = p.family.support
    at = lambda end: ((p.weight == 0) | (p.y == end)).all(axis=0)
    mean = jnp.sum(p.weight * p.y, axis=0, dtype=float)
    mean = jnp.where(at(low), low, jnp.where(at(high), high, mean))
    silent, b = at(low) | at(high), p.link.eta(mean)
    usable = jnp.where(jnp.isfinite(b), b, 0)
    eta = jnp.broadcast_to(usable, p.y.shape)
    deviance = jnp.sum(p.weight * p.family.deviance(p.y, mean), axis=0)
    least = (100 * jnp.finfo(p.X.dtype).eps) ** 2 * jnp.abs(mean) * (1 + jnp.abs(mean))
    unit = jnp.where(deviance > least, deviance, 1)  # 1 if y is constant
    bend = jnp.sum(p.slopes(eta)[1], axis=0)
    start = usable - jnp.sum(p.weight * p.offset, axis=0)
    return Null(jnp.where(silent, b, start), jnp.where(silent, jnp.inf, unit), bend, silent)


def tolerance(dtype) -> float:
    """The smallest gap that sums over time of this precision can tell from 0."""
    return float(jnp.finfo(dtype).eps) ** 1.25


@jax.jit
def solve(p: Problem, penalty: Penalty, start=None, tol=1e-14, max_iter=100) -> Solution:
    """Newton steps with each neuron's own Hessian, neuron after neuron.

    start = (w, b) of a nearby solution. For up to some hundreds of columns: a step costs T P^2.
    """
    p, mean = _centre(p, penalty)
    null = null_model(p)
    p = replace(p, mask=jnp.where(null.silent, 0, p.mask))
    w, b = (jnp.zeros_like(p.mask), null.b) if start is None else start
    w, b = w * p.mask, b + mean @ w

    def one(n):
        here = lambda a: a[..., n, None]
        mine = p.neuron(n), penalty.neuron(n), jax.tree.map(here, null)
        return _descend(*mine, here(w), here(b), tol, max_iter)

    s = jax.lax.map(one, jnp.arange(p.y.shape[1]))
    s = jax.tree.map(lambda a: jnp.moveaxis(a, 0, -1)[..., 0, :], s)
    return replace(s, b=jnp.where(null.silent, null.b, s.b - mean @ s.w))


def _centre(p, penalty):
    """The problem with columns of mean 0 (sums far from 0 lose digits), and their means (P,).

    A column that does not vary is left out, unless its weight follows its neighbours'.
    """
    mean = jnp.sum(p.weight * p.X, axis=0, dtype=float)
    X = p.X - mean.astype(p.X.dtype)
    noise = 100 * jnp.finfo(X.dtype).eps * jnp.abs(mean)
    varies = jnp.sum(p.weight * X**2, axis=0, dtype=float) > noise**2
    return replace(p, X=X, mask=p.mask if penalty.rough else p.mask * varies[:, None]), mean


def _descend(p, penalty, null, w, b, tol, max_iter):
    """Steps for one neuron (N = 1) until the gap is closed; then one more, as it is at hand."""
    b = jnp.where(jnp.isfinite(b) & ~null.silent, b, 0)
    *units, rank = _units(p, penalty)
    inf, none = jnp.full_like(b, jnp.inf), jnp.zeros_like(b, int)
    eta = p.eta(w, b) + p.offset
    value = p.loss(eta) + penalty.value(w)
    s = Solution(w, b, eta, value, inf, none, inf, null.silent, null.silent, rank)
    going = lambda s: ((s.gap > tol) & (s.steps < max_iter) & ~s.stuck)[0]
    s = jax.lax.while_loop(going, lambda s: _step(p, penalty, null, s, units), s)
    return replace(s, gap=jnp.where(null.silent, 0, s.gap))


def _step(p, penalty, null, s, units):
    """One (proximal) Newton step; the intercept moves along with the weights (db)."""
    g, h = p.slopes(s.eta)  # (T, 1) each
    G, mean, total = _centred(p, h)
    slope = jnp.sum(g, axis=0, dtype=float)
    r = p.X.T @ g - mean * slope
    S = penalty.matrix()
    A, r = p.mask * (G + S) * p.mask.T, p.mask * (r + S @ s.w)
    if penalty.has_corner:
        d, promise = corner_minimum(A, r, s.w, penalty)
    else:
        d, promise = smooth_minimum(A, r, *units)
    promise += slope**2 / total / 2
    db = -slope / total - jnp.sum(mean * d, axis=0)
    return _walk(p, penalty, null, s, d, db, promise, h)


def _centred(p, h):
    """Gram matrix of X under weights h (T, 1), less what the intercept takes; mean; sum of h."""
    total = jnp.maximum(jnp.sum(h), jnp.finfo(h.dtype).tiny)
    mean = (h.T @ p.X) / total  # (1, P)
    Z = jnp.sqrt(h) * (p.X - mean)
    return (Z.T @ Z).astype(float), mean.T.astype(float), total.astype(float)


def _units(p, penalty):
    """Units (P, 1) in which columns have curvature 1, projector (P, P), rank (1,).

    The projector is on directions that neither rows nor penalty determine. No step is taken there,
    so the optimum found is the smallest in these units.
    """
    variance = (p.weight.T @ p.X**2).T.astype(float)
    size = p.mask * (variance + jnp.diag(penalty.matrix())[:, None])
    unit = jnp.where(size > 0, jax.lax.rsqrt(jnp.where(size > 0, size, 1)), 0)

    def projector():
        A = _centred(p, p.weight)[0] + penalty.matrix()
        values, vectors = jnp.linalg.eigh(unit * A * unit.T)
        idle = values < 10 * len(A) * jnp.finfo(p.X.dtype).eps
        return (vectors * idle) @ vectors.T, len(A) - idle.sum(keepdims=True)

    whole = lambda: (jnp.eye(len(unit)) * (unit == 0), jnp.sum(p.mask > 0, axis=0))
    free = ((penalty.ridge == 0) & (p.mask > 0)).any() & (not penalty.has_corner)
    return unit, *jax.lax.cond(free, projector, whole)


def _walk(p, penalty, null, s, d, db, promise, h):
    """Halve the step until the objective falls as it should; X d is computed once."""
    move = p.eta(d, db)
    slack = 10 * jnp.finfo(move.dtype).eps * jnp.abs(s.value)
    at = lambda a: p.loss(s.eta + a.astype(move.dtype) * move) + penalty.value(s.w + a * d)
    falls = lambda a, value: value <= s.value - 1e-4 * a * promise + slack

    def halve(state):
        a, value = state
        a = jnp.where(falls(a, value), a, a / 2)
        return a, at(a)

    going = lambda state: (~falls(*state) & (state[0] > 1e-12)).any()
    a, value = jax.lax.while_loop(going, halve, (jnp.full_like(promise, 2), s.value + jnp.inf))
    ok = falls(a, value)
    bend = jnp.sum(h * move**2, axis=0) / jnp.sum(p.weight * move**2, axis=0) / null.bend
    a, move = jnp.where(ok, a, 0), jnp.where(ok, move, 0)
    return replace(
        s,
        w=s.w + a * d,
        b=s.b + a * db,
        eta=s.eta + a.astype(move.dtype) * move,
        value=jnp.where(ok, value, s.value),
        gap=promise / null.unit,
        steps=s.steps + ok,
        bend=bend,
        stuck=~ok,
    )
