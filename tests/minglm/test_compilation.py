"""What is compiled once serves every later fit of the same shapes."""

import itertools
import pkgutil
from importlib import import_module

import jax
import numpy as np
import pytest
from sklearn.base import clone

import minglm
from minglm import solvers
from minglm.glm import GLM
from minglm.model_selection import GLMCV
from minglm.observation_models import NegativeBinomialObservations
from minglm.regularizer import GroupLasso

X = np.random.default_rng(0).normal(size=(200, 5))
Y = np.random.default_rng(1).poisson(1.0, size=(200, 2)) * 1.0


class Compilations:
    """Counts programs that XLA compiles while the block runs."""

    def __enter__(self):
        self.names = []
        self.keep = lambda event, *_, **__: self.names.append(event)
        jax.monitoring.register_event_duration_secs_listener(self.keep)
        return self

    def __exit__(self, *_):
        jax.monitoring.unregister_event_duration_listener(self.keep)

    @property
    def count(self):
        return sum("backend_compile" in name for name in self.names)


@pytest.mark.parametrize("regularizer", ["Ridge", pytest.param("Lasso", marks=pytest.mark.slow)])
def test_refits_strengths_folds_and_clones_compile_nothing(regularizer):
    glm = GLM(regularizer=regularizer, regularizer_strength=0.1, tol=1e-13).fit(X[:, :4], Y[:, 0])
    glm.score(X[:, :4], Y[:, 0])
    hole = np.where(np.arange(200)[:, None] < 30, np.nan, X[:, :4])
    GLM(regularizer=regularizer).fit(hole, Y[:, 0])
    with Compilations() as seen:
        glm.fit(X[:, :4], Y[:, 0])
        glm.fit(X[::-1, :4], Y[:, 1])
        for strength in (0.0, 0.3, np.array([0.1, 0.2, 0.3, 0.4])):
            clone(glm).set_params(regularizer_strength=strength).fit(X[:, :4], Y[:, 0])
        for fold in np.array_split(np.arange(200), 5):
            glm.fit(X[:, :4], Y[:, 0], sample_weight=~np.isin(np.arange(200), fold))
        glm.set_params(tol=1e-6, max_iter=50).fit(hole, Y[:, 0])
        glm.score(X[:, :4], Y[:, 0])
    assert seen.count == 0
    with Compilations() as seen:
        rows = {"Ridge": 77, "Lasso": 78}[regularizer]  # a shape that no other fit has
        GLM(regularizer=regularizer).fit(X[:rows, :3], Y[:rows, 0])
    assert seen.count > 0, "the counter counts"


def test_penalties_share_one_program():
    """Ridge, none and other strengths: the same arrays with other numbers."""
    GLM(regularizer="Ridge").fit(X, Y)
    with Compilations() as seen:
        GLM().fit(X, Y)
        GLM(regularizer="Ridge", regularizer_strength=[[0.1, 0.2]]).fit(X, Y)
    assert seen.count == 0


@pytest.mark.slow
@pytest.mark.parametrize("P, N", [(4, 2), (40, 5)], ids=["Newton", "shared metric"])
def test_cross_validation_compiles_once_for_all_strengths_and_folds(P, N):
    """Also for more strengths, folds of other rows, other data and a clone."""
    rng = np.random.default_rng(0)
    wide, counts = rng.normal(size=(200, P)), rng.poisson(1.0, (200, N))
    cv = GLMCV(GLM(regularizer="Lasso", tol=1e-6), (0.1, 0.01), cv=2).fit(wide, counts)
    with Compilations() as seen:
        clone(cv).set_params(strengths=(0.2, 0.03, 0.01), gap=3).fit(wide[::-1], counts)
    assert seen.count == 0


def nodes():
    """Every class that is registered as a pytree, made of its defaults and of numbers."""
    modules = [import_module(f"minglm.{m.name}") for m in pkgutil.iter_modules(minglm.__path__)]
    made = {v for m in modules for v in vars(m).values() if isinstance(v, type)}
    made = {c for c in made if c.__module__.startswith("minglm") and "tree_node" in vars(c)}
    return sorted(made, key=lambda c: c.__name__)


def test_no_two_nodes_share_a_tree_structure():
    """Or JAX 0.10 may run one class's program for another: see minglm/nodes.py."""
    blank = []
    for cls in nodes():
        one = object.__new__(cls)
        vars(one).update(dict.fromkeys(cls.__dataclass_fields__, 0.0))
        blank.append(one)
    assert len(blank) > 8
    for a, b in itertools.combinations(blank, 2):
        assert jax.tree.structure(a) != jax.tree.structure(b), (a, b)


@pytest.mark.slow
def test_families_that_look_alike_run_their_own_programs():
    a = GLM(NegativeBinomialObservations(0.5)).fit(X, Y[:, 0])
    b = GLM(NegativeBinomialObservations(3.0)).fit(X, Y[:, 0])
    poisson = GLM().fit(X, Y[:, 0])
    group = GLM(regularizer=GroupLasso(blocks=(1,) * 5), regularizer_strength=0.05).fit(X, Y[:, 0])
    lasso = GLM(regularizer="Lasso", regularizer_strength=0.05).fit(X, Y[:, 0])
    assert not np.allclose(a.coef_, b.coef_) and not np.allclose(a.coef_, poisson.coef_)
    np.testing.assert_allclose(group.coef_, lasso.coef_, atol=1e-9)


def test_no_global_setting_of_jax_is_touched():
    GLM().fit(X, Y)
    assert not jax.config.jax_enable_x64 and solvers.solve is not None
    assert jax.numpy.ones(1).dtype == np.float32
