# %% [markdown]
# # 08 · Is the model any good?
#
# Two models of one neuron. Both were fitted to the same noise, both predict spikes that
# they have never seen, and both score more than you would have dared to hope. One of
# them is wrong about this neuron in a way that every physiologist would spot. **The score does not
# say which.** Today you learn to ask a model better questions than "how many bits?".

# %% [markdown]
# **At the end you can**
# - say what a score is worth: per spike, in bits, beside a control, on the same bins for all;
# - look at residuals in groups, and find what a model does not know;
# - stretch time by the predicted rate, and test whether what is left is pure chance;
# - give standard errors of weights and of a whole filter, and say when they are too small;
# - choose when AIC, BIC and unseen seconds disagree;
# - let a model run free, and use the data it makes as a yardstick for everything else.
#
# **You need** lesson 04: counts in bins, features of the past, Poisson GLM, spike history.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | a good score | 15 min | 25 min |
# | 2 | what is left over: residuals | 20 min | 35 min |
# | 3 | stretch the time | 25 min | 45 min |
# | 4 | how sure is a weight? | 20 min | 35 min |
# | 5 | three judges who disagree | 15 min | 30 min |
# | 6-7 | let it run; what was really there | 25 min | 50 min |
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
DT = 0.001  # one bin, in seconds
WINDOW = 200  # bins of the past that a model sees
recording = data_fetch.load("current_injection")
print(recording)

# %% [markdown]
# ## 1. A good score
#
# The neuron is that of lesson 04: a pipette pushes current into it, and it fires. The sweeps called
# *Noise 1* are for fitting. The sweeps *Noise 2* hold another current, seconds to minutes away:
# they are the **exam**, and no fit sees them.
#
# | | sees | weights |
# |---|---|---|
# | **model A**, blue | the current of the past 200 ms | 8 |
# | **model B**, orange | the same, and the neuron's own spikes of the past 200 ms | 16 |

# %%
# catch-up
spikes, epochs, stimulus = (recording[name] for name in ("units", "epochs", "stimulus"))
spikes = spikes[0]
tags = np.array([np.ravel(tag)[0] for tag in epochs["tags"]])
past = nmo.basis.RaisedCosineLogConv(8, window_size=WINDOW, label="current")
own = nmo.basis.RaisedCosineLogConv(8, window_size=WINDOW, label="spikes")
both = past + own
bumps = own.kernels  # (200, 8): what each of eight weights stands for, lag by lag


def prepare(tag):
    """Counts, sweep and current (pA) of each bin, and the features of model B (T, 16)."""
    sweeps = epochs[tags == tag]
    counts = spikes.count(DT, sweeps)
    current = stimulus.restrict(sweeps).bin_average(DT, sweeps) * 1e12  # pA
    number = np.searchsorted(sweeps.start, counts.t) - 1
    return counts, number, current.values, both.compute_features(current, counts).values


counts, sweep, current, X = prepare("Noise 1")
new_counts, new_sweep, _, new_X = prepare("Noise 2")
y, new_y = counts.values, new_counts.values
STRENGTH = 1e-5  # a weak ridge: it only holds weights that nothing else would hold
ridge = dict(regularizer="Ridge", regularizer_strength=STRENGTH)
model_A = nmo.glm.GLM(**ridge).fit(X[:, :8], y)
model_B = nmo.glm.GLM(**ridge).fit(X, y)
known = np.isfinite(X).all(axis=1)  # bins with a full past
base = y[known].mean()  # what a constant rate would expect, learned from Noise 1
exam = {"A": model_A.predict(new_X[:, :8]), "B": model_B.predict(new_X)}  # expected counts

# %%
print(f"Noise 1: {len(np.unique(sweep))} sweeps, {len(y)} bins of 1 ms, {y.sum()} spikes")
print(f"Noise 2: {len(np.unique(new_sweep))} sweeps, {len(new_y)} bins of 1 ms, "
      f"{new_y.sum()} spikes")
busy = np.convolve(new_y, np.ones(600), "same").argmax()
part = slice(max(0, busy - 300), busy + 300)  # 0.6 s with many spikes
t = np.arange(part.stop - part.start)[: len(new_y[part])] * DT
fig, ax = plt.subplots(figsize=(9, 3), layout="constrained")
for (name, mu), color in zip(exam.items(), (MODEL, OTHER), strict=True):
    ax.plot(t, mu[part] / DT, color=color, lw=1.2, label=f"model {name}")
ax.plot(t[new_y[part] > 0], np.full((new_y[part] > 0).sum(), -8), "|", color="k", ms=9)
ax.set(xlabel="time (s)", ylabel="rate (Hz)", title="the exam: 0.6 s of Noise 2")
ax.legend(frameon=False)
show(fig, "Rates that models A and B predict in 0.6 s of Noise 2, with the recorded spikes as "
          "ticks below.")

# %% [markdown]
# You should see ticks where the rates are high. Both models know when this neuron is likely to
# fire. The orange rate is notched: after each tick it drops.
#
# How much is that worth? Compare with a model that expects `base` spikes in every bin, $b$ for
# short. The gain in log-likelihood, divided by the number of spikes and by $\log 2$, is in **bits
# per spike**:
# $$\frac{1}{\log 2\,\sum_t y_t}\sum_t \Big(y_t \log\frac{\mu_t}{b} - (\mu_t - b)\Big).$$
#
# **Exercise 1.** Write it. Bins without a prediction (NaN) are not part of the exam, and neither
# are their spikes. (`minglm.metrics.bits_per_spike`)

# %% exercise="bits_per_spike"
def bits_per_spike(counts, mean, base):
    """Bits per spike gained over a constant expected count ``base``; NaN in mean: bin not used."""
    ### BEGIN SOLUTION
    used = np.isfinite(mean)
    n, mu = counts[used], mean[used]
    nats = np.sum(n * np.log(mu / base) - (mu - base))
    return nats / np.sum(n) / np.log(2)
    ### END SOLUTION

