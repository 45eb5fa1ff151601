"""What the whole study makes of the digital patient's perfusion, beside the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from brachyresponse.digital_patient.perfusion import LESION, DigitalPerfusion, PatientVariant, Visit
from brachyresponse.geometry import Structure
from brachyresponse.lesions.ratios import LesionRatio
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import (
    MapName,
    PerfusionRequest,
    PerfusionStudy,
    StudyDates,
    measure_perfusion,
)
from perfusion_visits import on_series, the_visit

PARAMETER = {SeriesKind.DCE: (MapName.VP, "vp"), SeriesKind.DSC: (MapName.RCBV, "cbv_ml_per_100ml")}
"""The map that is judged, and its name in the truth."""


@dataclass(frozen=True, eq=False)
class Recovered:
    """One scan with its study."""

    scan: DigitalPerfusion
    study: PerfusionStudy

    @property
    def ratio(self) -> LesionRatio:
        """Mean of the lesion over white matter, of the parameter that is judged."""
        return self.ratio_of(PARAMETER[self.scan.kind][0])

    def ratio_of(self, name: MapName) -> LesionRatio:
        """Mean of the lesion over white matter."""
        return next(row.ratio for row in self.study.ratios if row.map is name and row.statistic == "mean")

    @property
    def true_ratio(self) -> float:
        """The same of the true map: voxels near the lesion's rim hold other tissue too."""
        values = self.scan.truth.map(PARAMETER[self.scan.kind][1]).values
        least = self.study.request.settings.least_voxel_share
        lesion = on_series(self.scan, self.scan.lesions[LESION], least)
        white = on_series(self.scan, self.scan.white_matter)
        return float(values[lesion].mean() / values[white].mean())

    @property
    def tissue_ratio(self) -> float:
        """Of the tissues themselves, without partial volumes."""
        return self.scan.truth.ratio(PARAMETER[self.scan.kind][1])


@cache
def recovered(variant: PatientVariant, visit: Visit, kind: SeriesKind, *, whole: bool = False) -> Recovered:
    """Measure a scan with the default settings; but for ``whole`` only the voxels that the ratio needs."""
    scan = the_visit(variant, visit, kind)
    request = PerfusionRequest(
        series=scan.series,
        kind=kind,
        lesions=scan.lesions,
        white_matter=scan.white_matter,
        t1=scan.vfa,
        seeds=scan.seeds if len(scan.seeds) else None,
        brain=None if whole else _needed(scan),
        dates=StudyDates(scan=scan.scan_date, treatment=scan.implant_date),
        patient_id=scan.patient_id,
    )
    return Recovered(scan, measure_perfusion(request))


def _needed(scan: DigitalPerfusion) -> Structure:
    """The lesion, the white matter and the arteries."""
    wanted = (scan.lesions[LESION], scan.white_matter, scan.structures["Arteries"])
    return Structure("needed", np.any([on_series(scan, one) for one in wanted], axis=0), scan.series.grid)
