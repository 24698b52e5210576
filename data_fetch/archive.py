"""One archive for a room without a network: ``pack`` writes it, ``install`` reads it.

The archive is a plain tar: manifest.json (name, size, sha256 of every file), then the files.
Nothing in it is trusted: members are read by name, never extracted by path, a name outside
the catalogue or with a path in it is refused, and every file must pass its published hash.
``install`` also takes a folder that holds the files themselves (a USB stick).
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

from . import cache
from .download import only_one, room_for
from .errors import DataError
from .lookup import entry, others, recordings
from .registry import Entry, File
from .transfer import forget


def pack(target: Path, names: list[str] | None = None) -> list[str]:
    """Write the verified files of these recordings (default: all that are here) to ``target``."""
    chosen = [entry(name) for name in names] if names else known()
    found = {e.name: (e.file, cache.find(e.file)) for e in chosen if e.file}
    absent = [name for name, (_, path) in found.items() if path is None]
    if names and absent:
        raise DataError(
            f"{', '.join(absent)} is not here: `python -m data_fetch get {' '.join(absent)}` first"
        )
    files = {name: pair for name, pair in found.items() if pair[1] is not None}
    if not files:
        raise DataError("there is nothing to pack: `python -m data_fetch get NAME` first")
    manifest = {
        path.name: {
            "recording": name,
            "size": path.stat().st_size,
            "hash": file.hash or cache.pinned(path),
        }
        for name, (file, path) in files.items()
    }
    draft = target.with_name(target.name + ".part")
    text = json.dumps(manifest, indent=1).encode()
    with tarfile.open(draft, "w") as tar:
        head = tarfile.TarInfo("manifest.json")
        head.size = len(text)
        tar.addfile(head, io.BytesIO(text))
        for _, path in files.values():
            tar.add(path, arcname=path.name)
    os.replace(draft, target)
    return list(files)


def known() -> list[Entry]:
    """Every entry of the catalogue, and the cells of the Allen database that are in the cache."""
    cells = cache.folder().glob("allen_*_ephys.nwb")
    extra = [entry(f"allen:{path.name.split('_')[1]}") for path in sorted(cells)]
    return [*recordings().values(), *others().values(), *extra]


def install(source: Path) -> list[str]:
    """Copy what an archive or a folder holds into the cache; returns the recordings' names."""
    if source.is_dir():
        pairs = [(e, source / e.file.name) for e in known() if e.file]
        present = [(e, path) for e, path in pairs if path.is_file()]
        if not present:
            raise DataError(
                f"{source} holds no file of the course: see `python -m data_fetch list`"
            )
        for e, path in present:
            with open(path, "rb") as stream:
                _copy(e.file, stream, str(path), None)
        return [e.name for e, _ in present]
    try:
        with tarfile.open(source, "r") as tar:
            return _unpack(tar, source)
    except FileNotFoundError as error:
        raise DataError(f"there is no {source}: name an archive of `pack`, or a folder") from error
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        why = str(error).partition("\n")[0].rstrip(":")
        raise DataError(
            f"{source} is no readable archive of `pack` ({why}): copy it again, or pack it anew"
        ) from error


def _unpack(tar: tarfile.TarFile, source: Path) -> list[str]:
    members = tar.getmembers()
    for member in members:
        if not member.isreg() or Path(member.name).name != member.name or "\\" in member.name:
            raise DataError(f"{source} holds {member.name!r}, which is no plain file name: refused")
    manifest = json.load(tar.extractfile("manifest.json"))
    names = []
    for member in members:
        if member.name == "manifest.json":
            continue
        note = manifest[member.name]
        e = entry(note["recording"])
        if e.file is None or e.file.name != member.name:
            raise DataError(f"{source} holds {member.name!r}, which is not of this course: refused")
        _copy(e.file, tar.extractfile(member), f"{source}:{member.name}", note["hash"])
        names.append(e.name)
    return names


def _copy(file: File, stream, origin: str, stated: str | None) -> None:
    """Into the cache by way of a .part file, if the hash agrees with the published one.

    A file without a published hash must agree with an earlier pin, else with ``stated``.
    """
    path = cache.writable() / file.name
    part = path.with_name(path.name + ".part")
    with only_one(path), room_for(file, path):
        with open(part, "wb") as out:
            while block := stream.read(cache.BLOCK):
                out.write(block)
        wanted = file.hash or cache.pinned(path) or stated or cache.digest(part, "sha256")
        found = cache.digest(part, wanted.split(":")[0])
        if found != wanted:
            forget(part)
            raise DataError(f"{origin} has hash {found}, not {wanted}: not installed")
        if file.hash is None:
            cache.pin(path, found)
        os.replace(part, path)
        forget(part)
