"""The border: what comes in as pynapple goes out as pynapple, and times are not samples."""

import subprocess
import sys

import numpy as np
import pytest

from minglm.timeseries import align, unwrap

nap = pytest.importorskip("pynapple")


@pytest.fixture
def epochs():
    return nap.IntervalSet([0, 10], [4.5, 20], metadata={"condition": ["dark", "light"]})


@pytest.fixture
def frame(epochs):
    t = np.r_[0:5, 10:20].astype(float)
    return nap.TsdFrame(
        t=t, d=np.arange(45.0).reshape(15, 3), time_support=epochs,
        columns=["a", "b", "c"], metadata={"area": ["ADn", "PoS", "ADn"]},
    )  # fmt: skip


def test_an_array_is_one_epoch_and_comes_back_as_it_is(rng):
    x = rng.normal(size=(7, 2))
    series = unwrap(x)
    assert series.epochs == (slice(0, 7),)
    assert series.wrap(x) is x


@pytest.mark.parametrize("given", [[1, 2, 3], (True, False, True), np.float32([1, 2, 3])])
def test_lists_and_arrays_keep_their_kind_of_number(given):
    values = unwrap(given).values
    np.testing.assert_array_equal(values, given)
    assert values.dtype == np.asarray(given).dtype


def test_masked_samples_are_missing_samples():
    values = unwrap(np.ma.masked_equal([1, 2, 3], 2)).values
    np.testing.assert_array_equal(values, [1, np.nan, 3])


def test_epochs_are_the_rows_between_the_borders(frame, epochs):
    assert unwrap(frame).epochs == (slice(0, 5), slice(5, 15))
    assert unwrap(frame[:, 0]).epochs == (slice(0, 5), slice(5, 15))


def test_an_epoch_without_samples_is_left_out():
    support = nap.IntervalSet([0, 5, 10], [4, 6, 20])
    tsd = nap.Tsd(np.r_[0:4, 10:20].astype(float), np.zeros(14), time_support=support)
    assert unwrap(tsd).epochs == (slice(0, 4), slice(4, 14))


@pytest.mark.parametrize(
    "shape, kind", [((15,), nap.Tsd), ((15, 2), nap.TsdFrame), ((15, 2, 4), nap.TsdTensor)]
)
def test_values_go_out_on_the_time_axis_they_came_in_on(frame, epochs, shape, kind):
    out = unwrap(frame).wrap(np.ones(shape))
    assert type(out) is kind
    np.testing.assert_array_equal(out.t, frame.t)
    np.testing.assert_array_equal(out.time_support.values, epochs.values)
    assert list(out.time_support["condition"]) == ["dark", "light"]


def test_columns_and_their_metadata_are_kept_where_they_mean_the_same(frame):
    same = unwrap(frame).wrap(np.ones((15, 3)), repeat=1)
    assert list(same.columns) == ["a", "b", "c"] and list(same["area"]) == ["ADn", "PoS", "ADn"]
    twice = unwrap(frame).wrap(np.ones((15, 6)), repeat=2)
    assert list(twice["area"]) == ["ADn", "ADn", "PoS", "PoS", "ADn", "ADn"]
    other = unwrap(frame).wrap(np.ones((15, 3)))
    assert list(other.columns) == [0, 1, 2] and not len(other.metadata.columns)


@pytest.mark.parametrize("kind", ["Ts", "TsGroup"])
def test_spike_times_are_to_be_counted_first(kind):
    ts = nap.Ts(np.arange(5.0))
    with pytest.raises(ValueError, match=rf"\({kind}\); count it first, counts.count\(bin_size\)"):
        unwrap(ts if kind == "Ts" else nap.TsGroup({3: ts}), "counts")


def test_an_interval_set_has_no_values(epochs):
    with pytest.raises(ValueError, match=r"IntervalSet\); give a Tsd or TsdFrame sampled"):
        unwrap(epochs)


@pytest.mark.parametrize("given", ["abc", ["a", "b"], {"a": 1}, [[1, 2], [3]], np.ones(3) * 1j])
def test_what_is_no_number_is_refused_by_name(given):
    with pytest.raises(ValueError, match="speed.* one row per time bin"):
        unwrap(given, "speed")


def test_labels_pass_where_labels_are_wanted():
    assert unwrap(["left", "right"], numeric=False).values.tolist() == ["left", "right"]


def test_series_of_other_lengths_or_times_do_not_go_together(frame):
    x = unwrap(frame)
    assert align(unwrap(np.ones(15)), x) is x
    with pytest.raises(ValueError, match=r"inputs have \[15, 14\] rows"):
        align(x, unwrap(np.ones(14)))
    later = nap.Tsd(frame.t + 0.1, np.ones(15))
    with pytest.raises(ValueError, match="different time axes or epochs"):
        align(x, unwrap(later))


def test_pynapple_is_not_imported_by_the_bases():
    code = "import sys, minglm.basis; print([m for m in ('pynapple', 'sklearn', 'matplotlib')"
    code += " if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
