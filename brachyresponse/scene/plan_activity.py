"""Activity and dates of a plan: what a seed was assayed with, and what is left of it on the day of the implant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.scene.plan_choices import PlanChoices, read_plan_choices, write_plan_choices
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_text, set_plan_field
from brachyresponse.scene.plan_setup import as_day, read_plan_source, set_source
from brachyresponse.seeds import Seeds
from brachyresponse.sources import convert_strength, decayed_strength_u


@dataclass(frozen=True)
class ActivityChoice:
    """Strength of one seed on the reference date, the dates, and what is left on the day of the implant."""

    choices: PlanChoices
    implant_date: date
    implant_strength_u: float


def implant_strength_u(plan_node: slicer.vtkMRMLScriptedModuleNode) -> float:
    """Return the air-kerma strength of one seed on the day of the implant, U.

    Raises
    ------
    SceneError, PlanError, SourceError
        There is no such plan, or no implant date or source is set.
    """
    return strength_at_implant_u(plan_node, read_plan_choices(plan_node).assayed_strength_u)


def strength_at_implant_u(plan_node: slicer.vtkMRMLScriptedModuleNode, assayed_strength_u: float) -> float:
    """Return what is left on the day of the implant of a strength on the plan's reference date, U.

    Raises
    ------
    SceneError, PlanError, SourceError
        As :func:`implant_strength_u`.
    """
    choices, implant_date = read_plan_choices(plan_node), plan_day(plan_node, PlanField.IMPLANT_DATE)
    half_life_days = read_plan_source(plan_node).half_life_days
    return decayed_strength_u(assayed_strength_u, half_life_days, choices.reference_date or implant_date, implant_date)


def activity_choice(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    amounts: tuple[float | None, float | None, float | None],
    dates: tuple[date | str | None, date | str | None],
) -> ActivityChoice:
    """Return activity and dates as they would be; what is None stays as it is in the plan.

    Parameters
    ----------
    amounts
        Apparent activity in MBq, in mCi, or air-kerma strength in U of one seed on the reference date; one of them.
    dates
        Reference date and implant date.

    Raises
    ------
    PlanError
        More than one amount is given, it is not positive, a text is not a date, or the dates do not belong together.
    """
    source, before = read_plan_source(plan_node), read_plan_choices(plan_node)
    given = [(value, unit) for value, unit in zip(amounts, ("MBq", "mCi", "U"), strict=True) if value is not None]
    if len(given) > 1:
        raise PlanError("Activity is given twice: give it in MBq, in mCi or in U.")
    strength_u = before.assayed_strength_u
    for value, unit in given:
        if not (np.isfinite(value) and value > 0):
            raise PlanError(f"The activity of a seed is {value} {unit}: give a positive number.")
        strength_u = float(convert_strength(value, unit, "U", source.radionuclide))
    reference = before.reference_date if dates[0] is None else as_day("reference date", dates[0])
    implant = plan_day(plan_node, PlanField.IMPLANT_DATE) if dates[1] is None else as_day("implant date", dates[1])
    check_reference_date(reference or implant, implant)
    left_u = decayed_strength_u(strength_u, source.half_life_days, reference or implant, implant)
    return ActivityChoice(replace(before, assayed_strength_u=strength_u, reference_date=reference), implant, left_u)


def set_activity(plan_node: slicer.vtkMRMLScriptedModuleNode, choice: ActivityChoice) -> None:
    """Keep activity and dates in a plan; its seeds get their strength by an edit."""
    set_plan_field(plan_node, PlanField.IMPLANT_DATE, choice.implant_date)
    write_plan_choices(plan_node, choice.choices)
    set_source(plan_node, plan_text(plan_node, PlanField.SOURCE), plan_text(plan_node, PlanField.SURROGATE_FOR))


def with_strength(seeds: Seeds, strength_u: float, *, kept: Sequence[int] = ()) -> Seeds:
    """Return the seeds with one strength for all, U, but those whose index is among ``kept``."""
    strengths = np.full(seeds.count, strength_u)
    strengths[list(kept)] = seeds.air_kerma_strength_u[list(kept)]
    return replace(seeds, air_kerma_strength_u=strengths)
