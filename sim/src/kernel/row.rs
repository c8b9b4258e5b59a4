//! Rows of couplings between ±1 units: how many memories two units differ in, and what a flip adds to fields.
//!
//! Plain code, compiled once for every kind of vectors; sound because the dispatching functions ask
//! whether the instructions exist.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

/// Units that stand together in [`Signs`].
const UNITS: usize = 32;

/// Signs of all units in all memories: of 32 units, 16 memories at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    /// 16-bit parts of a unit.
    parts: usize,
    /// 4p, what two units contribute that agree in every memory.
    largest: i16,
    /// [32 units][part][unit].
    blocks: Vec<[u16; UNITS]>,
}

/// Length of a row: units rounded up.
pub fn stride(units: usize) -> usize {
    units.next_multiple_of(UNITS)
}

/// Most memories of which 4 ξ_i·ξ_j fits in 16 bits.
pub const MOST_MEMORIES: usize = 8191;

impl Signs {
    /// The signs of units given as rows of ⌈memories/64⌉ words each, bits beyond `memories` 0.
    ///
    /// # Panics
    /// With more than [`MOST_MEMORIES`].
    pub fn new(rows: &[u64], units: usize, memories: usize) -> Self {
        assert!(memories <= MOST_MEMORIES, "{memories} memories");
        let (words, parts) = (memories.div_ceil(64), memories.div_ceil(16));
        let mut blocks = vec![[0; UNITS]; units.div_ceil(UNITS) * parts];
        for (unit, row) in rows.chunks_exact(words.max(1)).enumerate() {
            let block = &mut blocks[unit / UNITS * parts..][..parts];
            for (part, slot) in block.iter_mut().enumerate() {
                slot[unit % UNITS] = (row[part / 4] >> (16 * (part % 4))) as u16;
            }
        }
        Self { parts, largest: 4 * memories as i16, blocks }
    }

    /// Bytes that the signs take.
    pub fn bytes(units: usize, memories: usize) -> u128 {
        2 * stride(units) as u128 * memories.div_ceil(16) as u128
    }

    /// 4 ξ_i·ξ_j for every j, 0 for i itself; `out` has the length of a row.
    pub fn row(&self, unit: usize, out: &mut [i16], vectors: Vectors) {
        #[cfg(target_arch = "x86_64")]
        match vectors {
            // SAFETY: the instructions exist.
            Vectors::Avx512 if vectors.exists() => unsafe { row_avx512(self, unit, out) },
            // SAFETY: the instructions exist.
            Vectors::Avx2 if vectors.exists() => unsafe { row_avx2(self, unit, out) },
            _ => plain_row(self, unit, out),
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = vectors;
            plain_row(self, unit, out);
        }
        out[unit] = 0;
    }
}

#[inline(always)]
fn plain_row(signs: &Signs, unit: usize, out: &mut [i16]) {
    if signs.parts == 0 {
        return out.fill(0);
    }
    let own = &signs.blocks[unit / UNITS * signs.parts..][..signs.parts];
    for (block, out) in signs.blocks.chunks_exact(signs.parts).zip(out.as_chunks_mut::<UNITS>().0) {
        let mut different = [0_u16; UNITS];
        for (theirs, mine) in block.iter().zip(own) {
            let mine = mine[unit % UNITS];
            for (sum, theirs) in different.iter_mut().zip(theirs) {
                *sum += (theirs ^ mine).count_ones() as u16;
            }
        }
        for (entry, different) in out.iter_mut().zip(different) {
            *entry = signs.largest.wrapping_sub((8 * different) as i16);
        }
    }
}

/// Adds a row to fields, or takes it off.
#[inline]
pub fn add(fields: &mut [i32], row: &[i16], plus: bool, vectors: Vectors) {
    #[cfg(target_arch = "x86_64")]
    match vectors {
        // SAFETY: the instructions exist.
        Vectors::Avx512 if vectors.exists() => return unsafe { add_avx512(fields, row, plus) },
        // SAFETY: the instructions exist.
        Vectors::Avx2 if vectors.exists() => return unsafe { add_avx2(fields, row, plus) },
        _ => {}
    }
    let _ = vectors;
    plain_add(fields, row, plus);
}

#[inline(always)]
fn plain_add(fields: &mut [i32], row: &[i16], plus: bool) {
    if plus {
        for (field, entry) in fields.iter_mut().zip(row) {
            *field += i32::from(*entry);
        }
    } else {
        for (field, entry) in fields.iter_mut().zip(row) {
            *field -= i32::from(*entry);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn row_avx2(signs: &Signs, unit: usize, out: &mut [i16]) {
    plain_row(signs, unit, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512bitalg")]
fn row_avx512(signs: &Signs, unit: usize, out: &mut [i16]) {
    plain_row(signs, unit, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2(fields: &mut [i32], row: &[i16], plus: bool) {
    plain_add(fields, row, plus);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn add_avx512(fields: &mut [i32], row: &[i16], plus: bool) {
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
                let mut row = vec![1; stride(units)];
                let mut fields = vec![7; units];
                for unit in [0, units / 2, units - 1] {
                    signs.row(unit, &mut row, vectors);
                    for (other, entry) in row[..units].iter().enumerate() {
                        let expected = if other == unit { 0 } else { 4 * memories.correlation(unit, other) };
                        assert_eq!(i64::from(*entry), expected, "{vectors}");
                    }
                    add(&mut fields, &row, true, vectors);
                    let raised: Vec<i32> = row[..units].iter().map(|j| 7 + i32::from(*j)).collect();
                    assert_eq!(fields, raised);
                    add(&mut fields, &row, false, vectors);
                    assert!(fields.iter().all(|field| *field == 7));
                }
            }
        }
    }
}
