"""Verification: the implant that was made, held against its plan."""
