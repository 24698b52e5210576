"""Many neurons on one wide design: proximal Newton steps in one metric that all of them share.

The Hessian of neuron n is close to c_n G: G the Gram matrix of the centred design, computed once,
c_n the mean curvature. So a step costs two products of X with one column per neuron, X'g and X d;
the rest is small or element-wise:

    z     = argmin r'(z - w) + c/2 (z - w)'G(z - w) + penalty(z)           ADMM on G
    v     = z less what the last few steps say its residual z - w is due to   (Anderson)
    w, b += as far along v - w as the true objective falls

Anderson's correction makes up for what c_n G misses of the true Hessian. These are the pieces of
a step; path.py puts them together. Rows and ADMM are JAX's, in small programs of which two touch X;
the other arrays as small as the weights are NumPy's.
Boyd et al. (2011) Found. Trends Mach. Learn. 3(1); Walker & Ni (2011) SIAM J. Numer. Anal. 49(4).
"""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np

from minglm.chunks import Chunks
from minglm.design import Problem, host
from minglm.penalty import Penalty
from minglm.solvers import Null

MEMORY = 8  # past steps that Anderson's correction looks at


@dataclass(frozen=True)
class Metric:
    """G = V diag(size) V'."""

    mean: np.ndarray  # (P, 1), of the columns of X
    size: np.ndarray  # (P, 1)
    V: np.ndarray  # (P, P)

    def residual(self, d):
        """Of the same length as d is in the metric."""
        return np.sqrt(self.size) * (self.V.T @ d)


@dataclass(frozen=True)
class State:
    """Where the neurons stand, what the loss does there, and which way they came."""

    w: np.ndarray  # (P, N)
    b: np.ndarray  # (N,)
    eta: jax.Array  # (T, N)
    g: jax.Array  # (T, N): slope of the loss in eta
    loss: np.ndarray  # (N,)
    slope: np.ndarray  # (N,): of the loss in b
    c: np.ndarray  # (N,): its curvature there
    bend: np.ndarray  # (N,): see Solution
    stuck: np.ndarray  # (N,)
    last: tuple  # z and its residual, (P, N) each, of the step before
    same: np.ndarray  # (N,): is it of this strength?
    past: tuple  # differences of z and residual between steps of one strength, whichever it was

    def some(self, keep):
        """Some of the neurons."""
        return State(*[jax.tree.map(lambda a: a[..., keep], a) for a in vars(self).values()])


def metric_for(p: Problem, penalty: Penalty) -> Metric | None:
    """None unless there are many neurons and columns, of like size and none masked, and a penalty
    that ADMM can split. Chunks are always fitted in this metric."""
    chunks, few = isinstance(p.X, Chunks), p.X.shape[1] < 32 or p.y.shape[1] < 4
    plain = not penalty.rough and penalty.group.shape[1] == 1 and host(p.mask).all()
    plain = plain and np.all(penalty.ridge == penalty.ridge[:1])
    if chunks and not plain:
        raise ValueError(
            "X in Chunks is fitted without feature_mask, and with penalties that are alike for all "
            "its columns; give X as one array"
        )
    if not plain or (few and not chunks):
        return None
    mean = host(against(p.X, p.weight))
    G = host(_sum(_gram, p.X, p.weight, mean))
    size, V = np.linalg.eigh(G)
    size = np.where(size > 10 * len(G) * np.finfo(p.X.dtype).eps * size[-1], size, 0)
    square = np.diag(G) + mean[:, 0] ** 2
    alike = square.max() < 1e8 * square.min(where=square > 0, initial=np.inf)
    return Metric(mean, size[:, None], V) if size.any() and (alike or chunks) else None


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
    return _times(X, w) if isinstance(X, jax.Array) else X @ w.astype(X.dtype)


def against(X, g):
    """X'g, (P, N)."""
    return _sum(_against, X, g)


def _sum(f, X, a, *rest):
    """f(X, a, ...), summed over the pieces that X may come in."""
    if isinstance(X, Chunks):
        return sum(f(x, np.asarray(a)[rows], *rest) for rows, x in X.pieces())
    return f(X, a, *rest)


def gradient(X, metric, null, s):
    """(P, N): slope of the loss in w, with b following along."""
    return ~null.silent * (host(against(X, s.g)) - metric.mean * s.slope)


def aim(metric: Metric, penalty: Penalty, null: Null, s: State, r, need, tol):
    """z (P, N) where model and penalty are least, if in need of that; and the gap."""
    ridge = penalty.ridge[:1] / s.c
    slope, size = r / s.c + ridge * s.w, metric.size + ridge
    if penalty.has_corner:
        rest = ~null.silent, s.w, slope, r, s.c, size, need, 0.1 * tol * null.unit / s.c
        z, fall = map(host, _split(metric.V, metric.size, penalty, *rest))
    else:
        inverse = np.where(size > 0, 1 / np.where(size > 0, size, 1), 0)
        z = s.w - metric.V @ (inverse * (metric.V.T @ slope))
        fall = _fall(metric.V, metric.size, penalty, s.w, r, s.c, z)
    promise = abs(s.slope**2 / s.c / 2 + fall)  # < 0: ADMM stopped early
    flat = np.maximum(s.c / s.bend / null.bend, 1)  # against the metric, along the last step
    return z, np.where(null.silent, 0, flat * promise / null.unit)


