"""Evidence in files: ``evidence.json``, schema 1.

One JSON object, UTF-8, with ``schema`` 1 and either one lesion's keys
(:mod:`brachyresponse.response.evidence.gathering.request_json`) or ``lesions``, a list of such objects, each of which
is weighed apart. The keys ``visit``, ``patient_id``, ``prior``, ``population``, ``answers``, ``settings``,
``treatments``, ``tumour``, ``own_cutoffs``, ``random_seed``, ``perfusion`` and ``diffusion`` beside ``lesions`` hold
for every lesion that does not say otherwise. Beside its own keys a lesion may name, with paths relative to the file:

- ``perfusion``: a list of ``perfusion.json`` files or their folders, or of objects with ``file`` and
  ``is_before_treatment``; without it the dates in the study decide.
- ``diffusion``: a ``diffusion.json`` or its folder. ``spectroscopy``: a ``spectroscopy.json`` or its folder, or the
  NIfTI-MRS file or metabolite table (CSV) of a single voxel on this lesion.
- ``pet``: objects with ``tracer``, ``measure``, ``value``, ``unit``, ``reference_region``, ``time_window``.
- ``treatments`` and ``tumour`` as a case has them.
- ``result``: what was found; left alone, for it is computed anew.

``case`` beside ``schema`` names the case that the lesions belong to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brachyresponse.diffusion import read_diffusion_record
from brachyresponse.errors import BrachyResponseError, InputFileError, ResponseError
from brachyresponse.perfusion.study import PerfusionRecord, read_study_record
from brachyresponse.planning.record import Record, read_record
from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers.perfusion import scan_words
from brachyresponse.response.evidence.gathering.completing import (
    with_diffusion,
    with_distances,
    with_perfusion,
    with_spectroscopy,
    with_treatments,
)
from brachyresponse.response.evidence.gathering.lesion_names import check_measured_as
from brachyresponse.response.evidence.gathering.perfusion import PerfusionScans, scans_by_date
from brachyresponse.response.evidence.gathering.pet import pet_findings
from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.request_json import REQUEST_KEYS, excluded, request_from_record
from brachyresponse.response.evidence.gathering.spectra_files import read_spectroscopy
from brachyresponse.response.evidence.weighing.inputs import QUANTITY
from brachyresponse.response.treatment import record_from_json

NAME = "evidence.json"
SCHEMA = 1
FILE_KEYS = ("perfusion", "diffusion", "spectroscopy", "pet", "treatments", "tumour")
ITEM_KEYS = (*REQUEST_KEYS, *FILE_KEYS, "result")
SHARED_KEYS = (
    "visit", "patient_id", "prior", "population", "answers", "settings", "treatments", "tumour", "own_cutoffs",
    "random_seed", "perfusion", "diffusion",
)  # fmt: skip
PET_KEYS = ("tracer", "measure", "value", "unit", "reference_region", "time_window")
LESION, LESIONS, ANSWERS = "lesion", "lesions", "answers"


@dataclass(frozen=True)
class EvidenceFile:
    """What a file asks: one request a lesion, and the case they belong to; None where none is named."""

    requests: tuple[EvidenceRequest, ...]
    case: Path | None = None


def read_evidence_request(source: Mapping[str, Any] | str | Path) -> EvidenceRequest:
    """Return the request of an object, or of a file with one lesion.

    Raises
    ------
    InputFileError
        See :func:`read_evidence_file`; or there are several lesions.
    """
    requests = read_evidence_file(source).requests
    if len(requests) != 1:
        name = NAME if isinstance(source, Mapping) else Path(source).name
        raise InputFileError(f"{name} holds {len(requests)} lesions, expected one: read them with read_evidence_file.")
    return requests[0]


def read_evidence_file(source: Mapping[str, Any] | str | Path) -> EvidenceFile:
    """Return what a file, or the object that it holds, asks.

    Paths in an object that came from no file are relative to the working folder.

    Raises
    ------
    InputFileError
        A file cannot be read or is of another schema, a key or a word is not known (the nearest is told), a value is of
        the wrong type, or a lesion's evidence contradicts itself; the message names the file and the lesion.
    """
    if isinstance(source, Mapping):
        return _read(Record(NAME, source), Path())
    path = Path(source)
    return _read(read_record(path, SCHEMA), path.parent)


def _read(record: Record, folder: Path) -> EvidenceFile:
    case = folder / record.text("case") if record.has("case") else None
    try:
        requests = tuple(_located(item, folder, record.where) for item in _items(record))
        _check_together(requests)
        return EvidenceFile(tuple(_told_of_others(request, requests) for request in requests), case)
    except InputFileError:
        raise
    except BrachyResponseError as error:
        raise InputFileError(f"{record.where}: {error}") from error


def _located(item: Record, folder: Path, file: str) -> EvidenceRequest:
    """Return the request of a lesion, whose name stands in every error."""
    try:
        return _request(item, folder)
    except InputFileError:
        raise
    except BrachyResponseError as error:
        is_named = repr(item.fields.get(LESION)) in str(error)
        raise InputFileError(f"{file if is_named else item.where}: {error}") from error


def _check_together(requests: Sequence[EvidenceRequest]) -> None:
    """Refuse two lesions of one name and day, and a lesion that was measured on another's study."""
    lesions = [request.lesion for request in requests]
    for number, request in enumerate(requests):
        check_measured_as(request.lesion, request.measured_as, lesions, request.where)
        if request.where in [other.where for other in requests[:number]]:
            raise ResponseError(f"{request.where} is there twice: keep one.")


