"""The numbers by which an implant is judged: of its target, and of organs at risk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib.resources import files

from brachyresponse.dose import indices
from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.isodose import isodose_volume_cc, matched_peripheral_dose
from brachyresponse.errors import DoseError
from brachyresponse.geometry.grid import Grid
from brachyresponse.types import AnyArray


@dataclass(frozen=True)
class Metric:
    """One number with what it means.

    Parameters
    ----------
    id
        Stable name, as ``d90``, ``hi``, ``d2cc``.
    label
        As shown, ``D90``.
    value
        In ``unit``; None where it is not defined or not known, and then ``note`` says why.
    formula
        In words and symbols: the tool tip.
    source
        Who defined it.
    structure
        The target or organ it is of.
    note
        Why there is no value, or what is to be known beside it (a part of the structure outside the dose grid).
    decimals
        Digits after the point that are worth showing.
    """

    id: str
    label: str
    value: float | None
    unit: str
    formula: str
    source: str
    structure: str = ""
    note: str = ""
    decimals: int = 2

    @property
    def text(self) -> str:
        """Value and unit as shown, ``145.2 Gy``; a dash where there is no value."""
        if self.value is None:
            return "–"
        return f"{self.value:.{self.decimals}f} {self.unit}".rstrip()


def implant_metrics(
    target_dvh: Dvh,
    dose_gy: AnyArray,
    grid: Grid,
    prescription_gy: float,
    organs: Mapping[str, Dvh] | None = None,
) -> tuple[Metric, ...]:
    """Return the metrics of an implant for one target, in the order of the data file.

    Parameters
    ----------
    target_dvh
        Of the target, for this dose.
    dose_gy
        [k, j, i] on ``grid``, Gy: isodose volumes are taken over all of it.
    prescription_gy
        The reference of V100, CI and the others.
    organs
        The organs at risk that COIN counts, by name.

    Raises
    ------
    DoseError
        The prescription is not positive, or the dose has not the grid's shape.
    """
    if not 0 < prescription_gy < float("inf"):
        raise DoseError(f"The prescription is {prescription_gy:g} Gy: give a positive dose.")
    if dose_gy.shape != grid.shape_kji:
        raise DoseError(f"The dose has shape {dose_gy.shape}, its grid {grid.shape_kji}: they must agree.")
    implant = _Implant(target_dvh, dose_gy, grid, prescription_gy, organs or {})
    return tuple(
        _measure(definition, target_dvh, partial(TARGET_VALUES[str(definition["id"])], implant))
        for definition in _definitions()["target"]
    )


def organ_metrics(organ_dvh: Dvh, *, limits_gy: Sequence[float] = ()) -> tuple[Metric, ...]:
    """Return volume, D0.1cc, D2cc, mean and maximum of an organ, and its volume (cc and %) at each dose limit."""
    metrics = [
        _measure(definition, organ_dvh, partial(ORGAN_VALUES[str(definition["id"])], organ_dvh))
        for definition in _definitions()["organ"]
    ]
    for limit_gy in limits_gy:
        in_cc, in_percent = (_at_limit(item, limit_gy) for item in _definitions()["organ_limit"])
        metrics.append(_measure(in_cc, organ_dvh, partial(organ_dvh.v_cc, limit_gy)))
        metrics.append(_measure(in_percent, organ_dvh, partial(organ_dvh.v, limit_gy)))
    return tuple(metrics)


@dataclass(frozen=True, eq=False)
class _Implant:
    """A target in a dose, with the volumes that several metrics share; a volume that is not known raises DoseError."""

    dvh: Dvh
    dose_gy: AnyArray = field(repr=False)
    grid: Grid
    prescription_gy: float
    organs: Mapping[str, Dvh]

    @cached_property
    def isodose_cc(self) -> float:
        return isodose_volume_cc(self.dose_gy, self.grid, self.prescription_gy)

    @cached_property
    def conformation_number(self) -> float:
        return indices.conformation_number(self.dvh.volume_cc, self.covered_cc, self.isodose_cc)

    @property
    def covered_cc(self) -> float:
        return self.dvh.v_cc(self.prescription_gy)

    def isodose_at(self, share: float) -> float:
        """Volume of the isodose at a share of the prescription, cm3."""
        return isodose_volume_cc(self.dose_gy, self.grid, share * self.prescription_gy)

    def v(self, share: float) -> float:
        """Percent of the target at a share of the prescription or more."""
        return self.dvh.v(share * self.prescription_gy)

    def organ_shares(self) -> list[float]:
        """Share of each organ at the prescription or more."""
        return [organ.v(self.prescription_gy) / 100 for organ in self.organs.values()]


TARGET_VALUES: dict[str, Callable[[_Implant], float]] = {
    "volume": lambda implant: implant.dvh.volume_cc,
    "d90": lambda implant: implant.dvh.d(90),
    "d95": lambda implant: implant.dvh.d(95),
    "d100": lambda implant: implant.dvh.d(100),
    "mpd": lambda implant: matched_peripheral_dose(implant.dose_gy, implant.grid, implant.dvh.volume_cc),
    "mean": lambda implant: implant.dvh.mean_gy,
    "v100": lambda implant: implant.v(1),
    "v150": lambda implant: implant.v(1.5),
    "v200": lambda implant: implant.v(2),
    "hi": lambda implant: indices.homogeneity_index(implant.v(1), implant.v(1.5)),
    "dnr": lambda implant: indices.dose_nonuniformity_ratio(implant.isodose_cc, implant.isodose_at(1.5)),
    "ci": lambda implant: indices.conformity_index(implant.isodose_cc, implant.dvh.volume_cc),
    "cn": lambda implant: implant.conformation_number,
    "coin": lambda implant: indices.conformal_index(implant.conformation_number, implant.organ_shares()),
    "ei": lambda implant: indices.external_volume_index(implant.dvh.volume_cc, implant.covered_cc, implant.isodose_cc),
    "oi": lambda implant: indices.overdose_volume_index(implant.v(1), implant.v(2)),
    "gi": lambda implant: indices.gradient_index(implant.isodose_cc, implant.isodose_at(0.5)),
}

ORGAN_VALUES: dict[str, Callable[[Dvh], float]] = {
    "volume": lambda dvh: dvh.volume_cc,
    "d0_1cc": lambda dvh: dvh.d_cc(0.1),
    "d2cc": lambda dvh: dvh.d_cc(2),
    "mean": lambda dvh: dvh.mean_gy,
    "max": lambda dvh: dvh.max_gy,
}


def _measure(definition: Mapping[str, str | int], dvh: Dvh, value: Callable[[], float]) -> Metric:
    """Return the metric; where it is not defined or not known, without a value and with the reason."""
    try:
        found, note = float(value()), dvh.warning
    except DoseError as error:
        found, note = None, str(error)
    return Metric(
        id=str(definition["id"]),
        label=str(definition["label"]),
        value=found,
        unit=str(definition["unit"]),
        formula=str(definition["formula"]),
        source=str(definition["source"]),
        structure=dvh.name,
        note=note,
        decimals=int(definition["decimals"]),
    )


def _at_limit(definition: Mapping[str, str | int], limit_gy: float) -> dict[str, str | int]:
    return {
        key: text.replace("{limit}", f"{limit_gy:g}") if isinstance(text, str) else text
        for key, text in definition.items()
    }


@cache
def _definitions() -> dict[str, list[dict[str, str | int]]]:
    text = files("brachyresponse.dose").joinpath("data", "metrics.json").read_text(encoding="utf-8")
    definitions: dict[str, list[dict[str, str | int]]] = json.loads(text)
    return definitions
