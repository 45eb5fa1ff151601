"""What a CT of the procedure leaves in doubt: needles that hide each other, and planned seeds that are not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from brachyresponse.planning.inverse.candidates.segments import segments_distance_mm
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.seeds import Seeds

TOUCHING_MM = 3.0
"""Axes as near as this make one bright line on a CT: needles are 1.3 mm thick and a voxel blurs them by as much."""
HIDDEN_MM = 50.0
"""How much of a needle may be missing from its inner end where another one takes its brightness."""


def doubts_of(in_place: Sequence[Needle], out: Sequence[Needle], seeds: Seeds, plan: ImplantPlan) -> Iterator[str]:
    """Yield what is to be looked at on the CT before the rest is implanted, as whole sentences.

    Parameters
    ----------
    in_place, out
        Needles in place, and those that are out again, with the numbers of the planned needles they are.
    seeds
        Found, with the numbers of their needles.
    plan
        What was to be implanted.
    """
    if in_place or seeds.count:
        yield from _of_the_plan((*in_place, *out), plan)
    for first, second in combinations(in_place, 2):
        if _touch(first, second):
            yield (
                f"Needles {first.label} and {second.label} cross or touch, so where they end and which is which is in "
                "doubt, and seeds beside them may be hidden: look at them on the CT."
            )
    for needle in (*out, *in_place):
        yield from _of_its_seeds(needle, needle in out, seeds, plan)


def _of_the_plan(found: Sequence[Needle], plan: ImplantPlan) -> Iterator[str]:
    if {needle.number for needle in plan.needles}.isdisjoint(needle.number for needle in found):
        yield (
            "Nothing on the CT lies near a needle of the plan: check that this plan is being implanted, and that the "
            "patient lies as on the planning image or the CT is registered."
        )


def _touch(first: Needle, second: Needle) -> bool:
    ends = first.at(_may_reach_mm(first, second)), second.at(_may_reach_mm(second, first))
    return float(segments_distance_mm(first.entry_mm, ends[0], second.entry_mm, ends[1])) < TOUCHING_MM


def _of_its_seeds(needle: Needle, is_out: bool, seeds: Seeds, plan: ImplantPlan) -> Iterator[str]:
    planned = int((plan.seeds.needle == needle.number).sum())
    found = int((seeds.needle == needle.number).sum())
    if found < planned and (found or is_out):
        yield (
            f"Needle {needle.label}: {found} of its {planned} planned seeds {'is' if found == 1 else 'are'} found; "
            "one that was dropped and is not found would be given twice."
        )


def _may_reach_mm(needle: Needle, other: Needle) -> float:
    """Depth to which a needle may run on unseen: no deeper than the other one, in whose brightness it is lost."""
    other_mm = float(needle.depth_of(other.tip_mm))
    return max(needle.length_mm, min(other_mm, needle.length_mm + HIDDEN_MM))
