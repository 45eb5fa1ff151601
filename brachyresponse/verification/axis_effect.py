"""What the seeds' axes matter: the implant's dose with all of them, and with none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.dose import Dvh, implant_dose
from brachyresponse.dose.samples import StructureSamples
from brachyresponse.geometry import Grid, Structure
from brachyresponse.geometry.resampling import crop_structure
from brachyresponse.progress import Report, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source
from brachyresponse.types import BoolArray


@dataclass(frozen=True)
class AxisEffect:
    """One metric of a target of the implant: as reported, with every measured axis, and with point sources only.

    Leclerc et al. 2004 (Radiother Oncol 72:213, 32 patients): real against idealised axes changed D90 of the prostate
    by 0.02 % (sd 0.91 %).
    """

    structure: str
    id: str
    label: str
    unit: str
    used: float
    all_axes: float
    all_points: float
    stamp: str = ""

    @property
    def difference(self) -> float:
        """All axes minus all points."""
        return self.all_axes - self.all_points

    @property
    def percent(self) -> float:
        """The difference in percent of the value with point sources; 0 where that is 0."""
        return 100 * self.difference / self.all_points if self.all_points else 0.0


@dataclass(frozen=True, eq=False)
class AxisCase:
    """The implant whose axes are questioned.

    Parameters
    ----------
    source, seeds
        The implant; ``seeds.axis_known`` says which axes are used.
    has_axis
        (N,) which seeds have a measured axis, sure or not.
    targets, grid
        The targets, and the dose grid of the evaluation.
    prescription_gy
        The reference of V100.
    """

    source: Source
    seeds: Seeds
    has_axis: BoolArray
    targets: tuple[Structure, ...]
    grid: Grid
    prescription_gy: float


def axis_effects(case: AxisCase, used: Mapping[str, Dvh], report: Report) -> tuple[AxisEffect, ...]:
    """Return D90, D100, V100, V150 and V200 of each target in three ways.

    Parameters
    ----------
    used
        Histograms of the dose as reported, by target.
    """
    near = grid_round(case.grid, case.targets)
    samples = [StructureSamples(target, near) for target in case.targets]
    axes = replace(case.seeds, axis_known=case.has_axis)
    with_axes = implant_dose(case.source, axes, near, report=share_of(report, 0.0, 0.5))
    as_points = implant_dose(case.source, case.seeds.without_axes(), near, report=share_of(report, 0.5, 1.0))
    return tuple(
        effect
        for sampled in samples
        for effect in _effects(
            sampled.name, (used[sampled.name], sampled.dvh(with_axes), sampled.dvh(as_points)), case.prescription_gy
        )
    )


def axis_sentence(effects: tuple[AxisEffect, ...], seeds: Seeds, target: str) -> str:
    """Return how many axes are used and what they matter for D90 of a target."""
    d90 = next(effect for effect in effects if effect.structure == target and effect.id == "d90")
    return (
        f"{_axes_used(int(np.count_nonzero(seeds.axis_known)), seeds.count)} "
        f"D90 of {target}: {d90.all_axes:.1f} Gy with every measured axis, {d90.all_points:.1f} Gy with point sources "
        f"only, difference {d90.difference:+.2f} Gy ({d90.percent:+.2f} %); reported {d90.used:.1f} Gy."
    )


def _axes_used(known: int, count: int) -> str:
    if known == count:
        return f"All {count} seeds are computed with their own axis."
    if not known:
        return f"All {count} seeds are computed as point sources: no axis is sure enough."
    return f"{known} of {count} seeds are computed with their own axis, the others as point sources."


def grid_round(grid: Grid, structures: tuple[Structure, ...]) -> Grid:
    """Return the part of a grid that samples some structures as the whole grid does: their box and a voxel more."""
    corners_ijk = grid.to_ijk(np.concatenate([crop_structure(structure).grid.corners_mm() for structure in structures]))
    size = np.array(grid.size_ijk)
    first = np.clip(np.floor(corners_ijk.min(axis=0)).astype(int) - 1, 0, size - 1)
    last = np.clip(np.ceil(corners_ijk.max(axis=0)).astype(int) + 1, first, size - 1)
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = grid.to_ras(first)
    i, j, k = (int(n) for n in last - first + 1)
    return Grid((k, j, i), matrix)


def _effects(name: str, dvhs: tuple[Dvh, Dvh, Dvh], prescription_gy: float) -> list[AxisEffect]:
    """The metrics of a target from its histograms as used, with all axes and with all points."""

    def effect(label: str, unit: str, value: Callable[[Dvh], float]) -> AxisEffect:
        used, all_axes, all_points = (value(dvh) for dvh in dvhs)
        return AxisEffect(name, label.lower(), label, unit, used, all_axes, all_points)

    return [
        effect("D90", "Gy", lambda dvh: dvh.d(90)),
        effect("D100", "Gy", lambda dvh: dvh.d(100)),
        effect("V100", "%", lambda dvh: dvh.v(prescription_gy)),
        effect("V150", "%", lambda dvh: dvh.v(1.5 * prescription_gy)),
        effect("V200", "%", lambda dvh: dvh.v(2 * prescription_gy)),
    ]
