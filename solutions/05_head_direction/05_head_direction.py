# %% [markdown]
# # 05 · Head direction: what can a neuron know from its neighbours?
#
# Deep in a mouse's brain sits a compass. Each of its neurons fires when the head points one way,
# whatever the mouse sees and wherever it stands. You model all of them at once: from the heading,
# from their own past, and from the past of **every other neuron**. That last model predicts well.
# Your question today: **does that mean they talk to each other?**

# %% [markdown]
# **At the end you can**
# - average, interpolate and describe angles without falling over the seam at 0 = 2π;
# - build spike history that never crosses a border between epochs, for one neuron or all;
# - score models held out, in blocks with a gap, beside a control that should fail;
# - turn population weights into coupling filters, and say what such a filter does *not* show;
# - let a fitted population run on its own spikes, and explain why it may fade or explode.
#
# **You need** lesson 04 (counts, Poisson GLM, history through a basis). Lesson 03 helps.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1-2 | tuning on a circle; heading in every bin | 35 min | 60 min |
# | 3-4 | a neuron's own past; a fair test | 30 min | 55 min |
# | 5-6 | everybody's past; what coupling is not | 35 min | 55 min |
# | 7-8 | let it run free; what was really there | 20 min | 40 min |
#
# Live, break after part 4. **Arriving late?** Run the next cell, then every *catch-up* cell down to
# the part you join. They make what you need from the recording and the library, in seconds.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pynapple as nap
from ipywidgets import FloatSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, show

DT = 0.01  # one bin, in seconds
CIRCLE = 2 * np.pi  # once around, in rad
COMPASS = ([0, np.pi / 2, np.pi, 3 * np.pi / 2, CIRCLE], ["0", "π/2", "π", "3π/2", "2π"])
recording = data_fetch.load("head_direction")
print(recording)

# %% [markdown]
# ## 1. Tuning on a circle
#
# The line above says whether you have a **twin** (simulated neurons whose truth we know) or a
# real recording. Either way a mouse walks around and we know where its head points:
#
# | name | what | unit |
# |---|---|---|
# | `units` | times of each neuron's spikes, and its brain region: `adn` is the compass | s |
# | `ry` | heading: where the head points, seen from above | rad, 0 to 2π |
# | `epochs` | sleep and wake | s |
# | `position_time_support` | when the camera saw the animal | s |

# %%
# catch-up
units, epochs, tracked = (recording[k] for k in ("units", "epochs", "position_time_support"))
wake = epochs[np.array([np.ravel(tag)[0] == "wake" for tag in epochs["tags"]])]
start, end = wake.start[0], wake.end[0]
heading = recording["ry"].restrict(wake)
compass = units[(units["location"] == "adn") & (units["rate"] > 2.0)]
view = np.arange(start, start + 180, 10)  # which half minute has the most turning?
spread = [abs(np.exp(1j * heading.get(a, a + 30).values).mean()) for a in view]
left = view[np.argmin(spread)]


def ticks(ax, spikes, begin, seconds):
    """One row of ticks per neuron, in the order given."""
    ax.eventplot([t[(t >= begin) & (t < begin + seconds)] - begin for t in spikes],
                 colors="0.35", linelengths=0.8, linewidths=0.7)
    ax.set(ylabel="neuron", ylim=(-0.7, len(spikes) - 0.3), xlim=(0, seconds))
    ax.yaxis.get_major_locator().set_params(integer=True)


# %%
print(f"{len(units)} neurons, {len(compass)} of them in the region adn with more than 2 Hz")
print(f"awake from {start:.1f} s to {end:.1f} s; heading known in {len(heading)} samples, "
      f"one every {1e3 * np.median(np.diff(heading.t)):.1f} ms")

fig, axes = plt.subplots(2, 1, figsize=(9, 5), sharex=True, layout="constrained")
piece = heading.get(left, left + 30)
axes[0].plot(piece.t - left, piece.values, ".", color=DATA, ms=3)
axes[0].set(ylabel="heading (rad)", title="half a minute awake")
axes[0].set_yticks(*COMPASS)
ticks(axes[1], [compass[n].t for n in compass.index], left, 30)
axes[1].set_xlabel("time (s)")
show(fig, "Heading over half a minute, and below it the spikes of the compass neurons as ticks.")

# %% [markdown]
# You should see bursts that come and go, each neuron at its own times. The heading jumps now and
# then from the top edge to the bottom. The mouse did not jump: 0 and 2π are the same direction.
# This **seam** is the trap of the day. It will try to catch you four times.
#
# **Predict.** Which neurons fire together: neighbours in the list, or something else?
#
# A tuning curve first. As in lesson 04, a place visited often collects many spikes, so divide by
# the time spent there.
#
# **Exercise 1.** Write `heading_tuning`. You get the heading at every spike, the heading at every
# camera sample, and the length `dt` of a sample in seconds. Cut the circle from 0 to 2π into
# `n_bins` equal groups. Return Hz; a group never visited is unknown: NaN.

# %% exercise="heading_tuning"
def heading_tuning(at_spikes, at_samples, dt, n_bins):
    """(n_bins,): spikes per second spent (Hz) in equal groups of heading from 0 to 2π."""
    ### BEGIN SOLUTION
    edges = np.linspace(0, CIRCLE, n_bins + 1)
    fired = np.histogram(at_spikes, edges)[0]
    spent = np.histogram(at_samples, edges)[0] * dt
    return np.where(spent > 0, fired / np.maximum(spent, dt), np.nan)
    ### END SOLUTION

# %% check="heading_tuning" points=2
with check("heading_tuning") as c:
    # quarters of the circle: 2 s with 1 spike, 0.5 s with 2 spikes, never visited, 1 s with 1 spike
    samples, fired = np.array([0.1, 0.2, 0.1, 1.5, 2.0, 6.2, 6.0]), np.array([0.2, 2.1, 2.2, 6.1])
    got = c.call(heading_tuning, fired, samples, 0.5, 4)
    c.that(np.shape(got) == (4,), "four groups were asked for, and one rate for each of them",
           "n groups have one border more than there are groups", "one number per group comes out")
    half = c.call(heading_tuning, np.array([0.5, 2.0]), np.array([0.5, 1.0, 2.0, 3.0]), 0.5, 4)
    c.that(not np.any(np.nan_to_num(half)[2:]),
           "a mouse that only looks between 0.5 and 3 rad has rates on the other side, too: your "
           "groups follow the data, so each neuron would get a circle of its own",
           "the groups must be the same for every neuron", "they run from 0 to 2π, always")
    c.that(not np.allclose(np.nan_to_num(got), [1, 2, 0, 1]),
           "these are numbers of spikes: a heading held for longer collects more of them",
           "what is missing is the occupancy", "divide each group by the seconds spent in it")
    c.that(not np.allclose(np.nan_to_num(got), [0.25, 2, 0, 0.5]),
           "this is spikes per camera sample: to be Hz it has to be spikes per second",
           "a sample lasts `dt` seconds, not one", "time spent is a number of samples times `dt`")
    c.that(not np.isclose(got[0], 8 / 7), "all headings are in the first group: your circle has "
           "360 parts, and a heading in rad never gets past 6.3", "the whole lesson speaks rad",
           "once around is 2π")
    c.that(not np.allclose(np.nan_to_num(got), [2, 0.25, 0, 1]),
           "upside down: these are seconds per spike", "Hz are spikes per second", "swap the two")
    c.that(not np.allclose(np.nan_to_num(got), [0.125, 1, 0, 0.25]),
           "`dt` is on the wrong side: a faster camera would see a slower neuron",
           "seconds spent grow with `dt`", "seconds stand below the line")
    c.that(not any(np.allclose(np.nan_to_num(got), np.array([1, 2, 0, 1]) / t) for t in (3.5, 0.5)),
           "every group is divided by the same time",
           "each group has its own occupancy", "count the samples of each group, too")
    c.that(not np.allclose(np.nan_to_num(got), [7 / 16, 7 / 2, 0, 7 / 8]),
           "this is a share of the spikes over a share of the time: a neuron twice as busy looks "
           "the same", "Hz are spikes per second", "count, do not normalise")
    c.that(not np.isclose(np.nansum(got), 1),
           "the curve adds up to one: it was turned into shares, and shares are not Hz",
           "a neuron that fires twice as much should have a curve twice as high",
           "divide by seconds, and by nothing else")
    c.that(np.isnan(got[2]), "the third quarter was never visited, so its rate is unknown: NaN",
           "0 would claim that the neuron is silent there", "look for groups without a sample")
    c.equal(got, [0.5, 4, np.nan, 1], "the spikes or the seconds of a group are off",
            "four samples of 0.5 s are 2 s", "compute the first quarter by hand and compare")
    ### BEGIN HIDDEN TESTS
    a, b = c.rng.uniform(0, CIRCLE, 300), c.rng.uniform(0, CIRCLE, 5000)
    n, dt = int(c.rng.integers(5, 40)), float(c.rng.uniform(0.01, 0.05))
    of = lambda x: np.bincount((x / CIRCLE * n).astype(int), minlength=n)
    c.equal(c.call(heading_tuning, a, b, dt, n), of(a) / (of(b) * dt), "off on fresh headings")
    ### END HIDDEN TESTS

# %%
N_GROUPS = 61
centres = (np.arange(N_GROUPS) + 0.5) * CIRCLE / N_GROUPS
seen = heading.restrict(tracked)  # only when the camera saw the animal
sample = np.median(np.diff(heading.t))
at_spikes = {n: compass[n].restrict(tracked).value_from(heading).values for n in compass.index}
curves = {n: heading_tuning(a, seen.values, sample, N_GROUPS) for n, a in at_spikes.items()}

busy = max(curves, key=lambda n: np.nansum(curves[n]))
fig, axes = plt.subplots(1, 3, figsize=(10, 3), layout="constrained")
axes[0].hist(at_spikes[busy], np.linspace(0, CIRCLE, N_GROUPS + 1), color=DATA)
axes[0].set(title=f"where neuron {busy} fired", ylabel="spikes")
axes[1].hist(seen.values, np.linspace(0, CIRCLE, N_GROUPS + 1), color=DATA,
             weights=np.full(len(seen), sample))
axes[1].set(title="where the mouse looked", ylabel="time spent (s)")
axes[2].plot(centres, curves[busy], color=DATA, lw=2)
axes[2].set(title="tuning curve", ylabel="rate (Hz)")
for ax in axes:
    ax.set_xlabel("heading (rad)")
    ax.set_xticks(*COMPASS)
show(fig, "Spikes, time spent and rate of one neuron over 61 groups of heading.")

# %% [markdown]
# You should see that the mouse did not look everywhere for equally long, and that the neuron has
# one favourite. Only the right panel is about the neuron alone: one hump, near zero elsewhere.
#
# Now a number per neuron: which heading does it like best? The tempting answer is a weighted mean
# of the headings. **Predict.** A neuron fires equally at 0.1 rad and at 6.2 rad. What is the mean
# of the two angles, and where does that point?
#
# On a circle, average *arrows*, not angles. Give each group an arrow of length one in its
# direction, weigh it by the rate, and add them all. With complex numbers the arrow of the angle
# $\theta$ is $e^{i\theta}$, in code `np.exp(1j * theta)`.
#
# - The direction of the sum is the **preferred heading**.
# - Its length, divided by the sum of the rates, is the **vector length**: 1 if all spikes come at
#   one heading, 0 if the neuron does not care.

# %% [markdown]
# **Exercise 2.** Write `preferred_heading`: both numbers, the heading in [0, 2π). All rates are
# known.

# %% exercise="preferred_heading"
def preferred_heading(centres, rate):
    """(heading in rad from 0 to 2π, vector length from 0 to 1) of a tuning curve."""
    ### BEGIN SOLUTION
    arrow = np.sum(rate * np.exp(1j * centres)) / np.sum(rate)
    return np.angle(arrow) % CIRCLE, np.abs(arrow)
    ### END SOLUTION

