"""Hand-ins as they come: found, read whatever they are, and put back into the lesson's shape.

Grading needs every check once, in its place, as it was handed out. What a learner did to the rest
is theirs: answers, cells of their own, changed or deleted given cells. All that is put right or
looks odd becomes a note, for the table and for the learner.
"""

import contextlib
import copy
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

LARGEST = 100e6  # bytes


@dataclass
class HandIn:
    student: str
    lesson: str
    notebook: NotebookNode | None = None
    notes: list[str] = field(default_factory=list)


def collect(folder: Path, releases: dict[str, NotebookNode]) -> list[HandIn]:
    """One hand-in for every student and every lesson that anybody handed in."""
    graded = {name: {c.id for c in nb.cells if "nbgrader" in c.metadata}
              for name, nb in releases.items()}
    students = sorted(p for p in folder.iterdir() if p.is_dir() and not _junk(p))
    places = {student: _places(student, graded) for student in students}
    lessons = [name for name in releases if any(name in p for p in places.values())]
    return [_read(student, name, places[student], releases[name], graded)
            for student in students for name in lessons]


def outside(folder: Path) -> list[Path]:
    """Files that lie in no student's folder."""
    return sorted(p for p in folder.iterdir() if p.is_file() and not _junk(p))


def _junk(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts[-3:])


def _places(student: Path, graded: dict[str, set[str]]) -> dict[str, list[Path]]:
    """A student's notebooks by lesson, best first: by place and name, else by what they hold."""
    places: dict[str, list[Path]] = {}
    for path in sorted(p for p in student.rglob("*") if p.is_file() and not _junk(p)):
        here = path.relative_to(student).parts
        name = path.stem if len(here) == 1 else here[0]
        if path.suffix != ".ipynb":
            name = ""
        elif name not in graded or len(here) > 2:
            name = _held(path, graded)
        places.setdefault(name, []).append(path)
    for name, paths in places.items():  # FOLDER/<student>/<lesson>/<lesson>.ipynb, as it should be
        paths.sort(key=lambda p: (p.stem != name, p.parent != student / name))
    return places


def _held(path: Path, graded: dict[str, set[str]]) -> str:
    """The lesson whose exercises and checks a notebook holds; "" for none."""
    with contextlib.suppress(ValueError, OSError, RecursionError):
        names = {cell["name"] for cell in _cells(path)}
        best = max(graded, key=lambda lesson: len(names & graded[lesson]))
        return best if names & graded[best] else ""
    return ""


def _read(student: Path, lesson: str, places: dict, release: NotebookNode, graded) -> HandIn:
    handin = HandIn(student.name, lesson)
    paths, others = ([str(p.relative_to(student)) for p in places.get(x, [])] for x in (lesson, ""))
    if not paths:
        handin.notes.append("nothing handed in" + (
            f" but {', '.join(others[:5])}: the notebook itself is needed, saved and not packed "
            "(.ipynb)" if others else ""))
        return handin
    if paths[0] != str(Path(lesson, f"{lesson}.ipynb")) or paths[1:]:
        rest = f", not {', '.join(paths[1:])}" if paths[1:] else ""
        handin.notes.append(f"graded: {paths[0]}{rest}")
    path = student / paths[0]
    try:
        cells = _cells(path)
    except (ValueError, OSError, RecursionError) as error:
        handin.notes.append(f"{path.name} is not a notebook: {error}")
        return handin
    if (held := _held(path, graded)) not in ("", lesson):
        handin.notes.append(f"{path.name} holds lesson {held}, so nothing of this one is graded")
        return handin
    handin.notebook = _in_shape(cells, release, handin.notes)
    return handin


