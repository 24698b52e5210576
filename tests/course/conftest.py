"""A toy course in a folder of its own, and a notebook to run cells in."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from solutions.tools import source


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
