//! Overlap and capacity at T = 0, Amit, Gutfreund and Sompolinsky (1985).

use std::collections::BTreeMap;

use mattis_figures::{Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{MeasuredPoint, SimulationRecord, SolvePoint, SolveRecord, State, StateKind};
use mattis_model::{Control, Model, Update};
use mattis_theory::{PhaseRequest, TheoryError, phase_diagram, states};

use super::{Check, Effort, Recipe, Request};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "ags1985-capacity",
    shows: "Overlap with the memory at T = 0: it jumps from 0.967 to 0 at α_c = 0.1379. Points: zero-temperature \
            dynamics from the memory, over the runs that stay near it, and the fraction of runs that do; finite \
            networks keep some memories above α_c.",
    source: "Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985)",
    request,
    experiments: None,
    solve,
    checks,
    draw,
};

const PRL: &str = "Amit, Gutfreund & Sompolinsky, PRL 55, 1530 (1985)";
const ANNALS: &str = "Amit, Gutfreund & Sompolinsky, Ann. Phys. 173, 30 (1987)";
const STOJNIC: &str = "Stojnic, arXiv:2403.01907 (2024), first level of lifting";

/// Where theory and simulated dynamics are compared.
const CHECKED: f64 = 0.1;

#[allow(clippy::unnecessary_wraps)] // the signature of every recipe
fn request(effort: Effort) -> Option<Request> {
    let (neurons, samples) = match effort {
        Effort::Quick => (vec![500, 1000], 8),
        Effort::Normal => (vec![1000, 2000, 4000], 16),
        Effort::Full => (vec![1000, 2000, 4000, 8000], 64),
    };
    let loads = [0.04, 0.06, 0.08, CHECKED, 0.11, 0.12, 0.13, 0.135, 0.14, 0.145, 0.15, 0.16, 0.17, 0.18];
    Some(Request {
        model: Model::hopfield(),
        controls: loads.iter().map(|alpha| Control::new(*alpha, 0.0)).collect(),
        neurons,
        samples,
        // Zero-temperature dynamics stops at a fixed point; what is measured there does not change.
        sweeps: 5,
        burn_in: 60,
        updates: vec![Update::neutral()],
        start: None,
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let model = Model::hopfield();
    // One load gives the special points, which do not depend on what is asked for.
    let phase = phase_diagram(&model, &PhaseRequest { alphas: Some(vec![CHECKED]), temperatures: None })?;
    let capacity = phase.special.iter().find(|point| point.name == "alpha_c");
    let count = if effort == Effort::Quick { 60 } else { 160 };
    let mut loads: Vec<f64> = (1..=count).map(|i| 0.2 * f64::from(i) / f64::from(count)).collect();
    loads.push(CHECKED);
    if let Some(end) = capacity {
        // The branch ends like a square root: points close in on its end.
        loads.extend((1..=24).map(|i| end.alpha * (1.0 - 0.3 * (f64::from(i) / 24.0).powi(3))));
        loads.push(end.alpha * (1.0 - 1e-9));
        loads.push(end.alpha * (1.0 + 1e-9));
    }
    loads.sort_by(f64::total_cmp);
    loads.dedup();
    let point = |alpha: &f64| {
        let states = states(&model, Control::new(*alpha, 0.0))?;
        let keep = |state: &State| matches!(state.kind, StateKind::Retrieval | StateKind::SpinGlass);
        let states = states.into_iter().filter(keep).collect();
        Ok(SolvePoint { alpha: Some(*alpha), count: None, temperature: 0.0, states })
    };
    let points = loads.iter().map(point).collect::<Result<_, TheoryError>>()?;
    Ok(Records { phase: Some(phase), solve: Some(SolveRecord { model, points }), ..Records::default() })
}

fn retrieval(point: &SolvePoint) -> Option<f64> {
    point.states.iter().find(|state| state.kind == StateKind::Retrieval)?.m.first().copied()
}

fn checks(records: &Records) -> Vec<Check> {
    let special = records.phase.iter().flat_map(|phase| &phase.special).find(|point| point.name == "alpha_c");
    let alpha = special.map(|point| point.alpha);
    let m = special.and_then(|point| point.m);
    let near = |alpha: Option<f64>| alpha.is_some_and(|alpha| (alpha - CHECKED).abs() < 1e-9);
    let solved = records.solve.iter().flat_map(|record| &record.points).find(|point| near(point.alpha));
    let predicted = solved.and_then(retrieval);
    let largest =
        records.simulation.iter().flat_map(|record| &record.points).filter(|p| near(p.alpha_requested));
    let simulated = largest.max_by_key(|point| point.neurons).and_then(|point| point.observable("m")?.value);
    let mut checks = vec![
        Check::new("α_c(T = 0)", alpha, 0.14, 0.005, PRL),
        Check::new("α_c(T = 0)", alpha, 0.137906, 1e-6, STOJNIC),
        Check::new("m at α_c", m, 0.967, 5e-4, ANNALS),
        Check::new("fraction of wrong bits at α_c", m.map(|m| 0.5 * (1.0 - m)), 0.016, 5e-4, ANNALS),
    ];
    if let Some(predicted) = predicted {
        // Statics against the first fixed point that the dynamics meets: close, not equal.
        let quantity = format!("simulated m at α = {CHECKED}");
        checks.push(Check::new(&quantity, simulated, predicted, 0.005, "the theory of the same paper"));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let solved = records.solve.as_ref().map_or(&[][..], |record| &record.points);
    let line: Vec<(f64, f64)> =
        solved.iter().filter_map(|point| Some((point.alpha?, retrieval(point)?))).collect();
    let end = line.iter().copied().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let mut overlap = Plot::new("Retrieval at T = 0", Axis::new("load α"), Axis::new("overlap m"))
        .with(Series::line("theory", line).color(Color::BLACK).width(2.2));
    let last = solved.last().and_then(|point| point.alpha).unwrap_or(1.0);
    if let Some((alpha, m)) = end {
        overlap = overlap
            .with(Series::line("", vec![(alpha, m), (alpha, 0.0)]).color(Color::BLACK).dash(Dash::Dotted))
            .with(Series::line("", vec![(alpha, 0.0), (last, 0.0)]).color(Color::BLACK).width(2.2));
    }
    overlap.x = overlap.x.range(0.0, last);
    overlap.y = overlap.y.range(-0.03, 1.06);
    let mut fraction = Plot::new("", Axis::new("load α"), Axis::new("runs that stay")).size(720, 240);
    fraction.x = fraction.x.range(0.0, last);
    fraction.y = fraction.y.range(-0.05, 1.08);
    if let Some((alpha, _)) = end {
        let step = vec![(0.0, 1.0), (alpha, 1.0), (alpha, 0.0), (last, 0.0)];
        fraction = fraction.with(Series::line("N → ∞", step).color(Color::BLACK).dash(Dash::Dotted));
    }
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];
    for (k, (neurons, points)) in sizes(records.simulation.as_ref()).into_iter().enumerate() {
        let color = PALETTE[k % PALETTE.len()];
        let marker = Marker::filled(shapes[k % shapes.len()]);
        let label = format!("N = {neurons}");
        let measured = points
            .iter()
            .filter_map(|point| {
                let m = point.observable("m")?;
                Some(ErrorPoint { x: point.alpha?, y: m.value?, error: m.error })
            })
            .collect();
        overlap = overlap.with(Series::points_with_errors(&label, measured).marker(marker).color(color));
        let stayed = points
            .iter()
            .filter_map(|point| {
                let runs = point.samples as f64;
                let fraction = 1.0 - point.escaped as f64 / runs;
                let error = (fraction * (1.0 - fraction) / (runs - 1.0).max(1.0)).sqrt();
                Some(ErrorPoint { x: point.alpha?, y: fraction, error: (error > 0.0).then_some(error) })
            })
            .collect();
        fraction = fraction.with(Series::points_with_errors(&label, stayed).marker(marker).color(color));
    }
    Figure::new(vec![overlap, fraction])
}

fn sizes(simulation: Option<&SimulationRecord>) -> BTreeMap<usize, Vec<&MeasuredPoint>> {
    let mut found: BTreeMap<usize, Vec<&MeasuredPoint>> = BTreeMap::new();
    for point in simulation.iter().flat_map(|record| &record.points) {
        found.entry(point.neurons).or_default().push(point);
    }
    found
}
