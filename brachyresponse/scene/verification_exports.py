"""A verification of the scene in files: record, tables, doses and the report."""

from __future__ import annotations

from pathlib import Path

import slicer

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.pictures import verification_pictures
from brachyresponse.report import VerificationReport, verification_report_html
from brachyresponse.report.verification_sections import rejected_section, robustness_section, scans_section
from brachyresponse.scene.plan_exports import writable_folder, write_text
from brachyresponse.scene.verification_cache import KeptVerification
from brachyresponse.scene.verification_parts import VerificationRole, need_verification_part, verification_part
from brachyresponse.scene.volumes import view_image
from brachyresponse.seeds import DetectedSeeds
from brachyresponse.types import AnyArray
from brachyresponse.verification import write_studies, write_verification


def export_verification(kept: KeptVerification, folder: str | Path) -> list[Path]:
    """Write a verification into a folder and return the files: JSON, CSV, dose and difference as NRRD, the report.

    Raises
    ------
    BrachyResponseError
        The implant CT cannot be read, or a file cannot be written.
    """
    folder, verification = writable_folder(folder), kept.verification
    page, implant = _page(kept), verification.implant
    return [
        *write_verification(verification, folder),
        *write_studies([kept.robustness] if kept.robustness else [], kept.scans, folder),
        _write_nrrd(implant.dose_gy, implant.grid, folder / "dose.nrrd"),
        _write_nrrd(verification.difference_gy, implant.grid, folder / "difference.nrrd"),
        write_text(page, folder / "report.html"),
    ]


def _page(kept: KeptVerification) -> str:
    volume_node = need_verification_part(kept.node, VerificationRole.IMPLANT_VOLUME, "implant CT")
    values, grid = view_image(volume_node, "implant CT")
    image = Volume(volume_node.GetName(), values, grid, "HU")
    found = kept.verification.request.found
    sections = [rejected_section(found)] if isinstance(found, DetectedSeeds) and found.rejected else []
    if kept.robustness is not None:
        sections.append(robustness_section([kept.robustness]))
    if kept.scans is not None:
        sections.append(scans_section(kept.scans))
    pictures = verification_pictures(kept.verification, image)
    return verification_report_html(VerificationReport(kept.verification, pictures, sections, _inputs(kept.node)))


def _inputs(verification_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[tuple[str, str], ...]:
    named = (("Implant CT", VerificationRole.IMPLANT_VOLUME), ("Planning CT", VerificationRole.PLAN_VOLUME))
    nodes = [(what, verification_part(verification_node, role)) for what, role in named]
    return tuple(
        (what, f"{node.GetName()}, {view_image(node, what)[1].describe()}") for what, node in nodes if node is not None
    )


def _write_nrrd(values: AnyArray, grid: Grid, path: Path) -> Path:
    import SimpleITK as sitk

    try:
        sitk.WriteImage(grid.to_image(values), str(path), useCompression=True)
    except RuntimeError as error:
        raise InputFileError(f"{path.name} cannot be written: choose another folder.") from error
    return path
