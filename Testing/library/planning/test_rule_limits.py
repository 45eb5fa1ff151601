"""Limits of rules as they are typed, and what a changed limit says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brachyresponse.errors import PlanError
from brachyresponse.planning import VerificationLimit, available_profiles, load_profile, parse_rule_limits
from brachyresponse.planning.rules import Rule

NECK = load_profile("neck_node")
PROFILES = [load_profile(name) for name in available_profiles()]
RULES = [row for profile in PROFILES for row in (*profile.rules, *profile.verification)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_limit_is_read_as_it_is_shown(rule: Rule | VerificationLimit) -> None:
    assert parse_rule_limits(rule, rule.limit) == (rule.least, rule.most)


@given(st.integers(-999, 999), st.integers(0, 999))
def test_a_changed_limit_is_read_as_it_is_shown(least: int, width: int) -> None:
    for limits in ((least, least + width), (least, None), (None, least)):
        changed = NECK.with_limits({"rx": limits}).rule("rx")
        assert parse_rule_limits(changed, changed.limit) == limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("At least 100", (100, None)),
        ("  5 to 10 gy ", (5, 10)),
        ("<= 2.5", (None, 2.5)),
        ("exactly 7", (7, 7)),
        ("no limit", (None, None)),
    ],
)
def test_the_unit_and_the_case_do_not_matter(text: str, limits: tuple[float | None, float | None]) -> None:
    assert parse_rule_limits(NECK.rule("rx"), text) == limits


@pytest.mark.parametrize("text", ["much", "100", "at least 5 mm", "more than 5", "5 to", "at least nan"])
def test_what_is_no_limit_is_refused_with_examples(text: str) -> None:
    with pytest.raises(PlanError, match=rf"'rx': '{text}' is no limit of it; write 'at least 5 Gy'"):
        parse_rule_limits(NECK.rule("rx"), text)


def test_a_strict_rule_is_typed_with_its_own_words() -> None:
    assert parse_rule_limits(NECK.rule("d90"), "more than 110 %") == (110, None)
    with pytest.raises(PlanError, match="write 'more than 5 %', 'less than 10 %'"):
        parse_rule_limits(NECK.rule("d90"), "at least 110 %")


def test_a_changed_limit_says_that_it_is_the_clinic_s_own_and_what_it_replaces() -> None:
    rule = NECK.with_limits({"rx": (100, 150)}).rule("rx")
    assert rule.source.startswith("clinic's own limit; the profile has: 110 to 140 Gy (")
    assert NECK.rule("rx").source in rule.source


def test_an_unverified_source_is_still_called_so_beside_the_clinic_s_own_limit() -> None:
    before = next(rule for rule in load_profile("prostate").rules if not rule.verified and rule.most)
    rule = load_profile("prostate").with_limits({before.id: (None, 33)}).rule(before.id)
    assert rule.source.endswith(f"({before.source}, unverified)")
    assert rule.verified


def test_a_limit_that_stays_keeps_its_source() -> None:
    assert NECK.with_limits({"rx": (110, 140)}) == NECK


def test_a_limit_is_a_finite_number() -> None:
    with pytest.raises(PlanError, match="'rx': its limit is nan; give a number"):
        NECK.with_limits({"rx": (float("nan"), None)})
