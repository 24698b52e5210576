# %% [markdown]
# # 00 · Start here: cells, checks, twins
#
# In every lesson you write short pieces of code, and each piece is checked at once. This first
# one is about the tools: how to run a cell, how to read a check, what a *twin* is, and how to hand
# in. It also tests your installation.

# %% [markdown]
# **At the end you can**
# - run a notebook from top to bottom, and tell a missing answer from a wrong one;
# - read a hint, mend an answer, and try again;
# - say whether you look at a twin or at a real recording;
# - keep spikes, counts and Hz apart;
# - hand in a notebook that will run on another machine.
#
# **You need** Python and NumPy: arrays, functions, slices. No neuroscience, no statistics.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | run cells, test the installation | 10 min | 10 min |
# | 2 | checks and their three messages | 15 min | 20 min |
# | 3 | a recording and its twin | 10 min | 15 min |
# | 4 | counts and Hz | 15 min | 20 min |
# | 5 | hand in | 5 min | 5 min |
#
# **Arriving late?** Run the next cell of code, then every cell marked *catch-up* down to the part
# you join.

# %% [markdown]
# ## 1. Run a cell
#
# A notebook is a list of cells. Click on the one below and press **Shift + Enter**: it runs, its
# output appears under it, and the next cell is selected. The number in brackets on the left
# counts the cells that you have run. A star there means *still running*: wait. If it never ends,
# press ■ above the notebook.

# %%
import importlib.metadata
import platform
import time

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, show

print("Python", platform.python_version())
for package in ("jax", "numpy", "pynapple", "matplotlib"):
    print(package, importlib.metadata.version(package))

# %% [markdown]
# You should see five names with their versions. If you see an error instead, the installation is
# not complete: the README of the course says how to repeat it.
#
# The next cell is the real test. It fits a small model to made-up data whose answer is known.
# What a model, a weight and a fit are, lessons 01 and 02 explain. Here it only has to run.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(5000, 1))
y = rng.poisson(np.exp(0.5 * x[:, 0] - 1))
began = time.perf_counter()
model = nmo.glm.GLM().fit(x, y)
print(f"true weight 0.5, fitted {model.coef_[0]:.3f}, in {time.perf_counter() - began:.1f} s")
print(f"distance from the optimum: {model.gap_[0]:.0e}")

# %% [markdown]
# You should see a fitted weight near 0.5, and a tiny distance from the **optimum**, the best fit
# there is. The first fit takes some seconds, because the program is prepared for your machine.
#
# **Predict.** Run the cell once more. Will it be faster, slower, or the same?
#
# <details><summary>What happens</summary>
#
# Faster, by a lot: the prepared program is kept. The fitted weight is the same to the last
# digit, because the random numbers start from the same seed.
# </details>

# %% [markdown]
# ## 2. Checks
#
# An **exercise** is a cell with a gap. The cell after it is its **check**, folded away behind three
# dots, because its code holds the hints. Press Shift + Enter in the exercise: the check is
# selected. Press it again: the check runs. You may do so as often as you like, and nothing is
# recorded while you learn. Do not edit a check: at grading it is put back as it was. (A click
# unfolds it. *View → Collapse Selected Code* folds it again.)

# %% [markdown]
# A check has three ways to say *no*, and they never look alike:
#
# | it says | it means | what to do |
# |---|---|---|
# | not attempted yet | the gap is still a gap | write your answer, run its cell, run the check |
# | not right yet | the code runs; the answer is off | read the hint, think, mend, run both again |
# | your code raised … | your code stopped with an error | go to the line that it names |
#
# And if any cell says `NameError: name '…' is not defined`, a cell above it has not been run yet.
# *Run → Run All Above Selected Cell* runs them all.
#
# **Exercise 1.** Run the check below *before* you change anything, and read it. Then replace
# `...` by the number of spikes in `spike_times`, run both cells, and read it again.

# %%
spike_times = np.array([0.11, 0.48, 0.52, 0.93, 1.36, 1.41, 1.77])  # s

# %% exercise="n_spikes"
### BEGIN SOLUTION
n_spikes = len(spike_times)
### END SOLUTION

