"""MR spectroscopy: from the free induction decay to metabolite ratios with their intervals.

Chemical shift in ppm, time in s, echo time in ms; the last axis of an array of decays is time.
"""

from brachyresponse.spectroscopy.combining import combine
from brachyresponse.spectroscopy.fitting import (
    FitQuality,
    FitSettings,
    GridFit,
    MetaboliteRatio,
    SpectrumFit,
    fit_grid,
    fit_spectrum,
)
from brachyresponse.spectroscopy.raw_spectra import RawSpectra
from brachyresponse.spectroscopy.reading import (
    MetaboliteTable,
    read_metabolite_table,
    read_nifti_mrs,
    read_spectra,
    write_nifti_mrs,
)
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study import (
    SpectroscopyRecord,
    SpectroscopyRequest,
    SpectroscopySettings,
    SpectroscopyStudy,
    measure_spectroscopy,
    ratio_map,
    read_spectroscopy_record,
    write_spectroscopy,
)
from brachyresponse.spectroscopy.vocabulary import Metabolite, RatioName, SpectraKind
from brachyresponse.spectroscopy.voxels import grid_outline, lesion_share, shares_on_grid, voxel_outline

__all__ = [
    "FitQuality",
    "FitSettings",
    "GridFit",
    "Metabolite",
    "MetaboliteRatio",
    "MetaboliteTable",
    "RatioName",
    "RawSpectra",
    "Spectra",
    "SpectraKind",
    "SpectroscopyRecord",
    "SpectroscopyRequest",
    "SpectroscopySettings",
    "SpectroscopyStudy",
    "SpectrumFit",
    "combine",
    "fit_grid",
    "fit_spectrum",
    "grid_outline",
    "lesion_share",
    "measure_spectroscopy",
    "ratio_map",
    "read_metabolite_table",
    "read_nifti_mrs",
    "read_spectra",
    "read_spectroscopy_record",
    "shares_on_grid",
    "voxel_outline",
    "write_nifti_mrs",
    "write_spectroscopy",
]
