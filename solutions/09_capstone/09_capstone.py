# %% [markdown]
# # 09 · Capstone: read an analysis, then make one
#
# An analysis comes by mail. Nine small functions, one figure, four claims, and every number looks
# reasonable. You are asked to check it before it goes out. Each function holds a slip that somebody
# has made in print, and that you may make tomorrow. **None of them raises an error.** After that
# you get a neuron you have never met, and nobody's code but your own.

# %% [markdown]
# **At the end you can**
# - read code for what it claims, and make up a small test that a slip would fail;
# - mend nine slips of the kind that survive in published analyses, and say what each one costs;
# - take a new recording from spikes to a held-out score with a control, on your own;
# - report what you found, what it is not, and what would prove you wrong.
#
# **You need** lessons 04, 05 and 08; their words are used without explanation. Lesson 03 helps.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | the analysis and its claims | 10 min | 15 min |
# | 2 | slips in the design | 25 min | 45 min |
# | 3 | slips in the score | 25 min | 45 min |
# | 4 | slips in the reading | 25 min | 45 min |
# | 5 | a new recording, alone | 35 min | 90 min |
#
# Live, break after part 3. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. They need no exercise.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pynapple as nap
from ipywidgets import IntSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, show

plt.rcParams.update({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False})
DT = 0.01  # one bin of parts 1 to 4, in seconds
CIRCLE = 2 * np.pi
compass = data_fetch.load("head_direction", source="twin")
print(compass)

# %% [markdown]
# ## 1. The analysis
#
# Head-direction neurons again, simulated this time for everybody. The authors took the first four
# minutes awake, and of these only the **stretches in which the head turns**: some dozens of pieces
# of a few seconds. Between two stretches time is missing. They count in bins of 10 ms.

# %%
# catch-up
units, ry, epochs = compass["units"], compass["ry"], compass["epochs"]
wake = epochs[np.array([np.ravel(tag)[0] == "wake" for tag in epochs["tags"]])]
minutes = nap.IntervalSet(wake.start[0], wake.start[0] + 240)
angle = ry.restrict(minutes)
angle = nap.Tsd(angle.t, np.unwrap(angle.values), time_support=minutes)  # rad, without jumps
speed = np.abs(angle.derivative().smooth(0.2))  # rad/s
turns = speed.threshold(0.3).time_support.drop_short_intervals(1.0)
cells = units[(units["location"] == "adn") & (units["rate"] > 2.0)]
binned = cells.count(DT, turns)
Y, stretch = binned.values, np.searchsorted(turns.start, binned.t, "right") - 1
heading = np.interp(binned.t, angle.t, angle.values) % CIRCLE  # rad, in each bin
y = Y[:, Y.sum(axis=0).argmax()]  # the busiest neuron
print(f"{len(turns)} stretches, {len(y)} bins of 10 ms, {Y.shape[1]} neurons; the busiest fired "
      f"{y.sum()} spikes, {y.mean() / DT:.1f} Hz")

# %% [markdown]
# And here is the code as it came. Read it once, as you would read a colleague's, and **write down
# the lines at which you hesitate**. (The ending `_0` is ours. It says: version zero.)

# %%
# catch-up
def window_bins_0(seconds, dt):
    """How many bins are so many seconds?"""
    return int(seconds / dt)


def own_past_0(counts, stretch, window):
    """(T, window): the neuron's own past; column j is j + 1 bins away."""
    return np.column_stack([np.roll(counts, -(j + 1)) for j in range(window)])


def split_0(n, block, window):
    """(train, test): every fourth block is tested, the others are for fitting."""
    test = np.arange(n) // block % 4 == 3
    return ~test, test


def scaled_0(X, train):
    """Columns of mean 0 and SD 1."""
    return (X - np.nanmean(X, axis=0)) / np.nanstd(X, axis=0)


def explained_0(counts, mean, train_counts):
    """Fraction of the deviance explained, compared with a constant rate."""
    null = np.full(len(counts), counts.mean())
    return 1 - nmo.metrics.deviance(counts, mean) / nmo.metrics.deviance(counts, null)


# %%
# catch-up
def mean_scores_0(counts, means):
    """Mean log-likelihood per bin of each model; NaN in means (M, T): no prediction."""
    return np.array([nmo.metrics.log_likelihood(counts, mean) for mean in means])


def lag_axis_0(window, dt):
    """Seconds before the spike, for each value of a filter."""
    return np.arange(window) * dt


def dispersion_0(X, counts, mean):
    """Sum of squared Pearson residuals per degree of freedom: about 1 if the model is right."""
    squares = np.nansum((counts - mean) ** 2 / mean)
    return squares / (len(counts) - X.shape[1] - 1)


def decoding_error_0(spikes, angles, train, test):
    """Median error in rad of a heading read from all neurons, on the test rows."""
    profile = tuning(spikes, angles)
    return np.median(error(read_heading(spikes[test], profile), angles[test]))

# %% [markdown]
# Three helpers stand behind the last one. They are fine, and so is all code outside these nine.
#
# **Predict.** Which of the nine slips will change a number most? Which will change none at all?

# %%
# catch-up
GROUPS = 360  # of heading, a degree each


def tuning(spikes, angles):
    """(GROUPS, N): mean count of each neuron at each heading (plus a trace, so no log of 0)."""
    at = (angles / CIRCLE * GROUPS).astype(int) % GROUPS
    spent = np.bincount(at, minlength=GROUPS)
    fired = np.array([np.bincount(at, weights=n, minlength=GROUPS) for n in spikes.T]).T
    return fired / np.maximum(spent, 1)[:, None] + 0.01


def read_heading(spikes, profile):
    """(T,): the heading at which these counts are most likely, in rad."""
    best = (spikes @ np.log(profile).T - profile.sum(axis=1)).argmax(axis=1)
    return (best + 0.5) * CIRCLE / GROUPS


def error(a, b):
    """Angle between a and b, the short way round."""
    return abs((a - b + np.pi) % CIRCLE - np.pi)


def predicted(X, counts, train):
    """(T,) expected counts by a Poisson GLM with a weak ridge, fitted to the training rows."""
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-3)
    return model.fit(X, counts, sample_weight=train.astype(float)).predict(X)


tenth = len(Y) // 10
many = Y[: 10 * tenth].reshape(tenth, 10, -1).sum(axis=1)  # counts in 0.1 s
looks = np.angle(np.exp(1j * heading[: 10 * tenth]).reshape(tenth, 10).mean(axis=1)) % CIRCLE
ring = nmo.basis.CyclicBSplineEval(10, bounds=(0, CIRCLE)).compute_features(heading)  # (T, 10)


def report(window_bins, own_past, split, scaled, explained, mean_scores, lag_axis, dispersion,
           decoding_error):
    """The numbers and the filter of the mail, with these nine functions."""
    W = int(window_bins(0.29, DT))
    past = scaled(own_past(y, stretch, W).astype(float), split(len(y), 200, W)[0])
    train, test = split(len(y), 200, W)
    H = np.column_stack([ring, past])
    means = [np.asarray(predicted(X, y, train)) for X in (past, ring, H)]
    known = test & np.isfinite(means[0])
    weights = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-3).fit(past, y).coef_
    blocks = split(tenth, 20, 1)
    tested = np.where(test, means, np.nan)
    numbers = {
        "bins in 0.29 s": W,
        "deviance explained by its own past": explained(y[known], means[0][known], y[train]),
        "log-likelihood per bin, heading": mean_scores(y, tested[1:])[0],
        "log-likelihood per bin, heading and past": mean_scores(y, tested[1:])[1],
        "dispersion of heading and past": dispersion(H, y, means[2]),
        "median error of decoding (rad)": decoding_error(many, looks, *blocks),
    }
    return numbers, lag_axis(W, DT), weights

# %%
mail, lags, weights = report(window_bins_0, own_past_0, split_0, scaled_0, explained_0,
                             mean_scores_0, lag_axis_0, dispersion_0, decoding_error_0)
for what, value in mail.items():
    print(f"{what:42s} {value:8.4f}")
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
ax.plot(lags, weights, "o-", color=MODEL)
ax.set(xlabel="lag (s)", ylabel="weight per SD (log gain)",
       title="as it came: what the past of a neuron does")
show(fig, "The filter of the mail: weights of a neuron's own past over 28 lags, from 0.")

# %% [markdown]
# **The claims.** (a) A neuron's own past of 0.29 s explains nearly half of the deviance of unseen
# bins. (b) Once heading is known, the past adds next to nothing. (c) The dispersion is far below 1:
# spikes are more regular than Poisson. (d) Heading can be read from the population to within a few
# degrees.
#
# Nothing here looks wrong. All four claims are of a size that other papers report. That is the
# trouble with slips: those that give absurd numbers get found.

# %% [markdown]
# ## 2. Slips in the design
#
# For each function: a **symptom**, which is an experiment you could have made up yourself, then the
# exercise. Write the function anew, without the `_0`; copy what is right, mend what is not.
#
# **Symptom 1.** Ask `window_bins_0` for whole numbers of bins.

