# %% [markdown]
# # A toy lesson
#
# Two exercises and a question, to try the course machinery on.

# %%
import os

import numpy as np

from minglm.checks import check

counts = np.random.default_rng(int(os.environ.get("MINGLM_SEED", 0))).poisson(3.0, 40)

# %% [markdown]
# **Exercise 1.** Write `delayed`: each value moves one bin later, and the first is unknown.

# %% exercise="delayed"
def delayed(x):
    """(T,): x one bin later; NaN where there is no past yet."""
    ### BEGIN SOLUTION
    return np.concatenate([[np.nan], x[:-1]])
    ### END SOLUTION

# %%
if callable(delayed):
    print("a given cell between an exercise and its check")

# %% check="delayed" points=2
with check("delayed") as c:
    x = np.array([0.0, 0, 1, 0])
    late = c.call(delayed, x)
    c.that(np.shape(late) == (4,), "as many values as bins", "never drop one")
    c.that(late[1] == 0, "a value moves LATER, yours moves the other way")
    c.that(np.isnan(late[0]), "the first bin has no past", "nobody knows what was before")
    c.equal(late[1:], x[:-1], "the values themselves do not change")
    ### BEGIN HIDDEN TESTS
    fresh = c.rng.normal(size=30)
    c.equal(c.call(delayed, fresh)[1:], fresh[:-1], "off on fresh values")
    ### END HIDDEN TESTS

# %% [markdown]
# **Exercise 2.** Store the mean of `counts` in `per_bin`.

# %% exercise="mean_count"
### BEGIN SOLUTION
total = counts.sum()
per_bin = total / len(counts)
### END SOLUTION

# %% check="mean_count" points=3
with check("mean_count") as c:
    value = c.value(per_bin)
    c.that(np.ndim(value) == 0, "one number is asked for")
    c.that(value < counts.sum(), "a sum, not yet divided by the number of bins")
    c.equal(value, counts.mean(), "not the average of these counts")

# %%
print(f"{per_bin:.3f} counts per bin")

# %% [markdown] written="why" points=4
# **Question.** Why is the first value unknown?
#
# ### BEGIN SOLUTION
# The neuron lived before the recording began. (4 points: names the time before; 2: says "no data")
# ### END SOLUTION
