"""One lesion's evidence as a JSON object, without the files that it may name.

- ``lesion``, ``visit`` (date), ``patient_id``.
- ``prior``: ``low``, ``mid``, ``high``, ``source``, ``set_by``; or the id of a prior of the table, alone or as
  ``setting`` beside ``set_by``; else the default.
- ``population``: in words of the table of markers.
- ``findings``: objects with ``id``, and ``value`` with ``unit`` or ``positive``; ``statistic``, ``low``, ``high``,
  ``quality``, ``source``, ``is_included``, ``reason`` and ``details`` (texts: tracer, measure, reference_region,
  time_window).
- ``answers``: by the id of the condition yes, no or unknown, or an object with ``answer`` and, where a person answered,
  ``by`` (and ``otherwise``, what a record tells against it), else ``source``, the record or scan that tells it.
- ``own_cutoffs``: objects with ``marker``, ``value``, ``statistic``, ``set_by``.
- ``excluded``: objects with ``id`` and ``reason``.
- ``context``: ``t1_enhancement``, ``t2_flair``, ``t2_flair_volumes_ml`` and ``rim_volumes_ml`` (mL by date),
  ``radiomics_score``, ``radiomics_model``, ``dose`` (``d50_gy``, ``share_above_prescription_percent``,
  ``prescription_gy``), ``distance_to_seeds_mm``, ``distance_to_balloon_mm``, ``is_after_balloon``,
  ``central_restriction``, ``moves_prior`` (sentences).
- ``settings``: ``weight``, ``weight_without_pre_treatment``, ``threshold``, ``parameter``.
- ``random_seed``: whole number. ``inputs``: sentences. ``scan_dates``: days of the scans that were measured.
- ``measured_as``: names that the lesion has in studies, where they are others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.planning.record import Record
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.gathering.context import DoseContext, EvidenceContext, VolumeOfDay
from brachyresponse.response.evidence.gathering.prior_choice import prior_of_setting
from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.response.evidence.gathering.united import persons_answer
from brachyresponse.response.evidence.gathering.vocabulary import T1Enhancement, T2FlairChange
from brachyresponse.response.evidence.markers import default_prior
from brachyresponse.response.evidence.vocabulary import Answer, Quality

REQUEST_KEYS = (
    "lesion", "visit", "patient_id", "prior", "population", "findings", "answers", "own_cutoffs", "excluded",
    "context", "settings", "random_seed", "inputs", "scan_dates",
    "measured_as",
)  # fmt: skip
VOLUMES = ("t2_flair_volumes_ml", "rim_volumes_ml")
SETTING = "setting"
PRIOR_KEYS = tuple(field.name for field in fields(Prior))
FINDING_KEYS = tuple(field.name for field in fields(Finding))
CONTEXT_KEYS = tuple(field.name for field in fields(EvidenceContext))
SETTING_KEYS = tuple(field.name for field in fields(EvidenceSettings))
ANSWER_KEYS = ("answer", "by", "source", "otherwise")


def request_from_record(record: Record) -> EvidenceRequest:
    """Return the request of an object whose keys are known already; what it excludes is left out.

    Raises
    ------
    InputFileError
        A key or a word is not known, or a value is of the wrong type.
    ResponseError
        It contradicts itself; see :class:`EvidenceRequest`.
    """
    return EvidenceRequest(
        lesion=record.text("lesion"),
        visit=record.day("visit"),
        prior=_prior(record),
        findings=tuple(map(_finding, record.records("findings"))) if record.has("findings") else (),
        answers=tuple(_answers(record.part("answers"))) if record.has("answers") else (),
        own_cutoffs=_entries(record, "own_cutoffs", OwnCutoff),
        population=record.text("population") if record.has("population") else "",
        context=_context(record.part("context")) if record.has("context") else EvidenceContext(),
        settings=_settings(record.part("settings")) if record.has("settings") else EvidenceSettings(),
        random_seed=record.whole("random_seed") if record.has("random_seed") else 0,
        patient_id=record.text("patient_id") if record.has("patient_id") else "",
        inputs=record.texts("inputs") if record.has("inputs") else (),
        scan_dates=tuple(_scan_dates(record)),
        measured_as=record.texts("measured_as") if record.has("measured_as") else (),
    )


def excluded(request: EvidenceRequest, record: Record) -> EvidenceRequest:
    """Return a request without the markers that its object excludes; they stay in it, with the reason.

    Raises
    ------
    InputFileError
        There is no finding of an excluded marker, or the reason is missing.
    """
    if not record.has("excluded"):
        return request
    findings = {finding.id: finding for finding in request.findings}
    for item in record.records("excluded"):
        item.refuse_unknown(("id", "reason"))
        name = item.text("id")
        if name not in findings:
            known = ", ".join(findings) or "none"
            raise InputFileError(f"{item.where}: there is no finding of {name!r} to exclude; there are: {known}.")
        reason = item.text("reason").strip()
        if not reason:
            raise InputFileError(f"{item.where}: 'reason' is empty: say why {name!r} is left out.")
        findings[name] = replace(findings[name], is_included=False, reason=reason)
    return replace(request, findings=tuple(findings.values()))


def request_as_json(request: EvidenceRequest) -> dict[str, Any]:
    """Return the object that :func:`request_from_record` reads back to the same request."""
    return {
        "lesion": request.lesion,
        "visit": request.visit.isoformat(),
        "patient_id": request.patient_id,
        "prior": _plain(request.prior),
        "population": request.population,
        "findings": [_plain(finding) for finding in request.findings],
        "answers": {each.condition: _answer_as_json(each) for each in request.answers},
        "own_cutoffs": [_plain(cutoff) for cutoff in request.own_cutoffs],
        "context": _plain(request.context) | {name: _by_day(getattr(request.context, name)) for name in VOLUMES},
        "settings": _plain(request.settings),
        "random_seed": request.random_seed,
        "inputs": list(request.inputs),
        "scan_dates": [day.isoformat() for day in request.scan_dates],
        "measured_as": list(request.measured_as),
    }


def _scan_dates(record: Record) -> Iterator[date]:
    for day in record.texts("scan_dates") if record.has("scan_dates") else ():
        yield _day(record, day)


def _prior(record: Record) -> Prior:
    given = record.fields.get("prior")
    if given is None:
        return default_prior()
    if isinstance(given, str):
        return prior_of_setting(given)
    if not isinstance(given, Mapping):
        raise InputFileError(
            f"{record.where}: 'prior' is {given!r}, expected low, mid and high in braces, each above 0 and below 1, or "
            "the id of a published setting."
        )
    part = record.part("prior")
    if part.has(SETTING):
        part.refuse_unknown((SETTING, "set_by"))
        return prior_of_setting(part.text(SETTING), set_by=part.text("set_by", ""))
    part.refuse_unknown((*PRIOR_KEYS, SETTING))
    return read_fields(Prior, part)


def _finding(item: Record) -> Finding:
    item.refuse_unknown(FINDING_KEYS)
    details = item.part("details").fields if item.has("details") else {}
    for key, value in details.items():
        if not isinstance(value, str):
            raise InputFileError(f"{item.where}: details: {key!r} is {value!r}, expected a text.")
    return Finding(
        id=item.text("id"),
        value=item.optional_number("value"),
        positive=item.flag("positive") if item.has("positive") else None,
        unit=item.text("unit", ""),
        statistic=item.text("statistic", ""),
        low=item.optional_number("low"),
        high=item.optional_number("high"),
        quality=item.choice("quality", Quality, Quality.GOOD),
        is_included=item.flag("is_included", True),
        reason=item.text("reason", ""),
        source=item.text("source", ""),
        details=dict(details),
    )


def _answers(part: Record) -> Iterator[ConditionAnswer]:
    for name, given in part.fields.items():
        if isinstance(given, str):
            yield persons_answer(name, part.choice(name, Answer))
        elif isinstance(given, Mapping):
            yield _answer(name, part.part(name))
        else:
            words = ", ".join(Answer)
            raise InputFileError(f"{part.where}: {name!r} is {given!r}, expected one of {words}, or an object.")


def _answer(name: str, item: Record) -> ConditionAnswer:
    item.refuse_unknown(ANSWER_KEYS)
    answer, source = item.choice("answer", Answer), item.text("source", "")
    if source and not item.has("by"):
        return ConditionAnswer(name, answer, source)
    given = persons_answer(name, answer, item.text("by", ""))
    return replace(given, source=source or given.source, otherwise=item.text("otherwise", ""))


def _answer_as_json(one: ConditionAnswer) -> dict[str, str]:
    told = {"answer": str(one.answer), "by": one.by, "source": one.source, "otherwise": one.otherwise}
    return {key: text for key, text in told.items() if text}


def _context(part: Record) -> EvidenceContext:
    part.refuse_unknown(CONTEXT_KEYS)
    return EvidenceContext(
        t1_enhancement=part.choice("t1_enhancement", T1Enhancement) if part.has("t1_enhancement") else None,
        t2_flair=part.choice("t2_flair", T2FlairChange) if part.has("t2_flair") else None,
        t2_flair_volumes_ml=_volumes(part, "t2_flair_volumes_ml"),
        rim_volumes_ml=_volumes(part, "rim_volumes_ml"),
        radiomics_score=part.optional_number("radiomics_score"),
        radiomics_model=part.text("radiomics_model", ""),
        dose=_dose(part.part("dose")) if part.has("dose") else None,
        distance_to_seeds_mm=part.optional_number("distance_to_seeds_mm"),
        distance_to_balloon_mm=part.optional_number("distance_to_balloon_mm"),
        is_after_balloon=part.flag("is_after_balloon", False),
        central_restriction=part.text("central_restriction", ""),
        moves_prior=part.texts("moves_prior") if part.has("moves_prior") else (),
    )


def _volumes(part: Record, key: str) -> tuple[VolumeOfDay, ...]:
    volumes = part.part(key) if part.has(key) else Record("", {})
    return tuple(VolumeOfDay(_day(volumes, day), volumes.number(day)) for day in volumes.fields)


def _day(record: Record, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputFileError(f"{record.where}: {text!r} is no date: write it as 2026-01-31.") from error


def _dose(part: Record) -> DoseContext:
    part.refuse_unknown([field.name for field in fields(DoseContext)])
    return read_fields(DoseContext, part)


def _settings(part: Record) -> EvidenceSettings:
    part.refuse_unknown(SETTING_KEYS)
    return read_fields(EvidenceSettings, part)


def _entries(record: Record, key: str, kind: type[OwnCutoff]) -> tuple[OwnCutoff, ...]:
    found = []
    for item in record.records(key) if record.has(key) else ():
        item.refuse_unknown([field.name for field in fields(kind)])
        found.append(read_fields(kind, item))
    return tuple(found)


def _by_day(volumes: tuple[VolumeOfDay, ...]) -> dict[str, float]:
    return {each.day.isoformat(): each.volume_ml for each in volumes}


def _plain(value: Any) -> Any:
    """A value as JSON knows it; dataclasses become objects."""
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
