//! Finite numbers of memories of every law, rule and unit with levels, against enumeration of the same sample.

use mattis_model::{Control, Model, Schedule as Update};
use mattis_sim::network::RealMemories;
use mattis_sim::random::{Source, disorder};
use mattis_sim::{SampleResult, Simulation, Start};
use mattis_theory::exact::{Enumeration, Law};

use crate::support::{
    REJECTED, SCHEDULES, Schedule, assert_family, degrees, deviation, student, two_step_overlap,
};

const SWEEPS: usize = 20_000;
const SEED: u64 = 90;

struct Case {
    model: Model,
    neurons: usize,
    memories: usize,
    temperature: f64,
    /// J_ii, by site where the rule gives it.
    diagonal: Option<f64>,
}

impl Case {
    /// `parts`: unit, patterns, rule, self-coupling, field.
    fn new(parts: [&str; 5], neurons: usize, memories: usize, temperature: f64) -> Self {
        let [unit, patterns, rule, diagonal, field] = parts;
        let model = Model {
            unit: unit.parse().expect("a unit"),
            patterns: patterns.parse().expect("patterns"),
            rule: rule.parse().expect("a rule"),
            self_coupling: diagonal.parse().expect("a self-coupling"),
            field: field.parse().expect("a field"),
            ..Model::default()
        };
        let diagonal = if diagonal == "kept" { None } else { Some(diagonal.parse().unwrap_or(0.0)) };
        Self { model, neurons, memories, temperature, diagonal }
    }

