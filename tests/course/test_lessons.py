"""Every lesson keeps its promises: sources, secrets, answers, and a class of two."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from solutions.tools import build, grade, rules, source, verify
from solutions.tools.worker import Limits

NAMES = [path.name for path in sorted((source.COURSE / "solutions").glob("[0-9][0-9]_*"))]
UNSEEN = 20_011  # a seed that is no default

RECORDED = {  # in ../shared/recordings, with the keys of the lesson's recording
    "01_why_models": "rat_linear_track.nwb",
    "03_features_and_bases": "rat_linear_track.nwb",
    "04_current_injection": "5ht_DRN162.nwb",
    "05_head_direction": "Mouse28-140313.nwb",
    "06_calcium_imaging": "fly_compass_20160425_Fly2.nwb",
}

each_lesson = pytest.mark.parametrize("name", NAMES)


def read(name):
    return source.lessons(only=name)[0]


@each_lesson
def test_the_source_keeps_the_rules(name):
    assert rules.problems(read(name)) == []


@each_lesson
def test_the_notebook_is_what_its_source_makes(name):
    assert build.drift(source.COURSE, name) == []


@each_lesson
def test_the_notebook_holds_no_secret(name):
    """Read from the files themselves, without the machinery that made them."""
    text = (source.COURSE / "solutions" / name / f"{name}.py").read_text(encoding="utf-8")
    hidden = r"^[ \t]*(?:# )?### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END"
    secret = re.findall(hidden, text, re.MULTILINE | re.DOTALL)
    open_text = re.sub(hidden, "", text, flags=re.MULTILINE | re.DOTALL)
    lines = {line.strip().removeprefix("# ") for block in secret for line in block.splitlines()}
    lines = {line for line in lines if len(re.findall(r"\w", line)) > 5 and line not in open_text}
    released = source.COURSE / "lessons" / name / f"{name}.ipynb"
    shown = "\n".join(cell.source for cell in nbformat.read(released, 4).cells)
    stubs = {line.partition("### STUB ")[2] for line in lines}
    assert lines and [line for line in lines - stubs if line in shown] == []
    assert "BEGIN" not in shown and "### END" not in shown


@pytest.mark.slow
@each_lesson
def test_every_wrong_answer_gets_its_hint_and_every_right_one_passes(name):
    trials = verify.verify(source.COURSE, name)[name]
    assert [t for t in trials if not t.right] == [], verify.report(name, trials)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED)
def test_the_same_on_a_real_recording(name, shared, monkeypatch):
    monkeypatch.setenv("MINGLM_SOURCE", str(shared / "recordings" / RECORDED[name]))
    trials = verify.verify(source.COURSE, name)[name]
    assert [t for t in trials if not t.right] == [], verify.report(name, trials)


@pytest.mark.slow
@each_lesson
def test_a_class_on_a_seed_it_never_saw(name, tmp_path):
    """Solutions 100 %, the untouched lesson 0 %; and the untouched lesson runs."""
    lesson = read(name)
    answers = {n: cell.text for n, cell in lesson.named("exercise").items()}
    points = {cell.name: cell.points for cell in lesson.cells if cell.role == "check"}
    class_ = {"solved": answers, "untouched": {}}
    for student, given in class_.items():
        path = tmp_path / "class" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(build.text(build.solved(lesson, given)), encoding="utf-8")
    patient = Limits(cell_s=300, notebook_s=1800)  # the machine may be busy with other tests
    rows = grade.grade(tmp_path / "class", tmp_path / "out", UNSEEN, limits=patient, jobs=1)
    got = {row.student: row.total for row in rows}
    said = {(row.student, n): text for row in rows for n, text in row.said.items()}
    assert got == {s: sum(points[n] for n in given) for s, given in class_.items()}, said
    assert all(row.notes == [] for row in rows)
    _untouched_runs(lesson, tmp_path / "out" / "notebooks" / "untouched" / f"{name}.ipynb")
    _solved_runs(tmp_path / "out" / "notebooks" / "solved" / f"{name}.ipynb")


def _untouched_runs(lesson, path):
    """Checks say *not attempted*; a given cell may stop only for want of an answer."""
    answers = set()
    for cell, ran in zip(lesson.cells, nbformat.read(path, 4).cells, strict=True):
        if cell.kind != "code":
            continue
        errors = [f"{o.ename}: {o.evalue}" for o in ran.outputs if o.output_type == "error"]
        if cell.role == "check":
            assert ": not attempted yet" in errors[0], cell.where
        elif cell.role == "exercise":
            assert errors == [], cell.where
            answers |= set(source.binds(cell.text))
        elif errors:
            assert source.reads(cell.text) & answers, (cell.where, errors)
            answers |= set(source.binds(cell.text))


def _solved_runs(path):
    for cell in nbformat.read(path, 4).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", (cell.source, output)
            assert output.get("name") != "stderr", (cell.source, output.text)


@pytest.mark.slow
@each_lesson
def test_the_solution_runs_under_nbmake_within_the_budget(name, tmp_path, monkeypatch):
    """90 s of two cores and 1.5 GB, kernel and all that it starts; on a third seed."""
    monkeypatch.setenv("MINGLM_SEED", "1")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    path = tmp_path / f"{name}.ipynb"
    path.write_text(build.text(build.solved(read(name))), encoding="utf-8")
    run = ("import resource, subprocess, sys\n"
           "done = subprocess.run([sys.executable, '-m', 'pytest', '--nbmake', '-q', "
           "'--nbmake-timeout=120', '-p', 'no_front_end', '-p', 'no:cacheprovider', "
           "'-W', 'ignore', sys.argv[1]])\n"
           "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
           "print('USED', done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20)")
    done = subprocess.run([sys.executable, "-c", run, path], capture_output=True, text=True,
                          cwd=tmp_path)
    code, seconds, gigabytes = map(float, done.stdout.split("USED")[1].split())
    assert code == 0, done.stdout
    assert seconds < 2 * 90 and gigabytes < 1.5, (seconds, gigabytes)
