"""An image: values and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.errors import GeometryError
from brachyresponse.geometry.grid import Grid
from brachyresponse.types import AnyArray


@dataclass(frozen=True, eq=False)
class Volume:
    """A named 3D image: values [k, j, i] in ``unit`` (as ``HU``, ``Gy``; empty where there is none) on a grid.

    Raises
    ------
    GeometryError
        The values' shape is not the grid's.
    """

    name: str
    values: AnyArray
    grid: Grid
    unit: str = ""

    def __post_init__(self) -> None:
        if self.values.shape != self.grid.shape_kji:
            raise GeometryError(
                f"Volume {self.name!r} has shape {self.values.shape}, its grid {self.grid.shape_kji}: they must agree."
            )
