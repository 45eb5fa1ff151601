"""Patients assessed: from measured visits or files to categories with their reasons, and to files."""

from brachyresponse.response.study.adjudication import Adjudication
from brachyresponse.response.study.assumption import Assumption
from brachyresponse.response.study.build_case import CaseFrame, case_from_visits
from brachyresponse.response.study.case_table import read_case_table
from brachyresponse.response.study.continued import continue_record
from brachyresponse.response.study.entries import (
    InputEntry,
    MeasurementEntry,
    PerfusionEntry,
    SiteEntry,
    measurement_entry,
)
from brachyresponse.response.study.evaluate import check_same_criteria, evaluate_response
from brachyresponse.response.study.evidence import add_evidence, complete_evidence
from brachyresponse.response.study.files import write_study
from brachyresponse.response.study.findings import LesionFinding, MeasuredVisit, findings_of_match
from brachyresponse.response.study.record_file import ResponseRecord, VisitRecord, read_response_record, study_as_json
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.study.request_file import read_items, read_request, read_requests
from brachyresponse.response.study.request_json import request_as_json, request_from_json
from brachyresponse.response.study.study import ResponseStudy, VersionEntry
from brachyresponse.response.study.tables import measurement_table, visit_table
from brachyresponse.response.study.targets import TargetChoice, choose_targets

__all__ = [
    "Adjudication",
    "Assumption",
    "CaseFrame",
    "InputEntry",
    "LesionFinding",
    "MeasuredVisit",
    "MeasurementEntry",
    "PerfusionEntry",
    "ResponseRecord",
    "ResponseRequest",
    "ResponseStudy",
    "SiteEntry",
    "TargetChoice",
    "VersionEntry",
    "VisitRecord",
    "add_evidence",
    "case_from_visits",
    "check_same_criteria",
    "choose_targets",
    "complete_evidence",
    "continue_record",
    "evaluate_response",
    "findings_of_match",
    "measurement_entry",
    "measurement_table",
    "read_case_table",
    "read_items",
    "read_request",
    "read_requests",
    "read_response_record",
    "request_as_json",
    "request_from_json",
    "study_as_json",
    "visit_table",
    "write_study",
]
