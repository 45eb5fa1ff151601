from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose import Dvh
from brachyresponse.errors import PlanError
from brachyresponse.planning import LimitUnit, parse_limit, parse_metric
from brachyresponse.planning.organ_limits import judge_limit

RX_GY = 100.0


def even_dvh(name: str = "Rectum", volume_cc: float = 10.0) -> Dvh:
    """A dose that falls evenly from 100 to 0 Gy over the structure."""
    count = 10_000
    dose_gy = (np.arange(count) + 0.5) * 100 / count
    return Dvh(name, dose_gy, np.full(count, volume_cc / count), volume_cc)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Rectum:D2cc<=65%", "Rectum:D2cc<=65%"),
        (" optic chiasm : D0.1cc <= 50 Gy ", "optic chiasm:D0.1cc<=50Gy"),
        ("left: eye:Dmax<=12gy", "left: eye:Dmax<=12Gy"),
        ("PTV:V100>=95%", "PTV:V100>=95%"),
        ("Cord:v12gy<=0.5CC", "Cord:V12Gy<=0.5cc"),
        ("PTV:D90%≥145Gy", "PTV:D90>=145Gy"),
    ],
)
def test_limits_are_read_as_written(text: str, written: str) -> None:
    assert str(parse_limit(text)) == written
    assert str(parse_limit(written)) == written


@pytest.mark.parametrize(
    ("text", "value", "passed"),
    [
        # 10 cc: 2 cc are the hottest fifth, so D2cc is 80 Gy
        ("Rectum:D2cc<=80.1Gy", 80, True),
        ("Rectum:D2cc<=79.9Gy", 80, False),
        ("Rectum:D2cc<=80.1%", 80, True),
        ("Rectum:D30<=70.1Gy", 70, True),
        ("Rectum:Dmean<=49.9Gy", 50, False),
        ("Rectum:Dmin>=1Gy", 0, False),
        ("Rectum:V60<=40.1%", 40, True),
        ("Rectum:V60Gy<=3.9cc", 4, False),
        ("Rectum:V60Gy>=3.9cc", 4, True),
    ],
)
def test_both_sides_of_a_limit_are_told_apart(text: str, value: float, passed: bool) -> None:
    result = judge_limit(parse_limit(text), even_dvh(), RX_GY)
    assert result.value == pytest.approx(value, abs=0.02)  # 10,000 samples over 100 Gy
    assert result.passed is passed


def test_percent_of_dose_is_of_the_prescription() -> None:
    result = judge_limit(parse_limit("Rectum:D2cc<=45%"), even_dvh(), 200.0)
    assert result.value == pytest.approx(40, abs=0.02)


def test_a_limit_that_cannot_be_judged_says_why() -> None:
    unknown = judge_limit(parse_limit("Rectum:D2cc<=65%"), None, RX_GY)
    assert (unknown.value, unknown.passed) == (None, None)
    assert unknown.note == "the dose of Rectum is not known"
    small = judge_limit(parse_limit("Rectum:D2cc<=65%"), even_dvh(volume_cc=1.0), RX_GY)
    assert (small.value, small.passed) == (None, None)
    assert "D2cc is not defined: Rectum has 1 cc" in small.note


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Rectum D2cc<=65%", "not a dose limit: write it like 'Rectum:D2cc<=65%'"),
        ("Rectum:D2cc=65%", "not a dose limit"),
        ("Rectum:D2cc<=65", "not a dose limit"),
        ("Rectum:D2cc<=-5Gy", "not a dose limit"),
        ("Rectum:Dodd<=5Gy", "'Dodd' is not a dose metric"),
        ("Rectum:D2cc<=5cc", "D2cc is limited in Gy or %, not in cc"),
        ("Rectum:V100<=5Gy", "V100 is limited in % or cc, not in Gy"),
        ("Rectum:D150<=5Gy", "no 150 % of its volume"),
        ("Rectum:D5Gy<=5Gy", "D takes a volume"),
        ("Rectum:V2cc<=5%", "V a dose"),
    ],
)
def test_limits_that_make_no_sense_are_refused(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        parse_limit(text)


def test_a_metric_knows_whether_it_is_a_dose() -> None:
    assert parse_metric("dMAX").is_dose
    assert parse_metric("D90").unit is LimitUnit.PERCENT
    assert not parse_metric("V12Gy").is_dose
