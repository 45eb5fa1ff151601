"""From a request to what is said of the lesion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from brachyresponse.errors import InputFileError
from brachyresponse.planning.record import Record
from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.request_json import REQUEST_KEYS, request_as_json, request_from_record
from brachyresponse.response.evidence.markers import Condition
from brachyresponse.response.evidence.vocabulary import Verdict
from brachyresponse.response.evidence.weighing import Evidence, weigh_evidence

RESULT = "result"
"""Key of the result beside those of the request; it is written, and computed anew on reading."""

OPEN = (Verdict.CONFLICTING, Verdict.NOT_EVALUABLE)
"""Verdicts that leave the question to a person; inconclusive is an answer."""


@dataclass(frozen=True, eq=False)
class LesionEvidence:
    """What the evidence says of one lesion, and what it was asked from.

    Parameters
    ----------
    request
        Markers, conditions, prior and settings.
    evidence
        Interval, verdict, what was used and what was left out.
    """

    request: EvidenceRequest
    evidence: Evidence

    @property
    def lesion(self) -> str:
        """Its name."""
        return self.request.lesion

    @property
    def visit(self) -> date:
        """The day that it was judged on."""
        return self.request.visit

    @property
    def verdict(self) -> Verdict:
        """Favours one class, or why not."""
        return self.evidence.verdict

    @property
    def context(self) -> tuple[str, ...]:
        """What is shown without weight, in sentences."""
        return self.request.context.sentences

    @property
    def questions(self) -> tuple[Condition, ...]:
        """What a person has to answer before more can be weighed."""
        return self.evidence.questions

    @property
    def needs_person(self) -> bool:
        """Whether a question is open, or the markers conflict or allow no answer."""
        return bool(self.questions) or bool(self.evidence.conflicting) or self.verdict in OPEN

    def as_json(self) -> dict[str, Any]:
        """Return the request with its result; :func:`lesion_evidence_from_json` reads it back."""
        return {**request_as_json(self.request), RESULT: self.evidence.as_json()}


def weigh_request(request: EvidenceRequest) -> LesionEvidence:
    """Return what the evidence says of a lesion.

    Raises
    ------
    ResponseError
        The request cannot be weighed; see :func:`~brachyresponse.response.evidence.weighing.weigh_evidence`.
    """
    evidence = weigh_evidence(
        request.findings,
        request.prior,
        circumstances=request.answers,
        own_cutoffs=request.own_cutoffs,
        population=request.population,
        settings=request.settings.weighing(),
        random_seed=request.random_seed,
    )
    return LesionEvidence(request, evidence)


def lesion_evidence_from_json(item: Mapping[str, Any], where: str = "Evidence") -> LesionEvidence:
    """Return the evidence of an object that :meth:`LesionEvidence.as_json` gave; it is weighed anew.

    Raises
    ------
    InputFileError
        A key or a word is not known, or a value is of the wrong type.
    ResponseError
        The request contradicts itself.
    """
    if not isinstance(item, Mapping):
        raise InputFileError(f"{where} is {item!r}, expected an object with fields in braces.")
    record = Record(where, item)
    record.refuse_unknown((*REQUEST_KEYS, RESULT))
    return weigh_request(request_from_record(record))
