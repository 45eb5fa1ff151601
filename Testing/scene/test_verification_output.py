from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from slicer.util import arrayFromVolume

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.progress import ignore_progress
from brachyresponse.scene.dose_volume import read_dose
from brachyresponse.scene.nodes import SceneError, nodes_of_class
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.stale import stale_reason
from brachyresponse.scene.tables import column_of, read_table
from brachyresponse.scene.verification_anatomy import carry_structures
from brachyresponse.scene.verification_evaluation import evaluate_verification
from brachyresponse.scene.verification_oedema import write_oedema
from brachyresponse.scene.verification_output import show_difference, write_isodoses, write_results
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verification_parts
from brachyresponse.scene.verification_registration import write_registration
from brachyresponse.scene.verification_seeds import write_found_seeds
from brachyresponse.scene.verification_staleness import mark_verification_stale, stale_verification_reason
from brachyresponse.scene.verifications import delete_verification
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.verification import OedemaModel, Registration, RegistrationMethod
from scene.verified import Verified, add_verified
from scene_state import scene_state

EXTENT = DoseExtent(2.5, 12.0)


@pytest.fixture
def verified(scene: Any) -> Verified:
    return add_verified(scene)


@pytest.fixture
def written(verified: Verified) -> Verified:
    evaluate_and_write(verified)
    return verified


def evaluate_and_write(verified: Verified) -> Any:
    verification = evaluate_verification(verified.node, EXTENT, ignore_progress)
    write_results(verified.node, verification)
    return verification


def table(verified: Verified, role: VerificationRole) -> Any:
    return read_table(verification_part(verified.node, role))


def test_dose_and_difference_are_the_librarys_in_gy(verified: Verified) -> None:
    verification = evaluate_and_write(verified)
    dose_gy, grid = read_dose(verification_part(verified.node, VerificationRole.DOSE))
    np.testing.assert_array_equal(dose_gy, verification.implant.dose_gy)
    np.testing.assert_allclose(grid.ijk_to_ras, verification.implant.grid.ijk_to_ras, atol=1e-9)
    difference = verification_part(verified.node, VerificationRole.DIFFERENCE)
    np.testing.assert_array_equal(arrayFromVolume(difference), verification.difference_gy)


def test_the_dose_is_one_that_slicerrt_takes(written: Verified) -> None:
    assert verification_part(written.node, VerificationRole.DOSE).GetAttribute("DicomRtImport.DoseVolume") == "1"


