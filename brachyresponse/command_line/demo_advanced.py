"""Advanced MRI of the demo's courses: perfusion near the lesion, diffusion and spectra, measured and written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brachyresponse.command_line.demo_perfusion import VARIANT, write_volume
from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.outputs import result_folder
from brachyresponse.diffusion import DiffusionRequest, measure_diffusion, write_adc, write_diffusion
from brachyresponse.digital_patient import DigitalPatient
from brachyresponse.digital_patient.evidence import DigitalSpectra, EvidenceSession
from brachyresponse.digital_patient.head import Head
from brachyresponse.digital_patient.perfusion import DigitalPerfusion, PatientVariant, Visit, perfusion_visit
from brachyresponse.digital_patient.perfusion.tables import tissues_at
from brachyresponse.digital_patient.response.tables import course_facts
from brachyresponse.geometry import Structure, share_on_grid
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import (
    PerfusionRequest,
    StudyDates,
    measure_perfusion,
    read_study_record,
    write_study,
)
from brachyresponse.progress import Report, share_of
from brachyresponse.seeds import Seeds
from brachyresponse.spectroscopy import (
    SpectroscopyRequest,
    measure_spectroscopy,
    read_spectra,
    write_nifti_mrs,
    write_spectroscopy,
)

ROUND_LESION_MM = 18.0
VESSELS = {"artery", "sinus"}
ONLY_NEAR = "DSC was evaluated near the lesion, in the vessels and in the white matter only: all that a ratio needs."
NO_DISTORTION = "The digital patient's diffusion lies on its anatomical images and is not distorted."


def write_session(session: EvidenceSession, folder: Path) -> None:
    """Write diffusion and spectra as a scanner would give them, with what is measured of them beside."""
    diffusion = session.diffusion
    write_adc(diffusion.adc, folder / "adc.nrrd")
    for image in diffusion.images:
        write_volume(image, folder / f"{image.name.lower().replace(' ', '_')}.nrrd")
    core = [] if session.core is None else [[session.core]]
    write_labels([[session.lesion, session.white_matter], *core], folder / "structures.seg.nrrd")
    cores = {} if session.core is None else {session.lesion_id: session.core}
    request = DiffusionRequest(
        adc=diffusion.adc,
        lesions={session.lesion_id: session.lesion},
        cores=cores,
        white_matter=session.white_matter,
        seeds=session.seeds,
        b_values_s_per_mm2=diffusion.b_values_s_per_mm2,
        is_registered=True,
        is_undistorted=True,
        scan_date=session.scan_date,
        patient_id=session.patient_id,
        notes=(NO_DISTORTION,),
    )
    write_diffusion(measure_diffusion(request), folder)
    write_spectra(session, session.single_voxel, folder / "single_voxel.nii.gz")


def write_spectra(session: EvidenceSession, measured: DigitalSpectra, path: Path) -> None:
    """Write spectra as NIfTI-MRS, read them back, as a clinic would, and write what is fitted beside them."""
    write_nifti_mrs(measured.spectra, path)
    request = SpectroscopyRequest(
        read_spectra(path),
        lesions=[session.lesion],
        seed_positions_mm=session.seeds.positions_mm,
        patient_id=session.patient_id,
        scan_date=session.scan_date,
    )
    write_spectroscopy(measure_spectroscopy(request), path.parent)


@dataclass(frozen=True)
class PerfusionOf:
    """Scans and measures the DSC of a course, before the implant and at its session of advanced MRI.

    Parameters
    ----------
    before
        Folder of a DSC study of the same patient before the implant, taken where this course begins alike.
    """

    session: EvidenceSession
    patient: DigitalPatient | Head
    seeds: Seeds | None
    before: Path | None = None

    def measured(self, folder: Path, report: Report) -> tuple[Path, ...]:
        """Return the folders of the studies; none where the course has no perfusion."""
        name = course_facts(self.session.variant)["perfusion_variant"]
        if name is None:
            return ()
        variant = PatientVariant(name)
        before = self.before
        if before is None or not _begins_alike(variant):
            before = self._written(variant, Visit.BEFORE, None, folder, share_of(report, 0.0, 0.5))
        return before, self._written(variant, Visit.FOLLOW_UP, before, folder, share_of(report, 0.5, 1.0))

    def _written(
        self, variant: PatientVariant, visit: Visit, before: Path | None, folder: Path, report: Report
    ) -> Path:
        scan = perfusion_visit(
            self.patient,
            variant=variant,
            visit=visit,
            kind=SeriesKind.DSC,
            seeds=self.seeds,
            report=share_of(report, 0.0, 0.7),
        )
        study = measure_perfusion(_perfusion_request(scan, self.session), report=share_of(report, 0.7, 1.0))
        results = folder / f"perfusion_dsc_{visit}"
        with result_folder(results) as work:
            write_study(study, work, before=None if before is None else read_study_record(before))
        return results


def _begins_alike(variant: PatientVariant) -> bool:
    """Tell whether a course's tumour was, before the implant, that of the demo's own perfusion scans."""
    return tissues_at(variant, Visit.BEFORE) == tissues_at(VARIANT, Visit.BEFORE)


def _perfusion_request(scan: DigitalPerfusion, session: EvidenceSession) -> PerfusionRequest:
    is_before = scan.visit is Visit.BEFORE
    return PerfusionRequest(
        series=scan.series,
        kind=scan.kind,
        lesions=scan.lesions,
        white_matter=scan.white_matter,
        anatomical=scan.anatomical,
        t2star=scan.t2star,
        seeds=scan.seeds,
        brain=_near_lesion(scan),
        dates=StudyDates(scan.scan_date if is_before else session.scan_date, scan.implant_date),
        patient_id=scan.patient_id,
        notes=(ONLY_NEAR,),
    )


def _near_lesion(scan: DigitalPerfusion) -> Structure:
    """Return where DSC is evaluated: models of the whole brain take far longer, and only a ratio is asked for."""
    scanned, grid = scan.truth.scanned, scan.series.grid
    (lesion,) = scan.lesions.values()
    near = np.linalg.norm(grid.points_mm() - lesion.centre_mm, axis=-1) <= ROUND_LESION_MM
    vessels = scanned.shares[[name in VESSELS for name in scanned.tissues]].sum(axis=0) >= 0.25
    return Structure("Near the lesion", near | vessels | (share_on_grid(scan.white_matter, grid) > 0), grid)
