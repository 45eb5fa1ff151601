from __future__ import annotations

import re

import numpy as np
import pytest

from brachyresponse.pictures import Orientation, SlicePlane
from brachyresponse.pictures.seed_marks import displacement_arrows, seed_bodies, seed_numbers, seed_outlines
from brachyresponse.seeds import Seeds

PLANE = SlicePlane(Orientation.AXIAL, (0.0, 0.0, 0.0), 40.0, 40.0)


def two_seeds() -> Seeds:
    """One in the slice along the patient's left-right, one 10 mm above it."""
    return Seeds([[5, 0, 0], [5, 0, 10]], [[1, 0, 0], [1, 0, 0]], 0.5)


def test_seeds_are_drawn_within_the_slab_only() -> None:
    assert len(seed_bodies(two_seeds(), PLANE)) == len(seed_outlines(two_seeds(), PLANE)) == 1
    assert len(seed_bodies(two_seeds(), PLANE, 20.0)) == len(seed_outlines(two_seeds(), PLANE, 20.0)) == 2


def test_an_outline_encloses_the_seed_and_is_turned_along_it() -> None:
    turned = Seeds([[5, 0, 0]], [[-1, -1, 0]], 0.5)  # right and down in the picture
    (outline,) = seed_outlines(turned, PLANE)
    assert float(re.search(r'width="([\d.]+)"', outline)[1]) == pytest.approx(4.5 + 2 * 0.8, abs=0.01)
    assert "translate(15.00 20.00) rotate(45.0)" in outline
    assert "<title>planned seed 1</title>" in outline


def test_a_seed_seen_end_on_is_a_ring() -> None:
    (outline,) = seed_outlines(Seeds([[0, 0, 0]], [[0, 0, 1]], 0.5), PLANE)
    assert float(re.search(r'width="([\d.]+)"', outline)[1]) == pytest.approx(1.6, abs=0.01)


def test_seeds_near_the_slice_are_numbered_as_in_their_list() -> None:
    far_first = two_seeds().select([1, 0])
    (number,) = seed_numbers(far_first, PLANE)
    assert re.search(r">(\d+)</text>", number)[1] == "2"
    x = float(re.search(r'x="([\d.]+)"', number)[1])
    assert 15 + 2.25 < x < 15 + 5  # beside the seed's end, in the picture


def test_an_arrow_leads_from_tail_to_tip() -> None:
    arrows = np.array([[[0, 0, 0], [-4, 0, 0]]], float)  # towards the patient's left: right in the picture
    (arrow,) = displacement_arrows(arrows, PLANE)
    assert 'x1="20.000"' in arrow
    assert 'points="24.00,20.00 ' in arrow


@pytest.mark.parametrize(
    ("tip", "drawn"), [((-4, 0, 2), 1), ((-0.5, 0, 0), 0), ((0, 0, 9), 0)], ids=["near", "short", "through"]
)
def test_an_arrow_that_would_hide_its_seed_is_left_out(tip: tuple[float, ...], drawn: int) -> None:
    assert len(displacement_arrows(np.array([[(0, 0, 0), tip]], float), PLANE)) == drawn


def test_an_arrow_with_one_end_in_the_slice_is_drawn_and_one_beyond_it_is_not() -> None:
    far = np.array([[[0, 0, 1], [5, 0, 9]], [[0, 0, 8], [5, 0, 9]]], float)
    assert len(displacement_arrows(far, PLANE)) == 1
    assert len(displacement_arrows(far, PLANE, 10.0)) == 2
    assert displacement_arrows(np.empty((0, 2, 3)), PLANE) == []
