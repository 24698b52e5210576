"""Time series at the border: arrays and pynapple objects in, the same kind out.

    series = unwrap(x)                    # array, list, Tsd, TsdFrame, TsdTensor
    series.values                         # (T, ...) numpy array
    series.epochs                         # slices of rows that follow each other in time
    series.wrap(rates)                    # a Tsd(Frame) again if x was one, else the array

This is the only file that knows pynapple, and it never imports it: an object can only come
from pynapple if the user has imported it already. It does not resample, count or restrict.
"""

import sys
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Series:
    """Values with T rows, the epochs they belong to, and the object they came from."""

    values: np.ndarray
    epochs: tuple[slice, ...]
    source: object = None

    def wrap(self, values, repeat: int = 0):
        """``values`` (T, ...) on the time axis and epochs of the source.
        Column names and metadata are carried over when ``repeat`` columns of ``values`` stand
        for each column of the source; 0 says that the columns are about something else."""
        values, x = np.asarray(values), self.source
        if x is None:
            return values
        nap, columns = sys.modules["pynapple"], {}
        if values.ndim == 2 and repeat and isinstance(x, nap.TsdFrame):
            metadata = x.metadata.iloc[np.repeat(np.arange(x.shape[1]), repeat)]
            columns = {"columns": x.columns, "metadata": metadata}
            if repeat > 1:
                columns = {"metadata": metadata.reset_index(drop=True)}
        kind = {1: nap.Tsd, 2: nap.TsdFrame}.get(values.ndim, nap.TsdTensor)
        return kind(t=x.index, d=values, time_support=x.time_support, **columns)


def unwrap(x, what: str = "x", numeric: bool = True) -> Series:
    """Read ``x`` as a Series; ``what`` names it in errors.
    An array is one epoch. A masked array gets NaN where it is masked. ValueError for times
    without values (Ts, TsGroup, IntervalSet) and, if ``numeric``, for what holds no numbers."""
    nap = sys.modules.get("pynapple")
    if nap and isinstance(x, nap.Ts | nap.TsGroup | nap.IntervalSet):
        advice = f"count it first, {what}.count(bin_size)"
        if isinstance(x, nap.IntervalSet):
            advice = "give a Tsd or TsdFrame sampled on these epochs"
        raise ValueError(f"{what} holds times without values ({type(x).__name__}); {advice}")
    if isinstance(x, np.ma.MaskedArray):
        x = x.astype(float).filled(np.nan)
    try:
        values = np.asarray(x)
        if numeric and values.dtype.kind not in "biuf":
            values = values.astype(float, casting="unsafe" if values.dtype == object else "safe")
    except (TypeError, ValueError):
        raise ValueError(
            f"{what} ({type(x).__name__}) cannot be read as real numbers; "
            "give an array with one row per time bin"
        ) from None
    if values.ndim == 0:
        raise ValueError(f"{what} is a single value; give an array with one row per time bin")
    if not (nap and isinstance(x, nap.Tsd | nap.TsdFrame | nap.TsdTensor)):
        return Series(values, (slice(0, len(values)),))
    edges = [*np.searchsorted(x.index, x.time_support.start).tolist(), len(values)]
    return Series(values, tuple(slice(a, b) for a, b in pairwise(edges) if b > a), x)


def align(*series: Series) -> Series:
    """The one series whose time axis stands for all; ValueError if they do not match."""
    lengths = [len(s.values) for s in series]
    if len(set(lengths)) > 1:
        raise ValueError(f"inputs have {lengths} rows; give one row per time bin in each")
    timed = [s for s in series if s.source is not None]
    for s in timed[1:]:
        if s.epochs != timed[0].epochs or not np.array_equal(s.source.index, timed[0].source.index):
            raise ValueError(
                "inputs have different time axes or epochs; bring them onto one with "
                "x.interpolate(y) or by counting in the same bins"
            )
    return [*timed, *series][0]
