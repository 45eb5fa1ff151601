"""Many patients together: plan against implant as a table, a test and a plot; cases run in parallel."""

from brachyresponse.cohort.agreement import Agreement, bland_altman
from brachyresponse.cohort.case import CaseValue, CohortCase, MetricKey, case_of
from brachyresponse.cohort.case_table import cases_of_rows, holds_values, read_rows
from brachyresponse.cohort.evaluate import (
    PUBLISHED_METRICS,
    Cohort,
    CohortRow,
    evaluate_cohort,
    homogeneity_contradictions,
)
from brachyresponse.cohort.paired import PairedComparison, PairedTest, Spread, compare_paired, holm, with_holm
from brachyresponse.cohort.running import CaseOutcome, CaseStatus, CaseTask, is_done, key_of_inputs, run_cases
from brachyresponse.cohort.summary import Summary, summarise
from brachyresponse.cohort.tables import (
    agreement_table,
    case_table,
    comparison_table,
    limits_table,
    p_text,
    spread_text,
)

__all__ = [
    "PUBLISHED_METRICS",
    "Agreement",
    "CaseOutcome",
    "CaseStatus",
    "CaseTask",
    "CaseValue",
    "Cohort",
    "CohortCase",
    "CohortRow",
    "MetricKey",
    "PairedComparison",
    "PairedTest",
    "Spread",
    "Summary",
    "agreement_table",
    "bland_altman",
    "case_of",
    "case_table",
    "cases_of_rows",
    "compare_paired",
    "comparison_table",
    "evaluate_cohort",
    "holds_values",
    "holm",
    "homogeneity_contradictions",
    "is_done",
    "key_of_inputs",
    "limits_table",
    "p_text",
    "read_rows",
    "run_cases",
    "spread_text",
    "summarise",
    "with_holm",
]
