"""python -m data_fetch: each command, its output and its exit code."""

import dataclasses
import subprocess
import sys

import pytest
from bad_server import QUICK

from data_fetch import __main__ as cli
from data_fetch import archive, cache, download, errors, load, lookup


@pytest.fixture
def course(file, server, monkeypatch):
    """A catalogue whose first recording lies on the local server."""
    url = f"{server.url('drop')}/cell.nwb"
    entry = dataclasses.replace(
        lookup.entry("current_injection"), files=(dataclasses.replace(file, urls=(url,)),)
    )
    one = {entry.name: entry}
    for module in (archive, cli):
        monkeypatch.setattr(module, "recordings", lambda: one)
        monkeypatch.setattr(module, "entry", lambda name: one[name])
    monkeypatch.setattr(download, "Patience", lambda: QUICK)
    return entry


def test_a_recording_is_got_listed_verified_found_packed_and_removed(
    course, content, cache_folder, tmp_path, capsys
):
    path = cache_folder / "cell.nwb"

    def say(*words):
        code = cli.main([str(word) for word in words])
        return code, capsys.readouterr()

    assert say("list")[1].out.splitlines()[0].split()[:2] == ["current_injection", "twin"]
    assert say("verify")[1].out == "no downloaded recording is here; twins need no verifying\n"
    code, said = say("get", "current_injection")
    assert code == 0 and str(path) in said.out and "cell.nwb: 100%" in said.err
    assert path.read_bytes() == content
    assert say("list")[1].out.splitlines()[0].split()[:2] == ["current_injection", "here"]
    assert say("verify")[1].out == f"ok    {path}\n"
    assert say("where", "current_injection")[1].out.strip() == str(path)
    assert say("pack", tmp_path / "room.tar")[1].out == "current_injection: packed\n"
    assert say("remove", "current_injection")[1].out == f"removed {path}\n"
    assert say("get", "--from", tmp_path / "room.tar")[1].out == "current_injection: installed\n"
    path.write_bytes(content[:-1])
    code, said = say("verify")
    assert code == 1 and said.out == f"WRONG {path}\n" and "replaces a wrong file" in said.err
    assert say("get", "all", "--quiet")[0] == 0 and path.read_bytes() == content


def test_a_mirror_on_the_command_line_comes_first(course, server, cache_folder, capsys):
    assert cli.main(["get", "current_injection", "--quiet", "--mirror", server.url("good")]) == 0
    assert [kind for kind, _ in server.asked] == ["good"]


def test_what_cannot_be_got_is_one_sentence_and_an_exit_code(course, server, capsys):
    dead = dataclasses.replace(course.file, urls=(f"{server.url('403')}/cell.nwb",))
    object.__setattr__(course, "files", (dead,))
    assert cli.main(["get", "current_injection", "--quiet"]) == 1
    said = capsys.readouterr().err
    assert "answered 403" in said and "source='twin'" in said and said.count("\n") == 1


@pytest.mark.parametrize("words", [["get"], ["cite", "nothing"], ["pack", "/none/x.tar"]])
def test_wrong_words_are_one_sentence(words, capsys):
    assert cli.main(words) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_recording_is_cited_with_its_licence(capsys):
    assert cli.main(["cite"]) == 0
    said = capsys.readouterr().out
    for made in lookup.recordings().values():
        assert made.citation in said and made.licence in said and made.archive in said


def test_list_is_instant_and_imports_no_numpy():
    code = (
        "import sys; from data_fetch.__main__ import main; main(['list'])\n"
        "assert not {'numpy', 'pynapple', 'h5py', 'requests'} & set(sys.modules), 'heavy import'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 and "place_cells" in done.stdout, done.stderr


def test_where_says_the_folders(cache_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MINGLM_SHARED_DATA", str(tmp_path / "class"))
    assert cli.main(["where"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(cache.folder()),
        f"{tmp_path / 'class'} (shared, read only)",
    ]


def test_a_library_without_what_recordings_need_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(errors, "NEEDED", ("numpy", "no_such_package"))
    assert cli.main(["list"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.endswith("type `python -m pip install no_such_package`")
    with pytest.raises(errors.DataError, match="recordings need no_such_package as well"):
        load("grasshopper")
