"""A map of perfusion over the anatomy, with the outlines of lesions and white matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.colour_table import BAR_WIDTH, colour_bar, colour_table, coloured
from brachyresponse.pictures.colours import Style
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.pictures.seed_marks import seed_bodies
from brachyresponse.pictures.slice_picture import filling_image, grey_image, level_path, window_of
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.seeds import Seeds
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from brachyresponse.perfusion.study import MapFacts

PIXEL_MM = 0.8
LEGEND_WIDTH = 3 * BAR_WIDTH
"""As wide as the three pictures above it, so that long names of lesions fit."""
SHOWN_PERCENTILES = (2.0, 99.0)
"""Of a map without a window of its own."""


@dataclass(frozen=True, eq=False)
class PicturedMaps:
    """What is drawn of a study beside its maps: anatomy, outlines with their styles, seeds."""

    anatomy: Volume
    outlines: Mapping[str, Structure]
    styles: Mapping[str, Style]
    seeds: Seeds = field(default_factory=Seeds.none)


def anatomy_picture(pictured: PicturedMaps, plane: SlicePlane) -> Markup:
    """Return the anatomy of a view as an SVG element, with the outlines."""
    points = plane.points_mm(PIXEL_MM)
    anatomy = pictured.anatomy
    window = window_of(anatomy, np.array(plane.centre_mm), plane.width_mm)
    values = sample(anatomy.values, anatomy.grid, points, outside=window[0])
    return _picture(pictured, plane, grey_image(values, window, plane), plane.title)


def map_picture(pictured: PicturedMaps, volume: Volume, facts: MapFacts, plane: SlicePlane) -> Markup:
    """Return a map of a view as an SVG element, its values as they are: a voxel has one colour, no value is black."""
    pixels = coloured(
        nearest_values(volume, plane.points_mm(PIXEL_MM)), map_window(volume, facts), colour_table(facts.colour)
    )
    return _picture(pictured, plane, filling_image(pixels, plane), facts.label)


def map_bar(volume: Volume, facts: MapFacts) -> Markup:
    """Return the scale of a map as an SVG element."""
    return colour_bar(facts.title, map_window(volume, facts), colour_table(facts.colour))


def map_window(volume: Volume, facts: MapFacts) -> tuple[float, float]:
    """Return the values at the ends of the scale: the map's own, else from the 2nd to the 99th percentile."""
    if facts.window is not None:
        return facts.window
    known = volume.values[np.isfinite(volume.values)]
    if not known.size:
        return 0.0, 1.0
    low, high = np.percentile(known, SHOWN_PERCENTILES)
    return min(float(low), 0.0), float(high) if high > low else float(low) + 1.0


def nearest_values(volume: Volume, points_mm: FloatArray) -> AnyArray:
    """Return the values of the voxels in which positions (rows, columns, 3) lie; NaN outside the volume."""
    index = np.rint(volume.grid.to_ijk(points_mm)).astype(int)
    inside: AnyArray = np.all((index >= 0) & (index < np.array(volume.grid.size_ijk)), axis=-1)
    i, j, k = np.where(inside[..., None], index, 0).transpose(2, 0, 1)
    values: AnyArray = np.where(inside, volume.values[k, j, i].astype(float), np.nan)
    return values


def outline_legend(styles: Mapping[str, Style], notes: Sequence[str] = ()) -> Markup:
    """Return what each outline stands for, as an SVG element."""
    rows = []
    for number, (name, style) in enumerate(styles.items()):
        y = 12.0 + 20 * number
        line = {"x1": "0", "x2": "28", "y1": f"{y - 4:g}", "y2": f"{y - 4:g}"}
        rows.append(element("line", **line, stroke=style.colour, stroke_width="3"))
        rows.append(element("text", name, x="36", y=f"{y:g}"))
    rows += [element("text", note, x="0", y=f"{12.0 + 20 * (len(styles) + n):g}") for n, note in enumerate(notes)]
    height = 20 * (len(styles) + len(notes))
    return element(
        "svg",
        *rows,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {LEGEND_WIDTH:g} {height:g}",
        class_="legend",
        role="img",
        font_family=FONT_FAMILY,
        font_size="13",
        fill="#1c2733",
    )


def _picture(pictured: PicturedMaps, plane: SlicePlane, image: Markup, title: str) -> Markup:
    outlines = (_outline(structure, pictured.styles[name], plane) for name, structure in pictured.outlines.items())
    return element(
        "svg",
        element("title", title if title == plane.title else f"{title}: {plane.title}"),
        image,
        *outlines,
        *(seed_bodies(pictured.seeds, plane) if pictured.seeds.count else ()),
        annotation(plane, title),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def _outline(structure: Structure, style: Style, plane: SlicePlane) -> Markup:
    points = plane.points_mm(PIXEL_MM)
    share = sample(structure.occupancy, structure.grid, points)
    scale = np.array([plane.width_mm / points.shape[1], plane.height_mm / points.shape[0]])
    path = level_path(share, 0.5, scale)
    if not path:
        return NOTHING
    line = {"fill": "none", "stroke_linejoin": "round"}
    return joined(
        element("path", d=path, stroke="#000000", stroke_width="2", stroke_opacity="0.55", **line),
        element("path", element("title", structure.name), d=path, stroke=style.colour, stroke_width="1.1", **line),
    )
