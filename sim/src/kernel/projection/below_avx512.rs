//! The same with 16-bit sums that stay in registers from step to step, where they hold the values.
//!
//! With A = Σ|M_μ| of the memories so far and V the sum of the entries, the projection is 2V − A = 2X − (A mod 2),
//! X = V − ⌊A/2⌋. V is known modulo 2¹⁶, hence X where |X| < 2¹⁵. That holds while A ≤ 2¹⁶ − 2; afterwards X before a
//! step must leave room for what the step can add, which is looked at. What does not fit is left to plain sums.
//!
//! Entries have two digits. Digits of groups are added as bytes as long as what they can be allows; a power of two
//! that divides all sums is taken out first.
//!
//! `unsafe` because code compiled for these instructions may run only where they exist; [`below`] asks.

#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512i, _mm_cvtsi32_si128, _mm512_add_epi16, _mm512_cmpgt_epu16_mask, _mm512_mask_cmpgt_epi16_mask,
    _mm512_mask_cmplt_epi16_mask, _mm512_max_epu16, _mm512_set1_epi16, _mm512_setzero_si512,
    _mm512_sll_epi16, _mm512_slli_epi16, _mm512_sub_epi16,
};
use std::ops::Range;

use mattis_simd::Vectors;

use super::avx512::{Halves, digits, look, push};
use super::tables::members;
use super::{BLOCK, Line, Projector, Step};

/// Two digits.
type Table = [Line; 2];

/// Largest Σ|M_μ| with which every |X| is below 2¹⁵.
const SAFE: i64 = (1 << 16) - 2;

/// Most that one part may add, so that there is room.
const PIECE: i64 = 32_000;

/// A step or a piece of one, made ready.
#[derive(Debug, Clone)]
struct Part {
    groups: Range<usize>,
    /// Batches of groups whose digits are added as bytes.
    batches: Range<usize>,
    /// The step that ends here.
    step: Option<usize>,
    /// ⌊A/2⌋ modulo 2¹⁶.
    half: i16,
    /// Counted where σ = 1 and X is smaller.
    below: i16,
    /// Counted where σ = −1 and X is larger.
    above: i16,
    /// Largest |X| with which the next part is safe.
    room: i16,
}

/// Tables of one row of sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// The sums without a common power of two.
    sums: Vec<i32>,
    parts: Vec<Part>,
    /// Sums of the groups of all parts, and Σ|M| of each.
    members: Vec<[i32; 6]>,
    spans: Vec<u32>,
    /// Lengths.
    batches: Vec<usize>,
    tables: Vec<Table>,
}

/// Whether the counts could be had this way.
pub(super) fn below(
    projector: &Projector,
    sums: &[i32],
    signs: &[u64],
    steps: &[Step],
    row: &mut Row,
    counts: &mut [usize],
) -> bool {
    if projector.vectors != Vectors::Avx512 || !Vectors::Avx512.exists() {
        return false;
    }
    let Some(bits) = row.plan(sums, steps) else { return false };
    // SAFETY: the instructions exist.
    unsafe { scan(projector, signs, bits, row, counts) }
}

impl Row {
    /// Plans the parts, if 16 bits hold their values. Gives the bits of a lower digit.
    fn plan(&mut self, sums: &[i32], steps: &[Step]) -> Option<u32> {
        let common = sums.iter().fold(0, |all, sum| all | sum);
        let shift = if common == 0 { 0 } else { common.trailing_zeros().min(30) };
        self.sums.clear();
        self.sums.extend(sums.iter().map(|sum| sum >> shift));
        self.parts.clear();
        self.members.clear();
        self.spans.clear();
        let (mut start, mut total) = (0, 0);
        for (number, step) in steps.iter().enumerate() {
            // 2^shift x < bound for integer x.
            let bound = -(-i64::from(step.bound)).div_euclid(1 << shift);
            let (below, above) = bounds(bound);
            loop {
                let (mut end, mut added) = (start, 0);
                while end < step.end {
                    let next = (end / 6 * 6 + 6).min(step.end);
                    let members = members(end / 6, end, &self.sums[end..next]);
                    let span: i64 = members.iter().map(|sum| i64::from(sum.unsigned_abs())).sum();
                    if end > start && added + span > PIECE {
                        break;
                    }
                    self.members.push(members);
                    self.spans.push(u32::try_from(span).ok()?);
                    (end, added) = (next, added + span);
                }
                total += added;
                let whole = i64::from(i16::MAX);
                if let (Some(before), false) = (self.parts.last_mut(), total <= SAFE) {
                    before.room = i16::try_from(whole - 2 - added / 2).ok().filter(|room| *room > 0)?;
                } else if total > SAFE {
                    return None;
                }
                let odd = total % 2 == 1;
                self.parts.push(Part {
                    groups: start / 6..start / 6 + (end.div_ceil(6) - start / 6) * usize::from(end > start),
                    batches: 0..0,
                    step: (end == step.end).then_some(number),
                    half: (total / 2) as i16,
                    below: below[usize::from(odd)]?,
                    above: above[usize::from(odd)]?,
                    room: i16::MAX,
                });
                start = end;
                if end == step.end {
                    break;
                }
            }
        }
        let bits = self.split()?;
        self.batch(bits);
        Some(bits)
    }

