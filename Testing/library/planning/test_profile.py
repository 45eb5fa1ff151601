from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning import (
    Check,
    Severity,
    TargetRole,
    VerificationCheck,
    VerificationLimit,
    available_profiles,
    load_profile,
)
from brachyresponse.planning.organ_limits import parse_metric
from brachyresponse.planning.profile import _PROFILES

NECK_RULES = {"rx", "activity", "seed_spacing", "needle_spacing", "d90", "edge", "skin", "avoid", "target", "image_age"}


def test_the_shipped_profiles_can_be_read() -> None:
    assert available_profiles() == ("brain", "neck_node", "own", "prostate")
    for name in available_profiles():
        profile = load_profile(name)
        assert profile.id == name
        assert profile.label
        assert profile.citation


@pytest.mark.parametrize("name", available_profiles())
def test_every_row_has_a_source_and_an_unverified_one_is_no_error(name: str) -> None:
    for rule in load_profile(name).rules:
        assert rule.source
        if not rule.verified:
            assert rule.severity in (Severity.WARN, Severity.INFO)
        if rule.check is Check.TARGET_METRIC:
            assert parse_metric(rule.metric).text == rule.metric


def test_the_neck_node_profile_holds_the_rules_of_its_study() -> None:
    profile = load_profile("neck_node")
    assert {rule.id for rule in profile.rules} >= NECK_RULES
    limits = {rule.id: (rule.least, rule.most) for rule in profile.rules}
    assert limits["rx"] == (110, 140)
    assert limits["activity"] == (14.8, 25.9)
    assert limits["seed_spacing"] == (5, 10)
    assert limits["skin"] == (10, None)
    assert limits["image_age"] == (0, 7)
    severities = {rule.id: rule.severity for rule in profile.rules}
    assert severities["skin"] == severities["avoid"] == severities["target"] == severities["d90"] == "error"
    assert profile.target is TargetRole.GTV


def test_a_prostate_plan_is_not_held_to_the_rules_of_the_neck() -> None:
    prostate = load_profile("prostate")
    assert not {"activity", "needle_spacing", "skin", "image_age", "edge"} & {rule.id for rule in prostate.rules}
    assert prostate.target is TargetRole.PTV
    assert not any(rule.verified for rule in prostate.rules if rule.id in ("v100", "v150", "v200", "d90"))


def test_limits_can_be_edited() -> None:
    profile = load_profile("neck_node").with_limits({"rx": (100.0, 150.0), "skin": (None, None)})
    assert profile.rule("rx").limit == "100 to 150 Gy"
    assert profile.rule("skin").limit == "no limit"
    assert profile.rule("seed_spacing") == load_profile("neck_node").rule("seed_spacing")
    assert load_profile("neck_node").rule("rx").limit == "110 to 140 Gy"


def test_edits_that_make_no_sense_are_refused() -> None:
    profile = load_profile("neck_node")
    with pytest.raises(PlanError, match="no rule 'skni'; did you mean 'skin'"):
        profile.with_limits({"skni": (5.0, None)})
    with pytest.raises(PlanError, match="'rx': at least 150 and at most 100 cannot both hold"):
        profile.with_limits({"rx": (150.0, 100.0)})


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(PlanError, match="no site profile 'neck': choose one of brain, neck_node, own, prostate"):
        load_profile("neck")


@pytest.fixture
def profile_file(tmp_path: Path) -> Callable[..., Path]:
    """The neck-node profile's file after a change of its first rule, or of its head."""

    def write(rule: dict | None = None, **head: object) -> Path:
        fields = json.loads((_PROFILES / "neck_node.json").read_text(encoding="utf-8"))
        fields["rules"][0].update(rule or {})
        fields.update(head)
        path = tmp_path / "clinic.json"
        path.write_text(json.dumps(fields), encoding="utf-8")
        return path

    return write


def test_a_clinics_own_profile_is_read_from_its_file(profile_file: Callable) -> None:
    own = load_profile(profile_file({"label": "Both targets", "source": "clinic's own"}, id="clinic"))
    assert (own.id, own.rules[0].label) == ("clinic", "Both targets")
    assert load_profile(str(profile_file(id="clinic"))).id == "clinic"


