"""An image of the command line with what is known of it: a file, or a folder of DICOM slices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from brachyresponse.command_line.inputs import TAKEN_AS_CT, TAKEN_AS_OTHER, read_volume
from brachyresponse.dicom import CtSeries, read_ct_series
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, ignore_progress

Notes = tuple[str, ...]
DICOM_SUFFIX = ".dcm"


@dataclass(frozen=True, eq=False)
class PatientImage:
    """A volume, whose it is and of which day, and what was assumed; what is not known is empty or None."""

    path: Path
    volume: Volume
    notes: Notes = ()
    patient_id: str = ""
    frame_of_reference_uid: str = ""
    day: date | None = None

    @property
    def geometry_notes(self) -> Notes:
        """What was assumed, but for a verification, which does not only look at its images."""
        return tuple(note for note in self.notes if note not in (TAKEN_AS_CT, TAKEN_AS_OTHER))

    @property
    def description(self) -> str:
        """Name, size and spacing, for a report."""
        return f"{self.volume.name}, {self.volume.grid.describe()}"

    def identified(self, patient_id: str, frame_of_reference_uid: str, day: date | None) -> PatientImage:
        """Return the image with what the user says of it.

        Raises
        ------
        InputFileError
            The user says otherwise than the files.
        """
        self._check("patient", self.patient_id, patient_id)
        self._check("frame of reference", self.frame_of_reference_uid, frame_of_reference_uid)
        self._check("date", self.day.isoformat() if self.day else "", day.isoformat() if day else "")
        return replace(
            self,
            patient_id=self.patient_id or patient_id,
            frame_of_reference_uid=self.frame_of_reference_uid or frame_of_reference_uid,
            day=self.day or day,
        )

    def _check(self, what: str, found: str, said: str) -> None:
        if found and said and found != said:
            raise InputFileError(
                f"The image {self.path.name!r} is of {what} {found!r}, but {said!r} was given: give the right image, "
                "or leave the option out."
            )


def is_dicom(path: Path) -> bool:
    """Tell whether a path is to be read as DICOM: a folder, or a ``.dcm`` file."""
    return path.is_dir() or path.suffix.lower() == DICOM_SUFFIX


def read_image(path: Path, report: Report = ignore_progress) -> PatientImage:
    """Return an image: NRRD, NIfTI, or a folder with one DICOM CT series.

    Raises
    ------
    InputFileError
        The file cannot be read, is no 3D volume, or the folder does not hold one series.
    ImageError
        The DICOM slices make no volume in HU; the message names the gap, the tilt or what is missing.
    """
    if not is_dicom(path):
        volume, notes = read_volume(path)
        return PatientImage(path, volume, notes)
    return of_series(path, read_ct_series(path, report=report))


def of_series(path: Path, series: CtSeries) -> PatientImage:
    """Return the image of a CT series that was read from a folder."""
    frame = series.frame_of_reference_uid
    return PatientImage(path, series.volume, series.warnings, series.patient_id, frame, series.date)
