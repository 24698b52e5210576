# %% [markdown]
# # 07 · Task variables: what does a neuron know about a decision?
#
# A mouse runs down a corridor, sees a cue, turns left or right, and learns whether it was right.
# Nobody can hold all of that still and move one thing alone: who turns right also *chose* right,
# and often *saw* the right cue. A neuron that follows one of these seems to follow them all. Your
# question today: **which of 21 groups of features does a neuron need, and what does "need" mean?**

# %% [markdown]
# **At the end you can**
# - build a design from named groups: place times choice, time times outcome, ranks of velocity;
# - choose a penalty for whole groups by cross-validation over trials, with the 1-SE rule;
# - turn weights into kernels, and kernels into gains, in real units;
# - ask "how much does the model use it?" and "could another take over?", and tell the two apart;
# - say what a group at exactly zero does not prove.
#
# **You need** lesson 03 (bumps, splines, ridge). Lesson 02 helps (deviance).

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1-2 | a trial; the design | 35 min | 60 min |
# | 3-4 | split by trials; group lasso | 35 min | 60 min |
# | 5 | kernels and gain | 15 min | 25 min |
# | 6-7 | take out, or leave out and refit | 30 min | 50 min |
# | 8-9 | what zero means; what was really there | 20 min | 35 min |
#
# Live, break after part 4. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. They need no exercise; those of parts 4 and 7 take some seconds.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, THIRD, show

DT = 1 / 6  # one bin, in seconds
recording = data_fetch.load("task_variables")
print(recording)

# %% [markdown]
# ## 1. A trial
#
# | name | what | unit |
# |---|---|---|
# | `deconv` | activity of 100 neurons, from calcium, one bin each 1/6 s | 0.1 events per bin |
# | `trial_num` | number of the trial of each bin | |
# | `posF` | place in the corridor; unknown (NaN) when the mouse is not in it | cm |
# | `time_from_cho` | time since the choice; NaN before it | s |
# | `task_var` | cue, choice, outcome and five more, each between -1 and 1 | |
# | `movement_var` | three velocities of the ball under the mouse | a.u. |
#
# We take the first 240 trials, and five neurons, from a very lively one to a quiet one.

# %%
# catch-up
trial = recording["trial_num"].values
use = np.isin(trial, np.unique(trial)[:240])
trial, place, since = (recording[k].values[use] for k in ("trial_num", "posF", "time_from_cho"))
task = {k: recording["task_var"][k].values[use] for k in recording["task_var"].columns}
movement = {k: recording["movement_var"][k].values[use] for k in recording["movement_var"].columns}
activity = 10 * recording["deconv"].values[use]  # events per bin
neurons = np.argsort(-activity.mean(axis=0))[[0, 4, 9, 19, 39]]
Y = activity[:, neurons]  # (T, 5)
T, N = Y.shape
# the neuron whose activity differs most between the two choices, at the end of the corridor
late = place > 200
apart = [abs(Y[late & (task["cho"] > 0), i].mean() - Y[late & (task["cho"] < 0), i].mean())
         / Y[late, i].std() for i in range(N)]
turner = int(np.argmax(apart))

# %%
print(f"{T} bins in {len(np.unique(trial))} trials; variables: {', '.join(task)}; "
      f"velocities: {', '.join(movement)}")
print("neurons", neurons.tolist(), "with", np.round(Y.mean(axis=0), 2).tolist(), "events per bin")

steps = np.linspace(0, 270, 28)


def by_step(values, rows):
    """Mean of ``values`` in steps of 10 cm, over some of the rows."""
    rows = rows & np.isfinite(place)
    n = np.histogram(place[rows], steps)[0]
    return np.histogram(place[rows], steps, weights=values[rows])[0] / np.maximum(n, 1)


fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for ax, values, label in [(axes[0], Y[:, turner], "activity (events per bin)"),
                          (axes[1], movement["yaw"], "yaw velocity (a.u.)")]:
    for sign, color, name in [(-1, MODEL, "choice -1"), (1, OTHER, "choice +1")]:
        mean = by_step(values, np.sign(task["cho"]) == sign)
        ax.plot((steps[1:] + steps[:-1]) / 2, mean, color=color, lw=2, label=name)
    ax.set(xlabel="place in the corridor (cm)", ylabel=label)
axes[0].set_title(f"neuron {neurons[turner]}")
axes[1].set_title("how fast the mouse turns")
axes[0].legend(frameon=False)
show(fig, "Left: mean activity of one neuron along the corridor for the two choices. Right: mean "
          "turning velocity for the two choices.")

# %% [markdown]
# You should see two pairs of curves that part towards the end of the corridor. So the neuron knows
# the choice. Or it knows that the mouse turns, which comes to the same thing on most trials.
#
# **Predict.** Which of the two? And which pairs of variables will be hardest to tell apart?

# %%
table = np.corrcoef([*task.values(), *movement.values()])
names = [*task, *movement]
fig, ax = plt.subplots(figsize=(6.2, 5), layout="constrained")
image = ax.imshow(table, cmap="RdBu_r", vmin=-1, vmax=1)
fig.colorbar(image, label="correlation (no unit)")
ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
ax.set_yticks(range(len(names)), names)
ax.set(title="variables over all bins", xlabel="variable", ylabel="variable")
show(fig, "Matrix of correlations between eight task variables and three velocities.")

# %% [markdown]
# You should see two dark red pairs off the diagonal. `cho` is the choice of the trial;
# `dyn_cho` is the same choice while it forms, and complete once it is made. `corr` is the outcome;
# `rule_following` says whether the mouse did what the rule asks. Keep the two pairs in mind. (Of
# the others, `prevCorr` is the outcome of the trial before, `belief` how sure the mouse is of the
# rule, `bias_following` whether it goes to its favourite side.)
#
# A tuning curve cannot hold one variable still while it looks at another. A joint model can, if
# the data ever separate the two. What follows is the way of Tseng et al. (2022), whose recording
# the twin stands for.

# %% [markdown]
# ## 2. A design with names
#
# A choice may matter at one place and not at another. So its features are **bumps of place, times
# the choice**: one weight for each stretch of the corridor. The same again for time since the
# choice. Place has 20 bumps from 10 to 250 cm, time has 13 from 0 to 5 s.

# %%
# catch-up
place_centres, time_centres = np.linspace(10, 250, 20), np.linspace(0, 5, 13)  # cm; s


def bumps(x, centres):
    """(len(x), K): raised cosines (lesson 03); NaN rows where x is NaN."""
    reach = 2 * (centres[1] - centres[0])
    steps = (np.asarray(x)[:, None] - centres) / reach
    return (1 + np.cos(np.pi * np.clip(steps, -1, 1))) / 2


place_bumps, time_bumps = bumps(place, place_centres), bumps(since, time_centres)

# %%
print(f"rows that hold NaN: place {np.isnan(place_bumps).any(axis=1).mean():.0%}, time "
      f"{np.isnan(time_bumps).any(axis=1).mean():.0%}, one of the two "
      f"{np.isnan(np.hstack([place_bumps, time_bumps])).any(axis=1).mean():.0%}")

# %% [markdown]
# You should see that *every* row holds NaN: the mouse is in the corridor or behind its choice,
# never both. A fit leaves out rows with NaN, so it would have none left.
#
# In lesson 03, NaN meant "we do not know where it is". Here we do know: it is *not in the
# corridor*. So no bump of the corridor is on: 0.
#
# **Exercise 1.** Write `times_variable`: bump k times the variable, bin by bin. Where the bumps are
# NaN, the feature is 0. (The variable is never NaN.)

# %% exercise="times_variable"
def times_variable(B, variable):
    """(T, K): the bumps B (T, K), each times the variable (T,); 0 where the bump is NaN."""
    ### BEGIN SOLUTION
    return np.nan_to_num(B) * np.asarray(variable)[:, None]
    ### END SOLUTION

# %% check="times_variable" points=1
with check("times_variable") as c:
    B = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [np.nan] * 3, [0, 0.5, 1]])
    v = np.array([1.0, -1, 0.5, -0.4])
    got = c.call(times_variable, B, v)
    c.that(np.shape(got) == (4, 3), "four bins and three bumps make four rows and three columns",
           "every bump gets its own product with the variable", "do not add up the bumps")
    c.that(not np.isnan(got[2]).any() or np.isnan(got[[0, 1, 3]]).any(),
           "outside the corridor your row is unknown: the fit would leave this bin out, and in the "
           "end all bins", "we know that no bump is on there", "put 0 where the bump is NaN")
    c.that(not np.allclose(got[0], [2, 1.5, 1]),
           "bumps and variable were added: the feature is on everywhere, and not in one stretch",
           "it should be 0 where the bump is 0", "one times the other")
    c.that(np.allclose(got[2], 0),
           "outside the corridor a feature is on: there the choice would have a weight of a place "
           "where the mouse is not", "no place, no feature", "0 for all bumps of that row")
    c.that(np.all(got[1] <= 0),
           "for a variable of -1 your features are positive: left and right look the same",
           "the sign of the variable is what tells the two choices apart", "keep the sign")
    c.that(np.allclose(got[3], [0, -0.2, -0.4]),
           "a variable between -1 and 1 comes out as if it were one of the two ends",
           "belief grows in small steps: use its size, too", "0.4 makes 0.4 of the bump")
    c.equal(got, [[1, 0.5, 0], [-0.5, -1, -0.5], [0, 0, 0], [0, -0.2, -0.4]], "products are off",
            "row t holds the bumps of bin t times the variable of bin t", "compute row 1 by hand")
    ### BEGIN HIDDEN TESTS
    B, v = c.rng.uniform(0, 1, (50, 6)), c.rng.normal(size=50)
    B[c.rng.uniform(size=50) < 0.4] = np.nan
    want = np.stack([np.where(np.isnan(b), 0, b * u) for b, u in zip(B, v, strict=True)])
    c.equal(c.call(times_variable, B, v), want, "off on fresh bumps")
    ### END HIDDEN TESTS

