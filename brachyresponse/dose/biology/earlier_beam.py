"""An earlier course of external beam and the implant, added up in EQD2, with everything that this takes for granted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose.bed import bed_gy, eqd2_gy
from brachyresponse.dose.biology.bounds import Bracket, Extent, extreme_over_alpha_beta
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.tissue import TissueBiology
from brachyresponse.dose.biology.volume import check_dose
from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.samples import StructureSamples, part_inside, sample_points
from brachyresponse.errors import DoseError, StructureError
from brachyresponse.geometry import Structure, Volume, sample
from brachyresponse.geometry.resampling import crop_structure
from brachyresponse.types import AnyArray, FloatArray

MOST_FRACTIONS = 100
MOST_GY = 300.0
"""No course of external beam gives more anywhere: a volume above it is in cGy, or is no dose."""


@dataclass(frozen=True, eq=False)
class EarlierBeam:
    """A course of external beam that was given before the implant.

    Parameters
    ----------
    dose
        Of the whole course, Gy, in the space of the implant's images.
    fractions
        Equal ones.
    recovered_share
        Part of its EQD2 that the tissue is taken to have recovered from since, 0 to 1; 0 unless somebody answers
        for another number.
    days_between
        From the beam to the implant, if known; it is told, not computed with.
    frame_of_reference_uid
        Of the dose, if known.

    Raises
    ------
    DoseError
        The volume is no dose, or a number is out of its range.
    """

    dose: Volume
    fractions: int
    recovered_share: float = 0.0
    days_between: float | None = None
    frame_of_reference_uid: str = ""

    def __post_init__(self) -> None:
        check_dose(self.dose)
        highest = float(self.dose.values.max())
        if highest > MOST_GY:
            raise DoseError(
                f"The earlier beam's dose {self.dose.name!r} goes up to {highest:g} Gy, more than {MOST_GY:g} Gy: give "
                "it in Gy, not in cGy."
            )
        if not 1 <= self.fractions <= MOST_FRACTIONS or self.fractions != int(self.fractions):
            raise DoseError(
                f"The earlier beam has {self.fractions:g} fractions: give a whole number from 1 to {MOST_FRACTIONS}."
            )
        if not 0 <= self.recovered_share <= 1:
            raise DoseError(f"The recovered share is {self.recovered_share:g}: give 0 (nothing) to 1 (everything).")
        if self.days_between is not None and not 0 <= self.days_between < np.inf:
            raise DoseError(
                f"The earlier beam ended {self.days_between:g} days before the implant: give 0 or more, or nothing."
            )

    def eqd2_gy(self, dose_gy: ArrayLike, alpha_beta_gy: float) -> FloatArray:
        """Return the EQD2, Gy, of doses of the whole course, less what has recovered; each voxel has its own fraction.

        ``D (D/n + alpha/beta) / (2 + alpha/beta)``.
        """
        dose = np.asarray(dose_gy, float)
        bed = dose * (1 + dose / self.fractions / alpha_beta_gy)
        return (1 - self.recovered_share) * eqd2_gy(bed, alpha_beta_gy)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the sum takes for granted, a sentence each."""
        return (
            f"The earlier beam was given in {self.fractions} equal fractions, each repaired before the next; a voxel's "
            "fraction is its dose over their number.",
            self._recovery,
            self._interval,
            "Both doses are in one space: the tissue lies where it lay during the beam. No registration was made "
            "here, and a shift of some millimetres changes the sum where either dose is steep.",
            "One α/β serves beam and implant; EQD2 adds up voxel by voxel whatever the order of the two.",
            "The dose of the beam is interpolated linearly, as a dose, and then converted.",
        )

    @property
    def _recovery(self) -> str:
        if self.recovered_share == 0:
            return "Nothing of the earlier beam is taken to have recovered."
        return (
            f"{100 * self.recovered_share:g} % of the earlier beam's EQD2 is taken to have recovered, in every voxel: "
            "a number that was entered, not one that is known."
        )

    @property
    def _interval(self) -> str:
        known = "not known" if self.days_between is None else f"{self.days_between:g} days"
        return f"The time from beam to implant is {known}: it is not computed with, and neither is regrowth in it."


@dataclass(frozen=True, eq=False)
class CombinedDose:
    """Earlier beam and implant of one structure in EQD2.

    Parameters
    ----------
    tissue
        Its parameters; one alpha/beta serves both.
    beam, implant, total
        Histograms of the least, the likely and the greatest EQD2, Gy.
    """

    tissue: TissueBiology
    beam: Bracket[Dvh]
    implant: Bracket[Dvh]
    total: Bracket[Dvh]

    @property
    def name(self) -> str:
        """Of the structure."""
        return self.total.mid.name


