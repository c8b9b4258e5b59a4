//! Rows of couplings between ±1 units, and what a flip adds to fields: 32-bit fields with 16-bit rows, or where
//! the numbers allow it 16-bit fields with 8-bit rows.
//!
//! Plain code, compiled once for every kind of vectors; sound because the dispatching functions ask whether the
//! instructions exist.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

use super::BLOCK;

/// Units that stand together in [`Signs`].
const UNITS: usize = 64;

/// Memories of one part.
const MEMORIES: usize = 8;

/// Parts whose signs are counted in bytes.
const FEW: usize = u8::MAX as usize / MEMORIES;

/// Signs of all units in all memories: of 64 units, eight memories at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    /// Bytes of a unit.
    parts: usize,
    memories: i16,
    /// \[64 units\]\[part\]\[unit\].
    blocks: Vec<[u8; UNITS]>,
}

/// Length of a row: whole blocks of units.
pub fn stride(units: usize) -> usize {
    units.next_multiple_of(BLOCK)
}

/// Most memories of which ξ_i·ξ_j fits in 16 bits.
pub const MOST_MEMORIES: usize = i16::MAX as usize / 2;

/// An entry of a row: 8 or 16 bits.
pub trait Entry: Copy + Default {
    /// The field it is added to.
    type Field: Copy;

    /// The number, or what is left of it.
    fn of(number: i16) -> Self;

    /// A field with this entry added, or taken off.
    fn added(self, field: Self::Field, plus: bool) -> Self::Field;
}

impl Entry for i16 {
    type Field = i32;

    #[inline(always)]
    fn of(number: i16) -> Self {
        number
    }

    #[inline(always)]
    fn added(self, field: i32, plus: bool) -> i32 {
        if plus { field + i32::from(self) } else { field - i32::from(self) }
    }
}

impl Entry for i8 {
    type Field = i16;

    #[inline(always)]
    fn of(number: i16) -> Self {
        number as i8
    }

    #[inline(always)]
    fn added(self, field: i16, plus: bool) -> i16 {
        // Beyond the units of a network the sums mean nothing and may wrap.
        if plus { field.wrapping_add(self.into()) } else { field.wrapping_sub(self.into()) }
    }
}

impl Signs {
    /// The signs of units given as rows of ⌈memories/64⌉ words each, bits beyond `memories` 0.
    ///
    /// # Panics
    /// With more than [`MOST_MEMORIES`].
    pub fn new(rows: &[u64], units: usize, memories: usize) -> Self {
        assert!(memories <= MOST_MEMORIES, "{memories} memories");
        let (words, parts) = (memories.div_ceil(64), memories.div_ceil(MEMORIES));
        let mut blocks = vec![[0; UNITS]; units.div_ceil(UNITS) * parts];
        for (unit, row) in rows.chunks_exact(words.max(1)).enumerate() {
            let block = &mut blocks[unit / UNITS * parts..][..parts];
            for (block, word) in block.chunks_mut(64 / MEMORIES).zip(row) {
                for (slot, byte) in block.iter_mut().zip(word.to_le_bytes()) {
                    slot[unit % UNITS] = byte;
                }
            }
        }
        Self { parts, memories: memories as i16, blocks }
    }

    /// Bytes that the signs take.
    pub fn bytes(units: usize, memories: usize) -> u128 {
        units.next_multiple_of(UNITS) as u128 * memories.div_ceil(MEMORIES) as u128
    }

