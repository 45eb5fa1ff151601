"""How a series was acquired: DICOM in ms, BIDS in s, and times in a wrong unit."""

from __future__ import annotations

import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import Acquisition, acquisition_from_attributes, acquisition_from_bids


def test_slicers_attributes_are_in_ms() -> None:
    found = acquisition_from_attributes(
        {
            "MultiVolume.DICOM.RepetitionTime": "5.12",
            "MultiVolume.DICOM.EchoTime": "1.8",
            "MultiVolume.DICOM.FlipAngle": "15",
            "MultiVolume.FrameLabels": "0,4500",
        }
    )
    assert (found.tr_s, found.te_s, found.flip_angle_deg) == pytest.approx((0.00512, 0.0018, 15))
    assert found.origins == {
        "tr_s": "DICOM RepetitionTime",
        "te_s": "DICOM EchoTime",
        "flip_angle_deg": "DICOM FlipAngle",
    }
    assert found.field_strength_t is None


def test_a_side_car_is_in_s_and_every_figure_has_its_origin() -> None:
    found = acquisition_from_bids(
        {
            "RepetitionTime": 1.5,
            "EchoTime": 0.03,
            "FlipAngle": 60,
            "MagneticFieldStrength": 3,
            "ContrastBolusIngredient": "GADOBUTROL",
            "ContrastBolusDosePerKg": 0.1,
            "ContrastPreloadDosePerKg": 0,
        }
    )
    assert found.origins["tr_s"] == "BIDS RepetitionTime"
    assert (found.agent, found.origins["agent"]) == ("gadobutrol", "BIDS ContrastBolusIngredient: GADOBUTROL")
    assert (found.dose_mmol_per_kg, found.preload_dose_mmol_per_kg) == (0.1, 0)
    assert set(found.origins) == set(Acquisition.names())
    assert found.notes == ()


def test_the_time_between_excitations_goes_before_the_time_between_frames() -> None:
    found = acquisition_from_bids({"RepetitionTime": 4.9, "RepetitionTimeExcitation": 0.005})
    assert found.tr_s == 0.005
    assert found.origins["tr_s"] == "BIDS RepetitionTimeExcitation"


@pytest.mark.parametrize(
    ("side_car", "message"),
    [
        (
            {"RepetitionTime": 5},
            "repetition time is 5 s, expected 0.0005 to 4 s: if 5 is in ms, give 0.005 s. .* BIDS RepetitionTime",
        ),
        ({"EchoTime": 30}, "echo time is 30 s, .* if 30 is in ms, give 0.03 s"),
        ({"FlipAngle": 270}, "flip angle is 270 degrees, expected 0.1 to 180 degrees: correct it"),
        ({"MagneticFieldStrength": 30000}, "field strength is 30000 T"),
        ({"ContrastBolusDosePerKg": -1}, "dose is -1 mmol/kg"),
        ({"RepetitionTime": float("nan")}, "repetition time is nan s"),
    ],
)
def test_a_figure_in_another_unit_is_refused(side_car: dict[str, float], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        acquisition_from_bids(side_car)


def test_seconds_where_dicom_has_ms_are_refused() -> None:
    with pytest.raises(PerfusionError, match=r"5e-06 s, .* divided by 1000 once too often, and is 0.005 s"):
        acquisition_from_attributes({"MultiVolume.DICOM.RepetitionTime": "0.005"})


def test_an_entered_repetition_time_of_5_s_is_refused_as_well() -> None:
    with pytest.raises(PerfusionError, match=r"if 5 is in ms, give 0.005 s"):
        Acquisition().with_value("tr_s", 5.0)
    assert Acquisition().with_value("tr_s", 4.0).tr_s == 4.0


def test_what_cannot_be_taken_is_noted_not_lost() -> None:
    found = acquisition_from_bids(
        {"ContrastBolusIngredient": "GADOLINIUM", "EchoTime": "short", "FlipAngle": [2, 15], "RepetitionTime": True}
    )
    assert found == Acquisition(notes=found.notes)
    assert [note.split(" is ")[0] for note in found.notes] == [
        "BIDS RepetitionTime",
        "BIDS EchoTime",
        "BIDS FlipAngle",
        "BIDS ContrastBolusIngredient",
    ]
    assert "'GADOLINIUM', which names no contrast agent" in found.notes[-1]


def test_what_one_source_does_not_know_is_taken_from_the_other() -> None:
    dicom = acquisition_from_attributes({"MultiVolume.DICOM.EchoTime": "2"})
    both = dicom.completed_by(acquisition_from_bids({"EchoTime": 0.003, "MagneticFieldStrength": 1.5}))
    assert (both.te_s, both.field_strength_t) == (0.002, 1.5)
    assert dict(both.origins) == {"te_s": "DICOM EchoTime", "field_strength_t": "BIDS MagneticFieldStrength"}


def test_a_changed_figure_says_that_it_was_entered_and_a_removed_one_has_no_origin() -> None:
    read = acquisition_from_bids({"EchoTime": 0.03})
    assert read.with_value("te_s", 0.035).origins == {"te_s": "entered"}
    assert read.with_value("te_s", None).origins == {}
    with pytest.raises(PerfusionError, match="no acquisition parameter 'te': choose one of tr_s, te_s"):
        read.with_value("te", 0.03)


def test_a_figure_that_is_needed_but_not_known_is_asked_for() -> None:
    with pytest.raises(PerfusionError, match="echo time, needed for the leakage correction: enter te_s, in s"):
        Acquisition().needed("te_s", "the leakage correction")
    assert Acquisition(te_s=0.03).needed("te_s", "anything") == 0.03
