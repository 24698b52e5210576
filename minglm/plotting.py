"""The figures the lessons repeat: each function draws on ``ax`` (or a new one) and returns it.

    ax = kernel(curve, label="history")
    show(ax.figure, "How a past spike changes the rate.")    # with alt text, in a notebook

Recorded data are grey, the first model blue, the second orange, the third green (Okabe & Ito's
colours, told apart with any colour vision). Matplotlib is imported when something is drawn.
Nothing is computed here that a model could have said: see metrics, inference, understanding.
"""

import base64
import html
import io
import sys

import numpy as np

DATA, MODEL, OTHER, THIRD = "0.45", "#0072B2", "#E69F00", "#009E73"


def _axes(ax, title="", xlabel="", ylabel=""):
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.subplots(figsize=(5, 3.2), layout="constrained")[1]
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return ax


def raster(spikes, rates=None, ax=None, title="Spikes and predicted rate"):
    """One row of ticks per neuron, with predicted rates behind on an axis of their own.

    ``spikes``: one array of times (s) per neuron, or a TsGroup; ``rates``: (times in s, rates
    in Hz), the rates (T,) or (T, 2): a first and a second model.
    """
    rows = [np.asarray(getattr(spikes[n], "t", spikes[n])) for n in _keys(spikes)]
    ax = _axes(ax, title, "time (s)", "neuron")
    ax.eventplot(rows, colors=DATA, linelengths=0.8, label="spikes")
    ax.set_yticks(range(len(rows)), [str(n) for n in _keys(spikes)])
    if rates is not None:
        behind = ax.twinx()
        for mu, color in zip(np.atleast_2d(np.transpose(rates[1])), (MODEL, OTHER), strict=False):
            behind.plot(rates[0], mu, color=color, label="predicted rate")
        behind.set_ylabel("rate (Hz)")
    return ax


def _keys(spikes):
    return list(spikes.keys()) if callable(getattr(spikes, "keys", None)) else range(len(spikes))


def tuning_curve(x, rate, occupancy=None, models=None, ax=None, xlabel="variable", title="Tuning"):
    """Measured rate (Hz) per bin of ``x``, up to two ``models`` {name: rate}, time spent (s)."""
    ax = _axes(ax, title, xlabel, "rate (Hz)")
    ax.plot(x, rate, "o-", color=DATA, ms=3, label="recorded")
    for (name, mu), color in zip((models or {}).items(), (MODEL, OTHER), strict=False):
        ax.plot(x, mu, color=color, lw=2, label=name)
    if occupancy is not None:
        below = ax.twinx()
        below.bar(x, occupancy, width=np.gradient(np.asarray(x, float)), color="0.9", zorder=0)
        below.set(ylabel="time spent (s)", ylim=(0, 3 * np.nanmax(occupancy)))
        ax.set_zorder(below.get_zorder() + 1)
        ax.patch.set_visible(False)
    ax.legend(frameon=False)
    return ax


def kernel(curve, ax=None, color=MODEL, label="", xlabel="lag (s)", ylabel="log gain", title=""):
    """A kernel or tuning curve of ``understanding`` with its interval; 0 means no effect."""
    ax = _axes(ax, title or "Kernel with 95 % interval", xlabel, ylabel)
    ax.axhline(0, color="0.8", lw=1)
    for k, value in enumerate(np.atleast_2d(np.transpose(curve.value))):
        ax.plot(curve.axis, value, color=color, alpha=1 - 0.6 * (k > 0), label=label or None)
    if curve.low is not None and np.ndim(curve.low) == 1:
        ax.fill_between(curve.axis, curve.low, curve.high, color=color, alpha=0.25, lw=0)
    if label:
        ax.legend(frameon=False)
    return ax


def coupling(filters, dt=1.0, ax=None, title="Coupling filters and their sums"):
    """Colour: sum of the filter from sender (column) to receiver (row); line: the filter.

    ``filters`` (receiver, sender, window) as ``understanding.coupling_filters`` gives them.
    """
    ax = _axes(ax, title, "sender", "receiver")
    total = filters.sum(-1)
    image = ax.imshow(total, cmap="RdBu_r", vmin=-abs(total).max(), vmax=abs(total).max())
    ax.figure.colorbar(image, ax=ax, label="sum over lags (log gain per spike)")
    lag = np.linspace(-0.4, 0.4, filters.shape[-1])
    height = 0.4 / max(abs(filters).max(), np.finfo(float).tiny)
    for (i, j), _ in np.ndenumerate(total):
        ax.plot(j + lag, i - height * filters[i, j], color="k", lw=0.8)
    seconds = filters.shape[-1] * dt
    ax.set_xlabel(f"sender (each line: lags from {dt:g} to {seconds:g} s)")
    return ax


