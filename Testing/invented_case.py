"""An invented patient in the form of case files: a glioma before and after an implant that is taken out."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

JSON = dict[str, Any]

GLIOMA: JSON = {
    "id": "glioma",
    "patient_id": "PAT-1",
    "title": "Growth at the margin",
    "criteria": "RANO-2010",
    "options": {},
    "radiation_end": None,
    "treatment_start": None,
    "visits": [
        {
            "date": "2026-02-02",
            "role": "baseline",
            "lesions": [
                {"id": "T1", "longest_mm": 30.0, "perpendicular_mm": 20.0, "volume_ml": 6.0},
                {"id": "T2", "longest_mm": 15.0, "perpendicular_mm": 12.0, "volume_ml": 1.2},
            ],
            "t2_flair": "stable_or_improved",
            "clinical_status": "stable_or_improved",
        },
        {
            "date": "2026-06-01",
            "role": "follow-up",
            "lesions": [
                {"id": "T1", "longest_mm": 20.0, "perpendicular_mm": 15.0, "volume_ml": 2.5},
                {"id": "T2", "state": "absent"},
            ],
            "t2_flair": "stable_or_improved",
            "clinical_status": "stable_or_improved",
        },
        {
            "date": "2026-08-03",
            "role": "follow-up",
            "lesions": [
                {"id": "T1", "longest_mm": 26.0, "perpendicular_mm": 20.0, "volume_ml": 4.5},
                {"id": "T2", "state": "absent"},
            ],
            "t2_flair": "stable_or_improved",
            "clinical_status": "stable_or_improved",
        },
    ],
    "tumour": {"type": "high-grade glioma, recurrent", "idh": "unknown"},
    "treatments": [
        {"kind": "surgery", "start": "2025-12-29"},
        {"kind": "source removal", "start": "2026-01-05", "prescription_gy": 60.0},
        {"kind": "steroids", "start": "2026-01-01", "dose_mg": 4.0},
    ],
    "adjudications": [
        {
            "visit": "2026-08-03",
            "category": "SD",
            "reason": "Biopsy of 2026-08-10 showed necrosis.",
            "by": "Board",
            "on": "2026-08-12",
        }
    ],
    "schedule": "gliasite",
    "today": "2026-08-20",
    "measurements": [
        {
            "visit": "2026-02-02",
            "lesion": "T1",
            "longest_mm": 30.0,
            "perpendicular_mm": 20.0,
            "origin": "automatic",
            "plane": "axial",
            "slice": 17,
            "holes": "exclude",
            "warnings": ["It touches the edge of the image."],
        },
        {"visit": "2026-06-01", "lesion": "T1", "longest_mm": 20.0, "origin": "manual"},
    ],
    "perfusion": [
        {"date": "2026-02-02", "map": "rcbv", "lesion": "T1", "ratio": 2.1, "low": 1.8, "high": 2.5},
        {"date": "2026-08-03", "map": "rcbv", "lesion": "T1", "ratio": None},
    ],
    "sites": [{"visit": "2026-08-03", "lesion": "T1", "site": "in_field", "sentence": "It lies in the field."}],
    "notes": ["Targets were chosen by the reader."],
}


def glioma(**changes: Any) -> JSON:
    """The patient, with some keys changed; None takes a key away."""
    case = deepcopy(GLIOMA)
    case.update(changes)
    return {key: value for key, value in case.items() if value is not None or key == "radiation_end"}
