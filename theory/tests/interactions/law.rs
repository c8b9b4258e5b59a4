//! Machines by enumeration: moments, gradients, the Gibbs sampler.

use mattis_model::{Encoding, Machine};
use mattis_theory::exact::{MachineGradient, MachineLaw, pseudo_log_likelihood};
use mattis_theory::interactions::couplings;

use crate::units::{known_units, machine, numbers, reference, tabulated, unit, weyl};

fn law(machine: &Machine) -> MachineLaw<'_> {
    MachineLaw::new(machine).expect("a small machine")
}

/// Five rows of the tabulated machine.
fn data(encoding: Encoding) -> Vec<Vec<f64>> {
    [
        [1, 0, 1, 0, 1, 1, 0, 1],
        [0, 1, 1, 0, 0, 1, 0, 1],
        [1, 1, 0, 0, 1, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 1, 0],
        [1, 0, 1, 0, 0, 1, 0, 1],
    ]
    .iter()
    .map(|row| row.iter().map(|bit| if *bit == 1 { 1.0 } else { encoding.low() }).collect())
    .collect()
}

#[test]
fn machines_of_the_second_method() {
    let reference = reference();
    let mut walked = 0;
    for entry in reference["small"].as_array().expect("a list") {
        let machine = machine(entry);
        walked += 1;
        let found = law(&machine);
        let what = format!("{} {}", entry["unit"], entry["encoding"]);
        let close = |found: f64, wanted: &serde_json::Value| {
            let wanted = wanted.as_f64().expect("a number");
            assert!((found - wanted).abs() < 2e-14 * (1.0 + wanted.abs()), "{what}: {found} {wanted}");
        };
        close(found.log_z(), &entry["log_z"]);
        for (mean, wanted) in found.means().iter().zip(entry["means"].as_array().expect("a list")) {
            close(*mean, wanted);
        }
        close(found.correlations()[0][1], &entry["correlation_01"]);
        if !entry["log_z_joint"].is_null() {
            close(found.log_z_joint().expect("a normaliser"), &entry["log_z_joint"]);
            let rows = found.hidden_correlations();
            for (row, wanted) in rows.iter().zip(entry["hidden_correlations"].as_array().expect("rows")) {
                row.iter().zip(wanted.as_array().expect("a row")).for_each(|(x, wanted)| close(*x, wanted));
            }
        }
        let data: Vec<Vec<f64>> = entry["data"].as_array().expect("rows").iter().map(numbers).collect();
        let likelihoods = found.log_likelihood(&data).expect("states");
        for (found, wanted) in likelihoods.iter().zip(entry["log_likelihood"].as_array().expect("a list")) {
            close(*found, wanted);
        }
        close(pseudo_log_likelihood(&machine, &data).expect("states"), &entry["pseudo_log_likelihood"]);
        let gradient = found.gradient(&data).expect("states");
        let last = gradient.weights.last().and_then(|row| row.last()).expect("a weight");
        close(*last, &entry["gradient_last"]);
    }
    assert!(walked >= 14);
}

#[test]
fn the_table_of_likelihoods() {
    // ln Z of both layers, and mean ln P of five rows in 0/1 and ±1.
    let table = [
        ("gaussian", [-4.90623495700875, -4.32091654339224]),
        ("step", [-5.16990933749219, -4.98987697147143]),
        ("spin", [-5.06947526250901, -4.64178673451066]),
        ("relu", [-5.11379533415501, -5.31069347317360]),
        ("poisson", [-5.51781593947196, -14.9813014457958]),
    ];
    for (name, wanted) in table {
        let hidden = unit(name);
        for (encoding, wanted) in Encoding::ALL.into_iter().zip(wanted) {
            let machine = tabulated(hidden.clone(), encoding);
            let rows = law(&machine).log_likelihood(&data(encoding)).expect("states");
            let mean = rows.iter().sum::<f64>() / 5.0;
            assert!(
                (mean - wanted).abs() < 2e-14 * (1.0 + wanted.abs()) + 5e-15,
                "{name} {encoding}: {mean} {wanted}"
            );
        }
    }
    let step = tabulated(unit("step"), Encoding::ZeroOne);
    assert!((law(&step).log_z_joint().expect("ln Z") - 8.851198153176323).abs() < 2e-14);
    let spin = tabulated(unit("spin"), Encoding::PlusMinus);
    assert!((law(&spin).log_z_joint().expect("ln Z") - 9.52763454250938).abs() < 2e-14);
    assert!((law(&step).entropy() - 5.319920218850617).abs() < 1e-14);
}

