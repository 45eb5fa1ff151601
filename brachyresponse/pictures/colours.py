"""Colours and dashes of structures and isodose lines, the same in every picture of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TARGET_COLOURS = ("#e0245e", "#f08c00", "#c2255c")
ORGAN_COLOURS = ("#2f7ed8", "#2b9a4a", "#9256c9", "#0f9ba8", "#8d6e4f", "#7a869a", "#b5651d", "#5c6bc0")
DASHES = ("", "7 3", "2 2.5", "9 3 2 3", "12 4", "4 2", "1 3", "6 2 1 2 1 2")
SEED_COLOUR = "#ffffff"
NEEDLE_COLOUR = "#9fd3ff"
REFERENCE_COLOUR = "#52e0ff"
ARROW_COLOUR = "#c6ff3d"


@dataclass(frozen=True)
class Style:
    """How a structure is drawn: a colour, and a dash pattern (SVG) that tells curves apart in grey."""

    colour: str
    dash: str = ""


@dataclass(frozen=True)
class IsodoseLevel:
    """A line of equal dose: dose in Gy, the same in percent of the prescription, and its colour."""

    dose_gy: float
    percent: float
    colour: str
    is_prescription: bool = False

    @property
    def label(self) -> str:
        """Dose in Gy and in percent of the prescription."""
        return f"{self.dose_gy:.4g} Gy ({self.percent:g} %)"


ISODOSE_COLOURS = {200: "#ff5cf4", 150: "#ff8c1a", 100: "#ffd60a", 75: "#4cd964", 50: "#40c8ff", 25: "#8f9bff"}
OTHER_LEVEL_COLOUR = "#d0d0d0"
DEFAULT_LEVELS_PERCENT = (200.0, 150.0, 100.0, 75.0, 50.0)


def isodose_levels(
    prescription_gy: float, percents: Sequence[float] = DEFAULT_LEVELS_PERCENT
) -> tuple[IsodoseLevel, ...]:
    """Return the isodose lines of a prescription, highest first."""
    return tuple(
        IsodoseLevel(
            prescription_gy * percent / 100,
            percent,
            ISODOSE_COLOURS.get(int(percent), OTHER_LEVEL_COLOUR),
            percent == 100,
        )
        for percent in sorted(percents, reverse=True)
    )


def structure_styles(names: Iterable[str], targets: Iterable[str] = ()) -> dict[str, Style]:
    """Return a colour and a dash for each structure: warm colours for the targets, cool ones for the organs.

    The same names in the same order get the same styles. Dashes differ within a chart until they run out.
    """
    ordered = list(dict.fromkeys(names))
    wanted = set(targets)
    first = [name for name in ordered if name in wanted]
    rest = [name for name in ordered if name not in wanted]
    colours = [TARGET_COLOURS[n % len(TARGET_COLOURS)] for n in range(len(first))]
    colours += [ORGAN_COLOURS[n % len(ORGAN_COLOURS)] for n in range(len(rest))]
    return {
        name: Style(colour, DASHES[n % len(DASHES)])
        for n, (name, colour) in enumerate(zip(first + rest, colours, strict=True))
    }
