"""BrachyDose: planning of permanent iodine-125 seed implants by hand, with TG-43 dose."""

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import slicer
import vtk
from slicer import vtkMRMLScriptedModuleNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

# In a plain checkout the library lies beside the module's folder, and nothing else puts it on the path.
_checkout = Path(__file__).resolve().parent.parent
if (_checkout / "brachyresponse" / "__init__.py").is_file() and str(_checkout) not in sys.path:
    sys.path.insert(0, str(_checkout))

from brachyresponse.digital_patient import build_patient
from brachyresponse.dose import implant_dose
from brachyresponse.errors import BrachyResponseError
from brachyresponse.planning import (
    LoadingRule,
    Needle,
    TrackRule,
    add_seed,
    attach,
    delete_seed,
    detach,
    find_needle,
    load_needles,
    nearest_needle,
    nudge,
    parse_limit,
    template_needles,
)
from brachyresponse.planning.implant import Implant
from brachyresponse.progress import ignore_progress
from brachyresponse.scene import plan_exports as exports
from brachyresponse.scene import plan_setup as setup
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.isodose import show_isodose_lines, show_isodose_surfaces
from brachyresponse.scene.needles import add_needle_node, is_drawn, needle_node
from brachyresponse.scene.plan_activity import activity_choice, implant_strength_u, set_activity, with_strength
from brachyresponse.scene.plan_anatomy import read_plan_anatomy
from brachyresponse.scene.plan_editing import PlanEditor
from brachyresponse.scene.plan_evaluation import DoseExtent, LiveEvaluator, evaluate_plan_node
from brachyresponse.scene.plan_output import (
    change_isodose_levels,
    set_isodose_opacity,
    show_dose_wash,
    show_isodose_legend,
    shown_levels_percent,
    write_evaluation,
)
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part, plan_parts, plans_in, remove_part
from brachyresponse.scene.plan_staleness import mark_plan_stale, stale_plan_reason
from brachyresponse.scene.plan_structures import PlanSegments
from brachyresponse.scene.plan_targets import check_inputs, grow_target, set_roles, set_segments
from brachyresponse.scene.plans import delete_plan
from brachyresponse.scene.results import read_limits, write_limits
from brachyresponse.scene.sample_patient import write_sample_patient
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.seed_source import read_source
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.scene.template_preview import hide_template, show_template, view_direction
from brachyresponse.scene.volumes import read_grid
from brachyresponse.seeds import Seeds

FOLLOWED_ROLES = (PlanRole.SEEDS, PlanRole.NEEDLE, PlanRole.PLANNING_VOLUME, PlanRole.SEGMENTATION, PlanRole.LIMITS)


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
            "Plan a permanent iodine-125 seed implant by hand: choose image and target, prescription and seed, put "
            "needles in or make a template of them, lay seeds along them, and see dose, isodoses, DVH and metrics "
            "follow while a seed is dragged. Research use only."
        )
        self.parent.acknowledgementText = _(
            "Dose by TG-43U1 (Rivard et al. 2004, Med Phys 31:633) and its supplement (Rivard et al. 2007, Med Phys "
            "34:2187)."
        )
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData():
    """Offer the digital patient in the Sample Data module; it is built here, nothing is downloaded."""
    import SampleData

    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="BrachyResponse",
        sampleName="BrachyDigitalPatient",
        thumbnailFileName=str(Path(__file__).parent / "Resources" / "Icons" / "BrachyDose.png"),
        uris=[],
        fileNames=[],
        nodeNames=[],
        checksums=[],
        loadFiles=[],
        customDownloader=lambda source: BrachyDoseLogic().loadSamplePatient(),
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


class BrachyDoseWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel's life cycle; what the panel does is in ``brachyresponse.slicer_panel.brachydose``."""

    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self.panel = None
        self._parameterNode = None
        self._parameterNodeGuiTag = None

    def setup(self):
        """Build the panel; Slicer calls it when the module is opened first, and after Reload."""
        from brachyresponse.slicer_panel.brachydose import BrachyDosePanel

        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/BrachyDose.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        self.logic = BrachyDoseLogic()
        self.panel = BrachyDosePanel(self.ui, self.logic, uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndImportEvent, self.onSceneEndImport)
        self.initializeParameterNode()

    def cleanup(self):
        """Let go of the scene; Slicer calls it before the widget is deleted."""
        self.setParameterNode(None)
        self.removeObservers()
        self.panel.close()

    def enter(self):
        """The user opens the module."""
        self.initializeParameterNode()
        self.panel.enter()

    def exit(self):
        """The user opens another module."""
        self.setParameterNode(None)

    def onReload(self):
        """Reload the library with the module file."""
        from brachyresponse.slicer_panel import forget_library

        forget_library()
        ScriptedLoadableModuleWidget.onReload(self)

    def onSceneStartClose(self, caller, event):
        """The scene is about to be emptied."""
        self.setParameterNode(None)

    def onSceneEndClose(self, caller, event):
        """The scene is empty."""
        if self.parent.isEntered:
            self.initializeParameterNode()

    def onSceneEndImport(self, caller, event):
        """A scene was loaded: what is drawn but not saved is made again."""
        self.panel.redraw_seeds()
        if self.parent.isEntered:
            self.initializeParameterNode()
            self.panel.request_refresh()  # the selectors learn of the loaded nodes after this event

    def initializeParameterNode(self):
        """Show the module's parameter node."""
        self.setParameterNode(self.logic.getParameterNode())

    def setParameterNode(self, parameterNode):
        """Bind another parameter node to the widgets, or with None none."""
        if self._parameterNode:
            self._parameterNode.disconnectGui(self._parameterNodeGuiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.onParametersModified)
        self._parameterNode = parameterNode
        if self._parameterNode:
            self._parameterNodeGuiTag = self._parameterNode.connectGui(self.ui)
            self.addObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self.onParametersModified)
        self.panel.show(self._parameterNode)

    def onParametersModified(self, caller, event):
        """Another plan, or another number, was chosen."""
        self.panel.on_parameters_modified()


