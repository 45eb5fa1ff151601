"""Closed vocabularies of what is shown beside the markers, without weight."""

from __future__ import annotations

from enum import StrEnum


class T1Enhancement(StrEnum):
    """How the lesion takes up contrast on T1."""

    NODULAR = "nodular"
    """Nodular or mass-like."""
    DIFFUSE = "diffuse"
    """Diffuse or irregular."""


class T2FlairChange(StrEnum):
    """What T2/FLAIR shows about the lesion."""

    NOT_INCREASED = "not increased"
    INCREASED = "increased"
    MARKEDLY_INCREASED = "markedly increased"
