"""Colours of charts on a light and on a dark ground; both can be told apart in grey and by the colour-blind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.report.markup import Markup, element

FONT_SIZE = 13.0
SMALL = 11.5
CHARACTER = 0.56
"""Width of a letter of a sans-serif face over its size, on average and a little generous."""


@dataclass(frozen=True)
class ChartTheme:
    """Ground, ink, quiet ink and grid, the two classes of a lesion, and the colours of curves.

    The class colours differ in lightness as well as in hue, so that a bar of both reads in grey.
    """

    paper: str
    ink: str
    quiet: str
    grid: str
    necrosis: str
    recurrence: str
    series: tuple[str, ...]


# After Okabe and Ito 2008, Color universal design; darkened on white and lightened on black for contrast.
LIGHT = ChartTheme(
    "#ffffff", "#1c2733", "#5b6876", "#dfe4ea", "#7cc4ec", "#b34700", ("#b34700", "#0072b2", "#00795a", "#7b4ea3")
)
DARK = ChartTheme(
    "#1d242c", "#e9eef3", "#a9b4bf", "#3b4651", "#a6d8f7", "#c8571f", ("#ff9457", "#6cc0f5", "#4fd1ab", "#c9a2f0")
)


def chart_svg(size: tuple[float, float], theme: ChartTheme, title: str, *contents: object) -> Markup:
    """Return an SVG element on the theme's ground, its title for readers that cannot see it."""
    width, height = size
    return element(
        "svg",
        element("title", title),
        element("rect", width=f"{width:g}", height=f"{height:g}", fill=theme.paper),
        *contents,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        class_="chart",
        role="img",
        font_family=FONT_FAMILY,
        font_size=f"{FONT_SIZE:g}",
        fill=theme.ink,
    )


def text_lines(lines: Sequence[str], at: tuple[float, float], *, step: float = 16.0, **attributes: object) -> Markup:
    """Return lines of text below one another, the first one's base line at a place."""
    x, y = at
    rows = (element("tspan", line, x=f"{x:.1f}", y=f"{y + step * number:.1f}") for number, line in enumerate(lines))
    return element("text", *rows, **attributes)


def characters_in(width: float, font_size: float = FONT_SIZE) -> int:
    """Return how many letters fit into a width."""
    return max(8, int(width / (CHARACTER * font_size)))
