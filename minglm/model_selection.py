"""How strong a penalty: a path of strengths, cross-validation, and a choice for each neuron.

    cv = GLMCV(GLM(regularizer="GroupLasso"), strengths=10.0 ** np.linspace(-1, -6, 11), cv=5)
    cv.fit(X, y, groups=trial)
    cv.strength_, cv.coef_               # chosen per neuron; weights of the fit to all data
    cv.predict_held_out(X)               # each row by weights that never saw it
    cv.select(se_fraction=1)             # choose anew by the 1-SE rule; nothing is fitted

For several hyper-parameters at once, use scikit-learn's GridSearchCV on a GLM.
"""

import contextlib
import copy
import warnings
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from scipy.ndimage import maximum_filter1d

from minglm.chunks import Chunks
from minglm.design import read_design, read_offset
from minglm.glm import GLM, ConvergenceWarning, SilentNeuronWarning
from minglm.path import follow, prepare, with_eta
from minglm.penalty import Layout
from minglm.regularizer import make_penalty
from minglm.shared import times
from minglm.solvers import tolerance


def make_folds(n_samples, cv=5, groups=None, gap=0):
    """[(train, test), ...] as boolean rows.

    ``cv``: a number of blocks of neighbouring samples (or, with ``groups``, of whole groups, such
    as trials), a scikit-learn splitter, or pairs of indices. ``gap`` bins on both sides of what is
    tested are not trained on: give at least the history window. Rows with a NaN group are in none.
    """
    known = np.ones(n_samples, bool) if groups is None else np.asarray(groups) == groups
    if np.shape(known) != (n_samples,):
        raise ValueError(f"groups has shape {np.shape(groups)}; give one per row, ({n_samples},)")
    rows, pairs, folds = np.flatnonzero(known), cv, []
    if isinstance(cv, int) and groups is None:
        pairs = [(np.setdiff1d(rows, test), test) for test in np.array_split(rows, cv)]
    elif isinstance(cv, int) or hasattr(cv, "split"):
        from sklearn.model_selection import GroupKFold

        splitter = GroupKFold(cv) if isinstance(cv, int) else cv
        kept = None if groups is None else np.asarray(groups)[known]
        pairs = [(rows[a], rows[b]) for a, b in splitter.split(rows[:, None], None, kept)]
    for train, test in pairs:
        fold = np.zeros((2, n_samples), bool)
        fold[0, train] = fold[1, test] = True
        if fold.all(axis=0).any():
            raise ValueError("a fold trains on rows it tests; give train and test without overlap")
        fold[0] &= maximum_filter1d(fold[1].astype(int), 2 * gap + 1, mode="constant") == 0
        if not fold.any(axis=1).all():
            rows = "{} to train on and {} to test".format(*fold.sum(axis=1))
            raise ValueError(f"a fold has {rows}; give fewer folds, more rows or a smaller gap")
        folds.append(fold)
    return folds


def select_strength(strengths, deviance, se_fraction=0.0, min_lambda=0.0):
    """Index (N,) into ``strengths`` (L,), strong to weak, from held-out deviance (L, folds, N).

    The first whose mean over folds is at most best + se_fraction * SE (of the folds' deviances at
    the best), but not weaker than ``min_lambda``. Folds with NaN do not count.
    """
    strengths, known = np.asarray(strengths), ~np.isnan(deviance)
    if (np.diff(strengths) >= 0).any() or not se_fraction >= 0 or strengths[0] < min_lambda:
        raise ValueError(
            f"give strengths that fall, at least one of them >= min_lambda={min_lambda}, "
            f"and se_fraction={se_fraction} from 0 (the best) to 1 (the 1-SE rule)"
        )
    folds = np.maximum(known.sum(1), 1)  # (L, N)
    mean = np.where(known, deviance, 0).sum(1) / folds
    best = mean.argmin(0), np.arange(mean.shape[1])
    with np.errstate(invalid="ignore"):  # inf - inf, where every strength is infinitely bad
        apart = deviance[best[0], :, best[1]].T - mean[best]  # (folds, N)
    limit = mean[best] + se_fraction * np.sqrt(np.nansum(apart**2, axis=0)) / folds[best]
    return np.minimum((mean <= limit).argmax(0), (strengths >= min_lambda).sum() - 1)


