//! A finite number of memories: Mattis and mixture states, units, laws and rules, against exact mean-field
//! theory.

use mattis_model::{Control, Model};
use mattis_sim::Start;
use mattis_theory::Guess;

use crate::experiment::{Plan, deviations, enter, model, state, value};
use crate::statistics::{Deviation, Table};

const SIZES: &[(usize, usize)] = &[(1000, 24), (2000, 24), (4000, 12)];

fn plan(count: usize, temperature: f64, seed: u64) -> Plan<'static> {
    Plan { control: Control::finite(count, temperature), sizes: SIZES, burn_in: 40, sweeps: 60, seed }
}

/// Mattis states of three memories at three temperatures, both updates.
#[test]
fn mattis_states() {
    let mut table = Table::default();
    for (seed, temperature) in (301..).zip([0.3, 0.5, 0.65]) {
        for model in [Model::hopfield(), Model::little()] {
            let plan = plan(3, temperature, seed);
            let run = plan.run(&mut table, &model);
            let theory = state(&model, plan.control, Guess::Retrieval);
            let label = format!("Mattis, {} T = {temperature}", model.update);
            enter(&mut table, &label, &run, &theory, &["m", "q", "energy", "m_2"]);
            if theory.d.is_some() {
                enter(&mut table, &label, &run, &theory, &["d"]);
                // The other sign of the update has the same stationary law; its one-step overlap is −q.
                let wrong = deviations(&run, "d", |_| -theory.q);
                table.rejects(format!("{label} d, other sign"), Deviation::extrapolated(&wrong));
            }
        }
    }
    table.judge();
}

/// Mixtures of three memories below their threshold T = 0.4598, both updates. Their barriers are low: sizes
/// grow with the temperature, so that no run escapes.
fn mixtures(cases: &[(f64, &[(usize, usize)])]) {
    let mut table = Table::default();
    for (seed, (temperature, sizes)) in (311..).zip(cases.iter().copied()) {
        for model in [Model::hopfield(), Model::little()] {
            let plan = Plan { sizes, ..plan(3, temperature, seed) };
            let run = plan.run_from(&mut table, &model, Some(Start::Mixture { n: 3 }));
            let theory = state(&model, plan.control, Guess::Mixture(3));
            let label = format!("3-mixture, {} T = {temperature}", model.update);
            enter(&mut table, &label, &run, &theory, &["m", "q", "energy", "m_3"]);
        }
    }
    table.judge();
}

#[test]
fn mixture_states() {
    mixtures(&[
        (0.1, &[(1000, 32), (2000, 24), (4000, 12)]),
        (0.15, &[(1000, 32), (2000, 24), (4000, 12)]),
        (0.2, &[(2000, 24), (4000, 16), (8000, 8)]),
    ]);
}

#[test]
#[ignore = "minutes: N to 80000"]
fn mixture_states_at_higher_temperature() {
    mixtures(&[
        (0.2, &[(4000, 64), (8000, 32), (16_000, 16)]),
        (0.25, &[(10_000, 48), (20_000, 24), (40_000, 12)]),
        (0.3, &[(20_000, 48), (40_000, 24), (80_000, 12)]),
    ]);
}

/// Biased memories: the covariance rule keeps them apart, and the theory of the plain rule is rejected.
#[test]
fn biased_memories() {
    let mut table = Table::default();
    let plain = model("hopfield", &[("patterns", "biased:mean=0.2")]);
    let covariance = model("hopfield", &[("patterns", "biased:mean=0.2"), ("rule", "covariance")]);
    for (seed, model) in (321..).zip([&plain, &covariance]) {
        let plan = plan(3, 0.3, seed);
        let run = plan.run(&mut table, model);
        let theory = state(model, plan.control, Guess::Retrieval);
        enter(&mut table, model.rule.name(), &run, &theory, &["m", "q", "energy", "m_2"]);
        if model == &covariance {
            let wrong = state(&plain, plan.control, Guess::Retrieval);
            for name in ["m", "energy"] {
                let sizes = deviations(&run, name, |_| value(&wrong, name).expect("a value"));
                table.rejects(format!("covariance {name}, plain rule"), Deviation::extrapolated(&sizes));
            }
        }
    }
    table.judge();
}

/// Other units, laws and forms.
#[test]
fn units_laws_and_forms() {
    let mut table = Table::default();
    let cases: [(&str, Model, usize, f64); 9] = [
        ("binary", model("hopfield", &[("unit", "binary")]), 3, 0.1),
        ("binary, threshold", model("hopfield", &[("unit", "binary:threshold=0.1")]), 3, 0.1),
        ("three-state", model("hopfield", &[("unit", "three-state:crystal-field=0.2")]), 3, 0.3),
        ("graded, T = 0", model("hopfield", &[("unit", "graded:gain=2")]), 3, 0.0),
        ("graded", model("hopfield", &[("unit", "graded:gain=10")]), 2, 0.1),
        ("uniform", model("hopfield", &[("patterns", "uniform")]), 1, 0.4),
        ("quadratic form", model("quadratic-form:matrix=1,0.2/0.2,1", &[]), 2, 0.3),
        ("self-coupling", model("little", &[("self-coupling", "0.5")]), 1, 0.8),
        ("postsynaptic", model("hopfield", &[("field", "postsynaptic:u=0.1")]), 2, 0.4),
    ];
    for (seed, (label, model, count, temperature)) in (331..).zip(cases) {
        let plan = plan(count, temperature, seed);
        let run = plan.run(&mut table, &model);
        let theory = state(&model, plan.control, Guess::Retrieval);
        enter(&mut table, label, &run, &theory, &["m", "q", "energy"]);
        if !model.unit.is_binary_spin() {
            enter(&mut table, label, &run, &theory, &["activity"]);
        }
    }
    table.judge();
}
