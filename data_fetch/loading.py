"""``load``: one recording of the course, real or twin.

    from data_fetch import load
    recording = load("current_injection")
    print(recording)                       # says what it is
    recording["stimulus"], recording.truth

Which one: the argument ``source`` beats the environment variable MINGLM_SOURCE, which beats
"auto". The same for ``seed``, MINGLM_SEED and 0. Nothing here goes to the network: real files
come by ``python -m data_fetch get``.
"""

from __future__ import annotations

import operator
import os
import time
from functools import lru_cache
from importlib import import_module, metadata
from pathlib import Path

from . import cache
from .errors import DataError, all_installed
from .lookup import entry
from .recording import Recording
from .registry import Entry

SLOW = 1.0  # seconds: a twin that takes longer to make is kept on disk

def load(name: str, source: str | Path | None = None, seed: int | None = None) -> Recording:
    """The recording ``name``, from "auto", "real", "twin" or the path of a file.

    "auto" is the published file if it is on this machine and passes its hash, else the twin
    of ``seed``. A path is an NWB file with the same keys; nobody checks its hash.
    """
    all_installed()
    made, source = entry(name), str(source or os.environ.get("MINGLM_SOURCE") or "auto")
    if source not in ("auto", "real", "twin"):
        return _file(made, Path(source).expanduser())
    path = None if source == "twin" else find_real(made)
    if path is not None:
        return _real(made, path)
    if source == "real" or not made.twin:
        raise DataError(
            f"{name} is not on this machine: `python -m data_fetch get {name}` brings it"
            + (", or go on with its twin (source='twin')" if made.twin else "")
        )
    return _twin(made, _seed(seed))


def find_real(made: Entry) -> Path | None:
    """Where the published recording lies on this machine, verified; None where it does not.

    The grasshopper lies in the package nitime; its files are hashed when they are read.
    """
    if made.file is not None:
        return cache.find(made.file)
    try:
        return Path(str(metadata.distribution("nitime").locate_file("nitime/data")))
    except metadata.PackageNotFoundError:
        return None


def _seed(seed: int | None) -> int:
    given = os.environ.get("MINGLM_SEED") or "0" if seed is None else seed
    try:
        return int(given) if seed is None else operator.index(given)
    except (TypeError, ValueError):
        name = "MINGLM_SEED" if seed is None else "seed"
        raise DataError(f"{name} is {given!r}; it takes a whole number, say 0") from None


def _twin(made: Entry, seed: int) -> Recording:
    objects, truth = _simulate(made.name, seed)
    return Recording(
        name=made.name,
        source="twin",
        licence=made.licence,
        citation=made.citation,
        seed=seed,
        truth=truth,
        keys_=tuple(made.keys),
        read=objects.__getitem__,
    )


@lru_cache(maxsize=2)
def _simulate(name: str, seed: int):
    from . import kept, twins
    from .parts import frozen, to_pynapple

    parts, truth = kept.kept(name, seed) or (None, None)
    if parts is None:
        began = time.perf_counter()
        parts, truth = twins.make(name, seed)
        if seed == 0 and time.perf_counter() - began > SLOW:  # the twin that everybody uses
            kept.keep(name, seed, parts, truth)
    return to_pynapple(frozen(parts)), frozen(truth)


def _real(made: Entry, path: Path) -> Recording:
    keys, read = import_module(f"{__package__}.readers.{made.reader}").read(path)
    return Recording(
        made.name, "real", made.licence, made.citation, path=path, keys_=keys, read=read
    )


def _file(made: Entry, path: Path) -> Recording:
    from .readers.nwb import describe, read

    keys, get = read(path)
    missing = [key for key in made.needed if key not in keys]
    if missing:
        raise DataError(
            f"{path} has no {', no '.join(missing)}, which {made.name} needs; it has "
            f"{', '.join(keys)}: give another file, or unset MINGLM_SOURCE for the twin"
        )
    licence, citation = describe(path)
    return Recording(made.name, "file", licence, citation, path=path, keys_=keys, read=get)
