"""A problem with one of its constraints taken away, to find out which one makes it infeasible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from brachyresponse.planning.anatomy import PlanAnatomy, PlanRoles
from brachyresponse.planning.inverse.problem import ImplantProblem, Locked
from brachyresponse.planning.inverse.tracks import (
    WIDEST_CONE_DEG,
    FanTracks,
    NeedleTracks,
    ParallelTracks,
    TemplateTracks,
)

WIDER_CONE_DEG = 80.0
FINER = 0.5
FINEST_MM = 5.0
STRONGER = 10.0
NO_NUMBER = 0


@dataclass(frozen=True)
class Relaxation:
    """A problem without one constraint.

    Parameters
    ----------
    problem
        The relaxed one.
    without
        What the constraint forbids: "without coming within 2 mm of Vessel".
    because
        The constraint as a reason: "Vessel must not be approached within 2 mm".
    remedy
        What can be done.
    """

    problem: ImplantProblem
    without: str
    because: str
    remedy: str


def relaxations(problem: ImplantProblem) -> Iterator[Relaxation]:
    """Yield a problem with each of its constraints taken away in turn, those a user set most deliberately first."""
    yield from _of_avoided(problem)
    yield from _of_skin(problem)
    yield from _of_seed_margin(problem)
    yield from _of_numbers(problem)
    yield from _of_locked(problem)
    yield from _of_cone(problem)
    yield from _of_body(problem)
    yield from _of_tracks(problem)
    yield from _of_strength(problem)


def _of_avoided(problem: ImplantProblem) -> Iterator[Relaxation]:
    avoid, margin_mm = problem.anatomy.roles.avoid, problem.placement.avoid_margin_mm
    for names in ((name,) for name in avoid):
        yield _without_avoided(problem, names, margin_mm)
    if len(avoid) > 1:
        yield _without_avoided(problem, avoid, margin_mm)


def _without_avoided(problem: ImplantProblem, names: tuple[str, ...], margin_mm: float) -> Relaxation:
    rest = tuple(name for name in problem.anatomy.roles.avoid if name not in names)
    text = " and ".join(names)
    how = f"within {margin_mm:g} mm" if margin_mm else ""
    lessen = f"lessen the margin of {margin_mm:g} mm, " if margin_mm else ""
    return Relaxation(
        _with_roles(problem, replace(problem.anatomy.roles, avoid=rest)),
        f"without crossing {text} {how}".rstrip(),
        f"needles must not cross {text} {how}".rstrip(),
        f"{_turn(problem)}, {lessen}or enter from elsewhere",
    )


def _of_skin(problem: ImplantProblem) -> Iterator[Relaxation]:
    depth_mm = problem.placement.skin_depth_mm
    if problem.anatomy.roles.body and depth_mm > 0:
        rule = f"seeds at least {depth_mm:g} mm below the skin"
        yield Relaxation(
            replace(problem, placement=replace(problem.placement, skin_depth_mm=0.0)),
            f"that could hold {rule}",
            f"the skin is too close for this activity, with {rule}",
            "allow seeds nearer to the skin, take stronger seeds, or treat a superficial target otherwise",
        )


def _of_seed_margin(problem: ImplantProblem) -> Iterator[Relaxation]:
    inside_mm = -problem.placement.seed_margin_mm
    if inside_mm > 0:
        yield Relaxation(
            replace(problem, placement=replace(problem.placement, seed_margin_mm=0.0)),
            f"with seeds at least {inside_mm:g} mm inside it",
            f"seeds must lie at least {inside_mm:g} mm inside {problem.target}",
            "let seeds lie nearer to the target's surface",
        )


def _of_numbers(problem: ImplantProblem) -> Iterator[Relaxation]:
    most = problem.placement.most_seeds
    if most:
        yield Relaxation(
            replace(problem, placement=replace(problem.placement, most_seeds=NO_NUMBER)),
            f"with {most} seed{'' if most == 1 else 's'}",
            f"no more seeds than {most} are allowed",
            "allow more seeds, or take stronger ones",
        )


def _of_locked(problem: ImplantProblem) -> Iterator[Relaxation]:
    if problem.locked.needles or problem.locked.seeds.count:
        yield Relaxation(
            replace(problem, locked=Locked()),
            "past the locked needles and seeds",
            "locked needles and seeds are in the way",
            "unlock some of them",
        )


def _of_cone(problem: ImplantProblem) -> Iterator[Relaxation]:
    tracks = problem.tracks
    if isinstance(tracks, TemplateTracks) or tracks.cone_deg >= WIDER_CONE_DEG:
        return
    wider = replace(tracks, cone_deg=WIDER_CONE_DEG if isinstance(tracks, ParallelTracks) else WIDEST_CONE_DEG)
    yield Relaxation(
        replace(problem, tracks=wider),
        f"within the cone of {tracks.cone_deg:g} degrees",
        f"the target lies outside the cone of {tracks.cone_deg:g} degrees, in part or whole",
        "widen the cone, or choose another direction or entry",
    )


def _of_body(problem: ImplantProblem) -> Iterator[Relaxation]:
    if problem.anatomy.roles.body and not isinstance(problem.tracks, TemplateTracks):
        yield Relaxation(
            _with_roles(problem, replace(problem.anatomy.roles, body="")),
            f"through the skin of {problem.anatomy.roles.body}",
            f"needles must come through skin of {problem.anatomy.roles.body} that is in the image",
            "choose another direction, or a body that holds the target and the way to it",
        )


def _of_tracks(problem: ImplantProblem) -> Iterator[Relaxation]:
    finer, pitch_mm = _finer(problem.tracks)
    yield Relaxation(
        replace(problem, tracks=finer),
        f"with tracks {pitch_mm:g} mm apart",
        f"tracks are {pitch_mm:g} mm apart",
        "take a smaller distance between needle tracks",
    )


def _of_strength(problem: ImplantProblem) -> Iterator[Relaxation]:
    strongest_u = max(problem.strengths_u)
    yield Relaxation(
        replace(problem, strengths_u=(STRONGER * strongest_u,)),
        f"with seeds of {strongest_u:g} U",
        f"seeds of {strongest_u:g} U are too weak for the places they may take",
        "take stronger seeds, or a smaller spacing",
    )


def _finer(tracks: NeedleTracks) -> tuple[NeedleTracks, float]:
    """Tracks at half the distance, of wide ones at 5 mm, and the distance, mm."""
    if isinstance(tracks, ParallelTracks):
        return replace(tracks, pitch_mm=_less_mm(tracks.pitch_mm)), tracks.pitch_mm
    if isinstance(tracks, FanTracks):
        return replace(tracks, spacing_mm=_less_mm(tracks.spacing_mm)), tracks.spacing_mm
    across, up = tracks.template.pitch_mm
    template = replace(tracks.template, pitch_mm=(_less_mm(across), _less_mm(up)), origin_hole="")
    return replace(tracks, template=template), max(across, up)


def _less_mm(distance_mm: float) -> float:
    return min(distance_mm * FINER, FINEST_MM)


def _turn(problem: ImplantProblem) -> str:
    tracks = problem.tracks
    if isinstance(tracks, TemplateTracks):
        return "turn or move the template"
    return f"widen the cone of {tracks.cone_deg:g} degrees"


def _with_roles(problem: ImplantProblem, roles: PlanRoles) -> ImplantProblem:
    return replace(problem, anatomy=PlanAnatomy(problem.anatomy.structures, roles))
