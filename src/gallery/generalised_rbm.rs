//! The phase diagram of generalised restricted Boltzmann machines, Barra, Genovese, Sollich and Tantari (2018).

use mattis_figures::{
    Annotation, Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series,
};
use mattis_model::record::{Experiment, ExperimentPoint, Line, LinePoint, PhaseRecord};
use mattis_model::{Control, Model, TwoLayers};
use mattis_sim::SimError;
use mattis_sim::two_layers::TwoLayerSimulation;
use mattis_theory::TheoryError;
use mattis_theory::two_layers::TwoLayerTheory;

use super::{Check, Counted, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "bgst2018-phase",
    shows: "Restricted Boltzmann machines with Boolean visible units and hidden ones between Boolean, Ω_τ = 0, and \
            Gaussian, Ω_τ = 1: the Hopfield model. Above: a memory is retrieved left of the solid lines, which all end at \
            α_c = 0.138 as T → 0; without a memory the visible units freeze below the dashed lines. Markers: \
            simulated networks at four temperatures, filled where most kept the memory that they started at. Below: the \
            share that kept it; vertical lines are α_c.",
    source: "Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018)",
    request: |_| None,
    experiments: Some(count),
    solve,
    checks,
    draw,
};

/// Ω_τ of the lines.
const SHOWN: [f64; 5] = [1.0, 0.75, 0.5, 0.25, 0.0];
/// Ω_τ and T of what is simulated.
const SIMULATED: [(f64, f64); 4] = [(1.0, 0.5), (0.75, 0.3), (0.5, 0.2), (0.25, 0.1)];
/// The load at which T_g is checked.
const CHECKED_LOAD: f64 = 0.1;
/// T_g at that load, in the order of `SHOWN`, with one unit of the last digit.
const FREEZING: [(f64, f64); 5] =
    [(1.31623, 1e-5), (1.19845, 1e-5), (0.98069, 1e-5), (0.69845, 1e-5), (0.3162, 1e-4)];
/// Ω_τ, Ω_ξ, T, α_c and one unit of its last digit.
const ENDS: [(f64, f64, f64, f64, f64); 13] = [
    (1.0, 0.0, 0.02, 0.138184, 1e-6),
    (1.0, 0.0, 0.05, 0.137794, 1e-6),
    (1.0, 0.0, 0.1, 0.135049, 1e-6),
    (1.0, 0.0, 0.2, 0.122559, 1e-6),
    (1.0, 0.0, 0.5, 0.058816, 1e-6),
    (0.75, 0.0, 0.2, 0.074741, 1e-6),
    (0.5, 0.0, 0.2, 0.034733, 1e-6),
    (0.5, 0.0, 0.01, 0.1112, 1e-4),
    (1.0, 0.25, 0.2, 0.017721, 1e-6),
    (1.0, 0.5, 0.2, 0.0017915, 1e-7),
    (1.0, 0.1, 0.0, 0.066629, 1e-6),
    (1.0, 0.5, 0.0, 0.0017926, 1e-7),
    (1.0, 0.75, 0.0, 6.38e-5, 1e-7),
];

fn machine(hidden: f64) -> TwoLayers {
    TwoLayers { hidden, ..TwoLayers::HOPFIELD }
}

fn name(what: &str, hidden: f64, weights: f64) -> String {
    format!("{what}, Ω_τ = {hidden}, Ω_ξ = {weights}")
}

fn kept(hidden: f64, temperature: f64) -> String {
    format!("retention, Ω_τ = {hidden}, T = {temperature}")
}

