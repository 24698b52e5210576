"""Bases of one shape: golden numbers, bounds, columns, missing samples, epochs, arguments."""

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minglm import basis, shapes

EVALS = {
    "rc_linear": basis.RaisedCosineLinearEval, "rc_log": basis.RaisedCosineLogEval,
    "bspline": basis.BSplineEval, "cyclic": basis.CyclicBSplineEval, "mspline": basis.MSplineEval,
}  # fmt: skip
ARGUMENTS = {
    "w": lambda v: {"width": float(v)},
    "o": lambda v: {"order": int(v)},
    "c": lambda v: {"time_scaling": None if v == "None" else float(v)},
    "decay": lambda v: {"enforce_decay_to_zero": v == "1"},
    "bounds": lambda v: {"bounds": (0, 1) if v == "01" else tuple(map(float, v.split(",")))},
}
ALL = [
    basis.RaisedCosineLinearEval(5), basis.RaisedCosineLogEval(5), basis.BSplineEval(5),
    basis.CyclicBSplineEval(5), basis.MSplineEval(5), basis.OrthExponentialEval(3, (1, 2.5, 6)),
    basis.FourierEval(3), basis.IdentityEval(), basis.BinsEval((-9, -1, 0, 9)),
    basis.RaisedCosineLinearConv(5, 6), basis.RaisedCosineLogConv(5, 6), basis.BSplineConv(5, 6),
    basis.CyclicBSplineConv(5, 6), basis.MSplineConv(5, 6), basis.HistoryConv(6),
    basis.OrthExponentialConv(3, 6, (1, 2.5, 6)),
]  # fmt: skip
every_basis = pytest.mark.parametrize("b", ALL, ids=lambda b: b.name)


def fresh(b):
    return b.__sklearn_clone__()


def close(got, want):
    got = np.asarray(got)
    np.testing.assert_allclose(got.reshape(want.shape), want, rtol=0, atol=1e-10)


def conv_bases(golden, window=10):
    return {
        "rc_log": basis.RaisedCosineLogConv(5, window),
        "rc_linear": basis.RaisedCosineLinearConv(5, window),
        "bspline": basis.BSplineConv(5, window),
        "cyclic": basis.CyclicBSplineConv(5, window),
        "mspline": basis.MSplineConv(5, window),
        "history": basis.HistoryConv(window),
        "orthexp": basis.OrthExponentialConv(3, window, golden["bases/in/decay_rates"]),
    }


# ---- golden numbers: every key bases/... but those of sums and products (test_combine.py) ----


def evaluated(golden):
    """{key: features} of the bases that are evaluated."""
    x, xb, xn = (golden[f"bases/in/{k}"] for k in ("x", "xb", "xn"))
    out = {
        "bases/fourier/freq4": basis.FourierEval(4).compute_features(x),
        "bases/fourier/freq4_all": basis.FourierEval(4, frequency_mask="all").compute_features(x),
        "bases/identity": basis.IdentityEval().compute_features(x),
        "bases/category/3": basis.Category(3).compute_features([0, 1, 2, 0, 2]),
    }
    for key in golden:
        found = re.match(rf"bases/({'|'.join(EVALS)})/n(\d+)_(.*)", key)
        if found:
            text = found[3].replace("-2_3", "-2,3")
            words = re.findall(r"([a-z]+)([^a-z_]\S*?|None)(?:_|$)", text)
            arguments = [ARGUMENTS[k](v) for k, v in words]
            arguments = {k: v for each in arguments for k, v in each.items()}
            data = xb if arguments.get("bounds") == (0, 1) else xn if "nan" in key else x
            b = EVALS[found[1]](int(found[2]), **arguments)
            out[key] = b.compute_features(data)
        found = re.match(r"bases/grid/([a-z]+_?[a-z]+)5(_x)?$", key)
        if found:
            out[key] = EVALS[found[1]](5).evaluate_on_grid(50)[0 if found[2] else 1]
    return out


