//! Small networks seen by both engines, and the two tests of a hypothesis.

use std::sync::Arc;

use mattis_model::address::Purpose;
use mattis_model::{Alphabet, Diagonal, Model, Unit, UnitLaw};
use mattis_sim::SampleMean;
use mattis_sim::dynamics::{Dynamics, Engine, Order};
use mattis_sim::network::{Couplings, DenseNetwork, Network};
use mattis_sim::random::{Source, unit_interval};
use mattis_theory::exact::{self, Enumeration, Law, Transition, hebb};
use statrs::distribution::{ChiSquared, ContinuousCDF, StudentsT};

/// Probability that a right program fails one statistical test, were its seed drawn anew.
pub(crate) const SIGNIFICANCE: f64 = 1e-3;

/// Probability below which a wrong program counts as caught: five standard deviations.
pub(crate) const REJECTED: f64 = 5.8e-7;

/// How units are visited. All that the simulation offers at T > 0.
pub(crate) const SCHEDULES: [Schedule; 4] = [
    Schedule {
        name: "heat bath, random order",
        parallel: false,
        dynamics: Dynamics::HeatBath,
        order: Order::Random,
    },
    Schedule {
        name: "heat bath, sweep order",
        parallel: false,
        dynamics: Dynamics::HeatBath,
        order: Order::Sweep,
    },
    Schedule { name: "metropolis", parallel: false, dynamics: Dynamics::Metropolis, order: Order::Random },
    Schedule { name: "parallel", parallel: true, dynamics: Dynamics::HeatBath, order: Order::Random },
];

/// A dynamics of the simulation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    pub(crate) name: &'static str,
    pub(crate) parallel: bool,
    pub(crate) dynamics: Dynamics,
    pub(crate) order: Order,
}

impl Schedule {
    pub(crate) fn update(&self) -> &'static str {
        if self.parallel { "parallel" } else { "sequential" }
    }

    /// The transition matrix of one sweep: N single updates, or one parallel step.
    pub(crate) fn sweep_matrix(&self, small: &Small) -> Transition {
        let one = match (self.parallel, self.dynamics, self.order) {
            (true, _, _) => exact::Dynamics::HeatBathParallel,
            (_, Dynamics::Metropolis, _) => exact::Dynamics::MetropolisRandom,
            (_, _, Order::Sweep) => exact::Dynamics::HeatBathSweep,
            (_, _, Order::Random) => exact::Dynamics::HeatBathRandom,
        };
        let one = small.exact.transition(one, small.temperature).expect("small");
        if self.parallel || self.order == Order::Sweep && self.dynamics == Dynamics::HeatBath {
            return one;
        }
        (1..small.exact.units()).fold(one.clone(), |product, _| product.then(&one).expect("same states"))
    }
}

/// A network with couplings J, J_ii = J₀, in a field, for both engines.
pub(crate) struct Small {
    pub(crate) model: Model,
    pub(crate) couplings: Vec<f64>,
    pub(crate) diagonal: f64,
    pub(crate) temperature: f64,
    pub(crate) exact: Enumeration,
}

impl Small {
    pub(crate) fn new(unit: &Unit, couplings: Vec<f64>, field: f64, temperature: f64) -> Self {
        let exact = Enumeration::new(unit, &couplings, field).expect("a small network");
        let external = format!("external:h={field}").parse().expect("a field");
        let model = Model::hopfield().with_unit(unit.clone()).with_field(external);
        Self { model, diagonal: couplings[0], couplings, temperature, exact }
    }

    /// Hebb couplings of these memories, no field.
    pub(crate) fn hebb(unit: &Unit, memories: &[Vec<f64>], diagonal: Diagonal, temperature: f64) -> Self {
        Self::new(unit, hebb(memories, diagonal).expect("memories"), 0.0, temperature)
    }

    /// The simulation's network of these couplings.
    pub(crate) fn network(&self) -> DenseNetwork {
        let couplings = Couplings::given(self.exact.units(), &self.couplings).expect("a matrix");
        DenseNetwork::new(Arc::new(couplings), None, &self.model.unit).expect("a network")
    }

    /// The simulation's kernel.
    pub(crate) fn engine(&self, schedule: Schedule) -> Engine {
        let model = self.model.clone().with_update(schedule.update().parse().expect("an update"));
        let Schedule { dynamics, order, .. } = schedule;
        Engine::new(&model, dynamics, order, self.diagonal, self.temperature).expect("offered")
    }

    /// What the dynamics should leave invariant.
    pub(crate) fn law(&self, schedule: Schedule) -> Law<'_> {
        let law = if schedule.parallel { Enumeration::parallel } else { Enumeration::boltzmann };
        law(&self.exact, self.temperature).expect("symmetric couplings")
    }

    /// Puts the network in an enumerated state.
    pub(crate) fn load(&self, network: &mut impl Network, state: usize) {
        let base = self.exact.levels().len();
        let levels: Vec<u8> =
            (0..self.exact.units()).map(|i| (state / base.pow(i as u32) % base) as u8).collect();
        network.load(&levels);
    }

    /// The number of the state that a network is in.
    pub(crate) fn state(&self, network: &impl Network) -> usize {
        let base = self.exact.levels().len();
        network.states().iter().rev().fold(0, |state, level| state * base + usize::from(*level))
    }
}

/// The case of `enumeration.json` with N = 12 and two orthogonal memories.
pub(crate) fn case_a() -> Vec<Vec<f64>> {
    from_masks(12, &[0b1111_1100, 0b101_0101_0101])
}

/// The case of `enumeration.json` with N = 14 and three memories.
pub(crate) fn case_b() -> Vec<Vec<f64>> {
    from_masks(14, &[0b111_1111, 0b1_0101_0101_0101, 0b1100_1100_1100])
}

