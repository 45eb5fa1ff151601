"""The limit that a study of DCE perfusion drew through ratios of lesions, and why it decides nothing alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from brachyresponse.response.timeline.timeline import TimelineLimit

if TYPE_CHECKING:
    from brachyresponse.response.study import PerfusionEntry

MAPS = frozenset({"ktrans", "vp"})
"""Maps whose ratios the study measured; those of DSC have limits of their own."""


def hyperperfusion_limit(entries: Collection[PerfusionEntry]) -> TimelineLimit | None:
    """Return the ratio below which hyperperfusion is called absent; None without ratios of the study's kind.

    References
    ----------
    Int J Med Students 2025, abstract 4054.
    """
    if not any(entry.map in MAPS for entry in entries):
        return None
    from brachyresponse.perfusion.interpretation import InterpretationSettings  # imports all of perfusion
    from brachyresponse.perfusion.interpretation.rules import sentence

    value, rule = InterpretationSettings().threshold, sentence("six_of_fourteen")
    study = rule.source.partition(":")[0]
    return TimelineLimit(
        value=value,
        name=f"rKtrans, rVp below {value:g}: hyperperfusion absent (no cut-off for recurrence)",
        caveats=(
            f"With rKtrans or rVp below {value:g} the study behind the dotted line calls hyperperfusion absent "
            f"({study}). That is no cut-off between recurrence and necrosis.",
            f"A low ratio speaks for necrosis only where the lesion had {value:g} or more before the treatment.",
            rule.text,
        ),
    )
