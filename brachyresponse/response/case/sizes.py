"""What of a lesion is summed."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.response.case.case import CaseLesion, LesionPart, ResponseCase
from brachyresponse.response.vocabulary import CriteriaName, LesionKind, Measure


class SizeKind(StrEnum):
    """The size of disease by a set of criteria."""

    PRODUCT = "product"
    """Longest diameter x longest perpendicular diameter, mm2."""
    VOLUME = "volume"
    """mL."""
    LONGEST = "longest"
    """Longest diameter, mm."""
    AXIS = "axis"
    """Longest diameter, of a node the short axis, mm."""


SIZE_OF_CRITERIA = {
    CriteriaName.RANO_2010: SizeKind.PRODUCT,
    CriteriaName.RANO_GLIASITE: SizeKind.PRODUCT,
    CriteriaName.RANO_2_0: SizeKind.PRODUCT,
    CriteriaName.RANO_BM: SizeKind.LONGEST,
    CriteriaName.RECIST_1_1: SizeKind.AXIS,
}
NEEDED = {
    SizeKind.PRODUCT: ("longest_mm", "perpendicular_mm"),
    SizeKind.VOLUME: ("volume_ml",),
    SizeKind.LONGEST: ("longest_mm",),
}
UNITS = {SizeKind.PRODUCT: "mm2", SizeKind.VOLUME: "mL", SizeKind.LONGEST: "mm", SizeKind.AXIS: "mm"}


def size_kind(case: ResponseCase) -> SizeKind:
    """Return what is summed in a case."""
    return SizeKind.VOLUME if case.options.measure is Measure.THREE_D else SIZE_OF_CRITERIA[case.criteria]


def needed_sizes(kind: SizeKind, lesion: CaseLesion) -> tuple[str, ...]:
    """Return the names of the sizes that a lesion needs to be summed."""
    if kind is SizeKind.AXIS:
        return ("short_axis_mm",) if lesion.kind is LesionKind.NODE else ("longest_mm",)
    return NEEDED[kind]


def size_of(sized: CaseLesion | LesionPart, names: tuple[str, ...]) -> float | None:
    """Return the product of the named sizes; None where one is not known."""
    size = 1.0
    for name in names:
        value = getattr(sized, name)
        if value is None:
            return None
        size *= value
    return size