# %%
for seconds in (0.10, 0.28, 0.29, 0.30, 0.58):
    print(f"{seconds:.2f} s in bins of 0.01 s: {window_bins_0(seconds, 0.01)} bins")
print(f"0.5 s at 29.786 frames per second: {window_bins_0(0.5, 1 / 29.786)} frames")

# %% [markdown]
# **Exercise 1.** Mend `window_bins`: the whole number of bins *nearest* to that time.

# %% exercise="window_bins"
def window_bins(seconds, dt):
    """How many bins are so many seconds? The nearest whole number."""
    ### BEGIN SOLUTION
    return round(seconds / dt)
    ### END SOLUTION

# %% check="window_bins" points=1
with check("window_bins") as c:
    got = [c.call(window_bins, 0.29, 0.01), c.call(window_bins, 0.58, 0.01)]
    odd = c.call(window_bins, 0.5, 1 / 29.786), c.call(window_bins, 0.37, 1 / 30)
    c.that(np.allclose(odd, np.round(odd)), "a number of bins is a whole number",
           "no array can have 28.99 rows", "go to a whole number at the end")
    c.that(got[0] != 28, "0.29 s in bins of 0.01 s come out as 28: the decimals were cut off",
           "the division gives 28.999999999999996", "go to the nearest whole number, not down")
    c.that(c.call(window_bins, 0.3, 0.01) == 30, "0.30 s in bins of 0.01 s should be 30 bins",
           "seconds over the length of a bin, then the nearest whole number",
           "adding one mends one case and spoils another")
    c.equal(got, [29, 58], "a whole number of bins comes out wrong",
            "0.29 s are 29 bins of 0.01 s", "seconds divided by the length of a bin")
    c.that(odd[0] != 14, "0.5 s at 29.786 frames per second are 14.89 frames: 14 is not the "
           "nearest",
           "a published lesson has 14 here", "go to the nearest whole number, not down")
    c.equal(odd, [15, 11], "up is not the nearest either: 0.37 s at 30 frames per second are 11.1",
            "look at the decimals", "14.89 goes up, 11.1 goes down")
    ### BEGIN HIDDEN TESTS
    n, dt = c.rng.integers(2, 500, 40), float(c.rng.choice([0.001, 0.02, 1 / 36.5]))
    c.equal([c.call(window_bins, k * dt, dt) for k in n], n, "a whole number of bins gets lost")
    ### END HIDDEN TESTS

# %% [markdown]
# One bin less hardly changes a score. But two scripts that disagree on 28 or 29 give features that
# do not fit weights, and a paper that says 0.5 s has used 0.47.
#
# **Symptom 2.** Score the past, shifted. In the figure, a shift of 0 is the true past: row $t$ ends
# at bin $t - 1$. With a shift of $k$ the window begins $k$ bins later. (As in the mail, there is no
# gap, and windows reach across borders; but so they do at every shift.)
#
# **Predict.** At which shift does the score jump? What is it at 30, where the window lies wholly in
# the *future*? Move the slider. (Without sliders, edit the last line of the next cell.)

# %%
# catch-up
bumps = nmo.basis.RaisedCosineLogConv(6, window_size=29)
steps, fit_rows = np.arange(-10, 41, 2), np.arange(len(y)) // 200 % 4 != 3
smooth_past = np.nan_to_num(bumps.compute_features(y.astype(float)))


def score_at(k):
    mean = np.asarray(predicted(np.roll(smooth_past, -k, axis=0), y, fit_rows))
    return nmo.metrics.fraction_deviance_explained(y[~fit_rows], mean[~fit_rows]), mean


by_shift = {int(k): score_at(int(k))[0] for k in (*steps, 1)}


