"""The artery that is found in a series, what the rules leave out, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import Aif, AifMethod, AifVerdict, find_aif, find_aif_in_samples
from vessel_phantom import VesselPhantom, vessel_phantom


@pytest.fixture(scope="module")
def dce() -> VesselPhantom:
    return vessel_phantom("dce")


@pytest.fixture(scope="module")
def dsc() -> VesselPhantom:
    return vessel_phantom("dsc")


@pytest.mark.parametrize("kind", ["dce", "dsc"])
@pytest.mark.parametrize("noise_share", [0.002, 0.01, 0.03])
def test_the_artery_is_found_beside_a_higher_vein(kind: str, noise_share: float) -> None:
    phantom = vessel_phantom(kind, noise_share=noise_share)
    aif = find_aif(phantom.curves, phantom.time_s, kind=kind)
    assert aif.method is AifMethod.AUTOMATIC
    assert aif.verdict is AifVerdict.GOOD
    assert phantom.in_artery[tuple(aif.voxels.T)].all()
    assert aif.peak == pytest.approx(phantom.artery.max(), rel=0.04)  # the highest of noisy voxels are taken
    assert aif.arrival_s == pytest.approx(20.0, abs=1.0)  # half a frame


def test_the_report_gives_every_figure_and_counts_every_voxel(dce: VesselPhantom) -> None:
    aif = find_aif(dce.curves, dce.time_s)
    assert aif.count == len(aif.voxels) >= 4
    assert aif.count + sum(each.count for each in aif.rejections) == dce.in_artery.size
    assert aif.fwhm_s == pytest.approx(8.5, abs=0.3)  # of Parker's curve
    assert aif.time_to_peak_s == pytest.approx(10.2, abs=2.0)  # one frame
    assert "found automatically: peak 6.0" in aif.sentence
    assert "good" in aif.sentence


@pytest.mark.parametrize("kind", ["dce", "dsc"])
def test_curves_without_noise_are_no_trouble(kind: str) -> None:
    phantom = vessel_phantom(kind, noise_share=0.0)
    aif = find_aif(phantom.curves, phantom.time_s, kind=kind)
    np.testing.assert_array_equal(phantom.in_artery, _mask_of(aif, phantom))


def _mask_of(aif: Aif, phantom: VesselPhantom) -> np.ndarray:
    mask = np.zeros_like(phantom.in_artery)
    mask[tuple(aif.voxels.T)] = True
    return mask


def test_an_artery_of_four_voxels_is_enough(dce: VesselPhantom) -> None:
    curves = np.random.default_rng(0).normal(scale=0.02, size=(8, 8, 8, 60)) + 0.02 * dce.artery
    curves[3:7, 4, 4] += dce.artery
    aif = find_aif(curves, dce.time_s)
    assert aif.verdict is AifVerdict.GOOD
    assert aif.voxels.tolist() == [[each, 4, 4] for each in (3, 4, 5, 6)]


def test_veins_are_left_out_because_they_come_later(dce: VesselPhantom) -> None:
    late = next(each for each in find_aif(dce.curves, dce.time_s).rejections if each.rule == "late")
    assert late.count >= np.count_nonzero(dce.in_vein)
    assert "perhaps veins" in late.sentence


def test_a_mask_keeps_the_search_to_its_voxels(dce: VesselPhantom) -> None:
    mask = np.zeros(dce.in_artery.shape, bool)
    mask[2:4] = True
    aif = find_aif(dce.curves, dce.time_s, mask=mask)
    assert set(aif.voxels[:, 0]) <= {2, 3}
    assert dce.in_artery[tuple(aif.voxels.T)].all()


def test_the_samples_of_a_mask_give_what_the_whole_array_gives(dce: VesselPhantom) -> None:
    mask = dce.in_artery | dce.in_vein
    whole = find_aif(dce.curves, dce.time_s, mask=mask)
    samples = find_aif_in_samples(dce.curves[mask], mask, dce.time_s)
    np.testing.assert_array_equal(whole.voxels, samples.voxels)
    np.testing.assert_array_equal(whole.values, samples.values)


def test_a_slice_is_searched_as_one_layer(dce: VesselPhantom) -> None:
    aif = find_aif(dce.curves[3], dce.time_s)
    assert (aif.voxels[:, 0] == 0).all()
    assert dce.in_artery[3][tuple(aif.voxels[:, 1:].T)].all()


def test_saturated_arteries_are_counted_and_doubted(dce: VesselPhantom) -> None:
    curves = dce.curves.copy()
    curves[dce.in_artery, 12:16] = np.nan
    aif = find_aif(curves, dce.time_s)
    assert not dce.in_artery[tuple(aif.voxels.T)].any()
    assert aif.verdict is not AifVerdict.GOOD
    assert "of the arterial voxels are saturated" in aif.sentence
    assert aif.rejections[0].count == np.count_nonzero(dce.in_artery)


def test_tissue_is_not_taken_for_an_artery_where_all_vessels_are_saturated(dce: VesselPhantom) -> None:
    curves = 0.05 * np.ones(dce.in_artery.shape)[..., None] * dce.artery
    curves += np.random.default_rng(0).normal(scale=0.005, size=curves.shape)
    curves[dce.in_artery] = np.where(np.abs(dce.time_s - 30) < 6, np.nan, dce.artery)
    aif = find_aif(curves, dce.time_s)
    assert aif.verdict is AifVerdict.FAILED
    assert "100% of the arterial voxels are saturated" in aif.sentence


def test_voxels_at_the_noise_floor_are_left_out_like_saturated_ones(dsc: VesselPhantom) -> None:
    mask = np.ones(dsc.in_artery.shape, bool)
    aif = find_aif_in_samples(dsc.curves[mask], mask, dsc.time_s, kind="dsc", saturated=dsc.in_artery[mask])
    assert not dsc.in_artery[tuple(aif.voxels.T)].any()
    assert aif.verdict is not AifVerdict.GOOD


def test_voxels_without_a_value_beside_the_bolus_are_not_taken_for_arteries(dce: VesselPhantom) -> None:
    curves = dce.curves.copy()
    curves[:, :3, :, ::7] = np.nan  # as in air, where the signal is noise
    assert find_aif(curves, dce.time_s).verdict is AifVerdict.GOOD


def test_scattered_voxels_are_doubted(dce: VesselPhantom) -> None:
    curves = np.random.default_rng(1).normal(scale=0.02, size=dce.curves.shape)
    curves[::3, ::9, ::9] += dce.artery
    aif = find_aif(curves, dce.time_s)
    assert aif.verdict is AifVerdict.DOUBTFUL
    assert "No 4 of the candidates touch each other" in aif.sentence


def test_curves_of_tissue_alone_fail(dce: VesselPhantom) -> None:
    rise = np.maximum(dce.time_s - 20, 0)
    tissue = rise / (rise + 10) * np.exp(-rise / 90)
    noise = np.random.default_rng(0).normal(scale=0.01, size=(4, 8, 8, len(rise)))
    aif = find_aif(tissue + noise, dce.time_s)
    assert aif.verdict is AifVerdict.FAILED
    assert "wide" in aif.sentence


@pytest.mark.parametrize(
    "curves",
    [
        np.full((4, 4, 4, 60), 3.0),
        np.zeros((4, 4, 4, 60)),
        np.random.default_rng(0).normal(size=(4, 4, 4, 60)),
        np.full((4, 4, 4, 60), np.nan),
    ],
    ids=["constant", "zero", "noise", "nan"],
)
def test_a_series_without_a_bolus_is_refused(curves: np.ndarray) -> None:
    with pytest.raises(PerfusionError, match="No artery can be found: none of 64 voxels rises above its noise"):
        find_aif(curves, 2.0 * np.arange(60))


def test_a_bolus_before_the_first_frame_is_refused(dce: VesselPhantom) -> None:
    with pytest.raises(PerfusionError, match="before the first frame"):
        find_aif(dce.curves[..., 15:], dce.time_s[15:])


def test_negative_curves_are_no_bolus(dce: VesselPhantom) -> None:
    with pytest.raises(PerfusionError, match="a bolus that came before the first frame, a wrong baseline"):
        find_aif(-dce.curves, dce.time_s)


def test_curves_that_never_fall_are_refused() -> None:
    time_s = 2.0 * np.arange(60)
    rising = np.maximum(time_s - 20, 0) / 100
    curves = rising + np.random.default_rng(0).normal(scale=0.005, size=(3, 4, 4, 60))
    with pytest.raises(PerfusionError, match="no curve falls to half its peak"):
        find_aif(curves, time_s)


def test_an_empty_mask_and_other_shapes_are_refused(dce: VesselPhantom) -> None:
    with pytest.raises(PerfusionError, match="has no voxel: draw one that holds an artery"):
        find_aif(dce.curves, dce.time_s, mask=np.zeros(dce.in_artery.shape, bool))
    with pytest.raises(PerfusionError, match="use one grid"):
        find_aif(dce.curves, dce.time_s, mask=np.ones((2, 2, 2), bool))
    with pytest.raises(PerfusionError, match="there are 7 times"):
        find_aif(dce.curves, dce.time_s[:7])


def test_voxels_too_dark_for_blood_are_neither_arteries_nor_lost_ones(dce: VesselPhantom) -> None:
    curves = dce.curves.reshape(-1, len(dce.time_s)).copy()
    everywhere, in_artery = np.ones(dce.in_artery.shape, bool), dce.in_artery.ravel()
    dark = np.zeros(len(curves), bool)
    dark[np.flatnonzero(~in_artery)[:40]] = True
    curves[dark] = 3 * dce.artery  # as of a little vessel in bone
    saturated = dark.copy()
    saturated[np.flatnonzero(dark)[20:]] = False
    found = find_aif_in_samples(curves, everywhere, dce.time_s, saturated=saturated, dark=dark)
    assert in_artery[np.ravel_multi_index(tuple(found.voxels.T), everywhere.shape)].all()
    assert found.verdict is AifVerdict.GOOD
    assert {each.rule: each.count for each in found.rejections}["dark"] == 40
