"""How likely recurrence was before any marker was looked at: from a published setting, or the user's own numbers."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.evidence import Prior, prior_of_setting
from brachyresponse.response.evidence.markers import PriorSource, default_prior, populations
from brachyresponse.response.evidence.weighing.combine import Interval
from brachyresponse.response.evidence.weighing.words import interval_words
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.words import capital
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph

PERCENT = 100
OWN: str = _("Numbers of one's own")
USUAL = "usual"
USUAL_WORDS: str = _("As usual: biopsied or operated")
ROUNDING = 0.05
"""Percent: half of the last digit that is shown."""
OWN_NUMBERS: str = _(
    "The prior moves the answer more than any single marker: choose a published setting or type your own numbers with "
    "their range, and say who sets it."
)
NO_PRIOR: str = _("It says nothing of how likely recurrence is in a growing lesion: type your own numbers.")


class EvidencePriorSection(EvidencePart):
    """The prior with its range, its source and who set it, and the population of the patient."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._sources: dict[str, PriorSource] = {source.id: source for source in self.logic.priorChoices()}
        settings = {id_: capital(source.setting) for id_, source in self._sources.items()}
        self._published = {id_: prior_of_setting(id_) for id_, source in self._sources.items() if _is_prior(source)}
        self._published[USUAL] = default_prior()
        self._setting = Choice(ui.priorSelector, {USUAL: USUAL_WORDS, UNKNOWN: OWN} | settings)
        words = {word: capital(word) for word in populations()}
        self._population = Choice(ui.populationSelector, {UNKNOWN: _("As the tumour says")} | words)
        self._numbers = (ui.priorLowSpinBox, ui.priorMidSpinBox, ui.priorHighSpinBox)
        self._shown: tuple[str, Prior | None] = ("", None)
        ui.priorSelector.connect("activated(int)", lambda row: self._on_setting())
        self.on_evidence(ui.populationSelector, "activated(int)", self._on_population, _("The tumour was not taken."))
        self.on_evidence(ui.setPriorButton, "clicked()", self._on_set, _("The prior was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the prior; numbers that were typed and not set yet stay while the prior does."""
        ui, evidence = self.ui, self.evidence
        prior = self.logic.prior(evidence) if evidence is not None else None
        if (self.owner, prior) != self._shown:
            self._show(prior)
        self._shown = (self.owner, prior)
        self._population.show(self.logic.population(evidence) if evidence is not None else UNKNOWN)
        self._tell()
        for widget in (ui.populationSelector, ui.priorSelector, *self._numbers, ui.priorByEdit, ui.setPriorButton):
            allow(widget, self.missing)

    def _show(self, prior: Prior | None) -> None:
        """Show a prior, the usual one without any; who set that is no name of a person."""
        usual = self._published[USUAL]
        prior = prior or usual
        self._fill_in(prior)
        chosen = (id_ for id_, published in self._published.items() if published.source == prior.source)
        self._setting.show(next(chosen, UNKNOWN))
        self.ui.priorByEdit.text = prior.set_by if prior.set_by != usual.set_by else ""

    def _fill_in(self, prior: Prior) -> None:
        for box, value in zip(self._numbers, (prior.low, prior.mid, prior.high), strict=True):
            box.value = PERCENT * value

    def _tell(self) -> None:
        """Show the prior in use, and what the chosen setting rests on."""
        (_owner, prior), source = self._shown, self._sources.get(self._setting.value)
        none = paragraph(self.missing) + paragraph(self.panel.evidence.elsewhere)
        parts = [_in_use(prior) if prior is not None else none]
        parts.append(bullets(_facts(source)) if source is not None else paragraph(OWN_NUMBERS))
        self.ui.priorBox.setHtml("".join(parts))

    def _on_setting(self) -> None:
        """Fill in the numbers of a published setting; they are used once they are set."""
        published = self._published.get(self._setting.value)
        if published is not None:
            self._fill_in(published)
        self._tell()

    def _on_population(self, evidence: EvidenceNode, row: int) -> None:
        self.logic.setPopulation(evidence, self._population.value)

    def _on_set(self, evidence: EvidenceNode) -> None:
        """Set the numbers; those of a published setting only while they are as published."""
        low, mid, high = (box.value / PERCENT for box in self._numbers)
        published = self._published.get(self._setting.value)
        source = published.source if published is not None and self._are_of(published) else ""
        self.logic.setPrior(evidence, low, mid, high, source=source, setBy=self.ui.priorByEdit.text.strip())

    def _are_of(self, prior: Prior) -> bool:
        shown = zip(self._numbers, (prior.low, prior.mid, prior.high), strict=True)
        return all(abs(box.value - PERCENT * value) <= ROUNDING for box, value in shown)


def _in_use(prior: Prior) -> str:
    numbers = _("In use: {range}").format(range=interval_words(Interval(prior.low, prior.mid, prior.high)))
    by = _("Set by {name}.").format(name=prior.set_by) if prior.set_by else _("It is not said who set it.")
    return headline(numbers) + paragraph(f"{prior.source or OWN}. {by}")


def _facts(source: PriorSource) -> list[str]:
    facts = [f"{capital(source.words)}.", source.citation]
    return facts if _is_prior(source) else [*facts, NO_PRIOR]


def _is_prior(source: PriorSource) -> bool:
    """Tell whether a setting counted growing lesions; the others are shown, and are no prior of one."""
    return source.of_growing_lesions and source.recurrence is not None
