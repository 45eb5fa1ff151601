"""What a margin buys against misplaced seeds."""

from __future__ import annotations

import pytest

from brachyresponse.errors import Cancelled
from brachyresponse.planning.inverse.robustness.margins import margin_trade_off, margins_table
from small_problem import small_problem


@pytest.mark.validation
def test_a_margin_buys_dose_for_misplaced_seeds_with_more_seeds() -> None:
    none, wide = margin_trade_off(small_problem(), (0.0, 4.0), moves=3)
    assert wide.seeds > none.seeds
    assert wide.robustness.rows[-1].d90.low > none.robustness.rows[-1].d90.low
    table = margins_table((none, wide))
    assert table.columns[:4] == ("margin mm", "D90 %", "V100 %", "V150 %")
    assert table.columns[-1] == "D90 met, 5 mm %"
    assert [row[0] for row in table.rows] == ["0", "4"]
    assert len(table.columns) == len(table.rows[0])
    assert margins_table(()).rows == ()


def test_margins_can_be_cancelled() -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        margin_trade_off(small_problem(), report=cancel)
