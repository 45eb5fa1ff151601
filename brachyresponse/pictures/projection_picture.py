"""Metal of an implant CT seen through the patient: maximum intensity projections with the seeds drawn over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brachyresponse.geometry import Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.pictures.seed_marks import displacement_arrows, seed_outlines
from brachyresponse.pictures.slice_picture import grey_image
from brachyresponse.report.markup import Markup, element
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray, FloatArray

PIXEL_MM, STEP_MM = 0.5, 0.6
WINDOW_HU = (-100.0, 2500.0)
"""Wide: seeds reach thousands of HU, bone about 1500."""
FOUND_COLOUR = "#ffd60a"
NO_ARROWS = np.empty((0, 2, 3))


def projection_picture(
    ct: Volume, plane: SlicePlane, found: Seeds, *, reference: Seeds | None = None, arrows_mm: FloatArray = NO_ARROWS
) -> Markup:
    """Return the largest values along the line of sight as an SVG element, with the outlines of the found seeds.

    Parameters
    ----------
    ct
        The implant CT, HU.
    plane
        The middle of the box that is looked through; it is as deep as the view is wide.
    found
        Outlined in yellow, so that the metal inside is seen.
    reference
        Planned or true seeds, outlined in blue.
    arrows_mm
        (N, 2, 3), from the reference to what was found.
    """
    depth_mm = plane.width_mm / 2
    marks = seed_outlines(reference, plane, depth_mm, "reference seed") if reference is not None else []
    return element(
        "svg",
        element("title", f"{_title(plane)}, {found.count} seeds found"),
        grey_image(projection(ct, plane), WINDOW_HU, plane),
        *marks,
        *seed_outlines(found, plane, depth_mm, "found seed", FOUND_COLOUR),
        *displacement_arrows(arrows_mm, plane, depth_mm),
        annotation(plane, _title(plane)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def projection(ct: Volume, plane: SlicePlane) -> AnyArray:
    """Return the largest value along the line of sight through a box round a view, (rows, columns)."""
    points = plane.points_mm(PIXEL_MM)
    highest = np.full(points.shape[:2], WINDOW_HU[0])
    half = plane.width_mm / 2
    for depth in np.arange(-half, half + STEP_MM, STEP_MM):
        layer = sample(ct.values, ct.grid, points + depth * plane.normal, outside=WINDOW_HU[0])
        np.maximum(highest, layer, out=highest)
    return highest


def square_round(plane: SlicePlane, size_mm: float) -> SlicePlane:
    """Return a view of the same orientation and centre with another size."""
    return replace(plane, width_mm=size_mm, height_mm=size_mm)


def _title(plane: SlicePlane) -> str:
    return f"{plane.orientation.capitalize()} projection"
