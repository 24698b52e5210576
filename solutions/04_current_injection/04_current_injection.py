# %% [markdown]
# # 04 · Current injection: what does a neuron listen to?
#
# A pipette pushes current into a neuron, a few picoampere up, a few down, thousands of times a
# second. Now and then the neuron fires. Your question today: **which part of the current made it
# fire?** You build three models of one neuron, each a little richer than the last. Then they
# compete on seconds that none of them has seen.

# %% [markdown]
# **At the end you can**
# - turn a recording into counts and current in 1 ms bins, and keep seconds, bins and Hz apart;
# - write the rate and the likelihood of a Poisson GLM, fit it, and read its weights as gains;
# - build features from the past, and only from the past;
# - compare models on the same bins, held out, and say what to do when criteria disagree.
#
# **You need** NumPy, and lesson 00 for how checks and hints work. Lessons 02 (the Poisson GLM by
# hand) and 03 (bases) help; every idea is named again here. **Took lessons 01 and 02?** Bring your
# `gain`, `log_likelihood` and `pseudo_r2`: they pass as they are.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1-3 | look, count in bins, tuning curve | 30 min | 45 min |
# | 4 | a first model: the current of this millisecond | 20 min | 40 min |
# | 5-6 | the past of the current, the neuron's own past | 30 min | 50 min |
# | 7-8 | a fair contest, and the truth | 30 min | 45 min |
#
# Live, break after part 4. **Arriving late?** Run the next cell, then the *catch-up* cell of the
# part you join. It makes what that part needs. If you are on time it changes nothing.

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, THIRD, show

plt.rcParams.update({"font.size": 13, "axes.spines.top": False, "axes.spines.right": False})
DT = 0.001  # one bin, in seconds
recording = data_fetch.load("current_injection")
print(recording)

# %% [markdown]
# ## 1. Load and look
#
# The line above says what you have: a **twin** (a simulated neuron whose true filters we know)
# or a real recording. The lesson is the same for both. Four things were recorded:
#
# | name | what | unit |
# |---|---|---|
# | `units` | times of the spikes | s |
# | `epochs` | stretches of time, each with a tag that names the stimulus | s |
# | `stimulus` | current pushed in through the pipette | A |
# | `response` | voltage across the membrane | V |

# %%
spikes = recording["units"][0]
epochs = recording["epochs"]
stimulus, response = recording["stimulus"], recording["response"]

tags = np.array([np.ravel(tag)[0] for tag in epochs["tags"]])
for tag in dict.fromkeys(tags):
    length = epochs.end[tags == tag] - epochs.start[tags == tag]
    print(f"{tag:28s} {len(length):3d} sweeps, {length.sum():7.2f} s in all")

# %% [markdown]
# One run of the stimulus is a **sweep**. Between sweeps nothing is recorded, so the clock jumps.
# We work on the sweeps called *Noise 1*: there the current wobbles at random, and every size
# and every speed of change gets its turn.
#
# **Predict.** Will the neuron fire when the current is *high*, or when it *rises*?

