"""From a study to its plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from brachyresponse.perfusion.interpretation import Interpretation, TimingCheck
from brachyresponse.perfusion.study.map_names import MapName, map_facts
from brachyresponse.perfusion.study.record import (
    AifEntry,
    CurveEntry,
    LesionEntry,
    MapEntry,
    Numbers,
    PerfusionRecord,
    RatioEntry,
    SeriesEntry,
    SettingEntry,
    interpretation_entries,
)
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import PerfusionStudy, RatioRow, StudyCurve
from brachyresponse.types import FloatArray

DIGITS = 6
"""Significant digits of curves: beyond what is measured."""


def record_of(
    study: PerfusionStudy, found: Mapping[str, Interpretation] | None = None, timing: TimingCheck | None = None
) -> PerfusionRecord:
    """Return the values of a study, with what was concluded from it where that is known."""
    request = study.request
    dose_gy = study.white_matter_dose_gy
    return PerfusionRecord(
        patient_id=request.patient_id,
        kind=request.kind,
        scan_date=request.dates.scan,
        treatment_date=request.dates.treatment,
        series=_series(request),
        drug=request.drug,
        leakage_corrected=request.settings.correct_leakage,
        white_matter_dose_gy=dose_gy,
        white_matter_irradiated=None if dose_gy is None else dose_gy > request.settings.dose_limit_gy,
        aif=_aif(study),
        lesions=_lesions(study),
        ratios=tuple(_ratio(row) for row in study.ratios),
        exclusions=study.exclusions,
        protocol=tuple(study.protocol.sentences) if study.protocol else (),
        timing=timing.rows if timing else (),
        interpretations=interpretation_entries(found or {}),
        maps=tuple(_map(name) for name in study.maps),
        curves=tuple(_curve(curve) for curve in study.curves),
        used=study.used,
        settings=_settings(request),
        notes=tuple(request.notes),
        warnings=study.warnings,
    )


def map_file(name: MapName) -> str:
    """Return the name of a map's file."""
    return f"{name}.nrrd"


def _series(request: PerfusionRequest) -> SeriesEntry:
    series = request.series
    return SeriesEntry(
        series.name,
        series.frame_count,
        float(series.time_s[0]),
        float(series.time_s[-1]),
        series.time_origin,
        series.grid.describe(),
    )


def _aif(study: PerfusionStudy) -> AifEntry | None:
    aif = study.aif
    if aif is None:
        return None
    return AifEntry(
        str(aif.method),
        str(aif.verdict),
        aif.count,
        known(aif.peak),
        known(aif.arrival_s),
        known(aif.fwhm_s),
        known(aif.first_pass_area),
        aif.sentence,
    )


def _lesions(study: PerfusionStudy) -> tuple[LesionEntry, ...]:
    means = {name: study.lesion_means.get(name, {}) for name in study.request.lesions}
    return tuple(
        LesionEntry(
            name,
            lesion.volume_cc,
            study.lesion_shares[name],
            share_at_bound=means[name].get(MapName.AT_BOUND),
            signal_recovery_percent=means[name].get(MapName.PSR),
            relative_peak_height=means[name].get(MapName.RPH),
        )
        for name, lesion in study.request.lesions.items()
    )


def _ratio(row: RatioRow) -> RatioEntry:
    ratio = row.ratio
    return RatioEntry(
        lesion=row.lesion,
        map=row.map,
        label=row.label,
        statistic=str(row.statistic),
        value=known(ratio.value),
        low=known(ratio.low),
        high=known(ratio.high),
        lesion_value=known(ratio.lesion_value),
        white_matter_value=known(ratio.reference_value),
        white_matter_standard_error=known(ratio.reference_standard_error),
        valid_voxels=ratio.valid_voxels,
        lesion_voxels=ratio.lesion_voxels,
        white_matter_voxels=ratio.reference_voxels,
        reasons=ratio.reasons,
    )


def _map(name: MapName) -> MapEntry:
    facts = map_facts(name)
    return MapEntry(name, facts.label, facts.unit, map_file(name))


def _curve(curve: StudyCurve) -> CurveEntry:
    fitted = () if curve.fitted is None else _numbers(curve.fitted)
    times = tuple(_short(float(time)) for time in curve.time_s)
    return CurveEntry(curve.name, str(curve.role), curve.unit, times, _numbers(curve.values), fitted)


def _settings(request: PerfusionRequest) -> tuple[SettingEntry, ...]:
    rows = request.settings.rows()
    return tuple(SettingEntry(row.facts.name, row.facts.label, row.words, row.source) for row in rows)


def _numbers(values: FloatArray) -> Numbers:
    return tuple(_short(value) if math.isfinite(value) else None for value in map(float, values))


def known(value: float | None) -> float | None:
    """Return a figure; None where it is not one."""
    return None if value is None or not math.isfinite(value) else float(value)


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
