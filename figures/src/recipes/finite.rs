//! A finite number of memories: energies of all states, and observables against the temperature.

use std::collections::BTreeMap;

use mattis_model::record::{MixturesRecord, SimulationRecord, SolveRecord, StateKind};

use super::control::{digits, short_update, symbol};
use crate::{Axis, Color, Dash, ErrorPoint, Marker, MarkerShape, PALETTE, Plot, Series};

/// Draws the free energy of every state, stable ones filled: against T where there are several temperatures,
/// else against the number of condensed memories.
pub fn state_levels(records: &[MixturesRecord]) -> Plot {
    let several = records.windows(2).any(|pair| pair[0].temperature != pair[1].temperature);
    let axis = if several { "temperature T" } else { "number n of condensed memories" };
    let title = match records.first() {
        Some(record) if several => format!("States of {} memories", record.count),
        Some(record) => format!("States of {} memories at T = {}", record.count, digits(record.temperature)),
        None => String::new(),
    };
    let mut plot = Plot::new(&title, Axis::new(axis), Axis::new("free energy f"));
    let kinds = [
        (true, true, "symmetric, stable", PALETTE[0]),
        (true, false, "symmetric, unstable", PALETTE[0]),
        (false, true, "asymmetric, stable", PALETTE[1]),
        (false, false, "asymmetric, unstable", PALETTE[1]),
    ];
    for (symmetric, stable, label, color) in kinds {
        let states = records.iter().flat_map(|record| record.states.iter().map(move |state| (record, state)));
        let points: Vec<(f64, f64)> = states
            .filter(|(_, state)| state.symmetric == symmetric && state.stable == stable)
            .filter_map(|(record, state)| {
                let x = if several { record.temperature } else { state.n as f64 };
                Some((x, state.free_energy?))
            })
            .collect();
        if !points.is_empty() {
            let shape = if symmetric { MarkerShape::Circle } else { MarkerShape::Diamond };
            let marker = Marker { shape, filled: stable, radius: 3.5 };
            plot = plot.with(Series::points(label, points).marker(marker).color(color));
        }
    }
    plot
}

/// What tells one line from another: the kind of state, and its number of memories.
type Branch = (StateKind, Option<usize>);

/// Draws an observable of a finite number of memories against the temperature: the predicted states as lines,
/// measurements as points with errors, one series for each size and update.
pub fn temperature_curve(
    observable: &str,
    count: usize,
    solved: Option<&SolveRecord>,
    measured: Option<&SimulationRecord>,
) -> Plot {
    let symbol = symbol(observable);
    let label = if observable == "m" { "overlap m".to_owned() } else { symbol.to_owned() };
    let title = format!("{symbol}, p = {count}");
    let mut plot = Plot::new(&title, Axis::new("temperature T"), Axis::new(&label));
    // One line for each kind of state that is stable somewhere.
    let mut lines: BTreeMap<Branch, Vec<(f64, f64)>> = BTreeMap::new();
    let points =
        solved.into_iter().flat_map(|record| &record.points).filter(|point| point.count == Some(count));
    for point in points {
        for state in point.states.iter().filter(|state| state.locally_stable) {
            let value = match observable {
                "m" => state.m.first().copied(),
                "q" => Some(state.q),
                "energy" => state.energy,
                "free_energy" => state.free_energy,
                _ => None,
            };
            let line = lines.entry((state.kind, state.n)).or_default();
            line.extend(value.map(|value| (point.temperature, value)));
        }
    }
    for (k, ((kind, n), mut line)) in lines.into_iter().enumerate() {
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
        let name = super::curve::kind_name(kind, n);
        let color = if k == 0 { Color::BLACK } else { PALETTE[PALETTE.len() - 1 - k % PALETTE.len()] };
        plot = plot.with(Series::line(&name, line).color(color).dash(Dash::Solid).width(1.8));
    }
    let mut found: BTreeMap<(usize, &str), Vec<ErrorPoint>> = BTreeMap::new();
    for point in measured.map_or(&[][..], |record| &record.points).iter().filter(|point| point.p == count) {
        if let Some(estimate) = point.observable(observable)
            && let Some(y) = estimate.value
        {
            let entry = found.entry((point.neurons, point.update.as_str())).or_default();
            entry.push(ErrorPoint { x: point.temperature, y, error: estimate.error });
        }
    }
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];
    for (k, ((neurons, update), points)) in found.into_iter().enumerate() {
        let marker = Marker { shape: shapes[k % shapes.len()], filled: k < shapes.len(), radius: 3.5 };
        let label = format!("N = {neurons}, {}", short_update(update));
        plot = plot.with(Series::points_with_errors(&label, points).marker(marker));
    }
    plot
}
