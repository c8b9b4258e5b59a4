//! Machines with hidden units: sizes, domains, what the hidden units add to ln P.

use mattis_model::{Encoding, Machine, Unit};
use serde::Deserialize;

fn unit(text: &str) -> Unit {
    text.parse().expect("a unit")
}

fn machine(text: &str, weights: &[&[f64]]) -> Machine {
    let weights = weights.iter().map(|row| row.to_vec()).collect();
    Machine::new(unit(text), Encoding::ZeroOne, weights).expect("a machine")
}

/// Every assignment of low and high to n visible units, bit i of the index for unit i.
fn assignments(visible: usize, encoding: Encoding) -> impl Iterator<Item = Vec<f64>> {
    let value = move |bit: usize| if bit == 1 { 1.0 } else { encoding.low() };
    (0..1_usize << visible).map(move |k| (0..visible).map(|i| value(k >> i & 1)).collect())
}

#[derive(Deserialize)]
struct Row {
    unit: String,
    biased: bool,
    encoding: Encoding,
    log_z: String,
    mean_log_likelihood: String,
    pair: Option<String>,
    triple: Option<String>,
}

#[derive(Deserialize)]
struct Instance {
    weights: Vec<Vec<f64>>,
    visible_bias: Vec<f64>,
    hidden_bias: Vec<f64>,
    data: Vec<Vec<usize>>,
    rows: Vec<Row>,
}

/// ln Z, the mean log-likelihood of data and the lowest interactions of one machine with every activation, by
/// enumeration, against `tests/reference/machine.py`.
#[test]
fn a_small_machine_has_the_log_weights_of_thirty_digits() {
    let instance: Instance =
        serde_json::from_str(include_str!("../reference/machine.json")).expect("the reference");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    assert_eq!(instance.rows.len(), 22);
    for row in &instance.rows {
        let hidden = if row.biased { instance.hidden_bias.clone() } else { vec![0.0; 3] };
        let machine = Machine::new(unit(&row.unit), row.encoding, instance.weights.clone())
            .and_then(|machine| machine.with_biases(instance.visible_bias.clone(), hidden))
            .expect("a machine");
        let log_weight = |v: &[f64]| {
            let field: f64 = machine.visible_bias.iter().zip(v).map(|(b, v)| b * v).sum();
            field + machine.free(&machine.fields(v))
        };
        let weights: Vec<f64> = assignments(8, row.encoding).map(|v| log_weight(&v)).collect();
        let log_z = weights.iter().map(|f| f.exp()).sum::<f64>().ln();
        let of_bits =
            |bits: &[usize]| weights[bits.iter().enumerate().map(|(i, bit)| bit << i).sum::<usize>()];
        let likelihood = instance.data.iter().map(|bits| of_bits(bits)).sum::<f64>() / 5.0 - log_z;
        let close = |name: &str, found: f64, expected: f64| {
            let off = (found - expected).abs() / expected.abs().max(1.0);
            assert!(off < 4e-15, "{name} of {} in {}: {found} not {expected}", row.unit, row.encoding);
        };
        close("ln Z", log_z, number(&row.log_z));
        close("likelihood", likelihood, number(&row.mean_log_likelihood));
        for (text, size) in [(&row.pair, 2_u32), (&row.triple, 3)] {
            let Some(expected) = text else { continue };
            // J_S = Σ_{T ⊆ S} (−1)^{|S| − |T|} F(T).
            let sign = |k: usize| if (size + k.count_ones()).is_multiple_of(2) { 1.0 } else { -1.0 };
            let found: f64 = (0..1_usize << size).map(|k| sign(k) * weights[k]).sum();
            close("J", found, number(expected));
        }
    }
}

/// F(v) = Σ_μ ln ⟨e^{q_μ z}⟩ over the levels of a hidden unit.
#[test]
fn what_hidden_units_add_is_their_sum_over_levels() {
    for text in ["ising", "binary:threshold=0.4", "three-state:crystal-field=-0.3", "binomial:n=4"] {
        for encoding in Encoding::ALL {
            let weights = vec![vec![0.7, -1.1], vec![-0.4, 0.3], vec![2.0, 0.1]];
            let machine = Machine::new(unit(text), encoding, weights)
                .and_then(|machine| machine.with_biases(vec![0.0; 3], vec![0.25, -0.6]))
                .expect("a machine");
            assert_eq!((machine.visible(), machine.columns(), machine.hidden_units()), (3, 2, 2));
            let sum = |q: f64| {
                let levels = machine.hidden.levels();
                let hidden = &machine.hidden;
                levels.iter().map(|z| hidden.weight(*z) * (q * z - hidden.potential(*z)).exp()).sum::<f64>()
            };
            for v in assignments(3, encoding) {
                let fields = machine.fields(&v);
                let expected: f64 =
                    fields.iter().zip(&machine.hidden_bias).map(|(q, c)| (sum(*q) / sum(*c)).ln()).sum();
                assert!((machine.free(&fields) - expected).abs() < 2e-15, "{text} {encoding} {v:?}");
                for (column, field) in fields.iter().enumerate() {
                    let (least, most) = machine.reach(column);
                    assert!(least <= field + 1e-15 && *field <= most + 1e-15);
                }
            }
            assert_eq!(machine.free(&machine.hidden_bias), 0.0);
        }
    }
}

