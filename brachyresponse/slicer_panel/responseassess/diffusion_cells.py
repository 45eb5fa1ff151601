"""The ADC of a lesion as rows of a table, and what has to be known of it."""

from __future__ import annotations

from collections.abc import Iterator

from slicer.i18n import tr as _

from brachyresponse.diffusion.record import DiffusionRecord, PartEntry, StatisticEntry
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.slicer_panel.sentences import bullets, paragraph
from brachyresponse.slicer_panel.tables import Cell, Verdict

DASH = "–"
PERCENT = 100
UNIT = "10⁻⁶ mm²/s"


def diffusion_cells(record: DiffusionRecord | None, lesion: str) -> list[list[Cell]]:
    """Return a row a statistic: of the lesion without its core, of the core, and of white matter."""
    solid = record.part(lesion) if record is not None else None
    if record is None or solid is None:
        return []
    core, white_matter = record.part(lesion, LesionPart.CORE), record.white_matter
    return [_row(entry, solid, core, white_matter) for entry in solid.statistics]


def describe_diffusion(record: DiffusionRecord, lesion: str) -> str:
    """Return what was left out, how the core diffuses against the rim, and what to look at, as HTML."""
    if record.part(lesion) is None:
        return paragraph(_("{lesion} was not measured: press Measure.").format(lesion=lesion)) if lesion else ""
    return "".join(map(paragraph, filter(None, (_of_part(record.part(lesion)), _of_core(record, lesion))))) + bullets(
        _notes(record, lesion)
    )


def _row(entry: StatisticEntry, solid: PartEntry, core: PartEntry | None, white: PartEntry | None) -> list[Cell]:
    refused = " ".join((*solid.reasons, *entry.reasons))
    tool_tip = refused or _("{label}, {unit}").format(label=entry.label, unit=UNIT)
    return [
        Cell(entry.label, tool_tip, Verdict.WARNING if solid.reasons else Verdict.NONE),
        Cell(_value(solid, entry), tool_tip, number=True),
        Cell(_ratio(entry), tool_tip, number=True),
        Cell(_value(core, entry), " ".join(core.reasons) if core else "", number=True),
        Cell(_value(white, entry), " ".join(white.reasons) if white else "", number=True),
    ]


def _value(part: PartEntry | None, like: StatisticEntry) -> str:
    entry = part.statistic(like.statistic) if part is not None and part.is_evaluable else None
    return DASH if entry is None else f"{entry.value:.0f}"


def _ratio(entry: StatisticEntry) -> str:
    if entry.ratio is None or entry.low is None or entry.high is None:
        return DASH
    return f"{entry.ratio:.2f} ({entry.low:.2f}–{entry.high:.2f})"


def _of_part(part: PartEntry | None) -> str:
    if part is None:
        return ""
    words = _("{label}: {volume:.2f} mL, {valid} of {all} voxels count.")
    return str(words.format(label=part.label, volume=part.volume_cc, valid=part.valid_voxels, all=part.voxels))


def _of_core(record: DiffusionRecord, lesion: str) -> str:
    restriction = record.restriction(lesion)
    return restriction.sentence if restriction is not None else ""


def _notes(record: DiffusionRecord, lesion: str) -> Iterator[str]:
    solid = record.part(lesion)
    yield from solid.reasons if solid is not None else ()
    yield from record.warnings
    yield from record.questions
    for row in record.exclusions:
        if row.lesion == lesion and row.share > 0:
            words = _("{what}: {share:.0f} % left out. {why}")
            yield words.format(what=row.exclusion, share=PERCENT * row.share, why=row.reason)
    yield from record.notes
