//! Monte Carlo, from the public way in, against enumeration of the same disorder sample.

use mattis_model::{Control, CouplingLaw, Model, Schedule as Update};
use mattis_sim::network::{Couplings, Memories, Network, PatternNetwork};
use mattis_sim::random::{Source, disorder};
use mattis_sim::{SampleMean, SampleResult, Simulation, Start};
use mattis_theory::exact::{Enumeration, hebb};

use crate::support::{
    REJECTED, SCHEDULES, Schedule, Small, assert_family, case_a, case_b, degrees, deviation, ising, student,
    two_step_overlap,
};

const SWEEPS: usize = 20_000;
const SEED: u64 = 50;

/// A model at finite N and T.
struct Case {
    model: Model,
    neurons: usize,
    memories: usize,
    temperature: f64,
}

impl Case {
    /// `parts`: unit, self-coupling, field, rule, as the command line has them.
    fn new(parts: [&str; 4], neurons: usize, memories: usize, temperature: f64) -> Self {
        let [unit, diagonal, field, rule] = parts;
        let model = Model {
            unit: unit.parse().expect("a unit"),
            self_coupling: diagonal.parse().expect("a self-coupling"),
            field: field.parse().expect("a field"),
            rule: rule.parse().expect("a rule"),
            ..Model::default()
        };
        Self { model, neurons, memories, temperature }
    }

    fn control(&self) -> Control {
        if self.memories == 0 {
            Control::without_load(self.temperature)
        } else {
            Control::new(self.memories as f64 / self.neurons as f64, self.temperature)
        }
    }

    /// Two disorder samples, simulated.
    fn simulated(&self, schedule: Schedule) -> Vec<SampleResult> {
        let model = self.model.clone().with_update(schedule.update().parse().expect("an update"));
        Simulation::new(&model)
            .at(self.control())
            .sizes([self.neurons])
            .samples(2)
            .sweeps(SWEEPS)
            .burn_in(200)
            .seed(SEED)
            .start(Start::Random)
            .dynamics(schedule.dynamics)
            .order(schedule.order)
            .run_samples()
            .expect("a small simulation")
    }

    /// The memories of a sample and its couplings.
    fn disorder(&self, sample: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
        let source = Source { seed: SEED, sample: disorder(self.neurons, sample) };
        let n = self.neurons;
        if let CouplingLaw::GaussianDisorder { strength } = *self.model.rule.value() {
            let drawn = Couplings::gaussian(n, strength, source).expect("small");
            return (Vec::new(), (0..n * n).map(|k| drawn.coupling(k / n, k % n)).collect());
        }
        let drawn = Memories::draw(n, self.memories, source).expect("small");
        let memory = |m| (0..n).map(|i| drawn.component(m, i)).collect();
        let memories: Vec<Vec<f64>> = (0..self.memories).map(memory).collect();
        let couplings = hebb(&memories, *self.model.self_coupling.value()).expect("memories");
        (memories, couplings)
    }

    /// What every observable should be in a sample.
    fn expected(&self, sample: usize, update: Update) -> Vec<(&'static str, f64)> {
        let (memories, couplings) = self.disorder(sample);
        let network = Enumeration::new(&self.model.unit, &couplings, self.model.field.value().value())
            .expect("a small network");
        let n = self.neurons as f64;
        let parallel = update == Update::Parallel;
        let law =
            if parallel { network.parallel(self.temperature) } else { network.boltzmann(self.temperature) };
        let law = law.expect("symmetric");
        let energy = if parallel { law.two_time_energy() } else { law.energy() };
        let mut out =
            vec![("q", law.replica_overlap()), ("energy", energy / n), ("activity", law.activity())];
        if parallel {
            let two_steps = two_step_overlap(&law, &self.model.unit);
            out.extend([("d", law.one_step_overlap()), ("d2", two_steps)]);
        }
        if let Some((first, others)) = memories.split_first() {
            let first = law.overlaps(std::slice::from_ref(first)).expect("a memory").mean[0];
            out.push(("m", first));
            if !others.is_empty() {
                out.push(("m_max_other", law.overlaps(others).expect("memories").largest));
            }
        }
        out
    }

