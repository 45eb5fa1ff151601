"""The seeds of the implant as they lie on the scan of a visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Structure
from brachyresponse.scene.perfusion_images import read_implant, seed_places
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plans_in
from brachyresponse.scene.response_doses import dose_motion, dose_of
from brachyresponse.scene.response_parts import VisitPart, need_assessment, require_visit, set_visit_part, visit_part
from brachyresponse.scene.response_registration import registration_of
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verifications_in
from brachyresponse.seeds import Seeds
from brachyresponse.types import FloatArray

SEED_HALF_LENGTH_MM = 2.25
"""Of the capsule, 4.5 mm: the distance of a lesion is that to its nearest point."""
STEPS = 5


@dataclass(frozen=True, eq=False)
class ImplantOnVisit:
    """Seeds where they lie on the scan of a visit, and how that is known; without seeds why there are none."""

    seeds: Seeds | None
    sentence: str


def set_visit_seeds(
    visit_node: slicer.vtkMRMLScriptedModuleNode, seeds_node: slicer.vtkMRMLMarkupsFiducialNode | None
) -> None:
    """Choose the seeds as they lie on the scan of a visit; None leaves them to the perfusion study or the dose.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such visit, or the node holds no seeds; then nothing is changed.
    """
    require_visit(visit_node)
    if seeds_node is not None:
        seed_places(seeds_node)
    set_visit_part(visit_node, VisitPart.SEEDS, seeds_node)


def implant_on(visit_node: slicer.vtkMRMLScriptedModuleNode) -> ImplantOnVisit:
    """Return the seeds on the scan of a visit: those chosen for it, those of its perfusion study, or of the implant.

    Those of the implant are the ones from which the dose of a treatment was computed. The motion of the dose to the
    baseline, and that of the baseline to the visit, bring them there.

    Raises
    ------
    SceneError
        There is no such visit, or it belongs to no assessment.
    """
    own, perfusion = (visit_part(visit_node, role) for role in (VisitPart.SEEDS, VisitPart.PERFUSION))
    try:
        if own is not None:
            seeds = seed_places(own)
            return ImplantOnVisit(seeds, f"The {seeds.count} seeds are those of {own.GetName()!r}.")
        chosen = None if perfusion is None else read_implant(perfusion)
        if perfusion is not None and chosen is not None:
            return ImplantOnVisit(chosen, f"The {chosen.count} seeds are those of {perfusion.GetName()!r}.")
        return _by_dose(visit_node)
    except BrachyResponseError as error:
        return ImplantOnVisit(None, f"The seeds could not be brought to the scan: {error}")


def distance_to_seeds_mm(lesion: Structure, seeds: Seeds) -> float:
    """Return the distance from a lesion's voxels to the nearest seed, mm; 0 where one lies in it."""
    from scipy.spatial import KDTree

    spacing_mm = lesion.grid.spacing_ijk_mm
    centres = lesion.grid.to_ras(np.argwhere(lesion.mask)[:, ::-1])
    capsules, tree = _capsule_points(seeds), KDTree(centres)
    to_centre = tree.query(capsules)[0]
    reach = float(to_centre.min() + np.linalg.norm(spacing_mm))  # no voxel farther away can be the nearest
    axes = lesion.grid.ijk_to_ras[:3, :3] / spacing_mm
    nearest = reach
    for capsule, near in zip(capsules, tree.query_ball_point(capsules, reach), strict=True):
        if near:
            beyond = np.maximum(np.abs((centres[near] - capsule) @ axes) - spacing_mm / 2, 0.0)
            nearest = min(nearest, float(np.linalg.norm(beyond, axis=1).min()))
    return nearest


def _by_dose(visit_node: slicer.vtkMRMLScriptedModuleNode) -> ImplantOnVisit:
    owner = need_assessment(visit_node)
    for treatment in reversed(read_record(owner).courses):
        dose_node = dose_of(owner, treatment)
        seeds_node = None if dose_node is None else _seeds_of_dose(dose_node)
        if dose_node is None or seeds_node is None:
            continue
        matrix = np.linalg.inv(registration_of(visit_node).matrix) @ dose_motion(owner, dose_node).matrix
        seeds = _moved(seed_places(seeds_node), matrix)
        said = f"The {seeds.count} seeds are those of {seeds_node.GetName()!r}, brought here with their dose."
        return ImplantOnVisit(seeds, said)
    return ImplantOnVisit(None, "No plan or verification of the scene with seeds has the dose of a treatment.")


def _seeds_of_dose(dose_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """The seeds from which a dose was computed."""
    return next(_owners_seeds(dose_node), None)


def _owners_seeds(dose_node: slicer.vtkMRMLScalarVolumeNode) -> Iterator[slicer.vtkMRMLMarkupsFiducialNode]:
    scene = dose_node.GetScene()
    for verification in verifications_in(scene):
        seeds_node = verification_part(verification, VerificationRole.SEEDS)
        if verification_part(verification, VerificationRole.DOSE) is dose_node and seeds_node is not None:
            yield seeds_node
    for plan in plans_in(scene):
        seeds_node = plan_part(plan, PlanRole.SEEDS)
        if plan_part(plan, PlanRole.DOSE) is dose_node and seeds_node is not None:
            yield seeds_node


def _moved(seeds: Seeds, matrix: FloatArray) -> Seeds:
    positions = seeds.positions_mm @ matrix[:3, :3].T + matrix[:3, 3]
    return replace(seeds, positions_mm=positions, directions=seeds.directions @ matrix[:3, :3].T)


def _capsule_points(seeds: Seeds) -> FloatArray:
    """Points along the capsules; of seeds whose axis is not known their centres."""
    along = np.linspace(-SEED_HALF_LENGTH_MM, SEED_HALF_LENGTH_MM, STEPS)[:, None, None]
    reach = np.where(seeds.axis_known[:, None], seeds.directions, 0.0)
    points: FloatArray = (seeds.positions_mm + along * reach).reshape(-1, 3)
    return points
