# %% [markdown]
# # 01 · Why models?
#
# A rat runs along a track. It is fast in the middle and slow near the ends. You record a neuron,
# plot its rate against the place, and find a hill in the middle of the track. A place cell? Or a
# neuron that cares about *speed* and has never heard of places? The plot cannot tell. A model can.

# %% [markdown]
# **At the end you can**
# - compute a tuning curve, divided by the time spent, and say what it does not show;
# - build a one-hot design, and see that a model of one variable *is* its tuning curve;
# - put two variables into one model and read each part with the other one held fixed;
# - read a weight as a factor, not as added Hz;
# - compare models on laps they have not seen, with a control.
#
# **You need** lesson 00 and NumPy. The model itself is a black box today; lesson 02 opens it.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | place and speed on a track | 15 min | 25 min |
# | 2 | a tuning curve that misleads | 20 min | 30 min |
# | 3 | two variables in one model | 30 min | 45 min |
# | 4 | real questions to recorded neurons | 20 min | 30 min |
#
# Live, break after part 2. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. They need no exercise.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, show

DT = 0.05  # one bin, in seconds
recording = data_fetch.load("place_cells")
print(recording)

# %% [markdown]
# ## 1. Place and speed on a track
#
# We take the runs in one direction, the **laps**, in bins of 50 ms. The place is given as a part of
# the track: 0 is one end, 1 the other. That works for centimetres and for camera pixels.

# %%
# catch-up
laps = recording["forward_ep"]
place = recording["position"].bin_average(DT, laps)
known = np.isfinite(place.values)
lap = np.searchsorted(laps.start, place.t, "right")[known] - 1  # number of the lap of each bin
x = place.values[known]
x = (x - x.min()) / (x.max() - x.min())  # part of the track
print(f"{len(laps)} laps, {len(x)} bins of {DT} s")

# %% [markdown]
# **Predict.** The speed is the change of place per second. What would happen at the end of a lap
# if you took the difference to the first bin of the *next* lap?
#
# **Exercise 1.** Write `speed_of`: how fast the animal is in each bin, in tracks per second, never
# negative. Use the neighbours on both sides within the lap, as `np.gradient` does for one lap.

# %% exercise="speed_of"
def speed_of(x, lap, dt):
    """(T,): |change of x| per second; x (T,) place, lap (T,) number of the lap of each bin."""
    ### BEGIN SOLUTION
    speed = np.empty(len(x))
    for k in np.unique(lap):
        speed[lap == k] = np.abs(np.gradient(x[lap == k])) / dt
    return speed
    ### END SOLUTION

# %% check="speed_of" points=2
with check("speed_of") as c:
    run, number = np.array([0.0, 0.1, 0.3, 0.9, 0.8, 0.6]), np.array([0, 0, 0, 1, 1, 1])
    got = c.call(speed_of, run, number, 0.2)
    c.that(np.shape(got) != (2, 3), "the laps come out one by one: one array of all bins is asked "
           "for", "bin after bin, lap after lap, as they went in", "join the laps again")
    c.that(np.shape(got) == (6,), "one speed for each bin: none is lost at the end of a lap",
           "at the first and last bin of a lap one neighbour is enough",
           "as many numbers as there are bins")
    c.that(not np.isnan(got).any(), "some bins have no speed: NaN",
           "at the first and last bin of a lap one neighbour is enough",
           "each bin has at least one neighbour in its lap")
    c.that(np.all(got >= 0), "a speed is never negative: running back is running, too",
           "the direction of the run does not matter here", "drop the sign")
    c.that(not np.allclose(got, np.abs(np.gradient(run)) / 0.2),
           "the jump from one lap to the next is taken for a very fast run",
           "bins of different laps are not neighbours", "treat each lap on its own")
    c.that(not np.allclose(got, [0.1, 0.15, 0.2, 0.1, 0.15, 0.2]),
           "this is the change per bin, not per second", "how long is a bin?",
           "the bin length is still missing")
    c.that(not np.allclose(got, [0.02, 0.03, 0.04, 0.02, 0.03, 0.04]),
           "the bin length is on the wrong side: shorter bins mean a faster animal here",
           "the same change in less time is faster", "change over time, not times")
    c.that(np.all(got > 0), "at the border of a lap the animal seems to stand still: it does not",
           "the first bin of a lap has no bin before it, but it has one after it",
           "one neighbour is enough there")
    c.that(not np.allclose(got, [0.25, 0.375, 0.5, 0.25, 0.375, 0.5]), "only half as fast",
           "from neighbour to neighbour are two bins: were they counted twice?",
           "look up what the function you use divides by")
    c.equal(got, [0.5, 0.75, 1, 0.5, 0.75, 1], "the speeds are off",
            "in the middle of a lap both neighbours count, and they are two bins apart",
            "do the second bin by hand: 0.3 in 0.4 s")
    ### BEGIN HIDDEN TESTS
    n = c.rng.integers(5, 20, 6)
    number, run = np.repeat(np.arange(6), n), c.rng.normal(size=n.sum())
    want = np.concatenate([np.abs(np.gradient(run[number == k])) / 0.2 for k in range(6)])
    c.equal(c.call(speed_of, run, number, 0.2), want, "off on fresh laps")
    ### END HIDDEN TESTS

