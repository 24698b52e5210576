"""A design larger than memory, read in pieces whenever a product with it is needed.

    X = Chunks(np.load("X.npy", mmap_mode="r"))                   # an array in a file
    X = Chunks(lambda: basis.iter_features(x))                    # evaluated anew each time
    GLM(regularizer="Ridge", regularizer_strength=0.01).fit(X, y)

One piece of X and what has the size of y are in memory. A fit goes through X twice a step, so for
data that fit into memory an array is faster. Predictions and scores take arrays, piece by piece.
"""

import numpy as np


class Chunks:
    """``source``: an array, or a function that returns the pieces (t, P), in order, each time."""

    def __init__(self, source, chunk=2**16):
        cut = lambda: (source[i : i + chunk] for i in range(0, len(source), chunk))
        self._read, whole = source if callable(source) else cut, []
        for x in self._read():
            self.dtype = x.dtype if x.dtype == np.float32 else np.dtype(float)
            self._columns = x.shape[1]
            whole.append(np.isfinite(x).all(axis=1))
        self.whole = np.concatenate(whole)  # (T,): rows without NaN and Inf
        self.shape = len(self.whole), self._columns

    def __len__(self):
        return len(self.whole)

    def pieces(self):
        """(rows, their values), with 0 in rows that are not whole."""
        start = 0
        for x in self._read():
            rows = slice(start, start + len(x))
            yield rows, np.where(self.whole[rows, None], x, 0).astype(self.dtype, copy=False)
            start = rows.stop
