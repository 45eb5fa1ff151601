"""Invented records of perfusion, diffusion and spectroscopy, small enough to read: what evidence is gathered from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.diffusion import (
    DiffusionRecord,
    LeftOutEntry,
    LesionPart,
    PartEntry,
    PercentileEntry,
    Restriction,
    RestrictionEntry,
    StatisticEntry,
)
from brachyresponse.lesions.ratios import RatioStatistic
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import MapName, PerfusionRecord, map_facts
from brachyresponse.perfusion.study.record import AifEntry, LesionEntry, RatioEntry, SeriesEntry
from brachyresponse.perfusion.study.study import ExclusionRow, UsedValue
from brachyresponse.spectroscopy import Metabolite, RatioName, SpectraKind
from brachyresponse.spectroscopy.study import record as spectra

SCAN, BEFORE, TREATED = date(2026, 8, 1), date(2025, 12, 20), date(2026, 1, 5)
PATIENT, LESION = "PAT-1", "T1"
MATCHED = ("The scan matches: no preload, full-dose bolus, flip angle 30° (Boxerman et al. 2020).",)
STATISTICS = ("mean", "median", "hot_spot")


def written_evidence(folder: Path, contents: Any) -> Path:
    """Write an ``evidence.json``; a text stands as it is."""
    path = folder / "evidence.json"
    path.write_text(contents if isinstance(contents, str) else json.dumps(contents), encoding="utf-8")
    return path


def ratio(name: MapName, value: float | None, *reasons: str, statistic: str = "mean") -> RatioEntry:
    low, high = (None, None) if value is None else (0.9 * value, 1.1 * value)
    label = map_facts(name).ratio_label
    return RatioEntry(LESION, name, label, statistic, value, low, high, value, 1.0, 0.05, 200, 250, 900, reasons)


def ratios(**values: float | None) -> tuple[RatioEntry, ...]:
    """One value a map, the same for every statistic."""
    reasons = {name: () if value is not None else ("The map is noise there.",) for name, value in values.items()}
    return tuple(
        ratio(MapName(name), value, *reasons[name], statistic=each)
        for name, value in values.items()
        for each in STATISTICS
    )


def dce(*, vp: float | None = 3.2, ktrans: float | None = 4.0, **changes: Any) -> PerfusionRecord:
    used = (UsedValue("t10", "T1 before contrast", "by voxel", "five flip angles"),)
    return _perfusion(SeriesKind.DCE, ratios(vp=vp, ktrans=ktrans), aif=aif("good"), used=used, **changes)


def dsc(*, rcbv: float | None = 3.0, **changes: Any) -> PerfusionRecord:
    taken = (
        ExclusionRow(LESION, "round 12 seeds", "5 mm.", 0.10, 0.90),
        ExclusionRow(LESION, "blood or calcification", "Below 40.", 0.02, 0.88),
    )
    fixed = {"exclusions": taken, "protocol": MATCHED, "aif": None}
    return _perfusion(SeriesKind.DSC, ratios(rcbv=rcbv), **{**fixed, **changes})


def aif(verdict: str) -> AifEntry:
    return AifEntry("found", verdict, 12, 5.0, 20.0, 8.0, 40.0, f"The input is {verdict}.")


def before(record: PerfusionRecord) -> PerfusionRecord:
    """The same study, made before the treatment."""
    return replace(record, scan_date=BEFORE)


def _perfusion(kind: SeriesKind, rows: tuple[RatioEntry, ...], **changes: Any) -> PerfusionRecord:
    names = "exclusions protocol timing interpretations maps curves used settings notes warnings"
    empty: dict[str, Any] = dict.fromkeys(names.split(), ())
    fields: dict[str, Any] = {
        **empty,
        "patient_id": PATIENT,
        "kind": kind,
        "scan_date": SCAN,
        "treatment_date": TREATED,
        "series": SeriesEntry(f"{kind} series", 60, 0.0, 300.0, "header", "64 x 64 x 10"),
        "drug": "",
        "leakage_corrected": True,
        "white_matter_dose_gy": 2.0,
        "white_matter_irradiated": False,
        "lesions": (LesionEntry(LESION, 4.2, 0.9),),
        "ratios": rows,
    }
    return PerfusionRecord(**{**fields, **changes})


def diffusion(*, adc: float = 1250.0, reasons: tuple[str, ...] = (), **changes: Any) -> DiffusionRecord:
    rows = tuple(
        StatisticEntry(name, name.label, adc - 200 * (name != RatioStatistic.MEAN), 1.5, 1.4, 1.6)
        for name in (RatioStatistic.MEAN, RatioStatistic.P5)
    )
    part = PartEntry(
        LESION, LesionPart.SOLID, "solid part", 3.5, 250, 240, 0.2, 90.0, rows,
        (PercentileEntry(5, adc - 200), PercentileEntry(10, adc - 150)), (), (), reasons,
    )  # fmt: skip
    core = RestrictionEntry(LESION, Restriction.PRESENT, 700.0, adc, "The core diffuses less than the rim.")
    taken = (
        LeftOutEntry(LESION, "round 12 seeds", "5 mm.", 0.30, 0.70),
        LeftOutEntry(LESION, "blood or calcification", "Below 40.", 0.0, 0.70),
    )
    fields: dict[str, Any] = {
        "patient_id": PATIENT, "scan_date": SCAN, "map": "ADC", "geometry": "64 x 64 x 10", "unit": "1e-6 mm2/s",
        "b_values_s_per_mm2": (0.0, 1000.0), "is_registered": True, "is_undistorted": True, "seeds": 12,
        "white_matter_dose_gy": None, "parts": (part,), "restrictions": (core,), "exclusions": taken, "questions": (),
        "notes": (), "warnings": (),
    }  # fmt: skip
    return DiffusionRecord(**{**fields, **changes})


def spectroscopy(
    *, cho_naa: float | None = 2.4, is_good: bool = True, share: float = 0.8
) -> spectra.SpectroscopyRecord:
    values = {RatioName.CHO_NAA: cho_naa, RatioName.CHO_CR: 1.9, RatioName.LIP_LAC_CR: 0.6}
    refused = "NAA has a bound of 34 %, above 20 %."
    rows = tuple(
        spectra.LesionRatioEntry(
            name, "voxel", value, value and 0.9 * value, value and 1.1 * value, 1 if value else 0,
            (0.0, 0.0, 0.0) if value else (), 0.8, () if value else (refused,), None if value else 3.0,
        )
        for name, value in values.items()
    )  # fmt: skip
    cell = tuple(spectra.RatioEntry(row.ratio, row.value, row.low, row.high, row.reasons) for row in rows)
    metabolites = (spectra.MetaboliteEntry(Metabolite.CHO, 2.0, 5.0, True, ""),)
    voxel = spectra.VoxelEntry(
        0, 0, 0, is_good, () if is_good else ("The lines are 14 Hz wide.",), 5.0, 25.0, metabolites, cell,
        (spectra.ShareEntry(LESION, share),), seed_distance_mm=12.0,
    )  # fmt: skip
    lesion = spectra.LesionEntry(LESION, 4.2, 1, share, rows)
    return spectra.SpectroscopyRecord(
        PATIENT, SCAN, "PRESS 144", SpectraKind.SINGLE_VOXEL, "fitted here", 144.0, 2000.0, 127.7, 5e-4, 1024,
        "one voxel", (), (), (voxel,), (lesion,), (), (), (), (), (), (),
    )  # fmt: skip
