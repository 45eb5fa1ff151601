"""The values of a perfusion study that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import PerfusionError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class PerfusionField(StrEnum):
    """A value of a study; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    PATIENT_ID = "PatientId"
    SCAN_DATE = "ScanDate"
    KIND = "SeriesKind"
    ACQUISITION = "Acquisition"
    TIMES = "FrameTimes"
    T1 = "T1"
    AIF = "Aif"
    SETTINGS = "Settings"
    TREATMENT_DATE = "TreatmentDate"
    PROGRESSION_DATE = "ProgressionDate"
    SURGERY_DATE = "SurgeryDate"
    DRUG = "Drug"


FIELDS: FieldsOf[PerfusionField] = FieldsOf(OwnerKind.PERFUSION, PerfusionError)
perfusion_text, set_perfusion_field, perfusion_day, perfusion_json = FIELDS.text, FIELDS.put, FIELDS.day, FIELDS.json