# %%
# catch-up
gradients = [np.gradient(x[lap == k]) for k in np.unique(lap)]
v = np.abs(np.concatenate(gradients)) / DT  # tracks per second

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
few = lap < 4
axes[0].plot(np.flatnonzero(few) * DT, x[few], ".", ms=3, color=DATA)
axes[0].set(xlabel="running time (s)", ylabel="place (part of the track)", title="four laps")
axes[1].plot(x, speed_of(x, lap, DT), ".", ms=2, color=DATA, alpha=0.4)
axes[1].set(xlabel="place (part of the track)", ylabel="speed (tracks per s)", title="all bins")
show(fig, "Left: place over time in four laps. Right: speed against place; the animal is slow near "
          "both ends of the track.")

# %% [markdown]
# You should see speeds that are low near both ends. Place and speed move together. They are not
# the same, though: at each place there are slower and faster moments. Keep these in mind; they are
# the only ones that can tell the two apart.

# %% [markdown]
# ## 2. A tuning curve that misleads
#
# Now a neuron whose rule we know, because we write it: it listens to speed and to nothing else.
# Its rate is 3 Hz at rest and grows with the speed. The spikes of a bin are drawn from a Poisson
# distribution: a whole number that scatters around the expected count.

# %%
# catch-up
TRUE = 2.0 / np.quantile(v, 0.95)  # its weight on speed, per (track per s): what we put in
expected = DT * np.exp(np.log(3.0) + TRUE * v)
y = np.random.default_rng(recording.seed or 0).poisson(expected)
print(f"{y.sum()} spikes in {len(y) * DT:.0f} s: {y.sum() / (len(y) * DT):.1f} Hz")

# %% [markdown]
# **Predict.** Draw its tuning curve for *place* on paper, before you compute it.
#
# **Exercise 2.** Write `tuning_curve`: the rate in Hz in each group of places. Groups run from edge
# to edge as in `np.histogram`. Divide by the time spent, the **occupancy**.

# %% exercise="tuning_curve"
def tuning_curve(x, counts, edges, dt):
    """(len(edges) - 1,): spikes per second spent between edges[i] and edges[i + 1]."""
    ### BEGIN SOLUTION
    spikes = np.histogram(x, edges, weights=counts)[0]
    seconds = np.histogram(x, edges)[0] * dt
    return spikes / seconds
    ### END SOLUTION

# %% check="tuning_curve" points=1
with check("tuning_curve") as c:
    where, fired = np.array([0.1, 0.2, 0.3, 0.4, 0.7, 0.9]), np.array([0, 2, 1, 1, 3, 0])
    got = c.call(tuning_curve, where, fired, np.array([0, 0.5, 1.0]), 0.5)
    c.that(not isinstance(got, list), "two things come out: `np.histogram` gives the edges as well",
           "its first part holds the sums", "take the part that you need")
    c.that(np.shape(got) == (2,), "three edges enclose two groups: one rate for each",
           "a group lies between two neighbouring edges", "edges are one more than groups")
    c.that(not np.allclose(got, [4, 3]),
           "these are spikes, not a rate: places visited longer collect more of them",
           "what is missing is the occupancy", "divide each group by the seconds spent there")
    c.that(not np.allclose(got, [8, 6]), "each group's spikes are divided by the length of one bin",
           "the animal spends many bins in a group", "what is missing is the occupancy")
    c.that(not (np.allclose(got, [4, 2]) or np.allclose(got, [2, 1])),
           "this is the time spent, the occupancy: no spike has come in",
           "a rate is spikes over time", "each bin counts with its spikes above the line")
    c.that(not np.allclose(got, [1, 1.5]), "this is per bin: to be Hz it has to be per second",
           "a bin does not last one second", "time spent is a number of bins times `dt`")
    c.that(not np.allclose(got, [1.5, 1]), "a bin with two spikes counts once: you ask whether "
           "there was a spike, not how many", "`counts` may be larger than 1",
           "weigh each bin by its count")
    c.that(not np.allclose(got, [8 / 7, 6 / 7]), "these are shares, which add up to one over the "
           "track: a neuron that fires twice as much looks the same", "Hz are spikes per second",
           "divide by seconds, and by nothing else")
    c.that(not np.allclose(got, [0.5, 1 / 3]), "upside down: these are seconds per spike",
           "a rate is spikes over time", "swap the two")
    c.that(not np.allclose(got, [4 / 3, 1]), "every group is divided by the same time",
           "each group has its own occupancy", "count the bins of each group")
    c.that(not np.allclose(got, [0.5, 0.75]), "`dt` is on the wrong side",
           "time spent grows with `dt`", "seconds stand below the line")
    c.equal(got, [2, 3], "the rates are off", "four bins of 0.5 s are 2 s, with 4 spikes in them")
    ### BEGIN HIDDEN TESTS
    where, fired = c.rng.uniform(0, 1, 500), c.rng.poisson(1, 500)
    cuts = np.linspace(0, 1, 8)
    want = [fired[(where >= a) & (where < b)].mean() / 0.03 for a, b in zip(cuts[:-1], cuts[1:],
                                                                             strict=True)]
    c.equal(c.call(tuning_curve, where, fired, cuts, 0.03), want, "off on fresh bins")
    ### END HIDDEN TESTS

