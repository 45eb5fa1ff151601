"""How each category is shown: a colour that the colour-blind can tell, always with its word, and a line or hatching."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.response.vocabulary import Category

INK, QUIET, GRID, PAPER = "#1c2733", "#5b6876", "#dfe4ea", "#ffffff"
SUM_COLOUR, NADIR_COLOUR, RESPONSE_COLOUR, PROGRESSION_COLOUR = INK, "#7a869a", "#0072b2", "#c04f00"
WINDOW_COLOUR, DUE_COLOUR = "#fdf1cf", "#7b4ea3"
SERIES_COLOURS = ("#009e73", "#7b4ea3", "#c04f00", "#0072b2", "#8d6e4f", "#c2255c")
HATCHING = "preliminary"
OPEN_DASH = "4 3"
BEFORE_BASELINE = "before"
"""What stands in the box of a visit before the baseline."""
READER, DEVIATES = "*", "†"
"""After the reader's own category, and after one that deviates from its criteria."""


@dataclass(frozen=True)
class CategoryStyle:
    """Fill, colour of the word, and the dash of the border (SVG)."""

    fill: str
    text: str
    dash: str = ""
    is_hatched: bool = False


# Okabe and Ito 2008, Color universal design, slightly darkened where white stands on it.
STYLES = {
    Category.BASELINE: CategoryStyle(INK, PAPER),
    Category.CR: CategoryStyle("#0072b2", PAPER),
    Category.PR: CategoryStyle("#8fd0f5", INK),
    Category.SD: CategoryStyle("#ced4dc", INK),
    Category.PD: CategoryStyle("#c04f00", PAPER),
    Category.PRELIMINARY_PD: CategoryStyle("#ffd166", INK, is_hatched=True),
    Category.NE: CategoryStyle(PAPER, INK, dash=OPEN_DASH),
    Category.NON_CR_NON_PD: CategoryStyle("#e3b7d2", INK),
}
NO_CATEGORY = CategoryStyle("#eef1f4", QUIET)


def style_of(category: Category | None) -> CategoryStyle:
    """Return how a category is drawn; None is a visit before the baseline."""
    return NO_CATEGORY if category is None else STYLES[category]


def word_of(category: Category | None) -> str:
    """Return what stands in a category's box."""
    return BEFORE_BASELINE if category is None else str(category)


def hatching() -> Markup:
    """Return the pattern laid over preliminary progression; every picture that uses it holds it."""
    line = element("path", d="M-2 2L2 -2M0 8L8 0M6 10L10 6", stroke="#c04f00", stroke_width="1.4", stroke_opacity="0.6")
    return element(
        "defs",
        element("pattern", line, id=HATCHING, width="8", height="8", patternUnits="userSpaceOnUse"),
    )


def category_box(
    category: Category | None,
    place: tuple[float, float, float, float],
    *,
    word: str = "",
    font_size: float = 12.0,
    is_open: bool = False,
) -> Markup:
    """Return a box with its word as SVG.

    Parameters
    ----------
    place
        x, y, width and height.
    word
        Instead of the category's own.
    is_open
        Draw a dashed border, as round NE: what is not known could change the category.
    """
    x, y, width, height = place
    style, shown = style_of(category), word or word_of(category)
    box = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}", "rx": "3"}
    dash = OPEN_DASH if is_open else style.dash
    border = {"stroke": INK if dash else style.fill, "stroke_dasharray": dash or None}
    parts = [element("rect", **box, fill=style.fill, **border)]
    if style.is_hatched:
        parts.append(element("rect", **box, fill=f"url(#{HATCHING})"))
    parts.append(
        element(
            "text",
            shown,
            x=f"{x + width / 2:.1f}",
            y=f"{y + height / 2 + 0.36 * font_size:.1f}",
            text_anchor="middle",
            font_size=f"{font_size:g}",
            font_weight="bold",
            fill=style.text,
            **({"stroke": style.fill, "stroke_width": "3", "paint_order": "stroke"} if style.is_hatched else {}),
        )
    )
    return joined(*parts)