# %% check="preferred_heading" points=2
with check("preferred_heading") as c:
    grid = (np.arange(36) + 0.5) * CIRCLE / 36
    hump = lambda at, width: np.exp((np.cos(grid - at) - 1) / width**2)
    got = c.call(preferred_heading, grid, 30 * hump(2.0, 0.4) + 5 * hump(2.6, 0.2))
    c.that(np.shape(got) == (2,), "two numbers are asked for: the heading, then the length",
           "the sum of the arrows is one complex number", "one has a direction and a length")
    there, size = c.call(preferred_heading, grid, 30 * hump(1.0, 0.4))
    c.that(not 40 < there < 70, "the heading is in degrees", "the whole lesson speaks rad",
           "once around is 2π, not 360")
    c.that(not (there < 0.97 and np.isclose(size, 1, atol=0.02)),
           "the two numbers come in the other order: the heading first, then the length",
           "a hump at 1 rad should give a heading of 1", "swap them")
    far, _ = c.call(preferred_heading, grid, 30 * hump(5.0, 0.3))
    c.that(not np.isclose(there, far), "a hump at 1 rad and one at 5 rad give the same heading: "
           "the rates have no say", "each arrow is weighed by the rate of its group",
           "without weights, arrows all around cancel")
    c.that(not np.isclose(there, np.pi / 2 - 1, atol=0.02),
           "a hump at 1 rad comes out at π/2 - 1: the two parts of the arrow are swapped",
           "angle zero points along the first axis", "the sine is the height, not the width")
    near, _ = c.call(preferred_heading, grid, 30 * hump(0.05, 0.3))
    c.that(not 1 < near < 5,
           "a hump at 0.05 rad comes out on the far side: its left half lies just below 2π, and "
           "you averaged angles as if they were numbers on a line",
           "the mean of 0.1 and 6.2 points the opposite way", "add arrows instead of angles")
    c.that(far >= 0, "a hump at 5 rad comes out below zero: right place, wrong turn",
           "headings run from 0 to 2π here", "what does the remainder after one turn do?")
    c.that(not np.isclose(got[0], grid[np.argmax(30 * hump(2.0, 0.4) + 5 * hump(2.6, 0.2))]),
           "this is the highest group alone: the other groups have no say, and noise decides",
           "a shoulder to one side should pull the answer a little", "let every group vote")
    flat = c.call(preferred_heading, grid, np.full(36, 7.0))[1]
    c.that(flat < 0.99 and size > 0.01,
           "a flat curve gets 1 and a sharp one gets 0: this is a spread, the opposite of a length",
           "no preference means arrows that cancel", "do not subtract from one")
    c.that(size <= 1 + 1e-9, "the length depends on how much the neuron fires: it is above one",
           "a neuron twice as active is not twice as sharp", "which total should it be divided by?")
    c.that(not (0 < size < 0.1),
           "the length is too small: it was divided by the number of groups, too",
           "with all spikes in one group it should be one", "the rates already are the weights")
    tuned = (30 * hump(2.0, 0.4) + 5 * hump(2.6, 0.2)) @ np.exp(1j * grid)
    length = abs(tuned) / (30 * hump(2.0, 0.4) + 5 * hump(2.6, 0.2)).sum()
    c.that(not np.isclose(got[0], np.angle(tuned) + np.pi), "a hump near 2 rad comes out on the "
           "opposite side: an arrow and its opposite have the same slope",
           "the signs of both its parts matter", "ask for its angle, not for the slope of a line")
    c.that(not np.isclose(got[1], length**2), "the length is squared",
           "half of the spikes at 0 and half at π/2 should give 0.71, not 0.5",
           "the size of a complex number has a root in it")
    c.equal(got, [np.angle(tuned), length],
            "one of the two numbers is off", "try a curve with a single group above zero",
            "then the heading is that group and the length is one")
    ### BEGIN HIDDEN TESTS
    at, height = c.rng.uniform(0, CIRCLE, 12), c.rng.uniform(0, 20, 12)
    x, y = height @ np.cos(at), height @ np.sin(at)
    c.equal(c.call(preferred_heading, at, height),
            [np.arctan2(y, x) % CIRCLE, np.hypot(x, y) / height.sum()], "off on a fresh curve")
    ### END HIDDEN TESTS

# %%
liked = {n: preferred_heading(centres, np.nan_to_num(curve)) for n, curve in curves.items()}
ordered = sorted(liked, key=lambda n: liked[n][0])
for n in ordered:
    print(f"neuron {n:2d} likes {liked[n][0]:.2f} rad, vector length {liked[n][1]:.2f}; "
          f"its highest group is at {centres[np.nanargmax(curves[n])]:.2f} rad")

fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[1, 1.8], layout="constrained")
shape = np.array([curves[n] / np.nanmax(curves[n]) for n in ordered])
axes[0].imshow(shape, aspect="auto", origin="lower", cmap="Greys",
               extent=(0, CIRCLE, -0.5, len(shape) - 0.5))
axes[0].plot([liked[n][0] for n in ordered], range(len(shape)), "o", color=MODEL, ms=4)
axes[0].set(title="tuning, each scaled to its top", xlabel="heading (rad)", ylabel="neuron, sorted")
axes[0].set_xticks(*COMPASS)
ticks(axes[1], [compass[n].t for n in ordered], left, 30)
rank = np.interp(piece.values, [liked[n][0] for n in ordered], range(len(ordered)))
axes[1].plot(piece.t - left, rank, ".", color=OTHER, ms=4, zorder=5)
axes[1].set(title="the same half minute, sorted (orange: heading)", xlabel="time (s)", ylabel="")
show(fig, "Left: tuning curves sorted by preferred heading, a dot at each. Right: spikes of the "
          "sorted neurons with the heading drawn over them.")

# %% [markdown]
# You should see a dark diagonal on the left: together the neurons cover the circle, though not
# evenly. On the right the tangle from before has become a **bump** of activity. It follows the
# orange heading, and where it leaves at the top it comes back in at the bottom. (A ragged row on
# the left is a neuron that hardly fired.)
#
# Neurons that fire together like the same heading. Remember that sentence for part 5.

# %% [markdown]
# ## 2. The heading of every bin
#
# A model needs counts and heading on one grid. Count in bins of 10 ms, in two stretches: the
# first two minutes awake, and one minute from the middle of the wake period. Between the two lie
# many minutes that we do not use. Keep that border in mind. A neuron with fewer than 50 spikes in
# these three minutes is left out: nothing could be tested on it.

# %%
# catch-up
stretches = nap.IntervalSet([start, (start + end) / 2], [start + 120, (start + end) / 2 + 60])
tuning = nap.compute_tuning_curves(compass, heading, bins=61, range=(0, CIRCLE), epochs=tracked,
                                   feature_names=["heading"]).values
counts = compass.count(DT, stretches)
order = np.argsort(tuning.argmax(axis=1))  # sorted by the highest of 61 groups, from here on
order = order[counts.values.sum(axis=0)[order] >= 50]  # fewer spikes cannot be fitted and tested
counts, tuning = counts[:, order], tuning[order]
peak = (tuning.argmax(axis=1) + 0.5) * CIRCLE / 61  # rad
Y = counts.values  # (T, N) spikes per bin
T, N = Y.shape
epoch = np.searchsorted(stretches.start, counts.t) - 1  # 0 or 1: the stretch of each bin

# %%
print(f"{T} bins of {DT * 1e3:.0f} ms; {N} of {len(compass)} neurons have 50 spikes or more, "
      f"in all {Y.sum():.0f}, at most {Y.max():.0f} in a bin")
crossing = 9 + np.flatnonzero(abs(np.diff(heading.values[9:-9])) > 5)[0]  # over the seam
around = slice(crossing - 3, crossing + 5)
dense_t = np.arange(heading.t[around][0], heading.t[around][-1], DT)
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
ax.plot((heading.t[around] - dense_t[0]) * 1e3, heading.values[around], "o", color=DATA)
for t in dense_t:
    ax.axvline((t - dense_t[0]) * 1e3, color="0.85", lw=1, zorder=0)
ax.set(xlabel="time (ms)", ylabel="heading (rad)", title="camera samples, and the bins' times")
ax.set_yticks(*COMPASS)
show(fig, "A few samples of the heading around the seam, with a thin line for every bin.")

# %% [markdown]
# You should see one dot every 25 ms or more, and a thin line for every bin. Bins without a dot
# need a value in between. **Predict.** What would a straight line draw between the two dots on
# either side of the seam?
#
# **Exercise 3.** Write `heading_at`: the heading at the times `t`, in [0, 2π), by moving evenly
# between neighbouring samples, *the short way round*. The mouse never turns more than half a
# circle between two samples. All `t` lie between the first and the last sample.

# %% exercise="heading_at"
def heading_at(t, times, angles):
    """(len(t),): heading in [0, 2π) at ``t`` (s) between samples ``angles`` at ``times``."""
    ### BEGIN SOLUTION
    return np.interp(t, times, np.unwrap(angles)) % CIRCLE
    ### END SOLUTION

# %% check="heading_at" points=2
with check("heading_at") as c:
    times, angles = np.array([0.0, 1, 2, 3, 4]), np.array([5.9, 6.2, 0.2, 0.6, 0.3])
    got = c.call(heading_at, np.array([0.5, 2.5, 3.5]), times, angles)
    c.that(np.shape(got) == (3,), "three times were asked for: one heading for each of them",
           "as many numbers come out as there are times `t`", "not one per camera sample")
    c.that(not np.any(np.isclose(got[:, None], angles).any(axis=1)),
           "you return the sample next to each time: the heading should move between samples",
           "halfway between 0.2 and 0.6 rad it is at 0.4", "draw a line from sample to sample")
    seam = c.call(heading_at, np.array([1.25, 1.5, 1.75]), times, angles)
    c.that(not np.any((seam > 1) & (seam < 5.5)),
           "between 6.2 and 0.2 rad your heading sweeps through the far side: it went the long way "
           "round, because for a straight line the seam is a cliff",
           "from 6.2 the short way to 0.2 leads over 2π", "undo the jumps before you draw lines")
    c.that(np.all((seam >= 0) & (seam < CIRCLE + 1e-9)),
           "behind the seam your heading leaves the range from 0 to 2π: it goes on counting turns, "
           "or falls below 0",
           "6.5 rad and 0.2 rad are the same direction", "fold the result back into one turn")
    c.equal(seam, [6.270796, 0.058407, 0.129204], "the steps over the seam are not even",
            "from 6.2 to 0.2 it is 0.283 rad",
            "a quarter of the time, a quarter of the way", atol=0.01)
    c.equal(got, [6.05, 0.4, 0.45], "between samples away from the seam the values are off",
            "there nothing special should happen", "compare with a line drawn by hand", atol=0.01)
    ### BEGIN HIDDEN TESTS
    path = np.cumsum(c.rng.normal(0, 0.15, 400)) + 3
    when = np.sort(c.rng.uniform(0, 399, 300))
    got = c.call(heading_at, when, np.arange(400.0), path % CIRCLE)
    miss = np.exp(1j * (got - np.interp(when, np.arange(400), path))) - 1
    c.that(np.all(abs(miss) < 0.02), "off on a fresh path with many turns")
    ### END HIDDEN TESTS

# %%
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
ax.plot((heading.t[around] - dense_t[0]) * 1e3, heading.values[around], "o", color=DATA)
ax.plot((dense_t - dense_t[0]) * 1e3, np.interp(dense_t, heading.t, heading.values), ".-",
        color=OTHER, label="a straight line")
ax.plot((dense_t - dense_t[0]) * 1e3, heading_at(dense_t, heading.t, heading.values), "o",
        color=MODEL, ms=4, label="yours")
ax.set(xlabel="time (ms)", ylabel="heading (rad)", title="over the seam")
ax.set_yticks(*COMPASS)
ax.legend(frameon=False)
show(fig, "The same samples; a straight line sweeps through all headings, yours does not.")

