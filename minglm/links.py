"""Inverse links: from the linear predictor eta to the mean mu.

    link = read_link("softplus")        # or jax.nn.softplus, or your own copy of it
    link.mean(eta), link.log_mean(eta)  # log mu without leaving log space
    link.eta(mu)                        # the way back

Where a link gives a negative mean (identity, one_over_x), log mu is NaN: a count there has no
likelihood, and the solver's line search, which only accepts what is smaller, steps back.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Link:
    """mu = mean(eta); log mu = log_mean(eta); log(1 - mu) = log_rest(eta); eta = eta(mu)."""

    name: str
    mean: Callable
    log_mean: Callable
    eta: Callable
    log_rest: Callable


def _log(mu):
    """log mu; -inf at 0 and NaN below, with derivatives that stay finite there."""
    outside = jnp.where(mu == 0, -jnp.inf, jnp.nan)
    return jnp.where(mu > 0, jnp.log(jnp.where(mu > 0, mu, 1)), outside)


def _log_softplus(eta):
    """log log(1 + e^eta): eta itself, to machine precision, once e^eta is below it."""
    far = eta < -40
    return jnp.where(far, eta, jnp.log(jax.nn.softplus(jnp.where(far, 0, eta))))


def _link(name, mean, eta, log_mean=None, log_rest=None):
    logs = lambda e: _log(mean(e)), lambda e: _log(1 - mean(e))
    return Link(name, mean, log_mean or logs[0], eta, log_rest or logs[1])


_logit = lambda m: jnp.log(m) - jnp.log1p(-m)
_logistic = jax.nn.sigmoid, _logit, jax.nn.log_sigmoid, lambda e: jax.nn.log_sigmoid(-e)
LINKS = {
    link.name: link
    for link in [
        _link("exp", jnp.exp, jnp.log, lambda e: e),
        _link("softplus", jax.nn.softplus, lambda m: m + jnp.log(-jnp.expm1(-m)), _log_softplus),
        _link("identity", lambda e: e, lambda m: m),
        _link("logistic", *_logistic),
        _link("relu", jax.nn.relu, lambda m: m),
        _link("one_over_x", lambda e: 1 / e, lambda m: 1 / m),
    ]
}
ALIASES = {"sigmoid": "logistic", "expit": "logistic", "1/x": "one_over_x", "inverse": "one_over_x"}
PROBES = np.array([-1.3, -0.2, 0.4, 2.1], np.float32)


def read_link(given) -> Link:
    """A Link from its name, or from any function that computes the same.

    A function is told by its values, not its name: scikit-learn copies the arguments of an
    estimator, and a copied ``jnp.exp`` has neither its name nor its identity.
    """
    if isinstance(given, str):
        name = given.rpartition(".")[2]
        name = ALIASES.get(name, name)
        if name in LINKS:
            return LINKS[name]
    elif callable(given):
        values = np.asarray(given(PROBES))
        for link in LINKS.values():
            if values.shape == PROBES.shape and np.allclose(values, link.mean(PROBES), rtol=1e-4):
                return link
    raise ValueError(
        f"inverse_link_function={given!r} is not known; give one of {', '.join(LINKS)} by name, "
        "or a function that computes it, such as jax.numpy.exp or jax.nn.softplus"
    )
