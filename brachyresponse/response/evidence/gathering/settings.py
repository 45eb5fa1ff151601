"""How the evidence of a lesion is gathered and weighed: what the user may change."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.errors import ResponseError
from brachyresponse.perfusion.interpretation import InterpretationSettings
from brachyresponse.perfusion.study import MapName
from brachyresponse.response.evidence.weighing.settings import WeighingSettings

JUDGED = (MapName.VP, MapName.KTRANS)
"""Maps whose ratio the rule on absent hyperperfusion can be held against."""


@dataclass(frozen=True)
class EvidenceSettings:
    """What the user may change.

    Parameters
    ----------
    weight
        Power, 0 to 1, of the likelihood ratios of all markers after the first.
    weight_without_pre_treatment
        Power, 0 to 1, of the likelihood ratio of absent hyperperfusion where no scan before treatment is known.
    threshold
        Ratio to white matter below which hyperperfusion is absent.
    parameter
        Map whose ratio is held against it in DCE: ``vp`` or ``ktrans``.

    Raises
    ------
    ResponseError
        A weight outside 0 to 1, a threshold that is not above 0, or an unknown parameter.

    References
    ----------
    Int J Med Students 2025, abstract 4054 (threshold); the weights are conventions of this software.
    """

    weight: float = 0.5
    weight_without_pre_treatment: float = 0.5
    threshold: float = 1.5
    parameter: str = MapName.VP

    def __post_init__(self) -> None:
        weights = {"weight": self.weight, "weight_without_pre_treatment": self.weight_without_pre_treatment}
        for name, value in weights.items():
            if not 0 <= value <= 1:
                raise ResponseError(f"The setting {name!r} is {value:g}, expected 0 to 1: correct it.")
        if not 0 < self.threshold < float("inf"):
            raise ResponseError(f"The setting 'threshold' is {self.threshold:g}, expected above 0: correct it.")
        if self.parameter not in JUDGED:
            raise ResponseError(
                f"The setting 'parameter' is {str(self.parameter)!r}, expected one of {', '.join(JUDGED)}: correct it."
            )

    def interpretation(self, parameter: str = "") -> InterpretationSettings:
        """Return the settings of the rule on absent hyperperfusion, for another DCE parameter where one is named."""
        return InterpretationSettings(
            parameter=str(parameter or self.parameter),
            threshold=self.threshold,
            weight_without_pre_treatment=self.weight_without_pre_treatment,
        )

    def weighing(self) -> WeighingSettings:
        """Return the settings of the combination."""
        return WeighingSettings(weight=self.weight, weight_without_pre_treatment=self.weight_without_pre_treatment)
