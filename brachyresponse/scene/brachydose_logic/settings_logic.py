"""What the planner is told: tracks, places, weights, limits and what stays as it is. All of it is kept in the plan."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.planning import OrganLimit
from brachyresponse.planning.inverse import Locked, ObjectiveWeights, SeedPlacement, available_presets
from brachyresponse.scene import inverse_limits, inverse_settings, inverse_tracks, plan_locks
from brachyresponse.scene.brachydose_logic.editing_logic import EditingLogic
from brachyresponse.scene.brachydose_logic.nodes import PlanNode, SeedsNode, TableNode
from brachyresponse.scene.inverse_settings import SearchSettings, TrackSettings
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.results import read_limit_weights
from brachyresponse.sources import convert_strength


class PlannerSettingsLogic(EditingLogic):
    """What the planner is told; the plan keeps it, so that several plans differ and a saved scene restores them."""

    def tracks(self, planNode: PlanNode) -> TrackSettings:
        """Return where needles may run."""
        return inverse_settings.read_tracks(planNode)

    def setTracks(self, planNode: PlanNode, kind: str | None = None, **values: object) -> TrackSettings:
        """Say where needles may run, and return it: ``"template"``, ``"parallel"`` tracks, or a ``"fan"`` from entries.

        Values are those of ``TrackSettings``: ``direction`` ("inferior" ..., "needle 3", or a vector), ``pitchMm``,
        ``coneDeg``, ``directions``, ``entryDistanceMm``, ``needlesPerEntry``, ``originMm``; others stay.
        """
        return inverse_tracks.set_tracks(planNode, kind, values)

    def entries(self, planNode: PlanNode) -> SeedsNode | None:
        """Return the points at which needles of a fan enter, or None."""
        return inverse_tracks.entries_node(planNode)

    def setEntries(self, planNode: PlanNode, entriesNode: SeedsNode | None) -> None:
        """Choose the points at which needles of a fan enter."""
        inverse_tracks.set_entries(planNode, entriesNode)

    def startEntries(self, planNode: PlanNode) -> SeedsNode:
        """Return the list for the user to click entry points into, on a burr hole or the skin; made when absent."""
        return inverse_tracks.start_entries(planNode)

    def placement(self, planNode: PlanNode) -> SeedPlacement:
        """Return where seeds may lie."""
        return inverse_settings.read_placement(planNode)

    def setPlacement(self, planNode: PlanNode, **values: object) -> SeedPlacement:
        """Say where seeds may lie, and return it; what is not given stays.

        Values are those of ``SeedPlacement``: ``spacingMm``, ``loading`` ("loose" or "stranded"), ``seedMarginMm``,
        ``skinDepthMm``, ``avoidMarginMm``, ``mostNeedles``, ``mostSeeds``, ``levels`` ("centred" or "planes").
        """
        return inverse_settings.set_placement(planNode, values)

    def search(self, planNode: PlanNode) -> SearchSettings:
        """Return how a plan is searched for."""
        return inverse_settings.read_search(planNode)

    def setSearch(self, planNode: PlanNode, **values: object) -> SearchSettings:
        """Say how a plan is searched for: ``targetMarginMm``, ``randomSeed``, ``moves``; what is not given stays."""
        return inverse_settings.set_search(planNode, values)

    def strengthsOnHand(self, planNode: PlanNode) -> tuple[float, ...]:
        """Return the strengths of the seeds on hand, U on the reference date; none where only the plan's own are."""
        return inverse_settings.read_strengths(planNode)

    def setActivitiesOnHand(
        self,
        planNode: PlanNode,
        *,
        activitiesMbq: Sequence[float] = (),
        activitiesMci: Sequence[float] = (),
        strengthsU: Sequence[float] = (),
    ) -> tuple[float, ...]:
        """Say which seeds are on hand, by apparent activity or strength on the reference date; return these in U.

        Without any, only seeds of the plan's own activity are (``setActivity``).
        """
        radionuclide = read_plan_source(planNode).radionuclide
        given = {"MBq": activitiesMbq, "mCi": activitiesMci, "U": strengthsU}
        strengths = [float(convert_strength(value, unit, "U", radionuclide)) for unit in given for value in given[unit]]
        inverse_settings.set_strengths(planNode, tuple(strengths))
        return self.strengthsOnHand(planNode)

    def presets(self) -> tuple[str, ...]:
        """Return the names of the presets of the weights, the usual one first."""
        return available_presets()

    def weights(self, planNode: PlanNode) -> ObjectiveWeights:
        """Return what the planner punishes a plan for, and how much."""
        return inverse_settings.read_weights(planNode)

    def weightsPreset(self, planNode: PlanNode) -> str:
        """Return the preset of the weights; empty once one was changed."""
        return inverse_settings.read_preset(planNode)

    def setWeights(self, planNode: PlanNode, preset: str | None = None, **values: float) -> ObjectiveWeights:
        """Take the weights of a preset, change some, or both, and return them: ``setWeights(plan, needle=0.5)``."""
        return inverse_settings.set_weights(planNode, preset, values)

    def addLimit(self, planNode: PlanNode, limit: str | OrganLimit, weight: float = 1.0) -> None:
        """Add a limit as ``"Rectum:D2cc<=65%"``, with its weight in the planner's objective."""
        inverse_limits.add_limit(planNode, limit, weight)

    def removeLimit(self, planNode: PlanNode, limit: str | OrganLimit) -> None:
        """Take a limit away."""
        inverse_limits.remove_limit(planNode, limit)

    def setLimitWeight(self, planNode: PlanNode, limit: str | OrganLimit, weight: float) -> None:
        """Change the weight of a limit in the planner's objective."""
        inverse_limits.set_limit_weight(planNode, limit, weight)

    def limitWeights(self, planNode: PlanNode) -> dict[str, float]:
        """Return the weights of the limits by the limits' text."""
        return read_limit_weights(planNode)

    def limitsTable(self, planNode: PlanNode) -> TableNode | None:
        """Return the table of limits: structure, metric, sense, limit, unit, weight, found, result, note; or None."""
        return plan_part(planNode, PlanRole.LIMITS)

    def lockNeedle(self, planNode: PlanNode, *numbers: int, loadable: bool = False) -> None:
        """Lock needles and the seeds on them; on ``loadable`` ones the planner may lay further seeds.

        The views refuse to move what is locked, edits of it are refused, and the planner plans round it.
        """
        plan_locks.lock(planNode, needles=numbers, loadable=loadable)

    def lockSeed(self, planNode: PlanNode, *indices: int) -> None:
        """Lock seeds, and the needles that hold them; the planner may lay further seeds on these."""
        plan_locks.lock(planNode, seeds=indices)

    def unlock(
        self, planNode: PlanNode, needles: Sequence[int] | None = None, seeds: Sequence[int] | None = None
    ) -> None:
        """Unlock needles, by number, with the seeds on them, and seeds, by index; everything where none is given."""
        plan_locks.unlock(planNode, needles, seeds)

    def locked(self, planNode: PlanNode) -> Locked:
        """Return the needles and seeds that the planner must leave as they are."""
        return plan_locks.read_locked(planNode)

    def lockedNeedles(self, planNode: PlanNode) -> tuple[int, ...]:
        """Return the numbers of the needles that stay as they are."""
        return plan_locks.locked_needles(planNode)

    def lockedSeeds(self, planNode: PlanNode) -> tuple[int, ...]:
        """Return the indices of the locked seeds."""
        return plan_locks.locked_seeds(planNode)
