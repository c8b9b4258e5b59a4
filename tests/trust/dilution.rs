//! Diluted networks: small ones against enumeration of the same sample, and extreme dilution against the
//! map of Derrida, Gardner & Zippelius (Europhys. Lett. 4, 167 (1987)), by a quadrature of its own.

use mattis_model::{Control, Model};
use mattis_sim::network::{Links, RealMemories};
use mattis_sim::random::{Source, disorder};
use mattis_sim::{SampleResult, Simulation, Start};
use mattis_theory::exact::{Dynamics as Exact, Enumeration, Law};

use crate::support::{
    REJECTED, SCHEDULES, Schedule, assert_family, degrees, deviation, mean_and_error, student,
};

const SEED: u64 = 95;
const FIELD: &str = "external:h=0.4";
const INHIBITION: &str = "inhibition:strength=0.6";

/// A small network with two memories at a temperature.
struct Case {
    model: Model,
    neurons: usize,
    temperature: f64,
}

impl Case {
    /// `parts`: unit, patterns, rule, connectivity, field.
    fn new(parts: [&str; 5], neurons: usize, temperature: f64) -> Self {
        let [unit, patterns, rule, connectivity, field] = parts;
        let model = Model {
            unit: unit.parse().expect("a unit"),
            patterns: patterns.parse().expect("patterns"),
            rule: rule.parse().expect("a rule"),
            connectivity: connectivity.parse().expect("a connectivity"),
            field: field.parse().expect("a field"),
            ..Model::default()
        };
        Self { model, neurons, temperature }
    }

    fn simulated(&self, schedule: Schedule) -> Vec<SampleResult> {
        let model = self.model.clone().with_update(schedule.update().parse().expect("an update"));
        Simulation::new(&model)
            .at(Control::finite(2, self.temperature))
            .sizes([self.neurons])
            .samples(2)
            .sweeps(20_000)
            .burn_in(200)
            .seed(SEED)
            .start(Start::Random)
            .dynamics(schedule.dynamics)
            .order(schedule.order)
            .run_samples()
            .expect("a small simulation")
    }

    /// The enumerated network of a sample, its couplings divided by `scale`, and its memories as stored.
    fn exact(&self, sample: usize, scale: f64) -> (Enumeration, Vec<Vec<f64>>) {
        let (n, source) = (self.neurons, Source { seed: SEED, sample: disorder(self.neurons, sample) });
        let drawn = RealMemories::draw(&self.model, n, 2, source).expect("small");
        let links = Links::draw(*self.model.connectivity.value(), &drawn, source).expect("small");
        // N k x²/2 is a coupling −k/N of all pairs and of every unit with itself.
        let inhibition = self.model.field.value().inhibition() / n as f64;
        let couplings: Vec<f64> =
            (0..n * n).map(|k| (links.coupling(k / n, k % n) - inhibition) / scale).collect();
        let memories = (0..2).map(|mu| (0..n).map(|i| drawn.component(mu, i)).collect()).collect();
        let field = self.model.field.value().value();
        (Enumeration::new(&self.model.unit, &couplings, field).expect("a small network"), memories)
    }

    /// Probabilities of all averages, were the couplings divided by `scale`.
    fn compare(&self, run: &[SampleResult], schedule: Schedule, scale: f64) -> Vec<(String, f64)> {
        let mut out = Vec::new();
        for result in run {
            let (network, memories) = self.exact(result.sample, scale);
            let law = stationary(&network, schedule, self.temperature);
            let overlaps = law.overlaps(&memories).expect("memories");
            let mut expected = vec![
                ("m", overlaps.mean[0]),
                ("m_2", overlaps.mean[1]),
                ("q", law.replica_overlap()),
                ("activity", law.activity()),
            ];
            if network.check_symmetric().is_ok() {
                let energy = if schedule.parallel { law.two_time_energy() } else { law.energy() };
                expected.push(("energy", energy / self.neurons as f64));
            } else if !self.model.connectivity.value().is_symmetric() {
                assert_eq!(result.mean("energy"), None);
            }
            for (name, value) in expected {
                let mean = result.observables.iter().find(|mean| mean.name == name);
                let Some(mean) = mean else {
                    assert!(name == "energy" && !self.model.connectivity.value().is_symmetric(), "{name}");
                    continue;
                };
                if mean.thermal_error.is_some() {
                    let p =
                        student(deviation(mean, value).expect("an error"), degrees(mean).expect("a time"));
                    let model = &self.model;
                    let label = format!("{}, {}, {}", model.unit, model.connectivity, schedule.name);
                    out.push((format!("{label}: {name} of sample {}", result.sample), p));
                }
            }
        }
        out
    }
}

