//! Integer overlaps M_μ = Σ_i ξ_i^μ s_i of ±1 units, and after a flip, which adds 2 ξ^μ s.
//!
//! Sound because the dispatching functions ask whether the instructions exist, and loads and stores are of
//! arrays of exactly their size. Of one flip, eight memories
//! are one entry of a table that stays in the first cache; of many, agreeing signs are counted in bytes.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

use super::transpose::transpose;

/// 2ξ of eight memories by their sign bits.
static TWICE: [[i32; 8]; 256] = {
    let mut out = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            out[byte][bit] = if byte >> bit & 1 == 1 { 2 } else { -2 };
            bit += 1;
        }
        byte += 1;
    }
    out
};

/// A unit that has gone to +1 or −1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flip {
    /// The unit.
    pub unit: u32,
    /// Whether it is at +1 now.
    pub up: bool,
}

/// Adds the changes of many flips; `rows` are those of all units, as long as the places of `sums` ask for.
pub fn flip_all(sums: &mut [i32], rows: &[u64], flips: &[Flip], vectors: Vectors) {
    match vectors {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => unsafe { flip_all_avx512(sums, rows, flips) },
        _ => {
            let words = sums.len() / 64;
            for Flip { unit, up } in flips {
                flip(sums, &rows[*unit as usize * words..][..words], *up, vectors);
            }
        }
    }
}

/// Signs that agree with the new level are counted in bytes, 64 memories at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw")]
fn flip_all_avx512(sums: &mut [i32], rows: &[u64], flips: &[Flip]) {
    use std::arch::x86_64::{
        _mm_loadu_si128, _mm512_add_epi32, _mm512_cvtepu8_epi32, _mm512_loadu_si512, _mm512_mask_sub_epi8,
        _mm512_set1_epi8, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_slli_epi32, _mm512_storeu_si512,
    };
    const AT_ONCE: usize = u8::MAX as usize;
    let words = sums.len() / 64;
    let minus_one = _mm512_set1_epi8(-1);
    for flips in flips.chunks(AT_ONCE) {
        let least = _mm512_set1_epi32(-2 * flips.len() as i32);
        for (word, sums) in sums.as_chunks_mut::<64>().0.iter_mut().enumerate() {
            let mut agree = _mm512_setzero_si512();
            for Flip { unit, up } in flips {
                let turned = u64::from(*up).wrapping_sub(1);
                let bits = rows[*unit as usize * words + word] ^ turned;
                agree = _mm512_mask_sub_epi8(agree, bits, agree, minus_one);
            }
            let mut counts = [0_u8; 64];
            // SAFETY: 64 bytes; the store needs no alignment.
            unsafe { _mm512_storeu_si512(counts.as_mut_ptr().cast(), agree) };
            for (part, counts) in sums.as_chunks_mut::<16>().0.iter_mut().zip(counts.as_chunks::<16>().0) {
                // SAFETY: sixteen sums have 64 bytes, sixteen counts 16; no access needs alignment.
                unsafe {
                    let counts = _mm512_cvtepu8_epi32(_mm_loadu_si128(counts.as_ptr().cast()));
                    let change = _mm512_add_epi32(_mm512_slli_epi32::<2>(counts), least);
                    let sum = _mm512_add_epi32(_mm512_loadu_si512(part.as_ptr().cast()), change);
                    _mm512_storeu_si512(part.as_mut_ptr().cast(), sum);
                }
            }
        }
    }
}

