"""What learners get holds no answer, and what an instructor teaches from holds all of them."""

import re
import zipfile

import nbformat
import pytest

from solutions.__main__ import main
from solutions.tools import build, copies, source


def test_learners_get_the_lessons_as_built_in_an_archive(toy, tmp_path, capsys):
    build.build(toy)
    as_built = (toy / "lessons" / "01_toy" / "01_toy.ipynb").read_bytes()
    (toy / "lessons" / "01_toy" / "01_toy.ipynb").write_text("my own answers")
    target = tmp_path / "new" / "course.zip"
    assert main(["--course", str(toy), "handout", str(target)]) == 0
    with zipfile.ZipFile(target) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        assert names == ["course/lessons/01_toy/01_toy.ipynb"]
        assert archive.read(names[0]) == as_built
    capsys.readouterr()
    assert main(["--course", str(toy), "handout", str(target)]) == 1
    assert "is there already: name a new one" in capsys.readouterr().err


@pytest.mark.slow
def test_the_learners_copy_keeps_secrets_and_its_links_lead_somewhere(tmp_path):
    home = copies.hand_out(source.COURSE, tmp_path / "course")
    files = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    parts = {part for name in files for part in name.split("/")}
    assert not parts & {"solutions", "tests", "instructor", "wrong.py", ".git", "__pycache__"}
    assert {"Makefile", "requirements.lock", "pyproject.toml", "LICENSE"} <= files
    assert [name for name in copies.GIVEN if not (home / name).exists()] == []
    for page in home.rglob("*.md"):
        links = re.findall(r"\]\(([^)\s#]+)\)", page.read_text(encoding="utf-8"))
        local = [link for link in links if "://" not in link]
        assert [link for link in local if not (page.parent / link).exists()] == [], page.name


def test_an_instructor_presents_answers_rubrics_and_output(toy, tmp_path, lesson):
    (path,) = copies.present(toy, tmp_path / "teaching", "01", run=True)
    cells = {cell.id: cell for cell in nbformat.read(path, 4).cells}
    assert not [c.id for c in cells.values() if "###" in c.source and "SOLUTION" in c.source]
    inside = source.region(lesson.named("written")["why"].text, "SOLUTION")[1].strip()
    assert inside and inside in cells["why"].source
    said = {name: "".join(o.get("text", "") for o in cells[f"check-{name}"].outputs)
            for name in lesson.named("exercise")}
    assert all(f"{name}: passed" in text for name, text in said.items())
    with pytest.raises(source.SourceError, match="where learners look: name another folder"):
        copies.present(toy, toy / "lessons")
