"""Whether a picture is ambiguous, so that advanced imaging is called for."""

from __future__ import annotations

from brachyresponse.response.vocabulary import Category, FieldPosition


def ambiguity(category: Category | None, position: FieldPosition | None = None, *, is_growing: bool = False) -> str:
    """Return why a picture is ambiguous, a sentence; empty where it is not.

    Parameters
    ----------
    category
        Of the visit: possible pseudoprogression is ambiguous by itself.
    position, is_growing
        Where the lesion lies against the irradiated field, and whether it is new or grew: growth inside, or partly
        inside, may be necrosis.
    """
    if category is Category.PRELIMINARY_PD:
        return "The growth is preliminary (possible pseudoprogression)."
    if is_growing and position in (FieldPosition.INSIDE, FieldPosition.STRADDLES):
        return "A lesion grows in the irradiated field: recurrence or necrosis."
    return ""
