"""The lesions known before a visit: of each the outline in which it was last seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.matching.decide import VisitLesions
from brachyresponse.response.matching.visits import VisitRegistration


def known_lesions(visits: Iterable[tuple[VisitLesions, VisitRegistration | None]]) -> VisitLesions:
    """Return every lesion of earlier visits, in the first one's space, as the ``before`` of a match.

    A lesion that grew is met where it grew to, one that vanished where it was, and one that was new is known the next
    time.

    Parameters
    ----------
    visits
        In order of date, the baseline first: the lesions by the names they have in the case, and the registration of
        the visit's scan to the baseline's; None for the baseline and for what lies in its space already.
    """
    known: dict[str, Structure] = {}
    first = VisitLesions({})
    for place, (visit, registration) in enumerate(visits):
        first = visit if place == 0 else first
        known |= {name: _carried(lesion, registration) for name, lesion in visit.lesions.items()}
    return replace(first, lesions=known)


def _carried(lesion: Structure, registration: VisitRegistration | None) -> Structure:
    if registration is None:
        return lesion
    return replace(lesion, grid=Grid(lesion.grid.shape_kji, registration.matrix @ lesion.grid.ijk_to_ras))
