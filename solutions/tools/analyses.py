"""The public analyses of the course's recordings, in the library's words, step by step.

One class per recording, each step computed when it is asked for. What the steps should give is in
``published``.
"""

from functools import cached_property

import numpy as np
import pynapple as nap

import minglm as nmo

CIRCLE = (0, 2 * np.pi)


class Injection:
    """The first "Noise 1" sweep, 1 ms bins, current in pA: current now, and current history."""

    def __init__(self, recording):
        self.units, self.epochs = recording["units"], recording["epochs"]
        self.stimulus, self.noise = recording["stimulus"], self.epochs[self._tags() == "Noise 1"]
        self.sweep, self.spikes = self.noise[0], self.units[0].restrict(self.noise[0])
        self.pA = self.stimulus.restrict(self.sweep) * 1e12

    def _tags(self):
        return np.array([np.ravel(tag)[0] for tag in self.epochs["tags"]])

    def spikes_of(self, tag: str) -> list[int]:
        chosen = self.epochs[self._tags() == tag]
        return [len(self.units[0].restrict(chosen[k])) for k in range(len(chosen))]

    @cached_property
    def tuning(self):
        """(15, 2): samples of current, and Hz, in equal groups from the least to the most."""
        edges = np.linspace(self.pA.values.min(), self.pA.values.max(), 16)
        samples = np.histogram(self.pA.values, edges)[0]
        fired = np.histogram(self.spikes.value_from(self.pA).values, edges)[0]
        return np.column_stack([samples, fired / samples / np.median(np.diff(self.pA.t[:100]))])

    @cached_property
    def y(self):
        return np.asarray(self.spikes.count(0.001, ep=self.sweep), float)

    @cached_property
    def X(self):
        """(T, 1): the current now."""
        return np.asarray(self.pA.bin_average(0.001))[:, None]

    @cached_property
    def past(self):
        return nmo.basis.RaisedCosineLogConv(8, window_size=200)

    @cached_property
    def H(self):
        """(T, 8): the current of the last 200 ms, as bumps."""
        return self.past.compute_features(self.X[:, 0])

    @cached_property
    def now(self):
        return nmo.glm.GLM().fit(self.X, self.y)

    @cached_property
    def history(self):
        return nmo.glm.GLM(tol=1e-10).fit(self.H, self.y)

    def now_on_shared(self, score: str):
        return self.now.score(self.X[200:], self.y[200:], score_type=score)

    @cached_property
    def mcfadden(self):
        score = lambda model, X: model.score(X, self.y, score_type="pseudo-r2-McFadden")
        return score(self.now, self.X), score(self.history, self.H)

    @cached_property
    def gain(self):
        """Nats that the history gains on the bins that both models can score."""
        more = self.history.score(self.H, self.y) - self.now_on_shared("log-likelihood")
        return more * (len(self.y) - 200)


class Compass:
    """Units of the nucleus ADn above 2 Hz; the first three minutes awake in 10 ms bins."""

    def __init__(self, recording):
        self.units, self.epochs, self.ry = (recording[k] for k in ("units", "epochs", "ry"))
        tags = np.array([np.ravel(tag)[0] for tag in self.epochs["tags"]])
        self.wake = self.epochs[tags == "wake"]
        self.tracked = recording["position_time_support"]
        adn = np.asarray(self.units["location"]) == "adn"
        self.chosen = self.units[adn & (np.asarray(self.units["rate"]) > 2.0)]
        awake = np.array([len(self.units[u].restrict(self.wake)) for u in self.units.index])
        self.older = int(np.sum(adn & (awake / self.wake.tot_length() > 1)))

    def curves(self, ids=None, epochs=None):
        units = self.chosen if ids is None else self.units[ids]
        return nap.compute_tuning_curves(
            units, self.ry, bins=61, range=CIRCLE, feature_names=["heading"],
            epochs=self.ry.time_support if epochs is None else epochs)

    @cached_property
    def tuning(self):
        return self.curves()

    @cached_property
    def preferred(self):
        return self.tuning.heading.values[self.tuning.values.argmax(1)]

    def lengths(self, ids, epochs):
        curves = self.curves(ids, epochs)
        turn = np.exp(1j * curves.heading.values)
        return np.abs((curves.values * turn).sum(1)) / curves.values.sum(1)

    @cached_property
    def counts(self):
        """(18000, N): neurons in the order of their preferred heading."""
        begin = nap.IntervalSet(self.wake.start[0], self.wake.start[0] + 180)
        return np.asarray(self.chosen.count(0.01, ep=begin), float)[:, np.argsort(self.preferred)]

    @cached_property
    def raw(self):
        return nmo.basis.HistoryConv(80).compute_features(self.counts[:, 0])

    @cached_property
    def past(self):
        return nmo.basis.RaisedCosineLogConv(8, window_size=80)

    @cached_property
    def X(self):
        return self.past.compute_features(self.counts[:, 0])

    @cached_property
    def halves(self):
        """The raw history fitted to each half, and the bumps fitted to the first."""
        y, first, second = self.counts[:, 0], slice(0, 9000), slice(9000, None)
        fit = lambda X, part: nmo.glm.GLM(tol=1e-10).fit(X[part], y[part])
        return fit(self.raw, first), fit(self.raw, second), fit(self.X, first)

    @cached_property
    def filter(self):
        return self.past.kernels @ self.halves[2].coef_

    @cached_property
    def population(self):
        X = self.past.compute_features(self.counts)
        return nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=0.1).fit(
            X, self.counts)


