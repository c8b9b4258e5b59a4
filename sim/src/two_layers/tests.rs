//! Draws and small machines against exact averages; determinism; the Hopfield model; refusals.

use mattis_model::address::Purpose;
use mattis_model::{Control, Model, TwoLayers};

use super::TwoLayerSimulation;
use super::machine::{Machine, Replica};
use super::prior::Prior;
use crate::random::Source;
use crate::statistics::{binned_error, mean, variance};
use crate::{SampleResult, Simulation};

/// A right average is off by more with probability 6·10⁻⁵.
const SIGMAS: f64 = 4.0;

/// ln of ∫ P_Ω(x) e^{hx} dx, and its first two derivatives.
fn cumulant(omega: f64, h: f64) -> [f64; 3] {
    let b = (1.0 - omega).sqrt();
    let t = (b * h).tanh();
    [0.5 * omega * h * h + (b * h).cosh().ln(), omega * h + b * t, omega + b * b * (1.0 - t * t)]
}

#[test]
fn draws_have_the_moments_of_the_tilted_prior() {
    let count = 40_000;
    for (k, omega) in [0.0, 0.3, 1.0].into_iter().enumerate() {
        for (j, field) in [-1.5, 0.0, 0.7].into_iter().enumerate() {
            let source = Source { seed: 11, sample: (3 * k + j) as u64 };
            let mut words = source.stream(Purpose::Update, 0, 0);
            let draws: Vec<f64> = (0..count).map(|_| Prior::new(omega).draw(field, &mut words)).collect();
            let [_, first, second] = cumulant(omega, field);
            for values in [
                draws.iter().map(|x| x - first).collect::<Vec<_>>(),
                draws.iter().map(|x| (x - first).powi(2) - second).collect(),
            ] {
                let spread = variance(&values).expect("many").sqrt();
                let z = mean(&values).expect("many") / (spread / f64::from(count).sqrt());
                // Of ±1 in no field the square is 1 whatever comes.
                assert!(spread < 1e-12 || z.abs() < SIGMAS, "Ω = {omega}, h = {field}: z = {z}");
            }
        }
    }
}

/// What is compared: σ₀σ₁, m₁², τ₀τ₁, τ₀², σ₀τ₀ and σ₀².
const NAMES: [&str; 6] = ["σ₀σ₁", "m₁²", "τ₀τ₁", "τ₀²", "σ₀τ₀", "σ₀²"];

/// Exact averages over a Boolean layer of `size` units with weights w(i, μ) to `other` units of law Ω:
/// x₀x₁, (Σ_i w(i, 0) x_i)², y₀y₁, y₀², x₀y₀.
fn enumerated(
    size: usize,
    other: usize,
    omega: f64,
    weight: &dyn Fn(usize, usize) -> f64,
    scale: f64,
) -> [f64; 5] {
    let (mut total, mut sums) = (0.0, [0.0; 5]);
    for state in 0..1_usize << size {
        let x: Vec<f64> = (0..size).map(|i| if state >> i & 1 == 1 { 1.0 } else { -1.0 }).collect();
        let sum = |mu: usize| (0..size).map(|i| weight(i, mu) * x[i]).sum::<f64>();
        let cumulants: Vec<[f64; 3]> = (0..other).map(|mu| cumulant(omega, scale * sum(mu))).collect();
        let p = cumulants.iter().map(|c| c[0]).sum::<f64>().exp();
        let [a, b] = [cumulants[0], cumulants[1]];
        let values = [x[0] * x[1], sum(0).powi(2), a[1] * b[1], a[2] + a[1] * a[1], x[0] * a[1]];
        total += p;
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += p * value);
    }
    sums.map(|sum| sum / total)
}

/// z-scores of a long chain of a machine of 6 visible and 3 hidden units.
fn z_scores(machine: TwoLayers, expected: impl Fn(&Machine) -> [Option<f64>; 6]) -> Vec<f64> {
    let source = Source { seed: 5, sample: 1 };
    let drawn = Machine::draw(&machine, (6, 3), 0.8, source).expect("a small machine");
    let mut replica = Replica::at_memory(&drawn, source, 0);
    let mut series: [Vec<f64>; 6] = Default::default();
    for sweep in 0..100_100 {
        replica.sweep(&drawn);
        if sweep >= 100 {
            let (sigma, tau) = (&replica.visible, &replica.hidden);
            let values = [
                sigma[0] * sigma[1],
                replica.overlaps[0].powi(2),
                tau[0] * tau[1],
                tau[0] * tau[0],
                sigma[0] * tau[0],
                sigma[0] * sigma[0],
            ];
            series.iter_mut().zip(values).for_each(|(series, value)| series.push(value));
        }
    }
    let exact = expected(&drawn);
    let z = |((series, exact), name): ((&Vec<f64>, Option<f64>), &str)| {
        let (average, exact) = (mean(series)?, exact?);
        let z = (average - exact) / binned_error(series)?;
        println!("{machine}: {name} {average:.5}, exact {exact:.5}, z = {z:.2}");
        Some(z)
    };
    series.iter().zip(exact).zip(NAMES).filter_map(z).collect()
}

#[test]
fn small_machines_against_enumeration() {
    for (hidden, weights) in [(0.0, 0.0), (1.0, 0.0), (0.5, 0.0), (0.25, 0.5), (1.0, 1.0)] {
        let exact = |omega: f64| {
            move |drawn: &Machine| {
                let weight = |i: usize, mu: usize| drawn.memory(mu)[i];
                let [a, b, c, d, e] = enumerated(6, 3, omega, &weight, drawn.scale());
                [Some(a), Some(b / 36.0), Some(c), (omega > 0.0).then_some(d), Some(e), None]
            }
        };
        let machine = TwoLayers { visible: 0.0, hidden, weights };
        let z = z_scores(machine, exact(hidden));
        assert!(z.len() >= 4 && z.iter().all(|z| z.abs() < SIGMAS), "{machine}: {z:?}");
        // Hidden units of another law give other averages.
        let wrong = z_scores(machine, exact(if hidden > 0.5 { 0.5 } else { 1.0 }));
        assert!(wrong.iter().any(|z| z.abs() > 6.0), "{machine}: {wrong:?}");
    }
}

