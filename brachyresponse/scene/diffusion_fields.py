"""The values of a visit's diffusion that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import DiffusionError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class DiffusionField(StrEnum):
    """A value of a visit's diffusion; the enum's value is the attribute's name without our prefix."""

    UNIT = "DiffusionUnit"
    """Of the ADC map, where its volume does not say it."""
    B_VALUES = "DiffusionBValues"
    """Of the weighted images, s/mm2, in their order; empty where the map itself was chosen."""
    REFERENCE = "DiffusionReferenceSegment"
    """ID of the segment that is the normal-appearing white matter."""
    IS_REGISTERED = "DiffusionIsRegistered"
    """Whether a person says that the map lies on the image of the visit."""
    IS_UNDISTORTED = "DiffusionIsUndistorted"
    """Whether a person looked, and found the map not displaced at the lesion."""


DIFFUSION_FIELDS: FieldsOf[DiffusionField] = FieldsOf(OwnerKind.VISIT, DiffusionError)
diffusion_text, set_diffusion_field, diffusion_json = (
    DIFFUSION_FIELDS.text,
    DIFFUSION_FIELDS.put,
    DIFFUSION_FIELDS.json,
)
