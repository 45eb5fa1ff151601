"""Registration on the target's outline, drawn on both images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.planning.surface import HALF, StructureSurface, surface_points_mm
from brachyresponse.progress import Report
from brachyresponse.types import FloatArray
from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.registration_images import RegistrationScan

SURFACE_POINTS = 800
"""Of each outline; more change nothing that can be seen."""
REACH_MM = 15.0
"""Distances beyond this are taken as this."""
FIELD_VOXELS = 60
"""Along the longest side of a target, where voxels of 1 mm would be more."""
SOFT_MM = 2.0
"""Distances above this pull less: somewhere the two outlines were drawn differently."""
CONTOUR_SD_MM = 1.0
"""How well an outline is drawn; with the two below an assumption of this software."""
INDEPENDENT_PLACES = 50
"""On how many places of an outline the drawing errors are taken to be independent."""
USUAL_TURN_DEG = 10.0
"""A patient lies turned by about so much; it keeps a round target from being turned at will."""
DOUBTFUL_TURN_DEG = 4.0
DOUBTFUL_MM = 2.0
DOUBTFUL_VOLUME = 0.25


def register_contours(plan: RegistrationScan, implant: RegistrationScan, report: Report) -> Registration:
    """Return the rigid motion that lays the plan's outline of the target on the implant's.

    The distances of each outline's points from the other are made small by least squares (soft beyond 2 mm), from the
    targets' centres on one another and without a turn. A turn that the outlines do not tell is taken to be none.

    Raises
    ------
    RegistrationError
        The target is missing on one side.
    """
    from scipy.optimize import least_squares

    outlines = _Outlines(_Outline(plan.needed_target("plan")), _Outline(implant.needed_target("implant")))
    report(0.0, "Registration on the target's outline")
    fit = least_squares(outlines.misfit, np.zeros(6), loss="soft_l1", f_scale=SOFT_MM * outlines.weight)
    report(1.0, "Registration on the target's outline")
    residual_mm = float(np.abs(outlines.distances_mm(fit.x)).mean())
    turn_sd_deg = float(np.sqrt(np.linalg.inv(fit.jac.T @ fit.jac).diagonal()[:3].max()) * USUAL_TURN_DEG)
    return Registration(
        RegistrationMethod.CONTOURS,
        outlines.matrix(fit.x),
        residual_mm,
        "Mean distance between the target's outline on the implant CT and that of the plan carried over.",
        tuple(_warnings(outlines, residual_mm, turn_sd_deg)),
    )


@dataclass(frozen=True, eq=False)
class _Outline:
    """A target's outline as a smooth field of signed distances, and some points of it."""

    structure: Structure

    def distance_mm(self, points_mm: FloatArray) -> FloatArray:
        """Distance of points (N, 3) from the outline, negative inside; beyond ``REACH_MM`` that."""
        return sample(self._field, self._grid, points_mm, outside=REACH_MM)

    @cached_property
    def points_mm(self) -> FloatArray:
        """``SURFACE_POINTS`` points, (N, 3), spread over the outline; some twice where it has fewer."""
        points = surface_points_mm(np.clip(HALF - self._field, 0, 1), self._grid)
        spread: FloatArray = points[np.linspace(0, len(points) - 1, SURFACE_POINTS).astype(int)]
        return spread

    @cached_property
    def _grid(self) -> Grid:
        lower, upper = self.structure.bounds_mm()
        return Grid.covering(lower - REACH_MM, upper + REACH_MM, max(1.0, float((upper - lower).max()) / FIELD_VOXELS))

    @cached_property
    def _field(self) -> FloatArray:
        from scipy.ndimage import gaussian_filter

        distance = StructureSurface(self.structure).distance_mm(self._grid.points_mm())
        field: FloatArray = gaussian_filter(
            np.clip(distance, -REACH_MM, REACH_MM), 1.0
        )  # a mask's stairs have no slope
        return field


@dataclass(frozen=True, eq=False)
class _Outlines:
    """The target before and after, and how far apart a motion leaves them.

    A motion is six numbers: a turn about the target's centre, as a vector in units of ``USUAL_TURN_DEG``, and a shift
    in mm beyond that of the centres.
    """

    plan: _Outline
    implant: _Outline

    @property
    def weight(self) -> float:
        """Of a point's distance, per mm: as if there were ``INDEPENDENT_PLACES`` of them."""
        return float(np.sqrt(INDEPENDENT_PLACES / (2 * SURFACE_POINTS)) / CONTOUR_SD_MM)

    def matrix(self, motion: FloatArray) -> FloatArray:
        """Plan RAS to implant RAS, (4, 4)."""
        from scipy.spatial.transform import Rotation

        before_mm, after_mm = self._centres_mm
        result = np.eye(4)
        result[:3, :3] = Rotation.from_rotvec(np.deg2rad(USUAL_TURN_DEG) * motion[:3]).as_matrix()
        result[:3, 3] = after_mm + motion[3:] - result[:3, :3] @ before_mm
        return result

    def distances_mm(self, motion: FloatArray) -> FloatArray:
        """Signed distances of the points of each outline from the other."""
        matrix = self.matrix(motion)
        turn, shift = matrix[:3, :3], matrix[:3, 3]
        there = self.implant.distance_mm(self.plan.points_mm @ turn.T + shift)
        back = self.plan.distance_mm((self.implant.points_mm - shift) @ turn)
        return np.concatenate([there, back])

    def misfit(self, motion: FloatArray) -> FloatArray:
        """Weighted distances, and the turn against what is usual."""
        return np.concatenate([self.weight * self.distances_mm(motion), motion[:3]])

    @cached_property
    def _centres_mm(self) -> tuple[FloatArray, FloatArray]:
        return self.plan.structure.centre_mm, self.implant.structure.centre_mm


def _warnings(outlines: _Outlines, residual_mm: float, turn_sd_deg: float) -> list[str]:
    warnings = []
    if turn_sd_deg > DOUBTFUL_TURN_DEG:
        warnings.append(
            f"The target is too round to tell how the patient is turned (to about {turn_sd_deg:.0f} degrees only): "
            "seeds far from its centre may be carried to the wrong place; register on bone if you can."
        )
    if residual_mm > DOUBTFUL_MM:
        warnings.append(
            f"The two outlines of the target lie {residual_mm:.1f} mm apart: look at the overlay before use."
        )
    change = outlines.implant.structure.volume_cc / outlines.plan.structure.volume_cc - 1
    if abs(change) > DOUBTFUL_VOLUME:
        warnings.append(
            f"The target's volume changed by {change:+.0%} from plan to implant CT, swollen or drawn otherwise: "
            "a rigid motion brings only its middle along."
        )
    return warnings
