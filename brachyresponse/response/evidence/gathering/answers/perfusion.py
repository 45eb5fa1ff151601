"""What perfusion studies tell of the circumstances that their ratios were taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from brachyresponse.perfusion.interpretation import flaw_of
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import MapName, PerfusionRecord
from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers.exclusions import answers_of_exclusions
from brachyresponse.response.evidence.gathering.answers.sizes import answers_of_size
from brachyresponse.response.evidence.gathering.data_files import limit
from brachyresponse.response.evidence.gathering.perfusion import PerfusionScans, lesion_of
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings

MATCHES, NOT_KNOWN, NOISE = "The scan matches:", "is not known", "noise"
"""How the sentences of a study begin, or what they hold, that say so."""
FITTED = (MapName.VP, MapName.KTRANS)


def answers_of_perfusion(
    scans: PerfusionRecord | PerfusionScans, lesion: str, settings: EvidenceSettings | None = None
) -> tuple[ConditionAnswer, ...]:
    """Return what the studies tell; a condition may come once from each study.

    Raises
    ------
    ResponseError
        A study of the visit has no such lesion.
    """
    scans = PerfusionScans((scans,)) if isinstance(scans, PerfusionRecord) else scans
    found: list[ConditionAnswer] = []
    for record in scans.after:
        found += [*_of_scan(record), *_of_lesion(record, lesion_of(record, lesion))]
    if scans.after:
        found += _before(scans, lesion, settings or EvidenceSettings())
    return tuple(found)


def scan_words(record: PerfusionRecord) -> str:
    """Return which scan a study is of."""
    return f"{record.kind.upper()} of {record.scan_date or 'an unknown day'}"


def _of_scan(record: PerfusionRecord) -> Iterator[ConditionAnswer]:
    scan = scan_words(record)
    if record.drug:
        yield answered("antiangiogenic_therapy", True, f"{record.drug} is noted with the {scan}.")
    if record.white_matter_irradiated is not None:
        dose = "" if record.white_matter_dose_gy is None else f" got {record.white_matter_dose_gy:.1f} Gy and"
        verdict = "is too much" if record.white_matter_irradiated else "lies below the limit"
        said = f"The white matter of reference of the {scan}{dose} {verdict}."
        yield answered("reference_outside_irradiated", not record.white_matter_irradiated, said)
    if record.kind is SeriesKind.DSC:
        corrected = "corrected" if record.leakage_corrected else "not corrected"
        yield answered("leakage_corrected", record.leakage_corrected, f"rCBV of the {scan} is {corrected} for leakage.")
        yield from _protocol(record)
    else:
        yield from _input(record)


def _protocol(record: PerfusionRecord) -> Iterator[ConditionAnswer]:
    if not record.protocol:
        return
    is_match = any(sentence.startswith(MATCHES) for sentence in record.protocol)
    is_open = not is_match and any(NOT_KNOWN in sentence for sentence in record.protocol)
    said = f"Protocol of the {scan_words(record)}: {' '.join(record.protocol)}"
    yield answered("dsc_protocol_consensus", None if is_open else is_match, said)


def _input(record: PerfusionRecord) -> Iterator[ConditionAnswer]:
    scan = scan_words(record)
    if record.aif is not None:
        said = f"Arterial input of the {scan}: {record.aif.verdict}. {record.aif.sentence}"
        yield answered("aif_passed", record.aif.verdict != "failed", said)
    t1 = next((used for used in record.used if used.name == "t10"), None)
    if t1 is not None:
        yield answered("t1_known", True, f"T1 of the {scan}: {t1.origin or t1.value}")


def _of_lesion(record: PerfusionRecord, lesion: str) -> Iterator[ConditionAnswer]:
    scan = scan_words(record)
    entry = next((each for each in record.lesions if each.name == lesion), None)
    yield from answers_of_size(volume_ml=entry.volume_cc if entry else None, source=scan)
    if entry is not None and entry.share_at_bound is not None:
        said = f"A parameter ended at a bound in {entry.share_at_bound:.0%} of the lesion's voxels in the {scan}."
        yield answered("fit_at_bound", entry.share_at_bound > limit("most_at_bound"), said)
    if record.kind is SeriesKind.DSC:
        yield from answers_of_exclusions([row for row in record.exclusions if row.structure == lesion], "dsc", scan)
    else:
        yield from _noise(record, lesion)


def _noise(record: PerfusionRecord, lesion: str) -> Iterator[ConditionAnswer]:
    """A ratio that is noise is not evaluable by itself; the condition holds where one of the ratios is."""
    rows = [row for row in (record.ratio(lesion, name) for name in FITTED) if row is not None]
    good = [row for row in rows if row.value is not None]
    if good:
        labels = " and ".join(row.label for row in good)
        said = f"White matter is above its noise for {labels} of the {scan_words(record)}."
        yield answered("white_matter_above_noise", True, said)
        return
    reason = next((reason for row in rows for reason in row.reasons if NOISE in reason), "")
    if reason:
        yield answered("white_matter_above_noise", False, f"{scan_words(record)}: {reason}")


def _before(scans: PerfusionScans, lesion: str, settings: EvidenceSettings) -> Iterator[ConditionAnswer]:
    """Yield whether there is a good scan before treatment, and whether the lesion was hyperperfused on it.

    A ratio is held against that of the same kind of scan only, as in the rule on absent hyperperfusion.
    """
    kinds = [record.kind for record in scans.after]
    told = [_BeforeTreatment.of(record, lesion, settings, kinds) for record in scans.before]
    good = [one for one in told if one.is_good]
    if not good:
        said = " ".join(one.sentence for one in told) or "No perfusion study from before the treatment is given."
        yield answered("pre_treatment_perfusion", False, said)
        yield answered("pre_treatment_not_hyperperfused", None, said)
        return
    yield answered("pre_treatment_perfusion", True, " ".join(one.sentence for one in good))
    low = [one for one in good if one.is_low]
    yield answered("pre_treatment_not_hyperperfused", bool(low), " ".join(one.sentence for one in low or good))


@dataclass(frozen=True)
class _BeforeTreatment:
    """A lesion on one scan before treatment: whether it can be judged there, and whether its ratio was low."""

    is_good: bool
    is_low: bool
    sentence: str

    @classmethod
    def of(
        cls, record: PerfusionRecord, lesion: str, settings: EvidenceSettings, kinds: Sequence[SeriesKind]
    ) -> _BeforeTreatment:
        name, scan = record.lesion_like(lesion), f"{scan_words(record)}, before treatment"
        if name is None:
            return cls(False, False, f"{scan}: it shows no lesion that is known to be this one.")
        if record.kind not in kinds:
            return cls(False, False, f"{scan}: the later scan is of another kind, so that the two do not compare.")
        shown, rule = record.ratio_record(name), settings.interpretation()
        ratio, flaw = shown.ratio(rule.parameter_of(record.kind)), flaw_of(shown, rule)
        if ratio.value is None:
            return cls(False, False, f"{scan}: {ratio.label} is not evaluable: {ratio.reason}")
        said = f"{scan}: {ratio.label} of {name!r} was {ratio.words}, against {settings.threshold:g}"
        return cls(not flaw, ratio.value < settings.threshold, f"{said}{f'; {flaw}' if flaw else ''}.")
