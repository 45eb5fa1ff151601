"""How right perfusion is: OSIPI's rows, another solver, coverage of intervals, and the digital patient's truth.

Errors on OSIPI's rows are given as shares of OSIPI's own tolerance: at most 1 is passed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from figures import Figure
from scipy.optimize import curve_fit

from brachyresponse.digital_patient.perfusion import PatientVariant, Visit
from brachyresponse.perfusion import (
    deconvolve_dsc,
    fit_dce,
    fit_t1_vfa,
    georgiou_aif,
    model_curve,
    parker_aif,
    preclinical_aif,
    signal_to_concentration,
)
from brachyresponse.perfusion.series import SeriesKind

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT / "Testing"))
import osipi  # noqa: E402 - the readers of the test data belong to the tests
from dce_cases import FILES, PLASMA, TIME_S, TOLERANCES, osipi_cases, tumour  # noqa: E402
from recovered_perfusion import recovered  # noqa: E402

T1_FILES = {"brain": (1.0, "R1", 1.0), "quiba": (1.0, "R1", 1000.0), "prostate": (1e-3, "T1 nonlinear", None)}
"""Seconds in the unit of TR, the reference's column, and R1 per second in its unit; None for a T1 in ms."""
POPULATION = {
    "Parker": (parker_aif, "ParkerAIF_ref", 60.0),
    "Georgiou": (georgiou_aif, "GeorgiouAIF_ref", 60.0),
    "preclinical": (preclinical_aif, "preclinicalAIF_ref", 1.0),
}
HALF = {("tofts", False), ("extended_tofts", False), ("patlak", False)}
"""Models and whether with a delay: rows held to half the tolerance."""
DSC_STEP_S = 1.243
NOISE_MMOL_L = 0.02
SAME_BEFORE = {PatientVariant.LESION_IN_IMPLANT, PatientVariant.NECROSIS}
"""Variants whose pre-treatment scan is that of another one."""


def tolerances(what: str, rows: int, worst: float, limit: float = 1.0) -> Figure:
    """The worst row as a share of OSIPI's tolerance."""
    return Figure(f"{what}, {rows} rows: largest error", worst, "of the tolerance", limit)


def bench_osipi_signal() -> list[Figure]:
    """T1, concentration and population AIFs."""
    figures = []
    for topic, (tr_unit_s, name, per_s) in T1_FILES.items():
        rows = osipi.rows(f"t1_mapping/t1_{topic}_data.csv")
        found = [
            1 / fit_t1_vfa(osipi.curve(r["s"])[None], osipi.curve(r["FA"]), osipi.curve(r["TR"])[0] * tr_unit_s).t1_s[0]
            for r in rows
        ]
        true = [1000 / float(r[name]) if per_s is None else per_s * float(r[name]) for r in rows]
        figures.append(tolerances(f"T1, {topic}", len(rows), osipi.R1_PER_S.shares(found, true).max()))
    rows = osipi.rows("signal_to_concentration/SI2Conc_data.csv")
    worst = max(osipi.CONCENTRATION_MMOL_L.shares(*concentrations(row)).max() for row in rows)
    figures.append(tolerances("signal to concentration", len(rows), worst))
    for name, (aif, file, second) in POPULATION.items():
        rows = osipi.rows(f"population_aif/{file}.csv")
        time_s, true = (np.array([float(row[each]) for row in rows]) for each in ("time", "Cb"))
        worst = osipi.AIF_MMOL_L.shares(aif(time_s * second), true).max()
        figures.append(tolerances(f"{name} AIF", len(rows), worst))
    return figures


