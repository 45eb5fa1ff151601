"""What a person may set of the study; each with where its default comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from brachyresponse.errors import SpectroscopyError


@dataclass(frozen=True)
class SettingFacts:
    """What a setting is called, its range, and the source of its default."""

    name: str
    label: str
    low: float
    high: float
    source: str


@dataclass(frozen=True, kw_only=True)
class SpectroscopySettings:
    """Which voxels count for a lesion; ``data/settings.json`` has label, range and source of each.

    Raises
    ------
    SpectroscopyError
        A value lies outside its range.
    """

    least_lesion_share: float = 0.5
    seed_margin_mm: float = 5.0
    largest_ventricle_share: float = 0.2
    largest_bone_share: float = 0.0

    def __post_init__(self) -> None:
        for facts in setting_facts():
            value = getattr(self, facts.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not facts.low <= value <= facts.high:
                raise SpectroscopyError(f"{facts.label} is {value!r}, expected {facts.low:g} to {facts.high:g}.")


@cache
def setting_facts() -> tuple[SettingFacts, ...]:
    """Return the facts of all settings, in the order of the fields."""
    text = files("brachyresponse.spectroscopy.study").joinpath("data", "settings.json").read_text(encoding="utf-8")
    by_name = {row["name"]: SettingFacts(**row) for row in json.loads(text)["settings"]}
    return tuple(by_name[each.name] for each in fields(SpectroscopySettings))
