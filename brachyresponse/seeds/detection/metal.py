"""Metal objects as nested cylinders, and what they leave of parallel X-rays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SeedsError
from brachyresponse.seeds.detection.attenuation import VACUUM, Beam
from brachyresponse.types import FloatArray

WALL_MM = 0.06
WELD_MM = 0.5
CORE_LENGTH_SHARE = 3.0 / 4.5
CORE_DIAMETER_SHARE = 0.5 / 0.8
"""The capsule of a silver-rod seed: a titanium tube of this wall, welded ends, a rod of these shares of it."""


@dataclass(frozen=True)
class Cylinder:
    """A cylinder of one material that replaces another one."""

    length_mm: float
    diameter_mm: float
    material: str
    replaces: str


@dataclass(frozen=True)
class MetalObject:
    """Cylinders on one axis round one centre, outermost first."""

    cylinders: tuple[Cylinder, ...]

    @property
    def length_mm(self) -> float:
        """Length of the outermost cylinder."""
        return self.cylinders[0].length_mm

    @property
    def diameter_mm(self) -> float:
        """Diameter of the outermost cylinder."""
        return self.cylinders[0].diameter_mm


def seed_object(length_mm: float, diameter_mm: float) -> MetalObject:
    """Return a seed of a silver rod in a titanium capsule, scaled to a capsule's length and diameter.

    Raises
    ------
    SeedsError
        The capsule is not longer than its welds, or not wider than its walls.
    """
    cavity = (length_mm - 2 * WELD_MM, diameter_mm - 2 * WALL_MM)
    if not (np.isfinite(cavity).all() and min(cavity) > 0 and diameter_mm < length_mm):
        raise SeedsError(
            f"A seed of {length_mm:g} x {diameter_mm:g} mm cannot be modelled: give the capsule's length in mm, "
            f"more than {2 * WELD_MM:g}, and its diameter, more than {2 * WALL_MM:g} and less than the length."
        )
    return MetalObject(
        (
            Cylinder(length_mm, diameter_mm, "titanium", "water"),
            Cylinder(*cavity, VACUUM, "titanium"),
            Cylinder(CORE_LENGTH_SHARE * length_mm, CORE_DIAMETER_SHARE * diameter_mm, "silver", VACUUM),
        )
    )


@dataclass(frozen=True, eq=False)
class Rays:
    """Parallel rays across the scanner's axis, the object's centre at the origin.

    Parameters
    ----------
    angle
        Angle of the rays from the object's azimuth, radians.
    across_mm
        Distance of the rays from the centre in the slice plane, (S,).
    height_mm
        Their distance from the centre along the scanner's axis, (Z,).
    """

    angle: float
    across_mm: FloatArray
    height_mm: FloatArray


def transmission(metal: MetalObject, beam: Beam, elevation: float, rays: Rays) -> FloatArray:
    """Return the share of the beam that passes an object, (S, Z); elevation from the slice plane in radians."""
    exponent = np.zeros((len(beam.weight), len(rays.across_mm), len(rays.height_mm)))
    for cylinder in metal.cylinders:
        gained = beam.attenuation_per_mm[cylinder.material] - beam.attenuation_per_mm[cylinder.replaces]
        exponent -= gained[:, None, None] * chord_mm(cylinder, elevation, rays)
    passed: FloatArray = np.tensordot(beam.weight, np.exp(exponent), 1)
    return passed


def chord_mm(cylinder: Cylinder, elevation: float, rays: Rays) -> FloatArray:
    """Return the length of each ray inside a cylinder, mm, (S, Z)."""
    along_axis = np.cos(rays.angle) * np.cos(elevation)  # of a step along the ray
    start_on_axis = (
        -np.sin(rays.angle) * np.cos(elevation) * rays.across_mm[:, None] + np.sin(elevation) * rays.height_mm
    )
    radius_squared = rays.across_mm[:, None] ** 2 + rays.height_mm**2
    # Distance from the axis, squared, is steep t^2 + 2 slope t + rest at the length t along the ray.
    steep, slope = max(1 - along_axis**2, 1e-12), -start_on_axis * along_axis
    rest = radius_squared - start_on_axis**2 - cylinder.diameter_mm**2 / 4
    root = np.sqrt(np.maximum(slope**2 - steep * rest, 0))
    near, far = (-slope - root) / steep, (-slope + root) / steep
    advance = along_axis if abs(along_axis) > 1e-9 else 1e-9
    ends = (np.stack([-1, 1])[:, None, None] * cylinder.length_mm / 2 - start_on_axis) / advance
    near, far = np.maximum(near, ends.min(axis=0)), np.minimum(far, ends.max(axis=0))
    length: FloatArray = np.maximum(far - near, 0)
    return length
