"""The solver with one metric for all neurons finds what each neuron's own Newton steps find."""

import jax
import numpy as np
import pytest

from minglm import path, shared, solvers
from minglm.glm import GLM
from minglm.regularizer import GroupLasso

T, P, N = 1500, 40, 6


@pytest.fixture(scope="module")
def session():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(T, P)) + 0.5
    X[:, 1] = X[:, 0] + 0.1 * X[:, 1]  # nearly collinear
    return X, 0.1 * rng.normal(size=(P, N)), rng


def target(family, X, W, rng):
    eta = X @ W - 1
    return {
        "Poisson": lambda: rng.poisson(np.exp(eta)),
        "Gaussian": lambda: eta + rng.normal(size=eta.shape),
        "Bernoulli": lambda: (rng.uniform(size=eta.shape) < 1 / (1 + np.exp(-eta))) * 1.0,
        "Gamma": lambda: np.exp(eta) * rng.gamma(2, 0.5, size=eta.shape),
    }[family]()


def both(model, X, y, tol=1e-16, **options):
    """The Solutions of the two solvers."""
    _, problem, penalty = model.problem(X, y, **options)
    with jax.enable_x64(True):
        assert shared.metric_for(problem, penalty)
        found = [s.solve(problem, penalty, None, tol, 100) for s in (path, solvers)]
    return jax.tree.map(np.asarray, found)


PENALTIES = [
    ("UnRegularized", None),
    ("Ridge", 0.1),
    ("ElasticNet", (0.03, 0.5)),
    (GroupLasso(blocks=(8,) * 5), 0.02),
]


@pytest.mark.slow
@pytest.mark.parametrize("regularizer, strength", PENALTIES)
@pytest.mark.parametrize("family", ["Poisson", "Gaussian", "Bernoulli", "Gamma"])
def test_two_routes_lead_to_one_optimum(session, family, regularizer, strength):
    X, W, rng = session
    link = "exp" if family == "Gamma" else None
    a, b = both(GLM(family, link, regularizer, strength), X, target(family, X, W, rng))
    np.testing.assert_allclose(a.w, b.w, atol=1e-6)
    np.testing.assert_allclose(a.b, b.b, atol=1e-6)
    assert ((a.w == 0) == (b.w == 0)).all()
    assert (a.gap <= 1e-16).all()


def test_the_lasso_has_the_same_zeros_and_weights_with_offsets_and_a_silent_neuron(session):
    X, W, rng = session
    y = rng.poisson(np.exp(X @ W - 1))
    y[:, 2] = 0
    offset = 0.3 * rng.normal(size=T)
    weight = rng.uniform(0.2, 1, T) * (rng.uniform(size=T) < 0.7)
    model = GLM(regularizer="Lasso", regularizer_strength=0.03)
    a, b = both(model, X, y, sample_weight=weight, offset=offset)
    np.testing.assert_allclose(a.w, b.w, atol=1e-6)
    assert ((a.w == 0) == (b.w == 0)).all() and (a.w == 0).mean() > 0.2
    assert not np.any(a.w[:, 2])
    assert a.silent.tolist() == [n == 2 for n in range(N)] == b.silent.tolist()


def test_the_gap_says_how_far_the_objective_is_from_its_optimum(session):
    X, W, rng = session
    y = rng.poisson(np.exp(X @ W - 1))
    model = GLM(regularizer=GroupLasso(blocks=(8,) * 5), regularizer_strength=0.005)
    _, problem, penalty = model.problem(X, y)
    with jax.enable_x64(True):
        rough = path.solve(problem, penalty, None, 1e-3, 100)
        best = solvers.solve(problem, penalty, None, 1e-14, 100)
        unit = solvers.null_model(problem).unit
        value = lambda s: s.loss + penalty.value(s.w)
        far = np.asarray((value(rough) - value(best)) / unit)
    assert (far > -1e-9).all() and (far <= 2e-3).all() and far.max() > 1e-7


def test_bursts_of_spikes_stop_no_neuron_half_way():
    """There a full step overshoots by orders of magnitude."""
    rng = np.random.default_rng(1)
    X, y = rng.exponential(size=(400, 40)) ** 2, 1.0 * rng.poisson(0.02, (400, 4))
    y[rng.integers(400, size=6)] += rng.poisson(30, size=(6, 4))
    model = GLM(regularizer=GroupLasso(blocks=(8,) * 5), regularizer_strength=0.1)
    _, problem, penalty = model.problem(X, y)
    with jax.enable_x64(True):
        metric = shared.metric_for(problem, penalty)
        _, found = path._together(problem, [penalty], metric, None, 1e-8, 100, lambda n, gap: None)
    *_, gap, steps, _, stuck = found
    assert not stuck.any() and (gap <= 1e-8).all() and (steps < 100).all()


def test_a_start_at_the_optimum_takes_no_step(session):
    X, W, rng = session
    y = rng.poisson(np.exp(X @ W - 1))
    _, problem, penalty = GLM(regularizer="Ridge", regularizer_strength=0.1).problem(X, y)
    with jax.enable_x64(True):
        s = path.solve(problem, penalty, None, 1e-14, 100)
        again = path.solve(problem, penalty, (s.w, s.b), 1e-12, 100)
    s, again = jax.tree.map(np.asarray, (s, again))
    assert again.steps.max() == 0
    np.testing.assert_array_equal(again.w, s.w)


def test_float32_stays_within_its_precision(session):
    X, W, rng = session
    y = rng.poisson(np.exp(X @ W - 1))
    model = GLM(regularizer="Ridge", regularizer_strength=0.1)
    exact = model.fit(X, y).coef_.copy()
    np.testing.assert_allclose(model.fit(X.astype("f4"), y).coef_, exact, atol=2e-3)
    assert model.converged_.all()


def test_masks_go_to_newton_and_a_hard_neuron_ends_with_its_own_steps(session):
    X, W, _ = session
    rng = np.random.default_rng(0)
    mask = np.ones((32, 4))
    mask[3, 1] = 0
    X = rng.normal(size=(200, 32))
    y = rng.poisson(1.0, (200, 4))
    y[:, 0] = np.arange(200) == 17  # one spike
    model = GLM(regularizer="Ridge", regularizer_strength=0.01)
    together = model.fit(X, y).coef_.copy()
    assert model.converged_.all()
    np.testing.assert_allclose(together[:, 0], model.fit(X, y[:, 0]).coef_, atol=1e-6)
    _, problem, penalty = model.set_params(feature_mask=mask).problem(X, y)
    assert not shared.metric_for(problem, penalty)


@pytest.mark.slow
def test_a_batch_that_shrinks_ends_at_the_same_optima(session, monkeypatch):
    X, W, rng = session
    y = rng.poisson(np.exp(X @ np.tile(W, 2) - 1))
    at = lambda a: GLM(regularizer="Lasso", regularizer_strength=a).problem(X, y)
    (_, problem, strong), (*_, weak) = at(0.1), at(0.003)
    found = []
    for worth in (np.inf, 0):
        monkeypatch.setattr(path, "WORTH", worth)
        with jax.enable_x64(True):
            metric = shared.metric_for(problem, strong)
            found.append(list(path.follow(problem, [strong, weak], metric, tol=1e-15)))
    for a, b in zip(*found, strict=True):
        assert (a.gap <= 1e-15).all() and (b.gap <= 1e-15).all()
        np.testing.assert_allclose(a.w, b.w, atol=1e-6)
        np.testing.assert_allclose(a.loss, b.loss, atol=1e-7)
