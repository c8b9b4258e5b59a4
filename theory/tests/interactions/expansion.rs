//! The series in the weights.

use mattis_model::Encoding;
use mattis_theory::interactions::{MAX_EXPANSION, coupling, expansion};

use crate::units::{known_units, tabulated, unit, weyl};

#[test]
fn what_is_left_out_is_below_its_bound() {
    let mut useful = 0;
    for (name, hidden) in known_units() {
        for encoding in Encoding::ALL {
            for scale in [0.02, 0.1, 0.3] {
                let machine = weyl(&hidden, encoding, (7, 2), scale, 0.45);
                for sites in [vec![2], vec![0, 3], vec![1, 2, 6], vec![0, 2, 3, 5]] {
                    let exact = coupling(&machine, &sites).expect("a coupling");
                    for through in sites.len()..sites.len() + 6 {
                        let found = expansion(&machine, &sites, through).expect("an expansion");
                        let off = (found.value - exact.value).abs();
                        let rounding = exact.error + 1e-15 * exact.value.abs();
                        assert!(
                            off <= found.remainder + rounding,
                            "{name} {encoding} {scale} {sites:?} {through}: {off:e} {found:?}"
                        );
                        // A bound of a thousand times the error would say little.
                        if found.remainder < 1e3 * off {
                            useful += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(useful > 200, "{useful}");
}

#[test]
fn leading_terms() {
    let machine = weyl(&unit("step"), Encoding::ZeroOne, (6, 2), 0.3, 0.15);
    let mut wanted = [0.0; 2];
    for (column, bias) in machine.hidden_bias.iter().enumerate() {
        let mut k = [0.0; 5];
        machine.hidden.cumulants(*bias, &mut k);
        let w = [machine.weights[1][column], machine.weights[4][column]];
        wanted[0] += w[0] * w[1] * (k[2] + 0.5 * k[3] * (w[0] + w[1]));
        let squares = |inside: bool| -> f64 {
            let chosen = machine.weights.iter().enumerate().filter(|(i, _)| [1, 4].contains(i) == inside);
            chosen.map(|(_, row)| row[column].powi(2)).sum()
        };
        wanted[1] += w[0] * w[1] * (k[2] + k[4] * (squares(true) / 6.0 + squares(false) / 2.0));
    }
    let found = expansion(&machine, &[4, 1], 3).expect("an expansion");
    assert!((found.value - wanted[0]).abs() < 1e-16, "{found:?} {wanted:?}");
    let spins = weyl(&machine.hidden, Encoding::PlusMinus, (6, 2), 0.3, 0.15);
    let found = expansion(&spins, &[1, 4], 5).expect("an expansion");
    assert!((found.value - wanted[1]).abs() < 1e-16, "{found:?} {wanted:?}");
}

#[test]
fn gaussian_units_end_at_the_second_order() {
    for encoding in Encoding::ALL {
        let machine = tabulated(unit("gaussian"), encoding);
        for sites in [vec![3], vec![0, 7], vec![1, 2, 3]] {
            let found = expansion(&machine, &sites, 2).expect("an expansion");
            let exact = coupling(&machine, &sites).expect("a coupling").value;
            assert!((found.value - exact).abs() < 1e-15 && found.remainder == 0.0, "{found:?} {exact}");
        }
    }
}

#[test]
fn orders_beyond_the_table() {
    let machine = tabulated(unit("step"), Encoding::ZeroOne);
    assert!(expansion(&machine, &[0, 1], MAX_EXPANSION).is_ok());
    let refused = expansion(&machine, &[0, 1], MAX_EXPANSION + 1).expect_err("too high");
    assert!(refused.to_string().contains("at most 28"), "{refused}");
    // Fewer orders than sites: nothing but the bound.
    let nothing = expansion(&machine, &[0, 1, 2], 1).expect("an expansion");
    let exact = coupling(&machine, &[0, 1, 2]).expect("a coupling").value;
    assert!(nothing.value == 0.0 && exact.abs() <= nothing.remainder);
}
