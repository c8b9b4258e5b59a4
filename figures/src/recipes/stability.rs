//! What one update changes of stored memories.

use std::collections::BTreeMap;

use mattis_model::record::StabilityPoint;

use crate::{Axis, Color, Dash, ErrorPoint, Marker, MarkerShape, PALETTE, Plot, Series};

/// The fraction of unstable memories above, that of unstable bits below, against the number of memories; one colour
/// per size. Lines are what the theory says, where it was computed.
pub fn stability(points: &[StabilityPoint]) -> Vec<Plot> {
    let mut sizes: BTreeMap<usize, Vec<&StabilityPoint>> = BTreeMap::new();
    for point in points {
        sizes.entry(point.neurons).or_default().push(point);
    }
    let last = points.iter().map(|point| point.p).max().unwrap_or(1) as f64;
    let mut memories = Plot::new(
        "What one update changes",
        Axis::new("memories p").range(0.0, last),
        Axis::new("unstable memories").range(-0.03, 1.05),
    )
    .size(720, 380);
    let seen = points.iter().map(|point| point.unstable_bits).filter(|bits| *bits > 0.0);
    let (low, high) = seen.fold((1.0_f64, 0.0_f64), |(low, high), bits| (low.min(bits), high.max(bits)));
    let mut bits = Plot::new("", Axis::new("memories p").range(0.0, last), Axis::new("unstable bits").log())
        .size(720, 320);
    if high > 0.0 {
        bits.y = bits.y.range(low / 3.0, high * 3.0);
    }
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];
    for (k, (neurons, points)) in sizes.into_iter().enumerate() {
        let (color, marker) = (PALETTE[k % PALETTE.len()], Marker::filled(shapes[k % shapes.len()]));
        let label = format!("N = {neurons}");
        let line = |value: fn(&StabilityPoint) -> Option<f64>| -> Vec<(f64, f64)> {
            points.iter().filter_map(|point| Some((point.p as f64, value(point)?))).collect()
        };
        let measured = |value: fn(&StabilityPoint) -> (f64, Option<f64>)| -> Vec<ErrorPoint> {
            let point = |point: &&StabilityPoint| {
                let (y, error) = value(point);
                ErrorPoint { x: point.p as f64, y, error }
            };
            points.iter().map(point).collect()
        };
        let (estimate, exact) = if k == 0 { ("estimate", "exact") } else { ("", "") };
        memories = memories
            .with(
                Series::line(estimate, line(|point| point.theory_patterns))
                    .color(Color::BLACK)
                    .dash(Dash::Dashed),
            )
            .with(
                Series::points_with_errors(
                    &label,
                    measured(|point| (point.unstable_patterns, point.unstable_patterns_error)),
                )
                .marker(marker)
                .color(color),
            );
        let visible = |points: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
            points.into_iter().filter(|(_, y)| *y >= low / 3.0).collect()
        };
        let mut counted = measured(|point| (point.unstable_bits, point.unstable_bits_error));
        counted.retain(|point| point.y > 0.0);
        bits = bits
            .with(Series::line(exact, visible(line(|point| point.theory_bits))).color(Color::BLACK))
            .with(Series::points_with_errors(&label, counted).marker(marker).color(color));
    }
    vec![memories, bits]
}
