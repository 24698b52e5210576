"""minglm and its peers on the same data in one run: median time, ratio, distance to the optimum.

A peer that is not installed is left out with a sentence (``pip install -e .[peers]`` has them all).
The distance is the objective less the lowest that any of them found, in null deviances.
"""

import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np


def timed(run, times=3):
    """Median seconds, and what ``run`` returned last."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    return np.median(seconds), result


def in_turn(runs, times=5):
    """{name: (median seconds, last result)}, all of them once before the next round."""
    rounds = [{name: timed(run, 1) for name, run in runs.items()} for _ in range(1 + times)][1:]
    return {name: (np.median([r[name][0] for r in rounds]), rounds[-1][name][1]) for name in runs}


def table(title, rows):
    """rows: (name, seconds, distance); ratios are to the first."""
    print(title)
    for name, seconds, distance in rows:
        ratio = f"{seconds / rows[0][1]:8.1f} x" if rows[0][1] else ""
        print(f"  {name:44s} {seconds:8.3f} s {ratio}   {distance}")


def poisson(T, P, N, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(T, P))
    X[:, 1:] = 0.6 * X[:, :-1] + 0.8 * X[:, 1:]  # neighbours are alike
    w = rng.normal(size=(P, N)) * (rng.uniform(size=(P, N)) < 0.3) / np.sqrt(0.3 * P) * 0.6
    return X, rng.poisson(np.exp(X @ w - 1.5)).astype(float)


def objective(X, y, coef, intercept, strength, ratio=0.0):
    """(N,): mean Poisson nll plus the elastic-net penalty, in NumPy."""
    coef, y = np.reshape(coef, (X.shape[1], -1)), y.reshape(len(y), -1)
    eta = X @ coef + np.ravel(intercept)
    penalty = (1 - ratio) * (coef**2).sum(0) / 2 + ratio * abs(coef).sum(0)
    return (np.exp(eta) - y * eta).mean(0) + strength * penalty


def unit(y):
    """(N,): null deviance per sample."""
    y = y.reshape(len(y), -1)
    mean = y.mean(0)
    return 2 * np.where(y > 0, y * np.log(np.maximum(y, 1) / mean), 0).mean(0)


def distances(X, y, fits, strength, ratio=0.0):
    """For each (coef, intercept): the worst neuron's distance to the best that was found."""
    values = [objective(X, y, *fit, strength, ratio) for fit in fits]
    best = np.min(values, axis=0)
    return [f"{((v - best) / unit(y)).max():.0e}" for v in values]


def absent(name):
    try:
        __import__(name)
    except ImportError:
        print(f"  ({name} is not installed, so it is left out)")
        return True
    return False


def ridge():
    """A population, one strength: 18,000 x 144, 18 neurons, as for head direction."""
    import jax

    from minglm.glm import GLM

    X, y = poisson(18_000, 144, 18)
    makers = {"minglm": lambda: GLM(regularizer="Ridge", regularizer_strength=1e-3)}
    if not absent("nemos"):
        import nemos

        makers["nemos PopulationGLM"] = lambda: nemos.glm.PopulationGLM(
            regularizer="Ridge", regularizer_strength=1e-3
        )
    rows, fits = [], []
    for name, make in makers.items():
        with jax.enable_x64(True), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, _ = timed(lambda make=make: make().fit(X, y), 1)
            again, model = timed(lambda make=make: make().fit(X, y))
        fits.append((np.asarray(model.coef_), np.asarray(model.intercept_)))
        rows.append((name, first, again))
    far = distances(X, y, fits, 1e-3)
    title = "population ridge, 18,000 x 144, 18 neurons, float64,"
    table(f"{title} first call", [(n, f, d) for (n, f, _), d in zip(rows, far, strict=True)])
    table(f"{title} repeat", [(n, a, d) for (n, _, a), d in zip(rows, far, strict=True)])


