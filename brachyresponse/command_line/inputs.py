"""Images and label images of the command line: NRRD (Slicer's segmentations too) and NIfTI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import InputFileError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.types import AnyArray

if TYPE_CHECKING:
    import SimpleITK as sitk

MOST_LABELS = 255
CT_AIR_HU = -500.0
"""An image with values below this is taken as a CT in Hounsfield units."""
TAKEN_AS_CT = "The image was taken as a CT in Hounsfield units; it is only looked at, the dose does not depend on it."
TAKEN_AS_OTHER = "The image was not taken as a CT (no value below -500); it is only looked at."


@dataclass(frozen=True)
class Labels:
    """The structures of a label image, by name, in the file's order, what was assumed, and which segments are empty."""

    structures: Mapping[str, Structure]
    notes: tuple[str, ...]
    empty: tuple[str, ...] = ()

    def refuse_empty(self, names: Iterable[str]) -> None:
        """Raise StructureError when one of the names is that of an empty segment."""
        for name in names:
            if name in self.empty:
                raise StructureError(f"Structure {name!r} is empty: draw it, or choose another one.")


def read_volume(path: Path) -> tuple[Volume, tuple[str, ...]]:
    """Return an image with what was assumed of it.

    Raises
    ------
    InputFileError
        The file cannot be read, or is not one 3D volume of numbers.
    """
    image = _read_image(path, "image")
    if image.GetNumberOfComponentsPerPixel() != 1:
        raise InputFileError(
            f"The image {path.name!r} holds {image.GetNumberOfComponentsPerPixel()} values a voxel, expected 1: "
            "give one volume, not a series or a colour image."
        )
    values = _array(image)
    notes = _coordinate_notes(image, path)
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        notes += (f"The image {path.name!r} holds NaN or infinite values, shown as 0.",)
    is_ct = values.min() < CT_AIR_HU
    notes += (TAKEN_AS_CT if is_ct else TAKEN_AS_OTHER,)
    return Volume(path.name, values, Grid.from_image(image), "HU" if is_ct else ""), notes


def read_labels(path: Path, names: Mapping[int, str], *, may_lack: bool = False) -> Labels:
    """Return the structures of a label image.

    Parameters
    ----------
    path
        NRRD or NIfTI; of a Slicer segmentation (``.seg.nrrd``) the segments' names and layers are used.
    names
        Names given by the user for label values; they go before those in the file.
    may_lack
        Whether named values may be absent: they are in another image of the patient.

    Raises
    ------
    InputFileError
        The file cannot be read, is not a 3D label image, or a named value does not occur in it.
    StructureError
        Two structures have the same name.
    """
    image = _read_image(path, "label image")
    array = _array(image)
    layers = array if array.ndim == 4 else array[..., np.newaxis]
    _check_labels(path, layers)
    notes = list(_coordinate_notes(image, path))
    segments = _segments(image)
    known = {value: name for value, name in names.items() if not may_lack or (layers == value).any()}
    _rename(segments, known, layers, path)
    unnamed = sorted({int(v) for v in np.unique(layers)} - {0} - {s.value for s in segments})
    if unnamed:
        segments += [_Segment(f"label {value}", value, 0) for value in unnamed]
        notes.append(
            f"{path.name!r} has no name for the values {', '.join(map(str, unnamed))}; "
            "they are called 'label N' (name them with --label)."
        )
    _check_names(segments)
    masks = {segment.name: layers[..., segment.layer] == segment.value for segment in segments}
    empty = tuple(name for name, mask in masks.items() if not mask.any())
    notes += [f"Segment {name!r} is empty and was left out." for name in empty]
    grid = Grid.from_image(image)
    structures = {name: Structure(name, mask, grid) for name, mask in masks.items() if name not in empty}
    return Labels(structures, tuple(notes), empty)


def write_labels(layers: Sequence[Sequence[Structure]], path: Path) -> None:
    """Write structures of one grid with their names, as Slicer and :func:`read_labels` read them (``.seg.nrrd``).

    Structures of a layer must not overlap; a voxel belongs to a structure that fills half of it.
    """
    import SimpleITK as sitk

    grid = layers[0][0].grid
    array = np.zeros((*grid.shape_kji, len(layers)), np.uint8)
    image_of_grid = grid.to_image(array[..., 0])
    entries = {
        "Segmentation_MasterRepresentation": "Binary labelmap",
        "Segmentation_ReferenceImageExtentOffset": "0 0 0",
    }
    extent = " ".join(f"0 {n - 1}" for n in grid.size_ijk)
    numbered = ((layer, value, s) for layer, group in enumerate(layers) for value, s in enumerate(group, start=1))
    for number, (layer, value, structure) in enumerate(numbered):
        array[..., layer][structure.mask] = value
        fields = {"ID": structure.name, "Name": structure.name, "LabelValue": value, "Layer": layer, "Extent": extent}
        entries |= {f"Segment{number}_{field}": str(entry) for field, entry in fields.items()}
    image = sitk.GetImageFromArray(array, isVector=True)
    image.CopyInformation(image_of_grid)
    for key, entry in entries.items():
        image.SetMetaData(key, entry)
    sitk.WriteImage(image, str(path), useCompression=True)


