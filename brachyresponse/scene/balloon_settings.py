"""What a plan keeps of its balloon: shape, liquid, times. Plain values, typed here, JSON in the plan's node."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import isfinite
from typing import Any

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.balloon import Interruption, balloon_model
from brachyresponse.scene.inverse_fields import snake_case
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_text
from brachyresponse.scene.plan_parts import require_plan
from brachyresponse.sources import DEFAULT_LIQUID, load_liquid, mci_to_mbq

BALLOON = "Balloon"
FIRST_HOUR = time(10)
USUAL_DAYS = 4
BETWEEN_PAUSES, WITHIN_PAUSE = ";", " to "


class BalloonShapeKind(StrEnum):
    """How the balloon of a plan is given."""

    DIAMETER = "diameter"
    """A sphere by its outer diameter."""
    VOLUME = "volume"
    """A sphere by the volume of its liquid."""
    SEGMENT = "segment"
    """A segment of the plan's segmentation, wall included."""


class ActivityUnit(StrEnum):
    """The unit in which the contained activity is shown."""

    MBQ = "MBq"
    MCI = "mCi"


@dataclass(frozen=True)
class BalloonSettings:
    """The balloon of a plan as its node keeps it; what another shape needs stays for when it is chosen again.

    Parameters
    ----------
    shape, diameter_mm, volume_ml, segment
        How the balloon is given; ``segment`` is a segment ID.
    balloon_model, fill_volume_ml
        Of :func:`balloon_models`, empty when it is not known; 0 mL when it is not known.
    wall_mm, liquid
        As in :class:`BalloonPlan`.
    activity_mbq, unit
        Contained at ``assayed``, and how it is shown.
    assayed, filled, removed
        Times.
    interruptions
        ``"2026-03-08 10:00 to 2026-03-08 14:00; ..."``.
    depth_mm
        Of the prescription, outside the balloon's surface.
    recovered_mbq
        Taken out, contained at ``removed``; 0 when it was not measured.
    gaps
        IDs of segments between the balloon and the tissue: air, fluid, clot.
    """

    assayed: datetime
    filled: datetime
    removed: datetime
    shape: BalloonShapeKind = BalloonShapeKind.DIAMETER
    diameter_mm: float = 30.0
    volume_ml: float = 15.0
    segment: str = ""
    balloon_model: str = ""
    fill_volume_ml: float = 0.0
    wall_mm: float = 0.0
    liquid: str = DEFAULT_LIQUID
    activity_mbq: float = mci_to_mbq(270.0)
    unit: ActivityUnit = ActivityUnit.MBQ
    interruptions: str = ""
    depth_mm: float = 10.0
    recovered_mbq: float = 0.0
    gaps: tuple[str, ...] = ()


