# %% [markdown]
# # 06 · Calcium imaging: whose past is it?
#
# Under a miniature microscope, neurons glow when they fire. You do not see spikes. You see light
# that jumps up with them and fades slowly. A model of such a trace can reach 99 % on data it has
# never seen, and have learned **next to nothing about the brain**. Today you find out how.

# %% [markdown]
# **At the end you can**
# - look at raw traces and say what is neuron, what is indicator and what is neither;
# - decode the heading with a template, on other data than it was built on;
# - count evidence in events, not in frames;
# - choose between Gaussian, Gamma and Poisson by looking at the scatter;
# - tell a trace's own past from the past of the others, with a mask and a fair test.
#
# **You need** lesson 05 (heading, coupling, blocked splits). Lesson 03 helps.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1-2 | raw traces; read the heading from the light | 30 min | 55 min |
# | 3 | which traces care about the heading? | 20 min | 35 min |
# | 4 | three ways to scatter | 25 min | 45 min |
# | 5-6 | whose past; undo the glow | 30 min | 50 min |
# | 7 | what was really there | 5 min | 15 min |
#
# Live, break after part 3. **Arriving late?** Run the next cell, then the *catch-up* cells up to
# the part you join. They make what it needs from the recording and the library.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pynapple as nap
from ipywidgets import FloatSlider, interact

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, THIRD, show

CIRCLE = 2 * np.pi  # once around, in rad
COMPASS = ([0, np.pi / 2, np.pi, 3 * np.pi / 2, CIRCLE], ["0", "π/2", "π", "3π/2", "2π"])
recording = data_fetch.load("calcium_imaging")
print(recording)

# %% [markdown]
# ## 1. Look first
#
# The line above says whether you have a **twin** (simulated, truth known) or a real recording.
#
# | name | what | unit |
# |---|---|---|
# | `RoiResponseSeries` | brightness of each spot in the image, frame by frame | a.u. or dF/F |
# | `ry` | heading of the animal | rad, 0 to 2π |
# | `epochs` | trials, if there were pauses between them | s |
#
# Such a spot is a **ROI** (region of interest): pixels that light up together, often one neuron.
# Brightness has no unit of its own: a.u. is *arbitrary units*, and dF/F is the change relative to a
# resting brightness.
#
# A frame is our bin. The camera that watches the animal is faster than the microscope, so each
# frame takes the heading of the closest camera sample. No mean of angles, no seam (lesson 05).

# %%
# catch-up
traces = recording["RoiResponseSeries"]
traces = traces.restrict(recording.get("epochs", traces.time_support))
F = traces.values.astype(float)  # (T, R) brightness
T, R = F.shape
epoch = np.searchsorted(traces.time_support.start, traces.t, side="right") - 1
dt = np.diff(traces.t)[np.diff(epoch) == 0].mean()  # s per frame
heading = recording["ry"]
near = np.searchsorted(heading.t, traces.t).clip(1, len(heading) - 1)
near -= traces.t - heading.t[near - 1] < heading.t[near] - traces.t  # the closest camera sample
angle = np.where(abs(heading.t[near] - traces.t) < 0.1, heading.values[near], np.nan)

# %%
print(f"{R} ROIs, {T} frames at {1 / dt:.3f} Hz in {epoch.max() + 1} epoch(s), "
      f"{T * dt / 60:.1f} min in all; brightness from {F.min():.3f} to {F.max():.2f}")
