"""Fixtures shared by all tests: a random generator, and the numbers to compare with."""

import os
import pathlib
import sys

# Two workers, and the kernels they start, share the cores: OpenBLAS threads that wait for each
# other take five times as long there. It reads this when NumPy is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, however slow and busy the machine is.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

MAPS = pathlib.Path("/proc/self/maps")
SHARED = pathlib.Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def room_for_compiled_programs():
    """Each takes some memory maps; Linux ends a process that wants more than 65,530."""
    yield
    if "jax" in sys.modules and MAPS.exists() and MAPS.read_bytes().count(b"\n") > 20_000:
        sys.modules["jax"].clear_caches()


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def shared():
    """The folder of reference numbers and recordings that lies beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def golden(shared):
    """Inputs and outputs of other packages, by name."""
    return dict(np.load(shared / "golden" / "golden.npz"))
