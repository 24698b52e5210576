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
from itertools import cycle

import numpy as np

DATA, MODEL, OTHER, THIRD = "0.45", "#0072B2", "#E69F00", "#009E73"


def _axes(ax, title, xlabel, ylabel):
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.subplots(figsize=(5, 3.2), layout="constrained")[1]
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return ax


def _lines(ax, lines, colors=(MODEL, OTHER, THIRD)):
    """{label: (x, y)}, each in its colour, and a legend of all that is in ``ax``."""
    for (label, (x, y)), color in zip(lines.items(), cycle(colors), strict=False):
        ax.plot(x, y, color=color, label=label)
    ax.legend(frameon=False)
    return ax


def raster(spikes, rates=None, ax=None, title="Spikes"):
    """A row of ticks per neuron, and predicted rates on an axis of their own.
    ``spikes``: {name: times in s}, such as a TsGroup; ``rates``: {model: (times in s, Hz)}."""
    ax, times = _axes(ax, title, "time (s)", "neuron"), [spikes[name] for name in spikes]
    ax.eventplot([np.asarray(getattr(t, "t", t)) for t in times], colors=DATA, linelengths=0.8)
    ax.set_yticks(range(len(times)), list(map(str, spikes)))
    ax.set_ylim(-0.5, len(times) - 0.5)
    if rates:
        _lines(_axes(ax.twinx(), "", "", "rate (Hz)"), rates)
    return ax


def tuning_curve(x, rate, occupancy=None, models=None, ax=None, xlabel="variable", title="Tuning"):
    """Recorded rate (Hz) per bin centre ``x``, time spent there (s), and {model: rate}."""
    ax = _axes(ax, title, xlabel, "rate (Hz)")
    ax.plot(x, rate, "o-", color=DATA, ms=3, label="recorded")
    if occupancy is not None:
        below = ax.twinx()
        below.bar(x, occupancy, width=np.gradient(np.asarray(x, float)), color="0.9")
        below.set(ylabel="time spent (s)", ylim=(0, 3 * np.nanmax(occupancy)))
        ax.set_zorder(below.get_zorder() + 1)
        ax.patch.set_visible(False)
    return _lines(ax, {name: (x, hz) for name, hz in (models or {}).items()})


def kernel(curve, ax=None, color=MODEL, label="model", xlabel="lag (s)", title="Kernel"):
    """A Curve of one neuron from ``understanding``, with its interval; 0 is no effect."""
    ax = _axes(ax, title, xlabel, "log gain")
    ax.axhline(0, color="0.8", lw=1)
    if curve.low is not None:
        ax.fill_between(curve.axis, curve.low, curve.high, color=color, alpha=0.25, lw=0)
    return _lines(ax, {label: curve[:2]}, [color])


def coupling(filters, dt=1.0, ax=None, title="Coupling filters and their sums"):
    """Colour: sum over lags of a filter; line: the filter itself, all on one scale.
    ``filters`` (receiver, sender, W) as ``understanding.coupling_filters`` gives them."""
    lags = f"each line: lags from {dt:g} to {filters.shape[-1] * dt:g} s"
    ax, total = _axes(ax, title, f"sender ({lags})", "receiver"), filters.sum(-1)
    image = ax.imshow(total, cmap="RdBu_r", vmin=-abs(total).max(), vmax=abs(total).max())
    ax.figure.colorbar(image, ax=ax, label="sum over lags (log gain per spike)")
    ax.locator_params(integer=True)
    x, height = np.linspace(-0.4, 0.4, filters.shape[-1]), 0.4 / (abs(filters).max() or 1)
    for i, j in np.ndindex(total.shape):
        ax.plot(j + x, i - height * filters[i, j], color="k", lw=0.8)
    return ax


def path(cv, neuron=0, ax=None, title="Choice of the penalty's strength"):
    """Held-out deviance along the path of a fitted GLMCV, its best, and the 1-SE choice."""
    from minglm.model_selection import select_strength

    folds = cv.deviance_[:, :, [neuron]]
    if np.isnan(folds).all():
        raise ValueError(f"neuron {neuron} was silent and has no choice to draw; give another")
    mean, se = np.nanmean(folds, 1)[:, 0], np.nanstd(folds, 1)[:, 0] / np.sqrt(folds.shape[1])
    ax = _axes(ax, title, "strength of the penalty", "held-out deviance per fold")
    ax.errorbar(cv.strengths_, mean, se, color=DATA, marker="o", ms=3, label="mean ± SE")
    for fraction, color, label in ((0, MODEL, "best"), (1, OTHER, "1-SE rule")):
        chosen = select_strength(cv.strengths_, folds, fraction)[0]
        ax.axvline(cv.strengths_[chosen], color=color, ls="--" if fraction else "-", label=label)
    ax.set_xscale("log")
    ax.invert_xaxis()
    return _lines(ax, {})


