"""Metabolites and ratios of one voxel as rows of a table, and what has to be known of the spectra."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from slicer.i18n import tr as _

from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph
from brachyresponse.slicer_panel.tables import Cell, Verdict
from brachyresponse.spectroscopy.study.record import MetaboliteEntry, RatioEntry, SpectroscopyRecord, VoxelEntry

DASH = "–"
PERCENT = 100


def voxel_cells(voxel: VoxelEntry | None) -> list[list[Cell]]:
    """Return the metabolites, then the ratios; none without a voxel."""
    if voxel is None:
        return []
    return [*map(_metabolite, voxel.metabolites), *map(_ratio, voxel.ratios)]


def voxel_words(record: SpectroscopyRecord, lesion: str) -> dict[str, str]:
    """Return the voxels by ``i j k``, those that hold most of a lesion first, with the share of each."""
    voxels = sorted(record.voxels, key=lambda voxel: -(voxel.share_of(lesion) or 0.0))
    return {key_of(voxel.voxel): _word(voxel, lesion) for voxel in voxels}


def key_of(voxel: tuple[int, int, int]) -> str:
    """Return how a voxel is named in a list of choices."""
    return " ".join(map(str, voxel))


def describe_voxel(voxel: VoxelEntry, lesion: str) -> str:
    """Return how much of a voxel is lesion, its quality, and why it is not used, as HTML."""
    return "".join(_of_voxel(voxel, lesion))


def _metabolite(entry: MetaboliteEntry) -> list[Cell]:
    bound = f"{ceil(entry.crb_percent)} %" if entry.crb_percent is not None else DASH  # one above 20 % shows it
    verdict = Verdict.MET if entry.is_used else Verdict.WARNING
    why = "" if entry.is_used else entry.reason.removeprefix(f"{entry.metabolite}: ")  # which the row begins with
    return [
        Cell(str(entry.metabolite), entry.reason, verdict),
        Cell(f"{entry.amplitude:.3g}", entry.reason, number=True),
        Cell(bound, _("Cramér-Rao bound; above 20 % a metabolite is not used"), number=True),
        Cell(why or DASH, why),
    ]


def _ratio(entry: RatioEntry) -> list[Cell]:
    why = " ".join(entry.reasons)
    verdict = Verdict.WARNING if why else Verdict.MET
    return [
        Cell(str(entry.ratio), why, verdict),
        Cell(_interval(entry), why, number=True),
        Cell(DASH),
        Cell(why or DASH, why),
    ]


def _interval(entry: RatioEntry) -> str:
    if entry.value is None or entry.low is None or entry.high is None:
        return f"> {entry.at_least:.2f}" if entry.at_least is not None else DASH
    return f"{entry.value:.2f} ({entry.low:.2f}–{entry.high:.2f})"


def _word(voxel: VoxelEntry, lesion: str) -> str:
    share = voxel.share_of(lesion)
    known = _(", {share:.0f} % lesion").format(share=PERCENT * share) if share is not None else ""
    poor = "" if voxel.is_good else _(", not usable")
    return f"{key_of(voxel.voxel)}{known}{poor}"


def _of_voxel(voxel: VoxelEntry, lesion: str) -> Iterator[str]:
    share = voxel.share_of(lesion)
    if share is not None:
        yield paragraph(_("{lesion} fills {share:.0f} % of this voxel.").format(lesion=lesion, share=PERCENT * share))
    if voxel.line_width_hz is not None and voxel.snr is not None:
        words = _("Line width {width:.1f} Hz, signal to noise {snr:.0f}.")
        yield paragraph(words.format(width=voxel.line_width_hz, snr=voxel.snr))
    reasons = (*voxel.reasons, *voxel.place_reasons)
    if reasons:
        yield headline(_("This voxel is not used")) + bullets(reasons)
