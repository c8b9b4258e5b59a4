use mattis_simd::Vectors;

use super::{Projector, Rows, Step, Tables, fits};
use crate::network::Memories;

/// Words that look random, for tests only.
fn words(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn memories(neurons: usize, count: usize) -> Memories {
    let mut next = words((neurons * 1000 + count) as u64);
    let bits: Vec<bool> = (0..neurons * count).map(|_| next() & 1 == 1).collect();
    Memories::given(neurons, count, |memory, unit| bits[unit * count + memory]).unwrap()
}

/// Σ_μ ξ_i^μ M_μ modulo 2³², one memory after the other.
fn plain(memories: &Memories, first: usize, sums: &[i32], unit: usize) -> i32 {
    sums.iter().enumerate().fold(0_i32, |total, (k, sum)| {
        if memories.is_positive(first + k, unit) {
            total.wrapping_add(*sum)
        } else {
            total.wrapping_sub(*sum)
        }
    })
}

/// Sums with |M| ≤ `largest`, a few of them `condensed`.
fn some(count: usize, largest: i32, condensed: i32) -> Vec<i32> {
    let mut next = words(count as u64 + u64::from(largest.unsigned_abs()));
    let span = 2 * i64::from(largest) + 1;
    (0..count)
        .map(|k| {
            let word = next();
            if k % 37 == 5 { condensed } else { ((word >> 8) as i64 % span - i64::from(largest)) as i32 }
        })
        .collect()
}

#[test]
fn every_kind_gives_the_sums_of_plain_code() {
    let magnitudes = [
        (0, 0),
        (3, 3),
        (9, -60),
        (90, 700),
        (400, 10_000),
        (1500, -5),
        (20_000, -70_000),
        (1 << 29, i32::MIN),
    ];
    for (neurons, count) in [(1, 1), (63, 5), (64, 6), (65, 7), (131, 64), (257, 67), (300, 129), (77, 391)] {
        let memories = memories(neurons, count);
        for vectors in Vectors::available() {
            let projector = Projector::new(&memories, vectors).unwrap();
            let mut tables = Tables::new();
            for (largest, condensed) in magnitudes {
                let sums = some(count, largest, condensed);
                let mut out: Vec<i32> = (0..neurons as i32).collect();
                projector.project(&sums, &mut tables, &mut out);
                for (unit, value) in out.into_iter().enumerate() {
                    let expected = plain(&memories, 0, &sums, unit).wrapping_add(unit as i32);
                    assert_eq!(
                        value, expected,
                        "{vectors}: unit {unit} of {neurons}, {count} memories, {largest}"
                    );
                }
            }
        }
    }
}

#[test]
fn parts_of_the_memories_and_of_the_units() {
    let (neurons, count) = (333, 101);
    let memories = memories(neurons, count);
    for vectors in Vectors::available() {
        let projector = Projector::new(&memories, vectors).unwrap();
        let mut tables = Tables::default();
        for (first, number) in
            [(0, 101), (0, 0), (101, 0), (0, 1), (5, 2), (6, 6), (7, 50), (64, 37), (99, 2)]
        {
            let sums = some(number, 200, 4000);
            projector.prepare(first, &sums, &mut tables);
            for blocks in [0..6, 0..1, 1..4, 5..6, 2..2] {
                let units = 64 * blocks.start..neurons.min(64 * blocks.end);
                let mut out = vec![7; units.len()];
                projector.add(&tables, blocks, &mut out);
                for (value, unit) in out.into_iter().zip(units) {
                    assert_eq!(
                        value,
                        7 + plain(&memories, first, &sums, unit),
                        "{vectors}: {first}, {number}"
                    );
                }
            }
        }
    }
}

/// More memories than 16-bit sums of bytes can hold, all entries at their largest.
#[test]
fn sums_of_many_memories_are_widened_in_time() {
    let (neurons, count) = (70, 13_003);
    let memories = Memories::given(neurons, count, |memory, unit| unit % 3 != 0 || memory % 2 == 0).unwrap();
    for vectors in Vectors::available() {
        let projector = Projector::new(&memories, vectors).unwrap();
        for sum in [5, 10, 170, 682, 2700] {
            let sums = vec![sum; count];
            let mut out = vec![0; neurons];
            projector.project(&sums, &mut Tables::new(), &mut out);
            for (unit, value) in out.into_iter().enumerate() {
                assert_eq!(value, plain(&memories, 0, &sums, unit), "{vectors}: unit {unit}, sums {sum}");
            }
        }
    }
}

#[test]
fn sums_that_may_leave_32_bits_are_told() {
    assert!(fits(&[i32::MAX]) && fits(&[-1, i32::MAX - 1]) && fits(&[]));
    assert!(!fits(&[i32::MIN]) && !fits(&[1, i32::MAX]) && !fits(&[i32::MIN; 9]));
}

/// Small sums, sums that leave 16 bits on the way, condensed ones; bounds of both signs; steps without memories.
#[test]
fn units_below_a_bound() {
    for (neurons, count) in [(1, 3), (64, 20), (130, 61), (191, 400), (1000, 250)] {
        let memories = memories(neurons, count);
        let mut next = words(neurons as u64);
        let signs: Vec<u64> = (0..neurons.div_ceil(64)).map(|_| next()).collect();
        let ends = [0, 1, count / 3, count / 3, count / 2 + 1, count];
        for (largest, condensed) in
            [(0, 0), (4, 7), (80, 300), (300, -900), (1200, 3000), (40, 60_000), (9000, 1)]
        {
            let sums = some(count, largest, condensed);
            for bound in [-40_000, -300, -1, 0, 1, 2, 555, 70_000] {
                let steps = ends.map(|end| Step { end, bound });
                let expected = ends.map(|end| {
                    let below = |unit: &usize| {
                        let value = plain(&memories, 0, &sums[..end], *unit);
                        let plus = (signs[unit / 64] >> (unit % 64)) & 1 == 1;
                        (if plus { value } else { -value }) < bound
                    };
                    (0..neurons).filter(below).count()
                });
                for vectors in Vectors::available() {
                    let projector = Projector::new(&memories, vectors).unwrap();
                    let mut counts = [usize::MAX; 6];
                    projector.below(&sums, &signs, &steps, &mut Rows::default(), &mut counts);
                    assert_eq!(counts, expected, "{vectors}: {neurons}, {count}, {largest}, {bound}");
                }
            }
        }
    }
}