    /// Probabilities of all deviations of a run from what this case expects of an update.
    fn compare(&self, run: &[SampleResult], update: Update, label: &str) -> Vec<(String, f64)> {
        let mut out = Vec::new();
        for result in run {
            let expected = self.expected(result.sample, update);
            let steps = |name: &str| name == "d" || name == "d2";
            let known = |mean: &SampleMean| expected.iter().any(|(name, _)| *name == mean.name);
            let other = update == Update::Sequential;
            let checked = |mean: &SampleMean| known(mean) || other && steps(&mean.name);
            assert!(result.observables.iter().all(checked), "{label}: an observable is not checked");
            for (name, value) in expected {
                let found = result.observables.iter().find(|mean| mean.name == name);
                let Some(mean) = found else {
                    assert!(!schedule_is_parallel(result) && steps(name), "{label}: {name} is not measured");
                    continue;
                };
                if mean.thermal_error.is_none() {
                    // s² = 1 does not fluctuate.
                    assert!(name == "activity" && mean.value == Some(value.round()), "{label}: {mean:?}");
                    continue;
                }
                out.push((format!("{label}: {name} of sample {}", result.sample), p_value(mean, value)));
            }
        }
        out
    }
}

fn schedule_is_parallel(result: &SampleResult) -> bool {
    result.mean("d").is_some()
}

fn p_value(mean: &SampleMean, expected: f64) -> f64 {
    student(deviation(mean, expected).expect("an error"), degrees(mean).expect("a time"))
}

fn update(schedule: Schedule) -> Update {
    if schedule.parallel { Update::Parallel } else { Update::Sequential }
}

/// The smallest of the probabilities that a control leaves.
fn rejected(what: &str, family: &[(String, f64)]) {
    let p = family.iter().map(|(_, p)| *p).fold(1.0, f64::min) * family.len() as f64;
    assert!(p < REJECTED, "{what} passes: p = {p:.1e}");
}

#[test]
fn every_dynamics_agrees_with_enumeration() {
    let three = "three-state:crystal-field=0.2";
    let cases = [
        Case::new(["ising", "zero", "none", "hebb"], 14, 3, 0.8),
        Case::new(["ising", "kept", "external:h=0.2", "hebb"], 13, 2, 0.9),
        Case::new(["ising", "-0.3", "none", "hebb"], 11, 4, 0.8),
        Case::new(["ising", "zero", "external:h=-0.1", "none"], 12, 0, 0.7),
        Case::new([three, "zero", "none", "hebb"], 9, 2, 0.5),
        Case::new([three, "kept", "external:h=0.2", "hebb"], 8, 3, 0.6),
        Case::new([three, "0.25", "external:h=0.1", "hebb"], 9, 1, 0.5),
    ];
    let mut family = Vec::new();
    for case in &cases {
        for schedule in SCHEDULES {
            let label = format!("{:?}, N = {}, {}", case.model.unit, case.neurons, schedule.name);
            family.extend(case.compare(&case.simulated(schedule), update(schedule), &label));
        }
    }
    assert!(family.len() > 200, "{}", family.len());
    assert_family(&family);
}

