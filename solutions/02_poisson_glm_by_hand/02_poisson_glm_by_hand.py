# %% [markdown]
# # 02 · The Poisson GLM by hand
#
# In lesson 01 a library fitted the models. Today you are the library. A neuron gets a current and
# answers with spikes. You write the rate, the likelihood, its slope and its curvature, and find
# the best weights in a few steps. Then one line of `minglm` has to give the same numbers.

# %% [markdown]
# **At the end you can**
# - say why a straight line and a bell curve do not describe spike counts;
# - write the rate and the log-likelihood of a Poisson GLM, and read one off the other;
# - derive the slope and the curvature, and climb to the top with Newton steps;
# - tell a fit that has arrived from one that has stopped;
# - score a model by deviance and pseudo-R², on bins it has not seen.
#
# **You need** lesson 01, NumPy, and derivatives of `exp` and of sums.

# %% [markdown]
# | part | what you do | live | alone |
# |---|---|---|---|
# | 1 | why not a straight line | 20 min | 30 min |
# | 2 | the rate and the likelihood | 25 min | 40 min |
# | 3 | slope, curvature, Newton | 40 min | 60 min |
# | 4 | how good is it? | 20 min | 30 min |
# | 5 | the same with minglm | 5 min | 10 min |
#
# Live, break after part 2. **Arriving late?** Run the next cell, then every cell marked *catch-up*
# down to the part you join. Parts 3 to 5 call the functions that you write from exercise 3 on.

# %%
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact
from scipy.special import gammaln

import data_fetch
import minglm as nmo
from minglm.checks import check
from minglm.plotting import DATA, MODEL, OTHER, show

jax.config.update("jax_enable_x64", True)  # JAX counts with 7 digits unless told to use 16
DT = 0.01  # one bin, in seconds
recording = data_fetch.load("current_injection")
print(recording)

# %% [markdown]
# ## 1. Why not a straight line?
#
# One row per bin of 10 ms: the mean current in it, and the number of spikes. We give the current
# in units of its own standard deviation, with mean 0. Such a number is called a **z-score**.

# %%
# catch-up
epochs = recording["epochs"]
noise = epochs[np.array([np.ravel(tag)[0] == "Noise 1" for tag in epochs["tags"]])]
counts = recording["units"][0].count(DT, noise)
current = recording["stimulus"].restrict(noise).bin_average(DT, noise)
x = (current.values - current.values.mean()) / current.values.std()
y = counts.values
X = np.column_stack([np.ones(len(x)), x])  # (T, 2): a column of ones, then the current
print(f"{len(y)} bins, {y.sum()} spikes, at most {y.max()} in a bin")

# %% [markdown]
# The column of ones looks odd. Its weight is added in every bin, whatever the current: it is the
# **intercept**. Both weights together are called $\theta = (b, w)$.
#
# **Predict.** We fit a straight line to these counts by least squares. What will it say for the
# weakest currents?

# %%
line = np.linalg.lstsq(X, y, rcond=None)[0]
edges = np.linspace(x.min(), x.max(), 13)
group = np.clip(np.searchsorted(edges, x, "right") - 1, 0, 11)
visited = np.unique(group)
centre = np.array([x[group == g].mean() for g in visited])
mean = np.array([y[group == g].mean() for g in visited])
grid = np.linspace(x.min(), x.max(), 200)

fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(centre, mean, "o", color=DATA, label="mean count in 12 groups")
ax.plot(grid, line[0] + line[1] * grid, color=MODEL, label="least squares")
ax.axhline(0, color="k", lw=0.8)
ax.set(xlabel="current (z-score)", ylabel="spikes per bin of 10 ms")
ax.legend(frameon=False)
show(fig, "Mean spike count against current in twelve groups, with a least-squares line that falls "
          "below zero for weak currents.")

# %% [markdown]
# You should see a line that dips below 0 at the left end: *less than no* spikes. It promises too
# many for currents in the middle, and too few for strong ones. Counts cannot be negative, and this
# neuron's rate does not rise in a straight line.
#
# There is a second objection. Least squares expects the same scatter everywhere. Let us look at
# the scatter of counts when the mean is known: many draws from a **Poisson distribution**, which
# gives the number of events that happen independently of each other.
#
# **Exercise 1.** Write `fano`: variance divided by mean, for each column. `draws` is
# `(repeats, conditions)`. This ratio is the **Fano factor**.

# %% exercise="fano"
def fano(draws):
    """(conditions,): variance over repeats divided by mean over repeats."""
    ### BEGIN SOLUTION
    return np.var(draws, axis=0) / np.mean(draws, axis=0)
    ### END SOLUTION

# %% check="fano" points=1
with check("fano") as c:
    toy = np.array([[0, 4, 1], [2, 8, 4], [4, 12, 1], [2, 8, 4]])
    got = c.call(fano, toy)
    c.that(np.shape(got) == (3,), "one number per column: conditions are columns here",
           "a column holds the repeats of one condition", "go down the rows")
    c.that(not np.allclose(got, toy.std(0) / toy.mean(0)),
           "this is the standard deviation over the mean, not the variance over the mean",
           "the variance is the standard deviation squared", "no root is taken")
    c.that(not np.allclose(got, toy.var(0) / toy.mean(0) ** 2),
           "the mean is squared: that is another ratio, of standard deviation and mean",
           "variance over mean, each of them once", "do not square the mean")
    c.that(not np.allclose(got, toy.var(0) / toy.mean()),
           "every column is divided by the mean of all of them: each has its own mean",
           "a condition that fires more also scatters more", "two means, both down the rows")
    c.that(not np.allclose(got, toy.mean(0) / toy.var(0)),
           "upside down: the mean is on top", "the variance stands above the line", "swap the two")
    c.that(not np.allclose(got, toy.var(0)),
           "this is the variance alone: it still has to be divided",
           "the Fano factor has no unit", "divide by the mean of the same column")
    c.that(np.allclose(got, toy.var(0) / toy.mean(0))
           or np.allclose(got, toy.var(0, ddof=1) / toy.mean(0)), "the ratios are off",
           "each column has its own variance and its own mean",
           "do the first column by hand: 2 over 2")
    ### BEGIN HIDDEN TESTS
    fresh = c.rng.poisson(c.rng.uniform(1, 9, 6), (4000, 6))
    c.equal(c.call(fano, fresh), [np.var(k) / np.mean(k) for k in fresh.T],
            "off on fresh draws", rtol=1e-3)
    ### END HIDDEN TESTS