fn point(alpha: f64, temperature: f64, m: Option<f64>) -> LinePoint {
    LinePoint { alpha: Some(alpha), field: None, self_coupling: None, temperature, ln_temperature: None, m }
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 30 } else { 90 };
    let mut lines = Vec::new();
    for hidden in SHOWN {
        let theory = TwoLayerTheory::new(&machine(hidden))?;
        let freezing = |alpha: f64| Ok(point(alpha, theory.freezing_temperature(alpha)?, Some(0.0)));
        // Evenly spaced in √α, which T_g goes with.
        let loads = (1..=count).map(|i| 0.2 * (f64::from(i) / f64::from(count)).powi(2));
        let points = loads.map(freezing).collect::<Result<_, TheoryError>>()?;
        lines.push(Line { name: name("spin_glass", hidden, 0.0), points });
        let checked = vec![freezing(CHECKED_LOAD)?];
        lines.push(Line { name: name("spin_glass checked", hidden, 0.0), points: checked });
        lines.push(Line { name: name("retrieval_spinodal", hidden, 0.0), points: theory.retrieval_line()? });
    }
    let simulated = SIMULATED.iter().map(|(hidden, t)| (*hidden, 0.0, *t));
    for (hidden, weights, temperature) in ENDS.iter().map(|end| (end.0, end.1, end.2)).chain(simulated) {
        let theory = TwoLayerTheory::new(&TwoLayers { weights, ..machine(hidden) })?;
        let end = theory.capacity(temperature)?;
        lines.push(Line {
            name: name("retrieval_spinodal checked", hidden, weights),
            points: end.map(|end| point(end.alpha, temperature, Some(end.m))).into_iter().collect(),
        });
    }
    let phase = PhaseRecord { model: Model::hopfield(), lines, special: Vec::new() };
    Ok(Records { phase: Some(phase), ..Records::default() })
}

/// How many networks keep a memory, at loads around the capacity.
fn count(effort: Effort, seed: u64) -> Result<Counted, SimError> {
    let (neurons, samples, sweeps, shares): (usize, usize, usize, &[f64]) = match effort {
        Effort::Quick => (800, 6, 200, &[0.4, 2.0]),
        Effort::Normal => (1000, 12, 300, &[0.4, 0.7, 1.0, 1.4, 2.0]),
        Effort::Full => (4000, 24, 600, &[0.4, 0.6, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0]),
    };
    // Round numbers next to the capacities: loads of a simulation are not taken from a theory.
    let scale = [0.06, 0.05, 0.035, 0.02];
    let mut experiments = Vec::new();
    for ((hidden, temperature), scale) in SIMULATED.into_iter().zip(scale) {
        let measured = TwoLayerSimulation::new(&machine(hidden))
            .controls(shares.iter().map(|share| Control::new(share * scale, temperature)))
            .sizes([neurons])
            .samples(samples)
            .burn_in(sweeps)
            .sweeps(sweeps / 3)
            .seed(seed)
            .run()?;
        let counted = measured.iter().map(|point| ExperimentPoint {
            neurons,
            p: point.p,
            parameter: point.alpha,
            counts: vec![(point.samples - point.escaped) as u64, point.escaped as u64],
        });
        experiments.push(Experiment {
            name: kept(hidden, temperature),
            model: Model::hopfield(),
            outcomes: ["kept", "lost"].map(String::from).into(),
            points: counted.collect(),
        });
    }
    Ok(Counted { experiments, stability: None })
}

fn line<'a>(records: &'a Records, name: &str) -> impl Iterator<Item = &'a LinePoint> + use<'a> {
    let name = name.to_string();
    let lines = records.phase.iter().flat_map(|phase| &phase.lines);
    lines.filter(move |line| line.name == name).flat_map(|line| &line.points)
}

fn capacity(records: &Records, hidden: f64, weights: f64, temperature: f64) -> Option<f64> {
    let mut points = line(records, &name("retrieval_spinodal checked", hidden, weights));
    points.find(|point| point.temperature == temperature)?.alpha
}

/// Loads and counts of one Ω_τ.
fn retention(records: &Records, (hidden, temperature): (f64, f64)) -> &[ExperimentPoint] {
    let name = kept(hidden, temperature);
    let found = records.experiments.iter().find(|experiment| experiment.name == name);
    found.map_or(&[], |experiment| &experiment.points)
}

