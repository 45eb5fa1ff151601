"""A DCE study: truth recovered, every figure with its origin, and input that does not allow it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import small_study
from brachyresponse.errors import Cancelled, PerfusionError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.perfusion import AifChoice, AifSource, FlipAngleSeries, MapName, PerfusionStudy, measure_perfusion
from brachyresponse.perfusion.aif import Aif, AifVerdict, population_aif
from brachyresponse.perfusion.motion import MotionCorrection
from brachyresponse.perfusion.signal import steady_state_signal
from brachyresponse.perfusion.study import CurveRole, MaskRole, arterial_input
from brachyresponse.seeds import Seeds

NOISE = 0.05
"""Share by which a value of the small head may be off: 0.2 % noise of the signal, a few per cent of a voxel's vp."""


def values(study: PerfusionStudy, name: MapName, mask: np.ndarray) -> np.ndarray:
    return study.map(name).values[mask]


def used(study: PerfusionStudy, name: str) -> str:
    return next(f"{one.value} {one.origin}" for one in study.used if one.name == name)


def test_maps_hold_the_true_figures(dce: PerfusionStudy) -> None:
    lesion = small_study.LESION
    assert np.median(values(dce, MapName.VP, lesion)) == pytest.approx(small_study.VP["lesion"], rel=NOISE)
    assert np.median(values(dce, MapName.KTRANS, lesion)) == pytest.approx(small_study.KTRANS_PER_MIN, rel=NOISE)
    assert np.median(values(dce, MapName.VE, lesion)) == pytest.approx(small_study.VE, rel=NOISE)
    assert np.median(values(dce, MapName.T1, lesion)) == pytest.approx(1000 * small_study.T1_S)


def test_the_ratio_of_vp_is_the_true_one_and_lies_in_its_interval(dce: PerfusionStudy) -> None:
    row = dce.ratio("Lesion", MapName.VP)
    assert row is not None
    assert row.label == "rVp"
    assert row.ratio.value == pytest.approx(3.0, rel=NOISE)
    assert row.ratio.low < row.ratio.value < row.ratio.high


def test_the_ratio_of_ktrans_is_refused_where_white_matter_is_noise(dce: PerfusionStudy) -> None:
    row = dce.ratio("Lesion", MapName.KTRANS)
    assert row is not None
    assert row.ratio.value is None
    assert "scatters" in " ".join(row.ratio.reasons)


def test_every_statistic_has_a_row(dce: PerfusionStudy) -> None:
    assert {row.statistic for row in dce.ratios} == {"mean", "median", "p95", "hot_spot"}


def test_what_is_not_computed_is_nan_and_nothing_else_is(dce: PerfusionStudy) -> None:
    known = np.isfinite(dce.map(MapName.VP).values)
    assert known[small_study.LESION].all()
    assert not known[~small_study.HEAD].any()
    assert dce.map(MapName.VP).values.dtype == np.float32


def test_curves_of_artery_lesion_and_white_matter_come_with_their_fits(dce: PerfusionStudy) -> None:
    roles = {curve.role: curve for curve in dce.curves}
    assert set(roles) == {CurveRole.AIF, CurveRole.LESION, CurveRole.WHITE_MATTER}
    lesion = roles[CurveRole.LESION]
    assert lesion.fitted is not None
    # The mean of 120 voxels has a tenth of their noise, 0.005 mmol/L of a voxel.
    np.testing.assert_allclose(lesion.fitted, lesion.values, atol=0.01)


def test_a_fitted_curve_is_there_for_any_voxel_and_region(dce: PerfusionStudy) -> None:
    k, j, i = (int(n) for n in np.argwhere(small_study.LESION)[0])
    voxel, region = dce.fitted_curve((k, j, i)), dce.fitted_curve(small_study.LESION, "Region of mine")
    assert voxel.fitted is not None
    assert dict(voxel.facts)["vp"].startswith("0.0")
    assert region.name == "Region of mine"


