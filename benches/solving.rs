//! Speed of the theory: every state at a point, and a whole phase diagram.

use mattis::prelude::*;

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