fn checks(records: &Records) -> Vec<Check> {
    const EQUATIONS: &str = "independent solution of the equations of the paper";
    const LINE: &str = "the theory's own line; all networks";
    let mut checks = Vec::new();
    for (hidden, (published, unit)) in SHOWN.into_iter().zip(FREEZING) {
        let found = line(records, &name("spin_glass checked", hidden, 0.0)).next();
        let quantity = format!("T_g at α = {CHECKED_LOAD}, Ω_τ = {hidden}");
        checks.push(Check::new(
            &quantity,
            found.map(|point| point.temperature),
            published,
            0.501 * unit,
            EQUATIONS,
        ));
    }
    for (hidden, weights, temperature, published, unit) in ENDS {
        let quantity = format!("α_c at T = {temperature}, Ω_τ = {hidden}, Ω_ξ = {weights}");
        let found = capacity(records, hidden, weights, temperature);
        checks.push(Check::new(&quantity, found, published, 0.501 * unit, EQUATIONS));
    }
    let boolean = line(records, &name("retrieval_spinodal", 0.0, 0.0)).count() as f64;
    checks.push(Check::new("points with retrieval, Ω_τ = 0", Some(boolean), 0.0, 0.0, EQUATIONS));
    for (hidden, temperature) in SIMULATED {
        let points = retention(records, (hidden, temperature));
        for (end, published) in [(points.first(), 1.0), (points.last(), 0.0)] {
            let Some(end) = end else { continue };
            let load = end.parameter.unwrap_or(f64::NAN);
            let quantity = format!("share kept, Ω_τ = {hidden}, T = {temperature}, α = {load}");
            checks.push(Check::new(&quantity, end.share(0..1).map(|(share, _)| share), published, 0.1, LINE));
        }
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let largest = 0.15;
    let xy = |point: &LinePoint| Some((point.alpha?, point.temperature));
    let mut diagram =
        Plot::new("Boolean visible units and weights", Axis::new("load α"), Axis::new("temperature T"))
            .size(720, 470);
    for (k, hidden) in SHOWN.into_iter().enumerate() {
        let freezing: Vec<(f64, f64)> =
            line(records, &name("spin_glass", hidden, 0.0)).filter_map(xy).collect();
        let retrieval: Vec<(f64, f64)> =
            line(records, &name("retrieval_spinodal", hidden, 0.0)).filter_map(xy).collect();
        let label = if hidden > 0.0 { String::new() } else { "Ω_{τ} = 0, no retrieval".into() };
        let dashed = Series::line(&label, freezing).dash(Dash::Dashed).color(PALETTE[k]).width(1.5);
        diagram = diagram.with(dashed);
        if !retrieval.is_empty() {
            let solid = Series::line(&format!("Ω_{{τ}} = {hidden}"), retrieval);
            diagram = diagram.with(solid.color(PALETTE[k]).width(2.2));
        }
    }
    let round = |filled: bool| Marker { filled, radius: 4.0, ..Marker::filled(MarkerShape::Circle) };
    for (label, filled) in [("simulated, memory kept", true), ("simulated, memory lost", false)] {
        diagram = diagram.with(Series::points(label, Vec::new()).marker(round(filled)).color(Color::GREY));
    }
    let mut shares =
        Plot::new("Networks that keep a memory", Axis::new("load α"), Axis::new("share of networks"))
            .size(720, 320);
    for (k, (hidden, temperature)) in SIMULATED.into_iter().enumerate() {
        let points = retention(records, (hidden, temperature));
        let share = |point: &ExperimentPoint| Some((point.parameter?, point.share(0..1)?));
        let most = |wanted: bool| -> Vec<(f64, f64)> {
            let found = points.iter().filter_map(share).filter(|(_, (share, _))| (*share > 0.5) == wanted);
            found.map(|(alpha, _)| (alpha, temperature)).collect()
        };
        let color = PALETTE[k];
        diagram = diagram
            .with(Series::points("", most(true)).marker(round(true)).color(color))
            .with(Series::points("", most(false)).marker(round(false)).color(color));
        let measured = points.iter().filter_map(share);
        let measured =
            measured.map(|(x, (y, error))| ErrorPoint { x, y, error: (error > 0.0).then_some(error) });
        let label = format!("Ω_{{τ}} = {hidden}, T = {temperature}");
        shares = shares
            .with(Series::points_with_errors(&label, measured.collect()).marker(round(true)).color(color));
        if let Some(end) = capacity(records, hidden, 0.0, temperature) {
            shares = shares.with(Series::vertical("", end).color(color).dash(Dash::Dotted));
        }
    }
    diagram = diagram
        .annotate(Annotation::region(0.115, 1.11, "dashed: T_{g}(α)"))
        .annotate(Annotation::region(0.105, 0.59, "solid: α_{c}(T)"));
    diagram.x = diagram.x.range(0.0, largest);
    diagram.y = diagram.y.range(0.0, 1.45);
    shares.x = shares.x.range(0.0, largest);
    shares.y = shares.y.range(-0.05, 1.08);
    Figure::new(vec![diagram, shares])
}
