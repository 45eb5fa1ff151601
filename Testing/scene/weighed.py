"""A lesion at a visit with what evidence is collected from: invented records of perfusion, diffusion and spectra."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import slicer.util

from brachyresponse.geometry import Structure
from brachyresponse.perfusion.study import PerfusionRecord
from brachyresponse.response.evidence.markers import condition
from brachyresponse.scene.diffusion_map import UNITS, coded
from brachyresponse.scene.nodes import set_attribute
from brachyresponse.scene.parts import KIND_ATTRIBUTE, OWNER_CLASS, OwnerKind
from brachyresponse.scene.perfusion_parts import PerfusionRole, set_perfusion_part
from brachyresponse.scene.perfusion_records import write_record
from brachyresponse.scene.perfusion_staleness import mark_perfusion_current, perfusion_signature
from brachyresponse.scene.segments import write_structure
from scene.followed import BASELINE, FOLLOW_UP, Scan, add_scan, ball, grid

LESION, CENTRE_MM, RADIUS_MM = "T1", (8.0, 2.0, 0.0), 8.0
WHITE_MM = (-12.0, 2.0, 0.0)
FET = {"value": 2.8, "unit": "1", "statistic": "maximum", "reference_region": "contralateral brain"}
FET_ID = "fet_tbrmax_romagna"
ADC_LESION, ADC_WHITE = 1000.0, 800.0


@dataclass(frozen=True)
class Followed:
    """A patient with two visits, and the second one's scan."""

    assessment: Any
    visit: Any
    scan: Scan


def add_numbers(logic: Any) -> Any:
    """Two visits of a metastasis by its sizes alone; returns the second one."""
    node = logic.createAssessment("Anna")
    logic.setTumour(node, "brain metastasis")
    for day, role, longest in ((BASELINE, "baseline", 20.0), (FOLLOW_UP, "follow-up", 30.0)):
        visit = logic.addVisit(node, day, role)
        logic.addManualLesion(visit, LESION, longest, 15.0, volumeMl=longest / 10)
        logic.setVisit(visit, "clinicalStatus", "stable_or_improved")
    return visit


def add_drawn(logic: Any, scene: Any) -> Followed:
    """Two visits of a metastasis that is drawn on the scan of the second one."""
    visit = add_numbers(logic)
    scan = add_scan(scene, "June", ball(CENTRE_MM, RADIUS_MM))
    logic.setVisitVolume(visit, scan.volume)
    logic.removeLesion(visit, LESION)
    logic.addLesion(visit, scan.segmentation, scan.draw("Drawn", CENTRE_MM, RADIUS_MM), LESION)
    logic.measureLesion(visit, LESION)
    return Followed(logic.assessmentOf(visit), visit, scan)


def answer_all(logic: Any, evidence: Any) -> None:
    """Answer every open question as the markers need it."""
    for question in logic.questions(evidence):
        if question.answer == "unknown":
            logic.answer(evidence, question.id, condition(question.id).holds_when, by="A. Reader")


def add_perfusion(scene: Any, name: str, record: PerfusionRecord, day: str) -> Any:
    """A perfusion study that is measured already: its record, and a series of one frame."""
    node = scene.AddNewNodeByClass(OWNER_CLASS, name)
    set_attribute(node, KIND_ATTRIBUTE, OwnerKind.PERFUSION)
    set_perfusion_part(node, PerfusionRole.SERIES, add_scan(scene, f"{name} series").volume)
    write_record(node, replace(record, scan_date=date.fromisoformat(day), patient_id=""))
    mark_perfusion_current(node, perfusion_signature(node))
    return node


def add_adc(unit: bool = True) -> Any:
    """An ADC map on the grid of the scans, with noise, in 1e-6 mm2/s by its codes or without a word on it."""
    values = np.full(grid().shape_kji, ADC_WHITE) + np.random.default_rng(1).normal(0, 20, grid().shape_kji)
    values[ball(CENTRE_MM, RADIUS_MM)] += ADC_LESION - ADC_WHITE
    node = slicer.util.addVolumeFromArray(values.astype(np.float32), ijkToRAS=grid().ijk_to_ras, name="ADC")
    if unit:
        node.SetVoxelValueUnits(coded(*UNITS))
    return node


def add_white_matter(scan: Scan) -> tuple[Any, str]:
    """A ball of white matter on the other side."""
    structure = Structure("White matter", ball(WHITE_MM, 6.0), grid())
    return scan.segmentation, write_structure(structure, scan.segmentation)