# %% [markdown]
# Velocities have no corridor. They have another trouble: long tails. Most of the time the ball
# turns slowly, sometimes fast.
#
# **Predict.** Lay seven equal splines between the slowest and the fastest bin. How many bins will
# the outermost ones see?
#
# The cure is to ask not "how fast?" but "faster than which part of the bins?" That is a **rank**
# between 0 and 1 (a *quantile transform*). Each stretch of ranks holds as many bins. As always,
# training data set the scale: the ranks refer to *training* bins.
#
# **Exercise 2.** Write `ranks`: for each entry of `x`, the share of the entries of `reference`
# that are smaller or equal.

# %% exercise="ranks"
def ranks(x, reference):
    """(len(x),): share of ``reference`` that is at most x, from 0 to 1."""
    ### BEGIN SOLUTION
    return np.searchsorted(np.sort(reference), x, side="right") / len(reference)
    ### END SOLUTION

# %% check="ranks" points=2
with check("ranks") as c:
    ref = np.array([4.0, 1.0, 100.0, 2.0, 2.0])
    x = np.array([3.0, 0.0, 2.0, 200.0, 50.0, 1.5])
    got = c.call(ranks, x, ref)
    c.that(np.shape(got) == (6,), "one rank for each of the six entries of `x` is asked for",
           "`reference` sets the scale, `x` is what is placed on it", "as many out as in x")
    c.that(np.max(got) <= 1, "a rank is above 1: it is a share of the entries, not their number",
           "all of them is 1", "how many entries has `reference`?")
    c.that(not np.isclose(got[0], (3 - 1) / 99) and not np.isclose(got[0], 3 / 200),
           "the range is stretched evenly: one fast bin still pushes all others into a corner",
           "3 is larger than three of the five", "count entries, do not measure distances")
    c.that(not np.allclose(got, [4 / 6, 1 / 6, 3 / 6, 1, 5 / 6, 2 / 6]),
           "these are ranks within `x` itself: in the test set every entry would be ranked among "
           "its neighbours, and the same velocity would get another feature",
           "the reference decides", "compare with `reference`, not with `x`")
    c.that(np.isclose(got[3], 1) and np.isclose(got[1], 0) and got[4] < 1,
           "a value above all of `reference` should get 1, one below all of it 0, and no other",
           "it is compared with every entry of `reference`", "the reference comes unsorted")
    c.that(np.allclose(got, c.call(ranks, x, np.sort(ref))),
           "the order of `reference` makes a difference: it comes unsorted, as time goes by",
           "bring it into order first, or compare with each of its entries",
           "the same numbers in another order should give the same shares")
    c.that(got[2] > 0.55, "equal entries do not all count for you: 2.0 is at most 2.0",
           "smaller *or equal*", "two entries of the reference are 2.0, one is smaller")
    c.equal(got, [0.6, 0, 0.6, 1, 0.8, 0.2], "the shares are off",
            "3 is larger than three of the five entries", "count for one entry by hand")
    ### BEGIN HIDDEN TESTS
    ref, x = c.rng.integers(0, 30, 77) / 3, c.rng.integers(-3, 35, 50) / 3
    c.equal(c.call(ranks, x, ref), (ref[None] <= x[:, None]).mean(1), "off on fresh numbers")
    ### END HIDDEN TESTS

# %%
splines = nmo.basis.BSplineEval(7, bounds=(0, 1))  # cubic
yaw = movement["yaw"]
even = (yaw - yaw.min()) / np.ptp(yaw)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
for ax, u, title in [(axes[0], even, "equal steps of velocity"),
                     (axes[1], ranks(yaw, yaw), "equal steps of rank")]:
    mass = splines.compute_features(u).sum(axis=0) / T
    ax.bar(range(1, 8), mass, color=DATA)
    for k, part in enumerate(mass):
        ax.text(k + 1, part, f"{part:.1%}", ha="center", va="bottom")
    ax.set(title=title, xlabel="spline", ylim=(0, 0.65))
axes[0].set_ylabel("share of all features")
show(fig, "Share of the features that each of seven splines of yaw velocity gets, with equal "
          "steps of velocity and of rank.")

# %% [markdown]
# You should see outer splines on the left that hardly ever see a bin. Their weights would be
# guesses. On the right each has work to do.
#
# Now everything together, as a **dict of blocks**: a name for each group of columns. `minglm` takes
# it as `X`, and gives weights back under the same names.
#
# One last thing. The penalty of part 4 charges for large weights, so a column that is ten times
# larger gets away with a weight ten times smaller. Put all on one scale: subtract the mean, divide
# by the SD.

# %% [markdown]
# **Exercise 3.** Write `standardise`. Mean and SD come from the *training* rows; all rows are
# scaled. A column that never varies in training says nothing: all of it becomes 0.
#
# **Predict.** If the scale came from all rows: what would the model then know about the test
# trials?

# %% exercise="standardise"
def standardise(X, train):
    """(T, K): columns of X with mean 0 and SD 1 over the rows ``train`` (a mask)."""
    ### BEGIN SOLUTION
    mean, sd = X[train].mean(axis=0), X[train].std(axis=0)
    return np.where(sd > 0, (X - mean) / np.where(sd > 0, sd, 1), 0)
    ### END SOLUTION

# %% check="standardise" points=2
with check("standardise") as c:
    X = np.column_stack([c.rng.normal(3, 2, 60), c.rng.uniform(0, 9, 60), np.full(60, 4.0)])
    first = np.arange(60) < 40
    X[50:] += 30  # the test rows are extreme, even in the column that is constant in training
    got = c.call(standardise, X, first)
    c.that(np.shape(got) == (60, 3), "all rows are scaled, those of the test trials, too",
           "as many rows and columns come out as went in", "only the *scale* is from training")
    c.that(not np.isnan(got).any(), "the column that never varies became NaN: then no row is left",
           "its SD is 0, and 0 / 0 is unknown", "make all of it 0")
    c.that(not np.allclose(got[:, 0], (X[:, 0] - X[:, 0].mean()) / X[:, 0].std()),
           "mean and SD know the test rows: change a test trial, and the training features change",
           "the mask says which rows set the scale", "use the training rows for both numbers")
    c.that(not np.allclose(got[:, 0], (X[:, 0] - X[:40, 0].mean()) / X[:, 0].std()),
           "the mean is that of the training rows, but the SD knows the test rows",
           "the mask says which rows set the scale", "use the training rows for both numbers")
    c.that(not np.allclose(got[:, 0], (X[:, 0] - X[~first, 0].mean()) / X[~first, 0].std()),
           "the scale is that of the test rows", "the mask is True where the model may look",
           "turn the mask round")
    c.that(abs(got[:40, 0].mean()) < 1e-9,
           "over the training rows the first column should have mean 0, and has not",
           "the mean belongs to each column", "take it over the rows, and subtract it")
    both = X[:, 0] - X[:40, 0].mean()
    c.that(not np.allclose(got[:, 0], both), "the columns were not divided by their SD",
           "a large column would pay a smaller penalty", "after the mean comes the SD")
    c.that(not np.allclose(got[:, 0], both / X[:40, 0].var()),
           "you divided by the variance: large columns are now the smallest",
           "the SD is its root", "the SD over the training rows should be 1")
    c.equal(got[:, :2], [[(x - X[:40, k].mean()) / X[:40, k].std() for k, x in enumerate(row[:2])]
                         for row in X], "the scaled columns are off",
            "each column with its own mean and SD", "over the training rows the SD should be 1",
            rtol=0.02)
    c.that(np.allclose(got[:, 2], 0), "the column that never varies in training should be 0 in ALL "
           "rows", "no weight was learned for it, so a large value in the test would be noise",
           "do not divide by something tiny: all of it is 0")
    ### BEGIN HIDDEN TESTS
    X, rows = c.rng.gamma(2, size=(80, 5)), c.rng.uniform(size=80) < 0.6
    mean, sd = X[rows].mean(0), X[rows].std(0)
    c.equal(c.call(standardise, X, rows), (X - mean) / sd, "off on fresh features", rtol=0.02)
    ### END HIDDEN TESTS

# %%
# catch-up
number = np.unique(trial, return_inverse=True)[1]  # 0, 1, 2, ... : the how-manieth trial
test = number % 6 == 5  # every sixth trial is kept for the test; part 3 says why whole trials
train = ~test
raw = {"position": np.nan_to_num(place_bumps)}
raw |= {f"position x {k}": raw["position"] * v[:, None] for k, v in task.items()}
raw |= {"time": np.nan_to_num(time_bumps)}
raw |= {f"time x {k}": raw["time"] * v[:, None] for k, v in task.items()}
cubic = nmo.basis.BSplineEval(7, bounds=(0, 1))
for k, v in movement.items():
    raw[k] = cubic.compute_features(np.searchsorted(np.sort(v[train]), v, "right") / train.sum())
SD = {k: x[train].std(axis=0) for k, x in raw.items()}
scale = lambda k, x: (x - x[train].mean(axis=0)) / np.where(SD[k] > 0, SD[k], np.inf)
X = {k: scale(k, raw.pop(k)) for k in list(raw)}  # pop: the raw features make room
X_train, X_test = ({k: x[rows] for k, x in X.items()} for rows in (train, test))
groups = list(X)
sizes = [X[k].shape[1] for k in groups]
ends = np.cumsum(sizes)

# %%
print(f"{len(groups)} groups, {sum(sizes)} columns; "
      f"{sum(k.startswith('position') for k in groups)} of 20, "
      f"{sum(k.startswith('time') for k in groups)} of 13, 3 of 7")
yours = standardise(times_variable(place_bumps, task["cue"]), train)
print("largest difference to yours:", abs(yours - X["position x cue"]).max())
rows = slice(*np.flatnonzero(np.isin(number, (3, 5)))[[0, -1]])  # three trials
fig, ax = plt.subplots(figsize=(11, 4.6), layout="constrained")
values = np.hstack([X[k][rows] for k in groups])
ax.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-2, vmax=2, interpolation="nearest",
          extent=(0, sum(sizes), len(values) * DT, 0))
for end in ends[:-1]:
    ax.axvline(end, color="k", lw=0.6)
ax.set_xticks(ends - np.array(sizes) / 2, groups, rotation=60, ha="right", fontsize=8)
ax.set(ylabel="time (s)", xlabel="group of features", title="three trials of the design (colour: "
       "value in SD, red above the mean)")
show(fig, "The design matrix of three trials as an image, its 21 groups side by side.")

