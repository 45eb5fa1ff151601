"""What a diffusion study tells of the circumstances that its ADC was taken in."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.diffusion import DiffusionRecord
from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers.exclusions import answers_of_exclusions
from brachyresponse.response.evidence.gathering.diffusion import solid_part


def answers_of_diffusion(record: DiffusionRecord, lesion: str) -> tuple[ConditionAnswer, ...]:
    """Return what a study tells of a lesion.

    Raises
    ------
    ResponseError
        The study has no such lesion.
    """
    return tuple(_answers(record, solid_part(record, lesion).lesion))


def _answers(record: DiffusionRecord, lesion: str) -> Iterator[ConditionAnswer]:
    scan = f"diffusion of {record.scan_date or 'an unknown day'}"
    yield answered("registered_to_lesion", record.is_registered, f"Told with the {scan}.")
    yield answered("epi_distortion_checked", record.is_undistorted, f"Told with the {scan}.")
    restriction = record.restriction(lesion)
    if restriction is not None and restriction.core is not None:
        yield answered("necrotic_core_in_roi", False, f"The core was measured apart from the solid part in the {scan}.")
    yield from answers_of_exclusions([row for row in record.exclusions if row.lesion == lesion], "adc", scan)
