"""The reader's word on which lesion is which: taken, said so, and every lesion still stands once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.errors import ResponseError
from brachyresponse.response.matching import (
    Confidence,
    LesionDecision,
    LesionMatch,
    MatchKind,
    not_evaluable,
    overrule,
)


def decision(kind: MatchKind, before: str, after: str) -> LesionDecision:
    return LesionDecision(kind, tuple(before.split()), tuple(after.split()), "Measured.", Confidence.CLEAR)


MATCH = LesionMatch(
    (
        decision(MatchKind.PAIR, "T1", "a"),
        decision(MatchKind.SPLIT, "T2", "b c"),
        decision(MatchKind.ABSENT, "T3", ""),
        decision(MatchKind.NEW, "", "d"),
    ),
    residual_mm=0.5,
    warnings=("Look.",),
)


def test_a_part_of_another_lesion_may_be_called_new() -> None:
    changed = overrule(MATCH, after="c", reason="Beside the ventricle.")
    assert changed.of_after("c").kind is MatchKind.NEW
    assert changed.of_after("c").reason == "'c' is new, says the reader: Beside the ventricle."
    assert changed.of_after("c").confidence is Confidence.READER
    assert changed.of_before("T2").kind is MatchKind.PAIR
    assert changed.of_before("T2").after == ("b",)
    assert changed.of_before("T2").is_doubtful
    assert (changed.residual_mm, changed.warnings) == (0.5, ("Look.",))


def test_a_new_lesion_may_be_called_the_one_that_was_absent() -> None:
    changed = overrule(MATCH, before="T3", after="d")
    assert [(d.before, d.after) for d in changed.pairs] == [(("T1",), ("a",)), (("T3",), ("d",))]
    assert changed.absent == changed.new == ()


def test_what_loses_its_counterpart_is_absent_or_new_until_it_is_looked_at() -> None:
    changed = overrule(MATCH, before="T1", after="d")
    assert changed.of_after("a").kind is MatchKind.NEW
    assert changed.of_after("a").is_doubtful
    assert "since the reader placed what it had been joined to" in changed.of_after("a").reason
    assert overrule(MATCH, before="T3", after="a").of_before("T1").kind is MatchKind.ABSENT


def test_merged_lesions_are_led_by_the_first_one_named() -> None:
    changed = overrule(MATCH, before=["T3", "T1"], after="a")
    assert changed.merged[0].before == ("T3", "T1")
    assert changed.names()["a"] == "T3"


def test_a_lesion_that_cannot_be_judged_is_neither_absent_nor_found() -> None:
    changed = not_evaluable(MATCH, "T1", reason="Motion.")
    assert changed.of_before("T1").kind is MatchKind.NOT_EVALUABLE
    assert changed.of_before("T1").reason == "'T1' cannot be judged at the later visit, says the reader: Motion."
    assert changed.of_after("a").kind is MatchKind.NEW


def test_an_unknown_lesion_is_named_with_the_nearest() -> None:
    with pytest.raises(ResponseError, match="no lesion 'T11' at the earlier visit; did you mean 'T1'"):
        overrule(MATCH, before="T11", after="a")
    with pytest.raises(ResponseError, match="no lesion 'zz' at the later visit; it has 'a', 'b', 'c', 'd'"):
        MATCH.of_after("zz")
    with pytest.raises(ResponseError, match="No lesion is named"):
        overrule(MATCH)


def test_a_lesion_in_two_decisions_is_refused() -> None:
    with pytest.raises(ResponseError, match="'T1' of the earlier visit stands in two decisions"):
        LesionMatch((decision(MatchKind.PAIR, "T1", "a"), decision(MatchKind.PAIR, "T1", "b")))


names = st.lists(st.sampled_from(["T1", "T2", "T3"]), unique=True)
others = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)


@settings(max_examples=30)
@given(st.lists(st.tuples(names, others).filter(lambda said: said[0] or said[1]), max_size=4))
def test_after_any_words_of_the_reader_every_lesion_stands_once(said: list[tuple[list[str], list[str]]]) -> None:
    match = MATCH
    for before, after in said:
        match = overrule(match, before=before, after=after)
        assert all(d.confidence is Confidence.READER for d in map(match.of_before, before))
    assert match.before == MATCH.before
    assert match.after == MATCH.after
    assert set(match.names()) == set(MATCH.after)
