//! Capacities against the activity of the memories or the temperature.

use mattis_model::record::{CapacityPoint, CapacityRecord};

use crate::{Axis, Color, Dash, Marker, MarkerShape, PALETTE, Plot, Series};

/// Points of one unit, law and connectivity.
struct Curve {
    unit: String,
    law: String,
    connectivity: String,
    points: Vec<CapacityPoint>,
}

/// What a connectivity is called beside others.
fn short(connectivity: &str) -> String {
    connectivity.split(':').next().unwrap_or_default().to_owned()
}

fn curves(records: &[CapacityRecord]) -> Vec<Curve> {
    let mut found: Vec<Curve> = Vec::new();
    for record in records {
        let (unit, law) = (record.model.unit.name(), record.model.patterns.name());
        for point in &record.points {
            let own = |curve: &&mut Curve| {
                curve.unit == unit && curve.law == law && curve.connectivity == point.connectivity
            };
            if let Some(curve) = found.iter_mut().find(own) {
                curve.points.push(point.clone());
            } else {
                found.push(Curve {
                    unit: unit.into(),
                    law: law.into(),
                    connectivity: point.connectivity.clone(),
                    points: vec![point.clone()],
                });
            }
        }
    }
    found
}

fn differ(values: impl Iterator<Item = f64>) -> bool {
    let mut values = values;
    let first = values.next();
    values.any(|value| Some(value) != first)
}

/// A way to read an abscissa off a capacity.
type Abscissa = fn(&CapacityPoint) -> Option<f64>;

/// α_c against the active fraction f where it differs within a curve, else against T; `None` where neither
/// does. One colour per unit and law, one dash per connectivity; a curve of one point is a marker.
pub fn capacities(records: &[CapacityRecord]) -> Option<Plot> {
    let curves = curves(records);
    let varies = |get: Abscissa| curves.iter().any(|curve| differ(curve.points.iter().filter_map(get)));
    let by_fraction: Abscissa = |point| point.active_fraction;
    let by_temperature: Abscissa = |point| Some(point.temperature);
    let (get, axis) = if varies(by_fraction) {
        (by_fraction, Axis::new("active fraction f").log())
    } else if varies(by_temperature) {
        (by_temperature, Axis::new("temperature T"))
    } else {
        return None;
    };
    let wide = curves.iter().flat_map(|curve| &curve.points).map(|point| point.alpha_c);
    let (low, high) =
        wide.fold((f64::INFINITY, 0.0_f64), |(low, high), alpha| (low.min(alpha), high.max(alpha)));
    let ordinate = Axis::new("capacity α_c");
    let ordinate = if high > 10.0 * low { ordinate.log() } else { ordinate.including(0.0, high) };
    let (mut families, mut graphs): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let units = curves.iter().any(|curve| curve.unit != curves[0].unit);
    let title = if units {
        "Storage capacity".to_owned()
    } else {
        format!("Storage capacity, {} units", curves[0].unit)
    };
    let mut plot = Plot::new(&title, axis, ordinate);
    let dashes = [Dash::Solid, Dash::Dashed, Dash::Dotted];
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Diamond];
    let place = |list: &mut Vec<String>, name: String| {
        list.iter().position(|known| *known == name).unwrap_or_else(|| {
            list.push(name);
            list.len() - 1
        })
    };
    for curve in &curves {
        let name = if units { format!("{}, {}", curve.unit, curve.law) } else { curve.law.clone() };
        let family = place(&mut families, name.clone());
        let graph = place(&mut graphs, curve.connectivity.clone());
        let label = format!("{name}, {}", short(&curve.connectivity));
        let mut points: Vec<(f64, f64)> =
            curve.points.iter().filter_map(|point| Some((get(point)?, point.alpha_c))).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let series = if points.len() == 1 {
            let marker = Marker { radius: 6.0, ..Marker::filled(shapes[graph % shapes.len()]) };
            Series::points(&label, points).marker(marker).color(Color::BLACK)
        } else {
            Series::line(&label, points)
                .color(PALETTE[family % PALETTE.len()])
                .dash(dashes[graph % dashes.len()])
        };
        plot = plot.with(series);
    }
    Some(plot)
}
