"""Decisions about lesions in words, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from brachyresponse.response.matching.closeness import Closeness
from brachyresponse.response.matching.links import LEAST_SHARE, Group, Link
from brachyresponse.response.matching.match import Confidence, LesionDecision, MatchKind

CLEAR_SHARE = 0.5
"""Of the smaller lesion inside the larger one."""
NEAR_MM = 5.0
"""A lesion that shares nothing is probably the same up to this distance; an absent or new one may be another's part."""
ANOTHER_SIZE = 10.0
"""A volume so many times larger or smaller asks for a look."""
RIVAL_SHARE = 0.8
"""Of the volume that a pair shares: another lesion with as much makes the pair a guess."""
LEAST_SEEN = 0.5
"""Of a lesion inside a scan: less cannot be called absent."""


@dataclass(frozen=True, eq=False)
class Judge:
    """Turns what was found into decisions.

    Parameters
    ----------
    near
        Every pair of lesions.
    before_ml, after_ml
        Volumes of the lesions by name.
    """

    near: Mapping[Link, Closeness]
    before_ml: Mapping[str, float]
    after_ml: Mapping[str, float]

    def of_group(self, group: Group) -> LesionDecision:
        """Return the decision about lesions that belong together."""
        before = tuple(sorted(group[0], key=lambda name: (-self.before_ml[name], name)))
        after = tuple(sorted(group[1]))
        kind = kind_of(before, after)
        links = [(b, a) for b in before for a in after]
        reason = f"{opening(kind, before, after)}: {'; '.join(self._measured(link) for link in links)}."
        doubts = tuple(dict.fromkeys(self._doubts(kind, links)))
        if doubts:
            reason = " ".join([reason, *doubts, "Look at both scans."])
            return LesionDecision(kind, before, after, reason, Confidence.DOUBTFUL)
        is_clear = kind is MatchKind.PAIR and self.near[links[0]].share_of_smaller >= CLEAR_SHARE
        return LesionDecision(kind, before, after, reason, Confidence.CLEAR if is_clear else Confidence.PROBABLE)

    def of_absent(self, name: str, seen_share: float) -> LesionDecision:
        """Return the decision about an earlier lesion without a counterpart, of which the later scan shows a share."""
        if seen_share < LEAST_SEEN:
            reason = f"{100 * seen_share:.0f} % of {name!r} lies in the later scan: it cannot be judged there."
            return LesionDecision(MatchKind.NOT_EVALUABLE, (name,), (), reason, Confidence.CLEAR)
        others = {after: found for (before, after), found in self.near.items() if before == name}
        reason, confidence = _alone(f"{name!r} has no counterpart at the later visit", others)
        return LesionDecision(MatchKind.ABSENT, (name,), (), reason, confidence)

    def of_new(self, name: str, *, was_scanned: bool) -> LesionDecision:
        """Return the decision about a later lesion without a counterpart."""
        others = {before: found for (before, after), found in self.near.items() if after == name}
        reason, confidence = _alone(f"{name!r} has no counterpart at the earlier visit", others)
        if not was_scanned:
            reason += " The earlier scan does not show its place; what is found there counts as new."
        return LesionDecision(MatchKind.NEW, (), (name,), reason, confidence)

    def _measured(self, link: Link) -> str:
        before, after = link
        found = self.near[link]
        if found.share_of_smaller < LEAST_SHARE:
            return (
                f"the surfaces of {before!r} and {after!r} are {found.surface_mm:.1f} mm apart, their centres "
                f"{found.centre_mm:.1f} mm"
            )
        is_grown = self.before_ml[before] <= self.after_ml[after]
        smaller, larger = (before, after) if is_grown else (after, before)
        return (
            f"{100 * found.share_of_smaller:.0f} % of {smaller!r} lies in {larger!r} (Dice {found.dice:.2f}, centres "
            f"{found.centre_mm:.1f} mm apart)"
        )

    def _doubts(self, kind: MatchKind, links: Sequence[Link]) -> Iterator[str]:
        if kind is MatchKind.TANGLED:
            yield "Which became which cannot be told from where they lie."
        elif kind is MatchKind.PAIR:
            yield from self._doubts_of_pair(*links[0])
        for before, after in links if kind in (MatchKind.SPLIT, MatchKind.MERGED) else ():
            if self.near[before, after].share_of_smaller < CLEAR_SHARE:
                beside, of = (after, before) if kind is MatchKind.SPLIT else (before, after)
                yield f"{beside!r} lies beside rather than in {of!r}: it may be a lesion of its own."

    def _doubts_of_pair(self, before: str, after: str) -> Iterator[str]:
        found = self.near[before, after]
        if found.share_of_smaller >= LEAST_SHARE:
            yield from self._rivals(before, after)
            return
        if found.surface_mm > NEAR_MM:
            yield f"They share nothing and lie more than {NEAR_MM:g} mm apart."
        elif found.surface_mm == 0:
            yield "They only touch."
        larger, smaller = sorted((self.before_ml[before], self.after_ml[after]), reverse=True)
        if larger >= ANOTHER_SIZE * smaller:
            yield f"One is {larger / smaller:.0f} times the size of the other."

    def _rivals(self, before: str, after: str) -> Iterator[str]:
        """Lesions that share nearly as much with one of a pair, so that the other pairing is as good."""
        for link, found in sorted(self.near.items(), key=lambda item: item[0]):
            is_other = (link[0] == before) != (link[1] == after)
            if is_other and found.shared_ml >= RIVAL_SHARE * self.near[before, after].shared_ml:
                one, other = link if link[0] == before else link[::-1]
                yield f"{other!r} shares nearly as much with {one!r}."


def kind_of(before: Sequence[str], after: Sequence[str]) -> MatchKind:
    """Return what became of lesions that belong together, or of one that is alone."""
    if not before:
        return MatchKind.NEW
    if not after:
        return MatchKind.ABSENT
    if len(before) > 1:
        return MatchKind.MERGED if len(after) == 1 else MatchKind.TANGLED
    return MatchKind.PAIR if len(after) == 1 else MatchKind.SPLIT


def opening(kind: MatchKind, before: Sequence[str], after: Sequence[str]) -> str:
    """Return what became of which lesions, without a full stop."""
    were, are = _listed(before), _listed(after)
    return {
        MatchKind.PAIR: f"{were} is {are} of the later visit",
        MatchKind.SPLIT: f"{were} fell apart into {are}",
        MatchKind.MERGED: f"{were} merged into {are}",
        MatchKind.TANGLED: f"{were} became {are}",
        MatchKind.ABSENT: f"{were} is absent at the later visit",
        MatchKind.NOT_EVALUABLE: f"{were} cannot be judged at the later visit",
        MatchKind.NEW: f"{are} is new",
    }[kind]


def _alone(reason: str, others: Mapping[str, Closeness]) -> tuple[str, Confidence]:
    name, found = min(others.items(), key=lambda item: (item[1].surface_mm, item[0]), default=("", None))
    gap_mm = math.inf if found is None else found.surface_mm
    if found is None:
        return f"{reason}, which has no lesions.", Confidence.CLEAR
    reason += f"; the nearest there is {name!r}, {gap_mm:.1f} mm away."
    if gap_mm > NEAR_MM:
        return reason, Confidence.CLEAR
    return f"{reason} It may be part of that one: look at both scans.", Confidence.DOUBTFUL


def _listed(names: Sequence[str]) -> str:
    words = [repr(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
