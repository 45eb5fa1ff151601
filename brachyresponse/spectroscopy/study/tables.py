"""A study as tables."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.planning import Table
from brachyresponse.planning.exports import Cell
from brachyresponse.spectroscopy.fitting.amplitudes import LARGEST_CRB_PERCENT
from brachyresponse.spectroscopy.study.record import LesionRatioEntry, SpectroscopyRecord, VoxelEntry

NONE = "-"
"""Stands where there is no figure; a column beside it says why."""
METABOLITE_COLUMNS = (
    "i", "j", "k", "metabolite", "amplitude", "unit", "crb_percent", "te_ms", "line_width_hz", "snr", "used", "why not",
)  # fmt: skip
LESION_COLUMNS = (
    "lesion", "ratio", "statistic", "value", "low (95 %)", "high (95 %)", "voxels", "voxel i j k", "normal side",
    "why not evaluable",
)  # fmt: skip
VOXEL_COLUMNS = (
    "voxel i j k", "ratio", "value", "low (95 %)", "high (95 %)", "line width (Hz)", "SNR", "good", "lesion shares",
    "ventricle", "bone", "seed (mm)", "remarks",
)  # fmt: skip


def metabolite_table(record: SpectroscopyRecord) -> Table:
    """Return every amplitude with its bound; the columns are those of a metabolite table that is read."""
    rows = [_metabolite_row(record, voxel, place) for voxel in record.voxels for place in range(len(voxel.metabolites))]
    return Table("Metabolites", METABOLITE_COLUMNS, tuple(rows))


def lesion_table(record: SpectroscopyRecord) -> Table:
    """Return the ratios of every lesion."""
    rows = [_lesion_row(lesion.name, ratio) for lesion in record.lesions for ratio in lesion.ratios]
    return Table("Lesions", LESION_COLUMNS, tuple(rows))


def voxel_table(record: SpectroscopyRecord) -> Table:
    """Return the ratios of every voxel, with its quality and what is in it."""
    return Table("Voxels", VOXEL_COLUMNS, tuple(row for voxel in record.voxels for row in _voxel_rows(voxel)))


def _metabolite_row(record: SpectroscopyRecord, voxel: VoxelEntry, place: int) -> tuple[Cell, ...]:
    one = voxel.metabolites[place]
    return (
        *voxel.voxel,
        one.metabolite,
        one.amplitude,
        "",
        LARGEST_CRB_PERCENT if one.crb_percent is None else one.crb_percent,  # as for an amplitude of 0
        record.echo_time_ms,
        *("" if value is None else value for value in (voxel.line_width_hz, voxel.snr)),
        "yes" if one.is_used and voxel.is_good else "no",
        " ".join([one.reason, *(() if voxel.is_good else voxel.reasons)]).strip(),
    )


def _lesion_row(lesion: str, ratio: LesionRatioEntry) -> tuple[Cell, ...]:
    at = " ".join(f"{n:.0f}" for n in ratio.at) or NONE
    reasons = " ".join([*ratio.reasons, *([f"At least {ratio.at_least:.2f}."] if ratio.at_least is not None else [])])
    figures = _cells(ratio.value, ratio.low, ratio.high)
    return lesion, ratio.ratio, ratio.statistic, *figures, ratio.voxels, at, *_cells(ratio.normal_value), reasons


def _voxel_rows(voxel: VoxelEntry) -> Iterator[tuple[Cell, ...]]:
    shares = ", ".join(f"{each.lesion}: {each.share:.0%}" for each in voxel.shares if each.share is not None)
    for ratio in voxel.ratios:
        yield (
            " ".join(map(str, voxel.voxel)),
            ratio.ratio,
            *_cells(ratio.value, ratio.low, ratio.high, voxel.line_width_hz, voxel.snr),
            "yes" if voxel.is_good else "no",
            shares or NONE,
            *_cells(voxel.ventricle_share, voxel.bone_share, voxel.seed_distance_mm),
            " ".join(dict.fromkeys([*ratio.reasons, *voxel.reasons, *voxel.place_reasons])),
        )


def _cells(*values: float | None) -> tuple[Cell, ...]:
    return tuple(NONE if value is None else value for value in values)
