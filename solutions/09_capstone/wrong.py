"""What learners type in lesson 09, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "window_bins": {
        "as it came": ({"round(seconds / dt)": "int(seconds / dt)"}, "the decimals were cut off"),
        "floor division": ({"round(seconds / dt)": "int(seconds // dt)"},
                           "the decimals were cut off"),
        "always one more": ({"round(seconds / dt)": "int(seconds / dt) + 1"},
                            "0.30 s in bins of 0.01 s should be 30"),
        "up": ({"round(seconds / dt)": "int(np.ceil(seconds / dt - 1e-9))"},
               "up is not the nearest"),
        "a trace added before the cut": ({"round(seconds / dt)": "int(seconds / dt + 1e-9)"},
                                         "14 is not the nearest"),
        "no whole number": ({"round(seconds / dt)": "seconds / dt"}, "is a whole number"),
        "upside down": ({"round(seconds / dt)": "round(dt / seconds)"},
                        "0.30 s in bins of 0.01 s should be 30"),
    },
    "own_past": {
        "as it came": (
            """
            def own_past(counts, stretch, window):
                return np.column_stack([np.roll(counts, -(j + 1)) for j in range(window)])
            """, "still to come"),
        "rolled the other way": (
            """
            def own_past(counts, stretch, window):
                return np.column_stack([np.roll(counts, j + 1) for j in range(window)])
            """, "comes in at its start"),
        "from the present bin on": (
            """
            def own_past(counts, stretch, window):
                return np.column_stack([np.roll(counts, j) for j in range(window)])
            """, "the bin of the spike itself"),
        "across the border": ({"stretch[j + 1 :] == stretch[: -j - 1]":
                               "np.full(len(counts) - j - 1, True)"}, "shows up in the second"),
        "zero where nothing is known": ({"np.full((len(counts), window), np.nan)":
                                         "np.zeros((len(counts), window))"}, "you put a number"),
        "two bins back": (
            """
            def own_past(counts, stretch, window):
                past = np.full((len(counts), window), np.nan)
                for e in np.unique(stretch):
                    rows = np.flatnonzero(stretch == e)
                    for j in range(window):
                        past[rows[j + 2 :], j] = counts[rows[: -j - 2]]
                return past
            """, "not the bin just before"),
        "rolled, and only other stretches unknown": (
            """
            def own_past(counts, stretch, window):
                lags = range(1, window + 1)
                return np.stack([np.where(np.roll(stretch, j) == stretch, np.roll(counts, j),
                                          np.nan) for j in lags], axis=1)
            """, "with a single stretch"),
        "lags reversed": ({"    return past": "    return past[:, ::-1]"}, "in the wrong order"),
        "only the first row of a stretch is unknown": (
            """
            def own_past(counts, stretch, window):
                past = np.zeros((len(counts), window))
                for j in range(window):
                    same = stretch[j + 1 :] == stretch[: -j - 1]
                    past[j + 1 :, j][same] = counts[: -j - 1][same]
                past[0] = past[np.flatnonzero(np.diff(stretch)) + 1] = np.nan
                return past
            """, "you put a number"),
        "rows without a past are dropped": (
            {"    return past": "    return past[np.isfinite(past).all(axis=1)]"},
            "a row per bin of all stretches"),
        "twice the window is given away": (
            {"    return past": "    for e in np.unique(stretch):\n"
             "        past[np.flatnonzero(stretch == e)[: window + 1]] = np.nan\n"
             "    return past"}, "you give away data"),
    },
    "split": {
        "as it came": ({"return ~close, test": "return ~test, test"}, "still no gap"),
        "a gap behind only": ({"[window : window + n]": "[:n]",
                               "2 * window + 1": "window + 1"}, "missing before"),
        "a gap before only": ({"[window : window + n]": "[window : window + n]",
                               "np.ones(2 * window + 1)": "np.ones(window + 1)"},
                              "missing behind"),
        "one bin too narrow": ({"np.ones(2 * window + 1))[window : window + n]":
                                "np.ones(2 * window - 1))[window - 1 : window - 1 + n]"},
                               "a bin too narrow"),
        "twice the gap": ({"np.ones(2 * window + 1))[window : window + n]":
                           "np.ones(4 * window + 1))[2 * window : 2 * window + n]"},
                          "wider than the window"),
        "the gap is taken from the test rows": (
            """
            def split(n, block, window):
                test = np.arange(n) // block % 4 == 3
                core = np.convolve(~test, np.ones(2 * window + 1))[window : window + n] < 0.5
                return ~test, core
            """, "the tested blocks have changed"),
        "scattered rows": ({"np.arange(n) // block % 4 == 3": "np.arange(n) % 4 == 3"},
                           "the tested blocks have changed"),
        "swapped": ({"return ~close, test": "return test, ~close"}, "are swapped"),
        "overlap": ({"return ~close, test": "return ~close | test, test"},
                    "a row is trained on and tested"),
    },
    "scaled": {
        "as it came": ({"np.nanmean(X[train], axis=0), np.nanstd(X[train], axis=0)":
                        "np.nanmean(X, axis=0), np.nanstd(X, axis=0)"}, "leaks into"),
        "each set on its own": (
            """
            def scaled(X, train):
                out = np.empty(X.shape)
                for rows in (train, ~train):
                    out[rows] = (X[rows] - np.nanmean(X[rows], 0)) / np.nanstd(X[rows], 0)
                return out
            """, "a scale of their own"),
        "NaN spoils the column": (
            {"np.nanmean(X[train], axis=0), np.nanstd(X[train], axis=0)":
             "np.mean(X[train], axis=0), np.std(X[train], axis=0)"}, "a whole column is lost"),
        "zeros for unknown": ({"    return (X - mean)": "    return np.nan_to_num(X - mean)"},
                             "have become numbers"),
        "training rows only come back": ({"(X - mean)": "(X[train] - mean)"}, "all rows come back"),
        "one number for all columns": (
            {"np.nanmean(X[train], axis=0), np.nanstd(X[train], axis=0)":
             "np.nanmean(X[train]), np.nanstd(X[train])"}, "one number scales all"),
        "the mean stays": ({"(X - mean)": "X"}, "the mean is not taken away"),
        "0 divided by 0": ({"np.where(sd > 0, sd, 1)": "sd"}, "0 divided by 0"),
        "the corrected SD": ({"np.nanstd(X[train], axis=0)": "np.nanstd(X[train], axis=0, ddof=1)"},
                             "mean or SD are off"),
    },
    "explained": {
        "as it came": ({"np.mean(train_counts)": "counts.mean()"}, "it has seen the answers"),
        "both sets": ({"np.mean(train_counts)": "np.mean(np.append(train_counts, counts))"},
                      "training AND test"),
        "what is left": ({"1 - nmo": "nmo"}, "what is left"),
        "upside down": (
            {"nmo.metrics.deviance(counts, mean) / nmo.metrics.deviance(counts, null)":
             "nmo.metrics.deviance(counts, null) / nmo.metrics.deviance(counts, mean)"},
            "upside down"),
        "squared errors": (
            {"nmo.metrics.deviance(counts, mean) / nmo.metrics.deviance(counts, null)":
             "np.sum((counts - mean) ** 2) / np.sum((counts - null) ** 2)"}, "squared errors"),
        "McFadden": ({"metrics.deviance(counts, mean)": "metrics.log_likelihood(counts, mean)",
                      "metrics.deviance(counts, null)": "metrics.log_likelihood(counts, null)"},
                     "the fraction is off"),
        "clipped": ({"return 1 - nmo.metrics.deviance(counts, mean) / "
                     "nmo.metrics.deviance(counts, null)":
                     "return max(0, 1 - nmo.metrics.deviance(counts, mean) / "
                     "nmo.metrics.deviance(counts, null))"}, "was clipped"),
    },
    "mean_scores": {
        "as it came": ({"log_likelihood(counts[ok], m[ok])": "log_likelihood(counts, m)"},
                       "does not tie"),
        "the first two only": ({"np.isfinite(means).all": "np.isfinite(means[:2]).all"},
                               "a hole of its own"),
        "a sum": ({"nmo.metrics.log_likelihood(counts[ok], m[ok])":
                   "ok.sum() * nmo.metrics.log_likelihood(counts[ok], m[ok])"},
                  "these are sums"),
        "over all bins": ({"nmo.metrics.log_likelihood(counts[ok], m[ok])":
                           "ok.mean() * nmo.metrics.log_likelihood(counts[ok], m[ok])"},
                          "divided by ALL bins"),
        "one number": ({"return np.array([": "return np.mean(["}, "one score per model"),
        "NaN is in it": (
            """
            def mean_scores(counts, means):
                from scipy.stats import poisson

                return poisson.logpmf(counts, means).mean(axis=1)
            """, "not a number"),
        "unknown means are zero": (
            """
            def mean_scores(counts, means):
                from scipy.stats import poisson

                return np.nan_to_num(poisson.logpmf(counts, means)).mean(axis=1)
            """, "does not tie"),
        "factorial left out": ({"nmo.metrics.log_likelihood(counts[ok], m[ok])":
                                "np.mean(counts[ok] * np.log(m[ok]) - m[ok])"},
                               "the scores are off"),
    },
    "lag_axis": {
        "as it came": ({"np.arange(1, window + 1)": "np.arange(window)"}, "still starts at 0"),
        "bins": ({" * dt": ""}, "these are bins"),
        "milliseconds": ({" * dt": " * dt * 1000"}, "these are milliseconds"),
        "one too many": ({"np.arange(1, window + 1)": "np.arange(window + 1)"},
                         "one lag per value"),
        "middle of the bins": ({"np.arange(1, window + 1)": "(np.arange(window) + 0.5)"},
                               "the middle of the bins"),
        "negative": ({"np.arange(1": "-np.arange(1"}, "as positive seconds"),
        "backwards": ({"np.arange(1, window + 1)": "np.arange(window, 0, -1)"}, "runs backwards"),
        "from the end": ({"np.arange(1, window + 1) * dt": "np.linspace(dt, (window + 1) * dt, "
                          "window)"}, "the axis is off"),
    },
    "dispersion": {
        "as it came": ({"used.sum() - X": "len(counts) - X"}, "still count below the line"),
        "a mean": ({"(used.sum() - X.shape[1] - 1)": "used.sum()"}, "this is a mean over rows"),
        "the intercept is free": ({"X.shape[1] - 1": "X.shape[1]"}, "the intercept is a fitted"),
        "no variance": ({" / mean[used])": ")"}, "by their variance"),
        "the mean squared": ({" / mean[used])": " / mean[used] ** 2)"}, "twice"),
        "unknown rows are in it": ({"np.isfinite(mean)": "np.ones(len(mean), bool)"},
                                   "not a number"),
        "a value per row": ({"np.sum((counts[used] - mean[used]) ** 2 / mean[used])":
                             "(counts[used] - mean[used]) ** 2 / mean[used]"}, "one number"),
        "deviance instead": ({"np.sum((counts[used] - mean[used]) ** 2 / mean[used])":
                              "used.sum() * nmo.metrics.deviance(counts[used], mean[used])"},
                             "the dispersion is off"),
    },
    "decoding_error": {
        "as it came": ({"tuning(spikes[train], angles[train])": "tuning(spikes, angles)"},
                       "made of all rows"),
        "profiles of the test rows": ({"tuning(spikes[train], angles[train])":
                                       "tuning(spikes[test], angles[test])"}, "the very rows"),
        "training error": ({"read_heading(spikes[test], profile), angles[test]":
                            "read_heading(spikes[train], profile), angles[train]"},
                           "that of the training rows"),
        "error of all rows": ({"read_heading(spikes[test], profile), angles[test]":
                               "read_heading(spikes, profile), angles"}, "that of all rows"),
        "mean": ({"np.median": "np.mean"}, "this is the mean"),
        "not wrapped": ({"np.median(error(read_heading(spikes[test], profile), angles[test]))":
                         "np.median(abs(read_heading(spikes[test], profile) - angles[test]))"},
                        "the long way round"),
        "one error per row": ({"np.median(error(": "(error("}, "one number"),
        "degrees": ({"np.median(error(read_heading(spikes[test], profile), angles[test]))":
                     "np.degrees(np.median(error(read_heading(spikes[test], profile), "
                     "angles[test])))"}, "the error is off"),
    },
    "my_features": {
        "the present count": (
            {"zip(both, (level, counts)": "zip(both, (level, np.append(counts[1:], 0))"},
            "the row of its own bin"),
        "the future": (
            """
            def my_features(level, counts, epoch):
                return np.column_stack([np.roll(x, -j) for x in (level, counts)
                                        for j in range(1, 10)])
            """, "BEFORE it"),
        "scaled with all rows": (
            {"    return np.concatenate(parts)":
             "    X = np.concatenate(parts)\n"
             "    return (X - np.nanmean(X, axis=0)) / np.nanstd(X, axis=0)"},
            "scaled with data of all rows"),
        "time since the last spike, without an end": (
            {"    return np.concatenate(parts)":
             "    last = np.zeros(len(counts))\n"
             "    for t in range(1, len(counts)):\n"
             "        if epoch[t] == epoch[t - 1]:\n"
             "            last[t] = 1 if counts[t - 1] else last[t - 1] + 1\n"
             "    return np.column_stack([np.concatenate(parts), last])"}, "silent bins"),
        "farther than REACH": ({"window_size=REACH": "window_size=REACH + 20"},
                               "still has an effect"),
        "across the border": (
            """
            def my_features(level, counts, epoch):
                both = [nmo.basis.RaisedCosineLogConv(8, window_size=REACH) for _ in range(2)]
                return np.column_stack([b.compute_features(x)
                                        for b, x in zip(both, (level, counts))])
            """, "knows of the first"),
        "zero for unknown": ({"np.concatenate(parts)": "np.nan_to_num(np.concatenate(parts))"},
                             "unknown is not zero"),
        "the sound alone": ({"zip(both, (level, counts)": "zip(both, (level, level)"},
                            "has no effect on any row"),
        "unknown rows dropped": (
            {"    return np.concatenate(parts)":
             "    X = np.concatenate(parts)\n    return X[np.isfinite(X).all(axis=1)]"},
            "do not drop rows"),
        "one column per lag": (
            {"nmo.basis.RaisedCosineLogConv(8, window_size=REACH) for _ in range(2)":
             "nmo.basis.HistoryConv(60) for _ in range(2)"}, "more than 100 columns"),
        "half of it is unknown": (
            {"    return np.concatenate(parts)":
             "    X = np.concatenate(parts)\n    X[:300] = np.nan\n    return X"},
            "more is unknown"),
    },
    "my_split": {
        "random rows": (
            """
            def my_split(epoch):
                test = np.random.default_rng(0).random(len(epoch)) < 0.25
                return ~test, test
            """, "scattered"),
        "no gap": ({"split(len(rows), 500, REACH)": "split(len(rows), 500, 0)"}, "there is no gap"),
        "the last piece": (
            """
            def my_split(epoch):
                test = epoch == epoch.max()
                return ~test, test
            """, "is not in both sets"),
        "the second half of everything": (
            """
            def my_split(epoch):
                test = np.arange(len(epoch)) >= len(epoch) * 0.7
                return np.arange(len(epoch)) < len(epoch) * 0.6, test
            """, "is not in both sets"),
        "swapped": ({"return train, test": "return test, train"}, "not between 10 and 50"),
        "overlap": ({"return train, test": "return train | test, test"},
                    "a row is trained on and tested"),
        "one mask": ({"return train, test": "return train"}, "two masks"),
        "half a gap": ({"split(len(rows), 500, REACH)": "split(len(rows), 500, REACH // 2)"},
                       "there is no gap"),
        "few rows are left": ({"split(len(rows), 500, REACH)": "split(len(rows), 500, 600)"},
                              "less than 30 %"),
    },
    "my_prediction": {
        "fitted to all rows": ({"X[train], counts[train]": "X, counts"}, "the test counts"),
        "test rows only come back": ({".predict(X)": ".predict(X[~train])"}, "every row"),
        "the sum before the link": (
            {"return model.fit(X[train], counts[train]).predict(X)":
             "model.fit(X[train], counts[train])\n    return X @ model.coef_ + model.intercept_"},
            "before the exponential"),
        "in Hz": ({".predict(X)": ".predict(X) / MS"}, "looks like Hz"),
        "NaN rows filled": ({".predict(X)": ".predict(np.nan_to_num(X))"},
                            "rows with unknown features"),
        "too strong a penalty": ({"1e-4": "1e4"}, "every bin is expected"),
        "a constant": (
            """
            def my_prediction(X, counts, train):
                return np.where(np.isfinite(X).all(axis=1), counts[train].mean(), np.nan)
            """, "every bin is expected"),
        "the mean is lost": ({".predict(X)": ".predict(X) * 1.3"}, "not the recorded one"),
        "fitted to the test rows": ({"X[train], counts[train]": "X[~train], counts[~train]"},
                                    "the test counts"),
        "a line": (
            """
            def my_prediction(X, counts, train):
                ok = train & np.isfinite(X).all(axis=1)
                G = np.insert(X, 0, 1, axis=1)
                return G @ np.linalg.lstsq(G[ok], counts[ok], rcond=None)[0]
            """, "an expected count is positive"),
    },
    "my_control": {
        "nothing happens": ({"np.random.default_rng(seed).permutation(counts)": "counts"},
                            "as they were"),
        "one bin later": ({"np.random.default_rng(seed).permutation(counts)":
                           "np.roll(counts, seed)"}, "moved by a few bins"),
        "the seed has no effect": ({"default_rng(seed)": "default_rng(0)"}, "two seeds"),
        "other dice each time": ({"np.random.default_rng(seed)": "np.random"},
                                 "nobody can repeat"),
        "seed 0 does nothing": ({"np.random.default_rng(seed).permutation(counts)":
                                 "np.roll(counts, 400 * seed)"}, "with seed 0"),
        "drawn anew": ({"np.random.default_rng(seed).permutation(counts)":
                        "np.random.default_rng(seed).poisson(np.mean(counts), len(counts))"},
                       "the number of spikes has changed"),
        "spikes fall onto each other": (
            """
            def my_control(counts, seed):
                rng, total = np.random.default_rng(seed), int(np.sum(counts))
                return np.bincount(rng.integers(0, len(counts), total), minlength=len(counts))
            """, "the counts themselves have changed"),
        "with replacement": ({".permutation(counts)": ".choice(counts, len(counts))"},
                             "the number of spikes has changed"),
        "bins are lost": ({".permutation(counts)": ".permutation(counts[counts > 0])"},
                          "as many bins"),
    },
    "my_score": {
        "the training rows": ({"train), train, test)": "train), train, train)"},
                              "on the TRAINING rows"),
        "all rows": ({"train), train, test)": "train), train, np.ones(len(n_t), bool))"},
                     "on ALL rows"),
        "the recording's model for the control": (
            {"my_null = np.mean([bits(my_control(n_t, seed)) for seed in range(8)])":
             "m = my_prediction(my_features(level, n_t, epoch), n_t, train)\n"
             "my_null = np.mean([unseen_bits(my_control(n_t, k), m, train, test) "
             "for k in range(8)])"}, "far below zero"),
        "features of the recording for the control": (
            {"X = my_features(level, counts, epoch)": "X = my_features(level, n_t, epoch)",
             "my_null = np.mean([bits(my_control(n_t, seed)) for seed in range(8)])":
             "my_null = bits(n_t)"}, "the control scores above zero"),
        "in nats": ({"my_score = bits(n_t)": "my_score = bits(n_t) * np.log(2)"}, "in nats"),
        "the sound alone": (
            {"my_score = bits(n_t)": "my_score = unseen_bits(n_t, simple_model(level, n_t, epoch, "
             "train), train, test)"}, "your own functions give"),
        "controls one by one": ({"np.mean([bits": "([bits"}, "each of the two is one number"),
        "swapped": ({"my_score = bits(n_t)": "my_null = bits(n_t)",
                     "my_null = np.mean(": "my_score = np.mean("}, "the control scores above"),
        "rounded up": ({"my_score = bits(n_t)": "my_score = bits(n_t) + 0.1"},
                       "your own functions give"),
    },
}

RIGHT = {
    "window_bins": {
        "numpy": """
            def window_bins(seconds, dt):
                return int(np.rint(seconds / dt))
            """,
        "a half added": """
            def window_bins(seconds, dt):
                return int(seconds / dt + 0.5)
            """,
    },
    "own_past": {
        "stretch by stretch": """
            def own_past(counts, stretch, window):
                out = np.full((len(counts), window), np.nan)
                for e in np.unique(stretch):
                    rows = np.flatnonzero(stretch == e)
                    for j in range(min(window, len(rows) - 1)):
                        out[rows[j + 1 :], j] = np.asarray(counts)[rows[: -j - 1]]
                return out
            """,
        "whole rows unknown": """
            def own_past(counts, stretch, window):
                out = np.full((len(counts), window), np.nan)
                for t in range(window, len(counts)):
                    if stretch[t - window] == stretch[t]:
                        out[t] = counts[t - window : t][::-1]
                return out
            """,
    },
    "split": {
        "a loop over blocks": """
            def split(n, block, window):
                train, test = np.ones(n, bool), np.zeros(n, bool)
                for start in range(3 * block, n, 4 * block):
                    test[start : start + block] = True
                    train[max(0, start - window) : start + block + window] = False
                return train, test
            """,
        "distances": """
            def split(n, block, window):
                test = np.arange(n) // block % 4 == 3
                at = np.flatnonzero(test)
                far = [np.abs(at - t).min() > window for t in range(n)]
                return np.array(far), test
            """,
    },
    "scaled": {
        "a loop": """
            def scaled(X, train):
                columns = []
                for x in np.asarray(X, float).T:
                    seen = x[train & np.isfinite(x)]
                    columns.append((x - seen.mean()) / (seen.std() or 1))
                return np.stack(columns, axis=1)
            """,
        "weights of rows": """
            def scaled(X, train):
                seen = np.where(train[:, None], X, np.nan)
                sd = np.nanstd(seen, axis=0)
                sd[sd == 0] = 1
                return (X - np.nanmean(seen, axis=0)) / sd
            """,
    },
    "explained": {
        "the library": """
            def explained(counts, mean, train_counts):
                return nmo.metrics.fraction_deviance_explained(counts, mean, y_train=train_counts)
            """,
        "by hand": """
            def explained(counts, mean, train_counts):
                from scipy.special import xlogy

                far = lambda m: np.sum(xlogy(counts, counts / m) - counts + m)
                return 1 - far(mean) / far(np.mean(train_counts))
            """,
    },
    "mean_scores": {
        "scipy": """
            def mean_scores(counts, means):
                from scipy.stats import poisson

                ok = ~np.isnan(np.sum(means, axis=0))
                return poisson.logpmf(counts[ok], np.asarray(means)[:, ok]).mean(axis=1)
            """,
        "nanmean after one NaN for all": """
            def mean_scores(counts, means):
                from scipy.stats import poisson

                each = poisson.logpmf(counts, means)
                each[:, np.isnan(each).any(axis=0)] = np.nan
                return list(np.nanmean(each, axis=1))
            """,
    },
    "lag_axis": {
        "linspace": """
            def lag_axis(window, dt):
                return np.linspace(dt, window * dt, window)
            """,
        "a list": """
            def lag_axis(window, dt):
                return [dt * (j + 1) for j in range(window)]
            """,
    },
    "dispersion": {
        "nansum": """
            def dispersion(X, counts, mean):
                n, P = np.isfinite(mean).sum(), X.shape[1]
                return np.nansum((counts - mean) ** 2 / mean) / (n - P - 1)
            """,
        "a loop": """
            def dispersion(X, counts, mean):
                total, dof = 0, -len(X[0]) - 1
                for n, m in zip(counts, mean):
                    if m == m:
                        total, dof = total + (n - m) ** 2 / m, dof + 1
                return total / dof
            """,
    },
    "decoding_error": {
        "indices": """
            def decoding_error(spikes, angles, train, test):
                a, b = np.flatnonzero(train), np.flatnonzero(test)
                found = read_heading(spikes[b], tuning(spikes[a], angles[a]))
                return float(np.quantile(error(found, angles[b]), 0.5))
            """,
        "own wrapping": """
            def decoding_error(spikes, angles, train, test):
                found = read_heading(spikes, tuning(spikes[train], angles[train]))
                return np.median(abs(np.angle(np.exp(1j * (found - angles))))[test])
            """,
    },
    "my_features": {
        "sums of the past, by hand": """
            def my_features(level, counts, epoch):
                X = np.full((len(level), 2 * REACH), np.nan)
                for e in np.unique(epoch):
                    rows = np.flatnonzero(epoch == e)
                    for j in range(REACH):
                        X[rows[j + 1 :], j] = level[rows[: -j - 1]]
                        X[rows[j + 1 :], REACH + j] = counts[rows[: -j - 1]]
                return X
            """,
        "the level of now, too": """
            def my_features(level, counts, epoch):
                b = nmo.basis.RaisedCosineLogConv(6, window_size=REACH)
                out = []
                for e in np.unique(epoch):
                    s, n = level[epoch == e], counts[epoch == e]
                    out.append(np.column_stack([s, s**2, b.compute_features(s),
                                                b.compute_features(n)]))
                return np.concatenate(out)
            """,
    },
    "my_split": {
        "the end of each piece": """
            def my_split(epoch):
                train, test = np.zeros(len(epoch), bool), np.zeros(len(epoch), bool)
                for e in np.unique(epoch):
                    rows = np.flatnonzero(epoch == e)
                    cut = int(0.7 * len(rows))
                    train[rows[: cut - REACH]] = True
                    test[rows[cut:]] = True
                return train, test
            """,
        "two blocks in each": """
            def my_split(epoch):
                test = np.zeros(len(epoch), bool)
                train = np.ones(len(epoch), bool)
                for e in np.unique(epoch):
                    rows = np.flatnonzero(epoch == e)
                    n = len(rows) // 10
                    for start in (2 * n, 7 * n):
                        test[rows[start : start + n]] = True
                        train[rows[start - 200 : start + n + 200]] = False
                return train, test
            """,
    },
    "my_prediction": {
        "no penalty, weights of rows": """
            def my_prediction(X, counts, train):
                glm = nmo.glm.GLM().fit(X, counts, sample_weight=train.astype(float))
                return np.asarray(glm.predict(X))
            """,
        "scikit-learn": """
            def my_prediction(X, counts, train):
                from sklearn.linear_model import PoissonRegressor

                ok = np.isfinite(X).all(axis=1)
                glm = PoissonRegressor(alpha=1e-6, tol=1e-8).fit(X[ok & train], counts[ok & train])
                out = np.full(len(X), np.nan)
                out[ok] = glm.predict(X[ok])
                return out
            """,
    },
    "my_control": {
        "rolled far": """
            def my_control(counts, seed):
                far = np.random.default_rng(seed).integers(300, len(counts) - 300)
                return np.roll(counts, far)
            """,
        "an index": """
            def my_control(counts, seed):
                order = np.argsort(np.random.default_rng(seed).random(len(counts)))
                return np.asarray(counts)[order]
            """,
    },
    "my_score": {
        "step by step": """
            train, test = my_split(epoch)
            X = my_features(level, n_t, epoch)
            my_score = unseen_bits(n_t, my_prediction(X, n_t, train), train, test)
            found = []
            for seed in range(8):
                fake = my_control(n_t, 50 + seed)
                F = my_features(level, fake, epoch)
                found.append(unseen_bits(fake, my_prediction(F, fake, train), train, test))
            my_null = sum(found) / len(found)
            """,
        "the library's score": """
            train, test = my_split(epoch)

            def one(n):
                X = my_features(level, n, epoch)
                mean = my_prediction(X, n, train)
                ok = test & np.isfinite(mean)
                return nmo.metrics.bits_per_spike(n[ok], mean[ok], y_train=n[train])

            my_score, my_null = one(n_t), np.mean([one(my_control(n_t, s)) for s in range(8)])
            """,
    },
}
