"""The reader's last word on a visit: a category with its reason, beside the computed one and never instead of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import ResponseCase
from brachyresponse.response.vocabulary import Category, VisitRole


@dataclass(frozen=True)
class Adjudication:
    """What a reader says of a visit.

    Parameters
    ----------
    visit
        Date of the visit it is about.
    category
        The reader's.
    reason
        Why, as ``biopsy of 2025-03-02 showed necrosis``.
    by
        Who; empty where not told.
    on
        When it was said.

    Raises
    ------
    ResponseError
        There is no reason, or the category is no response.
    """

    visit: date
    category: Category
    reason: str
    by: str = ""
    on: date | None = None

    def __post_init__(self) -> None:
        if self.category not in tuple(Category) or self.category == Category.BASELINE:
            allowed = ", ".join(category for category in Category if category is not Category.BASELINE)
            raise ResponseError(
                f"The adjudication of {self.visit} has the category {str(self.category)!r}, expected one of {allowed}."
            )
        object.__setattr__(self, "category", Category(self.category))
        if not self.reason.strip():
            raise ResponseError(
                f"The adjudication of {self.visit} as {self.category} has no reason: say why in a sentence."
            )

    def describe(self) -> str:
        """Return it in words."""
        by = f" by {self.by}" if self.by else ""
        on = f" on {self.on}" if self.on else ""
        return f"Adjudicated {self.category}{by}{on}: {self.reason.strip().removesuffix('.')}."


def check_adjudications(case: ResponseCase, adjudications: Iterable[Adjudication]) -> None:
    """Check that every adjudication is about a follow-up visit of the case, and no two are about one.

    Raises
    ------
    ResponseError
        One is not.
    """
    follow_ups = [visit.date for visit in case.visits if visit.role is VisitRole.FOLLOW_UP]
    seen = set()
    for said in adjudications:
        if said.visit not in follow_ups:
            days = ", ".join(map(str, follow_ups)) or "none"
            raise ResponseError(
                f"Case {case.id!r} has an adjudication of {said.visit}, which is no follow-up visit ({days}): "
                "correct the date, or add the visit."
            )
        if said.visit in seen:
            raise ResponseError(
                f"Case {case.id!r} has two adjudications of the visit of {said.visit}: keep the one that holds."
            )
        seen.add(said.visit)
