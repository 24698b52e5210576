"""What a fitted model says: kernels and tuning curves in real units, and who contributes how much.

    curve = curves(glm, basis, X, y, dt=0.001)["history"]
    curve.axis, curve.value, curve.low, curve.high, curve.gain.value
    columns = basis.split_by_feature(np.arange(P), axis=0)
    breakdown(cv.predict_held_out, X, y, columns)["history"].explained

Nothing here is fitted, but for ``comparison``, which refits without each variable.
"""

import copy
from collections import namedtuple
from typing import NamedTuple

import numpy as np

from minglm import metrics
from minglm.basis import Conv
from minglm.design import read_design
from minglm.inference import covariance, z_of
from minglm.shapes import bins


class Curve(NamedTuple):
    """``value`` (n,) or (n, N) in log gain (units of the linear predictor) along ``axis``.
    ``low``, ``high``: pointwise interval, None without a covariance."""

    axis: np.ndarray
    value: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    @property
    def gain(self):
        """The curve as a factor on the rate: exp of it, for models with an exponential link."""
        return Curve(self.axis, *(None if v is None else np.exp(v) for v in self[1:]))

    @property
    def strength(self):
        """mean |value| along the axis, one number per neuron."""
        return abs(self.value).mean(axis=0)


def _curve(axis, functions, weights, covariance, level):
    value = functions @ weights
    if covariance is None:
        return Curve(axis, value)
    spec = "...b,bc,...c->..." if np.ndim(weights) == 1 else "...b,nbc,...c->...n"
    variance = np.einsum(spec, functions, np.asarray(covariance), functions)
    reach = z_of(level) * np.sqrt(variance)
    return Curve(axis, value, value - reach, value + reach)


def kernel(basis, weights, covariance=None, dt=1.0, level=0.95):
    """The filter of a Conv basis over lags, in the unit of ``dt``, the length of a bin.
    weights (B,) or (B, N), their covariance (B, B) or (N, B, B). The newest bin that a history sees
    is one bin back, so lags start at dt (without shift at 0, anti-causal below 0)."""
    W = len(basis.kernels)
    newest = {"causal": basis.shift, "acausal": -(W // 2), "anti-causal": 1 - W - basis.shift}
    lags = (newest[basis.causality] + np.arange(W)) * dt
    return _curve(lags, basis.kernels, weights, covariance, level)


def tuning_curve(basis, weights, covariance=None, n_samples=100, level=0.95):
    """The tuning of an Eval basis over its bounds, in the unit of its input (cm, Hz, rad).
    For a product of bases, ``axis`` is the tuple of their grids."""
    *grids, functions = basis.evaluate_on_grid(n_samples)
    axis = grids[0] if len(grids) == 1 else tuple(grids)
    return _curve(axis, functions, weights, covariance, level)


def curves(glm, basis, X=None, y=None, dt=1.0, n_samples=100, level=0.95):
    """{label: Curve} of every part of the (sum of) bases whose features were all of X.
    With the X and y of the fit, each has its interval. A part that reads several signals gives one
    curve for each: "label[0]", "label[1]", ..."""
    found, cov = {}, None if y is None else covariance(glm, X, y)[..., 1:, 1:]
    columns = basis.split_by_feature(np.arange(len(glm.coef_)), axis=0)
    for part, (label, at) in zip(basis.parts, columns.items(), strict=True):
        curve, unit = (kernel, dt) if isinstance(part, Conv) else (tuning_curve, n_samples)
        for c, own in enumerate(at.reshape(-1, at.shape[-1])):
            own_cov = None if cov is None else cov[..., own[:, None], own]
            name = label if at.ndim == 1 else f"{label}[{c}]"
            found[name] = curve(part, glm.coef_[own], own_cov, unit, level)
    return found


def coupling_filters(basis, weights):
    """(receiver, sender, W) from weights (senders * B, receivers) on one Conv basis."""
    C = np.asarray(weights).reshape(-1, basis.n_basis_funcs, np.shape(weights)[-1])
    return np.einsum("wb,sbr->rsw", basis.kernels, C)


Contribution = namedtuple("Contribution", "null explained")


def contribution(reduced, full, null, by=None, edges=None):
    """What a reduced model loses, as a fraction of the ``null`` and of the ``explained`` deviance.
    From deviances per sample, (T,) or (T, N): (N,), or (bins, N) per bin of ``by``. There the loss
    is capped by the bin's own null (or explained, at least 0) deviance and divided by the mean over
    all samples. 0 for a silent neuron. Tseng et al. (2022) Neuron 110(15)."""
    used = np.isfinite(reduced + full + null).reshape(len(full), -1).all(1)
    lost, gained, null = (reduced - full)[used], (null - full)[used], null[used]
    units = [np.where(unit == 0, np.inf, unit) for unit in (null.mean(0), gained.mean(0))]
    if by is None:
        return Contribution(*(lost.mean(0) / unit for unit in units))
    inside = np.nan_to_num(bins(np.asarray(by)[used], edges))  # (T, bins)
    with np.errstate(invalid="ignore"):
        inside /= inside.sum(0)  # NaN for a bin without rows
    lost, gained, null = (inside.T @ v for v in (lost, gained, null))
    caps = null, np.maximum(gained, 0)
    return Contribution(*(np.minimum(lost, c) / u for c, u in zip(caps, units, strict=True)))


def breakdown(predict, X, y, blocks=None, observation_model="Poisson", by=None, edges=None):
    """{variable: Contribution} by taking each out of a prediction, without refit.

    ``predict``: ``cv.predict_held_out``, or ``glm.predict`` with data that it was not fitted on.
    ``blocks``: {variable: its columns of X}; a dict X has its own. Features that are taken out are
    set to their mean. Correlated variables share their part: each looks large here, and small in
    ``comparison``, where the others may take over.
    """
    design = read_design(X)

    def reduced(columns):
        values = design.values.copy()
        values[:, columns] = np.nanmean(values[:, columns], axis=0)
        blocks = design.split(values.T)
        return predict({k: v.T for k, v in blocks.items()} if design.named else values)

    return _contributions(predict(X), reduced, design, blocks, y, observation_model, by, edges)


def comparison(
    cv, X, y, blocks=None, groups=None, by=None, edges=None, sample_weight=None, offset=None
):  # fmt: skip
    """{variable: Contribution} by refitting ``cv``, a fitted GLMCV, without each: what no other
    variable can stand for. Arguments as in ``breakdown`` and in ``cv.fit``."""
    design, problem, _ = cv.model_.problem(X, y)

    def reduced(columns):
        mask = problem.mask.copy()
        mask[columns] = 0
        other = copy.copy(cv)
        other.model = copy.copy(cv.model_).set_params(feature_mask=mask)
        return other.fit(X, y, groups, sample_weight, offset).predict_held_out(X, offset)

    full, family = cv.predict_held_out(X, offset), cv.model_.observation_model
    return _contributions(full, reduced, design, blocks, y, family, by, edges)


def _contributions(full, reduced, design, blocks, y, observation_model, by, edges):
    if blocks is None and not design.named:
        raise ValueError("blocks is missing; give {variable: its columns of X}, or X as a dict")
    y, P = np.asarray(y, float), np.arange(design.values.shape[1])
    points = lambda mu: np.asarray(metrics.deviance(y, mu, observation_model, per="sample"))
    full = points(full)
    used = np.isfinite(full).reshape(len(y), -1).all(1)
    null = points(np.broadcast_to(y[used].mean(0), y.shape))
    return {
        name: contribution(points(reduced(P[own].ravel())), full, null, by, edges)
        for name, own in (blocks or design.split(P)).items()
    }
