"""How a study is computed and judged: every choice with its default and where the default comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from numbers import Integral, Real
from typing import Any

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.interpretation import InterpretationSettings

TYPES: dict[str, tuple[type, str]] = {
    "bool": (bool, "true or false"),
    "int": (Integral, "a whole number"),
    "float": (Real, "a number"),
    "str": (str, "a word"),
}
"""By annotation: what a setting has to be."""


@dataclass(frozen=True, kw_only=True)
class PerfusionSettings:
    """Choices of a study; ``data/settings.json`` has the label, the unit, the range and the source of each.

    Parameters
    ----------
    model
        DCE model: ``tofts``, ``extended_tofts``, ``patlak``, ``2cum`` or ``2cxm``.
    patlak_by_aicc
        Take the Patlak model in the voxels where AICc prefers it to the chosen one.
    fit_delay
        Fit the delay of the tissue against the AIF in each voxel.
    hematocrit
        Of large vessels: plasma is blood / (1 - hematocrit).
    relaxivity_per_s_per_mmol_l, blood_t1_s
        None takes the table's value for the agent and the field.
    baseline_frames
        How many frames precede the bolus; None finds them.
    correct_leakage
        Of DSC.
    deconvolution, oscillation_limit, svd_cutoff, kappa
        Of DSC's flow.
    hot_spot_cc
        Volume whose mean is the statistic "hot spot".
    bootstrap_samples, random_seed
        Of the interval of a ratio.
    least_voxels, least_volume_cc
        A smaller lesion is not evaluable.
    least_voxel_share
        Voxels at the edge that are lesion in a smaller share are left out.
    seed_margin_mm
        Round each seed nothing is evaluated; None takes the proposal for the sequence.
    exclude_vessels, exclude_necrosis, exclude_blood
        Leave out what the anatomical image and the T2* image show in the lesions, where they are given.
    dose_limit_gy
        White matter of reference lies where the implant gave less.
    statistic
        Of the lesion, whose ratio is judged: ``mean``, ``median``, ``p95`` or ``hot_spot``.
    parameter, dsc_parameter, threshold, weight_without_pre_treatment
        See :class:`~brachyresponse.perfusion.interpretation.InterpretationSettings`.

    Raises
    ------
    PerfusionError
        A value outside its range.
    """

    model: str = "extended_tofts"
    patlak_by_aicc: bool = True
    fit_delay: bool = True
    hematocrit: float = 0.42
    relaxivity_per_s_per_mmol_l: float | None = None
    blood_t1_s: float | None = None
    baseline_frames: int | None = None
    correct_leakage: bool = True
    deconvolution: str = "osvd"
    oscillation_limit: float = 0.035
    svd_cutoff: float = 0.2
    kappa: float = 1.0
    hot_spot_cc: float = 0.5
    bootstrap_samples: int = 1000
    random_seed: int = 0
    least_voxels: int = 20
    least_volume_cc: float = 1.0
    least_voxel_share: float = 0.75
    seed_margin_mm: float | None = None
    exclude_vessels: bool = True
    exclude_necrosis: bool = True
    exclude_blood: bool = True
    dose_limit_gy: float = 5.0
    statistic: str = "mean"
    parameter: str = "vp"
    dsc_parameter: str = "rcbv"
    threshold: float = 1.5
    weight_without_pre_treatment: float = 0.5

    def __post_init__(self) -> None:
        for each in fields(self):
            check_type(setting_facts(each.name), str(each.type), getattr(self, each.name))
        if not 0 <= self.hematocrit < 1:
            raise PerfusionError(f"The hematocrit is {self.hematocrit:g}, expected 0 to below 1: give 0.42, not 42.")
        for each in fields(self):
            check_setting(setting_facts(each.name), getattr(self, each.name))

    @property
    def interpretation(self) -> InterpretationSettings:
        """Those of the validity rule."""
        return InterpretationSettings(
            self.parameter,
            self.dsc_parameter,
            self.threshold,
            self.weight_without_pre_treatment,
            self.least_volume_cc,
            self.least_voxels,
        )

    def rows(self) -> tuple[SettingRow, ...]:
        """Return every setting with its value, in the order of the table."""
        defaults = PerfusionSettings()
        return tuple(
            SettingRow(setting_facts(each.name), getattr(self, each.name), getattr(defaults, each.name))
            for each in fields(self)
        )


@dataclass(frozen=True)
class SettingFacts:
    """What a setting is called, its unit, where its default comes from, what a number or a text may be.

    ``kind`` is that of the series it is for, dce or dsc; empty for both.
    """

    name: str
    label: str
    unit: str
    source: str
    range: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class SettingRow:
    """One setting of a study."""

    facts: SettingFacts
    value: Any
    default: Any

    @property
    def is_default(self) -> bool:
        """Whether nobody changed it."""
        return bool(self.value == self.default)

    @property
    def source(self) -> str:
        """Where the value comes from: of the default, or a choice."""
        return self.facts.source if self.is_default else "chosen for this study"

    @property
    def words(self) -> str:
        """The value for people."""
        if self.value is None:
            return "by default"
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return f"{self.value} {self.facts.unit}".strip()


def setting_facts(name: str) -> SettingFacts:
    """Return the label, the unit and the source of a setting.

    Raises
    ------
    PerfusionError
        There is no such setting.
    """
    if name not in _table():
        raise PerfusionError(f"There is no setting {name!r}: choose one of {', '.join(_table())}.")
    return _table()[name]


def check_type(facts: SettingFacts, annotation: str, value: Any) -> None:
    """Refuse a text for a number, a fraction for a count, and anything but yes and no where only these are.

    Raises
    ------
    PerfusionError
        The value is of another type than the setting's annotation says.
    """
    if value is None and annotation.endswith("| None"):
        return
    wanted, words = TYPES[annotation.split(" ")[0]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise PerfusionError(f"{facts.label} is {value!r}, expected {words}: correct it.")


def check_setting(facts: SettingFacts, value: Any) -> None:
    """Refuse what a setting cannot be; one that is not chosen is None.

    Raises
    ------
    PerfusionError
        A number outside its range, or a text that is none of its choices.
    """
    if facts.choices and value not in facts.choices:
        raise PerfusionError(f"{facts.label}: there is no {value!r}; choose one of {', '.join(facts.choices)}.")
    if facts.range is None or value is None:
        return
    low, high = facts.range
    if not low <= value <= high:
        raise PerfusionError(
            f"{facts.label} is {value:g}, expected {low:g} to {high:g} {facts.unit}".strip() + ": correct it."
        )


@cache
def _table() -> dict[str, SettingFacts]:
    text = files("brachyresponse.perfusion.study").joinpath("data", "settings.json").read_text(encoding="utf-8")
    return {row["id"]: _facts(row) for row in json.loads(text)["settings"]}


def _facts(row: dict[str, Any]) -> SettingFacts:
    limits = tuple(row["range"]) if "range" in row else None
    choices = tuple(row.get("choices", ()))
    return SettingFacts(row["id"], row["label"], row["unit"], row["source"], limits, choices, row.get("kind", ""))