# %% check="bits_per_spike" points=2
with check("bits_per_spike") as c:
    toy = np.array([3, 0, 1, 0, 2, 0])
    mu = np.array([np.nan, 0.5, 1.5, 0.5, 1.8, 0.1])
    n, m = toy[1:], mu[1:]
    nats = np.sum(n * np.log(m / 0.7) - m + 0.7)
    got = c.call(bits_per_spike, toy, mu, 0.7)
    c.that(np.ndim(got) == 0, "one number for all bins is asked for", "add up over the bins",
           "one gain, one number of spikes")
    c.that(np.isfinite(got), "not a number: bins without a prediction are in it",
           "NaN plus anything is NaN", "choose the bins before you add up")
    c.that(not np.isclose(got, -nats / 3 / np.log(2)),
           "the sign says that a constant rate is better than a model that knows something",
           "a gain is the model minus the constant", "the model stands above the line")
    c.that(not np.isclose(got, nats / 6 / np.log(2)),
           "the three spikes of the bin without a prediction are counted below the line",
           "what is above and what is below must speak of the same bins", "choose, then count")
    half = (np.sum(n * np.log2(m / 0.7)) - np.sum(m - 0.7)) / 3
    c.that(not np.isclose(got, half), "only the logarithm is in bits; what is subtracted is still "
           "in nats", "the whole sum changes its unit", "divide all of it by log 2")
    c.that(not np.isclose(got, nats / 3), "this is in nats per spike: one bit is log 2 nats",
           "the natural logarithm gives nats", "change the unit at the end")
    c.that(not np.isclose(got, nats / 5 / np.log(2)),
           "this is per bin: with finer bins it would shrink, though nothing has changed",
           "per spike is asked for", "divide by the number of spikes")
    c.that(not np.isclose(got, nats / np.log(2)),
           "this is the total: twice as long a recording would give twice the score",
           "per spike is asked for", "divide by the number of spikes")
    c.that(not np.isclose(got, np.sum(n * np.log(m / 0.7)) / 3 / np.log(2)),
           "only bins with a spike have a say: a model that promises spikes everywhere would win",
           "what the models expect in empty bins counts, too", "the formula has a second part")
    own_null = np.sum(n * np.log(m / 0.6) - m + 0.6) / 3 / np.log(2)
    c.that(not np.isclose(got, own_null),
           "the constant is the mean of the exam's own counts: it has seen the answers",
           "the constant rate is given to you", "it was learned where the models were")
    c.equal(got, nats / 3 / np.log(2), "a part of the formula is off",
            "compute the bin with two spikes by hand", "then one that is empty")
    ### BEGIN HIDDEN TESTS
    mu, n = c.rng.gamma(2, 0.5, 300), c.rng.poisson(0.8, 300)
    mu[c.rng.integers(0, 300, 40)] = np.nan
    ok = ~np.isnan(mu)
    want = (n * np.log2(mu / 0.5) - (mu - 0.5) / np.log(2))[ok].sum() / n[ok].sum()
    c.equal(c.call(bits_per_spike, n, mu, 0.5), want, "off for fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# A score needs a control that must fail. Shuffle the counts of Noise 1 in time, fit again, and take
# the same exam: nothing was there to be learned. Chance may be lucky once, so do it eight times.
#
# **Predict.** How many bits per spike for A, for B, and for the control?

# %%
dice = np.random.default_rng(1)
shuffled = np.column_stack([dice.permutation(y) for _ in range(8)])
control = nmo.glm.GLM(**ridge).fit(X, shuffled).predict(new_X)  # eight models at once, (T, 8)
for name, mu in exam.items():
    print(f"model {name}: {bits_per_spike(new_y, mu, base):+.2f} bits per spike on Noise 2")
luck = [bits_per_spike(new_y, mu, base) for mu in control.T]
print(f"B, fitted to shuffled counts: mean {np.mean(luck):+.2f}, from {min(luck):+.2f} to "
      f"{max(luck):+.2f}")

# %% [markdown]
# You should see A far above zero, B above A, and the controls scattered about zero, none near A: a
# chance relation may pay once, and costs the next time. On a twin A gains about 3 bits per spike:
# where it spikes, A thought it about eight times as likely as a constant rate would. Many papers
# end here.
#
# But "better than nothing" was the question, and "better than the other" is the next one. Neither
# asks: **does the data look as if this model had made them?** That is called **goodness of fit**.

# %% [markdown]
# ## 2. What is left over
#
# Take from the counts what the model expected: the **residual** $y_t - \mu_t$. If the model knows
# all there is to know, only chance is left. How large may chance be? A Poisson count with mean
# $\mu$ has variance $\mu$, so the **Pearson residual** divides by its root:
# $$r_t = \frac{y_t - \mu_t}{\sqrt{\mu_t}} .$$
# Under the model it has mean 0 and variance 1 in every bin.
#
# **Exercise 2.** Write it, one value per bin; NaN stays NaN. **Predict.** In a millisecond a neuron
# fires once or not at all. What will the histogram of $r_t$ look like?

# %% exercise="pearson"
def pearson(counts, mean):
    """(T,): Pearson residual of each bin."""
    ### BEGIN SOLUTION
    return (counts - mean) / np.sqrt(mean)
    ### END SOLUTION

# %% check="pearson" points=1
with check("pearson") as c:
    toy, mu = np.array([0, 1, 3, 2, 5]), np.array([0.25, 0.04, 4.0, 2.25, np.nan])
    got = c.call(pearson, toy, mu)
    want = np.array([-0.5, 4.8, -0.5, -1 / 6, np.nan])
    c.that(np.shape(got) == (5,), "one residual per bin is asked for, also where it is unknown",
           "nothing is added up here", "five bins, five values")
    c.that(np.isnan(got[4]), "the last bin has no prediction, so its residual is unknown: NaN",
           "a residual of 0 would claim a perfect prediction", "leave NaN alone")
    c.that(np.isfinite(got[:4]), "a bin with a count of 0 gives something infinite: the variance "
           "is what the MODEL expects, not what came", "0 spikes are no reason to divide by 0",
           "which of the two inputs belongs under the root?")
    c.that(not np.allclose(got[:4], -want[:4]), "the sign is turned: more spikes than expected is "
           "a positive residual", "what came minus what was due", "swap the two")
    c.that(not np.allclose(got[:4], (toy - mu)[:4]),
           "this is the bare difference: it is small wherever little is expected",
           "chance has another size in every bin", "divide by the standard deviation")
    c.that(not np.allclose(got[:4], ((toy - mu) / mu)[:4]),
           "you divided by the variance; its root, the standard deviation, is asked for",
           "the residual should have variance one", "the variance is µ, so the SD is its root")
    c.that(not np.allclose(got[:4], want[:4] ** 2), "squared residuals have lost their sign",
           "too many and too few spikes must differ", "do not square")
    c.that(not np.allclose(got[:4], ((toy - mu) / np.nanstd(toy - mu))[:4]),
           "all bins are divided by one number: but chance is larger where more is expected",
           "each bin has its own variance", "which is the mean of that bin")
    c.equal(got, want, "the values are off", "compute the first bin by hand", "(0 - 0.25) / 0.5")
    ### BEGIN HIDDEN TESTS
    mu = c.rng.gamma(1, 2, 200)
    n = c.rng.poisson(mu)
    c.equal(c.call(pearson, n, mu) ** 2 * mu, (n - mu) ** 2, "off for fresh counts")
    ### END HIDDEN TESTS

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for ax, kind in zip(axes, ("pearson", "deviance"), strict=True):
    r = nmo.inference.residuals(model_A, new_X[:, :8], new_y, kind)
    steps = np.geomspace(1e-3, 2e3, 60)
    ax.hist(-r[new_y == 0], steps, color="0.75")
    ax.hist(r[new_y > 0], steps, color=MODEL)
    ax.set(xscale="log", yscale="log", xlabel="size of the residual (no unit)", ylabel="bins",
           title=f"{kind.capitalize()} residuals of model A", ylim=(0.7, None))
for ax in axes:
    ax.text(0.35, 0.8, "no spike (negative)", transform=ax.transAxes, color="0.4")
    ax.text(0.6, 0.45, "spike (positive)", transform=ax.transAxes, color=MODEL)
show(fig, "Histograms of the size of Pearson and deviance residuals of model A: a huge grey cloud "
          "near zero from empty bins, a small blue one far away from bins with a spike.")
n_used = np.isfinite(exam["A"]).sum()
print(f"sum of squares per bin: Pearson {np.nansum(pearson(new_y, exam['A']) ** 2) / n_used:.2f}, "
      f"deviance {nmo.metrics.deviance(new_y, exam['A']):.3f}")

# %% [markdown]
# You should see two clouds, and no bell anywhere. A bin is empty, or it holds a spike that nobody
# could have promised for this very millisecond. The **deviance residual** (sign times root of the
# bin's share of the deviance) pulls them together, and is no better here.
#
# So single bins of 1 ms say nothing. The textbook rule "the squares should add up to about 1 per
# bin" does not help either. For Pearson residuals a few unlikely spikes decide the sum. For
# deviance residuals it fails even if the model is right: they are small whenever little is
# expected. The rule wants bins that expect several spikes. The cure is to **put bins into
# groups**. In a group $G$
# $$z_G = \frac{\sum_{t \in G} y_t - \sum_{t \in G} \mu_t}{\sqrt{\sum_{t \in G} \mu_t}}$$
# is near a standard normal number if the model is right and several spikes are due: about one in
# twenty is beyond ±2.

# %% [markdown]
# Which groups? Any variable the model may have missed. Here: the time since the last spike.
#
# **Exercise 3.** Write `grouped_z`: a value per group of `x`. Groups run from edge to edge, as in
# `np.histogram`. Bins without a prediction are left out; a group in which nothing is expected is
# unknown: NaN.

# %% exercise="grouped_z"
def grouped_z(x, counts, mean, edges):
    """(len(edges) - 1,): z of the bins with x between edges[i] and edges[i + 1]."""
    ### BEGIN SOLUTION
    ok = np.isfinite(mean)
    fired, meant = (np.histogram(x[ok], edges, weights=w[ok])[0] for w in (counts, mean))
    return (fired - meant) / np.sqrt(np.where(meant > 0, meant, np.nan))
    ### END SOLUTION

# %% check="grouped_z" points=2
with check("grouped_z") as c:
    x = np.array([1.0, 1, 1, 3, 3, 7, 7, 3])
    toy = np.array([0, 2, 1, 0, 1, 4, 0, 9])
    mu = np.array([0.5, 0.25, 0.25, 2, 2, 0.16, 0.09, np.nan])
    got = c.call(grouped_z, x, toy, mu, np.array([0, 2, 4, 6, 8.0]))
    want = np.array([2.0, -1.5, np.nan, 7.5])
    c.that(np.shape(got) == (4,), "five edges enclose four groups: one z for each of them",
           "one number per group comes out", "a group lies between two neighbouring edges")
    c.that(not np.isnan(got[1]), "the second group is lost: one of its bins has no prediction, "
           "and that spoils the others", "NaN plus anything is NaN", "leave such bins out first")
    c.that(not np.isclose(got[1], 3.0), "the nine spikes of a bin without a prediction are counted",
           "what is not predicted is not part of the exam", "leave it out of both sums")
    c.that(np.isnan(got[2]), "the third group holds no bin, so its z is unknown: NaN",
           "0 would mean: exactly as expected", "look for groups in which nothing is due")
    left, keep = np.array([0, 1, 3]), np.isfinite(mu)
    groups = [keep & (x == v) for v in (1, 3, 7)]
    r = np.where(keep, (toy - mu) / np.sqrt(mu), 0)
    c.that(not np.allclose(got[left], [r[g].mean() for g in groups])
           and not np.allclose(got[left], [r[g].sum() for g in groups])
           and not np.allclose(got[left], [r[g].sum() / np.sqrt(g.sum()) for g in groups]),
           "these are residuals of single bins, put together afterwards: a bin that expects next "
           "to nothing decides for all", "add up spikes and expectations first",
           "one root per group, taken at the end")
    c.that(not np.allclose(got[left], -want[left]), "the sign is turned: too many spikes should "
           "be positive", "what came minus what was due", "swap the two")
    c.that(not np.allclose(got[left], [2, -3, 3.75]),
           "this is the bare difference: it grows with the size of the group",
           "chance grows, too, but with the root", "divide by the root of what was due")
    c.that(not np.allclose(got[left], [2, -0.75, 15]),
           "you divided by what was due; its root is asked for",
           "the variance of a sum of counts is the sum of their means", "take the root")
    c.that(not np.allclose(got[left], [2 / np.sqrt(3), -3, 3.75 / 2]),
           "the root is taken of what came: a group without a spike would divide by zero",
           "chance has the size that the model says", "use the expectation below the line")
    c.that(not np.allclose(got[left], [2 / np.sqrt(3), -3 / np.sqrt(2), 3.75 / np.sqrt(2)]),
           "the root is taken of the number of bins: but a bin may expect much or little",
           "chance has the size that the model says", "use the expectation below the line")
    c.equal(got, want, "a group is off", "in the first group three came and one was due",
            "compute the first group by hand")
    ### BEGIN HIDDEN TESTS
    x, mu = c.rng.uniform(0, 9, 500), c.rng.gamma(1, 0.3, 500)
    n, cuts = c.rng.poisson(mu), np.array([0, 1, 3, 4, 9.0])
    want = [(n - mu)[(x >= a) & (x < b)].sum() / np.sqrt(mu[(x >= a) & (x < b)].sum())
            for a, b in zip(cuts[:-1], cuts[1:], strict=True)]
    c.equal(c.call(grouped_z, x, n, mu, cuts), want, "off for fresh bins and groups")
    ### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Draw two curves of z over the time since the last spike, for A and for B.

# %%
# catch-up
def since_spike(counts, sweep):
    """Milliseconds from the last spike in the same sweep to each bin; inf before the first."""
    t = np.arange(len(counts))
    last = np.maximum.accumulate(np.where(counts > 0, t, -1))
    before = np.concatenate([[-1], last[:-1]])
    same = (before >= 0) & (sweep[before] == sweep)
    return np.where(same, (t - before) * DT * 1e3, np.inf)


age = since_spike(new_y, new_sweep)

# %%
ages = np.array([1, 5, 10, 20, 40, 80, 160, 400.0])
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for (name, mu), color in zip(exam.items(), (MODEL, OTHER), strict=True):
    rates = np.r_[0, np.nanquantile(mu, [0.8, 0.9, 0.95, 0.98, 0.99]), np.nanmax(mu) * 1.01]
    for ax, x, edges, unit in ((axes[0], age, ages, 1), (axes[1], mu, rates, 1 / DT)):
        z = grouped_z(x, new_y, mu, edges)
        middle = np.sqrt(np.maximum(edges[:-1], edges[1] / 5) * edges[1:]) * unit
        ax.plot(middle, z, "o-", color=color, label=f"model {name}")
for ax, text in zip(axes, ("time since the last spike (ms)", "predicted rate (Hz)"), strict=True):
    ax.axhspan(-2, 2, color="0.92")
    ax.set(xscale="log", xlabel=text)
axes[0].set(ylabel="z (standard deviations)", title="grouped by what A does not see")
axes[1].set_title("grouped by what each model says")
axes[0].legend(frameon=False)
show(fig, "Grouped residuals of models A and B on Noise 2, over the time since the last spike and "
          "over the predicted rate; a grey band from -2 to 2.")

# %% [markdown]
# You should see the blue curve of the left panel leave the grey band: soon after a spike, A expects
# spikes that do not come. Orange stays in the band or close to it. This is what the physiologist
# would have spotted. The neuron is **refractory**: for some milliseconds it cannot fire again. A
# does not know.
#
# On a twin the right picture is milder: sorted by its own prediction, a wrong model looks fine, at
# most too hot at its highest rates. (On the serotonin neuron of the course's recordings both leave
# the band: the exponential climbs too steeply for this cell.) Residuals answer only the question
# that the groups ask. So ask several: time since a spike, stimulus, time of the session, trial.

# %% [markdown]
# ## 3. Stretch the time
#
# There is a test that asks for everything at once. Replace the clock by one that runs fast when the
# model expects spikes, and slowly when it does not: let time be the **expected number of spikes so
# far**, $\Lambda_t = \sum_{s \le t} \mu_s$. On this clock, a right model's spikes come at a
# constant rate of one per unit, without any pattern. This is the **time-rescaling** theorem.
#
# **Predict.** On this clock, will a model that does not know of refractoriness see too many short
# intervals or too few?

# %% [markdown]
# One detail. A bin is a lump of expected spikes, and nobody knows where in it the spike was. So
# draw its place: `place[i]`, between 0 and 1, is the part of the bin that lies *after* spike `i`.
#
# **Exercise 4.** Write `rescale`: the intervals between spikes on the model's clock. The first
# interval runs from the start (0) to the first spike. Bins without a prediction are taken out
# of time, with their spikes; `place` has a value for each spike that remains. Two spikes of one
# bin have two places; their order does not matter.

# %% exercise="rescale"
def rescale(counts, mean, place):
    """Intervals in expected spikes: from 0 to the first spike, then from each to the next."""
    ### BEGIN SOLUTION
    ok = np.isfinite(mean)
    n, mu = counts[ok], mean[ok]
    at = np.repeat(np.arange(len(n)), n)
    clock = np.cumsum(mu)[at] - place * mu[at]
    return np.diff(np.sort(clock), prepend=0)
    ### END SOLUTION

# %% check="rescale" points=3
with check("rescale") as c:
    toy, mu = np.array([0, 1, 0, 0, 1, 0, 1, 0]), np.array([0.2, 0.4, 0.1, 0.3, 0.5, 1, 0.2, 0.7])
    got = c.call(rescale, toy, mu, np.zeros(3))
    c.that(np.shape(got) != (2,), "three spikes make three intervals here: the first runs from the "
           "start to the first spike", "before the first spike time has passed, too",
           "put a 0 in front")
    c.that(np.shape(got) == (3,), "one interval per spike is asked for",
           "intervals lie between spikes, not between bins", "look only where there are spikes")
    c.that(not np.allclose(got, [1, 3, 2]) and not np.allclose(got, [2, 3, 2]),
           "these are intervals in bins: the clock of the recording, not that of the model",
           "a bin is as long as what the model expects in it", "add up the expected counts")
    c.that(not np.allclose(got, mu[toy > 0]),
           "these are the expected counts in the bins with a spike; what was expected between the "
           "spikes is lost", "the clock also runs in empty bins", "add up from the start")
    c.that(not np.allclose(got, [0.6, 1.5, 2.7]),
           "these are times on the clock; the intervals between them are asked for",
           "the numbers grow and grow", "take each from the next")
    c.equal(got, [0.6, 0.9, 1.2], "with all spikes at the end of their bins the intervals are off",
            "until the first spike, two bins have passed", "0.2 + 0.4 is the first")
    early = c.call(rescale, toy, mu, np.array([1.0, 0.5, 0.0]))
    c.that(not np.allclose(early, got), "the places within the bins have no say",
           "a spike need not come at the end of its bin", "take a part of the bin away")
    c.that(not np.allclose(early, [1.0, 0.75, 0.95]),
           "a spike lies beyond the end of its bin: the place says what comes after the spike",
           "with a place of 1 the spike is at the start of its bin",
           "take that part of the bin away from the clock")
    c.that(not np.allclose(early, np.diff([0, 0.6 - 1, 1.5 - 0.5, 2.7])),
           "a whole bin on this clock is not 1 long: it is as long as what is expected in it",
           "the place is a part of a bin", "of which length is this bin?")
    c.equal(early, np.diff([0, 0.2, 1.25, 2.7]), "the places within the bins enter wrongly",
            "with a place of 1 the first spike comes at 0.2", "which spike has which place?")
    two = c.call(rescale, np.array([1, 0, 2]), np.array([0.5, 1, 0.8]), np.array([0.2, 0.25, 0.5]))
    c.that(np.shape(two) == (3,), "two spikes share a bin here, and one of them is lost",
           "there are as many intervals as spikes", "name a bin as often as it holds spikes")
    c.that(np.min(two) >= 0, "an interval is negative: two spikes of one bin are in wrong order",
           "their places are drawn, so any of them may come first", "put the times in order")
    c.equal(two, [0.4, 1.5, 0.2], "two spikes in a bin come out wrong",
            "the bin ends at 2.3 on this clock", "they are at 2.1 and 1.9")
    hole = np.array([0.5, np.nan, np.nan, 0.8])
    got = c.call(rescale, np.array([1, 0, 1, 1]), hole, np.array([0.2, 0.5]))
    c.that(np.isfinite(got), "bins without a prediction stop the clock for good: not a number",
           "NaN plus anything is NaN", "take such bins out of time before you add up")
    c.equal(got, [0.4, 0.5], "bins without a prediction are taken out of time, with their spikes",
            "two of the three spikes remain here", "the clock stands still in such bins")
    ### BEGIN HIDDEN TESTS
    mu = c.rng.gamma(1, 0.3, 300)
    mu[50:70] = np.nan
    n = c.rng.poisson(np.nan_to_num(mu))
    u = c.rng.random(n.sum())
    ends = np.nancumsum(mu)
    spots = sorted(ends[t] - u[i] * mu[t] for i, t in enumerate(np.repeat(np.arange(300), n)))
    c.equal(c.call(rescale, n, mu, u), np.diff([0, *spots]), "off for a fresh spike train")
    ### END HIDDEN TESTS

# %%
place = np.random.default_rng(0).random(int(new_y[np.isfinite(exam["A"])].sum()))  # for both
stretched = {name: rescale(new_y, mu, place) for name, mu in exam.items()}
steps = np.arange(0, 5.1, 0.25)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
for ax, (name, z), color in zip(axes, stretched.items(), (MODEL, OTHER), strict=True):
    ax.hist(z, steps, color=color, alpha=0.6)
    ax.plot(steps, len(z) * 0.25 * np.exp(-steps), color="k", ls="--", lw=1.5)
    ax.set(xlabel="interval (expected spikes)", title=f"model {name}; dashed: chance alone")
axes[0].set_ylabel("intervals")
show(fig, "Histograms of the rescaled intervals of models A and B with the exponential law that "
          "they should follow.")

# %% [markdown]
# Chance alone gives **exponential** intervals, $p(z) = e^{-z}$: the shortest are the most frequent.
# You should see A's first bar or two too low. A would have fired again at once, and the neuron did
# not. B's bars follow the dashed line better.
#
# "Better" wants a number. If $z$ is exponential, then $q = 1 - e^{-z}$ is spread evenly from 0 to
# 1. Sort the $n$ values. The share of values up to $q$ should be $q$. This share is a staircase: at
# the $i$-th value it jumps from $(i-1)/n$ to $i/n$. The largest vertical distance between
# staircase and diagonal, before or after a jump, is the **Kolmogorov-Smirnov distance** (KS).
#
# **Exercise 5.** Write `ks_distance`.

# %% exercise="ks_distance"
def ks_distance(z):
    """Largest distance between the shares of 1 - exp(-z) and the diagonal."""
    ### BEGIN SOLUTION
    q, n = np.sort(1 - np.exp(-z)), len(z)
    after = np.arange(1, n + 1) / n
    return max(np.max(after - q), np.max(q - (after - 1 / n)))
    ### END SOLUTION

# %% check="ks_distance" points=2
with check("ks_distance") as c:
    low = -np.log(1 - np.array([0.5, 0.1, 0.15, 0.2, 0.3]))  # values 0.5, 0.1, ...: they come early
    high = -np.log(1 - np.array([0.5, 0.9, 0.8, 0.7, 0.6]))  # they come late
    got, other = c.call(ks_distance, low), c.call(ks_distance, high)
    c.that(np.ndim(got) == 0, "one number is asked for, the largest distance of all",
           "reduce at the very end", "the largest")
    c.that(got >= 0 and other >= 0, "a distance is not negative: it may lie above or below",
           "look at both sides of the diagonal", "take away the sign, or look both ways")
    long = c.call(ks_distance, np.array([3.0, 6.0]))
    c.that(long <= 1, "the distance is above 1: two shares never differ by more",
           "intervals are not shares yet", "turn z into q first")
    c.that(not np.isclose(got, 0.1), "only where the staircase lies below the diagonal do you look",
           "here it is above", "look at both sides")
    c.that(not np.isclose(other, 0.1), "only where the staircase lies above the diagonal do you "
           "look", "here it is below", "look at both sides")
    c.that(not np.isclose(other, 0.3),
           "the distance is taken at the top of each jump only: a jump has a foot as well",
           "before its jump the staircase is lower by 1 / n", "look at both ends of every jump")
    c.that(not np.isclose(got, 0.4),
           "the distance is taken in the middle of the jumps, or at one end: the largest one is "
           "missed by half a jump or a whole one", "a jump goes from (i - 1) / n to i / n",
           "look at both ends of every jump")
    order = c.call(ks_distance, np.sort(low)[::-1])
    c.that(np.isclose(order, c.call(ks_distance, np.sort(low))),
           "the same intervals in another order give another distance",
           "the staircase counts how many are at most q", "put the values in order first")
    ten = c.call(ks_distance, np.array([0.3, 0.6]))
    c.that(not np.isclose(long, ten), "intervals ten times as long give the same "
           "distance: the clock's unit is lost",
           "one expected spike per unit is part of what the model claims", "do not rescale z again")
    c.equal(got, 0.5, "the distance is off", "draw the staircase of these five values",
            "at 0.3 the staircase has climbed to 0.8")
    c.equal(other, 0.5, "the distance is off when the values come late",
            "at 0.5 the staircase still is at 0", "look at the foot of the first jump")
    ### BEGIN HIDDEN TESTS
    from scipy.stats import kstest

    for size in (1, 7, 300):
        z = c.rng.gamma(1.3, 1, size)
        c.equal(c.call(ks_distance, z), kstest(z, "expon").statistic, "off for fresh intervals")
    ### END HIDDEN TESTS

# %% [markdown]
# Is a distance of 0.1 large? That depends on $n$. The honest way to find out needs no theory: make
# many sets of $n$ intervals that *are* exponential, take the distance of each, and look how large
# chance makes it. Below the **95 % band** lie 95 of 100.
#
# **Exercise 6.** Write `ks_band(n, runs, seed)`: the distance that `runs` simulated sets of `n`
# intervals stay below in 95 % of cases. You may call `ks_distance`. (`np.random.default_rng(seed)`
# has `.exponential`, `np.quantile` finds the place.)

# %% exercise="ks_band"
def ks_band(n, runs, seed):
    """95 % quantile of the KS distance of n truly exponential intervals, from many sets."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return np.quantile([ks_distance(rng.exponential(size=n)) for _ in range(runs)], 0.95)
    ### END SOLUTION

# %% check="ks_band" points=1
with check("ks_band") as c:
    from scipy.stats import kstwo

    law, got = kstwo(30), c.call(ks_band, 30, 1500, 4)
    c.that(np.ndim(got) == 0, "one number is asked for, not one distance per set",
           "what do 95 of 100 sets stay below?", "a quantile of all distances")
    c.that(got < 1, "a KS distance is never above 1", "the band is one of the distances",
           "a share of 0.95, not of 95")
    c.that(not np.isclose(got, kstwo(1500).ppf(0.95), rtol=0.3),
           "the band is far too narrow: the sets have as many intervals as there should be sets",
           "more intervals make a narrower band", "n intervals per set, `runs` sets")
    c.that(got < 0.32, "the band is too wide: this is the largest of all distances, or the "
           "intervals are not exponential", "have a look at the histogram of one set",
           "95 % of the sets stay below it")
    c.that(not np.isclose(got, law.mean(), rtol=0.07) and not np.isclose(got, law.ppf(0.5),
                                                                       rtol=0.07),
           "this is a typical distance: half of all right models would be rejected",
           "the band should hold 95 of 100", "a mean or a median is not far enough out")
    c.that(got > law.ppf(0.2), "this is the lower end: nearly every right model would be rejected",
           "small distances are good ones", "the upper end is asked for")
    c.that(not np.isclose(got, law.ppf(0.99), rtol=0.1), "the band is that of 99 %",
           "one in twenty right models may be rejected here", "95 % is asked for")
    c.equal(got, law.ppf(0.95), "the band is off by more than chance allows",
            "is every set drawn anew?", "one random generator, made once, for all sets", rtol=0.07)
    ### BEGIN HIDDEN TESTS
    n = int(c.rng.integers(80, 200))
    c.equal(c.call(ks_band, n, 1500, 1), kstwo(n).ppf(0.95), "off for another n", rtol=0.08)
    ### END HIDDEN TESTS

# %%
n = len(stretched["A"])
print(f"95 % band for {n} intervals: {ks_band(n, 1000, 0):.3f}")
for name, z in stretched.items():
    again = nmo.inference.time_rescaling(new_y, exam[name])
    print(f"model {name}: your distance {ks_distance(z):.3f}; minglm {again.distance:.3f}, "
          f"band {again.band:.3f}, p = {again.p_value:.1e}")

# %% [markdown]
# You should see the same distances, as both draw the same places, and nearly the same band: yours
# is counted, the library's is computed. From here on we use `minglm.inference.time_rescaling`.
#
# **Predict.** Where does A's line leave the diagonal, at short intervals or at long ones?

# %%
# catch-up
def ks_plot(means, title):
    """KS plot of one or two models on Noise 2."""
    fig, ax = plt.subplots(figsize=(5.2, 4.8), layout="constrained")
    for (name, mu), color in zip(means.items(), (MODEL, OTHER), strict=False):
        nmo.plotting.ks(nmo.inference.time_rescaling(new_y, mu), ax, color, name)
    ax.set(title=title, xlabel="expected share", ylabel="observed value of q")
    return fig


show(ks_plot({"A": exam["A"], "B": exam["B"]}, "time rescaling on Noise 2"),
     "KS plot of models A and B: sorted values of q against the diagonal, with the 95 % band.")

# %% [markdown]
# You should see A outside the band, with its lower end bent away from the diagonal: its shortest
# intervals are longer than chance allows. On a twin B stays within. So A is **rejected**, with its
# fine score, and B is **not rejected**. That is not the same as proven: a hundred
# intervals cannot see a small flaw, and with a million every model of a real neuron fails.
#
# On the serotonin neuron B leaves the band as well, though its distance is half as large. The
# filter there looks back 200 ms, and this cell remembers longer.
#
# **Predict.** Help A by hand: after each spike, let its rate fall to a thousandth for some
# milliseconds. How many bring its line into the band? Can it be too many? (Without sliders, edit
# the last line of the next cell.)

# %%
def silenced(ms):
    mu = exam["A"] * np.where(age <= ms, 1e-3, 1)
    mu *= new_y[np.isfinite(mu)].sum() / np.nansum(mu)  # as many spikes as came: the pattern counts
    show(ks_plot({f"A, silent for {ms} ms": mu}, "a silence after each spike"),
         "KS plot of model A with its rate lowered for some milliseconds after each spike.")


silenced(15)

# %%
interact(silenced, ms=IntSlider(15, min=0, max=60, step=5, continuous_update=False));

# %% [markdown]
# On a twin you should see the line within the band at 15 ms, outside at 0, and outside on the
# other side at 50: then too many intervals are short on the model's clock. So the data know roughly
# how long this neuron keeps silent. Model B has learned it from Noise 1.

# %% [markdown]
# ## 4. How sure is a weight?
#
# Model B is the better one. Now somebody points at a wiggle in its filter and asks: is that real?
#
# Near the top, the log-likelihood is a bowl turned over. Where it is sharp, the data know the
# weight well; where it is flat, they do not. The sharpness is the **information**. For a Poisson
# GLM with exponential link it is $H = \sum_t \mu_t\, x_t x_t^\top$, where $x_t$ is 1, then
# features. A ridge of strength $\lambda$ sharpens the bowl for each weight by $T\lambda$, with $T$
# the number of bins used; the intercept is not penalised. The inverse of $H$ is the **covariance**
# of intercept and weights, and the roots of its diagonal are their **standard errors**.

# %% [markdown]
# **Exercise 7.** Write `covariance`, intercept first. Bins without a prediction are not used.

# %% exercise="covariance"
def covariance(X, mean, strength):
    """(1 + P, 1 + P): covariance of intercept and weights; X (T, P), mean (T,) expected counts."""
    ### BEGIN SOLUTION
    ok = np.isfinite(mean)
    ones = np.column_stack([np.ones(ok.sum()), X[ok]])
    H = ones.T @ (mean[ok][:, None] * ones)
    H[1:, 1:] += ok.sum() * strength * np.eye(X.shape[1])
    return np.linalg.inv(H)
    ### END SOLUTION

# %% check="covariance" points=2
with check("covariance") as c:
    F = c.rng.normal(size=(60, 2)) @ np.array([[1, 0.7], [0, 0.5]])
    F[:6] = np.nan
    mu = np.exp(0.3 + F @ [0.5, -0.4])
    G = np.insert(F[6:], 0, 1, axis=1)
    H, D = G.T @ (mu[6:, None] * G), np.diag([0, 1.0, 1.0])
    got = c.call(covariance, F, mu, 0.0)
    c.that(np.ndim(got) == 2, "a whole matrix is asked for, not its diagonal",
           "weights may err together, and the next exercise needs to know", "the root comes later")
    c.that(np.shape(got) != (2, 2), "the intercept is missing: it is fitted, so it errs, too",
           "two features and an intercept are three numbers", "a column of ones comes first")
    c.that(np.shape(got) == (3, 3), "three rows and three columns: intercept and two weights",
           "P + 1 of each", "features are columns")
    c.that(np.isfinite(got), "not a number: bins without a prediction are in it",
           "NaN plus anything is NaN", "leave such rows out first")
    c.that(not np.allclose(got, H), "this is the information; its inverse is asked for",
           "sharp bowl, small error", "turn the matrix over")
    c.that(not np.allclose(got, np.diag(1 / np.diag(H))),
           "each number is treated as if the others were known: correlated features make errors "
           "larger than that", "the matrix as a whole has an inverse", "not element by element")
    c.that(not np.allclose(got, np.linalg.inv(G.T @ G)),
           "the expected counts have no say: this is the formula of a linear regression",
           "a bin in which nothing is expected teaches nothing", "weigh each bin by its mean")
    c.that(not np.allclose(got, 54 * np.linalg.inv(H)) and not np.allclose(got, 60
                                                                        * np.linalg.inv(H)),
           "the information is averaged over bins: then more data would not make you surer",
           "each bin adds what it knows", "a sum, not a mean")
    c.that(not np.allclose(got, np.linalg.inv(H)[[1, 2, 0]][:, [1, 2, 0]]),
           "the intercept comes last; it should come first", "the order is that of x in the text",
           "the column of ones is column 0")
    c.equal(got, np.linalg.inv(H), "without a penalty the covariance is off",
            "each bin adds its mean times an outer product", "check one element of H by hand")
    held = c.call(covariance, F, mu, 0.4)
    c.that(not np.allclose(held, got), "the strength has no effect",
           "a ridge makes the bowl sharper", "add it to the diagonal of H")
    c.that(not np.allclose(held, np.linalg.inv(H + 54 * 0.4 * np.eye(3))),
           "the intercept is held by the ridge, too: it is not penalised",
           "the first row and column stay as they are", "only the weights")
    c.that(not np.allclose(held, np.linalg.inv(H + 0.4 * D)),
           "the strength is added once: but it belongs to the MEAN over bins, and H is a sum",
           "the text says by how much the bowl is sharpened", "times the number of bins used")
    c.that(not np.allclose(held, np.linalg.inv(H + 60 * 0.4 * D)),
           "the number of bins counts those without a prediction: 54 of 60 were used",
           "a row of NaN was not fitted", "count the rows that are in H")
    c.equal(held, np.linalg.inv(H + 54 * 0.4 * D), "the ridge enters wrongly",
            "it sharpens each weight by the same amount", "T times the strength")
    ### BEGIN HIDDEN TESTS
    F = c.rng.normal(size=(200, 4))
    n = c.rng.poisson(np.exp(0.2 * F.sum(1)))
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=0.05).fit(F, n)
    c.equal(c.call(covariance, F, model.predict(F), 0.05), nmo.inference.covariance(model, F, n),
            "off for a fresh fit", rtol=1e-4)
    ### END HIDDEN TESTS

# %%
mine = np.sqrt(np.diag(covariance(X, model_B.predict(X), STRENGTH)))
theirs = nmo.inference.standard_errors(model_B, X, y)
print("largest difference to minglm:", abs(mine[1:] - theirs.coef).max())
z = model_B.coef_ / theirs.coef
for name, values in both.split_by_feature(z, axis=0).items():
    print(f"weight over its error, {name:8s}", values.round(1))

# %% [markdown]
# You should see no difference, and hardly a weight that is three errors away from zero, in a model
# with a fine score. Weight ± 1.96 errors is the **Wald interval** of 95 %
# (`inference.confidence_intervals`). It asks about one weight while its neighbours may take over.
#
# But nobody asked about bump number 3. The question was about a *lag*. There the filter is a sum,
# $f = \sum_b K_b w_b$, and errors of neighbours may cancel or help each other:
# $$\mathrm{var} f = \sum_{b,c} K_b K_c\, C_{bc},$$ with $C$ the covariance of the weights.
#
# **Exercise 8.** Write `filter_error`: the standard error at each lag.

# %% exercise="filter_error"
def filter_error(bumps, cov):
    """(W,): standard error of bumps @ weights; bumps (W, B), cov (B, B) of the weights."""
    ### BEGIN SOLUTION
    return np.sqrt(np.sum((bumps @ cov) * bumps, axis=1))
    ### END SOLUTION

# %% check="filter_error" points=2
with check("filter_error") as c:
    K = np.array([[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0.2], [0, 0.4, 0.6], [0, 0, 1]])
    S = np.array([[0.04, -0.03, 0.01], [-0.03, 0.09, -0.02], [0.01, -0.02, 0.16]])
    want = np.array([np.sqrt(row @ S @ row) for row in K])
    got = c.call(filter_error, K, S)
    c.that(np.shape(got) != (3,), "these are errors of weights; errors of lags are asked for",
           "a lag is a row of the bumps", "one value per row")
    c.that(np.shape(got) == (5,), "one number per lag is asked for: how a lag errs with "
           "ANOTHER lag is not needed", "five rows of bumps, five errors", "only the diagonal")
    c.that(not np.allclose(got, want**2), "this is the variance; the error is its root",
           "the variance of a filter per pA would be per pA squared", "take the root")
    c.that(not np.allclose(got, K @ np.sqrt(np.diag(S))),
           "the errors of the weights are added up: as if all of them were wrong in the same "
           "direction", "errors of neighbours may cancel", "add variances, not errors")
    c.that(not np.allclose(got, np.sqrt(K**2 @ np.diag(S))),
           "the weights are treated as independent: overlapping bumps are not",
           "where one weight is too high, its neighbour tends to be too low",
           "the whole matrix has a say")
    c.that(not np.allclose(got, np.sqrt(K @ np.diag(S))),
           "a bump of half the height has a quarter of the variance, not half of it",
           "a factor comes out of a variance squared", "the bump stands there twice")
    c.equal(got, want, "the errors are off", "compute the second lag by hand",
            "there the first two bumps count by one half each")
    ### BEGIN HIDDEN TESTS
    K, root = c.rng.random((30, 6)), c.rng.normal(size=(6, 6))
    draws = np.sqrt(np.diag(K @ (root @ root.T) @ K.T))
    c.equal(c.call(filter_error, K, root @ root.T), draws, "off for fresh bumps")
    ### END HIDDEN TESTS

# %%
# catch-up
cov = nmo.inference.covariance(model_B, X, y)[1:, 1:]  # of the 16 weights
lags = np.arange(1, WINDOW + 1) * DT * 1e3  # ms
filters = {"current": bumps @ model_B.coef_[:8], "spikes": bumps @ model_B.coef_[8:]}
spread = lambda C: np.sqrt(np.einsum("wb,bc,wc->w", bumps, C, bumps))
errors = {"current": spread(cov[:8, :8]), "spikes": spread(cov[8:, 8:])}

# %%
yours = {"current": filter_error(bumps, cov[:8, :8]), "spikes": filter_error(bumps, cov[8:, 8:])}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for ax, name in zip(axes, filters, strict=True):
    f, reach = filters[name], 1.96 * yours[name]
    ax.axhline(0, color="0.8", lw=1)
    ax.fill_between(lags, f - reach, f + reach, color=OTHER, alpha=0.3, lw=0)
    ax.plot(lags, f, color=OTHER, lw=2)
    ax.set(xlabel="lag (ms)", title=f"{name}, with 95 % intervals")
axes[0].set_ylabel("filter (log gain per pA)")
axes[1].set_ylabel("filter (log gain per spike)")
show(fig, "Filters of model B on current and own spikes over 200 ms, with bands of 1.96 standard "
          "errors.")
early = int(np.argmax(lags >= 10))
low, high = np.exp(filters["spikes"][early] + np.array([-1.96, 1.96]) * errors["spikes"][early])
print(f"10 ms after a spike the rate is multiplied by {np.exp(filters['spikes'][early]):.3f} "
      f"(95 % interval {low:.3f} to {high:.2f})")

# %% [markdown]
# You should see a peak of the current filter that stands clear of zero, and wiggles at long lags
# whose band holds zero. After a spike the filter is far below zero for a while, with a wide band:
# how deep a silence is, silence does not tell.
#
# For a gain, take the exponential of both *ends*. That interval is not symmetric, and never
# negative. Remember what a band assumes: that **the model is right**, that bins are independent
# given the features, and that you chose nothing after looking. A's errors are as small as B's, and
# A is rejected. A ridge moreover pulls the centre towards zero; the band does not say so.

# %% [markdown]
# ## 5. Three judges who disagree
#
# A third way to judge a model is to charge for its weights. With $\log L$ summed over $n$ bins and
# $k$ parameters, intercept included, $\mathrm{AIC} = 2k - 2\log L$ and
# $\mathrm{BIC} = k \log n - 2\log L$; lower is better. (A ridge makes less of a weight than a
# whole parameter; ours is too weak to matter.) And what remains after fitting, $n - k$, are the
# **residual degrees of freedom**, on which error bars and tests of other families rest.
#
# **Exercise 9.** Write `residual_dof`. A row with NaN in any feature, or without a count, was not
# fitted. **Predict.** By how much is a published value wrong that takes all 28 020 rows, with a
# window of 200 and 8 weights?

# %% exercise="residual_dof"
def residual_dof(X, counts):
    """Rows that were fitted, less weights and intercept; X (T, P), counts (T,), NaN: unknown."""
    ### BEGIN SOLUTION
    fitted = np.isfinite(X).all(axis=1) & np.isfinite(counts)
    return fitted.sum() - X.shape[1] - 1
    ### END SOLUTION

# %% check="residual_dof" points=1
with check("residual_dof") as c:
    F, n = c.rng.normal(size=(105, 4)), c.rng.poisson(1.0, 105).astype(float)
    c.that(c.call(residual_dof, F, n) != 104,
           "the weights cost nothing here: each fitted number takes one degree of freedom",
           "four weights and an intercept were fitted", "take all of them away")
    c.that(c.call(residual_dof, F, n) != 101, "the intercept is a fitted number, too",
           "four weights make five parameters", "count once more")
    c.equal(c.call(residual_dof, F, n), 100, "without missing values the number is off",
            "105 rows and five parameters", "columns are weights")
    F[:8] = np.nan
    got = c.call(residual_dof, F, n)
    c.that(got != 100, "8 rows of NaN are counted as data: they taught the model nothing",
           "a published value is too large for this reason, by 208",
           "count the rows without NaN")
    c.that(got != 68, "the elements are counted one by one: a row is fitted or it is not",
           "eight rows were lost, not 32", "one answer per row")
    c.equal(got, 92, "with 8 rows of NaN the number is off", "97 rows and five parameters",
            "count rows")
    F[50, 2] = np.nan
    c.that(c.call(residual_dof, F, n) == 91,
           "a row with ONE unknown feature was not fitted either", "its prediction is unknown",
           "all features of a row must be known")
    n[60:63] = np.nan
    c.that(c.call(residual_dof, F, n) == 88, "three rows without a count are counted as data",
           "without a count there is nothing to fit", "look at both inputs")
    ### BEGIN HIDDEN TESTS
    F, n = c.rng.normal(size=(80, 7)), c.rng.normal(size=80)
    F[c.rng.integers(0, 80, 9), c.rng.integers(0, 7, 9)] = np.nan
    n[c.rng.integers(0, 80, 5)] = np.nan
    bad = sum(1 for row, v in zip(F, n, strict=True) if not np.isfinite([*row, v]).all())
    c.equal(c.call(residual_dof, F, n), 80 - bad - 8, "off for other gaps")
    ### END HIDDEN TESTS

# %%
print(f"{len(X)} rows, {residual_dof(X, y)} degrees of freedom; minglm: "
      f"{model_B.dof_resid_[0]:.0f}")

# %% [markdown]
# You should see two equal numbers, smaller than the number of rows by each sweep's first 200 bins
# and by 17. (The published 28 019 should have been 27 811.)
#
# Now the judges. A third candidate joins: **model 0** sees the current of the present bin alone,
# one weight. It predicts *every* bin, also those at the start of a sweep where A and B say NaN.
#
# **Exercise 10.** Write `aic_bic` for several models: two lists, AIC and BIC, one value per model.
# Whoever is compared sits the same exam. For the sum of the log-likelihood, multiply
# `nmo.metrics.log_likelihood(counts, mean)`, a mean over bins, by their number.

# %% exercise="aic_bic"
def aic_bic(counts, means, n_weights):
    """(AIC, BIC): a value per model; means (M, T) expected counts, n_weights (M,)."""
    ### BEGIN SOLUTION
    shared = np.isfinite(means).all(axis=0)
    n, k = shared.sum(), np.asarray(n_weights) + 1
    L = [n * nmo.metrics.log_likelihood(counts[shared], mu[shared]) for mu in means]
    return 2 * k - 2 * np.array(L), k * np.log(n) - 2 * np.array(L)
    ### END SOLUTION

# %% check="aic_bic" points=2
with check("aic_bic") as c:
    toy = np.tile([0, 1, 0, 0, 2, 1, 0], 15)
    mu = np.tile([0.2, 0.9, 0.1, 0.4, 1.7, 0.8, 0.3], 15)
    late = np.where(np.arange(105) < 8, np.nan, mu)  # the same model, 97 of 105 rows
    L = np.sum(toy[8:] * np.log(mu[8:]) - mu[8:] - np.log(np.maximum(toy[8:], 1)))
    got = c.call(aic_bic, toy, np.array([mu, late]), [4, 4])
    c.that(np.shape(got) == (2, 2), "AIC and BIC of two models are asked for",
           "two rows, AIC first, with a value per model", "a list for each of the two")
    c.that(np.isfinite(got), "not a number: bins that a model does not predict are in it",
           "NaN plus anything is NaN", "choose the bins before you add up")
    aic, bic = got
    c.that(np.isclose(aic[0], aic[1]) and np.isclose(bic[0], bic[1]),
           "the same model, once with a gap at the start, does not tie with itself: the two sat "
           "different exams", "a bin counts for all models or for none",
           "use the bins that every model predicts")
    c.that(not np.isclose(aic[0], 10 - 2 * L / 97),
           "the log-likelihood was averaged: 97 bins then weigh no more than one parameter",
           "these scores charge per parameter and pay per bin", "use the sum over bins")
    c.that(not np.isclose(aic[0], 8 - 2 * L),
           "a parameter is free of charge: the intercept was fitted, too",
           "four weights are not four parameters", "count once more")
    c.that(not np.isclose(aic[0], 10 - 2 * L * 105 / 97),
           "the mean was multiplied by all rows, also those that are not in the mean",
           "97 of these 105 rows were used", "mean times the rows that are in it")
    c.that(not np.isclose(aic[0], 10 + 2 * L), "a better fit makes it worse: mind the sign",
           "lower should be better", "the log-likelihood is taken away")
    c.that(not np.isclose(aic[0], 5 * np.log(97) - 2 * L), "AIC and BIC are swapped",
           "with many bins, BIC charges more", "AIC comes first")
    c.that(not np.isclose(bic[0], 5 * np.log(105) - 2 * L),
           "rows that were not used are counted as data in BIC", "97 of these 105 rows were used",
           "n is the number of rows in the sum")
    c.that(not np.isclose(bic[0], 5 * np.log(toy[8:].sum()) - 2 * L),
           "BIC counts spikes: its n is the number of bins", "n is the number of rows in the sum",
           "count rows")
    c.equal(aic, [10 - 2 * L] * 2, "AIC is off", "charge 2 per parameter", "five parameters: 10")
    c.equal(bic, [5 * np.log(97) - 2 * L] * 2, "BIC is off",
            "charge log n per parameter", "the natural logarithm of 97")
    ### BEGIN HIDDEN TESTS
    from scipy.stats import poisson

    mus, k = c.rng.gamma(2, 0.5, (3, 200)), np.array([2, 9, 30])
    n = c.rng.poisson(1, 200)
    mus[0, :5], mus[2, 100:120] = np.nan, np.nan
    ok = np.isfinite(mus).all(0)
    L = poisson.logpmf(n[ok], mus[:, ok]).sum(1)
    want = [2 * (k + 1) - 2 * L, (k + 1) * np.log(ok.sum()) - 2 * L]
    c.equal(c.call(aic_bic, n, mus, k), want, "off for three fresh models")
    ### END HIDDEN TESTS

# %% [markdown]
# The judge who needs no formula is unseen data. Cut Noise 1 into blocks of one second, deal them
# to five folds like cards, and leave a gap of 200 bins, the window, on both sides of what is
# tested. Every sweep is dealt alike, as its current may be repeated. And give everybody two exams:
# all of Noise 1, and its first 28 s alone.
#
# **Predict.** With 28 s and some dozens of spikes, which of the three judges is the strictest?

# %%
# catch-up: three models, two pieces, five folds each (some seconds, with a bar)
X_0 = np.zeros((len(y), 16))  # one column, and zeros up to 16: all fits then have one shape
X_0[:, 0] = current
X_A = np.where(np.arange(16) < 8, X, 0 * X)
designs = {"0": (X_0, 1), "A": (X_A, 8), "B": (X, 16)}
second = (np.arange(len(y)) - np.searchsorted(sweep, sweep)) // 1000
dealt = np.random.default_rng(0).permutation(np.arange(second.max() + 1) % 5)
fold = dealt[second]
pairs = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(5)]
folds = nmo.model_selection.make_folds(len(y), cv=pairs, gap=WINDOW)
targets = np.column_stack([y, np.random.default_rng(2).permutation(y)])  # data and control


def expected(X, rows):
    """Expected counts (T, 2) of data and shuffled data, by a model fitted to these rows."""
    model = nmo.glm.GLM(regularizer="Ridge", regularizer_strength=STRENGTH / 10)
    return model.fit(X, targets, sample_weight=rows.astype(float)).predict(X)


def unseen(X, rows):
    """The same, each row by a model that saw neither it nor its neighbourhood."""
    out = np.full((len(y), 2), np.nan)
    for train, test in folds:
        out[test & rows] = expected(X, train & rows)[test & rows]
    return out


pieces = {"all of Noise 1": known, "its first 28 s": known & (np.arange(len(y)) < 28_000)}
tables = {text: [] for text in pieces}
for step, (text, name) in enumerate((text, name) for text in pieces for name in designs):
    print("\r" + "█" * (step + 1) + "░" * (5 - step), f"{text}, model {name}".ljust(30), end="")
    F, rows = designs[name][0], pieces[text]
    tables[text].append((expected(F, rows), unseen(F, rows)))

# %%
for text, rows in pieces.items():
    fitted = np.array([np.where(rows, f[:, 0], np.nan) for f, _ in tables[text]])
    AIC, BIC = aic_bic(y, fitted, [n for _, n in designs.values()])
    bits, control = ([nmo.metrics.bits_per_spike(n[rows], u[rows, j]) for _, u in tables[text]]
                     for j, n in enumerate(targets.T))
    print(f"{text}, {y[rows].sum()} spikes")
    print(" " * 30, *[f"model {name:>4s}" for name in designs])
    for name, values in (("gain in AIC over model 0", AIC[0] - AIC),
                         ("gain in BIC over model 0", BIC[0] - BIC),
                         ("bits per spike, unseen", bits), ("the same, shuffled counts", control)):
        best = "" if values is control else f"   best: {list(designs)[np.argmax(values)]}"
        print(f"  {name:28s}", *[f"{value:10.2f}" for value in values], best)

# %% [markdown]
# These are gains over model 0, so higher is better in every line. You should see agreement on all
# of Noise 1, or nearly. On the short piece BIC tends to fall back to a simpler model where AIC
# stays with a larger one; unseen seconds side with either, or with none of them. The control is
# about zero or below.
#
# Who is right? **BIC** asks which candidate is *true*, and takes every empty millisecond for a full
# observation. **AIC** asks which predicts best, by a formula for large data. **Unseen data** ask it
# directly, and are noisy when there are few spikes. For prediction trust the third, with its
# control. And if no candidate is any good, all three will still name a winner: they compare.
# Residuals and KS judge.

# %% [markdown]
# ## 6. Let it run
#
# So far a model was told the past, spike by spike, and asked for the next bin. Now it gets the
# current alone, and draws its own spikes: a **free-running** simulation. What it draws is
# **surrogate data**: what the recording would look like *if the model were true*.
#
# **Exercise 11.** Write `free_run` for many runs at once. In each bin, $\eta$ is `drive[t]` plus,
# for every past spike of this run, the history filter at its lag (`history[0]` belongs to the
# previous bin). The count is a Poisson draw with mean $\exp(\eta)$. Stop $\eta$ at 1 from above, so
# that nothing explodes. All runs begin with a silent past.

# %% exercise="free_run"
def free_run(drive, history, runs, seed):
    """(T, runs): counts of independent runs that feed on their own past; drive (T,)."""
    ### BEGIN SOLUTION
    rng, T, W = np.random.default_rng(seed), len(drive), len(history)
    eta = np.repeat(np.append(drive, np.zeros(W))[:, None], runs, axis=1)
    out = np.zeros((T, runs), int)
    for t in range(T):
        out[t] = rng.poisson(np.exp(np.minimum(eta[t], 1)))
        if out[t].any():
            eta[t + 1 : t + 1 + W] += history[:, None] * out[t]
    return out
    ### END SOLUTION

# %% check="free_run" points=3
with check("free_run") as c:
    level = np.where(np.arange(3000) < 1500, -2.0, -0.5)
    got = c.call(free_run, level, np.zeros(5), 8, 3)
    c.that(np.shape(got) == (3000, 8), "one row per bin and one column per run come out",
           "the silent past is not part of the result", "3000 bins, 8 runs")
    c.that(np.allclose(got, np.round(got)), "these are means, not counts: without dice there are "
           "no spikes, and the past of this model is made of spikes", "draw every count",
           "a Poisson draw with that mean")
    c.that(np.max(got) > 1, "no bin ever holds two spikes: these are coin flips",
           "a Poisson draw has no upper limit", "draw counts, not yes or no")
    c.that(np.any(got[:, 0] != got[:, 1]), "all runs are the same: each needs dice of its own",
           "a seed that starts anew for each run repeats itself", "draw a value for every run")
    low, high = np.mean(got[:1500]), np.mean(got[1500:])
    c.that(not np.isclose(low, np.log1p(np.exp(-2)), rtol=0.03),
           "the rate is positive but not the exponential of η", "which inverse link is meant?",
           "without history the mean count is exp(drive)")
    c.that(np.isclose(low, np.exp(-2), rtol=0.08) and np.isclose(high, np.exp(-0.5), rtol=0.06),
           "without history the mean count should be exp(drive), and it is not",
           "put the history filter to zero and look at the means", "drive belongs to its own bin")
    late = np.array([0.0, 0, 28.0])  # a spike calls for more, three bins later
    drive = np.full(2000, -30.0)
    drive[::25] = 0.9
    A = np.asarray(c.call(free_run, drive, late, 4, 5))
    c.that(np.max(A) < 60, "the simulation runs away: η is not stopped at 1",
           "exp(1) is 2.7 spikes in a bin", "limit η before the exponential")
    follow = [np.mean(A[k::25][: 79] > 0) for k in (1, 2, 3, 4, 5)]
    c.that(np.max(follow) > 0.02, "nothing feeds back: a spike leaves no trace in later bins",
           "what was drawn must enter the past", "add the filter to the bins that follow a spike")
    c.that(np.argmax(follow) != 0 and np.argmax(follow) != 1,
           "the answer to a spike comes too early: it is due three bins after it",
           "`history[0]` belongs to the previous bin", "is the filter back to front, or the "
           "present bin included?")
    c.that(np.argmax(follow) == 2, "the answer to a spike comes too late: a bin is lost",
           "what was drawn in bin t is the previous bin of t + 1", "update the past in every bin")
    crowd = c.call(free_run, np.full(400, -2.0), np.full(4, -50.0), 300, 5)
    c.that(np.mean(crowd) > 0.06, "with many runs each of them falls silent: runs hear each "
           "other's spikes", "each run has a past of its own", "one column, one run")
    burst = c.call(free_run, np.r_[2.0, -40, -40, np.full(60, -40.0)], np.array([20.0, 0]), 400, 2)
    c.that(np.isclose(np.mean(burst[0]), np.e, rtol=0.15),
           "where η is 2, the mean count should be exp(1), 2.7, and it is not",
           "stop η at 1, not the mean count", "limit η before the exponential")
    mean_1 = np.mean(burst[1][burst[0] == 2]) if np.any(burst[0] == 2) else 1
    c.that(mean_1 > 0.15, "two spikes in one bin act like one: each of them adds the filter",
           "the count of a bin may be 2", "the filter times the count")
    ### BEGIN HIDDEN TESTS
    Z = np.asarray(c.call(free_run, np.zeros(900), np.full(6, -50.0), 5, 8))
    for k in range(1, 7):
        c.that(not np.any((Z[k:] > 0) & (Z[:-k] > 0)), "two spikes within the silent window")
    c.that(np.any((Z[7:] > 0) & (Z[:-7] > 0)), "the silence lasts longer than the filter")
    c.that(np.any(np.asarray(c.call(free_run, np.zeros(900), np.full(6, -50.0), 5, 9)) != Z),
           "two seeds give the same spikes")
    ### END HIDDEN TESTS

# %% [markdown]
# Give both models the current of Noise 2, forty times over.
#
# **Predict.** Will the free-running rates follow the recording as well as the one-step rates did?

# %%
RUNS = 40


def surrogates(model, X, sweep, seed):
    """(T, RUNS): a model's own spikes for the current of these sweeps; A has no history."""
    w = model.coef_
    history = bumps @ w[8:] if len(w) > 8 else np.zeros(1)
    drawn = np.zeros((len(X), RUNS), np.int16)
    for number in np.unique(sweep):
        rows = np.flatnonzero(sweep == number)[WINDOW:]  # the current's past is known there
        drive = X[rows, :8] @ w[:8] + model.intercept_[0]
        drawn[rows] = free_run(drive, history, RUNS, [seed, number])
    return drawn


made = {name: surrogates(model, new_X, new_sweep, 0)
        for name, model in (("A", model_A), ("B", model_B))}
ok = np.isfinite(exam["A"])
length = np.bincount(new_sweep).min()
when = np.arange(length) - WINDOW
smooth = np.exp(-0.5 * (np.arange(-150, 151) / 50) ** 2)
smooth /= smooth.sum() * DT
curve = lambda n: np.convolve(np.mean([n[new_sweep == s][:length] for s in np.unique(new_sweep)],
                                      axis=0), smooth, "same")
fig, ax = plt.subplots(figsize=(9, 3.2), layout="constrained")
ax.fill_between(when * DT, curve(new_y * 1.0), color="0.8", lw=0, label="recorded")
for (name, drawn), color in zip(made.items(), (MODEL, OTHER), strict=True):
    ax.plot(when * DT, curve(drawn.mean(axis=1)), color=color, lw=1.2, label=f"free-running {name}")
ax.set(xlabel="time in the sweep (s)", ylabel="rate (Hz)", xlim=(0, length * DT),
       title="mean over sweeps, smoothed with a Gaussian of 50 ms")
ax.legend(frameon=False)
show(fig, "Smoothed rate over the sweep: recorded, and of free-running models A and B.")

# %% [markdown]
# You should see that both follow the recording, A often too high where it fires most. On a neuron
# with a short, negative history a free run is nearly as good as one step ahead. Lesson 05 had the
# other case: a history that stood in for the heading faded or exploded as soon as it was alone.
#
# To judge, pick **statistics** that matter to you, compute them on the recording and on each
# surrogate, and see whether the recording is an odd one out. If $a$ of $R$ surrogates are at least
# as large as the recorded value, and $b$ at most as large, the **two-sided p-value** is
# $$p = \min\Big(1,\ 2\,\frac{1 + \min(a, b)}{1 + R}\Big).$$
# The ones are the recording itself: under the model it is one more draw. So $p$ is never 0.
#
# **Exercise 12.** Write it.

# %% exercise="p_value"
def p_value(recorded, surrogates):
    """Two-sided p-value of one recorded number among those of R surrogates (R,)."""
    ### BEGIN SOLUTION
    a, b = np.sum(surrogates >= recorded), np.sum(surrogates <= recorded)
    return min(1, 2 * (1 + min(a, b)) / (1 + len(surrogates)))
    ### END SOLUTION

# %% check="p_value" points=1
with check("p_value") as c:
    nine = np.arange(1.0, 10)
    out, under = c.call(p_value, 20.0, nine), c.call(p_value, -3.0, nine)
    c.that(np.ndim(out) == 0, "one number is asked for", "count, then divide", "no array")
    c.that(out > 0 and under > 0, "a p-value of 0 from nine surrogates: you cannot be that sure",
           "with ten draws, each is the largest once in ten", "the recording is a draw, too")
    c.that(not (np.isclose(out, 0.1) and np.isclose(under, 1)),
           "only large values are odd here: a value far too low gets a p of 1",
           "two-sided means that both ends count", "look at both tails")
    c.that(not (np.isclose(under, 0.1) and np.isclose(out, 1)),
           "only small values are odd here: a value far too high gets a p of 1",
           "two-sided means that both ends count", "look at both tails")
    c.that(not np.isclose(out, 0.1), "both tails may be odd, so the smaller one counts twice",
           "otherwise one in five right models is rejected at 10 %", "times two")
    c.that(not np.isclose(out, 2 / 9), "the recording is added above the line, but not below it",
           "ten draws in all", "R plus one")
    c.that(out > 0.15, "the p-value is too small for nine surrogates: the least is 2 in 10",
           "do not fit a bell to nine numbers", "count how many are beyond")
    c.equal([out, under], [0.2, 0.2], "the p-value of a value beyond all others is off",
            "a or b is 0 there", "put the numbers into the formula")
    c.that(c.call(p_value, 5.0, nine) <= 1, "a probability above one: the middle has no odd side",
           "twice a half is already everything", "limit it")
    c.equal(c.call(p_value, 5.0, nine), 1, "a value in the middle should get 1",
            "five are at least as large, five at most", "min(1, ...)")
    ties = c.call(p_value, 0.0, np.array([0.0, 0, 0, 0, 1, 2, 0, 0, 0]))
    c.that(np.isclose(ties, 1), "surrogates that EQUAL the recorded value count on neither side: "
           "a recording like most of its surrogates is called odd",
           "at least as large, at most as large", "equal ones count on both sides")
    ### BEGIN HIDDEN TESTS
    draws = c.rng.normal(size=99)
    for value in (-1.3, 0.2, 2.2):
        tail = 1 + min(sum(draws >= value), sum(draws <= value))
        c.equal(c.call(p_value, value, draws), min(1, tail / 50), "off for fresh surrogates")
    ### END HIDDEN TESTS

# %%
def short_share(n):
    """Share of the intervals within sweeps that are shorter than 20 ms."""
    at = np.repeat(np.arange(len(n)), n)
    gaps = np.diff(at)[np.diff(new_sweep[at]) == 0] * DT * 1e3
    return np.mean(gaps < 20) if len(gaps) else 0.0


def bits_of(model, n):
    """Bits per spike of a model, one step ahead, on the counts n of Noise 2."""
    F = new_X[:, :8]
    if len(model.coef_) > 8:
        past_spikes = nap.Tsd(new_counts.t, n, time_support=new_counts.time_support)
        F = np.column_stack([F, own.compute_features(past_spikes).values])
    return nmo.metrics.bits_per_spike(n, model.predict(F), y_train=y[known])


fig, axes = plt.subplots(2, 3, figsize=(11, 5), sharex="col", layout="constrained")
for row, (name, model), color in zip(axes, {"A": model_A, "B": model_B}.items(), (MODEL, OTHER),
                                     strict=True):
    asked = {"spikes": lambda n: n[ok].sum(), "share of intervals < 20 ms": short_share,
             "bits per spike": lambda n, model=model: bits_of(model, n)}
    for ax, (what, statistic) in zip(row, asked.items(), strict=True):
        drawn, real = np.array([statistic(n) for n in made[name].T]), statistic(new_y)
        ax.hist(drawn, 12, color=color, alpha=0.6)
        ax.axvline(real, color="k", lw=2)
        ax.set(title=f"p = {p_value(real, drawn):.2f}", xlabel=what)
    row[0].set_ylabel(f"surrogates of {name}")
show(fig, "Histograms of three statistics of forty surrogates of models A and B, with the recorded "
          "value as a black line and its p-value above.")

# %% [markdown]
# You should see the black line far from A's histogram in the middle column: A fires twice within
# 20 ms far too often. For B the line lies within, or not far away: the ridge makes B's silence a
# little less silent. In the left column the line may lie beside *both* histograms: then the two
# minutes differ in a way that neither model knows. So a model may fail one question and pass
# another. And forty surrogates cannot give a $p$ below 2/41.
#
# The right column tells what a score is worth. Its histogram is the score of a model that is
# **exactly true**, on data it made itself. On average no model could do better there. If the
# recorded line lies within, the score is as good as it gets.

# %% [markdown]
# ## 7. What was really there
#
# One promise is left to be tested: the standard errors of part 4. Make surrogates of Noise 1 with
# model B, fit B again to each, and see how much the filters scatter.
#
# **Predict.** Will the scatter be smaller, equal or larger than the errors of the formula?

# %%
# catch-up: sixteen surrogates and refits (some seconds, with a bar)
def refits(runs=16):
    """(runs, 16): weights of model B, fitted to data that model B has made."""
    out = []
    drive = X[:, :8] @ model_B.coef_[:8] + model_B.intercept_[0]
    for seed in range(runs):
        print("\r" + "█" * (seed + 1) + "░" * (runs - seed - 1), end="")
        n = np.zeros(len(y), int)
        for number in np.unique(sweep):
            rows = np.flatnonzero(sweep == number)[WINDOW:]
            key = int(1000 * seed + number)
            features = np.where(np.isfinite(drive[rows, None]), X[rows, :8], 0)
            n[rows] = nmo.simulation.simulate_history(model_B, key, own, features)[0]
        made = nap.Tsd(counts.t, n, time_support=counts.time_support)
        F = np.column_stack([X[:, :8], own.compute_features(made).values])
        out.append(nmo.glm.GLM(**ridge).fit(F, n).coef_)
    return np.array(out)


again = refits()

# %%
truth = recording.truth
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, name, w in zip(axes, filters, (again[:, :8], again[:, 8:]), strict=True):
    f, reach = filters[name], 1.96 * errors[name]
    ax.fill_between(lags, f - reach, f + reach, color=OTHER, alpha=0.3, lw=0)
    ax.plot(lags, (w @ bumps.T).T, color=DATA, lw=0.7, alpha=0.7)
    ax.plot(lags, f, color=OTHER, lw=2, label="fitted to the recording")
    if truth is not None:
        true = truth[{"current": "current_filter", "spikes": "history_filter"}[name]]
        true = np.pad(true, (0, max(0, WINDOW - len(true))))[:WINDOW]
        ax.plot(lags, true, "k--", lw=1.5, label="truth")
        print(f"{name}: the truth is within the band at {np.mean(abs(true - f) < reach):.0%} of "
              "the lags")
    ratio = (w @ bumps.T).std(axis=0, ddof=1)[:150] / errors[name][:150]  # it ends in 0
    print(f"{name}: scatter of the refits over the formula's error, median {np.median(ratio):.2f}")
    ax.set(xlabel="lag (ms)", title=f"filter on the {name}")
axes[0].set_ylabel("filter (log gain per pA)")
axes[1].set_ylabel("filter (log gain per spike)")
axes[0].legend(frameon=False)
show(fig, "Filters on current and own spikes: fitted, with the formula's band, sixteen refits to "
          "surrogates in grey and, on a twin, the truth dashed.")

# %% [markdown]
# You should see most grey lines in the orange band, and ratios between 0.7 and about 1. The refits
# scatter no more than the formula says, and for the history they lie too high at the first lags:
# the ridge holds all of them, and pulls them towards zero. On a twin the truth is inside the band
# at most lags. Where it is not, in the first milliseconds after a spike, no data could have shown
# how silent silence is.
#
# So both the band and its flaws come out of one recipe: **pretend that the model is true, make
# data, and do again what you did.** The recipe works where no formula does.

# %% [markdown] written="verdict" points=3
# ## A verdict, in your own words
#
# A colleague writes: "Model A beats a constant rate by far, on data it has never seen. At its peak
# the filter is many standard errors away from zero, and AIC prefers A to model 0. So A is a good
# model of this neuron, and its errors can be trusted."
#
# **Written answer.** Five to eight sentences, with at least three numbers from your own figures.
# What do the score, the errors and AIC show, what not? Which result of today says that something
# is missing, and what? Name one use for which A is nevertheless good enough.
#
# ### BEGIN SOLUTION
# **A model answer.** The score (number) says that A beats a constant rate on unseen data, the
# control at (number) that this is no leak. It does not say that the data look like A's. Grouped by
# the time since the last spike, A's residuals reach z = (number); on the rescaled clock its KS
# distance is (number) with a band of (number), B's is (number); A's surrogates have (number) short
# intervals and the recording (number). So what is missing is the neuron's own past. Standard
# errors take the model for right. As A is rejected they are conditional on a wrong model, and may
# be too small. AIC only ranks candidates: the better of two wrong models wins. A is good enough to
# ask which current drives the neuron (its current filter is like B's), or to predict rates over
# 100 ms. It is not good enough for intervals, bursts, or as a source of surrogate spikes.
#
# **Rubric (3 points).**
# - 1 point: says that score, errors and AIC compare or assume, and that none of them tests A; the
#   errors hold only if the model is right. One of the three missing: half a point.
# - 1 point: at least two of grouped residuals, KS and surrogates, with numbers, and the conclusion
#   that the neuron's own past is missing. Without numbers: half a point.
# - 1 point: a use for which A suffices *and* why (a question that does not depend on what is
#   missing). "For nothing" or "for everything": none.
# ### END SOLUTION

# %% [markdown]
# ## Going further
#
# <details><summary><b>1.</b> The KS test looks at the lengths of intervals, not at their order. How
# would you see that a long one tends to follow a long one?</summary>
#
# Plot each `q` against the next, `q = 1 - np.exp(-stretched["B"])`. A right model fills the square
# evenly. A slow drift of the neuron, which no model here knows, makes a ridge along the diagonal.
# </details>
#
# <details><summary><b>2.</b> Take B's rates on Noise 1, where it was fitted, for the KS test. What
# changes?</summary>
#
# On three of five twins the distance shrinks, by a third or more. A fit adapts to the very spikes
# it is judged by, and the band does not know that. Judge on spikes that were not fitted, or use
# surrogates that are refitted each time.
# </details>

# %% [markdown]
# <details><summary><b>3.</b> Do KS without drawn places (<code>place = np.zeros(...)</code>) and in
# bins of 10 ms. What happens to a right model?</summary>
#
# Intervals become lumps: none is shorter than the expectation of one bin. A right model leaves the
# band when a busy bin expects about as many spikes as the band is wide, here a tenth. Drawing the
# place inside the bin repairs it.
# </details>
#
# <details><summary><b>4.</b> How many intervals does KS need to reject A? Use the first 20, 40, 80
# of <code>stretched["A"]</code>.</summary>
#
# The band narrows with the root of n: from 0.29 for 20 intervals to 0.15 for 80. A's distance
# changes less. So "not rejected" with 20 spikes says little.
# </details>

# %% [markdown]
# ## What you take with you
#
# | we asked | the tool | it does not say |
# |---|---|---|
# | better than nothing? | bits per spike, unseen, with a control | whether the model is right |
# | what is missing? | residuals in groups | about groups you did not look at |
# | is only chance left? | time rescaling, KS, its band | proven: only "not rejected" |
# | how sure? | standard errors, Wald intervals | anything, if the model is wrong |
# | which of these? | AIC, BIC, unseen seconds, on the same bins | whether any of them is good |
# | would it live? | free run, surrogates, p-values | about statistics you did not choose |
#
# **Where next in NeMoS.** `nemos.glm.GLM` has `score`, `simulate` and `dof_resid_` under the same
# names; `nemos.simulation.simulate_recurrent` runs populations freely. Residuals, time rescaling
# and standard errors are not part of it: take `minglm.inference`, or write them, as you can now.

# %% [markdown]
# **Further reading.** Brown, Barbieri, Ventura, Kass & Frank (2002) *Neural Comput.* 14, 325-346,
# doi 10.1162/08997660252741149: time rescaling for spikes. Haslinger, Pipa & Brown (2010) *Neural
# Comput.* 22, 2477-2506, doi 10.1162/NECO_a_00015: what bins do to it. Pillow (2009) *NIPS* 22,
# 1473-1481: rescaling and renewal models. Truccolo et al. (2005) *J. Neurophysiol.* 93, 1074-1089,
# doi 10.1152/jn.00697.2004: residuals and KS of GLMs. Gerhard, Haslinger & Pipa (2011) *Neural
# Comput.* 23, 1452-1483, doi 10.1162/NECO_a_00126: many neurons at once. Burnham & Anderson (2004)
# *Sociol. Methods Res.* 33, 261-304, doi 10.1177/0049124104268644: AIC and BIC. Davison & Hinkley
# (1997) *Bootstrap Methods and their Application*, Cambridge: surrogates and p-values. Gerhard,
# Deger & Truccolo (2017) *PLoS Comput. Biol.* 13, e1005390: why free runs explode.