# %%
noise = epochs[tags == "Noise 1"]
start, end = noise.start[0], noise.end[0]
middle = spikes.get(start, end).t
middle = middle[len(middle) // 2]  # a moment with spikes around it

fig, axes = plt.subplots(2, 2, figsize=(10, 4.6), sharex="col", sharey="row", layout="constrained")
for column, (a, b) in zip(axes.T, [(start, end), (middle - 0.5, middle + 0.5)], strict=True):
    step = 5 if b - a > 2 else 1  # draw every fifth sample of the long view
    I, V, when = stimulus.get(a, b)[::step], response.get(a, b)[::step], spikes.get(a, b).t
    column[0].plot(I.t - start, I.values * 1e12, color=DATA, lw=0.6)
    column[1].plot(V.t - start, V.values * 1e3, color=DATA, lw=0.6)
    column[1].plot(when - start, np.full(len(when), 60), "|", color="k", ms=9)
    column[1].set_xlabel("time in the sweep (s)")
axes[0, 0].set(title="one sweep", ylabel="current (pA)")
axes[1, 0].set(ylabel="voltage (mV)", ylim=(-100, 80))
axes[0, 1].set(title="one second of it")
show(fig, "Injected current and membrane voltage: one whole sweep, and one second of it. "
          "Ticks above the voltage mark spikes.")

# %% [markdown]
# You should see a restless current, and a voltage that follows it more slowly. The ticks mark
# spikes. They sit where the current has been high *for a while*, not on every sharp peak. Keep
# that in mind for part 5.
#
# First a number: how fast does this neuron fire? `spikes.rate` divides by the time from the first
# to the last spike, pauses included, and mixes all stimuli. So restrict to the epochs *first*.
#
# **Exercise 1.** Write `mean_rate`: spikes inside the epochs per second inside the epochs. All
# three inputs are NumPy arrays in seconds. An epoch holds its start. A spike exactly at
# an end is not tested.

# %% exercise="mean_rate"
def mean_rate(times, starts, ends):
    """Spikes per second (Hz) inside the epochs [starts[i], ends[i]); everything in seconds."""
    ### BEGIN SOLUTION
    inside = sum(np.sum((times >= a) & (times < b)) for a, b in zip(starts, ends, strict=True))
    return inside / np.sum(ends - starts)
    ### END SOLUTION

# %% check="mean_rate" points=1
with check("mean_rate") as c:
    # two spikes in the first epoch (4 s), three in the second (16 s), two in neither
    toy = np.array([1.0, 2.0, 7.0, 12.0, 13.0, 14.0, 31.0])
    rate = c.call(mean_rate, toy, np.array([0.0, 10.0]), np.array([4.0, 26.0]))
    c.that(np.ndim(rate) == 0,
           "one number is asked for: pool all epochs before you divide",
           "add up the spikes of all epochs, and add up their lengths",
           "one total on top, one total below, and a single division")
    c.that(not np.isclose(rate, [5, 7]).any(),
           "this is a number of spikes, not a rate: a rate is per second",
           "what is missing is the time in which these spikes were collected",
           "divide by the seconds that lie inside the epochs")
    c.that(not np.isclose(rate, [7 / 30, 5 / 30]).any(),
           "this divides by the time from the first to the last spike, as `spikes.rate` does",
           "the epochs say for how long you looked, the spikes do not",
           "add up the length of each epoch")
    c.that(not np.isclose(rate, [7 / 20, 7 / 26]).any(),
           "spikes outside the epochs are counted too",
           "two of the seven spikes of this example fall into no epoch",
           "keep a spike only if it is at or after a start and before the matching end")
    c.that(not np.isclose(rate, 5 / 26),
           "the pause between the epochs is counted as recorded time",
           "nothing is recorded between the end of one epoch and the start of the next",
           "add up the length of each epoch instead of looking at the first and last time")
    c.that(not np.isclose(rate, (2 / 4 + 3 / 16) / 2),
           "a short epoch weighs as much as a long one: this is a mean of rates",
           "the second epoch is four times as long and should weigh four times as much",
           "pool first: all spikes over all seconds")
    c.that(not np.isclose(rate, 20 / 5),
           "upside down: these are seconds per spike",
           "Hz means spikes per second", "swap what is above and what is below the line")
    c.equal(rate, 5 / 20, "the number of spikes or the seconds inside the epochs are off",
            "in this example five spikes fall inside 20 s", "count each by hand and compare")
    edge = c.call(mean_rate, np.array([1.0]), np.array([1.0]), np.array([3.0]))
    c.that(edge > 0, "a spike exactly at the start of an epoch is lost: it belongs to the epoch",
           "from the start on, and before the end", "equal to the start counts, too")
    ### BEGIN HIDDEN TESTS
    times = np.sort(c.rng.uniform(0, 100, 400))
    starts = np.sort(c.rng.choice(np.arange(0, 100, 10), 4, replace=False)).astype(float)
    ends = starts + c.rng.uniform(2, 9, 4)
    expected = sum(((times >= a) & (times < b)).sum() for a, b in zip(starts, ends, strict=True))
    c.equal(c.call(mean_rate, times, starts, ends), expected / (ends - starts).sum(),
            "off on fresh spikes and epochs: try epochs of other lengths than those above")
    ### END HIDDEN TESTS

# %%
for tag in dict.fromkeys(tags):
    chosen = epochs[tags == tag]
    print(f"{tag:28s} {mean_rate(spikes.t, chosen.start, chosen.end):6.3f} Hz")
print(f"{'all, pauses included':28s} {spikes.rate:.3f} Hz")

# %% [markdown]
# You should see rates that differ from stimulus to stimulus, and an overall rate that describes
# none of them. "The rate of this neuron" means little without the words "during what".

# %% [markdown]
# ## 2. From a recording to bins
#
# A model needs its numbers on one grid. Cut time into **bins** of 1 ms: one current and one
# number of spikes per bin. The recorder took ten or twenty samples of the current in each of them.
#
# **Predict.** Taking one sample per bin is quicker than averaging them all. What gets lost?
#
# **Exercise 2.** Write `average_bins(x, n)`: the mean of each `n` consecutive samples. Samples at
# the end that do not fill a bin are left out.

# %% exercise="average_bins"
def average_bins(x, n):
    """(len(x) // n,): mean of samples 0 .. n - 1, then of n .. 2n - 1, and so on."""
    ### BEGIN SOLUTION
    whole = len(x) // n * n
    return np.reshape(x[:whole], (-1, n)).mean(axis=1)
    ### END SOLUTION

# %% check="average_bins" points=1
with check("average_bins") as c:
    ramp = np.arange(40.0)
    got = c.call(average_bins, ramp, 20)
    c.that(np.shape(got) == (2,), "40 samples in bins of 20 make two bins, no more and no fewer",
           "one number per bin comes out, not one per sample and not one in all",
           "give each bin a row of its own, then reduce every row to one number")
    c.that(not np.isclose(got[1] - got[0], 1),
           "samples from all over the series end up in one bin: rows and columns are swapped",
           "a bin holds consecutive samples", "each row is one bin, so there are n columns")
    c.that(not np.allclose(got, [9, 29]), "each average is half a step too low: a sample of the "
           "bin is left out, or the decimals were cut", "20 samples from 0 to 19 have the mean 9.5",
           "the end of a range is not part of it; // cuts decimals")
    c.that(not np.isin(got, ramp).all(),
           "each bin shows one of its samples: the others are thrown away, and with them the "
           "chance to average out the noise",
           "every sample of the bin has a say", "reduce all 20 values of a bin, not one of them")
    c.that(not np.allclose(got, [190, 590]),
           "these are totals: the current of a bin must not grow with the sampling rate",
           "twice as many samples per bin would give twice the current",
           "divide by the number of samples in a bin")
    pulses = c.call(average_bins, np.array([0.0, 0, 6, 1, 1, 7]), 3)
    c.that(not np.allclose(pulses, [0, 1]),
           "this is the middle value of each bin, the median: a short pulse of current leaves no "
           "trace", "an average adds up and divides", "every sample counts with its size")
    c.equal(got, [9.5, 29.5], "the values are no averages of consecutive samples",
            "samples 0 to 19 make the first bin", "compute the first bin by hand and compare")
    odd = c.call(average_bins, np.arange(43.0), 20)
    c.that(np.shape(odd) == (2,),
           "three samples are left over here and made a bin of their own: they fill no bin",
           "an incomplete bin is noisier than the others, so it is left out",
           "cut the series to a whole number of bins before you start")
    c.equal(odd, [9.5, 29.5], "left-over samples at the END are left out, the others stay put",
            "the first bin still begins at sample 0", "cut at the end, not at the start")
    ### BEGIN HIDDEN TESTS
    n, x = int(c.rng.integers(3, 30)), c.rng.normal(size=997)
    expected = [x[i * n : (i + 1) * n].mean() for i in range(len(x) // n)]
    c.equal(c.call(average_bins, x, n), expected, "off on fresh samples: try another bin size")
    ### END HIDDEN TESTS

# %% [markdown]
# Now the spikes. A bin may hold none, one, or two; the number is the **count**.
#
# **Exercise 3.** Write `count_spikes`: how many spikes fall into each bin between `start` and
# `end`? Times are seconds. Mind the number of bins: `(end - start) / dt` should be a whole number,
# but a computer that divides 0.29 by 0.01 gets 28.999999999999996.
#
# Spikes exactly on the edge of a bin are not tested.

# %% exercise="count_spikes"
def count_spikes(times, start, end, dt):
    """Whole numbers: spikes in [start, start + dt), [start + dt, start + 2 dt), ... up to end."""
    ### BEGIN SOLUTION
    edges = start + dt * np.arange(round((end - start) / dt) + 1)
    return np.histogram(times, edges)[0]
    ### END SOLUTION

# %% check="count_spikes" points=2
with check("count_spikes") as c:
    toy = np.array([9.95, 10.05, 10.31, 10.34, 10.95, 11.5])  # two of them in one bin, two outside
    got = c.call(count_spikes, toy, 10.0, 11.0, 0.1)
    c.that(np.shape(got) == (10,), "one second in bins of 0.1 s makes ten bins",
           "ten bins have eleven borders: count bins, not borders",
           "the last border is the end of the last bin, not the start of one more")
    c.that(np.allclose(got, np.round(got)), "a count is a whole number of spikes: do not smooth it",
           "half a spike in a bin says that something was shared out between bins",
           "return what you counted, unchanged")
    c.that(np.sum(got) < 10, "these look like Hz: ten times as many as there are spikes",
           "the Poisson likelihood below is about counts, and only about counts",
           "return what you counted, undivided")
    c.that(np.sum(got) != 6 and got[0] <= 1,
           "spikes before `start` or after `end` are counted as well",
           "two of these six spikes lie outside", "a spike outside belongs to no bin")
    c.that(np.sum(got) != 3,
           "two spikes share a bin here, and one of them is lost: a count may be larger than 1",
           "asking whether there is a spike is not the same as asking how many there are",
           "add one for every spike, also where there is one already")
    c.equal(got, [1, 0, 0, 2, 0, 0, 0, 0, 0, 1], "spikes sit in the wrong bin",
            "the first bin begins at `start`, not at 0", "subtract `start` first")
    c.that(np.shape(c.call(count_spikes, toy, 0.0, 0.29, 0.01)) == (29,),
           "0.29 s in bins of 0.01 s should be 29 bins: the last bin is cut off",
           "the division gives 28.999999999999996, and cutting the decimals turns it into 28",
           "go to the nearest whole number instead of down")
    c.that(np.shape(c.call(count_spikes, toy, 0.0, 0.13, 0.01)) == (13,),
           "0.13 s in bins of 0.01 s should be 13 bins: there is one more",
           "steps of 0.01 never hit 0.14 exactly, so one step too many may fit below it",
           "decide on the number of bins first, and make the borders from it")
    c.that(np.shape(c.call(count_spikes, toy, 0.0, 0.14, 0.01)) == (14,),
           "0.14 s in bins of 0.01 s should be 14 bins, and you have another number",
           "the division gives 14.000000000000002, and going up makes it 15",
           "go to the nearest whole number instead of up")
    ### BEGIN HIDDEN TESTS
    n, dt, start = int(c.rng.integers(50, 400)), 0.004, float(c.rng.integers(1, 50))
    bins = c.rng.integers(-5, n + 5, size=3 * n)
    times = np.sort(start + dt * (bins + c.rng.uniform(0.1, 0.9, len(bins))))
    expected = np.bincount(bins[(bins >= 0) & (bins < n)], minlength=n)
    c.equal(c.call(count_spikes, times, start, start + n * dt, dt), expected,
            "off on fresh spikes: try another start and another bin length")
    ### END HIDDEN TESTS

# %%
per_bin = round(DT / np.median(np.diff(stimulus.t[:1000])))  # samples of the current in one bin
half = DT / per_bin / 2  # start half a sample early: times are rounded, too
pA = [1e12 * average_bins(stimulus.get(a - half, b).values, per_bin) for a, b in noise.values]
mine = [count_spikes(spikes.t, a, b, DT) for a, b in noise.values]
print(f"{per_bin} samples per bin, bins per sweep:", [len(y) for y in mine])
print("spikes per sweep:", [int(y.sum()) for y in mine])

# %% [markdown]
# The library pynapple does both in one line each and keeps the times. Compare.

# %%
# catch-up
spikes, epochs, stimulus = (recording[name] for name in ("units", "epochs", "stimulus"))
spikes = spikes[0]
noise = epochs[np.array([np.ravel(tag)[0] == "Noise 1" for tag in epochs["tags"]])]
counts = spikes.count(DT, noise)  # per bin; noise.restrict is built in
current = stimulus.restrict(noise).bin_average(DT, noise) * 1e12  # A -> pA
sweep = np.searchsorted(noise.start, counts.t) - 1  # number of the sweep each bin belongs to
y = counts.values

# %%
print("largest difference of the currents:", abs(np.concatenate(pA) - current.values).max(), "pA")
print("bins with another count:", np.sum(np.concatenate(mine) != y), "of", len(y))

# %% [markdown]
# You should see a current that agrees to rounding, and at most a few bins with another count.
# Where they differ, a spike lies *on* an edge: the recorder's clock ticks every 0.05 or
# 0.1 ms, and 3.276 / 0.001 is 3275.9999999999995. Floating point pushes it to either side. From
# here on we use pynapple's counts.
#
# **Predict.** Next, the counts of two seconds. What are the largest values you expect?

# %%
dense = np.convolve(y, np.ones(2000), "same").argmax()
zoom = slice(max(0, dense - 1000), dense + 1000)  # the two busiest seconds
seconds = (np.arange(len(y)) * DT)[zoom]
smooth = counts.smooth(0.05).values  # Gaussian, SD 50 ms

fig, axes = plt.subplots(3, 1, figsize=(9, 6.4), sharex=True, layout="constrained")
axes[0].plot(seconds, current.values[zoom], color=DATA)
axes[0].set_ylabel("current (pA)")
axes[1].vlines(seconds, 0, y[zoom], color="k", lw=1)
axes[1].set(ylabel="spikes per bin", yticks=range(y.max() + 1))
axes[2].plot(seconds, smooth[zoom] / DT, color=DATA)
axes[2].set(ylabel="smoothed rate (Hz)", xlabel="recorded time (s)")
show(fig, "Two seconds in 1 ms bins: current, spike counts, and the counts smoothed with a "
          "Gaussian of 50 ms.")

# %% [markdown]
# You should see counts of 0 and 1, hardly ever 2: a millisecond is short. Their mean is a small
# number *per bin*; divided by the bin length in seconds it becomes *Hz*.
#
# The smoothed curve is for the eye. Never give it to a Poisson model: it is no count any more,
# neighbouring bins share spikes, and it leaks the future into the past.

# %% [markdown]
# ## 3. The tuning curve, divided by the time spent
#
# How does the rate depend on the current? Sort the bins by their current and look at the spikes
# in each group. This curve is called a **tuning curve**.
#
# **Predict.** Below, the left panel shows at which currents the spikes occur. Is the peak the
# current this neuron likes best?

# %%
edges = np.linspace(current.values.min(), current.values.max(), 16)  # 15 groups
centres = (edges[:-1] + edges[1:]) / 2

fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
axes[0].hist(current.values, edges, weights=y, color=DATA)
axes[0].set(title="where the spikes are", xlabel="current (pA)", ylabel="spikes")
axes[1].hist(current.values, edges, weights=np.full(len(y), DT), color=DATA)
axes[1].set(title="where the current is", xlabel="current (pA)", ylabel="time spent (s)")
show(fig, "Two histograms over 15 groups of current: number of spikes, and time spent.")

# %% [markdown]
# You should see two histograms with different peaks. Many spikes in a group may mean that the
# neuron likes this current, or that the current was often there. The time spent in each group is
# called the **occupancy**. Divide by it, and only the neuron is left.
#
# **Exercise 4.** Write `tuning_curve`: spikes per *second spent* in each group of currents, in Hz.
# A group never visited has an unknown rate: NaN. Groups run from edge to edge, as in
# `np.histogram`, where the last group holds its right edge, too. `counts` are spikes per bin, `dt`
# is the length of a bin in seconds.

# %% exercise="tuning_curve"
def tuning_curve(current, counts, edges, dt):
    """(len(edges) - 1,): rate in Hz for currents between edges[i] and edges[i + 1]."""
    ### BEGIN SOLUTION
    fired = np.histogram(current, edges, weights=counts)[0]
    spent = np.histogram(current, edges)[0] * dt
    return np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)
    ### END SOLUTION

# %% check="tuning_curve" points=2
with check("tuning_curve") as c:
    # 8 bins of 0.5 s: five at 1 pA (1 spike), one at 3 pA (2 spikes), two at 7 pA (no spike)
    toy, fired = np.array([1, 1, 1, 3, 1, 1, 7, 7.0]), np.array([0, 1, 0, 2, 0, 0, 0, 0])
    got = c.call(tuning_curve, toy, fired, np.array([0, 2, 4, 6, 8.0]), 0.5)
    c.that(np.shape(got) == (4,), "five edges enclose four groups: one rate for each of them",
           "one number per group comes out", "a group lies between two neighbouring edges")
    c.that(not np.allclose(np.nan_to_num(got), [1, 2, 0, 0]),
           "these are numbers of spikes: a current that was there longer collects more of them",
           "what is missing is the occupancy", "divide each group by the seconds spent in it")
    c.that(not np.allclose(np.nan_to_num(got), [0.2, 2, 0, 0]),
           "this is spikes per bin: to be Hz it has to be spikes per second",
           "a bin lasts `dt` seconds, not one", "the time spent is a number of bins times `dt`")
    c.that(not np.allclose(np.nan_to_num(got), [0.1, 1, 0, 0]),
           "`dt` is on the wrong side: halving the bins should not halve the rate",
           "time spent, in seconds, grows with `dt`", "seconds spent stand below the line")
    c.that(not np.allclose(np.nan_to_num(got), [0.25, 0.5, 0, 0]),
           "every group is divided by the same time, the whole recording",
           "each group has its own occupancy", "count the bins of each group, too")
    c.that(not np.isclose(got[1], 2), "a bin with two spikes counts once: you ask whether there "
           "was a spike, not how many", "`counts` may be larger than 1",
           "weigh each bin by its count")
    c.that(np.isnan(got[2]), "the third group was never visited, so its rate is unknown: NaN",
           "0 would claim that the neuron was silent there", "look for groups without any bin")
    c.that(got[3] == 0, "the last group was visited and held no spike: that is a rate of 0",
           "NaN means never visited; silent is something else",
           "decide by the time spent, not by the spikes")
    c.equal(got, [0.4, 4, np.nan, 0], "spikes or seconds of a group are off",
            "five bins of 0.5 s are 2.5 s", "compute the first group by hand and compare")
    last = c.call(tuning_curve, np.array([1, 5, 8]), np.array([1, 0, 3]), np.array([0, 4, 8]), 1.0)
    c.equal(last, [1, 1.5], "a current exactly on the last edge is left out, or has no group",
            "the strongest current of a recording stands there", "the last group holds both edges")
    ### BEGIN HIDDEN TESTS
    x, dt = c.rng.uniform(-50, 50, 400), float(c.rng.uniform(0.001, 0.1))
    n, cuts = c.rng.poisson(0.7, 400), np.linspace(-51, 51, 9)
    expected = [n[(x >= a) & (x < b)].mean() / dt for a, b in zip(cuts[:-1], cuts[1:], strict=True)]
    c.equal(c.call(tuning_curve, x, n, cuts, dt), expected, "off on fresh currents and counts")
    total = c.call(tuning_curve, current.values, y, edges, DT)
    spent = np.histogram(current.values, edges)[0] * DT
    c.that(np.isclose(np.nansum(total * spent), y.sum()),
           "on the recording, rate times time does not give back the spikes: is one left out?")
    ### END HIDDEN TESTS

# %%
rate = tuning_curve(current.values, y, edges, DT)
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(centres, rate, "o-", color=DATA)
ax.set(title="tuning curve", xlabel="current (pA)", ylabel="rate (Hz)")
show(fig, "Firing rate against current in 15 groups.")

# %% [markdown]
# You should see a curve that is flat and near zero for weak currents and climbs steeply for
# strong ones. On the far right it is ragged: few bins, so one spike more or less moves it a lot.
#
# Which simple formula is flat, never negative, and then climbs faster and faster?

# %% [markdown]
# ## 4. A first model: the current of this millisecond
#
# An exponential. The model takes three steps, and its name, **LNP**, spells them:
# - *linear*: weigh the current and add a **baseline** (the *intercept* of lessons 01 to 03),
#   $\eta_t = b + w\,x_t$;
# - *nonlinear*: make it positive, $\mu_t = \exp(\eta_t)$, the **expected count** of bin $t$;
# - *Poisson*: draw the count, $y_t \sim \mathrm{Poisson}(\mu_t)$.
#
# The function that makes it positive is the **inverse link** (`inverse_link_function` in NeMoS).
#
# **Exercise 5.** Write `poisson_mean`: the expected count of each bin, for currents in pA.

# %% exercise="poisson_mean"
def poisson_mean(current, weight, baseline):
    """(T,): expected spikes per bin, exp(baseline + weight * current)."""
    ### BEGIN SOLUTION
    return np.exp(baseline + weight * np.asarray(current))
    ### END SOLUTION

# %% check="poisson_mean" points=1
with check("poisson_mean") as c:
    dark = c.call(poisson_mean, np.zeros(3), 0.5, -2.0)
    c.that(np.shape(dark) == (3,), "one expected count per bin: three currents, three values",
           "nothing is summed here", "the formula holds for each bin on its own")
    c.that(not np.allclose(dark, -2),
           "a negative count is expected here: the step that makes it positive is missing",
           "what you return is still η, the sum", "the inverse link comes last, around everything")
    drawn = c.call(poisson_mean, np.ones(50), 0.5, 0.3)
    c.that(np.any(drawn != np.round(drawn)), "these are whole numbers, so spikes were drawn: the "
           "model says what to expect, and the dice come later", "an expected count has decimals",
           "the second of the three steps is the last one here")
    c.that(np.all(dark > 0), "the baseline stands outside the exponential, where it subtracts",
           "first the whole sum, then the inverse link around it", "look at your brackets")
    c.that(not np.allclose(dark, np.log1p(np.exp(-2.0))),
           "this is another positive function, the softplus: the model here uses the exponential",
           "both are positive, but only one multiplies", "use the inverse link of the list above")
    c.that(not np.allclose(dark, [1, 1, 1]),
           "without current the baseline alone decides, and here it has no say: it is missing",
           "at 0 pA the expected count is not 1", "the baseline belongs to the sum")
    c.that(not np.allclose(dark, np.exp(-2.0) * DT), "the bin length is in it: the baseline says "
           "already how many spikes a bin holds", "no unit is converted inside the model",
           "leave the bin length out")
    c.that(not np.allclose(dark, np.exp(-2.0) / DT),
           "this is in Hz: the model is about counts per bin",
           "the conversion comes when you draw, not in the model", "leave the bin length out")
    c.that(dark[0] < 1, "a baseline of -2 should make spikes rare, and here it makes them frequent",
           "look at the sign in front of the baseline", "the sum holds plus the baseline")
    lit = c.call(poisson_mean, np.array([0.0, 1.0, 2.0]), 0.5, -2.0)
    c.that(lit[1] > lit[0], "a positive weight should raise the count with the current",
           "check the sign in front of the weight", "the sum holds plus weight times current")
    c.equal(lit[1:] / lit[:-1], np.full(2, np.exp(0.5)),
            "1 pA more should multiply the count by the same factor wherever you start",
            "look at what stands inside the exponential", "weight times current, nothing squared")
    c.equal(lit, np.exp([-2.0, -1.5, -1.0]), "the baseline enters wrongly",
            "at 0 pA the sum is the baseline", "no factor in front of the baseline")
    ### BEGIN HIDDEN TESTS
    x, w, b = c.rng.normal(size=50), float(c.rng.normal()), float(c.rng.normal())
    c.equal(c.call(poisson_mean, x, w, b), np.exp(b + w * x), "off for fresh weights and currents")
    ### END HIDDEN TESTS

# %% [markdown]
# Which weight and which baseline? Those under which the recorded counts are least surprising.
# A Poisson count $y$ has probability $\mu^y e^{-\mu} / y!$. Its logarithm, averaged over bins, is
# the mean **log-likelihood**:
# $$\ell = \frac{1}{T}\sum_t \big( y_t \log \mu_t - \mu_t - \log y_t! \big).$$
#
# **Exercise 6.** Write it. For $\log y!$ use `gammaln(y + 1)`: it works on arrays.
#
# **Predict.** Can the mean log-likelihood of counts ever be positive?

# %% exercise="log_likelihood"
from scipy.special import gammaln


def log_likelihood(counts, mean):
    """Mean over bins of the log-probability of ``counts`` where ``mean`` are expected (nats)."""
    ### BEGIN SOLUTION
    return np.mean(counts * np.log(mean) - mean - gammaln(np.asarray(counts) + 1))
    ### END SOLUTION

# %% check="log_likelihood" points=2
with check("log_likelihood") as c:
    toy, mu = np.array([0, 1, 3, 0]), np.array([0.5, 2.0, 2.0, 0.1])
    got = c.call(log_likelihood, toy, mu)
    each = toy * np.log(mu) - mu - np.log([1, 1, 6, 1])
    c.that(np.ndim(got) == 0, "one number for all bins is asked for", "average over the bins",
           "reduce at the very end")
    full = c.call(log_likelihood, np.array([3, 4]), np.array([2.0, 2.0]))  # no empty bin
    c.that(not np.isclose(full, np.mean([3, 4]) * np.log(2) - 2 - np.log([2, 6]).mean()),
           "the factorial is one too small: the gamma function is shifted by one",
           "3! is gamma of 4", "look at the argument in the text above")
    c.that(np.isfinite(got), "infinite or not a number: is there a logarithm of a count of 0?",
           "most bins are empty; only the EXPECTED count may stand inside a logarithm",
           "look at which of the two inputs you take the log of")
    c.that(not np.isclose(got, np.mean(each + mu)),
           "the expected count itself is missing: nothing punishes a model that promises too much",
           "without this term the best mean would be infinite", "look at the second term")
    c.that(not np.isclose(got, np.exp(each).mean()),
           "this is a mean of probabilities: the mean of their logarithms is asked for",
           "logarithms turn a product over bins into a sum", "the formula is for log P")
    c.that(got < 0, "the sign is wrong: the logarithm of a probability is negative",
           "this is the loss one minimises", "turn every sign around")
    c.that(not np.isclose(got, each.sum()), "this is the sum over bins, the mean is asked for",
           "a longer recording should not be a worse one", "divide by the number of bins")
    c.that(not np.isclose(got, np.mean(each + np.log([1, 1, 6, 1]))),
           "the term with the factorial is missing",
           "it does not depend on the model, yet without it this is no probability",
           "three terms, the last one is subtracted")
    c.that(not np.isclose(got, np.mean(each + np.log([1, 1, 6, 1]) - np.log([1, 1, 2, 1]))),
           "the factorial is one too small: the gamma function is shifted by one",
           "3! is gamma of 4", "look at the argument in the text above")
    logs = np.log([1, 1, 6, 1])
    c.that(not np.isclose(got, np.mean(each + 2 * logs)), "the term with the factorial is added",
           "in the formula it is subtracted", "mind its sign")
    c.that(not np.isclose(got, np.mean(each + logs - np.exp(logs))),
           "the factorial itself is subtracted, and its logarithm is asked for",
           "all three terms are logarithms of factors", "the text above names a function")
    c.equal(got, each.mean(), "one of the three terms is off",
            "compute the bin with three spikes by hand", "the log-probability of 3 where 2 are due")
    ### BEGIN HIDDEN TESTS
    from scipy.stats import poisson

    mu = c.rng.gamma(2, 2, 100)
    n = c.rng.poisson(mu)
    c.equal(c.call(log_likelihood, n, mu), poisson.logpmf(n, mu).mean(), "off for fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# With two numbers to choose, you can look at the whole landscape. The map below shows the
# log-likelihood for many weights and baselines, in bits per spike above a neuron with a constant
# rate. The curve beside it is the rate that the marked choice predicts.
#
# **Predict.** How many hilltops has the map?

# %%
# catch-up
x = current.values
ws = np.linspace(0, 4 / x.std(), 80)
bs = np.log(y.mean()) + np.linspace(-6, 1, 80)
# sum y (b + w x) - exp(b) sum exp(w x): the data are needed once per weight, not once per point
area = np.array([np.exp(w * x).mean() for w in ws])
hill = bs[:, None] * y.mean() + ws * (x * y).mean() - np.exp(bs)[:, None] * area
hill = (hill / y.mean() - np.log(y.mean()) + 1) / np.log(2)
dense = np.convolve(y, np.ones(2000), "same").argmax()
zoom = slice(max(0, dense - 1000), dense + 1000)  # the two busiest seconds
seconds = (np.arange(len(y)) * DT)[zoom]


def landscape(weight, baseline):
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    left.contourf(ws, bs, hill, np.linspace(0, hill.max(), 12), cmap="cividis")
    left.plot(weight, baseline, "o", color=MODEL, mec="w", ms=11)
    left.set(xlabel="weight (per pA)", ylabel="baseline", title="bits per spike (white: below 0)")
    right.plot(seconds, np.exp(baseline + weight * x[zoom]) / DT, color=MODEL)
    right.vlines(seconds[y[zoom] > 0], -4, -1, color="k")
    right.set(xlabel="recorded time (s)", ylabel="predicted rate (Hz)", ylim=(-5, 100))
    show(fig, "Left: map of the log-likelihood over weight and baseline with a marked choice. "
              "Right: the rate that this choice predicts in two seconds, spikes as ticks.")


landscape(ws[20], np.log(y.mean()) - 1)

# %% [markdown]
# Climb it by hand. Move the sliders until the blue dot stands on the top, and watch the rate: it
# should rise where the ticks are and stay down elsewhere. (Where sliders do not work, type other
# numbers into the last line of the cell above. Nothing graded needs them.)

# %%
sliders = interact(
    landscape,
    weight=FloatSlider(ws[20], min=ws[0], max=ws[-1], step=ws[1], readout_format=".4f"),
    baseline=FloatSlider(np.log(y.mean()) - 1, min=bs[0], max=bs[-1], step=0.05),
)

# %% [markdown]
# You should see a single hill, long and tilted, without a second top. The log-likelihood of this
# model is **concave**: whoever keeps walking uphill arrives at the same place. So a fit needs no
# luck and no starting guess. `minglm.glm.GLM` walks for you; `fit(X, y)` wants one *column* per
# feature and one row per bin, and adds the baseline itself (`intercept_`; weights are `coef_`).
#
# **Exercise 7.** Write `fit_weights`: fit a Poisson GLM without penalty to one current and its
# counts; return weight and baseline as two numbers.

# %% exercise="fit_weights"
def fit_weights(current, counts):
    """(weight per unit of current, baseline) at the top of the likelihood."""
    ### BEGIN SOLUTION
    model = nmo.glm.GLM().fit(np.asarray(current)[:, None], counts)
    return model.coef_[0], model.intercept_[0]
    ### END SOLUTION

# %% check="fit_weights" points=2
with check("fit_weights") as c:
    toy = 2 * c.rng.normal(size=2000) + 1
    fired = c.rng.poisson(np.exp(-2 + 0.6 * toy))
    got = c.call(fit_weights, toy, fired)
    c.that(np.shape(got) == (2,), "two plain numbers are asked for: the weight, then the baseline",
           "the fitted arrays hold one number each", "take the first element of both")
    w, b = got
    at = lambda w, b: np.mean(np.exp(b + w * toy) - fired) / fired.mean()
    c.that(abs(at(w, b)) < 1e-4 or abs(at(b, w)) > 1e-4, "weight and baseline are swapped",
           "the weight comes first", "return them in the order of the docstring")
    c.that(not np.isclose(b, 0, atol=1e-9),
           "the baseline is exactly zero: this model was fitted without one",
           "it would say that one spike per bin is expected at 0 pA", "leave the baseline free")
    slope, start = np.polyfit(toy, fired, 1)
    c.that(not np.allclose([w, b], [slope, start], rtol=1e-3),
           "this is a straight line through the counts: a linear regression",
           "its prediction falls below zero", "use the model with the exponential")
    c.that(w > 0, "the weight is not positive, though these counts grow with the current")
    slack = np.mean((np.exp(b + w * toy) - fired) * (toy - toy.mean()) / toy.std()) / fired.mean()
    c.that(abs(at(w, b)) < 1e-4 or abs(w - 1.2) > 0.2,
           "the current was rescaled before the fit, so the weight is per SD and not per pA",
           "the weight multiplies the current as it came in", "hand over the current unchanged")
    c.that(abs(at(w, b)) < 1e-4 or abs(at(w, b - w * toy.mean())) > 1e-4,
           "the mean of the current was taken off before the fit: the baseline is not that of 0 pA",
           "hand over the current unchanged", "the current of 0 must stay 0")
    c.that(abs(at(w, b)) < 1e-4,
           "the model predicts another mean count than was recorded: this is not the top",
           "at the top the two means agree; a fit that stops early leaves a difference",
           "let it walk until it stops by itself")
    c.that(slack > -1e-4,
           "the weight is too small for the top: something pulls it towards zero",
           "without penalty nothing is held back", "leave the penalty out")
    c.that(slack < 1e-4, "the weight is too large for the top: the model overshoots")
    ### BEGIN HIDDEN TESTS
    w, b = c.call(fit_weights, current.values, y)
    mu = np.exp(b + w * current.values)
    c.that(abs(mu.mean() / y.mean() - 1) < 1e-4, "on the recording the means differ")
    c.that(abs(np.mean((mu - y) * current.values)) < 1e-4 * y.mean() * current.values.std(),
           "on the recording the weight is not at the top")
    ### END HIDDEN TESTS

# %%
weight, baseline = fit_weights(current.values, y)
print(f"weight {weight:.10f} per pA, baseline {baseline:.7f}")
print(f"mean rate: recorded {y.mean() / DT:.6f} Hz, predicted "
      f"{poisson_mean(x, weight, baseline).mean() / DT:.6f} Hz")

fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(centres, rate, "o-", color=DATA, label="recorded")
promised = poisson_mean(centres, weight, baseline) / DT  # counts per bin -> Hz
ax.plot(centres, promised, color=MODEL, lw=2, label="model 1")
for text, curve, color in (("recorded", rate, DATA), ("model 1", promised, MODEL)):
    ax.annotate(text, (centres[-1], curve[-1]), (8, -4), textcoords="offset points", color=color)
ax.set(xlabel="current (pA)", ylabel="rate (Hz)", title="tuning curve and model 1")
show(fig, "Recorded tuning curve and the exponential of model 1 over current.")

# %% [markdown]
# You should see equal means to all digits. With a free baseline this always holds at the top of
# a Poisson likelihood. It is a cheap test of any fit, also of published ones. Dividing by `DT`
# turned counts per bin into Hz, here and only here.
#
# The blue curve follows the grey one where the current spends its time; at the far right an
# exponential may promise too much. What does the weight *mean*? Inside an exponential
# it does not add Hz. It **multiplies**: the same step in current gives the same factor, the
# **gain**, wherever you start.
#
# **Exercise 8.** Write `gain`: by which factor does the rate change if the current is `step` pA
# higher?

# %% exercise="gain"
def gain(weight, step):
    """Factor on the rate (no unit) for a current that is ``step`` pA higher."""
    ### BEGIN SOLUTION
    return np.exp(weight * step)
    ### END SOLUTION

# %% check="gain" points=1
with check("gain") as c:
    got = c.call(gain, 0.1, 20.0)
    c.that(not np.isclose(got, 2.0),
           "this is the change of η, not of the rate: nothing adds up after the inverse link",
           "a factor of 1 would mean no change at all", "what does the exponential make of a sum?")
    c.that(not np.isclose(got, 3.0),
           "1 + weight times step is only the start of the curve: fine for tiny steps, wrong here",
           "ten small steps multiply ten times", "go through the inverse link")
    c.that(not np.isclose(got, 20 * np.exp(0.1)),
           "the factor of one pA, times twenty: steps multiply, they do not add",
           "two steps of 1 pA give the factor twice", "the step belongs inside")
    c.that(not np.isclose(got, np.exp(0.1)), "this is the factor of one single pA",
           "the step of the question is not used", "the step belongs inside")
    c.that(not np.isclose(got, [4, 100]).any(),
           "a power, but of another base: the inverse link is the exponential, its base is e",
           "bits come later; rates are made with the inverse link", "use the inverse link itself")
    c.that(not np.isclose(got, np.exp(2.0) - 1),
           "this is the relative increase; the factor itself is asked for",
           "no change should give a factor of 1", "do not subtract anything")
    c.that(np.isclose(c.call(gain, 0.1, 0.0), 1), "no step, no change: the factor should be 1",
           "put a step of 0 into your formula", "multiplying by 1 changes nothing")
    c.equal(c.call(gain, 0.1, 4.0) * c.call(gain, 0.1, 6.0), c.call(gain, 0.1, 10.0),
            "a step of 4 and then one of 6 should do the same as a step of 10",
            "factors multiply", "which function turns sums into products?")
    c.equal(got, np.exp(2.0), "the factor is off: more current should mean more spikes here",
            "write the rate with and without the step, and divide", "the baseline drops out")
    ### BEGIN HIDDEN TESTS
    w, s = float(c.rng.normal(0, 0.05)), float(c.rng.normal(0, 20))
    c.equal(c.call(gain, w, s), np.exp(w * s), "off for a fresh weight and step: try negative ones")
    ### END HIDDEN TESTS

# %%
print(f"10 pA more multiply the rate by {gain(weight, 10):.2f}, 50 pA by {gain(weight, 50):.2f}")
print(f"at 0 pA the model expects {poisson_mean(np.zeros(1), weight, baseline)[0] / DT:.3f} Hz")

# %% [markdown]
# You should see that 50 pA do not act five times as strongly as 10 pA, but as the fifth *power*.
# That is what the exponential claims, and you can now quarrel with it.

# %% [markdown]
# ## 5. The past of the current
#
# Model 1 sees the current of one millisecond. The first figure told you more: spikes come when
# the current has been high for a while. So give the model the past: one column per **lag**, the
# time back from the bin that is predicted. Row $t$ holds $x_{t-1}, x_{t-2}, \dots, x_{t-W}$; $W$
# is the **window**. NeMoS starts at lag 1 as well.
#
# **Exercise 9.** Write `lagged(x, window)`. Where the past is not known, write NaN: the current
# before the recording was not zero, it was *not measured*.
#
# **Predict.** How will this matrix look as a picture?

# %% exercise="lagged"
def lagged(x, window):
    """(T, window): column j holds x delayed by j + 1 bins; NaN where there is no past yet."""
    ### BEGIN SOLUTION
    X = np.full((len(x), window), np.nan)
    for j in range(window):
        X[j + 1 :, j] = x[: max(len(x) - j - 1, 0)]
    return X
    ### END SOLUTION

# %% check="lagged" points=3
with check("lagged") as c:
    pulse = np.zeros(12)
    pulse[[4, 11]] = 1
    X = c.call(lagged, pulse, 3)
    c.that(X.shape != (3, 12), "rows and columns are swapped: a row is a bin, a column is a lag",
           "12 bins and a window of 3 make 12 rows", "turn the matrix over")
    c.that(X.shape == (12, 3),
           "one row per bin and one column per lag: do not drop rows, or features and counts slip "
           "apart", "bins without a past still get a row", "fill those rows, do not cut them off")
    c.that(X[0, 0] != 1, "the end of the series wraps around into the first rows",
           "the last bin holds a 1, and your first row shows it",
           "before the start nothing is known")
    c.that(not np.nansum(X[:4]), "something responds before the pulse: the feature sees the future",
           "row t may only hold what came before t",
           "delaying moves values to LATER rows")
    c.that(not np.nansum(X[4]),
           "a column responds in the bin of the pulse itself: the past starts one bin back",
           "a model with its own count among its features would predict each spike from itself",
           "column 0 is delayed by one bin, not by none")
    c.that(X[7, 0] != 1,
           "the order of the lags is reversed: column 0 should be the most recent bin",
           "a bin after the pulse, it is the first column that responds",
           "number the columns by how far back they look")
    c.that(np.nansum(X) == 3 and X[5, 0] == X[6, 1] == X[7, 2] == 1,
           "the pulse should pass through the columns one by one, one bin later in each",
           "follow the 1 from row to row", "column 1 is column 0, one bin later")
    c.that(np.isnan(X[0]).all() and np.isnan(X[2, 2]),
           "the first bins have no past yet: NaN means unknown, any number means measured",
           "with a window of 3, row 0 knows nothing, row 1 knows one lag",
           "begin with a matrix full of NaN")
    c.that(not np.isnan(X[3:]).any(), "more rows are unknown than the window needs",
           "row 3 knows all three lags", "the window reaches back 3 bins, not further")
    ### BEGIN HIDDEN TESTS
    x = c.rng.normal(size=200)
    expected = [[x[t - 1 - j] if t > j else np.nan for j in range(20)] for t in range(200)]
    X = c.call(lagged, x, 20)
    c.equal(X[20:], expected[20:], "off on a fresh series and a longer window")
    start = np.isclose(X[:20], expected[:20]) | np.isnan(X[:20])
    c.that(start, "before the window is full, some values are neither right nor unknown")
    c.that(np.isnan(X[:20]) | np.isfinite(expected[:20]), "a lag without a past has a value")
    ### END HIDDEN TESTS

# %%
picture = lagged(x[zoom], 200)[:600]
fig, ax = plt.subplots(figsize=(8, 3.4), layout="constrained")
image = ax.imshow(picture.T, origin="lower", aspect="auto", cmap="cividis",
                  extent=(0, 0.6, 0.5, 200.5))
ax.set(xlabel="time (s)", ylabel="lag (ms)", title="0.6 s of the lagged current")
fig.colorbar(image, label="current (pA)")
show(fig, "The lagged current as a picture: time to the right, lag upwards. Slanted stripes, and "
          "a blank triangle at the start.")

# %% [markdown]
# You should see slanted stripes: every lag repeats the one below it, one bin later. The blank
# corner at the start is the unknown past. Stripes that lean the other way would be the future.
#
# A recording may hold several sweeps. The bin before the second sweep is *not* the last bin of
# the first: seconds lie between them, and nobody knows the current there.
#
# **Exercise 10.** Write `lagged_in_sweeps`: as before, but no row looks back into another sweep.
# `sweep` gives the number of the sweep of each bin. You may call `lagged`.

# %% exercise="lagged_in_sweeps"
def lagged_in_sweeps(x, sweep, window):
    """(T, window): as ``lagged``, with NaN wherever the past lies in another sweep."""
    ### BEGIN SOLUTION
    X = np.empty((len(x), window))
    for number in np.unique(sweep):
        X[sweep == number] = lagged(x[sweep == number], window)
    return X
    ### END SOLUTION

# %% check="lagged_in_sweeps" points=2
with check("lagged_in_sweeps") as c:
    toy = np.array([1.0, 2, 3, 4, 10, 20, 30, 40, 50])
    number = np.array([3, 3, 3, 3, 8, 8, 8, 8, 8])
    X = c.call(lagged_in_sweeps, toy, number, 2)
    c.that(isinstance(X, np.ndarray), "the sweeps come back one by one, as a list",
           "a design has one row per bin of the recording", "put them below each other")
    c.that(X.shape != (5, 2), "only one sweep comes back: put all of them together, in their order")
    c.that(X.shape == (9, 2), "one row per bin of ALL sweeps, in the order they came in",
           "9 bins go in, so 9 rows come out", "nothing is dropped at the border either")
    c.that(X[4, 0] != 4, "the first bin of the second sweep sees the last bin of the first one",
           "seconds lie between the two sweeps", "treat each sweep as if it were alone")
    c.that(X[5, 1] != 4, "the second bin of a sweep still looks over its border, two bins back",
           "the most recent lag is clean; look at the next one", "every lag has to stay inside")
    c.that(np.isnan(X[4]).all() and np.isnan(X[5, 1]),
           "at the start of the second sweep the past is unknown again: NaN, no number",
           "the first sweep starts that way, too", "every sweep starts like a recording of its own")
    c.that(not np.isnan(X[[2, 3, 6, 7, 8]]).any(),
           "more is unknown than needed: inside a sweep the past is known after the window",
           "the third bin of a sweep knows two lags", "look at the rows 2 and 6 of this example")
    c.equal(X[2:4], [[2, 1], [3, 2]], "inside the first sweep the values are off",
            "within a sweep nothing changes against the exercise before",
            "compare a single sweep with what the exercise before gives")
    c.equal(X[6:], [[20, 10], [30, 20], [40, 30]], "the second sweep is off",
            "sweeps need not be equally long, nor numbered from 0", "the numbers are only labels")
    ### BEGIN HIDDEN TESTS
    number = np.repeat([0, 1, 2, 5], [40, 3, 60, 17])
    z, W = c.rng.normal(size=120), int(c.rng.integers(4, 9))
    expected = np.full((120, W), np.nan)
    for t in range(120):
        for j in range(min(W, t)):
            if number[t] == number[t - j - 1]:
                expected[t, j] = z[t - j - 1]
    X, full = c.call(lagged_in_sweeps, z, number, W), np.isfinite(expected).all(1)
    c.equal(X[full], expected[full], "off on fresh sweeps, one of them shorter than the window")
    c.that(np.isnan(X) | (expected == X), "near the start of a fresh sweep a value is off")
    ### END HIDDEN TESTS

# %%
raw = nmo.basis.HistoryConv(window_size=5).compute_features(current).values
full = np.isfinite(raw).all(axis=1)
print("rows with a full past:", full.sum(), "of", len(full))
print("same as the library there:", np.array_equal(lagged_in_sweeps(x, sweep, 5)[full], raw[full]))

# %% [markdown]
# You should see `True`: you wrote `HistoryConv`. It knows the sweeps because `current` is a
# pynapple series that carries its epochs along. It makes the *whole* row NaN where any lag is
# unknown; such a row can be neither fitted nor scored anyway.
#
# A window of 200 ms means 200 weights, for a neuron that fired some hundred times. Neighbouring
# lags hold almost the same current, so the fit could not tell their weights apart. Instead, we
# describe the filter by 8 smooth bumps: a **basis**. Near the spike, where things change fast,
# they are narrow; far back they are wide.

# %%
# catch-up
WINDOW = 200  # bins, so 200 ms
past = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=WINDOW, label="current")
bumps = past.evaluate_on_grid(WINDOW)[1]  # (200, 8): one column per bump
X1 = current.values[:, None]  # (T, 1)
X2 = past.compute_features(current)  # (T, 8)
model_1, model_2 = nmo.glm.GLM().fit(X1, y), nmo.glm.GLM().fit(X2, y)
print("features:", X2.shape, "- rows without a full past:", int(np.isnan(X2.values[:, 0]).sum()))

# %%
fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
ax.plot(bumps, color=OTHER)
ax.set(xlabel="row of `bumps` (row 0 is the most recent bin)", ylabel="height (no unit)",
       title="eight bumps to build a filter from")
show(fig, "Eight raised-cosine bumps over the 200 rows, narrow at recent bins, wide far back.")

# %% [markdown]
# You should see narrow bumps on the left and wide ones on the right. Each *feature* is the
# current, weighted by one bump and summed over the window: 8 columns instead of 200. What we are
# after is not the 8 weights but the **filter**: bump times weight, added up, one value per lag.
#
# **Predict.** Draw it in the air: where is it positive, where is it highest, where is it zero?
#
# **Exercise 11.** Write `read_filter`. It returns the lags in *milliseconds* (`dt` is the length
# of a bin in seconds; the first row of `bumps` is the bin right before the spike) and the filter.

# %% exercise="read_filter"
def read_filter(bumps, weights, dt):
    """(lags in ms, filter): two arrays with one value per row of ``bumps`` (window, n_bumps)."""
    ### BEGIN SOLUTION
    lags = np.arange(1, len(bumps) + 1) * dt * 1000
    return lags, bumps @ weights
    ### END SOLUTION

# %% check="read_filter" points=2
with check("read_filter") as c:
    toy = np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0.5, 0.5], [0, 0, 1]])
    got = c.call(read_filter, toy, np.array([2.0, -1.0, 4.0]), 0.004)
    c.that(len(got) == 2 and np.size(got[0]) == 5,
           "two arrays are asked for, the lags first, each with one value per row of the bumps",
           "the filter has as many values as the window has bins", "a row of the bumps is a lag")
    lags, curve = got
    c.that(not np.allclose(lags, toy @ [2, -1, 4.0]), "the two are swapped: the filter comes first",
           "look at the order in the docstring", "lags, then the filter")
    c.that(lags[0] != 0, "the lags start at 0: that is the bin of the spike itself",
           "the most recent bin the model sees is one bin back", "the first lag is one bin long")
    c.that(not np.allclose(lags, [1, 2, 3, 4, 5]), "these lags are in bins; milliseconds are asked",
           "a bin lasts `dt` seconds, here 4 ms", "bins times their length")
    c.that(not np.isclose(lags[0], 0.004), "these lags are in seconds; milliseconds are asked for",
           "one second has a thousand of them", "scale the axis")
    c.that(lags[0] > 0, "a lag below zero: a lag says how far back, and is positive",
           "minus three milliseconds back would be the future", "drop the sign")
    c.that(lags[0] < lags[-1], "the lags run backwards: the first row is the most recent bin",
           "row 0 is right before the spike", "small lags first")
    c.equal(lags, [4, 8, 12, 16, 20], "the lag axis is off",
            "five bins of 4 ms reach back 20 ms", "first: one bin, last: the whole window")
    c.that(np.shape(curve) == (5,), "one value per lag is due; the weights are not the filter",
           "a weight belongs to a bump, and a bump covers many lags",
           "each lag gets a share of every bump that covers it")
    c.that(not np.allclose(curve, toy.sum(1)) and not np.allclose(curve, toy.mean(1)),
           "the bumps are added up, but the weights have no say",
           "a bump with weight 0 should not be visible", "weigh each bump before you add")
    c.that(not np.allclose(curve, (toy @ [2, -1, 4.0])[::-1]),
           "the filter is back to front: row 0 of the bumps is the most recent bin",
           "the lags are in order, the filter has to be, too", "do not turn anything around")
    c.that(not np.allclose(curve, toy @ [2, -1, 4.0] / 3),
           "this is a mean over the bumps: ten times as many bumps would shrink the filter",
           "the model adds its features, so the filter adds its bumps", "do not divide")
    c.that(not np.allclose(curve, np.exp([2, 0.5, -1, 1.5, 4])), "these are factors on the rate: "
           "the filter is what adds up inside the exponential", "a filter may be negative",
           "leave the exponential to the model")
    c.equal(curve, [2, 0.5, -1, 1.5, 4], "the filter is off",
            "at the first lag only the first bump counts", "compute the second lag by hand")
    ### BEGIN HIDDEN TESTS
    B, w, dt = c.rng.random((30, 6)), c.rng.normal(size=6), float(c.rng.uniform(0.001, 0.05))
    lags, curve = c.call(read_filter, B, w, dt)
    c.equal(lags, dt * 1e3 * (1 + np.arange(30)), "the lag axis is off for a fresh bin length")
    c.equal(curve, [sum(row * w) for row in B], "the filter is off for fresh bumps and weights")
    ### END HIDDEN TESTS

