"""Logic: the spectra of a visit, their fit, their voxels on the anatomy, and what they say of lesions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import slicer

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene import (
    spectroscopy_data,
    spectroscopy_exports,
    spectroscopy_maps,
    spectroscopy_measuring,
    spectroscopy_nodes,
    spectroscopy_records,
    spectroscopy_request,
    spectroscopy_staleness,
    spectroscopy_voxel,
    spectroscopy_words,
)
from brachyresponse.scene.responseassess_logic.nodes import (
    ChartNode,
    OwnerNode,
    SegmentationNode,
    TableNode,
    VisitNode,
    VolumeNode,
)
from brachyresponse.scene.spectroscopy_parts import SpectraRole, spectra_part, visit_of_spectra
from brachyresponse.spectroscopy.fitting import SpectrumFit
from brachyresponse.spectroscopy.study import SpectroscopyRecord, SpectroscopySettings, SpectroscopyStudy, fit_voxel

Voxel = tuple[int, int, int]


class SpectroscopyLogic:
    """The spectra of a visit; a voxel is its index (i, j, k) from 0, as in Slicer's data probe."""

    def loadSpectra(
        self,
        visitNode: VisitNode,
        path: str | Path,
        waterPath: str | Path | None = None,
        echoTimeMs: float | None = None,
        leaveOutDamaged: bool = False,
    ) -> OwnerNode:
        """Load a NIfTI-MRS file for a visit, coils and averages combined, draw its voxels, and return its node.

        The water reference is a second file without water suppression. The echo time is needed where the file does not
        state it. Voxels of a grid whose points are no numbers are left out on demand only.
        """
        return spectroscopy_nodes.load_spectra(visitNode, path, waterPath, echoTimeMs, leaveOutDamaged)

    def loadMetaboliteTable(self, visitNode: VisitNode, path: str | Path) -> OwnerNode:
        """Load a CSV table of amplitudes that another program fitted, and return its node."""
        return spectroscopy_nodes.load_metabolite_table(visitNode, path)

    def spectra(self, visitNode: VisitNode) -> list[OwnerNode]:
        """Return the spectra of a visit."""
        return spectroscopy_nodes.spectra_of(visitNode)

    def spectraVisit(self, spectraNode: OwnerNode) -> VisitNode:
        """Return the visit that spectra are of."""
        return visit_of_spectra(spectraNode)

    def removeSpectra(self, spectraNode: OwnerNode) -> None:
        """Delete spectra with their voxels, tables, maps and chart."""
        spectroscopy_nodes.delete_spectra(spectraNode)

    def fitSpectra(self, spectraNode: OwnerNode, report: Report | None = None) -> SpectroscopyStudy:
        """Fit spectra, hold them against the lesions of the visit, and write record, tables, maps and chart."""
        return spectroscopy_measuring.fit_spectra(spectraNode, report or ignore_progress)

    def spectraRecord(self, spectraNode: OwnerNode) -> SpectroscopyRecord | None:
        """Return what was measured, also in an earlier session; None before the first fit."""
        return spectroscopy_records.read_record(spectraNode)

    def spectraFit(self, spectraNode: OwnerNode, voxel: Voxel | None = None) -> SpectrumFit:
        """Fit one voxel, the one that is shown where none is given, and return its fit; nothing is written."""
        chosen = spectroscopy_data.shown_voxel(spectraNode) if voxel is None else voxel
        return fit_voxel(spectroscopy_data.read_decays(spectraNode), chosen)

    def spectraSentences(self, spectraNode: OwnerNode) -> tuple[str, ...]:
        """Return what there is to say: kind, echo time, quality, ratios of the lesions, what was refused and why."""
        record = spectroscopy_records.read_record(spectraNode)
        return () if record is None else spectroscopy_words.spectra_sentences(record)

    def spectraStale(self, spectraNode: OwnerNode) -> str:
        """Return why what was measured no longer holds, such as "a lesion was changed"; empty while it does."""
        spectroscopy_staleness.say_spectra_staleness(spectraNode)
        return spectroscopy_staleness.stale_spectra_reason(spectraNode)

    def exportSpectra(self, spectraNode: OwnerNode, folder: str | Path) -> list[Path]:
        """Write what was measured into a folder and return the files: spectroscopy.json, tables, maps, decays."""
        return spectroscopy_exports.export_spectra(spectraNode, folder)

    def setVoxelLesion(self, spectraNode: OwnerNode, lesionId: str) -> None:
        """Say which lesion a single voxel was laid on; "" takes it back. Needed where its place is not known."""
        spectroscopy_request.set_voxel_lesion(spectraNode, lesionId)

    def voxelLesion(self, spectraNode: OwnerNode) -> str:
        """Return the lesion that a person laid the voxel on; empty where nobody said so."""
        return spectroscopy_request.voxel_lesion(spectraNode)

    def lesionShare(
        self, spectraNode: OwnerNode, lesionId: str | None = None, voxel: Voxel | None = None
    ) -> float | None:
        """Return which share of a voxel a lesion fills, 0 to 1, as they lie now; None where that is not known.

        Without a lesion that of :meth:`voxelLesion`, or the one that fills most; without a voxel the fullest one.
        """
        return spectroscopy_request.lesion_share(spectraNode, lesionId, voxel)

    def lesionVoxels(self, spectraNode: OwnerNode) -> list[tuple[Voxel, dict[str, float]]]:
        """Return the voxels that hold some of a lesion, fullest first, each with the share of every lesion in it."""
        shares = spectroscopy_request.lesion_shares(spectraNode)
        return spectroscopy_voxel.voxels_with(shares)

    def setNormalVoxels(self, spectraNode: OwnerNode, voxels: Sequence[Voxel]) -> None:
        """Say which voxels of a grid stand for normal tissue."""
        spectroscopy_request.set_normal_voxels(spectraNode, list(voxels))

    def normalVoxels(self, spectraNode: OwnerNode) -> tuple[Voxel, ...]:
        """Return the voxels that stand for normal tissue."""
        return spectroscopy_request.normal_voxels(spectraNode)

    def setSpectraStructure(
        self, spectraNode: OwnerNode, what: str, segmentationNode: SegmentationNode | None, segmentID: str = ""
    ) -> None:
        """Choose the segment of the "ventricle" or the "bone", which spoil voxels; "" is none."""
        spectroscopy_request.choose_structure(spectraNode, what, segmentationNode, segmentID)

    def setSpectraSetting(self, spectraNode: OwnerNode, name: str, value: float) -> None:
        """Set a setting: least_lesion_share, seed_margin_mm, largest_ventricle_share, largest_bone_share."""
        spectroscopy_request.set_spectroscopy_setting(spectraNode, name, value)

    def spectraSettings(self, spectraNode: OwnerNode) -> SpectroscopySettings:
        """Return the settings of spectra."""
        return spectroscopy_request.spectroscopy_settings(spectraNode)

    def spectrumChart(self, spectraNode: OwnerNode, voxel: Voxel | None = None) -> ChartNode:
        """Fit a voxel, the one that is shown where none is given, draw it, and return the chart of its spectrum."""
        return spectroscopy_measuring.show_spectrum(spectraNode, voxel)

    def shownVoxel(self, spectraNode: OwnerNode) -> Voxel:
        """Return the voxel that is drawn and whose spectrum the chart shows."""
        return spectroscopy_data.shown_voxel(spectraNode)

    def metaboliteTable(self, spectraNode: OwnerNode) -> TableNode | None:
        """Return the table of amplitudes with their bounds, a row a voxel and metabolite; None before the first fit."""
        return spectra_part(spectraNode, SpectraRole.METABOLITES)

    def ratioTable(self, spectraNode: OwnerNode) -> TableNode | None:
        """Return the table of ratios, a row a voxel and ratio; None before the first fit."""
        return spectra_part(spectraNode, SpectraRole.RATIOS)

    def lesionRatioTable(self, spectraNode: OwnerNode) -> TableNode | None:
        """Return the table of ratios of the lesions; None before the first fit."""
        return spectra_part(spectraNode, SpectraRole.LESIONS)

    def voxelNode(self, spectraNode: OwnerNode) -> slicer.vtkMRMLModelNode | None:
        """Return the model of the shown voxel; None where it is not known where it lies.

        A linear transform above it moves the spectra with it.
        """
        return spectroscopy_voxel.voxel_node(spectraNode)

    def gridNode(self, spectraNode: OwnerNode) -> slicer.vtkMRMLModelNode | None:
        """Return the model of all voxels of a grid; None for a single voxel."""
        return spectra_part(spectraNode, SpectraRole.GRID)

    def showVoxel(self, spectraNode: OwnerNode, show: bool = True) -> None:
        """Show or hide the voxels on the anatomy."""
        spectroscopy_voxel.set_voxels_visible(spectraNode, show)

    def isVoxelShown(self, spectraNode: OwnerNode) -> bool:
        """Tell whether the voxels are shown on the anatomy."""
        drawn = spectroscopy_voxel.voxel_node(spectraNode)
        return bool(drawn is not None and drawn.GetDisplayVisibility())

    def ratioMap(self, spectraNode: OwnerNode, ratio: str) -> VolumeNode:
        """Return the volume of a ratio of a grid: "Cho/NAA", "Cho/Cr" or "(Lip+Lac)/Cr"; 0 where not evaluable."""
        return spectroscopy_maps.need_ratio_map(spectraNode, ratio)
