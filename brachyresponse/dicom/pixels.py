"""Stored pixel values of a file, decoded where they are compressed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.errors import ImageError
from brachyresponse.types import AnyArray


def stored_values(attributes: Attributes, path: Path) -> AnyArray:
    """Return the stored values of one file, [row, column] or [frame, row, column], before any rescale.

    What pydicom has no decoder for (compressed slices, without its optional packages) is decoded by SimpleITK.

    Raises
    ------
    ImageError
        The pixels are missing, cut off, or compressed in a way that neither can decode.
    """
    if not attributes.has("PixelData"):
        raise ImageError(f"{attributes.where} has no pixel data: export the image itself, not its header.")
    try:
        values: AnyArray = attributes.dataset.pixel_array
    except (NotImplementedError, RuntimeError, AttributeError) as error:
        if not attributes.dataset.file_meta.TransferSyntaxUID.is_compressed:
            raise _damaged(attributes, error) from error
        return _decoded_by_simpleitk(attributes, path)
    except ValueError as error:
        raise _damaged(attributes, error) from error
    return values


def _decoded_by_simpleitk(attributes: Attributes, path: Path) -> AnyArray:
    """The stored values by way of SimpleITK, which hands out what the file's rescale makes of them."""
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(str(path))
    try:
        values = sitk.GetArrayFromImage(reader.Execute())
    except RuntimeError as error:
        syntax = attributes.dataset.file_meta.TransferSyntaxUID
        raise ImageError(
            f"{attributes.where} is compressed as {syntax.name} and cannot be decoded here: export the series "
            "uncompressed (Explicit VR Little Endian)."
        ) from error
    slope = attributes.optional_number("RescaleSlope") or 1.0
    intercept = attributes.optional_number("RescaleIntercept") or 0.0
    stored: AnyArray = np.rint((values - intercept) / slope)
    return stored[0] if len(stored) == 1 else stored


def _damaged(attributes: Attributes, error: Exception) -> ImageError:
    return ImageError(f"The pixels of {attributes.where} cannot be read ({error}): the file is damaged or cut off.")
