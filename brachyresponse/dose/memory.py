"""Memory that a dose computation needs, asked before anything is allocated."""

from __future__ import annotations

from brachyresponse.errors import DoseError
from brachyresponse.geometry import Grid

MEMORY_LIMIT_MB = 4096.0
WORK_SPACE_MB = 250.0
BYTES_PER_VOXEL = 4
BYTES_PER_MB = 1e6


def required_memory_mb(grid: Grid, *, bytes_per_voxel: int = BYTES_PER_VOXEL) -> float:
    """Return the memory, MB, that the dose on a grid takes: the result, by default float32, and the work space."""
    return grid.voxel_count * bytes_per_voxel / BYTES_PER_MB + WORK_SPACE_MB


def check_memory(grid: Grid, *, bytes_per_voxel: int = BYTES_PER_VOXEL) -> None:
    """Refuse a grid whose dose would not fit, before anything is allocated.

    Raises
    ------
    DoseError
        More than ``MEMORY_LIMIT_MB`` would be needed.
    """
    needed_mb = required_memory_mb(grid, bytes_per_voxel=bytes_per_voxel)
    if needed_mb > MEMORY_LIMIT_MB:
        raise DoseError(
            f"The dose on {grid.describe()} would take {needed_mb:,.0f} MB, the limit is {MEMORY_LIMIT_MB:,.0f} MB: "
            "choose a larger spacing or a smaller region."
        )
