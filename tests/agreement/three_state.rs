//! Three-state units, whose activity makes the reaction Γ visible: D = 0.2, α = 0.03, T = 0.3.

use mattis_model::{Control, Model};

use crate::altered::{Altered, THREE_STATE};
use crate::experiment::{Plan, deviations, differences, enter_own_theory, theory};
use crate::statistics::{Deviation, Table};

fn model() -> Model {
    Model::hopfield().with_unit("three-state:crystal-field=0.2".parse().expect("a unit"))
}

const CONTROLS: [(&str, Altered); 3] = [
    ("Γ dropped", Altered::NoReaction),
    ("r = q", Altered::BareNoise),
    ("diagonal left in", Altered::DiagonalLeftIn),
];

/// The right theory passes and each wrong one fails, on the same samples.
#[test]
#[ignore = "minutes: three-state units, N to 16000"]
fn reaction_crosstalk_and_diagonal_are_seen() {
    let plan = Plan {
        control: Control::new(0.03, 0.3),
        sizes: &[(4000, 100), (8000, 64), (16000, 32)],
        burn_in: 100,
        sweeps: 80,
        seed: 301,
    };
    let mut table = Table::default();
    let run = enter_own_theory(&mut table, "three-state", &model(), &plan);
    for (name, altered) in CONTROLS {
        let sizes = deviations(&run, "m", |c| THREE_STATE.solve(altered, c.alpha(), c.temperature).m);
        table.rejects(format!("three-state m, {name}"), Deviation::extrapolated(&sizes));
    }
    table.judge();
}

/// The kept diagonal less the zero one on the same disorder: theory's difference, not none.
#[test]
#[ignore = "minutes: three-state units, N to 16000"]
fn diagonal_on_the_same_disorder() {
    let plan = Plan {
        control: Control::new(0.03, 0.3),
        sizes: &[(4000, 48), (8000, 32), (16000, 12)],
        burn_in: 100,
        sweeps: 80,
        seed: 302,
    };
    let zero = model();
    let kept = model().with_self_coupling("kept".parse().expect("a diagonal"));
    let mut table = Table::default();
    let (first, second) = (plan.run(&mut table, &kept), plan.run(&mut table, &zero));
    let step = |control: Control| theory(&kept, control).m - theory(&zero, control).m;
    let sizes = differences(&first, &second, "m", step);
    table.agrees("three-state kept less zero m", Deviation::extrapolated(&sizes));
    let sizes = differences(&first, &second, "m", |_| 0.0);
    table.rejects("three-state kept less zero m, no difference", Deviation::extrapolated(&sizes));
    table.judge();
}

/// A lower load, where small networks stay; only the largest of the three errors is in reach.
#[test]
fn three_state_in_seconds() {
    let plan = Plan {
        control: Control::new(0.02, 0.3),
        sizes: &[(1000, 48), (2000, 32), (4000, 16)],
        burn_in: 60,
        sweeps: 60,
        seed: 303,
    };
    let mut table = Table::default();
    let run = enter_own_theory(&mut table, "three-state (0.02, 0.3)", &model(), &plan);
    let sizes = deviations(&run, "m", |c| THREE_STATE.solve(Altered::BareNoise, c.alpha(), c.temperature).m);
    table.rejects("three-state (0.02, 0.3) m, r = q", Deviation::extrapolated(&sizes));
    table.judge();
}
