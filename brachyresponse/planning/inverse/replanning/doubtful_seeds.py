"""Seeds that needles' shadows make doubtful on a CT, taken where the plan expects them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.planning.needles import Needle
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.seeds import RejectedCandidate, RejectionReason, Seeds
from brachyresponse.types import FloatArray

ON_LINE_MM = 3.5
APART_MM = 3.5
"""Two seeds on a line lie no nearer than this, centre to centre: a seed is 4.5 mm long, its place known to half one."""
DOUBTS = (RejectionReason.WRONG_SHAPE, RejectionReason.FAINTER)
"""What the dark and bright bands beside needles do to a seed; the first does less."""


def doubtful_seeds(
    rejected: Sequence[RejectedCandidate], needles: Sequence[Needle], seeds: Seeds, plan: ImplantPlan
) -> list[RejectedCandidate]:
    """Return the rejected candidates that are taken for seeds all the same, the likeliest first.

    One is taken where it lies on the line of a needle that has fewer seeds than the plan gave it, clear of every other
    seed; so never more than the plan has.

    Parameters
    ----------
    rejected
        By the detection of seeds; only those too faint or of the wrong shape are considered.
    needles
        In place or out, as they lie.
    seeds
        Found beyond doubt, with the numbers of their needles.
    plan
        How many seeds each needle had.
    """
    open_places = {
        n.number: int((plan.seeds.needle == n.number).sum() - (seeds.needle == n.number).sum()) for n in needles
    }
    taken: list[RejectedCandidate] = []
    others = list(seeds.positions_mm)
    for candidate in sorted((r for r in rejected if r.reason in DOUBTS), key=_doubt):
        needle = _needle_of(candidate.position_mm, needles)
        near = others and np.linalg.norm(np.array(others) - candidate.position_mm, axis=1).min() < APART_MM
        if needle is None or near or open_places[needle.number] <= 0:
            continue
        open_places[needle.number] -= 1
        taken.append(candidate)
        others.append(candidate.position_mm)
    return taken


def _doubt(candidate: RejectedCandidate) -> tuple[int, float]:
    return DOUBTS.index(candidate.reason), -candidate.confidence


def _needle_of(position_mm: FloatArray, needles: Sequence[Needle]) -> Needle | None:
    """The needle whose line passes a point nearest, None where none passes near."""
    aside_mm = [float(np.linalg.norm(position_mm - needle.at(needle.depth_of(position_mm)))) for needle in needles]
    nearest = int(np.argmin(aside_mm)) if aside_mm else -1
    return needles[nearest] if aside_mm and aside_mm[nearest] < ON_LINE_MM else None
