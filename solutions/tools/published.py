"""Published numbers beside ours: what public analyses of the course's recordings have printed.

A row: what it is, how ``analyses`` gets it, what was published, how far ours may be from it. Where
the published number is a slip, what is right stands beside it and ours must agree with that. A
file is looked for in the verified cache and in a folder given; where it is absent, its rows are
skipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import data_fetch
from data_fetch import loading, lookup
from solutions.tools.analyses import Calcium, Compass, Injection, Task, Track


@dataclass(frozen=True)
class Row:
    what: str
    ours: Callable[[object], object]  # of the file's analysis
    published: object  # a number, or several
    within: float = 0.0  # of each of them
    right: object = None  # in place of a published slip

    def agrees(self, got) -> bool:
        want = np.asarray(self.published if self.right is None else self.right, float)
        got = np.asarray(got, float)
        return got.shape == want.shape and bool((abs(got - want) <= self.within + 1e-12).all())


@dataclass(frozen=True)
class Table:
    file: str
    recording: str  # in data_fetch
    analysis: type
    source: str  # where the numbers are printed
    rows: tuple[Row, ...]


def floats(text: str) -> list[float]:
    return [float(word) for word in text.split()]


WORKSHOPS = "neurorse-workshops, fens-2026, "
WEIGHTS = floats("-1.0609e-2 2.6216e-2 -1.3328e-2 1.3777e-2 -9.3441e-3 2.6289e-3 2.516e-5 "
                 "-3.5395e-4")
PAST = floats("-0.02592858 0.16032947 0.07191898 0.07063986 0.03755858 0.10458721 -0.01092549 "
              "0.05780688")
AWAKE = floats("8.1256 0.7030 2.0987 8.2043 3.7323 13.4532 5.2331 15.7632 0.0919 8.4099 3.4484 "
               "13.4670 27.4700 4.8579 5.2132 4.0845 3.4668 7.2062")
PREFERRED = floats("1.6996 5.2017 2.2146 4.1716 0.9785 0.5665 4.1716 3.4506 4.7896 0.9785 1.6996 "
                   "3.9656 4.5836 2.7296 5.2017 3.0386 4.2746 3.6566")
UNITS = [7, 8, 9, 10, 13, 14, 17, 18, 19, 20, 21, 22, 24, 25, 26, 29, 30, 33]
OCCUPANCY = [380400, 1467, 20091, 33549, 13764, 14193, 20199, 22788, 13971, 12735, 11199, 9732,
             4182, 1299, 831]
HZ = floats("0 0 0 0 0 0 3.96059 1.75531 4.29461 10.99333 12.50112 10.27538 33.47681 61.58584 "
            "24.06739")

CURRENT = Table("allen_478498617.nwb", "current_injection", Injection, WORKSHOPS
                + "current injection", (
    Row("epochs", lambda s: len(s.epochs), 67),
    Row("samples of current", lambda s: len(s.stimulus), 11_348_420),
    Row("Noise 1, starts (s)", lambda s: s.noise.start, [460.768, 526.808, 592.848], 1e-3),
    Row("Noise 1, ends (s)", lambda s: s.noise.end, [488.788, 554.828, 620.868], 1e-3),
    Row("samples of the first sweep", lambda s: len(s.pA), 560_400),
    Row("spikes, whole file", lambda s: len(s.units[0]), 777),
    Row("rate, whole file (Hz)", lambda s: s.units["rate"][0], 0.87805, 5e-6),
    Row("spikes of the sweep", lambda s: len(s.spikes), 40),
    Row("first and last of them (s)", lambda s: s.spikes.t[[0, -1]], [470.81754, 481.67727], 1e-5),
    Row("bins of 1 ms", lambda s: len(s.y), 28_020),
    Row("samples in 15 groups of current", lambda s: s.tuning[:, 0], OCCUPANCY, 1),
    Row("tuning curve (Hz)", lambda s: s.tuning[:, 1], HZ, 0.01),
    Row("weight of the current (1/pA)", lambda s: s.now.coef_[0], 0.05402855, 5.4e-5),
    Row("the same in jan-2025", lambda s: s.now.coef_[0], 0.05331734, 5.4e-5, 0.05402855),
    Row("the same in sfn-2025", lambda s: s.now.coef_[0], 0.05330395, 5.4e-5, 0.05402855),
    Row("its intercept", lambda s: s.now.intercept_[0], -9.833831, 0.01),
    Row("mean rate (Hz)", lambda s: 1e3 * s.y.mean(), 1.4275517, 1e-6),
    Row("mean prediction (Hz)", lambda s: 1e3 * s.now.predict(s.X).mean(), 1.4275510, 2e-6),
    Row("mean prediction, history (Hz)", lambda s: 1e3 * np.nanmean(s.history.predict(s.H)),
        1.4377392, 1e-4),
    Row("history, rows without a past", lambda s: np.isnan(s.H).any(axis=1).sum(), 200),
    Row("history, intercept", lambda s: s.history.intercept_[0], -9.887894, 0.01),
    Row("history, filter (1/pA)", lambda s: s.past.kernels @ (s.history.coef_ - WEIGHTS),
        np.zeros(200), 3e-4),
    Row("log-likelihood a bin, current", lambda s: s.now.score(s.X, s.y), -0.0079396218, 2e-6),
    Row("log-likelihood a bin, history", lambda s: s.history.score(s.H, s.y), -0.0074898377, 2e-6),
    Row("... current, on the bins of the history", lambda s: s.now_on_shared("log-likelihood"),
        -0.0079396218, 2e-6, -0.0079963),
    Row("pseudo-R2, current", lambda s: s.now.score(s.X, s.y, score_type="pseudo-r2-Cohen"),
        0.3037981, 2e-4),
    Row("pseudo-R2, history", lambda s: s.history.score(s.H, s.y, score_type="pseudo-r2-Cohen"),
        0.3569001, 2e-4),
    Row("... current, on the bins of the history", lambda s: s.now_on_shared("pseudo-r2-Cohen"),
        0.3037981, 2e-4, 0.30303),
    Row("McFadden, current and history", lambda s: s.mcfadden, [0.26353, 0.30955], 2e-4),
    Row("AIC in favour of the history", lambda s: 2 * s.gain - 14, 14.2, 0.2),
    Row("BIC in favour of the current", lambda s: 7 * np.log(27_820) - 2 * s.gain, 43.5, 0.2),
    Row("history, residual degrees of freedom", lambda s: s.history.dof_resid_[0], 28_019, 0,
        27_811),
))

HEADING = Table("Mouse32-140822.nwb", "head_direction", Compass, WORKSHOPS + "head direction", (
    Row("units", lambda s: len(s.units), 49),
    Row("borders of the epochs (s)", lambda s: np.append(s.epochs.start, s.epochs.end[-1]),
        [0, 8812.3, 10771.3, 22025], 0.05),
    Row("samples of heading", lambda s: len(s.ry), 71_478),
    Row("first and last (s)", lambda s: s.ry.t[[0, -1]], [8812.416, 10771.277], 1e-3),
    Row("samples a second", lambda s: s.ry.rate, 36.489, 1e-3),
    Row("ADn units above 2 Hz", lambda s: s.chosen.index, UNITS),
    Row("ADn units above 1 Hz awake (jan-2025)", lambda s: s.older, 19),
    Row("mean of their tuning curves (Hz)", lambda s: s.tuning.values.mean(1), AWAKE, 0.3),
    Row("preferred headings (rad)", lambda s: s.preferred, PREFERRED, 1e-3),
    Row("counts, 3 min in bins of 10 ms", lambda s: s.counts.shape, (18_000, 18)),
    Row("raw history, rows without a past", lambda s: np.isnan(s.raw).any(axis=1).sum(), 80),
    Row("raw history, intercepts of the halves",
        lambda s: [m.intercept_[0] for m in s.halves[:2]], [-2.785, -3.259], 2e-3),
    Row("raw history, residual degrees of freedom",
        lambda s: [m.dof_resid_[0] for m in s.halves[:2]], [8999, 8919], 0, [8839, 8919]),
    Row("bumps, intercept", lambda s: s.halves[2].intercept_[0], -2.756, 2e-3),
    Row("bumps, weights", lambda s: s.halves[2].coef_, PAST, 2e-3),
    Row("bumps, residual degrees of freedom", lambda s: s.halves[2].dof_resid_[0], 8999, 0, 8911),
    Row("filter: first lag, peak, sum", lambda s: [s.filter[0], s.filter.max(), s.filter.sum()],
        [0.0542, 0.1954, 4.186], 5e-3),
    Row("population, weights", lambda s: s.population.coef_.shape, (144, 18)),
))

LIGHT = Table("A0670-221213.nwb", "calcium_imaging", Calcium, WORKSHOPS + "calcium imaging", (
    Row("traces", lambda s: s.light.shape, (35_757, 65)),
    Row("first and last image (s)", lambda s: s.light.t[[0, -1]], [3.1187, 1203.5909], 1e-4),
    Row("images a second", lambda s: s.light.rate, 29.786, 1e-3),
    Row("headings a second", lambda s: s.ry.rate, 120.005, 5e-3),
    Row("neurons tuned to heading", lambda s: len(s.tuned), 16),
    Row("first five by preferred heading", lambda s: s.tuned[:5], [64, 6, 17, 49, 1]),
    Row("their preferred headings (rad)", lambda s: s.preferred[:5],
        [0.77, 1.49, 1.91, 2.11, 2.94], 0.01),
    Row("half a second of images", lambda s: s.window, 14, 0, 15),
    Row("coupling, weights", lambda s: s.model.coef_.shape, (64, 16)),
))

TASK = Table("example_data_glm.pkl", "task_variables", Task, "GLM_Tensorflow_2, tutorial", (
    Row("bins and neurons", lambda s: s.Y.shape, (27_396, 100)),
    Row("groups of columns", lambda s: len(s.groups), 21),
    Row("columns", lambda s: sum(block.shape[1] for block in s.groups.values()), 318),
    Row("deviance explained: mean, median", lambda s: [s.full.mean(), np.median(s.full)],
        [0.3012, 0.2557], 0.03),
    Row("... without the cue", lambda s: [s.without_cue.mean(), np.median(s.without_cue)],
        [0.2781, 0.2360], 0.03),
))

# the files below lie beside their own notes, which say what is in them
NOTES = "the notes that lie beside it"

SEROTONIN = Table("5ht_DRN162.nwb", "current_injection", Injection, NOTES, (
    Row("spikes of the ten repeats", lambda s: s.spikes_of("Noise 2"),
        [42, 43, 42, 42, 44, 45, 44, 45, 45, 46]),
    Row("spikes of the steps", lambda s: s.spikes_of("Long Square"),
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 6, 7, 7]),
    Row("first and last spike (s)", lambda s: s.units[0].t[[0, -1]], [0.9484, 437.7018], 1e-4),
    Row("shortest interval (s)", lambda s: np.diff(s.units[0].t).min(), 0.0240, 1e-4),
    Row("samples of the noise", lambda s: len(s.pA), 600_000),
    Row("its mean, least, most (pA)", lambda s: [s.pA.values.mean(), s.pA.values.min(),
        s.pA.values.max()], [79.463656, -214.84375, 382.69043], 1e-3),
    Row("bins and spikes", lambda s: [len(s.y), s.y.sum()], [60_000, 294]),
    Row("sum of the recorder's integers", lambda s: np.rint(
        np.asarray(s.stimulus.values, float) / 6.103515625e-13).sum(), 211_286_553),
    Row("weight of the current (1/pA)", lambda s: s.now.coef_[0], 0.0170160324, 1e-8),
    Row("its intercept", lambda s: s.now.intercept_[0], -7.3459634, 1e-6),
    Row("mean prediction a bin", lambda s: s.now.predict(s.X).mean(), 0.0049, 1e-8),
))

MOUSE28 = Table("Mouse28-140313.nwb", "head_direction", Compass, NOTES, (
    Row("units, of them in ADn", lambda s: [len(s.units), np.sum(s.units["location"] == "adn")],
        [32, 17]),
    Row("spikes", lambda s: sum(map(len, s.units.values())), 385_173),
    Row("spikes of units 15, 14, 4", lambda s: [len(s.units[u]) for u in (15, 14, 4)],
        [58_329, 47_127, 43_283]),
    Row("ADn units above 2 Hz", lambda s: s.chosen.index, [2, 3, 4, 5, 6, 7, 8, 10, 11, 14, 15]),
    Row("samples of heading", lambda s: len(s.ry), 88_124),
    Row("first and last (rad)", lambda s: s.ry.values[[0, -1]], [3.6685, 0.2194], 1e-4),
    Row("samples while tracked", lambda s: len(s.ry.restrict(s.tracked)), 49_893),
    Row("counts, 3 min in bins of 10 ms", lambda s: [*s.counts.shape, s.counts.sum()],
        [18_000, 11, 23_374]),
    Row("vector lengths of 4, 10, 15", lambda s: s.lengths([4, 10, 15], s.tracked),
        [0.93, 0.93, 0.92], 5e-3),
    Row("their peaks (Hz)", lambda s: s.curves([4, 10, 15], s.tracked).values.max(1),
        [110, 53, 143], 0.5),
))

FLY = Table("fly_compass_20160425_Fly2.nwb", "calcium_imaging", Calcium, NOTES, (
    Row("traces", lambda s: s.light.shape, (3669, 16)),
    Row("least and most (dF/F)", lambda s: [s.values.min(), s.values.max()],
        [-0.06777395, 0.43629006], 1e-7),
    Row("sum of all values", lambda s: s.values.sum(), 5472.4586, 1e-3),
    Row("tuned wedges", lambda s: len(s.tuned), 16),
    Row("vector lengths: least, most", lambda s: [s.lengths.min(), s.lengths.max()],
        [0.32, 0.40], 5e-3),
))

RAT = Table("rat_linear_track.nwb", "place_cells", Track, NOTES, (
    Row("units and spikes", lambda s: [len(s.units), sum(map(len, s.units.values()))],
        [31, 28_829]),
    Row("spikes in run and rest", lambda s: [
        sum(map(len, s.units.restrict(s.epochs[k]).values())) for k in (0, 1)], [14_117, 13_176]),
    Row("samples of place", lambda s: len(s.position), 55_879),
    Row("runs forward, their length (s)", lambda s: [len(s.forward), s.forward.tot_length()],
        [24, 117.6042], 1e-3),
    Row("unit 13: spikes, forward", lambda s: [len(s.units[13]),
        len(s.units[13].restrict(s.forward))], [984, 562]),
    Row("unit 13: peak of the field (Hz)", lambda s: s.field(13)[0], 23.9, 0.05),
    Row("its place (pixel)", lambda s: s.field(13)[1], 125, 0.5),
))

TABLES = (CURRENT, HEADING, LIGHT, TASK, SEROTONIN, MOUSE28, FLY, RAT)


def reproduce(folder: Path | None = None) -> Iterator[tuple[str, bool | None]]:
    """Lines to print, each with whether its row agrees (None: no row)."""
    for table in TABLES:
        recording = _recording(table, folder)
        yield f"\n{table.recording}: {table.file} ({table.source})", None
        if recording is None:
            yield f"  skipped, it is not on this machine: {len(table.rows)} numbers", None
            continue
        yield f"  {'':42}{'ours':>24}  {'published':>24}  within", None
        analysis = table.analysis(recording)
        for row in table.rows:
            got = row.ours(analysis)
            agrees = row.agrees(got)
            right = "" if row.right is None else f"; right is {_text(row.right)}"
            line = f"  {row.what:42}{_text(got):>24}  {_text(row.published):>24}  {row.within:<7g}"
            yield f"{line} {'agrees' if agrees else 'DISAGREES'}{right}", agrees


def _recording(table: Table, folder: Path | None):
    """The table's recording, or None where it is absent; published files have passed their hash."""
    entry = lookup.entry(table.recording)
    if entry.file.name != table.file:
        path = None if folder is None else folder / table.file
        return data_fetch.load(entry.name, path) if path and path.is_file() else None
    return data_fetch.load(entry.name, "real") if loading.find_real(entry) else None


def _text(value) -> str:
    values = np.atleast_1d(np.asarray(value, float)).tolist()
    shown = [f"{v:.8g}" if len(values) == 1 else f"{v:.5g}" for v in values[:3]]
    return " ".join(shown) + (f" .. ({len(values)})" if len(values) > 3 else "")
