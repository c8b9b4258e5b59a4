//! Hidden units by name, machines out of the reference file, and some from a Weyl sequence.

use mattis_model::{Encoding, Machine, Unit};
use serde_json::Value;

/// A unit of the catalogue.
pub(crate) fn unit(name: &str) -> Unit {
    name.parse().unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

pub(crate) fn sites(value: &Value) -> Vec<usize> {
    value.as_array().expect("a list").iter().map(|x| x.as_u64().expect("a site") as usize).collect()
}

pub(crate) fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/interactions.json")).expect("valid JSON")
}

/// The machine of an entry of the reference file.
pub(crate) fn machine(entry: &Value) -> Machine {
    let hidden = unit(entry["unit"].as_str().expect("a name"));
    let encoding: Encoding = entry["encoding"].as_str().expect("an encoding").parse().expect("an encoding");
    let weights = entry["weights"].as_array().expect("rows").iter().map(numbers).collect();
    let machine = Machine::new(hidden, encoding, weights).expect("a machine");
    let biases = (numbers(&entry["visible_bias"]), numbers(&entry["hidden_bias"]));
    machine.with_biases(biases.0, biases.1).expect("a machine")
}

/// A machine with N·M weights in ±scale, b in ±0.4 and c in ±0.5, from the Weyl sequence of the golden ratio.
pub(crate) fn weyl(
    hidden: &Unit,
    encoding: Encoding,
    size: (usize, usize),
    scale: f64,
    start: f64,
) -> Machine {
    let mut x = start;
    let mut next = |scale: f64| {
        x = (x + 0.618_033_988_749_894_9_f64).fract();
        scale * (2.0 * x - 1.0)
    };
    let (visible, columns) = size;
    let weights = (0..visible).map(|_| (0..columns).map(|_| next(scale)).collect()).collect();
    let b = (0..visible).map(|_| next(0.4)).collect();
    let c = (0..columns).map(|_| next(0.5)).collect();
    Machine::new(hidden.clone(), encoding, weights).and_then(|m| m.with_biases(b, c)).expect("a machine")
}

/// The machine of eight visible and three hidden units whose numbers are tabulated.
pub(crate) fn tabulated(hidden: Unit, encoding: Encoding) -> Machine {
    let weights = [
        [0.5, -0.3, 0.2],
        [-0.25, 0.6, 0.1],
        [0.4, 0.35, -0.45],
        [-0.55, 0.15, 0.3],
        [0.1, -0.2, 0.7],
        [0.65, 0.25, -0.15],
        [-0.35, -0.5, 0.05],
        [0.2, 0.45, 0.55],
    ];
    let b = vec![0.1, -0.2, 0.05, 0.0, -0.15, 0.25, -0.05, 0.15];
    let weights = weights.iter().map(|row| row.to_vec()).collect();
    let machine = Machine::new(hidden, encoding, weights).expect("a machine");
    machine.with_biases(b, vec![0.3, -0.4, 0.1]).expect("a machine")
}

/// Units of every kind.
pub(crate) fn known_units() -> Vec<(&'static str, Unit)> {
    [
        "step",
        "spin",
        "three-state",
        "gaussian",
        "poisson",
        "exponential-density:rate=5",
        "relu",
        "uniform",
        "double-relu:gamma-plus=1:gamma-minus=2:theta-plus=0.5:theta-minus=-0.3",
        "laplace:rate=6",
        "binomial",
        "softplus",
        "boolean-gaussian",
    ]
    .into_iter()
    .map(|name| (name, unit(name)))
    .collect()
}
