"""What the nodes of a visit say of its diffusion, as a request to the library: all is read, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import slicer

from brachyresponse.diffusion.request import DiffusionRequest
from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions.exclusions_on_grid import MaskRole
from brachyresponse.lesions.morphology import grid_part
from brachyresponse.scene.diffusion_choices import b_values, is_registered, is_undistorted, read_adc, read_reference
from brachyresponse.scene.perfusion_images import read_volume
from brachyresponse.scene.perfusion_parts import PerfusionRole
from brachyresponse.scene.perfusion_segments import read_masks
from brachyresponse.scene.response_doses import courses_on
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_lesions import find_entry
from brachyresponse.scene.response_measuring import need_structure
from brachyresponse.scene.response_parts import VisitPart, need_assessment, visit_part
from brachyresponse.scene.response_registration import HU, visit_image
from brachyresponse.scene.response_visits import day_of_visit

MARGIN_MM = 25.0
"""Round the lesions; vessels and cores are told by the tissue within 20 mm."""


def read_diffusion_request(
    visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_ids: tuple[str, ...]
) -> DiffusionRequest:
    """Return what the diffusion of lesions of a visit is to be measured from.

    Vessels, blood and other segments that the visit's perfusion study leaves out are left out here as well, and so is
    a margin round the seeds.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read; the message says what to do.
    """
    adc = read_adc(visit_node)
    implant, (dose, note) = implant_on(visit_node), _dose_on(visit_node)
    perfusion = visit_part(visit_node, VisitPart.PERFUSION)
    lesions = {id_: _lesion(visit_node, id_) for id_ in lesion_ids}
    return DiffusionRequest(
        adc=adc,
        lesions=lesions,
        white_matter=read_reference(visit_node),
        anatomical=_anatomical(visit_node, lesions.values()),
        masks=_masks(perfusion),
        t2star=None if perfusion is None else read_volume(perfusion, PerfusionRole.T2_STAR, "T2*-weighted image"),
        seeds=implant.seeds,
        dose=dose,
        b_values_s_per_mm2=b_values(visit_node),
        is_registered=is_registered(visit_node),
        is_undistorted=is_undistorted(visit_node),
        scan_date=day_of_visit(visit_node),
        patient_id=response_text(need_assessment(visit_node), ResponseField.PATIENT_ID),
        notes=tuple(filter(None, (implant.sentence, note))),
    )


def _lesion(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str) -> Structure:
    found = need_structure(visit_node, find_entry(visit_node, lesion_id))
    return Structure(lesion_id, found.occupancy, found.grid)


def _anatomical(visit_node: slicer.vtkMRMLScriptedModuleNode, lesions: Iterable[Structure]) -> Volume | None:
    """The image of the visit round the lesions, on which cores and vessels are looked for; a CT shows neither.

    The whole head would take seconds, and tells nothing more.
    """
    if visit_part(visit_node, VisitPart.VOLUME) is None:
        return None
    image = visit_image(visit_node)
    if image.unit == HU:
        return None
    points = np.concatenate([each.grid.to_ras(np.argwhere(each.mask)[:, ::-1]) for each in lesions])
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    if not image.grid.contains(middle):
        return image  # which the library says
    grid, part = grid_part(image.grid, middle, float(np.linalg.norm(high - low)) / 2 + MARGIN_MM)
    return Volume(image.name, image.values[part], grid, image.unit)


def _masks(perfusion_node: slicer.vtkMRMLScriptedModuleNode | None) -> dict[MaskRole, Structure]:
    return {} if perfusion_node is None else read_masks(perfusion_node)


def _dose_on(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Volume | None, str]:
    """The dose of the last course that has one, as it lies on the scan, or the sentence that says why there is none."""
    try:
        courses, _ = courses_on(visit_node)
    except BrachyResponseError as error:
        return None, f"The dose could not be brought to the scan: {error}"
    if not courses:
        return None, ""
    course = courses[-1]
    grid = Grid(course.dose.grid.shape_kji, course.to_scan @ course.dose.grid.ijk_to_ras)
    return Volume(course.dose.name, course.dose.values, grid, course.dose.unit), ""
