"""Where a course takes place: the head or the neck, its tissues, its seeds and its scanner."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.digital_patient.perfusion.visit_head import CAROTIDS, SINUS
from brachyresponse.digital_patient.response.neck import NODE_CENTRE, neck_painting
from brachyresponse.digital_patient.response.tables import table
from brachyresponse.digital_patient.shapes import Point, Shape, occupancy_in_box
from brachyresponse.dose import implant_dose
from brachyresponse.geometry import Grid, Volume
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.types import FloatArray

DISEASE = {"oedema", "enhancing tumour", "necrosis"}
"""Tissues of the head that a visit paints itself."""
DOSE_SPACING_MM = 2.0


@dataclass(frozen=True)
class Site:
    """A part of the body with an implant; ``head`` is None for the neck."""

    name: str
    head: Head | None = None

    @property
    def figures(self) -> dict[str, Any]:
        """The site's record of ``sites.json``."""
        record: dict[str, Any] = table("sites")[self.name]
        return record

    @property
    def implant_centre_mm(self) -> Point:
        """Middle of the implanted lesion in the plan's RAS."""
        return self.head.tumour.centre_mm if self.head else NODE_CENTRE

    def painting(self) -> tuple[tuple[str, Shape], ...]:
        """Return tissues and shapes without disease, in the order in which they cover one another."""
        if self.head is None:
            return tuple(neck_painting())
        healthy = ((tissue, shape) for tissue, shape in self.head.painting() if tissue not in DISEASE)
        return (*healthy, ("vessel", SINUS), *(("vessel", tube) for tube in CAROTIDS))

    def schematic_seeds(self) -> Seeds:
        """Return the seeds of an implant whose plan is not at hand, in the plan's RAS."""
        if self.head is not None:
            return schematic_seeds(self.head)
        figures = self.figures
        places = [(x, y, z) for x, y in figures["needles_mm"] for z in figures["seed_heights_mm"]]
        needle = np.repeat(np.arange(len(figures["needles_mm"])) + 1, len(figures["seed_heights_mm"]))
        positions, axes = np.array(places) + self.implant_centre_mm, np.tile([0.0, 0.0, 1.0], (len(places), 1))
        return Seeds(positions, axes, np.full(len(places), figures["air_kerma_strength_u"]), needle=needle)

    def dose(self, seeds: Seeds) -> Volume:
        """Return the total dose of seeds round the implant, in the plan's RAS."""
        implant = self.figures["implant"]
        count = round(2 * implant["dose_reach_mm"] / DOSE_SPACING_MM)
        grid = turned_grid((count,) * 3, (DOSE_SPACING_MM,) * 3, (0.0, 0.0, 0.0), self.implant_centre_mm)
        return Volume("Implant dose", implant_dose(load_source(implant["source"]), seeds, grid), grid, "Gy")

    def grid(self, plan_to_visit: FloatArray, voxel_mm: float) -> Grid:
        """Return axial slices over the site as it lies at a visit."""
        figures = self.figures
        i, j, k = (round(count / voxel_mm) for count in figures["size_ijk"])
        x, y, z = plan_to_visit[:3, :3] @ figures["centre_mm"] + plan_to_visit[:3, 3]
        return turned_grid((i, j, k), (voxel_mm,) * 3, (0.0, 0.0, 0.0), (float(x), float(y), float(z)))


@cache
def healthy_image(site: Site, voxel_mm: float) -> Volume:
    """Return the site without disease, seeds and noise, painted once in the plan's RAS."""
    values, grid = site.figures["values"], site.grid(np.eye(4), voxel_mm)
    image = np.full(grid.shape_kji, values["air"], np.float32)
    for tissue, shape in site.painting():
        box, share = occupancy_in_box(shape, grid)
        image[box] += share * (np.float32(values[tissue]) - image[box])
    image.setflags(write=False)
    return Volume(site.name, image, grid, site.figures["unit"])
