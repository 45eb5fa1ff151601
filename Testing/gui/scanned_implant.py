"""A small implant for tests of the panel: a plan in the small patient, and a CT on which its seeds lie a little off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from brachyresponse.geometry import Structure
from brachyresponse.seeds import DetectedSeeds, Origin, RejectedCandidate, RejectionReason
from ct_phantom import Case, Recipe, make_case
from small_patient import BALLS, TUMOUR_RADIUS_MM, add_plan, add_small_patient

MOVED_MM = np.array([0.6, -0.4, 1.5])
"""All seeds lie so far from where they were planned."""
MISSING = 0
"""Index of the planned seed that is not there."""
DOUBTFUL = (2, 5)
"""Found seeds of low confidence, the second the lower."""
SCANNER_TO_RAS = np.array([-1.0, -1.0, 1.0])


@dataclass(frozen=True)
class ScannedImplant:
    """What was put into the scene, and the truth."""

    patient: dict[str, Any]
    plan: Any
    ct: Any
    structures: Any
    target: str
    cord: str
    case: Case

    @property
    def implanted_mm(self) -> np.ndarray:
        return self.case.centres_mm

    @property
    def found(self) -> DetectedSeeds:
        """What a finder gives that takes the last seed for a clip and is unsure of two."""
        count = len(self.case.centres_mm) - 1
        confidence = np.full(count, 0.95)
        confidence[list(DOUBTFUL)] = 0.5, 0.4
        rejected = RejectedCandidate(
            self.case.centres_mm[-1], self.case.axes[-1], 0.3, 0.9, next(iter(RejectionReason))
        )
        return DetectedSeeds(
            self.case.centres_mm[:-1],
            self.case.axes[:-1],
            confidence,
            np.full(count, 0.9),
            (Origin.DETECTED,) * count,
            (rejected,),
            ("One seed lies at the edge of the image.",),
        )


def add_scanned_implant(scene: Any, brachydose_logic: Any) -> ScannedImplant:
    """Add planning image, plan with seeds along the body's axis, implant CT and a target contoured on it."""
    import slicer

    from brachyresponse.scene.segments import write_structure

    patient = add_small_patient(scene)
    plan = add_plan(brachydose_logic, patient)
    brachydose_logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=10)
    brachydose_logic.loadNeedles(plan, spacingMm=10)
    implanted = np.delete(brachydose_logic.seeds(plan).positions_mm, MISSING, axis=0) + MOVED_MM
    case = scanned(tuple(map(tuple, implanted.tolist())))
    ct = slicer.util.addVolumeFromArray(case.ct_hu, ijkToRAS=case.grid.ijk_to_ras, name="Implant CT")
    structures = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "On the implant CT")
    structures.SetReferenceImageGeometryParameterFromVolumeNode(ct)
    target = write_structure(_ball("GTV", MOVED_MM, TUMOUR_RADIUS_MM, case), structures)
    cord = write_structure(_ball("Cord", np.array([0.0, -21.0, 0.0]), BALLS["Cord"][1], case), structures)
    return ScannedImplant(patient, plan, ct, structures, target, cord, case)


@cache
def scanned(centres_mm: tuple[tuple[float, float, float], ...]) -> Case:
    """The CT of seeds along the body's axis; made once, since it takes seconds."""
    seeds = [(np.array(centre) * SCANNER_TO_RAS, (0.0, 0.0, 1.0)) for centre in centres_mm]
    return make_case(Recipe(), seeds=seeds)


def _ball(name: str, centre_mm: np.ndarray, radius_mm: float, case: Case) -> Structure:
    away = np.linalg.norm(case.grid.points_mm() - centre_mm, axis=-1)
    return Structure(name, away.reshape(case.grid.shape_kji) < radius_mm, case.grid)
