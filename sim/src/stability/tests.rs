use std::sync::atomic::AtomicBool;

use mattis_simd::Vectors;

use super::{StabilityScan, Unstable, unstable};
use crate::network::Memories;
use crate::random::{Source, disorder};
use crate::{Session, SimError};

/// ξ_i Σ_{j≠i} N J_ij ξ_j < 0, by the couplings.
fn plain(memories: &Memories, p: usize) -> Unstable {
    let neurons = memories.neurons();
    let sign = |memory, unit| if memories.is_positive(memory, unit) { 1_i64 } else { -1 };
    let coupling = |i, j| (0..p).map(|memory| sign(memory, i) * sign(memory, j)).sum::<i64>();
    let mut found = Unstable::default();
    for memory in 0..p {
        let wrong = (0..neurons)
            .filter(|&i| {
                let field: i64 =
                    (0..neurons).filter(|j| *j != i).map(|j| coupling(i, j) * sign(memory, j)).sum();
                sign(memory, i) * field < 0
            })
            .count();
        found.bits += wrong;
        found.patterns += usize::from(wrong > 0);
    }
    found
}

#[test]
fn the_couplings_say_the_same() {
    for (neurons, counts) in
        [(2, vec![1, 2, 5]), (63, vec![1, 6, 7, 13, 61]), (70, vec![12, 24]), (150, vec![3, 20, 21, 77, 130])]
    {
        let source = Source { seed: 5, sample: disorder(neurons, 0) };
        let memories = Memories::draw(neurons, counts.last().copied().unwrap(), source).unwrap();
        let expected: Vec<Unstable> = counts.iter().map(|p| plain(&memories, *p)).collect();
        assert!(neurons < 60 || expected.last().unwrap().bits > 0);
        for vectors in Vectors::available() {
            let found = unstable(&memories, &counts, vectors, || false).unwrap();
            assert_eq!(found, Some(expected.clone()), "{vectors}: N = {neurons}");
        }
    }
}

/// Larger than 16-bit sums: every kind must notice.
#[test]
fn every_kind_gives_the_same_counts() {
    for (neurons, counts, alike) in
        [(1000, vec![50, 100, 333, 700, 1400], 0), (4097, vec![40, 41, 90], 7), (70_001, vec![10, 30], 0)]
    {
        // Memories that share `alike` of ten units have overlaps of the order of N.
        let drawn = Memories::draw(neurons, 1500, Source { seed: 3, sample: 0 }).unwrap();
        let memories = Memories::given(neurons, *counts.last().unwrap(), |memory, unit| {
            unit % 10 < alike || drawn.is_positive(memory, unit)
        })
        .unwrap();
        let expected = unstable(&memories, &counts, Vectors::Portable, || false).unwrap();
        for vectors in Vectors::available() {
            assert_eq!(unstable(&memories, &counts, vectors, || false).unwrap(), expected, "{vectors}");
        }
    }
}

#[test]
fn samples_are_independent_and_keep_their_numbers() {
    let scan = StabilityScan { neurons: 200, counts: vec![30, 20, 30], samples: 6, seed: 11 };
    let points = scan.run(&Session::default()).unwrap().unwrap();
    assert_eq!(points.iter().map(|point| point.p).collect::<Vec<_>>(), [20, 30]);
    let mut bits = Vec::new();
    for sample in 0..6 {
        let source = Source { seed: 11, sample: disorder(200, sample) };
        let memories = Memories::draw(200, 30, source).unwrap();
        bits.push(plain(&memories, 30).bits as f64 / (30.0 * 200.0));
    }
    let mean = bits.iter().sum::<f64>() / 6.0;
    let variance = bits.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 5.0;
    assert_eq!(points[1].unstable_bits, mean);
    assert!((points[1].unstable_bits_error.unwrap() - (variance / 6.0).sqrt()).abs() < 1e-15);
    // A prefix of the memories is a set of its own.
    let alone = StabilityScan { counts: vec![20], ..scan.clone() };
    assert_eq!(alone.run(&Session::default()).unwrap().unwrap()[..], points[..1]);
    let one = StabilityScan { samples: 1, ..scan };
    assert_eq!(one.run(&Session::default()).unwrap().unwrap()[0].unstable_bits_error, None);
}

#[test]
fn what_cannot_be_done_is_refused() {
    let scan = StabilityScan { neurons: 100, counts: vec![5], samples: 1, seed: 1 };
    for wrong in [
        StabilityScan { counts: vec![], ..scan.clone() },
        StabilityScan { counts: vec![0, 3], ..scan.clone() },
        StabilityScan { neurons: 1, ..scan.clone() },
        StabilityScan { neurons: 1 << 40, ..scan.clone() },
        StabilityScan { samples: 0, ..scan.clone() },
    ] {
        assert!(matches!(wrong.run(&Session::default()), Err(SimError::Spec(_))), "{wrong:?}");
    }
    let large = StabilityScan { neurons: 1 << 24, counts: vec![100_000], ..scan.clone() };
    assert!(matches!(large.run(&Session::default()), Err(SimError::Memory { .. })));
    let stop = AtomicBool::new(true);
    let session = Session { cancel: Some(&stop), ..Session::default() };
    assert_eq!(scan.run(&session).unwrap(), None);
}