# %%
edges = np.linspace(0, 1, 13)
edges[-1] += 1e-9  # the last group holds x = 1
middle = (edges[:-1] + edges[1:]) / 2
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(middle, tuning_curve(x, y, edges, DT), "o-", color=DATA)
ax.set(xlabel="place (part of the track)", ylabel="rate (Hz)", ylim=(0, None),
       title="a neuron that knows nothing about place")
show(fig, "Rate of the made-up neuron against place: a hill in the middle of the track.")

# %% [markdown]
# You should see a hill, and a reviewer would call it a place field. There is no place in this
# neuron. The curve is not wrong: the neuron *does* fire more there. It does not say **why**.
#
# **Predict.** Move the slider: how strongly does the neuron listen to speed? At which setting does
# the hill vanish? (The static figure below shows three settings.)

# %%
def hill(weight):
    """Expected tuning curve for place, of a neuron with this weight on speed."""
    rate = np.exp(weight * v)
    return np.array([rate[(x >= a) & (x < b)].mean() for a, b in zip(edges[:-1], edges[1:],
                                                                     strict=True)])


def draw(weight=1.0):
    fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
    for part, color in ((0.0, DATA), (0.5, MODEL), (weight, OTHER)):
        ax.plot(middle, hill(part * TRUE), color=color, label=f"{part:.1f} of the true")
    ax.set(xlabel="place (part of the track)", ylabel="rate / rate at speed 0",
           ylim=(0, None))
    ax.legend(frameon=False, title="weight on speed", loc="center left", bbox_to_anchor=(1, 0.5))
    show(fig, "Expected rate against place for three weights on speed: flat without, a hill with.")


draw()

# %%
_ = interact(draw, weight=FloatSlider(1.0, min=-1, max=1.5, step=0.1, continuous_update=False))

# %% [markdown]
# You should see a flat line at weight 0, a hill for positive weights, and a valley for negative
# ones. The shape comes from the animal's habits, not from the neuron.

# %% [markdown]
# ## 3. Two variables in one model
#
# A **generalized linear model**, GLM, predicts the count of a bin from **features**, numbers that
# describe this bin. The simplest feature of a place asks a yes-or-no question: *is the animal in
# group k?* One such column per group is a **one-hot** design: one 1 in every row.
#
# **Exercise 3.** Write `one_hot`. A loop over the groups is fine. So is comparing the column
# `x[:, None]` with all edges at once.

# %% exercise="one_hot"
def one_hot(x, edges):
    """(T, len(edges) - 1): 1.0 in column k where edges[k] <= x < edges[k + 1], else 0.0."""
    ### BEGIN SOLUTION
    return ((x[:, None] >= edges[:-1]) & (x[:, None] < edges[1:])).astype(float)
    ### END SOLUTION

# %% check="one_hot" points=2
with check("one_hot") as c:
    got = c.call(one_hot, np.array([0.1, 0.9, 0.5, 0.2]), np.array([0, 0.3, 0.6, 1.0]))
    c.that(np.shape(got) == (4, 3), "one row per bin and one column per group",
           "four edges enclose three groups", "bins in rows, groups in columns")
    c.that(np.isin(got, [0, 1]).all(), "the entries are answers, 1 or 0, not places",
           "the place itself is not needed any more", "yes is 1 and no is 0")
    c.that(np.allclose(np.sum(got, 1), 1), "some row has not exactly one 1: the animal is in one "
           "place at a time", "each value falls between exactly two neighbouring edges",
           "a lower and an upper edge have to be asked about")
    c.that(not np.allclose(got, [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]),
           "the groups are in reversed order", "column 0 belongs to the lowest edges",
           "count the columns from the start of the track")
    c.that(not np.allclose(got, np.eye(3)[[2, 1, 0, 2]]),
           "each 1 stands one column too far to the left, and the first went round to the end",
           "Python counts columns from 0, and so from the end below 0", "column 0 is group 0")
    c.equal(got, [[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]], "a 1 stands in the wrong column",
            "0.5 lies between 0.3 and 0.6", "column k begins at edge k")
    alone = c.call(one_hot, np.array([0.3]), np.array([0, 0.3, 0.6, 1.0]))
    c.that(np.shape(alone) == (1, 3), "a group that nobody visits has lost its column: the columns "
           "follow the edges, not the data", "three groups, whoever was there",
           "how many columns there are, `edges` says")
    c.equal(alone, [[0, 1, 0]],
            "a value on an edge belongs to the group that begins there")
    ### BEGIN HIDDEN TESTS
    cuts, where = np.sort(c.rng.uniform(0, 1, 6)), c.rng.uniform(0, 1, 200)
    where = where[(where >= cuts[0]) & (where < cuts[-1])]
    want = np.eye(5)[[max(k for k in range(5) if cuts[k] <= w) for w in where]]
    c.equal(c.call(one_hot, where, cuts), want, "off for edges at uneven distances")
    ### END HIDDEN TESTS

