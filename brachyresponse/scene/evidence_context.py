"""What is shown beside the markers without weight: what a person says, and what the scene knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.response.evidence.gathering.answers.treatments import what_moves_the_prior
from brachyresponse.response.evidence.gathering.context import DoseContext, EvidenceContext, VolumeOfDay
from brachyresponse.response.evidence.gathering.diffusion import central_restriction
from brachyresponse.response.evidence.gathering.dose import dose_context_of
from brachyresponse.response.evidence.gathering.vocabulary import T1Enhancement, T2FlairChange
from brachyresponse.response.treatment import TreatmentKind
from brachyresponse.response.vocabulary import LesionState
from brachyresponse.scene.diffusion_records import read_visit_diffusion
from brachyresponse.scene.diffusion_staleness import stale_diffusion_reason
from brachyresponse.scene.evidence_choices import named_values, set_named_value
from brachyresponse.scene.evidence_fields import EvidenceField, set_evidence_field
from brachyresponse.scene.evidence_nodes import lesion_of, visits_until
from brachyresponse.scene.evidence_parts import require_evidence, visit_of
from brachyresponse.scene.response_implant_seeds import distance_to_seeds_mm, implant_on
from brachyresponse.scene.response_lesions import LesionEntry, read_entries, segment_of
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_placing import site_now
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.response_words import any_number, needed_day, number_of, truth_of, word_of

VOLUMES = ("t2_flair_volumes_ml", "rim_volumes_ml")
DISTANCES = ("distance_to_seeds_mm", "distance_to_balloon_mm")
TEXTS = ("radiomics_model", "central_restriction")
MOVES = "moves_prior"
WORDS: dict[str, type[T1Enhancement] | type[T2FlairChange]] = {
    "t1_enhancement": T1Enhancement,
    "t2_flair": T2FlairChange,
}
WORDS_FOR = {"t1_enhancement": "kind of T1 enhancement", "t2_flair": "state of T2/FLAIR"}
"""How the user calls them."""
DECIMALS = 1


@dataclass(frozen=True)
class FoundContext:
    """What the scene knows, and sentences on what it should know but could not tell."""

    context: EvidenceContext
    notes: tuple[str, ...] = ()


def set_context(evidence_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: object) -> None:
    """Say a row of the context by its name in ``EvidenceContext``; None leaves it to the scene.

    Volumes are given in mL by date, the dose as (D50 in Gy, share above the prescription in percent).

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or row, or the value is none that it can have; then nothing is changed.
    """
    require_evidence(evidence_node)
    known = [field.name for field in fields(EvidenceContext)]
    if name not in known:
        raise ResponseError(f"The context has no row {name!r}: choose one of {', '.join(known)}.")
    kept = None if value is None or value == "" else _as_kept(name, value)
    if kept is not None:
        _as_context({name: kept})
    set_named_value(evidence_node, EvidenceField.CONTEXT, name, kept)


def find_context(evidence_node: slicer.vtkMRMLScriptedModuleNode, scan_days: Sequence[date]) -> FoundContext:
    """Return what the scene knows of a lesion beside its markers, at its scans; nothing is written.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or its lesion was removed.
    """
    visit_node, entry = visit_of(evidence_node), lesion_of(evidence_node)
    notes: list[str] = []
    found = EvidenceContext(
        rim_volumes_ml=tuple(_volumes(visit_node, entry)),
        dose=_dose(visit_node, entry, notes),
        distance_to_seeds_mm=_distance_mm(visit_node, entry),
        is_after_balloon=_is_after_balloon(visit_node),
        central_restriction=_central_restriction(visit_node, entry.id),
        moves_prior=tuple(what_moves_the_prior(read_record(need_assessment(visit_node)), scan_days[-1])),
    )
    return FoundContext(found, tuple(notes))


def keep_found_context(evidence_node: slicer.vtkMRMLScriptedModuleNode, context: EvidenceContext) -> None:
    """Keep the context as it was found in the scene."""
    set_evidence_field(evidence_node, EvidenceField.FOUND_CONTEXT, dict(_kept_rows(context)) or None)


def read_context(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> EvidenceContext:
    """Return the context as it was found last, with what a person said in its place.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    return with_said(evidence_node, _as_context(named_values(evidence_node, EvidenceField.FOUND_CONTEXT)))


