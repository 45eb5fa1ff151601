"""Which markers a measured quantity may stand for, and in which statistic of the lesion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brachyresponse.response.evidence.finding import OwnCutoff
from brachyresponse.response.evidence.gathering.data_files import gathering_data
from brachyresponse.response.evidence.markers import Marker, available_markers


@dataclass(frozen=True)
class Candidate:
    """A marker that a measured quantity may stand for.

    Parameters
    ----------
    marker
        As in the table.
    quantity
        Id of the quantity.
    statistic
        What stands for the lesion: that of the clinic's own cut-off, else the study's, else the mean.
    """

    marker: Marker
    quantity: str
    statistic: str


def candidates(quantity: str, own_cutoffs: Sequence[OwnCutoff] = (), *, instead_of: str = "") -> tuple[Candidate, ...]:
    """Return the markers whose value may be a quantity, those that are of this quantity alone first.

    Parameters
    ----------
    own_cutoffs
        Of the clinic.
    instead_of
        A quantity that goes before this one: a marker that may be either takes that one.
    """
    own = {each.marker: each.statistic for each in own_cutoffs}
    found = sorted(available_markers(), key=lambda one: len(one.quantities))
    found = [one for one in found if quantity in one.quantities]
    if instead_of != quantity:
        found = [one for one in found if instead_of not in one.quantities]
    return tuple(Candidate(one, quantity, own.get(one.id) or _statistic(one)) for one in found)


def _statistic(marker: Marker) -> str:
    table: Mapping[str, str] = gathering_data("quantities.json")["measured_as"]
    return table.get(marker.statistic, marker.statistic) or str(gathering_data("quantities.json")["statistic"])