/// The law that the dynamics leaves invariant: in closed form where the couplings are symmetric, else that of
/// the transition matrix of one sweep.
fn stationary(network: &Enumeration, schedule: Schedule, temperature: f64) -> Law<'_> {
    if network.check_symmetric().is_ok() {
        let law =
            if schedule.parallel { network.parallel(temperature) } else { network.boltzmann(temperature) };
        return law.expect("symmetric");
    }
    let kind = match schedule.name {
        "parallel" => Exact::HeatBathParallel,
        "metropolis" => Exact::MetropolisRandom,
        "heat bath, sweep order" => Exact::HeatBathSweep,
        _ => Exact::HeatBathRandom,
    };
    let matrix = network.transition(kind, temperature).expect("small");
    let weights = matrix.stationary().expect("ergodic").into_iter().map(f64::ln).collect();
    network.law(temperature, weights).expect("finite")
}

#[test]
fn diluted_networks_agree_with_enumeration() {
    let cases = [
        Case::new(["ising", "rademacher", "hebb", "diluted:c=0.6", FIELD], 8, 0.9),
        Case::new(
            ["binary:threshold=0.1", "sparse:active-fraction=0.4", "covariance", "diluted:c=0.7", FIELD],
            8,
            0.3,
        ),
        Case::new(
            ["three-state:crystal-field=0.2", "ternary:active-fraction=0.6", "hebb", "diluted:c=0.5", FIELD],
            5,
            0.8,
        ),
        Case::new(["ising", "rademacher", "hebb", "diluted:c=0.6:symmetric=false", FIELD], 8, 0.7),
        Case::new(
            ["ising", "exponential:active-fraction=0.7", "covariance", "extreme:inputs=3", FIELD],
            8,
            0.6,
        ),
        Case::new(
            ["binary:threshold=0.05", "sparse:active-fraction=0.4", "covariance", "full", INHIBITION],
            8,
            0.15,
        ),
        Case::new(
            ["binary:threshold=0.05", "rademacher", "hebb", "diluted:c=0.5:symmetric=false", INHIBITION],
            7,
            0.3,
        ),
    ];
    let mut family = Vec::new();
    for case in &cases {
        let mut wrong = Vec::new();
        for schedule in SCHEDULES {
            let run = case.simulated(schedule);
            family.extend(case.compare(&run, schedule, 1.0));
            wrong.extend(case.compare(&run, schedule, 3.0));
        }
        // Negative control: couplings divided by three times the number of inputs.
        let least = wrong.iter().map(|(_, p)| *p).fold(1.0, f64::min) * wrong.len() as f64;
        assert!(least < REJECTED, "{}: p = {least:.1e}", case.model.connectivity);
    }
    assert!(family.len() > 120, "{}", family.len());
    assert_family(&family);
}

/// E f(z) of a standard normal z, by the trapezoidal rule.
fn average(f: impl Fn(f64) -> f64) -> f64 {
    let step = 1e-3;
    let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    (-10_000..=10_000).map(|k| f64::from(k) * step).map(|z| step * density(z) * f(z)).sum()
}

/// m′ = E tanh((m + √α z)/T), at T = 0 P(√α z > −m) − P(√α z < −m).
fn map(m: f64, alpha: f64, temperature: f64) -> f64 {
    if temperature > 0.0 {
        return average(|z| ((m + alpha.sqrt() * z) / temperature).tanh());
    }
    let (end, cells) = (m / alpha.sqrt(), 2000);
    let step = end / f64::from(cells);
    let density =
        |k: i32| (-0.5 * ((f64::from(k) + 0.5) * step).powi(2)).exp() / std::f64::consts::TAU.sqrt();
    2.0 * step * (0..cells).map(density).sum::<f64>()
}

