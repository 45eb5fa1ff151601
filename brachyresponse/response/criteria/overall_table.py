"""RECIST: target response, non-target disease and new lesions looked up in the tables of overall response."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.response.criteria.assessment import RowFinding
from brachyresponse.response.criteria.criteria_set import CriteriaSet, OverallRow
from brachyresponse.response.criteria.decision import Decision
from brachyresponse.response.criteria.findings import NONE, PRESENT, Findings
from brachyresponse.response.criteria.reasons import TABLE, Reason, reason
from brachyresponse.response.criteria.row_keys import NEW_LESION, NON_TARGET
from brachyresponse.response.criteria.target_response import TargetFinding
from brachyresponse.response.vocabulary import Category, NonTargetStatus


@dataclass(frozen=True)
class OverallTable:
    """The tables at one visit.

    Parameters
    ----------
    criteria
        The set.
    target
        What the targets do.
    had_cr
        Whether an earlier visit was a complete response: disease that is seen again then is progression.
    """

    criteria: CriteriaSet
    target: TargetFinding
    had_cr: bool

    def decide(self, findings: Findings) -> Decision:
        """Look the visit up; the rows that match agree, because progression bars all others."""
        (non_target,) = findings[NON_TARGET]
        is_back = self.had_cr and non_target == NonTargetStatus.NON_CR_NON_PD
        looked_up = NonTargetStatus.PD if is_back else non_target
        new_lesion = PRESENT if PRESENT in findings[NEW_LESION] else min(findings[NEW_LESION])
        target = self.target.response
        rows = self.criteria.target_table if target is not None else self.criteria.non_target_table
        matching = [row for row in rows if _matches(row, target, looked_up, new_lesion)]
        walked = _walked(rows, target, looked_up, new_lesion)
        if not matching:
            return Decision(Category.NE, (self._say("no_disease_known"),), walked)
        category = matching[0].overall
        reasons = self._reasons(category, looked_up, new_lesion, is_back=is_back)
        table = self._say("table_row", row=matching[0].title, category=category)
        return Decision(category, (*reasons, table), walked)

    def _reasons(self, category: Category, non_target: str, new_lesion: str, *, is_back: bool) -> list[Reason]:
        """What decided first, then the rest."""
        size = self.target.reason
        others = []
        if new_lesion == PRESENT:
            others.append(reason(self.criteria, "new_lesion", "new_lesion_progression", place=""))
        if is_back:
            others.append(reason(self.criteria, "reappear", "non_target_seen_again"))
        elif non_target != NONE or self.target.response is None:
            others.append(self._say(f"non_target_{non_target}"))
        is_by_size = category == self.target.response
        return [size, *others] if is_by_size else [*others, size]

    def _say(self, sentence: str, **values: object) -> Reason:
        return reason(self.criteria, TABLE, sentence, **values)


def _matches(row: OverallRow, target: Category | None, non_target: str, new_lesion: str) -> bool:
    is_target = row.target is None or target in row.target
    return is_target and non_target in row.non_target and new_lesion in row.new_lesion


def _walked(
    rows: tuple[OverallRow, ...], target: Category | None, non_target: str, new_lesion: str
) -> tuple[RowFinding, ...]:
    """What each of the three leaves open by itself."""
    found = {"target lesions": target, "non-target lesions": non_target, "new lesions": new_lesion}
    admitted = {
        "target lesions": lambda row: row.target is None or target in row.target,
        "non-target lesions": lambda row: non_target in row.non_target,
        "new lesions": lambda row: new_lesion in row.new_lesion,
    }
    return tuple(
        RowFinding(title, str(word or NONE), tuple(dict.fromkeys(row.overall for row in rows if admitted[title](row))))
        for title, word in found.items()
    )
