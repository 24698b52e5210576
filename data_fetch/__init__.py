"""The recordings of the course: whole and verified, or their twins.

    from data_fetch import load
    recording = load("current_injection")       # the twin, unless the real file is here
    recording = load("current_injection", source="path/to/cell.nwb")

``python -m data_fetch list`` shows what there is. It is not part of the library minglm.
"""

from .errors import DataError
from .loading import load
from .recording import Recording

__all__ = ["DataError", "Recording", "load"]