def test_the_differences_colours_have_their_middle_at_no_difference(written: Verified) -> None:
    display = verification_part(written.node, VerificationRole.DIFFERENCE).GetDisplayNode()
    assert display.GetWindowLevelMin() == -display.GetWindowLevelMax() == -120.0
    colours = display.GetColorNode()
    shown = [[0.0] * 4 for _ in range(3)]
    for place, colour in zip(
        (0, colours.GetNumberOfColors() // 2, colours.GetNumberOfColors() - 1), shown, strict=True
    ):
        colours.GetColor(place, colour)
    less, same, more = (colour[:3] for colour in shown)
    assert less[2] > less[0]
    assert min(same) > 0.9
    assert more[0] > more[2]


def test_the_table_of_seeds_tells_what_became_of_each(written: Verified) -> None:
    rows = table(written, VerificationRole.SEED_TABLE)
    assert column_of(rows, "planned") == ("1", "2", "4", "5", "6", "7", "8", "9", "3", "–")
    assert column_of(rows, "found") == ("1", "2", "3", "4", "5", "6", "7", "8", "–", "9")
    assert column_of(rows, "state") == ("paired",) * 8 + ("missing", "migrated")
    along, lateral = column_of(rows, "along needle (mm)"), column_of(rows, "lateral (mm)")
    total = column_of(rows, "displacement (mm)")
    assert set(total[:8]) == {"2.3"}  # sqrt(1 + 0.25 + 4)
    for deep, aside in zip(along[:8], lateral[:8], strict=True):
        assert float(deep) ** 2 + float(aside) ** 2 == pytest.approx(2.29**2, abs=0.3)  # both rounded to 0.1 mm
    assert column_of(rows, "confidence")[0] == "0.60"
    deeper = [float(text) for text in column_of(rows, "deeper (mm)")[:8]]
    assert all(abs(depth) < 2.6 for depth in deeper)  # no more than the way of 2.3 mm, on voxels of 2 mm


def test_metrics_stand_side_by_side_with_limit_and_finding(verified: Verified) -> None:
    verification = evaluate_and_write(verified)
    rows = table(verified, VerificationRole.METRICS)
    d90 = dict(zip(rows.columns, next(row for row in rows.rows if row[2] == "D90"), strict=True))
    metric = verification.metric("GTV", "d90")
    assert (d90["plan"], d90["implant"]) == (f"{metric.plan:.1f}", f"{metric.implant:.1f}")
    assert d90["difference"] == f"{metric.difference:.1f}"
    assert "at least 100 %" in d90["limit"]
    assert "%)" in d90["finding"]
    assert d90["stamp"] == ""
    assert len(table(verified, VerificationRole.FINDINGS).rows) == len(verification.findings)


def test_a_carried_target_is_stamped_wherever_its_numbers_stand(verified: Verified) -> None:
    carry_structures(verified.node, targets=True)
    evaluate_and_write(verified)
    rows = table(verified, VerificationRole.METRICS)
    stamps = {row[-2] for row in rows.rows if row[1]}
    assert stamps == {"carried, not verified"}
    assert set(column_of(table(verified, VerificationRole.COLD), "stamp")) <= {"carried, not verified"}
    names = [node.GetName() for node in verification_parts(verified.node, VerificationRole.DVH_SERIES)]
    assert any("GTV implant (carried, not verified)" in name for name in names)


def test_the_chart_has_the_plan_dashed_and_the_implant_solid_in_one_colour(written: Verified) -> None:
    series = verification_parts(written.node, VerificationRole.DVH_SERIES)
    implant, plan = (next(s for s in series if s.GetName().startswith(f"GTV {which}")) for which in ("implant", "plan"))
    assert implant.GetLineStyle() == implant.LineStyleSolid
    assert plan.GetLineStyle() == plan.LineStyleDash
    assert implant.GetColor() == plan.GetColor()
    chart = verification_part(written.node, VerificationRole.DVH_CHART)
    shown = [chart.GetNthPlotSeriesNode(n) for n in range(chart.GetNumberOfPlotSeriesNodes())]
    assert shown == series


def test_an_oedema_model_adds_a_column_and_its_sentence(verified: Verified) -> None:
    write_oedema(verified.node, OedemaModel(0.5))
    evaluate_and_write(verified)
    rows = table(verified, VerificationRole.METRICS)
    assert "with oedema" in rows.columns
    assert any("Oedema model (an assumption" in row[-1] for row in rows.rows)


def test_writing_again_updates_the_nodes_in_place(written: Verified, scene: Any) -> None:
    before = {role: verification_parts(written.node, role) for role in VerificationRole}
    count = scene.GetNumberOfNodes()
    evaluate_and_write(written)
    assert scene.GetNumberOfNodes() == count
    assert {role: verification_parts(written.node, role) for role in VerificationRole} == before


def test_isodoses_keep_their_levels_when_written_again(written: Verified) -> None:
    write_isodoses(written.node, [100, 150])
    evaluate_and_write(written)
    names = [model.GetName() for model in verification_parts(written.node, VerificationRole.ISODOSE)]
    assert names == ["Verification isodose 120 Gy (100 %)", "Verification isodose 180 Gy (150 %)"]


def test_results_hold_until_seeds_plan_or_registration_change(written: Verified) -> None:
    assert stale_verification_reason(written.node) == ""
    write_found_seeds(written.node, replace(written.found, positions_mm=written.found.positions_mm + 0.1))
    assert "was changed" in stale_verification_reason(written.node)
    write_found_seeds(written.node, written.found)
    assert stale_verification_reason(written.node) == ""
    write_registration(written.node, Registration(RegistrationMethod.BONE, np.eye(4), 0.4, "Of bone."))
    assert stale_verification_reason(written.node)


def test_another_prescription_makes_results_stale(written: Verified) -> None:
    set_plan_field(written.plan, PlanField.PRESCRIPTION_GY, "130.0")
    assert stale_verification_reason(written.node)


def test_a_given_reason_stands_on_every_result(written: Verified) -> None:
    mark_verification_stale(written.node, "the target was drawn anew")
    for role in (VerificationRole.DOSE, VerificationRole.METRICS, VerificationRole.DVH_CHART, VerificationRole.ARROWS):
        assert stale_reason(verification_part(written.node, role)) == "the target was drawn anew"
    assert stale_verification_reason(written.node) == "the target was drawn anew"


def test_results_still_hold_after_the_scene_was_saved_and_loaded(written: Verified, scene: Any, tmp_path: Any) -> None:
    path = tmp_path / "scene.mrb"
    assert scene.WriteToMRB(str(path))
    scene.Clear(0)
    scene.ReadFromMRB(str(path), True)
    node = scene.GetFirstNodeByName("Verification")
    assert stale_verification_reason(node) == ""
    assert len(verification_parts(node, VerificationRole.DVH_SERIES)) == 5
    metrics = read_table(verification_part(node, VerificationRole.METRICS))
    assert any(row[2] == "D90" for row in metrics.rows)


def test_the_difference_is_laid_over_and_taken_away(written: Verified, scene: Any) -> None:
    node = scene.AddNewNodeByClass("vtkMRMLSliceCompositeNode")
    show_difference(written.node, True)
    difference = verification_part(written.node, VerificationRole.DIFFERENCE)
    assert node.GetForegroundVolumeID() == difference.GetID()
    show_difference(written.node, False)
    assert node.GetForegroundVolumeID() is None


def test_a_difference_that_was_not_computed_cannot_be_shown(verified: Verified) -> None:
    show_difference(verified.node, False)
    with pytest.raises(SceneError, match="has no dose difference"):
        show_difference(verified.node, True)


def test_deleting_it_leaves_plan_image_and_structures(verified: Verified, scene: Any) -> None:
    kept = {node.GetID() for node in (verified.plan, verified.ct, verified.structures, verified.plan_volume)}
    models = {node.GetID() for node in nodes_of_class(scene, "vtkMRMLModelNode")}
    evaluate_and_write(verified)
    delete_verification(verified.node)
    ids = {node.GetID() for node in nodes_of_class(scene, "vtkMRMLNode")}
    assert kept <= ids
    assert {node.GetID() for node in nodes_of_class(scene, "vtkMRMLModelNode")} == models
    assert not nodes_of_class(scene, "vtkMRMLPlotChartNode")


def test_a_seed_far_astray_does_not_stretch_the_dose_grid(verified: Verified) -> None:
    near = evaluate_verification(verified.node, EXTENT, ignore_progress).implant.grid
    positions = verified.found.positions_mm.copy()
    positions[-1] += [200.0, 0, 0]
    write_found_seeds(verified.node, replace(verified.found, positions_mm=positions))
    assert evaluate_verification(verified.node, EXTENT, ignore_progress).implant.grid.shape_kji <= near.shape_kji


def cancel(fraction: float, message: str) -> None:
    if fraction > 0.3:
        raise Cancelled


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda v: write_found_seeds(v.node, DetectedSeeds.of([])), "No seeds were found on the implant's images"),
        (lambda v: set_plan_field(v.plan, PlanField.IMPLANT_DATE, "2026-04-01"), "before the implant on 2026-04-01"),
        (lambda v: v.node.SetAttribute("BrachyResponse.PatientId", "P-18"), "patient"),
    ],
)
def test_what_cannot_be_verified_changes_nothing(verified: Verified, scene: Any, spoil: Any, message: str) -> None:
    spoil(verified)
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match=message):
        evaluate_verification(verified.node, EXTENT, ignore_progress)
    assert scene_state(scene) == before


def test_a_cancelled_evaluation_changes_nothing(verified: Verified, scene: Any) -> None:
    before = scene_state(scene)
    with pytest.raises(Cancelled):
        evaluate_verification(verified.node, EXTENT, cancel)
    assert scene_state(scene) == before
