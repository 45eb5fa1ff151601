"""PET and SPECT values that are typed in, with what they mean nothing without: tracer, measure, reference region."""

from __future__ import annotations

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import Finding
from brachyresponse.response.evidence.gathering.candidates import candidates
from brachyresponse.response.evidence.gathering.data_files import gathering_data
from brachyresponse.response.evidence.markers import marker, quantities
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
        18F-FET, 11C-MET, 18F-FDOPA, 18F-FDG, 68Ga-DOTATOC, 201Tl or 99mTc-MIBI.
    measure
        TBRmax, TBRmean, SUV ratio: its last letters say whether it is a maximum or a mean; of 201Tl and 99mTc-MIBI
        the word that tells which ratio it is: index, scalp, early, delayed.
    value, unit
        Lesion over reference region; "1".
    reference_region
        What the lesion was divided by.
    time_window
        Minutes after injection.

    Raises
    ------
    ResponseError
        The tracer is not known, its measure is ambiguous, or the reference region is missing.
    """
    quantity = _quantity(tracer, measure)
    reference_region = reference_region.strip()
    if not reference_region:
        raise ResponseError(
            f"The {tracer} {measure} of {value:g} has no reference region, which the ratio hangs on: give it."
        )
    statistic = _statistic(measure)
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


def _quantity(tracer: str, measure: str) -> str:
    """Return what is measured; where a tracer has several measures, the one whose last word the measure holds."""
    known = [one for one in quantities() if one.tracers]
    of_tracer = [one for one in known if one.is_of(tracer)]
    if not of_tracer:
        tracers = ", ".join(dict.fromkeys(one.title.split(",")[0].split()[0] for one in known))
        raise ResponseError(f"There is no tracer {tracer!r} in the table of cut-offs: choose one of {tracers}.")
    if len(of_tracer) == 1:
        return of_tracer[0].id
    found = next((one.id for one in of_tracer if one.id.split("_")[-1] in measure.lower()), None)
    if found is None:
        titles = "; ".join(one.title for one in of_tracer)
        raise ResponseError(f"The measure {measure!r} of {tracer} may be several: name it as one of {titles}.")
    return found


def _statistic(measure: str) -> str:
    words: dict[str, str] = gathering_data("quantities.json")["measures"]
    return next((statistic for ending, statistic in words.items() if measure.lower().endswith(ending)), "")
