"""Inputs that break fits: each gives the right answer, or one sentence with what to do."""

import warnings

import numpy as np
import pytest

from minglm.glm import GLM, ConvergenceWarning, RankWarning, SilentNeuronWarning

T, P = 200, 5


@pytest.fixture
def X(rng):
    return rng.normal(size=(T, P))


@pytest.fixture
def y(rng, X):
    return rng.poisson(np.exp(X @ [0.4, -0.3, 0, 0.2, 0] - 0.2)).astype(float)


def slope(glm, X, y):
    """Of the mean nll of Poisson/exp at the fit, relative to its terms."""
    resid = glm.predict(X) - y
    return np.abs(X.T @ resid) / (np.abs(X).T @ (glm.predict(X) + y))


def fine(glm):
    results = [glm.coef_, glm.intercept_, glm.scale_, glm.gap_]
    return all(np.isfinite(r).all() for r in results) and glm.converged_.all()


def test_perfectly_separable_data_are_recognised(X):
    with pytest.warns(ConvergenceWarning, match=r"neurons \[0\]: the features separate.*Ridge"):
        glm = GLM("Bernoulli").fit(X, X[:, 0] > 0)
    assert np.isfinite(glm.coef_).all()
    np.testing.assert_array_equal(glm.predict(X) > 0.5, X[:, 0] > 0)
    assert fine(
        GLM("Bernoulli", regularizer="Ridge", regularizer_strength=0.01).fit(X, X[:, 0] > 0)
    )


