# %% [markdown]
# # 03 · Features and bases: how many numbers does a place field need?
#
# A rat runs along a track, and a neuron fires in one stretch of it. You could cut the track into 6
# bins or into 60, and give each bin a number. Six are too blunt, sixty learn the noise. There is a
# third way: numbers that *share* their neighbourhood. Today you build such features, count them,
# and find out on laps that no model has seen how many the neuron is worth.

# %% [markdown]
# **At the end you can**
# - turn a variable into bins, into bumps, into splines, on a line and on a circle;
# - read weights through their bumps, as a tuning curve in Hz;
# - choose the number of bumps by unseen laps, beside a control that must fail;
# - add and multiply bases, count their columns, and say what each can draw;
# - keep features the same in training and test, spot columns that say nothing new, and use a ridge
#   penalty the right way round.
#
# **You need** lesson 01 (laps, one-hot, gain) and lesson 02 (expected count, Newton step).

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1-2 | bins; bumps | 25 min | 40 min |
# | 3 | too few, enough, too many | 20 min | 30 min |
# | 4 | round a circle | 15 min | 25 min |
# | 5 | add and multiply | 20 min | 30 min |
# | 6 | two traps: bounds and the intercept | 15 min | 25 min |
# | 7 | ridge, the cure | 25 min | 40 min |
#
# Live, break after part 3. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. They need no exercise.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pynapple as nap
from ipywidgets import FloatSlider, SelectionSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.model_selection import make_folds
from minglm.plotting import DATA, MODEL, OTHER, show

DT = 0.02  # one bin of time, in seconds
ROPE = 1e-6  # a penalty so weak that it only catches weights that fall; part 7 explains it
recording = data_fetch.load("place_cells")
print(recording)

# %%
# catch-up: place and velocity of every moment at which the animal runs
raw = recording["position"]
position = nap.Tsd(raw.t, np.asarray(raw.values)).dropna()
velocity = position.derivative().smooth(0.1, size_factor=6)  # Gaussian, SD 0.1 s
fast = np.abs(velocity).threshold(0.05 * np.ptp(position.values))  # 5 % of the track per second
runs = fast.time_support.drop_short_intervals(0.5)
counts = recording["units"].count(DT, runs)
x, v = (np.interp(counts.t, s.t, s.values) for s in (position, velocity))
first, last = np.percentile(x, [1, 99])  # what lies beyond is left out: the animal turns there
x, v = (x - first) / (last - first), v / (last - first)  # part of the track; tracks per second
lap = np.searchsorted(runs.start, counts.t, "right") - 1
x, v, lap, Y = (a[(x >= 0) & (x <= 1)] for a in (x, v, lap, counts.values))
lap = np.unique(lap, return_inverse=True)[1]  # number of the lap of each bin, from 0
way = np.sign(np.bincount(lap, weights=v))[lap]  # +1 or -1: the direction of the lap

# %% [markdown]
# ## 1. Bins
#
# One row per time bin of 20 ms: the **place** `x` as a part of the track (0 to 1), the **velocity**
# `v` in tracks per second, and the number of the **lap**, one uninterrupted run. Bins of time in
# which the animal rests are left out.
#
# Which neuron? Count the spikes in 20 stretches of the track and two directions, and compare with
# the time spent in each. If spikes are spread like time, the neuron tells nothing. The difference
# of the two is measured in **bits per spike**. We take the neuron with most bits
# among those with 300 spikes or more, some of them outside its favourite place.

# %%
# catch-up
group = np.minimum((20 * x).astype(int), 19) + 20 * (way > 0)
spent = np.bincount(group, minlength=40) / len(x)
fired = np.array([np.bincount(group, weights=n, minlength=40) for n in Y.T])  # (units, 40)
share = fired / np.maximum(fired.sum(1, keepdims=True), 1)
ratio = np.where(share > 0, share, 1) / np.where((share > 0) & (spent > 0), spent, 1)
bits = np.sum(share * np.log2(ratio), axis=1)
lively = (fired.sum(1) >= 300) & ((fired > 0).mean(1) > 0.55)
unit = int(np.argmax(np.where(lively, bits, bits - 99)))
y = Y[:, unit].astype(float)
turned = np.sum(y * way) < 0  # call the direction it prefers "out", and let x grow that way
x, v, way = (1 - x, -v, -way) if turned else (x, v, way)
out = way > 0
x1, y1, lap1 = x[out], y[out], np.unique(lap[out], return_inverse=True)[1]

# %%
print(f"neuron {unit}: {y.sum():.0f} spikes, {bits[unit]:.2f} bits per spike")
print(f"out: {len(x1)} bins in {lap1.max() + 1} laps, {y1.sum():.0f} spikes; "
      f"back: {np.sum(~out)} bins, {y[~out].sum():.0f} spikes")
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
when = np.flatnonzero(y1 > 0)
ax.plot(x1, lap1, ",", color="0.8")
ax.plot(x1[when], lap1[when], "|", color="k", ms=5)
ax.set(xlabel="place (part of the track)", ylabel="lap", title="laps in the direction it prefers")
show(fig, "Spikes as ticks over place, one row per lap; they gather in one stretch of the track.")

# %% [markdown]
# You should see the ticks gather in one stretch, lap after lap: a **place field**. Up to part 3 we
# stay with these laps and ask for one thing: *the rate at each place*. The numbers that
# describe a time bin are its **features**, and a recipe for features is a **basis**.
#
# The first recipe is the one-hot design of lesson 01. Two things are new. The track always runs
# from 0 to 1, whatever the data. And a place that is unknown (NaN) or off the track has a row of
# NaN: such rows are left out of a fit. A row of zeros would claim "on the track, in none of its
# bins".
#
# **Exercise 1.** Write `one_hot`: `n` equally wide bins. The last one holds its right edge, 1.
# (There is no whole number for NaN: `astype(int)` makes a wild one of it.)

# %% exercise="one_hot"
def one_hot(x, n):
    """(T, n): 1.0 in the column of the place's bin, else 0.0; NaN rows off [0, 1]."""
    ### BEGIN SOLUTION
    x = np.asarray(x, float)[:, None]
    column = np.minimum(np.floor(x * n), n - 1)
    return np.where((x >= 0) & (x <= 1), column == np.arange(n), np.nan)
    ### END SOLUTION

# %% check="one_hot" points=1
with check("one_hot") as c:
    toy = np.array([0.1, 0.55, 0.0, 0.95, 0.45])
    got = c.call(one_hot, toy, 4)
    c.that(np.shape(got) == (5, 4), "five places in four bins make five rows and four columns",
           "one row per time bin, one column per bin of the track", "rows are moments")
    c.that(np.isin(got, [0, 1]).all(), "the entries are answers, 1 or 0",
           "the place itself is not needed once its bin is known", "yes is 1, no is 0")
    c.that(np.sum(got, 1) == 1, "a place on the track lies in exactly one bin, here it does not",
           "0.0 lies in the first bin", "each row holds a single 1")
    c.that(not np.allclose(got.argmax(1), np.round(toy * 4).clip(0, 3)),
           "0.45 lands in the third bin: you went to the nearest edge instead of down",
           "bin 1 of 4 runs from 0.25 to 0.5", "cut the decimals")
    c.equal(got, np.eye(4)[[0, 2, 0, 3, 1]], "a 1 stands in the wrong column",
            "four bins are a quarter wide each, starting at 0", "0.55 lies between 0.5 and 0.75")
    alone = c.call(one_hot, toy[1:2], 4)
    c.that(np.allclose(alone, [[0, 0, 1, 0]]),
           "the same place gets another bin when it comes without the others: your bins follow the "
           "data", "the track runs from 0 to 1, whatever the data", "do not look at the range of x")
    end = c.call(one_hot, np.array([1.0]), 4)
    c.that(np.allclose(end, [[0, 0, 0, 1]]),
           "the end of the track, 1.0, is in no bin: the last bin holds both its edges",
           "1.0 times 4 is 4, and there is no column 4", "the last column takes it")
    lost = c.call(one_hot, np.array([0.3, np.nan, 1.2, -0.1]), 4)
    c.that(np.shape(lost) == (4, 4), "rows are gone: each moment keeps its row, known or not",
           "counts and features have to stay side by side", "mark a row, do not drop it")
    c.that(np.isnan(lost[1:]).all(),
           "an unknown place, or one off the track, got a row of numbers: nothing is known there",
           "a row of zeros says: on the track, in none of its bins", "fill these rows with NaN")
    c.that(np.allclose(lost[0], [0, 1, 0, 0]), "an unknown place spoils the row of a known one",
           "each row is on its own", "only the rows off the track are NaN")
    ### BEGIN HIDDEN TESTS
    n, where = int(c.rng.integers(3, 30)), c.rng.uniform(0, 1, 200)
    c.equal(c.call(one_hot, where, n), np.eye(n)[(where * n).astype(int)], "off on fresh places")
    ### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Same neuron, same laps: once 6 bins, once 40. What will be wrong with each curve?
#
# (The next cell holds helpers. Read what they promise; how they do it is lesson 02. The first fit
# takes some seconds: it is prepared for your machine.)

# %%
# catch-up
grid = np.linspace(0, 1, 400)
both = np.column_stack([y1, y1])  # part 3 puts a control into the second column


def wide(X):
    """X, with zeros up to 16 or 64 columns: a fit is compiled once for each shape, here for two."""
    return np.pad(X, ((0, 0), (0, (16 if X.shape[1] <= 16 else 64) - X.shape[1])))


def fit(X, counts, strength=ROPE, weight=None):
    """A Poisson GLM of each column of counts."""
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=strength)
    return model.fit(wide(X), counts, sample_weight=weight)