    fn simulated(&self, schedule: Schedule) -> Vec<SampleResult> {
        let model = self.model.clone().with_update(schedule.update().parse().expect("an update"));
        Simulation::new(&model)
            .at(Control::finite(self.memories, self.temperature))
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

    /// The components as stored, and J_ij from the formula of the rule.
    fn disorder(&self, sample: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
        let source = Source { seed: SEED, sample: disorder(self.neurons, sample) };
        let (n, p) = (self.neurons, self.memories);
        let drawn = RealMemories::draw(&self.model, n, p, source).expect("small");
        let memories: Vec<Vec<f64>> =
            (0..p).map(|mu| (0..n).map(|i| drawn.component(mu, i)).collect()).collect();
        let form = |mu: usize, nu: usize| match self.model.rule.value() {
            mattis_model::CouplingLaw::QuadraticForm(form) => form.entry(mu, nu),
            _ => f64::from(u8::from(mu == nu)),
        };
        let entry = |i: usize, j: usize| {
            if let (Some(own), true) = (self.diagonal, i == j) {
                return own;
            }
            let pairs = (0..p).flat_map(|mu| (0..p).map(move |nu| (mu, nu)));
            pairs.map(|(mu, nu)| form(mu, nu) * memories[mu][i] * memories[nu][j]).sum::<f64>() / n as f64
        };
        let couplings = (0..n * n).map(|k| entry(k / n, k % n)).collect();
        (memories, couplings)
    }

    fn expected(&self, sample: usize, update: Update) -> Vec<(String, f64)> {
        let (memories, couplings) = self.disorder(sample);
        let n = self.neurons;
        let field = self.model.field.value();
        let network = Enumeration::new(&self.model.unit, &couplings, field.value()).expect("a small network");
        let parallel = update == Update::Parallel;
        let t = self.temperature;
        let law = if parallel { network.parallel(t) } else { network.boltzmann(t) };
        let law = law.expect("symmetric");
        if field.has_row_sums() {
            return self.expected_in_row_sums(&network, &memories, &couplings);
        }
        let energy = if parallel { law.two_time_energy() } else { law.energy() };
        let mut out = observables(&law, &memories, &self.model);
        out.push(("energy".into(), energy / n as f64));
        if parallel {
            out.push(("m_even".into(), law.overlaps(&memories[..1]).expect("a memory").mean[0]));
            out.push(("m_odd".into(), law.overlaps(&memories[..1]).expect("a memory").mean[0]));
            out.push(("d".into(), law.one_step_overlap()));
            out.push(("d2".into(), two_step_overlap(&law, &self.model.unit)));
        }
        out
    }

    /// Fields b_i = Σ_{j≠i} J_ij beside the uniform one, for sequential updates.
    fn expected_in_row_sums(
        &self,
        network: &Enumeration,
        memories: &[Vec<f64>],
        couplings: &[f64],
    ) -> Vec<(String, f64)> {
        let n = self.neurons;
        let rows: Vec<f64> =
            (0..n).map(|i| (0..n).filter(|j| *j != i).map(|j| couplings[i * n + j]).sum()).collect();
        let bias = |s: &[f64]| -> f64 { -s.iter().zip(&rows).map(|(s, b)| s * b).sum::<f64>() };
        let energies: Vec<f64> = (0..network.states())
            .map(|state| network.energies()[state] + bias(&network.configuration(state)))
            .collect();
        // The weights of levels are all 1 here.
        let weights = energies.iter().map(|energy| -energy / self.temperature).collect();
        let law = network.law(self.temperature, weights).expect("finite");
        let energy: f64 = law.probabilities().iter().zip(&energies).map(|(p, e)| p * e).sum();
        let mut out = observables(&law, memories, &self.model);
        out.push(("energy".into(), energy / n as f64));
        out
    }

    fn compare(&self, run: &[SampleResult], update: Update, label: &str) -> Vec<(String, f64)> {
        let mut out = Vec::new();
        for result in run {
            let mut expected = self.expected(result.sample, update);
            // Measured where stored components have no mean.
            let has_correlation = result.observables.iter().any(|mean| mean.name == "correlation");
            expected.retain(|(name, _)| has_correlation || name != "correlation");
            assert_eq!(expected.len(), result.observables.len(), "{label}: an observable is not checked");
            for (name, value) in expected {
                let mean = result.observables.iter().find(|mean| mean.name == name).expect("measured");
                if mean.thermal_error.is_none() {
                    assert!(name == "activity" && mean.value == Some(value.round()), "{label}: {mean:?}");
                    continue;
                }
                let p = student(deviation(mean, value).expect("an error"), degrees(mean).expect("a time"));
                out.push((format!("{label}: {name} of sample {}", result.sample), p));
            }
        }
        out
    }
}

fn observables(law: &Law<'_>, memories: &[Vec<f64>], model: &Model) -> Vec<(String, f64)> {
    let overlaps = law.overlaps(memories).expect("memories");
    let mut out = vec![("q".into(), law.replica_overlap()), ("activity".into(), law.activity())];
    out.push(("m".into(), overlaps.mean[0]));
    out.extend(overlaps.mean.iter().enumerate().map(|(k, mean)| (format!("m_{}", k + 1), *mean)));
    if memories.len() > 1 {
        out.push(("m_max_other".into(), law.overlaps(&memories[1..]).expect("memories").largest));
    }
    let patterns = model.patterns.value();
    if patterns.mean() == 0.0 {
        return out;
    }
    let mean = |s: &[f64], f: &dyn Fn(usize) -> f64| (0..s.len()).map(f).sum::<f64>() / s.len() as f64;
    out.push(("mean".into(), law.average(|s| mean(s, &|i| s[i]))));
    let correlation = |s: &[f64]| {
        let spread = mean(s, &|i| s[i] * s[i]) - mean(s, &|i| s[i]).powi(2);
        let m = mean(s, &|i| memories[0][i] * s[i]);
        if spread.abs() < 1e-12 { 0.0 } else { m / (patterns.variance() * spread).sqrt() }
    };
    out.push(("correlation".into(), law.average(correlation)));
    out
}

fn update(schedule: Schedule) -> Update {
    if schedule.parallel { Update::Parallel } else { Update::Sequential }
}

fn label(case: &Case, schedule: Schedule) -> String {
    let model = &case.model;
    format!("{}, {}, {}, {}, {}", model.unit, model.patterns, model.rule, model.field, schedule.name)
}

#[test]
fn every_law_rule_and_unit_agrees_with_enumeration() {
    let binary = "binary:threshold=0.1";
    let three = "three-state:crystal-field=0.2";
    let form = "quadratic-form:matrix=0,1/1,0";
    let cases = [
        Case::new([binary, "rademacher", "hebb", "zero", "none"], 9, 2, 0.3),
        Case::new([binary, "gaussian", "hebb", "0.2", "external:h=0.05"], 8, 3, 0.3),
        // At T = 0.3 one of its samples remembers for 1000 sweeps.
        Case::new(["binary:low=-0.5:high=1", "biased:mean=0.2", "covariance", "zero", "none"], 8, 2, 0.6),
        Case::new(["ising", "biased:mean=0.3", "covariance", "zero", "none"], 9, 3, 0.8),
        Case::new(["ising", "biased:mean=0.3", "hebb", "kept", "external:h=-0.2"], 9, 3, 0.9),
        Case::new(["ising", "rademacher", form, "zero", "external:h=0.1"], 8, 2, 0.7),
        Case::new(["ising", "uniform", form, "-0.3", "none"], 8, 2, 0.8),
        Case::new(["ising", "laplace", "hebb", "zero", "external:h=0.1"], 9, 2, 1.2),
        Case::new(["ising", "random-axis", "hebb", "kept", "none"], 9, 3, 0.8),
        Case::new([three, "gaussian", form, "0.3", "none"], 6, 2, 0.6),
    ];
    let mut family = Vec::new();
    for case in &cases {
        for schedule in SCHEDULES {
            let label = label(case, schedule);
            family.extend(case.compare(&case.simulated(schedule), update(schedule), &label));
        }
    }
    assert!(family.len() > 500, "{}", family.len());
    assert_family(&family);
}

#[test]
fn postsynaptic_fields_agree_with_enumeration() {
    let mut family = Vec::new();
    for (unit, law) in [("ising", "rademacher"), ("ising", "gaussian"), ("three-state", "rademacher")] {
        let case = Case::new([unit, law, "hebb", "zero", "postsynaptic:u=0.3"], 7, 2, 0.9);
        for schedule in &SCHEDULES[..3] {
            let run = case.simulated(*schedule);
            family.extend(case.compare(&run, Update::Sequential, &label(&case, *schedule)));
        }
        // Negative control: the uniform part alone.
        let without = Case::new([unit, law, "hebb", "zero", "external:h=-0.3"], 7, 2, 0.9);
        let wrong = without.compare(&case.simulated(SCHEDULES[0]), Update::Sequential, "no row sums");
        let least = wrong.iter().map(|(_, p)| *p).fold(1.0, f64::min) * wrong.len() as f64;
        assert!(least < REJECTED, "{unit}, {law}: fields without row sums pass: p = {least:.1e}");
    }
    assert_family(&family);
}

/// Negative controls: memories that are not centred, another matrix.
#[test]
fn wrong_rules_are_rejected() {
    let right = Case::new(["ising", "biased:mean=0.3", "covariance", "zero", "none"], 9, 3, 0.8);
    let wrong = Case::new(["ising", "biased:mean=0.3", "hebb", "zero", "none"], 9, 3, 0.8);
    let form = Case::new(["ising", "uniform", "quadratic-form:matrix=0,1/1,0", "zero", "none"], 8, 2, 0.8);
    let plain = Case::new(["ising", "uniform", "hebb", "zero", "none"], 8, 2, 0.8);
    for schedule in SCHEDULES {
        for (right, wrong) in [(&right, &wrong), (&form, &plain)] {
            let run = right.simulated(schedule);
            let family = wrong.compare(&run, update(schedule), schedule.name);
            let least = family.iter().map(|(_, p)| *p).fold(1.0, f64::min) * family.len() as f64;
            assert!(least < REJECTED, "{}: p = {least:.1e}", label(wrong, schedule));
        }
    }
}