# %% [markdown]
# The model multiplies each feature with a **weight**, adds everything up, and turns the sum into an
# expected count with `exp`. An **intercept** is added in every row:
#
# $$\mu = \exp(b + w_1\,\text{feature}_1 + w_2\,\text{feature}_2 + \dots)$$
#
# with $\mu$ the expected count and $b$ the intercept.
#
# The intercept works like a column of ones with the weight $b$. With 12 groups of places *and* an
# intercept there is one number too many: the 12 columns add up to that column of ones. So we leave
# the first group out. The intercept alone is its logarithm of the expected count, and each weight
# compares its group with the first one.
#
# **Predict.** The model with place alone has one free number per group. How will its prediction
# differ from the tuning curve?

# %%
# catch-up
edges = np.linspace(0, 1, 13)
edges[-1] += 1e-9
middle = (edges[:-1] + edges[1:]) / 2
P = ((x[:, None] >= edges[:-1]) & (x[:, None] < edges[1:])).astype(float)  # (T, 12)
X_place = P[:, 1:]
by_place = nmo.glm.GLM().fit(X_place, y)
curve = np.array([by_place.predict(X_place)[P[:, k] == 1].mean() for k in range(12)]) / DT
measured = np.array([y[P[:, k] == 1].mean() for k in range(12)]) / DT
print(f"largest difference: {abs(curve - measured).max():.1e} Hz")

# %%
print("your design is this one:", np.array_equal(one_hot(x, edges), P))

# %% [markdown]
# You should see a difference of 0 up to rounding, and the word True. A GLM with one one-hot
# variable **is** the tuning curve. Nothing is gained yet, and nothing is lost.
#
# Now read a weight. It sits inside the `exp`, so it does not *add* spikes per second. It
# *multiplies* the rate.
#
# **Exercise 4.** Write `gain`: by which factor does the rate change when a feature with weight
# `weight` grows by `change`, all else equal?

# %% exercise="gain"
def gain(weight, change):
    """Factor on the rate."""
    ### BEGIN SOLUTION
    return np.exp(weight * change)
    ### END SOLUTION

# %% check="gain" points=1
with check("gain") as c:
    c.that(c.call(gain, 0.0, 5.0) != 0, "a weight of 0 should leave the rate as it is: factor 1",
           "a factor of 0 would silence the neuron", "what does exp give at 0?")
    got = c.call(gain, 0.7, 2.0)
    c.that(not np.isclose(got, 1.4),
           "this is what is added inside the `exp`, not the factor outside",
           "what stands inside is a logarithm of the rate", "pass the sum through exp")
    c.that(not np.isclose(got, 1 + 1.4),
           "a weight does not add 140 percent: this is right only for "
           "tiny weights", "exp is a curve, not a line", "pass the sum through exp")
    c.that(not np.isclose(got, np.exp(0.7)), "this is the factor for a change of 1",
           "here the feature changes by 2", "the change belongs inside, too")
    c.that(not np.isclose(got, np.exp(0.7) * 2), "the change multiplies the factor from outside",
           "two steps of 1 multiply the rate twice", "the change belongs inside")
    c.that(not np.isclose(got, [np.exp(2.7), np.exp(2.0)]).any(),
           "weight and feature meet in a product: a weight of 0 has to switch the feature off",
           "inside the `exp` stands weight times feature", "multiply the two, then exp")
    c.that(not np.isclose(got, np.exp(-1.4)), "upside down: a positive weight makes the rate fall",
           "after the change stands above the line, before it below", "turn the fraction around")
    c.equal(got, np.exp(1.4), "the factor is off",
           "compare exp(b + w (x + change)) with exp(b + w x)")
    ### BEGIN HIDDEN TESTS
    w, d = c.rng.normal(size=2)
    c.equal(c.call(gain, w, d) * c.call(gain, w, -d), 1, "there and back should give a factor of 1")
    c.equal(c.call(gain, w, d), np.exp(0.4 + w * (1 + d)) / np.exp(0.4 + w),
           "off for fresh weights")
    ### END HIDDEN TESTS

