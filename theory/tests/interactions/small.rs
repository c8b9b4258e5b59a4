//! All couplings of small machines.

use mattis_model::{Encoding, Machine};
use mattis_theory::TheoryError;
use mattis_theory::interactions::{Couplings, Cube, couplings};

use crate::units::{known_units, machine, numbers, reference, sites, tabulated, unit, weyl};

fn all(machine: &Machine) -> Couplings {
    couplings(machine).expect("couplings")
}

/// ln P + ln Z of a state by bits.
fn log_weight(machine: &Machine, state: usize) -> f64 {
    let low = machine.encoding.low();
    let v: Vec<f64> = (0..machine.visible()).map(|i| if state >> i & 1 == 1 { 1.0 } else { low }).collect();
    let bias: f64 = v.iter().zip(&machine.visible_bias).map(|(v, b)| v * b).sum();
    bias + machine.free(&machine.fields(&v))
}

/// J_S from the definitions, term by term.
fn by_definition(machine: &Machine, set: usize) -> f64 {
    let states = 0..1_usize << machine.visible();
    let sign = |flips: u32| if flips.is_multiple_of(2) { 1.0 } else { -1.0 };
    match machine.encoding {
        Encoding::ZeroOne => states
            .filter(|state| state & !set == 0)
            .map(|state| sign((set & !state).count_ones()) * log_weight(machine, state))
            .sum(),
        Encoding::PlusMinus => {
            let count = states.len() as f64;
            states.map(|state| sign((set & !state).count_ones()) * log_weight(machine, state)).sum::<f64>()
                / count
        }
    }
}

#[test]
fn every_coupling_is_its_alternating_sum() {
    let units = known_units();
    assert!(units.len() >= 6);
    for (name, hidden) in units {
        for encoding in Encoding::ALL {
            let machine = tabulated(hidden.clone(), encoding);
            let found = all(&machine);
            assert_eq!(found.values().len(), 256);
            for (set, value) in found.values().iter().enumerate() {
                let wanted = by_definition(&machine, set);
                assert!((value - wanted).abs() < 1e-12, "{name} {encoding} {set:b}: {value} {wanted}");
            }
            // And they are ln P again.
            for (state, value) in found.log_weights().iter().enumerate() {
                assert!((value - log_weight(&machine, state)).abs() < 1e-12, "{name} {encoding} {state:b}");
            }
        }
    }
}

/// Rows of a published table: unit, ln Z in 0/1 and ±1, J of the first two and three sites in 0/1.
const TABLE: [(&str, [f64; 4]); 9] = [
    ("gaussian", [6.69923495700875, 8.66091654339224, -0.285, 0.0]),
    ("step", [6.73943099623427, 6.69443448471485, -0.0687077951993209, 0.00278860437394767]),
    ("spin", [6.42616509961212, 7.32090705669413, -0.248930919906096, 0.0278478117846538]),
    ("relu", [7.71833182368876, 8.61495748785552, -0.106600702260562, -0.0290960162036806]),
    ("poisson", [10.8065854406607, 27.1955191882922, -0.310796747324329, -0.164447505790753]),
    (
        "exponential-density:rate=5",
        [5.99529740016133, 5.84444959600547, -0.0121154148883525, -0.00237734788779646],
    ),
    ("uniform", [5.9210586433457, 6.25958771093684, -0.0939895362876659, 0.00446397466154264]),
    (
        "double-relu:gamma-plus=1:gamma-minus=2:theta-plus=0.5:theta-minus=-0.3",
        [6.39575958767078, 7.18815645244307, -0.162178420358583, -0.0184397234031682],
    ),
    ("softplus", [7.65569926196499, 8.68067827848526, -0.1431720622719, -0.0290567366413241]),
];

