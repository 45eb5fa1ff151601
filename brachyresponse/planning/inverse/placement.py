"""Where seeds and needles may go: spacing, margins, depths and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.errors import PlanError

LEAST_SPACING_MM, MOST_SPACING_MM = 5.0, 10.0
"""Centre to centre along a needle, of the published neck-node rules (doi 10.21203/rs.3.rs-1310697/v1)."""
MOST_MARGIN_MM = 50.0
"""A margin or a depth of more is meant in another unit."""


class Loading(StrEnum):
    """How seeds lie on a needle."""

    LOOSE = "loose"
    """Each on its own, at any multiple of the spacing."""
    STRANDED = "stranded"
    """A strand: a gapless run of seeds at the spacing."""


class SeedLevels(StrEnum):
    """From where the places of seeds along a needle are counted."""

    CENTRED = "centred"
    """Each needle's row lies in the middle of its run through the target."""
    PLANES = "planes"
    """All needles of one direction share planes across them, one of which holds the target's centre."""


@dataclass(frozen=True)
class SeedPlacement:
    """Where seeds and needles may go.

    Parameters
    ----------
    spacing_mm
        Between the centres of neighbouring seeds along a needle.
    loading
        Loose seeds or strands.
    seed_margin_mm
        How far outside the target's surface a seed's centre may lie; negative for seeds inside only.
    skin_depth_mm
        Least depth of a seed below the skin, where the anatomy has a body.
    avoid_margin_mm
        Least distance of needles and seeds from structures that are to be avoided.
    most_needles, most_seeds
        0 for any number.
    levels
        From where the places along a needle are counted; each needle for itself where tracks fan out.

    Raises
    ------
    PlanError
        A number is out of range.
    """

    spacing_mm: float = 5.0
    loading: Loading = Loading.LOOSE
    seed_margin_mm: float = 0.0
    skin_depth_mm: float = 10.0
    avoid_margin_mm: float = 0.0
    most_needles: int = 0
    most_seeds: int = 0
    levels: SeedLevels = SeedLevels.CENTRED

    def __post_init__(self) -> None:
        object.__setattr__(self, "loading", Loading(self.loading))
        object.__setattr__(self, "levels", SeedLevels(self.levels))
        if not LEAST_SPACING_MM <= self.spacing_mm <= MOST_SPACING_MM:
            raise PlanError(
                f"The seed spacing is {self.spacing_mm:g} mm, expected {LEAST_SPACING_MM:g} to {MOST_SPACING_MM:g} mm: "
                "seeds are 4.5 mm long, and further apart the dose between them falls off."
            )
        for what, value_mm, least_mm in (
            ("margin for seeds round the target", self.seed_margin_mm, -MOST_MARGIN_MM),
            ("least depth of seeds below the skin", self.skin_depth_mm, 0.0),
            ("margin round structures to be avoided", self.avoid_margin_mm, 0.0),
        ):
            check_within(what, value_mm, least_mm, MOST_MARGIN_MM)
        for what, count in (("needles", self.most_needles), ("seeds", self.most_seeds)):
            if count != int(count) or count < 0:
                raise PlanError(f"The largest number of {what} is {count}: give a whole number, 0 for any number.")


def check_within(what: str, value_mm: float, least_mm: float, most_mm: float) -> None:
    """Refuse a distance out of a range.

    Raises
    ------
    PlanError
        It is smaller or larger, or not a number.
    """
    if not least_mm <= value_mm <= most_mm:
        raise PlanError(f"The {what} is {value_mm:g} mm, expected {least_mm:g} to {most_mm:g} mm: is it in mm?")
