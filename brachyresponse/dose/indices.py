"""Indices of an implant's quality, each from the volumes that its formula names.

Volumes in one unit: TV target, TV_R the part of it at the prescription or more, V_R the whole isodose of the
prescription inside and outside the target. V100, V150, V200 in percent of the target.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from brachyresponse.errors import DoseError


def homogeneity_index(v100: float, v150: float) -> float:
    """Return HI = (V100 - V150) / V100 of the target; 1 is uniform.

    References
    ----------
    Wu et al. 1988 (dose homogeneity index); used as HI for I-125 seeds in neck nodes, doi 10.21203/rs.3.rs-1310697/v1.
    """
    return _ratio(v100 - v150, v100, NO_COVERAGE)


def conformity_index(isodose_volume: float, target_volume: float) -> float:
    """Return CI = V_R / TV, as in the RTOG's radiosurgery guidelines; 1 is best, overlap is not asked."""
    return _ratio(isodose_volume, target_volume, NO_TARGET)


def conformation_number(target_volume: float, target_covered: float, isodose_volume: float) -> float:
    """Return CN = (TV_R / TV) (TV_R / V_R), van 't Riet's, the same as Paddick's index; 1 is best."""
    coverage = _ratio(target_covered, target_volume, NO_TARGET)
    return coverage * _ratio(target_covered, isodose_volume, NO_ISODOSE)


def conformal_index(conformation: float, organ_shares: Iterable[float]) -> float:
    """Return COIN = CN * product over organs of (1 - V_organ,R / V_organ), Baltas; 1 is best."""
    return conformation * float(np.prod([1 - share for share in organ_shares]))


def dose_nonuniformity_ratio(isodose_volume: float, isodose_volume_150: float) -> float:
    """Return DNR = V_1.5R / V_R of the whole implant, inside and outside the target; low is uniform."""
    return _ratio(isodose_volume_150, isodose_volume, NO_ISODOSE)


def external_volume_index(target_volume: float, target_covered: float, isodose_volume: float) -> float:
    """Return EI = (V_R - TV_R) / TV: tissue outside the target at the prescription, in target volumes; 0 is best."""
    outside = max(isodose_volume - target_covered, 0.0)  # both are sampled: their difference may fall just below 0
    return _ratio(outside, target_volume, NO_TARGET)


def overdose_volume_index(v100: float, v200: float) -> float:
    """Return OI = V200 / V100 of the target: the part of the covered target at twice the prescription; low is best."""
    return _ratio(v200, v100, NO_COVERAGE)


def gradient_index(isodose_volume: float, isodose_volume_50: float) -> float:
    """Return GI = V_0.5R / V_R: how much larger the isodose of half the prescription is; low is steep."""
    return _ratio(isodose_volume_50, isodose_volume, NO_ISODOSE)


NO_COVERAGE = "V100 is 0: no part of the target receives the prescription."
NO_ISODOSE = "The dose reaches the prescription nowhere in the dose grid."
NO_TARGET = "The target has no volume."


def _ratio(above: float, below: float, why_not: str) -> float:
    if below <= 0:
        raise DoseError(why_not)
    return above / below
