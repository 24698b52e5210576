"""The model that a Newton step minimises: its minimum by the conditions that define it."""

import numpy as np
import pytest
from scipy.optimize import minimize

from minglm import quadratic
from minglm.quadratic import corner_minimum, smooth_minimum
from minglm.regularizer import GroupLasso, Lasso, Layout, make_penalty

P = 12
CORNERS = {
    "lasso": Lasso(),
    "group lasso": GroupLasso(blocks=(3, 4, 5)),
    "both": Lasso() + GroupLasso(blocks=(3, 4, 5)),
    "some weights free": GroupLasso(np.eye(2, P)),
}


def problem(rng, rank=P):
    """A (P, P) of this rank, r in its range, and a w where some weights are 0."""
    Z = rng.normal(size=(P, rank)) * 10.0 ** rng.uniform(-1, 1, (P, 1))
    w = rng.normal(size=(P, 1)) * (rng.uniform(size=(P, 1)) < 0.5)
    return Z @ Z.T, Z @ rng.normal(size=(rank, 1)), w


def penalty_of(name, strength=0.5):
    return make_penalty(CORNERS[name], strength, Layout({"X": P}, 1))


def value(A, r, w, penalty, u):
    return (r.T @ (u - w) + (u - w).T @ A @ (u - w) / 2 + penalty.corner(u)).item()


@pytest.mark.parametrize("rank", [P, 7])
@pytest.mark.parametrize("name", CORNERS)
def test_no_direction_is_lower_than_the_minimum_and_the_decrease_is_what_was_promised(
    rng, name, rank
):
    penalty = penalty_of(name)
    for _ in range(5):
        A, r, w = problem(rng, rank)
        d, decrease = corner_minimum(A, r, w, penalty)
        best, first = (value(A, r, w, penalty, u) for u in (w + d, w))
        np.testing.assert_allclose(first - best, decrease, rtol=2e-3)
        for size in (1e-3, 1e-1, 10):
            away = size * rng.normal(size=(P, 50)) * rng.integers(0, 2, (P, 50))
            others = [value(A, r, w, penalty, w + d + a[:, None]) for a in away.T]
            assert min(others) >= best - 2e-3 * decrease


@pytest.mark.parametrize("name", CORNERS)
def test_a_general_optimiser_finds_no_lower_value(rng, name):
    A, r, w = problem(rng)
    penalty = penalty_of(name)
    d, decrease = corner_minimum(A, r, w, penalty)
    f = lambda u: value(A, r, w, penalty, u[:, None])
    other = minimize(f, (w + d)[:, 0], method="Powell", options={"xtol": 1e-8, "ftol": 1e-12})
    assert other.fun >= f((w + d)[:, 0]) - 1e-3 * decrease


@pytest.mark.parametrize("name", CORNERS)
def test_at_the_minimum_nothing_is_left_to_do(rng, monkeypatch, name):
    """Also where rounding hides how far the minimum still is."""
    A, r, w = problem(rng)
    penalty = penalty_of(name)
    for _ in range(5):
        d, _ = corner_minimum(A, r, w, penalty, 1e-20)
        r, w = r + A @ d, w + d
    monkeypatch.setattr(quadratic._Model, "split", lambda *_: pytest.fail("looks for zeros"))
    d, decrease = corner_minimum(A, r, w, penalty, 1e-20)
    assert abs(d).max() < 1e-9 and 0 <= decrease < 1e-12


def test_strong_corners_leave_nothing_and_none_leaves_newton(rng):
    A, r, w = problem(rng)
    np.testing.assert_array_equal(w + corner_minimum(A, r, w, penalty_of("both", 1e4))[0], 0)
    d, decrease = corner_minimum(A, r, w, penalty_of("lasso", 0.0))
    newton, promise = smooth_minimum(A, r, np.zeros((P, P)))
    np.testing.assert_allclose(d, newton, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose([decrease, promise], (r.T @ np.linalg.solve(A, r)).item() / 2, 1e-3)


def test_directions_without_curvature_are_left_alone(rng):
    A, r, _ = problem(rng, 7)
    values, vectors = np.linalg.eigh(A)
    null = vectors[:, values < 1e-9]
    d, promise = smooth_minimum(A, r, null @ null.T)
    np.testing.assert_allclose(null.T @ d, 0, atol=1e-10)
    np.testing.assert_allclose(A @ d, -r, atol=1e-8)
    np.testing.assert_allclose(promise, (r.T @ np.linalg.pinv(A) @ r).item() / 2)


def test_rounding_is_forgiven_and_nonsense_is_nan():
    near = np.array([[1.0, 1.0], [1.0, 1.0 - 1e-15]])  # one eigenvalue is -5e-16
    assert np.isfinite(smooth_minimum(near, np.ones((2, 1)), 0)[0]).all()
    for bad in (np.array([[1.0, 2.0], [2.0, 1.0]]), np.full((2, 2), np.nan)):
        assert np.isnan(smooth_minimum(bad, np.ones((2, 1)), 0)[1])
