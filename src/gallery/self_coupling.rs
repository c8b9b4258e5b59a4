//! The Little model with a self-coupling: a tricritical point.

use mattis_figures::{Annotation, Axis, Color, Dash, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{Line, LinePoint, PhaseRecord, StateKind};
use mattis_model::{Control, Model, SelfCoupling};
use mattis_theory::{FinitePatterns, Guess, TheoryError, predict};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "little-self-coupling",
    shows: "Parallel updates with a self-coupling J₀ of order 1. Above: where the overlap vanishes, continuously at \
            T = 1 + tanh(J₀/T) (solid), by a jump below the tricritical point J₀ = −(ln 2)/3, T = 2/3 (dashed: equal \
            free energies). Below: the overlap with one memory at several J₀.",
    source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985); Fontanari & Köberle, Phys. Rev. A 36, 2475 (1987)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

/// Self-couplings of the lower panel.
const SHOWN: [f64; 6] = [-0.3, -0.2, -0.1, 0.0, 0.25, 0.5];

/// J₀, T and the overlap.
const POINTS: &[(f64, f64, f64)] = &[
    (0.5, 0.5, 0.994_255_952_763),
    (0.5, 0.8, 0.929_332_572_816),
    (0.25, 0.5, 0.985_162_392_217),
    (0.25, 0.8, 0.870_073_065_943),
    (-0.1, 0.5, 0.932_039_519_478),
    (-0.1, 0.8, 0.530_414_985_375),
];

/// J₀ and T_c.
const CRITICAL: &[(f64, f64)] =
    &[(0.25, 1.204_607_333_976), (0.5, 1.353_482_114_226), (1.0, 1.564_376_588_560)];

fn model(j0: f64) -> Result<Model, TheoryError> {
    Ok(Model::little().with_self_coupling(j0.to_string().parse::<SelfCoupling>()?))
}

fn point(j0: f64, temperature: f64, m: Option<f64>) -> LinePoint {
    LinePoint { alpha: None, field: None, self_coupling: Some(j0), temperature, ln_temperature: None, m }
}

fn line(name: &str, points: Vec<LinePoint>) -> Line {
    Line { name: name.into(), points }
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 40 } else { 160 };
    let theory = |j0: f64| FinitePatterns::new(&model(j0)?, 1);
    let (tricritical, its_temperature) = theory(0.0)?.tricritical().unwrap_or((f64::NAN, f64::NAN));
    let mut critical = vec![point(tricritical, its_temperature, Some(0.0))];
    let mut first_order = Vec::new();
    let (low, high) = (-0.5, 1.0);
    for i in 0..=count {
        let j0 = low + (high - low) * f64::from(i) / f64::from(count);
        if j0 > tricritical {
            critical.extend(theory(j0)?.critical_temperature().map(|t| point(j0, t, Some(0.0))));
        } else {
            first_order.extend(theory(j0)?.first_order_temperature().map(|t| point(j0, t, None)));
        }
    }
    for (j0, _) in CRITICAL {
        critical.extend(theory(*j0)?.critical_temperature().map(|t| point(*j0, t, Some(0.0))));
    }
    critical
        .sort_by(|a, b| a.self_coupling.partial_cmp(&b.self_coupling).unwrap_or(std::cmp::Ordering::Equal));
    first_order.push(point(tricritical, its_temperature, Some(0.0)));
    let mut lines = vec![
        line("critical", critical),
        line("first_order", first_order),
        line("tricritical", vec![point(tricritical, its_temperature, Some(0.0))]),
    ];
    for j0 in SHOWN {
        let model = model(j0)?;
        let mut temperatures: Vec<f64> = (1..=count).map(|i| 1.5 * f64::from(i) / f64::from(count)).collect();
        temperatures.extend(POINTS.iter().filter(|known| known.0 == j0).map(|known| known.1));
        // A branch that ends continuously is followed to m = 0 like the square root that it is.
        let end = if j0 > tricritical { theory(j0)?.critical_temperature() } else { None };
        let approach = |end: f64| (1..=6).map(move |k| end - 0.05 * 0.25_f64.powi(k));
        temperatures.extend(end.into_iter().flat_map(approach));
        temperatures.sort_by(f64::total_cmp);
        temperatures.dedup();
        let overlap = |temperature: &f64| {
            let found = predict(&model, Control::finite(1, *temperature), Guess::Retrieval);
            let m = found.ok().filter(|state| state.kind == StateKind::Retrieval)?.m.first().copied();
            Some(point(j0, *temperature, m))
        };
        let mut branch: Vec<LinePoint> = temperatures.iter().filter_map(overlap).collect();
        branch.extend(end.map(|end| point(j0, end, Some(0.0))));
        lines.push(line("overlap", branch));
    }
    let phase = PhaseRecord { model: Model::little(), lines, special: Vec::new() };
    Ok(Records { phase: Some(phase), ..Records::default() })
}

