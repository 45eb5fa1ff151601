"""How common recurrence is in published settings, for a person to choose the prior from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from brachyresponse.response.evidence.finding import Prior
from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name
from brachyresponse.response.evidence.vocabulary import FigureStatus, LesionClass

FILE = "priors.json"


@dataclass(frozen=True)
class PriorSource:
    """One setting in which somebody counted.

    Parameters
    ----------
    id, setting
        For programs and for people.
    counted
        The class that ``events`` counts.
    events, total
        Counts; None where the source gives a percentage only.
    ci95
        Exact 95 % interval of the share; None where it was not computed.
    of_growing_lesions
        Whether it counts growing lesions that came to biopsy or surgery; the others count everything treated, and are
        no prior for a growing lesion.
    words
        What was found.
    citation, status
        The study, and whether it was read there.
    """

    id: str
    setting: str
    counted: LesionClass
    events: int | None
    total: int | None
    ci95: tuple[float, float] | None
    of_growing_lesions: bool
    words: str
    citation: str
    status: FigureStatus

    @property
    def recurrence(self) -> float | None:
        """Share of recurrence, 0 to 1; None without counts."""
        if self.events is None or self.total is None:
            return None
        share = self.events / self.total
        return share if self.counted is LesionClass.RECURRENCE else 1.0 - share


@cache
def priors() -> tuple[PriorSource, ...]:
    """Return the published settings."""
    return tuple(
        PriorSource(
            id=row["id"],
            setting=row["setting"],
            counted=LesionClass(row["counted"]),
            events=row["events"],
            total=row["total"],
            ci95=tuple(row["ci95"]) if row["ci95"] else None,
            of_growing_lesions=row["of_growing_lesions"],
            words=row["words"],
            citation=row["citation"],
            status=FigureStatus(row["status"]),
        )
        for row in evidence_data(FILE)["priors"]
    )


def prior_source(name: str) -> PriorSource:
    """Return a published setting by its id.

    Raises
    ------
    ResponseError
        There is none of this id; the nearest is told.
    """
    known = {one.id: one for one in priors()}
    if name not in known:
        raise unknown_name(name, known, "source of a prior")
    return known[name]


def default_prior() -> Prior:
    """Return the prior that stands until somebody sets another: it spans what biopsied growing lesions showed."""
    return Prior(**evidence_data(FILE)["default"])
