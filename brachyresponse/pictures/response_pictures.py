"""All pictures of a response report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from brachyresponse.geometry import Volume
from brachyresponse.pictures.evidence_pictures import evidence_pictures
from brachyresponse.pictures.lesion_picture import lesion_picture
from brachyresponse.pictures.response_strip import category_strip
from brachyresponse.pictures.response_timeline import response_timeline
from brachyresponse.report.response_report import KeyPicture, ResponsePictures
from brachyresponse.response.timeline import timeline_of

if TYPE_CHECKING:
    from brachyresponse.report.response_evidence import Captioned, Place
    from brachyresponse.response.measurement import LesionMeasurement
    from brachyresponse.response.study import ResponseStudy


@dataclass(frozen=True, eq=False)
class MeasuredLesion:
    """A lesion as it was measured on the scan of a visit."""

    visit: date
    lesion: str
    volume: Volume
    measured: LesionMeasurement


def response_pictures(
    study: ResponseStudy,
    measured: Sequence[MeasuredLesion] = (),
    beside: Mapping[Place, Sequence[Captioned]] | None = None,
) -> ResponsePictures:
    """Return the time line, the category strip, a key image of each measured lesion, and the charts of the evidence.

    A measurement that is nothing but numbers has no key image.

    Parameters
    ----------
    study, measured
        The assessed patient, and the lesions as they were measured on scans.
    beside
        What is shown with the evidence, by visit and lesion: spectra, voxels, ADC histograms.
    """
    timeline = timeline_of(study)
    ordered = sorted(measured, key=lambda one: one.visit)
    keys = (_key(one) for one in ordered if one.measured.longest_ras_mm is not None)
    return ResponsePictures(
        response_timeline(timeline),
        category_strip(timeline),
        tuple(keys),
        evidence=evidence_pictures(study.evidence, beside),
    )


def _key(one: MeasuredLesion) -> KeyPicture:
    measured = one.measured
    size = f"{measured.longest_mm:.1f}"
    if measured.perpendicular_mm is not None:
        size += f" × {measured.perpendicular_mm:.1f}"
    caption = f"{one.visit}, {one.lesion}: {size} mm, {measured.origin}"
    return KeyPicture(lesion_picture(one.volume, measured, title=f"{one.lesion}, {one.visit}"), caption)
