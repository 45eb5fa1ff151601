"""How likely recurrence was before any marker was looked at: from a published setting, or the user's own numbers."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.evidence import Prior
from brachyresponse.response.evidence.markers import PriorSource, populations
from brachyresponse.scene.responseassess_logic.nodes import AssessmentNode, EvidenceNode
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.choice import UNKNOWN, Choice
from brachyresponse.slicer_panel.responseassess.evidence_section import EvidencePart
from brachyresponse.slicer_panel.responseassess.sentences import bullets, headline, paragraph
from brachyresponse.slicer_panel.responseassess.words import capital

PERCENT = 100
OWN: str = _("Numbers of one's own")
LEAST, MOST = 0.01, 0.99
"""A prior of 0 or 1 decides by itself: an exact interval that reaches one of them is cut there."""
OWN_NUMBERS: str = _(
    "The prior moves the answer more than any single marker: choose a published setting or type your own numbers with "
    "their range, and say who sets it."
)
NO_PRIOR: str = _("It says nothing of how likely recurrence is in a growing lesion: type your own numbers.")
NO_RANGE: str = _("No interval was published: type the range.")


class EvidencePriorSection(EvidencePart):
    """The prior with its range, its source and who set it, and the population of the patient."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        self._sources: dict[str, PriorSource] = {source.id: source for source in self.logic.priorChoices()}
        settings = {id_: capital(source.setting) for id_, source in self._sources.items()}
        self._setting = Choice(ui.priorSelector, {UNKNOWN: OWN} | settings)
        words = {word: capital(word) for word in populations()}
        self._population = Choice(ui.populationSelector, {UNKNOWN: _("not known")} | words)
        self._numbers = (ui.priorLowSpinBox, ui.priorMidSpinBox, ui.priorHighSpinBox)
        self._prior: Prior | None = None
        ui.priorSelector.connect("activated(int)", lambda row: self._on_setting())
        self.on_evidence(ui.populationSelector, "activated(int)", self._on_population, _("The tumour was not taken."))
        self.on_evidence(ui.setPriorButton, "clicked()", self._on_set, _("The prior was not taken."))

    def refresh(self, node: AssessmentNode | None) -> None:
        """Show the prior; numbers that were typed and not set yet stay while the prior does."""
        ui, evidence = self.ui, self.evidence
        prior = self.logic.prior(evidence) if evidence is not None else None
        if prior is not None and prior != self._prior:
            self._show(prior)
        self._prior = prior
        self._population.show(self.logic.population(evidence) if evidence is not None else UNKNOWN)
        self._tell()
        for widget in (ui.populationSelector, ui.priorSelector, *self._numbers, ui.priorByEdit, ui.setPriorButton):
            allow(widget, self.missing)

    def _show(self, prior: Prior) -> None:
        for box, value in zip(self._numbers, (prior.low, prior.mid, prior.high), strict=True):
            box.value = PERCENT * value
        chosen = (id_ for id_, source in self._sources.items() if _source_words(source) == prior.source)
        self._setting.show(next(chosen, UNKNOWN))
        self.ui.priorByEdit.text = prior.set_by

    @property
    def _source(self) -> PriorSource | None:
        """The published setting that is chosen; None for numbers of the user's own."""
        return self._sources.get(self._setting.value)

    def _tell(self) -> None:
        """Show the prior in use, and what the chosen setting rests on."""
        prior, source = self._prior, self._source
        parts = [_in_use(prior) if prior is not None else paragraph(self.missing)]
        parts.append(bullets(_facts(source)) if source is not None else paragraph(OWN_NUMBERS))
        self.ui.priorBox.setHtml("".join(parts))

    def _on_setting(self) -> None:
        """Fill in the numbers of a published setting; they are used once they are set."""
        source = self._source
        if source is not None and source.of_growing_lesions and source.recurrence is not None:
            low, high = source.ci95 or (LEAST, MOST)
            for box, value in zip(self._numbers, (low, source.recurrence, high), strict=True):
                box.value = PERCENT * min(max(value, LEAST), MOST)
        self._tell()

    def _on_population(self, evidence: EvidenceNode, row: int) -> None:
        self.logic.setPopulation(evidence, self._population.value)

    def _on_set(self, evidence: EvidenceNode) -> None:
        low, mid, high = (box.value / PERCENT for box in self._numbers)
        source = _source_words(self._source) if self._source is not None else ""
        self.logic.setPrior(evidence, low, mid, high, source=source, setBy=self.ui.priorByEdit.text.strip())


def _in_use(prior: Prior) -> str:
    numbers = _("In use: {low:.0%} to {high:.0%}, middle {mid:.0%}").format(
        low=prior.low, high=prior.high, mid=prior.mid
    )
    by = _("Set by {name}.").format(name=prior.set_by) if prior.set_by else _("It is not said who set it.")
    return headline(numbers) + paragraph(f"{prior.source or OWN}. {by}")


def _facts(source: PriorSource) -> list[str]:
    facts = [f"{capital(source.words)}.", source.citation]
    if not source.of_growing_lesions:
        return [*facts, NO_PRIOR]
    return facts if source.ci95 else [*facts, NO_RANGE]


def _source_words(source: PriorSource) -> str:
    return f"{source.setting}: {source.words} ({source.citation})"
