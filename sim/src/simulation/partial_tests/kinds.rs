//! Every kind of system that a run may have.

use std::sync::Arc;

use mattis_model::catalogue::Choice;
use mattis_model::{Alphabet, SynapseLaw, UnitLaw};

use super::*;

/// Two memories that attract each other and not themselves.
const CROSSED: &str = "quadratic-form:matrix=0,1/1,0";

/// Couplings of many values.
#[derive(Debug)]
struct Bent;

impl SynapseLaw for Bent {
    fn apply(&self, x: f64) -> f64 {
        x / (1.0 + 0.3 * x.abs())
    }
    // Not the moment: here no theory is asked.
    fn signal(&self) -> f64 {
        0.7
    }
    fn power(&self) -> f64 {
        0.5
    }
}

/// Levels that have no quantum.
#[derive(Debug)]
struct Uneven;

impl UnitLaw for Uneven {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-1.0, 0.1 * std::f64::consts::PI, 0.9])
    }
}

#[test]
fn spins_with_integer_fields() {
    let scratch = Scratch::new("spins");
    for connectivity in
        ["full", "diluted:c=0.4", "diluted:c=0.3:symmetric=false", "extreme:inputs=7", "finite:degree=5"]
    {
        for (update, temperature) in
            [("sequential", 0.4), ("sequential", 0.0), ("parallel", 0.4), ("parallel", 0.0)]
        {
            let parts = ["ising", "rademacher", "hebb", connectivity, "external:h=0.05", update];
            let name = format!("{connectivity} {update} T = {temperature}");
            at_all_sweeps(&scratch, &name, &run(parts, Control::new(0.5, temperature)));
            let finite = run(parts, Control::finite(3, temperature)).start(Start::Mixture { n: 3 });
            at_all_sweeps(&scratch, &name, &finite);
        }
    }
    let parts = ["ising", "rademacher", "hebb", "full", "none", "sequential"];
    let metropolis = run(parts, Control::new(0.1, 0.4)).dynamics(Dynamics::Metropolis);
    at_all_sweeps(&scratch, "metropolis", &metropolis);
    at_all_sweeps(&scratch, "in turn", &run(parts, Control::new(0.1, 0.4)).order(Order::Sweep));
    // N p > 2²⁰: large enough to begin without rows.
    let large = run(parts, Control::new(0.6, 0.4)).sizes([1400]).order(Order::Sweep).sweeps(4).burn_in(1);
    interrupted(&scratch, "blocks", &large, 1);
    let random = run(parts, Control::new(0.5, 0.9)).start(Start::Random);
    at_all_sweeps(&scratch, "random", &random);
}

#[test]
fn units_with_levels() {
    let scratch = Scratch::new("levels");
    for (parts, temperature) in [
        (["three-state", "rademacher", "hebb", "full", "none", "sequential"], 0.3),
        (["three-state", "rademacher", "hebb", "full", "postsynaptic:u=0.1", "parallel"], 0.3),
        (["ising", "rademacher", "hebb", "full", "postsynaptic:u=0.1", "sequential"], 0.3),
        (["ising", "rademacher", "hebb", "full", "inhibition:strength=0.3", "sequential"], 0.3),
        (["binary:threshold=0.1", "biased:mean=0.2", "covariance", "full", "none", "sequential"], 0.2),
        (["binary:threshold=0.1", "biased:mean=0.2", "covariance", "full", "none", "parallel"], 0.0),
        (["three-state", "gaussian", "hebb", "full", "none", "sequential"], 0.5),
        (["three-state", "rademacher", "hebb", "diluted:c=0.4", "none", "sequential"], 0.3),
        (["three-state", "ternary", "covariance", "extreme:inputs=9", "none", "parallel"], 0.3),
        (["binary", "sparse", "covariance:normalised=true", "finite:degree=3", "none", "sequential"], 0.3),
        (["binary:threshold=0.1", "quaternary", "covariance", "full", "inhibition", "parallel"], 0.2),
    ] {
        at_all_sweeps(&scratch, &parts.join(" "), &run(parts, Control::new(0.4, temperature)));
    }
    for update in ["sequential", "parallel"] {
        for unit in ["ising", "graded"] {
            let parts = [unit, "rademacher", "hebb", "full", "none", update];
            let mut bent = run(parts, Control::new(0.4, 0.3));
            bent.model.synapse = Choice::custom("bent", &[], Arc::new(Bent));
            at_all_sweeps(&scratch, &format!("synapse {unit} {update}"), &bent);
        }
        let parts = ["ising", "rademacher", "hebb", "full", "none", update];
        let mut uneven = run(parts, Control::new(0.4, 0.3));
        uneven.model.unit = Choice::custom("uneven", &[], Arc::new(Uneven));
        at_all_sweeps(&scratch, &format!("uneven levels {update}"), &uneven);
        for temperature in [0.6, 0.0] {
            let glass = ["ising", "rademacher", "none", "full", "none", update];
            at_all_sweeps(&scratch, "glass", &run(glass, Control::without_load(temperature)));
        }
        let form = run(["ising", "rademacher", CROSSED, "full", "none", update], Control::finite(2, 0.3));
        at_all_sweeps(&scratch, "form", &form);
    }
    let parts = ["binary:threshold=0.1", "sparse", "covariance", "full", "none", "sequential"];
    at_all_sweeps(&scratch, "typical", &run(parts, Control::new(0.1, 0.2)).start(Start::Typical));
}