def look_at(shift):
    score, mean = score_at(shift)
    fig, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
    axes[0].plot(sorted(by_shift), [by_shift[k] for k in sorted(by_shift)], "o-", color=DATA, ms=4)
    axes[0].plot(shift, score, "o", color=MODEL, ms=10)
    axes[0].set(xlabel="shift (bins; 0: true past, 30: future)", ylabel="deviance explained",
                title=f"{score:.3f} on every fourth block")
    busy = max(range(3, len(y) // 200, 4), key=lambda k: y[200 * k : 200 * k + 200].sum())
    when = np.arange(200 * busy, 200 * busy + 200)  # the liveliest of the tested blocks
    axes[1].vlines((when - when[0]) * DT, 0, y[when], color="0.6", lw=1)
    axes[1].plot((when - when[0]) * DT, mean[when], color=MODEL)
    axes[1].set(xlabel="time (s)", ylabel="spikes per bin", title="counts and expected counts")
    show(fig, "Left: score against the shift of the history features. Right: counts and expected "
              "counts in two seconds.")


look_at(30)

# %%
interact(look_at, shift=IntSlider(30, min=-10, max=40, continuous_update=False));

# %% [markdown]
# You should see a cliff at a shift of 1, where the window takes in the present bin: a model that
# predicts a spike from itself. Anybody would notice. But at 30 the score is back to an innocent
# value, not far from that of the true past. A neuron's spikes before and after look alike. **No
# score can tell a model that predicts from one that remembers the future.** An impulse can:

# %%
impulse = np.zeros(12)
impulse[[5, 11]] = 1, 1
print("impulses in bins 5 and 11; column 0 of version zero:", own_past_0(impulse, None, 3)[:, 0])

# %% [markdown]
# **Exercise 2.** Mend `own_past`. There is more than one thing to mend: what the row may see, what
# comes in over the ends, what happens between two stretches (`stretch` is the number of the
# stretch of each bin, in order), and what stands where there is no past.

# %% exercise="own_past"
def own_past(counts, stretch, window):
    """(T, window): column j holds the count j + 1 bins before, NaN if that is in no or another
    stretch."""
    ### BEGIN SOLUTION
    past = np.full((len(counts), window), np.nan)
    for j in range(window):
        same = stretch[j + 1 :] == stretch[: -j - 1]
        past[j + 1 :, j][same] = counts[: -j - 1][same]
    return past
    ### END SOLUTION

# %% check="own_past" points=3
with check("own_past") as c:
    pulse, piece = np.zeros(14), np.repeat([0, 1], [8, 6])
    pulse[[3, 7, 13]] = 1
    X = c.call(own_past, pulse, piece, 3)
    c.that(X.shape == (14, 3), "a row per bin of all stretches and a column per lag are due",
           "nothing is dropped, or features and counts slip apart", "14 bins, a window of 3")
    c.that(X[2, 0] != 1, "a row sees a spike that is still to come: this is the future",
           "that is the slip in version zero", "turn the direction of the shift around")
    c.that(not np.nansum(X[3]), "the bin of the spike itself responds: a spike would predict "
           "itself", "the past ends one bin before", "column 0 is one bin away, not none")
    c.that(not np.nansum(X[:3]), "the end of the recording comes in at its start",
           "rolling an array is a circle; time is not", "before the first bin nothing is known")
    alone = c.call(own_past, pulse, np.zeros(14, int), 3)
    c.that(not np.nansum(alone[:3]), "with a single stretch the end of the recording comes in at "
           "its start", "rolling an array is a circle; time is not",
           "before the first bin nothing is known")
    c.that(not X[4, 2] == X[5, 1] == X[6, 0] == 1, "the lags are in the wrong order: column 0 is "
           "the bin just before", "follow the spike of bin 3", "it passes from column to column")
    c.that(X[4, 0] == X[5, 1] == X[6, 2] == 1, "column 0 is not the bin just before",
           "follow the spike of bin 3", "in row 4 it is one bin away")
    c.that(not np.nansum(X[8:11]), "a spike of the first stretch shows up in the second: seconds "
           "are missing between them", "each stretch starts without a past",
           "compare the stretch of a bin with that of its past")
    c.that(np.isnan(X[0]).all() and np.isnan(X[8]).all() and np.isnan(X[9, 1]),
           "where there is no past you put a number: that claims it was measured",
           "unknown is not zero", "NaN keeps such rows out of fit and score")
    c.that(not np.isnan(X[3:8]).any() and not np.isnan(X[11:]).any(),
           "rows with a full past are unknown: you give away data",
           "from the fourth bin of a stretch on, all three lags are known", "NaN only where needed")
    ### BEGIN HIDDEN TESTS
    parts = np.repeat(np.arange(5), c.rng.integers(2, 40, 5))
    n, W = c.rng.poisson(1.0, len(parts)), 6
    want = np.array([[n[t - j - 1] if t > j and parts[t - j - 1] == parts[t] else np.nan
                      for j in range(W)] for t in range(len(n))])
    X, full = c.call(own_past, n, parts, W), np.isfinite(want).all(axis=1)
    c.equal(X[full], want[full], "off on fresh stretches, some shorter than the window")
    c.that(np.isnan(X[~full]).any(axis=1), "a row without a full past has no NaN")
    ### END HIDDEN TESTS

# %% [markdown]
# **Symptom 3.** Which training rows hold a test spike among their features?

# %%
train_0, test_0 = split_0(len(y), 200, 29)
lags_back = own_past(np.arange(len(y), dtype=float), stretch, 29)  # the number of each bin
sees = np.isin(lags_back, np.flatnonzero(test_0)).any(axis=1)
print(f"{np.sum(train_0 & sees)} of {train_0.sum()} training rows have a test bin in their past;")
known_0 = np.isfinite(lags_back).all(axis=1)
print(f"{np.sum(test_0 & known_0 & np.isin(lags_back, np.flatnonzero(train_0)).any(axis=1))} test "
      "rows have a training bin in theirs")

# %% [markdown]
# Rows close to each other share nearly all of their features. Blocks without a **gap** leak at
# every border.
#
# **Exercise 3.** Mend `split`: test every fourth block, and train on what is *more than* `window`
# bins away from every test bin, on both sides. (Rows are taken as one long line here.)

# %% exercise="split"
def split(n, block, window):
    """(train, test): masks of n rows; every fourth block is tested, with a gap around it."""
    ### BEGIN SOLUTION
    test = np.arange(n) // block % 4 == 3
    close = np.convolve(test, np.ones(2 * window + 1))[window : window + n] > 0.5
    return ~close, test
    ### END SOLUTION

# %% check="split" points=2
with check("split") as c:
    got = c.call(split, 100, 10, 3)
    c.that([np.shape(m) for m in got] == [(100,)] * 2, "two masks are asked for, a value per row "
           "each", "train first, then test", "boolean masks, not row numbers")
    train, test = np.asarray(got).astype(bool)
    block = np.arange(100) // 10 % 4 == 3
    c.that(not (test != block).any() or (train != block).any(), "train and test are swapped",
           "a quarter is tested", "train first")
    c.that(test == block, "the tested blocks have changed: every fourth, as before",
           "the gap is taken from the training rows", "the slip is not in this line")
    c.that(not (train & test).any(), "a row is trained on and tested", "held out means held out",
           "take the test rows away")
    away = np.array([abs(np.flatnonzero(test) - t).min() for t in range(100)])
    after = np.array([test[max(0, t - 3) : t].any() for t in range(100)])
    c.that(not train[away == 3].all() or train[away <= 2].any(), "the gap is a bin too narrow: at "
           "distance `window` you still train", "the oldest lag reaches back exactly that far",
           "more than, not at least")
    c.that(not train[away == 1].all(), "training rows touch the test rows: still no gap",
           "features reach over the border", "leave out what is near")
    c.that(not train[after & ~test].any(), "the gap is missing behind the test blocks: rows there "
           "have test spikes in their past", "both sides leak", "leave a gap before and after")
    c.that(not train[(away <= 2) & ~after].any(), "the gap is missing before the test blocks: test "
           "rows have training spikes in their past", "both sides leak", "before and after")
    c.that(not train[away <= 3].any(), "some training rows are within `window` bins of a test row",
           "look at both ends of each block", "more than `window` bins away")
    c.that(train[away > 3].all(), "the gap is wider than the window asks for: you give away data",
           "every row farther than `window` may be used", "once on each side")
    ### BEGIN HIDDEN TESTS
    n, size, W = int(c.rng.integers(300, 500)), int(c.rng.integers(20, 40)), int(c.rng.integers(9))
    train, test = np.asarray(c.call(split, n, size, W)).astype(bool)
    which = np.arange(n) // size % 4 == 3
    far = [not which[max(0, t - W) : t + W + 1].any() for t in range(n)]
    c.equal(train, far, "off for other blocks and windows")
    c.equal(test, which, "the tested blocks are off for other sizes")
    ### END HIDDEN TESTS

# %% [markdown]
# **Symptom 4.** Multiply the *test* rows by ten, and look at a training row.

# %%
loud = np.where(test_0[:, None], 10 * ring, ring)
print("a training row before:", scaled_0(ring, train_0)[0, :4].round(3))
print("and after:            ", scaled_0(loud, train_0)[0, :4].round(3))

# %% [markdown]
# What is learned from the training rows includes the mean and the SD by which columns are scaled.
#
# **Exercise 4.** Mend `scaled`. An entry that is NaN stays NaN, and has no say in the mean and the
# SD of its column. A column that never changes is divided by 1.

# %% exercise="scaled"
def scaled(X, train):
    """Columns of mean 0 and SD 1 over the training rows; the same step for all other rows."""
    ### BEGIN SOLUTION
    mean, sd = np.nanmean(X[train], axis=0), np.nanstd(X[train], axis=0)
    return (X - mean) / np.where(sd > 0, sd, 1)
    ### END SOLUTION

# %% check="scaled" points=1
with check("scaled") as c:
    F, rows = c.rng.normal(3, 2, (40, 3)) * [1, 5, 1], np.arange(40) < 30
    F[:4, 1] = np.nan
    got = c.call(scaled, F, rows)
    c.that(np.shape(got) == (40, 3), "all rows come back, training and test",
           "only mean and SD are taken from the training rows", "nothing is dropped")
    other = c.call(scaled, np.where(rows[:, None], F, 10 * F), rows)
    c.that(np.allclose(got[:30], other[:30], equal_nan=True),
           "the training rows change when the test rows do: the test set leaks into the scale",
           "that is the slip in version zero", "which rows may decide on mean and SD?")
    c.that(np.isnan(got[:4, 1]).all(), "unknown entries have become numbers: they claim to be "
           "measured", "unknown is not zero", "leave NaN alone")
    c.that(np.isfinite(got[4:]).all(), "a whole column is lost: NaN rows spoil its mean",
           "leave them out of mean and SD", "there are functions that skip NaN")
    c.that(not np.allclose(np.std(got[30:], axis=0), 1), "the test rows have a scale of their own: "
           "the same count gets another feature", "one step for all rows",
           "learned once, used everywhere")
    spread, raw = np.nanstd(got[:30], axis=0), np.nanstd(F[:30], axis=0)
    c.that(not np.isclose(spread[0] / spread[1], raw[0] / raw[1]),
           "one number scales all columns: each has its own", "reduce along the rows only",
           "a mean and an SD per column")
    c.that(abs(np.nanmean(got[:30], axis=0)) < 0.3, "the mean is not taken away",
           "mean 0 over the training rows", "shift, then divide")
    want = (F - np.nanmean(F[:30], 0)) / np.nanstd(F[:30], 0)
    c.equal(got, want, "mean or SD are off", "mean 0 and SD 1 over the training rows, column by "
            "column", "the plain SD, without a correction; a NaN costs its own column one row")
    flat = F.copy()
    flat[:, 2] = 7.0
    c.that(np.isfinite(c.call(scaled, flat, rows)[:, 2]).all(),
           "a column that never changes becomes 0 divided by 0", "its SD is 0",
           "divide such a column by 1")
    ### BEGIN HIDDEN TESTS
    F, rows = c.rng.gamma(2, 3, (60, 5)), c.rng.random(60) < 0.6
    c.equal(c.call(scaled, F, rows), (F - F[rows].mean(0)) / F[rows].std(0), "off on fresh data")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3. Slips in the score
#
# From here on the split has a gap, and the past stays within its stretch. (The next cell makes both
# with the library; `minglm` has them as `make_folds` and `HistoryConv`.)
#
# **Symptom 5.** A constant, learned from the training rows, should explain nothing, and lose
# nothing.

# %%
# catch-up
quarter = np.flatnonzero(split_0(len(y), 200, 29)[1])
rest = np.setdiff1d(np.arange(len(y)), quarter)
train, test = nmo.model_selection.make_folds(len(y), cv=[(rest, quarter)], gap=29)[0]
busiest = binned[:, int(Y.sum(axis=0).argmax())]
past_29 = nmo.basis.HistoryConv(29).compute_features(busiest).values  # knows the stretches

# %%
print(f"mean count: training {y[train].mean():.3f}, test {y[test].mean():.3f}")
constant = np.full(test.sum(), y[train].mean())
print(f"the training mean as a prediction, by version zero: "
      f"{explained_0(y[test], constant, y[train]):+.5f}")

# %% [markdown]
# Version zero compares a model that has never seen the test rows with a constant that has. The
# constant is a model, too, and must be learned where the others are. The difference is small
# when the rate is steady. When it drifts from day to day, a right model looks worthless.
#
# **Exercise 5.** Mend `explained`. (NeMoS and `minglm`'s `score` take the mean of the scored
# counts; `minglm.metrics` has `y_train` for this.)

# %% exercise="explained"
def explained(counts, mean, train_counts):
    """Fraction of the deviance explained over the constant rate that the training counts give."""
    ### BEGIN SOLUTION
    null = np.full(len(counts), np.mean(train_counts))
    return 1 - nmo.metrics.deviance(counts, mean) / nmo.metrics.deviance(counts, null)
    ### END SOLUTION

# %% check="explained" points=1
with check("explained") as c:
    from scipy.special import xlogy

    far = lambda n, m: np.sum(xlogy(n, n) - n * np.log(m) - n + m)
    n, m = np.array([0, 2, 1, 4, 0]), np.array([0.4, 1.5, 1.2, 3.0, 0.3])
    before = np.array([0, 1, 0, 0, 1, 1, 0, 1])  # mean 0.5; the test mean is 1.4
    got = c.call(explained, n, m, before)
    c.that(np.ndim(got) == 0, "one number is asked for", "two deviances, one ratio", "no array")
    c.that(not np.isclose(got, 1 - far(n, m) / far(n, 1.4)),
           "the constant is still the mean of the counts that are scored: it has seen the answers",
           "that is the slip in version zero", "which counts may it be learned from?")
    everything = np.r_[n, before].mean()
    c.that(not np.isclose(got, 1 - far(n, m) / far(n, everything)),
           "the constant is learned from training AND test counts", "a little peeking is peeking",
           "training counts only")
    c.that(not np.isclose(got, far(n, m) / far(n, 0.5)), "this is what is left, not what was "
           "explained", "the constant itself should score 0", "turn it around")
    c.that(not np.isclose(got, 1 - far(n, 0.5) / far(n, m)), "the ratio is upside down",
           "a better model has the smaller deviance", "model above, constant below")
    c.that(not np.isclose(got, 1 - np.sum((n - m) ** 2) / np.sum((n - 0.5) ** 2)),
           "these are squared errors; the deviance is asked for", "counts are not Gaussian",
           "keep the deviance of version zero")
    c.equal(got, 1 - far(n, m) / far(n, 0.5), "the fraction is off", "the constant is 0.5 here",
            "compute both deviances by hand")
    bad = c.call(explained, n, np.array([4, 0.1, 3, 0.1, 5]), before)
    c.that(bad < 0, "a terrible model should score below 0: the score was clipped",
           "you want to know that", "leave negative values alone")
    ### BEGIN HIDDEN TESTS
    m = c.rng.gamma(2, 1, 200)
    n, before = c.rng.poisson(m), c.rng.poisson(0.7, 300)
    want = 1 - far(n, m) / far(n, before.mean())
    c.equal(c.call(explained, n, m, before), want, "off for fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# **Symptom 6.** Let a model compete against *itself*, once with its first rows of each stretch
# missing, as if it had a history.

# %%
mean = np.asarray(predicted(ring, y, train))
gappy = np.where(np.isfinite(past_29).all(axis=1), mean, np.nan)
print("the same model twice, by version zero:", mean_scores_0(y, [mean, gappy]).round(4))

# %% [markdown]
# Two equal models, and one of them wins. Claim (b) stands on a difference of this kind.
#
# **Exercise 6.** Mend `mean_scores`: whoever is compared sits the same exam.

# %% exercise="mean_scores"
def mean_scores(counts, means):
    """Mean log-likelihood per bin of each model (M,), on the bins that all of them predict."""
    ### BEGIN SOLUTION
    ok = np.isfinite(means).all(axis=0)
    return np.array([nmo.metrics.log_likelihood(counts[ok], m[ok]) for m in means])
    ### END SOLUTION

# %% check="mean_scores" points=2
with check("mean_scores") as c:
    from scipy.stats import poisson

    n = np.array([5, 0, 1, 0, 2, 0, 1, 3])
    m = np.array([1, 0.5, 1.5, 0.5, 1.8, 0.1, 1, 2])
    late, hole = m.copy(), np.array([1, 1, 1, 1, 1, 1, np.nan, 1.0])
    late[0] = np.nan
    got = c.call(mean_scores, n, np.array([m, late, hole]))
    c.that(np.shape(got) == (3,), "one score per model is asked for", "three models, three values",
           "reduce over bins, not over models")
    c.that(np.isfinite(got), "not a number: bins that a model does not predict are in it",
           "NaN plus anything is NaN", "choose the bins first")
    c.that(np.isclose(got[0], got[1]), "the same model, once without its first bin, does not tie "
           "with itself", "the first bin holds five spikes, and only one of the two is asked",
           "a bin counts for all models or for none")
    use = [1, 2, 3, 4, 5, 7]
    want = np.array([poisson.logpmf(n[use], v[use]).mean() for v in (m, late, hole)])
    c.that(not np.allclose(got, 6 * want), "these are sums; the mean per bin is asked for",
           "as in version zero", "divide by the number of shared bins")
    c.that(not np.allclose(got, 6 / 8 * want), "the sum over shared bins is divided by ALL bins",
           "above and below the line must speak of the same bins", "count the shared ones")
    pair = np.array([poisson.logpmf(n[1:], v[1:]).mean() for v in (m, late)])
    c.that(not np.allclose(got[:2], pair), "only the first two models agree on their bins: the "
           "third has a hole of its own", "all of them share the bins", "for every model at once")
    c.equal(got, want, "the scores are off", "six of the eight bins are shared here",
            "log-likelihood with all its terms, as in version zero")
    ### BEGIN HIDDEN TESTS
    m = c.rng.gamma(2, 1, (4, 90))
    m[c.rng.integers(0, 4, 12), c.rng.integers(0, 90, 12)] = np.nan
    n, ok = c.rng.poisson(2, 90), ~np.isnan(m).any(axis=0)
    c.equal(c.call(mean_scores, n, m), poisson.logpmf(n[ok], m[:, ok]).mean(axis=1),
            "off for four fresh models")
    ### END HIDDEN TESTS

# %%
H = np.column_stack([ring, past_29 / past_29[np.isfinite(past_29)].std()])
pair = np.where(test, [np.asarray(predicted(X, y, train)) for X in (ring, H)], np.nan)
for name, scorer in (("own bins", mean_scores_0), ("same bins", mean_scores)):
    alone, both = scorer(y, pair)
    print(f"{name:9s}: heading {alone:.4f}, heading and past {both:.4f}, gain {both - alone:+.4f}")

# %% [markdown]
# You should see the gain change by a good part of its own size, or by several times that. The start
# of a stretch is not like its middle, and a history cannot be asked about it. A published table has
# this slip, with two numbers from 28 020 and 27 820 bins.
#
# The gain is below zero. That is no slip: beside heading, 29 more weights learn mostly noise.

# %% [markdown]
# ## 4. Slips in the reading
#
# **Symptom 7.** A past that starts at lag 0? The figure of the mail has its first point there. Put
# one spike into a history that you trust, and wait for column 0.

# %%
lone = np.zeros(12)
lone[5] = 1
column = nmo.basis.HistoryConv(3).compute_features(lone)[:, 0]
print(f"a spike in bin 5; column 0 holds it in bin {np.flatnonzero(column == 1)[0]}, "
      f"and version zero draws column 0 at {lag_axis_0(3, DT)[0]:.2f} s")

# %% [markdown]
# **Predict.** What would a physiologist conclude from a filter that begins at zero?
#
# **Exercise 7.** Mend `lag_axis`, in seconds.

# %% exercise="lag_axis"
def lag_axis(window, dt):
    """(window,): seconds before the spike of each value of a filter; value 0 is the bin before."""
    ### BEGIN SOLUTION
    return np.arange(1, window + 1) * dt
    ### END SOLUTION

# %% check="lag_axis" points=1
with check("lag_axis") as c:
    got = c.call(lag_axis, 5, 0.02)
    c.that(np.shape(got) == (5,), "one lag per value of the filter: five here",
           "the last one is not left out, nor one added", "as many as the window has bins")
    c.that(got[0] != 0, "the axis still starts at 0: that is the bin of the spike itself, which no "
           "past may hold", "the most recent bin is one bin away", "start one bin back")
    c.that(not np.allclose(got, [1, 2, 3, 4, 5]), "these are bins; seconds are asked for",
           "a bin lasts `dt` seconds", "bins times their length")
    c.that(not np.allclose(got, np.arange(1, 6) * 20), "these are milliseconds", "seconds here",
           "leave the thousand out")
    c.that(np.all(got > 0), "lags are counted backwards from the spike, as positive seconds",
           "the docstring says: seconds before", "drop the sign")
    c.that(got[0] < got[-1], "the axis runs backwards: value 0 is the most recent bin",
           "small lags first", "do not turn it around")
    c.that(not np.isclose(got[0], 0.01), "the axis points at the middle of the bins; by convention "
           "here the bin before has a lag of one bin", "the first is dt", "whole bins")
    c.equal(got, [0.02, 0.04, 0.06, 0.08, 0.1], "the axis is off", "first dt, last window times dt",
            "five bins of 0.02 s reach back 0.1 s")
    ### BEGIN HIDDEN TESTS
    W, dt = int(c.rng.integers(3, 90)), float(c.rng.uniform(0.001, 0.1))
    c.equal(c.call(lag_axis, W, dt), dt + dt * np.arange(W), "off for another window")
    ### END HIDDEN TESTS

# %% [markdown]
# **Symptom 8.** Hand the dispersion an array in which half the rows are unknown. If it is a mean of
# something, it should hardly move.

# %%
mean = np.asarray(predicted(ring, y, train))
gap = np.where(np.arange(len(y)) % 2 == 0, np.nan, mean)
print("dispersion of the same model, all rows:", round(dispersion_0(ring, y, mean), 3),
      " half of them:", round(dispersion_0(ring, y, gap), 3))

# %% [markdown]
# The rows without a prediction have left the sum above the line, and stayed below it.
#
# **Exercise 8.** Mend `dispersion`: squared Pearson residuals over the residual degrees of freedom.
# What counts are the rows that were used: those with a prediction.

# %% exercise="dispersion"
def dispersion(X, counts, mean):
    """Sum of squared Pearson residuals per residual degree of freedom; NaN in mean: not used."""
    ### BEGIN SOLUTION
    used = np.isfinite(mean)
    squares = np.sum((counts[used] - mean[used]) ** 2 / mean[used])
    return squares / (used.sum() - X.shape[1] - 1)
    ### END SOLUTION

# %% check="dispersion" points=2
with check("dispersion") as c:
    F, m = np.zeros((105, 4)), np.tile([0.5, 1.0, 2.0], 35)
    n = np.tile([1, 0, 3, 2, 1, 1, 0], 15)
    m[:8], squares = np.nan, None
    squares = np.sum((n[8:] - m[8:]) ** 2 / m[8:])
    got = c.call(dispersion, F, n, m)
    c.that(np.ndim(got) == 0, "one number is asked for", "a sum over rows, then one division")
    c.that(np.isfinite(got), "not a number: rows without a prediction are in it",
           "NaN plus anything is NaN", "choose the rows first")
    c.that(not np.isclose(got, squares / 100), "rows without a prediction still count below the "
           "line: 97 of these 105 were used", "that is the slip in version zero",
           "count the rows that are in the sum")
    c.that(not np.isclose(got, squares / 97), "this is a mean over rows: fitted numbers cost "
           "degrees of freedom", "four weights and an intercept were fitted", "take them away")
    c.that(not np.isclose(got, squares / 93), "the intercept is a fitted number, too",
           "four weights make five parameters", "count once more")
    c.that(not np.isclose(got, np.sum((n[8:] - m[8:]) ** 2) / 92), "the residuals are not divided "
           "by their variance", "a Poisson count varies as much as its mean", "Pearson residuals")
    c.that(not np.isclose(got, np.sum((n[8:] - m[8:]) ** 2 / m[8:] ** 2) / 92),
           "the residuals are divided by the SD squared twice: the variance is the mean, not its "
           "square", "a Poisson count varies as much as its mean", "one power of the mean")
    c.equal(got, squares / 92, "the dispersion is off", "97 rows and five parameters",
            "squares of (count - mean), each over its mean")
    ### BEGIN HIDDEN TESTS
    m, F = c.rng.gamma(2, 1, 300), np.zeros((300, 9))
    n = c.rng.poisson(m)
    m[c.rng.integers(0, 300, 70)] = np.nan
    want = np.nansum((n - m) ** 2 / m) / (np.isfinite(m).sum() - 10)
    c.equal(c.call(dispersion, F, n, m), want, "off for fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# **Symptom 9.** Give the decoder nonsense to read. Shuffle the headings in time, so that the spikes
# know nothing of them. The error of a blind guess is a quarter of a circle: 1.57 rad.

# %%
blocks = split_0(tenth, 20, 0)  # no history here, so no gap is needed


def blind(decode):
    """Mean over sixteen shuffles of the error that a decoder claims."""
    dice = np.random.default_rng(0)
    return np.mean([decode(many, dice.permutation(looks), *blocks) for _ in range(16)])


print(f"shuffled headings, by version zero: {blind(decoding_error_0):.2f} rad")

# %% [markdown]
# Better than blind, from nothing. With 360 groups each group's profile is made of a few moments,
# and every test moment finds *itself* among them.
#
# **Exercise 9.** Mend `decoding_error`. The helpers `tuning`, `read_heading` and `error` are fine.

# %% exercise="decoding_error"
def decoding_error(spikes, angles, train, test):
    """Median error (rad) on the test rows, read with profiles of the training rows."""
    ### BEGIN SOLUTION
    profile = tuning(spikes[train], angles[train])
    return np.median(error(read_heading(spikes[test], profile), angles[test]))
    ### END SOLUTION

# %% check="decoding_error" points=2
with check("decoding_error") as c:
    where = c.rng.uniform(0, 2 * np.pi, 400)
    fired = c.rng.poisson(4 * np.exp(2 * (np.cos(where[:, None] - np.arange(8) * np.pi / 4) - 1)))
    rows = np.arange(400) % 5 != 0
    got = c.call(decoding_error, fired, where, rows, ~rows)
    c.that(np.ndim(got) == 0, "one number is asked for, the median over the test rows",
           "a median reduces", "no array")
    c.that(got > 0, "the error is signed: left and right cancel", "`error` has no sign",
           "use the helper")
    def by_hand(known, asked, where=where):
        off = read_heading(fired[asked], tuning(fired[known], where[known])) - where[asked]
        return off, error(off, 0)

    everyone, keep = np.ones(400, bool), ~rows
    c.that(not np.isclose(got, np.median(by_hand(everyone, keep)[1])),
           "the profiles are still made of all rows: each test moment helps to read itself",
           "that is the slip in version zero", "which rows may the profiles know?")
    c.that(not np.isclose(got, np.median(by_hand(keep, keep)[1])),
           "the profiles are made of the very rows that are read", "train and test are mixed up",
           "profiles from the training rows")
    c.that(not np.isclose(got, np.median(by_hand(rows, rows)[1])),
           "the error is that of the training rows", "the exam is on the test rows",
           "read the others")
    c.that(not np.isclose(got, np.median(by_hand(rows, everyone)[1])),
           "the error is that of all rows, training rows included", "the exam is on the test rows",
           "read the test rows only")
    c.that(not np.isclose(got, np.mean(by_hand(rows, keep)[1])), "this is the mean; the median is "
           "asked for", "a few far misses move a mean", "as in version zero")
    seam = c.rng.normal(0, 0.04, 400) % CIRCLE
    at_seam = c.call(decoding_error, fired, seam, rows, ~rows)
    c.that(not np.isclose(at_seam, np.median(abs(by_hand(rows, keep, seam)[0]))),
           "errors near 0 and 2π go the long way round", "`error` wraps them", "use the helper")
    c.equal(got, np.median(by_hand(rows, keep)[1]), "the error is off",
            "profiles of training rows, read on test rows", "use the three helpers")
    ### BEGIN HIDDEN TESTS
    rows = c.rng.random(400) < 0.7
    c.equal(c.call(decoding_error, fired, where, rows, ~rows), np.median(by_hand(rows, ~rows)[1]),
            "off on other rows")
    ### END HIDDEN TESTS

# %% [markdown]
# Now the whole mail once more, by your nine functions. (If you arrived late: this cell needs all
# nine.)
#
# **Predict.** Which of the six numbers will move most?

# %%
print(f"shuffled headings, mended: {blind(decoding_error):.2f} rad")
ours, lags, weights = report(window_bins, own_past, split, scaled, explained, mean_scores,
                             lag_axis, dispersion, decoding_error)
old = report(window_bins_0, own_past_0, split_0, scaled_0, explained_0, mean_scores_0, lag_axis_0,
             dispersion_0, decoding_error_0)
print(f"\n{'':44s}as it came    mended")
for what, value in ours.items():
    print(f"{what:44s}{old[0][what]:10.4f}{value:10.4f}")
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
ax.plot(old[1], old[2], "o-", color="0.7", label="as it came")
ax.plot(lags, weights, "o-", color=MODEL, label="mended")
ax.set(xlabel="lag (s)", ylabel="weight per SD (log gain)", title="what the past of a neuron does")
ax.legend(frameon=False)
show(fig, "Filter on the neuron's own past: as it came, and mended, starting one bin back.")

# %% [markdown]
# You should see most numbers move a little, and the decoder's error grow by half or more. The
# dispersion was nearly right, by luck: the rolled past had no unknown rows, so one slip hid the
# other. And claims (a) and (b) survive with nearly the same numbers, though they were about the
# future: **a right number does not make a right analysis.**
#
# What found the slips? Not the scores. An impulse, a shuffle, a model against itself, a test row
# made louder. Each took two lines. Put such lines into your own scripts, before the figure.
#
# When you write back, say what you tried, what came out, and what it changes. Everybody has made
# these; the list of those who published one is long and honourable.

# %% [markdown]
# ## 5. A new recording, alone
#
# Now the other side of the desk. A grasshopper hears; one neuron of its auditory nerve reports to
# the brain. Two sounds of 10 s were played whose loudness wobbles, slowly in one and fast in the
# other. If the real recording is installed you get it, else its twin.
#
# **The task.** Predict the spikes from the sound and from the neuron's own past, better than a
# simple model does, on bins that were not fitted. Nobody tells you how. The checks test promises:
# rows look back and not too far, the split has a gap, the control fails, the score is what you say.
#
# <details><summary><b>A recording of your own instead?</b></summary>
#
# You need some hundreds of spikes of one neuron, and one signal, over 10,000 bins or more. In the
# next cell:
# - `recording = nap.load_file("my_file.nwb")`; the printed table has its names. Put them in place
#   of `units`, `stimulus` and `epochs`, the pieces during which both were recorded.
# - `unit = 13` chooses a neuron, `loud = False` says that the signal is no loudness.
# - A signal of few samples per second, from a camera for example: wider bins, `MS = 0.02`, and
#   `sound = train_of_spikes.value_from(signal, pieces).values`, the nearest in place of the mean.
#
# Put the lines back before you hand in: grading has the recordings of the course only.
# </details>

# %%
# catch-up
recording = data_fetch.load("grasshopper")
print(recording)
spike_times, signal = recording["units"], recording["stimulus"]
pieces = recording["epochs"].drop_short_intervals(5.0)[:4]
unit = spike_times.index[0]  # the first neuron
MS = 0.001  # one bin of this part, in seconds
train_of_spikes = spike_times[unit].count(MS, pieces)
sound = signal.restrict(pieces).bin_average(MS, pieces).values
loud = sound.min() > 0  # a loudness; not a current, or a place
level = 20 * np.log10(sound) if loud else sound / abs(sound).max()  # dB, or a share
level = level - np.median(level)
n_t = train_of_spikes.values  # spikes per ms
n_t.flags.writeable = False  # what was recorded stays as it is
epoch = np.searchsorted(pieces.start, train_of_spikes.t, "right") - 1
print(f"{len(n_t)} bins of {1000 * MS:g} ms in {len(pieces)} pieces, {n_t.sum()} spikes")

# %%
fig, axes = plt.subplots(2, 2, figsize=(10, 4), sharex="col", layout="constrained")
for column, k in zip(axes.T, (0, len(pieces) - 1), strict=True):
    some = np.flatnonzero(epoch == k)[500:800]
    t = np.arange(300) * MS
    column[0].plot(t, level[some], color=DATA)
    column[1].vlines(t, 0, n_t[some], color="k", lw=1)
    column[0].set_title(f"{300 * MS:g} s of piece {k}")
    column[1].set(xlabel="time (s)", yticks=[0, 1])
axes[0, 0].set_ylabel("level (dB)" if loud else "level (share)")
axes[1, 0].set_ylabel("spikes per bin")
show(fig, "Sound level and spikes in 300 bins of the first and the last piece.")

# %% [markdown]
# Look before you model: intervals between spikes, spikes after a loud moment, the two sounds apart.
# Take as many cells as you like.
#
# **Exercise 10.** Write `my_features`. Any design is welcome that keeps its promises:
# - a row per bin, at most 100 columns, from the level up to now and from counts *before* now;
# - nothing farther back than `REACH` bins, nothing across the border of a piece (`epoch`);
# - NaN where the past is not known. Set `REACH` in the cell before, to what you need.

# %%
# catch-up
REACH = 30  # bins of 1 ms: how far your features look back; change it, up to 200

# %% exercise="my_features"
def my_features(level, counts, epoch):
    """(T, P): what your model may know of each bin."""
    ### BEGIN SOLUTION
    both = [nmo.basis.RaisedCosineLogConv(8, window_size=REACH) for _ in range(2)]
    parts = [np.column_stack([b.compute_features(x[epoch == e])
                              for b, x in zip(both, (level, counts), strict=True)])
             for e in np.unique(epoch)]
    return np.concatenate(parts)
    ### END SOLUTION

# %% check="my_features" points=3
with check("my_features") as c:
    reach = int(c.value(REACH))
    c.that(1 <= reach <= 200, "REACH should be between 1 and 200 bins")
    piece = np.repeat([0, 1], [700, 500])
    s, n = c.rng.normal(0, 4, 1200), c.rng.poisson(0.1, 1200)
    X = c.call(my_features, s, n, piece)
    c.that(np.ndim(X) == 2 and len(X) == 1200, "one row per bin of all pieces is due: do not drop "
           "rows, or features and counts slip apart", "1200 bins go in", "NaN is for the unknown")
    c.that(X.shape[1] <= 100, "more than 100 columns: let neighbouring lags share a weight",
           "a few smooth bumps describe a filter", "lesson 04 did it with eight")
    same = lambda A, B: np.isclose(A, B, equal_nan=True).all(axis=1)
    more, late = n.copy(), s.copy()
    more[400] += 3
    late[400] += 20
    A, B = c.call(my_features, s, more, piece), c.call(my_features, late, n, piece)
    c.that(same(A, X)[:400], "a spike changes rows BEFORE it: a row sees the future, or columns "
           "were scaled with data of all rows", "put one spike in and see which rows change",
           "only later rows may")
    c.that(same(A, X)[400], "a spike changes the row of its own bin: it would predict itself",
           "the past ends one bin before", "shift the counts by one")
    c.that(same(B, X)[:400], "a loud moment changes rows BEFORE it: a row sees the future, or "
           "columns were scaled with data of all rows", "change one level and look at all rows",
           "only the row itself and later ones may")
    c.that(not same(A, X).all() and not same(B, X).all(),
           "one of the two has no effect on any row: use the level AND the neuron's own counts",
           "the task names both", "side by side")
    c.that(same(A, X)[401 + reach :] & same(B, X)[401 + reach :],
           "a moment still has an effect after more than REACH bins: your features reach farther "
           "than they say, and a gap of REACH will not be enough", "set REACH to what you use",
           "or shorten the window")
    calm = np.where(piece == 0, 0, n)  # the first piece without a spike, then with one
    one = np.where(np.arange(1200) == 400, 1, calm)
    A, B = c.call(my_features, s, one, piece), c.call(my_features, s, calm, piece)
    c.that(same(A, B)[401 + reach :],
           "a spike still has an effect after more than REACH silent bins: does the time since the "
           "last spike go on for ever?", "let it end at REACH",
           "whatever is longer counts as REACH")
    other = c.call(my_features, np.where(piece == 0, 3.0 * s, s), np.where(piece == 0, n + 1, n),
                   piece)
    c.that(same(other, X)[700:], "the second piece knows of the first: seconds lie between them",
           "treat each piece as if it were alone", "a past ends at the border")
    c.that(np.isnan(X[[0, 700]]).any(axis=1), "the first bin of a piece has no past, and yours has "
           "numbers there: unknown is not zero", "such rows belong in no fit and no score",
           "NaN where the past is missing")
    c.that(np.isfinite(X[reach:700]).all() and np.isfinite(X[700 + reach :]).all(),
           "more is unknown than REACH explains", "after REACH bins of a piece the past is known",
           "NaN at the start of a piece only")
    ### BEGIN HIDDEN TESTS
    piece = np.repeat([3, 5, 6], [400, 450, 350])
    s, n = c.rng.normal(0, 4, 1200), c.rng.poisson(0.1, 1200)
    X, t = c.call(my_features, s, n, piece), int(c.rng.integers(650, 800))
    n[t] += 2
    changed = np.flatnonzero(~same(c.call(my_features, s, n, piece), X))
    c.that(len(changed) and changed.min() > t and changed.max() <= t + reach,
           "on three fresh pieces a spike acts on the wrong rows")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 11.** Write `my_split`: masks for training and test. Test rows come in blocks of 100
# bins or more, in *every* piece, 10 to 50 % of all. Training rows of a piece are more than `REACH`
# bins away from its test rows, and are at least 30 % of all.

# %% exercise="my_split"
def my_split(epoch):
    """(train, test): boolean masks, one value per row."""
    ### BEGIN SOLUTION
    train, test = np.zeros(len(epoch), bool), np.zeros(len(epoch), bool)
    for e in np.unique(epoch):
        rows = np.flatnonzero(epoch == e)
        train[rows], test[rows] = split(len(rows), 500, REACH)
    return train, test
    ### END SOLUTION

# %% check="my_split" points=2
with check("my_split") as c:
    reach = int(c.value(REACH))
    for piece in (epoch, np.repeat([0, 1], [6100, 4750])):
        got = c.call(my_split, piece)
        c.that([np.shape(m) for m in got] == [(len(piece),)] * 2,
               "two masks are asked for, a value per row each", "train first, then test",
               "boolean masks, not row numbers")
        train, test = np.asarray(got).astype(bool)
        c.that(not (train & test).any(), "a row is trained on and tested",
               "held out means held out", "take the test rows away")
        c.that(0.1 <= test.mean() <= 0.5, "the share of test rows is not between 10 and 50 %",
               "are the two masks swapped?", "count them")
        edges = np.flatnonzero(np.diff(np.r_[0, test & True, 0].astype(int)))
        c.that(np.min(edges[1::2] - edges[::2]) >= 100, "test rows are scattered, or in blocks of "
               "less than 100 bins: their neighbours in training tell it all",
               "neighbouring bins share nearly all features", "cut long blocks")
        for e in np.unique(piece):
            rows = piece == e
            c.that(test[rows].any() and train[rows].any(), "a piece is not in both sets: a model "
                   "that never heard one of the sounds is asked about it",
                   "cut blocks out of every piece", "do the same in each of them")
            wide = np.convolve(test[rows], np.ones(2 * reach + 1))[reach : reach + rows.sum()] > 0.5
            c.that(not (train[rows] & wide).any(), "a training row is within REACH bins of a test "
                   "row: there is no gap, or too small a one", "features reach over the border",
                   "leave the gap on both sides of every block")
        c.that(train.mean() >= 0.3, "less than 30 % of the rows are left to train on",
               "many short blocks cost many gaps", "fewer, longer blocks")
    ### BEGIN HIDDEN TESTS
    piece = np.repeat([2, 4, 9], [4321, 5000, 3999])
    train, test = np.asarray(c.call(my_split, piece)).astype(bool)
    c.that(0.1 <= test.mean() <= 0.5 and not (train & test).any(), "off for other pieces")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 12.** Write `my_prediction`: expected counts per bin of *all* rows, by a Poisson model
# that was fitted to the training rows alone; NaN where features are unknown. A weak ridge does no
# harm.

# %% exercise="my_prediction"
def my_prediction(X, counts, train):
    """(T,): expected counts per bin, by a model that knows the training rows only."""
    ### BEGIN SOLUTION
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-4)
    return model.fit(X[train], counts[train]).predict(X)
    ### END SOLUTION

# %% check="my_prediction" points=2
with check("my_prediction") as c:
    F = c.rng.normal(size=(600, 3))
    F[:5] = np.nan
    n = c.rng.poisson(np.exp(-1 + np.nan_to_num(F) @ [0.6, -0.4, 0]))
    rows = np.arange(600) < 400
    m = c.call(my_prediction, F, n, rows)
    c.that(np.shape(m) == (600,), "an expected count for every row is asked for, test rows, too",
           "predict them all", "fit on some, predict all")
    c.that(np.isnan(m[:5]).all(), "rows with unknown features have a prediction", "nobody knows",
           "leave NaN alone")
    c.that(np.isfinite(m[5:]).all(), "rows with known features have no prediction",
           "NaN rows of the fit are left out by the library", "give it the features as they are")
    c.that(m[5:] > 0, "an expected count is positive: this is the sum before the exponential",
           "use what the model predicts", "the inverse link comes last")
    c.that(m[5:].mean() < 5, "this looks like Hz; counts per bin are asked for",
           "dividing by the bin length comes when you draw", "leave it out")
    changed = c.call(my_prediction, F, np.where(rows, n, n + 4), rows)
    c.that(np.allclose(changed, m, equal_nan=True), "the test counts have a say: the model was "
           "fitted to them, too", "held out means held out", "hand the training rows over, only")
    c.that(not np.allclose(c.call(my_prediction, F, np.where(rows, n * (F[:, 2] > 0), n), rows), m,
                           equal_nan=True), "the training counts have no say",
           "what was the model fitted to?", "training rows, with their counts")
    c.that(np.std(m[5:]) > 0.01, "every bin is expected to hold the same: the features have no say",
           "a constant is the null, not a model", "use X")
    c.that(abs(m[5:400].mean() / n[5:400].mean() - 1) < 0.05, "on the training rows the mean is "
           "not the recorded one: the fit is not finished, or the intercept is missing or held",
           "with a free intercept the means agree", "let it converge; penalise weakly")
    slope = np.corrcoef(np.log(m[5:]), F[5:, 0])[0, 1]
    c.that(slope > 0.5, "these counts grow with the first feature, and the prediction does not",
           "too strong a penalty?", "weaken it")
    ### BEGIN HIDDEN TESTS
    best = nmo.glm.GLM().fit(F[rows], n[rows]).predict(F)
    loss = [nmo.metrics.log_likelihood(n[~rows], v[~rows]) for v in (best, m)]
    c.that(loss[1] > loss[0] - 0.02, "on unseen rows this is much worse than a plain Poisson GLM")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 13.** Write `my_control`: counts in which the relation to the sound and to the past is
# destroyed, while the spikes are as many as before. Each `seed` gives another control, and the same
# seed the same one.

# %% exercise="my_control"
def my_control(counts, seed):
    """(T,): the same counts in places that have nothing to do with the recorded ones."""
    ### BEGIN SOLUTION
    return np.random.default_rng(seed).permutation(counts)
    ### END SOLUTION

# %% check="my_control" points=1
with check("my_control") as c:
    n = (c.rng.random(3000) < 0.1).astype(int)
    n[np.flatnonzero(n)[::9]] = 2
    got, other = c.call(my_control, n, 1), c.call(my_control, n, 2)
    c.that(np.shape(got) == (3000,), "as many bins as before are due",
           "only their order changes", "3000 in, 3000 out")
    c.that(np.any(got != n), "the counts are as they were: nothing is destroyed",
           "a control must not be able to learn", "move them")
    c.that(np.sum(got) == np.sum(n) == np.sum(other), "the number of spikes has changed: "
           "then the null changes, too", "move the spikes, do not draw new ones",
           "the same counts in other places")
    c.that(np.array_equal(np.sort(got), np.sort(n)), "the counts themselves have changed",
           "a bin with two spikes is still one bin", "move whole bins")
    c.that(np.any(got != other), "two seeds give the same control: it may be lucky, and you would "
           "not know", "the seed has no effect", "make the dice from the seed")
    c.that(np.array_equal(c.call(my_control, n, 1), got), "the same seed gives another control "
           "each time: nobody can repeat your number", "where do the dice come from?",
           "make the dice from the seed")
    z = (n - n.mean()) / n.std()
    far = [np.mean(np.roll(z, k) * (got - n.mean()) / n.std()) for k in range(-60, 61)]
    c.that(np.max(np.abs(far)) < 0.2, "the control is the recording, moved by a few bins or in "
           "reverse: features of the past still know where the spikes are",
           "move it by seconds, or mix the bins", "far beyond REACH")
    c.that(np.any(c.call(my_control, n, 0) != n), "with seed 0 the counts are as they were",
           "0 is a seed like any other", "what does your seed do when it is 0?")
    ### BEGIN HIDDEN TESTS
    n = c.rng.poisson(0.3, 2000)
    z = (n - n.mean()) / n.std()
    for seed in range(4):
        got = c.call(my_control, n, seed)
        c.that(np.sort(got) == np.sort(n), "other counts do not keep their number")
        far = [np.mean(np.roll(z, k) * (got - n.mean()) / n.std()) for k in range(-60, 61)]
        c.that(np.max(np.abs(far)) < 0.2, "with some seeds the control stays near the recording")
    ### END HIDDEN TESTS

# %% [markdown]
# Put it together. The **simple model** to beat sees the level of the past 30 ms and nothing else.
#
# **Exercise 14.** Compute `my_score`, the bits per spike of your prediction on your test rows, and
# `my_null`, the mean of the same for eight controls: features made of the control's counts, fitted
# and scored on the control. The constant rate to compare with is the training mean. Helper:
# `unseen_bits(counts, mean, train, test)`.

# %%
# catch-up
def unseen_bits(counts, mean, train, test):
    """Bits per spike on the test rows, over the constant rate of the training rows."""
    rows = test & np.isfinite(mean)
    return nmo.metrics.bits_per_spike(counts[rows], mean[rows], y_train=counts[train])


def simple_model(level, counts, epoch, train):
    """Expected counts by the level of the past 30 ms in eight bumps."""
    basis = nmo.basis.RaisedCosineLogConv(8, window_size=30)
    X = np.concatenate([basis.compute_features(level[epoch == e]) for e in np.unique(epoch)])
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-4)
    return model.fit(X[train], counts[train]).predict(X)

# %% exercise="my_score"
### BEGIN SOLUTION
### STUB my_score = ...  # bits per spike, unseen
### STUB my_null = ...  # the mean of eight controls
train, test = my_split(epoch)


def bits(counts):
    X = my_features(level, counts, epoch)
    return unseen_bits(counts, my_prediction(X, counts, train), train, test)


my_score = bits(n_t)
my_null = np.mean([bits(my_control(n_t, seed)) for seed in range(8)])
### END SOLUTION

# %% check="my_score" points=3
with check("my_score") as c:
    got, null = c.value(my_score), c.value(my_null)
    c.that(np.ndim(got) == 0 and np.ndim(null) == 0, "each of the two is one number",
           "a score, and a mean of scores", "no arrays")
    c.that(null < 0.05, "the control scores above zero: something leaks, or its features were made "
           "of the recorded counts", "there is nothing to be learned in a control",
           "features, fit and score all take the control's counts")
    train, test = np.asarray(c.call(my_split, epoch)).astype(bool)
    X = c.call(my_features, level, n_t, epoch)
    mean = c.call(my_prediction, X, n_t, train)
    rows = test & np.isfinite(mean)
    score = lambda m, of, null: nmo.metrics.bits_per_spike(n_t[of], m[of], y_train=null)
    right = score(mean, rows, n_t[train])
    fitted = score(mean, train & np.isfinite(mean), n_t[train])
    c.that(not np.isclose(got, fitted, rtol=1e-4), "this is the score on the TRAINING rows",
           "the exam is on the test rows", "look at the last two inputs of the helper")
    everywhere = score(mean, np.isfinite(mean), n_t[train])
    c.that(not np.isclose(got, everywhere, rtol=1e-4), "this is the score on ALL rows, training "
           "rows among them", "the exam is on the test rows",
           "look at the last input of the helper")
    c.that(not np.isclose(got, right * np.log(2), rtol=1e-4), "this is in nats per spike",
           "a bit is log 2 nats", "use the helper")
    c.that(np.isclose(got, right, rtol=1e-3), "this is not the score that your own functions give "
           "on the test rows: was one of them changed after it was computed?",
           "run your cells again from the top", "features, split, prediction, helper")
    c.that(null > -0.3, "the control scores far below zero: a model of the recording was "
           "asked about the control", "each control has a fit of its own",
           "features, fit and score all take the control's counts")
    c.that(null < got, "the control is as good as the model", "then nothing was learned",
           "go back to the features")
    simple = score(simple_model(level, n_t, epoch, train), rows, n_t[train])
    c.that(got > simple + 0.05, "the simple model is as good on your test rows: what does it not "
           "know of this neuron?", "look at the intervals between spikes",
           "how does the level act: with which delay? and what does a spike do to the next?")
    ### BEGIN HIDDEN TESTS
    fake = c.call(my_control, n_t, 101)
    fake_X = c.call(my_features, level, fake, epoch)
    fake_mean = c.call(my_prediction, fake_X, fake, train)
    rows = test & np.isfinite(fake_mean)
    chance = nmo.metrics.bits_per_spike(fake[rows], fake_mean[rows], y_train=fake[train])
    c.that(chance < 0.1, "a fresh control scores above zero")
    c.that(np.isfinite(null) and null > -5, "the control's score is no number one can believe")
    ### END HIDDEN TESTS

# %%
learned, asked = (np.asarray(mask, bool) for mask in my_split(epoch))
simple = unseen_bits(n_t, simple_model(level, n_t, epoch, learned), learned, asked)
mean = np.asarray(my_prediction(my_features(level, n_t, epoch), n_t, learned))
rows = asked & np.isfinite(mean)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1, 1.3], layout="constrained")
bars = {"control": (my_null, DATA), "simple": (simple, OTHER), "yours": (my_score, MODEL)}
for k, (value, color) in enumerate(bars.values()):
    axes[0].bar(k, value, color=color)
    axes[0].text(k, max(value, 0) + 0.02, f"{value:.2f}", ha="center")