    /// Bits of the lower digit with which both digits are about equally large, and fit a byte.
    fn split(&self) -> Option<u32> {
        let largest = self.spans.iter().max().copied().unwrap_or(0);
        let mean =
            self.spans.iter().map(|span| u64::from(*span)).sum::<u64>() / (self.spans.len() as u64).max(1);
        let bits = |number: u64| 64 - number.leading_zeros();
        (largest < 1 << 16)
            .then(|| bits(mean).div_ceil(2).max(bits(largest.into()).saturating_sub(8)).clamp(4, 8))
    }

    /// Cuts the groups of every part into batches whose digits add up to at most 255.
    fn batch(&mut self, bits: u32) {
        self.batches.clear();
        let mut spans = &self.spans[..];
        for part in &mut self.parts {
            let start = self.batches.len();
            let (here, rest) = spans.split_at(part.groups.len());
            spans = rest;
            let (mut length, mut low, mut high) = (0, 0, 0);
            for span in here {
                let digits = ((*span).min((1 << bits) - 1), span >> bits);
                if low + digits.0 > 255 || high + digits.1 > 255 {
                    self.batches.push(length);
                    (length, low, high) = (0, 0, 0);
                }
                (length, low, high) = (length + 1, low + digits.0, high + digits.1);
            }
            if length > 0 {
                self.batches.push(length);
            }
            part.batches = start..self.batches.len();
        }
    }
}

/// For even and odd A: 2X − (A mod 2) < bound is X < below, and > −bound is X > above. `None` where 16 bits do not
/// hold a bound that may be passed.
fn bounds(bound: i64) -> ([Option<i16>; 2], [Option<i16>; 2]) {
    let (lowest, highest) = (i64::from(i16::MIN), i64::from(i16::MAX));
    let below = [0, 1].map(|odd| i16::try_from((bound + odd + 1).div_euclid(2).max(lowest)).ok());
    let above = [0, 1].map(|odd| i16::try_from((odd - bound).div_euclid(2).min(highest)).ok());
    (below, above)
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn scan(projector: &Projector, signs: &[u64], bits: u32, row: &mut Row, counts: &mut [usize]) -> bool {
    row.tables.clear();
    for members in &row.members {
        let mut table = [Line([0; BLOCK]); 2];
        digits(members, bits, &mut table);
        row.tables.push(table);
    }
    let valid = |block: usize| match projector.neurons - BLOCK * block {
        rest @ 0..BLOCK => (1 << rest) - 1,
        _ => u64::MAX,
    };
    let take = |block: usize| &projector.index[block * projector.groups..(block + 1) * projector.groups];
    let mut safe = true;
    let (pairs, rest) = signs.as_chunks::<2>();
    for (pair, signs) in pairs.iter().enumerate() {
        let block = 2 * pair;
        let plus = [signs[0] & valid(block), signs[1] & valid(block + 1)];
        let minus = [!signs[0] & valid(block), !signs[1] & valid(block + 1)];
        safe &= blocks(row, bits, [take(block), take(block + 1)], plus, minus, counts);
    }
    for signs in rest {
        let block = 2 * pairs.len();
        let (plus, minus) = (signs & valid(block), !signs & valid(block));
        safe &= blocks(row, bits, [take(block)], [plus], [minus], counts);
    }
    safe
}

/// Counts in blocks of units. Whether 16 bits held all values.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn blocks<const B: usize>(
    row: &Row,
    bits: u32,
    index: [&[Line]; B],
    plus: [u64; B],
    minus: [u64; B],
    counts: &mut [usize],
) -> bool {
    let mut halves = [[Halves::zero(); 2]; B];
    let mut tables = &row.tables[..];
    let mut outside = 0;
    for part in &row.parts {
        let mut lines = index;
        for lines in &mut lines {
            *lines = &lines[part.groups.clone()];
        }
        for length in &row.batches[part.batches.clone()] {
            let (here, rest) = tables.split_at(*length);
            tables = rest;
            batch(here, &mut lines, &mut halves);
        }
        let zero = part.half.wrapping_add(part.below);
        let mut shifted = [[_mm512_setzero_si512(); 2]; B];
        let mut largest = _mm512_setzero_si512();
        for (shifted, halves) in shifted.iter_mut().zip(&halves) {
            *shifted = values(halves, bits, zero);
            largest = _mm512_max_epu16(largest, _mm512_max_epu16(shifted[0], shifted[1]));
        }
        // Between the bounds nothing is counted: 0 ≤ X − below ≤ above − below.
        let between = _mm512_set1_epi16(part.above.wrapping_sub(part.below));
        let quiet = part.below <= part.above && _mm512_cmpgt_epu16_mask(largest, between) == 0;
        if !quiet && let Some(step) = part.step {
            for ((values, plus), minus) in shifted.iter().zip(plus).zip(minus) {
                counts[step] += counted(values[0], plus as u32, minus as u32, part)
                    + counted(values[1], (plus >> 32) as u32, (minus >> 32) as u32, part);
            }
        }
        if part.room < i16::MAX {
            // |X| ≤ room: 0 ≤ X + room ≤ 2 room.
            let shift = _mm512_set1_epi16(part.below.wrapping_add(part.room));
            let width = _mm512_set1_epi16(part.room.wrapping_mul(2));
            for values in shifted.as_flattened() {
                outside |= _mm512_cmpgt_epu16_mask(_mm512_add_epi16(*values, shift), width);
            }
        }
    }
    outside == 0
}

