"""From a diffusion study to markers: the ADC of the solid part of a lesion, its ratio and percentiles beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from brachyresponse.diffusion import DiffusionRecord, LesionPart, PartEntry, StatisticEntry
from brachyresponse.response.evidence.finding import Finding, OwnCutoff
from brachyresponse.response.evidence.gathering.candidates import Candidate, candidates
from brachyresponse.response.evidence.gathering.data_files import limit
from brachyresponse.response.evidence.gathering.lesion_names import lesion_in
from brachyresponse.response.evidence.vocabulary import Quality
from brachyresponse.response.evidence.weighing.inputs import QUANTITY

ADC = "adc"


def findings_of_diffusion(
    record: DiffusionRecord, lesion: str, *, own_cutoffs: Sequence[OwnCutoff] = ()
) -> tuple[Finding, ...]:
    """Return the markers that a diffusion study gives for a lesion, of its part outside the core.

    A part that is not evaluable is a finding without a value, whose reason says why. Central restriction is no finding
    here: it is described (:func:`central_restriction`), and a reader judges the sign.

    Parameters
    ----------
    own_cutoffs
        Of the clinic: a marker is taken in the statistic that its cut-off belongs to.

    Raises
    ------
    ResponseError
        The study has no such lesion.
    """
    part = solid_part(record, lesion)
    return tuple(_finding(one, part, record) for one in candidates(ADC, own_cutoffs))


def central_restriction(record: DiffusionRecord, lesion: str) -> str:
    """Return how the core of a lesion diffuses against its rim, as a sentence; empty where it cannot be told."""
    found = record.restriction(solid_part(record, lesion).lesion)
    return found.sentence if found is not None and found.core is not None else ""


def solid_part(record: DiffusionRecord, lesion: str) -> PartEntry:
    """Return the part of a lesion outside its core; another name is taken for it where there is one lesion only.

    Raises
    ------
    ResponseError
        The study has several lesions, and none of this name.
    """
    study = f"diffusion study of {record.scan_date or 'an unknown day'}"
    name = lesion_in(record.lesions, lesion, study)
    return next(each for each in record.parts if (each.lesion, each.part) == (name, LesionPart.SOLID))


def _finding(one: Candidate, part: PartEntry, record: DiffusionRecord) -> Finding:
    day = f" of {record.scan_date}" if record.scan_date else ""
    finding = Finding(
        one.marker.id,
        unit=one.marker.unit,
        statistic=one.statistic,
        quality=_quality(part, record),
        source=f"Diffusion{day}, map {record.map!r}, {part.label} of {part.lesion!r}",
        details={QUANTITY: one.quantity},
    )
    entry = next((each for each in part.statistics if each.statistic == one.statistic), None)
    if entry is None or not part.is_evaluable:
        why = " ".join(part.reasons) or f"the study has no {one.statistic}."
        return replace(finding, quality=Quality.POOR, reason=f"ADC is not evaluable: {why}")
    return replace(finding, value=entry.value, details={**finding.details, **_beside(entry, part)})


def _beside(entry: StatisticEntry, part: PartEntry) -> dict[str, str]:
    """Return what is shown with the ADC: its ratio to white matter, and the low percentiles."""
    ratio = " ".join(entry.reasons) or "no white matter of reference"
    if entry.ratio is not None:
        ratio = f"{entry.ratio:.2f}"
        ratio += "" if entry.low is None or entry.high is None else f" ({entry.low:.2f} to {entry.high:.2f})"
    percentiles = ", ".join(f"p{each.percent} {each.value:.0f}" for each in part.percentiles)
    return {"ratio_to_white_matter": ratio, "percentiles": percentiles}


def _quality(part: PartEntry, record: DiffusionRecord) -> Quality:
    left = part.valid_voxels / part.voxels if part.voxels else 0.0
    is_doubtful = record.is_registered is None or record.is_undistorted is None
    return Quality.LIMITED if is_doubtful or left < limit("least_share_left") else Quality.GOOD
