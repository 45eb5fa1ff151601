"""What is shown beside the evidence and never weighed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name
from brachyresponse.response.evidence.vocabulary import FigureStatus

FILE = "context.json"


@dataclass(frozen=True)
class AnatomicalRow:
    """A row of the GliaSite protocol's table.

    Parameters
    ----------
    id, parameter
        For programs and for people.
    recurrence, necrosis
        What each looks like.
    source
        Of the table.
    """

    id: str
    parameter: str
    recurrence: str
    necrosis: str
    source: str


@dataclass(frozen=True)
class ContextFinding:
    """A published observation that bears on the reading, a sentence with its source."""

    id: str
    text: str
    source: str
    status: FigureStatus


@cache
def anatomical_rows() -> tuple[AnatomicalRow, ...]:
    """Return the qualitative table."""
    return tuple(AnatomicalRow(**row) for row in evidence_data(FILE)["rows"])


@cache
def context_findings() -> tuple[ContextFinding, ...]:
    """Return the published observations."""
    rows = evidence_data(FILE)["findings"]
    return tuple(ContextFinding(**{**row, "status": FigureStatus(row["status"])}) for row in rows)


def context_finding(name: str) -> ContextFinding:
    """Return an observation by its id.

    Raises
    ------
    ResponseError
        There is none of this id; the nearest is told.
    """
    known = {one.id: one for one in context_findings()}
    if name not in known:
        raise unknown_name(name, known, "finding")
    return known[name]
