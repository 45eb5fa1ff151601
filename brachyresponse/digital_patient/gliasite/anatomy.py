"""The head after a tumour was taken out: a cavity with a balloon that does not fill it everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.digital_patient.head import Head, Region
from brachyresponse.digital_patient.shapes import Ellipsoid, Point, Shape, even_directions

DIRECTIONS = 20_000
MM3_PER_ML = 1000.0
TUMOUR_TISSUES = ("enhancing tumour", "necrosis")


@dataclass(frozen=True)
class Balloon:
    """A balloon that the cavity presses out of round: an ellipsoid with exactly the volume that was filled in.

    Parameters
    ----------
    centre_mm
        RAS.
    fill_ml
        Volume of the liquid; the wall has no thickness.
    stretch
        Longest semi-axis over the middle one, and the middle one over the shortest.
    air_mm, fluid_mm
        How far the cavity stands out of the balloon in front, where air gathers in a patient who lies on the back,
        and below, where fluid is left.
    """

    centre_mm: Point = (36.0, 8.0, 32.0)
    fill_ml: float = 15.0
    stretch: float = 1.06
    air_mm: float = 2.5
    fluid_mm: float = 1.8

    @property
    def equivalent_radius_mm(self) -> float:
        """Radius of the sphere that holds as much."""
        return float(np.cbrt(3 * MM3_PER_ML * self.fill_ml / (4 * np.pi)))

    @property
    def surface(self) -> Ellipsoid:
        """The balloon: longest from back to front, shortest from head to foot."""
        radius = self.equivalent_radius_mm
        return Ellipsoid(self.centre_mm, (radius, radius * self.stretch, radius / self.stretch))

    @property
    def sphericity(self) -> float:
        """Surface of the sphere of the same volume over that of the balloon, to better than 0.01 %.

        The surface is the integral of ``a b c |(u_x/a, u_y/b, u_z/c)|`` over the unit sphere, on even directions.
        """
        axes = np.array(self.surface.semi_axes_mm)
        surface_mm2 = 4 * np.pi * np.prod(axes) * np.linalg.norm(even_directions(DIRECTIONS) / axes, axis=1).mean()
        return float(4 * np.pi * self.equivalent_radius_mm**2 / surface_mm2)

    @property
    def air(self) -> Ellipsoid:
        """A lens of air and what it hides of the balloon: it stands out of it in front."""
        x, y, z = self.centre_mm
        return Ellipsoid((x, y + self.surface.semi_axes_mm[1], z), (4.5, self.air_mm, 4.5))

    @property
    def fluid(self) -> Ellipsoid:
        """The same of fluid, below."""
        x, y, z = self.centre_mm
        return Ellipsoid((x, y, z - self.surface.semi_axes_mm[2]), (6.0, 6.0, self.fluid_mm))


@dataclass(frozen=True)
class ResectedHead(Head):
    """A head whose tumour was taken out.

    Parameters
    ----------
    balloon
        In the cavity, or the one that was there.
    is_out
        Whether the balloon was taken out: the cavity is full of fluid then.
    """

    balloon: Balloon = field(default_factory=Balloon)
    is_out: bool = False

    def structures(self) -> dict[str, Region]:
        """Return the regions that a physicist would contour, by name."""
        here, bulges = self.balloon.surface, (self.balloon.air, self.balloon.fluid)
        kept = {name: region for name, region in super().structures().items() if name != "GTV"}
        if self.is_out:
            return {"Cavity": Region((here, *bulges)), **kept}
        return {"Balloon": Region((here,)), "Gap": Region(bulges, without=here), **kept}

    def painting(self) -> Iterator[tuple[str, Shape]]:
        """Yield tissues and shapes in the order in which they cover one another."""
        for tissue, shape in super().painting():
            if tissue not in TUMOUR_TISSUES:
                yield tissue, shape
        yield "cavity fluid", self.balloon.fluid
        yield "cavity fluid" if self.is_out else "air", self.balloon.air
        yield "cavity fluid" if self.is_out else "balloon filling", self.balloon.surface
