"""A schematic neck with a lymph node beside the great vessels, in RAS mm; the node lies on the right."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.digital_patient.shapes import Ellipsoid, Point, Shape, Tube

NODE_CENTRE: Point = (41.0, 4.0, 0.0)
LOW_MM, HIGH_MM = -90.0, 90.0
VERTEBRA_MM = 19.0
"""From the middle of a vertebra to the middle of the next."""


def neck_painting() -> Iterator[tuple[str, Shape]]:
    """Yield tissues and shapes of the neck without the node, in the order in which they cover one another."""
    yield "fat", Ellipsoid((0, 0, 0), (67, 61, 320))
    yield "muscle", Ellipsoid((0, -4, 0), (58, 52, 300))
    yield "air", _upright((0, 34), 8.5)
    for number in range(-4, 5):
        yield "bone", Ellipsoid((0, -12, number * VERTEBRA_MM), (14, 12, 8), fold_depth_mm=0.5)
        yield "bone", Ellipsoid((0, -44, number * VERTEBRA_MM - 4), (3, 9, 5))
    yield "cord", _upright((0, -30), 7.5)
    for side in (-1, 1):
        yield "fat", Ellipsoid((side * 38, 5, 0), (15, 20, 60))
        yield "vessel", _upright((side * 25, 14), 3.2)
        yield "vessel", _upright((side * 31, 20), 4.5)
        yield "muscle", Tube(((side * 34, 40, LOW_MM), (side * 46, 24, 0), (side * 50, -6, HIGH_MM)), 7.0)


def _upright(place: tuple[float, float], radius_mm: float) -> Tube:
    x, y = place
    return Tube(((x, y, LOW_MM), (x + 1.5, y - 3, 0), (x, y, HIGH_MM)), radius_mm)
