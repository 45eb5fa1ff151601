"""What is exactly known of a course: sizes by the law, and what the criteria have to say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from brachyresponse.digital_patient.response.lesion import CourseLesion, TrueSize
from brachyresponse.response.vocabulary import Category, CriteriaName, LesionKind

ONE_DIMENSION = (CriteriaName.RANO_BM, CriteriaName.RECIST_1_1)
"""Criteria that sum diameters; the others sum products."""


@dataclass(frozen=True)
class Adjudicated:
    """What a reader decides of a visit, beside what the criteria say."""

    visit: int
    """0 is the first visit."""
    category: Category
    reason: str
    on: date
    by: str


@dataclass(frozen=True)
class CourseTruth:
    """What is true of every visit, and what it is worth by the criteria.

    ``categories``, ``best_overall_response``, ``progression_date`` and ``adjudicated`` are stated in ``course.json``
    after the criteria were applied by hand to the sums of the law; no engine was asked.

    Parameters
    ----------
    sums
        Of the target lesions, by the exact sizes: mm2, of RANO-BM and RECIST mm.
    """

    sizes: tuple[Mapping[str, TrueSize], ...]
    sums: tuple[float, ...]
    categories: tuple[Category, ...]
    best_overall_response: Category
    progression_date: date | None
    adjudicated: Adjudicated | None
    diagnosis: str
    why: str


def true_sum(sizes: Mapping[str, TrueSize], lesions: Sequence[CourseLesion], criteria: CriteriaName) -> float:
    """Return the sum of the lesions that the baseline had: products in mm2, or diameters in mm."""
    return sum(_summand(sizes[lesion.id], lesion, criteria) for lesion in lesions if not lesion.is_new)


def _summand(size: TrueSize, lesion: CourseLesion, criteria: CriteriaName) -> float:
    if criteria not in ONE_DIMENSION:
        return size.product_mm2
    return size.perpendicular_mm if lesion.kind is LesionKind.NODE else size.longest_mm
