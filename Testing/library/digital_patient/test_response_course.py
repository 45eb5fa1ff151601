"""The digital patient's visits hold what their truth says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from brachyresponse.digital_patient import Head
from brachyresponse.digital_patient.response import ResponseVariant, response_course, true_case
from brachyresponse.errors import Cancelled, ResponseError
from brachyresponse.response.case import check_case
from brachyresponse.response.vocabulary import Category, CriteriaName, VisitRole
from response_courses import the_course

VARIANTS = list(ResponseVariant)
MARGIN, NECK = ResponseVariant.PROGRESSION_AT_MARGIN, ResponseVariant.NECK_NODE


def changes(sums: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """Percent from the first sum, and from the smallest of those before."""
    from_first = [100 * (each / sums[0] - 1) for each in sums]
    from_least = [100 * (each / min(sums[: n or 1]) - 1) for n, each in enumerate(sums)]
    return from_first, from_least


def test_the_tumour_halves_before_a_new_lesion_comes_at_the_margin() -> None:
    course = the_course(MARGIN)
    from_baseline, _ = changes(course.truth.sums)
    assert from_baseline[1] < -50
    assert [visit.new_lesions for visit in course.visits] == [(), (), ("N1",), ("N1",)]
    assert course.truth.progression_date == course.visits[2].date
    assert min(course.visits[2].sizes["N1"].longest_mm, course.visits[2].sizes["N1"].perpendicular_mm) > 10


def test_the_pseudoprogression_grows_by_a_quarter_within_twelve_weeks_and_comes_back() -> None:
    course = the_course(ResponseVariant.PSEUDOPROGRESSION)
    from_baseline, from_nadir = changes(course.truth.sums)
    assert from_nadir[1] > 25
    assert course.visits[1].day < 84 < course.visits[2].day
    assert max(from_nadir[2:]) < 25
    assert max(from_baseline[3:]) < -50
    assert course.visits[4].date - course.visits[3].date > timedelta(days=28)
    assert course.truth.progression_date is None


def test_the_necrosis_is_a_fifth_and_five_millimetres_over_the_nadir_at_month_eight() -> None:
    course = the_course(ResponseVariant.NECROSIS)
    from_baseline, from_nadir = changes(course.truth.sums)
    assert max(from_baseline[2:5]) < -30
    assert max(from_nadir[:5]) < 20
    assert from_nadir[5] > 20
    assert course.truth.sums[5] - min(course.truth.sums) > 5
    said = course.truth.adjudicated
    assert said is not None
    assert (said.visit, said.category) == (5, Category.SD)
    assert said.on > course.visits[5].date


def test_the_recurrence_that_was_never_hyperperfused_progresses_from_the_nadir_only() -> None:
    course = the_course(ResponseVariant.NEVER_HYPERPERFUSED)
    from_baseline, from_nadir = changes(course.truth.sums)
    assert min(from_baseline) > -50
    assert max(from_nadir[:3]) < 25 < from_nadir[3]
    assert from_baseline[3] < 25
    assert max(point.ratio for point in course.perfusion) < 1.5


def test_the_neck_node_is_no_target_by_size_and_becomes_normal() -> None:
    course = the_course(NECK)
    sums = course.truth.sums
    assert 10 < sums[0] < 15
    assert sums[1] > 10
    assert sums[1] / sums[0] > 0.7
    assert sums[2] < 10
    assert course.criteria is CriteriaName.RECIST_1_1
    assert true_case(course).options.has_protocol_targets


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_painted_lesions_have_the_exact_volumes_and_lie_in_one_place(variant: ResponseVariant) -> None:
    course = the_course(variant)
    for visit in course.visits:
        for lesion in course.lesions:
            if lesion.id not in visit.lesions:
                continue
            drawn = visit.lesions[lesion.id]
            assert drawn.volume_cc == pytest.approx(visit.sizes[lesion.id].volume_ml, rel=0.1)  # 3 mm voxels
            at_baseline = visit.to_baseline @ [*drawn.centre_mm, 1]
            expected = course.baseline.plan_to_visit @ [*lesion.centre_mm, 1]
            np.testing.assert_allclose(at_baseline, expected, atol=0.15)  # partial voxels


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_visit_is_a_valid_case_with_its_category_stated(variant: ResponseVariant) -> None:
    course = the_course(variant)
    check_case(true_case(course))
    assert len(course.truth.categories) == len(course.visits)
    assert [v.role for v in course.visits].count(VisitRole.BASELINE) == 1
    assert len({visit.volume.grid.ijk_to_ras.tobytes() for visit in course.visits}) == len(course.visits)


def test_lesions_enhance_and_seeds_are_there_after_the_implant_only() -> None:
    course = the_course(ResponseVariant.NECROSIS)
    before, after = course.visits[0], course.visits[1]
    assert before.seeds.count == 0
    assert after.seeds.count == course.seeds.count
    signal = before.volume.values[before.lesions["T1"].occupancy == 1]
    assert np.median(signal) > 750  # the rim; the core is dark
    kji = np.rint(after.volume.grid.to_ijk(after.seeds.positions_mm)).astype(int)[:, ::-1]
    assert after.volume.values[tuple(kji.T)].mean() < 0.8 * np.median(signal)


def test_the_metal_of_the_seeds_stays_while_the_node_shrinks_round_it() -> None:
    course = the_course(NECK)
    first, last = course.visits[0], course.visits[-1]
    assert first.volume.values[first.lesions["N1"].mask].max() < 200
    assert last.volume.values[last.lesions["N1"].mask].max() > 400  # partial voxels of 3 mm
    spread = [np.ptp(seeds.positions_mm, axis=0).max() for seeds in (course.seeds, last.seeds)]
    assert spread[1] < 0.65 * spread[0]


def test_thyroglobulin_falls_with_tsh_and_antibodies_on_record() -> None:
    markers = [row for row in the_course(NECK).treatments if row.kind == "serum marker"]
    values = [row.details.value_ug_per_l for row in markers]
    assert values == sorted(values, reverse=True)
    assert all(row.details.tsh_mu_per_l is not None and row.details.antibodies == "absent" for row in markers)


def test_one_seed_makes_one_course_and_another_head_another() -> None:
    first, again = (response_course(MARGIN, voxel_mm=6.0, random_seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.visits[1].volume.values, again.visits[1].volume.values)
    other = response_course(MARGIN, voxel_mm=6.0, random_seed=6)
    assert (first.visits[1].volume.values != other.visits[1].volume.values).any()
    tumour = replace(Head().tumour, centre_mm=(34.0, 6.0, 30.0))
    moved = response_course(MARGIN, voxel_mm=6.0, patient=Head(tumour))
    assert moved.lesions[0].centre_mm == (34.0, 6.0, 30.0)


def test_an_unknown_variant_is_named_with_those_there_are() -> None:
    with pytest.raises(ResponseError, match="no course 'cure' of the digital patient: choose one of progression_at_ma"):
        response_course("cure")


def test_the_making_can_be_cancelled() -> None:
    def cancel(share: float, message: str) -> None:
        if share > 0:
            raise Cancelled(message)

    with pytest.raises(Cancelled, match="visit 2 of 4"):
        response_course(MARGIN, voxel_mm=6.0, report=cancel)
