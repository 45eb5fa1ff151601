"""Work on many curves a block at a time, so that intermediate arrays stay small."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK_ROWS = 8192
"""Curves in a block: some hundred of float64 values each still fit the processor's cache of some megabytes."""


def row_blocks(count: int, rows: int = BLOCK_ROWS) -> Iterator[slice]:
    """Return the slices that cut ``count`` rows into blocks."""
    for start in range(0, count, rows):
        yield slice(start, min(start + rows, count))