def test_a_voxel_without_signal_says_why_it_has_no_fit(dce: PerfusionStudy) -> None:
    series = small_study.dce_series()
    dark = [np.where(small_study.ARTERY, 0.0, frame).astype(np.float32) for frame in series.frames]
    study = measure_perfusion(small_study.request(replace(series, frames=dark)))
    k, j, i = (int(n) for n in np.argwhere(small_study.ARTERY)[0])
    assert "not defined" in study.fitted_curve((k, j, i)).missing


def test_a_place_outside_the_series_is_refused(dce: PerfusionStudy) -> None:
    with pytest.raises(PerfusionError, match=r"Voxel \(99, 0, 0\) .* lies outside the series"):
        dce.fitted_curve((99, 0, 0))
    with pytest.raises(PerfusionError, match="0 voxels"):
        dce.fitted_curve(np.zeros(small_study.SHAPE_KJI, bool))


def test_every_figure_that_went_in_is_named_with_its_origin(dce: PerfusionStudy) -> None:
    assert "Shen 2015" in used(dce, "relaxivity")
    assert "0.42" in used(dce, "hematocrit")
    assert "1.664 s" in used(dce, "blood_t1")
    assert "one stated T1 of 1.2 s" in used(dce, "t10")
    assert "made for tests" in used(dce, "frame_times")


def test_the_arrival_of_a_population_curve_is_fitted(dce: PerfusionStudy) -> None:
    assert dce.aif is not None
    assert dce.aif.arrival_s == pytest.approx(small_study.ARRIVAL_S, abs=1.0)  # a quarter of the frame time


def test_the_artery_of_a_segment_is_measured_with_the_t1_of_blood() -> None:
    choice = AifChoice(AifSource.SEGMENT, Structure("Artery", small_study.ARTERY, small_study.grid()))
    study = measure_perfusion(small_study.request(aif=choice))
    assert study.aif is not None
    assert study.aif.count == np.count_nonzero(small_study.ARTERY)
    truth = measure_perfusion(small_study.request()).aif
    assert study.aif.peak == pytest.approx(truth.peak, rel=NOISE)
    assert study.ratio("Lesion", MapName.VP).ratio.value == pytest.approx(3.0, rel=NOISE)


def test_an_artery_is_found_by_itself() -> None:
    study = measure_perfusion(small_study.request(aif=AifChoice(AifSource.AUTOMATIC)))
    assert study.aif is not None
    assert study.aif.verdict is not AifVerdict.FAILED
    assert small_study.ARTERY[tuple(study.aif.voxels.T)].all()


def test_a_segment_has_to_be_given_for_a_measured_artery() -> None:
    with pytest.raises(PerfusionError, match="choose the segment"):
        AifChoice(AifSource.SEGMENT)


def test_t1_of_flip_angles_is_fitted_voxel_by_voxel() -> None:
    angles = (2.0, 8.0, 15.0)
    frames = [np.full(small_study.SHAPE_KJI, _signal(angle), np.float32) for angle in angles]
    t1 = FlipAngleSeries("Flip angles", frames, small_study.grid(), angles, 0.005)
    study = measure_perfusion(small_study.request(t1=t1))
    t1_ms = values(study, MapName.T1, small_study.LESION)
    np.testing.assert_allclose(t1_ms, 1000 * small_study.T1_S, rtol=1e-4)  # single precision
    assert "without a B1 map" in used(study, "t10")


def test_a_t1_map_of_another_geometry_is_resampled_and_this_is_said() -> None:
    grid = Grid.covering((-30, -30, 0), (30, 30, 40), 5.0)
    t1_ms = Volume("T1 map", np.full(grid.shape_kji, 1000 * small_study.T1_S), grid)
    study = measure_perfusion(small_study.request(t1=t1_ms))
    assert any("another geometry" in warning and "resampled" in warning for warning in study.warnings)
    assert study.ratio("Lesion", MapName.VP).ratio.value == pytest.approx(3.0, rel=NOISE)


