"""Logic: visits brought to the baseline, and lesions matched from visit to visit."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.errors import ResponseError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.response.matching import LesionMatch, overrule
from brachyresponse.scene import response_matching, response_preview, response_registration
from brachyresponse.scene.nodes import SceneError, get_attribute
from brachyresponse.scene.perfusion_carrying import DAY
from brachyresponse.scene.response_parts import VisitPart, need_assessment, visit_part
from brachyresponse.scene.responseassess_logic.lesion_logic import LesionLogic
from brachyresponse.scene.responseassess_logic.nodes import TransformNode, VisitNode, VolumeNode


class MatchLogic(LesionLogic):
    """Visits brought to the baseline, and lesions matched from visit to visit."""

    def registerVisit(
        self, visitNode: VisitNode, report: Report = ignore_progress, aroundLesion: str = ""
    ) -> TransformNode:
        """Register the image of a visit to the baseline's, and return the transform, under which nothing is put.

        Of CTs of a neck give the lesion of the baseline round which the tissue is compared; otherwise bone is.
        """
        name = visitNode.GetName() if visitNode is not None else ""
        found = response_registration.register_to_baseline(visitNode, aroundLesion, report)
        if visitNode.GetScene() is None:
            raise SceneError(f"Visit {name!r} was removed while it was registered: nothing was written.")
        return response_registration.write_registration(visitNode, found)

    def registration(self, visitNode: VisitNode) -> TransformNode | None:
        """Return the transform from the image of a visit to the baseline's, or None."""
        return visit_part(visitNode, VisitPart.REGISTRATION)

    def unregister(self, visitNode: VisitNode) -> None:
        """Forget the registration of a visit."""
        response_preview.hide_preview(visitNode)
        response_registration.take_registration_away(visitNode)

    def residualMm(self, transformNode: TransformNode) -> float | None:
        """Return how uncertain a registration is, mm; None where it is not known."""
        return response_registration.read_motion(transformNode).residual_mm

    def registrationSentences(self, visitNode: VisitNode) -> tuple[str, ...]:
        """Return what there is to say of the registration of a visit: its day and residual, and what to look at."""
        node = self.registration(visitNode)
        if node is None:
            return ()
        found = response_registration.read_motion(node)
        residual = "unknown" if found.residual_mm is None else f"{found.residual_mm:.1f} mm"
        day = get_attribute(node, DAY)
        told = (f"Registered on {day}, residual {residual}. {found.residual_is}", *found.warnings)
        try:
            response_registration.check_target(node, need_assessment(visitNode))
        except ResponseError as error:
            return (str(error), *told)
        return told

    def previewRegistration(self, visitNode: VisitNode) -> VolumeNode:
        """Show the image of a visit over the baseline's; what is shown is a copy that is not saved."""
        return response_preview.show_preview(visitNode)

    def hidePreview(self, visitNode: VisitNode) -> None:
        """Take the preview away, and show what was shown before."""
        response_preview.hide_preview(visitNode)

    def isPreviewed(self, visitNode: VisitNode) -> bool:
        """Tell whether the registration of a visit is being shown."""
        return response_preview.is_previewed(visitNode)

    def matchLesions(self, visitNode: VisitNode) -> LesionMatch:
        """Propose which lesion of a visit is which of those known before; nothing is written."""
        return response_matching.match_visit(visitNode)

    def overruleMatch(
        self, match: LesionMatch, before: str | Sequence[str] = (), after: str | Sequence[str] = (), reason: str = ""
    ) -> LesionMatch:
        """Return a match in which lesions belong together as the reader says; nothing is written."""
        return overrule(match, before=before, after=after, reason=reason)

    def applyMatch(self, visitNode: VisitNode, match: LesionMatch) -> None:
        """Name the lesions of a visit as a match says, and say what became of the others."""
        response_matching.apply_match(visitNode, match)
