from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from brachyresponse.dicom import PlanField, read_rt_plan
from brachyresponse.dicom.plan_sources import nuclide
from brachyresponse.errors import InputFileError, PlanError, SourceError
from brachyresponse.planning import ImplantPlan, Needle
from brachyresponse.seeds import Seeds
from dicom_files import PlanStyle, changed, decimals, item, rt_plan, save

IMPLANT = date(2026, 3, 6)
# Oblique, none along an axis of the patient; two strengths on different needles; one needle with a single seed.
NEEDLES = (
    Needle(1, np.array([10.0, 60.0, 33.0]), np.array([25.0, -20.0, 48.0]), "C4"),
    Needle(2, np.array([-8.0, 61.0, 30.0]), np.array([-14.0, -25.0, 52.0]), "A2"),
    Needle(3, np.array([2.0, 58.0, 41.0]), np.array([3.0, -22.0, 60.0]), "B7"),
)
DEPTHS = ((40.0, 50.0, 60.0, 70.0), (45.0, 57.5, 70.0), (62.0,))


def a_plan(depths_mm: tuple[tuple[float, ...], ...] = DEPTHS) -> ImplantPlan:
    counts = [len(depths) for depths in depths_mm]
    seeds = Seeds(
        np.concatenate([needle.at(depths) for needle, depths in zip(NEEDLES, depths_mm, strict=True)]),
        np.repeat([needle.direction for needle in NEEDLES], counts, axis=0),
        np.repeat([0.6, 0.508, 0.6], counts),
        True,
        np.repeat([1, 2, 3], counts),
    )
    return ImplantPlan(
        patient_id="PAT-1",
        frame_of_reference_uid="1.2.3.4",
        created=datetime(2026, 3, 1, 14, 5),
        implant_date=IMPLANT,
        target="GTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=NEEDLES,
        seeds=seeds,
        name="Neck node",
    )


def read_back(ds: Dataset, tmp_path: Path, **given: object) -> ImplantPlan:
    return read_rt_plan(save(ds, tmp_path / "plan.dcm")).to_implant_plan(**({"implant_date": IMPLANT} | given))  # type: ignore[arg-type]


def in_order(seeds: Seeds) -> Seeds:
    return seeds.select(np.lexsort(seeds.positions_mm.round(6).T))


def assert_same_seeds(found: Seeds, expected: Seeds) -> None:
    found, expected = in_order(found), in_order(expected)
    np.testing.assert_allclose(found.positions_mm, expected.positions_mm, atol=1e-9)  # 14 digits of a Decimal String
    np.testing.assert_allclose(found.air_kerma_strength_u, expected.air_kerma_strength_u, rtol=1e-12)


def assert_same_axes(found: Seeds, expected: Seeds) -> None:
    assert found.axis_known.all()
    cosines = np.abs(np.sum(in_order(found).directions * in_order(expected).directions, axis=1))
    np.testing.assert_allclose(cosines, 1, atol=1e-12)  # an angle below the float32 of the file


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    plan = a_plan()
    back = read_back(rt_plan(plan), tmp_path)
    assert_same_seeds(back.seeds, plan.seeds)
    assert_same_axes(back.seeds, plan.seeds)
    np.testing.assert_array_equal(in_order(back.seeds).needle, in_order(plan.seeds).needle)
    for found, expected in zip(back.needles, plan.needles, strict=True):
        assert (found.number, found.hole) == (expected.number, expected.hole)
        np.testing.assert_allclose(found.entry_mm, expected.entry_mm, atol=1e-5)  # a float32 axis over 80 mm
        np.testing.assert_allclose(found.tip_mm, expected.tip_mm, atol=1e-5)
    for field in ("patient_id", "frame_of_reference_uid", "created", "implant_date", "target", "source", "name"):
        assert getattr(back, field) == getattr(plan, field), field
    assert (back.prescription_gy, back.surrogate_for) == (120.0, "")
    assert "single seed" not in back.notes


@pytest.mark.parametrize("setups", [1, 2, 3])
@pytest.mark.parametrize("points_a_seed", [1, 2])
@pytest.mark.parametrize("a_channel_a_seed", [False, True])
def test_every_way_to_write_an_implant_gives_the_same_seeds(
    a_channel_a_seed: bool, points_a_seed: int, setups: int, tmp_path: Path
) -> None:
    style = PlanStyle(a_channel_a_seed=a_channel_a_seed, points_a_seed=points_a_seed, setups=setups)
    dicom = read_rt_plan(save(rt_plan(a_plan(), style), tmp_path / "plan.dcm"))
    assert dicom.seed_count == 8
    assert {channel.setup for channel in dicom.channels} == set(range(1, setups + 1))
    back = dicom.to_implant_plan(implant_date=IMPLANT)
    assert_same_seeds(back.seeds, a_plan().seeds)
    assert_same_axes(back.seeds, a_plan().seeds)
    assert {needle.hole for needle in back.needles} == {"A2", "B7", "C4"}
    on_needles = [back.seeds_of(needle).count for needle in sorted(back.needles, key=lambda one: one.hole)]
    assert on_needles == [3, 1, 4]


