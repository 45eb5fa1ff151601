"""Which criteria are proposed for a tumour, and what is to be said when others are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.data_files import treatment_data
from brachyresponse.response.treatment.treatment import Treatment, known_word
from brachyresponse.response.treatment.tumour import Tumour
from brachyresponse.response.treatment.vocabulary import IdhState, TreatmentKind, TumourType
from brachyresponse.response.vocabulary import CriteriaName


@dataclass(frozen=True)
class CriteriaProposal:
    """Criteria for a tumour.

    Parameters
    ----------
    criteria
        What is proposed.
    sentence
        Why.
    options
        Choices within the criteria that follow from the record, by the names of ``CaseOptions``.
    beside
        Criteria to show beside it.
    alternatives
        Other sets that are made for this tumour.
    """

    criteria: CriteriaName
    sentence: str
    options: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    beside: tuple[CriteriaName, ...] = ()
    alternatives: tuple[CriteriaName, ...] = ()


@dataclass(frozen=True)
class _Choice:
    """What the warnings are about."""

    chosen: CriteriaName
    tumour: Tumour | None
    treatments: Sequence[Treatment]
    earlier: CriteriaName | None

    def start_of(self, kind: TreatmentKind) -> str | None:
        """First day of a kind of treatment, None where none is on record."""
        starts = [each.start for each in self.treatments if each.kind is kind]
        return str(min(starts)) if starts else None


def propose_criteria(tumour: Tumour | None, treatments: Iterable[Treatment] = ()) -> CriteriaProposal:
    """Return the criteria proposed for a tumour and what was done.

    Parameters
    ----------
    treatments
        A treatment record, or its treatments: a removed source adds the GliaSite protocol's short RANO. That T2/FLAIR
        counts under bevacizumab is no option for all visits; it follows from the record at each of them.

    Raises
    ------
    ResponseError
        The tumour type is not known.
    """
    if tumour is None:
        raise ResponseError(f"No tumour type is on record, so no criteria are proposed: choose one of {_types()}.")
    table, kinds = treatment_data("tumours.json"), {each.kind for each in treatments}
    row = _row(tumour)
    sentences = [row["sentence"]]
    beside: tuple[CriteriaName, ...] = ()
    if tumour.is_glioma and TreatmentKind.BEVACIZUMAB in kinds:
        sentences.append(table["bevacizumab"]["sentence"])
    if tumour.type is not TumourType.NECK_NODE_METASTASIS and TreatmentKind.SOURCE_REMOVAL in kinds:
        beside = (CriteriaName(table["beside"]["criteria"]),)
        sentences.append(table["beside"]["sentence"])
    return CriteriaProposal(
        criteria=CriteriaName(row["criteria"]),
        sentence=" ".join(sentences),
        options=MappingProxyType(row["options"]),
        beside=beside,
        alternatives=tuple(map(CriteriaName, row["alternatives"])),
    )


def criteria_warnings(
    chosen: CriteriaName | str,
    tumour: Tumour | None,
    treatments: Iterable[Treatment] = (),
    *,
    earlier: CriteriaName | str | None = None,
) -> tuple[str, ...]:
    """Return what has to be said when criteria are chosen, whole sentences; none where nothing has.

    Parameters
    ----------
    earlier
        The criteria by which the patient was assessed before, if by others.

    Raises
    ------
    ResponseError
        There are no such criteria.
    """
    choice = _Choice(
        chosen=known_word(chosen, CriteriaName, "set of criteria"),
        tumour=tumour,
        treatments=tuple(treatments),
        earlier=None if earlier is None else known_word(earlier, CriteriaName, "set of criteria"),
    )
    said = []
    for row in treatment_data("criteria_warnings.json")["warnings"]:
        found = _CONDITIONS[row["id"]](choice) if str(choice.chosen) in row["criteria"] else None
        if found is not None:
            said.append(row["text"].format(chosen=choice.chosen, **found))
    return tuple(said)


def _not_proposed(choice: _Choice) -> dict[str, Any] | None:
    if choice.tumour is None:
        return None
    proposal = propose_criteria(choice.tumour, choice.treatments)
    if choice.chosen in (proposal.criteria, *proposal.beside, *proposal.alternatives):
        return None
    words = {"proposed": proposal.criteria, "sentence": proposal.sentence}
    return {"tumour": choice.tumour.describe(), **words}


def _tumour_unknown(choice: _Choice) -> dict[str, Any] | None:
    return {} if choice.tumour is None else None


def _idh(state: IdhState) -> Callable[[_Choice], dict[str, Any] | None]:
    return lambda choice: {} if choice.tumour and choice.tumour.is_glioma and choice.tumour.idh is state else None


def _irradiated(choice: _Choice) -> dict[str, Any] | None:
    is_brain = choice.tumour is not None and choice.tumour.type in _brain()
    return {} if is_brain and any(each.is_radiation for each in choice.treatments) else None


def _brain_tumour(choice: _Choice) -> dict[str, Any] | None:
    return {"tumour": choice.tumour.describe()} if choice.tumour and choice.tumour.type in _brain() else None


def _outside_brain(choice: _Choice) -> dict[str, Any] | None:
    is_outside = choice.tumour is not None and choice.tumour.type not in _brain()
    return {"tumour": choice.tumour.describe()} if choice.tumour and is_outside else None


def _on_record(kind: TreatmentKind) -> Callable[[_Choice], dict[str, Any] | None]:
    def found(choice: _Choice) -> dict[str, Any] | None:
        start = choice.start_of(kind)
        return None if start is None else {"start": start}

    return found


def _implanted_node(choice: _Choice) -> dict[str, Any] | None:
    is_node = choice.tumour is not None and choice.tumour.type is TumourType.NECK_NODE_METASTASIS
    return {} if is_node and any(each.is_radiation for each in choice.treatments) else None


def _no_removal(choice: _Choice) -> dict[str, Any] | None:
    return {} if choice.start_of(TreatmentKind.SOURCE_REMOVAL) is None else None


def _changed(choice: _Choice) -> dict[str, Any] | None:
    return {"earlier": choice.earlier} if choice.earlier not in (None, choice.chosen) else None


_CONDITIONS: Mapping[str, Callable[[_Choice], dict[str, Any] | None]] = MappingProxyType(
    {
        "not_proposed": _not_proposed,
        "tumour_unknown": _tumour_unknown,
        "idh_unknown": _idh(IdhState.UNKNOWN),
        "idh_mutant": _idh(IdhState.MUTANT),
        "rano2_badge": lambda choice: {},
        "no_early_window": _irradiated,
        "recist_for_brain": _brain_tumour,
        "rano_outside_brain": _outside_brain,
        "bevacizumab": _on_record(TreatmentKind.BEVACIZUMAB),
        "bevacizumab_without_t2": _on_record(TreatmentKind.BEVACIZUMAB),
        "immunotherapy": _on_record(TreatmentKind.IMMUNOTHERAPY),
        "gliasite_short": lambda choice: {},
        "no_removal": _no_removal,
        "irradiated_node": _implanted_node,
        "changed": _changed,
    }
)
"""Whether a warning applies: the words that its text needs, or None."""


def _row(tumour: Tumour) -> dict[str, Any]:
    rows = treatment_data("tumours.json")["tumours"]
    row: dict[str, Any] = next(row for row in rows if row["type"] == tumour.type and tumour.idh in row["idh"])
    return row


@cache
def _brain() -> frozenset[TumourType]:
    return frozenset({*TumourType} - {TumourType.NECK_NODE_METASTASIS, TumourType.OTHER_SOLID_TUMOUR})


def _types() -> str:
    return "; ".join(TumourType)