def convolved(golden):
    """{key: features or kernels} of the bases that are convolved."""
    sig, sig2 = golden["bases/in/sig"], golden["bases/in/sig2"]
    out = {"bases/conv/history_W1": basis.HistoryConv(1).compute_features(sig)}
    for name, b in conv_bases(golden).items():
        out[f"bases/conv/{name}"] = b.compute_features(sig)
        out[f"bases/conv/{name}_80x3"] = b.compute_features(sig2)
        out[f"bases/conv/{name}_kernel"] = b.kernels
    for key in golden:
        found = re.match(r"bases/conv/rc_log_W(\d+)_(.*)_shift(.*)", key)
        if found:
            shift = {"None": None, "False": False, "True": True}[found[3]]
            options = {"predictor_causality": found[2], "shift": shift}
            b = basis.RaisedCosineLogConv(5, int(found[1]), conv_kwargs=options)
            out[key] = b.compute_features(sig)
    return out


@pytest.mark.filterwarnings("ignore:.*cannot be centred")
def test_every_basis_has_the_golden_numbers(golden):
    got = evaluated(golden) | convolved(golden)
    for key in sorted(set(got) & set(golden)):
        close(got[key], golden[key])
    elsewhere = ("bases/in/", "bases/sum/", "bases/prod/", "bases/pow/", "bases/ccp/", "bases/nap/")
    missed = [k for k in golden if k.startswith("bases/") and not k.startswith(elsewhere)]
    missed = [k for k in missed if k not in got and "+" not in k and "*" not in k]
    assert not missed


def test_epochs_of_pynapple_have_the_golden_numbers(golden):
    nap = pytest.importorskip("pynapple")
    t, d, start, end = (golden[f"bases/in/nap_{k}"] for k in ("t", "d", "start", "end"))
    x = nap.Tsd(t, d, time_support=nap.IntervalSet(start, end))
    for key, causality in (("anticausal", "anti-causal"), ("causal", "causal")):
        if f"bases/nap/rc_log_{key}" in golden:
            options = {"predictor_causality": causality}
            b = basis.RaisedCosineLogConv(5, 10, conv_kwargs=options)
            with pytest.warns(UserWarning, match="1 of 3 epochs are shorter"):
                close(b.compute_features(x).values, golden[f"bases/nap/rc_log_{key}"])


# ---- bounds: given, or learned once and kept ----


def test_bounds_are_learned_once_and_later_data_never_move_them():
    b = basis.RaisedCosineLinearEval(5)
    train, test = np.array([0.0, 4, 10]), np.array([2.0, 5, 12])
    b.compute_features(train)
    given = basis.RaisedCosineLinearEval(5, bounds=(0, 10)).compute_features(test)
    np.testing.assert_array_equal(b.compute_features(test), given)
    assert np.isnan(given[2]).all()
    b.fit(test)  # but they are learned anew when that is asked for
    np.testing.assert_array_equal(
        b.compute_features(test),
        basis.RaisedCosineLinearEval(5, bounds=(2, 12)).compute_features(test),
    )


def test_learned_bounds_are_those_of_finite_samples_of_each_column(rng):
    x = rng.normal(size=(50, 2)) * [1, 100]
    x[3, 0], x[7, 1] = np.nan, np.inf
    features = basis.BSplineEval(5).compute_features(x)
    for c in range(2):
        v = x[:, c]
        bounds = v[np.isfinite(v)].min(), v[np.isfinite(v)].max()
        want = basis.BSplineEval(5, bounds=bounds).compute_features(np.delete(v, [3, 7]))
        np.testing.assert_allclose(np.delete(features[:, 5 * c : 5 * c + 5], [3, 7], 0), want)