def cv():
    """5 strengths x 5 folds of 2,000 x 20, one neuron, and the refit; repeats."""
    import jax
    from sklearn.linear_model import PoissonRegressor
    from sklearn.model_selection import GridSearchCV, KFold

    from minglm.glm import GLM
    from minglm.model_selection import GLMCV

    X, y = poisson(2_000, 20, 1)
    y, strengths, folds = y[:, 0], 10.0 ** np.linspace(0, -4, 5), KFold(5)
    search = lambda model, name: GridSearchCV(model, {name: strengths}, cv=folds)
    sk = lambda solver: search(PoissonRegressor(solver=solver, max_iter=1000), "alpha")
    ours = lambda tol: GLMCV(GLM(regularizer="Ridge", tol=tol), strengths, folds).fit(X, y)
    runs = {
        "minglm GLMCV": lambda: ours(1e-14),
        "minglm GLMCV, tol=1e-7": lambda: ours(1e-7),
        "scikit-learn, lbfgs": lambda: sk("lbfgs").fit(X, y).best_estimator_,
        "scikit-learn, newton-cholesky": lambda: sk("newton-cholesky").fit(X, y).best_estimator_,
    }
    if not absent("glum"):
        import glum

        runs["glum GeneralizedLinearRegressorCV"] = lambda: glum.GeneralizedLinearRegressorCV(
            l1_ratio=0.0, alphas=strengths, family="poisson", cv=folds
        ).fit(X, y)
    if not absent("nemos"):
        import nemos

        runs["nemos in GridSearchCV"] = lambda: search(
            nemos.glm.GLM(regularizer="Ridge", regularizer_strength=1.0), "regularizer_strength"
        ).fit(X, y).best_estimator_
    slow = {name: runs.pop(name) for name in list(runs) if "nemos" in name}
    with jax.enable_x64(True), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = in_turn(runs) | {name: timed(run, 1) for name, run in slow.items()}
    rows, chosen = [], []
    for name, (seconds, model) in done.items():
        picked = [getattr(model, a, None) for a in ("strength_", "alpha", "alpha_")]
        picked = [*picked, getattr(model, "regularizer_strength", None)]
        strength = float(np.ravel([a for a in picked if a is not None][0])[0])
        chosen.append((np.asarray(model.coef_), np.asarray(model.intercept_), strength))
        rows.append((name, seconds))
    lines = []
    for (name, seconds), (coef, b, strength) in zip(rows, chosen, strict=True):
        best = GLM(regularizer="Ridge", regularizer_strength=strength).fit(X, y)
        far = distances(X, y, [(coef, b), (best.coef_, best.intercept_)], strength)[0]
        lines.append((name, seconds, f"{far} from the optimum at its choice, {strength:g}"))
    table("cross-validation, 5 strengths x 5 folds + refit, 2,000 x 20, one neuron", lines)


def paths():
    """Lasso and elastic net, Poisson, 5,000 x 50, one neuron, ten strengths; repeats."""
    X, y = poisson(5_000, 50, 1)
    y, strengths = y[:, 0], 10.0 ** np.linspace(-1.3, -3.5, 10)
    for ratio in (1.0, 0.5):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done = in_turn(_path_runs(X, y, strengths, ratio))
        rows = [(name, seconds) for name, (seconds, _) in done.items()]
        fits = [found for _, found in done.values()]
        far = [
            [float(d) for d in distances(X, y, [f[i] for f in fits], a, ratio)]
            for i, a in enumerate(strengths)
        ]
        far = [f"{d:.0e} at the worst strength" for d in np.max(far, axis=0)]
        name = "lasso" if ratio == 1 else "elastic net, half and half"
        rows = [(*row, d) for row, d in zip(rows, far, strict=True)]
        table(f"{name}, Poisson, 5,000 x 50, one neuron, 10 strengths", rows)


