"""The values of spectra that are attributes of their node: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import SpectroscopyError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class SpectraField(StrEnum):
    """A value of spectra; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    SERIES = "Series"
    """Name of the file."""
    CONTENT = "Content"
    """What the data node holds: ``SpectraContent``."""
    READING = "Reading"
    """What was done on reading, and by what the averages differed."""
    LESION = "LesionSlot"
    """Place, on the visit's node, of the lesion that a person laid the voxel on; it outlasts renaming."""
    SHOWN_VOXEL = "ShownVoxel"
    NORMAL_VOXELS = "NormalVoxels"
    SETTINGS = "Settings"
    VENTRICLE = "VentricleSegment"
    BONE = "BoneSegment"


class SpectraContent(StrEnum):
    """What the data node of spectra holds."""

    DECAYS = "NIfTI-MRS, base64"
    TABLE = "metabolite table"


SPECTRA_FIELDS: FieldsOf[SpectraField] = FieldsOf(OwnerKind.SPECTRA, SpectroscopyError)
spectra_text, set_spectra_field, spectra_json = SPECTRA_FIELDS.text, SPECTRA_FIELDS.put, SPECTRA_FIELDS.json
