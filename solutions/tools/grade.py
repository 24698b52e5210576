"""A class graded: hand-ins in, a table and a feedback page per student out.

Every hand-in runs in a process, a scratch folder and an environment of its own, on twins from a
seed that no learner saw, with limits of time, memory and output. That bounds accidents, not
malice: learners' code runs as the user who grades, may read that user's files and use the
network, and can reach the gradebook in its scratch folder.
"""

import csv
import hashlib
import io
import json
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from solutions.tools import build, feedback, handins, source, worker
from solutions.tools.handins import HandIn
from solutions.tools.source import Lesson, SourceError
from solutions.tools.worker import Limits

TABLE = "utf-8-sig"  # the encoding by which spreadsheets know that names are not ASCII


@dataclass
class Row:
    """A hand-in's result: per exercise the points (None: a person grades) and what was said."""

    student: str
    lesson: str
    most: dict[str, float]
    points: dict[str, float | None]
    said: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(points or 0 for points in self.points.values())


def grade(folder: Path, out: Path, seed: int, course: Path = source.COURSE,
          marks: Path | None = None, limits: Limits = Limits(), jobs: int = 2) -> list[Row]:
    """Grade all hand-ins below ``folder``; write grades.csv, written.csv, feedback/, notebooks/.

    What ``out`` has of an earlier run on this seed, the same in every respect, is not run again.
    """
    lessons = {x.name: x for x in source.lessons(course)}
    found = _collect(folder, lessons)
    lessons = {name: lessons[name] for name in dict.fromkeys(handin.lesson for handin in found)}
    # not in the threads: in Python 3.11 two threads that parse at a time can stop each other
    secrets = {name: hidden(lesson) for name, lesson in lessons.items()}
    graded = {name: build.graded(lesson) for name, lesson in lessons.items()}
    out.mkdir(parents=True, exist_ok=True)
    given, done = read_marks(marks, out), results(out)["rows"]
    keys = [_key(handin, graded[handin.lesson], seed, limits) for handin in found]
    with tempfile.TemporaryDirectory(prefix="minglm-", ignore_cleanup_errors=True) as scratch:
        for name in {h.lesson for h, key in zip(found, keys, strict=True) if key not in done}:
            worker.register(Path(scratch) / name, name, graded[name])

        def one(n: int, handin: HandIn) -> Row:
            if keys[n] in done:
                return Row(**done[keys[n]])
            place = Path(scratch) / str(n)
            place.mkdir()
            shutil.copy(Path(scratch) / handin.lesson / "gradebook.db", place)
            row = _grade(handin, lessons[handin.lesson], place, seed, limits, out)
            row.said = {n: _clean(text, secrets[row.lesson]) for n, text in row.said.items()}
            shutil.rmtree(place, ignore_errors=True)
            print(f"{row.student} {row.lesson}: {row.total:g} of {sum(row.most.values()):g}\n",
                  end="", flush=True)
            return row

        with ThreadPoolExecutor(jobs) as pool:
            rows = list(pool.map(one, range(len(found)), found))
    keep(out, seed, dict(zip(keys, rows, strict=True)))
    written(rows, given, out)
    table(rows, out)
    feedback.write(rows, out / "feedback")
    return rows


def _collect(folder: Path, lessons: dict[str, Lesson]) -> list[HandIn]:
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder: name the one that holds a folder per student")
    found = handins.collect(folder, {name: build.released(x) for name, x in lessons.items()})
    if not found:
        raise SourceError(f"no hand-in in {folder}: FOLDER/<student>/<lesson>/<lesson>.ipynb is "
                          f"looked for, with a lesson of {', '.join(lessons)}")
    for path in handins.outside(folder):
        print(f"{path.name}: not graded, it lies in no student's folder", flush=True)
    return found


