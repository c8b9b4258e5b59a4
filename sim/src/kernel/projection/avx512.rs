//! AVX-512 VBMI: `vpermb` looks up one digit of six memories for 64 units.
//!
//! `unsafe` for two reasons. Code compiled for these instructions may run only where they exist: [`add`] asks. And a vector is read from a [`Line`] or written
//! to an array of 16 integers, which have exactly its size.

#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512i, _mm_cvtsi32_si128, _mm512_add_epi8, _mm512_add_epi16, _mm512_add_epi32, _mm512_and_si512,
    _mm512_castsi512_si256, _mm512_cvtepu16_epi32, _mm512_extracti64x4_epi64, _mm512_load_si512,
    _mm512_loadu_si512, _mm512_mask_add_epi16, _mm512_packus_epi16, _mm512_permutexvar_epi8,
    _mm512_set1_epi16, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_sll_epi32, _mm512_slli_epi16,
    _mm512_slli_epi32, _mm512_srl_epi16, _mm512_srli_epi16, _mm512_store_si512, _mm512_storeu_si512,
    _mm512_sub_epi16, _mm512_sub_epi32,
};

use mattis_simd::Vectors;

use super::tables::{Extra, Tables};
use super::{BLOCK, Line};

/// Batches of bytes whose odd parts a 16-bit sum can hold: 257 · 255 = 65535.
const FLUSH: usize = 257;

pub(super) fn add(tables: &Tables, index: &[Line], groups: usize, out: &mut [i32]) {
    assert!(Vectors::Avx512.exists(), "AVX-512 on this machine");
    // SAFETY: the instructions exist.
    unsafe {
        match (tables.shape.bits, tables.shape.digits) {
            (5, 1) => blocks::<5, 8, 1>(tables, index, groups, out),
            (6, 1) => blocks::<6, 4, 1>(tables, index, groups, out),
            (5, 2) => blocks::<5, 8, 2>(tables, index, groups, out),
            (6, 2) => blocks::<6, 4, 2>(tables, index, groups, out),
            (7, 2) => blocks::<7, 2, 2>(tables, index, groups, out),
            (6, 3) => blocks::<6, 4, 3>(tables, index, groups, out),
            (bits, digits) => unreachable!("no kernel for {digits} digits of {bits} bits"),
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn blocks<const BITS: u32, const BATCH: usize, const D: usize>(
    tables: &Tables,
    index: &[Line],
    groups: usize,
    out: &mut [i32],
) {
    let (digits, _) = tables.digits.as_chunks::<D>();
    let take = |block: usize| &index[block * groups..][tables.range.clone()];
    let (pairs, rest) = out.as_chunks_mut::<{ 2 * BLOCK }>();
    for (pair, out) in pairs.iter_mut().enumerate() {
        let index = [take(2 * pair), take(2 * pair + 1)];
        let sums = sums::<BITS, BATCH, D, 2>(digits, index);
        let (out, _) = out.as_chunks_mut::<BLOCK>();
        for ((out, sums), index) in out.iter_mut().zip(sums).zip(index) {
            finish(tables, index, sums, out);
        }
    }
    for (place, rest) in rest.chunks_mut(BLOCK).enumerate() {
        let index = take(2 * pairs.len() + place);
        let [sums] = sums::<BITS, BATCH, D, 1>(digits, [index]);
        let mut whole = [0; BLOCK];
        whole[..rest.len()].copy_from_slice(rest);
        finish(tables, index, sums, &mut whole);
        rest.copy_from_slice(&whole[..rest.len()]);
    }
}

/// Sums of the entries of blocks of units, unit by unit, without upper digits.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn sums<const BITS: u32, const BATCH: usize, const D: usize, const B: usize>(
    digits: &[[Line; D]],
    index: [&[Line]; B],
) -> [[__m512i; 4]; B] {
    let mut sums = [[_mm512_setzero_si512(); 4]; B];
    for (part, digits) in digits.chunks(FLUSH * BATCH).enumerate() {
        let index = index.map(|lines| &lines[part * FLUSH * BATCH..][..digits.len()]);
        let mut halves = [[Halves::zero(); D]; B];
        accumulate::<BATCH, D, B>(digits, index, &mut halves);
        for (sums, halves) in sums.iter_mut().zip(halves) {
            let mut values = [_mm512_setzero_si512(); 4];
            for half in halves.into_iter().rev() {
                for (value, part) in values.iter_mut().zip(half.widen()) {
                    *value = _mm512_add_epi32(_mm512_slli_epi32::<BITS>(*value), part);
                }
            }
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = _mm512_add_epi32(*sum, value);
            }
        }
    }
    sums
}

/// Sums of bytes: of all as 16-bit words, whose lower byte is even, and of the odd bytes alone.
#[derive(Clone, Copy)]
pub(super) struct Halves {
    pub(super) words: __m512i,
    pub(super) odd: __m512i,
}

impl Halves {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn zero() -> Self {
        Self { words: _mm512_setzero_si512(), odd: _mm512_setzero_si512() }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn push(&mut self, bytes: __m512i) {
        self.words = _mm512_add_epi16(self.words, bytes);
        self.odd = _mm512_add_epi16(self.odd, _mm512_srli_epi16::<8>(bytes));
    }

    /// The units of a block in order, 16 to a vector.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn widen(self) -> [__m512i; 4] {
        let even = _mm512_sub_epi16(self.words, _mm512_slli_epi16::<8>(self.odd));
        [
            _mm512_cvtepu16_epi32(_mm512_castsi512_si256(even)),
            _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64::<1>(even)),
            _mm512_cvtepu16_epi32(_mm512_castsi512_si256(self.odd)),
            _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64::<1>(self.odd)),
        ]
    }
}

