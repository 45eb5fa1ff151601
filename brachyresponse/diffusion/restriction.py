"""Central restriction: whether the middle of a ring-enhancing lesion diffuses less than its rim.

Described with both numbers and not scored: in the study it was a sign that readers saw, not a difference of means.

References
----------
Hainc et al. 2021, J Neurooncol 155:325: the sign points to necrosis.
"""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.diffusion.vocabulary import Restriction

LEAST_CORE_VOXELS = 20
"""Below about 20 voxels no mean is to be trusted: as for every ratio."""
NOT_SCORED = "Described, not scored: the published sign was seen by readers (Hainc et al. 2021, J Neurooncol 155:325)."


@dataclass(frozen=True)
class CentralRestriction:
    """The mean ADC of core and rim, 1e-6 mm2/s, and a sentence; None where one cannot be told."""

    state: Restriction
    core: float | None
    rim: float | None
    sentence: str


def describe_restriction(core: float | None, rim: float | None, why_not: str = "") -> CentralRestriction:
    """Return how the core diffuses against the rim.

    Parameters
    ----------
    core, rim
        Mean ADC, 1e-6 mm2/s; None where it is not evaluable.
    why_not
        Why one of them is not, for the sentence.
    """
    if core is None or rim is None:
        sentence = f"Central restriction cannot be told: {why_not or 'no core of the lesion is known.'}"
        return CentralRestriction(Restriction.NO_CORE, core, rim, sentence)
    state = Restriction.PRESENT if core < rim else Restriction.ABSENT
    how = "lower than" if core < rim else "not lower than"
    found = "central restriction is present" if core < rim else "there is no central restriction"
    return CentralRestriction(
        state,
        core,
        rim,
        f"The core's mean ADC of {core:.0f} is {how} the rim's of {rim:.0f} x 1e-6 mm2/s: {found}. {NOT_SCORED}",
    )
