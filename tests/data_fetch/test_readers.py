"""Readers: pickles that may only hold data, Allen files on one time axis, the grasshopper."""

import os
import pickle

import h5py
import numpy as np
import pytest

from data_fetch import DataError, cache, load, loading, lookup
from data_fetch.readers import allen, grasshopper, harvey, nwb
from data_fetch.registry import File


def example(n=60):
    rng = np.random.default_rng(0)
    return {
        "deconv": rng.gamma(1.0, size=(n, 4)),
        "trial_num": np.repeat(np.arange(n // 6), 6),
        "time_from_cho": rng.normal(size=n),
        "posF": rng.normal(size=(n, 1)),
        "task_var": {name: rng.normal(size=n) for name in harvey.TASK},
        "movement_var": {name: rng.normal(size=n) for name in harvey.MOVEMENT},
    }


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_of_arrays_is_read_as_it_was(protocol, tmp_path):
    raw, path = example(), tmp_path / "example.pkl"
    path.write_bytes(pickle.dumps(raw | {"scalar": np.float64(2.5)}, protocol))
    parts = harvey.parts(path)
    assert np.array_equal(parts["deconv"].values, raw["deconv"])
    assert parts["posF"].values.shape == (60,)
    assert np.array_equal(parts["task_var"].values[:, 5], raw["task_var"]["bias_following"])
    assert harvey.unpickle(path)["scalar"] == 2.5


def test_a_pickle_written_by_numpy_1_is_read_too(tmp_path):
    """Before NumPy 2 the rebuilding functions lived in numpy.core."""
    old = pickle.dumps({"a": np.arange(3.0)}, 2).replace(b"numpy._core", b"numpy.core")
    assert b"numpy.core.multiarray" in old
    path = tmp_path / "old.pkl"
    path.write_bytes(old)
    assert np.array_equal(harvey.unpickle(path)["a"], np.arange(3.0))


class Evil:
    """Unpickled without care, it creates a file."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


MALICE = {
    "os.system": lambda mark: Evil(os.system, f"touch {mark}"),
    "eval": lambda mark: Evil(eval, f"open({str(mark)!r}, 'w')"),
    "getattr": lambda mark: Evil(getattr, "text", "upper"),
    "numpy code": lambda mark: Evil(np.save, mark, 0),
    "hidden in an array": lambda mark: np.array([Evil(os.system, f"touch {mark}")], object),
    "deep in a dictionary": lambda mark: {"task_var": [{"cue": Evil(os.mkdir, str(mark))}]},
}


@pytest.mark.parametrize("kind", MALICE)
def test_a_malicious_pickle_is_refused_and_nothing_runs(kind, tmp_path):
    path, mark = tmp_path / "evil.pkl", tmp_path / "ran"
    path.write_bytes(pickle.dumps(MALICE[kind](mark)))
    with pytest.raises(DataError, match="which is no data: not loaded"):
        harvey.unpickle(path)
    assert not mark.exists() and not (tmp_path / "ran.npy").exists()


@pytest.mark.parametrize("damage", [b"", b"\x80\x04no pickle", b"<html>"])
def test_a_damaged_pickle_is_one_sentence(damage, tmp_path):
    path = tmp_path / "bad.pkl"
    path.write_bytes(damage)
    with pytest.raises(DataError, match="no readable pickle of arrays"):
        harvey.unpickle(path)


def test_a_pickle_with_another_layout_is_one_sentence():
    with pytest.raises(DataError, match="not the layout of the Harvey example: 'task_var'"):
        harvey.arrange({k: v for k, v in example().items() if k != "task_var"})


def test_the_pickle_is_only_opened_after_its_git_hash_agrees(cache_folder, tmp_path):
    cache_folder.mkdir()
    mark = tmp_path / "ran"
    evil = pickle.dumps(Evil(os.system, f"touch {mark}"))
    (cache_folder / "example_data_glm.pkl").write_bytes(evil)
    with pytest.raises(DataError, match="does not pass its hash"):
        load("task_variables", "real")
    assert not mark.exists()


def test_a_git_blob_hash_is_that_of_git(tmp_path):
    path = tmp_path / "hello"
    path.write_bytes(b"hello world\n")  # echo "hello world" | git hash-object --stdin
    assert cache.digest(path, "git-blob") == "git-blob:3b18e512dba79e4c8300dd08aeb37f8e728b8dad"
    file = File("hello", (), "git-blob:3b18e512dba79e4c8300dd08aeb37f8e728b8dad")
    assert cache.verified(path, file)


def write_allen(path, version=b"1.1", conversion=1e-12):
    """Three sweeps as AllenSDK's files have them, not in order, the last without spikes."""
    with h5py.File(path, "w") as file:
        file["general/generated_by"] = np.array([b"pipeline", b"x", b"version", version])
        for number, n, spikes in [(10, 40, [0.001]), (4, 100, [0.004, 0.002]), (11, 60, None)]:
            sweep = file.create_group(f"epochs/Sweep_{number}")
            for kind in ("stimulus", "response"):
                data = sweep.create_dataset(f"{kind}/timeseries/data", data=np.arange(n) + number)
                data.attrs["conversion"] = conversion
                start = sweep.create_dataset(f"{kind}/timeseries/starting_time", data=0.0)
                start.attrs["rate"] = 10_000.0
            name = b"Noise 1" if number == 10 else b"Ramp"
            file[f"stimulus/presentation/Sweep_{number}/aibs_stimulus_name"] = name
            if spikes is not None:
                file[f"analysis/spike_times/Sweep_{number}"] = np.array(spikes)
        file.create_group("epochs/Experiment_4")


def test_allen_sweeps_are_laid_five_seconds_apart_in_order(tmp_path):
    path = tmp_path / "allen.nwb"
    write_allen(path)
    parts = allen.parts(path)
    assert parts["epochs"].columns["tags"] == ["Ramp", "Noise 1", "Ramp"]
    first_end, second = 99 / 10_000, 99 / 10_000 + 5
    np.testing.assert_allclose(parts["epochs"].start, [0, second, second + 39 / 10_000 + 5])
    np.testing.assert_allclose(parts["epochs"].end[0], first_end)
    np.testing.assert_allclose(parts["units"].times[0], [0.002, 0.004, second + 0.001])
    assert parts["stimulus"].t.shape == parts["response"].values.shape == (200,)
    np.testing.assert_allclose(parts["stimulus"].values[100], 10e-12)
    keys, read = allen.read(path)
    assert keys == ("units", "epochs", "stimulus", "response")
    assert len(read("stimulus").restrict(read("epochs")[1])) == 40


@pytest.mark.parametrize("version, scaled", [(b"0.9", 0), (b"1.0", 0), (b"1.1", 1), (b"2.0", 1)])
def test_allen_integers_are_scaled_only_from_version_1_1_on(version, scaled, tmp_path):
    path = tmp_path / "allen.nwb"
    write_allen(path, version)
    assert np.isclose(allen.parts(path)["stimulus"].values[0], 4e-12 if scaled else 4.0)


def test_any_allen_cell_is_loaded_from_its_pinned_file(cache_folder):
    cache_folder.mkdir()
    path = cache_folder / "allen_464212183_ephys.nwb"
    write_allen(path)
    with pytest.raises(DataError, match="does not pass its hash"):
        load("allen:464212183")
    cache.pin(path, cache.digest(path, "sha256"))
    recording = load("allen:464212183")
    assert recording.source == "real" and recording["response"].shape == (200,)
    assert "464212183" in str(recording)


def test_a_foreign_hdf5_file_is_one_sentence(tmp_path):
    path = tmp_path / "other.nwb"
    with h5py.File(path, "w") as file:
        file["x"] = 1
    with pytest.raises(DataError, match="not an NWB 1 file of the Allen"):
        allen.parts(path)
    with pytest.raises(DataError, match="not an NWB file that pynapple can read"):
        nwb.read(path)


def test_the_grasshopper_is_real_and_needs_no_network():
    recording = load("grasshopper")
    assert recording.source == "real" and recording.truth is None
    spikes, epochs = recording["units"][0], recording["epochs"]
    assert [len(spikes.restrict(epochs[i])) for i in range(2)] == [929, 868]
    assert recording["stimulus"].shape == (400_000,)
    assert recording["stimulus"].values[0] == 0.242911


def test_a_changed_grasshopper_file_is_refused(tmp_path):
    place = loading.find_real(lookup.entry("grasshopper"))
    for path in place.glob("grasshopper_*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes() + b"1\n")
    with pytest.raises(DataError, match="spike_times1.txt does not pass its hash"):
        grasshopper.parts(tmp_path)