# %% check="n_spikes" points=1
with check("n_spikes") as c:
    n = c.value(n_spikes)
    c.that(np.asarray(n).dtype.kind != "U", "this is text: a number has no quotation marks",
           "text cannot be compared with a count", "leave the quotation marks out")
    c.that(np.ndim(n) == 0, "one number is asked for, not an array",
           "how many entries does the array have?", "count the entries, do not list them")
    c.that(n != np.sum(spike_times), "these are seconds added up, not spikes counted",
           "each entry is the time of one spike", "ask for the length of the array")
    c.that(n != spike_times[-1], "this is the time of the last spike",
           "the question is how many there are", "ask for the length of the array")
    c.equal(n, len(spike_times), "the number of spikes is off",
            "each entry of the array is one spike", "count them on your fingers and compare")

# %% [markdown]
# You should have seen *not attempted yet* first, then *passed*.
#
# **Exercise 2.** Most answers are functions. Inside the gap stands `raise NotImplementedError()`;
# it says: nobody has written this yet. Replace that line. The text in triple quotes above it says
# what the function gives back: first its length, here one less than that of `times`.
#
# `intervals` gives the time from each spike to the next. Seven spikes have six of them.

# %% exercise="intervals"
def intervals(times):
    """(len(times) - 1,): time from each spike to the next, in the unit of `times`."""
    ### BEGIN SOLUTION
    return np.diff(times)
    ### END SOLUTION

# %% check="intervals" points=1
with check("intervals") as c:
    got = c.call(intervals, np.array([1.0, 1.5, 3.0, 3.1]))
    c.that(np.shape(got) == (3,), "four spikes have three intervals between them",
           "an interval needs a spike at both of its ends", "the first spike ends no interval")
    c.that(np.all(got > 0), "negative intervals: the subtraction runs the wrong way round",
           "time runs forward: later minus earlier", "swap what is subtracted from what")
    c.that(not np.allclose(got, [0.5, 2.0, 2.1]),
           "these are times since the first spike, not since the previous one",
           "each interval starts where the one before it ended",
           "subtract the neighbour, not the first entry")
    c.that(not np.allclose(got, [0.1, 1.5, 0.5]), "the intervals come out in reversed order",
           "the first interval is the one between the first two spikes",
           "leave the spikes in their order")
    c.equal(got, [0.5, 1.5, 0.1], "the intervals are off",
           "later minus earlier, neighbour by neighbour")
    ### BEGIN HIDDEN TESTS
    gaps = c.rng.exponential(0.2, 50)
    c.equal(c.call(intervals, np.cumsum(gaps)), gaps[1:], "off on a fresh spike train")
    ### END HIDDEN TESTS

# %% [markdown]
# The last line of a passed check may say that more properties are checked *at grading*. Those run
# your function on fresh numbers. An answer that is right for any input has nothing to fear.
#
# **Exercise 3.** Somebody wrote the next function in a hurry. It should find the neuron with the
# most spikes. It runs, and it is wrong. Copy its last line into the gap below and run the check.
# Read the hint and mend the line. If the hint is not enough, run the check again: the next try
# shows a further one.

# %%
def in_a_hurry(counts):
    """Index of the neuron with the most spikes; counts is (T, N): bins x neurons."""
    return np.argmax(counts.sum(axis=1))


# %% exercise="busiest"
def busiest(counts):
    """Index of the neuron with the most spikes; counts is (T, N): bins x neurons."""
    ### BEGIN SOLUTION
    return np.argmax(counts.sum(axis=0))
    ### END SOLUTION

