"""A page per student: per exercise the points, what the check said, and the answer as handed in.

Made from points and messages, never from the graded notebook, which holds the hidden tests.
"""

from html import escape
from pathlib import Path

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; text-align: left; }
tr { border-bottom: 1px solid #ccc; }
pre { background: #f4f4f4; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def write(rows: list, folder: Path) -> None:
    """``folder``/<student>.html for everybody in ``rows``."""
    folder.mkdir(parents=True, exist_ok=True)
    for student in dict.fromkeys(row.student for row in rows):
        parts = [_lesson(row) for row in rows if row.student == student]
        (folder / f"{student}.html").write_text(_page(student, parts), encoding="utf-8")


def _page(student: str, parts: list[str]) -> str:
    name = escape(student)
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>Feedback for {name}</title><style>{STYLE}</style></head>\n"
            f"<body><h1>Feedback for {name}</h1>\n{''.join(parts)}</body></html>\n")


def _lesson(row) -> str:
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{_points(row.points.get(name))}</td>'
        f"<td>{most:g}</td></tr>\n" for name, most in row.most.items()
    )
    notes = "".join(f"<li>{escape(note)}</li>\n" for note in row.notes)
    open_ = sum(row.most[name] for name, points in row.points.items() if points is None)
    return (f"<h2>{escape(row.lesson)}: {row.total:g} of {sum(row.most.values()):g} points"
            f"{f', {open_:g} not graded yet' if open_ else ''}</h2>\n"
            f"<table><caption>Points by exercise</caption><thead><tr><th>exercise</th>"
            f"<th>points</th><th>of</th></tr></thead>\n<tbody>{lines}</tbody></table>\n"
            + (f"<p>About the notebook:</p><ul>\n{notes}</ul>\n" if notes else "")
            + "".join(_exercise(row, name) for name in row.answers if name in row.most))


def _exercise(row, name: str) -> str:
    said = row.said.get(name, "").strip() or "no comment yet"
    return (f"<h3>{escape(name)}: {_points(row.points.get(name))} of {row.most[name]:g}</h3>\n"
            f"<pre>{escape(said)}</pre>\n<details><summary>Your answer</summary>"
            f"<pre>{escape(row.answers[name])}</pre></details>\n")


def _points(value: float | None) -> str:
    return "not graded yet" if value is None else f"{value:g}"
