"""A category, and what led to it."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.response.criteria.assessment import RowFinding
from brachyresponse.response.criteria.reasons import Reason
from brachyresponse.response.vocabulary import Category


@dataclass(frozen=True)
class Decision:
    """The category of a visit; the first reason decided it."""

    category: Category
    reasons: tuple[Reason, ...]
    rows: tuple[RowFinding, ...]
    conventions: tuple[str, ...] = ()
