"""Benchmarks: ``python -m benchmarks headline | tutorial | first-fit | features``.

Each prints its time beside the optimality of its fits. ``--check`` also fits everything once more,
to a gap of 1e-8, and prints how far the worst neuron at the worst strength truly was from there.
Machines are noisy: quote medians and ratios. Results with machine and versions: results.md.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks.session import session

WORK = {
    "headline": {"T": 30_000, "groups": (25,) * 40, "velocities": 4, "neurons": 250},
    "tutorial": {"T": 27_396, "groups": (20,) * 9 + (13,) * 9 + (7,) * 3, "velocities": 3,
                 "neurons": 100},
}
STRENGTHS = 10.0 ** np.linspace(-1, -6, 11)
FIRST_FIT = """
import time; start = time.perf_counter()
import numpy as np, minglm as nmo
rng = np.random.default_rng(0)
X = rng.normal(size=(28_020, 8)); y = rng.poisson(np.exp(X[:, 0] / 2 - 3))
model = nmo.glm.GLM().fit(X, y); first = time.perf_counter() - start
again = time.perf_counter(); model.fit(X, y); again = time.perf_counter() - again
print(f"{first:.3f} {again:.4f} {model.gap_.max():.0e}")
"""


def machine():
    import jax

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"jax {jax.__version__}, numpy {np.__version__}")


def path(name, precision, check):
    """All strengths on all data and on five folds by trial: time, memory, gap."""
    import jax

    from minglm.glm import GLM
    from minglm.model_selection import GLMCV
    from minglm.regularizer import GroupLasso

    s = session(**WORK[name])
    X = s.X.astype(precision)
    model = GLM(regularizer=GroupLasso(blocks=s.groups), tol=5e-5)
    cv = GLMCV(model, strengths=STRENGTHS, cv=5, progress=sys.stderr.isatty())
    start = time.perf_counter()
    cv.fit(X, s.y, groups=s.trial)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name} {X.shape[0]} x {X.shape[1]}, {s.y.shape[1]} neurons, {len(STRENGTHS)} strengths "
          f"x 5 folds + all data, {precision}: {seconds:.1f} s, {memory:.2f} GB, "
          f"largest gap reported {cv.trace_['gap'].max():.1e}, "
          f"steps per fit {cv.trace_['n_iter'].mean():.2f}")
    if check:
        _, problem, _ = model.problem(s.X, s.y)
        far = [_distance(problem, cv.path_[i], lam, s, jax) for i, lam in enumerate(cv.strengths_)]
        print("  true distance from the optimum, in null deviances, per strength:",
              " ".join(f"{d:.0e}" for d in far))


def _distance(problem, fitted, strength, s, jax):
    """Worst neuron: objective of the fit less that of a fit to a gap of 1e-8."""
    from minglm import shared, solvers
    from minglm.glm import GLM
    from minglm.regularizer import GroupLasso

    model = GLM(regularizer=GroupLasso(blocks=s.groups), regularizer_strength=strength)
    penalty = model.problem(s.X, s.y)[2]
    with jax.enable_x64(True):
        w, b = np.asarray(fitted.coef_, float), np.asarray(fitted.intercept_, float)
        best = shared.solve(problem, penalty, (w, b), 1e-8, 500)
        value = problem.loss(problem.eta(w, b)) + penalty.value(w)
        return float(((value - best.value) / solvers.null_model(problem).unit).max())


def first_fit():
    """A fresh process: import, compile, fit 28,020 x 8; then the same fit again."""
    runs = [subprocess.run([sys.executable, "-c", FIRST_FIT], capture_output=True, text=True,
                           check=True).stdout.split() for _ in range(5)]
    first, again = np.median([[float(a), float(b)] for a, b, _ in runs], axis=0)
    print(f"first fit 28020 x 8 in a fresh process: {first:.2f} s (median of 5), "
          f"again {again * 1000:.1f} ms, gap {runs[0][2]}")


def features():
    """8 log-cosines over a window of 200 on 10^6 samples, against a loop over np.convolve."""
    from minglm.basis import RaisedCosineLogConv

    x = np.random.default_rng(0).poisson(0.1, 1_000_000).astype(float)
    basis = RaisedCosineLogConv(n_basis_funcs=8, window_size=200)
    loop = lambda: [np.convolve(x, k, "valid") for k in basis.kernels.T]
    times = {"minglm": [], "np.convolve": []}
    for _ in range(5):
        for name, run in (("minglm", lambda: basis.compute_features(x)), ("np.convolve", loop)):
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    ours, theirs = (np.median(t) for t in times.values())
    same = np.abs(basis.compute_features(x)[200:, 0] - loop()[0][:-1]).max()
    print(f"features 10^6 x 8, window 200: {ours:.3f} s, np.convolve {theirs:.3f} s, "
          f"ratio {theirs / ours:.1f}, largest difference {same:.0e}")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("work", choices=[*WORK, "first-fit", "features"])
    parser.add_argument("--precision", default="float64", choices=["float32", "float64"])
    parser.add_argument("--check", action="store_true", help="measure the true distance")
    args = parser.parse_args()
    machine()
    if args.work in WORK:
        path(args.work, args.precision, args.check)
    else:
        {"first-fit": first_fit, "features": features}[args.work]()


if __name__ == "__main__":
    main()
