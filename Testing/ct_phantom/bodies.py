"""Solids whose chords along the scanner's rays are known exactly.

The scanner's frame: x and y in the slice, z along the table, mm. A view turns by ``angle``; its ray at detector
position t and height z runs through t (cos, sin, 0) + z (0, 0, 1) along (-sin, cos, 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Vector = tuple[float, float, float]
NO_ROTATION = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


class Body(Protocol):
    """A convex solid."""

    centre_mm: Vector

    @property
    def reach_mm(self) -> float:
        """Half the extent within a slice, the largest of all views."""
        ...

    @property
    def half_height_mm(self) -> float:
        """Half the extent along z."""
        ...

    def chord_mm(self, angles: Float32, t_mm: Float32, z_mm: float) -> Float32:
        """Chord (views, T) of rays at detector positions (views, T) and one height; angles (views,), radians."""
        ...


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid; the rows of ``axes`` are its unit axes."""

    centre_mm: Vector
    semi_axes_mm: Vector
    axes: tuple[Vector, Vector, Vector] = NO_ROTATION

    @property
    def reach_mm(self) -> float:
        stretched = np.array(self.axes).T[:2] * self.semi_axes_mm
        return float(np.linalg.norm(stretched, 2))  # the largest singular value

    @property
    def half_height_mm(self) -> float:
        return float(np.linalg.norm(np.array(self.axes)[:, 2] * self.semi_axes_mm))

    def chord_mm(self, angles: Float32, t_mm: Float32, z_mm: float) -> Float32:
        to_ball = np.array(self.axes) / np.array(self.semi_axes_mm)[:, None]
        cos, sin = np.cos(angles), np.sin(angles)
        x, y, z = self.centre_mm
        beside = (t_mm - (x * cos + y * sin)[:, None]).astype(np.float32)
        across = (np.stack([cos, sin, 0 * cos], -1) @ to_ball.T).astype(np.float32)
        along = (np.stack([-sin, cos, 0 * cos], -1) @ to_ball.T).astype(np.float32)
        up = (to_ball[:, 2] * (z_mm - z)).astype(np.float32)
        a = np.sum(along**2, -1)[:, None]
        b = beside * np.sum(across * along, -1)[:, None] + (along @ up)[:, None]
        c = beside**2 * np.sum(across**2, -1)[:, None] + 2 * beside * (across @ up)[:, None] + up @ up - 1
        return 2 * np.sqrt(np.maximum(b**2 - a * c, 0)) / a


@dataclass(frozen=True)
class Cylinder:
    """A finite cylinder with flat ends; ``axis`` is a unit vector."""

    centre_mm: Vector
    axis: Vector
    length_mm: float
    radius_mm: float

    @property
    def reach_mm(self) -> float:
        return float(np.hypot(self.length_mm / 2, self.radius_mm))

    @property
    def half_height_mm(self) -> float:
        along = abs(self.axis[2])
        return self.length_mm / 2 * along + self.radius_mm * float(np.sqrt(max(1 - along**2, 0)))

    def chord_mm(self, angles: Float32, t_mm: Float32, z_mm: float) -> Float32:
        cos, sin = np.cos(angles), np.sin(angles)
        (x, y, z), (u, v, w) = self.centre_mm, self.axis
        beside = (t_mm - (x * cos + y * sin)[:, None]).astype(np.float32)
        height = np.float32(z_mm - z)
        along_ray = (-u * sin + v * cos)[:, None].astype(np.float32)  # cosine between ray and axis
        on_axis = beside * (u * cos + v * sin)[:, None].astype(np.float32) + height * np.float32(w)
        # inside the endless cylinder: a s^2 + 2 b s + c < 0
        a = np.maximum(1 - along_ray**2, np.float32(1e-6))
        b = -on_axis * along_ray
        c = beside**2 + height**2 - on_axis**2 - np.float32(self.radius_mm**2)
        root = np.sqrt(np.maximum(b**2 - a * c, 0))
        # between the ends: |on_axis + s along_ray| < length / 2
        slope = np.where(np.abs(along_ray) < 1e-5, np.float32(1e-5), along_ray)
        middle, half = -on_axis / slope, np.float32(self.length_mm / 2) / np.abs(slope)
        first = np.maximum((-b - root) / a, middle - half)
        last = np.minimum((-b + root) / a, middle + half)
        return np.where(root > 0, np.maximum(last - first, 0), np.float32(0))
