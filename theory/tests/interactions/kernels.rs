//! The same couplings whatever instructions find them.

use mattis_model::{Encoding, Machine};
use mattis_simd::Vectors;
use mattis_theory::interactions::{Scan, ScanPart};

use crate::units::{unit, weyl};

fn whole(scan: &Scan) -> ScanPart {
    (1..scan.parts()).fold(scan.part(0), |all, part| all.merge(scan.part(part)))
}

/// Sizes that are multiples of nothing, and weights whose products fit at once, in several stretches, or not.
const SIZES: [(usize, usize, f64); 7] =
    [(3, 1, 0.7), (9, 13, 0.4), (17, 7, 1.3), (33, 5, 0.2), (41, 29, 0.5), (7, 301, 5.0), (70, 3, 90.0)];

#[test]
fn every_kind_gives_the_same_bytes() {
    for name in
        ["step", "spin", "three-state", "binomial:n=4", "uniform", "laplace:rate=9", "poisson", "gaussian"]
    {
        for (visible, hidden, scale) in SIZES {
            // An exponential of a field of hundreds, or a field where the measure is infinite, has no coupling.
            if scale > 2.0 && !["step", "spin", "three-state"].contains(&name) {
                continue;
            }
            let machine = weyl(&unit(name), Encoding::ZeroOne, (visible, hidden), scale, 0.3);
            for order in [2, 3] {
                let scan = |vectors| Scan::with_vectors(&machine, order, 37, vectors).expect("a scan");
                let plain = scan(Vectors::Portable);
                let fixed: Vec<usize> = (0..order - 1).collect();
                for vectors in Vectors::available() {
                    let other = scan(vectors);
                    let what = format!("{name} {visible}×{hidden} {vectors}");
                    for part in 0..visible {
                        assert_eq!(plain.part(part), other.part(part), "{what}");
                    }
                    let bits = |scan: &Scan| -> Vec<u64> {
                        let row = scan.around(&machine, &fixed).expect("a row");
                        row.into_iter().map(f64::to_bits).collect()
                    };
                    assert_eq!(bits(&plain), bits(&other), "{what}");
                }
            }
        }
    }
}

/// ln(1 + e^q).
fn softplus(q: f64) -> f64 {
    q.max(0.0) + (-q.abs()).exp().ln_1p()
}

/// F of a machine of step units with some sites on.
fn free(machine: &Machine, on: &[usize]) -> f64 {
    let field = |column: usize| {
        machine.hidden_bias[column] + on.iter().map(|i| machine.weights[*i][column]).sum::<f64>()
    };
    (0..machine.columns()).map(|column| softplus(field(column))).sum()
}

#[test]
fn triples_of_steps_are_differences_of_softplus() {
    for (visible, hidden, scale) in SIZES {
        let machine = weyl(&unit("step"), Encoding::ZeroOne, (visible, hidden), scale, 0.3);
        let (mut count, mut sum, mut square, mut most) = (0, 0.0, 0.0, 0.0_f64);
        for k in 0..visible {
            for j in 0..k {
                for i in 0..j {
                    let pairs = free(&machine, &[i, j]) + free(&machine, &[i, k]) + free(&machine, &[j, k]);
                    let ones = free(&machine, &[i]) + free(&machine, &[j]) + free(&machine, &[k]);
                    let value = free(&machine, &[i, j, k]) - pairs + ones - free(&machine, &[]);
                    (count, sum, square, most) =
                        (count + 1, sum + value, square + value * value, most.max(value.abs()));
                }
            }
        }
        for vectors in Vectors::available() {
            let scan = Scan::with_vectors(&machine, 3, 1, vectors).expect("a scan");
            let found = whole(&scan);
            let (statistics, error) = (found.statistics(), 20.0 * found.largest()[0].error);
            assert_eq!(statistics.count, count);
            let close = |a: f64, b: f64| (a - b).abs() <= error;
            let rms = (square / count as f64).sqrt();
            assert!(close(statistics.mean, sum / count as f64), "{visible}×{hidden} {statistics:?}");
            assert!(close(statistics.rms, rms), "{visible}×{hidden} {statistics:?} {rms}");
            assert!(close(statistics.max_abs, most), "{visible}×{hidden} {statistics:?} {most}");
        }
    }
}