axes[0].set(xticks=range(3), xticklabels=bars, ylabel="bits per spike, unseen", title="the exam")
axes[0].margins(y=0.15)
judged = nmo.inference.time_rescaling(n_t[rows], mean[rows])
nmo.plotting.ks(judged, axes[1], MODEL, "yours", "time rescaling, test rows")
show(fig, "Left: bits per spike of the control, the simple model and your model on unseen bins. "
          "Right: KS plot of your model on the test rows.")

# %% [markdown]
# You should see three bars that grow from left to right, and a line on the right that tells you
# whether there is more to find. On a twin and on the real receptor, features of 30 ms of sound and
# of own spikes reach about 1.3 to 1.5 bits per spike, where the simple model has a third of that.
#
# Outside the band? Then go on. A bin never holds two spikes here; what does a Poisson model think
# of a bin that expects 0.5? Does the level act as dB or as amplitude? Is the neuron as sensitive in
# both sounds? Does it adapt over hundreds of ms? How short is its shortest interval? Every idea is
# a column. Every column has to earn its bits on unseen rows.

# %% [markdown] written="paper" points=4
# ## Your report
#
# **Written answer.** Write the abstract of your analysis, eight to twelve sentences: the question,
# the data (twin or real, how much), the model in words, what each group of features adds on unseen
# bins, the control, what residuals or time rescaling say, and what you do *not* claim. Close with
# one experiment or analysis that could prove you wrong, and with the slip of parts 2 to 4 that you
# think you are most likely to make yourself, and the two lines with which you would catch it.
#
# ### BEGIN SOLUTION
# **A model answer.** We asked which part of a sound and of its own past makes an auditory receptor
# of a grasshopper fire. We used (twin/real) 20 s of spikes in 1 ms bins at two sounds, (n) spikes.
# A Poisson GLM with exponential link saw the level in dB of the past 30 ms and the neuron's spikes
# of the past 30 ms, each through eight bumps; a quarter of the bins was held out in blocks of 0.5 s
# in both sounds with a gap of 30 ms. The level alone gave (0.5) bits per spike on unseen bins, own
# spikes alone (0.7), both (1.4); eight shuffled controls gave (-0.02). On the rescaled clock the KS
# distance was (number) with a band of (number): (what is missing). The filter peaks at about 4 to 5
# ms, which is a delay from sound to spike in this model, not a conduction time. We do not claim
# that the exponential is the cell's nonlinearity, nor that 30 ms is all its memory. A fit to one
# sound that fails on the other would prove us wrong: then the filter depends on the stimulus. I am
# most likely to compare models on different bins; a model against itself with its first rows
# missing must tie.
#
# **Rubric (4 points).**
# - 1 point: question, data (twin or real), model and split are all said, with numbers and units, so
#   that somebody could repeat it. One missing: half a point.
# - 1 point: held-out bits of at least two designs on the same bins and of the control, and what
#   follows. Without the control: half a point.
# - 1 point: goodness of fit (residuals, KS or a free run) with a number, and at least one thing
#   that is not claimed.
# - 1 point: an experiment or analysis with an outcome that would prove it wrong, *and* a slip with
#   the lines that would catch it. One of the two: half a point.
# ### END SOLUTION

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Fit on one sound, test on the other. What happens to the
# score?</summary>
#
# Use `epoch == 0` and `epoch == 1` as masks. On the twin, whose truth is one filter, level and own
# spikes together lose 0.1 bits or less. On the real receptor a fit to the slow sound falls far
# below zero on the fast one: the slow sound never tells neighbouring lags apart. The other way
# round the loss is a quarter of a bit.
# </details>
#
# <details><summary><b>2.</b> On the twin, lay your filters beside
# <code>recording.truth</code>.</summary>
#
# It holds `stimulus_filter` (30 values per dB, entry j is lag j + 1 ms), `history_filter` and
# `intercept`. Your filter of the level should lie on it. Right after a spike the truth is -12: no
# data can show that, so yours is less deep.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Hide a slip for your neighbour: copy one of your functions, spoil one
# line, and ask for a symptom.</summary>
#
# Good ones change the score by less than its standard error. The best ones improve it.
# </details>
#
# <details><summary><b>4.</b> The KS plot leaves its band. What does a model know of a bin that
# never holds two spikes?</summary>
#
# `nmo.glm.GLM("Bernoulli", ...)` gives each bin one spike at most. Score and rescale with
# `observation_model="Bernoulli"`: 0.2 to 0.3 bits more, and a KS distance of 0.05 to 0.08 in place
# of 0.09 to 0.15, on the real receptor within the band. A Poisson model had expected about 3 spikes
# in some bins.
# </details>
#
# <details><summary><b>5.</b> Which of the nine slips would the checks of part 5 have
# caught?</summary>
#
# The future, the border, the missing NaN, the scale of all rows (`my_features`); the gap
# (`my_split`); the fit to test rows (`my_prediction`); a leak of any kind, often (`my_score`'s
# control). The lag axis, the degrees of freedom and the cut window they would not: those need a
# reader.
# </details>

