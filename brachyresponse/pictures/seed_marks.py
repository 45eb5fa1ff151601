"""Seeds, the places where they should be, and arrows between the two, as marks on a flat view."""

from __future__ import annotations

import numpy as np

from brachyresponse.pictures.annotation import SHADOW
from brachyresponse.pictures.colours import ARROW_COLOUR, REFERENCE_COLOUR, SEED_COLOUR
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.report.markup import Markup, element
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

SLAB_MM = 2.5
SEED_LENGTH_MM, SEED_DIAMETER_MM = 4.5, 0.8
SHORTEST_ARROW_MM = 0.6
HEAD_MM = 1.1
NUMBER_SIZE_MM, NUMBER_GAP_MM = 2.6, 0.9


def seed_bodies(seeds: Seeds, plane: SlicePlane, slab_mm: float = SLAB_MM) -> list[Markup]:
    """Return the seeds whose centres lie within a slab round the view, filled, at their size."""
    drawn = []
    for number, (start, end) in _ends(seeds, plane, slab_mm):
        title = element("title", f"seed {number} at {(start[0] + end[0]) / 2:.1f}, {(start[1] + end[1]) / 2:.1f} mm")
        edge = _bar(start, end, "#000000", 1.2)
        drawn.append(element("g", title, edge, _bar(start, end, SEED_COLOUR, SEED_DIAMETER_MM)))
    return drawn


def seed_outlines(
    seeds: Seeds,
    plane: SlicePlane,
    slab_mm: float = SLAB_MM,
    name: str = "planned seed",
    colour: str = REFERENCE_COLOUR,
) -> list[Markup]:
    """Return the seeds whose centres lie within a slab round the view as hollow outlines wider than a seed."""
    drawn = []
    for number, (start, end) in _ends(seeds, plane, slab_mm):
        along = end - start
        length = float(np.hypot(*along))
        radius = SEED_DIAMETER_MM
        middle = (start + end) / 2
        box = {"x": f"{-length / 2 - radius:.2f}", "y": f"{-radius:.2f}", "rx": f"{radius}"}
        size = {"width": f"{length + 2 * radius:.2f}", "height": f"{2 * radius:.2f}"}
        place = f"translate({middle[0]:.2f} {middle[1]:.2f}) rotate({np.degrees(np.arctan2(along[1], along[0])):.1f})"
        look = {"fill": "none", "stroke": colour, "stroke_width": "0.3"}
        drawn.append(element("rect", element("title", f"{name} {number}"), **box, **size, **look, transform=place))
    return drawn


def seed_numbers(seeds: Seeds, plane: SlicePlane, slab_mm: float = SLAB_MM) -> list[Markup]:
    """Return the numbers of the seeds near the view, counted from 1, beside them."""
    drawn = []
    for number, (start, end) in _ends(seeds, plane, slab_mm):
        x, y = np.maximum(start, end)[0] + NUMBER_GAP_MM, (start[1] + end[1]) / 2
        place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "font_size": f"{NUMBER_SIZE_MM}", "fill": SEED_COLOUR}
        drawn.append(element("text", number, **place, **SHADOW, stroke_width="0.6", class_="seed-number"))
    return drawn


def displacement_arrows(arrows_mm: FloatArray, plane: SlicePlane, slab_mm: float = SLAB_MM) -> list[Markup]:
    """Return arrows (N, 2, 3), tail and tip in RAS mm, of which an end lies within a slab round the view.

    What would be shorter than 0.6 mm in the view is left out: it would hide the seed.
    """
    drawn = []
    for tail, tip in plane.project(arrows_mm):
        along = (tip - tail)[:2]
        length = float(np.hypot(*along))
        if min(abs(tail[2]), abs(tip[2])) > slab_mm or length < SHORTEST_ARROW_MM:
            continue
        drawn.append(_arrow(tail[:2], tip[:2], along / length, min(HEAD_MM, 0.6 * length)))
    return drawn


def _arrow(tail: FloatArray, tip: FloatArray, along: FloatArray, head: float) -> Markup:
    across = 0.5 * head * np.array([-along[1], along[0]])
    neck = tip - head * along
    corners = " ".join(f"{x:.2f},{y:.2f}" for x, y in (tip, neck + across, neck - across))
    shaft = _bar(tail, neck, ARROW_COLOUR, 0.35, cap="butt")
    return element("g", element("title", "displacement"), shaft, element("polygon", points=corners, fill=ARROW_COLOUR))


def _ends(seeds: Seeds, plane: SlicePlane, slab_mm: float) -> list[tuple[int, tuple[FloatArray, FloatArray]]]:
    """Return number and ends in the view of the seeds near it; of one seen end on the ends differ by a hair."""
    centres = plane.project(seeds.positions_mm)
    ends = plane.project(seeds.positions_mm + seeds.directions * SEED_LENGTH_MM / 2)
    near = []
    for number, (centre, end) in enumerate(zip(centres, ends, strict=True), start=1):
        half = (end - centre)[:2]
        if abs(centre[2]) <= slab_mm:
            near.append((number, (centre[:2] - half, centre[:2] + half + [1e-3, 1e-3])))  # a dot is still drawn
    return near


def _bar(start: FloatArray, end: FloatArray, colour: str, width: float, *, cap: str = "round") -> Markup:
    ends = {"x1": f"{start[0]:.3f}", "y1": f"{start[1]:.3f}", "x2": f"{end[0]:.3f}", "y2": f"{end[1]:.3f}"}
    return element("line", **ends, stroke=colour, stroke_width=f"{width:g}", stroke_linecap=cap)
