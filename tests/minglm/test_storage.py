"""A model written to a file and read again is the same model."""

import jax.numpy as jnp
import numpy as np
import pytest

import minglm as nmo
from minglm.glm import GLM, load_model
from minglm.observation_models import NegativeBinomialObservations
from minglm.regularizer import GroupLasso, Ridge

X = np.random.default_rng(0).normal(size=(200, 5))
Y = np.random.default_rng(1).poisson(1.0, size=(200, 2)) * 1.0


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"regularizer": "ElasticNet", "regularizer_strength": (0.1, 0.3)},
        {"inverse_link_function": jnp.exp, "feature_mask": np.array([1, 0, 1, 1, 1])},
        {
            "observation_model": NegativeBinomialObservations(0.5),
            "regularizer": GroupLasso(blocks=(2, 3)) + Ridge(strength=0.1),
            "regularizer_strength": np.array([0.1, 0.2]),
        },
    ],
    ids=["plain", "tuple", "function and array", "objects"],
)
def test_what_comes_back_is_what_was_saved(tmp_path, given):
    glm = GLM(**given)
    vars(glm).update(n_features_in_=5, scale_=np.ones(2), intercept_=np.array([0.1, -np.inf]))
    glm.coef_ = np.random.default_rng(2).normal(size=(5, 2))
    glm.save_params(tmp_path / "cell.npz")
    again = nmo.load_model(tmp_path / "cell.npz")
    np.testing.assert_array_equal(again.predict(X), glm.predict(X))
    assert again.score(X, Y) == glm.score(X, Y)
    assert str(again).replace("'exp'", "") == str(glm).replace(str(jnp.exp), "")
    assert again.scale_.dtype == glm.scale_.dtype and again.n_features_in_ == 5


def test_a_fit_to_named_blocks_comes_back_whole(tmp_path):
    glm = GLM(regularizer="Ridge").fit({"a": X[:, :2], "b": X[:, 2:]}, Y)
    glm.save_params(tmp_path / "cell")
    again = load_model(tmp_path / "cell.npz")
    assert vars(again).keys() == vars(glm).keys()
    for name in ("a", "b"):
        np.testing.assert_array_equal(again.coef_[name], glm.coef_[name])
    for name in ("intercept_", "gap_", "converged_", "silent_", "dof_resid_"):
        np.testing.assert_array_equal(getattr(again, name), getattr(glm, name))


def test_files_hold_no_pickle(tmp_path):
    GLM().save_params(tmp_path / "cell.npz")
    with np.load(tmp_path / "cell.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    with pytest.raises(ValueError, match="not fitted yet"):
        load_model(tmp_path / "cell.npz").predict(X)


def test_other_files_and_values_are_refused(tmp_path):
    np.savez(tmp_path / "other.npz", weights=X)
    with pytest.raises(ValueError, match=r"\['weights'\]; give a file written by save_params"):
        load_model(tmp_path / "other.npz")
    with pytest.raises(ValueError, match="cannot be saved; give numbers, text or arrays"):
        GLM(regularizer_strength=object()).save_params(tmp_path / "cell.npz")
