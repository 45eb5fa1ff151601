"""The tumour that is treated."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.treatment import known_word
from brachyresponse.response.treatment.vocabulary import GLIOMAS, IdhState, TumourType


@dataclass(frozen=True)
class Tumour:
    """Type of the tumour and, of a glioma, the state of IDH.

    Raises
    ------
    ResponseError
        A word is unknown (the nearest is told), or an IDH state is given for what is no glioma.
    """

    type: TumourType
    idh: IdhState = IdhState.UNKNOWN

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", known_word(self.type, TumourType, "tumour type"))
        object.__setattr__(self, "idh", known_word(self.idh, IdhState, "IDH state"))
        if self.idh is not IdhState.UNKNOWN and not self.is_glioma:
            raise ResponseError(
                f"The IDH state is {str(self.idh)!r} for a {self.type}, expected one of a glioma only: leave it "
                f"{str(IdhState.UNKNOWN)!r}, or correct the tumour type."
            )

    @property
    def is_glioma(self) -> bool:
        """Whether the IDH state says something."""
        return self.type in GLIOMAS

    def describe(self) -> str:
        """Return it in words."""
        if not self.is_glioma:
            return str(self.type)
        return f"{self.type}; IDH {'state unknown' if self.idh is IdhState.UNKNOWN else self.idh}"
