"""Voxels that hang together, told by the runs of voxels along rows; without SciPy, whose import takes longer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray, BoolArray, IntArray

Rows = tuple[tuple[int, int], ...]
"""Which neighbours of a row, by their distance in slices and rows, it hangs together with; each pair once."""
IN_SLICE: Rows = ((0, 1),)
IN_SPACE: Rows = ((0, 1), (1, -1), (1, 0), (1, 1))


def labelled(mask: BoolArray, rows: Rows, *, by_corners: bool) -> IntArray:
    """Return numbers from 1 on for what hangs together, 0 elsewhere, [slice, row, column].

    Parameters
    ----------
    rows
        Whether voxels hang together across slices.
    by_corners
        Whether voxels of neighbouring rows hang together that only touch at a corner or an edge.
    """
    runs = _Runs.of(mask)
    number = runs.numbers(rows, by_corners)
    labels = np.zeros(mask.shape, np.int64)
    labels[mask] = np.repeat(number, runs.end - runs.start)
    return labels


def count_connected(mask: BoolArray, rows: Rows, *, by_corners: bool) -> int:
    """Return how many numbers :func:`labelled` gives."""
    return int(_Runs.of(mask).numbers(rows, by_corners).max(initial=0))


def enclosed(mask: BoolArray) -> BoolArray:
    """Tell what each slice of a mask encloses, [slice, row, column]; what touches the edge of the slice is open."""
    outside = np.pad(~mask, [(0, 0), (1, 1), (1, 1)], constant_values=True)
    labels = labelled(outside, IN_SLICE, by_corners=False)
    is_open = np.zeros(labels.max() + 1, bool)
    is_open[labels[:, 0, 0]] = True
    holes: BoolArray = (outside & ~is_open[labels])[:, 1:-1, 1:-1]
    return holes


@dataclass(frozen=True, eq=False)
class _Runs:
    """Runs of voxels along the rows of a mask, in the array's order."""

    row: IntArray
    """Place of the run's row, counted over slices; between two slices one row is left out."""
    start: IntArray
    end: IntArray
    """First column, and the first one after the run."""
    rows_a_slice: int
    columns: int

    @classmethod
    def of(cls, mask: BoolArray) -> _Runs:
        rows, columns = mask.shape[1:]
        change = np.diff(np.pad(mask, [(0, 0), (0, 0), (1, 1)]).view(np.int8), axis=2)
        k, j, start = np.nonzero(change == 1)
        end = np.nonzero(change == -1)[2]
        return cls(k * (rows + 1) + j, start, end, rows + 1, columns)

    def numbers(self, rows: Rows, by_corners: bool) -> IntArray:
        """Number of what each run hangs together with, from 1 on."""
        pairs = [self._touching(slices * self.rows_a_slice + down, int(by_corners)) for slices, down in rows]
        one, other = np.concatenate(pairs, axis=1)
        least = np.arange(len(self.row))
        while True:
            before = least.copy()
            lower = np.minimum(least[one], least[other])
            np.minimum.at(least, least[one], lower)
            np.minimum.at(least, least[other], lower)
            least = least[least]
            if np.array_equal(least, before):
                return np.unique(least, return_inverse=True)[1] + 1

    def _touching(self, rows_on: int, reach: int) -> AnyArray:
        """Pairs of runs, (2, M), of which the second one lies some rows on and touches the first one."""
        width = self.columns + 3  # so that a run never reaches into the next row
        starts, ends = self.row * width + self.start, self.row * width + self.end
        first = np.searchsorted(ends, starts + rows_on * width - reach, side="right")
        last = np.searchsorted(starts, ends + rows_on * width + reach, side="left")
        count = np.maximum(last - first, 0)
        one = np.repeat(np.arange(len(count)), count)
        other = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
        return np.stack([one, other])
