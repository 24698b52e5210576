"""lessons/ is a function of solutions/, and holds nothing that a learner must not see."""

import re
import subprocess
import sys

import nbformat
import pytest

from solutions.__main__ import main
from solutions.tools import build, rules, source


def edit(course, old, new, file="01_toy.py"):
    path = course / "solutions" / "01_toy" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return source.lessons(course)[0]


def notebook(course):
    return nbformat.read(course / "lessons" / "01_toy" / "01_toy.ipynb", 4)


def cell(nb, name):
    return next(c for c in nb.cells if c.id == name)


# --- the notebooks


def test_a_second_build_changes_nothing(toy):
    first = build.build(toy)
    text = first[0].read_bytes()
    assert build.build(toy) == [] and first[0].read_bytes() == text


def test_functions_raise_and_values_stay_open(toy):
    build.build(toy)
    assert cell(notebook(toy), "delayed").source.endswith("    raise NotImplementedError()")
    assert cell(notebook(toy), "mean_count").source == "per_bin = ..."  # nobody else reads `total`
    assert cell(notebook(toy), "why").source.endswith("*Write your answer here.*")


def test_a_source_may_choose_its_stub(toy):
    lesson = edit(toy, "total = counts", "### STUB per_bin = 0 / 1  # yours\ntotal = counts")
    stub = source.released(lesson, lesson.named("exercise")["mean_count"])
    assert stub == "per_bin = 0 / 1  # yours"


def test_metadata_locks_checks_and_leaves_answers_open(toy):
    build.build(toy)
    check, answer = (cell(notebook(toy), name).metadata for name in ("check-delayed", "delayed"))
    assert check["editable"] is False and check["deletable"] is False
    assert check["nbgrader"]["points"] == 2 and check["nbgrader"]["grade_id"] == "check-delayed"
    assert "editable" not in answer and answer["nbgrader"]["solution"] is True


def test_nothing_of_jupytext_and_no_output_is_left(toy):
    build.build(toy)
    nb = notebook(toy)
    assert set(nb.metadata) == {"kernelspec", "language_info"}
    known = {"nbgrader", "deletable", "editable", "jupyter"}
    assert all(set(c.metadata) <= known for c in nb.cells)
    assert all(c.outputs == [] and c.execution_count is None for c in nb.cells if "outputs" in c)
    assert len({c.id for c in nb.cells}) == len(nb.cells)


def test_a_pass_will_say_how_many_properties_wait(toy):
    build.build(toy)
    assert "    c.hidden = 1  #" in cell(notebook(toy), "check-delayed").source
    assert "c.hidden" not in cell(notebook(toy), "check-mean_count").source


def test_neither_solutions_nor_hidden_tests_leak(toy):
    text = build.build(toy)[0].read_text(encoding="utf-8")
    for secret in ("np.concatenate", "total", "c.rng", "off on fresh", "before the recording",
                   "BEGIN", "forwards"):
        assert secret not in text, secret


@pytest.mark.slow
def test_metadata_are_those_of_nbgraders_own_command(toy, tmp_path, monkeypatch):
    lesson = source.lessons(toy)[0]
    (tmp_path / "source" / "toy").mkdir(parents=True)
    nbformat.write(build.graded(lesson), tmp_path / "source" / "toy" / "toy.ipynb")
    for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    option = "--GenerateAssignment.preprocessors=nbgrader.preprocessors."
    steps = [option + s for s in ("LockCells", "CheckCellMetadata", "ComputeChecksums",
                                  "ClearHiddenTests", "ComputeChecksums")]
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "toy", "--no-db", *steps]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    theirs = (tmp_path / "release" / "toy" / "toy.ipynb").read_text(encoding="utf-8")
    assert build.text(build.released(lesson)) == theirs


# --- drift


def test_check_names_the_file_that_is_out_of_date(toy, capsys):
    assert main(["--course", str(toy), "build"]) == 0
    assert main(["--course", str(toy), "build", "--check"]) == 0
    edit(toy, "A toy lesson", "Another toy lesson")
    assert main(["--course", str(toy), "build", "--check"]) == 1
    assert "01_toy.ipynb: differs from its source" in capsys.readouterr().out