@pytest.mark.parametrize(
    ("rule", "head", "message"),
    [
        ({"check": "weather"}, {}, "clinic.json: rules 1: 'check' is 'weather', expected one of prescription"),
        ({"severity": "fatal"}, {}, "'severity' is 'fatal', expected one of error, warn, info"),
        ({"least": "two"}, {}, "rules 1: 'least' is 'two', expected a number"),
        ({"unit": "cm"}, {}, "'unit' is 'cm', a targets rule has its limits in 'targets'"),
        ({"verified": False}, {}, "not verified and may not be an error"),
        ({"least": 3, "most": 1}, {}, "at least 3 and at most 1 cannot both hold"),
        ({"id": "rx"}, {}, "the rule id 'rx' occurs twice"),
        ({"severty": "warn"}, {}, None),
        ({}, {"target": "ctv"}, "'target' is 'ctv', expected one of gtv, ptv"),
        ({}, {"schema": 7}, "is of schema 7"),
        ({}, {"rules": 5}, "'rules' is 5, expected a list"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(
    rule: dict, head: dict, message: str | None, profile_file: Callable
) -> None:
    path = profile_file(rule, **head)
    if message is None:  # beside the right key a similar one is somebody else's
        assert load_profile(path).rules[0].severity is Severity.ERROR
        return
    with pytest.raises(InputFileError, match=message):
        load_profile(path)


def test_a_target_metric_that_is_none_is_refused(profile_file: Callable) -> None:
    with pytest.raises(InputFileError, match="'D90Gy' is not a dose metric"):
        load_profile(profile_file({"check": "target_metric", "metric": "D90Gy", "least": None, "severity": "warn"}))


class TestVerificationLimits:
    @pytest.mark.parametrize("name", available_profiles())
    def test_every_profile_warns_below_the_prescription_and_reports_below_ninety_percent(self, name: str) -> None:
        profile = load_profile(name)
        warn, report = profile.verification_limit("d90"), profile.verification_limit("d90_report")
        assert (warn.metric, warn.least, warn.severity) == ("D90", 100, Severity.WARN)
        assert (report.metric, report.least, report.severity) == ("D90", 90, Severity.ERROR)
        assert all(limit.source for limit in profile.verification)

    def test_they_are_not_the_planning_rules(self) -> None:
        profile = load_profile("neck_node")
        assert profile.rule("d90").severity is Severity.ERROR
        assert profile.verification_limit("d90").severity is Severity.WARN
        assert not any(rule.id == "d90_report" for rule in profile.rules)

    def test_a_clinics_profile_without_the_list_still_loads(self, profile_file: Callable) -> None:
        path = profile_file(id="old")
        fields = json.loads(path.read_text(encoding="utf-8"))
        del fields["verification"]
        path.write_text(json.dumps(fields), encoding="utf-8")
        assert load_profile(path).verification == ()

    def test_they_can_be_edited_and_say_that_they_are_the_clinics_own(self) -> None:
        profile = load_profile("brain").with_verification_limits({"lone": (None, 30.0), "organ": (None, None)})
        assert profile.verification_limit("lone").limit == "at most 30 mm"
        assert profile.verification_limit("lone").source.startswith(
            "clinic's own limit; the profile has: at most 15 mm"
        )
        assert profile.verification_limit("organ").limit == "no limit"
        assert profile.rules == load_profile("brain").rules
        with pytest.raises(PlanError, match="no verification limit 'lonely'; did you mean 'lone'"):
            profile.with_verification_limits({"lonely": (None, 30.0)})

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"check": "weather"}, "verification 1: 'check' is 'weather', expected one of target_metric"),
            ({"metric": "Dx"}, "verification 1: 'Dx' is not a dose metric"),
            ({"unit": "mm"}, "'unit' is 'mm', a target_metric limit is given in '%'"),
            ({"least": 3, "most": 1}, "limit 'd90': at least 3 and at most 1 cannot both hold"),
            ({"source": " "}, "'d90' has no source: cite it, or write \"clinic's own\""),
            ({"id": "found"}, "the rule id 'found' occurs twice"),
        ],
    )
    def test_a_limit_that_makes_no_sense_is_refused(self, change: dict, message: str, profile_file: Callable) -> None:
        path = profile_file()
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["verification"][0].update(change)
        path.write_text(json.dumps(fields), encoding="utf-8")
        with pytest.raises(InputFileError, match=message):
            load_profile(path)

    def test_a_proposal_may_be_an_error(self) -> None:
        limit = VerificationLimit(
            "v", "V100", VerificationCheck.TARGET_METRIC, Severity.ERROR, 80, None, "proposal", metric="V100"
        )
        assert limit.cited == "proposal"
        assert (limit.allows(80), limit.allows(79.9)) == (True, False)
