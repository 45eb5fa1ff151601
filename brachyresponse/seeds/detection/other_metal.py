"""Markers, clips and screws: whether another object of solid metal explains a patch better than seeds do."""

from __future__ import annotations

from dataclasses import replace

from brachyresponse.seeds.detection.clusters import Cluster
from brachyresponse.seeds.detection.fitting import PoseFit
from brachyresponse.seeds.detection.metal import Cylinder, MetalObject
from brachyresponse.seeds.detection.pursuit import LARGEST_COST_RATIO, Search, best_single, one_more
from brachyresponse.seeds.detection.template import ScannerImage, make_template

GOLD_MARKERS = ((3.0, 1.2), (5.0, 1.0))
CLIP_LEG = (6.0, 0.8)
SCREW = (8.0, 2.0)
"""Length and diameter of usual objects, mm: gold fiducials, the titanium leg of a clip, a titanium screw."""
SUSPICIOUS_MISFIT = 2.0
SUSPICIOUS_SHARED_MISFIT = 1.2
"""Times the usual misfit of this image's lone seeds; what fits better, alone or with others, is not looked at."""

HOPELESS = 4.0
"""A second leg is not tried where one leg costs this many times what the seeds do: it lowers it 4 times at most."""


def solid(size_mm: tuple[float, float], material: str) -> MetalObject:
    """Return a solid cylinder of one material."""
    return MetalObject((Cylinder(*size_mm, material, "water"),))


def explained_by_other_metal(cluster: Cluster, scanner: ScannerImage, usual_misfit: float) -> bool:
    """Tell whether a marker, a clip or a screw explains a cluster better than its seeds, their number considered."""
    fit = cluster.fit
    factor = SUSPICIOUS_MISFIT if len(fit.poses) == 1 else SUSPICIOUS_SHARED_MISFIT
    if fit.misfit < factor * usual_misfit:
        return False
    tried = [(size, "gold", 1) for size in GOLD_MARKERS] + [(SCREW, "titanium", 1), (CLIP_LEG, "titanium", 2)]
    return any(
        _beats(_explained(cluster, solid(size, material), scanner, count), fit) for size, material, count in tried
    )


def _beats(other: PoseFit, seeds: PoseFit) -> bool:
    fewer = len(seeds.poses) - len(other.poses)
    return bool(other.cost * LARGEST_COST_RATIO**fewer < seeds.cost)


def _explained(cluster: Cluster, metal: MetalObject, scanner: ScannerImage, count: int) -> PoseFit:
    search = Search(make_template(metal, scanner), metal.length_mm)
    patch, weights = cluster.patch, cluster.weights
    fit = best_single(search, patch, weights)
    if count > 1 and fit.cost < HOPELESS * cluster.fit.cost:
        fit = one_more(replace(search, closest_mm=0.0), patch, weights, fit) or fit
    return fit
