"""Finding the seeds of a verification: the search, the expected number, what to look at, and how seeds are drawn."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.progress import Report
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.seed_looks import SeedLook, show_looks
from brachyresponse.scene.seed_model import looking_seeds_polydata
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.segments import read_structure
from brachyresponse.scene.verification_fields import (
    VerificationField,
    set_verification_field,
    verification_json,
)
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    own_node,
    verification_part,
)
from brachyresponse.scene.verification_seeds import implant_image
from brachyresponse.seeds import Origin, Seeds
from brachyresponse.seeds.detection import DetectedSeeds, detect_seeds
from brachyresponse.seeds.doubtful import doubtful_seeds

LEAST_AXIS_CONFIDENCE = 0.5


def find_seeds(
    verification_node: slicer.vtkMRMLScriptedModuleNode,
    wanted: int | None,
    region_node: slicer.vtkMRMLSegmentationNode | None,
    region_id: str,
    report: Report,
) -> DetectedSeeds:
    """Find the seeds on the implant CT; nothing is written.

    Parameters
    ----------
    wanted
        How many were implanted; None for the number of the plan, or where that is not known.
    region_node, region_id
        Segment to search in; None for the whole image.

    Raises
    ------
    SceneError, GeometryError, StructureError
        The implant CT or the segment cannot be read.
    ImageError
        The image is no CT in HU, has gaps or is tilted, or holds no seed.
    Cancelled
        By the report.
    """
    ct_hu, grid = implant_image(verification_node)
    region = None if region_node is None else read_structure(region_node, region_id)
    if wanted is None:
        wanted = expected_count(verification_node)
    return detect_seeds(ct_hu, grid, expected_count=wanted, region=region, report=report)


def expected_count(verification_node: slicer.vtkMRMLScriptedModuleNode) -> int | None:
    """Return how many seeds were implanted: the number that was set, else that of the plan; None where none is known.

    Raises
    ------
    SceneError, VerificationError, SeedsError
        There is no such verification, its attribute is damaged, or the plan's seeds cannot be read.
    """
    wanted = read_expected_count(verification_node)
    if wanted is not None:
        return wanted
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    return (read_seeds(seeds_node_of(plan_node)).count or None) if plan_node is not None else None


def read_expected_count(verification_node: slicer.vtkMRMLScriptedModuleNode) -> int | None:
    """Return the number of implanted seeds that was set; None where it is that of the plan."""
    wanted = verification_json(verification_node, VerificationField.EXPECTED_COUNT)
    return wanted if isinstance(wanted, int) else None


def set_expected_count(verification_node: slicer.vtkMRMLScriptedModuleNode, count: int | None) -> None:
    """Set how many seeds were implanted; None is the number of the plan.

    Raises
    ------
    VerificationError
        The number is not positive.
    """
    if count is not None and count < 1:
        raise VerificationError(f"The number of implanted seeds is {count}: give a positive number, or none.")
    set_verification_field(verification_node, VerificationField.EXPECTED_COUNT, count)


def low_confidence_seeds(found: DetectedSeeds) -> list[int]:
    """Return the seeds to look at, the least certain first; one that a reader put in or accepted was looked at."""
    return doubtful_seeds(found.confidence, found.origins)


def draw_seeds(verification_node: slicer.vtkMRMLScriptedModuleNode, found: DetectedSeeds) -> None:
    """Draw found seeds as cylinders: green, uncertain ones orange, manual ones blue; the model is made when absent."""
    seeds = Seeds(
        found.positions_mm, found.directions, np.ones(found.count), found.axis_confidence >= LEAST_AXIS_CONFIDENCE
    )
    uncertain = set(low_confidence_seeds(found))
    looks = [
        SeedLook.MANUAL if origin is Origin.MANUAL else SeedLook.UNCERTAIN if index in uncertain else SeedLook.FOUND
        for index, origin in enumerate(found.origins)
    ]
    model = own_node(verification_node, VerificationRole.SEED_MODEL, "vtkMRMLModelNode", "seed models")
    model.SetAndObserveMesh(looking_seeds_polydata(seeds, looks))
    if model.GetDisplayNode() is None:
        show_looks(model)
