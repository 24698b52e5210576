"""The estimator among scikit-learn's: its own checks, and the tools people combine it with."""

import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
)
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from minglm.glm import GLM
from minglm.regularizer import GroupLasso

# The one check left out gives negative y to a model of counts; the Gaussian passes it.
LEFT_OUT = {"Poisson": {"check_regressor_multioutput"}, "Gaussian": set()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("model", [GLM(), GLM("Gaussian")], ids=str)
def test_scikit_learns_own_checks_pass(model):
    results = check_estimator(model, on_skip=None, on_fail=None)
    failed = {r["check_name"]: r["exception"] for r in results if r["status"] == "failed"}
    assert set(failed) == LEFT_OUT[model.observation_model], failed
    assert sum(r["status"] == "passed" for r in results) > 50


@pytest.fixture
def data(rng):
    X = rng.normal(size=(200, 5))
    return X, rng.poisson(np.exp(X @ [0.4, -0.3, 0, 0.2, 0] - 0.2)).astype(float)


def test_clone_keeps_arguments_and_forgets_results(data):
    mask = np.array([1, 0, 1, 1, 1])
    glm = GLM(
        inverse_link_function=jnp.exp, regularizer=GroupLasso(blocks=(2, 3)), feature_mask=mask
    )
    glm.fit(*data)
    twin = clone(glm)
    assert "coef_" not in vars(twin) and twin.regularizer == glm.regularizer
    np.testing.assert_array_equal(twin.fit(*data).coef_, glm.coef_)
    assert clone(twin.set_params(tol=1e-6)).tol == 1e-6
    with pytest.raises(ValueError, match="no parameter 'alpha'"):
        glm.set_params(alpha=1)


def test_a_grid_search_finds_the_best_strength(data):
    X, y = data
    grid = {"regularizer_strength": [1e-3, 0.1, 10.0]}
    search = GridSearchCV(GLM(regularizer="Ridge"), grid, cv=KFold(4)).fit(X, y)
    for k, strength in enumerate(grid["regularizer_strength"]):
        scores = []
        for train, test in KFold(4).split(X):
            glm = GLM(regularizer="Ridge", regularizer_strength=strength).fit(X[train], y[train])
            scores.append(glm.score(X[test], y[test]))
        np.testing.assert_allclose(search.cv_results_["mean_test_score"][k], np.mean(scores))
    assert search.best_params_["regularizer_strength"] < 10


def test_pipelines_and_cross_validation(data):
    X, y = data
    pipe = make_pipeline(StandardScaler(), GLM(regularizer="Ridge", regularizer_strength=0.1))
    scores = cross_val_score(pipe, 100 * X + 7, y, cv=4)
    same = cross_val_score(pipe, X, y, cv=4)
    np.testing.assert_allclose(scores, same, rtol=1e-9)
    assert pipe.fit(X, y).predict(X).shape == y.shape
    assert pipe.set_params(glm__regularizer_strength=0.2)[-1].regularizer_strength == 0.2


PEERS = {
    "Poisson": (lambda a: PoissonRegressor(alpha=a, tol=1e-12, solver="newton-cholesky"), "exp"),
    "Gamma": (lambda a: GammaRegressor(alpha=a, tol=1e-12, solver="newton-cholesky"), "exp"),
}


@pytest.mark.parametrize("family", ["Poisson", pytest.param("Gamma", marks=pytest.mark.slow)])
def test_ridge_is_scikit_learns_with_the_same_alpha(data, family):
    X, y = data
    make, link = PEERS[family]
    theirs = make(0.1).fit(X, y + (family == "Gamma"))
    ours = GLM(family, link, "Ridge", 0.1).fit(X, y + (family == "Gamma"))
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)
    np.testing.assert_allclose(ours.intercept_[0], theirs.intercept_, atol=1e-6)


@pytest.mark.slow
def test_logistic_and_linear_models_are_scikit_learns(data):
    X, y = data
    theirs = LogisticRegression(C=1 / (200 * 0.1), tol=1e-10).fit(X, y > 0)
    ours = GLM("Bernoulli", None, "Ridge", 0.1).fit(X, y > 0)
    np.testing.assert_allclose(ours.coef_, theirs.coef_[0], atol=1e-6)
    theirs = ElasticNet(alpha=0.05, l1_ratio=0.3, tol=1e-12).fit(X, y)
    ours = GLM("Gaussian", None, "ElasticNet", (0.1, 0.3)).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)
    assert ((ours.coef_ == 0) == (theirs.coef_ == 0)).all()
    np.testing.assert_allclose(GLM("Gaussian").fit(X, y).coef_, LinearRegression().fit(X, y).coef_)


def test_importing_minglm_imports_no_companion():
    code = (
        "import sys, minglm.glm, minglm.basis; "
        "print([m for m in ('sklearn', 'pynapple', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
