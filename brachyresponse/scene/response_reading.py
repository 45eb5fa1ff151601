"""A visit of the scene as the library's study takes it: its lesions with their measurements as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.measurement import Holes, LesionMeasurement, MeasurementOrigin
from brachyresponse.response.study import LesionFinding, MeasuredVisit
from brachyresponse.response.vocabulary import ClinicalStatus, LesionState, NonTargetStatus, SteroidTrend, T2Flair
from brachyresponse.scene.response_fields import VisitField, visit_json
from brachyresponse.scene.response_lesions import KeptSize, LesionEntry, lesion_label, read_entries
from brachyresponse.scene.response_measuring import (
    current_size,
    is_outdated,
    line_ends,
    measure_entry,
    size_of_measurement,
)
from brachyresponse.scene.response_placing import placed_anew, placed_first
from brachyresponse.scene.response_registration import frame_of
from brachyresponse.scene.response_visit_values import visit_word
from brachyresponse.scene.response_visits import day_of_visit, role_of


@dataclass(frozen=True, eq=False)
class LesionNow:
    """A lesion of a visit as it is now.

    Parameters
    ----------
    entry
        As it is to be kept: where its segment was redrawn since it was measured, or a dose or registration changed
        since it was placed, with what is found now.
    kept
        As it is kept in the scene.
    measured
        The new measurement, or None where the one that is kept still holds.
    contents
        What the segment holds, of a new measurement.
    note
        What is to be said of it.
    """

    entry: LesionEntry
    kept: LesionEntry
    measured: LesionMeasurement | None = None
    contents: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The lesion's name in the case."""
        return self.entry.part_of or self.entry.id


@dataclass(frozen=True, eq=False)
class VisitNow:
    """A visit with its lesions as they are now."""

    node: slicer.vtkMRMLScriptedModuleNode
    lesions: tuple[LesionNow, ...]
    measurements: dict[str, LesionMeasurement] = field(default_factory=dict)
    """By the names that the lesions have at the visit."""


def visit_now(visit_node: slicer.vtkMRMLScriptedModuleNode) -> VisitNow:
    """Return a visit with its lesions as they are now; nothing is written.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        A line was deleted, or a lesion whose segment was redrawn cannot be measured or placed anew.
    """
    lesions = tuple(_lesion_now(visit_node, entry) for entry in read_entries(visit_node))
    measured = {
        each.entry.id: measurement_of(visit_node, each) for each in lesions if each.entry.state is LesionState.MEASURED
    }
    return VisitNow(visit_node, lesions, {name: found for name, found in measured.items() if found is not None})


def measured_visit(now: VisitNow) -> MeasuredVisit:
    """Return a visit as a case is made of it.

    Raises
    ------
    ResponseError
        A lesion that is said to be measured has no size, or one contradicts itself.
    """
    trend, non_target = (visit_word(now.node, name) for name in ("steroidTrend", "nonTarget"))
    by_name: dict[str, list[LesionNow]] = {}
    for each in now.lesions:
        by_name.setdefault(each.name, []).append(each)
    return MeasuredVisit(
        date=day_of_visit(now.node),
        role=role_of(now.node),
        lesions={name: _finding(now, parts) for name, parts in by_name.items()},
        non_target=NonTargetStatus(non_target) if non_target else None,
        t2_flair=T2Flair(visit_word(now.node, "t2Flair") or T2Flair.NOT_ASSESSED),
        steroid_dose_mg=visit_json(now.node, VisitField.STEROID_DOSE),
        steroid_trend=SteroidTrend(trend) if trend else None,
        clinical_status=ClinicalStatus(visit_word(now.node, "clinicalStatus") or ClinicalStatus.NOT_ASSESSED),
        has_histology_of_tumour=bool(visit_word(now.node, "histology")),
    )


def measurement_of(visit_node: slicer.vtkMRMLScriptedModuleNode, now: LesionNow) -> LesionMeasurement | None:
    """Return the measurement of a lesion, with the ends of its diameters where they are drawn; None without a size.

    Where only the short axis or the volume was entered, its diameters are the least that fit to it; they tell whether
    it can be measured, and the case does not take them over (:func:`least_longest_mm`).
    """
    entry, size = now.entry, current_size(visit_node, now.entry)
    longest_mm = least_longest_mm(entry if size is entry.size else replace(entry, size=size))
    if longest_mm is None:
        return None
    if now.measured is not None:
        ends = now.measured.longest_ras_mm, now.measured.perpendicular_ras_mm
    else:
        ends = line_ends(visit_node, entry) if size.has_lines else (None, None)
    return LesionMeasurement(
        longest_mm=longest_mm,
        perpendicular_mm=size.perpendicular_mm or size.short_axis_mm or _across_mm(size),
        volume_ml=size.volume_ml,
        slice=None if size.is_manual else size.slice,
        slices=size.slices,
        slice_thickness_mm=size.slice_thickness_mm,
        plane=entry.plane if size.has_lines else "",
        longest_ras_mm=ends[0],
        perpendicular_ras_mm=ends[1],
        warnings=size.said,
        origin=MeasurementOrigin.MANUAL if size.is_manual else MeasurementOrigin.AUTOMATIC,
        holes=Holes(entry.holes) if entry.segment_id else None,
    )


def least_longest_mm(entry: LesionEntry) -> float | None:
    """Return the longest diameter, or the least that a short axis or a volume leaves possible; None without a size."""
    size = entry.size
    if size.longest_mm is not None:
        return size.longest_mm
    if size.short_axis_mm is not None:
        return size.short_axis_mm
    return None if size.volume_ml is None else _ball_mm(size.volume_ml)


def _across_mm(size: KeptSize) -> float | None:
    """The second diameter of a lesion of which only the volume is known: that of a ball."""
    return _ball_mm(size.volume_ml) if size.longest_mm is None and size.volume_ml is not None else None


def _ball_mm(volume_ml: float) -> float:
    return float(np.cbrt(6000 * volume_ml / np.pi))


def _lesion_now(visit_node: slicer.vtkMRMLScriptedModuleNode, kept: LesionEntry) -> LesionNow:
    entry, measured, contents = kept, None, ""
    is_automatic = kept.size.has_lines and not current_size(visit_node, kept).is_manual
    if is_automatic and is_outdated(visit_node, kept):
        measured, contents = measure_entry(visit_node, kept)
        entry = replace(kept, size=size_of_measurement(measured, contents))
    entry, note = placed_first(visit_node, placed_anew(visit_node, entry))
    return LesionNow(entry, kept, measured, contents, note)


def _finding(now: VisitNow, parts: Iterable[LesionNow]) -> LesionFinding:
    first, *others = parts
    entry, frame = first.entry, frame_of(now.node)
    if len({each.entry.part_of for each in (first, *others)}) > 1:
        raise ResponseError(
            f"{lesion_label(now.node, first.name)} is there as a whole and in parts: remove the one, or the others."
        )
    if entry.part_of:
        sizes = tuple(now.measurements[each.entry.id] for each in (first, *others) if each.entry.id in now.measurements)
        return LesionFinding(state=LesionState.SPLIT, parts=sizes, kind=entry.kind, organ=entry.organ, role=entry.role)
    return LesionFinding(
        measurement=now.measurements.get(entry.id),
        state=entry.state,
        merged_into=entry.merged_into or None,
        kind=entry.kind,
        organ=entry.organ,
        role=entry.role,
        field=entry.field_position,
        certainty=entry.certainty,
        frame_of_reference_uid=frame,
    )