def combined_dose(
    structure: Structure, implant: Volume, exposure: Exposure, tissue: TissueBiology, beam: EarlierBeam
) -> CombinedDose:
    """Return what an earlier beam and an implant add up to in a structure, in EQD2.

    Both doses are taken at the structure's samples. Low and high are bounds voxel by voxel, each at the alpha/beta
    that is least or most favourable there.

    Parameters
    ----------
    implant
        Dose by its end, Gy.

    Raises
    ------
    StructureError
        The structure lies outside the implant's dose, or not wholly inside the beam's.
    DoseError
        A volume is no dose.
    """
    check_dose(implant)
    known = _known_part(structure, implant, beam)
    implant_gy = StructureSamples(known, implant.grid).dose_at_samples(implant.values)
    beam_gy = StructureSamples(known, beam.dose.grid).dose_at_samples(beam.dose.values)
    volume_cc = sample_points(known)[1]
    outside = 1 - known.volume_cc / structure.volume_cc

    def histogram(eqd2_gy: FloatArray) -> Dvh:
        order = np.argsort(eqd2_gy)
        return Dvh(structure.name, eqd2_gy[order], volume_cc[order], structure.volume_cc, outside)

    both = _Both(implant_gy, beam_gy, exposure, beam)
    parts = (
        Bracket(*(histogram(extreme_over_alpha_beta(extent, tissue, part)) for extent in Extent))
        for part in (both.beam, both.implant, both.total)
    )
    return CombinedDose(tissue, *parts)


def combined_eqd2(
    implant: Volume, exposure: Exposure, tissue: TissueBiology, beam: EarlierBeam, extent: Extent = Extent.MID
) -> Volume:
    """Return the sum of an earlier beam and an implant in EQD2, Gy, on the implant's dose grid, float32.

    Voxels that the beam's dose does not reach get the implant alone: say so beside the picture.

    Raises
    ------
    DoseError
        A volume is no dose.
    StructureError
        The two doses do not overlap.
    """
    check_dose(implant)
    slices = range(implant.grid.shape_kji[0])
    points = (implant.grid.points_mm(slice(k, k + 1))[0] for k in slices)
    beam_gy = np.stack([sample(beam.dose.values, beam.dose.grid, part) for part in points])
    if not beam_gy.any():
        raise StructureError(
            f"The earlier beam's dose {beam.dose.name!r} is 0 all over the implant's dose grid: the two lie apart; "
            "check that they share a frame of reference."
        )
    sums = [
        extreme_over_alpha_beta(extent, tissue, _Both(*doses, exposure, beam).total)
        for doses in zip(implant.values, beam_gy, strict=True)
    ]
    name = f"EQD2 of beam and implant, {tissue.label} ({extent})"
    return Volume(name, np.stack(sums).astype(np.float32), implant.grid, "Gy")


def check_frames(beam: EarlierBeam, frame_of_reference_uid: str) -> None:
    """Refuse a beam whose frame of reference is known to be another than the implant's.

    Raises
    ------
    DoseError
        Both are known, and they differ.
    """
    found = beam.frame_of_reference_uid
    if found and frame_of_reference_uid and found != frame_of_reference_uid:
        raise DoseError(
            f"The earlier beam's dose lies in the frame of reference {found!r}, the implant in "
            f"{frame_of_reference_uid!r}: register it and resample it onto the implant's image first."
        )


@dataclass(frozen=True, eq=False)
class _Both:
    """Doses of implant and beam at the same points, and their EQD2 at one set of parameters."""

    implant_gy: AnyArray
    beam_gy: AnyArray
    exposure: Exposure
    course: EarlierBeam

    def implant(self, parameters: dict[str, float]) -> FloatArray:
        rate = self.exposure.initial_rate_cgy_per_h(self.implant_gy)
        decay = {"half_life_days": self.exposure.half_life_days, "duration_days": self.exposure.duration_days}
        return eqd2_gy(bed_gy(rate, **decay, **parameters), parameters["alpha_beta_gy"])

    def beam(self, parameters: dict[str, float]) -> FloatArray:
        return self.course.eqd2_gy(self.beam_gy, parameters["alpha_beta_gy"])

    def total(self, parameters: dict[str, float]) -> FloatArray:
        return self.implant(parameters) + self.beam(parameters)


def _known_part(structure: Structure, implant: Volume, beam: EarlierBeam) -> Structure:
    """Return the part of a structure that lies in the implant's dose, which the beam's must cover."""
    cropped = crop_structure(structure)
    inside = part_inside(cropped, implant.grid)
    if not inside.any():
        raise StructureError(
            f"Structure {structure.name!r} lies outside the implant's dose: compute it on a larger grid."
        )
    known = replace(cropped, occupancy=inside)
    covered = float(part_inside(known, beam.dose.grid).sum()) / float(inside.sum())
    if covered < 1 - 1e-9:
        raise StructureError(
            f"The earlier beam's dose {beam.dose.name!r} covers {100 * covered:.3g} % of {structure.name!r}: give a "
            "dose that covers it all, in the space of the implant's images; outside it the dose is unknown, not 0."
        )
    return known
