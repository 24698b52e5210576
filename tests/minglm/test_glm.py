"""The estimator: what goes in, what comes out, and that nothing is lost between."""

import jax
import numpy as np
import pynapple as nap
import pytest
from scipy import stats

import minglm as nmo
from minglm.glm import GLM, PopulationGLM
from minglm.inference import confidence_intervals

T, P = 200, 5


@pytest.fixture
def data(rng):
    X = rng.normal(size=(T, P))
    return X, rng.poisson(np.exp(X @ [0.4, -0.3, 0, 0.2, 0] - 0.2)).astype(float)


def test_results_have_the_shapes_of_the_data(data):
    X, y = data
    one = GLM().fit(X, y)
    assert one.coef_.shape == (P,) and one.intercept_.shape == (1,)
    assert one.predict(X).shape == (T,) and one.predict(X).dtype == float
    many = PopulationGLM().fit(X, np.stack([y, y[::-1], 0 * y + 1], axis=1))
    assert many.coef_.shape == (P, 3) and many.intercept_.shape == (3,)
    assert many.predict(X).shape == (T, 3)
    for name in ("gap_", "converged_", "silent_", "scale_", "dof_resid_", "n_iter_"):
        assert getattr(one, name).shape == (1,) and getattr(many, name).shape == (3,)
    column = GLM().fit(X, y[:, None])
    np.testing.assert_array_equal(column.coef_, one.coef_[:, None])
    assert column.predict(X).shape == (T, 1)


def test_everything_that_converts_to_numbers_is_taken(data):
    X, y = data
    want = GLM().fit(X, y).coef_
    for same in (X.tolist(), np.asfortranarray(X), X.astype(object), jax.numpy.asarray(X)):
        np.testing.assert_allclose(GLM().fit(same, y.astype(int)).coef_, want, atol=1e-6)
    whole = GLM().fit(np.round(X).astype(int), y).coef_
    np.testing.assert_array_equal(GLM().fit(np.round(X), y).coef_, whole)
    switches = GLM("Bernoulli").fit(X > 0, y > 0).coef_
    np.testing.assert_array_equal(
        GLM("Bernoulli").fit((X > 0) * 1.0, (y > 0) * 1.0).coef_, switches
    )


def test_a_dict_of_blocks_gives_a_dict_of_weights(data):
    X, y = data
    whole = GLM().fit(X, y)
    parts = {"speed": X[:, :2], "position": X[:, 2:]}  # as given, not by the alphabet
    glm = GLM().fit(parts, y)
    assert list(glm.coef_) == ["speed", "position"]
    low, high = confidence_intervals(glm, parts, y)
    assert list(low.coef) == list(high.coef) == ["speed", "position"]
    assert (low.coef["speed"] < glm.coef_["speed"]).all()
    np.testing.assert_array_equal(np.concatenate(list(glm.coef_.values())), whole.coef_)
    backwards = dict(reversed(parts.items()))
    np.testing.assert_allclose(glm.predict(backwards), whole.predict(X), rtol=1e-14)
    with pytest.raises(ValueError, match="X has 2 features, but GLM is expecting 5.*blocks"):
        glm.predict({"speed": X[:, :2]})
    with pytest.raises(ValueError, match="X has 5 features, but GLM is expecting 5.*not {'X': 5}"):
        glm.predict(X)


def test_pynapple_comes_back_as_pynapple(data):
    X, y = data
    epochs = nap.IntervalSet([0, 150], [99.5, 249.5])
    t = np.r_[np.arange(100.0), np.arange(150.0, 250.0)]
    features = nap.TsdFrame(t=t, d=X, time_support=epochs)
    counts = nap.Tsd(t=t, d=y, time_support=epochs)
    glm = GLM().fit(features, counts)
    np.testing.assert_array_equal(glm.coef_, GLM().fit(X, y).coef_)
    mu = glm.predict(features)
    assert isinstance(mu, nap.Tsd)
    np.testing.assert_array_equal(mu.index, t)
    np.testing.assert_array_equal(mu.time_support.values, epochs.values)
    assert isinstance(
        PopulationGLM().fit(features, counts[:, None]).predict(features), nap.TsdFrame
    )
    assert glm.score(features, counts) == GLM().fit(X, y).score(X, y)
    with pytest.raises(ValueError, match="different time axes"):
        glm.fit(features, nap.Tsd(t=t + 1, d=y))


