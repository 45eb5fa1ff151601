"""The planner's settings as attributes of a plan's node: JSON in the scene, typed here, by the names people use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class PlannerField(StrEnum):
    """A group of the planner's settings; the enum's value is the attribute's name without our prefix.

    They are no values of the plan itself: to change them makes no dose out of date.
    """

    TRACKS = "PlannerTracks"
    PLACEMENT = "PlannerPlacement"
    SEARCH = "PlannerSearch"
    WEIGHTS = "PlannerWeights"
    STRENGTHS = "PlannerStrengths"
    FLAGS = "PlannerFlags"
    FOUND = "PlannerFound"
    ROBUSTNESS = "PlannerRobustness"


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


Settings = TypeVar("Settings", bound=_Dataclass)

FIELDS: FieldsOf[PlannerField] = FieldsOf(OwnerKind.PLAN, PlanError)
set_planner_field, planner_json, planner_text = FIELDS.put, FIELDS.json, FIELDS.text


def read_settings(
    plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlannerField, usual: Settings, what: str
) -> Settings:
    """Return a group of settings; those that were never set as in ``usual``.

    Parameters
    ----------
    what
        How the user calls the group, for an error.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    kept = planner_json(plan_node, field, {})
    try:
        return changed(usual, kept)
    except (PlanError, TypeError, ValueError, AttributeError) as error:
        raise PlanError(f"Plan {plan_node.GetName()!r}: its {what} are damaged ({error}); set them again.") from error


def write_settings(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlannerField, settings: Settings) -> None:
    """Keep a group of settings in a plan."""
    set_planner_field(plan_node, field, asdict(settings))


def changed(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with some values changed, by the library's names or the console's camelCase ones.

    Raises
    ------
    PlanError
        There is no such setting, or a value is of another kind than the setting's.
    """
    usual = {item.name: getattr(settings, item.name) for item in fields(settings)}
    named = {snake_case(name): value for name, value in values.items()}
    unknown = sorted(set(named) - set(usual))
    if unknown:
        raise PlanError(f"There is no setting {unknown[0]!r}: choose one of {', '.join(usual)}.")
    typed = {name: _like(usual[name], value, name) for name, value in named.items()}
    return replace(settings, **typed)


def snake_case(name: str) -> str:
    """Return a name as the library writes it: ``pitchMm`` as ``pitch_mm``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _like(usual: object, value: object, name: str) -> object:
    """A value of the kind that a setting has; JSON knows no tuples, whole numbers may be written as floats."""
    try:
        if isinstance(usual, StrEnum):
            return type(usual)(str(value))
        if isinstance(usual, (int, float)) and not isinstance(usual, bool):
            return _number(value, type(usual))
        if value is None or isinstance(value, str):
            return value
        return tuple(float(each) for each in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise PlanError(f"The setting {name} is {value!r}: give {_expected(usual)}.") from error


def _expected(usual: object) -> str:
    if isinstance(usual, StrEnum):
        return f"one of {', '.join(type(usual))}"
    return "a number" if isinstance(usual, (int, float)) else "three numbers"


def _number(value: Any, kind: type[int] | type[float]) -> float:
    number = float(value)
    if kind is int and number != int(number):
        raise ValueError(f"{value} is not whole")
    return kind(number)
