"""A CT series: its slices checked, ordered and made one volume in Hounsfield units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.files import Paths, read_attributes, read_headers
from brachyresponse.dicom.pixels import stored_values
from brachyresponse.dicom.slices import Plane, stack_slices
from brachyresponse.errors import ImageError, InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, ignore_progress

DAYS = ("AcquisitionDate", "ContentDate", "SeriesDate", "StudyDate")
GAP_SHARE = 1.5
"""Distance of slices, in slice thicknesses, from which the image is said to have gaps."""
LOCALIZER = "LOCALIZER"
MODALITY = "CT"
INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, eq=False)
class CtSeries:
    """A CT as one volume, and what its files say of it.

    Parameters
    ----------
    volume
        Hounsfield units, [k, j, i], int16 where they are whole numbers, else float32; slices ascend along the normal.
    date
        Day of the acquisition (of the series where that is not said); None when no date is in the files.
    instance_uids
        SOP instances of the slices, in the order of the volume.
    warnings
        What a person should know, one sentence each.
    """

    volume: Volume
    patient_id: str
    frame_of_reference_uid: str
    study_uid: str
    series_uid: str
    description: str
    date: date | None
    instance_uids: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SeriesFiles:
    """The slices of one image series, not yet read.

    Parameters
    ----------
    headers
        The dataset of each slice without its pixels.
    """

    series_uid: str
    description: str
    modality: str
    paths: tuple[Path, ...]
    headers: tuple[Attributes, ...]

    @property
    def patient_id(self) -> str:
        """Patient of the first slice."""
        return self.headers[0].text("PatientID", "")

    @property
    def frame_of_reference_uid(self) -> str:
        """Frame of reference of the first slice; empty where it has none."""
        return self.headers[0].text("FrameOfReferenceUID", "")

    @property
    def day(self) -> date | None:
        """Day of the first slice's acquisition."""
        return _day_of(self.headers[0])

    @property
    def label(self) -> str:
        """Description, number of slices and UID, for messages."""
        described = f"{self.description!r}" if self.description else "without description"
        return f"{described} ({self.modality or 'no modality'}, {len(self.paths)} images, series UID {self.series_uid})"

    def read(self, report: Report = ignore_progress) -> CtSeries:
        """Return the volume; errors as :func:`read_ct_series`."""
        return _read(self, report)


def read_ct_series(paths: Paths, *, series_uid: str = "", report: Report = ignore_progress) -> CtSeries:
    """Return the CT in a folder or in a list of files, in Hounsfield units.

    Slices are put in order by their position, whatever the files are called. Scout images (localizers) are left out.

    Parameters
    ----------
    paths
        A folder (with its subfolders), or the files.
    series_uid
        Which series to read where there are several.

    Raises
    ------
    InputFileError
        A file cannot be read or is not DICOM, there is no image, or there are several series and none is chosen.
    ImageError
        The series is not a CT, has no rescale to Hounsfield units, or its slices make no volume: missing or doubled
        slices, uneven steps, gantry tilt, different size, spacing, orientation or frame of reference.
    """
    return choose_series(find_series(paths), series_uid).read(report)


def find_series(paths: Paths) -> tuple[SeriesFiles, ...]:
    """Return the image series in a folder or in a list of files, in the order of their UIDs, scout images left out.

    Raises
    ------
    InputFileError
        A file cannot be read or is not DICOM.
    """
    return group_series(read_headers(paths))


def group_series(headers: Sequence[tuple[Path, Attributes]]) -> tuple[SeriesFiles, ...]:
    """Return the image series among files that were read, in the order of their UIDs, scout images left out."""
    groups: dict[str, list[tuple[Path, Attributes]]] = {}
    for path, header in headers:
        if header.has("Rows") and header.text("Modality", "") != "RTDOSE" and not _is_localizer(header):
            groups.setdefault(header.text("SeriesInstanceUID"), []).append((path, header))
    return tuple(_series(uid, groups[uid]) for uid in sorted(groups))


def _series(uid: str, slices: list[tuple[Path, Attributes]]) -> SeriesFiles:
    paths, headers = zip(*slices, strict=True)
    description = headers[0].text("SeriesDescription", "")
    return SeriesFiles(uid, description, headers[0].text("Modality", ""), tuple(paths), tuple(headers))


def _is_localizer(header: Attributes) -> bool:
    return LOCALIZER in header.texts("ImageType")


def choose_series(series: tuple[SeriesFiles, ...], series_uid: str) -> SeriesFiles:
    """Return the series with a UID, or the only CT series; of other series the only one, whose reading says why not.

    Raises
    ------
    InputFileError
        There is none, none with that UID, or there are several and no UID.
    """
    if not series:
        raise InputFileError("The DICOM files hold no image series: give the folder of the CT.")
    listed = "; ".join(one.label for one in series)
    if series_uid:
        chosen = next((one for one in series if one.series_uid == series_uid), None)
        if chosen is None:
            raise InputFileError(f"There is no series with the UID {series_uid!r}, found: {listed}.")
        return chosen
    candidates = [one for one in series if one.modality == MODALITY] or series
    if len(candidates) > 1:
        raise InputFileError(f"The DICOM files hold {len(candidates)} series, choose one by its UID: {listed}.")
    return candidates[0]


