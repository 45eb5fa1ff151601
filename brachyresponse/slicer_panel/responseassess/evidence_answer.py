"""The answer: its words, the interval as a bar, what it rests on, and what it is not."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from slicer.i18n import tr as _

from brachyresponse.response.evidence import Evidence, Verdict
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.evidence.weighing.combine import Interval
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode
from brachyresponse.slicer_panel.availability import allow, first_reason
from brachyresponse.slicer_panel.labels import say
from brachyresponse.slicer_panel.responseassess.evidence_next import next_steps
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.interval_bar import draw_interval, scale_below
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph

NOT_WEIGHED: str = _("Nothing weighed yet.")
PRESS_WEIGH: str = _("Press Weigh first.")
NO_CHART: str = _("No marker could be weighed: there is nothing to plot.")


class EvidenceAnswerSection(EvidencePart):
    """What the markers say together, never without its interval and its limits."""

    def setup(self) -> None:
        """Connect the widgets."""
        self.ui.notDiagnosisLabel.text = self.logic.evidenceDisclaimer()
        failed = _("The chart cannot be shown.")
        self.on_evidence(self.ui.sensitivityButton, "clicked()", self.logic.showSensitivity, failed)

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the answer, or that there is none."""
        ui, evidence = self.ui, self.evidence
        found = self.logic.lesionEvidence(evidence) if evidence is not None else None
        said = found.evidence.headline if found is not None else self.missing or NOT_WEIGHED
        ui.verdictLabel.text = f"<b>{html.escape(said)}</b>"
        interval = _drawn(found)
        draw_interval(ui.intervalBar, interval)
        say(ui.intervalLabel, scale_below() if interval is not None else "")
        stale = self.logic.evidenceState(evidence) if found is not None else ""
        say(ui.answerStaleLabel, _("Out of date: {reason}").format(reason=stale) if stale else "")
        notes = self.logic.collectionNotes(evidence) if found is not None else ()
        elsewhere = paragraph(self.panel.evidence.elsewhere)
        ui.answerBox.setHtml(_answer(found, notes, ui.notDiagnosisLabel.text) if found is not None else elsewhere)
        missing = (bool(self.missing), self.missing)
        allow(ui.sensitivityButton, first_reason(missing, (found is None, PRESS_WEIGH), (interval is None, NO_CHART)))


def _drawn(found: LesionEvidence | None) -> Interval | None:
    """The interval that is drawn; where nothing could be weighed that of the prior is none of the evidence."""
    if found is None or found.verdict is Verdict.NOT_EVALUABLE:
        return None
    return found.evidence.interval


def _answer(found: LesionEvidence, notes: Iterable[str], disclaimer: str) -> str:
    """All that the answer rests on, as HTML."""
    evidence = found.evidence
    parts: Mapping[str, Iterable[str]] = {
        _("What to do next"): next_steps(evidence),
        _("What would change this"): (evidence.what_would_change,),
        _("Used"): (each.sentence for each in evidence.used),
        _("Left out"): evidence.left_out_sentences,
        _("Not answered yet"): (each.question for each in evidence.questions),
        _("Shown, never weighed"): found.context,
        _("Assumed"): evidence.assumptions,
        _("To be looked at"): notes,
        _("Taken from"): found.request.inputs,
        _("To be said"): _general(evidence, disclaimer),
    }
    said = (sentence for sentence in evidence.sentences if sentence != evidence.headline)
    return "".join((*map(paragraph, said), *map(_part, parts, parts.values())))


def _part(title: str, sentences: Iterable[str]) -> str:
    told = bullets(filter(None, sentences))
    return headline(title) + told if told else ""


def _general(evidence: Evidence, disclaimer: str) -> list[str]:
    """What has to be said whatever the answer, without what stands elsewhere already."""
    elsewhere = {disclaimer, evidence.headline, evidence.what_would_change, *evidence.sentences}
    elsewhere |= {*(used.sentence for used in evidence.used), *evidence.left_out_sentences}
    return [sentence for sentence in evidence.statements if sentence not in elsewhere]
