"""How strong a penalty: a path of strengths, cross-validation, and one choice per neuron.

    cv = GLMCV(GLM(regularizer="GroupLasso"), strengths=10.0 ** np.linspace(-1, -6, 11), cv=5)
    cv.fit(X, y, groups=trial)
    cv.strength_, cv.coef_               # chosen per neuron; weights of the fit to all data
    cv.predict_held_out(X)               # each row by weights that never saw it
    cv.select(se_fraction=1)             # choose anew by the 1-SE rule; nothing is fitted

Folds become 0/1 weights of rows, so shapes stay and nothing is compiled anew. It is neither a
search over several hyper-parameters (use scikit-learn's GridSearchCV) nor a test on new data.
"""

import contextlib
import copy
import warnings
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from scipy.ndimage import maximum_filter1d

from minglm.design import read_design, read_offset
from minglm.glm import GLM, ConvergenceWarning, SilentNeuronWarning
from minglm.regularizer import Layout, make_penalty
from minglm.solvers import solve, tolerance


def make_folds(n_samples, cv=5, groups=None, gap=0):
    """[(train, test), ...] as boolean rows.

    ``cv``: a number of blocks of neighbouring samples (or, with ``groups``, of whole groups, such
    as trials), a scikit-learn splitter, or pairs of indices. ``gap`` bins on both sides of what is
    tested are not trained on: give at least the history window. Rows with a NaN group are in none.
    """
    inside = np.ones(n_samples, bool)
    if groups is not None:
        groups = np.asarray(groups)
        if groups.shape != (n_samples,):
            raise ValueError(f"groups has shape {groups.shape}; give one per row, ({n_samples},)")
        inside = groups == groups
    rows = np.flatnonzero(inside)
    if isinstance(cv, int) and groups is None:
        pairs = [(np.setdiff1d(rows, test), test) for test in np.array_split(rows, cv)]
    elif isinstance(cv, int) or hasattr(cv, "split"):
        from sklearn.model_selection import GroupKFold

        splitter = GroupKFold(cv) if isinstance(cv, int) else cv
        kept = None if groups is None else groups[inside]
        pairs = [(rows[a], rows[b]) for a, b in splitter.split(rows[:, None], None, kept)]
    else:
        pairs = cv
    return [_fold(n_samples, *pair, gap) for pair in pairs]


def _fold(n_samples, train, test, gap):
    masks = np.zeros((2, n_samples), bool)
    masks[0, train] = masks[1, test] = True
    if (masks[0] & masks[1]).any():
        raise ValueError("a fold trains on rows it tests; give train and test without overlap")
    masks[0] &= maximum_filter1d(masks[1].astype(int), 2 * gap + 1, mode="constant") == 0
    if not masks.any(axis=1).all():
        raise ValueError(
            f"a fold of {n_samples} rows has {masks[0].sum()} to train on and {masks[1].sum()} to "
            f"test (gap={gap}); give fewer folds, more rows or a smaller gap"
        )
    return masks


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
        se = np.sqrt(np.nansum(apart**2, axis=0)) / folds[best]
    limit = mean[best] + se_fraction * se
    return np.minimum((mean <= limit).argmax(0), (strengths >= min_lambda).sum() - 1)


