"""A test case: the recipe, the image it gives and the truth about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from brachyresponse.geometry import Grid
from ct_phantom.objects import SEED_MODEL, Decoy, Part, seed_parts
from ct_phantom.planting import PlantedSeed, Scatter, plant_decoys, plant_seeds
from ct_phantom.reconstruction import Kernel, back_project, filter_views
from ct_phantom.scanner import Scanner, Tissue, measure_slice
from ct_phantom.sites import Anatomy, Site, build_site

FloatArray = NDArray[np.float64]
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0])
SLICES_AT_ONCE = 24
TEXTURE_HU = 5.0


@dataclass(frozen=True)
class Recipe:
    """What to make; every field has a plain default: a dozen lone seeds in a limb, 1 mm slices, 0.5 mm pixels."""

    site: Site = Site.LOCAL
    seeds: int = 12
    pair_share: float = 0.0  # share of the seeds that touch another one
    migrated_share: float = 0.0
    decoys: tuple[str, ...] = ()
    scatter_mm: float = 1.0
    tilt_deg: float = 10.0
    thickness_mm: float = 1.0
    pixel_mm: float = 0.5
    field_mm: tuple[float, float, float] = (60.0, 56.0, 44.0)
    kernel: Kernel = Kernel.SOFT
    dose: float = 1.0
    oblique: bool = False
    views: int = 480
    clipped: bool = True  # at 3071 HU, as a 12-bit scanner
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)  # of the raster under the patient, scanner's frame
    random_seed: int = 0


@dataclass(frozen=True)
class Case:
    """A CT image with known seeds: HU as int16 [k, j, i], RAS in mm."""

    recipe: Recipe
    ct_hu: NDArray[np.int16]
    grid: Grid
    centres_mm: FloatArray  # (N, 3)
    axes: FloatArray  # (N, 3)
    kinds: tuple[str, ...]
    planned_centres_mm: FloatArray  # (N, 3)
    planned_axes: FloatArray  # (N, 3)
    decoys: tuple[dict[str, Any], ...]
    truth: dict[str, Any]


def make_case(recipe: Recipe | None = None, *, seeds: Sequence[tuple[ArrayLike, ArrayLike]] | None = None) -> Case:
    """Scan an implant.

    Parameters
    ----------
    recipe
        What to make.
    seeds
        Centres and axes in the scanner's frame (x to the patient's left, y to the back, z to the head, mm from the
        middle of the target) in place of random ones.
    """
    recipe = recipe or Recipe()
    random = np.random.default_rng(recipe.random_seed)
    anatomy = build_site(recipe.site, random)
    scatter = Scatter(recipe.scatter_mm, recipe.tilt_deg, recipe.pair_share, recipe.migrated_share)
    planted = _given(seeds) if seeds is not None else plant_seeds(anatomy, recipe.seeds, scatter, random)
    decoys = plant_decoys(anatomy, recipe.decoys, planted, random)
    raster = _raster(recipe, random)
    to_ras, offset_mm = _patient_frame(recipe, random)
    ct_hu = _scan(recipe, anatomy, (planted, decoys), raster, random)
    matrix = np.eye(4)
    matrix[:3, :3] = to_ras * (recipe.pixel_mm, recipe.pixel_mm, recipe.thickness_mm)
    matrix[:3, 3] = to_ras @ [axis[0] for axis in raster] + offset_mm
    frame = _Frame(to_ras, offset_mm)
    truth = _truth(recipe, anatomy, (planted, decoys), frame, Grid(ct_hu.shape, matrix))
    return Case(
        recipe,
        ct_hu,
        Grid(ct_hu.shape, matrix),
        frame.points(np.array([s.centre_mm for s in planted]).reshape(-1, 3)),
        np.array([s.axis for s in planted]).reshape(-1, 3) @ to_ras.T,
        tuple(s.kind for s in planted),
        frame.points(np.array([s.planned_centre_mm for s in planted]).reshape(-1, 3)),
        np.array([s.planned_axis for s in planted]).reshape(-1, 3) @ to_ras.T,
        tuple(truth["decoys"]),
        truth,
    )


def write_case(case: Case, folder: Path, name: str) -> tuple[Path, Path]:
    """Write ``name.nrrd`` (HU, int16) and ``name.truth.json``; return their paths."""
    import SimpleITK as sitk

    folder.mkdir(parents=True, exist_ok=True)
    image, truth = folder / f"{name}.nrrd", folder / f"{name}.truth.json"
    sitk.WriteImage(case.grid.to_image(case.ct_hu), str(image), useCompression=True)
    truth.write_text(json.dumps(case.truth, indent=1), encoding="utf-8")
    return image, truth


@dataclass(frozen=True)
class _Frame:
    """From the scanner's frame to RAS."""

    rotation: FloatArray
    offset_mm: FloatArray

    def points(self, points_mm: ArrayLike) -> FloatArray:
        result: FloatArray = np.asarray(points_mm) @ self.rotation.T + self.offset_mm
        return result


def _given(seeds: Sequence[tuple[ArrayLike, ArrayLike]]) -> list[PlantedSeed]:
    result = []
    for centre, axis in seeds:
        position, unit = np.asarray(centre, float), np.asarray(axis, float) / np.linalg.norm(axis)
        result.append(PlantedSeed(position, unit, position, unit))
    return result


