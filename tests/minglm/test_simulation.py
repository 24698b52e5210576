"""simulation: a slow loop as oracle, moments, agreement with features, warnings and error texts."""

from pathlib import Path

import jax
import numpy as np
import pytest
from scipy import stats

import minglm as nmo
from minglm import simulation

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "golden.npz"


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def network(rng, T=60, N=2, F=2, W=12, B=4):
    return {
        "coupling_coef": rng.normal(size=(N, N, B)) / 8,
        "feedforward_coef": rng.normal(size=(N, F)) / 3,
        "intercepts": rng.normal(size=N),
        "random_key": jax.random.key(3),
        "feedforward_input": rng.normal(size=(T, N, F)),
        "coupling_basis_matrix": nmo.basis.RaisedCosineLogConv(B, W).kernels,
        "init_y": rng.poisson(1, (W, N)),
    }


@pytest.mark.parametrize("link", ["exp", "softplus"])
def test_rates_are_those_of_a_loop_over_bins_neurons_and_lags(rng, link):
    net = network(rng)
    counts, rates = simulation.simulate_recurrent(**net, inverse_link_function=link)
    assert counts.shape == rates.shape == (60, 2)
    past = np.concatenate([net["init_y"], counts])
    f = {"exp": np.exp, "softplus": lambda e: np.log1p(np.exp(e))}[link]
    for t in range(60):
        for n in range(2):
            eta = net["intercepts"][n] + net["feedforward_coef"][n] @ net["feedforward_input"][t, n]
            for m in range(2):
                for w in range(12):
                    kernel = net["coupling_coef"][n, m] @ net["coupling_basis_matrix"][w]
                    eta += kernel * past[12 + t - 1 - w, m]
            assert rates[t, n] == pytest.approx(f(eta), rel=1e-12)


def test_draws_are_those_of_nemos_for_the_same_key(rng):
    nemos = pytest.importorskip("nemos")
    net = network(rng)
    with jax.enable_x64(True):
        want = nemos.simulation.simulate_recurrent(**net)
    for got, other in zip(simulation.simulate_recurrent(**net), want, strict=True):
        np.testing.assert_allclose(got, other, rtol=1e-12)


def test_counts_follow_the_keys_and_the_golden_network_runs():
    if not GOLDEN.exists():
        pytest.skip("no golden file beside the repository")
    with np.load(GOLDEN) as file:
        g = {k: file[k] for k in file.files if k.startswith("glm/simrec/")}
    args = [g[f"glm/simrec/{k}"] for k in ("coupling_coef", "ff_coef", "input", "basis")]
    C, F, x, K = args
    key, past = jax.random.key(0), np.zeros((12, 2))
    counts, rates = simulation.simulate_recurrent(C, F, np.zeros(2), key, x, K, past)
    with jax.enable_x64(True):
        keys = jax.random.split(key, len(x))
        want = [jax.random.poisson(k, r) for k, r in zip(keys, rates, strict=True)]
    np.testing.assert_array_equal(counts, want)


def fitted(coef, intercept, family="Poisson"):
    glm = nmo.glm.GLM(family)
    glm.coef_, glm.intercept_ = np.asarray(coef, float), np.atleast_1d(intercept).astype(float)
    glm.scale_, glm.n_features_in_ = np.ones(len(glm.intercept_)), len(glm.coef_)
    return glm


@pytest.mark.parametrize("N", [1, 3])
def test_a_fitted_model_gives_back_the_rates_it_predicts_from_its_own_counts(rng, N):
    basis, x = nmo.basis.RaisedCosineLogConv(4, 20), rng.normal(size=(300, 2))
    coef = -abs(rng.normal(size=(2 + 4 * N, N))) / 10
    glm = fitted(coef if N > 1 else coef[:, 0], np.full(N, -1.0))
    init = rng.poisson(0.5, (20, N))
    counts, rates = simulation.simulate_history(glm, 0, basis, x, init_y=init)
    assert counts.shape == ((300, N) if N > 1 else (300,))
    everything = np.concatenate([init, counts.reshape(-1, N)])
    X = np.hstack([x, basis.compute_features(everything)[20:]])
    np.testing.assert_allclose(glm.predict(X), rates, rtol=1e-10)


