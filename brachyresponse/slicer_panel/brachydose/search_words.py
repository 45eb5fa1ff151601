"""How a plan was found, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from slicer.i18n import tr as _

from brachyresponse.planning.inverse.result import SearchRecord

LARGEST = 3


def search_sentences(record: SearchRecord) -> list[str]:
    """Return what a search tried, what the plan costs, and what it costs most."""
    return list(_sentences(record))


def _sentences(record: SearchRecord) -> Iterator[str]:
    words = _("Cost {cost:.1f} after {steps} steps; random number {seed}.")
    yield words.format(cost=record.cost, steps=len(record.costs), seed=record.random_seed)
    terms = sorted(record.terms.items(), key=lambda term: -term[1])
    parts = [f"{name.replace('_', ' ')} {cost:.1f}" for name, cost in terms[:LARGEST] if cost > 0]
    if parts:
        yield _("Most of it: {parts}.").format(parts=", ".join(parts))
    if len(record.tried) > 1:
        costs = [tracks.cost for tracks in record.tried]
        words = _("{count} sets of tracks were tried by short searches: cost {best:.1f} to {worst:.1f}.")
        yield words.format(count=len(costs), best=min(costs), worst=max(costs))
    if record.cancelled:
        yield _("The search was cancelled: this is the best plan until then.")
