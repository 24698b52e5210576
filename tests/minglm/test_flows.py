"""The lessons' four analyses, each on the public API in at most 40 plain lines.

Every flow runs on made-up data with the shapes of the published lesson, and, where one fits, on a
real recording beside the repository.
"""

import inspect
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import minglm as nmo

nap = pytest.importorskip("pynapple")
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def recording(name):
    if not (RECORDINGS / name).exists():
        pytest.skip(f"no {name} beside the repository")
    return nap.load_file(str(RECORDINGS / name))


def current_injection(stimulus, units, sweep):
    current = (stimulus.restrict(sweep) * 1e12).bin_average(0.001)  # pA, per ms
    counts = units.restrict(sweep).count(0.001)[:, 0]
    edges = np.linspace(current.min(), current.max(), 16)
    spikes_per_bin, _ = np.histogram(current, edges, weights=counts)
    tuning = spikes_per_bin / np.maximum(np.histogram(current, edges)[0], 1) / 0.001

    simple = nmo.glm.GLM().fit(current[:, np.newaxis], counts)
    basis = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=200)
    X = basis.compute_features(current)
    history = nmo.glm.GLM().fit(X, counts)
    low, high = nmo.inference.confidence_intervals(history, X, counts)
    kernel = nmo.understanding.curves(history, basis, X, counts, dt=0.001)[basis.label]

    rates = simple.predict(current[:, np.newaxis]), history.predict(X)
    shared = np.isfinite(rates[1].values)
    rates, y = [r.values[shared] for r in rates], counts.values[shared]
    scores = {
        "log-likelihood": [nmo.metrics.log_likelihood(y, r) for r in rates],
        "R2": [nmo.metrics.fraction_deviance_explained(y, r) for r in rates],
        "bits": [nmo.metrics.bits_per_spike(y, r) for r in rates],
        "AIC": [nmo.metrics.aic(y, r, k) for r, k in zip(rates, (2, 9), strict=True)],
        "BIC": [nmo.metrics.bic(y, r, k) for r, k in zip(rates, (2, 9), strict=True)],
    }
    ks = [nmo.inference.time_rescaling(y, r) for r in rates]
    return SimpleNamespace(**locals())


def check_current_injection(seen, n_bins):
    assert seen.counts.shape == seen.current.shape == (n_bins,) and seen.tuning.shape == (15,)
    assert seen.X.shape == (n_bins, 8) and np.isnan(seen.X.values[:200]).all()
    assert not np.isnan(seen.X.values[200:]).any()
    assert seen.history.dof_resid_ == n_bins - 200 - 8 - 1
    fitted = seen.simple.predict(seen.current[:, np.newaxis])
    assert fitted.mean() == pytest.approx(seen.counts.mean(), rel=1e-9)  # Poisson, exp: exact
    assert seen.rates[1].mean() == pytest.approx(seen.y.mean(), rel=1e-9)
    assert seen.kernel.axis[0] == 0.001 and seen.kernel.axis[-1] == pytest.approx(0.2)
    assert (seen.low.coef < seen.high.coef).all()


@pytest.mark.slow
def test_current_injection_has_the_published_shapes(rng):
    t = np.arange(560_400) / 20_000
    pA = np.clip(60 + 60 * np.sin(t) + 15 * np.repeat(rng.normal(size=28_020), 20), 0, 140)
    rate = np.exp(0.05 * pA.reshape(-1, 20).mean(1) - 9.5)
    at = np.repeat(np.arange(28_020) * 0.001 + 0.0005, rng.poisson(rate))
    sweep = nap.IntervalSet(0, 28.02)
    stimulus = nap.Tsd(t=t, d=pA * 1e-12, time_support=sweep)
    units = nap.TsGroup({0: nap.Ts(at)}, time_support=sweep)
    seen = current_injection(stimulus, units, sweep)
    check_current_injection(seen, 28_020)
    assert seen.simple.coef_[0] == pytest.approx(0.05, abs=0.01)
    assert seen.ks[0].distance < 1.5 * seen.ks[0].band


