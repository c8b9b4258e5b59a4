//! Hamming distances of one packed row to many.
//!
//! `unsafe` for two reasons. Code compiled for vector instructions may run only where they exist: [`distances`] asks.
//! And a vector is read from an array of eight words, which has exactly its size.

#![allow(unsafe_code)]
// Plain bodies are compiled again inside each function for vector instructions.

use mattis_simd::Vectors;

/// The number of bits in which `row` differs from each of `rows`, which stand one after the other.
///
/// # Panics
/// If `rows` does not have one row for each number of `out`.
pub fn distances(row: &[u64], rows: &[u64], out: &mut [u32], vectors: Vectors) {
    assert_eq!(rows.len(), row.len() * out.len(), "one row per distance");
    if row.is_empty() {
        out.fill(0);
        return;
    }
    match vectors {
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 if vectors.exists() => unsafe { avx512(row, rows, out) },
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 if vectors.exists() => unsafe { avx2(row, rows, out) },
        _ => plain(row, rows, out),
    }
}

#[inline(always)]
fn plain(row: &[u64], rows: &[u64], out: &mut [u32]) {
    for (other, out) in rows.chunks_exact(row.len()).zip(out) {
        *out = row.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum();
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn avx2(row: &[u64], rows: &[u64], out: &mut [u32]) {
    plain(row, rows, out);
}

/// Rows that are read side by side.
#[cfg(target_arch = "x86_64")]
const TOGETHER: usize = 4;

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn avx512(row: &[u64], rows: &[u64], out: &mut [u32]) {
    use std::arch::x86_64::{
        __m512i, _mm512_add_epi64, _mm512_loadu_si512, _mm512_maskz_loadu_epi64, _mm512_popcnt_epi64,
        _mm512_reduce_add_epi64, _mm512_setzero_si512, _mm512_xor_si512,
    };
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn eight(words: &[u64; 8]) -> __m512i {
        // SAFETY: eight words are 64 bytes.
        unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
    }
    let (whole, rest) = row.as_chunks::<8>();
    let mask = (1_u8 << rest.len()) - 1;
    // SAFETY: the mask reads only the words that there are.
    let last = |words: &[u64]| unsafe {
        debug_assert_eq!(words.len(), mask.count_ones() as usize);
        _mm512_maskz_loadu_epi64(mask, words.as_ptr().cast())
    };
    let end = last(rest);
    for (others, out) in rows.chunks(TOGETHER * row.len()).zip(out.chunks_mut(TOGETHER)) {
        let mut sums = [_mm512_setzero_si512(); TOGETHER];
        // Beyond the last row it is looked at again.
        let mut each = [others; TOGETHER];
        for (k, other) in each.iter_mut().enumerate() {
            *other = &others[k.min(out.len() - 1) * row.len()..][..row.len()];
        }
        let mut starts = [&[][..]; TOGETHER];
        for ((start, sum), other) in starts.iter_mut().zip(&mut sums).zip(each) {
            let (eights, tail) = other.as_chunks::<8>();
            *start = &eights[..whole.len()];
            *sum = _mm512_popcnt_epi64(_mm512_xor_si512(end, last(tail)));
        }
        for (k, here) in whole.iter().enumerate() {
            let here = eight(here);
            for (sum, start) in sums.iter_mut().zip(&starts) {
                *sum = _mm512_add_epi64(*sum, _mm512_popcnt_epi64(_mm512_xor_si512(here, eight(&start[k]))));
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = _mm512_reduce_add_epi64(sum) as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_counts_the_bits() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ (state >> 31)
        };
        for words in [0, 1, 2, 7, 8, 9, 16, 23, 157] {
            for count in [0, 1, 3, 10] {
                let row: Vec<u64> = (0..words).map(|_| next()).collect();
                let rows: Vec<u64> = (0..words * count).map(|_| next()).collect();
                for vectors in Vectors::available() {
                    let mut out = vec![u32::MAX; count];
                    distances(&row, &rows, &mut out, vectors);
                    for (k, distance) in out.into_iter().enumerate() {
                        let other = &rows[k * words..(k + 1) * words];
                        let different =
                            |bit: &usize| (row[bit / 64] ^ other[bit / 64]) >> (bit % 64) & 1 == 1;
                        let expected = (0..64 * words).filter(different).count();
                        assert_eq!(distance as usize, expected, "{vectors}: {words} words");
                    }
                }
            }
        }
    }
}
