"""A lesion's ratio to white matter: its value, its interval, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions.ratios import (
    HIGH_STATISTICS,
    LOW_STATISTICS,
    LesionRatio,
    RatioSettings,
    RatioStatistic,
    lesion_ratio,
    lesion_ratios,
)
from two_balls import GRID, LESION, RATIO, REFERENCE, a_map

QUICK = RatioSettings(samples=200)


def ratio_of(values: np.ndarray, **options: object) -> LesionRatio:
    return lesion_ratio(values, LESION, REFERENCE, grid=GRID, settings=QUICK, **options)


def test_the_ratio_is_that_of_the_means_with_the_truth_in_its_interval() -> None:
    result = ratio_of(a_map())
    assert result.value == pytest.approx(a_map()[LESION].mean() / a_map()[REFERENCE].mean(), rel=1e-12)  # the same sum
    assert result.low < RATIO < result.high
    assert result.is_evaluable
    assert result.sentence.startswith(f"The lesion's mean is {result.value:.2f} times white matter (95% interval")


@settings(max_examples=6)
@given(factor=st.floats(1e-6, 1e6), statistic=st.sampled_from(list(RatioStatistic)))
def test_the_unit_of_the_map_does_not_matter(factor: float, statistic: RatioStatistic) -> None:
    one, other = ratio_of(a_map(), statistic=statistic), ratio_of(factor * a_map(), statistic=statistic)
    assert (other.value, other.low, other.high) == pytest.approx((one.value, one.low, one.high), rel=1e-9)  # rounding


def test_the_same_input_gives_the_same_interval_and_another_seed_nearly_the_same() -> None:
    one, again = ratio_of(a_map()), ratio_of(a_map())
    assert (one.low, one.high) == (again.low, again.high)
    other = lesion_ratio(a_map(), LESION, REFERENCE, grid=GRID, settings=RatioSettings(samples=200, random_seed=5))
    assert other.low == pytest.approx(one.low, abs=0.05)  # a quarter of the interval's width


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("mean", 2.0),
        ("median", 2.0),
        ("p95", 2.0 + 0.4 * 1.645),
        ("hot_spot", 2.08),
        ("p5", 2.0 - 0.4 * 1.645),
        ("p10", 2.0 - 0.4 * 1.282),
        ("p25", 2.0 - 0.4 * 0.674),
        ("cold_spot", 1.92),
    ],
)
def test_every_statistic_has_its_value_and_lies_in_its_interval(statistic: str, expected: float) -> None:
    result = ratio_of(a_map(), statistic=statistic)
    assert result.value == pytest.approx(expected, abs=0.12)  # four standard errors of some hundred voxels
    assert result.low < result.value < result.high


def test_several_ratios_at_once_are_those_of_one_by_one() -> None:
    together = lesion_ratios(
        a_map(), LESION, REFERENCE, statistics=list(RatioStatistic), grid=GRID, settings=QUICK, what="core"
    )
    for statistic in (RatioStatistic.MEDIAN, RatioStatistic.HOT_SPOT, RatioStatistic.COLD_SPOT):
        assert together[statistic] == ratio_of(a_map(), statistic=statistic)


def test_an_unknown_statistic_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StructureError, match="no ratio statistic 'p7': choose one of mean, median"):
        RatioStatistic("p7")
    assert set(HIGH_STATISTICS) | set(LOW_STATISTICS) == set(RatioStatistic)


def test_smooth_noise_gives_a_wider_interval_than_noise_from_voxel_to_voxel() -> None:
    sharp, smooth = ratio_of(a_map()), ratio_of(a_map(width_mm=4.0))
    assert smooth.high - smooth.low > 2 * (sharp.high - sharp.low)  # the truth is 3.3 times
    assert smooth.reference_standard_error > 2 * sharp.reference_standard_error


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    found = [ratio_of(a_map(width_mm=2.5, random_seed=n)) for n in range(20)]
    assert sum(each.low <= RATIO <= each.high for each in found) >= 17  # fewer in 2 of 100 where it is 95 %


@pytest.mark.validation
@pytest.mark.parametrize("width_mm", [0.0, 2.5, 4.0])
@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_interval_holds_the_truth_in_95_of_100(width_mm: float, statistic: str) -> None:
    found = [ratio_of(a_map(width_mm=width_mm, random_seed=n), statistic=statistic) for n in range(400)]
    covered = np.mean([each.low <= RATIO <= each.high for each in found if each.is_evaluable])
    assert 0.91 <= covered <= 0.99  # 95 % within four standard errors of 400 trials


def test_voxels_that_are_not_valid_do_not_count() -> None:
    values, valid = a_map(), np.ones(GRID.shape_kji, bool)
    values[10:, LESION.any(axis=0)] = np.nan
    valid[:7] = False
    result = ratio_of(values, valid=valid)
    left = LESION & valid & np.isfinite(values)
    assert result.valid_voxels == np.count_nonzero(left)
    assert result.valid_share == pytest.approx(left.sum() / LESION.sum())
    assert result.value == pytest.approx(values[left].mean() / np.mean(values[REFERENCE & valid & np.isfinite(values)]))


def test_a_reference_that_is_noise_gives_no_ratio() -> None:
    values = a_map()
    values[REFERENCE] -= 1.0
    result = ratio_of(values)
    assert (result.value, result.low, result.high) == (None, None, None)
    assert "not above its noise" in result.reasons[0]
    assert result.sentence.startswith("Not evaluable, ")
    assert result.reference_value == pytest.approx(0, abs=0.1)  # it is shown all the same


def test_a_reference_held_at_zero_by_the_fit_gives_no_ratio() -> None:
    values = a_map()
    values[REFERENCE] = np.maximum(values[REFERENCE] - 1.0, 0)
    result = ratio_of(values)
    assert result.reference_value > 3 * result.reference_standard_error  # so that the first rule lets it pass
    assert "lie at the lowest value that the fit allows" in result.reasons[0]


def test_a_small_lesion_gives_no_ratio() -> None:
    small = np.zeros_like(LESION)
    small[9:11, 14:18, 16:19] = True
    result = lesion_ratio(a_map(), small, REFERENCE, grid=GRID)
    assert result.reasons == ("The lesion has 0.29 cc, at least 1 cc are needed.",)


def test_too_few_valid_voxels_give_no_ratio() -> None:
    values = np.full(GRID.shape_kji, np.nan)
    values[REFERENCE] = a_map()[REFERENCE]
    values[tuple(np.argwhere(LESION)[:19].T)] = 2.0
    result = ratio_of(values)
    assert result.reasons == ("Only 19 voxels of the lesion are valid, at least 20 are needed.",)
    assert result.lesion_value == 2.0


def test_a_remnant_of_the_lesion_gives_no_ratio_and_a_quarter_gives_one() -> None:
    where = np.argwhere(LESION)
    quarter = -(-len(where) // 4)
    for kept, reasons in ((quarter, 0), (quarter - 1, 1)):
        values = a_map()
        values[tuple(where[kept:].T)] = np.nan
        result = ratio_of(values)
        assert len(result.reasons) == reasons
    assert result.reasons[0].endswith("of the lesion is valid, at least 25% are needed.")


def test_no_valid_voxel_at_all_is_none_and_never_nan() -> None:
    result = ratio_of(np.full(GRID.shape_kji, np.nan))
    assert (result.value, result.lesion_value, result.reference_value) == (None, None, None)
    assert len(result.reasons) == 2


def test_a_failed_arterial_input_refuses_every_ratio() -> None:
    result = ratio_of(a_map(), refusals=("The arterial input function failed: no bolus.",))
    assert not result.is_evaluable
    assert result.reasons == ("The arterial input function failed: no bolus.",)


def test_an_even_map_has_an_interval_of_one_point() -> None:
    result = ratio_of(a_map(noise=0.0))
    assert (result.low, result.value, result.high) == (2.0, 2.0, 2.0)


def test_structures_bring_their_grid() -> None:
    lesion, reference = Structure("Lesion", LESION, GRID), Structure("NAWM", REFERENCE, GRID)
    result = lesion_ratio(a_map(), lesion, reference, settings=QUICK)
    assert result.value == ratio_of(a_map()).value


def test_regions_that_overlap_are_refused() -> None:
    with pytest.raises(StructureError, match=r"share 4\.\d+ cc: the reference must be outside"):
        lesion_ratio(a_map(), LESION, LESION | REFERENCE, grid=GRID)


def test_an_empty_region_is_refused() -> None:
    with pytest.raises(StructureError, match="The lesion is empty on the map"):
        lesion_ratio(a_map(), np.zeros_like(LESION), REFERENCE, grid=GRID)


def test_a_region_on_another_grid_is_refused() -> None:
    elsewhere = Grid(GRID.shape_kji, np.diag([2.0, 2.0, 3.5, 1.0]))
    with pytest.raises(StructureError, match=r"lesion 'GTV' lies on .* carry it over to the map first"):
        lesion_ratio(a_map(), Structure("GTV", LESION, elsewhere), REFERENCE, grid=GRID)


def test_a_region_of_another_shape_is_refused() -> None:
    with pytest.raises(StructureError, match=r"white matter has shape \(19, 30, 70\), the map \(20, 30, 70\)"):
        lesion_ratio(a_map(), LESION, REFERENCE[1:], grid=GRID)


def test_a_map_without_voxel_size_is_refused() -> None:
    with pytest.raises(StructureError, match="size of the map's voxels is not known"):
        lesion_ratio(a_map(), LESION, REFERENCE)


def test_a_map_of_another_shape_than_its_grid_is_refused() -> None:
    with pytest.raises(StructureError, match=r"The map has shape \(19, 30, 70\), its grid \(20, 30, 70\)"):
        lesion_ratio(a_map()[1:], LESION, REFERENCE, grid=GRID)
