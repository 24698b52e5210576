"""``load``: one recording of the course, real or twin.

    from data_fetch import load
    recording = load("current_injection")
    print(recording)                       # says what it is
    recording["stimulus"], recording.truth

Which one: the argument ``source`` beats the environment variable MINGLM_SOURCE, which beats
"auto". The same for ``seed``, MINGLM_SEED and 0. Nothing here goes to the network.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from .errors import DataError
from .recording import Recording
from .registry import RECORDINGS


def load(name: str, source: str | Path | None = None, seed: int | None = None) -> Recording:
    """The recording ``name``: "auto", "real", "twin" or the path of a file with the same keys.

    "auto" is the published file if it is in the cache, else the twin of ``seed``.
    """
    if name not in RECORDINGS:
        raise DataError(f"there is no recording {name!r}; there are {', '.join(RECORDINGS)}")
    source = source or os.environ.get("MINGLM_SOURCE") or "auto"
    if str(source) in ("auto", "twin"):
        return _twin(name, _seed(seed))
    return _file(name, Path(source).expanduser())


def _seed(seed: int | None) -> int:
    given = os.environ.get("MINGLM_SEED", "0") if seed is None else seed
    try:
        return int(given)
    except ValueError:
        raise DataError(f"MINGLM_SEED is {given!r}; it takes a whole number, say 0") from None


def _twin(name: str, seed: int) -> Recording:
    entry = RECORDINGS[name]
    made, truth = _make(name, seed)
    return Recording(
        name=name,
        source="twin",
        licence=entry.licence + " (of the recording that this twin stands for)",
        citation=entry.citation,
        seed=seed,
        truth=truth,
        keys_=entry.keys,
        read=made.__getitem__,
    )


@lru_cache(maxsize=2)
def _make(name: str, seed: int):
    from . import twins
    from .parts import to_pynapple

    parts, truth = twins.make(name, seed)
    return to_pynapple(parts), truth


def _file(name: str, path: Path) -> Recording:
    from .nwb import describe, open_nwb

    keys, read = open_nwb(path)
    missing = [key for key in RECORDINGS[name].keys if key not in keys]
    if missing:
        raise DataError(
            f"{path} has no {' and no '.join(missing)}, which {name} needs; it has "
            f"{', '.join(keys)}"
        )
    licence, citation = describe(path)
    return Recording(name, "file", licence, citation, path=path, keys_=keys, read=read)
