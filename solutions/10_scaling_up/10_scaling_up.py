# %% [markdown]
# # 10 · Scaling up: the same fit, many times
#
# One neuron took a second. You have a thousand, eleven strengths, five folds: that is half a day,
# or a minute. Which of the two it is depends less on the machine than on what you compute, how
# often, and whether you measured what you think you measured. Your question today: **where does
# the time go, and what may be left out without changing a digit?**

# %% [markdown]
# **At the end you can**
# - time a computation honestly: compile apart, wait for the result, medians, ratios;
# - say before a run how much memory it takes, and cut it into chunks if that is too much;
# - compute first what all neurons share;
# - show that a population is no more than its neurons, one by one;
# - choose between float32 and float64, and lay data over several devices.
#
# **You need** lesson 02 (slope, Newton step) and lesson 03 (ridge). Lesson 07 uses the same data.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | time it | 25 min | 40 min |
# | 2 | before the run: memory | 15 min | 25 min |
# | 3 | what all neurons share | 20 min | 35 min |
# | 4 | a population, one by one | 15 min | 25 min |
# | 5 | half the digits | 10 min | 15 min |
# | 6 | several devices | 20 min | 30 min |
#
# Live, break after part 3. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. They need no exercise. Nothing here needs a GPU.

# %%
import os
import subprocess
import sys
import time

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, show

plt.rcParams.update({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False})
recording = data_fetch.load("task_variables")
print(recording)
print("devices:", [f"{d.platform} {d.id}" for d in jax.devices()], "| cores:", os.cpu_count())

# %% [markdown]
# ## 1. Time it
#
# A small design first, from lesson 07: bumps of place and of time since the choice, each once as it
# is and once multiplied by the cue. 120 trials, and the 60 liveliest neurons. The last 24 trials
# are for the test; no feature reaches back over bins, so no gap is needed.

# %%
# catch-up
trial = recording["trial_num"].values
first = np.isin(trial, np.unique(trial)[:120])
place, since = (recording[k].values[first] for k in ("posF", "time_from_cho"))
cue = recording["task_var"]["cue"].values[first]
test = np.isin(trial[first], np.unique(trial)[96:120])
activity = 10 * recording["deconv"].values[first]  # events per bin
Y = activity[:, np.argsort(-activity[~test].mean(axis=0))[:60]]


def bumps(x, centres):
    """(T, K): raised cosines (lesson 03); 0 where x is unknown."""
    steps = (x[:, None] - centres) / (2 * (centres[1] - centres[0]))
    return np.nan_to_num((1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2)


where, when = bumps(place, np.linspace(10, 250, 20)), bumps(since, np.linspace(0, 5, 13))
X = np.hstack([where, when, where * cue[:, None], when * cue[:, None]])
X_train, Y_train = X[~test], Y[~test]
T, P = X_train.shape
N = Y.shape[1]


def fit(X, Y, strength=1e-3):
    """A Poisson GLM with ridge, for one neuron or all."""
    return nmo.glm.GLM(regularizer="Ridge", regularizer_strength=strength).fit(X, Y)


# %% [markdown]
# **Predict.** You fit the same neuron four times in a row. Will all four take as long?

# %%
taken = []
for _ in range(4):
    start = time.perf_counter()
    fit(X_train, Y_train[:, 0])
    taken.append(time.perf_counter() - start)
print(f"{T} bins, {P} features, one neuron:", ", ".join(f"{1e3 * s:.0f} ms" for s in taken))
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
bars = ax.bar(range(1, 5), taken, color=[OTHER, MODEL, MODEL, MODEL])
ax.bar_label(bars, [f"{1e3 * s:.0f} ms" for s in taken])
ax.set(xlabel="call", ylabel="time (s)", title="the same fit, four times")
ax.set_xticks(range(1, 5))
ax.margins(y=0.12)
show(fig, "Bars of the time of four identical fits; the first is much higher than the others.")

# %% [markdown]
# You should see one high bar and three low ones. JAX translates a function into machine code when
# it meets a new *shape* or type of data. This is called **compiling**; it takes about as long for
# ten bins as for ten million. From then on the code is there. Neither number is wrong. But they
# answer two questions: "how long do I wait once?" and "how long does each fit take?"
#
# So: one call first, not counted. Then several. Other programs get in the way at times and never
# help, so take the **median**: a single slow call does not move it.
#
# **Exercise 1.** Write `stopwatch`. Call `run()` once without counting. Then take the time of each
# of `repeats` calls, each from its own start to its own end. `clock()` gives the time in seconds.

# %% exercise="stopwatch"
def stopwatch(run, repeats, clock=time.perf_counter):
    """Median seconds of a call of ``run``, after one call that does not count."""
    ### BEGIN SOLUTION
    run()
    taken = []
    for _ in range(repeats):
        begin = clock()
        run()
        taken.append(clock() - begin)
    return np.median(taken)
    ### END SOLUTION

# %% check="stopwatch" points=2
with check("stopwatch") as c:
    def experiment(lengths, repeats):
        """What the answer makes of calls that take ``lengths`` seconds on a clock of our own."""
        now, calls = [100.0], []

        def run():
            now[0] += lengths[min(len(calls), len(lengths) - 1)]
            calls.append(now[0])

        return c.call(stopwatch, run, repeats, lambda: now[0]), len(calls)

    got, calls = experiment([50.0, 2, 3, 40, 4, 5], 5)
    c.that(np.shape(got) == (), "one number is asked for: the median of the calls",
           "many times, one median", "not the list")
    c.that(calls > 1, "`run` was called only once: that is the call that compiles",
           "one call does not count", "then come `repeats` more")
    c.that(calls != 5, "the first call counts for you: it compiles, and the others do not",
           "call once before the watch starts", "then time five more")
    c.that(calls == 6, f"`run` was called {calls} times: one that does not count, and five",
           "1 + repeats", "no more, no less")
    c.that(not np.isclose(got, 54 / 5), "this is the mean: one call of 40 s, when the machine was "
           "busy, moves it far", "half of the calls should be faster, half slower", "the median")
    c.that(not np.isclose(got, 2.0), "this is the fastest call: it says what is possible, not what "
           "to expect", "half of the calls should be faster, half slower", "the median")
    c.that(not np.isclose(got, 54), "this is the sum of the five calls",
           "how long does *one* take?", "the median of five")
    c.that(not np.isclose(got, 4.5), "the first call is among those that count",
           "it compiles: 50 s here", "leave it out")
    c.that(got > 0, "a time is below zero: end minus start", "later is larger", "turn it round")
    c.that(not np.isclose(got, 45), "all calls are timed from the same start: the later they come, "
           "the longer they seem to take", "each has a start of its own", "start the watch anew")
    c.that(got > 0.01, "another watch was read: `clock` says how late it is here",
           "`clock()` gives the time in seconds", "ask `clock`, before and after")
    c.equal(got, 4.0, "the median is off", "the five calls take 2, 3, 40, 4 and 5 s",
            "each from its own start to its own end")
    c.equal(experiment([9.0, 1.0, 2.0, 3.0, 4.0], 4)[0], 2.5, "off for an even number of calls: "
            "they take 1, 2, 3 and 4 s", "no call is the one in the middle",
            "the median lies halfway between the two in the middle")
    ### BEGIN HIDDEN TESTS
    lengths = c.rng.gamma(2, size=12).tolist()
    c.equal(experiment(lengths, 11)[0], np.median(lengths[1:12]), "off for other calls")
    ### END HIDDEN TESTS

# %% [markdown]
# The second trap. JAX hands back an array *before it is computed*, and goes on in the background.
# A watch that stops there has timed the order, not the meal.

# %%
# catch-up
rng = np.random.default_rng(0)
big = jnp.asarray(rng.normal(size=(1500, 1500)), dtype=jnp.float32)
product = jax.jit(lambda a: a @ a @ a @ a)
_ = product(big).block_until_ready()  # compiled

# %%
begin = time.perf_counter()
promise = product(big)
ordered = time.perf_counter() - begin
promise.block_until_ready()
served = time.perf_counter() - begin
print(f"order taken after {1e3 * ordered:.2f} ms, result there after {1e3 * served:.1f} ms")

# %% [markdown]
# You should see a short time, and a total many times as long. (On a busy machine the order itself
# may take a while.)
#
# **Exercise 2.** Write `finished`: call `f` with the arguments and return its result, once it is
# really there. The result may be an array or a tuple of arrays. (`jax.block_until_ready` waits for
# everything in what it is given, and hands it back.)

# %% exercise="finished"
def finished(f, *args):
    """What f gives for these arguments, returned only when all of it is computed."""
    ### BEGIN SOLUTION
    return jax.block_until_ready(f(*args))
    ### END SOLUTION

# %% check="finished" points=1
with check("finished") as c:
    class Promise:
        """Stands for an array that is still being computed."""

        def __init__(self, log, value):
            self.log, self.value = log, value

        def block_until_ready(self):
            self.log.append(self.value)
            return self

        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.value, dtype)

        def __float__(self):
            return self.value

    log, made = [], []

    def plus(a, b):
        made.append(a)
        return Promise(log, a + b)

    got = c.call(finished, plus, 2.0, 3.0)
    c.that(np.shape(got) == () and np.isclose(got, 5),
           "the result does not come back as `f` gave it", "return what was computed",
           "all arguments go to `f`")
    c.that(len(log) > 0, "nobody waited: what comes back may not be computed yet",
           "the result is a promise", "wait for it before you return")
    c.that(len(made) == 1, "`f` is called more than once: what you return is not what you waited "
           "for", "each call makes a new promise", "keep the result of the first call")
    log = []
    pair = c.call(finished, lambda a: (Promise(log, a), Promise(log, -a)), 7.0)
    c.that(np.allclose(pair, [7, -7]), "a tuple of results does not come back whole",
           "return all that `f` gives", "the order stays")
    c.that(sorted(log) == [-7, 7], "only a part of a tuple was waited for",
           "every array in it may still be under way", "wait for the whole")
    ### BEGIN HIDDEN TESTS
    log, a = [], float(c.rng.normal())
    c.equal(c.call(finished, lambda *x: Promise(log, sum(x)), a, 1, 2, 3), a + 6, "off")
    c.that(len(log) > 0, "nobody waited with four arguments")
    ### END HIDDEN TESTS

