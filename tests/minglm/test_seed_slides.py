"""The code on the seed's slides, word for word, and the shapes they print."""

import numpy as np
import pytest

import minglm as nmo


def run(code, **names):
    scope = {"nmo": nmo, "np": np, **names}
    exec(code, scope)  # the slides' own lines, as text, so that no edit can creep in
    return scope


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_fit_predict_score(rng):
    X = rng.normal(size=(500, 3))
    spikes = rng.poisson(np.exp(X @ [0.5, -0.3, 0.0] - 1))
    found = run(
        """
model = nmo.glm.GLM()
model.fit(X, spikes)
predicted_rate = model.predict(X)
score = model.score(X, spikes)
""",
        X=X,
        spikes=spikes,
    )
    assert found["predicted_rate"].shape == (500,)
    assert found["predicted_rate"].mean() == pytest.approx(spikes.mean())
    mu = found["predicted_rate"]
    full = spikes * np.log(mu) - mu - np.array([np.log(np.arange(1, n + 1)).sum() for n in spikes])
    assert found["score"] == pytest.approx(full.mean())


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        (
            "X = nmo.basis.RaisedCosineLinearEval(5).compute_features(np.linspace(0, 1, 10))",
            (10, 5),
        ),
        ("X = nmo.basis.BSplineEval(5, order=2).compute_features(np.linspace(0, 1, 10))", (10, 5)),
        ("X = nmo.basis.MSplineEval(5).compute_features(np.linspace(0, 1, 10))", (10, 5)),
        ("X = nmo.basis.CyclicBSplineEval(6).compute_features(np.linspace(0, 1, 10))", (10, 6)),
        (
            """
b_x = nmo.basis.BSplineEval(5, order=2)
b_y = nmo.basis.RaisedCosineLinearEval(6)
b_2d = b_x * b_y
X = b_2d.compute_features(position, position)
""",
            (10, 30),
        ),
        (
            """
history = nmo.basis.HistoryConv(100)
X = history.compute_features(counts)
""",
            (1000, 100),
        ),
        (
            """
basis = nmo.basis.RaisedCosineLogConv(window_size=100, n_basis_funcs=8)
X = basis.compute_features(counts)
""",
            (1000, 8),
        ),
        (
            """
b_sp = nmo.basis.BSplineEval(4)
b_pos = nmo.basis.MSplineEval(5)
b_hd = nmo.basis.CyclicBSplineEval(6)
basis = b_sp + b_pos + b_hd
X = basis.compute_features(*[np.linspace(0, 1, 6)] * 3)
""",
            (6, 15),
        ),
    ],
)
def test_features_have_the_shapes_on_the_slides(rng, code, shape):
    data = {"counts": rng.poisson(0.2, 1000), "position": np.linspace(0, 1, 10)}
    assert run(code, **data)["X"].shape == shape


def test_correlated_position_and_speed_the_joint_model_finds_who_is_right(rng):
    """The true rate depends on speed alone; position looks tuned because speed follows it."""
    position = np.abs((np.arange(20_000) * 0.01) % 2 - 1)
    speed = np.sin(np.pi * position) + 0.3 * rng.normal(size=20_000)
    spikes = rng.poisson(np.exp(-1 + 0.8 * speed))
    X = np.c_[np.sin(np.pi * position), speed]
    alone = nmo.glm.GLM().fit(X[:, :1], spikes)
    joint = nmo.glm.GLM().fit(X, spikes)
    assert alone.coef_[0] > 0.5
    np.testing.assert_allclose(joint.coef_, [0, 0.8], atol=0.1)


def test_a_population_is_fitted_by_the_same_lines(rng):
    found = run(
        """
basis = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=100)
X = basis.compute_features(counts)
model = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, counts)
""",
        counts=rng.poisson(0.2, (1000, 3)),
    )
    assert found["X"].shape == (1000, 24) and found["model"].coef_.shape == (24, 3)
