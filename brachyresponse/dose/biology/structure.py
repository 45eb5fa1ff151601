"""BED and EQD2 of a structure: histograms and figures, each as a range over the ranges of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from brachyresponse.dose.bed import bed_gy, effective_time_days, is_ineffective
from brachyresponse.dose.biology.bounds import Bracket, Extent, bed_bounds, eqd2_bounds, parameters_at
from brachyresponse.dose.biology.exposure import Exposure
from brachyresponse.dose.biology.tissue import TissueBiology
from brachyresponse.dose.biology.uniform import equivalent_uniform_bed
from brachyresponse.dose.dvh import Dvh
from brachyresponse.errors import DoseError
from brachyresponse.types import FloatArray

FIGURES: Mapping[str, Callable[[Dvh], float]] = {
    "D90": lambda dvh: dvh.d(90),
    "Dmean": lambda dvh: dvh.mean_gy,
    "D2cc": lambda dvh: dvh.d_cc(2),
    "D0.1cc": lambda dvh: dvh.d_cc(0.1),
}
"""What is read from the histograms of dose, BED and EQD2 alike."""
ABLATIVE_EQD2_GY = 200.0
"""Above it, a proposal, an EQD2 has no meaning: the model does not hold where the dose ablates."""
ABLATIVE = f"an EQD2 above {ABLATIVE_EQD2_GY:g} Gy (a proposal) has no meaning: the model does not hold here"
ALPHA_STEPS, ALPHA_TRIES = 9, 8


@dataclass(frozen=True)
class BiologicalFigure:
    """A point of the histograms: physical dose, and the ranges of BED and EQD2, Gy.

    None where it is not defined, and then ``note`` says why; otherwise ``note`` holds what is to be known beside it.
    """

    structure: str
    label: str
    dose_gy: float | None
    bed_gy: Bracket[float] | None
    eqd2_gy: Bracket[float] | None
    note: str = ""


@dataclass(frozen=True, eq=False)
class BiologicalDose:
    """The biological dose of one structure.

    Parameters
    ----------
    dose
        Histogram of the implant's dose by its end, Gy.
    exposure
        How the dose rate falls; of each voxel its own.
    tissue
        The structure's parameters with their ranges.
    """

    dose: Dvh
    exposure: Exposure
    tissue: TissueBiology

    @property
    def name(self) -> str:
        """Of the structure."""
        return self.dose.name

    @cached_property
    def bed(self) -> Bracket[Dvh]:
        """Histograms of the least, the likely and the greatest BED, Gy."""
        return bed_bounds(self.dose.sample_dose_gy, self.exposure, self.tissue).each(self._histogram)

    @cached_property
    def eqd2(self) -> Bracket[Dvh]:
        """Histograms of the least, the likely and the greatest EQD2, Gy."""
        return eqd2_bounds(self.dose.sample_dose_gy, self.exposure, self.tissue).each(self._histogram)

    @cached_property
    def figures(self) -> tuple[BiologicalFigure, ...]:
        """D90, mean, D2cc and D0.1cc of dose, BED and EQD2."""
        return tuple(self.figure(label) for label in FIGURES)

    def figure(self, label: str) -> BiologicalFigure:
        """Return D90, Dmean, D2cc or D0.1cc.

        Raises
        ------
        DoseError
            There is no such figure.
        """
        if label not in FIGURES:
            raise DoseError(f"There is no figure {label!r} of a biological dose: expected one of {', '.join(FIGURES)}.")
        read = FIGURES[label]
        try:
            dose_gy = float(read(self.dose))
        except DoseError as error:
            return BiologicalFigure(self.name, label, None, None, None, str(error))
        eqd2_gy = self.eqd2.each(read)
        ablative = ABLATIVE if eqd2_gy.high > ABLATIVE_EQD2_GY else ""
        note = "; ".join(filter(None, (self.dose.warning, ablative)))
        return BiologicalFigure(self.name, label, dose_gy, self.bed.each(read), eqd2_gy, note)

    @cached_property
    def ineffective_percent(self) -> Bracket[float] | None:
        """Percent of the volume whose dose rate is below regrowth from the start; None for tissue without regrowth."""
        if not self.tissue.regrows:
            return None
        low, mid, high = (self._ineffective_percent(extent) for extent in Extent)
        return Bracket(high, mid, low)  # most is ineffective where BED is least

    @cached_property
    def effective_days(self) -> Bracket[float] | None:
        """Until when BED at D90 is counted, days; None for tissue without regrowth.

        The dose rate has then fallen to what regrowth undoes, or the sources are removed.
        """
        if not self.tissue.regrows:
            return None
        return Bracket(*(self._counted_days(extent) for extent in Extent))

    @cached_property
    def uniform_bed_gy(self) -> Bracket[float] | None:
        """BED that given everywhere kills as many cells, Gy; None where alpha is not given.

        A larger alpha raises BED but gives more weight to the coldest part: its range is searched, the other
        parameters lie at the ends where BED is least or greatest.
        """
        alpha = self.tissue.alpha_per_gy
        if alpha is None:
            return None
        mid = self._uniform_bed(Extent.MID, alpha.mid)
        low = -_greatest(lambda value: -self._uniform_bed(Extent.LOW, value), alpha.low, alpha.high)
        return Bracket(low, mid, _greatest(lambda value: self._uniform_bed(Extent.HIGH, value), alpha.low, alpha.high))

    @property
    def regrowth_warning(self) -> str:
        """A sentence where the implant may be, or is, ineffective in a part of the structure; else empty."""
        share = self.ineffective_percent
        if share is None or share.high == 0:
            return ""
        shown = share.each(_percent)
        if share.low == 0:
            up_to = "up to " if share.high >= 1 else ""
            part = f"May be ineffective in {up_to}{shown.high} of {self.name} (likely {shown.mid})"
        elif shown.low == shown.high:
            part = f"Ineffective in {shown.high} of {self.name}"
        else:
            part = f"Ineffective in {shown.low} to {shown.high} of {self.name} (likely {shown.mid})"
        kicks_off = self.tissue.kick_off_days.high > 0
        left = "only what is given before regrowth begins counts" if kicks_off else "its BED counts as 0"
        return (
            f"{part}: where the dose rate is below regrowth from the start, {left}; the share depends on α and Tp of "
            f"{self.tissue.label}."
        )

    def _histogram(self, values: FloatArray) -> Dvh:
        """BED and EQD2 rise with the dose, so the samples stay in order."""
        return replace(self.dose, sample_dose_gy=values)

    def _counted_days(self, extent: Extent) -> float:
        rate = self.exposure.initial_rate_cgy_per_h(self.dose.d(90))
        effective = effective_time_days(rate, half_life_days=self.exposure.half_life_days, **self._regrowth(extent))
        kick_off_days = parameters_at(self.tissue, extent)["kick_off_days"]
        return min(max(float(effective), kick_off_days), self.exposure.duration_days)

    def _regrowth(self, extent: Extent) -> dict[str, float]:
        parameters = parameters_at(self.tissue, extent)
        return {name: parameters[name] for name in ("alpha_per_gy", "doubling_time_days")}

    def _ineffective_percent(self, extent: Extent) -> float:
        rate = self.exposure.initial_rate_cgy_per_h(self.dose.sample_dose_gy)
        where = is_ineffective(rate, **self._regrowth(extent))
        return 100 * float(self.dose.sample_volume_cc[where].sum()) / self.dose.inside_cc

    def _uniform_bed(self, extent: Extent, alpha_per_gy: float) -> float:
        parameters = parameters_at(self.tissue, extent) | {"alpha_per_gy": float(alpha_per_gy)}
        bed = bed_gy(
            self.exposure.initial_rate_cgy_per_h(self.dose.sample_dose_gy),
            half_life_days=self.exposure.half_life_days,
            duration_days=self.exposure.duration_days,
            **parameters,
        )
        return equivalent_uniform_bed(bed, self.dose.sample_volume_cc, alpha_per_gy=alpha_per_gy)


def _percent(share: float) -> str:
    """Return a share in whole percent; what is above 0 and below 1 is not rounded away."""
    return "less than 1 %" if 0 < share < 1 else f"{share:.0f} %"


def _greatest(value: Callable[[float], float], low: float, high: float) -> float:
    """Return the greatest value between two positive ends, both included: steps, then a search beside the best."""
    from scipy.optimize import minimize_scalar

    if low == high:
        return value(low)
    steps = np.geomspace(low, high, ALPHA_STEPS)
    steps[-1] = high  # the rounding of the last step would lie beyond the end
    found = [value(float(step)) for step in steps]
    best = int(np.argmax(found))
    around = steps[max(best - 1, 0)], steps[min(best + 1, ALPHA_STEPS - 1)]
    refined = minimize_scalar(
        lambda x: -value(float(x)), bounds=around, method="bounded", options={"maxiter": ALPHA_TRIES}
    )
    return max(found[best], -float(refined.fun))
