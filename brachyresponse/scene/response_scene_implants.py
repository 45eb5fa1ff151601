"""What the scene knows of a patient's implants: plans and verifications, proposed as treatments with their dose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.response.treatment import Implant, Treatment, TreatmentKind
from brachyresponse.scene.plan_fields import PlanField, plan_number, plan_text
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plans_in
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.verification_days import implant_day, planned_day
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verifications_in


@dataclass(frozen=True, eq=False)
class TreatmentProposal:
    """An implant of the scene.

    Parameters
    ----------
    dose
        The volume with its dose, or None.
    sentence
        Where it was found.
    """

    treatment: Treatment
    dose: slicer.vtkMRMLScalarVolumeNode | None
    sentence: str


def proposed_treatments(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> list[TreatmentProposal]:
    """Return the implants of the scene that the treatments do not have yet: what was verified before what was planned.

    A plan without the day of its implant was not carried out as far as is known, and is not proposed.
    """
    scene = assessment_node.GetScene()
    known = {(each.kind, each.start) for each in read_record(assessment_node)}
    found: list[TreatmentProposal] = []
    for proposal in (*_verified(scene), *_planned(scene)):
        key = (proposal.treatment.kind, proposal.treatment.start)
        if key not in known:
            known.add(key)
            found.append(proposal)
    return found


def image_of_dose(dose_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the image on which a dose of a plan or verification of the scene was computed, or None."""
    scene = dose_node.GetScene()
    for verification in verifications_in(scene):
        if verification_part(verification, VerificationRole.DOSE) is dose_node:
            return verification_part(verification, VerificationRole.IMPLANT_VOLUME)
    for plan in plans_in(scene):
        if plan_part(plan, PlanRole.DOSE) is dose_node:
            return plan_part(plan, PlanRole.PLANNING_VOLUME)
    return None


def _verified(scene: slicer.vtkMRMLScene) -> Iterator[TreatmentProposal]:
    for node in verifications_in(scene):
        plan, day = verification_part(node, VerificationRole.PLAN), implant_day(node)
        if day is not None:
            dose = verification_part(node, VerificationRole.DOSE)
            yield _proposal(day, plan, dose, f"Verification {node.GetName()!r}: implanted on {day}.")


def _planned(scene: slicer.vtkMRMLScene) -> Iterator[TreatmentProposal]:
    for plan in plans_in(scene):
        day = planned_day(plan)
        if day is not None:
            said = f"Plan {plan.GetName()!r}: to be implanted on {day}; its dose is the planned one, not verified."
            yield _proposal(day, plan, plan_part(plan, PlanRole.DOSE), said)


def _proposal(
    day: date,
    plan: slicer.vtkMRMLScriptedModuleNode | None,
    dose: slicer.vtkMRMLScalarVolumeNode | None,
    said: str,
) -> TreatmentProposal:
    implant = Implant(
        prescription_gy=None if plan is None else _prescription(plan),
        dose_volume="" if dose is None else dose.GetName(),
        source="" if plan is None else plan_text(plan, PlanField.SOURCE),
    )
    return TreatmentProposal(Treatment(TreatmentKind.IMPLANT, day, details=implant), dose, said)


def _prescription(plan: slicer.vtkMRMLScriptedModuleNode) -> float | None:
    """What was prescribed; None where the plan does not say it, which is for the user to enter."""
    try:
        return plan_number(plan, PlanField.PRESCRIPTION_GY)
    except BrachyResponseError:
        return None
