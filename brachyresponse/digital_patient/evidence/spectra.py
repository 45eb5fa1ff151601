"""Spectra of the digital patient: a single voxel on the lesion, or a grid in one slice, with their truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brachyresponse.digital_patient.evidence.tables import session_table
from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.digital_patient.spectroscopy import TissueKind, simulate_spectrum, tissue_amplitudes
from brachyresponse.geometry import Grid, Structure
from brachyresponse.seeds import Seeds
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.vocabulary import Metabolite
from brachyresponse.spectroscopy.voxels import distance_to_voxel_mm, shares_on_grid
from brachyresponse.types import AnyArray

Voxel = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class DigitalSpectra:
    """Spectra as a scanner gives them, coils and averages combined; true amplitudes by voxel (i, j, k)."""

    spectra: Spectra
    amplitudes: Mapping[Voxel, Mapping[Metabolite, float]]

    def ratio(self, voxel: Voxel, numerator: str, denominator: str) -> float:
        """Return the true quotient of two amplitudes in a voxel."""
        found = self.amplitudes[voxel]
        return found[Metabolite(numerator)] / found[Metabolite(denominator)]


@dataclass(frozen=True, eq=False)
class Spectroscopist:
    """Lays voxels on a lesion and measures them; ``mixture`` is what the lesion is made of, by tissue."""

    lesion: Structure
    seeds: Seeds
    mixture: Mapping[str, float]
    random_seed: int

    def single_voxel(self) -> DigitalSpectra:
        """Measure one voxel about the middle of the lesion."""
        figures = session_table()["spectra"]
        return self._measured("Single voxel", self._grid((1, 1, 1), figures["single_voxel_mm"]))

    def grid(self) -> DigitalSpectra:
        """Measure a grid of voxels in a slice through the lesion."""
        figures = session_table()["spectra"]
        return self._measured("CSI", self._grid(tuple(figures["grid_size_ijk"]), figures["grid_voxel_mm"]))

    def _grid(self, size_ijk: Voxel, voxel_mm: list[float]) -> Grid:
        x, y, z = map(float, self.lesion.centre_mm)
        angles = session_table()["spectra"]["angles_deg"]
        a, b, c = voxel_mm
        return turned_grid(size_ijk, (a, b, c), (angles[0], angles[1], angles[2]), (x, y, z))

    def _measured(self, name: str, grid: Grid) -> DigitalSpectra:
        figures = session_table()["spectra"]
        shares = shares_on_grid(grid, self.lesion)
        fid = np.zeros((*grid.shape_kji, figures["points"]), complex)
        amplitudes = {}
        for number, (k, j, i) in enumerate(np.ndindex(*grid.shape_kji)):
            truth = self._amplitudes(float(shares[k, j, i]))
            amplitudes[(i, j, k)] = truth
            fid[k, j, i] = self._decay(truth, self._is_near_seeds(grid, (i, j, k)), number)
        spectra = Spectra(
            name,
            fid,
            grid,
            dwell_time_s=figures["dwell_time_s"],
            transmitter_mhz=figures["transmitter_mhz"],
            echo_time_ms=figures["echo_time_ms"],
            repetition_time_ms=figures["repetition_time_ms"],
            is_water_suppressed=True,
        )
        return DigitalSpectra(spectra, amplitudes)

    def _amplitudes(self, share: float) -> dict[Metabolite, float]:
        """Return the amplitudes at the echo of a voxel of which a share is lesion."""
        echo_time_ms = session_table()["spectra"]["echo_time_ms"]
        parts = {tissue: share * part for tissue, part in self.mixture.items()}
        parts[TissueKind.WHITE_MATTER] = parts.get(TissueKind.WHITE_MATTER, 0.0) + 1 - share
        tissues = {tissue: tissue_amplitudes(tissue, echo_time_ms) for tissue in parts}
        return {name: sum(part * tissues[tissue][name] for tissue, part in parts.items()) for name in Metabolite}

    def _decay(self, truth: Mapping[Metabolite, float], is_near_seeds: bool, number: int) -> AnyArray:
        """Return the decay (points,) of one voxel: the noise is that of every other one."""
        figures: dict[str, Any] = session_table()["spectra"]
        tallest = max(truth[name] for name in (Metabolite.CHO, Metabolite.CR, Metabolite.NAA))
        healthy = tissue_amplitudes(TissueKind.WHITE_MATTER, figures["echo_time_ms"])[Metabolite.NAA]
        width_hz = figures["line_width_at_seeds_hz" if is_near_seeds else "line_width_hz"]
        spread = figures["line_width_hz"] / width_hz  # broad lines are lower by as much
        simulated = simulate_spectrum(
            {str(name): value for name, value in truth.items()},
            random_seed=1000 * self.random_seed + number,
            snr=figures["snr_of_white_matter"] * spread * tallest / healthy,
            line_width_hz=width_hz,
            **{name: figures[name] for name in ("echo_time_ms", "transmitter_mhz", "points", "dwell_time_s")},
            **{name: figures[name] for name in ("water", "phase_deg", "shift_hz", "drift_hz")},
        )
        return simulated.fid

    def _is_near_seeds(self, grid: Grid, voxel: Voxel) -> bool:
        if not self.seeds.count:
            return False
        away_mm = distance_to_voxel_mm(grid, voxel, self.seeds.positions_mm)
        return bool(away_mm.min() < session_table()["spectra"]["seed_reach_mm"])
