"""The digital patient's GliaSite variant in the scene: images, structures, and a plan of its balloon as filled."""

from __future__ import annotations

from datetime import datetime, time

import slicer

from brachyresponse.digital_patient.gliasite import GliaSitePatient
from brachyresponse.scene.balloon_preview import show_balloon
from brachyresponse.scene.balloon_settings import (
    ActivityUnit,
    BalloonSettings,
    BalloonShapeKind,
    write_balloon_settings,
)
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.plan_choices import PlanChoices, write_plan_choices
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.plan_setup import start_plan
from brachyresponse.scene.plan_structures import PlanSegments, write_plan_segments
from brachyresponse.scene.sample_patient import ORGANS, SKIN, add_structures, add_volume
from brachyresponse.scene.source_kind import SourceKind, set_source_kind

BALLOON, GAP, BARRIERS = "Balloon", "Gap", ("Skull", "Ventricles")


def write_sample_balloon(patient: GliaSitePatient, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    """Add images and structures of the patient with the balloon, and a plan of it, and return the plan."""
    treatment = patient.treatment
    with batch(scene):
        volumes = [add_volume(image, scene) for image in (patient.mri, patient.ct, patient.mri_after)]
        segmentation = add_structures(patient.structures, volumes[0], scene, "Structures with the balloon")
        for node in (*volumes, segmentation):
            place(node, root_folder(scene))
        plan_node = start_plan(scene, "Balloon plan")
        set_plan_part(plan_node, PlanRole.PLANNING_VOLUME, volumes[0])
        set_plan_part(plan_node, PlanRole.SEGMENTATION, segmentation)
        for field, value in (
            (PlanField.PATIENT_ID, patient.patient_id),
            (PlanField.FRAME_OF_REFERENCE_UID, patient.frame_of_reference_uid),
            (PlanField.CREATED, datetime.combine(treatment.planned, time(12))),
            (PlanField.PLANNING_IMAGE_DATE, treatment.planned),
            (PlanField.IMPLANT_DATE, treatment.filled.date()),
            (PlanField.PRESCRIPTION_GY, treatment.prescription_gy),
        ):
            set_plan_field(plan_node, field, value)
        segment = segmentation.GetSegmentation().GetSegmentIdBySegmentName
        write_plan_segments(plan_node, PlanSegments(organs=tuple(map(segment, ORGANS)), skin=segment(SKIN)))
        write_plan_choices(plan_node, PlanChoices(barriers=tuple(map(segment, BARRIERS))))
        set_source_kind(plan_node, SourceKind.BALLOON)
        write_balloon_settings(plan_node, _settings(patient, segment(BALLOON), segment(GAP)))
        show_balloon(plan_node)
    return plan_node


def _settings(patient: GliaSitePatient, balloon: str, gap: str) -> BalloonSettings:
    treatment, truth = patient.treatment, patient.truth
    return BalloonSettings(
        treatment.assayed,
        treatment.filled,
        treatment.removed,
        shape=BalloonShapeKind.SEGMENT,
        segment=balloon,
        balloon_model=treatment.balloon_model,
        fill_volume_ml=truth.volume_ml,
        activity_mbq=treatment.activity_mbq,
        unit=ActivityUnit.MCI,
        depth_mm=treatment.prescription_depth_mm,
        recovered_mbq=treatment.recovered_mbq,
        gaps=(gap,),
    )
