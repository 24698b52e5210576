"""Twins are believable: their statistics lie where published analyses and recordings lie.

The statistics and their ranges are those of the figure in the docs (docs/figures/twins.py).
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pynapple as nap
import pytest

import minglm as nmo
from data_fetch import load, twins

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "figures"))
import twins as figure  # noqa: E402  docs/figures/twins.py

QUICK = [("grasshopper", 0), ("grasshopper", 1), ("task_variables", 0)]
SLOW = [(name, seed) for name in twins.TWINS for seed in range(3) if (name, seed) not in QUICK]


@pytest.mark.parametrize(
    "name, seed", QUICK + [pytest.param(*pair, marks=pytest.mark.slow) for pair in SLOW]
)
def test_every_statistic_lies_in_its_range(name, seed):
    found = figure.summary(name, seed)
    rows = [row for row in figure.ROWS if row[0] == name]
    outside = {
        statistic: (found[statistic], low, high)
        for _, statistic, _, low, high, _ in rows
        if not low <= found[statistic] <= high
    }
    assert not outside and len(found) == len(rows) > 1


def test_the_real_grasshopper_lies_in_the_ranges_of_its_twin():
    found = figure.grasshopper(load("grasshopper", "real"))
    rows = [row for row in figure.ROWS if row[0] == "grasshopper"]
    for value, (_, _, published, low, high, _) in zip(found, rows, strict=True):
        assert low <= value <= high and value == pytest.approx(published, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_current_filter_is_found_again_with_every_seed(seed):
    """Current and spike history, three sweeps, at the optimum: r > 0.9 with the truth."""
    recording = load("current_injection", "twin", seed)
    epochs = recording["epochs"]
    noise = epochs[epochs.tags == "Noise 1"]
    current = (recording["stimulus"].restrict(noise) * 1e12).bin_average(0.001)
    count = recording["units"][0].count(0.001, ep=noise)
    past = nmo.basis.RaisedCosineLogConv(8, window_size=200)
    own = nmo.basis.RaisedCosineLogConv(5, window_size=50)
    X = np.hstack([past.compute_features(current), own.compute_features(count)])
    glm = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-7).fit(X, np.asarray(count))
    found = past.kernels @ glm.coef_[:8]
    assert np.corrcoef(found, recording.truth["current_filter"])[0, 1] > 0.9


@pytest.mark.slow
def test_the_couplings_of_the_mouse_are_in_its_spikes():
    """A model of heading and couplings, ten minutes: planted connections stand out.

    Only senders that fire together with the receiver can show one.
    """
    recording = load("head_direction", "twin")
    truth, units = recording.truth, recording["units"][[*recording.truth["units"]]]
    start = recording["epochs"].start[1]
    count = units.count(0.01, ep=nap.IntervalSet(start + 1, start + 601))
    past = nmo.basis.RaisedCosineLogConv(3, window_size=20)
    heading = np.asarray(recording["ry"])[np.searchsorted(recording["ry"].t, count.t)]
    tuning = np.column_stack([np.cos(heading), np.sin(heading)])  # log tuning is linear in these
    X = np.hstack([past.compute_features(count), tuning])
    found, planted = [], []
    for i in np.flatnonzero(np.asarray(count).mean(0) > 0.05):
        glm = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-6)
        glm.fit(X, np.asarray(count)[:, i])
        near = np.cos(truth["preferred"] - truth["preferred"][i]) > 0.2
        near &= (np.asarray(count).mean(0) > 0.03) & (np.arange(18) != i)
        found.extend((past.kernels @ glm.coef_[:54].reshape(18, 3).T).sum(0)[near])
        planted.extend(truth["coupling"][near, :, i].sum(1))
    assert np.corrcoef(found, planted)[0, 1] > 0.6


def test_task_groups_that_are_said_to_be_zero_are_zero():
    truth = load("task_variables", "twin").truth
    for g, name in enumerate(truth["groups"]):
        used = np.abs(truth["weights"][name]).max(0) > 0
        assert np.array_equal(used, truth["active"][:, g])
    assert len(truth["groups"]) == 21 and 3 < truth["active"].sum(1).mean() < 6


def test_the_rule_switches_and_the_mouse_follows():
    task = load("task_variables", "twin")["task_var"]
    correct = np.asarray(task[:, list(task.columns).index("corr")])
    trial = np.asarray(load("task_variables", "twin")["trial_num"]).astype(int)
    by_trial = np.array([correct[trial == k][0] > 0 for k in range(trial.max() + 1)])
    smooth = np.convolve(by_trial, np.ones(15) / 15, "valid")
    assert 0.7 < by_trial.mean() < 0.9 and smooth.min() < 0.4 and smooth.max() > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("name", twins.TWINS)
def test_a_twin_takes_at_most_five_seconds_and_a_gigabyte(name):
    """Processor seconds of a fresh process that only makes the twin."""
    seconds, memory = _cost(f"from data_fetch import twins; twins.make({name!r}, 3)")
    print(f"{name}: {seconds:.1f} s, {memory / 1e6:.0f} MB")
    assert seconds <= 5 and memory <= 1e9


def _cost(code):
    """Processor seconds and peak memory (bytes) of a fresh process.

    VmHWM, because ru_maxrss remembers the size of the process that forked.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("needs /proc")
    code += (
        "\nimport time; print(time.process_time(), next(line.split()[1] for line in "
        "open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, kilobytes = (float(word) for word in done.stdout.split())
    return seconds, kilobytes * 1024


@pytest.mark.slow
def test_a_lesson_on_the_20_khz_recording_stays_under_1500_megabytes():
    code = (
        "from data_fetch import load; r = load('current_injection', 'twin')\n"
        "e = r['epochs']; noise = e[e.tags == 'Noise 1']\n"
        "(r['stimulus'].restrict(noise) * 1e12).bin_average(0.001); r['response'].restrict(noise)\n"
        "r['units'][0].count(0.001, ep=noise)"
    )
    memory = _cost(code)[1]
    print(f"{memory / 1e6:.0f} MB")
    assert memory < 1.0e9