/// Adds the digits of the first groups of all blocks and takes the groups off.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn batch<const B: usize>(tables: &[Table], index: &mut [&[Line]; B], halves: &mut [[Halves; 2]; B]) {
    let mut lines = [&[][..]; B];
    for (lines, index) in lines.iter_mut().zip(index) {
        (*lines, *index) = index.split_at(tables.len());
    }
    let mut bytes = [[_mm512_setzero_si512(); 2]; B];
    let (fours, rest) = tables.as_chunks::<4>();
    let (mut whole, mut tails): ([&[[Line; 4]]; B], [&[Line]; B]) = ([&[]; B], lines);
    for (whole, tail) in whole.iter_mut().zip(&mut tails) {
        let (four, after) = tail.as_chunks::<4>();
        (*whole, *tail) = (&four[..fours.len()], &after[..rest.len()]);
    }
    for (at, four) in fours.iter().enumerate() {
        for (k, tables) in four.iter().enumerate() {
            let mut here = [&whole[0][at][k]; B];
            for (here, lines) in here.iter_mut().zip(&whole) {
                *here = &lines[at][k];
            }
            look(tables, here, &mut bytes);
        }
    }
    for (k, tables) in rest.iter().enumerate() {
        let mut here = [&tails[0][k]; B];
        for (here, lines) in here.iter_mut().zip(&tails) {
            *here = &lines[k];
        }
        look(tables, here, &mut bytes);
    }
    push(halves, &bytes);
}

/// X less a shift of the even and the odd bytes, which are the units 0 to 31 and 32 to 63 of a block.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn values(halves: &[Halves; 2], bits: u32, zero: i16) -> [__m512i; 2] {
    let [low, high] = halves;
    let shift = _mm_cvtsi32_si128(bits.cast_signed());
    let odd = _mm512_add_epi16(low.odd, _mm512_sll_epi16(high.odd, shift));
    let words = _mm512_add_epi16(low.words, _mm512_sll_epi16(high.words, shift));
    let even = _mm512_sub_epi16(words, _mm512_slli_epi16::<8>(odd));
    let zero = _mm512_set1_epi16(zero);
    [_mm512_sub_epi16(even, zero), _mm512_sub_epi16(odd, zero)]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn counted(shifted: __m512i, plus: u32, minus: u32, part: &Part) -> usize {
    let bound = _mm512_set1_epi16(part.below);
    let values = _mm512_add_epi16(shifted, bound);
    let below = _mm512_mask_cmplt_epi16_mask(plus, values, bound);
    let above = _mm512_mask_cmpgt_epi16_mask(minus, values, _mm512_set1_epi16(part.above));
    (below | above).count_ones() as usize
}
