"""The cases themselves: the seeds lie where the truth says, and the truth is in the reference's schema."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from brachyresponse.geometry import Grid
from ct_phantom import Case, Recipe, Site, make_case, write_case
from ct_phantom.planting import CAPSULE_GAP_MM, PlantedSeed, Scatter, beside, distance_between, plant_seeds
from ct_phantom.sites import build_site
from reference import REFERENCE, needs_reference

SMALL = Recipe(field_mm=(36, 34, 24), views=300)


def _metal(case: Case, level_hu: float = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Weighted centre and first principal axis of the metal within 7 mm of the first seed, in RAS."""
    points = case.grid.points_mm()
    near = np.linalg.norm(points - case.centres_mm[0], axis=-1) < 7
    excess = np.clip(case.ct_hu[near].astype(float) - level_hu, 0, None)
    centre = np.average(points[near], axis=0, weights=excess)
    offset = points[near] - centre
    return centre, np.linalg.eigh((offset * excess[:, None]).T @ offset)[1][:, -1]


@pytest.mark.parametrize("oblique", [False, True])
@pytest.mark.parametrize("axis", [(0.1, 0.2, 0.97), (0.8, 0.4, 0.4), (0.5, -0.6, 0.6)])
def test_a_seed_lies_and_points_as_the_truth_says(axis: tuple[float, float, float], oblique: bool) -> None:
    recipe = replace(SMALL, oblique=oblique, clipped=False, thickness_mm=0.75, random_seed=5)
    case = make_case(recipe, seeds=[((1.3, -2.1, 0.6), axis)])
    centre, direction = _metal(case)
    assert np.linalg.norm(centre - case.centres_mm[0]) < 0.1  # mm: a fifth of a pixel, with noise
    angle_deg = np.rad2deg(np.arccos(min(abs(direction @ case.axes[0]), 1)))
    assert (
        angle_deg < 9
    )  # degrees: moments overrate tilt, as in the reference phantoms; a wrong sign gives more than 25


def test_the_same_recipe_gives_the_same_image_and_another_seed_another() -> None:
    first, again, other = (make_case(replace(SMALL, seeds=2, random_seed=n)) for n in (3, 3, 4))
    assert np.array_equal(first.ct_hu, again.ct_hu)
    assert not np.array_equal(first.ct_hu, other.ct_hu)


def test_a_shifted_raster_sees_the_same_patient() -> None:
    still = make_case(replace(SMALL, seeds=3))
    moved = make_case(replace(SMALL, seeds=3, shift_mm=(0.2, -0.1, 0.2)))
    np.testing.assert_array_equal(still.centres_mm, moved.centres_mm)
    shift_mm = moved.grid.to_ras([0, 0, 0]) - still.grid.to_ras([0, 0, 0])
    np.testing.assert_allclose(shift_mm, [-0.2, 0.1, 0.2], atol=1e-9)  # x and y of the scanner run against R and A
    ijk = moved.grid.to_ijk(still.grid.points_mm())
    resampled = ndimage.map_coordinates(moved.ct_hu.astype(float), np.moveaxis(ijk[..., ::-1], -1, 0), order=3)
    inner = (slice(3, -3),) * 3
    plain = np.abs(still.ct_hu[inner]) < 300
    difference = (resampled - still.ct_hu)[inner][plain]
    assert np.abs(np.mean(difference)) < 1  # HU, away from metal


def test_metal_is_clipped_as_by_a_12_bit_scanner_unless_asked_otherwise() -> None:
    one = [((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))]
    assert make_case(SMALL, seeds=one).ct_hu.max() == 3071
    assert make_case(replace(SMALL, clipped=False), seeds=one).ct_hu.max() > 4000


