"""The functions themselves, against their definitions and against scipy and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import interpolate, linalg

from minglm import shapes

U = np.linspace(0, 1, 301)
orders = st.integers(1, 6)


@given(order=orders, extra=st.integers(0, 8), u=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_b_splines_are_a_partition_of_unity_with_local_support(order, extra, u):
    values = shapes.b_spline(np.array(u), order + extra, order)
    assert (values >= 0).all() and ((values > 0).sum(axis=1) <= order).all()
    np.testing.assert_allclose(values.sum(axis=1), 1, atol=1e-12)


@given(order=st.integers(2, 6), extra=st.integers(0, 8), u=st.floats(0, 1))
def test_cyclic_splines_are_one_function_turned_around_the_circle(order, extra, u):
    n = order + extra
    values = shapes.cyclic_b_spline(np.array([u, (u + 1 / n) % 1]), n, order)
    np.testing.assert_allclose(values[1], np.roll(values[0], 1), atol=1e-9)
    np.testing.assert_allclose(values.sum(axis=1), 1, atol=1e-9)


@given(n=st.integers(3, 12), half_width=st.integers(3, 8), shift=st.floats(-0.3, 0.3))
def test_linear_raised_cosines_are_one_bump_moved_and_sum_to_their_width(n, half_width, shift):
    width, step = half_width / 2, 1 / (n - 1)
    u = np.clip(np.linspace(0, 1 - step, 7) + shift * step, 0, 1 - step)
    here, there = (shapes.raised_cosine_linear(v, n, width) for v in (u, u + step))
    np.testing.assert_allclose(here[:, :-1], there[:, 1:], atol=1e-9)
    inner = U[(width * step <= U) & (1 - width * step >= U)]
    np.testing.assert_allclose(shapes.raised_cosine_linear(inner, n, width).sum(axis=1), width)


@pytest.mark.parametrize("n", [2, 5, 12])
def test_log_raised_cosines_decay_to_zero_only_if_told_to(n):
    assert np.all(shapes.raised_cosine_log(np.ones(1), n) == 0)
    assert shapes.raised_cosine_log(np.ones(1), n, enforce_decay_to_zero=False)[0, -1] == 1
    assert shapes.raised_cosine_log(np.zeros(1), n)[0, 0] == 1


@pytest.mark.parametrize("scale", [1.0, 50.0, 400.0])
def test_log_raised_cosines_are_cosines_of_the_logarithm(scale):
    n, width = 6, 2.5
    peaks = np.linspace(0, 1, n)
    for u, row in zip(U, shapes.raised_cosine_log(U, n, width, scale, False), strict=True):
        v = np.log(scale * u + 1) / np.log(scale + 1)
        phase = np.clip(np.pi * (v - peaks) / (width * peaks[1]), -np.pi, np.pi)
        np.testing.assert_allclose(row, 0.5 * (1 + np.cos(phase)), atol=1e-12)


@pytest.mark.parametrize("n, order", [(1, 1), (5, 1), (5, 2), (9, 4), (6, 6)])
def test_b_splines_are_those_of_scipy(n, order):
    end = 1 + np.finfo(float).eps
    knots = np.r_[[0] * (order - 1), np.linspace(0, end, n - order + 2), [end] * (order - 1)]
    want = interpolate.BSpline.design_matrix(U, knots, order - 1).toarray()
    np.testing.assert_allclose(shapes.b_spline(U, n, order), want, atol=1e-13)


@pytest.mark.parametrize("n, order", [(5, 2), (9, 3), (5, 4), (9, 5)])
def test_cyclic_splines_are_the_periodic_ones_of_scikit_learn(n, order):
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    peer = preprocessing.SplineTransformer(
        n_knots=n + 1, degree=order - 1, knots=np.linspace(0, 1, n + 1)[:, None],
        extrapolation="periodic",
    )  # fmt: skip
    want = peer.fit_transform(U[:, None])
    ours = shapes.cyclic_b_spline(U, n, order)
    turn = int(np.argmin([np.abs(np.roll(want, k, axis=1) - ours).max() for k in range(n)]))
    np.testing.assert_allclose(ours, np.roll(want, turn, axis=1), atol=1e-12)


@pytest.mark.parametrize("n, order", [(5, 1), (5, 2), (9, 4)])
def test_m_splines_have_area_one(n, order):
    u = (np.arange(200_000) + 0.5) / 200_000
    np.testing.assert_allclose(shapes.m_spline(u, n, order).mean(axis=0), 1, rtol=1e-4)
    assert shapes.m_spline(np.ones(1), n, order)[0, -1] > 0  # the right end belongs to it


def test_orthonormal_exponentials_span_what_the_exponentials_span():
    rates = (1.0, 2.5, 6.0)
    decays = shapes.orth_exponential(U, 3, rates)
    q = decays @ shapes.orthonormal_mix(decays)
    np.testing.assert_allclose(q.T @ q, np.eye(3), atol=1e-12)
    want = linalg.orth(np.exp(-np.outer(U, rates)))
    np.testing.assert_allclose(q @ q.T, want @ want.T, atol=1e-12)


def test_fourier_columns_are_cosines_then_sines():
    want = [np.cos(2 * np.pi * f * U) for f in (0, 1, 2)]
    want += [np.sin(2 * np.pi * f * U) for f in (1, 2)]
    np.testing.assert_allclose(
        shapes.fourier(U, frequencies=3, frequency_mask="all"), np.transpose(want), atol=1e-12
    )
    without = shapes.fourier(U, frequencies=3)
    np.testing.assert_allclose(without, np.transpose(want)[:, 1:], atol=1e-12)
    np.testing.assert_array_equal(shapes.fourier(U, frequencies=(1, 3)), without)
    np.testing.assert_array_equal(shapes.fourier(U, frequencies=np.array([1, 2])), without)
    picked = shapes.fourier(U, frequencies=3, frequency_mask=[False, True, True])
    np.testing.assert_array_equal(picked, without)


def test_fourier_on_the_plane_has_one_wave_for_each_pair_of_frequencies(rng):
    u, v = rng.uniform(size=(2, 20))
    pairs = [(f, g) for f in range(3) for g in range(2) if (f, g) != (0, 0)]
    angles = np.transpose([2 * np.pi * (f * u + g * v) for f, g in pairs])
    got = shapes.fourier(u, v, frequencies=[3, 2], ndim=2)
    np.testing.assert_allclose(got, np.hstack([np.cos(angles), np.sin(angles)]), atol=1e-12)


def test_bins_count_as_a_histogram_does(rng):
    edges = np.linspace(0, 100, 101)
    x = np.r_[rng.uniform(0, 100, 500), edges]  # on the edges too: 0.29 * 100 is not 29
    one_hot = shapes.bins(x, edges)
    np.testing.assert_array_equal(one_hot.sum(axis=0), np.histogram(x, edges)[0])
    assert (one_hot.sum(axis=1) == 1).all()
    assert np.isnan(shapes.bins(np.array([-1.0, 101, np.nan]), edges)).all()


def test_categories_are_sorted_and_strangers_are_zero_or_refused():
    x = np.array(["right", "left", "up", "right"])
    one_hot = shapes.category(x, ["right", "left"])
    np.testing.assert_array_equal(one_hot, [[0, 1], [1, 0], [0, 0], [0, 1]])
    with pytest.raises(ValueError, match=r"\['up'\] are not among \['left' 'right'\]"):
        shapes.category(x, ["right", "left"], out_of_category=False)
    missing = shapes.category(np.array([0, np.nan, 1]), 2, out_of_category=False)
    np.testing.assert_array_equal(missing, [[1, 0], [np.nan, np.nan], [0, 1]])


def test_history_is_one_function_per_bin():
    for window in (1, 2, 7):
        values = shapes.history(np.linspace(0, 1, window), window)
        np.testing.assert_array_equal(values, np.eye(window))


@pytest.mark.parametrize(
    "shape, arguments, message",
    [
        ("raised_cosine_linear", (1,), "n_basis_funcs is 1; give an integer >= 2"),
        ("raised_cosine_linear", (5, 1), "width is 1; give 1.5, 2"),
        ("raised_cosine_log", (5, 1.2), "width is 1.2; give 1.5, 2"),
        ("raised_cosine_log", (5.0,), "n_basis_funcs is 5.0; give an integer"),
        ("raised_cosine_log", (5, 2, 0), "time_scaling is 0; give a number > 0"),
        ("b_spline", (3,), "n_basis_funcs is 3; give an integer >= order=4"),
        ("b_spline", (5, 0), "order is 0; give an integer >= 1"),
        ("m_spline", (5, 2.5), "order is 2.5; give an integer"),
        ("cyclic_b_spline", (5, 1), "order is 1; give an integer >= 2"),
        ("cyclic_b_spline", (3, 4), "n_basis_funcs is 3; give an integer >= order=4"),
        ("orth_exponential", (3, [1, 2]), "2 decay_rates for n_basis_funcs=3; give 3"),
        ("orth_exponential", (2, [1, 1]), "repeat; give each once"),
        ("bins", ([0, 0, 1],), "do not rise; give np.linspace"),
        ("bins", (20,), "do not rise; give np.linspace"),
        ("category", (["a", "a"],), "repeat; give each once"),
    ],
)
def test_impossible_arguments_are_named(shape, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(shapes, shape)(U, *arguments)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"frequencies": 1}, "leaves no function; give at least 2"),
        ({"frequencies": -1}, "leaves no function"),
        ({"frequencies": [1, 2]}, "2 sets of frequencies for ndim=1"),
        ({"frequencies": np.array([0.5])}, "not whole numbers >= 0"),
        ({"frequencies": 3, "frequency_mask": (0, 1)}, "mask has 2 entries; give 3"),
        ({"frequencies": 3, "frequency_mask": "some"}, "give 'all', 'no-intercept' or booleans"),
    ],
)
def test_impossible_frequencies_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        shapes.fourier(U, **arguments)


def test_functions_that_cannot_be_told_apart_are_not_made_orthonormal():
    with pytest.raises(ValueError, match="2 samples .* for 3 orthonormal functions"):
        shapes.orthonormal_mix(np.ones((2, 3)))
    with pytest.raises(ValueError, match="too alike"):
        shapes.orthonormal_mix(shapes.orth_exponential(U, 2, (1, 1 + 1e-14)))
