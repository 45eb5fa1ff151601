"""Plans, patient, prescription and source: what the upper half of the panel does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import slicer

from brachyresponse.digital_patient import build_patient
from brachyresponse.planning import OrganLimit, Rule, parse_limit
from brachyresponse.planning.implant import Implant
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import plan_setup
from brachyresponse.scene.brachydose_logic.editing_logic import EditingLogic
from brachyresponse.scene.brachydose_logic.nodes import PlanNode, SegmentationNode, VolumeNode
from brachyresponse.scene.inverse_preview import hide_planner_previews
from brachyresponse.scene.plan_activity import activity_choice, set_activity, with_strength
from brachyresponse.scene.plan_locks import locked_seeds, unlock
from brachyresponse.scene.plan_parts import plans_in
from brachyresponse.scene.plan_rules import plan_profile, reset_rule_limits, set_rule_limit
from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.plan_targets import check_inputs, grow_target, set_roles, set_segments
from brachyresponse.scene.plans import delete_plan
from brachyresponse.scene.results import read_limits, write_limits
from brachyresponse.scene.sample_patient import write_sample_patient
from brachyresponse.scene.template_preview import hide_template
from brachyresponse.seeds import Seeds


class PlanLogic(EditingLogic):
    """Plans, patient, prescription and source: what the upper half of the panel does."""

    def plans(self) -> list[PlanNode]:
        """Return the plans of the scene."""
        return plans_in(slicer.mrmlScene)

    def createPlan(
        self,
        volumeNode: VolumeNode | None = None,
        segmentationNode: SegmentationNode | None = None,
        targetSegmentID: str = "",
        *,
        like: PlanNode | None = None,
        name: str = "Plan",
    ) -> PlanNode:
        """Add a plan without needles and return its node; it starts ``like`` another one, or with the usual values."""
        if like is not None:
            planNode = plan_setup.copy_plan(like, name)
            unlock(planNode, None, None)
            self._editor.edit(planNode, Implant((), Seeds.none()))
            return planNode
        check_inputs(volumeNode, segmentationNode, targetSegmentID)
        planNode = plan_setup.start_plan(slicer.mrmlScene, name)
        plan_setup.set_image(planNode, volumeNode)
        plan_setup.set_segmentation(planNode, segmentationNode)
        set_segments(planNode, PlanSegments(gtv=targetSegmentID))
        return planNode

    def duplicatePlan(self, planNode: PlanNode, name: str = "") -> PlanNode:
        """Add a plan like another one, to be changed and compared, and return its node; results are not copied."""
        return plan_setup.copy_plan(planNode, name or planNode.GetName())

    def deletePlan(self, planNode: PlanNode) -> None:
        """Delete a plan with its needles, seeds, dose and tables; image and structures stay."""
        self._runs.drop(planNode)
        hide_template(planNode)
        hide_planner_previews(planNode)
        delete_plan(planNode)

    def loadSamplePatient(self, report: Report = ignore_progress) -> PlanNode:
        """Build the digital patient with a plan that is ready for needles, and return the plan."""
        return write_sample_patient(build_patient(report=report), slicer.mrmlScene)

    def setImage(self, planNode: PlanNode, volumeNode: VolumeNode | None) -> None:
        """Choose the planning image."""
        plan_setup.set_image(planNode, volumeNode)

    def setSegmentation(self, planNode: PlanNode, segmentationNode: SegmentationNode | None) -> None:
        """Choose the segmentation; with another one, the structures are to be chosen again."""
        plan_setup.set_segmentation(planNode, segmentationNode)

    def setStructures(self, planNode: PlanNode, **roles: str | Sequence[str]) -> None:
        """Choose segments by what they are: ``gtv``, ``ptv``, ``skin`` (IDs), ``organs``, ``avoid``, ``barriers``."""
        set_roles(planNode, roles)

    def growTarget(self, planNode: PlanNode, marginMm: float) -> str:
        """Make the PTV from the GTV by a margin that stops at the barriers and the skin; return its segment ID."""
        return grow_target(planNode, marginMm)

    def setLimits(self, planNode: PlanNode, limits: Sequence[str]) -> None:
        """Set the dose limits of the structures: a list as ``["Brainstem:D2cc<=60Gy", "Vessel:D0.1cc<=150Gy"]``."""
        write_limits([parse_limit(limit) for limit in limits], planNode)

    def limits(self, planNode: PlanNode) -> tuple[OrganLimit, ...]:
        """Return the dose limits of the structures."""
        return read_limits(planNode)

    def rules(self, planNode: PlanNode) -> tuple[Rule, ...]:
        """Return the rules of the site profile, with the limits that were changed for this plan."""
        return plan_profile(planNode).rules

    def setRuleLimit(
        self, planNode: PlanNode, ruleId: str, least: float | None = None, most: float | None = None
    ) -> None:
        """Change the limits of a rule for this plan, in the rule's unit; without any the rule has no limit."""
        set_rule_limit(planNode, ruleId, least, most)

    def resetRuleLimits(self, planNode: PlanNode, ruleId: str = "") -> None:
        """Go back to the profile's own limits, of one rule or of all; so does another profile."""
        reset_rule_limits(planNode, ruleId)

    def setPrescription(self, planNode: PlanNode, prescriptionGy: float, profile: str | None = None) -> None:
        """Set the prescribed dose, and the site profile unless it stays ("brain", "neck_node", "prostate", "own")."""
        plan_setup.set_prescription(planNode, prescriptionGy, profile)

    def setSource(self, planNode: PlanNode, source: str, surrogateFor: str = "") -> None:
        """Choose the seed model, by name or JSON file, and the seed that it stands in for, if any."""
        plan_setup.set_source(planNode, source, surrogateFor)

    def setActivity(
        self,
        planNode: PlanNode,
        *,
        activityMbq: float | None = None,
        activityMci: float | None = None,
        strengthU: float | None = None,
        referenceDate: date | str | None = None,
        implantDate: date | str | None = None,
    ) -> float:
        """Set activity or strength of one seed on the reference date, and the dates; what is not given stays.

        All seeds of the plan but locked ones get the strength that is left on the day of the implant, which is
        returned, U.
        """
        choice = activity_choice(planNode, (activityMbq, activityMci, strengthU), (referenceDate, implantDate))
        implant = self._editor.implant(planNode)
        seeds = with_strength(implant.seeds, choice.implant_strength_u, kept=locked_seeds(planNode))
        self._editor.edit(planNode, implant.with_seeds(seeds))
        set_activity(planNode, choice)
        return choice.implant_strength_u

    def setPatient(
        self, planNode: PlanNode, *, patientID: str | None = None, imageDate: date | str | None = None
    ) -> None:
        """Set patient ID and date of the planning image; what is not given stays."""
        plan_setup.set_patient(planNode, patientID, imageDate)
