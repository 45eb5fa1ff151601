"""A DSC study: blood volume corrected for leakage, flow where there is an artery, the protocol."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import small_study
from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Structure
from brachyresponse.perfusion import AifChoice, AifSource, MapName, PerfusionStudy, measure_perfusion

WITHIN = 0.05
"""The issue's tolerance of the leakage correction: blood volume within 5 %."""


def mean_ratio(study: PerfusionStudy, name: MapName) -> float:
    row = study.ratio("Lesion", name)
    assert row is not None
    assert row.ratio.value is not None
    return row.ratio.value


def test_the_blood_volume_ratio_is_the_true_one(dsc: PerfusionStudy) -> None:
    assert mean_ratio(dsc, MapName.RCBV) == pytest.approx(2.5, rel=WITHIN)


@pytest.mark.parametrize("k2_per_s", [0.03, -0.03])
def test_leakage_of_either_sign_is_corrected(k2_per_s: float) -> None:
    study = measure_perfusion(small_study.dsc_request(small_study.dsc_series(k2_per_s=k2_per_s)))
    assert mean_ratio(study, MapName.RCBV) == pytest.approx(2.5, rel=WITHIN)
    uncorrected = mean_ratio(study, MapName.RCBV_UNCORRECTED)
    assert (uncorrected < 2.0) if k2_per_s > 0 else (uncorrected > 3.0)
    k2 = study.map(MapName.K2).values[small_study.LESION]
    in_reference = 1.3  # times the blood of white matter has most of the tissue, which is the reference of K2
    assert np.median(k2) == pytest.approx(k2_per_s / in_reference, rel=WITHIN)


def test_blood_volume_over_white_matter_has_a_map_with_a_mean_of_one_there(dsc: PerfusionStudy) -> None:
    normalised = dsc.map(MapName.NRCBV)
    assert normalised.unit == "ratio"
    assert np.nanmean(normalised.values[small_study.WHITE_MATTER]) == pytest.approx(1.0, abs=1e-5)


def test_flow_comes_with_an_artery(dsc: PerfusionStudy) -> None:
    assert {MapName.CBV, MapName.CBF, MapName.MTT, MapName.TMAX} <= set(dsc.maps)
    assert mean_ratio(dsc, MapName.CBF) == pytest.approx(2.5, rel=0.15)  # oSVD at one noise level


def test_without_an_artery_flow_is_left_out_and_blood_volume_stays() -> None:
    corner = Structure("Artery", small_study.box((0, 1), (0, 2), (0, 2)), small_study.grid())
    study = measure_perfusion(small_study.request(
        small_study.dsc_series(), kind="dsc", t1=None, aif=AifChoice(AifSource.SEGMENT, corner)
    ))  # fmt: skip
    assert MapName.CBF not in study.maps
    assert mean_ratio(study, MapName.RCBV) == pytest.approx(2.5, rel=WITHIN)
    assert any("CBF, MTT and Tmax are left out" in warning for warning in study.warnings)


def test_without_leakage_correction_this_is_said() -> None:
    settings = replace(small_study.request().settings, correct_leakage=False)
    study = measure_perfusion(replace(small_study.dsc_request(settings=settings), aif=AifChoice(AifSource.PARKER)))
    assert MapName.RCBV not in study.maps
    assert any("no population AIF for DSC" in warning for warning in study.warnings)
    assert any("not corrected for leakage" in warning for warning in study.warnings)


def test_signal_recovery_and_peak_height_are_there(dsc: PerfusionStudy) -> None:
    height = dsc.map(MapName.RPH).values
    assert np.nanmean(height[small_study.WHITE_MATTER]) == pytest.approx(1.0, abs=0.02)  # by definition, but for noise
    assert np.nanmean(height[small_study.LESION]) > 1.5
    assert np.isfinite(dsc.map(MapName.PSR).values[small_study.LESION]).all()


def test_the_row_of_the_consensus_is_stated(dsc: PerfusionStudy) -> None:
    assert dsc.protocol is not None
    assert dsc.protocol.row is not None
    assert "best protocol" in dsc.protocol.sentences[0]


def test_curves_are_those_of_the_relaxation_rate_with_the_leakage_fit(dsc: PerfusionStudy) -> None:
    lesion = next(curve for curve in dsc.curves if curve.name == "Lesion")
    assert lesion.unit == "1/s"
    assert lesion.fitted is not None
    assert np.abs(lesion.fitted - lesion.values).max() < 0.05 * np.max(lesion.values)


def test_the_echo_time_is_asked_for() -> None:
    series = small_study.dsc_series()
    without = replace(series, acquisition=series.acquisition.with_value("te_s", None))
    with pytest.raises(PerfusionError, match="echo time, needed for the relaxation rate: enter te_s, in s"):
        measure_perfusion(small_study.dsc_request(without))
