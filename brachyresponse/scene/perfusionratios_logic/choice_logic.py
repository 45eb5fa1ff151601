"""Logic: what a study is computed with: images, T1, arterial input, settings, days, implant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from brachyresponse.perfusion.study import AifSource, PerfusionSettings, StudyDates, setting_facts
from brachyresponse.scene import perfusion_choices, perfusion_images, perfusion_t1
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text, set_perfusion_field
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusionratios_logic.nodes import (
    PerfusionNode,
    PointsNode,
    SegmentationNode,
    SeriesNode,
    VolumeNode,
)
from brachyresponse.scene.perfusionratios_logic.study_logic import StudyLogic


class ChoiceLogic(StudyLogic):
    """What a study is computed with: images, T1, arterial input, settings, days, implant."""

    def setAnatomicalVolume(self, perfusionNode: PerfusionNode, volumeNode: VolumeNode | None) -> None:
        """Choose the post-contrast image, in which lesions are clicked and white matter is found."""
        perfusion_images.set_image(perfusionNode, PerfusionRole.ANATOMICAL, volumeNode, "anatomical image")

    def anatomicalVolume(self, perfusionNode: PerfusionNode) -> VolumeNode | None:
        """Return the post-contrast image, or None."""
        return perfusion_part(perfusionNode, PerfusionRole.ANATOMICAL)

    def setT2StarVolume(self, perfusionNode: PerfusionNode, volumeNode: VolumeNode | None) -> None:
        """Choose the T2*- or susceptibility-weighted image, in which blood and calcification are looked for."""
        perfusion_images.set_image(perfusionNode, PerfusionRole.T2_STAR, volumeNode, "T2*-weighted image")

    def setB1Volume(self, perfusionNode: PerfusionNode, volumeNode: VolumeNode | None) -> None:
        """Choose the map of the flip angle's real share of the nominal one."""
        perfusion_images.set_image(perfusionNode, PerfusionRole.B1, volumeNode, "B1 map")

    def setT1(
        self,
        perfusionNode: PerfusionNode,
        seconds: float | None = None,
        volumeNode: VolumeNode | None = None,
        vfaNode: SeriesNode | Sequence[SeriesNode] | None = None,
        flipAnglesDeg: Sequence[float] = (),
        trS: float | None = None,
    ) -> None:
        """Choose T1 before contrast: one figure in s, a map, or images of several flip angles; nothing is none.

        Flip angles and repetition time are read from the images, where they tell them.
        """
        several = vfaNode if isinstance(vfaNode, (list, tuple)) else [vfaNode] if vfaNode is not None else ()
        choice = perfusion_t1.T1Choice(seconds, volumeNode, several, flipAnglesDeg, trS)
        perfusion_t1.set_t1(perfusionNode, choice)

    def setAif(
        self,
        perfusionNode: PerfusionNode,
        method: str,
        segmentationNode: SegmentationNode | None = None,
        segmentID: str = "",
        model: str = "parker",
    ) -> None:
        """Choose the arterial input: "automatic", "segment" with a segment, "population" with parker or another."""
        perfusion_choices.set_aif(perfusionNode, method, segmentationNode, segmentID, model)

    def aifSource(self, perfusionNode: PerfusionNode) -> AifSource:
        """Return where the arterial input comes from."""
        return perfusion_choices.aif_source(perfusionNode)

    def setModel(self, perfusionNode: PerfusionNode, model: str) -> None:
        """Choose the DCE model: tofts, extended_tofts, patlak, 2cum or 2cxm."""
        perfusion_choices.set_setting(perfusionNode, "model", model)

    def settings(self, perfusionNode: PerfusionNode) -> PerfusionSettings:
        """Return every setting; ``.rows()`` has labels, units and the sources of the defaults."""
        return perfusion_choices.read_settings(perfusionNode)

    def setting(self, perfusionNode: PerfusionNode, name: str) -> Any:
        """Return one setting."""
        return getattr(self.settings(perfusionNode), setting_facts(name).name)

    def setSetting(self, perfusionNode: PerfusionNode, name: str, value: Any) -> None:
        """Change one setting."""
        perfusion_choices.set_setting(perfusionNode, name, value)

    def setSettings(self, perfusionNode: PerfusionNode, **values: Any) -> None:
        """Change several settings, all or none."""
        perfusion_choices.set_settings(perfusionNode, values)

    def setDay(self, perfusionNode: PerfusionNode, what: str, day: date | str | None) -> None:
        """Set a day of the patient's course: "treatment", "progression" or "surgery"; None takes it away."""
        perfusion_choices.set_day(perfusionNode, what, day)

    def dates(self, perfusionNode: PerfusionNode) -> StudyDates:
        """Return the days that are known: ``.scan .treatment .progression .surgery``."""
        return perfusion_choices.read_dates(perfusionNode)

    def setDrug(self, perfusionNode: PerfusionNode, text: str) -> None:
        """Name an anti-angiogenic drug or high-dose steroid given before the scan; "" is none."""
        set_perfusion_field(perfusionNode, PerfusionField.DRUG, text.strip())

    def drug(self, perfusionNode: PerfusionNode) -> str:
        """Return the drug that was given before the scan; empty for none."""
        return perfusion_text(perfusionNode, PerfusionField.DRUG)

    def setSeeds(self, perfusionNode: PerfusionNode, seedsNode: PointsNode | None) -> None:
        """Choose the implant's seeds, of a plan or a verification, round which nothing is evaluated; None is none."""
        perfusion_images.set_seeds(perfusionNode, seedsNode)

    def seedsNode(self, perfusionNode: PerfusionNode) -> PointsNode | None:
        """Return the seeds, or None."""
        return perfusion_part(perfusionNode, PerfusionRole.SEEDS)

    def setDose(self, perfusionNode: PerfusionNode, doseNode: VolumeNode | None, limitGy: float | None = None) -> None:
        """Choose the implant's dose; white matter of reference lies where it is below the limit."""
        limit = {} if limitGy is None else {"dose_limit_gy": perfusion_choices.typed_setting("dose_limit_gy", limitGy)}
        perfusion_images.set_dose(perfusionNode, doseNode)
        perfusion_choices.set_settings(perfusionNode, limit)

    def doseNode(self, perfusionNode: PerfusionNode) -> VolumeNode | None:
        """Return the dose, or None."""
        return perfusion_part(perfusionNode, PerfusionRole.LIMIT_DOSE)
