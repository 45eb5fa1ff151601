"""A verification of the small patient: its plan, a CT made elsewhere after the implant, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import slicer.util

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.plan_setup import start_plan
from brachyresponse.scene.plan_structures import PlanSegments, write_plan_segments
from brachyresponse.scene.plans import write_plan_node
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.verification_fields import VerificationField
from brachyresponse.scene.verification_registration import write_registration
from brachyresponse.scene.verification_seeds import write_found_seeds
from brachyresponse.scene.verification_segments import set_organs, set_target
from brachyresponse.scene.verifications import create_verification, set_day
from brachyresponse.seeds import Origin, Seeds
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.types import AnyArray
from brachyresponse.verification import Registration, RegistrationMethod
from scene.building import rotation
from small_patient import BALLS, add_small_patient

MOVED_MM = np.array([1.0, -0.5, 2.0])
"""In the implant's space, of every seed but the missing one."""
MISSING = 2
EXTRA_MM = np.array([30.0, 5.0, 0.0])
"""From the target's centre, in the implant's space: far from every other seed."""


@dataclass(frozen=True)
class Verified:
    """What was put into the scene, and the truth."""

    node: Any
    plan: Any
    plan_volume: Any
    plan_segmentation: Any
    ct: Any
    structures: Any
    matrix: AnyArray
    planned_mm: AnyArray
    """In the implant's space."""
    found: DetectedSeeds


def add_plan(scene: Any) -> tuple[Any, dict[str, Any], ImplantPlan]:
    """The node of a plan of the small patient, its patient, and the plan: nine seeds on three needles."""
    patient = add_small_patient(scene)
    needles = tuple(Needle(n + 1, [x, 0, 50.0], [x, 0, -10]) for n, x in enumerate((-6.0, 0, 6)))
    positions = np.concatenate([needle.at([52, 46, 56.0]) for needle in needles])
    node = start_plan(scene)
    plan = ImplantPlan(
        patient_id="P-17",
        frame_of_reference_uid="1.2.3",
        created=datetime(2026, 3, 1, 9),
        implant_date=date(2026, 3, 6),
        planning_image_date=date(2026, 3, 1),
        target="GTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=needles,
        seeds=Seeds(positions, np.tile([0, 0, -1.0], (9, 1)), 0.6, needle=np.repeat([1, 2, 3], 3)),
        name=node.GetName(),
    )
    write_plan_node(plan, node)
    set_plan_part(node, PlanRole.PLANNING_VOLUME, patient["volume"])
    set_plan_part(node, PlanRole.SEGMENTATION, patient["segmentation"])
    write_plan_segments(node, PlanSegments(gtv=patient["GTV"], organs=(patient["Cord"],), skin=patient["Body"]))
    set_plan_field(node, PlanField.PROFILE, "brain")
    return node, patient, plan


def true_matrix() -> AnyArray:
    """From the plan's space to the implant's."""
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation(8.0, [1, 2, 3]), [15.0, -8.0, 20.0]
    return matrix


def add_verified(scene: Any, *, targets: bool = True) -> Verified:
    """A verification with found seeds and registration, and structures on the implant CT unless not wanted."""
    plan_node, patient, plan = add_plan(scene)
    matrix = true_matrix()
    planned = plan.seeds.positions_mm @ matrix[:3, :3].T + matrix[:3, 3]
    found = found_at(planned, plan.seeds.directions @ matrix[:3, :3].T, matrix)
    grid = implant_grid(matrix)
    ct = slicer.util.addVolumeFromArray(np.zeros(grid.shape_kji, np.int16), ijkToRAS=grid.ijk_to_ras, name="Implant CT")
    node = create_verification(ct, plan_node)
    set_day(node, VerificationField.SCAN_DATE, date(2026, 3, 8), "implant CT")
    write_found_seeds(node, found)
    write_registration(node, Registration(RegistrationMethod.BONE, matrix, 0.4, "Of bone.", ("Look at it.",)))
    structures = add_structures(scene, grid, matrix)
    if targets:
        set_target(node, "gtv", structures, segment_id(structures, "GTV"))
        set_organs(node, structures, [segment_id(structures, "Cord")], segment_id(structures, "Body"))
    return Verified(node, plan_node, patient["volume"], patient["segmentation"], ct, structures, matrix, planned, found)


def found_at(planned_mm: AnyArray, axes: AnyArray, matrix: AnyArray) -> DetectedSeeds:
    """The planned seeds a little moved, without one, and one far aside."""
    kept = np.delete(np.arange(len(planned_mm)), MISSING)
    extra = matrix[:3, 3] + EXTRA_MM
    count = len(kept) + 1
    return DetectedSeeds(
        np.vstack([planned_mm[kept] + MOVED_MM, extra]),
        np.vstack([axes[kept], [1.0, 0, 0]]),
        np.linspace(0.6, 1.0, count),
        np.linspace(0.4, 1.0, count),
        (Origin.DETECTED,) * count,
    )


def implant_grid(matrix: AnyArray) -> Grid:
    """A grid of 2 mm round the target, along the body's axes."""
    centre = matrix[:3, 3]
    return Grid.covering(centre - 50, centre + 50, 2.0)


def add_structures(scene: Any, grid: Grid, matrix: AnyArray) -> Any:
    """A segmentation with the small patient's structures, drawn on the implant CT."""
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "On the implant CT")
    points_mm = grid.points_mm().reshape(*grid.shape_kji, 3)
    for name, (centre, radius) in BALLS.items():
        moved = np.asarray(centre, float) @ matrix[:3, :3].T + matrix[:3, 3]
        write_structure(Structure(name, np.linalg.norm(points_mm - moved, axis=-1) < radius, grid), node)
    return node


def segment_id(segmentation: Any, name: str) -> str:
    """ID of a segment by its name."""
    return str(segmentation.GetSegmentation().GetSegmentIdBySegmentName(name))
