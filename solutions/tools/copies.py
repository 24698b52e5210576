"""Two copies of the course: what learners get, and the lessons with their answers to teach from."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from solutions.tools import build, source
from solutions.tools.source import Cell, Lesson, SourceError

GIVEN = (  # whatever is not named here stays at home
    "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "Makefile", "pyproject.toml",
    "requirements.lock", "environment.yml", ".gitattributes", ".gitignore",
    "minglm", "data_fetch", "benchmarks", "binder",
    *(f"docs/{page}.md" for page in (
        "install", "course", "cheatsheet", "recordings", "conventions", "nemos", "scikit-learn",
        "scaling")),
    "docs/figures/twins.png",
)
TEACHING = re.compile(r"^## Teaching with it\n.*?(?=^## )", re.MULTILINE | re.DOTALL)


def hand_out(course: Path, target: Path) -> Path:
    """Learners' copy in ``target``: a new folder, or an archive if it ends in .zip.

    Lessons are built anew, so that nothing an instructor typed into lessons/ goes along.
    """
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise SourceError(f"{target} is there already: name a new one, or remove it first")
    if target.suffix == ".zip":
        with tempfile.TemporaryDirectory() as scratch:
            _give(course, Path(scratch) / target.stem)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.make_archive(str(target.with_suffix("")), "zip", scratch, target.stem)
    else:
        _give(course, target)
    return target


def _give(course: Path, home: Path) -> None:
    for lesson in source.lessons(course):
        _write(build.released(lesson), home / "lessons", lesson.name)
    for name in GIVEN:
        path, copy = course / name, home / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, copy, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_*"))
        elif path.exists():
            shutil.copy(path, copy)
    if (home / "README.md").exists():  # without its links to what is not given
        text = (home / "README.md").read_text(encoding="utf-8")
        (home / "README.md").write_text(TEACHING.sub("", text), encoding="utf-8", newline="\n")


def present(course: Path, target: Path, only: str = "", run: bool = False) -> list[Path]:
    """The lessons with answers, model answers and rubrics; with their output if ``run``."""
    lessons = source.lessons(course, only)
    if target.resolve().is_relative_to((course / "lessons").resolve()):
        raise SourceError(f"{target} is where learners look: name another folder")
    paths = []
    for lesson in lessons:
        notebook = answered(lesson)
        path = _write(notebook, target, lesson.name)
        if run:
            _run(notebook, path.parent)
            _write(notebook, target, lesson.name)
        paths.append(path)
    return paths


def answered(lesson: Lesson) -> NotebookNode:
    """The released notebook with the solutions in it, and no mark around them."""
    cells = lesson.named("exercise") | lesson.named("written")
    return build.solved(lesson, {name: _answer(cell) for name, cell in cells.items()})


def _answer(cell: Cell) -> str:
    before, inside, behind = source.region(cell.text, "SOLUTION")
    return re.sub(r"^[ \t]*### STUB .*\n", "", f"{before}{inside}{behind}", flags=re.M).strip("\n")


def _run(notebook: NotebookNode, folder: Path) -> None:
    from nbclient import NotebookClient
    from traitlets.config import Config

    place, config = {"metadata": {"path": str(folder)}}, Config()
    with tempfile.TemporaryDirectory() as scratch:
        if os.name == "posix":  # sockets in a folder: no ports, nothing on the network
            config.KernelManager.update(transport="ipc", connection_file=f"{scratch}/kernel.json")
        NotebookClient(notebook, timeout=600, resources=place, config=config).execute()


def _write(notebook: NotebookNode, home: Path, name: str) -> Path:
    path = home / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(build.text(notebook), encoding="utf-8", newline="\n")
    return path