class Calcium:
    """Traces of light and heading."""

    def __init__(self, recording):
        self.light, self.ry = recording["RoiResponseSeries"], recording["ry"]
        self.values = np.asarray(self.light.values, float)
        self.window = round(0.5 * self.light.rate)

    @cached_property
    def tuning(self):
        return nap.compute_tuning_curves(self.light, self.ry, bins=61, range=CIRCLE,
                                         epochs=self.ry.time_support, feature_names=["heading"])

    @cached_property
    def lengths(self):
        turn = np.exp(1j * self.tuning.heading.values)
        return np.abs((self.tuning.values * turn).sum(1)) / self.tuning.values.sum(1)

    @cached_property
    def tuned(self):
        """Columns whose curve passes the test that the analysis used, by preferred heading."""
        chosen = np.flatnonzero(np.exp(-61 * self.lengths**2) < 0.01)
        return chosen[np.argsort(self.tuning.values[chosen].argmax(1), kind="stable")]

    @cached_property
    def preferred(self):
        return self.tuning.heading.values[self.tuning.values[self.tuned].argmax(1)]

    @cached_property
    def model(self):
        past = nmo.basis.RaisedCosineLogConv(4, window_size=self.window)
        light = self.values[:, self.tuned]
        glm = nmo.glm.PopulationGLM("Gaussian", regularizer="Ridge", regularizer_strength=0.001)
        return glm.fit(past.compute_features(light), light)


class Track:
    """Place cells on a linear track."""

    def __init__(self, recording):
        self.units, self.position = recording["units"], recording["position"]
        self.forward = recording["forward_ep"]
        self.epochs = recording.get("epochs")

    def field(self, unit):
        """(Hz, place) at the peak of the forward field, 50 bins."""
        curve = nap.compute_tuning_curves(self.units[[unit]], self.position, bins=50,
                                          epochs=self.forward, feature_names=["place"])
        peak = curve.values[0].argmax()
        return curve.values[0, peak], curve.place.values[peak]


class Task:
    """Deconvolved activity against 21 groups of task and movement variables."""

    def __init__(self, recording):
        self.r, self.Y = recording, 10 * np.asarray(recording["deconv"])
        self.trial = np.asarray(recording["trial_num"])

    @cached_property
    def groups(self):
        """{name: (T, columns)}: bumps of place and time, times task variables, and movements."""
        from data_fetch.twins import task_variables as twin

        raw = {key: np.asarray(self.r[key]) for key in ("posF", "time_from_cho")}
        for key in ("task_var", "movement_var"):
            frame = self.r[key]
            raw[key] = dict(zip(frame.columns, np.asarray(frame).T, strict=True))
        return twin.designs(raw)

    def explained(self, without: str = "nothing") -> np.ndarray:
        """(N,): deviance explained on 15 % of the trials, strengths chosen on the others."""
        from sklearn.model_selection import GroupShuffleSplit

        blocks = {k: np.nan_to_num(v) for k, v in self.groups.items() if without not in k}
        split = GroupShuffleSplit(1, test_size=0.15, random_state=42)
        train, test = next(split.split(self.Y, groups=self.trial))
        for block in blocks.values():  # z-scored by the trials that are learned from
            block -= block[train].mean(0)
            block /= block[train].std(0)
        cv = nmo.model_selection.GLMCV(nmo.glm.PopulationGLM(regularizer="GroupLasso"), cv=5)
        cv.fit({k: v[train] for k, v in blocks.items()}, self.Y[train], groups=self.trial[train])
        rates = cv.predict({k: v[test] for k, v in blocks.items()})
        return nmo.metrics.fraction_deviance_explained(self.Y[test], rates, per="neuron")

    @cached_property
    def full(self):
        return self.explained()

    @cached_property
    def without_cue(self):
        return self.explained(without="x cue")
