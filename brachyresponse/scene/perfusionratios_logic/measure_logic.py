"""Logic: motion, maps, curves and ratios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import slicer
from numpy.typing import ArrayLike

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import Aif
from brachyresponse.perfusion.study import MapName, PerfusionStudy, StudyCurve
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import (
    perfusion_aif,
    perfusion_live,
    perfusion_maps,
    perfusion_measuring,
    perfusion_motion,
    perfusion_sequences,
    perfusion_staleness,
)
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_parts,
)
from brachyresponse.scene.perfusion_records import read_record
from brachyresponse.scene.perfusionratios_logic.nodes import (
    ChartNode,
    PerfusionNode,
    SequenceNode,
    TableNode,
    VolumeNode,
)
from brachyresponse.scene.perfusionratios_logic.region_logic import RegionLogic

FOLLOWED_ROLES = (
    PerfusionRole.SERIES,
    PerfusionRole.CORRECTED,
    PerfusionRole.ANATOMICAL,
    PerfusionRole.FLIP_ANGLES,
    PerfusionRole.T1_VOLUME,
    PerfusionRole.B1,
    PerfusionRole.T2_STAR,
    PerfusionRole.SEEDS,
    PerfusionRole.LIMIT_DOSE,
    PerfusionRole.PRE_TREATMENT,
    PerfusionRole.ACQUISITION,
    PerfusionRole.TIMES,
)


class MeasureLogic(RegionLogic):
    """Motion, maps, curves and ratios."""

    def loadSeries(
        self,
        paths: str | Path | Sequence[str | Path],
        sideCar: str | Path | None = None,
        report: Report = ignore_progress,
    ) -> SequenceNode:
        """Read a 4D NRRD or NIfTI file, or one 3D file a frame, with its BIDS JSON file, as a sequence."""
        return perfusion_sequences.load_series(slicer.mrmlScene, paths, sideCar, report)

    def correctMotion(self, perfusionNode: PerfusionNode, report: Report = ignore_progress) -> ChartNode:
        """Register the frames to one another, use the result from now on, and return the chart of the motion.

        A series that SequenceRegistration has registered needs none.
        """
        return perfusion_motion.correct_study_motion(perfusionNode, report)[0]

    def discardMotionCorrection(self, perfusionNode: PerfusionNode) -> None:
        """Use the series as it was scanned again."""
        perfusion_motion.discard_motion_correction(perfusionNode)

    def isMotionCorrected(self, perfusionNode: PerfusionNode) -> bool:
        """Tell whether a corrected series is used."""
        return perfusion_motion.is_motion_corrected(perfusionNode)

    def motionChart(self, perfusionNode: PerfusionNode) -> ChartNode | None:
        """Return the chart of the motion, or None before it was corrected."""
        return perfusion_part(perfusionNode, PerfusionRole.MOTION_CHART)

    def findAif(self, perfusionNode: PerfusionNode, report: Report = ignore_progress) -> Aif:
        """Return the arterial input that a run would take, with its quality; nothing is written."""
        return perfusion_aif.find_study_aif(perfusionNode, report)

    def compute(self, perfusionNode: PerfusionNode, report: Report = ignore_progress) -> PerfusionStudy:
        """Measure the study, write maps, ratios, chart and interpretation into the scene, and return it."""
        judged = perfusion_measuring.measure_study(perfusionNode, report)
        self._cache.keep(perfusionNode, judged)
        return judged.study

    def result(self, perfusionNode: PerfusionNode) -> PerfusionStudy | None:
        """Return what was measured in this session, or None."""
        kept = self._cache.find(perfusionNode)
        return None if kept is None else kept.study

    def warnings(self, perfusionNode: PerfusionNode) -> tuple[str, ...]:
        """Return what a person should look at, of the last run, also in an earlier session."""
        record = read_record(perfusionNode)
        return () if record is None else record.warnings

    def maps(self, perfusionNode: PerfusionNode) -> dict[MapName, VolumeNode]:
        """Return the volumes of the maps by name; none before they were computed."""
        return perfusion_maps.map_nodes(perfusionNode)

    def showMap(self, perfusionNode: PerfusionNode, name: str | None) -> None:
        """Lay a map over the images in the slice views, with its legend; None takes it away."""
        perfusion_maps.show_map(perfusionNode, name)

    def shownMap(self, perfusionNode: PerfusionNode) -> MapName | None:
        """Return the map that is shown, or None."""
        return perfusion_maps.shown_map(perfusionNode)

    def ratioTable(self, perfusionNode: PerfusionNode) -> TableNode | None:
        """Return the table of ratios, one row a lesion, map and statistic, or None before they were computed."""
        return perfusion_part(perfusionNode, PerfusionRole.RATIOS)

    def exclusionTable(self, perfusionNode: PerfusionNode) -> TableNode | None:
        """Return the table of what was left out of each lesion, or None before it was computed."""
        return perfusion_part(perfusionNode, PerfusionRole.EXCLUSIONS)

    def usedTable(self, perfusionNode: PerfusionNode) -> TableNode | None:
        """Return the table of every figure that was used, with its source, or None before it was computed."""
        return perfusion_part(perfusionNode, PerfusionRole.USED)

    def protocolSentences(self, perfusionNode: PerfusionNode) -> tuple[str, ...]:
        """Return which row of the consensus protocol a DSC matches, or none; empty before it was computed."""
        record = read_record(perfusionNode)
        return () if record is None else record.protocol

    def curveChart(self, perfusionNode: PerfusionNode) -> ChartNode | None:
        """Return the chart of arterial, lesion and white-matter curves with fits, or None before they were computed."""
        return perfusion_part(perfusionNode, PerfusionRole.CURVE_CHART)

    def showChart(self, perfusionNode: PerfusionNode) -> None:
        """Show the curves in a layout with a plot."""
        chart = self.curveChart(perfusionNode)
        if chart is None:
            raise PerfusionError(f"Perfusion study {perfusionNode.GetName()!r} has no curves yet: measure it first.")
        slicer.modules.plots.logic().ShowChartInLayout(chart)

    def curveAt(self, perfusionNode: PerfusionNode, positionRas: ArrayLike) -> StudyCurve | None:
        """Return the curve with its fit at a position, and show it in the chart; None outside the series.

        Before the study was measured it is the signal. Of a study of an earlier session there are curves while its
        results hold; the first takes a moment.
        """
        fitter = self._cache.find_fitter(perfusionNode)
        if fitter is None and (fitter := perfusion_live.fitter_of_before(perfusionNode)) is not None:
            self._cache.keep_fitter(perfusionNode, fitter)
        return perfusion_live.show_curve_at(perfusionNode, fitter, positionRas)

    def staleReason(self, perfusionNode: PerfusionNode) -> str:
        """Return why the results no longer hold; empty while they do, or while there are none."""
        return perfusion_staleness.stale_perfusion_reason(perfusionNode)

    def markStale(self, perfusionNode: PerfusionNode, reason: str) -> None:
        """Say why the results no longer hold, as the end of a sentence."""
        perfusion_staleness.mark_perfusion_stale(perfusionNode, reason)

    def perfusionNodes(self, perfusionNode: PerfusionNode) -> list[slicer.vtkMRMLNode]:
        """Return the nodes whose changes matter to a study: series, images, tables, seeds, dose, segmentations."""
        nodes = [node for role in FOLLOWED_ROLES for node in perfusion_parts(perfusionNode, role)]
        return nodes + self.segmentationNodes(perfusionNode)