class GLMCV:
    """A GLM whose strength is chosen for each neuron by cross-validation.

    ``fit`` follows ``strengths`` from strong to weak, each fit started from the one before, on all
    data and on each fold of ``make_folds``; folds are 0/1 weights of rows.
    ``se_fraction``, ``min_lambda``: see ``select_strength``. Then there are

    strengths_ (L,) and deviance_ (L, folds, N): summed over what each fold holds out;
    index_, strength_ (N,): the choice; model_: the GLM of all data at these strengths;
    path_: the GLMs of all data at each strength, as for a population;
    trace_: {"loss", "gap", "n_iter"} of every fit, (1 + folds, L, N), all data first.
    """

    def __init__(
        self, model=None, strengths=tuple(10.0 ** np.linspace(-1, -6, 11)), cv=5, gap=0,
        se_fraction=0.0, min_lambda=0.0, progress=True,
    ):  # fmt: skip
        self.model, self.strengths, self.cv, self.gap = model, strengths, cv, gap
        self.se_fraction, self.min_lambda, self.progress = se_fraction, min_lambda, progress

    coef_ = property(lambda self: self.model_.coef_)
    intercept_ = property(lambda self: self.model_.intercept_)
    predict = property(lambda self: self.model_.predict)
    score = property(lambda self: self.model_.score)
    get_params, set_params = GLM.get_params, GLM.set_params
    __sklearn_tags__ = lambda self: (self.model or GLM()).__sklearn_tags__()

    def fit(self, X, y, groups=None, sample_weight=None, offset=None):
        """Fit every strength to all data and to each fold, then ``select``."""
        model = copy.deepcopy(self.model or GLM(regularizer="Ridge"))
        self.strengths_ = np.unique(np.asarray(self.strengths, float))[::-1]
        design, problem, _ = model.problem(X, y, sample_weight, offset)
        layout = Layout(design.blocks, problem.y.shape[1])
        penalties = [make_penalty(model.regularizer, a, layout) for a in self.strengths_]
        folds = make_folds(len(design.values), self.cv, groups, self.gap)
        options = max(model.tol, tolerance(problem.X.dtype)), model.max_iter
        self.path_ = [copy.copy(model).set_params(regularizer_strength=a) for a in self.strengths_]
        self._tests, self._one_neuron = [test for _, test in folds], np.ndim(y) == 1
        bar = _bar(self.progress, (1 + len(folds)) * len(penalties), layout.n_neurons)
        with jax.enable_x64(True), bar as see:
            problem, metric = prepare(problem, penalties[0])  # of all rows: as good for folds
            keep = lambda i, s: self.path_[i]._keep(
                design, problem, penalties[i], with_eta(problem, s), options[0]
            )
            rest = max(test.sum() for test in self._tests), penalties, metric, None, *options, see
            whole = _fit_path(problem, (True, self._tests[0] & False), keep, *rest)
            parts = [_fit_path(problem, fold, lambda i, s: None, *rest) for fold in folds]
        self._weights, self.deviance_ = [p[0] for p in parts], np.stack([p[1] for p in parts], 1)
        trace = np.moveaxis(np.array([p[2] for p in (whole, *parts)]), 2, 0)
        self.trace_ = dict(zip(("loss", "gap", "n_iter"), trace, strict=True))
        self._warn(options[0])
        return self.select()

    def _warn(self, tol):
        worst = f"{self.trace_['gap'].max():.1e} null deviances (see trace_)"
        late, silent = (self.trace_["gap"] > tol).any(axis=(0, 1)), self.path_[0].silent_
        advice = "raise max_iter, or leave out the smallest strengths"
        for which, category, sentence in (
            (silent, SilentNeuronWarning, "y is the same in every bin"),
            (late, ConvergenceWarning, f"some fits stopped short by up to {worst}; {advice}"),
        ):
            if which.any():
                warnings.warn(f"neurons {np.flatnonzero(which).tolist()}: {sentence}", category, 3)

    def select(self, se_fraction=None, min_lambda=None):
        """Choose strengths anew; nothing is fitted. None: as given when made."""
        se_fraction = self.se_fraction if se_fraction is None else se_fraction
        min_lambda = self.min_lambda if min_lambda is None else min_lambda
        self.index_ = select_strength(self.strengths_, self.deviance_, se_fraction, min_lambda)
        self.strength_ = self.strengths_[self.index_]
        self.model_ = copy.copy(self.path_[0]).set_params(regularizer_strength=self.strength_[None])
        for name, value in vars(self.path_[0]).items():
            if name.endswith("_") and not isinstance(value, int):
                setattr(self.model_, name, self._pick(*(getattr(g, name) for g in self.path_)))
        if self._one_neuron:
            self.model_.regularizer_strength = float(self.strength_[0])
            w = self.model_.coef_
            self.model_.coef_ = {k: w[k][:, 0] for k in w} if isinstance(w, dict) else w[:, 0]
        return self

    def _pick(self, *values):
        """From one array (..., N) or dict per strength, each neuron's at its own strength."""
        if isinstance(values[0], dict):
            return {k: self._pick(*(v[k] for v in values)) for k in values[0]}
        return np.stack([values[i][..., n] for n, i in enumerate(self.index_)], axis=-1)

    def predict_held_out(self, X, offset=None):
        """Each row by the weights of the fold that tested it (mean, if several did; else NaN).

        X as in ``fit``, or an altered copy of it, with a variable taken out.
        """
        X = {k: X[k] for k in self.path_[0].coef_} if isinstance(X, dict) else X  # in fit's order
        design, (_, link) = read_design(X), self.model_._model()
        if len(design.values) != len(self._tests[0]):
            raise ValueError(f"X has {len(design.values)} rows; give those of fit, altered or not")
        shape = len(design.values), len(self.index_)
        shift = 0 if offset is None else read_offset(offset, shape)
        total, count = np.zeros(shape), sum(self._tests)[:, None]
        for test, weights in zip(self._tests, self._weights, strict=True):
            w, b = (self._pick(*values) for values in zip(*weights, strict=True))
            with jax.enable_x64(True):
                mu = link.mean(design.values @ w + b + shift)
            total += np.where(test[:, None], mu, 0)
        mu = total / np.where(count > 0, count, np.nan)
        return design.series.wrap(mu[:, 0] if self._one_neuron else mu)


