from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from brachyresponse.planning import StructureSurface
from brachyresponse.planning.skin import skin_near
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
