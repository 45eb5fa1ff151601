"""An RT Structure Set: its contours by region of interest, and the structures they enclose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.files import read_as
from brachyresponse.errors import InputFileError, StructureError
from brachyresponse.geometry import Grid, Structure, contours_to_structure
from brachyresponse.types import FloatArray

MODALITY = "RTSTRUCT"
CLOSED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")
POINT = "POINT"
SAME_PLANE_MM = 0.1
LEAST_POINTS = 3


@dataclass(frozen=True, eq=False)
class Roi:
    """A region of interest of a structure set.

    Parameters
    ----------
    interpreted_type
        As the file says (``GTV``, ``PTV``, ``ORGAN``, ``EXTERNAL``, ``BRACHY_SRC_APP`` ...); empty where it does not.
    contours_mm
        Closed planar contours in RAS, (N, 3) each.
    points_mm
        What is marked by points, in RAS, (N, 3).
    slab_mm
        Thickness that the file gives its contours; None where it gives none.
    other_contours
        Number of contours that enclose nothing: open lines, and closed ones of fewer than three points.
    """

    number: int
    name: str
    interpreted_type: str
    frame_of_reference_uid: str
    contours_mm: tuple[FloatArray, ...]
    points_mm: FloatArray
    slab_mm: float | None = None
    other_contours: int = 0

    def to_structure(self, grid: Grid | None = None, *, slab_mm: float | None = None) -> Structure:
        """Return the structure that the contours enclose, with partial voxels.

        Each contour is a slab; where contours of one plane lie in each other, the inner one is a hole. The slabs are
        as thick as ``slab_mm``, or as the planes lie apart; a structure in one plane only is as thick as the file
        says, or as a slice of ``grid``.

        Parameters
        ----------
        grid
            The grid wanted, as that of the CT on which the contours were drawn; unless given, one of their own.

        Raises
        ------
        StructureError
            There are no closed contours, or they enclose nothing that lies on the grid, or the planes are uneven and
            no thickness is known.
        """
        if not self.contours_mm:
            what = f"{len(self.points_mm)} points and {self.other_contours} lines"
            raise StructureError(f"Structure {self.name!r} has no closed contours, found {what}: choose another one.")
        if slab_mm is None and _in_one_plane(self.contours_mm):
            slab_mm = self.slab_mm or (None if grid is None else float(grid.spacing_ijk_mm[2]))
        return contours_to_structure(self.name, self.contours_mm, grid=grid, slab_mm=slab_mm)


@dataclass(frozen=True, eq=False)
class RtStructures:
    """An RT Structure Set.

    Parameters
    ----------
    rois
        In the file's order.
    frame_of_reference_uid
        That of the contours; empty where the file does not say it or the regions have several.
    series_uids
        The image series on which the contours were drawn, as far as the file says.
    """

    label: str
    patient_id: str
    frame_of_reference_uid: str
    instance_uid: str
    series_uids: tuple[str, ...]
    rois: tuple[Roi, ...]
    warnings: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the regions, in the file's order."""
        return tuple(roi.name for roi in self.rois)

    def roi(self, name: str) -> Roi:
        """Return the region with a name.

        Raises
        ------
        StructureError
            No region has the name, or several have.
        """
        found = [roi for roi in self.rois if roi.name == name]
        if len(found) == 1:
            return found[0]
        listed = ", ".join(self.names) or "none"
        if found:
            raise StructureError(f"{len(found)} structures are called {name!r}: rename them in the structure set.")
        raise StructureError(f"There is no structure {name!r} in {self.label!r}, found: {listed}.")

    def to_structure(self, name: str, grid: Grid | None = None, *, slab_mm: float | None = None) -> Structure:
        """Return the structure with a name; as :meth:`Roi.to_structure`."""
        return self.roi(name).to_structure(grid, slab_mm=slab_mm)


def read_rt_structures(path: str | Path) -> RtStructures:
    """Return the regions of interest of an RT Structure Set, turned from LPS to RAS.

    Raises
    ------
    InputFileError
        The file cannot be read, is no structure set, or a contour is damaged; the message names it.
    """
    return structures_of(read_as(path, MODALITY, "RT Structure Set"))


