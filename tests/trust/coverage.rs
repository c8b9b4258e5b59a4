//! Error bars mean what they say: over 2000 small runs, deviations from the exact value in units of the
//! run's own error follow Student's t.

use mattis_model::record::Estimate;
use mattis_model::{Control, Diagonal, Model};
use mattis_sim::statistics::combine;
use mattis_sim::{SampleMean, SampleResult, Simulation, Start};
use mattis_theory::exact::{Enumeration, Law};

use crate::support::{degrees, deviation, ising, student};

const RUNS: usize = 2000;
const LEVELS: [f64; 5] = [0.5, 0.682_7, 0.9, 0.954_5, 0.99];

/// In how many binomial standard errors the fraction of |t| below each quantile differs from the quantile's
/// level, for deviations given as (t, degrees of freedom). The largest of them, with its sign.
fn miscoverage(deviations: &[(f64, f64)]) -> f64 {
    let n = deviations.len() as f64;
    let inside: Vec<f64> = deviations.iter().map(|(t, degrees)| 1.0 - student(*t, *degrees)).collect();
    let z = |level: f64| {
        let fraction = inside.iter().filter(|p| **p < level).count() as f64 / n;
        (fraction - level) / (level * (1.0 - level) / n).sqrt()
    };
    LEVELS.into_iter().map(z).max_by(|a, b| a.abs().total_cmp(&b.abs())).expect("levels")
}

/// No error is too small; `safe` is the fraction of runs by which they are known to be too large.
fn assert_covers(what: &str, deviations: &[(f64, f64)], safe: f64) {
    assert_eq!(deviations.len(), RUNS, "{what}: a run has no error");
    let n = deviations.len() as f64;
    let inside: Vec<f64> = deviations.iter().map(|(t, degrees)| 1.0 - student(*t, *degrees)).collect();
    for level in LEVELS {
        let excess = inside.iter().filter(|p| **p < level).count() as f64 / n - level;
        let error = (level * (1.0 - level) / n).sqrt();
        assert!(excess > -3.5 * error, "{what}: {excess:.4} ± {error:.4} at {level}, errors too small");
        assert!(excess < safe + 3.5 * error, "{what}: {excess:.4} ± {error:.4} at {level}, errors too large");
    }
}

/// Errors from the autocorrelations of short series are on the safe side, since the window over them keeps noise: of
/// 20,000 runs of 300 sweeps 2.4 % more than stated are inside at worst (half of the runs, sequential m), 1 % typically.
const SAFE: f64 = 0.025;

fn model(update: &str) -> Model {
    Model::hopfield().with_update(update.parse().expect("an update"))
}

/// Sequential heat bath of N = 8 units with p memories, in equilibrium.
fn samples(
    update: &str,
    p: usize,
    temperature: f64,
    count: usize,
    sweeps: usize,
    seed: u64,
) -> Vec<SampleResult> {
    Simulation::new(&model(update))
        .at(Control::new(p as f64 / 8.0, temperature))
        .sizes([8])
        .samples(count)
        .sweeps(sweeps)
        .burn_in(20)
        .seed(seed)
        .start(Start::Random)
        .run_samples()
        .expect("a small simulation")
}

fn observable<'a>(result: &'a SampleResult, name: &str) -> &'a SampleMean {
    result.observables.iter().find(|mean| mean.name == name).expect("measured")
}

fn averages(law: &Law<'_>, parallel: bool) -> [(&'static str, f64); 3] {
    let energy = if parallel { law.two_time_energy() } else { law.energy() };
    [("m", 0.0), ("q", law.replica_overlap()), ("energy", energy / 8.0)]
}

