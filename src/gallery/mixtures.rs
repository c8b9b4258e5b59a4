//! Energies and stability of the n-symmetric states, Amit, Gutfreund and Sompolinsky (1985).

use mattis_figures::{Axis, Color, Dash, ErrorPoint, Figure, Marker, MarkerShape, PALETTE, Plot, Series};
use mattis_model::record::{Census, Completeness, Mixture, MixturesRecord, Threshold};
use mattis_model::{Control, Model, Update};
use mattis_sim::Start;
use mattis_theory::{FinitePatterns, TheoryError};

use super::{Check, Effort, Recipe, Request};
use crate::records::Records;

pub(super) const RECIPE: Recipe = Recipe {
    name: "ags1985-mixtures",
    shows: "The n-symmetric mixture states against T: free energies above that of the state without overlaps, and the \
            eigenvalue that decides stability; odd n are stable below T_n, even n never. Points: share of simulated \
            runs from the 3-mixture that are still there after 300 sweeps: the barrier around it vanishes at T₃, and finite \
            networks cross it before.",
    source: "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)",
    request,
    experiments: None,
    solve,
    checks,
    draw,
};

const AGS: &str = "Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985)";
const CLOSED: &str = "closed form −n m²/2, m_2k = m_2k+1 = C(2k, k)/4^k";
const ROOT: &str = "root of the stability eigenvalue, with 30 digits";

/// Symmetric states up to this n are followed.
const LARGEST: usize = 11;

/// T_n: n and the temperature.
#[allow(clippy::excessive_precision)] // as published
const THRESHOLDS: &[(usize, f64)] = &[
    (3, 0.459_794_239_877_785_43),
    (5, 0.384_739_272_388_680_23),
    (7, 0.343_929_844_953_801_09),
    (9, 0.316_601_401_418_647_44),
    (11, 0.296_361_867_336_968_99),
    (13, 0.280_453_901_653_683_05),
    (15, 0.267_448_525_574_671_04),
    (21, 0.238_929_837_014_996_41),
    (31, 0.209_191_077_193_633_49),
];

/// n, T, m, f and how far the free energy is known.
const POINTS: &[(usize, f64, f64, f64, f64)] = &[
    (1, 0.3, 0.997_413_816_891_975, -0.500_384_834_323_960_6, 1e-14),
    (1, 0.5, 0.957_504_024_077_269, -0.509_835_533_993_434_6, 1e-14),
    (1, 0.8, 0.710_411_783_487_870, -0.583_199_756_411_053_8, 1e-14),
    (3, 0.1, 0.499_977_290_754, -0.375_003_405_690_65, 1e-13),
    (3, 0.3, 0.480_438_503_706, -0.383_394_831_563_554, 1e-14),
    (3, 0.45, 0.435_407_928_34, -0.414_603_126_867_52, 1e-13),
    (3, 0.5, 0.417_463_336_74, -0.430_301_407_945_80, 1e-13),
    (5, 0.3, 0.352_973_262_873, -0.367_458_434_695, 1e-12),
];

#[allow(clippy::unnecessary_wraps)] // the signature of every recipe
fn request(effort: Effort) -> Option<Request> {
    let (neurons, samples) = match effort {
        Effort::Quick => (vec![300, 1000], 8),
        Effort::Normal => (vec![300, 1000, 3000], 24),
        Effort::Full => (vec![300, 1000, 3000, 10_000], 128),
    };
    let (count, step) = if effort == Effort::Quick { (9, 0.04) } else { (18, 0.02) };
    let temperature = |i: i32| 0.14 + step * f64::from(i);
    Some(Request {
        model: Model::hopfield(),
        controls: (0..count).map(|i| Control::finite(3, temperature(i))).collect(),
        neurons,
        samples,
        sweeps: 200,
        burn_in: 100,
        updates: vec![Update::neutral()],
        start: Some(Start::Mixture { n: 3 }),
    })
}

fn solve(effort: Effort) -> Result<Records, TheoryError> {
    let count = if effort == Effort::Quick { 50 } else { 200 };
    let mut temperatures: Vec<f64> = (0..count).map(|i| f64::from(i) / f64::from(count)).collect();
    temperatures.extend(POINTS.iter().map(|point| point.1));
    temperatures.sort_by(f64::total_cmp);
    temperatures.dedup();
    let model = Model::hopfield();
    let theory = FinitePatterns::new(&model, LARGEST)?;
    let largest = THRESHOLDS.iter().map(|(n, _)| *n).max().unwrap_or(LARGEST);
    let all = FinitePatterns::new(&model, largest)?;
    let thresholds: Vec<Threshold> = THRESHOLDS
        .iter()
        .filter_map(|(n, _)| {
            let temperature = all.threshold(*n)?;
            Some(Threshold { n: *n, symmetric: true, ground: Vec::new(), temperature })
        })
        .collect();
    let record = |temperature: &f64| {
        let states: Vec<Mixture> = (1..=LARGEST).filter_map(|n| theory.symmetric(n, *temperature)).collect();
        MixturesRecord {
            model: model.clone(),
            count: LARGEST,
            temperature: *temperature,
            critical_temperature: theory.critical_temperature(),
            census: Census {
                classes: states.len(),
                critical_points: None,
                stable: None,
                morse_sum: None,
                complete: Completeness::Unknown,
            },
            states,
            thresholds: thresholds.clone(),
        }
    };
    Ok(Records { mixtures: temperatures.iter().map(record).collect(), ..Records::default() })
}

