"""BrachyDose: plans of iodine-125 seed implants, by hand and by optimisation, and of balloons of liquid iodine-125."""

import sys
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
from brachyresponse.planning import find_needle
from brachyresponse.scene.brachydose_logic import (
    BiologyLogic,
    FileLogic,
    ImplantLogic,
    PlanLogic,
    ReplanLogic,
    TradeOffLogic,
)
from brachyresponse.scene.template_preview import view_direction
from brachyresponse.slicer_panel.widget import ModuleWidget

AXES = {
    "INFERIOR": (0, 0, -1),
    "SUPERIOR": (0, 0, 1),
    "LEFT": (-1, 0, 0),
    "RIGHT": (1, 0, 0),
    "POSTERIOR": (0, -1, 0),
    "ANTERIOR": (0, 1, 0),
}


class BrachyDose(ScriptedLoadableModule):
    """What Slicer shows of the module before it is opened."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        self.parent.title = _("BrachyDose")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Radiotherapy")]
        self.parent.dependencies = []
        self.parent.contributors = ["BrachyResponse contributors"]
        self.parent.helpText = _(
            "Plan a permanent iodine-125 seed implant: choose image and target, prescription and seed, put needles in "
            "and lay seeds along them, or let the planner find both for the limits that you set, and see dose, "
            "isodoses, DVH and metrics follow while a seed is dragged; or plan a balloon of liquid iodine-125. With "
            "biological dose, and replanning during the procedure. Research use only."
        )
        self.parent.acknowledgementText = _(
            "Dose by TG-43U1 (Rivard et al. 2004, Med Phys 31:633) and its supplement (Rivard et al. 2007, Med Phys "
            "34:2187)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Offer the digital patient in the Sample Data module, with a tumour or with a balloon; it is built here."""
    import SampleData

    samples = {
        "BrachyDigitalPatient": lambda source: BrachyDoseLogic().loadSamplePatient(),
        "BrachyDigitalGliaSite": lambda source: BrachyDoseLogic().loadSampleBalloon(),
    }
    for name, load in samples.items():
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category="BrachyResponse",
            sampleName=name,
            thumbnailFileName=str(Path(__file__).parent / "Resources" / "Icons" / "BrachyDose.png"),
            uris=[],
            fileNames=[],
            nodeNames=[],
            checksums=[],
            loadFiles=[],
            customDownloader=load,
        )


class TemplateDirection(Enum):
    """Where the needles of a template run; kept by name in saved scenes."""

    INFERIOR = "from above, downwards"
    SUPERIOR = "from below, upwards"
    LEFT = "from the patient's right to left"
    RIGHT = "from the patient's left to right"
    POSTERIOR = "from the front backwards"
    ANTERIOR = "from the back forwards"
    NEEDLE = "as the chosen needle"
    VIEW = "as the 3D view looks"

    def label(self):
        """What the selector shows."""
        return _(self.value)


@parameterNodeWrapper
class BrachyDoseParameterNode:
    """What the panel shows and how; the plan itself is in its own nodes, so that several can be compared."""

    plan: vtkMRMLScriptedModuleNode
    otherPlan: vtkMRMLScriptedModuleNode
    openSection: str = "patientSection"
    templateDirection: TemplateDirection = TemplateDirection.INFERIOR
    templatePitchMm: Annotated[float, WithinRange(1, 50)] = 10.0
    templateEntryMm: Annotated[float, WithinRange(0, 300)] = 50.0
    seedSpacingMm: Annotated[float, WithinRange(4.5, 50)] = 10.0
    seedInsetMm: Annotated[float, WithinRange(0, 20)] = 2.5
    nudgeMm: Annotated[float, WithinRange(0.1, 20)] = 1.0
    doseSpacingMm: Annotated[float, WithinRange(0.25, 10)] = 1.0
    doseMarginMm: Annotated[float, WithinRange(5, 200)] = 30.0
    liveSpacingMm: Annotated[float, WithinRange(1, 5)] = 2.0
    liveUpdate: bool = True
    isodoseLevels: str = "50, 100, 150, 200"
    showLines: bool = True
    showSurfaces: bool = True
    showLegend: bool = True
    showWash: bool = False
    ptvMarginMm: Annotated[float, WithinRange(0.5, 50)] = 5.0
    surfaceOpacity: Annotated[float, WithinRange(0, 1)] = 0.3
    pointSource: bool = False
    tradeOffCount: Annotated[int, WithinRange(4, 1000)] = 100
    asNewPlan: bool = False
    scenarios: Annotated[int, WithinRange(20, 10000)] = 100


