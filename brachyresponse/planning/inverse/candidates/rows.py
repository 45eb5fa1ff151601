"""Rows of places for seeds along needles: the depths at which seeds may lie, before any rule is asked."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.types import FloatArray, IntArray

ROUNDING_MM = 1e-6
NO_PLACE = np.nan


def centred_rows(first_mm: FloatArray, last_mm: FloatArray, spacing_mm: float) -> FloatArray:
    """Return depths (N, K) of rows at a spacing, each in the middle between two depths (N,); NaN beyond its end."""
    steps = np.floor((last_mm - first_mm + ROUNDING_MM) / spacing_mm)
    start = (first_mm + last_mm - steps * spacing_mm) / 2
    return _rows(start, steps, spacing_mm)


def plane_rows(first_mm: FloatArray, last_mm: FloatArray, plane_mm: FloatArray, spacing_mm: float) -> FloatArray:
    """Return depths (N, K) of rows at a spacing between two depths (N,), in step with ``plane_mm`` (N,)."""
    start = plane_mm + np.ceil((first_mm - plane_mm - ROUNDING_MM) / spacing_mm) * spacing_mm
    steps = np.floor((last_mm - start + ROUNDING_MM) / spacing_mm)
    return _rows(start, steps, spacing_mm)


def row_round(taken_mm: ArrayLike, first_mm: float, last_mm: float, spacing_mm: float) -> FloatArray:
    """Return the depths (K,) between two depths at which seeds fit round seeds that are there already (M,), rising.

    They keep the spacing from every seed that is there, and are counted from the nearest one before or behind.
    """
    taken = np.sort(np.asarray(taken_mm, float))
    before = np.arange(taken[0] - spacing_mm, first_mm - ROUNDING_MM, -spacing_mm)[::-1]
    behind = np.arange(taken[-1] + spacing_mm, last_mm + ROUNDING_MM, spacing_mm)
    gaps = [
        np.arange(lower + spacing_mm, upper - spacing_mm + ROUNDING_MM, spacing_mm) for lower, upper in pairwise(taken)
    ]
    row = np.concatenate([before, *gaps, behind])
    inside: FloatArray = row[(row >= first_mm - ROUNDING_MM) & (row <= last_mm + ROUNDING_MM)]
    return inside


def stacked_rows(rows: list[FloatArray]) -> FloatArray:
    """Return rows of different length as one array (N, K), NaN beyond their ends."""
    stacked = np.full((len(rows), max((len(row) for row in rows), default=0)), NO_PLACE)
    for number, row in enumerate(rows):
        stacked[number, : len(row)] = row
    return stacked


def runs_of(needle: ArrayLike, depth_mm: FloatArray, spacing_mm: float) -> IntArray:
    """Return the number of the gapless run that each place belongs to, (P,), for places in order of needle and depth.

    A strand is a stretch of one run.
    """
    needle = np.asarray(needle)
    follows = (np.diff(needle) == 0) & (np.diff(depth_mm) <= spacing_mm * (1 + 1e-6))
    runs: IntArray = np.concatenate([[0], np.cumsum(~follows)])[: len(needle)]
    return runs


def _rows(start_mm: FloatArray, steps: FloatArray, spacing_mm: float) -> FloatArray:
    count = int(np.max(steps, initial=-1)) + 1
    index = np.arange(count)
    depth_mm: FloatArray = start_mm[:, None] + index * spacing_mm
    return np.where(index <= steps[:, None], depth_mm, NO_PLACE)