def test_channels_of_one_seed_without_applicator_are_free_but_keep_their_axes(tmp_path: Path) -> None:
    style = PlanStyle(a_channel_a_seed=True, applicators=False, with_axes=False)
    back = read_back(rt_plan(a_plan(), style), tmp_path)
    assert back.needles == ()
    assert not back.seeds.axis_known.any()
    assert "8 of 8 seeds have no axis in the RT Plan and no line to take it from: point sources." in back.notes
    assert "8 of 8 seeds lie in channels that make no straight needle: they are free." in back.notes


def test_axes_that_the_file_leaves_out_run_along_the_channel(tmp_path: Path) -> None:
    plan = a_plan()
    back = read_back(rt_plan(plan, PlanStyle(with_axes=False)), tmp_path)
    lone = back.seeds.needle == 0  # the third needle has a single seed: no line
    assert lone.sum() == 1
    assert not back.seeds.axis_known[lone].any()
    assert_same_axes(back.seeds.select(~lone), plan.seeds.select(plan.seeds.needle != 3))
    assert "7 of 8 seeds have no axis in the RT Plan: laid along the straight line of their channel." in back.notes
    assert "1 of 8 seeds have no axis in the RT Plan and no line" in back.notes


def test_needle_ends_that_the_file_leaves_out_are_drawn_from_the_seeds_and_said(tmp_path: Path) -> None:
    back = read_back(rt_plan(a_plan(), PlanStyle(with_needle_ends=False)), tmp_path)
    for found, expected, depths in zip(back.needles, NEEDLES, DEPTHS, strict=True):
        np.testing.assert_allclose(found.tip_mm, expected.at(max(depths) + 2.25), atol=1e-5)
        np.testing.assert_allclose(found.entry_mm, expected.at(min(depths) - 2.25), atol=1e-5)
    assert "The RT Plan does not say where the needles end: drawn from outermost seed to outermost seed." in back.notes
    assert "which end of the needles is the tip: taken from the first control point" in back.notes


def test_a_bent_channel_makes_no_needle(tmp_path: Path) -> None:
    ds = rt_plan(a_plan(), PlanStyle(with_axes=False))
    points = ds.ApplicationSetupSequence[0].ChannelSequence[0].BrachyControlPointSequence
    for point in points[2:4]:
        point.ControlPoint3DPosition = decimals(np.array(point.ControlPoint3DPosition, float) + [6, 0, 0])
    back = read_back(ds, tmp_path)
    assert [needle.number for needle in back.needles] == [2]
    assert (back.seeds.needle == 0).sum() == 5
    assert "5 of 8 seeds have no axis in the RT Plan and no line" in back.notes


