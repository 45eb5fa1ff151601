"""The names that cases have in JSON."""

from __future__ import annotations

SIZES = ("longest_mm", "perpendicular_mm", "short_axis_mm", "volume_ml")
FLAGS = {
    "antiangiogenic": "is_antiangiogenic",
    "confirm_progression": "must_confirm_progression",
    "non_measurable_only": "is_non_measurable_only",
    "confirmation_required": "must_confirm_response",
    "hold_confirmed_pr": "holds_confirmed_pr",
    "immunotherapy": "is_immunotherapy",
    "protocol_targets": "has_protocol_targets",
}
"""Options that are true or false: in JSON, and as field of :class:`CaseOptions`."""
OPTION_KEYS = ("measure", "min_sd_weeks", *FLAGS)
CASE_KEYS = ("id", "title", "criteria", "options", "radiation_end", "treatment_start", "visits")
STUDY_KEYS = (
    "patient_id",
    "tumour",
    "treatments",
    "reference",
    "adjudications",
    "schedule",
    "today",
    "measurements",
    "perfusion",
    "sites",
    "evidence",
    "earlier_criteria",
    "accepts_new_criteria",
    "inputs",
    "notes",
)
"""What a study adds to a case; read by :mod:`brachyresponse.response.study.request_json`."""
KEYS_OF_OTHERS = (*STUDY_KEYS, "boundary", "convention", "expected")
"""Allowed in a case and left alone here: what a study adds, and what worked examples say of themselves."""
DRUG_FLAGS = {"antiangiogenic": "is_antiangiogenic", "immunotherapy": "is_immunotherapy"}
"""Whether a drug was begun by the day of a visit, where that differs between visits: in JSON, and as field."""
VISIT_KEYS = (
    "date",
    "role",
    "lesions",
    "non_target",
    "t2_flair",
    "steroid_dose_mg",
    "steroid_trend",
    "clinical_status",
    "histology",
    "new_lesions",
    *DRUG_FLAGS,
)
LESION_KEYS = ("id", "role", "organ", "kind", *SIZES, "state", "parts", "merged_into")
PART_KEYS = SIZES
NEW_LESION_KEYS = ("id", "field", "measurable", "certainty")
HISTOLOGY_OF_TUMOUR = "tumour"
