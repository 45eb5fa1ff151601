"""DICOM files on disk: finding them, reading one, and asking what it is."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.errors import InputFileError

Paths = str | Path | Iterable[str | Path]
"""A folder, one file, or several files."""

DIRECTORY = "1.2.840.10008.1.3.10"
"""A DICOMDIR: it lists files, and holds nothing itself."""
PREAMBLE = 128


def read_attributes(path: str | Path, *, pixels: bool = True) -> Attributes:
    """Return the dataset of a DICOM file, with or without its pixel data.

    Raises
    ------
    InputFileError
        The file does not exist, is not DICOM, or is damaged.
    """
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    path = Path(path)
    if not path.is_file():
        raise InputFileError(f"The DICOM file {path.name!r} does not exist: give the path of a file.")
    try:
        return Attributes(path.name, dcmread(path, stop_before_pixels=not pixels))
    except InvalidDicomError as error:
        raise InputFileError(f"{path.name!r} is not a DICOM file: give a file exported as DICOM.") from error
    except (OSError, EOFError, ValueError, KeyError, struct.error, NotImplementedError) as error:
        raise InputFileError(f"The DICOM file {path.name!r} is damaged ({error}): export it again.") from error


def read_as(path: str | Path, modality: str, what: str) -> Attributes:
    """Return the dataset of a file that must be of one modality; ``what`` is how people call it.

    Raises
    ------
    InputFileError
        The file cannot be read, or is of another modality.
    """
    attributes = read_attributes(path)
    found = attributes.text("Modality", "")
    if found != modality:
        raise InputFileError(
            f"{attributes.where!r} holds {found or 'no modality'}, expected {modality}: give the {what}."
        )
    return attributes


def dicom_files(paths: Paths) -> list[Path]:
    """Return the DICOM files in a folder and its subfolders, sorted, or the files given.

    In a folder, files of other kinds and DICOMDIR are passed over; a file that is named must be DICOM.

    Raises
    ------
    InputFileError
        The folder does not exist or has no DICOM file, or there is no path at all.
    """
    if isinstance(paths, (str, Path)):
        folder = Path(paths)
        if folder.is_dir():
            return _files_in(folder)
        paths = [folder]
    files = [Path(path) for path in paths]
    if not files:
        raise InputFileError("No DICOM files were given: give a folder or the paths of its files.")
    missing = next((file for file in files if not file.is_file()), None)
    if missing is not None:
        raise InputFileError(f"{str(missing)!r} does not exist: give a folder or the paths of its files.")
    return sorted(files)


def read_headers(paths: Paths) -> list[tuple[Path, Attributes]]:
    """Return the datasets of files without their pixels, those of directories left out; errors as the two above."""
    read = ((path, read_attributes(path, pixels=False)) for path in dicom_files(paths))
    return [(path, attributes) for path, attributes in read if attributes.text("SOPClassUID", "") != DIRECTORY]


def _files_in(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_dicom(path)]
    if not found:
        raise InputFileError(f"The folder {str(folder)!r} holds no DICOM file: give the folder of an export.")
    return found


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as stream:
        return path.name.upper() != "DICOMDIR" and stream.read(PREAMBLE + 4)[PREAMBLE:] == b"DICM"
