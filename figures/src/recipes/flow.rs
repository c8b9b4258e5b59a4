//! The motion of an overlap.

use mattis_model::record::FlowRecord;

use super::control::digits;
use crate::{Axis, Marker, MarkerShape, PALETTE, Plot, Series};

/// m against the time in sweeps: a line for sequential updates, points for parallel ones, a colour per load and
/// temperature.
pub fn trajectories(records: &[FlowRecord]) -> Plot {
    let mut plot = Plot::new("", Axis::new("sweeps"), Axis::new("overlap m"));
    let mut color = 0;
    for record in records {
        for point in &record.points {
            for trajectory in &point.trajectories {
                let line = trajectory.m.iter().enumerate().map(|(t, m)| (t as f64, *m)).collect();
                let label = format!(
                    "{}, α = {}, T = {}",
                    trajectory.update,
                    digits(point.alpha),
                    digits(point.temperature)
                );
                let series = if trajectory.update == "parallel" {
                    Series::points(&label, line).marker(Marker::filled(MarkerShape::Circle))
                } else {
                    Series::line(&label, line)
                };
                plot = plot.with(series.color(PALETTE[color % PALETTE.len()]));
            }
            color += 1;
        }
    }
    plot
}
