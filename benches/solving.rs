//! Speed of the theory: every state at a point, and a whole phase diagram.

use mattis::prelude::*;
use mattis::theory::{ReplicaSymmetric, spinodal};

fn main() {
    divan::main();
}

fn solve(model: &Model, alpha: f64, temperature: f64) -> Vec<State> {
    states(model, Control::new(alpha, temperature)).expect("states in the retrieval phase")
}

#[divan::bench(sample_count = 20)]
fn states_sequential() -> Vec<State> {
    solve(&Model::hopfield(), 0.05, 0.3)
}

#[divan::bench(sample_count = 20)]
fn states_sequential_ground() -> Vec<State> {
    solve(&Model::hopfield(), 0.05, 0.0)
}

#[divan::bench(sample_count = 20)]
fn states_parallel() -> Vec<State> {
    solve(&Model::little(), 0.05, 0.3)
}

#[divan::bench(sample_count = 20)]
fn states_three_state() -> Vec<State> {
    let unit = "three-state:crystal-field=0.2".parse().expect("a unit");
    solve(&Model::hopfield().with_unit(unit), 0.03, 0.3)
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn phase_diagram_sequential() -> PhaseRecord {
    phase_diagram(&Model::hopfield(), &PhaseRequest::default()).expect("a phase diagram")
}

/// n equal steps from one value to another.
fn grid(from: f64, to: f64, n: usize) -> Vec<f64> {
    (0..n).map(|i| from + (to - from) * i as f64 / (n - 1) as f64).collect()
}

/// The retrieval state on a grid of 100 loads and 100 temperatures, certified solutions without what a state
/// has beside: 3872 of the points have one.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn retrieval_on_a_grid() -> usize {
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    let loads = grid(0.002, 0.16, 100);
    let row = |temperature: f64| {
        let found = theory.solutions_at(temperature, &loads, Guess::Retrieval).expect("a row");
        found.iter().flatten().filter(|solution| solution.residual <= 1e-12).count()
    };
    let count = grid(0.02, 1.0, 100).into_iter().map(row).sum();
    assert_eq!(count, 3872);
    count
}

/// Every state on the same grid, as `mattis solve` lists them.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn states_on_a_grid() -> usize {
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    let loads = grid(0.002, 0.16, 100);
    let row = |temperature: f64| -> usize {
        theory.states_at(temperature, &loads).expect("a row").iter().map(Vec::len).sum()
    };
    grid(0.02, 1.0, 100).into_iter().map(row).sum()
}

/// The spinodal of retrieval at 100 loads.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn spinodal_at_loads() -> usize {
    let request = PhaseRequest { alphas: Some(grid(0.002, 0.136, 100)), temperatures: None };
    let line = spinodal(&Model::hopfield(), Guess::Retrieval, &request).expect("a closure");
    let count = line.expect("a spinodal").points.len();
    assert_eq!(count, 100);
    count
}
