"""What learners type in lesson 01, with the hint that each mistake must get (see ../README.md)."""

SPEED = "np.abs(np.gradient(x[lap == k])) / dt"
COLUMNS = "((x[:, None] >= edges[:-1]) & (x[:, None] < edges[1:])).astype(float)"
SCORE = 'model.score(X[test], y[test], score_type="pseudo-r2-Cohen")'

WRONG = {
    "speed_of": {
        "across laps": (
            """
            def speed_of(x, lap, dt):
                return np.abs(np.gradient(x)) / dt
            """, "jump from one lap"),
        "signed": ({SPEED: "np.gradient(x[lap == k]) / dt"}, "never negative"),
        "per bin": ({" / dt": ""}, "per bin, not per second"),
        "dt on the wrong side": ({" / dt": " * dt"}, "wrong side"),
        "a bin is lost": (
            """
            def speed_of(x, lap, dt):
                return np.abs(np.diff(x)) / dt
            """, "one speed for each bin"),
        "one neighbour only": ({SPEED: "np.abs(np.diff(x[lap == k], prepend=x[lap == k][0])) / dt"},
                               "stand still"),
        "NaN at the borders": (
            """
            def speed_of(x, lap, dt):
                v = np.abs(np.gradient(x)) / dt
                v[np.flatnonzero(np.diff(lap))] = np.nan
                return v
            """, "no speed: NaN"),
        "laps side by side": (
            """
            def speed_of(x, lap, dt):
                return [np.abs(np.gradient(x[lap == k])) / dt for k in np.unique(lap)]
            """, "one by one"),
        "halved twice": ({" / dt": " / (2 * dt)"}, "half as fast"),
        "the bin before only": ({SPEED: "np.abs(np.diff(x[lap == k], append=2 * x[lap == k][-1] "
                                        "- x[lap == k][-2])) / dt"}, "speeds are off"),
    },
    "tuning_curve": {
        "yes or no": ({"np.histogram(x, edges, weights=counts)":
                       "np.histogram(x[counts > 0], edges)"}, "counts once"),
        "shares": ({"spikes / seconds": "spikes / spikes.sum() / np.diff(edges)"}, "shares"),
        "upside down": ({"spikes / seconds": "seconds / spikes"}, "upside down"),
        "spikes": ({" / seconds": ""}, "not a rate"),
        "per bin": ({"[0] * dt": "[0]"}, "per second"),
        "one time for all": ({"spikes / seconds": "spikes / (len(x) * dt)"}, "same time"),
        "dt on the wrong side": ({"[0] * dt": "[0] / dt"}, "wrong side"),
        "one too many": ({"spikes / seconds": "np.append(spikes / seconds, 0)"}, "two groups"),
        "edges as well": (
            """
            def tuning_curve(x, counts, edges, dt):
                return np.histogram(x, edges, weights=counts)
            """, "two things"),
        "one bin for all the time": ({"spikes / seconds": "spikes / dt"}, "length of one bin"),
        "the occupancy alone": ({"spikes / seconds": "seconds"}, "no spike has come in"),
    },
    "one_hot": {
        "visited groups only": (
            """
            def one_hot(x, edges):
                group = np.digitize(x, edges) - 1
                return (group[:, None] == np.unique(group)).astype(float)
            """, "lost its column"),
        "rows and columns": ({".astype(float)": ".astype(float).T"}, "one row per bin"),
        "no upper edge": ({" & (x[:, None] < edges[1:])": ""}, "exactly one 1"),
        "places inside": ({".astype(float)": " * x[:, None]"}, "answers, 1 or 0"),
        "one column off": ({COLUMNS: "np.eye(len(edges) - 1)[np.digitize(x, edges) - 2]"},
                           "too far to the left"),
        "reversed": ({".astype(float)": ".astype(float)[:, ::-1]"}, "reversed"),
        "edges counted": ({COLUMNS: "(x[:, None] >= edges).astype(float)"}, "one row per bin"),
        "edge goes down": ({"(x[:, None] >= edges[:-1]) & (x[:, None] < edges[1:])":
                            "(x[:, None] > edges[:-1]) & (x[:, None] <= edges[1:])"}, "on an edge"),
    },
    "gain": {
        "added": ({"np.exp(weight * change)": "weight * change"}, "factor 1"),
        "inside plus one": ({"np.exp(weight * change)": "1 + weight * change"}, "140 percent"),
        "change forgotten": ({"weight * change": "weight"}, "change of 1"),
        "change outside": ({"np.exp(weight * change)": "np.exp(weight) * max(change, 1)"},
                           "from outside"),
        "upside down": ({"weight * change": "-weight * change"}, "upside down"),
        "a sum": ({"weight * change": "weight + change"}, "meet in a product"),
        "the change alone": ({"weight * change": "change + 0 * weight"}, "meet in a product"),
        "another base": ({"np.exp(weight * change)": "2.0 ** (weight * change)"}, "factor is off"),
    },
    "joint": {
        "stacked below": ({"np.column_stack([place_columns, speed])":
                           "np.vstack([place_columns.T, speed])[:, :2]"}, "one more column"),
        "speed first": ({"[place_columns, speed]": "[speed, place_columns]"}, "comes last"),
        "multiplied": ({"[place_columns, speed]": "[place_columns * speed[:, None], speed]"},
                       "interaction"),
        "speed scaled": ({"[place_columns, speed]": "[place_columns, speed - speed.mean()]"},
                         "on the way"),
        "side by side in a list": ({"np.column_stack([place_columns, speed])":
                                    "[place_columns, speed]"}, "two arrays still"),
    },
    "test_laps": {
        "every fourth bin": ({"lap >= number - number // 4": "np.arange(len(lap)) % 4 == 3"},
                             "a lap is split"),
        "last quarter of the bins": (
            {"lap >= number - number // 4": "np.arange(len(lap)) >= 0.75 * len(lap)"},
            "a lap is split"),
        "first laps": ({"lap >= number - number // 4": "lap < number // 4"}, "the last laps"),
        "one too many": ({"number - number // 4": "number - number // 4 - 1"}, "8 and 9"),
        "a list of laps": ({"lap >= number - number // 4":
                            "np.arange(number - number // 4, number)"}, "for each bin"),
        "always from lap 8": ({"lap >= number - number // 4": "lap >= 8"}, "off for 9"),
        "as numbers": ({"lap >= number - number // 4": "(lap >= number - number // 4) * 1"},
                       "True or False"),
    },
    "held_out": {
        "a squared correlation": (
            {SCORE: "np.corrcoef(model.predict(X[test]), y[test])[0, 1] ** 2"}, "straight line"),
        "squared errors": ({SCORE: "1 - np.sum((y[test] - model.predict(X[test])) ** 2) / "
                                   "np.sum((y[test] - y[test].mean()) ** 2)"}, "straight line"),
        "scored on the training bins": ({SCORE: SCORE.replace("[test]", "[~test]")},
                                        "it was fitted to"),
        "fitted to all": ({"X[~test], y[~test]": "X, y"}, "has seen the test bins"),
        "log-likelihood": ({', score_type="pseudo-r2-Cohen"': ""}, "log-likelihood"),
        "swapped": (
            """
            def held_out(X, y, test):
                model = nmo.glm.GLM().fit(X[test], y[test])
                return model.score(X[~test], y[~test], score_type="pseudo-r2-Cohen")
            """, "swapped"),
        "the prediction": ({SCORE: "model.predict(X[test])"}, "one score"),
        "McFadden": ({"Cohen": "McFadden"}, "another pseudo-R2"),
        "fitted to all, scored on all": (
            """
            def held_out(X, y, test):
                return nmo.glm.GLM().fit(X, y).score(X, y, score_type="pseudo-r2-Cohen")
            """, "scored as well"),
        "scored on all": ({SCORE: SCORE.replace("[test]", "")}, "scored as well"),
        "test rows only": (
            """
            def held_out(X, y, test):
                model = nmo.glm.GLM().fit(X[test], y[test])
                return model.score(X[test], y[test], score_type="pseudo-r2-Cohen")
            """, "they are not unseen"),
        "another model": ({"nmo.glm.GLM()": 'nmo.glm.GLM(regularizer="Ridge", '
                                            "regularizer_strength=1e-2)"}, "score is off"),
    },
    "unique": {
        "no sign": ({"return ": "return abs(", "scores[other]": "scores[other])"},
                    "you return a gain"),
        "alone": ({'scores["place + speed"] - scores[other]': "scores[variable]"}, "does alone"),
        "the wrong one left out": ({"scores[other]": "scores[variable]"}, "wrong variable"),
        "single minus single": (
            {'scores["place + speed"]': "scores[variable]"}, "the joint model is missing"),
        "a share": ({'scores["place + speed"] - scores[other]':
                     '(scores["place + speed"] - scores[other]) / scores["place + speed"]'},
                    "this is a share"),
        "place always": ({'"speed" if variable == "place" else "place"': '"speed"'},
                         "right for place"),
        "both": ({" - scores[other]": ""}, "nothing has been taken away"),
        "turned around": ({'scores["place + speed"] - scores[other]':
                           'scores[other] - scores["place + speed"]'}, "turned around"),
    },
}

