"""The page of SeedVerify: its session runs, and it names what the panel has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gui.seedverify_panel import Panel
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "user_guide" / "seedverify.md").read_text(encoding="utf-8")
SESSION = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[0]


def test_the_session_of_the_page_runs(
    seedverify: Panel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the small implant, whose two images are of one frame of reference and hold no bone."""
    implant = seedverify.implant

    def small(logic: Any) -> Any:
        verification = logic.createVerification(implant.ct, implant.plan)
        logic.setTarget(verification, "gtv", implant.structures, implant.target)
        return verification

    monkeypatch.setattr(type(seedverify.logic), "loadSampleImplant", small)
    exec(SESSION.replace('"bone"', '"none"'), {})
    said = capsys.readouterr().out
    assert "9 of 11 seeds, 2 to look at" in said
    assert re.search(r"D90 \d+\.\d Gy, planned \d+\.\d Gy", said)


def test_every_button_and_tab_of_the_page_is_on_the_panel(seedverify: Panel) -> None:
    import qt

    widgets = [widget for widget in vars(seedverify.ui).values() if isinstance(widget, qt.QAbstractButton)]
    tabs = (seedverify.ui.correctTabs, seedverify.ui.resultsTabs)
    known = {widget.text.strip("◀ ▶").replace("...", "…") for widget in widgets}
    known |= {tab.tabText(index) for tab in tabs for index in range(tab.count)}
    named = {text for text in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGE) if text[0].isupper()}
    assert len(named) > 20
    assert named - known == {"Sample Data", "Cancel"}  # Slicer's own


def test_every_call_of_the_page_is_one_of_the_logic(seedverify: Panel) -> None:
    called = set(re.findall(r"logic\.(\w+)\(", PAGE))
    assert len(called) > 10
    assert {name for name in called if not callable(getattr(seedverify.logic, name, None))} == set()
