"""How time grows with rows and neurons, and memory with strengths and folds."""

import subprocess
import sys

import numpy as np

from benchmarks.peers import poisson, timed

MEMORY = """
import resource
from benchmarks.peers import poisson
from minglm.glm import GLM
from minglm.model_selection import GLMCV
X, y = poisson(20_000, 200, 40)
GLMCV(GLM(regularizer="Lasso", tol=1e-4), {strengths}, cv={folds}, progress=False).fit(X, y)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


def exponents():
    """Seconds of a refit (Poisson, lasso, 100 columns) over a 16-fold range of T and of N."""
    for name, sizes, shape in (
        ("T", (4_000, 8_000, 16_000, 32_000, 64_000), lambda n: (n, 100, 32)),
        ("N", (16, 32, 64, 128, 256), lambda n: (16_000, 100, n)),
    ):
        seconds = [_refit(*shape(n)) for n in sizes]
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        each = ", ".join(f"{n}: {s:.2f} s" for n, s in zip(sizes, seconds, strict=True))
        print(f"cost grows as {name}^{slope:.2f}  ({each})")


def _refit(T, P, N):
    from minglm.glm import GLM

    X, y = poisson(T, P, N)
    fit = lambda: GLM(regularizer="Lasso", regularizer_strength=0.003, tol=1e-8).fit(X, y)
    fit()
    return timed(fit)[0]


def memory():
    """Peak memory of a cross-validation, and with twice the strengths and twice the folds."""
    half, whole = ((10.0 ** np.linspace(-1, -4, n)).tolist() for n in (6, 12))
    peak = []
    for strengths, folds in ((half, 4), (whole, 8)):
        code = MEMORY.format(strengths=strengths, folds=folds)
        run = [sys.executable, "-c", code]
        peak.append(float(subprocess.run(run, capture_output=True, text=True, check=True).stdout))
    print("peak memory, 20,000 x 200, 40 neurons: 6 strengths x 4 folds {:.2f} GB, "
          "12 x 8 {:.2f} GB".format(*peak))
