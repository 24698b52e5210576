"""Sums, products, repetitions and powers of bases."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minglm import basis
from minglm.basis import BSplineEval, HistoryConv, IdentityEval, RaisedCosineLinearEval
from minglm.convolve import create_convolutional_predictor


@pytest.fixture
def xyz(rng):
    return rng.uniform(size=(3, 40))


def kron_rows(a, b):
    return np.stack([np.kron(p, q) for p, q in zip(a, b, strict=True)])


@pytest.mark.filterwarnings("ignore:.*shorter than the window")
def test_the_shapes_on_the_slides(rng):
    b_x, b_y = BSplineEval(5, order=2), RaisedCosineLinearEval(6)
    assert (b_x * b_y).compute_features(*rng.uniform(size=(2, 10))).shape == (10, 30)
    b_sp, b_pos, b_hd = BSplineEval(4), basis.MSplineEval(5), basis.CyclicBSplineEval(6)
    assert (b_sp + b_pos + b_hd).compute_features(*rng.uniform(size=(3, 6))).shape == (6, 15)
    counts = rng.poisson(1, size=1000)
    assert HistoryConv(100).compute_features(counts).shape == (1000, 100)
    b = basis.RaisedCosineLogConv(window_size=100, n_basis_funcs=8)
    assert b.compute_features(counts).shape == (1000, 8)


def test_sums_and_products_have_the_golden_numbers(golden):
    x, y, sig, s2 = (golden[f"bases/in/{k}"] for k in ("x", "y", "sig", "sig2"))
    log_conv = basis.RaisedCosineLogConv(5, 10)
    got = {
        "sum/b5o2+rcl6": (BSplineEval(5, order=2) + RaisedCosineLinearEval(6), (x, y)),
        "conv/sum_history+rclog": (HistoryConv(4) + log_conv, (sig, s2[:, 0])),
        "conv/prod_rclogConv*bsplineEval": (log_conv * BSplineEval(4, order=2), (sig, s2[:, 0])),
    }
    for key, (b, inputs) in got.items():
        features = b.compute_features(*inputs)
        np.testing.assert_allclose(features, golden[f"bases/{key}"], rtol=0, atol=1e-10)
    for key in ("bases/ccp/sig2_causal", "bases/ccp/batched"):
        features = create_convolutional_predictor(log_conv.kernels, s2).reshape(80, 15)
        np.testing.assert_allclose(features, golden[key], rtol=0, atol=1e-10)


def test_a_sum_is_its_terms_side_by_side(xyz):
    a, b = BSplineEval(4), HistoryConv(3)
    want = np.hstack([a.compute_features(xyz[0]), b.compute_features(xyz[1])])
    np.testing.assert_array_equal((a + b).compute_features(*xyz[:2]), want)


@settings(max_examples=20)
@given(n_channels=st.integers(1, 3), seed=st.integers(0, 99))
def test_a_product_is_the_kronecker_product_of_rows_channel_by_channel(n_channels, seed):
    x, y = np.random.default_rng(seed).uniform(size=(2, 30, n_channels))
    a, b = BSplineEval(4, bounds=(0, 1)), HistoryConv(3)
    got = (a * b).compute_features(x, y)
    want = [
        kron_rows(a.compute_features(x[:, c]), b.compute_features(y[:, c]))
        for c in range(n_channels)
    ]
    np.testing.assert_allclose(got, np.hstack(want))


def test_products_distribute_over_sums_up_to_order(xyz):
    a, b, c = BSplineEval(4), HistoryConv(3), IdentityEval()
    got = ((a + b) * c).compute_features(*xyz)
    parts = [(a * c).compute_features(xyz[0], xyz[2]), (b * c).compute_features(xyz[1], xyz[2])]
    np.testing.assert_allclose(got, np.hstack(parts))
    x, y, z = xyz.reshape(3, 20, 2)
    wide = ((a + b) * c).compute_features(x, y, z)
    want = [((a + b) * c).compute_features(x[:, k], y[:, k], z[:, k]) for k in range(2)]
    bounded = ((BSplineEval(4) + b) * c).compute_features(x, y, z)
    np.testing.assert_array_equal(wide, bounded)
    np.testing.assert_allclose(wide, np.hstack(want))


def test_factors_in_any_grouping_give_the_same_columns(xyz):
    a, b, c = BSplineEval(4), basis.FourierEval(2), IdentityEval()
    left, right = ((a * b) * c).compute_features(*xyz), (a * (b * c)).compute_features(*xyz)
    np.testing.assert_allclose(left, right)
    np.testing.assert_array_equal(
        ((a + b) + c).compute_features(*xyz), (a + (b + c)).compute_features(*xyz)
    )


def test_repetition_and_power_are_sum_and_product_with_itself(xyz):
    b = BSplineEval(4)
    for short, long, n in ((3 * b, b + b + b, 3), (b * 2, b + b, 2), (b**2, b * b, 2)):
        want = long.compute_features(*xyz[:n])
        np.testing.assert_array_equal(short.compute_features(*xyz[:n]), want)
    assert (b * np.int64(2)).n_inputs == (np.int64(2) * b).n_inputs == 2
    assert repr(b * 1) == repr(b**1) == repr(b)
    for wrong in (lambda: b * 0, lambda: b**0, lambda: -1 * b):
        with pytest.raises(ValueError, match="give an integer >= 1"):
            wrong()
    for wrong in (lambda: b * 2.5, lambda: b + 3, lambda: b**0.5):
        with pytest.raises(TypeError):
            wrong()


def test_composites_are_deep_copies(xyz):
    b = BSplineEval(4)
    both = b + b
    both.compute_features(xyz[0], 100 * xyz[1])
    assert not b.learned
    b.set_params(n_basis_funcs=9)
    assert both.n_basis_funcs == 8
    assert len({id(leaf) for leaf in both.leaves}) == 2


def test_blocks_are_split_by_label_with_the_channels_of_each_input(xyz, rng):
    wide = rng.normal(size=(40, 3))
    b = BSplineEval(5) * BSplineEval(4) + HistoryConv(2) + HistoryConv(2) + IdentityEval(label="y")
    features = b.compute_features(xyz[0], xyz[1], wide, xyz[2], xyz[1])
    blocks = b.split_by_feature(features)
    assert {k: v.shape for k, v in blocks.items()} == {
        "(BSplineEval * BSplineEval)": (40, 20), "HistoryConv": (40, 3, 2),
        "HistoryConv_1": (40, 2), "y": (40, 1),
    }  # fmt: skip
    flat = [v.reshape(40, -1) for v in blocks.values()]
    np.testing.assert_array_equal(np.hstack(flat), features)
    weights = b.split_by_feature(rng.normal(size=(29, 7)), axis=0)
    assert [v.shape for v in weights.values()] == [(20, 7), (3, 2, 7), (2, 7), (1, 7)]
    with pytest.raises(ValueError, match="axis 1 must have 29 features"):
        b.split_by_feature(features[:, :-1])


def test_blocks_of_pynapple_are_pynapple(xyz):
    nap = pytest.importorskip("pynapple")
    x, y, _ = (nap.Tsd(np.arange(40.0), v) for v in xyz)
    b = BSplineEval(5) + HistoryConv(2)
    blocks = b.split_by_feature(b.compute_features(x, y))
    assert all(type(block) is nap.TsdFrame for block in blocks.values())
    mixed = b.compute_features(x, xyz[1])  # an array next to it has the same time axis
    np.testing.assert_array_equal(mixed.values, b.compute_features(x, y).values)


def test_a_grid_has_one_axis_for_each_input(rng):
    b = BSplineEval(5, bounds=(0, 80)) * basis.RaisedCosineLogConv(6, window_size=10)
    x, lag, values = b.evaluate_on_grid(4, 3)
    assert x.shape == lag.shape == (4, 3) and values.shape == (4, 3, 30)
    assert x[:, 0].tolist() == np.linspace(0, 80, 4).tolist() and lag[0].tolist() == [0, 0.5, 1]
    np.testing.assert_allclose(values[2, 1], np.kron(*[p.evaluate(v)[0] for p, v in
                               zip(b.factors, ([x[2, 1]], [lag[2, 1]]), strict=True)]))  # fmt: skip
    wave = basis.FourierEval(3, ndim=2, bounds=((0, 1), (0, 5)))
    assert wave.evaluate_on_grid(4, 6)[2].shape == (4, 6, wave.n_basis_funcs)
    plain = RaisedCosineLinearEval(3) + RaisedCosineLinearEval(4)
    assert plain.evaluate_on_grid(5)[2].shape == (5, 5, 7)


def test_features_by_pieces_are_the_features(xyz):
    b = BSplineEval(4) * HistoryConv(5) + basis.RaisedCosineLogConv(
        4, 7, conv_kwargs={"predictor_causality": "anti-causal"}
    )
    pieces = list(b.iter_features(*xyz, chunk=9))
    np.testing.assert_allclose(np.concatenate(pieces), b.compute_features(*xyz), atol=1e-12)


def test_inputs_that_do_not_go_together_are_refused(xyz):
    b = BSplineEval(4) * HistoryConv(3)
    with pytest.raises(ValueError, match=r"takes 2 inputs, not 1"):
        b.compute_features(xyz[0])
    with pytest.raises(ValueError, match=r"inputs have \[40, 39\] rows"):
        b.compute_features(xyz[0], xyz[1, :-1])
    with pytest.raises(ValueError, match="give equal shapes"):
        b.compute_features(xyz[0], xyz.T)


def test_arguments_of_the_leaves_have_the_name_of_the_leaf():
    b = BSplineEval(5) * BSplineEval(6) + HistoryConv(3)
    assert b.get_params()["BSplineEval_1__n_basis_funcs"] == 6
    b.set_params(BSplineEval_1__n_basis_funcs=7, HistoryConv__window_size=2)
    assert repr(b) == "BSplineEval(n_basis_funcs=5) * BSplineEval(n_basis_funcs=7) + " + (
        "HistoryConv(window_size=2)"
    )
    assert repr(eval(repr((b + b) * b), vars(basis))) == repr((b + b) * b)


def test_a_composite_is_a_transformer_that_deals_out_columns(xyz, rng):
    pytest.importorskip("sklearn")
    from sklearn.base import clone
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    b, X = BSplineEval(4) * RaisedCosineLinearEval(3), xyz[:2].T
    want = b.compute_features(*xyz[:2])
    np.testing.assert_array_equal(clone(b).fit_transform(X), want)
    assert make_pipeline(clone(b), Ridge()).fit(X, xyz[2]).predict(X).shape == (40,)
    np.testing.assert_array_equal(b.to_transformer().fit_transform(X), want)
    four = rng.uniform(size=(40, 4))
    np.testing.assert_array_equal(
        clone(b).fit_transform(four), clone(b).compute_features(four[:, :2], four[:, 2:])
    )
    with pytest.raises(ValueError, match=r"X has shape \(40, 3\)"):
        b.transform(four[:, :3])


def test_bases_can_be_sent_to_another_process(xyz):
    b = BSplineEval(4) * HistoryConv(3) + basis.Category(["a", "b"])
    inputs = (*xyz[:2], ["a", "b"] * 20)
    want = b.compute_features(*inputs)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(b)).compute_features(*inputs), want)
