"""Colours of maps: from a value to a colour, and the bar that says which is which."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import numpy as np

from brachyresponse.pictures.annotation import FONT_FAMILY
from brachyresponse.report.markup import Markup, element
from brachyresponse.types import AnyArray

STEPS = 256
BAR_WIDTH, BAR_HEIGHT, BAR_PIXELS = 300.0, 44.0, 60
DIGITS = 4


@cache
def colour_table(name: str) -> AnyArray:
    """Return a colour table, uint8 (256, 3), from the lowest value to the highest.

    Raises
    ------
    KeyError
        There is no table of this name.
    """
    text = files("brachyresponse.pictures").joinpath("data", "colour_tables.json").read_text(encoding="utf-8")
    anchors = np.array([_rgb(colour) for colour in json.loads(text)["tables"][name]], float)
    places = np.linspace(0, 1, len(anchors))
    channels = [np.interp(np.linspace(0, 1, STEPS), places, anchors[:, channel]) for channel in range(3)]
    table: AnyArray = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    table.setflags(write=False)
    return table


def coloured(values: AnyArray, window: tuple[float, float], table: AnyArray) -> AnyArray:
    """Return RGBA pixels of values (rows, columns): what lies outside the window has the colour of its end.

    NaN is transparent.
    """
    low, high = window
    known = np.isfinite(values)
    share = np.clip((np.where(known, values, low) - low) / (high - low), 0, 1)
    pixels = np.empty((*values.shape, 4), np.uint8)
    pixels[..., :3] = table[np.rint(share * (STEPS - 1)).astype(int)]
    pixels[..., 3] = np.where(known, 255, 0)
    return pixels


def colour_bar(title: str, window: tuple[float, float], table: AnyArray) -> Markup:
    """Return the scale of a map as an SVG element: its title over the colours, with the values at both ends."""
    low, high = window
    width = BAR_WIDTH / BAR_PIXELS
    colours = table[np.linspace(0, STEPS - 1, BAR_PIXELS).astype(int)]
    boxes = (
        element(
            "rect",
            x=f"{number * width:.2f}",
            y="16",
            width=f"{width + 0.3:.2f}",
            height="10",
            fill=f"rgb({red},{green},{blue})",
        )
        for number, (red, green, blue) in enumerate(colours)
    )
    ends = ((low, 0.0, "start"), ((low + high) / 2, BAR_WIDTH / 2, "middle"), (high, BAR_WIDTH, "end"))
    texts = (element("text", f"{value:.{DIGITS}g}", x=f"{x:g}", y="41", text_anchor=a) for value, x, a in ends)
    return element(
        "svg",
        element("text", title, x="0", y="11", font_weight="bold"),
        *boxes,
        *texts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {BAR_WIDTH:g} {BAR_HEIGHT:g}",
        class_="legend",
        role="img",
        font_family=FONT_FAMILY,
        font_size="12.5",
        fill="#1c2733",
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
