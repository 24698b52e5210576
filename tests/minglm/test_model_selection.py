"""model_selection: folds, the Harvey rule, and each fold's fit against a plain fit of its rows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from minglm import metrics
from minglm.glm import GLM
from minglm.model_selection import GLMCV, make_folds, select_strength

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "golden.npz"
STRENGTHS = (0.1, 0.01, 0.001)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(240, 5))
    return X, rng.poisson(np.exp(X @ rng.normal(size=(5, 2)) / 3 - 0.5)).astype(float)


@pytest.fixture(scope="module")
def fitted(data):
    return GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3, gap=4).fit(*data)


@given(st.integers(10, 200), st.integers(2, 5), st.integers(0, 6))
@settings(max_examples=50, deadline=None)
def test_blocks_are_whole_cover_all_once_and_keep_their_distance(n, k, gap):
    folds = make_folds(n, k, gap=gap) if n > k * (gap + 2) * 2 else make_folds(n, k)
    np.testing.assert_array_equal(sum(test.astype(int) for _, test in folds), 1)
    for train, test in folds:
        at = np.flatnonzero(test)
        assert at[-1] - at[0] == len(at) - 1  # neighbouring samples
        distance = abs(np.flatnonzero(train)[:, None] - at).min(1)
        near = n > k * (gap + 2) * 2
        assert distance.min() == (gap + 1 if near else 1)
        assert train.sum() + test.sum() + 2 * gap * near >= n


def test_groups_stay_whole_and_rows_without_one_are_left_out():
    trial = np.repeat([0.0, 1, np.nan, 2, 3, 4], 7)
    folds = make_folds(42, 3, groups=trial, gap=2)
    for train, test in folds:
        assert not set(trial[train]) & set(trial[test])
        assert not (np.isnan(trial) & (train | test)).any()
        assert abs(np.flatnonzero(train)[:, None] - np.flatnonzero(test)).min() > 2
    np.testing.assert_array_equal(sum(test for _, test in folds), ~np.isnan(trial))


def test_splitters_of_scikit_learn_and_pairs_of_indices_are_taken():
    from sklearn.model_selection import KFold, TimeSeriesSplit

    splitter = KFold(3, shuffle=True, random_state=0)
    for (train, test), (a, b) in zip(
        make_folds(30, splitter), splitter.split(np.zeros(30)), strict=True
    ):
        np.testing.assert_array_equal(np.flatnonzero(train), a)
        np.testing.assert_array_equal(np.flatnonzero(test), b)
    train, test = make_folds(30, TimeSeriesSplit(2), gap=3)[0]
    assert train.nonzero()[0].max() == 6 and test.nonzero()[0].min() == 10
    train, test = make_folds(6, [([0, 1], [4]), (slice(0, 3), np.arange(6) > 3)])[1]
    np.testing.assert_array_equal(train, [1, 1, 1, 0, 0, 0])
    np.testing.assert_array_equal(test, [0, 0, 0, 0, 1, 1])


def test_the_rule_of_the_harvey_code_is_met_on_its_own_numbers():
    if not GOLDEN.exists():
        pytest.skip("no golden file beside the repository")
    with np.load(GOLDEN) as file:
        golden = {k: file[k] for k in file.files if k.startswith("harvey/sel/")}
    strengths, deviance = (
        golden.pop("harvey/sel/lambda_series"),
        golden.pop("harvey/sel/all_deviance"),
    )
    assert len(golden) == 6
    for key, want in golden.items():
        se, low = (float(part[2 if i == 0 else 3 :]) for i, part in enumerate(key.split("_")[1:]))
        np.testing.assert_array_equal(select_strength(strengths, deviance, se, low), want, key)


@given(st.integers(0, 2**32 - 1), st.floats(0, 2), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_the_rule_is_its_definition(seed, se_fraction, weakest):
    rng = np.random.default_rng(seed)
    deviance, strengths = rng.gamma(3, size=(6, 4, 3)), 10.0 ** -np.arange(6)
    got = select_strength(strengths, deviance, se_fraction, strengths[weakest])
    for n in range(3):
        folds = deviance[:, :, n]
        best = min(range(6), key=lambda i: folds[i].mean())
        limit = folds[best].mean() + se_fraction * folds[best].std() / 2
        first = next(i for i in range(6) if folds[i].mean() <= limit)
        assert got[n] == min(first, weakest)


def test_a_strength_that_overflows_is_never_chosen_and_a_fold_without_answer_is_left_out():
    deviance = np.ones((3, 2, 2))
    deviance[1] = 0.5
    deviance[2, 1, 0] = np.inf
    deviance[:, 0, 1] = np.nan
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(select_strength([3, 2, 1], deviance, 1.0), [1, 1])


def test_every_fold_and_strength_is_a_plain_fit_of_the_rows_it_may_see(data, fitted):
    X, Y = data
    folds = make_folds(240, 3, gap=4)
    for i, strength in enumerate(STRENGTHS):
        one = GLM(regularizer="Ridge", regularizer_strength=strength)
        whole = one.fit(X, Y)
        np.testing.assert_allclose(fitted.path_[i].coef_, whole.coef_, atol=1e-8)
        np.testing.assert_allclose(fitted.path_[i].scale_, whole.scale_)
        for k, (train, test) in list(enumerate(folds))[1:2]:
            mu = one.fit(X[train], Y[train]).predict(X[test])
            saturated = stats.poisson.logpmf(Y[test], np.maximum(Y[test], 1e-300))
            want = 2 * (saturated - stats.poisson.logpmf(Y[test], mu)).sum(0)
            np.testing.assert_allclose(fitted.deviance_[i, k], want, rtol=1e-8)


def test_held_out_predictions_come_from_the_folds_own_weights(data, fitted):
    X, Y = data
    altered = X.copy()
    altered[:, 2] = 0
    for design in (X, altered):
        got = fitted.predict_held_out(design)
        for train, test in make_folds(240, 3, gap=4)[1:2]:
            for n, strength in enumerate(fitted.strength_):
                one = GLM(regularizer="Ridge", regularizer_strength=strength)
                want = one.fit(X[train], Y[train, n]).predict(design[test])
                np.testing.assert_allclose(got[test, n], want, rtol=1e-7)
    held_out = metrics.deviance(Y, fitted.predict_held_out(X), per="neuron") * 240
    chosen = fitted.deviance_[fitted.index_, :, [0, 1]].sum(1)
    np.testing.assert_allclose(held_out, chosen, rtol=1e-9)


def test_the_model_has_each_neuron_at_its_own_strength_and_select_fits_nothing(data):
    X, Y = data
    cv = GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3).fit(X, Y)
    cv.deviance_[:, :, 0] = np.arange(3)[:, None]  # strongest is best
    cv.deviance_[:, :, 1] = -np.arange(3)[:, None]
    cv.select()
    np.testing.assert_array_equal(cv.strength_, [0.1, 0.001])
    want = GLM(regularizer="Ridge", regularizer_strength=np.array([[0.1, 0.001]])).fit(X, Y)
    np.testing.assert_allclose(cv.coef_, want.coef_, atol=1e-8)
    np.testing.assert_allclose(cv.intercept_, want.intercept_, atol=1e-8)
    np.testing.assert_allclose(cv.predict(X), want.predict(X), atol=1e-8)
    assert cv.score(X, Y) == pytest.approx(want.score(X, Y))
    np.testing.assert_array_equal(cv.select(min_lambda=0.01).strength_, [0.1, 0.01])
    assert cv.model_.dof_resid_.shape == (2,)


def test_one_neuron_blocks_and_missing_rows(data):
    X, Y = data
    y, holes = Y[:, 0].copy(), X.copy()
    holes[:7], y[100] = np.nan, np.nan
    blocks = {"b": holes[:, :2], "a": holes[:, 2:]}
    cv = GLMCV(GLM(regularizer="GroupLasso"), STRENGTHS, cv=3).fit(blocks, y)
    assert list(cv.coef_) == ["b", "a"]
    assert cv.coef_["b"].shape == (2,) and cv.index_.shape == (1,)
    held_out = cv.predict_held_out(blocks)
    assert held_out.shape == (240,) and np.isnan(held_out[:7]).all()
    assert np.isfinite(held_out[7:]).all()
    total = metrics.deviance(y, held_out) * (240 - 8)
    assert total == pytest.approx(cv.deviance_[cv.index_[0], :, 0].sum())


def test_sample_weights_count_rows_in_fits_and_in_what_is_held_out(data):
    X, Y = data
    weight = np.where(np.arange(240) % 3, 1.0, 0.0)
    kept = weight > 0
    ones = GLMCV(strengths=STRENGTHS, cv=[(np.arange(120), np.arange(120, 240))])
    some = GLMCV(strengths=STRENGTHS, cv=[(np.arange(80), np.arange(80, 160))])
    ones.fit(X, Y, sample_weight=weight)
    some.fit(X[kept], Y[kept])
    np.testing.assert_allclose(ones.deviance_, some.deviance_, rtol=1e-8)


def test_pynapple_predictions_keep_time(data):
    nap = pytest.importorskip("pynapple")
    X, Y = data
    t = np.arange(240) * 0.1
    cv = GLMCV(strengths=STRENGTHS, cv=3)
    cv.fit(nap.TsdFrame(t=t, d=X), nap.TsdFrame(t=t, d=Y))
    got = cv.predict_held_out(nap.TsdFrame(t=t, d=X))
    assert isinstance(got, nap.TsdFrame) and got.shape == (240, 2)


def test_a_neuron_silent_in_one_fold_is_judged_on_the_others(data):
    X, Y = data
    Y = Y.copy()
    Y[80:, 1] = 0  # only the first of three blocks has spikes: its training rows are silent
    cv = GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3).fit(X, Y)
    assert np.isnan(cv.deviance_[:, 0, 1]).all() and np.isfinite(cv.deviance_[:, 1:]).all()
    assert np.isfinite(cv.coef_).all()


def test_a_silent_neuron_is_named_and_the_others_are_not_disturbed(data, fitted):
    X, Y = data
    with pytest.warns(UserWarning, match=r"neurons \[1\]: y is the same in every bin"):
        cv = GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3, gap=4).fit(X, Y * [1, 0])
    np.testing.assert_allclose(cv.coef_[:, 0], fitted.coef_[:, 0], atol=1e-9)
    assert (cv.coef_[:, 1] == 0).all() and (cv.predict_held_out(X)[:, 1] == 0).all()


def test_single_precision_stays_close_to_double(data, fitted):
    X, Y = data
    cv = GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3, gap=4).fit(X.astype(np.float32), Y)
    np.testing.assert_allclose(cv.deviance_, fitted.deviance_, rtol=1e-4)
    np.testing.assert_array_equal(cv.index_, fitted.index_)


def test_the_trace_has_every_fit_and_short_fits_are_announced(data, fitted):
    assert fitted.trace_["gap"].shape == fitted.trace_["n_iter"].shape == (4, 3, 2)
    assert (np.diff(fitted.trace_["loss"], axis=1) <= 0).all()  # weaker penalties fit closer
    short = GLMCV(GLM(regularizer="Ridge", max_iter=1), STRENGTHS, cv=3)
    with pytest.warns(UserWarning, match=r"neurons \[0, 1\]: some fits stopped short"):
        short.fit(*data)


def test_the_progress_bar_appears_only_where_it_is_wanted(data, capsys, monkeypatch):
    import tqdm.auto

    calls = []
    original = tqdm.auto.tqdm
    monkeypatch.setattr(tqdm.auto, "tqdm", lambda **kw: calls.append(kw) or original(**kw))
    cv = GLMCV(GLM(regularizer="Ridge"), STRENGTHS, cv=3)
    cv.fit(*data)
    assert calls[0]["total"] == 12
    cv.progress = False
    cv.fit(*data)
    assert [call["disable"] for call in calls] == [None, True]
    assert capsys.readouterr() == ("", "")  # nobody looks, and it was quick


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: make_folds(10, [([0, 1], [1, 2])]), "without overlap"),
        (lambda: make_folds(10, 2, gap=9), "smaller gap"),
        (lambda: make_folds(3, 5), "fewer folds"),
        (lambda: make_folds(10, 2, groups=np.arange(9)), "one per row"),
        (lambda: select_strength([1, 2], np.ones((2, 3, 1))), "strengths that fall"),
        (lambda: select_strength([2, 1], np.ones((2, 3, 1)), min_lambda=3), "min_lambda=3"),
        (lambda: select_strength([2, 1], np.ones((2, 3, 1)), -1), "se_fraction=-1"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, text):
    with pytest.raises(ValueError, match=text):
        call()


def test_a_design_with_other_rows_has_no_held_out_prediction(fitted, data):
    with pytest.raises(ValueError, match="altered or not"):
        fitted.predict_held_out(data[0][:10])
