"""How sure D90 and V100 of an implant are, when seeds lie and point a little otherwise than found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.dose import Dvh, dose_rate
from brachyresponse.dose.implant import CGY_PER_GY
from brachyresponse.dose.intervals import Interval, interval_of
from brachyresponse.dose.samples import sample_points
from brachyresponse.errors import VerificationError
from brachyresponse.geometry import Structure
from brachyresponse.planning import Table
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import FloatArray
from brachyresponse.verification.uncertainty import SeedUncertainty, disturbed
from brachyresponse.verification.verification import Verification


@dataclass(frozen=True, eq=False)
class Robustness:
    """D90 and V100 of a target under uncertainty of the seeds.

    Parameters
    ----------
    structure, stamp
        The target; ``carried, not verified`` where it was not contoured on these images.
    d90, v100
        Gy and percent.
    samples_d90_gy, samples_v100
        What was sampled, (samples,).
    uncertainty
        What was assumed.
    """

    structure: str
    d90: Interval
    v100: Interval
    samples_d90_gy: FloatArray
    samples_v100: FloatArray
    uncertainty: SeedUncertainty
    stamp: str = ""

    @property
    def sentence(self) -> str:
        """Interval and assumption in words."""
        assumed = self.uncertainty
        common = f", all together {assumed.common_sd_mm:g} mm" if assumed.common_sd_mm else ""
        stamp = f" ({self.stamp})" if self.stamp else ""
        return (
            f"{self.structure}{stamp}: {self.d90.text}, {self.v100.text}; {assumed.coverage_percent:g} % of "
            f"{assumed.samples} implants with seeds moved by {assumed.position_sd_mm:g} mm along each axis (sd)"
            f"{common} and tilted by {assumed.axis_sd_deg:g} degrees (sd)."
        )


def robustness_table(*targets: Robustness) -> Table:
    """Return the intervals of D90 and V100 of targets, and after each target's what was assumed."""
    rows: list[tuple[str, ...]] = []
    for found in targets:
        for interval in (found.d90, found.v100):
            values = (interval.as_found, interval.low, interval.median, interval.high)
            numbers = (f"{value:.1f}" for value in values)
            rows.append((found.structure, interval.label, *numbers, interval.unit, found.stamp, ""))
        rows.append((found.structure, "note", "", "", "", "", "", "", found.sentence))
    columns = ("structure", "metric", "as found", "low", "median", "high", "unit", "stamp", "note")
    return Table("Robustness", columns, tuple(rows))


def robustness(
    source: Source,
    seeds: Seeds,
    target: Structure,
    prescription_gy: float,
    *,
    uncertainty: SeedUncertainty | None = None,
    report: Report = ignore_progress,
) -> Robustness:
    """Return the interval of D90 and V100 of a target when its seeds are not quite where they were found.

    Each sample moves every seed and tilts every known axis at random, and the dose is computed by the formulas of
    TG-43 at points of the target that stand for equal volumes. The implant as found is computed at every sample of the
    target's histogram as well, and what the fewer points change there is taken off every sample.

    Parameters
    ----------
    source, seeds
        The implant; seeds without a known axis are point sources and are moved only.
    target
        In the space of the seeds.
    prescription_gy
        The reference of V100.
    uncertainty
        What is assumed; :class:`SeedUncertainty` as it is unless given.
    report
        Told the fraction done; may raise ``Cancelled``.

    Raises
    ------
    VerificationError
        There are no seeds, or the prescription is not positive.
    """
    _check(seeds, prescription_gy)
    assumed = uncertainty or SeedUncertainty()
    random = np.random.default_rng(assumed.random_seed)
    all_of_it = _TargetPoints.of(source, target, prescription_gy)
    some = all_of_it.even(assumed.points, random)
    as_found = all_of_it.metrics(seeds)
    sampled = np.empty((assumed.samples, 2))
    for done in range(assumed.samples):
        report(done / assumed.samples, f"Robustness: implant {done + 1} of {assumed.samples}")
        sampled[done] = some.metrics(disturbed(seeds, assumed, random))
    d90_gy, v100 = (as_found + sampled - some.metrics(seeds)).T  # what the choice of points did is taken off again
    v100 = np.clip(v100, 0, 100)
    return Robustness(
        structure=target.name,
        d90=interval_of("D90", "Gy", float(as_found[0]), d90_gy, assumed.coverage_percent),
        v100=interval_of("V100", "%", float(as_found[1]), v100, assumed.coverage_percent),
        samples_d90_gy=d90_gy,
        samples_v100=v100,
        uncertainty=assumed,
    )


def robustness_of(
    verification: Verification,
    *,
    target: str = "",
    uncertainty: SeedUncertainty | None = None,
    report: Report = ignore_progress,
) -> Robustness:
    """Return the interval of D90 and V100 of a verified implant; see :func:`robustness`.

    Parameters
    ----------
    target
        Name of the target on the implant's images; the one that is judged unless given.

    Raises
    ------
    VerificationError
        The target is not one of the implant's.
    """
    anatomy, name = verification.request.anatomy, target or verification.judged_target
    if name not in anatomy.roles.targets:
        raise VerificationError(
            f"{name!r} is no target of the implant: choose one of {', '.join(anatomy.roles.targets)}."
        )
    found = robustness(
        verification.request.source,
        verification.implant.plan.seeds,
        anatomy.structures[name],
        verification.request.plan.prescription_gy,
        uncertainty=uncertainty,
        report=report,
    )
    return replace(found, stamp=verification.request.stamp(name))


@dataclass(frozen=True, eq=False)
class _TargetPoints:
    """Points of a target, (M, 3) RAS mm, and the volume that each stands for, cm3, (M,)."""

    source: Source
    target: Structure
    prescription_gy: float
    points_mm: FloatArray
    volume_cc: FloatArray

    @classmethod
    def of(cls, source: Source, target: Structure, prescription_gy: float) -> _TargetPoints:
        """All samples of the target's histogram."""
        return cls(source, target, prescription_gy, *sample_points(target))

    def even(self, count: int, random: np.random.Generator) -> _TargetPoints:
        """Return ``count`` of the points that stand for equal volumes.

        They are walked through slice by slice and one is taken after each equal step of volume, so that every part of
        the target has its share.
        """
        below_cc = np.cumsum(self.volume_cc)
        steps = (np.arange(count) + random.uniform()) / count * below_cc[-1]
        chosen = np.minimum(np.searchsorted(below_cc, steps), len(below_cc) - 1)
        return replace(self, points_mm=self.points_mm[chosen], volume_cc=np.full(count, below_cc[-1] / count))

    def metrics(self, seeds: Seeds) -> FloatArray:
        """D90 in Gy and V100 in percent, (2,)."""
        rate = dose_rate(self.source, seeds, self.points_mm)
        dose_gy = rate * (integrated_hours(self.source.half_life_days) / CGY_PER_GY)
        order = np.argsort(dose_gy)
        dvh = Dvh(self.target.name, dose_gy[order], self.volume_cc[order], self.target.volume_cc)
        return np.array([dvh.d(90), dvh.v(self.prescription_gy)])


def _check(seeds: Seeds, prescription_gy: float) -> None:
    if not seeds.count:
        raise VerificationError("There are no seeds whose uncertainty could be sampled: find seeds first.")
    if not prescription_gy > 0:
        raise VerificationError(f"The prescription is {prescription_gy} Gy: give a positive dose.")