def test_places_in_which_the_source_does_not_stay_are_no_seeds(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    channel = ds.ApplicationSetupSequence[0].ChannelSequence[0]
    first = channel.BrachyControlPointSequence[0]
    entry = [
        item(ControlPointIndex=0, ControlPoint3DPosition=["0", "0", "0"], CumulativeTimeWeight="0") for _ in range(2)
    ]
    assert float(first.CumulativeTimeWeight) == 0
    channel.BrachyControlPointSequence = [*entry, *channel.BrachyControlPointSequence]
    channel.NumberOfControlPoints = len(channel.BrachyControlPointSequence)
    assert read_rt_plan(save(ds, tmp_path / "plan.dcm")).seed_count == 8


def test_seeds_that_were_lost_show_in_the_total_air_kerma(tmp_path: Path) -> None:
    ds = rt_plan(a_plan(), PlanStyle(setups=2))
    assert read_rt_plan(save(ds, tmp_path / "plan.dcm")).warnings == ()
    channel = ds.ApplicationSetupSequence[0].ChannelSequence[0]
    channel.BrachyControlPointSequence = channel.BrachyControlPointSequence[:6]
    channel.NumberOfControlPoints = 6
    (warning,) = read_rt_plan(save(ds, tmp_path / "plan.dcm")).warnings
    # 5 seeds of 0.6 U over the mean life of 85.70 d, of which 4 are left
    assert "Application setup 1: its Total Reference Air Kerma is 6170 uGy at 1 m, that of the 4 seeds read" in warning
    changed(ds.ApplicationSetupSequence[0], TotalReferenceAirKerma="0")
    assert read_rt_plan(save(ds, tmp_path / "plan.dcm")).warnings == ()


def test_a_needle_that_stayed_empty_is_left_out(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    empty = item(ChannelNumber=9, NumberOfControlPoints=0, ReferencedSourceNumber=1, BrachyControlPointSequence=[])
    ds.ApplicationSetupSequence[0].ChannelSequence.append(empty)
    assert len(read_rt_plan(save(ds, tmp_path / "plan.dcm")).channels) == 3


@pytest.mark.parametrize(
    ("reference", "implant", "days"),
    [
        (("20260306", "000000"), date(2026, 3, 6), 0),
        (("20260220", "120000"), date(2026, 3, 6), 13.5),
        (("20260220", ""), datetime(2026, 3, 6, 18), 14.75),
        (("20260310", "000000.000"), date(2026, 3, 6), -4),
    ],
)
def test_strengths_decay_from_the_reference_time_to_the_implant(
    reference: tuple[str, str], implant: date, days: float, tmp_path: Path
) -> None:
    back = read_back(rt_plan(a_plan(), reference=reference), tmp_path, implant_date=implant)
    expected = a_plan().seeds.air_kerma_strength_u * 2 ** (-days / 59.4)
    np.testing.assert_allclose(np.sort(back.seeds.air_kerma_strength_u), np.sort(expected), rtol=1e-12)


def test_what_a_file_leaves_open_is_named_all_at_once_and_can_be_given(tmp_path: Path) -> None:
    ds = changed(rt_plan(a_plan(), model_id="Model X"), DoseReferenceSequence=[], RTPlanDate="", RTPlanTime="")
    dicom = read_rt_plan(save(ds, tmp_path / "plan.dcm"))
    assert set(dicom.missing) == set(PlanField)
    assert dicom.reference_dates == (IMPLANT,)
    message = (
        r"'Neck node' leaves open: source, prescription_gy, target, created, implant_date "
        r"\(the file calls its seeds 'Amersham Model X'\)"
    )
    with pytest.raises(PlanError, match=message):
        dicom.to_implant_plan()
    given = {"prescription_gy": 110.0, "target": "PTV", "created": datetime(2026, 3, 2), "implant_date": IMPLANT}
    with pytest.raises(PlanError, match=r"leaves open: source \("):
        dicom.to_implant_plan(**given)  # type: ignore[arg-type]
    plan = dicom.to_implant_plan(source="isoaid_iai_125a", **given)  # type: ignore[arg-type]
    assert (plan.source, plan.surrogate_for) == ("isoaid_iai_125a", "Amersham Model X")
    assert (plan.prescription_gy, plan.target, plan.created) == (110.0, "PTV", datetime(2026, 3, 2))
    assert "The RT Plan names no target and no prescribed dose." in plan.notes
    with pytest.raises(SourceError, match="no source 'isoaid'"):
        dicom.to_implant_plan(source="isoaid", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model_id", "source"),
    [
        ("6711", "amersham_6711"),
        ("OncoSeed 6711", "amersham_6711"),
        ("6733_ECHOSEED", "amersham_6733"),
        ("STM-1251", "sourcetech_stm1251"),
        ("IAI-125A", "isoaid_iai_125a"),
        ("I-125", ""),
        ("BT-125-1", ""),
        ("6711 or 6702", ""),
        ("2335", ""),  # a model of Pd-103, and the plan says I-125
    ],
)
def test_a_seed_model_is_recognised_by_its_number_or_not_at_all(model_id: str, source: str, tmp_path: Path) -> None:
    assert read_rt_plan(save(rt_plan(a_plan(), model_id=model_id), tmp_path / "plan.dcm")).source == source


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I-125", "I-125"), ("I125", "I-125"), ("125I", "I-125"), ("Iodine-125", "I-125"), ("^125^Iodine", "I-125"),
     ("Pd-103", "Pd-103"), ("103Pd", "Pd-103"), ("Ir-192", "Ir-192"), ("", "")],
)  # fmt: skip
def test_isotopes_are_told_however_they_are_written(text: str, expected: str) -> None:
    assert nuclide(text) == expected


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"SourceIsotopeName": "Ir-192"}, "is Ir-192, the seed model 'amersham_6711' is I-125"),
        (
            {"SourceIsotopeHalfLife": "5132160"},
            r"half-life of 5\.13216e\+06 days.* one of 59.4: check isotope and unit",
        ),
    ],
)
def test_a_source_that_is_not_the_seed_model_is_refused(attributes: dict, message: str, tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    changed(ds.SourceSequence[0], **attributes)
    with pytest.raises(PlanError, match=message):
        read_back(ds, tmp_path, source="amersham_6711")


def test_another_half_life_of_the_same_isotope_is_said(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    for source in ds.SourceSequence:
        source.SourceIsotopeHalfLife = "59.6"
    assert "gives source 1 a half-life of 59.6 days; computed with 59.4 days" in read_back(ds, tmp_path).notes


def test_a_reference_date_that_cannot_belong_to_the_implant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="The reference date 2024-03-06 of the strength is 730 days before"):
        read_back(rt_plan(a_plan(), reference=("20240306", "")), tmp_path)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"SourceStrengthUnits": "DOSE_RATE_WATER"}, "Source Strength Units is 'DOSE_RATE_WATER', expected AIR_KERMA"),
        ({"ReferenceAirKermaRate": "0"}, "Reference Air Kerma Rate is 0 uGy/h, expected above 0"),
        ({"ReferenceAirKermaRate": None}, r"Source Sequence 1: Reference Air Kerma Rate \(300A,022A\) is missing"),
        ({"SourceStrengthReferenceDate": ""}, "Source Strength Reference Date is missing"),
        ({"SourceNumber": 2}, "two sources have the same number"),
    ],
)
def test_sources_without_strength_or_date_are_refused(attributes: dict, message: str, tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    changed(ds.SourceSequence[0], **attributes)
    with pytest.raises(InputFileError, match=message):
        read_rt_plan(save(ds, tmp_path / "plan.dcm"))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"BrachyTreatmentTechnique": "INTERSTITIAL", "BrachyTreatmentType": "HDR"},
            "the plan is INTERSTITIAL, HDR, expected PERMANENT: only permanent seed implants are read",
        ),
        ({"BrachyTreatmentTechnique": None}, "has no Brachy Treatment Technique, expected PERMANENT"),
        ({"SourceSequence": []}, "has no Source Sequence"),
        ({"ApplicationSetupSequence": []}, "has no Application Setup Sequence"),
        ({"Modality": "RTSTRUCT"}, "holds RTSTRUCT, expected RTPLAN: give the RT Plan"),
    ],
)
def test_a_plan_that_is_no_permanent_implant_is_refused(attributes: dict, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=message):
        read_rt_plan(save(changed(rt_plan(a_plan()), **attributes), tmp_path / "plan.dcm"))


