"""Needles and seeds: making, moving, undoing and following them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.planning import (
    LoadingRule,
    Needle,
    TrackRule,
    add_seed,
    attach,
    delete_seed,
    detach,
    find_needle,
    load_needles,
    nearest_needle,
    nudge,
    template_needles,
)
from brachyresponse.scene.brachydose_logic.editing_logic import EditingLogic
from brachyresponse.scene.brachydose_logic.nodes import LineNode, ModelNode, PlanNode
from brachyresponse.scene.needles import add_needle_node, is_drawn, needle_node
from brachyresponse.scene.plan_activity import implant_strength_u
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_parts import remove_part
from brachyresponse.scene.template_preview import hide_template, show_template
from brachyresponse.seeds import Seeds


class ImplantLogic(EditingLogic):
    """Needles and seeds: making, moving, undoing and following them."""

    def needles(self, planNode: PlanNode) -> tuple[Needle, ...]:
        """Return the needles, by number; depths on them are measured from the entry."""
        return self._editor.implant(planNode).needles

    def addNeedle(self, planNode: PlanNode, entryMm: ArrayLike, tipMm: ArrayLike, hole: str = "") -> LineNode:
        """Add a needle and return its line node."""
        implant = self._editor.implant(planNode)
        needle = Needle(implant.next_number, np.asarray(entryMm, float), np.asarray(tipMm, float), hole)
        self._editor.edit(planNode, implant.with_needles([*implant.needles, needle]))
        return needle_node(planNode, needle.number)

    def startNeedle(self, planNode: PlanNode) -> LineNode:
        """Add a line for the user to draw as the next needle, and return it; see :meth:`finishNeedle`."""
        return add_needle_node(planNode)

    def finishNeedle(self, planNode: PlanNode, lineNode: LineNode) -> bool:
        """Take a drawn line as a needle of the plan; one that was not drawn to its end is removed."""
        if not is_drawn(lineNode):
            remove_part(lineNode)
        return self.followEdits(planNode)

    def duplicateNeedle(self, planNode: PlanNode, number: int, offsetMm: float = 10.0) -> LineNode:
        """Add a needle like another one with its seeds, so far aside, and return its line node."""
        implant = self._editor.edit(planNode, self._editor.implant(planNode).with_copy(number, offsetMm))
        return needle_node(planNode, implant.next_number - 1)

    def deleteNeedle(self, planNode: PlanNode, *numbers: int) -> None:
        """Delete needles with their seeds."""
        implant = self._editor.implant(planNode)
        for number in numbers:
            find_needle(implant.needles, number)
        self._editor.edit(planNode, implant.without_needles(numbers))

    def templateNeedles(
        self, planNode: PlanNode, direction: ArrayLike, pitchMm: float, entryDistanceMm: float = 50.0
    ) -> tuple[Needle, ...]:
        """Return the needles of a template through the target; they begin at the skin, or so far before the target."""
        anatomy = read_plan_anatomy(planNode)
        tracks = TrackRule(body=anatomy.body, lead_in_mm=entryDistanceMm)
        target = anatomy.structures[anatomy.roles.ptv]
        return template_needles(target, direction=direction, pitch_mm=pitchMm, tracks=tracks)

    def previewTemplate(
        self, planNode: PlanNode, direction: ArrayLike, pitchMm: float, entryDistanceMm: float = 50.0
    ) -> ModelNode:
        """Show where a template's needles would run, and return the model; nothing of the plan is changed."""
        return show_template(self.templateNeedles(planNode, direction, pitchMm, entryDistanceMm), planNode)

    def hideTemplate(self, planNode: PlanNode) -> None:
        """Take the preview of a template away."""
        hide_template(planNode)

    def makeTemplate(
        self, planNode: PlanNode, direction: ArrayLike, pitchMm: float, entryDistanceMm: float = 50.0
    ) -> list[LineNode]:
        """Add the needles of a template to the plan, and return their line nodes; needles that are there stay."""
        implant = self._editor.implant(planNode)
        added = implant.numbered(self.templateNeedles(planNode, direction, pitchMm, entryDistanceMm))
        self._editor.edit(planNode, implant.with_needles([*implant.needles, *added]))
        hide_template(planNode)
        return [needle_node(planNode, needle.number) for needle in added]

    def seeds(self, planNode: PlanNode) -> Seeds:
        """Return the seeds."""
        return self._editor.implant(planNode).seeds

    def loadNeedles(
        self, planNode: PlanNode, spacingMm: float, insetMm: float = 0.0, numbers: Sequence[int] | None = None
    ) -> Seeds:
        """Lay seeds along needles inside the target, so far from its edge, and return all seeds.

        All needles are loaded unless ``numbers`` names some; seeds that lie on these are replaced.
        """
        implant, anatomy = self._editor.implant(planNode), read_plan_anatomy(planNode)
        needles = [needle for needle in implant.needles if numbers is None or needle.number in numbers]
        laid = load_needles(
            needles,
            anatomy.structures[anatomy.roles.ptv],
            spacing_mm=spacingMm,
            strength_u=implant_strength_u(planNode),
            rule=LoadingRule(edge_mm=insetMm),
        )
        kept = implant.seeds_off([needle.number for needle in needles])
        return self._editor.edit(planNode, implant.with_seeds(kept.joined(laid))).seeds

    def addSeed(self, planNode: PlanNode, positionMm: ArrayLike, needle: int | None = None) -> int:
        """Add a seed at a position, on the needle of a number or free, and return its index."""
        implant = self._editor.implant(planNode)
        on = None if needle is None else find_needle(implant.needles, needle)
        strength = implant_strength_u(planNode)
        seeds = add_seed(implant.seeds, positionMm, strength_u=strength, needle=on)
        return self._editor.edit(planNode, implant.with_seeds(seeds)).seeds.count - 1

    def extendNeedle(self, planNode: PlanNode, number: int, spacingMm: float) -> int:
        """Add a seed on a needle, so far before its shallowest seed, or the first one at its tip; return its index."""
        implant = self._editor.implant(planNode)
        return self.addSeed(planNode, implant.next_place_mm(number, spacingMm), needle=number)

    def deleteSeed(self, planNode: PlanNode, *indices: int) -> None:
        """Delete seeds."""
        self._editor.change_seeds(planNode, indices, delete_seed)

    def moveSeed(self, planNode: PlanNode, index: int, positionMm: ArrayLike) -> None:
        """Move a seed; one that belongs to a needle goes to the nearest place on it."""
        self._editor.change_seeds(planNode, [index], lambda seeds, seed: seeds.moved(seed, positionMm))

    def nudgeSeed(self, planNode: PlanNode, *indices: int, stepMm: float) -> None:
        """Move seeds along their needles, towards the tip when positive."""
        needle_of = self._editor.implant(planNode).needle_of
        self._editor.change_seeds(planNode, indices, lambda seeds, seed: nudge(seeds, seed, stepMm, needle_of(seed)))

    def detachSeed(self, planNode: PlanNode, *indices: int) -> None:
        """Free seeds from their needles."""
        self._editor.change_seeds(planNode, indices, detach)

    def attachSeed(self, planNode: PlanNode, *indices: int) -> None:
        """Lay seeds on the needles nearest to them."""
        needles = self.needles(planNode)
        self._editor.change_seeds(
            planNode,
            indices,
            lambda seeds, seed: attach(seeds, seed, nearest_needle(needles, seeds.positions_mm[seed])[0]),
        )

    def undo(self, planNode: PlanNode) -> None:
        """Take back the last change of needles and seeds."""
        self._editor.undo(planNode)

    def redo(self, planNode: PlanNode) -> None:
        """Do again what was taken back."""
        self._editor.redo(planNode)

    def canUndo(self, planNode: PlanNode) -> bool:
        """Tell whether a change can be taken back."""
        return self._editor.can_undo(planNode)

    def canRedo(self, planNode: PlanNode) -> bool:
        """Tell whether a change that was taken back can be done again."""
        return self._editor.can_redo(planNode)

    def followEdits(self, planNode: PlanNode, *, final: bool = True) -> bool:
        """Make needles and seeds agree after points were moved, clicked or deleted in views; tell whether any was."""
        return self._editor.follow(planNode, implant_strength_u(planNode), final=final)