# %% check="busiest" points=1
with check("busiest") as c:
    toy = np.array([[0, 0, 0, 0, 2, 0], [1, 1, 0, 0, 0, 0], [0, 1, 0, 5, 0, 0], [0, 2, 1, 0, 0, 0],
                    [0, 1, 0, 0, 1, 0], [1, 1, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0], [1, 2, 2, 0, 1, 1]])
    got = c.call(busiest, toy)
    c.that(np.ndim(got) == 0, "one index is asked for", "which single neuron fired most?",
           "reduce the sums to the position of the largest one")
    c.that(got != 7, "this is the busiest *bin*: all neurons of a row were added up",
           "rows are bins and columns are neurons", "add along the other axis")
    c.that(got != 9, "this is a number of spikes, not the index of a neuron",
           "the question is who, not how many", "ask where the largest sum stands")
    c.that(got != 15, "there are six neurons and no number 15: this counts the whole table through",
           "one entry of the table is one bin of one neuron", "add up each neuron's bins first")
    c.that(got != 3, "this neuron has the fullest single bin; another has more spikes in all",
           "all bins of a neuron count", "add up first, then look for the largest")
    c.that(got != 0, "all spikes of all neurons went into one sum: nobody is left to be compared",
           "each neuron needs a sum of its own", "add along one axis only")
    c.that(got != 5, "this is the index of the neuron that fired least",
           "smallest and largest are swapped", "look for the maximum")
    c.that(got != 2, "Python counts from 0: the second column has index 1",
           "index 0 is the first neuron", "nothing has to be added")
    c.equal(got, 1, "another neuron fired more", "add up each column by hand and compare")
    ### BEGIN HIDDEN TESTS
    fresh = c.rng.poisson(c.rng.uniform(0.1, 2, 9), (300, 9))
    totals = [sum(row[n] for row in fresh) for n in range(9)]
    c.equal(c.call(busiest, fresh), totals.index(max(totals)),
            "off on fresh counts: try more neurons")
    ### END HIDDEN TESTS

# %% [markdown]
# That array had a **shape**, `(T, N)`: `T` time bins in rows, `N` neurons in columns. The whole
# course keeps this order. When something goes wrong, print the shape first.

# %% [markdown]
# ## 3. A recording, and its twin
#
# Every recording of the course has a **twin**: simulated data with the same names, units and
# layout. A twin needs no network. And we know the rules that made it, so a lesson can end with
# *and this is what was really there*.

# %%
# catch-up
recording = data_fetch.load("current_injection")
print(recording)

# %% [markdown]
# You should see the word TWIN or RECORDING in the first line. A twin names its **seed**, the
# number that its random numbers start from. Another seed is another animal. Hand-ins are graded
# on an animal that you have never seen, so an answer must not depend on this one.
#
# A recording has parts with names, like a dictionary.

# %%
for name in recording:
    print(f"{name:10s} {type(recording[name]).__name__}")

# %% [markdown]
# **Exercise 4.** The part `"stimulus"` is a current in ampere. Its useful numbers have many zeros
# behind the point, so people write picoampere: 1 pA is $10^{-12}$ A, in Python `1e-12`. Write
# `to_pA`.

# %% exercise="to_pA"
def to_pA(ampere):
    """The same current in pA."""
    ### BEGIN SOLUTION
    return np.asarray(ampere) * 1e12
    ### END SOLUTION

# %% check="to_pA" points=1
with check("to_pA") as c:
    got = c.call(to_pA, np.array([0.0, 2e-12, -5e-11]))
    c.that(np.shape(got) == (3,), "one number out for each number in",
           "keep the shape of the input",
           "do the same to all entries at once")
    c.that(np.abs(got).max() > 1e-12, "the numbers became smaller still: the factor is upside down",
           "one ampere is a great many picoampere", "in the smaller unit the number is larger")
    c.that(not np.allclose(got, [0, 2e-12, -5e-11], atol=0), "the numbers are still in ampere",
           "2e-12 A is 2 pA", "a factor is missing")
    c.that(not np.allclose(got, [0, 2e-9, -5e-8], atol=0), "this is mA: nine zeros are missing",
           "milli is 3 zeros, pico is 12", "count the zeros")
    c.that(not np.allclose(got, [0, 2e-3, -5e-2]), "this is nA: three zeros are missing",
           "nano is 9 zeros, pico is 12", "count the zeros")
    c.that(not np.allclose(got, [0, 2e-6, -5e-5]), "this is µA: six zeros are missing",
           "micro is 6 zeros, pico is 12", "count the zeros")
    c.that(got[2] < 0, "the sign is lost: a negative current is pulled out, not pushed in",
           "a unit changes the size of a number, not its sign", "leave the sign alone")
    c.equal(got, [0, 2, -50], "the values are off", "2e-12 A is 2 pA")
    ### BEGIN HIDDEN TESTS
    amps = c.rng.normal(0, 1e-10, 30)
    c.equal(c.call(to_pA, amps), amps / 1e-12, "off on fresh currents")
    ### END HIDDEN TESTS

