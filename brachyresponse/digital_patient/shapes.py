"""Shapes given by their signed distance, in RAS mm: negative inside; exact or of first order near the surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, FloatArray

Point = tuple[float, float, float]


class Shape(Protocol):
    """Anything that knows how far a point is from its surface, and a box that holds it."""

    def distance_mm(self, points_mm: AnyArray) -> AnyArray:
        """Signed distance (...,) of points (..., 3), negative inside."""
        ...

    def reach_mm(self) -> tuple[FloatArray, float]:
        """Centre (3,) and radius of a ball that holds the shape."""
        ...


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid along the patient's axes, whose surface may be folded like the cortex."""

    centre_mm: Point
    semi_axes_mm: Point
    fold_depth_mm: float = 0.0
    fold_length_mm: float = 18.0

    def distance_mm(self, points_mm: AnyArray) -> AnyArray:
        """Signed distance, first order near the surface."""
        offset = points_mm - np.asarray(self.centre_mm, points_mm.dtype)
        scaled = offset / np.asarray(self.semi_axes_mm, points_mm.dtype)
        norm = np.sqrt(np.einsum("...x,...x->...", scaled, scaled)) + 1e-6
        normal = scaled / np.asarray(self.semi_axes_mm, points_mm.dtype)
        slope = np.sqrt(np.einsum("...x,...x->...", normal, normal)) + 1e-6
        distance = (norm - 1) * norm / slope
        if self.fold_depth_mm:
            x, y, z = np.moveaxis(np.sin(offset * (2 * np.pi / self.fold_length_mm)), -1, 0)
            distance = distance + 2 * self.fold_depth_mm * x * y * z
        return np.asarray(distance)

    def reach_mm(self) -> tuple[FloatArray, float]:
        """Centre and radius of a ball that holds the ellipsoid."""
        return np.array(self.centre_mm), max(self.semi_axes_mm) + 2 * self.fold_depth_mm


@dataclass(frozen=True)
class Tube:
    """A tube of one radius along a polyline, with round ends."""

    path_mm: tuple[Point, ...]
    radius_mm: float

    def distance_mm(self, points_mm: AnyArray) -> AnyArray:
        """Signed distance, exact."""
        nearest = np.full(points_mm.shape[:-1], np.inf, points_mm.dtype)
        for start, end in zip(self.path_mm[:-1], self.path_mm[1:], strict=True):
            origin, along = np.array(start, points_mm.dtype), np.subtract(end, start).astype(points_mm.dtype)
            offset = points_mm - origin
            share = np.clip(offset @ along / (along @ along), 0, 1)
            nearest = np.minimum(nearest, np.linalg.norm(offset - share[..., None] * along, axis=-1))
        return np.asarray(nearest - points_mm.dtype.type(self.radius_mm))

    def reach_mm(self) -> tuple[FloatArray, float]:
        """Centre and radius of a ball that holds the tube."""
        path = np.array(self.path_mm)
        centre = (path.min(axis=0) + path.max(axis=0)) / 2
        return centre, float(np.linalg.norm(path - centre, axis=1).max()) + self.radius_mm


@dataclass(frozen=True)
class LobedBall:
    """A ball with lobes: radius(u) = radius_mm (1 + sum of share_i exp(sharpness (u . direction_i - 1)))."""

    centre_mm: Point
    radius_mm: float
    lobe_directions: tuple[Point, ...] = ()
    lobe_shares: tuple[float, ...] = ()
    sharpness: float = 5.0

    def surface_radius_mm(self, directions: AnyArray) -> AnyArray:
        """Distance (...,) from the centre to the surface along unit vectors (..., 3)."""
        swell = np.ones(directions.shape[:-1], directions.dtype)
        for direction, share in zip(self.lobe_directions, self.lobe_shares, strict=True):
            axis = np.asarray(direction, directions.dtype) / np.linalg.norm(direction).astype(directions.dtype)
            swell += directions.dtype.type(share) * np.exp(self.sharpness * (directions @ axis - 1))
        return np.asarray(self.radius_mm * swell)

    def distance_mm(self, points_mm: AnyArray) -> AnyArray:
        """Distance to the surface along the ray from the centre."""
        offset = points_mm - np.asarray(self.centre_mm, points_mm.dtype)
        radius = np.linalg.norm(offset, axis=-1)
        return np.asarray(radius - self.surface_radius_mm(offset / (radius[..., None] + 1e-6)))

    def reach_mm(self) -> tuple[FloatArray, float]:
        """Centre and radius of a ball that holds the shape."""
        return np.array(self.centre_mm), self.radius_mm * (1 + sum(s for s in self.lobe_shares if s > 0))

    def volume_cc(self) -> float:
        """Volume as the integral of radius^3 / 3 over the sphere, on 20,000 even directions (better than 0.1 %)."""
        directions = even_directions(20_000)
        return float(np.mean(self.surface_radius_mm(directions) ** 3) * 4 / 3 * np.pi / 1000)


def even_directions(count: int) -> FloatArray:
    """Return unit vectors (count, 3) spread evenly over the sphere (Fibonacci lattice)."""
    index = np.arange(count) + 0.5
    height = 1 - 2 * index / count
    turn = np.pi * (1 + np.sqrt(5)) * index
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(turn), across * np.sin(turn), height], axis=-1)


def occupancy_in_box(shape: Shape, grid: Grid) -> tuple[tuple[slice, slice, slice], AnyArray]:
    """Return where on a grid a shape lies, as slices [k, j, i], and the share of each voxel there that it fills.

    The share is that of a plane at the distance of the voxel's centre: partial volumes to first order.
    """
    centre, radius = shape.reach_mm()
    middle, reach = grid.to_ijk(centre), (radius + 3) / grid.spacing_ijk_mm
    size = np.array(grid.size_ijk)
    first = np.clip(np.floor(middle - reach), 0, size).astype(int)
    last = np.clip(np.ceil(middle + reach) + 1, first, size).astype(int)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(first, last, strict=True))
    filled = np.zeros((k.stop - k.start, j.stop - j.start, i.stop - i.start), np.float32)
    width_mm = np.float32(np.prod(grid.spacing_ijk_mm) ** (1 / 3))
    if not filled.size:
        return (k, j, i), filled
    first_plane = grid.points_mm(slice(k.start, k.start + 1))[0, j, i].astype(np.float32)
    to_next_plane = grid.ijk_to_ras[:3, 2].astype(np.float32)
    for row in range(len(filled)):
        points = first_plane + row * to_next_plane
        filled[row] = np.clip(0.5 - shape.distance_mm(points) / width_mm, 0, 1)
    return (k, j, i), filled
