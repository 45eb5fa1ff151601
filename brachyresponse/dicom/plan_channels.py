"""The channels of an RT Plan: seeds from control points, needles from channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.errors import InputFileError
from brachyresponse.types import FloatArray

SAME_PLACE_MM = 0.01
STRAIGHT_MM = 1.0
"""How far seeds may lie from a straight line to be on one needle."""
SHORTEST_AXIS = 0.5


@dataclass(frozen=True, eq=False)
class DicomChannel:
    """The seeds of one channel: of a needle, or of a single seed where a system writes one channel a seed.

    Parameters
    ----------
    setup, number
        Of the application setup and of the channel.
    applicator
        Source Applicator ID, as a template's hole; empty where there is none.
    length_mm
        Channel Length: from the connector to the deepest place a seed can take; None where it is not said.
    positions_mm
        RAS, (N, 3), in the order of the control points.
    axes
        Unit vectors in RAS, (N, 3), from Control Point Orientation; NaN where a seed has none.
    from_tip_mm
        Control Point Relative Position: distance of each seed from the deepest place, (N,); NaN where it is not said.
    """

    setup: int
    number: int
    applicator: str
    source_number: int
    length_mm: float | None
    positions_mm: FloatArray
    axes: FloatArray
    from_tip_mm: FloatArray

    @property
    def count(self) -> int:
        """Number of seeds."""
        return len(self.positions_mm)

    @property
    def label(self) -> str:
        """How the channel is called in messages."""
        return f"channel {self.number} of application setup {self.setup}"


@dataclass(frozen=True, eq=False)
class _ControlPoint:
    position_mm: FloatArray
    axis: FloatArray
    from_tip_mm: float
    weight: float


def read_channels(plan: Attributes) -> tuple[DicomChannel, ...]:
    """Return the channels with seeds of all application setups of a plan's dataset; empty channels are left out.

    Raises
    ------
    InputFileError
        There is no application setup, control points are missing, or one has no position in the patient.
    """
    setups = list(plan.items("ApplicationSetupSequence"))
    if not setups:
        raise InputFileError(
            f"{plan.where}: the plan has no Application Setup Sequence: it is not a brachytherapy plan."
        )
    read = (
        _channel(setup.whole("ApplicationSetupNumber"), item)
        for setup in setups
        for item in setup.items("ChannelSequence")
    )
    channels = tuple(channel for channel in read if channel.count)
    if not channels:
        raise InputFileError(f"{plan.where}: no channel of the plan holds a seed; export it with its seeds.")
    return channels


def straight_line(positions_mm: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return the line (point, unit direction from the last to the first) on which positions (N, 3) lie; None if none.

    A single position, or positions further than 1 mm from their line, have none.
    """
    if len(positions_mm) < 2:
        return None
    middle = positions_mm.mean(axis=0)
    direction = np.linalg.svd(positions_mm - middle)[2][0]
    direction *= np.sign(direction @ (positions_mm[0] - positions_mm[-1])) or 1.0
    along = (positions_mm - middle) @ direction
    aside = np.linalg.norm(positions_mm - middle - along[:, None] * direction, axis=1)
    return (middle, direction) if aside.max() <= STRAIGHT_MM else None


def _channel(setup: int, item: Attributes) -> DicomChannel:
    points = [_control_point(point) for point in item.items("BrachyControlPointSequence")]
    expected = item.optional_number("NumberOfControlPoints")
    if expected is not None and int(expected) != len(points):
        raise InputFileError(
            f"{item.where}: Number of Control Points is {int(expected)}, found {len(points)}: the file is cut off."
        )
    seeds = list(_seeds_of(points))
    return DicomChannel(
        setup=setup,
        number=item.whole("ChannelNumber"),
        applicator=item.text("SourceApplicatorID", ""),
        source_number=item.whole("ReferencedSourceNumber"),
        length_mm=item.optional_number("ChannelLength"),
        positions_mm=np.array([seed.position_mm for seed in seeds]).reshape(-1, 3),
        axes=np.array([seed.axis for seed in seeds]).reshape(-1, 3),
        from_tip_mm=np.array([seed.from_tip_mm for seed in seeds]),
    )


def _control_point(item: Attributes) -> _ControlPoint:
    if not item.has("ControlPoint3DPosition"):
        raise InputFileError(
            f"{item.where} has no Control Point 3D Position: where its seed lies in the patient is not in the file; "
            "export the plan with positions."
        )
    (position,) = item.points_ras("ControlPoint3DPosition")
    from_tip = item.optional_number("ControlPointRelativePosition")
    weight = item.optional_number("CumulativeTimeWeight")
    return _ControlPoint(
        position, _axis(item), np.nan if from_tip is None else from_tip, np.nan if weight is None else weight
    )


def _axis(item: Attributes) -> FloatArray:
    """Unit vector of a control point's orientation; NaN where it has none, or one without length."""
    if item.has("ControlPointOrientation"):
        (axis,) = item.points_ras("ControlPointOrientation")
        length = float(np.linalg.norm(axis))
        if length > SHORTEST_AXIS:
            return np.asarray(axis / length)
    return np.full(3, np.nan)


def _seeds_of(points: Sequence[_ControlPoint]) -> Iterator[_ControlPoint]:
    """Merge neighbours in one place: a seed is written as two control points, its start and its end, or as one.

    Where weights are given, two control points between which no time passes are a place without a seed.
    """
    groups: list[list[_ControlPoint]] = []
    for point in points:
        if groups and np.linalg.norm(point.position_mm - groups[-1][0].position_mm) < SAME_PLACE_MM:
            groups[-1].append(point)
        else:
            groups.append([point])
    has_times = any(_time_passes(group) for group in groups)
    for group in groups:
        if len(group) == 1 or not has_times or _time_passes(group):
            yield group[0]


def _time_passes(group: Sequence[_ControlPoint]) -> bool:
    """Tell whether the time weight grows while the source is in one place; not known counts as no."""
    return bool(group[-1].weight - group[0].weight > 0)
