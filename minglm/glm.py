"""The estimator: mu = f(X w + b), y scattered around mu.

    glm = GLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, y)
    glm.coef_, glm.intercept_           # (P,), (1,); for y (T, N): (P, N), (N,)
    glm.predict(X)                      # mean per bin, in the unit of y
    glm.score(X, y)                     # mean log-likelihood

It holds no formula of its own: families, links, penalties and the solver have a file each.
"""

import inspect
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from minglm import metrics, storage
from minglm.design import host, is_placed, read_design, read_offset, read_problem, read_target
from minglm.links import read_link
from minglm.observation_models import Family, read_family
from minglm.path import solve
from minglm.penalty import Layout, spread
from minglm.regularizer import Regularizer, UnRegularized, make_penalty, read_regularizer
from minglm.solvers import tolerance


class ConvergenceWarning(UserWarning):
    """A fit that stopped before its optimum, or that has none."""


class RankWarning(UserWarning):
    """Weights that the data leave undetermined."""


class SilentNeuronWarning(UserWarning):
    """A neuron that never fires: its intercept is minus infinity."""


@dataclass(repr=False, eq=False)
class GLM:
    """Generalized linear model of one neuron or of a population.

    minimise  mean_t nll(y_t, f(x_t w + b)) + penalty(w);  the intercept b is not penalised.

    X is (T, P), a pynapple object or a dict of blocks (``coef_`` is then one too); y is (T,) or
    (T, N). Rows with NaN or Inf are left out. ``feature_mask`` (P,) or (P, N) holds weights at 0.
    After ``fit``, per neuron: ``gap_`` is how far the objective could still fall, in units of the
    null deviance, and ``converged_`` whether that is within ``tol``; ``silent_``, ``scale_``,
    ``dof_resid_`` and ``n_iter_``. McCullagh & Nelder (1989) Generalized Linear Models.
    """

    observation_model: str | Family = "Poisson"
    inverse_link_function: str | Callable | None = None
    regularizer: str | Regularizer | None = None
    regularizer_strength: float | tuple | dict | np.ndarray | None = None
    feature_mask: np.ndarray | dict | None = None
    tol: float = 1e-14
    max_iter: int = 100

    def fit(self, X, y, sample_weight=None, offset=None):
        """Find the optimum. ``offset`` (T,) or (T, N) is a known part of X w + b."""
        design, problem, penalty = self.problem(X, y, sample_weight, offset)
        tol = max(self.tol, tolerance(problem.X.dtype))
        with jax.enable_x64(True):
            s = solve(problem, penalty, None, tol, self.max_iter)
        self._keep(design, problem, penalty, s, tol)
        if read_target(design, y).ndim == 1:
            self.coef_ = design.split(s.w[:, 0])
        _warn(s, self.converged_, penalty, problem.mask)
        return self

    def problem(self, X, y, sample_weight=None, offset=None):
        """What the solver gets: the Design, the Problem and the Penalty of these data."""
        design, (family, link) = read_design(X), self._model()
        shape = read_target(design, y).shape
        layout = Layout(design.blocks, shape[1] if len(shape) > 1 else 1)
        penalty = make_penalty(self.regularizer, self.regularizer_strength, layout)
        mask = 1 if self.feature_mask is None else self.feature_mask
        mask = spread(mask, layout.n_features, layout, "feature_mask")
        if not np.isin(mask, (0, 1)).all():
            raise ValueError("feature_mask must hold 1 (weight is fitted) and 0 (weight stays 0)")
        problem = read_problem(design, y, family, link, mask, sample_weight, offset)
        return design, problem, penalty

    def _model(self):
        family = read_family(self.observation_model)
        return family, read_link(self.inverse_link_function or family.default_link)

    def _keep(self, design, problem, penalty, s, tol):
        """Results of a Solution, as of a population; dof_resid_ = T - p - 1, T the rows used."""
        self.coef_, self.intercept_ = design.split(s.w), s.b
        self.gap_, self.n_iter_, self.silent_ = s.gap, s.steps, s.silent
        self.converged_, self.n_features_in_ = s.gap <= tol, len(s.w)
        plain = read_regularizer(self.regularizer) == UnRegularized()
        p = s.rank if plain else np.full(len(s.b), len(s.w))
        p = (s.w != 0).sum(axis=0) if penalty.has_corner else p
        rows = (problem.weight > 0).sum()
        self.dof_resid_, weight = rows - p - 1.0, rows * problem.weight.astype(float)
        with jax.enable_x64(True):
            xp, dof = jnp if is_placed(s.eta) else np, np.maximum(self.dof_resid_, 1)
            mu = xp.asarray(problem.link.mean(xp.where(s.silent, s.b, s.eta)))
            self.scale_ = host(problem.family.estimate_scale(problem.y, mu, weight, dof))

    def predict(self, X, offset=None):
        """Mean of y per bin, (T,) or (T, N); NaN in rows where X is NaN or infinite."""
        self._check_fitted()
        design, (_, link) = read_design(X), self._model()
        coef, X = design.join(self.coef_), design.values
        whole = np.isfinite(X).all(axis=1, keepdims=True)
        X = X if whole.all() else np.where(whole, X, 0)
        eta = np.where(whole, X @ coef.reshape(len(coef), -1) + self.intercept_, np.nan)
        eta = eta if offset is None else eta + read_offset(offset, eta.shape)
        with jax.enable_x64(True):
            mu = np.asarray(link.mean(eta))
        return design.series.wrap(mu[:, 0] if coef.ndim == 1 else mu)

    def score(self, X, y, score_type="log-likelihood", sample_weight=None, offset=None):
        """Mean over bins and neurons of the log-likelihood, or a pseudo-R2 over all of them.

        score_type: "log-likelihood", "pseudo-r2-McFadden" or "pseudo-r2-Cohen".
        """
        mu = np.asarray(self.predict(X, offset))
        y, (family, _) = read_target(read_design(X), y).reshape(mu.shape), self._model()
        rest = {"scale": self.scale_, "sample_weight": sample_weight}
        if score_type == "log-likelihood":
            return metrics.log_likelihood(y, mu, family, **rest)
        return metrics.pseudo_r2(y, mu, family, score_type, **rest)

    def simulate(self, random_key, feedforward_input):
        """(y, mu): y drawn around the mean that the features give; a JAX key, or a seed."""
        mu, family = self.predict(feedforward_input), self._model()[0]
        values = np.asarray(mu)
        with jax.enable_x64(True):
            key = jax.random.key(random_key) if isinstance(random_key, int) else random_key
            y = np.asarray(family.sample(key, jnp.nan_to_num(values, nan=1.0), self.scale_))
        y = np.where(np.isnan(values), np.nan, y)
        return read_design(feedforward_input).series.wrap(y), mu

    def save_params(self, path):
        """Write the model to one .npz file; ``load_model(path)`` reads it."""
        params = self.get_params()
        if callable(self.inverse_link_function):
            params["inverse_link_function"] = read_link(self.inverse_link_function).name
        fitted = {k: v for k, v in vars(self).items() if k.endswith("_")}
        storage.write(path, params=params, fitted=fitted)

    def _check_fitted(self):
        if "n_features_in_" not in vars(self):
            sklearn = sys.modules.get("sklearn.exceptions")
            kind = sklearn.NotFittedError if sklearn else ValueError
            raise kind("this GLM is not fitted yet; call fit(X, y) first")

    def get_params(self, deep=True):
        """The constructor's arguments, as scikit-learn asks for them."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **params):
        """Change some of the constructor's arguments."""
        unknown = set(params) - set(self.get_params())
        if unknown:
            name, known = type(self).__name__, list(self.get_params())
            raise ValueError(f"{name} has no {sorted(unknown)}; it has {known}")
        vars(self).update(params)
        return self

    def __repr__(self):
        usual, now = vars(GLM()), self.get_params()
        given = [f"{k}={v!r}" for k, v in now.items() if repr(v) != repr(usual[k])]
        return f"GLM({', '.join(given)})"

    def __sklearn_tags__(self):
        from sklearn.utils import InputTags, RegressorTags, Tags, TargetTags

        low = read_family(self.observation_model).support[0]
        return Tags(
            estimator_type="regressor",
            target_tags=TargetTags(required=True, multi_output=True, positive_only=low >= 0),
            regressor_tags=RegressorTags(poor_score=True),  # the score is a log-likelihood
            input_tags=InputTags(allow_nan=True),
        )