def results(out: Path) -> dict:
    """What the last run left in ``out``: its seed, and its rows by what they were made from."""
    try:
        return json.loads((out / "results.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"seed": None, "rows": {}}


def keep(out: Path, seed: int, rows: dict[str, Row]) -> None:
    """Rows as they are before a person's marks; what could not be graded is tried again."""
    sure = {key: asdict(row) for key, row in rows.items() if row.said}
    text = json.dumps({"seed": seed, "rows": sure}, indent=1)
    (out / "results.json").write_text(text, encoding="utf-8")


def _key(handin: HandIn, graded: NotebookNode, seed: int, limits: Limits) -> str:
    """One text for all that a hand-in's points depend on."""
    texts = [build.text(nb) if nb else "" for nb in (handin.notebook, graded)]
    every = [handin.student, handin.notes, *texts, seed, asdict(limits)]
    return hashlib.sha256(json.dumps(every).encode()).hexdigest()


def _grade(handin: HandIn, lesson: Lesson, place: Path, seed: int, limits: Limits, out: Path):
    graded = lesson.named("exercise") | lesson.named("written")
    most = {cell.name: cell.points for cell in lesson.cells if cell.role in ("check", "written")}
    row = Row(handin.student, lesson.name, most, dict.fromkeys(most, 0.0), notes=handin.notes)
    if handin.notebook is None:
        return row
    row.answers = {c.id: c.source for c in handin.notebook.cells if c.id in graded}
    try:
        notebook, points = worker.autograde(place, lesson.name, handin.notebook, seed, limits)
    except Exception as error:  # whatever it is, the class is graded on
        row.notes.append(f"could not be graded, look at it: {error}")
        return row
    row.points = {name.removeprefix("check-"): value for name, value in points.items()}
    row.said = {c.id.removeprefix("check-"): _said(c) for c in notebook.cells
                if c.id.startswith("check-")}
    row.notes += [f"{c.id}: {o.evalue}" for c in notebook.cells for o in c.get("outputs", [])
                  if o.get("ename") in ("TooSlow", "DeadKernel")]
    keep = out / "notebooks" / handin.student / f"{lesson.name}.ipynb"
    keep.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, keep)
    return row


def _said(check) -> str:
    return "".join(o.get("evalue") or o.get("text", "") for o in check.outputs)


def _clean(text: str, secret: set[str]) -> str:
    """What a check said, without any line of a hidden test that got into it."""
    for line in secret:
        text = text.replace(line, "...")
    return text.encode(errors="replace").decode()


def hidden(lesson: Lesson) -> set[str]:
    """Lines that only hidden tests hold."""
    shown = "\n".join(cell.source for cell in build.released(lesson).cells)
    secret = [source.region(cell.text, "HIDDEN TESTS") for cell in lesson.named("check").values()]
    lines = {" ".join(x.split()) for parts in secret if parts for x in parts[1].splitlines()}
    return {line for line in lines if len(re.sub(r"\W", "", line)) > 5 and line not in shown}


def table(rows: list[Row], out: Path) -> None:
    """grades.csv: a row per hand-in, a column per exercise; empty: not this lesson, or ungraded."""
    names = list(dict.fromkeys((row.lesson, name) for row in rows for name in row.most))
    with open(out / "grades.csv", "w", newline="", encoding=TABLE) as file:
        write = csv.writer(file)
        columns = [f"{lesson[:2]}/{name}" for lesson, name in names]
        write.writerow(["student", "lesson", *columns, "total", "max", "notes"])
        for row in rows:
            points = [row.points.get(n) if at == row.lesson else None for at, n in names]
            cells = ["" if value is None else f"{value:g}" for value in points]
            waiting = [name for name, value in row.points.items() if value is None]
            notes = row.notes + [f"{name}: to be graded by a person" for name in waiting]
            write.writerow([row.student, row.lesson, *cells, f"{row.total:g}",
                            f"{sum(row.most.values()):g}", "; ".join(notes)])


def read_marks(path: Path | None, out: Path) -> dict[tuple, dict]:
    """What persons have graded so far: in ``path``, or in what an earlier run left in ``out``."""
    if path is None and not (out / "written.csv").exists():
        return {}
    path, marks = path or out / "written.csv", {}
    try:
        text = path.read_bytes().decode(TABLE)
    except UnicodeDecodeError:
        raise SourceError(f"{path}: save it as CSV in UTF-8, please") from None
    head, file = text.partition("\n")[0], io.StringIO(text, newline="")
    split = ";" if head.count(";") > head.count(",") else ","  # as some spreadsheets save it
    for line, row in enumerate(csv.DictReader(file, restval="", delimiter=split), 2):
        try:
            given = row["points"].strip().replace(",", ".")
            row["points"] = float(given) if given else None
            marks[row["student"], row["lesson"], row["question"]] = row
            if given and not 0 <= row["points"] <= float(row.get("max") or "inf"):
                raise ValueError(f"{given} of {row['max']}")
        except (KeyError, ValueError) as error:
            raise SourceError(f"{path}, line {line}: points are a number from 0 to max, or "
                              f"nothing, beside student, lesson and question: {error}") from None
    return marks


def written(rows: list[Row], marks: dict[tuple, dict], out: Path) -> None:
    """written.csv: the answers a person grades, with the points and comments given so far."""
    with open(out / "written.csv", "w", newline="", encoding=TABLE) as file:
        write = csv.writer(file)
        write.writerow(["student", "lesson", "question", "max", "points", "comment", "answer"])
        for row in rows:
            for name in [name for name, value in row.points.items() if value is None]:
                mark = marks.get((row.student, row.lesson, name), {})
                row.points[name], row.said[name] = mark.get("points"), mark.get("comment", "")
                points = "" if row.points[name] is None else f"{row.points[name]:g}"
                answer = row.answers.get(name, "")  # a blank keeps it from being a formula
                answer = f" {answer}" if answer[:1] in ("=", "+", "-", "@") else answer
                write.writerow([row.student, row.lesson, name, f"{row.most[name]:g}", points,
                                row.said[name], answer])
