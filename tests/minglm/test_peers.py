"""The same optimum as other packages, with the mapping of strengths; each where it is installed."""

import numpy as np
import pytest
from sklearn import linear_model

from minglm.glm import GLM
from minglm.observation_models import NegativeBinomialObservations
from minglm.regularizer import GroupLasso

T, P = 200, 5


@pytest.fixture
def X(rng):
    return rng.normal(size=(T, P))


def target(rng, X, family):
    mu = np.exp(X @ [0.4, -0.3, 0, 0.2, 0] - 0.2)
    draw = {
        "Gaussian": lambda: mu + rng.normal(size=T),
        "Bernoulli": lambda: rng.uniform(size=T) < mu / (1 + mu),
        "Gamma": lambda: rng.gamma(2, mu / 2),
    }
    return np.asarray(draw.get(family, lambda: rng.poisson(mu))(), float)


def close(glm, coef, intercept, atol=1e-6):
    np.testing.assert_allclose(glm.coef_, coef, atol=atol)
    np.testing.assert_allclose(glm.intercept_[0], intercept, atol=atol)


QUICK = ["Poisson", "Gaussian"]
FAMILIES = [*QUICK, *(pytest.param(f, marks=pytest.mark.slow) for f in ("Bernoulli", "Gamma"))]


@pytest.mark.parametrize("family", [*FAMILIES, "NegativeBinomial"])
def test_unpenalised_fits_are_those_of_statsmodels(rng, X, family):
    sm = pytest.importorskip("statsmodels.api")
    families = sm.families
    theirs = {
        "Poisson": families.Poisson(),
        "Gaussian": families.Gaussian(),
        "Bernoulli": families.Binomial(),
        "Gamma": families.Gamma(families.links.Log()),
        "NegativeBinomial": families.NegativeBinomial(alpha=0.5),
    }[family]
    y = target(rng, X, family)
    want = sm.GLM(y, sm.add_constant(X), theirs).fit(tol=1e-14)
    model = NegativeBinomialObservations(0.5) if family == "NegativeBinomial" else family
    glm = GLM(model, "exp" if family == "Gamma" else None).fit(X, y)
    close(glm, want.params[1:], want.params[0])
    assert glm.dof_resid_ == want.df_resid
    if family not in ("Gamma", "NegativeBinomial", "Gaussian"):  # there scales are defined apart
        np.testing.assert_allclose(glm.score(X, y) * T, want.llf, rtol=1e-9)
    if family in ("Gaussian", "Gamma"):
        np.testing.assert_allclose(glm.scale_[0], want.scale, rtol=1e-6)


SKLEARN = {
    "Poisson": lambda: linear_model.PoissonRegressor(alpha=0.1, tol=1e-12, max_iter=1000),
    "Gamma": lambda: linear_model.GammaRegressor(alpha=0.1, tol=1e-12, max_iter=1000),
    "Bernoulli": lambda: linear_model.LogisticRegression(C=1 / (T * 0.1), tol=1e-10),
    "Gaussian": lambda: linear_model.Ridge(alpha=0.1 * T / 2),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_scikit_learn_with_its_own_alphas(rng, X, family):
    y = target(rng, X, family)
    theirs = SKLEARN[family]().fit(X, y)
    glm = GLM(family, "exp" if family == "Gamma" else None, "Ridge", 0.1).fit(X, y)
    close(glm, np.ravel(theirs.coef_), np.ravel(theirs.intercept_)[0])


def test_scikit_learns_elastic_net_with_half_the_strength(rng, X):
    y = target(rng, X, "Gaussian")
    theirs = linear_model.ElasticNet(alpha=0.05, l1_ratio=0.3, tol=1e-12).fit(X, y)
    glm = GLM("Gaussian", None, "ElasticNet", (0.1, 0.3)).fit(X, y)
    close(glm, theirs.coef_, theirs.intercept_)
    np.testing.assert_array_equal(glm.coef_ == 0, theirs.coef_ == 0)


@pytest.mark.parametrize("penalty", ["Ridge", "Lasso", "ElasticNet"])
@pytest.mark.parametrize("family", FAMILIES)
def test_glum_with_alpha_equal_to_the_strength(rng, X, family, penalty):
    glum = pytest.importorskip("glum")
    y = target(rng, X, family)
    name, link = {"Bernoulli": ("binomial", "auto"), "Gamma": ("gamma", "log")}.get(
        family, (family.lower() if family != "Gaussian" else "normal", "auto")
    )
    ratio = {"Ridge": 0.0, "Lasso": 1.0, "ElasticNet": 0.3}[penalty]
    alpha = 0.05 / (2 if family == "Gaussian" else 1)  # our Gaussian loss has no 1/2
    theirs = glum.GeneralizedLinearRegressor(
        alpha=alpha, l1_ratio=ratio, family=name, link=link, gradient_tol=1e-11, max_iter=1000
    ).fit(X, y)
    strength = (0.05, 0.3) if penalty == "ElasticNet" else 0.05
    glm = GLM(family, "exp" if family == "Gamma" else None, penalty, strength).fit(X, y)
    close(glm, theirs.coef_, theirs.intercept_)


def test_skglm_group_lasso_with_half_the_strength(rng, X):
    skglm = pytest.importorskip("skglm")
    y = target(rng, X, "Gaussian")
    theirs = skglm.GroupLasso(
        groups=[2, 3], alpha=0.05, weights=np.sqrt([2.0, 3.0]), tol=1e-12
    ).fit(X, y)
    glm = GLM("Gaussian", None, GroupLasso(blocks=(2, 3)), 0.1).fit(X, y)
    close(glm, theirs.coef_, theirs.intercept_)


NEMOS = {"UnRegularized": None, "Ridge": 0.1, "Lasso": 0.05, "ElasticNet": (0.08, 0.3)}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # it warns that it did not reach a tolerance of 1e-12
@pytest.mark.parametrize("penalty", NEMOS)
@pytest.mark.parametrize("family", ["Poisson", "Gamma"])
def test_nemos_with_the_same_arguments(rng, X, family, penalty):
    nemos = pytest.importorskip("nemos")
    jax = pytest.importorskip("jax")
    y = target(rng, X, family)
    options = {"regularizer": penalty, "regularizer_strength": NEMOS[penalty]}
    with jax.enable_x64(True):
        theirs = nemos.glm.GLM(
            family, jax.numpy.exp, solver_kwargs={"tol": 1e-12, "maxiter": 20_000}, **options
        ).fit(X, y)
        want = np.asarray(theirs.coef_), float(theirs.intercept_[0]), float(theirs.score(X, y))
    glm = GLM(family, "exp", **options).fit(X, y)
    close(glm, *want[:2])
    np.testing.assert_allclose(glm.score(X, y), want[2], atol=1e-7)
