"""The seed models: what ships, what a user adds, and what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import SourceError
from brachyresponse.sources import available_sources, load_source
from reference import REFERENCE, needs_reference

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def data() -> dict[str, Any]:
    text = (files("brachyresponse.sources") / "data" / "amersham_6711.json").read_text("utf-8")
    fields: dict[str, Any] = json.loads(text)
    return fields


def written(folder: Path, fields: object) -> Path:
    path = folder / "my_seed.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


def test_seventeen_models_ship() -> None:
    assert len(available_sources()) == 17
    assert available_sources() == sorted(available_sources())


@pytest.mark.parametrize("name", available_sources())
def test_every_shipped_model_has_its_citation_and_a_decay(name: str) -> None:
    source = load_source(name)
    assert source.name == name
    assert source.radionuclide in {"I-125", "Pd-103"}
    assert "Rivard" in source.citation
    assert np.log(2) / source.decay_constant_per_h / 24 == pytest.approx(source.half_life_days)


@needs_reference("tg43")
@pytest.mark.parametrize("name", available_sources())
def test_shipped_numbers_are_those_of_the_reference(name: str) -> None:
    source = load_source(name)
    expected = json.loads((REFERENCE / "tg43" / f"{name}.json").read_text("utf-8"))
    assert source.dose_rate_constant == expected["dose_rate_constant_cgy_per_h_per_u"]
    assert source.effective_length_cm == expected["effective_length_cm"]
    np.testing.assert_array_equal(source.radial_radius_cm, expected["radial_dose_function"]["r_cm"])
    np.testing.assert_array_equal(source.radial_dose, expected["radial_dose_function"]["g"])
    np.testing.assert_array_equal(source.anisotropy, expected["anisotropy_function"]["f"])
    np.testing.assert_array_equal(source.anisotropy_theta_deg, expected["anisotropy_function"]["theta_deg"])


def test_a_model_of_the_user_is_loaded_by_its_path(tmp_path: Path, data: dict[str, Any]) -> None:
    data["model"] = "Mine"
    source = load_source(written(tmp_path, data))
    assert (source.name, source.model) == ("my_seed", "Mine")
    assert load_source(str(written(tmp_path, data))).model == "Mine"


def test_a_source_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_source("amersham_6711").anisotropy[0, 0] = 2.0


def test_a_surrogate_says_what_it_stands_in_for() -> None:
    surrogate = load_source("amersham_6711").as_surrogate_for("the 4.5 x 0.8 mm seed of the neck-node study")
    assert surrogate.surrogate_for == "the 4.5 x 0.8 mm seed of the neck-node study"
    assert "surrogate for the 4.5 x 0.8 mm seed" in surrogate.label
    assert load_source("amersham_6711").surrogate_for is None


def test_a_surrogate_without_a_description_is_refused() -> None:
    with pytest.raises(SourceError, match="say which seed"):
        load_source("amersham_6711").as_surrogate_for("  ")


@pytest.mark.parametrize("name", ["6711", "Amersham_6711", "amersham 6711"])
def test_an_unknown_name_brings_the_nearest_one(name: str) -> None:
    with pytest.raises(SourceError, match="did you mean 'amersham_6711'"):
        load_source(name)


def at(*path: str | int, value: object) -> Change:
    def change(fields: Any) -> None:
        for step in path[:-1]:
            fields = fields[step]
        fields[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    def change(fields: Any) -> None:
        for step in path[:-1]:
            fields = fields[step]
        del fields[path[-1]]

    return change


RADIAL, F = "radial_dose_function", "anisotropy_function"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (drop(RADIAL), r"radial_dose_function is missing"),
        (drop(F, "f"), r"anisotropy_function\.f is missing"),
        (drop("citation"), r"citation is missing"),
        (drop(F, "f", 5), r"anisotropy_function\.f has shape \(5, 11\), expected 6 rows"),
        (drop(F, "f", 1, 0), r"anisotropy_function\.f must hold rows of equal length"),
        (drop(RADIAL, "g", 3), r"radial_dose_function\.g has 15 values for 16 radii"),
        (at(F, "f", 1, 2, value=-0.1), r"anisotropy_function\.f holds the negative value -0\.1"),
        (at(RADIAL, "g", 2, value=0), r"radial_dose_function\.g holds 0, expected positive"),
        (at(RADIAL, "g", 2, value=float("nan")), r"radial_dose_function\.g holds NaN"),
        (at(RADIAL, "g", 2, value="1,07"), r"radial_dose_function\.g holds '1,07', expected numbers"),
        (at(RADIAL, "r_cm", 2, value=0.05), r"radial_dose_function\.r_cm must rise, but 0\.05 follows 0\.15"),
        (at(RADIAL, "r_cm", 0, value=-0.1), r"radial_dose_function\.r_cm holds the negative value"),
        (at(RADIAL, "geometry", value="point"), r"radial_dose_function\.geometry is 'point', expected 'line'"),
        (at(F, "theta_deg", 10, value=85), r"theta_deg goes from 0 to 85"),
        (at(F, "theta_deg", 10, value=200), r"theta_deg goes from 0 to 200"),
        (at(F, "theta_deg", 0, value=2), r"theta_deg goes from 2 to 90"),
        (at("schema", value=2), r"schema is 2, expected 1"),
        (at("half_life_days", value=0), r"half_life_days is 0\.0, expected a positive number"),
        (at("dose_rate_constant_cgy_per_h_per_u", value=-1), r"dose_rate_constant_cgy_per_h_per_u is -1\.0"),
        (at("effective_length_cm", value=None), r"effective_length_cm holds None, expected numbers"),
        (at("notes", value="one"), r"notes must be a list"),
    ],
)
def test_a_bad_field_is_named_with_its_file(tmp_path: Path, data: dict[str, Any], change: Change, message: str) -> None:
    fields = copy.deepcopy(data)
    change(fields)
    with pytest.raises(SourceError, match=rf"my_seed\.json: .*{message}"):
        load_source(written(tmp_path, fields))


def test_a_file_that_is_no_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my_seed.json"
    path.write_text("not JSON", encoding="utf-8")
    with pytest.raises(SourceError, match=r"my_seed\.json: the file is not JSON"):
        load_source(path)
    with pytest.raises(SourceError, match=r"my_seed\.json: the file holds a list"):
        load_source(written(tmp_path, []))
    with pytest.raises(SourceError, match=r"absent\.json' cannot be read"):
        load_source(tmp_path / "absent.json")


def test_a_table_to_180_degrees_is_a_seed_with_two_different_ends(tmp_path: Path, data: dict[str, Any]) -> None:
    table = data[F]
    table["theta_deg"] += [180 - angle for angle in table["theta_deg"][-2::-1]]
    table["f"] = [[*row, *row[-2::-1]] for row in table["f"]]
    assert not load_source(written(tmp_path, data)).is_symmetric
    assert load_source("amersham_6711").is_symmetric