/// One memory: by a gauge transformation every disorder sample has the same law.
fn one_memory(temperature: f64, parallel: bool) -> [(&'static str, f64); 3] {
    let network = Enumeration::of_memories(&ising(), &[vec![1.0; 8]], Diagonal::Zero).expect("small");
    let law = if parallel { network.parallel(temperature) } else { network.boltzmann(temperature) };
    averages(&law.expect("symmetric"), parallel)
}

/// ⟨max |m_μ|⟩ over the other three of four memories, averaged over their disorder. With the first turned to +1 by a gauge transformation, all
/// that matters is how many units have each of the 2³ signs of the others: 6435 multinomial classes.
fn four_memories(temperature: f64) -> f64 {
    let (mut total, mut weights) = (0.0, 0.0);
    for_each_partition(8, &mut Vec::new(), &mut |counts| {
        let types: Vec<usize> = counts.iter().enumerate().flat_map(|(t, k)| vec![t; *k]).collect();
        let sign = |bits: usize, m: usize| if bits >> m & 1 == 1 { 1.0 } else { -1.0 };
        let mut memories = vec![vec![1.0; 8]];
        memories.extend((0..3).map(|m| types.iter().map(|t| sign(*t, m)).collect()));
        let network = Enumeration::of_memories(&ising(), &memories, Diagonal::Zero).expect("small");
        let law = network.boltzmann(temperature).expect("symmetric");
        let factorial = |k: usize| (1..=k).product::<usize>() as f64;
        let ways = factorial(8) / counts.iter().map(|k| factorial(*k)).product::<f64>();
        let weight = ways / 8f64.powi(8);
        weights += weight;
        total += weight * law.overlaps(&memories[1..]).expect("memories").largest;
    });
    assert!((weights - 1.0).abs() < 1e-12);
    total
}

/// All ways to put `left` units into what remains of eight types.
fn for_each_partition(left: usize, counts: &mut Vec<usize>, f: &mut impl FnMut(&[usize])) {
    if counts.len() == 7 {
        counts.push(left);
        f(counts);
        counts.pop();
        return;
    }
    for k in 0..=left {
        counts.push(k);
        for_each_partition(left - k, counts, f);
        counts.pop();
    }
}

fn of_estimate(estimate: &Estimate, expected: f64, samples: usize) -> Option<(f64, f64)> {
    Some(((estimate.value? - expected) / estimate.error?, samples as f64 - 1.0))
}

/// Errors between K = 6 disorder samples: five degrees of freedom.
#[test]
fn errors_between_samples() {
    const SAMPLES: usize = 6;
    for (update, parallel, seed) in [("sequential", false, 60), ("parallel", true, 61)] {
        let all = samples(update, 1, 1.5, RUNS * SAMPLES, 30, seed);
        for (name, expected) in one_memory(1.5, parallel) {
            let means: Vec<&SampleMean> = all.iter().map(|result| observable(result, name)).collect();
            let deviations: Vec<(f64, f64)> = means
                .chunks(SAMPLES)
                .filter_map(|run| of_estimate(&combine(name, run), expected, SAMPLES))
                .collect();
            assert_covers(&format!("{update}, {name}"), &deviations, 0.0);
            // Negative control: the right error with the quantiles of a normal law.
            let normal: Vec<(f64, f64)> = deviations.iter().map(|(t, _)| (*t, 1e6)).collect();
            assert!(miscoverage(&normal) < -3.5, "{update}, {name}: five degrees pass for many");
        }
    }
}

/// The same where samples differ in their disorder, too. (Not the energy: its disorder is so skewed that
/// twenty samples are far from Gaussian.)
#[test]
fn errors_with_disorder() {
    const SAMPLES: usize = 20;
    let all = samples("sequential", 4, 1.2, RUNS * SAMPLES, 16, 62);
    let largest = four_memories(1.2);
    for (name, expected) in [("m", 0.0), ("q", 0.0), ("m_max_other", largest)] {
        let means: Vec<&SampleMean> = all.iter().map(|result| observable(result, name)).collect();
        let runs: Vec<Estimate> = means.chunks(SAMPLES).map(|run| combine(name, run)).collect();
        let deviations: Vec<(f64, f64)> =
            runs.iter().filter_map(|estimate| of_estimate(estimate, expected, SAMPLES)).collect();
        assert_covers(name, &deviations, 0.0);
        // Negative control: the part of the error that longer runs would reduce, without the other.
        if name == "m_max_other" {
            let thermal =
                |e: &Estimate| Some(((e.value? - expected) / e.thermal_error?, SAMPLES as f64 - 1.0));
            let deviations: Vec<(f64, f64)> = runs.iter().filter_map(thermal).collect();
            assert!(deviations.len() > RUNS / 2 && miscoverage(&deviations) < -3.5, "disorder goes unseen");
        }
    }
}

/// Thermal errors of single samples, from their own autocorrelations.
fn thermal(update: &str, temperature: f64, sweeps: usize, seed: u64) {
    let parallel = update == "parallel";
    let all = samples(update, 1, temperature, RUNS, sweeps, seed);
    for (name, expected) in one_memory(temperature, parallel) {
        let one = |mean: &SampleMean| Some((deviation(mean, expected)?, degrees(mean)?));
        let deviations: Vec<(f64, f64)> =
            all.iter().filter_map(|result| one(observable(result, name))).collect();
        assert_covers(&format!("{update} at T = {temperature}, {name}"), &deviations, SAFE);
        // Negative control: σ/√n, as if successive sweeps were independent.
        let naive = |result: &SampleResult| {
            let mean = observable(result, name);
            Some((deviation(mean, expected)? * (2.0 * mean.tau?).sqrt(), 1e6))
        };
        let deviations: Vec<(f64, f64)> = all.iter().filter_map(naive).collect();
        assert!(miscoverage(&deviations) < -3.5, "{name}: correlations go unseen");
    }
}

#[test]
fn thermal_errors() {
    thermal("sequential", 1.3, 300, 63);
    thermal("parallel", 1.3, 300, 64);
}

#[test]
#[ignore = "a minute: correlations over many sweeps need long series"]
fn thermal_errors_of_slow_runs() {
    thermal("sequential", 0.9, 1500, 65);
    thermal("parallel", 0.9, 1500, 66);
}