# %% [markdown]
# You should see your dots stay with the grey ones, while the orange line invents a mouse that
# spins right round within one frame. With several crossings a minute, this puts wrong headings
# into a model and nobody notices.
#
# The seam's third try: how far apart are two headings?
#
# **Exercise 4.** Write `turn(a, b)`: the shortest turn from `a` to `b` in rad. It is the distance
# `apart` of lesson 03 with a sign: positive when the angle grows, so it lies between -π and π. It
# should work for arrays, too. Exactly opposite headings are not tested.

# %% exercise="turn"
def turn(a, b):
    """Shortest turn from a to b in rad, between -π and π; arrays are broadcast."""
    ### BEGIN SOLUTION
    return (np.asarray(b) - a + np.pi) % CIRCLE - np.pi
    ### END SOLUTION

# %% check="turn" points=1
with check("turn") as c:
    c.that(np.isclose(c.call(turn, 1.0, 1.0), 0),
           "from a heading to itself there is nothing to turn, and you turn: the range is off",
           "no turn should be 0", "was something added that is not taken away again?")
    c.that(c.call(turn, 1.0, 1.5) > 0,
           "from 1.0 to 1.5 rad the angle grows, and you turn the other way",
           "the turn starts at `a` and ends at `b`", "which of the two is subtracted?")
    over = c.call(turn, 6.1, 0.2)
    c.that(not np.isclose(abs(over), 5.9),
           "from 6.1 to 0.2 rad you go almost all the way round: the short way leads over the seam",
           "no turn is longer than half a circle", "what happens if you add or take one full turn?")
    c.that(over > 0, "from 6.1 over the seam to 0.2 rad the angle grows: this turn is positive",
           "think of a clock hand that goes on in the same direction", "0.2 is as good as 6.48")
    back = c.call(turn, 0.2, 6.1)
    c.that(not np.isclose(back, 5.9),
           "from 0.2 to 6.1 rad you go almost all the way round: you only ever turn forwards",
           "backwards over the seam it is 0.383 rad", "the range reaches from -π to π, not to 2π")
    c.that(back < 0,
           "from 0.2 back over the seam to 6.1 rad the angle falls, and your turn has no sign: "
           "left and right look the same",
           "return the direction of the turn, too", "the range reaches from -π to π")
    c.that(np.all(abs(c.call(turn, np.zeros(50), np.linspace(0.05, 6.2, 50))) <= np.pi + 1e-9),
           "some turns are longer than half a circle", "more than π means the other way is shorter",
           "the range reaches from -π to π")
    c.equal([over, back], [0.2 + CIRCLE - 6.1, 6.1 - CIRCLE - 0.2], "the size of the turn is off",
            "from 6.1 it is 0.183 rad to the seam", "and 0.2 rad from there")
    ### BEGIN HIDDEN TESTS
    a, b = c.rng.uniform(0, CIRCLE, (2, 30))
    c.equal(c.call(turn, a[:, None], b), np.angle(np.exp(1j * (b - a[:, None]))),
            "off for whole arrays of headings")
    ### END HIDDEN TESTS

# %% [markdown]
# The seam's last try: features. With `turn` you can lay the bumps of lesson 03 around the circle:
# now $n$ of them have $n$ steps of $\Delta = 2\pi / n$. Bump $k$ sits at $c_k = k\,\Delta$ and
# reaches two steps to either side:
# $$b_k(\theta) = \tfrac12\left(1 + \cos\frac{\pi d}{2\Delta}\right) \text{ where } |d| < 2\Delta,
# \text{ else } 0,$$
# with $d$ the turn from $c_k$ to $\theta$. Each heading then lies under four bumps.
#
# **Exercise 5.** Write `circle_bumps`: one row per heading, one column per bump. An unknown
# heading (NaN) has an unknown row: NaN.

# %% exercise="circle_bumps"
def circle_bumps(angles, n):
    """(len(angles), n): bump k peaks at 1 at heading 2πk/n and is 0 from two steps away."""
    ### BEGIN SOLUTION
    delta = CIRCLE / n
    d = (np.asarray(angles)[:, None] - np.arange(n) * delta + np.pi) % CIRCLE - np.pi
    return (1 + np.cos(np.clip(np.pi * d / (2 * delta), -np.pi, np.pi))) / 2
    ### END SOLUTION

# %% check="circle_bumps" points=2
with check("circle_bumps") as c:
    at = CIRCLE / 8 * np.arange(8)
    B = c.call(circle_bumps, at, 8)
    c.that(np.shape(c.call(circle_bumps, np.array([0.1, 3.0]), 8)) == (2, 8),
           "two headings and eight bumps make two rows and eight columns",
           "rows are headings, columns are bumps", "every heading is compared with every bump")
    c.that(not np.allclose(np.diag(B), 2), "the bumps are 2 high: the ½ in front is missing",
           "the cosine is 1 at the centre, and 1 is added", "read the formula from the left")
    c.that(np.allclose(np.diag(B), 1),
           "bump k should be 1 at its own centre k · 2π / n: your centres lie elsewhere",
           "n centres on a circle are 2π / n apart, also the last and the first",
           "0 and 2π are one point: if both get a centre, one is wasted")
    c.that(np.allclose(B[4, 2:7], [0, 0.5, 1, 0.5, 0]) or not np.allclose(B[4, [3, 5]], 0),
           "a bump should still be ½ at the next centre, and yours is 0: it ends one step away, or "
           "earlier", "bumps that do not overlap are bins", "the reach is two steps")
    c.that(not np.isclose(B[0, 1], (1 + np.cos(np.pi * at[1] ** 2 / 2)) / 2),
           "the distance is multiplied by Δ in place of divided: Python goes from left to right",
           "in the formula 2Δ stands below the line as a whole", "mind the brackets")
    c.that(np.isclose(B[0, 1], B[0, 7]),
           "at heading 0 the bump after it and the bump before it should weigh the same, but yours "
           "end at the seam: the last bump does not come back in at 0",
           "bump 7 of 8 sits one step before 2π, which is one step before 0",
           "measure the distance the short way round")
    c.that(np.allclose(B[4, [0, 1, 7]], 0),
           "bumps are not 0 far away from their centre: a cosine comes back up, a bell never ends",
           "beyond two steps the bump is 0", "limit the distance before the cosine")
    c.equal(B[0], [1, 0.5, 0, 0, 0, 0, 0, 0.5], "the shape of the bump is off",
            "1 at the centre, one half a step away, 0 from two steps on",
            "compute the row of heading 0 by hand")
    c.that(np.allclose(c.call(circle_bumps, at[3:4], 8), B[3]),
           "the same heading gets another row when it comes in other company",
           "features must not depend on the range of the data", "the circle is fixed: 0 to 2π")
    lost = c.call(circle_bumps, np.array([np.nan, 1.0]), 8)
    c.that(np.isnan(lost[0]).all() and not np.isnan(lost[1]).any(),
           "an unknown heading should make its own row unknown: NaN, and no other",
           "0 would claim that the mouse looks nowhere", "do not replace NaN")
    ### BEGIN HIDDEN TESTS
    x, n = c.rng.uniform(0, CIRCLE, 60), int(c.rng.integers(5, 20))
    d = np.angle(np.exp(1j * (x[:, None] - np.arange(n) * CIRCLE / n))) * n / CIRCLE
    c.equal(c.call(circle_bumps, x, n), np.where(abs(d) < 2, (1 + np.cos(np.pi * d / 2)) / 2, 0),
            "off for fresh headings and another number of bumps", atol=1e-7)
    ### END HIDDEN TESTS

# %% [markdown]
# The library has the same idea with a smoother bump: `CyclicBSplineEval`. Tell it the circle by
# `bounds=(0, 2π)`. Without bounds a basis stretches itself over whatever data come first, and the
# same heading would mean another row tomorrow.

# %%
# catch-up
near = np.searchsorted(heading.t, counts.t).clip(1, len(heading) - 1)
near -= counts.t - heading.t[near - 1] < heading.t[near] - counts.t  # the closest camera sample
angle = np.where(abs(heading.t[near] - counts.t) < 0.1, heading.values[near], np.nan)
compass_basis = nmo.basis.CyclicBSplineEval(n_basis_funcs=10, bounds=(0, CIRCLE))
H = compass_basis.compute_features(angle)  # (T, 10)

# %%
mine = heading_at(counts.t, heading.t, heading.values)
print(f"bins without a heading: {np.isnan(angle).sum()}; yours and the closest sample differ by "
      f"{np.nanmedian(abs(turn(mine, angle))):.3f} rad (median)")
grid = np.linspace(0, CIRCLE, 201)
fig, axes = plt.subplots(1, 2, figsize=(9, 2.8), sharey=True, layout="constrained")
for ax, bumps, title in [(axes[0], circle_bumps(grid, 10), "yours"),
                         (axes[1], compass_basis.compute_features(grid), "cyclic B-splines")]:
    ax.plot(grid, bumps, color="0.75", lw=1)
    ax.plot(grid, bumps[:, 0], color=MODEL, lw=2.5)
    ax.set(title=title, xlabel="heading (rad)")
    ax.set_xticks(*COMPASS)
axes[0].set_ylabel("feature (no unit)")
show(fig, "Ten bumps around the circle, one in blue; left your raised cosines, right B-splines.")

# %% [markdown]
# You should see each blue bump leave on one side and come back on the other. At heading 0 and at
# heading 2π every curve has the same height: no cliff, no seam.
#
# **Model 1** is a Poisson GLM on these ten features, for all neurons at once. In NeMoS and here it
# is called `PopulationGLM`, and it is no more than one GLM per neuron with the same `X`. The ten
# bumps always add up to the same number, so with the intercept they are one too many (lesson 03).
# A pinch of ridge decides what the data cannot.

# %%
# catch-up
heading_model = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=1e-4).fit(H, Y)

# %%
fitted = heading_model.predict(compass_basis.compute_features(grid)) / DT  # (201, N) in Hz
sharp = [int(i) for i in np.argsort(-tuning.max(axis=1))[:3]]

fig, axes = plt.subplots(1, 3, figsize=(10, 3.1), layout="constrained")
for ax, i in zip(axes, sharp, strict=True):
    ax.plot((np.arange(61) + 0.5) * CIRCLE / 61, tuning[i], color=DATA, lw=3, label="whole wake")
    ax.plot(grid, fitted[:, i], color=MODEL, lw=2, label="model 1, three minutes")
    ax.set(title=f"neuron {counts.columns[i]}", xlabel="heading (rad)")
    ax.set_xticks(*COMPASS)
axes[0].set_ylabel("rate (Hz)")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
show(fig, "Measured tuning of three neurons and the curve of the heading model.")

# %% [markdown]
# You should see blue curves close to the grey ones, and at the seam they meet themselves. Grey
# needs the whole wake period to look smooth. The model makes do with three minutes, because ten
# numbers are fewer than sixty-one. (In a real brain a blue curve may stand a little to one side:
# the compass drifts within half an hour.)

# %% [markdown]
# ## 3. A neuron's own past
#
# Does heading explain everything? Take the neuron with the most spikes and ask: how high is its
# rate a few bins *after a spike*? Then ask the same of model 1, which knows the heading only.
#
# **Predict.** Where will the two curves differ: right after the spike, or half a second later?

# %%
# catch-up
WINDOW = 80  # bins: 0.8 s
lags = DT * np.arange(1, WINDOW + 1)  # the previous bin is 10 ms back, not 0
one = int(Y.sum(axis=0).argmax())  # the neuron with the most spikes

# %%
y = Y[:, one]
promised = heading_model.predict(H)[:, one]
known = np.isfinite(promised) & (epoch == 0)  # the first stretch is enough here
fired, mu = np.where(known, y, 0), np.where(known, promised, 0)
after = [np.array([(fired[:-k] * x[k:]).sum() for k in range(1, WINDOW + 1)]) / fired.sum() / DT
         for x in (fired, mu)]

fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.plot(lags, after[0], color=DATA, lw=2, label="recorded")
ax.plot(lags, after[1], color=MODEL, lw=2, label="model 1 (heading)")
ax.axhline(y.mean() / DT, color="0.8", lw=1)
ax.set(xlabel="time since a spike (s)", ylabel="rate (Hz)", ylim=(0, None),
       title=f"neuron {counts.columns[one]} after one of its own spikes")
ax.legend(frameon=False)
show(fig, "Rate after a spike against the time since that spike: recorded and by model 1.")

# %% [markdown]
# You should see both curves above the thin line, the mean rate, for the whole window. A spike
# tells that the mouse faces the right way, and it will for a while. But near zero lag the grey
# curve has a shape that the blue one lacks. The neuron remembers its own spikes. (If grey also
# stays above blue further out, something else changes slowly that heading does not explain.)
#
# So give the model this past: one column per lag. Row $t$ may hold $y_{t-1}, y_{t-2}, \dots$ and
# never $y_t$. And there is the border: the last bin of the first stretch is *not* the past of the
# first bin of the second. Minutes lie between them.

# %% [markdown]
# **Exercise 6.** Write `history_matrix`. `epoch` holds the number of the stretch of each bin. Where
# a lag reaches back past the beginning of its stretch the past is unknown: NaN. (You may also make
# the whole row NaN while the window is not yet filled. In lesson 04 this was `lagged_in_sweeps`:
# bring it, and mind the order of the arguments.)

# %% exercise="history_matrix"
def history_matrix(counts, window, epoch):
    """(T, window): column j holds the count j + 1 bins earlier in the same epoch, else NaN."""
    ### BEGIN SOLUTION
    H = np.full((len(counts), window), np.nan)
    for j in range(window):
        same = epoch[j + 1 :] == epoch[: -j - 1]
        H[j + 1 :, j][same] = counts[: -j - 1][same]
    return H
    ### END SOLUTION

# %% check="history_matrix" points=2
with check("history_matrix") as c:
    toy, place = np.zeros(20), np.repeat([0, 1], 10)
    toy[[4, 9]] = 1, 1  # the second spike sits in the last bin of the first stretch
    M = c.call(history_matrix, toy, 3, place)
    c.that(np.shape(M) == (20, 3), "one row per bin and one column per lag: rows that are left out "
           "let features and counts slip apart", "20 bins in, 20 rows out",
           "unknown rows stay, as NaN")
    c.that(not np.nansum(M[:4]), "something responds before the first spike: the feature looks "
           "into the future, or the end of the recording comes in at its beginning",
           "row t may hold what happened before t",
           "shift towards later times, and let nothing wrap")
    c.that(not np.nansum(M[4]), "column 0 responds in the bin of the spike itself: a history that "
           "contains the present lets the model predict a spike from itself",
           "the newest bin a history may see is one bin back",
           "every column is shifted by one more")
    c.that(not (M[5, 2] == 1 and M[7, 0] == 1),
           "the order of the lags is reversed: column 0 is the most recent bin",
           "a spike shows up in column 0 first", "one bin later it has moved to column 1")
    c.that(not np.nansum(M[10:13]),
           "the spike in the last bin of one stretch shows up in the next one, minutes later",
           "the first bins of the second stretch have no known past",
           "look at `epoch`: both bins must have the same number")
    c.that(np.isnan(M[0]).all() and np.isnan(M[10]).all() and np.isnan(M[[2, 12], 2]).all(),
           "where the past is unknown you put a number: 0 would say that the neuron was silent",
           "nobody counted there", "unknown is NaN")
    c.that(not np.isnan(M[[3, 4, 9, 13, 19]]).any(),
           "rows are NaN although their window lies inside the stretch: you give away data",
           "three lags need three bins of past, no more", "the fourth row of a stretch is complete")
    c.that(np.nansum(M[:10]) == 3, "one spike fills several columns at once: each column is one "
           "lag, and shows one bin of the past", "column 1 is two bins back, and nothing else",
           "do not add up the bins in between")
    c.that(M[5, 0] == 1 and M[7, 2] == 1, "the spike does not arrive where it should",
           "one bin after the spike it is in column 0", "three bins after it is in column 2")
    ### BEGIN HIDDEN TESTS
    n, place = c.rng.poisson(0.8, 90), np.repeat([3, 5, 8], [40, 20, 30])
    M = c.call(history_matrix, n, 7, place)
    for a, b in ((0, 40), (40, 60), (60, 90)):
        want = np.stack([n[a + 7 - 1 - j : b - 1 - j] for j in range(7)], axis=1)
        c.equal(M[a + 7 : b], want, "off on fresh counts with three stretches")
        c.that(np.isnan(M[a]).all() and np.isnan(M[a + 5, 5:]).all(), "a border is crossed")
    ### END HIDDEN TESTS

# %% [markdown]
# Eighty weights for eighty lags are many. Lesson 04 used eight bumps instead, narrow for the
# recent past and wide for the distant one: `RaisedCosineLogConv`. It keeps to the borders, too,
# because pynapple's `counts` know their stretches.

# %%
# catch-up
past = nmo.basis.RaisedCosineLogConv(n_basis_funcs=8, window_size=WINDOW)
X = past.compute_features(counts).values  # (T, N * 8): the eight columns of neuron 0 come first
own = [X[:, 8 * i : 8 * i + 8] for i in range(N)]  # what belongs to neuron i

# %%
raw = history_matrix(Y[:, one], WINDOW, epoch)
unknown = np.isnan(raw).any(axis=1).sum()
print(f"raw: {raw.shape}, bumps: {own[one].shape}; rows with NaN: {unknown}")
raw_fit = nmo.glm.GLM().fit(raw, Y[:, one])
bump_fit = nmo.glm.GLM().fit(own[one], Y[:, one])

fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
axes[0].plot(lags, past.kernels, color=MODEL)
axes[0].set(title="eight bumps", xlabel="lag (s)", ylabel="feature per spike (no unit)")
axes[1].axhline(0, color="0.8", lw=1)
axes[1].plot(lags, raw_fit.coef_, color=DATA, label="80 raw lags")
axes[1].plot(lags, past.kernels @ bump_fit.coef_, color=MODEL, lw=2, label="8 bumps")
axes[1].set(title=f"history filter of neuron {counts.columns[one]}", xlabel="lag (s)",
            ylabel="log gain per spike")
axes[1].legend(frameon=False)
show(fig, "Left: the eight bumps over lag. Right: history filter from 80 raw lags and from bumps.")

# %% [markdown]
# You should see a grey filter that rattles, and a blue one that goes through its middle: the bumps
# over lag (`kernels`) times their weights. Both say the same, with 80 and with 8 numbers. The
# height is a **log gain**: what one spike that long ago adds to $\eta$. At 0.1 the rate is a tenth
# higher.
#
# After a short dip the filter forms a hill, and a tenth of a second after a spike it is still above
# zero. Does a spike excite its own neuron for so long? Or does a recent spike tell where the mouse
# is *facing*? This model has not been told the heading. Here is the first feature of the day that
# may stand in for another. Part 8 has the answer, for a twin.

# %% [markdown]
# ## 4. A fair test
#
# More columns always fit better on the bins they were fitted to. So fit on some bins and score on
# others. Which others? Two bins side by side are nearly copies: same heading, almost the same
# window of past. Random bins as a test set would be a test with the answers on the next page.
#
# So test on **blocks** of 10 s. And leave a **gap** around each: a training bin right after a test
# block has test spikes in its history, and the other way round. The gap is as long as the window.

# %% [markdown]
# **Exercise 7.** Write `blocked_split`. Go through the epochs one by one:
# 1. Cut the epoch, from its first bin on, into blocks of `block` bins. The last may be shorter.
# 2. Test every `every`-th block: with `every=3` the third, the sixth, and so on.
# 3. Train on the bins that are *more than* `gap` bins away from each tested bin **of this epoch**:
#    another epoch shares no past.
#
# The numbers in `epoch` are names, perhaps 3 and 8. Return two masks over all bins, train and test.

# %% exercise="blocked_split"
def blocked_split(epoch, block, every, gap):
    """(train, test): two boolean arrays, one entry per bin."""
    ### BEGIN SOLUTION
    train, test = np.zeros(len(epoch), bool), np.zeros(len(epoch), bool)
    for number in np.unique(epoch):
        rows = np.flatnonzero(epoch == number)
        tested = np.arange(len(rows)) // block % every == every - 1
        dropped = np.convolve(tested, np.ones(2 * gap + 1))[gap : gap + len(rows)] > 0.5
        test[rows], train[rows] = tested, ~dropped
    return train, test
    ### END SOLUTION

