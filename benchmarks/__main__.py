"""Benchmarks: ``python -m benchmarks WORK ...``; see ``make bench`` and ``make bench-gpu``.

    headline, tutorial      a path of 11 strengths on all data and on five folds by trial
    ridge, cv, paths        against NeMoS, scikit-learn, glum and skglm, where they are installed
    first-fit               in a fresh process, and again; with and without a cache on disk
    features                convolutions of 10^6 samples against np.convolve; 100 signals
    exponents, memory       how time grows with rows and neurons, memory with strengths and folds
    gpu                     the same fits in both precisions on CPU and GPU

Each prints its time beside the optimality of its fits. ``--check`` also fits headline or tutorial
to a gap of 1e-8, and prints how far the worst neuron truly was from there at each strength.
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

from benchmarks import peers, scaling
from benchmarks.session import session

WORK = {
    "headline": {"T": 30_000, "groups": (25,) * 40, "velocities": 4, "neurons": 250},
    "tutorial": {"T": 27_396, "groups": (20,) * 9 + (13,) * 9 + (7,) * 3, "velocities": 3,
                 "neurons": 100},
}
STRENGTHS = 10.0 ** np.linspace(-1, -6, 11)


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
    model = GLM(regularizer=GroupLasso(blocks=s.groups), tol=2e-5)
    cv = GLMCV(model, strengths=STRENGTHS, cv=5, progress=sys.stderr.isatty())
    start, used = time.perf_counter(), time.process_time()
    cv.fit(X, s.y, groups=s.trial)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name} {X.shape[0]} x {X.shape[1]}, {s.y.shape[1]} neurons, {len(STRENGTHS)} strengths "
          f"x 5 folds + all data, {precision}: {seconds:.1f} s ({used:.0f} s of CPU), "
          f"{memory:.2f} GB, "
          f"largest gap reported {cv.trace_['gap'].max():.1e}, "
          f"steps per fit {cv.trace_['n_iter'].mean():.2f}")
    if check:
        _, problem, _ = model.problem(s.X, s.y)
        far = [_distance(problem, cv.path_[i], lam, s, jax) for i, lam in enumerate(cv.strengths_)]
        print("  true distance from the optimum, in null deviances, per strength:",
              " ".join(f"{d:.1e}" for d in far))


def _distance(problem, fitted, strength, s, jax):
    """Worst neuron: objective of the fit less that of a fit to a gap of 1e-8."""
    from minglm import path as paths
    from minglm import solvers
    from minglm.glm import GLM
    from minglm.regularizer import GroupLasso

    model = GLM(regularizer=GroupLasso(blocks=s.groups), regularizer_strength=strength)
    penalty = model.problem(s.X, s.y)[2]
    with jax.enable_x64(True):
        w, b = np.asarray(fitted.coef_, float), np.asarray(fitted.intercept_, float)
        best = paths.solve(problem, penalty, (w, b), 1e-8, 500)
        loss = np.asarray(problem.loss(problem.eta(w, b)))
        far = loss + penalty.value(w) - best.loss - penalty.value(best.w)
        return float((far / solvers.null_model(problem).unit).max())


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


SIGNALS = """
import resource
import numpy as np
from minglm.basis import RaisedCosineLogConv
x = np.random.default_rng(0).poisson(0.1, (1_000_000, 100)).astype(np.float32)
basis, total = RaisedCosineLogConv(n_basis_funcs=8, window_size=200), 0
for piece in basis.iter_features(x):
    total += len(piece)
print(total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


def many_signals():
    """100 signals of 10^6 samples: 800 columns, 6.4 GB at once, so piece by piece."""
    start = time.perf_counter()
    run = [sys.executable, "-c", SIGNALS]
    run = subprocess.run(run, capture_output=True, text=True, check=True)
    rows, memory = map(float, run.stdout.split())
    print(f"features of 100 signals, {rows:.0f} x 800 piece by piece: "
          f"{time.perf_counter() - start:.1f} s, {memory:.2f} GB")


def gpu():
    """Predictions and scores in both precisions on every kind of device, against CPU, float64."""
    import jax

    from minglm.glm import GLM

    kinds = [jax.devices("cpu")[0]]
    if jax.default_backend() == "cpu":
        print("JAX finds no GPU here: install jax[cuda12] on a machine that has one")
    else:
        kinds += jax.devices()[:1]
    s, want = session(T=5_000, groups=(20,) * 10, velocities=2, neurons=50), None
    for device in kinds:
        for precision in ("float64", "float32"):
            X = s.X.astype(precision)
            model = GLM(regularizer="Ridge", regularizer_strength=0.01)
            with jax.default_device(device):
                seconds = [_seconds(lambda m=model, X=X: m.fit(X, s.y)) for _ in range(2)]
                got = model.predict(X), model.score(X, s.y)
            want = want or got
            first, again = seconds
            print(f"{device.platform} {precision}: first {first:.2f} s, again {again:.2f} s, "
                  f"predictions within {abs(got[0] / want[0] - 1).max():.0e}, "
                  f"score within {abs(got[1] - want[1]):.0e} of cpu float64")


def _seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main():
    small = {
        "ridge": peers.ridge, "cv": peers.cv, "paths": peers.paths, "first-fit": peers.first_fit,
        "features": lambda: (features(), many_signals()), "exponents": scaling.exponents,
        "memory": scaling.memory, "gpu": gpu,
    }  # fmt: skip
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("work", nargs="+", choices=[*WORK, *small])
    parser.add_argument("--precision", default="float64", choices=["float32", "float64"])
    parser.add_argument("--check", action="store_true", help="measure the true distance")
    args = parser.parse_args()
    machine()
    for work in args.work:
        if work in WORK:
            path(work, args.precision, args.check)
        else:
            small[work]()
        sys.stdout.flush()


if __name__ == "__main__":
    main()