def _told_of_others(request: EvidenceRequest, requests: Sequence[EvidenceRequest]) -> EvidenceRequest:
    """Return a request that knows of the file's other lesions of its day."""
    names = [other.lesion for other in requests if other.visit == request.visit]
    if len(names) < 2:
        return request
    said = f"Lesions of {request.visit} in the evidence: {', '.join(names)}."
    return request.with_answers([answered("multiple_lesions", True, said)])


def _items(record: Record) -> Iterator[Record]:
    """Yield the lesions of a file, each with what holds for all of them."""
    if not record.has(LESIONS):
        record.refuse_unknown(("schema", "case", LESIONS, *ITEM_KEYS))
        own = {key: value for key, value in record.fields.items() if key in ITEM_KEYS}
        yield Record(_place(record.where, own), own)
        return
    record.refuse_unknown(("schema", "case", LESIONS, *SHARED_KEYS))
    shared = {key: record.fields[key] for key in SHARED_KEYS if record.has(key)}
    if record.fields[LESIONS] == []:
        raise InputFileError(f"{record.where}: {LESIONS!r} is empty, expected one object a lesion.")
    for item in record.records(LESIONS):
        item.refuse_unknown(ITEM_KEYS)
        answers = {ANSWERS: {**_object(shared, record), **_object(item.fields, item)}}
        yield Record(_place(item.where, item.fields), {**shared, **item.fields, **answers})


def _object(fields: Mapping[str, Any], record: Record) -> Mapping[str, Any]:
    if fields.get(ANSWERS) is None:
        return {}
    return record.part(ANSWERS).fields


def _place(where: str, fields: Mapping[str, Any]) -> str:
    lesion = fields.get(LESION)
    return f"{where}: {lesion}" if isinstance(lesion, str) else where


def _request(record: Record, folder: Path) -> EvidenceRequest:
    request = _with_scans(request_from_record(record), record, folder)
    is_typed = record.has("findings") or record.has("pet")
    if is_typed and request.scan_dates and not record.has("scan_dates"):  # what is typed in is of the visit's day
        request = request.with_findings((), scan_dates=[request.visit])
    if record.has("treatments") or record.has("tumour"):  # after the scans, whose days decide
        request = with_treatments(request, record_from_json(record.fields))
    if record.has("pet"):
        request = request.with_findings(_pet(record))
    return excluded(with_distances(request), record)


def _with_scans(request: EvidenceRequest, record: Record, folder: Path) -> EvidenceRequest:
    if record.has("perfusion"):
        request = with_perfusion(request, _scans(record, folder))
    if record.has("diffusion"):
        request = with_diffusion(request, read_diffusion_record(folder / record.text("diffusion")))
    if record.has("spectroscopy"):
        path = folder / record.text("spectroscopy")
        studied = read_spectroscopy(path, request.lesion, request.visit, request.patient_id)
        request = with_spectroscopy(request, studied)
    return request


def _scans(record: Record, folder: Path) -> PerfusionScans:
    """Return the studies of the visit and those before treatment: as the file says, else by their dates."""
    undecided: list[PerfusionRecord] = []
    after: list[PerfusionRecord] = []
    before: list[PerfusionRecord] = []
    for place, given in enumerate(_list(record, "perfusion"), start=1):
        if isinstance(given, str):
            undecided.append(read_study_record(folder / given))
            continue
        item = _part(given, f"{record.where}: perfusion {place}")
        item.refuse_unknown(("file", "is_before_treatment"))
        study = read_study_record(folder / item.text("file"))
        kept = undecided if not item.has("is_before_treatment") else after
        (before if item.flag("is_before_treatment", False) else kept).append(study)
    by_date = scans_by_date(undecided)
    scans = PerfusionScans((*after, *by_date.after), (*before, *by_date.before))
    if scans.before and not scans.after:
        told = ", ".join(map(scan_words, scans.before))
        raise ResponseError(
            f"The perfusion studies ({told}) are all from before the treatment, which is no marker by itself: give one "
            "of the visit, or 'is_before_treatment': false."
        )
    return scans


def _pet(record: Record) -> Iterator[Finding]:
    """Yield the markers of all PET values; a marker that pools tracers or statistics takes the first that it may."""
    taken: dict[str, tuple[str, str]] = {}
    for item in record.records("pet"):
        for finding in _markers_of_pet(item):
            measured = (finding.details[QUANTITY], finding.statistic)
            if taken.setdefault(finding.id, measured) == measured:
                yield finding


def _markers_of_pet(item: Record) -> tuple[Finding, ...]:
    item.refuse_unknown(PET_KEYS)
    return pet_findings(
        item.text("tracer"),
        item.text("measure"),
        item.number("value"),
        item.text("reference_region", ""),
        unit=item.text("unit"),
        time_window=item.text("time_window", ""),
    )


def _list(record: Record, key: str) -> list[Any]:
    values = record.fields[key]
    if not isinstance(values, list):
        raise InputFileError(f"{record.where}: {key!r} is {values!r}, expected a list of files.")
    return values


def _part(given: Any, where: str) -> Record:
    if not isinstance(given, Mapping):
        raise InputFileError(f"{where} is {given!r}, expected a file, or an object with 'file'.")
    return Record(where, given)
