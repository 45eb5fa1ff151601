"""Frames from files: views of one image's buffer, with the attributes that lie beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series.nrrd_header import FRAME_KINDS, SUFFIXES, NrrdHeader, read_nrrd_header
from brachyresponse.types import AnyArray

if TYPE_CHECKING:
    import SimpleITK as sitk

NIFTI_TIME_UNITS = {8: (1.0, "s"), 16: (1e-3, "ms"), 24: (1e-6, "us")}
"""The bits of ``xyzt_units`` that tell the unit of time."""
FRAME_LABELS = "MultiVolume.FrameLabels"
DOUBLE_SUFFIXES = (".seq.nrrd", ".nii.gz", ".seq.nhdr")


@dataclass(frozen=True, eq=False)
class FileFrames:
    """The images of one file, in its order.

    Parameters
    ----------
    frames
        T images [k, j, i]: views of one buffer, in SimpleITK's memory, that stays as long as one of them does.
    attributes
        Key/value pairs of the header.
    index_values, index_name, index_unit
        What a sequence says of each frame; empty where the file is none.
    interval_s
        Time from frame to frame that the geometry of the file tells; None where it tells none.
    interval_origin
        Where it stands, or why it is not taken.
    """

    name: str
    frames: tuple[AnyArray, ...]
    grid: Grid
    attributes: Mapping[str, str] = field(default_factory=dict)
    index_values: tuple[str, ...] = ()
    index_name: str = ""
    index_unit: str = ""
    interval_s: float | None = None
    interval_origin: str = ""


def read_frames(path: Path) -> FileFrames:
    """Return the frames of a NRRD or NIfTI file; one frame of a 3D file.

    Raises
    ------
    InputFileError
        The file is absent or damaged, or holds complex numbers, colours or vectors.
    """
    header = read_nrrd_header(path) if path.suffix.lower() in SUFFIXES and path.is_file() else None
    image = read_image(path)
    check_real(image, path, header)
    array = image_array(image)
    if image.GetDimension() == 4:
        frames, grid = tuple(array), Grid.from_image(image[:, :, :, 0])
    elif image.GetNumberOfComponentsPerPixel() > 1:
        frames, grid = tuple(np.moveaxis(array, -1, 0)), Grid.from_image(image)
    else:
        frames, grid = (array,), Grid.from_image(image)
    interval_s, origin = nifti_interval(image)
    if header is None:
        return FileFrames(series_name(path), frames, grid, interval_s=interval_s, interval_origin=origin)
    axis = header.frame_axis()
    return FileFrames(
        series_name(path),
        frames,
        grid,
        header.keys,
        header.index_values(),
        "" if axis is None else header.of_axis("labels", axis),
        "" if axis is None else header.of_axis("units", axis),
    )


def read_image(path: Path) -> sitk.Image:
    """Return the image of a file.

    Raises
    ------
    InputFileError
        The file is absent or cannot be read, or is no volume.
    """
    import SimpleITK as sitk

    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise InputFileError(f"The series {str(path)!r} {found}: give the path of a NRRD or NIfTI file.")
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputFileError(
            f"The series {str(path)!r} cannot be read as NRRD or NIfTI: the file is damaged or of another format."
        ) from error
    if image.GetDimension() not in (3, 4):
        raise InputFileError(f"{path.name!r} has {image.GetDimension()} dimensions, expected 3 or 4: give volumes.")
    return image


def check_real(image: sitk.Image, path: Path, header: NrrdHeader | None) -> None:
    """Refuse an image whose voxels are not one number a frame.

    Raises
    ------
    InputFileError
        They are complex numbers, colours or vectors.
    """
    if "complex" in image.GetPixelIDTypeAsString():
        raise InputFileError(f"{path.name!r} holds complex numbers, expected the magnitude: give the magnitude images.")
    count = image.GetNumberOfComponentsPerPixel()
    if count > 1 and not (header is not None and image.GetDimension() == 3 and _is_axis_of_frames(header)):
        raise InputFileError(
            f"{path.name!r} holds {count} values a voxel ({_kind_of_components(header) or 'a vector'}), as a colour "
            "image does, expected one number a voxel and frame: give the images as they were scanned."
        )


def _is_axis_of_frames(header: NrrdHeader) -> bool:
    """Whether the axis beside those of space holds frames.

    Slicer writes a multi-volume of three frames as colours, but labels its frames.
    """
    return FRAME_LABELS in header.keys or _kind_of_components(header).lower() in FRAME_KINDS


def _kind_of_components(header: NrrdHeader | None) -> str:
    """Return the kind of the axis beside those of space; empty where there is none."""
    axis = None if header is None else header.frame_axis()
    return "" if header is None or axis is None else header.of_axis("kinds", axis) or "none"


class _Buffer:
    """Lends an image's memory to NumPy and keeps the image alive as long as an array, or a view of one, lasts."""

    def __init__(self, image: sitk.Image) -> None:
        import SimpleITK as sitk

        self.image = image
        self.__array_interface__ = sitk.GetArrayViewFromImage(image).__array_interface__


def image_array(image: sitk.Image) -> AnyArray:
    """Return the values of an image, ([t,] k, j, i [, component]), read-only and without a copy."""
    return np.asarray(_Buffer(image))


def series_name(path: Path) -> str:
    """Return a file's name without its endings."""
    lowered = path.name.lower()
    for suffix in DOUBLE_SUFFIXES:
        if lowered.endswith(suffix):
            return path.name[: -len(suffix)]
    return path.stem


def nifti_interval(image: sitk.Image) -> tuple[float | None, str]:
    """Return the time from frame to frame of a NIfTI header, and where it stands; None where it has no unit."""
    if image.GetDimension() != 4 or not image.HasMetaDataKey("pixdim[4]") or not image.HasMetaDataKey("xyzt_units"):
        return None, ""
    seconds, written = NIFTI_TIME_UNITS.get(int(image.GetMetaData("xyzt_units")) & 0b111000, (None, ""))
    step = float(image.GetMetaData("pixdim[4]"))
    if seconds is None or step <= 0:
        return None, "NIfTI pixdim[4] has no unit"
    if step * seconds == 1:
        return None, "NIfTI pixdim[4] is 1 s, which programs also write where it is not known"
    return step * seconds, f"NIfTI pixdim[4], {written}"


def same_grid(files: Sequence[FileFrames]) -> Grid:
    """Return the grid that all files share.

    Raises
    ------
    InputFileError
        One has another matrix size or lies elsewhere.
    """
    first = files[0]
    for other in files[1:]:
        if other.grid.shape_kji != first.grid.shape_kji:
            raise InputFileError(
                f"{other.name!r} has {other.grid.describe()}, {first.name!r} {first.grid.describe()}: all frames must "
                "have one matrix size."
            )
        if other.grid != first.grid:
            raise InputFileError(
                f"{other.name!r} lies elsewhere than {first.name!r}: all frames must have one geometry; resample them."
            )
    return first.grid