def _path_runs(X, y, strengths, ratio):
    import jax

    from minglm.glm import GLM
    from minglm.path import follow
    from minglm.penalty import Layout
    from minglm.regularizer import make_penalty

    def ours():
        _, problem, _ = GLM().problem(X, y)
        layout = Layout({"X": X.shape[1]}, 1)
        penalties = [make_penalty("ElasticNet", (a, ratio), layout) for a in strengths]
        with jax.enable_x64(True):
            return [(s.w, s.b) for s in follow(problem, penalties, None, tol=1e-9)]

    runs = {"minglm": ours}
    if not absent("glum"):
        import glum

        def glum_path():
            glm = glum.GeneralizedLinearRegressor(
                family="poisson", alpha_search=True, l1_ratio=ratio, alpha=list(strengths),
                gradient_tol=1e-7,
            ).fit(X, y)
            return list(zip(glm.coef_path_, glm.intercept_path_, strict=True))

        runs["glum, alpha_search"] = glum_path
    if not absent("skglm"):
        runs["skglm, ProxNewton"] = lambda: _skglm_path(X, y, strengths, ratio)
    return runs


def _skglm_path(X, y, strengths, ratio):
    from skglm import GeneralizedLinearEstimator
    from skglm.datafits import Poisson
    from skglm.penalties import L1_plus_L2
    from skglm.solvers import ProxNewton

    solver, found = ProxNewton(fit_intercept=True, warm_start=True, tol=1e-6), []
    model = GeneralizedLinearEstimator(Poisson(), L1_plus_L2(1.0, ratio), solver)
    for a in strengths:
        model.penalty = L1_plus_L2(a, ratio)
        model.fit(X, y)
        found.append((model.coef_.copy(), np.copy(model.intercept_)))
    return found


FIRST = """
import time; start = time.perf_counter()
import numpy as np
rng = np.random.default_rng(0)
X = rng.normal(size=(28_020, 8)); y = 1.0 * rng.poisson(np.exp(X[:, 0] / 2 - 3))
{fit}
w, b = fit(X, y); first = time.perf_counter() - start
times = []
for _ in range(5):
    again = time.perf_counter(); w, b = fit(X, y); times.append(time.perf_counter() - again)
eta = X @ np.ravel(w) + np.ravel(b)
print(first, np.median(times), (np.exp(eta) - y * eta).mean())
"""
FITS = {
    "minglm": """
import minglm as nmo
def fit(X, y):
    model = nmo.glm.GLM().fit(X, y)
    return model.coef_, model.intercept_
""",
    "nemos": """
import warnings; warnings.simplefilter("ignore")
import jax; jax.config.update("jax_enable_x64", True)
import nemos as nmo
def fit(X, y):
    model = nmo.glm.GLM().fit(X, y)
    return model.coef_, model.intercept_
""",
    "bare JAX Newton": """
import jax, jax.numpy as jnp; jax.config.update("jax_enable_x64", True)
@jax.jit
def newton(X, y):
    A = jnp.hstack([X, jnp.ones((len(X), 1))])
    def step(state):
        w, _ = state
        mu = jnp.exp(A @ w)
        d = jnp.linalg.solve((A * mu[:, None]).T @ A, A.T @ (y - mu))
        return w + d, jnp.abs(d).max()
    start = jnp.zeros(A.shape[1]).at[-1].set(jnp.log(y.mean())), jnp.inf
    return jax.lax.while_loop(lambda s: s[1] > 1e-9, step, start)[0]
def fit(X, y):
    w = np.asarray(newton(X, y))
    return w[:-1], w[-1]
""",
}


def first_fit():
    """A fresh process: import, compile, fit 28,020 x 8; then the same fit again."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        cache = {
            "JAX_COMPILATION_CACHE_DIR": folder,
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        }
        for name, fit in FITS.items():
            if name == "nemos" and absent(name):
                continue
            for extra in ({}, cache):
                code, env = FIRST.format(fit=fit), os.environ | extra
                runs = [_fresh(code, env) for _ in range(3 + bool(extra))][bool(extra) :]
                results[name + ", warm cache on disk" * bool(extra)] = np.array(runs)
    best = min(r[:, 2].min() for r in results.values())
    far = {k: f"objective {r[:, 2].max() - best:.0e} above the best" for k, r in results.items()}
    for title, column in (("first fit in a fresh process", 0), ("refit", 1)):
        rows = [(name, np.median(r[:, column]), far[name]) for name, r in results.items()]
        table(f"{title}, 28,020 x 8, float64", rows)


def _fresh(code, env):
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return [float(word) for word in run.stdout.split()]
