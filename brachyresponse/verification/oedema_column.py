"""The target metrics with an oedema model: a column beside the computed ones, never instead of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from brachyresponse.dose import Dvh
from brachyresponse.dose.indices import homogeneity_index
from brachyresponse.planning import PlanEvaluation

Corrected = dict[tuple[str, str], float]
"""Value by structure and metric id."""

DOSES: Mapping[str, Callable[[Dvh], float]] = {
    "d90": lambda dvh: dvh.d(90),
    "d95": lambda dvh: dvh.d(95),
    "d100": lambda dvh: dvh.min_gy,
    "mean": lambda dvh: dvh.mean_gy,
}
VOLUMES: Mapping[str, float] = {"v100": 1.0, "v150": 1.5, "v200": 2.0}


def oedema_metrics(implant: PlanEvaluation, factor: float) -> Corrected:
    """Return the metrics of each target when every dose in it is multiplied by a factor.

    Doses are multiplied, V100, V150, V200 are read at the dose that the factor brings to 100, 150, 200 %, and HI
    follows from them. Volume, conformity and organs are left out: the model speaks of the target's dose only.
    """
    corrected: Corrected = {}
    for name in implant.metrics:
        dvh, prescription_gy = implant.dvhs[name], implant.plan.prescription_gy
        corrected |= {(name, metric): factor * dose(dvh) for metric, dose in DOSES.items()}
        volumes = {metric: dvh.v(share * prescription_gy / factor) for metric, share in VOLUMES.items()}
        corrected |= {(name, metric): percent for metric, percent in volumes.items()}
        if volumes["v100"] > 0:
            corrected[name, "hi"] = homogeneity_index(volumes["v100"], volumes["v150"])
    return corrected
