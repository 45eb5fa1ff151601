"""The midsagittal plane of a head that lies turned, on grids of any orientation."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.lesions import SagittalPlane, midsagittal_plane
from painted_head import MIDDLE_MM, head_grid, painted, turned
from reference import REFERENCE, needs_reference

OBLIQUE = turned_grid((64, 76, 50), (3.0, 3.0, 4.5), (12, -9, 15), (0, 0, 8))


@pytest.mark.parametrize(
    ("angles_deg", "grid"),
    [((0, 20, 0), head_grid(4.0)), ((15, -12, 15), head_grid(4.0)), ((0, 5, -8), OBLIQUE)],
    ids=["leaning to one side", "turned about every axis", "on an oblique grid"],
)
def test_the_plane_of_a_turned_head_is_found_in_spite_of_its_tumour(
    angles_deg: tuple[float, float, float], grid: Grid
) -> None:
    motion = turned(angles_deg, (5, -8, 3))
    plane = midsagittal_plane(painted(grid, motion=motion))
    normal, middle = motion[:3, :3] @ [1, 0, 0], motion[:3, :3] @ MIDDLE_MM + motion[:3, 3]
    assert np.rad2deg(np.arccos(min(plane.normal @ normal, 1.0))) < 0.5
    assert abs(plane.distance_mm(middle)) < 0.5
    assert plane.confidence > 0.9


def test_mirroring_twice_is_nothing_and_keeps_the_height_above_the_plane() -> None:
    plane = SagittalPlane(np.array([3.0, 1, 2]), np.array([2.0, 0.3, -0.2]))
    points = np.random.default_rng(0).normal(0, 50, (40, 3))
    np.testing.assert_allclose(plane.mirror(plane.mirror(points)), points, atol=1e-10)  # rounding
    np.testing.assert_allclose(plane.distance_mm(plane.mirror(points)), -plane.distance_mm(points), atol=1e-10)
    assert np.linalg.norm(plane.normal) == pytest.approx(1)


@needs_reference("mri", "brain1_image.nrrd")
def test_the_plane_of_a_real_head_parts_its_two_eyes() -> None:
    import SimpleITK as sitk

    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_image.nrrd"))
    plane = midsagittal_plane(Volume("Brain", sitk.GetArrayFromImage(image), Grid.from_image(image)))
    eyes = np.array([image.TransformIndexToPhysicalPoint(index) for index in ((90, 229, 8), (175, 226, 8))])
    one, other = plane.distance_mm(eyes * [-1, -1, 1])
    assert one == pytest.approx(-other, abs=3.0)  # read by eye from the picture
    assert plane.confidence > 0.7


def test_an_image_without_a_head_is_refused() -> None:
    grid = Grid.covering([-40] * 3, [40] * 3, 4.0)
    with pytest.raises(ImageError, match="shows 0 cc of a head, at least 300 cc are needed"):
        midsagittal_plane(Volume("Empty", np.zeros(grid.shape_kji), grid))


def test_a_plane_without_direction_is_refused() -> None:
    with pytest.raises(ImageError, match="three numbers, not all 0"):
        SagittalPlane(np.zeros(3), np.zeros(3))
