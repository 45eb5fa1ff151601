"""The panels with what is shown in them, for tests that click them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from reference import PROJECT

if TYPE_CHECKING:
    from gui.perfusionratios_panel import Panel as PerfusionPanel
    from gui.responseassess_panel import Panel as ResponsePanel
    from gui.seedverify_panel import Panel


@pytest.fixture
def implant_panel(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel in a scene with the small implant, nothing chosen yet; seeds are really searched for."""
    import slicer

    from gui.scanned_implant import add_scanned_implant
    from gui.seedverify_panel import Panel
    from slicer_standin.modules import load_module

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    brachydose = sys.modules[load_module(PROJECT / "BrachyDose" / "BrachyDose.py").name]
    implant = add_scanned_implant(scene, brachydose.BrachyDoseLogic())
    return Panel(load_widget("SeedVerify"), implant.patient, errors, implant)


@pytest.fixture
def seedverify(implant_panel: Panel) -> Iterator[Panel]:
    """The same, with a finder that answers at once: one seed rejected, two doubtful."""
    with implant_panel.finder_at_once():
        yield implant_panel


@pytest.fixture
def perfusionratios(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> PerfusionPanel:
    """The PerfusionRatios panel in a scene with two small scans, nothing chosen yet."""
    import slicer

    from gui.perfusionratios_panel import Panel
    from gui.small_scan import add_small_scan

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    before = add_small_scan(scene, name="Before")
    scan = add_small_scan(scene, hyperperfused=False, name="Follow-up")
    return Panel(load_widget("PerfusionRatios"), scan.patient, errors, before, scan)


@pytest.fixture
def responseassess(load_widget: Callable[[str], Any], scene: Any, monkeypatch: pytest.MonkeyPatch) -> ResponsePanel:
    """The ResponseAssess panel in a scene with three small scans, nothing chosen yet."""
    import slicer

    from gui.responseassess_panel import CENTRE_MM, DAYS, RADII_MM, Panel
    from scene.followed import add_scan, ball

    errors: list[str] = []
    monkeypatch.setattr(slicer.util, "errorDisplay", lambda text, *args, **kwargs: errors.append(text))
    scans = tuple(add_scan(scene, day, ball(CENTRE_MM, radius)) for day, radius in zip(DAYS, RADII_MM, strict=True))
    return Panel(load_widget("ResponseAssess"), {"volume": scans[0].volume}, errors, scans)
