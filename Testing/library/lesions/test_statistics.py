"""Statistics and histogram of a map in a segment."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.lesions import segment_statistics

MAP = np.arange(1.0, 101.0).reshape(4, 5, 5)
EVERYWHERE = np.ones(MAP.shape, bool)


def test_the_numbers_1_to_100_have_their_known_statistics() -> None:
    found = segment_statistics(MAP, EVERYWHERE)
    assert (found.voxels, found.count, found.valid_share) == (100, 100, 1.0)
    assert (found.mean, found.median) == (50.5, 50.5)
    assert found.standard_deviation == pytest.approx(np.sqrt(100 * 101 / 12), rel=1e-12)  # rounding only
    assert found.percentiles == pytest.approx({5: 5.95, 25: 25.75, 75: 75.25, 95: 95.05}, rel=1e-12)


def test_the_histogram_counts_every_valid_voxel_once() -> None:
    histogram = segment_statistics(MAP, EVERYWHERE, bins=10).histogram
    assert histogram is not None
    assert histogram.counts.tolist() == [10] * 10
    assert histogram.centres[0] == pytest.approx(1 + 99 / 20)
    assert (histogram.density * np.diff(histogram.edges)).sum() == pytest.approx(1)


def test_a_structure_counts_where_it_fills_half_a_voxel() -> None:
    occupancy = np.zeros(MAP.shape)
    occupancy[0, 0] = [1.0, 0.6, 0.5, 0.4, 0.0]
    found = segment_statistics(MAP, Structure("lesion", occupancy, Grid(MAP.shape, np.eye(4))))
    assert (found.voxels, found.mean) == (3, 2.0)


def test_voxels_without_a_value_or_excluded_do_not_count() -> None:
    values, valid = MAP.copy(), EVERYWHERE.copy()
    values[0], valid[1] = np.nan, False
    found = segment_statistics(values, EVERYWHERE, valid=valid)
    assert (found.count, found.valid_share, found.mean) == (50, 0.5, 75.5)


def test_no_valid_voxel_is_a_result_with_its_reason() -> None:
    found = segment_statistics(np.full(MAP.shape, np.nan), EVERYWHERE)
    assert (found.mean, found.histogram, found.percentiles) == (None, None, {})
    assert found.reason == "None of the segment's 100 voxels has a valid value."


def test_one_voxel_has_no_deviation() -> None:
    found = segment_statistics(MAP, MAP == 7)
    assert (found.mean, found.standard_deviation, found.reason) == (7.0, None, "")


def test_an_empty_segment_is_refused() -> None:
    with pytest.raises(StructureError, match="segment is empty"):
        segment_statistics(MAP, ~EVERYWHERE)


def test_a_segment_of_another_grid_is_refused() -> None:
    with pytest.raises(StructureError, match=r"segment has shape \(4, 5\), the map \(4, 5, 5\)"):
        segment_statistics(MAP, EVERYWHERE[:, :, 0])
