"""Where recordings lie on this machine, and whether they are what they should be.

    folder()            the cache: MINGLM_DATA_DIR, else the system's folder for caches
    find(file)          the path of a file that passes its hash, here or in a shared folder
    pin(path)           without a published hash, the first download becomes the reference

MINGLM_SHARED_DATA names folders (separated like PATH) that a class reads and nobody writes.
Nothing is loaded that has not passed its hash; a hash is computed once per process.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from .errors import DataError
from .registry import File

BLOCK = 1 << 20


def folder() -> Path:
    """The cache folder (it need not exist); a temporary one where there is no home."""
    homeless = Path(tempfile.gettempdir()) / "minglm-data"
    if given := os.environ.get("MINGLM_DATA_DIR"):
        return Path(given).expanduser().absolute()
    try:
        import pooch

        place = pooch.os_cache("minglm")
    except RuntimeError:
        return homeless
    return place if place.is_absolute() else homeless


def shared_folders() -> list[Path]:
    given = os.environ.get("MINGLM_SHARED_DATA", "")
    return [Path(part).expanduser() for part in given.split(os.pathsep) if part]


def writable() -> Path:
    """The cache folder, made if need be, or one sentence on why it cannot be written."""
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return place
    except OSError as error:
        raise DataError(
            f"the cache folder {place} cannot be written ({error.strerror}): set MINGLM_DATA_DIR "
            f"to a folder of yours with room, or go on with the twin (source='twin')"
        ) from error


def find(file: File) -> Path | None:
    """The first verified copy: own cache, then shared folders. A wrong one is an error."""
    wrong = []
    for place in [folder(), *shared_folders()]:
        path = place / file.name
        if not path.is_file():
            continue
        if verified(path, file):
            return path
        wrong.append(path)
    if wrong:
        raise DataError(
            f"{wrong[0]} does not pass its hash and is not loaded: run "
            f"`python -m data_fetch get NAME` to replace it, or go on with the twin (source='twin')"
        )
    return None


def verified(path: Path, file: File) -> bool:
    """Whether the file passes its published hash, or without one the pin beside it."""
    wanted = file.hash or pinned(path)
    if wanted is None:
        return False
    status = path.stat()
    if file.size is not None and status.st_size != file.size:
        return False
    return _digest_once(path, wanted.split(":")[0], status.st_size, status.st_mtime_ns) == wanted


@lru_cache
def _digest_once(path: Path, algorithm: str, size: int, changed: int) -> str:
    """The digest of a file of this size and time of change."""
    return digest(path, algorithm)


def digest(path: Path, algorithm: str) -> str:
    """A file as "algorithm:hex"; "git-blob" is SHA-1 of "blob SIZE\\0" and the content."""
    made = hasher(algorithm, path.stat().st_size)
    with open(path, "rb") as stream:
        while block := stream.read(BLOCK):
            made.update(block)
    return f"{algorithm}:{made.hexdigest()}"


def hasher(algorithm: str, size: int):
    if algorithm == "git-blob":
        return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    return hashlib.new(algorithm)


def pinned(path: Path) -> str | None:
    """The hash of the first download, where no hash is published."""
    note = pin_of(path)
    return note.read_text().strip() if note.is_file() else None


def pin(path: Path, value: str) -> None:
    """Remember the first download's hash; written whole or not at all."""
    draft = pin_of(path).with_suffix(f".{os.getpid()}")
    draft.write_text(value + "\n")
    draft.replace(pin_of(path))


def pin_of(path: Path) -> Path:
    return path.with_name(path.name + ".pin")


def remove(file: File) -> list[Path]:
    """Delete the file, its pin and what a broken download left; returns what was there."""
    path = folder() / file.name
    names = [path, *(path.with_name(path.name + end) for end in (".pin", ".part", ".part.json"))]
    gone = [name for name in names if name.exists()]
    for name in gone:
        name.unlink()
    return gone