# %% [markdown]
# A recording has pauses. `recording["epochs"]` lists the stretches of time, **epochs**, in which
# something was recorded, with a tag that says what.
#
# **Exercise 5.** Write `time_in`: the seconds spent in all epochs that carry one tag. `tags`,
# `starts` and `ends` are arrays with one entry per epoch.

# %% exercise="time_in"
def time_in(tag, tags, starts, ends):
    """Seconds in the epochs whose tag is `tag`."""
    ### BEGIN SOLUTION
    chosen = np.asarray(tags) == tag
    return np.sum((np.asarray(ends) - np.asarray(starts))[chosen])
    ### END SOLUTION

# %% check="time_in" points=1
with check("time_in") as c:
    tags_ = np.array(["noise", "step", "noise"])
    begin, stop = np.array([0.0, 10.0, 20.0]), np.array([4.0, 11.0, 23.0])
    got = c.call(time_in, "noise", tags_, begin, stop)
    c.that(np.ndim(got) == 0, "one number is asked for: add the epochs up",
           "the seconds of all matching epochs together", "a sum is missing")
    c.that(got != 23, "the pauses between the epochs are counted as well",
           "nothing was recorded between one end and the next start",
           "add up the length of each epoch")
    c.that(got != 8, "epochs with another tag are counted as well",
           "the tag has not been asked for",
           "keep the matching epochs before you add up")
    c.that(got != 2, "this is the number of epochs, not the time in them",
           "each epoch has a length",
           "add up seconds")
    c.that(got != 3.5, "this is the mean length of an epoch", "all the time together is asked for",
           "add up, do not average")
    c.that(got not in (3, 4), "only one of the epochs with this tag is counted",
           "the tag can come more than once", "all matching epochs together")
    c.that(got != -7, "a negative time: the subtraction runs the wrong way round",
           "an epoch ends after it has started", "later minus earlier")
    c.equal(got, 7, "the seconds are off", "an epoch lasts from its start to its end")
    ### BEGIN HIDDEN TESTS
    names = c.rng.choice(["a", "b", "c"], 40)
    t0 = np.arange(40.0)
    t1 = t0 + c.rng.uniform(0.1, 0.9, 40)
    want = sum(b - a for n, a, b in zip(names, t0, t1, strict=True) if n == "b")
    c.equal(c.call(time_in, "b", names, t0, t1), want, "off on fresh epochs")
    c.equal(c.call(time_in, "d", names, t0, t1), 0, "a tag that no epoch carries: 0 seconds")
    ### END HIDDEN TESTS

# %%
epochs = recording["epochs"]
tags = np.array([np.ravel(tag)[0] for tag in epochs["tags"]])
for tag in dict.fromkeys(tags):
    print(f"{tag:28s} {time_in(tag, tags, epochs.start, epochs.end):7.2f} s")

# %% [markdown]
# You should see the stimuli of this session, each with its time.

# %% [markdown]
# ## 4. Counts and Hz
#
# A model works on **bins**: equal slices of time, each with the number of spikes in it, its
# **count**. A rate is spikes per *second*, Hz. The two differ by a factor that is easy to forget.
#
# **Predict.** A neuron fires at 20 Hz. How many spikes does a bin of 10 ms hold on average?
#
# <details><summary>The answer</summary>
#
# 0.2: a hundred such bins make a second, and 20 spikes fall into them. Most bins are empty. No bin
# ever holds 0.2 spikes; a mean can.
# </details>

# %%
# catch-up
spikes, epochs = recording["units"][0], recording["epochs"]
per_epoch = [len(spikes.restrict(epochs[i])) for i in range(len(epochs))]
busy = epochs[int(np.argmax(per_epoch))]  # the sweep with most spikes
train = spikes.restrict(busy)
print(f"{len(train)} spikes in {busy.tot_length():.2f} s")


# %%
def draw(bin_ms=100):
    counts = train.count(bin_ms / 1000, busy)
    fig, axes = plt.subplots(2, 1, figsize=(8, 4), sharex=True, layout="constrained")
    t, n = counts.t - busy.start[0], counts.values
    axes[0].step(t, n, where="mid", color=DATA)
    axes[0].set(ylabel="spikes per bin", title=f"bins of {bin_ms} ms")
    axes[1].step(t, n / (bin_ms / 1000), where="mid", color=MODEL)
    axes[1].set(ylabel="rate (Hz)", xlabel="time in the sweep (s)")
    show(fig, f"Spikes per bin of {bin_ms} ms above, the same in Hz below, over one sweep.")