# %%
lags, filter_2 = read_filter(bumps, model_2.coef_, DT)
fig, ax = plt.subplots(figsize=(8, 3.2), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
ax.plot(lags, filter_2, color=OTHER, lw=2)
ax.set(xlabel="lag (ms)", ylabel="filter (per pA)", title="model 2: what the current does")
show(fig, "Filter of model 2 on the current, over lags of 1 to 200 ms.")
print(f"sum of the filter {filter_2.sum():.4f} per pA, weight of model 1 {model_1.coef_[0]:.4f}")

# %% [markdown]
# You should see one tall peak within the first 20 ms, then a dip that may go below zero, then
# little. This neuron adds up the current of the last milliseconds, and it responds more when the
# current has *risen*: high now, low before. A filter without the dip would only add up.
#
# The sum of the filter says what a *constant* current does. It need not equal the weight of
# model 1, which had to speak for all lags at once.
#
# What is not shown: the filter is no membrane potential and no synapse. It says what predicts
# spikes best in a model of this form, for this kind of current.

# %% [markdown]
# ## 6. A neuron remembers its own spikes
#
# After a spike, a neuron is silent for a while, whatever the current does. Model 2 cannot know:
# its rate depends on the current alone.
#
# **Predict.** We draw spikes from model 2 and compare the intervals between them with the recorded
# ones. Where will the two histograms differ most?

# %%
def intervals_ms(counts):
    """Times between spikes of one sweep, in ms."""
    at = np.repeat(np.arange(len(counts)), counts)
    return np.diff(at)[np.diff(sweep[at]) == 0] * DT * 1e3


rng = np.random.default_rng(0)
drawn = [rng.poisson(np.nan_to_num(model_2.predict(X2).values)) for _ in range(20)]
steps = np.arange(0, 105, 5)
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
ax.hist(intervals_ms(y), steps, color=DATA, label="recorded")
every = np.concatenate([intervals_ms(d) for d in drawn])
ax.hist(every, steps, weights=np.full(len(every), 1 / 20), histtype="step", color=OTHER, lw=2,
        label="drawn from model 2")
ax.set(xlabel="interval between spikes (ms)", ylabel="intervals", title="one spike after another")
ax.legend(frameon=False)
show(fig, "Histograms of the intervals between spikes up to 100 ms: recorded, and from model 2.")

# %% [markdown]
# You should see too many short intervals in the drawn spikes: nothing tells model 2 that it fired
# a moment ago. The cure is a second group of features, the neuron's own past counts. It is called
# **spike history**. Row $t$ may hold $y_{t-1}, y_{t-2}, \dots$ but never $y_t$: your check on
# `lagged` was about this.
#
# Bases add up: `past + own` puts their features side by side. One trap is left. If no spike ever
# follows another within 5 ms, the best weight there is minus infinity. A **ridge** penalty,
# half the strength times the sum of squared weights, keeps it finite (`regularizer` in NeMoS).

# %%
# catch-up
own = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=WINDOW, label="spikes")
both = past + own
X3 = both.compute_features(current, counts)  # (T, 16)
ridge = dict(regularizer="Ridge", regularizer_strength=1e-4)
model_3 = nmo.glm.GLM(**ridge).fit(X3, y)
weights_3 = both.split_by_feature(model_3.coef_, axis=0)  # {"current": (8,), "spikes": (8,)}
for name, model in [("1", model_1), ("2", model_2), ("3", model_3)]:
    print(f"model {name}: {model.coef_.size:2d} weights, optimality gap {model.gap_.max():.1e}")