def _read(series: SeriesFiles, report: Report) -> CtSeries:
    name = f"The CT series {series.description!r}" if series.description else "The CT series"
    _check_ct(name, series)
    slope, intercept = _rescale(name, series.headers)
    patient_id = _only(name, series.headers, "PatientID")
    frame_uid = _only(name, series.headers, "FrameOfReferenceUID")
    stack = stack_slices(name, [Plane.of(header) for header in series.headers])
    hu = np.empty(stack.grid.shape_kji, _dtype(series.headers, slope, intercept))
    for k, place in enumerate(stack.order):
        report(k / len(stack.order), f"CT: slice {k + 1} of {len(stack.order)}")
        stored = stored_values(read_attributes(series.paths[place]), series.paths[place])
        hu[k] = stored.astype(np.float32) * slope + intercept
    report(1.0, "CT read")
    headers = [series.headers[int(place)] for place in stack.order]
    return CtSeries(
        volume=Volume(series.description or "CT", hu, stack.grid, "HU"),
        patient_id=patient_id,
        frame_of_reference_uid=frame_uid,
        study_uid=headers[0].text("StudyInstanceUID", ""),
        series_uid=series.series_uid,
        description=series.description,
        date=series.day,
        instance_uids=tuple(header.text("SOPInstanceUID", "") for header in headers),
        warnings=tuple(_warnings(headers, patient_id, frame_uid, stack.grid.spacing_ijk_mm[2])),
    )


def _check_ct(name: str, series: SeriesFiles) -> None:
    for header in series.headers:
        modality = header.text("Modality", "")
        if modality != MODALITY:
            raise ImageError(
                f"{name}: {header.where} is of modality {modality or 'not said'}, expected CT: give the CT series; "
                "seeds are looked for in Hounsfield units."
            )
        frames, samples = header.optional_number("NumberOfFrames"), header.optional_number("SamplesPerPixel")
        if (frames or 1) > 1 or (samples or 1) > 1:
            raise ImageError(
                f"{name}: {header.where} holds {frames or 1:.0f} frames of {samples or 1:.0f} values, expected one "
                "slice of one value a pixel: export it as classic CT images, one file a slice."
            )


def _rescale(name: str, headers: Sequence[Attributes]) -> tuple[float, float]:
    """Slope and intercept from stored values to Hounsfield units, the same for all slices."""
    found = set()
    for header in headers:
        if not (header.has("RescaleSlope") and header.has("RescaleIntercept")):
            raise ImageError(
                f"{name}: {header.where} has no Rescale Slope and Intercept, so that its stored values cannot be "
                "turned into Hounsfield units: export the series again with them."
            )
        kind = header.text("RescaleType", "HU")
        if kind not in ("HU", "US"):  # US: not specified, which for a CT means Hounsfield units
            raise ImageError(f"{name}: {header.where} is rescaled to {kind!r}, expected HU: give the CT in HU.")
        found.add((header.number("RescaleSlope"), header.number("RescaleIntercept")))
    if len(found) > 1:
        pairs = " and ".join(f"{slope:g} x + {intercept:g}" for slope, intercept in sorted(found)[:2])
        raise ImageError(f"{name} has slices with different rescales ({pairs}): give one series only.")
    slope, intercept = found.pop()
    if slope == 0:
        raise ImageError(f"{name} has a Rescale Slope of 0: export the series again.")
    return slope, intercept


def _only(name: str, headers: Sequence[Attributes], keyword: str) -> str:
    """The value of an attribute that all slices share, empty where they have none."""
    found = sorted({header.text(keyword, "") for header in headers})
    if len(found) > 1:
        raise ImageError(f"{name} has slices with {keyword} {found[0]!r} and {found[1]!r}: give one series only.")
    return found[0]


def _dtype(headers: Sequence[Attributes], slope: float, intercept: float) -> type[np.generic]:
    """The smallest kind of number that holds the Hounsfield units: int16, or float32 where they are fractions."""
    if not (float(slope).is_integer() and float(intercept).is_integer()):
        return np.float32
    header = headers[0]
    bits, is_signed = header.whole("BitsStored"), header.whole("PixelRepresentation")
    lowest, highest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    ends = sorted((lowest * slope + intercept, highest * slope + intercept))
    return np.int16 if INT16.min <= ends[0] and ends[1] <= INT16.max else np.float32


def _warnings(headers: Sequence[Attributes], patient_id: str, frame_uid: str, step_mm: float) -> list[str]:
    warnings = []
    if not patient_id:
        warnings.append("The CT names no patient: it cannot be checked that plan and CT belong together.")
    if not frame_uid:
        warnings.append("The CT has no frame of reference: it cannot be checked that contours belong to it.")
    days = sorted({day for header in headers if (day := _day_of(header)) is not None})
    if not days:
        warnings.append("The CT has no date: give the day of the scan.")
    if len(days) > 1:
        warnings.append(f"The slices were taken from {days[0]} to {days[-1]}: check that they are one scan.")
    thickness = headers[0].optional_number("SliceThickness")
    if thickness and step_mm > GAP_SHARE * thickness:
        warnings.append(
            f"The slices are {thickness:g} mm thick and {step_mm:.3g} mm apart: what lies between was not imaged, "
            "or every second slice is missing."
        )
    said = headers[0].optional_number("ImagesInAcquisition")
    if said and said > len(headers):
        warnings.append(f"The series says that it has {said:.0f} images, found {len(headers)}: an end may be missing.")
    return warnings


def _day_of(header: Attributes) -> date | None:
    return next((day for keyword in DAYS if (day := header.day(keyword)) is not None), None)
