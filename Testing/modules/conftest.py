"""A small patient and plans of it, for the Logic of BrachyDose: balls as tumour, organ at risk and body."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from brachyresponse.digital_patient import DigitalPatient, build_patient
from brachyresponse.geometry import Grid

SPACING_MM = 2.0
TUMOUR_RADIUS_MM = 12.0


@pytest.fixture
def brachydose(scene: Any) -> ModuleType:
    """The module file, as Slicer loads it."""
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    return sys.modules[load_module(PROJECT / "BrachyDose" / "BrachyDose.py").name]


@pytest.fixture(scope="session")
def digital_patient() -> DigitalPatient:
    """Built once: it takes seconds."""
    return build_patient()


@pytest.fixture
def quick_sample_patient(
    brachydose: ModuleType, digital_patient: DigitalPatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module builds the digital patient without waiting."""
    monkeypatch.setattr(brachydose, "build_patient", lambda report: digital_patient)


@pytest.fixture
def logic(brachydose: ModuleType) -> Any:
    return brachydose.BrachyDoseLogic()


@pytest.fixture
def small_patient(scene: Any) -> dict[str, Any]:
    """Image, segmentation and segment IDs of a patient of 100 mm, on a slightly turned grid of 2 mm."""
    import slicer

    from brachyresponse.geometry import Structure
    from brachyresponse.scene.segments import write_structure

    grid = turned_grid(50)
    volume = slicer.util.addVolumeFromArray(np.zeros(grid.shape_kji, np.int16), ijkToRAS=grid.ijk_to_ras, name="CT")
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    points = grid.points_mm().reshape(*grid.shape_kji, 3)
    masks = {
        "GTV": ball(points, (0, 0, 0), TUMOUR_RADIUS_MM),
        "Cord": ball(points, (0, -30, 0), 6.0),
        "Body": ball(points, (0, 0, 0), 46.0),
    }
    ids = {name: write_structure(Structure(name, mask, grid), segmentation) for name, mask in masks.items()}
    return {"volume": volume, "segmentation": segmentation, **ids}


@pytest.fixture
def plan(logic: Any, small_patient: dict[str, Any]) -> Any:
    """A plan of the small patient without needles, 18.5 MBq on the day of the implant."""
    plan = logic.createPlan(small_patient["volume"], small_patient["segmentation"], small_patient["GTV"])
    logic.setStructures(plan, organs=[small_patient["Cord"]], skin=small_patient["Body"])
    logic.setPatient(plan, patientID="P-17", imageDate="2026-03-02")
    logic.setActivity(plan, activityMbq=18.5, implantDate="2026-03-06")
    return plan


@pytest.fixture
def planned(logic: Any, plan: Any) -> Any:
    """The plan with a template of needles and seeds on them."""
    logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8)
    logic.loadNeedles(plan, spacingMm=8)
    return plan


@pytest.fixture
def evaluated(logic: Any, planned: Any) -> Any:
    """The plan with dose and results."""
    logic.evaluatePlan(planned, spacingMm=2.0, marginMm=15.0)
    return planned


def turned_grid(size: int) -> Grid:
    angle = np.deg2rad(10)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:3, :3] *= SPACING_MM
    matrix[:3, 3] = -matrix[:3, :3] @ np.full(3, (size - 1) / 2)
    return Grid((size, size, size), matrix)


def ball(points_mm: np.ndarray, centre_mm: tuple[float, ...], radius_mm: float) -> np.ndarray:
    return np.linalg.norm(points_mm - np.array(centre_mm), axis=-1) < radius_mm
