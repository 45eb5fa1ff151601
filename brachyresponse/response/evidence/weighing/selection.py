"""Which markers are weighed, and in which order: one of a group, the best measured, never the most extreme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.markers import Marker, population_fits
from brachyresponse.response.evidence.vocabulary import MarkerGroup, Quality, Side
from brachyresponse.response.evidence.weighing.inputs import group_of
from brachyresponse.response.evidence.weighing.sides import Placed
from brachyresponse.response.evidence.weighing.validity import Validity
from brachyresponse.response.evidence.weighing.words import group_words

QUALITIES = (Quality.GOOD, Quality.LIMITED, Quality.POOR)
FITS = (True, None, False)
Rank = tuple[int, int, int]
"""The smaller the better."""
WHY_BETTER = (
    "is better measured",
    "has the higher level of evidence",
    "fits the patient better",
    "is as good and was given first",
)


@dataclass(frozen=True)
class Candidate:
    """A marker that could be weighed by itself.

    Parameters
    ----------
    marker, finding
        What was found.
    placed
        On which side.
    validity
        What the conditions say.
    fits
        Whether the patient belongs to the study's population; None where not known.
    """

    marker: Marker
    finding: Finding
    placed: Placed
    validity: Validity
    fits: bool | None

    @property
    def side(self) -> Side:
        """Positive or negative."""
        return self.placed.side

    @property
    def group(self) -> MarkerGroup:
        """What it measures."""
        return group_of(self.finding)

    @property
    def rank(self) -> Rank:
        """How it stands to the others."""
        return rank_of(self.finding, self.marker, self.fits)


def rank_of(finding: Finding, marker: Marker, fits: bool | None) -> Rank:
    """Return technical quality, evidence and population; how far the marker moves the odds is not in it."""
    return QUALITIES.index(Quality(finding.quality)), 0 if marker.is_meta_analysis else 1, FITS.index(fits)


def candidate_of(finding: Finding, marker: Marker, placed: Placed, validity: Validity, population: str) -> Candidate:
    """Return a finding that could be weighed."""
    return Candidate(marker, finding, placed, validity, population_fits(population, marker.population))


def choose(candidates: Iterable[Candidate]) -> tuple[tuple[Candidate, ...], tuple[tuple[Candidate, str], ...]]:
    """Return the best of each group in their order, and the others with the reason why they are left out."""
    best: dict[MarkerGroup, Candidate] = {}
    others: list[tuple[Candidate, str]] = []
    for one in sorted(candidates, key=lambda each: each.rank):
        if one.group in best:
            others.append((one, _why_not(one, best[one.group])))
        else:
            best[one.group] = one
    return tuple(best.values()), tuple(others)


def _why_not(one: Candidate, chosen: Candidate) -> str:
    worse = (mine > its for mine, its in zip(one.rank, chosen.rank, strict=True))
    why = next((words for words, is_worse in zip(WHY_BETTER, worse, strict=False) if is_worse), WHY_BETTER[-1])
    name = f"{chosen.marker.title} ({chosen.marker.short_citation})"
    return f"Of the markers of {group_words(one.group)} only one is weighed; {name} {why}."
