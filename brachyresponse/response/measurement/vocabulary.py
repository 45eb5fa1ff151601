"""The choices that a measurement leaves open, and where it came from."""

from __future__ import annotations

from enum import StrEnum


class Plane(StrEnum):
    """Planes that a lesion is measured in, besides any that is given by its normal."""

    AXIAL = "axial"
    SAGITTAL = "sagittal"
    CORONAL = "coronal"
    ACQUIRED = "acquired"
    """The image's own slices, along its third axis, however they lie."""


class Holes(StrEnum):
    """What becomes of a hole that the lesion encloses in a slice."""

    EXCLUDE = "exclude"
    """Not lesion: neither diameter may cross it."""
    FILL = "fill"
    """Lesion, as a necrotic core in its rim; what is open to the outside stays outside."""


class Rule(StrEnum):
    """Which pair of diameters stands for the lesion."""

    LONGEST = "longest diameter"
    """The longest diameter of all slices, and the longest perpendicular in its slice: the papers' way."""
    LARGEST_PRODUCT = "largest product"
    """The pair of crossing perpendicular diameters with the largest product, of all slices."""


class MeasurementOrigin(StrEnum):
    """Who measured."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
