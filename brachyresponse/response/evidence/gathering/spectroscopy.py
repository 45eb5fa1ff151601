"""From a spectroscopy study to markers: choline ratios of a lesion, and what of the spectrum could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from brachyresponse.response.evidence.finding import Finding, OwnCutoff
from brachyresponse.response.evidence.gathering.candidates import Candidate, candidates
from brachyresponse.response.evidence.gathering.data_files import gathering_data, limit
from brachyresponse.response.evidence.gathering.lesion_names import lesion_in
from brachyresponse.response.evidence.vocabulary import Quality
from brachyresponse.response.evidence.weighing.inputs import QUANTITY
from brachyresponse.spectroscopy.study.record import LesionEntry, LesionRatioEntry, SpectroscopyRecord

FIRST = "cho_naa"
"""A marker of choline ratios in general takes this one."""


def findings_of_spectroscopy(
    record: SpectroscopyRecord, lesion: str, *, own_cutoffs: Sequence[OwnCutoff] = ()
) -> tuple[Finding, ...]:
    """Return the markers that a spectroscopy study gives for a lesion: of a grid those of the highest voxel.

    A ratio that is not evaluable is a finding without a value, whose reason says why: a metabolite above its limit of
    uncertainty, a spectrum that cannot be used, a voxel that holds too little of the lesion.

    Parameters
    ----------
    own_cutoffs
        Of the clinic: a marker is taken in the statistic that its cut-off belongs to.

    Raises
    ------
    ResponseError
        The study has no such lesion.
    """
    return tuple(_findings(record, lesion_entry(record, lesion), own_cutoffs))


def lesion_entry(record: SpectroscopyRecord, lesion: str) -> LesionEntry:
    """Return a lesion of a study; another name is taken for it where there is one lesion only.

    Raises
    ------
    ResponseError
        The study has several lesions, and none of this name.
    """
    name = lesion_in([each.name for each in record.lesions], lesion, f"spectroscopy {record.name!r}")
    return next(each for each in record.lesions if each.name == name)


def _findings(record: SpectroscopyRecord, entry: LesionEntry, own_cutoffs: Sequence[OwnCutoff]) -> Iterator[Finding]:
    ratios: Mapping[str, str] = gathering_data("quantities.json")["ratios"]
    own = {each.marker for each in own_cutoffs}
    for name, quantity in ratios.items():
        for one in candidates(quantity, own_cutoffs, instead_of=FIRST):
            statistic = one.statistic if one.marker.id in own else None
            row = record.lesion_ratio(entry.name, name, statistic)
            yield _finding(one, record, entry, row)


def _finding(one: Candidate, record: SpectroscopyRecord, entry: LesionEntry, row: LesionRatioEntry | None) -> Finding:
    day = f" of {record.scan_date}" if record.scan_date else ""
    finding = Finding(
        one.marker.id,
        unit=one.marker.unit,
        statistic=row.statistic if row is not None else one.statistic,
        quality=_quality(entry),
        source=f"Spectroscopy{day}, {record.kind}, {record.name!r}, TE {record.echo_time_ms:g} ms, {entry.name!r}",
        details={QUANTITY: one.quantity},
    )
    if row is None or row.value is None:
        return replace(finding, quality=Quality.POOR, reason=_why_not(one, row))
    normal = {} if row.normal_value is None else {"normal_side": f"{row.normal_value:.2f}"}
    details = {**finding.details, "voxels": str(row.voxels), **normal}
    return replace(finding, value=row.value, low=row.low, high=row.high, details=details)


def _why_not(one: Candidate, row: LesionRatioEntry | None) -> str:
    if row is None:
        return f"{one.marker.title} is not evaluable: the study has no {one.statistic} of it."
    exceeded = "" if row.at_least is None else f" It is at least {row.at_least:.2f}."
    return f"{row.ratio} is not evaluable: {' '.join(row.reasons) or 'the study gives no reason.'}{exceeded}"


def _quality(entry: LesionEntry) -> Quality:
    is_small = entry.best_share is None or entry.best_share < limit("least_share_left")
    return Quality.LIMITED if is_small else Quality.GOOD
