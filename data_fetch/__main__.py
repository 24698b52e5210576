"""``python -m data_fetch``: list, get, verify, where, cite, remove and pack recordings."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from . import archive, cache
from .errors import DataError, all_installed
from .loading import find_real
from .lookup import entry, others, recordings
from .registry import Entry


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 when all went well."""
    given = _parser().parse_args(words)
    try:
        all_installed()
        return given.run(given)
    except DataError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{error.filename or 'the system'}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m data_fetch", description="Recordings of the course")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(run, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__.strip("_"), help=text, description=text)
        made.set_defaults(run=run)
        return made

    command(_list, "what there is, and what is on this machine")
    get = command(_get, "download recordings, or take them from an archive or a folder")
    get.add_argument("names", nargs="*", metavar="NAME", help="a recording, or all")
    get.add_argument("--from", dest="source", type=Path, help="an archive of `pack`, or a folder")
    get.add_argument("--mirror", action="append", default=[], help="folder address to try first")
    get.add_argument("--quiet", action="store_true", help="no progress bar")
    verify = command(_verify, "hash every file that is here again")
    verify.add_argument("names", nargs="*", metavar="NAME")
    where = command(_where, "the cache folder, and the files in it")
    where.add_argument("names", nargs="*", metavar="NAME")
    cite = command(_cite, "citation and licence")
    cite.add_argument("names", nargs="*", metavar="NAME", help="a recording (default: all)")
    remove = command(_remove, "delete recordings, and twins, from the cache")
    remove.add_argument("names", nargs="+", metavar="NAME")
    pack = command(_pack, "write what is here into one archive for `get --from`")
    pack.add_argument("target", type=Path, metavar="ARCHIVE.tar")
    pack.add_argument("names", nargs="*", metavar="NAME")
    return parser


def _state(made: Entry) -> str:
    """Where a recording stands, without hashing anything."""
    if made.file is None:
        return "here (nitime)" if find_real(made) else "twin"
    places = [cache.folder(), *cache.shared_folders()]
    if any((place / made.file.name).is_file() for place in places):
        return "here"
    return "twin" if made.twin else "not here"


def _list(given: argparse.Namespace) -> int:
    for made in (*recordings().values(), *others().values()):
        size = f"{made.file.size / 1e9:.1f} GB" if made.file and made.file.size else ""
        print(f"{made.name:20} {_state(made):14} {made.title} {size}".rstrip())
    print(f"{'allen:SPECIMEN':20} {'':14} any cell of the Allen Cell Types Database")
    return 0


def _get(given: argparse.Namespace) -> int:
    if given.source is not None:
        for name in archive.install(given.source):
            print(f"{name}: installed")
        return 0
    if not given.names:
        raise DataError("which one? `get NAME`, `get all`, or `get --from ARCHIVE`")
    chosen = list(recordings()) if given.names == ["all"] else given.names
    return max(_get_one(name, given) for name in chosen)


def _get_one(name: str, given: argparse.Namespace) -> int:
    """One of several: what fails is said, and the others are still tried."""
    from .download import download

    try:
        made = entry(name)
        if made.file is None:
            return _get_packaged(made)
        path = download(made.file, tuple(given.mirror), bar=not given.quiet)
        pinned = "" if made.file.hash else " (no hash is published: this first download is pinned)"
        print(f"{name}: {path}{pinned}")
        return 0
    except DataError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1


def _get_packaged(made: Entry) -> int:
    if path := find_real(made):
        print(f"{made.name}: {path}")
        return 0
    raise DataError("it comes inside a package: `pip install nitime`")


def _chosen(names: list[str]) -> list[Entry]:
    return [entry(name) for name in names] if names else archive.known()


def _verify(given: argparse.Namespace) -> int:
    found = wrong = 0
    for made in _chosen(given.names):
        for place in [cache.folder(), *cache.shared_folders()]:
            path = place / made.file.name if made.file else None
            if path is None or not path.is_file():
                continue
            good = cache.verified(path, made.file)
            found, wrong = found + 1, wrong + (not good)
            print(f"{'ok   ' if good else 'WRONG'} {path}")
    if not found:
        print("no downloaded recording is here; twins need no verifying")
    if wrong:
        print("`python -m data_fetch get NAME` replaces a wrong file", file=sys.stderr)
    return int(wrong > 0)


def _where(given: argparse.Namespace) -> int:
    if not given.names:
        print(cache.folder())
        for place in cache.shared_folders():
            print(f"{place} (shared, read only)")
        return 0
    for made in _chosen(given.names):
        path = find_real(made)
        print(path if path else f"{made.name} is not on this machine")
    return 0


def _cite(given: argparse.Namespace) -> int:
    for made in _chosen(given.names):
        print(f"{made.name}\n  {made.citation}")
        print(f"  Source: {made.archive}\n  Licence: {made.licence}")
    return 0


def _remove(given: argparse.Namespace) -> int:
    from . import kept

    for made in _chosen(given.names):
        gone = (cache.remove(made.file) if made.file else []) + kept.remove(made.name)
        print("\n".join(f"removed {path}" for path in gone) or f"{made.name} was not here")
    return 0


def _pack(given: argparse.Namespace) -> int:
    for name in archive.pack(given.target, given.names):
        print(f"{name}: packed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
