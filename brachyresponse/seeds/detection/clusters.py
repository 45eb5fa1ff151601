"""Groups of bright voxels explained by seeds, each with what the seeds of the others add."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.seeds.detection.candidates import Group
from brachyresponse.seeds.detection.fitting import Patch, PoseFit, Poses, fit_poses
from brachyresponse.seeds.detection.judging import stands_out
from brachyresponse.seeds.detection.pursuit import Search, best_single, explain
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.seeds.detection.tissue import uneven_tissue
from brachyresponse.types import FloatArray

GOOD_MISFIT = 4.5
"""Lone seeds stay below this; touching ones fitted as one seed, bone and other metal lie above it."""
LARGE_FOR_ONE = 1.35
GOOD_MISFIT_OF_LARGE = 2.0
"""A group of this many seeds' volume is taken for one seed only if it fits very well."""
TRUSTED_MISFIT = 9.0
"""What a group with a larger misfit adds to its neighbours is not known."""
REACH_MM = 12.0
"""A seed's image matters up to here."""


@dataclass(frozen=True, eq=False)
class Cluster:
    """A group of bright voxels with the seeds that explain it.

    Parameters
    ----------
    group
        The voxels.
    patch
        The group's and their surroundings.
    weights
        How far each voxel rises above the group's level, (N,).
    expected
        Number of seeds by volume.
    fit
        The seeds.
    """

    group: Group
    patch: Patch
    weights: FloatArray
    expected: float
    fit: PoseFit

    @property
    def is_single(self) -> bool:
        """Whether one seed explains the group well."""
        limit = GOOD_MISFIT if self.expected < LARGE_FOR_ONE else GOOD_MISFIT_OF_LARGE
        return len(self.fit.poses) == 1 and self.fit.misfit < limit


def first_look(search: Search, frame: ScannerFrame, group: Group, expected: float, ceiling_hu: float) -> Cluster:
    """Return a group explained by one seed."""
    points = frame.points_mm(group.box)[group.near]
    values = np.asarray(frame.values_hu[group.box][group.near], np.float64)
    nothing = np.zeros_like(values)
    patch, weights = Patch(points, values, nothing, nothing, ceiling_hu), np.maximum(values - group.level_hu, 0)
    return Cluster(group, patch, weights, expected, best_single(search, patch, weights))


def all_poses(clusters: list[Cluster]) -> Poses:
    """Return the seeds of some clusters."""
    centres = [cluster.fit.poses.centres_mm for cluster in clusters]
    axes = [cluster.fit.poses.axes for cluster in clusters]
    return Poses(np.concatenate([np.empty((0, 3)), *centres]), np.concatenate([np.empty((0, 3)), *axes]))


def with_neighbours(search: Search, cluster: Cluster, others: list[Cluster]) -> Cluster:
    """Return a cluster that knows what the seeds of the others add to its voxels."""
    poses = all_poses([other for other in others if other is not cluster])
    lower, upper = cluster.patch.points_mm.min(axis=0) - REACH_MM, cluster.patch.points_mm.max(axis=0) + REACH_MM
    near = poses.select(np.all((poses.centres_mm > lower) & (poses.centres_mm < upper), axis=1))
    added = search.template.hu(cluster.patch.points_mm, near.centres_mm, near.axes).sum(axis=0)
    return replace(cluster, patch=replace(cluster.patch, neighbours_hu=added))


def refitted(search: Search, cluster: Cluster) -> Cluster:
    """Return a cluster with its seeds fitted again to its patch."""
    return replace(cluster, fit=fit_poses(search.template, cluster.patch, cluster.fit.poses))


def with_tissue(cluster: Cluster, spacing_mm: FloatArray) -> Cluster:
    """Return a cluster that knows of bone and streaks round its metal."""
    group = cluster.group
    uneven = uneven_tissue(cluster.patch, cluster.fit, group.near, spacing_mm, group.level_hu)
    return replace(cluster, patch=replace(cluster.patch, uneven_hu=uneven))


def settled(search: Search, frame: ScannerFrame, clusters: list[Cluster]) -> list[Cluster]:
    """Return the clusters fitted again, each with its neighbours and its uneven tissue taken into account."""
    trusted = [cluster for cluster in clusters if cluster.fit.misfit < TRUSTED_MISFIT]
    result = []
    for cluster in clusters:
        aware = with_tissue(with_neighbours(search, cluster, trusted), frame.spacing_mm)
        result.append(refitted(search, aware))
    return result


def explained(search: Search, cluster: Cluster) -> Cluster:
    """Return a cluster with as many seeds as its patch needs; unchanged where one does or where none can be."""
    everywhere = np.ones(len(cluster.weights), bool)
    if cluster.is_single or not stands_out(search.template, cluster.patch, cluster.fit, everywhere):
        return cluster
    rest = np.maximum(cluster.weights - cluster.patch.other_hu, 0)
    weights = rest if rest.any() else cluster.weights
    return replace(cluster, fit=explain(search, cluster.patch, weights, cluster.expected))
