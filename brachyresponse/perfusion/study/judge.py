"""A study beside its pre-treatment scan: the timing, the rule, and the lesions of both visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.interpretation import (
    Interpretation,
    RatioRecord,
    TimingCheck,
    check_timing,
    interpret,
)
from brachyresponse.perfusion.study.record import PerfusionRecord, RatioEntry
from brachyresponse.perfusion.study.record_of import record_of
from brachyresponse.perfusion.study.study import PerfusionStudy

PRE_TREATMENT = (
    "This scan was made before the treatment: the rule on absent hyperperfusion is for later scans, which take this "
    "one as their pre-treatment scan."
)


@dataclass(frozen=True)
class VisitRatios:
    """One ratio at both visits; None where a visit has no such row."""

    lesion: str
    after: RatioEntry
    before: RatioEntry | None


@dataclass(frozen=True, eq=False)
class JudgedStudy:
    """A study with what may be concluded from it.

    Parameters
    ----------
    study, record
        What was measured, and its plain values with the conclusions.
    before
        The pre-treatment study; None where there is none.
    timing
        The checked dates; None for a pre-treatment scan.
    interpretations
        By lesion; empty for a pre-treatment scan.
    """

    study: PerfusionStudy
    record: PerfusionRecord
    before: PerfusionRecord | None
    timing: TimingCheck | None
    interpretations: Mapping[str, Interpretation]

    @property
    def is_pre_treatment(self) -> bool:
        """Whether this is the scan that later ones are compared with."""
        return self.timing is None

    def visits(self) -> tuple[VisitRatios, ...]:
        """Return every ratio with that of the pre-treatment scan."""
        return tuple(VisitRatios(row.lesion, row, self._earlier(row)) for row in self.record.ratios)

    def _earlier(self, row: RatioEntry) -> RatioEntry | None:
        if self.before is None:
            return None
        lesion = self.before.lesion_like(row.lesion)
        return None if lesion is None else self.before.ratio(lesion, row.map, row.statistic)


def judge_study(study: PerfusionStudy, before: PerfusionRecord | None = None) -> JudgedStudy:
    """Return what may be concluded from a study, with its pre-treatment scan where there is one.

    Raises
    ------
    PerfusionError
        The pre-treatment scan is of another patient, or later than this one or the treatment.
    """
    dates = study.request.dates
    if before is not None:
        _check_order(study, before)
    if dates.scan is not None and dates.treatment is not None and dates.scan <= dates.treatment:
        return JudgedStudy(study, record_of(study), before, None, {})
    timing = check_timing(
        pre_treatment_scan=before.scan_date if before else None,
        treatment=dates.treatment or (before.treatment_date if before else None),
        progression=dates.progression,
        repeat_scan=dates.scan,
        surgery=dates.surgery,
    )
    plain, settings = record_of(study), study.request.settings
    found = {
        lesion: interpret(
            lesion_before(before, lesion, settings.statistic),
            plain.ratio_record(lesion, settings.statistic),
            settings.interpretation,
            timing=timing,
        )
        for lesion in study.request.lesions
    }
    return JudgedStudy(study, record_of(study, found, timing), before, timing, found)


def lesion_before(before: PerfusionRecord | None, lesion: str, statistic: str) -> RatioRecord | None:
    """Return a lesion at the pre-treatment scan; None without a scan, an empty record where it shows no such lesion."""
    if before is None:
        return None
    earlier = before.lesion_like(lesion)
    return replace(before.ratio_record(earlier or lesion, statistic), is_found=earlier is not None)


def _check_order(study: PerfusionStudy, before: PerfusionRecord) -> None:
    patient, scan = study.request.patient_id, study.request.dates.scan
    if patient and before.patient_id and patient != before.patient_id:
        raise PerfusionError(
            f"The pre-treatment scan is of patient {before.patient_id!r}, this one of {patient!r}: give the same "
            "patient's."
        )
    treatment = study.request.dates.treatment or before.treatment_date
    for day, what in ((scan, "this one"), (treatment, "the treatment")):
        if day is not None and before.scan_date is not None and before.scan_date > day:
            raise PerfusionError(
                f"The pre-treatment scan is of {before.scan_date}, later than {what} of {day}: give an earlier scan, "
                "or correct the dates."
            )
