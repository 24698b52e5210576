"""The optimum: nothing is better, a second route finds it too, and the gap tells the truth."""

import jax
import numpy as np
import pytest
from scipy.optimize import minimize

from minglm.glm import GLM
from minglm.regularizer import GroupLasso, Lasso, Layout, Ridge, Smoothness, make_penalty
from minglm.solvers import solve

T, P = 200, 5
BLOCKS = (2, 3)
PENALTIES = {
    "none": (None, None),
    "ridge": ("Ridge", 0.05),
    "lasso": ("Lasso", 0.05),
    "elastic net": ("ElasticNet", (0.1, 0.4)),
    "group lasso": (GroupLasso(blocks=BLOCKS), 0.05),
    "smoothness": ("Smoothness", 0.02),
    "second difference": ("SecondDifference", 0.02),
    "sum": (GroupLasso(blocks=BLOCKS) + Lasso(strength=0.02) + Smoothness(strength=0.01), 0.04),
}
LINKS = {"Poisson": ["exp", "softplus"], "Gaussian": ["identity", "exp", "softplus"]}
LINKS |= {"Bernoulli": ["logistic"], "Gamma": ["exp", "softplus", "one_over_x"]}
LINKS |= {"NegativeBinomial": ["exp", "softplus"]}
QUICK = [("Poisson", "exp", p) for p in ("none", "ridge", "lasso", "sum")]
EACH = [
    pytest.param(f, link, p, marks=[] if (f, link, p) in QUICK else pytest.mark.slow)
    for f in LINKS
    for link in LINKS[f]
    for p in PENALTIES
    if link == LINKS[f][0] or p in ("none", "lasso")
]


def recording(rng, family="Poisson"):
    """Features that overlap, and y with a family's range."""
    X = rng.normal(size=(T, P))
    X[:, 1] += X[:, 0]
    mu = np.exp(0.4 * X[:, 0] - 0.3 * X[:, 3] - 0.2)
    draw = {
        "Gaussian": lambda: mu + 0.5 * rng.normal(size=T),
        "Bernoulli": lambda: rng.uniform(size=T) < mu / (1 + mu),
        "Gamma": lambda: rng.gamma(2, mu / 2),
    }
    return X, np.asarray(draw.get(family, lambda: rng.poisson(mu))(), float)


def objective(glm, X, y):
    """f(w, b), from the definitions."""
    _, p, penalty = glm.problem(X, y)

    @jax.jit
    def value(v):
        nll = p.family.nll(p.link, X @ v[1:, None] + v[0], p.y)
        return nll.mean() + penalty.value(v[1:, None])[0]

    def f(v):
        with jax.enable_x64(True):
            out = float(value(v))
        return out if np.isfinite(out) else 1e10

    return f


@pytest.mark.parametrize(("family", "link", "penalty"), EACH)
def test_no_direction_improves_the_fit(rng, family, link, penalty):
    X, y = recording(rng, family)
    glm = GLM(family, link, *PENALTIES[penalty]).fit(X, y)
    assert glm.converged_.all()
    f, at = objective(glm, X, y), np.r_[glm.intercept_, glm.coef_]
    best = f(at)
    for size in (1e-5, 1e-3, 1e-1):
        for _ in range(20):
            assert f(at + size * rng.normal(size=P + 1)) >= best - 1e-13
        for k in range(P + 1):
            for sign in (-size, size):
                assert f(at + sign * np.eye(P + 1)[k]) >= best - 1e-13


@pytest.mark.parametrize("family", ["Poisson", pytest.param("Bernoulli", marks=pytest.mark.slow)])
def test_a_general_optimiser_finds_no_lower_value(rng, family):
    X, y = recording(rng, family)
    glm = GLM(family, None, "Ridge", 0.05).fit(X, y)
    f = objective(glm, X, y)
    other = minimize(f, np.zeros(P + 1), method="Powell", options={"xtol": 1e-10, "ftol": 1e-14})
    np.testing.assert_allclose(np.r_[glm.intercept_, glm.coef_], other.x, atol=1e-5)


def fista(X, y, penalty, steps=5_000):
    """Accelerated proximal gradient for Poisson: slow and plain."""
    X1 = np.insert(X, 0, 1, axis=1)
    v = np.r_[np.log(y.mean()), np.zeros(X.shape[1])]
    step, momentum, z = 0.05, 1.0, v
    S = np.asarray(penalty.matrix())
    for _ in range(steps):
        grad = X1.T @ (np.exp(X1 @ z) - y) / len(y)
        grad[1:] += S @ z[1:]
        new = z - step * grad
        new[1:] = np.asarray(penalty.prox(new[1:, None], step))[:, 0]
        if (z - new) @ (new - v) > 0:
            momentum = 1.0  # restart
        after = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        moved = np.abs(new - z).max()
        z, v, momentum = new + (momentum - 1) / after * (new - v), new, after
        if moved < 1e-13:
            return v
    raise AssertionError("proximal gradient did not get there")


@pytest.mark.slow
@pytest.mark.parametrize("penalty", ["lasso", "group lasso", "sum"])
def test_proximal_gradient_finds_the_same_weights(rng, penalty):
    X, y = recording(rng)
    glm = GLM("Poisson", None, *PENALTIES[penalty]).fit(X, y)
    _, _, p = glm.problem(X, y)
    with jax.enable_x64(True):
        v = fista(X, y, p)
    np.testing.assert_allclose(np.r_[glm.intercept_, glm.coef_], v, atol=1e-6)
    np.testing.assert_array_equal(glm.coef_ == 0, v[1:] == 0)


