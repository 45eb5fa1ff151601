"""An arterial input function with what can be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray, IntArray, frozen_array

NO_VOXELS = frozen_array(np.empty((0, 3)), np.int64)


class AifMethod(StrEnum):
    """Where an arterial input function comes from."""

    POPULATION = "population"
    SEGMENT = "segment"
    AUTOMATIC = "automatic"


class AifVerdict(StrEnum):
    """Whether it can be trusted."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    FAILED = "failed"

    def or_worse(self, other: AifVerdict) -> AifVerdict:
        """Return the worse of two verdicts."""
        return max(self, other, key=list(AifVerdict).index)


@dataclass(frozen=True)
class AifShape:
    """The figures of one curve; heights in its unit.

    Parameters
    ----------
    peak, peak_s
        Height above the baseline, and when.
    fwhm_s
        Full width at half the peak; infinite where the curve never falls to half.
    arrival_s
        When the agent arrives, between frames.
    first_pass_area
        From arrival to the end of the first pass, unit times s.
    baseline_frames
        Frames before arrival.
    peak_over_noise
        Peak in standard deviations of the noise.
    peak_over_tail
        Peak over the mean of the last quarter of the frames; infinite where that is not above 0.
    frames_above_half
        How many frames lie above half the peak.
    flat_share
        Share of these that lie within 3 % of the peak: large where the top is cut off. 0 for fewer than 3.
    """

    peak: float
    peak_s: float
    fwhm_s: float
    arrival_s: float
    first_pass_area: float
    baseline_frames: int
    peak_over_noise: float
    peak_over_tail: float
    frames_above_half: int
    flat_share: float


@dataclass(frozen=True)
class Rejection:
    """How many voxels a rule left out, in the order in which the rules were applied."""

    rule: str
    count: int
    sentence: str


@dataclass(frozen=True, eq=False)
class Aif:
    """An arterial input function.

    Parameters
    ----------
    time_s, values
        (T,) s, and the mean curve: whole blood mmol/L for DCE, dR2* in 1/s for DSC.
    kind
        Of the series.
    method
        Where it comes from.
    count
        Of how many voxels it is the mean; 0 for a population.
    voxels
        (count, 3) their array indices [k, j, i]; (0, 3) where they were not given.
    shape
        Its figures.
    verdict, reasons
        Whether it can be trusted, and a sentence for each thing against it.
    rejections
        What the rules left out.
    vein_factor
        By which it was rescaled to the area of a vein; None where it was not.
    """

    time_s: FloatArray
    values: FloatArray
    kind: SeriesKind
    method: AifMethod
    count: int
    voxels: IntArray
    shape: AifShape
    verdict: AifVerdict
    reasons: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    vein_factor: float | None = None

    @property
    def unit(self) -> str:
        """Of the values."""
        return "1/s" if self.kind is SeriesKind.DSC else "mmol/L"

    @property
    def peak(self) -> float:
        """Height above the baseline."""
        return self.shape.peak

    @property
    def fwhm_s(self) -> float:
        """Full width at half the peak."""
        return self.shape.fwhm_s

    @property
    def arrival_s(self) -> float:
        """When the agent arrives."""
        return self.shape.arrival_s

    @property
    def time_to_peak_s(self) -> float:
        """From arrival to the peak."""
        return self.shape.peak_s - self.shape.arrival_s

    @property
    def first_pass_area(self) -> float:
        """From arrival to the end of the first pass, unit times s."""
        return self.shape.first_pass_area

    @property
    def sentence(self) -> str:
        """What it is and whether it can be trusted, for people."""
        voxels = f"AIF of {self.count} voxel{'' if self.count == 1 else 's'}"
        where = {
            AifMethod.POPULATION: "Population AIF",
            AifMethod.SEGMENT: f"{voxels} of the segment",
            AifMethod.AUTOMATIC: f"{voxels}, found automatically",
        }[self.method]
        figures = (
            f"{where}: peak {self.peak:.3g} {self.unit}, width {self.fwhm_s:.1f} s, arrival {self.arrival_s:.1f} s, "
            f"first-pass area {self.first_pass_area:.3g} {self.unit} s; {self.verdict}."
        )
        return " ".join((figures, *self.reasons))