/// The layers change places: Boolean hidden units are summed over, visible ones integrated.
#[test]
fn small_machines_with_graded_visible_units() {
    for visible in [0.5, 1.0] {
        let machine = TwoLayers { visible, hidden: 0.0, weights: 0.0 };
        let z = z_scores(machine, |drawn| {
            let weight = |mu: usize, i: usize| drawn.memory(mu)[i];
            let [tau, _, sigma, square, both] = enumerated(3, 6, visible, &weight, drawn.scale());
            [Some(sigma), None, Some(tau), None, Some(both), Some(square)]
        });
        assert!(z.len() == 4 && z.iter().all(|z| z.abs() < SIGMAS), "{machine}: {z:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_numbers() {
    let machine = TwoLayers { visible: 0.2, hidden: 0.5, weights: 0.25 };
    let run = |threads: usize, samples: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let simulation = TwoLayerSimulation::new(&machine)
            .controls([Control::new(0.05, 0.4), Control::finite(1, 0.3)])
            .sizes([50, 61])
            .samples(samples)
            .sweeps(20)
            .burn_in(5);
        pool.install(|| simulation.run_samples().expect("a run"))
    };
    let one = run(1, 3);
    assert_eq!(one, run(3, 3));
    assert_eq!(one.len(), 12);
    // More samples keep the old ones.
    let more: Vec<SampleResult> = run(2, 5).into_iter().filter(|result| result.sample < 3).collect();
    assert_eq!(one, more);
    assert!(one.iter().all(|result| result.p > 1 || result.mean("m_max_other").is_none()));
}

/// Gaussian hidden units give the Hopfield model; its diagonal is a constant for ±1 units.
#[test]
fn gaussian_hidden_units_make_the_hopfield_model() {
    let control = Control::new(0.04, 0.4);
    let (size, samples, sweeps, burn_in) = (300, 32, 200, 50);
    let one = Simulation::new(&Model::hopfield())
        .at(control)
        .sizes([size])
        .samples(samples)
        .sweeps(sweeps)
        .burn_in(burn_in)
        .run_samples()
        .expect("a run");
    let two = |hidden: f64| {
        TwoLayerSimulation::new(&TwoLayers { hidden, ..TwoLayers::HOPFIELD })
            .at(control)
            .sizes([size])
            .samples(samples)
            .sweeps(sweeps)
            .burn_in(burn_in)
            .run_samples()
            .expect("a run")
    };
    // The samples share their memories, so that differences have thermal errors only.
    let z = |two: &[SampleResult], name: &str| {
        let pairs = one.iter().zip(two).filter(|(a, b)| !a.escaped && !b.escaped);
        let gaps: Vec<f64> =
            pairs.map(|(a, b)| a.mean(name).expect("measured") - b.mean(name).expect("measured")).collect();
        assert!(gaps.len() > samples / 2);
        mean(&gaps).expect("pairs") / (variance(&gaps).expect("pairs") / gaps.len() as f64).sqrt()
    };
    let (right, wrong) = (two(1.0), two(0.9));
    for name in ["m", "q"] {
        let (z, off) = (z(&right, name), z(&wrong, name));
        println!("{name}: z = {z:.2}, with Ω_τ = 0.9 {off:.2}");
        assert!(z.abs() < SIGMAS && off.abs() > 6.0, "{name}: {z}, {off}");
    }
}

#[test]
fn a_lost_memory_is_counted_and_enters_no_average() {
    let run = |control: Control| {
        let simulation = TwoLayerSimulation::new(&TwoLayers::HOPFIELD).at(control).sizes([200]).samples(6);
        simulation.run().expect("a run").remove(0)
    };
    let (kept, lost) = (run(Control::new(0.02, 0.3)), run(Control::new(0.5, 0.5)));
    assert_eq!((kept.escaped, kept.samples, kept.p, kept.update.as_str()), (0, 6, 4, "alternating"));
    assert!(kept.observable("m").and_then(|m| m.value).is_some_and(|m| m > 0.95));
    assert_eq!(lost.escaped, 6);
    assert_eq!(lost.observable("m").and_then(|m| m.value), None);
}

#[test]
fn refusals_say_what_was_expected() {
    let text = |machine: TwoLayers, control: Control| {
        TwoLayerSimulation::new(&machine).at(control).run().expect_err("refused").to_string()
    };
    let hopfield = TwoLayers::HOPFIELD;
    assert!(text(hopfield, Control::new(0.1, 0.0)).contains("nearest: T > 0"));
    assert!(text(hopfield, Control::new(1e-4, 0.5)).contains("at least one hidden unit"));
    assert!(text(hopfield, Control::without_load(0.5)).contains("at least one hidden unit"));
    assert!(text(hopfield, Control::new(1e9, 0.5)).contains("bytes of memory"));
    assert!(
        text(TwoLayers { weights: 2.0, ..hopfield }, Control::new(0.1, 0.5)).contains("Ω of the weights = 2")
    );
    let graded = TwoLayers { visible: 1.0, ..hopfield };
    assert!(text(graded, Control::new(0.25, 2.0)).contains("nearest: T > 2.2500"));
    let none = TwoLayerSimulation::new(&hopfield).sizes([]).at(Control::new(0.1, 0.5)).run();
    assert!(none.expect_err("refused").to_string().contains("at least one size"));
}
