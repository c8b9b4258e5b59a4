//! Sequential and parallel updates have the same states at finite p; at finite N they differ by O(1/N).

use mattis_figures::{Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{Estimate, MeasuredPoint, SolvePoint, SolveRecord, State, StateKind};
use mattis_model::{Control, Model, Schedule, Update};
use mattis_theory::exact::one_memory_overlap;
use mattis_theory::{Guess, TheoryError, predict};

use super::{Check, Effort, Recipe, Request};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "little-vs-hopfield",
    shows: "One memory under parallel (Little) and sequential (Hopfield) updates, J_ii = 0. Above: the overlap, one \
            curve for both as N → ∞, and simulations of finite networks. Below: the difference of the two at \
            T = 0.65, exact (line) and simulated (points); it shrinks as 1/N.",
    source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985); Peretto, Biol. Cybern. 50, 51 (1984)",
    request,
    experiments: None,
    solve,
    checks,
    draw,
};

/// Where the difference is measured.
const TEMPERATURE: f64 = 0.65;

#[allow(clippy::unnecessary_wraps)] // the signature of every recipe
fn request(effort: Effort) -> Option<Request> {
    // So many that four standard errors are below the difference at the smallest size; many short runs, since
    // a run that turns to −m near its end, which happens about once in 10⁶ sweeps at N = 100, then weighs little.
    let (temperatures, neurons, samples, sweeps) = match effort {
        Effort::Quick => (&[TEMPERATURE][..], vec![100], 700, 300),
        Effort::Normal => (&[0.45, TEMPERATURE][..], vec![100, 200], 1000, 300),
        Effort::Full => (&[0.45, TEMPERATURE][..], vec![100, 200, 400, 800], 20_000, 500),
    };
    Some(Request {
        model: Model::hopfield(),
        controls: temperatures.iter().map(|temperature| Control::finite(1, *temperature)).collect(),
        neurons,
        samples,
        sweeps,
        burn_in: 50,
        updates: vec![Update::neutral(), Model::little().update],
        start: None,
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 50 } else { 200 };
    let (hopfield, little) = (Model::hopfield(), Model::little());
    let mut points = Vec::new();
    for i in 0..count {
        let temperature = f64::from(i) / f64::from(count);
        let control = Control::finite(1, temperature);
        // The second state is the parallel one.
        let states = vec![
            predict(&hopfield, control, Guess::Retrieval)?,
            predict(&little, control, Guess::Retrieval)?,
        ];
        points.push(SolvePoint { alpha: None, count: Some(1), temperature, states });
    }
    Ok(Records { solve: Some(SolveRecord { model: hopfield, points }), ..Records::default() })
}

/// Exact ⟨|m|⟩ under parallel less sequential updates.
fn exact_difference(neurons: usize) -> f64 {
    one_memory_overlap(neurons, TEMPERATURE, Schedule::Parallel)
        - one_memory_overlap(neurons, TEMPERATURE, Schedule::Sequential)
}

fn overlap<'a>(points: &'a [MeasuredPoint], neurons: usize, update: &str) -> Option<&'a Estimate> {
    let here = |point: &&MeasuredPoint| {
        point.neurons == neurons && point.update == update && point.temperature == TEMPERATURE
    };
    points.iter().find(here)?.observable("m")
}

/// Simulated differences: N, value, error.
fn differences(records: &Records) -> Vec<(usize, f64, f64)> {
    let points = records.simulation.as_ref().map_or(&[][..], |record| &record.points);
    let mut sizes: Vec<usize> = points.iter().map(|point| point.neurons).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let difference = |neurons: usize| {
        let (a, b) = (overlap(points, neurons, "parallel")?, overlap(points, neurons, "sequential")?);
        Some((neurons, a.value? - b.value?, a.error?.hypot(b.error?)))
    };
    sizes.into_iter().filter_map(difference).collect()
}