def path(cv, neuron=0, ax=None, title="Choice of the penalty's strength"):
    """Held-out deviance along the path of a fitted ``GLMCV``, its best, and the 1-SE choice."""
    mean, se = cv.deviance_[:, :, neuron].mean(1), cv.deviance_[:, :, neuron].std(1)
    se, best = se / np.sqrt(cv.deviance_.shape[1]), np.argmin(mean)
    ax = _axes(ax, title, "strength λ", "held-out deviance per fold")
    ax.errorbar(cv.strengths_, mean, se, color=DATA, marker="o", ms=3, label="mean ± 1 SE")
    ax.axhline(mean[best] + se[best], color=DATA, ls=":", lw=1, label="best + 1 SE")
    ax.axvline(cv.strengths_[best], color=MODEL, label="best")
    first = np.argmax(mean <= mean[best] + se[best])
    ax.axvline(cv.strengths_[first], color=OTHER, ls="--", label="1-SE rule")
    ax.set_xscale("log")
    ax.invert_xaxis()
    ax.legend(frameon=False)
    return ax


def ks(rescaled, ax=None, color=MODEL, label="model", title="Time rescaling"):
    """Rescaled intervals against the uniform law they follow if the model is right."""
    ax = _axes(ax, title, "expected quantile", "observed quantile")
    for shift, style in ((0, "-"), (rescaled.band, ":"), (-rescaled.band, ":")):
        ax.plot([0, 1], [shift, 1 + shift], color=DATA, ls=style, lw=1)
    text = f"{label}: distance {rescaled.distance:.3f}, band {rescaled.band:.3f}"
    ax.plot(rescaled.expected, rescaled.quantiles, color=color, label=text)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.legend(frameon=False)
    return ax


def contributions(parts, ax=None, ylabel="fraction of explained deviance", title="Contributions"):
    """One bar per variable: mean over neurons of ``parts`` {name: (N,)}, each neuron a dot."""
    ax = _axes(ax, title, "", ylabel)
    for k, values in enumerate(map(np.atleast_1d, parts.values())):
        ax.bar(k, np.nanmean(values), color=MODEL, alpha=0.6)
        ax.plot(k + np.linspace(-0.2, 0.2, len(values)), values, ".", color=DATA)
    ax.axhline(0, color="0.8", lw=1)
    ax.set_xticks(range(len(parts)), list(parts), rotation=30, ha="right")
    return ax


def design_matrix(X, blocks=None, dt=1.0, ax=None, title="Design matrix"):
    """Features over time, each column scaled to its largest size; missing values are grey.

    ``blocks``: {label: slice of columns}, drawn as borders with the labels below.
    """
    X = np.asarray(X, float)
    ax = _axes(ax, title, "feature", "time (s)")
    ax.set_facecolor(DATA)
    size = np.nanmax(abs(X), axis=0, initial=np.finfo(float).tiny)
    edges = (-0.5, X.shape[1] - 0.5, len(X) * dt, 0)
    ax.imshow(X / size, aspect="auto", cmap="RdBu_r", vmin=-1, vmax=1, extent=edges)
    if blocks:
        bounds = [s.indices(X.shape[1])[:2] for s in blocks.values()]
        ax.set_xticks([(a + b - 1) / 2 for a, b in bounds], list(blocks))
        for a, _ in bounds[1:]:
            ax.axvline(a - 0.5, color="k", lw=0.8)
    return ax


def describe(ax):
    """Alt text: the title, the axes with their ranges, and where each labelled line peaks."""
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    text = (
        f"{ax.get_title()}: {ax.get_ylabel()} ({y0:.3g} to {y1:.3g}) "
        f"against {ax.get_xlabel()} ({x0:.3g} to {x1:.3g})."
    )
    for line in ax.get_lines():
        x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
        if not line.get_label().startswith("_") and np.isfinite(y).any():
            top = np.nanargmax(y)
            text += f" {line.get_label()}: highest, {y[top]:.3g}, at {x[top]:.3g}."
    return text


def show(fig, text):
    """Display the figure in a notebook with ``text`` and what ``describe`` adds as its alt text.

    JupyterLab drops the alt text of a PNG, so the image travels in an HTML tag of its own. Without
    a notebook nothing happens; ``fig`` stays open there for ``plt.show``.
    """
    ipython = sys.modules.get("IPython")  # a notebook has imported it
    if ipython is None or ipython.get_ipython() is None:
        return
    labelled = [ax for ax in fig.axes if ax.get_xlabel() and ax.get_ylabel()]
    alt = " ".join([text, *map(describe, labelled)])
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=110)
    sys.modules["matplotlib.pyplot"].close(fig)
    png = base64.b64encode(file.getvalue()).decode()
    source = f"data:image/png;base64,{png}"
    tag = f'<img alt="{html.escape(alt)}" src="{source}" style="max-width: 100%">'
    ipython.display.display({"text/html": tag, "image/png": png, "text/plain": alt}, raw=True)
