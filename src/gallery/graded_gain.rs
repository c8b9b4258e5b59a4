//! Capacity of graded units against their gain, Kühn, Bös and van Hemmen (1991), Shiino and Fukai (1992).

use mattis_figures::{Axis, Color, Dash, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Model, SpecError};
use mattis_theory::{CapacityRequest, Optimised, TheoryError, capacity};

use super::{Check, Effort, Recipe};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "graded-gain",
    shows: "Largest load with a retrieval fixed point of graded units s = tanh(gh) in deterministic dynamics, against their gain g \
            (above, and near its maximum below). Dashed: Ising units at the temperature T = 1/g; up to g = 28 noise costs more than \
            a finite gain does. Both store most at a finite steepness, a little more than a step does.",
    source: "Kühn, Bös & van Hemmen, Phys. Rev. A 43, 2084 (1991); Shiino & Fukai, J. Phys. A 25, L375 (1992)",
    request: |_| None,
    experiments: None,
    solve,
    checks,
    draw,
};

/// Gains at which values are listed.
const LISTED: [(f64, f64); 10] = [
    (1.1, 0.003_317_005_7),
    (1.5, 0.034_984_705_3),
    (2.0, 0.067_917_146_0),
    (3.0, 0.103_000_706_9),
    (4.0, 0.118_538_893_6),
    (5.0, 0.126_293_008_1),
    (10.0, 0.136_407_947_2),
    (20.0, 0.138_089_375_6),
    (50.0, 0.137_946_342_3),
    (100.0, 0.137_906_602_0),
];

fn graded(gain: f64) -> Result<Model, SpecError> {
    Ok(Model::hopfield().with_unit(format!("graded:gain={gain}").parse()?))
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 24 } else { 80 };
    let mut gains: Vec<f64> =
        (0..count).map(|i| 1.05 * 120f64.powf(f64::from(i) / f64::from(count - 1))).collect();
    gains.extend(LISTED.iter().map(|(gain, _)| *gain));
    gains.sort_by(f64::total_cmp);
    let own = |temperature: f64| CapacityRequest { temperature, ..CapacityRequest::default() };
    let mut records = Vec::new();
    for gain in &gains {
        let model = graded(*gain)?;
        let points = vec![capacity(&model, &own(0.0))?];
        records.push(CapacityRecord { model, points });
    }
    let best = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Gain] };
    let model = Model::hopfield().with_unit("graded".parse()?);
    records.push(CapacityRecord { points: vec![capacity(&model, &best)?], model });
    let ising = Model::hopfield();
    let mut points = vec![capacity(&ising, &own(0.0))?];
    for gain in gains.iter().filter(|gain| **gain > 1.2) {
        points.push(capacity(&ising, &own(1.0 / gain))?);
    }
    records.push(CapacityRecord { model: ising, points });
    Ok(Records { capacity: records, ..Records::default() })
}

/// Gain and capacity of graded units, without the best one.
fn curve(records: &Records) -> Vec<(f64, &CapacityPoint)> {
    let point = |record: &'_ CapacityRecord| {
        let [gain, _] = record.model.unit.graded()?;
        record.points.first().is_some_and(|point| point.optimum.is_none()).then_some(gain)
    };
    records.capacity.iter().filter_map(|record| Some((point(record)?, record.points.first()?))).collect()
}

/// The best gain with its capacity.
fn best(records: &Records) -> Option<(f64, &CapacityPoint)> {
    let mut points = records.capacity.iter().flat_map(|record| &record.points);
    points.find_map(|point| Some((point.optimum?.gain?, point)))
}

fn ising(records: &Records) -> Vec<&CapacityPoint> {
    let record = records.capacity.iter().find(|record| record.model.unit.is_binary_spin());
    record.map_or_else(Vec::new, |record| record.points.iter().collect())
}

fn checks(records: &Records) -> Vec<Check> {
    const AGS: &str = "Amit, Gutfreund & Sompolinsky, Ann. Phys. 173, 30 (1987)";
    const EQUATIONS: &str = "the self-consistent signal-to-noise equations, solved independently";
    let mut checks: Vec<Check> = LISTED
        .iter()
        .map(|(gain, alpha)| {
            let found = curve(records).into_iter().find(|(g, _)| g == gain).map(|(_, point)| point.alpha_c);
            Check::new(&format!("α_c(g = {gain})"), found, *alpha, 1e-9, EQUATIONS)
        })
        .collect();
    let best = best(records);
    checks.push(Check::new(
        "largest α_c",
        best.map(|(_, point)| point.alpha_c),
        0.138_126_1,
        1e-7,
        EQUATIONS,
    ));
    checks.push(Check::new("its gain", best.map(|(gain, _)| gain), 24.1, 0.05, EQUATIONS));
    let at = |temperature: f64| {
        ising(records).into_iter().find(|p| p.temperature == temperature).map(|p| p.alpha_c)
    };
    checks.push(Check::new("α_c of Ising units, T = 0", at(0.0), 0.137_905_566_5, 1e-9, AGS));
    checks.push(Check::new("α_c of Ising units, T = 0.5", at(0.5), 0.058_82, 1e-5, AGS));
    checks.push(Check::new("α_c of Ising units, T = 0.25", at(0.25), 0.113_56, 1e-5, AGS));
    checks
}

fn draw(records: &Records) -> Figure {
    let line: Vec<(f64, f64)> =
        curve(records).into_iter().map(|(gain, point)| (gain, point.alpha_c)).collect();
    let noisy: Vec<(f64, f64)> = ising(records)
        .into_iter()
        .filter(|point| point.temperature > 0.0)
        .map(|point| (1.0 / point.temperature, point.alpha_c))
        .collect();
    let steep = ising(records).into_iter().find(|point| point.temperature == 0.0).map(|point| point.alpha_c);
    let panel = |title: &str| {
        let mut plot = Plot::new(title, Axis::new("gain g").log(), Axis::new("capacity α_c"))
            .with(Series::line("graded units", line.clone()).color(PALETTE[0]).width(2.2))
            .with(Series::line("Ising units at T = 1/g", noisy.clone()).color(PALETTE[1]).dash(Dash::Dashed));
        if let Some(alpha) = steep {
            plot = plot
                .with(Series::horizontal("Ising units, T = 0", alpha).color(Color::BLACK).dash(Dash::Dotted));
        }
        if let Some((gain, point)) = best(records) {
            let marker = Marker::filled(MarkerShape::Diamond);
            plot = plot.with(
                Series::points("largest", vec![(gain, point.alpha_c)]).marker(marker).color(Color::BLACK),
            );
        }
        plot
    };
    let above = panel("Graded units");
    let mut below = panel("").size(720, 300);
    below.x = below.x.range(12.0, 120.0);
    below.y = below.y.range(0.1368, 0.13822);
    Figure::new(vec![above, below])
}
