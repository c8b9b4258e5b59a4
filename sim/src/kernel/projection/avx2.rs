//! AVX2: `vpshufb` looks up one digit of four memories for 32 units.
//!
//! `unsafe` for two reasons. Code compiled for these instructions may run only where they exist: [`add`] asks. And
//! a vector is read from a half of a [`Line`] or written to an array of 8 integers, which have exactly its size.

#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, _mm_cvtsi32_si128, _mm256_add_epi8, _mm256_add_epi16, _mm256_add_epi32, _mm256_and_si256,
    _mm256_castsi256_si128, _mm256_cvtepu16_epi32, _mm256_extracti128_si256, _mm256_load_si256,
    _mm256_set1_epi8, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_sll_epi32,
    _mm256_slli_epi16, _mm256_srli_epi16, _mm256_storeu_si256, _mm256_sub_epi16, _mm256_sub_epi32,
};

use mattis_simd::Vectors;

use super::tables::{Extra, Tables};
use super::{BLOCK, Line};

/// Batches of bytes whose odd parts a 16-bit sum can hold: 257 · 255 = 65535.
const FLUSH: usize = 257;

pub(super) fn add(tables: &Tables, index: &[Line], groups: usize, out: &mut [i32]) {
    assert!(Vectors::Avx2.exists(), "AVX2 on this machine");
    // SAFETY: the instructions exist.
    unsafe {
        // A batch is half the groups of eight memories that its bytes can hold of four.
        match (tables.shape.bits, tables.shape.digits) {
            (5, 1) => blocks::<5, 4, 1>(tables, index, groups, out),
            (6, 1) => blocks::<6, 2, 1>(tables, index, groups, out),
            (5, 2) => blocks::<5, 4, 2>(tables, index, groups, out),
            (6, 2) => blocks::<6, 2, 2>(tables, index, groups, out),
            (7, 2) => blocks::<7, 1, 2>(tables, index, groups, out),
            (6, 3) => blocks::<6, 2, 3>(tables, index, groups, out),
            (bits, digits) => unreachable!("no kernel for {digits} digits of {bits} bits"),
        }
    }
}

#[target_feature(enable = "avx2")]
fn blocks<const BITS: u32, const BATCH: usize, const D: usize>(
    tables: &Tables,
    index: &[Line],
    groups: usize,
    out: &mut [i32],
) {
    let (digits, _) = tables.digits.as_chunks::<D>();
    for (block, out) in index.chunks_exact(groups).zip(out.chunks_mut(BLOCK)) {
        let index = &block[tables.range.clone()];
        let mut whole = [0; BLOCK];
        for side in 0..2 {
            let sums = sums::<BITS, BATCH, D>(digits, index, side);
            finish(tables, index, side, sums, &mut whole);
        }
        for (out, change) in out.iter_mut().zip(whole) {
            *out = out.wrapping_add(change);
        }
    }
}

/// Sums of the entries of one half of a block, without upper digits: the even bytes, then the odd ones.
#[inline]
#[target_feature(enable = "avx2")]
fn sums<const BITS: u32, const BATCH: usize, const D: usize>(
    digits: &[[Line; D]],
    index: &[Line],
    side: usize,
) -> [__m256i; 4] {
    let mut sums = [_mm256_setzero_si256(); 4];
    for (digits, index) in digits.chunks(FLUSH * BATCH).zip(index.chunks(FLUSH * BATCH)) {
        let halves = accumulate::<BATCH, D>(digits, index, side);
        let mut values = [_mm256_setzero_si256(); 4];
        for half in halves.into_iter().rev() {
            for (value, part) in values.iter_mut().zip(half.widen()) {
                *value =
                    _mm256_add_epi32(_mm256_sll_epi32(*value, _mm_cvtsi32_si128(BITS.cast_signed())), part);
            }
        }
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = _mm256_add_epi32(*sum, value);
        }
    }
    sums
}

/// Sums of bytes: of all as 16-bit words, whose lower byte is even, and of the odd bytes alone.
#[derive(Clone, Copy)]
struct Halves {
    words: __m256i,
    odd: __m256i,
}

