"""Real anatomies as problems for the planner: the prostate by a template, the brain tumour by parallel tracks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import SimpleITK as sitk

from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy, PlanRoles, StructureSurface, Template, parse_limit
from brachyresponse.planning.inverse import (
    ImplantProblem,
    ObjectiveWeights,
    ParallelTracks,
    SeedPlacement,
    TemplateTracks,
    load_weights,
)
from brachyresponse.sources import load_source
from prostate_case import read_structure
from reference import REFERENCE

PROSTATE_LIMITS = ("Rectum:D2cc<=65%", "Bladder:D2cc<=95%", "Urethra:D30<=125%")
URETHRA_MM = 7.0
RIND_MM, NEAR_RIND_MM = 10.0, 2.0
"""The brain round the tumour is looked at up to 1 cm; its nearest 2 mm lie within the error of slices 6.5 mm thick."""


@cache
def prostate_anatomy() -> PlanAnatomy:
    """PTV, rectum and bladder of the real case, and a straight tube through the middle of every slice as urethra."""
    structures = {name: read_structure(name) for name in ("PTV", "Rectum", "Bladder")}
    target = structures["PTV"]
    points, tube = target.grid.points_mm()[..., :2], np.zeros(target.grid.shape_kji, bool)
    for k in np.flatnonzero(target.mask.any(axis=(1, 2))):
        middle = points[k][target.mask[k]].mean(axis=0)
        tube[k] = np.linalg.norm(points[k] - middle, axis=-1) <= URETHRA_MM / 2
    structures["Urethra"] = Structure("Urethra", tube, target.grid)
    limits = tuple(map(parse_limit, PROSTATE_LIMITS))
    return PlanAnatomy(structures, PlanRoles(ptv="PTV", organs=("Rectum", "Bladder", "Urethra"), limits=limits))


def prostate_problem(**fields: object) -> ImplantProblem:
    """145 Gy with seeds of 0.5 U through a 5 mm template; ``fields`` replace those of the problem."""
    anatomy = prostate_anatomy()
    template = Template(np.array([0.0, 0.0, 1.0]), (5.0, 5.0), anatomy.structures["PTV"].centre_mm)
    known: dict = {
        "anatomy": anatomy,
        "source": load_source("amersham_6711"),
        "strengths_u": (0.5,),
        "prescription_gy": 145.0,
        "tracks": TemplateTracks(template),
    }
    return ImplantProblem(**(known | fields))


@cache
def brain_tumour() -> Structure:
    """The enhancing tumour."""
    image = sitk.ReadImage(str(REFERENCE / "mri" / "brain1_label.nrrd"))
    return Structure("Tumour", sitk.GetArrayFromImage(image) > 0, Grid.from_image(image))


def rind(first_mm: float) -> Structure:
    """The tissue between two distances from the tumour's surface, the farther one 1 cm; voxels of 1 mm."""
    tumour = brain_tumour()
    lower, upper = tumour.bounds_mm()
    grid = Grid.covering(lower - RIND_MM - 1, upper + RIND_MM + 1, 1.0)
    distance_mm = StructureSurface(tumour).distance_mm(grid.points_mm())
    return Structure("Shell", (distance_mm > first_mm) & (distance_mm <= RIND_MM), grid)


def brain_weights() -> ObjectiveWeights:
    """Coverage first, with dear needles and dear dose outside: the tracks are few, and healthy brain is round them."""
    known = load_weights("coverage_first")
    return replace(known, needle=1.5, seed=0.3, spill=1.5, coverage=100, overdose_150=0.4, underdose_percent=112)


def brain_problem(**fields: object) -> ImplantProblem:
    """120 Gy with seeds of 0.762 U on tracks 1 cm apart, from above, within 45 degrees."""
    known: dict = {
        "anatomy": PlanAnatomy({"Tumour": brain_tumour()}, PlanRoles(gtv="Tumour")),
        "source": load_source("amersham_6711"),
        "strengths_u": (0.762,),
        "prescription_gy": 120.0,
        "tracks": ParallelTracks(np.array([0.0, 0.0, -1.0]), pitch_mm=10.0, cone_deg=45.0),
        "placement": SeedPlacement(seed_margin_mm=2.5, most_needles=13, most_seeds=33),
        "weights": brain_weights(),
    }
    return ImplantProblem(**(known | fields))
