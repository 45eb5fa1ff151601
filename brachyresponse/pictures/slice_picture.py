"""A slice of the patient as SVG: anatomy, outlines of structures, isodose lines, needles and seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.pictures.colours import NEEDLE_COLOUR, SEED_COLOUR, IsodoseLevel, Style
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.pictures.png import png_bytes
from brachyresponse.pictures.surfaces import level_lines
from brachyresponse.planning.needles import Needle
from brachyresponse.report.markup import Markup, data_uri, element, joined
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray, FloatArray

PIXEL_MM = 0.4
SLAB_MM = 2.5
SEED_LENGTH_MM, SEED_DIAMETER_MM = 4.5, 0.8
FONT_FAMILY = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
SHADOW = {"stroke": "#000000", "stroke_opacity": "0.75", "paint_order": "stroke", "stroke_linejoin": "round"}


@dataclass(frozen=True, eq=False)
class PicturedImplant:
    """What is drawn of an implant: its structures with their styles, dose and levels, needles and seeds."""

    anatomy: Volume
    structures: Mapping[str, Structure]
    styles: Mapping[str, Style]
    target: str
    dose: Volume
    levels: Sequence[IsodoseLevel]
    seeds: Seeds = field(default_factory=Seeds.none)
    needles: Sequence[Needle] = ()
    window: tuple[float, float] | None = None
    """Grey values shown black and white; by default from the anatomy round the target."""


def slice_picture(implant: PicturedImplant, plane: SlicePlane) -> Markup:
    """Return one slice as an SVG element in millimetres, at true aspect, resampled from any orientation.

    Seeds and needles are drawn where they lie within 2.5 mm of the slice.
    """
    points = plane.points_mm(PIXEL_MM)
    scale = np.array([plane.width_mm / points.shape[1], plane.height_mm / points.shape[0]])
    return element(
        "svg",
        element("title", plane.title),
        _anatomy(implant, points, plane),
        *(_outline(implant, name, points, scale) for name in implant.structures),
        *(_isodose(implant, level, points, scale) for level in reversed(implant.levels)),
        *(_needle(needle, plane) for needle in implant.needles),
        *_seeds(implant.seeds, plane),
        _annotation(plane),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def window_of(anatomy: Volume, centre_mm: FloatArray, size_mm: float) -> tuple[float, float]:
    """Return the grey values to show black and white, from the anatomy within a cube round a position.

    Soft tissue (-160 to 240 HU) for a CT; else the 1st to the 99.5th percentile.
    """
    if anatomy.unit == "HU":
        return -160.0, 240.0
    steps = np.linspace(-size_mm / 2, size_mm / 2, 41)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1) + centre_mm
    values = sample(anatomy.values, anatomy.grid, cube[anatomy.grid.contains(cube)])
    if not values.size:
        return 0.0, 1.0
    low, high = np.percentile(values, [1, 99.5])
    return float(low), float(high if high > low else low + 1)


def _anatomy(implant: PicturedImplant, points: FloatArray, plane: SlicePlane) -> Markup:
    low, high = implant.window or window_of(implant.anatomy, np.array(plane.centre_mm), plane.width_mm)
    values = sample(implant.anatomy.values, implant.anatomy.grid, points, outside=low)
    grey = np.clip((values - low) / (high - low), 0, 1) * 255
    return element(
        "image",
        width=f"{plane.width_mm:g}",
        height=f"{plane.height_mm:g}",
        href=data_uri(png_bytes(np.rint(grey).astype(np.uint8))),
    )


def _outline(implant: PicturedImplant, name: str, points: FloatArray, scale: FloatArray) -> Markup:
    structure, style = implant.structures[name], implant.styles[name]
    share = sample(structure.occupancy, structure.grid, points)
    is_target = name == implant.target
    return element(
        "path",
        element("title", name),
        d=_path(share, 0.5, scale),
        fill=style.colour,
        fill_opacity="0.16" if is_target else "0.08",
        fill_rule="evenodd",
        stroke=style.colour,
        stroke_width="0.9" if is_target else "0.6",
    )


def _isodose(implant: PicturedImplant, level: IsodoseLevel, points: FloatArray, scale: FloatArray) -> Markup:
    dose_gy = sample(implant.dose.values, implant.dose.grid, points)
    return element(
        "path",
        element("title", level.label),
        d=_path(dose_gy, level.dose_gy, scale),
        fill="none",
        stroke=level.colour,
        stroke_width="0.65" if level.is_prescription else "0.35",
    )


def _path(values: AnyArray, level: float, scale: FloatArray) -> str:
    """Return the lines of equal value as an SVG path in mm; a line that closes is closed."""
    steps = []
    for line in level_lines(values, level):
        xy = (line + 0.5) * scale
        steps.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in xy))
        if np.allclose(xy[0], xy[-1]):
            steps.append("Z")
    return "".join(steps)


def _needle(needle: Needle, plane: SlicePlane) -> Markup:
    """Return the part of a needle near the slice: a line, or a ring where it passes straight through."""
    part = _within_slab(plane.project([needle.entry_mm, needle.tip_mm]))
    if part is None:
        return Markup()
    (x1, y1, _), (x2, y2, _) = part
    title = element("title", f"needle {needle.label}")
    if np.hypot(x2 - x1, y2 - y1) < 2 * SEED_DIAMETER_MM:
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        ring = {"fill": "none", "stroke": NEEDLE_COLOUR, "stroke_width": "0.3"}
        return element("circle", title, cx=f"{x:.2f}", cy=f"{y:.2f}", r="1.1", **ring)
    ends = {"x1": f"{x1:.2f}", "y1": f"{y1:.2f}", "x2": f"{x2:.2f}", "y2": f"{y2:.2f}"}
    return element("line", title, **ends, stroke=NEEDLE_COLOUR, stroke_width="0.3", stroke_dasharray="1.5 0.8")


def _within_slab(ends: FloatArray) -> FloatArray | None:
    """Return the part of a segment (2, 3) whose depth lies within the slab, or None."""
    start, along = ends[0], ends[1] - ends[0]
    if abs(along[2]) < 1e-9:
        return ends if abs(start[2]) <= SLAB_MM else None
    first, last = sorted(((-SLAB_MM - start[2]) / along[2], (SLAB_MM - start[2]) / along[2]))
    first, last = max(first, 0.0), min(last, 1.0)
    return None if first > last else np.stack([start + first * along, start + last * along])


def _seeds(seeds: Seeds, plane: SlicePlane) -> list[Markup]:
    centres = plane.project(seeds.positions_mm)
    ends = plane.project(seeds.positions_mm + seeds.directions * SEED_LENGTH_MM / 2)
    drawn = []
    for number, (centre, end) in enumerate(zip(centres, ends, strict=True), start=1):
        if abs(centre[2]) > SLAB_MM:
            continue
        (x, y), half = centre[:2], end[:2] - centre[:2]
        body = {"stroke": SEED_COLOUR, "stroke_width": f"{SEED_DIAMETER_MM}", "stroke_linecap": "round"}
        (x1, y1), (x2, y2) = centre[:2] - half, centre[:2] + half + 1e-3  # a seed seen end on is still a dot
        line = {"x1": f"{x1:.3f}", "y1": f"{y1:.3f}", "x2": f"{x2:.3f}", "y2": f"{y2:.3f}"}
        edge = element("line", **line, **body | {"stroke": "#000000", "stroke_width": "1.2"})
        seed = element("line", **line, **body)
        drawn.append(element("g", element("title", f"seed {number} at {x:.1f}, {y:.1f} mm"), edge, seed))
    return drawn


def _annotation(plane: SlicePlane) -> Markup:
    """Return orientation letters, slice position and scale bar, sized with the picture."""
    w, h, size = plane.width_mm, plane.height_mm, plane.width_mm / 24
    left, right, top, bottom = tuple(plane.edge_letters)
    margin = 0.35 * size
    places = (
        (left, margin, h / 2, "start"),
        (right, w - margin, h / 2, "end"),
        (top, w / 2, margin + 0.8 * size, "middle"),
        (bottom, w / 2, h - margin, "middle"),
    )
    letters = [_text(letter, x, y, size, anchor=anchor) for letter, x, y, anchor in places]
    title = _text(plane.title, margin, margin + 0.7 * size, 0.8 * size)
    return joined(*letters, title, _scale_bar(plane, size))


def _scale_bar(plane: SlicePlane, size: float) -> Markup:
    bar_mm = 20 if plane.width_mm >= 80 else 10
    x2, y = plane.width_mm - 0.5 * size, plane.height_mm - 0.5 * size
    ends = {"x1": f"{x2 - bar_mm:.2f}", "x2": f"{x2:.2f}", "y1": f"{y:.2f}", "y2": f"{y:.2f}"}
    bar = joined(
        element("line", **ends, stroke="#000000", stroke_width="1.1"),
        element("line", **ends, stroke="#ffffff", stroke_width="0.6"),
    )
    return joined(bar, _text(f"{bar_mm} mm", x2 - bar_mm / 2, y - 0.35 * size, 0.7 * size, anchor="middle"))


def _text(text: str, x: float, y: float, size: float, *, anchor: str = "start") -> Markup:
    place = {"x": f"{x:.2f}", "y": f"{y:.2f}", "text_anchor": anchor, "font_size": f"{size:.2f}", "fill": "#ffffff"}
    return element("text", text, **place, **SHADOW, stroke_width=f"{0.22 * size:.2f}")
