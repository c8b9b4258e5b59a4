//! The phase diagram of Amit, Gutfreund and Sompolinsky (1987).

use mattis_figures::{Axis, Color, Figure, Plot, Series, recipes};
use mattis_model::Model;
use mattis_model::record::{LinePoint, PhaseRecord};
use mattis_theory::{PhaseRequest, TheoryError, phase_diagram};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "ags1987-phase-diagram",
    shows: "Where the Hopfield model retrieves: memories are metastable below T_M, the global minimum below T_c; \
            below T_g the rest is a spin glass; below T_R replica symmetry is broken in the retrieval state.",
    source: "Amit, Gutfreund & Sompolinsky, Ann. Phys. 173, 30 (1987)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

const AGS: &str = "Amit, Gutfreund & Sompolinsky, Ann. Phys. 173, 30 (1987)";
const STOJNIC: &str = "Stojnic, arXiv:2403.01907 (2024), first level of lifting";
const REENTRANT: &str =
    "independent solution of the AGS equations; the effect: Naef & Canning, J. Phys. I 2, 247 (1992)";
const TABLE: &str = "independent solution of the AGS equations, 12 digits";

/// Loads at which boundaries are compared with a table.
const LOADS: [f64; 3] = [0.03, 0.05, 0.1];

fn solve(_: Effort) -> Result<Records, TheoryError> {
    let model = Model::hopfield();
    let mut phase = phase_diagram(&model, &PhaseRequest::default())?;
    let asked = phase_diagram(&model, &PhaseRequest { alphas: Some(LOADS.to_vec()), temperatures: None })?;
    for line in asked.lines {
        phase.lines.push(mattis_model::record::Line { name: format!("{}{ASKED}", line.name), ..line });
    }
    Ok(Records { phase: Some(phase), ..Records::default() })
}

/// Suffix of the points that were asked for one by one; they are checked, not drawn.
const ASKED: &str = " at the checked loads";

fn points<'a>(phase: &'a PhaseRecord, name: &str) -> &'a [LinePoint] {
    phase.lines.iter().find(|line| line.name == name).map_or(&[], |line| &line.points)
}

fn checks(records: &Records) -> Vec<Check> {
    let Some(phase) = &records.phase else { return Vec::new() };
    let special = |name: &str| phase.special.iter().find(|point| point.name == name);
    let alpha = |name: &str| special(name).map(|point| point.alpha);
    let at = |line: &str, alpha: f64| {
        let points = points(phase, &format!("{line}{ASKED}")).iter();
        let here = points.filter(|point| point.alpha.is_some_and(|a| (a - alpha).abs() < 1e-12));
        here.map(|point| point.temperature).reduce(f64::max)
    };
    let freezing = points(phase, "spin_glass")
        .iter()
        .filter_map(|point| Some((point.temperature - 1.0 - point.alpha?.sqrt()).abs()))
        .reduce(f64::max);
    let table = |line: &str, symbol: &str, load: f64, published: f64, tolerance: f64| {
        Check::new(&format!("{symbol}(α = {load})"), at(line, load), published, tolerance, TABLE)
    };
    vec![
        Check::new("α_c(T = 0)", alpha("alpha_c"), 0.138, 5e-4, AGS),
        Check::new("α_c(T = 0)", alpha("alpha_c"), 0.137906, 1e-6, STOJNIC),
        Check::new("m at α_c", special("alpha_c").and_then(|point| point.m), 0.967, 5e-4, AGS),
        Check::new("α_1(T = 0)", alpha("alpha_1"), 0.051, 1e-3, AGS),
        Check::new("α_1(T = 0)", alpha("alpha_1"), 0.051854330919, 1e-11, TABLE),
        Check::new("largest |T_g − (1 + √α)|", freezing, 0.0, 1e-12, AGS),
        Check::new("largest α with retrieval", alpha("alpha_max"), 0.1381885111647, 1e-11, REENTRANT),
        Check::new("its T", special("alpha_max").map(|point| point.temperature), 0.0228735, 1e-6, REENTRANT),
        table("retrieval_spinodal", "T_M", 0.03, 0.650417067109, 1e-10),
        table("retrieval_spinodal", "T_M", 0.05, 0.542255037918, 1e-10),
        table("retrieval_spinodal", "T_M", 0.1, 0.315432223682, 1e-10),
        table("first_order", "T_c", 0.03, 0.478792944461, 1e-10),
        table("first_order", "T_c", 0.05, 0.216383350024, 1e-10),
        table("retrieval_at", "T_R", 0.05, 5.419242807e-6, 1e-13),
        table("retrieval_at", "T_R", 0.1, 1.450247291e-3, 1e-11),
    ]
}

fn draw(records: &Records) -> Figure {
    let Some(phase) = &records.phase else { return Figure::new(Vec::new()) };
    let mut drawn = phase.clone();
    drawn.lines.retain(|line| !line.name.ends_with(ASKED));
    let logarithm = |point: &LinePoint| {
        let ln = point.ln_temperature.unwrap_or_else(|| point.temperature.ln());
        Some((point.alpha?, ln / std::f64::consts::LN_10))
    };
    let instability: Vec<(f64, f64)> = points(&drawn, "retrieval_at").iter().filter_map(logarithm).collect();
    let diagram = recipes::phase_diagram(&drawn, None);
    let line = Series::line("T_{R}", instability).color(Color::PURPLE).width(2.0);
    let mut inset = Plot::new(
        "Replica symmetry breaks in the retrieval state below T_{R}",
        Axis::new("load α"),
        Axis::new("log_{10} T_{R}"),
    )
    .with(line)
    .size(720, 260);
    inset.x.range = diagram.x.range;
    Figure::new(vec![diagram, inset])
}
