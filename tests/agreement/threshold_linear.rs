//! Threshold-linear units with sparse memories and inhibition at T = 0, at working points of theory.
//!
//! Runs start at the memory of typical activity: others have 1/√(fN) more or fewer active units, and in linear competition
//! those with few give way. Inhibition is strong, so that it holds the mean activity: with k = 3 the amplitude of a state
//! differs between samples by a tenth.

use mattis_model::catalogue::Value;
use mattis_model::{Control, Model, Unit};
use mattis_sim::Start;
use mattis_theory::Guess;
use mattis_theory::capacity::working_point;

use crate::experiment::{Ensemble, Plan, deviations, enter_retrieval, enter_wrong, model, retrieval, state};
use crate::statistics::{AtSize, Deviation, Table};

const F: f64 = 0.1;
const STRENGTH: f64 = 40.0;
const OBSERVED: [&str; 4] = ["m", "q", "mean", "correlation"];

fn sparse() -> String {
    format!("sparse:active-fraction={F}")
}

/// The network whose retrieval state has the fraction `active` of its units above threshold.
fn point(patterns: &str, connectivity: &str, load: f64, active: f64) -> Model {
    let rule = ("rule", "covariance:normalised=true");
    let bare = model("hopfield", &[("patterns", patterns), rule, ("connectivity", connectivity)]);
    working_point(&bare, load, active, STRENGTH).expect("a state").model(&bare).expect("a model")
}

fn with_gain(model: &Model, gain: f64) -> Model {
    let [_, threshold] = model.unit.threshold_linear().expect("threshold-linear units");
    let parts = [("gain", Value::Number(gain)), ("threshold", Value::Number(threshold))];
    model.clone().with_unit(Unit::new("threshold-linear", parts).expect("a unit"))
}

/// The closure with Γ dropped: units of slope g where it is 1/(1/g − Γ). It is that of units whose gain g̃ makes up
/// for their reaction, 1/g̃ = 1/g + R(χ̃) with R = cαχ/(1 − χ).
fn no_reaction(model: &Model, control: Control, name: &str) -> f64 {
    let [gain, _] = model.unit.threshold_linear().expect("threshold-linear units");
    let c = model.connectivity.value().fraction();
    let mut other = gain;
    for _ in 0..200 {
        let chi = state(&with_gain(model, other), control, Guess::Retrieval).chi;
        let next = 1.0 / (1.0 / gain + c * control.alpha() * chi / (1.0 - chi));
        let change = (next - other).abs();
        other = next;
        if change < 1e-9 * gain {
            return retrieval(&with_gain(model, other), name)(control);
        }
    }
    panic!("no convergence of {model:?} at {control:?}");
}

/// α and the fraction of active units of the working point.
type Spot = (f64, f64);

/// A run with the theory of its own model.
fn entered(table: &mut Table, label: &str, model: &Model, plan: &Plan<'_>) -> Vec<Ensemble> {
    let run = plan.run_from(table, model, Some(Start::Typical));
    enter_retrieval(table, label, &run, model, &OBSERVED);
    run
}

fn plan(load: f64, sizes: &[(usize, usize)], seed: u64) -> Plan<'_> {
    Plan { control: Control::new(load, 0.0), sizes, burn_in: 100, sweeps: 2, seed }
}

/// All links, against the theory with and without the reaction Γ.
fn all_links(table: &mut Table, (load, active): Spot, sizes: &[(usize, usize)], seed: u64) {
    let model = point(&sparse(), "full", load, active);
    let run = entered(table, "ReLU", &model, &plan(load, sizes, seed));
    let wrong = |control| no_reaction(&model, control, "m");
    enter_wrong(table, "ReLU m, Γ dropped", &run, "m", wrong);
}

/// At N = 1000 one run in eight escapes and deviations are four times those of N = 2000: no series in 1/N.
#[test]
fn threshold_linear_units_in_seconds() {
    let mut table = Table::default();
    all_links(&mut table, (0.2, 0.145), &[(2000, 36), (3000, 24), (4000, 18)], 801);
    table.judge();
}

/// Memories of two positive values, of which the fraction f is active and ⟨ξ⟩²/⟨ξ²⟩ = a < f. At N = 2000 one run
/// in sixteen escapes.
#[test]
#[ignore = "minutes: N to 6000"]
fn the_active_fraction_is_not_the_sparseness() {
    let mut table = Table::default();
    let (load, f) = (0.1, 0.2);
    let model = point(&format!("ternary:active-fraction={f}"), "full", load, 0.16);
    let run =
        entered(&mut table, "ReLU, ternary", &model, &plan(load, &[(4000, 64), (5000, 48), (6000, 32)], 803));
    let wrong = model.with_patterns(format!("ternary:sparseness={f}").parse().expect("a law"));
    enter_wrong(&mut table, "ReLU m, f for a", &run, "m", retrieval(&wrong, "m"));
    table.judge();
}

#[test]
#[ignore = "minutes: N to 8000"]
fn threshold_linear_units_with_all_links() {
    let mut table = Table::default();
    all_links(&mut table, (0.2, 0.145), &[(2000, 16), (4000, 12), (8000, 8)], 811);
    table.judge();
}

/// Runs escape up to N = 4000: three of eight at 2000, one of sixteen at 4000.
#[test]
#[ignore = "minutes: N to 8000"]
fn threshold_linear_units_at_a_higher_load() {
    let mut table = Table::default();
    let load = 0.3;
    let model = point(&sparse(), "full", load, 0.155);
    entered(&mut table, "ReLU, α = 0.3", &model, &plan(load, &[(6000, 8), (7000, 8), (8000, 8)], 813));
    table.judge();
}

/// Theory at the simulated c, extrapolated in 1/C.
fn diluted(table: &mut Table, shares: &[(f64, usize)], neurons: usize, seed: u64) {
    let (load, active) = (0.6, 0.2);
    let mut observed: Vec<Vec<AtSize>> = vec![Vec::new(); OBSERVED.len()];
    let mut wrong: Vec<AtSize> = Vec::new();
    for &(c, samples) in shares {
        let model = point(&sparse(), &format!("diluted:c={c}"), load, active);
        let sizes = [(neurons, samples)];
        let at = plan(load, &sizes, seed);
        let run = at.run_from(table, &model, Some(Start::Typical));
        for (name, found) in OBSERVED.iter().zip(&mut observed) {
            found.extend(deviations(&run, name, retrieval(&model, name)));
        }
        let extreme = Model { connectivity: "extreme".parse().expect("a connectivity"), ..model };
        wrong.extend(deviations(&run, "m", retrieval(&extreme, "m")));
    }
    for (name, found) in OBSERVED.iter().zip(&observed) {
        table.agrees(format!("ReLU, diluted, {name}"), Deviation::extrapolated(found));
    }
    table.rejects("ReLU, diluted, m, theory at c = 0", Deviation::extrapolated(&wrong));
}

/// With all links there is no state at this load.
#[test]
#[ignore = "ten minutes: 2400 links per unit"]
fn diluted_threshold_linear_units() {
    let mut table = Table::default();
    diluted(&mut table, &[(0.03, 12), (0.06, 8), (0.12, 6)], 20_000, 821);
    table.judge();
}