def test_current_injection_on_a_real_neuron_meets_the_known_optimum():
    data = recording("5ht_DRN162.nwb")
    sweep = data["epochs"][data["epochs"].tags == "Noise 1"]
    seen = current_injection(data["stimulus"], data["units"], sweep)
    check_current_injection(seen, 60_000)
    assert seen.simple.coef_[0] == pytest.approx(0.0170160324, abs=1e-9)
    assert seen.simple.intercept_[0] == pytest.approx(-7.3459634, abs=1e-6)
    assert seen.counts.sum() == 294 and seen.counts.mean() / 0.001 == pytest.approx(4.9)
    assert seen.simple.gap_[0] < 1e-12
    assert seen.scores["R2"][1] > 1.2 * seen.scores["R2"][0]  # it looks back


def head_direction(units, heading, wake):
    tuning = nap.compute_tuning_curves(units, heading, bins=61, range=(0, 2 * np.pi)).values
    first = nap.IntervalSet(wake.start[0], wake.start[0] + 180)
    counts = units.count(0.01, first)[:, np.argsort(tuning.argmax(1))]
    half = len(counts) // 2

    raw = nmo.basis.HistoryConv(80)
    X_raw = raw.compute_features(counts[:, 0])
    halves = slice(0, half), slice(half, None)
    raw_fits = [nmo.glm.GLM().fit(X_raw[h].values, counts[h, 0].values) for h in halves]
    basis = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=80)
    X_one = basis.compute_features(counts[:, 0])
    one = nmo.glm.GLM().fit(X_one[:half], counts[:half, 0])
    kernel = nmo.understanding.kernel(basis, one.coef_, dt=0.01)

    X = basis.compute_features(counts)
    model = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, counts)
    filters = nmo.understanding.coupling_filters(basis, model.coef_)

    cv = nmo.model_selection.GLMCV(model, strengths=[0.1, 0.01], cv=2, gap=80)
    held_out = cv.fit(X, counts).predict_held_out(X)
    scores = nmo.metrics.fraction_deviance_explained(counts, held_out, per="neuron")
    return SimpleNamespace(**locals())


def check_head_direction(seen, N):
    assert seen.tuning.shape == (N, 61) and seen.counts.shape == (18_000, N)
    assert seen.X_raw.shape == (18_000, 80) and seen.X_one.shape == (18_000, 8)
    assert np.isnan(seen.X_raw.values).any(1).sum() == 80
    assert seen.raw_fits[0].dof_resid_ == 8839 and seen.raw_fits[1].dof_resid_ == 8919
    assert seen.one.dof_resid_ == 8911 and seen.kernel.value.shape == (80,)
    assert seen.X.shape == (18_000, 8 * N) and seen.model.coef_.shape == (8 * N, N)
    assert seen.filters.shape == (N, N, 80)
    assert isinstance(seen.held_out, nap.TsdFrame) and seen.scores.shape == (N,)
    assert seen.model.converged_.all() and seen.scores.mean() > 0.01


@pytest.mark.slow
def test_head_direction_has_the_published_shapes(rng):
    t = np.arange(8812.3, 8992.3, 0.01)
    angle = np.cumsum(rng.normal(scale=0.06, size=len(t))) % (2 * np.pi)
    preferred = np.linspace(0, 2 * np.pi, 18, endpoint=False)
    counts = rng.poisson(0.25 * np.exp(3 * (np.cos(angle[:, None] - preferred) - 1)))
    spikes = {n: nap.Ts(np.repeat(t + 0.005, counts[:, n])) for n in range(18)}
    wake = nap.IntervalSet(8812.3, 8992.3)
    heading = nap.Tsd(t=t, d=angle, time_support=wake)
    check_head_direction(head_direction(nap.TsGroup(spikes), heading, wake), 18)


