"""An RT Dose: a dose grid in Gy, and what it is the dose of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.files import read_as
from brachyresponse.dicom.pixels import stored_values
from brachyresponse.dicom.slices import SAME_DIRECTION, Plane, check_even_steps
from brachyresponse.errors import ImageError, InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.types import FloatArray

MODALITY = "RTDOSE"
UNIT = "GY"
KIND = "PHYSICAL"
WHOLE_PLAN = ("PLAN", "MULTI_PLAN", "RECORD")
SAME_PLACE_MM = 0.01


@dataclass(frozen=True, eq=False)
class RtDose:
    """A dose grid of another planning system.

    Parameters
    ----------
    volume
        Gy, [k, j, i], float32; slices ascend along their normal.
    summation
        What the dose is summed over, as the file says: ``PLAN``, ``BRACHY`` (one application setup) ...
    plan_uids
        SOP instances of the plans it was computed for.
    comment
        The file's own words: whether the dose is to complete decay is said nowhere else.
    """

    volume: Volume
    patient_id: str
    frame_of_reference_uid: str
    instance_uid: str
    summation: str
    plan_uids: tuple[str, ...]
    comment: str
    warnings: tuple[str, ...] = ()


def read_rt_dose(path: str | Path) -> RtDose:
    """Return the dose of an RT Dose file, in Gy and turned from LPS to RAS.

    Raises
    ------
    InputFileError
        The file cannot be read or is no RT Dose, or the dose is not physical dose in Gy.
    ImageError
        The pixels cannot be decoded, or the frames of the grid are not evenly spaced.
    """
    return dose_of(read_as(path, MODALITY, "RT Dose"), Path(path))


def dose_of(attributes: Attributes, path: Path) -> RtDose:
    """Return the dose of a dataset; errors as :func:`read_rt_dose`."""
    scaling = _checked_scaling(attributes)
    stored = stored_values(attributes, path)
    frames = stored if stored.ndim == 3 else stored[None]
    offsets_mm = _frame_offsets(attributes, len(frames))
    order = np.argsort(offsets_mm)
    step_mm = check_even_steps(f"The dose grid of {attributes.where}", offsets_mm[order])
    plane = Plane.of(attributes)
    first = replace(plane, origin=plane.origin + offsets_mm[order[0]] * plane.normal)
    dose_gy = (frames[order] * scaling).astype(np.float32)
    summation = attributes.text("DoseSummationType", "")
    return RtDose(
        volume=Volume(
            attributes.text("SeriesDescription", "") or "Dose", dose_gy, first.grid(len(frames), step_mm), "Gy"
        ),
        patient_id=attributes.text("PatientID", ""),
        frame_of_reference_uid=attributes.text("FrameOfReferenceUID", ""),
        instance_uid=attributes.text("SOPInstanceUID", ""),
        summation=summation,
        plan_uids=attributes.referenced_uids("ReferencedRTPlanSequence"),
        comment=attributes.text("DoseComment", ""),
        warnings=_warnings(summation),
    )


def _checked_scaling(attributes: Attributes) -> float:
    """Gy of one stored unit, of a dose that is physical dose in Gy."""
    unit, kind = attributes.text("DoseUnits"), attributes.text("DoseType")
    if unit != UNIT:
        raise InputFileError(f"{attributes.where}: Dose Units is {unit!r}, expected {UNIT}: export the dose in Gy.")
    if kind != KIND:
        raise InputFileError(f"{attributes.where}: Dose Type is {kind!r}, expected {KIND}: export the physical dose.")
    scaling = attributes.number("DoseGridScaling")
    if scaling <= 0:
        raise InputFileError(f"{attributes.where}: Dose Grid Scaling is {scaling:g}, expected a positive number.")
    return scaling


def _frame_offsets(attributes: Attributes, frame_count: int) -> FloatArray:
    """Distance of each frame from Image Position (Patient) along the normal, mm, (frames,).

    The Grid Frame Offset Vector starts with 0 and counts from there, or, for a grid whose rows and columns run along
    the patient's axes, holds the frames' z and starts with that of the position (PS3.3, C.8.8.3.2).
    """
    offsets = attributes.numbers("GridFrameOffsetVector", frame_count)
    if frame_count < 2:
        raise ImageError(f"The dose grid of {attributes.where} has one slice: export the dose as a volume.")
    if offsets[0] == 0:
        return offsets
    plane = Plane.of(attributes)
    upright = abs(plane.normal[2])
    if abs(offsets[0] - plane.origin[2]) > SAME_PLACE_MM or abs(upright - 1) > SAME_DIRECTION:
        raise InputFileError(
            f"{attributes.where}: the Grid Frame Offset Vector starts with {offsets[0]:g}, expected 0 or, in an axial "
            f"grid, the position's z, {plane.origin[2]:g}: the frames cannot be placed."
        )
    z_along_normal: FloatArray = (offsets - plane.origin[2]) * np.sign(plane.normal[2])
    return z_along_normal


def _warnings(summation: str) -> tuple[str, ...]:
    if summation in WHOLE_PLAN:
        return ()
    return (f"The dose is summed over {summation or 'something not said'}, not over a whole plan.",)
