"""Fits, scores and penalties against NeMoS 0.2.9 and the formulas of the Harvey-lab code."""

import jax
import numpy as np
import pytest

from minglm import metrics
from minglm.glm import GLM, PopulationGLM
from minglm.links import LINKS, read_link
from minglm.observation_models import (
    NegativeBinomialObservations,
    PoissonObservations,
    read_family,
)
from minglm.regularizer import (
    ElasticNet,
    GroupLasso,
    Lasso,
    Layout,
    Ridge,
    Smoothness,
    UnRegularized,
    make_penalty,
)

FAMILIES = {
    "poisson": ("Poisson", None),
    "gaussian": ("Gaussian", None),
    "bernoulli": ("Bernoulli", None),
    "gamma": ("Gamma", "exp"),
    "negbin": (NegativeBinomialObservations(0.5), None),
}
PENALTIES = {
    "unreg": (UnRegularized(), None),
    "ridge": (Ridge(), 0.1),
    "lasso": (Lasso(), 0.05),
    "enet": (ElasticNet(), (0.08, 0.3)),
    "glasso": ("GroupLasso", 0.06),
}
QUICK = [("poisson", "enet"), ("poisson", "glasso"), ("gaussian", "ridge")]


def make(golden, family, penalty):
    observation_model, link = FAMILIES[family]
    regularizer, strength = PENALTIES[penalty]
    if regularizer == "GroupLasso":
        regularizer = GroupLasso(golden["glm/in/group_mask"])
    return GLM(observation_model, link, regularizer, strength)


def known(golden, prefix, **checks):
    """Compare what is stored under prefix/name; every prefix must hold something."""
    found = [name for name in checks if f"{prefix}/{name}" in golden]
    for name in found:
        got, atol = checks[name]
        want = golden[f"{prefix}/{name}"]
        np.testing.assert_allclose(np.ravel(got), np.ravel(want), atol=atol, err_msg=name)
    return found


EACH = [
    pytest.param(f, p, marks=[] if (f, p) in QUICK else pytest.mark.slow)
    for f in FAMILIES
    for p in PENALTIES
]


@pytest.mark.parametrize(("family", "penalty"), EACH)
def test_fits_are_those_of_nemos(golden, family, penalty):
    prefix = f"glm/glm/{family}/{penalty}"
    if not any(name.startswith(f"{prefix}/") for name in golden):
        pytest.skip("not in this part of the golden set")
    X, y = golden["glm/in/X"], golden[f"glm/in/y_{family}"]
    glm = make(golden, family, penalty).fit(X, y)
    checks = {
        "coef": (glm.coef_, 1e-6),
        "intercept": (glm.intercept_, 1e-6),
        "ll": (glm.score(X, y), 1e-7),
        "mcf": (glm.score(X, y, "pseudo-r2-McFadden"), 1e-7),
        "cohen": (glm.score(X, y, "pseudo-r2-Cohen"), 1e-7),
        "scale": (glm.scale_, 1e-6),
        "dof": (glm.dof_resid_, 0),
    }
    assert known(golden, prefix, **checks)
    if f"{prefix}/coef" in golden:
        np.testing.assert_array_equal(glm.coef_ == 0, golden[f"{prefix}/coef"] == 0)


@pytest.mark.slow
def test_gamma_with_its_own_link(golden):
    glm = GLM("Gamma", regularizer="Ridge", regularizer_strength=0.1)
    glm.fit(golden["glm/in/X_gamma_inv"], golden["glm/in/y_gamma_inv"])
    checks = {"coef": (glm.coef_, 1e-6), "intercept": (glm.intercept_, 1e-6)}
    assert known(golden, "glm/glm/gamma_inv/ridge", **checks)