fn from_masks(n: usize, masks: &[u32]) -> Vec<Vec<f64>> {
    masks.iter().map(|mask| (0..n).map(|i| if mask >> i & 1 == 1 { 1.0 } else { -1.0 }).collect()).collect()
}

pub(crate) fn ising() -> Unit {
    Unit::neutral()
}

pub(crate) fn three_state() -> Unit {
    "three-state:crystal-field=0.2".parse().expect("a unit")
}

/// A unit with no symmetry at all: levels that are no multiples of each other, a cubic potential, weights.
#[derive(Debug)]
struct Lopsided;

impl UnitLaw for Lopsided {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-0.5, 0.75, 2.0])
    }

    fn potential(&self, s: f64) -> f64 {
        0.3 * s * s * s
    }

    fn weight(&self, s: f64) -> f64 {
        1.0 + s * s
    }
}

pub(crate) fn lopsided() -> Unit {
    Unit::custom("lopsided", &[], Arc::new(Lopsided))
}

/// Couplings without structure, of order N^{−1/2}, with diagonal J₀.
pub(crate) fn rough(n: usize, symmetric: bool, diagonal: f64) -> Vec<f64> {
    let entry = |i: usize, j: usize| {
        (((i * n + j + 1) as f64 * 0.618_033_988_749_895).fract() - 0.4) * 2.0 / (n as f64).sqrt()
    };
    let pair = |i: usize, j: usize| match (i == j, symmetric) {
        (true, _) => diagonal,
        (_, true) => entry(i.min(j), i.max(j)),
        (_, false) => entry(i, j),
    };
    (0..n * n).map(|k| pair(k / n, k % n)).collect()
}

/// States drawn from a law, one addressed uniform each.
pub(crate) fn draws(law: &Law<'_>, source: Source) -> impl Iterator<Item = usize> {
    let mut total = 0.0;
    let cumulated: Vec<f64> = law
        .probabilities()
        .iter()
        .map(|p| {
            total += p;
            total
        })
        .collect();
    let last = cumulated.len() - 1;
    source
        .stream(Purpose::Start, 0, 0)
        .map(move |word| cumulated.partition_point(|c| *c <= unit_interval(word)).min(last))
}

/// Probability that counts of states drawn from this law differ as much by χ², or more.
pub(crate) fn goodness_of_fit(counts: &[u64], probabilities: &[f64]) -> f64 {
    goodness_of_rows([(counts, probabilities)])
}

/// The same for several independent lists. States expected fewer than ten times are put together.
pub(crate) fn goodness_of_rows<'a>(rows: impl IntoIterator<Item = (&'a [u64], &'a [f64])>) -> f64 {
    let (mut square, mut degrees) = (0.0, 0);
    for (counts, probabilities) in rows {
        let total: u64 = counts.iter().sum();
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
        let mut cells = vec![(0.0, 0.0)];
        for state in order {
            let (expected, found) = (probabilities[state] * total as f64, counts[state] as f64);
            match cells.last_mut() {
                Some(cell) if cell.0 < 10.0 => *cell = (cell.0 + expected, cell.1 + found),
                _ => cells.push((expected, found)),
            }
        }
        square += cells.iter().map(|(expected, found)| (found - expected).powi(2) / expected).sum::<f64>();
        degrees += cells.len() - 1;
    }
    assert!(degrees > 1, "too few draws for a test");
    ChiSquared::new(degrees as f64).expect("degrees of freedom").sf(square)
}

/// Two-sided probability of Student's t.
pub(crate) fn student(t: f64, degrees: f64) -> f64 {
    2.0 * StudentsT::new(0.0, 1.0, degrees).expect("degrees of freedom").sf(t.abs())
}

/// Fails if the smallest of these probabilities is improbable: Bonferroni at [`SIGNIFICANCE`].
pub(crate) fn assert_family(family: &[(String, f64)]) {
    let (worst, p) = family.iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("a family");
    let together = (p * family.len() as f64).min(1.0);
    assert!(together > SIGNIFICANCE, "{worst}: p = {p:.1e}, {together:.1e} among {}", family.len());
}

/// Mean and standard error of independent numbers.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Degrees of freedom of a thermal error: a variance summed over a window W ≈ 6τ of n correlated values is
/// known like one of n/(2W + 1) independent ones (Madras and Sokal).
pub(crate) fn degrees(mean: &SampleMean) -> Option<f64> {
    let (tau, effective) = (mean.tau?, mean.n_eff?);
    Some(2.0 * tau * effective / (12.0 * tau + 1.0))
}

/// Deviation of a time average from its expectation, in units of its own error.
pub(crate) fn deviation(mean: &SampleMean, expected: f64) -> Option<f64> {
    Some((mean.value? - expected) / mean.thermal_error?)
}

/// (1/N) E Σ_i s_i(t) s_i(t+2) of parallel updates. In equilibrium the past of a state is like its future, so
/// that this is (1/N) E Σ_i ⟨s_i⟩², the square of the mean of the next state.
pub(crate) fn two_step_overlap(law: &Law<'_>, unit: &Unit) -> f64 {
    let (network, temperature) = (law.network(), law.temperature());
    let mean = |h: f64| {
        let weight = |s: f64| unit.weight(s) * ((h * s - unit.potential(s)) / temperature).exp();
        let total: f64 = network.levels().iter().map(|s| weight(*s)).sum();
        network.levels().iter().map(|s| s * weight(*s)).sum::<f64>() / total
    };
    let of_state = |state| network.local_fields(state).into_iter().map(|h| mean(h).powi(2)).sum::<f64>();
    let total: f64 = law.probabilities().iter().enumerate().map(|(state, p)| p * of_state(state)).sum();
    total / network.units() as f64
}
