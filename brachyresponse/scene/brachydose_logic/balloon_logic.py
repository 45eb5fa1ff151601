"""A balloon of radioactive liquid as the source of a plan."""

from __future__ import annotations

import slicer

from brachyresponse.digital_patient.gliasite import gliasite_patient
from brachyresponse.planning.balloon import BalloonEvaluation, balloon_models
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import balloon_plan, balloon_settings
from brachyresponse.scene.balloon_evaluation import (
    balloon_sentences,
    compute_balloon,
    leakage_of,
    set_activity_for_prescription,
    set_dwell_for_prescription,
    write_balloon_evaluation,
)
from brachyresponse.scene.balloon_preview import show_balloon
from brachyresponse.scene.balloon_settings import BalloonSettings
from brachyresponse.scene.brachydose_logic.nodes import ModelNode, PlanNode, SeedsNode, TableNode
from brachyresponse.scene.plan_evaluation import DoseExtent
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.sample_balloon import write_sample_balloon
from brachyresponse.scene.source_kind import is_balloon, set_source_kind, source_kind
from brachyresponse.sources import available_liquids, load_liquid


class BalloonLogic:
    """A balloon of radioactive liquid as the source of a plan; dose, histograms and tables are those of any plan."""

    def loadSampleBalloon(self, report: Report = ignore_progress) -> PlanNode:
        """Build the digital patient's GliaSite variant with a plan of its balloon as it was filled; return the plan."""
        return write_sample_balloon(gliasite_patient(report=report), slicer.mrmlScene)

    def sourceKind(self, planNode: PlanNode) -> str:
        """Return what a plan irradiates with: ``"seeds"`` or ``"balloon"``."""
        return source_kind(planNode)

    def setSourceKind(self, planNode: PlanNode, kind: str) -> None:
        """Choose what a plan irradiates with; what is set for the other kind stays in the plan."""
        set_source_kind(planNode, kind)
        if is_balloon(planNode):
            balloon_settings.write_balloon_settings(planNode, balloon_settings.read_balloon_settings(planNode))
        show_balloon(planNode)

    def liquids(self) -> dict[str, str]:
        """Return the liquids by name, each with its label."""
        return {name: load_liquid(name).label for name in available_liquids()}

    def balloonModels(self) -> dict[str, str]:
        """Return the balloons that are made by name, each with diameter and nominal volume."""
        return {
            model.name: f"{model.name} ({model.catalogue}), {model.nominal_ml:g} mL nominal"
            for model in balloon_models()
        }

    def balloon(self, planNode: PlanNode) -> BalloonSettings:
        """Return the balloon of a plan: shape, liquid, times, prescription's depth."""
        return balloon_settings.read_balloon_settings(planNode)

    def setBalloon(self, planNode: PlanNode, **values: object) -> BalloonSettings:
        """Change the balloon of a plan, and return it; what is not given stays.

        Values are those of ``BalloonSettings``: ``shape`` ("diameter", "volume" or "segment") with ``diameterMm``,
        ``volumeMl`` or ``segment`` (ID); ``activityMbq`` or ``activityMci``, contained at ``assayed``; ``filled``,
        ``removed``, ``interruptions``; ``wallMm``, ``liquid``, ``balloonModel``, ``fillVolumeMl``, ``depthMm``,
        ``recoveredMbq`` or ``recoveredMci``, ``gaps`` (segment IDs). Times are ``datetime`` or as "2026-03-06 10:00".
        """
        settings = balloon_settings.changed_balloon(balloon_settings.read_balloon_settings(planNode), values)
        balloon_settings.write_balloon_settings(planNode, settings)
        show_balloon(planNode)
        return settings

    def balloonCentre(self, planNode: PlanNode) -> SeedsNode | None:
        """Return the point at the centre of a spherical balloon; None where the middle of the target is taken."""
        return balloon_plan.balloon_centre_node(planNode)

    def setBalloonCentre(self, planNode: PlanNode, centreNode: SeedsNode | None) -> None:
        """Choose the point at the centre of a spherical balloon; None takes the middle of the target."""
        balloon_plan.set_balloon_centre(planNode, centreNode)
        show_balloon(planNode)

    def startBalloonCentre(self, planNode: PlanNode) -> SeedsNode:
        """Return the list for the user to click the centre of the balloon into; made when absent."""
        return balloon_plan.start_balloon_centre(planNode)

    def updateBalloonModel(self, planNode: PlanNode) -> ModelNode | None:
        """Draw the sphere where it is now, and return its model; None where the balloon is a segment."""
        return show_balloon(planNode)

    def evaluateBalloon(
        self, planNode: PlanNode, spacingMm: float = 1.0, marginMm: float = 30.0, report: Report = ignore_progress
    ) -> BalloonEvaluation:
        """Compute the dose of a balloon and write all that follows: isodoses, DVH, tables, sectors, dose by depth.

        Returns the ``BalloonEvaluation``. A plan of seeds is refused; :meth:`evaluatePlan` is for these.
        """
        evaluation = compute_balloon(planNode, DoseExtent(spacingMm, marginMm), report)
        write_balloon_evaluation(planNode, evaluation)
        return evaluation

    def dwellFor(self, planNode: PlanNode) -> str:
        """Set the removal at which the prescription is reached, and return a sentence; one never reached is refused."""
        return set_dwell_for_prescription(planNode)

    def activityFor(self, planNode: PlanNode) -> str:
        """Set the contained activity that gives the prescription in the plan's time, and return a sentence."""
        return set_activity_for_prescription(planNode)

    def balloonSentences(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return what the last computation said: dose at the depth, surface dose, fill check, sphericity, sectors."""
        return balloon_sentences(planNode)

    def balloonSectors(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of the balloon's surface by the patient's directions, or None while it is not computed."""
        return plan_part(planNode, PlanRole.BALLOON_SECTORS)

    def balloonDepthDose(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of dose against depth, or None while it is not computed."""
        return plan_part(planNode, PlanRole.BALLOON_DEPTHS)

    def leakageSentences(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return the balance of the activity in words; empty where none was measured."""
        found = leakage_of(self.balloon(planNode))
        return () if found is None else (found[0],)

    def leakageFlagged(self, planNode: PlanNode) -> bool:
        """Tell whether more activity is missing than may be."""
        found = leakage_of(self.balloon(planNode))
        return found is not None and found[1]
