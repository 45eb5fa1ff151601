"""Where a patient's structures sample a dose grid: found once, used for every plan and at every move of a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from brachyresponse.dose import Dvh, StructureSamples
from brachyresponse.errors import PlanError, StructureError
from brachyresponse.geometry import Grid
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.types import AnyArray


@dataclass(frozen=True, eq=False)
class PlanSampling:
    """The targets and organs of an anatomy in a dose grid.

    Raises
    ------
    PlanError
        No target is chosen.
    StructureError
        A target lies wholly outside the dose grid.
    """

    anatomy: PlanAnatomy
    grid: Grid
    targets: Mapping[str, StructureSamples] = field(init=False)

    def __post_init__(self) -> None:
        names = self.anatomy.roles.targets
        if not names:
            raise PlanError("Neither GTV nor PTV is chosen: choose the target's structure.")
        samples = {name: StructureSamples(self.anatomy.structures[name], self.grid) for name in names}
        object.__setattr__(self, "targets", samples)

    @cached_property
    def organs(self) -> Mapping[str, StructureSamples | str]:
        """The organs by name; for one that lies wholly outside the dose grid, the sentence that says so."""
        return {name: self._samples_or_reason(name) for name in self.anatomy.roles.reported_organs}

    def target_dvhs(self, dose_gy: AnyArray) -> dict[str, Dvh]:
        """Return the dose-volume histograms of the targets for a dose in Gy, [k, j, i] on the grid."""
        return {name: samples.dvh(dose_gy) for name, samples in self.targets.items()}

    def organ_dvhs(self, dose_gy: AnyArray) -> dict[str, Dvh]:
        """Return the dose-volume histograms of the organs that lie in the grid, at least in part."""
        inside = {name: samples for name, samples in self.organs.items() if isinstance(samples, StructureSamples)}
        return {name: samples.dvh(dose_gy) for name, samples in inside.items()}

    def _samples_or_reason(self, name: str) -> StructureSamples | str:
        try:
            return StructureSamples(self.anatomy.structures[name], self.grid)
        except StructureError as error:
            return str(error)
