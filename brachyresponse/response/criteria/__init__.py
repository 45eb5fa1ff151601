"""The criteria: RANO 2010, RANO 2.0, RANO-BM, RECIST 1.1 and the short RANO of the GliaSite protocol."""

from brachyresponse.response.criteria.assess import assess_response
from brachyresponse.response.criteria.assessment import (
    Change,
    ConfirmationState,
    ConfirmationStatus,
    Outcome,
    ResponseAssessment,
    RowFinding,
    VisitAssessment,
)
from brachyresponse.response.criteria.criteria_set import (
    CriteriaSet,
    Fact,
    OverallRow,
    ProgressionRow,
    TableRow,
    Threshold,
)
from brachyresponse.response.criteria.loading import criteria_set
from brachyresponse.response.criteria.measurability import (
    ImagingMethod,
    Measurability,
    MeasurabilityItem,
    MeasurabilityResult,
    judge_measurability,
)
from brachyresponse.response.criteria.reasons import Reason

__all__ = [
    "Change",
    "ConfirmationState",
    "ConfirmationStatus",
    "CriteriaSet",
    "Fact",
    "ImagingMethod",
    "Measurability",
    "MeasurabilityItem",
    "MeasurabilityResult",
    "Outcome",
    "OverallRow",
    "ProgressionRow",
    "Reason",
    "ResponseAssessment",
    "RowFinding",
    "TableRow",
    "Threshold",
    "VisitAssessment",
    "assess_response",
    "criteria_set",
    "judge_measurability",
]