/// Negative controls: the other update's law, a temperature 5 % off, another diagonal, no crystal field.
#[test]
fn wrong_expectations_are_rejected() {
    let three = "three-state:crystal-field=0.2";
    let ising = Case::new(["ising", "kept", "none", "hebb"], 14, 3, 0.7);
    let three = Case::new([three, "0.25", "none", "hebb"], 9, 2, 0.5);
    let spins = |diagonal| Case::new(["ising", diagonal, "none", "hebb"], 14, 3, 0.7);
    let states = |unit, diagonal| Case::new([unit, diagonal, "none", "hebb"], 9, 2, 0.5);
    for schedule in SCHEDULES {
        let right = update(schedule);
        let wrong = if schedule.parallel { Update::Sequential } else { Update::Parallel };
        for case in [&ising, &three] {
            let run = case.simulated(schedule);
            let against = |other: &Case, update| other.compare(&run, update, schedule.name);
            assert_family(&against(case, right));
            let mut warmer = Case { model: case.model.clone(), ..*case };
            warmer.temperature *= 1.05;
            rejected("a temperature", &against(&warmer, right));
            // Energies differ trivially between the updates; overlaps or activities must, too.
            let mut family = against(case, wrong);
            family.retain(|(name, _)| !name.contains("energy"));
            rejected("the other update", &family);
            if case.neurons == 14 {
                rejected("the diagonal of spins", &against(&spins("zero"), right));
            } else {
                let [unit, free] = ["three-state:crystal-field=0.2", "three-state"];
                rejected("the diagonal of three states", &against(&states(unit, "zero"), right));
                rejected("the crystal field", &against(&states(free, "0.25"), right));
            }
        }
    }
}

/// The two cases of `enumeration.json`, followed on bit-packed memories: ⟨m²⟩, ⟨|m|⟩, ⟨max |m|⟩ and the
/// overlap of successive states.
#[test]
fn the_reference_cases() {
    let mut family = Vec::new();
    for (name, memories) in [("A", case_a()), ("B", case_b())] {
        for diagonal in [mattis_model::Diagonal::Zero, mattis_model::Diagonal::Kept] {
            for schedule in SCHEDULES {
                let small = Small::hebb(&ising(), &memories, diagonal, 1.0);
                let law = small.law(schedule);
                let overlaps = law.overlaps(&memories).expect("memories");
                let mut expected = vec![("max |m|", overlaps.largest)];
                expected.extend(overlaps.square.iter().map(|square| ("m²", *square)));
                expected.extend(overlaps.absolute.iter().map(|absolute| ("|m|", *absolute)));
                if schedule.parallel {
                    expected.push(("one step", law.one_step_overlap()));
                }
                let series = followed(&small, &memories, schedule);
                assert_eq!(series.len(), expected.len());
                for ((what, value), series) in expected.into_iter().zip(series) {
                    let mean = SampleMean::from_series(what, &[&series]);
                    family.push((
                        format!("{name}, {diagonal:?}, {}: {what}", schedule.name),
                        p_value(&mean, value),
                    ));
                }
            }
        }
    }
    assert_family(&family);
}

fn followed(small: &Small, memories: &[Vec<f64>], schedule: Schedule) -> Vec<Vec<f64>> {
    let (n, p) = (small.exact.units(), memories.len());
    let packed = Memories::given(n, p, |m, i| memories[m][i] > 0.0).expect("small");
    let mut network = PatternNetwork::new(packed.into(), &small.model.unit).expect("spins");
    let mut engine = small.engine(schedule);
    let mut series = vec![Vec::new(); 1 + 2 * p + usize::from(schedule.parallel)];
    let mut overlaps = vec![0.0; p];
    let mut before = network.states().to_vec();
    for sweep in 0..SWEEPS as u64 + 200 {
        engine.sweep(&mut network, Source { seed: SEED + 1, sample: n as u64 }, 0, sweep);
        if sweep >= 200 {
            network.overlaps(&mut overlaps);
            series[0].push(overlaps.iter().fold(0.0, |top: f64, m| top.max(m.abs())));
            for (mu, m) in overlaps.iter().enumerate() {
                series[1 + mu].push(m * m);
                series[1 + p + mu].push(m.abs());
            }
            if schedule.parallel {
                let equal = before.iter().zip(network.states()).filter(|(a, b)| a == b).count();
                series[1 + 2 * p].push(2.0 * equal as f64 / n as f64 - 1.0);
            }
        }
        before.copy_from_slice(network.states());
    }
    series
}
