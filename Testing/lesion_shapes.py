"""The shapes of the geometry anchors, laid on pixels of any size at any rotation; and what is inside them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brachyresponse.geometry import Grid
from reference import REFERENCE

ANCHORS = REFERENCE / "response" / "geometry_anchors.json"
NAMES = ("disc", "ellipse", "rectangle", "L", "annulus")
FIELD_MM = 64.0


@cache
def anchor(name: str) -> dict[str, Any]:
    shapes = json.loads(ANCHORS.read_text(encoding="utf-8"))["shapes"]
    return next(shape for shape in shapes if shape["name"] == name)


def expected_mm(name: str, holes: str = "exclude") -> tuple[float, float]:
    """Longest and perpendicular diameter."""
    prefix = "" if name != "annulus" else {"exclude": "unfilled_", "fill": "filled_"}[holes]
    return anchor(name)[f"{prefix}longest_mm"], anchor(name)[f"{prefix}perpendicular_mm"]


def is_inside(name: str, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
    """Which points lie in a shape; its middle is at (0, 0)."""
    shape = anchor(name)
    if name == "rectangle":
        width, height = shape["sides_mm"]
        return (np.abs(x) <= width / 2) & (np.abs(y) <= height / 2)
    if name == "L":
        x, y = x + 20, y + 20
        return (np.minimum(x, y) >= 0) & (np.maximum(x, y) <= 40) & (np.minimum(x, y) <= 10)
    if name == "annulus":
        return (np.hypot(x, y) <= shape["outer_radius_mm"]) & (np.hypot(x, y) >= shape["inner_radius_mm"])
    a, b = shape.get("semi_axes_mm") or (shape["radius_mm"], shape["radius_mm"])
    return (x / a) ** 2 + (y / b) ** 2 <= 1


def rastered(
    name: str,
    pixel_mm: tuple[float, float],
    angle_deg: float,
    offset_px: tuple[float, float] = (0.0, 0.0),
    parts: int = 1,
) -> NDArray[Any]:
    """Mask of a turned and shifted shape, [row, column]; with parts, the share of each pixel by so many squared."""
    columns, rows = (int(np.ceil(FIELD_MM / size)) for size in pixel_mm)
    along = (np.arange(parts) + 0.5) / parts - 0.5
    x = (((np.arange(columns) - columns / 2 + offset_px[0])[:, None] + along) * pixel_mm[0]).ravel()
    y = (((np.arange(rows) - rows / 2 + offset_px[1])[:, None] + along) * pixel_mm[1]).ravel()
    y, x = np.meshgrid(y, x, indexing="ij")
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    inside = is_inside(name, cosine * x + sine * y, cosine * y - sine * x)
    return inside if parts == 1 else inside.reshape(rows, parts, columns, parts).mean(axis=(1, 3))


def one_slice(pixel_mm: tuple[float, float], shape: tuple[int, int], thickness_mm: float = 5.0) -> Grid:
    """An axial grid of one slice."""
    return Grid((1, *shape), np.diag([pixel_mm[0], pixel_mm[1], thickness_mm, 1.0]))
