"""ResponseAssess: lesions over time, the category by the chosen criteria, and the reason for it."""

import sys
from pathlib import Path

import slicer
from slicer import vtkMRMLScriptedModuleNode
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.parameterNodeWrapper import parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
)

# In a plain checkout the library lies beside the module's folder, and nothing else puts it on the path.
_checkout = Path(__file__).resolve().parent.parent
if (_checkout / "brachyresponse" / "__init__.py").is_file() and str(_checkout) not in sys.path:
    sys.path.insert(0, str(_checkout))

from brachyresponse.scene.responseassess_logic import ResultLogic


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
            "the rule that decided it, what would change it, and when the next scan is due. Research use only."
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


class ResponseAssessLogic(ResultLogic, ScriptedLoadableModuleLogic):
    """Everything the panel does, for scripts: each button is one call, and none needs a window.

    Positions are RAS in mm, lengths mm, volumes mL, dates ``datetime.date`` or text as "2026-03-06". What cannot be
    done raises a ``BrachyResponseError`` with a sentence that says why, and leaves the scene as it was.

    A session for the Python console; the digital patient is built here, nothing is downloaded:

    >>> from ResponseAssess import ResponseAssessLogic
    >>> logic = ResponseAssessLogic()
    >>> assessment = logic.loadSamplePatient()
    >>> study = logic.assess(assessment)
    >>> print(logic.why(logic.visits(assessment)[-1]))
    """

    def getParameterNode(self):
        """Return the panel's parameters."""
        return ResponseAssessParameterNode(super().getParameterNode())
