"""What a run over the voxels of a series gives, before lesions are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brachyresponse.perfusion.study.map_names import MapName
from brachyresponse.perfusion.study.study import CurveFitter, StudyCurve, UsedValue
from brachyresponse.types import AnyArray

if TYPE_CHECKING:
    from brachyresponse.perfusion.aif import Aif
    from brachyresponse.perfusion.dsc import ProtocolMatch


@dataclass(frozen=True, eq=False)
class Computed:
    """Maps and what belongs to them.

    Parameters
    ----------
    maps
        Values (N,) of the voxels of the mask that was computed.
    ratios
        Of which maps lesion over white matter says something, the judged one first.
    aif, aif_curve
        None where there is none.
    fitter
        Gives curves with their fits.
    refusals
        Sentences that make all ratios of a map not evaluable.
    used
        Figures that went in.
    """

    maps: Mapping[MapName, AnyArray]
    ratios: tuple[MapName, ...]
    aif: Aif | None
    aif_curve: StudyCurve | None
    fitter: CurveFitter
    refusals: Mapping[MapName, tuple[str, ...]]
    used: tuple[UsedValue, ...]
    warnings: tuple[str, ...]
    protocol: ProtocolMatch | None = None
