"""The search for an artery: rule after rule, and what each of them leaves out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif.aif import Aif, AifMethod, AifVerdict, Rejection
from brachyresponse.perfusion.aif.curve_shapes import CurveShapes, curve_shapes
from brachyresponse.perfusion.aif.quality import judge, shape_of
from brachyresponse.perfusion.aif.selection_rules import SelectionRules
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray

HIGH_AT_ONCE = 0.5
"""A curve above this share of its peak in the first frames has no baseline."""


@dataclass(frozen=True, eq=False)
class VesselCandidates:
    """(N,) voxels whose curve can be an artery's, and those that an artery may have been lost with; others count not.

    The lost ones are saturated, constant, or not defined at every frame.
    """

    usable: BoolArray
    lost: BoolArray


class ArterySearch:
    """The voxels that are left, the shapes of their curves, and what each rule left out.

    Parameters
    ----------
    samples
        (N, T) curves that rise from 0.
    candidates
        Which of them are looked at.
    time_s
        (T,) s.
    rules
        The numbers of the rules.
    """

    def __init__(
        self, samples: AnyArray, candidates: VesselCandidates, time_s: FloatArray, rules: SelectionRules
    ) -> None:
        self.samples, self.lost, self.time_s, self.rules = samples, np.flatnonzero(candidates.lost), time_s, rules
        self.step_s = float(np.median(np.diff(time_s)))
        self.rejections: list[Rejection] = []
        self.left: IntArray = np.flatnonzero(candidates.usable)
        self._note("saturated", len(self.lost), "saturated, constant, or not defined at every frame")
        self._note("dark", len(samples) - len(self.lost) - len(self.left), "less signal than blood before the bolus")

    def run(self, mask: BoolArray, kind: SeriesKind, report: Report) -> Aif:
        """Apply the rules and return the mean curve of the voxels that stay; ``mask`` [k, j, i] says where they lie."""
        report(0.1, "Artery: the shape of every curve")
        self.shapes = self._shapes_of_those_left()
        self._drop_without_bolus()
        self._keep("low", self._is_vessel(), f"below {self.rules.vessel_share:.0%} of the height of vessels")
        self._drop_without_baseline()
        self._keep("late", self._is_early(), "later than the earliest vessels, so perhaps veins")
        saturated_share = self._saturated_share()
        rough = self._lowest(
            1 / self.shapes.peak_over_noise, self.rules.smoothest_share, self.rules.roughness_tolerance
        )
        self._keep("rough", rough, "rougher than most arteries")
        self._drop_broad()
        report(0.9, "Artery: voxels that touch")
        voxels = np.argwhere(mask)
        is_connected = self._keep_best_group(voxels)
        aif = self._mean_of(voxels[self.left], kind, saturated_share)
        return aif if is_connected else self._as_scattered(aif)

    def _mean_of(self, voxels: IntArray, kind: SeriesKind, saturated_share: float) -> Aif:
        values = self.samples[self.left].mean(axis=0, dtype=float)
        shape = shape_of(values, self.time_s)
        verdict, reasons = judge(shape, kind, {"voxel_count": len(voxels), "saturated_share": saturated_share})
        told = tuple(self.rejections)
        return Aif(self.time_s, values, kind, AifMethod.AUTOMATIC, len(voxels), voxels, shape, verdict, reasons, told)

    def _shapes_of_those_left(self) -> CurveShapes:
        """Return the shapes a block at a time: never a copy of all curves."""
        parts = [curve_shapes(self.samples[self.left[rows]], self.time_s) for rows in row_blocks(len(self.left))]
        return CurveShapes.joined(parts)

    def _note(self, rule: str, count: int, why: str) -> None:
        if count:
            voxels = "1 voxel" if count == 1 else f"{count} voxels"
            self.rejections.append(Rejection(rule, count, f"{voxels} left out: {why}."))

    def _keep(self, rule: str, kept: BoolArray, why: str) -> None:
        self._note(rule, int(np.count_nonzero(~kept)), why)
        self.left = self.left[kept]
        self.shapes = self.shapes.at(kept)

    def _lowest(self, values: FloatArray, share: float, tolerance: float) -> BoolArray:
        """Return which values are the lowest share of all, or little more; enough for an artery in any case."""
        count = max(round(share * len(values)), min(self.rules.least_connected, len(values)))
        return np.asarray(values <= np.sort(values)[count - 1] + tolerance)

    def _reached(self, heights: FloatArray) -> float:
        """Return the height that the highest share of the voxels reaches, and enough of them for an artery."""
        count = max(round(self.rules.highest_share * len(heights)), self.rules.least_connected)
        return float(np.sort(heights)[-min(count, len(heights))])

    def _drop_without_bolus(self) -> None:
        is_enhancing = np.asarray(self.shapes.peak_over_noise >= self.rules.least_peak_over_noise)
        self._keep("noise", is_enhancing, "no bolus above the noise")
        if not len(self.left):
            raise PerfusionError(
                f"No artery can be found: none of {len(self.samples)} voxels rises above its noise after the baseline. "
                "Look for a bolus that came before the first frame, a wrong baseline, or saturated arteries; or use a "
                "population AIF."
            )

    def _is_vessel(self) -> BoolArray:
        return np.asarray(self.shapes.peak >= self.rules.vessel_share * self._reached(self.shapes.peak))

    def _drop_without_baseline(self) -> None:
        """Drop vessels that are high from the start; where many are, the earliest of them have been missed.

        One high frame alone is a signal that was not yet in its steady state.
        """
        at_start = self.samples[self.left, :2].min(axis=1)
        is_high = (at_start >= HIGH_AT_ONCE * self.shapes.peak) | (self.shapes.peak_s <= self.time_s[0])
        if np.count_nonzero(is_high) > self.rules.earliest_share * len(self.left):
            raise PerfusionError(
                f"No artery can be found: the bolus came before the first frame, where {np.count_nonzero(is_high)} of "
                f"{len(self.left)} voxels of vessels are high already. Choose a series that starts before the "
                "injection, or use a population AIF."
            )
        self._keep("first", ~is_high, "high in the first frame already")

    def _saturated_share(self) -> float:
        """Return which part of the highest voxels, candidates and not usable ones together, is not usable.

        Of the latter those count that are at rest before the candidates' arrival: not the noise in air.
        """
        arrival_s = np.quantile(self.shapes.arrival_s, self.rules.earliest_share)
        before = max(int(np.searchsorted(self.time_s, arrival_s)), 1)
        blocks = (self.samples[self.lost[rows]] for rows in row_blocks(len(self.lost)))
        lost = np.concatenate([np.empty(0), *(_late_heights(block, before) for block in blocks)])
        heights = np.concatenate([lost, self.shapes.peak])
        is_high = heights >= HIGH_AT_ONCE * self._reached(heights)
        is_lost = np.repeat([True, False], [len(lost), len(self.left)])
        return float(is_lost[is_high].mean())

    def _is_early(self) -> BoolArray:
        earliest_s = float(np.quantile(self.shapes.arrival_s, self.rules.earliest_share))
        return np.asarray(self.shapes.arrival_s <= earliest_s + self.rules.arrival_frames * self.step_s)

    def _drop_broad(self) -> None:
        has_width = np.isfinite(self.shapes.fwhm_s)
        if not has_width.any():
            raise PerfusionError(
                "No artery can be found: no curve falls to half its peak before the series ends. Draw the artery, or "
                "use a population AIF."
            )
        self._keep("endless", has_width, "never fall to half their peak")
        narrow = self._lowest(self.shapes.fwhm_s, self.rules.narrowest_share, self.rules.width_frames * self.step_s)
        self._keep("broad", narrow, "broader than most arteries")

    def _keep_best_group(self, voxels: IntArray) -> bool:
        """Keep the best voxels of the touching group with the highest merit; false where none is large enough."""
        labels = touching_groups(voxels[self.left])
        large = np.flatnonzero(np.bincount(labels) >= self.rules.least_connected)
        if len(large):
            best = max(large, key=lambda group: self._best_merit(labels == group))
            self._keep("group", labels == best, "outside the best group of touching voxels")
        least = self.rules.merit_share * self._best_merit(np.ones(len(self.left), bool))
        self._keep("merit", self.shapes.merit >= least, "at the edge of the artery, with less of it in them")
        return len(large) > 0

    def _best_merit(self, chosen: BoolArray) -> float:
        """Return the merit of the best few voxels of a group, so that a long artery does not lose by its ends."""
        return float(np.sort(self.shapes.merit[chosen])[-self.rules.least_connected :].mean())

    def _as_scattered(self, aif: Aif) -> Aif:
        verdict = aif.verdict.or_worse(AifVerdict.DOUBTFUL)
        reason = f"No {self.rules.least_connected} of the candidates touch each other: they may be noise."
        return replace(aif, verdict=verdict, reasons=(*aif.reasons, reason))


def _late_heights(curves: AnyArray, before: int) -> FloatArray:
    """Return the highest defined value from a frame on, of those of the curves (N, T) that are at rest before it."""
    heights = np.where(np.isfinite(curves[:, before:]), curves[:, before:], -np.inf).max(axis=1, initial=-np.inf)
    at_rest = (np.abs(curves[:, :before]) < HIGH_AT_ONCE * heights[:, None]).all(axis=1)
    rising: FloatArray = heights[at_rest & (heights > 0)].astype(float)
    return rising


def touching_groups(voxels: IntArray) -> IntArray:
    """Return the number, from 0, of the group of touching voxels to which each of (N, 3) voxels belongs, (N,).

    Voxels touch that share a face, an edge or a corner.
    """
    from scipy.ndimage import label

    inside = voxels - voxels.min(axis=0)
    image = np.zeros(inside.max(axis=0) + 1, bool)
    image[tuple(inside.T)] = True
    labels, _ = label(image, structure=np.ones((3, 3, 3), bool))
    groups: IntArray = labels[tuple(inside.T)].astype(np.int64) - 1
    return groups
