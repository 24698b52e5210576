"""What learners type in lesson 10, with the hint that each mistake must get (see ../README.md)."""

WRONG = {
    "stopwatch": {
        "the first call counts": ({"    run()\n    taken": "    taken"}, "the first call counts"),
        "only one call": (
            """
            def stopwatch(run, repeats, clock=time.perf_counter):
                begin = clock()
                run()
                return clock() - begin
            """, "called only once"),
        "the mean": ({"np.median(taken)": "np.mean(taken)"}, "this is the mean"),
        "the fastest": ({"np.median(taken)": "min(taken)"}, "the fastest call"),
        "the sum": ({"np.median(taken)": "sum(taken)"}, "the sum of the five"),
        "all in one": (
            """
            def stopwatch(run, repeats, clock=time.perf_counter):
                run()
                begin = clock()
                for _ in range(repeats):
                    run()
                return (clock() - begin) / repeats
            """, "this is the mean"),
        "one watch for all": (
            {"        begin = clock()\n": "", "    taken = []\n": "    taken = []\n"
             "    begin = clock()\n"}, "from the same start"),
        "another watch": ({"begin = clock()": "begin = time.time()",
                           "clock() - begin": "time.time() - begin"}, "another watch"),
        "the upper of two in the middle": ({"np.median(taken)": "sorted(taken)[len(taken) // 2]"},
                                           "an even number of calls"),
        "the list": ({"np.median(taken)": "taken"}, "one number is asked for"),
        "start minus end": ({"clock() - begin": "begin - clock()"}, "below zero"),
        "the first call among those that count": (
            {"    run()\n    taken = []\n": "    begin = clock()\n    run()\n"
             "    taken = [clock() - begin]\n"}, "among those that count"),
        "one too few": ({"range(repeats)": "range(repeats - 1)"}, "the first call counts"),
        "one too many": ({"range(repeats)": "range(repeats + 1)"}, "was called 7 times"),
    },
    "finished": {
        "not waited": ({"jax.block_until_ready(f(*args))": "f(*args)"}, "nobody waited"),
        "waits for the arguments": (
            {"jax.block_until_ready(f(*args))": "f(*jax.block_until_ready(args))"},
            "nobody waited"),
        "one argument": ({"f(*args)": "f(args[0], args[0])"}, "as `f` gave it"),
        "the first of a tuple": (
            """
            def finished(f, *args):
                result = f(*args)
                first = result[0] if isinstance(result, tuple) else result
                first.block_until_ready()
                return result
            """, "only a part"),
        "a tuple loses its rest": (
            """
            def finished(f, *args):
                result = f(*args)
                return (result[0] if isinstance(result, tuple) else result).block_until_ready()
            """, "does not come back whole"),
        "called twice": ({"    return jax.block_until_ready(f(*args))":
                          "    jax.block_until_ready(f(*args))\n    return f(*args)"},
                         "called more than once"),
        "sleeps": (
            """
            def finished(f, *args):
                result = f(*args)
                time.sleep(0.01)
                return result
            """, "nobody waited"),
    },
    "speedup": {
        "upside down": ({"np.asarray(slow) / np.asarray(fast)":
                         "np.asarray(fast) / np.asarray(slow)"}, "upside down"),
        "ratio of medians": ({"np.median(ratio), ": "np.median(slow) / np.median(fast), "},
                             "medians first"),
        "the mean": ({"np.median(ratio)": "np.mean(ratio)"}, "the busy minute decides"),
        "ratio of sums": ({"np.median(ratio)": "np.sum(slow) / np.sum(fast)"},
                          "the busy minute decides"),
        "the fastest of each": ({"np.median(ratio)": "np.min(slow) / np.min(fast)"},
                                "the fastest of each"),
        "one number": ({", ratio.min(), ratio.max()": ""}, "three numbers"),
        "differences": ({"np.asarray(slow) / np.asarray(fast)":
                         "np.asarray(slow) - np.asarray(fast)"}, "differences in seconds"),
        "the smallest first": ({"np.median(ratio), ratio.min(), ":
                                "ratio.min(), np.median(ratio), "}, "comes first here"),
        "swapped": ({"ratio.min(), ratio.max()": "ratio.max(), ratio.min()"}, "are swapped"),
        "standard deviation": ({"ratio.min(), ratio.max()": "ratio.std(), ratio.max()"},
                               "one of the three"),
    },
    "gigabytes": {
        "bytes": ({" / 1e9": ""}, "these are bytes"),
        "numbers": ({" * itemsize": ""}, "not bytes"),
        "bits": ({" * itemsize": " * itemsize * 8"}, "these are bits"),
        "GiB": ({" / 1e9": " / 2**30"}, "this is GiB"),
        "X and Y only": ({"4 * T * N": "T * N"}, "three more arrays"),
        "a matrix for each neuron": ({"P * P": "N * P * P"}, "for *each* neuron"),
        "always float64": ({"* itemsize": "* 8"}, "half the bytes"),
        "the matrix forgotten": ({" + P * P": ""}, "the sum is off"),
        "the three without Y": ({"4 * T * N": "3 * T * N"}, "the sum is off"),
    },
    "rows_that_fit": {
        "no room for the matrix": ({" - P * P": ""}, "has no room"),
        "rounded up": ({"int(left // (P + 4 * N))": "int(np.ceil(left / (P + 4 * N)))"},
                       "do not fit"),
        "to the nearest": ({"int(left // (P + 4 * N))": "round(left / (P + 4 * N))"},
                           "do not fit"),
        "decimals": ({"int(left // (P + 4 * N))": "left / (P + 4 * N)"}, "a whole number"),
        "negative": ({"max(0, int(left // (P + 4 * N)))": "int(left // (P + 4 * N))"},
                     "for a single row"),
        "one neuron": ({"P + 4 * N": "P + 4"}, "do not fit"),
        "always float64": ({"/ itemsize": "/ 8"}, "more than twice the rows"),
        "only X and Y": ({"P + 4 * N": "P + N"}, "do not fit"),
        "one too few": ({"int(left // (P + 4 * N))": "int(left // (P + 4 * N)) - 1"},
                        "more rows would fit"),
    },
    "gram": {
        "the last piece is lost": ({"range(0, T, chunk)": "range(0, T - chunk + 1, chunk)"},
                                   "never asked for"),
        "all at once": (
            """
            def gram(piece, T, chunk):
                X, Y = piece(0, T)
                return X.T @ X, X.T @ Y
            """, "larger than `chunk`"),
        "the last piece alone": ({"G, C = G + X.T @ X, C + X.T @ Y": "G, C = X.T @ X, X.T @ Y"},
                                 "only the last piece"),
        "beyond the end": ({"min(start + chunk, T)": "start + chunk"}, "rows that are not there"),
        "overlap": ({"min(start + chunk, T)": "min(start + chunk, T)",
                     "range(0, T, chunk)": "range(0, T, chunk - 1)"}, "asked for twice"),
        "a row is missing between pieces": (
            {"min(start + chunk, T)": "min(start + chunk - 1, T)"}, "never asked for"),
        "means": ({"    return G, C": "    return G / T, C / T"}, "a mean"),
        "means of pieces": ({"G + X.T @ X, C + X.T @ Y": "G + X.T @ X / chunk, C + X.T @ Y"},
                            "a mean"),
        "turned the wrong way": ({"C + X.T @ Y": "C + Y.T @ X"}, "two matrices"),
        "only G": ({"    return G, C": "    return G"}, "two matrices"),
        "Y with Y": ({"C + X.T @ Y": "C + Y.T @ Y"}, "two matrices"),
        "rows of each piece reversed": ({"X.T @ Y": "X[::-1].T @ Y"}, "X'Y is off"),
    },
    "ridge_all": {
        "no penalty": ({" + strength * np.eye(len(G))": ""}, "the penalty is missing"),
        "the 2 is missing": ({"2 * G / T": "G / T", "2 * C / T": "C / T"}, "the 2 of the slope"),
        "sums": ({"2 * G / T": "2 * G", "2 * C / T": "2 * C"}, "sums in place of means"),
        "everywhere": ({" * np.eye(len(G))": ""}, "every entry"),
        "sign": ({"+ strength": "- strength"}, "the sign of the penalty"),
        "one neuron": ({"2 * C / T)": "2 * C[:, 0] / T)"}, "make weights of (4, 3)"),
        "transposed": ({"    return np.linalg.solve(2 * G / T + strength * np.eye(len(G)), "
                        "2 * C / T)":
                        "    return np.linalg.solve(2 * G / T + strength * np.eye(len(G)), "
                        "2 * C / T).T"}, "make weights of (4, 3)"),
        "half of it": ({"2 * C / T": "C / T"}, "half as large"),
        "half the penalty": ({"+ strength *": "+ strength / 2 *"}, "half the penalty"),
        "inverse of each number": (
            {"np.linalg.solve(2 * G / T + strength * np.eye(len(G)), 2 * C / T)":
             "1 / (2 * G / T + strength * np.eye(len(G))) @ (2 * C / T)"}, "the weights are off"),
    },
    "fit_each": {
        "swapped": ({", axis=1": ""}, "are swapped"),
        "always the same neuron": ({"fit(X, y, strength)": "fit(X, Y[:, 0], strength)"},
                                   "the same neuron"),
        "averaged": ({"fit(X, y, strength)": "fit(X, Y.mean(axis=1) + 1e-3 * y, strength)"},
                     "the weights are off"),
        "strength forgotten": ({"fit(X, y, strength)": "fit(X, y)"}, "the strength is not used"),
        "the first neuron alone": ({"for y in Y.T]": "for y in Y.T[:1]]"},
                                   "make weights of (3, 2)"),
        "backwards": ({"for y in Y.T]": "for y in Y.T[::-1]]"}, "the weights are off"),
        "with the intercept": (
            """
            def fit_each(X, Y, strength):
                models = [fit(X, y, strength) for y in Y.T]
                return np.stack([np.append(m.coef_, m.intercept_) for m in models], axis=1)
            """, "make weights of (3, 2)"),
        "the intercepts": ({".coef_": ".intercept_"}, "make weights of (3, 2)"),
    },
    "digits": {
        "natural logarithm": ({"np.log10": "np.log"}, "natural logarithm"),
        "sign": ({"-np.log10": "np.log10"}, "the sign is turned"),
        "differences with a sign": ({"np.max(np.abs(a - b))": "np.max(a - b)"}, "was not seen"),
        "not related to the size": ({" / np.max(np.abs(b))": ""}, "is not related"),
        "the largest value": ({"np.max(np.abs(b))": "np.max(b)"}, "the largest *value*"),
        "each by its own": ({"np.max(np.abs(a - b)) / np.max(np.abs(b))":
                             "np.max(np.abs((a - b) / b))"}, "by its own weight"),
        "one for each": ({"np.max(np.abs(a - b)) / np.max": "np.abs(a - b) / np.max"},
                         "one number for all"),
        "the mean difference": ({"np.max(np.abs(a - b))": "np.mean(np.abs(a - b))"},
                                "the number of digits is off"),
    },
    "padded": {
        "cut": (
            """
            def padded(X, n):
                keep = len(X) // n * n
                return X[:keep], np.ones(keep)
            """, "rows of data were dropped"),
        "a whole n too many": ({"-len(X) % n": "n - len(X) % n"}, "need no filling"),
        "n rows": ({"-len(X) % n": "n"}, "need 12"),
        "in front": (
            {"np.concatenate([X, np.zeros((more, X.shape[1]))])":
             "np.concatenate([np.zeros((more, X.shape[1])), X])"}, "the data have moved"),
        "copies of the last row": (
            {"np.zeros((more, X.shape[1]))": "np.repeat(X[-1:], more, axis=0)"},
            "are not zero"),
        "weights of 1": ({"np.zeros(more)": "np.ones(more)"}, "as much as data"),
        "weights of the data alone": (
            {"np.concatenate([np.ones(len(X)), np.zeros(more)])": "np.ones(len(X))"},
            "one weight for each row"),
        "no weights": ({"np.zeros((more, X.shape[1]))]), weight": "np.zeros((more, X.shape[1]))])"},
                       "two things"),
        "weights turned": ({"[np.ones(len(X)), np.zeros(more)]":
                            "[np.zeros(more), np.ones(len(X))]"}, "the weights are off"),
    },
    "amdahl": {
        "everything shared": ({"(serial + parallel / n)": "((serial + parallel) / n)"},
                              "everything was shared"),
        "the time": ({"(serial + parallel) / (serial + parallel / n)": "serial + parallel / n"},
                     "this is the time"),
        "upside down": ({"(serial + parallel) / (serial + parallel / n)":
                         "(serial + parallel / n) / (serial + parallel)"}, "upside down"),
        "serial missing above": ({"(serial + parallel) /": "parallel /"}, "is missing above"),
        "n": ({"(serial + parallel) / (serial + parallel / n)": "n"}, "everything was shared"),
        "shares taken for seconds": ({"(serial + parallel) /": "1 /"}, "sum of both parts"),
        "shared the wrong part": ({"(serial + parallel / n)": "(serial / n + parallel)"},
                                  "the factor is off"),
        "the time saved": ({"(serial + parallel) / (serial + parallel / n)":
                            "parallel - parallel / n"}, "the factor is off"),
    },
}