draw(100)

# %% [markdown]
# You should see two panels of the same shape with different axes. Move the slider below (it needs
# a running notebook; without one, change the number in `draw(100)`). Short bins: small counts, tall
# rates. Long bins: large counts, calm rates. The neuron is the same all the time.

# %%
slider = IntSlider(100, 20, 1000, 20, description="bin (ms)", continuous_update=False)
_ = interact(draw, bin_ms=slider)

# %% [markdown]
# **Exercise 6.** Write `counts_to_hz`: from counts per bin to spikes per second. `dt` is the
# length of a bin in seconds.

# %% exercise="counts_to_hz"
def counts_to_hz(counts, dt):
    """Spikes per second, one for each bin."""
    ### BEGIN SOLUTION
    return np.asarray(counts) / dt
    ### END SOLUTION

# %% check="counts_to_hz" points=1
with check("counts_to_hz") as c:
    got = c.call(counts_to_hz, np.array([0, 1, 4]), 0.02)
    c.that(np.shape(got) == (3,), "one rate for each bin", "keep the shape of the counts",
           "do the same to all bins at once")
    c.that(not np.allclose(got, [0, 0.02, 0.08]),
           "smaller than the counts: the bin length is on the wrong side",
           "a spike in 20 ms is a lot for one second", "one second holds many bins")
    c.that(not np.allclose(got, [0, 0.05, 0.2]),
           "`dt` is in seconds, and this takes it as milliseconds",
           "0.02 means 20 ms", "use `dt` as it comes")
    c.that(not np.allclose(got, [0, 1, 4]), "these are still counts per bin",
           "a count says nothing about one second", "the bin length has to come in")
    c.that(not np.allclose(got, [0, 1000, 4000]), "this takes every bin as 1 ms long",
           "how long a bin is, `dt` says", "the bin length has to come in")
    c.equal(got, [0, 50, 200], "the rates are off", "one spike in 0.02 s is 50 spikes per second")
    ### BEGIN HIDDEN TESTS
    k, dt = c.rng.poisson(2, 60), float(c.rng.uniform(0.001, 0.5))
    c.equal(c.call(counts_to_hz, k, dt), [n / dt for n in k], "off on fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 7.** Now the other way. A model says: 12 Hz. How many spikes does it expect in each
# bin? Write `expected_count`. The answer need not be a whole number: it is a mean.

# %% exercise="expected_count"
def expected_count(rate, dt):
    """Mean number of spikes in a bin of `dt` seconds at `rate` Hz."""
    ### BEGIN SOLUTION
    return rate * dt
    ### END SOLUTION

# %% check="expected_count" points=1
with check("expected_count") as c:
    c.that(c.call(expected_count, 5e6, 1.0) == c.call(expected_count, 5e6, 1.0),
           "each call gives another number: a draw, where its mean is asked for",
           "the mean is the same each time", "nothing random is needed")
    got = c.call(expected_count, 12.0, 0.01)
    c.that(got != 1200,
           "more spikes in 10 ms than in a second: the bin length is on the wrong side",
           "a hundred bins of 10 ms make one second", "a shorter bin holds fewer spikes")
    c.that(got != 0, "a mean need not be a whole number: rounding makes it 0 here",
           "twelve spikes spread over a hundred bins", "leave the decimals in")
    c.that(not np.isclose(got, [120, 0.00012]).any(),
           "this takes `dt` as milliseconds; it is in seconds", "0.01 means 10 ms",
           "use `dt` as it comes")
    c.that(got != 12, "this is still the rate, spikes per second",
           "a bin is a hundredth of a second here", "the bin length has to come in")
    c.equal(got, 0.12, "the mean count is off",
           "twelve spikes a second, spread over a hundred bins")
    ### BEGIN HIDDEN TESTS
    rate, dt = float(c.rng.uniform(1, 90)), float(c.rng.uniform(0.001, 0.1))
    c.equal(c.call(expected_count, rate, dt), rate / (1 / dt), "off for another rate and bin")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 8.** One last trap. How many bins of length `dt` fill `duration`? Write `n_bins`. A
# computer that divides 0.29 by 0.01 gets 28.999999999999996, and you want 29.

# %% exercise="n_bins"
def n_bins(duration, dt):
    """Number of bins, a whole number; `duration` is a whole number of bins up to rounding."""
    ### BEGIN SOLUTION
    return round(duration / dt)
    ### END SOLUTION

# %% check="n_bins" points=1
with check("n_bins") as c:
    c.that(c.call(n_bins, 2.0, 0.5) == 4, "2 s hold four bins of 0.5 s",
           "how often does `dt` fit in?",
           "time over time gives a number")
    got = c.call(n_bins, 0.29, 0.01)
    c.that(got != 28, "the last bin is lost: 28.99… was cut down to 28",
           "cutting the decimals is not the same as taking the nearest whole number",
           "go to the nearest whole number")
    c.that(got == np.round(got), "a number of bins is a whole number", "28.99… is meant to be 29",
           "go to the nearest whole number")
    c.that(c.call(n_bins, 0.14, 0.01) == 14 and c.call(n_bins, 0.7, 0.1) == 7,
           "one bin too many or too few: always going up is as wrong as always going down",
           "0.7 / 0.1 falls just below 7, and 0.14 / 0.01 just above 14",
           "go to the nearest whole number")
    c.equal(got, 29, "0.29 s hold 29 bins of 0.01 s", "the nearest whole number is wanted")
    ### BEGIN HIDDEN TESTS
    k, dt = int(c.rng.integers(20, 5000)), float(c.rng.choice([0.001, 0.003, 0.007, 0.1]))
    c.equal(c.call(n_bins, k * dt, dt), k, "off for another bin length")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. In your own words, and handing in
#
# Some questions are for a person, not for a check. Your instructor reads them.
#
# **Written answer.** Think of a neuron that you have recorded, or read about. Name two things that
# could drive it and that change together. How would you notice if only one of them mattered? Three
# to five sentences. Double-click on the line below to write in its place, then press
# **Shift + Enter**.

# %% [markdown] written="two_drivers" points=2
# ### BEGIN SOLUTION
# A place cell on a track: position and speed change together, because the animal slows down near
# the ends. If only speed mattered, the rate at one position should still differ between fast and
# slow runs, and the rate at one speed should be the same everywhere.
#
# *Rubric.* 1 point: two variables that are plausible for this neuron and why they are correlated.
# 1 point: a comparison that holds one of them fixed (or an experiment that pulls them apart).
# ### END SOLUTION

# %% [markdown]
# **Before you hand in**, choose *Kernel → Restart Kernel and Run All Cells*. A notebook remembers
# names from cells that you have deleted; a fresh start does not. It stops at the first check that
# says no: scroll up to the first red box. *Validate*, in the toolbar above the notebook, runs all
# cells as well and lists every check that fails. When all pass, save with **Ctrl + S** (⌘ + S on a
# Mac) and hand in the file, `00_start_here.ipynb`.
#
# Handing in a notebook with gaps is fine: each exercise has its own points.

# %% [markdown]
# **Stretch.** Change the seed: `data_fetch.load("current_injection", seed=5)`. Which of your
# answers above should change, and which must not?
#
# <details><summary>One answer</summary>
#
# The functions must not change: they know nothing about one animal. What they return for the data
# does. That is why hand-ins are graded on another seed.
# </details>

# %% [markdown]
# ## What you take along
#
# | you met | remember |
# |---|---|
# | a check | not attempted, not right yet, your code raised: three different things |
# | a hint | it names the mistake; the next try says more |
# | a twin | same layout as the recording, known truth, another seed is another animal |
# | shapes | `(T, N)`: bins in rows, neurons in columns |
# | counts and Hz | a count per bin, divided by the bin length in seconds, is a rate |
#
# **Further reading.** Kass, Eden & Brown (2014) *Analysis of Neural Data*, Springer, chapters 1
# and 19. The pynapple paper: Viejo et al. (2023) *eLife* 12:RP85786.
#
# **Where next in NeMoS.** `import nemos as nmo` has the same names as `import minglm as nmo`:
# what you learn here carries over. Next lesson: *why models?*
