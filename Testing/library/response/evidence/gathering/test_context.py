"""What is shown beside the markers: every sentence says that it has no weight, and growth is told from noise."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.response.evidence.gathering import (
    DoseContext,
    EvidenceContext,
    T1Enhancement,
    T2FlairChange,
    VolumeOfDay,
    dose_context,
    dose_context_of,
)
from brachyresponse.response.evidence.markers import anatomical_rows, context_finding
from brachyresponse.response.study import SiteEntry

FIRST = date(2026, 2, 2)
NOT_PROGRESSION = "not progression by itself"


def volumes(*volumes_ml: float) -> tuple[VolumeOfDay, ...]:
    return tuple(VolumeOfDay(FIRST + timedelta(days=60 * place), value) for place, value in enumerate(volumes_ml))


def test_nothing_known_is_nothing_said() -> None:
    assert EvidenceContext().sentences == ()


@pytest.mark.parametrize("kind", T1Enhancement)
def test_the_anatomical_row_of_t1_says_what_both_classes_look_like(kind: T1Enhancement) -> None:
    (said,) = EvidenceContext(t1_enhancement=kind).sentences
    row = next(row for row in anatomical_rows() if row.id == "t1_enhancement")
    assert row.recurrence in said
    assert row.necrosis in said
    assert "without weight" in said


@pytest.mark.parametrize("change", T2FlairChange)
def test_the_anatomical_row_of_t2_says_what_both_classes_look_like(change: T2FlairChange) -> None:
    (said,) = EvidenceContext(t2_flair=change).sentences
    row = next(row for row in anatomical_rows() if row.id == "t2_flair")
    assert row.recurrence in said
    assert row.necrosis in said
    assert "without weight" in said


def test_volumes_are_told_in_order_of_their_days_with_the_change() -> None:
    late, early = volumes(36.0, 30.0)[0], volumes(36.0, 30.0)[1]
    (said,) = EvidenceContext(t2_flair_volumes_ml=(early, late)).sentences
    assert (
        said
        == "T2/FLAIR volume: 2026-02-02 36.0 mL, 2026-04-03 30.0 mL (-17 % since 2026-02-02). Shown without weight."
    )


@pytest.mark.parametrize(("t2", "is_said"), [((30.0, 31.0), True), ((30.0, 33.0), False), ((30.0, 45.0), False)])
def test_a_rim_that_grows_without_t2_after_a_balloon_is_not_progression_by_itself(
    t2: tuple[float, float], is_said: bool
) -> None:
    context = EvidenceContext(t2_flair_volumes_ml=volumes(*t2), rim_volumes_ml=volumes(2.0, 3.0), is_after_balloon=True)
    said = context.sentences[2]
    assert said.startswith("The enhancing rim grows (+50 % since 2026-02-02) and T2/FLAIR does not") is is_said
    assert ("does not apply" in said) is not is_said
    assert NOT_PROGRESSION in said


def test_what_shrank_and_grew_again_has_grown_since_its_smallest() -> None:
    rim, t2 = volumes(8.0, 2.0, 5.0), volumes(30.0, 29.0, 30.0)
    context = EvidenceContext(t2_flair_volumes_ml=t2, rim_volumes_ml=rim, is_after_balloon=True)
    assert "5.0 mL (-38 % since 2026-02-02, +150 % since 2026-04-03, its smallest)" in context.sentences[1]
    assert context.sentences[2].startswith("The enhancing rim grows (-38 % since 2026-02-02, +150 % since 2026-04-03")
    gone = EvidenceContext(rim_volumes_ml=volumes(8.0, 0.0, 5.0))
    assert "from 0 mL on 2026-04-03, its smallest" in gone.sentences[0]


def test_without_a_balloon_nothing_is_said_of_rims() -> None:
    context = EvidenceContext(t2_flair_volumes_ml=volumes(30.0, 30.0), rim_volumes_ml=volumes(2.0, 3.0))
    assert not any(NOT_PROGRESSION in said for said in context.sentences)


def test_after_a_balloon_the_finding_is_always_told_with_its_figures() -> None:
    told = " ".join(EvidenceContext(distance_to_balloon_mm=3.0).sentences)
    assert NOT_PROGRESSION in told
    assert "Kleinberg" in context_finding("rim_without_t2_growth").source
    assert "Kleinberg" in told


def test_radiomics_and_dose_have_no_weight() -> None:
    context = EvidenceContext(
        radiomics_score=0.71, radiomics_model="IsoSVM", dose=DoseContext(88.04, 71.0, 60.0), distance_to_seeds_mm=4.0
    )
    radiomics, dose, seeds = context.sentences
    assert radiomics.startswith("Radiomics score 0.71 (IsoSVM): shown without weight")
    assert "D50 88.0 Gy, 71 % of it at or above the prescription of 60 Gy. Shown without weight" in dose
    assert "no published likelihood ratio was found" in dose
    assert seeds == "Seeds lie 4 mm from the lesion."


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("distance_to_seeds_mm", -1.0, "'distance_to_seeds_mm' is -1 mm, expected 0 or more"),
        ("distance_to_balloon_mm", float("nan"), "'distance_to_balloon_mm' is nan mm"),
        ("radiomics_score", float("inf"), "radiomics score is inf, expected a finite number"),
    ],
)
def test_what_makes_no_sense_is_refused(field: str, value: float, said: str) -> None:
    with pytest.raises(ResponseError, match=said):
        EvidenceContext(**{field: value})  # type: ignore[arg-type]


def test_two_volumes_of_one_day_are_refused() -> None:
    twice = (VolumeOfDay(FIRST, 3.0), VolumeOfDay(FIRST, 4.0))
    with pytest.raises(ResponseError, match="'rim_volumes_ml' has two volumes of 2026-02-02: keep one"):
        EvidenceContext(rim_volumes_ml=twice)


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        ((-1.0, 50.0, 60.0), "D50 of the lesion is -1 Gy"),
        ((80.0, 101.0, 60.0), "is 101 %, expected 0 to 100 %"),
        ((80.0, 50.0, 0.0), "prescription is 0 Gy, expected above 0"),
    ],
)
def test_a_dose_that_makes_no_sense_is_refused(dose: tuple[float, float, float], said: str) -> None:
    with pytest.raises(ResponseError, match=said):
        DoseContext(*dose)


def test_the_dose_at_a_lesion_is_that_of_its_site_of_failure() -> None:
    grid = Grid((8, 8, 8), np.diag([2.0, 2.0, 2.0, 1.0]))
    values = np.broadcast_to(np.linspace(120.0, 10.0, 8, dtype=np.float32), (8, 8, 8)).copy()  # falls along i
    dose = Volume("Dose", values, grid, "Gy")
    occupancy = np.zeros((8, 8, 8))
    occupancy[2:6, 2:6, 2:6] = 1
    found = dose_context(Structure("T1", occupancy, grid), dose, 60.0)
    assert found is not None
    assert found.d50_gy == pytest.approx(65.0, abs=8.0)  # the middle of the lesion; half a voxel of the fall
    assert found.share_above_prescription_percent == pytest.approx(50.0, abs=15.0)
    assert found.prescription_gy == 60.0


def test_a_site_without_dose_has_no_context() -> None:
    site = SiteEntry(FIRST, "T1", None, "Its site is not known.")
    assert dose_context_of(site) is None
    known = replace(site, d50_gy=70.0, v100_percent=60.0, warnings=("12 % lies outside the dose grid.",))
    context = dose_context_of(known)
    assert context == DoseContext(70.0, 60.0, None, ("12 % lies outside the dose grid.",))
    assert "12 % lies outside" in EvidenceContext(dose=context).sentences[0]


@settings(max_examples=25, deadline=None)
@given(some.lists(some.floats(0, 500), min_size=2, max_size=5), some.lists(some.floats(0, 500), min_size=2, max_size=5))
def test_any_course_of_volumes_is_told_without_a_number_that_is_none(rim: list[float], t2: list[float]) -> None:
    context = EvidenceContext(t2_flair_volumes_ml=volumes(*t2), rim_volumes_ml=volumes(*rim), is_after_balloon=True)
    told = " ".join(context.sentences)
    assert "nan" not in told
    assert not re.search(r"\binf\b", told)
    assert any(NOT_PROGRESSION in said for said in context.sentences)
