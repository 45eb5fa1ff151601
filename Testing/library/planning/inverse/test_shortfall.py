"""A plan that misses the prescription says so, and what held it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from brachyresponse.errors import PlanError
from brachyresponse.planning import PlanAnatomy, parse_limit
from brachyresponse.planning.inverse import FlagKind, SeedPlacement, plan_implant
from small_problem import small_anatomy, small_problem


def test_a_plan_that_meets_the_prescription_has_no_flag() -> None:
    assert plan_implant(small_problem()).flags == ()


def test_too_few_seeds_are_named() -> None:
    found = plan_implant(small_problem(placement=SeedPlacement(most_seeds=4)))
    (flag,) = found.flags
    assert flag.what is FlagKind.PRESCRIPTION_MISSED
    d90_gy = found.dvh("GTV").d(90)
    assert d90_gy < 120
    assert flag.sentence == (
        f"D90 of GTV is {d90_gy:.1f} Gy, below the prescription of 120 Gy: "
        "no more than 4 seeds are allowed; allow more."
    )


def test_the_limit_that_left_no_room_is_named() -> None:
    anatomy = small_anatomy()
    roles = replace(anatomy.roles, limits=(parse_limit("Nerve:Dmax<=20%"),))
    found = plan_implant(
        small_problem(anatomy=PlanAnatomy(anatomy.structures, roles), limit_weights={"Nerve:Dmax<=20%": 1000})
    )
    (flag,) = found.flags
    assert "Nerve:Dmax<=20% left no room" in flag.sentence


def test_a_number_of_seeds_that_cannot_do_it_is_refused() -> None:
    with pytest.raises(PlanError, match=r"At most \d+ % of GTV can get 120 Gy.*no more seeds than 1 are allowed"):
        plan_implant(small_problem(placement=SeedPlacement(most_seeds=1)))
