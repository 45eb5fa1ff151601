"""Whether the results of a verification still belong to it."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.plan_staleness import plan_signature
from brachyresponse.scene.stale import input_signature, is_current, mark_current, mark_stale, stale_reason
from brachyresponse.scene.tables import read_table
from brachyresponse.scene.verification_fields import VerificationField, verification_text
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verification_parts
from brachyresponse.scene.verification_registration import read_registration
from brachyresponse.scene.verification_seeds import read_found_seeds
from brachyresponse.scene.verification_segments import SEGMENTS
from brachyresponse.scene.verifications import profile_name

RESULT_ROLES = (
    VerificationRole.DOSE,
    VerificationRole.DIFFERENCE,
    VerificationRole.ISODOSE,
    VerificationRole.DVH_TABLE,
    VerificationRole.DVH_CHART,
    VerificationRole.SEED_TABLE,
    VerificationRole.METRICS,
    VerificationRole.FINDINGS,
    VerificationRole.COLD,
    VerificationRole.NEAR,
    VerificationRole.ROBUSTNESS,
    VerificationRole.COMPARISON,
    VerificationRole.ARROWS,
    VerificationRole.MARKS,
)
STRUCTURE_ROLES = (VerificationRole.TARGETS, VerificationRole.ORGANS)
DESCRIBING = (VerificationField.CREATED, VerificationField.PROFILE, VerificationField.DETECTION_WARNINGS)
"""Values of a verification that nothing is computed from; the profile counts by what it turns out to be."""
DIGITS = 3


def mark_verification_current(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of the results of a verification that they were just computed from what its nodes hold now."""
    mark_current(result_nodes(verification_node), _signature(verification_node))


def mark_verification_stale(verification_node: slicer.vtkMRMLScriptedModuleNode, reason: str) -> None:
    """Say of the results of a verification why they no longer hold: the end of a sentence."""
    mark_stale(result_nodes(verification_node), reason)


def stale_verification_reason(verification_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the results of a verification no longer hold; empty while they do, or while there are none.

    Raises
    ------
    BrachyResponseError
        There is no such verification, or its nodes cannot be read.
    """
    dose_node = verification_part(verification_node, VerificationRole.DOSE)
    if dose_node is None:
        return ""
    if verification_part(verification_node, VerificationRole.IMPLANT_VOLUME) is None:
        return "the implant CT was taken away"
    if stale_reason(dose_node) or is_current(dose_node, _signature(verification_node)):
        return stale_reason(dose_node)
    return "the plan, the seeds, the registration or a choice was changed"


def result_nodes(verification_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a verification that are computed from it."""
    return [node for role in RESULT_ROLES for node in verification_parts(verification_node, role)]


def _signature(verification_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Everything that results depend on but images and structures, which are watched, not hashed: they are large.

    Lengths are rounded: markup files keep fewer digits than a double has.
    """
    values = tuple(verification_text(verification_node, f) for f in VerificationField if f not in DESCRIBING)
    segments = get_attribute(verification_node, SEGMENTS)
    structures = [verification_part(verification_node, role) is not None for role in STRUCTURE_ROLES]
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    found, registration = read_found_seeds(verification_node), read_registration(verification_node)
    places = (np.round(found.positions_mm, DIGITS), np.round(found.directions, DIGITS))
    matrix = None if registration is None else np.round(registration.matrix, 2 * DIGITS)
    limits = verification_part(verification_node, VerificationRole.LIMITS)
    return input_signature(
        values,
        segments,
        structures,
        profile_name(verification_node),
        None if plan_node is None else plan_signature(plan_node),
        *places,
        np.round(found.axis_confidence, DIGITS),
        matrix,
        () if limits is None else read_table(limits).rows,
    )