def test_rows_with_nan_or_inf_count_nowhere(data):
    X, y = data
    gone = np.zeros(T, bool)
    gone[[0, 3, 7, 150, 151]] = True
    bad_X, bad_y = X.copy(), y.copy()
    bad_X[0, 2], bad_X[3], bad_X[7, 0] = np.nan, np.inf, -np.inf
    bad_y[150], bad_y[151] = np.nan, np.inf
    for model in (GLM(), GLM("Gaussian"), GLM("Gaussian", None, "Ridge", 0.1)):
        want = GLM(**model.get_params()).fit(X[~gone], y[~gone])
        got = GLM(**model.get_params()).fit(bad_X, bad_y)
        np.testing.assert_allclose(got.coef_, want.coef_, atol=1e-12)
        assert got.dof_resid_ == want.dof_resid_ == T - 5 - P - 1
        np.testing.assert_allclose(got.scale_, want.scale_, rtol=1e-12)
        for kind in ("log-likelihood", "pseudo-r2-McFadden", "pseudo-r2-Cohen"):
            a, b = got.score(bad_X, bad_y, kind), want.score(X[~gone], y[~gone], kind)
            np.testing.assert_allclose(a, b, rtol=1e-12)
    mu = got.predict(bad_X)
    assert np.isnan(mu[0]) and np.isfinite(mu[150])


def test_the_score_is_the_mean_log_density(data):
    X, y = data
    glm = GLM().fit(X, y)
    np.testing.assert_allclose(glm.score(X, y), stats.poisson.logpmf(y, glm.predict(X)).mean())
    gauss = GLM("Gaussian").fit(X, y)
    sigma = np.sqrt(((y - gauss.predict(X)) ** 2).sum() / (T - P - 1))
    np.testing.assert_allclose(gauss.scale_, sigma**2)
    density = stats.norm.logpdf(y, gauss.predict(X), sigma)
    np.testing.assert_allclose(gauss.score(X, y), density.mean())
    null = stats.norm.logpdf(y, y.mean(), sigma)
    got = gauss.score(X, y, "pseudo-r2-McFadden")
    np.testing.assert_allclose(got, 1 - density.mean() / null.mean())
    got = gauss.score(X, y, score_type="pseudo-r2-Cohen")
    np.testing.assert_allclose(got, 1 - ((y - gauss.predict(X)) ** 2).sum() / y.var() / T)
    with pytest.raises(ValueError, match="pseudo-r2-McFadden"):
        gauss.score(X, y, "r2")


def test_sample_weights_are_repeated_rows(data, rng):
    X, y = data
    times = rng.integers(0, 3, T)
    weighted = GLM().fit(X, y, sample_weight=times)
    repeated = GLM().fit(np.repeat(X, times, axis=0), np.repeat(y, times))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-10)
    score = weighted.score(X, y, sample_weight=times)
    np.testing.assert_allclose(
        score, repeated.score(np.repeat(X, times, axis=0), np.repeat(y, times))
    )


def test_an_offset_is_a_known_part_of_eta(data):
    X, y = data
    exposure = np.linspace(0.5, 2, T)
    glm = GLM().fit(X, y, offset=np.log(exposure))
    mu = glm.predict(X, offset=np.log(exposure))
    np.testing.assert_allclose(mu, exposure * glm.predict(X), rtol=1e-12)
    np.testing.assert_allclose((X.T @ (mu - y)), 0, atol=1e-7)
    assert glm.score(X, y, offset=np.log(exposure)) != glm.score(X, y)
    shifted = GLM().fit(X, y, offset=np.full(T, 3.0))
    np.testing.assert_allclose(shifted.intercept_, GLM().fit(X, y).intercept_ - 3, atol=1e-9)
    with pytest.raises(ValueError, match=r"offset has shape \(3,\); give \(200,\)"):
        GLM().fit(X, y, offset=[1, 2, 3])


def test_a_feature_mask_leaves_columns_out(data):
    X, y = data
    mask = np.array([1, 0, 1, 1, 0])
    glm = GLM(feature_mask=mask).fit(X, y)
    without = GLM().fit(X[:, mask == 1], y)
    assert (glm.coef_[mask == 0] == 0).all()
    np.testing.assert_allclose(glm.coef_[mask == 1], without.coef_, atol=1e-9)
    assert glm.dof_resid_ == without.dof_resid_
    blocks = {"a": X[:, :2], "b": X[:, 2:]}
    named = GLM(feature_mask={"a": 0, "b": 1}).fit(blocks, y)
    np.testing.assert_array_equal(named.coef_["a"], 0)
    np.testing.assert_allclose(named.coef_["b"], GLM().fit(X[:, 2:], y).coef_, atol=1e-9)
    Y = np.stack([y, y[::-1]], axis=1)
    both = np.stack([mask, 1 - mask], axis=1)
    many = GLM(feature_mask=both).fit(X, Y)
    np.testing.assert_array_equal(many.coef_[both == 0], 0)
    np.testing.assert_allclose(many.coef_[:, 0], glm.coef_, atol=1e-9)
    with pytest.raises(ValueError, match="feature_mask must hold 1"):
        GLM(feature_mask=mask * 0.5).fit(X, y)
    with pytest.raises(ValueError, match=r"feature_mask has shape \(2,\)"):
        GLM(feature_mask=[0, 1]).fit(X, y)


