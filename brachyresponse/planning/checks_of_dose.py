"""Rules on the dose of targets and skin."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.planning.measurement import Measurement, PlanCase, Unknown
from brachyresponse.planning.organ_limits import LimitUnit, parse_metric
from brachyresponse.planning.rules import PeripheralDose, Rule
from brachyresponse.planning.skin import SKIN_CC

READING_WORDS = {
    PeripheralDose.PRESCRIPTION: "the prescription",
    PeripheralDose.ISODOSE_VOLUME: "the dose whose isodose encloses the target's volume",
    PeripheralDose.D100: "D100",
}


def peripheral_dose(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """D90 of the target in percent of its matched peripheral dose, in the reading that the rule names."""
    dvh = case.target_dvh(rule)
    if isinstance(dvh, Unknown):
        return dvh
    name = case.target_of(rule)
    readings = {
        PeripheralDose.PRESCRIPTION: case.plan.prescription_gy,
        PeripheralDose.ISODOSE_VOLUME: case.dose.matched_dose_gy.get(name),
        PeripheralDose.D100: dvh.min_gy,
    }
    matched_gy = readings[rule.reading]
    if not matched_gy:
        return Unknown(f"the matched peripheral dose of {name}, read as {READING_WORDS[rule.reading]}, is not known")
    d90_gy = dvh.d(90)
    what = f"D90 {d90_gy:.1f} Gy of {name} against {matched_gy:.1f} Gy, MPD read as {READING_WORDS[rule.reading]}"
    return [Measurement(d90_gy / matched_gy * 100, what)]


def target_metric(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """A dose metric of the target: D in percent of the prescription, V in percent of the target."""
    dvh = case.target_dvh(rule)
    if isinstance(dvh, Unknown):
        return dvh
    metric = parse_metric(rule.metric)
    percent = metric.value(dvh, case.plan.prescription_gy, LimitUnit.PERCENT)
    of = "the prescription" if metric.is_dose else "the volume"
    return [Measurement(percent, f"{metric.text} of {case.target_of(rule)}, of {of}")]


def skin_dose(case: PlanCase, rule: Rule) -> Sequence[Measurement] | Unknown:
    """D0.1cc of the skin near the seeds."""
    if not case.anatomy.roles.body:
        return Unknown("no outline of the body is chosen")
    dvh = case.dose.skin
    if case.dose.skin_unknown:
        return Unknown(case.dose.skin_unknown)
    if dvh is None:
        return Unknown("the dose of the skin is not computed, or no skin is near the seeds")
    if dvh.inside_cc < SKIN_CC:
        return Unknown(f"only {dvh.inside_cc:.2g} cc of skin lie in the dose grid: enlarge it")
    return [Measurement(dvh.d_cc(SKIN_CC), f"D0.1cc of {dvh.name}")]
