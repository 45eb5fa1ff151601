"""Logic: the lesions of a visit, their diameters, and what became of them."""

from __future__ import annotations

from numpy.typing import ArrayLike

from brachyresponse.response.measurement import Holes, LesionMeasurement, Plane
from brachyresponse.scene import response_editing, response_growing, response_lines, response_measuring
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.response_editing import LesionFacts
from brachyresponse.scene.response_lesion_list import VisitLesion, visit_lesions
from brachyresponse.scene.response_lesions import LesionEntry, find_entry, free_id, free_slot
from brachyresponse.scene.response_measuring import EnteredSizes
from brachyresponse.scene.responseassess_logic.nodes import LineNode, SegmentationNode, VisitNode
from brachyresponse.scene.responseassess_logic.visit_logic import VisitLogic


class LesionLogic(VisitLogic):
    """The lesions of a visit, their diameters, and what became of them."""

    def growLesion(self, visitNode: VisitNode, positionRas: ArrayLike) -> tuple[SegmentationNode, str]:
        """Grow an enhancing lesion from a click on the visit's image; returns its segmentation and segment ID.

        It is a segment as any other, and a lesion of the visit once it is added by :meth:`addLesion`.
        """
        return response_growing.grow_visit_lesion(visitNode, positionRas)

    def addLesion(
        self,
        visitNode: VisitNode,
        segmentationNode: SegmentationNode,
        segmentID: str,
        lesionId: str | None = None,
        kind: str | None = None,
        organ: str | None = None,
    ) -> str:
        """Add a segment as a lesion of a visit, and return the lesion's name, a free number unless one is given.

        The kind is "enhancing", "soft tissue" or "node"; what is not said is as at the other visits. It is not
        measured yet (:meth:`measureLesion`).
        """
        facts = LesionFacts(lesionId, kind, organ)
        return response_editing.add_segment_lesion(visitNode, segmentationNode, segmentID, facts).id

    def addManualLesion(
        self,
        visitNode: VisitNode,
        lesionId: str | None = None,
        longestMm: float | None = None,
        perpendicularMm: float | None = None,
        shortAxisMm: float | None = None,
        volumeMl: float | None = None,
    ) -> str:
        """Add a lesion by its sizes alone, or enter those of one that is there, and return its name."""
        sizes = EnteredSizes(longestMm, perpendicularMm, shortAxisMm, volumeMl)
        return response_editing.add_entered_lesion(visitNode, LesionFacts(lesionId), sizes).id

    def addStatedLesion(self, visitNode: VisitNode, lesionId: str, state: str) -> str:
        """Say what became of a lesion that has no size here: "absent", "too_small", "not_evaluable"."""
        return response_editing.add_stated_lesion(visitNode, LesionFacts(lesionId), state).id

    def addDrawnLesion(
        self,
        visitNode: VisitNode,
        longestRas: ArrayLike,
        perpendicularRas: ArrayLike | None = None,
        lesionId: str | None = None,
    ) -> str:
        """Add a lesion by the ends of its diameters, (2, 3) RAS mm each, as lines to be dragged; returns its name.

        A lesion of that name that is there gets these diameters.
        """
        name = lesionId or free_id(visitNode)
        known = next((each.id for each in self.lesions(visitNode) if each.id == name), None)
        entry = LesionEntry(free_slot(visitNode), name) if known is None else find_entry(visitNode, name)
        response_measuring.draw_diameters(visitNode, entry, longestRas, perpendicularRas)
        return name

    def setLesion(self, visitNode: VisitNode, lesionId: str, name: str, value: object) -> None:
        """Set a value of a lesion: state, role, kind, organ, mergedInto, partOf, field, certainty.

        Role, kind and organ are those of the lesion at all visits.
        """
        response_editing.set_lesion_value(visitNode, lesionId, name, value)

    def renameLesion(self, visitNode: VisitNode, old: str, new: str) -> None:
        """Say that a lesion is another one than was thought: at all visits a lesion has one name."""
        response_editing.rename_lesion(visitNode, old, new)

    def removeLesion(self, visitNode: VisitNode, lesionId: str) -> None:
        """Take a lesion off a visit, with its lines and the evidence on it; its segment stays."""
        response_editing.remove_lesion(visitNode, lesionId)

    def lesions(self, visitNode: VisitNode) -> list[VisitLesion]:
        """Return the lesions of a visit, with their sizes as the lines lie now."""
        return visit_lesions(visitNode)

    def measureLesion(
        self,
        visitNode: VisitNode,
        lesionId: str,
        plane: str = Plane.AXIAL.value,
        holes: str = Holes.EXCLUDE.value,
    ) -> LesionMeasurement:
        """Measure a lesion on its segment and draw its two diameters as lines; also the way back from dragged ones.

        The plane is "axial", "sagittal", "coronal" or "acquired"; holes are left out ("exclude") or filled ("fill").
        """
        return response_measuring.measure_on_segment(visitNode, lesionId, plane, holes)

    def lineNodes(self, visitNode: VisitNode, lesionId: str) -> list[LineNode]:
        """Return the lines of a lesion, the longest diameter first; none where only numbers are known.

        A reader may drag their ends: the sizes follow at once, and are marked as manual (:meth:`takeEdits`).
        """
        lines = response_lines.line_nodes(visitNode, find_entry(visitNode, lesionId).slot)
        return [lines[diameter] for diameter in response_lines.Diameter if diameter in lines]

    def showLines(self, visitNode: VisitNode, lesionId: str, show: bool = True) -> None:
        """Show or hide the lines of a lesion."""
        with batch(visitNode.GetScene()):
            for node in self.lineNodes(visitNode, lesionId):
                node.SetDisplayVisibility(show)
