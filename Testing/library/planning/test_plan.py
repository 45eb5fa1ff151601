from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.errors import PlanError
from brachyresponse.planning import ImplantPlan, check_same_patient


def test_seeds_of_a_needle_come_shallowest_first(
    plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = straight_needle(4)
    plan = plan_of((needle,), seeds_along(needle, 60, 40, 50))
    np.testing.assert_allclose(needle.depth_of(plan.seeds_of(needle).positions_mm), [40, 50, 60], atol=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prescription_gy": 0.0}, "the prescription is 0.0 Gy; give a positive dose"),
        ({"prescription_gy": np.nan}, "the prescription is nan Gy"),
        ({"target": " "}, "has no target: name its target"),
        ({"source": ""}, "has no source"),
        ({"needles": ()}, "seed 1 is on needle 1, which the plan does not have; add the needle or detach the seed"),
    ],
)
def test_plans_that_make_no_sense_are_refused(a_plan: ImplantPlan, change: dict, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        replace(a_plan, **change)


def test_a_plan_of_another_patient_is_refused(a_plan: ImplantPlan) -> None:
    check_same_patient(a_plan, "PAT-1", "1.2.3")
    with pytest.raises(PlanError, match="belongs to patient 'PAT-1', the images to 'PAT-2'"):
        check_same_patient(a_plan, "PAT-2", "1.2.3")
    with pytest.raises(PlanError, match=r"made in the frame of reference '1\.2\.3', the images have '1\.2\.4'"):
        check_same_patient(a_plan, "PAT-1", "1.2.4")


def test_what_is_not_known_is_not_compared(a_plan: ImplantPlan) -> None:
    unknown = replace(a_plan, patient_id="", frame_of_reference_uid="")
    for plan, patient_id, frame in ((a_plan, "", ""), (unknown, "PAT-2", "9.9")):
        assert check_same_patient(plan, patient_id, frame) is None


def test_plans_are_values(a_plan: ImplantPlan) -> None:
    assert replace(a_plan) == a_plan
    assert replace(a_plan, notes="other") != a_plan
    assert replace(a_plan, seeds=a_plan.seeds.moved(0, [0, 0, 0])) != a_plan
