"""The markers of recurrence or necrosis with their studies, cut-offs, conditions, populations and priors: data."""

from brachyresponse.response.evidence.markers.condition import Condition, ConditionAction, condition, conditions
from brachyresponse.response.evidence.markers.context import (
    AnatomicalRow,
    ContextFinding,
    anatomical_rows,
    context_finding,
    context_findings,
)
from brachyresponse.response.evidence.markers.cutoff import (
    Cutoff,
    Quantity,
    cutoffs_of,
    quantities,
    quantity,
    statistic_in_words,
    statistic_word,
)
from brachyresponse.response.evidence.markers.marker import Accuracy, Marker, PrintedRatio
from brachyresponse.response.evidence.markers.population import population_fits, population_is_in_brain, populations
from brachyresponse.response.evidence.markers.prior_source import PriorSource, default_prior, prior_source, priors
from brachyresponse.response.evidence.markers.table import available_markers, marker

__all__ = [
    "Accuracy",
    "AnatomicalRow",
    "Condition",
    "ConditionAction",
    "ContextFinding",
    "Cutoff",
    "Marker",
    "PrintedRatio",
    "PriorSource",
    "Quantity",
    "anatomical_rows",
    "available_markers",
    "condition",
    "conditions",
    "context_finding",
    "context_findings",
    "cutoffs_of",
    "default_prior",
    "marker",
    "population_fits",
    "population_is_in_brain",
    "populations",
    "prior_source",
    "priors",
    "quantities",
    "quantity",
    "statistic_in_words",
    "statistic_word",
]
