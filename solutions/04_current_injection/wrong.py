"""What learners type in lesson 04, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "mean_rate": {
        "a number, not a rate": ({" / np.sum(ends - starts)": ""}, "not a rate"),
        "spikes outside the epochs are counted": (
            {"return inside": "return len(times)"}, "spikes outside the epochs"),
        "the start left out": (
            """
            def mean_rate(times, starts, ends):
                n = sum(np.sum((times > a) & (times < b)) for a, b in zip(starts, ends))
                return n / np.sum(ends - starts)
            """, "at the start of an epoch is lost"),
        "the pause counts as recorded time": (
            {"np.sum(ends - starts)": "(ends[-1] - starts[0])"}, "the pause between the epochs"),
        "everything between the first and last spike": (
            """
            def mean_rate(times, starts, ends):
                return len(times) / (times[-1] - times[0])
            """, "from the first to the last spike"),
        "a mean of rates": (
            """
            def mean_rate(times, starts, ends):
                rates = [np.sum((times >= a) & (times < b)) / (b - a) for a, b in zip(starts, ends)]
                return np.mean(rates)
            """, "a mean of rates"),
        "one rate per epoch": (
            """
            def mean_rate(times, starts, ends):
                return [np.sum((times >= a) & (times < b)) / (b - a) for a, b in zip(starts, ends)]
            """, "pool all epochs"),
        "seconds per spike": (
            {"inside / np.sum(ends - starts)": "np.sum(ends - starts) / inside"}, "upside down"),
    },
    "average_bins": {
        "the middle value": (
            """
            def average_bins(x, n):
                return np.median(x[: len(x) // n * n].reshape(-1, n), axis=1)
            """, "the median"),
        "a sample left out": (
            """
            def average_bins(x, n):
                return [x[i : i + n - 1].mean() for i in range(0, len(x) - n + 1, n)]
            """, "half a step too low"),
        "sub-sampled": ({"np.reshape(x[:whole], (-1, n)).mean(axis=1)": "x[:whole:n]"},
                        "thrown away"),
        "summed": ({".mean(axis=1)": ".sum(axis=1)"}, "these are totals"),
        "rows and columns swapped": (
            {"(-1, n)).mean(axis=1)": "(n, -1)).mean(axis=0)"}, "rows and columns"),
        "an incomplete bin is kept": (
            """
            def average_bins(x, n):
                return [np.mean(x[i : i + n]) for i in range(0, len(x), n)]
            """, "three samples are left over"),
        "smoothed instead of binned": (
            """
            def average_bins(x, n):
                return np.convolve(x, np.ones(n) / n, "valid")
            """, "two bins, no more"),
        "left-over samples are cut at the front": (
            {"x[:whole]": "x[len(x) - whole :]"}, "at the END are left out"),
    },
    "count_spikes": {
        "number of bins rounded up": (
            """
            def count_spikes(times, start, end, dt):
                n = int(np.ceil((end - start) / dt))
                return np.histogram(times, n, (start, end))[0]
            """, "should be 14 bins"),
        "a moment before the start falls into bin 0": (
            """
            def count_spikes(times, start, end, dt):
                n = round((end - start) / dt)
                k = ((times - start) / dt).astype(int)
                return np.bincount(k[(k >= 0) & (k < n)], minlength=n)
            """, "are counted as well"),
        "number of bins cut, not rounded": ({"round(": "int("}, "the last bin is cut off"),
        "one bin too many": (
            """
            def count_spikes(times, start, end, dt):
                edges = np.arange(start, end + dt, dt)
                return np.histogram(times, edges)[0]
            """, "there is one more"),
        "edges counted as bins": (
            """
            def count_spikes(times, start, end, dt):
                n = round((end - start) / dt) + 1
                inside = times[(times >= start) & (times < end)]
                return np.bincount(np.floor((inside - start) / dt).astype(int), minlength=n)
            """, "makes ten bins"),
        "yes or no instead of how many": (
            {"np.histogram(times, edges)[0]": "(np.histogram(times, edges)[0] > 0).astype(int)"},
            "one of them is lost"),
        "Hz instead of counts": ({"edges)[0]": "edges)[0] / dt"}, "look like Hz"),
        "a smoothed rate": (
            {"np.histogram(times, edges)[0]":
             'np.convolve(np.histogram(times, edges)[0], [0.25, 0.5, 0.25], "same")'},
            "do not smooth"),
        "start forgotten": (
            """
            def count_spikes(times, start, end, dt):
                n = round((end - start) / dt)
                times = times[(times >= start) & (times < end)]
                return np.bincount(np.floor(times / dt).astype(int) % n, minlength=n)[::-1]
            """, "wrong bin"),
        "spikes outside are pressed into the border bins": (
            {"np.histogram(times, edges)[0]":
             "np.histogram(np.clip(times, edges[0], edges[-1]), edges)[0]"}, "are counted as well"),
    },
    "tuning_curve": {
        "yes or no": ({"np.histogram(current, edges, weights=counts)":
                       "np.histogram(current[counts > 0], edges)"}, "counts once"),
        "spike histogram": ({"fired / np.maximum(spent, dt)": "fired"}, "numbers of spikes"),
        "per bin instead of per second": ({"edges)[0] * dt": "edges)[0]",
                                           "np.maximum(spent, dt)": "np.maximum(spent, 1)"},
                                          "spikes per bin"),
        "dt on the wrong side": ({"np.maximum(spent, dt)": "np.maximum(spent / dt, 1) * dt"},
                                 "the wrong side"),
        "one time for all groups": (
            {"fired / np.maximum(spent, dt)": "fired / (len(current) * dt)"}, "the same time"),
        "0 where nobody has been": ({"np.nan)": "0)"}, "never visited"),
        "NaN where the neuron was silent": (
            {"np.where(spent > 0": "np.where(fired > 0"}, "visited and held no spike"),
        "the last edge left out": (
            """
            def tuning_curve(current, counts, edges, dt):
                k = np.digitize(current, edges) - 1
                return np.array([counts[k == i].mean() / dt for i in range(len(edges) - 1)])
            """, "on the last edge"),
        "one rate per edge": (
            {"np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)":
             "np.append(fired / np.maximum(spent, dt), 0)"}, "enclose four groups"),
    },
    "poisson_mean": {
        "spikes drawn": (
            {"np.exp(baseline + weight * np.asarray(current))":
             "np.random.default_rng(0).poisson(np.exp(baseline + weight * np.asarray(current)))"},
            "spikes were drawn"),
        "times the bin length": ({"np.asarray(current))": "np.asarray(current)) * DT"},
                                 "the bin length is in it"),
        "link forgotten": ({"np.exp(baseline + weight * np.asarray(current))":
                            "baseline + weight * np.asarray(current)"}, "makes it positive"),
        "baseline outside the exponential": (
            {"np.exp(baseline + weight * np.asarray(current))":
             "np.exp(weight * np.asarray(current)) + baseline"}, "outside the exponential"),
        "baseline with the wrong sign": (
            {"np.exp(baseline + weight": "np.exp(-baseline + weight"}, "should make spikes rare"),
        "softplus": ({"np.exp(baseline + weight * np.asarray(current))":
                      "np.log1p(np.exp(baseline + weight * np.asarray(current)))"}, "softplus"),
        "no baseline": ({"np.exp(baseline + weight": "np.exp(weight"}, "it has no say"),
        "in Hz": ({"np.asarray(current))": "np.asarray(current)) / DT"}, "this is in Hz"),
        "minus": ({"np.exp(baseline + weight": "np.exp(baseline - weight"}, "positive weight"),
        "summed over bins": ({"return np.exp": "return np.sum(np.exp",
                              "np.asarray(current))": "np.asarray(current)))"}, "three currents"),
        "current squared": ({"np.asarray(current)": "np.asarray(current) ** 2"}, "the same factor"),
    },
    "log_likelihood": {
        "a probability": (
            """
            from scipy.stats import poisson

            def log_likelihood(counts, mean):
                return np.mean(poisson.pmf(counts, mean))
            """, "mean of probabilities"),
        "sign": ({"return np.mean": "return -np.mean"}, "the sign is wrong"),
        "sum": ({"return np.mean": "return np.sum"}, "the sum over bins"),
        "no factorial": ({" - gammaln(np.asarray(counts) + 1)": ""}, "the factorial is missing"),
        "factorial one too small": ({"gammaln(np.asarray(counts) + 1)":
                                     "gammaln(np.maximum(counts, 1))"}, "one too small"),
        "gammaln without the one": ({"gammaln(np.asarray(counts) + 1)": "gammaln(counts)"},
                                    "one too small"),
        "the factorial added": ({" - gammaln(": " + gammaln("}, "is added"),
        "the factorial without a logarithm": (
            {"gammaln(np.asarray(counts) + 1)": "np.exp(gammaln(np.asarray(counts) + 1))"},
            "the factorial itself"),
        "expected count forgotten": ({" - mean - ": " - "}, "expected count itself"),
        "log of the counts": (
            {"counts * np.log(mean) - mean": "mean * np.log(counts) - mean"}, "count of 0"),
        "one value per bin": ({"return np.mean(": "return np.asarray("}, "one number"),
    },
    "fit_weights": {
        "the current is centred": (
            """
            def fit_weights(current, counts):
                model = nmo.glm.GLM().fit((current - current.mean())[:, None], counts)
                return model.coef_[0], model.intercept_[0]
            """, "was taken off before the fit"),
        "stopped after one step": (
            {"nmo.glm.GLM()": "nmo.glm.GLM(max_iter=1)"}, "another mean count"),
        "no baseline": (
            """
            def fit_weights(current, counts):
                w = 0.0
                for _ in range(50):
                    mu = np.exp(w * current)
                    w -= np.sum((mu - counts) * current) / np.sum(mu * current**2)
                return w, 0.0
            """, "without one"),
        "penalty left on": (
            {"nmo.glm.GLM()": 'nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1.0)'},
            "pulls it towards zero"),
        "swapped": ({"model.coef_[0], model.intercept_[0]": "model.intercept_[0], model.coef_[0]"},
                    "swapped"),
        "linear regression": (
            """
            def fit_weights(current, counts):
                return tuple(np.polyfit(current, counts, 1))
            """, "linear regression"),
        "current standardised": (
            {"np.asarray(current)[:, None]":
             "((np.asarray(current) - np.mean(current)) / np.std(current))[:, None]"},
            "rescaled"),
        "arrays instead of numbers": (
            {"model.coef_[0], model.intercept_[0]": "model.coef_, model.intercept_"},
            "two plain numbers"),
    },
    "gain": {
        "added Hz": ({"np.exp(weight * step)": "weight * step"}, "nothing adds up"),
        "first-order only": ({"np.exp(weight * step)": "1 + weight * step"}, "start of the curve"),
        "step outside": ({"np.exp(weight * step)": "step * np.exp(weight)"}, "times twenty"),
        "step not used": ({"np.exp(weight * step)": "np.exp(weight)"}, "one single pA"),
        "relative increase": ({"np.exp(weight * step)": "np.exp(weight * step) - 1"},
                              "relative increase"),
        "power of 2": ({"np.exp(weight * step)": "2 ** (weight * step)"}, "of another base"),
        "inverse": ({"np.exp(weight * step)": "np.exp(-weight * step)"}, "the factor is off"),
    },
    "lagged": {
        "the present bin is included": (
            {"X[j + 1 :, j]": "X[j:, j]", "len(x) - j - 1": "len(x) - j"},
            "the past starts one bin back"),
        "lags reversed": ({"    return X": "    return X[:, ::-1]"}, "reversed"),
        "acausal": (
            """
            def lagged(x, window):
                X = np.full((len(x), window), np.nan)
                for j in range(window):
                    X[: len(x) - j - 1, j] = x[j + 1 :]
                return X
            """, "sees the future"),
        "rows dropped": (
            """
            def lagged(x, window):
                return np.lib.stride_tricks.sliding_window_view(x, window)[:-1, ::-1]
            """, "do not drop rows"),
        "zeros instead of NaN": ({"np.nan)": "0.0)"}, "NaN means unknown"),
        "np.roll wraps around": (
            """
            def lagged(x, window):
                return np.column_stack([np.roll(x, j + 1) for j in range(window)])
            """, "wraps around"),
        "transposed": ({"    return X": "    return X.T"}, "rows and columns are swapped"),
        "one row too many unknown": (
            {"return X": "return np.where(np.arange(len(x))[:, None] > window, X, np.nan)"},
            "more rows are unknown"),
    },
    "lagged_in_sweeps": {
        "a list of sweeps": (
            """
            def lagged_in_sweeps(x, sweep, window):
                return [lagged(x[sweep == s], window) for s in np.unique(sweep)]
            """, "one by one"),
        "sweeps ignored": (
            """
            def lagged_in_sweeps(x, sweep, window):
                return lagged(x, window)
            """, "sees the last bin of the first one"),
        "zeros at the border": ({"    return X": "    return np.nan_to_num(X)"}, "unknown again"),
        "border rows dropped": (
            {"    return X": "    return X[np.isfinite(X[:, 0])]"}, "of ALL sweeps"),
        "only the last sweep": (
            {"X[sweep == number] = lagged": "X = lagged"}, "only one sweep comes back"),
        "only the newest lag respects the border": (
            """
            def lagged_in_sweeps(x, sweep, window):
                X = lagged(x, window)
                X[np.flatnonzero(np.diff(sweep)) + 1] = np.nan
                return X
            """, "two bins back"),
        "the window begins too late": (
            {"    return X": "    X[np.flatnonzero(np.diff(sweep)) + 1 + window] = np.nan\n"
                             "    return X"}, "more is unknown than needed"),
    },
    "read_filter": {
        "filter first": ({"return lags, bumps @ weights": "return bumps @ weights, lags"},
                         "swapped"),
        "lags from zero": ({"np.arange(1, len(bumps) + 1)": "np.arange(len(bumps))"},
                           "start at 0"),
        "negative lags": ({"return lags,": "return -lags,"}, "below zero"),
        "factors on the rate": ({"bumps @ weights": "np.exp(bumps @ weights)"},
                                "factors on the rate"),
        "lags in bins": ({" * dt * 1000": ""}, "these lags are in bins"),
        "lags in seconds": ({" * dt * 1000": " * dt"}, "in seconds"),
        "axis backwards": ({"return lags,": "return lags[::-1],"}, "run backwards"),
        "weights taken for the filter": ({"bumps @ weights": "np.asarray(weights)"},
                                         "weights are not the filter"),
        "weights forgotten": ({"bumps @ weights": "bumps.sum(axis=1)"}, "have no say"),
        "filter back to front": ({"bumps @ weights": "(bumps @ weights)[::-1]"}, "back to front"),
        "mean over the bumps": ({"bumps @ weights": "(bumps * weights).mean(axis=1)"},
                                "mean over the bumps"),
        "lag axis cut short": ({"np.arange(1, len(bumps) + 1)":
                                "np.linspace(0.5, 4.5, len(bumps))"}, "the lag axis is off"),
    },
    "pseudo_r2": {
        "upside down": ({"deviance(mean) / deviance(np.mean(counts))":
                         "deviance(np.mean(counts)) / deviance(mean)"}, "upside down"),
        "a squared correlation": (
            """
            def pseudo_r2(counts, mean):
                return np.corrcoef(counts, mean)[0, 1] ** 2
            """, "is this a correlation"),
        "NaN at empty bins": (
            {"np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / mu), 0)":
             "counts * np.log(counts / mu)"}, "0 times log 0"),
        "ratio not taken from 1": ({"return 1 - deviance(mean) /": "return deviance(mean) /"},
                                   "ratio of the deviances"),
        "another null": ({"deviance(np.mean(counts))": "deviance(np.median(counts) + 0.1)"},
                         "another null"),
        "clipped at 0": ({"return 1 - deviance(mean) / deviance(np.mean(counts))":
                          "return max(0, 1 - deviance(mean) / deviance(np.mean(counts)))"},
                         "was clipped"),
        "McFadden": (
            """
            def pseudo_r2(counts, mean):
                null = np.full(len(counts), np.mean(counts))
                return 1 - log_likelihood(counts, mean) / log_likelihood(counts, null)
            """, "McFadden"),
        "squared errors": (
            """
            def pseudo_r2(counts, mean):
                return 1 - np.sum((counts - mean) ** 2) / np.sum((counts - np.mean(counts)) ** 2)
            """, "squared errors"),
        "second term missing": ({"surprise - (counts - mu)": "surprise"},
                                "the difference of count and mean"),
        "empty bins left out": (
            {"2 * np.sum(surprise - (counts - mu))":
             "2 * np.sum((surprise - (counts - mu))[np.asarray(counts) > 0])"},
            "the empty bins are left out"),
        "the mean of the model as null": (
            {"deviance(np.mean(counts))": "deviance(np.mean(mean))"}, "the mean of the model"),
        "one value per bin": ({"2 * np.sum(": "2 * np.asarray("}, "one number"),
    },
    "bits_gained": {
        "bins with spikes": ({"np.sum(y) / np.log(2)": "np.sum(y > 0) / np.log(2)"},
                             "number of bins with spikes"),
        "half in bits": ({"np.log(b / a)": "np.log2(b / a)", " / np.log(2)": ""}, "half of it"),
        "each on its own bins": (
            """
            def bits_gained(counts, mean_a, mean_b):
                total = lambda m: np.nansum(counts * np.log(m) - m)
                return (total(mean_b) - total(mean_a)) / np.sum(counts) / np.log(2)
            """, "sat different bins"),
        "NaN let in": ({"np.isfinite(mean_a) & np.isfinite(mean_b)": "slice(None)"},
                       "not a number"),
        "A minus B": ({"np.log(b / a) - b + a": "np.log(a / b) - a + b"}, "B minus A"),
        "nats": ({" / np.log(2)": ""}, "in nats"),
        "per bin": ({"/ np.sum(y)": "/ len(y)"}, "per bin"),
        "all spikes below the line": ({"/ np.sum(y)": "/ np.sum(counts)"}, "below the line"),
        "total": ({" / np.sum(y)": ""}, "this is the total"),
        "mean per spike": ({"np.sum(y * np.log": "np.mean(y * np.log"}, "a mean over bins"),
        "expected counts forgotten": ({" - b + a)": ")"}, "a term of the log-likelihood"),
    },
    "aic_bic": {
        "higher is better": ({"2 * k - 2 * total, k * np.log(n) - 2 * total":
                              "2 * total - 2 * k, 2 * total - k * np.log(n)"}, "all signs"),
        "mean log-likelihood": ({"total = n * log": "total = log"}, "was averaged"),
        "baseline for free": ({"n_weights + 1": "n_weights"}, "the baseline was fitted"),
        "rows without a prediction are data": (
            {"k * np.log(n)": "k * np.log(len(counts))"}, "are counted as data"),
        "mean times all rows": ({"n * log_likelihood": "len(counts) * log_likelihood"},
                                "multiplied by all rows"),
        "swapped": ({"return 2 * k - 2 * total, k * np.log(n) - 2 * total":
                     "return k * np.log(n) - 2 * total, 2 * k - 2 * total"}, "swapped"),
        "sign": ({"return 2 * k - 2 * total": "return 2 * k + 2 * total"}, "the sign of L"),
        "spikes instead of bins": ({"k * np.log(n)": "k * np.log(np.sum(counts[used]))"},
                                   "not of spikes"),
        "without the factorial": (
            {"n * log_likelihood(counts[used], mean[used])":
             "np.sum(counts[used] * np.log(mean[used]) - mean[used])"},
            "the factorial is left out"),
        "log to base 10": ({"k * np.log(n)": "k * np.log10(n)"}, "BIC is off"),
        "NaN let in": ({"np.isfinite(mean)": "np.ones(len(mean), bool)"}, "not a number"),
    },
    "blocked_folds": {
        "the gap goes round": (
            {"np.convolve(test, np.ones(2 * gap + 1))[gap : gap + n_bins] > 0.5":
             "np.any([np.roll(test, s) for s in range(-gap, gap + 1)], axis=0)"},
            "no neighbour of the start"),
        "single bins dealt instead of blocks": (
            {"np.repeat(dealt, block)[:n_bins]": "np.resize(dealt, n_bins)"}, "scattered"),
        "no gap": ({"(~near, test)": "(~test, test)"}, "there is no gap"),
        "gap on one side only": ({"[gap : gap + n_bins]": "[:n_bins]"}, "not on both sides"),
        "gap one bin too narrow": (
            {"np.ones(2 * gap + 1))[gap :": "np.ones(2 * gap - 1))[gap - 1 :",
             "gap + n_bins]": "gap - 1 + n_bins]"}, "one bin too narrow"),
        "gap cut from the test bins": (
            {"(~near, test)": "(~test, ~(np.convolve(~test, np.ones(2 * gap + 1), 'same') > 0.5))"},
            "never tested"),
        "train and test swapped": ({"(~near, test)": "(test, ~near)"}, "swapped"),
        "trained on everything": ({"(~near, test)": "(test | ~test, test)"},
                                  "trained on and tested"),
        "dealt in turn": (
            {"np.repeat(dealt, block)[:n_bins]":
             "np.arange(n_bins) // block % (max(dealt) + 1)"}, "other folds than they were dealt"),
        "gap twice as wide": (
            {"np.ones(2 * gap + 1))[gap : gap + n_bins]":
             "np.ones(4 * gap + 1))[2 * gap : 2 * gap + n_bins]"}, "more bins are left out"),
        "bin numbers instead of masks": (
            {"(~near, test)": "(np.flatnonzero(~near), np.flatnonzero(test))"}, "boolean array"),
    },
}

RIGHT = {
    "mean_rate": {
        "a loop": """
            def mean_rate(times, starts, ends):
                spikes, seconds = 0, 0.0
                for k in range(len(starts)):
                    seconds += ends[k] - starts[k]
                    for t in times:
                        spikes += starts[k] <= t < ends[k]
                return spikes / seconds
            """,
        "sorted search": """
            def mean_rate(times, starts, ends):
                times = np.sort(times)
                first, last = np.searchsorted(times, starts), np.searchsorted(times, ends)
                return (last - first).sum() / (ends - starts).sum()
            """,
        "pynapple": """
            import pynapple as nap

            def mean_rate(times, starts, ends):
                epochs = nap.IntervalSet(starts, ends)
                return len(nap.Ts(times).restrict(epochs)) / epochs.tot_length()
            """,
    },
    "average_bins": {
        "a list from a loop": """
            def average_bins(x, n):
                return [sum(x[i * n : (i + 1) * n]) / n for i in range(len(x) // n)]
            """,
        "add.reduceat": """
            def average_bins(x, n):
                whole = len(x) // n * n
                return np.add.reduceat(x[:whole], np.arange(0, whole, n)) / n
            """,
        "jax": """
            import jax.numpy as jnp

            def average_bins(x, n):
                return jnp.asarray(x[: len(x) // n * n]).reshape(-1, n).mean(1)
            """,
    },
    "count_spikes": {
        "bincount": """
            def count_spikes(times, start, end, dt):
                n = int(np.rint((end - start) / dt))
                inside = times[(times >= start) & (times < end)]
                return np.bincount(np.floor((inside - start) / dt).astype(int), minlength=n)[:n]
            """,
        "a loop over spikes, floats back": """
            def count_spikes(times, start, end, dt):
                out = np.zeros(round((end - start) / dt))
                for t in times:
                    if start <= t < end:
                        out[min(int((t - start) / dt), len(out) - 1)] += 1
                return out
            """,
        "histogram with a range": """
            def count_spikes(times, start, end, dt):
                return np.histogram(times, bins=round((end - start) / dt), range=(start, end))[0]
            """,
    },
    "tuning_curve": {
        "a loop": """
            def tuning_curve(current, counts, edges, dt):
                out = []
                for i in range(len(edges) - 1):
                    last = i == len(edges) - 2
                    inside = (current >= edges[i]) & ((current < edges[i + 1]) | last)
                    inside &= current <= edges[i + 1]
                    out.append(counts[inside].mean() / dt if inside.any() else np.nan)
                return out
            """,
        "plain division": """
            def tuning_curve(current, counts, edges, dt):
                with np.errstate(all="ignore"):
                    spikes = np.histogram(current, edges, weights=counts)[0]
                    return spikes / (np.histogram(current, edges)[0] * dt)
            """,
        "digitize": """
            def tuning_curve(current, counts, edges, dt):
                n = len(edges) - 1
                group = np.clip(np.digitize(current, edges) - 1, 0, n - 1)
                spent = np.bincount(group, minlength=n) * dt
                return np.bincount(group, counts, minlength=n) / np.where(spent > 0, spent, np.nan)
            """,
    },
    "poisson_mean": {
        "a list from a loop": """
            import math

            def poisson_mean(current, weight, baseline):
                return [math.exp(baseline + weight * i) for i in current]
            """,
        "jax": """
            import jax.numpy as jnp

            def poisson_mean(current, weight, baseline):
                return jnp.exp(baseline + weight * jnp.asarray(current))
            """,
        "a product of two factors": """
            def poisson_mean(current, weight, baseline):
                return np.exp(baseline) * np.exp(weight * current)
            """,
    },
    "log_likelihood": {
        "scipy's logpmf": """
            from scipy.stats import poisson

            def log_likelihood(counts, mean):
                return poisson.logpmf(counts, mean).mean()
            """,
        "a loop": """
            import math

            def log_likelihood(counts, mean):
                total = 0.0
                for y, mu in zip(counts, mean):
                    total += y * math.log(mu) - mu - math.lgamma(y + 1)
                return total / len(counts)
            """,
        "jax": """
            import jax.numpy as jnp
            from jax.scipy.special import gammaln as log_gamma

            def log_likelihood(counts, mean):
                counts = jnp.asarray(counts)
                return jnp.mean(counts * jnp.log(mean) - mean - log_gamma(counts + 1.0))
            """,
    },
    "fit_weights": {
        "Newton by hand": """
            def fit_weights(current, counts):
                X = np.column_stack([current, np.ones(len(current))])
                w = np.array([0.0, np.log(np.mean(counts))])
                for _ in range(50):
                    mu = np.exp(np.minimum(X @ w, 20))
                    w -= np.linalg.solve(X.T @ (mu[:, None] * X), X.T @ (mu - counts))
                return w
            """,
        "scikit-learn": """
            from sklearn.linear_model import PoissonRegressor

            def fit_weights(current, counts):
                scale = np.std(current)
                fit = PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-10, max_iter=500)
                fit.fit(np.asarray(current)[:, None] / scale, counts)
                return [fit.coef_[0] / scale, fit.intercept_]
            """,
        "a column by reshape": """
            def fit_weights(current, counts):
                glm = nmo.glm.GLM("Poisson")
                glm.fit(np.reshape(current, (-1, 1)), counts)
                return float(glm.coef_[0]), float(glm.intercept_[0])
            """,
    },
    "gain": {
        "ratio of two rates": """
            def gain(weight, step):
                return poisson_mean(np.array([step]), weight, 0.3)[0] / np.exp(0.3)
            """,
        "a power": """
            import math

            def gain(weight, step):
                return math.e ** (weight * step)
            """,
        "factor of 1 pA to the power of the step": """
            def gain(weight, step):
                return np.exp(weight) ** step
            """,
    },
    "lagged": {
        "a loop over bins": """
            def lagged(x, window):
                rows = []
                for t in range(len(x)):
                    rows.append([x[t - 1 - j] if t > j else float("nan") for j in range(window)])
                return rows
            """,
        "sliding windows": """
            def lagged(x, window):
                padded = np.concatenate([np.full(window, np.nan), np.asarray(x, float)])
                return np.lib.stride_tricks.sliding_window_view(padded, window)[:-1, ::-1]
            """,
        "the library": """
            def lagged(x, window):
                return nmo.basis.HistoryConv(window).compute_features(np.asarray(x, float))
            """,
        "a TsdFrame back": """
            import pynapple as nap

            def lagged(x, window):
                X = np.column_stack([np.r_[np.full(j + 1, np.nan), x][: len(x)]
                                     for j in range(window)])
                return nap.TsdFrame(t=np.arange(len(x)) * 1e-3, d=X)
            """,
        "indices": """
            def lagged(x, window):
                back = np.arange(len(x))[:, None] - np.arange(1, window + 1)
                return np.where(back >= 0, np.asarray(x)[np.maximum(back, 0)], np.nan)
            """,
    },
    "lagged_in_sweeps": {
        "a loop over bins": """
            def lagged_in_sweeps(x, sweep, window):
                X = np.full((len(x), window), np.nan)
                for t in range(len(x)):
                    for j in range(window):
                        if t > j and sweep[t - 1 - j] == sweep[t]:
                            X[t, j] = x[t - 1 - j]
                return X
            """,
        "the label is lagged, too": """
            def lagged_in_sweeps(x, sweep, window):
                same = lagged(sweep, window) == np.asarray(sweep)[:, None]
                return np.where(same, lagged(x, window), np.nan)
            """,
        "pieces put together": """
            def lagged_in_sweeps(x, sweep, window):
                cuts = np.flatnonzero(np.diff(sweep)) + 1
                return np.concatenate([lagged(piece, window) for piece in np.split(x, cuts)])
            """,
    },
    "read_filter": {
        "a loop, lists back": """
            def read_filter(bumps, weights, dt):
                lags = [1e3 * dt * (w + 1) for w in range(len(bumps))]
                return lags, [sum(b * k for b, k in zip(row, weights)) for row in bumps]
            """,
        "einsum": """
            def read_filter(bumps, weights, dt):
                ms = 1e3 * dt
                lags = np.linspace(ms, ms * len(bumps), len(bumps))
                return lags, np.einsum("wb,b->w", bumps, weights)
            """,
        "one array of two rows": """
            def read_filter(bumps, weights, dt):
                return np.array([np.cumsum(np.full(len(bumps), 1e3 * dt)), np.dot(bumps, weights)])
            """,
    },
    "pseudo_r2": {
        "xlogy": """
            from scipy.special import xlogy

            def pseudo_r2(counts, mean):
                D = lambda mu: np.sum(xlogy(counts, counts / mu) - counts + mu)
                return 1 - D(mean) / D(np.full(len(counts), np.mean(counts)))
            """,
        "a loop": """
            import math

            def pseudo_r2(counts, mean):
                null = sum(counts) / len(counts)
                model = constant = 0.0
                for y, mu in zip(counts, mean):
                    log_terms = (y * math.log(y / mu), y * math.log(y / null)) if y > 0 else (0, 0)
                    model += log_terms[0] - (y - mu)
                    constant += log_terms[1] - (y - null)
                return 1 - model / constant
            """,
        "the library": """
            def pseudo_r2(counts, mean):
                return nmo.metrics.fraction_deviance_explained(counts, mean)
            """,
    },
    "bits_gained": {
        "logpmf of scipy": """
            from scipy.stats import poisson

            def bits_gained(counts, mean_a, mean_b):
                gain = poisson.logpmf(counts, mean_b) - poisson.logpmf(counts, mean_a)
                ok = ~np.isnan(mean_a) & ~np.isnan(mean_b)
                return gain[ok].sum() / counts[ok].sum() / np.log(2)
            """,
        "a loop": """
            import math

            def bits_gained(counts, mean_a, mean_b):
                bits = spikes = 0
                for y, a, b in zip(counts, mean_a, mean_b):
                    if a == a and b == b:
                        spikes += y
                        bits += y * math.log2(b / a) - (b - a) / math.log(2)
                return bits / spikes
            """,
        "two log-likelihoods": """
            def bits_gained(counts, mean_a, mean_b):
                ok = np.isfinite(mean_a + mean_b)
                n, a, b = counts[ok], mean_a[ok], mean_b[ok]
                return (log_likelihood(n, b) - log_likelihood(n, a)) / n.mean() / np.log(2)
            """,
    },
    "aic_bic": {
        "logpmf of scipy": """
            from scipy.stats import poisson

            def aic_bic(counts, mean, n_weights):
                logs = poisson.logpmf(counts, mean)
                logs = logs[~np.isnan(logs)]
                price = np.array([2, np.log(len(logs))])
                return price * (n_weights + 1) - 2 * logs.sum()
            """,
        "a loop, a list back": """
            import math

            def aic_bic(counts, mean, n_weights):
                total, rows = 0.0, 0
                for y, mu in zip(counts, mean):
                    if not math.isnan(mu):
                        total += y * math.log(mu) - mu - math.lgamma(y + 1)
                        rows += 1
                k = n_weights + 1
                return [2 * k - 2 * total, k * math.log(rows) - 2 * total]
            """,
    },
    "blocked_folds": {
        "a loop over bins": """
            def blocked_folds(dealt, block, n_bins, gap):
                pairs = []
                for k in range(len(set(dealt))):
                    test = [dealt[t // block] == k for t in range(n_bins)]
                    train = [not any(test[max(0, t - gap) : t + gap + 1]) for t in range(n_bins)]
                    pairs.append((train, test))
                return pairs
            """,
        "block by block": """
            def blocked_folds(dealt, block, n_bins, gap):
                pairs = [(np.ones(n_bins, bool), np.zeros(n_bins, bool)) for _ in set(dealt)]
                for i, k in enumerate(dealt):
                    train, test = pairs[k]
                    test[i * block : (i + 1) * block] = True
                    train[max(0, i * block - gap) : (i + 1) * block + gap] = False
                return pairs
            """,
        "one array": """
            from scipy.ndimage import maximum_filter1d

            def blocked_folds(dealt, block, n_bins, gap):
                fold = np.asarray(dealt)[np.arange(n_bins) // block]
                test = fold == np.unique(dealt)[:, None]
                near = maximum_filter1d(test.astype(int), 2 * gap + 1, axis=1, mode="constant")
                return np.stack([near == 0, test], axis=1)
            """,
    },
}