def test_a_row_out_of_bounds_is_the_fill_value_throughout_and_nan_stays_in_its_column():
    x = np.array([[0.2, 0.5], [2.0, 0.5], [0.2, np.nan]])
    features = basis.BSplineEval(4, bounds=(0, 1), fill_value=-1.0).compute_features(x)
    assert np.isfinite(features[0]).all() and (features[1] == -1).all()
    np.testing.assert_array_equal(features[2, :4], features[0, :4])
    assert np.isnan(features[2, 4:]).all()


def test_the_ends_of_the_bounds_belong_to_them():
    for kind in (np.float64, np.float32):  # the last M-spline is at its largest at the right end
        features = basis.MSplineEval(5).compute_features(np.array([1, 2, 4], dtype=kind))
        np.testing.assert_allclose(features[[0, -1]], np.eye(5)[[0, -1]] * 8 / 3, atol=1e-12)


def test_a_constant_input_is_read_as_the_lower_end():
    features = basis.BSplineEval(4).compute_features(np.full(3, 7.0))
    np.testing.assert_array_equal(features, [[1, 0, 0, 0]] * 3)


def test_fourier_has_no_outside(rng):
    b, x = basis.FourierEval(4, bounds=(-np.pi, np.pi)), rng.uniform(-3, 3, size=20)
    np.testing.assert_allclose(b.compute_features(x + 4 * np.pi), b.compute_features(x), atol=1e-9)


def test_exponentials_keep_the_mix_of_the_first_samples(rng):
    first, later = rng.uniform(0, 2, size=40), rng.uniform(0, 2, size=9)
    b = basis.OrthExponentialEval(3, (1, 2.5, 6), bounds=(0, 2))
    q = b.compute_features(first)
    np.testing.assert_allclose(q.T @ q, np.eye(3), atol=1e-10)
    both = b.compute_features(np.r_[first, later])
    np.testing.assert_allclose(both[:40], q, atol=1e-12)


def test_another_number_of_columns_needs_bounds(rng):
    b = basis.BSplineEval(5)
    b.compute_features(rng.normal(size=(9, 3)))
    with pytest.raises(ValueError, match="learned the bounds of 3 columns and got 2; give bounds"):
        b.compute_features(rng.normal(size=(9, 2)))
    with pytest.raises(ValueError, match="learned bounds for each column; give bounds"):
        b.evaluate_on_grid(9)
    b = basis.BSplineEval(5, bounds=(-9, 9))
    for c in (3, 2):
        assert b.compute_features(rng.normal(size=(9, c))).shape == (9, 5 * c)
    b = basis.OrthExponentialEval(2, (1, 3), bounds=(-9, 9))  # the mix is learned all the same
    b.compute_features(rng.normal(size=(9, 2)))
    with pytest.raises(ValueError, match=r"2 columns and got 3; fit\(\) it anew"):
        b.compute_features(rng.normal(size=(9, 3)))
    assert b.evaluate(np.zeros((4, 2))).shape == (4, 2, 2)


def test_nothing_can_be_learned_from_nothing():
    with pytest.raises(ValueError, match="no finite sample to learn bounds; give bounds"):
        basis.BSplineEval(5).compute_features(np.full(4, np.nan))


@pytest.mark.parametrize("bounds", [(1, 0), (1, 1), 3, (1, 2, 3), ("a", "b"), (0, np.nan)])
def test_impossible_bounds_are_refused(bounds):
    with pytest.raises(ValueError, match=r"bounds=.*; give \(lo, hi\) with lo < hi"):
        basis.BSplineEval(5, bounds=bounds)


# ---- points, grids and columns ----


@every_basis
@settings(max_examples=20)
@given(seed=st.integers(0, 99), n_channels=st.integers(1, 3))
def test_columns_are_channel_by_channel(b, seed, n_channels):
    x = np.random.default_rng(seed).normal(size=(30, n_channels))
    together = fresh(b).compute_features(x)
    alone = [fresh(b).compute_features(x[:, c]) for c in range(n_channels)]
    np.testing.assert_allclose(together, np.hstack(alone), atol=1e-12)
    b = fresh(b)
    b.compute_features(x)
    ((label, block),) = b.split_by_feature(together).items()
    assert label == b.label
    np.testing.assert_array_equal(block, together.reshape(30, n_channels, -1))
    weights = b.split_by_feature(together.T, axis=0)[label]
    np.testing.assert_array_equal(weights, block.transpose(1, 2, 0))