def _cells(path: Path) -> list[dict]:
    """The cells of anything that looks like a notebook, and nothing but what grading needs."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST / 1e6:.0f} MB")
    try:
        raw = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("not a text file") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"broken JSON, line {error.lineno} ({error.msg})") from error
    if isinstance(raw, dict) and isinstance(raw.get("worksheets"), list):  # before Jupyter 4
        raw = nbformat.convert(nbformat.from_dict(raw), 4)
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise ValueError("it has no cells")
    found = []
    for cell in filter(lambda c: isinstance(c, dict), raw["cells"]):
        text, meta = cell.get("source", ""), cell.get("metadata")
        text = "".join(map(str, text)) if isinstance(text, list) else str(text)
        text = text.encode(errors="replace").decode()  # JSON lets half a character pass
        meta = meta.get("nbgrader") if isinstance(meta, dict) else None
        name = meta.get("grade_id") if isinstance(meta, dict) else None
        told = re.match(r'with check\("(\w+)"\)', text)  # another editor may have dropped metadata
        name = f"check-{told[1]}" if told else name or cell.get("id")
        name = name if isinstance(name, str) else None
        kind = cell.get("cell_type")
        kind = kind if kind in ("code", "markdown", "raw") else "raw"
        found.append({"kind": kind, "text": text, "name": name})
    return found


def _in_shape(cells: list[dict], release: NotebookNode, notes: list[str]) -> NotebookNode:
    graded = {c.id: c for c in release.cells if "nbgrader" in c.metadata}
    out: list[tuple[str | None, NotebookNode]] = []
    changed: list[str] = []
    for cell in cells:
        name = cell["name"] if cell["name"] in graded else None
        out.append((name, _cell(cell, graded.get(name), changed)))
    if changed:
        notes.append("checks changed, or of another release, and graded as they are now: "
                     + ", ".join(dict.fromkeys(changed)))
    _once(out, graded, notes)
    _in_order(out, graded, notes)
    _given(cells, release, notes)
    notebook = nbformat.v4.new_notebook(metadata=release.metadata)
    for n, (name, cell) in enumerate(out):
        cell.id = name or f"cell-{n}"
        notebook.cells.append(cell)
    return notebook


def _cell(cell: dict, original: NotebookNode | None, changed: list[str]) -> NotebookNode:
    """The learner's text in a fresh cell; an original's kind and metadata; a check's own text."""
    kind, text = cell["kind"], cell["text"]
    if original is not None:
        if original.id.startswith("check-") and text.strip() != original.source.strip():
            changed.append(original.id.removeprefix("check-"))
            text = original.source
        kind = original.cell_type
    new = getattr(nbformat.v4, f"new_{kind}_cell")(text)
    if original is not None:
        new.metadata = original.metadata.copy()
    return new


def _once(out: list, graded: dict, notes: list[str]) -> None:
    """Of cells with one name the last is graded, and the others are cells like any other."""
    last = {name: n for n, (name, _) in enumerate(out)}
    for n, (name, cell) in enumerate(out):
        if name and last[name] != n:
            notes.append(f"{name}: there more than once; the last one is graded")
            cell.metadata = {}
            out[n] = (None, cell)


def _in_order(out: list, graded: dict, notes: list[str]) -> None:
    """Deleted checks and written cells come back, and a check stands behind its exercise.

    A deleted exercise does not: its stub would undo what the learner wrote elsewhere.
    """
    previous = None
    for name, original in graded.items():
        places = {found: n for n, (found, _) in enumerate(out)}
        exercise = name.removeprefix("check-")
        if name not in places:
            back = original.metadata.nbgrader.grade
            notes.append(f"{name}: deleted{'; put back' if back else ''}")
            if back:
                behind = places.get(previous, len(out) - 1)
                out.insert(behind + 1, (name, copy.deepcopy(original)))
        elif exercise != name and places[name] < places.get(exercise, -1):
            notes.append(f"{name}: stood before its exercise; graded behind it")
            out.insert(places[exercise], out.pop(places[name]))
        previous = name


def _given(cells: list[dict], release: NotebookNode, notes: list[str]) -> None:
    names, texts = {c["name"] for c in cells}, {c["text"].strip() for c in cells}
    gone = [cell.source.splitlines()[0][:50] for cell in release.cells
            if cell.cell_type == "code" and "nbgrader" not in cell.metadata
            and cell.id not in names and cell.source.strip() not in texts]
    if gone:
        notes.append(f"given cells not found (deleted, or of another release): {', '.join(gone)}")
