"""A small plan with something in every field."""

from __future__ import annotations

from datetime import date, datetime

from brachyresponse.planning import ActivityBasis, ImplantPlan, Needle
from brachyresponse.seeds import Seeds


def example_plan(name: str = "Plan A") -> ImplantPlan:
    return ImplantPlan(
        patient_id="P-17",
        frame_of_reference_uid="1.2.3.4",
        created=datetime(2026, 3, 4, 5, 6, 7),
        implant_date=date(2026, 3, 9),
        target="PTV",
        source="amersham_6711",
        prescription_gy=144.9,
        needles=(Needle(1, [0, 0, 0], [0, 0, 60]), Needle(3, [5, 0, 0], [5, 3, 60], "C4")),
        seeds=Seeds(
            [[0, 0, 10], [5, 1, 20.1], [9, 9, 9]], [[0, 0, 1], [0, 0.05, 1], [1, 0, 0]], 0.512345, True, [1, 3, 0]
        ),
        name=name,
        surrogate_for="HD seed",
        activity_basis=ActivityBasis.CONTAINED,
        planning_image_date=date(2026, 3, 1),
        notes="two\nlines",
    )
