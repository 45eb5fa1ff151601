"""Tissues: the presets say what they rest on, a user's own are read, written and changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from brachyresponse.dose.biology import (
    ParameterRange,
    ParameterStatus,
    TissueBiology,
    available_tissues,
    load_tissue,
    write_tissue,
)
from brachyresponse.errors import DoseError, InputFileError


def test_every_preset_names_its_source_and_says_that_it_is_unverified() -> None:
    assert {"glioma", "squamous_carcinoma", "prostate", "differentiated_thyroid", "late_brain"} <= {
        *available_tissues()
    }
    for name in available_tissues():
        for parameter, values in load_tissue(name).parameters.items():
            assert values.status is ParameterStatus.UNVERIFIED, name
            assert values.source
            assert values.is_wide or parameter == "kick_off_days", name


def test_the_prostate_preset_has_the_parameters_of_worked_example_a() -> None:
    prostate = load_tissue("prostate")
    assert {name: values.mid for name, values in prostate.parameters.items()} == {
        "alpha_beta_gy": 3,
        "repair_half_time_h": 0.27,
        "alpha_per_gy": 0.15,
        "doubling_time_days": 42,
        "kick_off_days": 0,
    }
    assert prostate.regrows
    assert not load_tissue("late_brain").regrows


def test_a_changed_tissue_says_so_and_the_preset_stays() -> None:
    changed = load_tissue("late_brain").changed(alpha_beta_gy=ParameterRange(1.5, 2, 4))
    again = changed.changed(repair_half_time_h=ParameterRange.of(2))
    assert again.label == changed.label == "Brain, late effects, changed"
    assert changed.alpha_beta_gy.status is ParameterStatus.ENTERED
    assert load_tissue("late_brain").alpha_beta_gy.mid == 2.5


def test_a_tissue_is_read_as_it_was_written(tmp_path: Path) -> None:
    for name in ("glioma", "late_brain"):
        write_tissue(load_tissue(name), tmp_path / "own.json")
        assert load_tissue(tmp_path / "own.json") == load_tissue(name)


def test_a_file_may_give_plain_numbers(tmp_path: Path) -> None:
    path = tmp_path / "cord.json"
    path.write_text(
        '{"schema": 1, "name": "cord", "alpha_beta_gy": 2, "repair_half_time_h": {"low": 1, "mid": 2, "high": 4}}'
    )
    cord = load_tissue(str(path))
    assert cord == TissueBiology("cord", "cord", ParameterRange.of(2), ParameterRange(1, 2, 4))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"schema": 1, "name": "x", "alpha_beta_gy": 2}', "'alpha_beta_gy' and 'repair_half_time_h' are needed"),
        ('{"schema": 1, "name": "x", "alpha_beta": 2}', "'alpha_beta' is not known; did you mean 'alpha_beta_gy'"),
        (
            '{"schema": 1, "name": "x", "alpha_beta_gy": 2, "repair_half_time_h": 1, "tpot": 3}',
            "'tpot' is not known; expected one of .*doubling_time_days",
        ),
        ('{"schema": 2, "name": "x"}', "is of schema 2"),
        (
            '{"schema": 1, "name": "x", "repair_half_time_h": 1,'
            ' "alpha_beta_gy": {"low": 1, "mid": 2, "high": 3, "status": "sure"}}',
            "'status' is 'sure', expected one of read, unverified, entered",
        ),
    ],
)
def test_a_damaged_file_is_named_with_its_field(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(text)
    with pytest.raises(InputFileError, match=message):
        load_tissue(path)


def test_a_slip_of_the_unit_is_asked_about_and_regrowth_may_begin_at_any_time() -> None:
    glioma = load_tissue("glioma")
    for value in (1e-9, 1e7):
        with pytest.raises(DoseError, match=r"The doubling time Tp of .* d: expected 0.001 to 1e\+06 d; check"):
            glioma.changed(doubling_time_days=ParameterRange.of(value))
    for value in (1e-3, 1e6):
        assert glioma.changed(doubling_time_days=ParameterRange.of(value)).regrows
    assert glioma.changed(kick_off_days=ParameterRange(0, 1e-9, 2)).kick_off_days.mid == 1e-9


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(DoseError, match="There is no tissue 'gliom': did you mean 'glioma'"):
        load_tissue("gliom")
    with pytest.raises(DoseError, match="There is no parameter 'beta'"):
        load_tissue("glioma").changed(beta=ParameterRange.of(1))
    with pytest.raises(InputFileError, match=r"own\.json cannot be read"):
        load_tissue("own.json")