def concentrations(row: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Ours and OSIPI's of one curve, but for its first point."""
    found = signal_to_concentration(
        osipi.curve(row["s"]),
        tr_s=float(row["TR"]),
        flip_angle_deg=float(row["FA"]),
        t10_s=float(row["T1base"]),
        relaxivity_per_s_per_mmol_l=float(row["r1"]),
        baseline=slice(1, int(row["numbaselinepts"])),
    )
    return found[1:], osipi.curve(row["conc"])[1:]


def bench_osipi_models() -> list[Figure]:
    """The five tissue models, without delay and with a fitted one."""
    figures = []
    for delayed in (False, True):
        for model in FILES:
            cases = list(osipi_cases(model, delayed))
            fits = [fit_dce(c.tissue, c.time_s, c.plasma, model=model, fit_delay=delayed) for c in cases]
            shares = [
                float(TOLERANCES[name].shares(fit.values[name], value))
                for case, fit in zip(cases, fits, strict=True)
                for name, value in case.expected.items()
            ]
            limit = 0.5 if (model, delayed) in HALF else 1.0
            figures.append(tolerances(f"{model}{', delay fitted' if delayed else ''}", len(cases), max(shares), limit))
    return figures


def bench_osipi_dsc() -> list[Figure]:
    """Volume and flow by oSVD, and what a shift of the tissue changes."""
    rows = osipi.rows("dsc_models/dsc_data.csv")
    artery, tissue = osipi.curve(rows[0]["C_aif"]), np.stack([osipi.curve(row["C_tis"]) for row in rows])
    flow, volume = (np.array([float(row[name]) for row in rows]) for name in ("cbf", "cbv"))
    time_s = DSC_STEP_S * np.arange(len(artery))
    fit = deconvolve_dsc(tissue, artery, time_s)
    found = fit.cbf_ml_per_100ml_per_min
    shifted = [deconvolve_dsc(np.roll(tissue, n, axis=1), artery, time_s) for n in (-3, -2, -1, 1, 2, 3)]
    changes = [100 * abs(np.mean(other.cbf_ml_per_100ml_per_min / flow - found / flow)) for other in shifted]
    return [
        tolerances("CBV", len(rows), osipi.CBV_ML_PER_100ML.shares(fit.cbv_ml_per_100ml, volume).max()),
        tolerances("CBF", len(rows), osipi.CBF_ML_PER_100ML_PER_MIN.shares(found, flow).max()),
        Figure("CBF: median error", float(np.median(np.abs(found - flow))), "mL/100 mL/min", 3),
        Figure("CBF: mean bias, without its sign", 100 * abs(float(np.mean(found / flow - 1))), "%", 8),
        Figure("CBF: change of the bias, tissue shifted by up to 3.7 s", max(changes), "points", 2),
    ]


def bench_solver() -> list[Figure]:
    """500 noisy voxels beside a converged curve_fit of the identical model."""
    truth = tumour(500, seed=3)
    curves = model_curve("extended_tofts", truth, TIME_S, PLASMA)
    curves = curves + np.random.default_rng(4).normal(0, NOISE_MMOL_L, curves.shape)
    fit = fit_dce(curves, TIME_S, PLASMA)
    bounds = np.array([fit.bounds[name] for name in truth]).T + [[1e-9], [0.0]]

    def forward(time_s: np.ndarray, *parameters: float) -> np.ndarray:
        return model_curve("extended_tofts", dict(zip(truth, parameters, strict=True)), time_s, PLASMA)

    excess, apart = [], []
    for n, curve in enumerate(curves):
        start = [values[n] for values in truth.values()]
        found, _ = curve_fit(forward, TIME_S, curve, start, bounds=bounds, xtol=1e-13, ftol=1e-13, gtol=1e-13)
        theirs = np.sqrt(np.mean((curve - forward(TIME_S, *found)) ** 2))
        excess.append(fit.residual[n] / theirs - 1)
        if excess[-1] > -1e-5:  # below that, theirs stopped in a higher minimum
            apart.append(abs(fit.ktrans_per_min[n] - found[0]))
    return [
        Figure("500 voxels: highest residual above curve_fit's, relative", max(max(excess), 0.0), "", 1e-4),
        Figure("largest difference of Ktrans", max(apart), "/min", 1e-5),
        Figure("voxels with a lower minimum than curve_fit's", len(curves) - len(apart), ""),
    ]


def bench_coverage() -> list[Figure]:
    """How many 95 % intervals of 20,000 voxels hold the truth."""
    truth = tumour(20_000)
    curves = model_curve("extended_tofts", truth, TIME_S, PLASMA)
    noisy = curves + np.random.default_rng(5).normal(0, NOISE_MMOL_L, curves.shape)
    fit = fit_dce(noisy.astype(np.float32), TIME_S, PLASMA)
    inside = ~fit.any_at_bound
    figures = []
    for name, values in truth.items():
        held = np.abs(fit.values[name] - values) < 1.96 * fit.standard_error(name)
        figures.append(
            Figure(f"extended Tofts: 95 % intervals of {name} with the truth", 100 * held[inside].mean(), "%")
        )
    return figures


def bench_digital_patient() -> list[Figure]:
    """The ratio of every variant and visit beside its truth; the scan's own noise, drift, motion and seeds."""
    figures = []
    for variant in PatientVariant:
        for visit in Visit:
            if visit is Visit.BEFORE and variant in SAME_BEFORE:
                continue
            for kind in SeriesKind:
                figures += ratio_rows(variant, visit, kind)
    return figures


def ratio_rows(variant: PatientVariant, visit: Visit, kind: SeriesKind) -> list[Figure]:
    """True and recovered ratio of one scan."""
    found = recovered(variant, visit, kind)
    ratio, what = found.ratio, f"{variant}, {visit}, {kind.upper()}"
    left = Figure(f"{what}: part of the lesion that counts", 100 * ratio.valid_share, "%")
    true = [Figure("true ratio", found.true_ratio, ""), Figure("that of the tissues", found.tissue_ratio, "")]
    if ratio.value is None:
        return [left, *true, Figure(f"not evaluable: {' '.join(ratio.reasons)}", 0, "")]
    error = 100 * abs(ratio.value / found.true_ratio - 1)
    result = f"recovered, {ratio.low:.2f} to {ratio.high:.2f}"
    return [left, *true, Figure(result, ratio.value, ""), Figure("error", error, "%", 10)]
