"""Trade-offs in groups that charts draw alike: beaten ones, bands of the front by coverage, the one loaded last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.planning.inverse.trade_off.plans import TradeOffs
from brachyresponse.types import IntArray

BEATEN = "beaten by another plan"
BEATEN_COLOUR, CHOSEN_COLOUR = (0.70, 0.74, 0.79), (0.10, 0.10, 0.10)
BAND_COLOURS = ((0.84, 0.37, 0.00), (0.00, 0.62, 0.45), (0.00, 0.45, 0.70))
"""Of the bands with the least coverage to the most: told apart by the colour-blind, too (Okabe and Ito 2008)."""


@dataclass(frozen=True, eq=False)
class Group:
    """Trade-offs that look alike in the charts.

    Parameters
    ----------
    name
        As the legend has it.
    places
        In the list of plans, (N,), at least one.
    colour
        Red, green, blue.
    stands_out
        Whether these were loaded.
    """

    name: str
    places: IntArray
    colour: tuple[float, float, float]
    width: float
    stands_out: bool = False


def groups_of(found: TradeOffs, chosen: int | None) -> tuple[Group, ...]:
    """Return the groups, what is drawn on top last.

    Parameters
    ----------
    chosen
        Number of the plan that was loaded last; None before.
    """
    front = np.array(found.front, np.int64)
    beaten = np.setdiff1d(np.arange(len(found.plans)), front)
    groups = [Group(BEATEN, beaten, BEATEN_COLOUR, 1.0)] if len(beaten) else []
    groups += _bands(found, front)
    loaded = [place for place, plan in enumerate(found.plans) if plan.number == chosen]
    if loaded:
        groups.append(Group(f"{plan_label(found, loaded[0])}, loaded", np.array(loaded), CHOSEN_COLOUR, 4.0, True))
    return tuple(groups)


def plan_label(found: TradeOffs, place: int) -> str:
    """Return how a plan is called beside its point: by the number under which it is loaded."""
    return f"plan {found.plans[place].number}"


def _bands(found: TradeOffs, front: IntArray) -> list[Group]:
    """The front in bands by its first figure, each of about as many plans."""
    first = found.criteria[0]
    values = np.array([found.plans[place].value(first) for place in front])
    order = np.argsort(values, kind="stable")
    count = min(len(BAND_COLOURS), len(front))
    bands = []
    for band, colour in zip(np.array_split(order, count), BAND_COLOURS[-count:], strict=True):
        lowest, highest = (f"{values[band[end]]:.1f}" for end in (0, -1))
        figures = lowest if lowest == highest else f"{lowest} to {highest}"
        bands.append(Group(f"{first.name} {figures} {first.unit[:1]}", front[band], colour, 1.5))
    return bands