@pytest.mark.slow
def test_head_direction_on_a_real_mouse():
    data = recording("Mouse28-140313.nwb")
    units = data["units"]
    units = units[(units["location"] == "adn") & (units["rate"] > 2.0)]
    seen = head_direction(units, data["ry"], data["epochs"])
    check_head_direction(seen, 11)
    assert seen.counts.values.sum() == 23_374


def calcium(traces, heading, bin_of_window, n_neurons):
    tuning = nap.compute_tuning_curves(traces, heading, bins=61, range=(0, 2 * np.pi)).values
    angle = (np.arange(61) + 0.5) * 2 * np.pi / 61
    mean = tuning @ np.exp(1j * angle) / abs(tuning).sum(1)
    tuned = np.flatnonzero(np.exp(-61 * abs(mean) ** 2) < 0.01)[:n_neurons]
    tuned = tuned[np.argsort(np.angle(mean[tuned]) % (2 * np.pi))]
    Y = traces[:, tuned]

    basis = nmo.basis.RaisedCosineLogConv(n_basis_funcs=4, window_size=bin_of_window)
    X = basis.compute_features(Y)
    half, N = len(Y) // 2, Y.shape[1]
    model = nmo.glm.PopulationGLM(
        observation_model="Gaussian", regularizer="Ridge", regularizer_strength=0.001
    ).fit(X[:half], Y[:half])
    filters = nmo.understanding.coupling_filters(basis, model.coef_)
    test = nmo.metrics.fraction_deviance_explained(
        Y[half:], model.predict(X[half:]), "Gaussian", y_train=Y[:half], per="neuron"
    )

    no_self = np.repeat(1 - np.eye(N), 4, axis=0)
    others = nmo.glm.PopulationGLM(
        observation_model="Gaussian", regularizer="Ridge", regularizer_strength=0.001,
        feature_mask=no_self,
    ).fit(X[:half], Y[:half])  # fmt: skip
    without = nmo.metrics.fraction_deviance_explained(
        Y[half:], others.predict(X[half:]), "Gaussian", y_train=Y[:half], per="neuron"
    )
    return SimpleNamespace(**locals())


def check_calcium(seen, T, N, W):
    assert seen.X.shape == (T, 4 * N) and seen.model.coef_.shape == (4 * N, N)
    assert seen.filters.shape == (N, N, W)
    assert (seen.others.coef_ == 0).sum() == 4 * N
    assert (seen.test > seen.without).all()  # a trace knows most about itself


@pytest.mark.slow
def test_calcium_has_the_published_shapes(rng):
    t = 3.1187 + np.arange(35_757) / 29.786
    angle = np.cumsum(rng.normal(scale=0.05, size=len(t))) % (2 * np.pi)
    preferred = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    drive = np.zeros((len(t), 65))
    drive[:, ::4][:, :16] = np.exp(2 * (np.cos(angle[:, None] - preferred) - 1))
    fluorescence = np.empty_like(drive)
    state = np.zeros(65)
    for i, now in enumerate(drive + 0.3 * rng.gamma(1, size=drive.shape)):
        state = fluorescence[i] = 0.95 * state + 0.05 * now
    traces, heading = nap.TsdFrame(t=t, d=fluorescence), nap.Tsd(t=t, d=angle)
    check_calcium(calcium(traces, heading, 14, 16), 35_757, 16, 14)


def test_calcium_on_a_real_fly():
    data = recording("fly_compass_20160425_Fly2.nwb")
    traces = data["RoiResponseSeries"].restrict(data["epochs"])
    heading = data["ry"].restrict(data["epochs"])
    seen = calcium(traces, heading, 6, 16)
    check_calcium(seen, 3_669, 16, 6)
    assert np.isnan(seen.X.values).any(1).sum() == 5 * 6  # each trial starts anew


