"""Penalties: values by their formulas, shrinkage by brute force, strengths in every shape."""

import jax
import numpy as np
import pytest

from minglm.regularizer import (
    REGULARIZERS,
    ElasticNet,
    GroupLasso,
    Lasso,
    Layout,
    Ridge,
    SecondDifference,
    Smoothness,
    make_penalty,
    spread,
)

ONE = Layout({"a": 2, "b": 3}, 1)
TWO = Layout({"a": 2, "b": 3}, 2)
W = np.array([[0.5, -1.0], [2.0, 0.0], [0.0, 0.3], [-0.7, 0.2], [0.1, -0.4]])


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


def norm(*parts):
    return sum(np.sqrt(len(p)) * np.linalg.norm(p, axis=0) for p in parts)


def rough(w):
    """Squared steps from 0 through the weights back to 0."""
    return (np.diff(w, axis=0, prepend=0, append=0) ** 2).sum(axis=0)


VALUES = [
    ("UnRegularized", None, 0 * W[0]),
    ("Ridge", 0.3, 0.15 * (W**2).sum(0)),
    ("Lasso", 0.3, 0.3 * np.abs(W).sum(0)),
    ("ElasticNet", (0.3, 0.2), 0.3 * (0.4 * (W**2).sum(0) + 0.2 * np.abs(W).sum(0))),
    ("GroupLasso", 0.3, 0.3 * norm(W[:2], W[2:])),
    (GroupLasso(blocks=(1, 4)), 0.3, 0.3 * norm(W[:1], W[1:])),
    (GroupLasso(np.array([[1, 0, 1, 0, 0]])), 0.3, 0.3 * norm(W[[0, 2]])),
    ("SecondDifference", 0.3, 0.3 * ((W[2] - 2 * W[3] + W[4]) ** 2)),
    (SecondDifference(blocks=(5,)), 0.3, 0.3 * (np.diff(W, 2, axis=0) ** 2).sum(0)),
    (Smoothness(blocks=(5,)), 0.3, 0.3 * rough(W)),
    (Smoothness(), 0.3, 0.3 * (rough(W[:2]) + rough(W[2:]))),
    (Smoothness(blocks=(1, 4)), 0.3, 0.3 * (W[0] ** 2 + rough(W[1:]))),
    (Lasso(strength=1.0) + Ridge(), 0.3, np.abs(W).sum(0) + 0.15 * (W**2).sum(0)),
    (Lasso() + GroupLasso(), 0.3, 0.3 * (np.abs(W).sum(0) + norm(W[:2], W[2:]))),
]


@pytest.mark.parametrize(("regularizer", "strength", "want"), VALUES)
def test_values_are_the_formulas(regularizer, strength, want):
    penalty = make_penalty(regularizer, strength, TWO)
    np.testing.assert_allclose(penalty.value(W), want, atol=1e-14)
    alone = penalty.neuron(1)
    np.testing.assert_allclose(alone.value(W[:, 1:]), want[1:], atol=1e-14)
    smooth = W[:, 1] @ alone.matrix() @ W[:, 1] / 2
    np.testing.assert_allclose(smooth + alone.corner(W[:, 1:])[0], want[1], atol=1e-14)


CORNERS = [
    "Lasso",
    "ElasticNet",
    "GroupLasso",
    Lasso() + GroupLasso(),
    Lasso(strength=0.0) + Ridge(),
]


@pytest.mark.parametrize("regularizer", CORNERS, ids=str)
def test_prox_is_the_minimum_it_stands_for(regularizer, rng):
    """No point near or far from it is lower."""
    penalty, w = make_penalty(regularizer, 0.4, ONE), 2 * rng.normal(size=(5, 200))
    f = lambda u: ((u - w) ** 2).sum(axis=0) / 1.4 + penalty.corner(u)
    u = penalty.prox(w, 0.7)
    for size in 10.0 ** np.arange(-6, 2):
        away = size * rng.normal(size=u.shape) * rng.integers(0, 2, size=u.shape)
        assert (f(u) <= f(u + away) + 1e-14).all()


