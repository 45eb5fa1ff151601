"""From clusters of fitted seeds to found seeds and rejected candidates."""

from __future__ import annotations

import numpy as np

from brachyresponse.progress import Report
from brachyresponse.seeds.detection.amplitude import amplitudes
from brachyresponse.seeds.detection.clusters import Cluster
from brachyresponse.seeds.detection.detected import FoundSeed, RejectedCandidate, RejectionReason
from brachyresponse.seeds.detection.exchanged_ends import exchange_spread_deg
from brachyresponse.seeds.detection.fitting import Patch, PoseFit
from brachyresponse.seeds.detection.judging import Usual, Verdict, axis_confidence, judge, seed_confidence
from brachyresponse.seeds.detection.other_metal import explained_by_other_metal
from brachyresponse.seeds.detection.posterior import (
    ANY_DIRECTION,
    AxisPrior,
    MeanPose,
    axis_prior,
    flat_spread_mm,
    mean_poses,
)
from brachyresponse.seeds.detection.pursuit import Search
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.seeds.detection.template import ScannerImage

SURE_AXIS_DEG = 6.0


def usual_seed(clusters: list[Cluster]) -> Usual:
    """Return what the lone seeds of an image are like."""
    lone = [cluster for cluster in clusters if cluster.is_single]
    if not lone:
        return Usual()
    misfit = np.median([cluster.fit.misfit for cluster in lone])
    amplitude = np.median([amplitudes(cluster.patch, cluster.fit)[0] for cluster in lone])
    return Usual(float(misfit), float(amplitude))


def find_verdicts(
    search: Search, frame: ScannerFrame, clusters: list[Cluster], scanner: ScannerImage, report: Report
) -> tuple[list[FoundSeed], list[RejectedCandidate]]:
    """Tell seeds from other things, and take the mean pose of each."""
    usual, prior = usual_seed(clusters), _prior(search, clusters, scanner)
    found: list[FoundSeed] = []
    rejected: list[RejectedCandidate] = []
    for number, cluster in enumerate(clusters):
        report(number / len(clusters), "Telling seeds from other metal")
        verdicts = judge(search.template, cluster.patch, cluster.fit, search.seed_length_mm, usual)
        if any(v.reason is None for v in verdicts) and explained_by_other_metal(cluster, scanner, usual.misfit):
            verdicts = [Verdict(v.misfit, v.amplitude, v.reason or RejectionReason.OTHER_METAL) for v in verdicts]
        poses = mean_poses(search.template, cluster.patch, cluster.fit, prior, scanner.slice_mm)
        exchanged = exchange_spread_deg(
            search.template, cluster.patch, cluster.fit, search.seed_length_mm, scanner.slice_mm
        )
        for verdict, pose, exchange_deg in zip(verdicts, poses, exchanged, strict=True):
            seed = _found(frame, verdict, pose, float(exchange_deg), search.seed_length_mm)
            if verdict.reason is None:
                found.append(seed)
            else:
                rejected.append(RejectedCandidate(**vars(seed), reason=verdict.reason))
    return found, rejected


def as_found(search: Search, frame: ScannerFrame, patch: Patch, fit: PoseFit) -> list[FoundSeed]:
    """Return the seeds of one fit in RAS with their confidences, whatever speaks against them."""
    slice_mm = float(frame.spacing_mm[2])
    verdicts = judge(search.template, patch, fit, search.seed_length_mm, Usual())
    poses = mean_poses(search.template, patch, fit, ANY_DIRECTION, slice_mm)
    exchanged = exchange_spread_deg(search.template, patch, fit, search.seed_length_mm, slice_mm)
    return [
        _found(frame, verdict, pose, float(exchange_deg), search.seed_length_mm)
        for verdict, pose, exchange_deg in zip(verdicts, poses, exchanged, strict=True)
    ]


def _found(frame: ScannerFrame, verdict: Verdict, pose: MeanPose, exchange_deg: float, length_mm: float) -> FoundSeed:
    flat_mm = flat_spread_mm(pose.axis, length_mm, float(frame.spacing_mm[2]))
    return FoundSeed(
        frame.to_ras(pose.centre_mm),
        frame.directions_to_ras(pose.axis),
        seed_confidence(float(np.hypot(pose.centre_spread_mm, flat_mm)), verdict),
        axis_confidence(float(np.hypot(pose.axis_spread_deg, exchange_deg)), verdict),
    )


def _prior(search: Search, clusters: list[Cluster], scanner: ScannerImage) -> AxisPrior:
    """Return how the seeds lie whose axes the image shows well."""
    sure = []
    for cluster in clusters:
        if cluster.is_single:
            pose = mean_poses(search.template, cluster.patch, cluster.fit, ANY_DIRECTION, scanner.slice_mm)[0]
            if pose.axis_spread_deg < SURE_AXIS_DEG:
                sure.append(pose.axis)
    return axis_prior(np.array(sure).reshape(-1, 3))
