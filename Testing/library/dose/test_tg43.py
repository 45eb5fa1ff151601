"""Dose rate by TG-43 against tables, against a scalar evaluation of the paper's equations, and its symmetries."""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from math import acos, atan2, cos, degrees, exp, hypot, isfinite, log, pi, radians, sin, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose import dose_rate
from brachyresponse.dose.capsule import Capsule
from brachyresponse.dose.tg43 import anisotropy_factor, line_rate_per_u
from brachyresponse.errors import GeometryError
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, available_sources, load_source
from brachyresponse.types import AnyArray
from reference import REFERENCE, needs_reference

A_TENTH_OF_A_PERCENT = 1e-3  # what the dose has to keep
ROUNDING = 1e-9  # another order of the same operations in double precision

finite_mm = st.floats(-80, 80)
directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda d: hypot(*d) > 0.1)


def one_seed(direction: object = (0.0, 0.0, 1.0), *, strength_u: float = 1.0, axis_known: bool = True) -> Seeds:
    return Seeds(np.zeros((1, 3)), np.array([direction], float), strength_u, axis_known)


def interpolated(nodes: AnyArray, values: AnyArray, at: float) -> float:
    """Linear between the nodes, the nearest value outside."""
    if at <= nodes[0]:
        return float(values[0])
    if at >= nodes[-1]:
        return float(values[-1])
    low = bisect_right(list(nodes), at) - 1
    share = (at - nodes[low]) / (nodes[low + 1] - nodes[low])
    return float(values[low] + share * (values[low + 1] - values[low]))


def scalar_geometry(r: float, theta: float, length: float) -> float:
    """TG-43U1, eq. 4: the angle between the lines to both ends of the source, over L r sin(theta)."""
    if sin(theta) < 1e-9:
        return 1 / (r**2 - length**2 / 4)
    along, away = r * cos(theta), r * sin(theta)
    beta = atan2(along + length / 2, away) - atan2(along - length / 2, away)
    return beta / (length * away)


def scalar_radial(source: Source, r: float) -> float:
    radii, g = source.radial_radius_cm, source.radial_dose
    if r <= radii[-1]:
        return exp(interpolated(radii, np.log(g), r))
    slope = log(g[-1] / g[-2]) / (radii[-1] - radii[-2])
    return float(g[-1]) * exp(slope * (r - radii[-1]))


def scalar_anisotropy(source: Source, r: float, theta: float) -> float:
    angle = degrees(theta)
    if source.anisotropy_theta_deg[-1] == 90 and angle > 90:
        angle = 180 - angle
    rows = [interpolated(source.anisotropy_theta_deg, row, angle) for row in source.anisotropy]
    return interpolated(source.anisotropy_radius_cm, np.array(rows), r)


def scalar_rate(source: Source, offset_mm: AnyArray, direction: AnyArray) -> float:
    """TG-43U1, eq. 1, for one point outside the capsule and unit strength, cGy/h/U."""
    x, y, z = (float(v) / 10 for v in offset_mm)
    r = sqrt(x * x + y * y + z * z)
    cosine = (x * direction[0] + y * direction[1] + z * direction[2]) / r / hypot(*direction)
    theta = acos(max(-1.0, min(1.0, cosine)))
    geometry = scalar_geometry(r, theta, source.effective_length_cm)
    reference = scalar_geometry(1.0, pi / 2, source.effective_length_cm)
    relative = geometry / reference * scalar_radial(source, r) * scalar_anisotropy(source, r, theta)
    return source.dose_rate_constant * relative


