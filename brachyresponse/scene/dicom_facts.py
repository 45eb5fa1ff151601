"""What Slicer's DICOM database says of a volume that was loaded from it: patient, frame of reference, day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import slicer

INSTANCE_UIDS = "DICOM.instanceUIDs"
PATIENT_ID, FRAME_OF_REFERENCE = "0010,0020", "0020,0052"
DAYS = ("0008,0022", "0008,0023", "0008,0021", "0008,0020")
"""Of acquisition, content, series and study: the first that is there."""


@dataclass(frozen=True)
class DicomFacts:
    """What is known of an image; empty or None where it is not."""

    patient_id: str = ""
    frame_of_reference_uid: str = ""
    day: date | None = None


def dicom_facts(volume_node: slicer.vtkMRMLScalarVolumeNode) -> DicomFacts:
    """Return what the database says of a volume; nothing where it was not loaded from it, or there is no database."""
    uids = (volume_node.GetAttribute(INSTANCE_UIDS) or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    if not uids or database is None or not database.isOpen:
        return DicomFacts()
    return DicomFacts(
        str(database.instanceValue(uids[0], PATIENT_ID)).strip(),
        str(database.instanceValue(uids[0], FRAME_OF_REFERENCE)).strip(),
        _day([str(database.instanceValue(uids[0], tag)).strip() for tag in DAYS]),
    )


def _day(texts: list[str]) -> date | None:
    for text in filter(None, texts):
        try:
            return datetime.strptime(text, "%Y%m%d").date()
        except ValueError:
            continue  # a date of another form tells nothing sure; the next one may
    return None
