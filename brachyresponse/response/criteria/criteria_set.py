"""A published set of response criteria: its tables as they stand in the paper, its facts, and how each was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brachyresponse.response.criteria.source_words import checked_in_words, without_letters
from brachyresponse.response.vocabulary import Category, CriteriaName, Measure

RECIST = "recist"
RESPONSE_COLUMNS = (Category.CR, Category.PR, Category.SD)
"""Columns of a summary table that need every row, best first."""


@dataclass(frozen=True)
class Fact:
    """A threshold or a rule.

    Parameters
    ----------
    id
        Name in the data file.
    value
        A number, or the rule in words.
    source
        The publication.
    checked
        In which reprint or table it was verified; MEM stands for from memory.
    is_verified
        False for what was not checked against a publication.
    note
        What else is to be known.
    is_convention
        Taken over from another set, or our own reading.
    words
        How the value reads as a rule, with ``{percent}`` for a share; empty where it reads well by itself.
    """

    id: str
    value: Any
    source: str
    checked: str
    is_verified: bool
    note: str = ""
    is_convention: bool = False
    words: str = ""

    @property
    def text(self) -> str:
        """The rule in words."""
        shown = "; ".join(map(str, self.value)) if isinstance(self.value, list) else str(self.value)
        if self.words:
            shown = self.words if isinstance(self.value, str) else self.words.format(percent=100 * self.value)
        elif not isinstance(self.value, (str, list)):
            shown = f"{self.id.replace('_', ' ')}: {shown}"
        return without_letters(f"{shown} ({self.note})" if self.note else shown, is_verified=self.is_verified)

    @property
    def checked_in(self) -> str:
        """Where it was verified, or why it was not, in words."""
        return checked_in_words(self.checked)


@dataclass(frozen=True)
class TableRow:
    """A row of a summary table: what CR, PR, SD and PD ask of one criterion.

    Parameters
    ----------
    key
        What is asked about: size, non_target, t2_flair, new_lesion, steroids, clinical.
    title
        As the table calls it.
    cells
        The paper's words by category.
    admits
        The findings that each of CR, PR and SD admits.
    is_of_table
        False where the row stands in the text of the criteria instead of their table.
    only_if
        The option that makes the row count; empty where it always does.
    """

    key: str
    title: str
    cells: Mapping[Category, str]
    admits: Mapping[Category, frozenset[str]]
    is_of_table: bool
    only_if: str


@dataclass(frozen=True)
class ProgressionRow:
    """A finding that speaks for progression, and what it counts for by the time after radiation.

    Parameters
    ----------
    key, found
        The criterion and its findings.
    counts
        ``progression``, ``preliminary``, ``settles`` (what is preliminary) or ``no``, by circumstance (early, late,
        confirm).
    rules
        Ids of the facts that say so, by circumstance.
    unless_steroids
        Findings of the steroid row at which it does not count.
    """

    key: str
    found: frozenset[str]
    counts: Mapping[str, str]
    rules: Mapping[str, str]
    unless_steroids: frozenset[str]


@dataclass(frozen=True)
class OverallRow:
    """A row of RECIST's table of overall responses; ``target`` is None in the table for non-target disease only."""

    title: str
    target: frozenset[str] | None
    non_target: frozenset[str]
    new_lesion: frozenset[str]
    overall: Category


@dataclass(frozen=True)
class Threshold:
    """Change of the sum, as a share, that counts as response or as progression."""

    response: float
    progression: float
    response_fact: str
    progression_fact: str


@dataclass(frozen=True, eq=False)
class CriteriaSet:
    """A set of criteria; everything in it is read from the data files.

    Parameters
    ----------
    name, title, applies_to, size
        What it is, for whom, and what it sums.
    badge
        Stands beside every result; empty where there is nothing to warn of.
    table
        Rows of the summary table; empty for RECIST.
    progression
        What speaks for progression.
    target_table, non_target_table
        RECIST's tables of overall response.
    thresholds
        By measure.
    absolute_of, absolute_fact
        Whether a growth in mm is asked of the ``sum`` or of ``one lesion``; empty where none is.
    facts
        Every threshold and rule.
    options
        The options of a case that it knows, by their JSON names.
    confirms_response
        ``always``, by ``option``, or ``never``.
    progression_reference
        ``nadir`` or ``baseline``.
    early_window
        Id of the fact with the days after radiation in which growth may be pseudoprogression; None without.
    dates_back_equivocal, dates_back_preliminary
        Ids of the facts by which progression is dated back; None where none says so.
    too_small
        Id of the fact with the size of a lesion that is seen but cannot be measured; None where there is none.
    leaves_out
        What a simplified set does not ask for.
    """

    name: CriteriaName
    title: str
    kind: str
    applies_to: str
    size: str
    badge: str
    table_fact: Fact
    thresholds: Mapping[Measure, Threshold]
    absolute_of: str
    absolute_fact: str
    facts: Mapping[str, Fact]
    options: tuple[str, ...]
    confirms_response: str
    progression_reference: str
    early_window: str | None
    dates_back_equivocal: str | None
    dates_back_preliminary: str | None
    too_small: str | None
    leaves_out: tuple[str, ...]
    table: tuple[TableRow, ...] = ()
    progression: tuple[ProgressionRow, ...] = ()
    target_table: tuple[OverallRow, ...] = ()
    non_target_table: tuple[OverallRow, ...] = ()

    @property
    def is_recist(self) -> bool:
        """Whether target response is looked up in RECIST's tables, instead of walking a summary table."""
        return self.kind == RECIST

    @property
    def absolute_mm(self) -> float:
        """The growth in mm that progression asks for beside the share; 0 where it asks for none."""
        return self.number(self.absolute_fact) if self.absolute_fact else 0.0

    def number(self, fact: str) -> float:
        """Return the number of a fact."""
        return float(self.facts[fact].value)

    def asks(self, row: TableRow, *, is_antiangiogenic: bool) -> bool:
        """Tell whether a row of the table counts in a case."""
        return not row.only_if or is_antiangiogenic
