"""How the evidence is combined: what the user may change, and the conventions behind it."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.errors import ResponseError


@dataclass(frozen=True, kw_only=True)
class WeighingSettings:
    """Choices of the combination.

    Parameters
    ----------
    weight
        Power, 0 to 1, of the likelihood ratio of every marker after the first, where one number is shown; the interval
        draws it over the whole of 0 to 1.
    weight_without_pre_treatment
        Power of a negative perfusion marker's likelihood ratio without a perfusion scan from before treatment.
    grey_zone
        Share of a single published cut-off on either side of it within which nothing is weighed.
    least_ratio, greatest_ratio
        Limits of every likelihood ratio.
    is_cap_in_draws
        Whether no marker moves the odds by more than these limits in any draw. Otherwise that is so for markers whose
        own figures go beyond the limits, have an empty cell or no stated uncertainty; for the others the published
        uncertainty reaches as far as it does.
    lesions_stood_in
        Of each class, from which sensitivity and specificity are drawn where the study gives neither interval nor
        counts: few, so that the interval is wide.
    draws
        Number of random draws.

    Raises
    ------
    ResponseError
        A number outside its range.

    References
    ----------
    Weight, grey zone and limits are conventions; that markers of different groups depend on one another is why later
    ones are weighed down.
    """

    weight: float = 0.5
    weight_without_pre_treatment: float = 0.5
    grey_zone: float = 0.15
    least_ratio: float = 0.1
    greatest_ratio: float = 10.0
    is_cap_in_draws: bool = False
    lesions_stood_in: float = 10.0
    draws: int = 200_000

    def __post_init__(self) -> None:
        for name in ("weight", "weight_without_pre_treatment", "grey_zone"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ResponseError(f"The setting {name!r} is {value:g}, expected 0 to 1: correct it.")
        if not 0 < self.least_ratio < 1 < self.greatest_ratio < float("inf"):
            raise ResponseError(
                f"Likelihood ratios are limited to {self.least_ratio:g} and {self.greatest_ratio:g}, expected one "
                "between 0 and 1 and one above 1: correct them."
            )
        if not self.lesions_stood_in > 0:
            raise ResponseError(
                f"The lesions that stand in are {self.lesions_stood_in:g}, expected above 0: correct them."
            )
        if self.draws < 1000:
            raise ResponseError(f"The setting 'draws' is {self.draws}, expected at least 1000: give more.")
