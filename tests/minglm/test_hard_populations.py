"""Hard input to the solver that many neurons on a wide design share (minglm.shared)."""

import warnings

import jax
import numpy as np
import pytest

from minglm import shared
from minglm.glm import GLM, ConvergenceWarning, RankWarning, SilentNeuronWarning

T, P, N = 200, 32, 4


@pytest.fixture
def session(rng):
    X = rng.normal(size=(T, P))
    Y = rng.poisson(np.exp(X @ rng.normal(0, 0.2, (P, N)))).astype(float)
    assert metric_for(X, Y) is not None
    return X, Y


def metric_for(X, Y):
    with jax.enable_x64(True):
        return shared.metric_for(*GLM().problem(X, Y)[1:])


def with_first(Y, values):
    """Y, with other values for its first neuron."""
    Y = Y.copy()
    Y[:, 0] = values
    return Y


@pytest.mark.parametrize("regularizer, strength", [(None, None), ("Lasso", 0.01)])
def test_a_silent_neuron_gets_rate_0_and_a_flag_and_stops_nobody(session, regularizer, strength):
    X, Y = session
    model = GLM(regularizer=regularizer, regularizer_strength=strength)
    others = model.fit(X, Y).coef_[:, 1:]
    with pytest.warns(SilentNeuronWarning) as caught:
        model.fit(X, with_first(Y, 0))
    assert str(caught[0].message).startswith("neurons [0]: ")
    assert len(caught) == 1 and model.converged_.all()
    assert model.silent_.tolist() == [True, False, False, False]
    assert model.intercept_[0] == -np.inf and not model.coef_[:, 0].any()
    assert not model.predict(X)[:, 0].any() and np.isfinite(model.score(X, with_first(Y, 0)))
    np.testing.assert_allclose(model.coef_[:, 1:], others, atol=1e-6)


def test_one_spike_is_never_a_silent_nan(session):
    X, Y = session
    with pytest.warns(ConvergenceWarning) as caught:
        model = GLM().fit(X, with_first(Y, np.arange(T) == 17))
    assert str(caught[0].message).startswith("neurons [0]: ")
    assert model.converged_[1:].all() and np.isfinite(model.coef_).all()


def test_separated_bins_are_recognised(session):
    X, Y = session
    spikes = with_first(Y > 1, X[:, 0] > 0).astype(float)
    with pytest.warns(ConvergenceWarning, match="the features separate .* use regularizer='Ridge'"):
        model = GLM("Bernoulli").fit(X, spikes)
    assert np.isfinite(model.coef_).all()
    np.testing.assert_array_equal(model.predict(X)[:, 0] > 0.5, X[:, 0] > 0)


def test_collinear_and_constant_columns_are_named_and_change_no_prediction(session):
    X, Y = session
    clear, X = np.delete(X, [1, 2], axis=1), X.copy()
    X[:, 1], X[:, 2] = X[:, 0], 3.0
    with pytest.warns(RankWarning, match=r"\[0, 1, 2, 3\]: 2 of the features add nothing"):
        model = GLM().fit(X, Y)
    np.testing.assert_array_equal(model.dof_resid_, T - (P - 2) - 1)
    np.testing.assert_allclose(model.coef_[0], model.coef_[1], atol=1e-6)
    plain = GLM().fit(clear, Y)
    np.testing.assert_allclose(model.predict(X), plain.predict(clear), rtol=1e-5)


def test_counts_of_a_million_change_the_intercepts_only(session):
    X, Y = session
    few, many = GLM().fit(X, Y), GLM().fit(X, 1e6 * Y)
    np.testing.assert_allclose(many.coef_, few.coef_, atol=1e-6)
    np.testing.assert_allclose(many.intercept_, few.intercept_ + np.log(1e6), atol=1e-6)


@pytest.mark.parametrize("regularizer, strength", [(None, None), ("Lasso", 0.01)])
def test_the_order_of_rows_columns_and_neurons_does_not_matter(session, rng, regularizer, strength):
    X, Y = session
    rows, columns, neurons = (rng.permutation(n) for n in (T, P, N))
    model = GLM(regularizer=regularizer, regularizer_strength=strength)
    want = model.fit(X, Y).coef_
    model.fit(X[rows][:, columns], Y[rows][:, neurons])
    np.testing.assert_allclose(model.coef_, want[columns][:, neurons], atol=1e-6)


@pytest.mark.parametrize("unit", [1e8, 1e-8])
def test_one_unit_for_all_features_changes_the_weights_in_proportion(session, unit):
    X, Y = session
    plain, scaled = GLM().fit(X, Y), GLM().fit(X * unit, Y)
    np.testing.assert_allclose(scaled.coef_ * unit, plain.coef_, atol=1e-6)
    assert scaled.converged_.all()


def test_features_of_very_different_size_go_to_the_solver_that_suits(session):
    X, Y = session
    units = np.geomspace(1e-8, 1e8, P)
    assert metric_for(X * units, Y) is None
    scaled = GLM().fit(X * units, Y)
    np.testing.assert_allclose(scaled.coef_ * units[:, None], GLM().fit(X, Y).coef_, atol=1e-6)


@pytest.mark.parametrize("regularizer", [None, "Lasso"])
def test_one_bin_has_a_mean_and_no_slope(session, regularizer):
    X, Y = (a[:1] for a in session)
    model = GLM(regularizer=regularizer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        warnings.simplefilter("ignore", SilentNeuronWarning)
        model.fit(X, Y)
    assert model.converged_.all() and not model.coef_.any()
    np.testing.assert_allclose(model.predict(X), Y)


def test_integers_and_truth_values_are_numbers(session):
    X, Y = session
    for kind in (int, bool):
        x, y = np.round(2 * X).astype(kind), Y.astype(kind)
        want = GLM().fit(x.astype(float), y.astype(float))
        np.testing.assert_array_equal(GLM().fit(x, y).coef_, want.coef_)
        assert want.converged_.all()


def test_the_metric_keeps_its_digits_far_from_0(session):
    X, Y = session
    near, far = metric_for(X, Y), metric_for(X + 1e6, Y)
    np.testing.assert_allclose(far.size, near.size, rtol=1e-7)
    np.testing.assert_allclose(GLM().fit(X + 1e6, Y).coef_, GLM().fit(X, Y).coef_, atol=1e-6)


def test_rows_with_nan_or_inf_are_left_out(session):
    X, Y = (a.copy() for a in session)
    good = np.delete(np.arange(T), [3, 5, 9])
    want = GLM().fit(X[good], Y[good])
    X[3, 0], X[5, 1], Y[9, 2] = np.nan, np.inf, np.nan
    model = GLM().fit(X, Y)
    np.testing.assert_allclose(model.coef_, want.coef_, atol=1e-6)
    np.testing.assert_array_equal(model.dof_resid_, want.dof_resid_)