def _fit_path(problem, fold, keep, size, penalties, *options):
    """On one fold, per strength: [(w, b)], held-out deviances (L, N), [(loss, gap, steps)].

    ``size`` is that of the largest test set: all are judged in arrays of this size.
    """
    weight = np.where(np.reshape(fold[0], (-1, 1)), problem.weight, 0)
    part, test = replace(problem, weight=weight / weight.sum()), np.flatnonzero(fold[1])
    rows = np.resize(test, size) if len(test) else np.zeros(size, int)
    unit = (problem.weight > 0).sum() * (np.arange(size) < len(test))  # 1 / T is what a row weighs
    cut = lambda a: a if isinstance(a, Chunks) or len(a) == 1 else a[rows]
    held = {name: cut(getattr(problem, name)) for name in ("X", "y", "offset")}
    held = replace(problem, weight=unit[:, None] * problem.weight[rows], **held)
    weights, deviances, trace = [], [], []
    for i, s in enumerate(follow(part, penalties, *options)):
        move = times(held.X, s.w) if len(held.X) == size else times(held.X, s.w)[rows]
        deviances.append(np.where(s.silent, np.nan, _judge(replace(held, X=None), move, s.b)))
        weights.append((s.w, s.b))
        trace.append((s.loss, s.gap, s.steps))
        keep(i, s)
    return weights, np.stack(deviances), trace


@jax.jit
def _judge(p, move, b):
    """(N,): deviance, summed over rows."""
    deviance = p.family.deviance(p.y, p.link.mean(move + b + p.offset))
    return jnp.where(p.weight > 0, p.weight * deviance, 0).sum(0, dtype=float)


@contextlib.contextmanager
def _bar(wanted, total, n_neurons):
    """What counts fits on a bar, if tqdm is there: after 5 s, in a terminal or a notebook."""
    with contextlib.ExitStack() as stack:
        see = lambda fits, gap: None
        with contextlib.suppress(ImportError):
            from tqdm.auto import tqdm

            options = {"delay": 5, "disable": None if wanted else True}
            bar = stack.enter_context(tqdm(total=total, desc="strengths x folds", **options))
            see = lambda n, gap: bar.update(n / n_neurons) and bar.set_postfix(gap=f"{gap:.0e}")
        yield see
