"""Logic: two visits of a patient side by side, what may be concluded, and the files."""

from __future__ import annotations

from pathlib import Path

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import PerfusionStudy
from brachyresponse.perfusion.interpretation import Interpretation
from brachyresponse.perfusion.study.judge import PRE_TREATMENT, JudgedStudy
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import perfusion_comparing, perfusion_exports, perfusion_sample
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_records import interpretations_of, need_record, read_record
from brachyresponse.scene.perfusionratios_logic.measure_logic import MeasureLogic
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode, TableNode, TextNode


class CompareLogic(MeasureLogic):
    """Two visits of a patient side by side, what may be concluded, and the files."""

    def compute(self, perfusionNode: PerfusionNode, report: Report = ignore_progress) -> PerfusionStudy:
        """Measure the study, write maps, ratios, chart and interpretation into the scene, and return it.

        Later visits that are compared with it are judged again.
        """
        later = {node: bool(self.staleReason(node)) for node in perfusion_comparing.later_studies(perfusionNode)}
        study = super().compute(perfusionNode, report)
        for node, wasStale in later.items():
            if node.GetScene() is not None:  # else it was deleted meanwhile
                self._judgeAgain(node, "its pre-treatment scan was measured again", wasStale=wasStale)
        return study

    def setPreTreatment(self, perfusionNode: PerfusionNode, otherNode: PerfusionNode | None) -> None:
        """Choose the study that was made before the treatment; None is no such scan.

        What was measured in this session and still holds is judged again at once.
        """
        holds = self._cache.find(perfusionNode) is not None and not self.staleReason(perfusionNode)
        perfusion_comparing.set_pre_treatment(perfusionNode, otherNode)
        if holds:
            self._judgeAgain(perfusionNode, "another pre-treatment scan was chosen")

    def preTreatment(self, perfusionNode: PerfusionNode) -> PerfusionNode | None:
        """Return the study that was made before the treatment, or None."""
        return perfusion_part(perfusionNode, PerfusionRole.PRE_TREATMENT)

    def comparisonTable(self, perfusionNode: PerfusionNode) -> TableNode | None:
        """Return the table of ratios before treatment and now, or None before the study was measured."""
        return perfusion_part(perfusionNode, PerfusionRole.COMPARISON)

    def timingTable(self, perfusionNode: PerfusionNode) -> TableNode | None:
        """Return the timing held against that of the study behind the limit, or None before it was measured."""
        return perfusion_part(perfusionNode, PerfusionRole.TIMING)

    def interpretations(self, perfusionNode: PerfusionNode) -> dict[str, Interpretation]:
        """Return what may be concluded, by lesion; nothing before the study was measured, or for a first scan."""
        record = read_record(perfusionNode)
        return {} if record is None else interpretations_of(record)

    def interpretation(self, perfusionNode: PerfusionNode, lesion: str = "") -> Interpretation:
        """Return what may be concluded of a lesion, the first one unless another is named.

        It is also there for a study that was measured in an earlier session; not for a pre-treatment scan.
        """
        found = interpretations_of(need_record(perfusionNode))
        if not found:
            raise PerfusionError(PRE_TREATMENT)
        if lesion and lesion not in found:
            raise PerfusionError(f"No lesion {lesion!r} was measured: choose one of {', '.join(found)}.")
        return found[lesion] if lesion else next(iter(found.values()))

    def interpretationText(self, perfusionNode: PerfusionNode) -> TextNode | None:
        """Return the text of what may be concluded, each sentence with its rule, or None before it was measured."""
        return perfusion_part(perfusionNode, PerfusionRole.INTERPRETATION)

    def exportStudy(
        self, perfusionNode: PerfusionNode, folder: str | Path, report: Report = ignore_progress
    ) -> list[Path]:
        """Write what the command line writes into a folder and return the files; measures first if need be."""
        return perfusion_exports.export_study(perfusionNode, self._judged(perfusionNode, report), folder)

    def loadSamplePatient(
        self, variant: str = "recurrence_at_margin", kind: str = "dce", report: Report = ignore_progress
    ) -> tuple[PerfusionNode, PerfusionNode]:
        """Build the digital patient's scans before the implant and at the follow-up, and return a study of each.

        Variants: recurrence_at_margin, lesion_in_implant, necrosis, never_hyperperfused; kinds: dce, dsc.
        """
        return perfusion_sample.load_sample_patient(slicer.mrmlScene, variant, kind, report)

    def _judged(self, perfusionNode: PerfusionNode, report: Report) -> JudgedStudy:
        """Return the last result while it holds, else a new one."""
        kept = self._cache.find(perfusionNode)
        if kept is None or self.staleReason(perfusionNode):
            self.compute(perfusionNode, report)
            kept = self._cache.find(perfusionNode)
        assert kept is not None
        return kept

    def _judgeAgain(self, perfusionNode: PerfusionNode, reason: str, *, wasStale: bool = False) -> None:
        """Judge a study again that was measured in this session and held; of others, say that they are stale."""
        kept = self._cache.find(perfusionNode)
        other = self.preTreatment(perfusionNode)
        if kept is None or wasStale or (other is not None and read_record(other) is None):
            self.markStale(perfusionNode, reason)
        else:
            self._cache.keep(perfusionNode, perfusion_comparing.judge_again(perfusionNode, kept))
