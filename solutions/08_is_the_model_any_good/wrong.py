"""What learners type in lesson 08, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "bits_per_spike": {
        "in nats": ({" / np.log(2)": ""}, "in nats per spike"),
        "half in bits": ({"n * np.log(mu / base)": "n * np.log2(mu / base)", " / np.log(2)": ""},
                         "only the logarithm is in bits"),
        "per bin": ({"np.sum(n) /": "len(n) /"}, "this is per bin"),
        "the total": ({" / np.sum(n)": ""}, "this is the total"),
        "unused bins are in it": ({"np.isfinite(mean)": "mean != 0"}, "bins without a prediction"),
        "spikes of unused bins below the line": ({"/ np.sum(n)": "/ np.sum(counts)"},
                                                 "are counted below the line"),
        "turned around": ({"mu / base) - (mu - base)": "base / mu) - (base - mu)"},
                          "the sign says"),
        "only bins with a spike": ({" - (mu - base)": ""}, "only bins with a spike"),
        "the exam's own mean": ({"    nats =": "    base = np.mean(n)\n    nats ="},
                                "it has seen the answers"),
        "one value per bin": ({"np.sum(n * np.log(mu / base) - (mu - base))":
                               "n * np.log(mu / base) - (mu - base)"}, "one number"),
    },
    "pearson": {
        "the bare difference": ({" / np.sqrt(mean)": ""}, "the bare difference"),
        "divided by the variance": ({"np.sqrt(mean)": "mean"}, "divided by the variance"),
        "the root of the counts": ({"np.sqrt(mean)": "np.sqrt(counts)"}, "something infinite"),
        "one SD for all": ({"np.sqrt(mean)": "np.nanstd(counts - mean)"}, "divided by one number"),
        "squared": ({"(counts - mean) / np.sqrt(mean)": "(counts - mean) ** 2 / mean"},
                    "have lost their sign"),
        "model minus data": ({"(counts - mean)": "(mean - counts)"}, "the sign is turned"),
        "zero where unknown": ({"(counts - mean) / np.sqrt(mean)":
                                "np.nan_to_num((counts - mean) / np.sqrt(mean))"},
                               "the last bin has no prediction"),
        "added up": ({"(counts - mean) / np.sqrt(mean)":
                      "np.nansum((counts - mean) / np.sqrt(mean))"}, "one residual per bin"),
    },
    "grouped_z": {
        "a mean of Pearson residuals": (
            """
            def grouped_z(x, counts, mean, edges):
                r = (counts - mean) / np.sqrt(mean)
                ok = np.isfinite(r)
                total = np.histogram(x[ok], edges, weights=r[ok])[0]
                number = np.histogram(x[ok], edges)[0]
                return total / np.where(number > 0, number, np.nan)
            """, "put together afterwards"),
        "a sum of Pearson residuals over the root of their number": (
            """
            def grouped_z(x, counts, mean, edges):
                r = (counts - mean) / np.sqrt(mean)
                ok = np.isfinite(r)
                total = np.histogram(x[ok], edges, weights=r[ok])[0]
                number = np.histogram(x[ok], edges)[0]
                return total / np.sqrt(np.where(number > 0, number, np.nan))
            """, "put together afterwards"),
        "the bare difference": (
            {"(fired - meant) / np.sqrt(np.where(meant > 0, meant, np.nan))":
             "np.where(meant > 0, fired - meant, np.nan)"}, "the bare difference"),
        "no root": ({"np.sqrt(np.where(meant > 0, meant, np.nan))":
                     "np.where(meant > 0, meant, np.nan)"},
                    "its root is asked for"),
        "the root of what came": (
            {"np.where(meant > 0, meant, np.nan)": "np.where(meant > 0, fired, np.nan)"},
            "the root is taken of what came"),
        "the root of the number of bins": (
            {"np.sqrt(np.where(meant > 0, meant, np.nan))":
             "np.sqrt(np.where(meant > 0, np.histogram(x[ok], edges)[0], np.nan))"},
            "the root is taken of the number of bins"),
        "unknown bins are in it": ({"np.isfinite(mean)": "mean != 0"}, "the second group is lost"),
        "their spikes are": ({"x[ok], edges, weights=w[ok]":
                              "x, edges, weights=np.nan_to_num(w)"}, "the nine spikes"),
        "zero for an empty group": ({"np.sqrt(np.where(meant > 0, meant, np.nan))":
                                     "np.sqrt(np.where(meant > 0, meant, 1))"}, "holds no bin"),
        "expected minus recorded": ({"(fired - meant)": "(meant - fired)"}, "the sign is turned"),
        "a value per edge": (
            {"return (fired - meant)": "fired, meant = np.append(fired, 0), np.append(meant, 0)\n"
             "    return (fired - meant)"}, "five edges enclose four groups"),
    },
    "rescale": {
        "the clock of the recording": ({"np.cumsum(mu)[at] - place * mu[at]": "at + 1 - place"},
                                       "intervals in bins"),
        "the first interval is missing": ({", prepend=0": ""}, "three spikes make three"),
        "times instead of intervals": ({"np.diff(np.sort(clock), prepend=0)": "np.sort(clock)"},
                                       "these are times on the clock"),
        "what is expected in the spikes' bins": (
            {"np.diff(np.sort(clock), prepend=0)": "mu[at]"}, "in the bins with a spike"),
        "no places": ({" - place * mu[at]": ""}, "have no say"),
        "the place is added": ({"] - place": "] + place"}, "beyond the end of its bin"),
        "a bin is one long": ({"place * mu[at]": "place"}, "a whole bin on this clock"),
        "the place from the start of the bin": (
            {"place * mu[at]": "(1 - place) * mu[at]"}, "with all spikes at the end"),
        "a second spike in a bin is lost": ({"np.repeat(np.arange(len(n)), n)":
                                             "np.flatnonzero(n)[: len(place)]",
                                             "place * mu[at]": "place[: len(at)] * mu[at]"},
                                            "one of them is lost"),
        "not sorted": ({"np.sort(clock)": "clock"}, "an interval is negative"),
        "NaN stops the clock": (
            """
            def rescale(counts, mean, place):
                at = np.repeat(np.arange(len(counts)), counts)
                at = at[np.isfinite(mean[at])]
                clock = np.cumsum(mean)[at] - place * mean[at]
                return np.diff(np.sort(clock), prepend=0)
            """, "stop the clock for good"),
        "spikes of unknown bins are kept": (
            """
            def rescale(counts, mean, place):
                mu = np.nan_to_num(mean)
                at = np.repeat(np.arange(len(counts)), counts)
                clock = np.cumsum(mu)[at] - np.resize(place, len(at)) * mu[at]
                return np.diff(np.sort(clock), prepend=0)
            """, "taken out of time, with their spikes"),
    },
    "ks_distance": {
        "above the diagonal only": (
            {"max(np.max(after - q), np.max(q - (after - 1 / n)))": "np.max(after - q)"},
            "lies above the diagonal do you look"),
        "below the diagonal only": (
            {"max(np.max(after - q), np.max(q - (after - 1 / n)))":
             "np.max(q - (after - 1 / n))"}, "lies below the diagonal do you look"),
        "tops only, both sides": (
            {"max(np.max(after - q), np.max(q - (after - 1 / n)))": "np.max(abs(after - q))"},
            "a jump has a foot"),
        "the middle of the jumps": (
            {"max(np.max(after - q), np.max(q - (after - 1 / n)))":
             "np.max(abs(after - 0.5 / n - q))"}, "in the middle of the jumps"),
        "not sorted": ({"np.sort(1 - np.exp(-z))": "1 - np.exp(-z)"}, "another order"),
        "signed": ({"max(np.max(after - q), np.max(q - (after - 1 / n)))":
                    "min(np.min(after - q), np.min(q - (after - 1 / n)))"}, "not negative"),
        "the intervals themselves": ({"np.sort(1 - np.exp(-z))": "np.sort(z) * 2"}, "above 1"),
        "scaled to their own mean": ({"np.exp(-z)": "np.exp(-z / np.mean(z))"},
                                     "the clock's unit is lost"),
        "all distances": (
            {"max(np.max(after - q), np.max(q - (after - 1 / n)))": "abs(after - q)"},
            "one number is asked for"),
    },
    "ks_band": {
        "the mean": ({"np.quantile(": "np.mean(", ", 0.95)": ")"}, "a typical distance"),
        "the median": ({"0.95": "0.5"}, "a typical distance"),
        "the largest": ({"np.quantile(": "np.max(", ", 0.95)": ")"}, "too wide"),
        "the lower end": ({"0.95": "0.05"}, "the lower end"),
        "99 %": ({"0.95": "0.99"}, "that of 99 %"),
        "n and runs swapped": ({"size=n": "size=runs", "range(runs)": "range(n)"},
                               "far too narrow"),
        "uniform intervals": ({"rng.exponential(size=n)": "rng.random(n)"}, "too wide"),
        "all distances": ({"np.quantile([": "[", ", 0.95)": ""}, "not one distance per set"),
    },
    "covariance": {
        "not inverted": ({"np.linalg.inv(H)": "H"}, "this is the information"),
        "element by element": ({"np.linalg.inv(H)": "np.diag(1 / np.diag(H))"},
                               "as if the others were known"),
        "a linear regression": ({"(mean[ok][:, None] * ones)": "ones"},
                                "the formula of a linear regression"),
        "no intercept": ({"np.column_stack([np.ones(ok.sum()), X[ok]])": "X[ok]",
                          "H[1:, 1:]": "H"}, "the intercept is missing"),
        "the intercept last": ({"[np.ones(ok.sum()), X[ok]]": "[X[ok], np.ones(ok.sum())]",
                                "H[1:, 1:]": "H[:-1, :-1]"}, "the intercept comes last"),
        "a mean over bins": ({"    H[1:": "    H /= len(ones)\n    H[1:"}, "averaged over bins"),
        "NaN rows are in it": ({"np.isfinite(mean)": "np.ones(len(mean), bool)"}, "not a number"),
        "no ridge": ({"strength * np.eye": "0 * np.eye"}, "the strength has no effect"),
        "the intercept is penalised": (
            {"H[1:, 1:] += ok.sum() * strength * np.eye(X.shape[1])":
             "H += ok.sum() * strength * np.eye(len(H))"}, "held by the ridge, too"),
        "the strength once": ({"ok.sum() * strength": "strength"}, "added once"),
        "T counts unknown bins": ({"ok.sum() * strength": "len(X) * strength"},
                                  "54 of 60 were used"),
        "errors only": ({"np.linalg.inv(H)": "np.sqrt(np.diag(np.linalg.inv(H)))"},
                        "a whole matrix"),
    },
    "filter_error": {
        "errors added up": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                             "bumps @ np.sqrt(np.diag(cov))"}, "are added up"),
        "independent weights": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                                 "np.sqrt(bumps**2 @ np.diag(cov))"}, "as independent"),
        "the variance": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                          "np.sum((bumps @ cov) * bumps, axis=1)"}, "this is the variance"),
        "errors of weights": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                               "np.sqrt(np.diag(cov))"}, "errors of weights"),
        "the whole matrix": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                              "np.sqrt(bumps @ cov @ bumps.T)"}, "ANOTHER lag"),
        "the bump enters once": ({"np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))":
                                  "np.sqrt(bumps @ np.diag(cov))"}, "a quarter of the variance"),
        "1.96 of them": ({"return np.sqrt(": "return 1.96 * np.sqrt("}, "the errors are off"),
    },
    "residual_dof": {
        "all rows": ({"np.isfinite(X).all(axis=1) & np.isfinite(counts)": "np.ones(len(X))"},
                     "8 rows of NaN are counted"),
        "weights are free": ({" - X.shape[1] - 1": " - 1"}, "the weights cost nothing"),
        "the intercept is free": ({" - X.shape[1] - 1": " - X.shape[1]"},
                                  "the intercept is a fitted number"),
        "elements instead of rows": (
            {"fitted.sum() - X": "len(X) - np.isnan(X).sum() - X"}, "one by one"),
        "a row needs one known feature": ({".all(axis=1)": ".any(axis=1)"}, "ONE unknown feature"),
        "unknown counts are forgotten": ({" & np.isfinite(counts)": ""},
                                         "three rows without a count"),
        "nothing is taken away": ({" - X.shape[1] - 1": ""}, "without missing values"),
    },
    "aic_bic": {
        "each on its own bins": (
            """
            def aic_bic(counts, means, n_weights):
                n = np.isfinite(means).sum(axis=1)
                k = np.asarray(n_weights) + 1
                L = n * [nmo.metrics.log_likelihood(counts, mu) for mu in means]
                return 2 * k - 2 * L, k * np.log(n) - 2 * L
            """, "sat different exams"),
        "a mean log-likelihood": ({"[n * nmo": "[nmo"}, "was averaged"),
        "the intercept is free": ({"np.asarray(n_weights) + 1": "np.asarray(n_weights)"},
                                  "free of charge"),
        "the mean times all rows": ({"[n * nmo": "[len(counts) * nmo"},
                                    "multiplied by all rows"),
        "sign": ({"2 * k - 2 * np.array(L)": "2 * k + 2 * np.array(L)"}, "mind the sign"),
        "swapped": ({"return 2 * k - 2 * np.array(L), k * np.log(n) - 2 * np.array(L)":
                     "return k * np.log(n) - 2 * np.array(L), 2 * k - 2 * np.array(L)"},
                    "AIC and BIC are swapped"),
        "BIC with all rows": ({"np.log(n)": "np.log(len(counts))"},
                              "rows that were not used are counted"),
        "BIC with spikes": ({"np.log(n)": "np.log(counts[shared].sum())"}, "BIC counts spikes"),
        "AIC only": ({", k * np.log(n) - 2 * np.array(L)": ""}, "of two models are asked for"),
        "BIC in bits": ({"np.log(n)": "np.log2(n)"}, "BIC is off"),
        "unknown bins are in it": (
            """
            def aic_bic(counts, means, n_weights):
                k, n = np.asarray(n_weights) + 1, len(counts)
                L = np.sum(counts * np.log(means) - means, axis=1)
                return 2 * k - 2 * L, k * np.log(n) - 2 * L
            """, "bins that a model does not predict"),
    },
    "free_run": {
        "means instead of draws": (
            {"out = np.zeros((T, runs), int)": "out = np.zeros((T, runs))",
             "rng.poisson(np.exp(np.minimum(eta[t], 1)))": "np.exp(np.minimum(eta[t], 1))"},
            "these are means"),
        "coin flips": ({"rng.poisson(np.exp(np.minimum(eta[t], 1)))":
                        "rng.random(runs) < np.exp(np.minimum(eta[t], 1))"}, "coin flips"),
        "all runs alike": (
            {"rng.poisson(np.exp(np.minimum(eta[t], 1)))":
             "rng.poisson(np.exp(np.minimum(eta[t, 0], 1)))"}, "all runs are the same"),
        "no feedback": ({"eta[t + 1 : t + 1 + W] += history[:, None] * out[t]":
                         "pass"}, "nothing feeds back"),
        "softplus": ({"np.exp(np.minimum(eta[t], 1))":
                      "np.log1p(np.exp(np.minimum(eta[t], 1)))"}, "not the exponential"),
        "no ceiling": ({"np.minimum(eta[t], 1)": "np.minimum(eta[t], 12)"}, "runs away"),
        "a ceiling for the mean": ({"np.exp(np.minimum(eta[t], 1))":
                                    "np.minimum(np.exp(np.minimum(eta[t], 9)), 1)"}, "exp(1), 2.7"),
        "the filter back to front": ({"history[:, None]": "history[::-1, None]"}, "too early"),
        "the past starts in the present": (
            {"eta[t + 1 : t + 1 + W]": "eta[t : t + W]"}, "too early"),
        "a bin is lost": ({"eta[t + 1 : t + 1 + W] += history[:, None]":
                           "eta[t + 2 : t + 2 + W] += history[: max(0, T + W - t - 2), None]"},
                          "too late"),
        "runs hear each other": ({"history[:, None] * out[t]":
                                  "history[:, None] * out[t].max()"}, "hear each other"),
        "the count does not matter": ({"history[:, None] * out[t]":
                                       "history[:, None] * (out[t] > 0)"}, "act like one"),
        "runs in rows": ({"return out": "return out.T"}, "one row per bin"),
    },
    "p_value": {
        "zero is possible": ({"2 * (1 + min(a, b)) / (1 + len(surrogates))":
                              "2 * min(a, b) / len(surrogates)"}, "you cannot be that sure"),
        "large values only": ({"2 * (1 + min(a, b))": "(1 + a)"}, "only large values"),
        "small values only": ({"2 * (1 + min(a, b))": "(1 + b)"}, "only small values"),
        "one tail counted once": ({"2 * (1 + min(a, b))": "(1 + min(a, b))"},
                                  "the smaller one counts twice"),
        "not below the line": ({"(1 + len(surrogates))": "len(surrogates)"},
                               "but not below it"),
        "a bell": (
            """
            def p_value(recorded, surrogates):
                from scipy.stats import norm

                z = (recorded - np.mean(surrogates)) / np.std(surrogates)
                return 2 * norm.sf(abs(z))
            """, "too small for nine surrogates"),
        "above one": ({"min(1, 2 * (1 + min(a, b)) / (1 + len(surrogates)))":
                       "2 * (1 + min(a, b)) / (1 + len(surrogates))"}, "a probability above one"),
        "ties count on neither side": ({">= recorded": "> recorded", "<= recorded": "< recorded"},
                                       "EQUAL the recorded value"),
        "a value per surrogate": ({"return min(1,": "return 0 * surrogates + min(1,"},
                                  "one number is asked for"),
    },
}

RIGHT = {
    "bits_per_spike": {
        "the library": """
            def bits_per_spike(counts, mean, base):
                return nmo.metrics.bits_per_spike(counts, mean, y_train=np.array([base]))
            """,
        "with nansum": """
            def bits_per_spike(counts, mean, base):
                each = counts * np.log2(mean / base) - (mean - base) * np.log2(np.e)
                return np.nansum(each) / counts[~np.isnan(mean)].sum()
            """,
    },
    "pearson": {
        "two roots": """
            def pearson(counts, mean):
                return counts / mean**0.5 - mean**0.5
            """,
        "a loop": """
            def pearson(counts, mean):
                return [(n - m) / np.sqrt(m) for n, m in zip(counts, mean)]
            """,
    },
    "grouped_z": {
        "a loop over groups": """
            def grouped_z(x, counts, mean, edges):
                out = []
                for a, b in zip(edges[:-1], edges[1:]):
                    rows = (x >= a) & (x < b) & ~np.isnan(mean)
                    due = mean[rows].sum()
                    out.append((counts[rows].sum() - due) / np.sqrt(due) if due > 0 else np.nan)
                return out
            """,
        "digitize": """
            def grouped_z(x, counts, mean, edges):
                ok = np.isfinite(mean)
                group = np.digitize(x[ok], edges)
                size = len(edges) + 1
                gap = np.bincount(group, weights=(counts - mean)[ok], minlength=size)[1:-1]
                due = np.bincount(group, weights=mean[ok], minlength=size)[1:-1]
                return gap / np.sqrt(due)
            """,
    },
    "rescale": {
        "a loop": """
            def rescale(counts, mean, place):
                clock, events, i = 0.0, [], 0
                for n, mu in zip(counts, mean):
                    if np.isnan(mu):
                        continue
                    clock += mu
                    for _ in range(n):
                        events.append(clock - place[i] * mu)
                        i += 1
                events.sort()
                return np.array(events) - np.array([0] + events[:-1])
            """,
        "the start of the bin plus a part": """
            def rescale(counts, mean, place):
                mu, n = mean[~np.isnan(mean)], counts[~np.isnan(mean)]
                start = np.concatenate([[0], np.cumsum(mu)[:-1]])
                events = np.repeat(start, n) + (1 - place) * np.repeat(mu, n)
                return np.diff(np.concatenate([[0], np.sort(events)]))
            """,
    },
    "ks_distance": {
        "scipy": """
            def ks_distance(z):
                from scipy.stats import kstest

                return kstest(z, "expon").statistic
            """,
        "the other end of q": """
            def ks_distance(z):
                q = np.sort(np.exp(-z))
                i = np.arange(len(z))
                return np.abs([q - i / len(z), q - (i + 1) / len(z)]).max()
            """,
    },
    "ks_band": {
        "a loop and a sort": """
            def ks_band(n, runs, seed):
                rng, found = np.random.default_rng(seed), []
                for _ in range(runs):
                    found.append(ks_distance(-np.log(rng.random(n))))
                return sorted(found)[int(0.95 * runs)]
            """,
        "the library": """
            def ks_band(n, runs, seed):
                rng = np.random.default_rng(seed)
                found = [nmo.inference.time_rescaling(np.ones(n), rng.exponential(size=n)).distance
                         for _ in range(10)]
                from scipy.stats import kstwo
                return kstwo(n).ppf(0.95)
            """,
    },
    "covariance": {
        "a loop over bins": """
            def covariance(X, mean, strength):
                P, T, H = X.shape[1], 0, 0
                for row, mu in zip(X, mean):
                    if np.isfinite(mu):
                        x, T = np.concatenate([[1], row]), T + 1
                        H = H + mu * np.outer(x, x)
                return np.linalg.pinv(H + T * strength * np.diag([0] + [1] * P))
            """,
        "roots of the means": """
            def covariance(X, mean, strength):
                G = np.insert(X, 0, 1, axis=1)[mean > 0] * np.sqrt(mean[mean > 0])[:, None]
                D = np.eye(G.shape[1]) * strength * len(G)
                D[0, 0] = 0
                return np.linalg.solve(G.T @ G + D, np.eye(len(D)))
            """,
    },
    "filter_error": {
        "a loop": """
            def filter_error(bumps, cov):
                return [np.sqrt(row @ cov @ row) for row in bumps]
            """,
        "the root of the covariance": """
            def filter_error(bumps, cov):
                values, vectors = np.linalg.eigh(cov)
                return np.linalg.norm(bumps @ vectors * np.sqrt(np.maximum(values, 0)), axis=1)
            """,
    },
    "residual_dof": {
        "a sum that spreads NaN": """
            def residual_dof(X, counts):
                T, P = X.shape
                return T - np.sum(~np.isfinite(X.sum(axis=1) + counts)) - P - 1
            """,
        "rows that hold NaN": """
            def residual_dof(X, counts):
                gone = np.isnan(X).any(axis=1) | np.isnan(counts)
                return len(X) - gone.sum() - X.shape[1] - 1
            """,
        "a loop": """
            def residual_dof(X, counts):
                rows = 0
                for row, n in zip(X, counts):
                    rows += bool(np.isfinite(row).all() and np.isfinite(n))
                return rows - (X.shape[1] + 1)
            """,
    },
    "aic_bic": {
        "the library": """
            def aic_bic(counts, means, n_weights):
                ok = ~np.isnan(np.sum(means, axis=0))
                k = [n + 1 for n in n_weights]
                return [[f(counts[ok], m[ok], p) for m, p in zip(means, k)]
                        for f in (nmo.metrics.aic, nmo.metrics.bic)]
            """,
        "scipy": """
            def aic_bic(counts, means, n_weights):
                from scipy.stats import poisson

                k, ok = np.array(n_weights) + 1, np.isfinite(means.sum(axis=0))
                L = poisson.logpmf(counts[ok], means[:, ok]).sum(axis=1)
                return np.array([2 * k - 2 * L, k * np.log(np.sum(ok)) - 2 * L])
            """,
    },
    "free_run": {
        "the past in one array": """
            def free_run(drive, history, runs, seed):
                rng, W = np.random.default_rng(seed), len(history)
                y = np.zeros((W + len(drive), runs))
                for t, d in enumerate(drive):
                    eta = d + history @ y[t : t + W][::-1]
                    y[t + W] = rng.poisson(np.exp(np.clip(eta, None, 1)))
                return y[W:]
            """,
        "one run after the other": """
            def free_run(drive, history, runs, seed):
                rng, out = np.random.default_rng(seed), []
                for _ in range(runs):
                    eta, y = np.append(drive, np.zeros(len(history))), []
                    for t in range(len(drive)):
                        y.append(rng.poisson(np.exp(min(eta[t], 1))))
                        if y[-1]:
                            eta[t + 1 : t + 1 + len(history)] += history * y[-1]
                    out.append(y)
                return np.transpose(out)
            """,
    },
    "p_value": {
        "sorted": """
            def p_value(recorded, surrogates):
                everything = np.append(surrogates, recorded)
                tails = np.mean(everything >= recorded), np.mean(everything <= recorded)
                return np.minimum(1, 2 * min(tails))
            """,
        "a loop": """
            def p_value(recorded, surrogates):
                high = low = 1
                for s in surrogates:
                    high += s >= recorded
                    low += s <= recorded
                return min(1.0, 2 * min(high, low) / (len(surrogates) + 1))
            """,
    },
}
