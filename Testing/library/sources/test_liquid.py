"""Liquid sources: the kernel's data, and the activity contained against the apparent one."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.errors import SourceError
from brachyresponse.sources import (
    available_liquids,
    contained_mbq_to_u,
    load_liquid,
    load_source,
    mbq_to_u,
    mci_to_mbq,
)

IOTREX = load_liquid()


def own_file(folder: Path, **changed: object) -> Path:
    """Write the library's own file with some fields changed."""
    text = (files("brachyresponse.sources") / "data/liquids/iotrex_i125.json").read_text(encoding="utf-8")
    path = folder / "own.json"
    path.write_text(json.dumps(json.loads(text) | changed), encoding="utf-8")
    return path


def test_the_liquids_of_the_library_are_iotrex_and_its_fallback() -> None:
    assert available_liquids() == ["iotrex", "iotrex_6702_fallback"]
    assert IOTREX.name == "iotrex"
    assert not IOTREX.stands_in
    assert "6702" in load_liquid("iotrex_6702_fallback").stands_in


def test_a_contained_mci_is_stronger_than_an_apparent_one_by_3_percent() -> None:
    mbq = mci_to_mbq(1.0)
    contained, apparent = contained_mbq_to_u(mbq, IOTREX), mbq_to_u(mbq, "I-125")
    assert contained == pytest.approx(1.313, rel=1e-12)
    assert apparent == pytest.approx(1.270, rel=1e-12)
    assert contained / apparent == pytest.approx(1.0339, abs=1e-4)


def test_a_point_gives_the_product_of_strength_and_dose_rate_constant_at_1_cm() -> None:
    assert IOTREX.rate_at_1_cm * 37 == pytest.approx(1.313 * 1.032, rel=1e-12)
    assert IOTREX.rate_at_1_cm * 37 == pytest.approx(1.355, abs=5e-4)  # as printed


def test_g_passes_through_the_table_and_goes_on_as_a_straight_line_in_its_logarithm() -> None:
    # the fine table is linear between steps of 20 micrometres: good to a millionth
    np.testing.assert_allclose(IOTREX.radial(IOTREX.radial_radius_cm), IOTREX.radial_dose, rtol=1e-6)
    slope = np.log(IOTREX.radial_dose[-1] / IOTREX.radial_dose[-2])
    np.testing.assert_allclose(IOTREX.radial(np.array([12.0])), IOTREX.radial_dose[-1] * np.exp(2 * slope), rtol=1e-5)


def test_the_fallback_has_the_data_of_the_seed_6702() -> None:
    fallback, seed = load_liquid("iotrex_6702_fallback"), load_source("amersham_6702")
    np.testing.assert_array_equal(fallback.radial_dose, seed.radial_dose)
    assert fallback.dose_rate_constant == seed.dose_rate_constant
    assert fallback.strength_u_per_mci_contained == IOTREX.strength_u_per_mci_contained


def test_another_nuclide_is_a_file_of_the_same_form(tmp_path: Path) -> None:
    caesium = load_liquid(own_file(tmp_path, name="cesitrex", radionuclide="Cs-131", half_life_days=9.7))
    assert (caesium.radionuclide, caesium.half_life_days) == ("Cs-131", 9.7)


def test_an_unknown_liquid_is_answered_with_those_there_are() -> None:
    with pytest.raises(SourceError, match=r"no liquid source 'iotrax': choose one of iotrex, iotrex_6702_fallback"):
        load_liquid("iotrax")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"half_life_days": -1}, r"own\.json: Liquid 'iotrex': half_life_days is -1\.0; give a positive number"),
        ({"name": 3}, r"own\.json: name is 3, expected a text"),
        ({"radial_dose_function": {"geometry": "line"}}, "geometry is 'line', expected 'point'"),
        ({"schema": 2}, "schema is 2, expected 1"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_the_field(
    tmp_path: Path, changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence):
        load_liquid(own_file(tmp_path, **changed))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.json' cannot be read: No such file"):
        load_liquid(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("radii", "g", "sentence"),
    [
        ([1.0, 2.0], [1.0], "2 radii and 1 values of g"),
        ([2.0, 1.0], [1.0, 1.0], "radii of g do not rise"),
        ([1.0, 2.0], [1.0, 0.0], "g holds values that are not positive"),
    ],
)
def test_a_table_that_cannot_be_is_refused(radii: list[float], g: list[float], sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        replace(IOTREX, radial_radius_cm=radii, radial_dose=g)


def test_a_negative_contained_activity_is_refused() -> None:
    with pytest.raises(SourceError, match=r"contained activity is -1 MBq"):
        contained_mbq_to_u(-1, IOTREX)