def rate(X, on_grid, counts=None, strength=ROPE):
    """Hz along a grid, by a model of the first column of counts on X."""
    model = fit(X, both if counts is None else counts, strength)
    return model.predict(wide(on_grid))[:, 0] / DT


def bar(done, of):
    """How far a loop has come."""
    print("\r" + "█" * done + "░" * (of - done), end="" if done < of else "\n")


steps = np.linspace(0, 1, 41)
middle = (steps[1:] + steps[:-1]) / 2
measured = (np.histogram(x1, steps, weights=y1)[0]
            / np.maximum(np.histogram(x1, steps)[0] * DT, DT))  # Hz, for comparison

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
for ax, n in zip(axes, (6, 40), strict=True):
    ax.plot(middle, measured, ".", color=DATA)
    ax.plot(grid, rate(one_hot(x1, n), one_hot(grid, n)), color=OTHER, lw=2)
    ax.set(xlabel="place (part of the track)", title=f"{n} bins")
axes[0].set_ylabel("rate (Hz)")
show(fig, "Rate along the track from a GLM on 6 bins and on 40 bins; dots: spikes per second.")

# %% [markdown]
# You should see a blunt staircase on the left, which cuts the field where its edges happen to lie.
# On the right each step follows its own dot, up and down. Both have two faults. The rate **jumps**
# at an edge of which the neuron knows nothing. And a step learns **nothing from the next one**, a
# hand's breadth away.

# %% [markdown]
# ## 2. Bumps
#
# Let each feature rise and fall smoothly, and overlap with its neighbours. A **raised cosine**
# does:
#
# $$b_k(x) = \tfrac12 \left(1 + \cos\left(\pi\, \frac{x - c_k}{2\Delta}\right)\right)
# \text{ where } |x - c_k| < 2\Delta, \text{ else } 0.$$
#
# The centres $c_k = k\,\Delta$ run from 0 to 1, so $\Delta = 1/(n - 1)$. A bump is 1 at its
# centre, ½ one step away, and 0 from two steps on.
#
# **Exercise 2.** Write `bumps`. Places off the track are not tested.

# %% exercise="bumps"
def bumps(x, n):
    """(T, n): raised cosine k at each place; the centres run from 0 to 1."""
    ### BEGIN SOLUTION
    delta = 1 / (n - 1)
    steps = (np.asarray(x)[:, None] - np.arange(n) * delta) / (2 * delta)
    return (1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2
    ### END SOLUTION

# %% check="bumps" points=2
with check("bumps") as c:
    at = np.linspace(0, 1, 9)
    got = c.call(bumps, at, 9)
    c.that(np.shape(c.call(bumps, np.array([0.2, 0.7, 0.4]), 9)) == (3, 9),
           "three places under nine bumps make three rows and nine columns",
           "every place is compared with every centre", "rows are moments, columns are bumps")
    peak = np.diag(got)
    c.that(not np.allclose(peak, 2), "the bumps are 2 high: the ½ in front is missing",
           "cos at the centre is 1, and 1 is added", "read the formula from the left")
    c.that(not np.allclose(c.call(bumps, np.array([0.5]), 9)[0, [2, 6]],
           -1) and np.min(got) > -1e-9,
           "some features are negative: a bump never is", "a bare cosine swings below zero",
           "raised means that 1 is added")
    c.that(np.allclose(peak, 1),
           "bump k is not 1 at its own centre k / (n - 1): your centres lie elsewhere",
           "the first centre is at 0 and the last at 1", "n centres leave n - 1 steps between them")
    c.that(not np.allclose(got[4], np.eye(9)[4]),
           "bumps that end one step away do not overlap enough: between two centres nothing is "
           "shared", "one step away a bump is still ½", "the reach is two steps to either side")
    c.that(got[4, 3] < 0.6, "the bumps are too wide: one step away they should have come down to ½",
           "2 Δ, the reach, stands below the line", "where do the brackets belong?")
    c.that(np.allclose(got[0, 2:], 0) and np.allclose(got[4, [0, 1, 7, 8]], 0),
           "a bump is not 0 far away from its centre: a cosine comes back, a bell never ends",
           "from two steps on the bump is 0", "limit the distance before you take the cosine")
    near = c.call(bumps, np.array([0.5 - 1 / 32]), 9)[0, 4]
    c.that(not np.isclose(near, 0.875), "these are triangles: straight lines from centre to centre",
           "a raised cosine is flat at its top", "the cosine is missing")
    c.equal(got[4], [0, 0, 0, 0.5, 1, 0.5, 0, 0, 0], "the shape of the bump is off",
            "1, ½, 0 at zero, one and two steps", "compute the row of the place 0.5 by hand")
    ### BEGIN HIDDEN TESTS
    n, where = int(c.rng.integers(4, 25)), c.rng.uniform(0, 1, 100)
    d = abs(where[:, None] * (n - 1) - np.arange(n))
    want = np.where(d < 2, np.cos(np.pi * d / 4) ** 2, 0)
    c.equal(c.call(bumps, where, n), want, "off on fresh places")
    ### END HIDDEN TESTS

# %%
library = nmo.basis.RaisedCosineLinearEval(8, bounds=(0, 1))
print("largest difference to minglm:", abs(bumps(x1, 8) - library.compute_features(x1)).max())
model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=ROPE).fit(bumps(x1, 8), y1)
weights, intercept = model.coef_, model.intercept_[0]
print("weights:", np.round(weights, 2), "intercept:", np.round(intercept, 2))

# %% [markdown]
# You should see no difference but rounding: you have written `RaisedCosineLinearEval`. `Eval` says
# that the bumps are *evaluated* at the input, here the place.
#
# Now look at the eight weights. **Predict.** Is the rate highest where the weight is highest?
#
# A weight is the height of *one* bump. At each place several bumps add up, then comes the
# intercept, then `exp`. Only the whole is about the neuron. (Before `exp` the unit is **log gain**,
# the logarithm of lesson 01's gain: 0.1 is a tenth more, 0.7 is twice the rate.)
#
# **Exercise 3.** Write `tuning`: the rate in Hz at some places. `B` holds the bumps at these
# places.

# %% exercise="tuning"
def tuning(B, weights, intercept, dt):
    """(T,): Hz at the places whose features are the rows of B (T, n); weights (n,)."""
    ### BEGIN SOLUTION
    return np.exp(intercept + B @ weights) / dt
    ### END SOLUTION

# %% check="tuning" points=2
with check("tuning") as c:
    B, w = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1], [0.2, 0.9, 0.8]]), [-1.0, 2.0, 0.5]
    got = c.call(tuning, B, np.array(w), -3.0, 0.1)
    want = np.exp(B @ w - 3) / 0.1
    c.that(np.shape(got) != (3,), "these are as many numbers as weights: weights are not the curve",
           "a curve has one value per place", "bumps times weights, added up at each place")
    c.that(np.shape(got) == (4,), "one rate per place: the bumps of a row are added up",
           "each row of B meets all the weights", "multiply the matrix with the vector")
    c.that(not np.allclose(got, (B @ w - 3) / 0.1),
           "the rate is negative somewhere: what makes it positive is missing",
           "this is the linear predictor", "lesson 02: the inverse link comes last")
    c.that(not (np.allclose(got, B @ w - 3) or np.allclose(got, B @ w)),
           "this is the sum of the bumps, a logarithm: no rate yet",
           "this is the linear predictor", "lesson 02: the inverse link comes last")
    c.that(np.all(got > 0), "a rate is never negative: is all of the sum inside the exponential?",
           "the intercept is part of the sum", "first the whole sum, then exp")
    c.that(not np.allclose(got, np.exp(B @ (np.array(w) - 3)) / 0.1),
           "the intercept comes in once for every bump", "it is there once for each place",
           "add it to the sum, not to the weights")
    c.that(not (np.allclose(got, np.exp((B @ w - 3) / 0.1)) or
                np.allclose(got, np.exp(B @ w / 0.1 - 3)) or
                np.allclose(got, np.exp(B @ w - 3 / 0.1))), "`dt` went into the exponential",
           "the count per bin comes first, then Hz", "divide at the end")
    c.that(not np.allclose(got, np.exp(B @ w + 3) / 0.1), "the intercept is taken away: a negative "
           "one should make spikes rare", "it is added to the sum", "no minus stands in front of b")
    c.that(not any(np.allclose(got, np.exp(-3) + np.exp(B @ w) / t) or
                   np.allclose(got, (np.exp(-3) + np.exp(B @ w)) / t) for t in (0.1, 1)),
           "two exponentials are added: there is one, of the whole sum",
           "the intercept is part of the sum", "first the whole sum, then exp")
    c.that(not np.allclose(got, B @ np.exp(w) * np.exp(-3) / 0.1),
           "each weight went through exp on its own: bumps add up *inside* the exponential",
           "first the whole sum, then exp", "exp of a sum is a product, not a sum")
    c.that(not np.allclose(got, np.exp(B @ w) / 0.1), "the intercept has no say: it is missing",
           "all bumps at 0 would give a rate of 1 per bin", "it belongs to the sum")
    c.that(not np.allclose(got, want * 0.1), "this is the count per bin of time, not Hz",
           "Hz is per second", "a bin lasts `dt` seconds")
    c.that(not np.allclose(got, want * 0.01), "`dt` stands on the wrong side",
           "shorter bins hold fewer spikes at the same rate", "divide")
    c.equal(got, want, "the rates are off", "exp of intercept plus bumps times weights, per second",
            "do the first row by hand: 1 times -1 plus ½ times 2, minus 3")
    ### BEGIN HIDDEN TESTS
    B, w, b, dt = c.rng.uniform(size=(40, 6)), c.rng.normal(size=6), -2.5, 0.02
    want = [np.exp(b + sum(p * q for p, q in zip(row, w, strict=True))) / dt for row in B]
    c.equal(c.call(tuning, B, w, b, dt), want, "off for fresh bumps and weights")
    ### END HIDDEN TESTS

