//! Couplings that hidden units induce.

use mattis_model::Encoding;
use mattis_model::record::{InteractionSizes, InteractionsRecord, Surroundings};

use crate::{Axis, Color, Dash, Marker, MarkerShape, PALETTE, Plot, Series};

fn encoding(of: Encoding) -> &'static str {
    match of {
        Encoding::ZeroOne => "0/1",
        Encoding::PlusMinus => "±1",
    }
}

/// √⟨J²⟩ by order: points for the machines, lines for the exact ensemble; open points and broken lines in ±1. Orders
/// whose couplings vanish are left out. `None` where none is left.
pub fn interaction_orders(records: &[InteractionsRecord]) -> Option<Plot> {
    let mut plot = Plot::new("", Axis::new("order k"), Axis::new("√⟨J²⟩").log());
    let mut names: Vec<String> = Vec::new();
    let mut drawn = false;
    for record in records {
        let unit = record.unit.brief();
        let place = names.iter().position(|name| *name == unit).unwrap_or_else(|| {
            names.push(unit.clone());
            names.len() - 1
        });
        let color = PALETTE[place % PALETTE.len()];
        let spins = record.encoding == Encoding::PlusMinus;
        // What rounding leaves of couplings that vanish is 12 orders below the largest.
        let largest = record.orders.iter().map(|order| order.rms).fold(0.0, f64::max);
        let there = |value: f64| value > 1e-12 * largest && value.is_finite();
        let sampled: Vec<(f64, f64)> = record
            .orders
            .iter()
            .filter(|order| there(order.rms))
            .map(|order| (order.order as f64, order.rms))
            .collect();
        // A line is broken where an order vanishes.
        let exact: Vec<(f64, f64)> = record
            .orders
            .iter()
            .filter_map(|order| Some((order.order as f64, order.theory_rms?)))
            .map(|(order, rms)| (order, if there(rms) { rms } else { f64::NAN }))
            .collect();
        drawn |= !sampled.is_empty();
        let shape = MarkerShape::Circle;
        let marker = if spins { Marker::open(shape) } else { Marker::filled(shape) };
        let label = format!("{unit}, {}", encoding(record.encoding));
        plot = plot.with(Series::points(&label, sampled).marker(marker).color(color));
        if !exact.is_empty() {
            let dash = if spins { Dash::Dashed } else { Dash::Solid };
            plot = plot.with(Series::line("", exact).dash(dash).color(color));
        }
    }
    drawn.then_some(plot)
}

/// The distribution of the size |J| of the couplings of each order.
pub fn interaction_sizes(sizes: &[InteractionSizes]) -> Plot {
    let mut plot = Plot::new("", Axis::new("|J|").log(), Axis::new("couplings per unit of ln |J|").log());
    for (index, of) in sizes.iter().enumerate() {
        let color = PALETTE[index % PALETTE.len()];
        for (counts, sign, dash) in
            [(&of.positive, "J > 0", Dash::Solid), (&of.negative, "J < 0", Dash::Dashed)]
        {
            let bins = counts.iter().zip(of.edges.windows(2));
            let points = bins
                .filter(|(count, _)| **count > 0)
                .map(|(count, edges)| {
                    ((edges[0] * edges[1]).sqrt(), *count as f64 / (edges[1] / edges[0]).ln())
                })
                .collect();
            let label = format!("order {}, {sign}", of.order);
            plot = plot.with(Series::line(&label, points).dash(dash).color(color));
        }
    }
    plot
}

/// A map of the couplings around some sites of a square picture, blue below zero and red above, its sites counted
/// along rows from the upper left corner. `None` where the visible units are no square.
pub fn interaction_map(around: &Surroundings) -> Option<Plot> {
    let side = (around.values.len() as f64).sqrt().round() as usize;
    if side < 2 || side * side != around.values.len() {
        return None;
    }
    // Rows are counted from above.
    let every = side.div_ceil(8);
    let row = |row: usize| ((side - row) as f64 - 0.5, row.to_string());
    let rows = (0..side).step_by(every).map(row).collect();
    let largest = around.values.iter().flatten().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let mut plot = Plot::new(
        &format!("largest |J| = {largest:.3e}"),
        Axis::new("column").range(0.0, side as f64),
        Axis::new("row").range(0.0, side as f64).named(rows),
    )
    .size(560, 560);
    for (site, value) in around.values.iter().enumerate() {
        let (column, row) = ((site % side) as f64, (side - 1 - site / side) as f64);
        let color = match value {
            None => Color::new(30, 30, 30),
            Some(value) => shade(*value / largest.max(f64::MIN_POSITIVE)),
        };
        let outline =
            vec![(column, row), (column + 1.0, row), (column + 1.0, row + 1.0), (column, row + 1.0)];
        plot = plot.with(Series::tile(outline).color(color));
    }
    Some(plot)
}

/// White at 0, red at 1, blue at −1.
fn shade(share: f64) -> Color {
    let pale = |end: u8| (255.0 - share.abs().min(1.0) * (255.0 - f64::from(end))) as u8;
    if share >= 0.0 {
        Color::new(pale(190), pale(30), pale(45))
    } else {
        Color::new(pale(25), pale(80), pale(180))
    }
}
