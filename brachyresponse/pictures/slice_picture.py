"""A slice of the patient as SVG: anatomy, outlines of structures, isodose lines, needles and seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.colours import NEEDLE_COLOUR, IsodoseLevel, Style
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.pictures.png import png_bytes
from brachyresponse.pictures.seed_marks import (
    SEED_DIAMETER_MM,
    SLAB_MM,
    displacement_arrows,
    seed_bodies,
    seed_numbers,
    seed_outlines,
)
from brachyresponse.pictures.surfaces import level_lines
from brachyresponse.planning.needles import Needle
from brachyresponse.report.markup import Markup, data_uri, element
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray, FloatArray

PIXEL_MM = 0.4


@dataclass(frozen=True, eq=False)
class PicturedImplant:
    """What is drawn of an implant: its structures with their styles, dose and levels, needles and seeds.

    ``reference`` are seeds to compare with, planned or true ones, drawn hollow; ``arrows_mm`` (N, 2, 3) lead from them
    to the seeds.
    """

    anatomy: Volume
    structures: Mapping[str, Structure]
    styles: Mapping[str, Style]
    target: str
    dose: Volume
    levels: Sequence[IsodoseLevel]
    seeds: Seeds = field(default_factory=Seeds.none)
    needles: Sequence[Needle] = ()
    reference: Seeds = field(default_factory=Seeds.none)
    arrows_mm: FloatArray = field(default_factory=lambda: np.empty((0, 2, 3)))
    reference_name: str = "planned"
    numbered: bool = False
    """Write the seeds' numbers beside them, as in a table that is read along."""
    window: tuple[float, float] | None = None
    """Grey values shown black and white; by default from the anatomy round the target."""


def slice_picture(implant: PicturedImplant, plane: SlicePlane) -> Markup:
    """Return one slice as an SVG element in millimetres, at true aspect, resampled from any orientation.

    Seeds, needles and arrows are drawn where they lie within 2.5 mm of the slice.
    """
    points = plane.points_mm(PIXEL_MM)
    scale = np.array([plane.width_mm / points.shape[1], plane.height_mm / points.shape[0]])
    return element(
        "svg",
        element("title", plane.title),
        anatomy_image(implant, points, plane),
        *(structure_outline(implant, name, points, scale) for name in implant.structures),
        *(_isodose(implant, level, points, scale) for level in reversed(implant.levels)),
        *(_needle(needle, plane) for needle in implant.needles),
        *seed_outlines(implant.reference, plane, name=f"{implant.reference_name} seed"),
        *seed_bodies(implant.seeds, plane),
        *displacement_arrows(implant.arrows_mm, plane),
        *(seed_numbers(implant.seeds, plane) if implant.numbered else ()),
        annotation(plane),
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


def anatomy_image(implant: PicturedImplant, points: FloatArray, plane: SlicePlane) -> Markup:
    """Return the anatomy at the pixels of a view (rows, columns, 3), in grey."""
    low, high = implant.window or window_of(implant.anatomy, np.array(plane.centre_mm), plane.width_mm)
    values = sample(implant.anatomy.values, implant.anatomy.grid, points, outside=low)
    return grey_image(values, (low, high), plane)


def grey_image(values: AnyArray, window: tuple[float, float], plane: SlicePlane) -> Markup:
    """Return values (rows, columns) as a grey picture that fills a view: black and white at the window's ends."""
    low, high = window
    grey = np.clip((values - low) / (high - low), 0, 1) * 255
    return filling_image(np.rint(grey).astype(np.uint8), plane)


def filling_image(pixels: AnyArray, plane: SlicePlane) -> Markup:
    """Return uint8 pixels (rows, columns[, channels]) as a picture that fills a view."""
    return element(
        "image", width=f"{plane.width_mm:g}", height=f"{plane.height_mm:g}", href=data_uri(png_bytes(pixels))
    )


def structure_outline(implant: PicturedImplant, name: str, points: FloatArray, scale: FloatArray) -> Markup:
    """Return the outline of a structure in a view: pixels (rows, columns, 3), and the size of a pixel in mm, (2,)."""
    structure, style = implant.structures[name], implant.styles[name]
    share = sample(structure.occupancy, structure.grid, points)
    is_target = name == implant.target
    return element(
        "path",
        element("title", name),
        d=level_path(share, 0.5, scale),
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
        d=level_path(dose_gy, level.dose_gy, scale),
        fill="none",
        stroke=level.colour,
        stroke_width="0.65" if level.is_prescription else "0.35",
    )


def level_path(values: AnyArray, level: float, scale: FloatArray) -> str:
    """Return the lines of equal value as an SVG path in mm; a line that closes is closed.

    Parameters
    ----------
    values
        (rows, columns).
    scale
        Size of a pixel in mm: along a row, along a column.
    """
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
