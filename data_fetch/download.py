"""Bring one file into the cache, whole or not at all.

    download(file)                    -> its path, after its hash agreed

pooch gives the cache folder, the registry's form and the names of hashes; its own download
loses everything when the line breaks, knows one address per file, and no lock. So here:
addresses in turn, resume by HTTP range, retry with back-off, and one process downloading while
the others wait. The bytes go to NAME.part; NAME appears by one atomic rename, after the hash
agreed. Killed at any moment, the cache holds the right file or none, and the next call goes on.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .errors import DataError
from .registry import File
from .transfer import Broken, Refused, forget, transfer

TWIN = "or go on with the twin (source='twin')"


@dataclass(frozen=True)
class Patience:
    """Seconds without a byte, tries without progress and in all, first and longest pause."""

    timeout: float = 30.0
    tries: int = 5
    rounds: int = 200
    pause: float = 1.0
    longest: float = 30.0


def download(
    file: File, mirrors: tuple[str, ...] = (), patience: Patience | None = None, bar: bool = True
) -> Path:
    """The verified file in the cache.

    ``mirrors`` are addresses of folders tried before the file's own; so are those in the
    environment variable MINGLM_MIRROR (an instructor's machine, say).
    """
    if found := _usable(file):
        return found
    if os.environ.get("MINGLM_OFFLINE", "0") not in ("", "0"):
        raise DataError(
            f"{file.name} is not here and MINGLM_OFFLINE is set: unset it to download, {TWIN}"
        )
    folders = (*mirrors, *os.environ.get("MINGLM_MIRROR", "").split())
    urls = [f"{folder.rstrip('/')}/{file.name}" for folder in folders] + list(file.urls)
    path = cache.writable() / file.name
    with only_one(path):
        if not (path.is_file() and cache.verified(path, file)):  # another process was faster
            with room_for(file, path):
                _from_any(file, urls, path, patience or Patience(), bar)
    return path


def _usable(file: File) -> Path | None:
    try:
        return cache.find(file)
    except DataError:  # a wrong file is replaced
        return None


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Let one process at a time in; the system frees the lock of a process that dies."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0.2)
    except Timeout:
        print(f"another process is downloading {path.name}: waiting for it", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _from_any(file: File, urls: list[str], path: Path, patience: Patience, bar: bool) -> None:
    part = path.with_name(path.name + ".part")
    reasons = {}
    for url in urls:
        reasons[url] = _from_one(file, url, part, patience, bar)
        if reasons[url] is None:
            os.replace(part, path)
            forget(part)
            return
    what = "; ".join(f"{url}: {reason}" for url, reason in reasons.items())
    kept = f" {part.stat().st_size:,} bytes are kept." if part.exists() else ""
    raise DataError(
        f"{file.name} could not be downloaded ({what or 'no address is known'}).{kept} Run the "
        f"same command again later to go on, {TWIN}"
    )


def _from_one(file: File, url: str, part: Path, patience: Patience, bar: bool) -> str | None:
    """Complete and verify ``part`` from one address: None, or the reason why not."""
    stuck, mended, reason = 0, False, ""
    for _ in range(patience.rounds):
        before = part.stat().st_size if part.exists() else 0
        try:
            found = transfer(file, url, part, patience.timeout, bar)
            return _check_pin(file, part, found)
        except Refused as refusal:  # this address will not do better ...
            forget(part)
            if not refusal.resumed or mended:
                return str(refusal)
            mended = True  # ... unless the file changed while it came: once more from the start
        except Broken as broken:
            reason = str(broken)
            gained = part.exists() and part.stat().st_size > before
            stuck = 0 if gained else stuck + 1
            if stuck == patience.tries:
                break
            pause = broken.wait or patience.pause * 2 ** (stuck - 1)
            time.sleep(0 if gained else min(pause, patience.longest))
    return reason


def _check_pin(file: File, part: Path, found: str) -> str | None:
    """Without a published hash: pin the first download, hold later ones to it."""
    path = part.with_name(file.name)
    if file.hash is None:
        wanted = cache.pinned(path)
        if wanted not in (None, found):
            forget(part)
            return (
                f"the file is not the one that was downloaded first ({found}, not {wanted}); if "
                f"you trust it, `python -m data_fetch remove` forgets the first"
            )
        cache.pin(path, found)
    return None


@contextmanager
def room_for(file: File, path: Path) -> Iterator[None]:
    """Turn a full disk into one sentence, and leave no half file on it."""
    part = path.with_name(path.name + ".part")
    size = f"{file.size:,} bytes" if file.size else "more room"
    advice = f"free some, or set MINGLM_DATA_DIR to another disk, {TWIN}"
    have = part.stat().st_size if part.exists() else 0
    free = shutil.disk_usage(path.parent).free
    if file.size is not None and file.size - have > free:
        raise DataError(f"{file.name} needs {size} in {path.parent}, {free:,} are free: {advice}")
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        forget(part)
        why = os.strerror(error.errno)
        raise DataError(f"{file.name} needs {size} in {path.parent} ({why}): {advice}") from error
