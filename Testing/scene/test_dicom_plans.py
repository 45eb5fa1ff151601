from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer

from brachyresponse.errors import BrachyResponseError, InputFileError, PlanError
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.scene.dicom_plans import DicomAnswers, files_in_database, import_dicom_plan
from brachyresponse.scene.dose_volume import read_dose
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_structures import read_plan_segments
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.scene.volumes import read_grid
from brachyresponse.seeds import Seeds
from dicom_files import DrawnRoi, Patient, PlanStyle, ct_slices, rt_dose, rt_plan, save, save_slices, structure_set, uid
from scene_state import scene_state

GRID = Grid((12, 20, 20), np.array([[-2.0, 0, 0, 19], [0, -2, 0, 21], [0, 0, 2, -11], [0, 0, 0, 1]]))
PLAN_UID = "1.2.3.5"
FILE_MM = 1e-3  # decimal strings


def square(half_mm: float, z_mm: float) -> np.ndarray:
    return np.array([[x * half_mm, y * half_mm, z_mm] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))])


def a_plan(**changes: Any) -> ImplantPlan:
    needles = tuple(Needle(n, np.array([x, 0.0, 40]), np.array([x, 0.0, -8])) for n, x in ((1, -3.0), (2, 4.0)))
    seeds = Seeds(
        np.concatenate([needle.at([36.0, 45.0]) for needle in needles]),
        np.tile(needles[0].direction, (4, 1)),
        np.full(4, 0.6),
        True,
        [1, 1, 2, 2],
    )
    plan = ImplantPlan(
        patient_id="PAT-1",
        frame_of_reference_uid="1.2.3.4",
        created=datetime(2026, 3, 1, 10),
        implant_date=date(2026, 3, 6),
        target="Prostate",
        source="amersham_6711",
        prescription_gy=145.0,
        needles=needles,
        seeds=seeds,
        name="Made elsewhere",
    )
    return replace(plan, **changes)


def a_study(folder: Path, plan: ImplantPlan | None = None, **plan_options: Any) -> Path:
    """A CT, structures drawn on it, a plan and its dose."""
    series, structures = uid("ct", Patient()), uid("structures", Patient())
    save_slices(ct_slices(np.zeros(GRID.shape_kji), GRID), folder / "ct")
    heights = (-3.0, -1, 1, 3)
    rois = [
        DrawnRoi("Skin", [square(17, z) for z in (-5.0, *heights, 5)], "EXTERNAL"),
        DrawnRoi("Prostate", [square(8, z) for z in heights], "PTV"),
        DrawnRoi("Rectum", [square(3, z) + [0, -12, 0] for z in heights], "ORGAN"),
        DrawnRoi("Couch", [square(5, 0) + [0, -500, 0], square(5, 2) + [0, -500, 0]], "SUPPORT"),
        DrawnRoi("Marker", [[[1.0, 2, 3]]], "MARKER", "POINT"),
    ]
    save(structure_set(rois, series_uid=series), folder / "rs.dcm")
    save(rt_plan(plan or a_plan(), uids=(PLAN_UID, structures), **plan_options), folder / "rp.dcm")
    save(rt_dose(np.full(GRID.shape_kji, 12.5), GRID, plan_uid=PLAN_UID), folder / "rd.dcm")
    return folder


@pytest.mark.parametrize("style", [PlanStyle(), PlanStyle(a_channel_a_seed=True, setups=2)])
def test_a_plan_with_its_image_structures_and_dose_is_read(scene: Any, tmp_path: Path, style: PlanStyle) -> None:
    node = import_dicom_plan(scene, a_study(tmp_path, style=style))
    plan, truth = read_plan_node(node), a_plan()
    by_place = np.lexsort(plan.seeds.positions_mm.T), np.lexsort(truth.seeds.positions_mm.T)
    np.testing.assert_allclose(
        plan.seeds.positions_mm[by_place[0]], truth.seeds.positions_mm[by_place[1]], atol=FILE_MM
    )
    np.testing.assert_allclose(plan.seeds.air_kerma_strength_u, 0.6, rtol=1e-6)
    assert (plan.prescription_gy, plan.source, plan.target) == (145.0, "amersham_6711", "Prostate")
    assert (plan.patient_id, plan.frame_of_reference_uid) == ("PAT-1", "1.2.3.4")
    assert plan.planning_image_date == date(2026, 3, 6)
    np.testing.assert_allclose(
        read_grid(plan_part(node, PlanRole.PLANNING_VOLUME)).ijk_to_ras, GRID.ijk_to_ras, atol=FILE_MM
    )


def test_structures_have_their_roles_by_the_files_own_word(scene: Any, tmp_path: Path) -> None:
    node = import_dicom_plan(scene, a_study(tmp_path))
    anatomy = read_plan_anatomy(node)
    assert (anatomy.roles.ptv, anatomy.roles.organs, anatomy.roles.body) == ("Prostate", ("Rectum",), "Skin")
    assert read_plan_segments(node).gtv == ""
    assert anatomy.structures["Prostate"].volume_cc == pytest.approx(2.048)  # edges between voxels
    np.testing.assert_allclose(anatomy.structures["Rectum"].centre_mm, [0, -12, 0], atol=0.2)


def test_a_structure_outside_the_image_is_left_out_and_named(scene: Any, tmp_path: Path) -> None:
    node = import_dicom_plan(scene, a_study(tmp_path))
    segmentation = plan_part(node, PlanRole.SEGMENTATION)
    assert [segment_name(segmentation, s) for s in segment_ids(segmentation)] == ["Skin", "Prostate", "Rectum"]
    assert "Structure 'Couch' was left out" in read_plan_node(node).notes


