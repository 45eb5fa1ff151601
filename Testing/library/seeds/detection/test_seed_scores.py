"""The scorer counts as the reference defines its measures."""

from __future__ import annotations

import numpy as np
import pytest

from seed_scores import SeedTruth, match_nearest, score_seeds

TRUTH = SeedTruth(
    np.array([[0.0, 0, 0], [10, 0, 0], [11, 0, 0]]),
    np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]]),
    np.array([False, True, True]),
    (("clip", np.array([30.0, 0, 0])),),
    np.array([0.0, 0, 1]),
)


def test_as_many_pairs_as_possible_come_before_the_least_distance() -> None:
    true, found = match_nearest(np.array([[0.0, 0, 0], [2, 0, 0]]), np.array([[1.9, 0, 0], [4.5, 0, 0]]), 3.0)
    assert list(zip(true, found, strict=True)) == [(0, 0), (1, 1)]


def test_a_seed_missed_lowers_the_rate_and_a_detection_too_many_is_counted_by_what_it_is() -> None:
    positions = np.array([[0.1, 0, 0], [10, 0, 0], [31, 0, 0], [-50, 0, 0]])
    result = score_seeds(TRUTH, positions, np.tile([0.0, 0, 1], (4, 1)))
    assert (result.detected, result.touching, result.touching_detected) == (2, 2, 1)
    assert result.false_positives == {"clip": 1, "other": 1}
    assert result.position_mm.max() == pytest.approx(0.1)


def test_an_axis_has_no_sign_and_its_error_splits_into_azimuth_and_elevation() -> None:
    tilted = [np.cos(0.1) * np.cos(0.2), np.cos(0.1) * np.sin(0.2), np.sin(0.1)]
    result = score_seeds(TRUTH, TRUTH.centres_mm, np.array([[0.0, 0, -1], tilted, [0, -1, 0]]))
    assert result.axis_deg[0] == 0
    assert result.azimuth_deg == pytest.approx([0, np.rad2deg(0.2), 0], abs=1e-6)
    assert result.elevation_deg == pytest.approx([0, np.rad2deg(0.1), 0], abs=1e-6)


def test_no_detection_is_no_error() -> None:
    result = score_seeds(TRUTH, np.empty((0, 3)), np.empty((0, 3)))
    assert result.detected == result.false_positive_count == 0