def read_balloon_settings(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BalloonSettings:
    """Return the balloon of a plan; what was never set as on the day of the plan's implant, 270 mCi for four days.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    require_plan(plan_node)
    text = get_attribute(plan_node, BALLOON, "{}")
    try:
        return changed_balloon(_usual(plan_node), json.loads(text))
    except (PlanError, ValueError, TypeError, AttributeError) as error:
        raise PlanError(
            f"Plan {plan_node.GetName()!r}: what it keeps of its balloon is damaged ({error}); set it again."
        ) from error


def write_balloon_settings(plan_node: slicer.vtkMRMLScriptedModuleNode, settings: BalloonSettings) -> None:
    """Keep the balloon of a plan."""
    require_plan(plan_node)
    kept = {item.name: getattr(settings, item.name) for item in fields(settings)}
    set_attribute(plan_node, BALLOON, json.dumps(kept, default=datetime.isoformat))


def balloon_text(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return what a plan keeps of its balloon as one text, which changes with it."""
    return get_attribute(plan_node, BALLOON)


def changed_balloon(settings: BalloonSettings, values: Mapping[str, object]) -> BalloonSettings:
    """Return settings with some values changed, by the library's names or the console's camelCase ones.

    ``activityMci`` and ``recoveredMci`` are taken as well; an activity is shown in the unit that it was given in.

    Raises
    ------
    PlanError, SourceError
        There is no such setting, or a value cannot be used; the message says which.
    """
    named = _in_mbq({snake_case(name): value for name, value in values.items()})
    known = [item.name for item in fields(settings)]
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise PlanError(f"There is no setting {unknown[0]!r} of a balloon: choose one of {', '.join(known)}.")
    return replace(settings, **{name: _typed(name, getattr(settings, name), value) for name, value in named.items()})


def interruptions_of(text: str) -> tuple[Interruption, ...]:
    """Return the interruptions written as ``"2026-03-08 10:00 to 2026-03-08 14:00; ..."``.

    Raises
    ------
    PlanError
        One is not written so, or does not end after it begins.
    """
    found = []
    for pause in filter(None, (part.strip() for part in text.split(BETWEEN_PAUSES))):
        start, between, end = pause.partition(WITHIN_PAUSE)
        if not between:
            raise PlanError(
                f"The interruption {pause!r} has no end: write it as 2026-03-08 10:00 to 2026-03-08 14:00, and a "
                "semicolon before the next."
            )
        found.append(Interruption(as_moment("start", start.strip()), as_moment("end", end.strip())))
    return tuple(found)


def as_moment(what: str, value: object) -> datetime:
    """Return a date and time given as one or as text.

    Raises
    ------
    PlanError
        The text is not a time.
    """
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise PlanError(f"The time {what!r} is {value!r}: write it as 2026-03-06 14:05.") from error


def _usual(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BalloonSettings:
    day = plan_day(plan_node, PlanField.IMPLANT_DATE) if plan_text(plan_node, PlanField.IMPLANT_DATE) else None
    filled = datetime.combine(day or datetime.now().date(), FIRST_HOUR)
    return BalloonSettings(filled, filled, filled + timedelta(days=USUAL_DAYS))


def _in_mbq(named: dict[str, object]) -> dict[str, object]:
    given = dict(named)
    for name in ("activity", "recovered"):
        if f"{name}_mci" in given:
            given[f"{name}_mbq"] = mci_to_mbq(_number(f"{name}_mci", given.pop(f"{name}_mci")))
    if "activity_mci" in named:
        given.setdefault("unit", ActivityUnit.MCI)
    elif "activity_mbq" in named:
        given.setdefault("unit", ActivityUnit.MBQ)
    return given


def _typed(name: str, before: object, value: object) -> Any:
    if isinstance(before, datetime):
        return as_moment(name, value)
    if isinstance(before, StrEnum):
        return _choice(type(before), name, value)
    if isinstance(before, float):
        return _number(name, value)
    if isinstance(before, tuple):
        return _segments(name, value)
    text = str(value)
    CHECKS.get(name, str)(text)
    return text


def _choice(kind: type[StrEnum], name: str, value: object) -> StrEnum:
    try:
        return kind(str(value))
    except ValueError as error:
        raise PlanError(f"The balloon's {name} is {value!r}: choose one of {', '.join(kind)}.") from error


def _segments(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise PlanError(f"The balloon's {name} are {value!r}: give a list of segment IDs.")
    return tuple(map(str, value))


def _number(name: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise PlanError(f"The balloon's {name} is {value!r}: give a number.") from error
    may_be_zero = name in MAY_BE_ZERO
    if not isfinite(number) or number < 0 or (number == 0 and not may_be_zero):
        expected = "a number from 0 on" if may_be_zero else "a positive number"
        raise PlanError(f"The balloon's {name} is {number:g}: give {expected}.")
    return number


def _check_model(name: str) -> None:
    if name:
        balloon_model(name)


CHECKS: Mapping[str, Callable[[str], object]] = {
    "liquid": load_liquid,
    "balloon_model": _check_model,
    "interruptions": interruptions_of,
}
MAY_BE_ZERO = ("wall_mm", "fill_volume_ml", "recovered_mbq", "recovered_mci")
