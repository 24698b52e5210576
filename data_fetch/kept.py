"""Twins that took a while, kept in the cache folder: the next notebook opens them at once.

    keep(name, seed, parts, truth)      # cache/twins/NAME-SEED-VERSION/: layout.json and arrays
    kept(name, seed)                    # (parts, truth) with arrays mapped from disk, or None
    remove(name)

VERSION is a hash of the code that makes twins, so what is kept never outlives it. Nothing here
may fail: a folder that cannot be read or written, or a damaged one, means that the twin is made
anew. No pickle is read or written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from . import cache, parts

HOME = Path(__file__).parent
PARTS = {kind.__name__: kind for kind in (parts.Units, parts.Epochs, parts.Series)}


@lru_cache
def version() -> str:
    code = [HOME / "parts.py", HOME / "kept.py", *sorted((HOME / "twins").glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:16]


def keep(name: str, seed: int, made: dict, truth: dict) -> None:
    """Write a twin, whole or not at all, in place of older ones of the same name."""
    draft = None
    try:
        home = cache.folder() / "twins"
        home.mkdir(parents=True, exist_ok=True)
        remove(name)
        draft, arrays = Path(tempfile.mkdtemp(dir=home, prefix=f".{name}-")), {}
        layout = json.dumps(_layout({"parts": made, "truth": truth}, arrays))
        (draft / "layout.json").write_text(layout, encoding="utf-8")
        for number, array in enumerate(arrays.values()):
            np.save(draft / f"{number}.npy", array, allow_pickle=False)
        draft.chmod(0o755)
        draft.rename(home / f"{name}-{seed}-{version()}")
    except OSError:  # no room, no right to write, or somebody else was quicker
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def kept(name: str, seed: int) -> tuple[dict, dict] | None:
    """The twin (parts, truth) with its arrays mapped from disk; None if it is not there whole."""
    place = cache.folder() / "twins" / f"{name}-{seed}-{version()}"
    try:
        layout = json.loads((place / "layout.json").read_text(encoding="utf-8"))
        found = _value(layout, place, {})
        return found["parts"], found["truth"]
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def remove(name: str) -> list[Path]:
    """Delete what is kept of a recording's twin; returns what was there."""
    home = cache.folder() / "twins"
    gone = sorted([*home.glob(f"{name}-*"), *home.glob(f".{name}-*")])
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone


def _layout(value, arrays: dict[int, np.ndarray]):
    """The value in JSON, its arrays by number: one that occurs twice is kept once."""
    if isinstance(value, np.ndarray):
        arrays[id(value)] = value
        return {"array": list(arrays).index(id(value))}
    if isinstance(value, dict):
        return {"dict": [[k, _layout(v, arrays)] for k, v in value.items()]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_layout(v, arrays) for v in value]}
    if type(value) in PARTS.values():
        return {type(value).__name__: _layout(vars(value), arrays)}
    if value is None or type(value) in (str, int, float, bool):
        return value
    raise TypeError(f"a twin holds a {type(value).__name__}; kept.py knows arrays and plain values")


def _value(layout, place: Path, arrays: dict[int, np.ndarray]):
    if not isinstance(layout, dict):
        return layout
    ((kind, inside),) = layout.items()
    if kind == "array":
        if inside not in arrays:
            mapped = np.load(place / f"{inside}.npy", mmap_mode="r", allow_pickle=False)
            arrays[inside] = np.asarray(mapped)
        return arrays[inside]
    if kind == "dict":
        return {k: _value(v, place, arrays) for k, v in inside}
    if kind in PARTS:
        return PARTS[kind](**_value(inside, place, arrays))
    return {"list": list, "tuple": tuple}[kind](_value(v, place, arrays) for v in inside)
