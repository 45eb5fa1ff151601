"""Logic: the studies of the scene, their series, how and when it was acquired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import slicer
from numpy.typing import ArrayLike

from brachyresponse.perfusion import Acquisition, SeriesKind
from brachyresponse.scene import perfusion_acquisition, perfusion_studies, perfusion_times
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_day, perfusion_text, set_perfusion_field
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_parts,
    perfusion_studies_in,
    require_perfusion,
)
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode, SeriesNode, TableNode
from brachyresponse.scene.perfusionratios_logic.state_logic import StateLogic


class StudyLogic(StateLogic):
    """The studies of the scene, their series, how and when it was acquired."""

    def studies(self) -> list[PerfusionNode]:
        """Return the perfusion studies of the scene."""
        return perfusion_studies_in(slicer.mrmlScene)

    def createStudy(
        self, seriesNodeOrNodes: SeriesNode | Sequence[SeriesNode], name: str = "Perfusion"
    ) -> PerfusionNode:
        """Add a study of a dynamic series and return its node.

        The series is a sequence (or the volume through which it is browsed), a multi-volume, or volumes in their
        order; linear transforms above it are applied. Frame times and acquisition are read; what is missing can be
        entered.
        """
        return perfusion_studies.create_study(slicer.mrmlScene, seriesNodeOrNodes, name)

    def deleteStudy(self, perfusionNode: PerfusionNode) -> None:
        """Delete a study with its maps, tables, charts and segments; the series and what the user made stay."""
        require_perfusion(perfusionNode)
        self._cache.forget(perfusionNode)
        perfusion_studies.delete_study(perfusionNode)

    def renameStudy(self, perfusionNode: PerfusionNode, name: str) -> None:
        """Rename a study, its folder and what belongs to it."""
        perfusion_studies.rename_study(perfusionNode, name)

    def setSeries(self, perfusionNode: PerfusionNode, seriesNodeOrNodes: SeriesNode | Sequence[SeriesNode]) -> None:
        """Choose another series; its times and acquisition are read anew."""
        perfusion_studies.set_series(perfusionNode, seriesNodeOrNodes)

    def seriesNodes(self, perfusionNode: PerfusionNode) -> list[SeriesNode]:
        """Return the node or nodes of the series; none once they were deleted."""
        return perfusion_parts(perfusionNode, PerfusionRole.SERIES)

    def setScanDate(self, perfusionNode: PerfusionNode, day: date | str | None) -> None:
        """Set the day of the scan, a date or text as "2026-03-06"; None takes it away."""
        perfusion_studies.set_scan_date(perfusionNode, day)

    def scanDate(self, perfusionNode: PerfusionNode) -> date | None:
        """Return the day of the scan, or None while it is not set."""
        return perfusion_day(perfusionNode, PerfusionField.SCAN_DATE)

    def setPatientID(self, perfusionNode: PerfusionNode, text: str) -> None:
        """Set the patient ID; "" takes it away."""
        set_perfusion_field(perfusionNode, PerfusionField.PATIENT_ID, text.strip())

    def patientID(self, perfusionNode: PerfusionNode) -> str:
        """Return the patient ID; empty when it is not known."""
        return perfusion_text(perfusionNode, PerfusionField.PATIENT_ID)

    def setKind(self, perfusionNode: PerfusionNode, kind: str) -> None:
        """Choose what the series is: "dce" or "dsc"."""
        perfusion_studies.set_kind(perfusionNode, kind)

    def kind(self, perfusionNode: PerfusionNode) -> SeriesKind | None:
        """Return what the series was said to be, or None while nothing was chosen."""
        return perfusion_studies.chosen_kind(perfusionNode)

    def proposedKind(self, perfusionNode: PerfusionNode) -> tuple[SeriesKind, str]:
        """Return what the series seems to be, and the sentence that says why."""
        return perfusion_studies.propose_kind(perfusionNode)

    def acquisition(self, perfusionNode: PerfusionNode) -> Acquisition:
        """Return how the series was acquired, in the library's units, with the origin of each figure."""
        return perfusion_acquisition.read_acquisition(perfusionNode)

    def acquisitionWarnings(self, perfusionNode: PerfusionNode) -> tuple[str, ...]:
        """Return what could not be read of the acquisition, and what of it does not fit together."""
        from brachyresponse.perfusion.series.checks import acquisition_warnings

        return acquisition_warnings(self.acquisition(perfusionNode))

    def acquisitionTable(self, perfusionNode: PerfusionNode) -> TableNode:
        """Return the table of parameter, value, unit and origin; what is typed into it counts (:meth:`takeEdits`)."""
        node = perfusion_part(perfusionNode, PerfusionRole.ACQUISITION)
        return node or perfusion_acquisition.show_acquisition(perfusionNode)

    def setParameter(self, perfusionNode: PerfusionNode, name: str, value: float | str | None) -> None:
        """Enter a parameter by its name and unit in the library, as ``tr_s``; None takes it away."""
        perfusion_acquisition.set_parameter(perfusionNode, name, value)

    def frameTimesTable(self, perfusionNode: PerfusionNode) -> TableNode:
        """Return the table of frames and their times in s; what is typed into it counts (:meth:`takeEdits`)."""
        return perfusion_part(perfusionNode, PerfusionRole.TIMES) or perfusion_times.show_times(perfusionNode)

    def setFrameTimes(self, perfusionNode: PerfusionNode, times: ArrayLike) -> None:
        """Enter the time between frames in s, one number, or the time of each frame."""
        perfusion_times.set_times(perfusionNode, times)

    def missingTimes(self, perfusionNode: PerfusionNode) -> str:
        """Return why the frame times are not known and what to do; empty when they are."""
        known = perfusion_times.read_times(perfusionNode)
        return known.said if known.time_s is None else ""

    def takeEdits(self, perfusionNode: PerfusionNode) -> bool:
        """Take what was typed into the tables of acquisition and frame times; tell whether anything was.

        What cannot be is refused with a sentence, and the table is as it was.
        """
        acquisition = perfusion_acquisition.take_acquisition_edits(perfusionNode)
        return perfusion_times.take_times_edits(perfusionNode) or acquisition