class BrachyDoseWidget(ModuleWidget):
    """The panel is in ``brachyresponse.slicer_panel.brachydose``, its life in ``ModuleWidget``."""

    def makeLogic(self):
        """Return the module's Logic."""
        return BrachyDoseLogic()

    def makePanel(self, ui, logic, window):
        """Return the module's panel."""
        from brachyresponse.slicer_panel.brachydose import BrachyDosePanel

        return BrachyDosePanel(ui, logic, window)


class BrachyDoseLogic(
    PlanLogic, ImplantLogic, ReplanLogic, TradeOffLogic, BiologyLogic, FileLogic, ScriptedLoadableModuleLogic
):
    """Everything the panel does, for scripts: each button is one call, and none needs a window.

    Positions are RAS in mm, directions vectors of any length, doses Gy, strengths U, dates ``datetime.date`` or text as
    "2026-03-06"; seeds are counted from 0, needles have numbers from 1. What cannot be done raises a
    ``BrachyResponseError`` with a sentence that says why, and leaves the scene as it was.

    A session for the Python console; the digital patient is built here, nothing is downloaded:

    >>> from BrachyDose import BrachyDoseLogic
    >>> logic = BrachyDoseLogic()
    >>> plan = logic.loadSamplePatient()
    >>> logic.setPrescription(plan, 120, profile="brain")
    >>> logic.setSource(plan, "amersham_6711")
    >>> strength = logic.setActivity(plan, activityMbq=18.5)
    >>> tracks = logic.setTracks(plan, "template", direction="inferior", pitchMm=10)
    >>> logic.addLimit(plan, "Brainstem:D0.1cc<=60Gy", weight=2)
    >>> found = logic.planImplant(plan, "coverage_first", randomSeed=1, moves=20, doseSpacingMm=2)
    >>> found.evaluation.metric("GTV", "v100").value > 90
    True

    What the planner made is changed by hand like any plan; ``makeTemplate`` and ``loadNeedles`` begin without it:

    >>> needle = logic.addNeedle(plan, entryMm=(40, 30, 90), tipMm=(40, 30, 20))
    >>> index = logic.addSeed(plan, positionMm=(40, 30, 25), needle=logic.needles(plan)[-1].number)
    >>> evaluation = logic.updateLive(plan)  # evaluatePlan in full, with its rules
    >>> evaluation.metric("GTV", "d90").value > 0
    True

    Biological dose is a range over what is known of the tissues:

    >>> evaluation = logic.evaluatePlan(plan, spacingMm=2)
    >>> row = logic.setBiology(plan, "GTV", "glioma", alphaBetaGy="10 (8-12)")
    >>> table = logic.computeBiology(plan)

    Needles and seeds on a CT of the procedure stay, and the rest is planned anew round them: ``setProcedureImage``,
    ``findSoFar``, ``useSoFar``, ``replanImplant``, ``exportRemainingSheet``.

    A balloon of liquid is another kind of source on the same plan:

    >>> logic.setSourceKind(plan, "balloon")
    >>> balloon = logic.setBalloon(plan, diameterMm=30, depthMm=10, activityMci=270, filled="2026-03-06 10:00")
    >>> logic.setPrescription(plan, 60)
    >>> sentence = logic.dwellFor(plan)
    >>> found = logic.evaluateBalloon(plan, spacingMm=3)
    >>> found.surface_dose_gy > 60
    True
    """

    def getParameterNode(self):
        """Return the panel's parameters."""
        return BrachyDoseParameterNode(super().getParameterNode())

    def templateDirection(self, planNode, direction, needleNumber=None, *others):
        """Return the vector of a ``TemplateDirection``: of the body, of a needle, or of the first 3D view."""
        if direction is TemplateDirection.NEEDLE:
            return find_needle(self.needles(planNode), needleNumber or 1).direction
        if direction is TemplateDirection.VIEW:
            return view_direction(planNode.GetScene())
        return AXES[direction.name]