RIGHT = {
    "stopwatch": {
        "sorted": """
            def stopwatch(run, repeats, clock=time.perf_counter):
                def one():
                    start = clock()
                    run()
                    stop = clock()
                    return stop - start

                run()
                return float(np.percentile([one() for _ in range(repeats)], 50))
            """,
        "statistics": """
            def stopwatch(run, repeats, clock=time.perf_counter):
                from statistics import median

                times = []
                for k in range(repeats + 1):
                    t0 = clock()
                    run()
                    times.append(clock() - t0)
                return median(times[1:])
            """,
    },
    "finished": {
        "in two lines": """
            def finished(f, *args):
                result = f(*args)
                jax.block_until_ready(result)
                return result
            """,
        "each by itself": """
            def finished(f, *args):
                result = f(*args)
                for part in result if isinstance(result, tuple) else [result]:
                    part.block_until_ready()
                return result
            """,
    },
    "speedup": {
        "a list": """
            def speedup(slow, fast):
                ratios = sorted(s / f for s, f in zip(slow, fast, strict=True))
                return [np.median(ratios), ratios[0], ratios[-1]]
            """,
        "percentiles": """
            def speedup(slow, fast):
                return np.percentile(np.divide(slow, fast), [50, 0, 100])
            """,
    },
    "gigabytes": {
        "row by row": """
            def gigabytes(T, P, N, itemsize=8):
                numbers = T * P
                numbers += T * N
                numbers += 3 * T * N
                numbers += P**2
                return numbers * itemsize * 1e-9
            """,
        "a dict": """
            def gigabytes(T, P, N, itemsize=8):
                sizes = {"X": (T, P), "Y": (T, N), "three": (3 * T, N), "G": (P, P)}
                return sum(a * b for a, b in sizes.values()) * itemsize / 10**9
            """,
    },
    "rows_that_fit": {
        "floor": """
            def rows_that_fit(budget, P, N, itemsize=8):
                row, matrix = (P + 4 * N) * itemsize, P * P * itemsize
                return int(np.floor(max(budget * 1e9 - matrix, 0) / row))
            """,
        "an if": """
            def rows_that_fit(budget, P, N, itemsize=8):
                numbers = budget * 1e9 / itemsize
                if numbers <= P**2:
                    return 0
                return (numbers - P**2) // (P + 4 * N)
            """,
    },
    "gram": {
        "one product for both": """
            def gram(piece, T, chunk):
                total, start = None, 0
                while start < T:
                    stop = min(T, start + chunk)
                    X, Y = piece(start, stop)
                    part = X.T @ np.hstack([X, Y])
                    total = part if total is None else total + part
                    start = stop
                P = len(total)
                return total[:, :P], total[:, P:]
            """,
        "row by row inside a piece": """
            def gram(piece, T, chunk):
                edges = [*range(0, T, chunk), T]
                parts = [piece(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
                return [sum(np.einsum("tp,tq->pq", X, Z) for X, Z in
                            [(p[0], p[k]) for p in parts]) for k in (0, 1)]
            """,
    },
    "ridge_all": {
        "in other units": """
            def ridge_all(G, C, T, strength):
                return np.linalg.solve(G + T * strength / 2 * np.identity(G.shape[0]), C)
            """,
        "Cholesky": """
            def ridge_all(G, C, T, strength):
                from scipy.linalg import cho_factor, cho_solve

                A = G / T
                A[np.diag_indices(len(A))] += strength / 2
                return cho_solve(cho_factor(A), C / T)
            """,
        "eigenvectors": """
            def ridge_all(G, C, T, strength):
                size, V = np.linalg.eigh(2 * G / T)
                return V @ ((V.T @ (2 * C / T)) / (size + strength)[:, None])
            """,
    },
    "fit_each": {
        "a loop": """
            def fit_each(X, Y, strength):
                W = np.zeros((X.shape[1], Y.shape[1]))
                for n in range(Y.shape[1]):
                    W[:, n] = fit(X, Y[:, n], strength).coef_
                return W
            """,
        "columns of two dimensions": """
            def fit_each(X, Y, strength):
                return np.hstack([fit(X, Y[:, [n]], strength).coef_ for n in range(Y.shape[1])])
            """,
    },
    "digits": {
        "two logarithms": """
            def digits(a, b):
                return np.log10(abs(b).max()) - np.log10(abs(a - b).max())
            """,
        "norms": """
            def digits(a, b):
                size = lambda v: np.linalg.norm(np.ravel(v), np.inf)
                return -np.log(size(b - a) / size(b)) / np.log(10)
            """,
    },
    "padded": {
        "np.pad": """
            def padded(X, n):
                rows = -(-len(X) // n) * n
                return np.pad(X, ((0, rows - len(X)), (0, 0))), (np.arange(rows) < len(X)) * 1.0
            """,
        "filled in": """
            def padded(X, n):
                rows = int(np.ceil(len(X) / n)) * n
                full, weight = np.zeros((rows, X.shape[1])), np.zeros(rows)
                full[: len(X)], weight[: len(X)] = X, 1
                return full, weight
            """,
    },
    "amdahl": {
        "times": """
            def amdahl(serial, parallel, n):
                alone = serial + parallel
                together = serial + parallel / n
                return alone / together
            """,
        "shares": """
            def amdahl(serial, parallel, n):
                s = serial / (serial + parallel)
                return 1 / (s + (1 - s) / n)
            """,
    },
}
