"""Whether a lesion may be a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from brachyresponse.planning.record import Record
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.loading import criteria_set
from brachyresponse.response.criteria.sizes import TOLERANCE
from brachyresponse.response.criteria.wording import number, say
from brachyresponse.response.vocabulary import CriteriaName, LesionKind

ITEM_KEYS = (
    "id",
    "criteria",
    "kind",
    "longest_mm",
    "perpendicular_mm",
    "short_axis_mm",
    "slices",
    "slice_thickness_mm",
    "method",
    "truly_non_measurable",
    "treated_area",
    "expected",
    "why",
)


class Measurability(StrEnum):
    """What a lesion may be at the baseline."""

    TARGET = "target"
    NON_TARGET = "non-target"
    NOT_DISEASE = "not disease"


class ImagingMethod(StrEnum):
    """By what a lesion was measured."""

    SECTIONAL = "CT or MRI"
    CALIPER = "caliper"
    CHEST_XRAY = "chest x-ray"


@dataclass(frozen=True)
class MeasurabilityItem:
    """A lesion at the baseline; a size is None where it was not measured.

    Parameters
    ----------
    slices
        On how many it is seen; None where that is not known.
    slice_thickness_mm
        Of the series; None where that is not known.
    is_truly_non_measurable
        A cyst, a cavity, an effusion, leptomeningeal disease and their like.
    is_in_treated_area
        In an irradiated or locally treated area, without progression since.
    """

    criteria: CriteriaName
    kind: LesionKind = LesionKind.ENHANCING
    longest_mm: float | None = None
    perpendicular_mm: float | None = None
    short_axis_mm: float | None = None
    slices: int | None = None
    slice_thickness_mm: float | None = None
    method: ImagingMethod = ImagingMethod.SECTIONAL
    is_truly_non_measurable: bool = False
    is_in_treated_area: bool = False


@dataclass(frozen=True)
class MeasurabilityResult:
    """The word, and why."""

    word: Measurability
    sentence: str

    def __iter__(self) -> Iterator[str]:
        yield self.word
        yield self.sentence


def judge_measurability(item: MeasurabilityItem | Mapping[str, Any]) -> MeasurabilityResult:
    """Return whether a lesion may be a target, counts as non-target disease, or is none; and why.

    Parameters
    ----------
    item
        A lesion, or the JSON object of one with the field names of ``cases.json``.

    Raises
    ------
    InputFileError
        The JSON object has a key or a word that is not known.

    References
    ----------
    Wen et al. 2010, J Clin Oncol 28:1963; Lin et al. 2015, Lancet Oncol 16:e270; Eisenhauer et al. 2009, Eur J Cancer
    45:228.
    """
    item = item if isinstance(item, MeasurabilityItem) else _read(item)
    criteria = criteria_set(item.criteria)
    if item.is_truly_non_measurable:
        return MeasurabilityResult(Measurability.NON_TARGET, say("never_measurable"))
    if criteria.is_recist and item.kind is LesionKind.NODE:
        word, sentence = _node(item, criteria)
    else:
        lacks = list(_lacks(item, criteria))
        word = Measurability.NON_TARGET if lacks else Measurability.TARGET
        sentence = " ".join(lacks) or say("measurable")
    if word is Measurability.TARGET and item.is_in_treated_area and criteria.is_recist:
        return MeasurabilityResult(Measurability.NON_TARGET, say("treated_not_measurable"))
    return MeasurabilityResult(word, sentence)


def _node(item: MeasurabilityItem, criteria: CriteriaSet) -> tuple[Measurability, str]:
    axis_mm = item.short_axis_mm
    if axis_mm is None:
        return Measurability.NON_TARGET, say("no_short_axis")
    target_mm = criteria.number("node_target_short_axis_mm")
    pathological_mm = criteria.number("node_pathological_short_axis_mm")
    values = {"axis": number(axis_mm), "target": number(target_mm), "pathological": number(pathological_mm)}
    if axis_mm >= target_mm - TOLERANCE:
        return Measurability.TARGET, say("node_target", **values)
    if axis_mm >= pathological_mm - TOLERANCE:
        return Measurability.NON_TARGET, say("node_non_target", **values)
    return Measurability.NOT_DISEASE, say("node_normal", **values)


def _lacks(item: MeasurabilityItem, criteria: CriteriaSet) -> Iterator[str]:
    """Yield what a lesion lacks to be a target."""
    for label, size_mm, least_mm in _asked(item, criteria):
        if size_mm is None:
            yield say("diameter_missing", diameter=label, least=number(least_mm))
        elif size_mm < least_mm - TOLERANCE:
            yield say("diameter_short", diameter=label, size=number(size_mm), least=number(least_mm))
    least_slices = criteria.facts.get("measurable_min_slices")
    if least_slices and item.slices is not None and item.slices < least_slices.value:
        yield say("few_slices", slices=item.slices, least=least_slices.value)


def _asked(item: MeasurabilityItem, criteria: CriteriaSet) -> Iterator[tuple[str, float | None, float]]:
    """Yield the diameters that are asked for: name, found, at least; thick slices ask for more."""
    if criteria.is_recist:
        fact = {ImagingMethod.CHEST_XRAY: "chest_xray_mm", ImagingMethod.CALIPER: "caliper_mm"}.get(item.method)
        least_mm = criteria.number(fact) if fact else _for_slices(criteria.number("measurable_mm"), item, criteria)
        yield "longest diameter", item.longest_mm, least_mm
        return
    longest_fact, across_fact = "measurable_longest_mm", "measurable_perpendicular_mm"
    if longest_fact in criteria.facts:
        yield "longest diameter", item.longest_mm, _for_slices(criteria.number(longest_fact), item, criteria)
        yield "perpendicular diameter", item.perpendicular_mm, criteria.number(across_fact)
        return
    least_mm = _for_slices(criteria.number("measurable_min_mm"), item, criteria)
    yield "longest diameter", item.longest_mm, least_mm
    yield "perpendicular diameter", item.perpendicular_mm, least_mm


def _for_slices(least_mm: float, item: MeasurabilityItem, criteria: CriteriaSet) -> float:
    thickness_mm = item.slice_thickness_mm or 0.0
    is_thick = thickness_mm > criteria.number("thick_slice_mm")
    return max(least_mm, criteria.number("thick_slice_factor") * thickness_mm) if is_thick else least_mm


def _read(fields: Mapping[str, Any]) -> MeasurabilityItem:
    record = Record(f"Lesion {fields.get('id') or 'without id'}", fields)
    record.refuse_unknown(ITEM_KEYS)
    return MeasurabilityItem(
        criteria=record.choice("criteria", CriteriaName),
        kind=record.choice("kind", LesionKind, LesionKind.ENHANCING),
        longest_mm=record.optional_number("longest_mm"),
        perpendicular_mm=record.optional_number("perpendicular_mm"),
        short_axis_mm=record.optional_number("short_axis_mm"),
        slices=record.whole("slices") if record.has("slices") else None,
        slice_thickness_mm=record.optional_number("slice_thickness_mm"),
        method=record.choice("method", ImagingMethod, ImagingMethod.SECTIONAL),
        is_truly_non_measurable=record.flag("truly_non_measurable", False),
        is_in_treated_area=record.flag("treated_area", False),
    )
