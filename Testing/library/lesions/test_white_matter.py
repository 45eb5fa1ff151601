"""White matter proposed opposite a lesion: pure, on the other side, away from dose."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.head import Head
from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions import SagittalPlane, WhiteMatter, propose_white_matter
from painted_head import head_grid, inside, painted

PLANE = SagittalPlane(np.array([0.0, 0, 10]), np.array([1.0, 0, 0]))
TUMOUR = Head().tumour


@pytest.fixture(scope="module")
def head() -> Volume:
    return painted(head_grid(3.0), noise=14)


@pytest.fixture(scope="module")
def lesion(head: Volume) -> Structure:
    return Structure("Lesion", inside(TUMOUR.outline, head.grid), head.grid)


@pytest.fixture(scope="module")
def proposed(head: Volume, lesion: Structure) -> WhiteMatter:
    return propose_white_matter(head, lesion)


def tissues_of(points_mm: np.ndarray) -> set[str]:
    names = np.full(len(points_mm), "air", "U20")
    for tissue, shape in Head().painting():
        names[shape.distance_mm(points_mm) < 0] = tissue
    return set(names)


def test_nothing_but_white_matter_is_proposed(head: Volume, proposed: WhiteMatter) -> None:
    points = head.grid.points_mm()[proposed.structure.mask]
    assert tissues_of(points) == {"white matter"}


def test_it_lies_opposite_the_lesion_and_has_its_size(lesion: Structure, proposed: WhiteMatter) -> None:
    assert proposed.side == "left"
    opposite = lesion.centre_mm * [-1, 1, 1]
    assert np.linalg.norm(proposed.structure.centre_mm - opposite) < 15
    assert proposed.volume_cc == pytest.approx(8.0, rel=0.01)  # whole voxels; the lesion has 10 cc
    assert proposed.warnings == ()
    assert proposed.sentence.startswith("8.0 cc of white matter on the left, opposite 'Lesion', ")


def test_the_distance_from_the_lesion_is_stated(lesion: Structure, proposed: WhiteMatter) -> None:
    points = [each.grid.to_ras(np.argwhere(each.mask)[:, ::-1]) for each in (lesion, proposed.structure)]
    nearest = min(np.linalg.norm(points[0] - point, axis=1).min() for point in points[1][::7])
    assert proposed.distance_mm <= nearest
    assert proposed.distance_mm == pytest.approx(nearest, abs=5)  # every seventh voxel only


def test_it_keeps_out_of_the_dose(head: Volume, lesion: Structure, proposed: WhiteMatter) -> None:
    grid = Grid.covering([-80, -90, -60], [80, 90, 90], 5.0)
    away = np.linalg.norm(grid.points_mm() - proposed.structure.centre_mm, axis=-1)
    dose = Volume("Dose", (100 * np.exp(-away / 5)).astype(np.float32), grid, "Gy")
    moved = propose_white_matter(head, lesion, plane=PLANE, dose=dose, dose_limit_gy=5.0)
    assert moved.largest_dose_gy <= 5.0
    assert "at most" in moved.sentence
    assert "(limit 5 Gy)" in moved.sentence
    assert not moved.structure.mask[tuple(np.argwhere(proposed.structure.mask).mean(axis=0).astype(int))]


def test_dose_everywhere_leaves_none_and_says_so(head: Volume, lesion: Structure) -> None:
    dose = Volume("Dose", np.full(head.grid.shape_kji, 20.0), head.grid, "Gy")
    with pytest.raises(StructureError, match=r"Only 0\.00 cc of white matter .* below 5 Gy, at least 0\.3 cc"):
        propose_white_matter(head, lesion, plane=PLANE, dose=dose)


def test_a_small_proposal_is_warned_of(proposed: WhiteMatter) -> None:
    grid = proposed.structure.grid
    few = np.zeros(grid.shape_kji, bool)
    few[tuple(np.argwhere(proposed.structure.mask)[:30].T)] = True
    small = WhiteMatter(Structure("White matter", few, grid), "left", "Lesion", 40.0, None, None, PLANE)
    assert small.warnings == ("The white matter has 0.81 cc only: enlarge it by hand where you can.",)


def test_a_lesion_of_both_sides_is_warned_of(head: Volume, lesion: Structure) -> None:
    """A third of its voxels again, mirrored: a quarter of the whole lies where the white matter is looked for."""
    points = head.grid.points_mm()
    away = np.linalg.norm(points - lesion.centre_mm * [-1, 1, 1], axis=-1)
    other = np.zeros(head.grid.shape_kji, bool)
    other.flat[np.argsort(away, axis=None)[: np.count_nonzero(lesion.mask) // 3]] = True
    both = propose_white_matter(head, Structure("Lesion", lesion.mask | other, head.grid))
    assert both.lesion_across == pytest.approx(0.25, abs=0.02)
    assert both.warnings[0].startswith("25% of 'Lesion' lies on the left as well")


def test_a_lesion_outside_the_image_is_refused(head: Volume) -> None:
    grid = Grid.covering([200, 0, 0], [220, 20, 20], 5.0)
    lesion = Structure("GTV", np.ones(grid.shape_kji, bool), grid)
    with pytest.raises(StructureError, match="'GTV' lies outside 'Head mri_t1_gd'"):
        propose_white_matter(head, lesion, plane=PLANE)
