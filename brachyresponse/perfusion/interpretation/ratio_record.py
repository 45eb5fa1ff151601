"""The ratios of one lesion at one visit, and what tells whether they can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from brachyresponse.perfusion.series import SeriesKind


@dataclass(frozen=True)
class RatioValue:
    """Lesion over white matter of one map.

    Parameters
    ----------
    label
        What the ratio is called: rVp, rKtrans.
    value, low, high
        The ratio and its 95 % interval; None where it is not evaluable.
    reason
        Why it is not evaluable, a sentence; empty where it is.
    valid_voxels
        Of the lesion.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    valid_voxels: int | None = None

    @property
    def is_evaluable(self) -> bool:
        """Whether there is a ratio."""
        return self.value is not None

    @property
    def words(self) -> str:
        """Value with its interval, or that it is not evaluable."""
        if self.value is None:
            return "not evaluable"
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"

    def holds(self, threshold: float) -> bool:
        """Tell whether the interval reaches to both sides of a limit."""
        return self.low is not None and self.high is not None and self.low < threshold <= self.high


@dataclass(frozen=True)
class RatioRecord:
    """What the rule of interpretation needs of one lesion at one visit.

    Parameters
    ----------
    lesion
        Its name.
    kind
        DCE or DSC.
    ratios
        By the name of the map: ``vp``, ``ktrans``, ``rcbv``.
    volume_cc
        Of the lesion; None where it is not known.
    scan_date
        None where it is not known.
    aif_failed
        Whether the arterial input function failed its checks, where the ratios depend on it.
    leakage_corrected
        Of DSC.
    white_matter_irradiated
        Whether the white matter of reference got more dose than its limit; None where there is no dose.
    drug
        Anti-angiogenic drug or high-dose steroid given before the scan; empty for none.
    is_found
        Whether the visit has this lesion; where it has not, there is nothing but its scan.
    """

    lesion: str
    kind: SeriesKind
    ratios: Mapping[str, RatioValue]
    volume_cc: float | None = None
    scan_date: date | None = None
    aif_failed: bool = False
    leakage_corrected: bool = True
    white_matter_irradiated: bool | None = None
    drug: str = ""
    is_found: bool = True

    def ratio(self, parameter: str) -> RatioValue:
        """Return the ratio of a map; one that is not evaluable where the visit has no such map."""
        missing = f"the {self.kind.upper()} of this visit has no {parameter} map"
        return self.ratios.get(parameter, RatioValue(f"r{parameter.capitalize()}", None, reason=missing))
