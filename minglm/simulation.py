"""Play a model forward: what is drawn in one bin feeds back into the rates of the next.

    counts, rates = simulate_history(glm, key, basis, n_bins=10_000)
    counts, rates = simulate_recurrent(C, F, b, key, drive, kernels, init_y)

``GLM.simulate`` is for models without feedback: there X holds a past that was observed. Here the
model lives on its own past, which an exponential link can blow up; a warning then says why.
"""

import warnings
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from minglm.basis import Conv
from minglm.links import read_link
from minglm.observation_models import PoissonObservations
from minglm.timeseries import unwrap

CEILING = 1e6  # counts per bin: nothing is drawn from a higher mean


class ExplosionWarning(UserWarning):
    """The feedback of a model leaves no finite rate to settle at."""


@partial(jax.jit, static_argnames="link")
def _play(coef, drive, kernels, past, keys, link, family, scale):
    """mu[t, n] = f(drive[t, n] + sum_{m, b, w} coef[n, m, b] kernels[w, b] y[t - 1 - w, m])."""

    def step(past, now):  # past (W, N), oldest bin first
        key, drive = now
        features = past.T @ kernels[::-1]  # (N, B)
        mu = link.mean(coef.reshape(len(coef), -1) @ features.ravel() + drive)
        y = family.sample(key, jnp.minimum(mu, CEILING), scale)
        return jnp.vstack([past[1:], y]), (y, mu)

    return jax.lax.scan(step, past, (keys, drive))[1]


@partial(jax.jit, static_argnames="link")
def _settle(gain, drive, link):
    """Mean rates without feedback, and those that feed on themselves: mu = f(drive + gain mu)."""
    on = lambda _, mu: jnp.minimum((mu + link.mean(drive + gain @ mu)) / 2, CEILING)
    return link.mean(drive), jax.lax.fori_loop(0, 1000, on, jnp.minimum(link.mean(drive), CEILING))


def _run(coef, drive, kernels, past, key, link, family, scale):
    coef, drive, kernels, past = (np.asarray(a, float) for a in (coef, drive, kernels, past))
    if not all(np.isfinite(a).all() for a in (coef, drive, kernels, past)):
        raise ValueError("weights, input and init_y must be finite; leave out rows with NaN")
    gain = np.einsum("nmb,wb->nm", coef, kernels)  # what one count adds in all
    with jax.enable_x64(True):
        key = jax.random.key(key) if isinstance(key, int | np.integer) else key
        keys = jax.random.split(key, len(drive))
        played = _play(coef, drive, kernels, past, keys, link, family, scale)
        settled = _settle(gain, drive.mean(0), link)
    (counts, rates), (base, steady) = jax.tree.map(np.asarray, (played, settled))
    late = np.flatnonzero(~(rates < CEILING).all(axis=1))
    if len(late) or not (steady < CEILING).all():
        n = int(np.argmax(rates[late[0]] if len(late) else steady))
        m = int(np.argmax(gain[n]))
        when = f"in bin {late[0]}, and draws are cut there" if len(late) else "in a longer run"
        warnings.warn(
            f"neuron {n} passes {CEILING:.0e} counts per bin {when}: alone it fires {base[n]:.3g} "
            f"per bin, and each count of neuron {m} adds {gain[n, m]:.3g} to its linear predictor "
            "(the sum of the filter), so there is no rate to settle at; penalise or shorten the "
            "feedback filters, or add a refractory period",
            ExplosionWarning,
            stacklevel=3,
        )
    return counts, rates