# %% [markdown]
# And now both. A GLM does not mind how many variables its columns come from.
#
# **Exercise 5.** Write `joint`: the columns of place, then one column for speed.

# %% exercise="joint"
def joint(place_columns, speed):
    """(T, K + 1): the K columns of place, then the speed."""
    ### BEGIN SOLUTION
    return np.column_stack([place_columns, speed])
    ### END SOLUTION

# %% check="joint" points=1
with check("joint") as c:
    columns, fast = np.array([[1.0, 0], [0, 1], [0, 0]]), np.array([0.5, 0.7, 0.2])
    got = c.call(joint, columns, fast)
    c.that(not isinstance(got, list), "these are two arrays still: one with more columns is wanted",
           "a design is one array", "put the columns into one")
    c.that(np.shape(got) == (3, 3), "the same rows as before, and one more column",
           "the speed stands beside the place, not under it", "a column has one number per row")
    c.that(not np.allclose(got[:, 0], fast), "the speed comes last, after the columns of place",
           "swap the order", "the text above says which goes first")
    c.that(not np.allclose(got[:, :2], columns * fast[:, None]),
           "place and speed are multiplied: that is a different model, an interaction",
           "each keeps its own columns", "put them side by side")
    c.equal(got, [[1, 0, 0.5], [0, 1, 0.7], [0, 0, 0.2]], "values have changed on the way",
            "nothing is computed here, columns are collected")
    ### BEGIN HIDDEN TESTS
    columns, fast = c.rng.normal(size=(30, 4)), c.rng.normal(size=30)
    got = c.call(joint, columns, fast)
    c.that(np.allclose(got[:, :4], columns) and np.allclose(got[:, 4], fast),
           "off on fresh columns")
    ### END HIDDEN TESTS

# %%
# catch-up
X_both = np.column_stack([X_place, v])
both = nmo.glm.GLM().fit(X_both, y)


def part_of_place(model):
    """Factor on the rate at each place, relative to the mean over the track."""
    log_gain = np.r_[0, model.coef_[:11]]
    return np.exp(log_gain - log_gain.mean())

# %%
print("your columns are these:", np.array_equal(joint(X_place, v), X_both))

# %% [markdown]
# **Predict.** In this model, what will the weights of place look like?

# %%
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
axes[0].plot(middle, part_of_place(by_place), "o-", color=MODEL, label="place")
axes[0].plot(middle, part_of_place(both), "o-", color=OTHER, label="place + speed")
axes[0].axhline(1, color="k", ls="--", label="truth")
axes[0].set(xlabel="place (part of the track)", ylabel="gain of place", ylim=(0, None))
axes[0].legend(frameon=False)
axes[1].bar([0, 1], [TRUE, both.coef_[-1]], color=["k", OTHER])
axes[1].set_xticks([0, 1], ["truth", "place + speed"])
axes[1].set(ylabel="weight of speed (per track per s)")
show(fig, "Left: gain of place in the model of place alone, a hill, and in the joint model, flat "
          "around 1. Right: weight of speed, true and fitted.")
print(f"0.1 tracks per s faster, at the same place: the rate times {gain(both.coef_[-1], 0.1):.2f}")

# %% [markdown]
# You should see the hill of the first model *flatten* around 1 in the second, and a weight of speed
# close to the truth. The joint model asked a finer question: **at the same speed**, does the place
# still matter? Bins of equal speed at different places answer it. The printed line reads the weight
# of speed as what it is, a factor.
#
# The curve is not perfectly flat. Each group holds few bins of each speed, so its weight wobbles.
# Lesson 08 puts an interval around it.

# %% [markdown]
# ## 4. A fair contest, and recorded neurons
#
# More columns always fit the seen bins better. What counts is a lap that the model has not seen.
# Neighbouring bins resemble each other, so whole laps go to one side or the other.
#
# **Exercise 6.** Write `test_laps`: `True` for the bins of the last quarter of the laps. With 10
# laps numbered 0 to 9, these are laps 8 and 9: a quarter of 10, rounded down.

# %% exercise="test_laps"
def test_laps(lap):
    """(T,) bool: bins of the last len(laps) // 4 laps; lap (T,) numbers from 0 to L - 1."""
    ### BEGIN SOLUTION
    number = lap.max() + 1
    return lap >= number - number // 4
    ### END SOLUTION

