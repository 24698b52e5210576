"""What learners type in lesson 05, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "heading_tuning": {
        "a circle of 360": ({"CIRCLE": "360"}, "all headings are in the first group"),
        "upside down": ({"fired / np.maximum(spent, dt), np.nan)":
                         "spent / np.maximum(fired, 1), np.nan)"}, "upside down"),
        "spikes, not divided by the time spent": (
            {"np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)": "fired * 1.0"},
            "held for longer collects more"),
        "per camera sample, not per second": (
            {"[0] * dt": "[0]", "np.maximum(spent, dt)": "np.maximum(spent, 1)"},
            "spikes per camera sample"),
        "divided by the whole recording": (
            {"np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)":
             "fired / (len(at_samples) * dt)"}, "divided by the same time"),
        "groups follow the data": (
            """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                spent, edges = np.histogram(at_samples, n_bins)
                return np.histogram(at_spikes, edges)[0] / (spent * dt)
            """, "your groups follow the data"),
        "n_bins edges instead of n_bins groups": (
            {"n_bins + 1": "n_bins"}, "one rate for each of them"),
        "zero where the mouse never looked": (
            {"np.nan": "0"}, "its rate is unknown"),
        "scaled to add up to one": (
            """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                edges = np.linspace(0, 2 * np.pi, n_bins + 1)
                fired = np.histogram(at_spikes, edges)[0] / np.histogram(at_samples, edges)[0]
                return fired / np.nansum(fired)
            """, "adds up to one"),
        "dt on the wrong side": (
            """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                edges = np.linspace(0, 2 * np.pi, n_bins + 1)
                return np.histogram(at_spikes, edges)[0] / np.histogram(at_samples, edges)[0] * dt
            """, "`dt` is on the wrong side"),
        "divided by dt alone": (
            {"np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)": "fired / dt"},
            "divided by the same time"),
        "density over density": (
            """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                share = lambda a: np.histogram(a, n_bins, (0, 2 * np.pi), density=True)[0]
                return share(at_spikes) / share(at_samples)
            """, "a share of the spikes over a share of the time"),
        "circle cut at -π": (
            {"np.linspace(0, CIRCLE, n_bins + 1)": "np.linspace(-np.pi, np.pi, n_bins + 1)"},
            "the other side"),
    },
    "preferred_heading": {
        "angles averaged on a line": (
            """
            def preferred_heading(centres, rate):
                arrow = np.sum(rate * np.exp(1j * centres)) / np.sum(rate)
                return np.sum(rate * centres) / np.sum(rate), np.abs(arrow)
            """, "as if they were numbers on a line"),
        "the highest group alone": (
            {"np.angle(arrow) % CIRCLE": "centres[np.argmax(rate)]"}, "the highest group alone"),
        "between -π and π": ({"np.angle(arrow) % CIRCLE": "np.angle(arrow)"}, "below zero"),
        "sine and cosine swapped": (
            {"np.angle(arrow) % CIRCLE": "np.arctan2(arrow.real, arrow.imag) % CIRCLE"},
            "the two parts of the arrow are swapped"),
        "degrees": ({"np.angle(arrow) % CIRCLE": "np.degrees(np.angle(arrow)) % 360"},
                    "in degrees"),
        "a length that grows with the rate": (
            {" / np.sum(rate)": ""}, "how much the neuron fires"),
        "a mean over groups": (
            {"np.sum(rate * np.exp(1j * centres)) / np.sum(rate)":
             "np.mean(rate * np.exp(1j * centres)) / np.sum(rate)"}, "number of groups"),
        "the spread instead of the length": ({"np.abs(arrow)\n": "1 - np.abs(arrow)\n"},
                                             "the opposite of a length"),
        "the heading alone": ({", np.abs(arrow)\n": "\n"}, "two numbers are asked for"),
        "one complex number": ({"np.angle(arrow) % CIRCLE, np.abs(arrow)": "arrow"},
                               "two numbers are asked for"),
        "a plain arctan": ({"np.angle(arrow) % CIRCLE":
                            "np.arctan(arrow.imag / arrow.real) % CIRCLE"},
                           "on the opposite side"),
        "the rates are not used": (
            """
            def preferred_heading(centres, rate):
                from scipy.stats import circmean
                z = np.sum(rate * np.exp(1j * centres)) / np.sum(rate)
                return circmean(centres), abs(z)
            """, "the rates have no say"),
        "the squared length": ({"np.abs(arrow)\n": "np.abs(arrow) ** 2\n"}, "is squared"),
        "length first": ({"np.angle(arrow) % CIRCLE, np.abs(arrow)":
                          "np.abs(arrow), np.angle(arrow) % CIRCLE"}, "in the other order"),
        "the circular SD": ({"np.abs(arrow)\n": "np.sqrt(-2 * np.log(np.abs(arrow)))\n"},
                            "the opposite of a length"),
    },
    "heading_at": {
        "a straight line over the seam": ({"np.unwrap(angles)": "angles"}, "the far side"),
        "keeps counting turns": ({" % CIRCLE": ""}, "counting turns"),
        "the nearest sample": (
            """
            def heading_at(t, times, angles):
                return angles[np.abs(times[:, None] - t).argmin(axis=0)]
            """, "the sample next to each time"),
        "the sample before": (
            """
            def heading_at(t, times, angles):
                return angles[np.searchsorted(times, t, side="right") - 1]
            """, "the sample next to each time"),
        "np.interp's period is about the time axis": (
            {"np.interp(t, times, np.unwrap(angles)) % CIRCLE":
             "np.interp(t, times, angles, period=10 * CIRCLE)"}, "the far side"),
        "unwrapped as degrees": (
            {"np.unwrap(angles)": "np.unwrap(angles, period=360)"}, "the far side"),
        "one heading per camera sample": (
            {"return np.interp(t, times, np.unwrap(angles)) % CIRCLE":
             "return np.unwrap(angles) % CIRCLE"}, "one heading for each of them"),
        "a mean of the neighbours": (
            """
            def heading_at(t, times, angles):
                k = np.searchsorted(times, t)
                return np.angle(np.exp(1j * angles[k - 1]) + np.exp(1j * angles[k])) % (2 * np.pi)
            """, "not even"),
    },
    "turn": {
        "the long way round": (
            {"(np.asarray(b) - a + np.pi) % CIRCLE - np.pi": "np.asarray(b) - a"},
            "the short way leads over the seam"),
        "no sign": (
            """
            def turn(a, b):
                d = np.abs(np.asarray(b) - a) % (2 * np.pi)
                return np.minimum(d, 2 * np.pi - d)
            """, "has no sign"),
        "always forwards": (
            {" + np.pi) % CIRCLE - np.pi": ") % CIRCLE"}, "only ever turn forwards"),
        "one of the two jumps": (
            """
            def turn(a, b):
                d = np.asarray(b) - a
                return np.where(d > np.pi, d - 2 * np.pi, d)
            """, "the short way leads over the seam"),
        "from b to a": ({"np.asarray(b) - a": "np.asarray(a) - b"}, "you turn the other way"),
        "half a circle off": ({"% CIRCLE - np.pi": "% CIRCLE"}, "nothing to turn"),
        "wraps at π": (
            """
            def turn(a, b):
                return np.angle(np.exp(1j * (np.asarray(b) - a)) ** 2) / 2
            """, "off for whole arrays"),
    },
    "circle_bumps": {
        "the last bump does not come back in": (
            """
            def circle_bumps(angles, n):
                step = 2 * np.pi / n
                d = np.asarray(angles)[:, None] - np.arange(n) * step
                return (1 + np.cos(np.clip(np.pi * d / (2 * step), -np.pi, np.pi))) / 2
            """, "end at the seam"),
        "a centre at 0 and another at 2π": (
            """
            def circle_bumps(angles, n):
                centres = np.linspace(0, 2 * np.pi, n)
                step = centres[1]
                d = np.angle(np.exp(1j * (np.asarray(angles)[:, None] - centres)))
                return (1 + np.cos(np.clip(np.pi * d / (2 * step), -np.pi, np.pi))) / 2
            """, "your centres lie elsewhere"),
        "the cosine comes back up": (
            {"np.clip(np.pi * d / (2 * delta), -np.pi, np.pi)": "np.pi * d / (2 * delta)"},
            "a bell never ends"),
        "bins": (
            """
            def circle_bumps(angles, n):
                a = np.asarray(angles)
                k = np.where(np.isnan(a), 0, np.rint(a / (2 * np.pi) * n)).astype(int) % n
                return np.where(np.isnan(a)[:, None], np.nan, np.eye(n)[k])
            """, "it ends one step away"),
        "the reach is one step": ({"(2 * delta)": "delta"}, "it ends one step away"),
        "brackets forgotten": (
            """
            def circle_bumps(angles, n):
                D = 2 * np.pi / n
                d = np.angle(np.exp(1j * (np.asarray(angles)[:, None] - D * np.arange(n))))
                return np.where(abs(d) < 2 * D, 0.5 * (1 + np.cos(np.pi * d / 2 * D)), 0 * d)
            """, "Python goes from left to right"),
        "the ½ is missing": ({"np.pi, np.pi))) / 2": "np.pi, np.pi)))"}, "2 high"),
        "too wide": ({"(2 * delta)": "(3 * delta)"}, "the shape of the bump is off"),
        "rows and columns swapped": (
            {"np.asarray(angles)[:, None] - np.arange(n) * delta":
             "np.asarray(angles) - (np.arange(n) * delta)[:, None]"}, "two rows and eight columns"),
        "unknown becomes zero": (
            {"np.pi, np.pi))) / 2": "np.pi, np.pi))) / 2 if not np.isnan(angles).any() else "
             "np.nan_to_num((1 + np.cos(np.clip(np.pi * d / (2 * delta), -np.pi, np.pi))) / 2)"},
            "an unknown heading"),
        "stretched over the data": (
            """
            def circle_bumps(angles, n):
                a = np.asarray(angles) - np.nanmin(angles)
                step = 2 * np.pi / n
                d = (a[:, None] - np.arange(n) * step + np.pi) % (2 * np.pi) - np.pi
                return (1 + np.cos(np.clip(np.pi * d / (2 * step), -np.pi, np.pi))) / 2
            """, "another row when it comes in other company"),
    },
    "history_matrix": {
        "all spikes since": (
            """
            def history_matrix(counts, window, epoch):
                H = np.full((len(counts), window), np.nan)
                for t in range(len(counts)):
                    for j in range(min(window, t)):
                        if epoch[t] == epoch[t - j - 1]:
                            H[t, j] = np.sum(counts[t - j - 1 : t])
                return H
            """, "fills several columns"),
        "the present bin is included": (
            """
            def history_matrix(counts, window, epoch):
                H = np.full((len(counts), window), np.nan)
                for j in range(window):
                    same = epoch[j:] == epoch[: len(epoch) - j]
                    H[j:, j][same] = counts[: len(counts) - j][same]
                return H
            """, "in the bin of the spike itself"),
        "the order of the lags is reversed": ({"    return H": "    return H[:, ::-1]"},
                                              "the order of the lags is reversed"),
        "runs across the border": ({"epoch[j + 1 :] == epoch[: -j - 1]":
                                    "np.full(len(counts) - j - 1, True)"},
                                   "shows up in the next one"),
        "zero instead of NaN": ({"np.full((len(counts), window), np.nan)":
                                 "np.zeros((len(counts), window))"}, "you put a number"),
        "rows are dropped": (
            """
            def history_matrix(counts, window, epoch):
                parts = []
                for e in np.unique(epoch):
                    y = np.asarray(counts)[epoch == e]
                    parts.append(np.stack([y[window - 1 - j : -1 - j] for j in range(window)], 1))
                return np.concatenate(parts)
            """, "slip apart"),
        "np.roll lets the end come in": (
            """
            def history_matrix(counts, window, epoch):
                return np.stack([np.roll(counts, j + 1) for j in range(window)], axis=1)
            """, "shows up in the next one"),
        "the future": (
            """
            def history_matrix(counts, window, epoch):
                H = np.full((len(counts), window), np.nan)
                for j in range(window):
                    same = epoch[: -j - 1] == epoch[j + 1 :]
                    H[: -j - 1, j][same] = counts[j + 1 :][same]
                return H
            """, "into the future"),
        "twice the window is given away": (
            {"    return H": "    for e in np.unique(epoch):\n"
             "        H[np.flatnonzero(epoch == e)[: 2 * window]] = np.nan\n    return H"},
            "you give away data"),
        "whole rows beside a border are kept, columns cut": (
            {"range(window)": "range(window - 1)"}, "you give away data"),
    },
    "blocked_split": {
        "random bins": (
            """
            def blocked_split(epoch, block, every, gap):
                test = np.random.default_rng(0).random(len(epoch)) < 1 / every
                return ~test, test
            """, "the test bins are scattered"),
        "every third bin": (
            """
            def blocked_split(epoch, block, every, gap):
                test = np.arange(len(epoch)) % every == every - 1
                return ~test, test
            """, "the test bins are scattered"),
        "no gap": ({"~dropped": "~tested"}, "there is no gap"),
        "a gap after the block only": (
            {"np.ones(2 * gap + 1))[gap : gap + len(rows)]": "np.ones(gap + 1))[: len(rows)]"},
            "right up to a test block"),
        "a gap before the block only": (
            {"np.ones(2 * gap + 1))[gap : gap + len(rows)]":
             "np.ones(gap + 1))[gap : gap + len(rows)]"}, "right behind a test block"),
        "blocks are counted across the border": (
            """
            def blocked_split(epoch, block, every, gap):
                test = np.arange(len(epoch)) // block % every == every - 1
                near = np.convolve(test, np.ones(2 * gap + 1))[gap : gap + len(test)] > 0.5
                return ~near, test
            """, "counted on across the border"),
        "the gap crosses the border": (
            """
            def blocked_split(epoch, block, every, gap):
                test = np.zeros(len(epoch), bool)
                for e in np.unique(epoch):
                    n = np.sum(epoch == e)
                    test[epoch == e] = np.arange(n) // block % every == every - 1
                near = np.convolve(test, np.ones(2 * gap + 1))[gap : gap + len(test)] > 0.5
                return ~near, test
            """, "reaches into the next epoch"),
        "the first of three is tested": ({"== every - 1": "== 0"}, "the first block is tested"),
        "test and train overlap": ({"~dropped": "True"}, "in both sets"),
        "train and test swapped": ({"return train, test": "return test, train"},
                                   "are the two masks swapped"),
        "numbers of bins": ({"return train, test":
                             "return np.flatnonzero(train), np.flatnonzero(test)"},
                            "two masks are asked for"),
        "numbers of bins, by scikit-learn": (
            """
            def blocked_split(epoch, block, every, gap):
                from sklearn.model_selection import train_test_split
                return train_test_split(np.arange(len(epoch)), test_size=1 / every)
            """, "two masks are asked for"),
        "the last block of the recording": (
            """
            def blocked_split(epoch, block, every, gap):
                test = np.arange(len(epoch)) >= len(epoch) - len(epoch) // every
                return ~test, test
            """, "the wrong bins are tested"),
        "the last block is left out": ({"// block % every == every - 1":
                                        "// block % every == every - 1\n"
                                        "        tested[len(rows) // block * block :] = False"},
                                       "only four bins"),
        "epochs 0 and 1": (
            """
            def blocked_split(epoch, block, every, gap):
                train, test = np.zeros(len(epoch), bool), np.zeros(len(epoch), bool)
                for number in (0, 1):
                    rows = np.flatnonzero(epoch == number)
                    for start in range((every - 1) * block, len(rows), every * block):
                        test[rows[start : start + block]] = True
                return ~test, test
            """, "nothing is tested"),
        "every third, always": ({"% every == every - 1": "% 3 == 2"}, "is a 3 written into it"),
        "the gap is taken from the test": (
            """
            def blocked_split(epoch, block, every, gap):
                train, test = np.zeros(len(epoch), bool), np.zeros(len(epoch), bool)
                for number in np.unique(epoch):
                    rows = np.flatnonzero(epoch == number)
                    i = np.arange(len(rows))
                    third = i // block % every == every - 1
                    inside = (i % block >= gap) & (i % block < block - gap)
                    test[rows], train[rows] = third & inside, ~third
                return train, test
            """, "has lost its ends"),
        "a gap one bin too narrow": ({"np.ones(2 * gap + 1))[gap : gap + len(rows)]":
                                      "np.ones(2 * gap - 1))[gap - 1 : gap - 1 + len(rows)]"},
                                     "one bin too narrow"),
        "the gap goes round": (
            {"np.convolve(tested, np.ones(2 * gap + 1))[gap : gap + len(rows)] > 0.5":
             "np.any([np.roll(tested, s) for s in range(-gap, gap + 1)], axis=0)"},
            "no neighbour of the start"),
        "the last bin slips in": (
            """
            def blocked_split(epoch, block, every, gap):
                train, test = np.ones(len(epoch), bool), np.zeros(len(epoch), bool)
                for number in np.unique(epoch):
                    start, end = np.flatnonzero(epoch == number)[[0, -1]]
                    for b in range(start + (every - 1) * block, end + 1, every * block):
                        test[b : min(b + block, end + 1)] = True
                        train[max(b - gap, start) : min(b + block + gap, end)] = False
                return train, test
            """, "is trained on"),
        "the gap is too wide": ({"np.ones(2 * gap + 1))[gap : gap + len(rows)]":
                                 "np.ones(4 * gap + 1))[2 * gap : 2 * gap + len(rows)]"},
                                "the gap is too wide"),
    },
    "held_out": {
        "fitted to all rows": (
            {"model.fit(X[train], y[train])": "model.fit(X, y)"}, "the model has seen all rows"),
        "fitted to the test rows": (
            {"model.fit(X[train], y[train])": "model.fit(X[test], y[test])"},
            "to the very rows it is tested on"),
        "training rows predicted": (
            {"predict(X[test])": "predict(X[train])"}, "these are the training rows"),
        "all rows predicted": (
            {"predict(X[test])": "predict(X)"}, "one expected count for each row"),
        "the strength is not used": (
            {"regularizer_strength=strength": "regularizer_strength=0.01"},
            "the penalty does nothing"),
        "no penalty": (
            {'regularizer="Ridge", regularizer_strength=strength': ""},
            "the penalty does nothing"),
        "a strength without a penalty": ({'regularizer="Ridge", ': ""}, "the penalty does nothing"),
        "without the intercept": (
            {"model.fit(X[train], y[train]).predict(X[test])":
             "np.exp(X[test] @ model.fit(X[train], y[train]).coef_)"}, "one and the same factor"),
        "in Hz": ({".predict(X[test])": ".predict(X[test]) / DT"}, "this is in Hz"),
        "the sum before the link": (
            {"model.fit(X[train], y[train]).predict(X[test])":
             "X[test] @ model.fit(X[train], y[train]).coef_ + model.intercept_"},
            "the sum before the link"),
    },
    "shifted": {
        "bins in random order": (
            {"np.roll(X, by, axis=0)": "np.random.default_rng(0).permutation(X)"},
            "in random order"),
        "rolled along both axes": (
            {"np.roll(X, by, axis=0)": "np.roll(X, by)"}, "different moments"),
        "every column shifted by its own amount": (
            """
            def shifted(X, by):
                return np.stack([np.roll(X[:, j], by + j) for j in range(X.shape[1])], axis=1)
            """, "different moments"),
        "zeros come in at the top": (
            """
            def shifted(X, by):
                return np.concatenate([np.zeros((by, X.shape[1])), X[:-by]])
            """, "the rows at the top are empty"),
        "upwards": ({"np.roll(X, by, axis=0)": "np.roll(X, -by, axis=0)"}, "moved up"),
        "rows are lost": ({"np.roll(X, by, axis=0)": "X[by:]"}, "as many rows and columns"),
        "one row only": ({"np.roll(X, by, axis=0)": "np.roll(X, 1, axis=0)"},
                         "another number of rows"),
        "columns instead of rows": (
            {"np.roll(X, by, axis=0)": "np.roll(X, by, axis=1)"}, "different moments"),
    },
    "coupling_filters": {
        "gains, not filters": (
            {"np.einsum(\"sbr,lb->rsl\", by_sender, kernels)":
             "np.exp(np.einsum(\"sbr,lb->rsl\", by_sender, kernels))"}, "factors on the rate"),
        "cut as bump, sender": (
            """
            def coupling_filters(coef, kernels):
                by_bump = coef.reshape(kernels.shape[1], -1, coef.shape[1])
                return np.einsum("bsr,lb->rsl", by_bump, kernels)
            """, "cut in the wrong order"),
        "sender first": ({'"sbr,lb->rsl"': '"sbr,lb->srl"'}, "your filters say the opposite"),
        "lags backwards": ({"kernels)\n": "kernels[::-1])\n"}, "the filter runs backwards"),
        "weights, not filters": (
            {'np.einsum("sbr,lb->rsl", by_sender, kernels)': "by_sender.transpose(2, 0, 1)"},
            "these are weights"),
        "lag in the middle": ({'"sbr,lb->rsl"': '"sbr,lb->rls"'},
                              "three receivers, three senders and four lags"),
        "bumps taken in reverse": ({"np.einsum(\"sbr,lb->rsl\", by_sender, kernels)":
                                    "np.einsum(\"sbr,lb->rsl\", by_sender, kernels[:, ::-1])"},
                                   "scales the first"),
        "a mean over bumps": (
            {"by_sender, kernels)": "by_sender, kernels) / kernels.shape[1]"},
            "the wrong size"),
        "receiver taken for the slowest": (
            """
            def coupling_filters(coef, kernels):
                n = coef.shape[1]
                return np.einsum("rsb,lb->rsl", coef.reshape(n, n, -1), kernels)
            """, "cut in the wrong order"),
    },
    "common_input": {
        "a seed of its own": ({"default_rng(seed)": "default_rng()"}, "the same seed"),
        "B listens to A's spikes": (
            """
            def common_input(signal, delay, seed):
                rng = np.random.default_rng(seed)
                A = rng.poisson(np.exp(signal - 3))
                late = np.concatenate([np.zeros(delay), A[: len(A) - delay]])
                return np.stack([A, rng.poisson(np.exp(late - 3))], axis=1)
            """, "you built the connection"),
        "B is a late copy of A": (
            """
            def common_input(signal, delay, seed):
                A = np.random.default_rng(seed).poisson(np.exp(signal - 3))
                return np.stack([A, np.concatenate([np.zeros(delay), A[:-delay]])], axis=1)
            """, "B is a copy of A"),
        "one seed, twice": (
            """
            def common_input(signal, delay, seed):
                late = np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])
                A = np.random.default_rng(seed).poisson(np.exp(signal - 3))
                B = np.random.default_rng(seed).poisson(np.exp(late - 3))
                return np.stack([A, B], axis=1)
            """, "they share the dice"),
        "no delay": ({"np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])": "signal"},
                     "without any delay"),
        "B hears the future": (
            {"np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])":
             "np.concatenate([signal[delay:], np.zeros(delay)])"}, "*before* it is there"),
        "means, not spikes": ({"rng.poisson(": "("}, "these are expected counts"),
        "3 outside the exponential": (
            {"np.exp(np.stack([signal, heard], axis=1) - 3)":
             "np.exp(np.stack([signal, heard], axis=1))"}, "far too often"),
        "B and A swapped": ({"[signal, heard]": "[heard, signal]"},
                            "does not follow the signal of its own bin"),
        "silent before the signal arrives": (
            """
            def common_input(signal, delay, seed):
                rng, mean = np.random.default_rng(seed), np.exp(signal - 3)
                late = np.concatenate([np.zeros(delay), mean[: len(mean) - delay]])
                return np.stack([rng.poisson(mean), rng.poisson(late)], axis=1)
            """, "B never fires"),
        "coin flips": (
            """
            def common_input(signal, delay, seed):
                late = np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])
                mean = np.exp(np.stack([signal, late], axis=1) - 3)
                return (np.random.default_rng(seed).random(mean.shape) < mean) * 1
            """, "these are coin flips"),
        "the end comes in at the beginning": (
            {"np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])":
             "np.roll(signal, delay)"}, "came in at the beginning"),
    },
    "free_run": {
        "the dice start anew in each bin": (
            {"        eta = drive[t]": "        rng = np.random.default_rng(seed)\n"
                                       "        eta = drive[t]"}, "start anew"),
        "no dice": (
            {"rng.poisson(np.exp(np.minimum(eta, 5)))": "np.exp(np.minimum(eta, 5))"},
            "means, not counts"),
        "coin flips": (
            {"rng.poisson(np.exp(np.minimum(eta, 5)))":
             "rng.random(len(eta)) < 1 - np.exp(-np.exp(np.minimum(eta, 5)))"}, "coin flips"),
        "nothing feeds back": (
            {"recent = np.column_stack([out[t], recent[:, :-1]])": "pass"}, "never hears neuron 0"),
        "senders and receivers swapped": (
            {"np.tensordot(filters, recent, 2)":
             "np.tensordot(filters.transpose(1, 0, 2), recent, 2)"}, "never hears neuron 0"),
        "the past runs backwards": (
            {"np.column_stack([out[t], recent[:, :-1]])":
             "np.column_stack([recent[:, 1:], out[t]])"}, "the past runs backwards"),
        "no ceiling": ({"np.exp(np.minimum(eta, 5))": "np.exp(np.minimum(eta, 30))"},
                       "not stopped at 5"),
        "another inverse link": (
            {"np.exp(np.minimum(eta, 5))": "np.log1p(np.exp(np.minimum(eta, 5)))"},
            "not the exponential"),
        "one bin late": (
            """
            def free_run(filters, drive, seed):
                rng = np.random.default_rng(seed)
                recent = np.zeros(filters.shape[1:])
                out = np.zeros(drive.shape)
                for t in range(len(drive)):
                    eta = drive[t] + np.tensordot(filters, recent, 2)
                    out[t] = rng.poisson(np.exp(np.minimum(eta, 5)))
                    if t:
                        recent = np.column_stack([out[t - 1], recent[:, :-1]])
                return out
            """, "comes too late"),
        "drive left out": ({"drive[t] + ": ""}, "should be exp(drive)"),
        "the ceiling on the mean": (
            {"np.exp(np.minimum(eta, 5))": "np.minimum(np.exp(eta), 5)"}, "the ceiling is for η"),
        "two exponentials added": (
            {"rng.poisson(np.exp(np.minimum(eta, 5)))":
             "rng.poisson(np.exp(drive[t]) + np.exp(np.minimum(eta - drive[t], 5)) - 1)"},
            "one by one"),
    },
}

RIGHT = {
    "heading_tuning": {
        "a loop over groups": """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                rates = []
                for k in range(n_bins):
                    lo, hi = 2 * np.pi * k / n_bins, 2 * np.pi * (k + 1) / n_bins
                    spent = sum((at_samples >= lo) & (at_samples < hi)) * dt
                    fired = sum((at_spikes >= lo) & (at_spikes < hi))
                    rates.append(fired / spent if spent else np.nan)
                return rates
            """,
        "np.bincount": """
            def heading_tuning(at_spikes, at_samples, dt, n_bins):
                group = lambda a: np.minimum((a / (2 * np.pi) * n_bins).astype(int), n_bins - 1)
                count = lambda a: np.bincount(group(a), minlength=n_bins)
                with np.errstate(all="ignore"):
                    rate = count(at_spikes) / (count(at_samples) * dt)
                return np.where(count(at_samples) > 0, rate, np.nan)
            """,
    },
    "preferred_heading": {
        "sine and cosine": """
            def preferred_heading(centres, rate):
                x = np.average(np.cos(centres), weights=rate)
                y = np.average(np.sin(centres), weights=rate)
                return np.arctan2(y, x) % (2 * np.pi), np.hypot(x, y)
            """,
        "a list back": """
            def preferred_heading(centres, rate):
                z = (np.asarray(rate) / np.sum(rate)) @ np.exp(1j * np.asarray(centres))
                angle = np.angle(z)
                return [angle + 2 * np.pi if angle < 0 else angle, abs(z)]
            """,
    },
    "heading_at": {
        "arrows between samples": """
            def heading_at(t, times, angles):
                x, y = np.interp(t, times, np.cos(angles)), np.interp(t, times, np.sin(angles))
                return np.arctan2(y, x) % (2 * np.pi)
            """,
        "a loop": """
            def heading_at(t, times, angles):
                out = []
                for now in t:
                    k = min(max(np.searchsorted(times, now), 1), len(times) - 1)
                    step = (angles[k] - angles[k - 1] + np.pi) % (2 * np.pi) - np.pi
                    part = (now - times[k - 1]) / (times[k] - times[k - 1])
                    out.append((angles[k - 1] + part * step) % (2 * np.pi))
                return out
            """,
    },
    "turn": {
        "complex numbers": """
            def turn(a, b):
                return np.angle(np.exp(1j * (np.asarray(b) - np.asarray(a))))
            """,
        "arctan2": """
            def turn(a, b):
                d = np.subtract(b, a)
                return np.arctan2(np.sin(d), np.cos(d))
            """,
    },
    "circle_bumps": {
        "with turn and a mask": """
            def circle_bumps(angles, n):
                step = 2 * np.pi / n
                d = np.angle(np.exp(1j * (np.asarray(angles)[:, None] - step * np.arange(n))))
                return np.where(abs(d) < 2 * step, (1 + np.cos(np.pi * d / (2 * step))) / 2, 0 * d)
            """,
        "a loop over bumps": """
            def circle_bumps(angles, n):
                columns = []
                for k in range(n):
                    d = abs(np.asarray(angles) - 2 * np.pi * k / n)
                    d = np.minimum(d, 2 * np.pi - d) / (2 * np.pi / n)
                    columns.append(np.where(d >= 2, 0, 0.5 + 0.5 * np.cos(np.pi * d / 2)))
                return np.column_stack(columns)
            """,
    },
    "history_matrix": {
        "whole rows NaN until the window is full": """
            def history_matrix(counts, window, epoch):
                out = np.full((len(counts), window), np.nan)
                for e in np.unique(epoch):
                    rows = np.flatnonzero(epoch == e)
                    for i in range(window, len(rows)):
                        out[rows[i]] = np.asarray(counts)[rows[i - window : i]][::-1]
                return out
            """,
        "the library": """
            def history_matrix(counts, window, epoch):
                basis = nmo.basis.HistoryConv(window)
                parts = [basis.compute_features(np.asarray(counts)[epoch == e])
                         for e in dict.fromkeys(epoch)]
                return np.concatenate(parts)
            """,
    },
    "blocked_split": {
        "start and stop of each block": """
            def blocked_split(epoch, block, every, gap):
                train, test = np.ones(len(epoch), bool), np.zeros(len(epoch), bool)
                for number in set(np.asarray(epoch).tolist()):
                    rows = np.flatnonzero(epoch == number)
                    for start in range((every - 1) * block, len(rows), every * block):
                        test[rows[start : start + block]] = True
                        train[rows[max(0, start - gap) : start + block + gap]] = False
                return train, test
            """,
        "distances": """
            def blocked_split(epoch, block, every, gap):
                epoch = np.asarray(epoch)
                within = np.array([np.sum(epoch[:i] == epoch[i]) for i in range(len(epoch))])
                test = within // block % every == every - 1
                i = np.arange(len(epoch))
                near = (abs(i[:, None] - i) <= gap) & (epoch[:, None] == epoch) & test
                return [~near.any(axis=1), test]
            """,
    },
    "held_out": {
        "test rows made unknown": """
            def held_out(X, y, train, test, strength):
                seen = np.array(y, float)
                seen[~train] = np.nan
                glm = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=strength)
                return glm.fit(X, seen).predict(X)[test]
            """,
        "weights of rows": """
            def held_out(X, y, train, test, strength):
                glm = nmo.glm.GLM(regularizer=nmo.regularizer.Ridge(strength))
                return glm.fit(X, y, sample_weight=train.astype(float)).predict(X[test])
            """,
    },
    "shifted": {
        "cut and joined": """
            def shifted(X, by):
                return np.concatenate([X[len(X) - by :], X[: len(X) - by]])
            """,
        "an index": """
            def shifted(X, by):
                return X[(np.arange(len(X)) - by) % len(X)]
            """,
    },
    "coupling_filters": {
        "a loop": """
            def coupling_filters(coef, kernels):
                B, N = kernels.shape[1], coef.shape[1]
                out = np.zeros((N, len(coef) // B, len(kernels)))
                for r in range(N):
                    for s in range(out.shape[1]):
                        out[r, s] = kernels @ coef[s * B : (s + 1) * B, r]
                return out
            """,
        "one product": """
            def coupling_filters(coef, kernels):
                B, N = kernels.shape[1], coef.shape[1]
                return np.asarray(coef).T.reshape(N, -1, B) @ kernels.T
            """,
    },
    "common_input": {
        "one neuron after the other": """
            def common_input(signal, delay, seed):
                rng = np.random.default_rng(seed)
                late = np.zeros(len(signal))
                late[delay:] = signal[: len(signal) - delay]
                A = rng.poisson(np.exp(signal - 3))
                return np.column_stack([A, rng.poisson(np.exp(late - 3))])
            """,
        "np.pad and two seeds": """
            def common_input(signal, delay, seed):
                late = np.pad(signal, (delay, 0))[: len(signal)]
                A = np.random.default_rng([seed, 0]).poisson(np.exp(signal) * np.exp(-3))
                B = np.random.default_rng([seed, 1]).poisson(np.exp(late) * np.exp(-3))
                return np.stack([A, B], axis=1)
            """,
    },
    "free_run": {
        "the whole past kept in one array": """
            def free_run(filters, drive, seed):
                rng, window = np.random.default_rng(seed), filters.shape[2]
                y = np.zeros((window + len(drive), len(filters)))
                for t in range(len(drive)):
                    newest_first = y[t : t + window][::-1]
                    eta = drive[t] + np.einsum("rsl,ls->r", filters, newest_first)
                    y[t + window] = rng.poisson(np.exp(np.minimum(eta, 5)))
                return y[window:]
            """,
        "spikes push into the future": """
            def free_run(filters, drive, seed):
                rng, window = np.random.default_rng(seed), filters.shape[2]
                eta = np.concatenate([drive, np.zeros((window, len(filters)))])
                out = []
                for t in range(len(drive)):
                    out.append(rng.poisson(np.exp(np.clip(eta[t], None, 5))))
                    eta[t + 1 : t + 1 + window] += np.tensordot(filters, out[-1], ([1], [0])).T
                return out
            """,
    },
}
