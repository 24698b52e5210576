"""Convolution against its definition, one bin and one lag at a time."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minglm.convolve import convolve, create_convolutional_predictor

WAYS = [
    ("causal", None), ("causal", True), ("causal", False), ("acausal", None), ("acausal", False),
    ("anti-causal", None), ("anti-causal", True), ("anti-causal", False),
]  # fmt: skip


def slow(kernels, x, causality="causal", shift=None):
    """Row t is sum_s kernels[s] x[newest - s]; NaN if a sample is missing or out of the series."""
    window = len(kernels)
    shift = causality != "acausal" if shift is None else shift
    ahead = {"causal": -shift, "acausal": window // 2, "anti-causal": window - 1 + shift}[causality]
    out = np.full((len(x), kernels.shape[1]), np.nan)
    for t in range(len(x)):
        newest = t + ahead
        if newest - window + 1 >= 0 and newest < len(x):
            samples = [x[newest - s] for s in range(window)]
            if np.isfinite(samples).all():
                out[t] = sum(kernels[s] * samples[s] for s in range(window))
    return out


@pytest.mark.filterwarnings("ignore:.*cannot be centred")
@pytest.mark.parametrize("window", [1, 4, 9, 50])
@pytest.mark.parametrize("causality, shift", WAYS)
def test_every_way_is_its_definition(rng, window, causality, shift):
    kernels, x = rng.normal(size=(window, 3)), rng.normal(size=200)
    x[[20, 150]] = np.nan, np.inf
    got = create_convolutional_predictor(kernels, x, causality, shift)
    np.testing.assert_allclose(got, slow(kernels, x, causality, shift), atol=1e-12)


def test_an_even_acausal_window_has_one_more_sample_ahead_and_says_so(rng):
    kernels, x = rng.normal(size=(4, 2)), rng.normal(size=30)
    with pytest.warns(UserWarning, match="window of 4 bins cannot be centred"):
        got = create_convolutional_predictor(kernels, x, "acausal")
    np.testing.assert_allclose(got, slow(kernels, x, "acausal"), atol=1e-12)
    assert np.isnan(got[:, 0]).nonzero()[0].tolist() == [0, 28, 29]


@given(
    cuts=st.lists(st.integers(1, 119), max_size=5, unique=True),
    holes=st.lists(st.integers(0, 119), max_size=4),
    window=st.integers(1, 12),
    causality=st.sampled_from(["causal", "acausal", "anti-causal"]),
)
def test_epochs_convolved_together_are_epochs_convolved_alone(cuts, holes, window, causality):
    rng = np.random.default_rng(len(cuts))
    kernels, x = rng.normal(size=(window, 2)), rng.normal(size=(120, 2))
    x[holes, 0] = np.nan
    edges = [0, *sorted(cuts), 120]
    epochs = [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    shift = causality != "acausal"
    together = convolve(kernels, x, epochs, causality, shift)
    alone = [[slow(kernels, x[e, c], causality, shift) for e in epochs] for c in range(2)]
    want = np.stack([np.concatenate(parts) for parts in alone], axis=1)
    np.testing.assert_allclose(together, want, atol=1e-12)


def test_what_is_zero_stays_zero_next_to_huge_samples(rng):
    x = np.zeros(500)
    x[100], x[400] = 1e300, 5.0
    got = create_convolutional_predictor(rng.normal(size=(20, 2)), x)
    assert np.all(got[121:401] == 0) and np.all(got[20:101] == 0)


@pytest.mark.parametrize("kind", [np.float32, np.int64, bool])
def test_every_kind_of_number_is_convolved_in_double_precision(rng, kind):
    x, kernels = rng.poisson(1, size=50).astype(kind), rng.normal(size=(5, 2))
    got = create_convolutional_predictor(kernels, x)
    assert got.dtype == float
    np.testing.assert_allclose(got, slow(kernels, x.astype(float)), atol=1e-13)


def test_functions_are_the_last_axis_whatever_the_axis_of_time(rng):
    x, kernels = rng.normal(size=(4, 30, 3)), rng.normal(size=(5, 2))
    got = create_convolutional_predictor(kernels, x, axis=1, batch_size_samples=10)
    assert got.shape == (4, 30, 3, 2)
    np.testing.assert_allclose(got[2, :, 1], slow(kernels, x[2, :, 1]), atol=1e-12)


def test_pynapple_goes_in_and_out(rng):
    nap = pytest.importorskip("pynapple")
    support = nap.IntervalSet([0, 20], [9.5, 40])
    t, kernels = np.r_[0:10, 20:40].astype(float), rng.normal(size=(3, 4))
    x = nap.TsdFrame(t, rng.normal(size=(30, 2)), time_support=support)
    got = create_convolutional_predictor(kernels, x)
    assert type(got) is nap.TsdTensor and got.shape == (30, 2, 4)
    want = np.concatenate([slow(kernels, x.values[e, 1]) for e in (slice(0, 10), slice(10, 30))])
    np.testing.assert_allclose(got.values[:, 1], want, atol=1e-12)


@pytest.mark.parametrize("n, shift, short", [(4, None, True), (5, None, True), (5, False, False)])
def test_a_series_that_fills_no_window_is_nan_and_says_so(n, shift, short, recwarn):
    got = create_convolutional_predictor(np.ones((5, 1)), np.ones(n), shift=shift)
    assert np.isnan(got).all() == short and len(recwarn) == short
    if short:
        assert "1 of 1 epochs are shorter than the window (5 bins" in str(recwarn[0].message)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"predictor_causality": "acasual"}, "must be one of .*, not 'acasual'"),
        ({"predictor_causality": "acausal", "shift": True}, "leave it out"),
        ({"axis": 1}, "axis=1 does not exist"),
        ({"basis_matrix": np.ones(3)}, r"shape \(3,\); give \(window, functions\)"),
        ({"basis_matrix": np.ones((0, 2))}, r"shape \(0, 2\)"),
    ],
)
def test_impossible_arguments_are_named(arguments, message):
    arguments = {"basis_matrix": np.ones((3, 2)), "time_series": np.ones(9)} | arguments
    with pytest.raises(ValueError, match=message):
        create_convolutional_predictor(**arguments)


def test_memory_does_not_grow_with_the_window(rng):
    x, kernels = rng.normal(size=200_000), rng.normal(size=(400, 4))
    tracemalloc.start()
    convolve(kernels, x[:, None], [slice(0, len(x))])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # the result is 6.4 MB; all windows side by side would be 640 MB
