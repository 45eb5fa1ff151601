"""A lesion at a visit: its sizes and its state must make sense."""

from __future__ import annotations

from math import isfinite, pi

from brachyresponse.errors import ResponseError
from brachyresponse.response.case.case import CaseLesion, CaseVisit, LesionPart
from brachyresponse.response.case.keys import SIZES
from brachyresponse.response.case.sizes import SizeKind, needed_sizes, size_of
from brachyresponse.response.vocabulary import LesionState

LONGEST_POSSIBLE_MM = 500.0
MOST_BEYOND_SPHERE = 30.0
"""A lesion taken as a sphere of its longest diameter in one slice, elongated across the slices at most so often."""
LEAST_THICKNESS_MM = 0.1
MM3_PER_ML = 1000.0
ROUNDING_MM = 0.051
"""Diameters are given to 0.1 mm: a short axis may round above the longest diameter."""
Sized = CaseLesion | LesionPart
SIZELESS = (LesionState.ABSENT, LesionState.MERGED)


def check_lesion(lesion: CaseLesion, visit: CaseVisit, kind: SizeKind, where: str) -> None:
    """Refuse a lesion whose sizes or state make no sense.

    Raises
    ------
    ResponseError
        A size is not above zero, contradicts another or is missing, or the state contradicts the sizes.
    """
    sized: tuple[Sized, ...] = (lesion, *lesion.parts)
    for one in sized:
        _check_sizes(one, where)
        _check_shape(one, where)
        _check_units(one, where)
    _check_state(lesion, where)
    if lesion.state is LesionState.MERGED:
        _check_merge(lesion, visit, where)
    if lesion.is_target:
        _check_needed(lesion, kind, where)


def _check_sizes(sized: Sized, where: str) -> None:
    for name in SIZES:
        value = getattr(sized, name)
        if value is not None and not (isfinite(value) and value > 0):
            raise ResponseError(
                f"{where}: {name} is {value:g}, expected a number above 0: correct it, or state the lesion as absent."
            )
        if value is not None and name != "volume_ml" and value > LONGEST_POSSIBLE_MM:
            raise ResponseError(
                f"{where}: {name} is {value:g} mm, expected at most {LONGEST_POSSIBLE_MM:g} mm: give millimetres."
            )


def _check_shape(sized: Sized, where: str) -> None:
    across_mm = sized.short_axis_mm
    if across_mm is not None and sized.longest_mm is not None and across_mm > sized.longest_mm + ROUNDING_MM:
        raise ResponseError(
            f"{where}: short_axis_mm is {across_mm:g} mm and longest_mm {sized.longest_mm:g} mm, expected no more than "
            "the longest: exchange or correct them."
        )


def _check_units(sized: Sized, where: str) -> None:
    """Diameters in cm or a volume in mm3 do not fit together."""
    longest_mm, volume_ml = sized.longest_mm, sized.volume_ml
    if longest_mm is None or volume_ml is None:
        return
    largest_ml = MOST_BEYOND_SPHERE * pi / 6 * longest_mm**3 / MM3_PER_ML
    across_mm = sized.perpendicular_mm or sized.short_axis_mm or 0.0
    least_ml = pi / 6 * longest_mm * across_mm * LEAST_THICKNESS_MM / MM3_PER_ML
    if not least_ml <= volume_ml <= largest_ml:
        raise ResponseError(
            f"{where}: a longest diameter of {longest_mm:g} mm and a volume of {volume_ml:g} mL cannot be one "
            f"lesion (a sphere has {pi / 6 * longest_mm**3 / MM3_PER_ML:.3g} mL), expected mm and mL: look whether "
            "one of them is in cm or mm3."
        )


def _check_state(lesion: CaseLesion, where: str) -> None:
    given = next((name for name in SIZES if getattr(lesion, name) is not None), None)
    if lesion.state in SIZELESS and given is not None:
        raise ResponseError(
            f"{where}: state is {lesion.state}, but {given} is given, expected no size: remove it or the state."
        )
    if (lesion.state is LesionState.SPLIT) != bool(lesion.parts):
        raise ResponseError(
            f"{where}: state is {lesion.state} with {len(lesion.parts)} parts, expected parts with state 'split' and "
            "only there: correct one of them."
        )
    if lesion.merged_into is not None and lesion.state is not LesionState.MERGED:
        raise ResponseError(
            f"{where}: merged_into is {lesion.merged_into!r}, but state is {lesion.state}, expected 'merged': correct "
            "one of them."
        )


def _check_merge(lesion: CaseLesion, visit: CaseVisit, where: str) -> None:
    carriers = {
        other.id: other
        for other in visit.lesions
        if other.role is lesion.role and other.id != lesion.id and other.state not in SIZELESS
    }
    if lesion.merged_into not in carriers:
        raise ResponseError(
            f"{where}: merged_into is {lesion.merged_into!r}, expected a lesion of this visit that carries the size "
            f"of the whole ({', '.join(carriers) or 'there is none'}): name it, and give the whole's size there."
        )


def _check_needed(lesion: CaseLesion, kind: SizeKind, where: str) -> None:
    names = needed_sizes(kind, lesion)
    if lesion.state not in (LesionState.MEASURED, LesionState.SPLIT):
        return
    sized: tuple[Sized, ...] = lesion.parts or (lesion,)
    for one in sized:
        if size_of(one, names) is None:
            missing = next(name for name in names if getattr(one, name) is None)
            raise ResponseError(
                f"{where}: {missing} is missing, expected {' and '.join(names)} of a measured lesion: measure it, or "
                "state it as not_evaluable."
            )
