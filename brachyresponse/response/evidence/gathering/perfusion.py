"""From perfusion studies to markers: each ratio with its interval, its quality, and what may be concluded from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from brachyresponse.errors import ResponseError
from brachyresponse.perfusion.interpretation import Interpretation, TimingCheck, interpret
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import MapName, PerfusionRecord, map_facts
from brachyresponse.perfusion.study.judge import lesion_before
from brachyresponse.perfusion.study.record import RatioEntry
from brachyresponse.response.evidence.finding import Finding, OwnCutoff
from brachyresponse.response.evidence.gathering.candidates import Candidate, candidates
from brachyresponse.response.evidence.gathering.data_files import gathering_data, limit
from brachyresponse.response.evidence.gathering.lesion_names import lesion_in
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.response.evidence.markers import statistic_in_words
from brachyresponse.response.evidence.vocabulary import Quality
from brachyresponse.response.evidence.weighing.inputs import QUANTITY

NOT_EVALUABLE = "not evaluable"
MEAN = "mean"
LESION_MEANS: dict[str, str] = {MapName.PSR: "signal_recovery_percent", MapName.RPH: "relative_peak_height"}
"""Maps of which the study tells the mean of a lesion and no ratio, and the fields that hold it."""


@dataclass(frozen=True, eq=False)
class PerfusionScans:
    """The perfusion studies of a patient that one lesion is judged by.

    Parameters
    ----------
    after
        Of the visit that is judged: at most one of DCE and one of DSC.
    before
        From before the treatment: at most one of each.

    Raises
    ------
    ResponseError
        Two studies of one kind, or studies of different patients.
    """

    after: tuple[PerfusionRecord, ...]
    before: tuple[PerfusionRecord, ...] = ()

    def __post_init__(self) -> None:
        for when, records in {"of the visit": self.after, "from before the treatment": self.before}.items():
            kinds = [record.kind for record in records]
            twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
            if twice is not None:
                raise ResponseError(
                    f"There are two {twice.upper()} studies {when}, which would give two values for one marker: keep "
                    "one of them, or tell which one is from before the treatment."
                )
        patients = sorted({record.patient_id for record in (*self.after, *self.before) if record.patient_id})
        if len(patients) > 1:
            raise ResponseError(
                f"The perfusion studies are of the patients {' and '.join(map(repr, patients))}: give one patient's."
            )

    def before_of(self, kind: SeriesKind) -> PerfusionRecord | None:
        """Return the study from before the treatment that a later one is held against: of its kind, else the other."""
        return next((one for one in self.before if one.kind is kind), self.before[0] if self.before else None)


def scans_by_date(records: Sequence[PerfusionRecord]) -> PerfusionScans:
    """Return studies as those of the visit and those before treatment, by their own dates.

    A study is from before the treatment where its scan is not later than the day of treatment that it holds.
    """
    before = tuple(record for record in records if _is_before(record))
    return PerfusionScans(tuple(record for record in records if record not in before), before)


def _is_before(record: PerfusionRecord) -> bool:
    scan, treatment = record.scan_date, record.treatment_date
    return scan is not None and treatment is not None and scan <= treatment


def findings_of_perfusion(
    scans: PerfusionRecord | PerfusionScans,
    lesion: str,
    *,
    settings: EvidenceSettings | None = None,
    own_cutoffs: Sequence[OwnCutoff] = (),
) -> tuple[Finding, ...]:
    """Return the markers that perfusion studies give for a lesion.

    A ratio that is not evaluable is a finding without a value, whose reason says why.

    Parameters
    ----------
    scans
        A study, or those of the visit with those before treatment.
    lesion
        Its name; another name is taken for it where a study has one lesion only.
    settings
        Threshold, parameter and weights of the rule on absent hyperperfusion.
    own_cutoffs
        Of the clinic: a marker is taken in the statistic that its cut-off belongs to.

    Raises
    ------
    ResponseError
        A study of the visit has no such lesion.
    """
    if isinstance(scans, PerfusionRecord):
        scans = PerfusionScans((scans,))
    settings = settings or EvidenceSettings()
    found: list[Finding] = []
    for record in scans.after:
        measured = _Measured(record, lesion_of(record, lesion), scans.before_of(record.kind), settings)
        found += measured.findings(own_cutoffs)
    return tuple(found)


def lesion_of(record: PerfusionRecord, lesion: str) -> str:
    """Return the name that a lesion has in a study.

    Raises
    ------
    ResponseError
        The study has several lesions, and none of this name.
    """
    names = [each.name for each in record.lesions]
    return lesion_in(names, lesion, f"{record.kind.upper()} study of {record.scan_date or 'an unknown day'}")


@dataclass(frozen=True, eq=False)
class _Measured:
    """One lesion in one study."""

    record: PerfusionRecord
    lesion: str
    before: PerfusionRecord | None
    settings: EvidenceSettings

    def findings(self, own_cutoffs: Sequence[OwnCutoff]) -> Iterator[Finding]:
        """Yield the markers of all maps; what pools several parameters takes the one that the settings name.

        Where the study lacks that one, its markers stay with the reason.
        """
        judged = self.settings.parameter if self.record.kind is SeriesKind.DCE else ""
        for name in gathering_data("quantities.json")["maps"]:
            for one in candidates(name, own_cutoffs, instead_of=judged):
                if self._entry(name) is not None or name == judged:
                    yield self._finding(one, name)

    def _finding(self, one: Candidate, name: str) -> Finding:
        entry = self._entry(name, one.statistic)
        finding = Finding(
            one.marker.id,
            unit=one.marker.unit,
            statistic=one.statistic,
            source=self._source(name),
            details={QUANTITY: one.quantity, **self._concluded(name)},
        )
        if entry is None:
            return replace(finding, quality=Quality.POOR, reason=self._lacking(one, name))
        refused = self._refusal(entry)
        if refused:
            return replace(finding, quality=Quality.POOR, reason=refused)
        return replace(finding, value=entry.value, low=entry.low, high=entry.high, quality=self._quality(entry))

    def _entry(self, name: str, statistic: str = MEAN) -> RatioEntry | None:
        """Return a ratio; one that was not corrected for leakage in the place of one that was."""
        if name in LESION_MEANS:
            return self._mean(name) if statistic == MEAN else None
        entry = self.record.ratio(self.lesion, name, statistic)
        if entry is None and name == MapName.RCBV:
            entry = self.record.ratio(self.lesion, MapName.RCBV_UNCORRECTED, statistic)
        return entry

    def _mean(self, name: str) -> RatioEntry | None:
        """Return what no ratio to white matter is taken of, in the place of one; None where it was not measured."""
        lesion = next(each for each in self.record.lesions if each.name == self.lesion)
        value: float | None = getattr(lesion, LESION_MEANS[name])
        if value is None:
            return None
        label = map_facts(name).label
        return RatioEntry(self.lesion, MapName(name), label, MEAN, value, None, None, value, None, None, 0, 0, 0, ())

    def interpretation(self, name: str) -> Interpretation:
        """Return what the rule on low ratios says of a map, by the mean of the lesion as in the study behind it."""
        after, before = self.record.ratio_record(self.lesion), lesion_before(self.before, self.lesion, MEAN)
        settings = self.settings.interpretation(name if self.record.kind is SeriesKind.DCE else "")
        timing = TimingCheck(self.record.timing, "") if self.record.timing else None
        return interpret(before, after, settings, timing=timing)

    def _quality(self, entry: RatioEntry) -> Quality:
        record = self.record
        if entry.map is MapName.RCBV_UNCORRECTED or record.white_matter_irradiated:
            return Quality.POOR
        left = next((each.share_left for each in record.lesions if each.name == self.lesion), 1.0)
        is_doubtful = record.aif is not None and record.aif.verdict == "doubtful"
        return Quality.LIMITED if is_doubtful or left < limit("least_share_left") else Quality.GOOD

    def _refusal(self, entry: RatioEntry) -> str:
        """Return why there is no value that could be trusted; empty where there is one."""
        if entry.value is None:
            return f"{entry.label} is {NOT_EVALUABLE}: {' '.join(entry.reasons) or 'the study gives no reason.'}"
        if self.record.kind is SeriesKind.DCE and self.record.aif is not None and self.record.aif.verdict == "failed":
            return f"{entry.label} is {NOT_EVALUABLE}: {self.record.aif.sentence}"
        return ""

    def _lacking(self, one: Candidate, name: str) -> str:
        """Return that the study has no such figure, and how another may take its place."""
        label = map_facts(name).ratio_label or map_facts(name).label
        if self._entry(name) is not None:
            return f"The study has no {statistic_in_words(one.statistic)} of {label}."
        return f"The study has no {label}: another ratio is held against the limits by the setting 'parameter'."

    def _concluded(self, name: str) -> dict[str, str]:
        """Return what the rule says of a map; its sentences, which show every ratio, only with the one it judges."""
        said = self.interpretation(name)
        told = {"perfusion_verdict": str(said.verdict), "perfusion_weight": f"{said.weight:g}"}
        if self.record.kind is SeriesKind.DCE and name != self.settings.parameter:
            return told
        return {**told, "perfusion_sentences": "\n".join(map(str, said.sentences))}

    def _source(self, name: str) -> str:
        """Return where a value comes from."""
        record = self.record
        day = f" of {record.scan_date}" if record.scan_date else ""
        facts = map_facts(name)
        what = f"{facts.label} of {self.lesion!r}"
        if facts.ratio_label:
            what = f"{facts.ratio_label} of {self.lesion!r} to white matter"
        return f"{record.kind.upper()}{day}, series {record.series.name!r}, {what}"
