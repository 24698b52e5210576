"""inference: statsmodels and simulation as oracles, properties, error texts."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from minglm import inference
from minglm.glm import GLM
from minglm.inference import covariance, residuals, standard_errors, time_rescaling
from minglm.observation_models import FAMILIES
from minglm.regularizer import GroupLasso, Layout, Ridge, Smoothness

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "golden.npz"


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.fixture(scope="module")
def golden():
    if not GOLDEN.exists():
        pytest.skip("no golden file beside the repository")
    with np.load(GOLDEN) as file:
        return dict(file)


def recording(rng, T=300, P=3, N=None):
    X = rng.normal(size=(T, P))
    w = rng.normal(size=(P, N) if N else P) / 3
    return X, rng.poisson(np.exp(X @ w - 0.5)).astype(float)


@pytest.mark.parametrize("family", ["Poisson", "Gaussian"])
def test_golden_statsmodels_errors_and_residuals_are_met(golden, family):
    want = {k.split("/")[2]: v for k, v in golden.items() if k.startswith(f"sm/{family.lower()}/")}
    X, y = golden["glm/in/X"], golden[f"glm/in/y_{family.lower()}"]
    glm = GLM(family).fit(X, y)
    np.testing.assert_allclose(covariance(glm, X, y), want["cov"], rtol=1e-6, atol=1e-10)
    errors = standard_errors(glm, X, y)
    np.testing.assert_allclose(np.r_[errors.intercept, errors.coef], want["bse"], rtol=1e-6)
    low, high = inference.confidence_intervals(glm, X, y)
    got = np.c_[np.r_[low.intercept, low.coef], np.r_[high.intercept, high.coef]]
    np.testing.assert_allclose(got, want["conf_int"], atol=1e-6)
    for kind in ("pearson", "deviance"):
        np.testing.assert_allclose(residuals(glm, X, y, kind), want[f"resid_{kind}"], atol=1e-6)
    pearson = (residuals(glm, X, y) ** 2).sum()
    assert pearson == pytest.approx(float(want["pearson_chi2"]), rel=1e-6)


@pytest.mark.parametrize("family", ["Bernoulli", "Gamma", "NegativeBinomial"])
def test_errors_and_residuals_agree_with_statsmodels(golden, family):
    sm = pytest.importorskip("statsmodels.api")
    X, y = golden["glm/in/X"], golden[f"glm/in/y_{family.lower().replace('ativebinomial', 'bin')}"]
    other = {
        "Bernoulli": sm.families.Binomial(),
        "Gamma": sm.families.Gamma(sm.families.links.Log()),
        "NegativeBinomial": sm.families.NegativeBinomial(alpha=1.0),
    }[family]
    want = sm.GLM(y, sm.add_constant(X), other).fit(tol=1e-12, scale=None)
    link = "exp" if family == "Gamma" else None
    glm = GLM(family, inverse_link_function=link).fit(X, y)
    errors = standard_errors(glm, X, y)
    bse = want.bse * np.sqrt(glm.scale_ / want.scale if family == "Gamma" else 1)
    np.testing.assert_allclose(np.r_[errors.intercept, errors.coef], bse, rtol=1e-5)
    np.testing.assert_allclose(residuals(glm, X, y), want.resid_pearson, atol=1e-5)
    np.testing.assert_allclose(residuals(glm, X, y, "deviance"), want.resid_deviance, atol=1e-5)


@pytest.mark.parametrize("penalty", [Ridge(), Smoothness() + Ridge(strength=0.02)])
def test_laplace_covariance_is_the_inverse_curvature_of_the_log_posterior(rng, penalty):
    X, y = recording(rng, P=4)
    glm = GLM(regularizer=penalty, regularizer_strength=0.1).fit(X, y)
    layout = Layout({"X": 4}, 1)

    def objective(v):
        eta = v[0] + X @ v[1:]
        fit = jnp.sum(jnp.exp(eta) - y * eta)
        return fit + len(y) * penalty.penalty(0.1, layout).value(v[1:, None])[0]

    with jax.enable_x64(True):
        H = jax.jit(jax.hessian(objective))(np.r_[glm.intercept_, glm.coef_])
    np.testing.assert_allclose(covariance(glm, X, y), np.linalg.inv(H), rtol=1e-6, atol=1e-12)


def test_gaussian_ridge_covariance_is_the_textbook_posterior(rng):
    X = rng.normal(size=(80, 3))
    y = X @ [1.0, 0, -1] + rng.normal(size=80)
    glm = GLM("Gaussian", regularizer="Ridge", regularizer_strength=0.3).fit(X, y)
    ones, s2 = np.c_[np.ones(80), X], glm.scale_[0]
    prior = np.diag([0, 1, 1, 1]) * 0.3 * 80 / 2  # mean (y - mu)^2 + 0.3 / 2 |w|^2
    want = s2 * np.linalg.inv(ones.T @ ones + prior)
    np.testing.assert_allclose(covariance(glm, X, y), want, rtol=1e-8)


def test_weights_dropped_by_a_group_lasso_have_no_error_and_the_others_do(rng):
    X, y = recording(rng, P=6)
    y = rng.poisson(np.exp(0.5 * X[:, 0] - 0.3 * X[:, 1]))
    glm = GLM(regularizer=GroupLasso(blocks=(2, 4)), regularizer_strength=0.1).fit(X, y)
    errors = standard_errors(glm, X, y)
    np.testing.assert_array_equal(np.isnan(errors.coef), [False] * 2 + [True] * 4)
    alone = GLM(regularizer=GroupLasso(), regularizer_strength=0.1).fit(X[:, :2], y)
    alone = standard_errors(alone, X[:, :2], y)
    np.testing.assert_allclose(errors.coef[:2], alone.coef, rtol=1e-6)
    assert np.all(alone.coef > 0)


def test_population_errors_are_those_of_each_neuron_and_blocks_stay_blocks(rng):
    X, Y = recording(rng, P=4, N=3)
    blocks = {"a": X[:, :1], "b": X[:, 1:]}
    many = standard_errors(GLM().fit(blocks, Y), blocks, Y)
    assert {k: v.shape for k, v in many.coef.items()} == {"a": (1, 3), "b": (3, 3)}
    for n in range(3):
        one = standard_errors(GLM().fit(X, Y[:, n]), X, Y[:, n])
        got = np.r_[many.coef["a"][:, n], many.coef["b"][:, n], many.intercept[n]]
        np.testing.assert_allclose(got, np.r_[one.coef, one.intercept], rtol=1e-6)
    assert covariance(GLM().fit(X, Y), X, Y).shape == (3, 5, 5)


def test_missing_rows_do_not_sharpen_and_weights_count_as_repeats(rng):
    X, y = recording(rng)
    holes = np.r_[X, np.full((50, 3), np.nan)], np.r_[y, np.ones(50)]
    glm = GLM().fit(X, y)
    np.testing.assert_allclose(covariance(glm, *holes), covariance(glm, X, y), rtol=1e-10)
    twice = covariance(glm, X, y, sample_weight=np.full(300, 2.0))
    np.testing.assert_allclose(2 * twice, covariance(glm, X, y), rtol=1e-10)


def test_errors_do_not_depend_on_the_units_of_features(rng):
    X, y = recording(rng)
    units = np.array([1e-8, 1.0, 1e8])
    plain, scaled = GLM().fit(X, y), GLM().fit(X * units, y)
    a, b = standard_errors(plain, X, y), standard_errors(scaled, X * units, y)
    np.testing.assert_allclose(b.coef * units, a.coef, rtol=1e-6)


@pytest.mark.slow
def test_wald_intervals_hold_the_truth_as_often_as_they_say(rng):
    w, hits = np.array([0.4, -0.3]), 0
    for _ in range(300):
        X = rng.normal(size=(200, 2))
        y = rng.poisson(np.exp(X @ w - 1))
        low, high = inference.confidence_intervals(GLM().fit(X, y), X, y, level=0.8)
        hits += np.sum((low.coef < w) & (w < high.coef))
    assert stats.binomtest(int(hits), 600, 0.8).pvalue > 1e-3


@pytest.mark.parametrize("family", FAMILIES)
def test_variance_derived_from_the_deviance_is_the_textbook_one(family):
    mu = np.array([0.1, 0.5, 0.9])
    want = {
        "Poisson": mu,
        "Gaussian": np.ones(3),
        "Bernoulli": mu * (1 - mu),
        "Gamma": mu**2,
        "NegativeBinomial": mu + mu**2,
    }[family]
    with jax.enable_x64(True):
        got = inference.variance(FAMILIES[family](), jnp.asarray(mu))
    np.testing.assert_allclose(got, want, rtol=1e-12)


def test_residuals_keep_time_and_gaps_of_pynapple(rng):
    nap = pytest.importorskip("pynapple")
    X, y = recording(rng)
    t = np.r_[np.arange(100), 150 + np.arange(200)] * 0.01
    epochs = nap.IntervalSet([0, 1.5], [0.995, 3.495])
    counts, glm = nap.Tsd(t=t, d=y, time_support=epochs), GLM().fit(X, y)
    got = residuals(glm, X, counts, "deviance")
    assert isinstance(got, nap.Tsd) and len(got.time_support) == 2
    np.testing.assert_array_equal(got.values, residuals(glm, X, y, "deviance"))


def test_a_silent_neuron_has_residuals_0_and_no_errors(rng):
    X, Y = recording(rng, P=4, N=2)
    with pytest.warns(UserWarning, match=r"neurons \[1\]"):
        glm = GLM().fit(X, Y * [1, 0])
    for kind in ("pearson", "deviance", "response"):
        assert (residuals(glm, X, Y * [1, 0], kind)[:, 1] == 0).all()
    errors = standard_errors(glm, X, Y * [1, 0])
    assert np.isnan(errors.coef[:, 1]).all() and np.isfinite(errors.coef[:, 0]).all()


@pytest.mark.parametrize("family", ["Poisson", "Bernoulli"])
def test_true_rates_pass_the_rescaling_test_even_in_coarse_bins(rng, family):
    """Mean 0.4 spikes a bin: uncorrected intervals would be far out of the band."""
    p_values = []
    for seed in range(60):
        mu = np.clip(0.4 + 0.3 * np.sin(np.arange(800) / 9), 0, 1)
        y = rng.poisson(mu) if family == "Poisson" else rng.random(800) < mu
        p_values.append(time_rescaling(y, mu, family, rng=seed).p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 1e-3


def test_rescaling_sees_a_refractory_period_that_a_constant_rate_misses(rng):
    y = np.zeros(4000)
    y[np.cumsum(rng.integers(15, 25, size=190))] = 1
    got = time_rescaling(y, np.full(4000, y.mean()))
    assert got.distance > 2 * got.band and got.p_value < 1e-6
    assert got.quantiles.shape == got.expected.shape == (190,)


def test_rescaling_takes_missing_bins_out_of_time(rng):
    mu = rng.uniform(0.05, 0.3, 500)
    y = rng.poisson(mu).astype(float)
    holes_y, holes_mu = np.insert(y, 200, [3.0, np.nan]), np.insert(mu, 200, [np.nan, 0.1])
    np.testing.assert_array_equal(
        time_rescaling(holes_y, holes_mu).quantiles, time_rescaling(y, mu).quantiles
    )


def test_ks_distance_and_band_are_scipys(rng):
    mu = rng.uniform(0.05, 0.3, 500)
    got = time_rescaling(rng.poisson(mu), mu)
    want = stats.kstest(got.quantiles, "uniform")
    assert got.distance == pytest.approx(want.statistic)
    assert got.p_value == pytest.approx(want.pvalue)
    assert got.band == pytest.approx(1.358 / np.sqrt(len(got.quantiles)), rel=0.05)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: time_rescaling(np.zeros(5), np.ones(5)), "no spike"),
        (lambda: time_rescaling(np.ones((5, 2)), np.ones((5, 2))), "one neuron at a time"),
        (lambda: time_rescaling(np.ones(5), np.ones(5), "Gaussian"), "'Poisson' or 'Bernoulli'"),
        (lambda: time_rescaling(np.ones(5), np.ones(5), level=95), "level=95; give a probability"),
        (lambda: standard_errors(GLM(), np.ones((3, 1)), np.ones(3)), "not fitted yet"),
        (lambda: inference.confidence_intervals(None, None, None, level=95), "0.95"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_an_unknown_kind_of_residual_is_named(rng):
    X, y = recording(rng)
    glm = GLM().fit(X, y)
    with pytest.raises(ValueError, match="kind='student'"):
        residuals(glm, X, y, "student")
    with pytest.raises(ValueError, match=r"y has shape \(300,\), the prediction \(100,\)"):
        residuals(glm, X[:100], y)
