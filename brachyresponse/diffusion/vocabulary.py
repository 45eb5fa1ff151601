"""Closed vocabularies of diffusion."""

from __future__ import annotations

from enum import StrEnum


class LesionPart(StrEnum):
    """Parts of a lesion that are measured apart, for a core of dead tissue has an ADC of its own."""

    SOLID = "solid"
    """The lesion without its core: what enhances, where it does."""
    CORE = "core"
    """The part that does not enhance."""
    REFERENCE = "reference"
    """Normal-appearing white matter: no part of a lesion."""


class Restriction(StrEnum):
    """How the middle of a lesion diffuses against its rim."""

    PRESENT = "present"
    """The core's ADC is lower than the rim's."""
    ABSENT = "absent"
    NO_CORE = "no core"
    """There is no core, or it is not known, or too little of it is valid."""
