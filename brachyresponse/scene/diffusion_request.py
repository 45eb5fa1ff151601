"""What the nodes of a visit say of its diffusion, as a request to the library: all is read, and nothing is written."""

from __future__ import annotations

import slicer

from brachyresponse.diffusion.request import DiffusionRequest
from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions.exclusions_on_grid import MaskRole
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
    implant, (dose, note) = implant_on(visit_node), _dose_on(visit_node)
    perfusion = visit_part(visit_node, VisitPart.PERFUSION)
    return DiffusionRequest(
        adc=read_adc(visit_node),
        lesions={id_: _lesion(visit_node, id_) for id_ in lesion_ids},
        white_matter=read_reference(visit_node),
        anatomical=_anatomical(visit_node),
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


def _anatomical(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Volume | None:
    """The image of the visit, on which cores and vessels are looked for; a CT shows neither."""
    if visit_part(visit_node, VisitPart.VOLUME) is None:
        return None
    image = visit_image(visit_node)
    return None if image.unit == HU else image


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
