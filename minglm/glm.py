"""The estimator: mu = f(X w + b), y scattered around mu.

    glm = GLM(regularizer="Ridge", regularizer_strength=0.1).fit(X, y)
    glm.coef_, glm.intercept_           # (P,), (1,); for y (T, N): (P, N), (N,)
    glm.predict(X)                      # mean per bin, in the unit of y
    glm.score(X, y)                     # mean log-likelihood

It holds no formula of its own: families, links, penalties and the solver have a file each.
"""

import warnings

import jax
import jax.numpy as jnp
import numpy as np

from minglm.design import read_design, read_rows
from minglm.links import read_link
from minglm.observation_models import read_family
from minglm.regularizer import Layout, read_regularizer
from minglm.solvers import Problem, fit_exact


class ConvergenceWarning(UserWarning):
    """A fit that stopped before its optimum."""


class SilentNeuronWarning(UserWarning):
    """A neuron whose optimum lies at infinity because it never changes."""


class GLM:
    """Generalized linear model of one neuron or a population.

    minimise  mean_t nll(y_t, f(x_t w + b)) + penalty(w);   the intercept is not penalised.

    X (T, P), a pynapple object or a dict of blocks; y (T,) or (T, N). Rows with NaN or Inf are left
    out. After ``fit``: ``coef_``, ``intercept_``, ``scale_`` (N,), ``dof_resid_`` (N,) and, per
    neuron, ``gap_`` (what the objective can still fall, in units of the null deviance),
    ``converged_``, ``silent_`` and ``n_iter_``.
    McCullagh & Nelder (1989) Generalized Linear Models.
    """

    def __init__(
        self,
        observation_model="Poisson",
        inverse_link_function=None,
        regularizer=None,
        regularizer_strength=None,
        feature_mask=None,
        tol=1e-14,
        max_iter=100,
    ):
        self.observation_model = observation_model
        self.inverse_link_function = inverse_link_function
        self.regularizer = regularizer
        self.regularizer_strength = regularizer_strength
        self.feature_mask = feature_mask
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X, y, sample_weight=None, offset=None):
        family, link = self._model()
        design = read_design(X)
        rows = read_rows(design, y, family, sample_weight, offset)
        with jax.enable_x64(rows.X.dtype == np.float64):
            self._solve(design, rows, family, link)
        return self

    def _model(self):
        family = read_family(self.observation_model)
        return family, read_link(self.inverse_link_function or family.default_link)

    def _solve(self, design, rows, family, link):
        P, N, dtype = rows.X.shape[1], rows.y.shape[1], rows.X.dtype
        regularizer = read_regularizer(self.regularizer)
        strength = 1.0 if self.regularizer_strength is None else self.regularizer_strength
        penalty = regularizer.penalty(strength, Layout(design.blocks, N))
        cast = lambda a: jnp.asarray(a, dtype if a.dtype.kind == "f" else a.dtype)
        mean = np.sum(rows.weight * rows.y, axis=0)
        silent = (mean == family.support[0]) | (mean == family.support[1])
        b = np.asarray(link.eta(mean))
        start = jnp.zeros((P, N), dtype), cast(np.where(np.isfinite(b) & ~silent, b, 0))
        null = jnp.sum(rows.weight * family.deviance(rows.y, cast(mean)), axis=0)
        unit = jnp.where(silent, jnp.inf, null)
        mask = np.broadcast_to(~silent, (P, N)).astype(dtype)
        problem = Problem(
            *map(cast, (rows.X, rows.y, rows.weight, rows.offset, mask)), unit, family, link
        )
        s = fit_exact(problem, jax.tree.map(cast, penalty), start, self.tol, self.max_iter)
        self._keep(design, rows, s, np.where(silent, b, s.b), silent)

    def _keep(self, design, rows, s, intercept, silent):
        coef = np.asarray(s.w)
        self.coef_ = design.split(coef[:, 0] if rows.one_neuron else coef)
        self.intercept_ = intercept
        self.n_features_in_ = len(coef)
        self.gap_, self.n_iter_ = np.asarray(s.gap), np.asarray(s.steps)
        self.converged_, self.silent_ = self.gap_ <= self.tol, silent
        if silent.any():
            warnings.warn(
                f"neurons {np.flatnonzero(silent).tolist()} never change; their weights are 0",
                SilentNeuronWarning,
                stacklevel=4,
            )
        if not self.converged_.all():
            late = np.flatnonzero(~self.converged_)
            warnings.warn(
                f"neurons {late.tolist()} stopped short of the optimum (gap up to "
                f"{self.gap_[late].max():.1e}, tol {self.tol:.1e}); raise max_iter or tol",
                ConvergenceWarning,
                stacklevel=4,
            )

    def predict(self, X, offset=None):
        """Mean of y per bin: (T,) or (T, N); rows with NaN in X are NaN."""
        design = read_design(X)
        _, link = self._model()
        coef = self.coef_
        if design.named:
            coef = np.concatenate([coef[name] for name in design.blocks])
        with jax.enable_x64(design.values.dtype == np.float64):
            eta = design.values @ coef + (self.intercept_[0] if coef.ndim == 1 else self.intercept_)
            if offset is not None:
                eta = eta + offset
            mu = np.asarray(link.mean(eta))
        return design.series.wrap(mu)

    def score(self, X, y, score_type="log-likelihood"):
        """Mean over bins and neurons of the log-likelihood, or a pseudo-R2 of the same bins."""
        family, _ = self._model()
        design = read_design(X)
        rows = read_rows(design, y, family)
        mu = np.asarray(self.predict(X)).reshape(rows.y.shape)
        mu = np.where(rows.used[:, None], mu, 1)
        with jax.enable_x64(rows.X.dtype == np.float64):
            null = np.sum(rows.weight * rows.y, axis=0)
            measure = family.deviance if score_type == "pseudo-r2-Cohen" else family.log_likelihood
            total = lambda mu: float(jnp.sum(rows.weight * measure(rows.y, mu)) / rows.y.shape[1])
            if score_type == "log-likelihood":
                return total(mu)
            return 1 - total(mu) / total(jnp.broadcast_to(null, mu.shape))


PopulationGLM = GLM
