"""The RANO family: a summary table in which CR, PR and SD need every row, and PD needs any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.case import CaseOptions
from brachyresponse.response.criteria.assessment import RowFinding
from brachyresponse.response.criteria.circumstance import Circumstance, Timing
from brachyresponse.response.criteria.criteria_set import RESPONSE_COLUMNS, CriteriaSet, ProgressionRow, TableRow
from brachyresponse.response.criteria.decision import Decision
from brachyresponse.response.criteria.findings import Findings, Steroids
from brachyresponse.response.criteria.reasons import TABLE, Reason, reason
from brachyresponse.response.criteria.row_keys import HISTOLOGY, NEW_LESION, NON_TARGET, SIZE, STEROIDS, T2_FLAIR
from brachyresponse.response.criteria.target_response import SizeFinding, TargetFinding
from brachyresponse.response.criteria.wording import say
from brachyresponse.response.vocabulary import Category, NonTargetStatus

PROGRESSION, PRELIMINARY = "progression", "preliminary"
SETTLES = "settles"
"""Turns a preliminary progression into one, and is none by itself."""
LOWER = frozenset([Steroids.STOPPED, Steroids.DECREASED, Steroids.FALLEN])
THRESHOLD = "@progression"
"""In the table of progression: the rule is the threshold of the measure that is used."""


@dataclass(frozen=True)
class SummaryTable:
    """The table at one visit.

    Parameters
    ----------
    criteria, options, timing
        The set, the case's options, and when the visit is against the end of radiation.
    target
        What the targets do.
    preliminary_since
        Day of an earlier preliminary progression that is old enough to be confirmed by this visit; None without.
    has_fallen
        Whether the dose of steroids is lower than at the scan that growth is compared with; False where it is known
        not to be, so that a dose below the baseline's bars nothing.
    """

    criteria: CriteriaSet
    options: CaseOptions
    timing: Timing
    target: TargetFinding
    preliminary_since: date | None = None
    has_fallen: bool = True

    @property
    def confirms(self) -> bool:
        """Whether growth at this visit confirms an earlier preliminary progression."""
        return self.preliminary_since is not None

    def decide(self, findings: Findings) -> Decision:
        """Walk the table: progression by any row first, then CR, PR and SD by every row."""
        hits = [row for row in self.criteria.progression if self._speaks(row, findings)]
        counts = {what: [row for row in hits if self._counts(row) == what] for what in (PROGRESSION, PRELIMINARY)}
        rows = tuple(self._walked(findings))
        if counts[PRELIMINARY]:
            counts[PROGRESSION] += [row for row in hits if self._counts(row) == SETTLES]
        if counts[PROGRESSION]:
            return self._progression(counts[PROGRESSION] + counts[PRELIMINARY], findings, rows)
        if counts[PRELIMINARY]:
            return self._preliminary(counts[PRELIMINARY], findings, rows)
        return self._column(findings, rows)

    def _progression(
        self, decisive: list[ProgressionRow], findings: Findings, rows: tuple[RowFinding, ...]
    ) -> Decision:
        reasons = [self._hit(row, findings) for row in decisive]
        if self.confirms:
            rule = self.criteria.dates_back_preliminary or TABLE
            reasons.append(self._reason(rule, "preliminary_continued", day=self.preliminary_since))
        conventions = tuple(self._counted_although_falling(decisive, findings))
        return Decision(Category.PD, tuple(self._with_size(reasons, decisive)), rows, conventions)

    def _counted_although_falling(self, decisive: list[ProgressionRow], findings: Findings) -> Iterator[str]:
        """Yield that growth on a lower dose of steroids counts here, where only RANO 2010 is known to bar it."""
        has_grown = [row.key for row in decisive] == [SIZE] and findings[SIZE] == {SizeFinding.INCREASE}
        is_silent = not any(row.unless_steroids for row in self.criteria.progression)
        asks_steroids = any(row.key == STEROIDS for row in self.criteria.table)
        if has_grown and is_silent and asks_steroids and findings[STEROIDS] <= LOWER:
            yield say("falling_steroids_convention", criteria=self.criteria.title)

    def rows(self) -> list[TableRow]:
        """Return the rows of the table that count in this case."""
        has_drug = self.options.is_antiangiogenic
        return [row for row in self.criteria.table if self.criteria.asks(row, is_antiangiogenic=has_drug)]

    def _speaks(self, row: ProgressionRow, findings: Findings) -> bool:
        """Whether a finding speaks for progression, steroids allowing."""
        asked = [table_row for table_row in self.criteria.table if table_row.key == row.key]
        if asked and asked[0] not in self.rows():
            return False
        is_barred = self.has_fallen and bool(row.unless_steroids & findings[STEROIDS])
        return bool(row.found & findings[row.key]) and not is_barred

    def _counts(self, row: ProgressionRow) -> str:
        return row.counts[self.timing.circumstance]

    def _preliminary(self, hits: list[ProgressionRow], findings: Findings, rows: tuple[RowFinding, ...]) -> Decision:
        reasons = self._with_size([self._hit(row, findings) for row in hits], hits)
        rule = hits[0].rules[self.timing.circumstance]
        if self.confirms:
            return Decision(Category.PD, (self._reason(rule, "confirms_preliminary"), *reasons), rows)
        sentence = "preliminary_early" if self.timing.is_early else "preliminary_confirm"
        if rule == "immunotherapy":
            sentence = "preliminary_immunotherapy"
        first = self._reason(rule, sentence, day=self.timing.day)
        conventions = (say("immunotherapy_convention"),) if rule == "immunotherapy" else ()
        return Decision(Category.PRELIMINARY_PD, (first, *reasons), rows, conventions)

    def _with_size(self, reasons: list[Reason], hits: list[ProgressionRow]) -> Iterator[Reason]:
        """Yield the reasons, and what the targets do where they are not among them."""
        yield from reasons
        if SIZE not in [row.key for row in hits]:
            yield self.target.reason

    def _hit(self, row: ProgressionRow, findings: Findings) -> Reason:
        if row.key == SIZE:
            return self.target.reason
        rule = row.rules[self.timing.circumstance]
        place = say(f"place_{min(row.found & findings[row.key])}") if row.key == NEW_LESION else ""
        is_own_row = any(table_row.key == row.key for table_row in self.criteria.table) or row.key == HISTOLOGY
        sentence = f"{row.key}_progression" if is_own_row else f"{row.key}_progression_non_target"
        return self._reason(self._fact(rule), sentence, place=place)

    def _fact(self, rule: str) -> str:
        return self.criteria.thresholds[self.options.measure].progression_fact if rule == THRESHOLD else rule

    def _reason(self, rule: str, sentence: str, **values: object) -> Reason:
        return reason(self.criteria, rule, sentence, **values)

    def _walked(self, findings: Findings) -> Iterator[RowFinding]:
        for row in self.rows():
            allowed = [category for category in RESPONSE_COLUMNS if findings[row.key] <= row.admits[category]]
            speaking = [hit for hit in self.criteria.progression if hit.key == row.key and self._speaks(hit, findings)]
            for what, category in ((PROGRESSION, Category.PD), (PRELIMINARY, Category.PRELIMINARY_PD)):
                if any(self._counts(hit) == what for hit in speaking):
                    allowed.append(category)
            yield RowFinding(row.title, " and ".join(sorted(findings[row.key])), tuple(allowed))

    def _column(self, findings: Findings, rows: tuple[RowFinding, ...]) -> Decision:
        """The best column whose rows are all met."""
        barred = {category: self._bars(category, findings) for category in RESPONSE_COLUMNS}
        category = next((category for category in RESPONSE_COLUMNS if not barred[category]), None)
        if category is None:
            return self._no_column(barred, findings, rows)
        reasons = [self.target.reason, *self._why_not_better(category, barred, findings)]
        return Decision(category, tuple(reasons), rows)

    def _bars(self, category: Category, findings: Findings) -> list[TableRow]:
        return [row for row in self.rows() if not findings[row.key] <= row.admits[category]]

    def _why_not_better(
        self, category: Category, barred: dict[Category, list[TableRow]], findings: Findings
    ) -> Iterator[Reason]:
        """Yield which rows keep the targets' own response away."""
        response = self.target.response
        if response is None or response == category:
            return
        for row in barred[response]:
            rule = "steroids_for_cr" if row.key == STEROIDS and response is Category.CR else TABLE
            values = {"category": response, "row": row.title, "asked": row.cells[response]}
            found = " and ".join(sorted(findings[row.key]))
            yield self._reason(self._known(rule), "barred", found=found, **values)

    def _known(self, rule: str) -> str:
        return rule if rule in self.criteria.facts else TABLE

    def _no_column(
        self, barred: dict[Category, list[TableRow]], findings: Findings, rows: tuple[RowFinding, ...]
    ) -> Decision:
        """No category can be given: say which rows are in the way of the column that is nearest."""
        if findings[SIZE] == {SizeFinding.NOT_EVALUABLE}:
            return Decision(Category.NE, (self.target.reason,), rows)
        nearest = min(RESPONSE_COLUMNS, key=lambda category: len(barred[category]))
        reasons = [self._in_the_way(row, nearest, findings) for row in barred[nearest]]
        is_convention = findings[NON_TARGET] != {NonTargetStatus.NE}
        conventions = (say("no_column_convention"),) if is_convention else ()
        return Decision(Category.NE, (*reasons, self.target.reason), rows, conventions)

    def _in_the_way(self, row: TableRow, nearest: Category, findings: Findings) -> Reason:
        if row.key == SIZE:
            return self._reason("no_column", "grown_on_falling_steroids")
        if row.key == STEROIDS:
            rule = self._known("steroids_alone")
            return self._reason(rule, "steroids_in_the_way", response=self.target.response or Category.SD)
        sentence = {T2_FLAIR: "t2_flair_in_the_way", NEW_LESION: "new_lesion_in_the_way"}.get(row.key, "in_the_way")
        if row.key == "clinical" and self.timing.circumstance is Circumstance.EARLY:
            sentence = "clinical_early"
        found = " and ".join(sorted(findings[row.key]))
        return self._reason(
            "no_column", sentence, row=row.title, asked=row.cells[nearest], category=nearest, found=found
        )