/// Adds the digits of all groups; the groups of a batch as bytes, which must not overflow.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn accumulate<const BATCH: usize, const D: usize, const B: usize>(
    digits: &[[Line; D]],
    index: [&[Line]; B],
    halves: &mut [[Halves; D]; B],
) {
    let zero = _mm512_setzero_si512();
    let (batches, rest) = digits.as_chunks::<BATCH>();
    let (mut whole, mut tails): ([&[[Line; BATCH]]; B], [&[Line]; B]) = ([&[]; B], index);
    for (whole, tail) in whole.iter_mut().zip(&mut tails) {
        let (batched, after) = tail.as_chunks::<BATCH>();
        (*whole, *tail) = (&batched[..batches.len()], &after[..rest.len()]);
    }
    for (at, batch) in batches.iter().enumerate() {
        let mut bytes = [[zero; D]; B];
        for (k, tables) in batch.iter().enumerate() {
            let mut lines = [&whole[0][at][k]; B];
            for (line, whole) in lines.iter_mut().zip(&whole) {
                *line = &whole[at][k];
            }
            look(tables, lines, &mut bytes);
        }
        push(halves, &bytes);
    }
    if !rest.is_empty() {
        let mut bytes = [[zero; D]; B];
        for (k, tables) in rest.iter().enumerate() {
            let mut lines = [&tails[0][k]; B];
            for (line, tail) in lines.iter_mut().zip(&tails) {
                *line = &tail[k];
            }
            look(tables, lines, &mut bytes);
        }
        push(halves, &bytes);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn look<const D: usize, const B: usize>(
    tables: &[Line; D],
    index: [&Line; B],
    bytes: &mut [[__m512i; D]; B],
) {
    for (bytes, index) in bytes.iter_mut().zip(index) {
        let index = line(index);
        for (sum, table) in bytes.iter_mut().zip(tables) {
            *sum = _mm512_add_epi8(*sum, _mm512_permutexvar_epi8(index, line(table)));
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
pub(super) fn push<const D: usize, const B: usize>(halves: &mut [[Halves; D]; B], bytes: &[[__m512i; D]; B]) {
    for (halves, bytes) in halves.iter_mut().zip(bytes) {
        for (half, bytes) in halves.iter_mut().zip(bytes) {
            half.push(*bytes);
        }
    }
}

/// Adds upper digits, and twice the entries less Σ|M_μ| to the units of a block.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn finish(tables: &Tables, index: &[Line], mut sums: [__m512i; 4], out: &mut [i32; BLOCK]) {
    for Extra { group, shift, table } in &tables.extra {
        let bytes = _mm512_permutexvar_epi8(line(&index[*group]), line(table));
        let mut half = Halves::zero();
        half.push(bytes);
        let shift = _mm_cvtsi32_si128(shift.cast_signed());
        for (sum, part) in sums.iter_mut().zip(half.widen()) {
            *sum = _mm512_add_epi32(*sum, _mm512_sll_epi32(part, shift));
        }
    }
    let total = _mm512_set1_epi32(tables.total);
    for (out, sum) in out.as_chunks_mut::<16>().0.iter_mut().zip(sums) {
        let change = _mm512_sub_epi32(_mm512_add_epi32(sum, sum), total);
        // SAFETY: 16 integers are 64 bytes.
        unsafe {
            let old = _mm512_loadu_si512(out.as_ptr().cast());
            _mm512_storeu_si512(out.as_mut_ptr().cast(), _mm512_add_epi32(old, change));
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn line(line: &Line) -> __m512i {
    // SAFETY: a line is 64 bytes at a multiple of 64.
    unsafe { _mm512_load_si512(line.0.as_ptr().cast()) }
}

/// Writes the digits of the entries of a group, which are below 2¹⁶; the highest has at most 8 bits.
///
/// Packing words to bytes takes 8 words in turn from either vector, which are the entries without and with the
/// fourth memory.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn digits(members: &[i32; 6], bits: u32, out: &mut [Line]) {
    let [a, b, c, d, e, f] = *members;
    let bias = -(a.min(0) + b.min(0) + c.min(0) + d.min(0) + e.min(0) + f.min(0));
    let (a, b, c) = (_mm512_set1_epi16(a as i16), _mm512_set1_epi16(b as i16), _mm512_set1_epi16(c as i16));
    let (d, e, f) = (_mm512_set1_epi16(d as i16), _mm512_set1_epi16(e as i16), _mm512_set1_epi16(f as i16));
    let mut words = _mm512_set1_epi16(bias as i16);
    words = _mm512_mask_add_epi16(words, 0xaaaa_aaaa, words, a);
    words = _mm512_mask_add_epi16(words, 0xcccc_cccc, words, b);
    words = _mm512_mask_add_epi16(words, 0xf0f0_f0f0, words, c);
    words = _mm512_mask_add_epi16(words, 0xff00_ff00, words, e);
    words = _mm512_mask_add_epi16(words, 0xffff_0000, words, f);
    let mut pair = [words, _mm512_add_epi16(words, d)];
    let mask = _mm512_set1_epi16((1 << bits) - 1);
    let shift = _mm_cvtsi32_si128(bits.cast_signed());
    let mut rest = out.len();
    for out in out {
        rest -= 1;
        let [without, with] = pair;
        // The highest digit is what is left.
        let bytes = if rest == 0 {
            _mm512_packus_epi16(without, with)
        } else {
            _mm512_packus_epi16(_mm512_and_si512(without, mask), _mm512_and_si512(with, mask))
        };
        // SAFETY: a line is 64 bytes at a multiple of 64.
        unsafe { _mm512_store_si512(out.0.as_mut_ptr().cast(), bytes) };
        pair = [_mm512_srl_epi16(without, shift), _mm512_srl_epi16(with, shift)];
    }
}