HARD = {
    "more columns than rows": lambda rng: rng.normal(size=(40, 80)),
    "the same columns twice": lambda rng: np.tile(rng.normal(size=(100, 20)), 2),
    "bumps that overlap": lambda rng: np.exp(
        -0.5 * ((rng.uniform(size=(500, 1)) - np.linspace(0, 1, 40)) / 0.2) ** 2
    ),
    "columns of all sizes": lambda rng: rng.normal(size=(100, 20)) * 10.0 ** np.linspace(-5, 5, 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("strength", [1e-1, 1e-3, 1e-5])
@pytest.mark.parametrize("penalty", ["Lasso", "GroupLasso"])
@pytest.mark.parametrize("design", HARD)
def test_zeros_are_right_on_designs_that_are_hard(rng, design, penalty, strength):
    """Conditions of the optimum: the slope of a group that is 0 is at most t, else t along w."""
    X = HARD[design](rng)
    y = rng.poisson(1.0, len(X)) * 1.0
    sizes = (10,) * (X.shape[1] // 10)
    glm = GLM(regularizer=GroupLasso(blocks=sizes) if penalty == "GroupLasso" else penalty)
    glm.set_params(regularizer_strength=strength).fit(X, y)
    assert glm.converged_.all()
    slope = X.T @ (glm.predict(X) - y) / len(y)
    blocks = np.split(np.arange(len(slope)), np.cumsum(sizes)[:-1])
    for g in blocks if penalty == "GroupLasso" else np.arange(len(slope))[:, None]:
        t, w = strength * np.sqrt(len(g)), glm.coef_[g]
        noise = 1e-6 * t + 1e-12 * np.abs(X[:, g]).max()
        if w.any():
            assert np.linalg.norm(slope[g] + t * w / np.linalg.norm(w)) <= noise
        else:
            assert np.linalg.norm(slope[g]) <= t + noise


def test_the_gap_is_what_the_objective_can_still_fall(rng):
    """Stopped early, the gap and the true distance to the optimum agree within a factor of 2."""
    X, y = recording(rng)
    glm = GLM(regularizer="Ridge", regularizer_strength=0.05).fit(X, y)
    best = objective(glm, X, y)(np.r_[glm.intercept_, glm.coef_])
    _, p, penalty = glm.problem(X, y)
    null = 2 * (np.where(y > 0, y * np.log(np.maximum(y, 1) / y.mean()), 0) - y + y.mean()).mean()
    with jax.enable_x64(True):
        steps = [jax.tree.map(np.asarray, solve(p, penalty, None, 0.0, k)) for k in range(1, 5)]
    for before, after in zip(steps[:-1], steps[1:], strict=True):
        distance = (before.loss + penalty.value(before.w))[0] - best
        if distance > 1e-13:
            assert 0.5 < after.gap[0] * null / distance < 2


def test_the_gap_does_not_know_the_units_of_features(rng):
    X, y = recording(rng)
    gaps = []
    for unit in (1, [1e-8, 1, 1e8, 10, 0.1]):
        with pytest.warns(UserWarning, match="stopped short"):
            gaps.append(GLM(max_iter=2).fit(X * unit, y).gap_)
    np.testing.assert_allclose(gaps[0], gaps[1], rtol=1e-6)


@pytest.mark.slow
def test_a_warm_start_saves_steps_and_changes_nothing(rng):
    X, y = recording(rng)
    _, p, penalty = GLM(regularizer="Lasso", regularizer_strength=0.05).problem(X, y)
    weaker = make_penalty("Lasso", 0.04, Layout({"X": P}, 1))
    with jax.enable_x64(True):
        first, cold = solve(p, penalty), solve(p, weaker)
        warm = solve(p, weaker, (first.w, first.b))
    np.testing.assert_allclose(warm.w, cold.w, atol=1e-9)
    assert warm.steps[0] < cold.steps[0]


def test_collinear_columns_share_the_weight(rng):
    """Minimum norm, in units of the columns' standard deviations."""
    X, y = recording(rng)
    alone = GLM().fit(X, y)
    with pytest.warns(UserWarning, match="1 of the features add nothing"):
        twice = GLM().fit(np.c_[X, 3 * X[:, 0]], y)
    np.testing.assert_allclose(twice.coef_[0], alone.coef_[0] / 2, rtol=1e-6)
    np.testing.assert_allclose(twice.coef_[5], alone.coef_[0] / 6, rtol=1e-6)
    np.testing.assert_allclose(twice.dof_resid_, alone.dof_resid_)


@pytest.mark.parametrize("penalty", ["ridge", pytest.param("lasso", marks=pytest.mark.slow)])
def test_single_precision_is_near_double(rng, penalty):
    X, y = recording(rng)
    double = GLM("Poisson", None, *PENALTIES[penalty]).fit(X, y)
    single = GLM("Poisson", None, *PENALTIES[penalty]).fit((X + 1000).astype(np.float32), y)
    assert single.converged_.all()
    np.testing.assert_allclose(single.coef_, double.coef_, atol=2e-4)
    near = GLM("Poisson", None, *PENALTIES[penalty]).fit(X.astype(np.float32), y)
    np.testing.assert_allclose(near.coef_, double.coef_, atol=1e-5)


def test_ridge_of_smoothness_is_a_sum_of_matrices(rng):
    X, y = recording(rng)
    both = GLM(regularizer=Ridge(strength=0.1) + Smoothness(strength=0.05)).fit(X, y)
    slope = X.T @ (both.predict(X) - y) / T
    D = np.diff(np.eye(P), axis=0, prepend=0, append=0)
    np.testing.assert_allclose(slope, -(0.1 * np.eye(P) + 0.1 * D.T @ D) @ both.coef_, atol=1e-8)