# %% [markdown]
# You should see three diagonals per group, one for each trial: as the mouse runs, it passes from
# bump to bump; after the choice, time does the same. Groups of a variable show the diagonal red or
# blue, depending on the trial. The three velocities on the right flicker.

# %% [markdown]
# ## 3. Whole trials
#
# Cue, choice, outcome, belief: within a trial they hardly change. Test on random bins, and each
# has neighbours of its own trial in the training set, with the same choice and the same mood of the
# mouse. What must be new in the test is the **trial**.
#
# The test trials stay aside until a model is chosen. To choose, the training trials are split
# again, into **folds**: each is left out in turn, and predicted by a fit to the others. Deal the
# trials out like cards: then each fold has early and late trials, and both rules.
#
# **Exercise 4.** Write `trial_folds`. The first trial that occurs gets fold 0, the second fold 1,
# and so on; after fold `n - 1` it starts again at 0. Trials come in order of time. Their numbers
# may have holes: 3, 4, 9 are the first, second and third trial.

# %% exercise="trial_folds"
def trial_folds(trial, n):
    """(T,): the fold, 0 to n - 1, of each bin; trial (T,) holds the number of its trial."""
    ### BEGIN SOLUTION
    return np.unique(trial, return_inverse=True)[1] % n
    ### END SOLUTION

# %% check="trial_folds" points=2
with check("trial_folds") as c:
    toy = np.repeat([3, 4, 9, 12, 13, 20, 22], [4, 3, 5, 2, 4, 3, 4])
    got = c.call(trial_folds, toy, 3)
    c.that(np.shape(got) == (25,), "one fold for each bin is asked for, 25 here",
           "all bins of a trial carry the same number", "not one per trial")
    c.that(np.isin(got, [0, 1, 2]).all(), "there are three folds: 0, 1 and 2",
           "after the last fold it starts again", "count from 0")
    whole = all(len(set(got[toy == k])) == 1 for k in set(toy))
    c.that(whole or np.sum(np.diff(got) != 0) < 12,
           "neighbouring bins lie in different folds: each test bin has a training bin of its own "
           "trial beside it", "what has to be new is the trial", "all bins of a trial go together")
    c.that(whole, "a trial is cut: its beginning is trained on and its end is tested",
           "the border of a fold is the border of a trial", "look at `trial`, not at the bins")
    per = [got[toy == k][0] for k in (3, 4, 9, 12, 13, 20, 22)]
    c.that(not np.array_equal(per, [0, 1, 0, 0, 1, 2, 1]),
           "the number of the trial decides, and numbers have holes: some folds get more trials",
           "trial 9 is the third that occurs", "count the trials that occur")
    c.that(np.sum(np.diff(per) == 0) < 3,
           "neighbouring trials go into one fold: one fold holds the beginning of the session, "
           "another the end, and the rule switches in between",
           "the first three trials go to three folds", "like cards at a table")
    c.equal(per, [0, 1, 2, 0, 1, 2, 0], "trials are in other folds than asked for",
            "the first trial gets fold 0, the second fold 1", "count trials from 0")
    ### BEGIN HIDDEN TESTS
    marks = np.sort(c.rng.choice(900, 40, replace=False))
    length = c.rng.integers(1, 9, 40)
    n = int(c.rng.integers(2, 8))
    c.equal(c.call(trial_folds, np.repeat(marks, length), n), np.repeat(np.arange(40) % n, length),
            "off on fresh trials")
    ### END HIDDEN TESTS

# %%
# catch-up
FOLDS = 4
fold = np.unique(trial[train], return_inverse=True)[1] % FOLDS
pairs = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]

# %%
mine = trial_folds(trial[train], FOLDS)
print(f"test: {test.sum()} bins in {len(set(trial[test]))} trials, not touched before part 4 ends")
for k in range(FOLDS):
    rows = mine == k
    print(f"fold {k}: {rows.sum()} bins, {len(set(trial[train][rows]))} trials, "
          f"belief {task['belief'][train][rows].mean():+.2f}, "
          f"choice {task['cho'][train][rows].mean():+.2f} on average")

# %% [markdown]
# You should see folds of the same size. Mean choice differs as it does by chance in 50 trials, mean
# belief hardly: each fold has all parts of the session.
#
# A gap as in lesson 05 is not needed: no feature reaches back over bins. (Activity from calcium
# lingers for a few bins, so the first bins of a trial know a little of the last ones before.
# `make_folds(..., gap=...)` would cut them.)

# %% [markdown]
# ## 4. A penalty that knows groups
#
# 318 weights for each neuron. Ridge makes them small, but keeps all. We want to know which *groups*
# a neuron needs, so the penalty should switch off groups as wholes. This one does:
#
# $$\lambda \sum_g \sqrt{K_g}\; \lVert w_g \rVert, \qquad
# \lVert w_g \rVert = \sqrt{\textstyle\sum_k w_{gk}^2}$$
#
# the **group lasso** (Yuan & Lin 2006). $w_g$ holds the $K_g$ weights of a group; think of an arrow
# with $K_g$ coordinates. There is no square around its length, so the pull towards 0 is as strong
# for a short arrow as for a long one. Short arrows lose. The root of $K_g$ makes up for the size of
# a group.

# %% [markdown]
# How does a fit reach an exact 0? After each step on the data it takes a **proximal step**: it
# shortens each group's arrow by an amount that does not depend on its length. An arrow shorter than
# that becomes 0.
#
# **Exercise 5.** Write `shrink_groups`. The weights `w` lie one group after the other, `sizes`
# tells how many each has. Shorten the arrow $w_g$ by $t\sqrt{K_g}$ and keep its direction; if it is
# not that long, all of the group becomes 0.

# %% exercise="shrink_groups"
def shrink_groups(w, sizes, t):
    """(P,): the weights after each group g has become shorter by t sqrt(sizes[g])."""
    ### BEGIN SOLUTION
    new = []
    for part in np.split(w, np.cumsum(sizes)[:-1]):
        length = max(np.linalg.norm(part), 1e-300)
        new.append(part * max(0, 1 - t * np.sqrt(len(part)) / length))
    return np.concatenate(new)
    ### END SOLUTION

# %% check="shrink_groups" points=2
with check("shrink_groups") as c:
    w, K = np.array([3.0, -4, 0.3, 0.4, 0, 0.6, 2.0]), [2, 4, 1]
    got = c.call(shrink_groups, w, K, 0.5)
    c.that(np.shape(got) == (7,), "as many weights come out as went in",
           "each group goes back to its place", "put the groups together again")
    c.that(np.all(got * w >= 0), "a weight has changed its sign: an arrow got a negative length",
           "a group shorter than the step becomes 0", "it stops at 0")
    soft = np.sign(w) * np.maximum(abs(w) - 0.5, 0)
    soft = [soft, np.sign(w) * np.maximum(abs(w) - 0.5 * np.sqrt(np.repeat(K, K)), 0)]
    c.that(not any(np.allclose(got[:2], each[:2]) for each in soft),
           "each weight became smaller by itself: this is the lasso, which switches off single "
           "weights and leaves ragged groups", "a group is one arrow", "shorten the arrow as one")
    c.that(not np.allclose(got, w / 1.5),
           "all weights were divided by the same number: this is ridge, and nothing becomes 0",
           "shorten by an amount, not by a factor", "a short arrow should vanish")
    n = np.linalg.norm(w)
    c.that(not np.allclose(got, w * (1 - 0.5 / n)) and not np.allclose(got / got[0], w / w[0]),
           "all weights were treated as a single group", "`sizes` says where a group ends",
           "go through the groups one by one")
    c.that(not np.allclose(got[:2], w[:2] * (1 - 0.5 / 5)),
           "the size of the group has no say: a group of 20 pays as little as a group of one",
           "the step is longer for larger groups", "by the root of the number of weights")
    c.that(not np.allclose(got[:2], w[:2] * (1 - 0.5 * 2 / 5)),
           "the step grows with the size of the group, not with its root",
           "two weights make a step of 1.41 t", "look at the formula again")
    c.that(not np.allclose(got[:2], w[:2] * (1 - 0.5 * np.sqrt(2) / 25)),
           "the amount is divided by the *squared* length", "the length of (3, -4) is 5",
           "a root is missing")
    c.that(np.all(got[2:6] == 0), "the second group is 0.78 long and the step is 1.00: all four "
           "should be exactly 0", "the whole group vanishes at once", "not a small number: 0")
    c.equal(got, np.r_[w[:2] * (1 - 0.5 * np.sqrt(2) / 5), 0, 0, 0, 0, 1.5], "the arrows are off",
            "the direction stays, the length falls", "the first group has length 5")
    c.that(not np.isnan(c.call(shrink_groups, np.zeros(4), [2, 2], 0.1)).any(),
           "a group that is 0 already becomes NaN", "its length is 0, and you divide by it",
           "0 stays 0")
    ### BEGIN HIDDEN TESTS
    K = c.rng.integers(1, 9, 6)
    w, t = c.rng.normal(size=K.sum()), float(c.rng.uniform(0.3, 1))
    at = np.repeat(np.arange(6), K)
    n = np.sqrt(np.bincount(at, w**2))[at]
    c.equal(c.call(shrink_groups, w, K.tolist(), t), w * np.maximum(0, 1 - t * K[at]**0.5 / n),
            "off on fresh groups")
    ### END HIDDEN TESTS

# %%
arrows = np.array([0.9, 0.5, -0.4, 0.3, 0.1, 0.05, 0.6])
amounts = np.linspace(0, 0.8, 81)
path = np.array([shrink_groups(arrows, [3, 3, 1], t) for t in amounts])
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
each = np.sign(arrows) * np.maximum(abs(arrows) - amounts[:, None], 0)
for ax, values, title in [(axes[0], path, "groups as wholes"), (axes[1], each, "each by itself")]:
    for columns, color in [((0, 1, 2), MODEL), ((3, 4, 5), OTHER), ((6,), THIRD)]:
        ax.plot(amounts, values[:, columns], color=color, lw=2)
    ax.axhline(0, color="0.8", lw=1)
    ax.set(xlabel="step t", title=title)
axes[0].set_ylabel("weight (log gain)")
show(fig, "Seven weights in three groups, by colour, while the step grows: with groups as wholes "
          "the lines of a colour end together; each by itself they end one by one.")

