"""The reader's word on which lesion is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brachyresponse.errors import ResponseError
from brachyresponse.response.matching.match import Confidence, LesionDecision, LesionMatch, MatchKind, check_known
from brachyresponse.response.matching.reasons import kind_of, opening

Names = str | Sequence[str]


def overrule(match: LesionMatch, *, before: Names = (), after: Names = (), reason: str = "") -> LesionMatch:
    """Return a match in which lesions belong together as the reader says, and every lesion still stands once.

    One before and one after are a pair; one before and several after a lesion that fell apart; several before and one
    after a merged one; none after an absent, none before a new lesion. Whatever the proposal had joined to them stays
    together without them, or is absent or new then, to be looked at.

    Parameters
    ----------
    before, after
        Lesions of the earlier and of the later visit, one name or several; of several that merged the first one named
        carries on their size.
    reason
        The reader's, in a sentence.

    Raises
    ------
    ResponseError
        A lesion is not known, or none is named.
    """
    chosen = _names(before), _names(after)
    check_known("the earlier visit", chosen[0], match.before)
    check_known("the later visit", chosen[1], match.after)
    if not chosen[0] and not chosen[1]:
        raise ResponseError("No lesion is named: say which lesions of the two visits belong together.")
    if not chosen[0] or not chosen[1]:
        decided = [_decided((name,), (), reason) for name in chosen[0]]
        decided += [_decided((), (name,), reason) for name in chosen[1]]
    else:
        decided = [_decided(chosen[0], tuple(sorted(chosen[1])), reason)]
    rest = [left for decision in match.decisions for left in _without(decision, *chosen)]
    return LesionMatch((*decided, *rest), match.residual_mm, match.warnings)


def not_evaluable(match: LesionMatch, name: str, *, reason: str) -> LesionMatch:
    """Return a match in which an earlier lesion cannot be judged at the later visit, as the reader says.

    Raises
    ------
    ResponseError
        The lesion is not known.
    """
    changed = overrule(match, before=name, reason=reason)
    kind = MatchKind.NOT_EVALUABLE
    said = LesionDecision(kind, (name,), (), _said(kind, (name,), (), reason), Confidence.READER)
    others = tuple(decision for decision in changed.decisions if name not in decision.before)
    return LesionMatch((said, *others), match.residual_mm, match.warnings)


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


def _decided(before: tuple[str, ...], after: tuple[str, ...], reason: str) -> LesionDecision:
    kind = kind_of(before, after)
    return LesionDecision(kind, before, after, _said(kind, before, after, reason), Confidence.READER)


def _said(kind: MatchKind, before: tuple[str, ...], after: tuple[str, ...], reason: str) -> str:
    because = f": {reason.strip().removesuffix('.')}" if reason.strip() else ""
    return f"{opening(kind, before, after)}, says the reader{because}."


def _without(decision: LesionDecision, before: Sequence[str], after: Sequence[str]) -> Iterator[LesionDecision]:
    """What is left of a decision without some of its lesions."""
    left = tuple(n for n in decision.before if n not in before), tuple(n for n in decision.after if n not in after)
    if left == (decision.before, decision.after):
        yield decision
        return
    is_joined = left[0] and left[1]
    parts = [left] if is_joined else [((name,), ()) for name in left[0]] + [((), (name,)) for name in left[1]]
    for were, are in parts:
        kind = kind_of(were, are)
        reason = f"{opening(kind, were, are)}, since the reader placed what it had been joined to: look at both scans."
        yield LesionDecision(kind, were, are, reason, Confidence.DOUBTFUL)