# %% check="blocked_split" points=2
with check("blocked_split") as c:
    place = np.repeat([3, 8], [34, 20])  # blocks of 5: six and a bit, and four
    want = np.zeros(54, bool)
    want[10:15] = want[25:30] = want[44:49] = True
    got = c.call(blocked_split, place, 5, 3, 2)
    c.that(isinstance(got, np.ndarray) and got.shape == (2, 54) and np.isin(got, [0, 1]).all(),
           "two masks are asked for, train and then test, with True or False for each bin",
           "as many entries as there are bins, in both", "return masks, not numbers of bins")
    train, test = np.asarray(got) == 1
    runs = np.sum(np.diff(np.append(0, test.astype(int))) == 1)
    c.that(not (test & train).any(), "some bins are in both sets: the model is tested on what it "
           "has seen", "no bin may be True twice",
           "train is what is neither tested nor close to it")
    c.that(runs < 6, "the test bins are scattered: each has a training bin next to it, which is "
           "almost its copy", "neighbouring bins go together", "test whole blocks")
    c.that(test.sum() < 27, "more bins are tested than not: are the two masks swapped?",
           "train comes first, then test", "one block in three is tested")
    c.that(test.any(), "nothing is tested: do you look for epochs with the numbers 0 and 1?",
           "here they are called 3 and 8", "go through the numbers that occur")
    c.that(not test[:5].any() or test[10:15].any(),
           "the first block is tested instead of the last of each three",
           "with `every=3` the third, the sixth and so on", "counting from zero: which remainder?")
    c.that(np.array_equal(test[34:], want[34:]) or not np.array_equal(test[:34], want[:34]),
           "in the second epoch another block is tested: blocks are counted on across the border",
           "each epoch is cut from its own start", "go through the epochs one by one")
    c.that(test[10] or not test[12], "a tested block has lost its ends: the gap is taken from the "
           "training bins, not from the test", "all five bins of the block are tested",
           "the gap lies around the block")
    c.equal(test, want, "the wrong bins are tested", "bins 10 to 14 are the third block of five",
            "write down the number of the block of each bin")
    c.that(not (train[9] and train[15]),
           "there is no gap: next to a test block sit training bins that share most of its past",
           "a history reaches back over many bins", "leave out `gap` bins before and after")
    c.that(not train[15:17].all(),
           "training starts right behind a test block: those bins have test spikes in their past",
           "there is a gap before the block, but none after it", "leave out both sides")
    c.that(not train[8:10].all(),
           "training goes on right up to a test block: its first bins have training spikes in "
           "their past", "there is a gap after the block, but none before it",
           "leave out both sides")
    c.that(not train[[8, 16]].any(), "the gap is one bin too narrow",
           "a training bin is *more than* `gap` bins away", "two bins away is still too near here")
    c.that(train[0:8].all() and train[17:23].all(), "the gap is too wide, or training data are "
           "thrown away elsewhere", "two bins on each side are enough here",
           "everything that is neither tested nor in a gap is for training")
    edge = c.call(blocked_split, np.repeat([3, 8], [15, 9]), 5, 3, 2)[0]
    c.that(np.all(edge[15:] == 1),
           "a test block ends its epoch here, and its gap reaches into the next epoch: those bins "
           "share no past with it",
           "between the epochs lie minutes", "a gap ends where its epoch ends")
    c.that(train[30:44].sum() == 10, "around the border between the epochs bins are missing",
           "two bins are left of the first epoch after the gap",
           "and eight of the second before it")
    few, tail = c.call(blocked_split, np.repeat(5, 14), 5, 3, 2)
    c.equal(tail == 1, np.arange(14) > 9, "14 bins in blocks of 5: the third block has only four "
            "bins, and all four are tested", "the last block may be shorter", "go to the last bin")
    c.that(not np.any(few[10:]), "the tested block ends the recording here, and one of its bins is "
           "trained on", "none of these four bins is for training",
           "the end of a range is not part of it")
    first, second = c.call(blocked_split, np.repeat(5, 20), 5, 2, 2)
    c.equal(np.flatnonzero(second), np.r_[5:10, 15:20], "with `every=2` the second and the fourth "
            "block are tested: is a 3 written into it?", "`every` may be any number",
            "use the argument")
    c.equal(np.flatnonzero(first), [0, 1, 2, 12], "the gap behind the last block comes in again at "
            "the first bins: the end is no neighbour of the start", "no time goes round",
            "a shift that wraps does this")
    ### BEGIN HIDDEN TESTS
    sizes = c.rng.integers(40, 90, 3)
    place = np.repeat([2, 4, 7], sizes)
    block, gap = int(c.rng.integers(4, 9)), int(c.rng.integers(1, 4))
    train, test = np.asarray(c.call(blocked_split, place, block, 4, gap)) == 1
    within = np.concatenate([np.arange(n) for n in sizes])
    c.equal(test, within // block % 4 == 3, "other bins are tested with three epochs")
    far = [min([abs(i - j) for j in np.flatnonzero(test) if place[j] == place[i]], default=99)
           for i in range(len(place))]
    c.equal(train, np.array(far) > gap, "other bins are for training with three epochs")
    ### END HIDDEN TESTS

# %%
train, test = blocked_split(epoch, 1000, 3, WINDOW)
state = np.full((2, (epoch == 0).sum()), np.nan)
for k in range(2):
    state[k, : (epoch == k).sum()] = np.where(test, 2, np.where(train, 0, 1))[epoch == k]
fig, ax = plt.subplots(figsize=(9, 1.9), layout="constrained")
ax.imshow(state, aspect="auto", interpolation="nearest", extent=(0, state.shape[1] * DT, 1.5, -0.5),
          cmap=plt.matplotlib.colors.ListedColormap(["0.8", "w", OTHER]))
ax.set(xlabel="time in the stretch (s)", title="grey: train, orange: test, white: gap")
ax.set_yticks([0, 1], ["first stretch", "second"])
if np.isnan(state[1, -1]):
    ax.text(0.75, 0.25, "(no more bins)", transform=ax.transAxes, ha="center", va="center")
show(fig, "Two rows of time: grey training blocks, orange test blocks of 10 s, white gaps.")

# %% [markdown]
# You should see six orange blocks in two rows, each with a thin white margin of 0.8 s. Bins whose
# past or heading is unknown are dropped next, for all models alike: whoever is scored on easier
# bins wins for the wrong reason.

# %%
# catch-up
folds = nmo.model_selection.make_folds(T, cv=18, gap=WINDOW)  # 18 blocks of 10 s
train = np.all([folds[k][0] for k in range(2, 18, 3)], axis=0)
test = np.any([folds[k][1] for k in range(2, 18, 3)], axis=0)
usable = np.isfinite(H).all(axis=1) & np.isfinite(X).all(axis=1)
train, test = train & usable, test & usable

# %% [markdown]
# **Exercise 8.** Write `held_out`: fit a Poisson GLM with ridge penalty of the given `strength` on
# the training rows, and return the *expected counts* of the test rows: no score this time, that
# comes later. `train` and `test` are masks.
# (The call that made `heading_model` above shows how to ask for a ridge.)

# %% exercise="held_out"
def held_out(X, y, train, test, strength):
    """Expected counts per bin in the rows ``test``, from a fit to the rows ``train`` alone."""
    ### BEGIN SOLUTION
    model = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=strength)
    return model.fit(X[train], y[train]).predict(X[test])
    ### END SOLUTION

# %% check="held_out" points=2
with check("held_out") as c:
    x = c.rng.normal(size=(900, 2))
    first = np.arange(900) < 600
    n = c.rng.poisson(np.exp(-1 + 0.8 * np.where(first, x[:, 0], x[:, 1])))  # the rule changes
    got = c.call(held_out, x, n, first, ~first, 0.01)
    from sklearn.linear_model import PoissonRegressor
    fit = lambda rows, a: PoissonRegressor(alpha=a, tol=1e-10, max_iter=1000).fit(x[rows], n[rows])
    right = fit(first, 0.01).predict(x)
    c.that(np.shape(got) != (600,), "these are the training rows: ask for the rows it has not seen",
           "300 rows are tested here", "fit with one mask, predict with the other")
    c.that(np.shape(got) == (300,), "one expected count for each row of `test` is asked for",
           "300 rows are tested here, so 300 numbers come out", "use the mask on the rows of X")
    c.that(np.all(got > 0), "an expected count is below zero: this is the sum before the link, or "
           "another model than Poisson", "the exponential is missing",
           "let the model itself make the prediction")
    c.that(not np.allclose(got, right[~first] / DT, rtol=1e-3),
           "this is in Hz: counts per bin are asked for",
           "the score compares with counts", "leave the bin length out")
    c.that(not np.allclose(got, fit(~first, 0.01).predict(x[~first]), rtol=1e-2),
           "the model was fitted to the very rows it is tested on",
           "the mask of the fit and the mask of the prediction must differ",
           "fit on the training rows")
    c.that(not np.allclose(got, fit(first | ~first, 0.01).predict(x[~first]), rtol=1e-2),
           "the model has seen all rows, the test rows too: a score of this says nothing about "
           "new data",
           "leave rows out before the fit, not after", "X and y both need the mask")
    strong = c.call(held_out, x, n, first, ~first, 10.0)
    c.that(np.std(strong) < 0.3 * np.std(got),
           "the penalty does nothing: it was made a thousand times stronger, and the predictions "
           "look the same", "a strength says how much of a penalty, not which one",
           "name the penalty, and hand its strength on")
    c.that(not np.ptp(np.log(got / right[~first])) < 0.01 or np.allclose(got, right[~first], 0.01),
           "all predictions are off by one and the same factor: the intercept has no say",
           "it holds the mean rate", "let the model itself make the prediction")
    c.equal(got, right[~first],
            "the predictions are not those of a ridge GLM fitted to the training rows",
            "check penalty, strength and masks", "the strength goes in as it came", rtol=1e-3)
    ### BEGIN HIDDEN TESTS
    part = c.rng.permutation(900) < 600
    c.equal(c.call(held_out, x, n, part, ~part, 0.05), fit(part, 0.05).predict(x[~part]),
            "off for another split and another strength", rtol=1e-3)
    ### END HIDDEN TESTS

# %% [markdown]
# What should a score of zero mean? A model that only knows each neuron's mean rate *in the
# training bins*. (The pseudo-R² of lessons 02 and 04 took the mean of the *scored* bins, which no
# model can know beforehand.) Above it we count in **bits per spike**: how much the log-likelihood
# gains over that constant, divided by the number of spikes and by ln 2.
#
# And what should a **control** look like? Same features, same rhythm, wrong moment. Shift all
# features by many seconds and let the end come back in at the beginning. Everything about them
# stays, but what they say about the spikes is gone.
#
# **Exercise 9.** Write `shifted`: row 0 of `X` moves to row `by`, and so on, all columns together.
#
# **Predict.** Lesson 04 shuffled the bins at random. Why is that too easy a control here?

# %% exercise="shifted"
def shifted(X, by):
    """X with all rows moved down by ``by``; rows that leave at the end come in at the top."""
    ### BEGIN SOLUTION
    return np.roll(X, by, axis=0)
    ### END SOLUTION

# %% check="shifted" points=1
with check("shifted") as c:
    toy = np.arange(24.0).reshape(8, 3)
    got = c.call(shifted, toy, 2)
    c.that(np.shape(got) == (8, 3), "as many rows and columns come out as went in",
           "what leaves at the end comes back at the top", "no row is lost")
    c.that(not np.isnan(got).any() and np.count_nonzero(got) >= 23,
           "the rows at the top are empty: what left at the end is lost",
           "the control should have as many bins as the model", "let the end come in at the top")
    c.that(all(row in toy.tolist() for row in got.tolist()),
           "a row now holds values of different moments: the columns no longer move together",
           "the rows travel as wholes", "move along time only, not along the columns")
    c.that(np.sum(np.diff(got[:, 0]) != 3) <= 1,
           "the rows are in random order: features that jump about are too easy to beat, because "
           "real features change slowly",
           "the control keeps the rhythm", "neighbouring rows stay neighbours")
    c.that(not np.array_equal(got, toy[[2, 3, 4, 5, 6, 7, 0, 1]]),
           "the rows moved up instead of down",
           "row 0 should arrive at row `by`", "turn the direction round")
    c.equal(got, toy[[6, 7, 0, 1, 2, 3, 4, 5]], "the rows moved by another number of rows",
            "row 0 should arrive at row `by`", "with 8 rows and `by=2`, row 6 comes in at the top")
    ### BEGIN HIDDEN TESTS
    Z, k = c.rng.normal(size=(50, 4)), int(c.rng.integers(3, 40))
    c.equal(c.call(shifted, Z, k), Z[(np.arange(50) - k) % 50], "off for another shift")
    ### END HIDDEN TESTS

# %% [markdown]
# Now the first round of the contest: heading, own past, both. A model with both needs two
# penalties. A bump of heading is at most 1, so its weights must be large. A history bump adds up
# spikes, so small weights do. One strength per column, `(P, 1)`, allows for that.

# %%
LIGHT, HEAVY = 1e-4, 0.1  # strengths for heading and for history
both = np.repeat([LIGHT, HEAVY], [10, 8])[:, None]
rolled = np.full_like(H, np.nan)
rolled[usable] = shifted(H[usable], 3000)  # half a minute and more away
pooled = {
    "heading": held_out(H, Y, train, test, LIGHT),
    "own past": np.stack([held_out(own[i], Y[:, i], train, test, HEAVY) for i in range(N)], 1),
    "heading + own past": np.stack([held_out(np.hstack([H, own[i]]), Y[:, i], train, test, both)
                                    for i in range(N)], 1),
    "heading, shifted": held_out(rolled, Y, train, test, LIGHT),
}
for name, mu in pooled.items():
    bits = nmo.metrics.bits_per_spike(Y[test], mu, y_train=Y[train])
    print(f"{name:20s} {bits:6.3f} bits per spike, held out")

# %% [markdown]
# You should see the shifted control at zero or below: it learned a relation that is not there, and
# pays for it on new bins. (Bins in random order would score close to 0. A feature that jumps about
# cannot agree with a rate by chance; one that changes slowly can. So the shift is the harder test.)
#
# Heading and own past both score high. Together they score higher than either, but less than the
# sum of the two: in part they say the same, for "it faces the right way" can be read off either.

# %% [markdown]
# ## 5. Everybody's past
#
# Each neuron of the compass sits among others. Let every neuron see the past of *all* of them,
# through the same eight bumps. This is called **coupling**.
#
# **Predict.** How many columns has the design, and how many weights has the population?

# %%
# catch-up
coupled = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=0.1, tol=1e-9)
trained = np.flatnonzero(train)  # the training bins alone: this very model is scored below
coupled.fit(X[trained], Y[trained])  # some seconds
coef = coupled.coef_

# %%
print(f"{N} neurons x 8 bumps = {X.shape[1]} columns; {coef.size} weights in all")
print("columns 0 to 7 hold the past of neuron 0, columns 8 to 15 that of neuron 1, and so on")

