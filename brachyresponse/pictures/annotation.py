"""What is written on a view through the patient: orientation letters, position and scale bar."""

from __future__ import annotations

from brachyresponse.pictures.plane import SlicePlane
from brachyresponse.report.markup import Markup, element, joined

FONT_FAMILY = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
SHADOW = {"stroke": "#000000", "stroke_opacity": "0.75", "paint_order": "stroke", "stroke_linejoin": "round"}


def annotation(plane: SlicePlane, title: str = "") -> Markup:
    """Return orientation letters, a title (by default the slice's position) and scale bar, sized with the picture."""
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
    heading = _text(title or plane.title, margin, margin + 0.7 * size, 0.8 * size)
    return joined(*letters, heading, _scale_bar(plane, size))


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
