//! Potts units of three states at T = 0.

use std::f64::consts::TAU;

use mattis_model::{Control, Model};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::experiment::{Plan, enter_retrieval, enter_wrong, retrieval};
use crate::statistics::Table;

/// Half width of the trapezoid and its step.
const EDGE: f64 = 10.0;
const STEP: f64 = 0.01;

/// m of Q states with noise α(Q − 1)/(1 − C)², or without the response: C = 0.
fn overlap(states: usize, alpha: f64, responds: bool) -> f64 {
    let normal = Normal::new(0.0, 1.0).expect("a distribution");
    let (q, others) = (states as f64, states as f64 - 1.0);
    let (mut m, mut c) = (1.0, 0.0);
    for _ in 0..10_000 {
        let sigma = (alpha * others).sqrt() / if responds { 1.0 - c } else { 1.0 };
        // The field of the memory's own state is ahead by this, in units of the noise of each of Q fields.
        let lead = q.sqrt() * others * m / sigma;
        let (mut first, mut largest) = (0.0, 0.0);
        let count = (EDGE / STEP) as i32;
        for k in -count..=count {
            let z = f64::from(k) * STEP;
            let weight = STEP * (-0.5 * z * z).exp() / TAU.sqrt();
            let below = normal.cdf(z + lead).powi(states as i32 - 2);
            first += weight * below * normal.cdf(z + lead);
            // E of the winner's noise: of the memory's state, and of each other one.
            largest += weight * z * below * normal.cdf(z + lead);
            let others_below = normal.cdf(z).powi(states as i32 - 2) * normal.cdf(z - lead);
            largest += weight * z * others * others_below;
        }
        let overlap = (q * first - 1.0) / others;
        let response = q.sqrt() * largest / sigma;
        let change = (overlap - m).abs().max((response - c).abs());
        (m, c) = (overlap, response);
        if change < 1e-12 {
            return m;
        }
    }
    panic!("no convergence at Q = {states}, α = {alpha}");
}

const WRONG: [&str; 2] = ["noise of two states", "no response"];

/// Runs three states and enters the first of the wrong theories, or all.
fn potts(table: &mut Table, load: f64, sizes: &[(usize, usize)], seed: u64, wrong: &[&str]) {
    let model = Model::potts(3).expect("a model");
    let plan = Plan { control: Control::new(load, 0.0), sizes, burn_in: 60, sweeps: 2, seed };
    let run = plan.run(table, &model);
    let label = format!("Potts, Q = 3, α = {load}");
    enter_retrieval(table, &label, &run, &model, &["m"]);
    for what in wrong {
        let predicted = |control: Control| match *what {
            // α for α(Q − 1).
            "noise of two states" => overlap(3, 0.5 * control.alpha(), true),
            _ => overlap(3, control.alpha(), false),
        };
        enter_wrong(table, &format!("{label} m, {what}"), &run, "m", predicted);
    }
}

#[test]
fn three_states() {
    let mut table = Table::default();
    potts(&mut table, 0.35, &[(1000, 64), (2000, 40), (4000, 32)], 602, &WRONG[..1]);
    table.judge();
}

/// Enough samples for the difference that the response of the other memories makes; at α = 0.25 it is 8·10⁻⁵.
#[test]
#[ignore = "a minute: many samples"]
fn three_states_respond() {
    let mut table = Table::default();
    potts(&mut table, 0.25, &[(1000, 24), (2000, 12), (4000, 6)], 601, &[]);
    potts(&mut table, 0.35, &[(1500, 144), (3000, 96), (6000, 48)], 611, &WRONG);
    table.judge();
}

/// The solver is right where the equations are.
#[test]
fn the_equations_of_potts_units_have_the_solution_of_theory() {
    for load in [0.2, 0.25, 0.3] {
        let model = Model::potts(3).expect("a model");
        let other = retrieval(&model, "m")(Control::new(load, 0.0));
        let own = overlap(3, load, true);
        println!("α = {load}: {own}, {other}, no response {}", overlap(3, load, false));
        assert!((own - other).abs() < 1e-10, "α = {load}: {own}, {other}");
    }
}