#[test]
fn the_table_of_activations() {
    let mut walked = 0;
    for (name, [log_z, log_z_spins, pair, triple]) in TABLE {
        let hidden = unit(name);
        walked += 1;
        let no_field =
            matches!(name.split(':').next(), Some("exponential-density" | "uniform" | "double-relu"));
        let build = |encoding| {
            let machine = tabulated(hidden.clone(), encoding);
            if no_field {
                let b = machine.visible_bias.clone();
                return machine.with_biases(b, vec![0.0; 3]).expect("a machine");
            }
            machine
        };
        let found = all(&build(Encoding::ZeroOne));
        let spins = all(&build(Encoding::PlusMinus));
        let rows = [
            (found.log_z(), log_z),
            (spins.log_z(), log_z_spins),
            (found.at(&[0, 1]).expect("a pair"), pair),
            (found.at(&[0, 1, 2]).expect("a triple"), triple),
        ];
        for (found, wanted) in rows {
            assert!((found - wanted).abs() < 1e-13 * (1.0 + wanted.abs()), "{name}: {found} {wanted}");
        }
    }
    assert!(walked >= 5);
}

#[test]
fn machines_of_the_second_method() {
    let reference = reference();
    let mut checked = 0;
    for entry in reference["small"].as_array().expect("a list") {
        let machine = machine(entry);
        let found = all(&machine);
        assert!(
            (found.log_z() - entry["log_z"].as_f64().expect("ln Z")).abs() < 1e-13 * (1.0 + found.log_z())
        );
        for row in entry["couplings"].as_array().expect("a list") {
            let (sites, wanted) = (sites(&row[0]), row[1].as_f64().expect("J"));
            let value = found.at(&sites).expect("a coupling");
            let error = found.error(sites.len());
            assert!(
                (value - wanted).abs() <= error,
                "{} {sites:?}: {value} {wanted} {error:e}",
                entry["unit"]
            );
            assert!(error < 1e-13);
            checked += 1;
        }
        assert_eq!(numbers(&entry["means"]).len(), machine.visible());
    }
    assert!(checked >= 160, "{checked}");
}

#[test]
fn encodings_are_two_forms_of_one_law() {
    for (name, hidden) in known_units() {
        let machine = tabulated(hidden, Encoding::ZeroOne);
        let found = all(&machine);
        let spins = found.converted(Encoding::PlusMinus);
        // J^±_S = Σ_{T⊇S} 2^{−|T|} J_T.
        for set in 0..256_usize {
            let wanted: f64 = (0..256_usize)
                .filter(|t| t & set == set)
                .map(|t| found.values()[t] * 0.5_f64.powi(t.count_ones() as i32))
                .sum();
            assert!((spins.values()[set] - wanted).abs() < 1e-13, "{name} {set:b}");
        }
        let back = spins.converted(Encoding::ZeroOne);
        assert!(found.values().iter().zip(back.values()).all(|(a, b)| (a - b).abs() < 1e-12), "{name}");
        assert!((found.log_z() - spins.log_z()).abs() < 1e-12, "{name}");
        assert!(found.difference(&spins).expect("one size") < 1e-12, "{name}");
        // Another machine is another law.
        let other = tabulated(machine.hidden.clone(), Encoding::PlusMinus);
        assert!(found.difference(&all(&other)).expect("one size") > 0.1, "{name}");
    }
    let small = all(&weyl(&unit("step"), Encoding::ZeroOne, (3, 1), 1.0, 0.1));
    assert_eq!(small.difference(&all(&tabulated(unit("step"), Encoding::ZeroOne))), None);
}

#[test]
fn step_and_spin_of_half_the_weight_agree_beyond_the_fields() {
    let step = tabulated(unit("step"), Encoding::ZeroOne);
    let halved = step.weights.iter().map(|row| row.iter().map(|w| 0.5 * w).collect()).collect();
    let bias = step.hidden_bias.iter().map(|c| 0.5 * c).collect();
    let spin = Machine::new(unit("spin"), Encoding::ZeroOne, halved)
        .and_then(|m| m.with_biases(step.visible_bias.clone(), bias))
        .expect("a machine");
    let (a, b) = (all(&step), all(&spin));
    let mut differ = 0;
    for (set, (a, b)) in a.values().iter().zip(b.values()).enumerate() {
        if set.count_ones() >= 2 {
            assert!((a - b).abs() < 1e-13, "{set:b}");
        } else if (a - b).abs() > 1e-3 {
            differ += 1;
        }
    }
    assert_eq!(differ, 8, "every field gets W/2 beside");
}

