"""How good is a prediction: means over samples of what the observation models say per sample.

    log_likelihood(y, mu)                             # nats per bin, as GLM.score
    fraction_deviance_explained(y, mu, per="neuron")
    bits_per_spike(y, mu, y_train=y_train)            # null from the training data

``y`` and ``mu`` are (T,) or (T, N), in counts per bin. Rows with a y that is NaN or Inf or a mu
that is NaN do not count; an infinite mu does. ``per="all"`` gives one number over samples and
neurons, "neuron" one each, "sample" keeps time. The null, a constant rate per neuron to compare
with, is the mean of ``y_train`` if that is given, else of the y that is scored (as in NeMoS).
McCullagh & Nelder (1989) Generalized Linear Models.
"""

import warnings

import jax
import numpy as np

from minglm.observation_models import read_family
from minglm.timeseries import align, unwrap

# the formula of that name of a family, at each sample
_points = jax.jit(lambda name, f, *y_mu, **s: getattr(f, name)(*y_mu, **s), static_argnums=0)


class _Scored:
    """y and mu side by side, and the weight of each row: 0 where one of them is missing."""

    def __init__(self, y, mu, observation_model, scale=None, sample_weight=None):
        y, mu = unwrap(y, "y"), unwrap(mu, "mu")
        self.series, y, mu = align(y, mu), y.values.astype(float), mu.values.astype(float)
        if y.shape != mu.shape:
            raise ValueError(f"y has shape {y.shape}, mu {mu.shape}; give one mean for each y")
        valid = (np.isfinite(y) & ~np.isnan(mu)).all(axis=tuple(range(1, y.ndim)), keepdims=True)
        given = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, float)
        if given.shape != (len(y),) or not (given >= 0).all():
            raise ValueError(f"sample_weight has shape {given.shape}; give {len(y)} numbers >= 0")
        self.weight = valid * given.reshape(valid.shape)
        if not self.weight.any():
            raise ValueError("no row is left to score; give at least one with y, mu and a weight")
        # an infinite mean is cut, as the formulas would say inf - inf; it stays as bad as it is
        self.y, self.mu = np.where(valid, y, 1), np.clip(np.where(valid, mu, 1), -1e150, 1e150)
        self.family = read_family(observation_model)
        self.scale = {} if scale is None else {"scale": np.asarray(scale, float)}

    def points(self, formula, mu=None):
        """The formula at each sample (of the null, if ``mu`` is its mean); NaN where rows miss."""
        mu = self.mu if mu is None else np.broadcast_to(mu, self.y.shape)
        with jax.enable_x64(True):
            values = _points(formula, self.family, self.y, mu, **self.scale)
        worst = np.inf if formula == "deviance" else -np.inf  # where the mean is one of no y at all
        return np.where(self.weight > 0, np.where(np.isnan(values), worst, values), np.nan)

    def gain(self, formula, y_train):
        """(points of the model less those of the null, points of the null)."""
        mean = self.mean(self.y, "neuron")
        if y_train is not None:
            y = unwrap(y_train, "y_train").values
            mean = np.nanmean(np.where(np.isfinite(y), y, np.nan), axis=0)
        null = self.points(formula, mean)
        null[~np.isfinite(null)] = np.nan
        if np.isnan(self.mean(null, "neuron")).any():
            text = "NaN for neurons that y_train lets never fire, but y does; give more of y_train"
            warnings.warn(text, UserWarning, stacklevel=3)
        return self.points(formula) - null, null

    def mean(self, values, per):
        """Weighted means per neuron, or over all of them, or the values themselves."""
        if per not in ("all", "neuron", "sample"):
            raise ValueError(f"per={per!r}; give 'all', 'neuron' or 'sample'")
        if per == "sample":
            return self.series.wrap(values, repeat=1)
        means = np.where(self.weight > 0, self.weight * values, 0).sum(0) / self.weight.sum()
        return means if per == "neuron" else float(np.mean(means))

    def ratio(self, values, unit, per):
        """values / mean of unit; 0 where that is 0 (a silent neuron has nothing to explain)."""
        unit = self.mean(unit, "all" if per == "all" else "neuron")
        return self.mean(values, per) / np.where(unit == 0, np.inf, unit)


def log_likelihood(y, mu, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """Mean of log p(y | mu), with all its constants (such as log y!), in nats per sample."""
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    return scored.mean(scored.points("log_likelihood"), per)


def deviance(y, mu, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """Mean of 2 (log p(y | mu = y) - log p(y | mu)) per sample: 0 is a perfect prediction."""
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    return scored.mean(scored.points("deviance"), per)


def pseudo_r2(
    y, mu, observation_model="Poisson", score_type="pseudo-r2-McFadden", scale=None, y_train=None,
    sample_weight=None, per="all",
):  # fmt: skip
    """McFadden: 1 - L / L_null. Cohen: 1 - D / D_null. Sums first, then one ratio, as NeMoS.
    per="sample" gives each sample's part; their mean is the neuron's value."""
    formulas = {"pseudo-r2-McFadden": "log_likelihood", "pseudo-r2-Cohen": "deviance"}
    if score_type not in formulas:
        raise ValueError(f"score_type={score_type!r}; give {' or '.join(formulas)}")
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    gain, null = scored.gain(formulas[score_type], y_train)
    return scored.ratio(-gain, null, per)


def fraction_deviance_explained(y, mu, observation_model="Poisson", **given):
    """1 - D / D_null, Cohen's pseudo-R2; ``given``: y_train, sample_weight, per as there."""
    return pseudo_r2(y, mu, observation_model, "pseudo-r2-Cohen", **given)


def bits_per_spike(y, mu, observation_model="Poisson", y_train=None, sample_weight=None, per="all"):
    """(L - L_null) / (spikes log 2): what the model knows about each spike."""
    scored = _Scored(y, mu, observation_model, None, sample_weight)
    return scored.ratio(scored.gain("log_likelihood", y_train)[0], scored.y * np.log(2), per)


def aic(y, mu, n_params, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """2 k - 2 L, summed over samples and neurons; k = ``n_params`` of each, intercept included."""
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    if per == "sample":
        raise ValueError("per='sample', but parameters belong to neurons; give 'all' or 'neuron'")
    total = scored.weight.sum() * scored.mean(scored.points("log_likelihood"), "neuron")
    values = 2 * np.asarray(n_params, float) - 2 * total
    return float(np.sum(values)) if per == "all" else values


def bic(y, mu, n_params, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """k log(rows that count) - 2 L: dearer parameters than in ``aic`` from 8 rows on."""
    rows = _Scored(y, mu, observation_model, scale, sample_weight).weight.sum()
    own = np.asarray(n_params, float) * np.log(rows) / 2
    return aic(y, mu, own, observation_model, scale, sample_weight, per)
