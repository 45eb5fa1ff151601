"""Curves of places of a study that was measured before: as those of the run itself."""

from __future__ import annotations

import numpy as np
import pytest

import small_study
from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import MapName, PerfusionStudy
from brachyresponse.perfusion.study import CurveRole
from brachyresponse.perfusion.study.refit import MeasuredBefore, curve_fitter

VOXELS = np.argwhere(small_study.LESION)[:5]
SINGLE = 1e-5
"""Relative precision of figures that went through single precision, as T1 does in its map."""


def test_a_dce_is_fitted_with_the_arterial_input_and_the_t1_of_the_last_run(dce: PerfusionStudy) -> None:
    assert dce.aif is not None
    fitter = curve_fitter(dce.request, MeasuredBefore(dce.aif.values, dce.map(MapName.T1)))
    again, first = (each(VOXELS, "Lesion", CurveRole.PLACE) for each in (fitter, dce.fitter))
    assert again.facts == first.facts
    np.testing.assert_allclose(again.values, first.values, rtol=SINGLE, atol=SINGLE)
    assert again.fitted is not None
    np.testing.assert_allclose(again.fitted, first.fitted, rtol=SINGLE, atol=SINGLE)


def test_a_dsc_needs_nothing_of_the_last_run(dsc: PerfusionStudy) -> None:
    again, first = (each(VOXELS, "Lesion", CurveRole.PLACE) for each in (curve_fitter(dsc.request, None), dsc.fitter))
    assert again.facts == first.facts
    np.testing.assert_allclose(again.fitted, first.fitted, rtol=SINGLE, atol=SINGLE)


def test_a_dce_without_its_arterial_input_is_refused(dce: PerfusionStudy) -> None:
    assert dce.aif is not None
    t1 = dce.map(MapName.T1)
    for before in (None, MeasuredBefore(dce.aif.values[:-1], t1)):
        with pytest.raises(PerfusionError, match="arterial input of the last run is not there: measure the study"):
            curve_fitter(dce.request, before)
