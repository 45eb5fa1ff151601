"""Match the lesions of two visits: by what they share first, by how near they lie next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.matching.closeness import LesionBody, closeness
from brachyresponse.response.matching.links import groups, nearest, overlapping
from brachyresponse.response.matching.match import LesionDecision, LesionMatch
from brachyresponse.response.matching.reasons import LEAST_SEEN, Judge
from brachyresponse.response.matching.visits import VisitRegistration, unregistered

MAX_DISTANCE_MM = 10.0
NO_RESIDUAL = (
    "How uncertain the registration is in mm is not known, so nothing was allowed for it: look at the overlay."
)

Bodies = Mapping[str, LesionBody]


@dataclass(frozen=True, eq=False)
class VisitLesions:
    """The lesions drawn at one visit.

    Parameters
    ----------
    lesions
        By their names, each on a grid of its own.
    frame_of_reference_uid
        As DICOM gives it; empty where it is not known.
    scan
        Grid of the scan they were drawn on: tells an absent lesion from one that was not scanned.
    """

    lesions: Mapping[str, Structure]
    frame_of_reference_uid: str = ""
    scan: Grid | None = None


def match_lesions(
    before: Mapping[str, Structure] | VisitLesions,
    after: Mapping[str, Structure] | VisitLesions,
    registration: VisitRegistration | ArrayLike | None = None,
    *,
    max_distance_mm: float = MAX_DISTANCE_MM,
    residual_mm: float | None = None,
) -> LesionMatch:
    """Tell which lesion of a later visit is which of an earlier one.

    Lesions that share at least a tenth of the smaller one, or of which half lies within the registration's
    uncertainty of the other one, belong together; what shares nothing is paired with the nearest lesion left, and what
    is left over is absent or new. The limits are this software's own choice, and every decision is a proposal: the
    reader may overrule it (:func:`overrule`). The order of the lesions does not matter.

    Parameters
    ----------
    before, after
        Lesions of both visits, each in its own scan's space.
    registration
        Motion (4, 4) from the later to the earlier scan's RAS; None where both lie in one frame of reference.
    max_distance_mm
        Between the surfaces of lesions that share nothing and are still taken for one.
    residual_mm
        Uncertainty of the registration; its own one where it has one.

    Raises
    ------
    ResponseError
        Nothing is registered and the frames of reference differ, or a distance is negative.
    RegistrationError
        The motion is not a rotation and a shift.
    """
    sides = [side if isinstance(side, VisitLesions) else VisitLesions(side) for side in (before, after)]
    motion = _as_registration(registration, *sides)
    residual_mm = motion.residual_mm if residual_mm is None else residual_mm
    _check_length("largest distance", max_distance_mm)
    _check_length("residual of the registration", residual_mm or 0.0)
    here = {name: LesionBody.of(lesion, np.eye(4)) for name, lesion in sides[0].lesions.items()}
    there = {name: LesionBody.of(lesion, motion.matrix) for name, lesion in sides[1].lesions.items()}
    found = _Comparison(here, there, _moved(sides[1].scan, motion), sides[0].scan)
    decisions = tuple(found.decisions(residual_mm or 0.0, max_distance_mm))
    warnings = motion.warnings if residual_mm is not None or registration is None else (*motion.warnings, NO_RESIDUAL)
    return LesionMatch(decisions, residual_mm, warnings)


def _check_length(what: str, length_mm: float) -> None:
    if not (np.isfinite(length_mm) and length_mm >= 0):
        raise ResponseError(f"The {what} between lesions is {length_mm:g} mm: give 0 or more.")


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Lesions of both visits and the grids of their scans, all in the earlier scan's space."""

    before: Bodies
    after: Bodies
    later_scan: Grid | None
    earlier_scan: Grid | None

    def decisions(self, residual_mm: float, max_distance_mm: float) -> Iterator[LesionDecision]:
        near = {
            (b, a): closeness(one, other, residual_mm=residual_mm)
            for b, one in self.before.items()
            for a, other in self.after.items()
        }
        found = groups(overlapping(near))
        left = self._left(found)
        found += groups(nearest(near, *left, max_distance_mm))
        left = self._left(found)
        judge = Judge(near, _volumes_ml(self.before), _volumes_ml(self.after))
        yield from (judge.of_group(group) for group in found)
        yield from (judge.of_absent(name, _share_in(self.before[name], self.later_scan)) for name in left[0])
        for name in left[1]:
            yield judge.of_new(name, was_scanned=_share_in(self.after[name], self.earlier_scan) >= LEAST_SEEN)

    def _left(self, found: list[tuple[set[str], set[str]]]) -> tuple[set[str], set[str]]:
        """Lesions of both visits that stand in no group."""
        before = set(self.before).difference(*(group[0] for group in found))
        after = set(self.after).difference(*(group[1] for group in found))
        return before, after


def _as_registration(
    registration: VisitRegistration | ArrayLike | None, before: VisitLesions, after: VisitLesions
) -> VisitRegistration:
    if isinstance(registration, VisitRegistration):
        return registration
    if registration is None:
        return unregistered(before.frame_of_reference_uid, after.frame_of_reference_uid)
    return VisitRegistration(np.asarray(registration, float), None, "Given as a matrix, without a residual.")


def _moved(grid: Grid | None, motion: VisitRegistration) -> Grid | None:
    return None if grid is None else Grid(grid.shape_kji, motion.matrix @ grid.ijk_to_ras)


def _volumes_ml(bodies: Bodies) -> dict[str, float]:
    return {name: body.volume_ml for name, body in bodies.items()}


def _share_in(body: LesionBody, scan: Grid | None) -> float:
    """Share of a lesion that a scan shows, 0 to 1; all of it where nothing is known of the scan."""
    if scan is None:
        return 1.0
    return float(body.weights_ml @ scan.contains(body.cells_mm) / body.volume_ml)