# %%
B = bumps(grid, 8)
fig, axes = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
axes[0].plot(grid, B, color=MODEL, lw=1)
axes[0].set(title="8 bumps", ylabel="feature")
axes[1].plot(grid, B * weights, color=MODEL, lw=0.8, alpha=0.6)
axes[1].plot(grid, B @ weights, color=MODEL, lw=2.5)
axes[1].plot(np.linspace(0, 1, 8), weights, "o", color="k", ms=5)
axes[1].set(title="times weights (dots), and their sum", ylabel="log gain")
axes[2].plot(middle, measured, ".", color=DATA)
axes[2].plot(grid, tuning(B, weights, intercept, DT), color=MODEL, lw=2.5)
axes[2].set(title="tuning curve", ylabel="rate (Hz)")
for ax in axes:
    ax.set_xlabel("place (part of the track)")
show(fig, "Left: eight raised cosines. Middle: each times its weight, and their sum, which does "
          "not pass through the dots of the weights. Right: the rate, over the measured dots.")

# %% [markdown]
# You should see a thick line that misses most of the dots: **weights are not the tuning curve**.
# A large weight can be answered by its neighbours, and the highest dot need not stand at the field.
# On the right, eight numbers draw a smooth field.
#
# Raised cosines are one family. **B-splines** are another: pieces of polynomials, joined so that
# the joints do not show. Their `order` says how smooth: 1 jumps, 2 has corners, 3 and 4 have
# neither. NeMoS and `minglm` call them `BSplineEval(n, order=4)`.
#
# **Predict.** You have already written the B-splines of one order. Of which?

# %%
fig, axes = plt.subplots(1, 4, figsize=(11, 2.6), sharey=True, layout="constrained")
for order, ax in enumerate(axes, 1):
    basis = nmo.basis.BSplineEval(6, order=order, bounds=(0, 1))
    ax.plot(grid, basis.compute_features(grid), color=MODEL, lw=1, alpha=0.5)
    ax.plot(grid, basis.compute_features(grid)[:, 2], color=MODEL, lw=2.5)
    ax.set(title=f"order {order}", xlabel="part of the track")
axes[0].set_ylabel("feature")
show(fig, "Six B-splines of order 1 (boxes), 2 (triangles), 3 and 4 (smooth bumps) over the track, "
          "the third one thick.")
same = nmo.basis.BSplineEval(6, order=1, bounds=(0, 1)).compute_features(x1) == one_hot(x1, 6)
print("order 1 is your one_hot:", bool(same.all()))

# %% [markdown]
# You should see boxes, triangles, and bumps. All four cost the same: six numbers. Bins are the
# roughest of the family. What the others buy with these six numbers is smoothness.

# %% [markdown]
# ## 3. Too few, enough, too many
#
# How many bumps? More of them always fit the seen laps better. So ask laps that the model has not
# seen. We deal whole laps to five **folds**; each fold is tested once, by a model of the other
# four. Half a second on either side of a tested lap is left out, too: the **gap**.
#
# And a **control** that must fail. Roll the counts of each lap around by a random number of bins:
# what leaves at the end of the lap comes in at its start. Each lap keeps its spikes and their
# rhythm, but no longer their places. (Shifting *everything* by one number would not do: laps
# resemble each other, and a shift by about a lap puts the spikes back into the field.)
#
# **Exercise 4.** Write `roll_laps`: lap `k` moves `shifts[k]` bins later in time.

# %% exercise="roll_laps"
def roll_laps(counts, lap, shifts):
    """(T,): counts, rolled within each lap; lap (T,) numbers 0, 1, ..., one shift for each."""
    ### BEGIN SOLUTION
    rolled = np.array(counts)
    for k, shift in enumerate(shifts):
        rolled[lap == k] = np.roll(rolled[lap == k], shift)
    return rolled
    ### END SOLUTION

# %% check="roll_laps" points=1
with check("roll_laps") as c:
    toy, number = np.arange(1, 12), np.repeat([0, 1], [5, 6])
    got = c.call(roll_laps, toy, number, np.array([1, 2]))
    c.that(not isinstance(got, list), "the laps come out one by one: one array of counts is wanted",
           "bin after bin, lap after lap, as they went in", "join the laps again")
    c.that(np.shape(got) == (11,), "as many counts come out as went in",
           "nothing is cut off and nothing is added", "laps go back to where they were")
    c.that(not np.any(np.asarray(got) == 0) and not np.isnan(got).any(),
           "spikes are lost at the end of a lap: they should come in again at its start",
           "each lap keeps all its spikes", "a roll goes round, a shift does not")
    c.that(np.isin(got[:5], toy[:5]).all(),
           "spikes cross from one lap into another: each lap is rolled on its own",
           "lap 0 holds the counts 1 to 5 before and after", "treat one lap at a time")
    c.that(not np.allclose(got, toy), "nothing has moved: the counts came out as they went in",
           "a rolled copy has to be kept", "put each rolled lap where it belongs")
    c.that(not np.allclose(got, [2, 3, 4, 5, 1, 8, 9, 10, 11, 6, 7]),
           "rolled the wrong way: later in time means to higher row numbers",
           "the first count of lap 0 moves to the second row", "turn the sign")
    c.that(not np.allclose(got, [5, 1, 2, 3, 4, 11, 6, 7, 8, 9, 10]),
           "both laps moved by the same number: each has its own shift",
           "lap 1 moves by 2", "a common shift keeps the laps aligned with each other")
    c.that(not np.allclose(got, [3, 4, 5, 1, 2, 9, 10, 11, 6, 7, 8]),
           "each lap moved by all the shifts together: 3 is 1 + 2", "lap 0 moves by 1, lap 1 by 2",
           "one shift for one lap")
    c.that(not np.allclose(got, [5, 1, 2, 3, 4, *range(6, 12)]), "the last lap did not move",
           "laps are counted from 0, so the last one has the largest number",
           "go on to the last lap")
    c.that(np.all(np.isin(np.diff(got[:5]), [1, -4])),
           "the order inside a lap is broken: a shuffle also destroys the rhythm of the spikes",
           "the control should differ in one thing only, the place", "move all by the same steps")
    c.equal(got, [5, 1, 2, 3, 4, 10, 11, 6, 7, 8, 9], "some lap sits wrongly",
            "lap 0 by one, lap 1 by two", "do lap 1 by hand: 6 7 8 9 10 11, two later")
    ### BEGIN HIDDEN TESTS
    n = c.rng.integers(3, 12, 8)
    shifts = c.rng.integers(0, n)
    number, k = np.repeat(np.arange(8), n), c.rng.poisson(2, n.sum())
    pieces = np.split(k, np.cumsum(n)[:-1])
    want = np.concatenate([np.roll(p, s) for p, s in zip(pieces, shifts, strict=True)])
    c.equal(c.call(roll_laps, k, number, shifts), want, "off on fresh laps")
    ### END HIDDEN TESTS

# %%
# catch-up
shifts = np.random.default_rng(0).integers(np.bincount(lap1))  # one for each lap
rolled = np.concatenate([np.roll(y1[lap1 == k], shift) for k, shift in enumerate(shifts)])
both = np.column_stack([y1, rolled])  # (T, 2): the neuron, and its rolled self


def r2(counts, mu):
    """Pseudo-R2 of lesson 02, for each column."""
    return np.array([nmo.metrics.pseudo_r2(a, b, "Poisson", "pseudo-r2-Cohen")
                     for a, b in zip(counts.T, mu.T, strict=True)])


def scores(X, counts, lap, strength=ROPE):
    """(2, N): pseudo-R2 on the fitted laps, and on laps held out, of each column of counts."""
    fitted, unseen = fit(X, counts, strength).predict(wide(X)), np.full(counts.shape, np.nan)
    for train, test in make_folds(len(X), 5, groups=lap, gap=25):
        model = fit(X, counts, strength, train.astype(float))
        unseen[test] = model.predict(wide(X[test]))
    return np.array([r2(counts, fitted), r2(counts, unseen)])


# %%
print("yours is the control of the catch-up cell:",
      bool(np.all(roll_laps(y1.copy(), lap1, shifts) == rolled)))

# %% [markdown]
# **Predict.** Sketch it first: the score on unseen laps against the number of columns, from 2 to
# 64. One line for bins, one for bumps. Where do they start, where are they highest, how do they
# end? And the control? (The next cell fits 120 models: ten seconds or two. A bar shows how far.)

# %%
# catch-up
sizes = np.array([2, 4, 6, 8, 12, 16, 24, 32, 48, 64])
curve = {"bins": [], "bumps": []}
for k, n in enumerate(sizes):
    of_bins = nmo.basis.BSplineEval(int(n), order=1, bounds=(0, 1))
    of_bumps = nmo.basis.RaisedCosineLinearEval(int(n), bounds=(0, 1))
    for name, basis in (("bins", of_bins), ("bumps", of_bumps)):
        curve[name].append(scores(basis.compute_features(x1), both, lap1))
    bar(k + 1, len(sizes))
curve = {name: np.array(s) for name, s in curve.items()}  # (sizes, fitted or unseen, counts)
enough = int(sizes[np.argmax(curve["bumps"][:, 1, 0])])

