"""Plans made elsewhere: DICOM RT Plan, Structure Set and Dose as a plan of the scene with its image and structures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import slicer

from brachyresponse.dicom import CtSeries, DicomPlan, DicomStudy, Roi, RtDose, RtStructures, SeriesFiles, read_study
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Structure
from brachyresponse.planning import ImplantPlan
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene.dicom_structures import chosen_segments, drawn_rois, write_rois
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.hierarchy import place, place_dose
from brachyresponse.scene.nodes import add_node, batch, nodes_of_class
from brachyresponse.scene.plan_choices import PlanChoices, write_plan_choices
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, plan_folder, set_plan_part
from brachyresponse.scene.plan_setup import as_day, set_source, start_plan
from brachyresponse.scene.plan_structures import write_plan_segments
from brachyresponse.scene.plans import write_plan_node
from brachyresponse.scene.volumes import write_image

INSTANCE_UIDS = "DICOM.instanceUIDs"
CT = "CT"


@dataclass(frozen=True)
class DicomAnswers:
    """What an RT Plan may leave open, as the user says it; empty values leave it to the file.

    Without an implant date the day for which the strengths are certified is taken, and the plan's notes say so.
    """

    name: str = ""
    implant_date: date | str | None = None
    source: str = ""
    prescription_gy: float | None = None
    target: str = ""


@dataclass(frozen=True, eq=False)
class ReadPlan:
    """All that was read of a plan, before anything is written into the scene."""

    plan: ImplantPlan
    image: CtSeries | None
    rois: tuple[tuple[Roi, Structure], ...]
    doses: tuple[RtDose, ...] = field(default=())


def import_dicom_plan(
    scene: slicer.vtkMRMLScene,
    paths: str | Path | Sequence[str | Path],
    answers: DicomAnswers = DicomAnswers(),
    report: Report = ignore_progress,
) -> slicer.vtkMRMLScriptedModuleNode:
    """Read a plan from a folder or files and return its node, with image, structures and dose where they are there.

    A CT that is already in the scene, loaded by Slicer, is used and not loaded again.

    Raises
    ------
    InputFileError, ImageError, PlanError, SourceError, StructureError
        There is not one plan of a permanent implant, the files do not belong together or are damaged, or the plan
        leaves something open; then nothing is added to the scene.
    """
    read = read_dicom_plan(paths, answers, report)
    with batch(scene):
        return _write(scene, read)


def files_in_database(series_uids: Sequence[str]) -> list[str]:
    """Return the files of series in Slicer's DICOM database.

    Raises
    ------
    InputFileError
        There is no database, or a series is not in it.
    """
    database = getattr(slicer, "dicomDatabase", None)
    if database is None or not database.isOpen:
        raise InputFileError("Slicer's DICOM database is not open: open the DICOM module once, or give a folder.")
    files: list[str] = []
    for series_uid in series_uids:
        found = list(database.filesForSeries(series_uid))
        if not found:
            raise InputFileError(f"Series {series_uid!r} is not in Slicer's DICOM database: import its files first.")
        files += found
    if not files:
        raise InputFileError("No DICOM series is chosen: choose those of plan, structures and image.")
    return files


def read_dicom_plan(
    paths: str | Path | Sequence[str | Path], answers: DicomAnswers, report: Report = ignore_progress
) -> ReadPlan:
    """Read a plan with what belongs to it; nothing is written.

    Raises
    ------
    InputFileError, ImageError, PlanError, SourceError, StructureError
        As :func:`import_dicom_plan`.
    """
    study = read_study(paths)
    chosen = _only_plan(study)
    structures = study.structures_of(chosen)
    series = _planning_series(study, chosen, structures)
    image = series.read(report) if series is not None else None
    grid = image.volume.grid if image is not None else None
    plan = _implant_plan(chosen, study, answers)
    rois, left_out = drawn_rois(structures, grid, plan.target)
    said = (*(image.warnings if image is not None else ()), *left_out)
    return ReadPlan(
        plan=replace(plan, notes=" ".join(filter(None, (plan.notes, *said)))),
        image=image,
        rois=rois,
        doses=tuple(dose for dose in study.doses if not dose.plan_uids or chosen.instance_uid in dose.plan_uids),
    )


def _only_plan(study: DicomStudy) -> DicomPlan:
    if len(study.plans) == 1:
        return study.plans[0]
    if not study.plans:
        raise InputFileError("There is no RT Plan among the DICOM files: give the folder that holds it.")
    labels = ", ".join(repr(plan.label) for plan in study.plans)
    raise InputFileError(f"There are {len(study.plans)} RT Plans among the DICOM files ({labels}): give those of one.")


def _planning_series(study: DicomStudy, plan: DicomPlan, structures: RtStructures | None) -> SeriesFiles | None:
    """The CT on which the plan was made: the one its structures were drawn on, else the only one in its frame."""
    in_frame = [series for series in study.series_in(plan.frame_of_reference_uid) if series.modality == CT]
    drawn_on = [one for one in in_frame if structures is not None and one.series_uid in structures.series_uids]
    candidates = drawn_on or in_frame
    return candidates[0] if len(candidates) == 1 else None


def _implant_plan(plan: DicomPlan, study: DicomStudy, answers: DicomAnswers) -> ImplantPlan:
    """The plan as ours; warnings of the study, and the day that was assumed, go into its notes."""
    days, assumed = plan.reference_dates, ""
    day = as_day("implant date", answers.implant_date) if answers.implant_date else None
    if day is None and len(days) == 1:
        day = days[0]
        assumed = f"The implant date {day} was assumed: it is the day for which the strengths are certified."
    made = plan.to_implant_plan(
        implant_date=day, source=answers.source, prescription_gy=answers.prescription_gy, target=answers.target
    )
    notes = " ".join(filter(None, (made.notes, assumed, *study.warnings)))
    return _renamed(made, answers.name, notes)


def _renamed(plan: ImplantPlan, name: str, notes: str) -> ImplantPlan:
    return replace(plan, name=name or plan.name, notes=notes)


def _write(scene: slicer.vtkMRMLScene, read: ReadPlan) -> slicer.vtkMRMLScriptedModuleNode:
    plan_node = start_plan(scene, read.plan.name)
    plan = replace(read.plan, name=plan_node.GetName())
    write_plan_node(plan, plan_node)
    strengths = np.unique(np.round(plan.seeds.air_kerma_strength_u, 9))
    write_plan_choices(plan_node, PlanChoices(float(strengths[0])))
    set_source(plan_node, plan.source, plan.surrogate_for)
    volume_node = _write_image(scene, read.image) if read.image is not None else None
    if read.image is not None:
        set_plan_part(plan_node, PlanRole.PLANNING_VOLUME, volume_node)
        set_plan_field(plan_node, PlanField.PLANNING_IMAGE_DATE, read.image.date)
    if read.rois:
        _write_structures(plan_node, read, volume_node)
    for dose in read.doses:
        name = f"{plan_node.GetName()} dose (imported)"
        node = write_dose(dose.volume.values, dose.volume.grid, scene, name, prescription_gy=plan.prescription_gy)
        node.SetDescription(" ".join(filter(None, (dose.comment, *dose.warnings))))
        place_dose(node, plan_folder(plan_node))
    return plan_node


def _write_structures(
    plan_node: slicer.vtkMRMLScriptedModuleNode, read: ReadPlan, volume_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    node = add_node(plan_node.GetScene(), "vtkMRMLSegmentationNode", f"{plan_node.GetName()} structures")
    node.CreateDefaultDisplayNodes()
    if volume_node is not None:
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
    ids = write_rois(read.rois, node)
    place(node, plan_folder(plan_node))
    set_plan_part(plan_node, PlanRole.SEGMENTATION, node)
    write_plan_segments(plan_node, chosen_segments([roi for roi, _ in read.rois], ids, read.plan.target))


def _write_image(scene: slicer.vtkMRMLScene, image: CtSeries) -> slicer.vtkMRMLScalarVolumeNode:
    """The volume of a series: the one that Slicer has loaded already, else a new one."""
    wanted = set(image.instance_uids)
    for node in nodes_of_class(scene, "vtkMRMLScalarVolumeNode"):
        if wanted and set((node.GetAttribute(INSTANCE_UIDS) or "").split()) == wanted:
            return node
    node = add_node(scene, "vtkMRMLScalarVolumeNode", image.volume.name or image.description or "Planning CT")
    write_image(image.volume.values, image.volume.grid, node)
    node.SetAttribute(INSTANCE_UIDS, " ".join(image.instance_uids))
    node.CreateDefaultDisplayNodes()
    return node