# %% [markdown]
# `minglm` waits for you: its results are NumPy arrays, and these cannot be promises.
#
# Third: "twice as fast" compares two numbers from a machine whose mood changes. Measure the two by
# turns, A B A B A B, and divide *within* each pair: what slows a whole minute slows both.
#
# **Exercise 3.** Write `speedup` from such pairs: the median of the ratios, then the smallest and
# the largest. Above 1 means that `fast` is faster.

# %% exercise="speedup"
def speedup(slow, fast):
    """(median, smallest, largest) of how many times faster; seconds (n,) taken by turns."""
    ### BEGIN SOLUTION
    ratio = np.asarray(slow) / np.asarray(fast)
    return np.median(ratio), ratio.min(), ratio.max()
    ### END SOLUTION

# %% check="speedup" points=1
with check("speedup") as c:
    a, b = np.array([2.0, 40.0, 3.0, 1.8]), np.array([1.0, 10.0, 2.0, 0.6])  # 2, 4, 1.5, 3
    got = c.call(speedup, a, b)
    c.that(np.shape(got) == (3,), "three numbers: median, smallest, largest",
           "a ratio without its spread is half a result", "in this order")
    c.that(not np.isclose(got[0], 1 / 2.5) and not np.isclose(got[0], 0.4166666667),
           "the ratio is upside down: `fast` seems to be slower", "seconds of slow over seconds of "
           "fast", "more than 1 is faster")
    c.that(not np.isclose(got[0], 2.5 / 1.5), "medians first, then their ratio: a busy minute that "
           "hit one pair moves one of them, and not the other", "divide within each pair",
           "pairs were taken side by side")
    c.that(not np.isclose(got[0], np.sum(a) / np.sum(b)) and not np.isclose(got[0], 2.625),
           "a mean, or a ratio of sums: the pair of the busy minute decides",
           "half of the pairs above, half below", "the median of the ratios")
    c.that(not np.isclose(got[0], 1.8 / 0.6),
           "the fastest of each: they come from different moments", "divide within each pair",
           "then take the median")
    c.that(not np.isclose(got[0], 1.5), "the smallest ratio comes first here: the median is asked "
           "for first", "median, smallest, largest", "in this order")
    c.that(not np.isclose(got[0], 1.1), "these are differences in seconds: how many *times* "
           "faster?", "a ratio has no unit", "divide within each pair")
    c.that(got[1] <= got[2], "smallest and largest are swapped", "smallest first",
           "then the largest")
    c.equal(got, [2.5, 1.5, 4], "one of the three is off", "the ratios are 2, 4, 1.5 and 3",
            "median of an even number: between the two in the middle")
    ### BEGIN HIDDEN TESTS
    a, b = c.rng.gamma(3, size=(2, 9))
    r = sorted(a / b)
    c.equal(c.call(speedup, a, b), [r[4], r[0], r[8]], "off for other times")
    ### END HIDDEN TESTS