# %%
fig, ax = plt.subplots(figsize=(8, 4.2), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
ax.plot(sizes, curve["bumps"][:, 0, 0], "o--", mfc="w", color=MODEL, label="bumps, fitted laps")
ax.plot(sizes, curve["bumps"][:, 1, 0], "o-", color=MODEL, label="bumps, unseen laps")
ax.plot(sizes, curve["bins"][:, 1, 0], "s-", color=OTHER, label="bins, unseen laps")
ax.plot(sizes, curve["bumps"][:, 1, 1], "x-", color=DATA, label="bumps, control (rolled laps)")
ax.set_xscale("log")
ax.set_xticks(sizes, [str(n) for n in sizes], minor=False)
ax.minorticks_off()
ax.set(xlabel="number of columns", ylabel="pseudo-R² (no unit)",
       title=f"too few, enough ({enough}), too many")
ax.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.38))
show(fig, "Pseudo-R² against the number of columns: bumps on unseen laps rise, stay level and fall "
          "again; bins are lower and jagged; fitted laps only rise; the control falls below zero.")
for name, s in curve.items():
    print(name, "unseen:", *(f"{n}: {r:.3f}" for n, r in zip(sizes, s[:, 1, 0], strict=True)))

# %% [markdown]
# You should see the open circles climb on and on. The filled ones climb, stay level, and come
# down: the columns that are too many learn the chance of single laps. That is **overfitting**. The
# grey control begins near 0 and falls, because there every column is one too many.
#
# Bins need several times as many columns for nearly the same score, and it matters where their
# edges happen to lie. Before the top a model is too stiff; **bias** is the word. Behind it, it is
# too free; that is **variance**. The penalty of part 7 will do something to the right half.

# %%
# catch-up
place_of = lambda u: first + (last - first) * (1 - u if turned else u)  # in the recording's unit


def true_rate(u):
    """Hz, up to a factor that we fit: what a twin's neuron does along the track."""
    z = (place_of(u) - recording.truth["centre"][unit]) / recording.truth["width"][unit]
    return np.exp(recording.truth["depth"][unit] * np.exp(-(z**2) / 2))


# %%
fig, axes = plt.subplots(1, 3, figsize=(11, 3.2), sharey=True, layout="constrained")
for ax, n in zip(axes, (4, enough, 64), strict=True):
    basis = nmo.basis.RaisedCosineLinearEval(n, bounds=(0, 1))
    ax.plot(middle, measured, ".", color=DATA)
    ax.plot(grid, rate(*map(basis.compute_features, (x1, grid))), color=MODEL, lw=2)
    if recording.truth is not None:
        ax.plot(grid, true_rate(grid) * y1.mean() / true_rate(x1).mean() / DT, "k--", lw=1.2)
    ax.set(title=f"{n} bumps", xlabel="place (part of the track)", yscale="log",
           ylim=(0.02, 3 * measured.max()))
axes[0].set_ylabel("rate (Hz), logarithmic")
show(fig, "Rate along the track with 4 bumps, with the best number, and with 64; the truth of a "
          "twin dashed.")

# %% [markdown]
# You should see a field that is too wide, one that fits, and one that trembles (the axis is
# logarithmic; dots at 0 Hz are not drawn). On a twin, the dashed line is the truth. Note what the
# score did *not* say: 64 bumps still predict fairly well. But who draws the right panel and
# describes "three peaks in the field" describes noise.

# %% [markdown]
# ## 4. Round a circle
#
# Until now we looked at one direction. Follow the animal there and back again: out, turn, back,
# turn. Give this **round trip** an angle: 0 at home, π at the far end, and home again at 2π. At
# home, 2π *is* 0. The same holds for the heading of a head, for the phase of a rhythm, for the
# time of day.
#
# Bumps need a distance. On a line it is a difference. On a circle it is the *shorter* way round.
#
# **Exercise 5.** Write `apart`: the distance of two angles in rad, from 0 to π. Arrays of any
# shapes that fit together should work.

# %% exercise="apart"
def apart(a, b):
    """Shortest distance on the circle between angles a and b (rad), never negative."""
    ### BEGIN SOLUTION
    way_round = np.abs(np.asarray(a) - b) % (2 * np.pi)
    return np.minimum(way_round, 2 * np.pi - way_round)
    ### END SOLUTION

# %% check="apart" points=2
with check("apart") as c:
    c.that(np.isclose(abs(c.call(apart, 1.0, 1.5)), 0.5),
           "1.0 and 1.5 rad are half a rad apart: away from the seam nothing special happens",
           "start from the difference", "no degrees here")
    c.that(np.all(c.call(apart, np.array([1.0, 2.0]), np.array([1.5, 1.5])) >= 0),
           "a distance is never negative", "from a to b is as far as from b to a", "drop the sign")
    over = c.call(apart, 0.1, 6.2)
    c.that(not np.isclose(over, 6.1),
           "0.1 and 6.2 rad come out far apart: you went the long way, because your line has an "
           "end "
           "where the circle has none", "this is the seam at 0 and 2π", "there are two ways round")
    c.that(np.isclose(over, 2 * np.pi - 6.1), "over the seam the distance is off",
           "once around is 2π, about 6.28", "the two ways round add up to one turn")
    c.that(np.isclose(c.call(apart, 0.1, 3.1), 3.0),
           "0.1 and 3.1 rad are 3 apart: your circle is too short",
           "once around is 2π, and half of it is about 3.14", "look at the length of a turn")
    c.that(np.allclose(c.call(apart, np.zeros(5), np.full(5, 2 * np.pi)), 0),
           "0 and 2π are the same point, but not for you", "a full turn counts for nothing",
           "what is left after whole turns?")
    c.that(np.all(c.call(apart, np.zeros(60), np.linspace(0.1, 6.2, 60)) <= np.pi + 1e-9),
           "some pair is more than half a circle apart: nothing is",
           "the other way would be shorter", "take the smaller of the two ways")
    c.that(np.shape(c.call(apart, np.zeros((4, 1)), np.zeros(3))) == (4, 3),
           "four angles against three should give a table of 4 by 3",
           "let NumPy spread the shapes", "an `if` works on one number, not on arrays")
    c.that(np.isclose(c.call(apart, 7.0, 0.5), 6.5 - 2 * np.pi),
           "7 rad is one turn and 0.72: after a full turn the distance is off",
           "drop whole turns before you compare", "a remainder helps")
    ### BEGIN HIDDEN TESTS
    a, b = c.rng.uniform(-10, 10, (2, 50))
    c.equal(c.call(apart, a[:, None], b), abs(np.angle(np.exp(1j * (a[:, None] - b)))),
            "off for other angles")
    ### END HIDDEN TESTS

# %%
# catch-up
trip = lap // 4  # four laps at a time, out and back
shifts = np.random.default_rng(1).integers(np.bincount(trip))
rolled = np.concatenate([np.roll(y[trip == k], shift) for k, shift in enumerate(shifts)])
pair = np.column_stack([y, rolled])  # (T, 2): the neuron in both directions, and its control
CIRCLE = 2 * np.pi
COMPASS = ([0, np.pi / 2, np.pi, 3 * np.pi / 2, CIRCLE], ["0", "π/2", "π", "3π/2", "2π"])
angle = np.pi * np.where(out, x, 2 - x)  # of the round trip, rad
around = np.linspace(0, CIRCLE, 401)

# %%
centres = np.arange(8) * CIRCLE / 8  # on a circle, n centres have n steps
mine = (1 + np.cos(np.pi * np.clip(apart(around[:, None], centres) * 8 / CIRCLE / 2, 0, 1))) / 2
lines = nmo.basis.BSplineEval(8, bounds=(0, CIRCLE)).compute_features(around)
rings = nmo.basis.CyclicBSplineEval(8, bounds=(0, CIRCLE)).compute_features(around)
fig, axes = plt.subplots(1, 3, figsize=(11, 2.8), layout="constrained")
for ax, B, color, title in ((axes[0], lines, OTHER, "BSplineEval"), (axes[1], mine, MODEL, "yours"),
                            (axes[2], rings, MODEL, "CyclicBSplineEval")):
    ax.plot(around, B, color=color, lw=1, alpha=0.5)
    ax.plot(around, B[:, 0], color=color, lw=3)
    ax.set(title=title, xlabel="round trip (rad)")
    ax.set_xticks(*COMPASS)
axes[0].set_ylabel("feature")
show(fig, "Eight functions over the round trip, the first one thick: a B-spline that lives only at "
          "0, and two bumps that leave at 0 and enter at 2π.")
for name, B in (("BSplineEval", lines), ("yours", mine), ("CyclicBSplineEval", rings)):
    print(f"{name:18s} row at 0 and row at 2π differ by {abs(B[0] - B[-1]).max():.2f}")

# %% [markdown]
# You should see a thick line on the left that ends at the wall, and two that go through it. For a
# basis on a line, 0 and 2π are as far apart as can be: *the same place at home gets two different
# rows*, and the curve may jump there. This is the **seam**.
#
# **Predict.** Why should home be 0? Cut the circle anywhere else and give that point the angle 0.
# For which basis does the score depend on where you cut? (The next cell fits 120 models: some
# seconds.)

# %%
cuts = np.arange(10) * CIRCLE / 10
kinds = {"10 cyclic bumps": (nmo.basis.CyclicBSplineEval(10, bounds=(0, CIRCLE)), MODEL),
         "10 B-splines on a line": (nmo.basis.BSplineEval(10, bounds=(0, CIRCLE)), OTHER)}
seam = {name: np.empty((10, 2)) for name in kinds}  # (cuts, counts)
for k, cut in enumerate(cuts):
    for name, (basis, _) in kinds.items():
        seam[name][k] = scores(basis.compute_features((angle - cut) % CIRCLE), pair, trip)[1]
    bar(k + 1, len(cuts))