class BrachyDoseLogic(ScriptedLoadableModuleLogic):
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
    >>> needles = logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=10)
    >>> seeds = logic.loadNeedles(plan, spacingMm=10, insetMm=2.5)
    >>> evaluation = logic.evaluatePlan(plan)
    >>> evaluation.metric("GTV", "d90").value > 0
    True
    """

    def __init__(self):
        ScriptedLoadableModuleLogic.__init__(self)
        self._editor = PlanEditor()
        self._live = LiveEvaluator()

    def getParameterNode(self):
        """Return the panel's parameters."""
        return BrachyDoseParameterNode(super().getParameterNode())

    # Plans and patient

    def plans(self):
        """Return the plans of the scene."""
        return plans_in(slicer.mrmlScene)

    def createPlan(self, volumeNode=None, segmentationNode=None, targetSegmentID="", *, like=None, name="Plan"):
        """Add a plan without needles and return its node; it starts ``like`` another one, or with the usual values."""
        if like is not None:
            planNode = setup.copy_plan(like, name)
            self._editor.edit(planNode, Implant((), Seeds.none()))
            return planNode
        check_inputs(volumeNode, segmentationNode, targetSegmentID)
        planNode = setup.start_plan(slicer.mrmlScene, name)
        setup.set_image(planNode, volumeNode)
        setup.set_segmentation(planNode, segmentationNode)
        set_segments(planNode, PlanSegments(gtv=targetSegmentID))
        return planNode

    def duplicatePlan(self, planNode, name=""):
        """Add a plan like another one, to be changed and compared, and return its node; results are not copied."""
        return setup.copy_plan(planNode, name or planNode.GetName())

    def deletePlan(self, planNode):
        """Delete a plan with its needles, seeds, dose and tables; image and structures stay."""
        hide_template(planNode)
        delete_plan(planNode)

    def loadSamplePatient(self, report=ignore_progress):
        """Build the digital patient with a plan that is ready for needles, and return the plan."""
        return write_sample_patient(build_patient(report=report), slicer.mrmlScene)

    def setImage(self, planNode, volumeNode):
        """Choose the planning image."""
        setup.set_image(planNode, volumeNode)

    def setSegmentation(self, planNode, segmentationNode):
        """Choose the segmentation; with another one, the structures are to be chosen again."""
        setup.set_segmentation(planNode, segmentationNode)

    def setStructures(self, planNode, **roles):
        """Choose segments by what they are: ``gtv``, ``ptv``, ``skin`` (IDs), ``organs``, ``avoid``, ``barriers``."""
        set_roles(planNode, roles)

    def growTarget(self, planNode, marginMm):
        """Make the PTV from the GTV by a margin that stops at the barriers and the skin; return its segment ID."""
        return grow_target(planNode, marginMm)

    def setLimits(self, planNode, limits):
        """Set the dose limits of the structures: a list as ``["Brainstem:D2cc<=60Gy", "Vessel:D0.1cc<=150Gy"]``."""
        write_limits([parse_limit(limit) for limit in limits], planNode)

    def limits(self, planNode):
        """Return the dose limits of the structures."""
        return read_limits(planNode)

    # Prescription and source

    def setPrescription(self, planNode, prescriptionGy, profile=None):
        """Set the prescribed dose, and the site profile unless it stays ("brain", "neck_node", "prostate", "own")."""
        setup.set_prescription(planNode, prescriptionGy, profile)

    def setSource(self, planNode, source, surrogateFor=""):
        """Choose the seed model, by name or JSON file, and the seed that it stands in for, if any."""
        setup.set_source(planNode, source, surrogateFor)

    def setActivity(
        self, planNode, *, activityMbq=None, activityMci=None, strengthU=None, referenceDate=None, implantDate=None
    ):
        """Set activity or strength of one seed on the reference date, and the dates; what is not given stays.

        All seeds of the plan get the strength that is left on the day of the implant, which is returned, U.
        """
        choice = activity_choice(planNode, (activityMbq, activityMci, strengthU), (referenceDate, implantDate))
        implant = self._editor.implant(planNode)
        self._editor.edit(planNode, implant.with_seeds(with_strength(implant.seeds, choice.implant_strength_u)))
        set_activity(planNode, choice)
        return choice.implant_strength_u

    def setPatient(self, planNode, *, patientID=None, imageDate=None):
        """Set patient ID and date of the planning image; what is not given stays."""
        setup.set_patient(planNode, patientID, imageDate)

    # Needles

    def needles(self, planNode):
        """Return the needles, by number; depths on them are measured from the entry."""
        return self._editor.implant(planNode).needles

    def addNeedle(self, planNode, entryMm, tipMm, hole=""):
        """Add a needle and return its line node."""
        implant = self._editor.implant(planNode)
        needle = Needle(implant.next_number, entryMm, tipMm, hole)
        self._editor.edit(planNode, implant.with_needles([*implant.needles, needle]))
        return needle_node(planNode, needle.number)

    def startNeedle(self, planNode):
        """Add a line for the user to draw as the next needle, and return it; see :meth:`finishNeedle`."""
        return add_needle_node(planNode)

    def finishNeedle(self, planNode, lineNode):
        """Take a drawn line as a needle of the plan; one that was not drawn to its end is removed."""
        if not is_drawn(lineNode):
            remove_part(lineNode)
        return self.followEdits(planNode)

    def duplicateNeedle(self, planNode, number, offsetMm=10.0):
        """Add a needle like another one with its seeds, so far aside, and return its line node."""
        implant = self._editor.edit(planNode, self._editor.implant(planNode).with_copy(number, offsetMm))
        return needle_node(planNode, implant.next_number - 1)

    def deleteNeedle(self, planNode, *numbers):
        """Delete needles with their seeds."""
        implant = self._editor.implant(planNode)
        for number in numbers:
            find_needle(implant.needles, number)
        self._editor.edit(planNode, implant.without_needles(numbers))

    def templateDirection(self, planNode, direction, needleNumber=None, *others):
        """Return the vector of a ``TemplateDirection``: of the body, of a needle, or of the first 3D view."""
        if direction is TemplateDirection.NEEDLE:
            return find_needle(self.needles(planNode), needleNumber or 1).direction
        if direction is TemplateDirection.VIEW:
            return view_direction(planNode.GetScene())
        return AXES[direction.name]

    def templateNeedles(self, planNode, direction, pitchMm, entryDistanceMm=50.0):
        """Return the needles of a template through the target; they begin at the skin, or so far before the target."""
        anatomy = read_plan_anatomy(planNode)
        body = anatomy.structures.get(anatomy.roles.body)
        tracks = TrackRule(body=body, lead_in_mm=entryDistanceMm)
        target = anatomy.structures[anatomy.roles.ptv]
        return template_needles(target, direction=direction, pitch_mm=pitchMm, tracks=tracks)

    def previewTemplate(self, planNode, direction, pitchMm, entryDistanceMm=50.0):
        """Show where a template's needles would run, and return the model; nothing of the plan is changed."""
        return show_template(self.templateNeedles(planNode, direction, pitchMm, entryDistanceMm), planNode)

    def hideTemplate(self, planNode):
        """Take the preview of a template away."""
        hide_template(planNode)

    def makeTemplate(self, planNode, direction, pitchMm, entryDistanceMm=50.0):
        """Add the needles of a template to the plan, and return their line nodes; needles that are there stay."""
        implant = self._editor.implant(planNode)
        added = implant.numbered(self.templateNeedles(planNode, direction, pitchMm, entryDistanceMm))
        self._editor.edit(planNode, implant.with_needles([*implant.needles, *added]))
        hide_template(planNode)
        return [needle_node(planNode, needle.number) for needle in added]

    # Seeds

    def seeds(self, planNode):
        """Return the seeds."""
        return self._editor.implant(planNode).seeds

    def loadNeedles(self, planNode, spacingMm, insetMm=0.0, numbers=None):
        """Lay seeds along needles inside the target, so far from its edge, and return all seeds.

        All needles are loaded unless ``numbers`` names some; seeds that lie on these are replaced.
        """
        implant, anatomy = self._editor.implant(planNode), read_plan_anatomy(planNode)
        needles = [needle for needle in implant.needles if numbers is None or needle.number in numbers]
        laid = load_needles(
            needles,
            anatomy.structures[anatomy.roles.ptv],
            spacing_mm=spacingMm,
            strength_u=implant_strength_u(planNode),
            rule=LoadingRule(edge_mm=insetMm),
        )
        kept = implant.seeds_off([needle.number for needle in needles])
        return self._editor.edit(planNode, implant.with_seeds(kept.joined(laid))).seeds

    def addSeed(self, planNode, positionMm, needle=None):
        """Add a seed at a position, on the needle of a number or free, and return its index."""
        implant = self._editor.implant(planNode)
        on = None if needle is None else find_needle(implant.needles, needle)
        strength = implant_strength_u(planNode)
        seeds = add_seed(implant.seeds, positionMm, strength_u=strength, needle=on)
        return self._editor.edit(planNode, implant.with_seeds(seeds)).seeds.count - 1

    def extendNeedle(self, planNode, number, spacingMm):
        """Add a seed on a needle, so far before its shallowest seed, or the first one at its tip; return its index."""
        implant = self._editor.implant(planNode)
        return self.addSeed(planNode, implant.next_place_mm(number, spacingMm), needle=number)

    def deleteSeed(self, planNode, *indices):
        """Delete seeds."""
        self._editor.change_seeds(planNode, indices, delete_seed)

    def moveSeed(self, planNode, index, positionMm):
        """Move a seed; one that belongs to a needle goes to the nearest place on it."""
        self._editor.change_seeds(planNode, [index], lambda seeds, seed: seeds.moved(seed, positionMm))

    def nudgeSeed(self, planNode, *indices, stepMm):
        """Move seeds along their needles, towards the tip when positive."""
        needle_of = self._editor.implant(planNode).needle_of
        self._editor.change_seeds(planNode, indices, lambda seeds, seed: nudge(seeds, seed, stepMm, needle_of(seed)))

    def detachSeed(self, planNode, *indices):
        """Free seeds from their needles."""
        self._editor.change_seeds(planNode, indices, detach)

    def attachSeed(self, planNode, *indices):
        """Lay seeds on the needles nearest to them."""
        needles = self.needles(planNode)
        self._editor.change_seeds(
            planNode,
            indices,
            lambda seeds, seed: attach(seeds, seed, nearest_needle(needles, seeds.positions_mm[seed])[0]),
        )

    def undo(self, planNode):
        """Take back the last change of needles and seeds."""
        self._editor.undo(planNode)

    def redo(self, planNode):
        """Do again what was taken back."""
        self._editor.redo(planNode)

    def canUndo(self, planNode):
        """Tell whether a change can be taken back."""
        return self._editor.can_undo(planNode)

    def canRedo(self, planNode):
        """Tell whether a change that was taken back can be done again."""
        return self._editor.can_redo(planNode)

    def followEdits(self, planNode, *, final=True):
        """Make needles and seeds agree after points were moved, clicked or deleted in views; tell whether any was."""
        return self._editor.follow(planNode, implant_strength_u(planNode), final=final)

    # Dose and results

    def computeDose(self, seedsNode, referenceVolumeNode, report=ignore_progress):
        """Total dose of a permanent implant, Gy, on the grid of a volume; returns the new dose node."""
        source, seeds = read_source(seedsNode), read_seeds(seedsNode)
        grid = read_grid(referenceVolumeNode, "reference volume")
        dose_gy = implant_dose(source, seeds, grid, report=report)
        return write_dose(dose_gy, grid, seedsNode.GetScene(), f"{seedsNode.GetName()} dose")

    def evaluatePlan(self, planNode, spacingMm=1.0, marginMm=30.0, *, pointSource=False, report=ignore_progress):
        """Compute the dose of a plan round target and seeds, and write all that follows: isodoses, DVH, tables.

        Returns the ``PlanEvaluation``; with ``pointSource`` all seeds count as point sources (1D formalism).
        """
        extent = DoseExtent(spacingMm, marginMm)
        evaluation = evaluate_plan_node(planNode, extent, point_sources=pointSource, report=report)
        write_evaluation(evaluation, planNode, shown_levels_percent(planNode))
        return evaluation

    def updateLive(self, planNode, spacingMm=2.0, marginMm=30.0, *, pointSource=False):
        """As :meth:`evaluatePlan`, quick enough for every move of a seed: on a coarse grid, rules left as they are."""
        extent = DoseExtent(spacingMm, marginMm)
        evaluation = self._live.evaluate(planNode, self._editor.implant(planNode), extent, point_sources=pointSource)
        write_evaluation(evaluation, planNode, shown_levels_percent(planNode))
        return evaluation

    def writeIsodoses(self, planNode, levelsPercent=(50, 100, 150, 200)):
        """Draw isodoses of the plan's dose at levels in percent of the prescription."""
        change_isodose_levels(planNode, levelsPercent)

    def showIsodoses(self, planNode, *, lines=True, surfaces=True, legend=True, wash=False, opacity=0.3):
        """Choose how isodoses are shown: lines in slices, surfaces in 3D, a legend, the dose as a colour wash."""
        show_isodose_lines(planNode, lines)
        show_isodose_surfaces(planNode, surfaces)
        show_isodose_legend(planNode, legend)
        set_isodose_opacity(planNode, opacity)
        show_dose_wash(planNode, wash)

    def staleReason(self, planNode):
        """Return why the results of a plan no longer hold; empty while they do, or while there are none."""
        return stale_plan_reason(planNode)

    def markStale(self, planNode, reason):
        """Say why the results of a plan no longer hold, as the end of a sentence."""
        mark_plan_stale(planNode, reason)

    def doseNode(self, planNode):
        """Return the dose of a plan, or None while it is not computed."""
        return plan_part(planNode, PlanRole.DOSE)

    def showChart(self, planNode):
        """Show the dose-volume histograms in a layout with a plot."""
        slicer.modules.plots.logic().ShowChartInLayout(need_plan_part(planNode, PlanRole.DVH_CHART, "DVH chart"))

    def planNodes(self, planNode):
        """Return the nodes whose changes matter to a plan: seeds, needles, image, structures, limits."""
        return [node for role in FOLLOWED_ROLES for node in plan_parts(planNode, role)]

    def updateSeedModels(self, planNode):
        """Draw the seeds of a plan as cylinders, as they lie now."""
        show_seeds(planNode)

    # Files

    def exportPlan(self, planNode, folder):
        """Write plan.json into a folder and return the file."""
        return exports.write_plan_file(planNode, folder)

    def importPlan(self, path, planNode):
        """Read a plan.json of the patient of a plan as a plan of its own, and return its node."""
        return exports.read_plan_file(path, planNode)

    def exportTables(self, planNode, folder, spacingMm=1.0, marginMm=30.0):
        """Evaluate the plan, write seeds, metrics, rules and DVH as CSV into a folder, and return the files."""
        return exports.write_tables(planNode, self.evaluatePlan(planNode, spacingMm, marginMm), folder)

    def exportReport(self, planNode, folder, spacingMm=1.0, marginMm=30.0):
        """Evaluate the plan, write the report, one HTML file with pictures, into a folder, and return the file."""
        return exports.write_report(planNode, self.evaluatePlan(planNode, spacingMm, marginMm), folder)

    def exportLoadingSheet(self, planNode, folder):
        """Write the needle and loading sheet, HTML and CSV, into a folder and return the files."""
        return exports.write_loading_sheet(planNode, folder)


