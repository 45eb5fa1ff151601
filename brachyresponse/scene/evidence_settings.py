"""How evidence is gathered and weighed, and which population the patient belongs to."""

from __future__ import annotations

from dataclasses import fields, replace

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import populations
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.scene.evidence_choices import named_values, set_named_value
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_text, set_evidence_field
from brachyresponse.scene.evidence_parts import require_evidence, visit_of
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_words import any_number


def read_settings(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> EvidenceSettings:
    """Return the settings.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    try:
        return EvidenceSettings(**named_values(evidence_node, EvidenceField.SETTINGS))
    except TypeError as error:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r}: what is kept of its settings is damaged ({error}); set them anew."
        ) from error


def set_setting(evidence_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: object) -> None:
    """Set a setting by its name in ``EvidenceSettings``; None leaves it as usual.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or setting, or the value is none that it can have; then nothing is changed.
    """
    require_evidence(evidence_node)
    usual = {each.name: each.default for each in fields(EvidenceSettings)}
    if name not in usual:
        raise ResponseError(f"There is no setting {name!r}: choose one of {', '.join(usual)}.")
    kept = None if value is None else _read(name, value, isinstance(usual[name], str))
    if kept is not None:
        replace(read_settings(evidence_node), **{name: kept})  # type: ignore[arg-type]  # refuses what cannot be
    set_named_value(evidence_node, EvidenceField.SETTINGS, name, kept)


def population_of(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return which population the patient belongs to: as a person said, else by the tumour; empty where not known.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or its visit belongs to no assessment.
    """
    said = evidence_text(evidence_node, EvidenceField.POPULATION)
    if said:
        return said
    tumour = read_record(need_assessment(visit_of(evidence_node))).tumour
    return "" if tumour is None or str(tumour.type) not in populations() else str(tumour.type)


def set_population(evidence_node: slicer.vtkMRMLScriptedModuleNode, text: str) -> None:
    """Say which population the patient belongs to; "" leaves it to the tumour.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or the word is none of ``populations()``.
    """
    require_evidence(evidence_node)
    word = text.strip()
    if word and word not in populations():
        raise ResponseError(f"{word!r} is no population of the studies: choose one of {', '.join(populations())}.")
    set_evidence_field(evidence_node, EvidenceField.POPULATION, word)


def _read(name: str, value: object, is_text: bool) -> str | float:
    return str(value).strip() if is_text else any_number(value, f"The setting {name!r}")