# %%
worst = cuts[np.argmin(seam["10 B-splines on a line"][:, 0])]
fig, axes = plt.subplots(2, 1, figsize=(8, 5), sharex=True, layout="constrained")
for name, (basis, color) in kinds.items():
    X, on_grid = (basis.compute_features((a - worst) % CIRCLE) for a in (angle, around))
    axes[0].plot(around, rate(X, on_grid, pair), color=color, lw=2)
    axes[1].plot(cuts, seam[name][:, 0], "o-", color=color, label=name)
axes[0].axvline(worst, color="0.6", ls=":")
axes[0].set(ylabel="rate (Hz)", title="the field on the round trip, cut at the dotted line")
axes[1].set(xlabel="where the circle is cut (rad)", ylabel="pseudo-R²", title="unseen laps")
axes[1].set_xticks(*COMPASS)
axes[1].legend(frameon=False)
show(fig, "Above: rate over the round trip by both models. Below: held-out score against the place "
          "of the cut, exactly level for cyclic bumps, up and down for B-splines on a line.")
print(f"control: at most {max(s[:, 1].max() for s in seam.values()):.3f}")

# %% [markdown]
# You should see a level blue line: to turn the circle by a whole number of steps only renames the
# ten bumps. The orange line goes up and down. Splines on a line are narrow near its ends and wide
# in the middle, and at the cut the curve may jump. So the score depends on a choice that has
# nothing to do with the rat. Now and then the choice is lucky.
#
# The rule is short: **circular variable, cyclic basis.** Never wonder again where 0 is.
#
# (The control rolls four laps together here, two out and two back. Within single laps each would
# keep its direction, and that alone predicts: *a control has to break what the model can use*.)

# %% [markdown]
# ## 5. Add and multiply
#
# The round trip is a trick for tracks. In general there are two variables, place and velocity,
# each with a basis of its own. Put them together in one of two ways.
#
# - **Sum** `a + b`: the columns side by side. $\mu = e^{f(x) + g(v)} = e^{f(x)} \cdot e^{g(v)}$
# - **Product** `a * b`: each column of `a` times each column of `b`. $\mu = e^{h(x, v)}$, any
#   smooth map.
#
# Each product is a small hill over the plane of place and velocity.
#
# **Exercise 6.** Write `row_products`. Column order: first all products with the first column of
# `A`, then all with its second. The first basis is *slow*, the second *fast*.

# %% exercise="row_products"
def row_products(A, B):
    """(T, a * b) from A (T, a) and B (T, b): in each row, every A times every B."""
    ### BEGIN SOLUTION
    return (A[:, :, None] * B[:, None, :]).reshape(len(A), -1)
    ### END SOLUTION

# %% check="row_products" points=2
with check("row_products") as c:
    A, B = np.array([[1, 2.0], [0, 5.0]]), np.array([[10, 20, 30.0], [1, 0, 7.0]])
    got = c.call(row_products, A, B)
    c.that(np.shape(got) != (4, 6),
           "every row of A met every row of B: moments were mixed with other moments",
           "row t of the result needs row t of A and row t of B only", "as many rows as before")
    c.that(np.shape(got) != (2, 5), "the columns stand side by side: that is the sum of two bases",
           "a product has a times b columns", "multiply each column with each other")
    c.that(np.shape(got) == (2, 6), "two columns times three columns make six, in each of two rows",
           "every A with every B", "flatten the small table of each row")
    c.that(not np.allclose(got[0], [10, 20, 20, 40, 30, 60]),
           "the order is turned: the columns of A run fast here, those of B slow",
           "the first three columns all hold the first column of A", "the second basis is fast")
    c.that(not np.allclose(got[0], [11, 21, 31, 12, 22, 32]), "these are sums, not products",
           "a hill needs both to be present", "multiply")
    c.equal(got, [[10, 20, 30, 20, 40, 60], [0, 0, 0, 5, 0, 35]], "some products are off",
            "column i times b plus j holds A's i times B's j", "do the second row by hand")
    ### BEGIN HIDDEN TESTS
    A, B = c.rng.normal(size=(30, 4)), c.rng.normal(size=(30, 7))
    want = np.array([np.outer(p, q).ravel() for p, q in zip(A, B, strict=True)])
    c.equal(c.call(row_products, A, B), want, "off for other sizes")
    ### END HIDDEN TESTS

# %%
# catch-up
top = np.quantile(np.abs(v), 0.99)  # tracks per second
v = np.clip(v, -top, top)  # a few faster bins count as this fast
a = nmo.basis.RaisedCosineLinearEval(12, bounds=(0, 1), label="place")
b = nmo.basis.RaisedCosineLinearEval(5, bounds=(-top, top), label="velocity")
ring = nmo.basis.CyclicBSplineEval(16, bounds=(0, 2 * np.pi), label="round trip")

# %%
mine = row_products(a.compute_features(x), b.compute_features(v))
print("largest difference to minglm:", abs(mine - (a * b).compute_features(x, v)).max())

# %% [markdown]
# Before you fit, count. A model is paid for in columns.
#
# **Exercise 7.** Three bases have `a`, `b` and `c` columns. Write `n_columns`: how many have
# `a + b`, `a * b` and `a * b + c`?

# %% exercise="n_columns"
def n_columns(a, b, c):
    """(columns of a + b, columns of a * b, columns of a * b + c), three whole numbers."""
    ### BEGIN SOLUTION
    return a + b, a * b, a * b + c
    ### END SOLUTION

# %% check="n_columns" points=1
with check("n_columns") as c:
    got = c.call(n_columns, 12, 5, 8)
    c.that(np.shape(got) == (3,), "three numbers are asked for", "one for each of three bases",
           "separate them by commas")
    c.that(got[0] != 18 and got[1] != 61, "the intercept is no column of a basis",
           "the model adds it by itself", "count the functions only")
    c.that(got[0] != 60, "side by side, 12 and 5 columns do not make 60",
           "a sum puts columns next to each other", "sum and product are swapped")
    c.that(got[0] == 17, "the sum of a basis of 12 and one of 5 is off",
           "the columns stand side by side", "nothing is multiplied in a sum")
    c.that(got[1] != 17, "a product holds every pair of columns: that is far more than 17",
           "each of 12 meets each of 5", "see the shape of your row_products")
    c.that(got[1] == 60, "the product of a basis of 12 and one of 5 is off",
           "each of 12 meets each of 5", "12 rows of 5 pairs")
    c.that(got[2] not in (156, 480), "the third basis was multiplied, too: it is added",
           "multiplication comes first, then the sum", "c stands beside the pairs")
    c.equal(got, [17, 60, 68], "the last of the three is off", "pairs, and then c more",
            "60 pairs, and 8 columns beside them")
    ### BEGIN HIDDEN TESTS
    p, q, r = (int(k) for k in c.rng.integers(2, 30, 3))
    c.equal(c.call(n_columns, p, q, r), [p + q, p * q, p * q + r], "off for other numbers")
    ### END HIDDEN TESTS

# %% [markdown]
# Place has 12 columns, velocity 5 from full speed back to full speed out. The neuron fires in one
# place, *and only on the way out*.
#
# **Predict.** The sum has one curve for place and one for velocity. Can it draw a field that exists
# in one direction only? Or does it take the product?

# %%
# catch-up
designs = {
    "place": (a, (x,)),
    "velocity": (b, (v,)),
    "place + velocity": (a + b, (x, v)),
    "place * velocity": (a * b, (x, v)),
    "round trip (cyclic)": (ring, (angle,)),
}
contest = {}
for k, (name, (basis, inputs)) in enumerate(designs.items()):
    contest[name] = scores(basis.compute_features(*inputs), pair, trip)
    bar(k + 1, len(designs))

# %%
print(f"{'':20s} columns  fitted  unseen  control")
for name, s in contest.items():
    print(f"{name:20s} {designs[name][0].n_basis_funcs:7d}  {s[0, 0]:6.3f}  {s[1, 0]:6.3f}  "
          f"{s[1, 1]:+7.3f}")

# %%
places, speeds = np.linspace(0, 1, 25), np.linspace(-top, top, 17)
time = np.histogram2d(x, v, (places, speeds))[0] * DT
seen = np.where(time > 0, np.histogram2d(x, v, (places, speeds), weights=y)[0], np.nan)
maps = {"spikes per second spent": seen / np.maximum(time, DT)}
for name, basis in (("place + velocity", a + b), ("place * velocity", a * b)):
    model = fit(basis.compute_features(x, v), pair, 1e-5)
    *_, values = basis.evaluate_on_grid(60, 40)  # (60, 40, columns)
    maps[name] = model.predict(wide(values.reshape(60 * 40, -1)))[:, 0].reshape(60, 40) / DT
fig, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True, layout="constrained")
for ax, (name, hertz) in zip(axes, maps.items(), strict=True):
    ax.set_facecolor("0.85")
    image = ax.imshow(hertz.T, origin="lower", aspect="auto", extent=(0, 1, -top, top),
                      cmap="cividis", vmin=0, vmax=np.nanpercentile(maps["place + velocity"], 99.5))
    ax.set(title=name, xlabel="place (part of the track)")
axes[0].set_ylabel("velocity (tracks per s)")
fig.colorbar(image, ax=axes, label="rate (Hz)")
show(fig, "Rate over place and velocity: measured (grey: never there), by the sum, by the product. "
          "All three show one spot in the upper half.")