def test_without_feedback_counts_are_poisson_and_the_key_decides():
    glm, basis = fitted(np.zeros(4), np.log(0.7)), nmo.basis.RaisedCosineLogConv(4, 20)
    counts, rates = simulation.simulate_history(glm, 1, basis, n_bins=4000)
    np.testing.assert_allclose(rates, 0.7)
    observed = np.bincount(counts.astype(int), minlength=5)[:5]
    expected = stats.poisson.pmf(range(5), 0.7)
    assert stats.chisquare(observed, expected / expected.sum() * observed.sum()).pvalue > 1e-3
    again, _ = simulation.simulate_history(glm, jax.random.key(1), basis, n_bins=4000)
    other, _ = simulation.simulate_history(glm, 2, basis, n_bins=4000)
    assert (counts == again).all() and (counts != other).any()


def test_a_refractory_model_leaves_gaps_and_other_families_draw_their_own():
    basis = nmo.basis.HistoryConv(5)
    glm = fitted(np.full(5, -50.0), 0.0)
    counts, _ = simulation.simulate_history(glm, 0, basis, n_bins=2000)
    assert np.diff(np.flatnonzero(counts)).min() == 6
    glm = fitted(np.zeros(5), 0.0, "Bernoulli")
    counts, rates = simulation.simulate_history(glm, 0, basis, n_bins=500)
    assert set(counts) == {0, 1} and (rates == 0.5).all()


def test_pynapple_input_gives_counts_on_its_time_axis():
    nap = pytest.importorskip("pynapple")
    x = nap.TsdFrame(t=np.arange(50) * 0.01, d=np.zeros((50, 1)))
    glm = fitted(np.zeros(4), 0.0)
    counts, rates = simulation.simulate_history(glm, 0, nmo.basis.HistoryConv(3), x)
    assert isinstance(counts, nap.Tsd) and isinstance(rates, nap.Tsd)
    np.testing.assert_array_equal(counts.t, x.t)


def test_an_explosion_is_cut_and_explained():
    glm, basis = fitted(np.full(3, 1.0), 0.0), nmo.basis.HistoryConv(3)
    with pytest.warns(simulation.ExplosionWarning, match="neuron 0 adds 3 to its") as caught:
        counts, rates = simulation.simulate_history(glm, 0, basis, n_bins=200)
    assert "draws are cut" in str(caught[0].message)
    assert np.isfinite(counts).all() and counts.max() < 2e6


def test_a_process_with_no_rate_to_settle_at_warns_even_if_this_run_was_lucky():
    """mu = exp(b + g mu) has a solution only while g exp(b + 1) <= 1."""
    basis = nmo.basis.HistoryConv(2)
    for g, explodes in ((0.999, False), (1.05, True)):
        glm = fitted(np.full(2, g / np.e / 2 / 0.01), np.log(0.01))  # g exp(b + 1) = g
        with pytest.warns() if explodes else np.errstate() as caught:
            simulation.simulate_history(glm, 0, basis, n_bins=3)
        if explodes:
            assert "in a longer run" in str(caught[0].message)


def test_difference_of_gammas_has_norm_1_and_its_formula():
    got = simulation.difference_of_gammas(50, inhib_a=1.5, excit_b=3.0)
    x = np.linspace(0, stats.gamma(1.5).ppf(0.99), 50)
    want = stats.gamma.pdf(x, 2.0, scale=1 / 3) - stats.gamma.pdf(x, 1.5)
    np.testing.assert_allclose(got, want / np.sqrt((want**2).sum()), rtol=1e-12)


def test_regress_filter_recovers_weights_of_filters_made_from_the_basis(rng):
    K, C = nmo.basis.RaisedCosineLogConv(5, 40).kernels, rng.normal(size=(2, 3, 5))
    got = simulation.regress_filter(np.einsum("wb,rsb->wrs", K, C), K)
    np.testing.assert_allclose(got, C, atol=1e-10)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: simulation.simulate_history(
                fitted([1, 2], 0), 0, nmo.basis.HistoryConv(2, conv_kwargs={"shift": False})
            ),
            "strictly past bins",
        ),
        (lambda: simulation.difference_of_gammas(9, inhib_a=0), "above 0"),
        (lambda: simulation.difference_of_gammas(9, upper_percentile=1), r"\[0, 1\)"),
        (lambda: simulation.regress_filter(np.ones((4, 2)), np.ones((4, 2))), "receiver, sender"),
        (
            lambda: simulation.simulate_history(fitted([1, 2], 0), 0, nmo.basis.HistoryConv(2)),
            "n_bins",
        ),
        (
            lambda: simulation.simulate_history(
                fitted([1, 2], 0), 0, nmo.basis.HistoryConv(1), np.full((5, 1), np.nan)
            ),
            "NaN",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_shapes_that_do_not_fit_are_listed(rng):
    with pytest.raises(ValueError, match=r"feedforward_coef \(N, F\)"):
        simulation.simulate_recurrent(**(network(rng) | {"feedforward_coef": np.ones((3, 2))}))