def simulate_recurrent(
    coupling_coef, feedforward_coef, intercepts, random_key, feedforward_input,
    coupling_basis_matrix, init_y, inverse_link_function=jax.nn.softplus,
):  # fmt: skip
    """Poisson counts and rates, (T, N) in counts per bin, of neurons that feed back on each other.
    coupling_coef (N receiver, N sender, B), feedforward_coef (N, F), intercepts (N,),
    feedforward_input (T, N, F), coupling_basis_matrix (W, B) with row w for lag w + 1, init_y
    (W, N) oldest bin first. The default link is softplus, as in NeMoS, where ``GLM`` has exp."""
    given = coupling_coef, feedforward_coef, intercepts, feedforward_input, coupling_basis_matrix
    C, F, b, x, K, past = map(np.asarray, (*given, init_y))
    N, n_in, (W, B), T = len(b), F.shape[-1], np.atleast_2d(K).shape, len(x)
    shapes = tuple(a.shape for a in (C, F, b, x, K, past))
    if shapes != ((N, N, B), (N, n_in), (N,), (T, N, n_in), (W, B), (W, N)):
        raise ValueError(
            f"shapes {shapes} do not fit; give coupling_coef (N, N, B), feedforward_coef (N, F), "
            "intercepts (N,), feedforward_input (T, N, F), basis (W, B), init_y (W, N)"
        )
    drive, link = np.einsum("nf,tnf->tn", F, x) + b, read_link(inverse_link_function)
    return _run(C, drive, K, past, random_key, link, PoissonObservations(), 1.0)


def simulate_history(glm, random_key, basis, feedforward_input=None, n_bins=None, init_y=None):
    """Counts and rates (counts per bin), (T,) or (T, N), of a fitted model on its own past.
    The columns of the fit were [feedforward_input, basis.compute_features(counts)], in this order.
    ``init_y`` (window, N): the counts before the first bin, oldest first; else 0."""
    glm._check_fitted()
    family, link = glm._model()
    if isinstance(glm.coef_, dict):
        raise ValueError("the model was fitted to a dict; fit it to one array, [input, history]")
    if not isinstance(basis, Conv) or (basis.causality, basis.shift) != ("causal", True):
        raise ValueError(f"{basis!r} is no history; give one convolution with strictly past bins")
    (W, B), b = basis.kernels.shape, np.asarray(glm.intercept_)
    coef = np.reshape(glm.coef_, (-1, len(b)))
    F, N = len(coef) - len(b) * B, len(b)
    x = np.zeros((n_bins or 0, 0)) if feedforward_input is None else feedforward_input
    x = unwrap(x, "feedforward_input")
    if F < 0 or len(x.values) == 0 or x.values.shape[1:] != (F,):
        raise ValueError(
            f"of {len(coef)} weights, {N} x {B} are history, and feedforward_input has shape "
            f"{x.values.shape}; give (T, {max(F, 0)}), or n_bins if there is no input"
        )
    C = coef[F:].reshape(N, B, N).transpose(2, 0, 1)  # receiver, sender, function
    past = np.zeros((W, N)) if init_y is None else np.reshape(init_y, (W, N))
    drive = x.values @ coef[:F] + b
    both = _run(C, drive, basis.kernels, past, random_key, link, family, glm.scale_)
    return tuple(x.wrap(a[:, 0] if np.ndim(glm.coef_) == 1 else a) for a in both)


def difference_of_gammas(
    ws, upper_percentile=0.99, inhib_a=1.0, excit_a=2.0, inhib_b=1.0, excit_b=2.0
):
    """(ws,): density of Gamma(excit_a, rate excit_b) minus Gamma(inhib_a, rate inhib_b), of norm 1,
    from 0 to the later of their ``upper_percentile`` points."""
    if min(inhib_a, excit_a, inhib_b, excit_b) <= 0 or not 0 <= upper_percentile < 1:
        raise ValueError("give gamma parameters above 0 and an upper_percentile in [0, 1)")
    off, on = stats.gamma(inhib_a, scale=1 / inhib_b), stats.gamma(excit_a, scale=1 / excit_b)
    x = np.linspace(0, max(off.ppf(upper_percentile), on.ppf(upper_percentile)), ws)
    difference = on.pdf(x) - off.pdf(x)
    return difference / np.linalg.norm(difference)


def regress_filter(coupling_filters, eval_basis):
    """Filters (W, receiver, sender) as least-squares weights (receiver, sender, B) on a basis."""
    filters, basis = np.asarray(coupling_filters, float), np.asarray(eval_basis, float)
    if filters.ndim != 3 or basis.ndim != 2 or len(filters) != len(basis):
        shapes = f"filters {filters.shape} and basis {basis.shape}"
        raise ValueError(f"{shapes} do not fit; give (W, receiver, sender) and (W, B)")
    weights = np.linalg.lstsq(basis, filters.reshape(len(filters), -1), rcond=None)[0]
    return weights.reshape(-1, *filters.shape[1:]).transpose(1, 2, 0)
