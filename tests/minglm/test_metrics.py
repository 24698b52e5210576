"""metrics: properties, SciPy and statsmodels as oracles, golden values, error texts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from minglm import metrics
from minglm.observation_models import NegativeBinomialObservations

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "golden.npz"

DENSITIES = {
    "Poisson": (lambda y, mu: stats.poisson.logpmf(y, mu), None),
    "Bernoulli": (lambda y, mu: stats.bernoulli.logpmf(y, mu), None),
    "Gaussian": (lambda y, mu: stats.norm.logpdf(y, mu, np.sqrt(0.7)), 0.7),
    "Gamma": (lambda y, mu: stats.gamma.logpdf(y, 1 / 0.7, scale=0.7 * mu), 0.7),
    "NegativeBinomial": (lambda y, mu: stats.nbinom.logpmf(y, 2, 2 / (2 + mu)), 0.5),
}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture(scope="module")
def golden():
    if not GOLDEN.exists():
        pytest.skip("no golden file beside the repository")
    with np.load(GOLDEN) as file:
        return dict(file)


def recording(rng, family, shape=(200, 3)):
    mu = rng.uniform(0.05, 0.9, shape)
    if family == "Bernoulli":
        return (rng.random(shape) < mu).astype(float), mu
    if family in ("Gaussian", "Gamma"):
        return rng.gamma(2, 1, shape), mu
    return rng.poisson(mu).astype(float), mu


@pytest.mark.parametrize("family", DENSITIES)
def test_log_likelihood_is_the_mean_log_density_of_scipy(rng, family):
    (density, scale), (y, mu) = DENSITIES[family], recording(rng, family)
    got = metrics.log_likelihood(y, mu, family, scale=scale, per="sample")
    np.testing.assert_allclose(got, density(y, mu), rtol=1e-12, atol=1e-12)
    got = metrics.log_likelihood(y, mu, family, scale=scale, per="neuron")
    np.testing.assert_allclose(got, density(y, mu).mean(0), rtol=1e-12)
    got = metrics.log_likelihood(y, mu, family, scale=scale)
    np.testing.assert_allclose(got, density(y, mu).mean(), rtol=1e-12)


@pytest.mark.parametrize("family", ["Poisson", "Bernoulli", "NegativeBinomial"])
def test_deviance_is_twice_what_the_saturated_model_gains(rng, family):
    (density, scale), (y, mu) = DENSITIES[family], recording(rng, family)
    want = 2 * (density(y, np.maximum(y, 1e-300)) - density(y, mu))
    np.testing.assert_allclose(
        metrics.deviance(y, mu, family, scale=scale, per="sample"), want, atol=1e-9
    )
    assert metrics.deviance(y, y, family, scale=scale) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("family", DENSITIES)
def test_the_mean_explains_nothing_and_a_bad_model_less(rng, family):
    y, mu = recording(rng, family)
    mean = np.broadcast_to(y.mean(0), y.shape)
    for per in ("all", "neuron"):
        got = metrics.fraction_deviance_explained(y, mean, family, per=per)
        np.testing.assert_allclose(got, 0, atol=1e-12)
        assert np.all(metrics.fraction_deviance_explained(y, 1 - mu / 2, family, per=per) < 0)
    if family not in ("Gamma",):  # its log-density has no finite value at mu = y = 0 only
        assert metrics.fraction_deviance_explained(y, y, family) == pytest.approx(1)


def test_the_samples_parts_of_the_fraction_have_it_as_their_mean(rng):
    y, mu = recording(rng, "Poisson")
    parts = metrics.fraction_deviance_explained(y, mu, per="sample")
    whole = metrics.fraction_deviance_explained(y, mu, per="neuron")
    np.testing.assert_allclose(parts.mean(0), whole, rtol=1e-12)


def test_over_all_neurons_it_is_one_ratio_not_a_mean_of_ratios(rng):
    y, mu = recording(rng, "Poisson")
    model, null = (metrics.deviance(y, m, per="neuron") for m in (mu, y.mean(0) + 0 * y))
    want = 1 - model.sum() / null.sum()
    assert metrics.fraction_deviance_explained(y, mu) == pytest.approx(want, rel=1e-12)
    assert metrics.pseudo_r2(y, mu, score_type="pseudo-r2-Cohen") == pytest.approx(want, rel=1e-12)


def test_the_null_from_training_data_is_its_mean_and_can_do_worse_on_other_data(rng):
    y, mu = recording(rng, "Poisson")
    train = rng.poisson(3.0, (50, 3)).astype(float)
    train[4, 1] = np.nan
    got = metrics.fraction_deviance_explained(y, mu, y_train=train, per="neuron")
    null = metrics.deviance(y, np.nanmean(train, 0) + 0 * y, per="neuron")
    np.testing.assert_allclose(got, 1 - metrics.deviance(y, mu, per="neuron") / null, rtol=1e-12)
    assert np.all(got > metrics.fraction_deviance_explained(y, mu, per="neuron"))


def test_a_neuron_silent_in_training_only_has_no_null_to_compare_with_and_that_is_said(rng):
    y, mu = recording(rng, "Poisson")
    train = y * [0, 1, 1]
    for score in (metrics.fraction_deviance_explained, metrics.pseudo_r2, metrics.bits_per_spike):
        with pytest.warns(UserWarning, match="y_train lets never fire"):
            got = score(y, mu, y_train=train, per="neuron")
        np.testing.assert_allclose(got[1:], score(y, mu, per="neuron")[1:])
        assert np.isnan(got[0])


def test_bits_per_spike_in_a_case_done_by_hand():
    y, mu = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.25, 0.75, 0.25, 0.75])
    # L - L_null = 2 log(0.75 / 0.5), with two spikes
    assert metrics.bits_per_spike(y, mu) == pytest.approx(np.log2(1.5), rel=1e-12)


def test_published_current_injection_scores_fit_together():
    """28,020 bins, 40 spikes, log-likelihoods -0.0079396218 and (27,820 bins) -0.0074898377."""
    T, L, spikes = 28020, -0.0079396218, 40
    y = np.zeros(T)
    y[:spikes] = 1
    null = metrics.log_likelihood(y, np.full(T, spikes / T))
    assert (L - null) * T / spikes / np.log(2) == pytest.approx(2.871, abs=1e-3)
    assert 1 - L / null == pytest.approx(0.26353, abs=1e-5)
    assert metrics.deviance(y, np.full(T, spikes / T)) * T == pytest.approx(524.14, abs=0.01)


def test_a_silent_neuron_scores_zero_and_leaves_the_others_alone(rng):
    y, mu = recording(rng, "Poisson")
    y[:, 1] = 0
    for score in (metrics.fraction_deviance_explained, metrics.pseudo_r2, metrics.bits_per_spike):
        got = score(y, mu, per="neuron")
        assert got[1] == 0
        np.testing.assert_allclose(got[[0, 2]], score(y[:, [0, 2]], mu[:, [0, 2]], per="neuron"))


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(DENSITIES)))
@settings(max_examples=10, deadline=None)
def test_missing_rows_do_not_count_and_weights_repeat_rows(seed, family):
    rng = np.random.default_rng(seed)
    y, mu = recording(rng, family, (40, 2))
    order = rng.permutation(40)  # always as many rows, so that nothing is compiled again
    repeats, gone = (np.arange(40) % 3 + 1)[order], (np.arange(40) < 8)[order]
    holes = y.copy()
    holes[gone, rng.integers(2)] = rng.choice([np.nan, np.inf])
    for score in (
        metrics.log_likelihood,
        metrics.fraction_deviance_explained,
        metrics.bits_per_spike,
    ):
        want = score(
            np.repeat(y[~gone], repeats[~gone], 0), np.repeat(mu[~gone], repeats[~gone], 0), family
        )
        got = score(holes, mu, family, sample_weight=repeats)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


def test_an_infinite_prediction_is_not_forgiven():
    assert metrics.log_likelihood(np.array([1.0, 2.0]), np.array([1.0, np.inf])) < -1e100


def test_a_mean_that_no_count_can_have_is_infinitely_bad():
    y, mu = np.array([1.0, 2, 0]), np.array([1.0, -0.1, 1])
    assert metrics.log_likelihood(y, mu) == -np.inf and metrics.deviance(y, mu) == np.inf
    assert metrics.fraction_deviance_explained(y, mu) == -np.inf


def test_aic_and_bic_count_parameters_and_rows():
    y, mu = np.array([0.0, 1.0, np.nan, 2.0]), np.array([0.5, 1.0, 1.0, 1.5])
    total = stats.poisson.logpmf(y, mu)[[0, 1, 3]].sum()
    assert metrics.aic(y, mu, 2) == pytest.approx(2 * 2 - 2 * total)
    assert metrics.bic(y, mu, 2) == pytest.approx(2 * np.log(3) - 2 * total)
    both = metrics.aic(np.c_[y, y], np.c_[mu, mu], np.array([2, 5]), per="neuron")
    np.testing.assert_allclose(both, [4 - 2 * total, 10 - 2 * total])


def test_pynapple_samples_keep_their_time_axis():
    nap = pytest.importorskip("pynapple")
    y = nap.Tsd(t=np.arange(4) * 0.1, d=np.array([0.0, 1, 2, 0]))
    got = metrics.deviance(y, np.full(4, 0.75), per="sample")
    assert isinstance(got, nap.Tsd)
    np.testing.assert_array_equal(got.t, y.t)


def test_null_deviances_are_those_of_the_harvey_code(golden):
    y = golden["glm/in/Y_pop"]
    null = metrics.deviance(y, y.mean(0) + 0 * y, "Gaussian", per="neuron")
    np.testing.assert_allclose(null * len(y), golden["harvey/deviance/gaussian/null"], rtol=1e-10)
    y = (y > 0).astype(float)
    null = metrics.deviance(y, y.mean(0) + 0 * y, "Bernoulli", per="neuron") * len(y)
    fraction = 1 - golden["harvey/deviance/binominal/model"] / null
    np.testing.assert_allclose(fraction, golden["harvey/deviance/binominal/frac"], rtol=1e-10)


@pytest.mark.parametrize("family", ["Poisson", "Gaussian"])
def test_statsmodels_values_are_met(golden, family):
    want = {k.split("/")[2]: v for k, v in golden.items() if k.startswith(f"sm/{family.lower()}/")}
    X, y, w = golden["glm/in/X"], golden[f"glm/in/y_{family.lower()}"], want["params"]
    eta = w[0] + X @ w[1:]
    mu = np.exp(eta) if family == "Poisson" else eta
    scale = ((y - mu) ** 2).mean() if family == "Gaussian" else None
    T = len(y)
    assert metrics.log_likelihood(y, mu, family, scale) * T == pytest.approx(want["llf"], rel=1e-10)
    assert metrics.aic(y, mu, len(w), family, scale) == pytest.approx(want["aic"], rel=1e-10)
    assert metrics.deviance(y, mu, family) * T == pytest.approx(want["deviance"], rel=1e-10)
    cohen = 1 - want["deviance"] / want["null_deviance"]
    assert metrics.fraction_deviance_explained(y, mu, family) == pytest.approx(cohen, rel=1e-9)
    if family == "Poisson":  # for Gaussian y, statsmodels gives the null a variance of its own
        assert metrics.pseudo_r2(y, mu, family) == pytest.approx(want["mcf"], rel=1e-9)


def test_a_family_given_as_object_keeps_its_scale():
    y, mu = np.array([0.0, 3.0]), np.array([1.0, 2.0])
    got = metrics.log_likelihood(y, mu, NegativeBinomialObservations(scale=0.5))
    assert got == pytest.approx(stats.nbinom.logpmf(y, 2, 2 / (2 + mu)).mean())


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: metrics.deviance(np.ones(3), np.ones((3, 1))), r"y has shape \(3,\), mu \(3, 1\)"),
        (lambda: metrics.deviance(np.full(3, np.nan), np.ones(3)), "no row is left"),
        (
            lambda: metrics.deviance(np.ones(3), np.ones(3), sample_weight=[1, 2]),
            r"sample_weight has shape \(2,\); give 3 numbers",
        ),
        (
            lambda: metrics.deviance(np.ones(3), np.ones(3), sample_weight=[1, 2, -1]),
            "give 3 numbers >= 0",
        ),
        (lambda: metrics.aic(np.ones(3), np.ones(3), 2, per="sample"), "belong to neurons"),
        (lambda: metrics.pseudo_r2(np.ones(3), np.ones(3), score_type="r2"), "pseudo-r2-Cohen"),
        (lambda: metrics.deviance(np.ones(3), np.ones(3), "poison"), "Poisson"),
        (lambda: metrics.deviance(np.ones(3), np.ones(3), per="bin"), "per='bin'"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, text):
    with pytest.raises(ValueError, match=text):
        call()
