"""A lesson's source: read once, split into cells, regions and names.

Everything else works on these values: ``build`` makes notebooks of them, ``rules`` criticises
them, ``verify`` runs them. The format is written down in solutions/README.md.
"""

import ast
import re
import runpy
import symtable
import textwrap
from dataclasses import dataclass
from pathlib import Path

import jupytext

COURSE = Path(__file__).resolve().parents[2]
ROLES = ("exercise", "check", "written")


class SourceError(ValueError):
    """A source that cannot be read; the text names file, line and cell."""


@dataclass(frozen=True)
class Cell:
    kind: str  # "code" or "markdown"
    role: str  # one of ROLES, or "" for what is given
    name: str
    points: float
    text: str  # as in the source, regions included
    where: str  # file:line, for messages
    keys: tuple[str, ...] = ()  # keys of the header that have no meaning

    @property
    def grade_id(self) -> str:
        return f"check-{self.name}" if self.role == "check" else self.name


@dataclass(frozen=True)
class Lesson:
    name: str
    cells: tuple[Cell, ...]
    wrong: dict[str, dict[str, tuple]]
    right: dict[str, dict[str, object]]

    def named(self, role: str) -> dict[str, Cell]:
        return {cell.name: cell for cell in self.cells if cell.role == role}


def lessons(course: Path = COURSE, only: str = "") -> list[Lesson]:
    """Every lesson below course/solutions, in order, or the one whose name starts with ``only``."""
    found = sorted((Path(course) / "solutions").glob("[0-9][0-9]_*"))
    chosen = [folder for folder in found if folder.name.startswith(only)]
    if not chosen:
        names = ", ".join(folder.name for folder in found) or "none at all"
        raise SourceError(f"no lesson named {only!r} in {course}/solutions; there are: {names}")
    return [read(folder) for folder in chosen]


def read(folder: Path) -> Lesson:
    path = folder / f"{folder.name}.py"
    text = path.read_text(encoding="utf-8")
    cells = jupytext.reads(text, fmt="py:percent").cells
    starts = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# %%", line)]
    if len(starts) != len(cells):
        raise SourceError(f"{path}:1: every cell starts with `# %%`, the first one too, and only "
                          f"cells do: {len(cells)} cells, {len(starts)} headers")
    answers = {"WRONG": {}, "RIGHT": {}}
    if (folder / "wrong.py").exists():
        answers |= runpy.run_path(str(folder / "wrong.py"))
    parsed = (_cell(cell, f"{path}:{line}") for cell, line in zip(cells, starts, strict=True))
    return Lesson(folder.name, tuple(parsed), answers["WRONG"], answers["RIGHT"])


def _cell(cell, where: str) -> Cell:
    meta = {k: v for k, v in cell.metadata.items() if k != "lines_to_next_cell"}
    role = next((role for role in ROLES if role in meta), "")
    strange = sorted(meta.keys() - ({role, "points"} if role in ("check", "written") else {role}))
    points = meta.get("points", 0)
    if not isinstance(points, int | float):
        raise SourceError(f"{where}: points={points!r} is no number")
    name = str(meta.get(role, ""))
    return Cell(cell.cell_type, role, name, points, cell.source, where, tuple(strange))


# --- regions


def region(text: str, kind: str) -> tuple[str, str, str] | None:
    """What stands before, inside and behind ``### BEGIN kind`` ... ``### END kind``."""
    parts = re.split(rf"^[ \t]*### (?:BEGIN|END) {kind}[ \t]*\n?", text, flags=re.MULTILINE)
    return tuple(parts) if len(parts) == 3 else None


def released(lesson: Lesson, cell: Cell) -> str:
    """The cell as a learner gets it, but for hidden tests (nbgrader takes these out)."""
    if cell.role == "check":
        return _announce(cell)
    if cell.role not in ("exercise", "written"):
        return cell.text
    before, inside, behind = region(cell.text, "SOLUTION")
    if cell.role == "written":
        return f"{before}*Write your answer here.*\n{behind}".rstrip("\n")
    indent = re.match(r"[ \t]*", inside)[0]
    stub = re.findall(r"^[ \t]*### STUB (.*)\n", inside, flags=re.MULTILINE)
    if not stub:
        later = lesson.cells[lesson.cells.index(cell) + 1 :]
        read_later = set().union(*(reads(other.text) for other in later if other.kind == "code"))
        names = [name for name in binds(textwrap.dedent(inside)) if name in read_later]
        stub = ["raise NotImplementedError()"] if indent else [f"{name} = ..." for name in names]
    return "\n".join([before.rstrip("\n"), *(indent + line for line in stub), behind]).strip("\n")


def _announce(check: Cell) -> str:
    """Say in the visible part how many properties the hidden part holds."""
    parts = region(check.text, "HIDDEN TESTS")
    if not parts:
        return check.text
    count = len(re.findall(r"\.(?:that|equal)\(", parts[1]))
    indent = re.match(r"[ \t]*", parts[1])[0]
    say = f"{indent}{context_name(check)}.hidden = "
    more = f"{say}{count}  # properties that grading checks as well, on fresh inputs\n"
    begin = f"{indent}### BEGIN HIDDEN TESTS\n"
    return check.text.replace(begin, f"{more}{begin}{say}0\n")


# --- names


def tree(text: str) -> ast.Module:
    """The cell's syntax tree."""
    return ast.parse(python(text))


def python(text: str) -> str:
    """The cell without its magics."""
    return re.sub(r"^([ \t]*)[%!].*", r"\1pass", text, flags=re.MULTILINE)


def binds(text: str) -> list[str]:
    """The names that running the cell leaves behind, in order."""
    names, queue = [], list(tree(text).body)
    while queue:
        node = queue.pop(0)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.alias):
            names.append((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif not isinstance(node, _SCOPES):
            queue[:0] = ast.iter_child_nodes(node)
    return list(dict.fromkeys(names))


_SCOPES = ast.Lambda | ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp


def reads(text: str) -> set[str]:
    """The notebook's names that the cell reads, anywhere in it."""
    names, scopes = set(), [symtable.symtable(python(text), "cell", "exec")]
    own = binds(text)  # from Python 3.12 on, variables of comprehensions are assigned here, too
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        at_top = scope.get_type() == "module"
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced()
                  and (not s.is_assigned() or s.get_name() in own if at_top else s.is_global())}
    return names


def context_name(check: Cell) -> str:
    """``c`` of ``with check("name") as c:``."""
    return re.search(r"^with check\(.*\) as (\w+):", check.text, flags=re.MULTILINE)[1]


# --- answers


def answer(cell: Cell, given: str | dict[str, str]) -> str:
    """The exercise cell with a learner's answer: a whole text, or replacements in the solution."""
    if isinstance(given, str):
        return textwrap.dedent(given).strip("\n")
    text = cell.text
    for old, new in given.items():
        if text.count(old) != 1:
            raise SourceError(f"{cell.where}: {old!r} occurs {text.count(old)} times in the "
                              f"solution of {cell.name!r}; a replacement needs it once")
        text = text.replace(old, new)
    return text