fn fixed_point(alpha: f64, temperature: f64) -> f64 {
    (0..400).fold(1.0, |m, _| map(m, alpha, temperature))
}

#[test]
fn the_map_has_the_known_fixed_points() {
    assert!((fixed_point(0.3, 0.0) - 0.899_440_153_662).abs() < 1e-6);
    let slope = |t: f64| average(|z| (0.3_f64.sqrt() * z / t).cosh().powi(-2)) / t;
    assert!(slope(0.685_379) > 1.0 && slope(0.685_380) < 1.0);
    assert!((map(1e-4, 0.3, 0.8) / 1e-4 - slope(0.8)).abs() < 1e-6 && fixed_point(0.3, 0.8) < 1e-6);
}

/// Overlaps after each parallel step and their errors at C inputs; C/N and 1/C fall together, so that what
/// a network has beyond the map is linear in 1/C.
fn overlaps(inputs: usize, alpha: f64, temperature: f64, samples: usize, steps: usize) -> Vec<(f64, f64)> {
    let connectivity = format!("extreme:inputs={inputs}");
    let model = Model { connectivity: connectivity.parse().expect("a connectivity"), ..Model::little() };
    let outcome = Simulation::new(&model)
        .at(Control::new(alpha, temperature))
        .sizes([2 * inputs * inputs])
        .samples(samples)
        .burn_in(0)
        .sweeps(steps)
        .seed(SEED)
        .trace(true)
        .run_with(&mattis_sim::Session::default())
        .expect("a simulation");
    let histories: Vec<Vec<f64>> = outcome
        .traces
        .chunks(2)
        .map(|pair| {
            let of =
                |replica: usize| &pair[replica].columns.iter().find(|c| c.name == "m").expect("m").values;
            of(0).iter().zip(of(1)).map(|(a, b)| 0.5 * (a + b)).collect()
        })
        .collect();
    let at = |step: usize| mean_and_error(&histories.iter().map(|m| m[step]).collect::<Vec<f64>>());
    (0..steps).map(at).collect()
}

/// Steps from a memory at C and 2C inputs, extrapolated in 1/C.
fn extrapolated(inputs: usize, alpha: f64, temperature: f64, samples: usize) -> Vec<(f64, f64)> {
    let few = overlaps(inputs, alpha, temperature, samples, 10);
    let many = overlaps(2 * inputs, alpha, temperature, samples, 10);
    few.iter().zip(&many).map(|(few, many)| (2.0 * many.0 - few.0, (2.0 * many.1).hypot(few.1))).collect()
}

/// These against the map at a load: one probability for each of some steps.
fn against_the_map(found: &[(f64, f64)], load: f64, temperature: f64, samples: usize) -> Vec<(String, f64)> {
    let mut m = 1.0;
    let expected = (0..found.len()).map(|_| {
        m = map(m, load, temperature);
        m
    });
    let compare = |(step, ((found, error), expected)): (usize, (&(f64, f64), f64))| {
        let z = (found - expected) / error;
        (format!("T = {temperature}, step {}: z = {z:.2}", step + 1), student(z, samples as f64 - 1.0))
    };
    let all = found.iter().zip(expected).enumerate().map(compare);
    all.enumerate().filter(|(step, _)| [0, 1, 2, 4, 9].contains(step)).map(|(_, pair)| pair).collect()
}

#[test]
fn parallel_steps_follow_the_map() {
    let found = extrapolated(50, 0.3, 0.5, 8);
    assert_family(&against_the_map(&found, 0.3, 0.5, 8));
    // Negative control: the noise of another load.
    let wrong = against_the_map(&found, 0.4, 0.5, 8);
    assert!(wrong.iter().any(|(_, p)| *p < 1e-4), "{wrong:?}");
}

/// T = 0, where the fixed point is 0.899440, and both sides of T_c = 0.6853796.
#[test]
#[ignore = "two minutes"]
fn larger_networks_follow_the_map() {
    let mut family = Vec::new();
    for temperature in [0.0, 0.6, 0.8] {
        let found = extrapolated(100, 0.3, temperature, 8);
        family.extend(against_the_map(&found, 0.3, temperature, 8));
    }
    assert_family(&family);
}
