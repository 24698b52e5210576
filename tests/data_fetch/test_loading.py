"""load: which recording comes, what it says of itself, and one sentence when it cannot come."""

import shutil

import numpy as np
import pytest

from data_fetch import DataError, cache, load, loading
from data_fetch.lookup import entry, others, recordings


@pytest.fixture
def real_file(shared, cache_folder, monkeypatch):
    """The real serotonin neuron, passed off as the published file: its hash is made to fit."""
    cache_folder.mkdir()
    made = entry("current_injection")
    path = cache_folder / made.file.name
    shutil.copy(shared / "recordings" / "5ht_DRN162.nwb", path)
    monkeypatch.setitem(made.file.__dict__, "hash", cache.digest(path, "sha256"))
    return path


def test_a_twin_says_that_it_is_one_and_of_which_seed():
    recording = load("grasshopper", "twin", seed=7)
    text = str(recording)
    assert "TWIN" in text and "seed 7" in text and "Rokem" in text
    assert "licence of the original: BSD" in text
    assert recording.source == "twin" and recording.seed == 7 and recording.truth["dt"] == 0.001
    assert list(recording) == ["units", "epochs", "stimulus"] and len(recording) == 3


def test_a_recording_says_file_licence_and_citation(real_file):
    recording = load("current_injection")
    assert recording.source == "real" and recording.truth is None and recording.seed is None
    for word in ("RECORDING", "hash verified", str(real_file), "Allen Institute", "noncommercial"):
        assert word in str(recording)
    assert len(recording["units"][0]) == 769


def test_auto_takes_the_file_only_when_its_hash_agrees(real_file):
    content = real_file.read_bytes()
    real_file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="does not pass its hash"):
        load("current_injection")
    assert load("current_injection", "twin").source == "twin"


def test_real_is_never_a_twin_and_says_how_to_get_it():
    with pytest.raises(DataError, match="data_fetch get head_direction.*source='twin'"):
        load("head_direction", "real")
    with pytest.raises(DataError, match="get allen:464212183` brings it$"):
        load("allen:464212183")


def test_the_argument_beats_the_environment(monkeypatch, shared):
    path = shared / "recordings" / "5ht_DRN162.nwb"
    monkeypatch.setenv("MINGLM_SOURCE", str(path))
    monkeypatch.setenv("MINGLM_SEED", "5")
    assert load("current_injection").path == path
    assert load("grasshopper", "twin").seed == 5
    assert load("grasshopper", "twin", seed=6).seed == 6
    monkeypatch.setenv("MINGLM_SOURCE", "twin")
    assert load("grasshopper").seed == 5


def test_a_path_shows_what_the_file_says_of_its_licence(shared):
    recording = load("current_injection", shared / "recordings" / "5ht_DRN162.nwb")
    assert "MIT licence" in recording.licence and "doi.org" in recording.citation
    assert recording.source == "file"


@pytest.mark.parametrize("name", ["nothing", "allen:", "allen:12x", ""])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(DataError, match="current_injection|allen:478498617"):
        load(name)


@pytest.mark.parametrize("seed", ["x", "1.5", 1.5, -1, 2**63])
def test_a_seed_is_a_whole_number(seed, monkeypatch):
    with pytest.raises(DataError, match="^seed is '1.5'; it takes a whole number"):
        load("grasshopper", "twin", seed="1.5")
    if isinstance(seed, str):
        monkeypatch.setenv("MINGLM_SEED", seed)
        seed = None
    with pytest.raises((DataError, ValueError), match="whole number"):
        load("grasshopper", "twin", seed=seed)


def test_missing_cut_and_foreign_files_are_one_sentence(shared, tmp_path):
    with pytest.raises(DataError, match="there is no file .*none.nwb: check the path"):
        load("current_injection", tmp_path / "none.nwb")
    whole = (shared / "recordings" / "5ht_DRN162.nwb").read_bytes()
    for size in (0, 1000, len(whole) // 2, len(whole) - 1):
        cut = tmp_path / "cut.nwb"
        cut.write_bytes(whole[:size])
        with pytest.raises(DataError, match="damaged or cut short") as error:
            load("current_injection", cut)
        assert "\n" not in str(error.value)
    with pytest.raises(DataError, match="has no stimulus, no response, .* unset MINGLM_SOURCE"):
        load("current_injection", shared / "recordings" / "rat_linear_track.nwb")


def test_an_unknown_key_lists_the_known_ones():
    with pytest.raises(KeyError, match="no 'spikes'; it has units, epochs, stimulus"):
        load("grasshopper")["spikes"]


def test_a_twin_is_made_once_and_not_changed_by_its_user():
    first, again = (load("grasshopper", "twin", seed=3) for _ in range(2))
    assert first["stimulus"] is again["stimulus"]
    with pytest.raises(ValueError, match="read-only"):
        first["stimulus"].values[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        first.truth["stimulus_filter"][0] = 0


def test_a_file_is_opened_lazily(shared):
    recording = load("current_injection", shared / "recordings" / "5ht_DRN162.nwb")
    assert not isinstance(recording["stimulus"].d, np.ndarray)


def test_every_entry_can_be_cited_and_points_to_https_with_a_hash():
    for made in (*recordings().values(), *others().values()):
        assert len(made.citation) > 40 and made.licence and made.archive and made.title
        for file in made.files:
            assert file.hash.split(":")[0] in ("sha256", "git-blob") and file.magic
            assert all(url.startswith("https://") for url in file.urls) and file.urls
    assert loading.find_real(entry("grasshopper")).is_dir()


def test_a_notebook_shows_the_sentence_and_no_traceback(tmp_path, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell, shown = InteractiveShell(config=Config(HistoryManager={"enabled": False})), []
    shell._showtraceback = lambda kind, error, lines: shown.extend(lines)
    shell.run_cell("import data_fetch; data_fetch.load('nope')", store_history=False)
    assert len(shown) == 1 and shown[0].startswith("DataError: there is no recording 'nope'")
