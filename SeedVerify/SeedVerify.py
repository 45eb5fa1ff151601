"""SeedVerify: every seed found on the CT after an implant, and the implant that was really made, against its plan."""

import sys
import tempfile
from enum import Enum
from pathlib import Path
from typing import Annotated

import slicer
from slicer import vtkMRMLScriptedModuleNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper
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
from brachyresponse.scene.seedverify_logic import CaseLogic, FileLogic, RegistrationLogic, SeedsLogic
from brachyresponse.slicer_panel.widget import ModuleWidget


class SeedVerify(ScriptedLoadableModule):
    """What Slicer shows of the module before it is opened."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("SeedVerify")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Radiotherapy")]
        self.parent.dependencies = []
        self.parent.contributors = ["BrachyResponse contributors"]
        self.parent.helpText = _(
            "Verify a permanent iodine-125 seed implant: find every seed on the CT made after it, correct the few "
            "wrong ones, register the plan to it, and see seed by seed what moved, what is missing, and dose, DVH and "
            "metrics of plan and implant side by side. Research use only."
        )
        self.parent.acknowledgementText = _(
            "Dose by TG-43U1 (Rivard et al. 2004, Med Phys 31:633) and its supplement (Rivard et al. 2007, Med Phys "
            "34:2187)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Offer the digital patient's implant in the Sample Data module; it is built here, nothing is downloaded."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="BrachyResponse",
        sampleName="BrachyDigitalImplant",
        thumbnailFileName=str(Path(__file__).parent / "Resources" / "Icons" / "SeedVerify.png"),
        uris=[],
        fileNames=[],
        nodeNames=[],
        checksums=[],
        loadFiles=[],
        customDownloader=lambda source: SeedVerifyLogic().loadSampleImplant(),
    )


class Registering(Enum):
    """What plan and implant are registered on; kept by name in saved scenes."""

    BONE = "bone"
    SOFT_TISSUE = "soft tissue round the target"
    CONTOURS = "contours of the target"
    NONE = "none: one frame of reference"

    @property
    def method(self):
        """Return the method as the Logic takes it."""
        return self.name.lower()

    def label(self):
        """Return what the selector shows."""
        return _(self.value)


@parameterNodeWrapper
class SeedVerifyParameterNode:
    """What the panel shows and how; the verification itself is in its own nodes, so that two can be compared."""

    verification: vtkMRMLScriptedModuleNode
    otherVerification: vtkMRMLScriptedModuleNode
    openSection: str = "imagesSection"
    registering: Registering = Registering.BONE
    maxDistanceMm: Annotated[float, WithinRange(1, 50)] = 10.0
    byNeedle: bool = False
    aligned: bool = False
    showArrows: bool = True
    doseSpacingMm: Annotated[float, WithinRange(0.25, 10)] = 1.0
    doseMarginMm: Annotated[float, WithinRange(5, 200)] = 30.0
    showLines: bool = True
    showSurfaces: bool = False  # they would hide seeds and arrows
    showDifference: bool = False
    robustnessSamples: Annotated[int, WithinRange(10, 2000)] = 200
    positionSdMm: Annotated[float, WithinRange(0, 10)] = 0.5
    axisSdDeg: Annotated[float, WithinRange(0, 90)] = 10.0


class SeedVerifyWidget(ModuleWidget):
    """The panel is in ``brachyresponse.slicer_panel.seedverify``, its life in ``ModuleWidget``."""

    def makeLogic(self):
        """Return the module's Logic."""
        return SeedVerifyLogic()

    def makePanel(self, ui, logic, window):
        """Return the module's panel."""
        from brachyresponse.slicer_panel.seedverify import SeedVerifyPanel

        return SeedVerifyPanel(ui, logic, window)


class SeedVerifyLogic(CaseLogic, SeedsLogic, RegistrationLogic, FileLogic, ScriptedLoadableModuleLogic):
    """Everything the panel does, for scripts: each button is one call, and none needs a window.

    Positions are RAS in mm, doses Gy, dates ``datetime.date`` or text as "2026-03-06"; seeds are counted from 0, as
    they stand in the list. What cannot be done raises a ``BrachyResponseError`` with a sentence that says why, and
    leaves the scene as it was.

    A session for the Python console; the digital patient and its implant are built here, nothing is downloaded:

    >>> from SeedVerify import SeedVerifyLogic
    >>> logic = SeedVerifyLogic()
    >>> verification = logic.loadSampleImplant()
    >>> seeds = logic.findSeeds(verification)
    >>> found, expected, uncertain = logic.seedCounts(verification)
    >>> transform = logic.register(verification, "bone")
    >>> table = logic.matchSeeds(verification, maxDistanceMm=10)
    >>> result = logic.evaluate(verification, doseSpacingMm=2)
    >>> result.metric(result.judged_target, "d90").implant > 0
    True
    """

    def getParameterNode(self):
        """Return the panel's parameters."""
        return SeedVerifyParameterNode(super().getParameterNode())


class SeedVerifyTest(ScriptedLoadableModuleTest):
    """The main path, as *Reload and Test* runs it: the digital patient's implant, from the CT to the files."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Run each test on a scene of its own."""
        for test in (self.test_verifyImplant, self.test_badInputChangesNothing):
            self.setUp()
            test()

    def test_verifyImplant(self):
        """Seeds are found, corrected, matched to the plan, evaluated and exported."""
        logic = SeedVerifyLogic()
        verificationNode = logic.loadSampleImplant()
        logic.findSeeds(verificationNode)
        found, expected, _uncertain = logic.seedCounts(verificationNode)
        self.assertLessEqual(abs(found - expected), 3)
        self.correct(logic, verificationNode)
        logic.register(verificationNode, "bone")
        logic.matchSeeds(verificationNode)
        verification = logic.evaluate(verificationNode, doseSpacingMm=2.0)
        self.assertGreater(verification.metric(verification.judged_target, "d90").implant, 0)
        self.assertEqual(logic.staleReason(verificationNode), "")
        with tempfile.TemporaryDirectory() as folder:
            names = {path.name for path in logic.exportVerification(verificationNode, folder)}
        self.assertIn("verification.json", names)
        self.delayDisplay("Find, correct, register, match, evaluate, export: passed")

    def test_badInputChangesNothing(self):
        """A verification without seeds is not evaluated, and nothing is added to the scene."""
        import numpy as np

        logic = SeedVerifyLogic()
        volumeNode = slicer.util.addVolumeFromArray(np.zeros((8, 8, 8), np.int16))
        verificationNode = logic.createVerification(volumeNode)
        count = slicer.mrmlScene.GetNumberOfNodes()
        with self.assertRaises(BrachyResponseError):
            logic.evaluate(verificationNode)
        with self.assertRaises(BrachyResponseError):
            logic.findSeeds(verificationNode)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodes(), count)
        self.delayDisplay("Errors: passed")

    def correct(self, logic, verificationNode):
        """Delete a seed, add it again by its place, and see that it is found by its metal."""
        before = logic.foundSeeds(verificationNode)
        logic.deleteSeed(verificationNode, 0)
        self.assertEqual(logic.foundSeeds(verificationNode).count, before.count - 1)
        index = logic.addSeed(verificationNode, before.positions_mm[0] + [1.0, 0.5, 0.5])
        distance = logic.foundSeeds(verificationNode).positions_mm[index] - before.positions_mm[0]
        self.assertLess(float((distance**2).sum() ** 0.5), 1.0)
        logic.undo(verificationNode)
        logic.undo(verificationNode)
        self.assertEqual(logic.foundSeeds(verificationNode).count, before.count)
