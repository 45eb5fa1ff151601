"""From the images of two visits to the category: registered, matched, measured, assessed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from brachyresponse.digital_patient.shapes import Ellipsoid
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.response.matching import (
    LesionMatch,
    VisitLesions,
    VisitRegistration,
    match_lesions,
    register_visits,
)
from brachyresponse.response.measurement import measure_structure
from brachyresponse.response.study import (
    CaseFrame,
    MeasuredVisit,
    ResponseRequest,
    ResponseStudy,
    case_from_visits,
    evaluate_response,
    findings_of_match,
    measurement_entry,
)
from brachyresponse.response.vocabulary import Category, CriteriaName, VisitRole
from lesion_balls import ball
from painted_head import head_grid, lay, painted, turned

MOTION = turned((4, -3, 5), (5, -4, 6))
"""From the baseline's to the later scan's space."""
BEFORE = {"T1": ((-30.0, 20.0, 30.0), 12.0), "T2": ((35.0, -20.0, 30.0), 8.0), "T3": ((0.0, -50.0, 40.0), 7.0)}
AFTER = {"x": ((-29.0, 21.0, 30.0), 15.0), "y": ((35.0, -20.0, 31.0), 9.0), "z": ((30.0, 40.0, 40.0), 7.0)}
DAYS = date(2026, 1, 5), date(2026, 7, 6)


def moved(lesion: Structure) -> Structure:
    return Structure(lesion.name, lesion.occupancy, Grid(lesion.grid.shape_kji, MOTION @ lesion.grid.ijk_to_ras))


def scan(lesions: dict[str, tuple[tuple[float, float, float], float]], motion: np.ndarray, random_seed: int) -> Volume:
    """The head with enhancing lesions."""
    image = painted(head_grid(4.0), motion=motion, random_seed=random_seed)
    in_head = Grid(image.grid.shape_kji, np.linalg.inv(motion) @ image.grid.ijk_to_ras)
    for centre, radius in lesions.values():
        lay(image.values, Ellipsoid(centre, (radius, radius, radius)), in_head, 900.0)
    return image


@pytest.fixture(scope="module")
def registration() -> VisitRegistration:
    return register_visits(scan(BEFORE, np.eye(4), 0), scan(AFTER, MOTION, 1))


@pytest.fixture(scope="module")
def segments() -> tuple[dict[str, Structure], dict[str, Structure]]:
    before = {name: ball(centre, radius) for name, (centre, radius) in BEFORE.items()}
    return before, {name: moved(ball(centre, radius, spacing_mm=0.8)) for name, (centre, radius) in AFTER.items()}


@pytest.fixture(scope="module")
def match(registration: VisitRegistration, segments: tuple[dict[str, Structure], ...]) -> LesionMatch:
    before, after = segments
    return match_lesions(VisitLesions(before, "1.2.3"), VisitLesions(after, "1.2.4"), registration)


@pytest.fixture(scope="module")
def study(match: LesionMatch, segments: tuple[dict[str, Structure], ...]) -> ResponseStudy:
    before, after = ({name: measure_structure(lesion) for name, lesion in each.items()} for each in segments)
    first = MeasuredVisit(DAYS[0], VisitRole.BASELINE, before)
    second = MeasuredVisit(DAYS[1], VisitRole.FOLLOW_UP, findings_of_match(match, after))
    case = case_from_visits([first, second], CaseFrame("painted", CriteriaName.RANO_2010))
    names = match.names()
    entries = [measurement_entry(DAYS[0], name, measured) for name, measured in before.items()]
    entries += [measurement_entry(DAYS[1], names[name], measured) for name, measured in after.items()]
    return evaluate_response(ResponseRequest(case, measurements=tuple(entries)))


def test_lesions_are_matched_through_the_registration_of_the_scans(match: LesionMatch) -> None:
    assert match.names() == {"x": "T1", "y": "T2", "z": "z"}
    assert [decision.before for decision in match.absent] == [("T3",)]
    assert match.doubtful == ()
    assert match.residual_mm is not None


def test_what_was_measured_is_what_was_painted(study: ResponseStudy) -> None:
    baseline, later = study.case.visits
    painted_mm = {name: 2 * radius for name, (_, radius) in BEFORE.items()}
    for lesion in baseline.lesions:
        assert lesion.longest_mm == pytest.approx(painted_mm[lesion.id], abs=0.5)  # half a voxel of 1 mm
        assert lesion.volume_ml == pytest.approx(np.pi / 6 * painted_mm[lesion.id] ** 3 / 1000, rel=0.02)
    assert later.lesions[0].longest_mm == pytest.approx(30.0, abs=0.5)
    how = study.measurement(DAYS[1], "z")
    assert how is not None
    assert how.longest_mm == pytest.approx(14.0, abs=0.5)


def test_the_growth_and_the_new_lesion_are_progression(study: ResponseStudy) -> None:
    last = study.assessment.visits[-1]
    assert [lesion.id for lesion in study.case.visits[1].new_lesions] == ["z"]
    assert last.category is Category.PD
    before, after = (sum((2 * r) ** 2 for r in radii) for radii in ((12, 8, 7), (15, 9)))
    assert last.sum == pytest.approx(after, rel=0.04)  # half a voxel of each diameter
    assert last.percent_from_baseline == pytest.approx(100 * (after / before - 1), abs=5)
