"""Diffusion and spectra of a visit, clicked: from the files to what they say of a lesion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from gui.responseassess_panel import CENTRE_MM, RADII_MM, Panel

MIRRORED_MM = (-14.0, -2.0, 1.0)
ADC_LESION, ADC_WHITE_MATTER = 1100.0, 800.0


@pytest.fixture
def measured(responseassess: Panel) -> Panel:
    """The panel with three visits, and the drawn lesion of the last one."""
    panel, scan = responseassess, responseassess.scans[-1]
    panel.add_visits()
    panel.logic.addLesion(panel.visit, scan.segmentation, scan.draw("Lesion", CENTRE_MM, RADII_MM[-1]), "1")
    panel.open("diffusionSection")
    return panel


def add_adc(panel: Panel) -> Any:
    """An ADC map of the last scan that does not say its unit, and white matter as a segment."""
    import slicer

    from scene.followed import ball, grid

    scan = panel.scans[-1]
    values = np.full(grid().shape_kji, ADC_WHITE_MATTER, np.float32)
    values[ball(CENTRE_MM, RADII_MM[-1] + 2)] = ADC_LESION
    values += np.random.default_rng(0).normal(0, 20, values.shape).astype(np.float32)
    scan.draw("White matter", MIRRORED_MM, 5.0)
    return slicer.util.addVolumeFromArray(values, ijkToRAS=grid().ijk_to_ras, name="ADC")


def choose_white_matter(panel: Panel) -> None:
    ui, segmentation = panel.ui, panel.scans[-1].segmentation
    ui.adcSegmentationSelector.setCurrentNode(segmentation)
    name = segmentation.GetSegmentation().GetSegmentIdBySegmentName("White matter")
    ui.adcSegmentSelector.setCurrentSegmentID(name)
    panel.settle()


class TestDiffusion:
    def test_a_map_is_measured_once_its_unit_is_said_and_the_lesion_stands_beside_white_matter(
        self, measured: Panel, a_layout_manager: Any
    ) -> None:
        panel, ui = measured, measured.ui
        assert ui.measureDiffusionButton.toolTip == "Choose the ADC map of this visit first."
        adc = add_adc(panel)
        ui.adcSelector.setCurrentNode(adc)
        panel.settle()
        assert "has no unit" in panel.errors[0]
        assert ui.adcSelector.currentNode() is None
        panel.choose_word("adcUnitSelector", "1e-6 mm2/s")
        ui.adcSelector.setCurrentNode(adc)
        choose_white_matter(panel)
        assert ui.diffusionHistogramButton.toolTip == "Press Measure first."
        panel.click("adcRegisteredCheckBox")
        panel.click("adcUndistortedCheckBox")
        panel.click("measureDiffusionButton")
        assert panel.errors[1:] == []
        mean = panel.row("diffusionTable", 0)
        assert float(mean[1]) == pytest.approx(ADC_LESION, abs=10)  # noise of 20 over many voxels
        assert mean[2].startswith("1.3")
        assert float(mean[4]) == pytest.approx(ADC_WHITE_MATTER, abs=10)
        assert "voxels count" in ui.diffusionBox.toPlainText()
        panel.logic.addManualLesion(panel.visit, "2", 12, 9)
        panel.settle()
        panel.choose_word("diffusionLesionSelector", "2")
        assert ui.diffusionTable.rowCount == 0
        assert ui.diffusionBox.toPlainText() == "2 was not measured: press Measure."
        panel.choose_word("diffusionLesionSelector", "1")
        panel.click("diffusionHistogramButton")
        panel.click("adcRegisteredCheckBox")
        assert ui.diffusionBox.toPlainText().startswith("Out of date: ")
        assert panel.errors[1:] == []


def write_spectra(path: Path, *, voxels: int = 1) -> Path:
    """Voxels in a row, the first of them inside the lesion."""
    from brachyresponse.digital_patient.spectroscopy import simulate_spectrum
    from brachyresponse.spectroscopy import Spectra, write_nifti_mrs

    amplitudes = {"Cho": 1.5, "Cr": 1.0, "NAA": 0.8, "Lac": 0.4}
    made = [simulate_spectrum(amplitudes, snr=60, random_seed=number) for number in range(voxels)]
    matrix = np.diag([12.0, 12.0, 12.0, 1.0])
    matrix[:3, 3] = CENTRE_MM
    fid, under = np.stack([each.fid for each in made]), made[0].conditions
    grid = Grid((1, 1, voxels), matrix)
    spectra = Spectra("PRESS", fid.reshape(*grid.shape_kji, -1), grid, under.dwell_time_s, under.transmitter_mhz, 144.0)
    return Path(write_nifti_mrs(spectra, path))


class TestSpectra:
    def test_a_file_is_opened_if_it_is_one_of_spectra_fitted_drawn_and_removed(
        self, measured: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_layout_manager: Any
    ) -> None:
        import qt
        import slicer

        panel, ui, count = measured, measured.ui, slicer.mrmlScene.GetNumberOfNodes()
        assert ui.fitSpectraButton.toolTip == "Open spectra first."
        path = tmp_path / "image.nii.gz"
        path.write_bytes(b"nothing")
        monkeypatch.setattr(qt.QFileDialog, "getOpenFileName", lambda *args: str(path))
        panel.click("loadSpectraButton")
        assert len(panel.errors) == 1
        assert slicer.mrmlScene.GetNumberOfNodes() == count
        path = write_spectra(tmp_path / "press.nii.gz")
        panel.click("loadSpectraButton")
        assert panel.errors[1:] == []
        assert ui.showVoxelButton.checked
        assert ui.spectrumChartButton.toolTip == "Press Fit first."
        panel.click("fitSpectraButton")
        assert panel.errors[1:] == []
        rows = panel.column("metabolitesTable", 0)
        assert {"Cho", "NAA", "Cr", "Cho/NAA"} <= set(rows)
        assert panel.cell("metabolitesTable", rows.index("Cho"), 2).endswith(" %")
        assert panel.cell("metabolitesTable", rows.index("Cho/NAA"), 1).count("(") == 1
        assert "of this voxel" in ui.spectraBox.toPlainText()
        assert ui.ratioMapButton.toolTip.startswith("A map needs a grid")
        panel.click("spectrumChartButton")
        panel.click("showVoxelButton")
        assert not ui.showVoxelButton.checked
        panel.click("showVoxelButton")
        ui.visitsTable.selectRow(0)  # another visit: its images are not where this voxel lies
        panel.settle()
        ui.visitsTable.selectRow(2)
        panel.settle()
        assert not ui.showVoxelButton.checked
        assert panel.errors[1:] == []
        panel.click("removeSpectraButton")
        assert ui.metabolitesTable.rowCount == 0
        assert ui.spectraBox.toPlainText() == ""

    def test_a_grid_is_fitted_after_a_cancel_its_voxels_are_chosen_and_a_ratio_lies_over_the_images(
        self, measured: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_layout_manager: Any
    ) -> None:
        import qt
        import slicer

        panel, ui = measured, measured.ui
        path = write_spectra(tmp_path / "csi.nii.gz", voxels=2)
        monkeypatch.setattr(qt.QFileDialog, "getOpenFileName", lambda *args: str(path))
        panel.click("loadSpectraButton")
        create = slicer.util.createProgressDialog

        def cancelled_dialog(*args: Any, **kwargs: Any) -> Any:
            dialog = create(*args, **kwargs)
            dialog.cancel()
            return dialog

        with monkeypatch.context() as cancelling:
            cancelling.setattr(slicer.util, "createProgressDialog", cancelled_dialog)
            panel.click("fitSpectraButton")
        assert "Cancelled" in ui.statusLabel.text
        assert ui.metabolitesTable.rowCount == 0
        panel.click("fitSpectraButton")
        assert panel.errors == []
        assert [ui.voxelSelector.itemText(row)[:5] for row in range(2)] == ["0 0 0", "1 0 0"]  # the fuller one first
        first = panel.column("metabolitesTable", 1)
        panel.choose_word("voxelSelector", "1 0 0")
        assert panel.column("metabolitesTable", 1) != first
        panel.click("ratioMapButton")
        assert ui.ratioMapButton.checked
        panel.click("ratioMapButton")
        assert not ui.ratioMapButton.checked
        assert ui.voxelLesionCheckBox.toolTip == "Of a grid the places of its voxels say it."

    def test_a_bound_above_its_limit_is_shown_above_it_and_its_reason_without_the_name(self, slicer_app: Any) -> None:
        from types import SimpleNamespace

        from brachyresponse.slicer_panel.responseassess.spectra_cells import voxel_cells
        from brachyresponse.spectroscopy.study.record import MetaboliteEntry

        glx = MetaboliteEntry("Glx", 2.88, 20.3, False, "Glx: bound 21 %, above 20 %")
        (row,) = voxel_cells(SimpleNamespace(metabolites=(glx,), ratios=()))
        assert [cell.text for cell in row] == ["Glx", "2.88", "21 %", "bound 21 %, above 20 %"]