def test_a_bin_that_was_never_visited_with_spikes_is_recognised(X, y, rng):
    place = np.eye(P)[rng.integers(0, P, T)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        glm = GLM().fit(place[:, 1:], np.where(place[:, 2] == 1, 0, y))
    assert [w.category for w in caught] == [ConvergenceWarning]
    assert "some occur only where y is 0" in str(caught[0].message)
    mean = [y[place[:, k] == 1].mean() for k in (0, 1, 3, 4)]
    fitted = [glm.predict(place[place[:, k] == 1, 1:])[0] for k in (0, 1, 3, 4)]
    np.testing.assert_allclose(fitted, mean, rtol=1e-6)


def test_collinear_and_constant_columns_are_fitted_and_named(X, y):
    for extra in (X[:, 0], X[:, 0] + X[:, 1], np.ones(T), np.zeros(T), np.full(T, 0.1)):
        with pytest.warns(RankWarning, match=r"neurons \[0\]: 1 of the features add nothing"):
            glm = GLM().fit(np.c_[X, extra], y)
        assert fine(glm)
        np.testing.assert_allclose(
            glm.predict(np.c_[X, extra]), GLM().fit(X, y).predict(X), rtol=1e-7
        )
    one_hot = np.eye(P)[np.arange(T) % P]
    with pytest.warns(RankWarning):
        glm = GLM().fit(one_hot, y)
    means = [y[np.arange(T) % P == k].mean() for k in range(P)]
    np.testing.assert_allclose(glm.predict(np.eye(P)), means, rtol=1e-9)
    for extra in (X[:, 0], np.zeros(T), np.ones(T)):  # a ridge decides every weight: no warning
        assert fine(GLM(regularizer="Ridge").fit(np.c_[X, extra], y))


def test_one_spike(X):
    y = np.zeros(T)
    y[17] = 1
    glm = GLM(regularizer="Ridge", regularizer_strength=0.01).fit(X, y)
    assert fine(glm)
    np.testing.assert_allclose(glm.predict(X).sum(), 1, rtol=1e-9)


@pytest.mark.parametrize("family", ["Poisson", pytest.param("Bernoulli", marks=pytest.mark.slow)])
def test_no_spike(X, family):
    with pytest.warns(SilentNeuronWarning, match=r"neurons \[0\]"):
        glm = GLM(family).fit(X, np.zeros(T))
    assert glm.silent_.all() and glm.intercept_[0] == -np.inf
    np.testing.assert_array_equal(glm.predict(X), 0)
    assert glm.score(X, np.zeros(T)) == 0


@pytest.mark.slow
def test_a_spike_in_every_bin(X):
    with pytest.warns(SilentNeuronWarning):
        glm = GLM("Bernoulli").fit(X, np.ones(T))
    np.testing.assert_array_equal(glm.predict(X), 1)


def test_the_same_count_in_every_bin(X):
    for value in (3, 0.1, 1e6):
        glm = GLM().fit(X, np.full(T, value))
        assert fine(glm)
        np.testing.assert_allclose(glm.coef_, 0, atol=1e-9)
        np.testing.assert_allclose(glm.intercept_, np.log(value), rtol=1e-12)


def test_counts_of_a_million(X, rng):
    y = rng.poisson(1e6 * np.exp(0.5 * X[:, 0]))
    glm = GLM().fit(X, y)
    assert fine(glm) and slope(glm, X, y).max() < 1e-12
    np.testing.assert_allclose(glm.coef_[0], 0.5, atol=1e-3)
    outlier = np.where(np.arange(T) == 5, 1e6, rng.poisson(1.0, T))
    glm = GLM().fit(X, outlier)
    assert fine(glm) and slope(glm, X, outlier).max() < 1e-8


@pytest.mark.parametrize("regularizer", [None, pytest.param("Lasso", marks=pytest.mark.slow)])
def test_features_in_any_unit(X, y, regularizer):
    units = np.array([1e8, 1e-8, 1, 1e4, 1e-4])
    strength = None if regularizer is None else 0.05 * units
    want = GLM(regularizer=regularizer, regularizer_strength=None if strength is None else 0.05)
    glm = GLM(regularizer=regularizer, regularizer_strength=strength).fit(X * units, y)
    assert fine(glm)
    np.testing.assert_allclose(glm.coef_ * units, want.fit(X, y).coef_, atol=1e-9)
    far = GLM(regularizer=regularizer, regularizer_strength=want.regularizer_strength)
    np.testing.assert_allclose(far.fit(X + 1e6, y).coef_, want.coef_, atol=1e-7)


@pytest.mark.slow
def test_one_bin(X):
    for regularizer in ("Ridge", "Lasso"):
        glm = GLM(regularizer=regularizer).fit(X[:1], [2])
        assert fine(glm)
        np.testing.assert_allclose(glm.predict(X[:1]), 2)


@pytest.mark.slow
def test_more_columns_than_rows(X, y):
    wide = np.tile(X[:20], (1, 8)) + np.random.default_rng(1).normal(size=(20, 40))
    assert fine(GLM(regularizer="Ridge", regularizer_strength=0.1).fit(wide, y[:20]))
    glm = GLM(regularizer="Lasso", regularizer_strength=0.1).fit(wide, y[:20])
    assert fine(glm) and (glm.coef_ == 0).sum() >= 20


@pytest.mark.slow
def test_a_link_that_leaves_the_range_of_the_family_says_so(X, y):
    with pytest.warns(ConvergenceWarning, match="inverse_link_function"):
        glm = GLM("Poisson", "identity").fit(X, y)
    assert np.isfinite(glm.coef_).all() and (glm.predict(X)[y > 0] > 0).all()


def test_offsets_of_any_size(X, y):
    glm = GLM().fit(X, y, offset=np.full(T, 650.0))
    assert fine(glm)
    np.testing.assert_allclose(glm.coef_, GLM().fit(X, y).coef_, atol=1e-9)


REFUSED = [
    (lambda X, y: (X[:, 0], y), r"X has shape \(200,\), but features are 2-D.*X\[:, None\]"),
    (lambda X, y: (X[:, :, None], y), r"X has shape \(200, 5, 1\)"),
    (lambda X, y: (X, y[:-1]), r"y has shape \(199,\), but X has 200 rows; give y of shape"),
    (lambda X, y: (X, y[:, None, None]), r"y has shape \(200, 1, 1\)"),
    (lambda X, y: (X, None), "requires y"),
    (lambda X, y: (X, y - 3), r"y holds -\d, but PoissonObservations needs counts, 0 or more"),
    (lambda X, y: (X * np.nan, y), "none of the 200 rows is free of NaN.*window longer"),
    (lambda X, y: (X, y * np.nan), "none of the 200 rows is free of NaN"),
    (lambda X, y: (X[:, :0], y), r"0 feature\(s\)"),
    (lambda X, y: (X[:0], y[:0]), r"0 sample\(s\)"),
    (lambda X, y: (X + 1j, y), "Complex data not supported"),
    (lambda X, y: ({}, y), "give an array with one row per time bin"),
    (lambda X, y: ({"a": X, "b": X[:5]}, y), "one row per time bin"),
    (lambda X, y: (np.array([["a"] * P] * T), y), "real numbers"),
]


@pytest.mark.parametrize(("spoil", "says"), REFUSED)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(X, y, spoil, says):
    with pytest.raises(ValueError, match=says):
        GLM().fit(*spoil(X, y))


@pytest.mark.parametrize("size", [1e200, 1e-200, [1e200, 1, 1, 1, 1]])
def test_values_whose_squares_overflow_are_refused(X, y, size):
    with pytest.raises(ValueError, match="X has a column of size .*float64.*another unit"):
        GLM().fit(X * size, y)
    with pytest.raises(ValueError, match="float32 needs 9e-18 to 2e[+]17, so give X"):
        GLM().fit((X * 1e30).astype(np.float32), y)
    with pytest.raises(ValueError, match="y has a column of size"):
        GLM("Gaussian").fit(X, y * 1e200)


def test_each_family_names_the_values_it_needs(X, y):
    with pytest.raises(ValueError, match="y holds 2, but BernoulliObservations needs 0 or 1"):
        GLM("Bernoulli").fit(X, np.where(y > 0, 2, 0))
    with pytest.raises(ValueError, match="needs numbers above 0"):
        GLM("Gamma").fit(X, np.zeros(T))
    with pytest.raises(ValueError, match="sample_weight has shape"):
        GLM().fit(X, y, sample_weight=[1, -1])
    with pytest.raises(ValueError, match="zero"):
        GLM().fit(X, y, sample_weight=np.zeros(T))
    with pytest.raises(ValueError, match="times without values"):
        import pynapple

        GLM().fit(X, pynapple.Ts(np.arange(200.0)))
