"""One machine outgrown: several devices, several processes, designs larger than memory."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from minglm.chunks import Chunks
from minglm.glm import GLM
from minglm.model_selection import GLMCV

FIT = """
import sys
import numpy as np, jax
from jax.sharding import Mesh, NamedSharding, PartitionSpec
split, processes, me, port = sys.argv[1], *map(int, sys.argv[2:])
if processes > 1:
    jax.distributed.initialize(f"127.0.0.1:{port}", processes, me)
jax.config.update("jax_enable_x64", True)
from minglm.glm import GLM
rng = np.random.default_rng(0)
X, y = rng.normal(size=(400, 40)), rng.poisson(0.5, (400, 8)).astype(float)
X[7, 3] = np.nan
model = lambda: GLM(regularizer="Lasso", regularizer_strength=0.01, tol=1e-12)
mesh = Mesh(jax.devices(), "all")
specs = {"time": ("all", "all"), "neurons": (None, (None, "all"))}[split]
def place(a, spec):
    spec = PartitionSpec(*spec) if isinstance(spec, tuple) else PartitionSpec(spec)
    return jax.make_array_from_callback(a.shape, NamedSharding(mesh, spec), lambda i: a[i])
split = model().fit(place(X, specs[0]), place(y, specs[1]))
whole = model().fit(X, y)
assert len(jax.devices()) == 8, jax.devices()
for name in ("coef_", "intercept_", "scale_", "dof_resid_"):
    np.testing.assert_allclose(getattr(split, name), getattr(whole, name), atol=1e-6)
assert split.converged_.all() and (split.coef_ == 0).any()
"""


def run(split, devices, processes):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    flags = f"--xla_force_host_platform_device_count={devices}"
    env = os.environ | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    call = lambda me: subprocess.run(
        [sys.executable, "-c", FIT, split, str(processes), str(me), str(port)],
        env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    with ThreadPoolExecutor() as pool:
        for done in pool.map(call, range(processes)):
            assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("split", ["time", "neurons"])
def test_arrays_on_eight_devices_give_the_same_fit(split):
    run(split, 8, 1)


@pytest.mark.slow
def test_two_processes_give_the_same_fit():
    run("time", 4, 2)


def test_chunks_of_a_file_and_of_a_function_give_the_same_fit(tmp_path, rng):
    X = rng.normal(size=(500, 3))
    X[:9] = np.nan  # as a basis leaves them
    y = rng.poisson(1.0, 500)
    np.save(tmp_path / "X.npy", X)
    model = lambda: GLM(regularizer="ElasticNet", regularizer_strength=(0.02, 0.5), tol=1e-16)
    want = model().fit(X, y)
    for source in (np.load(tmp_path / "X.npy", mmap_mode="r"), lambda: iter(np.split(X, 5))):
        got = model().fit(Chunks(source, 100), y)
        np.testing.assert_allclose(got.coef_, want.coef_, atol=1e-6)
        np.testing.assert_allclose(got.intercept_, want.intercept_, atol=1e-6)
        assert got.dof_resid_ == want.dof_resid_ and got.converged_.all()


@pytest.mark.slow
def test_cross_validation_reads_chunks(rng):
    X, y = rng.normal(size=(500, 3)), rng.poisson(1.0, 500)
    model = GLM(regularizer="Ridge", tol=1e-14)
    want, got = (GLMCV(model, (0.1, 0.01), cv=3).fit(x, y) for x in (X, Chunks(X, 200)))
    np.testing.assert_allclose(got.deviance_, want.deviance_, rtol=1e-6)
    np.testing.assert_allclose(got.coef_, want.coef_, atol=1e-6)


def test_what_chunks_cannot_do_is_said(rng):
    X, y = Chunks(rng.normal(size=(50, 3))), rng.poisson(1.0, 50)
    with pytest.raises(ValueError, match="give X as one array"):
        GLM(feature_mask=[1, 0, 1]).fit(X, y)


LARGE = """
import resource, sys
import numpy as np
from minglm.chunks import Chunks
from minglm.glm import GLM
rng = np.random.default_rng(0)
piece = rng.normal(size=(25_000, 50))
pieces = lambda: (np.roll(piece, k, axis=1) for k in range(40))  # 10 MB each, 400 MB in all
y = np.concatenate([rng.poisson(np.exp(x[:, 0] / 2 - 1)) for x in pieces()]).astype(float)
model = GLM(regularizer="Ridge", regularizer_strength=0.01, tol=1e-6)
model.fit(Chunks(piece[:100]), y[:100])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
model.fit(Chunks(pieces), y)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, model.coef_[0])
"""


@pytest.mark.slow
def test_memory_is_bounded_by_the_piece():
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    megabytes, first = map(float, done.stdout.split())
    assert megabytes < 250  # 8 arrays like y, and two pieces
    assert first == pytest.approx(0.5, abs=0.02)
