"""The table of a seed's dose rate, close to the seed too."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.dose.kernel import Kernel, KernelReader
from brachyresponse.dose.tg43 import line_rate_per_u
from brachyresponse.sources import load_source


@pytest.mark.parametrize("model", ["amersham_6711", "theragenics_200"])
def test_a_table_that_is_not_faded_holds_the_dose_from_two_and_a_half_millimetres_on(model: str) -> None:
    source = load_source(model)
    random = np.random.default_rng(3)
    offsets_mm = random.normal(size=(3, 4000))
    offsets_mm *= random.uniform(2.5, 60, 4000) / np.linalg.norm(offsets_mm, axis=0)
    reader = KernelReader(Kernel.of(source, 80.0, faded=False), 4000)
    inputs = reader.inputs(4000)
    inputs[:] = offsets_mm
    found = reader.rate_per_u(*inputs)
    expected = line_rate_per_u(source, offsets_mm[2] / 10, np.hypot(*offsets_mm[:2]) / 10)
    np.testing.assert_allclose(found, expected, rtol=8e-3)  # what its text says, and a little for another model
