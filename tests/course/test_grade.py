"""A class of odd hand-ins, graded as an instructor would grade it."""

import ast
import csv
import json
import os
import subprocess
import sys
import threading

import nbformat
import pytest

from solutions.tools import build, grade, handins, source

pytestmark = pytest.mark.slow

STALL = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
NOISE = (
    "import sys, threading, time\n"
    "def talk():\n"
    "    while True:\n"
    "        print('noise', file=sys.stderr); time.sleep(0.001)\n"
    "threading.Thread(target=talk, daemon=True).start()\n"
    "get_ipython().ast_node_interactivity = 'all'\n"
    "per_bin = counts.mean()"
)
CHATTY = (
    "def delayed(x):\n"
    "    for row in range(5000):\n"
    "        print('still here, row', row, 'x' * 80)\n"
    "    return [np.nan, *x[:-1]]"
)
SPY = (
    "def delayed(x):\n"
    "    import inspect\n"
    "    raise ValueError(inspect.currentframe().f_back.f_back.f_back.f_code.co_filename\n"
    "                     + ' '.join(line for line in In[-1].splitlines()[-4:]))"
)


def students(lesson):
    """{student: (notebook or file content, points for the two exercises)}."""
    right = {name: cell.text for name, cell in lesson.named("exercise").items()}

    def hand_in(change=None, **answers):
        nb = build.solved(lesson, right | answers)
        return change(nb) or nb if change else nb

    def without(*names):
        return lambda nb: nb.update(cells=[c for c in nb.cells if c.id not in names])

    def twice(nb):
        nb.cells[3:3] = [c.copy() for c in nb.cells[3:6]]

    def bare(nb):  # another editor has thrown metadata and ids away
        for n, cell in enumerate(nb.cells):
            cell.metadata, cell.id = {}, f"x{n}"

    def check(text):
        def change(nb):
            next(c for c in nb.cells if c.id == "check-delayed").source = text
        return change

    def reordered(nb):
        nb.cells.insert(1, nb.cells.pop(5))

    return {
        "right": (hand_in(), (2, 3)),
        "untouched": (build.released(lesson), (0, 0)),
        "half": (hand_in(mean_count="per_bin = ..."), (2, 0)),
        "hard-coded": (hand_in(mean_count="per_bin = 2.975"), (2, 0)),
        "Zoë Ångström & Co": (hand_in(), (2, 3)),
        "not json": ("not a notebook", None),
        "half a file": (build.text(hand_in())[:900], None),
        "a list": ("[1, 2]", None),
        "empty": ("", None),
        "binary": (b"\x89PNG\xff\xfe", None),
        "old format": (nbformat.writes(nbformat.convert(hand_in(), 3), version=3), (2, 3)),
        "check deleted": (hand_in(without("check-delayed")), (2, 3)),
        "answer deleted": (hand_in(without("delayed")), (0, 3)),
        "cells twice": (hand_in(twice), (2, 3)),
        "bare": (hand_in(bare), (2, 3)),
        "check forged": (hand_in(check("print('delayed: passed')"), delayed="delayed = 1"), (0, 3)),
        "check moved": (hand_in(reordered), (2, 3)),
        "endless": (hand_in(delayed="def delayed(x):\n    while True:\n        pass"), (0, 3)),
        "stalls": (hand_in(mean_count=STALL), (2, 0)),
        "talks": (hand_in(mean_count="while True:\n    print('x' * 10000)"), (2, 0)),
        "chatty": (hand_in(delayed=CHATTY), (2, 3)),
        "noise": (hand_in(mean_count=NOISE), (2, 3)),
        "hog": (hand_in(delayed="x = [0]\nwhile True:\n    x = x + x"), (0, 3)),
        "exits": (hand_in(mean_count="import os\nos._exit(0)"), (2, 0)),
        "quits": (hand_in(delayed="def delayed(x):\n    raise SystemExit"), (0, 3)),
        "spy": (hand_in(delayed=SPY), (0, 3)),
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(folder of results, {student: row}, {student: points that are right}, the process)."""
    home = tmp_path_factory.mktemp("home")
    toy = source.COURSE / "tests" / "course" / "toy"
    lesson = source.lessons(toy)[0]
    expected = {}
    for student, (content, points) in students(lesson).items():
        path = home / "class" / student / "01_toy" / "01_toy.ipynb"
        path.parent.mkdir(parents=True)
        text = json.dumps(content) if isinstance(content, dict) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        expected[student] = points
    (home / "class" / "nothing").mkdir()
    (home / "class" / "__MACOSX" / "right").mkdir(parents=True)
    (home / "empty").mkdir()
    command = [sys.executable, "-m", "solutions", "--course", toy, "grade", home / "class",
               "--out", home / "out", "--cell-seconds", "15", "--notebook-seconds", "60"]
    env = {k: v for k, v in os.environ.items() if k != "PATH"} | {"HOME": str(home / "empty")}
    done = subprocess.run(command, cwd=home / "empty", env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with open(home / "out" / "grades.csv", newline="", encoding=grade.TABLE) as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return home, rows, expected, done


def test_everybody_gets_what_they_earned(graded):
    _, rows, expected, _ = graded
    want = {name: points or (0, 0) for name, points in expected.items()} | {"nothing": (0, 0)}
    got = {name: (float(r["01/delayed"]), float(r["01/mean_count"])) for name, r in rows.items()}
    assert got == want
    assert all(float(r["total"]) == sum(want[n]) and r["max"] == "9" for n, r in rows.items())


def test_what_could_not_be_read_or_was_put_right_is_noted(graded):
    notes = {name: row["notes"] for name, row in graded[1].items()}
    for name in ("not json", "half a file", "a list", "empty", "binary"):
        assert "01_toy.ipynb is not a notebook: " in notes[name], name
    assert notes["nothing"] == "nothing handed in"
    assert "check-delayed: deleted; put back" in notes["check deleted"]
    assert "delayed: deleted" in notes["answer deleted"]
    assert "check-delayed: there more than once" in notes["cells twice"]
    forged = "checks changed, or of another release, and graded as they are now: delayed"
    assert forged in notes["check forged"]
    assert "check-delayed: stood before its exercise" in notes["check moved"]
    assert notes["right"] == notes["half"] == ""


def test_feedback_says_why_and_shows_no_hidden_test(graded):
    home, rows, *_ = graded
    pages = {name: (home / "out" / "feedback" / f"{name}.html").read_text(encoding="utf-8")
             for name in rows}
    for secret in ("c.rng", "fresh = ", "c.call(delayed, fresh)", "BEGIN HIDDEN"):
        assert not [name for name, page in pages.items() if secret in page], secret
    assert "is there a loop without an end?" in pages["endless"]
    assert "your code raised SystemExit" in pages["quits"]
    assert "the kernel died" in pages["exits"] and "the kernel died" in rows["exits"]["notes"]
    assert "not the average of these counts" in pages["hard-coded"]
    assert "not attempted yet" in pages["untouched"]
    assert "Zoë Ångström &amp; Co" in pages["Zoë Ångström & Co"]


def test_instructors_get_the_notebooks_as_they_ran(graded):
    ran = nbformat.read(graded[0] / "out" / "notebooks" / "right" / "01_toy.ipynb", 4)
    assert any("c.rng" in cell.source for cell in ran.cells)


def test_the_seed_is_drawn_and_printed_and_nothing_is_left_behind(graded):
    home, _, _, done = graded
    seed = int(done.stdout.split("\n")[0].removeprefix("twins from seed "))
    assert seed >= 1000 and done.stderr == ""
    assert list((home / "empty").iterdir()) == []


@pytest.fixture
def parsing_in_main(monkeypatch):
    """Two threads that parse at a time stop each other in Python 3.11: "AST constructor ..."."""
    parse = ast.parse

    def guarded(*args, **kwargs):
        assert threading.current_thread() is threading.main_thread()
        return parse(*args, **kwargs)

    monkeypatch.setattr(ast, "parse", guarded)


def test_a_written_answer_waits_for_a_person_and_is_added_up(
    toy, tmp_path, parsing_in_main, monkeypatch
):
    lesson = source.lessons(toy)[0]
    nb = build.solved(lesson)
    next(c for c in nb.cells if c.id == "why").source = "=1+1 because"
    path = tmp_path / "class" / "ann" / "01_toy.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(build.text(nb), encoding="utf-8")
    row = grade.grade(tmp_path / "class", tmp_path / "a", 5, toy)[0]
    assert row.points["why"] is None and row.total == 5
    assert row.notes == ["graded: 01_toy.ipynb"]
    table = (tmp_path / "a" / "grades.csv").read_text()
    assert "why: to be graded by a person" in table
    marks = tmp_path / "a" / "written.csv"
    assert "why,4,,, =1+1 because" in marks.read_text()  # no formula for a spreadsheet
    marks.write_text(marks.read_text().replace("why,4,,,", "why,4,3.5,nearly,"))
    for out, given in (("b", marks), ("a", None)):  # the second: graded again in the same place
        row = grade.grade(tmp_path / "class", tmp_path / out, 5, toy, given)[0]
        assert row.total == 8.5
        page = (tmp_path / out / "feedback" / "ann.html").read_text()
        assert "nearly" in page and "3.5 of 4" in page

    def never(*_):
        raise AssertionError("nothing has changed, so nothing runs again")

    monkeypatch.setattr(grade.worker, "autograde", never)
    again = grade.grade(tmp_path / "class", tmp_path / "a", 5, toy)[0]
    assert again.total == 8.5 and again.answers == row.answers
    assert grade.results(tmp_path / "a")["seed"] == 5
    page = grade.grade(tmp_path / "class", tmp_path / "a", 6, toy)[0]
    assert "nothing has changed" in page.notes[-1], "another seed is another run"


def test_marks_are_read_before_anything_is_graded(toy, tmp_path, lesson):
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "01_toy.ipynb").write_text(build.text(build.solved(lesson)))
    marks = tmp_path / "marks.csv"
    with pytest.raises(FileNotFoundError):
        grade.grade(tmp_path / "class", tmp_path / "out", 1, toy, marks)
    marks.write_text("student,lesson,question,points\nann,01_toy,why,three\n")
    with pytest.raises(source.SourceError, match="marks.csv, line 2: points are a number"):
        grade.grade(tmp_path / "class", tmp_path / "out", 1, toy, marks)


@pytest.mark.parametrize(
    "text, said",
    [
        (b"student;lesson;question;max;points\nann;01_toy;why;4;3,5\n", None),  # a spreadsheet's
        (b"student,lesson,question,max,points\nann,01_toy,why,4,35\n", "line 2: .* 35 of 4"),
        (b"student,lesson,question,max,points\nann,01_toy,why,4,-1\n", "line 2: .* -1 of 4"),
        ("student,lesson,question,max,points\nZoë,01_toy,why,4,1\n".encode("cp1252"), "in UTF-8"),
        (b"a,b\n1,2\n", "line 2: .* beside student, lesson and question: 'points'"),
    ],
)
def test_marks_come_as_spreadsheets_write_them(text, said, tmp_path):
    marks = tmp_path / "marks.csv"
    marks.write_bytes(text)
    if said is None:
        assert grade.read_marks(marks, tmp_path)["ann", "01_toy", "why"]["points"] == 3.5
    else:
        with pytest.raises(source.SourceError, match=said):
            grade.read_marks(marks, tmp_path)


def test_a_folder_without_hand_ins_is_said_in_one_sentence(toy, tmp_path):
    with pytest.raises(source.SourceError, match="no hand-in in .*: FOLDER/<student>/<lesson>"):
        grade.grade(tmp_path, tmp_path / "out", 1, toy)


def test_hidden_lines_are_known(lesson):
    assert grade.hidden(lesson) == {
        "fresh = c.rng.normal(size=30)",
        'c.equal(c.call(delayed, fresh)[1:], fresh[:-1], "off on fresh values")',
    }


def hand_in(notebook, *places):
    for path in places:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(build.text(notebook), encoding="utf-8")


def test_a_lesson_is_found_wherever_it_lies_and_that_is_noted(lesson, tmp_path):
    nb, tmp_path = build.solved(lesson), tmp_path / "class"
    hand_in(nb, tmp_path / "ann" / "01_toy" / "01_toy (1).ipynb", tmp_path / "ann" / "mine.ipynb")
    hand_in(nb, tmp_path / "ben" / "deep" / "down" / "final.ipynb", tmp_path / "cy.ipynb")
    releases = {"01_toy": build.released(lesson)}
    ann, ben = handins.collect(tmp_path, releases)
    assert ann.notes == ["graded: 01_toy/01_toy (1).ipynb, not mine.ipynb"]
    assert ben.notes == ["graded: deep/down/final.ipynb"]
    assert ann.notebook is not None and ben.notebook is not None
    assert handins.outside(tmp_path) == [tmp_path / "cy.ipynb"]


def test_what_is_no_notebook_or_another_lesson_is_said(lesson, tmp_path):
    tmp_path = tmp_path / "class"
    releases = {"01_toy": build.released(lesson)}
    other = build.text(releases["01_toy"]).replace("delayed", "late").replace("mean_count", "mean")
    releases["02_other"] = nbformat.reads(other, 4)
    hand_in(releases["02_other"], tmp_path / "ann" / "01_toy" / "01_toy.ipynb")
    hand_in(releases["01_toy"], tmp_path / "ben" / "01_toy.ipynb")
    (tmp_path / "cy").mkdir()
    (tmp_path / "cy" / "work.zip").touch()
    ann, ben, cy = handins.collect(tmp_path, releases)
    assert ann.notebook is None and cy.notebook is None and ben.notebook is not None
    assert ann.notes == ["01_toy.ipynb holds lesson 02_other, so nothing of this one is graded"]
    assert cy.notes[0].startswith("nothing handed in but work.zip: the notebook itself is needed")


def test_a_grade_id_that_is_no_text_stops_nobody(lesson, tmp_path):
    nb, tmp_path = build.solved(lesson), tmp_path / "class"
    nb.cells[0].metadata["nbgrader"] = {"grade_id": ["a"]}
    hand_in(nb, tmp_path / "ann" / "01_toy" / "01_toy.ipynb")
    assert handins.collect(tmp_path, {"01_toy": build.released(lesson)})[0].notes == []


def test_given_cells_that_are_gone_make_one_note(lesson, tmp_path):
    nb, tmp_path = build.solved(lesson), tmp_path / "class"
    given = [c for c in nb.cells if c.cell_type == "code" and "nbgrader" not in c.metadata]
    nb.cells = [c for c in nb.cells if c not in given]
    hand_in(nb, tmp_path / "ann" / "01_toy" / "01_toy.ipynb")
    notes = handins.collect(tmp_path, {"01_toy": build.released(lesson)})[0].notes
    start = "given cells not found (deleted, or of another release): "
    assert len(notes) == 1 and notes[0].startswith(start)
    assert all(c.source.splitlines()[0][:50] in notes[0] for c in given)
