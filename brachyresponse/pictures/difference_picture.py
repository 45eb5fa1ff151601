"""Dose of the implant less dose of the plan as a colour wash over the anatomy."""

from __future__ import annotations

import numpy as np

from brachyresponse.geometry import Volume, sample
from brachyresponse.pictures.annotation import FONT_FAMILY, annotation
from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.pictures.seed_marks import seed_bodies, seed_outlines
from brachyresponse.pictures.slice_picture import (
    PIXEL_MM,
    PicturedImplant,
    anatomy_image,
    filling_image,
    structure_outline,
)
from brachyresponse.report.markup import Markup, element
from brachyresponse.types import AnyArray

COLDER_RGB, HOTTER_RGB = (38, 120, 255), (255, 72, 32)
MOST_OPAQUE = 0.75
SHOWN_FROM = 0.1
"""Below this share of the scale's end nothing is washed: differences that do not matter leave the anatomy clear."""
LEGEND_WIDTH, LEGEND_HEIGHT = 300.0, 62.0


def difference_picture(implant: PicturedImplant, difference: Volume, plane: SlicePlane, limit_gy: float) -> Markup:
    """Return one slice as an SVG element: blue where the implant gives less dose than the plan, red where more.

    Parameters
    ----------
    implant
        Anatomy, outlines and seeds, as for a slice.
    difference
        Implant less plan, Gy.
    limit_gy
        The difference at which the colours are full; larger ones look the same.
    """
    points = plane.points_mm(PIXEL_MM)
    scale = np.array([plane.width_mm / points.shape[1], plane.height_mm / points.shape[0]])
    values_gy = sample(difference.values, difference.grid, points)
    return element(
        "svg",
        element("title", f"{plane.title}: implant less plan"),
        anatomy_image(implant, points, plane),
        filling_image(wash_pixels(values_gy, limit_gy), plane),
        *(structure_outline(implant, name, points, scale) for name in implant.structures),
        *seed_outlines(implant.reference, plane, name=f"{implant.reference_name} seed"),
        *seed_bodies(implant.seeds, plane),
        annotation(plane),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plane.width_mm:g} {plane.height_mm:g}",
        class_="slice",
        role="img",
        font_family=FONT_FAMILY,
    )


def wash_pixels(values_gy: AnyArray, limit_gy: float) -> AnyArray:
    """Return RGBA pixels: colour by the sign, opacity by the size of the difference."""
    share = np.clip(np.nan_to_num(values_gy) / limit_gy, -1, 1)
    pixels = np.zeros((*values_gy.shape, 4), np.uint8)
    pixels[..., :3] = np.where((share > 0)[..., None], HOTTER_RGB, COLDER_RGB)
    opacity = np.where(np.abs(share) < SHOWN_FROM, 0, np.abs(share) * MOST_OPAQUE)
    pixels[..., 3] = np.rint(255 * opacity)
    return pixels


def difference_legend(limit_gy: float) -> Markup:
    """Return the scale of the colour wash as an SVG element."""
    columns = np.linspace(-limit_gy, limit_gy, 61)
    width = (LEGEND_WIDTH - 40) / len(columns)
    boxes = []
    for number, (red, green, blue, alpha) in enumerate(wash_pixels(columns[None], limit_gy)[0]):
        fill = {"fill": f"rgb({red},{green},{blue})", "fill_opacity": f"{alpha / 255:.3f}"}
        place = {"x": f"{20 + number * width:.2f}", "y": "22", "width": f"{width + 0.1:.2f}", "height": "16"}
        boxes.append(element("rect", **place, **fill))
    texts = [
        element("text", f"{value:+.0f} Gy" if value else "0", x=f"{x:g}", y="56", text_anchor="middle")
        for value, x in ((-limit_gy, 34), (0, LEGEND_WIDTH / 2), (limit_gy, LEGEND_WIDTH - 34))
    ]
    return element(
        "svg",
        element("text", "Dose of the implant less dose of the plan", x="20", y="14", font_weight="bold"),
        *boxes,
        *texts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {LEGEND_WIDTH:g} {LEGEND_HEIGHT:g}",
        class_="legend",
        role="img",
        font_family=FONT_FAMILY,
        font_size="12",
        fill="#1c2733",
    )