def _raster(recipe: Recipe, random: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return pixel and slice positions in the scanner's frame, the target anywhere within a voxel."""
    spacing = (recipe.pixel_mm, recipe.pixel_mm, recipe.thickness_mm)
    x, y, z = (
        (np.arange(round(wide / step)) - (round(wide / step) - 1) / 2 + random.uniform(-0.5, 0.5)) * step + shift
        for wide, step, shift in zip(recipe.field_mm, spacing, recipe.shift_mm, strict=True)
    )
    return x, y, z


def _patient_frame(recipe: Recipe, random: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return rotation and offset from the scanner's frame (x left, y back, z up) to RAS."""
    angles = random.uniform(-0.35, 0.35, 3)
    offset_mm = random.uniform(-90, 90, 3)
    if not recipe.oblique:
        return LPS_TO_RAS, np.zeros(3)
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = sorted({0, 1, 2} - {axis})
        step = np.eye(3)
        step[[a, a, b, b], [a, b, a, b]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
        turn = turn @ step
    return LPS_TO_RAS @ turn, offset_mm


def _scan(
    recipe: Recipe,
    anatomy: Anatomy,
    contents: tuple[Sequence[PlantedSeed], Sequence[Decoy]],
    raster: tuple[FloatArray, FloatArray, FloatArray],
    random: np.random.Generator,
) -> NDArray[np.int16]:
    x, y, heights = raster
    scanner = Scanner(anatomy.width_mm, recipe.thickness_mm, recipe.views, dose=recipe.dose)
    tissue = Tissue(scanner, anatomy.tissue)
    planted, decoys = contents
    small = [part for seed in planted for part in seed_parts(seed.centre_mm, seed.axis)]
    small += [part for decoy in decoys for part in decoy.parts]
    pixels = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2).astype(np.float32)
    density = np.empty((len(heights), len(pixels)), np.float32)
    for first in range(0, len(heights), SLICES_AT_ONCE):
        block = heights[first : first + SLICES_AT_ONCE]
        views = np.stack([measure_slice(tissue, _near(small, scanner, z), z, random) for z in block])
        filtered = filter_views(views, scanner.bin_mm, recipe.kernel)
        density[first : first + len(block)] = back_project(filtered, scanner.angles, scanner.bins_mm, pixels)
    hu = (density.reshape(len(heights), len(y), len(x)) - 1) * 1000
    hu += _texture(hu.shape, recipe, random)
    limits = (-1024, 3071) if recipe.clipped else (-1024, 32767)
    return np.clip(np.rint(hu), *limits).astype(np.int16)


def _near(small: Sequence[Part], scanner: Scanner, z_mm: float) -> list[Part]:
    half = scanner.thickness_mm / 2
    return [p for p in small if abs(p.body.centre_mm[2] - z_mm) < half + p.body.half_height_mm]


def _texture(shape: tuple[int, ...], recipe: Recipe, random: np.random.Generator) -> NDArray[np.float32]:
    spacing = np.array([recipe.thickness_mm, recipe.pixel_mm, recipe.pixel_mm])
    smooth = ndimage.gaussian_filter(random.standard_normal(shape, dtype=np.float32), 2.0 / spacing, mode="wrap")
    return smooth * np.float32(TEXTURE_HU / smooth.std())


def _truth(
    recipe: Recipe,
    anatomy: Anatomy,
    contents: tuple[Sequence[PlantedSeed], Sequence[Decoy]],
    frame: _Frame,
    grid: Grid,
) -> dict[str, Any]:
    planted, decoys = contents
    image = grid.to_image(np.zeros(grid.shape_kji, np.uint8))
    return {
        "about": "synthetic post-implant CT; LPS and RAS in mm; an axis has no sign",
        "parameters": asdict(recipe),
        "image": {
            "size": list(image.GetSize()),
            "spacing_mm": list(image.GetSpacing()),
            "origin_lps_mm": list(image.GetOrigin()),
            "direction_lps": list(image.GetDirection()),
        },
        "seed_model": SEED_MODEL,
        "target": {
            "centre_ras_mm": frame.points([0.0, 0.0, 0.0]).tolist(),
            "semi_axes_mm": list(anatomy.target_semi_axes_mm),
        },
        "seeds": [_seed_record(index, planted, frame) for index in range(len(planted))],
        "decoys": [_decoy_record(decoy, frame) for decoy in decoys],
    }


def _seed_record(index: int, planted: Sequence[PlantedSeed], frame: _Frame) -> dict[str, Any]:
    seed = planted[index]
    others = [float(np.linalg.norm(o.centre_mm - seed.centre_mm)) for n, o in enumerate(planted) if n != index]
    centre, axis = frame.points(seed.centre_mm), frame.rotation @ seed.axis
    return {
        "id": index + 1,
        "kind": seed.kind,
        "partner": None if seed.partner is None else seed.partner + 1,
        "nearest_seed_mm": round(min(others), 3) if others else None,
        "center_lps_mm": _rounded(LPS_TO_RAS @ centre),
        "center_ras_mm": _rounded(centre),
        "axis_lps": _rounded(LPS_TO_RAS @ axis),
        "axis_ras": _rounded(axis),
        "planned_center_ras_mm": _rounded(frame.points(seed.planned_centre_mm)),
        "planned_axis_ras": _rounded(frame.rotation @ seed.planned_axis),
    }


def _decoy_record(decoy: Decoy, frame: _Frame) -> dict[str, Any]:
    centre = frame.points(np.array(decoy.centre_mm))
    return {
        "type": decoy.kind,
        "center_ras_mm": _rounded(centre),
        "center_lps_mm": _rounded(LPS_TO_RAS @ centre),
        "size_mm": _rounded(np.array(decoy.size_mm)),
        "axis_ras": None if decoy.axis is None else _rounded(frame.rotation @ decoy.axis),
    }


def _rounded(vector: FloatArray) -> list[float]:
    return [round(float(v), 5) for v in vector]