/// √Σ of the squares of a list.
fn norm(rows: &[Vec<f64>]) -> f64 {
    rows.iter().flatten().map(|x| x * x).sum::<f64>().sqrt()
}

fn minus(a: &MachineGradient, b: &MachineGradient) -> Vec<Vec<f64>> {
    let rows = a.weights.iter().zip(&b.weights);
    rows.map(|(a, b)| a.iter().zip(b).map(|(a, b)| a - b).collect()).collect()
}

#[test]
fn contrastive_divergence_of_a_published_machine() {
    let machine = tabulated(unit("step"), Encoding::ZeroOne);
    let found = law(&machine);
    let data = data(Encoding::ZeroOne);
    let exact = found.gradient(&data).expect("a gradient");
    for (sweeps, wanted, digit) in
        [(1, 4.084e-2, 1e-5), (2, 2.842e-3, 1e-6), (3, 2.09e-4, 1e-6), (5, 1.21e-6, 1e-8)]
    {
        let step = found.contrastive_divergence(&data, sweeps).expect("a step");
        let off = norm(&minus(&step, &exact)) / norm(&exact.weights);
        assert!((off - wanted).abs() < 0.5 * digit, "{sweeps}: {off:e} {wanted:e}");
    }
    let eigenvalues = found.gibbs_eigenvalues().expect("eigenvalues");
    assert_eq!(eigenvalues.len(), 8);
    for (found, wanted) in eigenvalues.iter().zip([1.0, 0.0772179, 0.0580251]) {
        assert!((found - wanted).abs() < 5e-8, "{eigenvalues:?}");
    }
}

#[test]
fn sweeps_leave_the_law_and_relax_at_their_second_eigenvalue() {
    for name in ["step", "spin", "three-state"] {
        for encoding in Encoding::ALL {
            let machine = weyl(&unit(name), encoding, (4, 2), 0.8, 0.35);
            let found = law(&machine);
            // Data in exact proportion would need the law itself: the gradient of its own mean is zero at k = 0.
            let data = vec![vec![1.0, encoding.low(), 1.0, 1.0]];
            let exact = found.gradient(&data).expect("a gradient");
            let off = |sweeps| {
                let step = found.contrastive_divergence(&data, sweeps).expect("a step");
                norm(&minus(&step, &exact))
            };
            assert!((off(0) - norm(&exact.weights)).abs() < 1e-15);
            let second = found.gibbs_eigenvalues().expect("eigenvalues")[1];
            let ratio = off(9) / off(8);
            // The third eigenvalue is close behind the second.
            assert!((ratio / second - 1.0).abs() < 0.2, "{name} {encoding}: {ratio} {second}");
            assert!(off(60) < 1e-14, "{name} {encoding}: {:e}", off(60));
        }
    }
}

#[test]
fn a_layer_may_be_the_smaller_one() {
    // Two visible and eight hidden units: the eigenvalues are those of the visible side.
    let wide = weyl(&unit("step"), Encoding::ZeroOne, (2, 8), 0.9, 0.15);
    let found = law(&wide).gibbs_eigenvalues().expect("eigenvalues");
    assert_eq!(found.len(), 4);
    assert!((found[0] - 1.0).abs() < 1e-13 && found[1] < 1.0 && found[3] > -1e-15, "{found:?}");
    // One visible spin and one hidden spin: T has eigenvalues 1 and tanh² W.
    let pair = Machine::new(unit("spin"), Encoding::PlusMinus, vec![vec![0.7]]).expect("a machine");
    let found = law(&pair).gibbs_eigenvalues().expect("eigenvalues");
    assert!((found[1] - 0.7_f64.tanh().powi(2)).abs() < 1e-15, "{found:?}");
}

