"""The structures of a patient and what each is to the plan: chosen by the user, never guessed from a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure, fill_holes
from brachyresponse.planning.organ_limits import OrganLimit
from brachyresponse.planning.surface import StructureSurface


class TargetRole(StrEnum):
    """The two targets."""

    GTV = "gtv"
    """The visible tumour."""
    PTV = "ptv"
    """The tumour with what it may have infiltrated and a margin."""


@dataclass(frozen=True)
class PlanRoles:
    """Names of structures by what they are to the plan; empty where there is none.

    Parameters
    ----------
    gtv, ptv
        The targets; the same name twice where the PTV is the GTV.
    body
        The body: its outer surface is the skin, what it encloses is filled.
    organs
        Structures at risk, whose dose is reported.
    avoid
        Structures that no needle may cross and no seed may touch.
    limits
        Dose limits of organs at risk.
    """

    gtv: str = ""
    ptv: str = ""
    body: str = ""
    organs: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    limits: tuple[OrganLimit, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of GTV and PTV, without what is not chosen, each once."""
        return tuple(dict.fromkeys(name for name in (self.gtv, self.ptv) if name))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that has a role, each once."""
        body = (self.body,) if self.body else ()
        return tuple(dict.fromkeys((*self.targets, *body, *self.reported_organs, *self.avoid)))

    @property
    def reported_organs(self) -> tuple[str, ...]:
        """Names of the structures whose dose is reported beside the targets': organs, and whatever has a limit."""
        limited = (limit.structure for limit in self.limits if limit.structure not in self.targets)
        return tuple(dict.fromkeys((*self.organs, *limited)))

    def name_of(self, role: TargetRole) -> str:
        """Return the name of a target."""
        return self.gtv if role is TargetRole.GTV else self.ptv


@dataclass(frozen=True, eq=False)
class PlanAnatomy:
    """The patient's structures with their roles.

    Surfaces are kept, so one anatomy serves many plans: make a new one when a structure changes.

    Raises
    ------
    PlanError
        A role names a structure that is not there.
    """

    structures: Mapping[str, Structure]
    roles: PlanRoles
    _surfaces: dict[str, StructureSurface] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in self.roles.names:
            if name not in self.structures:
                near = get_close_matches(name, self.structures, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self.structures) or 'none'}."
                limit = next((f" It is named in the limit {x}." for x in self.roles.limits if x.structure == name), "")
                raise PlanError(f"There is no structure {name!r}: {hint}{limit}")

    @cached_property
    def body(self) -> Structure | None:
        """The body with its holes filled, as where other structures of a label image were drawn; None if not chosen."""
        return fill_holes(self.structures[self.roles.body]) if self.roles.body else None

    def surface(self, name: str) -> StructureSurface:
        """Return the surface of a structure by its name; of the body the outer one, the skin."""
        if name not in self._surfaces:
            structure = self.body if name == self.roles.body else None
            self._surfaces[name] = StructureSurface(structure or self.structures[name])
        return self._surfaces[name]
