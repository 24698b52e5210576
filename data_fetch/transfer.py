"""One HTTP transfer into a .part file: resumed if it can be, hashed while it runs.

Two ways to fail: ``Broken`` (the line, the server: try again, keep the bytes) and ``Refused``
(this address gives something else: throw the bytes away). Beside NAME.part lies NAME.part.json
with the address and the server's ETag or Last-Modified, sent back as If-Range: a file that
changed in between comes whole again instead of as a mixture.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from . import cache
from .errors import Broken, Refused
from .registry import File

AGAIN = {408, 425, 429, 500, 502, 503, 504}  # the server may do better in a moment


def transfer(file: File, url: str, part: Path, timeout: float, bar: bool) -> str:
    """Complete ``part`` from ``url``; returns its hash, which agrees with the published one."""
    import requests
    import urllib3

    note = _read_note(file, part, url)
    have = part.stat().st_size if note else 0
    if note and have == note["total"]:  # killed after the last byte
        return _check_hash(file, part, _hash_of(file, part, have), resumed=True)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if note["validator"]:
            headers["If-Range"] = note["validator"]
    try:
        address = _resolve(url, timeout)
        with requests.get(address, headers=headers, stream=True, timeout=timeout) as reply:
            start, total = _check_reply(reply, have, file)
            if not start:
                forget(part)
                _write_note(part, url, reply, total)
            made, size = _stream(reply, file, part, start, total, bar)
    except requests.TooManyRedirects as error:
        raise Refused("the server redirects in a circle") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise Broken(_plain(error)) from error
    if total is not None and size < total:
        raise Broken(f"the connection ended after {size:,} of {total:,} bytes")
    return _check_hash(file, part, made, resumed=start > 0)


def forget(part: Path) -> None:
    """Throw the bytes of a broken download away."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _resolve(url: str, timeout: float) -> str:
    if url.startswith("allen-api:"):
        from .allen_api import download_link

        return download_link(int(url.removeprefix("allen-api:")), timeout)
    return url


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_note(file: File, part: Path, url: str) -> dict | None:
    """What is known of the bytes in ``part``, if they are from ``url`` and can be continued."""
    try:
        note = json.loads(_note(part).read_text())
        safe = note["validator"] or file.hash  # either tells when the file has changed
        usable = note["url"] == url and safe and part.stat().st_size
        return note if usable else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_note(part: Path, url: str, reply, total: int | None) -> None:
    etag = reply.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else reply.headers.get("Last-Modified")
    _note(part).write_text(json.dumps({"url": url, "validator": validator, "total": total}))


def _check_reply(reply, have: int, file: File) -> tuple[int, int | None]:
    """First byte and total size of what the reply brings; errors and web pages end here."""
    status, where = reply.status_code, reply.headers.get("Content-Range", "")
    if status == 416:
        raise Refused("the server holds fewer bytes than were already received", resumed=True)
    if status in AGAIN:
        raise Broken(f"the server answered {status} ({reply.reason})", _retry_after(reply))
    if status >= 400:
        raise Refused(f"the server answered {status} ({reply.reason})")
    if "text/html" in reply.headers.get("Content-Type", ""):
        raise Refused("the server sent a web page instead of data (a login or an error page?)")
    if status == 206 and not where.startswith(f"bytes {have}-"):
        raise Refused("the server sent another range than the one asked for", resumed=True)
    start = have if status == 206 else 0
    length = reply.headers.get("Content-Length", "")
    total = start + int(length) if length.isdecimal() else file.size
    if total is None and file.hash is None:
        raise Refused("neither hash nor length of the file is known, so it cannot be checked")
    if file.size not in (None, total):
        raise Refused(f"the file there has {total:,} bytes, not {file.size:,}", start > 0)
    return start, total


def _retry_after(reply) -> float:
    asked = reply.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else 0.0


def _stream(reply, file: File, part: Path, start: int, total: int | None, bar: bool):
    """Append the reply to the part and to its hash; returns the hash object and the size."""
    from tqdm import tqdm

    made, size = _hash_of(file, part, start), start
    options = {"unit": "B", "unit_scale": True, "file": sys.stderr, "disable": not bar}
    with (
        tqdm(desc=file.name, total=total, initial=start, **options) as progress,
        open(part, "ab") as out,
    ):
        while block := reply.raw.read1(cache.BLOCK):  # what has arrived, so nothing is lost
            if size == 0 and not block.startswith(file.magic[: len(block)]):
                raise Refused("what arrives is no such file (its first bytes are wrong)")
            out.write(block)
            size += len(block)
            if made is not None:
                made.update(block)
            progress.update(len(block))
    return made, size


def _hash_of(file: File, part: Path, size: int):
    """The hash object after the first ``size`` bytes, those in ``part``; git's needs them all."""
    algorithm = (file.hash or "sha256:").split(":")[0]
    if algorithm == "git-blob":
        return None
    made = cache.hasher(algorithm, size)
    if size:
        with open(part, "rb") as stream:
            while block := stream.read(cache.BLOCK):
                made.update(block)
    return made


def _check_hash(file: File, part: Path, made, resumed: bool) -> str:
    found = f"{made.name}:{made.hexdigest()}" if made else cache.digest(part, "git-blob")
    if file.hash not in (None, found):
        raise Refused(f"the file there has hash {found}, not {file.hash}", resumed)
    return found


def _plain(error: Exception) -> str:
    """The last cause of a nest of network errors, without the nest."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__
    return f"{type(error).__name__}: {error}"[:200]
