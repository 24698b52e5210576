"""Families and inverse links: densities against SciPy, derivatives against differences."""

import copy

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minglm.links import LINKS, read_link
from minglm.observation_models import FAMILIES, NegativeBinomialObservations, read_family

SCALE = {"Poisson": 1.0, "Gaussian": 0.7, "Bernoulli": 1.0, "Gamma": 0.4, "NegativeBinomial": 0.5}
SCIPY = {
    "Poisson": lambda y, mu, s: stats.poisson.logpmf(y, mu),
    "Gaussian": lambda y, mu, s: stats.norm.logpdf(y, mu, np.sqrt(s)),
    "Bernoulli": lambda y, mu, s: stats.bernoulli.logpmf(y, mu),
    "Gamma": lambda y, mu, s: stats.gamma.logpdf(y, 1 / s, scale=mu * s),
    "NegativeBinomial": lambda y, mu, s: stats.nbinom.logpmf(y, 1 / s, 1 / (1 + s * mu)),
}
VARIANCE = {
    "Poisson": lambda mu, s: mu,
    "Gaussian": lambda mu, s: s + 0 * mu,
    "Bernoulli": lambda mu, s: mu * (1 - mu),
    "Gamma": lambda mu, s: s * mu**2,
    "NegativeBinomial": lambda mu, s: mu + s * mu**2,
}
# the links each family is used with, and eta where mu is allowed
DOMAIN = {"exp": (-3, 2), "softplus": (-3, 4), "identity": (0.1, 0.9), "logistic": (-3, 3)}
DOMAIN |= {"relu": (0.1, 0.9), "one_over_x": (1.1, 4)}


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


def made(name):
    return NegativeBinomialObservations(0.5) if name == "NegativeBinomial" else read_family(name)


def example(name, rng, n=40):
    mu = rng.uniform(0.05, 0.95, n)
    y = rng.gamma(2.0, mu) if name in ("Gaussian", "Gamma") else rng.binomial(1, mu)
    return (y if name in ("Bernoulli", "Gaussian", "Gamma") else rng.poisson(3 * mu)) * 1.0, mu