def _warn(s, converged, penalty, mask):
    """Say in one sentence each what a user should know about this fit."""
    plain = ~penalty.has_corner & (penalty.ridge == 0).any(axis=0)
    apart = plain & ~s.silent & (s.bend < 1e-6)
    late, missing = ~converged & ~apart, np.where(plain & ~s.silent, mask.sum(axis=0) - s.rank, 0)
    gap = f"stopped short of the optimum, with a gap of up to {s.gap.max():.1e} null deviances; "
    for which, category, sentence in [
        (s.silent, SilentNeuronWarning,
         "y is the same in every bin, at the end of its range; the weights are 0 and the intercept "
         "has gone to infinity (leave these neurons out, or ignore this)"),
        (apart, ConvergenceWarning,
         "the features separate the bins perfectly (some occur only where y is 0), so weights grow "
         "without end and were stopped; use regularizer='Ridge', or merge or drop such features"),
        (late & ~s.stuck, ConvergenceWarning,
         gap + "raise max_iter or tol, or use a regularizer"),
        (late & s.stuck, ConvergenceWarning,
         gap + "no step is downhill any more: the best mean may lie outside the range of this link "
         "(try another inverse_link_function), or precision is lost (scale y, or use float64)"),
        (missing > 0, RankWarning,
         f"{missing.max():.0f} of the features add nothing to the others and the intercept, so the "
         "weights are not unique (the smallest were taken); predictions are not affected"),
    ]:  # fmt: skip
        if which.any():
            warnings.warn(f"neurons {np.flatnonzero(which).tolist()}: {sentence}", category, 3)


def load_model(path) -> GLM:
    """The model that ``save_params`` wrote."""
    params, fitted = storage.read(path)
    model = GLM(**params)
    vars(model).update(fitted)
    return model


PopulationGLM = GLM