def harvey(position, time, variables, velocities, trial, Y, strengths, cv=5):
    place = nmo.basis.RaisedCosineLinearEval(20, bounds=(10, 250), fill_value=0)
    clock = nmo.basis.RaisedCosineLinearEval(13, bounds=(0, 5), fill_value=0)
    speed = nmo.basis.BSplineEval(7, bounds=(0, 1))
    here, then = place.compute_features(position), clock.compute_features(time)
    X = {"place": here, "time": then}
    for name, value in variables.items():
        X[name] = here * value[:, None]
        X[name + " later"] = then * value[:, None]
    for name, value in velocities.items():
        X[name] = speed.compute_features(np.argsort(np.argsort(value)) / (len(value) - 1))

    test = np.isin(trial, np.unique(trial)[::7])
    X = {k: np.nan_to_num(x) for k, x in X.items()}
    scale = {k: (x[~test].mean(0), x[~test].std(0)) for k, x in X.items()}
    X = {k: (x - scale[k][0]) / np.where(scale[k][1] > 0, scale[k][1], 1) for k, x in X.items()}
    train, held = ({k: x[rows] for k, x in X.items()} for rows in (~test, test))

    model = nmo.glm.GLM(regularizer="GroupLasso")
    chosen = nmo.model_selection.GLMCV(model, strengths, cv, se_fraction=0)
    chosen.fit(train, Y[~test], groups=trial[~test])
    explained = nmo.metrics.fraction_deviance_explained(Y[test], chosen.predict(held), per="neuron")
    parts = nmo.understanding.breakdown(chosen.predict_held_out, train, Y[~test])
    along = nmo.understanding.breakdown(
        chosen.predict_held_out, train, Y[~test], by=position[~test], edges=np.linspace(10, 250, 13)
    )
    kernel = nmo.understanding.tuning_curve(place, chosen.coef_["place"])
    return SimpleNamespace(**locals())


def session(rng, T, n_trials, n_neurons):
    trial = np.arange(T) * n_trials // T
    phase = np.arange(T) * n_trials / T % 1
    position, time = np.where(phase < 0.7, 10 + phase * 340, np.nan), (phase - 0.7) * 16
    time[phase < 0.7] = np.nan
    names = ["cue", "choice", "correct", "previous", "rule", "bias", "belief", "dynamic"]
    variables = {n: rng.choice([-1.0, 1.0], n_trials)[trial] for n in names}
    velocities = {n: np.cumsum(rng.normal(size=T)) for n in ("pitch", "roll", "yaw")}
    bump = np.exp(-(((position - 120) / 40) ** 2))
    eta = np.nan_to_num(bump)[:, None] * (1 + variables["cue"][:, None]) * np.ones(n_neurons)
    return position, time, variables, velocities, trial, rng.poisson(0.3 * np.exp(eta))


def check_harvey(seen, T, n_neurons):
    assert sum(x.shape[1] for x in seen.X.values()) == 318 and len(seen.X) == 21
    assert len(seen.test) == T and not set(seen.trial[seen.test]) & set(seen.trial[~seen.test])
    assert (seen.explained > 0.1).all() and seen.explained.shape == (n_neurons,)
    assert max(seen.parts, key=lambda k: seen.parts[k].explained.mean()) in ("place", "cue")
    assert seen.along["cue"].explained.shape == (12, n_neurons)
    assert seen.along["cue"].explained.mean(1).argmax() in (4, 5, 6)  # near 120 of 10 to 250 cm
    assert seen.kernel.value.shape == (100, n_neurons)
    weights = seen.chosen.path_[0].coef_
    assert any((w == 0).all() for w in weights.values())  # whole groups are exactly 0


@pytest.mark.slow
def test_the_harvey_tutorial_has_the_published_shapes(rng):
    seen = harvey(*session(rng, 27_396, 300, 2), strengths=[0.1, 0.03, 0.01], cv=2)
    check_harvey(seen, 27_396, 2)


def test_the_harvey_tutorial_in_small(rng):
    seen = harvey(*session(rng, 3_000, 60, 2), strengths=[0.1, 0.03], cv=2)
    check_harvey(seen, 3_000, 2)


@pytest.mark.parametrize("flow", [current_injection, head_direction, calcium, harvey])
def test_a_flow_is_at_most_40_plain_lines(flow):
    lines = inspect.getsource(flow).splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 100
