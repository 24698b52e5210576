"""A class graded: hand-ins in, a table and a feedback page per student out.

Every hand-in runs in a process, a scratch folder and an environment of its own, on twins from a
seed that no learner saw, with limits of time, memory and output. That bounds accidents, not
malice: learners' code runs as the user who grades, may read that user's files and use the
network, and can reach the gradebook in its scratch folder.
"""

import csv
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from solutions.tools import build, feedback, handins, source, worker
from solutions.tools.handins import HandIn
from solutions.tools.source import Lesson, SourceError
from solutions.tools.worker import Limits


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
    """Grade all hand-ins below ``folder``; write grades.csv, written.csv, feedback/, notebooks/."""
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder: name the one that holds a folder per student")
    lessons = {x.name: x for x in source.lessons(course)}
    found = handins.collect(folder, {name: build.released(x) for name, x in lessons.items()})
    if not found:
        raise SourceError(f"no hand-in in {folder}: FOLDER/<student>/<lesson>/<lesson>.ipynb is "
                          f"looked for, with a lesson of {', '.join(lessons)}")
    for path in handins.outside(folder):
        print(f"{path.name}: not graded, it lies in no student's folder", flush=True)
    lessons = {name: lessons[name] for name in dict.fromkeys(handin.lesson for handin in found)}
    # not in the threads: in Python 3.11 two threads that parse at a time can stop each other
    secrets = {name: hidden(lesson) for name, lesson in lessons.items()}
    out.mkdir(parents=True, exist_ok=True)
    given = read_marks(marks, out)
    with tempfile.TemporaryDirectory(prefix="minglm-", ignore_cleanup_errors=True) as scratch:
        for name in lessons:
            worker.register(Path(scratch) / name, name, build.graded(lessons[name]))

        def one(n: int, handin: HandIn) -> Row:
            place = Path(scratch) / str(n)
            place.mkdir()
            shutil.copy(Path(scratch) / handin.lesson / "gradebook.db", place)
            row = _grade(handin, lessons[handin.lesson], place, seed, limits, out)
            row.said = {n: _clean(text, secrets[row.lesson]) for n, text in row.said.items()}
            shutil.rmtree(place, ignore_errors=True)
            most = sum(row.most.values())
            print(f"{row.student} {row.lesson}: {row.total:g} of {most:g}\n", end="", flush=True)
            return row

        with ThreadPoolExecutor(jobs) as pool:
            rows = list(pool.map(one, range(len(found)), found))
    written(rows, given, out)
    table(rows, out)
    feedback.write(rows, out / "feedback")
    return rows


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
    with open(out / "grades.csv", "w", newline="", encoding="utf-8") as file:
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
    marks = {}
    with open(path or out / "written.csv", newline="", encoding="utf-8-sig") as file:
        for line, row in enumerate(csv.DictReader(file, restval=""), 2):
            try:
                row["points"] = float(row["points"]) if row["points"].strip() else None
                marks[row["student"], row["lesson"], row["question"]] = row
            except (KeyError, ValueError) as error:
                raise SourceError(f"{file.name}, line {line}: points are a number, or nothing, "
                                  f"beside student, lesson and question: {error}") from None
    return marks


def written(rows: list[Row], marks: dict[tuple, dict], out: Path) -> None:
    """written.csv: the answers a person grades, with the points and comments given so far."""
    with open(out / "written.csv", "w", newline="", encoding="utf-8") as file:
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
