"""One hand-in in a process of its own: its environment, its limits, and its end at all events."""

import contextlib
import json
import multiprocessing
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbformat import NotebookNode

from solutions.tools import engine

KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT",  # of the grader's environment
        "JAX_COMPILATION_CACHE_DIR", "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS")
ALONE = {"JAX_PLATFORMS": "cpu", "OMP_NUM_THREADS": "1",  # several hand-ins share the cores
         "OPENBLAS_NUM_THREADS": "1"}
_processes = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
_processes.set_forkserver_preload([__name__])  # nbgrader takes seconds to import: once will do


@dataclass(frozen=True)
class Limits:
    cell_s: float = 60  # seconds for a cell
    notebook_s: float = 600  # seconds for a notebook
    memory_gb: float = 6  # of data for a kernel; 0 for no limit


def register(course: Path, lesson: str, notebook: NotebookNode) -> None:
    """A gradebook for the lesson in ``course``."""
    _finish(_register, course, 300, lesson, nbformat.writes(notebook))


def autograde(course: Path, lesson: str, notebook: NotebookNode, seed: int, limits: Limits):
    """(graded notebook, points by grade_id), or RuntimeError with what went wrong."""
    seconds = limits.notebook_s + limits.cell_s + 120
    _finish(_autograde, course, seconds, lesson, nbformat.writes(notebook), seed, limits)
    result = json.loads((course / "result.json").read_text(encoding="utf-8"))
    return nbformat.reads(result["notebook"], 4), result["points"]


def _finish(task, course: Path, seconds: float, *args) -> None:
    process = _processes.Process(target=_run, args=(task, course, *args), daemon=False)
    process.start()
    process.join(seconds)
    late = process.is_alive()
    if late:
        end(process.pid)
        process.join()
    if process.exitcode:
        log = (course / "log").read_text(encoding="utf-8", errors="replace")
        last = log.strip().splitlines()[-1:] or ["no message"]
        raise RuntimeError(f"stopped after {seconds:.0f} s" if late else last[0])


def end(pid: int) -> None:
    """Kill a process and what it started: kernels lead a session of their own."""
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in [*parent.children(recursive=True), parent]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _run(task, course: Path, *args) -> None:
    """In the new process: nothing of it is seen but the log and the result."""
    course.mkdir(parents=True, exist_ok=True)
    log = os.open(course / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)
    sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, encoding="utf-8", errors="replace")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, HOME=str(course), TMPDIR=str(course), **ALONE)
    try:
        task(course, *args)
    finally:  # a kernel that outlived its notebook
        for child in psutil.Process().children(recursive=True):
            end(child.pid)


def _register(course: Path, lesson: str, notebook: str) -> None:
    engine.register(course, lesson, nbformat.reads(notebook, 4))


def _autograde(course: Path, lesson: str, notebook: str, seed: int, limits: Limits) -> None:
    os.environ.update(MINGLM_SOURCE="twin", MINGLM_SEED=str(seed))
    if limits.memory_gb and os.name == "posix":
        import resource

        size = int(limits.memory_gb * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    graded, points = engine.autograde(course, lesson, nbformat.reads(notebook, 4),
                                      limits.cell_s, limits.notebook_s)
    result = json.dumps({"notebook": nbformat.writes(graded), "points": points})
    (course / "result.json").write_text(result, encoding="utf-8")