# %% [markdown]
# You should see lines of one colour reach 0 together on the left, and one by one on the right. (The
# plain lasso is on the right. A place field with holes would be its idea of a simple neuron.)
#
# Now the fit. `GLMCV` follows a path of strengths λ from strong to weak, on all training trials
# and on each fold. Each fit starts where the last one ended, which is near. It keeps the held-out
# **deviance** of each: twice the log-likelihood that the predictions lack, compared with perfect
# ones. Small is good (lesson 02).
#
# **Predict.** As λ falls, more groups come in. Will the held-out deviance turn up again?

# %%
# catch-up: 5 neurons x 9 strengths x (4 folds + all); some seconds, with a bar
cv = nmo.model_selection.GLMCV(
    nmo.glm.GLM(regularizer="GroupLasso", tol=1e-5),
    strengths=10.0 ** np.arange(-0.75, -2.8, -0.25), cv=pairs,
)
cv.fit(X_train, Y[train])


def kept(model):
    """(21, N): which groups have weights that are not 0."""
    return np.array([np.any(model.coef_[k] != 0, axis=0) for k in groups])


# %% [markdown]
# Which λ? The one with the smallest held-out deviance is **best**. But four folds are four
# opinions, and near the bottom the curve is flat: the exact place of the minimum is luck. The
# **1-SE rule** takes the *strongest* penalty within one standard error (SE) of the best.
#
# - mean over folds for each strength, the best is the smallest;
# - SE: the SD over folds (`np.std`) *at the best*, divided by the root of the number of folds;
# - choose the strongest λ with a mean of at most best + SE.
#
# **Exercise 6.** Write `one_se`. `strengths` fall from strong to weak, `deviance` has a row for
# each of them and a column for each fold. Return the chosen strength.

# %% exercise="one_se"
def one_se(strengths, deviance):
    """The strongest of ``strengths`` (L,) within one SE of the best; deviance (L, folds)."""
    ### BEGIN SOLUTION
    mean = deviance.mean(axis=1)
    best = mean.argmin()
    most = mean[best] + deviance[best].std() / np.sqrt(deviance.shape[1])
    return strengths[np.argmax(mean <= most)]
    ### END SOLUTION

# %% check="one_se" points=2
with check("one_se") as c:
    lam = 10.0 ** np.arange(-1, -8, -1.0)
    fold_wise = np.array([-3.0, 3, -3, 3, -3, 3, -3, 3, -3])  # SD 2.98, SE 0.99
    level = np.array([28.7, 22, 20.8, 19.9, 19.0, 19.1, 19.8])
    D = level[:, None] + np.outer([4, 0.3, 1, 1, 1, 1, 1], fold_wise - fold_wise.mean())
    got = c.call(one_se, lam, D)
    c.that(np.shape(got) == (), "one strength is asked for", "of all that qualify the strongest",
           "a number, not an array")
    c.that(np.isclose(lam, got).any(), "this is none of the strengths: an index, or a deviance?",
           "the answer is one of `strengths`", "use the index to pick one")
    c.that(not np.isclose(got, 1e-5), "this is the best itself: its place is luck where the curve "
           "is flat", "a stronger penalty does nearly as well", "allow one SE")
    c.that(not np.isclose(got, 1e-7),
           "this is the *weakest* strength within the limit: the rule should keep fewer groups",
           "strengths fall from strong to weak",
           "take the first that qualifies")
    c.that(not np.isclose(got, 1e-3),
           "the limit is too wide: a mean is surer than a single fold, and the SD alone forgets it",
           "SE and SD differ by a root", "divide by the root of the number of folds")
    c.that(not np.isclose(got, 1e-1) and not np.isclose(got, 1e-2),
           "the strongest penalties have the worst deviance, and you took one of them",
           "small deviance is good", "which mean is the smallest?")
    c.that(np.isclose(got, 1e-4), "another strength is within the limit",
           "best mean 19.0, SE 0.99", "which is the first mean below 19.99?")
    wild = D.copy()
    wild[2] = 20.8 + 20 * (fold_wise - fold_wise.mean())  # unsure, but no better
    c.that(np.isclose(c.call(one_se, lam, wild), 1e-4),
           "an unsure strength, no better, gets in: the error to allow is that at the best",
           "the SE is that at the best", "one limit for all")
    few = c.call(one_se, lam, np.where(np.arange(9) < 8, level[:, None], level[:, None] + 90))
    c.that(few is not None and np.isclose(few, 1e-2),
           "with one fold that is far off, the limit is not best + SE",
           "the SD over folds is large here, and with it the SE", "np.std over folds as it comes")
    ### BEGIN HIDDEN TESTS
    for _ in range(20):
        D = c.rng.normal((np.arange(7) - 4.0)[:, None] ** 2, 4, (7, 5))
        want = nmo.model_selection.select_strength(lam, D[..., None], 1.0)[0]
        c.equal(c.call(one_se, lam, D), lam[want], "off on fresh deviances")
    ### END HIDDEN TESTS

# %%
for i in range(N):
    chosen = one_se(cv.strengths_, cv.deviance_[:, :, i])
    best = cv.strengths_[cv.deviance_[:, :, i].mean(axis=1).argmin()]
    print(f"neuron {neurons[i]:2d}: best λ {best:.4f}, 1-SE rule λ {chosen:.4f}")
fig, axes = plt.subplots(1, 3, figsize=(12, 3.4), layout="constrained")
for ax, i in zip(axes, (0, N - 1), strict=False):
    nmo.plotting.path(cv, i, ax, title=f"neuron {neurons[i]}")
    ax.set_ylim(top=1.02 * cv.deviance_[2, :, i].mean())  # the bottom is what matters
for model in cv.path_:
    axes[2].plot([model.regularizer_strength] * N, kept(model).sum(axis=0), ".", color=DATA)
axes[2].plot(cv.strengths_, [kept(m).sum(axis=0).mean() for m in cv.path_], color=MODEL, lw=2)
axes[2].set(xscale="log", xlabel="strength of the penalty", ylabel="groups that are not 0",
            title="groups kept (line: mean)", ylim=(-1, 22))
axes[2].invert_xaxis()
for ax in axes:
    ax.minorticks_off()
    ax.set_xticks(cv.strengths_[::2], [f"{a:.3f}" for a in cv.strengths_[::2]])
axes[0].legend(loc="upper right", framealpha=1)
axes[1].legend(loc="upper right", framealpha=1)
show(fig, "Held-out deviance against the strength for two neurons, with best and 1-SE choice, and "
          "the number of groups kept against the strength.")

# %% [markdown]
# You should see a curve that falls, lies flat, and may rise again a little at its right end. The
# orange line stands to the left of the blue one, at a stronger penalty. Between the two lies what
# the data cannot decide, and there the number of groups changes by half a dozen.
#
# So "how many groups does it use?" has no sharp answer. `cv.select(se_fraction=1)` applies the rule
# to every neuron; nothing is fitted again.

# %%
# catch-up
cv.select(se_fraction=1.0)
strength = cv.strength_[None]  # one for each neuron


def loss(mu):
    """(test bins, N): deviance of each test bin."""
    return nmo.metrics.deviance(Y[test], mu, per="sample")


def without(X, names):
    """X with the features of some groups put to 0, their mean in training."""
    return {k: 0 * x if k in names else x for k, x in X.items()}


def refit(names, at=0):
    """Expected events in the test bins, from a fit that never saw the groups ``names``.

    ``at``: all features come that many bins late, for a control.
    """
    late = {k: np.roll(x, at, axis=0) if at else x for k, x in without(X, names).items()}
    model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength, tol=1e-4)
    model.fit({k: x[train] for k, x in late.items()}, Y[train])
    return model.predict({k: x[test] for k, x in late.items()})


null = loss(np.tile(Y[train].mean(axis=0), (test.sum(), 1)))  # a constant rate
full = loss(cv.predict(X_test))

# %% [markdown]
# Now the test trials, which nothing has seen so far. The score is the **fraction of deviance
# explained**: 0 is the constant rate of the training trials, 1 a perfect prediction. (Chance keeps
# even the true model below 1. It is Cohen's pseudo-R² with a constant from training; Tseng and
# colleagues report it.) For the control all features come 5003 bins late, a quarter of an hour.

# %%
where_when = [k for k in groups if k not in ("position", "time")]
contest = {
    "place and time": lambda: refit(where_when),
    "and movement": lambda: refit([k for k in where_when if k not in movement]),
    "everything": lambda: cv.predict(X_test),
    "everything, late": lambda: refit([], at=5003),
}
scores = {}
for k, (name, run) in enumerate(contest.items()):  # some seconds in all
    print("\r" + "█" * (k + 1) + "░" * (len(contest) - k - 1), name.ljust(20), end="")
    scores[name] = 1 - loss(run()).mean(axis=0) / null.mean(axis=0)
print()
fig, ax = plt.subplots(figsize=(8, 3.4), layout="constrained")
for k, (name, score) in enumerate(scores.items()):
    ax.bar(k, score.mean(), color=["0.8" if "late" in name else MODEL], alpha=0.7, width=0.7)
    ax.plot(k + np.linspace(-0.25, 0.25, N), score, "o", color=DATA, ms=5)
    print(f"{name:18s}", np.round(score, 3), f"mean {score.mean():.3f}")
ax.axhline(0, color="k", lw=1)
ax.set_xticks(range(len(scores)), list(scores))
ax.set(ylabel="deviance explained, held out", title="test trials (bars: mean, dots: five neurons)",
       xlabel="features")
show(fig, "Held-out fraction of deviance explained by four models, a dot for each neuron.")

# %% [markdown]
# You should see place and time explain a good part, movement and the task variables add more, and
# the control at about zero or below. (On a real recording expect about half of these heights.)
#
# The bars do not say *which* variables. Look at one neuron with a strong and with a weak penalty;
# each bar is the length of one group's arrow. Then move the strength yourself.