# %% [markdown]
# The **optimality gap** says how much the fit could still improve, as a share of what there is to
# explain. Below 1e-6 nobody could tell the difference: these fits are finished.
#
# **Predict.** By which factor does the rate change right after a spike? And 100 ms later?

# %%
lags, filter_3 = read_filter(bumps, weights_3["current"], DT)
lags, history_3 = read_filter(bumps, weights_3["spikes"], DT)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
left.plot(lags, filter_2, color=OTHER, lw=2, label="model 2")
left.plot(lags, filter_3, color=THIRD, lw=2, label="model 3")
left.set(xlabel="lag (ms)", ylabel="filter (per pA)", title="what the current does")
left.legend(frameon=False)
right.axhline(1, color="0.8", lw=1)
right.plot(lags, np.exp(history_3), color=THIRD, lw=2)
right.set(xlabel="time after a spike (ms)", ylabel="factor on the rate", title="what a spike does",
          ylim=(0, None))
show(fig, "Left: filters of models 2 and 3 on the current. Right: factor on the rate after a "
          "spike.")

# %% [markdown]
# You should see a factor far below 1 right after a spike, and a return towards 1. A factor above 1
# later on may be real, or left over from something the model does not know. The current filters
# are much alike. Where they differ, model 2 had blamed the current for what the spikes did.

