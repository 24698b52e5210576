"""verify tells a check that does its work from one that does not."""

import json

from solutions.__main__ import main
from solutions.tools import verify
from tests.course.test_build import edit


def test_every_answer_of_the_toy_is_judged_as_it_should_be(toy, tmp_path, capsys):
    out = tmp_path / "matrix.json"
    out.write_text('{"00_other": {"exercise": {}}}')
    assert main(["--course", str(toy), "verify", "01", "--json", str(out)]) == 0
    assert "17 answers tried, 9 of them wrong ones; none not judged" in capsys.readouterr().out
    assert list(json.loads(out.read_text())) == ["00_other", "01_toy"]
    matrix = json.loads(out.read_text())["01_toy"]["delayed"]
    size = len(matrix["answers"])
    assert size == 5 and matrix["got_the_hint_of"][::2] == [[0], [2], [1, 4]]
    assert matrix["accepted"] == matrix["refused"] == [] and "the solution" in matrix["right"]


def test_what_is_not_judged_as_it_should_be_is_told_apart(toy, capsys):
    edit(toy, '"as many values"', '"the first bin"', "wrong.py")  # another hint comes
    edit(toy, '("per_bin = 2.0"', '("per_bin = counts.mean()"', "wrong.py")  # accepted
    edit(toy, '"per_bin = np.mean(counts)"', '"per_bin = [np.mean(counts)]"', "wrong.py")  # refused
    assert main(["--course", str(toy), "verify"]) == 1
    trials = verify.verify(toy)["01_toy"]
    assert {(t.kind, t.label) for t in trials if not t.right} == {
        ("wrong", "a bin is dropped"), ("wrong", "hard-coded"), ("right", "numpy")}
    matrix = verify.confusion(trials)
    assert matrix["mean_count"]["accepted"] == ["hard-coded"]
    assert matrix["mean_count"]["refused"] == ["numpy"]
    said = capsys.readouterr().out
    assert "3 not judged as they should be" in said and "should get 'the first bin'; it got" in said


def test_answers_see_the_names_as_they_stood_and_leave_none(toy):
    """The toy's own list holds an answer that overwrites ``counts`` in place."""
    edit(toy, '"nothing there": ("pass"', '"nothing there": ("assert counts.any()"', "wrong.py")
    edit(toy, '"the sum": (', '"before": ("assert late and total", "does not exist"), "the sum": (',
         "wrong.py")
    trials = {t.label: t for t in verify.verify(toy)["01_toy"]}
    assert "does not exist" in trials["nothing there"].said
    assert "`per_bin` does not exist" in trials["before"].said
    assert trials["the solution"].outcome == "passed"


def test_a_solution_that_fails_its_check_is_not_right(toy):
    edit(toy, "total / len(counts)", "total / len(counts) + 1")
    trials = verify.verify(toy)["01_toy"]
    assert [t.right for t in trials if t.kind == "solution"] == [True, False]
