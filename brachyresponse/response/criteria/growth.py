"""Growth of a single lesion against an earlier scan, for criteria that ask it of one lesion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from brachyresponse.response.criteria.sizes import VisitSizes, has_reached
from brachyresponse.response.criteria.wording import number, say


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


def own_smallest(now: VisitSizes, nadir: VisitSizes, earlier: Sequence[VisitSizes], least_mm: float) -> Iterator[str]:
    """Yield where a lesion grew enough from its own smallest size, and none did from the nadir scan.

    The papers do not say which of the two counts; the nadir scan is what is taken.
    """
    if has_reached(largest_growth(now, nadir)[1] / least_mm, 1.0):
        return
    for name, size in now.sizes.items():
        known = [one.sizes.get(name) for one in earlier]
        smallest = min((one for one in known if one is not None), default=None)
        if size is not None and smallest is not None and has_reached((size - smallest) / least_mm, 1.0):
            yield say("own_smallest_convention", lesion=name, grown=number(size - smallest), least=number(least_mm))


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
