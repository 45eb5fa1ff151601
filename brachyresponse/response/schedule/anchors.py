"""The days from which schedules count, from the treatment record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from brachyresponse.response.schedule.vocabulary import Anchor
from brachyresponse.response.treatment import Treatment, TreatmentKind


def anchors_of(treatments: Iterable[Treatment]) -> dict[Anchor, date]:
    """Return the days from which schedules count, as far as they are on record.

    The latest of its kind; of surgery the latest that is not after a removed source, for which it left the balloon.
    """
    treatments = tuple(treatments)
    days = {anchor: _days_of(treatments, TreatmentKind(anchor)) for anchor in Anchor}
    if days[Anchor.SOURCE_REMOVAL]:
        removal = max(days[Anchor.SOURCE_REMOVAL])
        days[Anchor.SURGERY] = [day for day in days[Anchor.SURGERY] if day <= removal]
    return {anchor: max(found) for anchor, found in days.items() if found}


def _days_of(treatments: Iterable[Treatment], kind: TreatmentKind) -> list[date]:
    if kind is TreatmentKind.EXTERNAL_BEAM:
        return [each.end for each in treatments if each.kind is kind and each.end is not None]
    return [each.start for each in treatments if each.kind is kind]
