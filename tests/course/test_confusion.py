"""The confusion matrix in the docs is that of the lessons there are, and keeps its promises."""

import json
import sys

import pytest

from solutions.tools import source

FIGURES = source.COURSE / "docs" / "figures"
sys.path.insert(0, str(FIGURES))
import checks as figure  # noqa: E402  docs/figures/checks.py

NAMES = [path.name for path in sorted((source.COURSE / "solutions").glob("[0-9][0-9]_*"))]
MATRIX = json.loads((FIGURES / "checks.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_matrix_has_every_answer_of_every_lesson(name):
    lesson, kept = source.lessons(only=name)[0], MATRIX[name]
    assert {name: part["answers"] for name, part in kept.items()} == {
        name: list(answers) for name, answers in lesson.wrong.items()}
    assert {name: part["right"] for name, part in kept.items()} == {
        name: [*lesson.right.get(name, {}), "the solution"] for name in lesson.wrong}


def test_no_lesson_is_kept_that_is_gone():
    assert list(MATRIX) == NAMES


def test_wrong_answers_get_their_own_hint_and_right_ones_pass():
    _, wrong, own, _, accepted, right, refused = map(sum, zip(*map(figure.counts, MATRIX.values()),
                                                              strict=True))
    assert own >= 0.95 * wrong and accepted == refused == 0 and right > wrong / 4


def test_the_page_says_what_the_matrix_says():
    page = (source.COURSE / "docs" / "checks.md").read_text(encoding="utf-8")
    assert figure.table(MATRIX) in page
