"""What a lesson's source must keep: one generator per rule, yielding "file:line: what is wrong".

Rules that need the lesson to run (a wrong answer gets its own hint) are verify's.
"""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise

from solutions.tools import source
from solutions.tools.source import Cell, Lesson, SourceError

LONGEST_ANSWER = 15  # lines
FEWEST_WRONG, FEWEST_RIGHT = 3, 2
ALT = 20  # characters of a figure's text


def problems(lesson: Lesson) -> list[str]:
    """Everything that is wrong with the source, in order of the file."""
    found = [*_headers(lesson), *_syntax(lesson)]
    if not found:  # the others read names and regions
        found = [*_pairs(lesson), *_answers(lesson), *_figures(lesson)]
    if not found:
        found = [*_touches(lesson), *_hints(lesson)]
    return sorted(found, key=lambda line: int(re.search(r":(\d+): ", line)[1]))


def _headers(lesson: Lesson) -> Iterator[str]:
    seen = set()
    for cell in lesson.cells:
        if cell.keys:
            yield f"{cell.where}: unknown key in the cell's header: {', '.join(cell.keys)}"
        if not cell.role:
            continue
        if not re.fullmatch(r"[A-Za-z]\w{0,40}", cell.name, re.ASCII):
            yield f"{cell.where}: {cell.name!r}: a name is made of letters, digits and _"
        if cell.grade_id in seen:
            yield f"{cell.where}: a second {cell.role} named {cell.name!r}"
        seen.add(cell.grade_id)
        if cell.role != "exercise" and not cell.points > 0:
            yield f"{cell.where}: {cell.role} {cell.name!r} needs points=, more than 0"
        if cell.kind != ("markdown" if cell.role == "written" else "code"):
            yield f"{cell.where}: {cell.role} {cell.name!r} cannot be a {cell.kind} cell"


def _syntax(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        at = f"{cell.where}: {cell.role or 'given cell'} {cell.name}".rstrip()
        markers = re.findall(r"### (?:BEGIN|END) .*", cell.text)
        kind = {"": "", "check": "HIDDEN TESTS"}.get(cell.role, "SOLUTION")
        pair = [f"### BEGIN {kind}", f"### END {kind}"]
        if markers != pair and (markers or cell.role in ("exercise", "written")):
            wanted = f"one {' ... '.join(pair)}, each on a line of its own" if kind else "no region"
            yield f"{at}: {wanted} is needed here, there is: {', '.join(markers) or 'none'}"
            continue
        if cell.kind != "code":
            continue
        try:
            body = source.tree(cell.text).body
        except SyntaxError as error:
            yield f"{at}: {error.msg} (line {error.lineno} of the cell)"
            continue
        if cell.role == "exercise":
            yield from _size(cell, at)
        head = f'with check("{cell.name}") as c:'
        if cell.role == "check" and (len(body) != 1 or not _is_check(body[0], cell.name)):
            yield f"{at}: the cell must be `{head}` with its block, and nothing else"


def _size(cell: Cell, at: str) -> Iterator[str]:
    lines = source.region(cell.text, "SOLUTION")[1].splitlines()
    count = sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)
    if not 0 < count <= LONGEST_ANSWER:
        yield f"{at}: {count} solution lines; 1 to {LONGEST_ANSWER} can be asked for"


def _is_check(node: ast.stmt, name: str) -> bool:
    return (isinstance(node, ast.With) and len(node.items) == 1
            and ast.unparse(node.items[0].context_expr) == f"check({name!r})"
            and isinstance(node.items[0].optional_vars, ast.Name))


def _pairs(lesson: Lesson) -> Iterator[str]:
    graded = [cell for cell in lesson.cells if cell.role in ("exercise", "check")]
    for cell, after in pairwise([*graded, None]):
        if cell.role == "exercise" and (after is None or after.grade_id != f"check-{cell.name}"):
            yield f"{cell.where}: exercise {cell.name!r} has no check: it is the next graded cell"
    for name in lesson.named("check").keys() - lesson.named("exercise").keys():
        yield f"{lesson.named('check')[name].where}: check {name!r} checks no exercise"


