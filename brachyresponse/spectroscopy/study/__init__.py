"""The study of spectra: fitted, placed on lesions, recorded and written."""

from brachyresponse.spectroscopy.study.files import write_spectroscopy
from brachyresponse.spectroscopy.study.fitted import fit_voxel
from brachyresponse.spectroscopy.study.maps import NO_VALUE, ratio_map
from brachyresponse.spectroscopy.study.measure import SpectroscopyStudy, measure_spectroscopy
from brachyresponse.spectroscopy.study.ratio_facts import RatioFacts, ratio_facts
from brachyresponse.spectroscopy.study.record import (
    LesionEntry,
    LesionRatioEntry,
    MetaboliteEntry,
    RatioEntry,
    SpectroscopyRecord,
    VoxelEntry,
)
from brachyresponse.spectroscopy.study.record_file import (
    parse_spectroscopy_record,
    read_spectroscopy_record,
    record_text,
)
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest
from brachyresponse.spectroscopy.study.settings import SpectroscopySettings, setting_facts
from brachyresponse.spectroscopy.study.tables import lesion_table, metabolite_table, voxel_table

__all__ = [
    "NO_VALUE",
    "LesionEntry",
    "LesionRatioEntry",
    "MetaboliteEntry",
    "RatioEntry",
    "RatioFacts",
    "SpectroscopyRecord",
    "SpectroscopyRequest",
    "SpectroscopySettings",
    "SpectroscopyStudy",
    "VoxelEntry",
    "fit_voxel",
    "lesion_table",
    "measure_spectroscopy",
    "metabolite_table",
    "parse_spectroscopy_record",
    "ratio_facts",
    "ratio_map",
    "read_spectroscopy_record",
    "record_text",
    "setting_facts",
    "voxel_table",
    "write_spectroscopy",
]
