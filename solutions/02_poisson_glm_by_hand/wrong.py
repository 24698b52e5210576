"""What learners type in lesson 02, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "fano": {
        "one mean for all": ({"np.mean(draws, axis=0)": "np.mean(draws)"}, "each has its own mean"),
        "rows and columns": (
            {"np.var(draws, axis=0) / np.mean(draws, axis=0)":
             "np.var(draws, axis=1) / np.mean(draws, axis=1)"}, "conditions are columns"),
        "all in one": ({"np.var(draws, axis=0) / np.mean(draws, axis=0)":
                        "np.var(draws) / np.mean(draws)"}, "one number per column"),
        "standard deviation": ({"np.var": "np.std"}, "standard deviation over"),
        "upside down": ({"np.var(draws, axis=0) / np.mean(draws, axis=0)":
                         "np.mean(draws, axis=0) / np.var(draws, axis=0)"}, "upside down"),
        "not divided": ({" / np.mean(draws, axis=0)": ""}, "variance alone"),
        "mean squared": ({" / np.mean(draws, axis=0)": " / np.mean(draws, axis=0) ** 2"},
                         "the mean is squared"),
    },
    "may_be_counts": {
        "one answer each": ({"bool(np.all((values >= 0) & (values == np.round(values))))":
                             "(values >= 0) & (values == np.round(values))"}, "one answer"),
        "the storage is asked": ({"(values >= 0) & (values == np.round(values))":
                                  "np.issubdtype(values.dtype, np.integer)"}, "how it is stored"),
        "only the sign": ({" & (values == np.round(values))": ""}, "a smoothed rate passes"),
        "only whole": ({"(values >= 0) & (values == np.round(values))":
                        "values == np.round(values)"}, "negative number"),
        "0 is refused": ({"values >= 0": "values > 0"}, "these are counts"),
        "NaN survives": ({"bool(np.all((values >= 0) & (values == np.round(values))))":
                          "not np.any((values < 0) | (values % 1 > 0))"}, "NaN passes"),
    },
    "expected_count": {
        "spikes": ({"jnp.exp(X @ theta)":
                    "np.random.default_rng(0).poisson(np.exp(X @ theta))"}, "spikes were drawn"),
        "b twice": ({"jnp.exp(X @ theta)": "jnp.exp(theta[0] + X @ theta)"}, "b comes in twice"),
        "no inverse link": ({"jnp.exp(X @ theta)": "X @ theta"}, "inverse link is missing"),
        "intercept outside": (
            {"jnp.exp(X @ theta)": "jnp.exp(X[:, 1:] @ theta[1:]) + theta[0] + 1.5"}, "exp(b)"),
        "intercept outside, below 0": (
            {"jnp.exp(X @ theta)": "jnp.exp(X[:, 1:] @ theta[1:]) + theta[0]"}, "not above 0"),
        "Hz": ({"jnp.exp(X @ theta)": "jnp.exp(X @ theta) / DT"}, "counts per bin, not about Hz"),
        "sign": ({"X @ theta": "-X @ theta"}, "makes the count large"),
        "softplus": ({"jnp.exp(X @ theta)": "jax.nn.softplus(X @ theta)"}, "exp(b)"),
        "clipped": ({"jnp.exp(X @ theta)": "jnp.maximum(X @ theta, 0)"}, "never negative"),
        "one number": ({"jnp.exp(X @ theta)": "jnp.exp(X @ theta).mean()"}, "per row"),
    },
    "log_likelihood": {
        "a probability": ({"np.mean(y * np.log(mu) - mu - gammaln(y + 1))":
                           "np.mean(np.exp(y * np.log(mu) - mu - gammaln(y + 1)))"},
                          "mean of probabilities"),
        "mu left out": ({" - mu": ""}, "promises too much"),
        "sign": ({"np.mean(y * np.log(mu) - mu - gammaln(y + 1))":
                  "np.mean(mu + gammaln(y + 1) - y * np.log(mu))"}, "look at the sign"),
        "sum": ({"np.mean": "np.sum"}, "sum over bins"),
        "no log y!": ({" - gammaln(y + 1)": ""}, "log(y!) is missing"),
        "gammaln shifted": ({"gammaln(y + 1)": "gammaln(np.maximum(y, 1))"},
                            "shifted by one"),
        "per bin": ({"np.mean(y * np.log(mu) - mu - gammaln(y + 1))":
                     "y * np.log(mu) - mu - gammaln(y + 1)"}, "one number"),
        "gammaln of y": ({"gammaln(y + 1)": "gammaln(y)"}, "shifted by one"),
        "y and mu swapped": ({"y * np.log(mu)": "mu * np.log(y)"}, "changed places"),
        "y forgotten": ({"y * np.log(mu)": "np.log(mu)"}, "only once"),
        "log y! added": ({"- gammaln": "+ gammaln"}, "should be taken away"),
        "bits": ({"np.mean(y * np.log(mu) - mu - gammaln(y + 1))":
                  "np.mean(y * np.log(mu) - mu - gammaln(y + 1)) / np.log(2)"}, "these are bits"),
    },
    "nll": {
        "a product of means": ({"jnp.mean(jnp.exp(eta) - y * eta)":
                                "jnp.mean(jnp.exp(eta)) - jnp.mean(y) * jnp.mean(eta)"},
                               "mean count times mean eta"),
        "sign": ({"jnp.exp(eta) - y * eta": "y * eta - jnp.exp(eta)"}, "sign has to be turned"),
        "sum": ({"jnp.mean": "jnp.sum"}, "this is the sum"),
        "mu instead of eta": ({"y * eta": "y * jnp.exp(eta)"}, "instead of its logarithm"),
        "squares": ({"jnp.exp(eta) - y * eta": "(y - jnp.exp(eta)) ** 2"}, "squared error"),
        "the whole log-likelihood": (
            """
            def nll(theta, X, y):
                return -log_likelihood(y, expected_count(theta, X))
            """, "still in"),
        "mu and eta swapped": ({"jnp.exp(eta) - y * eta": "eta - y * jnp.exp(eta)"},
                               "mu and eta have changed places"),
    },
    "gradient": {
        "in mu, not in eta": ({"(np.exp(X @ theta) - y)": "(1 - y / np.exp(X @ theta))"},
                              "too many or too few"),
        "mu once more": ({"(np.exp(X @ theta) - y)":
                          "(np.exp(X @ theta) * (np.exp(X @ theta) - y))"}, "too many or too few"),
        "uphill": ({"np.exp(X @ theta) - y": "y - np.exp(X @ theta)"}, "points uphill"),
        "sum": ({" / len(y)": ""}, "the sum over bins"),
        "a straight line": ({"np.exp(X @ theta)": "X @ theta"}, "of a straight line"),
        "one per bin": ({"X.T @ (np.exp(X @ theta) - y) / len(y)":
                         "(np.exp(X @ theta) - y) / len(y)"}, "not one for each bin"),
        "over the weights": ({"len(y)": "len(theta)"}, "number of weights"),
    },
    "hessian": {
        "over the weights": ({"len(X)": "X.shape[1]"}, "number of weights"),
        "least squares": ({"(X * mu[:, None]).T @ X": "X.T @ X"}, "expected counts are missing"),
        "sum": ({" / len(X)": ""}, "the sum over bins"),
        "mu twice": ({".T @ X /": ".T @ (X * mu[:, None]) /"}, "come in twice"),
        "diagonal only": ({"(X * mu[:, None]).T @ X / len(X)": "(mu @ X**2) / len(X)"},
                          "one row and one column"),
        "downward": ({"(X * mu[:, None]).T": "-(X * mu[:, None]).T"}, "curves downward"),
        "diagonal in a matrix": ({"(X * mu[:, None]).T @ X / len(X)":
                                  "np.diag((mu @ X**2) / len(X))"}, "between two weights"),
        "no exp": ({"np.exp(X @ theta)": "X @ theta"}, "`exp` is missing"),
    },
    "newton_step": {
        "uphill": ({"theta - np": "theta + np"}, "goes uphill"),
        "the step alone": ({"theta - np": "-np"}, "not where it leads"),
        "the solution alone": ({"theta - np": "np"}, "not where it leads"),
        "multiplied": ({"np.linalg.solve(hessian(theta, X), gradient(theta, X, y))":
                        "hessian(theta, X) @ gradient(theta, X, y)"}, "multiplied with"),
        "half a step": ({"theta - np": "theta - 0.5 * np"}, "new weights are off"),
        "gradient step": ({"np.linalg.solve(hessian(theta, X), gradient(theta, X, y))":
                           "gradient(theta, X, y)"}, "the curvature is missing"),
        "diagonal": ({"np.linalg.solve(hessian(theta, X), gradient(theta, X, y))":
                      "gradient(theta, X, y) / np.diag(hessian(theta, X))"}, "only the diagonal"),
    },
    "fit": {
        "three steps": ({"range(100)": "range(3)"}, "mean expected and mean observed"),
        "result thrown away": ({"theta = newton_step(theta, X, y)": "newton_step(theta, X, y)"},
                               "where it started"),
        "stops early": ({"< 1e-8": "< 1e-2"}, "has not arrived"),
        "stops a little early": (
            """
            def fit(X, y):
                theta = np.zeros(X.shape[1])
                theta[0] = np.log(np.mean(y))
                while np.max(np.abs(gradient(theta, X, y))) > 1e-8:
                    theta = newton_step(theta, X, y)
                return theta + np.r_[0, np.full(X.shape[1] - 1, 1e-5)]
            """, "stopped too early"),
        "the sign of the slope kept": (
            """
            def fit(X, y):
                theta = np.zeros(X.shape[1])
                theta[0] = np.log(np.mean(y))
                while np.max(gradient(theta, X, y)) > 1e-8:
                    theta = newton_step(theta, X, y)
                return theta
            """, "large in size"),
        "slopes returned": ({"return theta": "return theta[1:]"}, "one weight for each column"),
    },
    "deviance": {
        "NaN": ({"np.where(y > 0, y, 1) / np.where(y > 0, mu, 1)": "y / mu"}, "give NaN"),
        "empty bins dropped": (
            """
            def deviance(y, mu):
                y, mu = y[y > 0], mu[y > 0]
                return 2 * np.sum(y * np.log(y / mu) - (y - mu))
            """, "empty bins are left out"),
        "no factor 2": ({"2 * np.sum": "np.sum"}, "factor 2"),
        "mean": ({"np.sum": "np.mean"}, "mean over bins"),
        "sign": ({"return 2": "return -2"}, "sign is turned"),
        "squared errors": (
            """
            def deviance(y, mu):
                return np.sum((y - mu) ** 2)
            """, "squared errors"),
        "log-likelihoods, not summed": (
            """
            def deviance(y, mu):
                return -2 * log_likelihood(y, mu)
            """, "mean over bins"),
        "logarithm upside down": ({"y * np.log(ratio)": "-y * np.log(ratio)"}, "bins with spikes"),
    },
    "pseudo_r2": {
        "McFadden": (
            """
            def pseudo_r2(y, mu):
                return 1 - log_likelihood(y, mu) / log_likelihood(y, np.full(len(y), np.mean(y)))
            """, "McFadden"),
        "upside down": ({"deviance(y, mu) / deviance(y, null)":
                         "deviance(y, null) / deviance(y, mu)"}, "upside down"),
        "ratio": ({"1 - deviance(y, mu)": "deviance(y, mu)"}, "still to be taken from 1"),
        "clipped": ({"1 - deviance(y, mu) / deviance(y, null)":
                     "max(0, 1 - deviance(y, mu) / deviance(y, null))"}, "do not cut"),
        "null is one spike": ({"np.mean(y))": "1.0)"}, "exactly 0"),
        "null is the mean prediction": ({"np.mean(y))": "np.mean(mu) + 0.3)"}, "exactly 0"),
        "null is the mean of the prediction": ({"np.mean(y))": "np.mean(mu))"},
                                               "mean of the prediction"),
        "no null model": ({" / deviance(y, null)": ""}, "null model is missing"),
        "squared errors": (
            """
            def pseudo_r2(y, mu):
                return 1 - np.sum((y - mu) ** 2) / np.sum((y - y.mean()) ** 2)
            """, "linear regression"),
        "explained variance": (
            """
            def pseudo_r2(y, mu):
                return np.corrcoef(y, mu + 1e-9 * np.arange(len(y)))[0, 1] ** 2
            """, "exactly 0"),
    },
}

RIGHT = {
    "fano": {
        "a loop": """
            def fano(draws):
                out = []
                for k in range(draws.shape[1]):
                    column = draws[:, k]
                    out.append(((column - column.mean()) ** 2).mean() / column.mean())
                return out
            """,
        "sample variance": "def fano(draws):\n    return draws.var(0, ddof=1) / draws.mean(0)",
    },
    "may_be_counts": {
        "a loop": """
            def may_be_counts(values):
                for value in values:
                    if not (value >= 0 and value % 1 == 0):
                        return False
                return True
            """,
        "floor": """
            def may_be_counts(values):
                return np.logical_and(values >= 0, np.floor(values) == values).all()
            """,
    },
    "expected_count": {
        "numpy": "def expected_count(theta, X):\n    return np.exp(np.dot(X, theta))",
        "a loop": """
            def expected_count(theta, X):
                return [np.exp(sum(w * v for w, v in zip(theta, row))) for row in X]
            """,
    },
    "log_likelihood": {
        "scipy": """
            def log_likelihood(y, mu):
                from scipy.stats import poisson
                return poisson.logpmf(y, mu).mean()
            """,
        "a loop": """
            def log_likelihood(y, mu):
                total = 0.0
                for k, m in zip(y, mu):
                    total += k * np.log(m) - m - gammaln(k + 1)
                return total / len(y)
            """,
    },
    "nll": {
        "numpy and two means": """
            def nll(theta, X, y):
                eta = np.dot(X, theta)
                return np.exp(eta).mean() - (y * eta).mean()
            """,
        "through expected_count": """
            def nll(theta, X, y):
                mu = expected_count(theta, X)
                return jnp.mean(mu - y * jnp.log(mu))
            """,
    },
    "gradient": {
        "jnp": """
            def gradient(theta, X, y):
                return (expected_count(theta, X) - y) @ X / X.shape[0]
            """,
        "a loop over columns": """
            def gradient(theta, X, y):
                error = np.exp(X @ theta) - y
                return [np.mean(X[:, k] * error) for k in range(X.shape[1])]
            """,
    },
    "hessian": {
        "einsum": """
            def hessian(theta, X):
                return np.einsum("t,ti,tj->ij", np.exp(X @ theta), X, X) / len(X)
            """,
        "roots": """
            def hessian(theta, X):
                Z = X * np.sqrt(np.exp(X @ theta))[:, None]
                return Z.T @ Z / X.shape[0]
            """,
    },
    "newton_step": {
        "inverse": """
            def newton_step(theta, X, y):
                return theta - np.linalg.inv(hessian(theta, X)) @ gradient(theta, X, y)
            """,
        "least squares": """
            def newton_step(theta, X, y):
                H, g = hessian(theta, X), gradient(theta, X, y)
                return theta - np.linalg.lstsq(H, g, rcond=None)[0]
            """,
    },
    "fit": {
        "a fixed number of steps": """
            def fit(X, y):
                theta = np.zeros(X.shape[1])
                theta[0] = np.log(np.mean(y))
                for _ in range(30):
                    theta = newton_step(theta, X, y)
                return theta
            """,
        "scipy": """
            def fit(X, y):
                from scipy.optimize import minimize
                start = np.r_[np.log(y.mean()), np.zeros(X.shape[1] - 1)]
                f = lambda t: float(nll(t, X, y))
                g = lambda t: np.asarray(gradient(t, X, y))
                found = minimize(f, start, jac=g, method="BFGS", options={"gtol": 1e-6}).x
                for _ in range(3):
                    found = newton_step(found, X, y)
                return found
            """,
    },
    "deviance": {
        "xlogy": """
            def deviance(y, mu):
                from scipy.special import xlogy
                return 2 * np.sum(xlogy(y, y / mu) - y + mu)
            """,
        "a loop": """
            def deviance(y, mu):
                total = 0.0
                for k, m in zip(y, mu):
                    total += m - k
                    if k > 0:
                        total += k * np.log(k / m)
                return 2 * total
            """,
    },
    "pseudo_r2": {
        "difference over null": """
            def pseudo_r2(y, mu):
                null = deviance(y, np.mean(y) * np.ones(len(y)))
                return (null - deviance(y, mu)) / null
            """,
        "on its own": """
            def pseudo_r2(y, mu):
                from scipy.special import xlogy
                D = lambda m: np.sum(xlogy(y, y / m) - y + m)
                return 1 - D(mu) / D(np.full(len(y), y.mean()))
            """,
    },
}
