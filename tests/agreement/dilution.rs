//! Diluted networks of ±1 units: extreme dilution, a finite number of inputs, and a fraction of all links.

use mattis_model::{Control, Model};

use crate::altered::{Altered, ISING};
use crate::experiment::{Ensemble, Plan, enter_retrieval, enter_wrong, model, retrieval};
use crate::statistics::Table;

fn diluted(connectivity: &str, update: &str) -> Model {
    model("hopfield", &[("connectivity", connectivity), ("update", update)])
}

/// Runs a model and enters its own theory of m and q.
fn entered(table: &mut Table, label: &str, model: &Model, plan: &Plan<'_>) -> Vec<Ensemble> {
    let run = plan.run(table, model);
    enter_retrieval(table, label, &run, model, &["m", "q"]);
    run
}

/// Δ = αq where the noise is that of C independent inputs, αQ: what is frozen in place of what is there.
fn frozen_noise(control: Control) -> f64 {
    ISING.solve(Altered::BareNoise, control.alpha(), control.temperature).m
}

/// C = √N inputs: corrections of order 1/C and C/N are both straight lines in 1/C.
const EXTREME: &[(usize, usize)] = &[(2500, 48), (10_000, 16), (22_500, 8)];

fn extreme(cases: &[(f64, f64)], sizes: &[(usize, usize)], first: u64) {
    let mut table = Table::default();
    for (seed, (load, temperature)) in (first..).zip(cases.iter().copied()) {
        let model = diluted("extreme", "sequential");
        let control = Control::new(load, temperature);
        let plan = Plan { control, sizes, burn_in: 30, sweeps: 20, seed };
        let label = format!("extreme ({load}, {temperature})");
        let run = entered(&mut table, &label, &model, &plan);
        // At α = 0.1 the two noises differ by less than these errors.
        if temperature == 0.4 && load > 0.1 {
            enter_wrong(&mut table, &format!("{label} m, αq for αQ"), &run, "m", frozen_noise);
        }
        // Elsewhere a network with all links has no such state.
        if (load, temperature) == (0.1, 0.2) {
            let full = Model::hopfield();
            let wrong = retrieval(&full, "m");
            enter_wrong(&mut table, &format!("{label} m, all links"), &run, "m", wrong);
        }
    }
    table.judge();
}

#[test]
fn extreme_dilution() {
    extreme(&[(0.1, 0.2), (0.2, 0.4)], EXTREME, 401);
}

#[test]
#[ignore = "a minute"]
fn extreme_dilution_at_more_loads() {
    extreme(&[(0.1, 0.4), (0.2, 0.2), (0.2, 0.4), (0.3, 0.2), (0.3, 0.4)], EXTREME, 402);
}

/// Inputs never meet again, so that the order of updates is forgotten.
#[test]
#[ignore = "ten seconds"]
fn extreme_dilution_all_at_once() {
    let mut table = Table::default();
    let model = diluted("extreme", "parallel");
    let plan = Plan { control: Control::new(0.2, 0.4), sizes: EXTREME, burn_in: 30, sweeps: 20, seed: 411 };
    let run = entered(&mut table, "extreme, parallel", &model, &plan);
    enter_wrong(&mut table, "extreme, parallel m, αq for αQ", &run, "m", frozen_noise);
    table.judge();
}

/// A finite mean number of inputs; the theory of many inputs is rejected.
fn few_inputs(cases: &[(u32, f64, &str)], sizes: &[(usize, usize)], first: u64) {
    let mut table = Table::default();
    for (seed, (degree, temperature, update)) in (first..).zip(cases.iter().copied()) {
        let model = diluted(&format!("finite:degree={degree}"), update);
        let control = Control::new(0.4, temperature);
        let plan = Plan { control, sizes, burn_in: 60, sweeps: 40, seed };
        let label = format!("degree {degree}, {update}, T = {temperature}");
        let run = entered(&mut table, &label, &model, &plan);
        let many = diluted("extreme", update);
        let wrong = retrieval(&many, "m");
        enter_wrong(&mut table, &format!("{label} m, many inputs"), &run, "m", wrong);
    }
    table.judge();
}

#[test]
fn finite_degree() {
    few_inputs(&[(5, 0.0, "parallel")], &[(1000, 64), (4000, 32), (16_000, 16)], 423);
}

/// At ten inputs and N = 1000 or 2000 the overlap changes its sign in some runs.
#[test]
#[ignore = "a minute: N to 32000"]
fn finite_degree_at_more_points() {
    let cases = [(10, 0.0, "sequential"), (10, 0.2, "parallel"), (5, 0.2, "sequential")];
    few_inputs(&cases, &[(4000, 48), (8000, 24), (32_000, 12)], 461);
}

/// Links present both ways or not at all.
fn both_ways(load: f64, temperature: f64, seed: u64) -> (Table, Vec<Ensemble>) {
    let mut table = Table::default();
    let model = diluted("diluted:c=0.35", "sequential");
    let control = Control::new(load, temperature);
    let sizes = &[(1000, 32), (2000, 24), (4000, 12)];
    let plan = Plan { control, sizes, burn_in: 40, sweeps: 40, seed };
    let run = plan.run(&mut table, &model);
    let label = format!("c = 0.35 ({load:.4}, {temperature})");
    enter_retrieval(&mut table, &label, &run, &model, &["m", "q", "energy"]);
    (table, run)
}

#[test]
fn symmetric_dilution() {
    let (mut table, run) = both_ways(0.1, 0.3, 432);
    let full = Model::hopfield();
    enter_wrong(&mut table, "c = 0.35 m, all links", &run, "m", retrieval(&full, "m"));
    table.judge();
}

/// p/N = 0.04, where the theory of all links is too near to be told apart.
#[test]
#[ignore = "ten seconds"]
fn symmetric_dilution_at_low_temperature() {
    both_ways(0.04 / 0.35, 0.15, 431).0.judge();
}

/// Directions of links independent, fixed points at T = 0; the theory of all links is rejected. That of symmetric
/// links is the same there: Δ = R′q + νQ with q = Q = 1.
#[test]
#[ignore = "half a minute"]
fn asymmetric_dilution() {
    let mut table = Table::default();
    let model = diluted("diluted:c=0.3:symmetric=false", "sequential");
    let sizes = &[(1000, 64), (2000, 48), (4000, 32)];
    let plan = Plan { control: Control::new(0.13, 0.0), sizes, burn_in: 60, sweeps: 5, seed: 441 };
    let run = plan.run(&mut table, &model);
    enter_retrieval(&mut table, "c = 0.3, asymmetric", &run, &model, &["m"]);
    let full = Model::hopfield();
    enter_wrong(&mut table, "c = 0.3, asymmetric m, all links", &run, "m", retrieval(&full, "m"));
    table.judge();
}