# %% [markdown]
# The weights are a table: one row per *column of X*, one column per neuron that listens. A row
# belongs to a **sender** and a bump, a column to a **receiver**. As in lesson 04, weights are not a
# filter yet: each sender's eight weights scale eight kernels, and their sum is the filter.
#
# **Exercise 10.** Write `coupling_filters`. `kernels` has one row per lag and one column per bump.
# Mind the order: within the rows of `coef` the bump changes fastest, the sender slowest.

# %% exercise="coupling_filters"
def coupling_filters(coef, kernels):
    """(receiver, sender, lag) filters from weights (senders * bumps, receivers)."""
    ### BEGIN SOLUTION
    by_sender = coef.reshape(-1, kernels.shape[1], coef.shape[1])
    return np.einsum("sbr,lb->rsl", by_sender, kernels)
    ### END SOLUTION

# %% check="coupling_filters" points=2
with check("coupling_filters") as c:
    # three senders, two bumps, three receivers, four lags; neuron 1 drives neuron 0 by its bump 1
    planted, K = np.zeros((6, 3)), np.array([[1.0, 0], [0.5, 0.2], [0, 1], [0, 0.4]])
    planted[3, 0] = 2.0
    F = c.call(coupling_filters, planted, K)
    c.that(np.shape(F) != (3, 3, 2),
           "these are weights: the bumps have not been turned into lags yet",
           "a filter has one value per lag", "multiply kernels and weights, and sum over bumps")
    c.that(np.shape(F) == (3, 3, 4), "three receivers, three senders and four lags were asked for",
           "the last axis is the lag", "lags are as many as kernels has rows")
    c.that(np.any(F == 0), "these are factors on the rate: a filter is what adds up inside the "
           "exponential", "without a weight a filter is 0", "leave the exponential to the model")
    strength = abs(F).sum(axis=2)
    c.that(not (strength[1, 0] and not strength[0, 1]),
           "neuron 1 sends to neuron 0 here, and your filters say the opposite",
           "the rows of the weights belong to senders",
           "the first axis of the result is the receiver")
    c.that(strength[0, 1] and np.count_nonzero(strength) == 1,
           "one sender was planted and its weight turns up at another one: the rows were cut in "
           "the wrong order",
           "row 3 is the second bump of the second sender", "the sender changes slowest")
    c.that(not np.allclose(F[0, 1], 2 * K[::-1, 1]),
           "the filter runs backwards: the newest lag should come first",
           "the first row of `kernels` is the newest lag", "do not turn the time axis round")
    c.that(not np.allclose(F[0, 1], 2 * K[:, 0]), "the weight of the second bump scales the first",
           "which bump does row 3 belong to?", "within a sender the bumps come in order")
    c.equal(F[0, 1], 2 * K[:, 1], "the filter has the wrong size or shape",
            "a weight of 2 doubles its kernel", "sum over the bumps, nothing else")
    ### BEGIN HIDDEN TESTS
    n, b = int(c.rng.integers(3, 7)), int(c.rng.integers(2, 6))
    W, K = c.rng.normal(size=(n * b, n)), c.rng.normal(size=(11, b))
    want = [[K @ W[s * b : s * b + b, r] for s in range(n)] for r in range(n)]
    c.equal(c.call(coupling_filters, W, K), want, "off for fresh weights")
    ### END HIDDEN TESTS

# %%
mine = coupling_filters(coef, past.kernels)
print("yours and the library's differ by at most",
      abs(mine - nmo.understanding.coupling_filters(past, coef)).max())

# %%
# catch-up
filters = nmo.understanding.coupling_filters(past, coef)  # (receiver, sender, lag)
quick = lambda filters: filters[:, :, :5].sum(axis=2)  # a connection acts within 50 ms
total = quick(filters)
others = ~np.eye(N, dtype=bool)
between = np.arccos(np.cos(peak[:, None] - peak))  # between preferred headings, 0 to π
steps = np.linspace(0, np.pi, 7)


def by_distance(values):
    """Means of the off-diagonal values (N, N) in six ranges of ``between``, and their middles."""
    which = np.digitize(between, steps[1:-1])
    return (steps[1:] + steps[:-1]) / 2, [values[others & (which == k)].mean() for k in range(6)]

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 3.4), layout="constrained")
top = np.quantile(abs(total[others]), 0.97)
image = axes[0].imshow(total, cmap="RdBu_r", vmin=-top, vmax=top, origin="lower")
fig.colorbar(image, ax=axes[0], label="sum over 50 ms (log gain)")
axes[0].set(title="everybody to everybody", xlabel="sender, sorted by heading", ylabel="receiver")
like, unlike = (np.argwhere(others & (between < 0.8)), np.argwhere(others & (between > 2.2)))
best = lambda pairs, sign: pairs[np.argmax(sign * total[tuple(pairs.T)])]
for (r, s), color, text in [(best(like, 1), MODEL, "alike"), (best(unlike, -1), OTHER, "opposite")]:
    text = f"{text}: {counts.columns[s]} to {counts.columns[r]}"
    axes[1].plot(lags, filters[r, s], color=color, lw=2, label=text)
axes[1].axhline(0, color="0.8", lw=1)
axes[1].set(title="two filters", xlabel="lag (s)", ylabel="log gain per spike")
axes[1].legend(frameon=False)
axes[2].plot(between[others], total[others], ".", color=DATA)
axes[2].plot(*by_distance(total), "o-", color=MODEL)
axes[2].axhline(0, color="0.8", lw=1)
axes[2].set(title="who couples to whom", xlabel="difference of preferred heading (rad)",
            ylabel="sum over 50 ms (log gain)")
show(fig, "Matrix of summed coupling filters; two example filters; sums against the difference "
          "of preferred heading, with means.")

# %% [markdown]
# You should see red near the diagonal and in the corners (the seam again), blue away from it. In
# the right panel the mean starts above zero and falls below it within a quarter turn. Neurons with
# similar headings "excite", others "inhibit" each other: a textbook picture of a compass.
#
# (A dot is one pair: what one spike adds in log gain over the next 50 ms. Connections are quick.)
#
# Such a matrix is called **functional connectivity**. Before you believe it, the second round of
# the contest.
#
# **Predict.** Where does "everybody's past" land: above or below "heading"? And does heading still
# help a model that sees everybody?

# %%
# catch-up
LIGHT, HEAVY = 1e-4, 0.1  # strengths of the penalty for heading and for history


def predict_test(X, strength, y=Y):
    """Expected counts in the test bins, from a fit that has seen the training bins alone."""
    glm = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=strength, tol=1e-9)
    return glm.fit(X[trained], y[trained]).predict(X[test])


def penalties(*columns):
    """One strength per column: ``columns`` of heading, then of history."""
    return np.repeat([LIGHT, HEAVY], columns)[:, None]


def late(X, by=3000):
    """The control: the usable rows, half a minute late."""
    out = np.full_like(X, np.nan)
    out[usable] = X[usable][np.arange(-by, usable.sum() - by)]
    return out


HX = np.hstack([H, X])  # heading first, then everybody's past
strength = penalties(10, X.shape[1])
joint = nmo.glm.PopulationGLM(regularizer="Ridge", regularizer_strength=strength, tol=1e-9)
joint = joint.fit(HX[trained], Y[trained])  # some seconds

# %%
contest = {
    "heading": lambda: predict_test(H, LIGHT),
    "own past": lambda: np.stack([predict_test(own[i], HEAVY, Y[:, i]) for i in range(N)], 1),
    "heading + own": lambda: np.stack([
        predict_test(np.hstack([H, own[i]]), penalties(10, 8), Y[:, i]) for i in range(N)], 1),
    "everybody": lambda: coupled.predict(X[test]),
    "heading + everybody": lambda: joint.predict(HX[test]),
    "everybody, shifted": lambda: predict_test(late(X), HEAVY),
}
means = {}
for k, (name, run) in enumerate(contest.items()):  # some seconds in all
    print("\r" + "█" * (k + 1) + "░" * (len(contest) - k - 1), name.ljust(24), end="")
    means[name] = run()
print()
bits = lambda mu, per: nmo.metrics.bits_per_spike(Y[test], mu, y_train=Y[train], per=per)
for name, mu in means.items():
    print(f"{name:20s} {bits(mu, 'all'):6.3f} bits per spike, held out")

# %%
fig, ax = plt.subplots(figsize=(8.5, 3.6), layout="constrained")
for k, (name, mu) in enumerate(means.items()):
    ax.bar(k, bits(mu, "all"), color=[MODEL, "0.85"]["shifted" in name], width=0.7, alpha=0.7)
    ax.plot(k + np.linspace(-0.3, 0.3, N), bits(mu, "neuron"), ".", color=DATA)
ax.axhline(0, color="k", lw=1)
ax.set_xticks(range(len(means)), [name.replace(" + ", "\n+ ").replace(", ",
",\n") for name in means])
ax.set(ylabel="bits per spike, held out", title="the contest (bar: all neurons, dots: each one)",
       ylim=(-1, None))
show(fig, "Bars of held-out bits per spike for six models, with a dot for each neuron.")

# %% [markdown]
# You should see the control at or below zero again. "Everybody" beats "own past" clearly, although
# it never saw the heading. No wonder: you can read the heading off the bump. A twin's neurons know
# little else, so there "heading" is ahead. In a real compass "everybody" may win: neurons share
# more than their heading.
#
# Now compare the third bar with the fifth. Once the heading and a neuron's own past are known, the
# past of all the *others* adds a thin slice, or nothing. Most of what coupling knew was heading.

# %% [markdown]
# ## 6. What coupling is not
#
# You can check that suspicion where you know the truth: in a simulation that you write yourself.
# Two neurons, no connection at all. Both listen to one hidden signal; the second hears it a
# little later.
#
# **Exercise 11.** Write `common_input`. Neuron A expects $\exp(s_t - 3)$ spikes in bin $t$, neuron
# B expects $\exp(s_{t-d} - 3)$ with $d$ = `delay`. Before its first bin the signal is 0. Given the
# signal, all counts are independent Poisson draws.
#
# **Predict.** Fit B on the past of A. What will the filter look like?

