//! Units tanh(gh) at T = 0, whatever their dynamics.

use mattis_model::{Control, Model};

use crate::experiment::{Plan, differences, enter_retrieval, enter_wrong, model};
use crate::rates::{Altered, graded};
use crate::statistics::Table;

fn of(gain: f64, update: &str) -> Model {
    model("hopfield", &[("unit", &format!("graded:gain={gain}")), ("update", update)])
}

/// Sequential updates with wrong theories of q, which fluctuates less than m.
fn at(table: &mut Table, (gain, load): (f64, f64), sizes: &[(usize, usize)], seed: u64, wrong: &[Altered]) {
    let label = format!("graded, gain {gain}, α = {load}");
    let plan = Plan { control: Control::new(load, 0.0), sizes, burn_in: 400, sweeps: 2, seed };
    let model = of(gain, "sequential");
    let run = plan.run(table, &model);
    enter_retrieval(table, &label, &run, &model, &["m", "q", "energy"]);
    for altered in wrong {
        let predicted = |control: Control| graded(gain, control.alpha(), *altered).q;
        enter_wrong(table, &format!("{label} q, {altered:?}"), &run, "q", predicted);
    }
}

const BOTH: &[Altered] = &[Altered::NoReaction, Altered::BareNoise];

#[test]
fn graded_units_in_seconds() {
    let mut table = Table::default();
    at(&mut table, (2.0, 0.04), &[(1000, 96), (2000, 64), (4000, 40)], 501, BOTH);
    table.judge();
}

/// Gain 4 at α = 0.05, where wrong theories differ by 3·10⁻⁴ or less; at α = 0.1 runs leave their memory at N = 1500.
#[test]
#[ignore = "half a minute"]
fn graded_units_of_larger_gain() {
    let mut table = Table::default();
    let sizes: &[(usize, usize)] = &[(1500, 48), (2500, 24), (4000, 16)];
    at(&mut table, (4.0, 0.05), sizes, 512, &[]);
    table.judge();
}

/// The same fixed points by the flow and by parallel updates on the same disorder.
#[test]
fn dynamics_share_their_fixed_points() {
    let mut table = Table::default();
    for (seed, (gain, load)) in (521..).zip([(2.0, 0.03), (4.0, 0.05)]) {
        let sizes = &[(1000, 8), (1500, 6), (2000, 4)];
        let plan = Plan { control: Control::new(load, 0.0), sizes, burn_in: 400, sweeps: 2, seed };
        let run = plan.run(&mut table, &of(gain, "sequential"));
        enter_retrieval(&mut table, &format!("gain {gain}"), &run, &of(gain, "sequential"), &["m"]);
        for update in ["parallel", "continuous"] {
            let other = plan.run(&mut table, &of(gain, update));
            for size in differences(&run, &other, "m", |_| 0.0) {
                let largest = size.values.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
                println!("gain {gain}, N = {}: {update} at most {largest:.1e} apart", size.neurons);
                if largest.is_nan() || largest > 1e-6 {
                    table.fails(format!("gain {gain}, N = {}: {update} {largest:e} apart", size.neurons));
                }
            }
        }
    }
    table.judge();
}
