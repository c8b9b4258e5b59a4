//! Walks through all pairs and triples.

use std::sync::Arc;

use mattis_model::unit::{Alphabet, UnitLaw};
use mattis_model::{Encoding, Machine, Unit};
use mattis_theory::interactions::{Histogram, Scan, ScanPart, coupling, couplings};

use crate::units::{known_units, tabulated, unit, weyl};

fn whole(scan: &Scan) -> ScanPart {
    (1..scan.parts()).fold(scan.part(0), |all, part| all.merge(scan.part(part)))
}

#[test]
fn every_pair_and_triple() {
    for (name, hidden) in known_units() {
        // A hidden layer that does not fill the lanes.
        for machine in [
            tabulated(hidden.clone(), Encoding::ZeroOne),
            weyl(&hidden, Encoding::ZeroOne, (9, 13), 0.4, 0.8),
        ] {
            let all = couplings(&machine).expect("couplings");
            for order in [2, 3] {
                let scan = Scan::new(&machine, order, 1000).expect("a scan");
                let found = whole(&scan);
                let largest = found.largest();
                assert_eq!(largest.len() as u64, found.statistics().count);
                for one in &largest {
                    let exact = coupling(&machine, &one.sites).expect("a coupling");
                    let off = (one.value - exact.value).abs();
                    assert!(off <= 4.0 * one.error + exact.error, "{name} {one:?} {exact:?}");
                    assert!(one.error < 2e-14, "{name} {one:?}");
                }
                let (ours, theirs) = (found.statistics(), all.orders()[order - 1]);
                assert_eq!(ours.count, theirs.count);
                let close = |a: f64, b: f64| (a - b).abs() < 1e-13;
                assert!(
                    close(ours.mean, theirs.mean) && close(ours.rms, theirs.rms),
                    "{name} {ours:?} {theirs:?}"
                );
                assert!(
                    close(ours.mean_abs, theirs.mean_abs) && close(ours.max_abs, theirs.max_abs),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn parts_in_any_order_are_the_same_bits() {
    let machine = weyl(&unit("step"), Encoding::ZeroOne, (30, 20), 0.5, 0.2);
    let scan = Scan::new(&machine, 3, 7).expect("a scan");
    let forwards = whole(&scan);
    let backwards =
        (0..scan.parts()).rev().map(|part| scan.part(part)).reduce(ScanPart::merge).expect("parts");
    let halves = |range: std::ops::Range<usize>| range.map(|part| scan.part(part)).reduce(ScanPart::merge);
    let split = halves(17..30).expect("parts").merge(halves(0..17).expect("parts"));
    assert_eq!(forwards, backwards);
    assert_eq!(forwards, split);
    let largest = forwards.largest();
    assert_eq!(largest.len(), 7);
    assert_eq!(largest[0].value.abs(), forwards.statistics().max_abs);
    assert_eq!(forwards.statistics().count, 4060);
    assert!(largest.windows(2).all(|pair| pair[0].value.abs() >= pair[1].value.abs()));
    assert!(Scan::new(&machine, 2, 0).expect("a scan").part(3).largest().is_empty());
}

#[test]
fn the_histogram_counts_every_coupling_in_its_bin() {
    let machine = weyl(&unit("spin"), Encoding::ZeroOne, (12, 5), 0.5, 0.2);
    let found = whole(&Scan::new(&machine, 3, 1000).expect("a scan"));
    let histogram = found.histogram();
    let counted = histogram.positive.iter().chain(&histogram.negative).sum::<u64>() + histogram.zero;
    assert_eq!(counted, found.statistics().count);
    for (bin, count) in histogram.negative.iter().enumerate() {
        let (low, high) = (Histogram::edge(bin), Histogram::edge(bin + 1));
        let wanted =
            found.largest().iter().filter(|c| c.value < 0.0 && (low..high).contains(&-c.value)).count();
        assert_eq!(*count, wanted as u64, "{low} {high}");
    }
    // Gaussian units have no triples.
    let machine = weyl(&unit("gaussian"), Encoding::ZeroOne, (12, 5), 0.5, 0.2);
    assert_eq!(whole(&Scan::new(&machine, 3, 3).expect("a scan")).histogram().zero, 220);
}

#[test]
fn couplings_around_a_site() {
    for name in ["step", "poisson", "three-state"] {
        let machine = weyl(&unit(name), Encoding::ZeroOne, (15, 6), 0.5, 0.9);
        for fixed in [vec![4], vec![11, 2]] {
            let scan = Scan::new(&machine, fixed.len() + 1, 0).expect("a scan");
            let row = scan.around(&machine, &fixed).expect("a row");
            for (k, value) in row.iter().enumerate() {
                if fixed.contains(&k) {
                    assert_eq!(*value, 0.0);
                    continue;
                }
                let sites: Vec<usize> = fixed.iter().copied().chain([k]).collect();
                let wanted = coupling(&machine, &sites).expect("a coupling").value;
                assert!((value - wanted).abs() < 1e-14, "{name} {sites:?} {value} {wanted}");
            }
            assert!(scan.around(&machine, &[0, 1, 2]).is_err());
        }
    }
}

#[test]
fn large_weights_and_many_hidden_units() {
    // Products of 300 factors up to e^5 do not fit a number at once; weights of 90 do not at all.
    let step = unit("step");
    for (hidden, scale) in [(300, 5.0), (3, 90.0), (2, 400.0)] {
        let machine = weyl(&step, Encoding::ZeroOne, (6, hidden), scale, 0.3);
        for order in [2, 3] {
            for one in whole(&Scan::new(&machine, order, 100).expect("a scan")).largest() {
                let exact = coupling(&machine, &one.sites).expect("a coupling");
                let off = (one.value - exact.value).abs();
                assert!(off <= 4.0 * one.error + exact.error, "{hidden} {scale} {one:?} {exact:?}");
                assert!(one.error < 1e-15 * scale * f64::from(hidden as u32).powf(1.5), "{one:?}");
            }
        }
    }
}

/// Two levels of unequal weight, which are not 0 and 1.
#[derive(Debug)]
struct Lopsided;

impl UnitLaw for Lopsided {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-0.5, 1.7])
    }

    fn potential(&self, s: f64) -> f64 {
        0.3 * s * s
    }

    fn weight(&self, s: f64) -> f64 {
        if s > 0.0 { 2.5 } else { 0.7 }
    }
}

#[test]
fn any_two_levels() {
    let hidden = Unit::custom("lopsided", &[], Arc::new(Lopsided));
    let machine = weyl(&hidden, Encoding::ZeroOne, (8, 5), 0.7, 0.5);
    let all = couplings(&machine).expect("couplings");
    for order in [2, 3] {
        for one in whole(&Scan::new(&machine, order, 100).expect("a scan")).largest() {
            assert!((one.value - all.at(&one.sites).expect("a coupling")).abs() < 1e-14, "{one:?}");
        }
    }
}

#[test]
fn what_no_scan_treats() {
    let step = unit("step");
    let spins = weyl(&step, Encoding::PlusMinus, (5, 2), 0.7, 0.5);
    assert!(Scan::new(&spins, 2, 1).expect_err("±1").to_string().contains("depends on all spins"));
    let small = weyl(&step, Encoding::ZeroOne, (5, 2), 0.7, 0.5);
    for order in [0, 1, 4] {
        assert!(Scan::new(&small, order, 1).expect_err("order").to_string().contains("2 or 3"));
    }
    let potts =
        Machine::new("potts".parse().expect("a unit"), Encoding::ZeroOne, vec![vec![0.5, -0.3, 0.2]; 4])
            .expect("a machine");
    assert!(Scan::new(&potts, 2, 1).is_err());
}
