"""How what is typed after an option becomes a value; the messages are shown with the option's name."""

from __future__ import annotations

import argparse
import math
import re
from datetime import date
from pathlib import Path

DIRECTIONS = {
    "R": (1.0, 0.0, 0.0),
    "L": (-1.0, 0.0, 0.0),
    "A": (0.0, 1.0, 0.0),
    "P": (0.0, -1.0, 0.0),
    "S": (0.0, 0.0, 1.0),
    "I": (0.0, 0.0, -1.0),
}
"""Where a needle points, entry to tip, in RAS."""


def positive_number(text: str) -> float:
    """Return a finite number above zero."""
    value = number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above zero: give a positive number")
    return value


def number_not_negative(text: str) -> float:
    """Return a finite number, zero or above."""
    value = number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative: give zero or more")
    return value


def number(text: str) -> float:
    """Return a finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number: write it like 12.5")
    return value


def count(text: str) -> int:
    """Return a whole number of at least 1."""
    if not re.fullmatch(r"\s*\d+\s*", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seeds: give a whole number from 1")
    return int(text)


def at_least_one(text: str) -> int:
    """Return a whole number, 1 or above."""
    value = whole_number(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is below 1: give 1, 2, 3 ...")
    return value


def whole_number(text: str) -> int:
    """Return a whole number, 0 or above."""
    if not re.fullmatch(r"\s*\d{1,9}\s*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number: give 0, 1, 2 ...")
    return int(text)


def weight(text: str) -> tuple[str, float]:
    """Return what is weighed and its weight from ``needle=0.5``; the last = counts."""
    name, sign, value = text.rpartition("=")
    if not (sign and name.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE: write it like needle=0.5")
    return name.strip(), number_not_negative(value)


def oedema(text: str) -> tuple[float, float]:
    """Return swelling and half-life in days from ``0.5,10``."""
    try:
        swelling, half_life_days = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an oedema: write the volume gained and its half-life in days like 0.5,10"
        ) from None
    return swelling, half_life_days


def day(text: str) -> date:
    """Return a date written as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: write it like 2026-01-31") from None


def of_day(text: str) -> tuple[date, Path]:
    """Return date and path from ``2026-01-31=scan.nrrd``."""
    written, sign, path = text.partition("=")
    if not (sign and path.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not DATE=FILE: write it like 2026-01-31=scan.nrrd")
    return day(written.strip()), Path(path.strip())


def label(text: str) -> tuple[int, str]:
    """Return label value and name from ``2=PTV``."""
    match = re.fullmatch(r"\s*(\d+)\s*=\s*(.+?)\s*", text)
    if not match or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a label: write its value and name like 2=PTV")
    return int(match[1]), match[2]


def direction(text: str) -> tuple[float, float, float]:
    """Return a direction in RAS from one of R L A P S I, or from three numbers ``x,y,z``."""
    if text.upper() in DIRECTIONS:
        return DIRECTIONS[text.upper()]
    try:
        x, y, z = (float(part) for part in re.split(r"[,\s]+", text.strip()))
    except ValueError:
        x = math.nan
    if not math.isfinite(x) or not 0 < math.hypot(x, y, z) < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a direction: give R, L, A, P, S, I or three numbers x,y,z")
    return x, y, z


def assignment(text: str) -> tuple[str, str]:
    """Return name and value from ``tr_s=0.005``."""
    name, sign, value = text.partition("=")
    if not (sign and name.strip() and value.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE: write it like tr_s=0.005")
    return name.strip(), value.strip()


def point(text: str) -> tuple[float, float, float]:
    """Return a position in RAS, mm, from ``x,y,z``."""
    try:
        x, y, z = (float(part) for part in re.split(r"[,\s]+", text.strip()))
    except ValueError:
        x = y = z = math.nan
    if not all(math.isfinite(value) for value in (x, y, z)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a point: give three numbers in mm, R,A,S")
    return x, y, z
