"""What learners type in lesson 07, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "times_variable": {
        "NaN is left": ({"np.nan_to_num(B)": "B"}, "would leave this bin out"),
        "NaN becomes the variable": (
            {"np.nan_to_num(B)": "np.nan_to_num(B, nan=1.0)"}, "where the mouse is not"),
        "added": ({"np.nan_to_num(B) * ": "np.nan_to_num(B) + "}, "were added"),
        "no sign": ({"np.asarray(variable)[:, None]": "np.abs(variable)[:, None]"},
                    "left and right look the same"),
        "rounded to the two ends": (
            {"np.asarray(variable)[:, None]": "np.sign(variable)[:, None]"},
            "one of the two ends"),
        "one product per bin": ({"[:, None]": "", "np.nan_to_num(B)": "np.nansum(B, axis=1)"},
                                "four rows and three columns"),
        "rows and columns swapped": (
            """
            def times_variable(B, variable):
                return (np.nan_to_num(B) * np.asarray(variable)[:, None]).T
            """, "four rows and three columns"),
        "scaled to the largest": (
            {"np.nan_to_num(B)": "np.nan_to_num(B) / np.nanmax(B, axis=0) / 2"},
            "as if it were one of the two ends"),
    },
    "ranks": {
        "stretched between smallest and largest": (
            """
            def ranks(x, reference):
                low, high = reference.min(), reference.max()
                return np.clip((np.asarray(x) - low) / (high - low), 0, 1)
            """, "the range is stretched evenly"),
        "ranks within x": (
            {"np.sort(reference)": "np.sort(x)", "len(reference)": "len(x)"}, "within `x` itself"),
        "counts": ({" / len(reference)": ""}, "a rank is above 1"),
        "one less below the line": ({"/ len(reference)": "/ (len(reference) - 1)"},
                                    "a rank is above 1"),
        "equal entries merged": ({"np.sort(reference)": "np.unique(reference)",
                                  "len(reference)": "len(np.unique(reference))"},
                                 "do not all count"),
        "smaller only": ({', side="right"': ""}, "do not all count"),
        "the reference is not sorted": ({"np.sort(reference)": "reference"},
                                        "the order of `reference`"),
        "the reference is ranked": (
            """
            def ranks(x, reference):
                return np.argsort(np.argsort(reference)) / len(reference)
            """, "one rank for each of the six"),
        "from above": (
            """
            def ranks(x, reference):
                return np.mean(np.asarray(reference) >= np.asarray(x)[:, None], axis=1)
            """, "one below all of it 0"),
        "divided by the wrong length": ({"/ len(reference)": "/ len(x)"}, "one below all of it 0"),
    },
    "standardise": {
        "mean and SD of all rows": (
            {"X[train].mean(axis=0), X[train].std(axis=0)": "X.mean(axis=0), X.std(axis=0)"},
            "know the test rows"),
        "mean and SD of the test rows": (
            {"X[train].mean(axis=0), X[train].std(axis=0)":
             "X[~train].mean(axis=0), X[~train].std(axis=0)"}, "that of the test rows"),
        "only the training rows come back": (
            """
            def standardise(X, train):
                X = X[train]
                return (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-12)
            """, "all rows are scaled"),
        "divided by zero": (
            {"np.where(sd > 0, (X - mean) / np.where(sd > 0, sd, 1), 0)": "(X - mean) / sd"},
            "never varies became NaN"),
        "one mean for all columns": (
            {"X[train].mean(axis=0), X": "X[train].mean(), X"}, "should have mean 0"),
        "the SD of all rows": ({"X[train].std(axis=0)": "X.std(axis=0)"}, "the SD knows the test"),
        "a tiny SD instead of 0": (
            {"np.where(sd > 0, (X - mean) / np.where(sd > 0, sd, 1), 0)":
             "(X - mean) / np.maximum(sd, 1e-9)"}, "0 in ALL rows"),
        "the mean alone": ({"(X - mean) / np.where(sd > 0, sd, 1)": "(X - mean)"},
                           "were not divided by their SD"),
        "the variance": ({"X[train].std(axis=0)": "X[train].var(axis=0)"},
                         "divided by the variance"),
        "the mean is not taken away": ({"(X - mean) / np": "X / np"}, "should have mean 0"),
        "scaled from 0 to 1": (
            """
            def standardise(X, train):
                low, high = X[train].min(axis=0), X[train].max(axis=0)
                return (X - low) / np.where(high > low, high - low, 1)
            """, "should have mean 0"),
    },
    "trial_folds": {
        "bins dealt out": (
            {"np.unique(trial, return_inverse=True)[1] % n": "np.arange(len(trial)) % n"},
            "a training bin of its own"),
        "random bins": (
            {"np.unique(trial, return_inverse=True)[1] % n":
             "np.random.default_rng(0).integers(0, n, len(trial))"}, "a training bin of its own"),
        "blocks of bins": (
            {"np.unique(trial, return_inverse=True)[1] % n":
             "np.arange(len(trial)) * n // len(trial)"}, "a trial is cut"),
        "the number of the trial": (
            {"np.unique(trial, return_inverse=True)[1] % n": "trial % n"}, "numbers have holes"),
        "blocks of trials": (
            """
            def trial_folds(trial, n):
                k = np.unique(trial, return_inverse=True)[1]
                return k * n // (k.max() + 1)
            """, "neighbouring trials go into one fold"),
        "one fold per trial": (
            {"np.unique(trial, return_inverse=True)[1] % n":
             "np.arange(len(np.unique(trial))) % n"},
            "one fold for each bin"),
        "from 1 to n": ({"[1] % n": "[1] % n + 1"}, "three folds: 0, 1 and 2"),
        "backwards": ({"[1] % n": "[1][::-1] % n"}, "a trial is cut"),
        "starts with fold 1": ({"[1] % n": "[1] + 1) % n",
                                "return np.unique": "return (np.unique"}, "in other folds"),
        "the number of the trial, not folded": ({" % n": ""}, "three folds: 0, 1 and 2"),
    },
    "shrink_groups": {
        "the lasso": (
            """
            def shrink_groups(w, sizes, t):
                return np.sign(w) * np.maximum(np.abs(w) - t, 0)
            """, "this is the lasso"),
        "the lasso with the root": (
            """
            def shrink_groups(w, sizes, t):
                t = t * np.sqrt(np.repeat(sizes, sizes))
                return np.sign(w) * np.maximum(np.abs(w) - t, 0)
            """, "this is the lasso"),
        "ridge": (
            """
            def shrink_groups(w, sizes, t):
                return w / (1 + t)
            """, "this is ridge"),
        "no root": ({"t * np.sqrt(len(part))": "t * len(part)"}, "not with its root"),
        "no size": ({"t * np.sqrt(len(part))": "t"}, "has no say"),
        "a negative length": ({"max(0, 1 - t * np.sqrt(len(part)) / length)":
                               "(1 - t * np.sqrt(len(part)) / length)"}, "has changed its sign"),
        "one group": (
            """
            def shrink_groups(w, sizes, t):
                return w * max(0, 1 - t / np.linalg.norm(w))
            """, "as a single group"),
        "squared length": ({"length = max(np.linalg.norm(part), 1e-300)":
                            "length = max(np.sum(part**2), 1e-300)"}, "*squared* length"),
        "0 divided by 0": (
            {"part * max(0, 1 - t * np.sqrt(len(part)) / length)":
             "part / length * max(0, length - t * np.sqrt(len(part)))",
             "max(np.linalg.norm(part), 1e-300)": "np.linalg.norm(part)"}, "becomes NaN"),
        "the largest weight as the length": (
            {"np.linalg.norm(part)": "np.max(np.abs(part))"}, "the arrows are off"),
        "a list of groups": ({"np.concatenate(new)": "[len(part) for part in new]"},
                             "as many weights"),
    },
    "one_se": {
        "the best": ({"strengths[np.argmax(mean <= most)]": "strengths[best]"},
                     "this is the best itself"),
        "the weakest": ({"np.argmax(mean <= most)": "np.flatnonzero(mean <= most)[-1]"},
                        "the *weakest* strength"),
        "SD instead of SE": ({" / np.sqrt(deviance.shape[1])": ""}, "the limit is too wide"),
        "an SE of its own for each": (
            """
            def one_se(strengths, deviance):
                mean = deviance.mean(axis=1)
                se = deviance.std(axis=1) / np.sqrt(deviance.shape[1])
                return strengths[np.argmax(mean - se <= mean.min())]
            """, "an unsure strength"),
        "the largest deviance": ({"mean.argmin()": "mean.argmax()"}, "the worst deviance"),
        "an index": ({"strengths[np.argmax(mean <= most)]": "np.argmax(mean <= most)"},
                     "none of the strengths"),
        "all that qualify": ({"strengths[np.argmax(mean <= most)]": "strengths[mean <= most]"},
                             "one strength is asked for"),
        "the deviance": ({"strengths[np.argmax(mean <= most)]": "mean[np.argmax(mean <= most)]"},
                         "none of the strengths"),
        "divided by the number of strengths": (
            {"np.sqrt(deviance.shape[1])": "len(deviance)"}, "this is the best itself"),
        "the SD of all numbers": ({"deviance[best].std()": "deviance.std()"},
                                  "the limit is too wide"),
        "SD with one less": ({"deviance[best].std()": "deviance[best].std(ddof=1)"},
                             "is not best + SE"),
        "half of it": ({"/ np.sqrt(deviance.shape[1])": "/ 2 / np.sqrt(deviance.shape[1])"},
                       "this is the best itself"),
    },
    "gain": {
        "log gain": ({"np.exp((high - low) * (B @ (w / sd)))": "(high - low) * (B @ (w / sd))"},
                     "inside the exponential"),
        "a difference": (
            {"np.exp((high - low) * (B @ (w / sd)))":
             "np.exp(high * (B @ (w / sd))) - np.exp(low * (B @ (w / sd)))"}, "a difference"),
        "no SD": ({"w / sd": "w"}, "the SD has no say"),
        "times the SD": ({"w / sd": "w * sd"}, "multiplied by the SD"),
        "upside down": ({"high - low": "low - high"}, "upside down"),
        "from 0": ({"high - low": "high"}, "only one end"),
        "minus 1": ({"(B @ (w / sd)))": "(B @ (w / sd))) - 1"}, "1 was taken away"),
        "not added up": ({"B @ (w / sd)": "B * (w / sd)"}, "four factors"),
        "each weight through exp": (
            {"np.exp((high - low) * (B @ (w / sd)))": "B @ np.exp((high - low) * w / sd)"},
            "the factors are off"),
    },
    "taken_out": {
        "in place": ({"    X = np.array(X)\n": ""}, "has changed"),
        "columns dropped": (
            """
            def taken_out(X, columns):
                return np.delete(X, columns, axis=1)
            """, "columns are missing"),
        "NaN": ({"= 0": "= np.nan"}, "unknown now"),
        "rows": ({"X[:, columns]": "X[columns]"}, "rows were taken out"),
        "only these columns": (
            """
            def taken_out(X, columns):
                new = np.zeros_like(X)
                new[:, columns] = X[:, columns]
                return new
            """, "not 0 everywhere"),
        "shuffled": (
            """
            def taken_out(X, columns):
                X = np.array(X)
                X[:, columns] = X[::-1][:, columns]
                return X
            """, "not 0 everywhere"),
        "from the first to the last": (
            {"X[:, columns]": "X[:, columns[0] : columns[-1] + 1]"}, "other columns"),
    },
    "share_lost": {
        "sign": ({"np.sum(reduced - full)": "np.sum(full - reduced)"}, "the sign is turned"),
        "of the null deviance": ({"np.sum(null - full)": "np.sum(null)"},
                                 "part of the null deviance"),
        "what is left": (
            {"np.sum(reduced - full) / np.sum(null - full)":
             "np.sum(null - reduced) / np.sum(null - full)"}, "what is left"),
        "a mean of ratios": (
            {"np.sum(reduced - full) / np.sum(null - full)":
             "np.mean((reduced - full) / (null - full))"}, "mean of ratios"),
        "of the full model's deviance": ({"np.sum(null - full)": "np.sum(full)"},
                                         "own deviance"),
        "cut at 0": ({"np.sum(reduced - full) /": "max(0, np.sum(reduced - full)) /"},
                     "should give a negative share"),
        "each bin": ({"np.sum(reduced - full)": "(reduced - full)"}, "one number is asked for"),
        "percent": ({"np.sum(reduced - full)": "100 * np.sum(reduced - full)"},
                    "the share is off"),
    },
    "by_place": {
        "sums": ({"lost[here].mean() if here.any() else np.nan": "lost[here].sum()"},
                 "these are sums"),
        "NaN counted": (
            {"here = (place >= a) & (place < b)": "here = ~((place < a) | (place >= b))"},
            "bins without a place"),
        "divided by all bins": (
            {"lost[here].mean()": "lost[here].sum() / len(lost)"}, "number of all bins"),
        "divided by all known bins": (
            {"lost[here].mean()": "lost[here].sum() / np.isfinite(place).sum()"},
            "number of all bins"),
        "zero where nobody was": ({"else np.nan": "else 0"}, "is unknown, NaN"),
        "the edge on the left": ({"(place >= a) & (place < b)": "(place > a) & (place <= b)"},
                                 "lies on an edge"),
        "both edges": ({"(place < b)": "(place <= b)"}, "lies on an edge"),
        "as many as edges": ({"return np.array(means)": "return np.array([*means, np.nan])"},
                             "make four stretches"),
        "medians": ({"lost[here].mean()": "np.median(lost[here]) + 0.5"}, "lies on an edge"),
    },
    "refit_without": {
        "nothing is left out": ({"if k not in names": "if True"}, "still in the model"),
        "only the named": ({"not in names": "in names"}, "the other way round"),
        "taken out after the fit": (
            """
            def refit_without(X, y, names, train, strength):
                model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
                model.fit({k: x[train] for k, x in X.items()}, y[train])
                return model.predict({k: 0 * x if k in names else x for k, x in X.items()})
            """, "never had the chance"),
        "fitted to all rows": (
            {"{k: x[train] for k, x in X.items()}, y[train]": "X, y"}, "seen the test rows"),
        "training rows only": (
            {".predict(X)": ".predict({k: x[train] for k, x in X.items()})"}, "all 900 rows"),
        "strength is not used": ({"regularizer_strength=strength": "regularizer_strength=0.01"},
                                 "the penalty does nothing"),
        "ridge": ({'"GroupLasso"': '"Ridge"'}, "not those of a group lasso"),
        "one group": (
            """
            def refit_without(X, y, names, train, strength):
                X = np.hstack([x for k, x in X.items() if k not in names])
                model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
                return model.fit(X[train], y[train]).predict(X)
            """, "not those of a group lasso"),
        "the group is gone for good": (
            """
            def refit_without(X, y, names, train, strength):
                for k in names:
                    X.pop(k)
                model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
                return model.fit({k: x[train] for k, x in X.items()}, y[train]).predict(X)
            """, "has lost a group"),
        "the sum before the link": (
            """
            def refit_without(X, y, names, train, strength):
                X = {k: X[k] for k in X if k not in names}
                glm = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
                glm.fit({k: X[k][train] for k in X}, y[train])
                return sum(X[k] @ glm.coef_[k] for k in X) + glm.intercept_
            """, "below 0"),
    },
    "planted": {
        "means": ({"rng.poisson(np.exp(eta[:, None] + np.outer(feature, sizes)))":
                   "np.exp(eta[:, None] + np.outer(feature, sizes))"}, "expected counts"),
        "added to the rate": (
            {"np.exp(eta[:, None] + np.outer(feature, sizes))":
             "np.maximum(np.exp(eta[:, None]) + np.outer(feature, sizes), 0)"},
            "added to the rate"),
        "rows and columns swapped": (
            {"np.outer(feature, sizes)))": "np.outer(feature, sizes))).T"},
            "one row per bin and one column"),
        "no effect": ({" + np.outer(feature, sizes)": " + 0 * np.outer(feature, sizes)"},
                      "the effect is missing"),
        "shared dice": (
            """
            def planted(eta, feature, sizes, seed):
                return np.stack([np.random.default_rng(seed).poisson(np.exp(eta + s * feature))
                                 for s in sizes], axis=1)
            """, "they share the dice"),
        "no exponential": (
            {"np.exp(eta[:, None] + np.outer(feature, sizes))":
             "np.maximum(eta[:, None] + np.outer(feature, sizes), 0)"}, "at size 0 the mean"),
        "sign": ({" + np.outer": " - np.outer"}, "the sign of the effect"),
        "half": ({"np.outer(feature, sizes)": "np.outer(feature, sizes) / 2"}, "the means are off"),
        "the feature without eta": ({"eta[:, None] + ": "0 * eta[:, None] + "},
                                    "at size 0 the mean"),
        "normal noise": (
            {"rng.poisson(np.exp(eta[:, None] + np.outer(feature, sizes)))":
             "np.round(np.exp(eta[:, None] + np.outer(feature, sizes))"
             " + rng.normal(size=(len(eta), len(sizes))))"}, "a count is below 0"),
    },
}

RIGHT = {
    "times_variable": {
        "where": """
            def times_variable(B, variable):
                return np.where(np.isnan(B), 0, (B.T * variable).T)
            """,
        "a loop": """
            def times_variable(B, variable):
                out = np.zeros(B.shape)
                for t in range(len(B)):
                    if not np.isnan(B[t]).any():
                        out[t] = variable[t] * B[t]
                return out
            """,
    },
    "ranks": {
        "compare all with all": """
            def ranks(x, reference):
                return np.mean(np.asarray(reference) <= np.asarray(x)[:, None], axis=1)
            """,
        "scipy": """
            def ranks(x, reference):
                from scipy.stats import percentileofscore

                return percentileofscore(reference, x, kind="weak") / 100
            """,
    },
    "standardise": {
        "column by column": """
            def standardise(X, train):
                out = np.zeros(X.shape)
                for j, x in enumerate(X.T):
                    if x[train].std():
                        out[:, j] = (x - x[train].mean()) / x[train].std()
                return out
            """,
        "n - 1 below the variance": """
            def standardise(X, train):
                sd = X[train].std(axis=0, ddof=1)
                return np.where(sd > 0, (X - X[train].mean(axis=0)) / np.maximum(sd, 1e-9), 0)
            """,
        "scikit-learn": """
            def standardise(X, train):
                from sklearn.preprocessing import StandardScaler

                out = StandardScaler().fit(X[train]).transform(X)
                out[:, np.ptp(X[train], axis=0) == 0] = 0
                return out
            """,
    },
    "trial_folds": {
        "count the borders": """
            def trial_folds(trial, n):
                new = np.concatenate([[False], trial[1:] != trial[:-1]])
                return np.cumsum(new) % n
            """,
        "a dict": """
            def trial_folds(trial, n):
                order = {}
                for k in trial:
                    order.setdefault(k, len(order))
                return [order[k] % n for k in trial]
            """,
    },
    "shrink_groups": {
        "bincount": """
            def shrink_groups(w, sizes, t):
                at = np.repeat(np.arange(len(sizes)), sizes)
                length = np.sqrt(np.bincount(at, np.square(w)))
                step = t * np.sqrt(sizes)
                left = np.where(length > step, 1 - step / np.where(length > 0, length, 1), 0)
                return w * left[at]
            """,
        "a loop with slices": """
            def shrink_groups(w, sizes, t):
                out, start = np.zeros(len(w)), 0
                for n in sizes:
                    g = slice(start, start + n)
                    norm = np.sqrt(w[g] @ w[g])
                    if norm > t * n**0.5:
                        out[g] = w[g] / norm * (norm - t * n**0.5)
                    start += n
                return out
            """,
    },
    "one_se": {
        "the largest that qualifies": """
            def one_se(strengths, deviance):
                mean, n = np.mean(deviance, axis=1), deviance.shape[1]
                at = np.argmin(mean)
                se = np.std(deviance[at]) / n**0.5
                return max(s for s, m in zip(strengths, mean) if m <= mean[at] + se)
            """,
        "the library": """
            def one_se(strengths, deviance):
                select = nmo.model_selection.select_strength
                return strengths[select(strengths, deviance[:, :, None], 1.0)[0]]
            """,
    },
    "gain": {
        "one rate over the other": """
            def gain(B, w, sd, low, high):
                k = (B / sd) @ w
                return np.exp(k * high) / np.exp(k * low)
            """,
        "a product": """
            def gain(B, w, sd, low, high):
                return np.prod(np.exp(B * (w / sd)) ** (high - low), axis=1)
            """,
    },
    "taken_out": {
        "a product with a mask": """
            def taken_out(X, columns):
                keep = np.ones(X.shape[1])
                keep[columns] = 0
                return X * keep
            """,
        "a loop": """
            def taken_out(X, columns):
                new = X.copy()
                for j in columns:
                    new[:, j] = 0.0
                return new
            """,
    },
    "share_lost": {
        "means": """
            def share_lost(reduced, full, null):
                return (reduced.mean() - full.mean()) / (null.mean() - full.mean())
            """,
        "difference of two scores": """
            def share_lost(reduced, full, null):
                score = lambda d: 1 - d.sum() / null.sum()
                return (score(full) - score(reduced)) / score(full)
            """,
    },
    "by_place": {
        "two histograms": """
            def by_place(lost, place, edges):
                known = ~np.isnan(place) & (place < edges[-1])
                n = np.histogram(place[known], edges)[0]
                total = np.histogram(place[known], edges, weights=lost[known])[0]
                return np.where(n > 0, total / np.maximum(n, 1), np.nan)
            """,
        "digitize": """
            def by_place(lost, place, edges):
                at = np.digitize(place, edges) - 1
                return [lost[at == k].mean() if np.any(at == k) else np.nan
                        for k in range(len(edges) - 1)]
            """,
    },
    "refit_without": {
        "zeros": """
            def refit_without(X, y, names, train, strength):
                X = {k: 0 * x if k in names else x for k, x in X.items()}
                glm = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
                glm.fit({k: X[k][train] for k in X}, y[train])
                return glm.predict(X)
            """,
        "weights of rows": """
            def refit_without(X, y, names, train, strength):
                X = {k: X[k] for k in X if k not in names}
                glm = nmo.glm.PopulationGLM(regularizer=nmo.regularizer.GroupLasso(),
                                            regularizer_strength=strength)
                return glm.fit(X, y, sample_weight=train * 1.0).predict(X)
            """,
    },
    "planted": {
        "column by column": """
            def planted(eta, feature, sizes, seed):
                rng = np.random.default_rng(seed)
                return np.stack([rng.poisson(np.exp(eta + s * feature)) for s in sizes], axis=1)
            """,
        "factors": """
            def planted(eta, feature, sizes, seed):
                mean = np.exp(eta)[:, None] * np.exp(np.asarray(feature)[:, None]) ** sizes
                return np.random.default_rng(seed).poisson(mean)
            """,
    },
}
