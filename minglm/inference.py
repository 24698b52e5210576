"""How sure: errors of weights, residuals, and whether spikes come when the rates say so.

    errors = standard_errors(glm, X, y)                 # errors.coef, errors.intercept
    low, high = confidence_intervals(glm, X, y, level=0.95)
    residuals(glm, X, y, "deviance")
    time_rescaling(y, glm.predict(X)).distance          # one neuron

``X`` and ``y`` are what the model was fitted to. Errors take the model for right, and know nothing
of choices made on the same data.
"""

from collections import namedtuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from minglm import observation_models as families
from minglm.design import read_design
from minglm.timeseries import unwrap

Weights = namedtuple("Weights", "coef intercept")  # numbers shaped as those of a model
Rescaled = namedtuple("Rescaled", "quantiles expected distance band p_value")
# d2 nll / d eta2 as expected at each row
_curvature = jax.jit(lambda f, link, eta: f.curvature(link, eta, link.mean(eta)), static_argnums=1)


def covariance(glm, X, y, sample_weight=None, offset=None):
    """Of (intercept, weights): (1 + P, 1 + P), or (N, 1 + P, 1 + P) for a population.

    Inverse of the expected information sum_t x x' (dmu/deta)^2 / (scale V(mu)); a penalty adds its
    curvature at the optimum: the Laplace posterior. NaN for weights that are exactly 0 (masked, or
    dropped by a lasso: no error can be given) and silent neurons. Where the data do not
    determine a direction, the solution without it is meant (pseudo-inverse).
    """
    each = list(_covariances(glm, glm.problem(X, y, sample_weight, offset), sample_weight))
    return each[0] if np.ndim(y) == 1 else np.stack(each)


def _covariances(glm, problem, sample_weight):
    """One neuron after the other, so that only one is in memory."""
    glm._check_fitted()
    design, rows, penalty = problem
    weight, used = rows.weight[:, 0], rows.weight[:, 0] > 0
    T = used.sum() if sample_weight is None else np.asarray(sample_weight)[used].sum()
    # nll = unit * (-log p): the Gaussian nll has no 1/2, Gaussian and Gamma no scale
    unit = glm.scale_ * (2 if isinstance(rows.family, families.GaussianObservations) else 1)
    coef, ones = design.join(glm.coef_), np.insert(rows.X, 0, 1, axis=1)
    for n, w in enumerate(np.reshape(coef, (len(coef), -1)).T):
        b, offset = glm.intercept_[n], rows.offset[:, min(n, rows.offset.shape[1] - 1)]
        with jax.enable_x64(True):
            h = _curvature(rows.family, rows.link, rows.X @ w + b + offset)
            bend = penalty.neuron(n).matrix() + penalty.neuron(n).bend(w[:, None])
        H = (ones * (weight * np.asarray(h))[:, None]).T @ ones
        on = np.r_[True, w != 0] & np.isfinite(b)
        H[1:, 1:] += np.where(on[1:, None] & on[1:], bend, 0)
        size = np.sqrt(np.diag(H)[on])  # the pseudo-inverse should not see the units of columns
        size = np.where(size == 0, 1, size)
        inverse = np.linalg.pinv(H[np.ix_(on, on)] / np.outer(size, size), hermitian=True)
        covariance = np.full(H.shape, np.nan)
        covariance[np.ix_(on, on)] = inverse / np.outer(size, size) * unit[n] / T
        yield covariance


def standard_errors(glm, X, y, sample_weight=None, offset=None):
    """Square roots of the variances of ``covariance``: ``coef`` as of the model, ``intercept``."""
    problem = glm.problem(X, y, sample_weight, offset)
    variances = [np.diag(c) for c in _covariances(glm, problem, sample_weight)]
    errors = np.sqrt(np.stack(variances, axis=1))  # (1 + P, N)
    return Weights(problem[0].split(errors[1:, 0] if np.ndim(y) == 1 else errors[1:]), errors[0])


def confidence_intervals(glm, X, y, level=0.95, sample_weight=None, offset=None):
    """Wald: weights -+ z standard errors. (low, high), each with ``coef`` and ``intercept``."""
    z, errors = z_of(level), standard_errors(glm, X, y, sample_weight, offset)
    design = read_design(X)
    w, b, e = design.join(glm.coef_), glm.intercept_, design.join(errors.coef)
    return tuple(Weights(design.split(w + a * e), b + a * errors.intercept) for a in (-z, z))


