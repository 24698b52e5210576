"""Published numbers beside ours: the tables run, tell right from wrong, and skip what is absent."""

import dataclasses

import numpy as np
import pytest

from data_fetch import load
from solutions.__main__ import main
from solutions.tools import published

LAYOUT = {  # rows that a twin must agree with as well: it has the layout of the published file
    "current_injection": {"epochs", "samples of current", "Noise 1, starts (s)",
                          "Noise 1, ends (s)", "samples of the first sweep", "bins of 1 ms",
                          "history, rows without a past", "history, residual degrees of freedom"},
    "head_direction": {"units", "borders of the epochs (s)", "samples of heading",
                       "first and last (s)", "samples a second", "ADn units above 2 Hz",
                       "counts, 3 min in bins of 10 ms", "raw history, rows without a past",
                       "raw history, residual degrees of freedom",
                       "bumps, residual degrees of freedom", "population, weights"},
    "calcium_imaging": {"traces", "first and last image (s)", "images a second",
                        "headings a second", "half a second of images"},
    "task_variables": {"bins and neurons", "groups of columns", "columns"},
}


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """No recording on this machine."""
    monkeypatch.setenv("MINGLM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MINGLM_SHARED_DATA", "")
    return tmp_path


def test_without_recordings_all_is_skipped_and_nothing_fails(empty, capsys):
    assert main(["reproduce"]) == 0
    said = capsys.readouterr().out
    assert said.count("skipped, it is not on this machine") == len(published.TABLES)
    assert "0 numbers agree, 0 disagree" in said


@pytest.mark.slow
def test_the_recordings_beside_the_repository_give_the_published_numbers(shared, empty, capsys):
    assert main(["reproduce", "--recordings", str(shared / "recordings")]) == 0
    said = capsys.readouterr().out
    assert said.count("skipped, it is not on this machine") == 4 and "DISAGREES" not in said
    assert "33 numbers agree, 0 disagree, 64 skipped" in said


def test_a_number_that_disagrees_fails(monkeypatch, empty, capsys):
    row = published.Row("spikes", lambda s: len(s["units"][0]), 7, 0, right=8)
    table = published.Table("x.nwb", "grasshopper", dict, "a page", (row, row))
    monkeypatch.setattr(published, "TABLES", (table,))
    monkeypatch.setattr(published, "_recording", lambda *_: load("grasshopper", "twin"))
    assert main(["reproduce"]) == 1
    said = capsys.readouterr().out
    assert "DISAGREES; right is 8" in said and "0 numbers agree, 2 disagree, 0 skipped" in said


def test_a_published_file_must_pass_its_hash(empty, tmp_path, capsys):
    (tmp_path / "allen_478498617.nwb").write_bytes(b"not the recording")
    assert main(["reproduce", "--recordings", str(tmp_path)]) == 1
    assert "does not pass its hash" in capsys.readouterr().err


def test_agreement_is_within_the_tolerance_of_every_number_and_prefers_what_is_right():
    row = published.Row("", None, [1.0, 2.0], 0.1)
    assert row.agrees([1.05, 1.95]) and not row.agrees([1.05, 2.2]) and not row.agrees([1.0])
    assert not row.agrees([np.nan, 2.0])
    slip = dataclasses.replace(row, right=[3.0, 4.0])
    assert slip.agrees([3.0, 4.0]) and not slip.agrees([1.0, 2.0])


@pytest.mark.slow
@pytest.mark.parametrize("table", published.TABLES[:4], ids=lambda table: table.recording)
def test_every_row_runs_on_the_twin_and_the_layout_agrees(table, monkeypatch):
    """The published files cannot be had in a test; twins have their keys, shapes and names."""
    analysis = table.analysis(load(table.recording, "twin"))
    if table.recording == "task_variables":  # two neurons will do, all of them take minutes
        monkeypatch.setattr(analysis, "explained", lambda without="": np.ones(2) * 0.3)
    agreed = set()
    for row in table.rows:
        got = np.asarray(row.ours(analysis), float)
        right = row.published if row.right is None else row.right
        assert got.shape == np.shape(right) or "five" in row.what, row.what
        assert np.isfinite(got).all(), row.what
        agreed |= {row.what} if row.agrees(got) else set()
    assert LAYOUT[table.recording] <= agreed


def test_the_published_weights_give_the_published_filter():
    """lessons.md derives peak, trough and sum of the filter from the printed weights."""
    past = published.Injection.past.func(None)
    kernel = past.kernels @ published.WEIGHTS
    assert kernel.max() == pytest.approx(0.01432, abs=2e-5)
    assert kernel.min() == pytest.approx(-0.00374, abs=2e-5)
    assert kernel.sum() == pytest.approx(0.0499, abs=1e-4) and kernel.argmax() + 1 == 3
    past = published.Compass.past.func(None)
    kernel = past.kernels @ published.PAST
    assert kernel[0] == pytest.approx(0.0542, abs=1e-4)
    assert kernel.max() == pytest.approx(0.1954, abs=1e-4)
    assert kernel.argmax() == 2 and kernel.sum() == pytest.approx(4.186, abs=2e-3)
