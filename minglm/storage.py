"""Arguments and results of a model in one file, a plain .npz: numbers and text, no pickle.

    write("cell.npz", params={"tol": 1e-9}, fitted={"coef_": w})
    params, fitted = read("cell.npz")

``GLM.save_params`` and ``load_model`` call these.
"""

import dataclasses
import json

import jax
import numpy as np

from minglm.observation_models import FAMILIES
from minglm.regularizer import REGULARIZERS, Sum

CLASSES = {c.__name__: c for c in (*FAMILIES.values(), *REGULARIZERS.values(), Sum)}


def write(path, **parts):
    """Save plain values, arrays, tuples, lists and dicts of them, families and regularizers."""
    arrays = {}
    tree = _pack(parts, arrays)
    np.savez(path, minglm=json.dumps(tree), **arrays)


def read(path):
    """The values of the parts that ``write`` saved."""
    with np.load(path) as file:
        if "minglm" not in file:
            raise ValueError(f"{path} holds {file.files}; give a file written by save_params")
        return list(_unpack(json.loads(str(file["minglm"])), file).values())


def _pack(value, arrays):
    """``value`` as JSON: its kind and its content; arrays are set aside under a name."""
    pack, name = lambda v: _pack(v, arrays), type(value).__name__
    if isinstance(value, np.ndarray | np.generic | jax.Array):
        arrays[f"a{len(arrays)}"] = np.asarray(value)
        return "array", f"a{len(arrays) - 1}"
    if isinstance(value, dict):
        return "dict", [[k, pack(v)] for k, v in value.items()]
    if isinstance(value, tuple | list):
        return name, [pack(v) for v in value]
    if name in CLASSES:
        return name, [pack(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if value is None or isinstance(value, str | bool | int | float):
        return "plain", value
    raise ValueError(f"{value!r} cannot be saved; give numbers, text or arrays")


def _unpack(packed, arrays):
    kind, content = packed
    if kind == "plain":
        return content
    if kind == "array":
        return arrays[content]
    if kind == "dict":
        return {k: _unpack(v, arrays) for k, v in content}
    items = [_unpack(v, arrays) for v in content]
    return CLASSES[kind](*items) if kind in CLASSES else {"tuple": tuple, "list": list}[kind](items)
