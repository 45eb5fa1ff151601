"""A verification in files, and plans that were made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import slicer

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import dicom_plans, verification_exports
from brachyresponse.scene.seedverify_logic.nodes import PlanNode, VerificationNode
from brachyresponse.scene.seedverify_logic.study_logic import StudyLogic


class FileLogic(StudyLogic):
    """A verification in files, and plans that were made elsewhere."""

    def exportVerification(
        self, verificationNode: VerificationNode, folder: str | Path, report: Report = ignore_progress
    ) -> list[Path]:
        """Write JSON, tables, doses and the report into a folder and return the files; evaluates first if need be.

        What was found of robustness and of another scan is written too, while it belongs to the results.
        """
        return verification_exports.export_verification(self._verified(verificationNode, report), folder)

    def importDicomPlan(
        self,
        paths: str | Path | Sequence[str | Path],
        name: str = "",
        *,
        implantDate: date | str | None = None,
        source: str = "",
        prescriptionGy: float | None = None,
        target: str = "",
    ) -> PlanNode:
        """Read a plan made elsewhere, DICOM RT Plan with Structure Set and Dose, from a folder or from files.

        The error says what the plan leaves open, as the seed model: give it. Without ``implantDate`` the day of the
        strengths' certificate is taken, which the plan's notes say.
        """
        answers = dicom_plans.DicomAnswers(name, implantDate, source, prescriptionGy, target)
        return dicom_plans.import_dicom_plan(slicer.mrmlScene, paths, answers)

    def importDicomPlanFromDatabase(
        self,
        seriesUIDs: Sequence[str],
        name: str = "",
        *,
        implantDate: date | str | None = None,
        source: str = "",
        prescriptionGy: float | None = None,
        target: str = "",
    ) -> PlanNode:
        """Read a plan made elsewhere from series of Slicer's DICOM database; else as :meth:`importDicomPlan`."""
        answers = dicom_plans.DicomAnswers(name, implantDate, source, prescriptionGy, target)
        return dicom_plans.import_dicom_plan(slicer.mrmlScene, dicom_plans.files_in_database(seriesUIDs), answers)
