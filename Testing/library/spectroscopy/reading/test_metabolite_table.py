"""Tables of amplitudes that other programs fitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from brachyresponse.errors import InputFileError
from brachyresponse.spectroscopy import Metabolite, read_metabolite_table
from brachyresponse.spectroscopy.reading.metabolite_table import metabolite_by_name, parse_metabolite_table

GOOD = """metabolite, amplitude, unit, crb_percent, te_ms, line_width_hz, note
# a remark
tCho, 2.5, i.u., 5, 30, 6.5, by hand

NAA+NAAG, 1.25, i.u., 8, 30, ,
Lip13a+Lip13b, 3, i.u., 12, 30, ,
"""


def test_names_of_other_programs_and_a_single_voxel() -> None:
    table = parse_metabolite_table(GOOD, "t.csv")
    assert (table.echo_time_ms, table.unit, table.voxels, table.grid) == (30.0, "i.u.", ((0, 0, 0),), None)
    found = {value.metabolite: (value.amplitude, value.crb_percent, value.line_width_hz) for value in table.values}
    assert found == {
        Metabolite.CHO: (2.5, 5.0, 6.5),
        Metabolite.NAA: (1.25, 8.0, None),
        Metabolite.LIP13: (3.0, 12.0, None),
    }


def test_every_metabolite_has_its_own_name_and_no_name_means_two() -> None:
    names = metabolite_by_name()
    assert all(names[each.lower()] is each for each in Metabolite)


def test_voxels_of_a_grid_semicolons_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(
        "i;j;k;metabolite;amplitude;crb_percent;te_ms\n0;1;0;Cr;1;9;144\n2;1;0;Cr;3;9;144\n", encoding="utf-8-sig"
    )
    table = read_metabolite_table(tmp_path / "g.csv")
    assert table.voxels == ((0, 1, 0), (2, 1, 0))
    assert [value.amplitude for value in table.of((2, 1, 0))] == [3.0]
    with pytest.raises(InputFileError, match=r"gone\.csv cannot be read"):
        read_metabolite_table(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column metabolite, amplitude, crb_percent, te_ms"),
        ("metabolite,amplitude,crb_percent,te_ms\n", "columns and no rows"),
        ("a,b\nCr,1\n", r"\(it has a, b\)"),
        ("metabolite,amplitude,te_ms\nCr,1,30\n", "no column crb_percent"),
        ("i,metabolite,amplitude,crb_percent,te_ms\n0,Cr,1,5,30\n", "some of the columns i, j, k"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,much,5,30\n", "row 2: amplitude is 'much', expected a number"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,nan,5,30\n", "row 2: amplitude is nan, expected a number above"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,-1,5,30\n", "row 2: amplitude is -1"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,1,5,0\n", "te_ms is 0"),
        ("metabolite,amplitude,crb_percent,te_ms\nXyz,1,5,30\n", "row 2: metabolite 'Xyz' is not known"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,1,5,30\ntCr,1,5,30\n", "Cr of voxel .* twice"),
        ("metabolite,amplitude,crb_percent,te_ms\nCr,1,5,30\nNAA,1,5,144\n", "te_ms is 30.0 and 144.0, expected one"),
        ("i,j,k,metabolite,amplitude,crb_percent,te_ms\n0,0,x,Cr,1,5,30\n", "k is 'x', expected a whole number"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        parse_metabolite_table(text, "t.csv")