impl Halves {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn zero() -> Self {
        Self { words: _mm256_setzero_si256(), odd: _mm256_setzero_si256() }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn push(&mut self, bytes: __m256i) {
        self.words = _mm256_add_epi16(self.words, bytes);
        self.odd = _mm256_add_epi16(self.odd, _mm256_srli_epi16::<8>(bytes));
    }

    /// Eight units to a vector: two of even bytes, two of odd bytes.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn widen(self) -> [__m256i; 4] {
        let even = _mm256_sub_epi16(self.words, _mm256_slli_epi16::<8>(self.odd));
        [
            _mm256_cvtepu16_epi32(_mm256_castsi256_si128(even)),
            _mm256_cvtepu16_epi32(_mm256_extracti128_si256::<1>(even)),
            _mm256_cvtepu16_epi32(_mm256_castsi256_si128(self.odd)),
            _mm256_cvtepu16_epi32(_mm256_extracti128_si256::<1>(self.odd)),
        ]
    }
}

/// Adds the digits of all groups; the groups of a batch as bytes, which must not overflow.
#[inline]
#[target_feature(enable = "avx2")]
fn accumulate<const BATCH: usize, const D: usize>(
    digits: &[[Line; D]],
    index: &[Line],
    side: usize,
) -> [Halves; D] {
    let mut halves = [Halves::zero(); D];
    for (digits, index) in digits.chunks(BATCH).zip(index.chunks(BATCH)) {
        let mut bytes = [_mm256_setzero_si256(); D];
        for (tables, index) in digits.iter().zip(index) {
            let (low, high) = nibbles(index, side);
            for (sum, table) in bytes.iter_mut().zip(tables) {
                *sum = _mm256_add_epi8(*sum, look(table, low, high));
            }
        }
        for (half, bytes) in halves.iter_mut().zip(bytes) {
            half.push(bytes);
        }
    }
    halves
}

/// The signs of the lower and the upper four memories of 32 units.
#[inline]
#[target_feature(enable = "avx2")]
fn nibbles(index: &Line, side: usize) -> (__m256i, __m256i) {
    let (mask, index) = (_mm256_set1_epi8(15), half(index, side));
    (_mm256_and_si256(index, mask), _mm256_and_si256(_mm256_srli_epi16::<4>(index), mask))
}

#[inline]
#[target_feature(enable = "avx2")]
fn look(table: &Line, low: __m256i, high: __m256i) -> __m256i {
    _mm256_add_epi8(_mm256_shuffle_epi8(half(table, 0), low), _mm256_shuffle_epi8(half(table, 1), high))
}

/// Adds upper digits, and writes twice the entries less Σ|M_μ| for the units of half a block.
#[inline]
#[target_feature(enable = "avx2")]
fn finish(tables: &Tables, index: &[Line], side: usize, mut sums: [__m256i; 4], out: &mut [i32; BLOCK]) {
    for Extra { group, shift, table } in &tables.extra {
        let (low, high) = nibbles(&index[*group], side);
        let shift = _mm_cvtsi32_si128(shift.cast_signed());
        // The tables of the two parts are entered one by one, with zeros in the other, so bytes do not overflow.
        let mut bytes = Halves::zero();
        bytes.push(look(table, low, high));
        for (sum, part) in sums.iter_mut().zip(bytes.widen()) {
            *sum = _mm256_add_epi32(*sum, _mm256_sll_epi32(part, shift));
        }
    }
    let total = _mm256_set1_epi32(tables.total);
    let (units, _) = out.as_chunks_mut::<8>();
    for (sum, place) in sums.into_iter().zip([2 * side, 2 * side + 1, 2 * side + 4, 2 * side + 5]) {
        let change = _mm256_sub_epi32(_mm256_add_epi32(sum, sum), total);
        // SAFETY: 8 integers are 32 bytes.
        unsafe { _mm256_storeu_si256(units[place].as_mut_ptr().cast(), change) };
    }
}

/// The lower or upper 32 bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn half(line: &Line, side: usize) -> __m256i {
    let (halves, _) = line.0.as_chunks::<32>();
    // SAFETY: 32 bytes at a multiple of 32.
    unsafe { _mm256_load_si256(halves[side].as_ptr().cast()) }
}
