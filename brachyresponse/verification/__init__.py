"""Verification: the implant that was made, held against its plan."""

from brachyresponse.verification.registration import Registration, RegistrationMethod

__all__ = ["Registration", "RegistrationMethod"]
