"""DICOM files made for tests: CT series, RT Structure Sets, RT Plans and RT Doses whose truth is an array.

Written against the standard (PS3.3) with pydicom, not with the library; RAS is turned to LPS here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import ArrayLike, NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan

LPS = np.array([-1.0, -1.0, 1.0])
CT_CLASS = "1.2.840.10008.5.1.4.1.1.2"
DOSE_CLASS = "1.2.840.10008.5.1.4.1.1.481.2"
STRUCTURES_CLASS = "1.2.840.10008.5.1.4.1.1.481.3"
PLAN_CLASS = "1.2.840.10008.5.1.4.1.1.481.5"
MEAN_LIFE_S = 59.4 * 86400 / np.log(2)


@dataclass(frozen=True)
class Patient:
    """What all objects of one examination share."""

    patient_id: str = "PAT-1"
    frame_of_reference_uid: str = "1.2.3.4"
    study_uid: str = "1.2.3.1"
    day: str = "20260306"


def uid(*parts: object) -> str:
    """A UID that is the same in every run."""
    return generate_uid(entropy_srcs=[str(part) for part in parts])


def dataset(modality: str, sop_class: str, instance_uid: str, patient: Patient) -> Dataset:
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = sop_class, instance_uid, modality
    ds.PatientID, ds.PatientName = patient.patient_id, "Test^Patient"
    ds.StudyInstanceUID, ds.StudyDate = patient.study_uid, patient.day
    ds.FrameOfReferenceUID = patient.frame_of_reference_uid
    return ds


def save(ds: Dataset, path: Path, transfer_syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write a dataset as a DICOM file, with pydicom 2.4 and 3."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = transfer_syntax, "1.2.3.9"
    file = FileDataset(str(path), ds, file_meta=meta, preamble=b"\0" * 128)
    if pydicom.__version__.startswith("2."):
        file.is_little_endian, file.is_implicit_VR = True, False
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save_as(path)
    return path


# --- CT -----------------------------------------------------------------------------------------------------------


def ct_slices(
    hu: NDArray[Any], grid: Grid, patient: Patient | None = None, *, slope: float = 1.0, intercept: float = -1024.0
) -> list[Dataset]:
    """A CT [k, j, i] in HU as one dataset a slice, in the order of k."""
    patient = patient or Patient()
    series_uid = uid("ct", patient)
    matrix = np.diag([*LPS, 1.0]) @ grid.ijk_to_ras
    axes = matrix[:3, :3] / grid.spacing_ijk_mm
    slices = []
    for k in range(grid.shape_kji[0]):
        ds = dataset("CT", CT_CLASS, uid("slice", patient, k), patient)
        ds.SeriesInstanceUID, ds.SeriesDescription, ds.InstanceNumber = series_uid, "Implant CT", k + 1
        ds.AcquisitionDate, ds.ImageType = patient.day, ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.ImagePositionPatient = decimals(matrix[:3, 3] + k * matrix[:3, 2])
        ds.ImageOrientationPatient = decimals([*axes[:, 0], *axes[:, 1]])
        ds.PixelSpacing = decimals([grid.spacing_ijk_mm[1], grid.spacing_ijk_mm[0]])
        ds.SliceThickness = decimal(grid.spacing_ijk_mm[2])
        ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = decimal(slope), decimal(intercept), "HU"
        set_pixels(ds, np.rint((hu[k] - intercept) / slope).astype(np.int16))
        ds.PixelRepresentation = 1
        slices.append(ds)
    return slices


def set_pixels(ds: Dataset, stored: NDArray[Any]) -> None:
    ds.Rows, ds.Columns = stored.shape[-2:]
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated = ds.BitsStored = 8 * stored.dtype.itemsize
    ds.HighBit = ds.BitsAllocated - 1
    ds.PixelData = stored.tobytes()
    ds["PixelData"].VR = "OW"


def save_slices(slices: Iterable[Dataset], folder: Path) -> Path:
    """Write slices under names that do not follow their order in space."""
    for ds in slices:
        save(ds, folder / f"{uid('name', ds.SOPInstanceUID)[-8:]}.dcm")
    return folder


# --- RT Structure Set ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnRoi:
    """Contours (N, 3) in RAS of one region."""

    name: str
    contours_mm: Sequence[ArrayLike]
    interpreted_type: str = "GTV"
    geometric_type: str = "CLOSED_PLANAR"


def structure_set(rois: Sequence[DrawnRoi], patient: Patient | None = None, series_uid: str = "") -> Dataset:
    patient = patient or Patient()
    ds = dataset("RTSTRUCT", STRUCTURES_CLASS, uid("structures", patient), patient)
    del ds.FrameOfReferenceUID  # the regions say it, one by one
    ds.StructureSetLabel = "Structures"
    ds.StructureSetROISequence = [
        item(ROINumber=n, ROIName=roi.name, ReferencedFrameOfReferenceUID=patient.frame_of_reference_uid)
        for n, roi in enumerate(rois, start=1)
    ]
    ds.ROIContourSequence = [
        item(
            ReferencedROINumber=n,
            ContourSequence=[
                item(
                    ContourGeometricType=roi.geometric_type,
                    NumberOfContourPoints=len(np.asarray(contour)),
                    ContourData=decimals((np.asarray(contour, float) * LPS).ravel()),
                )
                for contour in roi.contours_mm
            ],
        )
        for n, roi in enumerate(rois, start=1)
    ]
    ds.RTROIObservationsSequence = [
        item(ObservationNumber=n, ReferencedROINumber=n, RTROIInterpretedType=roi.interpreted_type)
        for n, roi in enumerate(rois, start=1)
    ]
    if series_uid:
        series = item(SeriesInstanceUID=series_uid)
        study = item(RTReferencedSeriesSequence=[series])
        frame = item(FrameOfReferenceUID=patient.frame_of_reference_uid, RTReferencedStudySequence=[study])
        ds.ReferencedFrameOfReferenceSequence = [frame]
    return ds


# --- RT Plan ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanStyle:
    """The ways in which systems write one and the same implant."""

    a_channel_a_seed: bool = False
    points_a_seed: int = 2
    with_axes: bool = True
    with_needle_ends: bool = True
    setups: int = 1
    applicators: bool = True


def rt_plan(
    plan: ImplantPlan,
    style: PlanStyle | None = None,
    *,
    reference: tuple[str, str] = ("20260306", "000000"),
    model_id: str = "6711",
    uids: tuple[str, str] = ("1.2.3.5", "1.2.3.6"),
) -> Dataset:
    """A plan of ours as an RT Plan; strengths as they stand are those of the reference date.

    Parameters
    ----------
    uids
        SOP instances of the plan and of its structure set.
    """
    style = style or PlanStyle()
    patient = Patient(plan.patient_id, plan.frame_of_reference_uid)
    ds = dataset("RTPLAN", PLAN_CLASS, uids[0], patient)
    ds.RTPlanLabel, ds.RTPlanGeometry = plan.name, "PATIENT"
    ds.RTPlanDate, ds.RTPlanTime = plan.created.strftime("%Y%m%d"), plan.created.strftime("%H%M%S")
    ds.ReferencedStructureSetSequence = [item(ReferencedSOPInstanceUID=uids[1])]
    ds.BrachyTreatmentTechnique, ds.BrachyTreatmentType = "PERMANENT", "MANUAL"
    ds.DoseReferenceSequence = [
        item(
            DoseReferenceNumber=1,
            DoseReferenceStructureType="VOLUME",
            DoseReferenceDescription=plan.target,
            DoseReferenceType="TARGET",
            TargetPrescriptionDose=decimal(plan.prescription_gy),
        )
    ]
    strengths = sorted(set(plan.seeds.air_kerma_strength_u.tolist()))
    ds.SourceSequence = [
        seed_source(number, strength, reference, model_id) for number, strength in enumerate(strengths, start=1)
    ]
    channels = [
        channel(plan, held, style, strengths.index(float(plan.seeds.air_kerma_strength_u[held[0]])) + 1)
        for held in _held(plan, style)
    ]
    for number, one in enumerate(channels, start=1):
        one.ChannelNumber = number
    ds.ApplicationSetupSequence = [
        application_setup(number, channels[number - 1 :: style.setups], style, strengths)
        for number in range(1, style.setups + 1)
    ]
    return ds


def application_setup(
    number: int, channels: Sequence[Dataset], style: PlanStyle, strengths_u: Sequence[float]
) -> Dataset:
    total_u = sum(
        strengths_u[one.ReferencedSourceNumber - 1] * len(one.BrachyControlPointSequence) / style.points_a_seed
        for one in channels
    )
    return item(
        ApplicationSetupType="OTHER",
        ApplicationSetupNumber=number,
        TotalReferenceAirKerma=decimal(total_u * MEAN_LIFE_S / 3600),
        ChannelSequence=list(channels),
    )


def seed_source(number: int, strength_u: float, reference: tuple[str, str], model_id: str) -> Dataset:
    return item(
        SourceNumber=number,
        SourceType="LINE",
        SourceManufacturer="Amersham",
        SourceModelID=model_id,
        SourceIsotopeName="I-125",
        SourceIsotopeHalfLife=decimal(59.4),
        SourceStrengthUnits="AIR_KERMA_RATE",
        ReferenceAirKermaRate=decimal(strength_u),
        SourceStrengthReferenceDate=reference[0],
        SourceStrengthReferenceTime=reference[1],
    )


def channel(plan: ImplantPlan, held: Sequence[int], style: PlanStyle, source_number: int) -> Dataset:
    """One channel with the seeds at some places of a plan."""
    needle = next((one for one in plan.needles if one.number == plan.seeds.needle[held[0]]), None)
    points = []
    for place in held:
        position = plan.seeds.positions_mm[place]
        for turn in range(style.points_a_seed):
            point = item(
                ControlPointIndex=len(points),
                ControlPoint3DPosition=decimals(position * LPS),
                CumulativeTimeWeight=decimal(len(points) // 2 + turn),
            )
            if style.with_needle_ends and needle is not None:
                point.ControlPointRelativePosition = decimal(needle.length_mm - needle.depth_of(position))
            if style.with_axes:
                point.ControlPointOrientation = (plan.seeds.directions[place] * LPS).tolist()
            points.append(point)
    made = item(
        ChannelTotalTime=decimal(MEAN_LIFE_S),
        SourceMovementType="FIXED",
        NumberOfControlPoints=len(points),
        ReferencedSourceNumber=source_number,
        BrachyControlPointSequence=points,
    )
    made.ChannelLength = decimal(needle.length_mm) if style.with_needle_ends and needle is not None else None
    if style.applicators and needle is not None:
        made.SourceApplicatorNumber, made.SourceApplicatorType = needle.number, "RIGID"
        made.SourceApplicatorID = needle.hole or f"Needle {needle.number}"
    return made


def _held(plan: ImplantPlan, style: PlanStyle) -> list[list[int]]:
    """Places of the seeds in each channel, deepest first; a needle with seeds of two strengths takes two channels."""
    if style.a_channel_a_seed:
        return [[place] for place in range(plan.seeds.count)]
    groups: dict[tuple[int, float, int], list[int]] = {}
    for place, (number, strength) in enumerate(zip(plan.seeds.needle, plan.seeds.air_kerma_strength_u, strict=True)):
        alone = place if number == 0 else -1
        groups.setdefault((int(number), float(strength), alone), []).append(place)
    depth = {one.number: one.depth_of for one in plan.needles}
    return [
        sorted(group, key=lambda place, n=number: -depth[n](plan.seeds.positions_mm[place]) if n else 0)  # type: ignore[misc]
        for (number, _, _), group in groups.items()
    ]


# --- RT Dose ------------------------------------------------------------------------------------------------------


def rt_dose(
    dose_gy: NDArray[Any], grid: Grid, patient: Patient | None = None, *, scaling: float = 1e-4, plan_uid: str = ""
) -> Dataset:
    patient = patient or Patient()
    ds = dataset("RTDOSE", DOSE_CLASS, uid("dose", patient), patient)
    matrix = np.diag([*LPS, 1.0]) @ grid.ijk_to_ras
    axes = matrix[:3, :3] / grid.spacing_ijk_mm
    ds.SeriesInstanceUID, ds.SeriesDescription = uid("dose series", patient), "Dose of the plan"
    ds.ImagePositionPatient = decimals(matrix[:3, 3])
    ds.ImageOrientationPatient = decimals([*axes[:, 0], *axes[:, 1]])
    ds.PixelSpacing = decimals([grid.spacing_ijk_mm[1], grid.spacing_ijk_mm[0]])
    ds.NumberOfFrames = len(dose_gy)
    ds.GridFrameOffsetVector = decimals(np.arange(len(dose_gy)) * grid.spacing_ijk_mm[2])
    ds.DoseUnits, ds.DoseType, ds.DoseSummationType, ds.DoseGridScaling = "GY", "PHYSICAL", "PLAN", decimal(scaling)
    ds.DoseComment = "To complete decay"
    set_pixels(ds, np.rint(dose_gy / scaling).astype(np.uint32))
    if plan_uid:
        ds.ReferencedRTPlanSequence = [item(ReferencedSOPInstanceUID=plan_uid)]
    return ds


def item(**attributes: Any) -> Dataset:
    """A dataset, as an item of a sequence."""
    ds = Dataset()
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def changed(ds: Dataset, **attributes: Any) -> Dataset:
    """The same dataset with other values; None takes an attribute away."""
    for keyword, value in attributes.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def decimal(value: float) -> str:
    """A number as a Decimal String: at most 16 characters."""
    return next(text for digits in range(15, 5, -1) if len(text := f"{value:.{digits}g}") <= 16)


def decimals(values: Mapping[int, float] | ArrayLike) -> list[str]:
    return [decimal(float(value)) for value in np.asarray(values, float)]
