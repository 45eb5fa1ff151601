"""A small patient for tests of modules: balls as tumour, organ at risk and body on a turned grid of 2 mm."""

from __future__ import annotations

from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Structure

SPACING_MM, SIZE = 2.0, 50
TUMOUR_RADIUS_MM = 12.0
BALLS = {"GTV": ((0, 0, 0), TUMOUR_RADIUS_MM), "Cord": ((0, -30, 0), 6.0), "Body": ((0, 0, 0), 46.0)}


def add_small_patient(scene: Any) -> dict[str, Any]:
    """Add image and structures, and return them: ``volume``, ``segmentation``, and the segment IDs by name."""
    import slicer

    from brachyresponse.scene.segments import write_structure

    grid = turned_grid()
    values = np.zeros(grid.shape_kji, np.int16)
    volume = slicer.util.addVolumeFromArray(values, ijkToRAS=grid.ijk_to_ras, name="CT")
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    points_mm = grid.points_mm().reshape(*grid.shape_kji, 3)
    masks = {name: np.linalg.norm(points_mm - centre, axis=-1) < radius for name, (centre, radius) in BALLS.items()}
    ids = {name: write_structure(Structure(name, mask, grid), segmentation) for name, mask in masks.items()}
    return {"volume": volume, "segmentation": segmentation, **ids}


def turned_grid() -> Grid:
    """A grid of 100 mm round the origin, turned by 10 degrees about the body's axis."""
    angle = np.deg2rad(10)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:3, :3] *= SPACING_MM
    matrix[:3, 3] = -matrix[:3, :3] @ np.full(3, (SIZE - 1) / 2)
    return Grid((SIZE, SIZE, SIZE), matrix)


def add_plan(logic: Any, patient: dict[str, Any]) -> Any:
    """Return a plan of the small patient without needles: 120 Gy, 18.5 MBq a seed on the day of the implant."""
    plan = logic.createPlan(patient["volume"], patient["segmentation"], patient["GTV"])
    logic.setStructures(plan, organs=[patient["Cord"]], skin=patient["Body"])
    logic.setPatient(plan, patientID="P-17", imageDate="2026-03-02")
    logic.setActivity(plan, activityMbq=18.5, implantDate="2026-03-06")
    return plan