# %%
loop = lambda: [float(np.exp(v)) for v in place[:2000]]
array = lambda: np.exp(place[:2000])
turns = np.array([[stopwatch(loop, 3), stopwatch(array, 3)] for _ in range(7)])
middle, low, high = speedup(*turns.T)
print(f"an array instead of a loop: {middle:.0f} times faster (from {low:.0f} to {high:.0f})")

# %% [markdown]
# You should see a factor in the tens or hundreds, with a spread. Before a larger machine, look for
# loops.

# %%
# catch-up: the watch of exercise 1, for the parts that follow


def seconds(run, repeats=5):
    """Median seconds of a call of ``run``, after one that does not count."""
    run()
    ticks = [(time.perf_counter(), run(), time.perf_counter()) for _ in range(repeats)]
    return np.median([end - begin for begin, _, end in ticks])


def explained(mu):
    """(N,): fraction of deviance explained on the test trials."""
    return nmo.metrics.fraction_deviance_explained(Y[test], mu, y_train=Y_train, per="neuron")


# %% [markdown]
# ## 2. Before the run: memory
#
# A run that is too slow ends tomorrow. A run that is too large ends at once, or drags the whole
# machine down. So count before you start. With T bins, P features and N neurons, this is in memory
# during a fit:
#
# | what | numbers |
# |---|---|
# | features X | T · P |
# | activity Y | T · N |
# | rate, slope and curvature of every bin and neuron | 3 · T · N |
# | one matrix of features by features | P · P |
#
# A number takes 8 bytes (64 bits) in float64 and 4 in float32. One GB is $10^9$ bytes.
#
# **Predict.** 100,000 bins, 1000 features, 500 neurons: does it fit into a laptop with 8 GB?
#
# **Exercise 4.** Write `gigabytes`. `itemsize` is the number of bytes of a number.

# %% exercise="gigabytes"
def gigabytes(T, P, N, itemsize=8):
    """GB in memory during a fit of N neurons on P features over T bins."""
    ### BEGIN SOLUTION
    return (T * P + 4 * T * N + P * P) * itemsize / 1e9
    ### END SOLUTION

# %% check="gigabytes" points=1
with check("gigabytes") as c:
    got = c.call(gigabytes, 100_000, 1000, 500, 8)
    want = (1e8 + 4 * 5e7 + 1e6) * 8 / 1e9
    c.that(np.shape(got) == (), "one number is asked for", "add up the four rows", "in GB")
    c.that(not np.isclose(got, want * 1e9), "these are bytes", "one GB is a billion bytes",
           "divide")
    c.that(not np.isclose(got, want / 8), "these are numbers, not bytes: each takes `itemsize`",
           "8 bytes for a float64", "multiply")
    c.that(not np.isclose(got, want * 8), "these are bits: `itemsize` counts bytes already",
           "8 bytes are 64 bits", "no further factor")
    c.that(not np.isclose(got, want * 1e9 / 2**30), "this is GiB, of 1024³ bytes: here a GB is "
           "10⁹ bytes", "the two differ by 7 %", "divide by a billion")
    c.that(not np.isclose(got, (1e8 + 5e7 + 1e6) * 8e-9),
           "rate, slope and curvature are missing: three more arrays as large as Y",
           "they are needed for all bins and neurons at once", "count the rows of the table")
    c.that(not np.isclose(got, (1e8 + 2e8 + 5e8) * 8e-9),
           "a matrix of features by features for *each* neuron: here there is one",
           "that is what sharing saves (part 3)", "P times P, once")
    half = c.call(gigabytes, 100_000, 1000, 500, 4)
    c.that(np.isclose(half, got / 2), "half the bytes should take half the memory",
           "is `itemsize` used?", "every number has this size")
    c.equal(got, want, "the sum is off", "four rows: T P, T N, 3 T N, P P", "then bytes, then GB")
    ### BEGIN HIDDEN TESTS
    t, p, n = (int(k) for k in c.rng.integers(100, 9000, 3))
    c.equal(c.call(gigabytes, t, p, n, 4), 4e-9 * (t * (p + 4 * n) + p**2), "off for other sizes")
    ### END HIDDEN TESTS

# %% [markdown]
# If it is too much, cut time into **chunks**: of X and Y and the three arrays only some rows are in
# memory at a time. The P · P matrix stays.
#
# **Exercise 5.** Write `rows_that_fit`: the largest whole number of rows for a budget in GB. If not
# even one row fits, the answer is 0.

