"""Recipes as large and as hard as the reference phantoms, and a 5 mm one."""

from __future__ import annotations

from dataclasses import replace

from ct_phantom.case import Recipe
from ct_phantom.reconstruction import Kernel
from ct_phantom.sites import Site

_PELVIS_DECOYS = ("gold_fiducial", "clip", "calcification", "calcification", "vessel_calcification")
FULL_RECIPES = {
    "pelvis-1mm": Recipe(
        Site.PELVIS, 30, decoys=("calcification", "gold_fiducial"), field_mm=(120, 100, 81), views=900
    ),
    "pelvis-2.5mm": Recipe(
        Site.PELVIS, 70, 0.1, 0.03, _PELVIS_DECOYS, tilt_deg=15, thickness_mm=2.5, pixel_mm=0.6,
        field_mm=(180, 168, 82.5), views=900,
    ),
    "headneck-2mm": Recipe(
        Site.HEADNECK, 45, 0.15, 0.03, ("calcification", "clip", "dental", "clip", "calcification", "screw"),
        scatter_mm=1.2, tilt_deg=15, thickness_mm=2, pixel_mm=0.45, field_mm=(117, 117, 88),
        kernel=Kernel.STANDARD, oblique=True, views=900,
    ),
    "pelvis-3mm-lowdose": Recipe(
        Site.PELVIS, 100, 0.25, 0.03, (*_PELVIS_DECOYS, "clip"), scatter_mm=1.5, tilt_deg=18, thickness_mm=3,
        pixel_mm=0.9, field_mm=(315, 225, 81), dose=0.5, oblique=True, views=900,
    ),
    "pelvis-5mm": Recipe(
        Site.PELVIS, 60, 0.05, 0.02, _PELVIS_DECOYS, tilt_deg=12, thickness_mm=5, pixel_mm=0.7,
        field_mm=(168, 140, 80), views=900,
    ),
}  # fmt: skip


def full_recipe(name: str, random_seed: int = 0) -> Recipe:
    """Return a recipe of ``FULL_RECIPES`` with its own random seed."""
    return replace(FULL_RECIPES[name], random_seed=random_seed)
