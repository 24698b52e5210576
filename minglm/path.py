"""Fits along a path of strengths, by the solver that suits: one penalty is the shortest path.

With the metric that all neurons share (shared.py), each neuron goes on to the next strength as
soon as it has arrived, with the gradient at hand, and leaves the batch after the last. Few
columns, few neurons and what that metric does not suit go to ``solvers.solve``.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from minglm import shared, solvers
from minglm.chunks import Chunks
from minglm.design import host, is_placed
from minglm.shared import metric_for
from minglm.solvers import Solution


def solve(p, penalty, start=None, tol=1e-14, max_iter=100) -> Solution:
    """The optimum, by the solver that suits; ``start`` = (w, b) of a nearby solution."""
    p = on_device(p)
    (s,) = follow(p, [penalty], metric_for(p, penalty), start, tol, max_iter)
    return with_eta(p, s)


def on_device(p):
    """The problem where JAX computes, unless it was placed on devices by its owner."""
    return p if is_placed(p.X) else jax.device_put(p)


def with_eta(p, s):
    """``follow`` may leave eta (T, N) out."""
    if s.eta is not None:
        return s
    eta = shared.times(p.X, s.w) + s.b + p.offset
    return replace(s, eta=eta if is_placed(eta) else np.asarray(eta))


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
        s = _solution(penalty, metric, null, *[a[i] for a in found])
        for n in np.flatnonzero(~(s.gap <= tol) & (not isinstance(p.X, Chunks))):
            some, begin = _columns(p, penalty, [n]), (s.w[:, [n]], s.b[[n]])
            one = replace(solvers.solve(*some, begin, tol, max_iter), eta=None)
            jax.tree.map(lambda all, a, n=n: all.__setitem__((..., [n]), a), s, one)
        yield s


def _together(p, penalties, metric, start, tol, max_iter, see):
    """The null model, and w, b, loss, gap, steps, bend and stuck under each penalty."""
    X, p = p.X, replace(p, X=np.empty((0, p.X.shape[1]), p.X.dtype))
    p, null, s = shared.begin(p, start, start and shared.times(X, start[0]))
    everyone, L, N = null, len(penalties), len(s.b)
    every = jax.tree.map(lambda *a: np.stack(a), *penalties)
    found = [np.empty((L, *a.shape)) for a in (s.w, *[s.b] * 6)]
    at, steps, batch = np.zeros(N, int), np.zeros(N, int), np.arange(N)
    while True:
        g, slope, c = shared.slopes(p, s.eta)
        model = p.mask, null, s.w, shared.against(X, g), slope, c
        z, need = s.w, at < L
        while need.any():
            penalty = _pick(every, at)
            z, gap = shared.aim(metric, penalty, model, z, need, tol)
            gap, stuck = host(gap), host(s.stuck)
            here = need & ((gap <= tol) | stuck | (steps >= max_iter))
            for all, a in zip(found, (s.w, s.b, s.loss, gap, steps, s.bend, stuck), strict=True):
                all[at[here], ..., batch[here]] = host(a)[..., here].T
            see(here.sum(), np.max(gap, where=here, initial=0))
            at, steps = at + here, np.where(here, 0, steps)
            s = replace(s, age=jnp.where(here, 0, s.age), stuck=stuck & ~here)
            need = here & (at < L)
        going = at < L
        if not going.any():
            return everyone, found
        if 4 * going.sum() <= len(going):  # few sizes, as each is compiled
            keep = np.argsort(~going, kind="stable")[: len(going) // 4]
            p, every = _columns(p, every, keep)
            penalty = _columns(p, penalty, keep)[1]
            rest = jax.tree.map(lambda a, k=keep: a[..., k], (s, model[1:], z, at, steps, batch))
            (s, (null, *_), z, at, steps, batch), model = rest, (p.mask, *rest[1])
            going = at < L
        d, s = shared.direction(metric, penalty, model, s, z)
        s = shared.walk(p, penalty, metric, null, s, d, shared.times(X, d), going)
        steps = steps + (going & ~host(s.stuck))


def _columns(p, penalty, keep):
    """The problem and penalty of some of the neurons."""
    cut = lambda a: a[..., keep] if a.shape[-1] > 1 else a
    p = replace(p, y=cut(p.y), offset=cut(p.offset), mask=cut(p.mask))
    return p, replace(penalty, ridge=cut(penalty.ridge), l1=cut(penalty.l1), t=cut(penalty.t))


def _pick(every, at):
    """Of penalties stacked along a first axis, the one that each neuron is at."""
    n, at = np.arange(len(at)), np.minimum(at, len(every.t) - 1)
    one = {name: getattr(every, name)[at, :, n].T for name in ("ridge", "l1", "t")}
    return replace(every, group=every.group[0], **one)


def _solution(penalty, metric, null, w, b, loss, gap, steps, bend, stuck):
    null, rank = jax.tree.map(host, null), np.full(len(b), len(w))
    if not penalty.has_corner:
        rank = np.where(penalty.ridge[0] > 0, rank, (host(metric.size) > 0).sum())
    b, rank = np.where(null.silent, null.b, b), np.where(null.silent, 0, rank)
    value, steps = np.array(loss + penalty.value(w)), steps.astype(int)
    return Solution(w, b, None, value, gap, steps, bend, stuck > 0, null.silent.copy(), rank)
