//! Standardised differences, row by row.

use mattis_model::record::{ComparisonRecord, ComparisonRow};

use super::control::{VERDICTS, digits, short_update, symbol, verdict_series};
use crate::{Axis, Color, Dash, Marker, MarkerShape, Plot, Series};

/// Draws z for every row of a comparison over bands at ±1, ±2 and ±3. A row without a z is marked on
/// the line of zero, open, and named in the legend.
pub fn z_scores(comparison: &ComparisonRecord) -> Plot {
    let rows = &comparison.rows;
    let labels: Vec<String> = rows.iter().map(row_label).collect();
    let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let named = labels.iter().cloned().enumerate().map(|(k, label)| (k as f64, label)).collect();
    let last = rows.len() as f64 - 0.4;
    let x = Axis::new("").range(-0.6, last.max(0.6)).named(named);
    let mut plot = Plot::new("Theory and simulation", x, Axis::new("z").including(-4.0, 4.0));
    // Names that read upwards want paper below the axes, many rows want paper beside each other.
    plot = plot.size((170 + 24 * rows.len()).clamp(720, 3000) as u32, (340 + 8 * longest).min(900) as u32);
    let bands = [
        ("|z| < 3", 3.0, Color::SKY.tint(0.45)),
        ("|z| < 2", 2.0, Color::SKY),
        ("|z| < 1", 1.0, Color::BLUE),
    ];
    for (label, width, color) in bands {
        plot = plot.with(Series::horizontal_band(label, -width, width).color(color));
    }
    plot = plot.with(Series::horizontal("", 0.0).dash(Dash::Solid).width(0.8).color(Color::GREY));
    for (verdict, label) in VERDICTS.into_iter().zip(["agree", "inconclusive", "disagree"]) {
        let found: Vec<_> = (0..rows.len())
            .filter(|&k| rows[k].verdict == verdict)
            .filter_map(|k| Some((k, rows[k].z.filter(|z| z.is_finite())?)))
            .collect();
        if !found.is_empty() {
            let names = found.iter().map(|&(k, _)| labels[k].clone()).collect();
            let points = found.iter().map(|&(k, z)| (k as f64, z)).collect();
            plot = plot.with(verdict_series(verdict, label, points, names));
        }
    }
    let unknown: Vec<_> = (0..rows.len()).filter(|&k| rows[k].z.is_none_or(|z| !z.is_finite())).collect();
    if !unknown.is_empty() {
        let names = unknown.iter().map(|&k| format!("{}: no z", labels[k])).collect();
        let points = unknown.iter().map(|&k| (k as f64, 0.0)).collect();
        let marker = Marker::open(MarkerShape::Square);
        plot = plot.with(Series::points("no z", points).marker(marker).color(Color::GREY).names(names));
    }
    plot
}

/// `α=0.05 T=0.3 seq m`.
fn row_label(row: &ComparisonRow) -> String {
    let alpha = row.alpha.map_or_else(String::new, |alpha| format!("α={} ", digits(alpha)));
    let update = short_update(&row.update);
    format!("{alpha}T={} {update} {}", digits(row.temperature), symbol(&row.observable))
}
