"""The closed vocabularies of schedules and imaging protocols, with the words that files and tables use."""

from __future__ import annotations

from enum import StrEnum


class Anchor(StrEnum):
    """Events from which a schedule counts; the words of the treatment record."""

    SURGERY = "surgery"
    IMPLANT = "implant"
    SOURCE_REMOVAL = "source removal"
    EXTERNAL_BEAM = "external beam"
    """Its last day."""


class RowStatus(StrEnum):
    """How a scheduled visit stands on a day."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    MISSED = "missed"
    """Never made, but a later visit was."""
    UPCOMING = "upcoming"
    UNKNOWN = "unknown"
    """The day from which it counts is not on record."""


class SeriesKind(StrEnum):
    """What an image series is."""

    T1 = "T1"
    T1_POST_CONTRAST = "T1 post-contrast"
    T2 = "T2"
    FLAIR = "FLAIR"
    DWI = "DWI"
    ADC = "ADC"
    SWI = "SWI"
    PERFUSION = "perfusion"
    SPECTROSCOPY = "spectroscopy"
    CT = "CT"
    ULTRASOUND = "ultrasound"
    OTHER = "other"


class SlicePlane(StrEnum):
    """The plane of a series' slices."""

    AXIAL = "axial"
    SAGITTAL = "sagittal"
    CORONAL = "coronal"


class ProtocolVerdict(StrEnum):
    """Whether a visit has what the protocol asks for."""

    PRESENT = "present"
    DEVIATES = "deviates"
    MISSING = "missing"
    NOT_ASKED = "not asked for"
    NOT_KNOWN = "not known"
