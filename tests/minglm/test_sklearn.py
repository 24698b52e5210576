"""GLM and bases among scikit-learn's tools, and scikit-learn's own checks of an estimator."""

import pathlib
import re
import subprocess
import sys
import warnings

import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from minglm.basis import RaisedCosineLinearEval, RaisedCosineLogConv
from minglm.glm import GLM

DOCS = pathlib.Path(__file__).parents[2] / "docs" / "scikit-learn.md"
LEFT_OUT = {
    "Gaussian": {},
    "Poisson": {"check_regressor_multioutput": "it fits negative targets"},
}


def left_out(model):
    return LEFT_OUT[model.observation_model]


with warnings.catch_warnings():  # GLM is an estimator without inheriting from BaseEstimator
    warnings.simplefilter("ignore", UserWarning)
    every_check = parametrize_with_checks(
        [GLM("Gaussian"), GLM()], expected_failed_checks=left_out, xfail_strict=True
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")  # their data hold collinear columns and the like
@every_check
def test_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


def test_the_docs_name_every_check_left_out_and_why():
    rows = re.findall(r"^\| `(check_\w+)` \| (.*) \|$", DOCS.read_text(), re.MULTILINE)
    assert {name for name, _ in rows} == set().union(*LEFT_OUT.values())
    for name, reason in rows:
        assert reason.startswith(LEFT_OUT["Poisson"][name])


@pytest.fixture
def session(rng):
    x = rng.uniform(size=200)
    X = np.column_stack([x, rng.normal(size=(200, 2))])
    return X, rng.poisson(np.exp(np.sin(6 * x) + 0.3 * X[:, 1])).astype(float)


def test_a_clone_has_the_arguments_and_nothing_that_was_fitted(session):
    mask = np.array([1, 0, 1])
    model = GLM("Poisson", jnp.exp, "Ridge", regularizer_strength=0.1, feature_mask=mask)
    model.fit(*session)
    twin = clone(model)
    assert "coef_" in vars(model) and "coef_" not in vars(twin)
    assert twin.get_params().keys() == model.get_params().keys()
    assert twin.feature_mask is not mask
    np.testing.assert_array_equal(twin.fit(*session).coef_, model.coef_)
    with pytest.raises(ValueError, match="no .'alpha'.; it has"):
        model.set_params(alpha=1)


@pytest.mark.slow
def test_grid_search_finds_the_strength_with_the_best_held_out_score(session):
    X, y = session
    cv, strengths = TimeSeriesSplit(n_splits=2, test_size=60), [0.01, 0.1, 10.0]
    search = GridSearchCV(GLM(regularizer="Ridge"), {"regularizer_strength": strengths}, cv=cv)
    search.fit(X, y)
    by_hand = [
        [GLM("Poisson", None, "Ridge", s).fit(X[a], y[a]).score(X[b], y[b]) for a, b in cv.split(X)]
        for s in strengths
    ]
    found = search.cv_results_
    scores = np.transpose([found["split0_test_score"], found["split1_test_score"]])
    np.testing.assert_allclose(scores, by_hand, rtol=1e-12)
    best = strengths[int(np.mean(by_hand, axis=1).argmax())]
    assert search.best_params_ == {"regularizer_strength": best}
    whole = GLM("Poisson", None, "Ridge", best).fit(X, y)
    np.testing.assert_array_equal(search.best_estimator_.coef_, whole.coef_)


def test_cross_val_score_is_the_score_of_each_fold(session):
    X, y = session
    scores = cross_val_score(GLM(), X, y, cv=2)
    halves = np.arange(100), np.arange(100, 200)
    want = [GLM().fit(X[a], y[a]).score(X[b], y[b]) for a, b in (halves[::-1], halves)]
    np.testing.assert_allclose(scores, want, rtol=1e-12)


def test_a_pipeline_with_a_basis_keeps_the_bounds_of_its_training_data(session):
    X, y = session
    x, bounds = X[:, :1], (X[:100, 0].min(), X[:100, 0].max())
    x[150] = 1.5
    basis = RaisedCosineLinearEval(4)
    pipeline = make_pipeline(basis.to_transformer(), GLM()).fit(x[:100], y[:100])
    fixed = RaisedCosineLinearEval(4, bounds=bounds)
    by_hand = GLM().fit(fixed.compute_features(x[:100, 0]), y[:100])
    features = fixed.compute_features(x[100:, 0])
    assert np.isnan(features[50]).all()  # outside, as the bounds are never learned again
    np.testing.assert_allclose(pipeline.predict(x[100:]), by_hand.predict(features), rtol=1e-9)


@pytest.mark.slow
def test_a_grid_goes_over_the_arguments_of_a_basis_in_a_pipeline(session):
    X, y = session
    basis = RaisedCosineLogConv(n_basis_funcs=3, window_size=10)
    steps = [("past", basis.to_transformer()), ("glm", GLM("Gaussian"))]
    grid = {"past__n_basis_funcs": [2, 3]}
    search = GridSearchCV(Pipeline(steps), grid, cv=TimeSeriesSplit(n_splits=2, test_size=60))
    search.fit(y[:, None], y)
    assert set(search.cv_results_["param_past__n_basis_funcs"]) == {2, 3}
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert basis.n_basis_funcs == 3


def test_minglm_comes_without_scikit_learn_pynapple_and_matplotlib():
    code = (
        "import sys, minglm, minglm.glm, minglm.basis, minglm.model_selection, minglm.simulation;"
        "print({'sklearn', 'pynapple', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