# %% [markdown]
# ## 7. A fair contest
#
# Three models. Which one is good, and good compared with what? Compared with a neuron that fires
# at a constant rate. The **deviance** measures the distance to the counts, and the
# **pseudo-R²** says how much of the constant rate's deviance a model removes:
# $$D(\mu) = 2 \sum_t \Big( y_t \log\frac{y_t}{\mu_t} - (y_t - \mu_t) \Big), \qquad
# R^2 = 1 - \frac{D(\mu)}{D(\bar y)}.$$
# $\bar y$ is the mean of the counts that are scored; $0 \log 0$ counts as 0. (NeMoS:
# `score_type="pseudo-r2-Cohen"`.)
#
# **Exercise 12.** Write it. **Predict.** Can it be negative?

# %% exercise="pseudo_r2"
def pseudo_r2(counts, mean):
    """1 - D(mean) / D(constant rate): 0 as good as the mean count, 1 perfect."""
    ### BEGIN SOLUTION
    def deviance(mu):
        surprise = np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / mu), 0)
        return 2 * np.sum(surprise - (counts - mu))

    return 1 - deviance(mean) / deviance(np.mean(counts))
    ### END SOLUTION

# %% check="pseudo_r2" points=3
with check("pseudo_r2") as c:
    toy, mu = np.array([0, 2, 0, 1, 4, 0]), np.array([0.2, 1.5, 0.4, 1.2, 3.0, 0.3])
    got = c.call(pseudo_r2, toy, mu)
    c.that(np.ndim(got) == 0, "one number for all bins is asked for", "sum over the bins first",
           "two deviances, one ratio")
    c.that(np.isfinite(got), "not a number: the empty bins have turned into 0 times log 0",
           "y log y goes to 0 when y does; the computer does not know that",
           "treat the bins with a count of 0 on their own")
    flat = c.call(pseudo_r2, toy, np.full(6, 7 / 6))
    c.that(not np.isclose(flat, 1), "this is the ratio of the deviances, not what was removed",
           "the constant rate itself should score 0", "turn it around: 1 is perfect")
    c.that(np.isfinite(flat), "a constant rate gives no number: is this a correlation? It forgives "
           "a wrong size, and a model twice too high is not a good one",
           "deviances compare counts with what was expected", "two deviances, one ratio")
    c.that(abs(flat) < 1e-6, "the constant rate should score 0: yours compares with another null",
           "the null is the mean of the counts that are scored", "not 0, not 1, not the median")
    bad = c.call(pseudo_r2, toy, np.array([3, 0.1, 3, 0.1, 0.1, 3]))
    c.that(not np.isclose(bad, 0), "a terrible model got 0: the score was clipped",
           "worse than the constant rate is below 0, and you want to know that",
           "leave negative values alone")
    saturated = c.call(pseudo_r2, toy, np.maximum(toy, 1e-12))
    ratio = lambda d: 1 - d(toy, mu) / d(toy, np.full(6, 7 / 6))
    c.that(not np.isclose(got, ratio(lambda n, m: np.sum((n - m) ** 2))),
           "these are squared errors: fine for a voltage, wrong for counts",
           "an error of 1 is a lot where 0.1 is expected, and little where 10 are",
           "use the deviance of the text")
    c.that(saturated > -99, "upside down: the constant rate's deviance is divided by the model's",
           "the share that is left is small for a good model", "the null stands below the line")
    c.that(np.isclose(saturated, 1, atol=1e-6),
           "a model that expects exactly what came should score 1, and does not: this is a ratio "
           "of log-likelihoods (McFadden), not of deviances",
           "the log-likelihood of a perfect model is not 0", "measure from the counts themselves")
    far = lambda n, m: np.sum(n * np.log(np.maximum(n, 1) / m) - n + m)
    c.that(not np.isclose(got, ratio(lambda n, m: far(n[n > 0], m[n > 0]))),
           "the empty bins are left out: a model that expects spikes there pays nothing",
           "only the term with the logarithm vanishes at a count of 0", "the other term stays")
    c.that(not np.isclose(got, ratio(lambda n, m: far(n, m) + np.sum(n - m))),
           "the difference of count and mean is missing: it adds up to 0 only for a fitted model, "
           "on its own bins", "the formula has two terms", "held out the two means differ")
    c.that(not np.isclose(got, 1 - far(toy, mu) / far(toy, np.full(6, mu.mean()))),
           "the null is the mean of the model: it should be the mean of the counts",
           "the constant rate knows nothing of the model", "look at the bar over y")
    c.equal(got, ratio(far), "one of the terms of the deviance is off",
            "compute the bin with 4 spikes by hand", "a log term, and the difference of the two")
    ### BEGIN HIDDEN TESTS
    from scipy.special import xlogy

    mu = c.rng.gamma(1, 1, 300) + 0.01
    n = c.rng.poisson(mu)
    d = [np.sum(xlogy(n, n) - n * np.log(m) - n + m) for m in (mu, np.full(300, n.mean()))]
    c.equal(c.call(pseudo_r2, n, mu), 1 - d[0] / d[1], "off for fresh counts")
    ### END HIDDEN TESTS

