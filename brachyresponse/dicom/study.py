"""What a folder of DICOM files holds for one patient, and whether it belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from brachyresponse.dicom import ct_series, rt_dose, rt_plan, rt_structures
from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.ct_series import CtSeries, SeriesFiles
from brachyresponse.dicom.files import Paths, read_attributes, read_headers
from brachyresponse.dicom.rt_dose import RtDose
from brachyresponse.dicom.rt_plan import DicomPlan
from brachyresponse.dicom.rt_structures import RtStructures
from brachyresponse.errors import InputFileError
from brachyresponse.progress import Report, ignore_progress


@dataclass(frozen=True, eq=False)
class DicomStudy:
    """The image series and RT objects of one patient.

    Parameters
    ----------
    series
        Image series, not yet read.
    warnings
        What does not belong together, or could not be checked, and the warnings of the objects themselves.
    """

    patient_id: str
    series: tuple[SeriesFiles, ...]
    plans: tuple[DicomPlan, ...]
    structure_sets: tuple[RtStructures, ...]
    doses: tuple[RtDose, ...]
    warnings: tuple[str, ...] = ()

    def series_in(self, frame_of_reference_uid: str) -> tuple[SeriesFiles, ...]:
        """Return the image series in a frame of reference: those on which an object with that frame was made."""
        return tuple(one for one in self.series if one.frame_of_reference_uid == frame_of_reference_uid)

    def read_ct(self, series_uid: str = "", *, report: Report = ignore_progress) -> CtSeries:
        """Return the CT series with a UID, or the only one; errors as :func:`brachyresponse.dicom.read_ct_series`."""
        return ct_series.choose_series(self.series, series_uid).read(report)

    def structures_of(self, plan: DicomPlan) -> RtStructures | None:
        """Return the structure set on which a plan was made; None where it is not here."""
        return next((one for one in self.structure_sets if one.instance_uid == plan.structure_set_uid), None)


def read_study(paths: Paths) -> DicomStudy:
    """Return what a folder (with its subfolders) or a list of files holds: image series, plans, structures, doses.

    RT objects are read, images only listed. Objects without a frame of reference of their own take that of the
    structure set they refer to, and a plan's target is named from there.

    Raises
    ------
    InputFileError
        A file cannot be read, the files are of several patients, or an RT object lies in a frame of reference that
        none of the images has.
    """
    headers = read_headers(paths)
    patient_id = _only_patient(headers)
    sets = tuple(rt_structures.structures_of(one) for _, one in _of(headers, rt_structures.MODALITY))
    plans = tuple(_completed(rt_plan.plan_of(one), sets) for _, one in _of(headers, rt_plan.MODALITY))
    doses = tuple(rt_dose.dose_of(read_attributes(path), path) for path, _ in _of(headers, rt_dose.MODALITY))
    study = DicomStudy(patient_id, ct_series.group_series(headers), plans, sets, doses)
    _check_frames(study)
    return replace(study, warnings=(*_missing_references(study), *_unknown_frames(study), *_own_warnings(study)))


def _of(headers: Iterable[tuple[Path, Attributes]], modality: str) -> Iterator[tuple[Path, Attributes]]:
    return ((path, one) for path, one in headers if one.text("Modality", "") == modality)


def _only_patient(headers: Iterable[tuple[Path, Attributes]]) -> str:
    found = sorted({one.text("PatientID", "") for _, one in headers})
    if len(found) > 1:
        listed = ", ".join(repr(patient) for patient in found)
        raise InputFileError(f"The DICOM files are of {len(found)} patients ({listed}): give the files of one.")
    return found[0] if found else ""


def _completed(plan: DicomPlan, sets: Iterable[RtStructures]) -> DicomPlan:
    """The plan with its frame of reference and its target's name taken from its structure set."""
    own = next((one for one in sets if one.instance_uid == plan.structure_set_uid), None)
    if own is None:
        return plan
    names = {roi.number: roi.name for roi in own.rois}
    return replace(
        plan,
        frame_of_reference_uid=plan.frame_of_reference_uid or own.frame_of_reference_uid,
        target=names.get(plan.target_roi_number or 0, plan.target),
    )


def _check_frames(study: DicomStudy) -> None:
    frames = {one.frame_of_reference_uid for one in study.series} - {""}
    if not frames:
        return
    for what, label, frame in _objects(study):
        if frame and frame not in frames:
            raise InputFileError(
                f"The {what} {label!r} lies in the frame of reference {frame!r}, the images in "
                f"{', '.join(repr(one) for one in sorted(frames))}: give the images on which it was made."
            )


def _objects(study: DicomStudy) -> Iterator[tuple[str, str, str]]:
    """Kind, label and frame of reference of every RT object."""
    yield from (("RT Plan", one.label, one.frame_of_reference_uid) for one in study.plans)
    yield from (("RT Structure Set", one.label, one.frame_of_reference_uid) for one in study.structure_sets)
    yield from (("RT Dose", one.volume.name, one.frame_of_reference_uid) for one in study.doses)


def _missing_references(study: DicomStudy) -> Iterator[str]:
    """Sentences on objects that refer to others that are not among the files."""
    sets = {one.instance_uid for one in study.structure_sets}
    plans = {one.instance_uid for one in study.plans}
    series = {one.series_uid for one in study.series}
    referred = [
        *(("RT Plan", one.label, "a structure set", {one.structure_set_uid} - {""}, sets) for one in study.plans),
        *(("RT Dose", one.volume.name, "an RT Plan", set(one.plan_uids), plans) for one in study.doses),
        *(("RT Structure Set", one.label, "a series", set(one.series_uids), series) for one in study.structure_sets),
    ]
    for what, label, needed, wanted, found in referred:
        if wanted and not wanted & found:
            yield f"The {what} {label!r} refers to {needed} that is not among the files."


def _unknown_frames(study: DicomStudy) -> Iterator[str]:
    for what, label, frame in _objects(study):
        if not frame:
            yield f"The {what} {label!r} has no frame of reference: that it fits the images is not known."


def _own_warnings(study: DicomStudy) -> Iterator[str]:
    for objects in (study.plans, study.structure_sets, study.doses):
        for one in objects:
            yield from one.warnings
