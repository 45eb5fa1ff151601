"""Where the lesions of a visit lie against what was irradiated."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np
import slicer

from brachyresponse.errors import BrachyResponseError, ResponseError
from brachyresponse.geometry import Structure
from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.planning.record import Record
from brachyresponse.response.field import (
    Course,
    FailureSite,
    FieldPlacement,
    IrradiatedField,
    irradiated_field,
    place_lesion,
    site_of_failure,
)
from brachyresponse.response.study import SiteEntry
from brachyresponse.response.study.request_json import plain
from brachyresponse.response.treatment import TreatmentKind
from brachyresponse.response.vocabulary import FieldPosition, LesionState
from brachyresponse.scene.contents import drawn_contents, image_contents
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_doses import course_on, courses_on, dose_motion, dose_of
from brachyresponse.scene.response_growing import visit_segmentation
from brachyresponse.scene.response_identity import is_new_at
from brachyresponse.scene.response_lesions import LesionEntry, find_entry, put_entry, segment_of
from brachyresponse.scene.response_measuring import need_structure
from brachyresponse.scene.response_parts import VisitPart, need_assessment, need_visit_part
from brachyresponse.scene.response_registration import registration_of
from brachyresponse.scene.response_treatments import read_record
from brachyresponse.scene.response_visits import IMAGE
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.stale import input_signature
from brachyresponse.scene.volumes import read_grid

FIELD_COLOUR = (0.95, 0.75, 0.25)
FIELD_NAME = "Irradiated field"
DIGITS = 6
NOT_PLACED = FieldPosition.NOT_APPLICABLE
SITE_FIELDS = tuple(each.name for each in fields(SiteEntry) if each.name not in ("visit", "lesion"))


def field_on(visit_node: slicer.vtkMRMLScriptedModuleNode) -> IrradiatedField:
    """Return what was irradiated, on the scan of a visit; nothing is written.

    Raises
    ------
    SceneError, ResponseError, GeometryError
        The visit has no image, no course has a dose, or a dose or the visit is not registered.
    """
    grid = read_grid(need_visit_part(visit_node, VisitPart.VOLUME, IMAGE), IMAGE)
    courses, without = courses_on(visit_node)
    return irradiated_field(courses, grid, without_dose=without)


def place_in_field(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> FieldPlacement:
    """Tell whether a lesion lies in the irradiated volume, and keep it with the lesion.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The lesion has no segment, or as :func:`field_on`; then nothing is changed.
    """
    entry = find_entry(visit_node, lesion_id)
    placed = place_lesion(_outline(visit_node, entry), field_on(visit_node))
    put_entry(visit_node, with_placement(entry, placed, placing_signature(visit_node, entry)))
    return placed


def find_site(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> FailureSite:
    """Tell where a lesion lies against the dose of the implant, with the dose it had, and keep it with the lesion.

    The implant is the last one that has a dose; without one, the last course that has.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        The lesion has no segment, there is no dose, or the dose or the visit is not registered.
    """
    entry = find_entry(visit_node, lesion_id)
    found = site_now(visit_node, entry)
    put_entry(visit_node, with_site(entry, found, placing_signature(visit_node, entry)))
    return found


def placed_anew(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> LesionEntry:
    """Return a lesion with its place by the doses as they are now, where it had one; nothing is written.

    One whose segment was deleted stays where it was placed.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        It can no longer be placed.
    """
    chosen = segment_of(visit_node, entry)
    if not (entry.field_said or entry.site) or (chosen is not None and not chosen.exists):
        return entry
    signature = placing_signature(visit_node, entry)
    if signature == entry.placed_with:
        return entry
    if entry.field_said:
        entry = with_placement(entry, place_lesion(_outline(visit_node, entry), field_on(visit_node)), signature)
    return with_site(entry, site_now(visit_node, entry), signature) if entry.site else entry


def placed_first(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> tuple[LesionEntry, str]:
    """Return a new lesion with its place by the doses on record, or the sentence that says why it has none.

    One that was placed, also by the reader, or that the baseline had, is returned as it is, with nothing to say; so is
    one of a patient who was not irradiated.
    """
    is_placed = entry.field_said or entry.is_field_of_reader or entry.field_position is not NOT_PLACED
    is_asked = is_new_at(visit_node, entry.part_of or entry.id) and entry.state is LesionState.MEASURED
    if is_placed or not is_asked or not read_record(need_assessment(visit_node)).courses:
        return entry, ""
    try:
        placed = place_lesion(_outline(visit_node, entry), field_on(visit_node))
        return with_placement(entry, placed, placing_signature(visit_node, entry)), ""
    except BrachyResponseError as error:
        return entry, f"New lesion {entry.id!r} was not placed against the irradiated volume: {error}"


def placing_signature(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> str:
    """Return a text that is another one when something changes by which a lesion is placed."""
    owner, chosen = need_assessment(visit_node), segment_of(visit_node, entry)
    contents = "" if chosen is None or not chosen.exists else drawn_contents(chosen.node, chosen.segment_id)
    doses: list[object] = []
    for treatment in read_record(owner).courses:
        node = dose_of(owner, treatment)
        if node is not None:
            motion = np.round(dose_motion(owner, node).matrix, DIGITS)
            doses.append((treatment.describe(), treatment.radiation.prescription_gy, image_contents(node), motion))
    return input_signature(contents, np.round(registration_of(visit_node).matrix, DIGITS), doses)


def with_placement(entry: LesionEntry, placed: FieldPlacement, signature: str) -> LesionEntry:
    """Return a lesion with its place by the doses, instead of one that the reader gave it."""
    return replace(
        entry,
        field_position=placed.position,
        field_said=placed.sentence,
        is_field_of_reader=False,
        placed_with=signature,
    )


def with_site(entry: LesionEntry, found: FailureSite, signature: str) -> LesionEntry:
    """Return a lesion with its site of failure."""
    kept: dict[str, Any] = plain(SiteEntry.of(date.min, entry.id, found))
    return replace(entry, site={name: kept[name] for name in SITE_FIELDS}, placed_with=signature)


def site_entry(entry: LesionEntry, visit: date, lesion: str) -> SiteEntry:
    """Return the site of failure of a lesion as a row of a study."""
    return read_fields(SiteEntry, Record("Site", {**entry.site, "visit": visit.isoformat(), "lesion": lesion}))


def show_field(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[slicer.vtkMRMLSegmentationNode, str]:
    """Write what was irradiated as a segment of the visit, to be looked at; returns its segmentation and segment ID.

    Raises
    ------
    SceneError, ResponseError, GeometryError
        As :func:`field_on`; then nothing is written.
    """
    field = field_on(visit_node)
    with batch(visit_node.GetScene()):
        node = visit_segmentation(visit_node)
        return node, write_structure(field.structure, node, FIELD_NAME, FIELD_COLOUR)


def _outline(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> Structure:
    """The outline of a lesion under its name, for the sentences."""
    return replace(need_structure(visit_node, entry), name=entry.id)


def site_now(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> FailureSite:
    """Return where a lesion lies against the dose of the implant as it is now; nothing is written.

    Raises
    ------
    SceneError, ResponseError, StructureError, GeometryError
        As :func:`find_site`.
    """
    course = _implant_on(visit_node)
    to_dose = np.linalg.inv(course.to_scan)
    return site_of_failure(_outline(visit_node, entry), course.dose, course.prescription_gy, to_dose)


def _implant_on(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Course:
    owner = need_assessment(visit_node)
    record = read_record(owner)
    for treatment in (*reversed(record.of_kind(TreatmentKind.IMPLANT)), *reversed(record.courses)):
        dose_node = dose_of(owner, treatment)
        if dose_node is not None:
            return course_on(visit_node, treatment, dose_node)
    raise ResponseError(
        f"No course of assessment {owner.GetName()!r} has a dose: choose the volume of the implant's dose."
    )
