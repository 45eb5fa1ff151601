"""The voxel of a spectroscopy measurement on the anatomy: its oblique outline, the lesion's, and their share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from brachyresponse.geometry import Grid, Structure, Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.plane import SlicePlane, planes_through
from brachyresponse.pictures.slice_picture import grey_image, level_path, window_of
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import FloatArray

PIXEL_MM = 0.5
LESION_COLOUR, VOXEL_COLOUR = "#ffd60a", "#52e0ff"
SPARE, LEAST_WIDTH_MM = 2.4, 60.0
CORNERS = np.array([(i, j, k) for k in (-0.5, 0.5) for j in (-0.5, 0.5) for i in (-0.5, 0.5)])
EDGES = tuple((a, b) for a, b in combinations(range(8), 2) if np.abs(CORNERS[a] - CORNERS[b]).sum() == 1)


@dataclass(frozen=True, eq=False)
class PicturedVoxel:
    """A voxel on the anatomy.

    Parameters
    ----------
    anatomy
        The image beneath.
    grid, voxel
        Of the spectra, and which voxel (i, j, k) of it.
    lesions
        Outlined, by name.
    share
        Of the voxel that is lesion, 0 to 1, by the name of the lesion.
    """

    anatomy: Volume
    grid: Grid
    voxel: tuple[int, int, int] = (0, 0, 0)
    lesions: Mapping[str, Structure] = field(default_factory=dict)
    share: Mapping[str, float] = field(default_factory=dict)

    @property
    def corners_mm(self) -> FloatArray:
        """The voxel's eight corners in RAS, (8, 3)."""
        return self.grid.to_ras(np.array(self.voxel, float) + CORNERS)

    @property
    def caption(self) -> str:
        """Size of the voxel, and how much of it each lesion fills."""
        size = " × ".join(f"{side:.0f}" for side in self.grid.spacing_ijk_mm)
        shares = "; ".join(f"{100 * share:.0f} % of it is {name}" for name, share in self.share.items())
        return f"Voxel of {size} mm ({self.grid.voxel_cc:.1f} mL){f': {shares}' if shares else ''}."


def voxel_pictures(pictured: PicturedVoxel) -> tuple[Markup, ...]:
    """Return the axial, coronal and sagittal view through the voxel's middle as SVG elements in millimetres."""
    corners = pictured.corners_mm
    size_mm = max(LEAST_WIDTH_MM, SPARE * float(np.ptp(corners, axis=0).max()))
    return tuple(voxel_picture(pictured, plane) for plane in planes_through(corners.mean(axis=0), size_mm))


def voxel_picture(pictured: PicturedVoxel, plane: SlicePlane) -> Markup:
    """Return one view as an SVG element in millimetres."""
    window = window_of(pictured.anatomy, np.array(plane.centre_mm), plane.width_mm)
    points = plane.points_mm(PIXEL_MM)
    values = sample(pictured.anatomy.values, pictured.anatomy.grid, points, outside=window[0])
    return element(
        "svg",
        element("title", f"{plane.title}. {pictured.caption}"),
        grey_image(values, window, plane),
        *(lesion_outline(lesion, plane) for lesion in pictured.lesions.values()),
        outlined(box_in_plane(pictured.corners_mm, plane), VOXEL_COLOUR, name="voxel"),
        annotation(plane),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def box_in_plane(corners_mm: FloatArray, plane: SlicePlane) -> FloatArray:
    """Return where a box with eight corners (in the order of ``CORNERS``) is cut by a plane.

    Returns
    -------
    FloatArray
        (N, 2) corners of the polygon, in picture coordinates, in order; (0, 2) where the plane misses the box.
    """
    projected = plane.project(corners_mm)
    crossings = []
    for a, b in EDGES:
        start, end = projected[a], projected[b]
        if (start[2] < 0) != (end[2] < 0):
            crossings.append(start[:2] + (end - start)[:2] * start[2] / (start[2] - end[2]))
    if not crossings:
        return np.empty((0, 2))
    polygon = np.array(crossings)
    from_middle = polygon - polygon.mean(axis=0)
    order = np.argsort(np.arctan2(from_middle[:, 1], from_middle[:, 0]))
    ordered: FloatArray = polygon[order]  # a box is convex, so that its cut is, too
    return ordered


def lesion_outline(lesion: Structure, plane: SlicePlane) -> Markup:
    """Return the outline of a lesion in a view."""
    points = plane.points_mm(PIXEL_MM)
    scale = np.array([plane.width_mm / points.shape[1], plane.height_mm / points.shape[0]])
    path = level_path(sample(lesion.occupancy, lesion.grid, points), 0.5, scale)
    return _line(path, LESION_COLOUR, lesion.name) if path else NOTHING


def outlined(polygon: FloatArray, colour: str, *, name: str = "") -> Markup:
    """Return a closed polygon (N, 2) in picture coordinates; nothing for fewer than three corners."""
    if len(polygon) < 3:
        return NOTHING
    return _line("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in polygon) + "Z", colour, name)


def _line(path: str, colour: str, name: str) -> Markup:
    line = {"d": path, "fill": "none", "stroke_linejoin": "round"}
    return joined(
        element("path", **line, stroke="#000000", stroke_width="1.3", stroke_opacity="0.55"),
        element("path", element("title", name), **line, stroke=colour, stroke_width="0.7"),
    )