lively = np.argsort(-F.std(axis=0))[:5]
first = int(np.argmax(epoch == epoch[T // 2]))  # the epoch in the middle, a minute of it
piece = slice(first, first + min(int(60 / dt), np.sum(epoch == epoch[T // 2])))
seconds = traces.t[piece] - traces.t[first]

fig, axes = plt.subplots(2, 1, figsize=(9, 5.5), sharex=True, height_ratios=[1, 2.4],
                         layout="constrained")
axes[0].plot(seconds, angle[piece], ".", color=DATA, ms=3)
axes[0].set(ylabel="heading (rad)", title="one minute")
axes[0].set_yticks(*COMPASS)
for row, i in enumerate(lively):
    axes[1].plot(seconds, F[piece, i] / np.ptp(F[:, i]) - row, color="0.3", lw=0.8)
axes[1].set(xlabel="time (s)", ylabel="ROI (each scaled to its range)")
axes[1].set_yticks(-np.arange(5), [f"ROI {i}" for i in lively])
show(fig, "One minute of heading, and below it the traces of the five ROIs that vary most.")

# %% [markdown]
# You should see steep rises and slow falls, on a noisy recording less clearly. The fall is the
# **indicator**, a dye or a protein that binds calcium and lets go of it slowly. A single spike
# glows for many frames. So neighbouring frames are nearly copies, and a frame is not a piece of
# evidence of its own. Keep that in mind.
#
# The scale below the traces is "brightness". There are no counts, and on some recordings values
# fall below zero, because the resting brightness was taken off.
#
# A small thing first, because it goes wrong in published lessons. A history of half a second: how
# many frames is that?
#
# **Exercise 1.** Write `window_bins`: the number of bins, as a whole number, that comes closest to
# `seconds` at `rate` bins per second.
#
# **Predict.** 0.5 s at 29.786 Hz: 14 or 15? And 0.29 s at 100 Hz: what does Python say to
# `int(0.29 * 100)`?

# %% exercise="window_bins"
def window_bins(seconds, rate):
    """Number of bins (int) closest to ``seconds`` at ``rate`` bins per second."""
    ### BEGIN SOLUTION
    return round(seconds * rate)
    ### END SOLUTION

# %% check="window_bins" points=1
with check("window_bins") as c:
    half = c.call(window_bins, 0.5, 29.786)
    c.that(np.shape(half) == () and np.asarray(half).dtype.kind in "iuf",
           "one number is asked for, to compute with: how many bins", "no text, no list of bins",
           "the bins themselves come later")
    c.that(half < 1000, "half a second in thousands of bins: a second was taken for milliseconds",
           "both numbers are about seconds", "no factor of 1000")
    c.that(half > 1, "half a second at almost 30 bins per second is less than a bin? The rate is "
           "on the wrong side", "more bins per second, more bins", "seconds times bins per second")
    c.that(np.isclose(half, np.floor(half)), "this is not a whole number: nobody can shift by 14.9 "
           "bins", "a window has a whole number of bins", "which whole number is closest?")
    c.that(half != 14, "0.5 s at 29.786 Hz is 14.893 bins, and you return 14: the number was cut, "
           "not rounded, and almost a whole bin is lost", "14.893 is closer to 15",
           "cutting off digits always goes down")
    c.that(c.call(window_bins, 0.5, 100) == 50, "0.5 s at 100 Hz are 50 bins: you have one more",
           "nothing needs to be added", "count bins, not the borders between them")
    c.that(c.call(window_bins, 0.07, 100) == 7, "0.07 s at 100 Hz comes out as more than 7 bins: "
           "floating point makes it 7.000000000000001, and you go up to the next one",
           "up is no better than down", "the closest one is asked for")
    c.equal([half, c.call(window_bins, 0.29, 100)], [15, 29], "not the closest whole number",
            "0.29 s at 100 Hz are 29 bins", "multiply, then choose the closest")
    ### BEGIN HIDDEN TESTS
    for n in c.rng.integers(2, 400, 20):
        rate = float(c.rng.uniform(5, 120))
        off = (n + c.rng.uniform(-0.4, 0.4)) / rate
        c.equal(c.call(window_bins, off, rate), n, "off for another window")
    ### END HIDDEN TESTS

# %%
W = window_bins(0.5, 1 / dt)
print(f"0.5 s at {1 / dt:.3f} Hz: {W} frames, which are {W * dt:.3f} s; "
      f"cut instead of rounded: {int(0.5 / dt)}")
print("int(0.29 * 100) is", int(0.29 * 100))

# %% [markdown]
# ## 2. Read the heading from the light
#
# If these ROIs are a compass, you can turn it round: guess the heading from one frame of light.
# The recipe is a **template**: for each heading, the mean picture of all ROIs. A new frame gets
# the heading of the template that it resembles most.
#
# Built on which frames? Not on those it is tested on. And the glow lingers for seconds, so a frame
# right after a test block still shows light from inside it. We test on 4 of 12 blocks and leave a
# **gap** of 5 s on both sides. That is ten times the history window that comes later.

# %%
# catch-up
gap = round(5 / dt)
folds = nmo.model_selection.make_folds(T, cv=12, gap=gap)
train = np.all([folds[k][0] for k in (2, 5, 8, 11)], axis=0) & np.isfinite(angle)
test = np.any([folds[k][1] for k in (2, 5, 8, 11)], axis=0) & np.isfinite(angle)
GROUPS = 36  # of heading, 10 degrees each
group = (np.nan_to_num(angle) / CIRCLE * GROUPS).astype(int) % GROUPS


def template_of(frames, rows):
    """Mean of the frames in each visited group of heading, (groups, R), and the groups' centres."""
    visited = [k for k in range(GROUPS) if np.any(rows & (group == k))]
    means = np.stack([frames[rows & (group == k)].mean(axis=0) for k in visited])
    return means, (np.array(visited) + 0.5) * CIRCLE / GROUPS

# %%
fig, axes = plt.subplots(1, 2, figsize=(9.5, 2.9), width_ratios=[1.6, 1], layout="constrained")
colour = np.where(test, 2.0, np.where(train, 0.0, 1.0))
axes[0].imshow(colour[None], aspect="auto", interpolation="nearest", extent=(0, T * dt, 0, 1),
               cmap=plt.matplotlib.colors.ListedColormap(["0.8", "w", OTHER]))
axes[0].set(title="grey: train, orange: test, white: gap", xlabel="recorded time (s)", yticks=[])
axes[1].bar(range(R), np.sort(F[train].std(axis=0))[::-1], color=DATA, width=1)
axes[1].set(title="some ROIs vary more than others", xlabel="ROI, sorted", ylabel="SD (a.u.)")
show(fig, "Training and test blocks over time; the standard deviation of each ROI as bars.")

# %% [markdown]
# You should see four orange blocks with thin margins, and bars of different height. A bright ROI
# would decide alone what a frame resembles. So **scale**: take off each ROI's mean and divide by
# its standard deviation (SD).
#
# Mean and SD of which frames? If the test frames have a say, they have told the model something
# before the test. It is a small leak here. In a short recording with one bright moment it is not.
#
# **Exercise 2.** Write `scale_by_training`: scale every column of `X`, all rows, with the mean and
# SD of the rows in `train` (a mask) alone.

# %% exercise="scale_by_training"
def scale_by_training(X, train):
    """X (T, P) with each column less its training mean, over its training SD."""
    ### BEGIN SOLUTION
    return (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    ### END SOLUTION

# %% check="scale_by_training" points=2
with check("scale_by_training") as c:
    x = c.rng.normal([3.0, -1.0, 50.0], [0.5, 2.0, 10.0], (400, 3))
    x[300:] = 2 * x[300:] + 5  # the test part is brighter and varies more
    known = np.arange(400) < 300
    got = c.call(scale_by_training, x, known)
    c.that(np.shape(got) == (400, 3), "all rows are scaled, test rows too: 400 in, 400 out",
           "only the numbers to scale with come from the training rows", "keep every row")
    louder = x.copy()
    louder[300:] *= 100
    c.that(np.allclose(c.call(scale_by_training, louder, known)[:300], got[:300]),
           "when the test rows change, the scaled training rows change, too: test data had a say "
           "in the mean or the SD", "a test must not speak before it is asked",
           "use the mask before you average")
    c.that(not np.allclose(np.mean(got[300:], axis=0), 0, atol=1e-6),
           "the test rows were scaled by their own mean: that they are brighter is lost",
           "training and test must stay on one scale", "one mean, one SD, for all rows")
    c.that(np.allclose(np.mean(got[:300], axis=0), 0, atol=0.01),
           "the training columns do not have mean 0: no mean was taken off each column, or another",
           "each ROI has a mean of its own", "average over time, not over ROIs")
    c.that(np.ptp(np.std(got[:300], axis=0)) < 0.1,
           "the columns still differ in how much they vary: each needs its own divisor",
           "a bright ROI must not count more than a dim one",
           "the spread of each column, along time")
    c.that(np.allclose(np.std(got[:300], axis=0), 1, rtol=0.01),
           "the training columns do not have SD 1: you divide by another measure of spread",
           "not the variance, not the range", "the standard deviation has the unit of the data")
    c.equal(got[300:], (x[300:] - x[:300].mean(0)) / x[:300].std(0), "the test rows are on another "
            "scale than the training rows", "one mean and one SD are for all rows",
            "what you do to the training rows, do to the others", rtol=0.01)
    ### BEGIN HIDDEN TESTS
    x, known = c.rng.gamma(2.0, [1.0, 7.0], (500, 2)), c.rng.random(500) < 0.4
    want = [(x[:, j] - np.mean(x[known, j])) / np.std(x[known, j]) for j in range(2)]
    c.equal(c.call(scale_by_training, x, known), np.transpose(want), "off on fresh data", rtol=0.01)
    ### END HIDDEN TESTS

# %% [markdown]
# Now the resemblance. We take the **correlation** between two pictures, across ROIs: take off each
# picture's own mean, then compare directions. A frame that is dimmer as a whole still correlates.
#
# **Exercise 3.** Write `decode_heading`: for each row of `frames` the entry of `centres` (rad)
# whose row of `template` correlates most with it. Rows hold one value per ROI and are never
# constant.

# %% exercise="decode_heading"
def decode_heading(frames, template, centres):
    """(T,): for each frame (T, R) the centre whose template row (groups, R) correlates most."""
    ### BEGIN SOLUTION
    a = frames - frames.mean(axis=1, keepdims=True)
    b = template - template.mean(axis=1, keepdims=True)
    b = b / np.linalg.norm(b, axis=1, keepdims=True)
    return centres[np.argmax(a @ b.T, axis=1)]  # the frame's own length changes no winner
    ### END SOLUTION

# %% check="decode_heading" points=2
with check("decode_heading") as c:
    shapes = np.array([[1.0, 0, 0, 1, 2], [0, 3, 1, 0, 0], [9, 9, 9, 9.0, 29], [0, 0, 2, 1, 0]])
    where = np.array([0.5, 2.0, 3.5, 5.0])
    got = c.call(decode_heading, shapes, shapes, where)
    c.that(np.shape(got) == (4,), "one heading per frame is asked for",
           "four frames in, four headings out", "correlate across ROIs, not across time")
    c.that(np.shape(c.call(decode_heading, shapes[1:], shapes, where)) == (3,),
           "three frames and four templates give another number of headings than three: frames and "
           "templates are mixed up", "each frame asks all templates, not the other way round",
           "one winner for each row of `frames`")
    c.that(not np.isin(got, [0, 1, 2, 3]).all(), "these are not headings from `centres`: the "
           "number of the group is not its angle", "the answer is in rad", "look up its centre")
    c.that(np.isin(got, where).all(), "these headings are not in `centres`: several were mixed",
           "the best template wins alone", "no mean of angles")
    c.that(got[1] == 2.0 and got[3] == 5.0,
           "a template picture is taken for another one: either the least alike wins, or a bright "
           "template wins whatever the frame shows", "bright and alike are two things",
           "what must be taken off and divided by, to make a correlation of a product?")
    dim = c.call(decode_heading, 0.05 * shapes[[1, 3]] + 4, shapes, where)
    c.equal(dim, [2.0, 5.0], "the same picture, dimmer and on a lighter ground, is read as another "
            "heading: you compare brightness, not patterns",
            "a correlation minds neither a factor nor a constant", "each picture has its own mean")
    mixed = shapes[[1, 3, 1]] * [[1], [5], [0.2]] + [[0], [20], [3]]
    c.equal(c.call(decode_heading, mixed, shapes, where), [2.0, 5.0, 2.0], "frames of different "
            "brightness disturb each other: the mean of each ROI was taken off, and not that of "
            "each picture", "a picture is a row", "each row less its own mean")
    c.that(c.call(decode_heading, -shapes[1:2], shapes, where)[0] != 2.0,
           "the negative of a picture is taken for the picture itself: light where there should be "
           "dark counts as alike", "a correlation of -1 is as unlike as can be", "keep its sign")
    c.that(c.call(decode_heading, shapes[:1] + [0, 0.1, 0, 0, 0], shapes, where)[0] == 0.5,
           "a template with a large length beats the one that fits",
           "templates differ in how far they stand out", "divide each by its own length")
    ### BEGIN HIDDEN TESTS
    z, t = c.rng.normal(size=(60, 8)), c.rng.normal(size=(9, 8)) * c.rng.uniform(0.1, 9, (9, 1))
    at = np.sort(c.rng.uniform(0, CIRCLE, 9))
    want = at[[np.argmax([np.corrcoef(f, row)[0, 1] for row in t]) for f in z]]
    c.equal(c.call(decode_heading, z, t, at), want, "off on fresh pictures")
    ### END HIDDEN TESTS

# %% [markdown]
# How wrong is a guess? Decoded 6.2 rad, true 0.1 rad: a miss of 6.1, or of 0.2?
#
# **Exercise 4.** Write `angular_error`: the size of the shortest turn between `a` and `b`, from 0
# to π, in rad. It works on arrays. (It is `apart` of lesson 03, and the size of the `turn` of
# lesson 05. Bring one of them, or write it once more.)

# %% exercise="angular_error"
def angular_error(a, b):
    """Shortest distance on the circle between headings a and b, in rad, from 0 to π."""
    ### BEGIN SOLUTION
    return np.abs((np.asarray(a) - b + np.pi) % CIRCLE - np.pi)
    ### END SOLUTION

# %% check="angular_error" points=1
with check("angular_error") as c:
    got = c.call(angular_error, np.array([6.2, 1.0, 2.9, 0.1]),
                 np.array([0.1, 1.5, 0.1, 6.2]))
    c.that(np.shape(got) == (4,), "four pairs in, four errors out", "no mean is asked for here",
           "keep one number per pair")
    c.that(not np.any(got > 20), "this is in degrees: rad is asked for", "half a circle is π",
           "the whole lesson speaks rad")
    c.that(not np.all(abs(got[[0, 3]]) > 6), "6.2 rad and 0.1 rad are almost the same direction, "
           "and you call it a miss of 6.1: the error is not wrapped",
           "the short way leads over the seam",
           "no error is larger than half a circle")
    c.that(np.all(got >= 0), "an error below zero: which side does not matter here, only how far",
           "left and right would cancel in a mean", "return the size of the turn")
    c.that(np.all(got <= np.pi), "one of the turns goes the long way round: the result depends on "
           "which heading comes first", "from a to b is as far as from b to a",
           "more than half a circle means the other way is shorter")
    c.that(np.isclose(got[1], 0.5), "from 1.0 to 1.5 rad it is 0.5 rad, and yours is another "
           "measure", "away from the seam it is a plain difference",
           "a cosine is alike for alike headings, but it is no angle")
    c.that(not np.isclose(got[0], 6.1 - np.pi), "from 6.2 to 0.1 rad it comes out near π, as if "
           "they were opposite: half a turn was taken off, not a full one",
           "what goes once around ends where it began", "the circle is 2π long")
    c.that(not np.isclose(got[2], np.pi - 2.8), "2.9 and 0.1 rad are nearly opposite, and come out "
           "close: for you a direction and its opposite are the same line",
           "a tangent, and half a turn as the period, do this", "the circle is 2π long")
    c.equal(got, [0.1 + CIRCLE - 6.2, 0.5, 2.8, 0.1 + CIRCLE - 6.2], "the size is off",
            "6.2 is 0.083 below the seam", "and 0.1 is 0.1 above it")
    ### BEGIN HIDDEN TESTS
    a, b = c.rng.uniform(0, CIRCLE, (2, 50))
    c.equal(c.call(angular_error, a, b), abs(np.angle(np.exp(1j * (a - b)))), "off on fresh pairs")
    ### END HIDDEN TESTS

# %% [markdown]
# Three tests, all on the same frames, those of the orange blocks:
# - **own**: the template was built on those very frames;
# - **held out**: it was built on the training frames;
# - **control**: as held out, but the heading is shifted by a third of the recording.
#
# **Predict.** A guess at random misses by π/2 = 1.57 rad in the median. Put the three in order.

# %%
Z = scale_by_training(F.copy(), train)  # a copy, should yours work in place
late = T // 3 + 7  # frames; an odd shift keeps a periodic heading from meeting itself
decoded = {
    "own": decode_heading(Z[test], *template_of(Z, test)),
    "held out": decode_heading(Z[test], *template_of(Z, train)),
}
miss = {name: angular_error(guess, angle[test]) for name, guess in decoded.items()}
shifted = np.roll(angle, late)[test]
miss["control"] = angular_error(decoded["held out"], shifted)[np.isfinite(shifted)]
for name, error in miss.items():
    print(f"{name:9s} median error {np.median(error):.2f} rad")

rows = np.flatnonzero(test)
rows = rows[: int(60 / dt)]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), width_ratios=[1.7, 1], layout="constrained")
axes[0].plot(np.arange(len(rows)) * dt, angle[rows], ".", color=DATA, ms=3, label="true")
axes[0].plot(np.arange(len(rows)) * dt, decoded["held out"][: len(rows)], ".", color=MODEL, ms=2,
             label="decoded, held out")
axes[0].set(xlabel="time in the test block (s)", ylabel="heading (rad)")
axes[0].set_yticks(*COMPASS)
axes[0].legend(frameon=False, markerscale=3, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
for (name, error), color in zip(miss.items(), (OTHER, MODEL, DATA), strict=True):
    axes[1].plot(np.sort(error), np.linspace(0, 1, len(error)), color=color, lw=2, label=name)
axes[1].set(xlabel="error (rad)", ylabel="share of frames below", title="all test frames")
axes[1].legend(frameon=False)
show(fig, "Left: true and decoded heading over a minute. Right: share of frames below each error "
          "for own, held-out and control.")

# %% [markdown]
# You should see blue dots that follow the grey ones, often a little late: the light lingers. On the
# right "own" looks best. It is too good, because a template of its own test frames contains their
# noise. The published version of this analysis shows that curve, and no number. The blue curve is
# what the next minute would give you. The control lies near the diagonal, as a random guess would.

# %% [markdown]
# ## 3. Which traces care?
#
# Some ROIs follow the heading, others do not. A test is needed, and it begins with a question:
# **how many observations are there?** Thousands of frames. But the glow of one burst fills dozens
# of frames. The honest unit is the **event**: the light rises past a level.

# %% [markdown]
# **Exercise 5.** Write `event_frames`: True in each frame in which the trace is above `level` while
# in the frame before, of the same epoch, it was not. The first frame of an epoch is no event:
# nobody saw the frame before.

# %% exercise="event_frames"
def event_frames(trace, level, epoch):
    """(T,) bool: the frames in which the trace rises past the level, within an epoch."""
    ### BEGIN SOLUTION
    above = trace > level
    rises = above[1:] & ~above[:-1] & (epoch[1:] == epoch[:-1])
    return np.append(False, rises)
    ### END SOLUTION

# %% check="event_frames" points=1
with check("event_frames") as c:
    toy = np.array([0, 0, 3, 2, 2.5, 0, 0.6, 1.4, 0, 0, 5, 4, 0, 3.0])
    place = np.repeat([0, 1], [10, 4])  # the second epoch begins above the level
    got = c.call(event_frames, toy, 1.0, place)
    c.that(np.shape(got) == (14,), "one value per frame: True or False",
           "the frames keep their places", "14 frames in, 14 values out")
    c.that(np.isin(got, [0, 1]).all(), "an event is there or it is not: True or False",
           "not the height of the trace", "not the number of the frame")
    c.that(not (got[2] and got[3]), "every frame above the level counts: one burst becomes many "
           "events, as long as it glows", "only the rise is news",
           "what was the frame before?")
    c.that(not got[4], "the trace rises while it is above the level already, and you call it an "
           "event: only the frame that crosses the level counts", "it glows since two frames",
           "the frame before has to be below")
    c.that(not got[5] and not got[8], "events where the light falls: look for the rise",
           "above now, not above before", "which way round is the comparison?")
    c.that(not got[1], "the event comes a frame too early: it is the frame that is above the level",
           "frame 2 is above, frame 1 is not", "the list of differences is one shorter: which end?")
    c.that(not got[10], "the first frame of the second epoch counts as a rise: the frame before it "
           "belongs to another epoch, after a pause", "nobody saw the frame before",
           "compare the epochs of the two frames")
    c.that(got[7], "from 0.6 to 1.4 the trace rises past a level of 1, and you miss it: the size "
           "of the step does not matter", "compare each frame with the level",
           "ask about both frames, not about their difference")
    c.equal(got, np.isin(np.arange(14), [2, 7, 13]), "other frames than the rises",
            "the trace rises at frames 2, 7 and 13", "go through the toy trace by hand")
    start = c.call(event_frames, np.array([5.0, 0, 2, 0]), 1.0, np.zeros(4))
    c.that(not start[0], "the first frame of the recording counts as a rise",
           "nobody saw the frame before", "there is nothing to compare with")
    ### BEGIN HIDDEN TESTS
    y, place = c.rng.normal(size=200), np.repeat([2, 5, 6], [60, 100, 40])
    want = [i > 0 and y[i] > 0.3 and y[i - 1] <= 0.3 and place[i] == place[i - 1]
            for i in range(200)]
    c.equal(c.call(event_frames, y, 0.3, place), want, "off on a fresh trace")
    ### END HIDDEN TESTS

# %% [markdown]
# Every event happened at some heading. Make each an arrow of length one, as in lesson 05. The
# length of their *mean* is $R$: 1 if all point one way, near 0 if they point anywhere. By chance
# $R$ is never quite 0: with $n$ arrows $R^2$ is about $1/n$. The **Rayleigh test** says how
# surprising an $R$ is: $p \approx e^{-nR^2}$.
#
# **Exercise 6.** Write `rayleigh_p` from the heading of every frame and the mask of the events.
# Without any event nothing is surprising: return 1. All headings are known.
#
# **Predict.** A published lesson takes for $n$ the 61 groups of its tuning curve. What would happen
# to $p$ if you cut the circle into 122?

# %% exercise="rayleigh_p"
def rayleigh_p(heading, event):
    """p = exp(-n R²) of the headings of the events; 1 if there is none."""
    ### BEGIN SOLUTION
    n = np.sum(event)
    R = np.abs(np.mean(np.exp(1j * heading[event]))) if n else 0
    return np.exp(-n * R**2)
    ### END SOLUTION

# %% check="rayleigh_p" points=2
with check("rayleigh_p") as c:
    way, seen = np.linspace(0.01, 6.27, 120), np.zeros(120, bool)
    seen[[10, 40, 60, 70, 90]] = True
    got = c.call(rayleigh_p, way, seen)
    c.that(np.shape(got) == (), "one number is asked for", "all events together give one p",
           "no list, no pair")
    c.that(got <= 1, "a probability above one: the exponent has the wrong sign",
           "the more the arrows agree, the smaller p is", "minus")
    twice = c.call(rayleigh_p, np.repeat(way, 2), np.repeat(seen, 2) & (np.arange(240) % 2 == 0))
    c.that(np.isclose(got, twice),
           "each frame was cut into two, no event was added, and p changed: your n counts frames",
           "a finer clock is no new evidence", "what is one observation here?")
    many = c.call(rayleigh_p, np.repeat(way, 3), np.repeat(seen, 3))
    c.that(not np.isclose(many, got),
           "three times as many events at the same headings, and p stays: your n does not grow "
           "with the events", "more arrows that agree are more surprising",
           "n is no constant and no number of groups")
    c.that(not np.isclose(many, got**27),
           "p falls too steeply as events are added: R is the length of the sum, not of the mean",
           "R lies between 0 and 1", "divide by the number of arrows")
    c.that(not np.isclose(got, np.exp(-5 * np.abs(np.mean(np.exp(1j * way))) ** 2)),
           "the arrows of all frames are in it: only the events have arrows",
           "where the animal looked while nothing happened does not count", "use the mask")
    arrows = np.mean(np.cos(way[seen])), np.mean(np.sin(way[seen]))
    c.that(not np.isclose(got, np.exp(-5 * np.hypot(*arrows))), "the length is not squared",
           "the formula says n times R squared", "look at the exponent again")
    c.equal(got, np.exp(-5 * (arrows[0] ** 2 + arrows[1] ** 2)),
            "p is off", "five arrows, their mean, its length", "only the events have arrows")
    c.equal(c.call(rayleigh_p, way, np.zeros(120, bool)), 1.0, "without events p should be 1",
            "a mean of nothing is not a number", "look at n first")
    ### BEGIN HIDDEN TESTS
    way, seen = c.rng.uniform(0, CIRCLE, 300), c.rng.random(300) < 0.2
    R2 = np.cos(way[seen]).mean() ** 2 + np.sin(way[seen]).mean() ** 2
    c.equal(c.call(rayleigh_p, way, seen), np.exp(-seen.sum() * R2), "off on fresh events")
    ### END HIDDEN TESTS

# %% [markdown]
# (Cut into 122 groups, the same data give $p^2$. So $n$ cannot be a number of groups.)
#
# Even with events the formula assumes two things that no brain grants. Events come in bursts, at
# nearly one heading. And the animal may prefer a direction, then every neuron seems to.
#
# So again a control: shift the heading against the events, 199 times, by random amounts. Bursts and
# preferences stay, the relation goes. The share of shifts that do at least as well as the truth is
# a p without a formula. (The truth itself counts as one of 200, so p is never 0.)

# %%
# catch-up
bright = (F - F[train].mean(axis=0)) / F[train].std(axis=0)
rises = np.zeros((T, R), bool)  # two SD above the mean is "bright"
rises[1:] = (bright[1:] > 2) & (bright[:-1] <= 2) & (epoch[1:] == epoch[:-1])[:, None]
rises &= np.isfinite(angle)[:, None]
moves = np.random.default_rng(0).integers(T // 10, T - T // 10, 199)
arrow = np.exp(1j * angle)


def length(frames):
    """Mean length R of the arrows in these frames; 0 without any."""
    frames = frames[np.isfinite(arrow[frames])]
    return abs(arrow[frames].mean()) if len(frames) else 0.0


at = [np.flatnonzero(rises[:, i]) for i in range(R)]
true_length = np.array([length(frames) for frames in at])
by_chance = np.array([[length((frames + m) % T) for m in moves] for frames in at])  # (R, 199)
shift_p = (1 + (by_chance >= true_length[:, None]).sum(axis=1)) / (1 + len(moves))
chosen = np.flatnonzero(shift_p <= 0.01)
if len(chosen) < 4:  # a recording without a compass: go on with the longest arrows
    chosen = np.argsort(-true_length)[:8]
chosen = np.sort(chosen[np.argsort(-true_length[chosen])][:16])  # 16 at most, to stay quick
N = len(chosen)

# %%
formula_p = np.array([rayleigh_p(np.nan_to_num(angle), rises[:, i]) for i in range(R)])
frames_p = np.exp(-T * true_length**2)
print(f"of {R} ROIs, p <= 0.01 for {np.sum(frames_p <= 0.01)} (n = frames), "
      f"{np.sum(formula_p <= 0.01)} (n = events), {np.sum(shift_p <= 0.01)} (shifted)")
print(f"we go on with {N}: {chosen.tolist()}")

fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
pick = [chosen[np.argmax(true_length[chosen])], int(np.argmin(true_length))]
for ax, i in zip(axes, pick, strict=True):
    ax.hist(by_chance[i], np.linspace(0, 1, 41), color="0.75", label="heading shifted")
    ax.axvline(true_length[i], color=MODEL, lw=2.5, label="as recorded")
    ax.axvline(1 / np.sqrt(max(len(at[i]), 1)), color="k", ls="--", lw=1, label="1/√n")
    ax.set(title=f"ROI {i}: {len(at[i])} events", xlabel="mean length R (no unit)")
axes[0].set_ylabel("shifts")
axes[0].legend(frameon=False)
show(fig, "Mean length of the arrows of two ROIs: histogram over shifts, and the recorded value.")

# %% [markdown]
# You should see a blue line far to the right of the grey hill in one panel, and inside it, or at
# its foot, in the other. The grey hill may reach well past the dashed $1/\sqrt n$: that is
# burstiness and preference, which the formula does not know. With n = frames, nearly every ROI
# would have "passed".
#
# With 65 ROIs and p = 0.01 you expect less than one false one. With 10,000 you expect a hundred.

# %% [markdown]
# ## 4. Three ways to scatter
#
# Now a model of a trace. Lesson 04 took Poisson, because spikes are counted. Light is not counted.
# A GLM has a choice here, its **observation model**: how the data scatter around their mean.
#
# | model | scatters around μ with variance | y may be | mean comes from η by |
# |---|---|---|---|
# | Gaussian | σ², everywhere the same | any number | identity: μ = η |
# | Poisson | μ | 0, 1, 2, ... | here softplus |
# | Gamma | φμ² | above 0 | here softplus |
#
# **Softplus** is $\mu = \log(1 + e^\eta)$: always above 0, and a straight line where η is large.
# NeMoS calls this choice `inverse_link_function="softplus"`.
#
# The features: ten bumps of heading, and the last half second of the *other* chosen ROIs through
# four bumps of lag (lesson 05). A trace may dip below 0 when the resting brightness was
# taken off. Gamma cannot have that, so such traces are lifted first.

# %%
# catch-up
W = round(0.5 / dt)  # frames of history
Y = F[:, chosen]
Y = np.maximum(Y - np.minimum(np.quantile(Y[train], 0.01, axis=0), 0), 1e-3 * Y[train].std(axis=0))
H = nmo.basis.CyclicBSplineEval(n_basis_funcs=10, bounds=(0, CIRCLE)).compute_features(angle)
past = nmo.basis.RaisedCosineLogConv(n_basis_funcs=4, window_size=W)
lifted = nap.TsdFrame(t=traces.t, d=Y, time_support=traces.time_support)
X = past.compute_features(lifted).values  # (T, N * 4): the four columns of the first ROI come first
usable = np.isfinite(H).all(axis=1) & np.isfinite(X).all(axis=1)
fit_rows, score_rows = train & usable, test & usable
one = int(np.argmax(np.corrcoef(Y[fit_rows].T, H[fit_rows].T)[:N, N:].max(axis=1)))
others = np.arange(4 * N) // 4 != one  # columns of X that belong to other ROIs
HX = np.hstack([H, X[:, others]])

# %% [markdown]
# **Exercise 7.** Write `predict_with`. Fit a GLM of the given `family` ("Gaussian", "Poisson" or
# "Gamma") to the rows `train` (a mask), with a ridge of strength 0.001. Take the link from the
# table above: for Gaussian the library's own default will do. Return the predicted mean of *all*
# rows. (As in lesson 05: make a GLM with its settings, call `fit`, then `predict`.)

# %% exercise="predict_with"
def predict_with(X, y, train, family):
    """(T,): mean of y in every row, from a GLM fitted to the training rows alone."""
    ### BEGIN SOLUTION
    link = None if family == "Gaussian" else "softplus"
    glm = nmo.glm.GLM(family, inverse_link_function=link, regularizer="Ridge",
                      regularizer_strength=0.001)
    return glm.fit(X[train], y[train]).predict(X)
    ### END SOLUTION

# %% check="predict_with" points=2
with check("predict_with") as c:
    x = c.rng.normal(size=(600, 2))
    known = np.arange(600) < 400
    true = np.log1p(np.exp(0.6 + x @ [1.5, -0.8]))
    y = true * c.rng.gamma(4.0, 0.25, 600) + 0.01
    y[~known] = 3 * y[~known][::-1]  # the test part follows no rule
    names = "Gaussian", "Poisson", "Gamma"
    got = {name: c.call(predict_with, x, y, known, name) for name in names}
    c.that(all(np.shape(mu) == (600,) for mu in got.values()),
           "a mean for all rows is asked for, 600 here: training rows and the others",
           "fit on some rows, predict every row", "the mask belongs into the fit alone")
    odd = c.call(predict_with, x, np.where(known, y, 50.0), known, "Poisson")
    c.that(np.allclose(odd, got["Poisson"], rtol=1e-4), "when the test rows change, the "
           "predictions change: the model was fitted to all rows", "the mask says what may be "
           "learned", "X and y both need it")
    c.that(np.min(got["Gaussian"]) < 0, "the Gaussian model is never below 0: it was given a link "
           "that the table does not give it", "a Gaussian mean is a plain weighted sum",
           "leave its link alone")
    c.that(np.min(got["Gamma"]) > 0 and np.min(got["Poisson"]) > 0,
           "a Poisson or Gamma mean below 0: they got the Gaussian's link, or its scatter",
           "the family must reach the model, and with it a link", "look at the table once more")
    c.that(not np.allclose(got["Gamma"], got["Poisson"], rtol=1e-3),
           "Poisson and Gamma predict the same: the family was not used",
           "they weigh the same miss differently", "hand the name on to the model")
    def flat(mu, pull):
        """Slope of the objective at the weights behind these means: 0 at an optimum."""
        eta = mu if pull == 0 else mu + np.log(-np.expm1(-mu))
        ones = np.column_stack([np.ones(600), x])
        w, rest = np.linalg.lstsq(ones, eta, rcond=None)[:2]
        line = float(np.sum(rest)) / 600
        each = 2 * (mu - y) if pull == 0 else (mu - y) / mu**pull * -np.expm1(-mu)
        return line, ones[known].T @ each[known] / 400 + 0.001 * np.append(0, w[1:])
    c.that(all(flat(got[name], pull)[0] < 1e-6 for name, pull in
               (("Gaussian", 0), ("Poisson", 1), ("Gamma", 2))),
           "undoing the table's link does not give a weighted sum of the features: another link "
           "was used", "the table has one link for each family",
           "without a word the library takes its own, and that is another one")
    c.that(all(np.allclose(flat(got[name], pull)[1], 0, atol=1e-4) for name, pull in
               (("Gaussian", 0), ("Poisson", 1), ("Gamma", 2))),
           "the weights are not those of a ridge of strength 0.001",
           "which penalty, and how strong?", "check its name and its number")
    ### BEGIN HIDDEN TESTS
    mixed = c.rng.permutation(known)
    for name, pull in (("Poisson", 1), ("Gamma", 2)):
        mu = c.call(predict_with, x, y, mixed, name)
        eta = mu + np.log(-np.expm1(-mu))
        w = np.linalg.lstsq(np.column_stack([np.ones(600), x]), eta, rcond=None)[0]
        each = (mu - y) / mu**pull * -np.expm1(-mu)
        slope = x[mixed].T @ each[mixed] / 400 + 0.001 * w[1:]
        c.equal(slope, [0, 0], "off for another split", atol=1e-4)
    ### END HIDDEN TESTS

# %%
y = Y[:, one]
means = {name: np.full(T, np.nan) for name in ("Gaussian", "Poisson", "Gamma")}
for name, mu in means.items():
    mu[usable] = predict_with(HX[usable], y[usable], fit_rows[usable], name)
below = {name: np.mean(mu[score_rows] < 0) for name, mu in means.items()}
print("share of test frames predicted below 0:",
      ", ".join(f"{name} {share:.1%}" for name, share in below.items()))

spans = [rows[:1] + np.arange(int(40 / dt)) for rows in np.split(np.flatnonzero(score_rows),
         1 + np.flatnonzero(np.diff(np.flatnonzero(score_rows)) > 1)) if len(rows) > 40 / dt]
span = min(spans or [np.flatnonzero(score_rows)], key=lambda rows: means["Gaussian"][rows].min())
fig, ax = plt.subplots(figsize=(9, 3.4), layout="constrained")
ax.plot(np.arange(len(span)) * dt, y[span], color=DATA, lw=2, label="trace")
for (name, mu), color in zip(means.items(), (MODEL, OTHER, THIRD), strict=True):
    ax.plot(np.arange(len(span)) * dt, mu[span], color=color, lw=1.2, label=name)
ax.axhline(0, color="k", lw=1)
ax.set(xlabel="time (s)", ylabel="brightness (a.u.)",
       title=f"ROI {chosen[one]}, held out: heading and the others' past")
ax.legend(frameon=False, ncols=4)
show(fig, "A trace over forty seconds of a test block, and the means of the three models.")

# %% [markdown]
# You should see three lines that rise and fall together. But where the trace is
# dark, the blue Gaussian line may dip below the black zero line: less than no light. It cannot know
# better, since its mean is a plain sum and no number is out of bounds. Poisson and Gamma cannot.
#
# Which one is better? First the means. **Explained variance** compares the model's squared misses
# with those of a constant:
# $$R^2 = 1 - \frac{\sum_t (y_t - \mu_t)^2}{\sum_t (y_t - m)^2}.$$
# Held out, the constant $m$ must be the mean of the **training** frames. The model could not know
# the test mean either. (Lesson 02's pseudo-R² was stricter: it took the mean of the scored bins.) A
# model can be worse than a constant, then $R^2 < 0$, and you want to see it.
#
# **Exercise 8.** Write `explained` for arrays of (T, N): one $R^2$ per column.

# %% exercise="explained"
def explained(y, mu, y_train):
    """(N,): held-out R² of each column; the null is the mean of y_train, column by column."""
    ### BEGIN SOLUTION
    null = np.mean(y_train, axis=0)
    return 1 - np.sum((y - mu) ** 2, axis=0) / np.sum((y - null) ** 2, axis=0)
    ### END SOLUTION

# %% check="explained" points=2
with check("explained") as c:
    old = c.rng.normal([1.0, 10.0], [1, 3], (300, 2))
    new = c.rng.normal([2.0, 11.0], [1, 3], (90, 2))
    near = new + c.rng.normal(0, 0.5, (90, 2))
    got = c.call(explained, new, near, old)
    c.that(np.shape(got) == (2,), "one number for each column is asked for",
           "two traces, two scores", "sum over time alone")
    c.that(np.allclose(c.call(explained, new, new, old), 1), "a perfect prediction should score 1",
           "no misses, nothing unexplained", "one minus what share?")
    bad = c.call(explained, new, -3 * new, old)
    c.that(np.all(bad < 0), "a terrible prediction does not score below 0: either the score was "
           "clipped, or it is a correlation, which forgives a wrong sign and scale",
           "worse than a constant must look worse", "squared misses, not a correlation")
    c.that(np.allclose(c.call(explained, new, np.tile(old.mean(axis=0), (90, 1)), old), 0),
           "predicting the training mean should score exactly 0: your null is another constant, "
           "perhaps the mean of the test frames, which nobody could know",
           "the null model has seen the training frames alone", "the third argument is the source")
    c.that(not np.allclose(got, 1 - np.abs(new - near).sum(0) / np.abs(new - old.mean(0)).sum(0)),
           "these are absolute misses: the formula squares them", "large misses weigh more",
           "look at the exponent")
    ratio = lambda j: np.sum((new - near)[:, j]**2) / np.sum((new[:, j] - old[:, j].mean())**2)
    c.equal(got, [1 - ratio(0), 1 - ratio(1)], "the score is off", "each column has its own null",
            "misses of the model over misses of the constant")
    ### BEGIN HIDDEN TESTS
    a, b, z = c.rng.gamma(2, 3, (70, 4)), c.rng.gamma(2, 3, (70, 4)), c.rng.gamma(2, 2, (200, 4))
    want = [1 - np.sum((a[:, j] - b[:, j])**2) / np.sum((a[:, j] - z[:, j].mean())**2)
            for j in range(4)]
    c.equal(c.call(explained, a, b, z), want, "off on fresh traces")
    ### END HIDDEN TESTS

# %%
truth_rows = y[score_rows][:, None]
for name, mu in means.items():
    score = explained(truth_rows, mu[score_rows][:, None], y[fit_rows][:, None])[0]
    line = f"{name:9s} R² {score:6.3f}"
    if name != "Poisson":  # a density; its scale from the training frames
        y_fit, mu_fit = y[fit_rows], mu[fit_rows]
        scale = np.mean((y_fit - mu_fit) ** 2 / (mu_fit**2 if name == "Gamma" else 1))
        fair = np.maximum(mu[score_rows], 1e-9) if name == "Gamma" else mu[score_rows]
        density = nmo.metrics.log_likelihood(y[score_rows], fair, name, scale=scale)
        line += f",  log-density {density:6.3f} nats per frame"
    print(line)

# %% [markdown]
# You may see a low $R^2$ beside a high log-density. They ask different things. $R^2$ counts misses
# in squares, so the brightest frames decide. The density asks how surprised the model is, scatter
# included: to a Gamma model a miss of half the light is the same in a dim frame and in a bright
# one.
#
# Poisson has no density: it gives chances of 0, 1, 2, and a brightness of 0.37 is no count. As a
# way to find the *mean* it still works. As a statement about scatter it would change its mind if
# you measured light in other units.
#
# So look at the scatter itself. **Predict.** When the model expects more light, are its misses
# larger?
#
# **Exercise 9.** Write `variance_by_mean`: sort the frames by the prediction `mu`, cut them into
# `n_groups` groups of (nearly) equal *number*. Return two arrays: the mean prediction in each
# group, and the mean squared distance between `y` and `mu` in it.

# %% exercise="variance_by_mean"
def variance_by_mean(y, mu, n_groups):
    """Two arrays (n_groups,): mean of mu, and mean squared miss, in groups sorted by mu."""
    ### BEGIN SOLUTION
    groups = np.array_split(np.argsort(mu), n_groups)
    centre = np.array([mu[rows].mean() for rows in groups])
    spread = np.array([np.mean((y[rows] - mu[rows]) ** 2) for rows in groups])
    return centre, spread
    ### END SOLUTION

# %% check="variance_by_mean" points=2
with check("variance_by_mean") as c:
    m = c.rng.permutation(np.linspace(0.1, 1.0, 1200) ** 3 * 8)
    z = m + 0.5 * m * np.where(np.arange(1200) % 2, 1, -1)  # misses by half, up and down
    got = c.call(variance_by_mean, z, m, 6)
    c.that(np.shape(got) == (2, 6), "two arrays with one value per group are asked for",
           "first the means, then the squared misses", "six groups, six values each")
    centre, spread = np.asarray(got, float)
    ranks = np.sort(m).reshape(6, 200)
    c.that(np.all(np.diff(centre) > 0), "the groups are not in the order of the prediction",
           "frames must be sorted before they are cut", "small predictions first")
    c.that(not np.allclose(np.diff(centre), np.diff(centre)[0], rtol=0.2),
           "the groups are equally wide, not equally full: the last ones hold few frames",
           "the same number of frames in each", "cut the sorted list, not the axis")
    c.that(not np.isclose(centre[-1], np.sort(z)[-200:].mean(), rtol=1e-3)
           and not np.isclose(centre[-1], m[np.argsort(z)[-200:]].mean(), rtol=1e-4),
           "the frames were sorted by the trace: then bright frames are those with lucky scatter",
           "the model's expectation is known before the trace", "sort by the prediction")
    c.that(not np.allclose(spread, ranks.mean(axis=1), rtol=1e-3),
           "the two arrays are swapped: the means come first", "the prediction, then the scatter",
           "turn them round")
    c.that(not np.allclose(centre, [z[g].mean() for g in np.argsort(m).reshape(6, 200)], rtol=1e-6),
           "this is the mean of the trace in each group: the mean of the prediction is asked for",
           "the groups are made of predictions, and so is their axis", "the mean of `mu`")
    c.equal(centre, ranks.mean(axis=1), "the means of the groups are off", "the mean of `mu`",
            "compare with the sorted predictions", rtol=1e-3)
    c.that(not np.allclose(spread, np.sqrt((0.25 * ranks**2).mean(axis=1)), rtol=0.05),
           "these look like standard deviations: squares are asked for",
           "the table above speaks of variance", "leave out the root")
    of_group = lambda f: [f(g) for g in np.argsort(m).reshape(6, 200)]
    about = of_group(lambda g: np.var(z[g])), of_group(lambda g: np.mean((z[g] - m[g].mean()) ** 2))
    c.that(not any(np.allclose(spread, values, rtol=1e-6) for values in about),
           "this is the scatter around the group's mean: a part of it is what the model knows",
           "the distance from the frame's own prediction is asked for", "y less mu, frame by frame")
    c.that(not np.allclose(spread, of_group(lambda g: np.var(z[g] - m[g])), rtol=1e-9),
           "this is the variance of the misses: a model that is always too low by the same amount "
           "would get off free", "no mean is taken off the misses", "square them as they are")
    c.that(not np.allclose(spread, of_group(lambda g: np.mean(z[g] - m[g]) ** 2), rtol=1e-6),
           "misses up and down cancel before they are squared", "square first, then average",
           "each miss counts for itself")
    apart = (z - np.sort(m)).reshape(6, 200) ** 2
    c.that(not np.allclose(spread, apart.mean(axis=1), rtol=1e-6),
           "the predictions were sorted and the trace was not: frames are compared with others",
           "a frame keeps its prediction", "find the order first, and use it for both")
    c.equal(spread, (0.25 * ranks**2).mean(axis=1), "the squared misses are off",
            "square first, then average", "in each group", rtol=1e-3)
    c.that(np.shape(c.call(variance_by_mean, z[:1195], m[:1195], 6)) == (2, 6),
           "1195 frames in 6 groups cannot all be equal, and yours come out in another shape",
           "some groups hold one frame more", "nearly equal is enough")
    ### BEGIN HIDDEN TESTS
    m, e = c.rng.gamma(2.0, 1.0, 700), c.rng.normal(size=700)
    order = np.argsort(m)[np.arange(700)].reshape(7, 100)
    c.equal(c.call(variance_by_mean, m + e, m, 7), [m[order].mean(1), (e[order] ** 2).mean(1)],
            "off on fresh data", rtol=1e-6)
    ### END HIDDEN TESTS

# %%
mu = means["Gamma"][score_rows]
centre, spread = variance_by_mean(y[score_rows], mu, 12)
power = np.polyfit(np.log(centre), np.log(spread), 1)[0]
middle = len(centre) // 2
fig, ax = plt.subplots(figsize=(5.5, 3.8), layout="constrained")
ax.loglog(centre, spread, "o", color=DATA, ms=7, label=f"data: slope {power:.2f}")
for p, (name, color) in enumerate([("Gaussian", MODEL), ("Poisson", OTHER), ("Gamma", THIRD)]):
    ax.loglog(centre, spread[middle] * (centre / centre[middle]) ** p, color=color,
              label=f"{name}: slope {p}")
ax.set(xlabel="predicted brightness (a.u.)", ylabel="mean squared miss (a.u.²)",
       title="how the trace scatters")
ax.legend(frameon=False)
show(fig, "Mean squared miss against prediction on logarithmic axes, and the slopes 0, 1 and 2.")

# %% [markdown]
# You should see grey dots that climb: more light, more scatter. Slope 0 would be Gaussian, 1
# Poisson-like, 2 Gamma. Real traces lie where they like, often between two of them. Camera noise is
# the same everywhere, photons scatter like Poisson, and bursts of different size scatter like
# Gamma.
#
# For what follows, the question is *which features predict the mean*, scored by
# $R^2$. Gaussian aims at that and is the quickest. We take it, and remember that it does not know
# where zero is.

# %% [markdown]
# ## 5. Whose past is it?
#
# Each trace may be predicted from the heading, from its **own** past, and from the past of the
# **others**. Fit all chosen ROIs at once. To leave out a ROI's own past, hold its four weights at
# zero: a **mask** with one row per column of `X`, one column per ROI, 0 where a weight may not be.
# In NeMoS and here it is the argument `feature_mask`.

# %% [markdown]
# **Exercise 10.** Write `no_self_mask` for `n_rois` ROIs with `n_bumps` columns each. In `X` the
# columns of one ROI stand together: all bumps of ROI 0, then all of ROI 1, and so on.
#
# **Predict.** With 3 ROIs and 2 bumps: which rows of the mask's first column are 0?

# %% exercise="no_self_mask"
def no_self_mask(n_rois, n_bumps):
    """(n_rois * n_bumps, n_rois): 0 where a feature comes from the ROI itself, else 1."""
    ### BEGIN SOLUTION
    return np.repeat(1 - np.eye(n_rois), n_bumps, axis=0)
    ### END SOLUTION

# %% check="no_self_mask" points=2
with check("no_self_mask") as c:
    got = c.call(no_self_mask, 3, 2)
    c.that(np.shape(got) != (3, 6), "rows and columns are swapped: one row per feature, one column "
           "per ROI that is predicted", "as the weights: features down, ROIs across", "turn it")
    c.that(np.shape(got) == (6, 3), "3 ROIs with 2 bumps have 6 features: 6 rows, and 3 columns",
           "one row for each column of X", "each ROI needs as many rows as it has bumps")
    c.that(np.isin(got, [0, 1]).all(), "a mask holds 0 and 1, nothing else", "may a weight be or "
           "not?", "there is no half")
    c.that(not (np.sum(got) == 6 and got[0, 0] == 1), "this is the other mask: only a ROI's own "
           "past is left", "0 where the past is its own", "swap zeros and ones")
    c.that(np.sum(got) == 12, "12 of the 18 weights should be free: 2 forbidden for each ROI",
           "each column has two zeros", "one for each bump of its own")
    c.that(not (got[0, 0] == 0 and got[3, 0] == 0),
           "in the first column rows 0 and 3 are zero, but row 3 is a bump of ROI 1: your order is "
           "ROI 0, 1, 2 and again 0, 1, 2", "the bumps of one ROI stand together",
           "each row of the small mask comes several times in a row, then the next one")
    c.equal(got, [[0, 1, 1], [0, 1, 1], [1, 0, 1], [1, 0, 1], [1, 1, 0], [1, 1, 0]],
            "the zeros are in the wrong place", "rows 0 and 1 belong to ROI 0", "ROI by ROI")
    ### BEGIN HIDDEN TESTS
    n, k = (int(v) for v in c.rng.integers(3, 8, 2))
    want = np.arange(n * k)[:, None] // k != np.arange(n)
    c.equal(c.call(no_self_mask, n, k), want, "off for other numbers")
    ### END HIDDEN TESTS

# %% [markdown]
# And a rival that costs nothing: **persistence**. It says that the next frame is like the last one.
# It has no weights and knows no brain.
#
# **Predict.** Put in order: heading, persistence, own past, others' past, everybody's past.

# %%
# catch-up
both = np.hstack([H, X])  # one design for all models; a mask says what each may use
rolled = np.full_like(both, np.nan)
rolled[usable] = np.roll(both[usable], usable.sum() // 3 + 7, axis=0)  # for the control
strengths = np.repeat([1e-4, 1e-3], [10, 4 * N])[:, None]  # heading, history (lesson 05)
own = np.arange(4 * N)[:, None] // 4 == np.arange(N)  # features that come from the ROI itself
yes, no = np.ones((10, N)), np.zeros((10, N))
masks = {
    "heading": np.vstack([yes, 0 * own]),
    "own past": np.vstack([no, own]),
    "others' past": np.vstack([no, ~own]),
    "everybody's past": np.vstack([no, own | ~own]),
    "heading + own": np.vstack([yes, own]),
    "heading + others": np.vstack([yes, ~own]),
    "everybody, shifted": np.vstack([no, own | ~own]),
}


def contest(target):
    """Held-out means of all models for all ROIs at once, each from the training frames alone."""
    out = {}
    for name, mask in masks.items():
        features = rolled if "shifted" in name else both
        glm = nmo.glm.PopulationGLM("Gaussian", regularizer="Ridge",
                                    regularizer_strength=strengths, feature_mask=mask)
        glm.fit(features[fit_rows], target[fit_rows])
        out[name] = glm.predict(features[score_rows])
    return out

# %%
def show_contest(results, target, title, alt):
    """A bar per model with a dot per ROI, and the means in print."""
    scores = {name: explained(target[score_rows], mu, target[fit_rows])
              for name, mu in results.items()}
    fig, ax = plt.subplots(figsize=(9.5, 3.6), layout="constrained")
    for k, (name, score) in enumerate(scores.items()):
        plain = name in ("persistence", "everybody, shifted")
        ax.bar(k, score.mean(), color="0.8" if plain else MODEL, width=0.7, alpha=0.8)
        ax.plot(k + np.linspace(-0.3, 0.3, N), score, ".", color=DATA, ms=4)
        print(f"{name:20s} R² {score.mean():7.4f}")
    ax.axhline(0, color="k", lw=1)
    ax.set_xticks(range(len(scores)), [n.replace(" ", "\n") for n in scores], fontsize=8)
    ax.set(ylabel="R², held out", title=title)
    show(fig, alt)
    return scores


light = contest(Y)
light["persistence"] = np.vstack([Y[:1], Y[:-1]])[score_rows]
scores = show_contest(light, Y, "the trace itself (bar: mean, dots: each ROI)",
                      "Bars of held-out explained variance for eight models of the trace.")
print(f"frames below 0: {np.mean(light['heading + others'] < 0):.1%} of the predictions from "
      f"heading and others, {np.mean(Y[score_rows] < 0):.1%} of the traces")

# %% [markdown]
# You should see that every model with a trace's own past is far ahead. And persistence, which knows
# nothing, is among them. So the great score says: *light fades slowly*. It is a fact about the
# indicator. Beside it nothing else can show, and a coupling filter from such a model inherits that.
#
# (On a recording of a small ring of cells, "others' past" may be as high. There neighbouring ROIs
# are pieces of one bump of light, and they glow together.)
#
# Also look at the control: below zero. Many weights, no relation: worse than a constant.
#
# **Predict.** If you could take the lingering away, which bars would fall?

# %% [markdown]
# ## 6. Undo the glow
#
# Suppose light decays by the same share in every frame: what is there fades to $e^{-dt/\tau}$ of
# itself, and what the neuron adds comes on top. Then
# $$u_t = F_t - e^{-dt/\tau} F_{t-1}$$
# is what is *new* in frame t. We call it the **innovation**. It is the simplest step of what is
# called deconvolution.
#
# **Exercise 11.** Write `innovation` for traces (T, N), with `tau` and `dt` in s. In the first
# frame of each epoch nobody knows what was there before: NaN.

# %% exercise="innovation"
def innovation(traces, tau, dt, epoch):
    """(T, N): each frame less what is left of the one before; NaN where an epoch begins."""
    ### BEGIN SOLUTION
    fresh = np.full(traces.shape, np.nan)
    same = np.flatnonzero(epoch[1:] == epoch[:-1]) + 1
    fresh[same] = traces[same] - np.exp(-dt / tau) * traces[same - 1]
    return fresh
    ### END SOLUTION

# %% check="innovation" points=2
with check("innovation") as c:
    fade = np.exp(-0.1 / 0.8)
    place = np.repeat([0, 1], 20)
    jumps = np.zeros((40, 2))
    jumps[[4, 9, 26], [0, 1, 0]] = 2.0, 1.0, 3.0
    light_toy = np.zeros((40, 2))
    for i in range(40):
        light_toy[i] = jumps[i] + (fade * light_toy[i - 1] if i else 0)
    got = c.call(innovation, light_toy, 0.8, 0.1, place)
    c.that(np.shape(got) == (40, 2), "as many frames come out as went in: keep their number",
           "features and traces must keep step", "the first frame stays, as unknown")
    c.that(np.isnan(got[0]).all(), "in the first frame the past is unknown: NaN, not a number",
           "nobody saw the frame before", "0 would say that nothing was added")
    c.that(np.isnan(got[20]).all(), "the second epoch begins after a pause, and you subtract the "
           "light of the first one's last frame", "look at `epoch`", "unknown is NaN here, too")
    c.that(not np.isnan(got[[1, 19, 21, 39]]).any(), "more frames are NaN than epochs begin",
           "one frame per epoch is unknown", "the last frame has a past")
    middle = np.asarray(got)[11:19]
    c.that(not np.allclose(middle, light_toy[11:19] - np.exp(-8) * light_toy[10:18]),
           "almost nothing is taken off, and the light is as it was: `tau` and `dt` are the wrong "
           "way round", "a frame is short, the decay is long: a large share is left",
           "the exponent is small")
    c.that(not np.allclose(middle, light_toy[11:19] - light_toy[10:18] / fade),
           "more is taken off than was there: a share of more than one", "light fades, it does not "
           "grow", "mind the sign of the exponent")
    c.that(np.all(abs(middle) < 0.5), "where the light only fades, something large is left: the "
           "old light was added, or another thing than the light was taken off",
           "what is left after a frame is less than before", "look at the signs, both of them")
    c.that(not np.allclose(middle, -(1 - fade) * light_toy[10:18]),
           "where the light only fades, your innovation is below 0: this is the plain difference, "
           "and the fading is taken for something negative",
           "only a share of the old light is left", "which share is in the formula?")
    c.that(not np.allclose(got[3], -fade * light_toy[4]) or light_toy[4, 0] == 0,
           "frames are compared with the one that follows: the innovation looks into the future",
           "what was there *before*?", "the other neighbour")
    c.that(np.allclose(middle, 0, atol=1e-9), "where the light only fades there should be nothing "
           "new: another share is taken off", "the exponent is time per frame over time of decay",
           "both are in s, and the result has no unit")
    dark = c.call(innovation, np.array([[2.0], [0.5]]), 0.8, 0.1, np.zeros(2))
    c.that(np.asarray(dark)[1, 0] < 0, "light that falls faster than the indicator lets go should "
           "give less than nothing, and you cut it off at 0", "noise goes both ways",
           "return the difference as it is")
    c.equal(np.asarray(got)[[4, 9, 26], [0, 1, 0]], [2.0, 1.0, 3.0], "the jumps do not come back",
            "a jump of 2 should be an innovation of 2", "in the frame in which it happens")
    ### BEGIN HIDDEN TESTS
    f, place = c.rng.gamma(2, 1, (50, 3)), np.repeat([1, 4, 7], [10, 25, 15])
    want = f - np.exp(-0.03 / 1.1) * np.vstack([np.full(3, np.nan), f[:-1]])
    want[[0, 10, 35]] = np.nan
    c.equal(c.call(innovation, f, 1.1, 0.03, place), want, "off on fresh traces")
    ### END HIDDEN TESTS

# %% [markdown]
# How long does the light linger? Look where it is bright and falling: the ratio of a frame to the
# one before is the share that is left. From its median we get one τ for all.
#
# **Predict.** What does the innovation look like if τ is much too short? Much too long? Then move
# the slider. (Without sliders, edit the number in the next cell.)

# %%
# catch-up
step = epoch[1:] == epoch[:-1]
falls = (Y[:-1] > np.quantile(Y[train], 0.75, axis=0)) & (Y[1:] < Y[:-1]) & step[:, None]
left = np.array([np.median((Y[1:, i] / Y[:-1, i])[falls[:, i]]) for i in range(N)])
tau = float(np.median(-dt / np.log(left)))  # s
U = np.full(Y.shape, np.nan)
U[1:][step] = Y[1:][step] - np.exp(-dt / tau) * Y[:-1][step]

# %%
def undo(tau):
    fresh = innovation(Y[piece].copy(), tau, dt, epoch[piece])[:, one]
    fig, axes = plt.subplots(2, 1, figsize=(9, 3.8), sharex=True, layout="constrained")
    axes[0].plot(seconds, Y[piece, one], color=DATA)
    axes[0].set(ylabel="light (a.u.)", title=f"ROI {chosen[one]}")
    axes[1].plot(seconds, fresh, color=MODEL, lw=1)
    axes[1].axhline(0, color="0.8", lw=1)
    axes[1].set(ylabel="innovation (a.u.)", xlabel="time (s)", title=f"τ = {tau:.2f} s")
    show(fig, "A trace and its innovation for one time of decay.")


print(f"light decays with τ = {tau:.2f} s (from {np.sum(falls)} falling frames)")
undo(tau)

# %%
interact(undo, tau=FloatSlider(round(tau, 2), min=0.05, max=3, step=0.05, continuous_update=False));

# %% [markdown]
# You should see short spikes in place of long tails. (Where the camera is noisy, its noise remains
# and hides them: it does not fade, so it cannot be undone.) With τ too short, tails come back: the
# trace is almost unchanged. With τ too long, every bright moment is followed by a stretch below
# zero, because more is taken off than was left.
#
# Now the same contest, with the same features and the innovation as target. **Predict.** Which bars
# fall most? Does "others" still help beside the heading?

# %%
fresh = contest(np.where(np.isfinite(U), U, 0))  # unknown frames have unknown features as well
fresh_scores = show_contest(fresh, np.where(np.isfinite(U), U, 0),
                            "the innovation (bar: mean, dots: each ROI)",
                            "Bars of held-out explained variance for seven models of what is new.")
gain = {name: s["heading + others"].mean() - s["heading"].mean()
        for name, s in (("light", scores), ("innovation", fresh_scores))}
print("others beside heading add", ", ".join(f"{v:+.4f} ({k})" for k, v in gain.items()))

# %% [markdown]
# You should see much smaller bars. Predicting what is *new* is hard, because spikes are rare and
# noisy. The order has changed its meaning: what "own past" still knows is mostly the **rise** of
# the indicator, which takes a few frames, and bursts. The others add little or nothing to the
# heading. (On a small ring "everybody's past" stays ahead: the slices share one bump, and the
# neighbours see where it goes.)
#
# In the light they seemed to add more. The glow carries a neighbour's heading over many frames, and
# a smooth trace can be guessed from another smooth trace. Undoing the glow took that away.
#
# One τ for all and no rise: a rough tool. Packages such as OASIS or CASCADE do it properly.
# Their output is an estimate, too, with errors that last for several frames.

# %% [markdown] written="claim" points=3
# **Written answer.** A colleague writes: "Our coupled GLM explains 99 % of the variance of calcium
# traces, held out. So it has captured how the neurons drive each other." In five to eight
# sentences: what has been shown, what has not, and which *two* comparisons would you ask for? Use
# at least one number of yours from today.
#
# ### BEGIN SOLUTION
# Shown: traces can be predicted one frame ahead on data the model has not seen. Not shown: that the
# others have anything to do with it. Light fades slowly, so a frame is nearly a copy of the last
# one; here persistence, which has no weights, explained as much (0.99) as everybody's past (0.99).
# With a ROI's own past masked the score fell to a third, and beside the heading the others added
# 0.07 to the light and nothing to the innovation. What is left could be common input. I would ask
# for (1) the score beside persistence and beside own past alone, and (2) the same model without own
# past, or of the innovation or deconvolved events, with heading in the model and a shifted control.
#
# **Rubric.** 1 point: names the indicator's decay (or persistence, or own past) as a sufficient
# reason for the score. 1 point: uses a number of the lesson correctly. 1 point: two comparisons,
# one of which separates own past from the others' past. No point for "use more data" alone.
# ### END SOLUTION

# %% [markdown]
# ## 7. What was really there
#
# On a twin the spikes behind the light are known. Three questions: did we choose the right ROIs? Is
# the innovation close to the spikes? Do the coupling weights show the true connections?
#
# **Predict.** Which of the three goes well, which does not?

# %%
truth = recording.truth
joint = nmo.glm.PopulationGLM("Gaussian", regularizer="Ridge", regularizer_strength=strengths)
rows = fit_rows | score_rows
joint.fit(both[rows], U[rows])
filters = nmo.understanding.coupling_filters(past, joint.coef_[10:])  # (receiver, sender, lag)
off = ~np.eye(N, dtype=bool)
size = U[rows].std(axis=0)[:, None] / Y[rows].std(axis=0)  # a receiver's unit per sender's
total = filters.sum(axis=2) / size
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
if truth is None:
    print("A brain does not tell. Here are your filters, and no truth to lay beside them.")
    image = axes[0].imshow(total, cmap="RdBu_r", vmin=-abs(total).max(), vmax=abs(total).max())
    fig.colorbar(image, ax=axes[0], label="fitted sum (scaled)")
    axes[0].set(title="every pair", xlabel="sender", ylabel="receiver")
    axes[0].locator_params(integer=True)
else:
    hit = np.isin(chosen, truth["tuned"]).sum()
    print(f"chosen {N}, of which truly tuned {hit}; tuned in all {len(truth['tuned'])}")
    spikes = truth["spikes"][-T:, chosen]
    match = [np.mean([np.corrcoef(A[rows, i], spikes[rows, i])[0, 1] for i in range(N)])
             for A in (Y, U)]
    print(f"correlation with the spikes: light {match[0]:.2f}, innovation {match[1]:.2f}")
    true = truth["coupling"][chosen][:, :, chosen].sum(axis=1).T  # (receiver, sender)
    print(f"coupling, true and fitted: correlation {np.corrcoef(true[off], total[off])[0, 1]:.2f}")
    axes[0].plot(true[off], total[off], ".", color=MODEL)
    axes[0].set(title="every pair", xlabel="true sum of filter (log gain)",
                ylabel="fitted sum (scaled)")
axes[1].axhline(0, color="0.8", lw=1)
axes[1].plot(dt * np.arange(1, W + 1), filters[one, one], color=MODEL, lw=2)
axes[1].set(title=f"ROI {chosen[one]} to itself", xlabel="lag (s)", ylabel="innovation per light")
show(fig, "Left: coupling sums, on a twin against the truth. Right: a filter on a ROI's own past.")

# %% [markdown]
# On a twin you should see that the choice went well. The innovation comes far closer to the spikes
# than the light does. The coupling is a faint echo. Pairs with no connection at all, the column of
# dots at 0, get filters as large as many true ones. True inhibition, on the left, does not show: it
# links opposite headings, where the receiver is dark anyway when the sender fires (lesson 05, part
# 8). Rare events, seen through a slow indicator for 20 minutes, allow no more. That is worth
# knowing before an experiment, and a twin can tell you.
#
# The right panel is what "own past" knows. On a twin: up for the last frame, down for those
# before. So it asks whether the light is *rising*, for a rise takes a few frames. On a noisy
# recording it is turned over: a frame that was bright by chance is followed by a dimmer one.
# Either way it is a portrait of the indicator and the camera.

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> Build the template on the innovation in place of the light. Is the
# heading read better, or worse?</summary>
#
# Single frames get worse, because most of them hold no event at all. Average over half a second
# first. Then you have a compass that lags less and flickers more.
# </details>
#
# <details><summary><b>2.</b> Set <code>gap</code> to 0 and run parts 2 and 5 again. Which scores
# change?</summary>
#
# With four long blocks hardly any: few frames lie at a border. Make 200 blocks of a few seconds and
# the template's error shrinks, while nothing has been learned. Leaks grow with the number of
# borders.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Multiply the trace by 100 and fit the three models of part 4
# again.</summary>
#
# Gaussian and Gamma say the same in another unit; their log-densities both fall by log 100.
# Poisson's claimed scatter is now far too small, as its variance must equal its mean. Standard
# errors from it would be nonsense. (The ridge weighs less as well: its strength has a unit.)
# </details>
#
# <details><summary><b>4.</b> Take the innovation of <i>all</i> ROIs for events in part 3. Do the
# same ROIs pass?</summary>
#
# Most of them. Events are then sharper and more numerous, and bursts count more than once: the gap
# between the Rayleigh p and the shifted p grows.
# </details>

# %% [markdown]
# ## What you take with you
#
# | we asked | we found | it is not |
# |---|---|---|
# | can we read the heading? | yes, on frames the template never saw | as well as on its own |
# | which ROIs care? | count events, and shift | thousands of frames of evidence |
# | which noise? | look at scatter against mean | a matter of taste, nor of $R^2$ |
# | whose past? | the trace's own, by far | news: the indicator fades slowly |
# | do the others help? | hardly, once heading and glow are accounted for | proof of no connection |
#
# **Where next in NeMoS.** With `import nemos as nmo` the names stay: `PopulationGLM`,
# `observation_model="Gamma"`, `inverse_link_function`, `feature_mask`. Its calcium tutorial fits
# the recording that this twin stands for. Lesson 07 goes on with many task variables at once.

# %% [markdown]
# ## Further reading
#
# - Chen et al. (2013) *Nature* 499, 295-300, doi 10.1038/nature12354: the GCaMP6 indicators.
# - Vogelstein et al. (2010) *J. Neurophysiol.* 104, 3691-3704, doi 10.1152/jn.01073.2009: from
#   light to spikes, with a model of decay.
# - Friedrich, Zhou & Paninski (2017) *PLoS Comput. Biol.* 13, e1005423,
#   doi 10.1371/journal.pcbi.1005423: OASIS, deconvolution frame by frame.
# - Rupprecht et al. (2021) *Nat. Neurosci.* 24, 1324-1337, doi 10.1038/s41593-021-00895-5: CASCADE,
#   and how far inferred spikes can be trusted.
# - Turner-Evans et al. (2017) *eLife* 6, e23496, doi 10.7554/eLife.23496: a fly's compass seen in
#   calcium.
# - McCullagh & Nelder (1989) *Generalized Linear Models*, Chapman & Hall: variance as a function of
#   the mean.
# - Fisher (1993) *Statistical Analysis of Circular Data*, Cambridge University Press: Rayleigh's
#   test.