# %%
def arrows_at(step=6, who=0):
    model = cv.path_[step]
    length = [np.linalg.norm(model.coef_[k][:, who]) for k in groups]
    score = 1 - loss(model.predict(X_test)).mean(axis=0)[who] / null.mean(axis=0)[who]
    fig, ax = plt.subplots(figsize=(10, 3.6), layout="constrained")
    ax.bar(range(len(groups)), length, color=[MODEL if n else DATA for n in length])
    ax.plot([g for g in range(len(groups)) if not length[g]],
            [0] * length.count(0), "x", color=OTHER)
    ax.set_xticks(range(len(groups)), groups, rotation=60, ha="right", fontsize=8)
    ax.set(ylabel="length of the arrow", xlabel="group (cross: exactly 0)",
           title=f"neuron {neurons[who]}, λ = {cv.strengths_[step]:.4f}: "
                 f"explains {score:.3f} of the deviance of test trials")
    show(fig, "Length of the weights of 21 groups at one strength; crosses are exact zeros.")


arrows_at(step=3)
arrows_at(step=7)

# %%
_ = interact(arrows_at, step=IntSlider(6, 0, 8, continuous_update=False),
             who=IntSlider(0, 0, N - 1, continuous_update=False))

# %% [markdown]
# You should see many crosses in the first figure and few in the second, while the large bars stay
# and the score in the title hardly moves. Remember that for part 8.

# %% [markdown]
# ## 5. Kernels and gain
#
# What does one group say? Its weights times its bumps, added up along the corridor, are its
# **kernel**. Two steps lead to real units.
#
# The columns were divided by their SD, so a weight is "per SD of that bump". Divide it by the SD,
# and it is "per unit of the variable". And the link is an exponential: what is added inside becomes
# a **factor** outside. If the variable goes from `low` to `high`, the rate is multiplied by
#
# $$\exp\Big((\text{high} - \text{low}) \sum_k b_k(x)\, w_k / \mathrm{SD}_k\Big).$$
#
# **Exercise 7.** Write `gain`: this factor at places whose bumps are the rows of `B`.

# %% exercise="gain"
def gain(B, w, sd, low, high):
    """(n,): factor on the rate when the variable goes from low to high; B (n, K), w and sd (K,)."""
    ### BEGIN SOLUTION
    return np.exp((high - low) * (B @ (w / sd)))
    ### END SOLUTION

# %% check="gain" points=2
with check("gain") as c:
    B = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1], [0, 0, 0]])
    w, sd = np.array([0.2, -0.1, 0.05]), np.array([0.5, 0.25, 0.4])
    k = B @ (w / sd)
    got = c.call(gain, B, w, sd, -1.0, 1.0)
    c.that(np.shape(got) == (4,), "four places, four factors", "add up the bumps at each place",
           "one number per row of B")
    c.that(not np.allclose(got, 2 * k), "this is inside the exponential: log gain, not a factor",
           "a log gain of 0 is a factor of 1", "what does the link do to a sum?")
    c.that(not np.allclose(got, np.exp(k) - np.exp(-k)),
           "this is a difference, as if the variable added events: it multiplies the rate",
           "the same choice adds much where the rate is high, and little where it is low",
           "a factor: one rate divided by the other")
    c.that(not np.allclose(got, np.exp(2 * k) - 1), "1 was taken away: no effect should be 1",
           "a factor of 1.5 is half more", "leave the factor as it is")
    c.that(not np.allclose(got, np.exp(2 * B @ w)),
           "the SD has no say: the weights are still per SD of their bump, not per unit",
           "the columns were scaled before the fit", "undo the scaling")
    c.that(not np.allclose(got, np.exp(2 * B @ (w * sd))),
           "you multiplied by the SD: the column was divided by it, so one unit of the variable is "
           "1/SD of the column", "a small SD makes a large step", "the other way round")
    c.that(not np.allclose(got, np.exp(-2 * k)), "the factor is upside down: from high to low",
           "it goes from `low` to `high`", "which is subtracted?")
    c.that(not np.allclose(got, np.exp(k)), "only one end has a say: from 0 to `high`",
           "from -1 to 1 is a way of 2", "how far apart are `low` and `high`?")
    c.equal(got, np.exp(2 * k), "the factors are off", "no bump, no change: factor 1",
            "compute the first place by hand: the sum is 0.2", rtol=1e-4)
    ### BEGIN HIDDEN TESTS
    B, w = c.rng.uniform(0, 1, (30, 8)), c.rng.normal(0, 0.2, 8)
    sd, (a, b) = c.rng.uniform(0.2, 1, 8), c.rng.uniform(-2, 2, 2)
    want = [np.prod([np.exp((b - a) * x * v / s) for x, v, s in zip(row, w, sd, strict=True)])
            for row in B]
    c.equal(c.call(gain, B, w, sd, a, b), want, "off on fresh weights")
    ### END HIDDEN TESTS

# %%
# the largest kernel among some groups: which group, and whose
among = [f"{a} x {k}" for a, ks in [("position", ("cue", "prevCorr")),
                                    ("time", ("cue", "corr", "prevCorr"))] for k in ks]
span = {k: np.max(abs(cv.coef_[k] / SD[k][:, None]), axis=0) for k in among}
shown = max(among, key=lambda k: span[k].max())
who = int(span[shown].argmax())
where, name = shown.split(" x ")
x, centres, unit = ((place, place_centres, "place (cm)") if where == "position"
                    else (since, time_centres, "time since the choice (s)"))
grid = np.linspace(centres[0], centres[-1], 200)
factor = gain(bumps(grid, centres), cv.coef_[shown][:, who], SD[shown], -1.0, 1.0)
edges = np.linspace(centres[0], centres[-1], 16)
mean = [np.histogram(x[r], edges, weights=Y[r, who])[0] / np.histogram(x[r], edges)[0]
        for r in (np.isfinite(x) & (np.sign(task[name]) == s) for s in (1, -1))]

fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for values, color, label in [(mean[1], MODEL, f"{name} = -1"), (mean[0], OTHER, f"{name} = +1")]:
    axes[0].plot((edges[1:] + edges[:-1]) / 2, values, color=color, lw=2, label=label)
axes[0].set(xlabel=unit, ylabel="activity (events per bin)", title=f"neuron {neurons[who]}, means")
axes[0].legend(frameon=False)
with np.errstate(all="ignore"):
    axes[1].plot((edges[1:] + edges[:-1]) / 2, mean[0] / mean[1], "o", color=DATA,
                 label="ratio of the means")
axes[1].plot(grid, factor, color=MODEL, lw=2, label="gain of the model")
axes[1].axhline(1, color="0.8", lw=1)
axes[1].set(yscale="log", xlabel=unit, ylabel="factor (no unit)", title=f"group: {shown}")
axes[1].legend(frameon=False)
show(fig, "Left: mean activity for the two values of a variable. Right: their ratio, and the gain "
          "of the model's kernel.")

# %% [markdown]
# You should see the blue line follow the grey ratio, where that is reliable: the factor by which
# this variable alone changes the rate, *all else equal*. A gain of 2 means twice the activity,
# whether that is from 0.1 to 0.2 or from 5 to 10 events. It has no unit, so it does not mind that
# nobody knows how many spikes an "event" is.
#
# Where the grey dots leave the line, either events are few, or other variables came along with this
# one. Do not trust the height too much. The penalty pulls every kernel towards 1. But we picked the
# *largest* of all kernels, and the largest is often so by luck.

# %% [markdown]
# ## 6. Take it out
#
# How much does the model *use* a variable? Leave the model as it is, take the variable's features
# out of the test trials, and see how much worse the prediction gets. This is the **breakdown** of a
# model.
#
# The features are scaled, so "out" is easy: 0 is the mean.
#
# **Exercise 8.** Write `taken_out`: a new array in which some columns are 0. The old one is needed
# again.

# %% exercise="taken_out"
def taken_out(X, columns):
    """A copy of X (T, P) with the columns (a list of numbers) at 0."""
    ### BEGIN SOLUTION
    X = np.array(X)
    X[:, columns] = 0
    return X
    ### END SOLUTION

# %% check="taken_out" points=1
with check("taken_out") as c:
    X5 = c.rng.normal(size=(8, 5))
    got = c.call(taken_out, X5, [1, 3])
    c.that(np.shape(got) == (8, 5), "columns are missing: the model has a weight for each column",
           "as many columns as before", "keep them, at 0")
    c.that(not np.isnan(got).any(), "the columns are unknown now: the model then predicts nothing",
           "0 is the mean, and a number", "not NaN")
    c.that(not np.allclose(got[[1, 3]], 0), "rows were taken out, not columns",
           "rows are bins", "the second axis holds the columns")
    c.that(np.allclose(got[:, [1, 3]], 0), "the columns are not 0 everywhere",
           "they should say the same in every bin", "all rows of columns 1 and 3")
    c.equal(got[:, [0, 2, 4]], X5[:, [0, 2, 4]], "other columns have changed",
            "only those in the list", "copy first")
    _, after = c.call(lambda x: [taken_out(x, [0]), x], X5)
    c.that(np.allclose(after, X5),
           "the array that came in has changed: from now on the variable is missing everywhere",
           "arrays are not copied when a function gets them",
           "make a new one first")
    ### BEGIN HIDDEN TESTS
    X9, at = c.rng.normal(size=(20, 9)), c.rng.choice(9, 4, replace=False)
    c.equal(c.call(taken_out, X9, at.tolist()), X9 * ~np.isin(np.arange(9), at), "off")
    ### END HIDDEN TESTS

# %% [markdown]
# Then a number: of the deviance that the model explains, which part is lost?
#
# $$\frac{\sum_t (d^{\text{reduced}}_t - d^{\text{full}}_t)}
# {\sum_t (d^{\text{null}}_t - d^{\text{full}}_t)}$$
#
# with the deviance $d_t$ of each test bin under the reduced model, the full one, and the constant
# rate (null). 0: not used. 1: without it the model is no better than a constant.
#
# **Exercise 9.** Write `share_lost`. A variable that hurts has a negative share; leave it so.

# %% exercise="share_lost"
def share_lost(reduced, full, null):
    """Part of the explained deviance that is lost; deviances (T,) of each bin."""
    ### BEGIN SOLUTION
    return np.sum(reduced - full) / np.sum(null - full)
    ### END SOLUTION

