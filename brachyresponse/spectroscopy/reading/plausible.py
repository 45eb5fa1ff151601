"""Between which limits the numbers of an acquisition make sense: a unit that was mistaken lies far outside."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.errors import SpectroscopyError


@dataclass(frozen=True)
class Limits:
    """What a number may be.

    Parameters
    ----------
    label
        What it is, in words, with the field of the format.
    unit
        In which the limits are.
    mistaken
        What was probably meant where it lies outside.
    """

    label: str
    unit: str
    low: float
    high: float
    mistaken: str


DWELL_TIME_S = Limits("dwell time (pixdim[4] with its unit)", "s", 2e-5, 1e-2, "another unit of time")
ECHO_TIME_S = Limits("echo time (EchoTime)", "s", 1e-4, 2.0, "milliseconds")
REPETITION_TIME_S = Limits("repetition time (RepetitionTime)", "s", 0.05, 60.0, "milliseconds")
TRANSMITTER_MHZ = Limits("transmitter frequency (SpectrometerFrequency)", "MHz", 10.0, 1000.0, "Hz")


def check_plausible(name: str, limits: Limits, value: float | None) -> None:
    """Refuse a number that no scanner has; None is not known, and passes.

    Raises
    ------
    SpectroscopyError
        It lies outside its limits.
    """
    if value is not None and not limits.low <= value <= limits.high:
        raise SpectroscopyError(
            f"{name}: the {limits.label} is {value:g} {limits.unit}, expected {limits.low:g} to {limits.high:g} "
            f"{limits.unit}; {limits.mistaken} may have been written: correct the file."
        )
