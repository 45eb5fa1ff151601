"""The anatomy of one visit: the head with its arteries, and the lesion as the variant has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from brachyresponse.digital_patient.head import VENTRICLES, VESSEL, Head, Region, Tumour
from brachyresponse.digital_patient.perfusion.tables import PatientVariant, Visit, table
from brachyresponse.digital_patient.shapes import Ellipsoid, LobedBall, Shape, Tube

SINUS = Tube(((0, 40, 86), (0, -20, 92), (0, -60, 66), (0, -80, 30), (0, -82, -4)), 4.0)
CAROTIDS = tuple(Tube(((side * 12, 24, -60), (side * 12, 20, -16), (side * 14, 19, 12)), 3.0) for side in (-1, 1))
OPPOSITE_WHITE_MATTER = Ellipsoid((-34, 4, 38), (9, 22, 13))
"""Deep white matter opposite the tumour, clear of cortex, ventricles and vessels."""


OEDEMA_SHARE = 1.35
"""Radius of the oedema round a lesion beside the implant, of the lesion's."""
REPAINTED = {"enhancing tumour", "necrosis", "vessel"}
"""Tissues of the head that a visit paints itself."""


@dataclass(frozen=True)
class VisitHead:
    """A head at one visit, in the plan's frame: what enhances, what is dead, and where the implant was.

    ``treated`` is the implanted tumour, shrunken; None before the treatment, and where it is itself the lesion.
    """

    head: Head
    lesion: LobedBall
    lesion_core: LobedBall | None = None
    treated: Tumour | None = None

    def painting(self) -> Iterator[tuple[str, Shape]]:
        """Yield tissues and shapes in the order in which they cover one another."""
        head = replace(self.head, tumour=self.treated or self.head.tumour)
        yield from ((tissue, shape) for tissue, shape in head.painting() if tissue not in REPAINTED)
        if self.treated is not None:
            yield "oedema", replace(self.lesion, radius_mm=self.lesion.radius_mm * OEDEMA_SHARE)
            yield "treated tumour", self.treated.outline
            yield "necrosis", self.treated.core
        yield "lesion", self.lesion
        if self.lesion_core is not None:
            yield "necrosis", self.lesion_core
        yield from (("artery", shape) for shape in (VESSEL, *CAROTIDS))
        yield "sinus", SINUS

    def structures(self) -> dict[str, Region]:
        """Return the regions that a reader would draw."""
        dead = tuple(shape for tissue, shape in self.painting() if tissue == "necrosis")
        regions = {
            "Lesion": Region((self.lesion,), without=self.lesion_core),
            "White matter": Region((OPPOSITE_WHITE_MATTER,)),
            "Arteries": Region((VESSEL, *CAROTIDS)),
            "Sinus": Region((SINUS,)),
            "Ventricles": Region(VENTRICLES),
            "Implanted target": Region((self.head.tumour.outline,)),
        }
        return regions | ({"Necrosis": Region(dead)} if dead else {})


def head_at(head: Head, variant: PatientVariant, visit: Visit) -> VisitHead:
    """Return the head as it is at a visit of a variant."""
    tumour = head.tumour
    if visit is Visit.BEFORE:
        return VisitHead(head, tumour.outline, tumour.core)
    figures = table("variants")
    facts = figures["variants"][variant]
    if facts["follow_up_place"] == "implant":
        return VisitHead(head, tumour.outline, replace(tumour, core_share=facts["core_share"]).core)
    margin = figures["margin_lesion"]
    centre = tuple(c + s for c, s in zip(tumour.centre_mm, margin["from_tumour_mm"], strict=True))
    lesion = LobedBall(centre, margin["radius_mm"], ((0.3, -0.5, 1.0), (0.5, 0.8, -0.4)), (0.12, 0.10))
    core = replace(lesion, radius_mm=lesion.radius_mm * facts["core_share"]) if facts["core_share"] else None
    treated = replace(tumour, radius_mm=tumour.radius_mm * figures["treated_share"], core_share=0.7)
    return VisitHead(head, lesion, core, treated)
