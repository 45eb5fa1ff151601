"""The JSON file beside an image, as BIDS writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.perfusion.series.frame_files import series_name

SideCar = str | Path | Mapping[str, Any] | None
"""A path, what such a file holds, or None: the file of the image's name is taken where there is one."""


def read_side_car(side_car: SideCar, image_path: Path) -> Mapping[str, Any]:
    """Return what a side-car says; nothing where none is given and none lies beside the image.

    Raises
    ------
    InputFileError
        The file given does not exist, or is no JSON object.
    """
    if isinstance(side_car, Mapping):
        return side_car
    beside = image_path.with_name(f"{series_name(image_path)}.json")
    path = beside if side_car is None else Path(side_car)
    if side_car is None and not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputFileError(f"The side-car {str(path)!r} cannot be read: {reason_of(error)}.") from error
    except ValueError as error:
        raise InputFileError(f"The side-car {str(path)!r} is not JSON: {error}; correct it.") from error
    if not isinstance(found, dict):
        raise InputFileError(f"The side-car {str(path)!r} holds a {type(found).__name__}, expected a JSON object.")
    return found


def numbers_of(side_car: Mapping[str, Any], key: str) -> tuple[float, ...] | None:
    """Return a list of numbers of a side-car; None where it has none.

    Raises
    ------
    InputFileError
        What stands there is no list of numbers.
    """
    given = side_car.get(key)
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(each, int | float) for each in given):
        raise InputFileError(f"The side-car's {key} is not a list of numbers: give one number a frame, in s.")
    return tuple(float(each) for each in given)
