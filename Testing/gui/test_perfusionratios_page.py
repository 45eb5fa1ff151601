"""The page of PerfusionRatios: its session runs, and it names what the panel has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gui.perfusionratios_panel import QUICK, Panel
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "perfusionratios.md").read_text(encoding="utf-8")
SESSION = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[0]
SLICER_OWN = {"Sample Data"}


def test_the_session_of_the_page_runs(
    perfusionratios: Panel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the two small scans instead of the digital patient's."""
    panel = perfusionratios

    def small(logic: Any, variant: str) -> tuple[Any, Any]:
        panel.choose(panel.before, "2026-02-20")
        before = panel.study
        panel.click("newStudyButton")
        panel.choose(panel.scan, "2026-09-22")
        logic.setSettings(before, **QUICK)
        logic.setPreTreatment(panel.study, before)
        return before, panel.study

    monkeypatch.setattr(type(panel.logic), "loadSamplePatient", small)
    exec(SESSION, {})
    said = capsys.readouterr().out
    assert "dce DCE: the echo time is 1.6 ms" in said
    assert re.search(r"rVp 1\.\d\d \(1\.\d\d to 1\.\d\d\)", said)
    assert "may count as evidence for necrosis" in said
    assert "[six_of_fourteen]" in said


def test_every_button_tab_and_call_of_the_page_is_there(perfusionratios: Panel) -> None:
    import qt

    ui = perfusionratios.ui
    known = {widget.text for widget in vars(ui).values() if isinstance(widget, qt.QAbstractButton)}
    for tabs in (ui.scanTabs, ui.lesionTabs, ui.ratioTabs):
        known |= {tabs.tabText(index) for index in range(tabs.count)}
    named = {text for text in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE) if text[0].isupper()}
    assert len(named) > 20
    assert named - known == SLICER_OWN
    called = set(re.findall(r"logic\.(\w+)\(", PAGE))
    assert len(called) > 15
    assert {name for name in called if not callable(getattr(perfusionratios.logic, name, None))} == set()


def test_every_picture_of_the_page_is_there() -> None:
    pictures = re.findall(r"\]\(\.\./\.\./(Resources/Screenshots/\S+\.png)\)", PAGE)
    assert len(pictures) > 8
    assert [name for name in pictures if not (PROJECT / name).is_file()] == []
