"""A twin that takes a while is kept on disk, is the same from there, and never stale or half."""

import inspect

import numpy as np
import pytest

from data_fetch import kept, load, loading, twins
from data_fetch.__main__ import main

keep = kept.keep  # conftest.py takes it away from the other tests


@pytest.fixture(autouse=True)
def keeping(cache_folder, monkeypatch):
    """Every twin is kept, and the memory of this process forgets."""
    monkeypatch.setattr(kept, "keep", keep)
    monkeypatch.setattr(loading, "SLOW", 0.0)
    loading._simulate.cache_clear()
    yield
    loading._simulate.cache_clear()


def same(a, b):
    """Equal values, types and dtypes, all the way down."""
    if isinstance(a, np.ndarray):
        alike = type(b) is np.ndarray and (a.dtype, a.shape) == (b.dtype, b.shape)
        return alike and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if type(a) in kept.PARTS.values():
        return type(a) is type(b) and same(vars(a), vars(b))
    return a == b and type(a) is type(b)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n == "grasshopper" else pytest.mark.slow)
             for n in twins.TWINS])
def test_what_is_kept_is_what_was_made(name):
    parts, truth = twins.make(name, 0)
    keep(name, 0, parts, truth)
    found = kept.kept(name, 0)
    assert same(parts, found[0]) and same(truth, found[1])
    clocks = {id(part.t): id(found[0][key].t) for key, part in parts.items() if "t" in vars(part)}
    assert len(set(clocks.values())) == len(clocks), "series on one clock share it"


def test_a_second_notebook_makes_nothing(monkeypatch, cache_folder):
    first = load("grasshopper", "twin")
    loading._simulate.cache_clear()
    monkeypatch.setattr(twins, "make", lambda *_: pytest.fail("made again"))
    again = load("grasshopper", "twin")
    assert np.array_equal(first["stimulus"].values, again["stimulus"].values)
    assert np.array_equal(first["units"][0].t, again["units"][0].t)
    assert same(first.truth, again.truth)
    with pytest.raises(ValueError, match="read-only"):
        again["stimulus"].values[0] = 0


def test_only_what_is_slow_and_of_seed_0_is_kept(monkeypatch, cache_folder):
    load("grasshopper", "twin", seed=1)
    monkeypatch.setattr(loading, "SLOW", 100.0)
    load("grasshopper", "twin")
    assert not (cache_folder / "twins").exists()


def test_other_code_makes_another_twin(monkeypatch, cache_folder):
    load("grasshopper", "twin")
    monkeypatch.setattr(kept, "version", lambda: "new")
    assert kept.kept("grasshopper", 0) is None
    loading._simulate.cache_clear()
    load("grasshopper", "twin")
    assert [path.name for path in (cache_folder / "twins").iterdir()] == ["grasshopper-0-new"]


def test_the_version_is_that_of_the_code(monkeypatch, tmp_path):
    before = kept.version()
    (tmp_path / "twins").mkdir()
    code = [kept.HOME / "parts.py", kept.HOME / "kept.py", *(kept.HOME / "twins").glob("*.py")]
    for path in code:
        (tmp_path / path.relative_to(kept.HOME)).write_bytes(path.read_bytes())
    monkeypatch.setattr(kept, "HOME", tmp_path)
    assert kept.version.__wrapped__() == before
    (tmp_path / "twins" / "dice.py").write_text("# other dice")
    assert kept.version.__wrapped__() != before


@pytest.mark.parametrize("damage", ["cut", "empty", "no layout", "half a layout", "an array gone"])
def test_a_damaged_one_is_made_anew(damage, cache_folder):
    before = load("grasshopper", "twin").truth["stimulus_filter"]
    (place,) = (cache_folder / "twins").iterdir()
    layout, array = place / "layout.json", place / "0.npy"
    if damage in ("cut", "empty"):
        array.write_bytes(array.read_bytes()[: 200 if damage == "cut" else 0])
    elif damage == "half a layout":
        layout.write_text(layout.read_text()[:50])
    else:
        (layout if damage == "no layout" else array).unlink()
    loading._simulate.cache_clear()
    assert kept.kept("grasshopper", 0) is None
    assert np.array_equal(load("grasshopper", "twin").truth["stimulus_filter"], before)
    assert kept.kept("grasshopper", 0) is not None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MINGLM_DATA_DIR", str(tmp_path / "file"))
    assert load("grasshopper", "twin").source == "twin"


def test_a_full_disk_leaves_nothing_behind(cache_folder, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    assert load("grasshopper", "twin").source == "twin"
    assert list((cache_folder / "twins").iterdir()) == []


def test_remove_takes_it_away(cache_folder, capsys):
    load("grasshopper", "twin")
    assert main(["remove", "grasshopper"]) == 0
    assert "removed" in capsys.readouterr().out and not list((cache_folder / "twins").iterdir())
    assert main(["remove", "grasshopper"]) == 0
    assert "was not here" in capsys.readouterr().out


def test_nothing_is_pickled():
    source = inspect.getsource(kept)
    assert "import pickle" not in source and source.count("allow_pickle=False") == 2
