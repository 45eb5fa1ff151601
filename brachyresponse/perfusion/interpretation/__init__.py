"""What a ratio may and may not be taken for: the validity rule, and the timing of the study behind it."""

from brachyresponse.perfusion.interpretation.interpret import (
    Interpretation,
    InterpretationSettings,
    Verdict,
    flaw_of,
    interpret,
)
from brachyresponse.perfusion.interpretation.ratio_record import RatioRecord, RatioValue
from brachyresponse.perfusion.interpretation.rules import Sentence
from brachyresponse.perfusion.interpretation.timing import TimingCheck, TimingRow, check_timing

__all__ = [
    "Interpretation",
    "InterpretationSettings",
    "RatioRecord",
    "RatioValue",
    "Sentence",
    "TimingCheck",
    "TimingRow",
    "Verdict",
    "check_timing",
    "flaw_of",
    "interpret",
]
