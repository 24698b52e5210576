"""The course's commands: ``python -m solutions build | verify | handout | present | grade``."""

import argparse
import os
import secrets
import sys
from pathlib import Path

from data_fetch import DataError
from solutions.tools import source


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m solutions", description=__doc__)
    parser.add_argument("--course", type=Path, default=source.COURSE, metavar="DIR",
                        help="the folder that holds solutions/ and lessons/")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="write lessons/ from the sources")
    build.add_argument("lesson", nargs="?", default="", help="one only: its name, or how it begins")
    build.add_argument("--check", action="store_true", help="only say what is out of date")
    verify = commands.add_parser("verify", help="try the solution and every wrong and right answer")
    verify.add_argument("lesson", nargs="?", default="", help="its name, or how it begins")
    verify.add_argument("--json", type=Path, help="keep in FILE which hint each wrong answer got",
                        metavar="FILE")
    handout = commands.add_parser("handout", help="learners' copy of the course, without answers")
    handout.add_argument("target", type=Path, help="a new folder, or an archive.zip")
    present = commands.add_parser("present", help="the lessons with their answers, to teach from")
    present.add_argument("target", type=Path, metavar="FOLDER")
    present.add_argument("lesson", nargs="?", default="", help="its name, or how it begins")
    present.add_argument("--run", action="store_true", help="and with their output, to read")
    grade = commands.add_parser("grade", help="grade a folder of hand-ins")
    grade.add_argument("folder", type=Path, help="FOLDER/<student>/<lesson>/<lesson>.ipynb")
    grade.add_argument("--seed", type=int, help="of the twins; drawn and printed if not given")
    grade.add_argument("--out", type=Path, default=Path("graded"), help="where results go")
    grade.add_argument("--marks", type=Path, help="written.csv with points and comments filled in")
    grade.add_argument("--jobs", type=int, default=2, help="hand-ins graded at a time")
    grade.add_argument("--cell-seconds", type=float, default=60)
    grade.add_argument("--notebook-seconds", type=float, default=600)
    reproduce = commands.add_parser("reproduce", help="published numbers beside ours")
    reproduce.add_argument("--recordings", type=Path, metavar="FOLDER",
                           help="where recordings lie, beside the cache of data_fetch")
    args = parser.parse_args(argv)
    try:
        return {"build": _build, "verify": _verify, "handout": _handout, "present": _present,
                "grade": _grade, "reproduce": _reproduce}[args.command](args)
    except (source.SourceError, DataError) as error:
        print(error, file=sys.stderr)
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        print(f"{error.filename}: {error.strerror.lower()}", file=sys.stderr)
    return 1


def _build(args) -> int:
    from solutions.tools import build

    if args.check:
        stale = build.drift(args.course, args.lesson)
        print("\n".join([*stale, "run `python -m solutions build`"] if stale else ["up to date"]))
        return bool(stale)
    changed = build.build(args.course, args.lesson)
    print("\n".join(map(str, changed)) or "up to date")
    return 0


def _verify(args) -> int:
    from solutions.tools import verify

    results = verify.verify(args.course, args.lesson)
    for lesson, trials in results.items():
        print(verify.report(lesson, trials))
    if args.json:
        verify.keep({name: verify.confusion(trials) for name, trials in results.items()}, args.json)
    return not all(trial.right for trials in results.values() for trial in trials)


def _handout(args) -> int:
    from solutions.tools import copies

    print(copies.hand_out(args.course, args.target))
    return 0


def _present(args) -> int:
    from solutions.tools import copies

    print("\n".join(map(str, copies.present(args.course, args.target, args.lesson, args.run))))
    return 0


def _grade(args) -> int:
    from solutions.tools import grade

    seed = grade.results(args.out)["seed"] if args.marks and args.seed is None else args.seed
    seed = secrets.randbelow(2**31 - 1000) + 1000 if seed is None else seed
    print(f"twins from seed {seed}")
    limits = grade.Limits(args.cell_seconds, args.notebook_seconds)
    rows = grade.grade(args.folder, args.out, seed, args.course, args.marks, limits, args.jobs)
    print(f"{len(rows)} hand-ins, {sum(bool(row.notes) for row in rows)} with notes: "
          f"{args.out / 'grades.csv'}, {args.out / 'feedback'}")
    if waiting := sum(points is None for row in rows for points in row.points.values()):
        print(f"{waiting} answers wait for a person's points: {args.out / 'written.csv'}")
    return 0


def _reproduce(args) -> int:
    from solutions.tools import published

    if args.recordings:  # published files are looked for there, too, and hashed like all others
        shared = [str(args.recordings.resolve()), os.environ.get("MINGLM_SHARED_DATA", "")]
        os.environ["MINGLM_SHARED_DATA"] = os.pathsep.join(filter(None, shared))
    agreed = []
    for line, agrees in published.reproduce(args.recordings):
        print(line, flush=True)
        agreed += [] if agrees is None else [agrees]
    rows = sum(len(table.rows) for table in published.TABLES)
    print(f"\n{sum(agreed)} numbers agree, {agreed.count(False)} disagree, "
          f"{rows - len(agreed)} skipped for want of their recording")
    return not all(agreed)


if __name__ == "__main__":
    sys.exit(main())