RIGHT = {
    "speed_of": {
        "np.where at the borders": """
            def speed_of(x, lap, dt):
                same = lap[1:] == lap[:-1]
                step = np.where(same, np.diff(x), np.nan)
                left, right = np.r_[np.nan, step], np.r_[step, np.nan]
                both = np.stack([left, right])
                return np.abs(np.nanmean(both, axis=0)) / dt
            """,
        "a list": """
            def speed_of(x, lap, dt):
                out = []
                for k in sorted(set(lap)):
                    out.extend(abs(np.gradient(x[lap == k], dt)))
                return out
            """,
    },
    "tuning_curve": {
        "a loop": """
            def tuning_curve(x, counts, edges, dt):
                out = []
                for a, b in zip(edges[:-1], edges[1:]):
                    inside = (x >= a) & (x < b)
                    out.append(counts[inside].mean() / dt)
                return out
            """,
        "digitize": """
            def tuning_curve(x, counts, edges, dt):
                group, n = np.digitize(x, edges) - 1, len(edges) - 1
                return np.bincount(group, counts, n) / (np.bincount(group, minlength=n) * dt)
            """,
    },
    "one_hot": {
        "identity matrix": """
            def one_hot(x, edges):
                return np.eye(len(edges) - 1)[np.digitize(x, edges) - 1]
            """,
        "a loop of booleans": """
            def one_hot(x, edges):
                X = np.zeros((len(x), len(edges) - 1), dtype=bool)
                for k in range(len(edges) - 1):
                    X[:, k] = (x >= edges[k]) & (x < edges[k + 1])
                return X
            """,
    },
    "gain": {
        "a power": "def gain(weight, change):\n    return np.e ** (weight * change)",
        "a ratio": """
            def gain(weight, change):
                return np.exp(weight * (1 + change)) / np.exp(weight)
            """,
    },
    "joint": {
        "hstack": """
            def joint(place_columns, speed):
                return np.hstack([place_columns, speed[:, None]])
            """,
        "c_": "def joint(place_columns, speed):\n    return np.c_[place_columns, speed]",
    },
    "test_laps": {
        "a share": "def test_laps(lap):\n    return lap >= 0.75 * (lap.max() + 1)",
        "isin": """
            def test_laps(lap):
                laps = np.unique(lap)
                return np.isin(lap, laps[len(laps) - len(laps) // 4 :])
            """,
        "a loop": """
            def test_laps(lap):
                n = max(lap) + 1
                return [bool(k >= n - n // 4) for k in lap]
            """,
    },
    "held_out": {
        "row numbers": """
            def held_out(X, y, test):
                train, rest = np.flatnonzero(~test), np.flatnonzero(test)
                glm = nmo.glm.GLM()
                glm.fit(X[train], y[train])
                return glm.score(X[rest], y[rest], score_type="pseudo-r2-Cohen")
            """,
        "deviance by hand": """
            def held_out(X, y, test):
                from scipy.special import xlogy
                mu = nmo.glm.GLM().fit(X[~test], y[~test]).predict(X[test])
                k = y[test]
                D = lambda m: np.sum(xlogy(k, k / m) - k + m)
                return 1 - D(mu) / D(np.full(len(k), k.mean()))
            """,
    },
    "unique": {
        "if and else": """
            def unique(scores, variable):
                if variable == "place":
                    return scores["place + speed"] - scores["speed"]
                return scores["place + speed"] - scores["place"]
            """,
        "a dictionary": """
            def unique(scores, variable):
                without = {"place": "speed", "speed": "place"}
                return -(scores[without[variable]] - scores["place + speed"])
            """,
    },
}