# %% exercise="rows_that_fit"
def rows_that_fit(budget, P, N, itemsize=8):
    """Rows of a chunk so that the fit stays within ``budget`` GB."""
    ### BEGIN SOLUTION
    left = budget * 1e9 / itemsize - P * P
    return max(0, int(left // (P + 4 * N)))
    ### END SOLUTION

# %% check="rows_that_fit" points=1
with check("rows_that_fit") as c:
    got = c.call(rows_that_fit, 1.005, 1000, 500, 8)
    c.that(np.shape(got) == () and float(got).is_integer(),
           "a whole number of rows is asked for", "half a row is none", "cut the decimals")
    size = lambda rows: (rows * 3000 + 1e6) * 8 / 1e9
    c.that(not np.isclose(got, 1.005e9 / 8 // 3000, atol=2), "the matrix of features by features "
           "has no room", "it is there all the time", "take it off the budget first")
    c.that(size(got) <= 1.005, "so many rows do not fit", "what does one row of all arrays take?",
           "never round up")
    c.that(size(got + 1) > 1.005, "more rows would fit", "the largest number is asked for",
           "what does one row of all arrays take?")
    c.that(c.call(rows_that_fit, 0.001, 1000, 500, 8) == 0,
           "with no room for a single row your number is not 0", "a negative number of rows?",
           "no less than 0")
    single = c.call(rows_that_fit, 1.005, 1000, 500, 4)
    c.that(single > 2 * got, "in float32 more than twice the rows should fit",
           "is `itemsize` used?", "the matrix shrinks, too")
    ### BEGIN HIDDEN TESTS
    p, n = (int(k) for k in c.rng.integers(50, 2000, 2))
    rows = c.call(rows_that_fit, 2.0, p, n, 4)
    mass = lambda r: (r * (p + 4 * n) + p * p) * 4
    c.that(mass(rows) <= 2e9 < mass(rows + 1), "off for other sizes")
    ### END HIDDEN TESTS

# %% [markdown]
# Now move the sizes. The dashed lines are a laptop and a large GPU.

# %%
def budget(bins=100, features=1000, neurons=500):
    size = [gigabytes(1000 * bins, features, neurons, k) for k in (8, 4)]
    fig, ax = plt.subplots(figsize=(8, 2.6), layout="constrained")
    ax.scatter(size, [1, 0], s=150, color=[MODEL, OTHER])
    for row, gb in zip((1, 0), size, strict=True):
        ax.text(gb, row + 0.25, f"{gb:.2g} GB", ha="center")
    for limit, name in ((8, "laptop, 8 GB"), (80, "GPU, 80 GB")):
        ax.axvline(limit, color="k", ls="--", lw=1)
        ax.text(limit * 1.05, 1.75, name)
    ax.set(xscale="log", xlim=(0.005, 1000), ylim=(-0.6, 2.1), xlabel="memory (GB), logarithmic",
           title=f"{bins} thousand bins, {features} features, {neurons} neurons",
           ylabel="precision")
    ax.set_yticks([1, 0], ["float64", "float32"])
    show(fig, "Points for the memory in float64 and float32, with lines at 8 and 80 GB.")


budget()

# %%
_ = interact(budget, bins=IntSlider(100, 10, 2000, 10, continuous_update=False),
             features=IntSlider(1000, 50, 5000, 50, continuous_update=False),
             neurons=IntSlider(500, 10, 5000, 10, continuous_update=False))

# %% [markdown]
# You should see that 100,000 bins with 1000 features and 500 neurons stay below the laptop's line,
# and that ten times the bins do not. Neurons cost more than features: four numbers each per bin.
# They can be fitted in batches, without any loss. Part 4 says why.

# %% [markdown]
# ## 3. What all neurons share
#
# The neurons differ. Their features do not: all of them use the same X. So what depends on X alone
# is computed **once**. The most useful such thing is the **Gram matrix** $G = X^\top X$, features
# by features. And it is a sum over bins, so it can be had in chunks.
#
# **Exercise 6.** Write `gram`: $G = X^\top X$ and $C = X^\top Y$, without ever asking for more than
# `chunk` rows. `piece(start, stop)` gives the rows from `start` up to, but without, `stop` of X and
# of Y. There are `T` rows: never ask for more.

# %% exercise="gram"
def gram(piece, T, chunk):
    """(G, C): X'X (P, P) and X'Y (P, N), added up over pieces of at most ``chunk`` rows."""
    ### BEGIN SOLUTION
    G, C = 0, 0
    for start in range(0, T, chunk):
        X, Y = piece(start, min(start + chunk, T))
        G, C = G + X.T @ X, C + X.T @ Y
    return G, C
    ### END SOLUTION

# %% check="gram" points=2
with check("gram") as c:
    A, B = c.rng.normal(size=(23, 3)), c.rng.normal(size=(23, 2))
    asked = []

    def rows(start, stop):
        asked.append((int(start), int(stop)))
        return A[start:stop], B[start:stop]

    got = c.call(gram, rows, 23, 5)
    c.that(len(got) == 2 and np.shape(got[0]) == (3, 3) and np.shape(got[1]) == (3, 2),
           "two matrices: features by features, and features by neurons",
           "X'X is (P, P), X'Y is (P, N)", "which of the two factors is turned?")
    c.that(max(b - a for a, b in asked) <= 5, "a piece is larger than `chunk`: that is what memory "
           "had no room for", "five rows at a time here", "ask for piece after piece")
    seen = np.concatenate([np.arange(a, min(b, 23)) for a, b in asked])
    c.that(len(np.unique(seen)) == 23, "some rows are never asked for: the last piece is shorter",
           "23 rows in pieces of 5", "the rest counts, too")
    c.that(len(seen) == 23, "some rows are asked for twice: pieces overlap",
           "`stop` itself is not in the piece", "the next begins where the last ended")
    c.that(max(b for _, b in asked) <= 23, "you ask for rows that are not there",
           "the last piece ends at T", "no further")
    last = A[20:].T @ A[20:]
    c.that(not np.allclose(got[0], last), "only the last piece is in it", "a sum over all pieces",
           "add to what you have")
    c.that(not np.allclose(got[0], A.T @ A / 5) and not np.allclose(got[0], A.T @ A / 23),
           "a mean: a shorter piece would count more than its rows", "sums add up, means do not",
           "do not divide")
    c.equal(got[0], A.T @ A, "X'X is off", "each piece gives a matrix, and these are added",
            "compare with one piece of 23 rows")
    c.equal(got[1], A.T @ B, "X'Y is off", "X of a piece, turned, times Y of the same piece",
            "compare with one piece of 23 rows")
    ### BEGIN HIDDEN TESTS
    A, B = c.rng.normal(size=(60, 7)), c.rng.normal(size=(60, 4))
    for k in (1, 7, 20, 60, 100):
        got = c.call(gram, rows, 60, k)
        c.equal(got[0], A.T @ A, "off for other chunks")
        c.equal(got[1], A.T @ B, "off for other chunks")
    ### END HIDDEN TESTS

# %% [markdown]
# What is it good for? Take a Gaussian GLM first: minimise the mean of $(y - xw)^2$ plus
# $\frac\lambda2 \lVert w \rVert^2$. Set the slope to zero:
#
# $$\Big(\tfrac2T G + \lambda I\Big)\, w = \tfrac2T\, c .$$
#
# On the left stands nothing of the neuron. So all weights of all neurons come from *one* matrix,
# with many right-hand sides. The bins appear in $G$ and $C$ only: once these are there, time is
# gone. A fit of another strength costs the same for an hour of data as for a year.
#
# **Exercise 7.** Write `ridge_all`: the weights of all neurons at once.

# %% exercise="ridge_all"
def ridge_all(G, C, T, strength):
    """(P, N): ridge weights of N neurons, from X'X (P, P) and X'Y (P, N) of T bins."""
    ### BEGIN SOLUTION
    return np.linalg.solve(2 * G / T + strength * np.eye(len(G)), 2 * C / T)
    ### END SOLUTION

# %% check="ridge_all" points=2
with check("ridge_all") as c:
    A, B = c.rng.normal(size=(200, 4)), c.rng.normal(size=(200, 3)) + 1
    G, C = A.T @ A, A.T @ B
    got = c.call(ridge_all, G, C, 200, 0.6)
    right = lambda two, lam, n: np.linalg.solve(two * G / n + lam * np.eye(4), two * C / n)
    c.that(np.shape(got) == (4, 3), "four features and three neurons make weights of (4, 3)",
           "one column per neuron", "all right-hand sides at once")
    c.that(not np.allclose(got, right(2, 0, 200)), "the penalty is missing",
           "λ stands on the diagonal", "add it to the matrix on the left")
    c.that(not np.allclose(got, right(1, 0.6, 200)),
           "the 2 of the slope is missing: the penalty acts twice as strongly",
           "the slope of a square has a 2, the ½ of the penalty goes away", "on both sides")
    c.that(not np.allclose(got, right(2, 0.6, 1)),
           "sums in place of means: on 200 bins the penalty counts next to nothing",
           "the loss is a mean over bins", "divide both G and C by T")
    c.that(not np.allclose(got, np.linalg.solve(2 * G / 200 + 0.6, 2 * C / 200)),
           "λ was added to every entry of the matrix, not to its diagonal",
           "I has ones on the diagonal and zeros elsewhere", "a number plus a matrix adds it "
           "everywhere")
    c.that(not np.allclose(got, right(2, -0.6, 200)), "the sign of the penalty is turned",
           "weights should become smaller", "plus")
    c.that(not np.allclose(got, right(2, 0.6, 200) / 2), "all weights are half as large as they "
           "should be: the 2 stands on both sides", "look at the right-hand side", "twice C over T")
    c.that(not np.allclose(got, right(2, 0.3, 200)), "half the penalty: its ½ is gone once you "
           "take the slope", "the slope of a square has a 2", "λ as it is, on the diagonal")
    c.equal(got, right(2, 0.6, 200), "the weights are off", "solve the equation above for w",
            "the same matrix for all columns of C")
    ### BEGIN HIDDEN TESTS
    A, B = c.rng.normal(size=(90, 6)), c.rng.normal(size=(90, 5))
    W = c.call(ridge_all, A.T @ A, A.T @ B, 90, 0.05)
    slope = 2 * A.T @ (A @ W - B) / 90 + 0.05 * W
    c.that(np.max(abs(slope)) < 1e-9, "the slope is not zero at your weights")
    ### END HIDDEN TESTS

# %%
mean_X, mean_Y = X_train.mean(axis=0), Y_train.mean(axis=0)  # in place of an intercept


def centred(start, stop):
    return X_train[start:stop] - mean_X, Y_train[start:stop] - mean_Y


G, C = gram(centred, T, 1000)
W = ridge_all(G, C, T, 1e-3)
gauss = nmo.glm.GLM("Gaussian", regularizer="Ridge", regularizer_strength=1e-3)
gauss.fit(X_train, Y_train)
print(f"largest difference to minglm's Gaussian GLM: {abs(W - gauss.coef_).max():.1e}")


def anew(n):
    """Everything for one neuron, as if the others were not there."""
    own = lambda a, b: (centred(a, b)[0], centred(a, b)[1][:, [n]])
    return ridge_all(*gram(own, T, 1000), T, 1e-3)


each = lambda: [anew(n) for n in range(6)]
again = lambda: [ridge_all(G, C[:, [n]], T, 1e-3) for n in range(N)]
once = lambda: ridge_all(G, C, T, 1e-3)
for text, run, share in (("everything anew for each neuron", each, 6 / N),
                         ("G once, solved for each neuron ", again, 1),
                         ("G once, solved for all at once ", once, 1)):
    print(f"{text}: {1e3 * seconds(run) / share:8.2f} ms for {N} neurons")

# %% [markdown]
# You should see the same weights, and three times that differ by factors: each line leaves out what
# the line before did again and again. Not one digit has changed.
#
# And for counts? A Poisson neuron's curvature is $X^\top \mathrm{diag}(\mu) X$, another matrix for
# each neuron and each step. But it points in nearly the same directions as its mean rate times G.
# `minglm` takes G, computed once, as a common *measuring rod* for the steps of all neurons, and
# corrects for what it misses. The optimum does not depend on the rod.
#
# If X does not fit into memory, a Poisson fit reads it in pieces, too, again in every step.
# `Chunks` takes an array that lies in a file, or a function that makes one piece after the other.

# %%
from minglm.chunks import Chunks

three = Y_train[:, :3]
pieces = fit(Chunks(X_train, 1000), three)  # 1000 rows at a time
print(f"pieces and whole differ by {abs(pieces.coef_ - fit(X_train, three).coef_).max():.0e}")

# %% [markdown]
# You should see the same weights, to five digits or more. It takes longer than with all of X in
# memory; it is for the day on which that is no choice.

# %% [markdown]
# ## 4. A population, one by one
#
# People say "population GLM" as if it knew of connections. It has none of its own. The loss is a
# sum over neurons, each has weights of its own, the penalty is a sum, too. So the fit of all is all
# the fits. You can have them on one machine or on ten, today or tomorrow.
#
# **Exercise 8.** Write `fit_each`: fit neuron after neuron (`fit`, above) and put the weights side
# by side.

# %% exercise="fit_each"
def fit_each(X, Y, strength):
    """(P, N): weights of N fits, each of one neuron, column n of Y."""
    ### BEGIN SOLUTION
    return np.stack([fit(X, y, strength).coef_ for y in Y.T], axis=1)
    ### END SOLUTION

# %% check="fit_each" points=2
with check("fit_each") as c:
    from sklearn.linear_model import PoissonRegressor

    A = c.rng.normal(size=(400, 3))
    B = c.rng.poisson(np.exp(0.3 + A @ np.array([[0.4, -0.2], [0.1, 0.3], [-0.3, 0.0]])))
    one = lambda k, s: PoissonRegressor(alpha=s, tol=1e-10, max_iter=900).fit(A, B[:, k]).coef_
    got = c.call(fit_each, A, B, 0.5)
    c.that(np.shape(got) != (2, 3),
           "features and neurons are swapped: a column belongs to a neuron",
           "put the weights side by side, not below each other", "(3, 2) here")
    c.that(np.shape(got) == (3, 2), "three features and two neurons make weights of (3, 2)",
           "one column per neuron", "weights only, no intercept")
    c.that(not np.allclose(got[:, 0], got[:, 1]), "all columns are the same neuron",
           "which column of Y does each fit see?", "column n for neuron n")
    both = PoissonRegressor(alpha=0.5, tol=1e-10, max_iter=900).fit(A, B.mean(1)).coef_
    c.that(not np.allclose(got[:, 0], both, rtol=1e-3), "the neurons were averaged first",
           "each has weights of its own", "fit single columns")
    free = np.stack([one(k, 1e-3) for k in (0, 1)], 1)
    c.that(not np.allclose(got, free, rtol=1e-3), "the strength is not used: these are the weights "
           "of 0.001, the default of `fit`", "hand it on", "the third argument")
    c.equal(got, np.stack([one(k, 0.5) for k in (0, 1)], 1), "the weights are off",
            "is the order of the neurons right?", "first column, first neuron", rtol=1e-3)
    ### BEGIN HIDDEN TESTS
    got = c.call(fit_each, A, B, 0.02)
    c.equal(got, np.stack([one(k, 0.02) for k in (0, 1)], 1), "off for another strength", rtol=1e-3)
    ### END HIDDEN TESTS

# %%
# catch-up: all 60 neurons at once
population = fit(X_train, Y_train)

# %%
few = 12
alone = fit_each(X_train, Y_train[:, :few], 1e-3)
print(f"largest difference of weights, population and one by one: "
      f"{abs(alone - population.coef_[:, :few]).max():.1e} (weights up to {abs(alone).max():.1f})")
by_one = seconds(lambda: fit_each(X_train, Y_train[:, :few], 1e-3), 1) / few
together = seconds(lambda: fit(X_train, Y_train), 1) / N
print(f"each neuron takes {1e3 * by_one:.0f} ms one by one, {1e3 * together:.0f} ms together")

late = np.roll(X, 1501, axis=0)  # the control: the same features, minutes late
control = fit(late[~test], Y_train)
scores = {"features": explained(population.predict(X[test])),
          "late features": explained(control.predict(late[test]))}
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for (name, values), color in zip(scores.items(), (MODEL, DATA), strict=True):
    ax.plot(np.sort(values)[::-1], ".-", color=color, label=f"{name}, mean {values.mean():.2f}")
ax.axhline(0, color="0.8", lw=1)
ax.set(xlabel="neuron, sorted", ylabel="deviance explained", title="24 trials that no fit has seen")
ax.legend(frameon=False)
show(fig, "Held-out fraction of deviance explained by each neuron's model, sorted, and the same "
          "for a control with late features.")

# %% [markdown]
# You should see the same weights again, to five digits or more: the fits stop at slightly different
# points, far closer to the optimum than any error bar. The times per neuron may go either way on a
# laptop: one by one stays in the fast memory of the processor; together, large products keep many
# cores, or a GPU, busy. *Measure on your machine.* Below: scores of unseen trials, and the control.
# It lies below zero for nearly all neurons: 66 weights learned what was not there.
#
# "Population" says nothing about connections. Those would come in as *features*: the past of other
# neurons (lesson 05).

# %% [markdown]
# ## 5. Half the digits
#
# Most GPUs compute float32 many times faster than float64, and any machine holds twice as many. A
# float32 has 24 binary digits, about 7 decimal ones. Is that enough? Ask the weights.
#
# **Exercise 9.** Write `digits`: to how many decimal digits do `a` and `b` agree? Take the largest
# difference, divide by the largest absolute value of `b`, and return minus the log10 of that. (Here
# `a` and `b` always differ somewhere.)

# %% exercise="digits"
def digits(a, b):
    """-log10 of the largest difference relative to the largest |b|."""
    ### BEGIN SOLUTION
    return -np.log10(np.max(np.abs(a - b)) / np.max(np.abs(b)))
    ### END SOLUTION

# %% check="digits" points=1
with check("digits") as c:
    b = np.array([[1.0, -4.0], [0.001, 2.0]])
    a = b + np.array([[0, -0.004], [0.002, 0.0]])
    got = c.call(digits, a, b)
    c.that(np.shape(got) == (), "one number for all weights", "the largest difference counts",
           "look for the largest over the whole array")
    c.that(not np.isclose(got, -np.log10(0.002 / 0.001)),
           "each difference was divided by its own weight: weights near 0 decide",
           "one largest difference, one largest weight", "divide once")
    c.that(got > 0, "the sign is turned: a small difference means many digits", "minus the log10",
           "0.001 agrees to three digits")
    c.that(not np.isclose(got, -np.log10(0.002 / 4)), "the largest difference is below zero here, "
           "and was not seen", "a difference has a size, whatever its sign",
           "absolute values first")
    c.that(not np.isclose(got, -np.log(0.001)), "this is the natural logarithm: decimal digits are "
           "asked for", "log10", "ln 10 is 2.3 too large")
    c.that(not np.isclose(got, -np.log10(0.004)),
           "the difference is not related to the size of the weights",
           "0.004 is much for a weight of 0.01 and little for one of 4",
           "divide by the largest absolute value")
    c.that(not np.isclose(got, -np.log10(0.004 / 2)),
           "the largest *value* was taken: -4 is larger in size than 2", "absolute values first",
           "then the largest")
    c.equal(got, 3.0, "the number of digits is off", "0.004 over 4", "minus log10 of 0.001")
    ### BEGIN HIDDEN TESTS
    b = c.rng.normal(size=(5, 7))
    a = b + 1e-5 * c.rng.normal(size=(5, 7))
    c.equal(c.call(digits, a, b), np.log10(abs(b).max() / abs(a - b).max()),
            "off for other weights")
    ### END HIDDEN TESTS

# %%
halves = [a.astype(np.float32) for a in (X_train, Y_train)]
single = fit(*halves)
means = [m.predict(X[test]) for m in (single, population)]
print(f"weights agree to {digits(single.coef_, population.coef_):.1f} digits, "
      f"predictions on test trials to {digits(*means):.1f}")
print("mean deviance explained:", *(f"{explained(mu).mean():.6f}" for mu in means))

count = np.full(20_000_000, 1.0, dtype=np.float32)
print(f"20 million ones, float32: added one by one {np.cumsum(count)[-1]:,.0f}, "
      f"NumPy's sum {count.sum():,.0f}")

# %% [markdown]
# You should see weights that agree to a few digits, and predictions that agree to more: where the
# data hardly decide, weights may differ without consequence. The score is the same. Standard errors
# are larger than such differences by far.
#
# The last line is the warning. A float32 that counts ones stops at 16,777,216: one more is lost in
# rounding. Long sums need float64, or a clever order. `minglm` adds up its losses in float64
# whatever X is, and says in `gap_` how far from the optimum it stopped.

# %% [markdown]
# ## 6. Several devices
#
# A **device** is what computes: the processor, or a GPU. There are two ways to share the work
# among several. **Neurons** over devices: no talk between them at all (part 4). Or
# **bins** over devices: each computes the slope of its bins, and the sums are added. The second
# also shares the memory of X.
#
# JAX lays out an array over a **mesh** of devices, in equal parts. Equal: so the number of rows
# must be a multiple of the number of devices. Fill up with rows that weigh nothing.
#
# **Exercise 10.** Write `padded`: `X` with rows of zeros behind it, as few as possible, so that the
# number of rows is a multiple of `n`; and the weight of each row, 1.0 or 0.0.

# %% exercise="padded"
def padded(X, n):
    """(X filled up with zero rows to a multiple of n, weights of the rows)."""
    ### BEGIN SOLUTION
    more = -len(X) % n
    weight = np.concatenate([np.ones(len(X)), np.zeros(more)])
    return np.concatenate([X, np.zeros((more, X.shape[1]))]), weight
    ### END SOLUTION

# %% check="padded" points=2
with check("padded") as c:
    A = c.rng.normal(size=(10, 3))
    got = c.call(padded, A, 4)
    c.that(len(got) == 2, "two things: the filled array, and a weight per row", "return both",
           "the array first")
    full, weight = got
    c.that(np.ndim(full) == 2 and len(full) >= 10, "rows of data were dropped",
           "fill up, do not cut", "10 rows become 12")
    c.that(np.allclose(full[:10], A), "the data have moved", "zeros come behind them",
           "the first rows stay")
    c.that(len(full) == 12, "10 rows on 4 devices need 12: three each", "the next multiple of n",
           "as few rows as possible")
    c.that(not np.any(full[10:]), "the new rows are not zero", "copies of data would count twice "
           "if somebody forgot the weights", "zeros")
    c.that(np.shape(weight) == (12,), "one weight for each row of the filled array",
           "12 here", "new rows have one, too")
    c.that(np.sum(weight) != 12, "the new rows weigh as much as data: the mean over bins is wrong",
           "a row of zeros says rate exp(b), and nobody counted there", "their weight is 0")
    c.equal(weight, [1.0] * 10 + [0.0] * 2, "the weights are off", "1 for data, 0 for the filling",
            "in the order of the rows")
    c.that(len(c.call(padded, A, 5)[0]) == 10, "10 rows on 5 devices need no filling",
           "a multiple already", "then nothing is added")
    ### BEGIN HIDDEN TESTS
    t, n = int(c.rng.integers(20, 90)), int(c.rng.integers(2, 9))
    A = c.rng.normal(size=(t, 2))
    full, weight = c.call(padded, A, n)
    c.that(len(full) % n == 0 and len(full) - t < n, "off for other sizes")
    c.that(np.sum(weight) == t and len(weight) == len(full), "weights are off for other sizes")
    ### END HIDDEN TESTS

# %%
mesh = jax.sharding.Mesh(np.array(jax.devices()), ("bins",))
over_bins = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("bins"))


@jax.jit
def slope(w, X, Y, weight):
    """Slope of the mean Poisson loss of all neurons; rows of weight 0 do not count."""
    return X.T @ (weight[:, None] * (jnp.exp(X @ w) - Y)) / weight.sum()


with jax.enable_x64(True):
    filled, weight = padded(X_train, len(jax.devices()))
    parts = [jax.device_put(a, over_bins) for a in (filled, padded(Y_train, mesh.size)[0], weight)]
    spread = np.asarray(slope(population.coef_, *parts))  # NumPy waits
    plain = X_train.T @ (np.exp(X_train @ population.coef_) - Y_train) / T
print(f"{mesh.size} device(s); each holds", parts[0].addressable_shards[0].data.shape,
      f"of {filled.shape}; largest difference {abs(spread - plain).max():.0e}")

# %% [markdown]
# You should see a difference of rounding. On a plain notebook there is one device, and it holds
# everything. The *same lines* run on eight GPUs: JAX sees where the parts lie, lets each device
# work on its own, and adds up.
#
# No second device? Ask for virtual ones. A fresh Python is told to treat the processor as four
# devices. It is not faster; it shows that the code is right before you pay for the machine.

# %%
program = """
import jax, numpy as np
import minglm as nmo
jax.config.update("jax_enable_x64", True)
mesh = jax.sharding.Mesh(np.array(jax.devices()), ("bins",))
over = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("bins"))
rng = np.random.default_rng(0)
X = rng.normal(size=(8000, 10))
Y = rng.poisson(np.exp(X @ rng.normal(0, 0.2, (10, 3)))).astype(float)
fit = lambda X, Y: nmo.glm.GLM(regularizer="Ridge", regularizer_strength=0.01).fit(X, Y).coef_
parts = [jax.device_put(a, over) for a in (X, Y)]
for shard in parts[0].addressable_shards:
    print(shard.device, "holds", shard.data.shape)
off = abs(fit(*parts) - fit(X, Y)).max()
print(f"weights of the whole fit differ from those of one device by {off:.0e}")
"""
four = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4", "JAX_PLATFORMS": "cpu"}
done = subprocess.run([sys.executable, "-c", program], env=os.environ | four, text=True,
                      capture_output=True, check=True)  # some seconds
print(done.stdout)

# %% [markdown]
# You should see four devices with a quarter of the bins each, and a difference of rounding: sums
# in another order. `fit` got arrays that lie on four devices; nothing else was changed.
#
# Will eight devices be eight times faster? Something remains that only one can do: reading,
# compiling, adding up. If one device needs `serial` seconds for that and `parallel` seconds for the
# rest, then $n$ devices need `serial + parallel / n` (**Amdahl's law**).
#
# **Exercise 11.** Write `amdahl`: how many times faster are `n` devices than one?

# %% exercise="amdahl"
def amdahl(serial, parallel, n):
    """Time on one device, divided by the time on n."""
    ### BEGIN SOLUTION
    return (serial + parallel) / (serial + parallel / n)
    ### END SOLUTION

# %% check="amdahl" points=1
with check("amdahl") as c:
    got = c.call(amdahl, 2.0, 18.0, 6)
    c.that(np.shape(got) == (), "one number is asked for", "time over time", "not the time itself")
    c.that(not np.isclose(got, 6), "everything was shared: the serial part stays as it is",
           "two seconds cannot be divided", "only one term is divided by n")
    c.that(not np.isclose(got, 5), "this is the time on n devices: asked for is how many times "
           "faster", "compare with the time on one", "one over the other")
    c.that(not np.isclose(got, 0.25), "upside down: n devices are faster, not slower",
           "above stands the time on one", "turn it round")
    c.that(not np.isclose(got, 18 / 5), "the serial part is missing above: one device has it, too",
           "the time on one is the sum of both", "add it")
    c.that(not np.isclose(got, 0.2), "the time on one device is not 1 s: it is the sum of both "
           "parts", "the formula with a 1 wants shares, not seconds", "what takes 20 s here?")
    c.equal(got, 4.0, "the factor is off", "20 s on one device, 2 + 3 s on six",
            "divide the one by the other")
    c.that(np.isclose(c.call(amdahl, 1.0, 99.0, 10**9), 100, rtol=1e-3),
           "with very many devices the serial part alone should be left", "100 s become 1 s",
           "no more than a hundred times")
    ### BEGIN HIDDEN TESTS
    s, p, n = c.rng.gamma(2), c.rng.gamma(9), int(c.rng.integers(1, 50))
    c.equal(c.call(amdahl, s, p, n), (s + p) / (s + p / n), "off for other times")
    ### END HIDDEN TESTS

# %%
n = 2 ** np.arange(0, 11)
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for share, color in ((0.0, DATA), (0.01, MODEL), (0.1, OTHER)):
    ax.loglog(n, [amdahl(share, 1 - share, k) for k in n], "o-", color=color)
    ax.text(1350, amdahl(share, 1 - share, 1024), f"{share:.0%} serial", color=color, va="center")
ax.set(xlabel="devices", ylabel="times faster", xlim=(0.9, 9000), title="Amdahl's law")
show(fig, "Speed-up against the number of devices with no serial part, with 1 % and with 10 %.")

# %% [markdown]
# You should see the orange line level out at 10, and the blue one on its way to 100, however many
# devices you buy.
# Make the serial part small first. For a GLM it is mostly compiling and getting data to the device,
# so: same shapes, few copies, many fits in one go.
#
# A published number to compare yours with: 100 neurons, 318 features, 23,263 bins, eleven strengths
# and five folds by group lasso took 117 s on a Tesla T4 GPU, with the tool of Tseng and colleagues.

# %% [markdown] written="claim" points=3
# **Written answer.** A colleague writes: "Our GPU code is 400 times faster. A fit took 2.0 s on the
# CPU, in float64; on the GPU the call came back after 5 ms. We ran each once. So next year we shall
# fit 400 times as many neurons on 8 GPUs at the same time, 3200 times as much in all." In six to
# ten sentences: what may be wrong with each number, how would you measure it, and what would you
# say about the 3200? Use at least two numbers that you measured today.
#
# ### BEGIN SOLUTION
# **A model answer.** The 2.0 s may be mostly compiling: my first call took (number) s and the next
# ones (number) ms. The 5 ms may be the time to take the order: without waiting for the result my
# product "took" (number) ms, with waiting (number) ms. float64 against float32 compares two
# computations; the fair ratio has the same precision on both, or says what was given up (my weights
# agreed to (number) digits, the score to more). One run each has no spread. I would call each once,
# then measure by turns, wait for the result, and give the median ratio with its range, on the same
# data, including the transfer to the GPU if every fit needs it. 400 neurons more is no matter of
# speed alone: memory grows with T times N, so batches are needed. Eight devices give eight times
# only if nothing is serial; with 10 % serial it is 4.7 times. The 3200 multiplies three guesses.
#
# **Rubric (3 points).**
# - 1 point: at least two of: compile, not waited for, precision, single run; with a number of
#   their own. Without a number: half a point.
# - 1 point: how to measure: warm-up, wait, by turns, median ratio with spread, same precision,
#   same data. Three of these are enough.
# - 1 point: the 3200: serial part (Amdahl) with a number, or memory counted for T, P and N.
# ### END SOLUTION

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Time <code>fit(X_train[:k], Y_train[:k, 0])</code> for k = 1000, 1001,
# 1002, each once. What do you see, and what is the cure?</summary>
#
# Each new shape compiles anew, so each takes as long as the first. Keep shapes: fill up with rows
# of weight 0 (`sample_weight`), as in exercise 10. `GLMCV` uses weights for its folds for this
# reason.
# </details>
#
# <details><summary><b>2.</b> How does the time of one Poisson fit grow with the number of
# features?</summary>
#
# With $P^2$ for the Gram matrix, and $P^3$ for solving with it. With few features the $P^2$ part
# rules, as it is multiplied by T. Try 33, 66 and 132 columns.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Your X does not fit into memory. Which of G, C, a Poisson slope and a
# Poisson loss can be had in chunks?</summary>
#
# All: each is a sum over bins. But slope and loss change with the weights, so every step reads all
# the data again. G and C are read once. Few good steps then beat many cheap ones.
# </details>
#
# <details><summary><b>4.</b> In float32, subtract the mean of a feature that is 10,000 ± 0.01. What
# is left?</summary>
#
# Steps of 0.001: a float32 near 10,000 knows no finer ones. Centre in float64, then convert.
# </details>

# %% [markdown]
# ## What you take with you
#
# | we asked | we found | it is not |
# |---|---|---|
# | how long does it take? | compile once, then the median of calls that were waited for | one run |
# | does it fit? | T (P + 4 N) + P² numbers | a matter of trying |
# | what can be shared? | all that depends on X alone: G, once | an approximation |
# | what is a population? | its neurons, one by one | a network |
# | float32? | same score, fewer digits of weights | safe for long sums |
# | more devices? | equal parts, weights of 0 | as many times faster |
#
# **Where next in NeMoS.** `PopulationGLM` fits all neurons at once on CPU or GPU; JAX's default
# there is float32, and `jax.config.update("jax_enable_x64", True)` changes it. Its stochastic
# solvers (SVRG) take data in batches.

# %% [markdown]
# ## Further reading
#
# - Amdahl (1967) *AFIPS Spring Joint Computer Conference*, 483-485, doi 10.1145/1465482.1465560.
# - Hoefler & Belli (2015) *SC15*, doi 10.1145/2807591.2807644: how to report performance.
# - Higham (2002) *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM, chapter 4: sums.
# - Tseng et al. (2022) *Neuron* 110, 2484-2502, doi 10.1016/j.neuron.2022.05.012: many neurons and
#   features, on a GPU.
# - The JAX documentation: "Asynchronous dispatch", "Distributed arrays and automatic
#   parallelization".
