"""The image of one visit, and what a reader would draw on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.digital_patient.metal import SEED_LENGTH_MM, add_metal
from brachyresponse.digital_patient.perfusion.disturbances import with_rician_noise
from brachyresponse.digital_patient.response.lesion import CourseLesion
from brachyresponse.digital_patient.response.site import Site, healthy_image
from brachyresponse.digital_patient.shapes import Tube, occupancy_in_box
from brachyresponse.geometry import Grid, Structure
from brachyresponse.response.vocabulary import LesionKind
from brachyresponse.seeds import Seeds
from brachyresponse.types import Float32Array, FloatArray

BRIGHTEST_SWOLLEN = 1.1
"""Of white matter's signal: oedema is seen in brain, not in vessels; fluid is darker than it and stays."""
CLIPPED_HU = (-1024, 3071)


@dataclass(frozen=True)
class Scene:
    """The patient in the scanner on a day.

    ``seeds`` lie in the visit's RAS; there are none before the implant.
    """

    site: Site
    day: float
    lesions: tuple[CourseLesion, ...]
    seeds: Seeds
    plan_to_visit: FloatArray

    def in_plan(self, grid: Grid) -> Grid:
        """Return where the voxels of the visit's grid lie in the plan's frame."""
        return Grid(grid.shape_kji, np.linalg.inv(self.plan_to_visit) @ grid.ijk_to_ras)

    def drawn(self, grid: Grid) -> dict[str, Structure]:
        """Return the lesions, cores included, as a careful reader draws them."""
        in_plan, drawn = self.in_plan(grid), {}
        for lesion in self.lesions:
            occupancy = np.zeros(grid.shape_kji, np.float32)
            box, share = occupancy_in_box(lesion.shape(self.day), in_plan)
            occupancy[box] = share
            drawn[lesion.id] = Structure(lesion.id, occupancy, grid)
        return drawn

    def image(self, grid: Grid, random: np.random.Generator) -> Float32Array:
        """Return the image [k, j, i] of the site's scanner, with seeds and noise."""
        in_plan = self.in_plan(grid)
        image = _lying(self.site, in_plan)
        figures = self.site.figures
        for lesion in self.lesions:
            self._paint_lesion(lesion, in_plan, image)
        if self.site.head is not None:
            for seed in _capsules(self.seeds, figures["seed_void_radius_mm"]):
                box, share = occupancy_in_box(seed, grid)
                image[box] += share * (figures["values"]["seed"] - image[box])
            return with_rician_noise(image, figures["noise"], random)
        if self.seeds.count:
            add_metal(image, grid, self.seeds.positions_mm, self.seeds.directions)
        image += figures["noise"] * random.standard_normal(image.shape, dtype=np.float32)
        return np.clip(np.rint(image), *CLIPPED_HU).astype(np.float32)

    def _paint_lesion(self, lesion: CourseLesion, in_plan: Grid, image: Float32Array) -> None:
        values = self.site.figures["values"]
        if "oedema" in values:
            swollen = lesion.shape(self.day, share=self.site.figures["oedema_share"])
            box, share = occupancy_in_box(swollen, in_plan)
            in_brain = image[box] <= BRIGHTEST_SWOLLEN * values["white matter"]
            image[box] += share * in_brain * np.minimum(values["oedema"] - image[box], 0)
        for tissue, size in (("lesion", 1.0), ("core", lesion.core_share)):
            if size:
                box, share = occupancy_in_box(lesion.shape(self.day, share=size), in_plan)
                image[box] += share * (values[tissue] - image[box])


def seeds_at(seeds: Seeds, lesions: Sequence[CourseLesion], day: float, plan_to_visit: FloatArray) -> Seeds:
    """Return the seeds of the implant on a day, in the visit's RAS: those in a lymph node move as it shrinks."""
    if day < 0:
        return Seeds.none()
    centre, scale = np.zeros(3), 1.0
    for lesion in lesions:
        if lesion.kind is LesionKind.NODE:
            centre, scale = np.array(lesion.centre_mm), lesion.scale(day) / lesion.scale(0)
    turn, shift = plan_to_visit[:3, :3], plan_to_visit[:3, 3]
    now_mm = centre + scale * (seeds.positions_mm - centre)
    return replace(seeds, positions_mm=now_mm @ turn.T + shift, directions=seeds.directions @ turn.T)


def _lying(site: Site, in_plan: Grid) -> Float32Array:
    """Return the site without disease on a visit's voxels."""
    from scipy.ndimage import affine_transform

    healthy = healthy_image(site, round(float(in_plan.spacing_ijk_mm[0]), 6))  # the motion leaves rounding
    ijk = healthy.grid.ras_to_ijk @ in_plan.ijk_to_ras
    turn, shift = ijk[:3, :3][::-1, ::-1], ijk[:3, 3][::-1]
    lying: Float32Array = affine_transform(
        healthy.values, turn, shift, in_plan.shape_kji, order=1, mode="nearest", output=np.float32
    )
    return lying


def _capsules(seeds: Seeds, radius_mm: float) -> list[Tube]:
    """Return where the capsules take the signal away, as tubes."""
    ends = 0.5 * SEED_LENGTH_MM * seeds.directions
    pairs = zip((seeds.positions_mm - ends).tolist(), (seeds.positions_mm + ends).tolist(), strict=True)
    return [Tube((tuple(start), tuple(end)), radius_mm) for start, end in pairs]
