"""A metabolite ratio of a grid of voxels over the anatomy: a voxel has one colour, one without a value none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.colour_table import colour_bar, colour_table, coloured
from brachyresponse.pictures.perfusion_map_picture import nearest_values
from brachyresponse.pictures.plane import Orientation, SlicePlane
from brachyresponse.pictures.slice_picture import filling_image, grey_image, window_of
from brachyresponse.pictures.voxel_picture import CORNERS, PIXEL_MM, box_in_plane, lesion_outline
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.types import BoolArray, FloatArray

TABLE = "Viridis"
OPACITY = 0.62
SPARE_MM = 12.0
SHOWN_PERCENTILE = 98.0
NO_VALUE = "Crossed voxels were measured, but their ratio is not used; the rest was not measured."


@dataclass(frozen=True, eq=False)
class PicturedRatios:
    """A ratio map on the anatomy.

    Parameters
    ----------
    anatomy
        The image beneath.
    ratios
        [k, j, i], NaN where there is none; its name is the title of the scale.
    refused
        [k, j, i] of the voxels that were fitted but whose ratio is not used.
    lesions
        Outlined, by name.
    shown
        Values at the ends of the scale; None from 0 to the 98th percentile.
    table
        Name of the colour table.
    """

    anatomy: Volume
    ratios: Volume
    refused: BoolArray | None = None
    lesions: Mapping[str, Structure] = field(default_factory=dict)
    shown: tuple[float, float] | None = None
    table: str = TABLE

    @property
    def window(self) -> tuple[float, float]:
        """Values at the ends of the scale."""
        if self.shown is not None:
            return self.shown
        known = self.ratios.values[np.isfinite(self.ratios.values)]
        high = float(np.percentile(known, SHOWN_PERCENTILE)) if known.size else 1.0
        return 0.0, high if high > 0 else 1.0


def ratio_picture(pictured: PicturedRatios, plane: SlicePlane | None = None) -> Markup:
    """Return the map of a view as an SVG element in millimetres; by default the axial one through the grid's middle."""
    plane = plane or grid_plane(pictured)
    anatomy, points = pictured.anatomy, plane.points_mm(PIXEL_MM)
    grey = window_of(anatomy, np.array(plane.centre_mm), plane.width_mm)
    values = sample(anatomy.values, anatomy.grid, points, outside=grey[0])
    pixels = coloured(nearest_values(pictured.ratios, points), pictured.window, colour_table(pictured.table))
    pixels[..., 3] = (pixels[..., 3] * OPACITY).astype(np.uint8)
    return element(
        "svg",
        element("title", f"{pictured.ratios.name}: {plane.title}"),
        grey_image(values, grey, plane),
        filling_image(pixels, plane),
        *_crosses(pictured, plane),
        *(lesion_outline(lesion, plane) for lesion in pictured.lesions.values()),
        annotation(plane, pictured.ratios.name),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def ratio_bar(pictured: PicturedRatios) -> Markup:
    """Return the scale of the map as an SVG element."""
    return colour_bar(pictured.ratios.name, pictured.window, colour_table(pictured.table))


def grid_plane(pictured: PicturedRatios) -> SlicePlane:
    """Return the axial view through the middle of the grid that holds all of it."""
    grid = pictured.ratios.grid
    outer = np.array([np.where(corner < 0, -0.5, np.array(grid.size_ijk) - 0.5) for corner in CORNERS])
    corners = grid.to_ras(outer)
    width, height = (float(np.ceil(size + 2 * SPARE_MM)) for size in np.ptp(corners, axis=0)[:2])
    x, y, z = corners.mean(axis=0).tolist()
    return SlicePlane(Orientation.AXIAL, (x, y, z), max(width, height), max(width, height))


def _crosses(pictured: PicturedRatios, plane: SlicePlane) -> list[Markup]:
    """Return a cross over each refused voxel that the view cuts."""
    if pictured.refused is None:
        return []
    grid = pictured.ratios.grid
    cuts = (
        box_in_plane(grid.to_ras(np.array((i, j, k), float) + CORNERS), plane)
        for k, j, i in np.argwhere(pictured.refused)
    )
    return [_cross(cut.mean(axis=0), 0.12 * float(np.ptp(cut, axis=0).min())) for cut in cuts if len(cut) > 2]


def _cross(middle: FloatArray, reach: float) -> Markup:
    x, y = middle
    lines = f"M{x - reach:.2f} {y - reach:.2f}L{x + reach:.2f} {y + reach:.2f}"
    lines += f"M{x - reach:.2f} {y + reach:.2f}L{x + reach:.2f} {y - reach:.2f}"
    return joined(
        element("path", d=lines, stroke="#000000", stroke_width="1.1", stroke_opacity="0.6"),
        element("path", element("title", "not used"), d=lines, stroke="#ffffff", stroke_width="0.5"),
    )