# %% [markdown]
# You should see one spot in the upper half of every map, even in that of the sum. (Where the first
# map is grey there are no data; what the models draw there is invention.) The surprise has a
# reason: features add up *inside* the exponential, so **a sum of features is a product of rates**.
# "In this place, times on the way out": for that, 17 columns do. The product spends 60, and wins
# little or nothing. The round trip does it with 16, because somebody thought about the variable.
#
# When does it take a product? When the curve of one variable changes *shape* with the other: a
# field here on the way out, and there on the way back. Then look at the unseen laps, and let them
# decide.

# %% [markdown]
# ## 6. Two traps
#
# **Bounds.** A basis has to know where the track begins and ends. If nobody says so, it takes the
# smallest and the largest value *of the data it gets*. **Predict.** What happens when training and
# test data do not cover the same range?

# %%
careless = lambda x: nmo.basis.BSplineEval(8).compute_features(x)  # no bounds: learned from x
whole, part = np.array([0.0, 0.3, 0.6, 1.0]), np.array([0.3, 0.6])
print("0.3 among the whole track:", np.round(careless(whole)[1], 2))
print("0.3 in the middle part:   ", np.round(careless(part)[0], 2))

# %% [markdown]
# You should see the same place with two different rows. A model fitted to the first and asked about
# the second looks at the wrong weights, and *no error is raised*. (A basis in `minglm` keeps what
# it learned on its first call; NeMoS rescales at each call. Both go wrong here, because a basis is
# made twice.) `bounds=(lo, hi)` ends this. Beyond them a row is NaN: unknown.
#
# **Exercise 8.** Write `place_features` with `nmo.basis`: 8 B-splines of order 4 on the track from
# 0 to 1. The same place must always get the same row.

# %% exercise="place_features"
def place_features(x):
    """(T, 8): B-splines of order 4 over the track, 0 to 1, in any company of places."""
    ### BEGIN SOLUTION
    return nmo.basis.BSplineEval(8, bounds=(0, 1)).compute_features(x)
    ### END SOLUTION

# %% check="place_features" points=2
with check("place_features") as c:
    track = np.linspace(0, 1, 101)
    got = c.call(place_features, track)
    c.that(np.shape(got) == (101, 8), "101 places under 8 splines make 101 rows and 8 columns",
           "rows are moments, columns are features", "the number of functions comes first")
    piece = c.call(place_features, track[20:45])
    c.that(np.allclose(piece, got[20:45], equal_nan=True),
           "a stretch of the track gets other rows than the same places in the whole: the basis "
           "was rescaled to its input", "the first place of a short input is not the start of the "
           "track", "tell the basis where the track begins and ends")
    c.that(not np.allclose(np.nansum(got > 0, axis=1).max(), 1), "these are bins: the order is 1",
           "order 4 gives overlapping bumps", "leave the order as it is by default")
    c.that(np.allclose(np.nansum(got, 1), 1),
           "these are not B-splines over the whole track: at each place they should add up to 1",
           "is it another family, or are there other limits?", "the track runs from 0 to 1")
    off = c.call(place_features, np.array([0.5, 1.3, -0.2]))
    c.that(np.isnan(off[1:]).all(),
           "a place off the track got numbers: is it pressed to the end, set to 0, or inside your "
           "bounds?",
           "nobody knows what the neuron does there", "leave these rows as the basis makes them")
    ring, rough = (nmo.basis.CyclicBSplineEval(8, bounds=(0, 1)),
                   nmo.basis.BSplineEval(8, order=3, bounds=(0, 1)))
    c.that(not np.allclose(got, ring.compute_features(track)),
           "for these splines 0 and 1 are the same place: the track is no circle",
           "the two ends of the track are far apart", "the family for a line is asked for")
    c.that(not np.allclose(got, rough.compute_features(track)), "these are of order 3",
           "each order is a little smoother than the one before", "order 4 is asked for")
    c.equal(got, nmo.basis.BSplineEval(8, bounds=(0, 1)).compute_features(track),
            "the splines are off", "8 functions, order 4, from 0 to 1",
            "the text above names all it takes")
    ### BEGIN HIDDEN TESTS
    few = np.sort(c.rng.uniform(0.3, 0.9, 5))
    rows = np.array([c.call(place_features, few[k : k + 1])[0] for k in range(5)])
    c.equal(c.call(place_features, few), rows, "a single place gets another row than in company")
    ### END HIDDEN TESTS

# %% [markdown]
# **The intercept.** At each place the B-splines add up to 1. That is their beauty, and a trap: so
# does the column of ones that belongs to the intercept. Add 3 to all weights, take 3 from the
# intercept, and see what changes.

# %%
B = nmo.basis.BSplineEval(8, bounds=(0, 1)).compute_features(grid)
some = np.array([0.0, 1, 3, 2, -1, 0, 1, 0])
before, after = np.exp(B @ some - 4), np.exp(B @ (some + 3) - 4 - 3)
print("largest change of the prediction:", abs(after - before).max())

# %% [markdown]
# You should see rounding and nothing else: two sets of weights, one model. The columns and the
# intercept are **collinear**: one of them can be computed from the others. The fit has no reason
# to prefer one set, and weights of two fits must not be compared. NeMoS and `minglm` then return
# one of many; `minglm` also warns.
#
# How many columns are superfluous? The **rank** of a matrix is the number of columns that say
# something new; `np.linalg.matrix_rank` counts it.
#
# **Exercise 9.** Write `spare`: how many columns could be left out without changing what the model
# *with its intercept* can predict?

# %% exercise="spare"
def spare(X):
    """Whole number: columns of X (T, P) that the others and the intercept make superfluous."""
    ### BEGIN SOLUTION
    full = np.column_stack([np.ones(len(X)), X])
    return full.shape[1] - np.linalg.matrix_rank(full)
    ### END SOLUTION

# %% check="spare" points=2
with check("spare") as c:
    free, k = c.rng.normal(size=(60, 4)), c.rng.integers(0, 5, 60)
    hot = np.eye(5)[np.r_[np.arange(5), k[5:]]]
    got = c.call(spare, free)
    c.that(np.ndim(got) == 0, "one number is asked for", "a number of columns, not the columns",
           "reduce to a count")
    c.that(got != 5 and got != 4, "these are the columns that count: the superfluous ones are "
           "asked for",
           "four columns of noise have nothing in common", "all columns minus those that say "
           "something new")
    c.that(got != -1 and got != 1, "four columns of noise: none is superfluous; you are one off",
           "the column of ones stands on both sides of the subtraction",
           "columns *with* the ones, minus their rank")
    c.equal(got, 0, "four columns of noise: none of them is superfluous",
            "start from a matrix that has a column of ones, too", "all its columns minus its rank")
    c.that(c.call(spare, hot) != 0,
           "five bins and an intercept: one is superfluous, and you see none. Was the column of "
           "ones forgotten?", "the bins are fine among themselves", "put the ones beside them")
    c.equal(c.call(spare, hot), 1, "five bins and an intercept: exactly one is superfluous",
            "the bins add up to the column of ones", "any one bin may go, then all is well")
    c.equal(c.call(spare, np.column_stack([free, free[:, 1] - free[:, 3]])), 1,
            "a column that is the difference of two others goes unnoticed",
            "it need not be a sum of all, and need not be 1", "the rank sees every kind")
    c.equal(c.call(spare, np.column_stack([hot, free, hot[:, :2]])), 3,
            "bins, and two of them once more: three are superfluous here",
            "one because of the intercept, two because they are there already", "count, do not ask")
    ### BEGIN HIDDEN TESTS
    p, q = (int(k) for k in c.rng.integers(5, 12, 2))
    u = c.rng.uniform(size=(2, 400))
    two = nmo.basis.BSplineEval(p, bounds=(0, 1)) + nmo.basis.CyclicBSplineEval(q, bounds=(0, 1))
    c.equal(c.call(spare, two.compute_features(*u)), 2, "off for a sum of two splines")
    ### END HIDDEN TESTS

# %%
line = nmo.basis.BSplineEval(8, bounds=(0, 1))
circle = nmo.basis.CyclicBSplineEval(8, bounds=(0, 1))
cosines = nmo.basis.RaisedCosineLinearEval(8, bounds=(0, 1))
u, w = np.random.default_rng(0).uniform(size=(2, 2000))
for name, X in (("one_hot", one_hot(u, 8)), ("BSplineEval", line.compute_features(u)),
                ("CyclicBSplineEval", circle.compute_features(u)),
                ("RaisedCosineLinearEval", cosines.compute_features(u)),
                ("BSplineEval + CyclicBSplineEval", (line + circle).compute_features(u, w)),
                ("BSplineEval * CyclicBSplineEval", (line * circle).compute_features(u, w))):
    print(f"{name:32s} {X.shape[1]:3d} columns, {spare(X)} superfluous")

# %% [markdown]
# You should see 1 for each family that adds up to 1, 2 for the sum of two of them, and 0 for raised
# cosines. Those add up to 2 inside the track and to less at its ends, so they are only *nearly*
# collinear. There are two cures: leave one column out, as in lesson 01, or penalise.

# %% [markdown]
# ## 7. Ridge, the cure
#
# Among all weights that fit about equally well, prefer small ones. Add a price to what is
# minimised:
#
# $$f(\theta) = \frac{1}{T} \sum_t \left[\mu_t - y_t\,\eta_t\right]
# + \frac{\lambda}{2} \sum_k w_k^2 .$$
#
# This is a **ridge** penalty; $\lambda$ is its `regularizer_strength`. Three things are easy to get
# wrong:
# - the sign: $f$ is *minimised*, so a price is added;
# - the mean: with a sum over bins instead, the same $\lambda$ weakens as the recording grows;
# - the intercept $b$ is free: it holds the mean rate, and nobody wants that to shrink.