def test_degrees_of_freedom_follow_the_penalty(data):
    X, y = data
    assert GLM().fit(X, y).dof_resid_ == T - P - 1
    assert GLM(regularizer="Ridge").fit(X, y).dof_resid_ == T - P - 1
    lasso = GLM(regularizer="Lasso", regularizer_strength=0.1).fit(X, y)
    assert 0 < (lasso.coef_ != 0).sum() < P
    assert lasso.dof_resid_ == T - (lasso.coef_ != 0).sum() - 1


def test_draws_have_the_predicted_mean(data):
    X, y = data
    glm = GLM().fit(X, y)
    drawn, mu = glm.simulate(jax.random.key(3), np.tile(X, (200, 1)))
    np.testing.assert_array_equal(mu, glm.predict(np.tile(X, (200, 1))))
    assert abs(drawn.mean() / mu.mean() - 1) < 0.02 and (drawn == drawn.round()).all()
    again, _ = glm.simulate(3, np.tile(X, (200, 1)))
    np.testing.assert_array_equal(drawn, again)
    holes = X.copy()
    holes[4] = np.nan
    assert np.isnan(glm.simulate(0, holes)[0][4]) and np.isfinite(glm.simulate(0, holes)[0][5])


def test_silent_neurons_get_their_answer_and_stop_nobody(data):
    X, y = data
    Y = np.stack([y, 0 * y, y[::-1]], axis=1)
    with pytest.warns(nmo.glm.SilentNeuronWarning, match=r"neurons \[1\]: y is the same"):
        glm = PopulationGLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, Y)
    assert glm.silent_.tolist() == [False, True, False] and glm.converged_.all()
    assert glm.intercept_[1] == -np.inf and (glm.coef_[:, 1] == 0).all()
    assert (glm.predict(X)[:, 1] == 0).all() and np.isfinite(glm.predict(X)).all()
    assert np.isfinite(glm.score(X, Y)) and np.isfinite(glm.scale_).all()
    alone = GLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, Y[:, 2])
    np.testing.assert_allclose(glm.coef_[:, 2], alone.coef_, atol=1e-9)
    assert (glm.simulate(0, X)[0][:, 1] == 0).all()


def test_what_did_not_converge_is_named(data):
    X, y = data
    with pytest.warns(nmo.glm.ConvergenceWarning, match=r"neurons \[0\]: stopped short"):
        glm = GLM(max_iter=1).fit(X, y)
    assert not glm.converged_[0] and glm.gap_[0] > glm.tol


def test_a_model_must_be_fitted_and_used_on_the_same_columns(data):
    X, y = data
    with pytest.raises(ValueError, match="not fitted yet; call fit"):
        GLM().predict(X)
    with pytest.raises(ValueError, match="X has 3 features, but GLM is expecting 5"):
        GLM().fit(X, y).predict(X[:, :3])


def test_a_model_shows_what_differs_from_the_defaults():
    assert repr(GLM()) == "GLM()"
    assert repr(GLM("Gaussian", regularizer="Ridge")) == (
        "GLM(observation_model='Gaussian', regularizer='Ridge')"
    )


def test_names_are_nemos_names():
    for name in ("GLM", "PopulationGLM"):
        assert callable(getattr(nmo.glm, name))
    for name in ("Poisson", "Gaussian", "Bernoulli", "Gamma", "NegativeBinomial"):
        assert callable(getattr(nmo.observation_models, name + "Observations"))
    for name in ("UnRegularized", "Ridge", "Lasso", "ElasticNet", "GroupLasso"):
        assert callable(getattr(nmo.regularizer, name))
    assert nmo.load_model is nmo.glm.load_model
    assert "glm" in dir(nmo)
    with pytest.raises(AttributeError, match="no attribute 'glms'"):
        _ = nmo.glms
