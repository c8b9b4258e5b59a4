//! Parallel updates are not sequential ones at p = αN: (0.05, 0.5), where the two theories differ most.

use mattis_model::{Control, Model};

use crate::experiment::{Plan, deviations, differences, enter_own_theory, theory};
use crate::statistics::{Deviation, Table};

const ALPHA: f64 = 0.05;
const TEMPERATURE: f64 = 0.5;

fn control() -> Control {
    Control::new(ALPHA, TEMPERATURE)
}

fn kept() -> Model {
    Model::little().with_self_coupling("kept".parse().expect("a diagonal"))
}

/// m of a model at any load.
fn overlap(model: &Model) -> impl Fn(Control) -> f64 {
    move |control| theory(model, control).m
}

#[test]
fn the_theories_are_the_listed_ones() {
    for (model, m) in [
        (Model::hopfield(), 0.904_106_075_270),
        (Model::little(), 0.907_983_806_1),
        (kept(), 0.931_457_346_1),
    ] {
        assert!((theory(&model, control()).m - m).abs() < 1e-9, "{model:?}");
    }
}

/// The diagonal stabilises the memory, so that small networks do not escape; Hopfield's theory is 0.027 off.
#[test]
fn hebb_diagonal_kept_in_seconds() {
    let plan = Plan {
        control: control(),
        sizes: &[(1000, 48), (2000, 32), (4000, 16)],
        burn_in: 100,
        sweeps: 60,
        seed: 201,
    };
    let mut table = Table::default();
    let run = enter_own_theory(&mut table, "diagonal kept", &kept(), &plan);
    let (hopfield, little) = (Model::hopfield(), Model::little());
    for (wrong, model) in [("sequential", &hopfield), ("zero diagonal", &little)] {
        let sizes = deviations(&run, "m", overlap(model));
        table.rejects(format!("diagonal kept m, theory of {wrong}"), Deviation::extrapolated(&sizes));
    }
    table.judge();
}

/// Parallel and sequential updates on the same disorder, at sizes where neither escapes.
#[test]
#[ignore = "minutes: N to 24000"]
fn parallel_is_not_sequential() {
    let plan = Plan {
        control: control(),
        sizes: &[(8000, 40), (12000, 32), (24000, 16)],
        burn_in: 150,
        sweeps: 60,
        seed: 202,
    };
    let (hopfield, little) = (Model::hopfield(), Model::little());
    let mut table = Table::default();
    let parallel = enter_own_theory(&mut table, "parallel", &little, &plan);
    let sequential = enter_own_theory(&mut table, "sequential", &hopfield, &plan);
    let step = |control: Control| overlap(&little)(control) - overlap(&hopfield)(control);
    let sizes = differences(&parallel, &sequential, "m", step);
    table.agrees("parallel less sequential m", Deviation::extrapolated(&sizes));
    let sizes = differences(&parallel, &sequential, "m", |_| 0.0);
    table.rejects("parallel less sequential m, no difference", Deviation::extrapolated(&sizes));
    table.judge();
}

/// The kept diagonal at sizes of the main test, against zero diagonal on the same disorder.
#[test]
#[ignore = "minutes: N to 16000"]
fn hebb_diagonal_kept() {
    let plan = Plan {
        control: control(),
        sizes: &[(4000, 48), (8000, 32), (16000, 16)],
        burn_in: 150,
        sweeps: 100,
        seed: 203,
    };
    let (hopfield, little, kept) = (Model::hopfield(), Model::little(), kept());
    let mut table = Table::default();
    let run = enter_own_theory(&mut table, "diagonal kept", &kept, &plan);
    for (wrong, model) in [("sequential", &hopfield), ("zero diagonal", &little)] {
        let sizes = deviations(&run, "m", overlap(model));
        table.rejects(format!("diagonal kept m, theory of {wrong}"), Deviation::extrapolated(&sizes));
    }
    let zero = plan.run(&mut table, &little);
    let step = |control: Control| overlap(&kept)(control) - overlap(&little)(control);
    let sizes = differences(&run, &zero, "m", step);
    table.agrees("diagonal kept less zero m", Deviation::extrapolated(&sizes));
    let step = |control: Control| overlap(&kept)(control) - overlap(&hopfield)(control);
    let sizes = differences(&run, &zero, "m", step);
    table.rejects("diagonal kept less zero m, Hopfield's for zero", Deviation::extrapolated(&sizes));
    table.judge();
}