def _fall(V, size, penalty, w, r, c, z):
    """How far model and penalty fall from w to z."""
    d = z - w
    loss = (r * d).sum(axis=0) + c * (size * (V.T @ d) ** 2).sum(axis=0) / 2
    return penalty.value(w) - penalty.value(z) - loss


@jax.jit
def _split(V, own, penalty, live, w, r, slope, c, size, need, near):
    """argmin_z of the model and how far it falls, by ADMM with over-relaxation. Ridge goes with G.

    kappa, the weight of the splitting, follows the strength of the corner. Only differences from w
    pass through V, so its single precision does not limit that of z.
    """
    corner, typical = (penalty.l1.sum(axis=0) + penalty.t.sum(axis=0)) / len(w), own.mean()
    kappa = jnp.maximum(150 * corner / c * jnp.sqrt(typical), 1e-4 * typical)
    V4, share = V.astype("f4"), (kappa / (size + kappa)).astype("f4")

    def turn(state):
        z, u, _, k = state  # the dual is u - r / kappa
        x = (V4 @ (share * (V4.T @ (z - w - u).astype("f4")))).astype(float)
        x = w + 1.6 * x - 0.6 * (z - w)
        new = live * penalty.prox(x + u - r / kappa, 1 / (c * kappa))
        moved = jnp.sum((new - z) ** 2, axis=0) + jnp.sum((new - x) ** 2, axis=0)
        far = moved > 1e-6 * jnp.sum((new - w) ** 2, axis=0) + near / typical
        return new, u + x - new, far & need, k + 1

    start = w, jnp.zeros_like(w), need, 0
    z = jax.lax.while_loop(lambda s: s[2].any() & (s[3] < 200), turn, start)[0]
    return z, _fall(V, own, penalty, w, slope, c, z)


def direction(metric, penalty, r, s, z):
    """d, to z less what steps past say its residual is due to; and s with z in its past."""
    f = metric.residual(z - s.w)
    dz, df = s.same * (z - s.last[0]), s.same * (f - s.last[1])
    size = np.sqrt((df**2).sum(axis=0)) + np.finfo(float).tiny
    past = ((dz / size, df / size), *s.past)[:MEMORY]
    dot = lambda f: [np.einsum("pn,pn->n", df, f) for _, df in past]
    A = np.array([dot(df) for _, df in past]).T + 1e-4 * np.eye(len(past))  # (N, M, M)
    share = np.linalg.solve(A, np.array(dot(f)).T[..., None])[..., 0].T
    v = z - sum(a * dz for a, (dz, _) in zip(share, past, strict=True))
    fall = lambda d: (r * d).sum(axis=0) + penalty.value(s.w + d) - penalty.value(s.w)
    d = np.where(fall(v - s.w) < 0.1 * fall(z - s.w), v - s.w, z - s.w)
    return d, replace(s, past=past, last=(z, f), same=s.same | True)


def walk(p, penalty, metric, null, s, d, move, going):
    """Along X d and b together: a Newton step; or straight down, halved until the loss falls."""
    centre = (metric.mean * d).sum(axis=0)
    ga, gb, haa, hab, hbb, square = map(host, _bends(p, s.eta, move, centre))
    before = penalty.value(s.w)
    ga, det = ga + penalty.value(s.w + d) - before, haa * hbb - hab**2
    a = 1 - np.where(det > 0, (hbb * ga - hab * gb) / det, 0)
    a = np.clip(np.nan_to_num(a, nan=1), 0, 1)
    b = np.nan_to_num(-np.where(hbb > 0, (gb + hab * (a - 1)) / hbb, 0), posinf=0, neginf=0)
    bend = haa / square / null.bend
    value, far, f = s.loss + before, going, 1.0 * going
    slack = 10 * np.finfo(p.X.dtype).eps * abs(value)
    while True:
        eta, g, loss, slope, c = arrive(p, s.eta, move, centre, f * a, f * b)
        far = far & ~(host(loss) + penalty.value(s.w + f * a * d) <= value + slack)
        if not far.any():
            break
        a, b, f = np.where(far, (1 + 0 * f, -s.slope / s.c, f / 2 * (f > 1e-12)), (a, b, f))
        far = far & (f > 0)
    ok, a, b = f > 0, f * a, f * b
    return replace(
        s, w=s.w + a * d, b=s.b + b - a * centre, eta=eta, g=g, slope=host(slope), c=host(c),
        loss=np.where(ok, host(loss), s.loss), bend=np.where(ok, bend, s.bend), stuck=going & ~ok,
    )  # fmt: skip


@jax.jit
def _bends(p, eta, move, centre):
    """Of the loss at eta + move: first and second derivatives along move and along b."""
    move = move - centre.astype(move.dtype)
    g, h = p.slopes(eta + move)
    parts = g * move, g, h * move**2, h * move, h, p.weight * move**2
    return [jnp.sum(x, axis=0, dtype=float) for x in parts]


@jax.jit
def arrive(p, eta, move, centre, a, b):
    """Further along by a (N,) and b (N,): eta, the slopes g of the loss there, the loss, the sum
    of g, and that of the curvatures."""
    eta = eta + a.astype(eta.dtype) * (move - centre.astype(eta.dtype)) + b.astype(eta.dtype)
    g, h = p.slopes(eta)
    c = jnp.maximum(jnp.sum(h, axis=0, dtype=float), jnp.finfo(h.dtype).tiny)
    return eta, g, p.loss(eta), jnp.sum(g, axis=0, dtype=float), c
