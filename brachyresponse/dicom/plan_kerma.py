"""An RT Plan's own sum of its seeds, against the seeds that were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.plan_channels import DicomChannel
from brachyresponse.dicom.plan_sources import DicomSource
from brachyresponse.sources import integrated_hours

TOLERANCE = 0.02
"""Less than one seed of fifty; systems round, and integrate with half-lives that differ by 0.3 %."""


def kerma_warnings(plan: Attributes, sources: Sequence[DicomSource], channels: Sequence[DicomChannel]) -> Iterator[str]:
    """Yield a sentence for each application setup whose Total Reference Air Kerma is not that of its seeds.

    For a permanent implant it is the sum of strengths times mean life, uGy at 1 m; seeds that were lost or read twice
    show there. A setup without it, or with 0, is not checked.
    """
    per_seed = {one.number: one.air_kerma_strength_u * integrated_hours(one.half_life_days) for one in sources}
    for setup in plan.items("ApplicationSetupSequence"):
        written = setup.optional_number("TotalReferenceAirKerma")
        number = setup.whole("ApplicationSetupNumber")
        held = [channel for channel in channels if channel.setup == number and channel.source_number in per_seed]
        read = sum(channel.count * per_seed[channel.source_number] for channel in held)
        if written and held and abs(read / written - 1) > TOLERANCE:
            yield (
                f"Application setup {number}: its Total Reference Air Kerma is {written:.4g} uGy at 1 m, that of the "
                f"{sum(channel.count for channel in held)} seeds read {read:.4g}: check the number of seeds."
            )
