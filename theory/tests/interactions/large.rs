//! One coupling of a machine of any size.

use mattis_model::{Encoding, Machine};
use mattis_theory::interactions::{coupling, couplings};

use crate::units::{known_units, machine, reference, sites, tabulated, unit, weyl};

/// Walks through a list of the reference file.
fn walk(list: &str, least: usize, check: impl Fn(&str, &[usize], f64, f64, f64)) {
    let reference = reference();
    let mut checked = 0;
    for entry in reference[list].as_array().expect("a list") {
        let machine = machine(entry);
        for row in entry["couplings"].as_array().expect("a list") {
            let (sites, wanted) = (sites(&row[0]), row[1].as_f64().expect("J"));
            let found = coupling(&machine, &sites).expect("a coupling");
            let what = format!("{} {}", entry["unit"], entry["encoding"]);
            check(&what, &sites, found.value, wanted, found.error);
            checked += 1;
        }
    }
    assert!(checked >= least, "{checked}");
}

#[test]
fn small_machines() {
    walk("small", 160, |what, sites, value, wanted, error| {
        assert!((value - wanted).abs() <= error + 1e-16, "{what} {sites:?}: {value:e} {wanted:e} {error:e}");
        assert!(error < 1e-13, "{what} {sites:?}: {value:e} {error:e}");
    });
}

#[test]
fn weights_of_a_thousandth_keep_their_digits() {
    // Order six: 1e-21, where the alternating sum is 1e-16 of noise.
    walk("tiny", 32, |what, sites, value, wanted, error| {
        assert!((value - wanted).abs() <= error, "{what} {sites:?}: {value:e} {wanted:e} {error:e}");
        assert!((value - wanted).abs() < 1e-12 * wanted.abs(), "{what} {sites:?}: {value:e} {wanted:e}");
    });
}

#[test]
fn many_spins() {
    walk("many", 15, |what, sites, value, wanted, error| {
        assert!((value - wanted).abs() <= error, "{what} {sites:?}: {value:e} {wanted:e} {error:e}");
        assert!(error < 1e-12, "{what} {sites:?}: {error:e}");
    });
}

#[test]
fn one_by_one_and_all_at_once() {
    for (name, hidden) in known_units() {
        for encoding in Encoding::ALL {
            // Weights that are small, and weights that are not small against the distance of singularities.
            for scale in [0.05, 0.6] {
                let machine = weyl(&hidden, encoding, (6, 3), scale, 0.25);
                let all = couplings(&machine).expect("couplings");
                for set in 1..64_usize {
                    let sites: Vec<usize> = (0..6).filter(|i| set >> i & 1 == 1).collect();
                    let one = coupling(&machine, &sites).expect("a coupling");
                    let bound = all.error(sites.len()) + one.error;
                    let value = all.values()[set];
                    assert!(
                        (value - one.value).abs() <= bound,
                        "{name} {encoding} {sites:?} {value:e} {one:?}"
                    );
                }
            }
        }
    }
}

/// ∫_{[0,1]^k} K^{(k)}(c + Σ t W) Π W dt by a tensor of Gauss–Legendre nodes.
fn integral_form(machine: &Machine, sites: &[usize]) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let order = sites.len();
    let mut total = 0.0;
    for (column, bias) in machine.hidden_bias.iter().enumerate() {
        let weights: Vec<f64> = sites.iter().map(|i| machine.weights[*i][column]).collect();
        let mut cumulants = vec![0.0; order + 1];
        for point in 0..5_usize.pow(order as u32) {
            let (mut field, mut weight, mut rest) = (*bias, 1.0, point);
            for w in &weights {
                let (node, share) = NODES[rest % 5];
                rest /= 5;
                field += 0.5 * (1.0 + node) * w;
                weight *= 0.5 * share * w;
            }
            machine.hidden.cumulants(field, &mut cumulants);
            total += weight * cumulants[order];
        }
    }
    total
}

