"""The days of a verification: when it was implanted and scanned, and what of the dose was given by then."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_text
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.verification_fields import VerificationField, verification_day
from brachyresponse.scene.verification_parts import VerificationRole, verification_part
from brachyresponse.verification import days_after, share_delivered


def implant_day(verification_node: slicer.vtkMRMLScriptedModuleNode) -> date | None:
    """Return the day of the implant: the one that was set, else that of the plan; None where neither is known."""
    own = verification_day(verification_node, VerificationField.IMPLANT_DATE)
    return own or planned_day(verification_part(verification_node, VerificationRole.PLAN))


def planned_day(plan_node: slicer.vtkMRMLScriptedModuleNode | None) -> date | None:
    """Return the day of the implant by the plan; None without a plan or a day."""
    if plan_node is None or not plan_text(plan_node, PlanField.IMPLANT_DATE):
        return None
    return plan_day(plan_node, PlanField.IMPLANT_DATE)


def delivery_sentence(verification_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return how old the implant was on its CT and what share of its dose was given, or why the days cannot be right.

    Empty where a day is not known, or no plan says which source it is.
    """
    scanned, implanted = (
        verification_day(verification_node, VerificationField.SCAN_DATE),
        implant_day(verification_node),
    )
    plan_node = verification_part(verification_node, VerificationRole.PLAN)
    if scanned is None or implanted is None or plan_node is None:
        return ""
    try:
        days, share = days_after(implanted, scanned), share_delivered(read_plan_source(plan_node), implanted, scanned)
    except VerificationError as error:
        return str(error)
    return f"Day {days} after the implant of {implanted}: {100 * share:.1f} % of the dose was delivered."
