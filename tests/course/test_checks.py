"""Whatever a learner writes, a check answers calmly, in one of four ways that never look alike."""

import subprocess
import sys

import numpy as np
import pytest

CHECK = """
with check("late") as c:
    x = np.array([0.0, 0, 1, 0])
    got = c.call(late, x)
    c.that(np.shape(got) == (4,), "as many values as bins")
    c.equal(got, [9, 0, 0, 1], "HINT ONE", "HINT TWO", "HINT THREE")
    c.equal(x, [0, 0, 1, 0], "the check's own input was changed")
"""
VALUE = """
with check("weight") as c:
    w = c.value(weight)
    c.equal(w, [1.0, 2.0], "HINT ONE")
"""


def test_a_pass_is_one_line_and_leaves_nothing_behind(cells):
    cells("def late(x): return [9, 0, 0, 1]")
    before = set(cells.names)
    assert cells(CHECK) == "late: passed"
    assert cells.result.result is None and cells.stderr == ""
    assert set(cells.names) == before


def test_a_failure_restores_names_that_the_check_took(cells):
    cells("x = 'mine'\ndef late(x): return x")
    cells(CHECK)
    assert cells.names["x"] == "mine" and "got" not in cells.names and "c" not in cells.names


def test_hidden_properties_are_announced(cells):
    cells("def late(x): return [9, 0, 0, 1]")
    said = cells(CHECK + "    c.hidden = 3\n")
    assert said == "late: passed (3 more properties are checked at grading)"


@pytest.mark.parametrize(
    "answer, reason",
    [
        ("pass", "`late` does not exist"),
        ("late = ...", "still `...`"),
        ("def late(x):\n    raise NotImplementedError()", "`late` holds no lines of yours yet"),
        ("def one(x): raise NotImplementedError()\ndef late(x): return one(x)", "`one` holds no"),
        ("def late(x): return ...", "still `...`"),
        ("def late(x): return [x, ...]", "still `...`"),
    ],
)
def test_not_attempted(cells, answer, reason):
    cells(answer)
    said = cells(CHECK)
    assert said.startswith("late: not attempted yet\n") and reason in said


@pytest.mark.parametrize("answer", ["weight = ...", "weight = None", "weight = [1, ...]", "pass"])
def test_a_value_not_attempted(cells, answer):
    cells(answer)
    assert cells(VALUE).startswith("weight: not attempted yet\n")


def test_what_is_built_on_a_value_not_attempted_is_not_attempted(cells):
    cells("model = ...")
    said = cells(VALUE.replace("weight)", "model.coef_)"))
    assert said.startswith("weight: not attempted yet\n")


@pytest.mark.parametrize(
    "answer",
    [
        "def late(x): return np.zeros(4)",
        "def late(x): return np.zeros((2, 2))",
        "def late(x): return np.zeros((4, 2))",
        "def late(x): return np.matrix([0, 0, 0, 0])",
        "def late(x): return np.broadcast_to(0.0, (10**6, 10**6))",
        "def late(x): return np.zeros(4, dtype=[('a', float)])",
        "def late(x): return np.zeros(4, 'U3')",
        "def late(x): return ['9', '0', '0', '1']",
        "def late(x): return 'four'",
        "def late(x): return 3",
        "def late(x): return 10**400",
        "def late(x): return (v for v in x)",
        "def late(x): return {1, 2}",
        "def late(x): return {'a': x}",
        "def late(x): return [[1, 2], [3]]",
        "def late(x): return [x, None]",
        "def late(x): return lambda: x",
        "def late(x): pass",
        "class Odd:\n    def __eq__(self, o): raise RuntimeError\ndef late(x): return Odd()",
        "late = 5",
        "def late(x): return np.log(x)",
        "import jax.numpy as jnp\ndef late(x): return jnp.asarray(x)",
        "def late(x):\n    x[:] = 1\n    return x",
    ],
)
def test_not_right_yet(cells, answer):
    cells(answer)
    said = cells(CHECK)
    assert said.startswith("late: not right yet\n    ") and "Traceback" not in said
    assert cells.stderr == "" and len(said) < 400


@pytest.mark.parametrize(
    "answer, error, line",
    [
        ("def late(x):\n    y = x\n    return y[9]", "IndexError", "line 3 of its cell, in late: "
         "return y[9]"),
        ("def late(x): return undefined", "NameError", "line 1"),
        ("def late(): return 1", "TypeError", "takes 0 positional arguments"),
        ("import sys\ndef late(x): sys.exit(0)", "SystemExit", "line 2"),
        ("def late(x): return late(x)", "RecursionError", "line 1"),
        ("class E(Exception):\n    def __str__(self): return 1 / 0\ndef late(x): raise E", "E", ""),
        ("class A:\n    def __array__(self, *a, **k): raise OSError('no')\ndef late(x): return A()",
         "OSError", "line 2"),
        ("a = []\na.append(a)\ndef late(x): return a", "RecursionError", ""),
        ("import json\ndef late(x): return json.loads('{')", "JSONDecodeError", "line 2 of its "
         "cell, in late: def late(x): return json.loads('{')"),
        ("def late(x): raise MemoryError", "MemoryError", "line 1"),
        ("def late(x): raise AssertionError('mine')", "AssertionError", "mine"),
        ("def late(x): raise ValueError('y' * 10**6)", "ValueError", "line 1"),
    ],
)
def test_your_code_raised(cells, answer, error, line):
    cells(answer)
    said = cells(CHECK)
    assert said.startswith(f"late: your code raised {error}\n") and line in said
    assert cells.stderr == "" and len(said) < 600


def test_a_library_that_raises_not_implemented_is_an_error_of_the_answer(cells):
    cells("import asyncio\ndef late(x): return asyncio.AbstractEventLoop().stop()")
    assert cells(CHECK).startswith("late: your code raised NotImplementedError")


