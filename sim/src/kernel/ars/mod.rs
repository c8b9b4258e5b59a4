//! ARS-7: a counter-based generator made of seven AES rounds (Salmon, Moraes, Dror and Shaw 2011).
//!
//! Block k under a key is the AES state after k ⊕ key has gone through six full rounds and a last one without
//! `MixColumns`; the round keys follow from the key by adding two odd constants, one to each half.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

use mattis_simd::Vectors;

/// A 128-bit key or block, its lower half first.
pub type Block = [u64; 2];

/// What is added to the halves of a key from round to round: the golden ratio and √3 − 1.
const WEYL: Block = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];

/// Number of rounds.
const ROUNDS: usize = 7;

/// The key itself, and that of every round.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Schedule([Block; ROUNDS + 1]);

impl Schedule {
    /// The round keys of a key.
    #[inline]
    pub fn new(key: Block) -> Self {
        let mut keys = [key; ROUNDS + 1];
        for round in 1..=ROUNDS {
            keys[round] = [0, 1].map(|half| keys[round - 1][half].wrapping_add(WEYL[half]));
        }
        Self(keys)
    }

    /// The block of one counter.
    #[inline]
    pub fn block(&self, counter: Block, vectors: Vectors) -> Block {
        #[cfg(target_arch = "x86_64")]
        if vectors >= Vectors::Avx2 && vectors.exists() {
            return x86::block(self, counter);
        }
        let _ = vectors;
        portable::block(self, counter)
    }

    /// The blocks of the counters `first`, `first` + 1, …, whose upper half is 0.
    pub fn fill(&self, first: u64, out: &mut [Block], vectors: Vectors) {
        #[cfg(target_arch = "x86_64")]
        if vectors.exists() {
            match vectors {
                Vectors::Avx512 => return x86::fill_wide(self, first, out),
                Vectors::Avx2 => return x86::fill(self, first, out),
                Vectors::Portable => {}
            }
        }
        let _ = vectors;
        for (k, block) in out.iter_mut().enumerate() {
            *block = portable::block(self, [first.wrapping_add(k as u64), 0]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of an independent implementation, byte by byte from the definition of AES.
    #[test]
    fn known_answers() {
        let cases = [
            ([0, 0], [0, 0], [0xc457_98f3_dacf_61ff, 0x101e_27f3_113c_7eeb]),
            ([u64::MAX; 2], [u64::MAX; 2], [0xbb54_7ef9_fbaa_ff1f, 0x7aaa_969b_13d8_cd78]),
            (
                [0x299f_31d0_a409_3822, 0xec4e_6c89_082e_fa98],
                [0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e],
                [0xf67d_43ba_d1df_87af, 0x393d_cb2d_4f66_afdb],
            ),
        ];
        for vectors in Vectors::available() {
            for (key, counter, expected) in cases {
                assert_eq!(Schedule::new(key).block(counter, vectors), expected, "{vectors}");
            }
        }
    }

    #[test]
    fn every_kind_of_vectors_gives_the_same_blocks() {
        let key = [0x0123_4567_89ab_cdef, 42];
        for (first, count) in [(0, 1), (5, 7), (u64::MAX - 20, 61), (1 << 40, 131), (3, 0)] {
            let expected: Vec<Block> = (0..count)
                .map(|k| portable::block(&Schedule::new(key), [first.wrapping_add(k), 0]))
                .collect();
            for vectors in Vectors::available() {
                let mut blocks = vec![[0; 2]; count as usize];
                Schedule::new(key).fill(first, &mut blocks, vectors);
                assert_eq!(blocks, expected, "{vectors} from {first}");
            }
        }
    }
}
