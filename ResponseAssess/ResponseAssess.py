"""ResponseAssess: lesions over time, the category by the chosen criteria, and the reason for it."""

import sys
import tempfile
from pathlib import Path

import slicer
from slicer import vtkMRMLScriptedModuleNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
)

# In a plain checkout the library lies beside the module's folder, and nothing else puts it on the path.
_checkout = Path(__file__).resolve().parent.parent
if (_checkout / "brachyresponse" / "__init__.py").is_file() and str(_checkout) not in sys.path:
    sys.path.insert(0, str(_checkout))

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.responseassess_logic import DiffusionLogic, EvidenceLogic, FileLogic, SpectroscopyLogic
from brachyresponse.slicer_panel.widget import ModuleWidget


class ResponseAssess(ScriptedLoadableModule):
    """What Slicer shows of the module before it is opened."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("ResponseAssess")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Quantification")]
        self.parent.dependencies = []
        self.parent.contributors = ["BrachyResponse contributors"]
        self.parent.helpText = _(
            "Follow the lesions of a treated patient from visit to visit: their diameters as lines that can be "
            "dragged, the sum with its change from baseline and nadir, the category by RANO, RANO-BM or RECIST with "
            "the rule that decided it, what would change it, and when the next scan is due. For a growing lesion it "
            "weighs what perfusion, diffusion, spectroscopy and PET say of recurrence or radiation necrosis, as an "
            "interval and never as a diagnosis. Research use only."
        )
        self.parent.acknowledgementText = _(
            "Criteria: RANO (Wen et al. 2010, J Clin Oncol 28:1963), RANO 2.0 (Wen et al. 2023, J Clin Oncol 41:5187; "
            "not checked against the paper's full text), RANO-BM (Lin et al. 2015, Lancet Oncol 16:e270), RECIST 1.1 "
            "(Eisenhauer et al. 2009, Eur J Cancer 45:228)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Offer the digital patient's follow-up in the Sample Data module; it is built here, nothing is downloaded."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="BrachyResponse",
        sampleName="BrachyDigitalFollowUp",
        thumbnailFileName=str(Path(__file__).parent / "Resources" / "Icons" / "ResponseAssess.png"),
        uris=[],
        fileNames=[],
        nodeNames=[],
        checksums=[],
        loadFiles=[],
        customDownloader=lambda source: ResponseAssessLogic().loadSamplePatient(),
    )


@parameterNodeWrapper
class ResponseAssessParameterNode:
    """What the panel shows and how; an assessment itself is in its own nodes."""

    assessment: vtkMRMLScriptedModuleNode
    visit: vtkMRMLScriptedModuleNode
    openSection: str = "visitsSection"
    today: str = ""


class ResponseAssessWidget(ModuleWidget):
    """The panel is in ``brachyresponse.slicer_panel.responseassess``, its life in ``ModuleWidget``."""

    def makeLogic(self):
        """Return the module's Logic."""
        return ResponseAssessLogic()

    def makePanel(self, ui, logic, window):
        """Return the module's panel."""
        from brachyresponse.slicer_panel.responseassess import ResponseAssessPanel

        return ResponseAssessPanel(ui, logic, window)


class ResponseAssessLogic(EvidenceLogic, DiffusionLogic, SpectroscopyLogic, FileLogic, ScriptedLoadableModuleLogic):
    """Everything the panel does, for scripts: each button is one call, and none needs a window.

    Positions are RAS in mm, lengths mm, volumes mL, dates ``datetime.date`` or text as "2026-03-06". What cannot be
    done raises a ``BrachyResponseError`` with a sentence that says why, and leaves the scene as it was.

    A session for the Python console; the digital patient is built here, nothing is downloaded:

    >>> from ResponseAssess import ResponseAssessLogic
    >>> logic = ResponseAssessLogic()
    >>> assessment = logic.loadSamplePatient()
    >>> study = logic.assess(assessment)
    >>> print(logic.why(logic.visits(assessment)[-1]))
    >>> evidence = logic.evidences(assessment)[0]
    >>> print(logic.weigh(evidence).headline)
    """

    def getParameterNode(self):
        """Return the panel's parameters."""
        return ResponseAssessParameterNode(super().getParameterNode())


