"""What the nodes of a study say, as a request to the library: everything is read here, and nothing is written."""

from __future__ import annotations

import slicer

from brachyresponse.perfusion import DynamicSeries, SeriesKind
from brachyresponse.perfusion.study import PerfusionRequest
from brachyresponse.scene.perfusion_choices import read_aif_choice, read_dates, read_settings
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text
from brachyresponse.scene.perfusion_images import read_dose_volume, read_implant, read_volume
from brachyresponse.scene.perfusion_motion import read_motion
from brachyresponse.scene.perfusion_parts import PerfusionRole
from brachyresponse.scene.perfusion_segments import BRAIN, WHITE_MATTER, read_lesions, read_masks, read_optional
from brachyresponse.scene.perfusion_studies import chosen_kind, propose_kind, read_study_series
from brachyresponse.scene.perfusion_t1 import read_t1
from brachyresponse.seeds import Seeds


def read_request(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionRequest:
    """Return what a study is to be computed from.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read; the message names the node and says what to do.
    """
    series = read_study_series(perfusion_node)
    seeds = read_implant(perfusion_node)
    kind, note = chosen_kind(perfusion_node), ""
    if kind is None:
        kind, note = propose_kind(perfusion_node)
    return PerfusionRequest(
        series=series,
        kind=kind,
        lesions=read_lesions(perfusion_node),
        white_matter=read_optional(perfusion_node, WHITE_MATTER),
        anatomical=read_volume(perfusion_node, PerfusionRole.ANATOMICAL, "anatomical image"),
        t1=read_t1(perfusion_node) if kind is SeriesKind.DCE else None,
        b1=read_volume(perfusion_node, PerfusionRole.B1, "B1 map"),
        aif=read_aif_choice(perfusion_node),
        brain=read_optional(perfusion_node, BRAIN),
        masks=read_masks(perfusion_node),
        t2star=read_volume(perfusion_node, PerfusionRole.T2_STAR, "T2*-weighted image"),
        seeds=seeds,
        dose=read_dose_volume(perfusion_node),
        settings=read_settings(perfusion_node),
        dates=read_dates(perfusion_node),
        drug=perfusion_text(perfusion_node, PerfusionField.DRUG),
        patient_id=perfusion_text(perfusion_node, PerfusionField.PATIENT_ID),
        motion=read_motion(perfusion_node, series),
        notes=tuple(filter(None, (note, _note_on_seeds(seeds, series)))),
    )


def _note_on_seeds(seeds: Seeds | None, series: DynamicSeries) -> str:
    """Say it where no seed lies in the series: they may lie where the CT lies."""
    if seeds is None or any(series.grid.contains(position) for position in seeds.positions_mm):
        return ""
    return (
        f"None of the {seeds.count} seeds lies in the field of view of series {series.name!r}: where they belong "
        "there, put their list under the registration of the CT to this scan."
    )