fn state(records: &Records, n: usize, temperature: f64) -> Option<&Mixture> {
    let record = records.mixtures.iter().find(|record| record.temperature == temperature)?;
    record.states.iter().find(|state| state.n == n)
}

/// m_n at T = 0.
fn ground_overlap(n: usize) -> f64 {
    let k = n / 2;
    (1..=k).fold(1.0, |product, i| product * (2 * i - 1) as f64 / (2 * i) as f64)
}

fn checks(records: &Records) -> Vec<Check> {
    let mut checks = Vec::new();
    for n in 1..=LARGEST {
        let published = -0.5 * n as f64 * ground_overlap(n).powi(2);
        let computed = state(records, n, 0.0).and_then(|state| state.energy);
        checks.push(Check::new(&format!("E_{n} at T = 0"), computed, published, 1e-14, CLOSED));
    }
    let thresholds = records.mixtures.first().map_or(&[][..], |record| &record.thresholds);
    let threshold = |n: usize| thresholds.iter().find(|t| t.n == n).map(|t| t.temperature);
    checks.push(Check::new("T₃", threshold(3), 0.46, 0.005, AGS));
    for (n, published) in THRESHOLDS {
        checks.push(Check::new(&format!("T_{n}"), threshold(*n), *published, 1e-15, ROOT));
    }
    for (n, temperature, m, f, tolerance) in POINTS {
        let found = state(records, *n, *temperature);
        let place = format!("n = {n}, T = {temperature}");
        let overlap = found.and_then(|state| state.m.first().copied());
        checks.push(Check::new(&format!("m, {place}"), overlap, *m, 1e-11, "solved with 40 digits"));
        let energy = found.and_then(|state| state.free_energy);
        checks.push(Check::new(&format!("f, {place}"), energy, *f, *tolerance, "solved with 40 digits"));
    }
    checks
}

fn draw(records: &Records) -> Figure {
    let mut energies =
        Plot::new("Symmetric mixtures", Axis::new("temperature T"), Axis::new("f − f(0)")).size(720, 380);
    let mut eigenvalues =
        Plot::new("", Axis::new("temperature T"), Axis::new("stability eigenvalue")).size(720, 300);
    for (k, n) in (1..=7).enumerate() {
        let color = PALETTE[k % PALETTE.len()];
        let curve = |value: &dyn Fn(&MixturesRecord, &Mixture) -> Option<f64>| -> Vec<(f64, f64)> {
            let point = |record: &MixturesRecord| {
                let state = record.states.iter().find(|state| state.n == n)?;
                Some((record.temperature, value(record, state)?))
            };
            records.mixtures.iter().filter_map(point).collect()
        };
        for (stable, dash) in [(true, Dash::Solid), (false, Dash::Dashed)] {
            let line = curve(&|record, state| {
                let above = state.free_energy? + record.temperature * std::f64::consts::LN_2;
                Some(if state.stable == stable { above } else { f64::NAN })
            });
            if line.iter().any(|point| point.1.is_finite()) {
                let label = if stable == (n % 2 == 1) { format!("n = {n}") } else { String::new() };
                energies = energies.with(Series::line(&label, line).color(color).dash(dash).width(1.8));
            }
        }
        if n % 2 == 1 {
            let line = curve(&|_, state| state.hessian.first().copied());
            eigenvalues = eigenvalues.with(Series::line(&format!("n = {n}"), line).color(color).width(1.8));
        }
    }
    eigenvalues = eigenvalues.with(Series::horizontal("", 0.0).color(Color::BLACK).dash(Dash::Dotted));
    eigenvalues.y = eigenvalues.y.range(-0.35, 1.05);
    Figure::new(vec![energies, eigenvalues, survival(records)])
}

/// Runs from the 3-mixture that stayed.
fn survival(records: &Records) -> Plot {
    let mut plot =
        Plot::new("", Axis::new("temperature T"), Axis::new("3-mixtures that stay")).size(720, 240);
    let thresholds = records.mixtures.first().map_or(&[][..], |record| &record.thresholds);
    if let Some(threshold) = thresholds.iter().find(|threshold| threshold.n == 3) {
        let step = vec![(0.12, 1.0), (threshold.temperature, 1.0), (threshold.temperature, 0.0), (0.5, 0.0)];
        plot = plot.with(Series::line("N → ∞", step).color(Color::BLACK).dash(Dash::Dotted));
    }
    let shapes = [MarkerShape::Circle, MarkerShape::Square, MarkerShape::Triangle, MarkerShape::Diamond];
    let points = records.simulation.as_ref().map_or(&[][..], |record| &record.points);
    let mut sizes: Vec<usize> = points.iter().map(|point| point.neurons).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for (k, neurons) in sizes.into_iter().enumerate() {
        let stayed = points
            .iter()
            .filter(|point| point.neurons == neurons)
            .map(|point| {
                let runs = point.samples as f64;
                let share = 1.0 - point.escaped as f64 / runs;
                let error = (share * (1.0 - share) / (runs - 1.0).max(1.0)).sqrt();
                ErrorPoint { x: point.temperature, y: share, error: (error > 0.0).then_some(error) }
            })
            .collect();
        plot = plot.with(
            Series::points_with_errors(&format!("N = {neurons}"), stayed)
                .marker(Marker::filled(shapes[k % shapes.len()]))
                .color(PALETTE[k % PALETTE.len()]),
        );
    }
    plot.x = plot.x.range(0.12, 0.5);
    plot.y = plot.y.range(-0.05, 1.08);
    plot
}
