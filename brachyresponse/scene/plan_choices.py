"""Choices of the user that shape a plan besides its values: the seeds as assayed, and what structures are to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_parts import require_plan

CHOICES = "Choices"


@dataclass(frozen=True)
class PlanChoices:
    """What a plan's node keeps for its panel.

    Parameters
    ----------
    assayed_strength_u
        Air-kerma strength of one seed on the reference date, U; 0 when it was never set.
    reference_date
        Day of the assay; None for the day of the implant.
    avoid
        IDs of segments that no needle may cross.
    barriers
        IDs of segments at which the margin of a grown target stops.
    """

    assayed_strength_u: float = 0.0
    reference_date: date | None = None
    avoid: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()


def read_plan_choices(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanChoices:
    """Return the choices kept on a plan's node; the defaults where none were made.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    require_plan(plan_node)
    text = get_attribute(plan_node, CHOICES, "{}")
    try:
        fields = json.loads(text)
        day = fields.get("reference_date")
        return PlanChoices(
            float(fields.get("assayed_strength_u", 0.0)),
            date.fromisoformat(day) if day else None,
            tuple(fields.get("avoid", ())),
            tuple(fields.get("barriers", ())),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise PlanError(
            f"Plan {plan_node.GetName()!r}: its choices {text!r} are damaged; set activity and structures again."
        ) from error


def write_plan_choices(plan_node: slicer.vtkMRMLScriptedModuleNode, choices: PlanChoices) -> None:
    """Keep choices on a plan's node.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    require_plan(plan_node)
    day = choices.reference_date
    set_attribute(plan_node, CHOICES, json.dumps({**vars(choices), "reference_date": day.isoformat() if day else None}))
