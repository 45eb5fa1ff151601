from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.dicom import read_study
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.seeds import Seeds
from dicom_files import (
    DrawnRoi,
    Patient,
    changed,
    ct_slices,
    item,
    rt_dose,
    rt_plan,
    save,
    save_slices,
    structure_set,
    uid,
)

GRID = Grid((4, 8, 8), np.diag([-1.0, -1.0, 2.0, 1.0]))
PATIENT = Patient()
SERIES = uid("ct", PATIENT)
SETS = uid("structures", PATIENT)


def square(z_mm: float) -> np.ndarray:
    return np.array([[-1, -1, z_mm], [-5, -1, z_mm], [-5, -5, z_mm], [-1, -5, z_mm]])


def a_plan() -> ImplantPlan:
    needle = Needle(1, np.array([-3.0, 40.0, 3.0]), np.array([-3.0, -8.0, 3.0]))
    seeds = Seeds(needle.at([40.0, 45.0]), np.tile(needle.direction, (2, 1)), np.array([0.6, 0.6]), True, 1)
    return ImplantPlan(
        "PAT-1", "1.2.3.4", datetime(2026, 3, 1), date(2026, 3, 6), "?", "amersham_6711", 120.0, (needle,), seeds
    )


def a_study(folder: Path) -> Path:
    """A CT, the structures drawn on it, a plan that names its target by its number, and its dose."""
    save_slices(ct_slices(np.zeros(GRID.shape_kji), GRID), folder / "ct")
    rois = [DrawnRoi("Body", [square(z) for z in (0, 2)], "EXTERNAL"), DrawnRoi("GTV", [square(z) for z in (2, 4)])]
    save(structure_set(rois, series_uid=SERIES), folder / "rs.dcm")
    plan = rt_plan(a_plan(), uids=("1.2.3.5", SETS))
    del plan.FrameOfReferenceUID, plan.DoseReferenceSequence[0].DoseReferenceDescription
    plan.DoseReferenceSequence[0].ReferencedROINumber = 2
    save(plan, folder / "rp.dcm")
    save(rt_dose(np.ones(GRID.shape_kji), GRID, plan_uid="1.2.3.5"), folder / "rd.dcm")
    return folder


def test_a_study_is_grouped_and_its_plan_completed_from_its_structures(tmp_path: Path) -> None:
    study = read_study(a_study(tmp_path))
    assert study.patient_id == "PAT-1"
    assert [len(one) for one in (study.series, study.plans, study.structure_sets, study.doses)] == [1, 1, 1, 1]
    assert study.warnings == ()
    (plan,) = study.plans
    assert (plan.target, plan.frame_of_reference_uid) == ("GTV", "1.2.3.4")
    structures = study.structures_of(plan)
    assert structures is not None
    ct = study.read_ct()
    assert study.series_in(plan.frame_of_reference_uid)[0].series_uid == ct.series_uid == SERIES
    assert structures.to_structure(plan.target, ct.volume.grid).volume_cc == pytest.approx(16 * 4 / 1000, rel=1e-6)


def test_a_list_of_files_is_as_good_as_a_folder(tmp_path: Path) -> None:
    folder = a_study(tmp_path)
    study = read_study([folder / "rp.dcm", folder / "rs.dcm"])
    assert (len(study.plans), len(study.structure_sets), study.series) == (1, 1, ())
    assert study.warnings == ("The RT Structure Set 'Structures' refers to a series that is not among the files.",)


def test_files_of_two_patients_are_refused(tmp_path: Path) -> None:
    a_study(tmp_path)
    save(rt_dose(np.ones(GRID.shape_kji), GRID, replace(PATIENT, patient_id="PAT-2")), tmp_path / "other.dcm")
    with pytest.raises(InputFileError, match=r"are of 2 patients \('PAT-1', 'PAT-2'\)"):
        read_study(tmp_path)


def test_an_object_in_another_frame_of_reference_is_refused(tmp_path: Path) -> None:
    a_study(tmp_path)
    save(changed(rt_dose(np.ones(GRID.shape_kji), GRID), FrameOfReferenceUID="1.2.99"), tmp_path / "rd.dcm")
    message = r"The RT Dose 'Dose of the plan' lies in the frame of reference '1.2.99', the images in '1.2.3.4'"
    with pytest.raises(InputFileError, match=message):
        read_study(tmp_path)


def test_what_refers_to_objects_that_are_not_there_is_said(tmp_path: Path) -> None:
    a_study(tmp_path)
    plan = rt_plan(a_plan(), uids=("1.2.3.5", "1.2.98"))
    dose = rt_dose(np.ones(GRID.shape_kji), GRID)
    save(plan, tmp_path / "rp.dcm")
    save(changed(dose, ReferencedRTPlanSequence=[item(ReferencedSOPInstanceUID="1.2.97")]), tmp_path / "rd.dcm")
    assert read_study(tmp_path).warnings == (
        "The RT Plan 'Plan' refers to a structure set that is not among the files.",
        "The RT Dose 'Dose of the plan' refers to an RT Plan that is not among the files.",
    )


def test_an_object_without_frame_of_reference_is_said(tmp_path: Path) -> None:
    a_study(tmp_path)
    save(changed(rt_plan(a_plan(), uids=("1.2.3.5", "")), FrameOfReferenceUID=None), tmp_path / "rp.dcm")
    (warning,) = read_study(tmp_path).warnings
    assert warning == "The RT Plan 'Plan' has no frame of reference: that it fits the images is not known."
