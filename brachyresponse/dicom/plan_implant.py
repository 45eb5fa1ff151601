"""Needles and seeds of ours from the channels of an RT Plan, and what had to be assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from brachyresponse.dicom.plan_channels import DicomChannel, straight_line
from brachyresponse.errors import PlanError
from brachyresponse.planning import Needle
from brachyresponse.planning.holes import hole_index
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.seeds import FREE
from brachyresponse.types import FloatArray

HALF_SEED_MM = 2.25
"""What a needle reaches beyond its outermost seeds where the file does not say where it ends."""
LONGEST_NEEDLE_MM = 300.0
"""A longer channel counts a transfer tube in: it does not say where the needle enters."""
NO_AXIS = np.array([0.0, 0.0, 1.0])

AXES_FROM_CHANNELS = "{} of {} seeds have no axis in the RT Plan: laid along the straight line of their channel."
AXES_UNKNOWN = "{} of {} seeds have no axis in the RT Plan and no line to take it from: point sources."
ENDS_FROM_SEEDS = "The RT Plan does not say where {} end: drawn from outermost seed to outermost seed."
TIPS_FROM_ORDER = "The RT Plan does not say which end of {} is the tip: taken from the first control point."
FREE_SEEDS = "{} of {} seeds lie in channels that make no straight needle: they are free."
NEEDLES_NUMBERED = "Channel numbers repeat: the needles were numbered anew in the order of the file."
GROUPED = "Channels with the same Source Applicator ID on one line were taken for one needle."


class _Laid(NamedTuple):
    """A needle without its number, and whether its ends and its tip are in the file."""

    entry_mm: FloatArray
    tip_mm: FloatArray
    has_ends: bool
    has_tip: bool


@dataclass(frozen=True, eq=False)
class _Train:
    """Seeds on one needle: a channel, or several that share it, joined."""

    channel: DicomChannel
    sources: tuple[int, ...]

    @property
    def line(self) -> tuple[FloatArray, FloatArray] | None:
        return straight_line(self.channel.positions_mm)


def implant_of(
    channels: Sequence[DicomChannel], strengths_u: Mapping[int, float]
) -> tuple[tuple[Needle, ...], Seeds, tuple[str, ...]]:
    """Return the needles and seeds of channels, and in sentences what was assumed.

    Parameters
    ----------
    strengths_u
        Air-kerma strength at implantation of each source, by its number.

    Raises
    ------
    PlanError
        A channel refers to a source that the plan does not have, or two seeds lie in one place.
    """
    for channel in channels:
        if channel.source_number not in strengths_u:
            raise PlanError(
                f"{channel.label.capitalize()} refers to source {channel.source_number}, which the plan does not have "
                f"(sources: {', '.join(map(str, strengths_u))}): export the plan again."
            )
    trains = _trains(channels)
    laid = _lay(trains)
    numbers, numbered_anew = _numbers(trains, laid)
    needles = tuple(
        Needle(number, one.entry_mm, one.tip_mm, _hole(train.channel.applicator))
        for train, one, number in zip(trains, laid, numbers, strict=True)
        if one is not None
    )
    seeds, notes = _seeds(trains, numbers, strengths_u)
    notes += [GROUPED] if len(trains) < len(channels) else []
    notes += [NEEDLES_NUMBERED] if numbered_anew else []
    return needles, seeds, (*notes, *_needle_notes(laid))


def _trains(channels: Sequence[DicomChannel]) -> list[_Train]:
    """Channels in the file's order, those that share an applicator gathered where they lie on one line."""
    groups: dict[object, list[DicomChannel]] = {}
    for place, channel in enumerate(channels):
        groups.setdefault(channel.applicator or place, []).append(channel)
    trains: list[_Train] = []
    for group in groups.values():
        joined = _joined(group)
        if len(group) == 1 or joined.line is not None:
            trains.append(joined)
        else:
            trains += [_joined([channel]) for channel in group]
    return trains


def _joined(group: Sequence[DicomChannel]) -> _Train:
    """One channel that holds the seeds of several, deepest first where depths are known."""
    from_tip = np.concatenate([channel.from_tip_mm for channel in group])
    sources = np.concatenate([np.full(channel.count, channel.source_number) for channel in group])
    order = np.argsort(from_tip, kind="stable") if len(group) > 1 else np.arange(len(from_tip))
    channel = replace(
        group[0],
        positions_mm=np.concatenate([one.positions_mm for one in group])[order],
        axes=np.concatenate([one.axes for one in group])[order],
        from_tip_mm=from_tip[order],
    )
    return _Train(channel, tuple(int(number) for number in sources[order]))


