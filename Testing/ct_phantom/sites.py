"""The patient round the implant: ellipsoids of tissue in the scanner's frame, the target at the origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ct_phantom.bodies import Ellipsoid, Vector
from ct_phantom.objects import Part

TALL_MM = 1e4  # taller than any scan


class Site(StrEnum):
    """Where the implant lies."""

    LOCAL = "local"
    PELVIS = "pelvis"
    HEADNECK = "headneck"


@dataclass(frozen=True)
class Anatomy:
    """Tissue, target and the usual direction of needles."""

    tissue: tuple[Part, ...]
    width_mm: float
    target_semi_axes_mm: Vector
    needle_axis: Vector
    bones: tuple[Ellipsoid, ...] = ()  # teeth included
    teeth: tuple[Ellipsoid, ...] = ()

    def in_bone(self, points_mm: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points (N, 3) lie in or within 2 mm of bone or tooth."""
        inside = np.zeros(len(points_mm), bool)
        for bone in self.bones:
            offset = (points_mm - bone.centre_mm) @ np.array(bone.axes).T
            inside |= (((offset / (np.array(bone.semi_axes_mm) + 2)) ** 2).sum(axis=-1)) < 1
        return inside


def build_site(site: Site, random: np.random.Generator) -> Anatomy:
    """Return the anatomy of a site, its sizes varied a little."""
    return SITES[site](random)


def _local(random: np.random.Generator) -> Anatomy:
    """Return a limb-like body for quick cases: fat, muscle, and one bone at the rim of the field."""
    bone = Ellipsoid((-31.0, 24.0, random.uniform(-5, 5)), (7.0, 6.0, TALL_MM))
    tissue = [_of("fat", (8, 4, 0), (92, 78)), _instead("muscle", "fat", (6, 2, 0), (80, 66)), *_hollow(bone, 3.0)]
    return Anatomy(tuple(tissue), 210.0, (17.0, 15.0, 15.0), (0.0, 0.03, 1.0), (bone,))


def _pelvis(random: np.random.Generator) -> Anatomy:
    wide = random.uniform(0.95, 1.05)
    bones = [
        *(Ellipsoid((side * 68.0, -4.0, 20.0), (16.0, 32.0, 42.0)) for side in (-1, 1)),
        *(Ellipsoid((side * 27.0, -44.0, -4.0), (22.0, 9.0, 17.0)) for side in (-1, 1)),
        *(Ellipsoid((side * 118.0, 0.0, -10.0), (20.0, 20.0, 34.0)) for side in (-1, 1)),
        Ellipsoid((0.0, 72.0, 30.0), (34.0, 12.0, 44.0)),
    ]
    tissue = [
        _of("fat", (0, 0, 0), (175 * wide, 112 * wide)),
        _instead("muscle", "fat", (0, 6, 0), (142 * wide, 88 * wide)),
        _instead("fat", "muscle", (0, 4, 0), (46, 40), 60.0),
        _instead("muscle", "fat", (0, 0, 0), (29, 24), 29.0),
        _instead("air", "fat", (3, 33, 0), (9, 6), 50.0),
        *(part for bone in bones for part in _hollow(bone, 3.5)),
    ]
    semi = tuple(float(s) for s in random.uniform(0.96, 1.08, 3) * (24, 19, 23))
    return Anatomy(tuple(tissue), 380.0, semi, (0.0, 0.03, 1.0), tuple(bones))


def _headneck(random: np.random.Generator) -> Anatomy:
    """Return a parotid bed: jaw and teeth in front (-y), mastoid behind, air of mouth and throat inside."""
    jaw = [Ellipsoid((-26.0, -16.0 - 9 * n, -4.0 - 3 * n), (6.0, 8.0, 15.0 - 2 * n)) for n in range(4)]
    teeth = [Ellipsoid((-33.0, -22.0 - 9 * n, 13.0), (3.2, 3.6, 8.0)) for n in range(3)]
    mastoid = Ellipsoid((-17.0, 31.0, 14.0), (11.0, 9.0, 16.0))
    cells = [
        Ellipsoid((-17.0 + x, 31.0 + y, 14.0 + z), (1.8, 1.6, 2.2))
        for x, y, z in random.uniform(-1, 1, (9, 3)) * (6, 5, 9)
    ]
    tissue = [
        _of("fat", (-50, -4, 0), (78, 92)),
        _instead("muscle", "fat", (-50, -4, 0), (72, 86)),
        _instead("fat", "muscle", (2, 0, 0), (15, 28), 29.0),
        _instead("muscle", "fat", (2, 0, 0), (13, 25), 26.0),
        _instead("air", "muscle", (-62, -34, -6), (12, 22), 20.0),
        *(part for bone in (*jaw, mastoid) for part in _hollow(bone, 2.5, 0.85)),
        *(Part(tooth, {"enamel": 1, "muscle": -1}) for tooth in teeth),
        *(Part(cell, {"muscle": -1}) for cell in cells),
    ]
    return Anatomy(tuple(tissue), 290.0, (13.5, 26.0, 26.0), (-0.5, 0.82, 0.15), (*jaw, *teeth, mastoid), tuple(teeth))


SITES: dict[Site, Callable[[np.random.Generator], Anatomy]] = {
    Site.LOCAL: _local,
    Site.PELVIS: _pelvis,
    Site.HEADNECK: _headneck,
}


def _of(material: str, centre: Vector, semi: tuple[float, float], high: float = TALL_MM) -> Part:
    return Part(Ellipsoid(centre, (*semi, high)), {material: 1})


def _instead(material: str, of: str, centre: Vector, semi: tuple[float, float], high: float = TALL_MM) -> Part:
    materials = {of: -1.0} if material == "air" else {material: 1.0, of: -1.0}
    return Part(Ellipsoid(centre, (*semi, high)), materials)


def _hollow(bone: Ellipsoid, cortex_mm: float, dense: float = 0.6) -> list[Part]:
    """Return a bone in muscle: a shell of which a part is ``dense`` cortical bone, an inside of fat with some bone."""
    inside = Ellipsoid(bone.centre_mm, tuple(max(s - cortex_mm, 1.0) for s in bone.semi_axes_mm), bone.axes)
    return [
        Part(bone, {"bone": dense, "muscle": -dense}),
        Part(inside, {"bone": 0.15 - dense, "muscle": dense - 1, "fat": 0.85}),
    ]
