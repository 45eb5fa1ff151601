"""How sure D90 and V100 of an implant are, when seeds lie and point a little otherwise than found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.dose import Dvh, dose_rate
from brachyresponse.dose.implant import CGY_PER_GY
from brachyresponse.dose.samples import sample_points
from brachyresponse.errors import VerificationError
from brachyresponse.geometry import Structure
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, integrated_hours
from brachyresponse.types import FloatArray
from brachyresponse.verification.uncertainty import SeedUncertainty, disturbed
from brachyresponse.verification.verification import Verification


@dataclass(frozen=True)
class Interval:
    """A number as found, and the median and ends of what was sampled."""

    label: str
    unit: str
    as_found: float
    low: float
    median: float
    high: float

    @property
    def text(self) -> str:
        """The interval as shown: ``D90 142.1 Gy (135.0 to 148.3)``."""
        return f"{self.label} {self.as_found:.1f} {self.unit} ({self.low:.1f} to {self.high:.1f})"


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
    if not seeds.count:
        raise VerificationError("There are no seeds whose uncertainty could be sampled: find seeds first.")
    if not prescription_gy > 0:
        raise VerificationError(f"The prescription is {prescription_gy} Gy: give a positive dose.")
    assumed = uncertainty or SeedUncertainty()
    random = np.random.default_rng(assumed.random_seed)
    points_mm, volume_cc = sample_points(target)
    some_mm = _even_points(points_mm, volume_cc, assumed.points, random)
    even_cc = np.full(len(some_mm), target.volume_cc / len(some_mm))

    def metrics(moved: Seeds, at_mm: FloatArray, cc: FloatArray) -> FloatArray:
        dvh = _dvh(target, _dose_gy(source, moved, at_mm), cc)
        return np.array([dvh.d(90), dvh.v(prescription_gy)])

    as_found, found_at_some = metrics(seeds, points_mm, volume_cc), metrics(seeds, some_mm, even_cc)
    sampled = np.empty((assumed.samples, 2))
    for done in range(assumed.samples):
        report(done / assumed.samples, f"Robustness: implant {done + 1} of {assumed.samples}")
        sampled[done] = metrics(disturbed(seeds, assumed, random), some_mm, even_cc)
    d90_gy, v100 = (as_found + sampled - found_at_some).T  # what the choice of points did is taken off again
    v100 = np.clip(v100, 0, 100)
    return Robustness(
        structure=target.name,
        d90=_interval("D90", "Gy", float(as_found[0]), d90_gy, assumed.coverage_percent),
        v100=_interval("V100", "%", float(as_found[1]), v100, assumed.coverage_percent),
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


def _even_points(points_mm: FloatArray, volume_cc: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    """Points that stand for equal volumes, ``count`` of (M, 3), RAS mm.

    The points are walked through slice by slice and one is taken after each equal step of volume, so that every part
    of the target has its share.
    """
    below_cc = np.cumsum(volume_cc)
    steps = (np.arange(count) + random.uniform()) / count * below_cc[-1]
    chosen: FloatArray = points_mm[np.minimum(np.searchsorted(below_cc, steps), len(points_mm) - 1)]
    return chosen


def _dose_gy(source: Source, seeds: Seeds, points_mm: FloatArray) -> FloatArray:
    """Total dose at points (M, 3), Gy, (M,)."""
    return dose_rate(source, seeds, points_mm) * (integrated_hours(source.half_life_days) / CGY_PER_GY)


def _dvh(target: Structure, dose_gy: FloatArray, volume_cc: FloatArray) -> Dvh:
    order = np.argsort(dose_gy)
    return Dvh(target.name, dose_gy[order], volume_cc[order], target.volume_cc)


def _interval(label: str, unit: str, as_found: float, sampled: FloatArray, coverage_percent: float) -> Interval:
    tail = (100 - coverage_percent) / 2
    low, median, high = np.percentile(sampled, [tail, 50, 100 - tail])
    return Interval(label, unit, as_found, float(low), float(median), float(high))
