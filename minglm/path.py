"""Fits along a path of strengths, by the solver that suits: one penalty is the shortest path.

With the metric that all neurons share (shared.py), each neuron goes on to the next strength as
soon as it has arrived, with the gradient at hand, and leaves the batch after the last. Few
columns, few neurons and what that metric does not suit go to ``solvers.solve``.
"""

from dataclasses import replace

import jax
import numpy as np

from minglm import shared, solvers
from minglm.chunks import Chunks
from minglm.design import host, is_placed
from minglm.solvers import Solution, null_model

WORTH = 2e9  # T P N of a batch whose steps take longer than to compile smaller ones


def solve(p, penalty, start=None, tol=1e-14, max_iter=100) -> Solution:
    """The optimum, by the solver that suits; ``start`` = (w, b) of a nearby solution."""
    p, metric = prepare(p, penalty)
    (s,) = follow(p, [penalty], metric, start, tol, max_iter)
    return with_eta(p, s)


def prepare(p, penalty):
    """The problem, put on a device as a whole if all of it is needed there; and the metric."""
    metric = shared.metric_for(p, penalty)
    return p if metric is None or is_placed(p.X) else jax.device_put(p), metric


def with_eta(p, s):
    """``follow`` may leave eta (T, N) out."""
    if s.eta is not None:
        return s
    eta = _at(_without_X(p), shared.times(p.X, s.w), s.b)[0]
    return replace(s, eta=eta if is_placed(eta) else np.asarray(eta))


def follow(p, penalties, metric, start=None, tol=1e-14, max_iter=100, see=lambda n, gap: None):
    """Yield the optimum under each penalty, strong to weak, each started from the one before.

    Neurons that the metric did not bring there end with Newton steps of their own. ``see`` hears
    of fits that are done: how many, and their largest gap.
    """
    if metric is None:
        for s in solvers.path(p, penalties, start, tol, max_iter):
            see(len(s.b), s.gap.max())
            yield s
        return
    null, found = _together(p, penalties, metric, start, tol, max_iter, see)
    for i, penalty in enumerate(penalties):
        s = _solution(penalty, metric, null, *[a[i] for a in found])
        for n in np.flatnonzero(~(s.gap <= tol) & (not isinstance(p.X, Chunks))):
            some, begin = (_columns(p, [n]), penalty.neuron(n)), (s.w[:, [n]], s.b[[n]])
            one = replace(solvers.solve(*some, begin, tol, max_iter), eta=None)
            jax.tree.map(lambda all, a, n=n: all.__setitem__((..., [n]), a), s, one)
        yield s


@np.errstate(all="ignore")  # what overflows is not downhill
def _together(p, penalties, metric, start, tol, max_iter, see):
    """The null model, and w, b, loss, gap, steps, bend and stuck under each penalty."""
    X, p = p.X, _without_X(p)
    null, s = _begin(p, X, start)
    everyone, L, N = null, len(penalties), len(s.b)
    every = jax.tree.map(lambda *a: np.stack(a), *penalties)
    found = [np.empty((L, *a.shape)) for a in (s.w, *[s.b] * 6)]
    at, steps, batch = np.zeros(N, int), np.zeros(N, int), np.arange(N)
    while True:
        r, z, need = shared.gradient(X, metric, null, s), s.w, at < L
        while need.any():
            penalty = _pick(every, at, batch)
            aimed, gap = shared.aim(metric, penalty, null, s, r, need, tol)
            z = np.where(need, aimed, z)
            here = need & ((gap <= tol) | (steps >= max_iter) | s.stuck)
            for all, a in zip(found, (s.w, s.b, s.loss, gap, steps, s.bend, s.stuck), strict=True):
                all[at[here], ..., batch[here]] = a[..., here].T
            see(here.sum(), gap.max(where=here, initial=0))
            at, steps = at + here, np.where(here, 0, steps)
            s = replace(s, same=s.same & ~here, stuck=s.stuck & ~here)
            need = here & (at < L)
        going = at < L
        if not going.any():
            return everyone, found
        if 4 * going.sum() <= len(going) and X.shape[0] * X.shape[1] * len(going) > WORTH:
            keep = np.argsort(~going, kind="stable")[: len(going) // 4]
            p, s = _columns(p, keep), s.some(keep)
            null = jax.tree.map(lambda a, k=keep: a[k], null)
            r, z = r[:, keep], z[:, keep]
            at, steps, batch, going = (a[keep] for a in (at, steps, batch, going))
            penalty = _pick(every, at, batch)
        d, s = shared.direction(metric, penalty, r, s, z)
        s = shared.walk(p, penalty, metric, null, s, d, shared.times(X, d), going)
        steps = steps + (going & ~s.stuck)


def _begin(p, X, start):
    """The null model, and where the neurons stand at first."""
    null = jax.tree.map(host, null_model(p))
    w, b = (np.zeros((X.shape[1], len(null.b))), null.b) if start is None else start
    w, b = np.where(null.silent, 0, w), np.where(null.silent | ~np.isfinite(b), 0, b)
    move = np.zeros(p.y.shape, p.X.dtype) if start is None else shared.times(X, w)
    eta, g, *sums = _at(p, move, b)
    no = np.zeros(len(b), bool)
    return null, shared.State(w, b, eta, g, *map(host, sums), no + np.inf, no, (w, 0 * w), no, ())


def _at(p, move, b):
    """What ``shared.arrive`` says of eta = move + b + offset."""
    offset, none = np.zeros(p.y.shape, p.X.dtype) + host(p.offset), np.zeros(len(b))
    return shared.arrive(p, offset, move, none, none + 1, b)


def _without_X(p):
    """For programs that do not touch it, and for pieces and parts that no program could take."""
    return replace(p, X=np.empty((0, p.X.shape[1]), p.X.dtype))


def _columns(p, keep):
    """The problem of some of the neurons."""
    cut = lambda a: a[..., keep] if a.shape[-1] > 1 else a
    return replace(p, y=cut(p.y), offset=cut(p.offset), mask=cut(p.mask))


def _pick(every, at, n):
    """Of penalties stacked along a first axis, the one that each of neurons n is at."""
    at = np.minimum(at, len(every.t) - 1)
    one = {name: getattr(every, name)[at, :, n].T for name in ("ridge", "l1", "t")}
    return replace(every, group=every.group[0], **one)


def _solution(penalty, metric, null, w, b, loss, gap, steps, bend, stuck):
    rank = np.full(len(b), len(w))
    if not penalty.has_corner:
        rank = np.where(penalty.ridge[0] > 0, rank, (metric.size > 0).sum())
    b, rank = np.where(null.silent, null.b, b), np.where(null.silent, 0, rank)
    silent, steps = null.silent.copy(), steps.astype(int)
    return Solution(w, b, None, loss, gap, steps, bend, stuck > 0, silent, rank)
