"""What a measurement of diffusion found: rows a part of a lesion, and what has to be known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from brachyresponse.diffusion.request import DiffusionRequest
from brachyresponse.diffusion.restriction import CentralRestriction
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Volume
from brachyresponse.lesions import ExclusionRow, Histogram
from brachyresponse.lesions.ratios import LesionRatio, RatioStatistic


@dataclass(frozen=True, eq=False)
class DiffusionRow:
    """The ADC of one part of a lesion, or of the white matter; 1e-6 mm2/s throughout.

    Parameters
    ----------
    lesion
        Its name; of the white matter its own.
    part, label
        Which part, and what it is called: enhancing part, lesion, core, white matter.
    volume_cc, voxels, valid_voxels
        Of the part, before anything is left out; voxels that count.
    values
        By statistic; without a valid voxel empty.
    standard_deviation
        From voxel to voxel; None with fewer than two.
    percentiles
        The 5th, 10th, 25th, 50th, 75th, 90th and 95th, by percent.
    cold_spot_cc
        Volume of which the cold spot is the mean: less than asked for where the part is smaller.
    ratios
        To the mean of the white matter, by statistic; empty without white matter, and of the white matter itself.
    histogram
        Of the valid voxels; None without any.
    reasons
        Why the part is not evaluable; empty where it is.
    """

    lesion: str
    part: LesionPart
    label: str
    volume_cc: float
    voxels: int
    valid_voxels: int
    values: Mapping[RatioStatistic, float]
    standard_deviation: float | None
    percentiles: Mapping[int, float]
    cold_spot_cc: float
    ratios: Mapping[RatioStatistic, LesionRatio]
    histogram: Histogram | None
    reasons: tuple[str, ...]

    @property
    def is_evaluable(self) -> bool:
        """Whether its values may be used."""
        return not self.reasons

    def value(self, statistic: RatioStatistic | str = RatioStatistic.MEAN) -> float | None:
        """Return a statistic, 1e-6 mm2/s; None where the part is not evaluable."""
        return self.values.get(RatioStatistic(statistic)) if self.is_evaluable else None


@dataclass(frozen=True, eq=False)
class DiffusionStudy:
    """The result of :func:`~brachyresponse.diffusion.measure_diffusion`.

    Parameters
    ----------
    request
        What was asked for.
    adc
        The map in 1e-6 mm2/s.
    rows
        A row a part of each lesion, then the white matter.
    restrictions
        By lesion: the core against the rim, described and not scored.
    exclusions
        By lesion: what was left out.
    questions
        What nobody has said yet and the figures depend on.
    white_matter_dose_gy
        Mean dose of the white matter; None without a dose.
    warnings
        What a person should look at.
    """

    request: DiffusionRequest
    adc: Volume
    rows: tuple[DiffusionRow, ...]
    restrictions: Mapping[str, CentralRestriction]
    exclusions: Mapping[str, tuple[ExclusionRow, ...]]
    questions: tuple[str, ...]
    white_matter_dose_gy: float | None
    warnings: tuple[str, ...]

    def row(self, lesion: str, part: LesionPart | str = LesionPart.SOLID) -> DiffusionRow:
        """Return the row of a part of a lesion.

        Raises
        ------
        DiffusionError
            There is none.
        """
        for row in self.rows:
            if (row.lesion, row.part) == (lesion, part):
                return row
        known = ", ".join(f"{row.lesion} ({row.part})" for row in self.rows)
        raise DiffusionError(f"The ADC of {lesion!r} ({part}) was not measured: there are {known}.")
