"""How much of each pixel a polygon covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.types import FloatArray, IntArray

LINES = 8
"""Scan lines a pixel row; along a line the coverage is exact."""


def polygon_coverage(polygons: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Return the share of every pixel, (rows, columns), that closed polygons cover, even-odd.

    Parameters
    ----------
    polygons
        (N, 2) each: column and row, pixel centres at whole numbers. What lies beyond the pixels is cut off.
    """
    rows, columns = shape
    line, crossing = _crossings(polygons, rows * LINES)
    order = np.lexsort((crossing, line))
    line, crossing = line[order], np.clip(crossing[order], 0, columns)
    # A line is crossed an even number of times, so entries and exits alternate through the whole sorted list.
    sign = 1.0 - 2.0 * (np.arange(len(line)) % 2)
    pixel = np.floor(crossing).astype(np.int64)
    # Change of coverage from pixel to pixel: the pixel with the crossing takes its part, the next one the rest.
    width = columns + 2
    start = line * width + pixel
    change = np.bincount(start, sign * (pixel + 1 - crossing), rows * LINES * width)
    change += np.bincount(start + 1, sign * (crossing - pixel), rows * LINES * width)
    covered = np.cumsum(change.reshape(rows, LINES, width).mean(axis=1), axis=1)[:, :columns]
    coverage: FloatArray = np.clip(covered, 0, 1)  # the sums of ones and minus ones leave rounding errors
    return coverage


def _crossings(polygons: Sequence[FloatArray], lines: int) -> tuple[IntArray, FloatArray]:
    """Line number and column of every crossing of an edge with a scan line; columns from the first pixel's edge."""
    start = np.concatenate(polygons) + 0.5
    end = np.concatenate([np.roll(polygon, -1, axis=0) for polygon in polygons]) + 0.5
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    # Line n lies at (n + 1/2) / LINES; an edge owns its lower end and not its upper one, so none is counted twice.
    first = np.clip(np.ceil(low * LINES - 0.5), 0, lines).astype(np.int64)
    last = np.clip(np.ceil(high * LINES - 0.5), 0, lines).astype(np.int64)
    count = last - first
    edge = np.repeat(np.arange(len(start)), count)
    line = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    (x, y), (to_x, to_y) = start[edge].T, end[edge].T
    along = ((line + 0.5) / LINES - y) / (to_y - y)
    return line, x + along * (to_x - x)