#[test]
fn gradients_are_derivatives() {
    for (name, hidden) in known_units() {
        for encoding in Encoding::ALL {
            let machine = weyl(&hidden, encoding, (4, 2), 0.5, 0.65);
            let data = vec![vec![1.0, encoding.low(), 1.0, 1.0], vec![encoding.low(); 4]];
            let mean = |machine: &Machine| {
                law(machine).log_likelihood(&data).expect("states").iter().sum::<f64>() / 2.0
            };
            let gradient = law(&machine).gradient(&data).expect("a gradient");
            let moved = |change: &dyn Fn(&mut Machine, f64)| {
                // Fourth order of the step.
                let at = |x: f64| {
                    let mut moved = machine.clone();
                    change(&mut moved, x);
                    mean(&moved)
                };
                let h = 1e-3;
                (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h)
            };
            for i in 0..4 {
                let wanted = moved(&|m, x| m.visible_bias[i] += x);
                assert!((gradient.visible[i] - wanted).abs() < 1e-11, "{name} b");
                for u in 0..2 {
                    let wanted = moved(&|m, x| m.weights[i][u] += x);
                    assert!((gradient.weights[i][u] - wanted).abs() < 1e-11, "{name} W {i} {u}");
                }
            }
            for u in 0..2 {
                let wanted = moved(&|m, x| m.hidden_bias[u] += x);
                assert!((gradient.hidden[u] - wanted).abs() < 1e-11, "{name} {encoding} c");
            }
        }
    }
}

#[test]
fn potts_units_and_the_couplings() {
    let weights = vec![vec![0.5, -0.3, 0.2, 0.1, 0.6, -0.7]; 3];
    let potts = Machine::new("potts".parse().expect("a unit"), Encoding::ZeroOne, weights)
        .and_then(|m| m.with_biases(vec![0.1, 0.2, -0.3], vec![0.3, -0.4, 0.1, 0.0, 0.5, -0.2]))
        .expect("a machine");
    let found = law(&potts);
    assert!((found.log_z() - couplings(&potts).expect("couplings").log_z()).abs() < 1e-14);
    // Both layers, state by state: nine states of two Potts units.
    let mut total = 0.0;
    for state in 0..8_usize {
        let v: Vec<f64> = (0..3).map(|i| (state >> i & 1) as f64).collect();
        let bias: f64 = v.iter().zip(&potts.visible_bias).map(|(v, b)| v * b).sum();
        let q = potts.fields(&v);
        for a in 0..3 {
            for b in 3..6 {
                total += (bias + q[a] + q[b]).exp();
            }
        }
    }
    assert!((found.log_z_joint().expect("ln Z") - total.ln()).abs() < 1e-14);
    let data = vec![vec![1.0, 0.0, 1.0]];
    let exact = found.gradient(&data).expect("a gradient");
    let long = found.contrastive_divergence(&data, 200).expect("a step");
    assert!(norm(&minus(&long, &exact)) < 1e-14);
}

#[test]
fn what_is_refused() {
    let step = unit("step");
    let large = weyl(&step, Encoding::ZeroOne, (21, 1), 0.1, 0.1);
    assert!(MachineLaw::new(&large).expect_err("too large").to_string().contains("2^21 states"));
    let machine = tabulated(step.clone(), Encoding::ZeroOne);
    let found = law(&machine);
    for (data, said) in
        [(vec![], "rows of data"), (vec![vec![1.0; 7]], "8, the number"), (vec![vec![-1.0; 8]], "0 or 1")]
    {
        assert!(found.log_likelihood(&data).expect_err("no state").to_string().contains(said));
        assert!(pseudo_log_likelihood(&machine, &data).expect_err("no state").to_string().contains(said));
    }
    let gaussian = tabulated(unit("gaussian"), Encoding::ZeroOne);
    let refused = law(&gaussian).contrastive_divergence(&data(Encoding::ZeroOne), 1).expect_err("no states");
    assert!(refused.to_string().contains("no finite list of states"), "{refused}");
    let many = weyl(&step, Encoding::ZeroOne, (4, 40), 0.1, 0.1);
    assert!(law(&many).gibbs_eigenvalues().is_err());
}
