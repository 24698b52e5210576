"""plotting: what is drawn is what was given, labels have units, and nothing loads early."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from minglm import plotting  # noqa: E402
from minglm.inference import time_rescaling  # noqa: E402
from minglm.understanding import Curve  # noqa: E402


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture
def rng():
    return np.random.default_rng(2)


@pytest.fixture
def cv(rng):
    deviance = rng.gamma(3, size=(4, 5, 2))
    deviance[:, :, 1] = np.array([9.0, 3, 2.9, 5])[:, None] + np.linspace(-1, 1, 5)
    return SimpleNamespace(deviance_=deviance, strengths_=10.0 ** -np.arange(4.0))


def curve(low=True):
    x = np.arange(1, 6) * 0.01
    return Curve(x, x**2, x**2 - 1, x**2 + 1) if low else Curve(x, x**2)


def draw(name, rng, cv, ax=None):
    mu = rng.uniform(0.1, 0.4, 200)
    t = np.arange(5.0)
    return {
        "raster": lambda: plotting.raster({"a": [1.0, 2], "b": [0.5]}, {"m": (t, t)}, ax=ax),
        "tuning_curve": lambda: plotting.tuning_curve(t, t, t, {"one": t, "two": 2 * t}, ax=ax),
        "kernel": lambda: plotting.kernel(curve(), ax=ax),
        "coupling": lambda: plotting.coupling(rng.normal(size=(2, 3, 8)), dt=0.01, ax=ax),
        "path": lambda: plotting.path(cv, neuron=1, ax=ax),
        "ks": lambda: plotting.ks(time_rescaling(rng.poisson(mu), mu), ax=ax),
        "contributions": lambda: plotting.contributions({"a": t, "b": [1.0, np.nan]}, ax=ax),
        "design_matrix": lambda: plotting.design_matrix(
            np.vstack([np.full(4, np.nan), rng.normal(size=(9, 4))]),
            {"x": [0, 1], "y": slice(2, 4)},
            ax=ax,
        ),
    }[name]()


FIGURES = ["raster", "tuning_curve", "kernel", "coupling"]
FIGURES += ["path", "ks", "contributions", "design_matrix"]


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_returns_its_axes_with_labels_on_the_axes_given_or_its_own(name, rng, cv):
    own, given = draw(name, rng, cv), plt.subplots()[1]
    assert own is not given and draw(name, rng, cv, ax=given) is given
    for ax in (own, given):
        assert ax.get_title() and ax.get_xlabel() and ax.get_ylabel()
        ax.figure.canvas.draw()  # nothing in it is impossible to render
        assert plotting.describe(ax).startswith(ax.get_title() + ": ")


@pytest.mark.parametrize("name", ["tuning_curve", "kernel", "coupling", "raster", "design_matrix"])
def test_labels_say_units(name, rng, cv):
    ax = draw(name, rng, cv)
    assert any(unit in ax.get_xlabel() + ax.get_ylabel() for unit in ("(s)", "(Hz)", " s)"))


def test_data_are_grey_and_models_blue_then_orange(rng, cv):
    lines = draw("tuning_curve", rng, cv).get_lines()
    assert [line.get_color() for line in lines] == ["0.45", "#0072B2", "#E69F00"]


def test_a_kernel_shows_its_values_its_band_and_zero():
    ax = plotting.kernel(curve())
    zero, line = ax.get_lines()
    np.testing.assert_array_equal(zero.get_ydata(), 0)
    np.testing.assert_array_equal(line.get_ydata(), curve().value)
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == curve().low.min() and band.max() == curve().high.max()
    assert not plotting.kernel(curve(low=False)).collections


def test_a_path_marks_the_best_and_the_1_se_strength(cv):
    marks = [line.get_xdata()[0] for line in plotting.path(cv, neuron=1).get_lines()[-2:]]
    assert marks == [1e-2, 1e-1]


def test_a_silent_neuron_has_no_path_to_draw(cv):
    cv.deviance_[:, :, 0] = np.nan
    with pytest.raises(ValueError, match="neuron 0 was silent"):
        plotting.path(cv, neuron=0)


def test_a_figure_has_colours_for_any_number_of_models():
    lines = plotting.tuning_curve([0, 1], [1, 2], models={k: [1, 2] for k in "abcde"}).get_lines()
    assert [line.get_label() for line in lines] == ["recorded", *"abcde"]


def test_coupling_puts_receivers_in_rows_and_lines_in_their_cells():
    filters = np.zeros((2, 3, 8))
    filters[1, 2] = 1.0
    ax = plotting.coupling(filters)
    assert ax.images[0].get_array()[1, 2] == 8
    x, y = ax.get_lines()[1 * 3 + 2].get_data()
    assert abs(x - 2).max() < 0.5 and (y == 1 - 0.4).all()  # up is positive


def test_the_description_tells_ranges_and_peaks():
    ax = plotting.kernel(curve(), label="history", title="After a spike")
    text = plotting.describe(ax)
    assert "After a spike: log gain" in text and "against lag (s)" in text
    assert "history: highest, 0.0025, at 0.05." in text


def test_matplotlib_is_not_imported_before_something_is_drawn():
    code = "import sys, minglm.plotting; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
