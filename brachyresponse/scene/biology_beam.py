"""The earlier external beam of a plan: the volume of its dose, and its fractions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import slicer

from brachyresponse.dose.biology import EarlierBeam
from brachyresponse.dose.biology.earlier_beam import MOST_FRACTIONS
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Volume
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind
from brachyresponse.scene.plan_parts import PlanRole, plan_part, set_plan_part
from brachyresponse.scene.volumes import read_grid, read_image


class BeamField(StrEnum):
    """A value of a plan on its earlier beam; the enum's value is the attribute's name without our prefix."""

    BEAM = "EarlierBeam"


FIELDS: FieldsOf[BeamField] = FieldsOf(OwnerKind.PLAN, PlanError)


@dataclass(frozen=True)
class BeamSettings:
    """Fractions of an earlier beam, 0 while they are not known, and the percent of its EQD2 taken to have recovered."""

    fractions: int = 0
    recovered_percent: float = 0.0


def read_beam_settings(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BeamSettings:
    """Return what a plan keeps on its earlier beam.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the attribute is damaged.
    """
    try:
        return BeamSettings(**FIELDS.json(plan_node, BeamField.BEAM, {}))
    except TypeError as error:
        raise PlanError(
            f"Plan {plan_node.GetName()!r}: what it keeps on its earlier beam is damaged; set it again."
        ) from error


def set_beam(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    dose_node: slicer.vtkMRMLScalarVolumeNode | None,
    settings: BeamSettings,
) -> None:
    """Choose the dose of an earlier beam, Gy of the whole course, and its fractions; None takes the beam away.

    Raises
    ------
    SceneError, GeometryError, PlanError
        There is no such plan, the node is no image, or a number cannot be used.
    """
    if dose_node is not None:
        read_grid(dose_node, "dose of the earlier beam")
    fractions = _number("number of fractions", settings.fractions)
    percent = _number("recovered part", settings.recovered_percent)
    if not (fractions.is_integer() and 0 <= fractions <= MOST_FRACTIONS):
        raise PlanError(
            f"The earlier beam has {fractions:g} fractions: give a whole number from 1 to {MOST_FRACTIONS}."
        )
    if not 0 <= percent <= 100:
        raise PlanError(f"The recovered part of the earlier beam is {percent:g} %: give 0 to 100 %.")
    set_plan_part(plan_node, PlanRole.EARLIER_BEAM, dose_node)
    FIELDS.put(plan_node, BeamField.BEAM, {"fractions": int(fractions), "recovered_percent": percent})


def read_beam(plan_node: slicer.vtkMRMLScriptedModuleNode) -> EarlierBeam | None:
    """Return the earlier beam of a plan, or None.

    Raises
    ------
    SceneError, GeometryError, PlanError, DoseError
        Its dose cannot be read or used, or its fractions are not known.
    """
    node = plan_part(plan_node, PlanRole.EARLIER_BEAM)
    if node is None:
        return None
    settings = read_beam_settings(plan_node)
    if not settings.fractions:
        raise PlanError(
            f"The earlier beam {node.GetName()!r} has no number of fractions: say in how many it was given."
        )
    values, grid = read_image(node, "dose of the earlier beam")
    dose = Volume(node.GetName(), values, grid, "Gy")
    return EarlierBeam(dose, settings.fractions, settings.recovered_percent / 100)


def _number(what: str, value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise PlanError(f"The {what} of the earlier beam is {value!r}: give a number.") from error
