"""Biological dose of a plan, of seeds or of a balloon: BED and EQD2 as ranges, and the sum with an earlier beam."""

from __future__ import annotations

import slicer

from brachyresponse.dose.biology import available_tissues, load_tissue
from brachyresponse.errors import PlanError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import biology_output
from brachyresponse.scene.biology_beam import BeamSettings, read_beam_settings, set_beam
from brachyresponse.scene.biology_computing import compute_biology, compute_volume, tissue_of
from brachyresponse.scene.biology_settings import TissueRow, set_tissue, tissue_rows
from brachyresponse.scene.brachydose_logic.nodes import ChartNode, PlanNode, TableNode, VolumeNode
from brachyresponse.scene.plan_parts import PlanRole, plan_part


class BiologyLogic:
    """Biological dose of a plan: shown as ranges over what is known of the tissues, never as a verdict."""

    def tissues(self) -> dict[str, str]:
        """Return the tissues that come with the library by name, each with its label."""
        return {name: load_tissue(name).label for name in available_tissues()}

    def biology(self, planNode: PlanNode) -> tuple[TissueRow, ...]:
        """Return the targets and organs of a plan with their tissues and parameters, as text ``3 (2-4)``."""
        return tissue_rows(planNode)

    def setBiology(self, planNode: PlanNode, segment: str, tissue: str | None = None, **values: str) -> TissueRow:
        """Choose the tissue of a structure (segment ID or name), change its parameters, or both; return its row.

        Parameters are ``alphaBetaGy``, ``repairHalfTimeH``, ``alphaPerGy``, ``doublingTimeDays``, ``kickOffDays``, each
        as ``"3 (2-4)"``; an empty text goes back to the preset's, and an empty tissue leaves the structure out.
        """
        return set_tissue(planNode, segment, tissue, values)

    def computeBiology(self, planNode: PlanNode, report: Report = ignore_progress) -> TableNode:
        """Compute BED and EQD2 of the structures whose tissue is chosen from the plan's dose; return the table."""
        return biology_output.write_biology(planNode, compute_biology(planNode, report))

    def biologyTable(self, planNode: PlanNode) -> TableNode | None:
        """Return the table: structure, metric, dose, and BED and EQD2 with their ranges; None while not computed."""
        return plan_part(planNode, PlanRole.BIOLOGY)

    def biologySentences(self, planNode: PlanNode) -> tuple[str, ...]:
        """Return what the biological dose rests on; where the implant is ineffective comes first."""
        return biology_output.biology_sentences(planNode)

    def biologyState(self, planNode: PlanNode) -> str:
        """Return why the biological dose no longer holds; empty while it does, or while there is none."""
        return biology_output.biology_state(planNode)

    def biologyChart(self, planNode: PlanNode) -> ChartNode | None:
        """Return the chart of the histograms of BED, or None while it is not computed."""
        return plan_part(planNode, PlanRole.BIOLOGY_CHART)

    def showBedChart(self, planNode: PlanNode) -> None:
        """Show the histograms of BED in a layout with a plot."""
        chart = self.biologyChart(planNode)
        if chart is None:
            raise PlanError(f"Plan {planNode.GetName()!r} has no histograms of BED: compute the biological dose first.")
        slicer.modules.plots.logic().ShowChartInLayout(chart)

    def bedVolume(self, planNode: PlanNode, segment: str = "") -> VolumeNode:
        """Return the likely BED of every voxel, Gy, with the parameters of a structure; computed when it is not there.

        Without a structure, the first whose tissue is chosen.
        """
        return _volume(planNode, PlanRole.BED, segment)

    def eqd2Volume(self, planNode: PlanNode, segment: str = "") -> VolumeNode:
        """Return the likely EQD2 of every voxel, Gy, as :meth:`bedVolume`."""
        return _volume(planNode, PlanRole.EQD2, segment)

    def showBed(self, planNode: PlanNode, shown: bool = True, segment: str = "") -> None:
        """Lay the BED of a structure's tissue over the image in the slice views, or take it away."""
        biology_output.show_bed(planNode, self.bedVolume(planNode, segment) if shown else None)

    def bedShown(self, planNode: PlanNode) -> bool:
        """Tell whether the slice views show the BED of a plan."""
        return biology_output.bed_shown(planNode)

    def earlierBeam(self, planNode: PlanNode) -> VolumeNode | None:
        """Return the dose of an earlier external beam, or None."""
        return plan_part(planNode, PlanRole.EARLIER_BEAM)

    def earlierFractions(self, planNode: PlanNode) -> int:
        """Return the fractions of the earlier beam; 0 while they are not known."""
        return read_beam_settings(planNode).fractions

    def earlierRecovered(self, planNode: PlanNode) -> float:
        """Return the percent of the earlier beam's EQD2 that is taken to have recovered."""
        return read_beam_settings(planNode).recovered_percent

    def setEarlierBeam(
        self,
        planNode: PlanNode,
        volumeNode: VolumeNode | None,
        fractions: int | None = None,
        recoveredPercent: float | None = None,
    ) -> None:
        """Choose the dose of an earlier external beam, Gy of the whole course; None takes it away.

        What is not given of fractions and recovered percent stays. The dose must lie in the space of the plan.
        """
        kept = read_beam_settings(planNode)
        settings = BeamSettings(
            kept.fractions if fractions is None else fractions,
            kept.recovered_percent if recoveredPercent is None else recoveredPercent,
        )
        set_beam(planNode, volumeNode, settings)


def _volume(planNode: PlanNode, role: PlanRole, segment: str) -> VolumeNode:
    row = tissue_of(planNode, segment)
    current = biology_output.current_volume(planNode, role, row.segment)
    if current is not None:
        return current
    volume = compute_volume(planNode, row.biology(), role)
    return biology_output.write_biology_volume(planNode, volume, role, row.segment)
