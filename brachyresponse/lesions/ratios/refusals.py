"""When a ratio is not given: sentences for people, or none."""

from __future__ import annotations

import numpy as np

from brachyresponse.lesions.ratios.regions import Sampled

LEAST_LESION_CC = 1.0
LEAST_VOXELS = 20
"""Below about 1 cc, or fewer than about 20 valid voxels, a ratio is not to be trusted (the rule of the project's facts
on perfusion; in routine follow-up of metastases 31 % were too small: Kerkhof 2018, PMC5928168)."""
LEAST_SHARE = 0.25
"""Of the lesion's voxels; of fewer the ratio is that of a remnant, not of the lesion. A convention of this software: a
margin of 5 mm at usual seed spacing leaves a seventh of an implanted target, and is to be refused."""
LEAST_STANDARD_ERRORS = 3.0
"""White matter with an intact barrier has Ktrans near zero, and the ratio would be noise: up to 221 in one study."""
MOST_AT_FLOOR = 0.25
"""Of values held at a bound so many are already raised by it: a quarter at 0 means a signal of 0.7 noise."""


def lesion_refusals(lesion_cc: float, valid_voxels: int, valid_share: float, what: str = "lesion") -> list[str]:
    """Return why a lesion, or a part of one, of this size, of which a share (0 to 1) is valid, allows no ratio."""
    reasons = []
    if lesion_cc < LEAST_LESION_CC:
        reasons.append(f"The {what} has {lesion_cc:.2f} cc, at least {LEAST_LESION_CC:g} cc are needed.")
    if valid_voxels < LEAST_VOXELS:
        reasons.append(f"Only {valid_voxels} voxels of the {what} are valid, at least {LEAST_VOXELS} are needed.")
    elif valid_share < LEAST_SHARE:
        reasons.append(f"Only {valid_share:.0%} of the {what} is valid, at least {LEAST_SHARE:.0%} are needed.")
    return reasons


def reference_refusals(reference: Sampled) -> list[str]:
    """Return why the white matter's mean cannot be divided by."""
    values, mean, error = reference.values, reference.value, reference.standard_error
    if len(values) < LEAST_VOXELS or mean is None or error is None:
        return [f"Only {len(values)} voxels of white matter are valid, at least {LEAST_VOXELS} are needed."]
    if mean <= LEAST_STANDARD_ERRORS * error:
        return [
            f"The white matter's mean of {mean:.3g} is not above its noise (standard error {error:.2g}; at least "
            f"{LEAST_STANDARD_ERRORS:g} of them are needed)."
        ]
    at_floor = float(np.mean(values == values.min())) if values.min() <= 0 else 0.0
    if at_floor > MOST_AT_FLOOR:
        return [
            f"{at_floor:.0%} of the white matter's voxels lie at the lowest value that the fit allows, so their mean "
            "is noise."
        ]
    return []
