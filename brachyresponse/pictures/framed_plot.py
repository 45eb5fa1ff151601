"""A plot's frame with its axes, either of which may run backwards, in the colours of a theme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.pictures.chart import Axis
from brachyresponse.pictures.chart_theme import LIGHT, ChartTheme
from brachyresponse.pictures.response_plot import label, segment
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class Box:
    """A rectangle of a picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The place of its centre."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class FramedPlot:
    """Where values lie within a picture.

    Parameters
    ----------
    x, y
        Ranges and titles.
    box
        The rectangle that shows them.
    theme
        Its colours.
    is_reversed
        Whether x runs from right to left, as chemical shift does.
    """

    x: Axis
    y: Axis
    box: Box
    theme: ChartTheme = field(default=LIGHT)
    is_reversed: bool = False

    def px(self, x: ArrayLike) -> FloatArray:
        """Return the places of values of x."""
        share = (np.asarray(x, float) - self.x.lower) / (self.x.upper - self.x.lower)
        return self.box.left + (1 - share if self.is_reversed else share) * self.box.width

    def py(self, y: ArrayLike) -> FloatArray:
        """Return the places of values of y."""
        return self.box.bottom - (np.asarray(y, float) - self.y.lower) / (self.y.upper - self.y.lower) * self.box.height

    def x_axis(self, *, count: int = 7, is_named: bool = True) -> Markup:
        """Return grid lines of round values of x, with the values and the title below unless ``is_named`` is false."""
        parts = []
        for value in self.x.ticks(count):
            at = float(self.px(value))
            parts.append(segment((at, self.box.top), (at, self.box.bottom), self.theme.grid))
            if is_named:
                parts.append(label(f"{value:g}", (at, self.box.bottom + 17), anchor="middle"))
        title = (
            label(self.x.title, (self.box.middle[0], self.box.bottom + 36), anchor="middle") if is_named else NOTHING
        )
        frame = segment((self.box.left, self.box.bottom), (self.box.right, self.box.bottom), self.theme.ink)
        return joined(*parts, frame, title)

    def y_axis(self, *, count: int = 5) -> Markup:
        """Return grid lines of round values of y, with the values and the title to the left."""
        parts = []
        for value in self.y.ticks(count):
            at = float(self.py(value))
            parts.append(segment((self.box.left, at), (self.box.right, at), self.theme.grid))
            parts.append(label(f"{value:g}", (self.box.left - 7, at + 4.5), anchor="end"))
        frame = segment((self.box.left, self.box.top), (self.box.left, self.box.bottom), self.theme.ink)
        return joined(*parts, frame, self.y_title())

    def y_title(self) -> Markup:
        """Return the title of y, upright, at the picture's left edge."""
        return element(
            "text", self.y.title, text_anchor="middle", transform=f"translate(15 {self.box.middle[1]:.1f}) rotate(-90)"
        )

    def curve(self, x: ArrayLike, y: ArrayLike, colour: str, **attributes: object) -> Markup:
        """Return a line through points, cut off at the box, with gaps where a value is not finite."""
        across, up = self.px(x), np.clip(self.py(y), self.box.top, self.box.bottom)
        inside = (across >= self.box.left - 0.5) & (across <= self.box.right + 0.5)
        steps, pen_down = [], False
        for a, b, shown in zip(across, up, inside & np.isfinite(up), strict=True):
            if shown:
                steps.append(f"{'L' if pen_down else 'M'}{a:.1f} {b:.1f}")
            pen_down = bool(shown)
        return element("path", d="".join(steps), fill="none", stroke=colour, stroke_linejoin="round", **attributes)
