"""Plan against implant: what an unchanged, a moved and an incomplete implant give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from brachyresponse.dose import dose_rate
from brachyresponse.errors import Cancelled, PlanError, StructureError, VerificationError
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, PlanRoles, load_profile
from brachyresponse.seeds import DetectedSeeds, Origin, Seeds
from brachyresponse.sources import decay_factor, load_source
from brachyresponse.verification import CARRIED_STAMP, OedemaModel, Pairing, Verification, verify_implant

GY_PER_CGY_H = 59.40 * 24 / np.log(2) / 100
"""Total dose of I-125 for an initial dose rate of 1 cGy/h."""
COARSE = Grid.covering([-24, -24, -24], [24, 24, 24], 2.0)


def detected(seeds: Seeds, axis_confidence: float = 0.9) -> DetectedSeeds:
    sure = np.full(seeds.count, 0.95)
    axes = np.full(seeds.count, axis_confidence)
    return DetectedSeeds(seeds.positions_mm, seeds.directions, sure, axes, (Origin.DETECTED,) * seeds.count)


@pytest.fixture(scope="module")
def incomplete(request_of: Callable, shift: Callable, plan_of: Callable, anatomy_of: Callable) -> Verification:
    """The implant without its last seven seeds, those on the right, the others moved by 2 mm, on the day after."""
    seeds = shift(plan_of().seeds.select(slice(0, 16)), 2.0, 0.0, 0.0)
    anatomy = anatomy_of(ptv="PTV")
    return verify_implant(
        request_of(found=detected(seeds), plan_anatomy=anatomy, implant_anatomy=anatomy, scan_date=date(2026, 3, 7))
    )


def test_an_implant_as_planned_differs_in_nothing(request_of: Callable) -> None:
    verification = verify_implant(request_of())
    assert verification.match.count == 23
    assert verification.displacements.total_mm.max() == 0
    assert not verification.difference_gy.any()
    assert {row.difference for row in verification.comparison if row.difference is not None} == {0.0}
    assert (verification.target_stamp, verification.migrated) == ("", ())
    assert verification.share_delivered == 0


@settings(max_examples=5, deadline=None)
@given(
    turn_deg=st.tuples(*[st.floats(-180, 180)] * 3), shift_mm=st.tuples(*[st.floats(-80, 80)] * 3),
)  # fmt: skip
def test_a_rigidly_moved_copy_of_the_plan_differs_in_nothing(
    turn_deg: tuple[float, float, float], shift_mm: tuple[float, float, float],
    request_of: Callable, registered: Callable, plan_of: Callable,
) -> None:  # fmt: skip
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", turn_deg, degrees=True).as_matrix()
    matrix[:3, 3] = shift_mm
    registration = registered(matrix)
    verification = verify_implant(
        request_of(
            registration=registration,
            found=registration.seeds(plan_of().seeds),
            plan_grid=COARSE,
            implant_grid=registration.grid(COARSE),
            implant_anatomy=None,
            frame_of_reference_uid="9.9.9",
        )
    )
    assert verification.match.count == 23
    assert verification.displacements.total_mm.max() < 1e-9
    for row in verification.comparison:
        assert row.plan is None if row.implant is None else row.implant == pytest.approx(row.plan, rel=2e-3, abs=1e-2)
    # each dose is good to 0.06 %, so their difference to twice that
    assert (np.abs(verification.difference_gy) <= 1.3e-3 * verification.implant.dose_gy + 1e-3).all()


def test_the_order_in_which_seeds_were_found_does_not_matter(
    request_of: Callable, plan_of: Callable, shift: Callable
) -> None:
    seeds = shift(plan_of().seeds.select(slice(0, 20)), 1.0, 2.0, 0.0)
    order = np.random.default_rng(8).permutation(seeds.count)
    first = verify_implant(request_of(found=seeds, implant_grid=COARSE))
    second = verify_implant(request_of(found=seeds.select(order), implant_grid=COARSE))
    for one, other in zip(first.comparison, second.comparison, strict=True):
        # the sum over the seeds is taken in single precision, in another order
        assert one.implant is None if other.implant is None else other.implant == pytest.approx(one.implant, rel=1e-4)
    np.testing.assert_array_equal(second.match.missing, first.match.missing)
    np.testing.assert_array_equal(order[second.match.pairs[:, 1]], first.match.pairs[:, 1])


def test_the_orientation_of_the_dose_grid_does_not_matter(request_of: Callable, registered: Callable) -> None:
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_euler("xyz", [20, -35, 50], degrees=True).as_matrix()
    straight = verify_implant(request_of())
    oblique = verify_implant(request_of(implant_grid=registered(turn).grid(straight.implant.grid)))
    for metric, tolerance in (("d90", 0.01), ("v150", 0.01), ("volume", 1e-9), ("ci", 0.01)):
        value = oblique.metric("GTV", metric).implant
        # doses are interpolated between voxels of 1.5 mm that lie otherwise to the seeds
        assert value == pytest.approx(straight.metric("GTV", metric).implant, rel=tolerance)


def test_the_dose_difference_is_the_sum_over_the_seeds_by_the_formulas(
    incomplete: Verification, plan_of: Callable, shift: Callable
) -> None:
    source, grid = load_source("amersham_6711"), incomplete.implant.grid
    random = np.random.default_rng(5)
    kji = random.integers(2, np.array(grid.shape_kji) - 2, (200, 3))
    points_mm = grid.to_ras(kji[:, ::-1])
    planned = GY_PER_CGY_H * dose_rate(source, plan_of().seeds, points_mm)
    implanted = GY_PER_CGY_H * dose_rate(source, shift(plan_of().seeds.select(slice(0, 16)), 2.0, 0, 0), points_mm)
    found = incomplete.difference_gy[tuple(kji.T)]
    # the grid's doses are good to 0.1 % each
    np.testing.assert_array_less(np.abs(found - (implanted - planned)), 1e-3 * (planned + implanted) + 1e-3)


def test_missing_seeds_are_named_and_lower_d90(incomplete: Verification) -> None:
    np.testing.assert_array_equal(incomplete.match.missing, np.arange(16, 23))
    for structure in ("GTV", "PTV"):
        d90 = incomplete.metric(structure, "d90")
        assert d90 is not None
        assert d90.difference is not None
        assert d90.difference < -10
    assert incomplete.cold_regions[0].where.startswith("right")


def test_a_common_shift_is_reported_and_not_aligned_away(incomplete: Verification) -> None:
    np.testing.assert_allclose(incomplete.displacements.total_mm, 2.0)
    np.testing.assert_allclose(incomplete.displacements.along_mm, 0.0, atol=1e-9)
    np.testing.assert_allclose(incomplete.displacements.lateral_mm, 2.0)


def test_deeper_along_the_needle_is_positive(request_of: Callable, plan_of: Callable, shift: Callable) -> None:
    verification = verify_implant(request_of(found=shift(plan_of().seeds, 0.0, -3.0, 0.0), implant_grid=COARSE))
    np.testing.assert_allclose(verification.displacements.along_mm, 3.0)
    np.testing.assert_allclose(verification.displacements.lateral_mm, 0.0, atol=1e-9)


def test_depth_under_the_skin_is_told_where_both_skins_are_known(
    request_of: Callable, plan_of: Callable, shift: Callable, anatomy_of: Callable
) -> None:
    anatomy = anatomy_of(body="Body")
    found = shift(plan_of().seeds, 0.0, -3.0, 0.0)
    fields = {"found": found, "plan_anatomy": anatomy, "implant_grid": COARSE}
    known = verify_implant(request_of(**fields, implant_anatomy=anatomy)).displacements
    carried = verify_implant(request_of(**fields, implant_anatomy=None)).displacements
    assert known.deeper_mm is not None
    front = plan_of().seeds.positions_mm[known.pairs[:, 0], 1] > 8  # in front of the middle 3 mm back is deeper
    assert (known.deeper_mm[front] > 0).all()
    assert carried.deeper_mm is None


def test_pairing_can_lay_the_seeds_on_one_another_first(
    request_of: Callable, plan_of: Callable, shift: Callable
) -> None:
    found = shift(plan_of().seeds, 11.0, 0.0, 0.0)
    aligned = verify_implant(request_of(found=found, pairing=Pairing(aligned=True), implant_grid=COARSE))
    np.testing.assert_array_equal(aligned.match.pairs[:, 0], aligned.match.pairs[:, 1])
    np.testing.assert_allclose(aligned.displacements.total_mm, 11.0)  # as measured, not after the alignment


def test_seeds_that_hardly_pair_are_said_with_what_to_do(
    request_of: Callable, plan_of: Callable, shift: Callable
) -> None:
    far = verify_implant(request_of(found=shift(plan_of().seeds, 0.0, 0.0, 30.0), implant_grid=COARSE))
    (said,) = [sentence for sentence in far.warnings if "have a partner" in sentence]
    assert said.startswith(
        "Only 0 of 23 planned and 23 found seeds have a partner within 10 mm: check the registration"
    )
    assert far.displacements.count == 0


def test_many_missing_seeds_are_listed_in_short(request_of: Callable, plan_of: Callable) -> None:
    only_one = request_of(found=plan_of().seeds.select([0]), profile=load_profile("brain"), implant_grid=COARSE)
    (missing,) = [finding.found for finding in verify_implant(only_one).findings if finding.rule == "missing"]
    assert missing == "22 seeds: planned 2, 3, 4, 5, 6, 7, 8, 9 and 14 more without a partner within 10 mm"


class TestAxes:
    def test_uncertain_axes_are_computed_as_points_and_the_difference_is_stated(
        self, request_of: Callable, plan_of: Callable
    ) -> None:
        seeds = plan_of().seeds
        unsure = verify_implant(request_of(found=detected(seeds, axis_confidence=0.2)))
        sure = verify_implant(request_of(found=detected(seeds)))
        d90 = {case: verification.metric("GTV", "d90") for case, verification in (("unsure", unsure), ("sure", sure))}
        effect = next(row for row in unsure.point_implant if (row.structure, row.id) == ("GTV", "d90"))
        assert effect.used == d90["unsure"].implant
        assert effect.all_axes == pytest.approx(d90["sure"].implant, rel=1e-3)  # two computations of 0.06 % each
        assert effect.all_points == pytest.approx(d90["unsure"].implant, rel=1e-3)
        assert abs(effect.difference) > 0.1
        assert unsure.axis_sentence.startswith("All 23 seeds are computed as point sources")
        assert sure.axis_sentence.startswith("All 23 seeds are computed with their own axis.")
        assert f"difference {effect.difference:+.2f} Gy" in unsure.axis_sentence

    def test_the_confidence_from_which_an_axis_counts_can_be_chosen(
        self, request_of: Callable, plan_of: Callable
    ) -> None:
        request = request_of(found=detected(plan_of().seeds, axis_confidence=0.2), least_axis_confidence=0.1)
        assert request.found_seeds.axis_known.all()

    def test_the_metrics_with_points_are_those_of_an_implant_of_points(
        self, request_of: Callable, plan_of: Callable
    ) -> None:
        points = verify_implant(request_of(found=plan_of().seeds.without_axes()))
        axes = verify_implant(request_of())
        for row in axes.point_implant:
            alone = points.metric(row.structure, row.id)
            assert alone is not None
            assert row.all_points == pytest.approx(alone.implant, rel=2e-3, abs=0.05)


class TestCarriedStructures:
    def test_every_number_of_a_carried_target_is_stamped(self, request_of: Callable) -> None:
        verification = verify_implant(request_of(implant_anatomy=None, profile=load_profile("neck_node")))
        assert verification.target_stamp == CARRIED_STAMP
        assert {row.stamp for row in verification.comparison} == {CARRIED_STAMP}
        assert {row.stamp for row in verification.point_implant} == {CARRIED_STAMP}
        judged = [finding for finding in verification.findings if finding.rule in ("d90", "v100", "organ", "outside")]
        assert all(CARRIED_STAMP in finding.found for finding in judged)
        assert any(CARRIED_STAMP in sentence for sentence in verification.warnings)

    def test_only_what_was_carried_is_stamped(self, request_of: Callable) -> None:
        verification = verify_implant(request_of(carried_structures=("Cord",)))
        assert verification.target_stamp == ""
        assert {row.structure for row in verification.comparison if row.stamp} == {"Cord"}

    def test_a_carried_structure_that_is_not_there_is_refused(self, request_of: Callable) -> None:
        with pytest.raises(VerificationError, match="'Eye' is said to be carried over but is not there: there are GTV"):
            request_of(carried_structures=("Eye",))


class TestStrengths:
    @staticmethod
    def mixed(plan_of: Callable) -> ImplantPlan:
        plan = plan_of()
        strengths = np.where(np.arange(plan.seeds.count) < 6, 0.9, 0.6)
        return replace(plan, seeds=replace(plan.seeds, air_kerma_strength_u=strengths))

    def test_a_seed_has_its_planned_partners_strength(self, request_of: Callable, plan_of: Callable) -> None:
        plan = self.mixed(plan_of)
        order = np.random.default_rng(3).permutation(plan.seeds.count)
        found = replace(plan.seeds.select(order), air_kerma_strength_u=np.full(len(order), 0.1))
        verification = verify_implant(request_of(plan=plan, found=found, implant_grid=COARSE))
        taken = verification.implant.plan.seeds.air_kerma_strength_u
        np.testing.assert_array_equal(taken, plan.seeds.air_kerma_strength_u[order])
        assert "2 strengths, 0.6 to 0.9 U" in verification.strengths_sentence

    def test_an_extra_seed_has_the_strength_of_most_and_that_is_said(
        self, request_of: Callable, plan_of: Callable
    ) -> None:
        plan = self.mixed(plan_of)
        extra = Seeds(np.array([[0.0, 0.0, 21.0]]), np.array([[0.0, 1.0, 0.0]]), 1.0)
        found = plan.seeds.joined(extra)
        verification = verify_implant(request_of(plan=plan, found=found, pairing=Pairing(3.0), implant_grid=COARSE))
        assert verification.implant.plan.seeds.air_kerma_strength_u[-1] == pytest.approx(0.6)
        assert "found seed 24 has none and is taken to have 0.6 U, as most" in verification.strengths_sentence

    def test_strengths_decay_to_another_day_of_implant(self, request_of: Callable) -> None:
        later = verify_implant(request_of(implant_date=date(2026, 3, 13), scan_date=date(2026, 3, 14)))
        factor = decay_factor(59.40, 7)
        np.testing.assert_allclose(later.implant.plan.seeds.air_kerma_strength_u, 0.7 * factor)
        planned, implanted = (later.metric("GTV", "mean").plan, later.metric("GTV", "mean").implant)
        assert implanted == pytest.approx(planned * factor, rel=1e-3)
        assert "decayed by 0.9216 from 2026-03-06" in later.strengths_sentence
        assert later.days_after_implant == 1


class TestOedema:
    def test_it_is_off_unless_asked_for(self, incomplete: Verification) -> None:
        assert incomplete.oedema is None
        assert {row.oedema for row in incomplete.comparison} == {None}
        assert incomplete.oedema_sentence == ""

    def test_it_makes_a_column_and_leaves_the_implant_as_computed(
        self, request_of: Callable, plan_of: Callable
    ) -> None:
        model = OedemaModel(0.5)
        without = verify_implant(request_of(implant_grid=COARSE))
        with_model = verify_implant(request_of(implant_grid=COARSE, oedema=model))
        factor = model.correction(59.40, 0)
        for before, after in zip(without.comparison, with_model.comparison, strict=True):
            assert before.implant == after.implant
        d90 = with_model.metric("GTV", "d90")
        assert d90.oedema == pytest.approx(d90.implant * factor)
        assert with_model.metric("GTV", "v200").oedema >= with_model.metric("GTV", "v200").implant
        assert with_model.metric("GTV", "volume").oedema is None
        assert with_model.metric("Cord", "mean").oedema is None
        assert "an assumption" in with_model.oedema_sentence

    def test_it_needs_the_day_of_the_scan(self, request_of: Callable) -> None:
        with pytest.raises(VerificationError, match="oedema model needs the date of the verification images"):
            request_of(oedema=OedemaModel(0.5), scan_date=None)


class TestBadInput:
    def test_a_plan_without_seeds_is_refused(self, request_of: Callable, plan_of: Callable) -> None:
        with pytest.raises(VerificationError, match="Plan 'Plan' has no seeds to compare with: choose a plan with"):
            request_of(plan=plan_of(seeds=Seeds.none()), found=plan_of().seeds)

    def test_an_empty_list_of_found_seeds_is_refused(self, request_of: Callable) -> None:
        with pytest.raises(VerificationError, match="No seeds were found on the implant's images: find seeds, or add"):
            request_of(found=Seeds.none())

    def test_a_plan_of_another_patient_is_refused(self, request_of: Callable) -> None:
        with pytest.raises(PlanError, match="belongs to patient 'PAT-1', the images to 'PAT-2'"):
            request_of(patient_id="PAT-2")

    def test_another_frame_of_reference_needs_a_registration(self, request_of: Callable, registered: Callable) -> None:
        with pytest.raises(PlanError, match=r"frame of reference '1.2.3', the images have '4.5.6'.*register"):
            request_of(frame_of_reference_uid="4.5.6")
        assert request_of(frame_of_reference_uid="4.5.6", registration=registered(np.eye(4))).planned.count == 23

    @pytest.mark.parametrize(
        ("of_plan", "of_images", "who"), [("PAT-1", "", "images"), ("", "PAT-1", "plan"), ("", "", "plan and of the")]
    )
    def test_a_patient_that_is_not_known_is_said(
        self, of_plan: str, of_images: str, who: str, request_of: Callable, plan_of: Callable
    ) -> None:
        request = request_of(plan=plan_of(patient_id=of_plan), patient_id=of_images, implant_grid=COARSE)
        said = verify_implant(request).warnings
        assert any(sentence.startswith(f"The patient of the {who}") for sentence in said)

    def test_a_known_patient_needs_no_words(self, request_of: Callable) -> None:
        assert not any("patient" in said for said in verify_implant(request_of(implant_grid=COARSE)).warnings)

    def test_an_unknown_frame_without_registration_is_said(self, request_of: Callable) -> None:
        verification = verify_implant(request_of(frame_of_reference_uid="", implant_grid=COARSE))
        assert any("not known that their images share one frame" in said for said in verification.warnings)

    def test_dates_that_contradict_each_other_are_refused(self, request_of: Callable) -> None:
        with pytest.raises(VerificationError, match="before the planning images"):
            request_of(implant_date=date(2026, 1, 1))
        with pytest.raises(VerificationError, match="before the implant"):
            request_of(scan_date=date(2026, 3, 1))

    def test_seeds_in_another_space_are_refused(self, request_of: Callable, plan_of: Callable, shift: Callable) -> None:
        with pytest.raises(VerificationError, match=r"nearest found seed lies \d+ mm from the target: .*register plan"):
            verify_implant(request_of(found=shift(plan_of().seeds, 300.0, 0.0, 0.0)))

    def test_a_target_outside_the_dose_grid_is_refused(self, request_of: Callable) -> None:
        far = Grid.covering([60, 60, 60], [80, 80, 80], 2.0)
        with pytest.raises(StructureError, match=r"'GTV' .* lies outside the dose grid"):
            verify_implant(request_of(implant_grid=far))

    def test_an_implant_without_a_target_is_refused(self, request_of: Callable, anatomy_of: Callable) -> None:
        anatomy = replace(anatomy_of(), roles=PlanRoles(organs=("Cord",)))
        with pytest.raises(PlanError, match="Neither GTV nor PTV is chosen"):
            verify_implant(request_of(implant_anatomy=anatomy))

    def test_a_cancelled_run_ends_at_once(self, request_of: Callable) -> None:
        def cancel(fraction: float, message: str) -> None:
            if fraction > 0.4:
                raise Cancelled

        with pytest.raises(Cancelled):
            verify_implant(request_of(), report=cancel)
