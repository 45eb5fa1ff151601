from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.planning import StructureSurface
from brachyresponse.planning.skin import skin_in_grid, skin_near
from brachyresponse.seeds import Seeds


def one_seed(y_mm: float) -> Seeds:
    return Seeds(np.array([[0.0, y_mm, 0.0]]), np.array([[0.0, 0.0, 1.0]]), np.array([0.5]))


@pytest.fixture(scope="module")
def body(box: Callable) -> StructureSurface:
    """Its front is 60 mm before the origin, the other faces 90 mm away."""
    return StructureSurface(box("Body", (-90, -90, -90), (90, 60, 90)))


def test_the_skin_is_a_layer_under_the_outline_of_the_body(body: StructureSurface) -> None:
    skin = skin_near(one_seed(48), body, thickness_mm=2, reach_mm=20)
    assert skin is not None
    assert skin.name == "Skin (2 mm under Body)"
    lower, upper = skin.bounds_mm()
    np.testing.assert_allclose([lower[1], upper[1]], [58, 60], atol=0.51)  # voxels of 1 mm
    # 41 x 41 voxel columns of 2 mm
    assert skin.volume_cc == pytest.approx(41 * 41 * 2 / 1000, rel=0.01)


def test_skin_out_of_reach_is_left_out(body: StructureSurface) -> None:
    assert skin_near(one_seed(10), body, reach_mm=40) is None
    assert skin_near(one_seed(21), body, reach_mm=40) is not None


def test_skin_that_is_in_the_dose_grid_stays_as_it_is(body: StructureSurface) -> None:
    skin = skin_near(one_seed(48), body, reach_mm=20)
    assert skin is not None
    part, warning = skin_in_grid(skin, one_seed(48), Grid.covering([-30, 20, -30], [30, 70, 30], 2.0))
    assert part is skin
    assert warning == ""


def test_a_dose_grid_that_ends_beside_the_nearest_skin_leaves_out_what_is_further(body: StructureSurface) -> None:
    skin = skin_near(one_seed(48), body, reach_mm=20)
    assert skin is not None
    part, warning = skin_in_grid(skin, one_seed(48), Grid.covering([-10, 20, -10], [10, 70, 10], 2.0))
    assert warning == ""
    assert part is not None
    assert part.name == "Skin in grid (2 mm under Body)"
    assert part.volume_cc == pytest.approx(21 * 21 * 2 / 1000, rel=0.01)


@pytest.mark.parametrize(("upper_mm", "is_there"), [((-1, 70, 30), True), ((30, 50, 30), False)])
def test_a_dose_grid_that_ends_before_the_nearest_skin_is_warned_of(
    body: StructureSurface, upper_mm: tuple[float, float, float], is_there: bool
) -> None:
    skin = skin_near(one_seed(48), body, reach_mm=20)
    assert skin is not None
    part, warning = skin_in_grid(skin, one_seed(48), Grid.covering([-30, 20, -30], upper_mm, 2.0))
    assert (part is not None) is is_there
    assert warning.startswith("The skin nearest to the seeds, 11 mm from one, lies outside the dose grid")
