"""Memory that a dose computation needs, asked before anything is allocated."""

from __future__ import annotations

from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid

MEMORY_LIMIT_MB = 4096.0
WORK_SPACE_MB = 250.0
BYTES_PER_VOXEL = 4
BYTES_PER_MB = 1e6


def required_memory_mb(grid: Grid) -> float:
    """Return the memory, MB, that the dose on a grid takes: the float32 result and the work space."""
    return grid.voxel_count * BYTES_PER_VOXEL / BYTES_PER_MB + WORK_SPACE_MB


def check_memory(grid: Grid, *, limit_mb: float = MEMORY_LIMIT_MB) -> None:
    """Refuse a grid whose dose would not fit.

    Raises
    ------
    DoseError
        More than ``limit_mb`` would be needed.
    """
    needed_mb = required_memory_mb(grid)
    if needed_mb > limit_mb:
        raise DoseError(
            f"The dose on {grid.describe()} would take {needed_mb:,.0f} MB, the limit is {limit_mb:,.0f} MB: "
            "choose a larger spacing or a smaller region."
        )