def _answers(lesson: Lesson) -> Iterator[str]:
    exercises = lesson.named("exercise")
    for table, label in ((lesson.wrong, "WRONG"), (lesson.right, "RIGHT")):
        for name in table.keys() - exercises.keys():
            yield f"{lesson.cells[0].where}: wrong.py: {label} has {name!r}, which is no exercise"
    for name, cell in exercises.items():
        wrong, right = lesson.wrong.get(name, {}), lesson.right.get(name, {})
        if len(wrong) < FEWEST_WRONG or len(right) < FEWEST_RIGHT:
            yield (f"{cell.where}: exercise {name!r} needs {FEWEST_WRONG} wrong and {FEWEST_RIGHT} "
                   f"other right answers in wrong.py; it has {len(wrong)} and {len(right)}")
        for label, given in wrong.items():
            if not (isinstance(given, tuple) and len(given) == 2 and given[1].strip()):
                yield f"{cell.where}: wrong answer {label!r} of {name!r} is not (answer, its hint)"
        for given in [pair[0] for pair in wrong.values()] + list(right.values()):
            try:
                source.tree(source.answer(cell, given))
            except SourceError as error:
                yield str(error)
            except SyntaxError:
                pass  # learners type such things too


def _figures(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        if cell.kind != "code" or cell.role == "check" or not re.search(r"\bplt\.\w+\(", cell.text):
            continue
        shown = [node for node in ast.walk(source.tree(cell.text)) if isinstance(node, ast.Call)
                 and ast.unparse(node.func).split(".")[-1] == "show"]
        texts = [call.args[1] for call in shown if len(call.args) > 1]
        short = [t for t in texts if isinstance(t, ast.Constant) and len(str(t.value)) < ALT]
        if not texts or short:
            yield f'{cell.where}: a figure without words: end the cell in show(fig, "what is seen")'


def _touches(lesson: Lesson) -> Iterator[str]:
    """Checks reach answers, and what given cells make of answers, through c.call and c.value."""
    answers: set[str] = set()
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        if cell.role == "check":
            for name in sorted(_touched(cell) & answers):
                yield (f"{cell.where}: check {cell.name!r} reads `{name}`, which depends on an "
                       f"answer: write c.value({name}) or c.call({name}, ...)")
            continue
        for statement in map(ast.unparse, source.tree(cell.text).body):
            names = set(source.binds(statement))
            depends = cell.role == "exercise" or source.reads(statement) & answers
            answers = answers | names if depends else answers - names


def _touched(check: Cell) -> set[str]:
    c, tree = source.context_name(check), source.tree(check.text)
    through = {id(name) for call in ast.walk(tree) if isinstance(call, ast.Call) and call.args
               and ast.unparse(call.func) in (f"{c}.call", f"{c}.value")
               for name in ast.walk(call.args[0])}
    for inner in ast.walk(tree):  # names that exist only in a comprehension or a lambda
        made = _arguments(inner) if isinstance(inner, ast.Lambda) else set()
        for part in getattr(inner, "generators", []):
            made |= {n.id for n in ast.walk(part.target) if isinstance(n, ast.Name)}
        through |= {id(n) for n in ast.walk(inner) if isinstance(n, ast.Name) and n.id in made}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own: dict[str, int] = {}
    for node in names:
        if isinstance(node.ctx, ast.Store):
            own[node.id] = min(node.lineno, own.get(node.id, node.lineno))
    return {node.id for node in names if isinstance(node.ctx, ast.Load)
            and id(node) not in through and own.get(node.id, node.lineno + 1) > node.lineno}


def _arguments(function: ast.Lambda) -> set[str]:
    return {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def _hints(lesson: Lesson) -> Iterator[str]:
    """No hint holds a name of the solution that the learner has not been shown."""
    shown = ""
    for cell in lesson.cells:
        visible = source.released(lesson, cell)
        hints = _texts(cell) if cell.role == "check" else []
        for hint in hints:
            visible = visible.replace(hint, "")
        shown += visible + "\n"
        if cell.role == "check":
            answer = source.region(lesson.named("exercise")[cell.name].text, "SOLUTION")[1]
            secret = _tokens(answer) - set(re.findall(r"\w+", shown))
            for hint in hints:
                if told := sorted(set(re.findall(r"\w+", hint)) & secret):
                    yield (f"{cell.where}: a hint of {cell.name!r} gives away {', '.join(told)}: "
                           f"{hint[:60]!r}")


def _texts(check: Cell) -> list[str]:
    c, texts = source.context_name(check), []
    for call in ast.walk(source.tree(check.text)):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in (f"{c}.that", f"{c}.equal"):
            skip = 1 if ast.unparse(call.func) == f"{c}.that" else 2
            for hint in call.args[skip:]:
                parts = [n.value for n in ast.walk(hint) if isinstance(n, ast.Constant)]
                texts += [part for part in parts if isinstance(part, str)]
    return texts


def _tokens(text: str) -> set[str]:
    lines = io.StringIO("\n".join(line.strip() for line in text.splitlines()) + "\n").readline
    names = {t.string for t in tokenize.generate_tokens(lines) if t.type == tokenize.NAME}
    return names - set(keyword.kwlist)