class GLMCV:
    """A GLM whose strength is chosen for each neuron by cross-validation.

    ``fit`` follows the path of ``strengths`` from strong to weak on all data, each fit started from
    the last, then on each fold of ``make_folds(len(X), cv, groups, gap)``, started from all data at
    the same strength. ``se_fraction`` and ``min_lambda``: see ``select_strength``. Then there are

    strengths_ (L,) and deviance_ (L, folds, N): summed over what each fold holds out;
    index_, strength_ (N,): the choice; model_: the GLM of all data at these strengths;
    path_: the GLMs of all data at each strength, as for a population;
    trace_: {"loss", "gap", "n_iter"} of every fit, (1 + folds, L, N), all data first.
    """

    def __init__(
        self,
        model=None,
        strengths=tuple(10.0 ** np.linspace(-1, -6, 11)),
        cv=5,
        gap=0,
        se_fraction=0.0,
        min_lambda=0.0,
        progress=True,
    ):
        self.model = model
        self.strengths = strengths
        self.cv = cv
        self.gap = gap
        self.se_fraction = se_fraction
        self.min_lambda = min_lambda
        self.progress = progress

    coef_ = property(lambda self: self.model_.coef_)
    intercept_ = property(lambda self: self.model_.intercept_)
    predict = property(lambda self: self.model_.predict)
    score = property(lambda self: self.model_.score)

    def fit(self, X, y, groups=None, sample_weight=None, offset=None):
        """Fit every strength to all data and to each fold, then ``select``."""
        model = copy.deepcopy(self.model or GLM(regularizer="Ridge"))
        self.strengths_ = np.unique(np.asarray(self.strengths, float))[::-1]
        design, problem, _ = model.problem(X, y, sample_weight, offset)
        layout = Layout(design.blocks, problem.y.shape[1])
        penalties = [make_penalty(model.regularizer, a, layout) for a in self.strengths_]
        folds = make_folds(len(design.values), self.cv, groups, self.gap)
        options = max(model.tol, tolerance(problem.X.dtype)), model.max_iter
        with jax.enable_x64(True), _bar(self.progress, (1 + len(folds)) * len(penalties)) as bar:
            problem, penalties = jax.device_put((problem, penalties))
            starts, trace = self._fit_path(model, design, problem, penalties, options, bar)
            fits = [_fit_fold(problem, f, penalties, starts, options, bar) for f in folds]
        self._weights, deviances, traces = zip(*fits, strict=True)
        self.deviance_ = np.stack(deviances, axis=1)
        traces = np.moveaxis(np.array([trace, *traces]), 2, 0)
        self.trace_ = dict(zip(("loss", "gap", "n_iter"), traces, strict=True))
        self._tests, self._one_neuron = [test for _, test in folds], np.ndim(y) == 1
        worst = f"{traces[1].max():.1e} null deviances (see trace_)"
        advice = "raise max_iter, or leave out the smallest strengths"
        late = (self.trace_["gap"] > options[0]).any(axis=(0, 1))
        for which, category, sentence in (
            (self.path_[0].silent_, SilentNeuronWarning, "y is the same in every bin"),
            (late, ConvergenceWarning, f"some fits stopped short by up to {worst}; {advice}"),
        ):
            if which.any():
                warnings.warn(f"neurons {np.flatnonzero(which).tolist()}: {sentence}", category, 2)
        return self.select()

    def _fit_path(self, model, design, problem, penalties, options, bar):
        """All data, strong to weak: [(w, b)] to start folds from, and the trace."""
        mean = jnp.sum(problem.weight * problem.y, axis=0, dtype=float)
        starts, trace, self.path_ = [(jnp.zeros_like(problem.mask), problem.link.eta(mean))], [], []
        for strength, penalty in zip(self.strengths_, penalties, strict=True):
            s = bar(solve(problem, penalty, starts[-1], *options))
            glm = copy.copy(model).set_params(regularizer_strength=strength)
            glm._keep(design, problem, penalty, jax.tree.map(np.asarray, s))
            glm.converged_ = glm.gap_ <= options[0]
            self.path_.append(glm)
            starts.append((s.w, s.b))
            trace.append((problem.loss(s.eta), s.gap, s.steps))
        return starts[1:], trace

    def select(self, se_fraction=None, min_lambda=None):
        """Choose strengths anew; nothing is fitted. None: as given when made."""
        se_fraction = self.se_fraction if se_fraction is None else se_fraction
        min_lambda = self.min_lambda if min_lambda is None else min_lambda
        self.index_ = select_strength(self.strengths_, self.deviance_, se_fraction, min_lambda)
        self.strength_ = self.strengths_[self.index_]
        self.model_ = copy.copy(self.path_[0]).set_params(regularizer_strength=self.strength_[None])
        for name, value in vars(self.path_[0]).items():
            if name.endswith("_") and not isinstance(value, int):
                values = [getattr(glm, name) for glm in self.path_]
                setattr(self.model_, name, jax.tree.map(self._pick, *values))
        if self._one_neuron:
            self.model_.regularizer_strength = float(self.strength_[0])
            self.model_.coef_ = jax.tree.map(lambda w: w[:, 0], self.model_.coef_)
        return self

    def _pick(self, *values):
        """From one array (..., N) per strength, each neuron's at its own strength."""
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


def _fit_fold(problem, fold, penalties, starts, options, bar):
    """Of one fold: [(w, b)] and held-out deviance (L, N) per strength, and their trace."""
    train, test = (rows[:, None] for rows in fold)
    unit = problem.weight * (problem.weight > 0).sum()  # 1 per row, unless sample_weight says else
    weight = jnp.where(train, problem.weight, 0)
    part = replace(problem, weight=weight / weight.sum())
    weights, deviances, trace = [], [], []
    for penalty, start in zip(penalties, starts, strict=True):
        s = bar(solve(part, penalty, start, *options))
        deviance, loss = _judge(part, s.eta, jnp.where(test, unit, 0))
        deviances.append(np.where(s.silent, np.nan, deviance))
        weights.append((np.asarray(s.w), np.asarray(s.b)))
        trace.append((loss, s.gap, s.steps))
    return weights, np.stack(deviances), trace


@jax.jit
def _judge(p, eta, rows):
    """(N,): deviance summed over ``rows`` (T, 1), and training loss per sample."""
    deviance = p.family.deviance(p.y, p.link.mean(eta))
    return jnp.where(rows > 0, rows * deviance, 0).sum(0, dtype=float), p.loss(eta)


@contextlib.contextmanager
def _bar(wanted, total):
    """A way to pass solutions on that counts them on a progress bar: after 5 s, if someone looks
    (a terminal or a notebook) and tqdm is there."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        wanted = False
    if not wanted:
        yield lambda s: s
        return
    with tqdm(total=total, desc="strengths x folds", delay=5, disable=None) as bar:

        def count(s):
            bar.set_postfix(gap=f"{float(s.gap.max()):.0e}", refresh=False)
            bar.update()
            return s

        yield count