# %%
rng = np.random.default_rng(1)
means = np.array([0.05, 0.2, 0.5, 1, 2, 4, 8])
draws = rng.poisson(means, (5000, 7))
print("mean:", means)
print("Fano factor:", np.round(fano(draws), 2))

# %% [markdown]
# You should see values near 1 in every column. For a Poisson count the variance *equals* the
# mean: the more spikes are expected, the more they scatter. Least squares does not know this. It
# lets a few lively bins outvote many quiet ones.
#
# Poisson counts are whole numbers, 0 or more. That is a condition on your data.
#
# **Exercise 2.** Write `may_be_counts`: `True` if every value could be a count, else `False`. A
# smoothed rate could not.

# %% exercise="may_be_counts"
def may_be_counts(values):
    """Whether all values are whole numbers, 0 or more (2.0 is a whole number)."""
    ### BEGIN SOLUTION
    values = np.asarray(values)
    return bool(np.all((values >= 0) & (values == np.round(values))))
    ### END SOLUTION

# %% check="may_be_counts" points=1
with check("may_be_counts") as c:
    spikes = np.array([0, 0, 1, 0, 3, 0])
    c.that(np.ndim(c.call(may_be_counts, spikes)) == 0, "one answer for all values together",
           "is there any value that could not be a count?",
           "reduce the answers of all values to one")
    c.that(c.call(may_be_counts, spikes), "these are counts, and the answer is no",
           "0 is a count too: nothing happened", "look at what you ask of each value")
    c.that(c.call(may_be_counts, spikes.astype(float)),
           "2.0 is a whole number: ask about the value, not about how it is stored",
           "a count may be stored with a decimal point", "compare each value with its rounded self")
    c.that(not c.call(may_be_counts, np.convolve(spikes, [0.25, 0.5, 0.25], "same")),
           "a smoothed rate passes as counts: it has decimals, and neighbours share a spike",
           "0.75 spikes have never been recorded", "compare each value with its rounded self")
    c.that(not c.call(may_be_counts, np.array([1, -2, 0])), "a negative number passes as a count",
           "nothing happens less than zero times", "two things must hold for every value")
    c.that(not c.call(may_be_counts, np.array([0, 1, np.nan])), "NaN passes as a count",
           "a missing value is not a number of spikes", "NaN equals nothing, not even itself")
    ### BEGIN HIDDEN TESTS
    fresh = c.rng.poisson(2, 100)
    c.that(c.call(may_be_counts, fresh), "fresh counts are refused")
    c.that(not c.call(may_be_counts, np.where(np.arange(100) == 70, 0.5, fresh)),
           "a single value of 0.5 among counts goes unnoticed")
    ### END HIDDEN TESTS

# %%
print("counts:", may_be_counts(y), "  smoothed:", may_be_counts(counts.smooth(0.05).values))

# %% [markdown]
# ## 2. The rate and the likelihood
#
# The model has two sentences:
#
# $$\mu_t = \exp(b + w\,x_t), \qquad y_t \sim \mathrm{Poisson}(\mu_t).$$
#
# $\mu_t$ is the **expected count** of bin $t$. The sum inside is the **linear predictor**
# $\eta_t$. The function that turns $\eta$ into $\mu$ is the **inverse link**; here it is `exp`,
# so $\mu$ is never negative. With the column of ones, $\eta = X\theta$ for all bins at once.
#
# **Exercise 3.** Write `expected_count`. Use `jnp` instead of `np`. It has the same functions, and
# belongs to **JAX**, a library that differentiates programs. In part 3 it differentiates yours.

# %% exercise="expected_count"
def expected_count(theta, X):
    """(T,): expected count per bin; X (T, P), theta (P,)."""
    ### BEGIN SOLUTION
    return jnp.exp(X @ theta)
    ### END SOLUTION

# %% check="expected_count" points=1
with check("expected_count") as c:
    toy = np.array([[1, 0.0], [1, 1.0], [1, -2.0]])
    got = c.call(expected_count, np.array([-1.0, 0.5]), toy)
    c.that(np.shape(got) == (3,), "one expected count per bin, that is per row of X",
           "each row of X meets all the weights", "multiply the matrix with the vector")
    c.that(not np.allclose(got, [-1, -0.5, -2]),
           "this is the linear predictor: the inverse link is missing",
           "an expected count is never negative", "one function turns the sum into a count")
    many = c.call(expected_count, np.array([0.3, 0.5]), np.ones((50, 2)))
    c.that(np.any(many != np.round(many)), "these are whole numbers: spikes were drawn, and what "
           "is *expected* is asked for", "an expected count has decimals", "the dice come later")
    c.that(np.all(got > 0), "an expected count is never negative, and here one is not above 0",
           "where does exp begin, and where does it end?", "apply exp to the whole sum")
    c.that(not np.isclose(got[0], [np.exp(-1) / DT, np.exp(-1) * DT]).any(),
           "the bin length has come in: the model is about counts per bin, not about Hz",
           "both sentences of the model do without `DT`", "leave it out")
    c.that(not np.isclose(got[0], np.exp(1)), "a negative intercept makes the count large here",
           "the sign of the sum is turned", "no minus stands in the formula")
    c.that(not np.isclose(got[0], np.exp(-2)), "b comes in twice: the column of ones has it",
           "b is the first weight, and the first column is 1", "the product holds all of the sum")
    c.that(np.isclose(got[0], np.exp(-1)), "with a current of 0 the expected count is exp(b)",
           "the intercept belongs inside the exponential, and nothing else acts on it",
           "first the whole sum, then exp")
    c.that(not np.allclose(got, np.log1p(np.exp([-1, -0.5, -2]))),
           "this is softplus, another inverse link; the model above says exp",
           "read the formula once more", "one function of the sum, and that is all")
    c.equal(got, np.exp([-1, -0.5, -2]), "expected counts are off",
            "the sum is b times 1 plus w times the current", "do the second row by hand")
    ### BEGIN HIDDEN TESTS
    wide, weights = c.rng.normal(size=(40, 5)), c.rng.normal(size=5) / 3
    want = [np.exp(sum(a * b for a, b in zip(row, weights, strict=True))) for row in wide]
    c.equal(c.call(expected_count, weights, wide), want, "off with more than two columns")
    ### END HIDDEN TESTS

