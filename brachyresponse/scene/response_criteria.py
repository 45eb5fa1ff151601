"""By which criteria an assessment goes, with which choices, and from which end of radiation."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseOptions
from brachyresponse.response.treatment import (
    CriteriaProposal,
    RadiationEnd,
    ReferenceChoice,
    criteria_warnings,
    propose_criteria,
)
from brachyresponse.response.vocabulary import CriteriaName, Measure
from brachyresponse.scene.response_fields import ResponseField, response_json, response_text, set_response_field
from brachyresponse.scene.response_parts import require_assessment
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_words import day_of, truth_of, word_of

CRITERIA = "set of criteria"


def chosen_criteria(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CriteriaName | None:
    """Return the chosen criteria, or None while it is left to the tumour type."""
    return _criteria_in(assessment_node, ResponseField.CRITERIA)


def used_criteria(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CriteriaName:
    """Return the chosen criteria, or those that are proposed for the tumour.

    Raises
    ------
    ResponseError
        Neither criteria nor a tumour type is chosen.
    """
    return chosen_criteria(assessment_node) or proposal_of(assessment_node).criteria


def proposal_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CriteriaProposal:
    """Return the criteria that are proposed for the tumour.

    Raises
    ------
    ResponseError
        No tumour type is on record.
    """
    record = read_record(assessment_node)
    return propose_criteria(record.tumour, record)


def warnings_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what has to be said of the criteria that are used; none while none are."""
    record = read_record(assessment_node)
    chosen = chosen_criteria(assessment_node)
    if chosen is None and record.tumour is None:
        return ()
    return criteria_warnings(
        used_criteria(assessment_node), record.tumour, record, earlier=earlier_criteria(assessment_node)
    )


def set_criteria(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, name: str | None, *, is_agreed: bool = False
) -> None:
    """Choose the criteria; None leaves it to the tumour type.

    Parameters
    ----------
    is_agreed
        That all visits are assessed anew, where they were assessed by other criteria before.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment or criteria, or the visits were assessed by others and nobody agreed to it.
    """
    require_assessment(assessment_node)
    chosen = None if not name else word_of(CriteriaName, name, CRITERIA)
    before = _criteria_in(assessment_node, ResponseField.ASSESSED_BY)
    if chosen is not None and before not in (None, chosen) and not is_agreed:
        raise ResponseError(
            f"Assessment {assessment_node.GetName()!r} was assessed by {before}; sums and categories by {chosen} "
            f"cannot be compared with those: keep {before}, or agree that all visits are assessed anew by {chosen}."
        )
    set_response_field(assessment_node, ResponseField.CRITERIA, None if chosen is None else chosen.value)
    if is_agreed and before is not None:
        set_response_field(assessment_node, ResponseField.AGREED_TO, None if chosen is None else chosen.value)


def earlier_criteria(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CriteriaName | None:
    """Return the criteria by which the visits were assessed first, or None before that."""
    return _criteria_in(assessment_node, ResponseField.ASSESSED_BY)


def is_change_agreed(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether it was agreed that all visits are assessed anew by the criteria that are used now."""
    return _criteria_in(assessment_node, ResponseField.AGREED_TO) is used_criteria(assessment_node)


def read_options(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> CaseOptions:
    """Return the choices within the criteria: those that follow from the tumour, and above them those made."""
    kept: dict[str, Any] = {}
    if chosen_criteria(assessment_node) is None and read_record(assessment_node).tumour is not None:
        kept |= proposal_of(assessment_node).options
    kept |= response_json(assessment_node, ResponseField.OPTIONS, {})
    if "measure" in kept:
        kept["measure"] = Measure(kept["measure"])
    return CaseOptions(**kept)


def set_option(assessment_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: bool | int | str | None) -> None:
    """Make a choice within the criteria, by the names of ``CaseOptions``; None leaves it as usual.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment or option, or the value is none that it can have.
    """
    require_assessment(assessment_node)
    check_option(name)
    kept = dict(response_json(assessment_node, ResponseField.OPTIONS, {}))
    kept.pop(name, None)
    if value is not None:
        kept[name] = _typed_option(name, get_type_hints(CaseOptions)[name], value)
    set_response_field(assessment_node, ResponseField.OPTIONS, kept or None)


def check_option(name: str) -> None:
    """Refuse a name that is no option.

    Raises
    ------
    ResponseError
        It is none.
    """
    names = [field.name for field in fields(CaseOptions)]
    if name not in names:
        raise ResponseError(f"There is no option {name!r}: choose one of {', '.join(names)}.")


def set_reference(assessment_node: slicer.vtkMRMLScriptedModuleNode, choice: date | str | None) -> None:
    """Choose what counts as the end of radiation: a day, or a word of ``ReferenceChoice``; None is not chosen.

    Raises
    ------
    SceneError, ResponseError
        There is no such assessment, the text is neither, or the treatment record does not offer it.
    """
    chosen = choice.strip() if isinstance(choice, str) else choice
    if not chosen:
        set_response_field(assessment_node, ResponseField.REFERENCE, None)
        return
    if chosen not in tuple(ReferenceChoice):
        chosen = day_of(chosen, "end of radiation")
    read_record(assessment_node).radiation_end(chosen)  # type: ignore[arg-type]  # a word, or a day
    set_response_field(assessment_node, ResponseField.REFERENCE, str(chosen))


def chosen_reference(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> ReferenceChoice | date | None:
    """Return what was chosen as the end of radiation, or None."""
    text = response_text(assessment_node, ResponseField.REFERENCE)
    if text in tuple(ReferenceChoice):
        return ReferenceChoice(text)
    return day_of(text, "end of radiation")


def radiation_end_of(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> RadiationEnd:
    """Return the end of radiation with its sentence; its date is None where it has to be chosen or is not known.

    Raises
    ------
    ResponseError
        The treatment record no longer offers what was chosen.
    """
    return read_record(assessment_node).radiation_end(chosen_reference(assessment_node))


def _criteria_in(assessment_node: slicer.vtkMRMLScriptedModuleNode, field: ResponseField) -> CriteriaName | None:
    text = response_text(assessment_node, field)
    return word_of(CriteriaName, text, CRITERIA) if text else None


def _typed_option(name: str, kind: type, value: bool | int | str) -> bool | int | str:
    if kind is Measure:
        return word_of(Measure, value, "measure of size").value
    if kind is bool:
        return truth_of(str(value), f"Option {name!r}")
    if not str(value).strip().isdecimal():
        raise ResponseError(f"Option {name!r}: {value!r} is not a whole number that is not negative; give one.")
    return int(value)
