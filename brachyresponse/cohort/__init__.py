"""Many patients together: plan against implant as a table, a test and a plot; cases run in parallel."""

from brachyresponse.cohort.agreement import Agreement, bland_altman
from brachyresponse.cohort.paired import PairedComparison, PairedTest, Spread, compare_paired, holm, with_holm
from brachyresponse.cohort.summary import Summary, summarise

__all__ = [
    "Agreement",
    "PairedComparison",
    "PairedTest",
    "Spread",
    "Summary",
    "bland_altman",
    "compare_paired",
    "holm",
    "summarise",
    "with_holm",
]
