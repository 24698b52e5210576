"""Does every check say the right thing? The solution runs once; each answer is tried in its place.

``python -m solutions.tools.verify COURSE LESSON OUT`` tries one lesson and writes what came of it.
An answer is judged by the names as they stood before its exercise's cell, so a lesson costs one
run of the solution plus one exercise and one check per answer.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from solutions.tools import source
from solutions.tools.source import Cell, Lesson

OUTCOMES = ("passed", "not attempted yet", "not right yet", "your code raised")


@dataclass(frozen=True)
class Trial:
    exercise: str
    kind: str  # "solution", "stub", "wrong" or "right"
    label: str
    want: str  # a piece of what the check must say
    said: str
    seconds: float

    @property
    def outcome(self) -> str:
        found = re.search(rf"^{self.exercise}: ({'|'.join(OUTCOMES)})", self.said, re.MULTILINE)
        return found[1] if found else "something else"

    @property
    def right(self) -> bool:
        """A wrong answer fails, and its own hint comes; nothing else fails."""
        passed = self.outcome == "passed"
        fits = self.want in self.said and self.outcome != "something else"
        return fits and passed == (self.kind in ("solution", "right"))


def verify(course: Path, only: str = "") -> dict[str, list[Trial]]:
    """{lesson: its trials}; each lesson in a process of its own, on the twin unless told."""
    results = {}
    for lesson in source.lessons(course, only):
        with tempfile.TemporaryDirectory(prefix="minglm-verify-") as scratch:
            env = os.environ | {"MPLBACKEND": "agg", "IPYTHONDIR": scratch}
            env.setdefault("MINGLM_SOURCE", "twin")
            out = Path(scratch) / "trials.json"
            command = [sys.executable, "-m", __name__, Path(course).resolve(), lesson.name, out]
            done = subprocess.run(command, env=env, cwd=scratch, capture_output=True, text=True)
            if not out.exists():
                raise RuntimeError(f"{lesson.name} could not be tried:\n{done.stdout}{done.stderr}")
            trials = json.loads(out.read_text(encoding="utf-8"))
        results[lesson.name] = [Trial(**trial) for trial in trials]
    return results


def confusion(trials: list[Trial]) -> dict[str, dict]:
    """Per exercise: the answers whose hints wrong answer i got, and which trials went wrong."""
    matrix: dict[str, dict] = {}
    for name in dict.fromkeys(t.exercise for t in trials):
        wrong = [t for t in trials if t.exercise == name and t.kind == "wrong"]
        right = [t for t in trials if t.exercise == name and t.kind in ("right", "solution")]
        rows = [[j for j, of in enumerate(wrong) if of.want in t.said] for t in wrong]
        matrix[name] = {
            "answers": [t.label for t in wrong], "got_the_hint_of": rows,
            "accepted": [t.label for t in wrong if t.outcome == "passed"],
            "right": [t.label for t in right],
            "refused": [t.label for t in right if t.outcome != "passed"],
        }
    return matrix


def keep(matrix: dict[str, dict[str, dict]], path: Path) -> None:
    """Write the lessons' matrices, an exercise a line, beside those of other lessons there."""
    there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    there |= matrix
    lessons = []
    for lesson in sorted(there):
        rows = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in there[lesson].items()]
        lessons.append(f" {json.dumps(lesson)}: {{\n" + ",\n".join(rows) + "\n }")
    path.write_text("{\n" + ",\n".join(lessons) + "\n}\n", encoding="utf-8", newline="\n")


def report(lesson: str, trials: list[Trial]) -> str:
    lines = []
    for t in trials:
        if not t.right:
            said = t.said.replace("\n", "\n      ")
            lines += [f"  {t.exercise}: {t.kind} answer {t.label!r} should get {t.want!r}; it got",
                      f"      {said}"]
    wrong = sum(t.kind == "wrong" for t in trials)
    bad = sum(not t.right for t in trials)
    lines.insert(0, f"{lesson}: {len(trials)} answers tried, {wrong} of them wrong ones; "
                    f"{bad or 'none'} not judged as they should be")
    return "\n".join(lines)


def trials(lesson: Lesson) -> Iterator[Trial]:
    """Run the solution; at each exercise, try every answer first."""
    notebook = Notebook()
    cells = list(lesson.cells)
    for n, cell in enumerate(cells):
        if cell.role == "exercise":
            end = next(i for i in range(n, len(cells)) if cells[i].role == "check")
            for kind, label, code, want in _answers(lesson, cell):
                before, began = notebook.snapshot(), time.perf_counter()
                said = notebook.judge(code, [c for c in cells[n + 1 : end] if c.kind == "code"],
                                      cells[end])
                yield Trial(cell.name, kind, label, want, said, time.perf_counter() - began)
                notebook.restore(before)
        if cell.kind == "code":
            said = notebook.run(cell.text)
            if cell.role == "check":
                yield Trial(cell.name, "solution", "the solution", "passed", said, 0.0)
            elif notebook.failed:
                raise RuntimeError(f"{cell.where}: the solution's run stops here:\n{said}")


def _answers(lesson: Lesson, cell: Cell) -> Iterator[tuple[str, str, str, str]]:
    yield "stub", "untouched", source.released(lesson, cell), "not attempted yet"
    for label, (given, want) in lesson.wrong.get(cell.name, {}).items():
        yield "wrong", label, source.answer(cell, given), want
    for label, given in lesson.right.get(cell.name, {}).items():
        yield "right", label, source.answer(cell, given), "passed"


class Notebook:
    """A kernel's shell without the kernel, whose names can be put back to an earlier state."""

    def __init__(self):
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False
        self.shell = InteractiveShell(config=config)
        self.shell.enable_gui = lambda gui=None: None  # %matplotlib inline, without a front end
        self.failed = False

    def run(self, text: str) -> str:
        """What the cell prints, its error included."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            result = self.shell.run_cell(text)
        self.failed = not result.success
        return out.getvalue().strip()

    def judge(self, answer: str, between: list[Cell], check: Cell) -> str:
        from minglm import checks

        checks._tries.clear()  # each answer is a first try
        for text in [answer, *(cell.text for cell in between)]:
            self.run(text)  # it may fail: that is for the check to say
        return self.run(check.text)

    def snapshot(self):
        """The names, and the numbers in the arrays among them: an answer may change both."""
        import numpy as np

        names = dict(self.shell.user_ns)
        arrays = {id(v): (v, v.copy()) for v in names.values() if type(v) is np.ndarray}
        return names, arrays

    def restore(self, before) -> None:
        names, arrays = before
        self.shell.user_ns.clear()
        self.shell.user_ns.update(names)
        for array, values in arrays.values():
            if array.flags.writeable:
                array[...] = values
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")


if __name__ == "__main__":
    course, name, out = sys.argv[1:]
    found = [asdict(trial) for trial in trials(source.lessons(Path(course), name)[0])]
    Path(out).write_text(json.dumps(found, indent=1), encoding="utf-8")
