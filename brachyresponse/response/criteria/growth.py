"""Growth of a single lesion against an earlier scan, for criteria that ask it of one lesion."""

from __future__ import annotations

from collections.abc import Iterable

from brachyresponse.response.criteria.sizes import VisitSizes


def largest_growth(now: VisitSizes, before: VisitSizes) -> tuple[str, float]:
    """Return the lesion that grew most since an earlier scan, and by how much, mm.

    Lesions that are merged at either scan are compared as one: a lesion that swallowed another has not grown by it.
    Lesions that could not be measured are left out.
    """
    growths = [
        (" and ".join(group), _size(now, group) - _size(before, group))
        for group in _groups(now, before)
        if not any(now.sizes[name] is None or before.sizes.get(name) is None for name in group)
    ]
    return max(growths, key=lambda growth: growth[1], default=("no lesion", 0.0))


def _size(sizes: VisitSizes, names: Iterable[str]) -> float:
    return sum(sizes.sizes[name] or 0.0 for name in names)


def _groups(*visits: VisitSizes) -> list[list[str]]:
    groups = {name: [name] for name in visits[0].sizes}
    for visit in visits:
        for name, carrier in visit.merged.items():
            if groups[name] is not groups[carrier]:
                groups[carrier].extend(groups[name])
                for member in groups[name]:
                    groups[member] = groups[carrier]
    return list({id(group): group for group in groups.values()}.values())
