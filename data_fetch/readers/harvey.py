"""The Harvey-lab example: a pickle, read by an unpickler that knows arrays and nothing else.

A pickle can run any code when it is loaded. This reader is called after the file's git blob
hash agreed, and even then only NumPy arrays, dtypes and scalars in plain dicts, lists, tuples,
strings and numbers come through: every other name in the file is refused.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..errors import DataError
from ..parts import Part, Series, to_pynapple

RATE = 6.0  # Hz
TASK = ("cue", "cho", "corr", "prevCorr", "rule_following", "bias_following", "belief", "dyn_cho")
MOVEMENT = ("pitch", "roll", "yaw")
_ARRAY = np.ndarray.__reduce__(np.empty(0))[0]  # numpy's own rebuilding functions
_SCALAR = np.float64(0).__reduce__()[0]
_BUFFER = np.empty(0).__reduce_ex__(5)[0]  # refuses arrays of objects
ALLOWED = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    **{(f"numpy.{c}.multiarray", "_reconstruct"): _ARRAY for c in ("core", "_core")},
    **{(f"numpy.{c}.multiarray", "scalar"): _SCALAR for c in ("core", "_core")},
    **{(f"numpy.{c}.numeric", "_frombuffer"): _BUFFER for c in ("core", "_core")},
    ("_codecs", "encode"): lambda text, encoding: text.encode("latin1"),  # bytes, protocol 2
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        if (module, name) not in ALLOWED:
            raise DataError(f"the pickle asks for {module}.{name}, which is no data: not loaded")
        return ALLOWED[module, name]


def read(path: Path) -> tuple[tuple[str, ...], Callable[[str], object]]:
    made = to_pynapple(parts(path))
    return tuple(made), made.__getitem__


def unpickle(path: Path) -> dict:
    """The dictionary of arrays in the file; nothing in it is executed."""
    try:
        with open(path, "rb") as stream:
            return _Unpickler(stream).load()
    except DataError:
        raise
    except Exception as error:  # a pickle can fail in any way at all
        raise DataError(f"{path} is no readable pickle of arrays: {error}") from error


def parts(path: Path) -> dict[str, Part]:
    return arrange(unpickle(path))


def arrange(raw: dict) -> dict[str, Part]:
    """The file's dictionary as series at 6 Hz; variables of one kind side by side."""
    try:
        t = np.arange(len(raw["deconv"])) / RATE
        table = lambda key, names: np.column_stack([raw[key][name] for name in names])
        return {
            "deconv": Series(t, np.asarray(raw["deconv"])),
            **{k: Series(t, np.ravel(raw[k])) for k in ("trial_num", "time_from_cho", "posF")},
            "task_var": Series(t, table("task_var", TASK), list(TASK)),
            "movement_var": Series(t, table("movement_var", MOVEMENT), list(MOVEMENT)),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"the pickle has not the layout of the Harvey example: {error}") from error
