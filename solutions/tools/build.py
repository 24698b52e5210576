"""Sources to notebooks: lessons/ is a function of solutions/, byte for byte."""

import hashlib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from solutions.tools import engine, rules, source
from solutions.tools.source import Cell, Lesson, SourceError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def build(course: Path, only: str = "") -> list[Path]:
    """Write the notebooks and take away what no source makes; returns what changed."""
    changed = []
    for path, text in _state(course, only).items():
        if text is None:
            path.unlink()
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            continue
        changed.append(path)
    return changed


def drift(course: Path, only: str = "") -> list[str]:
    """What ``build`` would change, one line a file."""
    says = []
    for path, text in _state(course, only).items():
        if text is None:
            says.append(f"{path}: no source makes this file")
        elif not path.exists():
            says.append(f"{path}: missing")
        elif path.read_bytes() != text.encode():
            says.append(f"{path}: differs from its source")
    return says


def _state(course: Path, only: str) -> dict[Path, str | None]:
    """Every file that lessons/ should hold, and None for those it should not."""
    lessons = source.lessons(course, only)
    if problems := [line for lesson in lessons for line in rules.problems(lesson)]:
        raise SourceError("\n".join(problems))
    home = course / "lessons"
    there = [path for path in home.rglob("*") if path.is_file() and not _scratch(path, home)]
    strays = [path for path in there if path.relative_to(home).parts[0].startswith(only)]
    wanted = {home / x.name / f"{x.name}.ipynb": text(released(x)) for x in lessons}
    return {path: None for path in sorted(strays)} | wanted


def _scratch(path: Path, home: Path) -> bool:
    """Files that Jupyter and Python leave while a lesson is used; git ignores them, too."""
    return any(part.startswith((".", "__")) for part in path.relative_to(home).parts)


def released(lesson: Lesson) -> NotebookNode:
    """The notebook that learners get."""
    return engine.release(graded(lesson))


def graded(lesson: Lesson) -> NotebookNode:
    """The same with the hidden tests, which only the gradebook may see."""
    return _notebook(lesson, lambda cell: source.released(lesson, cell))


def solved(lesson: Lesson, answers: dict[str, str] | None = None) -> NotebookNode:
    """The released notebook as handed in by somebody who gives the solution, or ``answers``."""
    notebook = released(lesson)
    if answers is None:
        answers = {name: cell.text for name, cell in lesson.named("exercise").items()}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook, version=4) + "\n"


def _notebook(lesson: Lesson, show) -> NotebookNode:
    cells, seen = [], {}
    for cell in lesson.cells:
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        shown = show(cell)
        stem = cell.grade_id or f"{cell.kind}-{hashlib.sha1(shown.encode()).hexdigest()[:10]}"
        seen[stem] = seen.get(stem, 0) + 1
        name = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        cells.append(make(shown, id=name, metadata=_metadata(cell)))
    about = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=about)


def _metadata(cell: Cell) -> dict:
    if not cell.role:
        return {}
    grade, solution = cell.role != "exercise", cell.role != "check"
    meta = {"grade": grade, "grade_id": cell.grade_id, "locked": not solution,
            "schema_version": 3, "solution": solution, "task": False}
    if grade:
        meta["points"] = cell.points
    if cell.role == "check":  # a bar with its first line: the hints come one by one
        return {"nbgrader": meta, "jupyter": {"source_hidden": True}}
    return {"nbgrader": meta}
