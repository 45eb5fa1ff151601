"""A problem of inverse planning in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from brachyresponse.planning.inverse import ImplantProblem
    from brachyresponse.types import FloatArray


def problem_facts(problem: ImplantProblem) -> list[tuple[str, str]]:
    """Return what was asked for, as names and values."""
    strengths = " or ".join(f"{strength_u:.3f} U" for strength_u in problem.strengths_u)
    roles = problem.anatomy.roles
    margin = f", and {problem.target_margin_mm:g} mm round it" if problem.target_margin_mm else ""
    placement = problem.placement
    return [
        ("To be covered", f"{problem.target}{margin}, {problem.prescription_gy:g} Gy"),
        ("Seeds on hand", f"{problem.source.label}, {strengths}"),
        ("Needle tracks", _track_words(problem)),
        ("Along a needle", f"{placement.loading} seeds, {placement.spacing_mm:g} mm from centre to centre"),
        ("Not to be crossed", _avoid_words(problem)),
        ("Organs at risk", ", ".join(roles.reported_organs) or "none"),
    ]


def placement_words(problem: ImplantProblem) -> Iterator[str]:
    """Yield what else seeds and needles had to keep to, one sentence each."""
    placement, locked = problem.placement, problem.locked
    if problem.anatomy.roles.body:
        yield f"Seeds lie at least {placement.skin_depth_mm:g} mm below the skin."
    if placement.seed_margin_mm:
        outside = placement.seed_margin_mm > 0
        where = "may lie up to {:g} mm outside" if outside else "lie at least {:g} mm inside"
        yield f"Seeds {where.format(abs(placement.seed_margin_mm))} the target's surface."
    if placement.most_needles:
        yield f"At most {placement.most_needles} needles."
    if placement.most_seeds:
        yield f"At most {placement.most_seeds} seeds."
    if locked.needles or locked.seeds.count:
        yield f"{len(locked.needles)} needles and {locked.seeds.count} seeds were locked and have stayed."
    if problem.start is not None:
        yield f"The search began with the {problem.start.seeds.count} seeds of the plan {problem.start.name!r}."


def _track_words(problem: ImplantProblem) -> str:
    from brachyresponse.planning.inverse import ParallelTracks, TemplateTracks

    tracks = problem.tracks
    if isinstance(tracks, TemplateTracks):
        across_mm, up_mm = tracks.template.pitch_mm
        pitch = f"{across_mm:g} mm" if across_mm == up_mm else f"{across_mm:g} by {up_mm:g} mm"
        return f"holes of a template, {pitch} apart, direction {_direction(tracks.template.direction)}"
    if isinstance(tracks, ParallelTracks):
        return (
            f"parallel, {tracks.pitch_mm:g} mm apart, direction searched within {tracks.cone_deg:g} degrees of "
            f"{_direction(tracks.direction)}"
        )
    count = len(np.asarray(tracks.entries_mm))
    return f"fans from {count} entries, {tracks.spacing_mm:g} mm apart in the target, up to {tracks.cone_deg:g} degrees"


def _avoid_words(problem: ImplantProblem) -> str:
    avoid, margin_mm = problem.anatomy.roles.avoid, problem.placement.avoid_margin_mm
    if not avoid:
        return "nothing"
    return f"{', '.join(avoid)}{f', with {margin_mm:g} mm to spare' if margin_mm else ''}"


def _direction(direction: FloatArray) -> str:
    r, a, s = (float(part) + 0.0 for part in direction)
    return f"({r:.2f}, {a:.2f}, {s:.2f}) R, A, S"
