"""understanding: axes in real units, intervals against simulation, Harvey's contributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minglm as nmo
from minglm.glm import GLM
from minglm.inference import covariance
from minglm.model_selection import GLMCV
from minglm.understanding import (
    breakdown,
    comparison,
    contribution,
    coupling_filters,
    curves,
    kernel,
    tuning_curve,
)


@pytest.fixture
def rng():
    return np.random.default_rng(9)


@pytest.mark.parametrize("causality", ["causal", "anti-causal", "acausal"])
@pytest.mark.parametrize("shift", [None, False])
@pytest.mark.parametrize("window", [1, 6, 7])
def test_the_lag_axis_says_where_in_time_each_value_acts(causality, shift, window):
    """A unit impulse at bin 20 shows each weight of the filter in the bin that it acts on."""
    if causality == "acausal" and window == 6:
        pytest.skip("such a window has no middle; the basis warns of it")
    basis = nmo.basis.HistoryConv(
        window, conv_kwargs={"predictor_causality": causality, "shift": shift}
    )
    weights, impulse = np.arange(1.0, window + 1), np.zeros(40)
    impulse[20] = 1
    curve = kernel(basis, weights, dt=0.01)
    response = basis.compute_features(impulse) @ weights
    for lag, value in zip(curve.axis, curve.value, strict=True):
        assert response[20 + round(lag / 0.01)] == value


def test_a_history_starts_one_bin_back_and_ends_at_its_window():
    basis = nmo.basis.RaisedCosineLogConv(8, 200)
    curve = kernel(basis, np.ones(8), dt=0.001)
    assert curve.axis[0] == 0.001 and curve.axis[-1] == pytest.approx(0.2)
    np.testing.assert_allclose(curve.value, basis.kernels.sum(1))


def test_a_tuning_curve_is_what_the_model_adds_at_each_value_in_the_units_of_the_input(rng):
    basis = nmo.basis.CyclicBSplineEval(6, bounds=(0, 2 * np.pi))
    w = rng.normal(size=(6, 2))
    curve = tuning_curve(basis, w, n_samples=50)
    assert curve.axis[0] == 0 and curve.axis[-1] == pytest.approx(2 * np.pi)
    np.testing.assert_allclose(curve.value, basis.compute_features(curve.axis) @ w)
    np.testing.assert_allclose(curve.gain.value, np.exp(curve.value))
    np.testing.assert_allclose(curve.strength, abs(curve.value).mean(0))
    assert curve.low is None and curve.gain.low is None


def test_a_product_of_bases_has_a_surface_over_both_grids(rng):
    place = nmo.basis.BSplineEval(4, bounds=(0, 80)) * nmo.basis.BSplineEval(5, bounds=(0, 50))
    surface = tuning_curve(place, rng.normal(size=20), np.eye(20), n_samples=7)
    assert surface.value.shape == surface.low.shape == (7, 7)
    assert surface.axis[0][-1, 0] == 80 and surface.axis[1][0, -1] == 50


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_intervals_are_the_spread_of_curves_with_random_weights(seed):
    rng = np.random.default_rng(seed)
    basis, root = nmo.basis.BSplineEval(5, bounds=(0, 1)), rng.normal(size=(5, 5))
    draws = basis.evaluate(np.linspace(0, 1, 9)) @ root @ rng.normal(size=(5, 20_000))
    curve = tuning_curve(basis, np.zeros(5), root @ root.T, n_samples=9)
    np.testing.assert_allclose((curve.high - curve.low) / 2, 1.96 * draws.std(1), rtol=0.05)


def test_curves_of_a_fit_have_names_units_and_the_intervals_of_its_covariance(rng):
    speed, counts = rng.uniform(0, 40, 600), rng.poisson(0.4, (600, 3))
    basis = nmo.basis.MSplineEval(4, bounds=(0, 40), label="speed")
    basis = basis + nmo.basis.RaisedCosineLogConv(3, 10, label="spikes")
    X = basis.compute_features(speed, counts)
    glm = GLM(regularizer="Ridge", regularizer_strength=0.01).fit(X, counts[:, 0])
    found = curves(glm, basis, X, counts[:, 0], dt=0.1)
    assert list(found) == ["speed", "spikes[0]", "spikes[1]", "spikes[2]"]
    assert found["speed"].axis[-1] == 40 and found["spikes[1]"].axis[0] == 0.1
    own = covariance(glm, X, counts[:, 0])[1:, 1:][7:10, 7:10]
    want = kernel(basis.parts[1], glm.coef_[7:10], own, dt=0.1)
    np.testing.assert_allclose(found["spikes[1]"].low, want.low)
    assert (want.low[:-1] < want.value[:-1]).all()  # the last bump ends at 0
    plain = curves(GLM(regularizer="Ridge").fit(X, counts), basis)
    assert plain["speed"].low is None and plain["speed"].value.shape == (100, 3)


def test_coupling_filters_keep_sender_and_receiver_apart(rng):
    basis = nmo.basis.RaisedCosineLogConv(4, 12)
    weights = np.zeros((3 * 4, 2))
    weights[4:8, 1] = 1, 2, 3, 4  # sender 1 to receiver 1
    filters = coupling_filters(basis, weights)
    assert filters.shape == (2, 3, 12)
    np.testing.assert_allclose(filters[1, 1], basis.kernels @ [1, 2, 3, 4])
    filters[1, 1] = 0
    assert not filters.any()


def slow_contribution(reduced, full, null, by, edges):
    parts = {"null": [], "explained": []}
    for lo, hi in zip(edges[:-1], edges[1:], strict=True):
        here = (by >= lo) & ((by < hi) | (hi == edges[-1]) & (by == hi))
        lost = (reduced[here] - full[here]).mean()
        cap = max((null[here] - full[here]).mean(), 0)
        parts["null"].append(min(lost, null[here].mean()) / null.mean())
        parts["explained"].append(min(lost, cap) / (null - full).mean())
    return parts


def test_contributions_per_bin_are_harveys_arithmetic(rng):
    reduced, full, null = rng.gamma(2, size=(3, 200)) + np.array([[0.5], [0], [1]])
    by, edges = np.r_[rng.uniform(0, 1, 199), 1.0], np.linspace(0, 1, 5)
    want = slow_contribution(reduced, full, null, by, edges)
    got = contribution(reduced, full, null, by, edges)
    np.testing.assert_allclose(got.null, want["null"])
    np.testing.assert_allclose(got.explained, want["explained"])
    overall = contribution(reduced, full, null)
    assert overall.null == pytest.approx((reduced - full).mean() / null.mean())
    assert overall.explained == pytest.approx((reduced - full).mean() / (null - full).mean())


def test_rows_that_miss_anything_and_bins_without_rows_are_left_out(rng):
    reduced, full, null = rng.gamma(2, size=(3, 50, 2))
    by, edges = rng.uniform(0, 1, 50), [0, 0.5, 1, 2]
    gone = np.arange(50) % 5 == 0
    want = contribution(reduced[~gone], full[~gone], null[~gone], by[~gone], edges)
    reduced[gone, 1] = np.nan
    got = contribution(reduced, full, null, by, edges)
    np.testing.assert_allclose(got.null, want.null)
    assert np.isnan(got.null[2]).all() and np.isfinite(got.null[:2]).all()


def test_a_silent_neuron_has_nothing_to_explain(rng):
    reduced, full, null = rng.gamma(2, size=(3, 50, 2)) * [1, 0]
    for by in ((), (full[:, 0], [0, 99])):
        got = contribution(reduced, full, null, *by)
        assert (np.atleast_2d(got.null)[:, 1] == 0).all() and np.isfinite(got.explained).all()


@pytest.fixture(scope="module")
def twins():
    """y depends on a; b is a noisy copy of a; c is noise."""
    rng = np.random.default_rng(4)
    a, c = rng.normal(size=(2, 900))
    X = np.c_[a, a + 0.02 * rng.normal(size=900), c]
    y = rng.poisson(np.exp(0.7 * a - 0.5))
    cv = GLMCV(GLM(regularizer="Ridge"), (1e-2, 1e-3), cv=3).fit(X, y)
    return X, y, cv


def test_twins_share_in_the_breakdown_and_are_dispensable_in_the_comparison(twins):
    X, y, cv = twins
    columns = {"a": [0], "b": slice(1, 2), "c": np.array([False, False, True]), "both": [0, 1]}
    broken = breakdown(cv.predict_held_out, X, y, columns)
    refit = comparison(cv, X, y, columns)
    assert broken["a"].explained > 0.2 and broken["b"].explained > 0.2
    for name in "abc":
        assert abs(refit[name].explained) < 0.05
    assert refit["both"].explained == pytest.approx(1, abs=0.05)
    assert refit["both"].null < refit["both"].explained


def test_a_comparison_refits_with_the_offset_and_weights_of_the_fit(twins):
    X, y, cv = twins
    same = {"offset": np.full(len(y), 0.7), "sample_weight": np.full(len(y), 3.0)}
    shifted = GLMCV(GLM(regularizer="Ridge"), (1e-2, 1e-3), cv=3).fit(X, y, **same)
    got = comparison(shifted, X, y, {"both": [0, 1]}, **same)["both"].explained
    assert got == pytest.approx(comparison(cv, X, y, {"both": [0, 1]})["both"].explained, rel=1e-6)


def test_blocks_of_a_dict_are_its_variables_and_order_does_not_matter(twins):
    X, y, cv = twins
    blocks = {"pair": X[:, :2], "noise": X[:, 2:]}
    other = GLMCV(GLM(regularizer="Ridge"), (1e-2, 1e-3), cv=3).fit(blocks, y)
    got = breakdown(other.predict_held_out, blocks, y)
    want = breakdown(cv.predict_held_out, X, y, {"pair": [0, 1], "noise": [2]})
    for name in got:
        np.testing.assert_allclose(got[name].explained, want[name].explained, rtol=1e-6)
    turned = {"noise": blocks["noise"], "pair": blocks["pair"]}
    np.testing.assert_array_equal(other.predict_held_out(turned), other.predict_held_out(blocks))
    at = np.where(X[:, 0] > 0, 1, 0)
    parts = breakdown(other.predict_held_out, blocks, y, by=at, edges=[0, 1, 2])
    assert parts["pair"].explained.shape == (2,)


def test_taking_a_variable_out_means_its_mean_not_zero(twins):
    X, y, cv = twins
    shifted = X + np.array([0, 0, 50.0])
    other = GLMCV(GLM(regularizer="Ridge"), (1e-2, 1e-3), cv=3).fit(shifted, y)
    got = breakdown(other.predict_held_out, shifted, y, {"c": [2]})["c"].null
    assert got == pytest.approx(
        breakdown(cv.predict_held_out, X, y, {"c": [2]})["c"].null, abs=1e-3
    )


def test_an_array_without_blocks_is_refused(twins):
    X, y, cv = twins
    with pytest.raises(ValueError, match="blocks is missing"):
        breakdown(cv.predict_held_out, X, y)
