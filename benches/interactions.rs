//! Speed of all couplings of three sites that hidden units induce: N = 784, M = 140, as of a restricted Boltzmann
//! machine that reads digits. The counter is terms, hidden units times triples.

use divan::Bencher;
use divan::counter::ItemsCount;
use mattis::model::{Encoding, Machine};
use mattis::theory::interactions::{Scan, ScanPart};

const VISIBLE: usize = 784;
const HIDDEN: usize = 140;

fn main() {
    divan::main();
}

/// Weights of about normal size, 0.3: sums of four numbers that fill an interval evenly.
fn machine(unit: &str) -> Machine {
    let mut state = 0_u64;
    let mut even = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let mut normal = || (even() + even() + even() + even()) * 3.0_f64.sqrt();
    let weights = (0..VISIBLE).map(|_| (0..HIDDEN).map(|_| 0.3 * normal()).collect()).collect();
    let bias = (0..HIDDEN).map(|_| 0.5 * normal()).collect();
    let unit = unit.parse().expect("a unit");
    let machine = Machine::new(unit, Encoding::ZeroOne, weights).expect("a machine");
    machine.with_biases(vec![0.0; VISIBLE], bias).expect("a bias of each unit")
}

/// Triples whose first site is a tenth of the way: most of the parts are like it.
#[divan::bench(args = ["step", "three-state", "uniform", "poisson"], sample_count = 5, sample_size = 1)]
fn triples_of_one_site(bencher: Bencher, unit: &str) {
    let scan = Scan::new(&machine(unit), 3, 20).expect("a scan");
    let rest = VISIBLE - 79;
    let terms = rest * (rest - 1) / 2 * HIDDEN;
    bencher.counter(ItemsCount::new(terms)).bench(|| scan.part(78));
}

/// Everything that `mattis interactions --order 3` finds.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn all_triples_of_steps(bencher: Bencher) {
    let machine = machine("step");
    let terms = VISIBLE * (VISIBLE - 1) * (VISIBLE - 2) / 6 * HIDDEN;
    bencher.counter(ItemsCount::new(terms)).bench(|| {
        let scan = Scan::new(&machine, 3, 20).expect("a scan");
        (0..scan.parts()).map(|part| scan.part(part)).reduce(ScanPart::merge)
    });
}
