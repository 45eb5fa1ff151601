"""Writing what was found out about an implant into the nodes of its verification."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.pictures.colours import DEFAULT_LEVELS_PERCENT
from brachyresponse.planning import Table, findings_table
from brachyresponse.scene.dose_difference import write_difference
from brachyresponse.scene.dose_volume import show_dose_for, write_dose
from brachyresponse.scene.isodose import show_isodoses
from brachyresponse.scene.isodose_levels import read_isodose_levels, write_isodose_levels
from brachyresponse.scene.nodes import batch, get_attribute, nodes_of_class, set_attribute
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.verification_chart import write_verification_dvhs
from brachyresponse.scene.verification_matching import write_pairs
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    need_verification_part,
    own_node,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verification_staleness import mark_verification_current
from brachyresponse.scene.verification_tables import (
    PairedSeeds,
    cold_regions_table,
    comparison_table,
    near_organs_table,
)
from brachyresponse.verification import Verification

PRESCRIPTION = "PrescriptionGy"
OVERLAY_OPACITY = 0.5


def write_results(verification_node: slicer.vtkMRMLScriptedModuleNode, verification: Verification) -> None:
    """Write a verification into the nodes of its node: dose, difference, isodoses, histograms, tables, arrows.

    Raises
    ------
    BrachyResponseError
        There is no such verification, or a node cannot be written.
    """
    with batch(verification_node.GetScene()):
        _write_doses(verification_node, verification)
        write_pairs(verification_node, _pairs(verification))
        for role, what, table in _tables(verification):
            write_table(table, own_node(verification_node, role, "vtkMRMLTableNode", what))
        write_verification_dvhs(verification_node, verification)
    mark_verification_current(verification_node)


def write_isodoses(verification_node: slicer.vtkMRMLScriptedModuleNode, levels_percent: Sequence[float]) -> None:
    """Draw the isodoses of the implant at other levels, in percent of the prescription.

    Raises
    ------
    SceneError, DoseError
        There is no dose, or the levels cannot be shown.
    """
    dose_node = need_verification_part(verification_node, VerificationRole.DOSE, "dose")
    write_isodose_levels(dose_node, float(get_attribute(dose_node, PRESCRIPTION)), levels_percent)
    show_isodoses(verification_node)


def show_difference(verification_node: slicer.vtkMRMLScriptedModuleNode, visible: bool) -> None:
    """Lay the dose difference over the image in every slice view, or take it away; other overlays are left alone.

    Raises
    ------
    SceneError
        It is to be shown and was not computed.
    """
    if verification_part(verification_node, VerificationRole.DIFFERENCE) is None and not visible:
        return
    node = need_verification_part(verification_node, VerificationRole.DIFFERENCE, "dose difference")
    for composite in nodes_of_class(verification_node.GetScene(), "vtkMRMLSliceCompositeNode"):
        if visible:
            composite.SetForegroundVolumeID(node.GetID())
            composite.SetForegroundOpacity(OVERLAY_OPACITY)
        elif composite.GetForegroundVolumeID() == node.GetID():
            composite.SetForegroundVolumeID(None)


def _write_doses(verification_node: slicer.vtkMRMLScriptedModuleNode, verification: Verification) -> None:
    scene, name = verification_node.GetScene(), verification_node.GetName()
    implant, prescription_gy = verification.implant, verification.request.plan.prescription_gy
    before = verification_part(verification_node, VerificationRole.DOSE)
    levels = [level.percent for level in read_isodose_levels(before)] if before else list(DEFAULT_LEVELS_PERCENT)
    dose_node = write_dose(implant.dose_gy, implant.grid, scene, f"{name} dose", node=before)
    dose_node.SetDescription(implant.plan.dose_description)
    set_attribute(dose_node, PRESCRIPTION, repr(float(prescription_gy)))
    if before is None:
        show_dose_for(dose_node, prescription_gy)
        set_verification_part(verification_node, VerificationRole.DOSE, dose_node)
    write_isodose_levels(dose_node, prescription_gy, levels)
    show_isodoses(verification_node)
    difference = own_node(
        verification_node, VerificationRole.DIFFERENCE, "vtkMRMLScalarVolumeNode", "implant minus plan (Gy)"
    )
    write_difference(verification.difference_gy, implant.grid, difference, prescription_gy)


def _pairs(verification: Verification) -> PairedSeeds:
    migrated = frozenset(seed.seed for seed in verification.migrated)
    return PairedSeeds(
        verification.planned_seeds, verification.found, verification.match, verification.displacements, migrated
    )


def _tables(verification: Verification) -> tuple[tuple[VerificationRole, str, Table], ...]:
    return (
        (VerificationRole.METRICS, "metrics plan and implant", comparison_table(verification)),
        (VerificationRole.FINDINGS, "findings", findings_table(verification.findings)),
        (VerificationRole.COLD, "cold regions", cold_regions_table(verification.cold_regions)),
        (VerificationRole.NEAR, "seeds near organs", near_organs_table(verification.near_organs)),
    )