# %% [markdown]
# Which $\theta$ is best? Ask of each: *how probable are the counts that we saw?* The logarithm of
# that probability is the **log-likelihood**. One bin adds
#
# $$\log P(y_t) = y_t \log \mu_t - \mu_t - \log(y_t!).$$
#
# **Exercise 4.** Write `log_likelihood`: the *mean* over bins. `gammaln(y + 1)` is $\log(y!)$.

# %% exercise="log_likelihood"
def log_likelihood(y, mu):
    """Mean over bins of the log-probability of the counts y (T,) when mu (T,) are expected."""
    ### BEGIN SOLUTION
    return np.mean(y * np.log(mu) - mu - gammaln(y + 1))
    ### END SOLUTION

# %% check="log_likelihood" points=2
with check("log_likelihood") as c:
    toy, mu = np.array([0, 2, 1, 3]), np.array([0.5, 1.0, 2.0, 2.5])
    each = toy * np.log(mu) - mu - np.log([1, 2, 1, 6])
    got = c.call(log_likelihood, toy, mu)
    c.that(np.ndim(got) == 0, "one number for all bins together", "the mean over bins is asked for",
           "reduce what the bins give to one number")
    c.that(not np.isclose(got, np.exp(each).mean()),
           "this is a mean of probabilities: their logarithm is asked for",
           "logarithms are what is averaged", "the formula is for log P")
    c.that(not np.isclose(got, np.mean(each + mu)),
           "the expected count itself is missing: nothing punishes a model that promises too much",
           "without it the best mean would be infinite", "the second term of the formula")
    c.that(got < 0,
           "a probability is at most 1, so its logarithm is not positive: look at the sign",
           "the best possible value here is 0", "plus and minus are swapped somewhere")
    busy, m = toy[1:], mu[1:]
    some = c.call(log_likelihood, busy, m)
    c.that(not np.isclose(some, np.mean(m * np.log(busy) - m - gammaln(busy + 1))),
           "counts and expected counts have changed places: log 0 is what comes of it",
           "the logarithm is taken of what is expected", "the first term of the formula")
    c.that(not np.isclose(some, np.mean(np.log(m) - m - gammaln(busy + 1))),
           "a bin with three spikes counts its logarithm only once", "y stands in front of it",
           "the first term of the formula")
    c.that(not np.isclose(some, np.mean(busy * np.log(m) - m + gammaln(busy + 1))),
           "log(y!) is added, and should be taken away", "a probability is divided by y!",
           "the third term of the formula")
    c.that(not np.isclose(got, each.sum()), "this is the sum over bins: the mean is asked for",
           "twice as many bins should not double it", "divide by the number of bins")
    c.that(not np.isclose(got, np.mean(toy * np.log(mu) - mu)), "the term log(y!) is missing",
           "it does not depend on the weights, but it belongs to the probability",
           "the third term of the formula")
    c.that(not np.isclose(some, np.mean(busy * np.log(m) - m - gammaln(busy))),
           "this is log((y - 1)!): gammaln is shifted by one",
           "gammaln(1) is log(0!)", "look at the sentence above the exercise")
    c.that(not np.isclose(got, each.mean() / np.log(2)), "these are bits; here the unit is nats",
           "the logarithm is the natural one", "np.log, not np.log2")
    c.equal(got, each.mean(), "the log-likelihood is off",
            "each bin adds three terms", "do the first bin by hand: no spike, 0.5 expected")
    ### BEGIN HIDDEN TESTS
    from scipy.stats import poisson

    mu = c.rng.uniform(0.01, 5, 300)
    k = c.rng.poisson(mu)
    c.equal(c.call(log_likelihood, k, mu), poisson.logpmf(k, mu).mean(), "off on fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# **Predict.** Move the sliders. Which pairs of $b$ and $w$ fit about equally well? (Brighter lines
# are higher. Without a running notebook, look at the figure: the star stands at $b=-3$, $w=0.5$.)

# %%
b_axis, w_axis = np.linspace(-8, -1, 60), np.linspace(-0.5, 3, 50)
surface = np.array([[np.mean(y * (b + w * x) - np.exp(b + w * x)) for b in b_axis] for w in w_axis])


def landscape(b=-3.0, w=0.5):
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    levels = surface.max() - np.geomspace(0.3, 0.0008, 12)
    axes[0].contour(b_axis, w_axis, surface, levels=levels, cmap="cividis")
    axes[0].plot(b, w, "*", ms=14, color=OTHER)
    axes[0].set(xlabel="intercept b", ylabel="weight w", title="log-likelihood (contours)")
    axes[1].plot(centre, mean, "o", color=DATA)
    axes[1].plot(grid, np.exp(b + w * grid), color=MODEL)
    axes[1].set(ylim=(0, 1.3 * mean.max()), xlabel="current (z-score)", ylabel="spikes per bin",
                title=f"score {log_likelihood(y, np.exp(b + w * x)):.4f} nats per bin")
    show(fig, f"Left: contours of the log-likelihood over b and w, with a star at {b}, {w}. "
              "Right: the curve of these weights over the mean counts.")


landscape()

# %%
_ = interact(landscape, b=FloatSlider(-3, min=-8, max=-1, step=0.1, continuous_update=False),
             w=FloatSlider(0.5, min=-0.5, max=3, step=0.1, continuous_update=False))

# %% [markdown]
# You should see **one** hill with a long ridge: a steeper curve with a lower intercept does almost
# as well. There is no second top. For a Poisson GLM with `exp` this is always so. The surface is
# **concave**, and its negative **convex**: whoever walks uphill arrives, from anywhere.

# %% [markdown]
# ## 3. Slope, curvature, Newton
#
# Optimisers go downhill, so we turn the sign around. The term $\log(y!)$ does not move with
# $\theta$, so we leave it out:
#
# $$f(\theta) = \frac{1}{T} \sum_t \left[\mu_t - y_t\,\eta_t\right].$$
#
# **Exercise 5.** Write `nll`, the mean *negative* log-likelihood without $\log(y!)$, with `jnp`.

# %% exercise="nll"
def nll(theta, X, y):
    """Mean over bins of mu - y eta."""
    ### BEGIN SOLUTION
    eta = X @ theta
    return jnp.mean(jnp.exp(eta) - y * eta)
    ### END SOLUTION

# %% check="nll" points=1
with check("nll") as c:
    toy = np.array([[1, 0.0], [1, 1.0], [1, -2.0]])
    k, theta = np.array([1, 2, 0]), np.array([-1.0, 0.5])
    eta = toy @ theta
    got = c.call(nll, theta, toy, k)
    c.that(np.ndim(got) == 0, "one number for all bins together", "take the mean over bins",
           "reduce what the bins give to one number")
    c.that(not np.isclose(got, np.mean(k * eta - np.exp(eta))),
           "this is the log-likelihood itself: to go downhill, its sign has to be turned",
           "the better the fit, the smaller this number", "mu stands with a plus")
    c.that(not np.isclose(got, np.mean(np.exp(eta) - k * eta + gammaln(k + 1))),
           "log(y!) is still in: it is left out here", "it does not move with the weights",
           "two terms per bin")
    c.that(not np.isclose(got, np.mean(eta - k * np.exp(eta))), "mu and eta have changed places",
           "eta is the logarithm of mu", "y goes with eta")
    c.that(not np.isclose(got, np.sum(np.exp(eta) - k * eta)), "this is the sum, not the mean",
           "a penalty that we add later must not depend on the number of bins", "divide by T")
    c.that(not np.isclose(got, np.mean(np.exp(eta) - k * np.exp(eta))),
           "y is multiplied with the expected count instead of its logarithm",
           "the logarithm of mu is the linear predictor", "y goes with eta")
    c.that(not np.isclose(got, np.exp(eta).mean() - k.mean() * eta.mean()),
           "mean count times mean eta: which bin had the spikes is lost", "first the product of "
           "each bin, then the mean", "one mean around both terms")
    c.that(not np.isclose(got, np.mean((k - np.exp(eta)) ** 2)),
           "this is squared error, not the formula above",
           "squares belong to the bell curve", "two terms per bin, none of them squared")
    c.equal(got, np.mean(np.exp(eta) - k * eta), "the value is off",
            "mu is exp of eta", "do one bin by hand")
    ### BEGIN HIDDEN TESTS
    wide, weights = c.rng.normal(size=(50, 4)), c.rng.normal(size=4) / 3
    k = c.rng.poisson(1, 50)
    eta = wide @ weights
    c.equal(c.call(nll, weights, wide, k), np.mean(np.exp(eta) - k * eta), "off on fresh bins")
    ### END HIDDEN TESTS

# %% [markdown]
# Now the slope. Differentiate one bin: $\mu_t$ gives $\mu_t x_t$, because `exp` is its own
# derivative; $y_t \eta_t$ gives $y_t x_t$. Together
#
# $$\nabla f = \frac{1}{T} X^\top (\mu - y).$$
#
# Read it: each column of $X$ is multiplied with the errors. At the optimum no column has anything
# to do with the errors any more. For the column of ones this says: *mean expected = mean observed*.
#
# **Exercise 6.** Write `gradient` from this formula.

# %% exercise="gradient"
def gradient(theta, X, y):
    """(P,): slope of nll in each weight."""
    ### BEGIN SOLUTION
    return X.T @ (np.exp(X @ theta) - y) / len(y)
    ### END SOLUTION

# %% check="gradient" points=2
with check("gradient") as c:
    wide, weights = c.rng.normal(size=(60, 3)), np.array([0.2, -0.4, 0.1])
    k = c.rng.poisson(1.0, 60)
    mu = np.exp(wide @ weights)
    want = wide.T @ (mu - k) / 60
    got = c.call(gradient, weights, wide, k)
    c.that(np.shape(got) == (3,), "one slope for each weight, not one for each bin",
           "sum over bins", "the transposed matrix meets the errors")
    c.that(not np.allclose(got, -want), "this points uphill: the sign of the errors is turned",
           "expected minus observed", "a weight that is too large must give a positive slope")
    c.that(not np.allclose(got, 60 * want), "this is the sum over bins; nll is a mean",
           "the slope of a mean is a mean of slopes", "divide by the number of bins")
    c.that(not np.allclose(got, wide.T @ (wide @ weights - k) / 60),
           "the errors are those of a straight line: expected counts are missing",
           "the error of a bin is its expected count minus its count",
           "exp comes before the difference")
    c.that(not any(np.allclose(got, wide.T @ (m * (mu - k)) / 60) for m in (mu, 1 / mu)),
           "there is one factor of mu too many or too few: mu and log mu react differently to eta",
           "differentiate mu and y eta one by one", "what is left is the error itself")
    c.that(not np.allclose(got, 20 * want), "divided by the number of weights, not of bins",
           "the slope of a mean over bins is a mean over bins", "how many rows has X?")
    c.equal(got, want, "the slopes are off", "one weight at a time: nudge it and see how nll moves",
            "each column of X is multiplied with the errors and averaged")
    ### BEGIN HIDDEN TESTS
    k, at = c.rng.poisson(2, 60), c.rng.normal(size=3) / 2
    f = lambda t: np.mean(np.exp(wide @ t) - k * (wide @ t))
    numeric = [(f(at + h) - f(at - h)) / 2e-6 for h in 1e-6 * np.eye(3)]
    c.equal(c.call(gradient, at, wide, k), numeric, "off at a fresh point", rtol=1e-4, atol=1e-6)
    ### END HIDDEN TESTS

# %% [markdown]
# JAX can do this for any function: `jax.grad(nll)` is a function that returns the slope. It follows
# the computation through every `jnp`, and it cannot follow `np`. If the next cell stops with a
# *TracerArrayConversionError*, look for an `np` in your `nll` and `expected_count`.

# %%
theta = np.array([-3.0, 0.5])
print("by hand:", gradient(theta, X, y))
print("by JAX: ", jax.grad(nll)(theta, X, y))

# %% [markdown]
# You should see the same two numbers twice. With a slope you can walk: start from a flat model
# ($w = 0$, and $b$ the logarithm of the mean count), take the slope away, and again, and again.
#
# **Predict.** Where are you after 200 such steps: on the way, near the top, or there?

# %%
flat = np.array([np.log(y.mean()), 0.0])
walk = [flat]
for _ in range(200):
    walk.append(walk[-1] - gradient(walk[-1], X, y))


def map_with(ax, **ways):
    """The log-likelihood as contours (brighter is higher), and ways over it."""
    levels = surface.max() - np.geomspace(0.3, 0.0008, 12)
    ax.contour(b_axis, w_axis, surface, levels=levels, cmap="cividis")
    for (name, way), color in zip(ways.items(), (OTHER, MODEL), strict=False):
        ax.plot(*np.transpose(way), ".-", color=color, label=name)
    ax.set(xlabel="intercept b", ylabel="weight w")
    ax.legend(frameon=False)


fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
map_with(ax, slope=walk)
show(fig, "Contours of the log-likelihood; 200 steps along the slope lead onto the ridge and stop "
          "half-way along it.")

# %% [markdown]
# You should see a walk that is quick at first, then crawls along the ridge, where nothing is steep.
# After 200 steps it is still under way; it would take some thousands.
#
# The slope says where downhill is, not how far. For that we need the curvature: how fast the
# slope changes. Differentiating once more leaves $\mu_t$ times two features:
#
# $$H = \frac{1}{T} X^\top \mathrm{diag}(\mu)\, X.$$
#
# This is the **Hessian**. Every $\mu_t$ is positive, so $H$ curves upward in every direction: the
# convexity that you saw.
#
# **Exercise 7.** Write `hessian`. A matrix `diag(mu)` with one row per bin would fill the memory:
# find a way around it.

# %% exercise="hessian"
def hessian(theta, X):
    """(P, P): curvature of nll."""
    ### BEGIN SOLUTION
    mu = np.exp(X @ theta)
    return (X * mu[:, None]).T @ X / len(X)
    ### END SOLUTION

# %% check="hessian" points=2
with check("hessian") as c:
    wide, weights = c.rng.normal(size=(60, 3)), np.array([0.2, -0.4, 0.1])
    mu = np.exp(wide @ weights)
    want = sum(m * np.outer(row, row) for m, row in zip(mu, wide, strict=True)) / 60
    got = c.call(hessian, weights, wide)
    c.that(np.shape(got) == (3, 3), "one row and one column for each weight",
           "bins are summed over", "features x bins times bins x features")
    c.that(not np.allclose(got, wide.T @ wide / 60),
           "every bin counts the same: the expected counts are missing",
           "that is the curvature of least squares", "weigh each row by its expected count")
    c.that(not np.allclose(got, 60 * want), "this is the sum over bins; nll is a mean",
           "divide by the number of bins", "the slope was divided, too")
    c.that(not np.allclose(got, (wide * mu[:, None]).T @ (wide * mu[:, None]) / 60),
           "the expected counts come in twice", "one factor of mu per bin",
           "weigh only one of the two")
    c.that(not np.allclose(got, 20 * want), "divided by the number of weights, not of bins",
           "a mean over bins is asked for", "how many rows has X?")
    c.that(not np.allclose(got, -want), "it curves downward: the sign is turned",
           "nll is a valley, and its bottom is the optimum", "no minus stands in the formula")
    c.that(not np.allclose(got, want * np.eye(3)), "all curvatures between two weights are 0",
           "two columns together matter, too", "the whole matrix is asked for")
    c.that(not np.allclose(got, (wide * (wide @ weights)[:, None]).T @ wide / 60),
           "weighed by the linear predictor: `exp` is missing", "mu is the expected count",
           "the diagonal holds expected counts")
    c.equal(got, want, "the curvatures are off",
            "it is symmetric, with positive numbers on the diagonal",
            "weigh each row of X by its expected count before you multiply")
    ### BEGIN HIDDEN TESTS
    long = c.rng.normal(size=(30_000, 2))
    got = c.call(hessian, np.array([0.3, 0.1]), long)
    mu = np.exp(long @ [0.3, 0.1])
    c.equal(got, np.einsum("t,ti,tj->ij", mu, long, long) / 30_000, "off on a long recording")
    ### END HIDDEN TESTS

# %% [markdown]
# With slope $g$ and curvature $H$ the surface looks like a bowl, and we know where a bowl has its
# bottom: one **Newton step** goes from $\theta$ to $\theta - H^{-1} g$.
#
# **Exercise 8.** Write `newton_step`. Solve the equations instead of inverting the matrix.

# %% exercise="newton_step"
def newton_step(theta, X, y):
    """(P,): where the bowl at theta has its bottom."""
    ### BEGIN SOLUTION
    return theta - np.linalg.solve(hessian(theta, X), gradient(theta, X, y))
    ### END SOLUTION

# %% check="newton_step" points=1
with check("newton_step") as c:
    wide, weights = c.rng.normal(size=(80, 3)), np.array([0.2, -0.4, 0.1])
    k = c.rng.poisson(1.0, 80)
    mu = np.exp(wide @ weights)
    g, H = wide.T @ (mu - k) / 80, (wide * mu[:, None]).T @ wide / 80
    got = c.call(newton_step, weights, wide, k)
    c.that(np.shape(got) == (3,), "the new weights are asked for, one for each column",
           "as many as the old ones", "a vector in, a vector out")
    c.that(not np.allclose(got, weights + np.linalg.solve(H, g)), "this step goes uphill",
           "the slope points up", "subtract the step")
    step = np.linalg.solve(H, g)
    c.that(not (np.allclose(got, -step) or np.allclose(got, step)),
           "this is the step, not where it leads",
           "start from the old weights", "old weights plus step")
    c.that(not np.allclose(got, weights - g), "this is a gradient step: the curvature is missing",
           "where the bowl is narrow the step must be short", "solve with the Hessian")
    c.that(not np.allclose(got, weights - H @ g),
           "multiplied with the curvature: where the bowl is narrow the step becomes long",
           "a narrow bowl asks for short steps", "solve, do not multiply")
    c.that(not np.allclose(got, weights - g / np.diag(H)),
           "only the diagonal of the curvature is used: weights that work together are ignored",
           "all entries of the matrix count", "solve the whole system")
    c.equal(got, weights - np.linalg.solve(H, g), "the new weights are off",
            "theta minus the solution of H s = g", "check slope and curvature first")
    ### BEGIN HIDDEN TESTS
    at, k = c.rng.normal(size=3) / 3, c.rng.poisson(2, 80)
    mu = np.exp(wide @ at)
    step = np.linalg.solve((wide * mu[:, None]).T @ wide, wide.T @ (mu - k))
    c.equal(c.call(newton_step, at, wide, k), at - step, "off at a fresh point")
    ### END HIDDEN TESTS

# %% [markdown]
# **Predict.** How many steps will it take until the slope is below $10^{-8}$: 10, 100 or 1000?
#
# **Exercise 9.** Write `fit`: repeat Newton steps until the largest slope is below $10^{-8}$. Start
# from a flat model: `b` is the logarithm of the mean count, all other weights are 0. The first
# column of `X` is always the column of ones. (A loop that never ends? The square in the toolbar
# stops it.)

# %% exercise="fit"
def fit(X, y):
    """(P,): weights at which no slope is larger than 1e-8."""
    ### BEGIN SOLUTION
    theta = np.zeros(X.shape[1])
    theta[0] = np.log(np.mean(y))
    for _ in range(100):
        if np.max(np.abs(gradient(theta, X, y))) < 1e-8:
            break
        theta = newton_step(theta, X, y)
    return theta
    ### END SOLUTION

# %% check="fit" points=2
with check("fit") as c:
    wide = np.column_stack([np.ones(500), c.rng.normal(size=(500, 2))])
    k = c.rng.poisson(np.exp(wide @ [-0.5, 0.8, -0.6]))
    got = c.call(fit, wide, k)
    c.that(np.shape(got) == (3,), "one weight for each column", "return the last weights",
           "as many as X has columns")
    slope = wide.T @ (np.exp(wide @ got) - k) / 500
    c.that(np.abs(slope).max() < 0.1, "this is far from the optimum: is it still where it started?",
           "each step must begin where the one before it ended", "keep the result of the step")
    c.that(abs(slope[0]) < 1e-4,
           "mean expected and mean observed counts differ: the fit has not arrived",
           "the slope of the intercept is not zero yet", "go on stepping")
    c.that(np.abs(slope).max() < 1e-7,
           "close, but stopped too early: the largest slope is above 1e-8",
           "a small step is no proof of arrival; a small slope is", "ask for the slope, and go on")
    steep = np.column_stack([np.ones(300), np.linspace(-1, 1, 300)])
    k = np.arange(300) // 100
    slope = steep.T @ (np.exp(steep @ c.call(fit, steep, k)) - k)
    c.that(np.abs(slope).max() < 1e-4,
           "stopped at a slope that is far from 0, but negative: large has to mean large in size",
           "-3 is less than 1e-8, and no optimum", "drop the sign before you compare")
    ### BEGIN HIDDEN TESTS
    wide = np.column_stack([np.ones(3000), c.rng.normal(size=(3000, 4))])
    k = c.rng.poisson(np.exp(wide @ np.r_[-1.5, c.rng.normal(size=4) / 2]))
    slope = wide.T @ (np.exp(wide @ c.call(fit, wide, k)) - k) / 3000
    c.that(np.abs(slope).max() < 1e-7,
           "not at the optimum of a fresh problem: are there enough steps?")
    ### END HIDDEN TESTS

# %%
newton = [flat]
for _ in range(9):
    newton.append(newton_step(newton[-1], X, y))
mine = fit(X, y)
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
map_with(axes[0], slope=walk, Newton=newton)
axes[0].set_title(f"the top: b = {mine[0]:.3f}, w = {mine[1]:.3f}")
for way, color in ((walk, OTHER), (newton, MODEL)):
    size = [np.abs(gradient(theta, X, y)).max() for theta in way]
    axes[1].loglog(1 + np.arange(len(way)), size, ".-", color=color)
axes[1].set(xlabel="place on the way (1 is the start)", ylabel="largest slope", title="arrived?")
show(fig, "Left: nine Newton steps reach the top of the ridge, 200 steps along the slope do not. "
          "Right: the largest slope falls ever faster for Newton, slowly for the other.")

# %% [markdown]
# You should see blue arrive, by a detour, where orange is still under way. On the right blue bends
# down: near the end each step *doubles* the number of right digits. The very first step may raise
# the slope, because the bowl at a flat start is a poor picture of a surface that bends. About ten
# steps are enough.
#
# A published fit of such a recording stopped early, and its mean rate was off by 0.2 percent. The
# slope of the intercept would have told.

# %% [markdown]
# ## 4. How good is it?
#
# The log-likelihood has no natural zero. So compare with the best that any model could do, one
# that expects exactly what happened. Twice the difference is the **deviance**:
#
# $$D = 2 \sum_t \left[ y_t \log\frac{y_t}{\mu_t} - (y_t - \mu_t) \right].$$
#
# **Exercise 10.** Write `deviance`, the sum over bins. Mind the empty bins: $y \log y$ is 0 there,
# and the computer says NaN.

# %% exercise="deviance"
def deviance(y, mu):
    """Sum over bins; 0 if every expected count is the count."""
    ### BEGIN SOLUTION
    ratio = np.where(y > 0, y, 1) / np.where(y > 0, mu, 1)
    return 2 * np.sum(y * np.log(ratio) - (y - mu))
    ### END SOLUTION

# %% check="deviance" points=2
with check("deviance") as c:
    empty = c.call(deviance, np.zeros(3), np.array([0.5, 1, 1.5]))
    c.that(np.ndim(empty) == 0, "one number: the sum over bins", "bins are added up",
           "reduce what the bins give to one number")
    c.that(not np.isnan(empty), "three empty bins give NaN: 0 times log 0 is 0 here",
           "the limit of y log y at 0 is 0", "take the logarithm only where there are spikes")
    c.that(empty != 0,
           "empty bins are left out: expecting spikes where there was none is an error, too",
           "only the term with the logarithm vanishes", "the second term stays")
    c.that(not np.isclose(empty, 3), "the factor 2 is missing", "twice the difference",
           "read the formula once more")
    c.that(not np.isclose(empty, 2), "this is the mean over bins: the sum is asked for",
           "the deviance grows with the data", "add up")
    c.that(not np.isclose(empty, -6), "the sign is turned: the deviance is never negative",
           "0 is a perfect fit", "look at the last bracket")
    c.that(not np.isclose(empty, 3.5), "these are squared errors: the deviance has no squares",
           "the deviance comes from the Poisson distribution, not from the bell curve",
           "read the formula once more")
    c.equal(empty, 6, "three empty bins with 3 spikes expected together give 6",
            "each of them adds twice what was expected", "put y = 0 into the formula")
    some = c.call(deviance, np.array([2.0, 1.0]), np.array([1.0, 3.0]))
    c.equal(some, 2 * (2 * np.log(2) - 1 + np.log(1 / 3) + 2), "bins with spikes are off",
            "the logarithm of y over mu", "do the first bin by hand")
    ### BEGIN HIDDEN TESTS
    from scipy.special import xlogy

    mu = c.rng.uniform(0.05, 3, 200)
    k = c.rng.poisson(mu)
    c.equal(c.call(deviance, k, mu), 2 * np.sum(xlogy(k, k / mu) - k + mu), "off on fresh counts")
    c.that(abs(c.call(deviance, k, np.maximum(k, 1e-300))) < 1e-6, "a perfect fit does not give 0")
    ### END HIDDEN TESTS

# %% [markdown]
# And with the worst that is still sensible: the **null model**, one mean for all bins. The
# **pseudo-R²** says which part of the null model's deviance is gone,
#
# $$R^2 = 1 - D / D_0.$$
#
# NeMoS calls this `pseudo-r2-Cohen`. Its null model is the mean *of the bins that are scored*.
#
# **Exercise 11.** Write `pseudo_r2`. It may use your `deviance`.

# %% exercise="pseudo_r2"
def pseudo_r2(y, mu):
    """1 for a perfect fit, 0 for the mean of y, negative for anything worse than that mean."""
    ### BEGIN SOLUTION
    null = np.full(len(y), np.mean(y))
    return 1 - deviance(y, mu) / deviance(y, null)
    ### END SOLUTION

# %% check="pseudo_r2" points=1
with check("pseudo_r2") as c:
    k = np.array([0.0, 1, 0, 2, 5, 0, 0, 1])
    flat = c.call(pseudo_r2, k, np.full(8, k.mean()))
    D = lambda m: 2 * np.sum(np.where(k > 0, k * np.log(np.maximum(k, 1) / m), 0) - (k - m))
    c.that(np.ndim(flat) == 0, "one number is asked for", "deviances are sums over bins",
           "no axis is left")
    c.that(not np.isclose(flat, 1),
           "predicting the mean scores 1: this is D / D0, still to be taken from 1",
           "a useless model should score 0", "one minus the part that is left")
    c.that(not np.isclose(flat, 1 - D(k.mean())), "the deviance of the null model is missing",
           "a deviance grows with the number of bins, a score should not", "divide by it")
    c.that(np.isclose(flat, 0, atol=1e-9),
           "predicting the mean of these bins should score exactly 0",
           "the null model is the mean of y", "one number for all bins, the mean")
    half = 0.5 * k + 0.4
    got = c.call(pseudo_r2, k, half)
    L = lambda m: np.mean(k * np.log(m) - m - gammaln(k + 1))
    c.that(not np.isclose(got, 1 - L(half) / L(k.mean())), "this is a ratio of log-likelihoods, "
           "McFadden's: a perfect model would not score 1", "deviances start from what is perfect",
           "compare deviances")
    c.that(not np.isclose(got, 1 - D(k.mean()) / D(half)), "upside down: the deviance of the model "
           "is a part of that of the null, not the other way round", "the null stands below",
           "swap the two")
    c.that(np.isclose(c.call(pseudo_r2, k, np.maximum(k, 1e-12)), 1, atol=1e-6),
           "a perfect prediction should score 1", "its deviance is 0", "look at the ratio")
    c.that(not np.isclose(got, 1 - D(half) / D(half.mean())),
           "the null model is the mean of the prediction, not of the counts",
           "the null model knows the counts and nothing else", "the mean of y")
    c.that(not np.isclose(got, 1 - np.sum((k - half) ** 2) / np.sum((k - k.mean()) ** 2)),
           "squared errors are compared: that is the R2 of linear regression",
           "it belongs to the bell curve", "compare deviances")
    bad = c.call(pseudo_r2, k, np.full(8, 6.0))
    c.that(bad != 0, "a model worse than the mean is shown as 0: do not cut the score off",
           "a negative score is a result", "return the number as it is")
    c.that(bad < 0, "a model worse than the mean must score below 0",
           "its deviance is larger than that of the mean", "look at the ratio")
    c.equal(got, 1 - D(half) / D(k.mean()), "the score is off", "two deviances, both of y",
            "do it by hand for two bins")
    ### BEGIN HIDDEN TESTS
    from scipy.special import xlogy

    mu = c.rng.uniform(0.1, 4, 100)
    k = c.rng.poisson(mu)
    D = lambda m: 2 * np.sum(xlogy(k, k / m) - k + m)
    c.equal(c.call(pseudo_r2, k, mu), 1 - D(mu) / D(np.full(100, k.mean())), "off on fresh counts")
    ### END HIDDEN TESTS

# %% [markdown]
# A model may learn its own bins by heart. So fit on one stretch of time and score on another,
# with a second in between that neither uses. And keep a **control**: the same current, shifted
# in time by a fifth of the recording. It has all the wobbles of the true one, at moments when
# the neuron got something else.
#
# **Predict.** What will the control score: exactly 0, slightly below, or above?

# %%
# catch-up
cut = int(0.7 * len(y))
train, test = slice(0, cut - 50), slice(cut + 50, None)
shifted = X[np.roll(np.arange(len(y)), len(y) // 5)]

# %%
for name, design in [("current", X), ("shifted current", shifted)]:
    weights = fit(design[train], y[train])
    score = pseudo_r2(y[test], np.asarray(expected_count(weights, design[test])))
    print(f"{name:16s} held-out pseudo-R2 {score:7.4f}")

# %% [markdown]
# You should see a clear score for the current and about 0 for the control, most often a little
# below. Below, because the control was fitted to chance and pays for it on fresh bins. (Shift by a
# *third* where three sweeps repeat one current, and the control scores like the model: a control
# has to break what the model can use.)

# %% [markdown]
# ## 5. The same with minglm
#
# All of part 3 is one line. The library splits $\theta$ into `intercept_` and `coef_`, adds the
# ones itself, and says how far it is from the optimum.

# %%
model = nmo.glm.GLM().fit(X[:, 1:], y)
print(f"yours:  b = {mine[0]:.8f}, w = {mine[1]:.8f}")
print(f"minglm: b = {model.intercept_[0]:.8f}, w = {model.coef_[0]:.8f}, gap {model.gap_[0]:.0e}")
print(f"one standard deviation more current multiplies the rate by {np.exp(model.coef_[0]):.2f}")

# %% [markdown]
# You should see the same digits. The last line reads the weight: it does not *add* spikes, it
# *multiplies* the rate. Two standard deviations multiply it twice.
#
# **Written answer.** A colleague fits spike counts by linear regression, because "the weights are
# in spikes per unit, so they are easier to read". Name two things that go wrong, and one case in
# which the linear model would do no harm. Four to six sentences.

# %% [markdown] written="line_or_glm" points=3
# ### BEGIN SOLUTION
# The line predicts negative counts for weak inputs, and it cannot follow a rate that rises ever
# more steeply. It also treats the scatter as equal everywhere, while counts scatter more where
# the mean is high, so busy bins dominate the fit and its error bars are wrong. With large counts
# and a narrow range of rates (multi-unit activity, long bins), exp is nearly a straight line and
# the counts are nearly normal; then both give the same picture.
#
# *Rubric.* 1 point: negative predictions or the wrong shape. 1 point: variance that grows with
# the mean (or counts that are not normal). 1 point: a case with high counts or a narrow range.
# ### END SOLUTION

# %% [markdown]
# **Stretch 1.** Replace `exp` in the rate by `jax.nn.softplus`. Your gradient is wrong now. Which
# line of this lesson still works unchanged?
#
# <details><summary>One answer</summary>
#
# `jax.grad(nll)`, once `nll` uses the new rate: differentiation is mechanical. The formula
# $X^\top(\mu - y)$ belongs to `exp`, for which the derivative cancels against $1/\mu$.
# </details>
#
# **Stretch 2.** Give `fit` a neuron that spikes in one bin only, the one with the largest current.
# What happens to $w$, and why?
#
# <details><summary>One answer</summary>
#
# $w$ becomes very large: an ever steeper curve explains one spike at the very end ever better, and
# the ridge has no top within reach. The cure is a penalty, in lesson 03.
# </details>

# %% [markdown]
# ## What you take along
#
# | you wrote | and saw |
# |---|---|
# | `expected_count` | the inverse link keeps rates positive and turns weights into gains |
# | `log_likelihood`, `nll` | one hill, no false tops |
# | `gradient`, `hessian`, `newton_step` | features times errors; rows weighed by expected counts |
# | `fit` | some ten steps; arrival is a small slope, not a small step |
# | `deviance`, `pseudo_r2` | a scale from the mean (0) to perfect (1), and below |
#
# What this is *not*: the current of one bin is a poor description of a neuron that remembers. The
# past comes in lesson 04, and features that bend in lesson 03.
#
# **Further reading.** McCullagh & Nelder (1989) *Generalized Linear Models*, chapter 2. Paninski
# (2004) *Network* 15:243–262, on why the surface has one top. Truccolo et al. (2005)
# *J Neurophysiol* 93:1074–1089.
#
# **Where next in NeMoS.** `nemos.glm.GLM(observation_model="Poisson")` minimises the same function
# with the same conventions. Its default solver is LBFGS, which needs no Hessian.