@every_basis
def test_numbers_do_not_depend_on_the_type_that_holds_them(b, rng):
    x = rng.integers(-5, 6, size=40)
    want = fresh(b).compute_features(x.astype(float))
    for given_as in (x, x.astype(np.float32), x.tolist(), x.astype(np.int8)):
        got = fresh(b).compute_features(given_as)
        assert got.dtype == float
        np.testing.assert_array_equal(got, want)


@every_basis
def test_a_missing_sample_is_missing_where_it_is_looked_at_and_nowhere_else(b, rng):
    x = rng.uniform(-1, 1, size=60)
    x[:2] = -1, 1
    want = fresh(b).compute_features(x)
    for missing in (np.nan, np.inf):
        x[30] = missing
        got = fresh(b).compute_features(x)
        touched = np.arange(31, 31 + b.window) if b.window else [30]
        if not b.shape.orthonormal or b.window:
            assert np.isnan(got[touched]).all()
            rest = np.delete(np.arange(60), touched)
            np.testing.assert_allclose(got[rest], want[rest], atol=1e-12)


@every_basis
def test_evaluated_at_a_grid_the_functions_are_the_kernels_or_features(b):
    b = fresh(b)
    (u, values) = b.evaluate_on_grid(50)
    assert u.shape == (50,) and values.shape == (50, b.n_basis_funcs)
    if b.window:
        np.testing.assert_allclose(b.evaluate_on_grid(b.window)[1], b.kernels, atol=1e-12)
    else:
        np.testing.assert_allclose(fresh(b).compute_features(u), values, atol=1e-9)
    square = b.evaluate(u.reshape(5, 10))
    assert square.shape == (5, 10, b.n_basis_funcs)


def test_a_grid_is_in_the_units_of_the_input_once_they_are_known(rng):
    b = basis.BSplineEval(5)
    assert b.evaluate_on_grid(3)[0].tolist() == [0, 0.5, 1]
    b.compute_features(np.array([0.0, 30, 80]))
    assert b.evaluate_on_grid(3)[0].tolist() == [0, 40, 80]
    assert basis.BinsEval((0, 5, 20)).evaluate_on_grid(3)[0].tolist() == [0, 10, 20]
    labels, values = basis.Category(["right", "left"]).evaluate_on_grid(2)
    assert labels.tolist() == ["left", "right"]
    np.testing.assert_array_equal(values, np.eye(2))


def test_points_alone_teach_nothing():
    b = basis.BSplineEval(5)
    b.evaluate(np.array([0.0, 1]))
    assert not b.learned
    np.testing.assert_allclose(b.compute_features([0, 9]), np.eye(5)[[0, -1]], atol=1e-12)


def test_lags_are_fractions_of_the_window():
    with pytest.raises(ValueError, match="give lags from 0, the newest bin, to 1, the oldest"):
        basis.RaisedCosineLogConv(5, 10).evaluate(np.arange(10))


# ---- time: epochs, pieces, pynapple ----


@pytest.mark.filterwarnings("ignore:.*shorter than the window")
@every_basis
@settings(max_examples=20)
@given(chunk=st.integers(1, 70), cut=st.integers(1, 59))
def test_features_by_pieces_are_the_features(b, chunk, cut):
    nap = pytest.importorskip("pynapple")
    rng = np.random.default_rng(chunk)
    t = np.r_[0:cut, 100 + cut : 160].astype(float)
    support = nap.IntervalSet([0, 100 + cut], [cut - 0.5, 160])
    x = nap.TsdFrame(t, rng.normal(size=(len(t), 2)), time_support=support)
    pieces = list(fresh(b).iter_features(x, chunk=chunk))
    assert all(len(piece) == chunk for piece in pieces[:-1])
    want = fresh(b).compute_features(x).values
    np.testing.assert_allclose(np.concatenate(pieces), want, atol=1e-12)