#[test]
fn gaussian_units_couple_pairs_and_poisson_units_products() {
    let machine = tabulated(unit("gaussian"), Encoding::ZeroOne);
    let statistics = all(&machine).orders();
    assert!(statistics[1].max_abs > 0.4);
    assert!(statistics[2..].iter().all(|order| order.max_abs < 1e-12));

    let poisson = unit("poisson");
    for encoding in Encoding::ALL {
        let machine = weyl(&poisson, encoding, (7, 3), 0.8, 0.3);
        let found = all(&machine);
        for set in 1..128_usize {
            let product = |column: usize| -> f64 {
                let factor = |(i, row): (usize, &Vec<f64>)| match (encoding, set >> i & 1) {
                    (Encoding::ZeroOne, 1) => row[column].exp() - 1.0,
                    (Encoding::ZeroOne, _) => 1.0,
                    (Encoding::PlusMinus, 1) => row[column].sinh(),
                    (Encoding::PlusMinus, _) => row[column].cosh(),
                };
                machine.hidden_bias[column].exp()
                    * machine.weights.iter().enumerate().map(factor).product::<f64>()
            };
            let mut wanted: f64 = (0..3).map(product).sum();
            if set.is_power_of_two() {
                wanted += machine.visible_bias[set.trailing_zeros() as usize];
            }
            assert!((found.values()[set] - wanted).abs() < 1e-12, "{encoding} {set:b}");
        }
    }
}

#[test]
fn statistics_and_the_largest() {
    let found = all(&tabulated(unit("spin"), Encoding::ZeroOne));
    let orders = found.orders();
    assert_eq!(orders.iter().map(|order| order.count).collect::<Vec<_>>(), [8, 28, 56, 70, 56, 28, 8, 1]);
    // Of the published statistics of this machine.
    for (order, [mean_abs, rms]) in [
        (1, [0.296885953525663, 0.338900413793928]),
        (2, [0.159438047593423, 0.188188445805744]),
        (5, [0.0130840684219817, 0.0171839728948053]),
    ] {
        let row = orders[order - 1];
        assert!((row.mean_abs - mean_abs).abs() < 1e-14 && (row.rms - rms).abs() < 1e-14, "{row:?}");
    }
    let largest = found.largest(5, 2..=3);
    assert_eq!(largest.len(), 5);
    assert_eq!(largest[0].value.abs(), orders[1].max_abs.max(orders[2].max_abs));
    assert!(largest.windows(2).all(|pair| pair[0].value.abs() >= pair[1].value.abs()));
    assert!(largest.iter().all(|c| found.at(&c.sites) == Some(c.value)));
    assert_eq!(found.largest(1000, 8..=8).len(), 1);
    assert_eq!(found.at(&[0, 0]), None);
    assert_eq!(found.at(&[8]), None);
}

#[test]
fn blocks_in_any_order_and_a_limit() {
    let machine = weyl(&unit("step"), Encoding::PlusMinus, (13, 2), 0.6, 0.7);
    let cube = Cube::new(&machine).expect("a cube");
    assert_eq!(cube.blocks(), 8);
    let mut blocks: Vec<(usize, Vec<f64>)> = (0..8).rev().map(|k| (k, cube.block(k))).collect();
    blocks.sort_by_key(|(k, _)| *k);
    let found = cube.finish(blocks.into_iter().map(|(_, values)| values));
    assert_eq!(found, all(&machine));
    let wanted = by_definition(&machine, 0b1_0000_0000_0110);
    assert!((found.at(&[1, 2, 12]).expect("a triple") - wanted).abs() < 1e-14);

    let large = weyl(&unit("step"), Encoding::ZeroOne, (25, 1), 0.6, 0.7);
    let refused = couplings(&large).expect_err("too large");
    assert!(matches!(refused, TheoryError::Exact(_)));
    assert!(refused.to_string().contains("2^25 states"), "{refused}");
}
