"""An image series: what it is, and how its slices lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.response.schedule.series_kind import (
    b_values_of,
    header,
    header_numbers,
    is_contrast_given,
    series_kind_of,
)
from brachyresponse.response.schedule.vocabulary import SeriesKind, SlicePlane

_PLANES = (SlicePlane.SAGITTAL, SlicePlane.CORONAL, SlicePlane.AXIAL)
"""By the axis of the patient, R, A or S, that is nearest to the slices' normal."""


@dataclass(frozen=True)
class SeriesFacts:
    """What a protocol asks of a series; None where it is not known.

    Parameters
    ----------
    spacing_mm
        Along rows, columns and slices.
    b_values
        Of diffusion, s/mm².
    kind_sentence
        Why it is taken for this kind.
    """

    name: str
    kind: SeriesKind
    plane: SlicePlane | None = None
    slice_thickness_mm: float | None = None
    spacing_mm: tuple[float, float, float] | None = None
    b_values: tuple[float, ...] = ()
    is_contrast: bool | None = None
    kind_sentence: str = ""

    def is_isotropic(self, largest_ratio: float) -> bool:
        """Tell whether its voxels are cubes, up to a ratio of two sides, so that every plane can be cut from it."""
        return self.spacing_mm is not None and max(self.spacing_mm) <= largest_ratio * min(self.spacing_mm)

    @property
    def thickness_mm(self) -> float | None:
        """Thickness of its slices; the distance between them where only that is known."""
        if self.slice_thickness_mm is not None:
            return self.slice_thickness_mm
        return None if self.spacing_mm is None else self.spacing_mm[2]


def series_facts(attributes: Mapping[str, Any], *, name: str = "", grid: Grid | None = None) -> SeriesFacts:
    """Return the facts of a series from its header.

    Parameters
    ----------
    attributes
        Keywords of DICOM with their values, as ``SeriesDescription``, ``EchoTime`` in ms, ``ImageOrientationPatient``;
        with or without a prefix that ends in ``DICOM.``.
    name
        How it is called; the description unless given.
    grid
        Of its image, from which plane and spacing are taken rather than from the header.
    """
    proposal = series_kind_of(attributes, name=name)
    thickness = header_numbers(attributes, "SliceThickness")
    return SeriesFacts(
        name=name or header(attributes, "SeriesDescription") or header(attributes, "ProtocolName") or "series",
        kind=proposal.kind,
        plane=plane_of(grid) if grid is not None else _header_plane(attributes),
        slice_thickness_mm=thickness[0] if thickness else None,
        spacing_mm=_spacing_mm(attributes, grid),
        b_values=b_values_of(attributes, name=name),
        is_contrast=is_contrast_given(attributes, name),
        kind_sentence=proposal.sentence,
    )


def plane_of(grid: Grid) -> SlicePlane:
    """Return the plane of the patient that is nearest to that of a grid's slices."""
    across = np.cross(grid.ijk_to_ras[:3, 0], grid.ijk_to_ras[:3, 1])
    return _PLANES[int(np.abs(across).argmax())]


def _header_plane(attributes: Mapping[str, Any]) -> SlicePlane | None:
    directions = header_numbers(attributes, "ImageOrientationPatient")
    if len(directions) != 6:
        return None
    across = np.cross(directions[:3], directions[3:])  # LPS or RAS: only the axis counts
    return _PLANES[int(np.abs(across).argmax())]


def _spacing_mm(attributes: Mapping[str, Any], grid: Grid | None) -> tuple[float, float, float] | None:
    if grid is not None:
        along_i, along_j, along_k = grid.spacing_ijk_mm.tolist()
        return along_i, along_j, along_k
    in_plane = header_numbers(attributes, "PixelSpacing")
    between = header_numbers(attributes, "SpacingBetweenSlices") or header_numbers(attributes, "SliceThickness")
    return (in_plane[0], in_plane[1], between[0]) if len(in_plane) == 2 and between else None
