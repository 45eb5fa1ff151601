"""The needle and loading sheet as one A4 page for the procedure room."""

from __future__ import annotations

from collections.abc import Iterable

from brachyresponse import __version__
from brachyresponse.planning.loading_sheet import LoadingSheet, NeedleRow, OrderRow
from brachyresponse.report.document import document, facts, section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined

MOST_ROWS_AT_FULL_SIZE = 18
SEED_DOT = "●"
SIGNATURES = ("Planned by", "Checked independently by", "Date")


def loading_sheet_html(sheet: LoadingSheet) -> str:
    """Return the sheet as a self-contained HTML document that prints on one A4 page.

    Many needles are set in smaller type; beyond about forty the table goes on, with its heading, on a second page.
    """
    plan = sheet.plan
    dense = len(sheet.needles) + len(sheet.free_seeds) > MOST_ROWS_AT_FULL_SIZE
    return document(
        f"Loading sheet, {plan.name}, patient {plan.patient_id or 'without ID'}",
        element(
            "main",
            element("h1", f"Needle and loading sheet: {plan.name}"),
            element("p", sheet.use, class_="research"),
            _head(sheet),
            section("Needles", _needles(sheet.needles), _legend()),
            section("Seeds on no needle", _free(sheet)),
            section("Seeds to order", _order(sheet.order)),
            section("Independent check", _checks(sheet)),
            _signatures(),
            element("footer", f"BrachyResponse {__version__}"),
            class_="sheet dense" if dense else "sheet",
        ),
    )


def _head(sheet: LoadingSheet) -> Markup:
    plan = sheet.plan
    count = f"{plan.seeds.count} seeds, {len(sheet.needles)} needles, {plan.seeds.air_kerma_strength_u.sum():.3f} U"
    return facts(
        [
            ("Patient ID", plan.patient_id),
            ("Implant date", plan.implant_date.isoformat()),
            ("Target", plan.target),
            ("Prescription", f"{plan.prescription_gy:g} Gy"),
            ("Seed model", sheet.source_label),
            ("In total", count),
        ]
    )


def _needles(rows: Iterable[NeedleRow]) -> Markup:
    headings = (
        "Needle",
        "Hole",
        _two_lines("Entry mm", "R, A, S"),
        _two_lines("Axial", "angle °"),
        "Tilt °",
        _two_lines("Tip at", "depth mm"),
        _two_lines("First seed", "at mm"),
        "Seeds",
        _two_lines("Train from the tip:", f"{SEED_DOT} seed, spacers in mm"),
        _two_lines("Strength", "U"),
    )
    return table(headings, (_needle(row) for row in rows), numbers=(2, 3, 4, 5, 6, 7, 9))


def _needle(row: NeedleRow) -> list[object]:
    return [
        element("b", row.number),
        element("b", row.hole or "-"),
        ", ".join(f"{x:.1f}" for x in row.entry_mm),
        "-" if row.axial_angle_deg is None else f"{row.axial_angle_deg:.1f}",
        f"{row.tilt_deg:.1f}",
        f"{row.tip_depth_mm:.1f}",
        element("b", f"{row.first_seed_depth_mm:.1f}"),
        row.seed_count,
        _train(row),
        f"{row.strength_u:.3f}",
    ]


def _train(row: NeedleRow) -> str:
    """Seeds as dots and spacers by their length, the tip on the left."""
    return " ".join(SEED_DOT if part.is_seed else f"{part.length_mm:.1f}" for part in row.train)


def _legend() -> Markup:
    return element(
        "p",
        "Depths are from the needle's entry to the centre of a seed; the first seed is the deepest. "
        "Axial angle: 0 straight to the back, 90 to the patient's left; tilt: positive towards the head. "
        "'-': no template hole, or a needle along the body's axis.",
        class_="quiet",
    )


def _free(sheet: LoadingSheet) -> Markup:
    if not sheet.free_seeds:
        return NOTHING
    rows = (
        [seed.number, *(f"{x:.1f}" for x in seed.position_mm), f"{seed.strength_u:.3f}"] for seed in sheet.free_seeds
    )
    return table(("Seed", "R mm", "A mm", "S mm", "Strength U"), rows, numbers=range(5))


def _order(rows: Iterable[OrderRow]) -> Markup:
    headings = (
        "Planned",
        "Spare",
        "To order",
        _two_lines("Each on the implant day", "U (MBq, mCi apparent)"),
        "Reference date",
        _two_lines("Each on the reference date", "U (MBq, mCi apparent)"),
    )
    return table(headings, (_ordered(row) for row in rows), numbers=(0, 1, 2))


def _ordered(row: OrderRow) -> list[object]:
    return [
        row.planned,
        row.spare,
        element("b", row.ordered),
        f"{row.implant.strength_u:.3f} ({row.implant.activity_mbq:.2f}, {row.implant.activity_mci:.3f})",
        row.reference.day.isoformat(),
        f"{row.reference.strength_u:.3f} ({row.reference.activity_mbq:.2f}, {row.reference.activity_mci:.3f})",
    ]


def _checks(sheet: LoadingSheet) -> Markup:
    blank = element("span", "", class_="blank")
    return table(("What", "Expected", "Found", "Initials"), ([c.text, c.expected, blank, blank] for c in sheet.checks))


def _signatures() -> Markup:
    return element("div", *(element("div", who) for who in SIGNATURES), class_="signature")


def _two_lines(first: str, second: str) -> Markup:
    return joined(first, element("br"), second)
