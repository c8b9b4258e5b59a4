//! Signs as bits, from bytes.
//!
//! Sound because the dispatching function checks the instructions, and reads go through arrays of the size of
//! what is read.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

/// One bit for each byte, whether it is ≥ 0; bits beyond the bytes are 0. `out` has ⌈length/64⌉ words.
#[inline]
pub fn signs(bytes: &[i8], out: &mut [u64], vectors: Vectors) {
    #[cfg(target_arch = "x86_64")]
    match vectors {
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => return unsafe { x86::signs_avx512(bytes, out) },
        // SAFETY: the instructions exist.
        Vectors::Avx2 if vectors.exists() => return unsafe { x86::signs_avx2(bytes, out) },
        _ => {}
    }
    let _ = vectors;
    let (whole, rest) = bytes.as_chunks::<64>();
    for (word, bytes) in out.iter_mut().zip(whole) {
        *word = plain(bytes);
    }
    finish(rest, &mut out[whole.len()..]);
}

/// The sign bits of eight bytes, gathered by one multiplication.
fn plain(bytes: &[i8; 64]) -> u64 {
    bytes.as_chunks::<8>().0.iter().enumerate().fold(0, |word, (k, eight)| {
        let positive = !u64::from_le_bytes(eight.map(|byte| byte as u8)) & 0x8080_8080_8080_8080;
        word | (((positive >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * k))
    })
}

fn finish(rest: &[i8], out: &mut [u64]) {
    if let [word, ..] = out {
        let mut last = [-1; 64];
        last[..rest.len()].copy_from_slice(rest);
        *word = plain(&last);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm512_loadu_si512, _mm512_movepi8_mask,
    };

    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn signs_avx512(bytes: &[i8], out: &mut [u64]) {
        let (whole, rest) = bytes.as_chunks::<64>();
        for (word, bytes) in out.iter_mut().zip(whole) {
            // SAFETY: the array has 64 bytes; the load needs no alignment.
            *word = !_mm512_movepi8_mask(unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) });
        }
        super::finish(rest, &mut out[whole.len()..]);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn signs_avx2(bytes: &[i8], out: &mut [u64]) {
        let (whole, rest) = bytes.as_chunks::<64>();
        for (word, bytes) in out.iter_mut().zip(whole) {
            let half = |k: usize| {
                // SAFETY: 32 of the 64 bytes of the array; the load needs no alignment.
                let part = unsafe { _mm256_loadu_si256(bytes[32 * k..32 * k + 32].as_ptr().cast()) };
                u64::from(!_mm256_movemask_epi8(part) as u32)
            };
            *word = half(0) | (half(1) << 32);
        }
        super::finish(rest, &mut out[whole.len()..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_vectors_packs_alike() {
        for length in [0, 1, 63, 64, 65, 160, 500, 1000] {
            let bytes: Vec<i8> = (0..length).map(|k: i32| if k * k % 7 % 3 == 0 { 1 } else { -1 }).collect();
            for vectors in Vectors::available() {
                let mut words = vec![u64::MAX; bytes.len().div_ceil(64)];
                signs(&bytes, &mut words, vectors);
                for (k, byte) in bytes.iter().enumerate() {
                    assert_eq!((words[k / 64] >> (k % 64)) & 1 == 1, *byte > 0, "{vectors} {length} {k}");
                }
                assert!(words.last().is_none_or(|last| length % 64 == 0 || last >> (length % 64) == 0));
            }
        }
    }
}
