"""The key image of a lesion: the slice that was measured, its outline, and the two diameters with their lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.plane import Orientation, SlicePlane
from brachyresponse.pictures.slice_picture import grey_image, window_of
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from brachyresponse.response.measurement import LesionMeasurement

PIXEL_MM = 0.5
SPARE = 2.1
"""Width of the view over the longest diameter."""
LEAST_WIDTH_MM = 40.0
OUTLINE_COLOUR, LONGEST_COLOUR, PERPENDICULAR_COLOUR = "#ffd60a", "#52e0ff", "#ff8bd1"
LEAST_SLOPE = 1e-6


@dataclass(frozen=True)
class MeasuredPlane(SlicePlane):
    """The plane that a lesion was measured in, tilted as its scan was: unit vectors in RAS."""

    towards_right: tuple[float, float, float]
    towards_bottom: tuple[float, float, float]

    @property
    def right(self) -> FloatArray:
        """Unit vector in RAS towards the picture's right edge."""
        return np.array(self.towards_right, float)

    @property
    def down(self) -> FloatArray:
        """Unit vector in RAS towards the picture's bottom edge."""
        return np.array(self.towards_bottom, float)


def lesion_picture(volume: Volume, measured: LesionMeasurement, *, title: str = "") -> Markup:
    """Return the slice as an SVG element in millimetres, seen as a radiologist sees that plane; nothing without places.

    Parameters
    ----------
    volume
        The scan that the lesion was measured on.
    measured
        Its diameters; one that was typed in has no places, and no picture.
    title
        Written into the upper left corner.
    """
    plane = measured_plane(measured)
    if plane is None:
        return NOTHING
    window = window_of(volume, np.array(plane.centre_mm), plane.width_mm)
    values = sample(volume.values, volume.grid, plane.points_mm(PIXEL_MM), outside=window[0])
    return element(
        "svg",
        element("title", f"{title}: {plane.title}" if title else plane.title),
        grey_image(values, window, plane),
        _outline(measured.outline_ras_mm, plane),
        _diameter(measured.perpendicular_ras_mm, plane, PERPENDICULAR_COLOUR),
        _diameter(measured.longest_ras_mm, plane, LONGEST_COLOUR),
        annotation(plane, title),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def measured_plane(measured: LesionMeasurement) -> MeasuredPlane | None:
    """Return a square view in the plane of both diameters, round the longest; None where its places are not known."""
    if measured.longest_ras_mm is None:
        return None
    ends = np.asarray(measured.longest_ras_mm, float)
    normal = _normal(ends, measured.perpendicular_ras_mm)
    standards = [SlicePlane(orientation, (0.0, 0.0, 0.0), 1.0, 1.0) for orientation in Orientation]
    standard = max(standards, key=lambda plane: abs(float(plane.normal @ normal)))
    right = standard.right - (standard.right @ normal) * normal
    right /= np.linalg.norm(right)
    down = np.cross(normal if standard.normal @ normal > 0 else -normal, right)
    x, y, z = ends.mean(axis=0).tolist()
    size = max(LEAST_WIDTH_MM, SPARE * float(np.linalg.norm(ends[1] - ends[0])))
    return MeasuredPlane(standard.orientation, (x, y, z), size, size, _triple(right), _triple(down))


def _normal(longest: FloatArray, perpendicular: AnyArray | None) -> FloatArray:
    """Return the unit normal of the plane of both diameters; of the longest alone, that of the axial-most plane."""
    along = longest[1] - longest[0]
    across = np.zeros(3) if perpendicular is None else np.asarray(perpendicular[1] - perpendicular[0], float)
    if np.linalg.norm(np.cross(along, across)) < LEAST_SLOPE:
        unit = along / np.linalg.norm(along)
        up = np.eye(3)[int(np.argmin(np.abs(unit[[2, 1, 0]])))][::-1]
        normal = up - (up @ unit) * unit
    else:
        normal = np.cross(along, across)
    unit_normal: FloatArray = normal / np.linalg.norm(normal)
    return unit_normal


def _outline(loops_mm: Sequence[FloatArray], plane: MeasuredPlane) -> Markup:
    """Return the closed loops of the slice measured."""
    loops = ("L".join(f"{x:.2f} {y:.2f}" for x, y, _ in plane.project(loop)) for loop in loops_mm if len(loop))
    steps = "".join(f"M{loop}Z" for loop in loops)
    if not steps:
        return NOTHING
    line = {"d": steps, "fill": "none", "stroke_linejoin": "round"}
    return joined(
        element("path", **line, stroke="#000000", stroke_width="0.7", stroke_opacity="0.5"),
        element("path", **line, stroke=OUTLINE_COLOUR, stroke_width="0.4"),
    )


def _diameter(ends_mm: AnyArray | None, plane: MeasuredPlane, colour: str) -> Markup:
    """Return a diameter with its length beside its end that is nearer to the picture's lower right."""
    if ends_mm is None:
        return NOTHING
    ends = plane.project(ends_mm)[:, :2]
    length = float(np.linalg.norm(np.diff(np.asarray(ends_mm, float), axis=0)))
    (x1, y1), (x2, y2) = ends
    place = {"x1": f"{x1:.2f}", "y1": f"{y1:.2f}", "x2": f"{x2:.2f}", "y2": f"{y2:.2f}"}
    size = plane.width_mm / 20
    end, middle = ends[int(np.argmax(ends.sum(axis=1)))], ends.mean(axis=0)
    x, y = end + (end - middle) / np.linalg.norm(end - middle) * 0.5 * size
    written = {"x": f"{x:.2f}", "y": f"{y + 0.35 * size:.2f}", "font_size": f"{size:.2f}", "fill": colour}
    anchor = "start" if end[0] >= middle[0] else "end"
    halo = {"stroke": "#000000", "stroke_width": f"{0.25 * size:.2f}", "paint_order": "stroke"}
    return joined(
        element("line", **place, stroke="#000000", stroke_width="0.8", stroke_opacity="0.5"),
        element("line", **place, stroke=colour, stroke_width="0.45"),
        element("text", f"{length:.1f} mm", **written, **halo, text_anchor=anchor),
    )


def _triple(vector: FloatArray) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z