fn checks(records: &Records) -> Vec<Check> {
    const PROOF: &str = "f(m, m′) is stationary at m = m′ only: no 2-cycles, f_L = 2 f_H";
    let states = |value: &dyn Fn(&State, &State) -> Option<f64>| -> Option<f64> {
        let points = records.solve.iter().flat_map(|record| &record.points);
        points
            .map(|point| value(point.states.first()?, point.states.get(1)?))
            .try_fold(0.0, |largest: f64, x| Some(largest.max(x?.abs())))
    };
    let overlaps = states(&|a, b| Some(a.m.first()? - b.m.first()?));
    let energies = states(&|a, b| Some(2.0 * a.free_energy? - b.free_energy?));
    let slope = (exact_difference(40_000) / exact_difference(20_000)).ln() / 2.0_f64.ln();
    let mut checks = vec![
        Check::new("largest |m_L − m_H|, N → ∞", overlaps, 0.0, 1e-13, PROOF),
        Check::new("largest |f_L − 2 f_H|, N → ∞", energies, 0.0, 1e-13, PROOF),
        Check::new("d ln(m_L − m_H)/d ln N, N = 20000 to 40000", Some(slope), -1.0, 0.01, "Laplace's method"),
    ];
    for (k, (neurons, value, error)) in differences(records).into_iter().enumerate() {
        let exact = exact_difference(neurons);
        if k == 0 {
            // Without this the comparison below could not tell the difference from none.
            let quantity = format!("4σ of the simulated m_L − m_H, N = {neurons}");
            checks.push(Check::new(&quantity, Some(4.0 * error), 0.0, exact, "below the exact value"));
        }
        let quantity = format!("simulated m_L − m_H, N = {neurons}");
        checks.push(Check::new(&quantity, Some(value), exact, 4.0 * error, "exact sum; tolerance 4σ"));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let mut line: Vec<(f64, f64)> = records
        .solve
        .iter()
        .flat_map(|record| &record.points)
        .filter_map(|point| {
            let state = point.states.first()?;
            (state.kind == StateKind::Retrieval).then_some((point.temperature, *state.m.first()?))
        })
        .collect();
    line.push((1.0, 0.0)); // T_c of one memory
    let mut overlaps = Plot::new("One memory", Axis::new("temperature T"), Axis::new("overlap m"))
        .size(720, 360)
        .with(Series::line("N → ∞, both", line).color(Color::BLACK).width(2.0));
    overlaps.x = overlaps.x.range(0.0, 1.0);
    overlaps.y = overlaps.y.range(0.0, 1.05);
    let points = records.simulation.as_ref().map_or(&[][..], |record| &record.points);
    let smallest = points.iter().map(|point| point.neurons).min().unwrap_or(0);
    let kinds = [
        ("parallel", Marker { radius: 9.0, ..Marker::open(MarkerShape::Diamond) }),
        ("sequential", Marker { radius: 3.5, ..Marker::filled(MarkerShape::Circle) }),
    ];
    for (k, (update, marker)) in kinds.into_iter().enumerate() {
        let measured = points
            .iter()
            .filter(|point| point.neurons == smallest && point.update == update)
            .filter_map(|point| {
                let m = point.observable("m")?;
                Some(ErrorPoint { x: point.temperature, y: m.value?, error: m.error })
            })
            .collect();
        overlaps = overlaps.with(
            Series::points_with_errors(&format!("{update}, N = {smallest}"), measured)
                .marker(marker)
                .color(PALETTE[k]),
        );
    }
    let sizes: Vec<usize> =
        (0..40).map(|i| (40.0 * 1.2_f64.powi(i)) as usize).filter(|n| *n < 10_000).collect();
    let exact = sizes.iter().map(|n| (*n as f64, exact_difference(*n))).collect();
    let last = 5000;
    let scale = exact_difference(last) * last as f64;
    let law = sizes.iter().map(|n| (*n as f64, scale / *n as f64)).collect();
    let measured = differences(records)
        .into_iter()
        .map(|(neurons, value, error)| ErrorPoint { x: neurons as f64, y: value, error: Some(error) })
        .collect();
    let difference =
        Plot::new("", Axis::new("number of units N").log(), Axis::new("m_{Little} − m_{Hopfield}").log())
            .size(720, 320)
            .with(Series::line("exact, T = 0.65", exact).color(Color::BLACK).width(2.0))
            .with(Series::line("∝ 1/N", law).color(Color::BLACK).dash(Dash::Dotted))
            .with(
                Series::points_with_errors("simulated", measured)
                    .marker(Marker::filled(MarkerShape::Square))
                    .color(PALETTE[2]),
            );
    Figure::new(vec![overlaps, difference])
}