def along_away_rows(path: Path) -> list[tuple[float, float, float]]:
    """Along and away, mm, and dose rate, cGy/h/U, where the table has one."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    away_mm = [10 * float(name.split("_")[1]) for name in header[1:]]
    return [
        (10 * float(row[0]), away, float(value))
        for row in rows
        for away, value in zip(away_mm, row[1:], strict=True)
        if value
    ]


@needs_reference("tg43")
@pytest.mark.parametrize("model", ["amersham_6711", "theragenics_200"])
@pytest.mark.parametrize("direction", [(0.0, 0.0, 1.0), (1.0, -2.0, 0.5), (-3.0, 0.1, 0.0)])
def test_dose_rate_agrees_with_the_independent_along_away_table(
    model: str, direction: tuple[float, float, float]
) -> None:
    axis = np.array(direction) / hypot(*direction)
    across = np.cross(axis, [0.2, 0.9, -0.4])
    across /= np.linalg.norm(across)
    along, away, expected = np.array(along_away_rows(REFERENCE / "tg43" / f"{model}_along_away.csv")).T
    rate = dose_rate(load_source(model), one_seed(direction), np.outer(along, axis) + np.outer(away, across))
    np.testing.assert_allclose(rate, expected, rtol=1e-5)  # the table has six digits


@pytest.mark.parametrize("name", available_sources())
def test_dose_rate_agrees_with_a_scalar_evaluation_for_every_source_and_direction(name: str) -> None:
    source = load_source(name)
    random = np.random.default_rng(6711)
    for direction in random.normal(size=(4, 3)):
        offsets = random.normal(size=(60, 3))
        offsets *= np.geomspace(2.5, 150.0, 60)[:, None] / np.linalg.norm(offsets, axis=1, keepdims=True)
        unit = direction / np.linalg.norm(direction)
        offsets = np.concatenate([offsets, np.outer([-40.0, -2.501, 2.501, 9.0, 120.0], unit)])  # and on the axis
        rate = dose_rate(source, one_seed(direction), offsets)
        expected = [scalar_rate(source, offset, direction) for offset in offsets]
        np.testing.assert_allclose(rate, expected, rtol=1e-6)  # the arc cosine of the scalar loses digits on the axis


@given(offset=st.tuples(finite_mm, finite_mm, finite_mm).filter(lambda p: hypot(*p) > 2.5), direction=directions)
def test_dose_rate_agrees_with_a_scalar_evaluation_anywhere(
    offset: tuple[float, float, float], direction: tuple[float, float, float]
) -> None:
    source = load_source("best_2301")
    rate = dose_rate(source, one_seed(direction), [offset])[0]
    assert rate == pytest.approx(scalar_rate(source, np.array(offset), np.array(direction)), rel=1e-5)


@needs_reference("tg43")
@pytest.mark.parametrize("name", available_sources())
def test_anisotropy_factor_is_the_integral_of_f(name: str) -> None:
    expected = json.loads((REFERENCE / "tg43" / f"{name}.json").read_text("utf-8"))["anisotropy_factor_computed"]
    factor = anisotropy_factor(load_source(name), np.array(expected["r_cm"]))
    np.testing.assert_allclose(factor, expected["phi_an"], rtol=1e-4)  # four digits there


def test_anisotropy_factor_of_the_6711_is_the_published_one() -> None:
    published = [0.973, 0.944, 0.941, 0.942, 0.943, 0.944]
    factor = anisotropy_factor(load_source("amersham_6711"), np.array([0.5, 1.0, 2.0, 3.0, 4.0, 5.0]))
    np.testing.assert_allclose(factor, published, rtol=2e-3)  # published from Monte Carlo, ours from the printed F


@pytest.mark.parametrize("radius_mm", [4.0, 10.0, 22.0, 70.0])
def test_a_seed_without_axis_gives_the_point_source_formula(radius_mm: float) -> None:
    source = load_source("amersham_6711")
    r = radius_mm / 10
    geometry = scalar_geometry(r, pi / 2, 0.3) / scalar_geometry(1.0, pi / 2, 0.3)
    factor = float(anisotropy_factor(source, np.array([r]))[0])
    expected = source.dose_rate_constant * geometry * scalar_radial(source, r) * factor
    seed = one_seed((0.3, 0.1, 1.0)).without_axes()
    points = radius_mm * np.array([[1.0, 0, 0], [0, 0.6, 0.8], [0, 0, -1.0]])
    np.testing.assert_allclose(dose_rate(source, seed, points), expected, rtol=ROUNDING)


def test_a_seed_without_axis_is_the_mean_over_all_directions() -> None:
    source, points = load_source("amersham_6711"), np.array([[0.0, 0.0, 20.0]])
    cosines = np.linspace(-1, 1, 20001)
    known = line_rate_per_u(source, 2.0 * cosines, 2.0 * np.sqrt(1 - cosines**2))
    unknown = dose_rate(source, one_seed(axis_known=False), points)[0]
    assert unknown == pytest.approx(np.trapezoid(known, cosines) / 2, rel=2e-4)  # G_L also varies with the angle


def test_known_and_unknown_axes_and_strengths_mix_in_one_implant() -> None:
    source = load_source("theragenics_200")
    random = np.random.default_rng(3)
    known = np.array([True, False, True, False])
    seeds = Seeds(random.normal(size=(4, 3)) * 15, random.normal(size=(4, 3)), [0.5, 1.0, 1.5, 2.0], known)
    points = random.normal(size=(30, 3)) * 30
    apart = sum(dose_rate(source, seeds.select(index), points) for index in range(4))
    np.testing.assert_allclose(dose_rate(source, seeds, points), apart, rtol=ROUNDING)


@given(angles=st.tuples(*[st.floats(-pi, pi)] * 3), seed=st.integers(0, 1000), known=st.booleans())
@settings(max_examples=30)
def test_turning_seeds_and_points_together_changes_nothing(
    angles: tuple[float, float, float], seed: int, known: bool
) -> None:
    source, random = load_source("bebig_i25_s06"), np.random.default_rng(seed)
    rotation = rotation_matrix(*angles)
    seeds = Seeds(random.normal(size=(5, 3)) * 20, random.normal(size=(5, 3)), 0.5, known)
    turned = Seeds(seeds.positions_mm @ rotation.T, seeds.directions @ rotation.T, 0.5, known)
    points = random.normal(size=(40, 3)) * 40
    before, after = dose_rate(source, seeds, points), dose_rate(source, turned, points @ rotation.T)
    np.testing.assert_allclose(after, before, rtol=1e-6)  # F is steep at the axis: rounding of the angle shows


@given(seed=st.integers(0, 1000), factor=st.floats(0.01, 100))
@settings(max_examples=20)
def test_dose_rate_is_linear_in_strength_and_blind_to_order_and_reversal(seed: int, factor: float) -> None:
    source, random = load_source("amersham_6711"), np.random.default_rng(seed)
    positions, axes = random.normal(size=(6, 3)) * 20, random.normal(size=(6, 3))
    strength = random.uniform(0.3, 0.8, 6)
    points = random.normal(size=(40, 3)) * 40
    rate = dose_rate(source, Seeds(positions, axes, strength), points)
    order = random.permutation(6)
    np.testing.assert_allclose(dose_rate(source, Seeds(positions, axes, strength * factor), points), factor * rate)
    np.testing.assert_allclose(dose_rate(source, Seeds(positions, axes, strength).select(order), points), rate)
    np.testing.assert_allclose(dose_rate(source, Seeds(positions, -axes, strength), points), rate)


def test_a_source_with_two_different_ends_is_not_folded(asymmetric_source: Source) -> None:
    points = np.array([[0.0, 0.0, 20.0], [0.0, 0.0, -20.0], [20 * sin(radians(50)), 0.0, -20 * cos(radians(50))]])
    rate = dose_rate(asymmetric_source, one_seed(), points)
    expected = [scalar_rate(asymmetric_source, point, np.array([0.0, 0.0, 1.0])) for point in points]
    np.testing.assert_allclose(rate, expected, rtol=1e-6)
    assert rate[1] == pytest.approx(0.5 * rate[0], rel=1e-6)


@pytest.mark.parametrize("name", available_sources())
@pytest.mark.parametrize("known", [True, False])
def test_inside_the_capsule_the_dose_is_that_of_the_surface(name: str, known: bool) -> None:
    source = load_source(name)
    axis = np.linspace(-3.0, 3.0, 61)
    points = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    rate = dose_rate(source, one_seed(axis_known=known), points)
    assert np.isfinite(rate).all()
    assert rate.min() > 0


@given(along=st.floats(-2.3, 2.3), away=st.floats(0, 0.45))
def test_the_dose_is_continuous_at_the_capsules_surface(along: float, away: float) -> None:
    source = load_source("amersham_6711")
    capsule = Capsule.of(source)
    moved_along, moved_away = capsule.onto_surface(np.array([along / 10]), np.array([away / 10]))
    outside = np.array([[10 * moved_away[0] * 1.0001, 0, 10 * moved_along[0] * 1.0001]])
    inside = dose_rate(source, one_seed(), [[away, 0, along]])[0]
    assert dose_rate(source, one_seed(), outside)[0] == pytest.approx(inside, rel=A_TENTH_OF_A_PERCENT)


def test_the_capsule_is_never_shorter_than_its_source() -> None:
    assert Capsule.of(load_source("amersham_6711")).half_length_cm == pytest.approx(0.225)
    assert Capsule.of(load_source("best_2335")).half_length_cm == pytest.approx(0.2465)  # L/2 and 0.19 mm


@pytest.mark.parametrize("name", available_sources())
def test_beyond_a_quarter_of_a_centimetre_no_dose_is_capped(name: str) -> None:
    capsule = Capsule.of(load_source(name))
    assert np.hypot(capsule.half_length_cm, capsule.radius_cm) < 0.25


def test_points_are_taken_in_blocks_without_a_seam() -> None:
    source, random = load_source("amersham_6711"), np.random.default_rng(1)
    points = random.normal(size=(50_003, 3)) * 50
    rate = dose_rate(source, one_seed(), points)
    np.testing.assert_allclose(rate[49_998:], dose_rate(source, one_seed(), points[49_998:]), rtol=ROUNDING)


def test_no_seeds_and_no_points_are_no_dose() -> None:
    source = load_source("amersham_6711")
    np.testing.assert_array_equal(dose_rate(source, Seeds.none(), np.ones((2, 3))), [0.0, 0.0])
    assert dose_rate(source, one_seed(), np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize(
    ("points", "message"),
    [([1.0, 2.0, 3.0], r"shape \(3,\), expected \(M, 3\)"), ([[1.0, 2.0]], r"shape \(1, 2\)")],
)
def test_points_of_another_shape_are_refused(points: object, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        dose_rate(load_source("amersham_6711"), one_seed(), points)  # type: ignore[arg-type]


def test_points_that_are_not_finite_are_refused() -> None:
    with pytest.raises(GeometryError, match="NaN or infinity"):
        dose_rate(load_source("amersham_6711"), one_seed(), [[0.0, float("nan"), 0.0]])


def test_the_far_dose_falls_on_and_stays_finite() -> None:
    rate = dose_rate(load_source("theragenics_200"), one_seed(), [[150.0, 0, 0], [300.0, 0, 0], [600.0, 0, 0]])
    assert isfinite(rate.sum())
    assert rate[0] > rate[1] > rate[2] > 0


def rotation_matrix(yaw: float, pitch: float, roll: float) -> AnyArray:
    def turn(angle: float, first: int, second: int) -> AnyArray:
        matrix = np.eye(3)
        matrix[first, first] = matrix[second, second] = cos(angle)
        matrix[first, second], matrix[second, first] = -sin(angle), sin(angle)
        return matrix

    return turn(yaw, 0, 1) @ turn(pitch, 0, 2) @ turn(roll, 1, 2)