def z_of(level):
    """Standard errors to each side of the mean that hold ``level`` of a normal law."""
    if not 0 < level < 1:
        raise ValueError(f"level={level}; give a probability between 0 and 1, such as 0.95")
    return stats.norm.ppf(0.5 + level / 2)


def residuals(glm, X, y, kind="pearson", offset=None):
    """Per sample, as y came: "response" y - mu; "pearson", over sqrt V(mu); "deviance", its
    sign times sqrt(deviance). V is without the scale; NaN where a sample is missing."""
    family, source = families.read_family(glm.observation_model), unwrap(y, "y")
    mu = np.asarray(glm.predict(X) if offset is None else glm.predict(X, offset), float)
    y = np.where(np.isfinite(source.values), source.values, np.nan)
    if y.shape != mu.shape:
        raise ValueError(f"y has shape {y.shape}, the prediction {mu.shape}; give the y of these X")
    kinds = {
        "response": lambda: y - mu,
        "pearson": lambda: np.where(y == mu, 0, (y - mu) / np.sqrt(variance(family, mu))),
        "deviance": lambda: np.sign(y - mu) * np.sqrt(np.maximum(family.deviance(y, mu), 0)),
    }
    if kind not in kinds:
        raise ValueError(f"kind={kind!r}; give one of {', '.join(kinds)}")
    with jax.enable_x64(True), np.errstate(invalid="ignore"):  # 0 / 0 of a silent neuron is 0
        return source.wrap(kinds[kind](), repeat=1)


@jax.jit
def variance(family, mu):
    """V(mu), the variance of y at scale 1: 2 / (d2 deviance / d mu2 at y = mu)."""
    slope = lambda m: jax.jvp(lambda m: family.deviance(mu, m), (m,), (jnp.ones_like(m),))[1]
    return 2 / jax.jvp(slope, (mu,), (jnp.ones_like(mu),))[1]


def time_rescaling(y, mu, observation_model="Poisson", level=0.95, rng=0):
    """Kolmogorov-Smirnov test of the intervals between spikes, in units of expected spikes.

    With the true rates these are exponential: 1 - exp(-interval), sorted, are the ``quantiles`` of
    a uniform law (``expected``), and their largest ``distance`` from it stays in the ``band``. Bins
    alone make intervals lumpy and long; drawing each spike's place within its bin, as the model has
    it, is exact (Poisson: uniform; Bernoulli: first event of a Poisson process). Bins without y or
    mu are taken out of time. Rates fitted to the same spikes pass a little too easily.
    Brown et al. (2002) Neural Comput. 14(2); Haslinger, Pipa & Brown (2010) Neural Comput. 22(10).
    """
    z_of(level)
    y, mu = (np.asarray(unwrap(a, what).values, float) for a, what in ((y, "y"), (mu, "mu")))
    if y.ndim != 1 or y.shape != mu.shape:
        raise ValueError(f"y {y.shape} and mu {mu.shape} must both be (T,): one neuron at a time")
    valid = np.isfinite(y) & np.isfinite(mu)
    y, mu, family = y[valid].astype(int), mu[valid], families.read_family(observation_model)
    if y.sum() == 0:
        raise ValueError("there is no spike to rescale; give the counts of a neuron that fires")
    u = np.random.default_rng(rng).random(y.sum())
    if isinstance(family, families.PoissonObservations):
        at = np.repeat(np.arange(len(y)), y)
        intervals = np.diff(np.sort(np.cumsum(mu)[at] - u * mu[at]), prepend=0)
    elif isinstance(family, families.BernoulliObservations):
        at, hazard = np.flatnonzero(y), -np.log1p(-np.minimum(mu, 1 - 1e-15))
        gaps = np.diff(np.cumsum(hazard)[at], prepend=0) - hazard[at]
        intervals = gaps - np.log1p(-u * mu[at])
    else:
        raise ValueError(f"{observation_model} has no spikes; rescale 'Poisson' or 'Bernoulli'")
    n, quantiles = len(at), np.sort(-np.expm1(-intervals))
    expected = (np.arange(n) + 0.5) / n
    distance = float(abs(quantiles - expected).max() + 0.5 / n)
    law = stats.kstwo(n)
    return Rescaled(quantiles, expected, distance, float(law.ppf(level)), float(law.sf(distance)))