def with_said(evidence_node: slicer.vtkMRMLScriptedModuleNode, found: EvidenceContext) -> EvidenceContext:
    """Return a context in which the rows that a person said go before those that were found.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    kept = named_values(evidence_node, EvidenceField.CONTEXT)
    try:
        said = _as_context(kept)
        return replace(found, **{name: getattr(said, name) for name in kept})
    except (TypeError, ValueError, AttributeError) as error:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r}: what is kept of its context is damaged ({error}); say it anew."
        ) from error


def _kept_rows(context: EvidenceContext) -> Iterator[tuple[str, Any]]:
    """The rows that are known, as JSON keeps them."""
    usual = EvidenceContext()
    for name in (field.name for field in fields(EvidenceContext)):
        value = getattr(context, name)
        if value == getattr(usual, name):
            continue
        if name in VOLUMES:
            value = {each.day.isoformat(): each.volume_ml for each in value}
        elif name == "dose":
            value = asdict(value)
        yield name, value


def _as_kept(name: str, value: object) -> Any:
    """A value as JSON keeps it, read from what a person gives."""
    if name in WORDS:
        return word_of(WORDS[name], value, WORDS_FOR[name]).value
    if name in VOLUMES:
        return {day.isoformat(): volume for day, volume in _volumes_given(name, value)}
    if name == "dose":
        return _dose_given(value)
    if name == MOVES:
        return _sentences_given(name, value)
    if name in DISTANCES:
        return number_of(value, name, "mm")  # type: ignore[arg-type]  # read as text
    if name == "is_after_balloon":
        return truth_of(value, "After a balloon")  # type: ignore[arg-type]
    return str(value).strip() if name in TEXTS else any_number(value, repr(name))


def _volumes_given(name: str, value: object) -> Iterator[tuple[date, float]]:
    if not isinstance(value, Mapping):
        raise ResponseError(f"{name!r} is {value!r}, expected volumes in mL by date: give {{'2026-03-06': 20.5}}.")
    for day, volume in value.items():
        volume_ml = number_of(volume, f"The volume of {day}", "mL")
        if volume_ml is not None:
            yield needed_day(day, "volume"), volume_ml


def _dose_given(value: object) -> dict[str, float]:
    names = ("d50_gy", "share_above_prescription_percent", "prescription_gy")
    if isinstance(value, (list, tuple)) and len(value) in (2, 3):
        return {name: any_number(each, "The dose") for name, each in zip(names, value, strict=False)}
    raise ResponseError(f"The dose is {value!r}, expected D50 in Gy and the share above the prescription in percent.")


def _sentences_given(name: str, value: object) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if isinstance(given, (list, tuple)):
        return [str(each).strip() for each in given]
    raise ResponseError(f"{name!r} is {value!r}, expected sentences: give a list of them.")


def _as_context(kept: Mapping[str, Any]) -> EvidenceContext:
    values = dict(kept)
    for name in VOLUMES:
        if name in values:
            values[name] = tuple(VolumeOfDay(date.fromisoformat(day), ml) for day, ml in values[name].items())
    if "dose" in values:
        dose = values["dose"]
        values["dose"] = DoseContext(**{**dose, "warnings": tuple(dose.get("warnings", ()))})
    values[MOVES] = tuple(values.get(MOVES, ()))
    for name, words in WORDS.items():
        if name in values:
            values[name] = words(values[name])
    return EvidenceContext(**values)


def _volumes(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> Iterator[VolumeOfDay]:
    """The volume of the lesion at this visit and those before, where it was measured."""
    for node in visits_until(visit_node):
        for each in read_entries(node):
            is_it = each.id == entry.id and each.state is LesionState.MEASURED
            if is_it and each.size.volume_ml is not None:
                yield VolumeOfDay(day_of_visit(node), round(each.size.volume_ml, 2))


def _dose(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry, notes: list[str]) -> DoseContext | None:
    """The dose of the implant at the lesion; where there is one that cannot be brought there, a note says why."""
    owner = need_assessment(visit_node)
    doses = [each for each in read_record(owner).courses if each.radiation.dose_volume]
    if not doses:
        return None
    try:
        site = site_now(visit_node, entry)
    except BrachyResponseError as error:
        notes.append(f"The dose at the lesion is not known: {error}")
        return None
    prescriptions = {each.radiation.prescription_gy for each in doses}
    found = dose_context_of(site, prescriptions.pop() if len(prescriptions) == 1 else None)
    if found is None:
        notes.append(f"The dose at the lesion is not known: {site.sentence}")
    return found


def _distance_mm(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> float | None:
    chosen, implant = segment_of(visit_node, entry), implant_on(visit_node)
    if chosen is None or not chosen.exists or implant.seeds is None or not implant.seeds.count:
        return None
    return round(distance_to_seeds_mm(chosen.read(), implant.seeds), DECIMALS)


def _central_restriction(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion: str) -> str:
    """How the core diffuses against the rim; empty where it was not measured, or is out of date."""
    record = read_visit_diffusion(visit_node)
    if record is None or lesion not in record.lesions or stale_diffusion_reason(visit_node):
        return ""
    return central_restriction(record, lesion)


def _is_after_balloon(visit_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Whether a temporary source, as the liquid of a balloon, was taken out by the day of the visit."""
    removed = read_record(need_assessment(visit_node)).of_kind(TreatmentKind.SOURCE_REMOVAL)
    return any(each.start <= day_of_visit(visit_node) for each in removed)
