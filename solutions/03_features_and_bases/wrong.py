"""What learners type in lesson 03, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "one_hot": {
        "rounded to the nearest edge": (
            {"np.minimum(np.floor(x * n), n - 1)": "np.minimum(np.round(x * n), n - 1)"},
            "to the nearest edge"),
        "zeros off the track": ({", np.nan)": ", 0.0)"}, "nothing is known there"),
        "the end of the track is in no bin": (
            {"np.minimum(np.floor(x * n), n - 1)": "np.floor(x * n)"}, "is in no bin"),
        "bins follow the data": (
            """
            def one_hot(x, n):
                low, high = np.nanmin(x), np.nanmax(x) + 1e-9
                column = np.nan_to_num((x - low) / (high - low) * n).astype(int)
                return np.eye(n)[np.clip(column, 0, n - 1)]
            """, "your bins follow the data"),
        "rows and columns swapped": (
            """
            def one_hot(x, n):
                return (np.floor(np.asarray(x) * n) == np.arange(n)[:, None]).astype(float)
            """, "five rows and four columns"),
        "the number of the bin": (
            {"column == np.arange(n)": "column * np.ones(n)"}, "are answers, 1 or 0"),
        "reversed": ({"np.arange(n)": "np.arange(n)[::-1]"}, "wrong column"),
        "rows dropped": (
            """
            def one_hot(x, n):
                x = x[(x >= 0) & (x <= 1)]
                return np.eye(n)[np.minimum((x * n).astype(int), n - 1)]
            """, "rows are gone"),
    },
    "bumps": {
        "a bell": ({"(1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2":
                    "np.exp(-np.log(2) * (2 * steps) ** 2)"}, "a bell never ends"),
        "centres in the middle of bins": (
            """
            def bumps(x, n):
                d = (np.asarray(x)[:, None] - (np.arange(n) + 0.5) / n) * n / 2
                return (1 + np.cos(np.pi * np.clip(d, -1, 1))) / 2
            """, "your centres lie elsewhere"),
        "the cosine comes back": ({"np.clip(steps, -1, 1)": "steps"}, "a cosine comes back"),
        "one step wide": ({"/ (2 * delta)": "/ delta"}, "do not overlap enough"),
        "not halved": ({"(1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2":
                        "1 + np.cos(np.pi * np.clip(steps, -1, 1))"}, "2 high"),
        "not raised": ({"(1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2":
                        "np.cos(np.pi * np.clip(steps, -1, 1))"}, "are negative"),
        "added up": ({"clip(steps, -1, 1))) / 2": "clip(steps, -1, 1))).sum(axis=1) / 2"},
                     "rows and nine columns"),
        "n steps instead of n - 1": ({"1 / (n - 1)": "1 / n"}, "your centres lie elsewhere"),
        "a triangle": ({"(1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2":
                        "np.maximum(0, 1 - np.abs(steps))"}, "these are triangles"),
        "a spike": ({"(1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2":
                     "np.maximum(0, 1 - np.abs(steps)) ** 2"}, "shape of the bump is off"),
        "brackets forgotten": ({"/ (2 * delta)": "/ 2 * delta"}, "too wide"),
    },
    "tuning": {
        "intercept taken away": ({"intercept + B": "-intercept + B"}, "is taken away"),
        "two exponentials": ({"np.exp(intercept + B @ weights)":
                              "(np.exp(intercept) + np.exp(B @ weights))"}, "two exponentials"),
        "dt inside, for the weights": ({"B @ weights) / dt": "B @ weights / dt)"}, "`dt` went"),
        "the weights": ({"np.exp(intercept + B @ weights) / dt": "weights"}, "not the curve"),
        "not added up": ({"B @ weights": "B * weights"}, "are added up"),
        "each weight through exp": (
            {"np.exp(intercept + B @ weights)": "np.exp(intercept) * (B @ np.exp(weights))"},
            "on its own"),
        "no exp": ({"np.exp(intercept + B @ weights)": "(intercept + B @ weights)"}, "negative"),
        "the sum alone": ({"np.exp(intercept + B @ weights) / dt": "B @ weights"}, "no rate yet"),
        "intercept outside": ({"np.exp(intercept + B @ weights) / dt":
                               "np.exp(B @ weights) + intercept / dt"}, "never negative"),
        "intercept in every weight": ({"intercept + B @ weights": "B @ (weights + intercept)"},
                                      "for every bump"),
        "dt inside": ({"np.exp(intercept + B @ weights) / dt":
                       "np.exp((intercept + B @ weights) / dt)"}, "into the exponential"),
        "no intercept": ({"intercept + ": ""}, "no say"),
        "per bin": ({" / dt": ""}, "not Hz"),
        "dt on the wrong side": ({" / dt": " * dt"}, "wrong side"),
        "mean over the bumps": ({"B @ weights": "(B * weights).mean(axis=1)"}, "rates are off"),
    },
    "roll_laps": {
        "all laps in one": (
            """
            def roll_laps(counts, lap, shifts):
                return np.roll(counts, shifts[0])
            """, "cross from one lap"),
        "the wrong way": ({"[lap == k], shift)": "[lap == k], -shift)"}, "wrong way"),
        "one shift for all": ({"[lap == k], shift)": "[lap == k], shifts[0])"}, "the same number"),
        "all shifts for each": ({"[lap == k], shift)": "[lap == k], shifts)"}, "3 is 1 + 2"),
        "laps in a list": (
            """
            def roll_laps(counts, lap, shifts):
                return [np.roll(counts[lap == k], s) for k, s in enumerate(shifts)]
            """, "one by one"),
        "the copy thrown away": (
            """
            def roll_laps(counts, lap, shifts):
                for k in np.unique(lap):
                    np.roll(counts[lap == k], shifts[k])
                return counts
            """, "nothing has moved"),
        "one lap too few": (
            """
            def roll_laps(counts, lap, shifts):
                new = counts.copy()
                for k in range(max(lap)):
                    new[lap == k] = np.roll(counts[lap == k], shifts[k])
                return new
            """, "last lap did not move"),
        "spikes fall out at the end": (
            """
            def roll_laps(counts, lap, shifts):
                new = np.zeros_like(counts)
                for k, s in enumerate(shifts):
                    piece = counts[lap == k]
                    new[lap == k] = np.r_[np.zeros(s, int), piece[: len(piece) - s]]
                return new
            """, "spikes are lost"),
        "shuffled": (
            """
            def roll_laps(counts, lap, shifts):
                new = counts.copy()
                for k in range(len(shifts)):
                    new[lap == k] = np.sort(counts[lap == k])[[0, 2, 1, *range(3, sum(lap == k))]]
                return new
            """, "order inside a lap is broken"),
        "one lap only": ({"    return rolled": "    return rolled[lap == k]"}, "as many counts"),
        "laps exchanged": (
            """
            def roll_laps(counts, lap, shifts):
                return np.concatenate([counts[lap == k] for k in range(len(shifts))][::-1])
            """, "cross from one lap"),
    },
    "apart": {
        "a difference as on a line": (
            {"np.minimum(way_round, 2 * np.pi - way_round)": "np.abs(np.asarray(a) - b)"},
            "the long way"),
        "with a sign": (
            """
            def apart(a, b):
                return (np.asarray(b) - a + np.pi) % (2 * np.pi) - np.pi
            """, "never negative"),
        "not the shorter way": (
            {"np.minimum(way_round, 2 * np.pi - way_round)": "way_round"}, "the long way"),
        "a circle of length pi": (
            {"np.abs(np.asarray(a) - b) % (2 * np.pi)": "np.abs(np.asarray(a) - b) % np.pi",
             "np.minimum(way_round, 2 * np.pi - way_round)":
             "np.minimum(way_round, np.pi - way_round)"}, "your circle is too short"),
        "whole turns are kept": (
            {"np.abs(np.asarray(a) - b) % (2 * np.pi)": "np.abs(np.asarray(a) - b)"},
            "after a full turn"),
        "one number only": (
            """
            def apart(a, b):
                a, b = np.ravel(a), np.ravel(b)
                d = np.abs(a[: len(b)] - b[: len(a)]) % (2 * np.pi)
                return np.minimum(d, 2 * np.pi - d)
            """, "a table of 4 by 3"),
        "the cosine": ({"np.minimum(way_round, 2 * np.pi - way_round)": "1 - np.cos(way_round)"},
                       "half a rad apart"),
    },
    "row_products": {
        "every row with every row": (
            """
            def row_products(A, B):
                return np.kron(A, B)
            """, "moments were mixed"),
        "side by side": (
            """
            def row_products(A, B):
                return np.hstack([A, B])
            """, "stand side by side"),
        "fast and slow swapped": (
            {"A[:, :, None] * B[:, None, :]": "A[:, None, :] * B[:, :, None]"}, "order is turned"),
        "sums": ({"[:, :, None] * B": "[:, :, None] + B"}, "sums, not products"),
        "a table for each row": ({".reshape(len(A), -1)": ""}, "make six"),
        "the first row only": (
            {"B[:, None, :]": "B[:1, None, :]"}, "some products are off"),
        "one product a row": (
            """
            def row_products(A, B):
                return A.sum(axis=1) * B.sum(axis=1)
            """, "make six"),
    },
    "n_columns": {
        "sum and product swapped": (
            {"return a + b, a * b,": "return a * b, a + b,"}, "do not make 60"),
        "the intercept counted": (
            {"return a + b, a * b, a * b + c": "return a + b + 1, a * b + 1, a * b + c + 1"},
            "the intercept is no column"),
        "all multiplied": ({"a * b, a * b + c": "a * b, a * b * c"}, "it is added"),
        "the larger of two": ({"return a + b, a": "return max(a, b), a"}, "sum of a basis"),
        "all added": (
            {"return a + b, a * b, a * b + c": "return a + b, a + b, a + b + c"}, "every pair"),
        "one number": ({"return a + b, a * b, a": "return a"}, "three numbers"),
        "the third forgotten": ({"a * b, a * b + c": "a * b, a * b"}, "last of the three"),
    },
    "place_features": {
        "a track of 100 cm": ({"(0, 1)": "(0, 100)"}, "inside your bounds"),
        "no bounds": ({", bounds=(0, 1)": ""}, "rescaled to its input"),
        "bounds of the data": ({"bounds=(0, 1)": "bounds=(np.min(x), np.max(x) + 1e-9)"},
                               "rescaled to its input"),
        "bins": ({"8, bounds": "8, order=1, bounds"}, "the order is 1"),
        "pressed to the end": ({"compute_features(x)": "compute_features(np.clip(x, 0, 1))"},
                               "got numbers"),
        "zeros off the track": ({".compute_features(x)": ".compute_features(x)",
                                 "bounds=(0, 1)": "bounds=(0, 1), fill_value=0.0"}, "got numbers"),
        "another family": ({"BSplineEval": "RaisedCosineLinearEval"}, "add up to 1"),
        "too few": ({"Eval(8": "Eval(6"}, "8 columns"),
        "centred": ({"compute_features(x)": "compute_features(x) - 0.125"}, "add up to 1"),
        "order 3": ({"8, bounds": "8, order=3, bounds"}, "of order 3"),
        "order 5": ({"8, bounds": "8, order=5, bounds"}, "splines are off"),
        "cyclic": ({"BSplineEval": "CyclicBSplineEval"}, "no circle"),
    },
    "spare": {
        "the intercept forgotten": ({"np.column_stack([np.ones(len(X)), X])": "X"},
                                    "column of ones forgotten"),
        "the rank": ({"full.shape[1] - np.linalg.matrix_rank(full)":
                      "np.linalg.matrix_rank(full)"}, "are the columns that count"),
        "one off": ({"full.shape[1] - np": "X.shape[1] - np"}, "you are one off"),
        "asks whether rows add up to 1": (
            """
            def spare(X):
                return int(np.allclose(X.sum(axis=1), 1))
            """, "goes unnoticed"),
        "equal columns only": (
            """
            def spare(X):
                full = np.column_stack([np.ones(len(X)), X])
                return full.shape[1] - len(np.unique(full.T, axis=0))
            """, "column of ones forgotten"),
        "yes or no": ({"return full.shape[1] - np.linalg.matrix_rank(full)":
                       "return int(full.shape[1] > np.linalg.matrix_rank(full))"},
                      "three are superfluous"),
        "counts rows": ({"full.shape[1] -": "full.shape[0] -"}, "none of them is superfluous"),
    },
    "ridge_step": {
        "along the slope alone": ({"np.linalg.solve(curvature, slope)": "slope"},
                                  "curvature is missing"),
        "curvature of least squares": ({"(X.T * mu) @ X": "X.T @ X"}, "every bin counts the same"),
        "sign": ({"+ price * theta": "- price * theta", "+ np.diag(price)": "- np.diag(price)"},
                 "sign of the penalty"),
        "sign in the slope only": ({"+ price * theta": "- price * theta"}, "sign of the penalty"),
        "inverse": ({"np.full(len(theta), strength)": "np.full(len(theta), 1 / strength)"},
                    "upside down"),
        "intercept penalised": ({"price[0] = 0": "price[0] = strength"}, "pulled to 0 as well"),
        "sum over bins": (
            {"X.T @ (mu - y) / len(y)": "X.T @ (mu - y)", "(X.T * mu) @ X / len(y)":
             "(X.T * mu) @ X"}, "are summed"),
        "no penalty": ({" + price * theta": "", " + np.diag(price)": ""}, "no effect on this step"),
        "not in the curvature": ({" + np.diag(price)": ""}, "such steps overshoot"),
        "not in the slope": ({" + price * theta": ""}, "the slope does not"),
        "half": ({"np.full(len(theta), strength)": "np.full(len(theta), strength / 2)"},
                 "half as strong"),
        "the step alone": ({"return theta - np": "return -np"}, "not where it leads"),
        "uphill": ({"return theta - np": "return theta + np"}, "goes uphill"),
        "intercept pays in the curvature": ({"np.diag(price)": "strength * np.eye(len(theta))"},
                                            "free in both"),
        "intercept pays in the slope": ({"price * theta": "strength * theta"}, "free in both"),
        "in every entry": ({"np.diag(price)": "strength"}, "every entry of the curvature"),
        "half a step": ({"return theta - np": "return theta - 0.5 * np"}, "the step is off"),
    },
    "from_C": {
        "C itself": ({"1 / (C * n_bins)": "C"}, "other way round"),
        "bins forgotten": ({"1 / (C * n_bins)": "1 / C"}, "no say"),
        "bins on the wrong side": ({"1 / (C * n_bins)": "n_bins / C"}, "wrong side"),
        "not inverted": ({"1 / (C * n_bins)": "C / n_bins"}, "other way round"),
        "twice": ({"1 / (C * n_bins)": "2 / (C * n_bins)"}, "factor of 2"),
        "half": ({"1 / (C * n_bins)": "1 / (2 * C * n_bins)"}, "factor of 2"),
        "a root": ({"1 / (C * n_bins)": "1 / np.sqrt(C * n_bins)"}, "strength is off"),
    },
}

RIGHT = {
    "one_hot": {
        "a loop": """
            def one_hot(x, n):
                X = np.full((len(x), n), np.nan)
                for t, place in enumerate(x):
                    if 0 <= place <= 1:
                        X[t] = 0
                        X[t, min(int(place * n), n - 1)] = 1
                return X
            """,
        "by the library": """
            def one_hot(x, n):
                return nmo.basis.BSplineEval(n, order=1, bounds=(0, 1)).compute_features(x)
            """,
        "with edges": """
            def one_hot(x, n):
                known = (x >= 0) & (x <= 1)
                edges = np.linspace(0, 1, n + 1)
                rows = np.eye(n)[np.searchsorted(edges[1:-1], x, side="right")]
                rows[~known] = np.nan
                return rows
            """,
    },
    "bumps": {
        "where": """
            def bumps(x, n):
                steps = np.abs(np.subtract.outer(x, np.linspace(0, 1, n))) * (n - 1)
                return np.where(steps < 2, 0.5 + 0.5 * np.cos(np.pi * steps / 2), 0)
            """,
        "cosine squared": """
            def bumps(x, n):
                columns = []
                for k in range(n):
                    d = np.minimum(np.abs(x * (n - 1) - k), 2)
                    columns.append(np.cos(np.pi * d / 4) ** 2)
                return np.array(columns).T
            """,
        "by the library": """
            def bumps(x, n):
                return nmo.basis.RaisedCosineLinearEval(n, bounds=(0, 1)).compute_features(x)
            """,
    },
    "tuning": {
        "a sum over columns": """
            def tuning(B, weights, intercept, dt):
                return np.exp(np.sum(B * weights, axis=1) + intercept) / dt
            """,
        "gains multiplied": """
            def tuning(B, weights, intercept, dt):
                gains = np.exp(B * np.asarray(weights))
                return np.prod(gains, axis=1) * np.exp(intercept) / dt
            """,
    },
    "roll_laps": {
        "laps joined": """
            def roll_laps(counts, lap, shifts):
                pieces = [np.roll(counts[lap == k], s) for k, s in enumerate(shifts)]
                return np.concatenate(pieces)
            """,
        "by index": """
            def roll_laps(counts, lap, shifts):
                new = np.empty(len(counts))
                for k in range(len(shifts)):
                    at = np.flatnonzero(lap == k)
                    for i, row in enumerate(at):
                        new[at[(i + shifts[k]) % len(at)]] = counts[row]
                return new
            """,
        "sliced": """
            def roll_laps(counts, lap, shifts):
                out = counts * 0
                for k, s in enumerate(shifts):
                    mine = counts[lap == k]
                    s = s % len(mine)
                    out[lap == k] = np.r_[mine[len(mine) - s :], mine[: len(mine) - s]]
                return out
            """,
    },
    "apart": {
        "arrows": """
            def apart(a, b):
                return np.abs(np.angle(np.exp(1j * (np.asarray(a) - np.asarray(b)))))
            """,
        "arc cosine": """
            def apart(a, b):
                return np.arccos(np.clip(np.cos(np.subtract(a, b)), -1, 1))
            """,
        "the signed turn, without its sign": """
            def apart(a, b):
                return np.abs((np.subtract(a, b) + np.pi) % (2 * np.pi) - np.pi)
            """,
    },
    "row_products": {
        "a loop over columns": """
            def row_products(A, B):
                return np.column_stack([A[:, i] * B[:, j] for i in range(A.shape[1])
                                        for j in range(B.shape[1])])
            """,
        "einsum": """
            def row_products(A, B):
                return np.einsum("ti,tj->tij", A, B).reshape(len(A), A.shape[1] * B.shape[1])
            """,
        "repeat and tile": """
            def row_products(A, B):
                return np.repeat(A, B.shape[1], axis=1) * np.tile(B, A.shape[1])
            """,
    },
    "n_columns": {
        "a list": """
            def n_columns(a, b, c):
                pairs = a * b
                return [a + b, pairs, pairs + c]
            """,
        "counted": """
            def n_columns(a, b, c):
                A, B, C = np.ones((1, a)), np.ones((1, b)), np.ones((1, c))
                product = row_products(A, B) if callable(row_products) else None
                return (np.hstack([A, B]).shape[1], product.shape[1],
                        np.hstack([product, C]).shape[1])
            """,
    },
    "place_features": {
        "evaluate": """
            def place_features(x):
                return nmo.basis.BSplineEval(8, order=4, bounds=(0.0, 1.0)).evaluate(x)
            """,
        "a basis made once": """
            splines_of_place = nmo.basis.BSplineEval(n_basis_funcs=8, bounds=(0, 1))


            def place_features(x):
                return splines_of_place.compute_features(x)
            """,
    },
    "spare": {
        "centred": """
            def spare(X):
                return X.shape[1] - np.linalg.matrix_rank(X - X.mean(axis=0), tol=1e-9)
            """,
        "singular values": """
            def spare(X):
                s = np.linalg.svd(np.c_[X, np.ones(len(X))], compute_uv=False)
                return int(np.sum(s < 1e-9 * s[0]))
            """,
    },
    "ridge_step": {
        "a diagonal matrix": """
            def ridge_step(theta, X, y, strength):
                D = strength * np.diag(np.arange(len(theta)) > 0)
                mu = np.exp(X @ theta)
                g = np.mean((mu - y)[:, None] * X, axis=0) + D @ theta
                H = X.T @ (mu[:, None] * X) / len(X) + D
                return theta - np.linalg.inv(H) @ g
            """,
        "as least squares": """
            def ridge_step(theta, X, y, strength):
                mu, n = np.exp(X @ theta), len(y)
                price = np.r_[0, np.full(len(theta) - 1, strength * n)]
                working = mu * (X @ theta) + y - mu
                return np.linalg.solve(X.T @ (mu[:, None] * X) + np.diag(price), X.T @ working)
            """,
    },
    "from_C": {
        "in two steps": """
            def from_C(C, n_bins):
                per_sum = 1 / C
                return per_sum / n_bins
            """,
        "a power": """
            def from_C(C, n_bins):
                return float(n_bins) ** -1 * C**-1
            """,
    },
}