    /// ξ_i·ξ_j for every j, 0 for i itself; `out` has the length of a row. The largest magnitude: where it does
    /// not fit the entries they are of no use.
    pub fn row<E: Entry>(&self, unit: usize, out: &mut [E], vectors: Vectors) -> i16 {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx512 if vectors.exists() => unsafe { row_avx512(self, unit, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx2 if vectors.exists() => unsafe { row_avx2(self, unit, out) },
            _ => plain_row(self, unit, out),
        }
    }
}

#[inline(always)]
fn plain_row<E: Entry>(signs: &Signs, unit: usize, out: &mut [E]) -> i16 {
    if signs.parts == 0 {
        out.fill(E::default());
        return 0;
    }
    let own = &signs.blocks[unit / UNITS * signs.parts..][..signs.parts];
    let own: Vec<[u8; UNITS]> = own.iter().map(|part| [part[unit % UNITS]; UNITS]).collect();
    let mut largest = [0_i16; UNITS];
    let blocks = signs.blocks.chunks_exact(signs.parts).zip(out.as_chunks_mut::<UNITS>().0);
    for (place, (block, out)) in blocks.enumerate() {
        let mut products = [signs.memories; UNITS];
        for (block, own) in block.chunks(FEW).zip(own.chunks(FEW)) {
            let mut different = [0_u8; UNITS];
            for (theirs, mine) in block.iter().zip(own) {
                for ((sum, theirs), mine) in different.iter_mut().zip(theirs).zip(mine) {
                    *sum += (theirs ^ mine).count_ones() as u8;
                }
            }
            for (product, different) in products.iter_mut().zip(different) {
                *product -= 2 * i16::from(different);
            }
        }
        if place == unit / UNITS {
            products[unit % UNITS] = 0;
        }
        for ((entry, product), largest) in out.iter_mut().zip(products).zip(&mut largest) {
            *entry = E::of(product);
            *largest = (*largest).max(product.abs());
        }
    }
    largest.into_iter().fold(0, i16::max)
}

/// Adds a row to fields, or takes it off.
#[inline]
pub fn add<E: Entry>(fields: &mut [E::Field], row: &[E], plus: bool, vectors: Vectors) {
    match vectors {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => unsafe { add_avx512(fields, row, plus) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instructions exist.
        Vectors::Avx2 if vectors.exists() => unsafe { add_avx2(fields, row, plus) },
        _ => plain_add(fields, row, plus),
    }
}

#[inline(always)]
fn plain_add<E: Entry>(fields: &mut [E::Field], row: &[E], plus: bool) {
    // One loop for each sign, so that neither has a choice in it.
    if plus {
        for (field, entry) in fields.iter_mut().zip(row) {
            *field = entry.added(*field, true);
        }
    } else {
        for (field, entry) in fields.iter_mut().zip(row) {
            *field = entry.added(*field, false);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn row_avx2<E: Entry>(signs: &Signs, unit: usize, out: &mut [E]) -> i16 {
    plain_row(signs, unit, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512bitalg")]
fn row_avx512<E: Entry>(signs: &Signs, unit: usize, out: &mut [E]) -> i16 {
    plain_row(signs, unit, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2<E: Entry>(fields: &mut [E::Field], row: &[E], plus: bool) {
    plain_add(fields, row, plus);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn add_avx512<E: Entry>(fields: &mut [E::Field], row: &[E], plus: bool) {
    plain_add(fields, row, plus);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Memories;
    use crate::random::Source;

    #[test]
    fn rows_are_correlations() {
        for (units, count) in [(1, 1), (37, 16), (100, 67), (131, 129), (64, 64), (5, 1000), (9, 0)] {
            let memories = Memories::draw(units, count, Source { seed: 3, sample: 5 }).unwrap();
            let signs = memories.signs();
            for vectors in Vectors::available() {
                let (mut wide, mut narrow) = (vec![1_i16; stride(units)], vec![1_i8; stride(units)]);
                let (mut fields, mut small) = (vec![7_i32; units], vec![7_i16; units]);
                for unit in [0, units / 2, units - 1] {
                    let expected: Vec<i64> = (0..units)
                        .map(|other| if other == unit { 0 } else { memories.correlation(unit, other) })
                        .collect();
                    let largest = signs.row(unit, &mut wide, vectors);
                    assert_eq!(signs.row(unit, &mut narrow, vectors), largest);
                    assert!(expected.iter().all(|j| j.abs() <= i64::from(largest)), "{vectors}");
                    for (other, product) in expected.iter().enumerate() {
                        assert_eq!(i64::from(wide[other]), *product, "{vectors}");
                        assert!(largest > 127 || i64::from(narrow[other]) == *product, "{vectors}");
                    }
                    add(&mut fields, &wide, true, vectors);
                    add(&mut small, &narrow, false, vectors);
                    for other in 0..units {
                        assert_eq!(fields[other], 7 + i32::from(wide[other]));
                        assert_eq!(small[other], 7 - i16::from(narrow[other]));
                    }
                    add(&mut fields, &wide, false, vectors);
                    add(&mut small, &narrow, true, vectors);
                    assert!(fields.iter().all(|field| *field == 7) && small.iter().all(|field| *field == 7));
                }
            }
        }
    }
}