# %% exercise="common_input"
def common_input(signal, delay, seed):
    """(T, 2): spike counts of two neurons that share an input and nothing else."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    heard = np.concatenate([np.zeros(delay), signal[: len(signal) - delay]])
    return rng.poisson(np.exp(np.stack([signal, heard], axis=1) - 3))
    ### END SOLUTION

# %% check="common_input" points=2
with check("common_input") as c:
    s = np.append(1.2 * c.rng.normal(size=39_996), [6.0, 6, 6, 6])
    got = c.call(common_input, s, 4, 5)
    c.that(np.shape(got) == (40_000, 2), "one row per bin and one column per neuron, A then B",
           "two neurons, two columns", "B hears the signal later, but its counts start at once")
    c.equal(c.call(common_input, s, 4, 5), got, "the same seed gives other counts: nobody could "
            "repeat your simulation", "`seed` has no say yet", "the generator takes it")
    c.that(np.allclose(got, np.round(got)), "these are expected counts: spikes are whole numbers",
           "the dice have not been thrown", "draw from a Poisson with these means")
    A, B = np.asarray(got).T
    mean = lambda x: np.exp(x - 3)
    to = lambda y, k: np.corrcoef(y[50:-50], mean(s)[50 - k : len(s) - 50 - k])[0, 1]
    c.that(np.max(got) > 1, "no bin ever holds two spikes: these are coin flips, and a signal of "
           "6 asks for twenty", "a Poisson draw has no upper limit", "draw counts, not yes or no")
    c.that(A.mean() < 0.5, "the neurons fire far too often: look at the constant",
           "at a signal of 0 about one bin in twenty has a spike",
           "the 3 belongs inside the exponential")
    c.that(to(A, 0) > 0.2, "neuron A does not follow the signal of its own bin",
           "A hears the signal without delay", "the first column belongs to A")
    c.that(to(B, -4) < 0.15,
           "B hears the signal *before* it is there: the delay has the wrong sign",
           "what B does now was in the signal some bins ago", "the signal moves towards later bins")
    c.that(to(B, 0) < 0.15, "B hears the signal without any delay",
           "B's signal is A's, some bins late", "put zeros in front")
    drive = np.concatenate([np.zeros(4), mean(s)[:-4]])
    linked = np.corrcoef((A - mean(s))[:-4], (B - drive)[4:])[0, 1]
    c.that(linked < 0.9,
           "B is a copy of A, four bins late: they share the dice, not only the signal",
           "given the signal, both throw dice of their own", "draw B's counts anew")
    a, b = np.asarray(c.call(common_input, np.full(20_000, 2.0), 4, 6)).T  # nothing to share
    beside = [np.corrcoef(a[9:-9], b[9 + k : 20_000 - 9 + k])[0, 1] for k in range(-8, 9)]
    c.that(np.max(np.abs(np.delete(beside, 12))) < 0.05, "with a signal that never changes A and B "
           "still go together: they share the dice, one stream of random numbers for both",
           "two generators with one seed throw the same dice", "one generator, two columns")
    c.that(abs(beside[12]) < 0.05,
           "given the signal, B still follows A's spikes: you built the connection that must not "
           "be there", "B listens to the signal, not to A", "A's counts do not appear in B's mean")
    c.that(to(B, 4) > 0.2,
           "B does not follow the signal, or not with this delay",
           "B hears the signal `delay` bins later", "what A hears now, B hears `delay` bins later")
    c.that(abs(A.mean() / mean(s).mean() - 1) < 0.1, "the mean count of A is off",
           "it should be the exponential of the signal minus 3", "no other factor")
    c.that(B[:4].sum() < 8, "before the signal arrives B should hear 0: what left at the end came "
           "in at the beginning", "the first bins of B have no signal yet", "zeros in front")
    early = np.asarray(c.call(common_input, np.zeros(2000), 1500, 5))[:1500, 1]
    c.that(early.sum() > 20, "before the signal arrives B never fires: a signal of 0 is not a rate "
           "of 0", "at a signal of 0 a neuron expects exp(-3) spikes",
           "put the zeros in front of the signal, not of the mean")
    ### BEGIN HIDDEN TESTS
    s = np.repeat([-20.0, 2.0], 3000)
    A, B = np.asarray(c.call(common_input, s, 100, 7)).T
    c.that(A[:3000].sum() == 0 and B[100:3100].sum() == 0,
           "spikes where the signal says none, with a delay of 100 bins")
    c.that(B[:100].sum() < 20, "before the signal arrives B should hear 0")
    c.that(abs(B[3100:].mean() * np.e - 1) < 0.15, "B's mean is off with a delay of 100 bins")
    ### END HIDDEN TESTS

# %%
from scipy.signal import lfilter

signal = lfilter([1], [1, -0.6], np.random.default_rng(0).normal(size=60_000))  # ten minutes
signal = 1.2 * signal / signal.std()  # it changes within a few bins
pair = common_input(signal, 3, seed=1)
bumps = past.compute_features(pair)  # columns 0 to 7: past of A, 8 to 15: past of B
hidden = np.stack([signal, np.roll(signal, 3)], axis=1)  # what each of them hears
fits = {}
for name, s, r in [("A to B", 0, 1), ("B to A", 1, 0)]:
    designs = bumps, np.hstack([bumps, hidden[:, [r]]])  # without and with the signal
    weights = [nmo.glm.GLM().fit(X2, pair[:, r]).coef_[8 * s : 8 * s + 8] for X2 in designs]
    fits[name] = [past.kernels @ w for w in weights]

fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
for ax, (name, (alone, told)) in zip(axes, fits.items(), strict=True):
    ax.axhline(0, color="0.8", lw=1)
    ax.plot(lags[:30], alone[:30], color=MODEL, lw=2, label="signal hidden")
    ax.plot(lags[:30], told[:30], color=OTHER, lw=2, label="signal in the model")
    ax.set(title=f"{name}: no connection", xlabel="lag (s)")
axes[0].set_ylabel("log gain per spike")
axes[0].legend(frameon=False)
show(fig, "Coupling filters between two unconnected neurons, with the shared signal hidden from "
          "the model and with it given.")

# %% [markdown]
# You should see a blue bump from A to B at about 30 ms: a direction, a delay, a sign, all that one
# would ask of a synapse. There is none. Give the model the signal, and the orange filter is flat.
#
# Why? A spike of A makes a high signal likely, and a high signal now means that B
# fires three bins later. A's spike is *news about the signal*. If the signal itself is among the
# features, the spike brings no news. This is called **common input**. (From B to A there is little
# to see: what B heard, A heard before.)
#
# Now your compass. Its loudest common input is known: the heading. Put it beside the coupling.

# %%
# catch-up
told_filters = nmo.understanding.coupling_filters(past, joint.coef_[10:])
told_total = quick(told_filters)
two = [(total, MODEL, "coupling alone"), (told_total, OTHER, "heading in the model")]

# %%
fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
for values, color, name in two:
    ax.plot(between[others], values[others], ".", color=color, ms=3, alpha=0.5)
    ax.plot(*by_distance(values), "o-", color=color, lw=2, label=name)
ax.axhline(0, color="0.8", lw=1)
ax.set(xlabel="difference of preferred heading (rad)", ylabel="sum over 50 ms (log gain)",
       title="what is left when the heading is known",
       ylim=np.quantile(total[others], [0.02, 0.98]) * 1.3)
ax.legend(frameon=False)
show(fig, "Summed coupling filters against the difference of preferred heading, with and without "
          "the heading in the model.")
print(f"mean size of these sums: {abs(total[others]).mean():.3f} without the heading, "
      f"{abs(told_total[others]).mean():.3f} with it")

# %% [markdown]
# You should see orange means that are flatter than the blue ones, on a twin by far, on a real
# compass a little. That much of the "excitation" among neighbours was the heading in disguise. What
# is left may be a connection, or another common input that nobody measured: how fast the mouse
# turns, how alert it is, where it *will* look in a tenth of a second. The model cannot tell them
# apart. An intervention could.

# %% [markdown] written="meaning" points=3
# **Written answer.** A colleague writes: "Our GLM shows a positive coupling filter from neuron 7
# to neuron 20 that peaks at 20 ms. Hence neuron 7 excites neuron 20." In five to eight sentences:
# what has been shown, what has not, and which *two* checks (an analysis, a control or an
# experiment) would you ask for? Use at least one number or figure from today.
#
# ### BEGIN SOLUTION
# Shown: in this model, given everybody's past, a spike of 7 is followed by a higher rate of 20,
# and if the score was held out, it predicts new data. Not shown: a synapse, a direction of cause,
# or that 7 matters at all. A signal that reaches 7 first and 20 later gives the same filter, as in
# our simulation without any connection. In our compass the filters between similar neurons shrank
# when heading entered the model, and the others' past added next to nothing to heading and own
# past. I would ask for (1) the filter and the held-out score with the known common inputs in the
# model, beside a shifted control; (2) an intervention: stimulate or silence 7 and look at 20; or
# the same pair in sleep, when no heading comes in from outside.
#
# **Rubric.** 1 point: says what the filter does show (prediction, conditional on the model's
# features). 1 point: names common input (or an unrecorded neuron) as an alternative and ties it to
# a figure or number of the lesson. 1 point: two checks, of which at least one could prove the
# claim wrong. No point for "more data" alone.
# ### END SOLUTION

# %% [markdown]
# ## 7. Let it run free
#
# So far the model predicted one bin ahead, with the *recorded* past in its features. That is like
# walking while somebody puts you back on the path after every step. Now let go. The model draws
# its own spikes, these become its past, and so on. This is a **free-running** simulation.
#
# **Predict.** Nobody tells the free model where the mouse looks. Will a bump form? Will it move?
#
# **Exercise 12.** Write `free_run`. Begin with a silent past. In each bin, neuron $r$ has
# $\eta_r = $ `drive[t, r]` plus, for every sender and lag, its filter times the sender's count
# that many bins ago: `filters[r, s, 0]` belongs to the previous bin. Its count is a Poisson draw
# with mean $\exp(\eta_r)$. Stop $\eta$ at 5 from above, which is 148 spikes per bin, so that a
# simulation that explodes stays finite.

# %% exercise="free_run"
def free_run(filters, drive, seed):
    """(T, N): counts of a population that feeds on its own past; drive (T, N) is the rest of η."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    recent = np.zeros(filters.shape[1:])  # (sender, lag), the newest bin first
    out = np.zeros(drive.shape)
    for t in range(len(drive)):
        eta = drive[t] + np.tensordot(filters, recent, 2)
        out[t] = rng.poisson(np.exp(np.minimum(eta, 5)))
        recent = np.column_stack([out[t], recent[:, :-1]])
    return out
    ### END SOLUTION

# %% check="free_run" points=2
with check("free_run") as c:
    quiet = np.zeros((2, 2, 4))
    got = c.call(free_run, quiet, np.full((4000, 2), [-1.0, 0.5]), 3)
    c.that(np.shape(got) == (4000, 2), "one row per bin and one column per neuron come out",
           "the silent past is not part of the result", "as many rows as drive has")
    c.that(np.allclose(got, np.round(got)), "these are means, not counts: without dice nothing can "
           "fluctuate, and the past of a spiking model is made of spikes",
           "draw every count", "a Poisson draw with that mean")
    c.that(np.all(np.ptp(got, axis=0)), "every bin holds the same counts: the dice start anew in "
           "each bin", "one generator, made once", "make it before the loop")
    c.that(np.max(got) > 1, "no bin ever holds two spikes: these are coin flips",
           "a mean above one needs counts above one", "a Poisson draw has no upper limit")
    rate = np.mean(got, axis=0)
    c.that(not np.allclose(rate, np.log1p(np.exp([-1, 0.5])), atol=0.08),
           "the rate is positive but not the exponential of η",
           "without feedback the mean count is exp(drive)", "which inverse link has this model?")
    c.that(np.allclose(rate, np.exp([-1, 0.5]), atol=0.12), "without any feedback the mean counts "
           "should be exp(drive), and yours are not",
           "put all filters to zero and look at the means", "drive belongs inside the exponential")
    link = np.zeros((2, 2, 4))
    link[1, 0, 2] = 30.0  # neuron 1 fires only three bins after neuron 0
    drive = np.full((3000, 2), [-1.0, -28.0])
    A, B = np.asarray(c.call(free_run, link, drive, 4)).T
    c.that(np.max(B) > 0 or np.max(A) > 20, "neuron 1 never hears neuron 0: either nothing feeds "
           "back, or senders and receivers are swapped",
           "the first axis of `filters` receives, the second sends",
           "what was drawn must enter the past")
    lively = np.mean(c.call(free_run, quiet, np.full((300, 2), 3.0), 5))
    c.that(lively > 10, "a drive of 3 should give 20 spikes in a bin, and yours stop at 5: the "
           "ceiling is for η, not for the mean", "exp(5) is 148", "limit, then the exponential")
    c.that(np.max(B) < 150 + 60, "the simulation runs away: η is not stopped at 5",
           "exp(5) is 148 spikes in a bin", "limit η before the exponential")
    answers = 1 + np.argmax([np.sum((B[k:] > 0) & (A[:-k] > 0)) for k in (1, 2, 3, 4)])
    c.that(answers > 2,
           "the answer comes two bins late instead of three: the newest lag is on the wrong side, "
           "so the past runs backwards, or the present is used",
           "`filters[r, s, 0]` belongs to the previous bin", "which end of the past is the newest?")
    c.that(answers < 4, "the answer comes too late: a bin is lost between draw and past",
           "what was drawn in bin t is the previous bin of t + 1", "update the past in every bin")
    c.that(np.all(A[:-3][B[3:] > 0] > 0),
           "neuron 1 fires without a spike of neuron 0 three bins before",
           "its filter is zero at all other lags", "check the order of lags and neurons")
    c.that(np.max(A) < 20, "neuron 0 hears something, although nobody sends to it",
           "senders and receivers are swapped somewhere", "the first axis of `filters` receives")
    c.that(np.mean(B[3:][A[:-3] == 1]) < 20, "a drive of -28 and a spike that adds 30 make exp(2), "
           "and yours is far more: drive and past went through the exponential one by one",
           "η is one sum", "add first, then the exponential")
    ### BEGIN HIDDEN TESTS
    W = np.zeros((3, 3, 5))
    W[[0, 1, 2], [0, 1, 2], :] = -40.0  # a long silence after every spike
    Z = np.asarray(c.call(free_run, W, np.full((2000, 3), 0.0), 8))
    for k in range(1, 6):
        c.that(not np.any((Z[k:] > 0) & (Z[:-k] > 0)), "two spikes within the silent window")
    c.that(np.any((Z[6:] > 0) & (Z[:-6] > 0)), "the silence lasts longer than the filters")
    other = np.asarray(c.call(free_run, W, np.full((2000, 3), 0.0), 9))
    c.that(np.any(other != Z), "two seeds give the same spikes")
    ### END HIDDEN TESTS