def test_a_t1_map_of_elsewhere_is_refused() -> None:
    grid = Grid.covering((500, 500, 500), (560, 560, 560), 5.0)
    elsewhere = Volume("T1 map", np.full(grid.shape_kji, 1200.0), grid)
    with pytest.raises(PerfusionError, match="no value where series 'Small DCE' has tissue"):
        measure_perfusion(small_study.request(t1=elsewhere))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"t1": None}, "T1 before contrast is not known"),
        ({"settings": replace(small_study.QUICK, baseline_frames=30)}, "30 frames cannot be the baseline"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        measure_perfusion(small_study.request(**changes))


@pytest.mark.parametrize(("name", "message"), [("tr_s", "tr_s"), ("agent", "does not tell its contrast agent")])
def test_a_parameter_of_the_acquisition_that_is_not_known_is_asked_for(name: str, message: str) -> None:
    series = small_study.dce_series()
    without = replace(series, acquisition=series.acquisition.with_value(name, None))
    with pytest.raises(PerfusionError, match=message):
        measure_perfusion(small_study.request(without))


def test_an_agent_that_is_written_but_not_known_is_named() -> None:
    series = small_study.dce_series()
    note = "BIDS ContrastBolusIngredient is 'water', which names no contrast agent of the relaxivity table."
    unknown = replace(series.acquisition.with_value("agent", None), notes=(note,))
    with pytest.raises(PerfusionError, match="is 'water', which names no contrast agent"):
        measure_perfusion(small_study.request(replace(series, acquisition=unknown)))


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_first_frames_without_numbers_are_refused(missing: float) -> None:
    series = small_study.dce_series()
    frames = [np.full_like(frame, missing) if number == 4 else frame for number, frame in enumerate(series.frames)]
    with pytest.raises(PerfusionError, match="hold no numbers"):
        measure_perfusion(small_study.request(replace(series, frames=frames)))


def test_an_anatomical_image_without_the_lesion_is_refused() -> None:
    image, away = small_study.anatomical(), np.eye(4)
    away[:3, 3] = 500
    elsewhere = replace(image, grid=Grid(image.grid.shape_kji, away @ image.grid.ijk_to_ras))
    with pytest.raises(PerfusionError, match="lesion 'Lesion' lies outside the image 'T1 post-contrast'"):
        measure_perfusion(small_study.request(anatomical=elsewhere, settings=small_study.QUICK))


def test_a_t1_in_milliseconds_is_refused_as_seconds() -> None:
    with pytest.raises(PerfusionError, match=r"1200 s, expected 0\.05 to 10"):
        small_study.request(t1=1200.0)


def test_a_lesion_outside_the_field_of_view_is_refused() -> None:
    grid = Grid.covering((200, 200, 200), (220, 220, 220), 2.0)
    away = Structure("Lesion", np.ones(grid.shape_kji, bool), grid)
    with pytest.raises(PerfusionError, match=r"lesion 'Lesion' lies outside the field of view of series 'Small DCE'"):
        measure_perfusion(small_study.request(lesions={"Lesion": away}))


def test_a_lesion_that_is_cut_off_is_said_to_be() -> None:
    grid = Grid(small_study.SHAPE_KJI, small_study.grid().ijk_to_ras.copy())
    matrix = grid.ijk_to_ras.copy()
    matrix[2, 3] -= 15.0
    low = Structure("Lesion", small_study.LESION, Grid(small_study.SHAPE_KJI, matrix))
    study = measure_perfusion(small_study.request(lesions={"Lesion": low}))
    assert any("of the lesion 'Lesion' lie in the field of view" in warning for warning in study.warnings)


def test_an_empty_lesion_is_refused() -> None:
    with pytest.raises(StructureError, match="'Lesion' is empty"):
        Structure("Lesion", np.zeros(small_study.SHAPE_KJI, bool), small_study.grid())


def test_a_series_without_a_bolus_is_refused_by_name() -> None:
    series = small_study.dce_series()
    random = np.random.default_rng(1)
    still = [series.frames[0] * (1 + 0.01 * random.standard_normal(series.grid.shape_kji)) for _ in series.frames]
    with pytest.raises(PerfusionError, match=r"Series 'Small DCE', DCE: .*no bolus"):
        measure_perfusion(small_study.request(replace(series, frames=still)))


def test_without_white_matter_there_are_maps_and_the_reason_for_no_ratios() -> None:
    study = measure_perfusion(small_study.request(white_matter=None))
    assert study.ratios == ()
    assert any("no white matter" in warning for warning in study.warnings)
    assert MapName.VP in study.maps


def test_margins_round_seeds_are_left_out_and_the_share_that_is_left_is_said() -> None:
    centre = small_study.lesion().centre_mm
    seeds = Seeds(centre[None], np.array([[0.0, 0.0, 1.0]]), 0.5)
    study = measure_perfusion(small_study.request(seeds=seeds))
    (row,) = study.exclusions
    assert "1 seed" in row.exclusion
    assert "check on the images" in row.reason
    assert 0 < row.share < 1
    assert study.lesion_shares["Lesion"] == pytest.approx(1 - row.share)
    assert study.ratio("Lesion", MapName.VP).ratio.valid_voxels < 120


def test_a_lesion_that_is_left_out_altogether_is_not_evaluable() -> None:
    masks = {MaskRole.NECROSIS: small_study.lesion()}
    study = measure_perfusion(small_study.request(masks=masks))
    row = study.ratio("Lesion", MapName.VP)
    assert study.lesion_shares["Lesion"] == 0
    assert row.ratio.value is None
    assert "0 voxels of the lesion are valid" in " ".join(row.ratio.reasons)
    assert all(curve.name != "Lesion" for curve in study.curves)


def test_patlak_is_taken_where_aicc_prefers_it() -> None:
    settings = replace(small_study.QUICK, patlak_by_aicc=True)
    study = measure_perfusion(small_study.request(settings=settings))
    weight = study.map(MapName.PATLAK_WEIGHT).values
    assert np.median(weight[small_study.WHITE_MATTER]) > 0.5
    assert np.median(weight[small_study.LESION]) < 0.01
    assert np.isnan(study.map(MapName.VE).values[small_study.WHITE_MATTER]).mean() > 0.5

    white = next(curve for curve in study.curves if curve.role is CurveRole.WHITE_MATTER)
    assert dict(white.facts)["Model"] == "patlak"


def test_a_failed_artery_refuses_every_ratio_but_gives_the_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arterial_input, "population_aif", _failed)
    study = measure_perfusion(small_study.request())
    assert {row.ratio.value for row in study.ratios} == {None}
    assert "The arterial input function failed" in " ".join(study.ratios[0].ratio.reasons)
    assert MapName.VP in study.maps


