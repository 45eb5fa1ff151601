"""The digital patient as every test has it, built once by each process: it takes seconds."""

from __future__ import annotations

from functools import cache

from brachyresponse.digital_patient import DigitalPatient, build_patient


@cache
def the_patient() -> DigitalPatient:
    """The patient of the first random numbers; no test changes it."""
    return build_patient()
