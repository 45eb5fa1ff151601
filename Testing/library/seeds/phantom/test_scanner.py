"""The generator's physics: chords, and water that comes out as water."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ct_phantom.bodies import Body, Cylinder, Ellipsoid, Vector
from ct_phantom.materials import attenuation_per_mm, beam_weights, water_path_mm
from ct_phantom.objects import Part, seed_parts
from ct_phantom.reconstruction import Kernel, back_project, filter_views
from ct_phantom.scanner import Scanner, Tissue, measure_slice

coordinates = st.floats(-3, 3)
centres = st.tuples(coordinates, coordinates, coordinates)
directions = centres.filter(lambda v: np.linalg.norm(v) > 0.3)


def _sampled_chord_mm(inside: Callable[[np.ndarray], np.ndarray], angle: float, t_mm: float, z_mm: float) -> float:
    along = np.arange(-12, 12, 0.004)[:, None]
    cos, sin = np.cos(angle), np.sin(angle)
    points = np.array([t_mm * cos, t_mm * sin, z_mm]) + along * np.array([-sin, cos, 0.0])
    return float(inside(points).sum() * 0.004)


def _chord_mm(body: Body, angle: float, t_mm: float, z_mm: float) -> float:
    chord = body.chord_mm(np.array([angle], np.float32), np.array([[t_mm]], np.float32), z_mm)
    return float(chord[0, 0])


@settings(max_examples=60)
@given(centre=centres, axis=directions, angle=st.floats(0, 3.14), t=coordinates)
def test_a_cylinders_chord_is_the_ray_inside_it(centre: Vector, axis: Vector, angle: float, t: float) -> None:
    unit = np.array(axis) / np.linalg.norm(axis)

    def inside(points: np.ndarray) -> np.ndarray:
        offset = points - centre
        height = offset @ unit
        return (np.abs(height) < 2.25) & (np.linalg.norm(offset - height[:, None] * unit, axis=1) < 1.5)

    body = Cylinder(centre, tuple(unit), 4.5, 1.5)
    # 0.03 mm: the samples' step, and single precision where ray and axis are nearly parallel
    assert _chord_mm(body, angle, t, 0.4) == pytest.approx(_sampled_chord_mm(inside, angle, t, 0.4), abs=0.03)


@settings(max_examples=60)
@given(centre=centres, axis=directions, angle=st.floats(0, 3.14), t=coordinates)
def test_an_ellipsoids_chord_is_the_ray_inside_it(centre: Vector, axis: Vector, angle: float, t: float) -> None:
    axes = np.linalg.qr(np.column_stack([axis, np.eye(3)[np.argmin(np.abs(axis))], [0.3, 0.5, 0.7]]))[0].T
    semi = (4.0, 2.0, 3.0)

    def inside(points: np.ndarray) -> np.ndarray:
        return ((((points - centre) @ axes.T) / semi) ** 2).sum(axis=1) < 1

    body = Ellipsoid(centre, semi, tuple(tuple(row) for row in axes))
    assert _chord_mm(body, angle, t, 0.4) == pytest.approx(_sampled_chord_mm(inside, angle, t, 0.4), abs=0.03)


@pytest.mark.parametrize("axis", [(0, 0, 1), (1, 0, 0), (0.5, -0.6, 0.4)])
def test_a_seeds_parts_add_up_to_its_metal(axis: tuple[float, float, float]) -> None:
    angles = np.array([0.7], np.float32)
    t = np.arange(-3, 3, 0.02, dtype=np.float32)[None]
    volume_mm3 = dict.fromkeys(("titanium", "silver", "muscle"), 0.0)
    for part in seed_parts((0.1, -0.2, 0.3), axis):
        chords = sum(part.body.chord_mm(angles, t, z).sum() for z in np.arange(-3, 3, 0.02))
        for name, times in part.materials.items():
            volume_mm3[name] += times * float(chords) * 0.02**2
    assert volume_mm3["silver"] == pytest.approx(np.pi * 0.25**2 * 3.0, rel=0.02)  # 2 %: sampled at 0.02 mm
    assert volume_mm3["muscle"] == pytest.approx(-np.pi * 0.4**2 * 4.5, rel=0.01)
    tube = np.pi * (0.4**2 * 4.5 - 0.34**2 * 3.5)
    assert volume_mm3["titanium"] == pytest.approx(tube, rel=0.02)


def test_the_water_correction_inverts_the_beams_attenuation_by_water() -> None:
    length_mm = np.array([0.0, 3.0, 50.0, 222.0, 400.0])
    transmitted = np.exp(-length_mm[:, None] * attenuation_per_mm(("water",))[0]) @ beam_weights()
    np.testing.assert_allclose(water_path_mm(-np.log(transmitted)), length_mm, atol=1e-3)  # the table's step: 0.25 mm


def _reconstructed_hu(parts: list[Part], pixels_mm: np.ndarray, dose: float, slices: int = 1) -> np.ndarray:
    scanner = Scanner(140, 1.0, views=360, dose=dose)
    tissue, random = Tissue(scanner, parts), np.random.default_rng(1)
    views = np.stack([measure_slice(tissue, [], 0.0, random) for _ in range(slices)])
    filtered = filter_views(views, scanner.bin_mm, Kernel.SOFT)
    density = back_project(filtered, scanner.angles, scanner.bins_mm, pixels_mm.astype(np.float32))
    return (density - 1) * 1000


def test_water_has_0_hu_and_fat_and_muscle_theirs() -> None:
    water = Part(Ellipsoid((0, 0, 0), (60, 50, 1e4)), {"water": 1})
    muscle = Part(Ellipsoid((25, 0, 0), (12, 12, 1e4)), {"muscle": 1, "water": -1})
    fat = Part(Ellipsoid((-25, 0, 0), (12, 12, 1e4)), {"fat": 1, "water": -1})
    pixels = np.array([[0.0, 0.0], [25.0, 0.0], [-25.0, 0.0]]) + [0, 0.3]
    hu = _reconstructed_hu([water, muscle, fat], pixels, dose=1000.0)[0]
    np.testing.assert_allclose(hu, [0, 45, -95], atol=15)  # 15 HU: scatter, and what water correction leaves


def test_a_quarter_of_the_dose_doubles_the_noise() -> None:
    water = Part(Ellipsoid((0, 0, 0), (60, 50, 1e4)), {"water": 1})
    x, y = np.meshgrid(np.arange(-20, 20, 1.0), np.arange(-20, 20, 1.0))
    pixels = np.stack([x.ravel(), y.ravel()], -1)
    noise = []
    for dose in (1.0, 0.25):
        slices = _reconstructed_hu([water], pixels, dose, slices=2)
        noise.append(np.std(slices[1] - slices[0]) / np.sqrt(2))
    assert 8 < noise[0] < 25  # HU; the reference phantoms have 10 to 18
    assert noise[1] / noise[0] == pytest.approx(2, rel=0.1)  # 10 %: 1600 pixels, neighbours alike
