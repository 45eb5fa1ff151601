"""The evidence part of the demo: for each course the files that a clinic would have, and what is asked of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.command_line.demo_advanced import PerfusionOf, write_session, write_spectra
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.digital_patient import DigitalPatient
from brachyresponse.digital_patient.evidence import EvidenceSession, evidence_session, why_no_session
from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.response import ResponseVariant
from brachyresponse.digital_patient.response.tables import course_facts
from brachyresponse.progress import Report, share_of
from brachyresponse.seeds import Seeds

EVIDENCE, CASE, TRUTH, CSI = "evidence.json", "case.json", "truth.json", "csi"
TRUTH_SAYS = "the truth of the digital patient"
KNOWN_ANSWERS = {
    "antiangiogenic_therapy": "no",
    "reference_outside_irradiated": "yes",
    "vessel_or_plexus_in_roi": "no",
    "high_native_blood_volume": "no",
    "ischaemia_or_abscess": "no",
    "abscess_possible": "no",
    "infection_possible": "no",
    "inflammation": "no",
}
"""What nobody has to be asked of a patient that was made: no drug, no infection, no tumour rich in vessels."""
STEROIDS, STEROID_ANSWERS = "steroids", {"high_dose_steroid": "no"}
"""Asked where the record of treatments has no steroids; where it has some, the record answers."""
PET_ANSWERS = {"pet_as_in_study": "yes", "recent_seizure_or_surgery": "no", "pet_reference_disturbed": "no"}
PET_TYPED_IN = "The PET value is typed in, as a nuclear physician would report it: there is no PET image."
ONE_SESSION = (
    "Diffusion, spectra and perfusion show the lesion as the perfusion part of the digital patient has it: further "
    "away from the seeds than in the course of its visits, or among them for the pseudoprogression."
)
NO_PERFUSION = "No perfusion was scanned in this course."


@dataclass(frozen=True)
class AskedCourse:
    """A course, what is asked of it, and what is true of its lesion.

    ``file`` is None where the question makes no sense, for the reason in ``why_not``.
    """

    variant: ResponseVariant
    title: str
    truth: str
    lesion: str = ""
    visit: date | None = None
    file: Path | None = None
    why_not: str = ""


@dataclass(frozen=True)
class CourseFiles:
    """Where the files of a course go, and what there is already.

    Parameters
    ----------
    case
        That the course belongs to; None where ``respond`` is given it by other means.
    studies
        Folders of its perfusion studies; without any its perfusion is scanned and measured.
    before
        Folder of the DSC study before the implant; None where there is none.
    """

    folder: Path
    case: Mapping[str, Any] | None = None
    studies: Sequence[Path] = ()
    before: Path | None = None


def write_evidence(
    variant: ResponseVariant,
    patient: DigitalPatient | Head,
    seeds: Seeds | None,
    files: CourseFiles,
    report: Report,
) -> AskedCourse:
    """Scan and measure what a course has of advanced MRI, and write ``evidence.json`` with all that belongs to it.

    Parameters
    ----------
    seeds
        That were implanted, in the plan's space; None for a schematic implant.
    """
    facts = course_facts(variant)
    why_not = why_no_session(variant)
    if why_not:
        return AskedCourse(variant, facts["title"], facts["diagnosis"], why_not=why_not)
    session = evidence_session(variant, patient=patient, seeds=seeds, report=share_of(report, 0.0, 0.2))
    scanning = PerfusionOf(session, patient, seeds, files.before)
    studies = files.studies or scanning.measured(files.folder, share_of(report, 0.2, 0.8))
    with result_folder(files.folder) as work:
        report(0.8, f"Diffusion and spectra: {facts['title']}")
        write_session(session, work)
        _write({"diagnosis": session.truth.diagnosis, "adc_um2_per_s": dict(session.truth.adc_um2_per_s)}, work / TRUTH)
        if files.case is not None:
            _write(files.case, work / CASE)
        relative = [Path(os.path.relpath(study, files.folder)) for study in studies]
        _write(_asked(session, files, relative), work / EVIDENCE)
    if session.grid is not None:
        with result_folder(files.folder / CSI) as work:
            write_spectra(session, session.grid, work / f"{CSI}.nii.gz")
    return AskedCourse(
        variant,
        facts["title"],
        session.truth.diagnosis,
        session.lesion_id,
        session.scan_date,
        files.folder / EVIDENCE,
    )


def write_other_evidence(
    patient: DigitalPatient | Head,
    courses: Mapping[ResponseVariant, Mapping[str, Any]],
    folder: Path,
    before: Path | None,
    report: Report,
) -> list[AskedCourse]:
    """Write the evidence of courses whose cases are given, each into a folder of its own.

    Parameters
    ----------
    before
        Folder of a DSC study of the patient before the implant, as a course that begins alike may take it.
    """
    asked = []
    for number, (variant, case) in enumerate(courses.items()):
        part = share_of(report, number / len(courses), (number + 1) / len(courses))
        files = CourseFiles(folder / variant, case, before=before)
        asked.append(write_evidence(variant, patient, None, files, part))
    return asked


def _asked(session: EvidenceSession, files: CourseFiles, studies: Sequence[Path]) -> dict[str, Any]:
    """Return what ``respond --evidence`` is asked: records by their files, and what only the truth knows."""
    asked: dict[str, Any] = {
        "schema": 1,
        "lesion": session.lesion_id,
        "visit": session.scan_date.isoformat(),
        "answers": {name: {"answer": word, "by": TRUTH_SAYS} for name, word in _answers(session).items()},
        "diffusion": "diffusion.json",
        "spectroscopy": "spectroscopy.json",
        "inputs": [ONE_SESSION, *([] if studies else [NO_PERFUSION]), *([PET_TYPED_IN] if session.pet else [])],
    }
    if studies:
        asked["perfusion"] = [study.as_posix() for study in studies]
    if session.pet:
        asked["pet"] = [dict(session.pet)]
    if files.case is not None:
        asked["case"] = CASE
    return asked


def _answers(session: EvidenceSession) -> dict[str, str]:
    is_necrosis = session.truth.diagnosis == "necrosis"
    of_voxel = {"voxel_in_solid_part": "no", "voxel_mostly_necrosis": "yes"}
    if not is_necrosis:
        of_voxel = {"voxel_in_solid_part": "yes", "voxel_mostly_necrosis": "no"}
    has_steroids = any(row["kind"] == STEROIDS for row in course_facts(session.variant)["treatments"])
    of_drugs = {} if has_steroids else STEROID_ANSWERS
    return {**KNOWN_ANSWERS, **of_drugs, **of_voxel, **(PET_ANSWERS if session.pet else {})}


def _write(content: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
