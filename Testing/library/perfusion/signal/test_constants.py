"""The tables of relaxivity and blood: what they give, what they refuse, and that nothing unverified is a default."""

from __future__ import annotations

import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import DEFAULT_HEMATOCRIT, available_agents, blood_t1, relaxivity
from brachyresponse.perfusion.signal import Medium, agent_named, blood_t1_table, default_hematocrit, relaxivities


@pytest.mark.parametrize(
    ("agent", "field_strength_t", "medium", "r1", "uncertainty", "source"),
    [
        # the abstracts of the two papers
        ("gadobutrol", 1.5, "plasma", 4.78, 0.12, "Szomolanyi 2019"),
        ("gadoterate", 7.0, "plasma", 2.84, 0.09, "Szomolanyi 2019"),
        ("gadobutrol", 3.0, "blood", 4.5, 0.3, "Shen 2015"),
        ("gadopentetate", 1.5, "blood", 4.3, 0.4, "Shen 2015"),
        ("gadoxetate", 3.0, "blood", 5.5, 0.3, "Shen 2015"),
    ],
)
def test_relaxivity_is_the_published_one(
    agent: str, field_strength_t: float, medium: str, r1: float, uncertainty: float, source: str
) -> None:
    found = relaxivity(agent, field_strength_t, medium)
    assert (found.per_s_per_mmol_l, found.uncertainty) == (r1, uncertainty)
    assert found.source.startswith(source)
    assert found.verified


def test_another_source_is_listed_beside_the_default() -> None:
    at_3t = [row for row in relaxivities("gadobutrol", Medium.BLOOD) if row.field_strength_t == 3]
    assert [row.per_s_per_mmol_l for row in at_3t] == [4.5, 3.47]
    assert "Szomolanyi 2019" in at_3t[1].describe()


@pytest.mark.parametrize("field_strength_t", [2.89, 3.0, 1.494])
def test_a_magnet_a_little_off_its_nominal_field_has_its_figure(field_strength_t: float) -> None:
    assert relaxivity("gadobutrol", field_strength_t).field_strength_t == round(2 * field_strength_t) / 2


def test_between_fields_is_refused_with_the_fields_there_are() -> None:
    with pytest.raises(PerfusionError, match=r"gadobutrol in blood at 2 T .* 1\.5, 3, 7 T: .* not interpolated"):
        relaxivity("gadobutrol", 2.0)


def test_a_figure_that_is_not_verified_is_refused_and_shown() -> None:
    with pytest.raises(PerfusionError, match=r"only figures that are not verified.*bovine plasma at 3 T: 3\.7.*enter"):
        relaxivity("gadopentetate", 3.0, "plasma")


def test_unverified_rows_come_last_and_say_so() -> None:
    rows = relaxivities("gadobutrol", Medium.PLASMA)
    assert [row.verified for row in rows] == [True, True, True, False, False]
    assert rows[-1].describe().endswith("not verified")


def test_unknown_agent_and_medium_are_refused_with_what_there_is() -> None:
    with pytest.raises(PerfusionError, match="no contrast agent 'ferumoxytol': choose one of gadobenate, gadobutrol"):
        relaxivity("ferumoxytol", 3.0)
    with pytest.raises(PerfusionError, match="no medium 'saline': choose one of blood, plasma"):
        relaxivity("gadobutrol", 3.0, "saline")


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("Gadavist", "gadobutrol"),
        ("GADOVIST 1.0 mmol/mL", "gadobutrol"),
        ("Gd-DTPA", "gadopentetate"),
        ("Gd-DTPA-BMA", "gadodiamide"),
        ("gadoteric acid", "gadoterate"),
        ("GADOLINIUM", None),
        ("", None),
    ],
)
def test_an_agent_is_known_by_any_of_its_names(text: str, agent: str | None) -> None:
    assert agent_named(text) == agent


def test_every_agent_has_a_verified_figure_in_blood_at_every_field_of_the_table() -> None:
    assert len(available_agents()) == 8
    for agent in available_agents():
        assert all(relaxivity(agent, field).verified for field in (1.5, 3.0, 7.0))


def test_blood_t1_and_hematocrit_tell_their_source() -> None:
    assert blood_t1(3.0).t1_s == 1.664
    assert "Lu 2004" in blood_t1(3.0).source
    assert blood_t1(1.5).t1_s == 1.58
    assert DEFAULT_HEMATOCRIT == default_hematocrit().value == 0.42
    assert "Lu 2004" in default_hematocrit().source


def test_blood_t1_that_is_not_verified_is_listed_but_never_the_default() -> None:
    unverified = [row for row in blood_t1_table() if not row.verified]
    assert [row.t1_s for row in unverified] == [1.44]
    assert all(blood_t1(field).verified for field in (1.5, 3.0))


def test_blood_t1_at_another_field_is_refused() -> None:
    with pytest.raises(PerfusionError, match=r"T1 of blood at 7 T is not in the table, which has 1\.5 and 3 T"):
        blood_t1(7.0)