# %% [markdown]
# Lesson 02 walked downhill with Newton steps, $\theta - H^{-1} g$. The price adds $\lambda w_k$ to
# the slope $g$ of each weight, and $\lambda$ to the diagonal of the curvature $H$. Both were, for
# the data alone, with $\theta = (b, w_1, \dots)$ and a column of ones as the first of $X$:
#
# $$g = \tfrac1T X^\top(\mu - y), \qquad H = \tfrac1T X^\top \mathrm{diag}(\mu)\, X.$$
#
# **Predict.** With 8 B-splines and an intercept, what goes wrong in a Newton step for $\lambda =
# 0$?
#
# **Exercise 10.** Write `ridge_step`: one Newton step on $f$.

# %% exercise="ridge_step"
def ridge_step(theta, X, y, strength):
    """(P,): theta after one Newton step on the penalised f; theta[0] is b, free of charge."""
    ### BEGIN SOLUTION
    mu, price = np.exp(X @ theta), np.full(len(theta), strength)
    price[0] = 0
    slope = X.T @ (mu - y) / len(y) + price * theta
    curvature = (X.T * mu) @ X / len(y) + np.diag(price)
    return theta - np.linalg.solve(curvature, slope)
    ### END SOLUTION

# %% check="ridge_step" points=2
with check("ridge_step") as c:
    X = np.column_stack([np.ones(90), c.rng.normal(size=(90, 2))])
    k, theta = c.rng.poisson(np.exp(X @ [-0.4, 0.9, -0.6])), np.array([-0.3, 0.5, -0.2])
    mu, D = np.exp(X @ theta), np.diag([0.0, 1, 1])
    g, H = X.T @ (mu - k) / 90, (X.T * mu) @ X / 90
    step = lambda g, H: theta - np.linalg.solve(H, g)
    got = c.call(ridge_step, theta, X, k, 0.5)
    c.that(np.shape(got) == (3,), "the new theta is asked for, three numbers here",
           "as many as before the step", "a vector in, a vector out")
    c.that(not np.allclose(got, step(g, H)), "the penalty has no effect on this step",
           "it changes slope and curvature", "add it to both")
    c.that(not np.allclose(got, step(g - 0.5 * D @ theta, H - 0.5 * D))
           and not np.allclose(got, step(g - 0.5 * D @ theta, H + 0.5 * D)),
           "the sign of the penalty is turned: the step makes weights larger",
           "it should pull the weights towards 0", "the price is added")
    c.that(not np.allclose(got, step(g + 0.5 * theta, H + 0.5 * np.eye(3))),
           "the intercept is pulled to 0 as well: with a huge strength the model would forget the "
           "mean rate", "the first number of theta costs nothing", "leave its price at zero")
    c.that(not any(np.allclose(got, step(g + 0.5 * P @ theta, H + 0.5 * Q))
                   for P, Q in ((D, np.eye(3)), (np.eye(3), D), (np.eye(3), 0 * D))),
           "b pays in the slope or in the curvature: it should be free in both",
           "the first number of theta costs nothing", "leave its price at zero in both")
    c.that(not any(np.allclose(got, step(g + 0.5 * D @ theta, H + 0.5 * Q))
                   for Q in (np.ones((3, 3)), np.outer([0, 1, 1], [0, 1, 1]), np.ones((3, 3))
                             - [[1], [0], [0]])),
           "the strength went into every entry of the curvature, also between two weights",
           "each weight pays for itself, no pair does", "only the diagonal gets the strength")
    c.that(not np.allclose(got, theta - g - 0.5 * D @ theta),
           "this is a step along the slope alone: the curvature is missing",
           "where the bowl is narrow the step must be short", "solve with the curvature")
    c.that(not np.allclose(got, step(g + 0.5 * D @ theta, X.T @ X / 90 + 0.5 * D)),
           "every bin counts the same in the curvature: the expected counts are missing",
           "that is the curvature of least squares", "weigh each row of X by its expected count")
    c.that(not np.allclose(got, 2 * theta - step(g + 0.5 * D @ theta, H + 0.5 * D)),
           "this step goes uphill", "the slope points up", "subtract the step")
    move = step(g + 0.5 * D @ theta, H + 0.5 * D) - theta
    c.that(not (np.allclose(got, move) or np.allclose(got, -move)),
           "this is the step, not where it leads", "start from the old theta",
           "old theta plus step")
    c.that(not np.allclose(got, step(90 * g + 0.5 * D @ theta, 90 * H + 0.5 * D)),
           "the bins are summed: with twice the data the same strength counts half",
           "f is a mean over bins", "divide slope and curvature of the data by T")
    c.that(not np.allclose(got, step(g + 2 * D @ theta, H + 2 * D)),
           "the strength acts upside down: a larger one pulls less",
           "1 / λ is what other libraries call C", "multiply by it")
    c.that(not np.allclose(got, step(g + 0.5 * D @ theta, H)),
           "the slope knows of the penalty, the curvature does not: such steps overshoot",
           "the bowl is steeper with a price", "add the strength to its diagonal")
    c.that(not np.allclose(got, step(g, H + 0.5 * D)),
           "the curvature knows of the penalty, the slope does not: in the end it has no effect",
           "the fit stops where the slope is 0", "add λ w to the slope of each weight")
    c.that(not np.allclose(got, step(g + 0.25 * D @ theta, H + 0.25 * D)),
           "the penalty is only half as strong", "the slope of λ / 2 times w² is λ w",
           "the ½ goes away")
    c.equal(got, step(g + 0.5 * D @ theta, H + 0.5 * D), "the step is off",
            "theta minus the solution of H s = g", "check slope and curvature without penalty "
           "first")
    ### BEGIN HIDDEN TESTS
    def arrive(X, k, lam):
        theta = np.r_[np.log(k.mean()), np.zeros(X.shape[1] - 1)]
        for _ in range(30):
            theta = c.call(ridge_step, theta, X, k, lam)
        return theta

    mild, hard, huge = (arrive(X, k, lam) for lam in (0.1, 1.0, 1e6))
    c.that((hard[1:] ** 2).sum() < (mild[1:] ** 2).sum(), "a larger strength gives larger weights")
    c.that(np.isclose(np.exp(huge[0]), k.mean(), rtol=1e-4), "a huge strength loses the mean rate")
    c.equal(arrive(np.tile(X, (3, 1)), np.tile(k, 3), 0.1), mild, "three copies of the data differ")
    ### END HIDDEN TESTS

# %%
splines = nmo.basis.BSplineEval(8, bounds=(0, 1)).compute_features(x1)
X = np.column_stack([np.ones(len(x1)), splines])
theta = np.r_[np.log(y1.mean()), np.zeros(8)]
for _ in range(30):
    theta = ridge_step(theta, X, y1, 1e-4)
model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-4).fit(splines, y1)
print("largest difference to minglm:", abs(theta - np.r_[model.intercept_, model.coef_]).max())
print(f"mean rate: recorded {y1.mean() / DT:.4f} Hz, "
      f"model {model.predict(splines).mean() / DT:.4f} Hz")

# %% [markdown]
# You should see the same weights as `minglm`'s, and a mean rate that the penalty has not touched.
# With λ = 0 the curvature could not be inverted: eight splines and the intercept are collinear.
# The least bit of λ is enough. That was the `ROPE` of the parts before.
#
# **Predict.** Take 48 bumps, far too many for this neuron. As λ grows from nearly nothing to 0.1,
# how will the score on unseen laps move? And can 48 bumps beat the best number of part 3?

# %%
# catch-up
many = nmo.basis.RaisedCosineLinearEval(48, bounds=(0, 1))
X48 = many.compute_features(x1)
strengths = 10.0 ** np.arange(-8, 0)
path = np.empty((8, 2, 2))  # (strengths, fitted or unseen, counts)
for k, strength in enumerate(strengths):
    path[k] = scores(X48, both, lap1, strength)
    bar(k + 1, len(strengths))
best = strengths[np.argmax(path[:, 1, 0])]

# %%
fig, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
axes[0].axhline(0, color="0.8", lw=1)
axes[0].plot(strengths, path[:, 0, 0], "o--", mfc="w", color=MODEL, label="fitted laps")
axes[0].plot(strengths, path[:, 1, 0], "o-", color=MODEL, label="unseen laps")
axes[0].plot(strengths, path[:, 1, 1], "x-", color=DATA, label="control")
axes[0].axhline(curve["bumps"][:, 1, 0].max(), color=OTHER, ls=":", label="best of part 3")
axes[0].set(xscale="log", xlabel="strength λ", ylabel="pseudo-R²", title="48 bumps")
axes[0].legend(frameon=False, loc="center", bbox_to_anchor=(0.45, 0.35))
axes[1].plot(middle, measured, ".", color=DATA)
shades = (("0.55", 1e-8), (MODEL, best), (OTHER, 1e-1))
for color, strength in shades:
    axes[1].plot(grid, rate(X48, many.compute_features(grid), both, strength), color=color,
                 lw=2, label=f"λ = {strength:g}")
axes[1].set(xlabel="place (part of the track)", ylabel="rate (Hz), logarithmic", title="the field",
            yscale="log", ylim=(0.002, 10 * measured.max()))
axes[1].legend(frameon=False, ncols=3, fontsize=10)
show(fig, "Left: scores of 48 bumps against the strength, with a broad top on unseen laps. Right: "
          "the field with almost no penalty, with the best one, and with far too much.")

