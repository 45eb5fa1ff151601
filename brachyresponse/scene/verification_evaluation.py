"""Computing plan and implant of a verification: everything is read first, and nothing is written here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, PlanAnatomy
from brachyresponse.progress import Report
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.verification_anatomy import read_implant_anatomy
from brachyresponse.scene.verification_fields import VerificationField, verification_day, verification_text
from brachyresponse.scene.verification_finding import read_expected_count
from brachyresponse.scene.verification_limits import read_verification_profile
from brachyresponse.scene.verification_matching import read_pairing
from brachyresponse.scene.verification_oedema import read_oedema
from brachyresponse.scene.verification_parts import VerificationRole, need_verification_part
from brachyresponse.scene.verification_registration import need_registration
from brachyresponse.scene.verification_seeds import read_found_seeds
from brachyresponse.scene.verification_segments import carried_names
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.detection import DetectedSeeds
from brachyresponse.verification import Verification, VerificationRequest, verify_implant


def evaluate_verification(
    verification_node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, report: Report
) -> Verification:
    """Compute plan and implant and all that follows; nothing is written.

    Raises
    ------
    BrachyResponseError
        Something of plan, implant or registration is missing or cannot be read, or plan and implant do not belong
        together.
    Cancelled
        By the report.
    """
    return verify_implant(read_request(verification_node, extent), report=report)


def read_request(verification_node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent) -> VerificationRequest:
    """Return what the nodes of a verification say, as a request to the library.

    Raises
    ------
    BrachyResponseError
        As :func:`evaluate_verification`.
    """
    plan_node = need_verification_part(verification_node, VerificationRole.PLAN, "plan")
    registration, found = need_registration(verification_node), read_found_seeds(verification_node)
    plan, plan_anatomy = read_plan_node(plan_node), read_plan_anatomy(plan_node)
    anatomy = _with_limits_of(plan_anatomy, read_implant_anatomy(verification_node))
    return VerificationRequest(
        plan=plan,
        source=read_plan_source(plan_node),
        plan_anatomy=plan_anatomy,
        plan_grid=extent.grid(plan, plan_anatomy),
        registration=registration,
        found=found,
        implant_grid=_implant_grid(plan, found, anatomy, extent),
        implant_anatomy=anatomy,
        carried_structures=carried_names(verification_node),
        scan_date=verification_day(verification_node, VerificationField.SCAN_DATE),
        implant_date=verification_day(verification_node, VerificationField.IMPLANT_DATE),
        implanted_count=read_expected_count(verification_node),
        profile=read_verification_profile(verification_node),
        oedema=read_oedema(verification_node),
        pairing=read_pairing(verification_node),
        patient_id=verification_text(verification_node, VerificationField.PATIENT_ID),
        frame_of_reference_uid=verification_text(verification_node, VerificationField.FRAME_OF_REFERENCE_UID),
    )


def _with_limits_of(plan_anatomy: PlanAnatomy, anatomy: PlanAnatomy) -> PlanAnatomy:
    """The structures on the implant CT, held to the plan's dose limits of those that are there by the same name."""
    limits = tuple(limit for limit in plan_anatomy.roles.limits if limit.structure in anatomy.structures)
    return replace(anatomy, roles=replace(anatomy.roles, limits=limits))


def _implant_grid(plan: ImplantPlan, found: DetectedSeeds, anatomy: PlanAnatomy, extent: DoseExtent) -> Grid:
    """The dose grid round targets and seeds on the implant CT; a seed that went far astray does not stretch it."""
    corners = np.concatenate([np.stack(anatomy.structures[name].bounds_mm()) for name in anatomy.roles.targets])
    lower, upper = corners.min(axis=0) - extent.margin_mm, corners.max(axis=0) + extent.margin_mm
    near = found.positions_mm[((found.positions_mm >= lower) & (found.positions_mm <= upper)).all(axis=1)]
    seeds = Seeds(near, np.tile([0.0, 0.0, 1.0], (len(near), 1)), np.ones(len(near)))
    return extent.grid(replace(plan, seeds=seeds), anatomy)
