"""What the checks say to known wrong answers: a confusion matrix per lesson, and a table.

    python -m solutions verify --json docs/figures/checks.json    tries every answer (minutes)
    python docs/figures/checks.py                                 draws checks.png, fills checks.md

A row is a wrong answer, a column the hint that belongs to one; what lies on the diagonal got its
own hint. Off it, within one exercise, lie answers that were told the same thing.
"""

import json
import re
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
COLUMNS = ("lesson", "exercises", "wrong answers", "got their own hint", "and one of another",
           "accepted", "right answers", "refused")


def matrix(lesson: dict) -> tuple[np.ndarray, list[int]]:
    """(answers, answers): whose hint each got, and where each exercise's block ends."""
    sizes = [len(exercise["answers"]) for exercise in lesson.values()]
    ends = np.cumsum(sizes).tolist()
    hits = np.zeros((ends[-1], ends[-1]), bool)
    for exercise, end in zip(lesson.values(), ends, strict=True):
        start = end - len(exercise["answers"])
        for row, columns in enumerate(exercise["got_the_hint_of"]):
            hits[start + row, [start + column for column in columns]] = True
    return hits, ends


def counts(lesson: dict) -> list[int]:
    """The numbers of ``COLUMNS`` behind the first."""
    hits, _ = matrix(lesson)
    of = lambda key: sum(len(exercise[key]) for exercise in lesson.values())
    both = int((np.diag(hits) & (hits.sum(axis=1) > 1)).sum())
    return [len(lesson), len(hits), int(np.trace(hits)), both,
            of("accepted"), of("right"), of("refused")]


def table(lessons: dict) -> str:
    rows = [[name.replace("_", " "), *counts(lesson)] for name, lesson in lessons.items()]
    rows.append(["**all**", *np.sum([row[1:] for row in rows], axis=0).tolist()])
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def draw(lessons: dict):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(-(-len(lessons) // 4), 4, figsize=(10, 2.7 * -(-len(lessons) // 4)),
                                layout="constrained", squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, (name, lesson) in zip(axes.flat, lessons.items(), strict=False):
        hits, ends = matrix(lesson)
        row, column = np.nonzero(hits)
        size = 4000 / len(hits) ** 2 + 1.5
        ax.scatter(column, row, s=size, marker="s", c=np.where(row == column, "#0072B2", "#E69F00"))
        for start, end in zip([0, *ends], ends, strict=False):
            ax.plot(np.array([start, end, end, start, start]) - 0.5,
                    np.array([start, start, end, end, start]) - 0.5, color="0.75", lw=0.7)
        ax.set(xlim=(-1, len(hits)), ylim=(len(hits), -1), aspect="equal")
        ax.set_title(f"{name.replace('_', ' ')}\n{len(hits)} wrong answers", fontsize=8)
    figure.supxlabel("hint that belongs to a wrong answer", fontsize=9)
    figure.supylabel("wrong answer", fontsize=9)
    return figure


if __name__ == "__main__":
    lessons = json.loads((HERE / "checks.json").read_text(encoding="utf-8"))
    draw(lessons).savefig(HERE / "checks.png", dpi=150)
    page = HERE.parent / "checks.md"
    text = re.sub(r"^\| lesson .*?\n(?!\|)", table(lessons) + "\n",
                  page.read_text(encoding="utf-8"), flags=re.M | re.S)
    page.write_text(text, encoding="utf-8", newline="\n")
    print(table(lessons))
