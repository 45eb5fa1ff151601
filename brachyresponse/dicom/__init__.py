"""CT and ADC series and radiotherapy objects of other systems, read from DICOM: LPS to RAS here, once."""

from brachyresponse.dicom.adc_series import AdcSeries, read_adc_series
from brachyresponse.dicom.ct_series import CtSeries, SeriesFiles, find_series, read_ct_series
from brachyresponse.dicom.plan_channels import DicomChannel
from brachyresponse.dicom.plan_sources import DicomSource
from brachyresponse.dicom.rt_dose import RtDose, read_rt_dose
from brachyresponse.dicom.rt_plan import DicomPlan, PlanField, read_rt_plan
from brachyresponse.dicom.rt_structures import Roi, RtStructures, read_rt_structures
from brachyresponse.dicom.study import DicomStudy, read_study

__all__ = [
    "AdcSeries",
    "CtSeries",
    "DicomChannel",
    "DicomPlan",
    "DicomSource",
    "DicomStudy",
    "PlanField",
    "Roi",
    "RtDose",
    "RtStructures",
    "SeriesFiles",
    "find_series",
    "read_adc_series",
    "read_ct_series",
    "read_rt_dose",
    "read_rt_plan",
    "read_rt_structures",
    "read_study",
]
