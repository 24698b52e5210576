"""How the counts scatter around their mean: five families, each written down once.

    family = PoissonObservations()
    family.nll(link, eta, y)              # what a fit minimises, per sample
    family.log_likelihood(y, mu, scale)   # the full log-density, per sample
    family.deviance(y, mu, scale)         # 2 (log-density at mu = y, minus that at mu)

``slope`` and ``curvature``, the derivatives a solver needs, come from JAX. Everything here is per
sample and works on arrays of any shape; means over samples are taken elsewhere.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln, xlog1py, xlogy

from minglm.nodes import node


class Family:
    """What the five families share; each has its own formulas for the rest."""

    default_link: str
    support: tuple[float, float, str]  # smallest and largest y, and the same in words
    scale = 1.0  # of the variance, where the family knows it
    unit_variance = None  # else: variance = scale * unit_variance(mu)

    def slope(self, link, eta, y):
        """d nll / d eta."""
        return jax.jvp(lambda e: self.nll(link, e, y), (eta,), (jnp.ones_like(eta),))[1]

    def curvature(self, link, eta, y):
        """d2 nll / d eta2 where it is positive, else its expectation (Fisher), which is never
        negative: nll is linear in y (Gaussian aside, where it also holds), so put mu for y."""
        second = lambda y: jax.jvp(lambda e: self.slope(link, e, y), (eta,), (jnp.ones_like(eta),))
        observed, expected = second(y)[1], second(jax.lax.stop_gradient(link.mean(eta)))[1]
        return jnp.where(observed > 0, observed, jnp.maximum(expected, 0))

    def estimate_scale(self, y, mu, weight, dof):
        """(N,): Pearson's estimate from T rows, or what is known."""
        if self.unit_variance is None:
            return np.full_like(dof, self.scale)
        return (weight * (y - mu) ** 2 / self.unit_variance(mu)).sum(axis=0) / dof


def _times(count, log):
    """count * log, with 0 * -inf = 0."""
    return jnp.where((count == 0) & jnp.isneginf(log), 0, count * log)


@node
class PoissonObservations(Family):
    """Spike counts: p(y) = mu^y e^-mu / y!, variance mu. nll = mu - y log mu."""

    default_link = "exp"
    support = (0, jnp.inf, "counts, 0 or more")

    def nll(self, link, eta, y):
        return link.mean(eta) - _times(y, link.log_mean(eta))

    def log_likelihood(self, y, mu, scale=1.0):
        return xlogy(y, mu) - mu - gammaln(y + 1)

    def deviance(self, y, mu, scale=1.0):
        return 2 * (xlogy(y, y) - xlogy(y, mu) - y + mu)

    def sample(self, key, mu, scale=1.0):
        return jax.random.poisson(key, mu).astype(mu.dtype)


@node
class GaussianObservations(Family):
    """Continuous signals: variance ``scale``. nll = (y - mu)^2, without 1/2."""

    default_link = "identity"
    support = (-jnp.inf, jnp.inf, "real numbers")
    unit_variance = staticmethod(lambda mu: 1.0)

    def nll(self, link, eta, y):
        return (y - link.mean(eta)) ** 2

    def log_likelihood(self, y, mu, scale=1.0):
        return -0.5 * ((y - mu) ** 2 / scale + jnp.log(2 * jnp.pi * scale))

    def deviance(self, y, mu, scale=1.0):
        return (y - mu) ** 2 / scale

    def sample(self, key, mu, scale=1.0):
        return mu + jnp.sqrt(scale) * jax.random.normal(key, mu.shape, mu.dtype)


@node
class BernoulliObservations(Family):
    """A spike or none: p(1) = mu. nll = -y log mu - (1 - y) log(1 - mu)."""

    default_link = "logistic"
    support = (0, 1, "0 or 1")

    def nll(self, link, eta, y):
        return -_times(y, link.log_mean(eta)) - _times(1 - y, link.log_rest(eta))

    def log_likelihood(self, y, mu, scale=1.0):
        return xlogy(y, mu) + xlog1py(1 - y, -mu)

    def deviance(self, y, mu, scale=1.0):
        return 2 * (self.log_likelihood(y, y) - self.log_likelihood(y, mu))

    def sample(self, key, mu, scale=1.0):
        return jax.random.bernoulli(key, mu).astype(mu.dtype)


@node
class GammaObservations(Family):
    """Positive signals: variance ``scale`` mu^2. nll = y / mu + log mu."""

    default_link = "one_over_x"
    support = (jnp.finfo(jnp.float32).tiny, jnp.inf, "numbers above 0")
    unit_variance = staticmethod(lambda mu: mu**2)

    def nll(self, link, eta, y):
        log_mu = link.log_mean(eta)
        return y * jnp.exp(-log_mu) + log_mu

    def log_likelihood(self, y, mu, scale=1.0):
        k = 1 / scale
        return k * jnp.log(k * y / mu) - k * y / mu - jnp.log(y) - gammaln(k)

    def deviance(self, y, mu, scale=1.0):
        return 2 * ((y - mu) / mu - jnp.log(y / mu)) / scale

    def sample(self, key, mu, scale=1.0):
        return scale * mu * jax.random.gamma(key, 1 / scale, mu.shape, mu.dtype)


@node
class NegativeBinomialObservations(Family):
    """Counts that scatter more than Poisson: variance mu + s mu^2, s = ``scale`` given, not fitted.

    nll = (y + 1/s) log(1 + s mu) - y log(s mu).
    """

    scale: float = 1.0
    default_link = "exp"
    support = (0, jnp.inf, "counts, 0 or more")

    def nll(self, link, eta, y):
        log_odds = jnp.log(self.scale) + link.log_mean(eta)
        return (y + 1 / self.scale) * jnp.logaddexp(0, log_odds) - _times(y, log_odds)

    def log_likelihood(self, y, mu, scale=None):
        s = self.scale if scale is None else scale
        log_norm = gammaln(y + 1 / s) - gammaln(1 / s) - gammaln(y + 1)
        return log_norm + xlogy(y, s * mu) - (y + 1 / s) * jnp.log1p(s * mu)

    def deviance(self, y, mu, scale=None):
        s = self.scale if scale is None else scale
        log_ratio = jnp.log1p(s * mu) - jnp.log1p(s * y)
        return 2 * (xlogy(y, y) - xlogy(y, mu) + (y + 1 / s) * log_ratio)

    def sample(self, key, mu, scale=None):
        s = self.scale if scale is None else scale
        rate, count = jax.random.split(key)
        spread = jax.random.gamma(rate, 1 / s, mu.shape, mu.dtype)
        return jax.random.poisson(count, s * mu * spread).astype(mu.dtype)


FAMILIES = {c.__name__.removesuffix("Observations"): c for c in Family.__subclasses__()}


def read_family(given) -> Family:
    """A family from its name or from one already made."""
    if isinstance(given, Family):
        return given
    if isinstance(given, str) and given.removesuffix("Observations") in FAMILIES:
        return FAMILIES[given.removesuffix("Observations")]()
    raise ValueError(
        f"observation_model={given!r} is not known; give one of {', '.join(FAMILIES)}, "
        "or an object such as minglm.observation_models.NegativeBinomialObservations(scale=0.5)"
    )