def ks(rescaled, ax=None, color=MODEL, label="model", title="Time rescaling"):
    """Rescaled intervals against the uniform law they follow if the model is right."""
    ax = _axes(ax, title, "expected quantile", "observed quantile")
    for shift, style in ((0, "-"), (rescaled.band, ":"), (-rescaled.band, ":")):
        ax.plot([0, 1], [shift, 1 + shift], color=DATA, ls=style, lw=1)
    text = f"{label}\ndistance {rescaled.distance:.3f}\nband {rescaled.band:.3f}"
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    return _lines(ax, {text: (rescaled.expected, rescaled.quantiles)}, [color])


def contributions(parts, ax=None, ylabel="fraction of explained deviance", title="Contributions"):
    """A bar per variable, the mean over neurons of ``parts`` {name: (N,)}; each neuron a dot."""
    ax = _axes(ax, title, "variable", ylabel)
    for k, values in enumerate(map(np.atleast_1d, parts.values())):
        values = values[np.isfinite(values)]
        ax.bar(k, values.mean() if len(values) else 0, color=MODEL, alpha=0.6)
        ax.plot(k + np.linspace(-0.2, 0.2, len(values)), values, ".", color=DATA)
    ax.axhline(0, color="0.8", lw=1)
    ax.set_xticks(range(len(parts)), list(parts), rotation=30, ha="right")
    return ax


def design_matrix(X, blocks=None, dt=1.0, ax=None, title="Design matrix"):
    """Features over time, each scaled to its largest size; missing values are grey.
    ``blocks``: {label: its columns, all neighbours}, as ``basis.split_by_feature`` gives them."""
    X, (T, P) = np.asarray(X, float), np.shape(X)
    ax = _axes(ax, title, "feature", "time (s)")
    ax.set_facecolor(DATA)
    X = X / np.nanmax(abs(X), axis=0, initial=np.finfo(float).tiny)
    look = {"cmap": "RdBu_r", "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    ax.imshow(X, aspect="auto", extent=(-0.5, P - 0.5, T * dt, 0), **look)
    if blocks:
        columns = [np.arange(P)[c].ravel() for c in blocks.values()]
        ax.set_xticks([c.mean() for c in columns], list(blocks))
        ax.vlines([c[0] - 0.5 for c in columns[1:]], 0, T * dt, color="k", lw=0.8)
    return ax


def describe(ax):
    """Alt text: the title, the axes with their ranges, and where each labelled line peaks."""
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    text = f"{ax.get_title()}: {ax.get_ylabel()} ({y0:.3g} to {y1:.3g})"
    text += f" against {ax.get_xlabel()} ({x0:.3g} to {x1:.3g})."
    for line in ax.get_lines():
        x, y = np.asarray(line.get_data(), float)
        label = line.get_label().replace("\n", ", ")
        if not label.startswith("_") and np.isfinite(y).any():
            top = np.nanargmax(y)
            high = "" if (x == x[0]).all() else f"highest, {y[top]:.3g}, "  # not of a vertical line
            text += f" {label}: {high}at {x[top]:.3g}."
    return text


def show(fig, text):
    """Display the figure in a notebook with ``text`` and what ``describe`` adds as its alt text.
    JupyterLab drops the alt text of a PNG, so the image travels in an HTML tag of its own. Without
    a notebook nothing happens; ``fig`` stays open there for ``plt.show``."""
    ipython, file = sys.modules.get("IPython"), io.BytesIO()  # a notebook has imported it
    if ipython is None or ipython.get_ipython() is None:
        return
    labelled = [ax for ax in fig.axes if ax.get_xlabel() and ax.get_ylabel()]
    alt = " ".join([text, *map(describe, labelled)])
    fig.savefig(file, format="png", dpi=110)
    sys.modules["matplotlib.pyplot"].close(fig)
    png = base64.b64encode(file.getvalue()).decode()
    look = f'src="data:image/png;base64,{png}" style="max-width: 100%"'
    tag = f'<img alt="{html.escape(alt)}" {look}>'
    ipython.display.display({"text/html": tag, "image/png": png, "text/plain": alt}, raw=True)
