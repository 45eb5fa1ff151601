"""What a user can get wrong: a sentence that says what to do, and a scene that is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.errors import BrachyResponseError, Cancelled, ImageError
from brachyresponse.scene.nodes import array_to_matrix
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part
from scene.building import bent_transform, linear_transform
from scene.verified import Verified
from scene_state import scene_state

QUICK = {"doseSpacingMm": 2.5, "doseMarginMm": 12.0}


def air_and_tissue(shape: tuple[int, int, int] = (40, 60, 60)) -> np.ndarray:
    """HU of a ball of tissue in air with a little noise, int16."""
    k, j, i = np.indices(shape)
    distance = np.sqrt((k - 20) ** 2 + (j - 30) ** 2 + (i - 30) ** 2)
    values = np.where(distance < 18, 40, -1000) + np.random.default_rng(1).normal(0, 10, shape)
    return values.astype(np.int16)


def with_metal() -> np.ndarray:
    """The same with seeds that are bright enough for a CT with metal."""
    values = air_and_tissue()
    for k, j, i in ((15, 30, 30), (20, 35, 25), (24, 24, 33)):
        values[k : k + 5, j, i] = 3000
        values[k : k + 5, j + 1, i] = 2600
    return values


def missing_slices() -> np.ndarray:
    values = with_metal()
    values[12:14] = -1024
    return values


def as_mri() -> np.ndarray:
    values = np.abs(np.random.default_rng(2).normal(0, 8, (40, 60, 60)))
    values[10:30, 15:45, 15:45] += 300
    return values.astype(np.int16)


def all_metal() -> np.ndarray:
    values = with_metal()
    values[10:30, 20:40, 20:40] = 3071
    return values


def add_volume(values: np.ndarray, spacing_mm: float = 1.0, name: str = "Scan") -> Any:
    matrix = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    return slicer.util.addVolumeFromArray(values, ijkToRAS=matrix, name=name)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (air_and_tissue, "metal"),
        (as_mri, "MR|negative|Hounsfield|HU"),
        (lambda: np.clip(with_metal() + 1024, 0, 4095).astype(np.int16), "raw|rescale|1024"),
        (all_metal, "metal"),
        (missing_slices, "missing in the series; load the complete series"),
        (lambda: np.zeros((20, 20, 20), np.int16), "empty"),
        (lambda: np.where(air_and_tissue() > 0, np.nan, 0.0), "not finite"),
        (lambda: with_metal()[:2], "at least 3 voxels"),
    ],
)
def test_an_image_that_is_no_ct_with_seeds_is_refused(
    verifier: Any, scene: Any, values: Callable[[], np.ndarray], message: str
) -> None:
    node = verifier.createVerification(add_volume(values()))
    before = scene_state(scene)
    with pytest.raises(ImageError, match=message):
        verifier.findSeeds(node)
    assert scene_state(scene) == before


def test_slices_too_far_apart_are_refused(verifier: Any, scene: Any) -> None:
    volume = slicer.util.addVolumeFromArray(with_metal(), ijkToRAS=np.diag([1.0, 1, 8, 1]), name="Thick")
    node = verifier.createVerification(volume)
    before = scene_state(scene)
    with pytest.raises(ImageError, match="slices are 8 mm apart"):
        verifier.findSeeds(node)
    assert scene_state(scene) == before


def test_a_tilted_gantry_is_refused_however_it_was_loaded(verifier: Any, scene: Any) -> None:
    tilted = np.eye(4)
    tilted[1, 2] = 0.3
    sheared, transformed, bent = (add_volume(with_metal(), name=name) for name in ("Sheared", "Tilted", "Acquired"))
    node = verifier.createVerification(add_volume(with_metal()))
    sheared.SetIJKToRASMatrix(array_to_matrix(tilted))
    transformed.SetAndObserveTransformNodeID(linear_transform(scene, tilted[:3, :3]).GetID())
    bent.SetAndObserveTransformNodeID(bent_transform(scene).GetID())  # as Slicer loads a tilted series
    before = scene_state(scene)
    for volume, message in ((sheared, "right angles"), (transformed, "right angles"), (bent, "non-linear transform")):
        with pytest.raises(BrachyResponseError, match=f"'{volume.GetName()}'.*{message}"):
            verifier.setImplantVolume(node, volume)
    assert scene_state(scene) == before


def test_colour_images_are_refused(verifier: Any, scene: Any) -> None:
    colours = slicer.util.addVolumeFromArray(
        np.zeros((6, 6, 6, 3), np.uint8), nodeClassName="vtkMRMLVectorVolumeNode", name="Photo"
    )
    node = verifier.createVerification(colours)
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match="has 3 values a voxel, expected one"):
        verifier.findSeeds(node)
    assert scene_state(scene) == before


def test_a_search_that_fails_keeps_the_seeds_that_were_there(verifier: Any, verified: Verified, scene: Any) -> None:
    before = scene_state(scene)
    with pytest.raises(ImageError):  # the small patient's CT holds one value
        verifier.findSeeds(verified.node)
    assert scene_state(scene) == before
    assert verifier.seedCounts(verified.node)[0] == 9


def test_a_cancelled_search_changes_nothing(verifier: Any, phantom: Any, scene: Any) -> None:
    ct = slicer.util.addVolumeFromArray(phantom.ct_hu, ijkToRAS=phantom.grid.ijk_to_ras)
    node = verifier.createVerification(ct)
    before = scene_state(scene)

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        verifier.findSeeds(node, report=cancel)
    assert scene_state(scene) == before


def test_an_expected_number_far_from_what_was_found_is_said(verifier: Any, phantom: Any) -> None:
    ct = slicer.util.addVolumeFromArray(phantom.ct_hu, ijkToRAS=phantom.grid.ijk_to_ras)
    node = verifier.createVerification(ct)
    verifier.findSeeds(node, expectedCount=40)
    assert any("40" in warning for warning in verifier.foundSeeds(node).warnings)
    with pytest.raises(BrachyResponseError, match="The number of implanted seeds is 0"):
        verifier.setExpectedCount(node, 0)


def test_a_region_that_is_not_there_is_named(verifier: Any, verified: Verified, scene: Any) -> None:
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match="has no segment 'none'"):
        verifier.findSeeds(verified.node, None, verified.structures, "none")
    assert scene_state(scene) == before


def spoil_plan(verifier: Any, case: Verified) -> None:
    verifier.setPlan(case.node, None)


def spoil_patient(verifier: Any, case: Verified) -> None:
    verifier.setPatient(case.node, patientID="P-18")


def spoil_frame(verifier: Any, case: Verified) -> None:
    verifier.register(case.node, "none")
    verifier.setPatient(case.node, frameOfReference="9.9.9")


def spoil_dates(verifier: Any, case: Verified) -> None:
    verifier.setScanDate(case.node, "2026-03-05")


def spoil_implant_date(verifier: Any, case: Verified) -> None:
    verifier.setImplantDate(case.node, "2026-02-01")


def spoil_target(verifier: Any, case: Verified) -> None:
    verifier.setTarget(case.node, "gtv", case.structures, "")


def spoil_segmentation(verifier: Any, case: Verified) -> None:
    slicer.mrmlScene.RemoveNode(case.structures)


def spoil_registration(verifier: Any, case: Verified) -> None:
    verifier.removeRegistration(case.node)


def spoil_seeds(verifier: Any, case: Verified) -> None:
    set_verification_part(case.node, VerificationRole.SEEDS, None)


def spoil_source(verifier: Any, case: Verified) -> None:
    set_plan_field(case.plan, PlanField.SOURCE, "unknown seed")


def spoil_oedema(verifier: Any, case: Verified) -> None:
    verifier.setOedema(case.node, 0.5)
    verifier.setScanDate(case.node, None)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (spoil_plan, "Verification 'Verification' has no plan: choose one"),
        (spoil_patient, "P-18"),
        (spoil_frame, "9.9.9|frame"),
        (spoil_dates, "before the implant on 2026-03-06"),
        (spoil_implant_date, "before the planning images"),
        (spoil_target, "has no target: contour it on the implant CT"),
        (spoil_segmentation, "has no target segmentation: choose one"),
        (spoil_registration, "is not registered: register plan and implant first"),
        (spoil_seeds, "No seeds were found"),
        (spoil_source, "unknown seed"),
        (spoil_oedema, "needs the date of the verification images"),
    ],
)
def test_what_cannot_be_evaluated_is_said_and_changes_nothing(
    verifier: Any, verified: Verified, scene: Any, spoil: Callable[[Any, Verified], None], message: str
) -> None:
    spoil(verifier, verified)
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match=message):
        verifier.evaluate(verified.node, **QUICK)
    assert scene_state(scene) == before


@pytest.mark.parametrize(("spacing", "margin"), [(0.0, 10.0), (0.02, 30.0)])
def test_a_dose_grid_that_cannot_be_is_refused(
    verifier: Any, verified: Verified, scene: Any, spacing: float, margin: float
) -> None:
    before = scene_state(scene)
    with pytest.raises(BrachyResponseError, match=r"dose grid of 0(\.02)?"):
        verifier.evaluate(verified.node, spacing, margin)
    assert scene_state(scene) == before


def test_files_need_a_folder_that_can_be_written(verifier: Any, verified: Verified, tmp_path: Any) -> None:
    verifier.evaluate(verified.node, **QUICK)
    occupied = tmp_path / "file"
    occupied.write_text("here already")
    for folder, message in (("", "No folder is chosen"), (occupied, "cannot be made")):
        with pytest.raises(BrachyResponseError, match=message):
            verifier.exportVerification(verified.node, folder)


def test_nodes_of_another_kind_are_named(verifier: Any, verified: Verified) -> None:
    for call in (
        lambda: verifier.findSeeds(verified.plan),
        lambda: verifier.evaluate(verified.plan),
        lambda: verifier.seedCounts(verified.plan),
        lambda: verifier.deleteVerification(verified.plan),
    ):
        with pytest.raises(BrachyResponseError, match="'Plan' is no verification: choose one, or create one"):
            call()
    with pytest.raises(BrachyResponseError, match="No implant CT is chosen: choose one"):
        verifier.createVerification(None)
