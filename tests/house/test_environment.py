"""What a new machine meets first: Makefile, lock, conda and Binder files, the built package."""

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from data_fetch import errors

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def conda(path):
    """Names and Python version of a conda environment file."""
    listed = yaml.safe_load((ROOT / path).read_text())["dependencies"]
    names = [item for item in listed if isinstance(item, str)]
    (python,) = [n.partition("=")[2] for n in names if n.startswith("python=")]
    return sorted(set(names) - {f"python={python}", "pip"}), tuple(map(int, python.split(".")))


def test_conda_installs_the_same_names_as_pip():
    names, python = conda("environment.yml")
    extras = [*EXTRAS["course"], *EXTRAS["test"], *EXTRAS["docs"]]
    assert names == sorted({*PROJECT["dependencies"], *extras})
    assert python >= (3, 11)


def test_recordings_need_nothing_that_the_course_does_not_install():
    assert set(errors.NEEDED) <= set(EXTRAS["data"]) <= set(EXTRAS["course"])


def test_binder_installs_what_a_learner_needs():
    names, python = conda("binder/environment.yml")
    assert names == sorted({*PROJECT["dependencies"], *EXTRAS["course"]})
    assert python == conda("environment.yml")[1]


def test_every_name_is_pinned_in_the_lock():
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    assert set(conda("environment.yml")[0]) <= set(pinned)


def test_binder_drops_the_answers_and_keeps_the_lessons(tmp_path):
    here, prefix, commands = tmp_path / "here", tmp_path / "prefix", tmp_path / "commands"
    for folder in ("binder", "lessons"):
        shutil.copytree(ROOT / folder, here / folder)
    for folder in ("solutions", "tests", "docs", ".git"):
        (here / folder).mkdir()
    commands.mkdir()
    (commands / "python").write_text('#!/bin/sh\necho "$@"\n')  # stands for conda's
    (commands / "python").chmod(0o755)
    env = {"PATH": f"{commands}:{os.environ['PATH']}", "NB_PYTHON_PREFIX": str(prefix)}
    run = subprocess.run(["binder/postBuild"], cwd=here, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "pip install" in run.stdout and "--no-deps --editable ." in run.stdout
    assert sorted(p.name for p in here.iterdir()) == ["binder", "lessons"]
    assert (prefix / "etc/jupyter/labconfig/page_config.json").is_file()
    started = subprocess.run(
        ["binder/start", "sh", "-c", "echo $JAX_PLATFORMS $0 $1", "a b"],
        cwd=here,
        capture_output=True,
        text=True,
    )
    assert started.stdout == "cpu a b\n"


def test_the_jupyter_settings_name_extensions_that_exist():
    folder = ROOT / "binder" / "jupyter"
    server = json.loads((folder / "jupyter_server_config.json").read_text())["ServerApp"]
    assert all(find_spec(name) for name in server["jpserver_extensions"])
    pages = json.loads((folder / "labconfig" / "page_config.json").read_text())
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    code = "".join(p.read_text() for p in (installed / "@jupyter/nbgrader/static").glob("*.js"))
    for name in pages["disabledExtensions"]:
        assert f'"{name}"' in code or (installed / name).is_dir(), name
    assert '"@jupyter/nbgrader:validate-assignment"' in code


@pytest.mark.skipif(not (ROOT / ".venv" / "ready").exists(), reason="not installed by make")
def test_make_gave_jupyter_its_settings():
    theirs = ROOT / ".venv" / "etc" / "jupyter"
    for path in (ROOT / "binder" / "jupyter").rglob("*.json"):
        assert filecmp.cmp(path, theirs / path.relative_to(ROOT / "binder" / "jupyter"), False)


@pytest.fixture
def make(tmp_path):
    """Run make in a folder that has only what `make lab` needs, with a Python that may be odd."""
    if not shutil.which("make"):
        pytest.skip("no make here")
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "binder", tmp_path / "binder")

    def run(script, *args):
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        own = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        done = subprocess.run(
            ["make", "lab", "PYTHON=./python", *args],
            cwd=tmp_path, env=own, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout.strip()

    return run


OLD = """case "$*" in *version_info*) exit 1;; *-V*) echo Python 3.9.2;; esac"""
BARE = """case "$*" in *ensurepip*) exit 1;; esac"""


@pytest.mark.parametrize(
    "script, args, sentence",
    [
        (OLD, [], "minglm needs Python 3.11 or newer, and ./python is Python 3.9.2."),
        ("", ["PYTHON=no-such-python"], "minglm needs Python 3.11 or newer, and no-such-python is"),
        (BARE, [], "./python cannot make a virtual environment yet. On Debian and Ubuntu type:"),
    ],
    ids=["too old", "missing", "without ensurepip"],
)
def test_make_says_in_one_sentence_what_is_missing(make, tmp_path, script, args, sentence):
    code, printed = make(script, *args)
    assert code and printed.startswith(sentence) and printed.count("\n") == 0
    assert not (tmp_path / ".venv").exists()


FAKE = """echo "$@" >> calls
case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp python .venv/bin/python;;
*requirements.lock*) test ! -e broken;;
esac"""


def test_make_installs_once_and_begins_again_after_a_broken_installation(make, tmp_path):
    calls = tmp_path / "calls"

    def called(part):
        return calls.read_text().count(part) if calls.exists() else 0

    (tmp_path / "broken").touch()
    assert make(FAKE)[0] and not (tmp_path / ".venv" / "ready").exists()
    (tmp_path / "broken").unlink()
    assert make(FAKE)[0] == 0
    assert called("-m venv --clear") == 2 and called("-m jupyterlab") == 1
    assert make(FAKE, "PORT=8900", "ARGS=--no-browser")[0] == 0
    assert called("--require-hashes") == 2, "the second `make lab` installs nothing"
    assert called("--port=8900 --ServerApp.root_dir=lessons --no-browser") == 1
    (tmp_path / ".venv" / "ready").write_text("/another/folder\n")
    assert make(FAKE)[0] == 0
    assert called("--editable") == 2, "a moved folder is installed again"


@pytest.mark.slow
def test_a_built_package_holds_the_library_and_no_answers(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,), (source,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"minglm", "data_fetch", f"minglm-{PROJECT['version']}.dist-info"}
    with tarfile.open(source) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}
    assert {"minglm", "data_fetch"} <= tops
    assert not tops & {"solutions", "lessons", "tests", "binder"}


def test_citation_and_changelog_tell_the_version():
    cite = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cite)
    assert cite["version"] == PROJECT["version"] and cite["license"] == PROJECT["license"]
    assert cite["repository-code"] == PROJECT["urls"]["Repository"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    local = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert local and not [link for link in local if not (ROOT / link.split("#")[0]).exists()]


def test_readme_has_the_two_commands_the_lessons_and_a_binder_link_that_opens_one():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^make \w+", text, re.M)[:2] == ["make lab", "make test"]
    lessons = sorted(p.name for p in (ROOT / "lessons").glob("[0-9][0-9]_*"))
    assert re.findall(r"\]\(lessons/(\w+)/\w+\.ipynb\)", text) == lessons
    owner = PROJECT["urls"]["Repository"].removeprefix("https://github.com/")
    link = rf"https://mybinder\.org/v2/gh/{owner}/main\?urlpath=lab/tree/([\w/.]+)"
    (opened,) = set(re.findall(link, text))
    assert (ROOT / opened).is_file()