# %%
# catch-up
mu_1 = model_1.predict(X1)
mu_2, mu_3 = model_2.predict(X2).values, model_3.predict(X3).values
keep = np.isfinite(mu_1 + mu_2 + mu_3)  # the bins that all three predict
for mu in (mu_1, mu_2, mu_3):
    print(f"{np.isfinite(mu).sum()} of {len(mu)} bins predicted")

# %% [markdown]
# Here is a trap that has caught published tables. Model 1 predicts every bin. Models 2 and 3 say
# NaN at the start of each sweep. If each is scored on its own bins, they sit different exams.
#
# A second way to score uses another unit. Take the gain in log-likelihood from model A to model B,
# summed over bins. Divided by the number of spikes and by $\log 2$ it is in **bits per spike**: how
# much better B knows when a spike comes.
#
# **Exercise 13.** Write `bits_gained`: from A to B, over the bins that *both* predict; the others
# are NaN in `mean_a` or `mean_b`.

# %% exercise="bits_gained"
def bits_gained(counts, mean_a, mean_b):
    """Log-likelihood of B minus that of A in bits per spike, on the bins both predict."""
    ### BEGIN SOLUTION
    shared = np.isfinite(mean_a) & np.isfinite(mean_b)
    y, a, b = counts[shared], mean_a[shared], mean_b[shared]
    return np.sum(y * np.log(b / a) - b + a) / np.sum(y) / np.log(2)
    ### END SOLUTION

# %% check="bits_gained" points=2
with check("bits_gained") as c:
    toy = np.array([3, 0, 1, 0, 2, 0])
    a, b = np.array([1.0, 1, 1, 1, 1, 1]), np.array([np.nan, 0.5, 1.5, 0.5, 1.8, 0.1])
    got = c.call(bits_gained, toy, a, b)
    c.that(np.ndim(got) == 0, "one number for all bins is asked for", "sum over the bins",
           "one gain, one number of spikes")
    c.that(np.isfinite(got), "not a number: bins that one of the models does not predict are in it",
           "NaN plus anything is NaN", "choose the bins before you sum")
    twins = c.call(bits_gained, toy, np.array([np.nan, 1, 1, 1, 1, 1]), a)
    c.that(abs(twins) < 1e-9,
           "two models that agree wherever both predict do not tie: they sat different bins",
           "the first bin has three spikes, and only one of the two is asked about it",
           "a bin counts for both or for none")
    keep = slice(1, None)
    nats = np.sum(toy[keep] * np.log(b[keep]) - b[keep] + 1)
    c.that(not np.isclose(got, -nats / 3 / np.log(2)), "the sign says that A is better: B minus A",
           "positive means that B wins", "take A away from B")
    c.that(not np.isclose(got, nats / 6 / np.log(2)),
           "the spikes of a bin left out are counted below the line",
           "numerator and denominator have to speak of the same bins", "choose, then count")
    c.that(not np.isclose(got, nats / 2 / np.log(2)), "divided by the number of bins with spikes: "
           "the first of them here has one, the other two", "count spikes, not bins",
           "a sum of counts stands below the line")
    half = toy[keep] * np.log2(b[keep]) - b[keep] + 1
    c.that(not np.isclose(got, half.sum() / 3), "half of it is in bits: the logarithm has base 2, "
           "and the expected counts are still nats", "both terms change the unit",
           "first all of it in nats, then divide")
    c.that(not np.isclose(got, nats / 3), "this is in nats per spike: one bit is log 2 nats",
           "the natural logarithm gives nats", "change the unit")
    c.that(not np.isclose(got, nats / 5 / np.log(2)), "this is per bin, and per spike is asked for",
           "finer bins would make it smaller", "divide by the number of spikes")
    c.that(not np.isclose(got, nats / np.log(2)), "this is the total, and per spike is asked for",
           "a longer recording should not give a larger gain", "divide by the number of spikes")
    c.that(not np.isclose(got, nats / 5 / 3 / np.log(2)),
           "a mean over bins was divided by the spikes: the gain is a sum over bins",
           "twice the recording has twice the gain and twice the spikes", "sum first")
    c.equal(got, nats / 3 / np.log(2), "a term of the log-likelihood is off",
            "the factorial cancels, the expected counts do not", "look at the empty bins, too")
    ### BEGIN HIDDEN TESTS
    n, a, b = c.rng.poisson(1, 200), c.rng.gamma(2, 1, 200), c.rng.gamma(2, 1, 200)
    a[c.rng.integers(0, 200, 30)], b[c.rng.integers(0, 200, 30)] = np.nan, np.nan
    ok = ~np.isnan(a + b)
    want = (n * np.log(b) - b - n * np.log(a) + a)[ok].sum() / n[ok].sum() * np.log2(np.e)
    c.equal(c.call(bits_gained, n, a, b), want, "off for fresh models with gaps in both")
    ### END HIDDEN TESTS