/// Small fields of a Potts unit keep their digits: F = ⟨q⟩ + ½Var(q) + ….
#[test]
fn potts_units_have_a_field_for_every_state() {
    let machine = machine("potts:states=3", &[&[1e-9, -1e-9, 3e-9], &[0.5, -0.2, 4.0]]);
    assert_eq!((machine.columns(), machine.hidden_units()), (3, 1));
    let small = machine.free(&machine.fields(&[1.0, 0.0]));
    let expected = 1e-9 + 0.5 * (8.0 / 3.0) * 1e-18;
    assert!((small / expected - 1.0).abs() < 1e-15, "{small:e}");
    let large = machine.free(&machine.fields(&[0.0, 1.0]));
    let exact = ((0.5_f64.exp() + (-0.2_f64).exp() + 4.0_f64.exp()) / 3.0).ln();
    assert!((large - exact).abs() < 1e-15, "{large}");
    assert_eq!(machine.free(&[0.0; 3]), 0.0);
}

#[test]
fn wrong_sizes_and_fields_beyond_the_domain_are_refused() {
    let refused = |text: &str, weights: &[&[f64]], visible: &[f64], hidden: &[f64]| {
        let weights = weights.iter().map(|row| row.to_vec()).collect();
        let message = Machine::new(unit(text), Encoding::PlusMinus, weights)
            .and_then(|machine| machine.with_biases(visible.to_vec(), hidden.to_vec()))
            .expect_err("a wrong machine")
            .to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    };
    assert!(refused("ising", &[], &[], &[]).contains("at least one visible"));
    assert!(refused("ising", &[&[]], &[0.0], &[]).contains("at least one visible"));
    assert!(refused("ising", &[&[1.0], &[1.0, 2.0]], &[0.0; 2], &[0.0]).contains("length of a row"));
    assert!(refused("ising", &[&[1.0]], &[0.0; 2], &[0.0]).contains("visible biases"));
    assert!(refused("ising", &[&[1.0]], &[0.0], &[0.0; 2]).contains("hidden biases"));
    assert!(refused("ising", &[&[f64::NAN]], &[0.0], &[0.0]).contains("a finite number"));
    assert!(refused("potts:states=3", &[&[1.0, 2.0]], &[0.0], &[0.0; 2]).contains("a multiple of 3"));
    // |q + c| reaches 1.3 at s = (1, −1).
    for text in ["laplace:rate=1.2", "exponential-density:rate=1.2"] {
        let message = refused(text, &[&[0.7], &[-0.4]], &[0.0; 2], &[0.2]);
        assert!(message.contains("largest field of hidden unit 0") && message.contains("1.2"), "{message}");
    }
    let inside = Machine::new(unit("laplace:rate=1.2"), Encoding::PlusMinus, vec![vec![0.7], vec![-0.4]]);
    assert_eq!(inside.expect("fields up to 1.1").reach(0).1, 1.1);
}

#[test]
fn machines_survive_their_json() {
    let machine = machine("double-relu:theta-plus=0.5", &[&[0.1, -3.0], &[0.25, 1e-7]]);
    let json = serde_json::to_string(&machine).expect("JSON");
    assert!(json.contains("\"01\""), "{json}");
    assert_eq!(serde_json::from_str::<Machine>(&json).expect("its own JSON"), machine);
    assert!(serde_json::from_str::<Machine>(&json.replace("hidden_bias", "hidden-bias")).is_err());
    assert!(serde_json::from_str::<Machine>(&json.replacen('{', "{\"extra\":1,", 1)).is_err());
    // What a file says is checked as well.
    let ragged = serde_json::from_str::<Machine>(&json.replace("[0.1,-3.0]", "[0.1]"));
    assert!(ragged.expect_err("rows of two lengths").to_string().contains("length of a row"));
    for encoding in Encoding::ALL {
        assert_eq!(encoding.to_string().parse::<Encoding>().expect("its own text"), encoding);
    }
    assert!("ising".parse::<Encoding>().expect_err("no encoding").to_string().contains("01 or pm1"));
}
