"""The SeedVerify panel, clicked: from the CT to the files, on the stand-in or on Slicer's own Python."""

from __future__ import annotations

import json
from pathlib import Path

from gui.seedverify_panel import Panel


class TestMainPath:
    def test_a_verification_begins_when_the_implant_ct_is_chosen(self, seedverify: Panel) -> None:
        assert seedverify.verification is None
        seedverify.ui.implantVolumeSelector.setCurrentNode(seedverify.implant.ct)
        assert seedverify.logic.implantVolumeNode(seedverify.verification) is seedverify.implant.ct
        assert seedverify.ui.verificationSelector.currentNode() is seedverify.verification

    def test_seeds_pairs_dose_results_and_files_by_clicks(self, implant_panel: Panel, tmp_path: Path) -> None:
        panel = implant_panel
        panel.compute()
        assert panel.errors == []
        assert panel.ui.foundTable.rowCount == len(panel.implant.implanted_mm)
        assert panel.column("matchTable", 5).count("paired") == len(panel.implant.implanted_mm)
        assert panel.column("matchTable", 5).count("missing") == 1
        assert any(text.startswith("D90") for text in panel.column("metricsTable", 1))
        assert "D90" in panel.ui.headlineLabel.text
        assert panel.ui.staleLabel.text == ""
        panel.ui.folderEdit.setCurrentPath(str(tmp_path))
        panel.click("exportButton")
        assert panel.errors == []
        written = json.loads((tmp_path / "verification.json").read_text())
        assert written["schema"] == 1
        assert (tmp_path / "detected.json").is_file()
