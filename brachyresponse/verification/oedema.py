"""What swelling after the implant does to the dose: a model, never used unless asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import VerificationError

INVERSE_SQUARE = 2.0
NODES = 256
"""Gauss-Legendre nodes of the integral over the decay: its error is below 1e-6 for every swelling that is allowed."""
LARGEST_SWELLING = 5.0
CITATION = (
    "Volume: Waterman et al. 1998, Int J Radiat Oncol Biol Phys 41:1069, and Chen et al. 2000; dose rate by the "
    "(V/V0)^(-n/3) estimate of this software."
)


@dataclass(frozen=True)
class OedemaModel:
    """Swelling that fades: V(t) = V0 (1 + dV exp(-ln2 t / T_e)).

    Seeds move radially with the tissue, so the dose rate in the target scales as (V / V0)^(-n / 3): a first-order
    estimate. It was measured in the prostate (average half-life about 10 days); for neck nodes and brain no law of
    oedema was found.

    Parameters
    ----------
    swelling
        dV, the volume gained at the implant, as a share of the volume without oedema (0.5: half as much again).
    half_life_days
        T_e, after which half of it is gone.
    exponent
        n: 2 for the inverse square alone, about 2.2 with attenuation.

    Raises
    ------
    VerificationError
        A number is not one that a model can have.

    References
    ----------
    Waterman et al. 1998, Int J Radiat Oncol Biol Phys 41:1069; Chen et al. 2000 (the volume's law).
    """

    swelling: float
    half_life_days: float = 10.0
    exponent: float = INVERSE_SQUARE

    def __post_init__(self) -> None:
        if not 0 <= self.swelling <= LARGEST_SWELLING:
            raise VerificationError(
                f"The oedema's swelling is {self.swelling:g} of the volume: give a share from 0 to "
                f"{LARGEST_SWELLING:g}, as 0.5 for half as much again."
            )
        if not (np.isfinite(self.half_life_days) and self.half_life_days > 0):
            raise VerificationError(f"The oedema's half-life is {self.half_life_days} days: give a positive number.")
        if not 0 < self.exponent <= 4:
            raise VerificationError(f"The oedema's exponent is {self.exponent:g}: give 2, or about 2.2.")

    def relative_volume(self, days: float) -> float:
        """Return V(t) / V0 at a time after the implant."""
        return 1 + self.swelling * float(np.exp(-np.log(2) * days / self.half_life_days))

    def apparent_factor(self, scan_days: float) -> float:
        """Return how much a scan of one day, taken for the whole time, leaves of the dose: V^(-n/3) of that day."""
        return float(self.relative_volume(scan_days) ** (-self.exponent / 3))

    def lifetime_factor(self, source_half_life_days: float) -> float:
        """Return the total dose with oedema as a share of that without: the mean of V^(-n/3) over the decays.

        With u = exp(-lambda t), the share of the dose still to come, it is the integral of
        (1 + dV u^(T_half / T_e))^(-n/3) over u from 0 to 1.
        """
        node, weight = np.polynomial.legendre.leggauss(NODES)
        share_left = (node + 1) / 2
        volume = 1 + self.swelling * share_left ** (source_half_life_days / self.half_life_days)
        return float(weight @ volume ** (-self.exponent / 3)) / 2

    def correction(self, source_half_life_days: float, scan_days: float) -> float:
        """Return the factor from the dose computed on a scan of one day to the total dose with the oedema fading."""
        return self.lifetime_factor(source_half_life_days) / self.apparent_factor(scan_days)

    def sentence(self, source_half_life_days: float, scan_days: float) -> str:
        """Return the assumption in words, with the factor it leads to."""
        return (
            f"Oedema model (an assumption, not measured in this patient): the target is swollen by "
            f"{self.swelling:.0%} at the implant and the swelling halves every {self.half_life_days:g} days; the dose "
            f"rate goes with volume^(-{self.exponent:g}/3). From the images of day {scan_days:g} to the total dose: "
            f"factor {self.correction(source_half_life_days, scan_days):.3f}. {CITATION}"
        )
