"""Which lesion of one visit is which of another: one decision each, with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from brachyresponse.errors import ResponseError


class MatchKind(StrEnum):
    """What became of lesions from the earlier visit to the later one."""

    PAIR = "pair"
    SPLIT = "split"
    """One before, several after."""
    MERGED = "merged"
    """Several before, one after."""
    TANGLED = "tangled"
    """Several before, several after, and no way to tell them apart by where they lie."""
    ABSENT = "absent"
    NOT_EVALUABLE = "not evaluable"
    """The later scan does not show the place."""
    NEW = "new"


class Confidence(StrEnum):
    """How far a decision can be relied on before a reader has looked at it."""

    CLEAR = "clear"
    PROBABLE = "probable"
    DOUBTFUL = "doubtful"
    """Put to the reader."""
    READER = "reader"
    """The reader's own word."""


@dataclass(frozen=True)
class LesionDecision:
    """One decision.

    Parameters
    ----------
    before, after
        Lesions of the earlier and of the later visit; of several before, the largest first: it carries on the size of
        what they merged into.
    reason
        One sentence or two: what was measured, and what a reader should look at.
    """

    kind: MatchKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    confidence: Confidence

    @property
    def is_doubtful(self) -> bool:
        """Whether a reader has to decide."""
        return self.confidence is Confidence.DOUBTFUL


@dataclass(frozen=True)
class LesionMatch:
    """All lesions of two visits, each in one decision.

    Parameters
    ----------
    residual_mm
        Uncertainty of the registration that was allowed for; None where it is not known.
    warnings
        What a person has to look at, beside the doubtful decisions.

    Raises
    ------
    ResponseError
        A lesion stands in two decisions.
    """

    decisions: tuple[LesionDecision, ...]
    residual_mm: float | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_once("the earlier visit", [name for d in self.decisions for name in d.before])
        _check_once("the later visit", [name for d in self.decisions for name in d.after])
        object.__setattr__(self, "decisions", tuple(sorted(self.decisions, key=_place)))

    @property
    def before(self) -> tuple[str, ...]:
        """Lesions of the earlier visit."""
        return tuple(sorted(name for decision in self.decisions for name in decision.before))

    @property
    def after(self) -> tuple[str, ...]:
        """Lesions of the later visit."""
        return tuple(sorted(name for decision in self.decisions for name in decision.after))

    @property
    def pairs(self) -> tuple[LesionDecision, ...]:
        """Lesions seen at both visits, one by one."""
        return self.of_kind(MatchKind.PAIR)

    @property
    def split(self) -> tuple[LesionDecision, ...]:
        """Lesions that fell apart."""
        return self.of_kind(MatchKind.SPLIT)

    @property
    def merged(self) -> tuple[LesionDecision, ...]:
        """Lesions that grew together."""
        return self.of_kind(MatchKind.MERGED)

    @property
    def absent(self) -> tuple[LesionDecision, ...]:
        """Lesions that are no longer seen."""
        return self.of_kind(MatchKind.ABSENT)

    @property
    def new(self) -> tuple[LesionDecision, ...]:
        """Lesions without a counterpart before."""
        return self.of_kind(MatchKind.NEW)

    @property
    def doubtful(self) -> tuple[LesionDecision, ...]:
        """Decisions that are put to the reader."""
        return tuple(decision for decision in self.decisions if decision.is_doubtful)

    def of_kind(self, kind: MatchKind | str) -> tuple[LesionDecision, ...]:
        """Return the decisions of one kind."""
        return tuple(decision for decision in self.decisions if decision.kind == kind)

    def of_before(self, name: str) -> LesionDecision:
        """Return the decision about a lesion of the earlier visit.

        Raises
        ------
        ResponseError
            There is no such lesion.
        """
        check_known("the earlier visit", [name], self.before)
        return next(decision for decision in self.decisions if name in decision.before)

    def of_after(self, name: str) -> LesionDecision:
        """Return the decision about a lesion of the later visit.

        Raises
        ------
        ResponseError
            There is no such lesion.
        """
        check_known("the later visit", [name], self.after)
        return next(decision for decision in self.decisions if name in decision.after)

    def names(self) -> dict[str, str]:
        """Return for each lesion of the later visit the name it carries on from the earlier one.

        The parts of a lesion that fell apart all carry its name, what several merged into the largest one's. A new
        lesion keeps the name it has, or takes the next free number where an earlier lesion is called the same.
        """
        carried = {after: d.before[0] for d in self.decisions if d.before for after in d.after}
        taken = set(self.before)
        for decision in self.new:
            carried[decision.after[0]] = name = _free_name(decision.after[0], taken)
            taken.add(name)
        return carried


def check_known(where: str, names: Iterable[str], known: Sequence[str]) -> None:
    """Check that lesions exist.

    Raises
    ------
    ResponseError
        One does not; the nearest name is told.
    """
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(map(repr, known)) or 'no lesions'}."
            raise ResponseError(f"There is no lesion {name!r} at {where}; {hint}")


def _check_once(where: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ResponseError(
            f"Lesion {twice[0]!r} of {where} stands in two decisions of a match, expected one: leave it in one of them."
        )


def _place(decision: LesionDecision) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Known lesions first, in the order of their names, then new ones."""
    return (decision.kind is MatchKind.NEW, tuple(sorted(decision.before)), tuple(sorted(decision.after)))


def _free_name(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        found = f"N{number}"
        number += 1
    return found