# %%
print(f"from model 1 to 2: {bits_gained(y, mu_1, mu_2):+.3f} bits per spike")
print(f"from model 2 to 3: {bits_gained(y, mu_2, mu_3):+.3f} bits per spike")

# %% [markdown]
# You should see two gains. But model 2 has 8 weights and model 3 has 16, and on the data it was
# fitted to, a larger model *always* wins. Two classic scores charge for parameters. With
# $\log L$ the log-likelihood *summed* over the $n$ bins used, and $k$ parameters,
# $$\mathrm{AIC} = 2k - 2\log L, \qquad \mathrm{BIC} = k \log n - 2 \log L,$$ and lower is better.
#
# **Exercise 14.** Write `aic_bic`. The baseline is a parameter, too. Bins without a prediction
# are no data: they count neither in $\log L$ nor in $n$. (What is left, $n - k$, are the
# **residual degrees of freedom**.) You may call `log_likelihood`.

# %% exercise="aic_bic"
def aic_bic(counts, mean, n_weights):
    """(AIC, BIC) of a model with ``n_weights`` weights and a baseline; NaN in mean: not used."""
    ### BEGIN SOLUTION
    used = np.isfinite(mean)
    n, k = np.sum(used), n_weights + 1
    total = n * log_likelihood(counts[used], mean[used])
    return 2 * k - 2 * total, k * np.log(n) - 2 * total
    ### END SOLUTION

# %% check="aic_bic" points=2
with check("aic_bic") as c:
    toy, mu = np.tile([0, 1, 0, 0, 2, 1, 0], 15), np.tile([0.2, 0.9, 0.1, 0.4, 1.7, 0.8, 0.3], 15)
    mu[:8] = np.nan  # 97 of 105 rows are used
    got = c.call(aic_bic, toy, mu, 4)
    c.that(np.shape(got) == (2,), "two numbers are asked for: AIC, then BIC")
    c.that(np.isfinite(got), "not a number: rows without a prediction are in it",
           "NaN plus anything is NaN", "choose the rows first")
    L = np.sum(toy[8:] * np.log(mu[8:]) - mu[8:] - np.log(np.maximum(toy[8:], 1)))
    c.that(not np.allclose(got, [10 - 2 * L / 97, 5 * np.log(97) - 2 * L / 97]),
           "the log-likelihood was averaged: 97 bins then weigh no more than one parameter",
           "AIC and BIC charge per parameter and pay per bin", "use the sum over bins")
    c.that(not np.allclose(got, [8 - 2 * L, 4 * np.log(97) - 2 * L]),
           "a parameter is free of charge here: the baseline was fitted, too",
           "four weights are not four parameters", "count once more")
    c.that(not np.allclose(got, [10 - 2 * L, 5 * np.log(105) - 2 * L]),
           "rows without a prediction are counted as data: 97 of these 105 rows were used",
           "a NaN row taught the model nothing", "count the rows that are in the sum")
    c.that(not np.allclose(got, [10 - 2 * L * 105 / 97, 5 * np.log(97) - 2 * L * 105 / 97]),
           "the mean log-likelihood was multiplied by all rows, also those without a prediction",
           "97 of these 105 rows were used", "mean times the rows that are in the mean")
    c.that(not np.allclose(got, [5 * np.log(97) - 2 * L, 10 - 2 * L]), "AIC and BIC are swapped",
           "with many bins, BIC charges more", "AIC comes first")
    c.that(not np.isclose(got[0], 2 * L - 10), "all signs are turned: lower should be better",
           "a parameter is a price", "the log-likelihood is taken away from the price")
    c.that(not np.isclose(got[0], 10 + 2 * L), "a better fit makes it worse: mind the sign of L",
           "lower should be better", "the log-likelihood is taken away")
    c.that(not np.isclose(got[1], 5 * np.log(toy[8:].sum()) - 2 * L),
           "the price in BIC depends on the number of bins, not of spikes",
           "n is the number of rows used", "count rows")
    bare = np.sum(toy[8:] * np.log(mu[8:]) - mu[8:])
    c.that(not np.allclose(got, [10 - 2 * bare, 5 * np.log(97) - 2 * bare]),
           "the factorial is left out of the log-likelihood: differences between models stay, but "
           "these are no values to compare with a table", "log L is the probability of the data",
           "all three terms")
    c.equal(got[0], 10 - 2 * L, "AIC is off", "charge 2 per parameter", "five parameters cost 10")
    c.equal(got[1], 5 * np.log(97) - 2 * L, "BIC is off",
            "charge the natural logarithm of the number of rows per parameter", "no base 2 or 10")
    ### BEGIN HIDDEN TESTS
    from scipy.stats import poisson

    mu, P = c.rng.gamma(1, 1, 150), int(c.rng.integers(1, 20))
    n = c.rng.poisson(mu)
    mu[c.rng.integers(0, 150, 20)] = np.nan
    ok = ~np.isnan(mu)
    L, k = poisson.logpmf(n[ok], mu[ok]).sum(), P + 1
    want = [2 * k - 2 * L, k * np.log(ok.sum()) - 2 * L]
    c.equal(c.call(aic_bic, n, mu, P), want, "off for fresh data")
    ### END HIDDEN TESTS

# %%
rows = (mu_1, 1), (mu_2, 8), (mu_3, 16)
charged = [aic_bic(y, np.where(keep, mu, np.nan), n_weights) for mu, n_weights in rows]
for name, values in zip(("AIC", "BIC"), np.transpose(charged), strict=True):
    print(name, values.round(1), "-> lowest: model", np.argmin(values) + 1)

# %% [markdown]
# You should see the models ranked twice. With tens of thousands of bins, BIC charges about
# $\log n \approx 11$ per parameter and AIC charges 2, so they can disagree. AIC asks which model
# predicts best, BIC which one is *true*, if one of them is. Both trust a formula. There is a judge
# who needs none: seconds that the model has not seen.
#
# Deal blocks of one second to five **folds**, at random like cards. Each fold is **held out** once:
# fitted to the other four, tested on this one. Single bins would not do: their neighbours tell all.
# At the border of a block, too, features still hold the other side: leave out a **gap**.
#
# **Exercise 15.** Write `blocked_folds`. Block `i` holds the bins from `i * block` up to the next
# block and belongs to fold `dealt[i]`; the last may be cut short. Each fold is a pair of boolean
# arrays `(train, test)`. A training bin is *more than* `gap` bins away from every test bin.

# %% exercise="blocked_folds"
def blocked_folds(dealt, block, n_bins, gap):
    """List of (train, test) for fold 0, 1, ...: two boolean arrays of length n_bins each."""
    ### BEGIN SOLUTION
    fold = np.repeat(dealt, block)[:n_bins]
    pairs = []
    for k in range(max(dealt) + 1):
        test = fold == k
        near = np.convolve(test, np.ones(2 * gap + 1))[gap : gap + n_bins] > 0.5
        pairs.append((~near, test))
    return pairs
    ### END SOLUTION

