"""What lies in the patient: seeds and the things that are mistaken for seeds, as solids of known materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ct_phantom.bodies import Body, Cylinder, Ellipsoid, Vector

SEED_MODEL = {
    "name": "silver rod, 6711-like",
    "length_mm": 4.5,
    "diameter_mm": 0.8,
    "wall_mm": 0.06,
    "end_weld_mm": 0.5,
    "core": "Ag",
    "core_length_mm": 3.0,
    "core_diameter_mm": 0.5,
}


@dataclass(frozen=True)
class Part:
    """A solid, and how many times its chord counts for each material (negative: it takes the place of that one)."""

    body: Body
    materials: Mapping[str, float]


def seed_parts(centre_mm: ArrayLike, axis: ArrayLike) -> list[Part]:
    """Return the parts of one seed: titanium tube with welded ends round air and a silver rod."""
    m = SEED_MODEL
    centre, unit = _vector(centre_mm), _unit(axis)
    cavity_length = m["length_mm"] - 2 * m["end_weld_mm"]
    cavity_radius = m["diameter_mm"] / 2 - m["wall_mm"]
    return [
        Part(Cylinder(centre, unit, m["length_mm"], m["diameter_mm"] / 2), {"titanium": 1, "muscle": -1}),
        Part(Cylinder(centre, unit, cavity_length, cavity_radius), {"titanium": -1}),
        Part(Cylinder(centre, unit, m["core_length_mm"], m["core_diameter_mm"] / 2), {"silver": 1}),
    ]


@dataclass(frozen=True)
class Decoy:
    """Something that is no seed, in the scanner's frame; ``axis`` None where it has none."""

    kind: str
    centre_mm: Vector
    size_mm: Vector
    axis: Vector | None
    parts: tuple[Part, ...]

    @property
    def reach_mm(self) -> float:
        """Distance from its centre within which it lies."""
        return max(self.size_mm) / 2


def make_decoy(kind: str, centre_mm: ArrayLike, random: np.random.Generator) -> Decoy:
    """Return a decoy of a kind (a key of ``DECOYS``), its size and axis drawn at random."""
    return DECOYS[kind](_vector(centre_mm), random)


def _calcification(centre: Vector, random: np.random.Generator) -> Decoy:
    size = _vector(random.uniform(1.5, 4.0, 3))
    body = Ellipsoid(centre, _vector(np.array(size) / 2))
    return Decoy("calcification", centre, size, None, (_instead_of_muscle(body, "calcification"),))


def _vessel_calcification(centre: Vector, random: np.random.Generator) -> Decoy:
    axis = _random_axis(random)
    body = Cylinder(centre, axis, 12.0, 1.0)
    return Decoy("vessel_calcification", centre, (12.0, 2.0, 2.0), axis, (_instead_of_muscle(body, "calcification"),))


def _gold_fiducial(centre: Vector, random: np.random.Generator) -> Decoy:
    axis, length = _random_axis(random), float(random.choice([3.0, 5.0]))
    diameter = 1.2 if length == 3.0 else 1.0
    body = Cylinder(centre, axis, length, diameter / 2)
    return Decoy("gold_fiducial", centre, (length, diameter, diameter), axis, (_instead_of_muscle(body, "gold"),))


def _clip(centre: Vector, random: np.random.Generator) -> Decoy:
    """Return a surgical clip: two titanium legs of 6 x 0.64 mm in a V, 3 mm wide."""
    axis = np.array(_random_axis(random))
    apart = np.array(_unit(np.cross(axis, _random_axis(random))))
    legs = [
        Cylinder(_vector(centre + side * 0.7 * apart), _unit(6 * axis + side * 1.2 * apart), 6.0, 0.32)
        for side in (-1, 1)
    ]
    parts = tuple(_instead_of_muscle(leg, "titanium") for leg in legs)
    return Decoy("clip", centre, (6.0, 3.0, 0.8), _vector(axis), parts)


def _dental(centre: Vector, random: np.random.Generator) -> Decoy:
    axis = _random_axis(random)
    body = Cylinder(centre, axis, 4.0, 2.0)
    return Decoy("dental", centre, (4.0, 4.0, 4.0), axis, (_instead_of_muscle(body, "amalgam"),))


def _screw(centre: Vector, random: np.random.Generator) -> Decoy:
    axis = _random_axis(random)
    body = Cylinder(centre, axis, 8.0, 1.0)
    return Decoy("screw", centre, (8.0, 2.0, 2.0), axis, (_instead_of_muscle(body, "titanium"),))


DECOYS = {
    "calcification": _calcification,
    "vessel_calcification": _vessel_calcification,
    "gold_fiducial": _gold_fiducial,
    "clip": _clip,
    "dental": _dental,
    "screw": _screw,
}


def _instead_of_muscle(body: Body, material: str) -> Part:
    return Part(body, {material: 1, "muscle": -1})


def _vector(values: ArrayLike) -> Vector:
    x, y, z = (float(v) for v in np.asarray(values, float))
    return x, y, z


def _unit(values: ArrayLike) -> Vector:
    return _vector(np.asarray(values, float) / np.linalg.norm(values))


def _random_axis(random: np.random.Generator) -> Vector:
    return _unit(random.normal(size=3))
