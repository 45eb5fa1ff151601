"""What hangs together and what is enclosed, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import binary_fill_holes, label

from brachyresponse.response.measurement.connected import IN_SLICE, IN_SPACE, count_connected, enclosed, labelled

SHAPE = (6, 17, 19)
IN_SLICES = np.zeros((3, 3, 3))
IN_SLICES[1] = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]


def speckles(share: float) -> np.ndarray:
    return np.random.default_rng(int(100 * share)).random(SHAPE) < share


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize(
    ("rows", "by_corners", "structure"), [(IN_SPACE, True, np.ones((3, 3, 3))), (IN_SLICE, False, IN_SLICES)]
)
def test_the_same_voxels_hang_together_as_in_scipy(
    share: float, rows: tuple[tuple[int, int], ...], by_corners: bool, structure: np.ndarray
) -> None:
    mask = speckles(share)
    found = labelled(mask, rows, by_corners=by_corners)
    expected, count = label(mask, structure)
    pairs = np.unique(np.stack([found[mask], expected[mask]]), axis=1)
    assert pairs.shape[1] == count == found.max()  # each number of one is one number of the other
    assert count_connected(mask, rows, by_corners=by_corners) == count
    assert not found[~mask].any()


@pytest.mark.parametrize("share", [0.0, 0.4, 0.6, 0.8, 1.0])
def test_the_same_is_enclosed_as_in_scipy(share: float) -> None:
    mask = speckles(share)
    expected = np.stack([binary_fill_holes(one) & ~one for one in mask])
    np.testing.assert_array_equal(enclosed(mask), expected)
