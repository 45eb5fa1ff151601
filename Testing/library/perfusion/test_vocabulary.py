"""Words that a vocabulary does not have."""

from __future__ import annotations

from enum import StrEnum

import pytest

from brachyresponse.digital_patient.perfusion import PatientVariant, Visit
from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import MapName, SeriesKind


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (SeriesKind, "no series kind 'nonsense': choose one of dce, dsc"),
        (MapName, "no map name 'nonsense': choose one of t1, ktrans"),
        (PatientVariant, "no patient variant 'nonsense': choose one of recurrence_at_margin"),
        (Visit, "no visit 'nonsense': choose one of before, follow_up"),
    ],
)
def test_an_unknown_word_is_refused_with_the_known_ones(vocabulary: type[StrEnum], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        vocabulary("nonsense")
    assert all(vocabulary(str(word)) is word for word in vocabulary)