def test_the_dose_becomes_a_volume_in_gy_beside_the_plans_own(scene: Any, tmp_path: Path) -> None:
    node = import_dicom_plan(scene, a_study(tmp_path))
    imported = scene.GetFirstNodeByName("Made elsewhere dose (imported)")
    dose_gy, grid = read_dose(imported)
    np.testing.assert_allclose(dose_gy, 12.5, rtol=1e-5)
    np.testing.assert_allclose(grid.ijk_to_ras, GRID.ijk_to_ras, atol=FILE_MM)
    assert imported.GetDescription() == "To complete decay"
    assert plan_part(node, PlanRole.DOSE) is None


def test_the_implant_date_that_was_assumed_is_said_in_the_notes(scene: Any, tmp_path: Path) -> None:
    folder = a_study(tmp_path)
    plan = read_plan_node(import_dicom_plan(scene, folder))
    assert plan.implant_date == date(2026, 3, 6)
    assert "The implant date 2026-03-06 was assumed" in plan.notes
    given = read_plan_node(import_dicom_plan(scene, folder, DicomAnswers(implant_date="2026-03-16")))
    assert "was assumed" not in given.notes
    assert given.seeds.air_kerma_strength_u[0] == pytest.approx(0.6 * 2 ** (-10 / 59.4), rel=1e-4)


def test_a_ct_that_slicer_has_loaded_already_is_used(scene: Any, tmp_path: Path) -> None:
    folder = a_study(tmp_path)
    first = plan_part(import_dicom_plan(scene, folder), PlanRole.PLANNING_VOLUME)
    count = len(nodes_of_class(scene, "vtkMRMLScalarVolumeNode"))
    again = import_dicom_plan(scene, folder, DicomAnswers(name="Again"))
    assert plan_part(again, PlanRole.PLANNING_VOLUME) is first
    assert again.GetName() == "Again"
    assert len(nodes_of_class(scene, "vtkMRMLScalarVolumeNode")) == count + 1  # the dose


def test_a_plan_without_image_and_structures_is_read_too(scene: Any, tmp_path: Path) -> None:
    save(rt_plan(a_plan()), tmp_path / "rp.dcm")
    node = import_dicom_plan(scene, [tmp_path / "rp.dcm"])
    assert plan_part(node, PlanRole.PLANNING_VOLUME) is None
    assert plan_part(node, PlanRole.SEGMENTATION) is None
    assert "structure set that is not among the files" in node.GetAttribute("BrachyResponse.Notes")


def two_plans(folder: Path) -> Path:
    save(rt_plan(a_plan(name="Second"), uids=("1.2.9", "1.2.3.6")), folder / "second.dcm")
    return a_study(folder)


def no_plan(folder: Path) -> Path:
    return save_slices(ct_slices(np.zeros(GRID.shape_kji), GRID), folder)


def unknown_source(folder: Path) -> Path:
    return a_study(folder, model_id="XYZ-9")


@pytest.mark.parametrize(
    ("made", "kind", "message"),
    [
        (two_plans, InputFileError, "There are 2 RT Plans among the DICOM files"),
        (no_plan, InputFileError, "There is no RT Plan among the DICOM files"),
        (unknown_source, PlanError, "leaves open: source .*XYZ-9.*; give them"),
        (lambda folder: folder / "nothing", InputFileError, "nothing"),
    ],
)
def test_what_cannot_be_read_adds_nothing(
    scene: Any, tmp_path: Path, made: Any, kind: type[BrachyResponseError], message: str
) -> None:
    paths, before = made(tmp_path), scene_state(scene)
    with pytest.raises(kind, match=message):
        import_dicom_plan(scene, paths)
    assert scene_state(scene) == before


def test_a_seed_model_that_the_file_does_not_name_can_be_given(scene: Any, tmp_path: Path) -> None:
    node = import_dicom_plan(scene, unknown_source(tmp_path), DicomAnswers(source="amersham_6711"))
    plan = read_plan_node(node)
    assert plan.source == "amersham_6711"
    assert "XYZ-9" in plan.surrogate_for


class Database:
    """What is asked of ``slicer.dicomDatabase``."""

    def __init__(self, series: dict[str, list[str]]) -> None:
        self.isOpen, self._series = True, series

    def filesForSeries(self, uid: str) -> tuple[str, ...]:
        return tuple(self._series.get(uid, ()))


def test_series_of_the_database_are_files(scene: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_study(tmp_path)
    ct = [str(path) for path in sorted((folder / "ct").iterdir())]
    rest = [str(folder / name) for name in ("rs.dcm", "rp.dcm", "rd.dcm")]
    monkeypatch.setattr(slicer, "dicomDatabase", Database({"1.1": ct, "1.2": rest}), raising=False)
    assert files_in_database(["1.1", "1.2"]) == ct + rest
    node = import_dicom_plan(scene, files_in_database(["1.1", "1.2"]))
    assert plan_part(node, PlanRole.PLANNING_VOLUME) is not None
    with pytest.raises(InputFileError, match=r"Series '1\.3' is not in Slicer's DICOM database"):
        files_in_database(["1.3"])
    with pytest.raises(InputFileError, match="No DICOM series is chosen"):
        files_in_database([])


def test_without_a_database_the_error_says_what_to_do(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicer, "dicomDatabase", None, raising=False)
    with pytest.raises(InputFileError, match="is not open: open the DICOM module once, or give a folder"):
        files_in_database(["1.1"])