@pytest.mark.parametrize("site", list(Site))
def test_a_planted_implant_has_its_number_of_seeds_pairs_and_strays(site: Site) -> None:
    random = np.random.default_rng(2)
    seeds = plant_seeds(build_site(site, random), 24, Scatter(1.0, 12.0, 0.25, 0.05), random)
    assert len(seeds) == 24
    assert sum(s.kind == "migrated" for s in seeds) == 1
    paired = [n for n, s in enumerate(seeds) if s.partner is not None]
    assert len(paired) == 6
    for n in paired:
        partner = seeds[seeds[n].partner]
        assert seeds[partner.partner] is seeds[n]
        assert CAPSULE_GAP_MM <= distance_between(seeds[n], partner) < 2.2
        assert seeds[n].kind == partner.kind


def test_no_two_capsules_lie_in_one_another() -> None:
    random = np.random.default_rng(8)
    seeds = plant_seeds(build_site(Site.PELVIS, random), 60, Scatter(1.5, 18.0, 0.25, 0.03), random)
    assert min(distance_between(a, b) for a, b in combinations(seeds, 2)) >= CAPSULE_GAP_MM


def test_a_target_too_small_for_its_seeds_is_refused() -> None:
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="900 seeds do not fit"):
        plant_seeds(build_site(Site.LOCAL, random), 900, Scatter(), random)


@pytest.mark.parametrize("kind", ["pair_side", "pair_end", "pair_cross"])
def test_partners_touch_as_their_kind_says(kind: str) -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        centre, axis = beside((0, 0, 0), (0, 0, 1), kind, random)
        one = PlantedSeed(np.zeros(3), np.array([0.0, 0.0, 1.0]), np.zeros(3), np.array([0.0, 0.0, 1.0]))
        other = PlantedSeed(centre, axis, centre, axis)
        assert distance_between(one, other) < 2.4
        angle_deg = np.rad2deg(np.arccos(abs(axis[2])))
        assert (angle_deg >= 29) == (kind == "pair_cross")


def test_an_unknown_decoy_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Decoys \['coin'\] are unknown"):
        make_case(replace(SMALL, decoys=("coin",)))


@pytest.mark.parametrize(
    ("kind", "least_hu", "most_hu"),
    [("gold_fiducial", 3000, 3071), ("clip", 1500, 3071), ("calcification", 250, 1500), ("screw", 2500, 3071)],
)
def test_decoys_are_as_bright_as_their_material(kind: str, least_hu: int, most_hu: int) -> None:
    case = make_case(replace(SMALL, seeds=0, decoys=(kind,), random_seed=1, field_mm=(44, 42, 44)))
    near = np.linalg.norm(case.grid.points_mm() - case.decoys[0]["center_ras_mm"], axis=-1) < 4
    assert least_hu <= case.ct_hu[near].max() <= most_hu


def test_a_written_case_is_read_back_with_its_truth(tmp_path: Path) -> None:
    import SimpleITK as sitk

    case = make_case(replace(SMALL, seeds=3, oblique=True, decoys=("calcification",)))
    image, truth = write_case(case, tmp_path, "small")
    read = sitk.ReadImage(str(image))
    assert Grid.from_image(read) == case.grid
    assert np.array_equal(sitk.GetArrayFromImage(read), case.ct_hu)
    record = json.loads(truth.read_text(encoding="utf-8"))
    # 1e-5 mm: as written
    np.testing.assert_allclose([s["center_ras_mm"] for s in record["seeds"]], case.centres_mm, atol=1e-5)
    lps = np.array([s["center_lps_mm"] for s in record["seeds"]])
    np.testing.assert_allclose(lps * [-1, -1, 1], case.centres_mm, atol=1e-5)


@needs_reference("ct_seeds", "dev2_pelvis_2.5mm.truth.json")
def test_the_truth_is_in_the_reference_phantoms_schema() -> None:
    path = REFERENCE / "ct_seeds" / "dev2_pelvis_2.5mm.truth.json"
    theirs = json.loads(path.read_text(encoding="utf-8"))
    ours = make_case(replace(SMALL, seeds=2, decoys=("calcification",))).truth
    for part in (lambda t: t, lambda t: t["seeds"][0], lambda t: t["decoys"][0], lambda t: t["image"]):
        assert set(part(ours)) == set(part(theirs))
    assert ours["seed_model"] == theirs["seed_model"]
