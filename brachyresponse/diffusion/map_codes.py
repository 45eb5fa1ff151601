"""How the ADC map is named, coded and shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from brachyresponse.diffusion.units import diffusion_data
from brachyresponse.perfusion.study.map_names import Code


@dataclass(frozen=True)
class AdcFacts:
    """As :class:`~brachyresponse.perfusion.study.MapFacts` for maps of perfusion: label, unit, codes, window, ratio."""

    label: str
    unit: str
    quantity: Code
    units: Code
    window: tuple[float, float]
    colour: str
    decimals: int
    ratio_label: str

    @property
    def title(self) -> str:
        """Label with the unit."""
        return f"{self.label} ({self.unit})"


@cache
def adc_facts() -> AdcFacts:
    """Return the facts of ADC maps."""
    (row,) = diffusion_data()["maps"]
    low, high = row["window"]
    return AdcFacts(
        label=row["label"],
        unit=row["unit"],
        quantity=Code(*row["quantity"]),
        units=Code(*row["units"]),
        window=(float(low), float(high)),
        colour=row["colour"],
        decimals=row["decimals"],
        ratio_label=row["ratio"],
    )
