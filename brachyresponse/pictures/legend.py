"""Legend of the slice pictures: what each line and mark stands for, readable on white paper."""

from __future__ import annotations

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.pictures.colours import (
    ARROW_COLOUR,
    NEEDLE_COLOUR,
    REFERENCE_COLOUR,
    SEED_COLOUR,
    IsodoseLevel,
)
from brachyresponse.pictures.seed_marks import SLAB_MM
from brachyresponse.pictures.slice_picture import PicturedImplant
from brachyresponse.report.markup import Markup, element, joined

WIDTH, ROW_HEIGHT, SWATCH, FONT_SIZE = 300.0, 20.0, 34.0, 13.0
LONGEST_NAME = 36


def slice_legend(implant: PicturedImplant) -> Markup:
    """Return the legend as an SVG element: isodose lines in Gy and percent, structures, seeds and needles."""
    rows = [_heading("Isodose lines")]
    rows += [
        _row(_line(level.colour, 3.0 if level.is_prescription else 1.8), _level(level)) for level in implant.levels
    ]
    rows.append(_heading("Structures"))
    for name in implant.structures:
        style = implant.styles[name]
        text = f"{name} (target)" if name == implant.target else name
        rows.append(_row(_area(style.colour), text))
    if implant.seeds.count or implant.needles:
        rows.append(_heading(f"Within {SLAB_MM:g} mm of the slice"))
        rows.append(_row(_seed(), "found seed with its number" if implant.numbered else "seed, 4.5 x 0.8 mm"))
    if implant.needles:
        rows.append(_row(_needle(), "needle along / through the slice"))
    if implant.reference.count:
        rows.append(_row(_outline(), f"{implant.reference_name} seed"))
    if len(implant.arrows_mm):
        rows.append(_row(_arrow(), "displacement"))
    height = ROW_HEIGHT * len(rows) + 8
    placed = (element("g", row, transform=f"translate(0 {ROW_HEIGHT * n:g})") for n, row in enumerate(rows))
    return element(
        "svg",
        *placed,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {height:g}",
        class_="legend",
        role="img",
        font_family=FONT_FAMILY,
        font_size=f"{FONT_SIZE:g}",
        fill="#1c2733",
    )


def _level(level: IsodoseLevel) -> str:
    return f"{level.label}, prescription" if level.is_prescription else level.label


def _heading(text: str) -> Markup:
    return element("text", text, x="0", y="15", font_weight="bold")


def _row(swatch: Markup, text: str) -> Markup:
    short = text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
    dark = element("rect", x="0", y="2", width=f"{SWATCH:g}", height="16", fill="#20262e")
    return joined(dark, swatch, element("text", element("title", text), short, x=f"{SWATCH + 10:g}", y="15"))


def _line(colour: str, width: float) -> Markup:
    return element("line", x1="3", x2=f"{SWATCH - 3:g}", y1="10", y2="10", stroke=colour, stroke_width=f"{width:g}")


def _area(colour: str) -> Markup:
    return element(
        "rect", x="5", y="5", width="24", height="10", fill=colour, fill_opacity="0.25", stroke=colour, stroke_width="2"
    )


def _seed() -> Markup:
    ends = {"x1": "9", "x2": "25", "y1": "10", "y2": "10", "stroke_linecap": "round"}
    return element("line", **ends, stroke=SEED_COLOUR, stroke_width="3")


def _outline() -> Markup:
    box = {"x": "7", "y": "7", "width": "20", "height": "6", "rx": "3"}
    return element("rect", **box, fill="none", stroke=REFERENCE_COLOUR, stroke_width="1.5")


def _arrow() -> Markup:
    shaft = element("line", x1="5", x2="24", y1="10", y2="10", stroke=ARROW_COLOUR, stroke_width="2")
    return joined(shaft, element("polygon", points="30,10 22,6 22,14", fill=ARROW_COLOUR))


def _needle() -> Markup:
    ends = {"x1": "2", "x2": "21", "y1": "10", "y2": "10"}
    along = element("line", **ends, stroke=NEEDLE_COLOUR, stroke_width="1.5", stroke_dasharray="6 3")
    through = element("circle", cx="28", cy="10", r="4", fill="none", stroke=NEEDLE_COLOUR, stroke_width="1.5")
    return joined(along, through)
