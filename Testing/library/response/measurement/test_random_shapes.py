"""Concave shapes with and without holes, laid on pixels at any angle, against a search in the shapes themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from brachyresponse.response import LesionMeasurement, measure_lesion
from lesion_shapes import one_slice

FIELD_MM = 60.0
PIXELS_MM = ((0.5, 0.5), (1.0, 1.0), (0.5, 1.0), (0.9, 0.6))
POINTS = 500
INNER = np.linspace(0, 1, 160)[1:-1]


@dataclass(frozen=True)
class Star:
    """A shape whose edge lies at a distance from its middle that waves with the direction; it may have a round hole."""

    mean_mm: float
    waves: tuple[tuple[int, float, float], ...]
    """Number round the middle, share of the mean, phase."""
    hole_mm: float
    hole_at_mm: tuple[float, float]

    @classmethod
    def of(cls, random: np.random.Generator) -> Star:
        mean_mm = random.uniform(4, 14)
        waves = tuple(
            (int(random.integers(1, 7)), float(random.normal(0, 0.18)), float(random.uniform(0, 2 * np.pi)))
            for _ in range(random.integers(2, 6))
        )
        hole_mm = mean_mm * random.uniform(0.15, 0.4) if random.random() < 0.35 else 0.0
        x, y = mean_mm * random.uniform(-0.25, 0.25, 2)
        return cls(mean_mm, waves, hole_mm, (float(x), float(y)))

    def edge_mm(self, angle: np.ndarray) -> np.ndarray:
        waving = 1 + sum(share * np.cos(number * angle + phase) for number, share, phase in self.waves)
        return np.maximum(self.mean_mm * waving, 0.35 * self.mean_mm)

    def holds(self, points_mm: np.ndarray) -> np.ndarray:
        x, y = np.moveaxis(points_mm, -1, 0)
        outside_hole = np.hypot(x - self.hole_at_mm[0], y - self.hole_at_mm[1]) >= self.hole_mm
        return (np.hypot(x, y) <= self.edge_mm(np.arctan2(y, x))) & outside_hole

    def edge_points_mm(self) -> np.ndarray:
        angle = 2 * np.pi * np.arange(POINTS) / POINTS
        round_ = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return np.concatenate([self.edge_mm(angle)[:, None] * round_, self.hole_at_mm + self.hole_mm * round_[::4]])

    def longest_mm(self) -> float:
        """The longest segment between points of the edge whose inner points all lie inside, the longest tried first."""
        points = self.edge_points_mm()
        one, other = np.triu_indices(len(points), 1)
        length = np.linalg.norm(points[one] - points[other], axis=1)
        order = np.argsort(-length)
        for some in np.array_split(order, len(order) // 300 + 1):
            start, along = points[one[some]], points[other[some]] - points[one[some]]
            between = start[:, None] + INNER[:, None] * along[:, None]
            inside = (self.holds(between) | self.holds(0.9995 * between)).all(axis=1)
            if inside.any():
                return float(length[some[np.argmax(inside)]])
        raise AssertionError("A shape holds some segment.")


def on_pixels(star: Star, random: np.random.Generator) -> tuple[np.ndarray, tuple[float, float]]:
    """The shape turned and shifted, [row, column], and the size of a pixel."""
    pixel_mm = PIXELS_MM[random.integers(len(PIXELS_MM))]
    angle, offset = random.uniform(0, 2 * np.pi), random.uniform(0, 1, 2)
    size = [int(np.ceil(FIELD_MM / side)) for side in pixel_mm]
    x, y = np.meshgrid(*((np.arange(n) - n / 2 + o) * side for n, o, side in zip(size, offset, pixel_mm, strict=True)))
    cosine, sine = np.cos(angle), np.sin(angle)
    return star.holds(np.stack([cosine * x + sine * y, cosine * y - sine * x], axis=-1)), pixel_mm


def check_right_angle(found: LesionMeasurement) -> None:
    assert found.longest_ras_mm is not None
    assert found.perpendicular_ras_mm is not None
    along, across = (line[1] - line[0] for line in (found.longest_ras_mm, found.perpendicular_ras_mm))
    assert abs(along @ across) < 1e-6 * np.linalg.norm(along) * max(float(np.linalg.norm(across)), 1e-6)


def errors_px(seed: int, count: int) -> np.ndarray:
    """Of the longest diameter, in the larger side of a pixel."""
    random = np.random.default_rng(seed)
    errors = []
    for _ in range(count):
        star = Star.of(random)
        mask, pixel_mm = on_pixels(star, random)
        found = measure_lesion(mask[None], one_slice(pixel_mm, mask.shape))
        check_right_angle(found)
        errors.append((found.longest_mm - star.longest_mm()) / max(pixel_mm))
    return np.array(errors)


def test_a_random_shape_is_measured_as_it_is() -> None:
    assert np.abs(errors_px(1, 6)).max() < 1.0


@pytest.mark.validation
def test_hundreds_of_random_shapes_are_measured_to_about_a_pixel() -> None:
    """Where a corner that points inwards decides, half a pixel more or less of it tells more along the segment."""
    errors = errors_px(2, 200)
    assert abs(errors.mean()) < 0.25
    assert np.mean(np.abs(errors) < 1.0) > 0.95
    assert np.abs(errors).max() < 2.5