def structures_of(attributes: Attributes) -> RtStructures:
    """Return the regions of interest of a dataset; errors as :func:`read_rt_structures`."""
    contours = {item.whole("ReferencedROINumber"): item for item in attributes.items("ROIContourSequence")}
    types = {
        item.whole("ReferencedROINumber"): item.text("RTROIInterpretedType", "")
        for item in attributes.items("RTROIObservationsSequence")
    }
    rois = tuple(_roi(item, contours, types) for item in attributes.items("StructureSetROISequence"))
    if not rois:
        raise InputFileError(f"{attributes.where}: the structure set holds no structure; export it with its contours.")
    frames = {roi.frame_of_reference_uid for roi in rois} - {""}
    return RtStructures(
        label=attributes.text("StructureSetLabel", ""),
        patient_id=attributes.text("PatientID", ""),
        frame_of_reference_uid=frames.pop() if len(frames) == 1 else attributes.text("FrameOfReferenceUID", ""),
        instance_uid=attributes.text("SOPInstanceUID", ""),
        series_uids=_series_uids(attributes),
        rois=rois,
        warnings=tuple(_warnings(rois)),
    )


def _roi(item: Attributes, contours: dict[int, Attributes], types: dict[int, str]) -> Roi:
    number = item.whole("ROINumber")
    name = item.text("ROIName", "") or f"ROI {number}"
    drawn = list(contours[number].items("ContourSequence")) if number in contours else []
    closed = [contour for contour in drawn if contour.text("ContourGeometricType") in CLOSED and _encloses(contour)]
    points = [contour for contour in drawn if contour.text("ContourGeometricType") == POINT]
    slabs = {contour.optional_number("ContourSlabThickness") for contour in closed}
    return Roi(
        number=number,
        name=name,
        interpreted_type=types.get(number, ""),
        frame_of_reference_uid=item.text("ReferencedFrameOfReferenceUID", ""),
        contours_mm=tuple(contour.points_ras("ContourData") for contour in closed),
        points_mm=np.concatenate([np.empty((0, 3)), *(point.points_ras("ContourData") for point in points)]),
        slab_mm=slabs.pop() if len(slabs) == 1 else None,
        other_contours=len(drawn) - len(closed) - len(points),
    )


def _encloses(contour: Attributes) -> bool:
    return len(contour.points_ras("ContourData")) >= LEAST_POINTS


def _series_uids(attributes: Attributes) -> tuple[str, ...]:
    return tuple(
        series.text("SeriesInstanceUID", "")
        for frame in attributes.items("ReferencedFrameOfReferenceSequence")
        for study in frame.items("RTReferencedStudySequence")
        for series in study.items("RTReferencedSeriesSequence")
    )


def _warnings(rois: Sequence[Roi]) -> list[str]:
    frames = sorted({roi.frame_of_reference_uid for roi in rois} - {""})
    warnings = [f"Structure {roi.name!r} has no contours." for roi in rois if not _is_drawn(roi)]
    warnings += [
        f"{roi.other_contours} contours of {roi.name!r} enclose nothing and were left out."
        for roi in rois
        if roi.other_contours and roi.contours_mm
    ]
    if len(frames) > 1:
        warnings.append(f"The structures lie in {len(frames)} frames of reference: {', '.join(frames)}.")
    repeated = sorted({roi.name for roi in rois if [other.name for other in rois].count(roi.name) > 1})
    return warnings + [f"Several structures are called {name!r}." for name in repeated]


def _is_drawn(roi: Roi) -> bool:
    return bool(roi.contours_mm) or len(roi.points_mm) > 0 or roi.other_contours > 0


def _in_one_plane(contours_mm: Sequence[FloatArray]) -> bool:
    """Tell whether all points of all contours lie in one plane."""
    points = np.concatenate(contours_mm)
    thickness = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[-1] / np.sqrt(len(points))
    return bool(thickness < SAME_PLANE_MM)
