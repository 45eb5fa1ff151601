"""PerfusionRatios: from a dynamic MRI to a lesion's ratio that can be trusted, or the reason why it cannot."""

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
from brachyresponse.scene.perfusionratios_logic import CompareLogic
from brachyresponse.slicer_panel.widget import ModuleWidget


class PerfusionRatios(ScriptedLoadableModule):
    """What Slicer shows of the module before it is opened."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("PerfusionRatios")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Quantification")]
        self.parent.dependencies = []
        self.parent.contributors = ["BrachyResponse contributors"]
        self.parent.helpText = _(
            "Measure perfusion of a treated lesion from a DCE or DSC series: parameter maps, the ratio of the lesion "
            "to normal-appearing white matter with its uncertainty, the same ratio before treatment beside it, and "
            "what may and may not be concluded. Research use only."
        )
        self.parent.acknowledgementText = _(
            "DCE models as tested by the OSIPI code collection (van Houdt et al. 2024, Magn Reson Med 91:1774); "
            "leakage correction of DSC by Boxerman et al. 2006 (AJNR 27:859), oSVD by Wu et al. 2003 (Magn Reson Med "
            "50:164)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Offer the digital patient's perfusion in the Sample Data module; it is built here, nothing is downloaded."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="BrachyResponse",
        sampleName="BrachyDigitalPerfusion",
        thumbnailFileName=str(Path(__file__).parent / "Resources" / "Icons" / "PerfusionRatios.png"),
        uris=[],
        fileNames=[],
        nodeNames=[],
        checksums=[],
        loadFiles=[],
        customDownloader=lambda source: PerfusionRatiosLogic().loadSamplePatient()[1],
    )


@parameterNodeWrapper
class PerfusionRatiosParameterNode:
    """What the panel shows and how; a study itself is in its own nodes, so that two visits can be compared."""

    perfusion: vtkMRMLScriptedModuleNode
    openSection: str = "scanSection"
    followCrosshair: bool = False


class PerfusionRatiosWidget(ModuleWidget):
    """The panel is in ``brachyresponse.slicer_panel.perfusionratios``, its life in ``ModuleWidget``."""

    def makeLogic(self):
        """Return the module's Logic."""
        return PerfusionRatiosLogic()

    def makePanel(self, ui, logic, window):
        """Return the module's panel."""
        from brachyresponse.slicer_panel.perfusionratios import PerfusionRatiosPanel

        return PerfusionRatiosPanel(ui, logic, window)


class PerfusionRatiosLogic(CompareLogic, ScriptedLoadableModuleLogic):
    """Everything the panel does, for scripts: each button is one call, and none needs a window.

    Positions are RAS in mm, times s, rates 1/min, dates ``datetime.date`` or text as "2026-03-06". What cannot be done
    raises a ``BrachyResponseError`` with a sentence that says why, and leaves the scene as it was.

    A session for the Python console; the digital patient is built here, nothing is downloaded:

    >>> from PerfusionRatios import PerfusionRatiosLogic
    >>> logic = PerfusionRatiosLogic()
    >>> before, followUp = logic.loadSamplePatient()
    >>> for study in (before, followUp):
    ...     result = logic.compute(study)
    >>> table = logic.comparisonTable(followUp)
    >>> logic.interpretation(followUp).verdict != ""
    True
    """

    def getParameterNode(self):
        """Return the panel's parameters."""
        return PerfusionRatiosParameterNode(super().getParameterNode())


class PerfusionRatiosTest(ScriptedLoadableModuleTest):
    """The main path, as *Reload and Test* runs it: the digital patient's two visits, from the series to the files."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Run each test on a scene of its own."""
        for test in (self.test_measureBothVisits, self.test_badInputChangesNothing):
            self.setUp()
            test()

    def test_measureBothVisits(self):
        """Both visits are measured, set side by side, interpreted and exported; DSC, for it is quicker than DCE."""
        logic = PerfusionRatiosLogic()
        before, followUp = logic.loadSamplePatient(kind="dsc")
        for study in (before, followUp):
            self.assertEqual(str(logic.proposedKind(study)[0]), "dsc")
            self.assertNotEqual(str(logic.findAif(study).verdict), "failed")
            logic.compute(study)
        row = logic.result(followUp).ratio("Lesion", "rcbv")
        self.assertTrue(row.ratio.is_evaluable)
        self.assertGreater(row.ratio.value, 1.5)
        self.assertEqual(str(logic.interpretation(followUp).verdict), "hyperperfused")
        self.assertEqual(logic.staleReason(followUp), "")
        logic.showMap(followUp, "rcbv")
        self.assertEqual(str(logic.curveAt(followUp, logic.lesions(followUp)[0].read().centre_mm).unit), "1/s")
        with tempfile.TemporaryDirectory() as folder:
            names = {path.name for path in logic.exportStudy(followUp, folder)}
        self.assertIn("perfusion.json", names)
        logic.proposeWhiteMatter(followUp)
        self.assertNotEqual(logic.staleReason(followUp), "")
        self.delayDisplay("Series, artery, maps, ratios, meaning, files: passed")

    def test_badInputChangesNothing(self):
        """One volume is no dynamic series, and a study without a series is not made."""
        import numpy as np

        logic = PerfusionRatiosLogic()
        volumeNode = slicer.util.addVolumeFromArray(np.zeros((8, 8, 8), np.int16))
        count = slicer.mrmlScene.GetNumberOfNodes()
        for nodes in (volumeNode, None, [volumeNode, None]):
            with self.assertRaises(BrachyResponseError):
                logic.createStudy(nodes)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodes(), count)
        self.delayDisplay("Errors: passed")
