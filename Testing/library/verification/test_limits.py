"""An implant held against the verification limits of a profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.planning import RuleFinding, Severity, SiteProfile, load_profile
from brachyresponse.seeds import Seeds
from brachyresponse.verification import Verification, verify_implant

GRID = Grid.covering([-24, -24, -24], [24, 24, 24], 2.0)
NECK = load_profile("neck_node")


@pytest.fixture(scope="module")
def judged(request_of: Callable) -> Callable[..., dict[str, RuleFinding]]:
    """Findings, by rule, of an implant that differs from the plan by some fields of the request."""

    def findings(profile: SiteProfile = NECK, **fields: Any) -> dict[str, RuleFinding]:
        verification = verify_implant(request_of(profile=profile, implant_grid=GRID, **fields))
        return {finding.rule: finding for finding in verification.findings}

    return findings


def weakened(plan_of: Callable, d90_percent: float) -> dict[str, Any]:
    """A plan with its prescription set so that D90 of the implant is a percentage of it."""
    return {"plan": plan_of(prescription_gy=D90_GY / d90_percent * 100), "found": plan_of().seeds}


D90_GY = 258.8
"""D90 of the GTV of the small implant, on this grid, to within 0.3 Gy."""


@pytest.mark.parametrize(
    ("d90_percent", "warned", "reported"), [(101.0, False, False), (95.0, True, False), (89.0, True, True)]
)
def test_d90_warns_below_the_prescription_and_is_reported_below_ninety_percent(
    d90_percent: float, warned: bool, reported: bool, judged: Callable, plan_of: Callable
) -> None:
    findings = judged(**weakened(plan_of, d90_percent))
    assert findings["d90"].value == pytest.approx(d90_percent, abs=0.3)
    assert (findings["d90"].passed, findings["d90"].severity) == (not warned, Severity.WARN)
    assert (findings["d90_report"].passed, findings["d90_report"].severity) == (not reported, Severity.ERROR)


@pytest.mark.parametrize(("prescription_gy", "is_cold"), [(240.0, True), (150.0, False)])
def test_the_target_that_the_plan_prescribes_to_is_judged_beside_that_of_the_profile(
    prescription_gy: float, is_cold: bool, request_of: Callable, plan_of: Callable, anatomy_of: Callable
) -> None:
    anatomy = anatomy_of(ptv="PTV")
    plan = plan_of(target="PTV", prescription_gy=prescription_gy)
    request = request_of(
        plan=plan, plan_anatomy=anatomy, implant_anatomy=anatomy, implant_grid=GRID, profile=NECK, found=plan.seeds
    )
    verification = verify_implant(request)
    d90 = next(finding for finding in verification.findings if finding.rule == "d90")
    of_targets = [100 * verification.implant.dvhs[name].d(90) / prescription_gy for name in ("GTV", "PTV")]
    assert d90.value == pytest.approx(min(of_targets), rel=1e-9)  # the very same figures
    assert d90.passed is not is_cold
    assert of_targets[0] > 100  # the profile's own target is warm either way


def test_each_limit_says_its_source(judged: Callable) -> None:
    findings = judged()
    assert "doi 10.21203/rs.3.rs-1310697/v1" in findings["d90"].source
    assert findings["d90_report"].source.startswith("proposal of this software")
    assert all(finding.source for finding in findings.values())


def test_edited_limits_are_the_clinics_own(judged: Callable) -> None:
    profile = NECK.with_verification_limits({"d90_report": (80.0, None)})
    finding = judged(profile)["d90_report"]
    assert finding.limit == "at least 80 %"
    assert finding.source.startswith("clinic's own limit; the profile has: at least 90 % (proposal of this software")


def test_the_count_of_seeds_is_held_against_the_implanted_or_the_planned(judged: Callable, plan_of: Callable) -> None:
    fewer = plan_of().seeds.select(slice(0, 22))
    assert judged(found=fewer)["found"].passed is False
    assert "22 found of 23 planned (the number implanted is not known)" in judged(found=fewer)["found"].found
    known = judged(found=fewer, implanted_count=22)
    assert (known["found"].passed, known["missing"].passed) == (True, False)
    assert "planned 23 without a partner within 10 mm" in known["missing"].found


def test_more_seeds_than_implanted_are_found_wrong_too(judged: Callable) -> None:
    assert judged(implanted_count=20)["found"].passed is False


def test_a_migrated_seed_breaks_its_limit_and_is_named_with_its_place(judged: Callable, plan_of: Callable) -> None:
    seeds = plan_of().seeds
    places = seeds.positions_mm.copy()
    places[4] = [45.0, 0.0, 0.0]
    finding = judged(found=replace(seeds, positions_mm=places))
    for rule in ("lone", "outside"):
        assert finding[rule].passed is False
        assert finding[rule].found.split(": ")[1].startswith("seed 5 to")
        np.testing.assert_array_equal(finding[rule].position_mm, [45.0, 0.0, 0.0])


def test_a_seed_at_an_organ_breaks_its_limit(judged: Callable, plan_of: Callable) -> None:
    at_cord = Seeds(np.array([[0.0, -14.9, 0.0]]), np.array([[1.0, 0.0, 0.0]]), 0.7)
    finding = judged(found=plan_of().seeds.joined(at_cord))["organ"]
    assert finding.passed is False
    assert "seed 24 to Cord" in finding.found
    assert finding.value == pytest.approx(0.7, abs=0.15)  # 1.1 mm to the centre, 0.4 mm thick


def test_what_is_not_known_is_said_and_not_passed(judged: Callable, anatomy_of: Callable) -> None:
    findings = judged(scan_date=None, implant_anatomy=anatomy_of(organs=()))
    assert (findings["scan_day"].passed, findings["organ"].passed) == (None, None)
    assert findings["scan_day"].found == "the date of the verification images is not known"


def test_a_target_that_is_not_chosen_cannot_be_judged(judged: Callable, anatomy_of: Callable) -> None:
    findings = judged(implant_anatomy=anatomy_of(gtv="", ptv="PTV"))
    assert findings["d90"].passed is None
    assert findings["d90"].found == "no GTV is chosen on the implant's images"


@pytest.mark.parametrize(
    ("profile", "message"),
    [(None, "No site profile is chosen: no limit"), (replace(NECK, verification=()), "has no limits of verification")],
)
def test_without_limits_nothing_is_judged_and_that_is_said(
    profile: SiteProfile | None, message: str, request_of: Callable
) -> None:
    verification: Verification = verify_implant(request_of(profile=profile, implant_grid=GRID))
    assert verification.findings == ()
    assert any(message in sentence for sentence in verification.warnings)
