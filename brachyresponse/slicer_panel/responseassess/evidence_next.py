"""What a reader can do next where too little could be weighed, in the words of the panel."""

from __future__ import annotations

from collections.abc import Iterator

from slicer.i18n import tr as _

from brachyresponse.response.evidence import Evidence, Verdict
from brachyresponse.response.evidence.vocabulary import MarkerGroup
from brachyresponse.response.evidence.weighing.change import missing_markers

ANSWER: str = _("Answer what is open (Questions): nothing else keeps out {markers}.")
MEASURED: dict[MarkerGroup, str] = {
    MarkerGroup.PERFUSION: _("Choose the perfusion study of this visit (1 Visits, Images)."),
    MarkerGroup.DIFFUSION: _("Measure the ADC of this lesion (5 Diffusion and spectroscopy, Diffusion)."),
    MarkerGroup.SPECTROSCOPY: _("Fit spectra of this lesion (5 Diffusion and spectroscopy, Spectra)."),
}
TYPE_IN: str = _("Type in what was measured or read elsewhere (Add), such as {markers}.")
NOTHING: str = _("No further marker could be weighed for this lesion: histology is the reference standard.")
THEN: str = _("Then press Weigh.")


def next_steps(evidence: Evidence) -> list[str]:
    """Return what can be done next, sentences; none where the answer rests on all that was found."""
    steps = [*_open(evidence), *(_missing(evidence) if evidence.verdict is Verdict.NOT_EVALUABLE else ())]
    if steps:
        return [*steps, THEN]
    return [NOTHING] if evidence.verdict is Verdict.NOT_EVALUABLE else []


def _open(evidence: Evidence) -> Iterator[str]:
    waiting = dict.fromkeys(each.marker.title for each in evidence.left_out if each.is_open)
    if waiting:
        yield ANSWER.format(markers=", ".join(waiting))


def _missing(evidence: Evidence) -> Iterator[str]:
    """What no marker was found for: first what the images of the visit may hold, then what is typed in."""
    missing = {each.group: each for each in missing_markers(evidence)}
    yield from (step for group, step in MEASURED.items() if group in missing)
    typed = [each.title for group, each in missing.items() if group not in MEASURED]
    if typed:
        yield TYPE_IN.format(markers=", ".join(typed))
