"""What holds for every fit: the optimum, whatever the order of rows, columns and neurons."""

import jax
import numpy as np
import pynapple as nap
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from minglm.glm import GLM
from minglm.regularizer import GroupLasso, Smoothness

T, P = 200, 4
FAMILIES = {"Poisson": ("Poisson", None), "softplus": ("Poisson", "softplus")}
PENALTIES = {
    "none": (None, None),
    "ridge": ("Ridge", 0.05),
    "lasso": ("Lasso", 0.02),
    "elastic net": ("ElasticNet", (0.05, 0.3)),
    "group lasso": (GroupLasso(blocks=(2, 2)), 0.03),
    "smooth": (Smoothness(), 0.05),
}


def draw(N=1, seed=0):
    """X (T, P) and y (T,) or (T, N)."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(T, P)) + 0.5
    eta = X @ rng.normal(0, 1 / np.sqrt(P), (P, N)) - 0.3
    y = rng.poisson(np.exp(eta)).astype(float)
    return X, y[:, 0] if N == 1 else y


def make(family, penalty):
    return GLM(*FAMILIES[family], *PENALTIES[penalty])


def objective(model, X, y):
    """w, b -> the objective, by the formulas of the family and the penalty."""
    _, p, penalty = model.problem(X, y)
    p, penalty = jax.tree.map(np.asarray, (p, penalty))

    def value(w, b):
        nll = p.family.nll(p.link, p.X @ w[:, None] + b, p.y)
        return float(nll.mean() + penalty.value(w[:, None])[0])

    return value


EACH = [("Poisson", "none"), ("Poisson", "lasso"), ("softplus", "group lasso")]


@pytest.mark.parametrize(("family", "penalty"), EACH)
def test_no_direction_improves_the_fit(rng, family, penalty):
    X, y = draw()
    model = make(family, penalty).fit(X, y)
    assert model.converged_.all()
    with jax.enable_x64(True):
        value = objective(model, X, y)
        best = value(model.coef_, model.intercept_[0])
        for step in (1e-2, 1e-4):
            along = [*np.eye(P + 1), *-np.eye(P + 1), *rng.normal(size=(10, P + 1))]
            for d in np.asarray(along) * step:
                assert value(model.coef_ + d[:-1], model.intercept_[0] + d[-1]) >= best - 1e-14


def assert_same(a, b, atol=1e-6):
    np.testing.assert_allclose(a.coef_, b.coef_, atol=atol)
    np.testing.assert_allclose(a.intercept_, b.intercept_, atol=atol)


@settings(max_examples=10)
@given(st.permutations(range(P)), st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("penalty", ["none", "lasso"])
def test_the_order_of_rows_and_columns_does_not_matter(penalty, columns, seed):
    X, y = draw()
    rows, model = np.random.default_rng(seed).permutation(T), make("Poisson", penalty)
    want = clone(model).fit(X, y)
    model.fit(X[rows][:, columns], y[rows])
    np.testing.assert_allclose(model.coef_, want.coef_[columns], atol=1e-8)
    np.testing.assert_allclose(model.intercept_, want.intercept_, atol=1e-8)


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10))
def test_a_row_given_twice_is_a_row_of_weight_2_and_only_ratios_of_weights_count(seed, unit):
    X, y = draw()
    twice = np.random.default_rng(seed).permutation(T)[: T // 4]
    X2, y2 = np.concatenate([X[:-50], X[twice]]), np.concatenate([y[:-50], y[twice]])
    weight = np.append(np.ones(T - 50), np.zeros(50)) + np.isin(np.arange(T), twice)
    repeated = make("Poisson", "ridge").fit(X2, y2)
    weighted = make("Poisson", "ridge").fit(X, y, sample_weight=unit * weight)
    assert_same(repeated, weighted, atol=1e-8)


@given(st.lists(st.integers(1, T - 1), max_size=5))
@settings(max_examples=10)
def test_where_epochs_are_cut_does_not_matter(cuts):
    """An evaluated basis looks at no other bin, so neither does its fit."""
    X, y = draw()
    borders = np.unique([0, *cuts, T])
    epochs = nap.IntervalSet(borders[:-1] - 0.25, borders[1:] - 0.75)
    features, counts = nap.TsdFrame(np.arange(T), X), nap.Tsd(np.arange(T), y)
    model = make("Poisson", "ridge").fit(features.restrict(epochs), counts.restrict(epochs))
    assert_same(model, make("Poisson", "ridge").fit(X, y), atol=0)


@settings(max_examples=10)
@given(st.floats(-3, 3))
def test_a_constant_offset_only_moves_the_intercept(c):
    X, y = draw()
    plain = make("Poisson", "ridge").fit(X, y, offset=np.zeros(T))
    moved = make("Poisson", "ridge").fit(X, y, offset=np.full(T, c))
    np.testing.assert_allclose(moved.coef_, plain.coef_, atol=1e-8)
    np.testing.assert_allclose(moved.intercept_ + c, plain.intercept_, atol=1e-8)


@pytest.mark.parametrize("penalty", ["none", "elastic net", "smooth"])
def test_a_population_is_its_neurons_one_by_one(penalty):
    X, Y = draw(4)
    population = make("Poisson", penalty).fit(X, Y)
    for n in range(4):
        alone = make("Poisson", penalty).fit(X, Y[:, n])
        np.testing.assert_allclose(population.coef_[:, n], alone.coef_, atol=1e-6)
        np.testing.assert_allclose(population.intercept_[n], alone.intercept_[0], atol=1e-6)
