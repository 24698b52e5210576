"""What learners type in lesson 06, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "window_bins": {
        "milliseconds": ({"seconds * rate": "1000 * seconds * rate"}, "taken for milliseconds"),
        "text": ({"round(seconds * rate)": "f'{seconds * rate:.0f}'"}, "one number is asked for"),
        "the bins": ({"round(seconds * rate)": "list(range(round(seconds * rate)))"},
                     "one number is asked for"),
        "cut instead of rounded": ({"round(": "int("}, "cut, not rounded"),
        "always up": (
            """
            def window_bins(seconds, rate):
                return int(np.ceil(seconds * rate))
            """, "go up to the next one"),
        "rate on the wrong side": ({"seconds * rate": "seconds / rate"}, "the wrong side"),
        "left as a fraction": ({"round(seconds * rate)": "seconds * rate"}, "not a whole number"),
        "one more": ({"round(seconds * rate)": "int(seconds * rate) + 1"}, "you have one more"),
    },
    "scale_by_training": {
        "in place, only the training rows": (
            """
            def scale_by_training(X, train):
                X -= X[train].mean(axis=0)
                X[train] /= X[train].std(axis=0)
                return X
            """, "on another scale"),
        "mean and SD of all rows": (
            {"X[train].mean": "X.mean", "X[train].std": "X.std"}, "test data had a say"),
        "mean of training, SD of all": ({"X[train].std": "X.std"}, "test data had a say"),
        "each part by its own": (
            """
            def scale_by_training(X, train):
                out = np.empty(X.shape)
                for rows in (train, ~train):
                    out[rows] = (X[rows] - X[rows].mean(axis=0)) / X[rows].std(axis=0)
                return out
            """, "by their own mean"),
        "one mean and SD for all columns": (
            {"X[train].mean(axis=0)": "X[train].mean()", "X[train].std(axis=0)": "X[train].std()"},
            "do not have mean 0"),
        "SD of everything": ({"X[train].std(axis=0)": "X[train].std()"}, "its own divisor"),
        "variance": ({"X[train].std": "X[train].var"}, "its own divisor"),
        "mean not taken off": ({"(X - X[train].mean(axis=0))": "X"}, "do not have mean 0"),
        "half the rows": (
            """
            def scale_by_training(X, train):
                Z = X[train]
                return (Z - Z.mean(axis=0)) / Z.std(axis=0)
            """, "all rows are scaled"),
        "range in place of SD": (
            {"X[train].std(axis=0)": "np.ptp(np.sort(X[train], axis=0)[60:-60], axis=0)"},
            "another measure of spread"),
    },
    "decode_heading": {
        "the mean of each ROI": ({"frames.mean(axis=1, keepdims=True)": "frames.mean(axis=0)",
                                  "template.mean(axis=1, keepdims=True)": "template.mean(axis=0)"},
                                 "disturb each other"),
        "a product, not a correlation": (
            """
            def decode_heading(frames, template, centres):
                return centres[np.argmax(frames @ template.T, axis=1)]
            """, "a bright template wins"),
        "least alike": ({"np.argmax(": "np.argmin("}, "least alike wins"),
        "the number of the group": (
            {"centres[np.argmax(a @ b.T, axis=1)]": "np.argmax(a @ b.T, axis=1)"},
            "the number of the group"),
        "closest picture": (
            """
            def decode_heading(frames, template, centres):
                far = ((frames[:, None] - template) ** 2).sum(axis=2)
                return centres[np.argmin(far, axis=1)]
            """, "you compare brightness"),
        "frames and templates turned round": (
            """
            def decode_heading(frames, template, centres):
                r = np.corrcoef(frames, template)[len(frames) :, : len(frames)]
                return centres[np.resize(r.argmax(axis=1), len(template))]
            """, "mixed up"),
        "the sign of the correlation is dropped": (
            {"np.argmax(a @ b.T, axis=1)": "np.argmax(np.abs(a @ b.T), axis=1)"}, "the negative"),
        "a weighted mean of the centres": (
            {"centres[np.argmax(a @ b.T, axis=1)]": "(a @ b.T) @ centres"}, "several were mixed"),
        "a covariance": (
            {"    b = b / np.linalg.norm(b, axis=1, keepdims=True)\n": ""}, "a large length"),
        "one answer for all": (
            """
            def decode_heading(frames, template, centres):
                mean = frames.mean(axis=0)
                return centres[np.argmax([np.corrcoef(mean, row)[0, 1] for row in template])]
            """, "one heading per frame"),
        "own mean of the template only": (
            """
            def decode_heading(frames, template, centres):
                b = template / np.linalg.norm(template, axis=1, keepdims=True)
                return centres[np.argmax(frames @ b.T, axis=1)]
            """, "you compare brightness"),
    },
    "angular_error": {
        "a tangent": ({"np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)":
                       "np.abs(np.arctan(np.tan(a - b)))"}, "are the same line"),
        "not wrapped": (
            {"np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)": "np.abs(a - b)"},
            "not wrapped"),
        "signed": ({"np.abs(": "("}, "below zero"),
        "one way round": (
            {"np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)": "(a - b) % CIRCLE"},
            "goes the long way round"),
        "folded at half a turn": (
            {"np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)": "np.abs(a - b) % np.pi"},
            "half a turn was taken off"),
        "in degrees": ({"np.abs(": "np.degrees(1) * np.abs("}, "in degrees"),
        "a cosine": (
            {"np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)": "1 - np.cos(a - b)"},
            "another measure"),
        "averaged": ({"return np.abs(": "return np.mean(np.abs(", "CIRCLE - np.pi)":
                      "CIRCLE - np.pi))"}, "four errors out"),
    },
    "event_frames": {
        "any rise in the bright": ({"above[1:] & ~above[:-1]": "above[1:] & (np.diff(trace) > 0)"},
                                   "above the level already"),
        "every bright frame": (
            """
            def event_frames(trace, level, epoch):
                return trace > level
            """, "every frame above the level"),
        "falling": ({"above[1:] & ~above[:-1]": "~above[1:] & above[:-1]"},
                    "where the light falls"),
        "a frame too early": ({"np.append(False, rises)": "np.append(rises, False)"},
                              "a frame too early"),
        "across the border": (
            {"above[1:] & ~above[:-1] & (epoch[1:] == epoch[:-1])": "above[1:] & ~above[:-1]",
             "trace > level": "np.where(np.arange(len(trace)) == 9, 0, trace) > level"},
            "belongs to another epoch"),
        "large steps": ({"above[1:] & ~above[:-1]": "(np.diff(trace) > level)"}, "you miss it"),
        "np.roll lets the end come in": (
            """
            def event_frames(trace, level, epoch):
                before, same = np.roll(trace, 1), np.roll(epoch, 1) == epoch
                return (trace > level) & (before <= level) & same
            """, "the first frame of the recording"),
        "shortened": ({"np.append(False, rises)": "rises"}, "one value per frame"),
        "positions": ({"np.append(False, rises)": "np.arange(len(trace)) * np.append(0, rises)"},
                      "is there or it is not"),
        "the first frame is a rise": (
            {"np.append(False, rises)": "np.append(above[0], rises)"},
            "the first frame of the recording"),
    },
    "rayleigh_p": {
        "n counts frames": ({"n = np.sum(event)": "n = len(heading)"}, "your n counts frames"),
        "61 groups": ({"np.exp(-n * R**2)": "np.exp(-61 * R**2)"}, "does not grow with the events"),
        "not squared": ({"R**2": "R"}, "is not squared"),
        "length of the sum": ({"np.abs(np.mean(": "np.abs(np.sum("}, "length of the sum"),
        "exponent positive": ({"np.exp(-n": "np.exp(n"}, "wrong sign"),
        "all frames have arrows": (
            {"heading[event]": "heading"}, "the arrows of all frames"),
        "the spread for the length": ({"R**2": "(1 - R) ** 2"}, "p is off"),
        "no event forgotten": (
            {" if n else 0": ""}, "without events"),
        "one p per event": ({"np.exp(-n * R**2)": "np.exp(-n * R**2) * np.ones(5)"}, "one number"),
    },
    "predict_with": {
        "always Gaussian": ({"nmo.glm.GLM(family, inverse_link_function=link":
                             'nmo.glm.GLM("Gaussian"'}, "mean below 0"),
        "always Poisson": ({"nmo.glm.GLM(family, inverse_link_function=link":
                            'nmo.glm.GLM("Poisson", inverse_link_function="softplus"'},
                           "the Gaussian model is never below 0"),
        "Gamma taken for Poisson": (
            {"nmo.glm.GLM(family": 'nmo.glm.GLM(family.replace("Gamma", "Poisson")'},
            "predict the same"),
        "softplus for all": ({'None if family == "Gaussian" else "softplus"': '"softplus"'},
                             "never below 0"),
        "exponential link": ({'"softplus"': '"exp"'}, "another link"),
        "fitted to all rows": ({"fit(X[train], y[train])": "fit(X, y)"}, "fitted to all rows"),
        "test rows only": ({"predict(X)": "predict(X[~train])"}, "a mean for all rows"),
        "another strength": ({"=0.001": "=0.5"}, "ridge of strength 0.001"),
        "no link named": ({"inverse_link_function=link, ": ""}, "another link"),
    },
    "explained": {
        "null of the test": ({"np.mean(y_train, axis=0)": "np.mean(y, axis=0)"},
                             "your null is another constant"),
        "clipped": (
            {"return 1 - np.sum((y - mu) ** 2, axis=0) / np.sum((y - null) ** 2, axis=0)":
             "return np.maximum(0, 1 - np.sum((y - mu) ** 2, axis=0) "
             "/ np.sum((y - null) ** 2, axis=0))"}, "was clipped"),
        "correlation": (
            """
            def explained(y, mu, y_train):
                return np.array([np.corrcoef(a, b)[0, 1] ** 2 for a, b in zip(y.T, mu.T)])
            """, "it is a correlation"),
        "one number": (
            {"np.sum((y - mu) ** 2, axis=0) / np.sum((y - null) ** 2, axis=0)":
             "np.sum((y - mu) ** 2) / np.sum((y - null) ** 2)"}, "one number for each column"),
        "what is left": ({"return 1 - ": "return "}, "should score 1"),
        "absolute misses": (
            {"np.sum((y - mu) ** 2, axis=0)": "np.sum(np.abs(y - mu), axis=0)",
             "np.sum((y - null) ** 2, axis=0)": "np.sum(np.abs(y - null), axis=0)"},
            "absolute misses"),
    },
    "variance_by_mean": {
        "the trace stays unsorted": (
            """
            def variance_by_mean(y, mu, n_groups):
                mu = np.sort(mu)
                groups = np.array_split(np.arange(len(mu)), n_groups)
                return ([mu[rows].mean() for rows in groups],
                        [np.mean((y[rows] - mu[rows]) ** 2) for rows in groups])
            """, "the trace was not"),
        "around the group's mean": (
            {"np.mean((y[rows] - mu[rows]) ** 2)": "np.var(y[rows])"}, "around the group's mean"),
        "standard deviation": (
            {"np.mean((y[rows] - mu[rows]) ** 2)": "np.sqrt(np.mean((y[rows] - mu[rows]) ** 2))"},
            "standard deviations"),
        "sorted by the trace": ({"np.argsort(mu)": "np.argsort(y)"}, "sorted by the trace"),
        "in order of time": ({"np.argsort(mu)": "np.arange(len(mu))"}, "not in the order"),
        "equal width": (
            """
            def variance_by_mean(y, mu, n_groups):
                edges = np.linspace(mu.min(), mu.max(), n_groups + 1)
                which = np.digitize(mu, edges[1:-1])
                groups = [which == k for k in range(n_groups)]
                return (np.array([mu[g].mean() for g in groups]),
                        np.array([np.mean((y[g] - mu[g]) ** 2) for g in groups]))
            """, "equally wide"),
        "the mean of the trace": ({"mu[rows].mean() for": "y[rows][:1].mean() for"}, "groups"),
        "only one comes out": ({"return centre, spread": "return spread"}, "two arrays"),
        "variance of the misses": (
            {"np.mean((y[rows] - mu[rows]) ** 2)": "np.var(y[rows] - mu[rows])"},
            "the variance of the misses"),
        "averaged, then squared": (
            {"np.mean((y[rows] - mu[rows]) ** 2)": "np.mean(y[rows] - mu[rows]) ** 2"},
            "cancel before they are squared"),
        "around the mean prediction": (
            {"(y[rows] - mu[rows]) ** 2": "(y[rows] - mu[rows].mean()) ** 2"},
            "around the group's mean"),
        "swapped": ({"return centre, spread": "return spread, centre"}, "swapped"),
        "the mean of the trace in each group": (
            {"mu[rows].mean() for": "y[rows].mean() for"}, "the mean of the trace in each group"),
        "rows of equal length": (
            """
            def variance_by_mean(y, mu, n_groups):
                order = np.argsort(mu)
                order = order[: len(mu) - len(mu) % n_groups].reshape(-1, len(mu) // n_groups)
                keep = len(mu) % n_groups == 0
                centre, spread = mu[order].mean(axis=1), ((y - mu)[order] ** 2).mean(axis=1)
                return (centre, spread) if keep else (centre[:-1], spread[:-1])
            """, "cannot all be equal"),
        "plain misses": ({"(y[rows] - mu[rows]) ** 2": "(y[rows] - mu[rows])"}, "squared misses"),
    },
    "no_self_mask": {
        "tiled": ({"np.repeat(1 - np.eye(n_rois), n_bumps, axis=0)":
                   "np.tile(1 - np.eye(n_rois), (n_bumps, 1))"}, "a bump of ROI 1"),
        "columns repeated": ({"axis=0": "axis=1"}, "rows and columns are swapped"),
        "the other mask": ({"1 - np.eye": "np.eye"}, "the other mask"),
        "no bumps": ({"np.repeat(1 - np.eye(n_rois), n_bumps, axis=0)": "1 - np.eye(n_rois)"},
                     "6 features"),
        "nothing forbidden": (
            {"np.repeat(1 - np.eye(n_rois), n_bumps, axis=0)":
             "np.ones((n_rois * n_bumps, n_rois))"}, "12 of the 18"),
        "only the first bump": (
            """
            def no_self_mask(n_rois, n_bumps):
                mask = np.ones((n_rois * n_bumps, n_rois))
                mask[np.arange(n_rois) * n_bumps, np.arange(n_rois)] = 0
                return mask
            """, "12 of the 18"),
        "weights in place of a mask": ({"1 - np.eye(n_rois)": "0.5 - np.eye(n_rois)"}, "0 and 1"),
    },
    "innovation": {
        "cut off at 0": ({"traces[same] - np.exp(-dt / tau) * traces[same - 1]":
                          "np.maximum(traces[same] - np.exp(-dt / tau) * traces[same - 1], 0)"},
                         "cut it off at 0"),
        "plain difference": ({"np.exp(-dt / tau)": "1"}, "the plain difference"),
        "exponent grows": ({"np.exp(-dt / tau)": "np.exp(dt / tau)"}, "more than one"),
        "a straight line for the exponential": ({"np.exp(-dt / tau)": "(1 - dt / tau)"},
                                                "another share"),
        "the innovation taken off in place of the light": (
            """
            def innovation(traces, tau, dt, epoch):
                fresh = np.full(traces.shape, np.nan)
                for t in range(1, len(traces)):
                    if epoch[t] == epoch[t - 1]:
                        left = np.nan_to_num(fresh[t - 1])
                        fresh[t] = traces[t] - np.exp(-dt / tau) * left
                return fresh
            """, "another thing than the light"),
        "added": ({"traces[same] - np.exp": "traces[same] + np.exp"}, "something large is left"),
        "nothing taken off": ({"np.exp(-dt / tau)": "0"}, "something large is left"),
        "looks ahead": (
            """
            def innovation(traces, tau, dt, epoch):
                fresh = np.full(traces.shape, np.nan)
                ahead = np.vstack([traces[1:], traces[-1:]])
                fresh[1:] = (traces - np.exp(-dt / tau) * ahead)[1:]
                fresh[20] = np.nan
                return fresh
            """, "looks into the future"),
        "across the border": (
            """
            def innovation(traces, tau, dt, epoch):
                before = np.vstack([np.full(traces.shape[1], np.nan), traces[:-1]])
                return traces - np.exp(-dt / tau) * before
            """, "the light of the first one's last frame"),
        "0 in the first frame": ({"np.full(traces.shape, np.nan)": "np.zeros(traces.shape)"},
                                 "the past is unknown"),
        "shortened": (
            """
            def innovation(traces, tau, dt, epoch):
                return traces[1:] - np.exp(-dt / tau) * traces[:-1]
            """, "as many frames come out"),
        "tau over dt": ({"np.exp(-dt / tau)": "np.exp(-tau / dt)"}, "the wrong way round"),
        "tau without dt": ({"np.exp(-dt / tau)": "np.exp(-1 / (10 * tau)) ** 1.2"},
                           "another share"),
    },
}

RIGHT = {
    "window_bins": {
        "floor of a half more": """
            def window_bins(seconds, rate):
                return int(np.floor(seconds * rate + 0.5))
            """,
        "NumPy's rint": """
            def window_bins(seconds, rate):
                return np.rint(seconds * rate).astype(int)
            """,
    },
    "scale_by_training": {
        "scikit-learn": """
            def scale_by_training(X, train):
                from sklearn.preprocessing import StandardScaler
                return StandardScaler().fit(X[train]).transform(X)
            """,
        "column by column, with n - 1": """
            def scale_by_training(X, train):
                out = []
                for column in X.T:
                    known = column[train]
                    out.append((column - known.mean()) / known.std(ddof=1))
                return np.array(out).T
            """,
    },
    "decode_heading": {
        "a loop": """
            def decode_heading(frames, template, centres):
                out = []
                for f in frames:
                    r = [np.corrcoef(f, row)[0, 1] for row in template]
                    out.append(centres[int(np.argmax(r))])
                return out
            """,
        "closest of the scaled pictures": """
            def decode_heading(frames, template, centres):
                unit = lambda A: ((A - A.mean(1, keepdims=True)) / A.std(1, keepdims=True))
                far = ((unit(frames)[:, None] - unit(template)) ** 2).sum(axis=2)
                return centres[far.argmin(axis=1)]
            """,
    },
    "angular_error": {
        "arrows": """
            def angular_error(a, b):
                return np.abs(np.angle(np.exp(1j * (np.asarray(a) - b))))
            """,
        "the shorter of two": """
            def angular_error(a, b):
                d = np.abs(np.asarray(a) - b)
                return np.minimum(d, 2 * np.pi - d)
            """,
    },
    "event_frames": {
        "a loop": """
            def event_frames(trace, level, epoch):
                out = [False]
                for i in range(1, len(trace)):
                    out.append(trace[i] > level and trace[i - 1] <= level
                               and epoch[i] == epoch[i - 1])
                return out
            """,
        "differences, as 0 and 1": """
            def event_frames(trace, level, epoch):
                step = np.diff((trace > level).astype(int), prepend=1)
                new = np.diff(epoch, prepend=epoch[0]) != 0
                return ((step > 0) & ~new).astype(float)
            """,
    },
    "rayleigh_p": {
        "sines and cosines": """
            def rayleigh_p(heading, event):
                theta = heading[np.flatnonzero(event)]
                if len(theta) == 0:
                    return 1.0
                x, y = np.cos(theta).mean(), np.sin(theta).mean()
                return float(np.exp(-len(theta) * (x**2 + y**2)))
            """,
        "length of the sum, squared over n": """
            def rayleigh_p(heading, event):
                total = np.sum(event * np.exp(1j * heading))
                return np.exp(-abs(total) ** 2 / max(np.sum(event), 1))
            """,
    },
    "predict_with": {
        "the population's class": """
            def predict_with(X, y, train, family):
                link = {"Gaussian": "identity"}.get(family, "softplus")
                glm = nmo.glm.PopulationGLM(observation_model=family, inverse_link_function=link,
                                            regularizer="Ridge", regularizer_strength=1e-3)
                return glm.fit(X[train], y[train][:, None]).predict(X)[:, 0]
            """,
        "NaN outside the training rows": """
            def predict_with(X, y, train, family):
                kind = nmo.glm.GLM(family, regularizer="Ridge", regularizer_strength=0.001)
                if family != "Gaussian":
                    kind.set_params(inverse_link_function="softplus")
                return kind.fit(X, np.where(train, y, np.nan)).predict(X)
            """,
    },
    "explained": {
        "a loop": """
            def explained(y, mu, y_train):
                out = []
                for j in range(y.shape[1]):
                    null = y_train[:, j].mean()
                    miss = ((y[:, j] - mu[:, j]) ** 2).mean()
                    out.append(1 - miss / ((y[:, j] - null) ** 2).mean())
                return out
            """,
        "the library's deviance": """
            def explained(y, mu, y_train):
                return nmo.metrics.fraction_deviance_explained(
                    y, mu, observation_model="Gaussian", y_train=y_train, per="neuron")
            """,
    },
    "variance_by_mean": {
        "a list of pairs, turned": """
            def variance_by_mean(y, mu, n_groups):
                pairs = sorted(zip(mu, (y - mu) ** 2))
                cut = np.array_split(np.array(pairs), n_groups)
                return np.array([part.mean(axis=0) for part in cut]).T
            """,
        "quantiles": """
            def variance_by_mean(y, mu, n_groups):
                rank = np.argsort(np.argsort(mu)) * n_groups // len(mu)
                mean = lambda x: np.bincount(rank, x) / np.bincount(rank)
                return mean(mu), mean((y - mu) ** 2)
            """,
    },
    "no_self_mask": {
        "Kronecker": """
            def no_self_mask(n_rois, n_bumps):
                return np.kron(1 - np.eye(n_rois), np.ones((n_bumps, 1)))
            """,
        "booleans by comparison": """
            def no_self_mask(n_rois, n_bumps):
                sender = np.arange(n_rois * n_bumps) // n_bumps
                return sender[:, None] != np.arange(n_rois)
            """,
    },
    "innovation": {
        "a loop over epochs": """
            def innovation(traces, tau, dt, epoch):
                parts = []
                for number in np.unique(epoch):
                    F = traces[epoch == number]
                    unknown = np.full((1, F.shape[1]), np.nan)
                    parts.append(np.vstack([unknown, F[1:] - F[:-1] * np.exp(-dt / tau)]))
                return np.concatenate(parts)
            """,
        "rolled, then borders": """
            def innovation(traces, tau, dt, epoch):
                fresh = traces - np.exp(-dt / tau) * np.roll(traces, 1, axis=0)
                fresh[np.diff(epoch, prepend=epoch[0] - 1) != 0] = np.nan
                return fresh
            """,
    },
}