def test_white_matter_that_was_irradiated_is_told_with_its_dose() -> None:
    dose = Volume("Dose", np.full(small_study.SHAPE_KJI, 30.0), small_study.grid(), "Gy")
    study = measure_perfusion(small_study.request(dose=dose))
    assert study.white_matter_dose_gy == pytest.approx(30.0)
    assert any("got 30.0 Gy on average, more than 5 Gy" in warning for warning in study.warnings)


def test_motion_that_was_corrected_is_stated_with_its_warnings() -> None:
    series = small_study.dce_series()
    moved = np.zeros((series.frame_count, 3))
    moved[7] = (0.0, 3.0, 4.0)
    motion = MotionCorrection(series, moved, np.zeros_like(moved), 2, ("Frame 8 moved by 5 mm.",))
    study = measure_perfusion(small_study.request(motion=motion))
    assert "largest shift 5.00 mm" in used(study, "motion")
    assert "Frame 8 moved by 5 mm." in study.warnings


def test_a_run_can_be_cancelled_at_every_step() -> None:
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure_perfusion(small_study.request(), report=stop)


def test_progress_only_rises() -> None:
    told: list[float] = []
    measure_perfusion(small_study.request(), report=lambda fraction, _: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] <= 1


def _failed(*arguments: Any, **options: Any) -> Aif:
    return replace(population_aif(*arguments, **options), verdict=AifVerdict.FAILED)


def _signal(angle_deg: float) -> float:
    return float(steady_state_signal(1000.0, small_study.T1_S, tr_s=0.005, flip_angle_deg=angle_deg))