@pytest.mark.slow
def test_a_strength_per_block(golden):
    X, y = golden["glm/in/X"], golden["glm/in/y_poisson"]
    strength = {"a": 0.5, "b": 0.01}
    glm = GLM(regularizer="Ridge", regularizer_strength=strength).fit(
        {"a": X[:, :2], "b": X[:, 2:]}, y
    )
    coef = np.concatenate([glm.coef_["a"], glm.coef_["b"]])
    assert known(golden, "glm/glm/poisson/ridge_per_leaf", coef=(coef, 1e-6))
    per_coefficient = GLM(regularizer="Ridge", regularizer_strength=[0.5, 0.5, *[0.01] * 4]).fit(
        X, y
    )
    np.testing.assert_allclose(per_coefficient.coef_, coef, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "regularizer", "strength"),
    [
        ("unreg", None, None),
        ("ridge", "Ridge", 0.1),
        ("ridge_masked", "Ridge", 0.1),
        pytest.param("lasso_masked", "Lasso", 0.05, marks=pytest.mark.slow),
        pytest.param("glasso_default", "GroupLasso", 0.05, marks=pytest.mark.slow),
    ],
)
def test_populations_are_those_of_nemos(golden, name, regularizer, strength):
    X, Y, mask = golden["glm/in/X"], golden["glm/in/Y_pop"], golden["glm/in/feature_mask"]
    mask = mask if name.endswith("masked") else None
    glm = PopulationGLM("Poisson", None, regularizer, strength, mask).fit(X, Y)
    one_by_one = []
    for n in range(Y.shape[1]):
        alone = None if mask is None else mask[:, n]
        one = GLM("Poisson", None, regularizer, strength, alone).fit(X, Y[:, n])
        np.testing.assert_allclose(one.coef_, glm.coef_[:, n], atol=1e-9)
        one_by_one.append(one.score(X, Y[:, n]))
    assert known(
        golden,
        f"glm/pop/{name}",
        coef=(glm.coef_, 1e-6),
        intercept=(glm.intercept_, 1e-6),
        ll=(glm.score(X, Y), 1e-7),
        mcf=(glm.score(X, Y, "pseudo-r2-McFadden"), 1e-7),
        cohen=(glm.score(X, Y, "pseudo-r2-Cohen"), 1e-7),
        dof=(glm.dof_resid_, 0),
        ll_per_neuron=(one_by_one, 1e-7),
    )
    if mask is not None:
        assert (glm.coef_[mask == 0] == 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_values_of_each_sample_are_those_of_nemos(golden, family):
    """At the weights the data were drawn with."""
    y, model = golden[f"glm/in/y_{family}"], read_family(FAMILIES[family][0])
    link = read_link(FAMILIES[family][1] or model.default_link)
    eta = golden["glm/in/X"] @ [0.5, -0.4, 0, 0.3, 0, 0.2] - 0.3
    with jax.enable_x64(True):
        mu = np.asarray(link.mean(eta))
        scale = 0.5 if family == "negbin" else 1.0
        cohen = metrics.pseudo_r2(y, mu, model, "pseudo-r2-Cohen")
        assert known(
            golden,
            f"glm/obs/{family}",
            nll=(model.nll(link, eta, y), 1e-12),
            ll=(model.log_likelihood(y, mu, scale), 1e-12),
            deviance=(model.deviance(y, mu, scale), 1e-12),
            mcf=(metrics.pseudo_r2(y, mu, model, "pseudo-r2-McFadden", scale=scale), 1e-12),
            cohen=(cohen, 1e-12),
        )


def test_prox_is_that_of_nemos(golden):
    w = golden["glm/prox/in"][:, None]
    penalty = make_penalty("Lasso", 0.3, Layout({"X": 6}, 1))
    assert known(golden, "glm/prox", **{"lasso_s.3_sc.5": (penalty.prox(w, 0.5), 1e-7)})


HARVEY = {  # strength 0.07 with l1_ratio 0, 1, between, on groups of 3, 1, 2; smoothness 0.2
    "ridge": Ridge(strength=0.07),
    "lasso": Lasso(strength=0.07),
    "glasso": GroupLasso(blocks=(3, 1, 2), strength=0.07),
    "smooth": Ridge(strength=0.07) + Smoothness(blocks=(3, 1, 2), strength=0.2),
}


@pytest.mark.parametrize("name", HARVEY)
def test_penalties_are_those_of_the_harvey_lab(golden, name):
    """Their loss is the mean over neurons of ours."""
    X, W, b = golden["glm/in/X"], golden["harvey/w"], golden["harvey/w0"]
    with jax.enable_x64(True):
        value = make_penalty(HARVEY[name], None, Layout({"X": 6}, 3)).value(W)
        loss = PoissonObservations().nll(LINKS["exp"], X @ W + b, golden["glm/in/Y_pop"]).mean()
        assert known(golden, "harvey/loss/poisson", **{name: (loss + value.mean(), 1e-12)}) or (
            name == "lasso"
        )


def test_the_smoothness_matrix_is_the_harvey_labs(golden):
    penalty = make_penalty(Smoothness(blocks=(4, 1, 2)), 0.5, Layout({"X": 7}, 1))
    with jax.enable_x64(True):
        np.testing.assert_allclose(penalty.matrix(), golden["harvey/prior_matrix_4_1_2"])
