"""Names, codes and settings: the tables agree with the code, and the codes with DICOM."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydicom.sr.codedict import codes

from brachyresponse.errors import PerfusionError
from brachyresponse.lesions.ratios import HIGH_STATISTICS
from brachyresponse.perfusion import DEFAULT_HEMATOCRIT, DceModel, MapName, PerfusionSettings, map_facts
from brachyresponse.perfusion.dsc import Deconvolution
from brachyresponse.perfusion.study import setting_facts

OURS = "99BRACHYRESPONSE"
NOT_IN_CID_7181 = {"ml/dl/min", "mmol/l"}


@pytest.mark.parametrize("name", list(MapName))
def test_every_map_has_facts(name: MapName) -> None:
    facts = map_facts(name)
    assert facts.name is name
    assert facts.label
    assert facts.colour in {"Viridis", "Inferno", "DivergingBlueRed", "Grey"}
    assert facts.window is None or facts.window[0] < facts.window[1]


@pytest.mark.parametrize("name", list(MapName))
def test_quantities_and_units_are_those_of_dicom(name: MapName) -> None:
    facts = map_facts(name)
    if facts.quantity.scheme == "DCM":
        known = {code.value: code.meaning for code in (getattr(codes.CID7180, word) for word in codes.CID7180.dir())}
        assert known[facts.quantity.value] == facts.quantity.meaning
    else:
        assert facts.quantity.scheme == OURS
    units = {getattr(codes.CID7181, word).value for word in codes.CID7181.dir()}
    assert facts.units.value in units | NOT_IN_CID_7181


def test_a_map_of_no_name_is_refused() -> None:
    with pytest.raises(PerfusionError, match="no map name 'blood': choose one of t1, "):
        map_facts("blood")


def test_every_setting_has_a_label_and_a_source() -> None:
    for each in fields(PerfusionSettings):
        facts = setting_facts(each.name)
        assert facts.label
        assert facts.source


def test_every_number_has_a_range_that_its_default_lies_in() -> None:
    for row in PerfusionSettings().rows():
        if isinstance(row.value, int | float) and not isinstance(row.value, bool):
            assert row.facts.range is not None
            assert row.facts.range[0] <= row.value <= row.facts.range[1]


def test_the_choices_of_settings_are_those_of_the_library() -> None:
    assert setting_facts("model").choices == tuple(DceModel)
    assert setting_facts("deconvolution").choices == tuple(Deconvolution)
    assert setting_facts("statistic").choices == HIGH_STATISTICS
    for name in ("parameter", "dsc_parameter"):
        assert all(map_facts(choice).ratio_label for choice in setting_facts(name).choices)


def test_a_changed_setting_is_told_from_a_default() -> None:
    rows = {row.facts.name: row for row in PerfusionSettings(threshold=2.0).rows()}
    assert rows["threshold"].source == "chosen for this study"
    assert rows["weight_without_pre_treatment"].source != "chosen for this study"
    assert rows["relaxivity_per_s_per_mmol_l"].words == "by default"


def test_the_default_hematocrit_is_that_of_the_table_of_blood() -> None:
    assert PerfusionSettings().hematocrit == DEFAULT_HEMATOCRIT


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hematocrit": 42.0}, "give 0.42, not 42"),
        ({"hot_spot_cc": 0.0}, "Volume of the hot spot is 0"),
        ({"relaxivity_per_s_per_mmol_l": -1.0}, "Relaxivity r1 is -1"),
        ({"threshold": float("nan")}, "Limit of hyperperfusion is nan, expected 0.1 to 100: correct it"),
        ({"seed_margin_mm": float("inf")}, "Margin round each seed is inf, expected 0 to 100 mm: correct it"),
        ({"least_voxel_share": -5.0}, "expected 0 to 1: correct it"),
        ({"deconvolution": "svd"}, "Deconvolution: there is no 'svd'; choose one of osvd, csvd, ssvd"),
        ({"hot_spot_cc": "large"}, "Volume of the hot spot is 'large', expected a number"),
        ({"bootstrap_samples": 2.5}, "is 2.5, expected a whole number"),
        ({"fit_delay": "no"}, "is 'no', expected true or false"),
        ({"least_voxels": True}, "is True, expected a whole number"),
    ],
)
def test_a_setting_outside_its_range_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        PerfusionSettings(**changes)


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PerfusionError, match=r"no setting 'modell'.* model, "):
        setting_facts("modell")