# %% check="test_laps" points=2
with check("test_laps") as c:
    number = np.repeat(np.arange(10), [5, 3, 4, 6, 3, 5, 4, 6, 3, 4])
    got = c.call(test_laps, number)
    c.that(np.shape(got) == np.shape(number), "one answer for each bin, True or False",
           "the result marks bins, it does not list laps",
           "compare the lap of each bin with a number")
    c.that(np.asarray(got).dtype == bool, "True or False is asked for, to pick rows with",
           "numbers would be read as row numbers", "a comparison gives True and False")
    c.that(all(len(set(got[number == k].tolist())) == 1 for k in range(10)),
           "a lap is split: some of its bins train the model that is tested on the others",
           "neighbouring bins resemble each other", "decide by the lap, not by the bin")
    c.that(got.any() and not got.all(), "one side of the split is empty",
           "a quarter of the laps is for testing", "look at the number of laps")
    c.that(got[-1], "the last laps are the ones to test on",
           "train on the past, test on the future",
           "high lap numbers are True")
    c.that(set(number[got].tolist()) == {8, 9}, "with 10 laps, 8 and 9 are for testing",
           "a quarter of 10, rounded down, is 2", "laps are counted from 0, so there are max + 1")
    c.equal(np.flatnonzero(c.call(test_laps, np.arange(9).repeat(2))), [14, 15, 16, 17],
            "right for 10 laps, and off for 9, of which the last 2 are for testing",
            "how many laps there are, `lap` says", "compute the first lap of the test")
    ### BEGIN HIDDEN TESTS
    L = int(c.rng.integers(8, 60))
    number = np.repeat(np.arange(L), c.rng.integers(1, 9, L))
    want = number >= L - L // 4
    c.equal(c.call(test_laps, number), want, "off for another number of laps")
    ### END HIDDEN TESTS

# %% [markdown]
# The score is the **pseudo-R²**: 0 means no better than one mean rate, 1 is perfect. How it is
# computed is a matter of lesson 02.
# For single bins of 50 ms, values of a few percent are common and useful. As a **control** we shift
# place and speed together in time: a model of the shifted variables should score about 0.
#
# **Exercise 7.** Write `held_out`: fit on the bins outside `test`, score on the bins inside. Use
# `nmo.glm.GLM()`, its `fit(X, y)`, and `score(X, y, score_type="pseudo-r2-Cohen")`. The check and
# the cell after it take some seconds: a fit is prepared once for each new shape of data.

# %% exercise="held_out"
def held_out(X, y, test):
    """pseudo-R2 on the rows where test (T,) is True, of a GLM fitted to the other rows."""
    ### BEGIN SOLUTION
    model = nmo.glm.GLM().fit(X[~test], y[~test])
    return model.score(X[test], y[test], score_type="pseudo-r2-Cohen")
    ### END SOLUTION

# %% check="held_out" points=2
with check("held_out") as c:
    X = c.rng.normal(size=(400, 2))
    k = c.rng.poisson(np.exp(X @ [0.8, -0.5] - 0.5))
    rows = np.arange(400) >= 200
    model = nmo.glm.GLM().fit(X[~rows], k[~rows])
    score = lambda on: model.score(X[on], k[on], score_type="pseudo-r2-Cohen")
    got = c.call(held_out, X, k, rows)
    c.that(np.ndim(got) == 0, "one score is asked for", "not the model and not its prediction",
           "return what `score` gives")
    c.that(not np.isclose(got, score(~rows), rtol=1e-7),
           "this score is from the bins it was fitted to",
           "it says how well the model learned them by heart", "score the other rows")
    c.that(not np.isclose(got, model.score(X[rows], k[rows])),
           "this is a log-likelihood: the kind of score has to be asked for",
           "`score` has an argument for it", "the text above the exercise names it")
    every = nmo.glm.GLM().fit(X, k)
    c.that(not np.isclose(got, every.score(X[rows], k[rows], score_type="pseudo-r2-Cohen"),
           rtol=1e-7),
           "the model has seen the test bins: it was fitted to all of them",
           "leave the test rows out when you fit", "`~test` picks the others")
    turned = nmo.glm.GLM().fit(X[rows], k[rows])
    c.that(not np.isclose(got, turned.score(X[~rows], k[~rows], score_type="pseudo-r2-Cohen"),
           rtol=1e-7),
           "train and test are swapped", "`test` marks the rows to score on", "swap them")
    c.that(not np.isclose(got, [m.score(X, k, score_type="pseudo-r2-Cohen")
                                for m in (every, model)], rtol=1e-7).any(),
           "the rows that were fitted are scored as well", "only the rows of `test` are unseen",
           "pick rows before you score")
    c.that(not np.isclose(got, turned.score(X[rows], k[rows], score_type="pseudo-r2-Cohen"),
           rtol=1e-7), "fitted to the test rows and scored on them: they are not unseen",
           "`test` marks the rows to score on", "`~test` picks the rows to fit")
    c.that(not np.isclose(got, model.score(X[rows], k[rows], score_type="pseudo-r2-McFadden")),
           "this is another pseudo-R2", "there are several of that name",
           "the text above the exercise names the one")
    mu = model.predict(X[rows])
    squares = [np.sum((k[rows] - m) ** 2) for m in (mu, k[rows].mean())]
    c.that(not np.isclose(got, [np.corrcoef(mu, k[rows])[0, 1] ** 2, 1 - squares[0] / squares[1]],
                          rtol=1e-7).any(),
           "this is the R² of a straight line, or a squared correlation: fine for a voltage, not "
           "for counts", "the model has a score of its own", "ask it for the kind in the text")
    c.equal(got, score(rows), "the score is off", "a GLM without further settings is asked for",
            "fit once, score once, on different rows")
    ### BEGIN HIDDEN TESTS
    rows = np.arange(400) < 200
    model = nmo.glm.GLM().fit(X[~rows], k[~rows])
    c.equal(c.call(held_out, X, k, rows), score(rows), "off for another split")
    ### END HIDDEN TESTS

