"""An ADC map from a file, with the unit that the file or the side-car beside it states; and into one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.geometry import Grid, Volume

if TYPE_CHECKING:
    import SimpleITK as sitk

KEYS = ("Units", "units", "unit")
"""Of a BIDS side-car or the header of an NRRD file."""


def read_adc(path: str | Path, *, unit: str = "") -> Volume:
    """Return the ADC map of a NIfTI or NRRD file; DICOM is read by :func:`brachyresponse.dicom.read_adc_series`.

    Parameters
    ----------
    unit
        Goes before what the files say. Without any the volume has no unit, and measuring asks for it.

    Raises
    ------
    InputFileError
        The file cannot be read, or is no 3D image.
    """
    import SimpleITK as sitk

    path = Path(path)
    try:
        image = sitk.ReadImage(str(path), sitk.sitkFloat32)
    except RuntimeError as error:
        raise InputFileError(f"{path.name} cannot be read as an image: give the ADC map as NIfTI or NRRD.") from error
    if image.GetDimension() != 3:
        raise InputFileError(f"{path.name} has {image.GetDimension()} dimensions, expected 3: give one ADC map.")
    found = unit or _of_side_car(path) or _of_header(image)
    return Volume(path.name.split(".")[0], sitk.GetArrayFromImage(image), Grid.from_image(image), found)


def write_adc(adc: Volume, path: str | Path) -> Path:
    """Write an ADC map as NRRD, its unit in the header; return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    import SimpleITK as sitk

    path = Path(path)
    image = adc.grid.to_image(np.asarray(adc.values, np.float32))
    image.SetMetaData("units", adc.unit)
    try:
        sitk.WriteImage(image, str(path), useCompression=True)
    except RuntimeError as error:
        raise InputFileError(f"{path.name} cannot be written: free the disk or choose another folder.") from error
    return path


def _of_side_car(path: Path) -> str:
    beside = path.with_name(f"{path.name.split('.')[0]}.json")
    if not beside.is_file():
        return ""
    try:
        fields = json.loads(beside.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputFileError(f"{beside.name} cannot be read: {reason_of(error)}.") from error
    if not isinstance(fields, dict):
        return ""
    return next((str(fields[key]) for key in KEYS if fields.get(key)), "")


def _of_header(image: sitk.Image) -> str:
    return next((image.GetMetaData(key) for key in KEYS if image.HasMetaDataKey(key)), "")