def check_same_space(image: Path, labels: Path) -> None:
    """Refuse an image and labels of which only one says where it lies in the patient.

    Raises
    ------
    InputFileError
        One file has patient coordinates and the other has none.
    """
    known = {path.name: _has_coordinates(_read_header(path)) for path in (image, labels)}
    if len(set(known.values())) > 1:
        without = next(name for name, has in known.items() if not has)
        raise InputFileError(
            f"{without!r} has no patient coordinates (no space or orientation in its header) but its partner has: "
            "the two cannot be laid over each other; export it again with its geometry."
        )


def check_target_inside(target: Structure, image: Volume) -> None:
    """Refuse a target that leaves the image.

    Raises
    ------
    StructureError
        Any part of the target lies outside the image's grid.
    """
    points = target.grid.to_ras(np.argwhere(target.mask)[:, ::-1]) if target.mask.any() else target.centre_mm[None]
    inside = float(image.grid.contains(points).mean())
    if inside < 1:
        raise StructureError(
            f"{1 - inside:.0%} of the target {target.name!r} lies outside the image {image.name!r}: "
            "the labels belong to another image or frame of reference, or the image is cut off; "
            "give the image on which the target was drawn."
        )


@dataclass(frozen=True)
class _Segment:
    name: str
    value: int
    layer: int


def _read_image(path: Path, what: str) -> sitk.Image:
    import SimpleITK as sitk

    if not path.is_file():
        raise InputFileError(f"The {what} {str(path)!r} does not exist: give the path of a NRRD or NIfTI file.")
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputFileError(
            f"The {what} {str(path)!r} cannot be read as NRRD or NIfTI: the file is damaged or of another format."
        ) from error
    if "complex" in image.GetPixelIDTypeAsString():
        raise InputFileError(f"The {what} {path.name!r} holds complex numbers: give the magnitude.")
    if image.GetDimension() == 4 and image.GetSize()[3] == 1:
        image = image[:, :, :, 0]
    if image.GetDimension() != 3 or min(image.GetSize()) < 2:
        size = " x ".join(str(n) for n in image.GetSize())
        raise InputFileError(f"The {what} {path.name!r} is {size} voxels, not a 3D volume: give one volume.")
    return image


def _read_header(path: Path) -> sitk.ImageFileReader:
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    return reader


def _array(image: sitk.Image) -> AnyArray:
    import SimpleITK as sitk

    array: AnyArray = sitk.GetArrayFromImage(image)
    return array


def _has_coordinates(header: sitk.Image | sitk.ImageFileReader) -> bool:
    """Tell whether a NRRD file names its space, or a NIfTI file has a qform or sform code."""
    keys = set(header.GetMetaDataKeys())
    if "qform_code" in keys or "sform_code" in keys:
        return any(header.GetMetaData(k).strip() not in ("", "0") for k in ("qform_code", "sform_code") if k in keys)
    return "NRRD_space" in keys


def _coordinate_notes(image: sitk.Image, path: Path) -> tuple[str, ...]:
    if _has_coordinates(image):
        return ()
    return (
        f"{path.name!r} does not say how its axes lie in the patient; they were taken as left, posterior, superior.",
    )


def _check_labels(path: Path, layers: AnyArray) -> None:
    values = np.unique(layers)
    if len(values) > MOST_LABELS + 1 or not np.array_equal(values, np.round(values)) or values[0] < 0:
        raise InputFileError(
            f"{path.name!r} is not a label image: it holds {len(values)} different values from {values[0]:g} to "
            f"{values[-1]:g}, expected whole numbers from 0; give the segmentation, not the image."
        )


def _segments(image: sitk.Image) -> list[_Segment]:
    """Return the segments that Slicer wrote into the header, in order."""
    keys = set(image.GetMetaDataKeys())
    numbers = sorted(int(m[1]) for key in keys if (m := re.fullmatch(r"Segment(\d+)_LabelValue", key)))

    def entry(number: int, field: str, default: str) -> str:
        key = f"Segment{number}_{field}"
        return str(image.GetMetaData(key)).strip() if key in keys else default

    return [
        _Segment(entry(n, "Name", f"label {n}"), int(entry(n, "LabelValue", "1")), int(entry(n, "Layer", "0")))
        for n in numbers
    ]


def _rename(segments: list[_Segment], names: Mapping[int, str], layers: AnyArray, path: Path) -> None:
    """Give segments the user's names, in place."""
    for value, name in names.items():
        if not (layers == value).any():
            found = ", ".join(str(int(v)) for v in np.unique(layers) if v) or "none"
            raise InputFileError(
                f"--label {value}={name}: {path.name!r} has no voxel of value {value} (values in it: {found})."
            )
        segments[:] = [s for s in segments if s.value != value] + [_Segment(name, value, 0)]


def _check_names(segments: Sequence[_Segment]) -> None:
    names = [segment.name for segment in segments]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StructureError(
            f"Two labels are called {twice!r}: names must differ; rename one, or give names with --label."
        )
