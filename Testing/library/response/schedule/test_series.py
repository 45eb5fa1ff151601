"""The kind of a series is told from what scanners write, and why is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from brachyresponse.geometry import Grid
from brachyresponse.response.schedule import SeriesKind, SlicePlane, plane_of, series_facts, series_kind_of


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("AX T1 SE", "T1"), ("Ax T1 pre", "T1"), ("T1 without contrast", "T1"), ("AX T1 FLAIR", "T1"),
        ("t1_tse_sag", "T1"),
        ("AX T1 POST GD", "T1 post-contrast"), ("t1_mprage_sag_p2_iso_KM", "T1 post-contrast"),
        ("3D BRAVO +C", "T1 post-contrast"), ("cor T1C", "T1 post-contrast"), ("T1_Gd", "T1 post-contrast"),
        ("AX T1 FLAIR POST", "T1 post-contrast"), ("MPRAGE", "T1"),
        ("t2_tse_tra", "T2"), ("Ax T2 PROPELLER", "T2"), ("T2W_TSE", "T2"),
        ("Ax T2 FLAIR", "FLAIR"), ("t2_space_dark-fluid_sag", "FLAIR"), ("t2_tirm_tra_dark-fluid", "FLAIR"),
        ("DWI b1000", "DWI"), ("ep2d_diff_3scan_trace_p2", "DWI"), ("ep2d_diff_3scan_trace_p2_ADC", "ADC"),
        ("Apparent Diffusion Coefficient (mm2/s)", "ADC"), ("eADC", "ADC"),
        ("SWI_Images", "SWI"), ("Ax SWAN", "SWI"), ("VenoBOLD", "SWI"), ("AX T2* GRE", "other"), ("T2_star", "other"),
        ("ep2d_perf_p2", "perfusion"), ("DSC bolus", "perfusion"), ("DCE T1 twist", "perfusion"), ("rCBV", "perfusion"),
        ("csi_se_135", "spectroscopy"), ("SVS press 30", "spectroscopy"), ("MRS", "spectroscopy"),
        ("sT1W_3D_TFE", "T1"), ("sT1W_TSE_Gd", "T1 post-contrast"), ("AX T1 C+", "T1 post-contrast"),
        ("T1 post-op", "T1"), ("T1 pre-op +C", "T1 post-contrast"), ("eT2W_TSE", "T2"),
        ("dADC_map", "ADC"), ("sDWI", "DWI"), ("SWIp", "SWI"), ("VEN_BOLD", "SWI"), ("relCBV", "perfusion"),
        ("localizer", "other"), ("3-plane scout T1", "other"), ("T1 map", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_descriptions_of_scanners_are_understood(description: str, kind: str) -> None:
    proposal = series_kind_of({"SeriesDescription": description})
    assert proposal.kind == kind
    assert proposal.sentence.endswith((".", "choose."))


@pytest.mark.parametrize(
    ("attributes", "kind", "why"),
    [
        ({"Modality": "CT", "SeriesDescription": "T1"}, "CT", "Its modality is CT."),
        ({"Modality": "US"}, "ultrasound", "Its modality is US."),
        ({"ImageType": ["DERIVED", "SECONDARY", "ADC"]}, "ADC", r"Its image type is DERIVED\SECONDARY\ADC."),
        ({"ImageType": r"ORIGINAL\PRIMARY\DIFFUSION"}, "DWI", "Its image type is"),
        ({"DiffusionBValue": 1000}, "DWI", "It has b-values (1000 s/mm²)."),
        ({"EchoTime": 100, "RepetitionTime": 9000, "InversionTime": 2500}, "FLAIR", "Its times are usual for FLAIR"),
        ({"EchoTime": "95", "RepetitionTime": "4000"}, "T2", "TE 95 ms, TR 4000 ms"),
        ({"DICOM.EchoTime": "12", "DICOM.RepetitionTime": "500"}, "T1", "Its times are usual for T1"),
        ({"MultiVolume.DICOM.EchoTime": 3, "MultiVolume.DICOM.InversionTime": 900}, "T1", "TI 900 ms"),
        ({"EchoTime": 50, "RepetitionTime": 1500}, "other", "choose"),
        (
            {"SeriesDescription": "sag 3D", "SequenceName": "*tfl3d1_16ns", "ProtocolName": "t1_mprage"},
            "T1",
            "t1_mprage",
        ),
        (
            {"SeriesDescription": "AX T1", "ContrastBolusAgent": "Gadovist"},
            "T1 post-contrast",
            "contrast agent is named",
        ),
        ({"SeriesDescription": "AX T1 pre", "ContrastBolusAgent": "Gadovist"}, "T1", "named as without contrast"),
        ({"EchoTime": 12, "RepetitionTime": 500, "ContrastBolusAgent": "Gadovist"}, "T1 post-contrast", "usual for T1"),
        ({"SeriesDescription": None, "EchoTime": "unknown"}, "other", "choose"),
    ],
)
def test_the_header_decides_where_the_description_does_not(attributes: dict[str, Any], kind: str, why: str) -> None:
    proposal = series_kind_of(attributes)
    assert proposal.kind == kind
    assert why in proposal.sentence


def test_the_name_of_the_image_serves_without_a_description() -> None:
    facts = series_facts({}, name="5: t1_mprage post")
    assert (facts.kind, facts.name, facts.is_contrast) == (SeriesKind.T1_POST_CONTRAST, "5: t1_mprage post", True)


def test_the_facts_of_a_header_are_read() -> None:
    facts = series_facts(
        {
            "SeriesDescription": "ax dwi", "SliceThickness": "5", "SpacingBetweenSlices": "6.5",
            "PixelSpacing": r"0.9\0.9",
            "ImageOrientationPatient": [1, 0, 0, 0, 0.98, 0.2], "DiffusionBValue": r"0\1000",
        }
    )  # fmt: skip
    assert (facts.name, facts.kind, facts.plane) == ("ax dwi", SeriesKind.DWI, SlicePlane.AXIAL)
    assert (facts.slice_thickness_mm, facts.spacing_mm, facts.b_values) == (5, (0.9, 0.9, 6.5), (0, 1000))


def test_nothing_is_made_up_where_the_header_is_silent() -> None:
    facts = series_facts({"SeriesDescription": "t2"})
    unknown = (facts.plane, facts.slice_thickness_mm, facts.thickness_mm, facts.spacing_mm, facts.is_contrast)
    assert unknown == (None,) * 5
    assert facts.b_values == ()


@pytest.mark.parametrize(
    ("description", "b_values"), [("DWI_b0_b1000", (0, 1000)), ("dwi b=1000", (1000,)), ("dwi", ())]
)
def test_b_values_are_read_from_the_description_too(description: str, b_values: tuple[float, ...]) -> None:
    assert series_facts({"SeriesDescription": description}).b_values == b_values


@pytest.mark.parametrize(
    ("axes", "plane"), [([0, 1, 2], "axial"), ([1, 2, 0], "sagittal"), ([0, 2, 1], "coronal"), ([1, 0, 2], "axial")]
)
@pytest.mark.parametrize("tilt_deg", [0, 20])
def test_the_plane_is_that_nearest_to_the_slices(axes: list[int], plane: str, tilt_deg: float) -> None:
    turn = np.deg2rad(tilt_deg)
    tilted = np.array([[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]])
    matrix = np.eye(4)
    matrix[:3, :3] = tilted @ np.eye(3)[:, axes]
    grid = Grid((3, 4, 5), matrix)
    assert plane_of(grid) == plane
    assert series_facts({}, name="t2", grid=grid).spacing_mm == pytest.approx((1, 1, 1))