@pytest.mark.parametrize("name", FAMILIES)
def test_log_likelihoods_are_log_densities(name, rng):
    y, mu = example(name, rng)
    got = made(name).log_likelihood(y, mu, SCALE[name])
    np.testing.assert_allclose(got, SCIPY[name](y, mu, SCALE[name]), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", FAMILIES)
def test_deviance_is_twice_the_distance_to_the_saturated_model(name, rng):
    y, mu = example(name, rng)
    family, s = made(name), 0.5 if name == "NegativeBinomial" else 1.0
    want = 2 * (family.log_likelihood(y, y, s) - family.log_likelihood(y, mu, s))
    np.testing.assert_allclose(family.deviance(y, mu), want, atol=1e-10)
    assert (np.asarray(family.deviance(y, mu)) >= -1e-12).all()


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("name", FAMILIES)
def test_nll_is_minus_the_log_likelihood_up_to_terms_without_eta(name, link, rng):
    y, _ = example(name, rng)
    family, f = made(name), LINKS[link]
    a, b = (rng.uniform(*DOMAIN[link], len(y)) for _ in range(2))
    if name == "Bernoulli" and link in ("exp", "softplus"):
        a, b = -np.abs(a) - 1, -np.abs(b) - 1
    scale = {"Gaussian": 0.5, "NegativeBinomial": 0.5}.get(name, 1.0)  # (y - mu)^2 has no 1/2
    ll = lambda eta: family.log_likelihood(y, f.mean(eta), scale)
    got = family.nll(f, a, y) - family.nll(f, b, y)
    np.testing.assert_allclose(got, ll(b) - ll(a), atol=1e-9)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("name", FAMILIES)
def test_slope_and_curvature_are_derivatives(name, link, rng):
    y, _ = example(name, rng)
    family, f, step = made(name), LINKS[link], 1e-5
    eta = rng.uniform(*DOMAIN[link], len(y))
    if name == "Bernoulli" and link in ("exp", "softplus"):
        eta = -np.abs(eta) - 1
    nll = lambda e: np.asarray(family.nll(f, e, y))
    np.testing.assert_allclose(
        family.slope(f, eta, y), (nll(eta + step) - nll(eta - step)) / (2 * step), atol=1e-6
    )
    slope = lambda e: np.asarray(family.slope(f, e, y))
    observed = (slope(eta + step) - slope(eta - step)) / (2 * step)
    got = np.asarray(family.curvature(f, eta, y))
    np.testing.assert_allclose(got[observed > 0], observed[observed > 0], rtol=1e-5, atol=1e-6)
    assert (got >= 0).all()


@pytest.mark.parametrize("name", FAMILIES)
def test_samples_have_the_mean_and_variance_of_the_family(name):
    mu = jnp.full(40_000, 0.6)
    y = np.asarray(made(name).sample(jax.random.key(1), mu, SCALE[name]))
    want = VARIANCE[name](0.6, SCALE[name])
    assert abs(y.mean() - 0.6) < 5 * np.sqrt(want / len(y))
    assert abs(y.var() / want - 1) < 0.05


@pytest.mark.parametrize("name", FAMILIES)
def test_scale_is_estimated_without_bias(name):
    mu = jnp.full((20_000, 1), 0.6)
    y = made(name).sample(jax.random.key(2), mu, SCALE[name])
    got = made(name).estimate_scale(y, mu, jnp.ones_like(mu), jnp.array([20_000.0]))
    np.testing.assert_allclose(got, SCALE[name], rtol=0.05)


@given(st.floats(-700, 700))
def test_log_means_never_leave_log_space(eta):
    with jax.enable_x64(True):
        assert float(LINKS["exp"].log_mean(eta)) == eta
        want = -np.logaddexp(0, -eta)
        np.testing.assert_allclose(LINKS["logistic"].log_mean(eta), want, rtol=1e-12)
        np.testing.assert_allclose(
            LINKS["logistic"].log_rest(eta), -np.logaddexp(0, eta), rtol=1e-12
        )
        log_softplus = eta if eta < -40 else np.log(np.logaddexp(0, eta))
        np.testing.assert_allclose(LINKS["softplus"].log_mean(eta), log_softplus, rtol=1e-10)


@pytest.mark.parametrize("name", LINKS)
def test_eta_inverts_the_mean(name, rng):
    eta = rng.uniform(*DOMAIN[name], 20)
    np.testing.assert_allclose(LINKS[name].eta(LINKS[name].mean(eta)), eta, rtol=1e-10)


def test_counts_of_zero_at_a_mean_of_zero_are_certain():
    family = read_family("Poisson")
    assert float(family.nll(LINKS["relu"], jnp.array(-1.0), jnp.array(0.0))) == 0
    assert float(family.log_likelihood(0.0, 0.0)) == 0
    assert float(family.nll(LINKS["relu"], jnp.array(-1.0), jnp.array(1.0))) == np.inf
    assert np.isnan(family.nll(LINKS["identity"], jnp.array(-1.0), jnp.array(0.0)))


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        (jnp.exp, "exp"),
        (np.exp, "exp"),
        (jax.nn.softplus, "softplus"),
        (jax.nn.sigmoid, "logistic"),
        (jax.scipy.special.expit, "logistic"),
        (jax.nn.relu, "relu"),
        (lambda x: x, "identity"),
        (lambda x: 1 / x, "one_over_x"),
        ("jax.nn.softplus", "softplus"),
        ("sigmoid", "logistic"),
        ("1/x", "one_over_x"),
    ],
)
def test_links_are_known_by_name_and_by_what_they_compute(given_, name):
    assert read_link(given_).name == name
    assert read_link(copy.deepcopy(given_)).name == name  # as scikit-learn's clone does


def test_unknown_names_are_told_what_there_is():
    with pytest.raises(ValueError, match="give one of exp, softplus"):
        read_link("cosh")
    with pytest.raises(ValueError, match="give one of exp, softplus"):
        read_link(jnp.cosh)
    with pytest.raises(ValueError, match="give one of Poisson, Gaussian"):
        read_family("Poison")
    assert read_family("PoissonObservations") == read_family("Poisson")
