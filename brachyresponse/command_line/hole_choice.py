"""Which holes of a template are used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure
from brachyresponse.planning import Needle, nearest_needle
from brachyresponse.planning.holes import hole_index


class HolePattern(StrEnum):
    """Patterns of holes, counted from the hole nearest the target's centre."""

    ALL = "all"
    CHECKERBOARD = "checkerboard"
    """The black fields: needles 7 mm apart in a 5 mm template."""
    SECOND = "second"
    """Every second hole across and up: needles 10 mm apart in a 5 mm template."""


def choose_holes(
    needles: Sequence[Needle], target: Structure, pattern: HolePattern, without: Sequence[str] = ()
) -> tuple[Needle, ...]:
    """Return the needles in the holes of a pattern, but those left out, numbered anew in their order.

    Raises
    ------
    PlanError
        A hole to leave out has no needle in the pattern, or none is left.
    """
    middle, _ = nearest_needle(needles, target.centre_mm)
    column, row = hole_index(middle.hole)

    def is_used(needle: Needle) -> bool:
        across, up = hole_index(needle.hole)
        across, up = across - column, up - row
        if pattern is HolePattern.SECOND:
            return across % 2 == 0 and up % 2 == 0
        return pattern is HolePattern.ALL or (across + up) % 2 == 0

    used = {needle.hole: needle for needle in needles if is_used(needle)}
    for hole in without:
        if used.pop(hole.upper(), None) is None:
            raise PlanError(f"There is no needle in hole {hole!r} to leave out: used are {', '.join(used) or 'none'}.")
    if not used:
        raise PlanError("All holes of the template are left out: keep at least one.")
    return renumbered(used.values())


def renumbered(needles: Iterable[Needle]) -> tuple[Needle, ...]:
    """Return needles numbered from 1 in their order."""
    return tuple(replace(needle, number=number) for number, needle in enumerate(needles, start=1))
