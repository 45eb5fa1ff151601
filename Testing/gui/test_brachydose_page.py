"""The page of BrachyDose: its session on the planner runs, and it names what the panel and the Logic have."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from gui.brachydose_panel import Panel
from reference import PROJECT
from small_patient import add_plan, add_small_patient

PAGE = (PROJECT / "Docs" / "user_guide" / "brachydose.md").read_text(encoding="utf-8")
PLANNER_SESSION = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[1]
SLICER_OWN = {"Sample Data"}


@pytest.fixture(scope="module")
def text_of_the_ui() -> str:
    """All words of the panel, as its file has them."""
    return (PROJECT / "BrachyDose" / "Resources" / "UI" / "BrachyDose.ui").read_text(encoding="utf-8")


@pytest.mark.validation
def test_the_session_on_the_planner_runs(
    load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the small patient, through a template and with few moves."""
    panel = Panel(load_widget("BrachyDose"), add_small_patient(scene), [])
    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", lambda logic: add_plan(logic, panel.patient))
    quick = PLANNER_SESSION.replace('"parallel"', '"template"').replace("moves=2000", "moves=5")
    exec(quick.replace("moves=200", "moves=5").replace("scenarios=100", "scenarios=20"), {})
    said = capsys.readouterr().out
    assert re.search(r"\d+ needles \d+ seeds", said)
    assert "as the planner left it" in said


def test_every_button_tab_and_section_of_the_page_is_on_the_panel(text_of_the_ui: str) -> None:
    named = {text for text in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE) if text[0].isupper() or text[0].isdigit()}
    named |= set(re.findall(r"\*\*([^*\n]+)\*\*", PAGE))
    known = {re.sub(r"^(\d+)  ", r"\1 ", text) for text in re.findall(r"<string>([^<]+)</string>", text_of_the_ui)}
    known |= {re.sub(r"^\d+ ", "", text) for text in known}
    assert len(named) > 30
    assert named - known == SLICER_OWN


@pytest.mark.usefixtures("slicer_app")
def test_every_call_of_the_page_is_one_of_the_logic() -> None:
    from slicer_standin.modules import load_module

    logic = sys.modules[load_module(PROJECT / "BrachyDose" / "BrachyDose.py").name].BrachyDoseLogic
    rows = PAGE.split("| calls | subject |")[1].split("\n\n")[0]
    called = set(re.findall(r"logic\.(\w+)\(", PAGE)) | set(re.findall(r"`(\w+)`", rows))
    assert len(called) > 40
    assert {name for name in called if not callable(getattr(logic, name, None))} == set()