# %% check="share_lost" points=1
with check("share_lost") as c:
    d_full, d_null = np.array([0.5, 1.0, 0.2, 0.3]), np.array([2.0, 3.0, 0.1, 0.9])  # 2 and 6
    d_cut = np.array([1.5, 1.2, 0.2, 0.1])  # 3
    got = c.call(share_lost, d_cut, d_full, d_null)
    c.that(np.shape(got) == (), "one number is asked for", "all bins are added up first",
           "a sum over a sum")
    c.that(not np.isclose(got, -0.25), "the sign is turned: losing something should be positive",
           "deviance grows when a prediction gets worse", "reduced minus full")
    c.that(not np.isclose(got, 1 / 6), "this is a part of the null deviance: asked for is the part "
           "of what the model *explains*", "a model explains the difference between null and full",
           "subtract the full model below, too")
    c.that(not np.isclose(got, 0.75), "this is what is left, not what is lost",
           "a variable without use should give 0", "one minus yours")
    c.that(not np.isclose(got, np.mean((d_cut - d_full) / (d_null - d_full))),
           "a mean of ratios: bins in which nothing is explained decide everything",
           "add up before you divide", "one ratio of two sums")
    c.that(not np.isclose(got, 1 / 2), "this is a part of the full model's own deviance",
           "that is what the model does not explain", "below stands what it explains")
    c.equal(got, 0.25, "the share is off", "above: 3 - 2", "below: 6 - 2")
    c.that(c.call(share_lost, d_full - 0.1, d_full, d_null) < 0,
           "a reduced model that predicts better should give a negative share",
           "it happens by chance, and hiding it makes all shares look larger", "do not cut at 0")
    ### BEGIN HIDDEN TESTS
    a, b, d = c.rng.gamma(2, size=(3, 60))
    c.equal(c.call(share_lost, a, b, d + b), (a.mean() - b.mean()) / d.mean(),
            "off on fresh numbers")
    ### END HIDDEN TESTS

# %%
# catch-up: which groups belong to a variable
sides = [("place in the corridor (cm)", place[test], np.linspace(0, 270, 10)),
         ("time since the choice (s)", since[test], np.linspace(0, 7, 8))]
variables = {k: [f"position x {k}", f"time x {k}"] for k in task} | {k: [k] for k in movement}
used = {}  # variable: (N,)
for k, names in variables.items():
    cut = loss(cv.predict(without(X_test, names)))
    used[k] = (cut - full).sum(axis=0) / (null - full).sum(axis=0)

# %%
columns = {k: np.arange(e - s, e).tolist() for k, e, s in zip(groups, ends, sizes, strict=True)}
stacked = np.hstack([X_test[k] for k in groups])
yaw_out = taken_out(stacked, columns["yaw"])
yaw_out = dict(zip(groups, np.split(yaw_out, ends[:-1], axis=1), strict=True))
cut = loss(cv.predict(yaw_out))
mine = [share_lost(cut[:, i], full[:, i], null[:, i]) for i in range(N)]
print("yaw, yours:", np.round(mine, 4))
print("  catch-up:", np.round(used["yaw"], 4))
fig, ax = plt.subplots(figsize=(10, 3.6), layout="constrained")
values = np.array(list(used.values())).T
top = np.max(abs(values))
image = ax.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-top, vmax=top)
fig.colorbar(image, label="share of explained\ndeviance that is lost")
for (i, j), share in np.ndenumerate(values):
    if abs(share) > 0.005:
        ax.text(j, i, f"{share:.2f}", ha="center", va="center",
                color="w" if abs(share) > 0.6 * top else "k")
ax.set_xticks(range(len(used)), list(used), rotation=30, ha="right")
ax.set_yticks(range(N), neurons)
ax.set(xlabel="variable that is taken out", ylabel="neuron", title="breakdown, on test trials")
show(fig, "Matrix of five neurons by eleven variables: share of the explained deviance that is "
          "lost without the variable.")

# %% [markdown]
# You should see each neuron use a few variables and leave the others. Now look at the two columns
# `cho` and `dyn_cho` together, and at the neuron of part 1, whose curves parted with the choice.
# Does it use the choice, or the turning (`yaw`)?
#
# **Predict.** If `cho` were not there at all, would the model be as much worse as its column says?
#
# *Where* is a variable used? The loss of each bin, averaged in stretches of the corridor, tells.
#
# **Exercise 10.** Write `by_place`: mean loss in each stretch between neighbouring `edges`. A bin
# on an edge belongs to the stretch that begins there. Bins with unknown place are in none; a
# stretch without bins is NaN.

# %% exercise="by_place"
def by_place(lost, place, edges):
    """(len(edges) - 1,): mean of ``lost`` (T,) in each stretch [edges[j], edges[j + 1])."""
    ### BEGIN SOLUTION
    means = []
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        here = (place >= a) & (place < b)
        means.append(lost[here].mean() if here.any() else np.nan)
    return np.array(means)
    ### END SOLUTION

# %% check="by_place" points=2
with check("by_place") as c:
    at = np.array([5.0, 10, 15, np.nan, 19, 45, 41, np.nan])
    value = np.array([1.0, 2, 6, 100, 4, -3, 5, 50])
    got = c.call(by_place, value, at, np.array([0.0, 10, 20, 30, 50]))
    c.that(np.shape(got) == (4,), "five edges make four stretches", "one number per stretch",
           "there is one edge more")
    c.that(np.all(np.abs(np.nan_to_num(got)) < 20),
           "bins without a place have come in: they lie in no stretch",
           "after the choice the mouse is not in the corridor", "leave out NaN")
    c.that(not np.allclose(np.nan_to_num(got), [1, 12, 0, 2]),
           "these are sums: a stretch in which the mouse lingers collects more",
           "lesson 01 called it occupancy", "divide by the number of bins of the stretch")
    c.that(not np.isclose(got[1], 12 / 8) and not np.isclose(got[1], 2),
           "divided by the number of all bins: then the shares depend on how long the trial is",
           "each stretch has its own number of bins", "its own bins alone")
    c.that(np.isnan(got[2]), "nobody was between 20 and 30 cm: the loss there is unknown, NaN",
           "0 would claim that the variable is not used there", "look for stretches without bins")
    c.that(np.isclose(got[0], 1), "10 cm lies on an edge and belongs to the stretch that begins "
           "there, from 10 to 20", "the left edge is in, the right one is not", "mind the equals")
    c.equal(got, [1, 4, np.nan, 1], "the means are off", "2, 6 and 4 lie between 10 and 20",
            "take the mean of those")
    ### BEGIN HIDDEN TESTS
    at, v = c.rng.uniform(0, 100, 400), c.rng.normal(size=400)
    at[::7] = np.nan
    inside = np.isfinite(at)
    j = (at[inside] // 20).astype(int)
    c.equal(c.call(by_place, v, at, np.arange(0, 101, 20.0)), np.bincount(j, v[inside])
            / np.bincount(j), "off on fresh places")
    ### END HIDDEN TESTS

# %%
strongest = sorted(used, key=lambda k: -used[k][turner])[:3]
unit_loss = (null - full)[:, turner].mean()
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, (label, along, edges) in zip(axes, sides, strict=True):
    for k, color in zip(strongest, (MODEL, OTHER, THIRD), strict=True):
        cut = loss(cv.predict(without(X_test, variables[k])))[:, turner]
        curve = by_place(cut - full[:, turner], along, edges) / unit_loss
        ax.plot((edges[1:] + edges[:-1]) / 2, curve, "o-", color=color, label=k)
    ax.axhline(0, color="0.8", lw=1)
    ax.set(xlabel=label)
axes[0].set(ylabel="loss / mean explained", title=f"neuron {neurons[turner]}: what it uses, where")
axes[1].set_title("and when")
axes[0].legend(frameon=False)
show(fig, "Loss of the three most used variables of one neuron, along the corridor and along the "
          "time since the choice.")

# %% [markdown]
# You should see that a variable is used in some stretches and not in others: that is what
# interactions are for. `nmo.understanding.breakdown(cv.predict, X_test, Y[test], by=...,
# edges=...)` gives all groups at once, as Tseng and colleagues do it: there the loss in a stretch
# cannot be larger than what the model explains there.

# %% [markdown]
# ## 7. Leave it out and fit again
#
# Taking out is like pulling a plank from a bridge: it may fall, though it could have been built
# without that plank. The other question is: fit *again* without the variable. What no other one can
# stand for is lost for good. This is the **comparison** of models.
#
# **Exercise 11.** Write `refit_without`: fit a group lasso of this strength to the training rows,
# without the groups `names`, and return expected counts of *all* rows. `X` is a dict of groups.
# `nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=...)` takes a dict. (A group that is 0
# in every bin is as good as none.)

# %% exercise="refit_without"
def refit_without(X, y, names, train, strength):
    """(T,): expected counts per bin, by a model fitted to rows ``train`` without some groups."""
    ### BEGIN SOLUTION
    X = {k: x for k, x in X.items() if k not in names}
    model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=strength)
    return model.fit({k: x[train] for k, x in X.items()}, y[train]).predict(X)
    ### END SOLUTION

