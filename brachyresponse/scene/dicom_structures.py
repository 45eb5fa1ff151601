"""Regions of interest of an RT Structure Set as segments, each with what it is to the plan by the file's own word."""

from __future__ import annotations

from collections.abc import Iterable

import slicer

from brachyresponse.dicom import Roi, RtStructures
from brachyresponse.errors import StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.segments import write_structure

GTV_TYPES, PTV_TYPES = ("GTV", "CTV"), ("PTV",)
ORGAN_TYPES, SKIN_TYPES = ("ORGAN", "AVOIDANCE"), ("EXTERNAL",)
TYPE_TAG = "DicomRtImport.RoiInterpretedType"


def drawn_rois(
    structures: RtStructures | None, grid: Grid | None, target: str
) -> tuple[tuple[tuple[Roi, Structure], ...], tuple[str, ...]]:
    """Return the regions that are drawn, as structures, and sentences about those that had to be left out.

    Raises
    ------
    StructureError
        The target itself cannot be made a structure.
    """
    drawn, left_out = [], []
    for roi in structures.rois if structures is not None else ():
        if not roi.contours_mm:
            continue
        try:
            drawn.append((roi, roi.to_structure(grid)))
        except StructureError as error:
            if roi.name == target:
                raise
            left_out.append(f"Structure {roi.name!r} was left out: {error}")
    return tuple(drawn), tuple(left_out)


def write_rois(
    rois: Iterable[tuple[Roi, Structure]], segmentation_node: slicer.vtkMRMLSegmentationNode
) -> dict[int, str]:
    """Write regions as segments and return the segment IDs by the regions' numbers."""
    ids = {}
    names: set[str] = set()
    for roi, structure in rois:
        name = structure.name if structure.name not in names else f"{structure.name} ({roi.number})"
        names.add(name)
        ids[roi.number] = write_structure(structure, segmentation_node, name)
        segmentation_node.GetSegmentation().GetSegment(ids[roi.number]).SetTag(TYPE_TAG, roi.interpreted_type)
    return ids


def chosen_segments(rois: Iterable[Roi], ids: dict[int, str], target: str) -> PlanSegments:
    """Return what segments are to the plan: by the interpreted type in the file, and the target that the plan names."""
    of_type: dict[str, list[str]] = {}
    for roi in rois:
        of_type.setdefault(roi.interpreted_type.upper(), []).append(ids[roi.number])
    named = [(ids[roi.number], roi.interpreted_type.upper()) for roi in rois if roi.name == target]
    gtv, ptv = _first(of_type, GTV_TYPES), _first(of_type, PTV_TYPES)
    for segment, kind in named[:1]:
        gtv, ptv = (gtv, segment) if kind in PTV_TYPES else (segment, ptv)
    organs = tuple(segment for kind in ORGAN_TYPES for segment in of_type.get(kind, ()) if segment not in (gtv, ptv))
    return PlanSegments(gtv=gtv, ptv=ptv, organs=organs, skin=_first(of_type, SKIN_TYPES))


def _first(of_type: dict[str, list[str]], kinds: tuple[str, ...]) -> str:
    """The segment of the first kind that there is; empty where there is none, or several to choose from."""
    found = [of_type[kind] for kind in kinds if kind in of_type]
    return found[0][0] if found and len(found[0]) == 1 else ""