#[test]
fn units_with_values() {
    let scratch = Scratch::new("values");
    let linear = "threshold-linear:gain=2:threshold=-0.1";
    for (parts, temperature) in [
        (["graded", "rademacher", "hebb", "full", "none", "sequential"], 0.3),
        (["graded", "laplace", "hebb", "full", "postsynaptic:u=0.05", "parallel"], 0.3),
        (["graded:gain=4", "rademacher", "hebb", "full", "none", "sequential"], 0.0),
        (["graded:gain=4", "rademacher", "hebb", "full", "none", "parallel"], 0.0),
        (["graded:gain=4", "rademacher", "hebb", "full", "none", "continuous"], 0.0),
        (["graded", "ternary", "covariance", "extreme:inputs=20", "none", "sequential"], 0.3),
        (["graded", "rademacher", "hebb", "diluted:c=0.3:symmetric=false", "none", "parallel"], 0.2),
        (["graded", "rademacher", "hebb", "full", "inhibition:strength=0.2", "sequential"], 0.2),
        ([linear, "sparse", "covariance", "full", "none", "sequential"], 0.0),
        ([linear, "sparse", "covariance", "full", "inhibition:strength=0.1", "parallel"], 0.0),
        ([linear, "sparse", "covariance", "full", "none", "continuous"], 0.0),
        (["threshold-linear:gain=9", "sparse", "covariance", "full", "none", "parallel"], 0.0),
        // Beyond all numbers after some sweeps.
        (["threshold-linear:gain=1e40", "sparse", "covariance", "full", "none", "parallel"], 0.0),
        (["threshold-linear:gain=1e40", "sparse", "covariance", "full", "none", "continuous"], 0.0),
        (["graded:gain=2", "rademacher", "none", "full", "none", "continuous"], 0.0),
        (["graded", "rademacher", "none", "full", "none", "sequential"], 0.2),
    ] {
        let control = if parts[2] == "none" {
            Control::without_load(temperature)
        } else {
            Control::new(0.3, temperature)
        };
        at_all_sweeps(&scratch, &parts.join(" "), &run(parts, control));
    }
}

#[test]
fn units_with_colours() {
    let scratch = Scratch::new("colours");
    for (states, update, temperature) in
        [(3, "sequential", 1.0), (3, "parallel", 1.0), (5, "parallel", 0.0), (256, "sequential", 0.0)]
    {
        let model = Model::potts(states).unwrap().with_update(update.parse().unwrap());
        let simulation = Simulation::new(&model).at(Control::new(0.1, temperature)).sizes([60]);
        let simulation = simulation.samples(1).sweeps(12).burn_in(5);
        at_all_sweeps(&scratch, &format!("{states} {update} T = {temperature}"), &simulation);
    }
}
