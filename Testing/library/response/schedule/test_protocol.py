"""The series of a visit are held against the imaging protocol."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError, ResponseError
from brachyresponse.response.schedule import (
    ProtocolCheck,
    ProtocolRow,
    ProtocolVerdict,
    SeriesFacts,
    SeriesKind,
    SlicePlane,
    check_protocol,
    load_protocol,
)

AXIAL, SAGITTAL, CORONAL = SlicePlane.AXIAL, SlicePlane.SAGITTAL, SlicePlane.CORONAL
THICK = (0.5, 0.5, 5.0)


def slices(
    kind: SeriesKind, plane: SlicePlane | None = AXIAL, thickness: float | None = 5.0, **more: object
) -> SeriesFacts:
    facts = {"name": f"{kind} {plane}", "spacing_mm": THICK, "slice_thickness_mm": thickness, **more}
    return SeriesFacts(kind=kind, plane=plane, **facts)  # type: ignore[arg-type]


def iso(kind: SeriesKind, spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> SeriesFacts:
    return SeriesFacts(f"{kind} 3D", kind, SAGITTAL, spacing_mm=spacing_mm)


COMPLETE = (
    slices(SeriesKind.T1), slices(SeriesKind.T1, SAGITTAL), slices(SeriesKind.T2), slices(SeriesKind.FLAIR),
    slices(SeriesKind.DWI, b_values=(0.0, 1000.0)), slices(SeriesKind.ADC), slices(SeriesKind.SWI),
    slices(SeriesKind.T1_POST_CONTRAST), slices(SeriesKind.T1_POST_CONTRAST, CORONAL),
)  # fmt: skip


def without(*kinds: SeriesKind) -> list[SeriesFacts]:
    return [each for each in COMPLETE if each.kind not in kinds]


def row(check: ProtocolCheck, kind: SeriesKind, plane: SlicePlane | None = AXIAL) -> ProtocolRow:
    return next(each for each in check.rows if each.kind is kind and each.plane is plane)


def test_a_complete_visit_passes() -> None:
    check = check_protocol(COMPLETE)
    assert check.is_complete
    assert check.sentence == "The visit has all that 'Standard MRI of the GliaSite protocol' asks for."
    assert len(check.rows) == 11  # nine of sequences and planes, perfusion and spectroscopy


def test_a_visit_without_series_misses_everything() -> None:
    check = check_protocol([])
    assert [each.verdict for each in check.rows] == ["missing"] * 9 + ["not asked for"] * 2
    assert not check.is_complete


@pytest.mark.parametrize("kind", [SeriesKind.T1, SeriesKind.T1_POST_CONTRAST])
def test_a_3d_isotropic_series_satisfies_every_plane(kind: SeriesKind) -> None:
    check = check_protocol([*without(kind), iso(kind)])
    assert check.is_complete
    assert "a 3D isotropic series, from which the plane can be cut" in row(check, kind).sentence


@pytest.mark.parametrize(
    ("spacing_mm", "verdict"),
    [((1.0, 1.0, 1.25), "present"), ((1.0, 1.0, 1.3), "deviates"), ((0.5, 0.5, 2.0), "deviates")],
)
def test_isotropic_is_up_to_a_ratio_of_sides(spacing_mm: tuple[float, float, float], verdict: str) -> None:
    check = check_protocol([*without(SeriesKind.T2), iso(SeriesKind.T2, spacing_mm)])
    assert row(check, SeriesKind.T2).verdict == verdict


@pytest.mark.parametrize(("thickness", "verdict"), [(5.0, "present"), (5.01, "deviates"), (3.0, "present")])
def test_slices_are_at_most_5_mm(thickness: float, verdict: str) -> None:
    check = check_protocol([*without(SeriesKind.FLAIR), slices(SeriesKind.FLAIR, thickness=thickness)])
    found = row(check, SeriesKind.FLAIR)
    assert found.verdict == verdict
    assert (f"its slices are {thickness:g} mm, at most 5 mm are asked for" in found.sentence) == (verdict == "deviates")


def test_slices_in_another_plane_deviate() -> None:
    found = row(check_protocol([slices(SeriesKind.T2, CORONAL)]), SeriesKind.T2)
    assert found.verdict is ProtocolVerdict.DEVIATES
    assert "its slices are coronal, and it is not a 3D isotropic series" in found.sentence


def test_what_is_not_known_of_a_series_is_said() -> None:
    unknown = SeriesFacts("t2", SeriesKind.T2)
    check = check_protocol([unknown, SeriesFacts("flair", SeriesKind.FLAIR, AXIAL)])
    assert row(check, SeriesKind.T2).verdict is ProtocolVerdict.NOT_KNOWN
    assert "its plane is not known" in row(check, SeriesKind.T2).sentence
    assert "its slice thickness is not known" in row(check, SeriesKind.FLAIR).sentence


def test_of_several_series_the_best_is_taken() -> None:
    check = check_protocol(
        [slices(SeriesKind.T2, CORONAL), slices(SeriesKind.T2, thickness=6.0), slices(SeriesKind.T2)]
    )
    assert row(check, SeriesKind.T2).verdict is ProtocolVerdict.PRESENT


@pytest.mark.parametrize(
    ("b_values", "verdict", "words"),
    [
        ([(0.0, 1000.0)], "present", ""),
        ([(0.0,), (1000.0,)], "present", ""),
        ([(0.0, 980.0)], "present", ""),
        ([(0.0, 800.0)], "deviates", "its b-values are 0, 800 s/mm², 0 and 1000 are asked for"),
        ([(1000.0,)], "deviates", "its b-values are 1000 s/mm²"),
        ([()], "not known", "its b-values are not known, 0 and 1000 s/mm² are asked for"),
    ],
)
def test_diffusion_has_b_0_and_1000(b_values: list[tuple[float, ...]], verdict: str, words: str) -> None:
    series = [slices(SeriesKind.DWI, b_values=each) for each in b_values]
    found = row(check_protocol(series), SeriesKind.DWI)
    assert found.verdict == verdict
    assert words in found.sentence


def test_a_missing_adc_can_be_computed_from_the_dwi() -> None:
    assert row(check_protocol(without(SeriesKind.ADC)), SeriesKind.ADC).sentence == (
        "ADC axial is missing; it can be computed from the DWI."
    )
    assert row(check_protocol([]), SeriesKind.ADC).sentence == "ADC axial is missing."


def test_perfusion_and_spectroscopy_are_asked_for_when_the_picture_is_ambiguous() -> None:
    called = check_protocol(COMPLETE, is_advanced_called_for=True)
    assert not called.is_complete
    assert called.sentence == (
        "Perfusion is missing, which the ambiguous picture calls for. "
        "Spectroscopy is missing, which the ambiguous picture calls for."
    )
    made = [*COMPLETE, SeriesFacts("DSC", SeriesKind.PERFUSION), SeriesFacts("svs", SeriesKind.SPECTROSCOPY)]
    assert check_protocol(made, is_advanced_called_for=True).is_complete


def test_an_unknown_protocol_is_told_with_the_nearest() -> None:
    with pytest.raises(ResponseError, match="no imaging protocol 'gliasite'; did you mean 'gliasite_mri'"):
        check_protocol([], "gliasite")


def protocol_file(folder: Path, **sequence: object) -> Path:
    path = folder / "own.json"
    own = {"schema": 1, "id": "own", "title": "Own", "source": "clinic's own", "max_slice_thickness_mm": 3}
    row = {"kind": "T2", "planes": ["axial"], **sequence}
    path.write_text(json.dumps({**own, "isotropic_ratio": 1.1, "sequences": [row]}), encoding="utf-8")
    return path


def test_a_protocol_of_ones_own_is_read(tmp_path: Path) -> None:
    protocol = load_protocol(protocol_file(tmp_path))
    assert row(check_protocol([slices(SeriesKind.T2)], protocol), SeriesKind.T2).verdict is ProtocolVerdict.DEVIATES
    assert row(check_protocol([slices(SeriesKind.T2, thickness=3)], protocol), SeriesKind.T2).verdict == "present"


@pytest.mark.parametrize(
    ("sequence", "message"),
    [
        ({"kind": "T9"}, "'kind' is 'T9', expected one of T1"),
        ({"planes": ["oblique"]}, "'planes' holds 'oblique', expected axial, sagittal, coronal"),
        ({"plane": ["axial"]}, "'plane' is not known; did you mean 'planes'"),
    ],
)
def test_a_wrong_protocol_is_refused_with_its_place(tmp_path: Path, sequence: dict[str, object], message: str) -> None:
    with pytest.raises(InputFileError, match=f"own.json: sequences 1.*{message}"):
        load_protocol(protocol_file(tmp_path, **sequence))
