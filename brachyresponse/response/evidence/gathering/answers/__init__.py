"""Conditions answered from what is known: the treatment record, the scans, sizes and distances."""

from brachyresponse.response.evidence.gathering.answers.diffusion import answers_of_diffusion
from brachyresponse.response.evidence.gathering.answers.perfusion import answers_of_perfusion
from brachyresponse.response.evidence.gathering.answers.sizes import answers_of_distances, answers_of_size
from brachyresponse.response.evidence.gathering.answers.spectroscopy import answers_of_spectroscopy
from brachyresponse.response.evidence.gathering.answers.treatments import (
    answers_of_steroid_dose,
    answers_of_treatments,
)

__all__ = [
    "answers_of_diffusion",
    "answers_of_distances",
    "answers_of_perfusion",
    "answers_of_size",
    "answers_of_spectroscopy",
    "answers_of_steroid_dose",
    "answers_of_treatments",
]
