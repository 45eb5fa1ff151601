"""Dose limits of organs at risk: ``Rectum:D2cc<=65%``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from brachyresponse.errors import DoseError, PlanError

if TYPE_CHECKING:
    from brachyresponse.dose.dvh import Dvh

NUMBER = r"\d+(?:\.\d+)?|\.\d+"
LIMIT = re.compile(
    rf"(?P<structure>.+):\s*(?P<metric>[DVdv][^<>=≤≥]*?)\s*(?P<sense><=|>=|≤|≥)\s*(?P<value>{NUMBER})\s*(?P<unit>Gy|%|cc)",
    re.IGNORECASE,
)
METRIC = re.compile(
    rf"(?:(?P<named>Dmax|Dmean|Dmin)|(?P<quantity>[DV])(?P<amount>{NUMBER})\s*(?P<unit>Gy|cc|%)?)", re.IGNORECASE
)


class LimitUnit(StrEnum):
    """Units of a limit: a dose in Gy or percent of the prescription, a volume in percent of the structure or cc."""

    GY = "Gy"
    PERCENT = "%"
    CC = "cc"


@dataclass(frozen=True)
class DvhMetric:
    """A point of a dose-volume histogram.

    Parameters
    ----------
    text
        As written: ``D2cc``, ``D90``, ``Dmax``, ``V100``, ``V12Gy``.
    quantity
        ``D`` for a dose, ``V`` for a volume; ``max``, ``mean`` and ``min`` for these doses.
    amount, unit
        For ``D`` the volume, in cc or percent of the structure; for ``V`` the dose, in Gy or percent of the
        prescription.
    """

    text: str
    quantity: str
    amount: float = 0.0
    unit: LimitUnit = LimitUnit.PERCENT

    @property
    def is_dose(self) -> bool:
        """Whether the value is a dose; a volume otherwise."""
        return self.quantity != "V"

    def value(self, dvh: Dvh, prescription_gy: float, unit: LimitUnit) -> float:
        """Return the metric of a structure: a dose in Gy or percent of prescription, a volume in percent or cc."""
        if not self.is_dose:
            dose_gy = self.amount if self.unit is LimitUnit.GY else self.amount / 100 * prescription_gy
            return dvh.v_cc(dose_gy) if unit is LimitUnit.CC else dvh.v(dose_gy)
        dose_gy = self._dose_gy(dvh)
        return dose_gy / prescription_gy * 100 if unit is LimitUnit.PERCENT else dose_gy

    def _dose_gy(self, dvh: Dvh) -> float:
        named = {"max": dvh.max_gy, "mean": dvh.mean_gy, "min": dvh.min_gy}
        if self.quantity in named:
            return named[self.quantity]
        return dvh.d_cc(self.amount) if self.unit is LimitUnit.CC else dvh.d(self.amount)


@dataclass(frozen=True)
class OrganLimit:
    """What a dose or a volume of one structure may be.

    Parameters
    ----------
    structure
        Name in the patient.
    metric
        What is limited.
    limit, unit
        The number; Gy or percent of the prescription for a dose, percent of the structure or cc for a volume.
    at_least
        Whether the limit is a lower one.
    """

    structure: str
    metric: DvhMetric
    limit: float
    unit: LimitUnit
    at_least: bool = False

    def __str__(self) -> str:
        return f"{self.structure}:{self.metric.text}{'>=' if self.at_least else '<='}{self.limit:g}{self.unit}"

    def allows(self, value: float) -> bool:
        """Tell whether a value keeps the limit."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class LimitResult:
    """A limit and what was found: ``value`` in the limit's unit.

    Value and verdict are None where nothing can be said, and ``note`` says why; otherwise ``note`` holds what is to be
    known beside the value.
    """

    limit: OrganLimit
    value: float | None
    passed: bool | None
    note: str = ""


def judge_limit(limit: OrganLimit, dvh: Dvh | None, prescription_gy: float) -> LimitResult:
    """Return a limit held against the dose-volume histogram of its structure; None where that is not known."""
    if dvh is None:
        return LimitResult(limit, None, None, f"the dose of {limit.structure} is not known")
    try:
        value = limit.metric.value(dvh, prescription_gy, limit.unit)
    except DoseError as error:
        return LimitResult(limit, None, None, str(error))
    return LimitResult(limit, value, limit.allows(value), dvh.warning)


def parse_limit(text: str) -> OrganLimit:
    """Return the limit written as ``structure:metric<=number unit``.

    ``D2cc``, ``D0.1cc``, ``D90`` (percent of the structure), ``Dmax``, ``Dmean``, ``Dmin`` are limited in Gy or in
    percent of the prescription; ``V100`` (percent of the prescription) and ``V12Gy`` in percent of the structure or cc.

    Raises
    ------
    PlanError
        The text is not of this form, or metric and unit do not go together.
    """
    match = LIMIT.fullmatch(text.strip())
    if not match:
        raise PlanError(f"{text!r} is not a dose limit: write it like 'Rectum:D2cc<=65%' or 'Chiasm:Dmax<=50Gy'.")
    metric = parse_metric(match["metric"])
    unit = _unit(match["unit"])
    if unit is (LimitUnit.CC if metric.is_dose else LimitUnit.GY):
        expected = "Gy or %" if metric.is_dose else "% or cc"
        raise PlanError(f"{text!r}: {metric.text} is limited in {expected}, not in {unit}.")
    at_least = match["sense"] in (">=", "≥")
    return OrganLimit(match["structure"].strip(), metric, float(match["value"]), unit, at_least)


def parse_metric(text: str) -> DvhMetric:
    """Return the metric written as ``D2cc``, ``D90``, ``Dmax``, ``V100`` or ``V12Gy``.

    Raises
    ------
    PlanError
        The text is none of these.
    """
    match = METRIC.fullmatch(text.strip())
    if not match:
        raise PlanError(f"{text!r} is not a dose metric: write D2cc, D0.1cc, D90, Dmax, Dmean, Dmin, V100 or V12Gy.")
    if match["named"]:
        return DvhMetric(f"D{match['named'][1:].lower()}", match["named"][1:].lower())
    quantity, amount = match["quantity"].upper(), float(match["amount"])
    unit = _unit(match["unit"] or "%")
    suffix = "" if unit is LimitUnit.PERCENT else unit
    metric = DvhMetric(f"{quantity}{match['amount']}{suffix}", quantity, amount, unit)
    if unit is (LimitUnit.GY if metric.is_dose else LimitUnit.CC):
        raise PlanError(f"{text!r} is not a dose metric: D takes a volume (cc or %), V a dose (Gy or %).")
    if metric.is_dose and unit is LimitUnit.PERCENT and amount > 100:
        raise PlanError(f"{text!r}: a structure has no {amount:g} % of its volume; give D0 to D100, or cc.")
    return metric


def _unit(text: str) -> LimitUnit:
    return {unit.lower(): unit for unit in LimitUnit}[text.lower()]
