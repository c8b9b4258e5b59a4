//! Subset sums of groups of integers, in digits.
//!
//! `unsafe` because code compiled for vector instructions may run only where they exist; [`Tables::fill`] asks.

#![allow(unsafe_code)]
// Plain bodies are compiled again inside each function for vector instructions.

use std::ops::Range;

use mattis_simd::Vectors;

#[cfg(target_arch = "x86_64")]
use super::avx512;
use super::{BLOCK, Line, width};

/// How the entries of all groups are written: `digits` digits of `bits` bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) bits: u32,
    pub(super) digits: usize,
    /// Time of a digit of one group, in units of 1/8 vector instruction: a look, an addition, and the share of
    /// the widening of 3 instructions.
    price: usize,
}

/// The shapes that there are kernels for, from few digits to many.
const SHAPES: [Shape; 6] = [
    Shape { bits: 5, digits: 1, price: 18 },
    Shape { bits: 6, digits: 1, price: 20 },
    Shape { bits: 5, digits: 2, price: 36 },
    Shape { bits: 6, digits: 2, price: 40 },
    Shape { bits: 7, digits: 2, price: 48 },
    Shape { bits: 6, digits: 3, price: 60 },
];

/// Time of an upper digit of one group, in the same units: it is widened alone.
const EXTRA: usize = 160;
/// Bits of an upper digit.
const EXTRA_BITS: u32 = 8;

impl Shape {
    /// The fastest shape for a number of groups that need so many bits.
    fn choose(needs: &[usize; 33]) -> Self {
        let groups: usize = needs.iter().sum();
        let price = |shape: &Self| {
            let extra: usize = needs
                .iter()
                .zip(0..)
                .map(|(count, bits)| count * bits_above(bits, *shape).div_ceil(EXTRA_BITS) as usize)
                .sum();
            groups * shape.price + extra * EXTRA
        };
        SHAPES.into_iter().min_by_key(price).unwrap_or(SHAPES[3])
    }
}

fn bits_above(bits: u32, shape: Shape) -> u32 {
    bits.saturating_sub(shape.bits * shape.digits as u32)
}

/// An upper digit of one group.
#[derive(Debug, Clone)]
pub(super) struct Extra {
    /// Group, counted from the first that the tables hold.
    pub(super) group: usize,
    pub(super) shift: u32,
    pub(super) table: Line,
}

/// Tables of the sums M_μ of a range of memories, made by [`super::Projector::prepare`].
#[derive(Debug, Clone)]
pub struct Tables {
    pub(super) vectors: Vectors,
    /// Groups that take part.
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
    /// For vector instructions: a line per group and digit. With AVX2 a line holds the tables of the lower and
    /// of the upper four memories, each twice.
    pub(super) digits: Vec<Line>,
    /// For vector instructions: digits above those of the shape.
    pub(super) extra: Vec<Extra>,
    /// For plain code: the entries themselves.
    pub(super) entries: Vec<[i32; 256]>,
    /// Σ|M_μ|: the result is twice the sum of the entries less this.
    pub(super) total: i32,
}

impl Default for Tables {
    fn default() -> Self {
        Self::new()
    }
}

impl Tables {
    /// Empty tables, which add nothing.
    pub fn new() -> Self {
        Self {
            vectors: Vectors::Portable,
            range: 0..0,
            shape: SHAPES[0],
            digits: Vec::new(),
            extra: Vec::new(),
            entries: Vec::new(),
            total: 0,
        }
    }

