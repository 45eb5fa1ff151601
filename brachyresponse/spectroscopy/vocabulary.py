"""Closed vocabularies of MR spectroscopy."""

from __future__ import annotations

from enum import StrEnum


class Metabolite(StrEnum):
    """What is fitted, by the names that the field uses."""

    NAA = "NAA"
    CR = "Cr"
    CHO = "Cho"
    LAC = "Lac"
    LIP13 = "Lip13"
    LIP09 = "Lip09"
    INS = "Ins"
    """myo-Inositol: seen at short echo time."""
    GLX = "Glx"
    """Glutamate and glutamine together: seen at short echo time."""


class SpectraKind(StrEnum):
    """How many voxels there are."""

    SINGLE_VOXEL = "single voxel"
    MULTI_VOXEL = "multi-voxel"


class RatioName(StrEnum):
    """The ratios that are reported."""

    CHO_NAA = "Cho/NAA"
    CHO_CR = "Cho/Cr"
    LIP_LAC_CR = "(Lip+Lac)/Cr"