# %% check="refit_without" points=2
with check("refit_without") as c:
    a, b = c.rng.normal(size=(2, 900, 1))
    a = np.hstack([a, c.rng.normal(size=(900, 1))])
    toy = {"a": a, "b": b, "double": np.hstack([a[:, :1] + 0.02 * c.rng.normal(size=(900, 1)), b])}
    n = c.rng.poisson(np.exp(-0.5 + 0.7 * a[:, 0]))
    some = np.arange(900) < 600
    n[~some] = c.rng.poisson(np.exp(0.5 - 0.7 * a[~some, 0]))  # another rule in the test rows
    got = c.call(refit_without, toy, n, ["a"], some, 0.01)
    only = lambda keys: {k: x if k in keys else 0 * x for k, x in toy.items()}  # one shape for all
    model = lambda keys, rows, s: nmo.glm.GLM(
        regularizer="GroupLasso", regularizer_strength=s, tol=1e-9).fit(
        only(keys), n, sample_weight=rows * 1.0)
    fit = lambda *how: model(*how).predict(only(how[0]))
    all_three = model(list(toy), some, 0.01)
    c.that(np.shape(got) == (900,), "expected counts of all 900 rows are asked for",
           "fit on some rows, predict for all", "the test rows, too")
    c.that(np.all(got > 0), "an expected count is below 0", "let the model predict",
           "the link is missing")
    c.that(not np.allclose(got, all_three.predict(toy), rtol=1e-3), "the group is still in the "
           "model: nothing was left out", "`names` holds what has to go", "drop it before the fit")
    c.that(not np.allclose(got, all_three.predict(toy | {"a": 0 * a}), rtol=1e-3),
           "the group was taken out after the fit: its double never had the chance to take over",
           "that is part 6", "leave it out before the fit")
    c.that(not np.allclose(got, fit(["a"], some, 0.01), rtol=1e-3),
           "only the named group is in the model: it is the other way round",
           "these groups have to go", "keep all others")
    c.that(not np.allclose(got, fit(["b", "double"], n >= 0, 0.01), rtol=1e-3),
           "the model has seen the test rows", "the mask belongs to the fit",
           "X and y both need it")
    flat, left = c.call(lambda X: [refit_without(X, n, ["a"], some, 10.0), sorted(X)], toy)
    c.that(np.std(flat) < 0.6 * np.std(got),
           "the penalty does nothing: a thousand times stronger, it should make all rows alike",
           "is `strength` used?", "name the penalty and its strength")
    c.equal(got, fit(["b", "double"], some, 0.01), "the predictions are not those of a group lasso "
            "on the other groups", "each name of the dict is one group", "check the penalty",
            rtol=1e-3)
    c.that(list(left) == sorted(toy), "the dict that came in has lost a group: the next call will "
           "miss it", "a function gets the dict itself, no copy", "make a new dict")
    ### BEGIN HIDDEN TESTS
    keep = c.rng.permutation(900) < 600
    c.equal(c.call(refit_without, toy, n, ["b", "double"], keep, 0.02), fit(["a"], keep, 0.02),
            "off with two groups left out", rtol=1e-3)
    ### END HIDDEN TESTS

# %% [markdown]
# Try it where you know the answer. Two groups say the same, and a third one is alone.

# %%
rng = np.random.default_rng(1)
signal, lone = rng.normal(size=(2, 4000, 1))
pair = {"first": signal, "its double": signal.copy(), "lone": lone}
events = rng.poisson(np.exp(0.5 * signal[:, 0] + 0.4 * lone[:, 0]))
half = np.arange(4000) < 2000
whole = refit_without(pair, events, [], half, 0.01)
deviance = lambda mu: nmo.metrics.deviance(events[~half], mu[~half], per="sample")
flat = deviance(np.full(4000, events[half].mean()))
model = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=0.01)
model.fit({k: x[half] for k, x in pair.items()}, events[half])
share = lambda mu: (deviance(mu) - deviance(whole)).sum() / (flat - deviance(whole)).sum()
for k in pair:
    out = model.predict(without(pair, [k]))
    again = refit_without(pair, events, [k], half, 0.01)
    print(f"{k:10s} taken out: {share(out):6.3f}   left out and refitted: {share(again):6.3f}")

# %% [markdown]
# You should see that `lone` loses about the same in both. The doubles each lose something when
# taken out, because each carries half of the weight. (The penalty would not mind another split.)
# Left out, each loses nothing: the other one steps in. A share of 0 in the comparison does *not*
# mean that the signal is absent. It means: nothing is lost as long as the double is there.
#
# **Predict.** Which variables of the mouse are such doubles?

# %%
# catch-up: a few variables, and a pair, each left out and refitted (some seconds, with a bar)
asked = {k: variables[k] for k in ("cue", "cho", "dyn_cho")}
asked["cho + dyn_cho"] = variables["cho"] + variables["dyn_cho"]
asked |= {k: variables[k] for k in ("corr", "rule_following", "yaw")}
losses = {}  # variable: (taken out, left out), each (test bins, N)
for step, (k, names) in enumerate(asked.items()):
    print("\r" + "█" * (step + 1) + "░" * (len(asked) - step - 1), k.ljust(20), end="")
    losses[k] = loss(cv.predict(without(X_test, names))) - full, loss(refit(names)) - full
explained = (null - full).sum(axis=0)
shares = {k: [lost.sum(axis=0) / explained for lost in both] for k, both in losses.items()}


def stretches(lost, along, edges):
    """Mean loss in each stretch, as in exercise 10."""
    known = np.isfinite(along)
    total, bins = (np.histogram(along[known], edges, weights=w)[0]
                   for w in (lost[known], np.ones(known.sum())))
    return total / np.maximum(bins, 1)


# %%
fig, axes = plt.subplots(1, N, figsize=(12, 3.6), sharex=True, sharey=True, layout="constrained")
for i, ax in enumerate(axes):
    for row, (out, again) in enumerate(shares.values()):
        ax.plot([out[i], again[i]], [row, row], color="0.8", lw=2, zorder=0)
        ax.plot(out[i], row, "o", color=MODEL, label="taken out" if row == 0 else None)
        ax.plot(again[i], row, "o", color=OTHER, label="refitted" if row == 0 else None)
    ax.axvline(0, color="0.8", lw=1)
    ax.set(title=f"neuron {neurons[i]}", xlabel="share lost")
axes[0].set_yticks(range(len(shares)), list(shares))
axes[0].set_ylabel("variable")
axes[0].invert_yaxis()
axes[-1].legend(frameon=False)
show(fig, "For five neurons: share of explained deviance lost when a variable is taken out, and "
          "when it is left out and the model refitted.")

# %% [markdown]
# You should see orange left of blue or near it: a refit makes good what it can. (On unseen trials
# chance may turn two close dots round.) Look at neurons for which the pair `cho + dyn_cho` matters:
# each of the two alone comes out at nearly 0 in orange, together they do not. After the choice they
# are the same variable, so one stands in for the other. Neither number alone says "choice does not
# matter" or "choice matters twice". The *pair* is the thing to ask about.
#
# When blue and orange agree, no other variable of the model carries this information, and both
# readings are safe.

# %%
widest = max(("cho", "dyn_cho"), key=lambda k: np.max(shares[k][0] - shares[k][1]))
i = int(np.argmax(shares[widest][0] - shares[widest][1]))
unit_loss = (null - full)[:, i].mean()
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True, layout="constrained")
for ax, (label, along, edges) in zip(axes, sides, strict=True):
    for lost, color, text in zip(losses[widest], (MODEL, OTHER), ("taken out", "refitted"),
                                 strict=True):
        ax.plot((edges[1:] + edges[:-1]) / 2, stretches(lost[:, i], along, edges) / unit_loss,
                "o-", color=color, label=text)
    ax.axhline(0, color="0.8", lw=1)
    ax.set(xlabel=label)
axes[0].set(ylabel="loss / mean explained", title=f"neuron {neurons[i]}, variable {widest}")
axes[1].set_title("the same, after the choice")
axes[0].legend(frameon=False)
show(fig, "Loss along corridor and time for one variable, taken out and left out with refit.")

# %% [markdown]
# You should see where the two questions part: in these stretches another variable can take over.
#
# Both are about *this model on these data*. A variable that could be left out may still drive the
# neuron; one that cannot may be a stand-in for something nobody measured (lesson 05).
# `nmo.understanding.comparison` repeats the whole cross-validation for each variable: slower, and
# fairer, as λ is chosen anew.

# %% [markdown]
# ## 8. What a zero means
#
# "The group lasso sets `time x prevCorr` to exactly zero, so the neuron does not encode the last
# outcome." Is that so? Test the sentence where you know that it is false: plant the effect
# yourself.
#
# **Exercise 12.** Write `planted`: Poisson counts of a neuron with $\log \mu_t = \eta_t + s f_t$,
# one column for each size $s$. $\eta$ (`eta`) is what the neuron does anyway, $f$ the feature.