#[test]
fn the_integral_over_derivatives() {
    for (name, hidden) in known_units() {
        let machine = weyl(&hidden, Encoding::ZeroOne, (6, 2), 0.1, 0.6);
        for sites in [vec![0, 1], vec![1, 3, 4], vec![0, 2, 3, 5], vec![0, 1, 2, 3, 4, 5]] {
            let found = coupling(&machine, &sites).expect("a coupling");
            let wanted = integral_form(&machine, &sites);
            // Five nodes are exact to the ninth power of 0.05/ρ with ρ > 1.5; a third cumulant may nearly vanish.
            let off = (found.value - wanted).abs();
            assert!(off <= 1e-12 * wanted.abs() + found.error, "{name} {sites:?} {found:?} {wanted:e}");
        }
    }
}

#[test]
fn no_coupling_is_above_its_bound() {
    // |J_S| ≤ Σ_μ sup|K^{(k)}| Π|W|; the supremum over a fine grid of the fields that S can make.
    for (name, hidden) in known_units() {
        let machine = tabulated(hidden.clone(), Encoding::ZeroOne);
        for sites in [vec![0, 3], vec![0, 2, 5], vec![1, 2, 4, 7]] {
            let order = sites.len();
            let mut bound = 0.0;
            for (column, bias) in machine.hidden_bias.iter().enumerate() {
                let weights: Vec<f64> = sites.iter().map(|i| machine.weights[*i][column]).collect();
                let low: f64 = weights.iter().map(|w| w.min(0.0)).sum();
                let span: f64 = weights.iter().map(|w| w.abs()).sum();
                let mut cumulants = vec![0.0; order + 1];
                let supremum = (0..=2000).fold(0.0_f64, |most, j| {
                    hidden.cumulants(bias + low + span * f64::from(j) / 2000.0, &mut cumulants);
                    most.max(cumulants[order].abs())
                });
                bound += supremum * weights.iter().product::<f64>().abs();
            }
            let found = coupling(&machine, &sites).expect("a coupling").value;
            assert!(found.abs() <= bound * (1.0 + 1e-6) + 1e-15, "{name} {sites:?}: {found} {bound}");
        }
    }
}

#[test]
fn what_is_refused() {
    let machine = tabulated(unit("step"), Encoding::ZeroOne);
    for (sites, said) in [(vec![], "number of sites"), (vec![1, 1], "once"), (vec![8], "below N = 8")] {
        let refused = coupling(&machine, &sites).expect_err("no such coupling");
        assert!(refused.to_string().contains(said), "{refused}");
    }
    let potts =
        Machine::new("potts".parse().expect("a unit"), Encoding::ZeroOne, vec![vec![0.5, -0.3, 0.2]; 4])
            .expect("a machine");
    let refused = coupling(&potts, &[0, 1]).expect_err("several fields").to_string();
    assert!(refused.contains("potts") && !refused.contains('\n'), "{refused}");
    // All of them at once need no cumulants.
    assert!(couplings(&potts).expect("couplings").at(&[0, 1]).is_some_and(|j| j != 0.0));
}

#[test]
fn steps_far_from_the_weights() {
    // Far from the step of a unit all cumulants vanish, and a series at that place knows nothing of it.
    let step = unit("step");
    for (weights, bias) in [([150.0, 140.0], -200.0), ([400.0, -399.0], 30.0), ([60.0, 1e-3], -65.0)] {
        for encoding in Encoding::ALL {
            let machine = Machine::new(step.clone(), encoding, weights.map(|w| vec![w]).to_vec())
                .and_then(|m| m.with_biases(vec![0.0; 2], vec![bias]))
                .expect("a machine");
            let all = couplings(&machine).expect("couplings");
            for sites in [vec![0], vec![1], vec![0, 1]] {
                let one = coupling(&machine, &sites).expect("a coupling");
                let bound = all.error(2) + one.error;
                assert!(
                    (one.value - all.at(&sites).expect("J")).abs() <= bound,
                    "{weights:?} {sites:?} {one:?}"
                );
                assert!(one.error < 1e-12);
            }
        }
    }
}