# %% [markdown]
# You should see a broad top. On the left of it 48 weights learn noise; on the right they are
# pressed flat, and the rate is nearly the same everywhere. At the top, 48 bumps do about as well as
# the best number of part 3. **The penalty took over the choice of the number.**
# That is how it is done in practice: enough bumps to be fine, and λ chosen by unseen laps (lesson
# 07).
#
# The grey field on the right trembles and falls to nothing where a lap happened to be silent. The
# blue one is far smoother, although no one asked for smoothness: neighbouring bumps overlap, and
# equal weights are the cheapest way to a hill.

# %% [markdown]
# Move it by hand. (Without a running notebook, the figure shows 48 bumps with λ = 10⁻⁵.)

# %%
def field(n=48, exponent=-5.0):
    basis = nmo.basis.RaisedCosineLinearEval(n, bounds=(0, 1))
    X, strength = basis.compute_features(x1), 10.0**exponent
    model = fit(X, both, strength)
    r = scores(X, both, lap1, strength)
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
    axes[0].plot(middle, measured, ".", color=DATA)
    axes[0].plot(grid, model.predict(wide(basis.compute_features(grid)))[:, 0] / DT,
                 color=MODEL, lw=2)
    axes[0].set(xlabel="place (part of the track)", ylabel="rate (Hz)",
                ylim=(0, 1.5 * measured.max()),
                title=f"fitted {r[0, 0]:.3f}, unseen {r[1, 0]:.3f}")
    axes[1].axhline(0, color="0.8", lw=1)
    axes[1].vlines(np.linspace(0, 1, n), 0, model.coef_[:n, 0], color=MODEL)
    axes[1].set(xlabel="centre of the bump", ylabel="weight (log gain)", title=f"{n} weights")
    show(fig, f"Left: the field with {n} bumps and strength {strength:.1e}. Right: their weights.")


field()

# %%
_ = interact(field, n=SelectionSlider(options=[4, 8, 16, 48], value=48, continuous_update=False),
             exponent=FloatSlider(-5, min=-8, max=-1, step=0.5, continuous_update=False,
                                  description="log10 λ"))

# %% [markdown]
# Strengths are given in many currencies. scikit-learn's logistic regression and others minimise
#
# $$C \sum_t \text{nll}_t + \tfrac12 \sum_k w_k^2 ,$$
#
# where nll is what we average. Small `C` is a *strong* penalty, and there is a sum over bins.
#
# **Exercise 11.** Write `from_C`: which λ of ours has the same optimum?

# %% exercise="from_C"
def from_C(C, n_bins):
    """The regularizer_strength of minglm that does what C does on n_bins time bins."""
    ### BEGIN SOLUTION
    return 1 / (C * n_bins)
    ### END SOLUTION

# %% check="from_C" points=1
with check("from_C") as c:
    got = c.call(from_C, 2.0, 500)
    c.that(np.ndim(got) == 0, "one number is asked for", "one strength for all weights",
           "no array comes out")
    c.that(c.call(from_C, 4.0, 500) < got,
           "a larger C gives a larger λ: it is the other way round",
           "C stands in front of the data, λ in front of the weights", "invert")
    c.that(not np.isclose(got, 0.5),
           "the number of bins has no say: their cost is a sum there, and a mean here",
           "on twice the data the same C is half the λ", "a sum is T times the mean")
    c.that(not np.isclose(got, 500 / 2.0), "the number of bins is on the wrong side",
           "more bins make a sum larger, so the penalty weighs less", "divide by it")
    c.that(not np.isclose(got, 2 / 1000) and not np.isclose(got, 1 / 2000),
           "you are off by a factor of 2: both have the same ½ in front of the squares",
           "the halves cancel", "leave out the 2")
    c.equal(got, 1e-3, "the strength is off",
            "divide their function by C and by the number of bins, and compare with ours",
            "what stands in front of the squares then?")
    ### BEGIN HIDDEN TESTS
    C, T = float(c.rng.uniform(0.1, 20)), int(c.rng.integers(100, 9000))
    c.equal(c.call(from_C, C, T), 1 / C / T, "off for other numbers")
    ### END HIDDEN TESTS

# %%
for C in (1.0, 100.0):
    print(f"C = {C:5.0f} on {len(y1)} bins is λ = {from_C(C, len(y1)):.1e}; on half of them "
          f"{from_C(C, len(y1) // 2):.1e}")

# %% [markdown]
# You should see that the usual default, C = 1, is on these data a λ near the top of the left panel
# above, and that half the recording doubles it. A strength without its formula and its number
# of bins is no information.
#
# Note what ridge is *not*: a statement about the neuron. It is a preference of yours, and weights
# are smaller because of it. The curve at a place with few visits is pulled towards the mean rate.

# %% [markdown] written="verdict" points=3
# ## A verdict, in your own words
#
# A colleague shows you a model of your neuron. "With 64 bumps I reach the highest pseudo-R² of
# all, and I left out the penalty so as not to bias the result. Look at the weights: +9, -14, +11,
# -6. From each place to the next, the neuron is excited and inhibited in turn."
#
# **Written answer.** Five to eight sentences. Give numbers from your own figures. Say what is wrong
# with the score, what is wrong with reading the weights, and name one test that the colleague's
# claim could fail.
#
# ### BEGIN SOLUTION
# **A model answer.** The score is from the laps that were fitted; there, more columns always win.
# On unseen laps 64 bumps score (number), 12 score (number), and the control of 64 bumps falls to
# (number) although there is nothing to learn. Neighbouring bumps overlap, so large weights of
# opposite sign nearly cancel; single weights are not determined by the data, only bumps times
# weights, the curve, is. With splines even all weights can be shifted against the intercept. With
# a ridge chosen on unseen laps (λ = ...) the same 64 bumps give a smooth curve, small weights and
# a better held-out score. Test: fit odd and even laps separately. If the neuron really changes
# so often, the ups and downs of the *curve* are at the same places in both halves; noise is not.
#
# **Rubric (3 points).**
# - 1 point: the score must come from unseen laps, with at least two numbers from the lesson's
#   figures (fitted against unseen, or 64 against fewer bumps). Without numbers: half a point.
# - 1 point: weights are not the curve, because overlapping bumps cancel (or are collinear); look
#   at bumps times weights. "Overfitting" alone: half a point.
# - 1 point: a test with an outcome that would prove the colleague wrong (two halves, another
#   session, a control, held-out score with and without penalty).
# ### END SOLUTION

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Ridge pulls every weight to 0. What would pull it to its
# <i>neighbours</i> instead? Try <code>nmo.regularizer.SecondDifference()</code> with 48
# bumps.</summary>
#
# `nmo.glm.GLM(regularizer=nmo.regularizer.SecondDifference(), regularizer_strength=1e-3)` charges
# bends, not heights: a straight line costs nothing. The right panel becomes smooth before it
# becomes flat. With a huge strength the weights lie on a straight line.
# </details>
#
# <details><summary><b>2.</b> A sum cannot draw a field that lies at 0.3 on the way out and at 0.7
# on the way back. Make such counts yourself and show it.</summary>
#
# `mu = 0.2 * np.exp(-((x - np.where(way > 0, 0.3, 0.7)) / 0.1) ** 2)`, counts from
# `np.random.default_rng(0).poisson(mu)`. With `scores`, the product wins by far: the sum has to use
# one place curve for both directions, so it draws both fields both ways. The round trip wins, too.
#
# </details>

# %% [markdown]
# <details><summary><b>3.</b> How many columns has <code>2 * a + b ** 2</code> if <code>a</code> has
# 12 and <code>b</code> has 5?</summary>
#
# `2 * a` is `a + a` and reads two inputs: 24 columns. `b ** 2` is `b * b`: 25. Together 49, for
# four inputs.
# </details>
#
# <details><summary><b>4.</b> Double the width of the bumps: <code>width=4.0</code>. What happens to
# the score at 48 bumps, and to the weights?</summary>
#
# Wider bumps share more with their neighbours, so the curve cannot tremble as much, and 48 of them
# score better on unseen laps (0.42 instead of 0.39 on the twin of seed 0). Width is another way to
# say how smooth. With 4 bumps, wider ones are worse.
# </details>

# %% [markdown]
# ## What you take along
#
# | we asked | we found | it is not |
# |---|---|---|
# | bins or bumps? | a dozen bumps beat dozens of bins | a law: sharp edges like bins |
# | how many? | unseen laps rise, stay level, fall | what the fitted laps say |
# | what is a weight? | the height of one bump among others | the tuning curve |
# | sum or product? | a sum of features multiplies rates | able to move a field |
# | why bounds? | the same place, the same row | done by the basis for you |
# | why a penalty? | it takes over the choice of the number | knowledge about the neuron |

# %% [markdown]
# **Further reading.** de Boor (1978) *A Practical Guide to Splines*, Springer. Eilers & Marx (1996)
# *Statistical Science* 11, 89-121, doi 10.1214/ss/1038425655: many splines and a penalty. Hoerl &
# Kennard (1970) *Technometrics* 12, 55-67, doi 10.1080/00401706.1970.10488634: ridge. Brown, Frank,
# Tang, Quirk & Wilson (1998) *J. Neurosci.* 18, 7411-7425, doi 10.1523/JNEUROSCI.18-18-07411.1998:
# place fields as the rate of a point process. Skaggs, McNaughton, Gothard & Markus (1993) *NIPS* 5,
# 1030-1037: bits per spike.
#
# **Where next in NeMoS.** `nemos.basis` has the same names: `RaisedCosineLinearEval`,
# `BSplineEval`, `CyclicBSplineEval`, `+`, `*`, `bounds`. Its `Conv` twins do the same for the
# *past* of a signal. They are the subject of lesson 04.
