"""How good is a prediction: means over samples of what the observation models say per sample.

    log_likelihood(y, mu)                             # nats per bin, as GLM.score
    fraction_deviance_explained(y, mu, per="neuron")
    bits_per_spike(y, mu, null="training", y_train=y_train)

``y`` and ``mu`` are (T,) or (T, N), in counts per bin. Rows with a y that is NaN or Inf or a mu
that is NaN do not count; an infinite mu does. ``per="all"`` gives one number over samples and
neurons, "neuron" one each, "sample" keeps time. The constant rate to compare with is the mean of
the y that is scored (``null="scored"``, as NeMoS) or of ``y_train`` (``null="training"``).
"""

import jax
import numpy as np

from minglm.observation_models import read_family
from minglm.timeseries import align, unwrap

_at_samples = {
    "log_likelihood": jax.jit(lambda family, y, mu, scale: family.log_likelihood(y, mu, **scale)),
    "deviance": jax.jit(lambda family, y, mu, scale: family.deviance(y, mu, **scale)),
}


class _Scored:
    """y and mu side by side, and the weight of each row: 0 where one of them is missing."""

    def __init__(self, y, mu, observation_model="Poisson", scale=None, sample_weight=None):
        both = unwrap(y, "y"), unwrap(mu, "mu")
        self.series, (y, mu) = align(*both), (np.asarray(s.values, float) for s in both)
        if y.shape != mu.shape:
            raise ValueError(f"y has shape {y.shape}, mu {mu.shape}; give one mean for each y")
        valid = np.isfinite(y) & ~np.isnan(mu)
        valid = valid.all(axis=tuple(range(1, valid.ndim)), keepdims=True)
        given = 1.0 if sample_weight is None else np.reshape(sample_weight, valid.shape)
        most = 1e150  # as bad as an infinite mean, for which the formulas say inf - inf
        self.y, self.mu = np.where(valid, y, 1), np.clip(np.where(valid, mu, 1), -most, most)
        self.weight = valid * given
        if not self.weight.any():
            raise ValueError("no row is left to score; give at least one with y, mu and a weight")
        self.family = read_family(observation_model)
        self.scale = {} if scale is None else {"scale": np.asarray(scale, float)}

    def points(self, formula, mu=None):
        """The formula at each sample, NaN in rows that do not count."""
        mu = self.mu if mu is None else np.broadcast_to(mu, self.y.shape)
        with jax.enable_x64(True):
            values = _at_samples[formula](self.family, self.y, mu, self.scale)
        return np.where(self.weight > 0, values, np.nan)

    def reduce(self, values, per):
        """Weighted means of ``values`` per neuron, over all of them, or the values themselves."""
        if per not in ("all", "neuron", "sample"):
            raise ValueError(f"per={per!r}; give 'all', 'neuron' or 'sample'")
        if per == "sample":
            return self.series.wrap(values, repeat=1)
        means = np.where(self.weight > 0, self.weight * values, 0).sum(0) / self.weight.sum()
        return means if per == "neuron" else float(np.mean(means))

    def null(self, null, y_train):
        """The constant mean to compare with, per neuron."""
        if null == "scored" and y_train is None:
            return (self.weight * self.y).sum(0) / self.weight.sum()
        if null == "training" and y_train is not None:
            y_train = np.asarray(unwrap(y_train, "y_train").values, float)
            return np.nanmean(np.where(np.isfinite(y_train), y_train, np.nan), axis=0)
        given = "without y_train" if y_train is None else "with y_train"
        raise ValueError(
            f'null={null!r} {given}; give null="scored", or null="training" and y_train'
        )

    def explained(self, formula, null, y_train, per):
        """1 - model / null; 0 where the null leaves nothing to explain (a silent neuron)."""
        model, zero = self.points(formula), self.points(formula, self.null(null, y_train))
        whole = self.reduce(zero, "all" if per == "all" else "neuron")
        gain = self.reduce(zero - model, per)
        return gain / np.where(whole == 0, np.inf, whole)


def log_likelihood(y, mu, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """Mean of log p(y | mu), with all its constants (such as log y!), in nats per sample."""
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    return scored.reduce(scored.points("log_likelihood"), per)


def deviance(y, mu, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """Mean of 2 (log p(y | mu = y) - log p(y | mu)) per sample: 0 is a perfect prediction."""
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    return scored.reduce(scored.points("deviance"), per)


def fraction_deviance_explained(
    y, mu, observation_model="Poisson", null="scored", y_train=None, sample_weight=None, per="all"
):
    """1 - D / D_null. per="sample": each sample's part, whose mean is the neuron's fraction."""
    scored = _Scored(y, mu, observation_model, None, sample_weight)
    return scored.explained("deviance", null, y_train, per)


def pseudo_r2(
    y, mu, observation_model="Poisson", score_type="pseudo-r2-McFadden", scale=None,
    null="scored", y_train=None, sample_weight=None, per="all",
):  # fmt: skip
    """McFadden: 1 - L / L_null. Cohen: 1 - D / D_null. Sums first, then one ratio, as NeMoS."""
    formula = {"pseudo-r2-McFadden": "log_likelihood", "pseudo-r2-Cohen": "deviance"}
    if score_type not in formula:
        raise ValueError(f"score_type={score_type!r}; give {' or '.join(formula)}")
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    return scored.explained(formula[score_type], null, y_train, per)


def bits_per_spike(
    y, mu, observation_model="Poisson", null="scored", y_train=None, sample_weight=None, per="all"
):
    """(L - L_null) / (spikes log 2): what the model knows about each spike."""
    scored = _Scored(y, mu, observation_model, None, sample_weight)
    zero = scored.points("log_likelihood", scored.null(null, y_train))
    gain = scored.reduce(scored.points("log_likelihood") - zero, per)
    spikes = scored.reduce(scored.y, "all" if per == "all" else "neuron")
    return gain / np.where(spikes == 0, np.inf, spikes * np.log(2))


def aic(y, mu, n_params, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """2 k - 2 L, L summed over samples; k = ``n_params`` of each neuron, intercept included."""
    return _criterion(lambda rows: 2, y, mu, n_params, observation_model, scale, sample_weight, per)


def bic(y, mu, n_params, observation_model="Poisson", scale=None, sample_weight=None, per="all"):
    """k log(rows that count) - 2 L: dearer parameters than in ``aic`` from 8 rows on."""
    return _criterion(np.log, y, mu, n_params, observation_model, scale, sample_weight, per)


def _criterion(price, y, mu, n_params, observation_model, scale, sample_weight, per):
    scored = _Scored(y, mu, observation_model, scale, sample_weight)
    rows = scored.weight.sum()
    loss = -2 * rows * scored.reduce(scored.points("log_likelihood"), "neuron")
    values = price(rows) * np.asarray(n_params, float) + loss
    return float(values.sum()) if per == "all" else values
