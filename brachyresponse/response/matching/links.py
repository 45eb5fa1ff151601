"""Which lesions of two visits belong together, by how close they lie; nothing here depends on their order or names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from brachyresponse.response.matching.closeness import Closeness

LEAST_SHARE = 0.1
"""Of the smaller lesion inside the larger: less is two neighbours whose outlines touch."""
LEAST_NEAR_SHARE = 0.5
"""Of a lesion within the registration's uncertainty of another one: the same place, as far as can be told."""

Link = tuple[str, str]
"""A lesion of the earlier and one of the later visit."""
Group = tuple[set[str], set[str]]
"""Lesions of the earlier and of the later visit that hang together."""


def overlapping(near: Mapping[Link, Closeness]) -> list[Link]:
    """Return the pairs that lie in one place, of every lesion only those with the one it shares most with.

    Or else a neighbour's touch would join two good pairs to one group.
    """
    links = [
        link
        for link, found in sorted(near.items(), key=lambda item: item[0])
        if found.share_of_smaller >= LEAST_SHARE or found.near_share >= LEAST_NEAR_SHARE
    ]
    ends = {(side, link[side]) for link in links for side in (0, 1)}
    kept = {max((k for k in links if k[side] == name), key=lambda k: _strength(near[k])) for side, name in ends}
    return sorted(kept)


def nearest(
    near: Mapping[Link, Closeness], before: Collection[str], after: Collection[str], max_distance_mm: float
) -> list[Link]:
    """Return pairs of the lesions given, the nearest first, none further apart than the limit."""
    free_before, free_after = set(before), set(after)
    found = []
    for _, link in sorted(((n.surface_mm, n.centre_mm), link) for link, n in near.items()):
        is_near = near[link].surface_mm <= max_distance_mm
        if is_near and link[0] in free_before and link[1] in free_after:
            found.append(link)
            free_before.remove(link[0])
            free_after.remove(link[1])
    return found


def groups(links: Sequence[Link]) -> list[Group]:
    """Return the lesions that links hold together, one group each."""
    found: list[Group] = []
    for before, after in links:
        joined: Group = ({before}, {after})
        apart = []
        for group in found:
            if joined[0] & group[0] or joined[1] & group[1]:
                joined = (joined[0] | group[0], joined[1] | group[1])
            else:
                apart.append(group)
        found = [*apart, joined]
    return found


def _strength(found: Closeness) -> tuple[float, float, float, float]:
    return found.shared_ml, found.near_share, -found.surface_mm, -found.centre_mm