# %% check="blocked_folds" points=3
with check("blocked_folds") as c:
    got = c.call(blocked_folds, np.array([2, 0, 1, 1, 0, 2]), 10, 57, 2)
    c.that(len(got) == 3 and all(np.size(mask) == 57 for pair in got for mask in pair),
           "one pair (train, test) per fold is due, each a boolean array with a value per bin",
           "masks, not bin numbers", "three folds here, two masks each, 57 bins")
    train, test = np.asarray(got)[:, 0].astype(bool), np.asarray(got)[:, 1].astype(bool)
    runs = np.diff(np.flatnonzero(np.diff(test[0].astype(int))))
    c.that(len(runs) == 0 or runs.min() >= 5,
           "the test bins are scattered: each has neighbours in the training set that tell it all",
           "consecutive bins share their current and their history", "keep whole blocks together")
    c.that(test.sum() < train.sum(),
           "more bins are tested than trained on: are the two swapped?",
           "with three folds, each tests a third", "train comes first")
    c.that(test.any(0), "some bins are never tested: each bin belongs to one fold",
           "the gap is taken from the training bins, not from the test bins",
           "together the test blocks cover everything")
    c.that(test.sum(0) == 1, "a bin is tested more than once: each block belongs to one fold",
           "the folds share out the blocks", "a fold tests its own blocks and no other")
    c.that(not (train & test).any(), "a bin is trained on and tested in the same fold",
           "held out means held out", "take the test bins away from the training bins")
    c.that(np.flatnonzero(test[0]) == np.r_[10:20, 40:50],
           "the blocks lie in other folds than they were dealt to",
           "block 1, the bins 10 to 19, was dealt to fold 0 here", "read the fold of each block")
    away = np.array([[abs(np.flatnonzero(s) - t).min() for t in range(57)] for s in test])
    c.that(not train[away == 1].all(), "training bins touch the test bins: there is no gap",
           "the features of a bin reach back over the border of its block",
           "take the neighbours of the test bins away from the training bins")
    c.that(not train[away == 1].any(),
           "the test blocks have a gap before or after them, but not on both sides",
           "features look back, so both borders of a block leak", "leave a gap before AND after")
    c.that(not train[away <= 2].any(), "the gap is one bin too narrow",
           "distance `gap` is still too near", "a training bin is more than `gap` bins away")
    ends = np.asarray(c.call(blocked_folds, np.array([0, 1, 2, 1]), 10, 40, 2)[0])[0]
    c.that(ends[[38, 39]] == 1, "the first block is tested, and the last bins of the recording are "
           "left out: the end is no neighbour of the start", "no time goes round",
           "a shift that wraps does this")
    c.that(train[away > 2].all(), "more bins are left out than the gap asks for",
           "every bin farther than `gap` from the test bins may be trained on",
           "the gap goes around each test block, once on each side")
    ### BEGIN HIDDEN TESTS
    block, gap, cards = int(c.rng.integers(11, 23)), int(c.rng.integers(0, 5)), np.arange(15) % 4
    dealt, n = c.rng.permutation(cards), 14 * block + 5
    which = np.array([dealt[t // block] for t in range(n)])
    for k, pair in enumerate(c.call(blocked_folds, dealt, block, n, gap)):
        train, test = np.asarray(pair).astype(bool)
        c.that((test == (which == k)).all(), "the test blocks are off for other numbers of bins")
        bad = [t for t in range(n) if train[t] != (which[max(0, t - gap) : t + gap + 1] != k).all()]
        c.that(not bad, "the training bins are off for another gap, perhaps one of 0")
    ### END HIDDEN TESTS

# %% [markdown]
# Every sweep is dealt alike: if the sweeps repeat the same current, a second of it is held out of
# *all* of them at once. The gap is the window of the models, 200 bins.

# %%
sizes = np.bincount(sweep)  # bins per sweep
dealt = np.random.default_rng(0).permutation(np.arange(-(-sizes.max() // 1000)) % 5)
per_sweep = [blocked_folds(dealt, 1000, n, WINDOW) for n in sizes]
folds = [np.concatenate(pair, axis=1) for pair in zip(*per_sweep, strict=True)]  # (2, T) each
fig, ax = plt.subplots(figsize=(9, 2.6), layout="constrained")
picture = np.array([np.where(test, 2, train) for train, test in folds], float)
ax.imshow(picture, aspect="auto", cmap="cividis", interpolation="nearest",
          extent=(0, len(y) * DT, 4.5, -0.5))
ax.set(xlabel="recorded time (s)", ylabel="fold", xlim=(0, 20),
       title="yellow: tested, grey: trained on, blue: gap")
show(fig, "Five rows of blocks: in each fold another fifth of the blocks is tested, with a gap on "
          "either side.")
print("spikes tested in each fold:", [int(y[test.astype(bool) & keep].sum()) for _, test in folds])

# %% [markdown]
# You should see each second tested once. Some folds may hold hardly a spike, so no fold is scored
# alone: all held-out bins are put together first.
#
# Now the contest: every bin is predicted by a model that has not seen its neighbourhood. And a
# control: the counts **shuffled** in time, the features left alone. Nothing can be learned there,
# so a score above 0 would mean that something leaks.
#
# **Predict.** Write down three numbers: by how much will each model's score fall?

# %%
def held_out(X, counts, **penalty):
    """Expected count of each bin, by a model that was fitted without this bin's fold."""
    mean = np.full(len(counts), np.nan)
    for train, test in folds:
        model = nmo.glm.GLM(**penalty).fit(X, counts, sample_weight=train.astype(float))
        mean[test > 0] = np.asarray(model.predict(X))[test > 0]
    return mean


shuffled = y.copy()
shuffled[keep] = np.random.default_rng(1).permutation(y[keep])
contest = {}
for name, X, mu, penalty in [("1", X1, mu_1, {}), ("2", X2, mu_2, {}), ("3", X3, mu_3, ridge)]:
    unseen, control = (held_out(X, n, **penalty) for n in (y, shuffled))
    tests = (y, mu), (y, unseen), (shuffled, control)
    contest[name] = [pseudo_r2(n[keep], mu[keep]) for n, mu in tests]
    print("model {}: fitted {:.4f}, held out {:.4f}, shuffled {:+.4f}".format(name, *contest[name]))

# %%
fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
ax.axhline(0, color="0.8", lw=1)
for k, (name, color) in enumerate(zip(contest, (MODEL, OTHER, THIRD), strict=True)):
    fitted, unseen, control = contest[name]
    ax.plot(k, fitted, "o", color=color, mfc="none", ms=12)
    ax.plot(k, unseen, "o", color=color, ms=12)
    ax.plot(k, control, "x", color=DATA, ms=9, mew=2)
labels = ("fitted", 4), ("held out", -14), ("shuffled", -4)
for (text, up), value in zip(labels, contest["3"], strict=True):
    ax.annotate(text, (2, value), (12, up), textcoords="offset points")
ax.set(xticks=range(3), xticklabels=["1: current now", "2: its past", "3: and own spikes"],
       xlim=(-0.5, 2.7), ylabel="pseudo-R² (no unit)", title="three models, the same bins")
show(fig, "Pseudo-R² of the three models: on the data they were fitted to, held out, and shuffled.")

# %% [markdown]
# You should see each filled point below its open one: a little for model 1, more for the models
# with many weights. That distance is called **overfitting**. The crosses lie at 0 or below it.
# If the order of the filled points is the order of the models, both pasts have earned their place.
# If it is not, the data were too few for 16 weights, and that is a result, too.
#
# Compare with AIC and BIC above. Where they disagree, ask what you want: to predict, or to name
# the one true model. The held-out score answers the first question, without assumptions.

# %% [markdown]
# ## 8. And this is what was really there
#
# A twin has an advantage over a neuron: it can be opened. **Predict.** Where will the true filter
# differ from yours: at short lags, or at long ones?

# %%
# catch-up
truth = recording.truth
now = nmo.understanding.kernel(past, weights_3["current"], dt=DT * 1e3)  # .axis in ms, .value
after = nmo.understanding.kernel(own, weights_3["spikes"], dt=DT * 1e3)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
left.plot(now.axis, now.value, color=THIRD, lw=2, label="model 3")
right.plot(after.axis, after.gain.value, color=THIRD, lw=2, label="model 3")
if truth is None:
    print("A neuron does not tell: here are your filters, and no truth to lay beside them.")
else:
    true_lags = 1e3 * DT * np.arange(1, 1 + len(truth["current_filter"]))
    left.plot(true_lags, truth["current_filter"], "k--", lw=1.5, label="truth")
    true_gain = np.exp(truth["history_filter"])
    right.plot(true_lags[: len(true_gain)], true_gain, "k--", lw=1.5)
    match = np.corrcoef(now.value, truth["current_filter"])[0, 1]
    print(f"correlation of your current filter with the true one: {match:.3f}")
left.set(xlabel="lag (ms)", ylabel="filter (per pA)", title="what the current does")
left.legend(frameon=False)
right.set(xlabel="time after a spike (ms)", ylabel="factor on the rate", title="what a spike does",
          ylim=0)
show(fig, "Left: filter on the current of model 3 and, for a twin, the true one. Right: the factor "
          "on the rate after a spike.")

# %% [markdown]
# On a twin you should see the dashed truth under your peak and your dip, and a correlation above
# 0.9. The right panel is rougher: few spikes follow each other closely, so few speak about it, and
# the ridge pulls it towards 1. And you can look up who was right in part 7: a twin *has* a memory
# of its spikes.
#
# On a real recording you see your filters alone. How far to trust them is what part 7 measured.
#
# **Predict.** One last exam: the sweeps *Noise 2*, another current, which no model has touched.
# Will the scores be nearer to the fitted or to the held-out ones?

# %%
fresh = epochs[np.array([np.ravel(tag)[0] == "Noise 2" for tag in epochs["tags"]])]
if len(fresh):
    new_y, new_x = spikes.count(DT, fresh), 1e12 * stimulus.restrict(fresh).bin_average(DT, fresh)
    new_X3 = both.compute_features(new_x, new_y)
    new_X1 = np.where(np.isfinite(new_X3.values[:, :1]), new_x.values[:, None], np.nan)  # same bins
    exam = (model_1, new_X1), (model_2, new_X3[:, :8]), (model_3, new_X3)
    for name, (model, X) in enumerate(exam, 1):
        score = model.score(X, new_y, score_type="pseudo-r2-Cohen")
        print(f"model {name} on Noise 2: {score:.4f}")

# %% [markdown]
# You should see the same order of the models. On a twin the scores lie near the held-out ones,
# above or below: another current may be easier or harder. A real cell may score lower, because it
# changed in the minutes between; no split of the first sweeps could have told you.

# %% [markdown] written="verdict" points=3
# ## A verdict, in your own words
#
# A colleague looks at your filter and says: "It dips below zero 10 to 40 ms before a spike, so the
# neuron gets an inhibitory input with that delay. Model 3 has the lowest AIC, so this is proven."
#
# Answer in five to eight sentences. Give the numbers that matter. Say what the dip does show, what
# it does not, and name one experiment or analysis that would tell the readings apart.
#
# ### BEGIN SOLUTION
# **A model answer.** The filter says which currents precede spikes in a model that adds up the
# past 200 ms and takes an exponential. The current came from our pipette, so it is no synapse:
# nothing was delivered with a delay. It says that at equal present current the cell fires more if
# the current was lower 10-40 ms ago, thus a preference for a rise, as slow potassium currents or
# sodium inactivation would produce. AIC compares fits to the same data and proves no mechanism. On
# held-out seconds model 3 scored (number) against (number) for model 2 and (number) for model 1, on
# the same bins, and the shuffled control was at 0; so the past helps to predict. BIC (agrees /
# disagrees). To tell the readings apart: block synapses and repeat; inject steps and look for
# adaptation; refit without spike history and see whether the dip changes; put error bars on it.
#
# **Rubric (3 points).**
# - 1 point: a held-out number for at least two models, on the same bins, and what they mean. AIC or
#   fitted scores alone: half a point.
# - 1 point: the current is injected, so the dip is no synaptic input; it is a property of the cell
#   and of the model's form, a preference for rising current. "Correlation is not causation" without
#   the pipette: half a point.
# - 1 point: one experiment or analysis whose outcome would differ between the two readings, with
#   the outcome said.
# ### END SOLUTION

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Fit the models to the first sweep alone. Do AIC and BIC still agree on
# the order?</summary>
#
# `X2[sweep == 0]` and `y[sweep == 0]` do it; cut a recording with a single sweep in three. With a
# third of the spikes each weight has less to show for its price. On the twins AIC stays with
# model 3 while BIC falls back to model 1, from one end of the list to the other. In a published
# sweep of 28 s with 40 spikes, AIC prefers the past of the current by 14 and BIC the single weight
# by 43. BIC takes every bin for a full observation, though nearly all of them are empty.
# </details>
#
# <details><summary><b>2.</b> Count in bins of 5 ms. Which conclusions change?</summary>
#
# Five times fewer bins, expected counts five times as large: the baseline grows by log 5. The peak
# of the filter, a few ms wide, gets blurred into one or two bins, and so does the silence after a
# spike. Counts of 2 appear, which 1 ms bins hardly ever hold.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Predict <code>model_3.dof_resid_</code> before you print it.</summary>
#
# Bins with a full past, minus 16 weights, minus the baseline: `keep.sum() - 17`. A published value
# for a model like this counts the rows with NaN as well, and is too large by the window.
# </details>
#
# <details><summary><b>4.</b> Set the strength of the ridge to 0, then to 1. What happens to the
# history filter and to the held-out score?</summary>
#
# At 0 the factor right after a spike falls to 0, and the library may warn that some weights grow
# without end. One held-out spike in that stretch would then cost the model dearly. At 1 all spike
# weights are pressed to zero, and model 3 turns into model 2, with a smaller filter.
# </details>
#
# <details><summary><b>5.</b> Deal the blocks in turn: <code>np.arange(n) % 5</code>.</summary>
#
# On the real recording for which this lesson was tested, the current grows and shrinks every 5 s.
# Folds in turn keep step: one fold holds all the strong moments, and a model that never saw strong
# currents has to predict them. The held-out score of model 3 falls below 0. Nothing is wrong with
# the model; it was asked about a world it had not met. Random dealing breaks the step.
# </details>

# %% [markdown]
# ## What you take with you
#
# - Restrict first; average the current, count the spikes; divide by the time spent.
# - Counts per bin inside the model, Hz only when you draw.
# - A weight multiplies: exp(weight times step) is a gain.
# - Features look back and never across a pause; what is unknown is NaN and costs its bin.
# - Weights are not a filter. Bump times weight, on an axis that starts at one bin, is.
# - The same bins, held out in blocks, a gap as long as the window, a shuffled control.
#
# **Where next in NeMoS.** Write `import nemos as nmo`; `nmo.basis.RaisedCosineLogConv`,
# `HistoryConv`, `nmo.glm.GLM` and `score_type` stay as they are. Its tutorials on current injection
# and on head direction go on from here; lesson 05 takes the second.

# %% [markdown]
# ## Further reading
#
# - Paninski (2004) *Network* 15, 243-262, doi 10.1088/0954-898X_15_4_002: why the hill has one
#   top.
# - Truccolo et al. (2005) *J. Neurophysiol.* 93, 1074-1089, doi 10.1152/jn.00697.2004: a neuron's
#   own spikes as features.
# - Weber & Pillow (2017) *Neural Comput.* 29, 3260-3289, doi 10.1162/neco_a_01021: how many kinds
#   of firing these two filters can imitate.
# - Cameron & Windmeijer (1997) *J. Econometrics* 77, 329-342, doi 10.1016/S0304-4076(96)01818-0:
#   the pseudo-R² of deviances.
# - Burnham & Anderson (2004) *Sociol. Methods Res.* 33, 261-304, doi 10.1177/0049124104268644:
#   what AIC and BIC ask.
# - Roberts et al. (2017) *Ecography* 40, 913-929, doi 10.1111/ecog.02881: why blocks, how large.
# - Pozzorini et al. (2015) *PLoS Comput. Biol.* 11, e1004275, doi 10.1371/journal.pcbi.1004275:
#   such models, from noise currents, for many cells.
