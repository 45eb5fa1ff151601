"""Reports: self-contained HTML documents that print on A4."""

from brachyresponse.report.loading_page import loading_sheet_html
from brachyresponse.report.plan_report import PlanPictures, PlanReport, plan_report_html
from brachyresponse.report.verification_report import (
    VerificationPictures,
    VerificationReport,
    verification_report_html,
)

__all__ = [
    "PlanPictures",
    "PlanReport",
    "VerificationPictures",
    "VerificationReport",
    "loading_sheet_html",
    "plan_report_html",
    "verification_report_html",
]
