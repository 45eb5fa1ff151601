"""Sources that the dose tests share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.sources import Source, load_source


@pytest.fixture
def asymmetric_source() -> Source:
    """A 6711 whose far end is shielded to half, smoothly from the middle on: a table from 0 to 180 degrees."""
    source = load_source("amersham_6711")
    angles, table = source.anisotropy_theta_deg, source.anisotropy
    shield = np.linspace(1.0, 0.5, angles.size)[1:]
    return replace(
        source,
        name="asymmetric",
        anisotropy_theta_deg=np.concatenate([angles, 180 - angles[-2::-1]]),
        anisotropy=np.concatenate([table, table[:, -2::-1] * shield], axis=1),
    )
