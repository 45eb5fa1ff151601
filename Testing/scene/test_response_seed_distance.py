"""The distance of a lesion to the seeds, in thick and oblique slices."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.response_implant_seeds import SEED_HALF_LENGTH_MM, distance_to_seeds_mm
from brachyresponse.seeds import Seeds
from scene.building import rotation


@pytest.mark.parametrize("degrees", [0.0, 35.0])
def test_it_is_that_of_the_voxels_themselves_to_the_ends_of_the_capsules(degrees: float) -> None:
    turn = rotation(degrees, [1, 2, 3])
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ np.diag([1.0, 1.0, 5.0])
    mask = np.zeros((5, 11, 11))
    mask[2, 5, 5] = 1.0
    middle = matrix[:3, :3] @ [5.0, 5.0, 2.0]
    lesion = Structure("one voxel", mask, Grid((5, 11, 11), matrix))
    along, across = turn @ [0.0, 0.0, 1.0], turn @ [1.0, 0.0, 0.0]

    def away(place: np.ndarray, axis: np.ndarray) -> float:
        return distance_to_seeds_mm(lesion, Seeds(place[None], axis[None], np.array([0.5])))

    rounding = {"abs": 1e-9}
    assert away(middle + 10.0 * along, along) == pytest.approx(10.0 - 2.5 - SEED_HALF_LENGTH_MM, **rounding)
    assert away(middle + 10.0 * along, across) == pytest.approx(10.0 - 2.5, **rounding)
    assert away(middle + 8.0 * across, along) == pytest.approx(8.0 - 0.5, **rounding)
    assert away(middle + 2.4 * along, across) == 0.0
