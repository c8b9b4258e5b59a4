//! Ising units with Hebb couplings at ten points of the retrieval phase.

use mattis_model::{Control, Model};

use crate::altered::{Altered, ISING};
use crate::experiment::{Plan, deviations, enter_own_theory};
use crate::statistics::{Deviation, Table};

/// Where no run of N ≥ 2000 escapes within some hundred sweeps.
const USUAL: Sizes = &[(2000, 48), (4000, 32), (8000, 16)];
/// Next to the spinodal and at high temperature barriers are lower.
const LARGE: Sizes = &[(4000, 40), (8000, 24), (16000, 12)];

/// N and the number of samples at each.
type Sizes = &'static [(usize, usize)];

/// α, T and the sizes.
const POINTS: [(f64, f64, Sizes); 10] = [
    (0.03, 0.3, USUAL),
    (0.05, 0.3, USUAL),
    (0.08, 0.3, USUAL),
    (0.05, 0.5, LARGE),
    (0.10, 0.2, USUAL),
    (0.12, 0.1, USUAL),
    (0.05, 0.4, USUAL),
    (0.03, 0.5, USUAL),
    (0.02, 0.6, LARGE),
    (0.01, 0.5, USUAL),
];

fn ten_points(model: &Model) {
    let mut table = Table::default();
    for (seed, (alpha, temperature, sizes)) in (1..).zip(POINTS) {
        let control = Control::new(alpha, temperature);
        let plan = Plan { control, sizes, burn_in: 150, sweeps: 100, seed };
        let label = format!("{} ({alpha}, {temperature})", model.update);
        let run = enter_own_theory(&mut table, &label, model, &plan);
        if (alpha, temperature) == (0.08, 0.3) {
            let bare = deviations(&run, "m", |c| ISING.solve(Altered::BareNoise, c.alpha(), c.temperature).m);
            table.rejects(format!("{label} m, r = q"), Deviation::extrapolated(&bare));
        }
    }
    table.judge();
}

#[test]
#[ignore = "minutes: ten points, N to 16000"]
fn sequential_at_ten_points() {
    ten_points(&Model::hopfield());
}

#[test]
#[ignore = "minutes: ten points, N to 16000"]
fn parallel_at_ten_points() {
    ten_points(&Model::little());
}

/// A short version of the above with one control.
#[test]
fn retrieval_in_seconds() {
    let mut table = Table::default();
    let sizes = &[(500, 48), (1000, 48), (2000, 24)];
    for (seed, (alpha, temperature)) in (101..).zip([(0.03, 0.3), (0.05, 0.3), (0.05, 0.2)]) {
        for model in [Model::hopfield(), Model::little()] {
            let control = Control::new(alpha, temperature);
            let plan = Plan { control, sizes, burn_in: 60, sweeps: 60, seed };
            let label = format!("{} ({alpha}, {temperature})", model.update);
            enter_own_theory(&mut table, &label, &model, &plan);
        }
    }
    table.judge();
}
