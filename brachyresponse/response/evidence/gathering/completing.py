"""A request completed by what is on record: each function adds findings or answers of one kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from brachyresponse.diffusion import DiffusionRecord
from brachyresponse.errors import ResponseError
from brachyresponse.perfusion.study import PerfusionRecord
from brachyresponse.response.evidence.gathering.answers import (
    answers_of_diffusion,
    answers_of_distances,
    answers_of_perfusion,
    answers_of_size,
    answers_of_spectroscopy,
    answers_of_treatments,
)
from brachyresponse.response.evidence.gathering.answers.perfusion import scan_words
from brachyresponse.response.evidence.gathering.answers.treatments import what_moves_the_prior
from brachyresponse.response.evidence.gathering.data_files import limit
from brachyresponse.response.evidence.gathering.diffusion import central_restriction, findings_of_diffusion, solid_part
from brachyresponse.response.evidence.gathering.perfusion import PerfusionScans, findings_of_perfusion, lesion_of
from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.spectroscopy import findings_of_spectroscopy, lesion_entry
from brachyresponse.response.evidence.markers import populations
from brachyresponse.response.treatment import TreatmentKind, TreatmentRecord
from brachyresponse.spectroscopy.study.record import SpectroscopyRecord


def with_perfusion(request: EvidenceRequest, scans: PerfusionScans) -> EvidenceRequest:
    """Return a request with the markers and answers of perfusion studies.

    Raises
    ------
    ResponseError
        A study is of another patient or has no such lesion, or gives a second value for a marker.
    """
    for record in (*scans.after, *scans.before):
        request = of_patient(request, record.patient_id, f"the {scan_words(record)}")
    findings = findings_of_perfusion(scans, request.lesion, settings=request.settings, own_cutoffs=request.own_cutoffs)
    inputs = [
        *(_input(record, "") + _far_words(request, record.scan_date) for record in scans.after),
        *(_input(record, ", before treatment") for record in scans.before),
    ]
    answers = answers_of_perfusion(scans, request.lesion, request.settings)
    days = [record.scan_date for record in scans.after]
    for record in scans.after:
        request = request.measured_in(scan_words(record), lesion_of(record, request.lesion))
    return request.with_findings(findings, *inputs, scan_dates=days).with_answers(answers)


def with_diffusion(request: EvidenceRequest, record: DiffusionRecord) -> EvidenceRequest:
    """Return a request with the markers and answers of a diffusion study; central restriction goes to its context.

    Raises
    ------
    ResponseError
        The study is of another patient or has no such lesion, or gives a second value for a marker.
    """
    request = of_patient(request, record.patient_id, "the diffusion study")
    findings = findings_of_diffusion(record, request.lesion, own_cutoffs=request.own_cutoffs)
    told = central_restriction(record, request.lesion) or request.context.central_restriction
    changed = replace(request, context=replace(request.context, central_restriction=told))
    source = f"Diffusion of {record.scan_date or 'an unknown day'}, map {record.map!r}."
    source += _far_words(request, record.scan_date)
    measured = changed.with_findings(findings, source, scan_dates=[record.scan_date])
    measured = measured.measured_in("Diffusion", solid_part(record, request.lesion).lesion)
    return measured.with_answers(answers_of_diffusion(record, request.lesion))


def with_spectroscopy(request: EvidenceRequest, record: SpectroscopyRecord) -> EvidenceRequest:
    """Return a request with the markers and answers of a spectroscopy study.

    Raises
    ------
    ResponseError
        The study is of another patient or has no such lesion, or gives a second value for a marker.
    """
    request = of_patient(request, record.patient_id, f"the spectroscopy {record.name!r}")
    findings = findings_of_spectroscopy(record, request.lesion, own_cutoffs=request.own_cutoffs)
    source = f"Spectroscopy of {record.scan_date or 'an unknown day'}, {record.name!r} ({record.origin})."
    source += _far_words(request, record.scan_date)
    measured = request.with_findings(findings, source, scan_dates=[record.scan_date])
    measured = measured.measured_in("Spectroscopy", lesion_entry(record, request.lesion).name)
    return measured.with_answers(answers_of_spectroscopy(record, request.lesion))


def with_treatments(request: EvidenceRequest, record: TreatmentRecord) -> EvidenceRequest:
    """Return a request with what the treatment record tells: conditions, population, what moves the prior.

    Conditions are told for the days of the scans that were measured, else of the visit; what spoils one scan counts.
    """
    balloons = record.of_kind(TreatmentKind.SOURCE_REMOVAL)
    was_in = any(each.start <= request.visit for each in balloons)
    moves = dict.fromkeys((*request.context.moves_prior, *what_moves_the_prior(record, request.scan_days[-1])))
    is_after_balloon = request.context.is_after_balloon or was_in
    context = replace(request.context, is_after_balloon=is_after_balloon, moves_prior=tuple(moves))
    tumour = str(record.tumour.type) if record.tumour else ""
    population = request.population or (tumour if tumour in populations() else "")
    changed = replace(request, context=context, population=population)
    return changed.with_answers(one for day in request.scan_days for one in answers_of_treatments(record, day))


def with_size(
    request: EvidenceRequest, *, longest_mm: float | None = None, volume_ml: float | None = None, source: str = ""
) -> EvidenceRequest:
    """Return a request with the conditions on size answered; a volume that a scan gave already stands beside it."""
    return request.with_answers(answers_of_size(longest_mm=longest_mm, volume_ml=volume_ml, source=source))


def with_distances(request: EvidenceRequest) -> EvidenceRequest:
    """Return a request with what the distances of its context tell of susceptibility; after its studies are in it."""
    seeds_mm, balloon_mm = request.context.distance_to_seeds_mm, request.context.distance_to_balloon_mm
    return request.with_answers(answers_of_distances(seeds_mm, balloon_mm, request.answers))


def of_patient(request: EvidenceRequest, patient_id: str, what: str) -> EvidenceRequest:
    """Return a request that knows its patient, so that the next record is held against this one.

    Raises
    ------
    ResponseError
        Both ids are known and differ.
    """
    check_patient(request, patient_id, what)
    return replace(request, patient_id=request.patient_id or patient_id)


def check_patient(request: EvidenceRequest, patient_id: str, what: str) -> None:
    """Refuse a record of another patient.

    Raises
    ------
    ResponseError
        Both ids are known and differ.
    """
    if request.patient_id and patient_id and request.patient_id != patient_id:
        raise ResponseError(
            f"{request.where}: {what} is of patient {patient_id!r}, the evidence of {request.patient_id!r}: give the "
            "same patient's."
        )


def _far_words(request: EvidenceRequest, day: date | None) -> str:
    """Return how far from the visit a scan is, as a further sentence, where that is far; else nothing."""
    days = 0 if day is None else (request.visit - day).days
    if abs(days) <= limit("days_from_visit"):
        return ""
    return f" It was scanned {abs(days)} days {'before' if days > 0 else 'after'} the visit of {request.visit}."


def _input(record: PerfusionRecord, when: str) -> str:
    return f"Perfusion: {scan_words(record)}{when}, series {record.series.name!r}."
