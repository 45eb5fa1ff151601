"""Dose that follows the seeds while they are edited: only what changed is computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose.engine import add_dose_rates
from brachyresponse.dose.memory import check_memory
from brachyresponse.dose.rate import dose_rate
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import Float32Array, FloatArray

CGY_PER_GY = 100.0
LIVE_BYTES_PER_VOXEL = 8 + 8 + 4 + 4
"""The sum in double precision before and after an edit, one seed, and the dose handed out."""


class _LiveSum(ABC):
    """Sum over seeds in double precision, from which a seed is taken away exactly as it was added."""

    def __init__(self, source: Source, seeds: Seeds, shape: tuple[int, ...]) -> None:
        self.source = source
        self._gy_per_rate = integrated_hours(source.half_life_days) / CGY_PER_GY
        self._rate: FloatArray = np.zeros(shape)
        self._seeds = Seeds.none()
        self.update(seeds)

    @property
    def seeds(self) -> Seeds:
        """The seeds that the dose belongs to."""
        return self._seeds

    def update(self, seeds: Seeds) -> None:
        """Follow an edit: seeds moved, turned, added, deleted, reordered or of another strength."""
        before, after = Counter(_records(self._seeds)), Counter(_records(seeds))
        gone, come = before - after, after - before
        starts_again = gone.total() == before.total()
        rate = np.zeros_like(self._rate) if starts_again else self._rate.copy()
        for seed in [] if starts_again else _each(self._seeds, gone):
            rate -= self._rate_of(seed)
        for seed in _each(seeds, come):
            rate += self._rate_of(seed)
        self._rate, self._seeds = rate, seeds  # last, so that an error on the way changes nothing

    @property
    def dose_gy(self) -> Float32Array:
        """Total dose of the permanent implant, Gy, a new array at each call."""
        dose: Float32Array = np.multiply(self._rate, self._gy_per_rate, dtype=np.float64).astype(np.float32)
        return np.maximum(dose, 0.0, out=dose)

    @abstractmethod
    def _rate_of(self, seed: Seeds) -> Float32Array | FloatArray:
        """Dose rate of one seed, cGy/h; the same numbers whenever it is asked."""


class LiveDose(_LiveSum):
    """Dose on a grid while seeds are edited: what ``implant_dose`` gives, to 0.1 %, after any number of edits.

    ``dose_gy`` is [k, j, i], float32; ``update(seeds)`` costs a look-up of the grid for each seed that changed.

    Parameters
    ----------
    source
        Model of all seeds.
    seeds
        To begin with; there may be none.
    grid
        Where the dose is wanted.

    Raises
    ------
    DoseError
        The grid needs more memory than the limit.
    """

    def __init__(self, source: Source, seeds: Seeds, grid: Grid) -> None:
        check_memory(grid, bytes_per_voxel=LIVE_BYTES_PER_VOXEL)
        self.grid = grid
        super().__init__(source, seeds, grid.shape_kji)

    def _rate_of(self, seed: Seeds) -> Float32Array:
        rates = np.zeros(self.grid.shape_kji, np.float32)
        add_dose_rates(rates, self.source, seed, self.grid)
        return rates


class LivePointDose(_LiveSum):
    """The same at some points only, as the samples of a structure, by the formulas: ``dose_gy`` is (M,).

    Parameters
    ----------
    source, seeds
        As for :class:`LiveDose`.
    points_mm
        (M, 3) RAS.
    """

    def __init__(self, source: Source, seeds: Seeds, points_mm: ArrayLike) -> None:
        self.points_mm = np.asarray(points_mm, np.float64)
        super().__init__(source, seeds, (len(self.points_mm),))

    def _rate_of(self, seed: Seeds) -> FloatArray:
        return dose_rate(self.source, seed, self.points_mm)


Record = tuple[float, ...]


def _records(seeds: Seeds) -> list[Record]:
    """What the dose of each seed depends on."""
    columns = (seeds.positions_mm, seeds.directions, seeds.air_kerma_strength_u[:, None], seeds.axis_known[:, None])
    return [tuple(row) for row in np.concatenate(columns, axis=1).tolist()]


def _each(seeds: Seeds, wanted: Counter[Record]) -> list[Seeds]:
    """The wanted seeds, one by one, in the implant's order."""
    left = Counter(wanted)
    chosen = []
    for index, record in enumerate(_records(seeds)):
        if left[record] > 0:
            left[record] -= 1
            chosen.append(seeds.select(index))
    return chosen
