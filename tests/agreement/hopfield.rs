//! Ising units with Hebb couplings at ten points of the retrieval phase.

use mattis_model::{Control, Model};

use crate::altered::{Altered, ISING};
use crate::experiment::{Plan, deviations, enter_own_theory};
use crate::statistics::{Deviation, Table};

/// N and the number of samples at each.
type Sizes = &'static [(usize, usize)];

/// Where no run of N ≥ 2000 escapes and 1/N² is small.
const USUAL: Sizes = &[(2000, 48), (4000, 32), (8000, 16)];
/// Next to the spinodal, or at high temperature, where barriers are lower and corrections larger.
const LARGE: Sizes = &[(4000, 40), (8000, 24), (16000, 12)];

/// α, T and the sizes; all but the last are common to both updates.
const POINTS: [(f64, f64, Sizes); 9] = [
    (0.03, 0.3, USUAL),
    (0.05, 0.3, USUAL),
    (0.08, 0.3, USUAL),
    (0.01, 0.5, USUAL),
    (0.05, 0.4, LARGE),
    (0.10, 0.2, LARGE),
    (0.08, 0.1, USUAL),
    (0.03, 0.5, USUAL),
    (0.02, 0.6, LARGE),
];

fn ten_points(model: &Model, last: (f64, f64, Sizes)) {
    let mut table = Table::default();
    for (seed, (alpha, temperature, sizes)) in (1..).zip(POINTS.into_iter().chain([last])) {
        let control = Control::new(alpha, temperature);
        let burn_in = if temperature < 0.45 { 100 } else { 200 };
        let plan = Plan { control, sizes, burn_in, sweeps: 60, seed };
        let label = format!("{} ({alpha}, {temperature})", model.update);
        let run = enter_own_theory(&mut table, &label, model, &plan);
        if (alpha, temperature) == (0.05, 0.4) {
            let bare = deviations(&run, "m", |c| ISING.solve(Altered::BareNoise, c.alpha(), c.temperature).m);
            table.rejects(format!("{label} m, r = q"), Deviation::extrapolated(&bare));
        }
    }
    table.judge();
}

/// At (0.05, 0.5) sequential runs of N = 2000 escape in 12 of 100; (0.04, 0.45) is in its place.
#[test]
#[ignore = "minutes: ten points, N to 16000"]
fn sequential_at_ten_points() {
    ten_points(&Model::hopfield(), (0.04, 0.45, LARGE));
}

#[test]
#[ignore = "minutes: ten points, N to 24000"]
fn parallel_at_ten_points() {
    ten_points(&Model::little(), (0.05, 0.5, &[(6000, 24), (12000, 16), (24000, 8)]));
}

/// A short version of the above.
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