def test_only_penalties_with_a_corner_say_so():
    assert {name for name in REGULARIZERS if make_penalty(name, None, ONE).has_corner} == {
        "Lasso",
        "ElasticNet",
        "GroupLasso",
    }


@pytest.mark.parametrize(
    "given",
    [
        0.5,
        [0.5] * 5,
        [[0.5, 0.5]] * 5,
        [[0.5], [0.5], [0.5], [0.5], [0.5]],
        {"a": 0.5, "b": 0.5},
        {"b": [0.5, 0.5, 0.5], "a": [[0.5, 0.5]]},
        np.array([0.5, 0.5]),
    ],
    ids=str,
)
def test_strengths_come_in_many_shapes(given):
    np.testing.assert_array_equal(spread(given, 5, TWO), np.full((5, 2), 0.5))


def test_a_strength_per_neuron_and_per_group():
    per_neuron = make_penalty("Ridge", [0.1, 0.2], TWO).value(W)
    np.testing.assert_allclose(per_neuron, [0.05, 0.1] * (W**2).sum(0))
    per_group = make_penalty("GroupLasso", {"a": 0.1, "b": 0.0}, TWO).value(W)
    np.testing.assert_allclose(per_group, 0.1 * norm(W[:2]))


def test_groups_of_different_neurons_may_differ():
    mask = np.zeros((3, 5, 2))
    mask[0, :3, 0] = mask[1, 3:, 0] = mask[2, 1:, 1] = 1
    penalty = make_penalty(GroupLasso(mask), 0.3, TWO)
    first, second = (penalty.neuron(n).value(W[:, n : n + 1])[0] for n in range(2))
    np.testing.assert_allclose(first, 0.3 * norm(W[:3, 0], W[3:, 0]))
    np.testing.assert_allclose(second, 0.3 * norm(W[1:, 1]))


@pytest.mark.parametrize(
    ("regularizer", "strength", "says"),
    [
        ("Ridge", -1, "finite and 0 or more"),
        ("Ridge", np.nan, "finite and 0 or more"),
        ("Ridge", np.inf, "finite and 0 or more"),
        ("Ridge", "strong", "not a number"),
        ("Ridge", [1, 2, 3], r"shape \(3,\); give a number"),
        ("Ridge", {"a": 1}, r"names the blocks \['a'\], X has \['a', 'b'\]"),
        ("Ridge", {"a": [1, 1], "b": 1}, r"give \(2, 1\) or \(1, 2\)"),
        ("ElasticNet", (0.1, 0.0), "give 0 < ratio <= 1"),
        ("ElasticNet", (0.1, 1.5), "give 0 < ratio <= 1"),
        ("LASSO", 0.1, "give one of UnRegularized, Ridge"),
        (Ridge(strength=1.0), 0.1, "has its own strength"),
        (GroupLasso(np.eye(4)), 0.1, r"shape \(4, 4\); give \(groups, 5\)"),
        (GroupLasso(np.ones((2, 5))), 0.1, "at most one group"),
        (GroupLasso(np.full((1, 5), 0.5)), 0.1, "0 and 1"),
        (GroupLasso(np.ones((1, 5, 2))), 0.1, "several neurons"),
        (GroupLasso(blocks=(2, 2)), 0.1, "cover 4 columns, X has 5"),
        (GroupLasso() + GroupLasso(), 0.1, "one GroupLasso"),
    ],
)
def test_what_makes_no_sense_is_refused_with_advice(regularizer, strength, says):
    with pytest.raises(ValueError, match=says):
        make_penalty(regularizer, strength, TWO)


def test_a_strength_without_a_penalty_is_pointed_out():
    with pytest.warns(UserWarning, match="does nothing without a regularizer"):
        assert not make_penalty(None, 0.1, TWO).value(W).any()


def test_the_ratio_may_be_part_of_the_regularizer():
    a = make_penalty(ElasticNet(ratio=0.2), 0.3, TWO).value(W)
    np.testing.assert_array_equal(a, make_penalty("ElasticNet", (0.3, 0.2), TWO).value(W))