class BrachyDoseTest(ScriptedLoadableModuleTest):
    """The main path, as *Reload and Test* runs it: the digital patient, planned, changed by hand, exported."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self):
        """Run each test on a scene of its own."""
        for test in (self.test_planByTemplate, self.test_editByHand, self.test_badInputChangesNothing):
            self.setUp()
            test()

    def test_planByTemplate(self):
        """A template through the tumour, loaded and evaluated, covers part of it."""
        logic, planNode = self.planned()
        evaluation = logic.evaluatePlan(planNode, spacingMm=2.0)
        self.assertGreater(evaluation.metric("GTV", "d90").value, 0)
        self.assertEqual(logic.staleReason(planNode), "")
        self.assertIsNotNone(logic.doseNode(planNode))
        self.delayDisplay("Template, dose and metrics: passed")

    def test_editByHand(self):
        """A seed that is dragged away stays on its needle, makes the results stale, and goes back by undo."""
        logic, planNode = self.planned()
        logic.evaluatePlan(planNode, spacingMm=2.0)
        before = logic.seeds(planNode)
        seedsNode = logic.planNodes(planNode)[0]
        seedsNode.SetNthControlPointPositionWorld(0, *(before.positions_mm[0] + [8.0, 5.0, 2.0]))
        self.assertTrue(logic.followEdits(planNode))
        needle = logic.needles(planNode)[0]
        self.assertLess(needle.distance_mm(logic.seeds(planNode).positions_mm[0]), 1e-3)
        self.assertNotEqual(logic.staleReason(planNode), "")
        logic.undo(planNode)
        self.assertEqual(logic.seeds(planNode), before)
        self.delayDisplay("Dragging and undo: passed")

    def test_badInputChangesNothing(self):
        """A plan without seeds is not computed, and nothing is added to the scene."""
        logic = BrachyDoseLogic()
        planNode = logic.createPlan()
        count = slicer.mrmlScene.GetNumberOfNodes()
        with self.assertRaises(BrachyResponseError):
            logic.evaluatePlan(planNode)
        self.assertEqual(slicer.mrmlScene.GetNumberOfNodes(), count)
        self.delayDisplay("Errors: passed")

    def planned(self):
        """Return a Logic and a plan of the digital patient with needles and seeds."""
        logic = BrachyDoseLogic()
        planNode = logic.loadSamplePatient()
        logic.makeTemplate(planNode, direction=(0, 0, -1), pitchMm=10)
        logic.loadNeedles(planNode, spacingMm=10, insetMm=2.5)
        return logic, planNode
