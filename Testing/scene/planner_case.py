"""A tiny patient for tests of the planner in the scene: two balls on a grid of 2 mm, quick to plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.brachydose_logic import FileLogic, ImplantLogic, PlanLogic, TradeOffLogic

RADIUS_MM = 8.0
CORD_MM, CORD_RADIUS_MM = (0.0, -16.0, 0.0), 4.0
COARSE = {"doseSpacingMm": 4.0, "doseMarginMm": 8.0}
QUICK = {"moves": 2, **COARSE}


class Logic(PlanLogic, ImplantLogic, TradeOffLogic, FileLogic):
    """The Logic of BrachyDose without the module file."""


@dataclass(frozen=True)
class PlannerCase:
    """A Logic, a plan of the tiny patient without needles, and the nodes and segment IDs of the patient."""

    logic: Any
    plan: Any
    segmentation: Any
    gtv: str
    cord: str

    def by_hand(self) -> None:
        """Lay five needles and their seeds by hand."""
        self.logic.makeTemplate(self.plan, direction=(0, 0, -1), pitchMm=6)
        self.logic.loadNeedles(self.plan, spacingMm=5)


def add_planner_case(scene: Any, logic: Any = None) -> PlannerCase:
    """Add the tiny patient and a plan for it: a template from above, 120 Gy, 18.5 MBq a seed."""
    import slicer

    from brachyresponse.scene.segments import write_structure

    grid = Grid.covering(np.array([-14.0, -24.0, -14.0]), np.array([14.0, 14.0, 14.0]), 2.0)
    points_mm = grid.points_mm().reshape(*grid.shape_kji, 3)
    balls = {"GTV": ((0.0, 0.0, 0.0), RADIUS_MM), "Cord": (CORD_MM, CORD_RADIUS_MM)}
    volume = slicer.util.addVolumeFromArray(np.zeros(grid.shape_kji, np.int16), ijkToRAS=grid.ijk_to_ras, name="CT")
    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    masks = {name: np.linalg.norm(points_mm - centre, axis=-1) < radius for name, (centre, radius) in balls.items()}
    ids = {name: write_structure(Structure(name, mask, grid), segmentation) for name, mask in masks.items()}
    logic = logic or Logic()
    plan = logic.createPlan(volume, segmentation, ids["GTV"])
    logic.setStructures(plan, organs=[ids["Cord"]])
    logic.setActivity(plan, activityMbq=18.5, implantDate="2026-03-06")
    logic.setTracks(plan, "template", direction="inferior", pitchMm=6)
    return PlannerCase(logic, plan, segmentation, ids["GTV"], ids["Cord"])
