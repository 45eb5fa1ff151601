"""The result files of an optimised plan beside those of every plan."""

from __future__ import annotations

from pathlib import Path

from brachyresponse.command_line.plan_optimise import OptimisedCase
from brachyresponse.planning import write_csv
from brachyresponse.planning.inverse import write_problem, write_trade_offs
from brachyresponse.planning.inverse.search_file import write_search
from brachyresponse.planning.inverse.trade_off_file import TRADE_OFFS_FILE


def write_optimised(case: OptimisedCase, folder: Path) -> None:
    """Write the problem, how the plan was found, and what was computed beside it.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    write_problem(case.problem, folder)
    write_search(case.problem, case.found, folder / "optimisation.json")
    if case.robustness is not None:
        write_csv(case.robustness.as_table(), folder / "robustness.csv")
    if case.trade_offs is not None:
        write_trade_offs(case.trade_offs, folder / TRADE_OFFS_FILE)
        write_csv(case.trade_offs.as_table(), folder / "trade_offs.csv")
