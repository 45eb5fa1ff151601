"""A series of flip angles, from which T1 is fitted: never to be mistaken for a dynamic one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.series.attributes import acquisition_from_attributes, acquisition_from_bids
from brachyresponse.perfusion.series.file_times import TAG_NAME, SideCars, check_count
from brachyresponse.perfusion.series.frame_files import FRAME_LABELS, FileFrames, same_grid
from brachyresponse.perfusion.series.gathering import gather
from brachyresponse.perfusion.series.reading import Paths, paths_of, read_files
from brachyresponse.perfusion.series.side_car import SideCar, read_side_car
from brachyresponse.perfusion.signal.spoiled_gradient import check_excitation
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array

SAME_TR_SHARE = 1e-3


@dataclass(frozen=True, eq=False)
class FlipAngleSeries:
    """Spoiled gradient echoes of one geometry with several flip angles, before contrast.

    Parameters
    ----------
    name
        How the user calls it.
    frames
        Images [k, j, i], one a flip angle.
    grid
        Where they lie.
    flip_angle_deg
        One a frame.
    tr_s
        Repetition time, one for all.
    origin
        Where angles and repetition time were read, for people.

    Raises
    ------
    PerfusionError
        Fewer than two different flip angles, other sizes, not one angle a frame, or a repetition time or angle that
        is none of a spoiled gradient echo.
    """

    name: str
    frames: Sequence[AnyArray]
    grid: Grid
    flip_angle_deg: tuple[float, ...]
    tr_s: float
    origin: str = ""

    def __post_init__(self) -> None:
        different = len(set(self.flip_angle_deg))
        if len(self.frames) != len(self.flip_angle_deg) or different < 2:
            raise PerfusionError(
                f"Series {self.name!r} has {len(self.frames)} images and {different} different flip angles: give at "
                "least two images with one flip angle each."
            )
        wrong = next((frame.shape for frame in self.frames if frame.shape != self.grid.shape_kji), None)
        if wrong is not None:
            raise PerfusionError(
                f"An image of {self.name!r} has shape {wrong}, expected {self.grid.shape_kji}: all must have one size."
            )
        check_excitation(self.tr_s, self.flip_angle_deg)

    def samples(self, mask: BoolArray) -> Float32Array:
        """Return the signals of the voxels of a mask, (N, F), N in the mask's order [k, j, i]."""
        return gather(self.frames, mask, self.name)


def read_flip_angle_series(
    path_or_paths: Paths, *, side_car: SideCar = None, report: Report = ignore_progress
) -> FlipAngleSeries:
    """Return a series of flip angles from one 4D file, or one 3D file an angle.

    The angles are taken from the frame labels that Slicer's DICOM import leaves, or from ``FlipAngle`` of BIDS: a list
    beside a 4D file, one number beside each 3D file.

    Raises
    ------
    InputFileError
        As :func:`brachyresponse.perfusion.read_series`.
    PerfusionError
        The files do not tell an angle a frame, or no repetition time, or several.
    """
    paths = paths_of(path_or_paths, in_time=False)
    files = read_files(paths, report)
    side_cars = [read_side_car(side_car, path) for path in (paths[:1] if side_car else paths)]
    frames, grid = tuple(frame for file in files for frame in file.frames), same_grid(files)
    angles, origin = _angles(files, side_cars, len(frames))
    tr_s, tr_origin = _repetition_time(files, side_cars)
    return FlipAngleSeries(files[0].name, frames, grid, angles, tr_s, f"flip angles: {origin}; TR: {tr_origin}")


def _angles(files: Sequence[FileFrames], side_cars: SideCars, count: int) -> tuple[tuple[float, ...], str]:
    """Return one angle a frame, and where they were read."""
    listed, origin = _listed_angles(files[0], side_cars)
    if listed:
        check_count(len(listed), count, origin)
        return tuple(_angle(angle, origin) for angle in listed), origin
    each = [acquisition.flip_angle_deg for acquisition in _acquisitions(files, side_cars)]
    angles = tuple(angle for angle in each if angle is not None)
    if len(angles) != count:
        raise PerfusionError(
            f"Series {files[0].name!r} tells the flip angle of {len(angles)} of its {count} images: write FlipAngle "
            "into its side-car, one number an image."
        )
    return angles, "each image's own"


def _angle(given: Any, origin: str) -> float:
    """Return one flip angle as a number."""
    try:
        return float(given)
    except (TypeError, ValueError) as error:
        raise PerfusionError(f"A flip angle is {given!r} ({origin}), expected degrees: correct it.") from error


def _listed_angles(file: FileFrames, side_cars: SideCars) -> tuple[list[Any], str]:
    """Return the angles that stand in one list, and where; nothing where there is none."""
    if file.attributes.get(TAG_NAME) == "FlipAngle":
        return file.attributes.get(FRAME_LABELS, "").split(","), "frame labels"
    given = side_cars[0].get("FlipAngle")
    return (given, "BIDS FlipAngle") if isinstance(given, list) and len(side_cars) == 1 else ([], "")


def _repetition_time(files: Sequence[FileFrames], side_cars: SideCars) -> tuple[float, str]:
    """Return the one repetition time of all images, s, and where it was read."""
    known = [each for each in _acquisitions(files, side_cars) if each.tr_s is not None]
    if not known:
        raise PerfusionError(
            f"Series {files[0].name!r} does not tell its repetition time, needed for T1: write RepetitionTime, in s, "
            "into its side-car."
        )
    times_s = [each.needed("tr_s", "T1") for each in known]
    if max(times_s) - min(times_s) > SAME_TR_SHARE * max(times_s):
        raise PerfusionError(
            f"The images of series {files[0].name!r} have repetition times from {min(times_s):g} to {max(times_s):g} "
            "s: T1 needs flip angles at one repetition time."
        )
    return times_s[0], known[0].origins["tr_s"]


def _acquisitions(files: Sequence[FileFrames], side_cars: SideCars) -> list[Acquisition]:
    """Return how each file was acquired."""
    each = side_cars if len(side_cars) == len(files) else [*side_cars] * len(files)
    return [
        acquisition_from_attributes(file.attributes).completed_by(acquisition_from_bids(said))
        for file, said in zip(files, each, strict=True)
    ]