@every_basis
def test_pynapple_keeps_its_time_axis_epochs_and_metadata(b, rng):
    nap = pytest.importorskip("pynapple")
    support = nap.IntervalSet([0, 20], [9.5, 40], metadata={"condition": ["dark", "light"]})
    t = np.r_[0:10, 20:40].astype(float)
    areas = {"area": ["a", "b"]}
    x = nap.TsdFrame(t, rng.normal(size=(30, 2)), time_support=support, metadata=areas)
    got = fresh(b).compute_features(x)
    assert type(got) is nap.TsdFrame
    np.testing.assert_array_equal(got.t, x.t)
    assert list(got.time_support["condition"]) == ["dark", "light"]
    assert list(got["area"]) == ["a"] * b.n_basis_funcs + ["b"] * b.n_basis_funcs
    one = fresh(b).compute_features(x[:, 0])
    assert type(one) is nap.TsdFrame and one.shape == (30, b.n_basis_funcs)
    halves = [fresh(b).compute_features(x.values[e]) for e in (slice(0, 10), slice(10, 30))]
    if b.window:  # epochs are separate
        np.testing.assert_allclose(got.values, np.concatenate(halves), atol=1e-12)
    else:  # bounds are not
        np.testing.assert_allclose(got.values, fresh(b).compute_features(x.values), atol=1e-12)


def test_spikes_are_to_be_counted_first():
    nap = pytest.importorskip("pynapple")
    with pytest.raises(ValueError, match=r"HistoryConv holds times without .*count it first"):
        basis.HistoryConv(3).compute_features(nap.Ts(np.arange(5.0)))


def test_an_epoch_shorter_than_the_window_says_so_in_one_warning():
    with pytest.warns(UserWarning, match="1 of 1 epochs are shorter than the window") as caught:
        features = basis.HistoryConv(10).compute_features(np.ones(5))
    assert np.isnan(features).all() and features.shape == (5, 10) and len(caught) == 1
    assert caught[0].filename == __file__


# ---- names, arguments, scikit-learn ----


def test_public_names_have_the_arguments_of_nemos():
    want = {
        "RaisedCosineLinearEval": "n_basis_funcs, width=2.0, bounds=None, fill_value=nan",
        "RaisedCosineLogConv": "n_basis_funcs, window_size, width=2.0, time_scaling=None, "
        "enforce_decay_to_zero=True",
        "MSplineEval": "n_basis_funcs, order=4, bounds=None, fill_value=nan",
        "OrthExponentialConv": "n_basis_funcs, window_size, decay_rates",
        "HistoryConv": "window_size",
        "IdentityEval": "bounds=None, fill_value=nan",
    }
    for name, arguments in want.items():
        ending = f", label='{name}'" + (", conv_kwargs=None" if name.endswith("Conv") else "")
        assert str(inspect.signature(getattr(basis, name))) == f"({arguments}{ending})"
        assert "bins" in getattr(basis, name).__doc__ or "bounds" in getattr(basis, name).__doc__


def test_a_basis_shows_how_it_was_made():
    for text in (
        "RaisedCosineLogConv(n_basis_funcs=8, window_size=100)",
        "BSplineEval(n_basis_funcs=5, order=2, bounds=(0, 1))",
        "HistoryConv(window_size=9, conv_kwargs={'shift': False})",
        "FourierEval(frequencies=4)",
        "IdentityEval()",
        "Category(categories=['a', 'b'], label='side')",
    ):
        assert repr(eval(text, vars(basis))) == text