def _lay(trains: Sequence[_Train]) -> list[_Laid | None]:
    """The needle of each train; a seed alone on its needle takes the axis it has, turned as the other needles are."""
    laid = [_needle_along(train, train.line) for train in trains]
    mean = np.sum([one.tip_mm - one.entry_mm for one in laid if one is not None] or [NO_AXIS], axis=0)
    for place, train in enumerate(trains):
        axis = train.channel.axes[0]
        if train.channel.count == 1 and np.isfinite(axis).all():
            turned = axis * (np.sign(axis @ mean) or 1.0)
            laid[place] = _needle_along(train, (train.channel.positions_mm[0], turned))
    return laid


def _needle_along(train: _Train, line: tuple[FloatArray, FloatArray] | None) -> _Laid | None:
    if line is None:
        return None
    middle, direction = line
    channel = train.channel
    tip_turn, has_depths = _turn_to_tip(channel, direction)
    direction = direction * tip_turn
    along = (channel.positions_mm - middle) @ direction
    tip = float(np.mean(along + channel.from_tip_mm)) if has_depths else along.max() + HALF_SEED_MM
    length = channel.length_mm or 0.0
    has_length = along.max() - along.min() < length <= LONGEST_NEEDLE_MM
    entry = tip - length if has_length else along.min() - HALF_SEED_MM
    return _Laid(
        middle + entry * direction,
        middle + tip * direction,
        has_ends=has_depths and has_length,
        has_tip=has_depths and channel.count > 1,
    )


def _turn_to_tip(channel: DicomChannel, direction: FloatArray) -> tuple[float, bool]:
    """1 or -1: which way along the line the tip lies; and whether the depths in the file fit the positions."""
    if not np.isfinite(channel.from_tip_mm).all():
        return 1.0, False
    along = channel.positions_mm @ direction
    for turn in (1.0, -1.0):
        if np.ptp(turn * along + channel.from_tip_mm) < 2 * HALF_SEED_MM:
            return turn, True
    return 1.0, False


def _numbers(trains: Sequence[_Train], laid: Sequence[_Laid | None]) -> tuple[list[int], bool]:
    """Needle number of each train, 0 where it makes none: the channels' numbers unless they repeat."""
    written = [train.channel.number for train, one in zip(trains, laid, strict=True) if one is not None]
    anew = len(set(written)) < len(written) or min(written, default=1) < 1
    numbers = iter(range(1, len(written) + 1) if anew else written)
    return [FREE if one is None else next(numbers) for one in laid], anew


def _seeds(
    trains: Sequence[_Train], numbers: Sequence[int], strengths_u: Mapping[int, float]
) -> tuple[Seeds, list[str]]:
    positions = np.concatenate([train.channel.positions_mm for train in trains])
    axes = np.concatenate([train.channel.axes for train in trains])
    lines = np.concatenate([_line_axes(train) for train in trains])
    from_file = np.isfinite(axes).all(axis=1)
    known = from_file | np.isfinite(lines).all(axis=1)
    directions = np.where(from_file[:, None], axes, lines)
    directions[~known] = NO_AXIS
    needle = np.repeat(numbers, [train.channel.count for train in trains])
    strengths = [strengths_u[number] for train in trains for number in train.sources]
    counts = {
        AXES_FROM_CHANNELS: int(np.sum(known & ~from_file)),
        AXES_UNKNOWN: int(np.sum(~known)),
        FREE_SEEDS: int(np.sum(needle == FREE)),
    }
    notes = [sentence.format(count, len(positions)) for sentence, count in counts.items() if count]
    return Seeds(positions, directions, np.array(strengths), known, needle), notes


def _line_axes(train: _Train) -> FloatArray:
    """The direction of the channel's line for each of its seeds, (N, 3); NaN where there is none."""
    line = train.line
    direction = np.full(3, np.nan) if line is None else line[1]
    return np.tile(direction, (train.channel.count, 1))


def _needle_notes(laid: Sequence[_Laid | None]) -> list[str]:
    needles = [one for one in laid if one is not None]
    notes = []
    for sentence, open_count in (
        (ENDS_FROM_SEEDS, sum(not one.has_ends for one in needles)),
        (TIPS_FROM_ORDER, sum(not one.has_tip for one in needles)),
    ):
        if open_count:
            notes.append(sentence.format("the needles" if open_count == len(needles) else f"{open_count} needles"))
    return notes


def _hole(applicator: str) -> str:
    """The template's hole that an applicator's ID names; empty where it names none."""
    try:
        hole_index(applicator)
    except PlanError:
        return ""
    return applicator.strip().upper()
