"""The digital patient after its implant in the scene: plan, implant CT with structures drawn on it, a verification."""

from __future__ import annotations

from datetime import datetime, time

import slicer

from brachyresponse.digital_patient import DigitalImplant, build_patient, implant_patient
from brachyresponse.planning import LoadingRule, TrackRule, load_needles, template_needles
from brachyresponse.progress import Report, share_of
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.needles import write_needles
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_choices import PlanChoices, write_plan_choices
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_setup import DEFAULT_SOURCE
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.sample_patient import (
    ORGANS,
    SKIN,
    TARGET,
    add_structures,
    add_volume,
    write_sample_patient,
)
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.seeds import write_seeds
from brachyresponse.scene.verification_fields import VerificationField, set_verification_field
from brachyresponse.scene.verification_plan_display import show_plan
from brachyresponse.scene.verification_segments import set_organs, set_target
from brachyresponse.scene.verifications import create_verification
from brachyresponse.seeds import Origin
from brachyresponse.sources import load_source, mbq_to_u

NEEDLE_DIRECTION = (0.0, 0.0, -1.0)
PITCH_MM, SPACING_MM, INSET_MM, LEAD_IN_MM = 10.0, 10.0, 0.0, 50.0
ACTIVITY_MBQ = 22.0
"""As in the demonstration on the command line."""
METAL_WINDOW = (2400.0, 700.0)
"""Width and level, HU, that show seeds and still the brain's outline."""


def load_sample_implant(scene: slicer.vtkMRMLScene, report: Report) -> slicer.vtkMRMLScriptedModuleNode:
    """Build the digital patient, plan it with a template, implant it, and return a verification of that.

    The structures on the implant CT are the true ones, as a careful reader would contour them anew.

    Raises
    ------
    Cancelled
        By the report; then nothing is added to the scene.
    """
    patient = build_patient(report=share_of(report, 0.0, 0.4))
    target, body = patient.structures[TARGET], patient.structures[SKIN]
    tracks = TrackRule(body=body, lead_in_mm=LEAD_IN_MM)
    needles = template_needles(target, direction=NEEDLE_DIRECTION, pitch_mm=PITCH_MM, tracks=tracks)
    strength_u = mbq_to_u(ACTIVITY_MBQ, load_source(DEFAULT_SOURCE).radionuclide)
    rule = LoadingRule(edge_mm=INSET_MM)
    seeds = load_needles(needles, target, spacing_mm=SPACING_MM, strength_u=strength_u, rule=rule)
    implant = implant_patient(patient, seeds, report=share_of(report, 0.4, 1.0))
    with batch(scene):
        plan_node = write_sample_patient(patient, scene)
        set_plan_field(plan_node, PlanField.CREATED, datetime.combine(patient.planning_ct_date, time(12)))
        write_plan_choices(plan_node, PlanChoices(strength_u))
        write_needles(needles, plan_node)
        write_seeds(seeds, seeds_node_of(plan_node), origin=Origin.PLANNED)
        show_seeds(plan_node)
        return write_implant(implant, plan_node)


def write_implant(
    implant: DigitalImplant, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add the implant CT with its structures, and a verification of it against a plan, and return the verification."""
    scene = plan_node.GetScene()
    with batch(scene):
        ct_node = add_volume(implant.ct, scene)
        ct_node.GetDisplayNode().SetWindowLevel(*METAL_WINDOW)
        structures = add_structures(implant.structures, ct_node, scene, "Structures on the implant CT")
        for node in (ct_node, structures):
            place(node, root_folder(scene))
        verification_node = create_verification(ct_node, plan_node)
        segment_id = structures.GetSegmentation().GetSegmentIdBySegmentName
        set_target(verification_node, "gtv", structures, segment_id(TARGET))
        set_organs(verification_node, structures, [segment_id(organ) for organ in ORGANS], segment_id(SKIN))
        for field, value in (
            (VerificationField.SCAN_DATE, implant.scan_date),
            (VerificationField.PATIENT_ID, implant.patient_id),
            (VerificationField.FRAME_OF_REFERENCE_UID, implant.frame_of_reference_uid),
        ):
            set_verification_field(verification_node, field, value)
        show_plan(verification_node, False)  # it lies elsewhere than the implant
    return verification_node