    pub(super) fn fill(&mut self, vectors: Vectors, first: usize, sums: &[i32]) {
        let width = width(vectors);
        self.vectors = vectors;
        self.range = first / width..(first + sums.len()).div_ceil(width);
        self.total = sums.iter().fold(0, |total, sum| total.wrapping_add(sum.wrapping_abs()));
        self.digits.clear();
        self.extra.clear();
        self.entries.clear();
        if sums.is_empty() {
            self.range = 0..0;
            return;
        }
        match vectors {
            // SAFETY: the instructions exist.
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512 if vectors.exists() => unsafe { self.fill_avx512(first, sums) },
            // SAFETY: the instructions exist.
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2 if vectors.exists() => unsafe { self.fill_avx2(first, sums) },
            _ => {
                let range = self.range.clone();
                self.entries.extend(
                    range.map(|group| entries::<8, 256>(&members(group, first, sums)).map(u32::cast_signed)),
                );
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn fill_avx512(&mut self, first: usize, sums: &[i32]) {
        self.fill_digits::<6, 64>(first, sums, |members, shape, out| {
            avx512::digits(members, shape.bits, out);
            true
        });
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(&mut self, first: usize, sums: &[i32]) {
        self.fill_digits::<4, 16>(first, sums, |_, _, _| false);
    }

    /// Tables of groups of `WIDTH` memories, with `SIZE` = 2^`WIDTH` entries. `quick` writes the digits of a
    /// group with entries below 2¹⁶, if it can.
    #[inline(always)]
    fn fill_digits<const WIDTH: usize, const SIZE: usize>(
        &mut self,
        first: usize,
        sums: &[i32],
        quick: impl Fn(&[i32; WIDTH], Shape, &mut [Line]) -> bool,
    ) {
        let parts = if SIZE == BLOCK { 1 } else { 2 };
        let range = self.range.start * parts..self.range.end * parts;
        let mut needs = [0; 33];
        for group in range.clone() {
            needs[bits_of(&members::<WIDTH>(group, first, sums)) as usize] += 1;
        }
        let shape = Shape::choose(&needs);
        self.shape = shape;
        self.digits.resize(self.range.len() * shape.digits, Line([0; BLOCK]));
        for (place, group) in range.enumerate() {
            let members = members::<WIDTH>(group, first, sums);
            let bits = bits_of(&members);
            let (line, part) = (place / parts, place % parts);
            let digits = &mut self.digits[line * shape.digits..(line + 1) * shape.digits];
            let above = bits_above(bits, shape).div_ceil(EXTRA_BITS);
            if above == 0 && bits <= 16 && quick(&members, shape, digits) {
                continue;
            }
            let entries = entries::<WIDTH, SIZE>(&members);
            for (digit, out) in (0..).zip(digits) {
                write(&entries, digit * shape.bits, (1 << shape.bits) - 1, part, out);
            }
            for extra in 0..above {
                let shift = shape.bits * shape.digits as u32 + extra * EXTRA_BITS;
                let mut table = Line([0; BLOCK]);
                write(&entries, shift, 255, part, &mut table);
                self.extra.push(Extra { group: line, shift, table });
            }
        }
    }
}

/// A digit of all entries, `BLOCK` / 2 bytes for each of two parts where a line holds two tables.
#[inline(always)]
fn write<const SIZE: usize>(entries: &[u32; SIZE], shift: u32, mask: u32, part: usize, out: &mut Line) {
    let bytes = entries.map(|entry| ((entry >> shift) & mask) as u8);
    if SIZE == BLOCK {
        out.0.copy_from_slice(&bytes);
    } else {
        let half = BLOCK / 2;
        for copy in out.0[part * half..(part + 1) * half].chunks_exact_mut(SIZE) {
            copy.copy_from_slice(&bytes);
        }
    }
}

/// The sums of one group; 0 for memories outside.
#[inline(always)]
pub(super) fn members<const WIDTH: usize>(group: usize, first: usize, sums: &[i32]) -> [i32; WIDTH] {
    let start = WIDTH * group;
    if let Some(whole) = start.checked_sub(first).and_then(|at| sums.get(at..at + WIDTH)) {
        return std::array::from_fn(|k| whole[k]);
    }
    std::array::from_fn(|k| (start + k).checked_sub(first).and_then(|at| sums.get(at)).copied().unwrap_or(0))
}

/// Bits of the largest entry, at most 32.
#[inline(always)]
pub(super) fn bits_of<const WIDTH: usize>(members: &[i32; WIDTH]) -> u32 {
    let largest: u64 = members.iter().map(|sum| u64::from(sum.unsigned_abs())).sum();
    (64 - largest.leading_zeros()).min(32)
}

/// Σ_{k∈x} M_k − Σ_k min(M_k, 0) ≥ 0 for all subsets x, modulo 2³².
#[inline(always)]
fn entries<const WIDTH: usize, const SIZE: usize>(members: &[i32; WIDTH]) -> [u32; SIZE] {
    let mut out = [0_u32; SIZE];
    out[0] = members.iter().fold(0, |bias, sum| bias.wrapping_add(sum.min(&0).unsigned_abs()));
    for (k, sum) in members.iter().enumerate() {
        let (old, new) = out.split_at_mut(1 << k);
        for (new, old) in new.iter_mut().zip(old) {
            *new = old.wrapping_add(sum.cast_unsigned());
        }
    }
    out
}
