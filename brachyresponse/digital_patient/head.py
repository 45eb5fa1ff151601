"""The anatomy of the digital patient: a head with a contrast-enhancing tumour, in RAS mm, as exact shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from brachyresponse.digital_patient.shapes import Ellipsoid, LobedBall, Point, Shape, Tube


@dataclass(frozen=True)
class Tumour:
    """An irregular enhancing tumour with a core that does not enhance, and oedema round it."""

    centre_mm: Point = (36.0, 8.0, 32.0)
    radius_mm: float = 12.5
    lobe_directions: tuple[Point, ...] = ((1, 0.4, 0.2), (-0.5, 1, 0.1), (0.1, -1, 0.6), (-0.6, -0.3, -1))
    lobe_shares: tuple[float, ...] = (0.16, 0.26, 0.20, 0.13)
    core_share: float = 0.42
    oedema_share: float = 1.45

    @property
    def outline(self) -> LobedBall:
        """The tumour's outer surface: the gross tumour volume."""
        return self._scaled(1.0)

    @property
    def core(self) -> LobedBall:
        """The part that does not enhance."""
        return self._scaled(self.core_share)

    @property
    def oedema(self) -> LobedBall:
        """The swollen white matter round the tumour, tumour included."""
        return self._scaled(self.oedema_share)

    def _scaled(self, share: float) -> LobedBall:
        return LobedBall(self.centre_mm, self.radius_mm * share, self.lobe_directions, self.lobe_shares)


@dataclass(frozen=True)
class Region:
    """Shapes together, without the part inside another one."""

    shapes: tuple[Shape, ...]
    without: Shape | None = None


@dataclass(frozen=True)
class Head:
    """A schematic head: sizes of an adult's, symmetric but for the tumour and the vessel beside it."""

    tumour: Tumour = field(default_factory=Tumour)

    def structures(self) -> dict[str, Region]:
        """Return the regions that a physicist would contour, by name."""
        return {
            "GTV": Region((self.tumour.outline,)),
            "Brainstem": Region((BRAINSTEM,)),
            "Ventricles": Region(VENTRICLES),
            "Vessel": Region((VESSEL,)),
            "Skull": Region((SKULL_OUTSIDE,), without=SKULL_INSIDE),
            "External": Region((HEAD,)),
        }

    def painting(self) -> Iterator[tuple[str, Shape]]:
        """Yield tissues and shapes in the order in which they cover one another."""
        yield "scalp", HEAD
        yield "skull", SKULL_OUTSIDE
        yield "csf", SKULL_INSIDE
        yield "grey matter", Ellipsoid((0, 0, 8), (61.5, 82.5, 83.5), fold_depth_mm=1, fold_length_mm=24)
        for side in (-1, 1):
            yield "white matter", Ellipsoid((side * 29, 0, 12), (27, 72, 70), fold_depth_mm=3.5)
        yield "csf", Ellipsoid((0, 0, 40), (1.8, 84, 52))
        yield "white matter", Ellipsoid((0, -2, 16), (20, 34, 14))
        yield "air", Ellipsoid((0, 84, -38), (11, 12, 12))
        yield "brainstem", BRAINSTEM
        yield "oedema", self.tumour.oedema
        for ventricle in VENTRICLES:
            yield "csf", ventricle
        yield "enhancing tumour", self.tumour.outline
        yield "necrosis", self.tumour.core
        yield "vessel", VESSEL


HEAD = Ellipsoid((0, 0, 6), (78, 99, 101))
SKULL_OUTSIDE = Ellipsoid((0, 0, 8), (71, 92, 93))
SKULL_INSIDE = Ellipsoid((0, 0, 8), (65, 86, 87))
BRAINSTEM = Tube(((0, -10, 2), (0, -20, -30), (0, -26, -70)), 12.0)
VESSEL = Tube(((4, 22, -30), (22, 26, -6), (40, 28, 12), (54, 14, 30), (54, -8, 46), (48, -28, 62)), 2.0)
VENTRICLES: tuple[Shape, ...] = tuple(
    shape
    for side in (-1, 1)
    for shape in (
        Ellipsoid((side * 10, 18, 26), (5.5, 22, 8)),
        Ellipsoid((side * 15, -14, 22), (6, 20, 9)),
    )
)
