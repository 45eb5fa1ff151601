"""Places in words."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.verification.where import where_from

CENTRE = np.array([10.0, -20.0, 30.0])


@pytest.mark.parametrize(
    ("offset_mm", "words"),
    [
        ((-6, 0, 5.3), "left, superior, 8 mm from the centre"),
        ((10, 0, 0), "right, 10 mm from the centre"),
        ((0, 10, 0), "anterior, 10 mm from the centre"),
        ((0, -10, 1), "posterior, 10 mm from the centre"),
        ((5, -5, -5), "right, posterior, inferior, 9 mm from the centre"),
        ((0.3, 0.3, 0.3), "at the centre"),
    ],
)
def test_a_place_is_said_from_the_patients_side(offset_mm: tuple[float, float, float], words: str) -> None:
    assert where_from(CENTRE, CENTRE + offset_mm) == words