# %% [markdown]
# ## What you take with you
#
# | slip | two lines that find it |
# |---|---|
# | a window cut short | ask for whole numbers of bins |
# | the future, the present, the border | one impulse, and see which rows change |
# | no gap | list the training rows that hold a test bin |
# | scale, null or profile from the test set | make test rows louder: may training numbers move? |
# | other bins for each model | a model against itself with rows missing must tie |
# | the lag axis | the first value is one bin back |
# | degrees of freedom | remove half the rows: a mean of something stays |
# | decoding its own training data | shuffled headings must decode blindly |
#
# **Where next in NeMoS.** Your part 5 runs there with `import nemos as nmo` and small changes:
# `GLM`, `RaisedCosineLogConv` and `score` keep their names. Take it to a recording of your own.

# %% [markdown]
# **Further reading.** Rokem et al. (2006) *J. Neurophysiol.* 95, 2541-2552, doi
# 10.1152/jn.00891.2005: the receptor of part 5. Gollisch & Herz (2005) *PLoS Biol.* 3, e8, doi
# 10.1371/journal.pbio.0030008: what such a receptor computes, to the millisecond. Kriegeskorte,
# Simmons, Bellgowan & Baker (2009) *Nat. Neurosci.* 12, 535-540, doi 10.1038/nn.2303: analyses that
# use data twice. Kapoor & Narayanan (2023) *Patterns* 4, 100804, doi 10.1016/j.patter.2023.100804:
# leakage in published work of seventeen fields. Wilson et al. (2017) *PLoS Comput. Biol.* 13,
# e1005510, doi 10.1371/journal.pcbi.1005510: good enough practices.