@pytest.mark.parametrize(
    "answer",
    [
        "def late(x): return [9, 0, 0, 1]",
        "def late(x): return (9.0, False, 0, np.float32(1))",
        "import jax.numpy as jnp\ndef late(x): return jnp.array([9.0, 0, 0, 1])",
        "import pynapple as nap\ndef late(x): return nap.Tsd(t=np.arange(4.0), d=[9.0, 0, 0, 1])",
        "import pandas as pd\ndef late(x): return pd.Series([9, 0, 0, 1])",
        "def late(x):\n    x[:] = 7\n    return [9, 0, 0, 1]",
        "def late(x):\n    global y\n    y = 3\n    return [9, 0, 0, 1]",
    ],
)
def test_harmless_forms_pass(cells, answer):
    cells(answer)
    assert cells(CHECK) == "late: passed"


def test_each_try_at_the_same_property_opens_a_hint(cells):
    cells("def late(x): return np.zeros(4)")
    said = [cells(CHECK) for _ in range(4)]
    assert [s.count("HINT") for s in said] == [1, 2, 3, 3]
    assert ["next try" in s for s in said] == [True, True, False, False]


def test_another_property_starts_with_its_first_hint(cells):
    cells("def late(x): return np.zeros(4)")
    cells(CHECK), cells(CHECK)
    cells("def late(x): return np.zeros(3)")
    assert "as many values" in cells(CHECK)
    cells("def late(x): return np.zeros(4)")
    assert cells(CHECK).count("HINT") == 1


def test_a_pass_forgets_the_tries(cells):
    cells("def late(x): return np.zeros(4)")
    cells(CHECK), cells(CHECK)
    cells("def late(x): return [9, 0, 0, 1]")
    cells(CHECK)
    cells("def late(x): return np.zeros(4)")
    assert cells(CHECK).count("HINT") == 1


def test_the_difference_shows_the_learners_values_and_never_the_expected_ones(cells):
    cells("weight = [1.0, 5.5]")
    said = cells(VALUE)
    assert "1 of 2 values differ; at [1] yours is 5.5" in said and "2.0" not in said
    cells("weight = [1.0]")
    assert "your shape is (1,)" in cells(VALUE)


@pytest.mark.parametrize(
    "answer, fact",
    [
        ("[x, x[:3]]", "(yours is a list: shape (4,), shape (3,))"),
        ("'15'", "(yours is 15)"),
        ("{'a': 1}", "(yours is {'a': "),
    ],
)
def test_another_kind_of_answer_is_described_and_no_message_of_the_machine_is(cells, answer, fact):
    cells(f"def late(x): return {answer}")
    said = cells(CHECK.replace("np.shape(got) == (4,)", "np.shape(got)[0] + sum(got) == 4"))
    assert "another type or shape" in said and fact in said and "inhomogeneous" not in said


def test_text_on_stderr_comes_out_on_stdout_and_warnings_and_logs_do_not(cells, capfd):
    cells(
        "import logging, os, sys, warnings\n"
        "def late(x):\n"
        "    print('said', file=sys.stderr); os.write(2, b'from C'); warnings.warn('w')\n"
        "    logging.getLogger('jax').error('no GPU'); np.log(np.zeros(1))\n"
        "    return [9, 0, 0, 1]"
    )
    assert cells(CHECK) == "said\nlate: passed"
    assert cells.stderr == "" and capfd.readouterr().err == ""


def test_stderr_works_again_afterwards(cells, capfd):
    cells("def late(x): return 1")
    cells(CHECK)
    cells("import os, sys\nprint('py', file=sys.stderr); os.write(2, b'fd')")
    assert cells.stderr == "py\n" and capfd.readouterr().err == "fd"


def test_a_learner_who_takes_the_name_np_is_told_so(cells):
    cells("np = 5\ndef late(x): return [9, 0, 0, 1]")
    assert "`np` is not numpy any more" in cells(CHECK)


def test_numpys_own_asserts_may_be_broken(cells, monkeypatch):
    monkeypatch.setattr(np.testing, "assert_allclose", lambda *a, **k: None)
    monkeypatch.setattr(np.testing, "assert_array_equal", lambda *a, **k: None)
    cells("def late(x): return np.zeros(4)")
    assert "HINT ONE" in cells(CHECK)


def test_an_interrupt_is_the_learners_and_goes_through(cells):
    cells("def late(x): raise KeyboardInterrupt")
    said = cells(CHECK)
    assert "KeyboardInterrupt" in said and "not right" not in said


DRAW = 'with check("{}") as c:\n    print(c.rng.integers(10**9))'


def test_fresh_inputs_depend_on_the_seed_and_the_name_alone(cells, monkeypatch):
    def draw(name):
        return cells(DRAW.format(name)).split()[0]

    assert draw("a") == draw("a") != draw("b")
    first = draw("a")
    monkeypatch.setenv("MINGLM_SEED", "7")
    assert draw("a") != first


def test_plain_python_shows_the_text_too(tmp_path):
    script = tmp_path / "lesson.py"
    script.write_text(f"import numpy as np\nfrom minglm.checks import check\n"
                      f"def late(x): return np.zeros(4)\n{CHECK}")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-4:] == [
        "minglm.checks.CheckFailed: late: not right yet",
        "    HINT ONE",
        "    (2 of 4 values differ; at [0] yours is 0.0)",
        "    (your next try shows a further hint)",
    ]
    assert "checks.py\", line" in done.stderr and "During handling" not in done.stderr


def test_the_module_is_a_leaf():
    code = "import sys, minglm.checks; print({'jax', 'matplotlib', 'IPython'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "set()\n"