# %%
seconds = 20
first = int(np.clip(np.searchsorted(counts.t, left), WINDOW, 12_000 - seconds / DT))
rows = slice(first, first + int(seconds / DT))
one_step = coupled.predict(X)[rows] / DT
alone = np.tile(coupled.intercept_, (int(seconds / DT), 1))  # all that comes from elsewhere
free = free_run(filters, alone, seed=0)


def bump(ax, spikes, title):
    """Spikes of the sorted population over time."""
    ticks(ax, [np.flatnonzero(spikes[:, i]) * DT for i in range(N)], 0, seconds)
    ax.set(title=title, ylabel="neuron, sorted")


fig, axes = plt.subplots(3, 1, figsize=(9, 7), sharex=True, layout="constrained")
bump(axes[0], Y[rows], "recorded")
highest = np.nanmax(coupled.predict(X), axis=0) / DT
axes[1].imshow(np.sqrt(one_step / highest).T, aspect="auto", origin="lower", cmap="Blues",
               interpolation="nearest", extent=(0, seconds, -0.5, N - 0.5))
axes[1].set(title="one step ahead: rate from the recorded past (dark: each neuron's highest)",
            ylabel="neuron, sorted")
bump(axes[2], free, "free-running: from its own past")
axes[2].set_xlabel("time (s)")
show(fig, "Twenty seconds: recorded spikes, rates predicted one step ahead, spikes of the "
          "free-running model.")
print(f"mean rate: recorded {Y.mean() / DT:.1f} Hz, one step ahead "
      f"{np.nanmean(coupled.predict(X)) / DT:.1f} Hz, free {free.mean() / DT:.1f} Hz")

# %% [markdown]
# You should see the bump in the upper two panels, and most of it gone in the lowest one. One step
# ahead the model looked excellent, because the recorded past carried the heading into it. On its
# own it has a hum, some flicker, another mean rate. It may even explode; try another seed, or a
# minute in place of 20 s.
#
# So a good score and a good simulation are two different promises. A model that leans on a stand-in
# (here: the past for the heading) predicts well and runs badly.
#
# **Predict.** Multiply all filters by a factor. What happens to the population's rate at 0, at 1,
# at 1.5? Then move the slider: where does it change? (Without sliders, edit the last line of the
# next cell.)

# %%
def louder(factor):
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), width_ratios=[2, 1], layout="constrained")
    for f, color in ((0, "0.7"), (1, DATA), (factor, MODEL)):
        spikes = free_run(f * filters, alone, seed=0)
        every_half = spikes.reshape(-1, 50, N).mean(axis=(1, 2)) / DT
        axes[1].semilogy(np.arange(len(every_half)) * 0.5, np.maximum(every_half, 0.1),
                         color=color, label=f"times {f:.2f}")
    bump(axes[0], spikes, f"filters times {factor:.2f}")
    axes[0].set_xlabel("time (s)")
    axes[1].axhline(Y.mean() / DT, color="k", ls="--", lw=1)
    axes[1].set(title="mean rate (dashed: recorded)", xlabel="time (s)", ylabel="rate (Hz)",
                ylim=(0.5, 3e4))
    axes[1].legend(frameon=False, loc="center right")
    show(fig, "Free-running spikes with scaled filters, and the population's rate over time for "
              "this factor, for 1 and for 0.")


louder(1.5)

# %%
interact(louder, factor=FloatSlider(1.0, min=0.0, max=2.0, step=0.05, continuous_update=False));

# %% [markdown]
# You should see a rate that hardly minds a factor of 0 or 1, and takes off at 1.5: beyond some
# point a burst makes a bigger burst. Each spike multiplies rates by $e^{f}$ with $f$ the filter.
# Multiplied often enough, one spike causes more than one further spike, and there is no ceiling
# in an exponential (only the one that you built in). Real neurons have one: a pause after each
# spike, and inhibition.
#
# Lesson 08 makes an exam of this. `nmo.simulation.simulate_history` runs a fitted model the same
# way, faster, and warns when it has no rate to settle at.

# %% [markdown]
# ## 8. What was really there
#
# On a twin you can look behind the curtain, once in your life as an analyst.
#
# **Predict.** Which was the closest to the truth: coupling alone, or coupling beside heading?

# %%
truth = recording.truth
close = others & (between < 1.3)  # rad: pairs that are active at the same time
if truth is None:
    print("A brain does not tell. Here are your filters, and no truth to lay beside them.")
    fig, axes = plt.subplots(1, 2, figsize=(8.5, 3.4), layout="constrained")
    axes[0].plot(total[others], told_total[others], ".", color="0.8")
    axes[0].plot(total[close], told_total[close], ".", color=OTHER)
    axes[0].set(title="50 ms sums (orange: alike)", xlabel="coupling alone (log gain)",
                ylabel="heading in the model (log gain)")
else:
    at = [list(truth["units"]).index(n) for n in counts.columns]
    true = truth["coupling"][at][:, :, at].transpose(2, 0, 1)  # (receiver, sender, lag)
    linked = abs(true).max(axis=2) > 0
    fig, axes = plt.subplots(1, 2, figsize=(8.5, 3.4), layout="constrained")
    for k, (values, color, name) in enumerate(two):
        axes[0].plot(quick(true)[close] + 0.02 * k, values[close], ".", color=color)
        match = np.corrcoef(values[close], quick(true)[close])[0, 1]
        print(f"{name:21s} correlation with the truth {match:.2f}; mean size of a sum where "
              f"nothing is: {abs(values[close & ~linked]).mean():.3f}")
    axes[0].set(title="pairs that like similar headings", xlabel="true 50 ms sum (log gain)",
                ylabel="fitted 50 ms sum (log gain)")
    axes[0].locator_params(axis="x", nbins=5)
    axes[1].plot(lags, true[one, one], "k--", label="truth", zorder=5)
axes[1].plot(lags, filters[one, one], color=MODEL, lw=2, label="coupling alone")
axes[1].plot(lags, told_filters[one, one], color=OTHER, lw=2, label="heading in the model")
axes[1].set(title=f"neuron {counts.columns[one]} to itself", xlabel="lag (s)",
            ylabel="log gain per spike")
axes[1].legend(frameon=False)
show(fig, "Left: fitted sums of coupling filters. Right: a neuron's filter on its own past from "
          "two models; on a twin the truth is dashed.")

# %% [markdown]
# On a twin you should see the orange history filter close to the dashed truth. The blue one rises
# above it for a quarter of a second: that hill was the heading. On the left, orange dots without a
# true connection stay near zero. Blue ones do not.
#
# The picture holds pairs with similar headings only; on the twin no others are connected. If two
# opposite neurons were, no model could see it. When the sender fires, the receiver is silent
# anyway: there is nothing to inhibit. A filter near zero may mean "no connection" or "no occasion".
#
# On a real recording nobody draws the dashed line. What remains is what you did today: held-out
# scores, a control, the known common input in the model, and careful words.

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Give the heading basis 120 bumps instead of 10. Score both in blocks,
# then on random bins (one third). Which split warns you more?</summary>
#
# Blocks: there the score drops by 0.1 to 0.2 bits per spike, on random bins by half of that or
# less. A random test bin has its neighbours in the training set, at the same heading, so learning
# headings by heart goes unpunished. (Compare the drops. The levels differ: other bins are tested.)
# </details>
#
# <details><summary><b>2.</b> Let the filters see the neurons of the other region as well (drop the
# condition on <code>location</code>). Do they add anything held out?</summary>
#
# More senders mean more columns to pay for. Compare the score of the same receivers on the same
# bins. A region that is driven by the compass can predict it: prediction has no direction of cause.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> What would the coupling look like in sleep, when the mouse lies
# still?</summary>
#
# If coupling were all common input from the world, it should vanish. In the real compass it stays:
# neurons that fire together awake fire together asleep (Peyrache et al. 2015). The bump moves
# without the head, so part of the common input is made inside. On a twin try the first 180 s of
# `recording["rem"]`.
# </details>
#
# <details><summary><b>4.</b> Give <code>free_run</code> the heading: <code>drive</code> is then
# <code>np.nan_to_num(H) @ joint.coef_[:10] + joint.intercept_</code>, the filters are
# <code>told_filters</code>.</summary>
#
# On a twin the bump is back and follows the mouse, because the drive carries it. On the recording
# of Mouse28 the rates explode in every run we tried, although this model has the best score of all.
# What looks like feedback there is partly a stand-in, and a stand-in must not be amplified.
# </details>

# %% [markdown]
# ## What you take with you
#
# | we asked | we found | it is not |
# |---|---|---|
# | which heading does it like? | arrows, averaged after dividing by time spent | a mean of angles |
# | does the past help? | yes, held out, far above the shifted control | memory alone: a stand-in |
# | do neighbours help? | yes, until heading and own past are known | a wiring diagram |
# | can coupling appear from nothing? | yes, with sign and delay, from a common input | rare |
# | does a good score run well? | no: alone, the bump fades or explodes | a bug of the fit |
#
# **Where next in NeMoS.** Write `import nemos as nmo`: `PopulationGLM`, `RaisedCosineLogConv`,
# `CyclicBSplineEval`, `regularizer="Ridge"` stay as they are. Its head-direction tutorial fits the
# same flow to the recording that the twin stands for; `feature_mask` there removes a neuron's own
# past, which lesson 06 needs. Simulation is `nemos.simulation.simulate_recurrent`.

# %% [markdown]
# ## Further reading
#
# - Taube, Muller & Ranck (1990) *J. Neurosci.* 10, 420-435: the discovery of head-direction cells.
# - Peyrache, Lacroix, Petersen & Buzsáki (2015) *Nat. Neurosci.* 18, 569-575, doi 10.1038/nn.3968:
#   the recordings of today; the compass asleep.
# - Pillow et al. (2008) *Nature* 454, 995-999, doi 10.1038/nature07140: coupling filters of a whole
#   population, and what they add.
# - Stevenson, Rebesco, Miller & Körding (2008) *Curr. Opin. Neurobiol.* 18, 582-588,
#   doi 10.1016/j.conb.2008.11.005: inferring connections between neurons, and its limits.
# - Das & Fiete (2020) *Nat. Neurosci.* 23, 1286-1296, doi 10.1038/s41593-020-0699-2: when strong
#   coupling is inferred where none is.
# - Gerhard, Deger & Truccolo (2017) *PLoS Comput. Biol.* 13, e1005390,
#   doi 10.1371/journal.pcbi.1005390: why simulated GLMs explode.
# - Fisher (1993) *Statistical Analysis of Circular Data*, Cambridge University Press.
