"""nbgrader, behind one module: nothing else in the course imports it.

Three of its steps are used, in process: the metadata of a release, a gradebook that knows a
lesson, and the grading of one hand-in by that gradebook. Its command line is not used: it needs
a course folder, stops a class at its first bad notebook, and its feedback shows hidden tests.
"""

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Float
from traitlets.config import Config

SHAPE = [steps.LockCells, steps.CheckCellMetadata, steps.ComputeChecksums]
CLEAR = [steps.ClearHiddenTests, steps.ComputeChecksums, steps.CheckCellMetadata]
STUDENT = "one"  # each hand-in is graded in a course folder of its own
OUTPUT_LIMIT = 200_000  # characters kept per cell


def release(notebook: NotebookNode) -> NotebookNode:
    """The notebook as ``nbgrader generate_assignment`` hands it out: locked, hidden tests gone."""
    for step in SHAPE + CLEAR:
        notebook, _ = step().preprocess(notebook, {})
    return notebook


def register(course: Path, lesson: str, notebook: NotebookNode) -> None:
    """Make a gradebook in ``course`` that knows the lesson with its hidden tests."""
    config = _place(course / "source" / lesson, lesson, notebook, course)
    config.GenerateAssignment.preprocessors = [*SHAPE, steps.SaveCells, *CLEAR]
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()


def autograde(course: Path, lesson: str, notebook: NotebookNode, cell_s: float, all_s: float):
    """(graded notebook, {grade_id: points, or None where a person grades}) of one hand-in."""
    config = _place(course / "submitted" / STUDENT / lesson, lesson, notebook, course)
    config.CourseDirectory.student_id = STUDENT
    config.Autograde.autograde_preprocessors = [Patient, Verdict, steps.SaveAutoGrades]
    config.Patient.update(cell_seconds=cell_s, seconds=all_s, startup_timeout=120,
                          shutdown_kernel="immediate", raise_on_iopub_timeout=False)
    if os.name == "posix":  # sockets in the scratch folder: no ports, nothing on the network
        config.KernelManager.update(transport="ipc", connection_file=f"{course}/kernel.json")
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()
    graded = nbformat.read(course / "autograded" / STUDENT / lesson / f"{lesson}.ipynb", 4)
    with Gradebook(config.CourseDirectory.db_url) as book:
        grades = book.find_submission_notebook(lesson, lesson, STUDENT).grades
        return graded, {g.name: None if g.needs_manual_grade else g.auto_score for g in grades}


def _place(folder: Path, lesson: str, notebook: NotebookNode, course: Path) -> Config:
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lesson}.ipynb")
    # a new gradebook asks ``alembic``, found on PATH, for its version
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([here, path])
    config = Config()
    config.CourseDirectory.update(root=str(course), assignment_id=lesson,
                                  db_url=f"sqlite:///{course}/gradebook.db")
    return config


class Patient(Execute):
    """nbgrader's execution, for code that does not end, does not stop talking, or kills its kernel.

    Such a cell fails; what was earned before it stays earned.
    """

    cell_seconds = Float(60).tag(config=True)
    seconds = Float(600).tag(config=True)

    def preprocess(self, nb, resources, km=None):
        self._end, self._over = time.monotonic() + self.seconds, ""
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell, resources, index):
        left = self._end - time.monotonic()
        if left <= 0:
            self._over = self._over or f"the notebook took longer than {self.seconds:.0f} s"
        if self._over:
            if cell.cell_type == "code":
                cell.outputs = [_error("NotRun", f"not run: {self._over}")]
            return cell, resources
        self._room, self._tail = OUTPUT_LIMIT, ""
        self.timeout = max(1, int(min(self.cell_seconds, left)))
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._over = "the kernel died here or in a cell before: out of memory, or os._exit"
            cell.outputs = [_error("DeadKernel", self._over)]
        if self._tail:  # a check speaks last
            cell.outputs.append(nbformat.v4.new_output("stream", text=self._tail))
        if any(output.get("ename") == "CellTimeoutError" for output in cell.get("outputs", [])):
            slow = f"stopped after {self.timeout} s: is there a loop without an end?"
            cell.outputs, self.timeout = [_error("TooSlow", slow)], 5
            if not self.wait_for_reply(self.kc.kernel_info()):
                self._over = "a cell before this one could not be stopped"
        return cell, resources

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            self._room -= len(str(msg["content"]))
            if self._room < 0:
                self._tail = (self._tail + str(msg["content"].get("text", "")))[-500:]
                return None
        return super().process_message(msg, cell, cell_index)

    def handle_comm_msg(self, outs, msg, cell_index):
        """No front end is played to sliders: its answers, sent amid a wait, can hide a reply."""


class Verdict(NbGraderPreprocessor):
    """A check counts if it says that it passed, and not for lack of an error.

    Otherwise stray text on stderr would cost the points, and a number shown by a thread, or a cell
    that never ran, would bring some.
    """

    def preprocess_cell(self, cell, resources, index):
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not meta.get("grade"):
            return cell, resources
        name = meta["grade_id"].removeprefix("check-")
        printed = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
        errors = [o for o in cell.outputs if o.output_type == "error"]
        if not errors and f"{name}: passed" not in printed:
            errors = [_error("NoVerdict", "the check did not come to its end")]
        said = [nbformat.v4.new_output("stream", text=f"{name}: passed\n")]
        cell.outputs = errors[:1] or said
        return cell, resources


def _error(name: str, text: str) -> NotebookNode:
    return nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[text])
