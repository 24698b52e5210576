"""The documentation builds without a warning, and what it says is so."""

import contextlib
import io
import re
import subprocess
import sys
import warnings
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

import minglm as nmo
from data_fetch.lookup import others, recordings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    command += ["-d", tmp_path / "trees", ROOT / "docs", tmp_path / "html"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "html" / "reference.html").read_text(encoding="utf-8")
    for name in ["glm.GLM", "basis.RaisedCosineLogConv", "metrics.bits_per_spike"]:
        assert f'id="minglm.{name}"' in page


def test_every_module_is_in_the_reference():
    text = (ROOT / "docs" / "reference.md").read_text()
    modules = {p.stem for p in (ROOT / "minglm").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"automodule:: minglm\.(\w+)", text)) == modules


def test_every_name_shared_with_nemos_is_there():
    text = (ROOT / "docs" / "nemos.md").read_text(encoding="utf-8")
    names = re.findall(r"`nmo\.([\w.]+)`", text)
    assert len(names) > 30
    for name in names:
        assert callable(reduce(getattr, name.split("."), nmo)), name


def test_nothing_of_nemos_is_forgotten():
    """Whatever public name NeMoS has stands in one of the three tables."""
    nemos = pytest.importorskip("nemos")
    text = (ROOT / "docs" / "nemos.md").read_text(encoding="utf-8")
    for module in ("basis", "glm", "observation_models", "regularizer"):
        for name in getattr(nemos, module).__all__:
            assert name in text, f"{module}.{name}"


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_code_on_the_pages_runs(page):
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    names = {"nmo": nmo, "np": np, "counts": np.random.default_rng(0).poisson(0.2, 3000)}
    for block in blocks:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block, page.name, "exec"), names)


def test_the_course_pages_list_the_same_lessons():
    def rows(page):
        text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", (ROOT / page).read_text(encoding="utf-8"))
        return re.findall(r"^\| \d\d \|.*", text, re.M)

    assert rows("README.md") and rows("README.md") == rows("docs/course.md")


def test_every_recording_stands_there_with_keys_citation_and_licence():
    text = (ROOT / "docs" / "recordings.md").read_text(encoding="utf-8")
    for one in [*recordings().values(), *others().values()]:
        wanted = [f"`{one.name}`", one.citation, one.licence, *(f"`{key}`" for key in one.keys)]
        assert not [part for part in wanted if part not in text], one.name


def told(*words):
    run = [sys.executable, "-m", *words, "--help"]
    return subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout


@pytest.mark.parametrize("program", ["data_fetch", "solutions"])
def test_the_commands_on_the_pages_exist(program):
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    words = set(re.findall(rf"python -m {program} (\w+)", text))
    assert words and not [word for word in words if word not in told(program)]


def test_the_options_of_grading_exist():
    page = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    there = told("solutions", "grade") + told("solutions", "present")
    words = re.findall(r"--[a-z][a-z-]+", page)
    assert words and not [word for word in words if word not in there]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["Poisson", "Gaussian"])
def test_scikit_learns_checks_pass_but_for_those_left_out(family):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    page = (ROOT / "docs" / "scikit-learn.md").read_text(encoding="utf-8")
    left_out = set(re.findall(r"^\| `(check_\w+)`", page, re.M)) if family == "Poisson" else set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is fitted there is often no sensible GLM
        results = checks.check_estimator(nmo.glm.GLM(family), on_skip=None, on_fail=None)
    assert len(results) > 40
    assert {r["check_name"] for r in results if r["status"] == "failed"} == left_out
