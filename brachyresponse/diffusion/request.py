"""What a measurement of diffusion is made of, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions.exclusions_on_grid import MaskRole

if TYPE_CHECKING:
    from brachyresponse.seeds import Seeds


@dataclass(frozen=True, kw_only=True)
class DiffusionSettings:
    """Choices of a measurement.

    Parameters
    ----------
    cold_spot_cc
        Volume whose mean stands for the minimum: a single voxel is noise.
    seed_margin_mm
        Round each seed and the balloon nothing is evaluated; None takes the proposal for diffusion.
    least_voxel_share
        Voxels at the edge that are lesion in a smaller share are left out.
    exclude_vessels, exclude_blood
        Leave out what the anatomical image and the T2* image show in the lesions, where they are given.
    find_core
        Take what does not enhance on the anatomical image for the core, where no core is drawn.
    dose_limit_gy
        White matter of reference lies where the implant gave less.
    bin_um2_per_s, highest_um2_per_s
        Of the histogram, 1e-6 mm2/s.
    bootstrap_samples, random_seed
        Of the interval of a ratio.

    Raises
    ------
    DiffusionError
        A value outside its range.
    """

    cold_spot_cc: float = 0.3
    seed_margin_mm: float | None = None
    least_voxel_share: float = 0.75
    exclude_vessels: bool = True
    exclude_blood: bool = True
    find_core: bool = True
    dose_limit_gy: float = 5.0
    bin_um2_per_s: float = 50.0
    highest_um2_per_s: float = 3500.0
    bootstrap_samples: int = 1000
    random_seed: int = 0

    def __post_init__(self) -> None:
        for what, value, low, high in (
            ("volume of the cold spot (cc)", self.cold_spot_cc, 0.001, 1000.0),
            ("margin round the seeds (mm)", self.seed_margin_mm or 0.0, 0.0, 100.0),
            ("least share of a voxel", self.least_voxel_share, 0.0, 1.0),
            ("limit of dose (Gy)", self.dose_limit_gy, 0.0, 1000.0),
            ("width of a bin (1e-6 mm2/s)", self.bin_um2_per_s, 1.0, 1000.0),
            ("end of the histogram (1e-6 mm2/s)", self.highest_um2_per_s, 100.0, 100_000.0),
            ("number of bootstrap samples", self.bootstrap_samples, 1, 100_000),
            ("random seed", self.random_seed, 0, 2**63),
        ):
            if not low <= value <= high:
                raise DiffusionError(f"The {what} is {value:g}, expected {low:g} to {high:g}: correct it.")


@dataclass(frozen=True, eq=False, kw_only=True)
class DiffusionRequest:
    """An ADC map with its lesions, and all that its evaluation takes.

    Structures and images may lie on any grid of the same space; they are brought to that of the map.

    Parameters
    ----------
    adc
        The map; its unit is the volume's own, or ``unit``.
    unit
        Of the map where it does not say it itself; it goes before the map's own.
    lesions
        By name, cores included.
    cores
        By the lesion's name: the part that does not enhance, where it was drawn.
    white_matter
        Normal-appearing, of the other side; None gives no ratios.
    anatomical
        Post-contrast T1 in the map's space: cores and vessels are looked for on it.
    masks
        Segments that are left out of lesion and white matter; necrosis among them is a core of every lesion.
    t2star
        T2*-weighted or susceptibility-weighted image in which blood and calcification are looked for.
    seeds
        Of the implant in the map's space; a margin round each is left out.
    dose
        Of the implant in Gy; None where there is none.
    b_values_s_per_mm2
        That the map was computed from; empty where not known.
    is_registered
        Whether the map lies on the image that the lesion was drawn on; None where nobody said so.
    is_undistorted
        Whether a person looked at the map at the lesion and found it not displaced by the echo-planar distortion;
        None where nobody looked.
    scan_date, patient_id
        None and empty where not known.
    notes
        What was assumed before, one sentence each.

    Raises
    ------
    DiffusionError
        No lesion, one without a name, a core of a lesion that is not there, or b values that are none.
    """

    adc: Volume
    unit: str = ""
    lesions: Mapping[str, Structure] = field(default_factory=lambda: MappingProxyType({}))
    cores: Mapping[str, Structure] = field(default_factory=lambda: MappingProxyType({}))
    white_matter: Structure | None = None
    anatomical: Volume | None = None
    masks: Mapping[MaskRole, Structure] = field(default_factory=lambda: MappingProxyType({}))
    t2star: Volume | None = None
    seeds: Seeds | None = None
    dose: Volume | None = None
    b_values_s_per_mm2: Sequence[float] = ()
    is_registered: bool | None = None
    is_undistorted: bool | None = None
    settings: DiffusionSettings = field(default_factory=DiffusionSettings)
    scan_date: date | None = None
    patient_id: str = ""
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.lesions or "" in self.lesions:
            raise DiffusionError(
                f"There are {len(self.lesions)} lesions to measure the ADC of, each needs a name: give them."
            )
        for name in self.cores:
            if name not in self.lesions:
                raise DiffusionError(
                    f"There is a core of lesion {name!r}, but no such lesion: give one of {', '.join(self.lesions)}."
                )
        b_values = np.asarray(self.b_values_s_per_mm2, float)
        if not (np.isfinite(b_values).all() and (b_values >= 0).all()):
            raise DiffusionError(f"The b values {b_values.tolist()} are not all numbers from 0: give them in s/mm2.")
