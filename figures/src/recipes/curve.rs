//! An observable against the load at fixed temperature.

use std::collections::BTreeMap;

use mattis_model::record::{SimulationRecord, SolveRecord, State, StateKind};

use super::control::{digits, short_update, symbol};
use crate::{Axis, Dash, ErrorPoint, Marker, MarkerShape, PALETTE, Plot, Series};

/// A piece of a theoretical branch.
#[derive(Debug, Clone, PartialEq)]
pub struct TheoryPiece {
    /// Name of the branch; pieces of one name share a colour, an empty one stays out of the legend.
    pub label: String,
    /// Solid where stable, dashed where not.
    pub stable: bool,
    /// (load, value); NaN breaks the line.
    pub points: Vec<(f64, f64)>,
}

/// Draws the overlap m: [`observable_curve`] of `m`.
pub fn overlap_curve(temperature: f64, theory: &[TheoryPiece], measured: Option<&SimulationRecord>) -> Plot {
    observable_curve("m", temperature, theory, measured)
}

/// Draws an observable against the load: theory as lines, and what was measured at this temperature as
/// points with errors, one series for each size and update.
pub fn observable_curve(
    observable: &str,
    temperature: f64,
    theory: &[TheoryPiece],
    measured: Option<&SimulationRecord>,
) -> Plot {
    let symbol = symbol(observable);
    let label = if observable == "m" { "overlap m".to_owned() } else { symbol.to_owned() };
    let title = format!("{symbol} at T = {}", digits(temperature));
    let mut plot = Plot::new(&title, Axis::new("load α"), Axis::new(&label));
    let mut branches: Vec<&str> = Vec::new();
    let mut entered: Vec<(&str, bool)> = Vec::new();
    for piece in theory {
        let name = piece.label.as_str();
        let turn = branches.iter().position(|branch| *branch == name).unwrap_or(branches.len());
        if turn == branches.len() {
            branches.push(name);
        }
        // Measured points take the colours from the front of the palette.
        let color = PALETTE[PALETTE.len() - 1 - turn % PALETTE.len()];
        let entry = match (entered.contains(&(name, piece.stable)), piece.stable || name.is_empty()) {
            (true, _) => String::new(),
            (false, true) => name.to_owned(),
            (false, false) => format!("{name}, unstable"),
        };
        entered.push((name, piece.stable));
        let dash = if piece.stable { Dash::Solid } else { Dash::Dashed };
        plot = plot.with(Series::line(&entry, piece.points.clone()).dash(dash).color(color));
    }
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];
    for (k, (label, points)) in sizes(observable, temperature, measured).into_iter().enumerate() {
        let shape = shapes[k % shapes.len()];
        let marker = Marker { shape, filled: k < shapes.len(), radius: 3.5 };
        plot = plot.with(Series::points_with_errors(&label, points).marker(marker));
    }
    plot
}

/// The measured points of an observable at a temperature, by size and update.
fn sizes(
    observable: &str,
    temperature: f64,
    measured: Option<&SimulationRecord>,
) -> Vec<(String, Vec<ErrorPoint>)> {
    let mut found: BTreeMap<(usize, &str), Vec<ErrorPoint>> = BTreeMap::new();
    for point in measured.map_or(&[][..], |record| &record.points) {
        let estimate = point.observable(observable).filter(|_| same(point.temperature, temperature));
        if let (Some(alpha), Some(estimate)) = (point.alpha, estimate)
            && let Some(y) = estimate.value
        {
            let entry = found.entry((point.neurons, point.update.as_str())).or_default();
            entry.push(ErrorPoint { x: alpha, y, error: estimate.error });
        }
    }
    let mut updates: Vec<&str> = found.keys().map(|(_, update)| *update).collect();
    updates.sort_unstable();
    updates.dedup();
    let several = updates.len() > 1;
    found
        .into_iter()
        .map(|((neurons, update), points)| {
            let suffix = if several { format!(", {}", short_update(update)) } else { String::new() };
            (format!("N = {neurons}{suffix}"), points)
        })
        .collect()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// The branches of an observable in a record of solutions at one temperature, by kind and stability, for
/// [`observable_curve`]. A load without the state breaks the line.
pub fn theory_pieces(solved: &SolveRecord, observable: &str, temperature: f64) -> Vec<TheoryPiece> {
    type Key = (StateKind, Option<usize>, bool, usize);
    let mut points: Vec<_> = solved
        .points
        .iter()
        .filter(|point| same(point.temperature, temperature))
        .filter_map(|point| Some((point.alpha?, &point.states)))
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut pieces: BTreeMap<Key, Vec<(f64, f64)>> = BTreeMap::new();
    for (k, (alpha, states)) in points.iter().enumerate() {
        for state in *states {
            // Two states of one kind at one load are two branches.
            let branch = |turn: usize| (state.kind, state.n, !state.locally_stable, turn);
            let turn = (0..states.len()).find(|&turn| {
                pieces
                    .get(&branch(turn))
                    .is_none_or(|piece| piece.get(k).is_none_or(|point| point.1.is_nan()))
            });
            let piece = pieces.entry(branch(turn.unwrap_or(0))).or_default();
            piece.resize(k + 1, (f64::NAN, f64::NAN));
            piece[k] = (*alpha, value(state, observable).unwrap_or(f64::NAN));
        }
    }
    pieces
        .into_iter()
        .map(|((kind, n, unstable, _), points)| TheoryPiece {
            label: kind_name(kind, n),
            stable: !unstable,
            points,
        })
        .filter(|piece| piece.points.iter().any(|point| point.1.is_finite()))
        .collect()
}

pub(super) fn kind_name(kind: StateKind, n: Option<usize>) -> String {
    match (kind, n) {
        (StateKind::Retrieval, _) => "retrieval".to_owned(),
        (StateKind::Mixture, Some(n)) => format!("{n}-mixture"),
        (StateKind::Mixture, None) => "mixture".to_owned(),
        (StateKind::SpinGlass, _) => "spin glass".to_owned(),
        (StateKind::Paramagnet, _) => "paramagnet".to_owned(),
        (StateKind::Cycle, _) => "2-cycle".to_owned(),
    }
}

fn value(state: &State, observable: &str) -> Option<f64> {
    match observable {
        "m" => state.m.first().copied(),
        "q" => Some(state.q),
        "activity" => Some(state.activity),
        "delta" => Some(state.delta),
        "r" => state.r,
        "chi" => Some(state.chi),
        "d" => state.d,
        "free_energy" => state.free_energy,
        "energy" => state.energy,
        "entropy" => state.entropy,
        "replicon" => state.replicon,
        _ => None,
    }
}