def test_channels_that_miss_positions_points_or_their_source_are_refused(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    channel = ds.ApplicationSetupSequence[0].ChannelSequence[1]
    changed(channel, ReferencedSourceNumber=7)
    with pytest.raises(PlanError, match=r"Channel 2 of application setup 1 refers to source 7.*\(sources: 1, 2\)"):
        read_back(ds, tmp_path)
    changed(channel.BrachyControlPointSequence[3], ControlPoint3DPosition=None)
    with pytest.raises(
        InputFileError, match="Channel Sequence 2: Brachy Control Point Sequence 4 has no Control Point"
    ):
        read_rt_plan(save(ds, tmp_path / "plan.dcm"))
    changed(channel, NumberOfControlPoints=20)
    del channel.BrachyControlPointSequence[3]
    with pytest.raises(InputFileError, match="Number of Control Points is 20, found 5: the file is cut off"):
        read_rt_plan(save(ds, tmp_path / "plan.dcm"))


def test_a_plan_without_any_seed_is_refused(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    for channel in ds.ApplicationSetupSequence[0].ChannelSequence:
        changed(channel, BrachyControlPointSequence=[], NumberOfControlPoints=0)
    with pytest.raises(InputFileError, match="no channel of the plan holds a seed"):
        read_rt_plan(save(ds, tmp_path / "plan.dcm"))


def test_two_targets_with_different_doses_are_left_to_a_person(tmp_path: Path) -> None:
    ds = rt_plan(a_plan())
    boost = item(DoseReferenceNumber=2, DoseReferenceType="TARGET", TargetPrescriptionDose="145")
    ds.DoseReferenceSequence.append(boost)
    dicom = read_rt_plan(save(ds, tmp_path / "plan.dcm"))
    assert (dicom.prescription_gy, dicom.target) == (None, "")
    assert dicom.warnings == ("The RT Plan prescribes 120 and 145 Gy to different targets: choose target and dose.",)


def test_two_strengths_on_one_needle_are_two_channels_but_one_needle(tmp_path: Path) -> None:
    plan = a_plan()
    strengths = np.where(np.arange(8) == 0, 0.508, plan.seeds.air_kerma_strength_u)
    plan = replace(plan, seeds=replace(plan.seeds, air_kerma_strength_u=strengths))
    dicom = read_rt_plan(save(rt_plan(plan), tmp_path / "plan.dcm"))
    assert len(dicom.channels) == 4
    back = dicom.to_implant_plan(implant_date=IMPLANT)
    assert_same_seeds(back.seeds, plan.seeds)
    assert [needle.hole for needle in back.needles] == ["C4", "A2", "B7"]
    np.testing.assert_allclose(back.needles[0].tip_mm, NEEDLES[0].tip_mm, atol=1e-5)