def test_check_sees_edited_missing_and_stray_files(toy):
    path = build.build(toy)[0]
    (toy / "lessons" / "stray.ipynb").write_text("{}")
    (toy / "lessons" / ".ipynb_checkpoints").mkdir()
    (toy / "lessons" / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert [re.sub(".*/", "", line) for line in build.drift(toy)] == [
        "01_toy.ipynb: differs from its source", "stray.ipynb: no source makes this file"]
    path.unlink()
    assert any("01_toy.ipynb: missing" in line for line in build.drift(toy))
    build.build(toy)
    assert build.drift(toy) == [] and not (toy / "lessons" / "stray.ipynb").exists()


# --- rules

BROKEN = {
    'check="delayed" points=2': ('check="delayed"', "check 'delayed' needs points="),
    'exercise="delayed"': ('excercise="delayed"', "unknown key in the cell's header: excercise"),
    'exercise="mean_count"': ('exercise="delayed"', "a second exercise named 'delayed'"),
    'check="mean_count" points=3': ('check="mean" points=3', "check("),
    "    ### BEGIN SOLUTION\n    return": ("    return", "one ### BEGIN SOLUTION"),
    "[np.nan], x[:-1]])": ("[np.nan], x[:-1]])" + "\n    x = 1" * 15, "16 solution lines"),
    "    late = c.call(delayed, x)": ("    late = delayed(x)", "reads `delayed`"),
    "c.value(per_bin)": ("np.mean(per_bin)", "reads `per_bin`"),
    '"a sum, not yet divided': ('"total / len, not yet divided', "gives away len, total"),
    "    c.that(np.isnan": ("c.that(np.isnan", "check delayed: unexpected indent"),
    '# %%\nprint(f"': ('# %%\nimport matplotlib.pyplot as plt\nplt.plot([1])\nprint(f"',
                       "a figure without words"),
    '    value = c.value': ('    value: int = (1\n    c.value', "check mean_count: "),
}


@pytest.mark.parametrize("old", BROKEN)
def test_a_broken_source_is_refused_with_file_and_line(toy, old, capsys):
    new, message = BROKEN[old]
    edit(toy, old, new)
    assert main(["--course", str(toy), "build"]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert all(re.search(r"01_toy\.py:\d+: ", line) for line in said.strip().splitlines())
    assert not (toy / "lessons").exists()


def test_wrong_answers_are_asked_for(toy):
    lesson = edit(toy, '"nothing there": ("pass", "does not exist"),', "", "wrong.py")
    assert rules.problems(lesson) == []
    lesson = edit(toy, '"hard-coded": ("per_bin = 2.0", "not the average"),', "", "wrong.py")
    assert "needs 3 wrong and 2 other right answers in wrong.py; it has 2 and 2" in (
        rules.problems(lesson)[0])


def test_a_replacement_must_fit_the_solution(toy):
    lesson = edit(toy, '{"[np.nan]": "[0.0]"}', '{"[np.inf]": "[0.0]"}', "wrong.py")
    assert "'[np.inf]' occurs 0 times in the solution of 'delayed'" in rules.problems(lesson)[0]


def test_what_given_cells_make_of_an_answer_counts_as_an_answer(toy):
    edit(toy, "# %% [markdown]\n# **Exercise 2.**", "# %%\nseen = delayed(counts)\n\n"
         "# %% [markdown]\n# **Exercise 2.**")
    lesson = edit(toy, "value < counts.sum()", "value < np.nansum(seen)")
    assert "reads `seen`, which depends on an answer" in rules.problems(lesson)[0]


def test_a_catch_up_cell_makes_a_name_the_lessons_own_again(toy):
    edit(toy, "# %% [markdown]\n# **Exercise 2.**", "# %%\nseen = delayed(counts)\n\n"
         "# %%\n# catch-up\nseen = counts\n\n# %% [markdown]\n# **Exercise 2.**")
    lesson = edit(toy, "value < counts.sum()", "value < counts.sum() + np.sum(seen)")
    assert rules.problems(lesson) == []


def test_an_unknown_lesson_is_named_with_those_there_are(toy, capsys):
    assert main(["--course", str(toy), "build", "07"]) == 1
    assert "no lesson named '07'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text, bound, read",
    [
        ("a = b", ["a"], {"b"}),
        ("def f(x):\n    y = x + z\n    return y", ["f"], {"z"}),
        ("v = [i * k for i in w]", ["v"], {"k", "w"}),
        ("import numpy as np, os.path", ["np", "os"], set()),
        ("for i, (j, k) in t:\n    m = i", ["i", "j", "k", "m"], {"t", "i"}),
        ("%matplotlib inline\nx = 1", ["x"], set()),
        ("f = lambda q: q + r", ["f"], {"r"}),
        ("with open(p) as file:\n    a, b = 1, 2", ["file", "a", "b"], {"open", "p"}),
    ],
)
def test_names_that_a_cell_makes_and_reads(text, bound, read):
    assert sorted(source.binds(text)) == sorted(bound) and source.reads(text) == read
