"""What a spectroscopy study tells of the voxels that its ratios were taken in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brachyresponse.response.evidence.finding import ConditionAnswer
from brachyresponse.response.evidence.gathering.answered import answered
from brachyresponse.response.evidence.gathering.answers.sizes import answers_of_size
from brachyresponse.response.evidence.gathering.data_files import limit
from brachyresponse.response.evidence.gathering.spectroscopy import lesion_entry
from brachyresponse.spectroscopy.study.record import LesionEntry, SpectroscopyRecord, VoxelEntry


def answers_of_spectroscopy(record: SpectroscopyRecord, lesion: str) -> tuple[ConditionAnswer, ...]:
    """Return what a study tells of a lesion.

    Blood and fat are seen on no spectrum, so that whether something disturbs a voxel stays open unless something known
    does.

    Raises
    ------
    ResponseError
        The study has no such lesion.
    """
    entry = lesion_entry(record, lesion)
    return tuple(_answers(record, entry, _voxels_of(record, entry)))


def _answers(record: SpectroscopyRecord, entry: LesionEntry, voxels: Sequence[VoxelEntry]) -> Iterator[ConditionAnswer]:
    study = f"spectroscopy {record.name!r}"
    if entry.best_share is not None:
        said = f"{entry.name!r} fills {entry.best_share:.0%} of the voxel that holds most of it in the {study}."
        yield answered("voxel_in_solid_part", entry.best_share >= limit("least_voxel_share"), said)
    yield from answers_of_size(volume_ml=entry.volume_cc, source=study)
    if voxels:
        yield _quality(voxels, study)
        yield from _disturbed(voxels, study)


def _voxels_of(record: SpectroscopyRecord, entry: LesionEntry) -> list[VoxelEntry]:
    """Return the voxels that the lesion's ratios stand on, else the one that holds most of it."""
    used = {row.at for row in entry.ratios if row.at}
    found = [each for each in record.voxels if tuple(map(float, each.voxel)) in used]
    if not found and record.voxels:
        return [max(record.voxels, key=lambda each: each.share_of(entry.name) or 0.0)]
    return found


def _quality(voxels: Sequence[VoxelEntry], study: str) -> ConditionAnswer:
    """A spectrum is as good as the worst that a ratio stands on."""
    worst = next((each for each in voxels if not each.is_good), voxels[0])
    figures = {"line width": (worst.line_width_hz, " Hz"), "SNR": (worst.snr, "")}
    words = ", ".join(f"{name} {value:.1f}{unit}" for name, (value, unit) in figures.items() if value is not None)
    said = f"{study[0].upper()}{study[1:]}: {words or 'line width and SNR are not told'}. {' '.join(worst.reasons)}"
    return answered("spectrum_quality", worst.is_good, said.strip())


def _disturbed(voxels: Sequence[VoxelEntry], study: str) -> Iterator[ConditionAnswer]:
    reasons = dict.fromkeys(reason for each in voxels for reason in each.place_reasons)
    if reasons:
        yield answered("voxel_disturbed", True, " ".join(reasons))
        return
    distances = [each.seed_distance_mm for each in voxels if each.seed_distance_mm is not None]
    seeds = f" The nearest seed lies {min(distances):.1f} mm away." if distances else ""
    yield answered(
        "voxel_disturbed", None, f"Nothing known disturbs the voxel of the {study}.{seeds} Blood and fat are not told."
    )