/// Adds the change of one unit with this row of signs, now at ±1; `sums` has 64 places for each word.
#[inline]
pub fn flip(sums: &mut [i32], row: &[u64], up: bool, vectors: Vectors) {
    match vectors {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => unsafe { flip_avx512(sums, row, up) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx2 if vectors.exists() => unsafe { flip_avx2(sums, row, up) },
        _ => plain_flip(sums, row, up),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn flip_avx2(sums: &mut [i32], row: &[u64], up: bool) {
    plain_flip(sums, row, up);
}

/// Sixteen memories are one mask.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn flip_avx512(sums: &mut [i32], row: &[u64], up: bool) {
    use std::arch::x86_64::{
        _mm512_add_epi32, _mm512_loadu_si512, _mm512_mask_blend_epi32, _mm512_set1_epi32, _mm512_storeu_si512,
    };
    let (plus, minus) = (_mm512_set1_epi32(2), _mm512_set1_epi32(-2));
    let turned = if up { 0 } else { u64::MAX };
    for (sums, word) in sums.as_chunks_mut::<64>().0.iter_mut().zip(row) {
        for (k, part) in sums.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            let change = _mm512_mask_blend_epi32(((word ^ turned) >> (16 * k)) as u16, minus, plus);
            // SAFETY: sixteen sums have 64 bytes; no access needs alignment.
            unsafe {
                let sum = _mm512_add_epi32(_mm512_loadu_si512(part.as_ptr().cast()), change);
                _mm512_storeu_si512(part.as_mut_ptr().cast(), sum);
            }
        }
    }
}

#[inline(always)]
fn plain_flip(sums: &mut [i32], row: &[u64], up: bool) {
    let turned = if up { 0 } else { u64::MAX };
    let (eights, _) = sums.as_chunks_mut::<8>();
    for (group, word) in eights.chunks_exact_mut(8).zip(row) {
        for (eight, byte) in group.iter_mut().zip((word ^ turned).to_le_bytes()) {
            for (sum, change) in eight.iter_mut().zip(&TWICE[usize::from(byte)]) {
                *sum += change;
            }
        }
    }
}

/// Σ_i ξ_i^μ s_i of units with these rows of signs, `words` to a unit, on these levels (0 for −1); 64 places for
/// each word. Where there are fewer memories the last places are of no meaning.
pub fn of_state(rows: &[u64], words: usize, levels: &[u8], vectors: Vectors) -> Vec<i32> {
    let mut out = vec![0; 64 * words];
    match vectors {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => unsafe { of_state_avx512(rows, words, levels, &mut out) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx2 if vectors.exists() => unsafe { of_state_avx2(rows, words, levels, &mut out) },
        _ => plain(rows, words, levels, &mut out),
    }
    out
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn of_state_avx2(rows: &[u64], words: usize, levels: &[u8], out: &mut [i32]) {
    plain(rows, words, levels, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt")]
fn of_state_avx512(rows: &[u64], words: usize, levels: &[u8], out: &mut [i32]) {
    plain(rows, words, levels, out);
}

#[inline(always)]
fn plain(rows: &[u64], words: usize, levels: &[u8], out: &mut [i32]) {
    for (block, units) in levels.chunks(64).enumerate() {
        let up = units.iter().rev().fold(0, |bits, level| (bits << 1) | u64::from(level & 1));
        let valid = u64::MAX >> (64 - units.len());
        for (word, sums) in out.as_chunks_mut::<64>().0.iter_mut().enumerate() {
            let mut bits = [0; 64];
            for (bits, row) in bits.iter_mut().zip(rows.chunks_exact(words).skip(64 * block)) {
                *bits = row[word];
            }
            transpose(&mut bits);
            for (sum, bits) in sums.iter_mut().zip(bits) {
                *sum += units.len() as i32 - 2 * ((bits ^ up) & valid).count_ones() as i32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_vectors_sums_alike() {
        for (units, words) in [(1, 1), (63, 2), (64, 1), (131, 3), (5, 0)] {
            let mut word = 1_u64;
            let mut next = || {
                word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                word
            };
            let rows: Vec<u64> = (0..units * words).map(|_| next()).collect();
            let levels: Vec<u8> = (0..units).map(|_| (next() >> 63) as u8).collect();
            for vectors in Vectors::available() {
                let sums = of_state(&rows, words, &levels, vectors);
                for (memory, sum) in sums.iter().enumerate() {
                    let agrees = |unit: usize| {
                        (rows[unit * words + memory / 64] >> (memory % 64)) as u8 & 1 == levels[unit]
                    };
                    let expected: i32 = (0..units).map(|unit| if agrees(unit) { 1 } else { -1 }).sum();
                    assert_eq!(*sum, expected, "{vectors}");
                }
            }
        }
    }

    #[test]
    fn many_flips_are_flips_one_by_one() {
        for (units, words, count) in [(7, 1, 0), (50, 3, 1), (90, 2, 255), (40, 1, 600), (1, 1, 510)] {
            let rows: Vec<u64> =
                (0..units * words).map(|k| (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
            let flips: Vec<Flip> = (0..count)
                .map(|k| Flip { unit: (k * 31 % units) as u32, up: count == 510 || k % 3 == 0 })
                .collect();
            let mut expected = vec![11; 64 * words];
            for Flip { unit, up } in &flips {
                let row = &rows[*unit as usize * words..][..words];
                flip(&mut expected, row, *up, Vectors::Portable);
            }
            for vectors in Vectors::available() {
                let mut sums = vec![11; 64 * words];
                flip_all(&mut sums, &rows, &flips, vectors);
                assert_eq!(sums, expected, "{vectors}");
            }
        }
    }

    #[test]
    fn a_flip_moves_every_overlap_by_two() {
        let row = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];
        for vectors in Vectors::available() {
            let mut sums = [5; 128];
            flip(&mut sums, &row, true, vectors);
            for (memory, sum) in sums.iter().enumerate() {
                let positive = (row[memory / 64] >> (memory % 64)) & 1 == 1;
                assert_eq!(*sum, if positive { 7 } else { 3 });
            }
            flip(&mut sums, &row, false, vectors);
            assert_eq!(sums, [5; 128]);
        }
    }
}
