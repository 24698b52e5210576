"""A toy course in a folder of its own, and a notebook to run cells in."""

import contextlib
import io
import os
import shutil
from pathlib import Path

import jax  # noqa: F401  before the variables below are set: they are for other processes
import pytest

from solutions.tools import source


@pytest.fixture(autouse=True)
def programs(tmp_path_factory, monkeypatch):
    """What JAX compiles in one notebook or command of this run serves those that come after it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # of all workers
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(shared / "compiled"))
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")


@pytest.fixture
def toy(tmp_path):
    """A course with one small lesson; nothing is built yet."""
    return Path(shutil.copytree(Path(__file__).parent / "toy", tmp_path / "course"))


@pytest.fixture
def lesson(toy):
    return source.lessons(toy)[0]


class Cells:
    """IPython without a kernel: what a cell prints on stdout and stderr."""

    def __init__(self, shell):
        self.shell, self.names = shell, shell.user_ns

    def __call__(self, text: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.result = self.shell.run_cell(text)
        self.stderr = err.getvalue()
        return out.getvalue().strip()


@pytest.fixture
def cells(tmp_path, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from minglm import checks

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    checks._tries.clear()
    config = Config()
    config.HistoryManager.enabled = False
    run = Cells(InteractiveShell(config=config))
    run("import numpy as np\nfrom minglm.checks import check")
    return run
