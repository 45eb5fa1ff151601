"""What there is to say of spectra, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.spectroscopy.study import LesionEntry, LesionRatioEntry, SpectroscopyRecord, VoxelEntry


def spectra_sentences(record: SpectroscopyRecord) -> tuple[str, ...]:
    """Return kind, echo time, quality, what each lesion's ratios are, what was refused and why, and what was done."""
    return tuple(_sentences(record))


def _sentences(record: SpectroscopyRecord) -> Iterator[str]:
    good = sum(1 for each in record.voxels if each.is_good)
    count = f", {good} of {len(record.voxels)} voxels good" if len(record.voxels) > 1 else ""
    yield f"{record.kind.value.capitalize()}, TE {record.echo_time_ms:g} ms, {record.origin}{count}."
    if len(record.voxels) == 1:
        yield from _of_voxel(record.voxels[0])
    for lesion in record.lesions:
        yield from _of_lesion(lesion)
    yield from record.warnings
    yield from record.notes


def _of_voxel(voxel: VoxelEntry) -> Iterator[str]:
    if voxel.line_width_hz is not None and voxel.snr is not None:
        yield f"Line width {voxel.line_width_hz:.1f} Hz, SNR {voxel.snr:.0f}."
    yield from voxel.reasons
    yield from voxel.place_reasons
    yield from (f"Not used: {each.reason}" for each in voxel.metabolites if not each.is_used)


def _of_lesion(lesion: LesionEntry) -> Iterator[str]:
    count = "1 voxel counts" if lesion.voxels == 1 else f"{lesion.voxels or 'no'} voxels count"
    share = (
        "" if lesion.best_share is None else f"; of the voxel that holds most of it {lesion.best_share:.0%} is lesion"
    )
    yield f"Lesion {lesion.name!r}: {count}{share}."
    for ratio in lesion.ratios:
        yield f"{ratio.ratio}, {ratio.statistic}: {_figures(ratio)}"


def _figures(ratio: LesionRatioEntry) -> str:
    if ratio.value is not None and ratio.low is not None and ratio.high is not None:
        return f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})."
    at_least = "" if ratio.at_least is None else f" At least {ratio.at_least:.2f}."
    return f"not evaluable. {' '.join(ratio.reasons)}{at_least}"