# %%
# catch-up
n_laps = lap.max() + 1
test = lap >= n_laps - n_laps // 4
designs = {"place": X_place, "speed": v[:, None], "place + speed": X_both,
           "shifted": X_both[np.roll(np.arange(len(y)), len(y) // 3 + 7)]}


def scores(counts):
    """Held-out pseudo-R2 of each design."""
    out = {}
    for name, X in designs.items():
        model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-4)
        model.fit(X[~test], counts[~test])
        out[name] = model.score(X[test], counts[test], score_type="pseudo-r2-Cohen")
    return out


for name, score in scores(y).items():
    print(f"{name:14s} {score:7.4f}")

# %%
print(f"place + speed, by your functions: {held_out(X_both, y, test_laps(lap)):.4f}")

# %% [markdown]
# You should see that *speed* alone does as well as both together, that *place* alone does a little
# worse, and that the shifted control is near 0 or below. The one column of speed beats eleven
# columns of place, because it is the truth. (A tiny **ridge penalty** keeps the weights finite
# where a group holds no spike; lesson 03 explains it.)
#
# How much does place tell **that speed does not**? Take the score of both, and subtract the score
# of speed alone. This difference is the **unique contribution** of place.
#
# **Exercise 8.** Write `unique`. `scores` is a dictionary like the one printed above.

# %% exercise="unique"
def unique(scores, variable):
    """What "place + speed" scores above the model without the variable ("place" or "speed")."""
    ### BEGIN SOLUTION
    other = "speed" if variable == "place" else "place"
    return scores["place + speed"] - scores[other]
    ### END SOLUTION

# %% check="unique" points=1
with check("unique") as c:
    table = {"place": 0.05, "speed": 0.08, "place + speed": 0.12}
    got = c.call(unique, table, "place")
    c.that(not np.isclose(got, 0.05),
           "this is what place does alone, with the credit that it shares",
           "speed could explain some of the same spikes", "compare with a model *without* place")
    c.that(not np.isclose(got, 0.07), "the wrong variable was left out: this belongs to speed",
           "to see what place adds, leave place out", "subtract the model of the other variable")
    c.that(not np.isclose(got, -0.03),
           "both scores are of single variables: the joint model is missing",
           "start from the model that has everything", "joint minus one")
    c.that(not np.isclose(got, 0.04 / 0.12), "this is a share; the difference is asked for",
           "leave it in units of the score", "do not divide")
    c.that(not np.isclose(got, 0.12), "this is the score of both: nothing has been taken away",
           "how far does one get without place?", "joint minus one")
    c.that(not np.isclose(got, -0.04), "turned around: what is added should come out positive here",
           "start from the model that has everything", "joint minus one")
    c.equal(got, 0.04, "the contribution is off", "joint score minus the score without place")
    less = c.call(unique, {"place": 0.05, "speed": 0.08, "place + speed": 0.07}, "place")
    c.that(less < 0, "here both together do worse than speed alone, and you return a gain",
           "columns without news cost something on unseen laps", "keep the sign")
    c.equal(c.call(unique, table, "speed"), 0.07, "right for place, off for speed",
            "the variable left out depends on the argument")
    ### BEGIN HIDDEN TESTS
    a, b, d = c.rng.uniform(0, 1, 3)
    table = {"place": a, "speed": b, "place + speed": d}
    c.equal([c.call(unique, table, k) for k in ("place",
           "speed")], [d - b, d - a], "off for others")
    ### END HIDDEN TESTS

# %% [markdown]
# First the made-up neuron, by your function.

# %%
for name in ("place", "speed"):
    print(f"unique to {name}: {unique(scores(y), name):+.4f}")

# %% [markdown]
# You should see 0 or a little less for place, and a clear gain for speed.
#
# Now the neurons of the recording. Every one of them gets the same four models.
#
# **Predict.** Will most neurons care about place, about speed, or about both?

# %%
units = recording["units"]
counts = units.count(DT, laps).values[known]
often = np.flatnonzero(counts.sum(0) >= 60)
of_place, of_speed, control = [], [], []
for n in often:
    s = scores(counts[:, n])
    of_place.append(s["place + speed"] - s["speed"])
    of_speed.append(s["place + speed"] - s["place"])
    control.append(s["shifted"])
fig, ax = plt.subplots(figsize=(5.6, 4), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
ax.axvline(0, color="0.8", lw=1)
ax.plot(of_place, of_speed, "o", color=DATA, label=f"{len(often)} neurons")
ax.set(xlabel="unique to place (pseudo-R²)", ylabel="unique to speed (pseudo-R²)")
ax.legend(frameon=False)
show(fig, "Each dot is a neuron: unique contribution of place against that of speed; most neurons "
          "with an effect lie along the place axis.")
print(f"median of the shifted control: {np.median(control):.4f}")

# %% [markdown]
# You should see many neurons far to the right: for them place matters beyond speed. Mind the axes:
# the range of speed is a tenth of that of place. Neurons near the origin are explained by neither,
# or their last laps differ from the first.
#
# A dot on the left of 0 is no mistake: eleven more columns cost something on unseen laps when they
# have nothing to say.

# %%
best = often[int(np.argmax(of_place))]
model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=1e-4)
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
for ax, who, title in ((axes[0], y, "made-up: speed only"), (axes[1], counts[:, best], "recorded")):
    for X, color, label in ((X_place, MODEL, "place"), (X_both, OTHER, "place + speed")):
        ax.plot(middle, part_of_place(model.fit(X, who)), "o-", color=color, label=label)
    ax.set(title=title, xlabel="place (part of the track)", ylim=(0, None))
axes[0].set_ylabel("gain of place")
axes[0].legend(frameon=False)
show(fig, "Gain of place in the two models: for the made-up neuron it flattens when speed is "
          "included, for the best recorded neuron it stays.")

# %% [markdown]
# You should see two lines that differ on the left and agree on the right. On the left, place was a
# stand-in for speed. On the right, it stands for itself, or for something else that goes with place
# and that nobody put into the model. **A joint model corrects for what it holds, and for nothing
# else.**

# %%
if recording.truth is not None:
    is_place_cell, centre = (recording.truth[name][best] for name in ("place_cell", "centre"))
    print(f"really a place cell: {bool(is_place_cell)}, field centre at {centre:.0f} cm of 160")

# %% [markdown]
# **Written answer.** Name two variables in *your* favourite experiment that move together. Which
# trials or moments could tell them apart? What would you do if there were none? Four to six
# sentences.

# %% [markdown] written="told_apart" points=3
# ### BEGIN SOLUTION
# In a reaching task, hand position and time since the go cue move together, because reaches are
# stereotyped. Reaches that start late or are slow separate them: the same time at different
# positions. If there are none, no analysis can separate the two; the joint model's weights would
# be wide and depend on the penalty. Then the experiment has to change: jitter the go cue, or vary
# the target distance.
#
# *Rubric.* 1 point: two variables and why they are correlated. 1 point: moments in which one varies
# while the other is held. 1 point: says that without such moments the data cannot decide, and
# changes the experiment rather than the analysis.
# ### END SOLUTION

# %% [markdown]
# **Stretch 1.** Leave out the slow moments: keep only bins with `v` above its median. Does the
# joint model still recover the weight of speed?
#
# <details><summary>One answer</summary>
#
# Yes, but with more scatter: the range of speeds is smaller, so each spike says less about its
# weight. What matters is how much speed varies *at a given place*.
# </details>
#
# **Stretch 2.** Give the joint model one more column: `v` of the lap before. What should its weight
# be, and why is this a better control than random numbers?
#
# <details><summary>One answer</summary>
#
# Near 0, beside the true `v`. A shifted variable has the right smoothness and range, so it can
# fool a model in the ways in which the true one could.
# </details>

# %% [markdown]
# ## What you take along
#
# | we asked | we found | it is not |
# |---|---|---|
# | where does it fire? | a tuning curve: spikes over time spent | a reason |
# | place, at equal speed? | the joint model's gain of place | a correction for what is not in it |
# | how much does place add? | the unique contribution, held out | all that place could explain |
#
# **Further reading.** Kass, Eden & Brown (2014) *Analysis of Neural Data*, Springer, ch. 14.
# Aljadeff et al. (2016) *Neuron* 91:221–259. McNaughton, Barnes & O'Keefe (1983) *Exp Brain Res*
# 52:41–49, on speed and place in hippocampus.
#
# **Where next in NeMoS.** The same designs go into `nemos.glm.GLM`. Its basis classes build columns
# like yours: that is lesson 03. First, lesson 02 opens the black box.
