"""What may be used of a fit: limits of line width, noise, misfit and Cramer-Rao bounds, each with its sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

from brachyresponse.spectroscopy.fitting.amplitudes import LARGEST_CRB_PERCENT, Amplitudes
from brachyresponse.spectroscopy.fitting.spectrum_fit import FitQuality, MetaboliteRatio
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName

PARTS = {
    RatioName.CHO_NAA: ((Metabolite.CHO,), Metabolite.NAA),
    RatioName.CHO_CR: ((Metabolite.CHO,), Metabolite.CR),
    RatioName.LIP_LAC_CR: ((Metabolite.LIP13, Metabolite.LIP09, Metabolite.LAC), Metabolite.CR),
}
"""Numerator and denominator."""


def limit(name: str) -> float:
    """Return a limit of the table."""
    return float(_table()["limits"][name]["value"])


def beyond_limit(percent: float) -> str:
    """Return a bound and the limit that it is above, rounded up to show that it is."""
    return f"{ceil(percent)} %, above {limit('crb_percent'):g} %"


def quality_of(
    *, line_width_ppm: float, snr: float, misfit: float, share_of_shift_limit: float, cho_to_naa_ppm: float
) -> FitQuality:
    """Return whether the spectrum as a whole may be used.

    ``cho_to_naa_ppm`` is by how much choline and NAA lie farther apart than in the table.
    """
    reasons = []
    if line_width_ppm > limit("line_width_ppm"):
        reasons.append(f"The lines are {line_width_ppm:.2f} ppm wide, above {limit('line_width_ppm'):g} ppm.")
    if snr < limit("snr"):
        reasons.append(f"The tallest line is {snr:.1f} times the noise, below {limit('snr'):g}.")
    if misfit > limit("misfit") and snr < misfit * limit("fitted_snr"):
        reasons.append(f"The residual is {misfit:.1f} times the noise, above {limit('misfit'):g}: the fit fails.")
    if share_of_shift_limit > 0.99:
        reasons.append("The spectrum lies as far beside its place as is allowed: the reference may be wrong.")
    if abs(cho_to_naa_ppm) > limit("cho_to_naa_ppm"):
        reasons.append(
            f"Choline and NAA lie {abs(cho_to_naa_ppm):.3f} ppm {'farther apart' if cho_to_naa_ppm > 0 else 'nearer'} "
            "than they do in tissue: the transmitter frequency or the dwell time may be wrong by a few percent."
        )
    return FitQuality(not reasons, tuple(reasons))


def refused_metabolites(amplitudes: Amplitudes) -> dict[Metabolite, str]:
    """Return why metabolites are not used, one sentence each."""
    return {
        name: _why_not(str(name), amplitudes.crb_percent(name))
        for name in amplitudes.metabolites
        if amplitudes.crb_percent(name) > limit("crb_percent")
    }


def ratio_of(
    name: RatioName, amplitudes: Amplitudes, refused: Mapping[Metabolite, str], quality: FitQuality
) -> MetaboliteRatio:
    """Return a ratio, or why there is none.

    A sum of metabolites needs not each of its parts above the noise: its own bound counts.
    """
    if not quality.is_good:
        return MetaboliteRatio(None, None, None, quality.reasons)
    parts, below = PARTS[name]
    reasons = [refused[below]] if below in refused else []
    percent = amplitudes.crb_percent(*parts)
    is_seen = percent <= limit("crb_percent")
    if not is_seen:
        reasons.append(_why_not("+".join(parts), percent))
    if not reasons:
        return MetaboliteRatio(*amplitudes.quotient(parts, below))
    at_least = amplitudes.least_quotient(parts, below) if is_seen else None
    return MetaboliteRatio(None, None, None, tuple(reasons), at_least)


def _why_not(what: str, percent: float) -> str:
    if percent >= LARGEST_CRB_PERCENT:
        return f"{what}: below detection."
    bound = f"bound {beyond_limit(percent)}"
    return f"{what}: below detection ({bound})." if percent > limit("below_detection_percent") else f"{what}: {bound}."


@cache
def _table() -> dict[str, Any]:
    text = files("brachyresponse.spectroscopy").joinpath("data", "quality.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
