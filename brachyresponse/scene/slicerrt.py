"""Names by which SlicerRT knows a dose and a histogram; SlicerRT itself is welcome, never needed."""

from __future__ import annotations

import slicer

DOSE_VOLUME = "DicomRtImport.DoseVolume"
ISODOSE_MODEL = "DicomRtImport.IsodoseModel"
LEVELS_ROLE = "colorTableRef"
HISTOGRAM = "DoseVolumeHistogram."
USUAL_STEP_GY = 0.2
MOST_ROWS = 20_000


def limit_histogram_rows(maximum_gy: float) -> None:
    """Widen the dose step of SlicerRT's histograms where its usual one would give more than 20,000 rows.

    SlicerRT counts up to the highest voxel, and beside a seed that is thousands of Gy. The dose volume itself
    keeps its values. Without SlicerRT nothing happens.
    """
    module = getattr(slicer.modules, "dosevolumehistogram", None)
    if module is not None:
        module.logic().SetStepSize(max(USUAL_STEP_GY, maximum_gy / MOST_ROWS))
