"""Profiles of balloon plans."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning.balloon import BalloonCheck, available_balloon_profiles, load_balloon_profile
from brachyresponse.planning.balloon.findings import CHECKS
from brachyresponse.planning.balloon.rules import BALLOON_UNITS


def limits(rule_id: str) -> tuple[float | None, float | None]:
    rules = {rule.id: rule for rule in load_balloon_profile().rules}
    return rules[rule_id].least, rules[rule_id].most


def test_the_profile_holds_the_published_ranges() -> None:
    assert available_balloon_profiles() == ("gliasite",)
    assert limits("rx") == (40, 60)
    assert limits("depth") == (5, 10)
    assert limits("activity") == (75 * 37, 450 * 37)
    assert limits("dwell") == (3, 6)


def test_every_rule_is_cited_or_called_a_proposal() -> None:
    for rule in load_balloon_profile().rules:
        assert "20" in rule.source or "proposal of this software" in rule.source or "no limit" in rule.source


def test_every_check_has_a_unit_and_a_measurement() -> None:
    assert set(CHECKS) == set(BALLOON_UNITS) == set(BalloonCheck)


def test_an_unknown_profile_is_answered_with_those_there_are() -> None:
    with pytest.raises(PlanError, match="no balloon profile 'brain': choose one of gliasite"):
        load_balloon_profile("brain")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"check": "seed_spacing"}, "'check' is 'seed_spacing', expected one of prescription"),
        ({"unit": "cGy"}, "'unit' is 'cGy', a prescription rule is in 'Gy'"),
        ({"least": 70}, "at least 70 and at most 60 cannot both hold"),
        ({"source": " "}, "has no source"),
        ({"id": "depth"}, "the rule id 'depth' occurs twice"),
    ],
)
def test_a_wrong_rule_is_refused(tmp_path: Path, changed: dict[str, object], sentence: str) -> None:
    text = (files("brachyresponse.planning.balloon") / "data/profiles/gliasite.json").read_text(encoding="utf-8")
    profile = json.loads(text)
    profile["rules"][0] |= changed
    path = tmp_path / "own.json"
    path.write_text(json.dumps(profile), encoding="utf-8")
    with pytest.raises(InputFileError, match=sentence):
        load_balloon_profile(path)
