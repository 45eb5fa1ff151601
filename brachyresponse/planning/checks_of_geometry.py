"""Rules on where seeds and needles lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.planning.clearance import distal_edge_mm, nearest_tracks, needle_clearance
from brachyresponse.planning.measurement import Measurement, PlanCase, Unknown
from brachyresponse.planning.needles import Needle
from brachyresponse.planning.overlap import overlapping_seeds
from brachyresponse.planning.rules import Rule

NO_SEEDS = Unknown("the plan has no seeds")


def seed_spacing(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Distance between the centres of neighbouring seeds along the same needle."""
    measured = [gap for needle in case.plan.needles for gap in _gaps(case, needle)]
    return measured or Unknown("no needle holds two seeds")


def needle_spacing(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Distance of each loaded needle's track, within the target, to the nearest other one."""
    surface = case.target_surface(rule)
    if isinstance(surface, Unknown):
        return surface
    measured = [
        Measurement(track.distance_mm, f"needle {track.needle.label} to {track.nearest.label}", track.position_mm)
        for track in nearest_tracks(loaded_needles(case), surface)
    ]
    return measured or Unknown(f"fewer than two loaded needles cross {surface.name}")


def distal_edge(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Distance along the needle from its deepest seed's centre to the target's distal edge; negative beyond it."""
    surface = case.target_surface(rule)
    if isinstance(surface, Unknown):
        return surface
    measured = []
    for needle in loaded_needles(case):
        edge_mm = distal_edge_mm(needle, surface)
        if edge_mm is not None:
            deepest = case.plan.seeds_of(needle).positions_mm[-1]
            room_mm = edge_mm - float(needle.depth_of(deepest))
            measured.append(Measurement(room_mm, f"deepest seed of needle {needle.label}", deepest))
    return measured or Unknown(f"no needle with seeds crosses {surface.name}")


def skin_depth(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Depth of each seed's centre under the outline of the body."""
    seeds, body = case.plan.seeds, case.anatomy.roles.body
    if not body:
        return Unknown("no outline of the body is chosen")
    if not seeds.count:
        return NO_SEEDS
    depths_mm = -case.anatomy.surface(body).distance_mm(seeds.positions_mm)
    return [
        Measurement(float(depth_mm), f"seed {n}{_on_needle(seeds.needle[n - 1])} under the skin", position)
        for n, (depth_mm, position) in enumerate(zip(depths_mm, seeds.positions_mm, strict=True), start=1)
    ]


def avoided_structures(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """Distance of needles and seeds to structures to be avoided; negative inside."""
    names = case.anatomy.roles.avoid
    if not names:
        return Unknown("no structures to avoid are chosen")
    measured = [item for name in names for item in (*_needles_near(case, name), *_seeds_near(case, name))]
    return measured or Unknown("the plan has neither needles nor seeds")


def seed_overlap(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """How many pairs of seeds overlap."""
    seeds = case.plan.seeds
    if not seeds.count:
        return NO_SEEDS
    overlaps = overlapping_seeds(seeds)
    if not overlaps:
        return [Measurement(0.0, "no seeds overlap")]
    pairs = ", ".join(f"{pair.first + 1} and {pair.second + 1}" for pair in overlaps[:5])
    more = " and more" if len(overlaps) > 5 else ""
    return [Measurement(float(len(overlaps)), f"seeds {pairs}{more} overlap", seeds.positions_mm[overlaps[0].first])]


def loaded_needles(case: PlanCase) -> list[Needle]:
    """Return the needles that hold a seed."""
    numbers = set(case.plan.seeds.needle.tolist())
    return [needle for needle in case.plan.needles if needle.number in numbers]


def _gaps(case: PlanCase, needle: Needle) -> list[Measurement]:
    seeds = case.plan.seeds
    held = np.flatnonzero(seeds.needle == needle.number)
    depth_mm = needle.depth_of(seeds.positions_mm[held])
    order = np.argsort(depth_mm, kind="stable")
    held, gaps_mm = held[order], np.diff(depth_mm[order])
    return [
        Measurement(
            float(gap_mm), f"seeds {first + 1} and {second + 1} of needle {needle.label}", seeds.positions_mm[first]
        )
        for gap_mm, first, second in zip(gaps_mm, held[:-1], held[1:], strict=True)
    ]


def _needles_near(case: PlanCase, name: str) -> list[Measurement]:
    surface = case.anatomy.surface(name)
    passes = [(needle, needle_clearance(needle, surface)) for needle in case.plan.needles]
    return [
        Measurement(clearance.distance_mm, f"needle {needle.label} to {name}", clearance.position_mm)
        for needle, clearance in passes
    ]


def _seeds_near(case: PlanCase, name: str) -> list[Measurement]:
    seeds = case.plan.seeds
    if not seeds.count:
        return []
    distances_mm = case.anatomy.surface(name).distance_mm(seeds.positions_mm)
    return [
        Measurement(
            float(distance_mm), f"seed {n}{_on_needle(seeds.needle[n - 1])} to {name}", seeds.positions_mm[n - 1]
        )
        for n, distance_mm in enumerate(distances_mm, start=1)
    ]


def _on_needle(number: int) -> str:
    return f" of needle {number}" if number else ""