# %% exercise="planted"
def planted(eta, feature, sizes, seed):
    """(T, len(sizes)): counts with log mean eta + size * feature; eta and feature (T,)."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return rng.poisson(np.exp(eta[:, None] + np.outer(feature, sizes)))
    ### END SOLUTION

# %% check="planted" points=2
with check("planted") as c:
    eta = np.repeat([0.0, 1.0], 20_000)
    f = np.tile([-1.0, 1.0], 20_000)
    got = c.call(planted, eta, f, np.array([0.0, 0.5, 1.0]), 3)
    c.that(np.shape(got) == (40_000, 3), "one row per bin and one column per size",
           "three sizes make three columns", "each size is a neuron of its own")
    c.that(np.allclose(got, np.round(got)), "these are expected counts: without dice a fit finds "
           "any effect, however small", "counts are whole numbers", "draw from a Poisson")
    part = lambda x, e, k: np.mean(x[(eta == e) & (f == k)], axis=0)
    c.that(np.all(np.asarray(got) >= 0), "a count is below 0", "Poisson counts never are",
           "another law has crept in")
    c.that(not np.allclose(part(got, 0, 1), 1, atol=0.08),
           "the effect is missing: all sizes fire alike", "the feature times its size comes in",
           "inside the exponential")
    c.that(not (np.isclose(part(got, 0, 1)[2], 2, atol=0.1)),
           "the effect is added to the rate: it should multiply it",
           "at size 1 the rate is 2.7 times as high", "inside the exponential, beside eta")
    c.that(np.isclose(part(got, 0, 1)[0], 1, atol=0.06) and np.isclose(part(got, 1, -1)[0], np.e,
           atol=0.12), "at size 0 the mean should be exp(eta), whatever the feature",
           "size 0 is the neuron without the effect", "check what happens to eta")
    c.that(part(got, 0, 1)[2] > part(got, 0, -1)[2], "the sign of the effect is turned",
           "a larger feature, more events", "plus")
    c.that(np.allclose(part(got, 1, 1), np.exp([1, 1.5, 2]), rtol=0.05), "the means are off",
           "log mean: eta plus size times feature", "compare the means of bins with feature 1")
    again = c.call(planted, eta, f, np.array([0.0, 0.0]), 4)
    c.that(np.any(again[:, 0] != again[:, 1]),
           "two neurons of the same size fire in the same bins: they share the dice",
           "given the mean, all draws are their own", "draw all at once")
    ### BEGIN HIDDEN TESTS
    first, same, other = (c.call(planted, eta, f, np.array([0.3]), k) for k in (8, 8, 9))
    c.that(np.array_equal(first, same), "one seed gives two results")
    c.that(np.any(first != other), "two seeds give the same counts")
    c.that(np.allclose(part(c.call(planted, eta, f, np.array([-0.7]), 8), 0, 1), np.exp(-0.7),
                       rtol=0.05), "off for a negative size")
    ### END HIDDEN TESTS

# %% [markdown]
# We take the quietest of the five neurons, as its model sees it: that is η. We choose a group that
# its model holds at zero, so that size 0 is the truth there, and plant one bump of it, about a
# second or half a metre long, with gains from 1 to 4 between the two values of the variable: once
# where the neuron is quietest, once where it is liveliest. Then we fit with the λ of that neuron,
# and look: is the group kept? Six rounds.
#
# **Predict.** From which gain on will the group be kept every time, here and there?

# %%
quiet = N - 1
mean = cv.predict(X_train)[:, quiet]  # expected events
two_valued = [f"{a} x {k}" for a in ("time", "position") for k in ("prevCorr", "cue", "corr")]
empty = [k for k in two_valued if not kept(cv)[groups.index(k), quiet]]
target = (empty or two_valued)[0]
under = np.nan_to_num(time_bumps if target in two_valued[:3] else place_bumps)[train].T @ mean
spots = {"quietest": under.argmin(), "liveliest": under.argmax()}  # two bumps of the group
gains = np.array([1.0, 1.5, 2.0, 4.0])
glm = nmo.glm.GLM(regularizer="GroupLasso", regularizer_strength=cv.strength_[quiet], tol=1e-4)
found = []
for round_ in range(6):
    print("\r" + "█" * (round_ + 1) + "░" * (5 - round_), f"round {round_ + 1} of 6", end="")
    counts = [planted(np.log(mean), X_train[target][:, k],
                      np.log(gains) * SD[target][k] / 2,  # from -1 to +1 is a way of 2
                      seed=10 * round_ + j) for j, k in enumerate(spots.values())]
    alive = kept(glm.fit(X_train, np.hstack(counts)))[groups.index(target)]
    found.append(alive.reshape(2, len(gains)))
print()
fig, ax = plt.subplots(figsize=(8.4, 3.6), layout="constrained")
for (name, k), share, color in zip(spots.items(), np.mean(found, axis=0), (MODEL, OTHER),
                                   strict=True):
    ax.plot(gains, share, "o-", color=color, label=f"{name} bump: {under[k]:.0f} events")
ax.set(xlabel="planted gain between the two values (factor)", ylabel="share of rounds it was kept",
       title=f"neuron {neurons[quiet]}, {target}", ylim=(-0.05, 1.05))
ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
show(fig, "Share of rounds in which a planted group was kept, against its size: where "
          "the neuron is quietest, and where it is liveliest.")

# %% [markdown]
# You should see the orange curve climb early. The blue one stays low much longer: where the neuron
# is quiet, even an effect that doubles the activity is dropped in most rounds, though it is there
# in every one. A zero says that the group did not pay for its penalty. How large an effect that
# hides depends on the number of events, the number of trials, and λ. These curves say it for *this*
# neuron: worth a figure in a paper.
#
# And the other direction? A group that is kept has passed a threshold; it has not been proved. Part
# 9 counts. What you can report is the loss on held-out trials, with its size.

# %% [markdown] written="zero" points=3
# **Written answer.** A colleague writes: "We fitted a GLM with group lasso to 100 neurons. In 62 of
# them the weights of *time x prevCorr* are exactly zero. So 62 % of these neurons do not encode the
# last outcome; and when we took *choice* out of the model, the prediction got hardly worse, so
# choice does not matter either." In six to ten sentences: what is right, what does not follow, and
# what would you compute or plot in each of the two cases? Use at least two numbers of your own.
#
# ### BEGIN SOLUTION
# **A model answer.** At this λ, on these data, 62 groups did not pay for their penalty: no more.
# In my simulation a gain of 2 was dropped in (number) of 6 rounds although it was there, and at
# the best λ instead of the 1-SE λ the same neurons keep (number) groups more. The share of 62 %
# therefore mixes absent effects with effects that are too small for a quiet neuron. I would plot
# the share of planted effects that are found against their gain, for neurons of different activity,
# and report held-out losses or gains with an interval instead of yes and no. Kept groups are no
# proof either: on the twin (number) of those kept were empty. For choice: if taken out, the loss
# was small because dyn_cho carries the same information. In my neuron (number), cho taken out
# costs (number), cho and dyn_cho left out together (number). So ask about the pair, with a refit,
# on test trials.
#
# **Rubric (3 points).**
# - 1 point: an exact zero depends on λ, number of events or size of the effect (absence of
#   evidence), with a number from the planted effects or from the path. Without one: half a point.
# - 1 point: a variable may be replaced by another that is correlated (`cho`, `dyn_cho`, movement),
#   with breakdown and comparison told apart, and a number. "They are correlated" alone: half.
# - 1 point: names what to do for both: detection curve, interval or held-out loss for the first;
#   leaving out the pair together with a refit for the second.
# ### END SOLUTION

# %% [markdown]
# ## 9. What was really there
#
# **Predict.** How many of the groups that the 1-SE rule kept were real?

# %%
truth = recording.truth
mine = kept(cv).T  # (N, 21)
fig, ax = plt.subplots(figsize=(10, 3.6), layout="constrained")
ax.imshow(mine, aspect="auto", cmap="Blues", vmin=0, vmax=2)
title = "groups kept (blue)"
if truth is None:
    print("A brain does not tell. Here is what was kept, and nothing to lay beside it.")
else:
    real = truth["active"][neurons][:, [list(truth["groups"]).index(k) for k in groups]]
    ax.plot(*np.argwhere(real).T[::-1], "o", mfc="none", mec="k", ms=12, mew=2)
    title += ", really there (ring)"
    for i in range(N):
        print(f"neuron {neurons[i]:2d}: {real[i].sum()} real groups, {(mine & real)[i].sum()} of "
              f"them kept, and {(mine & ~real)[i].sum()} others kept as well")
ax.set_xticks(range(len(groups)), groups, rotation=60, ha="right", fontsize=8)
ax.set_yticks(range(N), neurons)
ax.set(title=title, xlabel="group", ylabel="neuron")
show(fig, "Five neurons by 21 groups: kept groups in blue; on a twin a ring around each real one.")

# %% [markdown]
# On a twin you should see nearly every ring on blue, and blue without a ring as well. The group
# lasso with a λ chosen for *prediction* rarely loses what is large, and lets in strangers: each
# does little harm.
#
# And the neuron of part 1, which seemed to know the choice? In the corridor, three groups compete:
# `yaw`, `position x cho` and `position x dyn_cho`. Which of them has a ring? (A ring at
# `time x cho` or `time x dyn_cho` is about the time after the choice.) You had the answer in part
# 6, from data alone: with a size, a place, and on trials never seen.

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Choose the best λ instead: <code>cv.select(se_fraction=0)</code>. How
# do scores and groups change?</summary>
#
# Scores by less than 0.01 on the twin. Groups: up to ten more for a neuron, nearly all of them
# strangers. Prediction and selection want different penalties.
# </details>
#
# <details><summary><b>2.</b> Split by bins instead of trials (<code>pairs</code> from random bins).
# Which strengths are best now?</summary>
#
# Hardly other ones on the twin: its events are independent given the features. In a brain, slow
# ups and downs of activity are shared by the bins of a trial, and weak penalties look better than
# they are.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Fit once more with the kept groups alone and a weak ridge. What
# happens to the gains of part 5?</summary>
#
# They move away from 1: the group lasso pulls large groups, too. Refitting what was kept is called
# the *relaxed* lasso. Choose λ for the second fit anew, on folds; do not report its errors as if
# nothing had been selected.
# </details>
#
# <details><summary><b>4.</b> Which variable is used in the corridor *before* the cue can matter?
# What could that mean?</summary>
#
# Belief and the last outcome are known before the run begins. The cue is not, in a real maze, until
# it is in view. A use of the cue before that points to a leak: a stand-in, or features that look
# ahead. On the twin the features say nothing about when a cue came in view, so it may happen.
# </details>

# %% [markdown]
# ## What you take with you
#
# | we asked | we found | it is not |
# |---|---|---|
# | which features? | bumps times variables, ranks, with names | more than groups of columns |
# | how strong a penalty? | folds by trial, then 1-SE | sharp: six groups more or fewer are alike |
# | what does a kernel say? | a factor, after undoing the SD | added events |
# | is it used? | taken out: the loss of this model | what is lost without it |
# | can it be replaced? | left out and refitted | a proof that it is absent |
# | is zero zero? | a matter of events, trials and λ | evidence of absence |
#
# **Where next in NeMoS.** `GLM(regularizer="GroupLasso", regularizer_strength=...)` with a mask of
# groups, or a dict of blocks; λ by scikit-learn's `GridSearchCV`. Breakdown and comparison are the
# second tutorial of the Harvey lab's `GLM_Tensorflow_2`; in `minglm` they are `breakdown` and
# `comparison`.

# %% [markdown]
# ## Further reading
#
# - Tseng, Chettih, Arlt, Barroso-Luque & Harvey (2022) *Neuron* 110, 2484-2502,
#   doi 10.1016/j.neuron.2022.05.012: the recording, the design and both questions.
# - Yuan & Lin (2006) *J. R. Stat. Soc. B* 68, 49-67, doi 10.1111/j.1467-9868.2005.00532.x: the
#   group lasso.
# - Hastie, Tibshirani & Friedman (2009) *The Elements of Statistical Learning*, 2nd ed., Springer,
#   section 7.10: cross-validation and the 1-SE rule.
# - Parikh & Boyd (2014) *Found. Trends Optim.* 1, 127-239, doi 10.1561/2400000003: proximal steps.
# - Altman & Bland (1995) *BMJ* 311, 485, doi 10.1136/bmj.311.7003.485: absence of evidence is not
#   evidence of absence.
# - Musall, Kaufman, Juavinett, Gluf & Churchland (2019) *Nat. Neurosci.* 22, 1677-1686,
#   doi 10.1038/s41593-019-0502-4: what looks like task is often movement; unique parts by refit.