class ResponseAssessTest(ScriptedLoadableModuleTest):
    """The main path, as *Reload and Test* runs it: sizes typed by hand, then the digital patient with its images."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Run each test on a scene of its own."""
        tests = (
            self.test_assessByHand,
            self.test_weighEvidence,
            self.test_assessSamplePatient,
            self.test_spectraFromAFile,
            self.test_badInputChangesNothing,
        )
        for test in tests:
            self.setUp()
            test()

    def test_assessByHand(self):
        """Sizes alone, without an image, give the categories: PR of half the product, PD of a quarter more."""
        logic = ResponseAssessLogic()
        assessment = logic.createAssessment("By hand")
        logic.setTumour(assessment, "high-grade glioma, recurrent")
        logic.addTreatment(assessment, "source removal", "2025-12-01")
        sizes = (
            ("2026-01-05", "baseline", 40, 30),
            ("2026-05-05", "follow-up", 28, 20),
            ("2026-07-05", "follow-up", 36, 24),
        )
        for day, role, longest, across in sizes:
            visit = logic.addVisit(assessment, day, role)
            logic.addManualLesion(visit, "1", longest, across)
            logic.setVisit(visit, "clinicalStatus", "stable_or_improved")
            logic.setVisit(visit, "t2Flair", "stable_or_improved")
            logic.setVisit(visit, "steroidDose", 0)
            logic.setVisit(visit, "steroidTrend", "stable")
        study = logic.assess(assessment)
        self.assertEqual([str(each.category) for each in study.assessment.visits], ["baseline", "PR", "PD"])
        self.assertEqual(logic.staleReason(assessment), "")
        with tempfile.TemporaryDirectory() as folder:
            names = {path.name for path in logic.exportAssessment(assessment, folder)}
        self.assertIn("response.json", names)
        logic.adjudicate(logic.visits(assessment)[-1], "SD", "biopsy showed necrosis")
        self.assertNotEqual(logic.staleReason(assessment), "")
        self.delayDisplay("Visits, sizes, criteria, category, files: passed")

    def test_weighEvidence(self):
        """One PET value moves the answer on a lesion from its prior, once the questions it depends on are answered."""
        logic = ResponseAssessLogic()
        assessment = logic.createAssessment("Evidence")
        logic.setTumour(assessment, "brain metastasis")
        visit = logic.addVisit(assessment, "2026-05-05", "baseline")
        logic.addManualLesion(visit, "1", 24, 20, volumeMl=5)
        evidence = logic.createEvidence(visit, "1")
        logic.addFinding(
            evidence,
            "fet_tbrmax_romagna",
            2.8,
            unit="1",
            statistic="maximum",
            reference_region="contralateral brain",
        )
        logic.collectFindings(evidence)
        for question, word in (("pet_as_in_study", "yes"), ("recent_seizure_or_surgery", "no")):
            logic.answer(evidence, question, word)
        logic.answer(evidence, "pet_reference_disturbed", "no")
        found = logic.weigh(evidence)
        self.assertEqual(str(found.verdict), "favours_recurrence")
        self.assertEqual(len(logic.assess(assessment).evidence), 1)
        self.assertEqual(logic.evidenceState(evidence), "")
        logic.setPrior(evidence, 0.2, 0.3, 0.4)
        self.assertNotEqual(logic.evidenceState(evidence), "")
        self.delayDisplay("Evidence: passed")

    def test_assessSamplePatient(self):
        """The digital patient's lesions, measured on their segments, progress where they truly do."""
        logic = ResponseAssessLogic()
        assessment = logic.loadSamplePatient()
        (evidence,) = logic.evidences(assessment)
        self.assertIn(logic.evidenceDisclaimer(), logic.weigh(evidence).statements)
        study = logic.assess(assessment)
        self.assertEqual([str(each.category) for each in study.assessment.visits], ["baseline", "PR", "PD", "PD"])
        self.assertEqual(study.assessment.progression_date, study.assessment.visits[2].date)
        self.assertTrue(logic.why(logic.visits(assessment)[-1]))
        self.delayDisplay("Sample patient: passed")

    def test_spectraFromAFile(self):
        """A simulated voxel, written as NIfTI-MRS and loaded, gives the ratio that it was made with."""
        import numpy as np

        from brachyresponse.digital_patient.spectroscopy import simulate_spectrum
        from brachyresponse.geometry import Grid
        from brachyresponse.spectroscopy import Spectra, write_nifti_mrs

        logic = ResponseAssessLogic()
        visit = logic.addVisit(logic.createAssessment("Spectra"), "2026-05-05", "baseline")
        logic.addManualLesion(visit, "1", 20, 15)
        made = simulate_spectrum({"NAA": 4.0, "Cr": 5.0, "Cho": 10.0}, snr=40.0, echo_time_ms=144.0, random_seed=1)
        voxel = Grid((1, 1, 1), np.diag([20.0, 20.0, 20.0, 1.0]))
        spectra = Spectra("voxel", made.fid[None, None, None], voxel, 0.0005, 123.25, 144.0)
        with tempfile.TemporaryDirectory() as folder:
            node = logic.loadSpectra(visit, write_nifti_mrs(spectra, Path(folder) / "voxel.nii.gz"))
        logic.setVoxelLesion(node, "1")
        logic.fitSpectra(node)
        found = logic.spectraRecord(node).lesion_ratio("1", "Cho/NAA")
        self.assertAlmostEqual(found.value, 2.5, delta=0.4)
        self.assertLess(found.low, found.high)
        self.assertEqual(logic.spectraStale(node), "")
        logic.removeSpectra(node)
        self.assertEqual(logic.spectra(visit), [])
        self.delayDisplay("Spectra: passed")

    def test_badInputChangesNothing(self):
        """Two visits on one day, and an assessment without a baseline, are refused."""
        logic = ResponseAssessLogic()
        assessment = logic.createAssessment()
        logic.addVisit(assessment, "2026-05-05")
        count = slicer.mrmlScene.GetNumberOfNodes()
        for wrong in (lambda: logic.addVisit(assessment, "2026-05-05"), lambda: logic.assess(assessment)):
            with self.assertRaises(BrachyResponseError):
                wrong()
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodes(), count)
        self.delayDisplay("Errors: passed")