@every_basis
def test_a_basis_is_its_arguments(b):
    arguments = b.get_params()
    again = getattr(basis, b.name)(**arguments)
    assert repr(again) == repr(b) and repr(again.get_params()) == repr(arguments)
    assert repr({name: getattr(b, name) for name in arguments}) == repr(arguments)


def test_arguments_can_be_changed_and_what_was_learned_is_forgotten():
    b = basis.BSplineEval(5)
    b.compute_features(np.array([0.0, 9]))
    assert b.set_params(n_basis_funcs=3, order=2) is b
    assert b.n_basis_funcs == 3 and not b.learned
    h = basis.HistoryConv(5).set_params(window_size=3)
    assert h.compute_features(np.ones(9)).shape == (9, 3)
    with pytest.raises(ValueError, match="n_basis_funcs is 2; give an integer >= order=4"):
        b.set_params(n_basis_funcs=2, order=4)
    assert b.get_params()["order"] == 2  # a refused change changes nothing
    with pytest.raises(ValueError, match="has no argument 'width', but n_basis_funcs, order"):
        b.set_params(width=3)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: basis.HistoryConv(0), "window_size is 0; give bins"),
        (lambda: basis.RaisedCosineLogConv(5, 2.5), "window_size is 2.5; give bins"),
        (lambda: basis.BSplineConv(3, 10), "n_basis_funcs is 3"),
        (lambda: basis.OrthExponentialConv(3, 2, (1, 2, 3)), "2 samples .or window bins. for 3"),
        (lambda: basis.HistoryConv(5, conv_kwargs={"axis": 1}), "give predictor_causality"),
        (lambda: basis.HistoryConv(5, conv_kwargs={"predictor_causality": "no"}), "must be one of"),
        (lambda: basis.BSplineEval(5).compute_features([1], [2]), "takes 1 inputs, not 2"),
    ],
)
def test_impossible_bases_are_refused_when_they_are_made(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_missing_argument_is_named():
    with pytest.raises(TypeError, match="missing a required argument: 'window_size'"):
        basis.RaisedCosineLogConv(8)


def test_a_basis_is_a_transformer_of_scikit_learn(rng):
    pytest.importorskip("sklearn")
    from sklearn.base import clone
    from sklearn.linear_model import PoissonRegressor
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    x = rng.uniform(size=(200, 1))
    y = rng.poisson(np.exp(np.sin(9 * x[:, 0])))
    b = basis.BSplineEval(5, bounds=(0, 1))
    b.compute_features(x)
    assert b.learned and not clone(b).learned and repr(clone(b)) == repr(b)
    model = make_pipeline(b, PoissonRegressor(alpha=1e-3)).fit(x, y)
    by_hand = PoissonRegressor(alpha=1e-3).fit(b.compute_features(x), y)
    np.testing.assert_allclose(model.predict(x), by_hand.predict(b.compute_features(x)))
    search = GridSearchCV(make_pipeline(b, PoissonRegressor()), {"eval__n_basis_funcs": [4, 8]})
    assert search.fit(x, y).best_params_["eval__n_basis_funcs"] == 8


def test_a_pipeline_keeps_the_bounds_of_its_training_data(rng):
    pytest.importorskip("sklearn")
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    train, test = np.array([[0.0], [10]]), np.array([[5.0], [8]])
    pipe = make_pipeline(basis.RaisedCosineLinearEval(3), FunctionTransformer()).fit(train)
    want = basis.RaisedCosineLinearEval(3, bounds=(0, 10)).compute_features(test)
    np.testing.assert_array_equal(pipe.transform(test), want)


def test_shapes_and_bases_agree_on_what_there_is():
    used = {b.shape.values for b in ALL} | {shapes.category}
    functions = [f for f in vars(shapes).values() if inspect.isfunction(f)]
    first = {f: next(iter(inspect.signature(f).parameters), "") for f in functions}
    assert {f for f in functions if first[f] in ("u", "x") and f.__name__[0] != "_"} == used
