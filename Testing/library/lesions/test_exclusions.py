"""What does not count of a lesion, and how much is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions import Exclusion, cavity, combine, dark_on_t2star, enhancing_vessels, necrosis

GRID = Grid.covering([-40, -40, -30], [40, 40, 30], 2.0)
POINTS_MM = GRID.points_mm()
AWAY_MM = np.linalg.norm(POINTS_MM, axis=-1)
LESION = Structure("Lesion", AWAY_MM < 14, GRID)


def an_image(levels: dict[float, np.ndarray], tissue: float = 400.0) -> Volume:
    values = tissue + np.random.default_rng(0).normal(0, 10, GRID.shape_kji)
    for level, mask in levels.items():
        values[mask] += level - tissue
    return Volume("Image", values, GRID)


def test_what_each_exclusion_takes_and_what_is_left_is_stated() -> None:
    half, top = POINTS_MM[..., 0] < 0, POINTS_MM[..., 2] > 0
    left = combine(LESION.mask, [Exclusion("seeds", half, "5 mm"), Exclusion("vessels", top, "bright")])
    seeds, vessels = left.rows
    assert seeds.voxels == np.count_nonzero(LESION.mask & half)
    assert seeds.share_left == pytest.approx(1 - seeds.share_taken)
    assert vessels.share_left == left.share == pytest.approx(np.mean(~(half | top)[LESION.mask]))
    np.testing.assert_array_equal(left.mask, LESION.mask & ~half & ~top)
    assert left.sentence == f"{left.share:.0%} of the lesion is left (taken: seeds 45%, vessels 45%)."


@settings(max_examples=20)
@given(seeds=st.lists(st.integers(0, 2**16), max_size=4))
def test_the_order_of_exclusions_does_not_change_what_is_left(seeds: list[int]) -> None:
    masks = [np.random.default_rng(seed).random(GRID.shape_kji) < 0.3 for seed in seeds]
    exclusions = [Exclusion(str(n), mask, "") for n, mask in enumerate(masks)]
    there, back = combine(LESION.mask, exclusions), combine(LESION.mask, exclusions[::-1])
    np.testing.assert_array_equal(there.mask, back.mask)
    assert sorted(row.voxels for row in there.rows) == sorted(row.voxels for row in back.rows)


def test_nothing_excluded_leaves_all() -> None:
    left = combine(LESION.mask, [])
    assert (left.share, left.refusals, left.sentence) == (1.0, (), "100% of the lesion is left.")


@pytest.mark.parametrize(("radius_mm", "refused"), [(6.0, False), (11.0, True)])
def test_blood_in_more_than_a_quarter_of_the_lesion_refuses_it(radius_mm: float, refused: bool) -> None:
    blood = radius_mm > AWAY_MM
    dark = dark_on_t2star(an_image({100.0: blood}), LESION)
    np.testing.assert_array_equal(dark.mask, blood)
    left = combine(LESION.mask, [dark])
    assert bool(left.refusals) == refused
    if refused:
        assert left.refusals[0].endswith("of the lesion is blood or calcification, at most 25% may be.")


def test_the_core_that_does_not_enhance_is_necrosis_and_the_fluid_in_it_a_cavity() -> None:
    image = an_image({900.0: (AWAY_MM < 14) & (AWAY_MM >= 8), 300.0: (AWAY_MM < 8) & (AWAY_MM >= 4), 80.0: AWAY_MM < 4})
    np.testing.assert_array_equal(necrosis(image, LESION).mask, AWAY_MM < 8)
    np.testing.assert_array_equal(cavity(image, LESION).mask, AWAY_MM < 4)


def test_a_bright_thin_vessel_is_one_and_the_bright_lesion_is_not() -> None:
    vessel = (np.hypot(POINTS_MM[..., 0] - 22, POINTS_MM[..., 1]) < 2.1) & (np.abs(POINTS_MM[..., 2]) < 20)
    found = enhancing_vessels(an_image({900.0: LESION.mask, 950.0: vessel}), LESION).mask
    assert np.mean(found[vessel]) > 0.95
    assert np.mean(found[AWAY_MM < 11]) == 0


def test_a_lesion_on_another_grid_is_refused() -> None:
    other = Grid.covering([-20] * 3, [20] * 3, 2.0)
    with pytest.raises(StructureError, match="carry the lesion to the image first"):
        necrosis(an_image({}), Structure("Lesion", np.ones(other.shape_kji, bool), other))


def test_an_image_without_tissue_round_the_lesion_is_refused() -> None:
    with pytest.raises(StructureError, match="has no tissue: check that they belong together"):
        cavity(Volume("Empty", np.zeros(GRID.shape_kji), GRID), LESION)


def test_an_empty_lesion_is_refused() -> None:
    with pytest.raises(StructureError, match="The lesion is empty"):
        combine(np.zeros(GRID.shape_kji, bool), [])


def test_an_exclusion_on_another_grid_is_refused() -> None:
    with pytest.raises(StructureError, match=r"Exclusion 'seeds' has shape \(2, 2, 2\)"):
        combine(LESION.mask, [Exclusion("seeds", np.ones((2, 2, 2), bool), "")])
