"""``DataError``: its message is for the person at the keyboard. The others stay in a download."""

from importlib.util import find_spec

NEEDED = ("filelock", "h5py", "pooch", "pynapple", "requests", "tqdm")  # beside NumPy and SciPy


class DataError(RuntimeError):
    """What happened and what to do about it, in one or two sentences: all that a notebook shows."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [f"DataError: {self}"]


def all_installed() -> None:
    """The library installs without what recordings need: one sentence on what is missing."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise DataError(
            f"recordings need {', '.join(missing)} as well: type "
            f"`python -m pip install {' '.join(missing)}`"
        )


class Broken(Exception):
    """The transfer broke off; ``wait`` is the pause the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float = 0.0):
        super().__init__(reason)
        self.wait = wait


class Refused(Exception):
    """What this address gives is not the file; ``resumed``: it was put together from two."""

    def __init__(self, reason: str, resumed: bool = False):
        super().__init__(reason)
        self.resumed = resumed