class BrachyDoseTest(ScriptedLoadableModuleTest):
    """The main path, as *Reload and Test* runs it: the digital patient with seeds, planned both ways, and a balloon."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Run each test on a scene of its own."""
        for test in (
            self.test_planByTemplate,
            self.test_planAndEditByHand,
            self.test_balloonAndBiology,
            self.test_badInputChangesNothing,
        ):
            self.setUp()
            test()

    def test_planByTemplate(self):
        """A template through the tumour, loaded and evaluated, covers part of it."""
        logic = BrachyDoseLogic()
        planNode = logic.loadSamplePatient()
        logic.makeTemplate(planNode, direction=(0, 0, -1), pitchMm=10)
        logic.loadNeedles(planNode, spacingMm=10, insetMm=2.5)
        evaluation = logic.evaluatePlan(planNode, spacingMm=2.0)
        self.assertGreater(evaluation.metric("GTV", "d90").value, 0)
        self.assertEqual(logic.staleReason(planNode), "")
        self.assertIsNotNone(logic.doseNode(planNode))
        self.delayDisplay("Template, dose and metrics: passed")

    def test_planAndEditByHand(self):
        """The planner covers the tumour; a seed of it that is dragged stays on its needle, and undo takes both back."""
        logic = BrachyDoseLogic()
        planNode = logic.loadSamplePatient()
        logic.setTracks(planNode, "template", direction="inferior", pitchMm=10)
        found = logic.planImplant(planNode, randomSeed=1, moves=20, doseSpacingMm=2.5)
        self.assertGreater(found.evaluation.metric("GTV", "v100").value, 90)
        self.assertEqual(logic.plannerState(planNode), "")
        before = logic.seeds(planNode)
        seedsNode = logic.planNodes(planNode)[0]
        seedsNode.SetNthControlPointPositionWorld(0, *(before.positions_mm[0] + [8.0, 5.0, 2.0]))
        self.assertTrue(logic.followEdits(planNode))
        needle = find_needle(logic.needles(planNode), int(before.needle[0]))
        self.assertLess(needle.distance_mm(logic.seeds(planNode).positions_mm[0]), 1e-3)
        self.assertNotEqual(logic.staleReason(planNode), "")
        logic.undo(planNode)
        self.assertEqual(logic.seeds(planNode), before)
        logic.undo(planNode)
        self.assertEqual(logic.seeds(planNode).count, 0)
        self.delayDisplay("Planner, dragging and undo: passed")

    def test_balloonAndBiology(self):
        """A balloon in place of the tumour reaches its prescription, and its biological dose is a range."""
        logic = BrachyDoseLogic()
        planNode = logic.loadSamplePatient()
        logic.setSourceKind(planNode, "balloon")
        logic.setBalloon(planNode, diameterMm=30, depthMm=10, activityMci=270, filled="2026-03-06 10:00")
        logic.setPrescription(planNode, 60)
        logic.dwellFor(planNode)
        found = logic.evaluateBalloon(planNode, spacingMm=3.0)
        self.assertAlmostEqual(found.dose_at_depth_gy, 60.0, delta=0.1)
        self.assertGreater(found.surface_dose_gy, found.dose_at_depth_gy)
        logic.setBiology(planNode, "GTV", "glioma")
        self.assertGreater(logic.computeBiology(planNode).GetNumberOfRows(), 0)
        self.assertEqual(logic.biologyState(planNode), "")
        with self.assertRaises(BrachyResponseError):
            logic.evaluatePlan(planNode)
        self.delayDisplay("Balloon and biological dose: passed")

    def test_badInputChangesNothing(self):
        """A plan without seeds is not computed, and nothing is added to the scene."""
        logic = BrachyDoseLogic()
        planNode = logic.createPlan()
        count = slicer.mrmlScene.GetNumberOfNodes()
        with self.assertRaises(BrachyResponseError):
            logic.evaluatePlan(planNode)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodes(), count)
        self.delayDisplay("Errors: passed")