fn lines<'a>(records: &'a Records, name: &str) -> impl Iterator<Item = &'a Line> {
    let name = name.to_string();
    records.phase.iter().flat_map(|phase| &phase.lines).filter(move |line| line.name == name)
}

fn checks(records: &Records) -> Vec<Check> {
    const LANDAU: &str = "Landau expansion: both coefficients vanish";
    const EQUATION: &str = "T = 1 + tanh(J₀/T), solved with 40 digits";
    const STATE: &str = "m = ⟨ξ sinh 2H/(cosh 2H + e^{−2J₀/T})⟩, solved with 40 digits";
    let mut checks = Vec::new();
    let tricritical = lines(records, "tricritical").flat_map(|line| &line.points).next();
    let j0 = tricritical.and_then(|point| point.self_coupling);
    checks.push(Check::new("J₀ at the tricritical point", j0, -std::f64::consts::LN_2 / 3.0, 1e-9, LANDAU));
    let temperature = tricritical.map(|point| point.temperature);
    checks.push(Check::new("T at the tricritical point", temperature, 2.0 / 3.0, 1e-9, LANDAU));
    for (j0, published) in CRITICAL {
        let mut points = lines(records, "critical").flat_map(|line| &line.points);
        let found = points.find(|point| point.self_coupling == Some(*j0)).map(|point| point.temperature);
        checks.push(Check::new(&format!("T_c at J₀ = {j0}"), found, *published, 1e-12, EQUATION));
    }
    for (j0, temperature, published) in POINTS {
        let mut points = lines(records, "overlap").flat_map(|line| &line.points);
        let found =
            points.find(|point| point.self_coupling == Some(*j0) && point.temperature == *temperature);
        let quantity = format!("m at J₀ = {j0}, T = {temperature}");
        checks.push(Check::new(&quantity, found.and_then(|point| point.m), *published, 1e-12, STATE));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let curve = |name: &str| -> Vec<(f64, f64)> {
        let points = lines(records, name).flat_map(|line| &line.points);
        points.filter_map(|point| Some((point.self_coupling?, point.temperature))).collect()
    };
    let mut boundary = Plot::new(
        "Little model with self-coupling",
        Axis::new("self-coupling J_{0}"),
        Axis::new("temperature T"),
    )
    .size(720, 340)
    .with(Series::line("continuous", curve("critical")).color(PALETTE[0]).width(2.0))
    .with(Series::line("first order", curve("first_order")).color(PALETTE[0]).dash(Dash::Dashed).width(2.0))
    .with(
        Series::points("tricritical point", curve("tricritical"))
            .color(Color::BLACK)
            .marker(Marker::filled(MarkerShape::Circle)),
    )
    .annotate(Annotation::region(0.6, 0.5, "retrieval"))
    .annotate(Annotation::region(-0.2, 1.3, "no overlap"));
    boundary.x = boundary.x.range(-0.5, 1.0);
    boundary.y = boundary.y.range(0.0, 1.65);
    let mut overlap = Plot::new("", Axis::new("temperature T"), Axis::new("overlap m")).size(720, 320);
    for (k, line) in lines(records, "overlap").enumerate() {
        let j0 = line.points.first().and_then(|point| point.self_coupling).unwrap_or(f64::NAN);
        let points = line.points.iter().filter_map(|point| Some((point.temperature, point.m?))).collect();
        let series = Series::line(&format!("J_{{0}} = {j0}").replace('-', "−"), points);
        overlap = overlap.with(series.color(PALETTE[k % PALETTE.len()]).width(1.8));
    }
    overlap.x = overlap.x.range(0.0, 1.5);
    overlap.y = overlap.y.range(0.0, 1.05);
    Figure::new(vec![boundary, overlap])
}
