"""Hand-ins as they come: found, read whatever they are, and put back into the lesson's shape.

Grading needs every check once, in its place, as it was handed out. What a learner did to the rest
is theirs: answers, cells of their own, changed or deleted given cells. All that is put right or
looks odd becomes a note, for the table and for the learner.
"""

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
    students = sorted(p for p in folder.iterdir() if p.is_dir() and not _junk(p))
    lessons = [name for name in releases if any(_candidates(s, name) for s in students)]
    found = []
    for student in students:
        known = [_read(student, name, releases[name]) for name in lessons]
        found += known
        paths = {p for name in lessons for p in _candidates(student, name)}
        strange = [p for p in sorted(student.rglob("*.ipynb")) if p not in paths and not _junk(p)]
        if known and strange:
            known[0].notes += [f"not a lesson's hand-in: {p.relative_to(folder)}" for p in strange]
    return found


def _junk(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts[-3:])


def _candidates(student: Path, lesson: str) -> list[Path]:
    """The hand-in, or what stands in its place, best first."""
    home = student / lesson
    others = sorted(home.glob("*.ipynb")) if home.is_dir() else []
    paths = [home / f"{lesson}.ipynb", student / f"{lesson}.ipynb", *others]
    return [p for p in dict.fromkeys(paths) if p.is_file() and not _junk(p)]


def _read(student: Path, lesson: str, release: NotebookNode) -> HandIn:
    handin = HandIn(student.name, lesson)
    paths = _candidates(student, lesson)
    if not paths:
        handin.notes.append("nothing handed in")
        return handin
    if paths[0] != student / lesson / f"{lesson}.ipynb" or len(paths) > 1:
        handin.notes.append(f"graded: {paths[0].relative_to(student)}, of {len(paths)} notebooks")
    try:
        cells = _cells(paths[0])
    except (ValueError, OSError, RecursionError) as error:
        handin.notes.append(f"{paths[0].name} is not a notebook: {error}")
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
        kind = cell.get("cell_type")
        kind = kind if kind in ("code", "markdown", "raw") else "raw"
        found.append({"kind": kind, "text": text, "name": name or cell.get("id")})
    return found


def _in_shape(cells: list[dict], release: NotebookNode, notes: list[str]) -> NotebookNode:
    graded = {c.id: c for c in release.cells if "nbgrader" in c.metadata}
    out: list[tuple[str | None, NotebookNode]] = []
    for cell in cells:
        told = re.match(r'with check\("(\w+)"\)', cell["text"])
        name = f"check-{told[1]}" if told else cell["name"]
        name = name if isinstance(name, str) and name in graded else None
        out.append((name, _cell(cell, graded.get(name), notes)))
    _once(out, graded, notes)
    _in_order(out, graded, notes)
    _given(cells, release, notes)
    notebook = nbformat.v4.new_notebook(metadata=release.metadata)
    for n, (name, cell) in enumerate(out):
        cell.id = name or f"cell-{n}"
        notebook.cells.append(cell)
    return notebook


def _cell(cell: dict, original: NotebookNode | None, notes: list[str]) -> NotebookNode:
    """The learner's text in a fresh cell; an original's kind and metadata; a check's own text."""
    kind, text = cell["kind"], cell["text"]
    if original is not None:
        if original.id.startswith("check-") and text.strip() != original.source.strip():
            notes.append(f"{original.id}: changed; graded as it was handed out")
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
    for cell in release.cells:
        given = cell.cell_type == "code" and "nbgrader" not in cell.metadata
        if given and cell.id not in names and cell.source.strip() not in texts:
            notes.append(f"a given cell was deleted: {cell.source.splitlines()[0][:50]!r} ...")
