"""Checks that teach: a few properties with hints, top to bottom; the first that fails ends it.

    with check("history_matrix") as c:
        H = c.call(history_matrix, [0, 1, 0, 0], 2)    # the learner's function on fresh inputs
        c.that(H.shape == (4, 2), "one row per bin", "shown at the next try: never drop rows")
        c.equal(H[2], [1, 0], "the order of the lags is reversed")

Only ``call`` and ``value`` touch an answer, by plain copies. No name, stderr or value stays behind.
"""

import contextlib
import copy
import linecache
import logging
import os
import sys
import traceback
import warnings
import zlib

import numpy as np

_tries: dict[str, tuple[int, int]] = {}  # check -> (property that failed last, times in a row)


class CheckFailed(AssertionError):
    def _render_traceback_(self):  # IPython shows these lines instead of a traceback
        return str(self).splitlines()


class check:
    """One check. ``rng`` draws fresh inputs, the same for one MINGLM_SEED and one name."""

    def __init__(self, name: str):
        seed = f"{os.environ.get('MINGLM_SEED', '0')}:{name}"
        self.name, self.rng = name, np.random.default_rng(zlib.crc32(seed.encode()))
        self.hidden = 0  # properties left for grading, announced when the others hold
        self._property, self._quiet, self._last = 0, _quiet(), None

    def __enter__(self):
        self._names = sys._getframe(1).f_globals  # the notebook's
        self._before = dict(self._names)
        if self._names.get("np", np) is not np:
            self._wrong("`np` is not numpy any more: rename your variable, run the imports again")
        self._quiet.__enter__()
        return self

    def call(self, function, *args, **kwargs):
        """function(*args, **kwargs) on copies of the arguments, as a plain value."""
        args, kwargs = copy.deepcopy((args, kwargs))
        return self._read(lambda: function(*args, **kwargs) if callable(function) else function)

    def value(self, answer):
        """The answer as numpy numbers, text and arrays, or lists and dicts of these."""
        return self._read(lambda: ... if answer is None else answer)

    def that(self, ok, *hints: str):
        """``ok`` holds, everywhere if it is an array."""
        self._property += 1
        if not np.all(ok):
            self._wrong(*hints)

    def equal(self, got, want, *hints: str, rtol=1e-5, atol=1e-8):
        """Same shape and, within the tolerance, same values; NaN equals NaN."""
        got, want = np.asarray(got), np.asarray(want)
        self._property += 1
        if got.shape != want.shape:
            self._wrong(*hints, fact=f"your shape is {got.shape}")
        numbers = got.dtype.kind in "biufc" and want.dtype.kind in "biufc"
        same = np.asarray(np.isclose(got, want, rtol, atol, True) if numbers else got == want)
        for first in np.argwhere(~same)[:1].tolist():
            where = f"{np.sum(~same)} of {got.size} values differ; at {first} " if first else ""
            self._wrong(*hints, fact=f"{where}yours is {got[tuple(first)]!s:.40}")

    def __exit__(self, kind, error, trace):
        self._quiet.__exit__(None, None, None)
        for name in self._names.keys() - self._before.keys():
            del self._names[name]
        self._names.update(self._before)
        if error is None:
            _tries.pop(self.name, None)
            what = "property is" if self.hidden == 1 else "properties are"
            more = f" ({self.hidden} more {what} checked at grading)" if self.hidden else ""
            print(f"{self.name}: passed{more}")
        elif isinstance(error, NameError) and trace.tb_next is None:
            self._stop("not attempted yet", f"`{error.name}` does not exist: run the cell that "
                       "makes it; if that stops with an error, mend it first")
        elif isinstance(error, Exception) and not isinstance(error, CheckFailed):
            if "ellipsis" in _text(error):
                self._stop("not attempted yet", "what it needs is still `...`")
            self._wrong("another type or shape is asked for", fact=f"yours is {_text(self._last)}")

    def _read(self, answer):
        try:
            self._last = self._plain(answer())
            return self._last
        except (CheckFailed, KeyboardInterrupt):
            raise
        except BaseException as caught:  # SystemExit too: no answer ends the course
            error, frames = caught, list(traceback.walk_tb(caught.__traceback__))
        lines, own = [_text(error)], [at for at in frames if at[0].f_globals is self._names]
        for code, number in [(frame.f_code, number) for frame, number in own[-1:]]:
            if isinstance(error, NotImplementedError) and own[-1] == frames[-1]:
                self._stop("not attempted yet", f"`{code.co_name}` holds no lines of yours yet")
            source = linecache.getline(code.co_filename, number).strip()
            lines.append(f"line {number} of its cell, in {code.co_name}: {source}")
        self._stop(f"your code raised {type(error).__name__}", *lines)

    def _plain(self, x):
        if x is ...:
            self._stop("not attempted yet", "it is still `...`")
        if isinstance(x, dict):
            return {key: self._plain(value) for key, value in x.items()}
        array = np.asarray(None)
        with contextlib.suppress(ValueError):  # ragged
            array = np.asarray(x)
        if array.dtype.kind == "O" and isinstance(x, list | tuple):
            return [self._plain(part) for part in x]
        if array.dtype.kind in "OV" or array.nbytes > 2**30:
            what = "None: is a `return` missing?" if x is None else type(x).__name__
            self._wrong(f"numbers or arrays (below 1 GB) are asked for; yours is or holds {what}")
        return np.array(array)[()]

    def _wrong(self, *hints, fact=""):
        last, tries = _tries.get(self.name, (None, 0))
        tries = tries + 1 if last == self._property else 1
        _tries[self.name] = self._property, tries
        more = "(your next try shows a further hint)" if tries < len(hints) else ""
        self._stop("not right yet", *hints[:tries], fact and f"({fact})", more)

    def _stop(self, outcome, *lines):
        text = [f"{self.name}: {outcome}", *filter(None, lines)]
        raise CheckFailed("\n    ".join(text)) from None


def _text(x):
    if isinstance(x, list):
        return f"a list: {', '.join(map(_text, x))}"[:300]
    with contextlib.suppress(BaseException):
        return " ".join(str(f"shape {x.shape}" if np.ndim(x) else x).split())[:300]
    return "(a message that cannot be shown)"


@contextlib.contextmanager
def _quiet():
    """sys.stderr goes to stdout; warnings, logging and C libraries' stderr (2) go nowhere."""
    logged, stderr = logging.root.manager.disable, os.dup(2)
    with (open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(sys.stdout),
          np.errstate(all="ignore"), warnings.catch_warnings(action="ignore")):
        logging.disable()
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            logging.disable(logged)
            os.dup2(stderr, 2)
            os.close(stderr)
