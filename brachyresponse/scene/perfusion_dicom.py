"""What Slicer's DICOM database says of a dynamic series, as its import of 4D series would leave it on the node."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import slicer

from brachyresponse.perfusion.series.attributes import PREFIX
from brachyresponse.perfusion.series.file_times import TAG_NAME, TAG_UNITS
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS
from brachyresponse.scene.dicom_facts import INSTANCE_UIDS

TAGS = {
    "RepetitionTime": "0018,0080",
    "EchoTime": "0018,0081",
    "FlipAngle": "0018,1314",
    "MagneticFieldStrength": "0018,0087",
    "ContrastBolusAgent": "0018,0010",
}
ACQUISITION_TIME = "AcquisitionTime", "0008,0032"
UNITS_OF_OTHER_SERIES = {"FlipAngle": "degrees", "EchoTime": "ms"}
"""By what several volumes differ where they are no dynamic series."""


def dicom_attributes(nodes: Sequence[slicer.vtkMRMLNode]) -> dict[str, str]:
    """Return the attributes ``MultiVolume.*`` of a series that was loaded from the database; else nothing.

    Parameters
    ----------
    nodes
        One 4D series, or the volumes of its frames: of these the times are told too, or by what else they differ.
    """
    database = getattr(slicer, "dicomDatabase", None)
    uids = [(node.GetAttribute(INSTANCE_UIDS) or "").split() for node in nodes]
    if database is None or not database.isOpen or not all(uids):
        return {}
    first = [each[0] for each in uids]

    def values_of(tag: str) -> list[str]:
        return [str(database.instanceValue(uid, tag)).strip() for uid in first]

    told = {PREFIX + name: values_of(tag)[0] for name, tag in TAGS.items()}
    found = {name: value for name, value in told.items() if value}
    return found | (_frame_labels(values_of) if len(nodes) > 1 else {})


def _frame_labels(values_of: Callable[[str], list[str]]) -> dict[str, str]:
    """Return by what the frames differ: flip angle, echo time, or else the time; nothing where that is not known."""
    for name, unit in UNITS_OF_OTHER_SERIES.items():
        values = values_of(TAGS[name])
        if len(set(values)) > 1 and all(values):
            return _labels(values, name, unit)
    times = [_ms_after_midnight(text) for text in values_of(ACQUISITION_TIME[1])]
    known = [f"{time:.10g}" for time in times if time is not None]
    return _labels(known, ACQUISITION_TIME[0], "ms") if len(known) == len(times) else {}


def _labels(values: Sequence[str], tag: str, unit: str) -> dict[str, str]:
    return {FRAME_LABELS: ",".join(values), TAG_NAME: tag, TAG_UNITS: unit}


def _ms_after_midnight(text: str) -> float | None:
    """Return a time as DICOM writes it, HHMMSS.fff, in ms; None for what is none."""
    match = re.fullmatch(r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)", text)
    if match is None:
        return None
    hours, minutes, seconds = (float(part) for part in match.groups())
    return round(1000 * (3600 * hours + 60 * minutes + seconds), 3)
