"""PET and SPECT values that are typed in, with what they mean nothing without: tracer, measure, reference region."""

from __future__ import annotations

from difflib import get_close_matches

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.gathering.candidates import candidates
from brachyresponse.response.evidence.gathering.data_files import gathering_data
from brachyresponse.response.evidence.markers import marker
from brachyresponse.response.evidence.weighing.inputs import QUANTITY


def pet_findings(
    tracer: str,
    measure: str,
    value: float,
    reference_region: str,
    *,
    unit: str = "1",
    time_window: str = "",
) -> tuple[Finding, ...]:
    """Return the markers that a PET value may stand for.

    Parameters
    ----------
    tracer
        18F-FET, 11C-MET, 18F-FDOPA, 18F-FDG or 68Ga-DOTATOC.
    measure
        TBRmax, TBRmean, SUV ratio: its last letters say whether it is a maximum or a mean.
    value, unit
        Lesion over reference region; "1".
    reference_region
        What the lesion was divided by.
    time_window
        Minutes after injection.

    Raises
    ------
    ResponseError
        The tracer is not known (the nearest is told), or the reference region is missing.
    """
    tracers: dict[str, str] = gathering_data("quantities.json")["tracers"]
    if tracer not in tracers:
        near = get_close_matches(tracer, tracers, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ResponseError(f"There is no PET tracer {tracer!r}; {hint}Choose one of: {', '.join(tracers)}.")
    if not reference_region:
        raise ResponseError(
            f"The {tracer} {measure} of {value:g} has no reference region, which the ratio hangs on: give it."
        )
    statistic, quantity = _statistic(measure), tracers[tracer]
    details = {
        QUANTITY: quantity, "tracer": tracer, "measure": measure, "reference_region": reference_region,
        "time_window": time_window,
    }  # fmt: skip
    said = {name: text for name, text in details.items() if text}
    return tuple(
        Finding(one.marker.id, value, unit=unit, statistic=statistic, source=f"{tracer} PET, typed in", details=said)
        for one in candidates(quantity)
        if one.marker.statistic in ("", statistic)
    )


def pet_finding(tracer: str, measure: str, value: float, reference_region: str, unit: str = "1") -> Finding:
    """Return the finding of the marker that is nearest to a PET value: one that may be weighed, of this tracer alone.

    Raises
    ------
    ResponseError
        See :func:`pet_findings`.
    """
    found = pet_findings(tracer, measure, value, reference_region, unit=unit)
    return min(found, key=lambda one: (not marker(one.id).is_weighable, len(marker(one.id).quantities)))


def _statistic(measure: str) -> str:
    words: dict[str, str] = gathering_data("quantities.json")["measures"]
    return next((statistic for ending, statistic in words.items() if measure.lower().endswith(ending)), "")
