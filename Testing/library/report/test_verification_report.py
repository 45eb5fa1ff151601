from __future__ import annotations

import re
from dataclasses import replace

import pytest

from brachyresponse.report import VerificationPictures, VerificationReport, verification_report_html
from brachyresponse.report.markup import Markup
from brachyresponse.verification import OedemaModel, Registration, RegistrationMethod, Verification
from parsed_html import text_of
from verified_implant import small_request, small_verification

HOSTILE = "<script>alert('x')</script> & Co."


@pytest.fixture(scope="module")
def verification() -> Verification:
    return small_verification()


@pytest.fixture(scope="module")
def page(verification: Verification) -> str:
    return verification_report_html(VerificationReport(verification))


def test_the_first_page_gives_plan_implant_and_difference_of_what_is_looked_at_first(
    verification: Verification, page: str
) -> None:
    first = text_of(page).split("What to watch")[0]
    for metric_id in ("d90", "d100", "v100", "v150", "v200", "hi"):
        row = verification.metric("PTV", metric_id)
        assert row is not None
        plan, implant, difference = (
            f"{value:{sign}.{row.decimals}f}"
            for value, sign in ((row.plan, ""), (row.implant, ""), (row.difference, "+"))
        )
        unit = f" {row.unit}" if row.unit else ""
        assert f"{row.label} {plan}{unit} {implant}{unit} {difference}{unit}" in first


def test_every_metric_of_target_and_organ_stands_in_the_tables(verification: Verification, page: str) -> None:
    text = text_of(page)
    for row in verification.comparison:
        if row.implant is not None:
            assert f"{row.implant:.{row.decimals}f} {row.unit}".strip() in text
        assert row.label in text
    assert "Nerve plan Nerve implant Nerve difference" in text


def test_d90_of_each_target_is_said_at_the_top_in_percent_of_the_prescription(
    verification: Verification, page: str
) -> None:
    row = verification.metric("PTV", "d90")
    assert row is not None
    assert row.implant is not None
    percent = 100 * row.implant / verification.request.plan.prescription_gy
    top = text_of(page).split("Plan against implant")[0]
    assert f"PTV {row.implant:.1f} Gy, {percent:.1f} % of the prescription" in top


def test_what_casts_doubt_comes_before_places_and_assumptions(verification: Verification) -> None:
    doubtful = replace(verification, warnings=("The patient is not known.",))
    watched = text_of(verification_report_html(VerificationReport(doubtful))).split("What to watch")[1]
    assert watched.index("The patient is not known.") < watched.index("below the prescription in")


def test_missing_extra_and_migrated_seeds_are_named_by_number(page: str) -> None:
    text = text_of(page)
    assert "Missing 1: planned 4; no seed within 10 mm" in text
    assert "Extra 1: found 8; no planned place left within that" in text
    assert "May have migrated 1: found 8" in text
    assert "Implanted 8" in text


def test_the_largest_displacement_names_its_seed(verification: Verification, page: str) -> None:
    assert f"Largest {verification.displacements.total_mm.max():.1f} mm, planned 6, found 5" in text_of(page)


def test_what_is_broken_comes_first_with_its_limit_and_source(verification: Verification, page: str) -> None:
    watched = text_of(page).split("What to watch")[1].split("Limits of the implant")[0]
    broken = [finding for finding in verification.findings if finding.passed is False]
    assert broken
    for finding in broken:
        assert f"{finding.label}: {finding.found}; expected {finding.limit} ({finding.source})" in watched
    assert watched.index("error ") < watched.index("warn ")
    assert "dose limit Nerve:Dmax<=10%" in watched
    assert verification.axis_sentence in watched
    assert "No oedema correction was made" in watched
    assert f"{verification.cold_regions[0].where}" in watched


def test_registration_scan_day_and_share_of_the_dose_are_on_the_first_page(
    verification: Verification, page: str
) -> None:
    first = text_of(page).split("Plan against implant")[0]
    assert "bone, residual 0.6 mm" in first
    assert "2026-03-07 (day 1)" in first
    assert f"{100 * verification.share_delivered:.1f} % of the total" in first
    assert "Mean distance of the edges of bone." in text_of(page)


def test_a_carried_target_is_stamped_wherever_its_numbers_appear() -> None:
    text = text_of(verification_report_html(VerificationReport(small_verification(implant_anatomy=None))))
    assert "Target carried, not verified." in text
    assert "PTV carried, not verified plan PTV carried, not verified implant" in text
    assert "PTV carried, not verified : " in text  # cold regions in "what to watch"
    assert "D90 PTV carried, not verified" in text  # the axes' table


def test_a_target_contoured_anew_has_no_stamp(page: str) -> None:
    assert "not verified" not in text_of(page)


def test_an_oedema_model_adds_a_column_and_its_assumption() -> None:
    verification = small_verification(oedema=OedemaModel(0.5, 10.0))
    text = text_of(verification_report_html(VerificationReport(verification)))
    row = verification.metric("PTV", "d90")
    assert row is not None
    assert row.oedema is not None
    assert "PTV with oedema" in text
    assert f"{row.oedema:.1f} Gy" in text
    assert verification.oedema_sentence in text
    assert "No oedema correction" not in text


def test_every_seed_has_a_row(verification: Verification, page: str) -> None:
    table = text_of(page).split("Seeds, one by one")[1].split("Registration")[0]
    assert "missing" in table
    assert re.search(r"extra ?, may have migrated", table)
    assert table.count("point source") == 1
    for along, signed in zip(verification.displacements.along_mm, verification.displacements.is_signed, strict=True):
        assert signed
        assert f"{along:+.1f}" in table


def test_what_is_not_known_is_said() -> None:
    unknown = Registration(RegistrationMethod.NONE, small_request().registration.matrix, None, "Nothing was measured.")
    verification = small_verification(registration=unknown, scan_date=None, implanted_count=None, profile=None)
    text = text_of(verification_report_html(VerificationReport(verification)))
    assert "Implant CT of not known" in text
    assert "Dose delivered by then not known" in text
    assert "Implanted not known" in text
    assert "Nothing was measured." in text
    assert "no site profile" in text.lower()


def test_names_from_files_cannot_break_the_page() -> None:
    request = small_request()
    plan = replace(request.plan, name=HOSTILE, patient_id=HOSTILE)
    page = verification_report_html(
        VerificationReport(small_verification(plan=plan), inputs=[("Image", HOSTILE)], notes=[HOSTILE])
    )
    assert "<script>" not in page
    assert HOSTILE in text_of(page)


def test_pictures_sections_and_inputs_are_in_the_one_file(verification: Verification) -> None:
    svg = Markup("<svg></svg>")
    pictures = VerificationPictures((svg,), svg, (svg,), (svg,), svg, svg, svg, b"png")
    extra = Markup("<section><h2>Truth</h2></section>")
    report = VerificationReport(verification, pictures, [extra], [("Implant CT", "CT.nrrd")], ["A note."])
    page = verification_report_html(report)
    assert page.count("<svg>") == 7
    assert 'src="data:image/png;base64,cG5n"' in page
    assert not re.search(r'(href|src)="(?!data:)', page)
    text = text_of(page)
    assert text.index("Truth") < text.index("Seeds, one by one")
    assert "Implant CT CT.nrrd" in text
    assert "A note." in text
